//! Boxes from one system to another.
//!
//! A box of one system is no box in another. What is answered holds all of it: its edges are followed closely, and its
//! inside looked at, for a pole may lie there.

use super::Crs;
use crate::space::Bbox;
use crate::space::InvalidBbox;
use crate::space::Rect;

/// Places looked at along each edge and across the inside.
const STEPS: u32 = 48;

impl Crs {
    /// The box in degrees (CRS84) around a rectangle of this system, east first; it crosses the antimeridian where the
    /// rectangle does. `None` when no place of the earth is in it.
    pub fn bbox_of(&self, rect: &Rect) -> Option<Bbox> {
        if let Some(period) = self.period() {
            return self.bbox_of_cylinder(rect, period);
        }
        let seen = Seen::of(self, rect)?;
        let north = self.forward([0.0, 90.0]).is_some_and(|pole| rect.contains(pole));
        let south = self.forward([0.0, -90.0]).is_some_and(|pole| rect.contains(pole));
        // Between two places that were looked at the edge may reach a little farther.
        let slack = if seen.whole { 2.0 / f64::from(STEPS * STEPS) } else { 2.0 / f64::from(STEPS) };
        let (mut low, mut high) = (seen.south, seen.north);
        let more = (high - low) * slack;
        low = if south { -90.0 } else { (low - more).max(-90.0) };
        high = if north { 90.0 } else { (high + more).min(90.0) };
        let (west, east) = seen.arc();
        let more = (east - west) * slack;
        let (west, east) = (west - more, east + more);
        if north || south || east - west >= 360.0 {
            return Bbox::new(-180.0, low, 180.0, high).ok();
        }
        let turn = |lon: f64| if lon.abs() <= 180.0 { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 };
        Bbox::new(turn(west), low, turn(east), high).ok()
    }

