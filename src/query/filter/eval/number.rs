//! Arithmetic: exact with integers as long as the result is one of 64 bits, else with floats.

use super::datum::Datum;
use crate::query::filter::operator::Arithmetic;

/// The result; null when an operand is no number or the result is none, as of a division by zero.
pub(super) fn compute(arithmetic: Arithmetic, a: &Datum<'_>, b: &Datum<'_>) -> Datum<'static> {
    if let (Datum::Int(a), Datum::Int(b)) = (a, b)
        && let Some(whole) = whole(arithmetic, *a, *b)
    {
        return Datum::Int(whole);
    }
    let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) else { return Datum::Null };
    if b == 0.0 && matches!(arithmetic, Arithmetic::Divide | Arithmetic::Modulo | Arithmetic::IntegerDivide) {
        return Datum::Null;
    }
    Datum::float(match arithmetic {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Modulo => a % b,
        Arithmetic::IntegerDivide => (a / b).trunc(),
        Arithmetic::Power => a.powf(b),
    })
}

fn whole(arithmetic: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match arithmetic {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => None,
        Arithmetic::Modulo => a.checked_rem(b),
        Arithmetic::IntegerDivide => a.checked_div(b),
        Arithmetic::Power => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
    }
}
