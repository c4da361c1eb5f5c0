//! What an export says when it is done.

use std::io;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::catalog::export::Estimate;
use crate::tile::archive::write::Sizes;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<&'a Path>,
    tiles: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    contents: Option<u64>,
    bytes: u64,
    seconds: f64,
    zooms: Vec<Zoom>,
}

#[derive(Serialize)]
struct Zoom {
    zoom: u8,
    tiles: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    contents: Option<u64>,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    largest: Option<u32>,
}

/// Reports an archive that was written.
pub(super) fn written(path: &Path, sizes: &Sizes, took: Duration, json: bool) -> io::Result<()> {
    let zooms = sizes.zooms.iter().map(|zoom| Zoom {
        zoom: zoom.zoom,
        tiles: zoom.tiles,
        contents: Some(zoom.contents),
        bytes: zoom.bytes,
        largest: Some(zoom.largest),
    });
    let document = Document {
        archive: Some(path),
        tiles: sizes.tiles(),
        contents: Some(sizes.contents()),
        bytes: sizes.bytes,
        seconds: rounded(took),
        zooms: zooms.collect(),
    };
    print(&document, json)
}

/// Reports what will be written.
pub(super) fn estimated(estimate: &Estimate, json: bool) -> io::Result<()> {
    let whole = |number: f64| number.round() as u64;
    let zooms = estimate.zooms.iter().map(|zoom| Zoom {
        zoom: zoom.zoom,
        tiles: whole(zoom.tiles),
        contents: None,
        bytes: whole(zoom.bytes),
        largest: None,
    });
    let document = Document {
        archive: None,
        tiles: whole(estimate.zooms.iter().map(|zoom| zoom.tiles).sum()),
        contents: None,
        bytes: whole(estimate.zooms.iter().map(|zoom| zoom.bytes).sum()),
        seconds: rounded(estimate.time),
        zooms: zooms.collect(),
    };
    print(&document, json)
}

/// A number of bytes for people: 1.2 MB is 1 200 000.
pub(super) fn bytes(count: u64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    match units.into_iter().find(|(size, _)| count as f64 >= *size) {
        Some((size, name)) => format!("{:.1} {name}", count as f64 / size),
        None => format!("{count} B"),
    }
}

fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

fn print(document: &Document<'_>, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        return writeln!(out, "{}", serde_json::to_string(document)?);
    }
    let is_written = document.archive.is_some();
    writeln!(
        out,
        "zoom      tiles{}      bytes{}",
        if is_written { "   distinct" } else { "" },
        if is_written { "    largest" } else { "" }
    )?;
    for zoom in &document.zooms {
        write!(out, "{:>4} {:>10}", zoom.zoom, zoom.tiles)?;
        if let Some(contents) = zoom.contents {
            write!(out, " {contents:>10}")?;
        }
        write!(out, " {:>10}", bytes(zoom.bytes))?;
        match zoom.largest {
            Some(largest) => writeln!(out, " {:>10}", bytes(u64::from(largest)))?,
            None => writeln!(out)?,
        }
    }
    let (tiles, size, seconds) = (document.tiles, bytes(document.bytes), document.seconds);
    match document.archive {
        Some(path) => writeln!(out, "{}: {tiles} tiles, {size}, in {seconds:.1} s", path.display()),
        None => writeln!(out, "about {tiles} tiles, {size}, in {seconds:.0} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_for_people() {
        assert_eq!([0, 999, 1000, 1_250_000, 3_000_000_000].map(bytes), ["0 B", "999 B", "1.0 kB", "1.2 MB", "3.0 GB"]);
    }
}
