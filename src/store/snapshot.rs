//! A collection's features at one moment.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::thread;

use super::ids::IdIndex;
use super::index::Candidates;
use super::index::Index;
use super::index::ascending;
use super::order::Order;
use super::overviews;
use super::overviews::Overviews;
use super::times::Times;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::Row;
use crate::feature::Schema;
use crate::feature::Table;
use crate::query::Interval;
use crate::query::Page;
use crate::query::Query;
use crate::query::Start;
use crate::query::TimeSet;
use crate::space::Bbox;
use crate::space::Rect;

/// Immutable features with their R-tree. Cloning is cheap and shares them.
#[derive(Clone, Debug)]
pub struct Snapshot(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    table: Table,
    index: Index,
    times: Times,
    ids: IdIndex,
    extent: Option<Bbox>,
    /// Made when a tile asks for the first time: features of a style or of one picture may never need them.
    overviews: OnceLock<Overviews>,
    version: Version,
}

/// A hash of a collection's content and settings: equal on every replica that serves the same, and different otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub u128);

/// The rows of one page, and what lies beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Row numbers in order.
    pub rows: Vec<u32>,
    /// Number of features that the query selects on all pages.
    pub matched: usize,
    /// Number of selected features before the first row of the page.
    pub before: usize,
}

/// So many features lie in few pages of memory.
const SCATTERED: usize = 256;

/// From so many features on two threads index them.
const MANY: usize = 10_000;

impl Snapshot {
    /// Indexes a table, which is kept as neighbours on the map from now on. `version` is the hash of all that the table was made of.
    pub fn new(table: Table, version: Version) -> Self {
        let table = kept_by_place(table);
        let (index, (times, ids)) = thread::scope(|scope| {
            let rest = || (Times::new(&table), IdIndex::new(&table));
            // A thread costs as much as some thousand features.
            if table.len() < MANY {
                return (Index::new(&table), rest());
            }
            let resting = scope.spawn(rest);
            (Index::new(&table), resting.join().expect("times and ids are looked through without a panic"))
        });
        Self::of_parts(table, index, times, ids, OnceLock::new(), version)
    }

    fn of_parts(
        table: Table,
        index: Index,
        times: Times,
        ids: IdIndex,
        overviews: OnceLock<Overviews>,
        version: Version,
    ) -> Self {
        let rect = index.extent();
        let extent = (!rect.is_empty()).then(|| Bbox::around(&rect));
        Self(Arc::new(Inner { table, index, times, ids, extent, overviews, version }))
    }

