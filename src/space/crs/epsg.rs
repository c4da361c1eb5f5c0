//! A system of the EPSG registry.

use std::fmt;
use std::hash::Hash;
use std::hash::Hasher;

use proj4rs::Proj;
use proj4rs::transform::transform;

use super::Axes;
use super::domain;
use super::registry;
use crate::space::Bbox;
use crate::space::Rect;

/// One system of the EPSG registry, ready to compute with.
pub struct Epsg {
    code: u16,
    uri: String,
    axes: Axes,
    area: Bbox,
    proj: Proj,
    degrees: Proj,
    domain: Vec<Rect>,
    period: Option<f64>,
}

impl Epsg {
    /// `None` when the code is unknown or its projection cannot be computed.
    pub(super) fn new(code: u32) -> Option<Self> {
        let entry = registry::entry(code)?;
        let proj = Proj::from_proj_string(&entry.definition).ok()?;
        let degrees = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").ok()?;
        let mut epsg = Self {
            code: entry.code,
            uri: format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
            axes: entry.axes,
            area: entry.area,
            proj,
            degrees,
            domain: domain::domain(&entry.definition, entry.area),
            period: None,
        };
        epsg.period = epsg.found_period(&entry.definition);
        Some(epsg)
    }

    /// The code.
    pub fn code(&self) -> u32 {
        u32::from(self.code)
    }

    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    pub(super) fn axes(&self) -> Axes {
        self.axes
    }

    pub(super) fn area(&self) -> Bbox {
        self.area
    }

    pub(super) fn is_geographic(&self) -> bool {
        self.proj.is_latlong()
    }

    pub(super) fn metres_a_unit(&self) -> f64 {
        self.proj.to_meter()
    }

    pub(super) fn domain(&self) -> &[Rect] {
        &self.domain
    }

    pub(super) fn period(&self) -> Option<f64> {
        self.period
    }

    /// The middle of its area of use in degrees.
    pub(super) fn middle(&self) -> [f64; 2] {
        self.area.parts().next().map_or([0.0; 2], |part| part.center())
    }

    pub(super) fn forward(&self, position: [f64; 2]) -> Option<[f64; 2]> {
        if !self.domain.iter().any(|piece| piece.contains(position)) {
            return None;
        }
        self.computed(position)
    }

    /// As [`forward`](Self::forward), from the nearest position at which it is defined.
    pub(super) fn project(&self, position: [f64; 2]) -> [f64; 2] {
        let held =
            |piece: &Rect| [position[0].clamp(piece.min_x, piece.max_x), position[1].clamp(piece.min_y, piece.max_y)];
        let distance = |[lon, lat]: &[f64; 2]| (lon - position[0]).hypot(lat - position[1]);
        let nearest = self.domain.iter().map(held).min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.and_then(|place| self.computed(place)).or_else(|| self.computed(self.middle())).unwrap_or([0.0; 2])
    }

    pub(super) fn inverse(&self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        let mut point = if self.is_geographic() { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        transform(&self.proj, &self.degrees, &mut point).ok()?;
        let (mut lon, lat) = (point.0.to_degrees(), point.1.to_degrees());
        if lon.abs() > 180.0 {
            lon = if lon.abs() < 180.0 + 1e-9 {
                180.0_f64.copysign(lon)
            } else {
                (lon + 180.0).rem_euclid(360.0) - 180.0
            };
        }
        let place = [lon, lat.clamp(-90.0, 90.0)];
        // Beyond its world a projection may answer with a place that lies elsewhere.
        let [back_x, back_y] = self.forward(place)?;
        let near = if self.is_geographic() { 1e-4 } else { 1.0 };
        ((back_x - x).abs() <= near && (back_y - y).abs() <= near).then_some(place)
    }

    fn computed(&self, [lon, lat]: [f64; 2]) -> Option<[f64; 2]> {
        let mut point = (lon.to_radians(), lat.to_radians(), 0.0);
        transform(&self.degrees, &self.proj, &mut point).ok()?;
        let (x, y) =
            if self.is_geographic() { (point.0.to_degrees(), point.1.to_degrees()) } else { (point.0, point.1) };
        (x.is_finite() && y.is_finite()).then_some([x, y])
    }

    /// The width of the world, where it is a cylinder's cut open at the antimeridian.
    fn found_period(&self, definition: &str) -> Option<f64> {
        let cylinder =
            matches!(registry::text(definition, "proj")?, "longlat" | "latlong" | "merc" | "eqc" | "cea" | "mill");
        let [west, east] = [-180.0, 180.0].map(|lon| self.computed([lon, 0.0]));
        let (middle, third) = (self.computed([0.0, 0.0])?, self.computed([60.0, 0.0])?);
        let (west, east) = (west?[0], east?[0]);
        let even = (third[0] * 6.0 - (east - west)).abs() < 1e-6 * east.abs();
        (cylinder && even && middle[0].abs() < 1e-6 && (west + east).abs() < 1e-6 * east.abs()).then_some(east - west)
    }
}

impl PartialEq for Epsg {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Epsg {}

impl Hash for Epsg {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

impl fmt::Debug for Epsg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.code)
    }
}
