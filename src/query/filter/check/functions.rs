//! The list of functions.

use std::sync::Arc;

use geo::Centroid;
use geo::CoordsIter;
use geo::Length;
use geo::algorithm::line_measures::metric_spaces::Geodesic;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::function::Argument;
use super::function::Function;
use super::function::Run;
use super::types::Type;
use crate::query::filter::eval::Datum;
use crate::query::filter::eval::Figure;

const TEXT: &[Argument] = &[Argument { title: "text", kind: Type::Text }];
const NUMBER: &[Argument] = &[Argument { title: "number", kind: Type::Number }];
const INSTANT: &[Argument] = &[Argument { title: "instant", kind: Type::Instant }];
const GEOMETRY: &[Argument] = &[Argument { title: "geometry", kind: Type::Geometry }];
const VALUE: &[Argument] = &[Argument { title: "value", kind: Type::Any }];

/// A function of a number of arguments that is fixed.
const fn plain(
    name: &'static str,
    description: &'static str,
    arguments: &'static [Argument],
    returns: Type,
    run: Run,
) -> Function {
    Function { name, description, arguments, repeats: false, returns, is_integer: false, run }
}

/// A function that answers with a whole number.
const fn whole(name: &'static str, description: &'static str, arguments: &'static [Argument], run: Run) -> Function {
    Function { is_integer: true, ..plain(name, description, arguments, Type::Number, run) }
}

/// A function whose last argument may be given again.
const fn repeating(
    name: &'static str,
    description: &'static str,
    arguments: &'static [Argument],
    returns: Type,
    run: Run,
) -> Function {
    Function { repeats: true, ..plain(name, description, arguments, returns, run) }
}

/// Every function, in the order in which they are listed.
pub static FUNCTIONS: &[Function] = &[
    plain("lower", "The text in lower case.", TEXT, Type::Text, |values| text(values, str::to_lowercase)),
    plain("upper", "The text in upper case.", TEXT, Type::Text, |values| text(values, str::to_uppercase)),
    plain("trim", "The text without blanks at its ends.", TEXT, Type::Text, |values| {
        text(values, |own| own.trim().to_owned())
    }),
    whole("length", "The number of characters of a text.", TEXT, |values| match values {
        [Datum::Text(own)] => Datum::Int(own.chars().count() as i64),
        _ => Datum::Null,
    }),
    repeating("concat", "The texts one after the other.", TEXT, Type::Text, |values| {
        let texts: Option<String> = values
            .iter()
            .map(|value| match value {
                Datum::Text(own) => Some(&**own),
                _ => None,
            })
            .collect();
        texts.map_or(Datum::Null, |whole| Datum::Text(whole.into()))
    }),
    plain("abs", "The number without its sign.", NUMBER, Type::Number, |values| match values {
        [Datum::Int(own)] => own.checked_abs().map_or(Datum::float(-(*own as f64)), Datum::Int),
        _ => number(values, f64::abs),
    }),
    whole("floor", "The largest whole number that is not greater.", NUMBER, |values| rounded(values, f64::floor)),
    whole("ceil", "The smallest whole number that is not smaller.", NUMBER, |values| rounded(values, f64::ceil)),
    whole("round", "The nearest whole number; halves go away from zero.", NUMBER, |values| rounded(values, f64::round)),
    plain("sqrt", "The square root; none of a negative number.", NUMBER, Type::Number, |values| {
        number(values, f64::sqrt)
    }),
    repeating("min", "The smallest of the numbers.", NUMBER, Type::Number, |values| {
        chosen(values, std::cmp::Ordering::Less)
    }),
    repeating("max", "The largest of the numbers.", NUMBER, Type::Number, |values| {
        chosen(values, std::cmp::Ordering::Greater)
    }),
    repeating("coalesce", "The first of the values that there is.", VALUE, Type::Any, |values| {
        values.iter().find(|value| !value.is_null()).cloned().unwrap_or(Datum::Null)
    }),
    whole("year", "The year of a date or timestamp, in UTC.", INSTANT, |values| {
        civil(values).map_or(Datum::Null, |time| Datum::Int(time.year().into()))
    }),
    whole("month", "The month of a date or timestamp, in UTC, from 1 to 12.", INSTANT, |values| {
        civil(values).map_or(Datum::Null, |time| Datum::Int(time.month().into()))
    }),
    whole("day", "The day of the month of a date or timestamp, in UTC.", INSTANT, |values| {
        civil(values).map_or(Datum::Null, |time| Datum::Int(time.day().into()))
    }),
    plain(
        "area",
        "The area in square metres on the ellipsoid of WGS 84; 0 for points and lines.",
        GEOMETRY,
        Type::Number,
        |values| measured(values, geo::GeodesicArea::geodesic_area_unsigned),
    ),
    plain(
        "perimeter",
        "The length of all rings in metres on the ellipsoid of WGS 84; 0 for points and lines.",
        GEOMETRY,
        Type::Number,
        |values| measured(values, geo::GeodesicArea::geodesic_perimeter),
    ),
    plain(
        "geometry_length",
        "The length of all lines in metres on the ellipsoid of WGS 84; 0 for points and polygons.",
        GEOMETRY,
        Type::Number,
        |values| measured(values, line_length),
    ),
    plain(
        "geometry_type",
        "Point, LineString or Polygon, with Multi before it, or GeometryCollection.",
        GEOMETRY,
        Type::Text,
        |values| match geometry(values) {
            Some(own) => Datum::Text(type_name(&own).into()),
            None => Datum::Null,
        },
    ),
    whole("vertices", "The number of positions of a geometry.", GEOMETRY, |values| {
        geometry(values).map_or(Datum::Null, |own| Datum::Int(own.coords_count() as i64))
    }),
    plain(
        "centroid",
        "The centre of mass of a geometry in the plane of degrees.",
        GEOMETRY,
        Type::Geometry,
        |values| {
            let centre = geometry(values).and_then(|own| own.centroid());
            centre.map_or(Datum::Null, |point| Datum::Geometry(Figure::Own(Arc::new(point.into()))))
        },
    ),
];

