//! The way from an item to the file that draws it.

use super::background;
use super::circle;
use super::extrusion;
use super::fill;
use super::heatmap;
use super::line;
use super::raster;
use super::relief;
use crate::render::Canvas;
use crate::render::scene::Frame;
use crate::render::scene::Item;
use crate::render::symbol::Labels;
use crate::style::Diagnostic;
use crate::style::Property;
use crate::style::Resolved;
use crate::style::StyleValue;
use crate::style::TranslateAnchor;

/// Draws one item over what is there already; labels were placed before, since all layers compete for room.
pub fn item(
    canvas: &mut Canvas,
    frame: &Frame<'_>,
    item: &Item<'_>,
    labels: &Labels,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match item {
        Item::Background(style) => background::background(canvas, frame, style, diagnostics),
        Item::Fill(style, parts) => fill::fill(canvas, frame, style, parts, diagnostics),
        Item::Line(style, parts) => line::line(canvas, frame, style, parts, diagnostics),
        Item::Circle(style, parts) => circle::circle(canvas, frame, style, parts),
        Item::Heatmap(style, parts) => heatmap::heatmap(canvas, frame, style, parts),
        Item::Symbol(layer, ..) => labels.draw(canvas, frame, &layer.id),
        Item::Raster(style, tiles) => raster::tiles(canvas, frame, style, tiles),
        Item::FillExtrusion(style, light, parts) => {
            extrusion::fill_extrusion(canvas, frame, style, light, parts, diagnostics);
        }
        Item::Hillshade(style, grounds) => relief::hillshade(canvas, frame, style, grounds),
        Item::ColorRelief(style, grounds) => relief::color_relief(canvas, frame, style, grounds),
        Item::Image(style, bitmap, corners) => raster::image(canvas, frame, style, bitmap, *corners),
    }
}

/// A translation as a style says it, in pixels of the picture.
pub fn translation(frame: &Frame<'_>, [x, y]: [f64; 2], anchor: TranslateAnchor) -> [f64; 2] {
    let vector = [x * frame.view.ratio(), y * frame.view.ratio()];
    match anchor {
        TranslateAnchor::Map => frame.view.turn(vector),
        TranslateAnchor::Viewport => vector,
    }
}

/// Draws with a function, and lays what it drew over the canvas more transparently, where `opacity` is less than 1.
pub fn through(canvas: &mut Canvas, opacity: f64, paint: impl FnOnce(&mut Canvas)) {
    if opacity >= 1.0 {
        paint(canvas);
    } else if opacity > 0.0 {
        let mut above = canvas.sheet();
        paint(&mut above);
        canvas.blend_canvas(&above, opacity as f32);
    }
}

/// A pattern or a rhythm of dashes, which steps from one to the next: by the zoom alone where it does; where it differs
/// between features, by the whole zoom below, at which MapLibre lays features out.
pub fn stepping<'a, T: StyleValue>(property: &'a Property<T>, frame: &Frame<'_>) -> Resolved<'a, T> {
    match property.resolve(&frame.paint()) {
        Resolved::Differs(_) => property.resolve(&frame.layout()),
        same => same,
    }
}
