//! One bounded pool of threads for work on the CPU: cutting, drawing, compressing.
//!
//! The threads that answer requests do no heavy work themselves, so that health checks and cached tiles stay quick while it is done.
//! Light work, which may take hardly longer than to hand it over and back, they do at once while the pool sleeps, as long as such
//! jobs took less than a millisecond of late. Short work has turns and a queue of its own, so that a page of features does not wait
//! behind tiles. A full queue is said at once, and is not waited for.

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
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

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

/// Jobs that wait for a turn, and threads that wait for jobs. A turn that is free wakes one thread and no more.
struct Queue {
    waiting: Mutex<Waiting>,
    /// Told of each job that could be begun, and of the end.
    news: Condvar,
    /// Most jobs that wait, and that are done at once.
    most: usize,
    turns: usize,
    /// Microseconds that light jobs took of late.
    pace: AtomicU32,
}

/// Light jobs that take longer as a rule, in microseconds, are left to the pool.
const LIGHT: u32 = 700;

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// Jobs that are being done by the threads of the pool.
    running: usize,
    /// Jobs that are being done by those who asked.
    done_at_once: usize,
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
    /// Starts `threads` threads for heavy work and as many for short work; as many jobs of each are done at once, and at most `queue`
    /// wait.
    pub fn start(threads: NonZeroUsize, queue: usize) -> Self {
        let lane = |name: &str| {
            let (turns, pace) = (threads.get(), AtomicU32::new(0));
            let queue = Arc::new(Queue { waiting: Mutex::default(), news: Condvar::new(), most: queue, turns, pace });
            for number in 0..turns {
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

    /// The same for a job whose time is bounded, and often no longer than it takes to hand it over: it may be done on this thread.
    pub async fn run_light<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        self.heavy.0.run_here(job).await
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

    async fn run_here<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let own = Arc::clone(self);
        let job = move || {
            let begun = Instant::now();
            let done = job();
            own.note(begun.elapsed());
            done
        };
        if !self.begin() {
            return self.run(job).await;
        }
        let done = catch_unwind(AssertUnwindSafe(job));
        let mut waiting = self.waiting();
        waiting.done_at_once -= 1;
        let is_asked_for = !waiting.jobs.is_empty();
        drop(waiting);
        if is_asked_for {
            self.news.notify_one();
        }
        done.map_err(|_| Refused::Panicked)
    }

    fn note(&self, took: Duration) {
        let (took, before) = (took.as_micros().min(1_000_000) as u32, self.pace.load(Ordering::Relaxed));
        self.pace.store(before - before / 8 + took / 8, Ordering::Relaxed);
    }

    /// Takes a turn, if there is one for which nobody waits. While the pool is at work it does light work too: its threads are awake.
    fn begin(&self) -> bool {
        if self.pace.load(Ordering::Relaxed) > LIGHT {
            return false;
        }
        let mut waiting = self.waiting();
        let is_free = waiting.running == 0 && waiting.jobs.is_empty() && waiting.done_at_once < self.turns;
        waiting.done_at_once += usize::from(is_free);
        is_free
    }

    fn put(&self, job: Job) -> Result<(), Refused> {
        let mut waiting = self.waiting();
        // Those that can be begun do not wait.
        let free = self.turns.saturating_sub(waiting.taken());
        if waiting.jobs.len() >= self.most.saturating_add(free) {
            return Err(Refused::Busy);
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        if free > 0 {
            self.news.notify_one();
        }
        Ok(())
    }

    /// Does jobs until there will be no more.
    fn work(&self) {
        while let Some(job) = self.next() {
            // A panic ends the job, whose caller sees its sender dropped, and not the thread.
            drop(catch_unwind(AssertUnwindSafe(job)));
            self.waiting().running -= 1;
        }
    }

    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting();
        loop {
            if waiting.taken() < self.turns
                && let Some(job) = waiting.jobs.pop_front()
            {
                waiting.running += 1;
                return Some(job);
            }
            if waiting.is_over && waiting.jobs.is_empty() {
                return None;
            }
            waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Turns that are taken.
    fn taken(&self) -> usize {
        self.running + self.done_at_once
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
        write!(f, "{} jobs wait, {} are being done", waiting.jobs.len(), waiting.taken())
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
    async fn light_work_is_done_here_in_a_turn_and_elsewhere_when_there_is_none() {
        let workers = Workers::start(ONE, 4);
        let here = || thread::current().id();
        assert_eq!(workers.run_light(here).await, Ok(here()));
        assert_ne!(workers.run(here).await, Ok(here()));
        assert_eq!(workers.run_light(|| panic!("on purpose")).await, Err::<(), _>(Refused::Panicked));
        let (release, held) = std::sync::mpsc::channel::<()>();
        let other = workers.clone();
        let holding = tokio::spawn(async move { other.run(move || held.recv().is_ok()).await });
        tokio::task::yield_now().await;
        let other = workers.clone();
        let light = tokio::spawn(async move { other.run_light(here).await });
        tokio::task::yield_now().await;
        assert!(workers.run_short(here).await.is_ok(), "short work has turns of its own");
        release.send(()).unwrap();
        assert_eq!(holding.await.unwrap(), Ok(true));
        assert_ne!(light.await.unwrap(), Ok(here()));
        // A thread gives its turn back after its answer.
        while workers.run_light(here).await != Ok(here()) {
            thread::yield_now();
        }
    }

    #[tokio::test]
    async fn jobs_that_turn_out_to_be_heavy_are_left_to_the_pool_until_they_are_light_again() {
        let workers = Workers::start(ONE, 4);
        let here = || thread::current().id();
        workers.heavy.0.note(Duration::from_millis(100));
        assert_ne!(workers.run_light(here).await, Ok(here()));
        while workers.run_light(here).await != Ok(here()) {
            thread::yield_now();
        }
    }

    #[tokio::test]
    async fn what_waited_while_light_work_was_done_here_is_done_after_it() {
        let workers = Workers::start(ONE, 4);
        let other = workers.clone();
        let light = workers.run_light(move || {
            // The one turn is taken by this: the other job has to wait until it ends.
            let (told, heard) = std::sync::mpsc::channel();
            let waiting = thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(async {
                    let job = other.run(|| 7);
                    told.send(()).unwrap();
                    job.await
                })
            });
            heard.recv().unwrap();
            waiting
        });
        assert_eq!(light.await.unwrap().join().unwrap(), Ok(7));
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
