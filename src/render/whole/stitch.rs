//! Polygons that a seam tears apart in degrees, put together.
//!
//! ```text
//!     180 | -180
//!   ###\  |  /####
//!   ####--+--#####        the two sides of a seam run in opposite directions and go; what is left is joined
//!   ####--+--#####        from end to end
//!   ###/  |  \####
//! ```

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::space::Rect;

/// A path in degrees; a ring is closed.
type Chain = Vec<[f64; 2]>;

/// Polygons, some of which were torn.
#[derive(Debug, Default)]
pub struct Stitched {
    /// Those that were not, as they were given.
    pub whole: Vec<Vec<Chain>>,
    /// The rings of all others, exteriors and holes, as chains each of which ends where the next one begins. What they
    /// enclose lies to the left of them.
    pub joined: Vec<Vec<Chain>>,
}

/// Joins polygons (closed rings in degrees, the exterior first) along the edges of the pieces that they were cut to, and along
/// the antimeridian.
pub fn stitch(polygons: Vec<Vec<Chain>>, pieces: &[Rect]) -> Stitched {
    let seams = Seams::new(pieces);
    let is_torn = |ring: &Chain| ring.windows(2).any(|side| seams.along(side[0], side[1]).is_some());
    let (torn, whole): (Vec<_>, Vec<_>) = polygons.into_iter().partition(|rings| rings.iter().any(is_torn));
    let mut loose = Loose::default();
    let mut joined = Vec::new();
    for (index, mut ring) in torn.into_iter().flat_map(|rings| rings.into_iter().enumerate()) {
        if (twice_area(&ring) > 0.0) != (index == 0) {
            ring.reverse();
        }
        if is_torn(&ring) {
            loose.take_apart(&ring, &seams);
        } else {
            joined.push(vec![ring]);
        }
    }
    joined.extend(loose.join());
    Stitched { whole, joined }
}

/// Positive when the ring runs against the clock, north being up.
fn twice_area(ring: &[[f64; 2]]) -> f64 {
    ring.windows(2).map(|side| side[0][0] * side[1][1] - side[1][0] * side[0][1]).sum()
}

/// Lines of degrees along which polygons are torn.
struct Seams {
    /// Longitudes and latitudes.
    edges: [Vec<f64>; 2],
}

/// A line of degrees: 0 for a meridian and 1 for a parallel, and which one, as bits.
type Seam = (u8, u64);

impl Seams {
    fn new(pieces: &[Rect]) -> Self {
        let lons = pieces.iter().flat_map(|piece| [piece.min_x, piece.max_x]).chain([180.0]);
        let lats = pieces.iter().flat_map(|piece| [piece.min_y, piece.max_y]).filter(|lat| lat.abs() < 90.0);
        Self { edges: [lons.map(turned).collect(), lats.collect()] }
    }

    /// The seam on which a side lies.
    fn along(&self, a: [f64; 2], b: [f64; 2]) -> Option<Seam> {
        let is_on = |edge: f64, [a, b]: [f64; 2]| a == b && self.edges[usize::from(edge > 0.0)].contains(&a);
        if is_on(0.0, [turned(a[0]), turned(b[0])]) && a[0] == b[0] {
            return Some((0, turned(a[0]).to_bits()));
        }
        is_on(1.0, [a[1], b[1]]).then(|| (1, a[1].to_bits()))
    }
}

/// One name for the antimeridian.
fn turned(lon: f64) -> f64 {
    if lon == -180.0 { 180.0 } else { lon + 0.0 }
}

/// A place where chains meet: one on both sides of the antimeridian, and one at each pole.
fn node([lon, lat]: [f64; 2]) -> [u64; 2] {
    let lon = if lat.abs() == 90.0 { 0.0 } else { turned(lon) };
    [lon.to_bits(), (lat + 0.0).to_bits()]
}

/// Rings in pieces.
#[derive(Default)]
struct Loose {
    chains: Vec<Chain>,
    /// The sides along each seam, from where to where.
    sides: BTreeMap<Seam, Vec<[f64; 2]>>,
}

impl Loose {
    /// Takes a closed ring apart where it runs along a seam.
    fn take_apart(&mut self, ring: &[[f64; 2]], seams: &Seams) {
        let sides = ring.len() - 1;
        let seam = |index: usize| seams.along(ring[index % sides], ring[index % sides + 1]);
        let Some(start) = (0..sides).find(|&index| seam(index).is_some()) else { return };
        let mut open: Chain = Vec::new();
        for index in start..start + sides {
            let (from, to) = (ring[index % sides], ring[index % sides + 1]);
            if let Some(seam) = seam(index) {
                self.chains.extend(Some(std::mem::take(&mut open)).filter(|open| !open.is_empty()));
                let axis = usize::from(seam.0 == 0);
                self.sides.entry(seam).or_default().push([from[axis], to[axis]]);
            } else {
                if open.is_empty() {
                    open.push(from);
                }
                open.push(to);
            }
        }
        self.chains.extend(Some(open).filter(|open| !open.is_empty()));
    }

