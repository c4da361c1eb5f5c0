//! `tumen doctor`: nothing to say of this server, and much of one that does everything wrong.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use serde_json::Value as Json;
use serde_json::json;
use tumen::doctor::DoctorLimits;
use tumen::doctor::Report;
use tumen::doctor::examine;

use crate::program::Server;
use crate::program::run;
use crate::program::text;
use crate::replies::Asked;
use crate::replies::Reply;
use crate::replies::serve;

fn codes(report: &Report) -> BTreeSet<&str> {
    report.findings.iter().map(|finding| finding.code).collect()
}

fn examined(url: &str) -> Report {
    examine(url, DoctorLimits { each: 40, ..DoctorLimits::default() }).unwrap()
}

/// All of these are found, and clients cannot use what is there.
fn finds(url: &str, expected: &[&str]) {
    let report = examined(url);
    let found = codes(&report);
    let missing: Vec<&&str> = expected.iter().filter(|code| !found.contains(**code)).collect();
    assert!(missing.is_empty(), "not found: {missing:?}\n{}", report.text());
    assert!(report.json()["findings"].as_array().unwrap().len() == report.findings.len());
}

#[test]
fn there_is_nothing_to_say_of_this_server() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let features = root.join("features");
    let server = Server::start(root, &[features.to_str().unwrap()]);
    let url = format!("http://{}/", server.host);
    let output = run(root, &["doctor", &url, "--each", "2"]);
    let said = text(&output.stdout);
    assert!(output.status.success() && said.contains("Nothing to say: GDAL, QGIS"), "{said}{}", text(&output.stderr));
    for part in ["landing page of an OGC API", "WMS 1.3.0 with", "WMTS with", "tilesets at"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    for (path, part) in [
        ("data/places.json", "TileJSON at"),
        ("wms", "WMS 1.3.0 with"),
        ("wms?service=WMS&request=GetCapabilities&version=1.1.1", "WMS 1.1.1 with"),
        ("wmts/1.0.0/WMTSCapabilities.xml", "WMTS with"),
    ] {
        let output = run(root, &["doctor", &format!("{url}{path}"), "--json", "--each", "2"]);
        let report: Json = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &report["findings"]), (Some(0), &json!([])), "{path}");
        assert!(report["seen"].to_string().contains(part), "{path}: {report}");
    }
    let nothing = run(root, &["doctor", &format!("{url}health")]);
    assert!(text(&nothing.stderr).contains("give the address that you would give to a client"));
    assert_eq!(nothing.status.code(), Some(1));
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let limits = DoctorLimits { request: Duration::from_millis(200), ..DoctorLimits::default() };
    assert!(examine(&url, limits).unwrap_err().to_string().contains("no answer"));
    let endless = serve(|_| Reply(302, vec![("location", "/again".to_owned())], Vec::new()));
    assert!(examine(&endless, limits).unwrap_err().to_string().contains("redirects too often"));
    let large = serve(|_| Reply::text("application/json", " ".repeat(2000)));
    assert!(examine(&large, DoctorLimits { bytes: 1000, ..limits }).is_err());
}

