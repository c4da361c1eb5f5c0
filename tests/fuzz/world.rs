//! Small data with all that is difficult in it, and the pictures of it.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::OnceLock;

use serde_json::Value as Json;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Builder;
use tokio::runtime::Runtime;
use tumen::catalog::Catalog;
use tumen::catalog::Reach;
use tumen::catalog::Remote;
use tumen::catalog::RemoteLimits;
use tumen::catalog::Supply;
use tumen::render;
use tumen::render::Assets;
use tumen::render::Format;
use tumen::render::Placement;
use tumen::render::View;
use tumen::render::text::Fonts;
use tumen::render::text::GlyphSource;
use tumen::style::Style;

use crate::dice::Dice;
use crate::nasty;

/// Where all styles are drawn.
pub struct World {
    catalog: Catalog,
    files: TempDir,
    fonts: Arc<Fonts>,
    runtime: Runtime,
}

impl World {
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<World> = OnceLock::new();
        SHARED.get_or_init(Self::new)
    }

    pub fn new() -> Self {
        let sheet =
            image::RgbaImage::from_fn(64, 32, |x, y| image::Rgba([x as u8 * 4, y as u8 * 8, 90, (x * y) as u8]));
        let mut png = Cursor::new(Vec::new());
        sheet.write_to(&mut png, image::ImageFormat::Png).unwrap();
        let index = json!({
            "dot": { "x": 0, "y": 0, "width": 16, "height": 16, "pixelRatio": 1 },
            "wide": { "x": 16, "y": 0, "width": 32, "height": 16, "pixelRatio": 2, "stretchX": [[4, 8], [20, 24]],
                "stretchY": [[2, 3]], "content": [3, 3, 29, 13] },
            "sdf": { "x": 0, "y": 16, "width": 16, "height": 16, "pixelRatio": 1, "sdf": true },
            "none": { "x": 5, "y": 5, "width": 0, "height": 0, "pixelRatio": 1 },
            "thin": { "x": 5, "y": 5, "width": 1, "height": 20, "pixelRatio": 1e-30 },
        });
        let files = tempfile::tempdir().unwrap();
        let tile = image::RgbaImage::from_fn(16, 16, |x, y| image::Rgba([1, (x * y) as u8, y as u8 * 16, 255]));
        tile.save_with_format(files.path().join("tile.png"), image::ImageFormat::Png).unwrap();
        let sprites = BTreeMap::from([
            ("s.json".to_owned(), index.to_string().into_bytes().into()),
            ("s.png".to_owned(), png.into_inner().into()),
        ]);
        Self {
            catalog: Catalog { sprites, ..Catalog::default() },
            files,
            fonts: Arc::new(Fonts::new(Vec::new(), 1 << 20)),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
        }
    }

    /// Draws the style of a seed.
    pub fn draw(&self, seed: u64) {
        let mut dice = Dice::new(seed);
        let style = nasty::style(&mut dice, &format!("file://{}", self.files.path().display()));
        let Ok((mut style, _)) = Style::parse(&style.to_string()) else { return };
        let center = [*dice.pick(&[0.0, 0.5, 129.7, 180.0, -179.99, 1e9]), *dice.pick(&[0.0, 0.5, 42.4, 85.0, -90.0])];
        let zoom = *dice.pick(&[0.0, 0.5, 1.0, 3.7, 7.0, 7.5, 11.0, 16.2, 22.0, 30.0, -9.0]);
        let size = [*dice.pick(&[1.0, 64.0, 150.0]), *dice.pick(&[32.0, 64.0, 100.0])];
        let ratio = *dice.pick(&[1.0, 1.0, 2.0, 0.3]);
        let placement = *dice.pick(&[Placement::View, Placement::World]);
        let view = View::new(center, zoom, *dice.pick(&[0.0, 0.0, 33.0, 180.0]), size, ratio).with_placement(placement);
        let picture = self.runtime.block_on(async {
            let remote = Remote::new(RemoteLimits::default(), Reach::Everything);
            let (supply, _) = Supply::open(&mut style, &self.catalog, Some(remote), ratio).await;
            let (loaded, _) = supply.load(render::plan(&style, &view)).await;
            let glyphs = GlyphSource::Fonts(Arc::clone(&self.fonts));
            let assets = Assets { images: supply.images().clone(), glyphs };
            render::draw(&style, &view, &loaded, &assets).0
        });
        assert_eq!((picture.width(), picture.height()), (view.width(), view.height()));
        assert!(picture.encode(Format::Png).is_ok());
    }
}

fn collection(geometries: Vec<Json>) -> Json {
    let names = [json!("a"), json!("Hoeryong 회령"), Json::Null, json!(7), json!(["x"]), json!("مرحبا")];
    let feature = |(index, geometry): (usize, Json)| {
        let properties = json!({ "name": names[index % names.len()], "n": index as f64 * 3.7 - 4.0, "list": [1, "b"] });
        json!({ "type": "Feature", "id": index, "properties": properties, "geometry": geometry })
    };
    let features: Vec<Json> = geometries.into_iter().enumerate().map(feature).collect();
    json!({ "type": "FeatureCollection", "features": features })
}

pub fn shapes() -> Json {
    collection(vec![
        json!({ "type": "Polygon", "coordinates": [[[-1, -1], [2, -1], [2, 2], [-1, -1]], [[0, 0], [1, 0.5], [1, 0], [0, 0]]] }),
        json!({ "type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]] }),
        json!({ "type": "Polygon", "coordinates": [[[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]] }),
        json!({ "type": "Polygon", "coordinates": [[[-180, -95], [180, -95], [180, 95], [-180, 95], [-180, -95]]] }),
        json!({ "type": "MultiPolygon", "coordinates": [[[[129, 42], [130, 42], [130, 43], [129, 42]]], [[[170, 0], [190, 0], [180, 9], [170, 0]]]] }),
    ])
}

pub fn lines() -> Json {
    let spiral: Vec<[f64; 2]> =
        (0..200).map(f64::from).map(|t| [(t / 3.0).cos() * t / 99.0, (t / 3.0).sin() * t / 99.0]).collect();
    collection(vec![
        json!({ "type": "LineString", "coordinates": spiral }),
        json!({ "type": "LineString", "coordinates": [[0, 0], [1, 0], [0, 0], [1, 0]] }),
        json!({ "type": "LineString", "coordinates": [[0.5, 0.5], [0.5, 0.5]] }),
        json!({ "type": "MultiLineString", "coordinates": [[[-179, 1], [179, 1]], [[0, -89], [0, 89]], [[129, 42], [130, 43]]] }),
        json!({ "type": "LineString", "coordinates": [[0.5, 0.5], [0.500_000_01, 0.5], [0.5, 0.500_000_01]] }),
    ])
}

pub fn points() -> Json {
    let grid =
        (0..40).map(|n| json!({ "type": "Point", "coordinates": [f64::from(n % 7) / 5.0, f64::from(n / 7) / 5.0] }));
    let odd = [[180.0, 0.0], [-180.0, 85.06], [0.0, 90.0], [129.75, 42.43], [0.5, 0.5], [0.5, 0.5]];
    collection(grid.chain(odd.map(|place| json!({ "type": "Point", "coordinates": place }))).collect())
}
