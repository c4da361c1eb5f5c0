//! What was read of files, and when it is read again.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;
use std::time::SystemTime;

use crate::source::Problem;

/// Values by the place that they were read from. A place is read again when its stamp differs from that of the last time.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    kept: BTreeMap<String, Kept<T>>,
}

#[derive(Debug)]
struct Kept<T> {
    /// How it looked then; `None` when it is to be read again whatever it looks like.
    stamps: Option<Vec<Stamp>>,
    /// What was last read well.
    value: Option<T>,
    /// What was wrong when it was last read.
    problems: Vec<Problem>,
}

/// A place as it was seen at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen<P> {
    /// Its name, different from those of all other places.
    pub(super) key: String,
    /// What its reader has to know.
    pub(super) place: P,
    /// Of each file that it consists of.
    pub(super) stamps: Vec<Stamp>,
}

/// How a file looked from outside; a file that looks the same is taken to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Which file it is: one that was put in the place of another differs.
    number: u64,
}

impl Stamp {
    /// The stamp of a file.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let about = fs::metadata(path)?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&about);
        #[cfg(not(unix))]
        let number = 0;
        Ok(Self { bytes: about.len(), modified: about.modified().ok(), number })
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { kept: BTreeMap::new() }
    }
}

impl<T: Clone + Send> Shelf<T> {
    /// Reads what is new or has changed, several at a time, and forgets what is no longer there; tells whether it did any of
    /// this. What is moving stays as it is. When a new version cannot be read, the old value stays beside its problem.
    pub(super) fn refresh<P: Sync>(
        &mut self,
        seen: &[Seen<P>],
        is_moving: impl Fn(&str) -> bool,
        read: impl Fn(&P) -> Result<(T, Vec<Problem>), Vec<Problem>> + Sync,
    ) -> bool {
        let there: BTreeSet<&str> = seen.iter().map(|place| place.key.as_str()).collect();
        let before = self.kept.len();
        self.kept.retain(|key, _| there.contains(key.as_str()) || is_moving(key));
        let mut changed = self.kept.len() != before;

        let is_new = |place: &&Seen<P>| {
            let same = self.kept.get(&place.key).is_some_and(|kept| kept.stamps.as_ref() == Some(&place.stamps));
            !same && !is_moving(&place.key)
        };
        let new: Vec<&Seen<P>> = seen.iter().filter(is_new).collect();
        for (place, result) in in_parallel(&new, &read) {
            changed = true;
            let before = self.kept.remove(&place.key).and_then(|kept| kept.value);
            let (value, problems) = match result {
                Ok((value, problems)) => (Some(value), problems),
                Err(mut problems) => {
                    if let (Some(_), Some(problem)) = (&before, problems.last_mut()) {
                        problem.message.push_str("; its last good version is served");
                    }
                    (before, problems)
                }
            };
            self.kept.insert(place.key.clone(), Kept { stamps: Some(place.stamps.clone()), value, problems });
        }
        changed
    }

    /// Makes everything be read again but what can be read once only.
    pub(super) fn forget_stamps(&mut self, once: &str) {
        self.kept.iter_mut().filter(|(key, _)| *key != once).for_each(|(_, kept)| kept.stamps = None);
    }

    /// The values, in the order of their places' names.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.kept.values().filter_map(|kept| kept.value.as_ref())
    }

    /// What was wrong, in the same order.
    pub(super) fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.kept.values().flat_map(|kept| &kept.problems)
    }
}

/// Calls `read` for each place on as many threads as there are processors.
fn in_parallel<'a, P: Sync, R: Send>(
    places: &[&'a Seen<P>],
    read: &(impl Fn(&P) -> R + Sync),
) -> Vec<(&'a Seen<P>, R)> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(places.len());
    let (next, results) = (Mutex::new(places.iter()), Mutex::new(Vec::with_capacity(places.len())));
    let take = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(place) = take() {
                    let result = read(&place.place);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((*place, result));
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::source::Severity;

    fn seen(key: &str, text: &str, version: u64) -> Seen<String> {
        let stamps = vec![Stamp { bytes: version, modified: None, number: 0 }];
        Seen { key: key.to_owned(), place: text.to_owned(), stamps }
    }

    fn read(text: &String) -> Result<(u32, Vec<Problem>), Vec<Problem>> {
        let message = format!("{text} is no number");
        let problem = Problem { file: PathBuf::new(), feature: None, place: None, severity: Severity::File, message };
        text.parse().map(|number| (number, Vec::new())).map_err(|_| vec![problem])
    }

    #[test]
    fn only_what_looks_different_is_read_again() {
        let mut shelf = Shelf::default();
        let still = |_: &str| false;
        assert!(shelf.refresh(&[seen("a", "1", 0), seen("b", "2", 0)], still, read));
        assert!(!shelf.refresh(&[seen("a", "7", 0), seen("b", "7", 0)], still, read));
        assert!(shelf.refresh(&[seen("a", "7", 0), seen("b", "8", 1)], still, read));
        assert_eq!(shelf.values().collect::<Vec<_>>(), [&1, &8]);
        assert!(shelf.refresh(&[seen("b", "9", 1)], still, read));
        assert_eq!(shelf.values().collect::<Vec<_>>(), [&8]);
    }

    #[test]
    fn the_last_good_value_stays_until_the_file_is_mended_or_gone() {
        let mut shelf = Shelf::default();
        let still = |_: &str| false;
        shelf.refresh(&[seen("a", "1", 0)], still, read);
        shelf.refresh(&[seen("a", "one", 1)], still, read);
        assert_eq!(shelf.values().collect::<Vec<_>>(), [&1]);
        let message = &shelf.problems().next().unwrap().message;
        assert_eq!(message, "one is no number; its last good version is served");
        shelf.refresh(&[seen("a", "2", 2)], still, read);
        assert_eq!((shelf.values().collect::<Vec<_>>(), shelf.problems().count()), (vec![&2], 0));
        shelf.refresh(&[], still, read);
        assert_eq!(shelf.values().count(), 0);
    }

    #[test]
    fn what_moves_is_left_alone() {
        let mut shelf = Shelf::default();
        shelf.refresh(&[seen("a", "1", 0), seen("b", "2", 0)], |_: &str| false, read);
        assert!(!shelf.refresh(&[seen("a", "9", 1), seen("c", "9", 0)], |_: &str| true, read));
        assert_eq!(shelf.values().collect::<Vec<_>>(), [&1, &2]);
    }
}
