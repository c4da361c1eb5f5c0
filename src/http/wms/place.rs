//! What a map shows, and how large it is.

use super::exception::Code;
use super::exception::Exception;
use super::version::Version;
use crate::catalog::Catalog;
use crate::config::Limits;
use crate::http::map::Frame;
use crate::http::ows::Parameters;
use crate::space::Crs;
use crate::space::CrsList;
use crate::space::Rect;

/// Farther out no system has a place, and sums are still exact enough to draw with.
const FARTHEST: f64 = 1e12;

/// Dots an inch of the screen for which styles are made.
const USUAL_DPI: f64 = 96.0;

/// The systems in which maps of all layers are drawn.
pub(super) fn systems(catalog: &Catalog) -> CrsList {
    let lists = catalog.collections.values().map(|collection| &collection.systems);
    lists.flat_map(CrsList::iter).fold(CrsList::of_extent(None), |all, crs| all.including(crs.clone()))
}

/// The name of a system in capabilities: `CRS:84`, `EPSG:3857`.
pub(super) fn name(crs: &Crs) -> String {
    if *crs == Crs::Crs84 { "CRS:84".to_owned() } else { crs.short_name() }
}

/// The frame that `CRS` (`SRS`), `BBOX`, `WIDTH` and `HEIGHT` say.
pub(super) fn frame(
    catalog: &Catalog,
    parameters: &Parameters,
    version: Version,
    limits: &Limits,
) -> Result<Frame, Exception> {
    let crs = crs(catalog, parameters, version)?;
    let rect = rect(&crs, parameters.required("BBOX")?, version)?;
    let size = size(parameters, limits)?;
    let frame = Frame { crs, rect, size, ratio: ratio(parameters, limits), bearing: 0.0, pixels: None };
    frame.check_worlds().map_err(|error| Exception::new(Code::InvalidParameterValue, "BBOX", error.to_string()))?;
    Ok(frame)
}

fn crs(catalog: &Catalog, parameters: &Parameters, version: Version) -> Result<Crs, Exception> {
    let name_of = version.crs();
    // Clients that were taught one version give its name to the other.
    let written = match parameters.value(name_of) {
        Some(written) => written,
        None => parameters.value("CRS").or(parameters.value("SRS")).map_or_else(|| parameters.required(name_of), Ok)?,
    };
    let systems = systems(catalog);
    systems.find(written).cloned().ok_or_else(|| {
        let known: Vec<String> = systems.iter().map(name).collect();
        Exception::unknown(Code::InvalidCrs, name_of, written, known.iter().map(String::as_str))
    })
}

/// The box in units of the system, east first. Worlds that lie side by side are the same, so that it begins in the first.
fn rect(crs: &Crs, text: &str, version: Version) -> Result<Rect, Exception> {
    let wrong = |allowed: &str| Exception::invalid("BBOX", text, allowed);
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse::<f64>().ok()).collect();
    let numbers = numbers.filter(|all| all.iter().all(|number| number.abs() <= FARTHEST));
    let Some([a, b, c, d]) = numbers.as_deref() else {
        return Err(wrong("four numbers: minx,miny,maxx,maxy"));
    };
    if a >= c || b >= d {
        return Err(wrong("minx,miny,maxx,maxy, where each minimum is below its maximum"));
    }
    let ([x, y], [u, v]) = match version {
        Version::V1_3_0 => (crs.axes().read([*a, *b]), crs.axes().read([*c, *d])),
        Version::V1_1_1 => ([*a, *b], [*c, *d]),
    };
    let rect = Rect::new(x.min(u), y.min(v), x.max(u), y.max(v));
    let Some(period) = crs.period() else { return Ok(rect) };
    // A world that is asked for as a whole may miss its own edges by a hair.
    let worlds = ((rect.min_x + period / 2.0) / period + 1e-9).floor();
    Ok(Rect { min_x: rect.min_x - worlds * period, max_x: rect.max_x - worlds * period, ..rect })
}

/// `WIDTH` and `HEIGHT`, within the limits.
pub(super) fn size(parameters: &Parameters, limits: &Limits) -> Result<[u32; 2], Exception> {
    let side = |name: &'static str| {
        let written = parameters.required(name)?;
        let number = written.trim().parse::<u64>().ok().filter(|&number| number > 0);
        let number = number.ok_or_else(|| Exception::invalid(name, written, "a whole number of pixels from 1"))?;
        Ok::<u32, Exception>(u32::try_from(number).unwrap_or(u32::MAX))
    };
    let size = [side("WIDTH")?, side("HEIGHT")?];
    Frame::check_size(size, limits)?;
    Ok(size)
}

/// Pixels for one of a style, of what clients say of the resolution of their screen or paper; each has its own word for it.
fn ratio(parameters: &Parameters, limits: &Limits) -> f64 {
    let options = parameters.value("FORMAT_OPTIONS").and_then(|options| {
        let mut pairs = options.split(';').filter_map(|pair| pair.split_once(':'));
        pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("dpi")).map(|(_, value)| value)
    });
    let written = parameters.value("DPI").or(parameters.value("MAP_RESOLUTION")).or(options);
    let dpi = written.and_then(|text| text.trim().parse::<f64>().ok()).filter(|dpi| dpi.is_finite());
    dpi.map_or(1.0, |dpi| (dpi / USUAL_DPI).clamp(0.25, f64::from(limits.ratio)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_in_the_order_of_its_version() {
        let degrees = Crs::epsg(4326).unwrap();
        let read = |crs: &Crs, text: &str, version| rect(crs, text, version).unwrap();
        let own = Rect::new(-10.0, 30.0, 20.0, 60.0);
        assert_eq!(read(&degrees, "30,-10,60,20", Version::V1_3_0), own);
        assert_eq!(read(&degrees, "-10,30,20,60", Version::V1_1_1), own);
        assert_eq!(read(&Crs::Crs84, "-1e1,3.0E+1, 20,60", Version::V1_3_0), own);
        for wrong in ["", "1,2,3", "1,2,3,4,5", "a,2,3,4", "3,2,1,4", "1,4,3,2", "1,2,1,4", "NaN,2,3,4", "1,2,inf,4"] {
            assert!(rect(&Crs::Crs84, wrong, Version::V1_3_0).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_box_begins_in_the_first_world() {
        let read = |text: &str| rect(&Crs::Crs84, text, Version::V1_3_0).unwrap();
        assert_eq!(read("-190,0,-170,1"), Rect::new(170.0, 0.0, 190.0, 1.0));
        assert_eq!(read("-180,0,180,1"), Rect::new(-180.0, 0.0, 180.0, 1.0));
        assert_eq!(read("-180.00000001,0,180,1").min_x, -180.000_000_01);
        assert_eq!(read("530,0,560,1"), Rect::new(170.0, 0.0, 200.0, 1.0));
    }
}
