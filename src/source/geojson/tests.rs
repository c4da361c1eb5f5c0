//! What the reader makes of GeoJSON as users have it.

use std::path::Path;

use crate::feature::FieldType;
use crate::feature::Table;
use crate::feature::Value;
use crate::feature::geojson::write_geometry;
use crate::source::Collected;
use crate::source::Limits;
use crate::source::Metadata;
use crate::source::Problem;
use crate::source::Severity;
use crate::source::read_from;

pub(super) fn read(text: &str) -> Result<Collected, Problem> {
    read_from(text.as_bytes(), Path::new("test.geojson"), &Metadata::default(), &Limits::default())
}

pub(super) fn geometries(table: &Table) -> Vec<String> {
    table
        .rows()
        .map(|row| {
            let mut out = Vec::new();
            write_geometry(&mut out, row.geometry());
            String::from_utf8(out).unwrap()
        })
        .collect()
}

pub(super) fn ids(table: &Table) -> Vec<String> {
    table.rows().map(|row| row.id().text.to_owned()).collect()
}

/// A collection of the given features.
pub(super) fn collection(features: &[&str]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

fn point(id: &str, x: f64) -> String {
    format!(
        r#"{{"type":"Feature","id":{id},"geometry":{{"type":"Point","coordinates":[{x},1]}},"properties":{{"n":{x}}}}}"#
    )
}

/// A feature of a geometry given as type and coordinates.
pub(super) fn feature(kind: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":1,"geometry":{{"type":"{kind}","coordinates":{coordinates}}},"properties":null}}"#
    )
}

#[test]
fn all_forms_of_a_text_give_the_same_features() {
    let (a, b) = (point("1", 10.0), point("2", 20.0));
    let forms = [
        collection(&[&a, &b]),
        format!("\u{feff}{}", collection(&[&a, &b])),
        format!("{a}\n{b}\n"),
        format!("{a}\r\n\r\n{b}"),
        format!("\u{1e}{a}\n\u{1e}{b}\n"),
        format!("{a}{b}"),
        format!(r#"{{"features":[{a},{b}],"type":"FeatureCollection"}}"#),
        format!("{}\n{}", collection(&[&a]), collection(&[&b])),
    ];
    for form in forms {
        let collected = read(&form).unwrap();
        assert_eq!(ids(&collected.table), ["1", "2"], "{form}");
        assert_eq!(geometries(&collected.table)[1], r#"{"type":"Point","coordinates":[20,1]}"#);
        assert!(collected.problems.is_empty(), "{form}: {:?}", collected.problems);
    }
    let bare = read(r#" {"coordinates":[[1,2],[3,4]],"type":"LineString"} "#).unwrap().table;
    assert_eq!((bare.len(), bare.row(0).properties_text()), (1, "null"));
}

#[test]
fn members_stand_in_any_order() {
    let turned = r#"{"features":[{"properties":{"a":1},"geometry":{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"},"id":"x","type":"Feature"},
        {"geometry":{"geometries":[{"coordinates":[5,6],"type":"Point"}],"type":"GeometryCollection"},"type":"Feature","properties":null,"id":"y"}],"type":"FeatureCollection"}"#;
    let collected = read(turned).unwrap();
    assert_eq!(
        geometries(&collected.table),
        [
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[5,6]}]}"#
        ]
    );
    assert_eq!(ids(&collected.table), ["x", "y"]);
    assert!(collected.problems.is_empty());
}

