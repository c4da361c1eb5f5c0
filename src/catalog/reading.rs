//! Reads one file: what comes of it, or why nothing does.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::Collection;
use super::Drawables;
use super::Features;
use super::Icons;
use super::Reach;
use super::Remote;
use super::RemoteLimits;
use super::Styled;
use super::Tileset;
use super::atlas;
use super::icons::BadFile;
use super::listing::Data;
use super::listing::Origin;
use super::references::Reference;
use super::references::references;
use super::segments::Segments;
use super::settle_addresses;
use crate::config::Config;
use crate::render::text::Face;
use crate::source;
use crate::source::Collected;
use crate::source::Metadata;
use crate::source::Place;
use crate::source::Problem;
use crate::source::Severity;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::InvalidGrid;
use crate::store::Snapshot;
use crate::store::Version;
use crate::style;
use crate::style::Position;
use crate::style::Style;

/// What was read and what is odd about it, or why nothing was.
type Reading<T> = Result<(T, Vec<Problem>), Vec<Problem>>;

/// A style before it is known what it is drawn with.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) id: String,
    document: Value,
    style: Style,
    hash: u128,
    /// What it names of the server's own.
    pub(super) references: Vec<Reference>,
}

/// A file that is kept as it is.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Arc<[u8]>,
    pub(super) hash: u128,
}

/// Reads features and what describes them.
pub(super) fn collection(origin: &Origin, config: &Config, segments: &Segments) -> Reading<Arc<Collection>> {
    let named = |problem| Problem { file: origin.shown.clone(), ..problem };
    let metadata = metadata(origin)?;
    let limits = source::Limits { bytes: config.limits.file_bytes };
    let indexed = |collected: Collected| (Snapshot::new(collected.table, collected.version), collected.problems);
    let read = match &origin.data {
        Data::File(path) => segments.read(path, &metadata, &limits),
        Data::Stdin => source::read_from(io::stdin().lock(), &origin.shown, &metadata, &limits).map(indexed),
        Data::Atlas(_) => source::read_from(&*bytes(&origin.data)?, &origin.shown, &metadata, &limits).map(indexed),
        Data::Url(url) => source::read_from(&*download(url, config)?, &origin.shown, &metadata, &limits).map(indexed),
    };
    let (snapshot, problems) = read.map_err(|problem| vec![named(problem)])?;
    let mut problems: Vec<Problem> = problems.into_iter().map(named).collect();
    for code in metadata.crs.iter().filter(|&&code| Crs::epsg(code).is_none()) {
        let message = format!("crs: EPSG:{code} is no coordinate reference system that can be computed here");
        let file = origin.shown.with_extension("toml");
        problems.push(Problem { file, feature: None, place: None, severity: Severity::Warning, message });
    }
    let features = Features::Fixed(snapshot);
    let collection = Collection::new(origin.id.clone(), metadata, features, &config.crs);
    strictly((Arc::new(collection), problems), config)
}

fn metadata(origin: &Origin) -> Result<Metadata, Vec<Problem>> {
    let shown = origin.shown.with_extension("toml");
    match (&origin.metadata, &origin.data) {
        (None, _) => Ok(Metadata::default()),
        (Some(path), Data::Atlas(_)) => {
            let bytes = bytes(&Data::Atlas(path.to_string_lossy().into_owned()))?;
            toml::from_slice(&bytes).map_err(|error| fault(&shown.to_string_lossy(), error.to_string()))
        }
        (Some(path), _) => Metadata::read(path).map_err(|problem| vec![Problem { file: shown, ..problem }]),
    }
}

/// Reads a style.
pub(super) fn style(data: &Data, config: &Config) -> Reading<Arc<Parsed>> {
    let name = data.name();
    let bytes = bytes(data)?;
    let text = str::from_utf8(&bytes).map_err(|error| fault(name, format!("it is not UTF-8: {error}")))?;
    let document = serde_json::from_str(text).map_err(|error| {
        let mut faults = fault(name, format!("it is not JSON: {error}"));
        faults[0].place = place(text, error.line(), error.column());
        faults
    })?;
    let id = source::slug(name);
    let (mut parsed, diagnostics) = Parsed::read(&id, document).map_err(|error| fault(name, error.to_string()))?;
    let (references, mut problems) = references(&parsed.style, &parsed.document, name, text);
    parsed.references = references;
    if let Data::File(path) = data
        && let Some(folder) = path.canonicalize().ok().as_deref().and_then(Path::parent)
    {
        settle_addresses(&mut parsed.style, folder, |address| address.starts_with('/'));
    }
    let remark = |diagnostic: style::Diagnostic| {
        let position = diagnostic.clone().in_text(text).position;
        Problem {
            file: PathBuf::from(name),
            feature: None,
            place: position.map(Place::from),
            severity: Severity::Warning,
            message: diagnostic.to_string(),
        }
    };
    problems.extend(diagnostics.into_iter().map(remark));
    problems.sort_by_key(|problem| problem.place.map(|place| place.byte));
    strictly((Arc::new(parsed), problems), config)
}

