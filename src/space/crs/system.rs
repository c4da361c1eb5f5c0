//! The systems that coordinates can be asked for in.

use std::f64::consts::FRAC_PI_2;
use std::f64::consts::FRAC_PI_4;
use std::sync::Arc;

use super::Axes;
use super::Epsg;
use crate::space::Bbox;
use crate::space::Rect;

/// A coordinate reference system that data can be asked for in, or that a grid lies in. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Crs {
    /// Longitude, latitude in degrees on WGS 84: what GeoJSON is written in (OGC:CRS84).
    Crs84,
    /// The same with the ellipsoidal height in metres (OGC:CRS84h).
    Crs84h,
    /// Spherical Mercator in metres, easting then northing (EPSG:3857).
    WebMercator,
    /// Any other one of the EPSG; made by [`Crs::epsg`].
    Epsg(Arc<Epsg>),
}

/// Semi-major axis of WGS 84 in metres, the radius of the sphere of EPSG:3857.
const RADIUS: f64 = 6_378_137.0;

/// Metres that a degree counts for in scale denominators (OGC 17-083r4, 6.1.1.1: along the equator of WGS 84).
const METRES_A_DEGREE: f64 = RADIUS * std::f64::consts::PI / 180.0;

impl Crs {
    /// Half the width of the square world of [`Crs::WebMercator`], in metres.
    pub const MERCATOR_HALF: f64 = 20_037_508.342_789_244;

    /// The radius in metres of the sphere of Web Mercator.
    pub const MERCATOR_RADIUS: f64 = RADIUS;

    /// The latitude in degrees at which that square ends.
    pub const MERCATOR_LATITUDE: f64 = 85.051_128_779_806_59;

    /// The system of a code of the EPSG; `None` when there is none, or none that can be computed here.
    pub fn epsg(code: u32) -> Option<Self> {
        match code {
            3857 => Some(Self::WebMercator),
            code => Epsg::new(code).map(|epsg| Self::Epsg(Arc::new(epsg))),
        }
    }

