//! `PMTiles` 3: header, root directory, metadata, leaf directories, tiles.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;

use serde_json::json;

use super::Description;
use super::Sizes;
use super::Spool;
use super::Unwritable;
use crate::tile::archive::directory::Directory;
use crate::tile::archive::directory::Entry;
use crate::tile::archive::pmtiles::HEAD_BYTES;
use crate::tile::archive::pmtiles::HEADER;
use crate::tile::gzip;

/// How well directories and metadata are packed, from 0 to 12: they are few bytes and are read often.
const LEVEL: i32 = 9;

/// Entries of a directory that stands alone, at most; beyond, clients would read much to find little.
const ALONE: usize = 16_384;

/// Entries of a leaf directory, where the root has room for all leaves.
const LEAF: usize = 4096;

/// Directories that are ready to be written.
struct Directories {
    root: Vec<u8>,
    leaves: File,
    leaf_bytes: u64,
    entries: u64,
}

/// Writes an archive and returns its length in bytes.
pub(super) fn write(spool: &Spool, description: &Description, sizes: &Sizes, path: &Path) -> Result<u64, Unwritable> {
    let mut directories = directories(spool, path)?;
    let metadata = gzip(json!(description.members).to_string().as_bytes(), LEVEL);
    let failed = Unwritable::at(path);
    let mut file = File::create(path).map_err(&failed)?;
    let part = spool.part();
    let mut tiles = File::open(&part).map_err(Unwritable::at(&part))?;
    let tile_bytes = tiles.metadata().map_err(Unwritable::at(&part))?.len();
    let lengths = [directories.root.len() as u64, metadata.len() as u64, directories.leaf_bytes, tile_bytes];
    let header = header(lengths, directories.entries, description, sizes);
    let mut write = || -> io::Result<u64> {
        file.write_all(&[&header[..], &directories.root, &metadata].concat())?;
        directories.leaves.seek(SeekFrom::Start(0))?;
        io::copy(&mut directories.leaves, &mut file)?;
        io::copy(&mut tiles, &mut file)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    };
    write().map_err(failed)
}

/// The directories of a spool: the root alone, or a root of leaves, which are made larger until the root has room for all.
fn directories(spool: &Spool, path: &Path) -> Result<Directories, Unwritable> {
    let room = HEAD_BYTES as usize - HEADER;
    let first: Vec<Entry> = spool.entries()?.take(ALONE + 1).collect();
    let leaves = anonymous(path).map_err(Unwritable::at(path))?;
    if first.len() <= ALONE {
        let root = gzip(&Directory::encode(&first), LEVEL);
        if root.len() <= room {
            return Ok(Directories { root, leaves, leaf_bytes: 0, entries: first.len() as u64 });
        }
    }
    drop(first);
    let mut size = LEAF;
    loop {
        let (root, leaf_bytes, entries) = leaves_of(spool, size, &leaves, path)?;
        let root = gzip(&Directory::encode(&root), LEVEL);
        if root.len() <= room {
            return Ok(Directories { root, leaves, leaf_bytes, entries });
        }
        size *= 2;
    }
}

/// Writes leaves of so many entries, and returns the entries of the root, bytes of all leaves and number of their entries.
fn leaves_of(spool: &Spool, size: usize, mut file: &File, path: &Path) -> Result<(Vec<Entry>, u64, u64), Unwritable> {
    let failed = Unwritable::at(path);
    file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).map_err(&failed)?;
    let (mut root, mut offset, mut count) = (Vec::new(), 0, 0);
    let mut entries = spool.entries()?;
    loop {
        let leaf: Vec<Entry> = entries.by_ref().take(size).collect();
        let Some(first) = leaf.first() else { return Ok((root, offset, count)) };
        let packed = gzip(&Directory::encode(&leaf), LEVEL);
        root.push(Entry { first: first.first, offset, length: packed.len() as u32, run: 0 });
        file.write_all(&packed).map_err(&failed)?;
        offset += packed.len() as u64;
        count += leaf.len() as u64;
    }
}

/// A file without a name, which is gone with the process.
fn anonymous(beside: &Path) -> io::Result<File> {
    let path = beside.with_extension("leaves");
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

/// The header (`PMTiles` 3, 3), given the lengths of root, metadata, leaves and tiles.
fn header(lengths: [u64; 4], entries: u64, description: &Description, sizes: &Sizes) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let mut rest = &mut header[..];
    let mut put = |bytes: &[u8]| rest.write_all(bytes).expect("the header has room for all of its fields");
    put(b"PMTiles\x03");
    let mut at = HEADER as u64;
    for length in lengths {
        put(&at.to_le_bytes());
        put(&length.to_le_bytes());
        at += length;
    }
    for count in [sizes.tiles(), entries, sizes.contents()] {
        put(&count.to_le_bytes());
    }
    // Clustered: tiles lie in the order of their numbers. Packed by gzip (2), or, pictures, not at all (1).
    let packed = if description.format.is_vector() { 2 } else { 1 };
    let zoom = |zooms: Option<&super::ZoomSizes>| zooms.map_or(0, |zoom| zoom.zoom);
    let [lowest, highest] = [zoom(sizes.zooms.first()), zoom(sizes.zooms.last())];
    put(&[1, 2, packed, description.format.number(), lowest, highest]);
    let put_degrees = |put: &mut dyn FnMut(&[u8]), degrees: f64| put(&((degrees * 1e7).round() as i32).to_le_bytes());
    description.bounds.iter().for_each(|&degrees| put_degrees(&mut put, degrees));
    put(&[(description.center[2] as u8).clamp(lowest, highest)]);
    description.center[..2].iter().for_each(|&degrees| put_degrees(&mut put, degrees));
    header
}
