//! Makes all tiles and writes them.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::thread;

use super::Job;
use super::Unexportable;
use super::queue::Made;
use super::queue::Queue;
use crate::tile::archive::tile_at;
use crate::tile::archive::write::Sizes;
use crate::tile::archive::write::Spool;

/// How far an export has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The zoom at which it is.
    pub zoom: u8,
    /// Tiles that were looked into, with those that show nothing, since it was begun or gone on with.
    pub looked: u64,
    /// Bytes of all tiles so far.
    pub bytes: u64,
}

/// Makes the tiles of a job on so many threads and writes them, in the order of their numbers, to a spool that was opened for
/// its [`own_version`](Job::own_version); then puts the archive together. The archive is the same however many threads there are.
///
/// # Errors
/// When a tile cannot be made or written. The spool stays, and the same job goes on where this one stopped.
pub fn export(
    job: &Job,
    mut spool: Spool,
    threads: NonZeroUsize,
    mut report: impl FnMut(Progress),
) -> Result<Sizes, Unexportable> {
    let queue = Queue::new(job.walk(spool.next()));
    let written = thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(|| work(job, &queue));
        }
        // Whatever happens here, nobody is left to wait for this thread.
        let written = write(&queue, &mut spool, &mut report);
        queue.end();
        written
    });
    if let Err(error) = written {
        // What came so far need not be made again; when it cannot be written, the first error says why.
        drop(spool.flush());
        return Err(error);
    }
    if spool.bytes() == 0 && job.shard.is_whole() {
        spool.discard()?;
        return Err(Unexportable::Nothing);
    }
    Ok(spool.finish(&job.description())?)
}

fn work(job: &Job, queue: &Queue) {
    while let Some((number, block)) = queue.take() {
        let made = catch_unwind(AssertUnwindSafe(|| job.content.make(&block)));
        let made = made.unwrap_or(Err(Unexportable::Panicked));
        let looked = block.tiles.len() as u64;
        queue.give(number, made.map(|tiles| Made { tiles, looked, after: block.after }));
    }
}

fn write(queue: &Queue, spool: &mut Spool, report: &mut impl FnMut(Progress)) -> Result<(), Unexportable> {
    let mut looked = 0;
    while let Some(made) = queue.next() {
        let made = made?;
        for (number, bytes) in &made.tiles {
            spool.add(*number, bytes)?;
        }
        spool.passed(made.after)?;
        looked += made.looked;
        let zoom = tile_at(made.after.saturating_sub(1)).map_or(0, |(zoom, ..)| zoom);
        report(Progress { zoom, looked, bytes: spool.bytes() });
    }
    Ok(())
}
