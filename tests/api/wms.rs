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
pub const MAP: &str = "/wms?service=WMS&request=GetMap&version=1.3.0&layers=towns&styles=&crs=CRS:84&bbox=129,41,131,43\
                   &width=200&height=200&format=image/png";

pub const RED: [u8; 4] = [255, 0, 0, 255];
pub const GREEN: [u8; 4] = [0, 255, 0, 255];
pub const BLUE: [u8; 4] = [0, 0, 255, 255];
pub const WHITE: [u8; 4] = [255; 4];

pub async fn get(path: &str) -> Answer {
    ask_app(&app(), "GET", path, &[]).await
}

pub fn picture(answer: &Answer) -> RgbaImage {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let format = image::guess_format(&answer.body).unwrap();
    image::load(Cursor::new(&answer.body[..]), format).unwrap().to_rgba8()
}

pub async fn map(path: &str) -> RgbaImage {
    picture(&get(path).await)
}

pub fn has(map: &RgbaImage, color: [u8; 4]) -> bool {
    map.pixels().any(|pixel| pixel.0 == color)
}

/// The usual map with these parameters instead of, or beside, its own.
pub fn with(changes: &str) -> String {
    let changed = |name: &str| {
        changes.split('&').any(|change| change.split('=').next().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    };
    let (path, query) = MAP.split_once('?').unwrap();
    let kept = query.split('&').filter(|pair| !changed(pair.split('=').next().unwrap()));
    format!("{path}?{}", kept.chain([changes]).collect::<Vec<_>>().join("&"))
}

pub fn is_exception(answer: &Answer, status: u16, code: &str, locator: &str) -> bool {
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
        // What holds all layers has no name, so that no client asks for it.
        "</Exception>\n<Layer><Title>",
        "<CRS>CRS:84</CRS>\n<CRS>EPSG:4326</CRS>\n<CRS>EPSG:3857</CRS>",
        "<Layer queryable=\"1\"><Name>map</Name>\n<Title>Map</Title>",
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
    assert!(text.contains("multipleValues=\"1\""), "{text}");
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
    // As clients write it that reckon with it.
    for (path, code) in [("/wms?service=WMS", "CurrentUpdateSequence"), ("/wmts?service=WMTS", "version=\"1.0.0\"")] {
        let known = async |number: u64| {
            let path = format!("{path}&request=GetCapabilities&updatesequence={:E}", number as f64);
            ask_app(&app, "GET", &path, &[]).await
        };
        assert!(known(now).await.text().contains(code), "{}", known(now).await.text());
        assert!(known(now + 1).await.text().contains("InvalidUpdateSequence"), "{}", known(now + 1).await.text());
        assert!(known(now - 1).await.text().contains("Capabilities"), "{}", known(now - 1).await.text());
    }
    let text = get("/wms?service=WMS&request=GetCapabilities&updatesequence=x").await;
    assert!(is_exception(&text, 400, "InvalidUpdateSequence", "UPDATESEQUENCE"));
}

/// A text without what stands between two words, wherever they stand.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once(to).map_or("", |(_, rest)| rest))
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
        // Newer copies of the schema know rows and columns from 0.
        let body = without(get(path).await.text(), "<TileMatrixSetLimits>", "</TileMatrixSetLimits>");
        fs::write(&document, body).unwrap();
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
async fn a_layer_that_is_asked_for_again_is_drawn_once() {
    let once = map(&with("layers=islands,towns&styles=")).await;
    let many = vec!["towns"; 40].join(",");
    assert!(map(&with(&format!("layers=towns,islands,{many}&styles="))).await == once);
    let answer = get(&with(&format!("layers=towns,islands,{many}&styles=fancy"))).await;
    assert!(is_exception(&answer, 400, "StyleNotDefined", "STYLES"), "{}", answer.text());
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
    let (early, late) = (map(&with("time=1434")).await, map(&with("time=1949")).await);
    assert!(early != late);
    assert!(map(&with("time=1434,1949")).await == map(&with("time=1949,1434-01-01/1434-12-31")).await);
    assert!(map(&with("time=1434,1434-06")).await == early);
    assert!(map(&with("time=1434/1949/P515Y")).await == map(&with("time=1434,1949")).await);
    for (time, part) in [("1949,soon", "'soon'"), ("1949/1950/P1X", "is not a period"), ("1949,", "''")] {
        let answer = get(&with(&format!("time={time}"))).await;
        assert!(is_exception(&answer, 400, "InvalidDimensionValue", "TIME"), "{}", answer.text());
        assert!(answer.text().contains(part), "{}", answer.text());
    }
    assert!(map(&with("time=default")).await == all);
    let some = map(&with("filter=people%3E200000")).await;
    assert!(has(&some, RED) && some != all);
    assert!(map(&with("FILTER=people%3E9000000")).await.pixels().all(|pixel| pixel.0 == WHITE));
    assert!(map(&with("filter.towns=people%3E200000")).await == some);
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
