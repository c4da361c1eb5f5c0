//! Counts and sums over groups of features.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::feature::FieldType;
use crate::feature::Scalar;
use crate::feature::Table;
use crate::feature::Value;
use crate::feature::Values;

/// What is said of the features of a group. Positions are those of fields in the schema; nulls are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many there are.
    Count,
    /// The smallest value.
    Min(usize),
    /// The largest value.
    Max(usize),
    /// The mean of the numbers.
    Mean(usize),
    /// The sum of the numbers.
    Sum(usize),
}

/// Features with the same values of the fields that they are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// These values, in the order of the fields.
    pub keys: Vec<Scalar>,
    /// What is said of the group, in the order of the measures; null where no feature has a value.
    pub values: Vec<Scalar>,
}

/// There are more groups than asked for at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyGroups;

/// Groups rows by the values of fields; without any, all rows are one group. Ordered by the values, nulls last.
pub fn aggregate(
    table: &Table,
    rows: impl Iterator<Item = u32>,
    by: &[usize],
    measures: &[Measure],
    limit: usize,
) -> Result<Vec<Group>, TooManyGroups> {
    let columns: Vec<Values<'_>> = by.iter().map(|&field| table.column(field)).collect();
    let mut numbers: HashMap<Vec<Key>, usize> = HashMap::new();
    let mut groups: Vec<(u32, Vec<Tally<'_>>)> = Vec::new();
    let fresh = || measures.iter().map(|_| Tally::default()).collect::<Vec<_>>();
    let mut key = Vec::with_capacity(by.len());
    for row in rows {
        key.clear();
        key.extend(columns.iter().map(|column| Key::of(column, row)));
        let number = match numbers.get(&key) {
            Some(&number) => number,
            None if groups.len() == limit => return Err(TooManyGroups),
            None => {
                numbers.insert(key.clone(), groups.len());
                groups.push((row, fresh()));
                groups.len() - 1
            }
        };
        for (tally, measure) in groups[number].1.iter_mut().zip(measures) {
            tally.add(*measure, table, row);
        }
    }
    if by.is_empty() && groups.is_empty() {
        let values = fresh().iter().zip(measures).map(|(tally, measure)| tally.finish(*measure)).collect();
        return Ok(vec![Group { keys: Vec::new(), values }]);
    }
    groups.sort_by(|(a, _), (b, _)| {
        let orders = columns.iter().map(|column| order(column.value(*a), column.value(*b)));
        orders.fold(Ordering::Equal, Ordering::then)
    });
    let finish = |(row, tallies): (u32, Vec<Tally<'_>>)| Group {
        keys: columns.iter().map(|column| column.value(row).to_scalar()).collect(),
        values: tallies.iter().zip(measures).map(|(tally, measure)| tally.finish(*measure)).collect(),
    };
    Ok(groups.into_iter().map(finish).collect())
}

/// A value as what groups are told apart by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Null,
    Code(u32),
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(Box<str>),
}

impl Key {
    fn of(column: &Values<'_>, row: u32) -> Self {
        // Of values of several kinds some are the same and have two codes.
        if column.kind() == FieldType::String
            && let Some(code) = column.code(row)
        {
            return Self::Code(code);
        }
        match column.value(row) {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(truth),
            Value::Int(number) => Self::Int(number),
            // Zero is one number, whatever its sign.
            Value::Float(number) => Self::Float((number + 0.0).to_bits()),
            Value::Text(text) | Value::Json(text) => Self::Text(text.into()),
        }
    }
}

/// The order of two values: nulls last, and what cannot be compared in the order in which it came.
fn order(a: Value<'_>, b: Value<'_>) -> Ordering {
    a.is_null().cmp(&b.is_null()).then_with(|| a.compare(&b).unwrap_or(Ordering::Equal))
}

/// What was seen of a group so far.
#[derive(Clone, Copy, Debug, Default)]
struct Tally<'a> {
    count: u64,
    extreme: Option<Value<'a>>,
    whole: i128,
    /// The sum of numbers with a fraction, and what its rounding lost (Neumaier).
    sum: f64,
    lost: f64,
    has_fraction: bool,
}