fn text<'a>(values: &[Datum<'a>], change: impl Fn(&str) -> String) -> Datum<'a> {
    match values {
        [Datum::Text(own)] => Datum::Text(change(own).into()),
        _ => Datum::Null,
    }
}

fn number<'a>(values: &[Datum<'a>], change: impl Fn(f64) -> f64) -> Datum<'a> {
    match values {
        [value] => value.as_f64().map_or(Datum::Null, |own| Datum::float(change(own))),
        _ => Datum::Null,
    }
}

/// A whole number, as an integer when it is one of 64 bits.
fn rounded<'a>(values: &[Datum<'a>], change: impl Fn(f64) -> f64) -> Datum<'a> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    match values {
        [Datum::Int(own)] => Datum::Int(*own),
        _ => match number(values, change) {
            Datum::Float(own) if own.abs() < BEYOND => Datum::Int(own as i64),
            other => other,
        },
    }
}

/// The value that all others compare with otherwise; null when one is null.
fn chosen<'a>(values: &[Datum<'a>], wanted: std::cmp::Ordering) -> Datum<'a> {
    let mut values = values.iter();
    let Some(mut best) = values.next() else { return Datum::Null };
    for value in values {
        match value.compare(best) {
            Some(order) if order == wanted => best = value,
            Some(_) => {}
            None => return Datum::Null,
        }
    }
    best.clone()
}

/// The start of an instant in UTC.
fn civil(values: &[Datum<'_>]) -> Option<DateTime> {
    let [Datum::Instant(instant)] = values else { return None };
    let moment = Timestamp::from_nanosecond(instant.first_moment()?).ok()?;
    Some(TimeZone::UTC.to_datetime(moment))
}

fn geometry(values: &[Datum<'_>]) -> Option<Arc<geo::Geometry<f64>>> {
    match values {
        [Datum::Geometry(figure)] => figure.to_geo(),
        _ => None,
    }
}

fn measured<'a>(values: &[Datum<'a>], measure: impl Fn(&geo::Geometry<f64>) -> f64) -> Datum<'a> {
    geometry(values).map_or(Datum::Null, |own| Datum::float(measure(&own)))
}

fn line_length(shape: &geo::Geometry<f64>) -> f64 {
    match shape {
        geo::Geometry::LineString(line) => Geodesic.length(line),
        geo::Geometry::MultiLineString(lines) => Geodesic.length(lines),
        geo::Geometry::GeometryCollection(members) => members.iter().map(line_length).sum(),
        _ => 0.0,
    }
}

fn type_name(shape: &geo::Geometry<f64>) -> &'static str {
    match shape {
        geo::Geometry::Point(_) => "Point",
        geo::Geometry::MultiPoint(_) => "MultiPoint",
        geo::Geometry::LineString(_) | geo::Geometry::Line(_) => "LineString",
        geo::Geometry::MultiLineString(_) => "MultiLineString",
        geo::Geometry::Polygon(_) | geo::Geometry::Rect(_) | geo::Geometry::Triangle(_) => "Polygon",
        geo::Geometry::MultiPolygon(_) => "MultiPolygon",
        geo::Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}
