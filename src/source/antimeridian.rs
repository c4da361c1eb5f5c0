//! Geometries that leave ±180 degrees, brought within and cut where they cross (RFC 7946, 3.1.9).

use crate::space::Rect;

/// Longitude, latitude in degrees, and a height that is NaN where there is none.
pub(super) type Position = [f64; 3];

/// The longitude at which is cut.
const EDGE: f64 = 180.0;

/// Longitudes further out than this are no longitudes, and would be cut without end.
pub(super) const FARTHEST: f64 = 3600.0;

/// A longitude within ±180 for any finite one.
pub(super) fn wrap(lon: f64) -> f64 {
    if lon.abs() <= EDGE { lon } else { (lon + EDGE).rem_euclid(360.0) - EDGE }
}

/// The pieces of a line within ±180, in order.
pub(super) fn cut_line(mut line: Vec<Position>) -> Vec<Vec<Position>> {
    let turns = turns_of(line.iter());
    shift(&mut line, turns);
    let mut pieces = Vec::new();
    let mut left_over = vec![line];
    while let Some(line) = left_over.pop() {
        let mut piece: Vec<Position> = Vec::new();
        for (at, &position) in line.iter().enumerate() {
            if at > 0 && is_beyond(line[at - 1]) != is_beyond(position) {
                let crossing = crossing(line[at - 1], position);
                push_new(&mut piece, crossing);
                let done = std::mem::replace(&mut piece, vec![crossing]);
                keep(done, &mut pieces, &mut left_over);
            }
            push_new(&mut piece, position);
        }
        keep(piece, &mut pieces, &mut left_over);
    }
    pieces
}

/// Sorts a finished piece of a line: within the edge it is done, beyond it is shifted and looked at again.
fn keep(mut piece: Vec<Position>, done: &mut Vec<Vec<Position>>, left_over: &mut Vec<Vec<Position>>) {
    if piece.len() < 2 {
        return;
    }
    if piece.iter().any(|&position| is_beyond(position)) {
        shift(&mut piece, 1.0);
        left_over.push(piece);
    } else {
        done.push(piece);
    }
}

/// The pieces of a polygon within ±180, each an exterior ring and its holes.
///
/// The rings are closed and wound as RFC 7946 has it. They are cut into chains on either side of the edge; where a chain
/// leaves, the ring goes on along the edge to the neighbouring crossing, because between the first and the second one,
/// the third and the fourth, and so on, the edge lies inside the polygon:
///
/// ```text
///        |  5---        chains beyond: 0..1, 2..3, 4..5
///     ---|--4           along the edge: 1->0, 3->2, 5->4
///     ---|--3
///        |  2---
///     ---|--1
///        |  0---
/// ```
pub(super) fn cut_polygon(mut rings: Vec<Vec<Position>>) -> Vec<Vec<Vec<Position>>> {
    let turns = turns_of(rings.iter().flatten());
    for ring in &mut rings {
        shift(ring, turns);
    }
    let mut pieces = Vec::new();
    let mut left_over = vec![rings];
    while let Some(rings) = left_over.pop() {
        let chains = Chains::new(rings);
        pieces.extend(chains.polygons(false));
        for mut polygon in chains.polygons(true) {
            for ring in &mut polygon {
                shift(ring, 1.0);
            }
            let is_still_beyond = polygon.iter().flatten().any(|&position| is_beyond(position));
            if is_still_beyond { left_over.push(polygon) } else { pieces.push(polygon) }
        }
    }
    pieces
}

fn is_beyond(position: Position) -> bool {
    position[0] > EDGE
}

/// How many turns westward bring the westernmost position within ±180.
fn turns_of<'p>(positions: impl Iterator<Item = &'p Position>) -> f64 {
    let west = positions.map(|position| position[0]).fold(f64::INFINITY, f64::min);
    if west.is_finite() { ((west + EDGE) / 360.0).floor() } else { 0.0 }
}

fn shift(positions: &mut [Position], turns: f64) {
    if turns != 0.0 {
        for position in positions {
            position[0] -= turns * 360.0;
        }
    }
}

/// Where the segment between two positions on different sides meets the edge.
fn crossing(a: Position, b: Position) -> Position {
    let share = (EDGE - a[0]) / (b[0] - a[0]);
    // Weighed so that a position in the edge is its own crossing.
    let between = |axis: usize| a[axis] * (1.0 - share) + b[axis] * share;
    [EDGE, between(1), between(2)]
}

fn push_new(path: &mut Vec<Position>, position: Position) {
    if path.last().is_none_or(|last| last[..2] != position[..2]) {
        path.push(position);
    }
}

/// The rings of a polygon, taken apart at the edge.
struct Chains {
    /// Rings that lie on one side as a whole, with whether they were the exterior ring.
    whole: Vec<(Vec<Position>, bool)>,
    /// Stretches between two crossings, which they include.
    pieces: Vec<Chain>,
    /// For each crossing the one that it is joined with along the edge.
    partners: Vec<usize>,
}

struct Chain {
    positions: Vec<Position>,
    is_beyond: bool,
    from: usize,
    to: usize,
}

