//! WMS: what it tells of maps: features, legends, and what is wrong.

use crate::wms::RED;
use crate::wms::WHITE;
use crate::wms::get;
use crate::wms::is_exception;
use crate::wms::map;
use crate::wms::picture;
use crate::wms::with;

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
        ("time=1949,,1950", 400, "InvalidDimensionValue", "TIME"),
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
    // Words that do not fit are cut off.
    let small = map(&wrong("exceptions=INIMAGE&width=60&height=40")).await;
    assert!(small.dimensions() == (60, 40) && small.pixels().any(|pixel| pixel.0 != WHITE));
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
