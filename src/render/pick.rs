//! What was drawn at a pixel.
//!
//! Features are found by drawing them: the part of the picture around the pixel is drawn again with half of a layer's features,
//! then with a quarter and so on, where anything shows. So a feature is found exactly where its paint is, whatever width,
//! dashes, patterns and expressions make of it. Labels are found by the boxes in which they were placed.

use std::collections::HashSet;

use super::Assets;
use super::Canvas;
use super::Loaded;
use super::Reprojection;
use super::View;
use super::deeper::deepened;
use super::draw;
use super::scene;
use super::scene::Frame;
use super::scene::Item;
use super::scene::Labelled;
use super::scene::Part;
use super::scene::Scene;
use super::symbol;
use super::symbol::Labels;
use super::whole::Cuts;
use super::whole::Rows;
use crate::feature::Scalar;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::style::Layer;
use crate::style::Style;
use crate::style::Subject;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;

/// A feature that was drawn at a pixel, or near it.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The id of the layer that drew it.
    pub layer: String,
    /// The name of the layer's source.
    pub source: String,
    /// The layer of the source's tiles.
    pub source_layer: Option<String>,
    /// What of it is there.
    pub shape: Shape,
    /// Pixels from the middle of the pixel that was asked for to that of the nearest one on which it was drawn; to its box,
    /// for a label.
    pub distance: f64,
    /// Its id in the tile.
    pub id: Option<u64>,
    /// Its properties in the tile.
    pub properties: Vec<(String, Scalar)>,
    /// What its paths are.
    pub geometry: TileGeometry,
    /// Its paths as far as the tile has them, longitude and latitude in degrees.
    pub paths: Vec<Vec<[f64; 2]>>,
}

/// What of a feature is at a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The inside of a polygon.
    Fill,
    /// A line, or the outline of a polygon.
    Line,
    /// A dot.
    Circle,
    /// The surroundings of a point in a map of density.
    Heatmap,
    /// A text.
    Text,
    /// An image.
    Icon,
}

/// The features that the picture of a view shows within `radius` pixels of a pixel (column and row, counted from the top
/// left), topmost first, each once a layer. What [`draw`](super::draw) needs must be loaded.
pub fn pick(style: &Style, view: &View, loaded: &Loaded, assets: &Assets, pixel: [u32; 2], radius: u32) -> Vec<Hit> {
    let grid = Grid::web_mercator_quad();
    let frame = Frame::new(view, &assets.images);
    let loaded = &*deepened(style, view, loaded);
    let cuts = Cuts::new(style, &frame, loaded);
    let shown = style.layers.iter().filter(|layer| layer.is_shown(view.zoom()));
    let (layers, items): (Vec<&Layer>, Vec<Item<'_>>) =
        shown.filter_map(|layer| Some((layer, scene::item(style, layer, &frame, loaded, &cuts, &grid)?))).unzip();
    let scene = Scene { items };
    let labels = symbol::place(&scene, &frame, &assets.glyphs, &mut Vec::new());
    let [column, row] = pixel.map(i64::from);
    let reach = i64::from(radius);
    let window = view.window([column - reach, row - reach], [2 * radius + 1; 2]);
    let probe = Probe { frame: Frame::new(&window, &assets.images), labels: &labels, radius, finer: 1.0 };
    // What lies in Web Mercator is looked for there.
    let reprojection = Reprojection::of(view);
    let flat = reprojection.as_ref().and_then(|reprojection| {
        let finer = reprojection.finer();
        let radius = (f64::from(radius) * finer).ceil() as u32;
        let corner = reprojection.pixel(pixel)?.map(|n| n - i64::from(radius));
        Some((reprojection.flat().window(corner, [2 * radius + 1; 2]), radius, finer))
    });
    let flat = flat.as_ref().map(|(window, radius, finer)| Probe {
        frame: Frame::new(window, &assets.images),
        labels: &labels,
        radius: *radius,
        finer: *finer,
    });
    let middle = [f64::from(pixel[0]) + 0.5, f64::from(pixel[1]) + 0.5];
    let mut hits = Vec::new();
    for (layer, item) in layers.into_iter().zip(&scene.items).rev() {
        let mut seen = HashSet::new();
        let mut push = |key: Key, find: &dyn Fn() -> Hit| {
            if seen.insert(key) {
                hits.push(find());
            }
        };
        if let Item::Symbol(_, _, labelled) = item {
            for near in labels.near(&layer.id, middle, f64::from(radius), view.ratio()) {
                let shape = if near.is_text { Shape::Text } else { Shape::Icon };
                match labelled {
                    Labelled::Parts(parts) | Labelled::Tiled(parts, _) => {
                        if let Some(part) = parts.iter().find(|part| part.placed == near.placed) {
                            let feature = part.layer.feature(near.feature as usize);
                            push(key(part, feature), &|| part_hit(layer, part, feature, shape, near.distance));
                        }
                    }
                    Labelled::Whole(_, whole) => {
                        let rows = Rows::named(whole, view, frame.layout().zoom, near.feature);
                        let (id, geometry) = (rows.id(0), rows.geometry(0));
                        let find = |s: &Subject<'_>| hit(layer, Some(id), geometry, s, shape, near.distance);
                        push((None, id), &|| rows.with_subject(0, find));
                    }
                }
            }
        } else if let Some((shape, parts)) = shapes(item) {
            let probe = flat.as_ref().filter(|_| item.is_flat()).unwrap_or(&probe);
            for part in parts.iter().rev() {
                for (feature, distance) in probe.find(item, part, &part.features) {
                    let feature = part.layer.feature(feature as usize);
                    push(key(part, feature), &|| part_hit(layer, part, feature, shape, distance));
                }
            }
        }
    }
    hits
}

/// The features of an item that are drawn one by one.
fn shapes<'i, 'a>(item: &'i Item<'a>) -> Option<(Shape, &'i [Part<'a>])> {
    match item {
        Item::Fill(_, parts) => Some((Shape::Fill, parts)),
        Item::Line(_, parts) => Some((Shape::Line, parts)),
        Item::Circle(_, parts) => Some((Shape::Circle, parts)),
        Item::Heatmap(_, parts) => Some((Shape::Heatmap, parts)),
        Item::FillExtrusion(_, _, parts) => Some((Shape::Fill, parts)),
        Item::Background(_)
        | Item::Symbol(..)
        | Item::Raster(..)
        | Item::Image(..)
        | Item::Hillshade(..)
        | Item::ColorRelief(..) => None,
    }
}

