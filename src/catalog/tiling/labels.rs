//! A point for the label of each line and polygon, once a zoom.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use super::candidates::Candidate;
use super::layer::CutLayer;
use super::layer::Place;
use crate::catalog::Collection;
use crate::feature::PartKind;
use crate::query::Query;
use crate::render;
use crate::render::degrees;
use crate::space::Crs;
use crate::space::Rect;
use crate::tile::Item;
use crate::tile::Layer;
use crate::tile::codec::mvt;
use crate::tile::cut_items;

/// What a layer of labels is called: the id of its collection and this.
pub const SUFFIX: &str = "_label";

/// Where the labels of a collection's rows stand, found when they are asked for and then kept.
#[derive(Debug, Default)]
pub struct LabelPoints(Vec<AtomicU64>);

/// A place that was not looked for yet, and one that there is not.
const UNKNOWN: u64 = u64::MAX;
const NOWHERE: u64 = u64::MAX - 1;

impl LabelPoints {
    /// Of so many rows, none of which is known yet.
    pub(in crate::catalog) fn new(rows: usize) -> Self {
        Self((0..rows).map(|_| AtomicU64::new(UNKNOWN)).collect())
    }

    /// The place of a row's label in degrees. What several threads find at once is the same.
    fn of(&self, collection: &Collection, row: u32) -> Option<[f64; 2]> {
        let known = &self.0[row as usize];
        let mut packed = known.load(Ordering::Relaxed);
        if packed == UNKNOWN {
            packed = render::label_point(collection.snapshot().row(row)).map_or(NOWHERE, pack);
            known.store(packed, Ordering::Relaxed);
        }
        (packed != NOWHERE).then(|| unpack(packed))
    }
}

/// Steps of a world: 9 mm at the equator.
const STEPS: f64 = 4_294_967_296.0;

fn pack([x, y]: [f64; 2]) -> u64 {
    let step = |n: f64| u64::from((n * STEPS) as u32);
    // The last step of both axes means something else.
    (step(x) << 32 | step(y)).min(NOWHERE - 1)
}

fn unpack(packed: u64) -> [f64; 2] {
    degrees([(packed >> 32) as f64 / STEPS, (packed & 0xffff_ffff) as f64 / STEPS])
}

/// The layer of label points that belongs to a layer, with the properties of its features: for each line and polygon that is in
/// the layer as a feature of its own one point, on the one tile on which it lies. It has at most `bytes`; the smallest features
/// go first.
pub(super) fn labels(
    (collection, query): (&Collection, &Query),
    place: Place<'_>,
    cut: &CutLayer,
    bytes: usize,
) -> Layer {
    let snapshot = collection.snapshot();
    let name = format!("{}{SUFFIX}", collection.id);
    let properties = query.properties.as_deref().or(collection.tiles.properties.as_deref());
    let bounds = place.grid.bounds(place.coord);
    let is_shape = |row: u32| snapshot.row(row).geometry().parts().any(|part| part.kind() != PartKind::Points);
    let mut rows: Vec<(u32, [f64; 2])> = cut
        .rows
        .iter()
        .filter(|&&row| is_shape(row))
        .filter_map(|&row| Some((row, collection.label_points().of(collection, row)?)))
        .filter(|(_, position)| holds(place.grid.crs(), &bounds, *position))
        .collect();
    loop {
        let items = rows.iter().map(|&(row, position)| Item::Label(snapshot.row(row), position));
        let settings = crate::tile::CutSettings { buffer: 0, ..collection.tiles.cut };
        let layer = cut_items(items, (place.grid, place.coord), &settings, None, (&name, properties), |_, _| {});
        if rows.is_empty() || mvt::most_bytes(&layer) <= bytes || mvt::layer_bytes(&layer) <= bytes {
            return layer;
        }
        let size = |row: u32| {
            let rect = snapshot.row(row).geometry().rect();
            rect.width().max(rect.height())
        };
        rows.sort_by(|a, b| size(b.0).total_cmp(&size(a.0)).then(a.0.cmp(&b.0)));
        rows.truncate(rows.len() / 2);
        rows.sort_unstable_by_key(|&(row, _)| row);
    }
}

/// Whether a position lies on a tile: its right and lower edge belong to its neighbours.
fn holds(crs: &Crs, bounds: &Rect, position: [f64; 2]) -> bool {
    crs.forward(position)
        .is_some_and(|[x, y]| (bounds.min_x..bounds.max_x).contains(&x) && bounds.min_y < y && y <= bounds.max_y)
}

/// The rows among candidates that are cut as features of their own.
pub(super) fn own_row(candidate: &Candidate) -> Option<u32> {
    match candidate {
        Candidate::Row(row) => Some(*row),
        Candidate::Mark(_) => None,
    }
}
