//! Pictures that must not change unnoticed: each folder of `tests/golden/` holds a style, a view and the picture that was
//! accepted. `BLESS=1` accepts what is drawn; a picture that differs is left in `target/golden/` to be looked at.

#![expect(clippy::unwrap_used, reason = "a test ends where a file is not what it needs")]

use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use tumen::catalog::Catalog;
use tumen::catalog::Reach;
use tumen::catalog::Remote;
use tumen::catalog::RemoteLimits;
use tumen::catalog::Supply;
use tumen::render;
use tumen::render::Assets;
use tumen::render::Bitmap;
use tumen::render::Format;
use tumen::render::View;
use tumen::render::text::Fonts;
use tumen::render::text::GlyphSource;
use tumen::style::Style;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    center: [f64; 2],
    zoom: f64,
    #[serde(default)]
    bearing: f64,
    size: [f64; 2],
    #[serde(default = "one")]
    ratio: f64,
}

fn one() -> f64 {
    1.0
}

async fn drawn(case: &Path) -> Vec<u8> {
    // What a case draws from beside its style is named by the case's folder.
    let text = fs::read_to_string(case.join("style.json")).unwrap().replace("{case}", &case.to_string_lossy());
    let (mut style, mut said) = Style::parse(&text).unwrap();
    let frame: Frame = toml::from_str(&fs::read_to_string(case.join("view.toml")).unwrap()).unwrap();
    let view = View::new(frame.center, frame.zoom, frame.bearing, frame.size, frame.ratio);
    let remote = Remote::new(RemoteLimits::default(), Reach::Everything);
    let (supply, unopened) = Supply::open(&mut style, &Catalog::default(), Some(remote), frame.ratio).await;
    let (loaded, unloaded) = supply.load(render::plan(&style, &view)).await;
    let glyphs = GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 1 << 20)));
    let (picture, undrawn) = render::draw(&style, &view, &loaded, &Assets { images: supply.images().clone(), glyphs });
    said.extend(unopened.into_iter().chain(unloaded).chain(undrawn));
    assert!(said.is_empty(), "{}: {said:?}", case.display());
    picture.encode(Format::Png).unwrap()
}

#[tokio::test]
async fn pictures_are_those_that_were_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut cases: Vec<PathBuf> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut differ = Vec::new();
    for case in cases {
        let (png, expected) = (drawn(&case).await, case.join("expected.png"));
        if env::var_os("BLESS").is_some() {
            fs::write(&expected, &png).unwrap();
            continue;
        }
        // Pixels are compared, not bytes: another release of the compressor may pack them differently.
        let accepted = fs::read(&expected).ok().and_then(|bytes| Bitmap::decode(&bytes).ok());
        if accepted != Some(Bitmap::decode(&png).unwrap()) {
            let name = case.file_name().unwrap().to_string_lossy().into_owned();
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/golden");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("{name}.png")), &png).unwrap();
            differ.push(name);
        }
    }
    assert!(differ.is_empty(), "these pictures differ (see target/golden/): {}", differ.join(", "));
}
