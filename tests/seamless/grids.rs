//! Tiles of grids in other systems than Web Mercator.

use serde_json::Value as Json;
use serde_json::json;
use tumen::render::PixelGrid;
use tumen::render::View;
use tumen::space::Crs;
use tumen::space::Grid;
use tumen::space::Rect;
use tumen::space::TileCoord;

use super::block::Stage;
use super::data;
use super::shapes::layers;

/// A grid, a level of it, and a position around which tiles are drawn.
type Case = (Grid, u8, [f64; 2]);

fn cases() -> Vec<Case> {
    let grid = |id: &str| Grid::registered(id).unwrap();
    vec![
        (grid("WorldCRS84Quad"), 3, [129.7, 42.4]),
        (grid("WorldCRS84Quad"), 12, [129.7, 42.4]),
        (grid("UPSArcticWGS84Quad"), 2, [10.0, 89.0]),
        (grid("UPSArcticWGS84Quad"), 8, [179.9, 71.0]),
        (grid("UPSAntarcticWGS84Quad"), 3, [170.0, -80.0]),
        (grid("EuropeanETRS89_LAEAQuad"), 5, [19.0, 50.0]),
        (grid("UTM52WGS84Quad"), 11, [129.7, 42.4]),
        (grid("WorldMercatorWGS84Quad"), 6, [129.7, 42.4]),
    ]
}

/// The four tiles around the corner that is nearest to a position.
fn tiles((grid, level, position): &Case) -> [[TileCoord; 2]; 2] {
    let matrix = &grid.levels()[usize::from(*level)];
    let [x, y] = grid.crs().forward(*position).unwrap();
    let [width, height] = matrix.tile_span();
    let near = |n: f64| (n.round() as u32).max(1);
    let (column, row) = (near((x - matrix.origin[0]) / width), near((matrix.origin[1] - y) / height));
    [row - 1, row].map(|row| [column - 1, column].map(|column| grid.tile(*level, column, row).unwrap()))
}

/// The view of a square of so many tiles a side.
fn view(grid: &Grid, first: TileCoord, count: u32) -> View {
    let level = grid.level(first);
    let size = [level.tile_width, level.tile_height].map(|side| side * count);
    View::of_pixels(grid.crs(), &PixelGrid::of_tile(grid, first), size, 0.0, 1.0)
}

/// Compares every pixel, each tile being drawn with the memory of the others and without; answers how many are drawn on.
async fn assert_seamless(stage: &Stage, case: &Case) -> usize {
    let tiles = tiles(case);
    let (whole, said) = stage.open(1.0).await.draw(&view(&case.0, tiles[0][0], 2)).await;
    assert_eq!(said, []);
    let pixels = whole.straight();
    let shared = stage.open(1.0).await;
    for (down, row) in tiles.into_iter().enumerate().rev() {
        for (right, coord) in row.into_iter().enumerate() {
            for drawable in [&shared, &stage.open(1.0).await] {
                let (tile, said) = drawable.draw(&view(&case.0, coord, 1)).await;
                assert_eq!(said, []);
                let (width, height) = (tile.width() as usize, tile.height() as usize);
                for (at, own) in tile.straight().iter().enumerate() {
                    let (x, y) = (right * width + at % width, down * height + at / width);
                    let there = pixels[y * whole.width() as usize + x];
                    assert!(*own == there, "{} {coord:?}: {own:?} at {x}, {y}, not {there:?}", case.0.id());
                }
            }
        }
    }
    pixels.iter().filter(|pixel| **pixel != pixels[0]).count()
}

fn styles() -> Vec<Json> {
    let name = json!(["get", "name"]);
    let font = json!(["Noto Sans Bold"]);
    vec![
        layers(&[
            json!({ "type": "fill", "source-layer": "polygons", "paint": { "fill-color": "#88aa77", "fill-opacity": 0.6 } }),
            json!({ "type": "line", "source-layer": "polygons", "paint": { "line-color": "#553311", "line-width": 2.5 } }),
            json!({ "type": "line", "source-layer": "lines",
                "paint": { "line-color": "#224488", "line-width": 3, "line-dasharray": [3, 2] } }),
            json!({ "type": "circle", "source-layer": "points", "paint": { "circle-radius": 5 } }),
        ]),
        layers(&[
            json!({ "type": "fill", "source-layer": "polygons", "paint": { "fill-pattern": "capital" } }),
            json!({ "type": "symbol", "source-layer": "points", "paint": { "text-halo-width": 1.5, "text-halo-color": "red" },
                "layout": { "text-field": name, "text-font": font, "text-size": 18, "icon-image": "capital" } }),
            json!({ "type": "symbol", "source-layer": "polygons",
                "layout": { "text-field": name, "text-font": font, "text-size": 26 } }),
            json!({ "type": "symbol", "source-layer": "lines", "layout": { "text-field": name, "text-font": font,
                "symbol-placement": "line", "symbol-spacing": 100, "text-max-angle": 80 } }),
        ]),
        layers(&[json!({ "type": "heatmap", "source-layer": "points", "paint": { "heatmap-radius": 40 } })]),
    ]
}

#[tokio::test]
async fn tiles_of_every_grid_meet() {
    for case in cases() {
        let (grid, level, position) = &case;
        let metres = grid.levels()[usize::from(*level)].cell_size * grid.crs().metres_a_unit() * 256.0;
        let span = (metres / 111_000.0 * 1.5).min(50.0);
        for (seed, layers) in styles().iter().enumerate() {
            let middle = [position[0], position[1].clamp(-89.0 + span * 0.7, 89.0 - span * 0.7)];
            let middle = if span > 40.0 { [position[0], position[1].signum() * 40.0] } else { middle };
            let stage = Stage::new(data::catalog(data::scattered(seed as u64, middle, span)), layers, &json!({}));
            let drawn = assert_seamless(&stage, &case).await;
            assert!(drawn > 300, "{} {level}, style {seed}: {drawn}", grid.id());
        }
    }
}

/// Maps of one resolution that lie side by side fit together as well, wherever they begin.
#[tokio::test]
async fn neighbouring_maps_meet() {
    let [layers, labels, _] = styles().try_into().unwrap();
    for layers in [layers, labels] {
        let stage = Stage::new(data::catalog(data::scattered(3, [129.7, 42.4], 0.4)), &layers, &json!({}));
        let crs = Crs::epsg(5179).unwrap();
        let [x, y] = crs.forward([129.7, 42.4]).unwrap();
        let rect = |left: f64, right: f64| Rect::new(x + left, y - 15_000.0, x + right, y + 15_000.0);
        let view = |rect: Rect, size: [u32; 2]| View::of_pixels(&crs, &PixelGrid::of_rect(&rect, size), size, 0.0, 1.0);
        let drawable = stage.open(1.0).await;
        let whole = drawable.draw(&view(rect(-30_000.0, 30_000.0), [600, 300])).await.0;
        for (left, first) in [(-30_000.0, 0), (0.0, 300)] {
            let half = drawable.draw(&view(rect(left, left + 30_000.0), [300, 300])).await.0;
            for (at, own) in half.pixels().iter().enumerate() {
                let there = whole.pixels()[at / 300 * 600 + first + at % 300];
                assert!(*own == there, "{own:?} at {}, {}, not {there:?}", at % 300, at / 300);
            }
        }
    }
}
