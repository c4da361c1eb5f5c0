//! What is said about an icon beside its file.

use serde::Deserialize;
use serde::Serialize;

use crate::style::ImageFit;

/// What is known of an icon, in pixels of its nominal size. Unknown keys are refused.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct IconAbout {
    /// Whether it becomes a signed distance field, to be drawn in any colour and with a halo.
    pub sdf: bool,
    /// Columns that may be stretched, as ranges in order.
    pub stretch_x: Vec<[f32; 2]>,
    /// Rows that may be stretched.
    pub stretch_y: Vec<[f32; 2]>,
    /// Where text goes within it: left, top, right, bottom.
    pub content: Option<[f32; 4]>,
    /// How its width follows a text.
    pub text_fit_width: Option<ImageFit>,
    /// How its height does.
    pub text_fit_height: Option<ImageFit>,
}

/// An entry of the index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixel_ratio: u8,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) sdf: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) stretch_x: Vec<[f32; 2]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) stretch_y: Vec<[f32; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<[f32; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text_fit_width: Option<ImageFit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text_fit_height: Option<ImageFit>,
}
