//! A bar that shows on a terminal how far loading has come.

use std::io;
use std::io::IsTerminal as _;
use std::time::Duration;
use std::time::Instant;

use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use crate::catalog::Progress;

/// Appears when loading has taken a while, and goes when it is dropped.
pub(super) struct Bar {
    progress: Progress,
    begun: Instant,
    /// Nothing where nobody would see it.
    shown: Option<ProgressBar>,
    is_terminal: bool,
}

/// Loading that takes less than this needs no bar.
const SHORT: Duration = Duration::from_secs(1);

/// How often it is drawn.
pub(super) const STEP: Duration = Duration::from_millis(100);

impl Bar {
    pub(super) fn new(progress: Progress) -> Self {
        Self { progress, begun: Instant::now(), shown: None, is_terminal: io::stderr().is_terminal() }
    }

    /// Draws it as it is now, if it is time.
    pub(super) fn draw(&mut self) {
        let (expected, read) = self.progress.bytes();
        if !self.is_terminal || expected == 0 || self.begun.elapsed() < SHORT {
            return;
        }
        let begun = self.begun.elapsed();
        let bar = self.shown.get_or_insert_with(|| {
            let look = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left";
            let style = ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(expected).with_elapsed(begun).with_style(style).with_message("loading")
        });
        if read < expected {
            bar.set_length(expected);
            bar.set_position(read);
        } else {
            bar.set_length(read);
            bar.set_position(read);
            bar.set_message("packing");
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
