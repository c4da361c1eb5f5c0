//! Archives of tiles that styles name.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use serde_json::Map;
use serde_json::Value as Json;

use super::Remote;
use crate::space::TileCoord;
use crate::tile::archive::Error;
use crate::tile::archive::HEAD_BYTES;
use crate::tile::archive::Mbtiles;
use crate::tile::archive::Pmtiles;
use crate::tile::archive::Step;

/// An archive that was opened, from which only what is asked for is read.
#[derive(Debug)]
pub struct Archive {
    remote: Remote,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Pmtiles(Pmtiles, Place),
    Mbtiles(Mbtiles),
}

/// Where the bytes of an archive are.
#[derive(Debug)]
enum Place {
    File(File),
    Url(String),
}

/// Why an archive gives no tile.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Its bytes cannot be had.
    #[error("{0}")]
    Unfetched(String),
    /// Its bytes are not what they should be.
    #[error(transparent)]
    Wrong(#[from] Error),
}

impl Archive {
    /// Whether an address names an archive: `pmtiles://` or `mbtiles://` and the address of a file.
    pub fn is_named(address: &str) -> bool {
        address.starts_with("pmtiles://") || address.starts_with("mbtiles://")
    }

    /// Opens the archive at an address: `pmtiles://` before one of http, https or a file, `mbtiles://` before one of a file.
    ///
    /// # Errors
    /// When it is not there, may not be reached, or is no archive.
    pub async fn open(address: &str, remote: &Remote) -> Result<Self, Unreadable> {
        let unfetched = |error: super::Unfetched| Unreadable::Unfetched(error.to_string());
        if let Some(inner) = address.strip_prefix("mbtiles://") {
            let file = remote.file(inner).map_err(unfetched)?;
            return Ok(Self { remote: remote.clone(), form: Form::Mbtiles(Mbtiles::open(&file)?) });
        }
        let inner = address.strip_prefix("pmtiles://").unwrap_or(address);
        let place = if inner.starts_with("file://") {
            let opened = File::open(remote.file(inner).map_err(unfetched)?);
            Place::File(opened.map_err(|error| Unreadable::Wrong(error.into()))?)
        } else {
            Place::Url(inner.to_owned())
        };
        let mut archive = Pmtiles::open(&place.read(0..HEAD_BYTES, remote).await?)?;
        if let Some(range) = archive.metadata() {
            archive.add_metadata(&place.read(range, remote).await?)?;
        }
        Ok(Self { remote: remote.clone(), form: Form::Pmtiles(archive, place) })
    }

    /// What it says about itself, as a `TileJSON` document without addresses of tiles.
    pub fn tilejson(&self) -> Map<String, Json> {
        match &self.form {
            Form::Pmtiles(archive, _) => archive.about().tilejson(),
            Form::Mbtiles(archive) => archive.about().tilejson(),
        }
    }

    /// A tile, unpacked; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read or unpacked.
    pub async fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, Unreadable> {
        let (archive, place) = match &self.form {
            Form::Mbtiles(archive) => return Ok(archive.tile(coord)?),
            Form::Pmtiles(archive, place) => (archive, place),
        };
        // Directories that were read may be gone again when memory is short, so the way is walked a few times at most.
        for _ in 0..16 {
            match archive.step(coord)? {
                Step::Directory(range) => {
                    let bytes = place.read(range.clone(), &self.remote).await?;
                    archive.add_directory(&range, &bytes)?;
                }
                Step::Tile(range) => {
                    let bytes = place.read(range, &self.remote).await?;
                    return Ok(Some(archive.unpack_tile(&bytes)?));
                }
                Step::Nothing => return Ok(None),
            }
        }
        Err(Unreadable::Wrong(Error::Damaged("its directories lead nowhere")))
    }
}

impl Place {
    /// Reads a part, which is shorter only where the archive ends.
    async fn read(&self, range: Range<u64>, remote: &Remote) -> Result<Vec<u8>, Unreadable> {
        match self {
            Self::File(file) => read_at(file, range).map_err(|error| Unreadable::Wrong(error.into())),
            Self::Url(url) => match remote.fetch_range(url, range).await {
                Ok(Some(bytes)) => Ok(bytes.to_vec()),
                Ok(None) => Err(Unreadable::Unfetched(format!("there is nothing at {url}"))),
                Err(error) => Err(Unreadable::Unfetched(error.to_string())),
            },
        }
    }
}

fn read_at(file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    // No more room is made than the file has bytes, whatever its directories say.
    let end = range.end.min(file.metadata()?.len());
    let mut bytes = vec![0; end.saturating_sub(range.start) as usize];
    file.read_exact_at(&mut bytes, range.start)?;
    Ok(bytes)
}
