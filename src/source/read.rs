//! From a file to a table.

use std::io::Read;
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread;

use xxhash_rust::xxh3::Xxh3;

use super::Metadata;
use super::Problem;
use super::Severity;
use super::blocks::Blocks;
use super::describe::Misfit;
use super::gather::Gather;
use super::geojson::Broken;
use super::geojson::Cutting;
use super::geojson::Document;
use super::geojson::read_document;
use super::input::Input;
use super::unpack::Unreadable;
use super::unpack::read_all;
use crate::feature::Table;
use crate::store::Version;

/// What a file gave.
#[derive(Debug)]
pub struct Collected {
    /// Its features.
    pub table: Table,
    /// The hash of its unpacked content, of its metadata, and of the program's version, which decides what is repaired.
    pub version: Version,
    /// The hash of its unpacked content alone.
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

    fn held(self) -> Self {
        Self { bytes: self.bytes.min(Self::MAX_BYTES) }
    }
}

/// Reads a file of GeoJSON in any of its forms: a FeatureCollection, a feature, a geometry, or a sequence of them
/// (newline-delimited, RFC 8142, or simply one after the other), packed with gzip or zip or not.
///
/// The error is what keeps the whole file from being served: it cannot be read, is no GeoJSON, or ends too early.
pub fn read(path: &Path, metadata: &Metadata, limits: &Limits) -> Result<Collected, Problem> {
    read_advancing(path, metadata, limits, &|_| {})
}

/// Reads a file as [`read`] does, and tells `advance` each time that so many more bytes of it, unpacked, were read.
pub fn read_advancing(
    path: &Path,
    metadata: &Metadata,
    limits: &Limits,
    advance: &(dyn Fn(u64) + Sync),
) -> Result<Collected, Problem> {
    read_looking(path, metadata, *limits, advance, |_| Vec::new())
}

/// Reads a file, and tells also what `look` finds in the table.
pub(super) fn read_looking(
    path: &Path,
    metadata: &Metadata,
    limits: Limits,
    advance: &(dyn Fn(u64) + Sync),
    look: impl FnOnce(&Table) -> Vec<Misfit>,
) -> Result<Collected, Problem> {
    let limits = limits.held();
    let input = Input::open(path, limits.bytes).map_err(|Unreadable { message, .. }| file_problem(path, message))?;
    read_input(&input, path, metadata, limits, advance, look)
}

/// Reads GeoJSON as [`read`] does, from standard input or a download; `name` stands in what is reported.
pub fn read_from(input: impl Read, name: &Path, metadata: &Metadata, limits: &Limits) -> Result<Collected, Problem> {
    let limits = limits.held();
    let bytes = read_all(input, 0, limits.bytes).map_err(|Unreadable { message, .. }| file_problem(name, message))?;
    read_input(&Input::Bytes(bytes), name, metadata, limits, &|_| {}, |_| Vec::new())
}

/// The [hash](Collected::hash) of a file, if it can be read.
pub fn content_hash(path: &Path, limits: &Limits) -> Option<u128> {
    let input = Input::open(path, limits.held().bytes).ok()?;
    let (mut text, mut hasher, mut chunk) = (input.read().ok()?, Xxh3::new(), vec![0; 1 << 20]);
    loop {
        match text.read(&mut chunk).ok()? {
            0 => return Some(hasher.digest128()),
            read => hasher.update(&chunk[..read]),
        }
    }
}

/// Bytes that are read before anything is known, and then at a time: enough that what is done for each stretch once does not
/// matter, and little beside what is kept.
const WINDOWS: (usize, usize) = (64 << 10, 4 << 20);

fn read_input(
    input: &Input<'_>,
    name: &Path,
    metadata: &Metadata,
    limits: Limits,
    advance: &(dyn Fn(u64) + Sync),
    look: impl FnOnce(&Table) -> Vec<Misfit>,
) -> Result<Collected, Problem> {
    let cutting = Cutting { windows: WINDOWS, threads: thread::available_parallelism().map_or(1, NonZeroUsize::get) };
    let mut reference = None;
    let (gather, hasher) = loop {
        let unreadable = |Unreadable { byte, message }: Unreadable| {
            let place = byte.and_then(|byte| input.places(&[byte]).pop().flatten());
            Problem { place, ..file_problem(name, message) }
        };
        let mut blocks = Blocks::new(input.read().map_err(unreadable)?, input.size(), limits.bytes, advance);
        let read = read_document(&mut blocks, metadata.id_field.as_deref(), reference, cutting);
        let Document { gather, late_reference } = read.map_err(|broken| match broken {
            Broken::Bytes(fault) => unreadable(fault),
            Broken::Text { feature, byte, message } => {
                let place = input.places(&[byte as u64]).pop().flatten();
                Problem { feature, place, ..file_problem(name, message) }
            }
        })?;
        if late_reference.is_none() {
            break (gather, blocks.hasher().clone());
        }
        reference = late_reference;
    };
    Ok(collect(gather, hasher, input, name, metadata, look))
}

/// Ends gathering and puts together what is said about it; `hasher` has seen the text.
pub(super) fn collect(
    gather: Gather,
    mut hasher: Xxh3,
    input: &Input<'_>,
    name: &Path,
    metadata: &Metadata,
    look: impl FnOnce(&Table) -> Vec<Misfit>,
) -> Collected {
    let hash = hasher.digest128();
    hasher.update(format!("\0{metadata:?}\0{}", env!("CARGO_PKG_VERSION")).as_bytes());
    let version = Version(hasher.digest128());
    let (builder, report, rows) = gather.finish();
    let table = builder.finish(|schema| metadata.declare(schema));
    let mut told: Vec<(Option<usize>, Problem)> =
        report.into_problems(name).into_iter().map(|(byte, problem)| (Some(byte), problem)).collect();
    let mut misfits = metadata.misfits(&table);
    misfits.extend(look(&table));
    told.extend(misfits.into_iter().map(|Misfit { row, message }| {
        let (feature, byte) = row.and_then(|row| rows.get(row)).copied().unzip();
        (byte, Problem { file: name.to_owned(), feature, place: None, severity: Severity::Warning, message })
    }));
    let mut bytes: Vec<u64> = told.iter().filter_map(|(byte, _)| byte.map(|byte| byte as u64)).collect();
    bytes.sort_unstable();
    let places = if bytes.is_empty() { Vec::new() } else { input.places(&bytes) };
    let place = |byte: usize| bytes.binary_search(&(byte as u64)).ok().and_then(|at| places[at]);
    let problems = told.into_iter().map(|(byte, problem)| Problem { place: byte.and_then(place), ..problem }).collect();
    Collected { table, version, hash, problems }
}

fn file_problem(name: &Path, message: String) -> Problem {
    Problem { file: name.to_owned(), feature: None, place: None, severity: Severity::File, message }
}
