//! WMTS 1.0.0: capabilities and tiles, by parameters and by addresses.

use crate::ask::Answer;
use crate::ask::ask_app;
use crate::fixture;

const TILE: &str = "/wmts?service=WMTS&request=GetTile&version=1.0.0&layer=map&style=plain&format=image/png\
                    &tileMatrixSet=WebMercatorQuad&tileMatrix=6&tileRow=23&tileCol=55";

async fn get(path: &str) -> Answer {
    ask_app(&fixture::styled_app(), "GET", path, &[]).await
}

#[tokio::test]
async fn the_capabilities_are_the_same_by_parameters_and_by_address() {
    let answer = get("/wmts?SERVICE=WMTS&Request=GetCapabilities&nonsense=1").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/xml; charset=utf-8"));
    let text = answer.text();
    for part in [
        "<ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion>",
        "<ows:Identifier>map</ows:Identifier>",
        "<ows:Identifier>towns</ows:Identifier>",
        "<ows:Identifier>islands</ows:Identifier>",
        "<Style isDefault=\"true\"><ows:Title>",
        "<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>",
        "<ows:SupportedCRS>urn:ogc:def:crs:EPSG:6.18:3:3857</ows:SupportedCRS>\n\
         <WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>",
        "<ScaleDenominator>139770566.0071794</ScaleDenominator>",
        "<Current>true</Current>\n<Value>default</Value>\n<Value>1434-01-01</Value>",
        "template=\"http://test/wmts/1.0.0/towns/{Style}/{Time}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png\"",
        "&lt;script&gt;",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("<script>") && !text.contains("<ows:Identifier>nothing<"), "{text}");
    let app = fixture::styled_app();
    let (by_address, by_parameters) = (
        ask_app(&app, "GET", "/wmts/1.0.0/WMTSCapabilities.xml", &[]).await,
        ask_app(&app, "GET", "/wmts?service=WMTS&request=GetCapabilities", &[]).await,
    );
    assert_eq!(by_address.body, by_parameters.body);
    let unread = [("accept", "example/unknown")];
    assert_eq!(ask_app(&app, "GET", "/wmts/1.0.0/WMTSCapabilities.xml", &unread).await.status, 406);
}

