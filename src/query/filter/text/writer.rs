//! An expression to its canonical text.

use std::fmt;
use std::fmt::Write as _;

use super::lexer::continues_name;
use super::lexer::starts_name;
use super::reader::RESERVED;
use super::wkt::WORDS;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::operator::Operator;
use crate::query::filter::shape::Position;
use crate::query::filter::shape::Shape;

/// Writes CQL2 Text: equal expressions give equal texts, and different ones different texts.
pub(in crate::query::filter) fn write(expression: &Expression) -> String {
    let mut text = String::new();
    expression_into(&mut text, expression).expect("a string takes all that is written to it");
    text
}

fn expression_into(out: &mut String, expression: &Expression) -> fmt::Result {
    match &expression.kind {
        Kind::Operation(operator, operands) => operation(out, *operator, operands),
        Kind::Function(name, arguments) => {
            function_name(out, name)?;
            list(out, arguments, false)
        }
        Kind::Property(name) => property_name(out, name),
        Kind::Array(elements) => list(out, elements, true),
        Kind::Interval(ends) => {
            out.push_str("INTERVAL(");
            end(out, &ends[0])?;
            out.push(',');
            end(out, &ends[1])?;
            out.push(')');
            Ok(())
        }
        Kind::Literal(value) => literal(out, value),
    }
}

fn operation(out: &mut String, operator: Operator, operands: &[Expression]) -> fmt::Result {
    match (operator, operands) {
        (Operator::And | Operator::Or, _) => {
            for (number, operand) in operands.iter().enumerate() {
                if number > 0 {
                    out.push_str(if operator == Operator::And { " AND " } else { " OR " });
                }
                // A negation binds closer than AND.
                wrapped(out, operand, matches!(operand.kind, Kind::Operation(Operator::And | Operator::Or, _)))?;
            }
            Ok(())
        }
        (Operator::Not, [negated]) => {
            if let Kind::Operation(
                inner @ (Operator::Like | Operator::Between | Operator::In | Operator::IsNull),
                operands,
            ) = &negated.kind
            {
                postfix(out, *inner, operands, "NOT ")
            } else {
                out.push_str("NOT ");
                wrapped(out, negated, matches!(negated.kind, Kind::Operation(..)) && !is_atom(negated))
            }
        }
        (Operator::Like | Operator::Between | Operator::In | Operator::IsNull, _) => {
            postfix(out, operator, operands, "")
        }
        (operator, [left, right]) if !operator.is_call() => {
            operand_into(out, left)?;
            write!(out, " {} ", operator.name())?;
            operand_into(out, right)
        }
        _ => {
            out.push_str(&operator.name().to_ascii_uppercase());
            out.push('(');
            for (number, operand) in operands.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                match &operand.kind {
                    // Operands of array operators are known to be arrays, even those of one element.
                    Kind::Array(elements) if matches!(operator, Operator::Array(_)) => list(out, elements, false)?,
                    _ => expression_into(out, operand)?,
                }
            }
            out.push(')');
            Ok(())
        }
    }
}

/// The predicates that have words after their first operand.
fn postfix(out: &mut String, operator: Operator, operands: &[Expression], not: &str) -> fmt::Result {
    let Some((first, rest)) = operands.split_first() else { return Ok(()) };
    operand_into(out, first)?;
    match (operator, rest) {
        (Operator::Like, [pattern]) => {
            write!(out, " {not}LIKE ")?;
            operand_into(out, pattern)
        }
        (Operator::Between, [low, high]) => {
            write!(out, " {not}BETWEEN ")?;
            operand_into(out, low)?;
            out.push_str(" AND ");
            operand_into(out, high)
        }
        (Operator::In, [Expression { kind: Kind::Array(elements), .. }]) => {
            write!(out, " {not}IN ")?;
            list(out, elements, false)
        }
        _ => write!(out, " IS {not}NULL"),
    }
}

fn operand_into(out: &mut String, operand: &Expression) -> fmt::Result {
    wrapped(out, operand, !is_atom(operand))
}

/// Whether it can stand as an operand without parentheses.
fn is_atom(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Operation(operator, _) => operator.is_call(),
        _ => true,
    }
}

fn wrapped(out: &mut String, expression: &Expression, wrap: bool) -> fmt::Result {
    if wrap {
        out.push('(');
    }
    expression_into(out, expression)?;
    if wrap {
        out.push(')');
    }
    Ok(())
}

/// `(a,b)`; a list that could be taken for a parenthesis has a comma before its end.
fn list(out: &mut String, elements: &[Expression], ambiguous: bool) -> fmt::Result {
    out.push('(');
    for (number, element) in elements.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        expression_into(out, element)?;
    }
    if ambiguous && elements.len() == 1 {
        out.push(',');
    }
    out.push(')');
    Ok(())
}

