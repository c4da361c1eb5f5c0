//! Geometries as CQL2 Text writes them: well-known text (OGC 06-103r4, 7.2), and `BBOX`.

use super::cursor::Reader;
use super::cursor::number_literal;
use super::lexer::Fault;
use super::lexer::TokenKind;
use crate::query::filter::ast::Literal;
use crate::query::filter::shape::Position;
use crate::query::filter::shape::Shape;

/// The words that start a geometry when a parenthesis follows.
pub(super) const WORDS: [&str; 8] =
    ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "BBOX"];

/// The geometry that starts here, if one does.
pub(super) fn geometry(reader: &mut Reader<'_>) -> Result<Option<Literal>, Fault> {
    let TokenKind::Word(word) = *reader.peek() else { return Ok(None) };
    let Some(&word) = WORDS.iter().find(|known| known.eq_ignore_ascii_case(word)) else { return Ok(None) };
    let start = reader.start();
    let Some(heights) = opens(reader)? else { return Ok(None) };
    let literal = if word == "BBOX" {
        Literal::Bbox(bbox(reader)?)
    } else {
        Literal::Shape(shape(reader, word, start, heights)?)
    };
    Ok(Some(literal))
}

/// Steps to the parenthesis of a geometry whose word is next, and answers whether `Z` demands heights; `None` when the word
/// is but a name.
fn opens(reader: &mut Reader<'_>) -> Result<Option<bool>, Fault> {
    let before = reader.position();
    reader.advance();
    if reader.is_word("EMPTY") {
        return Err((reader.start(), "CQL2 has no empty geometries".to_owned()));
    }
    let heights = reader.take_word("Z");
    if *reader.peek() == TokenKind::Symbol("(") {
        return Ok(Some(heights));
    }
    reader.return_to(before);
    Ok(None)
}

fn shape(reader: &mut Reader<'_>, word: &str, start: usize, heights: bool) -> Result<Shape, Fault> {
    let position = |reader: &mut Reader<'_>| position(reader, heights);
    let line = |reader: &mut Reader<'_>| list(reader, position);
    let polygon = |reader: &mut Reader<'_>| list(reader, line);
    let shape = match word {
        "POINT" => {
            reader.demand("(")?;
            let point = position(reader)?;
            reader.demand(")")?;
            Shape::Point(point)
        }
        "LINESTRING" => Shape::LineString(line(reader)?),
        "POLYGON" => Shape::Polygon(polygon(reader)?),
        "MULTIPOINT" => Shape::MultiPoint(list(reader, |reader| {
            // Older well-known text has no parentheses around the points.
            let wrapped = reader.take("(");
            let point = position(reader)?;
            if wrapped {
                reader.demand(")")?;
            }
            Ok(point)
        })?),
        "MULTILINESTRING" => Shape::MultiLineString(polygon(reader)?),
        "MULTIPOLYGON" => Shape::MultiPolygon(list(reader, polygon)?),
        _ => Shape::GeometryCollection(list(reader, member)?),
    };
    match shape.flaw() {
        None => Ok(shape),
        Some(flaw) => Err((start, flaw.to_owned())),
    }
}

/// A member of a geometry collection, which is no collection itself.
fn member(reader: &mut Reader<'_>) -> Result<Shape, Fault> {
    let start = reader.start();
    let found = match *reader.peek() {
        TokenKind::Word(word) => WORDS[..6].iter().find(|known| known.eq_ignore_ascii_case(word)),
        _ => None,
    };
    let expected = reader.expected("a geometry other than a collection");
    let Some(&word) = found else { return Err(expected) };
    let Some(heights) = opens(reader)? else { return Err(reader.expected("'('")) };
    shape(reader, word, start, heights)
}

fn list<T>(reader: &mut Reader<'_>, item: impl Fn(&mut Reader<'_>) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    if reader.is_word("EMPTY") {
        return Err((reader.start(), "CQL2 has no empty geometries".to_owned()));
    }
    reader.demand("(")?;
    let mut items = vec![item(reader)?];
    while reader.take(",") {
        items.push(item(reader)?);
    }
    if reader.take(")") { Ok(items) } else { Err(reader.expected("',' or ')'")) }
}

fn position(reader: &mut Reader<'_>, heights: bool) -> Result<Position, Fault> {
    reader.count_vertex()?;
    let xy = [coordinate(reader)?, coordinate(reader)?];
    let more = matches!(reader.peek(), TokenKind::Number(_) | TokenKind::Symbol("-" | "+"));
    let z = if more || heights { Some(coordinate(reader)?) } else { None };
    Ok(Position { xy, z })
}

fn coordinate(reader: &mut Reader<'_>) -> Result<f64, Fault> {
    match number_literal(reader)? {
        Literal::Integer(whole) => Ok(whole as f64),
        Literal::Number(number) => Ok(number),
        _ => Err(reader.expected("a number")),
    }
}

fn bbox(reader: &mut Reader<'_>) -> Result<Vec<f64>, Fault> {
    let start = reader.start();
    let numbers = list(reader, coordinate)?;
    match numbers.len() {
        4 | 6 => Ok(numbers),
        count => Err((
            start,
            format!("a BBOX has four numbers (west, south, east, north) or six (with heights), not {count}"),
        )),
    }
}