    /// Puts all arrays under their names; schema and version are none.
    pub(super) fn pack(&self) -> Packing<'_> {
        let mut packing = Packing::default();
        self.0.table.pack(&mut packing);
        self.0.index.pack(&mut packing);
        self.0.times.pack(&mut packing);
        self.0.ids.pack(&mut packing);
        self.overviews().pack(&mut packing);
        packing
    }

    /// What was packed of a snapshot of this schema and version.
    pub(super) fn unpack(schema: Schema, version: Version, packed: &Packed) -> Result<Self, Misfit> {
        let table = Table::unpack(schema, packed)?;
        let index = Index::unpack(table.len(), packed)?;
        let times = Times::unpack(table.len(), packed)?;
        let ids = IdIndex::unpack(table.len(), packed)?;
        let overviews = Overviews::unpack(&table, packed)?;
        Ok(Self::of_parts(table, index, times, ids, overviews.into(), version))
    }

    /// What its features have in common.
    pub fn schema(&self) -> &Schema {
        self.0.table.schema()
    }

    /// The features by column.
    pub fn table(&self) -> &Table {
        &self.0.table
    }

    /// How much vertices and features matter; made when it is asked for the first time.
    pub fn overviews(&self) -> &Overviews {
        self.0.overviews.get_or_init(|| Overviews::new(&self.0.table))
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.0.table.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.table.is_empty()
    }

    /// The hash of its content.
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// The box around all features; `None` when none has a position.
    pub fn extent(&self) -> Option<Bbox> {
        self.0.extent
    }

    /// From the first to the last time of its features; `None` when none has one.
    pub fn time_extent(&self) -> Option<Interval> {
        self.0.times.extent()
    }

    /// The feature at a row number.
    ///
    /// # Panics
    /// On its first use, when there is no such row.
    pub fn row(&self, number: u32) -> Row<'_> {
        self.0.table.row(number)
    }

    /// The feature with an id, by the id's text.
    pub fn find(&self, id: &str) -> Option<Row<'_>> {
        self.0.ids.find(id, &self.0.table).map(|row| self.row(row))
    }

    /// Whether each id can be that of a feature in a vector tile.
    pub fn has_tile_ids(&self) -> bool {
        self.0.ids.are_tile_ids()
    }

    /// Rows whose rectangle meets the given one (degrees), ascending, each once: the candidates for a tile.
    pub fn within(&self, rect: &Rect) -> Vec<u32> {
        self.0.index.within(rect)
    }

    /// Whether the rectangle of any row meets the given one (degrees): without one, a tile there shows nothing.
    pub fn meets(&self, rect: &Rect) -> bool {
        self.0.index.meets(rect)
    }

    /// Rows that the query selects, in its order: ascending when it names none.
    pub fn rows(&self, query: &Query) -> Vec<u32> {
        let mut rows = match self.candidates(query) {
            Some(rows) => self.select(query, rows),
            None if query.filter.is_everything() => self.at_time(query, (0..self.len() as u32).collect()),
            None => self.at_time(query, ascending(query.filter.select_all(&self.0.table), self.len())),
        };
        self.sort(query, &mut rows);
        rows
    }

    /// About how many features and positions are looked at to answer a query; one with a filter may be as costly as all.
    pub fn effort(&self, query: &Query) -> usize {
        if query.is_everything() && query.sort.is_empty() {
            return 0;
        }
        let Some(bbox) = query.bbox.filter(|_| query.filter.is_everything()) else { return usize::MAX };
        let mut found = Candidates::default();
        bbox.parts().for_each(|part| self.0.index.candidates(&part, &mut found));
        let positions = |&row: &u32| self.row(row).geometry().coord_count();
        found.covered.len() + self.0.index.nowhere().len() + found.met.iter().map(positions).sum::<usize>()
    }

    /// Brings rows, which are ascending, into the order of a query.
    pub fn sort(&self, query: &Query, rows: &mut [u32]) {
        if !query.sort.is_empty() {
            self.order(query).sort(rows);
        }
    }

    /// Rows among which are all that the box and the places of the filter allow, ascending; `None` where these allow any.
    fn candidates(&self, query: &Query) -> Option<Vec<u32>> {
        let extent = self.0.extent.map(|extent| extent.parts().collect::<Vec<_>>()).unwrap_or_default();
        let is_narrow = |areas: &Vec<Rect>| !areas.iter().any(|area| extent.iter().all(|part| area.covers(part)));
        let areas = query.filter.areas().filter(is_narrow);
        let meets = |row: u32, bbox: &Bbox| {
            let geometry = self.row(row).geometry();
            geometry.coord_count() == 0 || bbox.parts().any(|part| geometry.intersects(&part))
        };
        Some(match (&areas, &query.bbox) {
            (None, None) => return None,
            // A filter by place selects no feature that has none.
            (Some(areas), bbox) => {
                let mut rows = ascending(areas.iter().flat_map(|area| self.within(area)).collect(), self.len());
                rows.retain(|&row| bbox.is_none_or(|bbox| meets(row, &bbox)));
                rows
            }
            (None, Some(bbox)) => {
                let mut found = Candidates::default();
                bbox.parts().for_each(|part| self.0.index.candidates(&part, &mut found));
                let Candidates { covered: mut rows, met } = found;
                rows.extend(met.into_iter().filter(|&row| meets(row, bbox)));
                rows.extend_from_slice(self.0.index.nowhere());
                ascending(rows, self.len())
            }
        })
    }

    /// Those of the rows that meet the query, its box aside, in their order: what a tile asks of its candidates.
    pub fn select(&self, query: &Query, rows: Vec<u32>) -> Vec<u32> {
        query.filter.select(&self.0.table, self.at_time(query, rows))
    }

    /// Those of the rows that are of a query's time.
    fn at_time(&self, query: &Query, mut rows: Vec<u32>) -> Vec<u32> {
        if let Some(asked) = &query.time {
            // A feature without time matches every time (OGC API Features, 7.15.4).
            rows.retain(|&row| self.0.times.of(row).is_none_or(|time| asked.intersects(&time)));
        }
        rows
    }

    /// Whether a feature meets the query, its box aside.
    pub fn is_selected(&self, row: u32, query: &Query) -> bool {
        let is_at = |asked: &TimeSet| self.0.times.of(row).is_none_or(|time| asked.intersects(&time));
        let at_time = query.time.as_ref().is_none_or(is_at);
        at_time && query.filter.matches(self.row(row))
    }

    /// The order that a query asks for.
    fn order(&self, query: &Query) -> Order<'_> {
        Order::new(&self.0.table, &query.sort)
    }

    /// One page of what the query selects.
    pub fn page(&self, query: &Query, page: &Page) -> Selection {
        if query.is_everything() && query.sort.is_empty() {
            let (first, last) = self.stretch(self.len(), page, |row, too| row as usize + usize::from(too));
            return Selection { rows: (first as u32..last as u32).collect(), matched: self.len(), before: first };
        }
        let rows = self.rows(query);
        let order = self.order(query);
        let (first, last) = self.stretch(rows.len(), page, |row, too| {
            rows.partition_point(|&other| match order.compare(other, row) {
                Ordering::Less => true,
                Ordering::Equal => too,
                Ordering::Greater => false,
            })
        });
        Selection { matched: rows.len(), before: first, rows: rows[first..last].to_vec() }
    }

    /// First and last position of a page among `count` selected rows; `position` counts the selected rows before a row,
    /// and the row too if it is told so.
    fn stretch(&self, count: usize, page: &Page, position: impl Fn(u32, bool) -> usize) -> (usize, usize) {
        let (first, limit) = match &page.start {
            Start::First => (0, page.limit),
            Start::Offset(offset) => (*offset, page.limit),
            Start::After(row, id) => (position(self.anchor(*row, id), true), page.limit),
            Start::Before(row, id) => {
                let end = position(self.anchor(*row, id), false);
                let first = end.saturating_sub(page.limit);
                (first, end - first)
            }
        };
        let first = first.min(count);
        (first, first.saturating_add(limit).min(count))
    }

    /// Where the feature of a paging token stands now: at its row, or where its id is now, or, when it is gone, where it
    /// stood.
    fn anchor(&self, row: u32, id: &str) -> u32 {
        let stands = |row: u32| (row as usize) < self.len() && self.row(row).id().text == id;
        if stands(row) {
            return row;
        }
        self.find(id).map_or(row, |found| found.number())
    }
}

/// Brings what lies together on the map together in memory, where there is enough of it that this is felt.
fn kept_by_place(table: Table) -> Table {
    if table.len() < SCATTERED {
        return table;
    }
    let mut order: Vec<(u64, u32)> =
        table.rows().map(|row| (overviews::along(row.geometry().rect().center()), row.number())).collect();
    if order.is_sorted() {
        return table;
    }
    order.sort_unstable();
    let order: Vec<u32> = order.into_iter().map(|(_, number)| number).collect();
    table.kept_in(&order)
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
