//! A feature's paths in the world, for planes of all zooms.

use std::cell::RefCell;

use super::Plane;
use super::bent::bent;
use super::shape::Shape;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::render::Projection;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::view::world;
use crate::tile::simplify_line;
use crate::tile::simplify_ring;
use crate::tile::weigh;

/// Detail that cannot be seen, in cells: a bend goes when its triangle is smaller than the square of this, an eighth of a pixel.
pub(super) const TOLERANCE: f64 = 32.0;

/// Pixels a world of the lattice on which bends are weighed: finer than that of any picture.
const FINE: f64 = (1_u64 << 34) as f64;

/// The lines or rings of a row with what each bend weighs. It is the smallest triangle that goes with it (Visvalingam and
/// Whyatt), wherever the path is seen from, so the paths of a plane are those whose bends are heavy enough there.
#[derive(Debug, Default)]
pub struct Outline {
    closed: bool,
    /// In the world of a projection; a ring goes without its closing point.
    points: Vec<[f64; 2]>,
    /// Twice the area of the triangle, in cells of the fine lattice.
    weights: Vec<f32>,
    /// Past the last point, and whether it begins a line or a polygon and is no hole.
    paths: Vec<(u32, bool)>,
}

impl Outline {
    /// The paths of one kind of a row's parts for all planes of a projection, which does not bend them.
    pub fn new(row: Row<'_>, kind: PartKind, projection: &Projection) -> Self {
        let mut outline = Self { closed: kind == PartKind::Polygon, ..Self::default() };
        each_path(row, kind, projection, f64::INFINITY, |points, weights, begins| {
            outline.points.extend_from_slice(points);
            outline.weights.extend_from_slice(weights);
            outline.paths.push((outline.points.len() as u32, begins));
        });
        outline
    }

    /// Its paths on a plane.
    pub fn shape(&self, plane: &Plane) -> Shape {
        let mut builder = Builder::new(self.closed, plane);
        let mut start = 0;
        for &(end, begins) in &self.paths {
            let range = start..end as usize;
            start = end as usize;
            builder.push(&self.points[range.clone()], &self.weights[range], begins);
        }
        builder.shape
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> u64 {
        (self.points.len() * 20 + self.paths.len() * 8 + size_of::<Self>()) as u64
    }
}

/// The paths of one kind of a row's parts on a plane, without an outline to be kept for others.
pub fn shape(row: Row<'_>, kind: PartKind, plane: &Plane) -> Shape {
    if plane.projection().bends() {
        let mut shape = Shape::default();
        bent(row, kind, plane, |path, begins| shape.push(path, begins, kind == PartKind::Polygon));
        return shape;
    }
    let mut builder = Builder::new(kind == PartKind::Polygon, plane);
    each_path(row, kind, plane.projection(), enough(plane), |points, weights, begins| {
        builder.push(points, weights, begins);
    });
    builder.shape
}

/// What a path is laid out in, used again for the next one: most are small and many.
#[derive(Default)]
struct Scratch {
    points: Vec<[f64; 2]>,
    fine: Vec<[i64; 2]>,
    weights: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
    static CELLS: RefCell<Vec<[i64; 2]>> = RefCell::default();
}

/// Gives each path of one kind of a row's parts in the world, what its bends weigh, and whether it begins a part.
fn each_path(
    row: Row<'_>,
    kind: PartKind,
    projection: &Projection,
    enough: f64,
    mut path: impl FnMut(&[[f64; 2]], &[f32], bool),
) {
    let closed = kind == PartKind::Polygon;
    SCRATCH.with_borrow_mut(|Scratch { points, fine, weights }| {
        for part in row.geometry().parts().filter(|part| part.kind() == kind) {
            for (index, positions) in part.paths().enumerate() {
                let ring = positions.split_last().filter(|(last, rest)| closed && rest.first() == Some(last));
                let positions = ring.map_or(positions, |(_, rest)| rest);
                points.clear();
                if projection.is_web_mercator() {
                    points.extend(positions.iter().map(|&position| world(position)));
                } else {
                    points.extend(positions.iter().filter_map(|&position| projection.world(position)));
                }
                fine.clear();
                fine.extend(points.iter().map(|point| {
                    let Cell { x, y } = Cell::nearest(point.map(|n| n * FINE));
                    [x, y]
                }));
                weigh(fine, closed, enough, weights);
                path(points, weights, index == 0);
            }
        }
    });
}

/// A shape under construction.
struct Builder<'a> {
    shape: Shape,
    closed: bool,
    plane: &'a Plane,
    enough: f32,
    has_exterior: bool,
}

impl<'a> Builder<'a> {
    fn new(closed: bool, plane: &'a Plane) -> Self {
        Self { shape: Shape::default(), closed, plane, enough: enough(plane) as f32, has_exterior: true }
    }

    fn push(&mut self, points: &[[f64; 2]], weights: &[f32], begins: bool) {
        // Where the exterior is not, no hole can be.
        if !begins && !self.has_exterior {
            return;
        }
        CELLS.with_borrow_mut(|cells| {
            cells.clear();
            let heavy = points.iter().zip(weights).filter(|(_, weight)| **weight >= self.enough);
            cells.extend(heavy.map(|(&point, _)| {
                let Cell { x, y } = self.plane.cell_of_world(point);
                [x, y]
            }));
            // What is left is straightened on the lattice.
            if self.closed {
                simplify_ring(cells, 0.0);
            } else {
                simplify_line(cells, 0.0);
            }
            let is_seen = cells.len() > 1;
            self.has_exterior = is_seen || !begins;
            if is_seen {
                self.shape.push(cells, begins, self.closed);
            }
        });
    }
}

/// What a bend weighs at least that is seen on a plane.
fn enough(plane: &Plane) -> f64 {
    let tolerance = TOLERANCE * FINE * SUBPIXELS as f64 / plane.cells();
    2.0 * tolerance * tolerance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Id;
    use crate::feature::Table;
    use crate::feature::TableBuilder;
    use crate::render::View;

    /// A wavy coast around a point, with a small bay in each of its waves.
    fn island() -> Table {
        let mut builder = TableBuilder::default();
        let shapes = builder.shapes();
        let place = |number: u32| {
            let angle = -f64::from(number) / 4000.0 * std::f64::consts::TAU;
            let radius = 5.0 + (angle * 40.0).sin() * 0.5 + (angle * 1000.0).sin() * 0.005;
            [129.0 + radius * angle.cos(), 42.0 + radius * angle.sin()]
        };
        (0..=4000).for_each(|number| {
            let [lon, lat] = place(number % 4000);
            shapes.push_coord(lon, lat, None);
        });
        shapes.end_path();
        shapes.end_part(PartKind::Polygon);
        let id = Id { text: "1", number: true };
        builder.push(id, crate::feature::GeometryKind::Polygon, "{}", std::iter::empty());
        builder.finish(|_| {})
    }

    #[test]
    fn an_outline_for_all_zooms_gives_the_same_shapes_as_one_for_each() {
        let table = island();
        let row = table.row(0);
        let all = Outline::new(row, PartKind::Polygon, &Projection::web_mercator());
        let mut last = 0;
        for zoom in 0..12 {
            let plane = Plane::of(&View::new([129.0, 42.0], f64::from(zoom), 0.0, [256.0, 256.0], 1.0));
            let found = all.shape(&plane);
            assert_eq!(found, shape(row, PartKind::Polygon, &plane), "zoom {zoom}");
            let count = found.paths().map(|path| path.cells.len()).sum();
            assert!(count >= last, "zoom {zoom}");
            last = count;
        }
        assert!(last > 3000, "{last}");
    }
}
