//! Features of a request, laid over a map.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::Catalog;
use super::Drawable;
use crate::render::Pin;
use crate::source;
use crate::source::Metadata;
use crate::source::Severity;
use crate::space::Bbox;
use crate::style;
use crate::style::SpriteImages;
use crate::style::Style;

/// Features that are drawn over a style, opened: they look as [`style::overlay`] says.
#[derive(Debug)]
pub struct Overlay {
    /// What is laid over.
    pub drawable: Drawable,
    /// The box around its features; `None` when there are none.
    pub extent: Option<Bbox>,
    /// How many features it has.
    pub features: usize,
    /// How many positions they have.
    pub positions: usize,
}

impl Overlay {
    /// Opens a FeatureCollection whose properties are those that [`style::overlay`] reads, for pictures of a ratio. `pins` are
    /// the marks that its points name.
    ///
    /// # Errors
    /// When it is no GeoJSON, or one of its features is broken: what and where, for people.
    pub async fn open(features: &Json, pins: &[Pin], catalog: &Catalog, ratio: f64) -> Result<Self, String> {
        let text = features.to_string();
        let read = source::read_text(&text, Path::new("overlay"), &Metadata::default());
        let collected = read.map_err(|problem| problem.message)?;
        if let Some(problem) = collected.problems.iter().find(|problem| problem.severity >= Severity::Feature) {
            let which = problem.feature.map_or(String::new(), |number| format!("feature {number}: "));
            return Err(format!("{which}{}", problem.message));
        }
        let positions = collected.table.rows().map(|row| row.geometry().coord_count()).sum();
        let count = collected.table.len();
        let snapshot = crate::store::Snapshot::new(collected.table, collected.version);
        let (style, _) = Style::read(style::overlay(features)).map_err(|error| error.to_string())?;
        let mut images = SpriteImages::default();
        for pin in pins {
            images.insert(&pin.name(), Arc::new(pin.image(ratio)));
        }
        let (drawable, _) = Drawable::open(&style, catalog, None, ratio).await;
        let drawable = drawable.with_images(&images);
        Ok(Self { drawable, extent: snapshot.extent(), features: count, positions })
    }
}
