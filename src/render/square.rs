//! Paths cut to a square.

/// The square from `low` to `high` on both axes, whose edges belong to it.
#[derive(Clone, Copy, Debug)]
pub struct Square {
    /// Of both axes.
    pub low: f64,
    /// Of both axes.
    pub high: f64,
}

impl Square {
    /// Whether a point lies in it.
    pub fn holds(&self, point: [f64; 2]) -> bool {
        point.iter().all(|n| (self.low..=self.high).contains(n))
    }

    /// The pieces of a line between the two edges across an axis.
    pub fn clip_line(&self, line: &[[f64; 2]], axis: usize) -> Vec<Vec<[f64; 2]>> {
        let mut pieces = Vec::new();
        let mut open: Vec<[f64; 2]> = Vec::new();
        for ends in line.windows(2) {
            let leaves = self.clip_side(ends[0], ends[1], axis, &mut open);
            if leaves {
                pieces.push(std::mem::take(&mut open));
            }
        }
        open.extend(line.last().filter(|last| (self.low..=self.high).contains(&last[axis])));
        pieces.push(open);
        pieces.retain(|piece| piece.len() > 1);
        pieces
    }

    /// The part of a ring between the two edges across an axis; outside of them it follows these.
    pub fn clip_ring(&self, ring: &[[f64; 2]], axis: usize) -> Vec<[f64; 2]> {
        let mut clipped = Vec::with_capacity(ring.len());
        for (index, &from) in ring.iter().enumerate() {
            self.clip_side(from, ring[(index + 1) % ring.len()], axis, &mut clipped);
        }
        clipped
    }

    /// Adds where a side begins or enters, and where it leaves; tells whether it leaves.
    fn clip_side(&self, from: [f64; 2], to: [f64; 2], axis: usize, kept: &mut Vec<[f64; 2]>) -> bool {
        let at = |edge: f64| {
            let share = (edge - from[axis]) / (to[axis] - from[axis]);
            let mut point = [0, 1].map(|n: usize| from[n] + (to[n] - from[n]) * share);
            point[axis] = edge;
            point
        };
        let (start, end) = (from[axis], to[axis]);
        if start < self.low {
            kept.extend((end > self.low).then(|| at(self.low)));
        } else if start > self.high {
            kept.extend((end < self.high).then(|| at(self.high)));
        } else {
            kept.push(from);
        }
        let (below, above) = (end < self.low && start >= self.low, end > self.high && start <= self.high);
        kept.extend(below.then(|| at(self.low)));
        kept.extend(above.then(|| at(self.high)));
        below || above
    }
}
