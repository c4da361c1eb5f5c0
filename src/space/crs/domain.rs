//! Where on the globe a projection is defined and without a rift.
//!
//! A projection is torn somewhere: a conic one along the meridian opposite to its middle, an azimuthal one at the point
//! opposite to its middle, a transverse Mercator at two points of the equator a quarter of the globe away and along the
//! half of it that lies behind. What is projected is cut to these rectangles before, so that nothing is drawn over a rift.

use super::registry::parameter;
use super::registry::text;
use crate::space::Bbox;
use crate::space::Rect;

/// The rectangles of degrees (CRS84) in which the projection of a definition is defined.
pub(super) fn domain(definition: &str, area: Bbox) -> Vec<Rect> {
    let number = |name: &str| parameter(definition, name);
    let zone = number("zone").map(|zone| zone * 6.0 - 183.0);
    let middle = zone.or_else(|| number("lon_0")).unwrap_or(0.0) + meridian(definition);
    let lat_0 = number("lat_0").unwrap_or(0.0);
    let inset = if is_shifted(definition) { SHIFT } else { HAIR };
    let full = |south: f64, north: f64| vec![Rect::new(-180.0, south, 180.0, north)];
    let torn = |south: f64, north: f64| around(middle, inset, &[Rect::new(-180.0, south, 180.0, north)]);
    match text(definition, "proj").unwrap_or_default() {
        "longlat" | "latlong" => full(-90.0, 90.0),
        "merc" => torn(-89.0, 89.0),
        "tmerc" | "utm" | "etmerc" if is_shifted(definition) => {
            around(middle, 0.0, &[Rect::new(-FRONT, -90.0, FRONT, 90.0)])
        }
        "tmerc" | "utm" | "etmerc" => around(middle, 0.0, &transverse()),
        "lcc" => {
            let north = number("lat_1").unwrap_or(lat_0) + number("lat_2").unwrap_or(0.0) >= 0.0;
            if north { torn(-70.0, 90.0) } else { torn(-90.0, 70.0) }
        }
        "aea" | "eqdc" => {
            if number("lat_1").unwrap_or(lat_0) >= 0.0 {
                torn(-80.0, 90.0)
            } else {
                torn(-90.0, 80.0)
            }
        }
        "stere" | "laea" | "aeqd" if lat_0 == 90.0 => full(-60.0, 90.0),
        "stere" | "laea" | "aeqd" if lat_0 == -90.0 => full(-90.0, 60.0),
        "laea" => azimuthal(middle, lat_0),
        "eqc" | "cea" | "mill" | "moll" | "eqearth" | "robin" | "sinu" => torn(-90.0, 90.0),
        _ => neighbourhood(area),
    }
}

/// A tenth of a millimetre in degrees.
const HAIR: f64 = 1e-9;

/// More than any two datums are apart, in degrees.
const SHIFT: f64 = 0.02;

/// How far to the sides a transverse Mercator is followed, in degrees of longitude.
const FRONT: f64 = 80.0;

/// The globe without the two points where a transverse Mercator is infinite, relative to its middle: the front, the two
/// sides beyond them, and the back, which lies over the poles and is torn along the equator.
///
/// ```text
///    back N  | side |        front        | side |  back N
///   ---------|      |                     |      |---------   rift
///    back S  | side |                     | side |  back S
/// ```
fn transverse() -> [Rect; 7] {
    let back = 180.0 - FRONT;
    let side = 90.0 - FRONT;
    [
        Rect::new(-FRONT, -90.0, FRONT, 90.0),
        Rect::new(FRONT, side, back, 90.0),
        Rect::new(FRONT, -90.0, back, -side),
        Rect::new(-back, side, -FRONT, 90.0),
        Rect::new(-back, -90.0, -FRONT, -side),
        Rect::new(back, HAIR, 360.0 - back, 90.0),
        Rect::new(back, -90.0, 360.0 - back, -HAIR),
    ]
}

/// The globe without the surroundings of the point opposite to the middle.
fn azimuthal(middle: f64, lat_0: f64) -> Vec<Rect> {
    let (low, high) = (-lat_0 - 30.0, -lat_0 + 30.0);
    let mut pieces = around(middle, 0.0, &[Rect::new(-130.0, low.max(-90.0), 130.0, high.min(90.0))]);
    if high < 90.0 {
        pieces.insert(0, Rect::new(-180.0, high, 180.0, 90.0));
    }
    if low > -90.0 {
        pieces.push(Rect::new(-180.0, -90.0, 180.0, low));
    }
    pieces
}

/// The area of use and a good deal around it: all that is asked of projections that serve one country.
fn neighbourhood(area: Bbox) -> Vec<Rect> {
    let [west, south, east, north] = area.to_array();
    let east = if west > east { east + 360.0 } else { east };
    let margin = 5.0;
    let half = ((east - west) / 2.0 + margin).min(180.0);
    let (south, north) = ((south - margin).max(-90.0), (north + margin).min(90.0));
    around(f64::midpoint(west, east), 0.0, &[Rect::new(-half, south, half, north)])
}

/// Rectangles relative to a meridian, moved to it and split at the antimeridian. Edges that lie opposite to the meridian
/// are drawn in by `inset`, unless they are the antimeridian itself, which has two sides already.
fn around(middle: f64, inset: f64, pieces: &[Rect]) -> Vec<Rect> {
    let mut found = Vec::with_capacity(pieces.len() + 1);
    for piece in pieces {
        let (mut west, mut east) = (middle + piece.min_x, middle + piece.max_x);
        if piece.max_x - piece.min_x >= 360.0 && (west + 180.0).rem_euclid(360.0) != 0.0 {
            (west, east) = (west + inset, east - inset);
        }
        for turn in [-720.0, -360.0, 0.0, 360.0, 720.0] {
            let (west, east) = ((west + turn).max(-180.0), (east + turn).min(180.0));
            if west < east {
                found.push(Rect::new(west, piece.min_y, east, piece.max_y));
            }
        }
    }
    found
}

/// Whether the datum lies so far from WGS 84 that longitudes differ.
fn is_shifted(definition: &str) -> bool {
    let zero = |shift: &str| shift.split(',').all(|part| part.parse::<f64>().is_ok_and(|n| n.abs() < 5.0));
    let known = text(definition, "datum").is_some_and(|datum| datum != "WGS84" && datum != "NAD83");
    known || text(definition, "towgs84").is_some_and(|shift| !zero(shift))
}

/// The prime meridian in degrees.
fn meridian(definition: &str) -> f64 {
    match text(definition, "pm") {
        Some("paris") => 2.337_229_166_666_667,
        Some("ferro") => -17.666_666_666_666_668,
        Some("oslo") => 10.722_916_666_666_667,
        Some("jakarta") => 106.807_719_444_444_44,
        Some("lisbon") => -9.131_906_111_111_11,
        Some("rome") => 12.452_333_333_333_333,
        Some("bern") => 7.439_583_333_333_333,
        Some("bogota") => -74.080_916_666_666_67,
        Some("madrid") => -3.687_938_888_888_889,
        Some("brussels") => 4.367_975,
        Some("stockholm") => 18.058_277_777_777_78,
        Some("athens") => 23.716_337_5,
        Some(other) => other.parse().unwrap_or(0.0),
        None => 0.0,
    }
}
