//! Rectangles of the world as runs of codes.

use super::area::Corners;
use super::lattice::code;

/// A run of codes, its ends included.
pub(super) type Run = [u64; 2];

/// All codes.
pub(super) const WHOLE: Run = [0, u64::MAX];

/// Squares at a rectangle's edge are halved until this many halvings make its longer side.
const FINENESS: u32 = 5;

/// The runs, ascending and apart, of the codes of all places that lie in rectangles, and of a few that lie a little further.
pub(super) fn runs(rects: impl Iterator<Item = Corners>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for [low, high] in rects {
        let longest = high[0].saturating_sub(low[0]).max(high[1].saturating_sub(low[1]));
        let grain = (32 - longest.leading_zeros()).saturating_sub(FINENESS);
        descend([0, 0], 32, grain, [low, high], &mut runs);
    }
    runs.sort_unstable();
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match joined.last_mut() {
            Some(last) if run[0] <= last[1].saturating_add(1) => last[1] = last[1].max(run[1]),
            _ => joined.push(run),
        }
    }
    joined
}

/// Gives the runs of a square of 2^`bits` steps a side with this corner, as far as it lies in the rectangle.
fn descend(corner: [u32; 2], bits: u32, grain: u32, [low, high]: Corners, runs: &mut Vec<Run>) {
    let last = (1_u64 << bits) - 1;
    let end = corner.map(|n| (u64::from(n) + last) as u32);
    let is_apart = (0..2).any(|axis| corner[axis] > high[axis] || end[axis] < low[axis]);
    if is_apart {
        return;
    }
    let is_within = (0..2).all(|axis| corner[axis] >= low[axis] && end[axis] <= high[axis]);
    if is_within || bits <= grain {
        let first = code(corner);
        let size = if bits == 32 { u64::MAX } else { (1 << (2 * bits)) - 1 };
        runs.push([first, first + size]);
        return;
    }
    let half = 1 << (bits - 1);
    for [right, down] in [[0, 0], [1, 0], [0, 1], [1, 1]] {
        descend([corner[0] + right * half, corner[1] + down * half], bits - 1, grain, [low, high], runs);
    }
}
