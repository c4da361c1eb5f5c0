//! Geometry objects (RFC 7946, 3.1).

use super::fault::Fault;
use super::fault::Scan;
use super::json::Json;
use super::json::Scanner;
use super::json::Sort;
use crate::feature::GeometryKind;
use crate::feature::PartKind;
use crate::source::draft::Draft;
use crate::source::reference::Reference;

/// Moves over a geometry object or `null` and puts what it says into the draft, which is empty.
pub(super) fn read_geometry(scanner: &mut Scanner<'_>, draft: &mut Draft) -> Scan<()> {
    match scanner.sort()? {
        Sort::Null => scanner.skip().map(drop),
        Sort::Object => {
            draft.kind = read_object(scanner, draft, false)?;
            Ok(())
        }
        other => Err(Fault::meaning(scanner.at, format!("a geometry must be an object or null, not {}", other.name()))),
    }
}

/// What a member of a geometry may be: there already, or to be read when the type is known.
#[derive(Default)]
struct Found<'t> {
    kind: Option<GeometryKind>,
    coordinates: Option<Scanner<'t>>,
    geometries: Option<Scanner<'t>>,
    is_read: bool,
}

fn read_object(scanner: &mut Scanner<'_>, draft: &mut Draft, in_collection: bool) -> Scan<GeometryKind> {
    let start = scanner.at;
    let before = (draft.positions.len(), draft.paths.len(), draft.parts.len());
    let mut found = Found::default();
    scanner.object(|scanner, key| match &*key {
        "type" => {
            let kind = read_kind(scanner)?;
            if found.kind.replace(kind).is_some_and(|other| other != kind) {
                return Err(Fault::meaning(scanner.at, "the geometry has two types"));
            }
            Ok(())
        }
        "coordinates" | "geometries" => {
            let is_collection = key == "geometries";
            if found.is_read {
                draft.notes.double_member = true;
                draft.truncate(before.0, before.1, before.2);
                found.is_read = false;
            }
            match found.kind {
                Some(kind) if (kind == GeometryKind::GeometryCollection) == is_collection => {
                    found.is_read = true;
                    read_inside(scanner, kind, draft, in_collection)
                }
                // The usual order is type first; where it comes later, this place is returned to.
                _ => {
                    let place = scanner.clone();
                    let slot = if is_collection { &mut found.geometries } else { &mut found.coordinates };
                    draft.notes.double_member |= slot.replace(place).is_some();
                    scanner.skip().map(drop)
                }
            }
        }
        "crs" => {
            draft.reference = read_reference(scanner)?.or(draft.reference);
            Ok(())
        }
        "bbox" => {
            draft.notes.bad_bbox |= !is_bbox(scanner)?;
            Ok(())
        }
        _ => scanner.skip().map(drop),
    })?;
    let Some(kind) = found.kind else {
        return Err(Fault::meaning(start, "a geometry has no member \"type\""));
    };
    let (place, name) = match kind {
        GeometryKind::GeometryCollection => (found.geometries, "geometries"),
        _ => (found.coordinates, "coordinates"),
    };
    match place {
        _ if found.is_read => {}
        Some(mut place) => read_inside(&mut place, kind, draft, in_collection)?,
        None => {
            let type_name = kind.name().unwrap_or_default();
            return Err(Fault::meaning(start, format!("a {type_name} has no member \"{name}\"")));
        }
    }
    Ok(kind)
}

/// Moves over the type of a geometry.
fn read_kind(scanner: &mut Scanner<'_>) -> Scan<GeometryKind> {
    let at = scanner.at;
    let sort = scanner.sort()?;
    if sort != Sort::String {
        return Err(Fault::meaning(at, format!("the type of a geometry must be a string, not {}", sort.name())));
    }
    let name = scanner.string()?;
    kind_named(&name).ok_or_else(|| {
        let known =
            GeometryKind::NAMED.iter().filter_map(|kind| kind.name()).find(|known| known.eq_ignore_ascii_case(&name));
        let hint = known.map_or(String::new(), |known| format!("; it is written \"{known}\""));
        Fault::meaning(at, format!("\"{name}\" is no type of a geometry{hint}"))
    })
}

/// The geometry type of a name, whose case matters (RFC 7946, 1.4).
pub(super) fn kind_named(name: &str) -> Option<GeometryKind> {
    GeometryKind::NAMED.into_iter().find(|kind| kind.name() == Some(name))
}

/// Moves over the value of `coordinates` or `geometries`.
fn read_inside(scanner: &mut Scanner<'_>, kind: GeometryKind, draft: &mut Draft, in_collection: bool) -> Scan<()> {
    let mut first = true;
    let mut is_first = || std::mem::replace(&mut first, false);
    match kind {
        GeometryKind::Null => scanner.skip().map(drop),
        GeometryKind::Point => read_point(scanner, draft),
        GeometryKind::MultiPoint => {
            let before = draft.positions.len();
            read_path(scanner, draft)?;
            if draft.positions.len() > before {
                draft.end_part(PartKind::Points, true, true);
            } else {
                draft.paths.pop();
            }
            Ok(())
        }
        GeometryKind::LineString => {
            read_path(scanner, draft)?;
            draft.end_part(PartKind::Line, false, true);
            Ok(())
        }
        GeometryKind::MultiLineString => list(scanner, "a MultiLineString must be an array of lines", |scanner| {
            read_path(scanner, draft)?;
            draft.end_part(PartKind::Line, true, is_first());
            Ok(())
        }),
        GeometryKind::Polygon => read_polygon(scanner, draft, false, true),
        GeometryKind::MultiPolygon => list(scanner, "a MultiPolygon must be an array of polygons", |scanner| {
            read_polygon(scanner, draft, true, is_first())
        }),
        GeometryKind::GeometryCollection => {
            draft.notes.nested_collection |= in_collection;
            list(scanner, "\"geometries\" must be an array of geometries", |scanner| match scanner.sort()? {
                Sort::Object => read_object(scanner, draft, true).map(drop),
                other => Err(Fault::meaning(scanner.at, format!("a geometry must be an object, not {}", other.name()))),
            })
        }
    }
}

