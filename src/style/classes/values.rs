//! Values as a legend compares and writes them.

use crate::feature::Value;

/// Whether two values are one, whatever kinds of numbers they are.
pub(super) fn is_same(one: Value<'_>, other: Value<'_>) -> bool {
    one.compare(&other).is_some_and(std::cmp::Ordering::is_eq) || one == other
}

/// A value as a label.
pub(super) fn written(value: Value<'_>) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => number_text(n as f64),
        Value::Float(n) => number_text(n),
        Value::Text(text) | Value::Json(text) => text.to_owned(),
    }
}

/// A number with narrow spaces between thousands (ISO 80000-1, 7.3.1).
pub(super) fn number_text(number: f64) -> String {
    let text = format!("{}", (number * 1e6).round() / 1e6);
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && digits.len() > 4 && (digits.len() - position).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}
