//! What tiles ask.

use std::ops::Range;
use std::thread;

use super::cells::Cell;
use super::cells::Cells;
use super::cells::LEVELS;
use super::cells::gather;
use super::cells::single;
use super::cells::widened;
use super::entries::CLASSES;
use super::entries::Entries;
use super::importance::importance;
use super::lattice::place;
use super::lattice::place_of;
use super::lattice::position;
use super::ranges::Run;
use super::ranges::corners;
use super::ranges::runs;
use crate::feature::Buffer;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::PartKind;
use crate::feature::Table;
use crate::space::Rect;

/// The level at which nothing is too small.
pub const FINEST: u8 = 32;

/// For a table: how much each vertex matters, its rows by size and place, and squares of those too small to be seen.
///
/// What is seen is told by a level: at level `n` a feature is seen whose box has a side of at least 2^-n of the world's, or half of
/// that. Others are gathered by squares of that side.
#[derive(Clone, Debug, Default)]
pub struct Overviews {
    importance: Buffer<u8>,
    entries: Entries,
    cells: Cells,
}

/// A row as overviews know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry(u32);

/// What stands for the small features of one square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// The feature that matters most, and stands for all.
    pub row: u32,
    /// What they are.
    pub kind: PartKind,
    /// How many they are.
    pub count: u32,
    /// Where that feature is: longitude and latitude in degrees.
    pub position: [f64; 2],
    /// The side of a square that is as large as all polygons together, or the length of all lines; the world's side is 1.
    pub size: f64,
}

impl Overviews {
    /// Looks at all rows of a table.
    pub fn new(table: &Table) -> Self {
        let places: Vec<[u32; 2]> = table.shapes().coords().iter().map(|&coord| place(coord)).collect();
        thread::scope(|scope| {
            let weighing = scope.spawn(|| importance(table.shapes(), &places));
            let entries = Entries::new(table, &places);
            let cells = Cells::new(&entries);
            let importance = weighing.join().unwrap_or_default().into();
            Self { importance, entries, cells }
        })
    }

