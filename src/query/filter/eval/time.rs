//! How instants and intervals stand to each other (OGC 21-065r2, 7.8).
//!
//! Instants of different resolution are compared at the coarser one: a moment is equal to the day that it lies in. So a day
//! at the end of an interval belongs to it as a whole, and a day may meet itself.

use std::cmp::Ordering;

use super::datum::Datum;
use crate::query::Interval;
use crate::query::filter::operator::Temporal;

impl Interval {
    /// The order of two instants; equal when one holds a moment of the other.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        if self.end < other.start {
            Ordering::Less
        } else if self.start > other.end {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }
}

/// Whether two instants or intervals stand so; `None` when one of them is neither.
pub(super) fn relate(relation: Temporal, a: &Datum<'_>, b: &Datum<'_>) -> Option<bool> {
    let ends = |datum: &Datum<'_>| match datum {
        Datum::Instant(instant) => Some((*instant, *instant)),
        Datum::Interval(start, end) => Some((*start, *end)),
        _ => None,
    };
    let ((a1, b1), (a2, b2)) = (ends(a)?, ends(b)?);
    let starts = a1.compare(&a2);
    let finishes = b1.compare(&b2);
    let disjoint = b1.compare(&a2).is_lt() || a1.compare(&b2).is_gt();
    Some(match relation {
        Temporal::After => a1.compare(&b2).is_gt(),
        Temporal::Before => b1.compare(&a2).is_lt(),
        Temporal::Contains => starts.is_lt() && finishes.is_gt(),
        Temporal::Disjoint => disjoint,
        Temporal::During => starts.is_gt() && finishes.is_lt(),
        Temporal::Equals => starts.is_eq() && finishes.is_eq(),
        Temporal::FinishedBy => starts.is_lt() && finishes.is_eq(),
        Temporal::Finishes => starts.is_gt() && finishes.is_eq(),
        Temporal::Intersects => !disjoint,
        Temporal::Meets => b1.compare(&a2).is_eq(),
        Temporal::MetBy => a1.compare(&b2).is_eq(),
        Temporal::OverlappedBy => starts.is_gt() && a1.compare(&b2).is_lt() && finishes.is_gt(),
        Temporal::Overlaps => starts.is_lt() && b1.compare(&a2).is_gt() && finishes.is_lt(),
        Temporal::StartedBy => starts.is_eq() && finishes.is_gt(),
        Temporal::Starts => starts.is_eq() && finishes.is_lt(),
    })
}