impl Chains {
    fn new(rings: Vec<Vec<Position>>) -> Self {
        let (mut whole, mut pieces, mut crossings) = (Vec::new(), Vec::new(), Vec::new());
        for (number, ring) in rings.into_iter().enumerate() {
            let Some(first) = ring.windows(2).position(|pair| is_beyond(pair[0]) != is_beyond(pair[1])) else {
                whole.push((ring, number == 0));
                continue;
            };
            let (start, count) = (crossings.len(), ring.len() - 1);
            let mut open: Option<Chain> = None;
            for step in 0..=count {
                let (a, b) = (ring[(first + step) % count], ring[(first + step) % count + 1]);
                if is_beyond(a) != is_beyond(b) {
                    let position = crossing(a, b);
                    // The last step meets the first crossing again.
                    let number = if step == count { start } else { crossings.len() };
                    if step < count {
                        crossings.push(position);
                    }
                    if let Some(mut chain) = open.take() {
                        push_new(&mut chain.positions, position);
                        chain.to = number;
                        pieces.push(chain);
                    }
                    open = Some(Chain { positions: vec![position], is_beyond: is_beyond(b), from: number, to: number });
                }
                if let Some(chain) = &mut open {
                    push_new(&mut chain.positions, b);
                }
            }
        }
        let mut order: Vec<usize> = (0..crossings.len()).collect();
        order.sort_by(|&a, &b| crossings[a][1].total_cmp(&crossings[b][1]));
        let mut partners = vec![0; order.len()];
        for pair in order.chunks_exact(2) {
            (partners[pair[0]], partners[pair[1]]) = (pair[1], pair[0]);
        }
        Self { whole, pieces, partners }
    }

    /// The polygons on one side.
    fn polygons(&self, is_beyond_edge: bool) -> Vec<Vec<Vec<Position>>> {
        let on_side = |ring: &[Position]| ring.first().is_some_and(|&first| is_beyond(first)) == is_beyond_edge;
        let mut polygons: Vec<Vec<Vec<Position>>> = Vec::new();
        for (ring, _) in self.whole.iter().filter(|(ring, is_exterior)| *is_exterior && on_side(ring)) {
            polygons.push(vec![ring.clone()]);
        }
        polygons.extend(self.joined(is_beyond_edge).into_iter().map(|ring| vec![ring]));
        for (hole, _) in self.whole.iter().filter(|(ring, is_exterior)| !*is_exterior && on_side(ring)) {
            let only = polygons.len() == 1;
            if let Some(polygon) = polygons.iter_mut().find(|polygon| only || surrounds(&polygon[0], hole)) {
                polygon.push(hole.clone());
            }
        }
        polygons
    }

    /// The rings that the chains of one side form with the edge.
    fn joined(&self, is_beyond_edge: bool) -> Vec<Vec<Position>> {
        let mut starts: Vec<Option<&Chain>> = vec![None; self.partners.len()];
        for chain in self.pieces.iter().filter(|chain| chain.is_beyond == is_beyond_edge) {
            starts[chain.from] = Some(chain);
        }
        let mut rings = Vec::new();
        for first in 0..starts.len() {
            let mut ring: Vec<Position> = Vec::new();
            let mut next = first;
            // In a polygon that crosses itself the partner may start no chain; the ring is then closed right there.
            while let Some(chain) = starts[next].take() {
                chain.positions.iter().for_each(|&position| push_new(&mut ring, position));
                next = self.partners[chain.to];
            }
            rings.extend(tidy(ring));
        }
        rings
    }
}

/// A closed ring without the spikes that lie in the edge, wound counterclockwise; `None` when nothing is left.
fn tidy(mut ring: Vec<Position>) -> Option<Vec<Position>> {
    let is_on_edge = |position: Position| position[0] == EDGE;
    let inside = ring.iter().position(|&position| !is_on_edge(position))?;
    ring.rotate_left(inside);
    // Of each run along the edge only its ends matter; those between may go back and forth.
    let count = ring.len();
    let kept = (0..count).filter(|&at| {
        !(is_on_edge(ring[at]) && is_on_edge(ring[(at + count - 1) % count]) && is_on_edge(ring[(at + 1) % count]))
    });
    let mut ring: Vec<Position> = kept.map(|at| ring[at]).collect();
    ring.dedup_by(|a, b| a[..2] == b[..2]);
    let first = *ring.first()?;
    push_new(&mut ring, first);
    if ring.len() < 4 {
        return None;
    }
    if doubled_area(ring.iter().map(|&[x, y, _]| [x, y])) < 0.0 {
        ring.reverse();
    }
    Some(ring)
}

/// Twice the area of a ring in square degrees, positive when it runs counterclockwise; it need not be closed.
pub(super) fn doubled_area(positions: impl Iterator<Item = [f64; 2]>) -> f64 {
    let mut positions = positions;
    let Some(first) = positions.next() else { return 0.0 };
    let (mut area, mut last) = (0.0, [0.0, 0.0]);
    for position in positions {
        // Seen from the first position, so that a small ring far from the origin keeps its digits.
        let [x, y] = [position[0] - first[0], position[1] - first[1]];
        area += last[0] * y - x * last[1];
        last = [x, y];
    }
    area
}

