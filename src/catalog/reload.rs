//! Follows changed files.

use std::path::Path;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use notify::EventKind;
use notify::RecommendedWatcher;
use notify::RecursiveMode;
use notify::Watcher as _;

use super::Live;
use super::Loader;
use super::Look;
use crate::telemetry::Metrics;

/// Files are looked at this often even when nothing was heard: mounts of containers and networks tell of no change.
const POLL: Duration = Duration::from_millis(700);

/// How long a file has to look the same before it is read; programs write files in several goes.
const REST: Duration = Duration::from_millis(250);

/// How long word of further changes is waited for.
const CROWD: Duration = Duration::from_millis(50);

/// Swaps a new catalog in whenever files have changed, until it is dropped.
#[derive(Debug)]
pub struct Reload {
    signals: Sender<Signal>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    /// Something may have changed.
    Look,
    /// Read everything again.
    Again,
    Stop,
}

impl Reload {
    /// Follows the files of `loader`. With `watch` it looks at them by itself, without only when it is told to.
    pub fn start(loader: Loader, live: Live, metrics: Metrics, watch: bool) -> Self {
        let (signals, received) = mpsc::channel();
        let heard = signals.clone();
        let run = move || {
            let watcher = watch.then(|| listen(&loader.folders(), heard)).flatten();
            follow(loader, &live, &metrics, watch, &received);
            drop(watcher);
        };
        let thread = thread::Builder::new().name("reload".to_owned()).spawn(run);
        if let Err(error) = &thread {
            tracing::error!(%error, "changes of files are not followed");
        }
        Self { signals, thread: thread.ok() }
    }

    /// Reads all files again, whether they look changed or not.
    pub fn again(&self) {
        // A thread that has ended follows nothing, which was logged.
        let _ = self.signals.send(Signal::Again);
    }
}

impl Drop for Reload {
    fn drop(&mut self) {
        let _ = self.signals.send(Signal::Stop);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn follow(mut loader: Loader, live: &Live, metrics: &Metrics, watch: bool, received: &mpsc::Receiver<Signal>) {
    prepare(live);
    let mut wait = POLL;
    loop {
        let first = if watch || wait == REST {
            received.recv_timeout(wait)
        } else {
            received.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        if first == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        if first.is_ok() {
            // Changes come in crowds, of which one look is enough.
            thread::sleep(CROWD);
        }
        for signal in first.into_iter().chain(received.try_iter()) {
            match signal {
                Signal::Stop => return,
                Signal::Again => loader.forget_stamps(),
                Signal::Look => {}
            }
        }
        let begun = Instant::now();
        wait = match loader.look() {
            Look::Same => POLL,
            Look::Moving => REST,
            Look::Changed(catalog) => {
                metrics.count_reload(catalog.failures() == 0);
                let before = live.catalog();
                for problem in catalog.problems.iter().filter(|problem| !before.problems.contains(problem)) {
                    tracing::warn!("{problem}");
                }
                let (version, problems) = (catalog.version, catalog.problems.len());
                live.swap(*catalog);
                tracing::info!(%version, problems, took = ?begun.elapsed(), "changed files are served");
                prepare(live);
                REST
            }
        };
    }
}

/// Works out what the first tile of each collection would have to wait for.
fn prepare(live: &Live) {
    for collection in live.catalog().collections.values() {
        collection.snapshot().overviews();
    }
}

/// Hears of changes where the system tells of them; polling does the rest.
fn listen(folders: &[impl AsRef<Path>], signals: Sender<Signal>) -> Option<RecommendedWatcher> {
    let tell = move |event: notify::Result<notify::Event>| {
        // Reading is an event too, and reading is what a look does.
        if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
            let _ = signals.send(Signal::Look);
        }
    };
    let mut watcher = match notify::recommended_watcher(tell) {
        Ok(watcher) => watcher,
        Err(error) => {
            tracing::debug!(%error, "the system tells of no changes");
            return None;
        }
    };
    for folder in folders {
        if let Err(error) = watcher.watch(folder.as_ref(), RecursiveMode::NonRecursive) {
            tracing::debug!(folder = %folder.as_ref().display(), %error, "the system tells of no changes here");
        }
    }
    Some(watcher)
}

#[cfg(test)]
mod tests;
