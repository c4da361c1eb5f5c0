//! Rows by kind and size, and those of one size along a curve that fills the world.

use std::cmp::Ordering;
use std::cmp::Reverse;
use std::ops::Range;

use super::lattice::code;
use super::ranges::Run;
use crate::feature::Buffer;
use crate::feature::Geometry;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::PartKind;
use crate::feature::Table;

/// Classes of size: in class `k` are features whose longer side is at least 2^-(k + 1) and less than 2^-k of the world's; in the
/// last one those without any.
pub(super) const CLASSES: usize = 33;

/// Rows that have a place, sorted by kind (polygons, lines, points), class, code of the middle of their box, and number.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    pub(super) rows: Buffer<u32>,
    pub(super) codes: Buffer<u64>,
    /// Area in squares of steps, length in steps, number of points.
    pub(super) weights: Buffer<f32>,
    /// How many others matter more, by an attribute; empty where none says so.
    pub(super) ranks: Buffer<u32>,
    /// Where each class of each kind starts, and where the last one ends.
    pub(super) starts: Buffer<u32>,
}

/// What is known of a row before it has its place.
struct Draft {
    row: u32,
    group: u32,
    code: u64,
    weight: f32,
}

/// The position of a kind in the order of entries.
pub(super) fn order(kind: PartKind) -> usize {
    match kind {
        PartKind::Polygon => 0,
        PartKind::Line => 1,
        PartKind::Points => 2,
    }
}

impl Entries {
    /// Sorts the rows of a table whose positions lie at these places.
    pub(super) fn new(table: &Table, places: &[[u32; 2]]) -> Self {
        let mut drafts: Vec<Draft> =
            table.rows_as_kept().filter_map(|row| draft(row.number(), row.geometry(), places)).collect();
        drafts.sort_unstable_by_key(|draft| (draft.group, draft.code, draft.row));
        let groups = 3 * CLASSES as u32;
        let starts = (0..=groups).map(|group| drafts.partition_point(|draft| draft.group < group) as u32).collect();
        let ranked = table.schema().rank.map(|field| ranks(table, field)).unwrap_or_default();
        Self {
            rows: drafts.iter().map(|draft| draft.row).collect(),
            codes: drafts.iter().map(|draft| draft.code).collect(),
            weights: drafts.iter().map(|draft| draft.weight).collect(),
            ranks: drafts.iter().filter_map(|draft| ranked.get(draft.row as usize).copied()).collect(),
            starts,
        }
    }

    /// Puts its arrays under their names.
    pub(super) fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("overviews.rows", &self.rows);
        packing.put("overviews.codes", &self.codes);
        packing.put("overviews.weights", &self.weights);
        packing.put("overviews.ranks", &self.ranks);
        packing.put("overviews.starts", &self.starts);
    }

    /// The entries of a table of so many rows that were packed.
    pub(super) fn unpack(rows: usize, packed: &Packed) -> Result<Self, Misfit> {
        let entries = Self {
            rows: packed.buffer("overviews.rows")?,
            codes: packed.buffer("overviews.codes")?,
            weights: packed.buffer("overviews.weights")?,
            ranks: packed.buffer("overviews.ranks")?,
            starts: packed.buffer("overviews.starts")?,
        };
        let count = entries.rows.len();
        let is_whole = count <= rows
            && entries.codes.len() == count
            && entries.weights.len() == count
            && (entries.ranks.is_empty() || entries.ranks.len() == count)
            && entries.starts.len() == 3 * CLASSES + 1
            && entries.starts.last().is_some_and(|&end| end as usize == count);
        if is_whole { Ok(entries) } else { Err(Misfit("overviews.rows".to_owned())) }
    }

    /// The entries of a kind in these classes.
    pub(super) fn classes(&self, kind: PartKind, classes: Range<usize>) -> Range<usize> {
        let at =
            |class: usize| self.starts.get(order(kind) * CLASSES + class.min(CLASSES)).map_or(0, |&at| at as usize);
        at(classes.start)..at(classes.end)
    }

    /// Calls `visit` with the entries of one class whose codes lie in the runs.
    pub(super) fn within(&self, class: Range<usize>, runs: &[Run], mut visit: impl FnMut(Range<usize>)) {
        find(
            &self.codes[class.clone()],
            |&code| code,
            runs,
            |found| {
                visit(class.start + found.start..class.start + found.end);
            },
        );
    }

    /// Which of two entries stands for both: that of higher rank, then the larger, then the first.
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        let key = |entry: u32| {
            let entry = entry as usize;
            let weight = self.weights[entry].to_bits();
            (self.ranks.get(entry).copied().unwrap_or_default(), Reverse(weight), self.rows[entry])
        };
        key(a).cmp(&key(b))
    }
}

