//! What a tile may show.

use super::step::Step;
use crate::catalog::Collection;
use crate::feature::PartKind;
use crate::query::Query;
use crate::space::Rect;
use crate::store::Snapshot;
use crate::store::overviews::Area;
use crate::store::overviews::Entry;
use crate::store::overviews::Mark;

/// The features of a collection that a query selects and that may reach into a tile.
pub(super) enum Candidates<'a> {
    /// All, and many, so that what was gathered beforehand stands for those that are small.
    All(&'a Snapshot, Area),
    /// These of each kind; with what else lies in the squares at the edge.
    Some(&'a Snapshot, [Vec<Entry>; 3], Area),
}

/// Something to be cut: a row, or what stands for several.
#[derive(Clone, Copy, Debug)]
pub(super) enum Candidate {
    Row(u32),
    Mark(Mark),
}

/// So many features are not gathered, however small they are, as long as they fit.
const FEW: usize = 1000;

/// In the order in which overviews keep them.
pub(super) const KINDS: [PartKind; 3] = [PartKind::Polygon, PartKind::Line, PartKind::Points];

impl Candidate {
    pub(super) fn row(&self) -> u32 {
        match self {
            Self::Row(row) => *row,
            Self::Mark(mark) => mark.row,
        }
    }

    /// How many features it stands for.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Row(_) => 1,
            Self::Mark(mark) => mark.count as usize,
        }
    }
}

impl<'a> Candidates<'a> {
    /// The candidates in rectangles of degrees; `coarsest` is the last step that is asked for.
    pub(super) fn new(collection: &'a Collection, query: &Query, rects: &[Rect], coarsest: &Step) -> Self {
        if !query.is_everything() {
            return Self::one_by_one(collection, query, rects, coarsest);
        }
        let (snapshot, area) = (collection.snapshot(), Area::new(rects));
        let mut left = FEW;
        let mut few = [Vec::new(), Vec::new(), Vec::new()];
        for (kind, few) in KINDS.into_iter().zip(&mut few) {
            let Some(found) = snapshot.overviews().few(kind, &area, coarsest.level(kind), left) else {
                return Self::All(snapshot, area);
            };
            left -= found.len();
            *few = found;
        }
        Self::Some(snapshot, few, area)
    }

    /// The same, each by itself even where all are asked for.
    pub(super) fn one_by_one(collection: &'a Collection, query: &Query, rects: &[Rect], coarsest: &Step) -> Self {
        let snapshot = collection.snapshot();
        let overviews = snapshot.overviews();
        let area = Area::new(rects);
        let entries = KINDS.map(|kind| {
            let level = coarsest.level(kind);
            let mut found: Vec<(u32, Entry)> =
                overviews.all(kind, &area, level).into_iter().map(|entry| (overviews.row(entry), entry)).collect();
            if query.is_everything() {
                return found.into_iter().map(|(_, entry)| entry).collect();
            }
            found.sort_unstable();
            let selected = snapshot.select(query, found.iter().map(|&(row, _)| row).collect());
            let in_box = |row: u32| {
                query.bbox.is_none_or(|bbox| bbox.parts().any(|part| snapshot.row(row).geometry().intersects(&part)))
            };
            let mut selected = selected.into_iter().filter(|&row| in_box(row)).peekable();
            found.retain(|&(row, _)| selected.next_if_eq(&row).is_some());
            let mut entries: Vec<Entry> = found.into_iter().map(|(_, entry)| entry).collect();
            entries.sort_unstable();
            entries
        });
        Self::Some(snapshot, entries, area)
    }

    /// Whether there are so few features that none has to be left out as long as they fit; the same whether they are looked at one
    /// by one or not.
    pub(super) fn are_few(&self) -> bool {
        match self {
            Self::All(..) => false,
            Self::Some(_, entries, _) => entries.iter().map(Vec::len).sum::<usize>() <= FEW,
        }
    }

    /// What is cut on one step, in the order of a query.
    pub(super) fn on(&self, step: &Step, query: &Query) -> Vec<Candidate> {
        let (mut rows, mut marks) = (Vec::new(), Vec::new());
        for (number, kind) in KINDS.into_iter().enumerate() {
            let level = step.level(kind);
            match self {
                Self::All(snapshot, area) => {
                    let overviews = snapshot.overviews();
                    let seen = overviews.seen(kind, area, level);
                    rows.extend(seen.into_iter().map(|entry| overviews.row(entry)));
                    marks.extend(overviews.marks(kind, area, level));
                }
                Self::Some(snapshot, entries, area) => {
                    let overviews = snapshot.overviews();
                    let seen = overviews.seen_of(kind, &entries[number], area, level);
                    rows.extend(seen.into_iter().map(|entry| overviews.row(entry)));
                    marks.extend(overviews.marks_of(kind, &entries[number], area, level));
                }
            }
        }
        let found = in_order(rows, marks);
        let (Self::All(snapshot, _) | Self::Some(snapshot, ..)) = self;
        if query.sort.is_empty() {
            return found;
        }
        let mut rows: Vec<u32> = found.iter().map(Candidate::row).collect();
        snapshot.sort(query, &mut rows);
        let at = |row: u32| found.binary_search_by_key(&row, Candidate::row).expect("each row was found");
        rows.into_iter().map(|row| found[at(row)]).collect()
    }
}

/// Rows and marks in the order of their row numbers, one of each; of a row that is both, the row.
fn in_order(mut rows: Vec<u32>, marks: Vec<Mark>) -> Vec<Candidate> {
    rows.sort_unstable();
    rows.dedup();
    // Numbers are sorted in a fraction of the time that marks take.
    let places = marks.iter().enumerate().map(|(place, mark)| u64::from(mark.row) << 32 | place as u64);
    let mut places: Vec<u64> = places.collect();
    places.sort_unstable();
    places.dedup_by_key(|place| *place >> 32);
    let mut places = places.into_iter().peekable();
    let mut found = Vec::with_capacity(rows.len() + places.len());
    let mark = |place: u64| Candidate::Mark(marks[place as u32 as usize]);
    for row in rows {
        while let Some(place) = places.next_if(|place| *place >> 32 < u64::from(row)) {
            found.push(mark(place));
        }
        places.next_if(|place| *place >> 32 == u64::from(row));
        found.push(Candidate::Row(row));
    }
    found.extend(places.map(mark));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_there_once_in_its_turn_and_as_itself_where_it_is_also_a_mark() {
        let mark = |row| Mark { row, kind: PartKind::Polygon, position: [0.0; 2], size: 0.0, count: 2 };
        let found = in_order(vec![9, 4, 4], vec![mark(11), mark(9), mark(0), mark(11), mark(5)]);
        let told: Vec<(u32, usize)> = found.iter().map(|candidate| (candidate.row(), candidate.count())).collect();
        assert_eq!(told, [(0, 2), (4, 1), (5, 2), (9, 1), (11, 2)]);
    }
}
