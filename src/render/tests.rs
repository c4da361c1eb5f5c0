//! Whole pictures: that tiles meet, and that nothing brings drawing down.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value as Json;
use serde_json::json;

use super::text::Fonts;
use super::text::GlyphSource;
use super::*;
use crate::feature::Value;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::style::Source;
use crate::style::SpriteImages;
use crate::style::Style;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

const EXTENT: i32 = 4096;

/// The same shapes on every tile of the world, each tile with those of its neighbours that reach into its buffer.
fn tile() -> VectorTile {
    let mut builder = LayerBuilder::new("shapes", EXTENT as u32);
    let whole = [-EXTENT, 0, EXTENT];
    for (dx, dy) in whole.into_iter().flat_map(|dx| whole.map(|dy| (dx, dy))) {
        let moved = |points: &[[i32; 2]]| points.iter().map(|[x, y]| [x + dx, y + dy]).collect::<Vec<_>>();
        builder.push_path(moved(&[[-700, 300], [1900, 40], [2900, 2333], [3999, 4777], [311, 3555]]));
        builder.push_tag("n", Value::Int(1));
        builder.end_feature(Some(1), TileGeometry::Polygons);
        builder.push_path(moved(&[[-900, 2001], [1500, 3777], [2200, 1111], [5000, 900]]));
        builder.push_tag("n", Value::Int(2));
        builder.end_feature(Some(2), TileGeometry::Lines);
        builder.push_path(moved(&[[20, 1000], [4090, 3000], [2000, 4080]]));
        builder.end_feature(Some(3), TileGeometry::Points);
    }
    VectorTile { layers: vec![builder.finish()] }
}

/// Hills that differ from tile to tile, and go on from each into the next.
fn heights(coord: TileCoord) -> Heights {
    let place = |tile: u32, pixel: i32| f64::from(tile) * 32.0 + f64::from(pixel);
    let meters = (0..32 * 32).map(|index| {
        let (x, y) = (place(coord.column(), index % 32), place(coord.row(), index / 32));
        (300.0 * (x / 9.0).sin() * (y / 7.0).cos() + 40.0 * (x * 0.9 + y * 1.3).sin()) as f32
    });
    Heights::new(32, meters.collect()).unwrap()
}

fn style(layers: &Json) -> Style {
    let dem = json!({ "type": "raster-dem", "tiles": ["t"], "maxzoom": 9 });
    let sources = json!({ "s": { "type": "vector", "tiles": ["t"] }, "dem": dem });
    let (style, diagnostics) = Style::read(json!({ "version": 8, "sources": sources, "layers": layers })).unwrap();
    assert_eq!(diagnostics, []);
    style
}

fn picture(style: &Style, view: &View) -> Picture {
    let mut loaded = Loaded::default();
    let tile = Arc::new(tile());
    for need in plan(style, view) {
        if let Need::Tile(source, coord) = need {
            match style.sources[&source] {
                Source::RasterDem(..) => loaded.insert_heights(&source, coord, Arc::new(heights(coord))),
                _ => loaded.insert_vector(&source, coord, Arc::clone(&tile)),
            }
        }
    }
    let glyphs = GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 1 << 16)));
    draw(style, view, &loaded, &Assets { images: SpriteImages::default(), glyphs }).0
}

fn coord(level: u8, column: u32, row: u32) -> TileCoord {
    Grid::web_mercator_quad().tile(level, column, row).unwrap()
}

/// A view of four tiles, whose top left one is given.
fn block(first: TileCoord, size: u32, ratio: f64) -> View {
    let half = 0.5_f64.powi(i32::from(first.level()));
    let corner = [f64::from(first.column() + 1) * half, f64::from(first.row() + 1) * half];
    let zoom = f64::from(first.level()) + (f64::from(size) / 512.0).log2();
    View::new(degrees(corner), zoom, 0.0, [f64::from(size) * 2.0; 2], ratio).with_placement(Placement::World)
}

fn assert_tiles_make_the_block(layers: &Json, size: u32, ratio: f64) {
    let style = style(layers);
    let first = coord(9, 440, 188);
    let whole = picture(&style, &block(first, size, ratio));
    let (block_pixels, side) = (whole.straight(), (f64::from(size) * ratio) as u32);
    for (right, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let tile = picture(&style, &View::of_tile(coord(9, 440 + right, 188 + down), size, ratio));
        let pixels = tile.straight();
        assert_eq!((tile.width(), tile.height()), (side, side));
        for y in 0..side {
            let start = ((down * side + y) * 2 * side + right * side) as usize;
            let in_tile = &pixels[(y * side) as usize..((y + 1) * side) as usize];
            let same = *in_tile == block_pixels[start..start + side as usize];
            assert!(same, "tile {right},{down} differs in row {y}: {layers}");
        }
    }
}

