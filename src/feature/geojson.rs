//! Features as GeoJSON text (RFC 7946).

use super::Geometry;
use super::GeometryKind;
use super::Id;
use super::Part;
use super::Row;
use crate::space::Crs;

/// Appends a feature as a GeoJSON object (RFC 7946, 3.2): its id as it was written, its geometry, and its properties as
/// they stood in the file, or of these only the named ones.
pub fn write_feature(out: &mut Vec<u8>, row: Row<'_>, properties: Option<&[String]>) {
    out.extend_from_slice(br#"{"type":"Feature","id":"#);
    write_id(out, row.id());
    out.extend_from_slice(br#","geometry":"#);
    write_geometry(out, row.geometry());
    out.extend_from_slice(br#","properties":"#);
    write_properties(out, row, properties);
    out.push(b'}');
}

/// Appends the properties of a feature as they stood in the file, or of these only the named ones: a JSON object or `null`.
pub fn write_properties(out: &mut Vec<u8>, row: Row<'_>, names: Option<&[String]>) {
    match names {
        None => out.extend_from_slice(row.properties_text().as_bytes()),
        Some(names) => write_selected(out, row.properties_text(), names),
    }
}

/// Appends a geometry as a GeoJSON object (RFC 7946, 3.1), or `null`.
///
/// Coordinates are longitude and latitude in degrees of CRS84 with at most eight decimals (1 mm), then the height where
/// the position has one.
pub fn write_geometry(out: &mut Vec<u8>, geometry: Geometry<'_>) {
    write_geometry_in(out, geometry, &Crs::Crs84);
}

/// Appends a geometry as a GeoJSON object whose coordinates are those of a system, in the order of its axes and to the
/// millimetre (OGC API Features, Part 2, 6.2.2), or `null`.
pub fn write_geometry_in(out: &mut Vec<u8>, geometry: Geometry<'_>, crs: &Crs) {
    // Most coordinates are written in 7 decimals: [129.7461234,42.4412345],
    out.reserve(32 + geometry.coord_count() * 25);
    if geometry.kind() != GeometryKind::GeometryCollection {
        let parts: Vec<Part<'_>> = geometry.parts().collect();
        write_single(out, geometry.kind(), &parts, crs);
        return;
    }
    out.extend_from_slice(br#"{"type":"GeometryCollection","geometries":["#);
    for (position, (kind, parts)) in geometry.members().iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_single(out, *kind, parts, crs);
    }
    out.extend_from_slice(b"]}");
}

/// A position as a system has it, in the order of its axes and to the millimetre.
pub(super) fn placed(position: [f64; 2], crs: &Crs) -> [f64; 2] {
    match crs {
        Crs::Crs84 | Crs::Crs84h => position,
        _ => {
            let scale = 10_f64.powi(i32::from(crs.decimals()));
            crs.axes().write(crs.project(position)).map(|number| (number * scale).round() / scale)
        }
    }
}

/// Appends an id: a number as a JSON number, any other one as a JSON string.
pub fn write_id(out: &mut Vec<u8>, id: Id<'_>) {
    if id.number {
        out.extend_from_slice(id.text.as_bytes());
    } else {
        write_string(out, id.text);
    }
}

/// Appends a JSON string with its quotes.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    // Writing a string to memory cannot fail; were it otherwise, an empty one would still be JSON.
    if serde_json::to_writer(&mut *out, text).is_err() {
        out.extend_from_slice(b"\"\"");
    }
}

/// Appends any geometry but a collection.
fn write_single(out: &mut Vec<u8>, kind: GeometryKind, parts: &[Part<'_>], crs: &Crs) {
    let Some(name) = kind.name() else {
        out.extend_from_slice(b"null");
        return;
    };
    out.extend_from_slice(br#"{"type":""#);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(br#"","coordinates":"#);
    match kind {
        GeometryKind::MultiLineString => write_list(out, parts.iter(), |out, part| write_line(out, part, crs)),
        GeometryKind::MultiPolygon => write_list(out, parts.iter(), |out, part| write_rings(out, part, crs)),
        _ => match parts.first() {
            // An empty array is how RFC 7946, 3.1 writes a geometry without positions.
            None => out.extend_from_slice(b"[]"),
            Some(part) if kind == GeometryKind::Polygon => write_rings(out, part, crs),
            Some(part) if kind == GeometryKind::Point => write_point(out, part, crs),
            Some(part) => write_line(out, part, crs),
        },
    }
    out.push(b'}');
}

fn write_list<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (position, item) in items.enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

fn write_rings(out: &mut Vec<u8>, part: &Part<'_>, crs: &Crs) {
    write_list(out, part.paths().zip(part.heights()), |out, (ring, heights)| write_path(out, ring, heights, crs));
}

fn write_line(out: &mut Vec<u8>, part: &Part<'_>, crs: &Crs) {
    if let Some((path, heights)) = part.paths().zip(part.heights()).next() {
        write_path(out, path, heights, crs);
    }
}

fn write_point(out: &mut Vec<u8>, part: &Part<'_>, crs: &Crs) {
    let path = part.paths().zip(part.heights()).next();
    match path.and_then(|(path, heights)| path.first().map(|&point| (point, heights.first()))) {
        Some((point, height)) => write_position(out, point, height, crs),
        None => out.extend_from_slice(b"[]"),
    }
}

fn write_path(out: &mut Vec<u8>, path: &[[f64; 2]], heights: &[f64], crs: &Crs) {
    write_list(out, path.iter().enumerate(), |out, (at, &position)| {
        write_position(out, position, heights.get(at), crs);
    });
}

fn write_position(out: &mut Vec<u8>, position: [f64; 2], height: Option<&f64>, crs: &Crs) {
    let [first, second] = placed(position, crs);
    out.push(b'[');
    write_coordinate(out, first);
    out.push(b',');
    write_coordinate(out, second);
    if let Some(&height) = height.filter(|height| !height.is_nan()) {
        out.push(b',');
        write_coordinate(out, height);
    }
    out.push(b']');
}

/// One in the units of the last decimal.
const SCALE: f64 = 1e8;

/// Up to here a scaled number and a half more are exact: 22 million, which only heights exceed.
const EXACT: f64 = (1_u64 << 51) as f64;

/// The digits of the numbers below a hundred.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// Appends a number with at most eight decimals, as short as it reads back the same.
pub(super) fn write_coordinate(out: &mut Vec<u8>, number: f64) {
    let magnitude = (number * SCALE).abs();
    // What has eight decimals or fewer comes back as itself.
    if magnitude >= EXACT {
        write_far(out, number);
        return;
    }
    let scaled = (magnitude + 0.5) as u64;
    let (whole, fraction) = (scaled / 100_000_000, (scaled % 100_000_000) as u32);
    if number < 0.0 && scaled > 0 {
        out.push(b'-');
    }
    if whole < 100 {
        let pair = PAIRS[whole as usize];
        out.extend_from_slice(if whole < 10 { &pair[1..] } else { &pair });
    } else {
        out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    }
    if fraction == 0 {
        return;
    }
    let mut digits = *b".00000000";
    let (high, low) = (fraction / 10_000, fraction % 10_000);
    for (at, pair) in [high / 100, high % 100, low / 100, low % 100].into_iter().enumerate() {
        digits[1 + at * 2..3 + at * 2].copy_from_slice(&PAIRS[pair as usize]);
    }
    // Zeros at the end say nothing.
    let end = digits.iter().rposition(|&digit| digit != b'0').map_or(0, |last| last + 1);
    out.extend_from_slice(&digits[..end]);
}

/// Appends a number beyond all longitudes: with eight decimals as long as a double has that many.
#[cold]
fn write_far(out: &mut Vec<u8>, number: f64) {
    let rounded = (number * SCALE).round() / SCALE;
    let shown = if (number * SCALE).abs() < 9_007_199_254_740_992.0 { rounded } else { number };
    let text = zmij::Buffer::new().format(shown).to_owned();
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(&text).as_bytes());
}

/// Appends those members of a JSON object that are named, in their order in the text, values as they stand.
fn write_selected(out: &mut Vec<u8>, text: &str, names: &[String]) {
    if !text.starts_with('{') {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let is_named = |quoted: &str| {
        let plain = &quoted[1..quoted.len() - 1];
        if !plain.contains('\\') {
            return names.iter().any(|name| name == plain);
        }
        serde_json::from_str::<String>(quoted).is_ok_and(|key| names.contains(&key))
    };
    let chosen = members(text).filter(|(key, _)| is_named(key));
    out.push(b'{');
    for (position, (key, value)) in chosen.enumerate() {
        if position > 0 {
            out.push(b',');
        }
        out.extend_from_slice(key.as_bytes());
        out.push(b':');
        out.extend_from_slice(value.as_bytes());
    }
    out.push(b'}');
}

/// The members of a JSON object that a reader has found well-formed: keys in their quotes, values as they stand.
fn members(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let bytes = text.as_bytes();
    let mut at = 1;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|&byte| byte == b'"')?;
        let colon = string_end(bytes, start);
        let value =
            colon + bytes[colon..].iter().position(|byte| !matches!(byte, b':' | b' ' | b'\t' | b'\r' | b'\n'))?;
        at = value_end(bytes, value);
        Some((&text[start..colon], text[value..at].trim_ascii_end()))
    })
}

/// Where the string that starts at `start` ends, behind its closing quote.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Where the value that starts at `start` ends: at the comma or bracket that follows it.
fn value_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests;
