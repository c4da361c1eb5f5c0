//! How the earth is laid out flat.

use xxhash_rust::xxh3::Xxh3;

use super::view::degrees;
use super::view::world;
use crate::space::Crs;
use crate::space::Rect;

/// A coordinate reference system laid out so that pixels are squares. Its *world* counts eastwards and southwards in widths
/// of the world at zoom 0; that of Web Mercator is the unit square, whose corner is in the north-west.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    crs: Crs,
    /// The world's corner in units of the system, east first.
    origin: [f64; 2],
    /// Units of the system a world, eastwards and southwards.
    unit: [f64; 2],
    /// Whether the world is the unit square of Web Mercator.
    is_web_mercator: bool,
    key: u64,
}

/// Metres a world: the width of Web Mercator's.
const METRES: f64 = 2.0 * Crs::MERCATOR_HALF;

/// Sides that differ by less than so much of themselves are equal: what is left of sums.
const EQUAL: f64 = 1e-7;

impl Projection {
    /// That of the web's maps.
    pub fn web_mercator() -> Self {
        let half = Crs::MERCATOR_HALF;
        Self { crs: Crs::WebMercator, origin: [-half, half], unit: [METRES; 2], is_web_mercator: true, key: 0 }
    }

    /// A system whose pixels are so wide and high, in its units.
    pub fn new(crs: &Crs, [width, height]: [f64; 2]) -> Self {
        let world = METRES / crs.metres_a_unit();
        let (share, is_square) = (height / width, (height / width - 1.0).abs() < EQUAL);
        // Styles see the coarser of both sides.
        let unit = match share {
            _ if is_square => [world; 2],
            share if share < 1.0 => [world, world * share],
            share => [world / share, world],
        };
        let origin = match crs {
            Crs::WebMercator => [-Crs::MERCATOR_HALF, Crs::MERCATOR_HALF],
            crs => {
                crs.period().map_or([0.0; 2], |period| [-period / 2.0, if crs.is_geographic() { 90.0 } else { 0.0 }])
            }
        };
        if is_square && *crs == Crs::WebMercator {
            return Self::web_mercator();
        }
        let mut hash = Xxh3::new();
        hash.update(crs.uri().as_bytes());
        for unit in unit {
            hash.update(&unit.to_bits().to_le_bytes());
        }
        Self { crs: crs.clone(), origin, unit, is_web_mercator: false, key: hash.digest() }
    }

    /// The system.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Whether its world is the unit square of Web Mercator, in which the web's tiles lie.
    pub fn is_web_mercator(&self) -> bool {
        self.is_web_mercator
    }

    /// Whether lines that are straight in degrees are not straight here.
    pub fn bends(&self) -> bool {
        !self.crs.is_straight()
    }

    /// Units of the system a world, eastwards and southwards.
    pub fn unit(&self) -> [f64; 2] {
        self.unit
    }

    /// Different for different projections.
    pub fn key(&self) -> u64 {
        self.key
    }

    /// Worlds from one copy of the earth to the next; `None` where there is one alone.
    pub fn period(&self) -> Option<f64> {
        self.crs.period().map(|period| period / self.unit[0])
    }

