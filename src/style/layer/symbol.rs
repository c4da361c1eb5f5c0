//! `symbol` layers.

use crate::style::Alignment;
use crate::style::Anchor;
use crate::style::AnchorOffsets;
use crate::style::Color;
use crate::style::Formatted;
use crate::style::ImageName;
use crate::style::Justify;
use crate::style::Overlap;
use crate::style::Padding;
use crate::style::SymbolPlacement;
use crate::style::SymbolZOrder;
use crate::style::TextFit;
use crate::style::TextTransform;
use crate::style::TranslateAnchor;
use crate::style::WritingMode;

properties! {
    /// How texts and icons look.
    Symbol {
        "icon-allow-overlap" => icon_allow_overlap: bool,
        "icon-anchor" => icon_anchor: Anchor,
        "icon-ignore-placement" => icon_ignore_placement: bool,
        "icon-image" => icon_image: Option<ImageName>,
        "icon-keep-upright" => icon_keep_upright: bool,
        "icon-offset" => icon_offset: [f64; 2],
        "icon-optional" => icon_optional: bool,
        "icon-overlap" => icon_overlap: Option<Overlap>,
        "icon-padding" => icon_padding: Padding,
        "icon-pitch-alignment" => icon_pitch_alignment: Alignment,
        "icon-rotate" => icon_rotate: f64,
        "icon-rotation-alignment" => icon_rotation_alignment: Alignment,
        "icon-size" => icon_size: f64,
        "icon-text-fit" => icon_text_fit: TextFit,
        "icon-text-fit-padding" => icon_text_fit_padding: [f64; 4],
        "symbol-avoid-edges" => avoid_edges: bool,
        "symbol-placement" => placement: SymbolPlacement,
        "symbol-sort-key" => sort_key: Option<f64>,
        "symbol-spacing" => spacing: f64,
        "symbol-z-order" => z_order: SymbolZOrder,
        "text-allow-overlap" => text_allow_overlap: bool,
        "text-anchor" => text_anchor: Anchor,
        "text-field" => text_field: Formatted,
        "text-font" => text_font: Vec<String>,
        "text-ignore-placement" => text_ignore_placement: bool,
        "text-justify" => text_justify: Justify,
        "text-keep-upright" => text_keep_upright: bool,
        "text-letter-spacing" => text_letter_spacing: f64,
        "text-line-height" => text_line_height: f64,
        "text-max-angle" => text_max_angle: f64,
        "text-max-width" => text_max_width: f64,
        "text-offset" => text_offset: [f64; 2],
        "text-optional" => text_optional: bool,
        "text-overlap" => text_overlap: Option<Overlap>,
        "text-padding" => text_padding: f64,
        "text-pitch-alignment" => text_pitch_alignment: Alignment,
        "text-radial-offset" => text_radial_offset: Option<f64>,
        "text-rotate" => text_rotate: f64,
        "text-rotation-alignment" => text_rotation_alignment: Alignment,
        "text-size" => text_size: f64,
        "text-transform" => text_transform: TextTransform,
        "text-variable-anchor" => text_variable_anchor: Option<Vec<Anchor>>,
        "text-variable-anchor-offset" => text_variable_anchor_offset: Option<AnchorOffsets>,
        "text-writing-mode" => text_writing_mode: Option<Vec<WritingMode>>,
        "icon-color" => icon_color: Color,
        "icon-halo-blur" => icon_halo_blur: f64,
        "icon-halo-color" => icon_halo_color: Color,
        "icon-halo-width" => icon_halo_width: f64,
        "icon-opacity" => icon_opacity: f64,
        "icon-translate" => icon_translate: [f64; 2],
        "icon-translate-anchor" => icon_translate_anchor: TranslateAnchor,
        "text-color" => text_color: Color,
        "text-halo-blur" => text_halo_blur: f64,
        "text-halo-color" => text_halo_color: Color,
        "text-halo-width" => text_halo_width: f64,
        "text-opacity" => text_opacity: f64,
        "text-translate" => text_translate: [f64; 2],
        "text-translate-anchor" => text_translate_anchor: TranslateAnchor,
    }
}
