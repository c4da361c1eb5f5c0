//! One feature as JSON.

use super::Profile;
use super::Writing;
use super::time::time;
use crate::feature::Row;
use crate::feature::geojson::write_geometry_in;
use crate::feature::geojson::write_id;
use crate::feature::geojson::write_properties;
use crate::space::Crs;

/// Appends a feature as a GeoJSON object (RFC 7946, 3.2), with the members of JSON-FG if its profile has them. The caller may
/// append members of its own (RFC 7946, 6.1), each starting with a comma: `,"links":[]`.
pub fn write_feature(out: &mut Vec<u8>, row: Row<'_>, writing: &Writing, members: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(br#"{"type":"Feature","id":"#);
    write_id(out, row.id());
    if writing.profile.is_some_and(|profile| profile != Profile::Rfc7946) {
        out.extend_from_slice(br#","time":"#);
        out.extend_from_slice(time(row).to_string().as_bytes());
        out.extend_from_slice(br#","place":"#);
        // What GeoJSON can say stands in its own member only.
        write_or_null(out, row, Some(&writing.crs).filter(|crs| writing.has_geometry && !is_plain(crs)));
    }
    out.extend_from_slice(br#","geometry":"#);
    let crs = match writing.profile {
        Some(Profile::JsonFg) => Some(&writing.crs).filter(|crs| is_plain(crs)),
        Some(Profile::JsonFgPlus) => Some(&Crs::Crs84),
        Some(Profile::Rfc7946) | None => Some(&writing.crs),
    };
    write_or_null(out, row, crs.filter(|_| writing.has_geometry));
    out.extend_from_slice(br#","properties":"#);
    write_properties(out, row, writing.properties.as_deref());
    members(out);
    out.push(b'}');
}

/// Whether GeoJSON is written in this system.
fn is_plain(crs: &Crs) -> bool {
    matches!(crs, Crs::Crs84 | Crs::Crs84h)
}

fn write_or_null(out: &mut Vec<u8>, row: Row<'_>, crs: Option<&Crs>) {
    match crs {
        Some(crs) => write_geometry_in(out, row.geometry(), crs),
        None => out.extend_from_slice(b"null"),
    }
}
