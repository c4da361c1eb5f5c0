//! One bounded pool of threads for work on the CPU: cutting, drawing, compressing.
//!
//! The threads that answer requests never do such work themselves, so that health checks and cached tiles stay quick while
//! heavy ones are made. Short work has threads and a queue of its own, so that a page of features does not wait behind tiles.
//! A full queue is said at once, and is not waited for.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::sync_channel;
use std::thread;

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// The pool. Cloning shares it; its threads end when the last clone is gone and the queues are empty.
#[derive(Clone, Debug)]
pub struct Workers {
    heavy: SyncSender<Job>,
    short: SyncSender<Job>,
    threads: NonZeroUsize,
}

/// Why a job has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The queue is full.
    #[error("all workers are busy and the queue is full")]
    Busy,
    /// The job panicked, which is a fault of ours.
    #[error("the work ended in a panic")]
    Panicked,
}

impl Workers {
    /// Starts `threads` threads for heavy work and as many for short work, before each of which at most `queue` jobs wait.
    pub fn start(threads: NonZeroUsize, queue: usize) -> Self {
        let lane = |name: &str| {
            let (sender, receiver) = sync_channel::<Job>(queue);
            let receiver = Arc::new(Mutex::new(receiver));
            for number in 0..threads.get() {
                let receiver = Arc::clone(&receiver);
                let started = thread::Builder::new().name(format!("{name}-{number}")).spawn(move || work(&receiver));
                // Fewer threads than asked for still do the work; none at all shows as a queue that is full.
                if let Err(error) = started {
                    tracing::error!(%error, "a worker thread could not be started");
                }
            }
            sender
        };
        Self { heavy: lane("worker"), short: lane("short"), threads }
    }

    /// Number of threads for heavy work.
    pub fn threads(&self) -> NonZeroUsize {
        self.threads
    }

    /// Runs a job on the pool and waits for what it returns. A job whose caller has gone is still done.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        run(&self.heavy, job).await
    }

    /// The same for a job that takes a few milliseconds at most as a rule: it does not wait behind heavy ones.
    pub async fn run_short<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        run(&self.short, job).await
    }
}

async fn run<T: Send + 'static>(
    queue: &SyncSender<Job>,
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refused> {
    let (sender, receiver) = oneshot::channel();
    let job = Box::new(move || {
        // The receiver may have gone away with its client; then nobody misses the result.
        drop(sender.send(job()));
    });
    queue.try_send(job).map_err(|_| Refused::Busy)?;
    receiver.await.map_err(|_| Refused::Panicked)
}

fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A panic ends the job, whose caller sees its sender dropped, and not the thread.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: NonZeroUsize = NonZeroUsize::MIN;

    #[tokio::test]
    async fn a_job_gives_its_result_and_a_panic_ends_only_itself() {
        let workers = Workers::start(ONE, 4);
        assert_eq!(workers.run(|| 6 * 7).await, Ok(42));
        assert_eq!(workers.run(|| panic!("on purpose")).await, Err::<(), _>(Refused::Panicked));
        assert_eq!(workers.run(|| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn a_full_queue_is_said_at_once() {
        let workers = Workers::start(ONE, 1);
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (begun, started) = oneshot::channel();
        let (first, second) = (workers.clone(), workers.clone());
        let running =
            tokio::spawn(async move { first.run(move || (begun.send(()).is_ok(), held.recv().is_ok())).await });
        started.await.unwrap();
        let waiting = tokio::spawn(async move { second.run(|| 2).await });
        tokio::task::yield_now().await;
        assert_eq!(workers.run(|| 3).await, Err(Refused::Busy));
        assert_eq!(workers.run_short(|| 4).await, Ok(4), "short work has a queue of its own");
        release.send(()).unwrap();
        assert_eq!(running.await.unwrap(), Ok((true, true)));
        assert_eq!(waiting.await.unwrap(), Ok(2));
    }
}