fn read_polygon(scanner: &mut Scanner<'_>, draft: &mut Draft, multi: bool, first: bool) -> Scan<()> {
    let before = draft.paths.len();
    list(scanner, "a polygon must be an array of rings", |scanner| read_path(scanner, draft))?;
    // An empty array is how a polygon without positions is written.
    if draft.paths.len() > before {
        draft.end_part(PartKind::Polygon, multi, first);
    }
    Ok(())
}

fn read_point(scanner: &mut Scanner<'_>, draft: &mut Draft) -> Scan<()> {
    let byte = scanner.at;
    let mut ahead = scanner.clone();
    if ahead.eat(b'[') && ahead.eat(b']') {
        return scanner.skip().map(drop);
    }
    read_position(scanner, draft)?;
    draft.end_path(byte);
    draft.end_part(PartKind::Points, false, true);
    Ok(())
}

/// Moves over an array of positions and ends a path with them.
fn read_path(scanner: &mut Scanner<'_>, draft: &mut Draft) -> Scan<()> {
    let byte = scanner.at;
    list(scanner, "a line or ring must be an array of positions", |scanner| read_position(scanner, draft))?;
    draft.end_path(byte);
    Ok(())
}

#[inline]
fn list<'t>(scanner: &mut Scanner<'t>, rule: &str, item: impl FnMut(&mut Scanner<'t>) -> Scan<()>) -> Scan<()> {
    scanner.space();
    if scanner.byte() != b'[' {
        return Err(misfit(scanner, rule));
    }
    scanner.array(item)
}

/// The fault of a value of another sort than the rule demands.
#[cold]
#[expect(clippy::unnecessary_box_returns, reason = "what the scanner answers stays as small as its value")]
fn misfit(scanner: &mut Scanner<'_>, rule: &str) -> Box<Fault> {
    match scanner.sort() {
        Ok(sort) => Fault::meaning(scanner.at, format!("{rule}, and here is {}", sort.name())),
        Err(fault) => fault,
    }
}

/// Moves over one position: longitude, latitude, and perhaps a height.
#[inline]
fn read_position(scanner: &mut Scanner<'_>, draft: &mut Draft) -> Scan<()> {
    if !scanner.eat(b'[') {
        return Err(misfit(scanner, "a position must be an array of numbers"));
    }
    let x = read_coordinate(scanner)?;
    if !scanner.eat(b',') {
        return Err(match scanner.byte() {
            b']' => Fault::meaning(scanner.at, "a position needs two numbers, longitude and latitude"),
            _ => scanner.unexpected("',' or ']'"),
        });
    }
    let y = read_coordinate(scanner)?;
    let mut height = None;
    if scanner.eat(b',') {
        height = Some(read_coordinate(scanner)?);
        while scanner.eat(b',') {
            read_coordinate(scanner)?;
            draft.notes.long_position = true;
        }
    }
    if !scanner.eat(b']') {
        return Err(scanner.unexpected("',' or ']'"));
    }
    draft.push([x, y], height);
    Ok(())
}

#[inline]
fn read_coordinate(scanner: &mut Scanner<'_>) -> Scan<f64> {
    scanner.space();
    if matches!(scanner.byte(), b'-' | b'0'..=b'9') {
        return scanner.float();
    }
    Err(misfit(scanner, "a coordinate must be a number"))
}

/// Moves over a `bbox` and answers whether it is one (RFC 7946, 5).
pub(super) fn is_bbox(scanner: &mut Scanner<'_>) -> Scan<bool> {
    if scanner.sort()? != Sort::Array {
        return Ok(scanner.skip()? == "null");
    }
    let (mut count, mut only_numbers) = (0, true);
    scanner.array(|scanner| {
        only_numbers &= scanner.sort()? == Sort::Number;
        count += 1;
        scanner.skip().map(drop)
    })?;
    Ok(only_numbers && (count == 4 || count == 6))
}

/// Moves over an old `crs` member. `None` for `null`, which says as little as no member.
pub(super) fn read_reference(scanner: &mut Scanner<'_>) -> Scan<Option<Reference>> {
    let at = scanner.at;
    if scanner.sort()? != Sort::Object {
        return Ok((scanner.skip()? != "null").then_some(Reference::Unclear));
    }
    let mut name = None;
    scanner.object(|scanner, key| {
        if key != "properties" || scanner.sort()? != Sort::Object {
            return scanner.skip().map(drop);
        }
        scanner.object(|scanner, key| {
            let value = scanner.value()?;
            if let ("name" | "href", Json::Text(text)) = (&*key, value) {
                name = Some(text);
            }
            Ok(())
        })
    })?;
    let Some(name) = name else { return Ok(Some(Reference::Unclear)) };
    Reference::named(&name).map(Some).ok_or_else(|| {
        let message = format!(
            "its coordinates are in '{name}', which is not supported; bring them to longitude and latitude on WGS 84 (RFC 7946, 4), for instance with ogr2ogr -t_srs EPSG:4326"
        );
        Fault::meaning(at, message)
    })
}
