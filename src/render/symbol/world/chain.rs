//! Lines that tiles cut, put together from the pieces in a tile and in those around it.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::ops::Range;

use super::sheet::Line;
use super::sheet::Spot;

/// One of nine tiles: columns and rows from that in the middle.
pub type Step = [i8; 2];

/// The tile in the middle.
pub const HOME: Step = [0, 0];

/// A line from piece to piece, in sides of the tile in the middle.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Its points.
    pub path: Vec<Spot>,
    /// The tile of each segment.
    pub tiles: Vec<Step>,
    /// The position in the layer of its first feature in the middle.
    pub feature: usize,
    /// The same for all that may be one line.
    pub key: u64,
}

/// How far ends on both sides of an edge may be apart and be one: a pixel, in sides of a tile of 512. Coordinates on either
/// side were rounded, and simplified, without regard to the other.
const APART: f64 = 1.0 / 512.0;

/// Joins pieces from end to start where there is no fork, and across edges; what has no piece in the middle is left out. Each
/// piece comes with its tile and counts from there.
pub fn chains(pieces: Vec<(Step, &Line)>) -> Vec<Chain> {
    let next = followers(&pieces);
    let mut is_follower = vec![false; pieces.len()];
    next.iter().flatten().for_each(|&index| is_follower[index] = true);
    let mut is_done = vec![false; pieces.len()];
    let mut found = Vec::new();
    // Those with a start first. What is left runs round in rings, which begin where they were closed and not where they were cut.
    let starts = (0..pieces.len()).filter(|&index| !is_follower[index]);
    let is_inside = |index: &usize| edges_at(pieces[*index].0, pieces[*index].1.path[0]).next().is_none();
    for start in starts.chain((0..pieces.len()).filter(is_inside)).chain(0..pieces.len()) {
        let mut chain = Chain { path: Vec::new(), tiles: Vec::new(), feature: usize::MAX, key: pieces[start].1.key };
        let mut at = Some(start);
        while let Some(index) = at.filter(|&index| !is_done[index]) {
            is_done[index] = true;
            chain.push(pieces[index].0, pieces[index].1);
            at = next[index];
        }
        if chain.feature != usize::MAX {
            found.push(chain);
        }
    }
    found
}

