//! Archives of tiles that are served as they are.

use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde_json::Map;
use serde_json::Value as Json;
use xxhash_rust::xxh3::Xxh3;

use super::ArchiveFile;
use crate::store::Version;
use crate::tile::archive::Error;

/// Ready tiles under one id.
#[derive(Debug)]
pub struct Tileset {
    /// The name in URLs, unique among collections and tilesets.
    pub id: String,
    /// The tiles.
    pub archive: ArchiveFile,
    /// A hash of what its file says about itself and of how it looks.
    pub version: Version,
}

/// The member of the metadata that says how large pictures are, as many programs write it beside `TileJSON`.
pub(super) const TILE_SIZE: &str = "tileSize";

impl Tileset {
    /// Opens the archive in a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no archive.
    pub fn open(id: &str, path: &Path) -> Result<Self, Error> {
        let archive = ArchiveFile::open(path)?;
        let version = version(&archive, path)?;
        Ok(Self { id: id.to_owned(), archive, version })
    }

    /// Its name for people, or the id where there is none.
    pub fn title(&self) -> &str {
        self.member("name").unwrap_or(&self.id)
    }

    /// What it is.
    pub fn description(&self) -> Option<&str> {
        self.member("description")
    }

    /// Whom to name.
    pub fn attribution(&self) -> Option<&str> {
        self.member("attribution")
    }

    /// A `TileJSON` document without addresses of tiles.
    pub fn tilejson(&self) -> Map<String, Json> {
        self.archive.about().tilejson()
    }

    /// Pixels a side of its pictures, where it has some.
    pub fn size(&self) -> u64 {
        let said = self.archive.about().members.get(TILE_SIZE).and_then(Json::as_u64);
        said.filter(|size| (64..=4096).contains(size)).unwrap_or(256)
    }

    /// The names of the layers of its vector tiles.
    pub fn layers(&self) -> Vec<&str> {
        let layers = self.archive.about().members.get("vector_layers").and_then(Json::as_array);
        layers.into_iter().flatten().filter_map(|layer| layer.get("id")?.as_str()).collect()
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.archive.about().members.get(name).and_then(Json::as_str).filter(|text| !text.is_empty())
    }
}

fn version(archive: &ArchiveFile, path: &Path) -> io::Result<Version> {
    let file = path.metadata()?;
    let modified = file.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let mut hash = Xxh3::new();
    hash.update(format!("{:?}", archive.about()).as_bytes());
    hash.update(&file.len().to_le_bytes());
    hash.update(&modified.as_nanos().to_le_bytes());
    Ok(Version(hash.digest128()))
}
