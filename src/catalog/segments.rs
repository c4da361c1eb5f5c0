//! The folder in which features are kept packed, so that a file is read once and not at each start.
//!
//! - A segment is named by the path of its file. It is used when file and settings are as they were: the stamp of the file
//!   says so, or, where that differs or was too fresh to tell, a hash of its bytes.
//! - A segment that is damaged, or of another file, other settings or another version, is made anew.
//! - What cannot be written is said once in the log; features are served from memory then.
//! - What is swept, at each start: segments whose file is gone, segments that nobody opened for thirty days, and what was
//!   being written when its writer died.

use std::fs;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::SystemTime;

use serde::Deserialize;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::Progress;
use crate::config::Config;
use crate::source;
use crate::source::Metadata;
use crate::source::Place;
use crate::source::Problem;
use crate::source::Severity;
use crate::store::Snapshot;
use crate::store::segment;
use crate::store::segment::Identity;
use crate::store::segment::Label;

/// Keeps packed features in a folder, or keeps none.
#[derive(Debug)]
pub(super) struct Segments {
    folder: Option<PathBuf>,
    /// Smaller files are read as quickly as they are found.
    smallest: u64,
    progress: Progress,
    /// Syncs and sweeps that are under way.
    work: Mutex<Vec<JoinHandle<()>>>,
    /// Whether writing failed, which is told once.
    failed: AtomicBool,
    /// Whether bytes that are mapped may not have reached the disk.
    lost: Arc<AtomicBool>,
}

/// Features of a file with what is wrong about it.
pub(super) type Kept = (Snapshot, Vec<Problem>);

/// Where the features of one file are kept.
struct Slot {
    file: PathBuf,
    settings: String,
    /// How the file looks now; its hash is not known.
    source: Identity,
}

/// A segment that nobody opened for so long is swept.
const UNUSED: Duration = Duration::from_hours(720);

/// A file may be written twice within a step of the system's clock, so that a stamp tells nothing until it is this old.
const FRESH: Duration = Duration::from_secs(2);

/// After this the allocator takes what is free for not needed.
const FREED: Duration = Duration::from_millis(250);

/// What is being written is not swept before this age, even if nobody seems to have locked it.
const WRITING: Duration = Duration::from_mins(1);

impl Segments {
    /// What the settings say.
    pub(super) fn new(config: &Config) -> Self {
        Self {
            folder: config.cache_dir.clone().filter(|_| config.cache),
            smallest: config.limits.cached_file_bytes,
            progress: Progress::default(),
            work: Mutex::default(),
            failed: AtomicBool::new(false),
            lost: Arc::default(),
        }
    }

    /// How far reading has come.
    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The features of a file: those that are kept, or else what is read of it, which is then kept.
    pub(super) fn read(&self, path: &Path, metadata: &Metadata, limits: &source::Limits) -> Result<Kept, Problem> {
        let slot = self.slot(path, metadata, limits);
        if let Some(kept) = slot.as_ref().and_then(|slot| slot.find(limits)) {
            return Ok(kept);
        }
        // What is packed holds more than its size says; nobody knows how much.
        let size = fs::metadata(path).map_or(0, |about| about.len());
        self.progress.expect(size);
        let collected = source::read_advancing(path, metadata, limits, &|bytes| self.progress.advance(bytes))?;
        let problems = collected.problems;
        let snapshot = Snapshot::new(collected.table, collected.version);
        give_back();
        let Some(slot) = slot else { return Ok((snapshot, problems)) };
        match self.keep(&slot, &snapshot, &problems, collected.hash) {
            Ok(mapped) => Ok((mapped, problems)),
            Err(error) => {
                if !self.failed.swap(true, Ordering::Relaxed) {
                    let folder = slot.file.parent().unwrap_or(Path::new("")).display();
                    tracing::warn!(
                        "packed features cannot be kept in {folder}: {error}; they are served from memory and read again \
                         at the next start. Name another folder with --cache-dir, or none with --no-cache"
                    );
                }
                Ok((snapshot, problems))
            }
        }
    }