#[test]
fn one_bad_feature_does_not_lose_the_file() {
    let good = point("\"good\"", 5.0);
    let deep = format!("{}1{}", "[".repeat(70), "]".repeat(70));
    for (bad, at, word) in [
        (feature("Point", "[\"1\",2]"), "\"1\"", "a string"),
        (feature("Point", "[1,NaN]"), "NaN", "NaN"),
        (feature("Point", "[1,1e400]"), "1e400", "too large"),
        (feature("Point", "[1,01]"), "01", "zero"),
        (feature("Point", "[7]"), "]},\"prop", "two numbers"),
        (feature("Point", "[1,2,]"), "]},\"prop", "too many"),
        (feature("Point", "[1,91]"), "[1,91]", "beyond the pole"),
        (feature("Point", "[500000,4649776]"), "[500000", "metres"),
        (feature("point", "[1,2]"), "\"point\"", "\"Point\""),
        (feature("LineString", "[[1,2]]"), "[[1,2]]", "two positions"),
        (feature("Polygon", "[[[1,2],[3,4],[1,2]]]"), "[[1,2]", "three different"),
        (feature("MultiPolygon", "[[[1,2]]]"), "1,2", "a position must be an array"),
        (format!(r#"{{"type":"Feature","geometry":null,"properties":{{"a":{deep}}}}}"#), &deep[60..], "nested deeper"),
        (r#"{"type":"Feature","geometry":null,"properties":{"a":1,}}"#.to_owned(), "}}", "the name of a member"),
        (r#"{"type":"Featre","geometry":null,"properties":{}}"#.to_owned(), "\"Featre\"", "Featre"),
        (r#"{"type":"Feature","geometry":null,"properties":{"a":"x	y"}}"#.to_owned(), "\t", "control character"),
        ("null".to_owned(), "null", "an object, not null"),
    ] {
        let text = collection(&[&good, &bad, &point("2", 6.0)]);
        let collected = read(&text).unwrap();
        assert_eq!(ids(&collected.table), ["good", "2"], "{bad}");
        let [problem] = collected.problems.as_slice() else { panic!("{bad}: {:?}", collected.problems) };
        assert_eq!((problem.severity, problem.feature), (Severity::Feature, Some(1)), "{bad}");
        assert!(problem.message.contains(word), "{bad}: {problem}");
        let (start, column) = (text.find('\n').unwrap() + 1, bad.find(at).unwrap());
        let place = problem.place.unwrap();
        assert_eq!(
            (place.line, place.byte as usize - start, place.column),
            (2, column, column + 1),
            "{bad}: {problem}"
        );
    }
}

#[test]
fn a_broken_line_of_a_sequence_does_not_harm_its_neighbours() {
    let (a, b) = (point("1", 1.0), point("2", 2.0));
    for bad in
        ["{\"type\":\"Feature\",\"geom", "{\"type\":\"Feature\" \"x\":1}", "nonsense", "{\"no\":\"type\"}", "7", "[1]"]
    {
        for text in [format!("{a}\n{bad}\n{b}\n"), format!("\u{1e}{a}\n\u{1e}{bad}\n\u{1e}{b}\n")] {
            let collected = read(&text).unwrap();
            assert_eq!(ids(&collected.table), ["1", "2"], "{text}");
            assert_eq!(collected.problems.len(), 1, "{text}: {:?}", collected.problems);
            assert_eq!(collected.problems[0].feature, Some(1));
        }
    }
}

#[test]
fn half_a_file_is_not_served() {
    let whole = collection(&[&point("1", 1.0), &point("2", 2.0)]);
    for end in 0..whole.len() {
        let problem = read(&whole[..end]).unwrap_err();
        assert_eq!(problem.severity, Severity::File);
    }
    let cut = read(&whole[..whole.len() - 10]).unwrap_err();
    assert_eq!(cut.feature, Some(1));
    assert!(cut.message.contains("ends inside feature 1"), "{cut}");
}

#[test]
fn what_is_no_geojson_is_refused_as_a_whole() {
    for (text, word) in [
        ("", "empty"),
        (" \n", "empty"),
        ("hello", "'h'"),
        ("null", "not null"),
        ("[]", "list"),
        ("{}", "\"type\""),
        (r#"{"type":"Topology","objects":{}}"#, "TopoJSON"),
        (r#"{"type":"FeatureCollection"}"#, "features"),
        (r#"{"type":"FeatureCollection","features":{}}"#, "an array, not an object"),
        (r#"{"type":"FeatureCollection","features":[]"#, "'}'"),
        (r#"{"type":"FeatureCollection","features":[],"type":"Feature"}"#, "second type"),
        (
            r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:5179"}},"features":[]}"#,
            "EPSG:5179",
        ),
    ] {
        let problem = read(text).unwrap_err();
        assert!(problem.message.contains(word), "{text}: {problem}");
    }
}

#[test]
fn a_lone_feature_that_cannot_be_served_leaves_an_empty_collection() {
    let collected = read(r#"{"type":"Point","coordinates":["x",1]}"#).unwrap();
    assert!(collected.table.is_empty());
    assert_eq!(collected.problems[0].severity, Severity::Feature);
}

/// The problems of a single geometry, as severity and message.
fn mended(kind: &str, coordinates: &str) -> (String, Vec<(Severity, String)>) {
    let collected = read(&feature(kind, coordinates)).unwrap();
    let told = collected.problems.into_iter().map(|problem| (problem.severity, problem.message)).collect();
    (geometries(&collected.table)[0].clone(), told)
}

#[test]
fn rings_are_closed_and_wound() {
    let (geometry, told) = mended("Polygon", "[[[0,0],[0,9],[9,9],[9,0]],[[1,1],[2,1],[2,2],[1,1]]]");
    assert_eq!(
        geometry,
        r#"{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[2,2],[2,1],[1,1]]]}"#
    );
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|(severity, _)| *severity == Severity::Repaired));
    assert!(told[0].1.contains("closed") && told[1].1.contains("2 times"), "{told:?}");
    // Heights go with their positions.
    let (geometry, _) = mended("Polygon", "[[[0,0,1],[0,9,2],[9,9,3]]]");
    assert_eq!(geometry, r#"{"type":"Polygon","coordinates":[[[0,0,1],[9,9,3],[0,9,2],[0,0,1]]]}"#);
}

#[test]
fn what_is_too_short_leaves_its_multi_geometry() {
    let (geometry, told) = mended("MultiLineString", "[[[0,0]],[[0,0],[1,1]],[]]");
    assert_eq!(geometry, r#"{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}"#);
    assert_eq!(told.len(), 1);
    let (geometry, _) = mended("Polygon", "[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[1,1]]]");
    assert_eq!(geometry, r#"{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]]]}"#);
}

#[test]
fn empty_coordinates_are_an_empty_geometry() {
    for kind in ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"] {
        let (geometry, told) = mended(kind, "[]");
        assert_eq!((geometry, told.len()), (format!(r#"{{"type":"{kind}","coordinates":[]}}"#), 0));
    }
}

#[test]
fn longitudes_beyond_the_antimeridian_come_back_and_geometries_are_cut() {
    assert_eq!(mended("Point", "[190,0]").0, r#"{"type":"Point","coordinates":[-170,0]}"#);
    assert_eq!(
        mended("MultiPoint", "[[190,0],[-190,0],[5,5]]").0,
        r#"{"type":"MultiPoint","coordinates":[[-170,0],[170,0],[5,5]]}"#
    );
    let (geometry, told) = mended("LineString", "[[170,0],[190,0]]");
    assert_eq!(geometry, r#"{"type":"MultiLineString","coordinates":[[[170,0],[180,0]],[[-180,0],[-170,0]]]}"#);
    assert!(told.iter().any(|(_, message)| message.contains("cut")), "{told:?}");
    let (geometry, _) = mended("Polygon", "[[[-170,0],[-170,5],[-190,5],[-190,0],[-170,0]]]");
    assert_eq!(
        geometry,
        r#"{"type":"MultiPolygon","coordinates":[[[[170,5],[170,0],[180,0],[180,5],[170,5]]],[[[-170,0],[-170,5],[-180,5],[-180,0],[-170,0]]]]}"#
    );
    let (_, told) = mended("LineString", "[[179,0],[-179,1]]");
    assert_eq!(told[0].0, Severity::Warning);
    // The edge of the world is no jump.
    assert!(mended("Polygon", "[[[-180,-90],[180,-90],[180,-60],[-180,-60],[-180,-90]]]").1.is_empty());
}

#[test]
fn the_system_of_old_files_is_understood_wherever_it_is_named() {
    let metres = feature("Point", "[14443060.42,5226340.15]");
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}}"#;
    for text in [
        format!(r#"{{"type":"FeatureCollection",{crs},"features":[{metres}]}}"#),
        format!(r#"{{"type":"FeatureCollection","features":[{metres}],{crs}}}"#),
        metres.replacen('{', &format!("{{{crs},"), 1),
        metres.replacen("{\"type\":\"Point\"", &format!("{{{crs},\"type\":\"Point\""), 1),
    ] {
        let collected = read(&text).unwrap();
        let [lon, lat] = collected.table.row(0).geometry().coords()[0];
        assert!((lon - 129.744_6).abs() < 1e-3 && (lat - 42.442_3).abs() < 1e-2, "{lon} {lat}");
        assert_eq!(collected.problems.len(), 1, "{:?}", collected.problems);
        assert_eq!(collected.problems[0].severity, Severity::Repaired);
    }
    for name in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"] {
        let text = metres.replace("14443060.42,5226340.15", "129.7,42.4");
        let crs = format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}}"#);
        let collected = read(&format!(r#"{{"type":"FeatureCollection","features":[{text}],{crs}}}"#)).unwrap();
        assert!(collected.problems.is_empty());
    }
}

#[test]
fn ids_are_kept_apart_and_told() {
    let features = ["1", "\"1\"", "-5", "9007199254740993", "1.5", "null", "{}", "\"\"", "1"].map(|id| point(id, 1.0));
    let features: Vec<&str> = features.iter().map(String::as_str).collect();
    let collected = read(&collection(&features)).unwrap();
    let ids = ids(&collected.table);
    assert_eq!(
        (ids[0].as_str(), ids[2].as_str(), ids[3].as_str(), ids[4].as_str()),
        ("1", "-5", "9007199254740993", "1.5")
    );
    assert!(ids[1].starts_with("1~") && ids[8].starts_with("1~"));
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
    assert_eq!(collected.problems.len(), 3, "{:?}", collected.problems);
}

#[test]
fn made_ids_survive_the_insertion_of_other_features() {
    let nameless = |x: f64| point("null", x).replace("\"id\":null,", "");
    let before = ids(&read(&collection(&[&nameless(1.0), &nameless(2.0)])).unwrap().table);
    let after = ids(&read(&collection(&[&nameless(3.0), &nameless(1.0), &nameless(2.0)])).unwrap().table);
    assert_eq!(before, after[1..]);
}

#[test]
fn properties_keep_their_text_and_their_types() {
    let properties =
        r#"{"a":1.50,"b":"\u56fe\ud83d\ude00","c":[1,{"x":null}],"d":null,"e":true,"f":12345678901234567890}"#;
    let text = format!(r#"{{"type":"Feature","geometry":null,"properties":{properties}}}"#);
    let collected = read(&text).unwrap();
    let row = collected.table.row(0);
    assert_eq!(row.properties_text(), properties);
    let values: Vec<Value<'_>> = (0..6).map(|field| row.value(field)).collect();
    assert_eq!(
        values,
        [
            Value::Float(1.5),
            Value::Text("图😀"),
            Value::Json(r#"[1,{"x":null}]"#),
            Value::Null,
            Value::Bool(true),
            Value::Float(12_345_678_901_234_567_890.0)
        ]
    );
}

#[test]
fn the_description_declares_types_ids_and_time() {
    let described: Metadata = toml::from_str(
        "id_field = 'code'\ntime = { start = 'opened', end = 'closed' }\n[fields.opened]\ntype = 'date'\ntitle = 'Opened'\n[fields.rank]\ntype = 'integer'\n[fields.gone]\n",
    )
    .unwrap();
    let text = [r#"{"code":"k1","opened":"1916-11","rank":1}"#, r#"{"code":7,"opened":"1941","rank":"high"}"#]
        .map(|properties| format!(r#"{{"type":"Feature","geometry":null,"properties":{properties}}}"#))
        .join("\n");
    let collected = read_from(text.as_bytes(), Path::new("x"), &described, &Limits::default()).unwrap();
    assert_eq!(ids(&collected.table), ["k1", "7"]);
    let schema = collected.table.schema();
    assert_eq!((schema.fields[1].kind, schema.fields[1].title.as_deref()), (FieldType::Date, Some("Opened")));
    assert_eq!(schema.time.map(|time| (time.start, time.end)), Some((1, None)));
    let told: Vec<&str> = collected.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().any(|message| message.contains("'closed'")));
    let misfit = collected.problems.iter().find(|problem| problem.message.contains("'rank'")).unwrap();
    assert_eq!((misfit.feature, misfit.place.unwrap().line), (Some(1), 2));
    assert_ne!(collected.version, read(&text).unwrap().version);
}

#[test]
fn nesting_bombs_end_in_an_error() {
    for open in ["[", "{\"a\":", "{\"type\":\"GeometryCollection\",\"geometries\":["] {
        let bomb = open.repeat(300_000);
        assert!(read(&bomb).is_err());
        assert!(read(&collection(&[&bomb])).is_err());
        assert!(read(&format!(r#"{{"type":"Feature","geometry":{bomb}"#)).is_err());
    }
    let nested = r#"{"type":"GeometryCollection","geometries":["#.repeat(40) + &"]}".repeat(40);
    let collected = read(&nested).unwrap();
    assert!(collected.table.is_empty() && collected.problems[0].message.contains("nested deeper"));
}
