//! `/styles`, `/fonts`, `/sprites`: documents, raster tiles, static maps, glyphs.

use std::io::Cursor;
use std::num::NonZeroUsize;
use std::sync::Arc;

use image::ImageFormat;
use tumen::catalog::Catalog;
use tumen::catalog::Live;
use tumen::catalog::Styled;
use tumen::config::Config;
use tumen::http::App;
use tumen::store::Version;
use tumen::workers::Workers;

use crate::ask::Answer;
use crate::ask::ask;
use crate::ask::ask_app;
use crate::fixture;

/// The usual app, with the automatic style of its towns under the id `plain`.
fn app() -> App {
    let catalog = fixture::catalog();
    let styled = Styled::automatic(&[Arc::clone(&catalog.collections["towns"])]).unwrap();
    let styled = Styled { id: "plain".to_owned(), ..styled };
    let styles = [("plain".to_owned(), Arc::new(styled))].into();
    let sprites = [("marks.json".to_owned(), Arc::from(&b"{}"[..]))].into();
    let live = Live::new(Catalog { styles, sprites, ..catalog });
    App::new(live, Workers::start(NonZeroUsize::MIN, 64), Config::default())
}

async fn get(path: &str) -> Answer {
    ask_app(&app(), "GET", path, &[]).await
}

fn picture(answer: &Answer, format: ImageFormat) -> image::RgbaImage {
    assert_eq!((answer.status, answer.header("content-type")), (200, format.to_mime_type()));
    image::load(Cursor::new(&answer.body[..]), format).unwrap().to_rgba8()
}

#[tokio::test]
async fn a_style_for_a_browser_has_absolute_addresses_at_both_of_its_own() {
    let answer = get("/styles/plain").await;
    let style = answer.json();
    assert_eq!(answer.header("content-type"), "application/vnd.mapbox.style+json");
    assert!(style["glyphs"].as_str().unwrap().starts_with("http://"), "{style}");
    assert!(style["sources"]["data"]["url"].as_str().unwrap().ends_with("/data/towns.json"), "{style}");
    assert!(style["sources"]["data"]["url"].as_str().unwrap().starts_with("http://"), "{style}");
    assert_eq!(get("/styles/plain/style.json").await.body, answer.body);
    assert_eq!(get("/styles").await.json()["styles"][0]["id"], "plain");
}

#[tokio::test]
async fn tiles_have_the_size_and_format_that_their_address_says() {
    for (path, side, format) in [
        ("/styles/plain/6/55/23.png", 256, ImageFormat::Png),
        ("/styles/plain/6/55/23@2x.png", 512, ImageFormat::Png),
        ("/styles/plain/512/6/55/23.webp", 512, ImageFormat::WebP),
        ("/styles/plain/6/55/23@3x.jpg", 768, ImageFormat::Jpeg),
        ("/data/towns/6/55/23.png", 256, ImageFormat::Png),
    ] {
        let drawn = picture(&get(path).await, format);
        assert_eq!((drawn.width(), drawn.height()), (side, side), "{path}");
        let paper = *drawn.get_pixel(0, 0);
        assert!(drawn.pixels().any(|pixel| *pixel != paper), "{path} shows no town");
    }
}