    /// Whether features that are served may be lost, so that they have to be read again. They are not kept any more then.
    pub(super) fn take_loss(&mut self) -> bool {
        let is_lost = self.lost.swap(false, Ordering::Relaxed);
        if is_lost {
            self.folder = None;
        }
        is_lost
    }

    /// Removes what is of no use any more, on a thread of its own.
    pub(super) fn sweep(&self) {
        if let Some(folder) = self.folder.clone() {
            self.work(move || sweep(&folder));
        }
    }

    fn slot(&self, path: &Path, metadata: &Metadata, limits: &source::Limits) -> Option<Slot> {
        let folder = self.folder.as_ref()?;
        let source = identity(path).ok().filter(|source| source.bytes >= self.smallest)?;
        let stem: String = path.file_stem().unwrap_or_default().to_string_lossy().chars().take(40).collect();
        let key = xxh3_64(source.path.as_os_str().as_encoded_bytes());
        Some(Slot {
            file: folder.join(format!("{}-{key:016x}{}", source::slug(&stem), ending())),
            settings: format!("{} {limits:?} {metadata:?}", env!("CARGO_PKG_VERSION")),
            source,
        })
    }

    fn keep(
        &self,
        slot: &Slot,
        snapshot: &Snapshot,
        problems: &[Problem],
        hash: u128,
    ) -> Result<Snapshot, segment::Error> {
        if let Some(folder) = slot.file.parent() {
            let mut builder = fs::DirBuilder::new();
            // What is kept may be read by nobody who may not read the files.
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.recursive(true).create(folder)?;
        }
        let remarks: Vec<Remark> = problems.iter().map(Remark::of).collect();
        let label = Label {
            source: Identity { hash, ..slot.source.clone() },
            settings: slot.settings.clone(),
            remarks: serde_json::to_string(&remarks).map_err(io::Error::other)?,
        };
        let written = segment::write(&slot.file, snapshot, label)?;
        let mapped = written.snapshot()?;
        let lost = Arc::clone(&self.lost);
        // The disk takes its time, and the features need not wait for it.
        self.work(move || {
            let file = written.path().display().to_string();
            if let Err(error) = written.finish() {
                tracing::warn!("{file}: {error}; its features are read again and kept in memory");
                lost.store(true, Ordering::Relaxed);
            }
            give_back();
        });
        Ok(mapped)
    }

    fn work(&self, work: impl FnOnce() + Send + 'static) {
        let mut threads = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        match thread::Builder::new().name("segments".to_owned()).spawn(work) {
            Ok(thread) => threads.push(thread),
            Err(error) => tracing::warn!("the cache is not tended: {error}"),
        }
    }
}

impl Drop for Segments {
    /// What was begun is ended, or the next start would begin again.
    fn drop(&mut self) {
        let threads = std::mem::take(&mut *self.work.lock().unwrap_or_else(PoisonError::into_inner));
        threads.into_iter().for_each(|thread| drop(thread.join()));
    }
}

impl Slot {
    /// What is kept, if it is of this very file and these settings, and whole.
    fn find(&self, limits: &source::Limits) -> Option<Kept> {
        let opened = segment::open(&self.file).and_then(|segment| {
            if !self.fits(segment.label(), limits) {
                return Ok(None);
            }
            segment.verify()?;
            let remarks: Vec<Remark> = serde_json::from_str(&segment.label().remarks).map_err(io::Error::other)?;
            Ok(Some((segment.snapshot()?, remarks.into_iter().map(Remark::problem).collect())))
        });
        match opened {
            Ok(kept) => {
                if kept.is_some() {
                    // When it was last of use, for those who sweep.
                    drop(File::open(&self.file).and_then(|file| file.set_modified(SystemTime::now())));
                    tracing::debug!(file = %self.file.display(), "packed features are used");
                }
                kept
            }
            Err(segment::Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!("{}: {error}; it is made anew", self.file.display());
                None
            }
        }
    }