    /// The rings that are left where opposite sides are taken away.
    fn join(mut self) -> Vec<Vec<Chain>> {
        for (seam, sides) in std::mem::take(&mut self.sides) {
            self.chains.extend(left_over(seam, &sides));
        }
        let mut starts: HashMap<[u64; 2], Vec<usize>> = HashMap::new();
        for (index, chain) in self.chains.iter().enumerate().rev() {
            starts.entry(node(chain[0])).or_default().push(index);
        }
        let mut left: Vec<Option<Chain>> = self.chains.into_iter().map(Some).collect();
        let mut rings = Vec::new();
        for index in 0..left.len() {
            let Some(first) = left[index].take() else { continue };
            let home = node(first[0]);
            let mut ring = vec![first];
            loop {
                let end = ring.last().and_then(|chain| chain.last()).copied().map(node);
                let Some(end) = end.filter(|end| *end != home) else { break };
                let next = starts.get_mut(&end).and_then(|waiting| {
                    while let Some(index) = waiting.pop() {
                        if let Some(chain) = left[index].take() {
                            return Some(chain);
                        }
                    }
                    None
                });
                let Some(next) = next else { break };
                ring.push(next);
            }
            rings.push(ring);
        }
        rings
    }
}

/// The parts of a seam along which more sides run one way than the other.
fn left_over((axis, place): Seam, sides: &[[f64; 2]]) -> Vec<Chain> {
    let mut ends: Vec<f64> = sides.iter().flatten().copied().collect();
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut surplus = vec![0_i32; ends.len()];
    for [from, to] in sides {
        let at = |end: &f64| ends.partition_point(|other| other < end);
        let way = if from < to { 1 } else { -1 };
        surplus[at(from).min(at(to))] += way;
        surplus[at(from).max(at(to))] -= way;
    }
    let point = |along: f64| if axis == 0 { [f64::from_bits(place), along] } else { [along, f64::from_bits(place)] };
    let mut chains = Vec::new();
    let mut running = 0;
    for (pair, change) in ends.windows(2).zip(surplus) {
        running += change;
        let [low, high] = [point(pair[0]), point(pair[1])];
        let chain = if running > 0 { vec![low, high] } else { vec![high, low] };
        chains.extend(std::iter::repeat_n(chain, running.unsigned_abs() as usize));
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLD: [Rect; 1] = [Rect::new(-180.0, -60.0, 180.0, 90.0)];

    fn closed(ring: &[[f64; 2]]) -> Chain {
        ring.iter().copied().chain(ring.first().copied()).collect()
    }

    /// The vertices of a ring, those on the antimeridian once.
    fn vertices(ring: &[Chain]) -> usize {
        ring.iter().map(|chain| chain.len() - 1).sum()
    }

    #[test]
    fn two_halves_at_the_antimeridian_are_one_ring_however_they_turn() {
        let east = closed(&[[170.0, 60.0], [180.0, 60.0], [180.0, 70.0], [170.0, 70.0]]);
        // One vertex more on this side.
        let mut west = closed(&[[-180.0, 60.0], [-170.0, 60.0], [-170.0, 70.0], [-180.0, 70.0], [-180.0, 65.0]]);
        west.reverse();
        let Stitched { whole, joined } = stitch(vec![vec![east], vec![west]], &WORLD);
        assert!(whole.is_empty());
        assert_eq!(joined.len(), 1);
        assert_eq!(vertices(&joined[0]), 6);
    }

    #[test]
    fn a_ring_around_a_pole_keeps_its_coast_alone() {
        let cap = closed(&[[-180.0, 70.0], [0.0, 65.0], [180.0, 70.0], [180.0, 90.0], [-180.0, 90.0]]);
        let Stitched { joined, .. } = stitch(vec![vec![cap]], &WORLD);
        let coasts: Vec<usize> = joined.iter().map(|ring| vertices(ring)).collect();
        // The pole itself, which is a point on the plane, and the coast around it.
        assert_eq!(coasts, [1, 2]);
        assert_eq!(joined[0][0], [[180.0, 90.0], [-180.0, 90.0]]);
    }

    #[test]
    fn what_one_side_has_alone_stays() {
        let east = closed(&[[170.0, 60.0], [180.0, 60.0], [180.0, 70.0], [170.0, 70.0]]);
        let Stitched { joined, .. } = stitch(vec![vec![east.clone()]], &WORLD);
        assert_eq!(joined.len(), 1);
        assert_eq!(vertices(&joined[0]), 4);
        let inland = closed(&[[10.0, 10.0], [20.0, 10.0], [20.0, 20.0]]);
        let Stitched { whole, joined } = stitch(vec![vec![inland.clone()], vec![east]], &WORLD);
        assert_eq!((whole, joined.len()), (vec![vec![inland]], 1));
    }
}