#[tokio::test]
async fn a_static_map_lies_around_a_point_or_in_a_box() {
    for place in ["129.75,42.44,8", "129.75,42.44,8@45", "129,41,131,43"] {
        let answer = get(&format!("/styles/plain/static/{place}/300x200@2x.png")).await;
        let drawn = picture(&answer, ImageFormat::Png);
        assert_eq!((drawn.width(), drawn.height()), (600, 400), "{place}");
    }
    for wrong in ["1,2/300x200.png", "0,0,1/0x9.png", "0,0,1/9999x9.png", "0,0,99/9x9.png"] {
        assert_eq!(get(&format!("/styles/plain/static/{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_404_and_what_is_unknown_400() {
    for missing in [
        "/styles/none",
        "/styles/plain.xml",
        "/styles/none/0/0/0.png",
        "/styles/plain/0/1/0.png",
        "/styles/plain/99/0/0.png",
        "/styles/plain/0/0/0.gif",
        "/styles/plain/0/0/0@9x.png",
        "/styles/plain/300/0/0/0.png",
        "/fonts/Noto%20Sans%20Regular/0-300.pbf",
        "/sprites/none.png",
    ] {
        assert_eq!(get(missing).await.status, 404, "{missing}");
    }
    assert_eq!(get("/styles/plain/0/0/0.png?filter=x").await.status, 400);
    assert_eq!(get("/styles/plain?filter=x").await.status, 400);
}

#[tokio::test]
async fn tiles_under_a_version_may_be_kept_for_long() {
    let document = get("/styles/plain.json").await.json();
    assert_eq!(
        (&document["tilejson"], &document["attribution"]),
        (&"3.0.0".into(), &"Surveyors; Cartographers".into())
    );
    let template = document["tiles"][0].as_str().unwrap();
    let path = &template[template.find("/styles").unwrap()..];
    let path = path.replace("{z}", "0").replace("{x}", "0").replace("{y}", "0");
    assert!(get(&path).await.header("cache-control").contains("immutable"), "{path}");
    assert_eq!(get("/styles/plain/0/0/0.png").await.header("cache-control"), "public, no-cache");
}

#[tokio::test]
async fn glyphs_and_sprites_are_served() {
    let answer = ask("/fonts/Noto%20Sans%20Regular/0-255.pbf").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-protobuf"));
    assert!(answer.body.len() > 20_000, "{} bytes of Latin letters", answer.body.len());
    assert_eq!(get("/sprites/marks.json").await.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_raster_tile_of_collections_is_drawn_again_when_only_the_fonts_changed() {
    let app = app();
    let path = "/data/towns/6/55/23.png";
    ask_app(&app, "GET", path, &[]).await;
    ask_app(&app, "GET", path, &[]).await;
    assert_eq!(app.cache.state().misses, 1);
    let other = Catalog { version: Version(7), ..Catalog::clone(&app.live.catalog()) };
    app.live.swap(other);
    ask_app(&app, "GET", path, &[]).await;
    assert_eq!(app.cache.state().misses, 2);
}

#[tokio::test]
async fn tiles_drawn_as_one_block_are_those_drawn_alone_and_the_rest_of_it_is_kept() {
    let app_of = |metatile_side: u32| {
        let (catalog, _) = tumen::catalog::build(&Config::default());
        let mut config = Config::default();
        config.limits.metatile_side = metatile_side;
        App::new(Live::new(catalog), Workers::start(NonZeroUsize::MIN, 64), config)
    };
    let (alone, together) = (app_of(1), app_of(1024));
    // The middle of the atlas; a district of sixteen tiles begins at columns and rows that are multiples of four, and has four
    // blocks. All but its lowest row are asked for, row by row, and then one tile of each block that is left in part.
    let upper = (756..759).flat_map(|row| (1760..1764).map(move |column| (column, row)));
    let tiles: Vec<(u32, u32)> = upper.chain([(1763, 759), (1760, 759)]).collect();
    for (number, &(column, row)) in tiles.iter().enumerate() {
        let path = format!("/styles/atlas/11/{column}/{row}.png");
        let expected = picture(&ask_app(&alone, "GET", &path, &[]).await, ImageFormat::Png);
        assert!(picture(&ask_app(&together, "GET", &path, &[]).await, ImageFormat::Png) == expected, "{path}");
        let kept = together.cache.state().entries;
        let expected = number + 1 + number.saturating_sub(11);
        assert_eq!(kept, expected, "after {} tiles", number + 1);
    }
    assert_eq!(alone.cache.state().entries, tiles.len());
}
