//! Tiles that others cut, from an archive: what is drawn of them meets as well, and labels that reach no farther than a tile.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Reach;
use tumen::catalog::Remote;
use tumen::catalog::RemoteLimits;
use tumen::space::Grid;
use tumen::tile::CutSettings;
use tumen::tile::VectorTile;
use tumen::tile::area;
use tumen::tile::codec::mvt;
use tumen::tile::cut;

use super::block::Block;
use super::block::Stage;
use super::data;
use super::shapes::HOERYONG;
use super::shapes::layers;

const SETTINGS: CutSettings = CutSettings { extent: 4096, buffer: 64, tolerance: 0.0 };

/// The collections of a catalog around a place, cut into the tiles of one level, in an archive.
pub fn archive(folder: &std::path::Path, catalog: &Catalog, level: u8, position: [f64; 2]) -> String {
    let path = folder.join(format!("{level}.mbtiles"));
    let mut database = rusqlite::Connection::open(&path).unwrap();
    let tables = "CREATE TABLE metadata (name TEXT, value TEXT);
        CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
        INSERT INTO metadata VALUES ('format', 'pbf');";
    database.execute_batch(tables).unwrap();
    let range = format!("INSERT INTO metadata VALUES ('minzoom', '{level}'), ('maxzoom', '{level}');");
    database.execute_batch(&range).unwrap();
    let (grid, count) = (Grid::web_mercator_quad(), 1_u32 << level);
    let [column, row] = tumen::render::world(position).map(|n| (n * f64::from(count)) as u32);
    let writing = database.transaction().unwrap();
    for x in column - 5..=column + 5 {
        for y in row - 5..=row + 5 {
            let coord = grid.tile(level, x, y).unwrap();
            let layers = catalog.collections.values().map(|collection| {
                let snapshot = collection.snapshot();
                let rows = area(&grid, coord, &SETTINGS)
                    .iter()
                    .flat_map(|rect| snapshot.within(rect))
                    .collect::<BTreeSet<_>>();
                let rows = rows.into_iter().map(|row| snapshot.row(row));
                cut(rows, &grid, coord, &SETTINGS, &collection.id, None)
            });
            let tile = mvt::encode(&VectorTile { layers: layers.collect() });
            let row = count - 1 - y;
            writing.execute("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)", (level, x, row, tile)).unwrap();
        }
    }
    writing.commit().unwrap();
    format!("mbtiles://file://{}", path.display())
}

fn styles() -> Vec<Json> {
    let name = json!(["get", "name"]);
    let text = |on: &str, layout: Json| {
        let mut layer = json!({ "type": "symbol", "source-layer": on, "layout": layout,
            "paint": { "text-color": "#203040", "text-halo-color": "white", "text-halo-width": 1.5 } });
        layer["layout"]["text-font"] = json!(["Noto Sans Bold"]);
        layer
    };
    vec![
        layers(&[
            json!({ "type": "fill", "source-layer": "polygons", "paint": { "fill-color": "#8ac", "fill-opacity": 0.5 } }),
            json!({ "type": "line", "source-layer": "lines", "layout": { "line-join": "round" },
                "paint": { "line-width": 5, "line-color": "#a33", "line-opacity": 0.6 } }),
            json!({ "type": "circle", "source-layer": "points", "paint": { "circle-radius": 9, "circle-blur": 0.4 } }),
        ]),
        layers(&[
            text(
                "points",
                json!({ "text-field": name, "text-size": 18, "icon-image": "capital", "text-offset": [0, 1] }),
            ),
            text(
                "lines",
                json!({ "text-field": name, "symbol-placement": "line", "symbol-spacing": 150,
                "text-max-angle": 80 }),
            ),
        ]),
        layers(&[
            text("polygons", json!({ "text-field": name, "text-size": 20 })),
            text(
                "points",
                json!({ "text-field": name, "text-size": 14, "text-variable-anchor": ["left", "right", "top"],
                "text-radial-offset": 1, "symbol-sort-key": ["get", "n"] }),
            ),
        ]),
    ]
}

#[tokio::test]
async fn tiles_of_an_archive_meet_with_their_labels() {
    let folder = tempfile::tempdir().unwrap();
    for (level, size, ratio) in [(10, 512, 1.0), (13, 256, 2.0)] {
        // Blocks of 256 pixels a tile show tiles of the level below.
        let shown = if size == 256 { level - 1 } else { level };
        let span = 3.0 * 360.0 / f64::from(shown).exp2();
        let data = || data::catalog(data::scattered(u64::from(level), HOERYONG, span));
        let url = archive(folder.path(), &data(), shown, HOERYONG);
        for layers in styles() {
            let sources = json!({ "cut": { "type": "vector", "url": url } });
            let mut own = layers.clone();
            for layer in own.as_array_mut().unwrap() {
                if layer.get("source").is_some() {
                    layer["source"] = json!("cut");
                }
            }
            let remote = Some(Remote::new(RemoteLimits::default(), Reach::Everything));
            let stage = Stage::new(Catalog { remote, ..data() }, &own, &sources);
            let drawn = stage.assert_seamless(&Block::around(HOERYONG, level, size, ratio)).await;
            assert!(drawn > 1000, "{drawn} {level} {layers}");
        }
    }
}
