//! Conditions in the form in which they run over many features.
//!
//! Negations were pushed down to the tests when the condition was made (De Morgan's laws hold for three values too), so each
//! step asks only which features it is sure of, and passes these on: unknown is the same as no.

use std::sync::Arc;

use super::datum::Datum;
use super::prepared::Prepared;
use super::term::Dependence;
use super::term::Scope;
use super::term::Term;
use crate::feature::Row;
use crate::feature::Rows;
use crate::feature::Value;
use crate::feature::Values;
use crate::query::filter::operator::Spatial;
use crate::space::Rect;

/// What features must meet.
pub(in crate::query::filter) enum Condition {
    /// All of them do, or none.
    Always(bool),
    /// All of these, cheap ones first.
    All(Vec<Condition>),
    /// At least one of these, cheap ones first.
    Any(Vec<Condition>),
    /// This.
    Test(Test),
}

/// A term that must be surely true, or surely false.
pub(in crate::query::filter) struct Test {
    pub(in crate::query::filter) term: Term,
    pub(in crate::query::filter) wanted: bool,
    pub(in crate::query::filter) dependence: Dependence,
    /// The same test of a field with numbers.
    pub(in crate::query::filter) range: Option<Range>,
}

/// A number in or out of a closed range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::query::filter) struct Range {
    pub(in crate::query::filter) field: usize,
    pub(in crate::query::filter) whole: (i64, i64),
    pub(in crate::query::filter) real: (f64, f64),
    /// Whether it must lie in the range; else it must lie outside. A null does neither.
    pub(in crate::query::filter) inside: bool,
}

impl Condition {
    /// Whether a feature meets it.
    pub(in crate::query::filter) fn matches(&self, row: Row<'_>) -> bool {
        match self {
            Self::Always(truth) => *truth,
            Self::All(parts) => parts.iter().all(|part| part.matches(row)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(row)),
            Self::Test(test) => test.holds(&Scope::new(row)),
        }
    }

    /// Those of some features that meet it, by their numbers and in their order.
    pub(in crate::query::filter) fn select(&self, all: Rows<'_>, mut rows: Vec<u32>) -> Vec<u32> {
        match self {
            Self::Always(true) => rows,
            Self::Always(false) => Vec::new(),
            Self::All(parts) => {
                for part in parts {
                    if rows.is_empty() {
                        break;
                    }
                    rows = part.select(all, rows);
                }
                rows
            }
            Self::Any(parts) => {
                let mut rest = rows.clone();
                for part in parts {
                    if rest.is_empty() {
                        return rows;
                    }
                    let found = part.select(all, rest.clone());
                    rest = without(rest, &found);
                }
                without(rows, &rest)
            }
            Self::Test(test) => test.select(all, rows),
        }
    }

    /// Rectangles one of which each matching feature meets; `None` when that says nothing.
    pub(in crate::query::filter) fn areas(&self) -> Option<Vec<Rect>> {
        match self {
            Self::Always(true) => None,
            Self::Always(false) => Some(Vec::new()),
            Self::All(parts) => {
                let size = |areas: &Vec<Rect>| areas.iter().map(|area| area.width() * area.height()).sum::<f64>();
                parts.iter().filter_map(Self::areas).min_by(|a, b| size(a).total_cmp(&size(b)))
            }
            Self::Any(parts) => parts.iter().map(Self::areas).collect::<Option<Vec<_>>>().map(|areas| areas.concat()),
            Self::Test(test) => test.area(),
        }
    }

    /// About how long it takes for a feature, to bring parts in order.
    pub(in crate::query::filter) fn cost(&self) -> u32 {
        match self {
            Self::Always(_) => 0,
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::cost).sum(),
            Self::Test(test) => match (&test.term, &test.range, test.dependence) {
                (_, Some(_), _) => 1,
                (_, _, Dependence::Field(_)) => 2,
                (Term::Relation(..), ..) => 20,
                _ => 10,
            },
        }
    }
}

/// `rows` without those of `found`, which are some of them in the same order.
fn without(mut rows: Vec<u32>, found: &[u32]) -> Vec<u32> {
    let mut next = found.iter().copied().peekable();
    rows.retain(|&row| next.next_if_eq(&row).is_none());
    rows
}

impl Test {
    fn holds(&self, scope: &Scope<'_>) -> bool {
        self.term.value(scope).as_truth() == Some(self.wanted)
    }

    fn select(&self, all: Rows<'_>, mut rows: Vec<u32>) -> Vec<u32> {
        if let Some(range) = &self.range
            && range.retain(&all.column(range.field), &mut rows)
        {
            return rows;
        }
        if let Dependence::Field(field) = self.dependence
            && self.retain_by_value(all, field, &mut rows)
        {
            return rows;
        }
        rows.retain(|&row| self.holds(&Scope::new(all.row(row))));
        rows
    }

    /// Asks once for each value that the field has, not for each feature; false when that would be more.
    fn retain_by_value(&self, all: Rows<'_>, field: usize, rows: &mut Vec<u32>) -> bool {
        let column = all.column(field);
        let Some(count) = column.distinct() else { return false };
        let Some(&first) = rows.first() else { return true };
        if rows.len() < count {
            return false;
        }
        let holds = |value: Value<'_>| self.holds(&Scope { row: all.row(first), fixed: Some((field, value)) });
        let mut truths: Vec<bool> = (0..count as u32).map(|code| holds(column.coded(code))).collect();
        // Null has a code beyond all others.
        truths.push(holds(Value::Null));
        rows.retain(|&row| truths[column.code(row).map_or(count, |code| code as usize)]);
        true
    }

    /// The rectangle that matching features meet.
    fn area(&self) -> Option<Vec<Rect>> {
        let Term::Relation(relation, operand, prepared) = &self.term else { return None };
        if !matches!(**operand, Term::Geometry) || (*relation == Spatial::Disjoint) == self.wanted {
            return None;
        }
        Some(areas_of(prepared))
    }
}

/// The rectangles around the parts of a geometry, so that one over the antimeridian is not one around the world.
fn areas_of(prepared: &Arc<Prepared>) -> Vec<Rect> {
    use geo::BoundingRect;
    const MOST: usize = 16;
    match &**prepared.shape() {
        geo::Geometry::MultiPolygon(polygons) if polygons.0.len() <= MOST => {
            let rects = polygons.iter().filter_map(BoundingRect::bounding_rect);
            rects.map(|rect| Rect::new(rect.min().x, rect.min().y, rect.max().x, rect.max().y)).collect()
        }
        _ => vec![prepared.rect()],
    }
}

impl Range {
    /// Keeps the rows whose number lies so; false when the field is not of numbers.
    fn retain(&self, values: &Values<'_>, rows: &mut Vec<u32>) -> bool {
        let ((low, high), (least, most)) = (self.whole, self.real);
        let lies = |is_within: bool| is_within == self.inside;
        values.retain(rows, |n| lies(low <= n && n <= high), |n| lies(least <= n && n <= most))
    }
}

impl Test {
    /// Its term's value when it follows from nothing.
    pub(in crate::query::filter) fn constant(&self) -> Option<bool> {
        match &self.term {
            Term::Constant(datum) => Some(matches!(datum, Datum::Bool(truth) if *truth == self.wanted)),
            _ => None,
        }
    }
}
