//! How much each vertex of lines and polygons matters, one byte each.
//!
//! Where several paths meet they are taken apart at the vertices at which they part from each other (junctions), as TopoJSON
//! does, and each arc between is thinned by itself: borders that features share are thinned alike on both sides, whatever zoom.

use super::arcs::Arcs;
use crate::feature::PartKind;
use crate::feature::Shapes;

/// Paths meet or part here, or it is a point: it always stays.
pub(super) const JUNCTION: u8 = 0;

/// It stays as long as its path is seen at all.
const PINNED: u8 = 1;

/// It is only there where nothing is left out: it repeats the one before.
const REPEATED: u8 = u8::MAX;

/// A ring keeps this many vertices: a house stays a rectangle as long as it is seen at all.
const FEWEST: usize = 4;

/// Bytes a doubling of the size of what goes with a vertex.
const STEPS: f64 = 6.0;

/// The largest byte of the vertices that are needed where a square of `size` steps a side of the lattice is just seen: a vertex
/// goes when its triangle is smaller.
pub fn needed(size: f64) -> u8 {
    (2.0 + ((32.0 - size.max(1e-9).log2()) * STEPS).floor()).clamp(1.0, 254.0) as u8
}

/// The byte of a vertex with which twice this area goes.
fn byte(doubled: f64) -> u8 {
    if doubled.is_infinite() {
        return PINNED;
    }
    (2.0 + ((32.0 - 0.5 * (doubled / 2.0).max(1e-9).log2()) * STEPS).floor()).clamp(2.0, 254.0) as u8
}

/// A byte for each position of the shapes: the smaller, the further away it is still needed; see [`needed`]. Empty when there is
/// nothing but points.
pub(super) fn importance(shapes: &Shapes, places: &[[u32; 2]]) -> Vec<u8> {
    let paths = paths(shapes, places);
    if paths.is_empty() {
        return Vec::new();
    }
    let mut bytes = vec![JUNCTION; places.len()];
    for path in &paths {
        bytes[path.start as usize..path.end as usize].fill(REPEATED);
    }
    let shared = Shared::find(&paths, places);
    let mut is_junction = vec![false; if shared.groups.is_empty() { 0 } else { places.len() }];
    for group in shared.groups() {
        let first = shared.neighbours[group[0] as usize];
        if group.iter().any(|&at| shared.neighbours[at as usize] != first) {
            group.iter().for_each(|&at| is_junction[at as usize] = true);
        }
    }
    let mut thinning =
        Thinning { places, is_junction: &is_junction, bytes: &mut bytes, arcs: Arcs::default(), arc: Vec::new() };
    let mut vertices = Vec::new();
    for path in &paths {
        path.vertices(places, &mut vertices);
        thinning.thin(&vertices, path.is_ring);
    }
    // What pins a vertex of one path pins it in all.
    for group in shared.groups() {
        let least = group.iter().map(|&at| bytes[at as usize]).min().unwrap_or(PINNED);
        group.iter().for_each(|&at| bytes[at as usize] = least);
    }
    for path in paths.iter().filter(|path| path.is_ring && path.end > path.start) {
        bytes[path.end as usize - 1] = bytes[path.start as usize];
    }
    bytes
}

/// A line or a ring, by where its positions stand.
struct Path {
    start: u32,
    end: u32,
    is_ring: bool,
}

impl Path {
    /// Where its vertices stand, each once where it is repeated, a ring's closing one left out.
    fn vertices(&self, places: &[[u32; 2]], out: &mut Vec<u32>) {
        out.clear();
        for at in self.start..self.end {
            if out.last().is_none_or(|&last| places[last as usize] != places[at as usize]) {
                out.push(at);
            }
        }
        while self.is_ring && out.len() > 1 && places[out[0] as usize] == places[out[out.len() - 1] as usize] {
            out.pop();
        }
    }
}

fn paths(shapes: &Shapes, places: &[[u32; 2]]) -> Vec<Path> {
    let mut paths = Vec::new();
    for row in 0..shapes.len() as u32 {
        for part in shapes.geometry(row).parts().filter(|part| part.kind() != PartKind::Points) {
            let is_polygon = part.kind() == PartKind::Polygon;
            paths.extend(part.ranges().filter(|range| !range.is_empty()).map(|range| {
                let is_closed = places[range.start] == places[range.end - 1];
                Path { start: range.start as u32, end: range.end as u32, is_ring: is_polygon && is_closed }
            }));
        }
    }
    paths
}

/// Vertices that stand at one place.
struct Shared {
    /// Where they stand among the positions, group after group.
    members: Vec<u32>,
    /// Where each group of several ends.
    groups: Vec<[u32; 2]>,
    /// For each position, a number that vertices with the same two neighbours share.
    neighbours: Vec<u32>,
}

