//! From a file to a table.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use xxhash_rust::xxh3::Xxh3;

use super::Metadata;
use super::Problem;
use super::Severity;
use super::describe::Misfit;
use super::gather::Gather;
use super::geojson::Broken;
use super::geojson::read_document;
use super::report::Places;
use super::unpack::Unreadable;
use super::unpack::read_text;
use crate::feature::Table;
use crate::store::Version;

/// What a file gave.
#[derive(Debug)]
pub struct Collected {
    /// Its features.
    pub table: Table,
    /// The hash of its unpacked content, of its metadata, and of the program's version, which decides what is repaired.
    pub version: Version,
    /// The hash of its bytes as they were read, packed ones included.
    pub hash: u128,
    /// What is wrong with it, or was repaired; none of [`Severity::File`].
    pub problems: Vec<Problem>,
}

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file, packed and unpacked.
    pub bytes: u64,
}

impl Default for Limits {
    /// Four gibibytes, so that counts of positions fit 32 bits.
    fn default() -> Self {
        Self { bytes: Self::MAX_BYTES }
    }
}

impl Limits {
    /// What no limit may exceed: a position takes six bytes at least, and tables number them in 32 bits.
    pub const MAX_BYTES: u64 = 1 << 32;
}

/// Reads a file of GeoJSON in any of its forms: a FeatureCollection, a feature, a geometry, or a sequence of them
/// (newline-delimited, RFC 8142, or simply one after the other), packed with gzip or zip or not.
///
/// The error is what keeps the whole file from being served: it cannot be read, is no GeoJSON, or ends too early.
pub fn read(path: &Path, metadata: &Metadata, limits: &Limits) -> Result<Collected, Problem> {
    read_looking(path, metadata, *limits, |_| Vec::new())
}

/// Reads a file, and tells also what `look` finds in the table.
pub(super) fn read_looking(
    path: &Path,
    metadata: &Metadata,
    limits: Limits,
    look: impl FnOnce(&Table) -> Vec<Misfit>,
) -> Result<Collected, Problem> {
    let failed = |error: std::io::Error| file_problem(path, format!("it cannot be opened: {error}"));
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(file_problem(path, "it is a folder".to_owned()));
    }
    let (text, hash) = unpack(file, about.len(), path, limits)?;
    read_unpacked(&text, hash, path, metadata, look)
}

/// Reads GeoJSON as [`read`] does, from standard input or a download; `name` stands in what is reported.
pub fn read_from(input: impl Read, name: &Path, metadata: &Metadata, limits: &Limits) -> Result<Collected, Problem> {
    let (text, hash) = unpack(input, 0, name, *limits)?;
    read_unpacked(&text, hash, name, metadata, |_| Vec::new())
}

fn unpack(input: impl Read, size: u64, name: &Path, limits: Limits) -> Result<(String, u128), Problem> {
    read_text(input, size, limits.bytes.min(Limits::MAX_BYTES)).map_err(|unreadable| {
        let Unreadable { place, message } = unreadable;
        Problem { place, ..file_problem(name, message) }
    })
}

fn read_unpacked(
    text: &str,
    hash: u128,
    name: &Path,
    metadata: &Metadata,
    look: impl FnOnce(&Table) -> Vec<Misfit>,
) -> Result<Collected, Problem> {
    let gather = read_document(text, metadata.id_field.as_deref()).map_err(|broken| {
        let Broken { feature, byte, message } = broken;
        Problem { feature, place: Some(Places::new(text).at(byte)), ..file_problem(name, message) }
    })?;
    Ok(Collected { hash, ..collect(gather, text, name, metadata, look) })
}

/// Ends gathering and puts together what is said about it.
pub(super) fn collect(
    gather: Gather,
    text: &str,
    name: &Path,
    metadata: &Metadata,
    look: impl FnOnce(&Table) -> Vec<Misfit>,
) -> Collected {
    let (builder, report, rows) = gather.finish();
    let table = builder.finish(|schema| metadata.declare(schema));
    let mut problems = report.into_problems(name, text);
    let mut misfits = metadata.misfits(&table);
    misfits.extend(look(&table));
    problems.extend(misfits.into_iter().map(|Misfit { row, message }| {
        let (feature, byte) = row.and_then(|row| rows.get(row)).copied().unzip();
        let place = byte.map(|byte| Places::new(text).at(byte));
        Problem { file: name.to_owned(), feature, place, severity: Severity::Warning, message }
    }));
    Collected { table, version: version(text, metadata), hash: 0, problems }
}

fn version(text: &str, metadata: &Metadata) -> Version {
    let mut hasher = Xxh3::new();
    hasher.update(text.as_bytes());
    hasher.update(format!("\0{metadata:?}\0{}", env!("CARGO_PKG_VERSION")).as_bytes());
    Version(hasher.digest128())
}

fn file_problem(name: &Path, message: String) -> Problem {
    Problem { file: name.to_owned(), feature: None, place: None, severity: Severity::File, message }
}
