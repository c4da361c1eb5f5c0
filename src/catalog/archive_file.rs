//! Archives of tiles in files.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::space::TileCoord;
use crate::tile::archive::About;
use crate::tile::archive::Error;
use crate::tile::archive::HEAD_BYTES;
use crate::tile::archive::Mbtiles;
use crate::tile::archive::Pmtiles;
use crate::tile::archive::Step;

/// An archive in a file, from which only what is asked for is read.
#[derive(Debug)]
pub struct ArchiveFile(Form);

#[derive(Debug)]
enum Form {
    Pmtiles(Pmtiles, File),
    Mbtiles(Mbtiles),
}

/// Endings of the names of archives.
pub(super) const ENDINGS: [&str; 2] = ["pmtiles", "mbtiles"];

impl ArchiveFile {
    /// Opens a file; its name says of which kind it is.
    ///
    /// # Errors
    /// When it cannot be read, or is no archive.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let is_database = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("mbtiles"));
        if is_database { Self::mbtiles(path) } else { Self::pmtiles(path) }
    }

    /// Whether a file is one, by its name.
    pub(super) fn is_named(path: &Path) -> bool {
        path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
    }

    pub(super) fn pmtiles(path: &Path) -> Result<Self, Error> {
        let file = File::open(path)?;
        let mut archive = Pmtiles::open(&read_at(&file, 0..HEAD_BYTES)?)?;
        if let Some(range) = archive.metadata() {
            archive.add_metadata(&read_at(&file, range)?)?;
        }
        Ok(Self(Form::Pmtiles(archive, file)))
    }

    pub(super) fn mbtiles(path: &Path) -> Result<Self, Error> {
        Ok(Self(Form::Mbtiles(Mbtiles::open(path)?)))
    }

    /// What it says about itself.
    pub fn about(&self) -> &About {
        match &self.0 {
            Form::Pmtiles(archive, _) => archive.about(),
            Form::Mbtiles(archive) => archive.about(),
        }
    }

    /// A tile, unpacked; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read or unpacked.
    pub fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, Error> {
        let (archive, file) = match &self.0 {
            Form::Mbtiles(archive) => return archive.tile(coord),
            Form::Pmtiles(archive, file) => (archive, file),
        };
        // Directories that were read may be gone again when memory is short, so the way is walked a few times at most.
        for _ in 0..16 {
            match archive.step(coord)? {
                Step::Directory(range) => archive.add_directory(&range, &read_at(file, range.clone())?)?,
                Step::Tile(range) => return Ok(Some(archive.unpack_tile(&read_at(file, range)?)?)),
                Step::Nothing => return Ok(None),
            }
        }
        Err(Error::Damaged("its directories lead nowhere"))
    }
}

/// Reads a part, which is shorter only where the file ends.
fn read_at(file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    // No more room is made than the file has bytes, whatever its directories say.
    let end = range.end.min(file.metadata()?.len());
    let mut bytes = vec![0; end.saturating_sub(range.start) as usize];
    file.read_exact_at(&mut bytes, range.start)?;
    Ok(bytes)
}
