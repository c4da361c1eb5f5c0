//! WMS 1.3.0 and 1.1.1: capabilities, maps, features, legends, and every way to ask wrongly.

use std::env;
use std::fs;
use std::io::Cursor;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use image::RgbaImage;
use tumen::catalog::Catalog;
use tumen::catalog::Live;
use tumen::catalog::Styled;
use tumen::config::Config;
use tumen::http::App;
use tumen::store::Version;
use tumen::style::Style;
use tumen::workers::Workers;

use crate::ask::Answer;
use crate::ask::ask_app;
use crate::fixture;
use crate::ogc_maps::app;

/// A map of the towns on 200 pixels a side.
const MAP: &str = "/wms?service=WMS&request=GetMap&version=1.3.0&layers=towns&styles=&crs=CRS:84&bbox=129,41,131,43\
                   &width=200&height=200&format=image/png";

const RED: [u8; 4] = [255, 0, 0, 255];
const GREEN: [u8; 4] = [0, 255, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];
const WHITE: [u8; 4] = [255; 4];

async fn get(path: &str) -> Answer {
    ask_app(&app(), "GET", path, &[]).await
}

fn picture(answer: &Answer) -> RgbaImage {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let format = image::guess_format(&answer.body).unwrap();
    image::load(Cursor::new(&answer.body[..]), format).unwrap().to_rgba8()
}

async fn map(path: &str) -> RgbaImage {
    picture(&get(path).await)
}

fn has(map: &RgbaImage, color: [u8; 4]) -> bool {
    map.pixels().any(|pixel| pixel.0 == color)
}