/// Opens an archive of tiles.
pub(super) fn tileset((id, path): &(String, PathBuf)) -> Reading<Arc<Tileset>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let tileset = Tileset::open(id, path).map_err(|error| fault(&name, error.to_string()))?;
    Ok((Arc::new(tileset), Vec::new()))
}

/// Reads a tile matrix set.
pub(super) fn grid(data: &Data) -> Reading<Arc<Grid>> {
    let name = data.name();
    let bytes = bytes(data)?;
    let text = str::from_utf8(&bytes).map_err(|error| fault(name, format!("it is not UTF-8: {error}")))?;
    let grid = Grid::parse(text, &source::slug(name)).map_err(|error| {
        let mut faults = fault(name, error.to_string());
        if let InvalidGrid::Document(error) = &error {
            faults[0].place = place(text, error.line(), error.column());
        }
        faults
    })?;
    if Grid::registered(grid.id()).is_some() {
        return Err(fault(name, format!("its id is `{}`, which is that of a registered tile matrix set", grid.id())));
    }
    Ok((Arc::new(grid), Vec::new()))
}

/// Keeps a file as it is.
pub(super) fn file(data: &Data) -> Reading<File> {
    let bytes: Arc<[u8]> = bytes(data)?.into();
    Ok((File { name: data.name().to_owned(), hash: xxh3_128(&bytes), bytes }, Vec::new()))
}

/// Reads a folder of icons.
pub(super) fn icons(folder: &Path, config: &Config) -> Reading<Arc<Icons>> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (icons, faults) = Icons::read(folder).map_err(|error| unreadable(&name, &error))?;
    let remark = |fault: BadFile| Problem {
        file: Path::new(&name).join(fault.name),
        feature: None,
        place: None,
        severity: Severity::File,
        message: fault.message,
    };
    strictly((Arc::new(icons), faults.into_iter().map(remark).collect()), config)
}

/// Keeps a file of fonts.
pub(super) fn font(data: &Data) -> Reading<File> {
    let (file, problems) = file(data)?;
    if Face::read(&file.bytes).is_empty() {
        return Err(fault(&file.name, "it is no TrueType or OpenType font".to_owned()));
    }
    Ok((file, problems))
}

impl Parsed {
    /// Resolves a document.
    pub(super) fn read(id: &str, document: Value) -> Result<(Self, Vec<style::Diagnostic>), style::Error> {
        let (style, diagnostics) = Style::read(document.clone())?;
        let hash = xxh3_128(document.to_string().as_bytes());
        Ok((Self { id: id.to_owned(), document, style, hash, references: Vec::new() }, diagnostics))
    }

    /// The style as it is served, given the hash of the fonts and images that it may draw with.
    pub(super) fn drawn_with(&self, hash: u128) -> Styled {
        Styled {
            id: self.id.clone(),
            document: self.document.clone(),
            style: self.style.clone(),
            drawables: Drawables::default(),
            version: Version(xxh3_128(&[self.hash.to_le_bytes(), hash.to_le_bytes()].concat())),
        }
    }
}

/// Fetches features from an address, which the user named himself.
fn download(url: &str, config: &Config) -> Result<bytes::Bytes, Vec<Problem>> {
    let limits = RemoteLimits {
        bytes: config.limits.fetch_bytes as usize,
        time: config.limits.fetch_time(),
        ..RemoteLimits::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| fault(url, error.to_string()))?;
    match runtime.block_on(async { Remote::new(limits, Reach::Everything).fetch(url).await }) {
        Ok(Some(body)) => Ok(body),
        Ok(None) => Err(fault(url, "there is nothing at this address".to_owned())),
        Err(error) => Err(fault(url, error.to_string())),
    }
}

/// With `strict` whatever has a problem is not served.
fn strictly<T>((value, problems): (T, Vec<Problem>), config: &Config) -> Reading<T> {
    if config.strict && !problems.is_empty() { Err(problems) } else { Ok((value, problems)) }
}

fn bytes(data: &Data) -> Result<Vec<u8>, Vec<Problem>> {
    match data {
        Data::File(path) => fs::read(path).map_err(|error| unreadable(data.name(), &error)),
        Data::Atlas(name) => Ok(atlas::file(name).expect("the listing names files that are built in").into_owned()),
        Data::Stdin | Data::Url(_) => Err(fault(data.name(), "it is no file".to_owned())),
    }
}

fn unreadable(name: &str, error: &io::Error) -> Vec<Problem> {
    fault(name, format!("it cannot be read: {error}"))
}

/// Why a whole file is not served.
fn fault(name: &str, message: String) -> Vec<Problem> {
    let file = PathBuf::from(name);
    vec![Problem { file, feature: None, place: None, severity: Severity::File, message }]
}

/// A place by line and column, both counted from 1.
fn place(text: &str, line: usize, column: usize) -> Option<Place> {
    let before: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    Some(Place { line, column, byte: (before + column.saturating_sub(1)) as u64 })
}

impl From<Position> for Place {
    fn from(at: Position) -> Self {
        Self { line: at.line, column: at.column, byte: at.byte as u64 }
    }
}
