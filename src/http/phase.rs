//! Where the server stands in its life.

use tokio::sync::watch;

/// Whether requests can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The files are being read for the first time.
    Loading,
    /// All is well.
    Ready,
    /// The last requests are being answered.
    Stopping,
}

/// The phase of this moment. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Life(watch::Sender<Phase>);

impl Default for Life {
    /// Starts ready.
    fn default() -> Self {
        Self(watch::Sender::new(Phase::Ready))
    }
}

impl Life {
    /// The phase now.
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Goes on to a phase; what is stopping stays so.
    pub fn enter(&self, next: Phase) {
        self.0.send_if_modified(|phase| {
            let moves = *phase != next && *phase != Phase::Stopping;
            if moves {
                *phase = next;
            }
            moves
        });
    }

    /// Waits for the phase.
    pub async fn reach(&self, phase: Phase) {
        // The sender lives in `self`, so that waiting cannot end without the phase.
        let _ = self.0.subscribe().wait_for(|now| *now == phase).await;
    }
}