    /// The code of the EPSG, where it has one.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Crs84 | Self::Crs84h => None,
            Self::WebMercator => Some(3857),
            Self::Epsg(epsg) => Some(epsg.code()),
        }
    }

    /// The name under which the OGC registers it.
    pub fn uri(&self) -> &str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Crs84h => "http://www.opengis.net/def/crs/OGC/0/CRS84h",
            Self::WebMercator => "http://www.opengis.net/def/crs/EPSG/0/3857",
            Self::Epsg(epsg) => epsg.uri(),
        }
    }

    /// The order in which its coordinates are written.
    pub fn axes(&self) -> Axes {
        match self {
            Self::Crs84 | Self::Crs84h | Self::WebMercator => Axes::EastNorth,
            Self::Epsg(epsg) => epsg.axes(),
        }
    }

    /// Whether its coordinates are degrees.
    pub fn is_geographic(&self) -> bool {
        match self {
            Self::Crs84 | Self::Crs84h => true,
            Self::WebMercator => false,
            Self::Epsg(epsg) => epsg.is_geographic(),
        }
    }

    /// Metres that a unit counts for: 1 for a metre, 111 319.49 for a degree (as scale denominators reckon).
    pub fn metres_a_unit(&self) -> f64 {
        match self {
            Self::WebMercator => 1.0,
            Self::Epsg(epsg) if !epsg.is_geographic() => epsg.metres_a_unit(),
            Self::Crs84 | Self::Crs84h | Self::Epsg(_) => METRES_A_DEGREE,
        }
    }

    /// Decimals with which a coordinate says a place to the millimetre.
    pub fn decimals(&self) -> u8 {
        if self.is_geographic() { 8 } else { 3 }
    }

    /// Where it is meant to be used.
    pub fn area(&self) -> Bbox {
        let edge = Self::MERCATOR_LATITUDE;
        match self {
            Self::Crs84 | Self::Crs84h => Bbox::WORLD,
            Self::WebMercator => Bbox::around(&Rect::new(-180.0, -edge, 180.0, edge)),
            Self::Epsg(epsg) => epsg.area(),
        }
    }

    /// The rectangles of degrees (CRS84) in which it is defined, and without a rift; they may have edges in common.
    pub fn domain(&self) -> &[Rect] {
        const WORLD: [Rect; 1] = [Rect::new(-180.0, -90.0, 180.0, 90.0)];
        const MERCATOR: [Rect; 1] = [Rect::new(-180.0, -MERCATOR_HELD, 180.0, MERCATOR_HELD)];
        match self {
            Self::Crs84 | Self::Crs84h => &WORLD,
            Self::WebMercator => &MERCATOR,
            Self::Epsg(epsg) => epsg.domain(),
        }
    }

    /// From longitude and latitude in degrees to this system, east first; `None` where that is not defined.
    pub fn forward(&self, position: [f64; 2]) -> Option<[f64; 2]> {
        match self {
            Self::Epsg(epsg) => epsg.forward(position),
            system => {
                let defined = system.domain()[0].contains(position);
                defined.then(|| system.project(position))
            }
        }
    }

    /// From this system back to longitude and latitude in degrees; `None` where no place of the earth is.
    pub fn inverse(&self, position: [f64; 2]) -> Option<[f64; 2]> {
        match self {
            Self::Epsg(epsg) => epsg.inverse(position),
            system => {
                let place = system.unproject(position);
                // Sums may miss the antimeridian by a hair.
                let place =
                    place.map(|n| if n.abs() > 180.0 && n.abs() < 180.0 + 1e-9 { 180.0_f64.copysign(n) } else { n });
                Rect::new(-180.0, -90.0, 180.0, 90.0).contains(place).then_some(place)
            }
        }
    }

    /// From longitude and latitude in degrees to this system, east first; a position where that is not defined is held at
    /// the nearest edge, so that there is always a finite answer.
    pub fn project(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Crs84 | Self::Crs84h => [lon, lat],
            Self::WebMercator => {
                // Beyond this latitude the value is clipped away by every grid; holding it keeps arithmetic finite.
                let lat = lat.clamp(-MERCATOR_HELD, MERCATOR_HELD).to_radians();
                [lon.to_radians() * RADIUS, (FRAC_PI_4 + lat / 2.0).tan().ln() * RADIUS]
            }
            Self::Epsg(epsg) => epsg.project([lon, lat]),
        }
    }

    /// From this system back to longitude and latitude in degrees; where no place is, at the middle of its area of use.
    pub fn unproject(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Crs84 | Self::Crs84h => [x, y],
            Self::WebMercator => {
                [(x / RADIUS).to_degrees(), (2.0 * (y / RADIUS).exp().atan() - FRAC_PI_2).to_degrees()]
            }
            Self::Epsg(epsg) => epsg.inverse([x, y]).unwrap_or_else(|| epsg.middle()),
        }
    }

    /// The width of the world in a system whose worlds lie side by side, longitudes being evenly spaced from the
    /// antimeridian to itself around the origin; `None` for others.
    pub fn period(&self) -> Option<f64> {
        match self {
            Self::Crs84 | Self::Crs84h => Some(360.0),
            Self::WebMercator => Some(2.0 * Self::MERCATOR_HALF),
            Self::Epsg(epsg) => epsg.period(),
        }
    }

    /// Whether what is straight in degrees is drawn straight. In Web Mercator it is by convention: every client joins the
    /// vertices of a path by straight lines.
    pub fn is_straight(&self) -> bool {
        match self {
            Self::Crs84 | Self::Crs84h | Self::WebMercator => true,
            Self::Epsg(epsg) => epsg.is_geographic() && epsg.period().is_some(),
        }
    }
}

/// The latitude at which Mercator is held.
const MERCATOR_HELD: f64 = 89.9;
