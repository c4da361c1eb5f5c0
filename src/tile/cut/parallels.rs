//! Web Mercator without tangents and logarithms.

use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::space::Crs;

/// The projection as a polynomial in each of many bands of latitude.
#[derive(Debug)]
pub(super) struct Parallels(Vec<Parallel>);

/// The projection around a parallel: the first terms of its Taylor series.
#[derive(Clone, Copy, Debug)]
struct Parallel {
    /// Degrees.
    latitude: f64,
    /// What the powers of the difference in radians count, in metres.
    terms: [f64; 6],
}

/// Bands in a degree. What the series leaves out is then less than a micrometre up to 60 degrees, and less than three millimetres
/// where the map ends.
const BANDS: f64 = 4.0;

impl Parallels {
    /// Those of the whole map, which are the same for each tile.
    pub(super) fn of_the_world() -> &'static Self {
        static WORLD: LazyLock<Parallels> = LazyLock::new(|| {
            let bands = (2.0 * Crs::MERCATOR_LATITUDE * BANDS).ceil() as u32;
            let middle = |band: u32| (f64::from(band) + 0.5) / BANDS - Crs::MERCATOR_LATITUDE;
            Parallels((0..bands).map(|band| Parallel::at(middle(band))).collect())
        });
        &WORLD
    }

    /// Metres of a position in degrees; `None` beyond the map.
    #[inline]
    pub(super) fn project(&self, [lon, lat]: [f64; 2]) -> Option<[f64; 2]> {
        let band = (lat + Crs::MERCATOR_LATITUDE) * BANDS;
        if !(band >= 0.0 && lat <= Crs::MERCATOR_LATITUDE) {
            return None;
        }
        let y = self.0.get(band as usize)?.project(lat);
        Some([lon * (PI / 180.0) * Crs::MERCATOR_RADIUS, y])
    }
}

impl Parallel {
    fn at(latitude: f64) -> Self {
        let angle = latitude.to_radians();
        let radius = Crs::MERCATOR_RADIUS;
        let (tan, sec) = (angle.tan(), 1.0 / angle.cos());
        let squared = tan * tan;
        let terms = [
            Crs::WebMercator.project([0.0, latitude])[1],
            sec * radius,
            sec * tan / 2.0 * radius,
            sec * (1.0 + 2.0 * squared) / 6.0 * radius,
            sec * tan * (5.0 + 6.0 * squared) / 24.0 * radius,
            sec * (5.0 + 28.0 * squared + 24.0 * squared * squared) / 120.0 * radius,
        ];
        Self { latitude, terms }
    }

    #[inline]
    fn project(&self, latitude: f64) -> f64 {
        let [middle, one, two, three, four, five] = self.terms;
        let by = (latitude - self.latitude).to_radians();
        middle + by * (one + by * (two + by * (three + by * (four + by * five))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_go_where_the_projection_has_them() {
        let parallels = Parallels::of_the_world();
        for step in -8_505_i32..=8_505 {
            let position = [f64::from(step) / 47.3, f64::from(step) / 100.0 + 0.000_371];
            let ([x, y], [own_x, own_y]) =
                (Crs::WebMercator.project(position), parallels.project(position).expect("it is on the map"));
            let most = if position[1].abs() < 60.0 { 1e-6 } else { 3e-3 };
            assert!((x - own_x).abs() < 1e-6 && (y - own_y).abs() < most, "{position:?}: {y} and not {own_y}");
        }
    }

    #[test]
    fn what_lies_beyond_the_map_or_nowhere_is_left_to_the_projection() {
        for latitude in [-90.0, -85.06, 85.06, 90.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Parallels::of_the_world().project([0.0, latitude]), None);
        }
    }
}
