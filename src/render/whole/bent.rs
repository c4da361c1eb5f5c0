//! Paths on planes that bend what is straight in degrees.

use super::Plane;
use super::outline::TOLERANCE;
use super::stitch::Stitched;
use super::stitch::stitch;
use crate::feature::Part;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::space::Rect;
use crate::tile::bend;
use crate::tile::simplify_line;
use crate::tile::simplify_ring;
use crate::tile::trim_line;
use crate::tile::trim_ring;

/// A path in cells; a ring goes without its closing one.
type Path = Vec<[i64; 2]>;
/// A closed ring in degrees.
type Ring = Vec<[f64; 2]>;

/// How far a side may be from where it belongs: half of what simplifying makes of it.
const OFF: f64 = TOLERANCE / SUBPIXELS as f64 / 2.0;

/// Gives the paths of one kind of a row's parts to `each`, simplified, with whether they begin a line or a polygon. They are
/// cut to where the projection is defined and follow its bends; what its rifts and the antimeridian tear apart in degrees,
/// but not on the plane, is put together again.
pub fn bent(row: Row<'_>, kind: PartKind, plane: &Plane, mut each: impl FnMut(&[[i64; 2]], bool)) {
    let pieces = plane.projection().crs().domain();
    let parts = || row.geometry().parts().filter(|part| part.kind() == kind);
    if kind != PartKind::Polygon {
        for line in parts().flat_map(|part| part.paths()) {
            for piece in pieces.iter().flat_map(|piece| trim_line(line, piece)) {
                let mut path = Path::new();
                follow(&piece, plane, &mut path);
                simplify_line(&mut path, TOLERANCE);
                if path.len() > 1 {
                    each(&path, true);
                }
            }
        }
        return;
    }
    let polygons: Vec<Vec<Ring>> = parts().flat_map(|part| trimmed(&part, pieces)).collect();
    let Stitched { whole, joined } = stitch(polygons, pieces);
    for polygon in whole {
        push(polygon.iter().map(|ring| snapped(std::slice::from_ref(ring), plane)), &mut each);
    }
    if !joined.is_empty() {
        for polygon in grouped(joined.iter().map(|ring| snapped(ring, plane))) {
            push(polygon.into_iter(), &mut each);
        }
    }
}

fn push(rings: impl Iterator<Item = Path>, each: &mut impl FnMut(&[[i64; 2]], bool)) {
    for (index, ring) in rings.enumerate() {
        if ring.len() > 1 {
            each(&ring, index == 0);
        } else if index == 0 {
            // Where the exterior is not, no hole can be.
            return;
        }
    }
}

/// Polygons of rings that turn as those of a polygon do, exteriors against the clock and holes with it.
fn grouped(rings: impl Iterator<Item = Path>) -> Vec<Vec<Path>> {
    let (exteriors, holes): (Vec<Path>, Vec<Path>) =
        rings.filter(|ring| ring.len() > 1).partition(|ring| twice_area(ring) < 0.0);
    let mut polygons: Vec<Vec<Path>> = exteriors.into_iter().map(|exterior| vec![exterior]).collect();
    for hole in holes {
        let around = polygons.iter().position(|polygon| surrounds(&polygon[0], hole[0]));
        match around {
            Some(index) => polygons[index].push(hole),
            // What lies outside of it is beyond what can be drawn.
            None => polygons.push(vec![hole]),
        }
    }
    polygons
}

/// Positive when the ring runs clockwise on a screen.
fn twice_area(ring: &[[i64; 2]]) -> f64 {
    let Some(&start) = ring.first() else { return 0.0 };
    let from = |point: [i64; 2]| [(point[0] - start[0]) as f64, (point[1] - start[1]) as f64];
    let cross = |side: &[[i64; 2]]| {
        let ([ax, ay], [bx, by]) = (from(side[0]), from(side[1]));
        ax * by - bx * ay
    };
    ring.windows(2).map(cross).sum()
}

/// Whether a ray from the point to the right crosses the ring an odd number of times.
fn surrounds(ring: &[[i64; 2]], [x, y]: [i64; 2]) -> bool {
    let Some(&last) = ring.last() else { return false };
    let (mut previous, mut inside) = (last, false);
    for &point in ring {
        let ([ax, ay], [bx, by]) = (previous, point);
        if (ay > y) != (by > y) {
            let side = (bx - ax) as f64 * (y - ay) as f64 - (x - ax) as f64 * (by - ay) as f64;
            inside ^= (side > 0.0) == (by > ay);
        }
        previous = point;
    }
    inside
}

/// A polygon in the pieces of the globe on which the projection is defined: rings in degrees, the exterior first.
fn trimmed(part: &Part<'_>, pieces: &[Rect]) -> Vec<Vec<Ring>> {
    let mut around = Rect::EMPTY;
    part.paths().next().unwrap_or_default().iter().for_each(|&position| around.extend(position));
    let met = pieces.iter().filter(|piece| piece.intersects(&around));
    let cut = |piece: &Rect| {
        let whole = piece.covers(&around);
        let ring = |ring: &[[f64; 2]]| if whole { ring.to_vec() } else { trim_ring(ring, piece) };
        part.paths().map(ring).filter(|ring| ring.len() > 3).collect::<Vec<_>>()
    };
    met.map(cut).filter(|rings| !rings.is_empty()).collect()
}

/// A ring of chains, each of which ends where the next one begins.
fn snapped(chains: &[Ring], plane: &Plane) -> Path {
    let mut path = Path::new();
    for chain in chains {
        follow(chain, plane, &mut path);
    }
    if path.len() > 1 && path.first() == path.last() {
        path.pop();
    }
    simplify_ring(&mut path, TOLERANCE);
    path
}

/// Appends the cells along a path of degrees.
fn follow(path: &[[f64; 2]], plane: &Plane, out: &mut Path) {
    let tolerance = OFF * SUBPIXELS as f64 / plane.cells();
    bend(
        path,
        |position| plane.projection().world(position),
        tolerance,
        |point| {
            let Cell { x, y } = plane.cell_of_world(point);
            if out.last() != Some(&[x, y]) {
                out.push([x, y]);
            }
        },
    );
}
