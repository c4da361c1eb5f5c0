//! A packed R-tree: rectangles in the order of a Hilbert curve, under each sixteen of them one around them, and so on.
//!
//! ```text
//! level 2                       0
//! level 1           0           1           2
//! level 0     0 1 ... 15   16 17 ... 31   32 ... 40
//! ```
//!
//! Nothing but the rectangles is kept, level by level from below, because who lies under whom follows from the places.

use std::ops::Range;

use crate::feature::Buffer;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::space::Rect;

/// Rectangles with a number each. Nothing can be added: it lies in a file as it does in memory.
#[derive(Debug, Default)]
pub(super) struct RTree {
    /// Smallest x and y, largest x and y: of the entries, then of each level above them.
    boxes: Buffer<[f64; 4]>,
    /// The numbers of the entries.
    numbers: Buffer<u32>,
    /// Where each level starts in `boxes`.
    levels: Vec<usize>,
}

/// How many lie under one.
const FAN: usize = 16;

impl RTree {
    /// Packs rectangles, none of which is empty.
    pub(super) fn pack(entries: &[(Rect, u32)]) -> Self {
        let extent = entries.iter().fold(Rect::EMPTY, |extent, (rect, _)| extent.union(rect));
        let place = |at: f64, low: f64, size: f64| if size > 0.0 { ((at - low) / size * 65535.0) as u32 } else { 0 };
        let mut order: Vec<(u32, u32)> = Vec::with_capacity(entries.len());
        for (position, (rect, _)) in entries.iter().enumerate() {
            let [x, y] = rect.center();
            let along = hilbert(place(x, extent.min_x, extent.width()), place(y, extent.min_y, extent.height()));
            order.push((along, position as u32));
        }
        order.sort_unstable();
        let levels = levels(entries.len());
        let mut boxes: Vec<[f64; 4]> = Vec::with_capacity(levels.last().map_or(0, |&top| top + 1));
        let mut numbers = Vec::with_capacity(entries.len());
        for &(_, position) in &order {
            let (Rect { min_x, min_y, max_x, max_y }, number) = entries[position as usize];
            boxes.push([min_x, min_y, max_x, max_y]);
            numbers.push(number);
        }
        for pair in levels.windows(2) {
            for first in (pair[0]..pair[1]).step_by(FAN) {
                let under = &boxes[first..pair[1].min(first + FAN)];
                let around = under.iter().fold(Rect::EMPTY, |around, &one| around.union(&rect(one)));
                boxes.push([around.min_x, around.min_y, around.max_x, around.max_y]);
            }
        }
        Self { boxes: boxes.into(), numbers: numbers.into(), levels }
    }

    /// Number of entries.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The numbers of a stretch of entries.
    pub(super) fn numbers(&self, entries: Range<usize>) -> &[u32] {
        &self.numbers[entries]
    }

    /// The rectangle around all; empty when there is none.
    pub(super) fn extent(&self) -> Rect {
        self.boxes.last().map_or(Rect::EMPTY, |&top| rect(top))
    }

    /// Calls `visit` with stretches of the entries that meet a rectangle, each entry once, and whether the rectangle
    /// covers all of the stretch. What is covered is not looked at one by one.
    pub(super) fn search(&self, area: &Rect, mut visit: impl FnMut(Range<usize>, bool)) {
        self.search_until(area, |entries, is_covered| {
            visit(entries, is_covered);
            false
        });
    }

    /// Whether any entry meets a rectangle.
    pub(super) fn meets(&self, area: &Rect) -> bool {
        self.search_until(area, |_, _| true)
    }

    /// The same until `visit` says that it is enough; whether it did.
    fn search_until(&self, area: &Rect, mut visit: impl FnMut(Range<usize>, bool) -> bool) -> bool {
        let boxes: &[[f64; 4]] = &self.boxes;
        let Some(top) = self.levels.len().checked_sub(1) else { return false };
        let mut stack = vec![(top, 0)];
        while let Some((level, place)) = stack.pop() {
            let start = self.levels[level];
            let end = self.levels.get(level + 1).copied().unwrap_or(start + 1);
            let first = start + place;
            for at in first..end.min(first + if level == top { 1 } else { FAN }) {
                let one = rect(boxes[at]);
                if !one.intersects(area) {
                    continue;
                }
                let place = at - start;
                let is_covered = area.covers(&one);
                if level == 0 || is_covered {
                    let size = FAN.pow(level as u32);
                    if visit(place * size..((place + 1) * size).min(self.numbers.len()), is_covered) {
                        return true;
                    }
                } else {
                    stack.push((level - 1, place * FAN));
                }
            }
        }
        false
    }

