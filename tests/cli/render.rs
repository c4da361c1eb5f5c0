//! `tumen render`.

use std::fs;

use crate::program::run;
use crate::program::text;

#[test]
fn a_style_is_drawn_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let style = r##"{"version":8,"sources":{},"layers":[{"id":"b","type":"background","paint":{"background-color":"#204080"}}]}"##;
    fs::write(folder.path().join("style.json"), style).unwrap();
    let arguments = [
        "render",
        "--style",
        "style.json",
        "--size",
        "60x40",
        "--center",
        "-129.7,-42.4",
        "--zoom=-0.5",
        "--ratio",
        "2",
    ];
    let drawn = run(folder.path(), &[&arguments[..], &["-o", "map.png"]].concat());
    assert_eq!(drawn.status.code(), Some(0), "{}", text(&drawn.stderr));
    let picture = image::open(folder.path().join("map.png")).unwrap().into_rgba8();
    assert_eq!(picture.dimensions(), (120, 80));
    assert!(picture.pixels().all(|pixel| pixel.0 == [0x20, 0x40, 0x80, 0xFF]));
}