impl Shared {
    fn find(paths: &[Path], places: &[[u32; 2]]) -> Self {
        let mut neighbours = vec![0_u32; places.len()];
        let mut keys: Vec<u64> = Vec::with_capacity(places.len());
        let mut vertices = Vec::new();
        let hash = |at: u32| mixed(places[at as usize]);
        for path in paths {
            path.vertices(places, &mut vertices);
            for (index, &at) in vertices.iter().enumerate() {
                let beside = |step: usize| {
                    let is_inside = path.is_ring || (index + step > 0 && index + step <= vertices.len());
                    is_inside.then(|| hash(vertices[(index + vertices.len() + step - 1) % vertices.len()]) as u32)
                };
                // The end of a line has no neighbour there, which differs from having one.
                let [before, after] = [beside(0), beside(2)].map(|hash| hash.unwrap_or(0x9e37_79b9));
                neighbours[at as usize] = before.wrapping_add(after);
                keys.push(hash(at) & 0xffff_ffff_0000_0000 | u64::from(at));
            }
        }
        keys.sort_unstable();
        let mut shared = Self { members: Vec::new(), groups: Vec::new(), neighbours };
        for run in keys.chunk_by(|a, b| a >> 32 == b >> 32).filter(|run| run.len() > 1) {
            let mut members: Vec<u32> = run.iter().map(|&key| key as u32).collect();
            // One hash may stand for several places.
            members.sort_by_key(|&at| places[at as usize]);
            for group in members.chunk_by(|&a, &b| places[a as usize] == places[b as usize]).filter(|g| g.len() > 1) {
                let start = shared.members.len() as u32;
                shared.members.extend_from_slice(group);
                shared.groups.push([start, shared.members.len() as u32]);
            }
        }
        shared
    }

    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.groups.iter().map(|&[start, end]| &self.members[start as usize..end as usize])
    }
}

/// A place as a number without order.
fn mixed([x, y]: [u32; 2]) -> u64 {
    let n = (u64::from(x) << 32 | u64::from(y)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (n ^ n >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

struct Thinning<'a> {
    places: &'a [[u32; 2]],
    /// By position; empty when nothing is shared.
    is_junction: &'a [bool],
    bytes: &'a mut [u8],
    arcs: Arcs,
    arc: Vec<[u32; 2]>,
}

impl Thinning<'_> {
    /// Thins the path of these vertices, arc after arc.
    fn thin(&mut self, vertices: &[u32], is_ring: bool) {
        let is_junction = |at: u32| self.is_junction.get(at as usize).copied().unwrap_or(false);
        let mut cuts: Vec<usize> = Vec::new();
        if self.is_junction.is_empty() {
            // Most sets of buildings and of rivers share nothing.
        } else {
            cuts.extend((0..vertices.len()).filter(|&index| is_junction(vertices[index])));
        }
        for &cut in &cuts {
            self.bytes[vertices[cut] as usize] = JUNCTION;
        }
        match (is_ring, cuts.first().copied()) {
            (true, None) => self.thin_arc(vertices.iter().copied(), true, FEWEST),
            (true, Some(first)) => {
                let turned = |index: usize| vertices[(first + index) % vertices.len()];
                let ends = cuts[1..].iter().map(|&cut| cut - first).chain([vertices.len()]);
                let mut start = 0;
                for end in ends {
                    self.thin_arc((start..=end).map(turned), false, 2);
                    start = end;
                }
                self.pin(vertices, FEWEST);
            }
            (false, _) => {
                let last = vertices.len().saturating_sub(1);
                let mut start = 0;
                for end in cuts.into_iter().filter(|&cut| cut > 0 && cut < last).chain([last]) {
                    self.thin_arc((start..=end).map(|index| vertices[index]), false, 2);
                    start = end;
                }
                let is_closed =
                    vertices.len() > 2 && self.places[vertices[0] as usize] == self.places[vertices[last] as usize];
                if is_closed {
                    // What returns to its start stays a ring.
                    self.pin(vertices, FEWEST);
                }
            }
        }
    }

    /// Thins one arc; the bytes of its ends are only made smaller.
    fn thin_arc(&mut self, arc: impl Iterator<Item = u32> + Clone, closed: bool, fewest: usize) {
        self.arc.clear();
        self.arc.extend(arc.clone().map(|at| self.places[at as usize]));
        for (at, &doubled) in arc.zip(self.arcs.thin(&self.arc, closed, fewest)) {
            let byte = byte(doubled);
            let own = &mut self.bytes[at as usize];
            *own = byte.min(*own);
        }
    }

    /// Lets the `fewest` vertices that matter most stay to the end.
    fn pin(&mut self, vertices: &[u32], fewest: usize) {
        let stay = vertices.iter().filter(|&&at| self.bytes[at as usize] <= PINNED).count();
        if stay >= fewest {
            return;
        }
        let mut others: Vec<u32> = vertices.iter().copied().filter(|&at| self.bytes[at as usize] > PINNED).collect();
        others.sort_by_key(|&at| (self.bytes[at as usize], self.places[at as usize]));
        for &at in others.iter().take(fewest - stay) {
            self.bytes[at as usize] = PINNED;
        }
    }
}