/// The usual map with these parameters instead of, or beside, its own.
fn with(changes: &str) -> String {
    let changed = |name: &str| {
        changes.split('&').any(|change| change.split('=').next().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    };
    let (path, query) = MAP.split_once('?').unwrap();
    let kept = query.split('&').filter(|pair| !changed(pair.split('=').next().unwrap()));
    format!("{path}?{}", kept.chain([changes]).collect::<Vec<_>>().join("&"))
}

fn is_exception(answer: &Answer, status: u16, code: &str, locator: &str) -> bool {
    let expected = format!("<ServiceException code=\"{code}\" locator=\"{locator}\">");
    let is_report =
        answer.text().contains("<ServiceExceptionReport version=\"1.3.0\" xmlns=\"http://www.opengis.net/ogc\"");
    let is_typed = answer.header("content-type") == "text/xml; charset=utf-8";
    answer.status == status && is_report && is_typed && answer.text().contains(&expected)
}

#[tokio::test]
async fn a_version_is_negotiated_and_parameters_are_read_leniently() {
    for (query, version) in [
        ("SERVICE=WMS&REQUEST=GetCapabilities", "1.3.0"),
        ("request=getcapabilities&nonsense=1&service=wms&version=1.3.0", "1.3.0"),
        ("Version=100.0.0&Request=GetCapabilities&Service=WMS", "1.3.0"),
        ("service=WMS&request=GetCapabilities&version=0.0.0", "1.1.1"),
        ("service=WMS&request=Get%43apabilities&version=1.1.1&format=x", "1.1.1"),
        ("service=WMS&request=GetCapabilities&wmtver=1.1.0", "1.1.1"),
    ] {
        let answer = get(&format!("/wms?{query}")).await;
        let (kind, root) = match version {
            "1.3.0" => ("text/xml; charset=utf-8", "<WMS_Capabilities version=\"1.3.0\""),
            _ => ("application/vnd.ogc.wms_xml; charset=utf-8", "<WMT_MS_Capabilities version=\"1.1.1\""),
        };
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{query}");
        assert!(answer.text().contains(root), "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_capabilities_tell_of_the_whole_map_and_below_it_of_each_collection() {
    let answer = get("/wms?service=WMS&request=GetCapabilities").await;
    let text = answer.text();
    for part in [
        "<Name>WMS</Name>",
        "<Fees>none</Fees>\n<AccessConstraints>none</AccessConstraints>",
        "<LayerLimit>",
        "<MaxWidth>",
        "xlink:href=\"http://test/wms?\"/>",
        "<Exception><Format>XML</Format>\n<Format>INIMAGE</Format>\n<Format>BLANK</Format>",
        "<Format>image/png; mode=8bit</Format>",
        "<Format>application/vnd.ogc.gml</Format>",
        "<sld:GetLegendGraphic>",
        "<Layer queryable=\"1\"><Name>map</Name>\n<Title>Map</Title>",
        "<CRS>CRS:84</CRS>\n<CRS>EPSG:4326</CRS>\n<CRS>EPSG:3857</CRS>",
        "<Layer queryable=\"1\"><Name>towns</Name>\n<Title>The towns</Title>",
        "<BoundingBox CRS=\"CRS:84\" minx=\"129.75\" miny=\"41.79\" maxx=\"130.3\" maxy=\"42.44\"/>",
        "<BoundingBox CRS=\"EPSG:4326\" minx=\"41.79\" miny=\"129.75\" maxx=\"42.44\" maxy=\"130.3\"/>",
        "<Dimension name=\"time\" units=\"ISO8601\" default=\"1434-01-01/",
        "<Attribution><Title>Surveyors; Cartographers</Title>",
        "<Style><Name>sea</Name>\n<Title>Sea</Title>",
        "<Style><Name>automatic</Name>",
        "&lt;script&gt;",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // An inherited style is not told again, and nothing is said of a collection of nothing.
    assert_eq!((text.matches("<Name>sea</Name>").count(), text.matches("<Name>automatic</Name>").count()), (1, 2));
    assert!(!text.contains("<Name>nothing<") && !text.contains("<script>"), "{text}");
    let old = get("/wms?service=WMS&request=GetCapabilities&version=1.1.1").await;
    let text = old.text();
    for part in [
        "<Name>OGC:WMS</Name>",
        "<SRS>EPSG:4326</SRS>",
        "<LatLonBoundingBox minx=\"129.75\" miny=\"41.79\" maxx=\"130.3\" maxy=\"42.44\"/>",
        "<BoundingBox SRS=\"EPSG:4326\" minx=\"129.75\" miny=\"41.79\" maxx=\"130.3\" maxy=\"42.44\"/>",
        "<Extent name=\"time\" default=\"1434-01-01/",
        "<Format>application/vnd.ogc.se_blank</Format>",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("CRS:84"), "{text}");
}

#[tokio::test]
async fn each_legend_is_as_large_as_is_told() {
    let answer = get("/wms?service=WMS&request=GetCapabilities").await;
    let mut legends = 0;
    for part in answer.text().split("<LegendURL ").skip(1) {
        let attribute = |name: &str| part.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        let href = attribute("xlink:href").replace("&amp;", "&");
        let legend = map(&href).await;
        let told = [attribute("width"), attribute("height")].map(|side| side.parse::<u32>().unwrap());
        assert_eq!([legend.width(), legend.height()], told, "{href}");
        legends += 1;
    }
    assert_eq!(legends, 3);
}

#[tokio::test]
async fn a_client_that_knows_the_state_is_told_so() {
    let answer = get("/wms?service=WMS&request=GetCapabilities").await;
    assert!(answer.text().contains("updateSequence=\""));
    let app = app();
    let ask = async |sequence: u64| {
        ask_app(&app, "GET", &format!("/wms?service=WMS&request=GetCapabilities&updatesequence={sequence}"), &[]).await
    };
    let now = app.live.since();
    assert!(is_exception(&ask(now).await, 400, "CurrentUpdateSequence", "UPDATESEQUENCE"));
    assert!(is_exception(&ask(now + 1).await, 400, "InvalidUpdateSequence", "UPDATESEQUENCE"));
    assert!(ask(now - 1).await.text().contains("<WMS_Capabilities"));
    let text = get("/wms?service=WMS&request=GetCapabilities&updatesequence=x").await;
    assert!(is_exception(&text, 400, "InvalidUpdateSequence", "UPDATESEQUENCE"));
}

/// The capabilities and reports by the schemas of the OGC, where these are on the machine.
#[tokio::test]
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
async fn documents_are_valid_by_the_schemas() {
    let Some(schemas) = env::var_os("TUMEN_OGC_SCHEMAS") else {
        eprintln!("skipped: TUMEN_OGC_SCHEMAS does not say where the schemas are; tests/run.sh installs them");
        return;
    };
    let schemas = Path::new(&schemas);
    let folder = tempfile::tempdir().unwrap();
    for (path, option, schema) in [
        ("/wms?service=WMS&request=GetCapabilities", "--schema", "sld/1.1.0/sld_capabilities.xsd"),
        ("/wms?service=WMS&request=GetCapabilities&version=1.1.1", "--dtdvalid", "wms/1.1.1/WMS_MS_Capabilities.dtd"),
        ("/wms?version=1.3.0&request=GetMap", "--schema", "wms/1.3.0/exceptions_1_3_0.xsd"),
        ("/wms?version=1.1.1&request=GetMap", "--dtdvalid", "wms/1.1.1/exception_1_1_1.dtd"),
        ("/wmts?service=WMTS&request=GetCapabilities", "--schema", "wmts/1.0/wmtsGetCapabilities_response.xsd"),
        ("/wmts?service=WMTS&request=GetTile", "--schema", "ows/1.1.0/owsExceptionReport.xsd"),
    ] {
        let document = folder.path().join("document.xml");
        fs::write(&document, &get(path).await.body).unwrap();
        let mut xmllint = Command::new("xmllint");
        let checked = xmllint.args(["--noout", "--nonet", option]).arg(schemas.join(schema)).arg(&document).output();
        let checked = checked.unwrap();
        assert!(checked.status.success(), "{path}: {}", String::from_utf8_lossy(&checked.stderr));
    }
}

#[tokio::test]
async fn a_map_is_the_same_in_either_order_of_axes() {
    let own = map(MAP).await;
    assert_eq!((own.width(), own.height()), (200, 200));
    assert!(has(&own, RED) && has(&own, WHITE) && !has(&own, GREEN) && !has(&own, BLUE));
    for other in [
        with("crs=EPSG:4326&bbox=41,129,43,131"),
        with("version=1.1.1&srs=EPSG:4326").replace("&crs=CRS:84", ""),
        with("crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FOGC%2F1.3%2FCRS84&BBOX=1.29e2,4.1E1,+131,43"),
        with("STYLES=sea"),
        with("unknown=1&DPI=96"),
    ] {
        assert!(map(&other).await == own, "{other}");
    }
    // Degrees lie a whole turn on.
    assert!(map(&with("bbox=-231,41,-229,43")).await == own);
    assert!(map(&with("styles=automatic")).await != own);
    let metres = map(&with("crs=EPSG:3857&bbox=14360214,5012342,14582854,5311972")).await;
    assert!(has(&metres, RED) && metres.dimensions() == (200, 200));
    let zone = map(&with("crs=EPSG:32652&bbox=500000,4500000,700000,4800000")).await;
    assert!(has(&zone, RED));
}

#[tokio::test]
async fn layers_are_drawn_one_over_the_other() {
    let world = with("bbox=-180,-85,180,85&width=360&height=170");
    let both = map(&world.replace("layers=towns", "layers=islands,towns")).await;
    assert!(has(&both, RED) && has(&both, GREEN));
    for styles in ["sea,sea", ",", "sea,", ",sea", "automatic,sea", ",,,", "sea,,"] {
        let drawn = map(&world.replace("layers=towns&styles=", &format!("layers=islands,towns&styles={styles}"))).await;
        assert!(has(&drawn, RED), "{styles}");
    }
    let whole = map(&world.replace("layers=towns", "layers=map")).await;
    assert!(has(&whole, RED) && has(&whole, GREEN) && has(&whole, BLUE) && !has(&whole, WHITE));
    let bare = map(&world.replace("layers=towns", "layers=map&transparent=TRUE")).await;
    assert!(has(&bare, RED) && has(&bare, [0; 4]) && !has(&bare, BLUE));
}

#[tokio::test]
async fn what_is_not_covered_has_the_colour_that_was_asked_for() {
    for (changes, color) in [
        ("", WHITE),
        ("transparent=FALSE", WHITE),
        ("transparent=true", [0; 4]),
        ("bgcolor=0x0000FF", BLUE),
        ("BGCOLOR=0x0000ff&TRANSPARENT=true", [0; 4]),
    ] {
        let drawn = map(&with(changes)).await;
        assert_eq!(drawn.get_pixel(0, 0).0, color, "{changes}");
        assert!(has(&drawn, RED), "{changes}");
    }
    // Where no place of the earth is, and where there is no feature, nothing is drawn.
    for empty in ["bbox=129,100,131,102", "bbox=0,0,1,1", "bbox=-1000,91,1000,1e12", "bbox=-180,-1e12,180,1e12"] {
        let drawn = map(&with(&format!("{empty}&transparent=true"))).await;
        assert!(!has(&drawn, WHITE) && drawn.dimensions() == (200, 200), "{empty}");
    }
}

#[tokio::test]
async fn maps_have_the_size_and_format_that_were_asked_for() {
    let small = map(&with("width=8&height=5")).await;
    assert_eq!(small.dimensions(), (8, 5));
    for (format, told) in [
        ("image/png", "image/png"),
        ("image/png;%20mode=8bit", "image/png; mode=8bit"),
        ("image/png8", "image/png; mode=8bit"),
        ("image/jpeg", "image/jpeg"),
        ("image/webp", "image/webp"),
    ] {
        let answer = get(&with(&format!("format={format}"))).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, told));
        assert_eq!(picture(&answer).dimensions(), (200, 200));
    }
    let answer = get(MAP).await;
    let again = ask_app(&app(), "GET", MAP, &[("if-none-match", answer.header("etag"))]).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn time_and_conditions_select_features() {
    let all = get(MAP).await;
    assert!(all.header("warning").starts_with("99 Default value used: time=1434-01-01/"), "{}", all.header("warning"));
    let all = picture(&all);
    for time in ["1400", "1300/1400/P1Y"] {
        let answer = get(&with(&format!("time={time}"))).await;
        assert!(!answer.headers.contains_key("warning"));
        assert!(picture(&answer) != all, "{time}");
    }
    assert!(map(&with("time=1949")).await != map(&with("time=current")).await);
    assert!(map(&with("time=default")).await == all);
    let some = map(&with("filter=people%3E200000")).await;
    assert!(has(&some, RED) && some != all);
    assert!(map(&with("FILTER=people%3E9000000")).await.pixels().all(|pixel| pixel.0 == WHITE));
    assert!(map(&with("filter.towns=people%3E200000")).await == some);
}

#[tokio::test]
async fn features_are_told_in_each_format() {
    let info = |changes: &str| {
        let map = with(changes).replace("request=GetMap", "request=GetFeatureInfo");
        format!("{map}&query_layers=towns&feature_count=5&info_format=")
    };
    // Hoeryong lies 75 pixels from the left and 56 from the top.
    let at = info("i=75&j=56");
    let json = get(&format!("{at}application/json")).await;
    assert_eq!(json.header("content-type"), "application/geo+json");
    let feature = &json.json()["features"][0];
    assert_eq!((&feature["id"], &feature["geometry"]["coordinates"][1]), (&"hoeryong".into(), &42.44.into()));
    for (format, part) in [
        ("text/plain", "towns hoeryong\n  name = Hoeryong\n"),
        ("text/html", "<h2>towns hoeryong</h2>"),
        ("application/vnd.ogc.gml", "<gml:Point srsName=\"EPSG:4326\"><gml:coordinates>129.75,42.44</gml:coordinates>"),
    ] {
        let answer = get(&format!("{at}{format}")).await;
        assert!(answer.text().contains(part), "{format}: {}", answer.text());
        assert!(answer.header("content-type").starts_with(format));
    }
    let old = info("version=1.1.1&srs=EPSG:4326&x=75&y=56").replace("&crs=CRS:84", "");
    assert!(get(&format!("{old}text/plain")).await.text().starts_with("towns hoeryong"));
    let metres = info("crs=EPSG:32652&bbox=500000,4500000,700000,4800000&i=61&j=66&width=200&height=200");
    assert!(get(&format!("{metres}text/plain")).await.text().starts_with("towns hoeryong"), "{metres}");
    // Two towns lie on one another, and one is told unless more are asked for.
    let two = info("i=130&j=75&layers=map").replace("query_layers=towns", "query_layers=map");
    let count = async |path: String| get(&path).await.ids().len();
    assert_eq!(count(format!("{two}application/json")).await, 2);
    assert_eq!(count(format!("{}application/json", two.replace("feature_count=5&", ""))).await, 1);
    let none = get(&format!("{}application/json", info("i=1&j=1"))).await;
    assert_eq!(none.ids().len(), 0);
    let sea = info("i=75&j=56&layers=islands,towns");
    let other = get(&format!("{}application/json", sea.replace("query_layers=towns", "query_layers=islands"))).await;
    assert_eq!(other.ids().len(), 0);
    for (changes, code, locator) in [
        ("i=200&j=0", "InvalidPoint", "I"),
        ("i=0&j=-1", "InvalidPoint", "J"),
        ("i=x&j=0", "InvalidPoint", "I"),
        ("i=0", "MissingParameterValue", "J"),
    ] {
        let answer = get(&format!("{}text/plain", info(changes))).await;
        assert!(is_exception(&answer, 400, code, locator), "{changes}: {}", answer.text());
    }
    for (was, is, code, locator) in [
        ("query_layers=towns", "query_layers=islands", "LayerNotDefined", "QUERY_LAYERS"),
        ("query_layers=towns", "query_layers=nowhere", "LayerNotDefined", "QUERY_LAYERS"),
        ("query_layers=towns", "query_layers=", "MissingParameterValue", "QUERY_LAYERS"),
        ("feature_count=5", "feature_count=0", "InvalidParameterValue", "FEATURE_COUNT"),
        ("text/plain", "text/nonsense", "InvalidFormat", "INFO_FORMAT"),
        ("text/plain", "", "MissingParameterValue", "INFO_FORMAT"),
    ] {
        let answer = get(&format!("{at}text/plain").replace(was, is)).await;
        assert!(is_exception(&answer, 400, code, locator), "{is}: {}", answer.text());
    }
}

#[tokio::test]
async fn legends_are_those_of_the_layers() {
    let plain = picture(&get("/wms?request=GetLegendGraphic&layer=towns&format=image/png&version=1.1.0").await);
    let own = picture(&get("/collections/towns/styles/sea/legend.png").await);
    assert!(plain == own);
    let swatches = picture(&get("/wms?request=GetLegendGraphic&layer=towns&width=60&height=40").await);
    assert!(swatches.height() > own.height());
    let json =
        get("/wms?request=GetLegendGraphic&layer=towns&style=automatic&format=application/json&scale=1000").await;
    assert!(json.json()["groups"].is_array());
    let whole = get("/wms?request=GetLegendGraphic&layer=map&format=image/svg%2Bxml").await;
    assert_eq!(whole.header("content-type"), "image/svg+xml");
    for (query, code, locator) in [
        ("layer=nowhere", "LayerNotDefined", "LAYER"),
        ("", "MissingParameterValue", "LAYER"),
        ("layer=towns&style=fancy", "StyleNotDefined", "STYLES"),
        ("layer=towns&format=image/gif", "InvalidFormat", "FORMAT"),
        ("layer=towns&scale=0", "InvalidParameterValue", "SCALE"),
        ("layer=towns&width=0", "InvalidParameterValue", "WIDTH"),
    ] {
        let answer = get(&format!("/wms?request=GetLegendGraphic&{query}")).await;
        assert!(is_exception(&answer, 400, code, locator), "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_in_a_report() {
    for (changes, status, code, locator) in [
        ("service=WFS", 400, "InvalidParameterValue", "SERVICE"),
        ("request=", 400, "MissingParameterValue", "REQUEST"),
        ("request=GetTile", 400, "OperationNotSupported", "REQUEST"),
        ("version=", 400, "MissingParameterValue", "VERSION"),
        ("version=1.2.9.9", 400, "InvalidParameterValue", "VERSION"),
        ("layers=", 400, "MissingParameterValue", "LAYERS"),
        ("layers=nowhere", 400, "LayerNotDefined", "LAYERS"),
        ("layers=nowhere,towns", 400, "LayerNotDefined", "LAYERS"),
        ("layers=towns,nowhere", 400, "LayerNotDefined", "LAYERS"),
        ("layers=towns,", 400, "LayerNotDefined", "LAYERS"),
        ("layers=nothing", 400, "LayerNotDefined", "LAYERS"),
        ("styles=fancy", 400, "StyleNotDefined", "STYLES"),
        ("styles=,sea", 400, "StyleNotDefined", "STYLES"),
        ("layers=towns,islands&styles=fancy,sea", 400, "StyleNotDefined", "STYLES"),
        ("layers=towns,islands&styles=sea,fancy", 400, "StyleNotDefined", "STYLES"),
        ("crs=EPSG:999999", 400, "InvalidCRS", "CRS"),
        ("crs=EPSG:5179", 400, "InvalidCRS", "CRS"),
        ("crs=x", 400, "InvalidCRS", "CRS"),
        ("crs=", 400, "MissingParameterValue", "CRS"),
        ("bbox=", 400, "MissingParameterValue", "BBOX"),
        ("bbox=131,41,129,43", 400, "InvalidParameterValue", "BBOX"),
        ("bbox=129,41,129,43", 400, "InvalidParameterValue", "BBOX"),
        ("bbox=129,43,131,41", 400, "InvalidParameterValue", "BBOX"),
        ("bbox=1,2,3", 400, "InvalidParameterValue", "BBOX"),
        ("bbox=NaN,2,3,4", 400, "InvalidParameterValue", "BBOX"),
        ("bbox=-1e12,-1e12,1e12,1e12", 400, "InvalidParameterValue", "BBOX"),
        ("bbox=-1e300,-1e300,1e300,1e300", 400, "InvalidParameterValue", "BBOX"),
        ("width=0", 400, "InvalidParameterValue", "WIDTH"),
        ("height=-5", 400, "InvalidParameterValue", "HEIGHT"),
        ("height=", 400, "MissingParameterValue", "HEIGHT"),
        ("format=", 400, "MissingParameterValue", "FORMAT"),
        ("format=image/nonsense", 400, "InvalidFormat", "FORMAT"),
        ("transparent=maybe", 400, "InvalidParameterValue", "TRANSPARENT"),
        ("bgcolor=blueish", 400, "InvalidParameterValue", "BGCOLOR"),
        ("time=soon", 400, "InvalidDimensionValue", "TIME"),
        ("time=1949,1950", 400, "InvalidDimensionValue", "TIME"),
        ("filter=nothing%20%3D%201", 400, "InvalidParameterValue", ""),
        ("filter=people%20%3E", 400, "InvalidParameterValue", ""),
    ] {
        let answer = get(&with(changes)).await;
        let is_told = if locator.is_empty() {
            answer.status == status && answer.text().contains(&format!("code=\"{code}\""))
        } else {
            is_exception(&answer, status, code, locator)
        };
        assert!(is_told, "{changes}: {} {}", answer.status, answer.text());
    }
    let huge = get(&with("width=99999999999999999999999")).await;
    assert!(is_exception(&huge, 400, "InvalidParameterValue", "WIDTH"), "{}", huge.text());
    assert_eq!(get(&with("width=4000000000&height=4000000000")).await.status, 413);
    assert_eq!(get("/wms?%ff=1").await.status, 400);
    let old = get(&with("version=1.1.1&srs=EPSG:999999")).await;
    assert_eq!(old.header("content-type"), "application/vnd.ogc.se_xml");
    assert!(old.text().contains("<ServiceException code=\"InvalidSRS\">"), "{}", old.text());
}

#[tokio::test]
async fn exceptions_may_be_told_on_a_map_or_by_an_empty_one() {
    let wrong = |more: &str| with(&format!("styles=fancy&{more}"));
    let told = map(&wrong("exceptions=INIMAGE&width=400")).await;
    assert_eq!(told.dimensions(), (400, 200));
    assert!(told.pixels().any(|pixel| pixel.0 != WHITE), "nothing is written on it");
    for manner in ["BLANK", "application/vnd.ogc.se_blank"] {
        let blank = map(&wrong(&format!("exceptions={manner}&bgcolor=0xFF0000&transparent=FALSE"))).await;
        assert!(blank.pixels().all(|pixel| pixel.0 == RED));
    }
    let clear = map(&wrong("exceptions=blank&transparent=TRUE")).await;
    assert!(clear.pixels().all(|pixel| pixel.0[3] == 0));
    let jpeg = get(&wrong("exceptions=BLANK&format=image/jpeg")).await;
    assert_eq!(jpeg.header("content-type"), "image/jpeg");
    // There is no picture of a format that there is not.
    let report = get(&wrong("exceptions=BLANK&format=image/nonsense")).await;
    assert!(is_exception(&report, 400, "StyleNotDefined", "STYLES"), "{}", report.text());
    assert!(is_exception(&get(&wrong("exceptions=XML")).await, 400, "StyleNotDefined", "STYLES"));
}

#[tokio::test]
async fn of_a_map_of_pictures_nothing_is_told() {
    let document = serde_json::json!({ "version": 8, "sources": {},
        "layers": [{ "id": "paper", "type": "background", "paint": { "background-color": "#ffffff" } }] });
    let (style, _) = Style::read(document.clone()).unwrap();
    let styled = Styled { id: "paper".to_owned(), document, style, version: Version(2), drawables: Default::default() };
    let catalog = Catalog { styles: [("paper".to_owned(), Arc::new(styled))].into(), ..fixture::catalog() };
    let app = App::new(Live::new(catalog), Workers::start(NonZeroUsize::MIN, 64), Config::default());
    let capabilities = ask_app(&app, "GET", "/wms?service=WMS&request=GetCapabilities", &[]).await;
    assert!(capabilities.text().contains("<Layer queryable=\"0\"><Name>map</Name>"), "{}", capabilities.text());
    let path = with("layers=map&query_layers=map&info_format=text/plain&i=1&j=1");
    let path = path.replace("request=GetMap", "request=GetFeatureInfo");
    let answer = ask_app(&app, "GET", &path, &[]).await;
    assert!(is_exception(&answer, 400, "LayerNotQueryable", "QUERY_LAYERS"), "{}", answer.text());
    // A style of the whole map that draws nothing of a collection draws nothing of it.
    let nothing = ask_app(&app, "GET", &with("styles=paper&transparent=true"), &[]).await;
    assert!(picture(&nothing).pixels().all(|pixel| pixel.0[3] == 0));
}