    fn fits(&self, label: &Label, limits: &source::Limits) -> bool {
        let (now, then) = (&self.source, &label.source);
        if (&now.path, now.bytes) != (&then.path, then.bytes) || self.settings != label.settings {
            return false;
        }
        (then.is_settled && now.stamp == then.stamp)
            || source::content_hash(&now.path, limits).is_some_and(|hash| hash == then.hash)
    }
}

/// How names of segments end. Another layout is another name, so that versions of the program do not get in each other's way.
fn ending() -> String {
    format!("-{}.segment", segment::FORMAT)
}

/// How a file looks, without its hash.
fn identity(path: &Path) -> io::Result<Identity> {
    let path = path.canonicalize()?;
    let about = fs::metadata(&path)?;
    let modified = about.modified()?;
    #[cfg(unix)]
    let changed = {
        use std::os::unix::fs::MetadataExt;
        format!("{}.{:09} {} {}", about.ctime(), about.ctime_nsec(), about.dev(), about.ino())
    };
    #[cfg(not(unix))]
    let changed = String::new();
    let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Ok(Identity {
        bytes: about.len(),
        stamp: format!("{}.{:09} {changed}", since.as_secs(), since.subsec_nanos()),
        is_settled: modified.elapsed().is_ok_and(|age| age > FRESH),
        hash: 0,
        path,
    })
}

/// Has what reading needed go back to the system. The allocator does that when it is asked for memory a while after other
/// memory was freed, and a server that rests would not ask. Nobody waits for this.
fn give_back() {
    drop(thread::Builder::new().name("give back".to_owned()).spawn(|| {
        for _ in 0..2 {
            thread::sleep(FREED);
            drop(std::hint::black_box(Vec::<u8>::with_capacity(2 << 20)));
        }
    }));
}

fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let age = entry.metadata().and_then(|about| about.modified()).map(|time| time.elapsed().unwrap_or_default());
        let Ok(age) = age else { continue };
        let is_useless = if segment::is_partial(&name) {
            age > WRITING && File::open(&path).is_ok_and(|file| file.try_lock().is_ok())
        } else if name.ends_with(&ending()) {
            let is_orphan = |label: &Label| label.source.path.try_exists().is_ok_and(|exists| !exists);
            age > UNUSED || segment::open(&path).is_ok_and(|segment| is_orphan(segment.label()))
        } else {
            name.ends_with(".segment") && age > UNUSED
        };
        if is_useless && fs::remove_file(&path).is_ok() {
            tracing::debug!(file = %path.display(), "swept");
        }
    }
}

/// A problem as it is kept.
#[derive(Debug, Deserialize, Serialize)]
struct Remark {
    file: PathBuf,
    feature: Option<usize>,
    /// Line, column, byte.
    place: Option<(usize, usize, u64)>,
    /// Position in [`SEVERITIES`].
    severity: usize,
    message: String,
}

const SEVERITIES: [Severity; 4] = [Severity::Repaired, Severity::Warning, Severity::Feature, Severity::File];

impl Remark {
    fn of(problem: &Problem) -> Self {
        Self {
            file: problem.file.clone(),
            feature: problem.feature,
            place: problem.place.map(|place| (place.line, place.column, place.byte)),
            severity: SEVERITIES.iter().position(|&severity| severity == problem.severity).unwrap_or_default(),
            message: problem.message.clone(),
        }
    }

    fn problem(self) -> Problem {
        Problem {
            file: self.file,
            feature: self.feature,
            place: self.place.map(|(line, column, byte)| Place { line, column, byte }),
            severity: SEVERITIES.get(self.severity).copied().unwrap_or(Severity::Warning),
            message: self.message,
        }
    }
}

#[cfg(test)]
mod tests;
