//! A whole text: a FeatureCollection, a single feature or geometry, or a sequence of such, read while it comes.
//!
//! It is cut into windows, at places that look like the start of a feature, and windows are read at the same time. What a
//! window gave counts only if the one before it ended where it starts and knew nothing else; otherwise it is read again. So
//! a wrong guess costs time and nothing else, and what is read does not depend on how many threads there are.

use std::collections::VecDeque;
use std::io::Read;
use std::thread;
use std::thread::ScopedJoinHandle;

use memchr::memmem;
use memchr::memrchr;

use super::fault::Fault;
use super::window::RECORD_SEPARATOR;
use super::window::Stand;
use super::window::State;
use super::window::Window;
use super::window::read_window;
use crate::source::blocks::Blocks;
use crate::source::gather::Gather;
use crate::source::reference::Reference;
use crate::source::unpack::Unreadable;

/// What keeps a whole file from being served.
#[derive(Debug)]
pub(in crate::source) enum Broken {
    /// It is no GeoJSON, or ends too early.
    Text {
        /// The feature within which the text ends.
        feature: Option<usize>,
        /// Where in the text.
        byte: usize,
        message: String,
    },
    /// It is no text.
    Bytes(Unreadable),
}

/// How a text is cut.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Cutting {
    /// Bytes of the first window, and of all others.
    pub(in crate::source) windows: (usize, usize),
    /// How many windows are read at a time.
    pub(in crate::source) threads: usize,
}

/// What a text holds.
pub(in crate::source) struct Document {
    pub(in crate::source) gather: Gather,
    /// A system of coordinates that was named behind features that are in it: the text has to be read again.
    pub(in crate::source) late_reference: Option<Reference>,
}

/// Reads a text and answers its features; `reference` is their system of coordinates if it is known from an earlier reading.
///
/// A feature that is broken is left out and told in the report; reading goes on behind its closing bracket, or, in a
/// sequence, in the next record.
pub(in crate::source) fn read_document(
    blocks: &mut Blocks<'_, impl Read>,
    id_field: Option<&str>,
    reference: Option<Reference>,
    cutting: Cutting,
) -> Result<Document, Broken> {
    let mut whole = Whole {
        gather: Gather::default(),
        count: 0,
        base: 0,
        state: State::new(reference),
        expected: blocks.expected(),
        is_reserved: false,
    };
    thread::scope(|scope| {
        let mut flight: VecDeque<ScopedJoinHandle<'_, (String, usize, bool, State, Window)>> = VecDeque::new();
        let (mut carry, mut base, mut is_last) = (String::new(), 0, false);
        loop {
            if !is_last {
                let size = if base == 0 && carry.is_empty() { cutting.windows.0 } else { cutting.windows.1 };
                // What no end was found of is read again with as much again.
                let size = size.max(carry.len());
                is_last = !blocks.append(&mut carry, size).map_err(Broken::Bytes)?;
            }
            let state = whole.state;
            let guess = if is_last || base == 0 { None } else { boundary(carry.as_bytes(), state.stand) };
            let rest = carry.split_off(guess.unwrap_or(carry.len()));
            let text = std::mem::replace(&mut carry, rest);
            let (start, ends) = (base, is_last);
            base += text.len();
            let read = move || {
                let window = read_window(&text, start, ends, id_field, state);
                (text, start, ends, state, window)
            };
            if flight.is_empty() && (ends || guess.is_none()) {
                // There is nothing to be done beside it.
                let (text, start, ends, _, window) = read();
                let left = whole.take(window, &text, start)?;
                if left.is_empty() && ends {
                    return Ok(());
                }
                base -= left.len();
                carry.insert_str(0, left);
                continue;
            }
            flight.push_back(scope.spawn(read));
            while !flight.is_empty() && (ends || guess.is_none() || flight.len() >= cutting.threads) {
                let Some((text, start, ends, guessed, window)) = flight.pop_front().and_then(|one| one.join().ok())
                else {
                    continue;
                };
                let left = if guessed == whole.state { whole.take(window, &text, start)? } else { &text };
                if left.is_empty() {
                    if ends {
                        return Ok(());
                    }
                    continue;
                }
                // What was read ahead began at a wrong place.
                let mut again = left.to_owned();
                flight.drain(..).filter_map(|one| one.join().ok()).for_each(|(text, ..)| again.push_str(&text));
                again.push_str(&carry);
                base = whole.base;
                carry = again;
            }
        }
    })?;
    whole.finish()
}

/// All that was read so far.
struct Whole {
    gather: Gather,
    /// How many features were met.
    count: usize,
    /// Bytes that were read.
    base: usize,
    state: State,
    /// Bytes that there will be.
    expected: u64,
    /// Whether memory was reserved for what is to come.
    is_reserved: bool,
}

/// Bytes that tell what the rest is like.
const SAMPLE: usize = 4 << 20;

impl Whole {
    /// Adds what a window gave that starts where this ends; answers what is left of its text.
    fn take<'t>(&mut self, window: Window, text: &'t str, base: usize) -> Result<&'t str, Broken> {
        if let Some((fault, inside)) = window.broken {
            return Err(self.broken(*fault, inside, base));
        }
        self.gather.append(window.gather, base, self.count);
        self.count += window.count;
        self.state = window.state;
        self.base = base + window.read;
        if !self.is_reserved && self.base >= SAMPLE {
            // The rest is likely to be as what came: a tenth more costs nothing as long as it is not written to.
            let left = self.expected.saturating_sub(self.base as u64) as f64;
            self.gather.reserve(left / self.base as f64 * 1.1);
            self.is_reserved = true;
        }
        Ok(&text[window.read..])
    }

    fn broken(&self, fault: Fault, inside: Option<usize>, base: usize) -> Broken {
        let feature = inside.map(|number| self.count + number);
        let message = match feature {
            Some(number) => {
                format!("{}: it ends inside feature {number}, and half a file is not served", fault.message)
            }
            None => fault.message,
        };
        Broken::Text { feature, byte: base.wrapping_add(fault.byte), message }
    }

    fn finish(self) -> Result<Document, Broken> {
        if self.state.has_content {
            return Ok(Document { gather: self.gather, late_reference: self.state.late_reference });
        }
        // Nothing in the file is what it should be: that is no collection with broken features.
        let (byte, message) = self.gather.report.first_left_out().unwrap_or((0, "the file is empty"));
        Err(Broken::Text { feature: None, byte, message: message.to_owned() })
    }
}

/// Where a feature seems to start, near the end of a window of this many bytes.
fn boundary(bytes: &[u8], stand: Stand) -> Option<usize> {
    if stand == Stand::Record {
        let line = || memmem::rfind(bytes, b"\n{").map(|at| at + 1);
        return memrchr(RECORD_SEPARATOR, bytes).or_else(line).filter(|&at| at > 0);
    }
    let before = |at: usize| bytes[..at].trim_ascii_end();
    let typed = memmem::rfind(bytes, b"\"Feature\"").and_then(|at| {
        let key = before(before(at).strip_suffix(b":")?.len()).strip_suffix(b"\"type\"")?;
        Some(before(before(key.len()).strip_suffix(b"{")?.len()).strip_suffix(b",")?.len() + 1)
    });
    typed.or_else(|| {
        let line = memmem::rfind(bytes, b"\n{")?;
        Some(before(line).strip_suffix(b",")?.len() + 1)
    })
}
