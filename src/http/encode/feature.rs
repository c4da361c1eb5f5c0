//! One feature as JSON.

use super::Profile;
use super::Writing;
use super::time::time;
use crate::feature::Row;
use crate::feature::geojson::write_geometry;
use crate::feature::geojson::write_id;
use crate::feature::geojson::write_properties;

/// Appends a feature as a GeoJSON object (RFC 7946, 3.2), with the members of JSON-FG if its profile has them. The caller may
/// append members of its own (RFC 7946, 6.1), each starting with a comma: `,"links":[]`.
pub fn write_feature(out: &mut Vec<u8>, row: Row<'_>, writing: &Writing, members: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(br#"{"type":"Feature","id":"#);
    write_id(out, row.id());
    if writing.profile.is_some_and(|profile| profile != Profile::Rfc7946) {
        out.extend_from_slice(br#","time":"#);
        out.extend_from_slice(time(row).to_string().as_bytes());
        out.extend_from_slice(br#","place":null"#);
    }
    out.extend_from_slice(br#","geometry":"#);
    if writing.has_geometry {
        write_geometry(out, row.geometry());
    } else {
        out.extend_from_slice(b"null");
    }
    out.extend_from_slice(br#","properties":"#);
    write_properties(out, row, writing.properties.as_deref());
    members(out);
    out.push(b'}');
}
