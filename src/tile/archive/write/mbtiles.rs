//! `MBTiles` 1.3: tiles of the same bytes are kept once, in the two tables that other programs write too.

use std::fs::File;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value as Json;
use serde_json::json;

use super::Description;
use super::Sizes;
use super::Spool;
use super::Unwritable;
use crate::tile::archive::tile_at;

const TABLES: &str = "
    PRAGMA page_size = 4096;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -65536;
    PRAGMA application_id = 0x4d504258;
    BEGIN;
    CREATE TABLE metadata (name TEXT NOT NULL PRIMARY KEY, value TEXT) WITHOUT ROWID;
    CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB NOT NULL);
    CREATE TABLE map (zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL,
        tile_id INTEGER NOT NULL, PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID;
    CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data FROM map JOIN images USING (tile_id);";

/// Writes an archive and returns its length in bytes.
pub(super) fn write(spool: &Spool, description: &Description, sizes: &Sizes, path: &Path) -> Result<u64, Unwritable> {
    let failed = Unwritable::in_database(path);
    let part = spool.part();
    let mut tiles = BufReader::with_capacity(1 << 20, File::open(&part).map_err(Unwritable::at(&part))?);
    let database = Connection::open(path).map_err(&failed)?;
    database.execute_batch(TABLES).map_err(&failed)?;
    for (name, value) in metadata(description, sizes) {
        database.execute("INSERT INTO metadata VALUES (?1, ?2)", (name, value)).map_err(&failed)?;
    }
    {
        let mut image = database.prepare("INSERT INTO images VALUES (?1, ?2)").map_err(&failed)?;
        let mut place = database.prepare("INSERT INTO map VALUES (?1, ?2, ?3, ?4)").map_err(&failed)?;
        let (mut end, mut bytes) = (0, Vec::new());
        for tile in spool.tiles()? {
            // A content goes by where it begins.
            let id = tile.offset as i64;
            if tile.offset == end {
                bytes.resize(tile.length as usize, 0);
                tiles.read_exact(&mut bytes).map_err(Unwritable::at(&part))?;
                image.execute((id, &bytes)).map_err(&failed)?;
                end += u64::from(tile.length);
            }
            let (zoom, column, row) = tile_at(tile.number).ok_or_else(|| Unwritable::Damaged(part.clone()))?;
            // Rows are counted from the south.
            let row = (1_u64 << zoom) - 1 - u64::from(row);
            place.execute((zoom, column, row as i64, id)).map_err(&failed)?;
        }
    }
    database.execute_batch("COMMIT;").map_err(&failed)?;
    database.close().map_err(|(_, error)| failed(error))?;
    let file = File::open(path).map_err(Unwritable::at(path))?;
    file.sync_all().and_then(|()| Ok(file.metadata()?.len())).map_err(Unwritable::at(path))
}

fn metadata(description: &Description, sizes: &Sizes) -> Vec<(String, String)> {
    let numbers = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    let zoom = |zooms: Option<&super::ZoomSizes>| zooms.map_or(0, |zoom| zoom.zoom).to_string();
    let mut rows = vec![
        ("format".to_owned(), description.format.ending().to_owned()),
        ("bounds".to_owned(), numbers(&description.bounds)),
        ("center".to_owned(), numbers(&description.center)),
        ("minzoom".to_owned(), zoom(sizes.zooms.first())),
        ("maxzoom".to_owned(), zoom(sizes.zooms.last())),
    ];
    for (name, value) in &description.members {
        match value {
            Json::String(text) => rows.push((name.clone(), text.clone())),
            Json::Array(_) if name == "vector_layers" && description.format.is_vector() => {
                rows.push(("json".to_owned(), json!({ "vector_layers": value }).to_string()));
            }
            other => rows.push((name.clone(), other.to_string())),
        }
    }
    rows
}