    /// Where a position in units of the system, east first, lies in the world.
    pub fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [(x - self.origin[0]) / self.unit[0], (self.origin[1] - y) / self.unit[1]]
    }

    /// The position of a point of the world in units of the system.
    pub fn position(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.origin[0] + x * self.unit[0], self.origin[1] - y * self.unit[1]]
    }

    /// Where a place (longitude and latitude in degrees) lies in the world; `None` where the system is not defined.
    pub fn world(&self, place: [f64; 2]) -> Option<[f64; 2]> {
        if self.is_web_mercator {
            return Some(world(place));
        }
        match &self.crs {
            // Both go on without end, as their lines do.
            crs @ (Crs::WebMercator | Crs::Crs84 | Crs::Crs84h) => Some(self.place(crs.project(place))),
            crs => crs.forward(place).map(|position| self.place(position)),
        }
    }

    /// The place (longitude and latitude in degrees) of a point of the world; longitudes go on beyond the antimeridian where
    /// worlds lie side by side. `None` where no place of the earth is.
    pub fn degrees(&self, point: [f64; 2]) -> Option<[f64; 2]> {
        if self.is_web_mercator {
            return (0.0..=1.0).contains(&point[1]).then(|| degrees(point));
        }
        let [x, y] = self.position(point);
        let Some(period) = self.crs.period() else { return self.crs.inverse([x, y]) };
        let is_beyond = self.crs == Crs::WebMercator && y.abs() > Crs::MERCATOR_HALF * (1.0 + f64::EPSILON);
        let [_, lat] = self.crs.inverse([0.0, y]).filter(|_| !is_beyond)?;
        Some([x / period * 360.0, lat])
    }

    /// The rows of the world between which the earth is drawn: beyond those of Web Mercator nothing is.
    pub fn rows(&self) -> [f64; 2] {
        match self.crs {
            Crs::WebMercator => [0.0, METRES / self.unit[1]],
            _ => [f64::NEG_INFINITY, f64::INFINITY],
        }
    }

    /// The rectangles in degrees around a rectangle of the world: to ask an R-tree with. Where worlds lie side by side, they
    /// are of one of them.
    pub fn parts(&self, rect: &Rect) -> Vec<Rect> {
        if self.is_web_mercator {
            let ([west, north], [east, south]) = (degrees([rect.min_x, rect.min_y]), degrees([rect.max_x, rect.max_y]));
            return vec![Rect::new(west, south, east, north)];
        }
        let ([west, north], [east, south]) =
            (self.position([rect.min_x, rect.min_y]), self.position([rect.max_x, rect.max_y]));
        let Some(period) = self.crs.period() else {
            let found = self.crs.bbox_of(&Rect::new(west, south, east, north));
            return found.into_iter().flat_map(|bbox| bbox.parts()).collect();
        };
        let edge = self.crs.domain().first().map_or(90.0, |world| world.max_y);
        let [south, north] = [south, north].map(|y| match &self.crs {
            crs @ (Crs::WebMercator | Crs::Crs84 | Crs::Crs84h) => crs.unproject([0.0, y])[1],
            crs => crs.inverse([0.0, y]).map_or(edge.copysign(y), |place| place[1]),
        });
        vec![Rect::new(west / period * 360.0, south, east / period * 360.0, north)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_again_in_every_system() {
        for (crs, resolution) in [
            (Crs::WebMercator, [10.0, 10.0]),
            (Crs::WebMercator, [10.0, 25.0]),
            (Crs::Crs84, [0.1, 0.05]),
            (Crs::epsg(4326).unwrap(), [0.1, 0.1]),
            (Crs::epsg(3395).unwrap(), [100.0, 100.0]),
            (Crs::epsg(5041).unwrap(), [1000.0, 900.0]),
            (Crs::epsg(5179).unwrap(), [1.0, 1.0]),
        ] {
            let projection = Projection::new(&crs, resolution);
            for place in [[129.7, 42.4], [-150.0, 60.0], [179.0, 80.0]] {
                let Some(point) = projection.world(place) else { continue };
                let [lon, lat] = projection.degrees(point).unwrap();
                assert!((lon - place[0]).abs() < 1e-6 && (lat - place[1]).abs() < 1e-6, "{crs} {place:?}");
            }
        }
    }

    #[test]
    fn pixels_are_squares_and_the_coarser_side_makes_the_zoom() {
        let [x, y] = Projection::new(&Crs::WebMercator, [10.0, 25.0]).unit();
        assert!((x / 10.0 - y / 25.0).abs() < 1e-6 && (y - METRES).abs() < 1e-6);
        let [x, y] = Projection::new(&Crs::WebMercator, [25.0, 10.0]).unit();
        assert!((x / 25.0 - y / 10.0).abs() < 1e-6 && (x - METRES).abs() < 1e-6);
        assert!(Projection::new(&Crs::WebMercator, [10.0, 10.0 + 1e-8]).is_web_mercator());
    }

    #[test]
    fn there_is_no_place_beyond_the_edge_of_the_world() {
        let mercator = Projection::web_mercator();
        assert!(mercator.degrees([3.5, 0.5]).is_some() && mercator.degrees([0.5, 1.01]).is_none());
        let degrees = Projection::new(&Crs::Crs84, [1.0; 2]);
        assert!(degrees.degrees(degrees.place([500.0, 89.0])).is_some_and(|[lon, _]| (lon - 500.0).abs() < 1e-9));
        assert!(degrees.degrees(degrees.place([0.0, 91.0])).is_none());
        let polar = Projection::new(&Crs::epsg(5041).unwrap(), [1000.0; 2]);
        assert!(polar.degrees(polar.place([9e8, 0.0])).is_none());
    }
}
