//! One picture to be made from a style in a file.

use std::path::Path;
use std::path::PathBuf;

use clap::ValueEnum;
use serde::Deserialize;

use super::opened::Opened;
use crate::catalog::Catalog;
use crate::catalog::Remote;
use crate::render::Format;
use crate::render::Placement;
use crate::render::View;
use crate::style::Diagnostic;

/// What to draw and where to put it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Job {
    /// The file of the style.
    pub(super) style: PathBuf,
    /// Pixels across, at ratio 1.
    pub(super) width: f64,
    /// Pixels down, at ratio 1.
    pub(super) height: f64,
    /// Pixels of the picture for one of the style.
    #[serde(default = "one")]
    pub(super) ratio: f64,
    /// Degrees.
    pub(super) lon: f64,
    /// Degrees.
    pub(super) lat: f64,
    /// As MapLibre counts: the world is 512 pixels wide at 0.
    pub(super) zoom: f64,
    /// Degrees clockwise from north.
    #[serde(default)]
    pub(super) bearing: f64,
    /// How labels compete for room.
    #[serde(default)]
    pub(super) placement: Room,
    /// The file of the picture, whose ending says the format.
    pub(super) out: PathBuf,
}

/// How labels compete for room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(super) enum Room {
    /// Within the picture, as MapLibre places them
    #[default]
    View,
    /// In the whole world, as on tiles: neighbouring pictures agree
    World,
}

impl From<Room> for Placement {
    fn from(room: Room) -> Self {
        match room {
            Room::View => Self::View,
            Room::World => Self::World,
        }
    }
}

fn one() -> f64 {
    1.0
}

impl Job {
    /// Makes the picture; what could not be drawn is returned.
    ///
    /// # Errors
    /// When the style cannot be read or the picture not be written, as a sentence.
    pub(super) async fn run(
        &self,
        catalog: &Catalog,
        remote: &Remote,
        opened: &mut Opened,
    ) -> Result<Vec<Diagnostic>, String> {
        let format = format_of(&self.out)?;
        let view = View::new([self.lon, self.lat], self.zoom, self.bearing, [self.width, self.height], self.ratio);
        let view = view.with_placement(self.placement.into());
        let prepared = opened.open(&self.style, self.ratio, catalog, remote).await?;
        let (picture, undrawn) = prepared.drawable.draw(&view).await;
        let bytes = picture.encode(format).map_err(|error| error.to_string())?;
        std::fs::write(&self.out, bytes).map_err(|error| format!("{}: {error}", self.out.display()))?;
        let mut diagnostics = prepared.diagnostics.clone();
        diagnostics.extend(undrawn);
        Ok(diagnostics)
    }
}

fn format_of(path: &Path) -> Result<Format, String> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "png" => Ok(Format::Png),
        "webp" => Ok(Format::Webp),
        "jpg" | "jpeg" => Ok(Format::Jpeg(85)),
        _ => Err(format!("{}: the name of a picture ends in .png, .webp or .jpg", path.display())),
    }
}
