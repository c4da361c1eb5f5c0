//! When features are.

use crate::feature::Buffer;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::Table;
use crate::feature::Value;
use crate::query::Interval;

/// The time of each feature of a table whose schema names the fields that tell it.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// By row, as [`Interval::bounds`]; [`NEVER`] where there is none, and empty when the schema names no time.
    bounds: Buffer<[i128; 2]>,
    /// From the first to the last; empty when there is none.
    extent: Buffer<[i128; 2]>,
}

/// No interval ends before it starts.
const NEVER: [i128; 2] = [i128::MAX, i128::MIN];

impl Times {
    pub(super) fn new(table: &Table) -> Self {
        let Some(time) = table.schema().time else { return Self::default() };
        let times = table.rows().map(|row| {
            let at = |field: usize| match row.value(field) {
                Value::Text(text) => Interval::stored(text),
                // A year that was written as a number.
                Value::Int(year) => Interval::stored(&format!("{year:04}")),
                _ => None,
            };
            match (at(time.start), time.end) {
                (None, None) => None,
                (start, None) => start,
                (start, Some(end)) => {
                    let end = at(end);
                    (start.is_some() || end.is_some()).then(|| Interval::from_to(start, end))
                }
            }
        });
        let bounds: Buffer<[i128; 2]> = times.map(|time| time.map_or(NEVER, |time| time.bounds())).collect();
        let all = bounds.iter().filter(|&&bounds| bounds != NEVER).copied().map(Interval::of_bounds);
        let extent = all.reduce(|a, b| a.union(&b)).map(|extent| extent.bounds());
        Self { bounds, extent: extent.into_iter().collect() }
    }

    /// When the feature of a row is.
    pub(super) fn of(&self, row: u32) -> Option<Interval> {
        self.bounds.get(row as usize).filter(|&&bounds| bounds != NEVER).copied().map(Interval::of_bounds)
    }

    /// From the first to the last time; `None` when no feature has one.
    pub(super) fn extent(&self) -> Option<Interval> {
        self.extent.first().copied().map(Interval::of_bounds)
    }

    /// Puts its arrays under their names.
    pub(super) fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("times", &self.bounds);
        packing.put("times.extent", &self.extent);
    }

    /// The times of so many rows that were packed.
    pub(super) fn unpack(rows: usize, packed: &Packed) -> Result<Self, Misfit> {
        let times = Self { bounds: packed.buffer("times")?, extent: packed.buffer("times.extent")? };
        if times.bounds.is_empty() || times.bounds.len() == rows { Ok(times) } else { Err(Misfit("times".to_owned())) }
    }
}
