//! Coordinates of a filter: brought to longitude and latitude, and refused where there is no such place.

use crate::query::filter::ast::Expression;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::place::InvalidFilter;
use crate::query::filter::place::Origin;
use crate::query::filter::shape::Position;
use crate::query::filter::shape::Shape;

/// Pieces of each edge of a box whose edges are not straight in longitude and latitude.
const PIECES: u32 = 32;

/// Turns all coordinates of an expression into longitude and latitude.
pub(in crate::query::filter) fn project(
    expression: &mut Expression,
    origin: &Origin,
    to_lon_lat: &dyn Fn([f64; 2]) -> Option<[f64; 2]>,
) -> Result<(), InvalidFilter> {
    let mark = expression.mark.at;
    let outside =
        |[x, y]: [f64; 2]| origin.complain(mark, format!("the reference system of filter-crs has no place at {x} {y}"));
    let projected = |xy: [f64; 2]| to_lon_lat(xy).ok_or_else(|| outside(xy));
    match &mut expression.kind {
        Kind::Operation(_, parts) | Kind::Function(_, parts) | Kind::Array(parts) => {
            parts.iter_mut().try_for_each(|part| project(part, origin, to_lon_lat))
        }
        Kind::Interval(ends) => ends.iter_mut().try_for_each(|end| project(end, origin, to_lon_lat)),
        Kind::Literal(Literal::Shape(shape)) => shape.positions_mut().into_iter().try_for_each(|position| {
            position.xy = projected(position.xy)?;
            Ok(())
        }),
        Kind::Literal(Literal::Bbox(numbers)) => {
            let [low, high] = corners(numbers);
            let corner = |x: f64, y: f64| projected([x, y]);
            let ring = [
                corner(low[0], low[1])?,
                corner(high[0], low[1])?,
                corner(high[0], high[1])?,
                corner(low[0], high[1])?,
            ];
            let literal = match upright(&ring) {
                Some(bbox) => Literal::Bbox(bbox.to_vec()),
                None => Literal::Shape(outline(low, high, projected)?),
            };
            expression.kind = Kind::Literal(literal);
            Ok(())
        }
        Kind::Property(_) | Kind::Literal(_) => Ok(()),
    }
}

/// The lower and the upper corner of a box of four or six numbers.
pub(super) fn corners(numbers: &[f64]) -> [[f64; 2]; 2] {
    match *numbers {
        [a, b, c, d] | [a, b, _, c, d, _] => [[a, b], [c, d]],
        // Readers let no other number of numbers pass.
        _ => [[0.0; 2]; 2],
    }
}

/// The box whose corners these are, when it is one in longitude and latitude too.
fn upright(ring: &[[f64; 2]; 4]) -> Option<[f64; 4]> {
    const NOISE: f64 = 1e-9;
    let near = |a: f64, b: f64| (a - b).abs() < NOISE;
    let [a, b, c, d] = *ring;
    let level = near(a[1], b[1]) && near(b[0], c[0]) && near(c[1], d[1]) && near(d[0], a[0]);
    // The first axis is the latitude.
    let turned = near(a[0], b[0]) && near(b[1], c[1]) && near(c[0], d[0]) && near(d[1], a[1]);
    (level || turned).then_some([a[0], a[1], c[0], c[1]])
}

/// The box as a polygon with many positions along its edges.
fn outline(
    low: [f64; 2],
    high: [f64; 2],
    projected: impl Fn([f64; 2]) -> Result<[f64; 2], InvalidFilter>,
) -> Result<Shape, InvalidFilter> {
    let corners = [low, [high[0], low[1]], high, [low[0], high[1]], low];
    let mut ring = Vec::new();
    for pair in corners.windows(2) {
        for piece in 0..PIECES {
            let part = f64::from(piece) / f64::from(PIECES);
            let between = |axis: usize| pair[0][axis] + (pair[1][axis] - pair[0][axis]) * part;
            ring.push(Position { xy: projected([between(0), between(1)])?, z: None });
        }
    }
    ring.extend(ring.first().copied());
    Ok(Shape::Polygon(vec![ring]))
}

/// What keeps coordinates from being longitude and latitude.
pub(super) fn stray(positions: impl Iterator<Item = [f64; 2]>) -> Option<String> {
    // Conversions between reference systems leave noise at the edges of the world.
    const NOISE: f64 = 1e-9;
    let is_stray = |[lon, lat]: &[f64; 2]| lon.abs() > 180.0 + NOISE || lat.abs() > 90.0 + NOISE;
    let mut found = positions.filter(is_stray);
    found.next().map(|[lon, lat]| {
        let swapped = if lon.abs() <= 90.0 { "; is the order longitude latitude?" } else { "" };
        format!("{lon} {lat} is no longitude (-180 to 180) and latitude (-90 to 90){swapped}")
    })
}
