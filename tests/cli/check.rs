//! `tumen check` and `tumen health`.

use std::fs;

use crate::program::Server;
use crate::program::free_port;
use crate::program::points;
use crate::program::run;
use crate::program::text;

#[test]
fn the_built_in_atlas_has_no_problems() {
    let folder = tempfile::tempdir().unwrap();
    let report = run(folder.path(), &["check"]);
    let printed = text(&report.stdout);
    assert_eq!(report.status.code(), Some(0), "{printed}");
    assert!(printed.starts_with("12 collections, ") && printed.ends_with(": 0 problems\n"), "{printed}");
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.geojson"), points(2)).unwrap();
    fs::write(folder.path().join("bad.geojson"), "{\"type\":\"FeatureCollection\",\n\"features\":[{]}").unwrap();
    fs::create_dir(folder.path().join("own-styles")).unwrap();
    fs::write(folder.path().join("own-styles/map.json"), "{\"version\":8,\n\"layers\":[,]}").unwrap();
    let report = run(folder.path(), &["check", "good.geojson", "bad.geojson", "--styles", "own-styles"]);
    let printed = text(&report.stdout);
    assert_eq!(report.status.code(), Some(1), "{printed}");
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 3, "{printed}");
    assert!(lines[0].starts_with("bad.geojson:2:") && lines[0].contains("file left out"), "{printed}");
    assert!(lines[1].starts_with("map.json:2:"), "{printed}");
    assert!(lines[2].starts_with("1 collection, 2 features, "), "{printed}");
}

#[test]
fn what_is_wrong_with_a_style_is_told_with_layer_property_and_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.geojson"), points(2)).unwrap();
    fs::create_dir(folder.path().join("own")).unwrap();
    let style = r#"{ "version": 8, "sprite": "/sprites/signs",
  "sources": { "a": { "type": "vector", "url": "/data/good.json" },
    "b": { "type": "vector", "url": "/data/gone.json" } },
  "layers": [
    { "id": "dots", "type": "circle", "source": "a", "source-layer": "good",
      "paint": { "circle-radius": ["+", 1, "x"], "circle-sparkle": 3 } },
    { "id": "ways", "type": "line", "source": "a", "source-layer": "roads" } ] }"#;
    fs::write(folder.path().join("own/map.json"), style).unwrap();
    let report = run(folder.path(), &["check", "good.geojson", "--styles", "own"]);
    let printed = text(&report.stdout);
    assert_eq!(report.status.code(), Some(1), "{printed}");
    for expected in [
        "map.json:6:18 ",
        "layer 'dots': circle-radius: ",
        "map.json:6:50 ",
        "circle-sparkle: this property is not known",
        "map.json:7:52 ",
        "source 'a' has no layer 'roads', but 'good'",
        "map.json:3:30 ",
        "there is no collection 'gone'",
        "map.json:1:17 ",
        "there is no sprite 'signs'",
        "1 style: 5 problems",
    ] {
        assert!(printed.contains(expected), "{expected}: {printed}");
    }
}

#[test]
fn a_check_tells_of_polygons_that_cross_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let bow = r#"{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,1],[0,0]]]}"#;
    fs::write(folder.path().join("bow.geojson"), bow).unwrap();
    let report = run(folder.path(), &["check", "bow.geojson"]);
    let printed = text(&report.stdout);
    assert_eq!(report.status.code(), Some(1), "{printed}");
    assert!(printed.contains("warning: ") && printed.contains("self-intersection"), "{printed}");
}

#[test]
fn health_tells_a_running_server_from_none() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let well = run(folder.path(), &["health", &format!("http://{}/", server.host)]);
    assert_eq!((well.status.code(), text(&well.stderr).as_str()), (Some(0), ""));
    let none = run(folder.path(), &["health", &format!("http://127.0.0.1:{}", free_port())]);
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stderr).contains("does not answer"));
}