/// Whether most of a hole's positions lie within the ring; those in its boundary may be judged either way.
fn surrounds(ring: &[Position], hole: &[Position]) -> bool {
    let mut rect = Rect::EMPTY;
    for &[x, y, _] in ring {
        rect.extend([x, y]);
    }
    let inside = hole.iter().filter(|&&[x, y, _]| {
        rect.contains([x, y])
            && ring.windows(2).fold(false, |inside, pair| {
                let ([x0, y0, _], [x1, y1, _]) = (pair[0], pair[1]);
                inside != ((y0 > y) != (y1 > y) && x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
            })
    });
    inside.count() * 2 > hole.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(points: &[[f64; 2]]) -> Vec<Position> {
        points.iter().map(|&[x, y]| [x, y, f64::NAN]).collect()
    }

    fn plain(points: &[Position]) -> Vec<[f64; 2]> {
        points.iter().map(|&[x, y, _]| [x, y]).collect()
    }

    fn area(polygons: &[Vec<Vec<Position>>]) -> f64 {
        polygons.iter().flatten().map(|ring| doubled_area(ring.iter().map(|&[x, y, _]| [x, y])) / 2.0).sum()
    }

    #[test]
    fn longitudes_are_wrapped_to_the_same_place() {
        for (lon, within) in [(190.0, -170.0), (-190.0, 170.0), (180.0, 180.0), (-180.0, -180.0), (725.0, 5.0)] {
            assert!((wrap(lon) - within).abs() < 1e-12, "{lon}");
        }
    }

    #[test]
    fn a_line_is_cut_where_it_crosses_and_heights_are_interpolated() {
        let pieces = cut_line(vec![[170.0, 0.0, 100.0], [190.0, 10.0, 200.0], [200.0, 10.0, 200.0]]);
        assert_eq!(
            pieces,
            [
                vec![[170.0, 0.0, 100.0], [180.0, 5.0, 150.0]],
                vec![[-180.0, 5.0, 150.0], [-170.0, 10.0, 200.0], [-160.0, 10.0, 200.0]]
            ]
        );
        // All of it beyond: shifted in one piece.
        assert_eq!(cut_line(flat(&[[190.0, 0.0], [200.0, 0.0]])).len(), 1);
        // Once around the world and further.
        assert_eq!(cut_line(flat(&[[0.0, 0.0], [720.0, 0.0]])).len(), 3);
        // A line that only touches the edge stays whole.
        assert_eq!(plain(&cut_line(flat(&[[170.0, 0.0], [180.0, 1.0], [170.0, 2.0]]))[0]).len(), 3);
    }

    #[test]
    fn a_comb_over_the_edge_falls_into_its_teeth() {
        // A back on the near side, and three teeth that reach over the edge.
        let comb = [
            [170.0, 0.0],
            [190.0, 0.0],
            [190.0, 1.0],
            [175.0, 1.0],
            [175.0, 2.0],
            [190.0, 2.0],
            [190.0, 3.0],
            [175.0, 3.0],
            [175.0, 4.0],
            [190.0, 4.0],
            [190.0, 5.0],
            [170.0, 5.0],
            [170.0, 0.0],
        ];
        let pieces = cut_polygon(vec![flat(&comb)]);
        assert_eq!(pieces.len(), 4);
        assert!((area(&pieces) - (20.0 * 3.0 + 5.0 * 2.0)).abs() < 1e-9);
        assert!(pieces.iter().flatten().flatten().all(|position| position[0].abs() <= 180.0));
        assert!(pieces.iter().all(|polygon| doubled_area(plain(&polygon[0]).into_iter()) > 0.0));
    }

    #[test]
    fn holes_stay_holes_and_a_hole_on_the_edge_becomes_part_of_the_rim() {
        let exterior = [[170.0, -10.0], [190.0, -10.0], [190.0, 10.0], [170.0, 10.0], [170.0, -10.0]];
        let hole_at = |x: f64| [[x, 0.0], [x, 1.0], [x + 2.0, 1.0], [x + 2.0, 0.0], [x, 0.0]];
        let pieces =
            cut_polygon(vec![flat(&exterior), flat(&hole_at(172.0)), flat(&hole_at(179.0)), flat(&hole_at(185.0))]);
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert!((area(&pieces) - (400.0 - 6.0)).abs() < 1e-9);
    }

    #[test]
    fn a_side_that_lies_in_the_edge_leaves_no_sliver() {
        let ring = [
            [170.0, 0.0],
            [180.0, 0.0],
            [180.0, 2.0],
            [190.0, 2.0],
            [190.0, 5.0],
            [180.0, 5.0],
            [170.0, 5.0],
            [170.0, 0.0],
        ];
        let pieces = cut_polygon(vec![flat(&ring)]);
        assert_eq!(pieces.len(), 2);
        assert!((area(&pieces) - (50.0 + 30.0)).abs() < 1e-9);
        assert_eq!(pieces[1][0].len(), 5);
    }
}
