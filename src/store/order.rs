//! The order of rows that a query asks for.

use std::cmp::Ordering;

use crate::feature::FieldType;
use crate::feature::Table;
use crate::feature::Value;
use crate::feature::Values;
use crate::query::Interval;
use crate::query::SortKey;

/// Compares rows by properties, then by their place in the file.
pub(super) struct Order<'a>(Vec<Key<'a>>);

struct Key<'a> {
    column: Values<'a>,
    is_time: bool,
    descending: bool,
    /// The place of each distinct value in the order; empty where values are compared as they are.
    ranks: Vec<u32>,
}

/// Columns with more distinct values are not ranked, because that takes longer than to compare the rows asked for.
const RANKED: usize = 1 << 14;

impl<'a> Order<'a> {
    pub(super) fn new(table: &'a Table, keys: &[SortKey]) -> Self {
        let key = |key: &SortKey| {
            let kind = table.schema().fields[key.field].kind;
            let is_time = matches!(kind, FieldType::Date | FieldType::Timestamp);
            let column = table.column(key.field);
            Key { column, is_time, descending: key.descending, ranks: ranks(&column, is_time) }
        };
        Self(keys.iter().map(key).collect())
    }

    /// Brings rows, which are ascending, into the order.
    pub(super) fn sort(&self, rows: &mut [u32]) {
        if !self.0.is_empty() {
            rows.sort_unstable_by(|&a, &b| self.compare(a, b));
        }
    }

    /// The order of two rows; one that is not there any more comes last.
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        let by_keys = self.0.iter().map(|key| key.compare(a, b)).find(|order| order.is_ne());
        by_keys.unwrap_or_else(|| a.cmp(&b))
    }
}

impl Key<'_> {
    fn compare(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (self.value(a), self.value(b));
        let (order, descending) = match (a.is_null(), b.is_null()) {
            // Nulls are last in both directions.
            (true, _) | (_, true) => (a.is_null().cmp(&b.is_null()), false),
            _ => (compare(a, b, self.is_time && self.ranks.is_empty()), self.descending),
        };
        if descending { order.reverse() } else { order }
    }

    /// The value of a row, or its rank.
    fn value(&self, row: u32) -> Value<'_> {
        if row as usize >= self.column.len() {
            return Value::Null;
        }
        if self.ranks.is_empty() {
            return self.column.value(row);
        }
        let rank = self.column.code(row).and_then(|code| self.ranks.get(code as usize));
        rank.map_or(Value::Null, |&rank| Value::Int(i64::from(rank)))
    }
}

/// The order of two values: dates by when they begin.
fn compare(a: Value<'_>, b: Value<'_>, is_time: bool) -> Ordering {
    let text = |value: Value<'_>| match value {
        Value::Text(text) => text.to_owned(),
        Value::Int(year) => format!("{year:04}"),
        _ => String::new(),
    };
    if is_time {
        let begin = |value| Interval::stored(&text(value)).and_then(|instant| instant.first_moment());
        // What is no date comes after all dates.
        let key = |value| (begin(value).is_none(), begin(value));
        return key(a).cmp(&key(b)).then_with(|| text(a).cmp(&text(b)));
    }
    a.compare(&b).unwrap_or(Ordering::Equal)
}

/// The rank of each value of a column of few distinct ones.
fn ranks(column: &Values<'_>, is_time: bool) -> Vec<u32> {
    let Some(count) = column.distinct().filter(|count| *count <= RANKED) else { return Vec::new() };
    let mut codes: Vec<u32> = (0..count as u32).collect();
    let order = |a: &u32, b: &u32| compare(column.coded(*a), column.coded(*b), is_time);
    codes.sort_by(order);
    let mut ranks = vec![0; count];
    let mut rank = 0;
    for (at, &code) in codes.iter().enumerate() {
        // Values that compare equal share a rank, so that the next key decides.
        if at > 0 && order(&codes[at - 1], &code).is_ne() {
            rank += 1;
        }
        ranks[code as usize] = rank;
    }
    ranks
}
