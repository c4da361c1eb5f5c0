//! Boxes: the one a client asks with, which may cross the antimeridian, and the plain one that arithmetic is done on.

/// A closed rectangle in the plane of whatever coordinates its owner says: degrees, metres or pixels.
///
/// It may be empty (`min` above `max`), which is what [`Rect::EMPTY`] is, and where growing starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Smallest first coordinate (longitude, easting, column).
    pub min_x: f64,
    /// Smallest second coordinate (latitude, northing, row).
    pub min_y: f64,
    /// Largest first coordinate.
    pub max_x: f64,
    /// Largest second coordinate.
    pub max_y: f64,
}

impl Rect {
    /// The rectangle that holds nothing and into which anything may be merged.
    pub const EMPTY: Self =
        Self { min_x: f64::INFINITY, min_y: f64::INFINITY, max_x: f64::NEG_INFINITY, max_y: f64::NEG_INFINITY };

    /// A rectangle from its two corners.
    pub const fn new(min_x: f64, min_y: f64, max_x: f64, max_y: f64) -> Self {
        Self { min_x, min_y, max_x, max_y }
    }

    /// Whether it holds no point at all.
    pub fn is_empty(&self) -> bool {
        !(self.min_x <= self.max_x && self.min_y <= self.max_y)
    }

    /// Grows to hold the point.
    pub fn extend(&mut self, [x, y]: [f64; 2]) {
        // As `f64::min` and `max` have it, whose care for what is no number takes a few instructions more.
        self.min_x = if x < self.min_x { x } else { self.min_x };
        self.min_y = if y < self.min_y { y } else { self.min_y };
        self.max_x = if x > self.max_x { x } else { self.max_x };
        self.max_y = if y > self.max_y { y } else { self.max_y };
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
        }
    }

    /// The same rectangle with `margin` added on each side.
    #[must_use]
    pub fn grow(&self, margin: f64) -> Self {
        Self::new(self.min_x - margin, self.min_y - margin, self.max_x + margin, self.max_y + margin)
    }

    /// Whether the two share at least one point; touching edges do.
    pub fn intersects(&self, other: &Self) -> bool {
        self.min_x <= other.max_x && other.min_x <= self.max_x && self.min_y <= other.max_y && other.min_y <= self.max_y
    }

    /// What both hold; may be as thin as an edge where they touch, `None` where they do not.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let common = Self {
            min_x: self.min_x.max(other.min_x),
            min_y: self.min_y.max(other.min_y),
            max_x: self.max_x.min(other.max_x),
            max_y: self.max_y.min(other.max_y),
        };
        (!common.is_empty()).then_some(common)
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        self.min_x <= x && x <= self.max_x && self.min_y <= y && y <= self.max_y
    }

    /// Whether `other` lies wholly inside.
    pub fn covers(&self, other: &Self) -> bool {
        self.min_x <= other.min_x && other.max_x <= self.max_x && self.min_y <= other.min_y && other.max_y <= self.max_y
    }

    /// Extent along the first axis; negative when empty.
    pub fn width(&self) -> f64 {
        self.max_x - self.min_x
    }

    /// Extent along the second axis; negative when empty.
    pub fn height(&self) -> f64 {
        self.max_y - self.min_y
    }

    /// The point in the middle.
    pub fn center(&self) -> [f64; 2] {
        [f64::midpoint(self.min_x, self.max_x), f64::midpoint(self.min_y, self.max_y)]
    }
}

/// A box on the globe in CRS84: longitude and latitude in degrees, longitudes within ±180 and latitudes within ±90.
///
/// `west > east` means that it crosses the antimeridian (RFC 7946, 5.2; OGC API Features, 7.15.3). Heights of a box of
/// six numbers are not kept, because features are selected in the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Why four or six numbers are no box.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InvalidBbox {
    /// There were neither four nor six.
    #[error("a bbox has four numbers (west,south,east,north) or six (with heights), not {0}")]
    Count(usize),
    /// One of them is not a number at all, or not a finite one.
    #[error("'{0}' in the bbox is not a finite number")]
    Number(String),
    /// A corner lies outside the world.
    #[error("the bbox leaves the world: longitudes are within -180 and 180, latitudes within -90 and 90")]
    Outside,
    /// The first latitude is north of the second one.
    #[error("the bbox has its south ({0}) north of its north ({1})")]
    Inverted(f64, f64),
}