/// Calls `visit` with the stretches of a sorted list whose codes lie in the runs.
pub(super) fn find<T>(sorted: &[T], code: impl Fn(&T) -> u64, runs: &[Run], mut visit: impl FnMut(Range<usize>)) {
    let mut from = 0;
    for &[first, last] in runs {
        from = leap(sorted, from, |item| code(item) < first);
        if from == sorted.len() {
            return;
        }
        let to = leap(sorted, from, |item| code(item) <= last);
        if to > from {
            visit(from..to);
        }
        from = to;
    }
}

/// The first position from `from` on of which `is_before` does not hold: looked for in steps that grow, since it is near.
fn leap<T>(sorted: &[T], from: usize, is_before: impl Fn(&T) -> bool) -> usize {
    let (mut low, mut step) = (from, 1);
    while low + step <= sorted.len() && is_before(&sorted[low + step - 1]) {
        low += step;
        step *= 2;
    }
    let high = (low + step).min(sorted.len());
    low + sorted[low..high].partition_point(is_before)
}

fn draft(row: u32, geometry: Geometry<'_>, places: &[[u32; 2]]) -> Option<Draft> {
    let kinds = || geometry.parts().filter(|part| part.ranges().any(|range| !range.is_empty())).map(|part| part.kind());
    let kind = kinds().min_by_key(|&kind| order(kind))?;
    let (mut low, mut high) = ([u32::MAX; 2], [0_u32; 2]);
    let mut weight = 0.0_f64;
    for part in geometry.parts() {
        for (index, range) in part.ranges().enumerate() {
            let path = &places[range];
            for place in path {
                for axis in 0..2 {
                    low[axis] = low[axis].min(place[axis]);
                    high[axis] = high[axis].max(place[axis]);
                }
            }
            if part.kind() == kind {
                weight += match kind {
                    PartKind::Polygon if index == 0 => area(path),
                    PartKind::Polygon => -area(path),
                    PartKind::Line => length(path),
                    PartKind::Points => path.len() as f64,
                };
            }
        }
    }
    let size = (high[0] - low[0]).max(high[1] - low[1]);
    let class = size.leading_zeros();
    let middle = [0, 1].map(|axis: usize| u32::midpoint(low[axis], high[axis]));
    let group = (order(kind) * CLASSES) as u32 + class;
    Some(Draft { row, group, code: code(middle), weight: weight.max(0.0) as f32 })
}

fn area(ring: &[[u32; 2]]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let from = |place: [u32; 2]| [0, 1].map(|axis: usize| f64::from(place[axis]) - f64::from(origin[axis]));
    let doubled =
        ring.windows(2).map(|pair| (from(pair[0]), from(pair[1]))).map(|([ax, ay], [bx, by])| ax * by - bx * ay);
    (doubled.sum::<f64>() / 2.0).abs()
}

fn length(line: &[[u32; 2]]) -> f64 {
    let side = |pair: &[[u32; 2]]| {
        let [x, y] = [0, 1].map(|axis: usize| f64::from(pair[1][axis]) - f64::from(pair[0][axis]));
        x.hypot(y)
    };
    line.windows(2).map(side).sum()
}

/// For each row, how many distinct values are larger than its own; those without a number come last.
fn ranks(table: &Table, field: usize) -> Vec<u32> {
    let numbers: Vec<f64> = table.rows().map(|row| row.value(field).as_f64().unwrap_or(f64::NEG_INFINITY)).collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    sorted.dedup();
    numbers
        .iter()
        .map(|number| sorted.partition_point(|other| other.total_cmp(number) == Ordering::Greater) as u32)
        .collect()
}
