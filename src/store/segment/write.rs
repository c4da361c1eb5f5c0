//! From a snapshot to a segment.

use std::fs;
use std::fs::File;
use std::io;
use std::io::BufWriter;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process;

use xxhash_rust::xxh3::xxh3_64;

use super::layout::ALIGNMENT;
use super::layout::Error;
use super::layout::Head;
use super::layout::Label;
use super::layout::PROLOGUE;
use super::layout::Prologue;
use super::layout::Section;
use super::read::open;
use crate::store::Snapshot;

/// Writes a snapshot to a file that is to have this name.
///
/// # Errors
/// When the system says no: then nothing is left behind.
pub fn write(path: &Path, snapshot: &Snapshot, label: Label) -> Result<Written, Error> {
    let partial = Partial::create(path)?;
    write_all(&partial.file, snapshot, label)?;
    Ok(Written { partial, path: path.to_owned() })
}

/// A segment that is complete, but not on the disk and not under its name yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Written {
    partial: Partial,
    path: PathBuf,
}

impl Written {
    /// The name that it is to have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was written, mapped.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        open(&self.partial.path)?.snapshot()
    }

    /// Waits for the disk and gives it its name, at once in the place of an older one. Whoever has that mapped keeps it.
    ///
    /// # Errors
    /// When the system says no: then what was mapped of it may be lost.
    pub fn finish(self) -> Result<(), Error> {
        self.partial.file.sync_all()?;
        fs::rename(&self.partial.path, &self.path)?;
        // The name itself has to reach the disk too; where folders cannot be synced, the worst is to write it again one day.
        let folder = self.path.parent().map(File::open);
        drop(folder.and_then(Result::ok).map(|folder| folder.sync_all()));
        Ok(())
    }
}

/// Whether a name is that of a segment that is being written, or was when its writer died.
pub fn is_partial(name: &str) -> bool {
    name.ends_with(PARTIAL)
}

const PARTIAL: &str = ".partial";

/// A file under a name that nobody else uses, locked as long as it is written to, and removed unless it is renamed.
#[derive(Debug)]
struct Partial {
    path: PathBuf,
    file: File,
}

impl Partial {
    fn create(target: &Path) -> io::Result<Self> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let mut number = 0;
        let (path, file) = loop {
            let path = target.with_file_name(format!("{name}.{}-{number}{PARTIAL}", process::id()));
            match File::options().write(true).create_new(true).open(&path) {
                Ok(file) => break (path, file),
                // Another thread's, or what a process of the same number left.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        };
        // Who sweeps leaves alone what is locked. Where there are no locks, files of a certain age are swept only.
        drop(file.try_lock());
        Ok(Self { path, file })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After the renaming there is no such file any more.
        drop(fs::remove_file(&self.path));
    }
}

fn write_all(file: &File, snapshot: &Snapshot, label: Label) -> Result<(), Error> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    out.write_all(&[0; PROLOGUE])?;
    let mut at = PROLOGUE as u64;
    let mut sections = Vec::new();
    for (name, bytes) in snapshot.pack().arrays() {
        let start = at.next_multiple_of(ALIGNMENT);
        out.write_all(&[0; ALIGNMENT as usize][..(start - at) as usize])?;
        out.write_all(bytes)?;
        at = start + bytes.len() as u64;
        sections.push(Section { name: name.clone(), at: start, bytes: bytes.len() as u64, hash: xxh3_64(bytes) });
    }
    let head = Head::new(label, snapshot.version().0, snapshot.schema(), sections);
    let head = serde_json::to_vec(&head).map_err(io::Error::other)?;
    out.write_all(&head)?;
    // Without it the file is none, so it comes last.
    let prologue = Prologue { head_at: at, head_bytes: head.len() as u64, head_hash: xxh3_64(&head) };
    out.seek(SeekFrom::Start(0))?;
    out.write_all(&prologue.to_bytes())?;
    out.flush()?;
    Ok(())
}
