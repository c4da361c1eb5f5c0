//! Where features are looked for.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::lattice::SIDE;
use super::lattice::place;
use super::ranges::Run;
use super::ranges::runs;
use crate::space::Rect;

/// The north-west and the south-east corner of a rectangle, both in it.
pub(super) type Corners = [[u32; 2]; 2];

/// Rectangles of degrees on the lattice.
#[derive(Debug)]
pub struct Area {
    rects: Vec<Corners>,
    /// So many steps beside the rectangles do not matter: features that lie there are few.
    grain: u64,
    /// The runs of the rectangles with as much around them, which most questions share.
    near: OnceLock<Vec<Run>>,
}

/// A rectangle's width has this many grains or up to twice as many.
const GRAINS: f64 = 64.0;

impl Area {
    /// The area of rectangles in degrees.
    pub fn new(rects: &[Rect]) -> Self {
        let width = rects.iter().map(Rect::width).fold(0.0, f64::max);
        let corners = |rect: &Rect| [place([rect.min_x, rect.max_y]), place([rect.max_x, rect.min_y])];
        Self {
            rects: rects.iter().map(corners).collect(),
            grain: ((width / 360.0 * SIDE / GRAINS) as u64 + 1).next_power_of_two() / 2,
            near: OnceLock::new(),
        }
    }

    /// Whether a place lies in a rectangle, or no more than `margin` steps beside one.
    #[inline]
    pub(super) fn holds(&self, place: [u32; 2], margin: u64) -> bool {
        let [x, y] = place.map(u64::from);
        self.rects.iter().any(|[low, high]| {
            x + margin >= u64::from(low[0])
                && x <= u64::from(high[0]) + margin
                && y + margin >= u64::from(low[1])
                && y <= u64::from(high[1]) + margin
        })
    }

    /// The rectangles with so many steps around each.
    pub(super) fn widened(&self, margin: u64) -> impl Iterator<Item = Corners> + '_ {
        self.rects.iter().map(move |[low, high]| {
            let low = low.map(|n| u64::from(n).saturating_sub(margin) as u32);
            let high = high.map(|n| (u64::from(n) + margin).min(u64::from(u32::MAX)) as u32);
            [low, high]
        })
    }

    /// The runs of the codes of all places that lie in the rectangles or no more than `margin` steps beside them, and of some that
    /// lie a little further.
    pub(super) fn runs(&self, margin: u64) -> Cow<'_, [Run]> {
        if margin <= self.grain {
            return self.near.get_or_init(|| runs(self.widened(self.grain))).into();
        }
        runs(self.widened(margin)).into()
    }
}