    /// The rectangle of this system, east first, around a box in degrees; `None` when nothing of the box is in its domain.
    /// A box over the antimeridian gives one over both its parts.
    pub fn rect_of(&self, bbox: &Bbox) -> Option<Rect> {
        let mut found = Rect::EMPTY;
        for part in bbox.parts() {
            for piece in self.domain() {
                let Some(common) = part.intersection(piece) else { continue };
                let mut look = |place: [f64; 2]| {
                    if let Some(position) = self.forward(place) {
                        found.extend(position);
                    }
                };
                each_place(&common, &mut look);
                // Where the projection turns back, on the meridian of its middle, it reaches farthest.
                let [lon, lat] = self.middle();
                look([lon.clamp(common.min_x, common.max_x), common.min_y]);
                look([lon.clamp(common.min_x, common.max_x), common.max_y]);
                look([common.min_x, lat.clamp(common.min_y, common.max_y)]);
                look([common.max_x, lat.clamp(common.min_y, common.max_y)]);
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// A box that is written in this system, in the order of its authority, as one in degrees. In a system of degrees, a
    /// first longitude above the second crosses the antimeridian.
    pub fn read_bbox(&self, [a, b, c, d]: [f64; 4]) -> Result<Bbox, InvalidBbox> {
        let (one, other) = (self.axes().read([a, b]), self.axes().read([c, d]));
        if let Some(bad) = [a, b, c, d].into_iter().find(|n| !n.is_finite()) {
            return Err(InvalidBbox::Number(bad.to_string()));
        }
        if self.is_geographic() {
            let bbox = Bbox::new(one[0], one[1], other[0], other[1])?;
            // Degrees of another datum are not quite those of CRS84.
            return if self.is_straight() { Ok(bbox) } else { self.moved(&bbox).ok_or(InvalidBbox::Outside) };
        }
        // Axes that run west and south begin at their far end.
        let rect = Rect::new(one[0].min(other[0]), one[1].min(other[1]), one[0].max(other[0]), one[1].max(other[1]));
        let runs_back = matches!(self.axes(), super::Axes::WestSouth | super::Axes::SouthWest);
        let [low, high] = if runs_back { [other, one] } else { [one, other] };
        if low[0] > high[0] || low[1] > high[1] {
            let axis = usize::from(low[0] <= high[0]);
            return Err(InvalidBbox::Inverted(low[axis], high[axis]));
        }
        self.bbox_of(&rect).ok_or(InvalidBbox::Outside)
    }

    /// A rectangle of this system, east first, as four numbers in the order of its authority.
    pub fn write_rect(&self, rect: &Rect) -> [f64; 4] {
        let (one, other) = (self.axes().write([rect.min_x, rect.min_y]), self.axes().write([rect.max_x, rect.max_y]));
        [one[0].min(other[0]), one[1].min(other[1]), one[0].max(other[0]), one[1].max(other[1])]
    }

    fn middle(&self) -> [f64; 2] {
        match self {
            Self::Epsg(epsg) => epsg.middle(),
            Self::Crs84 | Self::Crs84h | Self::WebMercator => [0.0; 2],
        }
    }

    /// A box of degrees on another datum.
    fn moved(&self, bbox: &Bbox) -> Option<Bbox> {
        let [west, south, east, north] = bbox.to_array();
        let (low, high) = (self.inverse([west, south])?, self.inverse([east, north])?);
        Bbox::new(low[0], low[1], high[0], high[1]).ok()
    }

    fn bbox_of_cylinder(&self, rect: &Rect, period: f64) -> Option<Bbox> {
        let (west, east) = (rect.min_x / period * 360.0, rect.max_x / period * 360.0);
        let edges = self.domain().first().copied().unwrap_or(Rect::EMPTY);
        let edge = |y: f64, beyond: f64| self.inverse([0.0, y]).map_or(beyond, |place| place[1]);
        let [low, high] = [edges.min_y, edges.max_y].map(|lat| self.project([0.0, lat])[1]);
        if rect.max_y < low || rect.min_y > high || rect.max_x < -period / 2.0 || rect.min_x > period / 2.0 {
            return None;
        }
        let (south, north) = (edge(rect.min_y, edges.min_y), edge(rect.max_y, edges.max_y));
        Bbox::new(
            west.clamp(-180.0, 180.0),
            south.clamp(-90.0, 90.0),
            east.clamp(-180.0, 180.0),
            north.clamp(-90.0, 90.0),
        )
        .ok()
    }
}

/// Visits places along the edges of a rectangle and across its inside.
fn each_place(rect: &Rect, look: &mut impl FnMut([f64; 2])) {
    let at = |step: u32, low: f64, high: f64| {
        if step == STEPS { high } else { low + (high - low) * f64::from(step) / f64::from(STEPS) }
    };
    for step in 0..=STEPS {
        let (x, y) = (at(step, rect.min_x, rect.max_x), at(step, rect.min_y, rect.max_y));
        look([x, rect.min_y]);
        look([x, rect.max_y]);
        look([rect.min_x, y]);
        look([rect.max_x, y]);
    }
    for row in (4..STEPS).step_by(4) {
        for column in (4..STEPS).step_by(4) {
            look([at(column, rect.min_x, rect.max_x), at(row, rect.min_y, rect.max_y)]);
        }
    }
}

/// What was seen of the globe from a rectangle of a plane.
struct Seen {
    lons: Vec<f64>,
    south: f64,
    north: f64,
    /// Whether every place looked at was on the globe.
    whole: bool,
}

impl Seen {
    fn of(crs: &Crs, rect: &Rect) -> Option<Self> {
        let mut seen = Self { lons: Vec::new(), south: f64::INFINITY, north: f64::NEG_INFINITY, whole: true };
        each_place(rect, &mut |position| match crs.inverse(position) {
            Some([lon, lat]) => {
                seen.lons.push(lon);
                seen.south = seen.south.min(lat);
                seen.north = seen.north.max(lat);
            }
            None => seen.whole = false,
        });
        (!seen.lons.is_empty()).then_some(seen)
    }

    /// The arc of longitudes that leaves out the widest gap; it ends beyond 180 where it crosses the antimeridian.
    fn arc(&self) -> (f64, f64) {
        let mut lons = self.lons.clone();
        lons.sort_by(f64::total_cmp);
        let (first, last) = (lons[0], lons[lons.len() - 1]);
        let (mut widest, mut arc) = (first + 360.0 - last, (first, last));
        for pair in lons.windows(2) {
            if pair[1] - pair[0] > widest {
                widest = pair[1] - pair[0];
                arc = (pair[1], pair[0] + 360.0);
            }
        }
        arc
    }
}
