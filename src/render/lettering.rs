//! Texts at places of a picture that is no map: legends, and whom to name.

use std::sync::Arc;

use serde_json::json;

use super::Assets;
use super::Loaded;
use super::Need;
use super::Picture;
use super::View;
use super::draw;
use super::plan;
use super::text::GlyphSource;
use super::view::degrees;
use crate::feature::Value;
use crate::style::SpriteImages;
use crate::style::Style;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

/// A text in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The left end of its middle, in pixels at ratio 1 from the picture's top left corner.
    pub at: [f64; 2],
    /// What it says.
    pub text: String,
    /// Pixels an em.
    pub size: f64,
    /// Whether it is bold.
    pub is_bold: bool,
}

/// Where the texts lie: on one tile of this level, which the zoom enlarges to so many pixels.
const LEVEL: u8 = 5;
const ZOOM: f64 = 8.0;
const TILE_PIXELS: f64 = 4096.0;
/// Units a tile side: half a pixel each.
const EXTENT: u32 = 8192;

/// Draws texts on a transparent picture of so many pixels at ratio 1, at most 4096 a side, by the one renderer of letters. A
/// text that is longer than `widest` pixels goes on below.
pub fn lettering(texts: &[Text], [width, height]: [f64; 2], ratio: f64, widest: f64, glyphs: &GlyphSource) -> Picture {
    let side = 1.0 / f64::from(1 << LEVEL);
    let corner = [16.0 * side, 16.0 * side];
    let pixel = side / TILE_PIXELS;
    let center = degrees([corner[0] + width / 2.0 * pixel, corner[1] + height / 2.0 * pixel]);
    let view = View::new(center, ZOOM, 0.0, [width, height], ratio);
    let style = style(widest);
    let mut builder = LayerBuilder::new("texts", EXTENT);
    for (number, text) in texts.iter().enumerate() {
        let units = text.at.map(|pixels| (pixels * f64::from(EXTENT) / TILE_PIXELS).round() as i32);
        builder.push_path([units]);
        builder.push_tag("text", Value::Text(&text.text));
        builder.push_tag("size", Value::Float(text.size));
        builder.push_tag("font", Value::Text(if text.is_bold { "bold" } else { "regular" }));
        builder.end_feature(Some(number as u64 + 1), TileGeometry::Points);
    }
    let tile = Arc::new(VectorTile { layers: vec![builder.finish()] });
    let mut loaded = Loaded::default();
    for need in plan(&style, &view) {
        if let Need::Tile(source, coord) = need
            && (coord.column(), coord.row()) == (16, 16)
        {
            loaded.insert_vector(&source, coord, Arc::clone(&tile));
        }
    }
    let assets = Assets { images: SpriteImages::default(), glyphs: glyphs.clone() };
    draw(&style, &view, &loaded, &assets).0
}

fn style(widest: f64) -> Style {
    let layer = |font: &str, face: &str| {
        json!({
            "id": font, "type": "symbol", "source": "texts", "source-layer": "texts",
            "filter": ["==", ["get", "font"], font],
            "layout": {
                "text-field": ["get", "text"],
                "text-font": [face],
                "text-size": ["get", "size"],
                "text-anchor": "left",
                "text-justify": "left",
                "text-max-width": ["/", widest, ["get", "size"]],
                "text-allow-overlap": true,
                "text-ignore-placement": true
            },
            "paint": { "text-color": INK }
        })
    };
    let document = json!({
        "version": 8,
        "sources": { "texts": { "type": "vector", "tiles": ["texts"], "minzoom": LEVEL, "maxzoom": LEVEL } },
        "layers": [layer("regular", "Noto Sans Regular"), layer("bold", "Noto Sans Bold")]
    });
    Style::read(document).map(|(style, _)| style).unwrap_or_default()
}

/// The colour of all texts.
const INK: &str = "#2b2b2b";

/// The rectangle of a picture in which anything was drawn: left, top, right and bottom in pixels; `None` when all is empty.
pub fn inked(picture: &Picture) -> Option<[u32; 4]> {
    let width = picture.width().max(1) as usize;
    let pixels = picture.straight();
    let inked = pixels.iter().enumerate().filter(|(_, pixel)| pixel[3] > 0);
    inked.map(|(at, _)| [(at % width) as u32, (at / width) as u32]).fold(None, |found, [x, y]| match found {
        None => Some([x, y, x + 1, y + 1]),
        Some([left, top, right, bottom]) => Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)]),
    })
}