#[tokio::test]
async fn parts_of_the_capabilities_are_given_alone_and_known_ones_left_out() {
    let app = fixture::styled_app();
    let ask = async |query: &str| ask_app(&app, "GET", query, &[]).await;
    let part = ask("/wmts?service=WMTS&request=GetCapabilities&sections=ServiceProvider").await;
    assert!(part.text().contains("<ows:ServiceProvider>") && !part.text().contains("<Contents>"));
    let typed = ask("/wmts?service=WMTS&request=GetCapabilities&acceptformats=text/xml").await;
    assert_eq!(typed.header("content-type"), "text/xml; charset=utf-8");
    let version = typed.text().split("updateSequence=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let capabilities = "/wmts?service=WMTS&request=GetCapabilities";
    let known = ask(&format!("{capabilities}&updatesequence={version}")).await;
    assert!(known.text().contains(&version) && !known.text().contains("<Contents>"), "{}", known.text());
    let later = ask(&format!("{capabilities}&updatesequence=9{version}")).await;
    assert!(later.text().contains("exceptionCode=\"InvalidUpdateSequence\""), "{}", later.text());
    let nothing = ask(&format!("{capabilities}&sections=")).await;
    assert!(
        nothing.text().contains("exceptionCode=\"MissingParameterValue\" locator=\"sections\""),
        "{}",
        nothing.text()
    );
}

#[tokio::test]
async fn a_tile_is_that_of_the_style() {
    let tile = get(TILE).await;
    assert_eq!((tile.status, tile.header("content-type")), (200, "image/png"));
    assert_eq!(get("/styles/plain/6/55/23.png").await.body, tile.body);
    assert_eq!(get("/wmts/1.0.0/map/plain/WebMercatorQuad/6/23/55.png").await.body, tile.body);
    let default = TILE.replace("style=plain", "STYLE=").replace("layer", "LAYER");
    assert_eq!(get(&default).await.body, tile.body);
    let jpeg = get("/wmts/1.0.0/towns/automatic/WebMercatorQuad/6/23/55.jpg").await;
    assert_eq!((jpeg.status, jpeg.header("content-type")), (200, "image/jpeg"));
    let towns = TILE.replace("layer=map", "layer=towns");
    let then = get(&format!("{towns}&time=1949")).await;
    assert_eq!(then.status, 200);
    assert_ne!(then.body, get(&towns).await.body);
    // The same at an address; an interval's slash is encoded there.
    let address = "/wmts/1.0.0/towns/plain/1949/WebMercatorQuad/6/23/55.png";
    assert_eq!(get(address).await.body, then.body);
    assert_eq!(get(&address.replace("1949", "1949-01-01%2F1949-12-31")).await.body, then.body);
    assert_eq!(get(&address.replace("1949", "default")).await.body, get(&address.replace("1949/", "")).await.body);
    assert_eq!(get(&address.replace("1949", "soon")).await.status, 404);
}

/// As the test suite of the OGC asks: the first and the last tile of each matrix of each set of a layer.
#[tokio::test]
async fn all_tiles_are_there_that_the_capabilities_tell_of() {
    let app = fixture::styled_app();
    let capabilities = ask_app(&app, "GET", "/wmts?service=WMTS&request=GetCapabilities", &[]).await;
    let text = capabilities.text();
    let named =
        |part: &str, name: &str| part.split(&format!("<{name}>")).nth(1).unwrap().split('<').next().unwrap().to_owned();
    let layer = text.split("<Layer>").find(|layer| layer.contains("<ows:Identifier>towns</ows:Identifier>")).unwrap();
    let mut asked = 0;
    for link in layer.split("<TileMatrixSetLink>").skip(1).take(2) {
        let set = named(link, "TileMatrixSet");
        let described = text.split("<TileMatrixSet><ows:Title>").skip(1);
        let described = described.filter(|own| named(own, "ows:Identifier") == set).collect::<String>();
        let limits: Vec<&str> = link.split("<TileMatrixLimits>").skip(1).collect();
        assert_eq!(described.matches("<TileMatrix>").count(), limits.len(), "{set}");
        for own in limits {
            let matrix = named(own, "TileMatrix");
            for end in ["Min", "Max"] {
                let [row, column] = ["Row", "Col"].map(|side| named(own, &format!("{end}Tile{side}")));
                let path = format!("/wmts/1.0.0/towns/plain/default/{set}/{matrix}/{row}/{column}.png");
                assert_eq!(ask_app(&app, "GET", &path, &[]).await.status, 200, "{path}");
                asked += 1;
            }
            let beyond = named(own, "MaxTileRow").parse::<u64>().unwrap() + 1;
            let path = format!(
                "/wmts?service=WMTS&request=GetTile&version=1.0.0&layer=towns&style=plain&format=image/png&tilematrixset={set}\
                 &tilematrix={matrix}&tilerow={beyond}&tilecol=0"
            );
            let answer = ask_app(&app, "GET", &path, &[]).await;
            assert!(answer.text().contains("\"TileOutOfRange\" locator=\"TileRow\""), "{}", answer.text());
        }
    }
    assert!(asked > 60, "{asked}");
    let deeper = "/wmts/1.0.0/towns/plain/default/GoogleMapsCompatible/19/0/0.png";
    assert_eq!(ask_app(&app, "GET", deeper, &[]).await.status, 404);
}

#[tokio::test]
async fn tiles_of_other_grids_are_drawn_and_asked_about_alike() {
    let grid = "tileMatrixSet=WorldCRS84Quad&tileMatrix=7&tileRow=34&tileCol=220";
    let tile = TILE.replace("tileMatrixSet=WebMercatorQuad&tileMatrix=6&tileRow=23&tileCol=55", grid);
    let drawn = get(&tile).await;
    assert_eq!((drawn.status, drawn.header("content-type")), (200, "image/png"), "{}", drawn.text());
    assert_eq!(get("/map/tiles/WorldCRS84Quad/7/34/220").await.body, drawn.body);
    // Chongjin, at 129.78 east and 41.79 north.
    let info = tile.replace("layer=map", "layer=towns").replace("style=plain", "style=automatic");
    let info = format!("{}&infoFormat=application/geo%2Bjson", info.replace("GetTile", "GetFeatureInfo"));
    let there = get(&format!("{info}&I=73&J=72")).await;
    assert_eq!(there.status, 200, "{}", there.text());
    assert_eq!(there.json()["features"][0]["properties"]["name"], "Chongjin");
    let blank = info.replace("%2B", "+");
    assert_eq!(get(&format!("{blank}&I=73&J=72")).await.body, there.body);
    assert_eq!(get(&format!("{info}&I=7&J=7")).await.json()["features"], serde_json::json!([]));
    // Both words for a pixel that is not there: that of the standard, and that of its test suite.
    let beyond = get(&format!("{info}&I=256&J=72")).await;
    for code in ["PointIJOutOfRange", "InvalidParameterValue"] {
        let expected = format!("<ows:Exception exceptionCode=\"{code}\" locator=\"I\">");
        assert!(beyond.status == 400 && beyond.text().contains(&expected), "{}", beyond.text());
    }
    let outside = get(&tile.replace("tileRow=34", "tileRow=3")).await;
    assert!(outside.text().contains("TileOutOfRange"), "{}", outside.text());
}

#[tokio::test]
async fn what_is_wrong_is_said_in_an_exception_report() {
    for (was, is, status, code, locator) in [
        ("service=WMTS&", "", 400, "MissingParameterValue", "service"),
        ("service=WMTS", "service=WMS", 400, "InvalidParameterValue", "service"),
        ("request=GetTile&", "", 400, "MissingParameterValue", "request"),
        ("request=GetTile", "request=GetMap", 501, "OperationNotSupported", "request"),
        ("request=GetTile", "request=GetBogus", 400, "InvalidParameterValue", "request"),
        ("version=1.0.0", "version=2.0.0", 400, "InvalidParameterValue", "Version"),
        ("layer=map", "layer=nowhere", 400, "InvalidParameterValue", "Layer"),
        ("&layer=map", "", 400, "MissingParameterValue", "Layer"),
        ("&style=plain", "", 400, "MissingParameterValue", "Style"),
        ("style=plain", "style=fancy", 400, "InvalidParameterValue", "Style"),
        ("format=image/png", "format=image/nonsense", 400, "InvalidParameterValue", "Format"),
        ("tileMatrixSet=WebMercatorQuad", "tileMatrixSet=x", 400, "InvalidParameterValue", "TileMatrixSet"),
        ("tileMatrix=6", "tileMatrix=99", 400, "InvalidParameterValue", "TileMatrix"),
        ("tileRow=23", "tileRow=22", 400, "TileOutOfRange", "TileRow"),
        ("tileRow=23", "tileRow=99999999999", 400, "TileOutOfRange", "TileRow"),
        ("tileRow=23", "tileRow=-1", 400, "InvalidParameterValue", "TileRow"),
        ("tileCol=55", "tileCol=0", 400, "TileOutOfRange", "TileCol"),
        ("tileCol=55", "tileCol=x", 400, "InvalidParameterValue", "TileCol"),
        ("tileCol=55", "tileCol=55&time=soon", 400, "InvalidParameterValue", "Time"),
    ] {
        let answer = get(&TILE.replace(was, is)).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, "text/xml; charset=utf-8"), "{is}");
        let expected = format!("<ows:Exception exceptionCode=\"{code}\" locator=\"{locator}\">");
        assert!(answer.text().contains(&expected), "{was} -> {is}: {}", answer.text());
    }
    let versions = get("/wmts?service=WMTS&request=GetCapabilities&acceptversions=2.0.0").await;
    assert!(versions.text().contains("VersionNegotiationFailed"), "{}", versions.text());
    for path in [
        "/wmts/1.0.0/map/plain/WebMercatorQuad/6/0/0.png",
        "/wmts/1.0.0/map/plain/WebMercatorQuad/6/23/55.gif",
        "/wmts/1.0.0/map//WebMercatorQuad/6/23/55.png",
    ] {
        assert_eq!(get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn features_are_told_in_each_format_and_at_a_time() {
    // The pixel of Hoeryong on its tile of zoom 6.
    let place = "/wmts/1.0.0/towns/plain/WebMercatorQuad/6/23/55/167/17";
    let json = get(&format!("{place}.json")).await;
    // The label of another town lies over it.
    assert!(json.ids().contains(&"hoeryong".to_owned()), "{}", json.text());
    for (extension, part) in [
        ("txt", "towns hoeryong\n  name = Hoeryong\n"),
        ("html", "<h2>towns hoeryong</h2>"),
        ("gml", "<own:towns fid=\"towns.hoeryong\"><own:name>Hoeryong</own:name>"),
    ] {
        let answer = get(&format!("{place}.{extension}")).await;
        assert!(answer.status == 200 && answer.text().contains(part), "{extension}: {}", answer.text());
    }
    let gml = get(&format!("{place}.gml")).await;
    assert_eq!(gml.header("content-type"), "application/vnd.ogc.gml");
    assert!(gml.text().contains("<gml:Point srsName=\"EPSG:3857\">"), "{}", gml.text());
    let early = get(&format!("{}.json", place.replace("plain/", "plain/1400/"))).await;
    assert!(early.status == 200 && !early.ids().contains(&"hoeryong".to_owned()), "{}", early.text());
    assert_eq!(get(&format!("{place}.xml")).await.status, 404);
}
