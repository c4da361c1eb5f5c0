//! `MBTiles` 1.3: a database of tiles (<https://github.com/mapbox/mbtiles-spec/blob/master/1.3/spec.md>).

use std::fmt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::OptionalExtension;
use rusqlite::limits::Limit;
use serde_json::Map;
use serde_json::Value as Json;

use super::About;
use super::Content;
use super::Error;
use super::about::sensible;
use super::unpack::unpack;
use crate::space::TileCoord;
use crate::tile::Encoding;

/// An open archive. Several threads may ask at once, each with a connection of its own.
pub struct Mbtiles {
    file: PathBuf,
    about: About,
    idle: Mutex<Vec<Reader>>,
}

struct Reader {
    connection: Connection,
    /// How far the query under way has come.
    steps: Arc<AtomicU32>,
}

/// Most bytes of a tile, packed and unpacked.
const MOST_TILE: u64 = 64 << 20;

/// Most members of the metadata.
const MOST_MEMBERS: usize = 256;

/// A query that takes more than this many thousand steps of `SQLite` is given up: a tile is found by an index.
const MOST_STEPS: u32 = 2000;

/// Connections that are kept when nobody asks.
const MOST_IDLE: usize = 16;

impl Mbtiles {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no database of tiles.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let reader = Reader::open(file)?;
        let about = reader.about()?;
        Ok(Self { file: file.to_owned(), about, idle: Mutex::new(vec![reader]) })
    }

    /// What it says about itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// A tile, unpacked; `None` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read, or the tile not be unpacked.
    pub fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = idle.map_or_else(|| Reader::open(&self.file), Ok)?;
        let found = reader.tile(coord);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(reader);
        }
        found
    }
}

impl fmt::Debug for Mbtiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mbtiles").field("file", &self.file).field("about", &self.about).finish_non_exhaustive()
    }
}

impl Reader {
    fn open(file: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(file, flags)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MOST_TILE as i32)?;
        // What the file's own views and triggers may do is to read.
        connection.pragma_update(None, "trusted_schema", false)?;
        let steps = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&steps);
        connection.progress_handler(1000, Some(move || counted.fetch_add(1, Ordering::Relaxed) > MOST_STEPS))?;
        Ok(Self { connection, steps })
    }

    fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, Error> {
        self.steps.store(0, Ordering::Relaxed);
        let query = "SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3";
        let mut query = self.connection.prepare_cached(query)?;
        // Rows are counted from the south.
        let row = (1_u64 << coord.level()) - 1 - u64::from(coord.row());
        let found = query.query_row((coord.level(), coord.column(), row as i64), |found| {
            let bytes = found.get_ref(0)?.as_blob_or_null()?;
            Ok(bytes.map(<[u8]>::to_vec))
        });
        match found.optional()?.flatten() {
            Some(bytes) if bytes.starts_with(&[0x1f, 0x8b]) => unpack(Encoding::Gzip, &bytes, MOST_TILE).map(Some),
            found => Ok(found),
        }
    }

    fn about(&self) -> Result<About, Error> {
        let mut members = Map::new();
        let mut query = self.connection.prepare("SELECT name, value FROM metadata")?;
        let mut rows = query.query(())?;
        while let Some(row) = rows.next()? {
            // A value that is no text says nothing.
            if let (Ok(name), Ok(value)) = (row.get::<_, String>(0), row.get::<_, String>(1))
                && members.len() < MOST_MEMBERS
            {
                members.insert(name, Json::String(value));
            }
        }
        let text = |name: &str| members.get(name).and_then(Json::as_str);
        let numbers = |name: &str| -> Option<Vec<f64>> {
            text(name)?.split(',').map(|number| number.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect()
        };
        let zoom = |name: &str, otherwise: &str| -> Result<u8, Error> {
            if let Some(zoom) = text(name).and_then(|text| text.trim().parse::<u8>().ok()) {
                return Ok(zoom.min(30));
            }
            let query = format!("SELECT {otherwise}(zoom_level) FROM tiles");
            let found: Option<i64> = self.connection.query_row(&query, (), |row| row.get(0))?;
            Ok(found.unwrap_or(0).clamp(0, 30) as u8)
        };
        let content = match text("format") {
            Some("pbf" | "mvt") => Content::Mvt,
            Some("mlt") => Content::Mlt,
            Some("png" | "jpg" | "jpeg" | "webp" | "avif") => Content::Picture,
            _ => Content::Unknown,
        };
        let ending = match text("format") {
            Some("pbf" | "mvt") => "pbf",
            Some("mlt") => "mlt",
            Some("png") => "png",
            Some("jpg" | "jpeg") => "jpg",
            Some("webp") => "webp",
            Some("avif") => "avif",
            _ => "",
        };
        let (minzoom, maxzoom) = (zoom("minzoom", "min")?, zoom("maxzoom", "max")?);
        let bounds = numbers("bounds").and_then(|numbers| numbers.try_into().ok()).and_then(sensible);
        let center = numbers("center").and_then(|numbers| numbers.try_into().ok());
        let inner = text("json").and_then(|text| serde_json::from_str::<Map<String, Json>>(text).ok());
        let mut told = Map::new();
        for name in ["name", "description", "attribution", "version"] {
            told.extend(members.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        let size = text("tileSize").and_then(|text| text.parse::<u32>().ok());
        told.extend(size.map(|size| ("tileSize".to_owned(), Json::from(size))));
        told.extend(inner.into_iter().flatten().filter(|(name, _)| name == "vector_layers"));
        Ok(About { content, ending, minzoom, maxzoom, bounds, center, members: told })
    }
}
