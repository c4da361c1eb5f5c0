//! What one picture shows of features, laid out for its window.

use std::collections::HashMap;

use super::Memory;
use super::Plane;
use super::Rows;
use super::Whole;
use super::WholeLayer;
use super::reach::Reach;
use super::trim::Trimmed;
use super::window::Span;
use crate::feature::PartKind;
use crate::render::Loaded;
use crate::render::lattice::Cell;
use crate::render::scene::Frame;
use crate::render::tiles::Placed;
use crate::render::tiles::Window;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::style::Context;
use crate::style::Layer;
use crate::style::LayerKind;
use crate::style::Property;
use crate::style::Source;
use crate::style::Style;
use crate::tile;
use crate::tile::LayerBuilder;

/// The features of one layer of a source as one picture shows them.
#[derive(Debug)]
pub struct Cut<'a> {
    /// The features.
    pub rows: Rows<'a>,
    /// The square that they are laid out in.
    pub placed: Placed,
    /// Their paths in it, as far as they are near; feature by feature as in `rows`.
    pub layer: tile::Layer,
    /// For each layer of the style that draws of them, by its id, which it shows, in the order of drawing.
    shown: Vec<(&'a str, Vec<u32>)>,
}

/// The cuts of a picture by source and source layer.
#[derive(Debug, Default)]
pub struct Cuts<'a>(HashMap<(&'a str, &'a str), Cut<'a>>);

impl<'a> Cuts<'a> {
    /// Cuts what the layers of a style show of the sources whose features are at hand. Labels are not among it.
    pub fn new(style: &'a Style, frame: &Frame<'_>, loaded: &'a Loaded) -> Self {
        let mut layers: HashMap<(&'a str, &'a str), Vec<&'a Layer>> = HashMap::new();
        for layer in style.layers.iter().filter(|layer| layer.is_shown(frame.view.zoom()) && is_drawn_whole(layer)) {
            if let Some((source, name, _)) = features(style, layer, loaded) {
                layers.entry((source, name)).or_default().push(layer);
            }
        }
        let cut = |(key, layers): (_, Vec<&'a Layer>)| {
            let (_, _, (whole, features)) = features(style, layers[0], loaded)?;
            Some((key, Cut::new(whole, features, &layers, frame)))
        };
        Self(layers.into_iter().filter_map(cut).collect())
    }

    /// What a layer of the style shows, if its features are at hand.
    pub fn shown<'s>(&'s self, layer: &'s Layer) -> Option<(&'s Cut<'a>, &'s [u32])> {
        let key = (layer.source.as_deref()?, layer.source_layer.as_deref().unwrap_or_default());
        let cut = self.0.get(&key)?;
        let (_, shown) = cut.shown.iter().find(|(id, _)| *id == layer.id)?;
        Some((cut, shown))
    }
}

/// Whether a layer draws shapes and points of features.
fn is_drawn_whole(layer: &Layer) -> bool {
    use LayerKind::{Circle, Fill, FillExtrusion, Heatmap, Line};
    matches!(layer.kind, Fill(_) | Line(_) | Circle(_) | Heatmap(_) | FillExtrusion(_))
}

/// The names of a layer's source and source layer, and its features.
pub type Features<'a> = (&'a str, &'a str, (&'a Whole, &'a WholeLayer));

pub fn features<'a>(style: &'a Style, layer: &'a Layer, loaded: &'a Loaded) -> Option<Features<'a>> {
    let source = layer.source.as_deref()?;
    let whole = loaded.whole(source)?;
    let name = layer.source_layer.as_deref().unwrap_or_default();
    // The features of GeoJSON are in one layer, whatever its name.
    let known = match style.sources.get(source)? {
        Source::Geojson(_) => None,
        _ => Some(name),
    };
    Some((source, name, (whole, whole.layer(known)?)))
}

