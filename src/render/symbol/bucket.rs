//! The labels of one layer in one tile, laid out, with the places where they may stand.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::sync::Arc;

use super::anchor;
use super::anchor::Anchor;
use super::anchor::Demand;
use super::compose::Composed;
use super::compose::Composer;
use super::geometry::Affine;
use super::geometry::Point;
use super::geometry::distance;
use super::label::Instance;
use super::label::Label;
use super::pole::pole;
use super::rules::Rules;
use super::source::EXTENT;
use super::source::Wanted;
use super::source::wanted;
use crate::render::scene::Frame;
use crate::render::scene::Part;
use crate::render::text::GlyphSource;
use crate::render::tiles::Placed;
use crate::space::TileCoord;
use crate::style::Context;
use crate::style::Symbol;
use crate::style::SymbolPlacement;
use crate::tile::TileGeometry;

/// Labels and their places.
pub struct Bucket {
    /// The tile that the labels come from.
    pub placed: Placed,
    /// From units of the tile to pixels of the picture at a ratio of 1.
    pub matrix: Affine,
    /// What the layer says.
    pub rules: Arc<Rules>,
    /// The labels.
    pub labels: Vec<Label>,
    /// Where they may stand, in the order in which they are placed.
    pub instances: Vec<Instance>,
}

/// Characters without glyphs, each with the stack in which it was looked for.
pub type Missing = BTreeSet<(char, String)>;

impl Bucket {
    /// Lays out what a layer shows of a tile. `tile_zoom` is the zoom at which the tile is shown, a whole number.
    pub fn new(
        part: &Part<'_>,
        symbol: &Symbol,
        tile_zoom: f64,
        frame: &Frame<'_>,
        glyphs: &GlyphSource,
        missing: &mut Missing,
    ) -> Self {
        let view = frame.view;
        let rules = Arc::new(Rules::new(symbol, tile_zoom, view.zoom(), view.bearing()));
        let layout = Context { zoom: tile_zoom, ..frame.layout() };
        let mut bucket =
            Self { placed: part.placed, matrix: matrix(part, frame), rules, labels: Vec::new(), instances: Vec::new() };
        let overscaling = (tile_zoom - f64::from(part.placed.coord.level())).max(0.0).exp2() as f32;
        let mut repeats: HashMap<String, Vec<Point>> = HashMap::new();
        for mut wanted in wanted(part, symbol, &bucket.rules, &layout, frame) {
            let feature = part.layer.feature(wanted.feature);
            let composed = part.with_subject(feature, |subject| {
                let composer = Composer {
                    symbol,
                    rules: &bucket.rules,
                    layout: layout.with(subject),
                    paint: frame.paint().with(subject),
                    glyphs,
                };
                let (paragraph, images) = match &wanted.text {
                    Some(written) => (Some(&written.paragraph), &written.images[..]),
                    None => (None, &[][..]),
                };
                composer.compose(paragraph, images, wanted.icon.as_ref(), &mut |c, stack| {
                    missing.insert((c, stack.to_owned()));
                })
            });
            if let Some(mut composed) = composed {
                let label = &mut composed.label;
                label.feature = wanted.feature;
                label.sort_key = wanted.sort_key;
                label.identity = wanted.identity;
                if let Some(written) = &mut wanted.text {
                    label.text = Some(written.paragraph.text());
                    label.section_colors = std::mem::take(&mut written.colors);
                }
                bucket.add(composed, wanted, overscaling, &mut repeats);
            }
        }
        bucket
    }

    /// One label around its anchor, which is the origin; its places are known elsewhere.
    pub fn alone(label: Label, rules: Arc<Rules>, matrix: Affine) -> Self {
        let placed = Placed { coord: TileCoord::FIRST, wrap: 0, window: None };
        Self { placed, matrix, rules, labels: vec![label], instances: Vec::new() }
    }

