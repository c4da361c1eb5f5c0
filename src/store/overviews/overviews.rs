//! What tiles ask.

use std::borrow::Cow;
use std::ops::Range;
use std::thread;

use super::area::Area;
use super::area::Corners;
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
use super::ranges::WHOLE;
use crate::feature::Buffer;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::PartKind;
use crate::feature::Table;

/// So many entries are looked at one by one, which is quicker than to find where in the order of codes an area is.
const FEW: usize = if cfg!(test) { 8 } else { 256 };

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

    /// Rows of a kind that may reach into an area and are seen at a level.
    pub fn seen(&self, kind: PartKind, area: &Area, level: u8) -> Vec<Entry> {
        let classes = usize::from(level).min(CLASSES) + usize::from(level >= FINEST);
        let mut found = Vec::new();
        self.visit(kind, area, 0..classes, &mut |stretch| found.extend(stretch.map(|entry| Entry(entry as u32))));
        self.retain_near(kind, area, &mut found);
        found
    }

    /// The same among some rows only.
    pub fn seen_of(&self, kind: PartKind, some: &[Entry], area: &Area, level: u8) -> Vec<Entry> {
        let mut found: Vec<Entry> = some.iter().copied().filter(|entry| self.is_seen(kind, *entry, level)).collect();
        self.retain_near(kind, area, &mut found);
        found
    }

    /// Drops those that cannot reach into the area, by the middle of their box and the most that their class may extend.
    fn retain_near(&self, kind: PartKind, area: &Area, found: &mut Vec<Entry>) {
        let ends: [usize; CLASSES] = std::array::from_fn(|class| self.entries.classes(kind, class..class + 1).end);
        found.retain(|entry| {
            let class = ends.partition_point(|&end| end <= entry.0 as usize);
            class < CLASSES && area.holds(self.place(entry.0), margin(class))
        });
    }

    fn place(&self, entry: u32) -> [u32; 2] {
        place_of(self.entries.codes[entry as usize])
    }

    /// Rows of a kind that may reach into an area, and those of whole squares of the coarsest level asked later.
    pub fn all(&self, kind: PartKind, area: &Area, coarsest: u8) -> Vec<Entry> {
        let mut found = Vec::new();
        self.visit_all(kind, area, coarsest, &mut |stretch| found.extend(stretch.map(|entry| Entry(entry as u32))));
        found
    }

    /// The same where they are no more than `most`, which is found without looking at each.
    pub fn few(&self, kind: PartKind, area: &Area, coarsest: u8, most: usize) -> Option<Vec<Entry>> {
        let (mut stretches, mut count) = (Vec::new(), 0);
        self.visit_all(kind, area, coarsest, &mut |stretch| {
            count += stretch.len();
            if count <= most {
                stretches.push(stretch);
            }
        });
        (count <= most).then(|| stretches.into_iter().flatten().map(|entry| Entry(entry as u32)).collect())
    }

    fn visit_all(&self, kind: PartKind, area: &Area, coarsest: u8, each: &mut dyn FnMut(Range<usize>)) {
        let coarsest = coarsest.clamp(*LEVELS.start(), *LEVELS.end());
        self.visit(kind, area, 0..usize::from(coarsest), each);
        let margin = margin(usize::from(coarsest));
        let mut wide: Option<Vec<Run>> = None;
        for class in usize::from(coarsest)..CLASSES {
            let own = self.entries.classes(kind, class..class + 1);
            if own.len() <= FEW {
                let mask = (1_u32 << (32 - u32::from(coarsest))) - 1;
                let squares = area.widened(margin).map(|[low, high]| [low.map(|n| n & !mask), high.map(|n| n | mask)]);
                let squares: Vec<Corners> = if own.is_empty() { Vec::new() } else { squares.collect() };
                let is_in = |place| squares.iter().any(|square| holds(square, place));
                own.filter(|&entry| is_in(self.place(entry as u32))).for_each(|entry| each(entry..entry + 1));
            } else {
                let runs = wide.get_or_insert_with(|| widened(&area.runs(margin), coarsest));
                self.entries.within(own, runs, &mut *each);
            }
        }
    }

    fn visit(&self, kind: PartKind, area: &Area, classes: Range<usize>, each: &mut dyn FnMut(Range<usize>)) {
        for class in classes {
            let own = self.entries.classes(kind, class..class + 1);
            if own.len() <= FEW {
                let is_near = |entry: &usize| area.holds(self.place(*entry as u32), margin(class));
                own.filter(is_near).for_each(|entry| each(entry..entry + 1));
            } else {
                self.entries.within(own, &area.runs(margin(class)), &mut *each);
            }
        }
    }

    /// What stands for the features of a kind that are not seen at a level, in an area.
    pub fn marks(&self, kind: PartKind, area: &Area, level: u8) -> Vec<Mark> {
        if !LEVELS.contains(&level) {
            return Vec::new();
        }
        let is_small = self.entries.classes(kind, 0..CLASSES).len() <= FEW;
        let runs = if is_small { Cow::Borrowed(&[WHOLE][..]) } else { area.runs(0) };
        let cells = self.cells.within(&self.entries, kind, level, &runs);
        self.marks_in(kind, area, &cells)
    }

    /// The same for some features only, of which those that are seen count for nothing.
    pub fn marks_of(&self, kind: PartKind, some: &[Entry], area: &Area, level: u8) -> Vec<Mark> {
        if !LEVELS.contains(&level) {
            return Vec::new();
        }
        let small = some.iter().filter(|entry| !self.is_seen(kind, **entry, level));
        let mut cells: Vec<Cell> = small.map(|entry| single(&self.entries, entry.0)).collect();
        gather(&self.entries, &mut cells, level);
        self.marks_in(kind, area, &cells)
    }

    /// The marks that stand in the area itself.
    fn marks_in(&self, kind: PartKind, area: &Area, cells: &[Cell]) -> Vec<Mark> {
        let is_in = |cell: &&Cell| area.holds(self.place(cell.entry), 0);
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

fn holds([low, high]: &Corners, place: [u32; 2]) -> bool {
    (0..2).all(|axis| (low[axis]..=high[axis]).contains(&place[axis]))
}

/// Half of the longest side of features of a class, in steps.
fn margin(class: usize) -> u64 {
    (1_u64 << 31) >> class
}
