//! Arrays, taken as sets.

use std::cmp::Ordering;

use super::datum::Datum;
use crate::query::Interval;
use crate::query::filter::operator::ArrayRelation;

/// Whether two arrays stand so; order and repetition do not matter.
pub(in crate::query::filter) fn relate(relation: ArrayRelation, a: &[Datum<'_>], b: &[Datum<'_>]) -> bool {
    let holds = |set: &[Datum<'_>], element: &Datum<'_>| set.iter().any(|own| same(own, element));
    let contains = |set: &[Datum<'_>], other: &[Datum<'_>]| other.iter().all(|element| holds(set, element));
    match relation {
        ArrayRelation::Equals => contains(a, b) && contains(b, a),
        ArrayRelation::Contains => contains(a, b),
        ArrayRelation::ContainedBy => contains(b, a),
        ArrayRelation::Overlaps => b.iter().any(|element| holds(a, element)),
    }
}

fn same(a: &Datum<'_>, b: &Datum<'_>) -> bool {
    match (a, b) {
        (Datum::Array(a), Datum::Array(b)) => relate(ArrayRelation::Equals, a, b),
        (Datum::Null, Datum::Null) => true,
        (Datum::Interval(a, b), Datum::Interval(c, d)) => a == c && b == d,
        // Elements of a property are texts even where they are dates.
        (Datum::Text(text), Datum::Instant(instant)) | (Datum::Instant(instant), Datum::Text(text)) => {
            Interval::stored(text).is_some_and(|own| own == *instant)
        }
        _ => a.compare(b) == Some(Ordering::Equal),
    }
}
