//! Where the features of a snapshot are.

use super::rtree::RTree;
use crate::feature::Buffer;
use crate::feature::Geometry;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::Table;
use crate::space::Rect;

/// Rectangles of features in degrees, with their row numbers.
#[derive(Debug)]
pub(super) struct Index {
    tree: RTree,
    /// Rows without any position, ascending: they have no place, and match every box.
    nowhere: Buffer<u32>,
    /// Number of features.
    rows: usize,
}

/// Rows that may meet a box.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// Their rectangles lie in the box, so they do too.
    pub(super) covered: Vec<u32>,
    /// Their rectangles meet the box.
    pub(super) met: Vec<u32>,
}

impl Index {
    pub(super) fn new(table: &Table) -> Self {
        let mut entries = Vec::with_capacity(table.len());
        let mut nowhere = Vec::new();
        for row in table.rows_as_kept() {
            let before = entries.len();
            let rects = rects(row.geometry());
            entries.extend(rects.into_iter().filter(|rect| !rect.is_empty()).map(|rect| (rect, row.number())));
            if entries.len() == before {
                nowhere.push(row.number());
            }
        }
        nowhere.sort_unstable();
        Self { tree: RTree::pack(&entries), nowhere: nowhere.into(), rows: table.len() }
    }

    /// Rows whose rectangle meets the given one, ascending, each once.
    pub(super) fn within(&self, rect: &Rect) -> Vec<u32> {
        let mut rows = Vec::new();
        self.tree.search(rect, |entries, _| rows.extend_from_slice(self.tree.numbers(entries)));
        ascending(rows, self.rows)
    }

    /// Rows that may meet a rectangle, in no order, those twice that were split at the antimeridian.
    pub(super) fn candidates(&self, rect: &Rect, found: &mut Candidates) {
        self.tree.search(rect, |entries, is_covered| {
            let rows = if is_covered { &mut found.covered } else { &mut found.met };
            rows.extend_from_slice(self.tree.numbers(entries));
        });
    }

    /// Whether any rectangle meets the given one.
    pub(super) fn meets(&self, rect: &Rect) -> bool {
        self.tree.meets(rect)
    }

    /// Rows without any position, ascending.
    pub(super) fn nowhere(&self) -> &[u32] {
        &self.nowhere
    }

    /// The rectangle around all features; empty when none has a position.
    pub(super) fn extent(&self) -> Rect {
        self.tree.extent()
    }

    /// Puts its arrays under their names.
    pub(super) fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        self.tree.pack_into(packing);
        packing.put("nowhere", &self.nowhere);
    }

    /// The index of so many rows that was packed.
    pub(super) fn unpack(rows: usize, packed: &Packed) -> Result<Self, Misfit> {
        let (tree, nowhere) = (RTree::unpack(packed)?, packed.buffer::<u32>("nowhere")?);
        if tree.len() + nowhere.len() < rows {
            return Err(Misfit("rtree.numbers".to_owned()));
        }
        Ok(Self { tree, nowhere, rows })
    }
}

/// Rows of so many, ascending, each once.
pub(super) fn ascending(mut rows: Vec<u32>, count: usize) -> Vec<u32> {
    // Where many of all are meant, marking each is quicker than to bring them into order.
    if rows.len() < 1024 || rows.len() < count / 64 {
        rows.sort_unstable();
        rows.dedup();
        return rows;
    }
    let mut marks = vec![0_u64; count.div_ceil(64)];
    for row in rows.drain(..) {
        marks[row as usize / 64] |= 1 << (row % 64);
    }
    for (word, &bits) in marks.iter().enumerate() {
        let mut left = bits;
        while left != 0 {
            rows.push(word as u32 * 64 + left.trailing_zeros());
            left &= left - 1;
        }
    }
    rows
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_rows_come_ascending_and_each_once() {
        for count in [10, 100_000] {
            let rows: Vec<u32> = (0..5000).map(|n| n * 7919 % count).collect();
            let mut sorted = rows.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(ascending(rows.clone(), count as usize), sorted);
            assert_eq!(ascending(rows[..100].to_vec(), count as usize).len(), 100.min(count as usize));
        }
    }
}
