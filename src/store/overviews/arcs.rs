//! One arc of a path, thinned to the end: when each of its vertices may go.
//!
//! Visvalingam and Whyatt's method: the vertex whose triangle with its two neighbours is smallest goes first. When it goes is
//! decided by the arc alone and not by its direction, so that two polygons with a common border thin it alike.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A place on the lattice.
type Place = [u32; 2];

/// Buffers that are used again for each arc.
#[derive(Default)]
pub(super) struct Arcs {
    before: Vec<u32>,
    after: Vec<u32>,
    changes: Vec<u32>,
    bends: BinaryHeap<Bend>,
    doubled: Vec<f64>,
}

/// A vertex that may go, the smallest triangle first, and of equal ones the one further to the left and up.
#[derive(PartialEq)]
struct Bend {
    doubled: f64,
    place: Place,
    index: u32,
    /// How often its triangle had changed when this was noted.
    change: u32,
}

impl Eq for Bend {}

impl Ord for Bend {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = self.doubled.total_cmp(&other.doubled);
        order.then_with(|| self.place.cmp(&other.place)).then_with(|| self.index.cmp(&other.index)).reverse()
    }
}

impl PartialOrd for Bend {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The change of a vertex that has gone.
const GONE: u32 = u32::MAX;

impl Arcs {
    /// For each vertex, twice the area of the largest triangle that has gone when it goes: it may be left out where such are
    /// not seen. Infinite for those that stay to the end: the ends of an open arc, and `fewest` vertices in all.
    pub(super) fn thin(&mut self, arc: &[Place], closed: bool, fewest: usize) -> &[f64] {
        let count = arc.len();
        self.doubled.clear();
        self.doubled.resize(count, f64::INFINITY);
        if count <= fewest {
            return &self.doubled;
        }
        let last = count as u32 - 1;
        self.before.clear();
        self.before.extend((0..=last).map(|i| if i == 0 { last } else { i - 1 }));
        self.after.clear();
        self.after.extend((0..=last).map(|i| if i == last { 0 } else { i + 1 }));
        self.changes.clear();
        self.changes.resize(count, 0);
        self.bends.clear();
        for index in 0..count {
            self.note(arc, closed, index);
        }
        let mut left = count;
        let mut largest = 0.0_f64;
        while left > fewest {
            let Some(smallest) = self.bends.pop() else { break };
            let index = smallest.index as usize;
            if self.changes[index] != smallest.change {
                continue;
            }
            largest = largest.max(smallest.doubled);
            self.doubled[index] = largest;
            self.changes[index] = GONE;
            left -= 1;
            let (previous, next) = (self.before[index] as usize, self.after[index] as usize);
            self.after[previous] = next as u32;
            self.before[next] = previous as u32;
            for neighbour in [previous, next] {
                self.changes[neighbour] += 1;
                self.note(arc, closed, neighbour);
            }
        }
        &self.doubled
    }

    /// Notes a vertex with the triangle that it makes now, if it may go.
    fn note(&mut self, arc: &[Place], closed: bool, index: usize) {
        if closed || (index > 0 && index + 1 < arc.len()) {
            let [a, c] = [self.before[index], self.after[index]].map(|at| arc[at as usize]);
            let doubled = doubled_area(a, arc[index], c);
            let change = self.changes[index];
            self.bends.push(Bend { doubled, place: arc[index], index: index as u32, change });
        }
    }
}

/// Twice the area of a triangle, the same whichever end it is looked at from.
fn doubled_area(a: Place, b: Place, c: Place) -> f64 {
    let step = |from: Place, to: Place| [0, 1].map(|axis: usize| f64::from(to[axis]) - f64::from(from[axis]));
    let ([ux, uy], [vx, vy]) = (step(a, b), step(b, c));
    (ux * vy - uy * vx).abs()
}