impl<'a> Tally<'a> {
    fn add(&mut self, measure: Measure, table: &'a Table, row: u32) {
        let value = |field: usize| table.column(field).value(row);
        match measure {
            Measure::Count => self.count += 1,
            Measure::Min(field) => self.keep(value(field), Ordering::Less),
            Measure::Max(field) => self.keep(value(field), Ordering::Greater),
            Measure::Mean(field) | Measure::Sum(field) => match value(field) {
                Value::Int(number) => {
                    self.count += 1;
                    self.whole += i128::from(number);
                }
                Value::Float(number) => {
                    self.count += 1;
                    self.has_fraction = true;
                    let sum = self.sum + number;
                    self.lost +=
                        if self.sum.abs() >= number.abs() { self.sum - sum + number } else { number - sum + self.sum };
                    self.sum = sum;
                }
                _ => {}
            },
        }
    }

    fn keep(&mut self, value: Value<'a>, wanted: Ordering) {
        if value.is_null() {
            return;
        }
        let is_better = |extreme: &Value<'_>| value.compare(extreme) == Some(wanted);
        if self.extreme.as_ref().is_none_or(is_better) {
            self.extreme = Some(value);
        }
    }

    fn finish(&self, measure: Measure) -> Scalar {
        match measure {
            Measure::Count => Scalar::Int(self.count as i64),
            Measure::Min(_) | Measure::Max(_) => self.extreme.map_or(Scalar::Null, |value| value.to_scalar()),
            _ if self.count == 0 => Scalar::Null,
            Measure::Sum(_) => match i64::try_from(self.whole) {
                Ok(whole) if !self.has_fraction => Scalar::Int(whole),
                _ => Self::finite(self.total()),
            },
            Measure::Mean(_) => Self::finite(self.total() / self.count as f64),
        }
    }

    fn total(&self) -> f64 {
        self.whole as f64 + self.sum + self.lost
    }

    /// A sum that is too large for any number is none.
    fn finite(number: f64) -> Scalar {
        if number.is_finite() { Scalar::Float(number) } else { Scalar::Null }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::GeometryKind;
    use crate::feature::Id;
    use crate::feature::TableBuilder;

    fn table() -> Table {
        let mut builder = TableBuilder::default();
        let rows = [("a", 1, 0.1), ("b", 5, 0.2), ("a", 3, 0.3), ("", 7, 1e16)];
        for (at, (kind, number, fraction)) in rows.into_iter().enumerate() {
            let kind = if kind.is_empty() { Value::Null } else { Value::Text(kind) };
            let values = [("kind", kind), ("n", Value::Int(number)), ("x", Value::Float(fraction))];
            builder.push(Id { text: &at.to_string(), number: true }, GeometryKind::Null, "null", values);
        }
        builder.finish(|_| {})
    }

    #[test]
    fn groups_are_counted_and_summed_in_the_order_of_their_values() {
        let table = table();
        let measures = [Measure::Count, Measure::Min(1), Measure::Max(1), Measure::Mean(1), Measure::Sum(1)];
        let groups = aggregate(&table, 0..4, &[0], &measures, 3).unwrap();
        let text = |group: &Group| format!("{:?} {:?}", group.keys, group.values);
        assert_eq!(text(&groups[0]), "[Text(\"a\")] [Int(2), Int(1), Int(3), Float(2.0), Int(4)]");
        assert_eq!(text(&groups[1]), "[Text(\"b\")] [Int(1), Int(5), Int(5), Float(5.0), Int(5)]");
        assert_eq!(text(&groups[2]), "[Null] [Int(1), Int(7), Int(7), Float(7.0), Int(7)]");
        assert_eq!(aggregate(&table, 0..4, &[0], &measures, 2), Err(TooManyGroups));
    }

    #[test]
    fn without_a_field_all_are_one_group_even_none() {
        let measures = [Measure::Count, Measure::Sum(2), Measure::Min(0)];
        let groups = aggregate(&table(), 0..3, &[], &measures, 1).unwrap();
        assert_eq!(groups[0].values, [Scalar::Int(3), Scalar::Float(0.6), Scalar::Text("a".into())]);
        let none = aggregate(&table(), 0..0, &[], &measures, 1).unwrap();
        assert_eq!(none[0].values, [Scalar::Int(0), Scalar::Null, Scalar::Null]);
    }
}
