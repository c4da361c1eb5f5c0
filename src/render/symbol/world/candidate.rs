//! A label at one of its places.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;

use smallvec::SmallVec;

use super::rank::Rank;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::symbol::bucket::Bucket;
use crate::render::symbol::geometry::add;
use crate::render::symbol::grid::Cover;
use crate::render::symbol::label::Instance;
use crate::render::symbol::label::Label;
use crate::render::symbol::paint::Stamp;
use crate::render::symbol::place::Verdict;
use crate::render::symbol::stamps::push_icon;
use crate::render::symbol::stamps::push_text;
use crate::style::Overlap;

/// A label at a place where it may stand. What was decided about it stays with it.
pub struct Candidate {
    /// The label, laid out around a point in pixels at a ratio of 1.
    pub bucket: Arc<Bucket>,
    /// The label in its bucket, and its line in pixels around the anchor, which is the origin.
    pub instance: Instance,
    /// Where the anchor is, in the first copy of the world.
    pub cell: Cell,
    /// Which labels go before it.
    pub rank: Rank,
    /// What it may cover or paint: left, top, right, bottom.
    pub edges: [f32; 4],
    /// What became of it.
    pub decision: OnceLock<Decision>,
    /// It is known to be higher than this; 0 for nothing known.
    pub higher: AtomicU32,
}

/// What was decided about a label.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What of it stands.
    pub verdict: Verdict,
    /// Where no other may lie, around its anchor.
    pub covers: SmallVec<[(Cover, Overlap); 2]>,
    /// One more than the largest height among the labels that were asked; 0 where none were.
    pub height: u32,
    /// Whether it hangs on labels that were not loaded.
    pub is_open: bool,
}

/// A label that stands in a picture.
pub struct Standing {
    /// The label.
    pub candidate: Arc<Candidate>,
    /// What of it stands.
    pub verdict: Verdict,
    /// Its anchor, counted from where the picture begins.
    pub at: Cell,
}

impl Standing {
    /// Appends the stamps of its text or of its icon.
    pub fn push_stamps<'s>(&'s self, is_text: bool, ratio: f32, stamps: &mut Vec<Stamp<'s>>) {
        let Candidate { bucket, instance, .. } = &*self.candidate;
        let first = stamps.len();
        match is_text {
            true if self.verdict.text => push_text(bucket, instance, &self.verdict, ratio, stamps),
            false if self.verdict.icon => push_icon(bucket, instance, &self.verdict, ratio, stamps),
            _ => {}
        }
        // Reckoned from the anchor's pixel, so that the numbers are the same in all pictures.
        let base = [self.at.x.div_euclid(SUBPIXELS), self.at.y.div_euclid(SUBPIXELS)];
        let rest = [self.at.x.rem_euclid(SUBPIXELS), self.at.y.rem_euclid(SUBPIXELS)];
        let rest = rest.map(|n| n as f32 / SUBPIXELS as f32);
        for stamp in &mut stamps[first..] {
            stamp.base = base.map(|n| n as i32);
            stamp.to_picture.origin = add(stamp.to_picture.origin, rest);
        }
    }

    /// The row and the kind of the parts that it is a label of; of a label from tiles, the position in its layer.
    pub fn feature(&self) -> u64 {
        self.candidate.rank.drawn().0
    }
}

impl Candidate {
    /// A label of a bucket at a place.
    pub fn new(bucket: &Arc<Bucket>, instance: Instance, cell: Cell, rank: Rank) -> Self {
        let edges = super::extent::edges(bucket, &instance);
        let (decision, higher) = (OnceLock::new(), AtomicU32::new(0));
        Self { bucket: Arc::clone(bucket), instance, cell, rank, edges, decision, higher }
    }

    /// The same with nothing decided.
    pub fn undecided(&self) -> Self {
        let (decision, higher) = (OnceLock::new(), AtomicU32::new(0));
        let (bucket, instance) = (Arc::clone(&self.bucket), self.instance.clone());
        Self { bucket, instance, decision, higher, ..*self }
    }

    /// The label.
    pub fn label(&self) -> &Label {
        &self.bucket.labels[self.instance.label]
    }

    /// Bytes that it takes, the label not counted.
    pub fn bytes(&self) -> u64 {
        (size_of::<Self>() + self.instance.line.len() * 8 + 64) as u64
    }
}
