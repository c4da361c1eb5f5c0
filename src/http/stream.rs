//! Many features as one body, written while it is sent.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;

use crate::feature::geojson::write_feature;
use crate::store::Snapshot;

/// Bytes that are written before they are sent: enough to be sent well, and little to hold for each client.
const CHUNK: usize = 64 << 10;

/// A JSON text that starts with `head`, lists features with commas between them, and ends with `tail`.
///
/// It is made chunk by chunk as the client takes it, so that its length does not matter.
pub fn features(
    head: Vec<u8>,
    snapshot: Snapshot,
    rows: impl Iterator<Item = u32> + Send + 'static,
    properties: Option<Vec<String>>,
    tail: &'static [u8],
) -> Body {
    let mut chunks = Chunks { begun: head, snapshot, rows, properties, tail: Some(tail), is_first: true };
    let first = chunks.next().unwrap_or_default();
    if chunks.tail.is_none() {
        // A body that is complete says its length.
        return Body::from(first);
    }
    let chunks = std::iter::once(first).chain(chunks);
    Body::from_stream(stream::iter(chunks.map(Ok::<Bytes, Infallible>)))
}

struct Chunks<R> {
    begun: Vec<u8>,
    snapshot: Snapshot,
    rows: R,
    properties: Option<Vec<String>>,
    /// `None` when all is written.
    tail: Option<&'static [u8]>,
    is_first: bool,
}

impl<R: Iterator<Item = u32>> Iterator for Chunks<R> {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let tail = self.tail?;
        let mut out = std::mem::take(&mut self.begun);
        while out.len() < CHUNK {
            let Some(row) = self.rows.next() else {
                out.extend_from_slice(tail);
                self.tail = None;
                break;
            };
            if !std::mem::take(&mut self.is_first) {
                out.extend_from_slice(b",\n");
            }
            write_feature(&mut out, self.snapshot.row(row), self.properties.as_deref());
        }
        Some(Bytes::from(out))
    }
}