#[test]
fn tiles_laid_side_by_side_are_the_picture_of_the_whole() {
    let layer = |kind: &str, paint: Json| {
        json!([
            { "id": "b", "type": "background", "paint": { "background-color": "#eef" } },
            { "id": "x", "type": kind, "source": "s", "source-layer": "shapes", "paint": paint }
        ])
    };
    let relief = |kind: &str, paint: Json| json!([{ "id": "x", "type": kind, "source": "dem", "paint": paint }]);
    let ramp = json!(["step", ["elevation"], "#123", -100, "#585", 0, "#aa6", 150, "#fff"]);
    let fine = [
        layer("fill", json!({ "fill-color": "#c66", "fill-opacity": 0.4, "fill-outline-color": "#000" })),
        layer("fill", json!({ "fill-color": ["match", ["get", "n"], 1, "#393", "#339"] })),
        layer("line", json!({ "line-width": 7.3, "line-color": "rgba(20, 80, 160, 0.6)", "line-blur": 1 })),
        layer("line", json!({ "line-width": 2, "line-gap-width": 5, "line-offset": 3, "line-dasharray": [2, 1] })),
        layer("fill-extrusion", json!({ "fill-extrusion-height": ["get", "n"], "fill-extrusion-opacity": 0.7 })),
        relief("hillshade", json!({ "hillshade-exaggeration": 1, "hillshade-method": "igor" })),
        relief("hillshade", json!({ "hillshade-exaggeration": 0.8 })),
        relief("color-relief", json!({ "color-relief-color": ramp, "resampling": "nearest" })),
        layer("circle", json!({ "circle-radius": 20, "circle-opacity": 0.5, "circle-stroke-width": 3.3 })),
    ];
    for layers in fine {
        for (size, ratio) in [(256, 1.0), (256, 2.0), (512, 1.0)] {
            assert_tiles_make_the_block(&layers, size, ratio);
        }
    }
}

/// Numbers that nobody means, in place of those of a style.
fn nasty() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(-1.0),
        Just(1e9),
        Just(-1e300),
        Just(f64::MAX),
        Just(1e-300),
        -100.0..100.0,
        Just(0.49999)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_brings_drawing_down(
        numbers in prop::collection::vec(nasty(), 12),
        zoom in -10.0..40.0,
        bearing in nasty(),
        lon in nasty(),
        lat in nasty(),
    ) {
        let n = |index: usize| json!(numbers[index % numbers.len()]);
        let on = |id: &str, kind: &str, layout: Json, paint: Json| {
            json!({ "id": id, "type": kind, "source": "s", "source-layer": "shapes", "layout": layout, "paint": paint })
        };
        let layers = json!([
            on("f", "fill", json!({}), json!({ "fill-opacity": n(0), "fill-translate": [n(1), n(2)] })),
            on("l", "line", json!({ "line-join": "round", "line-miter-limit": n(3), "line-round-limit": n(4) }), json!({
                "line-width": n(5), "line-gap-width": n(6), "line-offset": n(7), "line-blur": n(8),
                "line-dasharray": [n(9), n(10), n(11)], "line-opacity": 0.5
            })),
            on("c", "circle", json!({}), json!({
                "circle-radius": n(3), "circle-stroke-width": n(4), "circle-blur": n(5), "circle-opacity": n(6)
            })),
            on("h", "heatmap", json!({}), json!({ "heatmap-radius": n(7), "heatmap-weight": n(8), "heatmap-intensity": n(9) }))
        ]);
        let view = View::new([lon, lat], zoom, bearing, [40.0, 30.0], 1.0);
        let drawn = picture(&style(&layers), &view);
        prop_assert_eq!((drawn.width(), drawn.height()), (40, 30));
    }
}

#[test]
fn tiles_from_elsewhere_are_drawn_where_they_are_in_any_system() {
    let layers = json!([
        { "id": "b", "type": "background", "paint": { "background-color": "#eef" } },
        { "id": "h", "type": "hillshade", "source": "dem" },
        { "id": "x", "type": "fill", "source": "s", "source-layer": "shapes", "paint": { "fill-color": "#a30" } },
        { "id": "y", "type": "line", "source": "s", "source-layer": "shapes", "paint": { "line-width": 6 } },
    ]);
    let style = style(&layers);
    let middle = [129.7, 42.4];
    let flat = View::new(middle, 8.25, 0.0, [500.0; 2], 1.0);
    let wanted = picture(&style, &flat);
    for (crs, resolution, bearing) in [
        (Crs::epsg(32652).unwrap(), [190.0; 2], 0.0),
        (Crs::epsg(5179).unwrap(), [190.0, 210.0], 20.0),
        (Crs::Crs84, [0.0023, 0.0017], 0.0),
    ] {
        let [x, y] = crs.forward(middle).unwrap();
        let anchor = [x - resolution[0] * 100.0, y + resolution[1] * 100.0];
        let view = View::of_pixels(&crs, &PixelGrid { anchor, resolution, corner: [0; 2] }, [200; 2], bearing, 1.0);
        let drawn = picture(&style, &view);
        let mut same = 0;
        for (at, own) in drawn.pixels().iter().enumerate() {
            let place = view.degrees([(at % 200) as f64 + 0.5, (at / 200) as f64 + 0.5]).unwrap();
            let [u, v] = flat.to_pixel(world(place)).map(|n| n as usize);
            let there = wanted.pixels()[v * 500 + u];
            same += usize::from(own.iter().zip(there).all(|(a, b)| a.abs_diff(b) < 24));
        }
        // Edges differ, and lines have the width of either picture.
        assert!(same > 34_000, "{crs}: {same}");
    }
}
