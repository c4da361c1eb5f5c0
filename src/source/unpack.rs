//! From the bytes of a file to its text: gzip and zip unpacked.

use std::io::Cursor;
use std::io::Read;
use std::io::Seek;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

/// Why bytes are no text, and at which of them if that is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) byte: Option<u64>,
    pub(super) message: String,
}

impl Unreadable {
    pub(super) fn new(message: String) -> Self {
        Self { byte: None, message }
    }

    /// A byte that is no part of UTF-8 where it stands.
    pub(super) fn stray(found: u8, byte: u64) -> Self {
        let message =
            format!("0x{found:02X} is not UTF-8 here; is the file in an old encoding such as Latin-1 or EUC-KR?");
        Self { byte: Some(byte), message }
    }
}

/// Endings of names that GeoJSON goes by.
pub(super) const ENDINGS: [&str; 6] = ["geojson", "json", "geojsonl", "geojsons", "ndjson", "jsonl"];

/// How the bytes of a file are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zip,
}

impl Packing {
    /// By its first four bytes, whatever its name says.
    ///
    /// # Errors
    /// When they are those of text in another encoding.
    pub(super) fn of(first: &[u8]) -> Result<Self, Unreadable> {
        match first {
            [0x1F, 0x8B, ..] => Ok(Self::Gzip),
            [b'P', b'K', 3, 4, ..] => Ok(Self::Zip),
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                Err(Unreadable::new("it is UTF-16; GeoJSON is UTF-8 (RFC 8259, 8.1)".to_owned()))
            }
            _ => Ok(Self::Plain),
        }
    }
}

/// Reads all of `input` and unpacks it.
///
/// A zip archive must hold exactly one file of GeoJSON by its name; others in it, a licence say, are passed over. `size` is
/// how many bytes to expect, and `limit` how many to accept, packed and unpacked.
pub(super) fn read_all(input: impl Read, size: u64, limit: u64) -> Result<Vec<u8>, Unreadable> {
    let bytes = read_bytes(input, size, limit)?;
    match Packing::of(&bytes)? {
        Packing::Plain => Ok(bytes),
        Packing::Gzip => read_bytes(MultiGzDecoder::new(bytes.as_slice()), gzip_size(&bytes), limit),
        Packing::Zip => read_archive(Cursor::new(bytes), limit),
    }
}

/// Reads to the end, into memory that is reserved once if `size` is right.
fn read_bytes(input: impl Read, size: u64, limit: u64) -> Result<Vec<u8>, Unreadable> {
    // What is only claimed is not reserved without bounds.
    let mut bytes = Vec::with_capacity(size.min(limit).min(1 << 32) as usize + 1);
    let read = input.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| Unreadable::new(format!("it cannot be read: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(Unreadable::new(format!("it holds more than {limit} bytes, which is the limit")));
    }
    Ok(bytes)
}

/// What the last four bytes say about the size of the last member (RFC 1952, 2.3.1), held to what packing can do.
fn gzip_size(packed: &[u8]) -> u64 {
    let claimed = packed.last_chunk::<4>().map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    claimed.min(packed.len() as u64 * 32)
}

/// The one file of GeoJSON in an archive.
pub(super) fn read_archive(packed: impl Read + Seek, limit: u64) -> Result<Vec<u8>, Unreadable> {
    let damaged = |error: zip::result::ZipError| Unreadable::new(format!("the zip archive cannot be read: {error}"));
    let mut archive = ZipArchive::new(packed).map_err(damaged)?;
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
        [] => Err(Unreadable::new("the zip archive holds no file of GeoJSON".to_owned())),
        several => Err(Unreadable::new(format!(
            "the zip archive holds several files of GeoJSON ({}); a file is one collection, so unpack it",
            several.join(", ")
        ))),
    }
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
        let read = read_all(bytes, bytes.len() as u64, 1000).map_err(|error| error.message)?;
        Ok(String::from_utf8(read).unwrap())
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
    }
}