    fn add(&mut self, composed: Composed, wanted: Wanted, overscaling: f32, repeats: &mut HashMap<String, Vec<Point>>) {
        let pixel = EXTENT / (512.0 * overscaling);
        let demand = Demand {
            spacing: self.rules.spacing * pixel,
            length: composed.length * composed.line_scale * pixel,
            em: crate::render::text::ONE_EM * composed.line_scale * pixel,
            has_text: composed.has_text,
            max_angle: self.rules.max_angle,
            overscaling,
        };
        let text = composed.label.text.clone().filter(|_| composed.label.has_text());
        self.labels.push(composed.label);
        match (self.rules.placement, wanted.geometry) {
            (SymbolPlacement::Line, _) => {
                for piece in wanted.paths.iter().flat_map(|line| anchor::clip(line, [0.0; 2], [EXTENT; 2])) {
                    let line: Arc<[Point]> = piece.into();
                    for anchor in anchor::anchors(&line, &demand, EXTENT) {
                        let is_repeated = text.as_ref().is_some_and(|text| {
                            let others = repeats.entry(text.clone()).or_default();
                            let near = others.iter().any(|p| distance(*p, anchor.point) < demand.spacing / 2.0);
                            if !near {
                                others.push(anchor.point);
                            }
                            near
                        });
                        if !is_repeated {
                            self.push(anchor, Arc::clone(&line));
                        }
                    }
                }
            }
            (SymbolPlacement::LineCenter, _) => {
                for line in wanted.paths {
                    if let Some(anchor) = anchor::center_anchor(&line, &demand) {
                        self.push(anchor, line.into());
                    }
                }
            }
            (SymbolPlacement::Point, TileGeometry::Polygons) => {
                for polygon in polygons(wanted.paths) {
                    // Two pixels at the tile's own zoom are precise enough.
                    if let Some(point) = pole(&polygon, 16.0) {
                        self.push(Anchor { point: point.map(f32::trunc), segment: None }, Arc::from([]));
                    }
                }
            }
            (SymbolPlacement::Point, TileGeometry::Lines) => {
                for first in wanted.paths.iter().filter_map(|line| line.first()) {
                    self.push(Anchor { point: *first, segment: None }, Arc::from([]));
                }
            }
            (SymbolPlacement::Point, TileGeometry::Points) => {
                for point in wanted.paths.iter().flatten() {
                    self.push(Anchor { point: *point, segment: None }, Arc::from([]));
                }
            }
        }
    }

    /// Adds a place of the last label. Places outside of the tile are left to its neighbours.
    fn push(&mut self, anchor: Anchor, line: Arc<[Point]>) {
        if anchor.point.iter().all(|c| (0.0..EXTENT).contains(c)) {
            self.instances.push(Instance { label: self.labels.len() - 1, anchor, line });
        }
    }

    /// A vector along the tile's axes, turned to the picture; its length stays.
    pub fn turn(&self, [x, y]: Point) -> Point {
        let unit = self.matrix.x[0].hypot(self.matrix.x[1]);
        let [cos, sin] = self.matrix.x.map(|c| c / unit);
        [cos * x - sin * y, sin * x + cos * y]
    }

    /// Whether any of its labels has a text.
    pub fn has_text(&self) -> bool {
        self.labels.iter().any(Label::has_text)
    }

    /// Whether any of its labels has an icon.
    pub fn has_icon(&self) -> bool {
        self.labels.iter().any(|label| !label.icon.is_empty())
    }

    /// Instances in the order in which they are drawn where the layer orders them from top to bottom.
    pub fn by_y(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.instances.len()).collect();
        let along = |index: usize| {
            let [x, y] = self.instances[index].anchor.point;
            // Down on the picture, in units of the tile.
            let [down_x, down_y] = [self.matrix.x[1], self.matrix.y[1]];
            ((x * down_x + y * down_y) / down_x.hypot(down_y)).round() as i64
        };
        let feature = |index: usize| self.labels[self.instances[index].label].feature;
        order.sort_by(|&a, &b| along(a).cmp(&along(b)).then(feature(b).cmp(&feature(a))));
        order
    }
}

fn matrix(part: &Part<'_>, frame: &Frame<'_>) -> Affine {
    let view = frame.view;
    let [left, top, side] = part.placed.square();
    let unit = side * view.scale() / f64::from(EXTENT) / view.ratio();
    let vector = |v: [f64; 2]| view.turn(v).map(|c| c as f32);
    let origin = view.to_pixel([left, top]).map(|c| (c / view.ratio()) as f32);
    Affine { x: vector([unit, 0.0]), y: vector([0.0, unit]), origin }
}

/// Rings grouped into polygons: an exterior ring has positive area, and the holes that follow are its own.
fn polygons(rings: Vec<Vec<Point>>) -> Vec<Vec<Vec<Point>>> {
    let mut polygons: Vec<Vec<Vec<Point>>> = Vec::new();
    for ring in rings {
        let area: f32 = (0..ring.len())
            .map(|i| (ring[i], ring[(i + 1) % ring.len()]))
            .map(|(a, b)| a[0] * b[1] - b[0] * a[1])
            .sum();
        match polygons.last_mut() {
            Some(polygon) if area < 0.0 => polygon.push(ring),
            _ => polygons.push(vec![ring]),
        }
    }
    polygons
}
