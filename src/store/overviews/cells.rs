//! Features that are too small to be seen, gathered by the squares of a grid.

use super::entries::CLASSES;
use super::entries::Entries;
use super::entries::find;
use super::entries::order;
use super::ranges::Run;
use crate::feature::Buffer;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::PartKind;

/// What lies in one square: the entry that stands for all, how many there are, and what they weigh together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) entry: u32,
    pub(super) count: u32,
    pub(super) weight: u64,
}

/// Squares of some levels, each list in the order of codes. A level that is not here is made of the next finer one that is.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    pub(super) entries: Buffer<u32>,
    pub(super) counts: Buffer<u32>,
    pub(super) weights: Buffer<u64>,
    /// Kind, level, and from where to where its squares stand; finer levels first.
    pub(super) levels: Buffer<[u32; 4]>,
}

/// Levels at which a square may be a side of the world's 2^-level long.
pub(super) const LEVELS: std::ops::RangeInclusive<u8> = 5..=31;

/// A level is kept where it has fewer squares than this part of those that it is made of.
const WORTH: f64 = 0.7;

impl Cells {
    /// Gathers the entries of all kinds.
    pub(super) fn new(entries: &Entries) -> Self {
        let mut cells = Self::default();
        for kind in [PartKind::Polygon, PartKind::Line, PartKind::Points] {
            let mut finer: Vec<Cell> = own(entries, kind, CLASSES - 1).collect();
            let mut kept = usize::MAX;
            for level in LEVELS.rev() {
                finer.extend(own(entries, kind, usize::from(level)));
                gather(entries, &mut finer, level);
                let least = kept.min(entries.classes(kind, usize::from(level)..CLASSES).len());
                if !finer.is_empty() && (finer.len() as f64) < least as f64 * WORTH {
                    kept = finer.len();
                    cells.keep(&finer, kind, level);
                }
            }
        }
        cells
    }

    /// Puts its arrays under their names.
    pub(super) fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("overviews.cells", &self.entries);
        packing.put("overviews.cells.counts", &self.counts);
        packing.put("overviews.cells.weights", &self.weights);
        packing.put("overviews.cells.levels", &self.levels);
    }

    /// The squares that were packed.
    pub(super) fn unpack(packed: &Packed) -> Result<Self, Misfit> {
        let cells = Self {
            entries: packed.buffer("overviews.cells")?,
            counts: packed.buffer("overviews.cells.counts")?,
            weights: packed.buffer("overviews.cells.weights")?,
            levels: packed.buffer("overviews.cells.levels")?,
        };
        let count = cells.entries.len();
        let is_whole = cells.counts.len() == count
            && cells.weights.len() == count
            && cells.levels.iter().all(|&[_, _, start, end]| start <= end && end as usize <= count);
        if is_whole { Ok(cells) } else { Err(Misfit("overviews.cells".to_owned())) }
    }

    fn keep(&mut self, level: &[Cell], kind: PartKind, number: u8) {
        let start = self.entries.len() as u32;
        self.entries.edit().extend(level.iter().map(|cell| cell.entry));
        self.counts.edit().extend(level.iter().map(|cell| cell.count));
        self.weights.edit().extend(level.iter().map(|cell| cell.weight));
        self.levels.edit().push([order(kind) as u32, u32::from(number), start, self.entries.len() as u32]);
    }

    /// The squares of a kind and a level that lie in the runs, in the order of codes.
    pub(super) fn within(&self, entries: &Entries, kind: PartKind, level: u8, runs: &[Run]) -> Vec<Cell> {
        let runs = &widened(runs, level);
        let of_kind = |own: &&[u32; 4]| own[0] as usize == order(kind) && own[1] >= u32::from(level);
        let kept = self.levels.iter().filter(of_kind).min_by_key(|own| own[1]);
        let mut found = Vec::new();
        if let Some(&[_, _, start, end]) = kept {
            let range = start as usize..end as usize;
            find(
                &self.entries[range.clone()],
                |&entry| entries.codes[entry as usize],
                runs,
                |stretch| {
                    found.extend((range.start + stretch.start..range.start + stretch.end).map(|at| Cell {
                        entry: self.entries[at],
                        count: self.counts[at],
                        weight: self.weights[at],
                    }));
                },
            );
        }
        let finer = kept.map_or(CLASSES, |kept| kept[1] as usize);
        for class in usize::from(level)..finer {
            let class = entries.classes(kind, class..class + 1);
            entries.within(class, runs, |stretch| found.extend(stretch.map(|entry| single(entries, entry as u32))));
        }
        gather(entries, &mut found, level);
        found
    }
}

/// Runs that take whole squares of a level.
pub(super) fn widened(runs: &[Run], level: u8) -> Vec<Run> {
    let mask = (1_u64 << (64 - 2 * u32::from(level))) - 1;
    let mut wide: Vec<Run> = Vec::with_capacity(runs.len());
    for &[first, last] in runs {
        let [first, last] = [first & !mask, last | mask];
        match wide.last_mut() {
            Some(before) if first <= before[1].saturating_add(1) => before[1] = before[1].max(last),
            _ => wide.push([first, last]),
        }
    }
    wide
}

fn own(entries: &Entries, kind: PartKind, class: usize) -> impl Iterator<Item = Cell> + '_ {
    entries.classes(kind, class..class + 1).map(|entry| single(entries, entry as u32))
}

/// The square of one entry.
pub(super) fn single(entries: &Entries, entry: u32) -> Cell {
    // Whole numbers add up to the same in any order.
    Cell { entry, count: 1, weight: entries.weights[entry as usize] as u64 }
}

/// Sorts squares by code and joins those that are one at a level.
pub(super) fn gather(entries: &Entries, cells: &mut Vec<Cell>, level: u8) {
    let shift = 64 - 2 * u32::from(level);
    let square = |cell: &Cell| entries.codes[cell.entry as usize] >> shift;
    // Runs that are sorted already are merged and not sorted again.
    cells.sort_by_key(square);
    cells.dedup_by(|next, first| {
        let is_same = square(next) == square(first);
        if is_same {
            if entries.compare(next.entry, first.entry).is_lt() {
                first.entry = next.entry;
            }
            first.count = first.count.saturating_add(next.count);
            first.weight = first.weight.saturating_add(next.weight);
        }
        is_same
    });
}
