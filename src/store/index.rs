//! The R-tree over the features of a snapshot.

use rstar::AABB;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use rstar::primitives::Rectangle;

use crate::feature::Geometry;
use crate::feature::Table;
use crate::space::Rect;

/// Rectangles of features in degrees, with their row numbers.
#[derive(Debug)]
pub(super) struct Index {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    /// Rows without any position, ascending: they have no place, and match every box.
    nowhere: Vec<u32>,
}

impl Index {
    pub(super) fn new(table: &Table) -> Self {
        let mut entries = Vec::with_capacity(table.len());
        let mut nowhere = Vec::new();
        for row in table.rows() {
            let before = entries.len();
            let rects = rects(row.geometry());
            let boxes = rects.iter().filter(|rect| !rect.is_empty());
            entries.extend(boxes.map(|rect| {
                let corners = Rectangle::from_corners([rect.min_x, rect.min_y], [rect.max_x, rect.max_y]);
                GeomWithData::new(corners, row.number())
            }));
            if entries.len() == before {
                nowhere.push(row.number());
            }
        }
        Self { tree: RTree::bulk_load(entries), nowhere }
    }

    /// Rows whose rectangle meets the given one, ascending, each once.
    pub(super) fn within(&self, rect: &Rect) -> Vec<u32> {
        let area = AABB::from_corners([rect.min_x, rect.min_y], [rect.max_x, rect.max_y]);
        let mut rows: Vec<u32> = self.tree.locate_in_envelope_intersecting(area).map(|entry| entry.data).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Whether any rectangle meets the given one.
    pub(super) fn meets(&self, rect: &Rect) -> bool {
        let area = AABB::from_corners([rect.min_x, rect.min_y], [rect.max_x, rect.max_y]);
        self.tree.locate_in_envelope_intersecting(area).next().is_some()
    }

    /// Rows without any position, ascending.
    pub(super) fn nowhere(&self) -> &[u32] {
        &self.nowhere
    }

    /// The rectangle around all features; empty when none has a position.
    pub(super) fn extent(&self) -> Rect {
        let envelope = self.tree.root().envelope();
        let ([min_x, min_y], [max_x, max_y]) = (envelope.lower(), envelope.upper());
        Rect::new(min_x, min_y, max_x, max_y)
    }
}

/// One rectangle around the geometry, or two when it was split at the antimeridian: one around the world would make the
/// feature a candidate of every box.
///
/// ```text
/// -180 |##                                  ##| 180
/// ```
fn rects(geometry: Geometry<'_>) -> [Rect; 2] {
    let whole = geometry.rect();
    if whole.min_x > -180.0 || whole.max_x < 180.0 {
        return [whole, Rect::EMPTY];
    }
    let mut halves = [Rect::EMPTY; 2];
    for part in geometry.parts() {
        let mut rect = Rect::EMPTY;
        part.paths().flatten().for_each(|&coord| rect.extend(coord));
        let half = &mut halves[usize::from(rect.center()[0] > 0.0)];
        *half = half.union(&rect);
    }
    halves
}
