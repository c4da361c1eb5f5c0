//! Vector tiles as `MapLibre` Tiles.

use std::fs;

use mlt_core::Decoder;
use mlt_core::Layer;
use mlt_core::Parser;
use tumen::tile::Encoding;
use tumen::tile::codec::mvt;

use crate::ask::Answer;
use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

const MLT: &str = "application/vnd.maplibre-tile";
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// Names of layers, and ids of their features.
type Layers = Vec<(String, Vec<Option<u64>>)>;

fn read(answer: &Answer) -> Layers {
    assert_eq!((answer.status, answer.header("content-type")), (200, MLT), "{:?}", answer.body);
    let layer = |layer: Layer<'_>| {
        let Layer::Tag01(layer) = layer else { panic!("an unknown layer") };
        let rows = layer.into_tile(&mut Decoder::default()).unwrap();
        (rows.name().to_owned(), rows.features().iter().map(mlt_core::TileFeature::id).collect())
    };
    Parser::default().parse_layers(&answer.body).unwrap().into_iter().map(layer).collect()
}

fn read_mvt(answer: &Answer) -> Layers {
    assert_eq!((answer.status, answer.header("content-type")), (200, MVT), "{:?}", answer.body);
    let tile = mvt::decode(&answer.body).unwrap();
    tile.layers.iter().map(|layer| (layer.name().to_owned(), layer.features().map(|own| own.id()).collect())).collect()
}

#[tokio::test]
async fn the_ending_says_the_format_and_both_have_the_same_features() {
    for query in ["", "?people=667929", "?labels=true", "?cluster=50", "?properties=people"] {
        let other = ask(&format!("/data/towns,nothing,islands/0/0/0.mlt{query}")).await;
        let plain = ask(&format!("/data/towns,nothing,islands/0/0/0.pbf{query}")).await;
        assert_eq!(read(&other), read_mvt(&plain), "{query}");
        assert_eq!(other.header("tumen-features"), plain.header("tumen-features"));
        assert_eq!(other.header("vary"), "Accept-Encoding");
    }
    let refused = ask("/data/towns/0/0/0.mlt?people=many").await;
    assert_eq!((refused.status, refused.header("content-type")), (400, "application/problem+json"));
    assert_eq!(ask("/data/islands/10/0/0.mlt").await.status, 204);
}

#[tokio::test]
async fn without_an_ending_the_client_says_what_it_reads() {
    let first = "application/vnd.maplibre-vector-tile";
    for (accept, expected) in [
        ("", MVT),
        ("*/*", MVT),
        (MVT, MVT),
        ("application/x-protobuf", MVT),
        (MLT, MLT),
        (first, MLT),
        ("application/vnd.maplibre-tile, application/vnd.mapbox-vector-tile;q=0.5", MLT),
        ("application/vnd.maplibre-tile;q=0.5, */*", MVT),
    ] {
        for target in ["/data/towns/0/0/0", "/collections/towns/tiles/WebMercatorQuad/0/0/0"] {
            let answer = ask_with(target, &[("accept", accept)]).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, expected), "{target}: {accept}");
            assert_eq!(answer.header("vary"), "Accept, Accept-Encoding");
        }
    }
    assert_eq!(ask_with("/data/towns/0/0/0", &[("accept", "text/csv")]).await.status, 406);
    // Where the address says it, that holds.
    assert_eq!(ask_with("/data/towns/0/0/0.pbf", &[("accept", MLT)]).await.header("content-type"), MVT);
    assert_eq!(ask_with("/data/towns/0/0/0.mlt", &[("accept", MVT)]).await.header("content-type"), MLT);
}