fn property_name(out: &mut String, name: &str) -> fmt::Result {
    let is_reserved = RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved));
    // A geometry's word is a name as long as no parenthesis follows, which none may in every context.
    let is_geometry = WORDS.iter().any(|word| name.eq_ignore_ascii_case(word));
    plain_name(out, name, is_reserved || is_geometry)
}

fn function_name(out: &mut String, name: &str) -> fmt::Result {
    let is_known = |known: &str| name.eq_ignore_ascii_case(known);
    let is_taken = RESERVED.into_iter().chain(WORDS).chain(["DATE", "TIMESTAMP", "INTERVAL"]).any(is_known)
        || Operator::named(name).is_some();
    plain_name(out, name, is_taken)
}

fn plain_name(out: &mut String, name: &str, is_taken: bool) -> fmt::Result {
    let is_plain = name.starts_with(starts_name) && name.chars().all(continues_name);
    if is_plain && !is_taken {
        out.push_str(name);
        return Ok(());
    }
    write!(out, "\"{}\"", name.replace('"', "\"\""))
}

fn literal(out: &mut String, literal: &Literal) -> fmt::Result {
    match literal {
        Literal::Bool(truth) => out.write_str(if *truth { "TRUE" } else { "FALSE" }),
        Literal::Integer(whole) => write!(out, "{whole}"),
        Literal::Number(value) => number(out, *value),
        Literal::Text(value) => {
            quoted(out, value);
            Ok(())
        }
        Literal::Date(date) => write!(out, "DATE('{date}')"),
        Literal::Timestamp(moment) => write!(out, "TIMESTAMP('{moment}')"),
        Literal::Open => out.write_str("'..'"),
        Literal::Shape(value) => shape(out, value),
        Literal::Bbox(numbers) => {
            out.push_str("BBOX");
            joined(out, numbers, |out, value| number(out, *value))
        }
    }
}

/// One end of an interval, where instants are bare texts.
fn end(out: &mut String, end: &Expression) -> fmt::Result {
    match &end.kind {
        Kind::Literal(Literal::Date(date)) => write!(out, "'{date}'"),
        Kind::Literal(Literal::Timestamp(moment)) => write!(out, "'{moment}'"),
        _ => expression_into(out, end),
    }
}

/// A text in quotes, as the lexer undoes it: backslashes before a quote are doubled, quotes too.
fn quoted(out: &mut String, text: &str) {
    out.push('\'');
    let mut slashes = 0;
    for c in text.chars() {
        if c == '\'' {
            out.extend(std::iter::repeat_n('\\', slashes));
            out.push('\'');
        }
        out.push(c);
        slashes = if c == '\\' { slashes + 1 } else { 0 };
    }
    out.extend(std::iter::repeat_n('\\', slashes));
    out.push('\'');
}

/// The shortest digits that give the number back.
fn number(out: &mut String, number: f64) -> fmt::Result {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return write!(out, "{}", number as i64);
    }
    let digits = format!("{number:?}");
    out.write_str(&digits.replace('e', "E"))
}

fn shape(out: &mut String, shape: &Shape) -> fmt::Result {
    out.push_str(&shape.name().to_ascii_uppercase());
    let positions = shape.positions();
    let is_collection = matches!(shape, Shape::GeometryCollection(_));
    if !is_collection && positions.iter().all(|position| position.z.is_some()) {
        out.push_str(" Z");
    }
    let line = |out: &mut String, line: &Vec<Position>| joined(out, line, position);
    let polygon = |out: &mut String, rings: &Vec<Vec<Position>>| joined(out, rings, line);
    match shape {
        Shape::Point(point) => joined(out, std::slice::from_ref(point), position),
        Shape::LineString(positions) => line(out, positions),
        Shape::Polygon(rings) | Shape::MultiLineString(rings) => polygon(out, rings),
        Shape::MultiPoint(points) => {
            joined(out, points, |out, point| joined(out, std::slice::from_ref(point), position))
        }
        Shape::MultiPolygon(polygons) => joined(out, polygons, polygon),
        Shape::GeometryCollection(members) => joined(out, members, self::shape),
    }
}

fn joined<T>(out: &mut String, items: &[T], item: impl Fn(&mut String, &T) -> fmt::Result) -> fmt::Result {
    out.push('(');
    for (at, own) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        item(out, own)?;
    }
    out.push(')');
    Ok(())
}

fn position(out: &mut String, position: &Position) -> fmt::Result {
    number(out, position.xy[0])?;
    out.push(' ');
    number(out, position.xy[1])?;
    if let Some(z) = position.z {
        out.push(' ');
        number(out, z)?;
    }
    Ok(())
}
