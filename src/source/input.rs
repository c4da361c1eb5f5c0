//! Where text is read, once or several times.

use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::Place;
use super::report::Places;
use super::unpack::Packing;
use super::unpack::Unreadable;
use super::unpack::read_archive;

/// A text that can be read again.
pub(super) enum Input<'a> {
    /// In memory.
    Bytes(Vec<u8>),
    Text(&'a str),
    /// In a file that is read while it is needed, and how it is packed.
    File(&'a Path, Packing),
}

impl<'a> Input<'a> {
    /// The text of a file of at most so many bytes.
    pub(super) fn open(path: &'a Path, limit: u64) -> Result<Self, Unreadable> {
        let failed = |error: io::Error| Unreadable::new(format!("it cannot be opened: {error}"));
        let mut file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            return Err(Unreadable::new("it is a folder".to_owned()));
        }
        if about.len() > limit {
            return Err(Unreadable::new(format!("it holds more than {limit} bytes, which is the limit")));
        }
        let mut first = Vec::new();
        (&mut file).take(4).read_to_end(&mut first).map_err(failed)?;
        match Packing::of(&first)? {
            // What cannot be returned to is read at once.
            _ if !about.is_file() => {
                let mut bytes = first;
                file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
                super::unpack::read_all(bytes.as_slice(), bytes.len() as u64, limit).map(Self::Bytes)
            }
            Packing::Zip => {
                file.rewind().map_err(failed)?;
                read_archive(file, limit).map(Self::Bytes)
            }
            packing => Ok(Self::File(path, packing)),
        }
    }

    /// The text from its start.
    pub(super) fn read(&self) -> Result<Box<dyn Read + '_>, Unreadable> {
        let failed = |error: io::Error| Unreadable::new(format!("it cannot be opened: {error}"));
        Ok(match self {
            Self::Bytes(bytes) => Box::new(bytes.as_slice()),
            Self::Text(text) => Box::new(text.as_bytes()),
            Self::File(path, Packing::Gzip) => {
                Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 18, File::open(path).map_err(failed)?)))
            }
            Self::File(path, _) => Box::new(File::open(path).map_err(failed)?),
        })
    }

    /// How many bytes it has; zero where that is known at its end only.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Text(text) => text.len() as u64,
            Self::File(path, Packing::Plain) => path.metadata().map_or(0, |about| about.len()),
            Self::File(..) => 0,
        }
    }

    /// The places of bytes, which are ascending; what cannot be read again has none.
    pub(super) fn places(&self, bytes: &[u64]) -> Vec<Option<Place>> {
        let mut found = Vec::with_capacity(bytes.len());
        let (mut chunk, mut filled, mut used) = (vec![0; 1 << 16], 0, 0);
        let (mut places, mut input) = (Places::default(), self.read().ok());
        for &byte in bytes {
            while places.counted() < byte {
                if used == filled {
                    (used, filled) = (0, input.as_mut().and_then(|input| input.read(&mut chunk).ok()).unwrap_or(0));
                    if filled == 0 {
                        break;
                    }
                }
                let step = (filled - used).min((byte - places.counted()) as usize);
                places.count(&chunk[used..used + step]);
                used += step;
            }
            found.push(input.is_some().then(|| places.here()));
        }
        found
    }
}
