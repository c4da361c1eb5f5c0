//! Labels from the style to the pixels.

use std::sync::Arc;

use serde_json::json;

use crate::feature::Value;
use crate::render::Assets;
use crate::render::Loaded;
use crate::render::Placement;
use crate::render::View;
use crate::render::draw;
use crate::render::text::Fonts;
use crate::render::text::GlyphSource;
use crate::space::Grid;
use crate::style::Diagnostic;
use crate::style::SpriteImages;
use crate::style::Style;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

const LEVEL: u8 = 4;

/// Where features lie, in tiles of the level, and their names.
type Named<'a> = (&'a str, Vec<[f64; 2]>);

fn assets() -> Assets {
    Assets { images: SpriteImages::default(), glyphs: GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 4 << 20))) }
}

fn style(layout: &serde_json::Value) -> Style {
    let document = json!({
        "version": 8,
        "sources": {"all": {"type": "vector", "tiles": ["none"], "maxzoom": 22}},
        "layers": [{
            "id": "names", "type": "symbol", "source": "all", "source-layer": "names",
            "layout": layout,
            "paint": {"text-color": "#203040", "text-halo-color": "white", "text-halo-width": 1.5},
        }],
    });
    Style::parse(&document.to_string()).unwrap().0
}

/// All tiles of a block, each with the features that reach it.
fn loaded(features: &[Named<'_>]) -> Loaded {
    let grid = Grid::web_mercator_quad();
    let mut loaded = Loaded::default();
    for column in 5..11 {
        for row in 5..11 {
            let mut layer = LayerBuilder::new("names", 4096);
            for (id, (name, path)) in features.iter().enumerate() {
                let local = |&[x, y]: &[f64; 2]| {
                    [((x - f64::from(column)) * 4096.0).round() as i32, ((y - f64::from(row)) * 4096.0).round() as i32]
                };
                layer.push_path(path.iter().map(local));
                layer.push_tag("name", Value::Text(name));
                layer.end_feature(
                    Some(id as u64),
                    if path.len() > 1 { TileGeometry::Lines } else { TileGeometry::Points },
                );
            }
            let coord = grid.tile(LEVEL, column, row).unwrap();
            loaded.insert_vector("all", coord, Arc::new(VectorTile { layers: vec![layer.finish()] }));
        }
    }
    loaded
}

/// A picture's pixels, row by row.
struct Drawn {
    width: u32,
    pixels: Vec<[u8; 4]>,
}

fn picture(style: &Style, view: &View, features: &[Named<'_>]) -> (Drawn, Vec<Diagnostic>) {
    let (picture, diagnostics) = draw(style, view, &loaded(features), &assets());
    (Drawn { width: picture.width(), pixels: picture.straight().into_owned() }, diagnostics)
}

/// A view of so many tiles, the first of which is the given one.
fn block(column: u32, row: u32, columns: u32, rows: u32) -> View {
    let side = f64::from(LEVEL).exp2();
    let middle =
        [(f64::from(column) + f64::from(columns) / 2.0) / side, (f64::from(row) + f64::from(rows) / 2.0) / side];
    let size = [f64::from(columns) * 512.0, f64::from(rows) * 512.0];
    View::new(crate::render::degrees(middle), f64::from(LEVEL), 0.0, size, 1.0).with_placement(Placement::World)
}

impl Drawn {
    fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        self.pixels[(y * self.width + x) as usize]
    }

    fn inked(&self) -> usize {
        self.pixels.iter().filter(|pixel| pixel[3] > 0).count()
    }
}

fn scattered() -> Vec<Named<'static>> {
    let names = ["Hoeryong", "회령시", "图们江", "Chongjin", "Rajin-Sonbong", "두만강", "龙井市", "Kyongwon"];
    let mut features: Vec<Named<'static>> = Vec::new();
    let mut seed = 7_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 40) as f64 / f64::from(1 << 24)
    };
    for index in 0..120 {
        features.push((names[index % names.len()], vec![[6.0 + 4.0 * random(), 6.0 + 4.0 * random()]]));
    }
    features
}

#[test]
fn no_label_is_cut_at_the_edge_of_a_tile() {
    let style = style(&json!({"text-field": ["get", "name"], "text-size": 22, "text-font": ["Noto Sans Bold"]}));
    let features = scattered();
    let (whole, _) = picture(&style, &block(7, 7, 2, 2), &features);
    assert!(whole.inked() > 5000);
    let mut seam_inked = 0;
    for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let (tile, _) = picture(&style, &block(7 + column, 7 + row, 1, 1), &features);
        for y in 0..512 {
            for x in 0..512 {
                let (ours, theirs) = (tile.pixel(x, y), whole.pixel(column * 512 + x, row * 512 + y));
                let far = (ours[3] > 8 || theirs[3] > 8) && ours.iter().zip(theirs).any(|(a, b)| a.abs_diff(b) > 24);
                assert!(!far, "tile {column}/{row} differs at {x}, {y}: {ours:?} for {theirs:?}");
                seam_inked += usize::from((x == 0 || y == 0) && ours[3] > 0);
            }
        }
    }
    assert!(seam_inked > 20, "labels cross the seams in this test");
}

#[test]
fn a_label_along_a_line_follows_it_and_is_upright() {
    let layout = json!({"text-field": ["get", "name"], "symbol-placement": "line-center", "text-size": 24,
        "text-font": ["Noto Sans Italic"]});
    // From right to left: the label is flipped so as to be read.
    let there = picture(&style(&layout), &block(7, 7, 1, 1), &[("Tumen River", vec![[7.9, 7.6], [7.1, 7.4]])]).0;
    let back = picture(&style(&layout), &block(7, 7, 1, 1), &[("Tumen River", vec![[7.1, 7.4], [7.9, 7.6]])]).0;
    assert!(there.inked() > 1000);
    let differing =
        there.pixels.iter().zip(&back.pixels).filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 40));
    assert!(differing.count() < there.inked() / 20);
}

#[test]
fn of_two_labels_at_one_place_one_stands_unless_both_may() {
    let features = [("Hoeryong", vec![[7.5, 7.5]]), ("Hoeryong", vec![[7.503, 7.503]])];
    let never = picture(&style(&json!({"text-field": ["get", "name"]})), &block(7, 7, 1, 1), &features).0;
    let always = json!({"text-field": ["get", "name"], "text-overlap": "always"});
    let always = picture(&style(&always), &block(7, 7, 1, 1), &features).0;
    assert!(always.inked() > never.inked() && never.inked() > 100);
}

#[test]
fn a_character_that_no_font_has_is_told_once() {
    let features = [("\u{1f980} crab", vec![[7.5, 7.5]]), ("\u{1f980} again", vec![[7.2, 7.2]])];
    let (drawn, diagnostics) = picture(&style(&json!({"text-field": ["get", "name"]})), &block(7, 7, 1, 1), &features);
    assert!(drawn.inked() > 100);
    assert_eq!(diagnostics.len(), 1);
    assert!(diagnostics[0].to_string().contains("U+1F980"));
}
