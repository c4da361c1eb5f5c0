//! The codes of the EPSG that can be had, with what their definitions do not say.

use super::Axes;
use crate::space::Bbox;

/// What the registry of the EPSG says of a system beyond its projection.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) code: u16,
    pub(super) axes: Axes,
    /// Where the system is meant to be used.
    pub(super) area: Bbox,
    /// Its definition in the notation of PROJ.
    pub(super) definition: String,
}

/// Below a line of names, a line for each code: the code, its axes (`e` east and north, `n` north and east, `w` west and south, `s` south and
/// west), its area of use (west, south, east, north in degrees), and the parameters of a Helmert transformation to
/// WGS 84 where the definition has none or others. Only systems that agree with PROJ to within their own accuracy are in it.
const TABLE: &str = include_str!("epsg.txt");

/// The entry of a code, `None` when the code is unknown or cannot be computed.
pub(super) fn entry(code: u32) -> Option<Entry> {
    let code = u16::try_from(code).ok()?;
    let definition = crs_definitions::from_code(code)?.proj4;
    let start = TABLE.find(&format!("\n{code} "))?;
    let line = TABLE[start + 1..].lines().next()?;
    let mut fields = line.split(' ').skip(1);
    let axes = match fields.next()? {
        "n" => Axes::NorthEast,
        "w" => Axes::WestSouth,
        "s" => Axes::SouthWest,
        _ => Axes::EastNorth,
    };
    let mut degree = || fields.next()?.parse::<f64>().ok();
    let area = Bbox::new(degree()?, degree()?, degree()?, degree()?).ok()?;
    Some(Entry { code, axes, area, definition: corrected(definition, fields.next()) })
}

/// All codes in ascending order.
#[cfg(test)]
pub(super) fn codes() -> impl Iterator<Item = u32> {
    TABLE.lines().skip(1).filter_map(|line| line.split(' ').next()?.parse().ok())
}

/// A definition with another transformation to WGS 84, and without axes, which [`Axes`] turns.
fn corrected(definition: &str, towgs84: Option<&str>) -> String {
    let is_kept = |part: &&str| !part.starts_with("+axis=") && (towgs84.is_none() || !is_datum(part));
    let mut kept: Vec<&str> = definition.split_whitespace().filter(is_kept).collect();
    let shift = towgs84.map(|parameters| format!("+towgs84={parameters}"));
    kept.extend(shift.as_deref());
    kept.join(" ")
}

fn is_datum(part: &str) -> bool {
    part.starts_with("+towgs84=") || part.starts_with("+nadgrids=")
}

/// The number of a parameter of a definition.
pub(super) fn parameter(definition: &str, name: &str) -> Option<f64> {
    text(definition, name)?.parse().ok()
}

/// The text of a parameter of a definition.
pub(super) fn text<'a>(definition: &'a str, name: &str) -> Option<&'a str> {
    definition.split_whitespace().find_map(|part| part.strip_prefix('+')?.strip_prefix(name)?.strip_prefix('='))
}
