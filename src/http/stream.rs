//! Many features as one body, written while it is sent.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;

/// Bytes that are written before they are sent: enough to be sent well, and little to hold for each client.
const CHUNK: usize = 64 << 10;

/// What stands around the records of a body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame {
    /// What stands between two records.
    pub separator: &'static [u8],
    /// What stands after the last one.
    pub tail: &'static [u8],
}

/// A body that starts with `head`, has a record for each row, and ends as its frame says.
///
/// It is made chunk by chunk as the client takes it, so that its length does not matter.
pub fn records(
    head: Vec<u8>,
    rows: impl Iterator<Item = u32> + Send + 'static,
    frame: Frame,
    write: impl FnMut(&mut Vec<u8>, u32) + Send + 'static,
) -> Body {
    let mut chunks = Chunks { begun: head, rows, frame, write, is_first: true, is_done: false };
    let first = chunks.next().unwrap_or_default();
    if chunks.is_done {
        // A body that is complete says its length.
        return Body::from(first);
    }
    let chunks = std::iter::once(first).chain(chunks);
    Body::from_stream(stream::iter(chunks.map(Ok::<Bytes, Infallible>)))
}

struct Chunks<R, W> {
    begun: Vec<u8>,
    rows: R,
    frame: Frame,
    write: W,
    is_first: bool,
    is_done: bool,
}

impl<R: Iterator<Item = u32>, W: FnMut(&mut Vec<u8>, u32)> Iterator for Chunks<R, W> {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.is_done {
            return None;
        }
        let mut out = std::mem::take(&mut self.begun);
        while out.len() < CHUNK {
            let Some(row) = self.rows.next() else {
                out.extend_from_slice(self.frame.tail);
                self.is_done = true;
                break;
            };
            if !std::mem::take(&mut self.is_first) {
                out.extend_from_slice(self.frame.separator);
            }
            (self.write)(&mut out, row);
        }
        Some(Bytes::from(out))
    }
}
