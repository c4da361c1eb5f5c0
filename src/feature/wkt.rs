//! Geometries as well-known text (OGC Simple Features 1.2.1, 7.2).

use super::Geometry;
use super::GeometryKind;
use super::Part;
use super::geojson::placed;
use crate::space::Crs;

/// Appends a geometry as well-known text in a system, in the order of its axes; heights make it a `Z` geometry, where those that
/// a position lacks are 0. An absent geometry is an empty text.
pub fn write_wkt(out: &mut Vec<u8>, geometry: Geometry<'_>, crs: &Crs) {
    let members = geometry.members();
    if geometry.kind() != GeometryKind::GeometryCollection {
        for (kind, parts) in &members {
            write_member(out, *kind, parts, crs);
        }
        return;
    }
    let has_heights = members.iter().any(|(_, parts)| has_heights(parts));
    write_name(out, GeometryKind::GeometryCollection, has_heights);
    if members.is_empty() {
        out.extend_from_slice(b" EMPTY");
        return;
    }
    write_list(out, members.iter(), |out, (kind, parts)| write_member(out, *kind, parts, crs));
}

fn write_member(out: &mut Vec<u8>, kind: GeometryKind, parts: &[Part<'_>], crs: &Crs) {
    if kind == GeometryKind::Null {
        return;
    }
    let heights = has_heights(parts);
    write_name(out, kind, heights);
    let path = |out: &mut Vec<u8>, (path, own): (&[[f64; 2]], &[f64])| {
        write_list(out, path.iter().enumerate(), |out, (at, &position)| {
            let [x, y] = placed(position, crs);
            write_number(out, x);
            out.push(b' ');
            write_number(out, y);
            if heights {
                out.push(b' ');
                write_number(out, own.get(at).copied().filter(|height| !height.is_nan()).unwrap_or_default());
            }
        });
    };
    let rings = |out: &mut Vec<u8>, part: &Part<'_>| write_list(out, part.paths().zip(part.heights()), path);
    match (kind, parts.first()) {
        (_, None) => out.extend_from_slice(b" EMPTY"),
        (GeometryKind::MultiPolygon, _) => write_list(out, parts.iter(), rings),
        (GeometryKind::MultiLineString, _) => {
            write_list(out, parts.iter().flat_map(|part| part.paths().zip(part.heights())), path);
        }
        (GeometryKind::Polygon, Some(part)) => rings(out, part),
        (_, Some(part)) => match part.paths().zip(part.heights()).next() {
            Some(first) if !first.0.is_empty() => path(out, first),
            _ => out.extend_from_slice(b" EMPTY"),
        },
    }
}

fn has_heights(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| part.heights().flatten().any(|height| !height.is_nan()))
}

fn write_name(out: &mut Vec<u8>, kind: GeometryKind, has_heights: bool) {
    out.extend(kind.name().unwrap_or_default().bytes().map(|byte| byte.to_ascii_uppercase()));
    out.extend_from_slice(if has_heights { b" Z" } else { b"" });
}

fn write_list<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, write: impl Fn(&mut Vec<u8>, T)) {
    out.extend_from_slice(b" (");
    for (position, item) in items.enumerate() {
        if position > 0 {
            out.extend_from_slice(b", ");
        }
        let start = out.len();
        write(out, item);
        // A list in a list has no name in front of it, and so no space.
        if out.get(start) == Some(&b' ') {
            out.remove(start);
        }
    }
    out.push(b')');
}

fn write_number(out: &mut Vec<u8>, number: f64) {
    super::geojson::write_coordinate(out, number);
}

#[cfg(test)]
mod tests {
    use super::super::PartKind;
    use super::super::Shapes;
    use super::*;

    fn written(kind: GeometryKind, fill: impl FnOnce(&mut Shapes)) -> String {
        let mut shapes = Shapes::default();
        fill(&mut shapes);
        shapes.end_row(kind);
        let mut out = Vec::new();
        write_wkt(&mut out, shapes.geometry(0), &Crs::Crs84);
        String::from_utf8(out).unwrap()
    }

    fn path(shapes: &mut Shapes, positions: &[[f64; 2]], height: Option<f64>) {
        positions.iter().for_each(|&[x, y]| shapes.push_coord(x, y, height));
        shapes.end_path();
    }

    #[test]
    fn each_type_is_written_as_the_standard_has_it() {
        let point = |shapes: &mut Shapes| {
            path(shapes, &[[1.0, 2.5]], None);
            shapes.end_part(PartKind::Points);
        };
        assert_eq!(written(GeometryKind::Point, point), "POINT (1 2.5)");
        let line = |shapes: &mut Shapes| {
            path(shapes, &[[1.0, 2.0], [3.0, 4.0]], Some(7.0));
            shapes.end_part(PartKind::Line);
        };
        assert_eq!(written(GeometryKind::LineString, line), "LINESTRING Z (1 2 7, 3 4 7)");
        let lines = |shapes: &mut Shapes| {
            for y in [0.0, 1.0] {
                path(shapes, &[[0.0, y], [1.0, y]], None);
                shapes.end_part(PartKind::Line);
            }
        };
        assert_eq!(written(GeometryKind::MultiLineString, lines), "MULTILINESTRING ((0 0, 1 0), (0 1, 1 1))");
        let polygon = |shapes: &mut Shapes| {
            path(shapes, &[[0.0, 0.0], [9.0, 0.0], [0.0, 9.0], [0.0, 0.0]], None);
            path(shapes, &[[1.0, 1.0], [1.0, 2.0], [2.0, 1.0], [1.0, 1.0]], None);
            shapes.end_part(PartKind::Polygon);
        };
        let rings = "((0 0, 9 0, 0 9, 0 0), (1 1, 1 2, 2 1, 1 1))";
        assert_eq!(written(GeometryKind::Polygon, polygon), format!("POLYGON {rings}"));
        assert_eq!(written(GeometryKind::MultiPolygon, polygon), format!("MULTIPOLYGON ({rings})"));
    }

    #[test]
    fn members_have_their_names_and_what_is_empty_says_so() {
        let members = |shapes: &mut Shapes| {
            path(shapes, &[[1.0, 2.0]], None);
            shapes.end_member_part(PartKind::Points, false, true);
            path(shapes, &[[1.0, 2.0], [3.0, 4.0]], None);
            shapes.end_member_part(PartKind::Points, true, true);
        };
        let text = "GEOMETRYCOLLECTION (POINT (1 2), MULTIPOINT (1 2, 3 4))";
        assert_eq!(written(GeometryKind::GeometryCollection, members), text);
        assert_eq!(written(GeometryKind::Polygon, |_| {}), "POLYGON EMPTY");
        assert_eq!(written(GeometryKind::GeometryCollection, |_| {}), "GEOMETRYCOLLECTION EMPTY");
        assert_eq!(written(GeometryKind::Null, |_| {}), "");
    }
}