/// A landing page and collections each of which has a fault of its own, which is its id.
fn faulty(asked: &Asked<'_>) -> Reply {
    let Asked { method, path, query, base } = asked;
    if *method == "HEAD" {
        return Reply(if query.contains("limit=100000") { 400 } else { 405 }, Vec::new(), Vec::new());
    }
    let here = format!("{base}/maps");
    let port = base.trim_start_matches("http://");
    match *path {
        "/maps/" => Reply::json(
            "application/json",
            &json!({ "title": "x".repeat(5000), "links": [
                { "rel": "self", "href": "/maps/", "type": "application/json" },
                { "rel": "alternate", "href": format!("https://{port}/maps/?f=html"), "type": "text/html; charset=utf-8" },
                { "rel": "x", "href": "http://localhost:1/x" },
                { "rel": "x", "href": format!("{base}/elsewhere") },
                { "rel": "x" },
                { "rel": "conformance", "href": format!("{here}/conformance") },
                { "rel": "service-desc", "href": format!("{here}/api"), "type": "application/vnd.oai.openapi+json;version=3.0" },
                { "rel": "data", "href": format!("{here}/collections") },
                { "rel": "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map", "href": format!("{here}/none"), "type": "application/json" },
                { "rel": "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "href": format!("{here}/tiles"), "type": "application/json" },
            ]}),
        ),
        "/maps/conformance" => Reply::json(
            "application/json",
            &json!({ "conformsTo": ["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"] }),
        ),
        "/maps/api" => {
            Reply::json("application/json", &json!({ "swagger": "2.0", "paths": { "$ref": "http://elsewhere/x" } }))
        }
        "/maps/tiles" => Reply::json(
            "application/json",
            &json!({ "tilesets": [{ "links": [] }, { "links": [
                { "rel": "self", "href": format!("{here}/tiles/x"), "type": "application/json" }] }] }),
        ),
        "/maps/tiles/x" => Reply::json("application/json", &json!({ "links": [{ "rel": "item", "href": "/{z}" }] })),
        "/maps/none" => Reply(404, Vec::new(), Vec::new()),
        "/maps/collections" => collections(&here).with("content-encoding", "unknown"),
        _ if path.starts_with("/maps/collections/") => items(path, query, &here),
        _ => Reply::text("text/html", "<h1>Welcome</h1>"),
    }
}

const FAULTS: [&str; 14] = [
    "swapped",
    "range",
    "nameless",
    "twice",
    "other",
    "unlimited",
    "last",
    "again",
    "forgets",
    "typed",
    "empty",
    "boundless",
    "outside",
    "axes",
];

fn collections(here: &str) -> Reply {
    let mut all = vec![
        json!({ "title": "no id" }),
        json!({ "id": "a/b", "links": [], "storageCrs": "x", "crs": ["y"] }),
        json!({ "id": "far", "extent": { "spatial": { "bbox": [[200, 0, 300, 10]] } }, "links": [] }),
    ];
    all.extend(FAULTS.iter().map(|id| {
        json!({ "id": id, "extent": { "spatial": { "bbox": [[10, 40, 20, 50]] } },
            "crs": ["http://www.opengis.net/def/crs/EPSG/0/4326"],
            "links": [{ "rel": "items", "href": format!("{here}/collections/{id}/items"), "type": "application/geo+json" }] })
    }));
    Reply::json("application/json", &json!({ "collections": all, "links": [] }))
}

fn items(path: &str, query: &str, here: &str) -> Reply {
    let id = path.split('/').nth(3).unwrap();
    let at = |id: Json, [x, y]: [f64; 2]| json!({ "type": "Feature", "id": id, "properties": {}, "geometry": { "type": "Point", "coordinates": [x, y] } });
    let (one, two) = ([12.0, 45.0], [13.0, 46.0]);
    let features = match id {
        "swapped" => vec![at(json!(1), [45.0, 12.0])],
        "range" => vec![at(json!(1), [400_000.0, 5_000_000.0])],
        "nameless" => vec![at(Json::Null, one)],
        "twice" => vec![at(json!(1), one), at(json!(1), two)],
        "unlimited" | "forgets" if id == "unlimited" || query.contains("start") => {
            (1..5).map(|n| at(json!(n + 10), one)).collect()
        }
        "outside" => vec![at(json!(1), [15.0, 60.0])],
        _ => vec![at(json!(1), one), at(json!(2), two)],
    };
    if path.ends_with("/1") {
        let other = if id == "other" { 7 } else { 1 };
        return Reply::json("application/geo+json", &at(json!(other), one));
    }
    let next = json!([{ "rel": "next", "href": format!("{here}/collections/{id}/items?start=2&limit=2"), "type": "application/geo+json" }]);
    let mut page =
        json!({ "type": "FeatureCollection", "numberMatched": 9, "numberReturned": 9, "features": features });
    if matches!(id, "again" | "forgets") {
        page["links"] = next;
    }
    match id {
        "nameless" => page["numberMatched"] = Json::Null,
        "empty" => page["features"] = Json::Null,
        _ => {}
    }
    Reply::json(if id == "typed" { "text/plain" } else { "application/geo+json" }, &page)
}

#[test]
fn a_faulty_api_is_found_out() {
    let base = serve(faulty);
    finds(
        &format!("{base}/maps/"),
        &[
            "cors-missing",
            "cors-preflight",
            "compression-missing",
            "encoding-forced",
            "head-refused",
            "missing-is-200",
            "link-relative",
            "link-scheme",
            "link-host",
            "link-prefix",
            "link-href-missing",
            "link-type-missing",
            "link-type-parameters",
            "link-dead",
            "openapi-version",
            "openapi-remote-ref",
            "limit-unknown",
            "collection-id-missing",
            "collection-id-characters",
            "item-type-missing",
            "storage-crs-unlisted",
            "items-link-type",
            "extent-missing",
            "extent-wrong",
            "items-type",
            "items-no-features",
            "feature-id-missing",
            "feature-id-twice",
            "feature-id-other",
            "number-matched-missing",
            "number-returned-wrong",
            "limit-ignored",
            "limit-refused",
            "next-missing",
            "next-repeats",
            "next-forgets",
            "coordinates-swapped",
            "coordinates-range",
            "extent-too-small",
            "axis-order",
            "content-crs-missing",
            "bbox-ignored",
            "tileset-self-missing",
            "tileset-item-link",
            "tiling-scheme-missing",
        ],
    );
    let bare = serve(|_| Reply::json("application/json", &json!({ "links": [] })));
    finds(&bare, &["conformance-missing", "service-desc-missing"]);
    let closed = serve(|asked| match asked.path {
        "/" => Reply::json(
            "application/json",
            &json!({ "links": [{ "rel": "conformance", "href": format!("{}/conformance", asked.base) }] }),
        ),
        _ => Reply::json(
            "application/json",
            &json!({ "conformsTo": ["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"] }),
        ),
    });
    finds(&closed, &["data-link-missing"]);
    let html = serve(|asked| match asked.path {
        "/" => Reply::json(
            "application/json",
            &json!({ "links": [{ "rel": "data", "href": format!("{}/c", asked.base) }, { "rel": "conformance", "href": format!("{}/h", asked.base) }] }),
        ),
        "/c" => Reply::json("application/json", &json!({ "links": [] })),
        _ => Reply::text("text/html", "<p>"),
    });
    finds(&html, &["not-json", "collections-missing"]);
}

#[test]
fn faulty_tiles_are_found_out() {
    fn document(tiles: &Json, rest: &Json) -> Reply {
        let mut document = json!({ "tilejson": "3.0.0", "tiles": tiles });
        for (name, value) in rest.as_object().unwrap() {
            document[name] = value.clone();
        }
        Reply::json("application/json", &document)
    }
    fn good() -> Json {
        json!({ "bounds": [10, 40, 20, 50], "vector_layers": [{ "id": "a", "fields": {} }] })
    }
    finds(&serve(|_| document(&Json::Null, &good())), &["tilejson-tiles-missing"]);
    finds(&serve(|_| document(&json!(["/{z}/{x}.pbf"]), &good())), &["tilejson-template", "link-relative"]);
    finds(
        &serve(|asked| match asked.path {
            "/" => document(&json!([format!("{}/{{z}}/{{x}}/{{y}}.pbf", asked.base)]), &json!({ "bounds": [1, 2] })),
            _ => Reply(404, Vec::new(), Vec::new()),
        }),
        &["tilejson-layers", "tilejson-bounds", "tile-missing"],
    );
    finds(
        &serve(|asked| match asked.path {
            "/" => document(&json!([format!("{}/{{z}}/{{x}}/{{y}}.pbf", asked.base)]), &good()),
            _ => Reply(200, vec![("content-type", "application/octet-stream".to_owned())], vec![0x1f, 0x8b, 8]),
        }),
        &["mvt-type", "mvt-gzip-unsaid"],
    );
    finds(
        &serve(|asked| match asked.path {
            "/" => document(&json!([format!("{}/{{z}}/{{x}}/{{y}}.pbf", asked.base)]), &good()),
            _ => Reply(200, vec![("content-encoding", "gzip".to_owned())], vec![0x1a, 0]),
        }),
        &["mvt-gzip-untrue"],
    );
    finds(
        &serve(|asked| match asked.path {
            "/" => {
                document(&json!([format!("{}/{{z}}/{{x}}/{{y}}.png", asked.base)]), &json!({ "bounds": [1, 2, 3, 4] }))
            }
            _ => Reply::text("text/html", "no tile"),
        }),
        &["tile-type"],
    );
}

fn faulty_wms(asked: &Asked<'_>) -> Reply {
    let capabilities = |href: &str, layers: &str| {
        format!(
            "<WMS_Capabilities version=\"1.0.7\" xmlns=\"http://www.opengis.net/wms\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">\
             <Capability><Request><GetMap><DCPType><HTTP><Get><OnlineResource xlink:href=\"{href}\"/></Get></HTTP></DCPType></GetMap>\
             <GetFeatureInfo><Format>application/x-own</Format></GetFeatureInfo></Request>{layers}</Capability></WMS_Capabilities>"
        )
    };
    let layers = "<Layer><CRS>EPSG:4326</CRS><Layer queryable=\"1\"><Name>a</Name>\
         <EX_GeographicBoundingBox><westBoundLongitude>10</westBoundLongitude><eastBoundLongitude>20</eastBoundLongitude>\
         <southBoundLatitude>40</southBoundLatitude><northBoundLatitude>50</northBoundLatitude></EX_GeographicBoundingBox>\
         <BoundingBox CRS=\"EPSG:3857\" minx=\"-9e9\" miny=\"0\" maxx=\"9e9\" maxy=\"1\"/>\
         <Style><Name>s</Name><LegendURL><OnlineResource xlink:href=\"/legend\"/></LegendURL></Style></Layer>\
         <Layer><Name>b</Name><CRS>EPSG:3857</CRS></Layer></Layer>";
    let png = |height: u8| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\xc8\0\0\0".to_vec();
        bytes.push(height);
        Reply(200, vec![("content-type", "image/png".to_owned())], bytes)
    };
    let has = |text: &str| asked.query.contains(text);
    match asked.path {
        "/" => Reply::text("text/xml", capabilities(&format!("{}/wms", asked.base), layers)),
        "/wms" if has("no_such_layer") => Reply::text("text/html", "?"),
        "/wms" if has("TRANSPARENT") && has("LAYERS") => Reply::text("text/html", "?"),
        "/wms" if has("crs=CRS:84") => png(99),
        "/wms" if has("version=1.1.1") && !has("TRANSPARENT") => Reply::text("text/html", "?"),
        "/wms" => png(98),
        "/empty" => Reply::text("text/xml", capabilities(&format!("{}/wms?", asked.base), "")),
        "/none" => Reply::text("text/xml", "<WMS_Capabilities version=\"1.3.0\"/>"),
        _ => Reply(404, Vec::new(), Vec::new()),
    }
}

