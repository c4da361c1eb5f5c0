//! Styles that draw from elsewhere: hosts, files, archives, folders of icons.

use std::fs;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use image::ImageFormat;
use image::Rgba;
use image::RgbaImage;
use serde_json::Value as Json;
use serde_json::json;
use tumen::catalog;
use tumen::catalog::Live;
use tumen::config::Config;
use tumen::http::App;
use tumen::workers::Workers;

use crate::ask::ask_app;

const RED: Rgba<u8> = Rgba([255, 0, 0, 255]);

fn png(color: Rgba<u8>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbaImage::from_pixel(8, 8, color).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A host on loopback that gives a red tile for every address, and how often it was asked.
fn host() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            counted.fetch_add(1, Ordering::SeqCst);
            let body = png(RED);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    (address, asked)
}

/// A style of one source, drawn by one layer.
fn style(source: &Json, layer: &Json) -> Json {
    let mut layer = layer.clone();
    layer["id"] = json!("only");
    layer["source"] = json!("source");
    json!({ "version": 8, "sources": { "source": source }, "layers": [layer] })
}

fn raster(source: &Json) -> Json {
    style(source, &json!({ "type": "raster", "paint": { "raster-fade-duration": 0 } }))
}

/// A server of a folder of features and styles.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["features", "styles/sprites/shops"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let towns = json!({ "type": "FeatureCollection", "features": [
            { "type": "Feature", "properties": {}, "geometry": { "type": "Point", "coordinates": [0.0, 0.0] } },
            { "type": "Feature", "properties": {}, "geometry": { "type": "Point", "coordinates": [0.1, 0.0] } },
        ]});
        fs::write(folder.path().join("features/towns.geojson"), towns.to_string()).unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn put(&self, name: &str, style: &Json) -> &Self {
        fs::write(self.path().join("styles").join(format!("{name}.json")), style.to_string()).unwrap();
        self
    }

    fn app(&self, config: Config) -> App {
        let features = vec![self.path().join("features").to_string_lossy().into_owned()];
        let config = Config { features, styles: Some(self.path().join("styles")), ..config };
        let (catalog, _) = catalog::build(&config);
        App::new(Live::new(catalog), Workers::start(NonZeroUsize::MIN, 64), config)
    }
}

/// The middle of a tile of the whole world.
async fn middle(app: &App, style: &str) -> Rgba<u8> {
    let answer = ask_app(app, "GET", &format!("/styles/{style}/512/0/0/0.png"), &[]).await;
    assert_eq!(answer.status, 200, "{style}");
    *image::load_from_memory(&answer.body).unwrap().to_rgba8().get_pixel(256, 256)
}

#[tokio::test]
async fn a_private_host_is_reached_only_with_leave() {
    let (address, asked) = host();
    let place = Place::new();
    let tiles = format!("http://{address}/{{z}}/{{x}}/{{y}}.png");
    place.put("far", &raster(&json!({ "type": "raster", "tiles": [tiles], "tileSize": 512 })));
    assert_eq!(middle(&place.app(Config::default()), "far").await.0[3], 0);
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let networks = vec!["127.0.0.0/8".parse().unwrap()];
    let config = Config { private_networks: networks, ..Config::default() };
    assert_eq!(middle(&place.app(config), "far").await, RED);
    let app = place.app(Config { allow_private: true, ..Config::default() });
    assert_eq!(middle(&app, "far").await, RED);
    let before = asked.load(Ordering::SeqCst);
    assert_eq!(middle(&app, "far").await, RED);
    assert_eq!(asked.load(Ordering::SeqCst), before, "the picture is kept");
}

#[tokio::test]
async fn pictures_from_elsewhere_are_never_kept_for_ever() {
    let place = Place::new();
    place.put("far", &raster(&json!({ "type": "raster", "tiles": ["http://127.0.0.1:9/{z}.png"] })));
    place.put(
        "near",
        &style(&json!({ "type": "geojson", "data": "/collections/towns/items" }), &json!({ "type": "circle" })),
    );
    let app = place.app(Config::default());
    for (style, kept) in [("far", false), ("near", true)] {
        let document = ask_app(&app, "GET", &format!("/styles/{style}.json"), &[]).await.json();
        let tiles = document["tiles"][0].as_str().unwrap();
        let version = tiles.split("v=").nth(1).unwrap();
        let answer = ask_app(&app, "GET", &format!("/styles/{style}/0/0/0.png?v={version}"), &[]).await;
        assert_eq!(answer.header("cache-control").contains("immutable"), kept, "{style}");
    }
}

