//! From a segment to a snapshot that lies in it.

use std::fs::File;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use bytes::Bytes;
use memmap2::Mmap;
use xxhash_rust::xxh3::Xxh3;
use xxhash_rust::xxh3::xxh3_64;

use super::layout::Error;
use super::layout::Head;
use super::layout::Label;
use super::layout::PROLOGUE;
use super::layout::Prologue;
use super::layout::Section;
use crate::feature::Packed;
use crate::store::Snapshot;
use crate::store::Version;

/// A segment whose head was read.
#[derive(Debug)]
pub struct Segment {
    file: File,
    head: Head,
}

/// Opens a file and reads what it is.
///
/// # Errors
/// When there is none, or it is no segment, or its head is damaged.
pub fn open(path: &Path) -> Result<Segment, Error> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size < PROLOGUE as u64 {
        return Err(Error::Foreign);
    }
    let mut prologue = [0; PROLOGUE];
    file.read_exact_at(&mut prologue, 0)?;
    let prologue = Prologue::of_bytes(&prologue)?;
    if prologue.head_at.checked_add(prologue.head_bytes) != Some(size) {
        return Err(Error::Damaged("its end".to_owned()));
    }
    let mut head = vec![0; prologue.head_bytes as usize];
    file.read_exact_at(&mut head, prologue.head_at)?;
    if xxh3_64(&head) != prologue.head_hash {
        return Err(Error::Damaged("its head".to_owned()));
    }
    let head: Head = serde_json::from_slice(&head).map_err(|_| Error::Foreign)?;
    let fits = |section: &Section| {
        section
            .at
            .checked_add(section.bytes)
            .is_some_and(|end| section.at >= PROLOGUE as u64 && end <= prologue.head_at)
    };
    match head.sections.iter().find(|section| !fits(section)) {
        Some(section) => Err(damaged(section)),
        None => Ok(Segment { file, head }),
    }
}

impl Segment {
    /// What it was made of.
    pub fn label(&self) -> &Label {
        &self.head.label
    }

    /// First byte and length of each section.
    #[cfg(test)]
    pub(super) fn sections(&self) -> Vec<(usize, usize)> {
        self.head.sections.iter().map(|section| (section.at as usize, section.bytes as usize)).collect()
    }

    /// The snapshot that it holds. Its bytes must have been [verified](Self::verify), or be just written.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        let bytes = Bytes::from_owner(map(&self.file)?);
        let section = |section: &Section| {
            let end = section.at.checked_add(section.bytes).filter(|&end| end <= bytes.len() as u64);
            let end = end.ok_or_else(|| damaged(section))?;
            Ok((section.name.clone(), bytes.slice(section.at as usize..end as usize)))
        };
        let packed: Packed = self.head.sections.iter().map(section).collect::<Result<_, Error>>()?;
        Ok(Snapshot::unpack(self.head.schema(), Version(self.head.version), &packed)?)
    }

    /// Hashes all sections, on as many threads as there are processors. They are read and not mapped for this: what is only
    /// looked through does not become a part of the process's memory.
    ///
    /// # Errors
    /// When a section is not what was written, or the system says no.
    pub fn verify(&self) -> Result<(), Error> {
        // The largest first, so that the threads end together.
        let mut sections: Vec<&Section> = self.head.sections.iter().collect();
        sections.sort_by_key(|section| std::cmp::Reverse(section.bytes));
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(sections.len());
        let next = AtomicUsize::new(0);
        let look = || {
            let mut chunk = vec![0; 1 << 20];
            while let Some(section) = sections.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.verify_one(section, &mut chunk)?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(look)).collect();
            let own = look();
            others.into_iter().fold(own, |all, other| all.and(other.join().unwrap_or(Err(Error::Foreign))))
        })
    }

    fn verify_one(&self, section: &Section, chunk: &mut [u8]) -> Result<(), Error> {
        let mut hasher = Xxh3::new();
        let (mut at, mut left) = (section.at, section.bytes as usize);
        while left > 0 {
            let stretch = &mut chunk[..left.min(1 << 20)];
            self.file.read_exact_at(stretch, at)?;
            hasher.update(stretch);
            at += stretch.len() as u64;
            left -= stretch.len();
        }
        if hasher.digest() == section.hash { Ok(()) } else { Err(damaged(section)) }
    }
}

fn damaged(section: &Section) -> Error {
    Error::Damaged(format!("its section '{}'", section.name))
}

/// Maps a file that this program wrote.
#[expect(unsafe_code, reason = "a mapped file is how features larger than memory are read")]
fn map(file: &File) -> Result<Mmap, Error> {
    // SAFETY: the bytes of a map must not change while it is there. A segment is written once, under another name, and is
    // never opened for writing again: it is replaced by a renaming and removed by its name, and both leave a file that is
    // mapped as it is. It lies in a folder of this program's own; who writes to files there breaks what is said here.
    unsafe { Mmap::map(file) }.map_err(Error::Io)
}
