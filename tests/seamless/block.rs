//! Blocks of tiles, drawn at once and tile by tile.

use std::sync::Arc;

use serde_json::Value as Json;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Drawable;
use tumen::render::Placement;
use tumen::render::View;
use tumen::render::degrees;
use tumen::space::Grid;
use tumen::style::Style;

/// Tiles side by side.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    pub level: u8,
    /// The column and row of the first tile; columns go on beyond the last one.
    pub first: [u32; 2],
    /// How many columns and rows.
    pub count: [u32; 2],
    /// Pixels a side of a tile at ratio 1.
    pub size: u32,
    pub ratio: f64,
}

impl Block {
    /// The block of 2 by 2 tiles whose middle is a tile's corner near a position.
    pub fn around(position: [f64; 2], level: u8, size: u32, ratio: f64) -> Self {
        let count = f64::from(level).exp2();
        let [x, y] = tumen::render::world(position).map(|n| (n * count).round() as u32);
        Self { level, first: [x - 1, y - 1], count: [2, 2], size, ratio }
    }

    /// The view of all of it.
    pub fn view(&self) -> View {
        let count = f64::from(self.level).exp2();
        let middle = [0, 1].map(|axis| (f64::from(self.first[axis]) + f64::from(self.count[axis]) / 2.0) / count);
        let zoom = f64::from(self.level) + (f64::from(self.size) / 512.0).log2();
        let size = self.count.map(|count| f64::from(count * self.size));
        // Beyond the antimeridian degrees go on.
        let [lon, lat] = degrees(middle);
        View::new([lon, lat], zoom, 0.0, size, self.ratio).with_placement(Placement::World)
    }

    /// Its tiles with their places in it, from the last to the first: no order is the right one.
    fn tiles(&self) -> Vec<([u32; 2], View)> {
        let grid = Grid::web_mercator_quad();
        let columns = 1_u32 << self.level;
        let mut tiles = Vec::new();
        for down in 0..self.count[1] {
            for right in 0..self.count[0] {
                let column = (self.first[0] + right) % columns;
                let coord = grid.tile(self.level, column, self.first[1] + down).unwrap();
                tiles.push(([right, down], View::of_tile(coord, self.size, self.ratio)));
            }
        }
        tiles.reverse();
        tiles
    }
}

/// A style that draws from collections of a catalog.
pub struct Stage {
    pub catalog: Catalog,
    pub style: Style,
}

impl Stage {
    /// A style of some layers over the source `all`, which has all collections; `sources` are further ones.
    pub fn new(catalog: Catalog, layers: &Json, sources: &Json) -> Self {
        let ids: Vec<&str> = catalog.collections.keys().map(String::as_str).collect();
        let mut all = json!({ "all": { "type": "vector", "url": format!("/data/{}.json", ids.join(",")) } });
        all.as_object_mut().unwrap().extend(sources.as_object().unwrap().clone());
        let document = json!({ "version": 8, "sources": all, "layers": layers, "sprite": "/sprites/atlas" });
        let (style, said) = Style::read(document).unwrap();
        assert_eq!(said, []);
        Self { catalog, style }
    }

    pub async fn open(&self, ratio: f64) -> Arc<Drawable> {
        let (drawable, said) = Drawable::open(&self.style, &self.catalog, self.catalog.remote.clone(), ratio).await;
        assert_eq!(said, []);
        Arc::new(drawable)
    }

    /// The pixels of a block.
    pub async fn pixels(&self, block: &Block) -> Vec<[u8; 4]> {
        self.open(block.ratio).await.draw(&block.view()).await.0.straight().into_owned()
    }

    /// Draws the block at once and tile by tile, with one memory and with a fresh one for each, and compares every pixel.
    /// Answers with how many differ from the first.
    pub async fn assert_seamless(&self, block: &Block) -> usize {
        let (whole, said) = self.open(block.ratio).await.draw(&block.view()).await;
        assert_eq!(said, []);
        let pixels = whole.straight();
        let inked = pixels.iter().filter(|pixel| **pixel != pixels[0]).count();
        let shared = self.open(block.ratio).await;
        for (place, view) in block.tiles() {
            for drawable in [&shared, &self.open(block.ratio).await] {
                let (tile, said) = drawable.draw(&view).await;
                assert_eq!(said, []);
                let side = tile.width();
                assert_eq!(whole.width(), side * block.count[0]);
                let tile = tile.straight();
                for y in 0..side {
                    for x in 0..side {
                        let own = tile[(y * side + x) as usize];
                        let at = ((place[1] * side + y) * whole.width() + place[0] * side + x) as usize;
                        assert!(
                            own == pixels[at],
                            "{block:?}: tile {place:?} has {own:?} at {x}, {y}, not {:?}",
                            pixels[at]
                        );
                    }
                }
            }
        }
        inked
    }
}
