//! Many features as one document.

use axum::body::Body;
use serde::Serialize;

use super::Profile;
use super::Writing;
use super::write_feature;
use crate::feature::csv;
use crate::feature::flatgeobuf;
use crate::http::Format;
use crate::http::stream;
use crate::http::stream::Frame;
use crate::store::Snapshot;

/// What a document says of its features as a whole.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// The name of the layer, which is the type of its features as well.
    pub name: String,
    /// A name for people.
    pub title: String,
    /// Where the features are described by a JSON Schema.
    pub schema: String,
    /// The JSON object that features are to be put in, open at its end: `{"type":"FeatureCollection"`.
    pub object: Vec<u8>,
    /// Whether a `FlatGeobuf` has an index, for which its features are put into another order.
    pub is_indexed: bool,
}

/// What JSON-FG says at the root of a document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Root<'a> {
    conforms_to: [&'static str; 2],
    feature_type: &'a str,
    feature_schema: &'a str,
    coord_ref_sys: &'a str,
}

/// Separates records of a sequence (RFC 8142, 2).
const RECORD_SEPARATOR: u8 = 0x1e;

/// The features of these rows in a representation that has nothing but features.
pub fn document(
    writing: Writing,
    heading: &Heading,
    snapshot: Snapshot,
    rows: impl ExactSizeIterator<Item = u32> + Send + 'static,
) -> Body {
    match writing.format {
        Format::Csv => table(&writing, snapshot, rows),
        Format::FlatGeobuf => binary(&writing, heading, snapshot, rows),
        Format::GeoJsonSeq => sequence(writing, heading, snapshot, rows),
        _ => collection(writing, heading, snapshot, rows),
    }
}

/// Appends what JSON-FG says at the root of a document, each member after a comma; nothing for other profiles.
pub fn write_root(out: &mut Vec<u8>, writing: &Writing, heading: &Heading) {
    if writing.profile.is_none_or(|profile| profile == Profile::Rfc7946) {
        return;
    }
    let root = Root {
        conforms_to: [
            "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
            "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
        ],
        feature_type: &heading.name,
        feature_schema: &heading.schema,
        coord_ref_sys: writing.crs.uri(),
    };
    let text = serde_json::to_string(&root).expect("a struct of texts can be written");
    out.push(b',');
    // The members of an object that goes on.
    out.extend_from_slice(text.trim_start_matches('{').trim_end_matches('}').as_bytes());
}

fn collection(
    writing: Writing,
    heading: &Heading,
    snapshot: Snapshot,
    rows: impl Iterator<Item = u32> + Send + 'static,
) -> Body {
    let mut head = heading.object.clone();
    write_root(&mut head, &writing, heading);
    head.extend_from_slice(b",\"features\":[\n");
    let frame = Frame { separator: b",\n", tail: b"\n]}\n" };
    stream::records(head, rows, frame, move |out, row| write_feature(out, snapshot.row(row), &writing, |_| {}))
}

/// Each feature is a document of its own here, and says at its own root what JSON-FG says there.
fn sequence(
    writing: Writing,
    heading: &Heading,
    snapshot: Snapshot,
    rows: impl Iterator<Item = u32> + Send + 'static,
) -> Body {
    let mut root = Vec::new();
    write_root(&mut root, &writing, heading);
    stream::records(Vec::new(), rows, Frame::default(), move |out, row| {
        out.push(RECORD_SEPARATOR);
        write_feature(out, snapshot.row(row), &writing, |out| out.extend_from_slice(&root));
        out.push(b'\n');
    })
}

fn table(writing: &Writing, snapshot: Snapshot, rows: impl Iterator<Item = u32> + Send + 'static) -> Body {
    let schema = snapshot.schema();
    let columns = csv::Columns::new(schema, writing.fields(schema), writing.has_geometry);
    let mut head = Vec::new();
    columns.write_head(&mut head);
    let crs = writing.crs.clone();
    stream::records(head, rows, Frame::default(), move |out, row| {
        columns.write_row(out, snapshot.row(row), &crs);
    })
}

fn binary(
    writing: &Writing,
    heading: &Heading,
    snapshot: Snapshot,
    rows: impl ExactSizeIterator<Item = u32> + Send + 'static,
) -> Body {
    let schema = snapshot.schema();
    let mut writer = flatgeobuf::Writer::new(schema, &writing.fields(schema), writing.has_geometry);
    let head = flatgeobuf::Head { name: &heading.name, title: &heading.title, count: rows.len(), crs: &writing.crs };
    let mut begun = Vec::new();
    let rows: Box<dyn Iterator<Item = u32> + Send> = if heading.is_indexed {
        let rows: Vec<u32> = rows.collect();
        let order = writer.write_indexed_head(&mut begun, &head, snapshot.table(), &rows);
        Box::new(order.into_iter())
    } else {
        writer.write_head(&mut begun, &head);
        Box::new(rows)
    };
    let crs = writing.crs.clone();
    stream::records(begun, rows, Frame::default(), move |out, row| {
        writer.write_feature(out, snapshot.row(row), &crs);
    })
}
