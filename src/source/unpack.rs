//! From the bytes of a file to its text: gzip and zip unpacked, UTF-8 checked.

use std::io::Cursor;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use xxhash_rust::xxh3::xxh3_128;
use zip::ZipArchive;

use super::Place;
use super::report::Places;

/// Why bytes are no text, and where if that is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) place: Option<Place>,
    pub(super) message: String,
}

/// Endings of names that GeoJSON goes by.
pub(super) const ENDINGS: [&str; 6] = ["geojson", "json", "geojsonl", "geojsons", "ndjson", "jsonl"];

/// Reads all of `input`, unpacks it by its first bytes, whatever its name says, and checks that it is UTF-8.
///
/// A zip archive must hold exactly one file of GeoJSON by its name; others in it, a licence say, are passed over. `size` is
/// how many bytes to expect, and `limit` how many to accept, packed and unpacked.
/// Beside the text stands the hash of the bytes that were read.
pub(super) fn read_text(input: impl Read, size: u64, limit: u64) -> Result<(String, u128), Unreadable> {
    let bytes = read_bytes(input, size, limit)?;
    let hash = xxh3_128(&bytes);
    let bytes = match bytes.as_slice() {
        [0x1F, 0x8B, ..] => {
            let unpacked = gzip_size(&bytes);
            read_bytes(MultiGzDecoder::new(bytes.as_slice()), unpacked, limit)?
        }
        [b'P', b'K', 3, 4, ..] => read_archive(&bytes, limit)?,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            return Err(Unreadable {
                place: None,
                message: "it is UTF-16; GeoJSON is UTF-8 (RFC 8259, 8.1)".to_owned(),
            });
        }
        _ => bytes,
    };
    String::from_utf8(bytes).map(|text| (text, hash)).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let found = error.as_bytes().get(good).copied().unwrap_or_default();
        let message =
            format!("0x{found:02X} is not UTF-8 here; is the file in an old encoding such as Latin-1 or EUC-KR?");
        let head = String::from_utf8_lossy(&error.as_bytes()[..good]);
        Unreadable { place: Some(Places::new(&head).at(good)), message }
    })
}

/// Reads to the end, into memory that is reserved once if `size` is right.
fn read_bytes(input: impl Read, size: u64, limit: u64) -> Result<Vec<u8>, Unreadable> {
    // What is only claimed is not reserved without bounds.
    let mut bytes = Vec::with_capacity(size.min(limit).min(1 << 32) as usize + 1);
    let read = input.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(format!("it cannot be read: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(unreadable(format!("it holds more than {limit} bytes, which is the limit")));
    }
    Ok(bytes)
}

/// What the last four bytes say about the size of the last member (RFC 1952, 2.3.1), held to what packing can do.
fn gzip_size(packed: &[u8]) -> u64 {
    let claimed = packed.last_chunk::<4>().map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    claimed.min(packed.len() as u64 * 32)
}

fn read_archive(packed: &[u8], limit: u64) -> Result<Vec<u8>, Unreadable> {
    let damaged = |error: zip::result::ZipError| unreadable(format!("the zip archive cannot be read: {error}"));
    let mut archive = ZipArchive::new(Cursor::new(packed)).map_err(damaged)?;
    let is_geojson = |name: &str| {
        let file = name.rsplit('/').next().unwrap_or(name);
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        // Archives made on a Mac carry a shadow of each file.
        !file.starts_with('.') && !name.starts_with("__MACOSX/") && ENDINGS.contains(&ending.as_str())
    };
    let names: Vec<String> = archive.file_names().filter(|name| is_geojson(name)).map(str::to_owned).collect();
    match names.as_slice() {
        [name] => {
            let file = archive.by_name(name).map_err(damaged)?;
            let size = file.size().min(file.compressed_size().saturating_mul(32));
            read_bytes(file, size, limit)
        }
        [] => Err(unreadable("the zip archive holds no file of GeoJSON".to_owned())),
        several => Err(unreadable(format!(
            "the zip archive holds several files of GeoJSON ({}); a file is one collection, so unpack it",
            several.join(", ")
        ))),
    }
}

fn unreadable(message: String) -> Unreadable {
    Unreadable { place: None, message }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn text(bytes: &[u8]) -> Result<String, String> {
        read_text(bytes, bytes.len() as u64, 1000).map(|(text, _)| text).map_err(|error| error.message)
    }

    #[test]
    fn packed_text_is_unpacked_whatever_the_name() {
        assert_eq!(text(b"{}").unwrap(), "{}");
        assert_eq!(text(&[gzip("{\"a\":"), gzip("1}")].concat()).unwrap(), "{\"a\":1}");
        assert_eq!(
            text(&zip(&[("LICENCE", "x"), ("data/a.geojson", "{}"), ("__MACOSX/._a.geojson", "?")])).unwrap(),
            "{}"
        );
    }

    #[test]
    fn what_cannot_be_one_text_says_why() {
        assert!(text(&zip(&[("a.geojson", "{}"), ("b.json", "{}")])).unwrap_err().contains("a.geojson, b.json"));
        assert!(text(&zip(&[("a.shp", "")])).unwrap_err().contains("no file of GeoJSON"));
        assert!(text(&gzip(&" ".repeat(2000))).unwrap_err().contains("limit"));
        assert!(text(&gzip("{\"a\":1}")[..12]).unwrap_err().contains("cannot be read"));
        assert!(text(b"\xFF\xFE{\0").unwrap_err().contains("UTF-16"));
        let latin = read_text(b"{\n\"\xC8\xC8".as_slice(), 0, 10).unwrap_err();
        assert_eq!(latin.place, Some(Place { line: 2, column: 2, byte: 3 }));
    }
}
