//! Blocks on their way from those who make them to the one who writes them.

use std::collections::BTreeMap;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use super::Unexportable;
use super::walk::Block;
use super::walk::Walk;

/// The tiles of one block, by their numbers.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) tiles: Vec<(u64, Vec<u8>)>,
    /// Tiles that were looked into, with those that show nothing.
    pub(super) looked: u64,
    /// The lowest number of later blocks.
    pub(super) after: u64,
}

/// Hands out blocks and takes them back in order. Who is far ahead waits, so that what was made and not written stays small.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    walk: Walk,
    /// Blocks that were handed out.
    given: u64,
    /// Blocks that were written.
    written: u64,
    made: BTreeMap<u64, Result<Made, Unexportable>>,
    /// Bytes of these.
    bytes: usize,
    /// No more blocks are handed out.
    is_over: bool,
}

/// Bytes that may wait to be written.
const WAITING: usize = 16 << 20;

impl Queue {
    pub(super) fn new(walk: Walk) -> Self {
        let state = State { walk, given: 0, written: 0, made: BTreeMap::new(), bytes: 0, is_over: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next block and its number; `None` when there are no more.
    pub(super) fn take(&self) -> Option<(u64, Block)> {
        let mut state = self.lock();
        while state.bytes > WAITING && !state.is_over {
            state = self.wait(state);
        }
        if state.is_over {
            return None;
        }
        let Some(block) = state.walk.next() else {
            state.is_over = true;
            self.changed.notify_all();
            return None;
        };
        state.given += 1;
        Some((state.given - 1, block))
    }

    /// Gives a block back, made.
    pub(super) fn give(&self, number: u64, made: Result<Made, Unexportable>) {
        let mut state = self.lock();
        state.bytes += bytes(&made);
        state.made.insert(number, made);
        self.changed.notify_all();
    }

    /// The next block in order; `None` when all were written.
    pub(super) fn next(&self) -> Option<Result<Made, Unexportable>> {
        let mut state = self.lock();
        loop {
            let next = state.written;
            if let Some(made) = state.made.remove(&next) {
                state.written += 1;
                state.bytes -= bytes(&made);
                self.changed.notify_all();
                return Some(made);
            }
            if state.is_over && state.written == state.given {
                return None;
            }
            state = self.wait(state);
        }
    }

    /// Hands out no more blocks.
    pub(super) fn end(&self) {
        self.lock().is_over = true;
        self.changed.notify_all();
    }
}

fn bytes(made: &Result<Made, Unexportable>) -> usize {
    made.as_ref().map_or(0, |made| made.tiles.iter().map(|(_, bytes)| bytes.len()).sum())
}
