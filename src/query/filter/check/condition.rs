//! Expressions to conditions that run over many features.

use super::term::Checker;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::Kind;
use crate::query::filter::eval::Condition;
use crate::query::filter::eval::Datum;
use crate::query::filter::eval::Range;
use crate::query::filter::eval::Reading;
use crate::query::filter::eval::Term;
use crate::query::filter::eval::Test;
use crate::query::filter::operator::Comparison;
use crate::query::filter::operator::Operator;
use crate::query::filter::place::InvalidFilter;

/// The condition that an expression is surely true, or when `wanted` is false, surely false.
pub(in crate::query::filter) fn condition(
    checker: &Checker<'_>,
    expression: &Expression,
    wanted: bool,
) -> Result<Condition, InvalidFilter> {
    checker.demand_condition(expression)?;
    if let Kind::Operation(operator, operands) = &expression.kind {
        match (operator, &operands[..]) {
            (Operator::Not, [negated]) => return condition(checker, negated, !wanted),
            (Operator::And | Operator::Or, parts) => {
                let parts: Result<Vec<_>, _> = parts.iter().map(|part| condition(checker, part, wanted)).collect();
                return Ok(joined(parts?, (*operator == Operator::And) == wanted));
            }
            _ => {}
        }
    }
    let (term, _) = checker.term(expression)?;
    let test = Test { dependence: term.dependence(), range: range(&term, wanted), term, wanted };
    Ok(match test.constant() {
        Some(truth) => Condition::Always(truth),
        None => Condition::Test(test),
    })
}

/// All or any of the parts, cheap ones first.
fn joined(mut parts: Vec<Condition>, all: bool) -> Condition {
    let is_decided = |part: &Condition| matches!(part, Condition::Always(truth) if *truth != all);
    if parts.iter().any(is_decided) {
        return Condition::Always(!all);
    }
    parts.retain(|part| !matches!(part, Condition::Always(_)));
    parts.sort_by_key(Condition::cost);
    match parts.len() {
        0 => Condition::Always(all),
        1 => parts.remove(0),
        _ if all => Condition::All(parts),
        _ => Condition::Any(parts),
    }
}

/// The range of numbers that a comparison of a field with a constant means.
fn range(term: &Term, wanted: bool) -> Option<Range> {
    let Term::Operation(operator, operands) = term else { return None };
    // Beyond, conversions between integers and floats would saturate.
    const FAR: f64 = 4_611_686_018_427_387_904.0;
    let number = |term: &Term| match term {
        Term::Constant(datum) if datum.as_f64().is_some_and(|own| own.abs() < FAR) => Some(datum.clone()),
        _ => None,
    };
    let (field, low, high, inside) = match (operator, &operands[..]) {
        (Operator::Compare(comparison), [Term::Field(field, Reading::Plain), constant]) => {
            let (low, high, inside) = ends(*comparison, &number(constant)?);
            (*field, low, high, inside)
        }
        (Operator::Compare(comparison), [constant, Term::Field(field, Reading::Plain)]) => {
            let (low, high, inside) = ends(comparison.reversed(), &number(constant)?);
            (*field, low, high, inside)
        }
        (Operator::Between, [Term::Field(field, Reading::Plain), low, high]) => {
            let (low, _, _) = ends(Comparison::GreaterEqual, &number(low)?);
            let (_, high, _) = ends(Comparison::LessEqual, &number(high)?);
            (*field, low, high, true)
        }
        _ => return None,
    };
    Some(Range { field, whole: (low.0, high.0), real: (low.1, high.1), inside: inside == wanted })
}

/// Lowest and highest integer and float that compare so with a number, and whether these or all others do.
fn ends(comparison: Comparison, number: &Datum<'_>) -> ((i64, f64), (i64, f64), bool) {
    let lowest = (i64::MIN, f64::NEG_INFINITY);
    let highest = (i64::MAX, f64::INFINITY);
    // The nearest integers and floats on both sides; the number itself where it is one.
    let (down, up) = if let Datum::Int(own) = *number {
        ((own, float_below(own)), (own, float_above(own)))
    } else {
        let own = number.as_f64().unwrap_or_default();
        ((own.floor() as i64, own), (own.ceil() as i64, own))
    };
    let is_integer = matches!(number, Datum::Int(_)) || down.0 == up.0;
    let is_float = down.1 == up.1;
    let before = (if is_integer { down.0 - 1 } else { down.0 }, if is_float { down.1.next_down() } else { down.1 });
    let after = (if is_integer { up.0 + 1 } else { up.0 }, if is_float { up.1.next_up() } else { up.1 });
    match comparison {
        Comparison::Equal | Comparison::NotEqual => (up, down, comparison == Comparison::Equal),
        Comparison::Less => (lowest, before, true),
        Comparison::LessEqual => (lowest, down, true),
        Comparison::Greater => (after, highest, true),
        Comparison::GreaterEqual => (up, highest, true),
    }
}

/// The largest float that is not greater.
fn float_below(whole: i64) -> f64 {
    let near = whole as f64;
    if i128::from(whole) < near as i128 { near.next_down() } else { near }
}

/// The smallest float that is not smaller.
fn float_above(whole: i64) -> f64 {
    let near = whole as f64;
    if i128::from(whole) > near as i128 { near.next_up() } else { near }
}
