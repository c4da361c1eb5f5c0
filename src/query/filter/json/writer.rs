//! An expression to JSON.

use serde_json::Value;
use serde_json::json;

use super::shape;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;

/// Writes CQL2 JSON.
pub(in crate::query::filter) fn write(expression: &Expression) -> Value {
    match &expression.kind {
        Kind::Operation(operator, operands) => operation(operator.name(), operands),
        Kind::Function(name, arguments) => operation(name, arguments),
        Kind::Property(name) => json!({ "property": name }),
        Kind::Array(elements) => elements.iter().map(write).collect(),
        Kind::Interval(ends) => json!({ "interval": ends.iter().map(end).collect::<Value>() }),
        Kind::Literal(value) => literal(value),
    }
}

fn operation(name: &str, operands: &[Expression]) -> Value {
    json!({ "op": name, "args": operands.iter().map(write).collect::<Value>() })
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Bool(truth) => json!(truth),
        Literal::Integer(whole) => json!(whole),
        Literal::Number(number) => json!(number),
        Literal::Text(text) => json!(text),
        Literal::Date(date) => json!({ "date": date.to_string() }),
        Literal::Timestamp(moment) => json!({ "timestamp": moment.to_string() }),
        Literal::Open => json!(".."),
        Literal::Shape(own) => shape::write(own),
        Literal::Bbox(numbers) => json!({ "bbox": numbers }),
    }
}

/// One end of an interval, where instants are bare strings.
fn end(end: &Expression) -> Value {
    match &end.kind {
        Kind::Literal(Literal::Date(date)) => json!(date.to_string()),
        Kind::Literal(Literal::Timestamp(moment)) => json!(moment.to_string()),
        _ => write(end),
    }
}
