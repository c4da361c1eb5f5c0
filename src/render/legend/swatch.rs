//! A little picture of a feature, by all layers that show it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::group::Stage;
use super::unit::is_drawn;
use crate::feature::Properties;
use crate::feature::Scalar;
use crate::feature::Value;
use crate::render::Loaded;
use crate::render::Need;
use crate::render::Picture;
use crate::render::View;
use crate::render::draw;
use crate::render::plan;
use crate::render::view::degrees;
use crate::space::Grid;
use crate::style::Anchor;
use crate::style::Filter;
use crate::style::Formatted;
use crate::style::GeometryType;
use crate::style::Layer;
use crate::style::LayerKind;
use crate::style::Overlap;
use crate::style::Property;
use crate::style::Section;
use crate::style::SectionContent;
use crate::style::Source;
use crate::style::Style;
use crate::style::Symbol;
use crate::style::SymbolPlacement;
use crate::style::Tiled;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

/// The feature that a swatch shows.
pub struct Sample<'a> {
    /// What it is.
    pub shape: GeometryType,
    /// Its properties.
    pub properties: &'a [(String, Scalar)],
}

impl Properties for Sample<'_> {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        self.properties.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_value())
    }

    fn each_property<'s>(&'s self, visit: &mut dyn FnMut(&'s str, Value<'s>)) {
        self.properties.iter().for_each(|(name, value)| visit(name, value.as_value()));
    }
}

/// The source of all samples, and the layers of its tiles.
const SOURCE: &str = "legend";
const AREA: &str = "area";
const WAY: &str = "way";
const SPOT: &str = "spot";

/// Draws a sample by the layers that show it; `None` when nothing is to be seen.
pub fn swatch(style: &Style, layers: &[&Layer], sample: &Sample<'_>, stage: &Stage<'_>) -> Option<Picture> {
    let shown: Vec<&Layer> =
        layers.iter().copied().filter(|layer| is_drawn(layer, sample, sample.shape, stage)).collect();
    // Words stand for a feature only when nothing else does.
    let picture = picture(style, &shown, sample, "", stage);
    if is_empty(&picture) {
        let written = self::picture(style, &shown, sample, "Aa", stage);
        return (!is_empty(&written)).then_some(written);
    }
    Some(picture)
}

fn is_empty(picture: &Picture) -> bool {
    // Less than this cannot be told from paper.
    picture.pixels().iter().all(|pixel| pixel[3] < 8)
}

fn picture(style: &Style, layers: &[&Layer], sample: &Sample<'_>, words: &str, stage: &Stage<'_>) -> Picture {
    let source =
        Tiled { tiles: vec![SOURCE.to_owned()], maxzoom: Some(Grid::MAX_ZOOM), tile_size: 512, ..Tiled::default() };
    let layers = layers.iter().map(|layer| {
        let mut layer = (*layer).clone();
        let is_area = sample.shape == GeometryType::Polygon;
        let place = match &mut layer.kind {
            LayerKind::Symbol(symbol) => {
                stand(symbol, words);
                SPOT
            }
            LayerKind::Circle(_) | LayerKind::Heatmap(_) => SPOT,
            LayerKind::Line(_) if !is_area => WAY,
            _ => AREA,
        };
        Layer { source: Some(SOURCE.to_owned()), source_layer: Some(place.to_owned()), filter: Filter::ALL, ..layer }
    });
    let style = Style {
        layers: layers.collect(),
        sources: BTreeMap::from([(SOURCE.to_owned(), Source::Vector(source))]),
        ..style.clone()
    };
    let level = stage.view.zoom.floor().clamp(0.0, f64::from(Grid::MAX_ZOOM));
    let side = (-level).exp2();
    let column = (0.5 / side).floor();
    let center = (column + 0.5) * side;
    let frame = View::new(degrees([center, center]), stage.view.zoom, 0.0, stage.view.swatch, stage.view.ratio);
    let tile = Arc::new(tile(sample, stage.view.swatch, (frame.zoom() - level).exp2()));
    let mut loaded = Loaded::default();
    for need in plan(&style, &frame) {
        match need {
            Need::Tile(source, coord) if (coord.column(), coord.row()) == (column as u32, column as u32) => {
                loaded.insert_vector(&source, coord, Arc::clone(&tile));
            }
            _ => {}
        }
    }
    draw(&style, &frame, &loaded, stage.assets).0
}

/// Puts a symbol into the middle, whatever its layer says about places.
fn stand(symbol: &mut Symbol, words: &str) {
    let section = Section {
        content: SectionContent::Text(words.to_owned()),
        scale: None,
        font: None,
        color: None,
        vertical_align: None,
    };
    let sections = if words.is_empty() { Vec::new() } else { vec![section] };
    symbol.text_field = Property::constant(Formatted { sections });
    symbol.placement = Property::constant(SymbolPlacement::Point);
    symbol.text_overlap = Property::constant(Some(Overlap::Always));
    symbol.icon_overlap = Property::constant(Some(Overlap::Always));
    symbol.text_optional = Property::constant(true);
    symbol.icon_optional = Property::constant(true);
    symbol.text_anchor = Property::constant(Anchor::Center);
    symbol.icon_anchor = Property::constant(Anchor::Center);
    symbol.text_offset = Property::constant([0.0; 2]);
    symbol.icon_offset = Property::constant([0.0; 2]);
    symbol.text_radial_offset = Property::constant(None);
    symbol.text_variable_anchor = Property::constant(None);
    symbol.text_variable_anchor_offset = Property::constant(None);
}

/// Units a tile side.
const EXTENT: u32 = 8192;

/// A tile with the sample in its middle; at the zoom it has `growth` times 512 pixels.
fn tile(sample: &Sample<'_>, [width, height]: [f64; 2], growth: f64) -> VectorTile {
    let unit = f64::from(EXTENT) / (512.0 * growth);
    let middle = f64::from(EXTENT) / 2.0;
    let point = |x: f64, y: f64| [(middle + x * unit).round() as i32, (middle + y * unit).round() as i32];
    let (right, bottom) = (width / 2.0 - 2.0, height / 2.0 - 3.0);
    let area = [point(-right, -bottom), point(right, -bottom), point(right, bottom), point(-right, bottom)];
    // A line goes on beyond the picture, so that its ends are not taken for a part of it.
    let way = [point(-width, 0.0), point(width, 0.0)];
    let shapes: [(&str, &[[i32; 2]], TileGeometry); 3] = [
        (AREA, &area, TileGeometry::Polygons),
        (WAY, &way, TileGeometry::Lines),
        (SPOT, &[point(0.0, 0.0)], TileGeometry::Points),
    ];
    let layer = |(name, points, geometry): (&str, &[[i32; 2]], TileGeometry)| {
        let mut builder = LayerBuilder::new(name, EXTENT);
        builder.push_path(points.iter().copied());
        sample.properties.iter().for_each(|(name, value)| builder.push_tag(name, value.as_value()));
        builder.end_feature(Some(1), geometry);
        builder.finish()
    };
    VectorTile { layers: shapes.into_iter().map(layer).collect() }
}