    /// Puts its arrays under their names.
    pub(in crate::store) fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("overviews.importance", &self.importance);
        self.entries.pack(packing);
        self.cells.pack(packing);
    }

    /// The overviews of a table that were packed.
    pub(in crate::store) fn unpack(table: &Table, packed: &Packed) -> Result<Self, Misfit> {
        let importance: Buffer<u8> = packed.buffer("overviews.importance")?;
        if !importance.is_empty() && importance.len() != table.shapes().coord_count() {
            return Err(Misfit("overviews.importance".to_owned()));
        }
        Ok(Self { importance, entries: Entries::unpack(table.len(), packed)?, cells: Cells::unpack(packed)? })
    }

    /// For each position of the table one byte: the smaller, the further away the vertex is still needed. A vertex goes from a
    /// path when its byte is larger than what [`needed`](super::needed) says, and paths that share a border lose the same ones.
    /// 0 where paths meet. Empty when there are only points.
    pub fn importance(&self) -> &[u8] {
        &self.importance
    }

    /// Rows of a kind that may reach into rectangles of degrees and are seen at a level.
    pub fn seen(&self, kind: PartKind, rects: &[Rect], level: u8) -> Vec<Entry> {
        let classes = usize::from(level).min(CLASSES) + usize::from(level >= FINEST);
        let mut found = Vec::new();
        self.visit(kind, rects, 0..classes, &mut |stretch| found.extend(stretch.map(|entry| Entry(entry as u32))));
        self.retain_near(kind, rects, &mut found);
        found
    }

    /// The same among some rows only.
    pub fn seen_of(&self, kind: PartKind, some: &[Entry], rects: &[Rect], level: u8) -> Vec<Entry> {
        let mut found: Vec<Entry> = some.iter().copied().filter(|entry| self.is_seen(kind, *entry, level)).collect();
        self.retain_near(kind, rects, &mut found);
        found
    }

    /// Drops those that cannot reach into the rectangles, by the middle of their box and the most that their class may extend.
    fn retain_near(&self, kind: PartKind, rects: &[Rect], found: &mut Vec<Entry>) {
        let classes: Vec<(usize, Vec<[[u32; 2]; 2]>)> = (0..CLASSES)
            .map(|class| {
                let own = self.entries.classes(kind, class..class + 1);
                let areas = if own.is_empty() {
                    Vec::new()
                } else {
                    rects.iter().map(|rect| corners(rect, margin(class))).collect()
                };
                (own.end, areas)
            })
            .collect();
        found.retain(|entry| {
            let class = classes.partition_point(|(end, _)| *end <= entry.0 as usize);
            classes.get(class).is_some_and(|(_, areas)| areas.iter().any(|area| holds(area, self.place(entry.0))))
        });
    }

    fn place(&self, entry: u32) -> [u32; 2] {
        place_of(self.entries.codes[entry as usize])
    }

    /// Rows of a kind that may reach into rectangles of degrees, and those of whole squares of the coarsest level asked later.
    pub fn all(&self, kind: PartKind, rects: &[Rect], coarsest: u8) -> Vec<Entry> {
        let mut found = Vec::new();
        self.visit_all(kind, rects, coarsest, &mut |stretch| found.extend(stretch.map(|entry| Entry(entry as u32))));
        found
    }

    /// The number of [`all`](Self::all), which is found without looking at each.
    pub fn count(&self, kind: PartKind, rects: &[Rect], coarsest: u8) -> usize {
        let mut count = 0;
        self.visit_all(kind, rects, coarsest, &mut |stretch| count += stretch.len());
        count
    }

    fn visit_all(&self, kind: PartKind, rects: &[Rect], coarsest: u8, each: &mut dyn FnMut(Range<usize>)) {
        let coarsest = coarsest.clamp(*LEVELS.start(), *LEVELS.end());
        self.visit(kind, rects, 0..usize::from(coarsest), each);
        let runs = widened(&runs(rects, margin(usize::from(coarsest))), coarsest);
        for class in usize::from(coarsest)..CLASSES {
            self.entries.within(self.entries.classes(kind, class..class + 1), &runs, &mut *each);
        }
    }

    fn visit(&self, kind: PartKind, rects: &[Rect], classes: Range<usize>, each: &mut dyn FnMut(Range<usize>)) {
        let grain = grain(rects);
        let mut known: Option<(u64, Vec<Run>)> = None;
        // From the smallest on: those that are small beside the rectangles share their runs.
        for class in classes.rev() {
            let own = self.entries.classes(kind, class..class + 1);
            if own.is_empty() {
                continue;
            }
            let margin = margin(class).max(grain);
            let (_, runs) = match known {
                Some(known) if known.0 == margin => known,
                _ => (margin, runs(rects, margin)),
            };
            self.entries.within(own, &runs, &mut *each);
            known = Some((margin, runs));
        }
    }

    /// What stands for the features of a kind that are not seen at a level, in rectangles of degrees.
    pub fn marks(&self, kind: PartKind, rects: &[Rect], level: u8) -> Vec<Mark> {
        if !LEVELS.contains(&level) {
            return Vec::new();
        }
        let cells = self.cells.within(&self.entries, kind, level, &runs(rects, 0));
        self.marks_in(kind, rects, &cells)
    }

    /// The same for some features only, of which those that are seen count for nothing.
    pub fn marks_of(&self, kind: PartKind, some: &[Entry], rects: &[Rect], level: u8) -> Vec<Mark> {
        if !LEVELS.contains(&level) {
            return Vec::new();
        }
        let small = some.iter().filter(|entry| !self.is_seen(kind, **entry, level));
        let mut cells: Vec<Cell> = small.map(|entry| single(&self.entries, entry.0)).collect();
        gather(&self.entries, &mut cells, level);
        self.marks_in(kind, rects, &cells)
    }

    /// The marks that stand in the rectangles themselves.
    fn marks_in(&self, kind: PartKind, rects: &[Rect], cells: &[Cell]) -> Vec<Mark> {
        let areas: Vec<[[u32; 2]; 2]> = rects.iter().map(|rect| corners(rect, 0)).collect();
        let is_in = |cell: &&Cell| areas.iter().any(|area| holds(area, self.place(cell.entry)));
        cells.iter().filter(is_in).map(|cell| self.mark(kind, cell)).collect()
    }

    /// For each of some features that is not seen at a level, the one that stands for it.
    pub fn gathered(&self, kind: PartKind, some: &[Entry], level: u8) -> Vec<(Entry, Entry)> {
        if !LEVELS.contains(&level) {
            return Vec::new();
        }
        let shift = 64 - 2 * u32::from(level);
        let square = |entry: &Entry| self.entries.codes[entry.0 as usize] >> shift;
        let mut small: Vec<Entry> = some.iter().copied().filter(|entry| !self.is_seen(kind, *entry, level)).collect();
        small.sort_by_key(square);
        let mut found = Vec::with_capacity(small.len());
        for own in small.chunk_by(|a, b| square(a) == square(b)) {
            let first = own.iter().copied().min_by(|a, b| self.entries.compare(a.0, b.0));
            found.extend(first.into_iter().flat_map(|first| own.iter().map(move |&entry| (entry, first))));
        }
        found
    }

    /// Whether a feature of a kind is seen at a level.
    pub fn is_seen(&self, kind: PartKind, entry: Entry, level: u8) -> bool {
        level >= FINEST || (entry.0 as usize) < self.entries.classes(kind, usize::from(level)..CLASSES).start
    }

    /// The row of an entry.
    pub fn row(&self, entry: Entry) -> u32 {
        self.entries.rows[entry.0 as usize]
    }

    fn mark(&self, kind: PartKind, cell: &Cell) -> Mark {
        let place = self.place(cell.entry);
        let weight = cell.weight as f64;
        let size = match kind {
            PartKind::Polygon => weight.sqrt(),
            PartKind::Line => weight,
            PartKind::Points => 0.0,
        };
        Mark {
            row: self.entries.rows[cell.entry as usize],
            kind,
            count: cell.count,
            position: position(place),
            size: size / super::SIDE,
        }
    }
}

fn holds([low, high]: &[[u32; 2]; 2], place: [u32; 2]) -> bool {
    (0..2).all(|axis| (low[axis]..=high[axis]).contains(&place[axis]))
}

/// Half of the longest side of features of a class, in steps.
fn margin(class: usize) -> u64 {
    (1_u64 << 31) >> class
}

/// A part of a rectangle of degrees that does not matter, in steps.
fn grain(rects: &[Rect]) -> u64 {
    let width = rects.iter().map(Rect::width).fold(0.0, f64::max);
    ((width / 360.0 * super::SIDE / 128.0) as u64).next_power_of_two() / 2
}
