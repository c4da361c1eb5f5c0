//! Collections cut to tiles.

use super::Collection;
use crate::feature::GeometryKind;
use crate::query::Query;
use crate::render::View;
use crate::space::Bbox;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::tile::CutSettings;
use crate::tile::Layer;
use crate::tile::VectorTile;
use crate::tile::area;
use crate::tile::cut;

/// A tile with a layer for each collection, named by its id, holding the features that its query selects. Each query was
/// checked against the schema of its collection; a box in it selects features and does not cut them.
///
/// `settings` simplify as far as below the highest zoom of a collection; from there on all detail stays.
pub fn vector_tile<'a>(
    parts: impl IntoIterator<Item = (&'a Collection, &'a Query)>,
    grid: &Grid,
    coord: TileCoord,
    settings: &CutSettings,
) -> VectorTile {
    let layer = |(collection, query)| layer(collection, query, grid, coord, settings);
    VectorTile { layers: parts.into_iter().map(layer).collect() }
}

/// The features of a collection, by their numbers, that a query selects and that may reach into a tile: those that meet its box
/// of degrees. They come in the order of the query.
pub fn tile_rows(collection: &Collection, query: &Query, grid: &Grid, coord: TileCoord) -> Vec<u32> {
    let snapshot = collection.snapshot();
    let parts: Vec<Rect> = grid.bbox(coord).into_iter().flat_map(|bbox| bbox.parts()).collect();
    let mut rows: Vec<u32> = parts.iter().flat_map(|part| snapshot.within(part)).collect();
    rows.sort_unstable();
    rows.dedup();
    let meets = |row: u32, part: &Rect| snapshot.row(row).geometry().intersects(part);
    let in_box = |row: u32| query.bbox.is_none_or(|bbox| bbox.parts().any(|part| meets(row, &part)));
    let mut rows = snapshot.select(query, rows);
    rows.retain(|&row| parts.iter().any(|part| meets(row, part)) && in_box(row));
    snapshot.sort(query, &mut rows);
    rows
}

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
    let (_, highest) = zooms(collections.first()?.as_ref().snapshot());
    Some(View::of_extent(&all, [512.0; 2], 1.0).zoom().clamp(0.0, f64::from(highest)))
}

/// The highest zoom of most tilesets on the web.
const COMMON_ZOOM: u8 = 14;

fn layer(collection: &Collection, query: &Query, grid: &Grid, coord: TileCoord, settings: &CutSettings) -> Layer {
    let snapshot = collection.snapshot();
    let (_, highest) = zooms(snapshot);
    let settings = if grid.zoom(coord.level()) < f64::from(highest) { *settings } else { settings.exact() };
    let mut rows: Vec<u32> = area(grid, coord, &settings).iter().flat_map(|rect| snapshot.within(rect)).collect();
    rows.sort_unstable();
    rows.dedup();
    let in_box = |row: u32| {
        query.bbox.is_none_or(|bbox| bbox.parts().any(|part| snapshot.row(row).geometry().intersects(&part)))
    };
    let mut selected = snapshot.select(query, rows);
    selected.retain(|&row| in_box(row));
    snapshot.sort(query, &mut selected);
    let rows = selected.into_iter().map(|row| snapshot.row(row));
    cut(rows, grid, coord, &settings, &collection.id, query.properties.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Features;
    use crate::feature::Id;
    use crate::feature::PartKind;
    use crate::feature::Scalar;
    use crate::feature::TableBuilder;
    use crate::feature::Value;
    use crate::query::SortKey;
    use crate::query::Written;
    use crate::source::Metadata;
    use crate::space::Bbox;
    use crate::store::Version;

    fn towns(places: &[[f64; 2]]) -> Collection {
        let mut builder = TableBuilder::default();
        for (number, &[lon, lat]) in places.iter().enumerate() {
            builder.shapes().push_coord(lon, lat, None);
            builder.shapes().end_path();
            builder.shapes().end_part(PartKind::Points);
            let id = number.to_string();
            let values = [("parity", Value::Int(number as i64 % 2)), ("name", Value::Text(&id))];
            builder.push(Id { text: &id, number: true }, GeometryKind::Point, "{}", values);
        }
        let snapshot = Snapshot::new(builder.finish(|_| {}), Version(1));
        Collection::new("towns".into(), Metadata::default(), Features::Fixed(snapshot), &[])
    }

    fn ids(tile: &VectorTile) -> Vec<u64> {
        tile.layers[0].features().filter_map(|feature| feature.id()).collect()
    }

    #[test]
    fn box_filter_order_and_properties_are_honoured() {
        let towns = towns(&[[10.0, 10.0], [20.0, 10.0], [30.0, 10.0], [40.0, 10.0]]);
        let grid = Grid::web_mercator_quad();
        let world = grid.tile(0, 0, 0).unwrap();
        let tile = |query: &Query| vector_tile([(&towns, query)], &grid, world, &CutSettings::default());
        assert_eq!(ids(&tile(&Query::default())), [0, 1, 2, 3]);
        let boxed = Query { bbox: Some(Bbox::new(15.0, 0.0, 40.0, 20.0).unwrap()), ..Query::default() };
        assert_eq!(ids(&tile(&boxed)), [1, 2, 3]);
        let odd = Written::equal("parity", "parity", &Scalar::Int(1)).check(towns.snapshot().schema()).unwrap();
        let odd = Query { filter: odd, properties: Some(vec!["name".into()]), ..boxed };
        assert_eq!(ids(&tile(&odd)), [1, 3]);
        assert_eq!(tile(&odd).layers[0].keys(), ["name"]);
        let last_first = vec![SortKey { field: 1, name: "name".into(), descending: true }];
        assert_eq!(ids(&tile(&Query { sort: last_first.clone(), ..Query::default() })), [3, 2, 1, 0]);
        assert_eq!(tile_rows(&towns, &Query { sort: last_first, ..odd }, &grid, world), [3, 1]);
    }

    #[test]
    fn neighbours_over_the_antimeridian_are_selected() {
        let towns = towns(&[[179.99, 0.5], [-179.99, 0.5]]);
        let grid = Grid::web_mercator_quad();
        for column in [0, 7] {
            let tile = grid.tile(3, column, 3).unwrap();
            let tile = vector_tile([(&towns, &Query::default())], &grid, tile, &CutSettings::default());
            assert_eq!(ids(&tile), [0, 1], "column {column}");
        }
    }

    #[test]
    fn small_extents_have_higher_zooms_and_points_do_not_need_them() {
        let towns = towns(&[[10.0, 10.0], [10.01, 10.0]]);
        assert_eq!(zooms(towns.snapshot()), (0, 14));
    }
}