#[tokio::test]
async fn what_is_kept_is_kept_for_each_format_and_packing() {
    let app = fixture::app();
    let get = async |target: &str, accept: &str, coding: &str| {
        ask_app(&app, "GET", target, &[("accept", accept), ("accept-encoding", coding)]).await
    };
    for target in ["/data/towns/0/0/0", "/collections/towns/tiles/WebMercatorQuad/0/0/0"] {
        for accept in [MLT, MVT, MLT, MVT] {
            assert_eq!(get(target, accept, "gzip").await.header("content-type"), accept);
        }
    }
    let plain = get("/data/towns/0/0/0.mlt", "*/*", "identity").await;
    let mut tags = vec![plain.header("etag").to_owned()];
    for coding in ["gzip", "br", "zstd"] {
        let packed = get("/data/towns/0/0/0.mlt", "*/*", coding).await;
        assert_eq!(packed.header("content-encoding"), coding);
        let encoding = Encoding::ALL.into_iter().find(|encoding| encoding.name() == coding).unwrap();
        let mut body = Vec::new();
        std::io::Read::read_to_end(&mut encoding.unpacking(&packed.body[..]).unwrap(), &mut body).unwrap();
        assert_eq!(body, plain.body);
        tags.push(packed.header("etag").to_owned());
    }
    tags.push(get("/data/towns/0/0/0.pbf", "*/*", "identity").await.header("etag").to_owned());
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 5, "each has a tag of its own");
}

#[tokio::test]
async fn tags_heads_and_versions_are_as_for_other_tiles() {
    let first = ask("/data/towns/0/0/0.mlt").await;
    let tag = first.header("etag").to_owned();
    let known = ask_with("/data/towns/0/0/0.mlt", &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, tag.as_str()));
    let head = ask_app(&fixture::app(), "HEAD", "/data/towns/0/0/0.mlt", &[]).await;
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, tag.as_str()));
    assert_eq!(head.header("content-length"), first.body.len().to_string());
    let document = ask("/data/towns.json?encoding=mlt&people=667929").await.json();
    assert_eq!(document["encoding"], "mlt");
    let address = document["tiles"][0].as_str().unwrap();
    assert!(address.starts_with("http://test/data/towns/{z}/{x}/{y}.mlt?people=667929&v="), "{address}");
    let kept = ask(&address.replace("{z}/{x}/{y}", "0/0/0")).await;
    assert_eq!(kept.header("cache-control"), "public, max-age=31536000, immutable");
    let plain = ask("/data/towns.json?encoding=mvt").await.json();
    assert!(plain.get("encoding").is_none() && plain["tiles"][0].as_str().unwrap().contains("{y}.pbf?v="), "{plain}");
    assert_eq!(ask("/data/towns.json?encoding=png").await.status, 400);
}

#[tokio::test]
async fn tilesets_name_them_and_f_asks_for_them() {
    let tileset = ask("/collections/towns/tiles/WebMercatorQuad?f=json").await.json();
    let links = tileset["links"].as_array().unwrap();
    let item = links.iter().find(|link| link["rel"] == "item" && link["type"] == MLT).unwrap();
    let address = item["href"].as_str().unwrap().replace("{tileMatrix}/{tileRow}/{tileCol}", "0/0/0");
    let asked = ask(address.strip_prefix("http://test").unwrap()).await;
    assert_eq!(read(&asked), read(&ask("/data/towns/0/0/0.mlt").await));
    assert_eq!(asked.body, ask("/data/towns/0/0/0.mlt").await.body);
}

#[tokio::test]
async fn an_archive_of_them_says_so_and_is_given_out() {
    let folder = tempfile::tempdir().unwrap();
    let body = ask("/data/towns/0/0/0.mlt").await;
    for name in ["ready.pmtiles", "base.mbtiles"] {
        super::archives::write(
            &folder.path().join(name),
            tumen::tile::archive::write::Format::Mlt,
            &[(0, &body.body), (2, &body.body)],
        );
    }
    assert_eq!(fs::read(folder.path().join("ready.pmtiles")).unwrap()[99], 6, "the number of the format (PMTiles 3.5)");
    let app = super::archives::app(folder.path());
    for id in ["ready", "base"] {
        let document = ask_app(&app, "GET", &format!("/data/{id}.json"), &[]).await.json();
        assert_eq!(document["encoding"], "mlt", "{document}");
        assert!(document["tiles"][0].as_str().unwrap().contains("{y}.mlt?v="), "{document}");
        let tile = ask_app(&app, "GET", &format!("/data/{id}/0/0/0.mlt"), &[]).await;
        assert_eq!((read(&tile), &tile.body), (read(&body), &body.body));
        assert_eq!(ask_app(&app, "GET", &format!("/data/{id}/0/0/0.pbf"), &[]).await.status, 404);
    }
}
