//! Archives of tiles that styles name.

use std::ops::Range;

use serde_json::Map;
use serde_json::Value as Json;

use super::ArchiveFile;
use super::Remote;
use crate::space::TileCoord;
use crate::tile::archive::Error;
use crate::tile::archive::HEAD_BYTES;
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
    File(ArchiveFile),
    /// One of a host, of which parts are asked for.
    Url(Pmtiles, String),
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
        let in_file = |form: Form| Self { remote: remote.clone(), form };
        if let Some(inner) = address.strip_prefix("mbtiles://") {
            return Ok(in_file(Form::File(ArchiveFile::mbtiles(&remote.file(inner).map_err(unfetched)?)?)));
        }
        let inner = address.strip_prefix("pmtiles://").unwrap_or(address);
        if inner.starts_with("file://") {
            return Ok(in_file(Form::File(ArchiveFile::pmtiles(&remote.file(inner).map_err(unfetched)?)?)));
        }
        let mut archive = Pmtiles::open(&fetch(inner, 0..HEAD_BYTES, remote).await?)?;
        if let Some(range) = archive.metadata() {
            archive.add_metadata(&fetch(inner, range, remote).await?)?;
        }
        Ok(Self { remote: remote.clone(), form: Form::Url(archive, inner.to_owned()) })
    }

    /// Whether its bytes come from another host.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.form, Form::Url(..))
    }

    /// What it says about itself, as a `TileJSON` document without addresses of tiles.
    pub fn tilejson(&self) -> Map<String, Json> {
        match &self.form {
            Form::File(archive) => archive.about().tilejson(),
            Form::Url(archive, _) => archive.about().tilejson(),
        }
    }

    /// A tile, unpacked; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read or unpacked.
    pub async fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, Unreadable> {
        let (archive, url) = match &self.form {
            Form::File(archive) => return Ok(archive.tile(coord)?),
            Form::Url(archive, url) => (archive, url),
        };
        // Directories that were read may be gone again when memory is short, so the way is walked a few times at most.
        for _ in 0..16 {
            match archive.step(coord)? {
                Step::Directory(range) => {
                    let bytes = fetch(url, range.clone(), &self.remote).await?;
                    archive.add_directory(&range, &bytes)?;
                }
                Step::Tile(range) => {
                    let bytes = fetch(url, range, &self.remote).await?;
                    return Ok(Some(archive.unpack_tile(&bytes)?));
                }
                Step::Nothing => return Ok(None),
            }
        }
        Err(Unreadable::Wrong(Error::Damaged("its directories lead nowhere")))
    }
}

/// Fetches a part, which is shorter only where the archive ends.
async fn fetch(url: &str, range: Range<u64>, remote: &Remote) -> Result<Vec<u8>, Unreadable> {
    match remote.fetch_range(url, range).await {
        Ok(Some(bytes)) => Ok(bytes.to_vec()),
        Ok(None) => Err(Unreadable::Unfetched(format!("there is nothing at {url}"))),
        Err(error) => Err(Unreadable::Unfetched(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering;

    use tokio::io::AsyncReadExt;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;
    use crate::catalog::Reach;
    use crate::catalog::RemoteLimits;
    use crate::space::Grid;
    use crate::tile::archive::sample;

    fn coord(level: u8, column: u32, row: u32) -> TileCoord {
        Grid::web_mercator_quad().tile(level, column, row).unwrap()
    }

    async fn holds_its_tiles(archive: &Archive) {
        assert_eq!(archive.tilejson()["name"], "quarters");
        assert_eq!(archive.tile(coord(0, 0, 0)).await.unwrap().as_deref(), Some(&b"world"[..]));
        assert_eq!(archive.tile(coord(1, 1, 0)).await.unwrap().as_deref(), Some(&b"quarter"[..]));
        assert_eq!(archive.tile(coord(1, 1, 1)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn an_archive_in_a_file_is_read_in_parts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.pmtiles");
        std::fs::write(&file, sample::pmtiles()).unwrap();
        let address = format!("pmtiles://file://{}", file.display());
        let remote = Remote::new(RemoteLimits::default(), Reach::Everything);
        holds_its_tiles(&Archive::open(&address, &remote).await.unwrap()).await;
        let closed = Reach::Public { networks: Vec::new(), folders: Vec::new() };
        let closed = Remote::new(RemoteLimits::default(), closed);
        assert!(matches!(Archive::open(&address, &closed).await, Err(Unreadable::Unfetched(_))));
    }

    #[tokio::test]
    async fn an_archive_of_a_host_is_asked_for_parts() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        tokio::spawn(async move {
            let file = sample::pmtiles();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = vec![0; 4096];
                let length = stream.read(&mut head).await.unwrap();
                let head = String::from_utf8_lossy(&head[..length]).to_lowercase();
                let range = head.split("range: bytes=").nth(1).unwrap().split_whitespace().next().unwrap();
                let (start, end) = range.split_once('-').unwrap();
                let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
                let part = &file[start..(end + 1).min(file.len())];
                let head = format!(
                    "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{end}/{}\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n",
                    file.len(),
                    part.len()
                );
                counted.fetch_add(1, Ordering::SeqCst);
                stream.write_all(&[head.as_bytes(), part].concat()).await.unwrap();
            }
        });
        let remote = Remote::new(RemoteLimits::default(), Reach::Everything);
        let archive = Archive::open(&format!("pmtiles://http://{address}/a.pmtiles"), &remote).await.unwrap();
        holds_its_tiles(&archive).await;
        let before = asked.load(Ordering::SeqCst);
        holds_its_tiles(&archive).await;
        assert_eq!((before, asked.load(Ordering::SeqCst)), (5, 5), "head, metadata, leaf and two tiles, each once");
    }
}