impl Bbox {
    /// The whole world.
    pub const WORLD: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// A box from its corners in degrees; `west > east` crosses the antimeridian.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, InvalidBbox> {
        if let Some(bad) = [west, south, east, north].into_iter().find(|n| !n.is_finite()) {
            return Err(InvalidBbox::Number(bad.to_string()));
        }
        if west.abs() > 180.0 || east.abs() > 180.0 || south.abs() > 90.0 || north.abs() > 90.0 {
            return Err(InvalidBbox::Outside);
        }
        if south > north {
            return Err(InvalidBbox::Inverted(south, north));
        }
        Ok(Self { west, south, east, north })
    }

    /// Reads `west,south,east,north` or `west,south,low,east,north,high`.
    pub fn parse(text: &str) -> Result<Self, InvalidBbox> {
        let [west, south, east, north] = Self::numbers(text)?;
        Self::new(west, south, east, north)
    }

    /// The four numbers of a box in any system; of six, those of its heights are left out.
    pub fn numbers(text: &str) -> Result<[f64; 4], InvalidBbox> {
        let numbers = text
            .split(',')
            .map(|part| {
                let part = part.trim();
                part.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or_else(|| InvalidBbox::Number(part.to_owned()))
            })
            .collect::<Result<Vec<f64>, _>>()?;
        match numbers[..] {
            [west, south, east, north] | [west, south, _, east, north, _] => Ok([west, south, east, north]),
            _ => Err(InvalidBbox::Count(numbers.len())),
        }
    }

    /// The box around a plain rectangle of degrees, cut to the world.
    pub fn around(rect: &Rect) -> Self {
        Self {
            west: rect.min_x.clamp(-180.0, 180.0),
            south: rect.min_y.clamp(-90.0, 90.0),
            east: rect.max_x.clamp(-180.0, 180.0),
            north: rect.max_y.clamp(-90.0, 90.0),
        }
    }

    /// West, south, east, north in degrees.
    pub fn to_array(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// Whether it crosses the antimeridian.
    pub fn crosses_antimeridian(&self) -> bool {
        self.west > self.east
    }

    /// The one or two plain rectangles that it covers, split at the antimeridian.
    ///
    /// ```text
    ///   -180        east          west        180
    ///     |==========|             |===========|      west > east: two parts
    /// ```
    pub fn parts(&self) -> impl Iterator<Item = Rect> + use<> {
        let whole = Rect::new(self.west, self.south, self.east, self.north);
        let (first, second) = if self.crosses_antimeridian() {
            (Rect { max_x: 180.0, ..whole }, Some(Rect { min_x: -180.0, ..whole }))
        } else {
            (whole, None)
        };
        std::iter::once(first).chain(second)
    }
}

impl std::fmt::Display for Bbox {
    /// The form that [`Bbox::parse`] reads; equal boxes give equal texts.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{},{},{}", self.west, self.south, self.east, self.north)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_reads_four_numbers_and_six() {
        assert_eq!(Bbox::parse("1,2,3,4").unwrap().to_array(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(Bbox::parse("1,2,-99,3,4,99").unwrap().to_array(), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn what_is_no_box_says_why() {
        assert_eq!(Bbox::parse("1,2,3"), Err(InvalidBbox::Count(3)));
        assert_eq!(Bbox::parse("1,2,3,"), Err(InvalidBbox::Number(String::new())));
        assert_eq!(Bbox::parse("NaN,0,1,1"), Err(InvalidBbox::Number("NaN".into())));
        assert_eq!(Bbox::parse("0,10,1,5"), Err(InvalidBbox::Inverted(10.0, 5.0)));
        assert_eq!(Bbox::parse("0,0,400,10"), Err(InvalidBbox::Outside));
    }

    #[test]
    fn a_box_over_the_antimeridian_has_two_parts() {
        let parts: Vec<Rect> = Bbox::new(170.0, -1.0, -170.0, 1.0).unwrap().parts().collect();
        assert_eq!(parts, [Rect::new(170.0, -1.0, 180.0, 1.0), Rect::new(-180.0, -1.0, -170.0, 1.0)]);
        assert_eq!(Bbox::WORLD.parts().count(), 1);
    }

    #[test]
    fn rectangles_that_touch_intersect_and_the_empty_one_meets_nothing() {
        let unit = Rect::new(0.0, 0.0, 1.0, 1.0);
        assert!(unit.intersects(&Rect::new(1.0, 1.0, 2.0, 2.0)));
        assert!(!unit.intersects(&Rect::new(1.1, 0.0, 2.0, 1.0)));
        assert!(!unit.intersects(&Rect::EMPTY));
        assert!(Rect::EMPTY.is_empty());
    }
}
