//! From what was written to what is shown.

use std::sync::Arc;

use super::subset::Subset;
use super::table::PIXEL;
use crate::catalog::Collection;
use crate::config::Limits;
use crate::http::Error;
use crate::http::Params;
use crate::http::map::Frame;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::InvalidBbox;
use crate::space::Rect;

/// Pixels of the longer side of a map for which no size is asked.
const USUAL_SIDE: f64 = 1024.0;

/// Metres of the shorter side of what is shown of a single place.
const LEAST: f64 = 1000.0;

/// What a map of these collections shows, and how large it is.
pub(super) fn frame(
    params: &Params,
    subset: &Subset,
    collections: &[Arc<Collection>],
    limits: &Limits,
) -> Result<Frame, Error> {
    let crs = params.crs("crs").cloned().unwrap_or(Crs::Crs84);
    let pixel = params.number("mm-per-pixel").unwrap_or(PIXEL);
    let usual = usual_rect(&crs, collections);
    let region = region(params, subset, &crs, &usual)?;
    let center = center(params, &crs)?;
    if region.is_some() && center.is_some() {
        return Err(Error::Invalid("a map is placed by its center, or by bbox or subset, but not by both".to_owned()));
    }
    let sides = [side(params, "width"), side(params, "height")];
    let scale = params.number("scale-denominator").map(|scale| scale * pixel / 1000.0 / crs.metres_a_unit());
    let base = region.unwrap_or(usual);
    let (rect, size) = match scale {
        Some(_) if region.is_some() && sides != [None, None] => {
            return Err(Error::Invalid(
                "what is shown and its scale say how large the map is: leave out width and height, or scale-denominator"
                    .to_owned(),
            ));
        }
        Some(units) => {
            let spans = if center.is_some() { [USUAL_SIDE * units; 2] } else { [base.width(), base.height()] };
            let asked = |side: Option<u32>, other: Option<u32>, span: f64| {
                side.or(other.filter(|_| center.is_some())).unwrap_or((span / units).round().max(1.0) as u32)
            };
            let size = [asked(sides[0], sides[1], spans[0]), asked(sides[1], sides[0], spans[1])];
            (around(center.unwrap_or_else(|| base.center()), size, units), size)
        }
        None => {
            let size = sized(sides, base.width() / base.height());
            match center {
                None => (base, size),
                Some(center) => {
                    let units = (base.width() / f64::from(size[0])).max(base.height() / f64::from(size[1]));
                    (around(center, size, units), size)
                }
            }
        }
    };
    Frame::check_size(size, limits)?;
    let bearing = params.number("orientation").unwrap_or(0.0).rem_euclid(360.0);
    let frame = Frame { crs, rect, size, ratio: PIXEL / pixel, bearing, pixels: None };
    frame.check_worlds()?;
    Ok(frame)
}

/// The box around all features of some collections; `None` when there are none.
pub(in crate::http) fn extent<'a>(collections: impl IntoIterator<Item = &'a Arc<Collection>>) -> Option<Bbox> {
    let extents = collections.into_iter().filter_map(|collection| collection.snapshot().extent());
    let rects = extents.map(Bbox::to_array).map(|[west, south, east, north]| {
        if west > east { Rect::new(-180.0, south, 180.0, north) } else { Rect::new(west, south, east, north) }
    });
    rects.reduce(|a, b| a.union(&b)).map(|rect| Bbox::around(&rect))
}

fn side(params: &Params, name: &str) -> Option<u32> {
    params.count(name).map(|side| u32::try_from(side).unwrap_or(u32::MAX))
}

/// What is shown when nothing is asked for: all that there is.
fn usual_rect(crs: &Crs, collections: &[Arc<Collection>]) -> Rect {
    let around = |bbox: &Bbox| Frame::rect_around(crs, bbox);
    let rect = extent(collections).as_ref().and_then(around).or_else(|| around(&crs.area()));
    let rect = rect.unwrap_or(Rect::new(-1.0, -1.0, 1.0, 1.0));
    // A single place is shown with what is around it, and a straight line as more than one row of pixels.
    let least = (rect.width().max(rect.height()) / 100.0).max(LEAST / crs.metres_a_unit());
    let [x, y] = [rect.width(), rect.height()].map(|span| (least - span).max(0.0) / 2.0);
    Rect::new(rect.min_x - x, rect.min_y - y, rect.max_x + x, rect.max_y + y)
}

/// What bbox or subset asks for, in units of the map's system.
fn region(params: &Params, subset: &Subset, crs: &Crs, usual: &Rect) -> Result<Option<Rect>, Error> {
    let (name, numbers, from) = match params.bbox("bbox") {
        Some(_) if subset.is_spatial() => {
            return Err(Error::Invalid("a map is placed by bbox or by subset, but not by both".to_owned()));
        }
        Some(numbers) => ("bbox", numbers, params.crs("bbox-crs").unwrap_or(&Crs::Crs84)),
        None if subset.is_spatial() => {
            let from = params.crs("subset-crs").unwrap_or(&Crs::Crs84);
            ("subset", ranges(subset, from, crs, usual), from)
        }
        None => return Ok(None),
    };
    let invalid = |reason: String| Error::Invalid(format!("the parameter '{name}': {reason}"));
    let is_same = from == crs || from.is_straight() && crs.is_straight() && from.is_geographic() && crs.is_geographic();
    let rect = if is_same {
        let [a, b, c, d] = numbers;
        let ([x, y], [u, v]) = (from.axes().read([a, b]), from.axes().read([c, d]));
        if from.is_geographic() {
            check_degrees([x, y, u, v]).map_err(|error| invalid(error.to_string()))?;
        }
        match crs.period() {
            Some(period) if x > u => Rect::new(x, y, u + period, v),
            Some(_) => Rect::new(x, y, u, v),
            None => Rect::new(x.min(u), y.min(v), x.max(u), y.max(v)),
        }
    } else {
        let bbox = from.read_bbox(numbers).map_err(|error| invalid(error.to_string()))?;
        Frame::rect_around(crs, &bbox).ok_or_else(|| invalid(format!("nothing of it is in the system {crs}")))?
    };
    if rect.width() > 0.0 && rect.height() > 0.0 {
        return Ok(Some(rect));
    }
    Err(invalid("it has no area in the system of the map; write its low end before its high end".to_owned()))
}

