//! At which zooms collections have tiles.

use crate::catalog::Collection;
use crate::feature::GeometryKind;
use crate::render::View;
use crate::space::Bbox;
use crate::space::Rect;
use crate::store::Snapshot;

/// Lowest and highest zoom of a collection's tiles (those of `WebMercatorQuad`). Tiles beyond are cut as well; clients
/// enlarge those of the highest zoom instead.
///
/// On zoom 14 a unit of the tile is 60 cm long at the equator, finer than most data; a collection that reaches over less
/// than 64 tiles there is a plan rather than a map, and gets up to four more.
pub fn zooms(snapshot: &Snapshot) -> (u8, u8) {
    let Some(extent) = snapshot.extent() else { return (0, COMMON_ZOOM) };
    let [west, south, east, north] = extent.to_array();
    let span = (east - west).max(north - south).max(1e-9);
    let only_points =
        snapshot.schema().geometries.iter().all(|kind| matches!(kind, GeometryKind::Point | GeometryKind::MultiPoint));
    let fitting = if only_points { COMMON_ZOOM } else { (64.0 * 360.0 / span).log2() as u8 };
    (0, fitting.clamp(COMMON_ZOOM, COMMON_ZOOM + 4))
}

/// The zoom, as styles count it, at which all of some collections are seen on a map of 512 pixels; `None` when there is nothing.
pub fn fitting_zoom<C: AsRef<Collection>>(collections: &[C]) -> Option<f64> {
    let extents = collections.iter().filter_map(|collection| collection.as_ref().snapshot().extent());
    let rects = extents.map(Bbox::to_array).map(|[west, south, east, north]| {
        // Beyond the edges of the web's map nothing is seen.
        Rect::new(west, south.clamp(-85.0, 85.0), east.max(west), north.clamp(-85.0, 85.0))
    });
    let all = rects.reduce(|a, b| a.union(&b))?;
    let highest = collections.first()?.as_ref().tiles.maxzoom;
    Some(View::of_extent(&all, [512.0; 2], 1.0).zoom().clamp(0.0, f64::from(highest)))
}

/// The highest zoom of most tilesets on the web.
const COMMON_ZOOM: u8 = 14;