/// The piece that goes on where each one ends.
fn followers(pieces: &[(Step, &Line)]) -> Vec<Option<usize>> {
    let mut next: Vec<Option<usize>> = vec![None; pieces.len()];
    let mut is_taken = vec![false; pieces.len()];
    let ends = |index: usize| {
        let path = &pieces[index].1.path;
        [path[path.len() - 1], path[0]]
    };
    // Within a tile lines that are one meet at the very same point.
    let mut meetings: HashMap<(u64, Step, [u64; 2]), [Vec<usize>; 2]> = HashMap::new();
    for (index, (step, line)) in pieces.iter().enumerate() {
        for (side, spot) in ends(index).into_iter().enumerate() {
            let place = (line.key, *step, spot.map(f64::to_bits));
            meetings.entry(place).or_default()[side].push(index);
        }
    }
    for (index, (step, line)) in pieces.iter().enumerate() {
        let [end, _] = ends(index);
        if let Some([_, starting]) =
            meetings.get(&(line.key, *step, end.map(f64::to_bits))).filter(|both| is_plain(both))
            && starting[0] != index
        {
            next[index] = Some(starting[0]);
            is_taken[starting[0]] = true;
        }
    }
    // Across an edge the nearest ones meet first.
    let mut edges: BTreeMap<(u64, Edge), [Vec<(usize, f64)>; 2]> = BTreeMap::new();
    for (index, (step, line)) in pieces.iter().enumerate() {
        for (side, spot) in ends(index).into_iter().enumerate() {
            for (edge, along) in edges_at(*step, spot) {
                edges.entry((line.key, edge)).or_default()[side].push((index, along));
            }
        }
    }
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for [ending, starting] in edges.values() {
        for &(from, at) in ending {
            let near = starting.iter().filter(|(to, _)| pieces[*to].0 != pieces[from].0);
            let near = near.map(|&(to, other)| ((at - other).abs(), from, to));
            pairs.extend(near.filter(|(apart, ..)| *apart <= APART));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, from, to) in pairs {
        if next[from].is_none() && !is_taken[to] {
            next[from] = Some(to);
            is_taken[to] = true;
        }
    }
    next
}

/// Whether one line ends where one begins.
fn is_plain([ending, starting]: &[Vec<usize>; 2]) -> bool {
    ending.len() == 1 && starting.len() == 1
}

/// An edge between two tiles: its axis, which one across it, and the tile along it; or a corner where four meet.
type Edge = (u8, i8, i8);

/// In the place of an axis.
const CORNER: u8 = 2;

/// The edges of a tile on which a point of it lies, and where along them.
fn edges_at(step: Step, spot: Spot) -> impl Iterator<Item = (Edge, f64)> {
    // Which edge of an axis, if any.
    let on = |axis: usize| -> Option<i8> {
        let is_on = |edge: f64| (spot[axis] - edge).abs() < f64::EPSILON;
        let low = is_on(0.0).then_some(step[axis]);
        low.or_else(|| is_on(1.0).then_some(step[axis] + 1))
    };
    let (x, y) = (on(0), on(1));
    let corner = x.zip(y).map(|(x, y)| ((CORNER, x, y), 0.0));
    let upright = x.map(|x| ((0, x, step[1]), spot[1]));
    let level = y.map(|y| ((1, y, step[0]), spot[0]));
    [upright, level, corner].into_iter().flatten()
}

impl Chain {
    fn push(&mut self, step: Step, line: &Line) {
        if step == HOME && self.feature == usize::MAX {
            self.feature = line.feature;
        }
        let moved = |spot: Spot| [spot[0] + f64::from(step[0]), spot[1] + f64::from(step[1])];
        let mut spots = line.path.iter().map(|&spot| moved(spot));
        // Where two pieces meet they may miss each other by a hair.
        if let (Some(last), Some(first)) = (self.path.last_mut(), spots.next()) {
            *last = [f64::midpoint(last[0], first[0]), f64::midpoint(last[1], first[1])];
        } else {
            self.path.push(moved(line.path[0]));
        }
        self.path.extend(spots);
        self.tiles.resize(self.path.len() - 1, step);
    }

    /// Whether all of it is seen from each tile that it touches.
    pub fn is_short(&self) -> bool {
        let ends = [self.path[0], self.path[self.path.len() - 1]];
        let is_beyond = |spot: Spot| spot.iter().any(|n| *n <= -1.0 || *n >= 2.0);
        let is_narrow = |axis: usize| {
            let steps = self.tiles.iter().map(|step| step[axis]);
            steps.clone().max().zip(steps.min()).is_some_and(|(most, least)| most - least <= 1)
        };
        !ends.into_iter().any(is_beyond) && is_narrow(0) && is_narrow(1)
    }

    /// The runs of segments in the middle.
    pub fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (index, _) in self.tiles.iter().enumerate().filter(|(_, step)| **step == HOME) {
            match runs.last_mut() {
                Some(run) if run.end == index => run.end += 1,
                _ => runs.push(index..index + 1),
            }
        }
        runs
    }

    /// How much of it lies in each tile that it touches, in sides of a tile.
    pub fn lengths(&self) -> BTreeMap<Step, f64> {
        let mut lengths = BTreeMap::new();
        for (pair, step) in self.path.windows(2).zip(&self.tiles) {
            *lengths.entry(*step).or_insert(0.0) += (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
        }
        lengths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(feature: usize, key: u64, path: &[Spot]) -> Line {
        Line { feature, key, path: path.to_vec() }
    }

    #[test]
    fn pieces_are_joined_across_edges_and_within_a_tile_but_not_at_forks() {
        let west = line(5, 1, &[[0.2, 0.5], [1.0, 0.5]]);
        let first = line(0, 1, &[[0.0, 0.501], [0.5, 0.5]]);
        let second = line(1, 1, &[[0.5, 0.5], [1.0, 0.7]]);
        let east = line(3, 1, &[[0.0, 0.7], [0.1, 0.7]]);
        let other = line(4, 2, &[[0.0, 0.7], [0.9, 0.7]]);
        let pieces = vec![([-1, 0], &west), (HOME, &first), (HOME, &second), ([1, 0], &other), ([1, 0], &east)];
        let [chain] = &chains(pieces.clone())[..] else { panic!("one chain") };
        assert_eq!((chain.path.len(), chain.feature), (5, 0));
        assert_eq!(chain.tiles, [[-1, 0], [0, 0], [0, 0], [1, 0]]);
        assert_eq!(chain.path[1], [0.0, 0.5005]);
        assert!(!chain.is_short(), "it touches three columns");
        assert_eq!(chain.runs(), [1..3]);
        let fork = line(6, 1, &[[0.5, 0.5], [0.5, 0.9]]);
        let forked: Vec<_> = pieces.into_iter().chain([(HOME, &fork)]).collect();
        assert_eq!(chains(forked).len(), 3);
    }

    #[test]
    fn pieces_are_joined_over_a_corner() {
        let first = line(0, 1, &[[0.5, 0.5], [1.0, 1.0]]);
        let second = line(1, 1, &[[0.0, 0.0], [0.5, 0.5]]);
        let [chain] = &chains(vec![(HOME, &first), ([1, 1], &second)])[..] else { panic!("one chain") };
        assert_eq!(chain.path, [[0.5, 0.5], [1.0, 1.0], [1.5, 1.5]]);
    }

    #[test]
    fn what_is_too_far_apart_or_turned_against_each_other_is_not_joined() {
        let first = line(0, 1, &[[0.5, 0.5], [1.0, 0.5]]);
        let apart = line(1, 1, &[[0.0, 0.51], [0.5, 0.5]]);
        let turned = line(2, 1, &[[0.5, 0.5], [0.0, 0.5]]);
        for other in [apart, turned] {
            let [chain] = &chains(vec![(HOME, &first), ([1, 0], &other)])[..] else { panic!("one chain") };
            assert_eq!(chain.path, first.path);
            assert!(chain.is_short());
        }
    }

    #[test]
    fn a_ring_over_four_tiles_is_walked_once_and_is_short() {
        let home = line(0, 1, &[[1.0, 0.5], [0.5, 0.5], [0.5, 1.0]]);
        let below = line(1, 1, &[[0.5, 0.0], [0.5, 0.5], [1.0, 0.5]]);
        let beside = line(2, 1, &[[0.5, 1.0], [0.5, 0.5], [0.0, 0.5]]);
        let corner = line(3, 1, &[[0.0, 0.5], [0.5, 0.5], [0.5, 0.0]]);
        let pieces = vec![(HOME, &home), ([1, 0], &beside), ([0, 1], &below), ([1, 1], &corner)];
        let [chain] = &chains(pieces)[..] else { panic!("one chain") };
        assert_eq!(chain.path.len(), 9);
        assert!(chain.is_short());
    }
}
