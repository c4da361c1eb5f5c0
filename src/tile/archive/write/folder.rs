//! A file for each tile: `{z}/{x}/{y}.pbf`, as any server of files can give them out.

use std::fs;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::json;

use super::Description;
use super::Format;
use super::Sizes;
use super::Spool;
use super::Unwritable;
use crate::tile::archive::tile_at;

/// Writes the files and returns the bytes of all of them. Vector tiles are unpacked: who gives out files does not say that
/// they are packed.
pub(super) fn write(spool: &Spool, description: &Description, sizes: &Sizes, path: &Path) -> Result<u64, Unwritable> {
    let part = spool.part();
    let tiles = File::open(&part).map_err(Unwritable::at(&part))?;
    let ending = description.format.ending();
    let (mut folder, mut total) = (PathBuf::new(), 0);
    fs::create_dir(path).map_err(Unwritable::at(path))?;
    for tile in spool.tiles()? {
        let (zoom, column, row) = tile_at(tile.number).ok_or_else(|| Unwritable::Damaged(part.clone()))?;
        let mut bytes = vec![0; tile.length as usize];
        tiles.read_exact_at(&mut bytes, tile.offset).map_err(Unwritable::at(&part))?;
        if description.format.is_vector() {
            let mut body = Vec::with_capacity(bytes.len() * 3);
            let unpacked = GzDecoder::new(&bytes[..]).read_to_end(&mut body);
            unpacked.map_err(|_| Unwritable::Damaged(part.clone()))?;
            bytes = body;
        }
        let own = path.join(zoom.to_string()).join(column.to_string());
        if own != folder {
            fs::create_dir_all(&own).map_err(Unwritable::at(&own))?;
            folder = own;
        }
        let file = folder.join(format!("{row}.{ending}"));
        fs::write(&file, &bytes).map_err(Unwritable::at(&file))?;
        total += bytes.len() as u64;
    }
    let mut document = description.members.clone();
    document.insert("tilejson".to_owned(), json!("3.0.0"));
    if description.format == Format::Mlt {
        document.insert("encoding".to_owned(), json!("mlt"));
    }
    document.insert("tiles".to_owned(), json!([format!("{{z}}/{{x}}/{{y}}.{ending}")]));
    document.insert("bounds".to_owned(), json!(description.bounds));
    document.insert("center".to_owned(), json!(description.center));
    document.insert("minzoom".to_owned(), json!(sizes.zooms.first().map_or(0, |zoom| zoom.zoom)));
    document.insert("maxzoom".to_owned(), json!(sizes.zooms.last().map_or(0, |zoom| zoom.zoom)));
    let text = json!(document).to_string();
    let file = path.join("tiles.json");
    fs::write(&file, &text).map_err(Unwritable::at(&file))?;
    Ok(total + text.len() as u64)
}
