//! Tiles of collections.

use super::zooms::zooms;
use super::*;
use crate::catalog::Collection;
use crate::catalog::Features;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Scalar;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::query::Query;
use crate::query::Written;
use crate::source::Metadata;
use crate::space::Bbox;
use crate::space::Grid;
use crate::store::Snapshot;
use crate::store::Version;
use crate::tile::VectorTile;

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
fn box_filter_and_properties_are_honoured() {
    let towns = towns(&[[10.0, 10.0], [20.0, 10.0], [30.0, 10.0], [40.0, 10.0]]);
    let grid = Grid::web_mercator_quad();
    let world = grid.tile(0, 0, 0).unwrap();
    let tile = |query: &Query| vector_tile([(&towns, query)], &grid, world).tile;
    assert_eq!(ids(&tile(&Query::default())), [0, 1, 2, 3]);
    let boxed = Query { bbox: Some(Bbox::new(15.0, 0.0, 40.0, 20.0).unwrap()), ..Query::default() };
    assert_eq!(ids(&tile(&boxed)), [1, 2, 3]);
    let odd = Written::equal("parity", "parity", &Scalar::Int(1)).check(towns.snapshot().schema()).unwrap();
    let odd = Query { filter: odd, properties: Some(vec!["name".into()]), ..boxed };
    assert_eq!(ids(&tile(&odd)), [1, 3]);
    assert_eq!(tile(&odd).layers[0].keys(), ["name"]);
}

#[test]
fn neighbours_over_the_antimeridian_are_selected() {
    let towns = towns(&[[179.99, 0.5], [-179.99, 0.5]]);
    let grid = Grid::web_mercator_quad();
    for column in [0, 7] {
        let tile = grid.tile(3, column, 3).unwrap();
        let tile = vector_tile([(&towns, &Query::default())], &grid, tile).tile;
        assert_eq!(ids(&tile), [0, 1], "column {column}");
    }
}

#[test]
fn small_extents_have_higher_zooms_and_points_do_not_need_them() {
    let towns = towns(&[[10.0, 10.0], [10.01, 10.0]]);
    assert_eq!(zooms(towns.snapshot()), (0, 14));
}