/// Refuses a rectangle of degrees that is no part of a plane on which the earth lies once or, to the east and to the west of
/// it, again: a map may show what is beyond the poles and the antimeridian, as windows of clients do.
fn check_degrees([west, south, east, north]: [f64; 4]) -> Result<(), InvalidBbox> {
    const FARTHEST: f64 = 540.0;
    let [x, u] = [west, east].map(|lon| if lon.abs() <= FARTHEST { lon.clamp(-180.0, 180.0) } else { lon });
    let [y, v] = [south, north].map(|lat| if lat.abs() <= FARTHEST { lat.clamp(-90.0, 90.0) } else { lat });
    Bbox::new(x, y, u, v).map(|_| ())
}

/// The ranges of `subset` as a box in the order of its system's authority; what is open is as wide as all that there is.
fn ranges(subset: &Subset, from: &Crs, crs: &Crs, usual: &Rect) -> [f64; 4] {
    let degrees = Frame::bbox_around(crs, usual).unwrap_or(Bbox::WORLD);
    let all = Frame::rect_around(from, &degrees).unwrap_or(*usual);
    let range = |axis: Option<[Option<f64>; 2]>, low: f64, high: f64| {
        let [from, to] = axis.unwrap_or_default();
        [from.unwrap_or(low), to.unwrap_or(high)]
    };
    let [west, east] = range(subset.east, all.min_x, all.max_x);
    let [south, north] = range(subset.north, all.min_y, all.max_y);
    let ([a, b], [c, d]) = (from.axes().write([west, south]), from.axes().write([east, north]));
    [a, b, c, d]
}

/// The middle that is asked for, in units of the map's system.
fn center(params: &Params, crs: &Crs) -> Result<Option<[f64; 2]>, Error> {
    let Some(text) = params.text("center") else { return Ok(None) };
    let from = params.crs("center-crs").unwrap_or(&Crs::Crs84);
    let wrong = |reason: &str| Error::Invalid(format!("the parameter 'center' is '{text}': {reason}"));
    let numbers: Option<Vec<f64>> =
        text.split(',').map(|part| part.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect();
    let Some([first, second]) = numbers.as_deref() else {
        return Err(wrong("it must be two numbers with a comma between them, in the order of the axes of center-crs"));
    };
    let place =
        from.inverse(from.axes().read([*first, *second])).ok_or_else(|| wrong("no place of the earth is there"))?;
    crs.forward(place).map(Some).ok_or_else(|| wrong("it is not in the system of the map"))
}

/// Width and height, where `aspect` is the width for a height of 1.
fn sized(sides: [Option<u32>; 2], aspect: f64) -> [u32; 2] {
    let pixels = |side: f64| side.round().max(1.0) as u32;
    match sides {
        [Some(width), Some(height)] => [width, height],
        [Some(width), None] => [width, pixels(f64::from(width) / aspect)],
        [None, Some(height)] => [pixels(f64::from(height) * aspect), height],
        [None, None] => [pixels(USUAL_SIDE * aspect.min(1.0)), pixels(USUAL_SIDE / aspect.max(1.0))],
    }
}

/// The rectangle of a size around a point, with so many units a pixel.
fn around([x, y]: [f64; 2], size: [u32; 2], units: f64) -> Rect {
    let [width, height] = size.map(|side| f64::from(side) * units / 2.0);
    Rect::new(x - width, y - height, x + width, y + height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_in_degrees_may_show_more_than_the_earth_but_is_no_nonsense() {
        for right in [[-41.8, -95.5, 116.4, 115.5], [170.0, -10.0, 190.0, 10.0], [170.0, -10.0, -170.0, 10.0]] {
            assert!(check_degrees(right).is_ok(), "{right:?}");
        }
        for wrong in
            [[0.0, 10.0, 1.0, 5.0], [1000.0, 0.0, 1001.0, 1.0], [0.0, 0.0, 1.0, 1e9], [0.0, f64::NAN, 1.0, 1.0]]
        {
            assert!(check_degrees(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_side_that_is_not_given_follows_from_the_other() {
        assert_eq!(sized([Some(200), None], 2.0), [200, 100]);
        assert_eq!(sized([None, Some(200)], 2.0), [400, 200]);
        assert_eq!(sized([None, None], 2.0), [1024, 512]);
        assert_eq!(sized([None, None], 1e-9), [1, 1024]);
        assert_eq!(sized([Some(8), Some(5)], 2.0), [8, 5]);
    }
}