#[test]
fn a_faulty_wms_is_found_out() {
    let base = serve(faulty_wms);
    finds(
        &base,
        &[
            "wms-version",
            "wms-url-ending",
            "wms-no-mercator",
            "wms-box-missing",
            "wms-mercator-box",
            "wms-mercator-box-missing",
            "wms-map-refused",
            "wms-axis-order",
            "wms-map-size",
            "wms-case",
            "wms-exception",
            "wms-info-formats",
            "wms-legend",
            "link-relative",
        ],
    );
    finds(&format!("{base}/empty"), &["wms-no-layers"]);
    finds(&format!("{base}/none"), &["wms-getmap-missing"]);
}

#[test]
fn a_faulty_wmts_is_found_out() {
    let base = serve(|asked| {
        if asked.path != "/" {
            return Reply::text("text/html", "?");
        }
        let matrix = "<TileMatrix><Identifier>0</Identifier><ScaleDenominator>1000</ScaleDenominator><TopLeftCorner>-180 90</TopLeftCorner>\
                      <MatrixWidth>1</MatrixWidth><MatrixHeight>1</MatrixHeight></TileMatrix>";
        let set = |id: &str, crs: &str| {
            format!(
                "<TileMatrixSet><Identifier>{id}</Identifier><SupportedCRS>{crs}</SupportedCRS>{matrix}</TileMatrixSet>"
            )
        };
        let text = format!(
            "<Capabilities version=\"1.0.0\"><Contents><Layer><Identifier>a</Identifier><Style><Identifier>s</Identifier></Style>\
             <Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet></TileMatrixSetLink>\
             <ResourceURL format=\"image/png\" resourceType=\"tile\" template=\"{}/t/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png\"/></Layer>{}{}{}\
             </Contents></Capabilities>",
            asked.base,
            set("web", "urn:ogc:def:crs:EPSG::3857"),
            set("degrees", "urn:ogc:def:crs:EPSG::4326"),
            set("odd", "WGS84")
        );
        Reply::text("application/xml", text)
    });
    finds(
        &base,
        &["wmts-box-missing", "wmts-default-style", "wmts-scales", "wmts-axis-order", "wmts-crs-name", "wmts-tile"],
    );
}
