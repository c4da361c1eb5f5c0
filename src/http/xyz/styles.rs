//! Styles as documents: the list, the style for a browser, and its raster tiles as `TileJSON`.

use askama::Template;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use super::pictures::style;
use crate::catalog::Catalog;
use crate::catalog::Styled;
use crate::http::Base;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;
use crate::style::Source;

#[derive(Serialize)]
struct Document {
    links: Vec<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    styles: Vec<Entry>,
}

/// A style with its addresses.
#[derive(Serialize)]
struct Entry {
    id: String,
    title: String,
    links: Vec<Link>,
    #[serde(skip)]
    preview: String,
    #[serde(skip)]
    stylesheet: String,
    #[serde(skip)]
    tiles: String,
}

#[derive(Template)]
#[template(path = "styles.html")]
struct Page {
    frame: Frame,
    entries: Vec<Entry>,
}

pub(in crate::http) fn list_operation() -> Operation {
    let summary = "The styles that maps are drawn with.";
    Operation::new("getStyles", "/styles", "Maps", summary, &[Format::Json, Format::Html])
}

/// What can be asked of one style as a document.
pub(in crate::http) fn operations(styled: &Styled) -> [Operation; 2] {
    let id = &styled.id;
    let operation = |name: &str, path: String, summary: String, formats| Operation {
        id: format!("{id}.{name}"),
        path,
        tag: "Maps",
        summary,
        segments: Vec::new(),
        parameters: Vec::new(),
        formats,
        body: None,
    };
    let path = format!("/styles/{}", segment(id));
    let title = styled.title();
    [
        operation(
            "getStyle",
            path.clone(),
            format!("The style '{title}' for MapLibre; the same at style.json."),
            &[Format::Style],
        ),
        operation(
            "getRasterTileJson",
            format!("{path}.json"),
            format!("The raster tiles of '{title}' as TileJSON."),
            &[Format::TileJson],
        ),
    ]
}

/// `GET /styles`
pub(in crate::http) async fn list(call: Call) -> Result<Response, Error> {
    let operation = list_operation();
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    let entries: Vec<Entry> = call.catalog.styles.values().map(|styled| entry(&call, styled)).collect();
    if format == Format::Html {
        let frame = Frame::new(&call, "Styles").under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &Page { frame, entries });
    }
    let default = entries.first().map(|entry| entry.id.clone());
    respond::json(&call.headers, format, &Document { links, default, styles: entries })
}

/// `GET /styles/{style}` for a browser, and `GET /styles/{style}.json` for its raster tiles.
pub(in crate::http) async fn document(call: Call, Path(name): Path<String>) -> Result<Response, Error> {
    match name.split_once('.') {
        None => answer(&call, &name),
        Some((id, "json")) => tilejson(&call, id),
        Some((id, _)) => Err(Error::NotFound(format!(
            "document '{name}'; there are {id} (the style) and {id}.json (its raster tiles as TileJSON)"
        ))),
    }
}

/// `GET /styles/{style}/style.json`
pub(in crate::http) async fn style_json(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    answer(&call, &id)
}

fn answer(call: &Call, id: &str) -> Result<Response, Error> {
    call.params(&[])?;
    let styled = style(call, id)?;
    let mut document = styled.document.clone();
    absolute(&mut document, &call.base);
    respond::json(&call.headers, Format::Style, &document)
}

fn tilejson(call: &Call, id: &str) -> Result<Response, Error> {
    call.params(&[])?;
    let styled = style(call, id)?;
    let version = call.catalog.picture_version(&styled);
    let mut document = json!({
        "tilejson": "3.0.0",
        "name": styled.title(),
        "scheme": "xyz",
        "tiles": [call.base.url(&format!("/styles/{}/{{z}}/{{x}}/{{y}}.png?v={version}", segment(id)))],
        "tileSize": 256,
        "minzoom": 0,
        "maxzoom": call.app.config.limits.zoom,
        "bounds": [-180.0, -85.051_128_779_806_6, 180.0, 85.051_128_779_806_6],
    });
    if let (Some([lon, lat]), Some(zoom)) = (styled.style.center, styled.style.zoom) {
        // Tiles of 256 pixels show a zoom of the style one level further in.
        document["center"] = json!([lon, lat, (zoom + 1.0).round()]);
    }
    let attribution = attribution(&call.catalog, &styled);
    if !attribution.is_empty() {
        document["attribution"] = json!(attribution.join(", "));
    }
    respond::json(&call.headers, Format::TileJson, &document)
}

/// Whom to name on maps of a style: by its own words, and by its collections', each once.
pub(super) fn attribution(catalog: &Catalog, styled: &Styled) -> Vec<String> {
    let own = styled.style.sources.values().filter_map(|source| match source {
        Source::Vector(tiled) | Source::Raster(tiled) | Source::RasterDem(tiled, _) => tiled.attribution.clone(),
        Source::Geojson(geojson) => geojson.attribution.clone(),
        Source::Image { .. } => None,
    });
    let collections = catalog.collections_of(styled);
    let mut names: Vec<String> = Vec::new();
    for name in own.chain(collections.iter().filter_map(|collection| collection.metadata.attribution.clone())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn entry(call: &Call, styled: &Styled) -> Entry {
    let at = |rest: &str| call.base.url(&format!("/styles/{}{rest}", segment(&styled.id)));
    let stylesheet = at("/style.json");
    let [lon, lat] = styled.style.center.unwrap_or_default();
    let zoom = styled.style.zoom.unwrap_or_default();
    Entry {
        id: styled.id.clone(),
        title: styled.title().to_owned(),
        links: vec![
            Link::new("stylesheet", Format::Style, "The style for MapLibre", stylesheet.clone()),
            Link::new("tiles", Format::TileJson, "Its raster tiles as TileJSON", at(".json")),
        ],
        preview: at(&format!("/static/{lon},{lat},{zoom}/480x270@2x.png")),
        stylesheet,
        tiles: at("/{z}/{x}/{y}.png"),
    }
}

/// Makes the addresses of a style absolute that start at the server's root, because a browser resolves them against the
/// page and not against the style.
fn absolute(document: &mut Value, base: &Base) {
    let mend = |value: &mut Value| {
        if let Some(path) = value.as_str().filter(|path| path.starts_with('/') && !path.starts_with("//")) {
            *value = Value::String(base.url(path));
        }
    };
    if let Some(glyphs) = document.get_mut("glyphs") {
        mend(glyphs);
    }
    match document.get_mut("sprite") {
        Some(Value::Array(sprites)) => sprites.iter_mut().filter_map(|sprite| sprite.get_mut("url")).for_each(mend),
        Some(sprite) => mend(sprite),
        None => {}
    }
    let sources = document.get_mut("sources").and_then(Value::as_object_mut);
    for source in sources.into_iter().flat_map(|sources| sources.values_mut()) {
        for name in ["url", "data"] {
            if let Some(address) = source.get_mut(name) {
                mend(address);
            }
        }
        if let Some(tiles) = source.get_mut("tiles").and_then(Value::as_array_mut) {
            tiles.iter_mut().for_each(mend);
        }
    }
}
