//! `PMTiles`, version 3: <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>.

use std::ops::Range;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde_json::Map;
use serde_json::Value as Json;

use super::About;
use super::Content;
use super::Error;
use super::about::sensible;
use super::directory::Directory;
use super::hilbert::tile_number;
use super::unpack::packing;
use super::unpack::unpack;
use crate::space::TileCoord;
use crate::tile::Encoding;

/// The head of an archive and its directories. Whoever has the bytes hands over those that are asked for, from a file or
/// from a host, so that nothing here waits.
#[derive(Debug)]
pub struct Pmtiles {
    about: About,
    root: Arc<Directory>,
    metadata: Range<u64>,
    leaves_at: u64,
    tiles_at: u64,
    directories_packed: Encoding,
    tiles_packed: Encoding,
    leaves: Cache<u64, Arc<Directory>, Weight>,
}

/// What is to be read next on the way to a tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A directory, whose bytes are to be handed to [`Pmtiles::add_directory`].
    Directory(Range<u64>),
    /// The tile, whose bytes are to be handed to [`Pmtiles::unpack_tile`].
    Tile(Range<u64>),
    /// There is no such tile.
    Nothing,
}

/// So many bytes at the start hold the header and the root directory.
pub const HEAD_BYTES: u64 = 16_384;

/// Bytes of the header.
pub(super) const HEADER: usize = 127;

/// Most bytes of a directory or of the metadata, and of a tile, unpacked.
const MOST_DIRECTORY: u64 = 16 << 20;
const MOST_TILE: u64 = 64 << 20;

/// Most bytes of directories that are kept.
const KEPT: u64 = 64 << 20;

/// Directories on the way to a tile, at most.
const MOST_STEPS: usize = 4;

#[derive(Clone, Copy, Debug)]
struct Weight;

impl Weighter<u64, Arc<Directory>> for Weight {
    fn weight(&self, _: &u64, directory: &Arc<Directory>) -> u64 {
        directory.bytes() as u64
    }
}

impl Pmtiles {
    /// Reads the first [`HEAD_BYTES`] of an archive, or all of a shorter one.
    ///
    /// # Errors
    /// When they are not those of an archive of version 3.
    pub fn open(head: &[u8]) -> Result<Self, Error> {
        let header = head.get(..HEADER).ok_or(Error::Format("it is too short"))?;
        if &header[..7] != b"PMTiles" || header[7] != 3 {
            return Err(Error::Format("it does not begin like PMTiles of version 3"));
        }
        let long = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight bytes are eight bytes"));
        let range = |at: usize| -> Result<Range<u64>, Error> {
            let (start, length) = (long(at), long(at + 8));
            Ok(start..start.checked_add(length).ok_or(Error::Damaged("a part lies beyond all files"))?)
        };
        let degrees = |at: usize| {
            f64::from(i32::from_le_bytes(header[at..at + 4].try_into().expect("four bytes are four bytes"))) / 1e7
        };
        let root = range(8)?;
        let root = head.get(root.start as usize..root.end as usize);
        let root = root.ok_or(Error::Damaged("its root directory does not lie at its start"))?;
        let directories_packed = packing(header[97])?;
        let about = About {
            content: match header[99] {
                1 => Content::Mvt,
                2..=5 => Content::Picture,
                6 => Content::Mlt,
                _ => Content::Unknown,
            },
            ending: ["", "pbf", "png", "jpg", "webp", "avif", "mlt"]
                .get(usize::from(header[99]))
                .copied()
                .unwrap_or_default(),
            minzoom: header[100].min(30),
            maxzoom: header[101].min(30),
            bounds: sensible([degrees(102), degrees(106), degrees(110), degrees(114)]),
            center: Some([degrees(119), degrees(123), f64::from(header[118])]),
            members: Map::new(),
        };
        Ok(Self {
            about,
            root: Arc::new(Directory::decode(&unpack(directories_packed, root, MOST_DIRECTORY)?)?),
            metadata: range(24)?,
            leaves_at: long(40),
            tiles_at: long(56),
            directories_packed,
            tiles_packed: packing(header[98])?,
            leaves: Cache::with_weighter(64, KEPT, Weight),
        })
    }

    /// What it says about itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Where its metadata are, whose bytes are to be handed to [`add_metadata`](Self::add_metadata); `None` without any.
    pub fn metadata(&self) -> Option<Range<u64>> {
        let length = self.metadata.end - self.metadata.start;
        (1..=MOST_DIRECTORY).contains(&length).then(|| self.metadata.clone())
    }

    /// Takes what the metadata say.
    ///
    /// # Errors
    /// When they are no JSON object.
    pub fn add_metadata(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let text = unpack(self.directories_packed, bytes, MOST_DIRECTORY)?;
        let members: Map<String, Json> =
            serde_json::from_slice(&text).map_err(|_| Error::Damaged("its metadata are no JSON object"))?;
        self.about.members = members;
        Ok(())
    }

    /// What is to be read to find a tile. Each directory that is asked for is to be added, and the question asked again.
    ///
    /// # Errors
    /// When a tile or directory is too large.
    pub fn step(&self, coord: TileCoord) -> Result<Step, Error> {
        let tile = tile_number(coord);
        let mut directory = Arc::clone(&self.root);
        for _ in 0..MOST_STEPS {
            let Some(entry) = directory.find(tile) else { return Ok(Step::Nothing) };
            let most = if entry.run == 0 { MOST_DIRECTORY } else { MOST_TILE };
            if u64::from(entry.length) > most {
                return Err(Error::TooLarge(most));
            }
            let base = if entry.run == 0 { self.leaves_at } else { self.tiles_at };
            let start = base.checked_add(entry.offset).ok_or(Error::Damaged("a tile lies beyond all files"))?;
            let range = start..start.saturating_add(u64::from(entry.length));
            if entry.run > 0 {
                return Ok(if entry.length == 0 { Step::Nothing } else { Step::Tile(range) });
            }
            directory = match self.leaves.get(&start) {
                Some(leaf) => leaf,
                None => return Ok(Step::Directory(range)),
            };
        }
        Err(Error::Damaged("its directories lead to each other"))
    }

    /// The directory at its start.
    pub(super) fn root(&self) -> &Directory {
        &self.root
    }

    /// Where leaf directories begin.
    pub(super) fn leaves_at(&self) -> u64 {
        self.leaves_at
    }

    /// Where tiles begin.
    pub(super) fn tiles_at(&self) -> u64 {
        self.tiles_at
    }

    /// A directory, unpacked.
    pub(super) fn directory(&self, bytes: &[u8]) -> Result<Directory, Error> {
        Directory::decode(&unpack(self.directories_packed, bytes, MOST_DIRECTORY)?)
    }

    /// Takes a directory that was asked for.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn add_directory(&self, range: &Range<u64>, bytes: &[u8]) -> Result<(), Error> {
        let directory = self.directory(bytes)?;
        if directory.bytes() as u64 > KEPT / 64 {
            return Err(Error::TooLarge(KEPT / 64));
        }
        self.leaves.insert(range.start, Arc::new(directory));
        Ok(())
    }

    /// A tile as it was before it was packed.
    ///
    /// # Errors
    /// When it cannot be unpacked or is too large.
    pub fn unpack_tile(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        unpack(self.tiles_packed, bytes, MOST_TILE)
    }
}
