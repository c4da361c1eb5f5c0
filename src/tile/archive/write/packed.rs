//! All tiles of an archive, as they are packed.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::vec;

use super::Description;
use super::Format;
use crate::tile::archive::Error;
use crate::tile::archive::directory::Entry;
use crate::tile::archive::pmtiles::HEAD_BYTES;
use crate::tile::archive::pmtiles::Pmtiles;

/// The tiles of a `PMTiles` file in the order of their numbers, a directory at a time in memory.
#[derive(Debug)]
pub struct PackedTiles {
    file: File,
    archive: Pmtiles,
    description: Description,
    /// Entries that are still to come, of the root and of leaves below it.
    levels: Vec<vec::IntoIter<Entry>>,
    run: Option<Entry>,
}

/// Where the bytes of a tile are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TilePlace {
    offset: u64,
    length: u32,
}

/// Directories within directories, at most.
const DEEPEST: usize = 4;

impl PackedTiles {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no archive of tiles that are written here.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path)?;
        let mut head = vec![0; HEAD_BYTES.min(file.metadata()?.len()) as usize];
        file.read_exact_at(&mut head, 0)?;
        let mut archive = Pmtiles::open(&head)?;
        if let Some(range) = archive.metadata() {
            archive.add_metadata(&read(&file, range.start, range.end - range.start)?)?;
        }
        let format = Format::of_number(head[99]).ok_or(Error::Format("its tiles are of an unknown kind"))?;
        let about = archive.about();
        let description = Description {
            format,
            bounds: about.bounds.ok_or(Error::Damaged("its bounds are no box"))?,
            center: about.center.unwrap_or_default(),
            members: about.members.clone(),
        };
        let levels = vec![archive.root().entries().to_vec().into_iter()];
        Ok(Self { file, archive, description, levels, run: None })
    }

    /// What it says about itself.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The next tile: its number, and where its bytes are.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn next_tile(&mut self) -> Result<Option<(u64, TilePlace)>, Error> {
        loop {
            if let Some(entry) = self.run.take().filter(|entry| entry.run > 0) {
                self.run = Some(Entry { first: entry.first + 1, run: entry.run - 1, ..entry });
                return Ok(Some((entry.first, TilePlace { offset: entry.offset, length: entry.length })));
            }
            let Some(entries) = self.levels.last_mut() else { return Ok(None) };
            let Some(entry) = entries.next() else {
                self.levels.pop();
                continue;
            };
            if entry.run > 0 {
                self.run = Some(entry);
                continue;
            }
            if self.levels.len() == DEEPEST {
                return Err(Error::Damaged("its directories lead to each other"));
            }
            let bytes = read(&self.file, self.archive.leaves_at() + entry.offset, u64::from(entry.length))?;
            self.levels.push(self.archive.directory(&bytes)?.entries().to_vec().into_iter());
        }
    }

    /// The bytes of a tile, as they are packed.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn bytes(&self, place: &TilePlace) -> Result<Vec<u8>, Error> {
        read(&self.file, self.archive.tiles_at() + place.offset, u64::from(place.length))
    }
}

fn read(file: &File, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
    // No more room is made than the file has bytes.
    if offset.saturating_add(length) > file.metadata()?.len() {
        return Err(Error::Damaged("it is cut off"));
    }
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, offset)?;
    Ok(bytes)
}
