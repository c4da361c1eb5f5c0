//! Coordinate reference systems and the way between them.

use std::f64::consts::FRAC_PI_2;
use std::f64::consts::FRAC_PI_4;

/// A coordinate reference system that data can be asked for in, or that a grid lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Crs {
    /// Longitude, latitude in degrees on WGS 84: what GeoJSON is written in (OGC:CRS84).
    Crs84,
    /// Spherical Mercator in metres, easting then northing (EPSG:3857).
    WebMercator,
}

/// Semi-major axis of WGS 84 in metres, the radius of the sphere of EPSG:3857.
const RADIUS: f64 = 6_378_137.0;

impl Crs {
    /// Half the width of the square world of [`Crs::WebMercator`], in metres.
    pub const MERCATOR_HALF: f64 = 20_037_508.342_789_244;

    /// The latitude in degrees at which that square ends.
    pub const MERCATOR_LATITUDE: f64 = 85.051_128_779_806_59;

    /// The name under which the OGC registers it.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::WebMercator => "http://www.opengis.net/def/crs/EPSG/0/3857",
        }
    }

    /// From longitude and latitude in degrees to this system; latitudes at which Mercator is infinite are held at its edge.
    pub fn project(self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Crs84 => [lon, lat],
            Self::WebMercator => {
                // Beyond this latitude the value is clipped away by every grid; holding it keeps arithmetic finite.
                let lat = lat.clamp(-89.9, 89.9).to_radians();
                [lon.to_radians() * RADIUS, (FRAC_PI_4 + lat / 2.0).tan().ln() * RADIUS]
            }
        }
    }

    /// From this system back to longitude and latitude in degrees.
    pub fn unproject(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Crs84 => [x, y],
            Self::WebMercator => {
                [(x / RADIUS).to_degrees(), (2.0 * (y / RADIUS).exp().atan() - FRAC_PI_2).to_degrees()]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mercator_agrees_with_published_points() {
        let [x, y] = Crs::WebMercator.project([180.0, Crs::MERCATOR_LATITUDE]);
        assert!((x - Crs::MERCATOR_HALF).abs() < 1e-6 && (y - Crs::MERCATOR_HALF).abs() < 1e-5, "{x} {y}");
        // EPSG Guidance Note 7-2, 1.3.3.2 (Popular Visualisation Pseudo Mercator).
        let [x, y] = Crs::WebMercator.project([-100.333_333_333, 24.381_786_944]);
        assert!((x + 11_169_055.58).abs() < 0.1 && (y - 2_800_000.0).abs() < 0.1, "{x} {y}");
    }

    #[test]
    fn unproject_is_the_inverse() {
        for point in [[0.0, 0.0], [129.746, 42.441], [-179.999, -84.9]] {
            let [lon, lat] = Crs::WebMercator.unproject(Crs::WebMercator.project(point));
            assert!((lon - point[0]).abs() < 1e-9 && (lat - point[1]).abs() < 1e-9);
        }
    }
}