    /// Puts its arrays under their names.
    pub(super) fn pack_into<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("rtree.boxes", &self.boxes);
        packing.put("rtree.numbers", &self.numbers);
    }

    /// What was packed.
    pub(super) fn unpack(packed: &Packed) -> Result<Self, Misfit> {
        let (boxes, numbers) = (packed.buffer("rtree.boxes")?, packed.buffer::<u32>("rtree.numbers")?);
        let levels = levels(numbers.len());
        if boxes.len() != levels.last().map_or(0, |&top| top + 1) {
            return Err(Misfit("rtree.boxes".to_owned()));
        }
        Ok(Self { boxes, numbers, levels })
    }
}

fn rect([min_x, min_y, max_x, max_y]: [f64; 4]) -> Rect {
    Rect { min_x, min_y, max_x, max_y }
}

/// Where each level of a tree of so many entries starts.
fn levels(entries: usize) -> Vec<usize> {
    let (mut levels, mut start, mut size) = (Vec::new(), 0, entries);
    while size > 0 {
        levels.push(start);
        start += size;
        size = if size == 1 { 0 } else { size.div_ceil(FAN) };
    }
    levels
}

/// How far along a Hilbert curve of order 16 a cell lies (Hamilton and Rau-Chaplin's turns, one level of the curve a step).
fn hilbert(x: u32, y: u32) -> u32 {
    let (mut x, mut y, mut along) = (x & 0xFFFF, y & 0xFFFF, 0);
    for level in (0..16).rev() {
        let (right, up) = (x >> level & 1, y >> level & 1);
        along = along << 2 | ((3 * right) ^ up);
        // The quarters at the bottom are turned, so that the ends of the curve meet those of its neighbours.
        if up == 0 {
            if right == 1 {
                (x, y) = (0xFFFF - x, 0xFFFF - y);
            }
            (x, y) = (y, x);
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(tree: &RTree, area: &Rect) -> Vec<u32> {
        let mut found = Vec::new();
        tree.search(area, |entries, _| found.extend_from_slice(tree.numbers(entries)));
        found.sort_unstable();
        found
    }

    fn some_rect() -> impl Strategy<Value = Rect> {
        let side = prop_oneof![Just(0), 0..20_i32];
        (-50..50_i32, -50..50_i32, side.clone(), side).prop_map(|(x, y, width, height)| {
            Rect::new(f64::from(x), f64::from(y), f64::from(x + width), f64::from(y + height))
        })
    }

    proptest! {
        #[test]
        fn a_search_finds_what_looking_at_each_finds(
            rects in proptest::collection::vec(some_rect(), 0..700),
            area in some_rect(),
        ) {
            let entries: Vec<(Rect, u32)> = rects.iter().copied().zip(7..).collect();
            let tree = RTree::pack(&entries);
            let met: Vec<u32> = entries.iter().filter(|(rect, _)| rect.intersects(&area)).map(|entry| entry.1).collect();
            prop_assert_eq!(found(&tree, &area), met);
            tree.search(&area, |stretch, is_covered| {
                for &number in tree.numbers(stretch) {
                    let rect = entries[number as usize - 7].0;
                    assert!(!is_covered || area.covers(&rect));
                }
            });
            let extent = entries.iter().fold(Rect::EMPTY, |extent, (rect, _)| extent.union(rect));
            prop_assert_eq!(tree.extent(), extent);
        }
    }

    #[test]
    fn neighbours_on_the_curve_are_neighbours_in_the_plane() {
        let mut cells: Vec<(u32, [i32; 2])> =
            (0..32).flat_map(|x| (0..32).map(move |y| (hilbert(x, y), [x as i32, y as i32]))).collect();
        cells.sort_unstable();
        let step = |pair: &[(u32, [i32; 2])]| (pair[0].1[0] - pair[1].1[0]).abs() + (pair[0].1[1] - pair[1].1[1]).abs();
        assert!(cells.windows(2).all(|pair| step(pair) == 1));
    }
}