/// The surroundings of the pixel.
struct Probe<'a> {
    frame: Frame<'a>,
    labels: &'a Labels,
    /// How far features may be, in its own pixels.
    radius: u32,
    /// Its own pixels for one of the picture.
    finer: f64,
}

impl Probe<'_> {
    /// Which of the features show here, the last drawn first, with their distances.
    fn find(&self, item: &Item<'_>, part: &Part<'_>, features: &[u32]) -> Vec<(u32, f64)> {
        let some = Part { features: features.to_vec(), ..*part };
        let Some(distance) = self.distance(item, some) else { return Vec::new() };
        if let [only] = features {
            return vec![(*only, distance)];
        }
        let (lower, upper) = features.split_at(features.len() / 2);
        let mut found = self.find(item, part, upper);
        found.extend(self.find(item, part, lower));
        found
    }

    /// From the pixel in the middle to the nearest one that some features paint.
    fn distance(&self, item: &Item<'_>, part: Part<'_>) -> Option<f64> {
        let item = match item {
            Item::Fill(style, _) => Item::Fill(style, vec![part]),
            Item::Line(style, _) => Item::Line(style, vec![part]),
            Item::Circle(style, _) => Item::Circle(style, vec![part]),
            Item::Heatmap(style, _) => Item::Heatmap(style, vec![part]),
            Item::FillExtrusion(style, light, _) => Item::FillExtrusion(style, light, vec![part]),
            Item::Background(_)
            | Item::Symbol(..)
            | Item::Raster(..)
            | Item::Image(..)
            | Item::Hillshade(..)
            | Item::ColorRelief(..) => return None,
        };
        let side = 2 * self.radius + 1;
        let mut canvas = Canvas::new(side, side);
        draw::item(&mut canvas, &self.frame, &item, self.labels, &mut Vec::new());
        let painted = canvas.pixels().iter().enumerate().filter(|(_, pixel)| pixel[3] > 0);
        let distances = painted.map(|(at, _)| {
            let (x, y) = (at as u32 % side, at as u32 / side);
            f64::from(x.abs_diff(self.radius)).hypot(f64::from(y.abs_diff(self.radius)))
        });
        let nearest = distances.min_by(f64::total_cmp).filter(|distance| *distance <= f64::from(self.radius));
        nearest.map(|distance| distance / self.finer)
    }
}

/// The same for a feature in all tiles that show it: its id, or its place in the only tile that has it.
type Key = (Option<TileCoord>, u64);

fn key(part: &Part<'_>, feature: TileFeature<'_>) -> Key {
    feature.id().map_or((Some(part.placed.coord), feature.index() as u64), |id| (None, id))
}

fn part_hit(layer: &Layer, part: &Part<'_>, feature: TileFeature<'_>, shape: Shape, distance: f64) -> Hit {
    let (id, geometry) = (feature.id(), feature.geometry());
    part.with_subject(feature, |subject| hit(layer, id, geometry, subject, shape, distance))
}

fn hit(
    layer: &Layer,
    id: Option<u64>,
    geometry: TileGeometry,
    subject: &Subject<'_>,
    shape: Shape,
    distance: f64,
) -> Hit {
    let mut properties = Vec::new();
    subject.properties.each_property(&mut |name, value| properties.push((name.to_owned(), value.to_scalar())));
    let paths = (subject.positions)();
    Hit {
        layer: layer.id.clone(),
        source: layer.source.clone().unwrap_or_default(),
        source_layer: layer.source_layer.clone(),
        shape,
        distance,
        id,
        properties,
        geometry,
        paths: paths.into_iter().map(|path| path.into_iter().map(|(lon, lat)| [lon, lat]).collect()).collect(),
    }
}

#[cfg(test)]
mod tests;
