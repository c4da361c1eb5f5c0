//! A feature's paths in the world, for planes of all zooms.

use super::Plane;
use super::shape::Shape;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::view::world;
use crate::tile::simplify_line;
use crate::tile::simplify_ring;
use crate::tile::weigh;

/// Detail that cannot be seen, in cells: a bend goes when its triangle is smaller than the square of this, an eighth of a pixel.
const TOLERANCE: f64 = 32.0;

/// Pixels a world of the lattice on which bends are weighed: finer than that of any picture.
const FINE: f64 = (1_u64 << 34) as f64;

/// The lines or rings of a row with what each bend weighs. It is the smallest triangle that goes with it (Visvalingam and
/// Whyatt), wherever the path is seen from, so the paths of a plane are those whose bends are heavy enough there.
#[derive(Debug, Default)]
pub struct Outline {
    closed: bool,
    /// In the world, whose width is 1; a ring goes without its closing point.
    points: Vec<[f64; 2]>,
    /// Twice the area of the triangle, in cells of the fine lattice.
    weights: Vec<f32>,
    /// Past the last point, and whether it begins a line or a polygon and is no hole.
    paths: Vec<(u32, bool)>,
}

impl Outline {
    /// The paths of one kind of a row's parts for all planes.
    pub fn new(row: Row<'_>, kind: PartKind) -> Self {
        Self::weighed(row, kind, f64::INFINITY)
    }

    /// The same for one plane.
    pub fn of_plane(row: Row<'_>, kind: PartKind, plane: &Plane) -> Self {
        Self::weighed(row, kind, enough(plane))
    }

    fn weighed(row: Row<'_>, kind: PartKind, enough: f64) -> Self {
        let mut outline = Self { closed: kind == PartKind::Polygon, ..Self::default() };
        let mut fine: Vec<[i64; 2]> = Vec::new();
        for part in row.geometry().parts().filter(|part| part.kind() == kind) {
            for (index, positions) in part.paths().enumerate() {
                let ring = positions.split_last().filter(|(last, rest)| outline.closed && rest.first() == Some(last));
                fine.clear();
                for &position in ring.map_or(positions, |(_, rest)| rest) {
                    let point = world(position);
                    let Cell { x, y } = Cell::nearest(point.map(|n| n * FINE));
                    fine.push([x, y]);
                    outline.points.push(point);
                }
                outline.weights.extend(weigh(&fine, outline.closed, enough));
                outline.paths.push((outline.points.len() as u32, index == 0));
            }
        }
        outline
    }

    /// Its paths on a plane.
    pub fn shape(&self, plane: &Plane) -> Shape {
        let enough = enough(plane) as f32;
        let mut shape = Shape::default();
        let mut path: Vec<[i64; 2]> = Vec::new();
        let (mut start, mut has_exterior) = (0, true);
        for &(end, begins) in &self.paths {
            let range = start..end as usize;
            start = end as usize;
            // Where the exterior is not, no hole can be.
            if !begins && !has_exterior {
                continue;
            }
            path.clear();
            for (&point, &weight) in self.points[range.clone()].iter().zip(&self.weights[range]) {
                if weight >= enough {
                    let Cell { x, y } = plane.cell_of_world(point);
                    path.push([x, y]);
                }
            }
            // What is left is on the lattice straightened only.
            if self.closed {
                simplify_ring(&mut path, 0.0)
            } else {
                simplify_line(&mut path, 0.0)
            }
            let is_seen = path.len() > 1;
            has_exterior = is_seen || !begins;
            if is_seen {
                shape.push(&path, begins, self.closed);
            }
        }
        shape
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> u64 {
        (self.points.len() * 20 + self.paths.len() * 8 + size_of::<Self>()) as u64
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
        let all = Outline::new(row, PartKind::Polygon);
        let mut last = 0;
        for zoom in 0..12 {
            let plane = Plane::of(&View::new([129.0, 42.0], f64::from(zoom), 0.0, [256.0, 256.0], 1.0));
            let shape = all.shape(&plane);
            assert_eq!(shape, Outline::of_plane(row, PartKind::Polygon, &plane).shape(&plane), "zoom {zoom}");
            let count = shape.paths().map(|path| path.cells.len()).sum();
            assert!(count >= last, "zoom {zoom}");
            last = count;
        }
        assert!(last > 3000, "{last}");
    }
}