impl<'a> Cut<'a> {
    fn new(whole: &'a Whole, features: &'a WholeLayer, layers: &[&'a Layer], frame: &Frame<'_>) -> Self {
        let memory = &*whole.memory;
        let reach = |layer: &&Layer| Reach { layer, frame, whole: features, memory }.pixels();
        let margin = layers.iter().map(reach).fold(0.0, f64::max);
        let rows = Rows::shown(features, frame.view, margin, frame.layout().zoom);
        let mut has_paths = vec![false; rows.len()];
        let mut shown = Vec::with_capacity(layers.len());
        for layer in layers {
            let accepted = accepted(layer, &rows, &frame.layout());
            if !matches!(layer.kind, LayerKind::Circle(_) | LayerKind::Heatmap(_)) {
                accepted.iter().for_each(|&index| has_paths[index as usize] = true);
            }
            shown.push((layer.id.as_str(), accepted));
        }
        let mut cutter = Cutter { memory, area: rows.span, origin: rows.origin, trimmed: Trimmed::default() };
        let layer = cutter.layer(&rows, &has_paths);
        Self { placed: placed(frame, &rows.plane, rows.origin), rows, layer, shown }
    }
}

/// Units a side of the square that features are laid out in; a unit is a cell of the lattice.
const SIDE: u32 = 1 << 16;

fn placed(frame: &Frame<'_>, plane: &Plane, origin: Cell) -> Placed {
    let Rect { min_x, min_y, max_x, max_y } = frame.view.extent();
    let [top, bottom] = plane.projection().rows();
    let window = Window {
        corner: plane.to_world(origin),
        side: f64::from(SIDE) / plane.cells(),
        // Beyond the world's northern and southern edge there is nothing.
        shown: Rect::new(min_x - 1.0, top.max(min_y - 1.0), max_x + 1.0, bottom.min(max_y + 1.0)),
    };
    Placed { coord: TileCoord::FIRST, wrap: 0, window: Some(window) }
}

/// Which features a layer shows, by their sort keys.
fn accepted(layer: &Layer, rows: &Rows<'_>, layout: &Context<'_>) -> Vec<u32> {
    let sort_key: Option<&Property<Option<f64>>> = match &layer.kind {
        LayerKind::Fill(fill) => Some(&fill.sort_key),
        LayerKind::Line(line) => Some(&line.sort_key),
        LayerKind::Circle(circle) => Some(&circle.sort_key),
        _ => None,
    };
    let mut keyed = Vec::with_capacity(rows.len());
    if rows.is_empty() {
        return Vec::new();
    }
    let filter = rows.with_subject(0, |subject| layer.filter.bound(subject.properties));
    if filter.is_nothing() {
        return Vec::new();
    }
    if filter.is_everything() && sort_key.is_none_or(|key| key.as_constant().is_some()) {
        return (0..rows.len() as u32).collect();
    }
    for index in 0..rows.len() {
        rows.with_subject(index, |subject| {
            let context = layout.with(subject);
            if filter.accepts(&context) {
                keyed.push((sort_key.and_then(|key| key.evaluate(&context)).unwrap_or(0.0), index as u32));
            }
        });
    }
    keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    keyed.into_iter().map(|(_, index)| index).collect()
}

struct Cutter<'a> {
    memory: &'a Memory,
    area: Span,
    origin: Cell,
    trimmed: Trimmed,
}

impl Cutter<'_> {
    fn layer(&mut self, rows: &Rows<'_>, has_paths: &[bool]) -> tile::Layer {
        let mut layer = LayerBuilder::new("", SIDE);
        for (index, &has_paths) in has_paths.iter().enumerate() {
            if has_paths && rows.kind(index) != PartKind::Points {
                self.push_paths(rows, index, &mut layer);
            }
            layer.end_feature(Some(rows.id(index)), rows.geometry(index));
        }
        layer.finish()
    }

    fn push_paths(&mut self, rows: &Rows<'_>, index: usize, layer: &mut LayerBuilder) {
        let shape = self.memory.shape_of(rows, index);
        let closed = rows.kind(index) == PartKind::Polygon;
        for moved in rows.copies(index) {
            let area = self.area.moved(Cell::default() - moved);
            let mut is_seen = true;
            for path in shape.paths() {
                // Where an exterior is not seen, no hole is.
                if !path.begins && !is_seen {
                    continue;
                }
                is_seen = self.trimmed.trim(&path, closed, &area) || (!path.begins && is_seen);
                if !self.trimmed.cells.is_empty() {
                    let cells = self.trimmed.cells.iter().map(|&cell| narrow(cell + moved - self.origin));
                    layer.push_marked_path(cells, &self.trimmed.along, path.begins);
                }
            }
        }
    }
}

/// Far beyond the window it is enough to know on which side something is.
fn narrow(cell: Cell) -> [i32; 2] {
    const FAR: i64 = 1 << 30;
    [cell.x.clamp(-FAR, FAR) as i32, cell.y.clamp(-FAR, FAR) as i32]
}