#[tokio::test]
async fn files_are_read_in_the_folders_of_the_server_only() {
    let place = Place::new();
    fs::write(place.path().join("styles/red.png"), png(RED)).unwrap();
    fs::write(place.path().join("secret.png"), png(RED)).unwrap();
    let corners = json!([[-90, 60], [90, 60], [90, -60], [-90, -60]]);
    let image = |url: &str| raster(&json!({ "type": "image", "url": url, "coordinates": corners }));
    let outside = place.path().join("secret.png");
    place.put("inside", &image("red.png")).put("above", &image("../secret.png"));
    place.put("outside", &image(&format!("file://{}", outside.display())));
    let app = place.app(Config::default());
    assert_eq!(middle(&app, "inside").await, RED);
    assert_eq!(middle(&app, "above").await.0[3], 0);
    assert_eq!(middle(&app, "outside").await.0[3], 0);
    let app = place.app(Config { allow_private: true, ..Config::default() });
    assert_eq!(middle(&app, "outside").await, RED);
}

#[tokio::test]
async fn archives_beside_a_style_are_drawn() {
    let place = Place::new();
    let database = rusqlite::Connection::open(place.path().join("styles/red.mbtiles")).unwrap();
    let tables = "CREATE TABLE metadata (name TEXT, value TEXT);
        CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
        INSERT INTO metadata VALUES ('format', 'png'), ('minzoom', '0'), ('maxzoom', '0');";
    database.execute_batch(tables).unwrap();
    database.execute("INSERT INTO tiles VALUES (0, 0, 0, ?1)", [png(RED)]).unwrap();
    drop(database);
    place.put("boxed", &raster(&json!({ "type": "raster", "url": "mbtiles://red.mbtiles", "tileSize": 512 })));
    place.put("gone", &raster(&json!({ "type": "raster", "url": "pmtiles://gone.pmtiles" })));
    let app = place.app(Config::default());
    assert_eq!(middle(&app, "boxed").await, RED);
    assert_eq!(middle(&app, "gone").await.0[3], 0);
}

#[tokio::test]
async fn collections_are_drawn_and_gathered_by_their_own_addresses() {
    let place = Place::new();
    for (name, data) in [("items", "/collections/towns/items?f=json"), ("file", "/data/towns.geojson")] {
        let source = json!({ "type": "geojson", "data": data, "cluster": true });
        let color = json!(["case", ["==", ["get", "point_count"], 2], "#ff0000", "#0000ff"]);
        let paint = json!({ "circle-radius": 9, "circle-color": color });
        place.put(name, &style(&source, &json!({ "type": "circle", "paint": paint })));
    }
    let app = place.app(Config::default());
    assert_eq!(middle(&app, "items").await, RED);
    assert_eq!(middle(&app, "file").await, RED);
}

#[tokio::test]
async fn a_folder_of_icons_is_served_as_a_sprite_and_drawn_with() {
    let place = Place::new();
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12">
        <rect width="12" height="12" fill="#ff0000"/></svg>"##;
    fs::write(place.path().join("styles/sprites/shops/shop.svg"), svg).unwrap();
    let layout = json!({ "icon-image": "shop", "icon-allow-overlap": true });
    let mut document = style(
        &json!({ "type": "geojson", "data": "/data/towns.geojson" }),
        &json!({ "type": "symbol", "layout": layout }),
    );
    document["sprite"] = json!("/sprites/shops");
    place.put("icons", &document);
    let app = place.app(Config::default());
    let index = ask_app(&app, "GET", "/sprites/shops@3x.json", &[]).await;
    assert_eq!((index.status, &index.json()["shop"]["width"]), (200, &json!(36)));
    let sheet = ask_app(&app, "GET", "/sprites/shops.png", &[]).await;
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "image/png"));
    assert_eq!(middle(&app, "icons").await, RED);
    assert_eq!(ask_app(&app, "GET", "/sprites/shops@5x.png", &[]).await.status, 404);
}

#[tokio::test]
async fn quality_is_about_formats_with_loss() {
    let place = Place::new();
    place.put(
        "near",
        &style(&json!({ "type": "geojson", "data": "/data/towns.geojson" }), &json!({ "type": "heatmap" })),
    );
    let app = place.app(Config::default());
    let ask = async |name: &str| ask_app(&app, "GET", &format!("/styles/near/512/0/0/{name}"), &[]).await;
    let (low, high) = (ask("0.jpg?quality=10").await, ask("0.jpg?quality=95").await);
    assert!(low.status == 200 && low.body.len() < high.body.len());
    assert_eq!(ask("0.webp?quality=50").await.status, 200);
    assert_eq!(ask("0.png?quality=50").await.status, 400);
}
