//! One bounded pool of threads for work on the CPU: cutting, drawing, compressing.
//!
//! The threads that answer requests never do such work themselves, so that health checks and cached tiles stay quick while
//! heavy ones are made. Short work has threads and a queue of its own, so that a page of features does not wait behind tiles.
//! A full queue is said at once, and is not waited for.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// The pool. Cloning shares it; its threads end when the last clone is gone and the queues are empty.
#[derive(Clone, Debug)]
pub struct Workers {
    heavy: Arc<Lane>,
    short: Arc<Lane>,
    threads: NonZeroUsize,
}

/// The way into a queue. When it is dropped, threads end with the last job.
#[derive(Debug)]
struct Lane(Arc<Queue>);

/// Jobs that wait, and threads that wait for jobs. A job wakes one thread and no more.
struct Queue {
    waiting: Mutex<Waiting>,
    /// Told of each job, and of the end.
    news: Condvar,
    /// Most jobs that wait for a thread.
    most: usize,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// Threads that have nothing to do.
    idle: usize,
    is_over: bool,
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
            let queue = Arc::new(Queue { waiting: Mutex::default(), news: Condvar::new(), most: queue });
            for number in 0..threads.get() {
                let own = Arc::clone(&queue);
                let started = thread::Builder::new().name(format!("{name}-{number}")).spawn(move || own.work());
                // Fewer threads than asked for still do the work; none at all shows as a queue that is full.
                if let Err(error) = started {
                    tracing::error!(%error, "a worker thread could not be started");
                }
            }
            Arc::new(Lane(queue))
        };
        Self { heavy: lane("worker"), short: lane("short"), threads }
    }

    /// Number of threads for heavy work.
    pub fn threads(&self) -> NonZeroUsize {
        self.threads
    }

    /// Runs a job on the pool and waits for what it returns. A job whose caller has gone is still done.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        self.heavy.0.run(job).await
    }

    /// The same for a job that takes a few milliseconds at most as a rule: it does not wait behind heavy ones.
    pub async fn run_short<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        self.short.0.run(job).await
    }
}

impl Queue {
    async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        let (sender, receiver) = oneshot::channel();
        self.put(Box::new(move || {
            // The receiver may have gone away with its client; then nobody misses the result.
            drop(sender.send(job()));
        }))?;
        receiver.await.map_err(|_| Refused::Panicked)
    }

    fn put(&self, job: Job) -> Result<(), Refused> {
        let mut waiting = self.waiting();
        // Those who are idle take one each, as soon as they have woken up.
        if waiting.jobs.len() >= self.most.saturating_add(waiting.idle) {
            return Err(Refused::Busy);
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.news.notify_one();
        Ok(())
    }

    /// Does jobs until there will be no more.
    fn work(&self) {
        while let Some(job) = self.next() {
            // A panic ends the job, whose caller sees its sender dropped, and not the thread.
            drop(catch_unwind(AssertUnwindSafe(job)));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting();
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.is_over {
                return None;
            }
            waiting.idle += 1;
            waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            waiting.idle -= 1;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.0.waiting().is_over = true;
        self.0.news.notify_all();
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.waiting();
        write!(f, "{} jobs wait, {} threads are idle", waiting.jobs.len(), waiting.idle)
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
    #[tokio::test]
    async fn a_queue_without_room_still_has_idle_threads_work_and_ends_with_its_last_user() {
        let workers = Workers::start(ONE, 0);
        let (ended, end) = oneshot::channel();
        while let Err(refused) = workers.run(|| 1).await {
            // The thread may not be there yet.
            assert_eq!(refused, Refused::Busy);
            tokio::task::yield_now().await;
        }
        let queue = Arc::downgrade(&workers.heavy.0);
        drop(workers);
        thread::spawn(move || {
            while queue.strong_count() > 0 {
                thread::yield_now();
            }
            ended.send(())
        });
        end.await.unwrap();
    }
}
