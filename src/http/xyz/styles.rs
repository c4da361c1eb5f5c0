//! Styles by plain addresses: the style for a browser, and its raster tiles as `TileJSON`.

use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use super::pictures::style;
use crate::catalog::Catalog;
use crate::catalog::Styled;
use crate::http::Base;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Path;
use crate::http::ogc;
use crate::http::params::segment;
use crate::http::respond;
use crate::style::Source;

/// What can be asked of the raster tiles of a style as a document.
pub(in crate::http) fn operation(styled: &Styled) -> Operation {
    let id = &styled.id;
    Operation {
        id: format!("{id}.getRasterTileJson"),
        path: format!("/styles/{}.json", segment(id)),
        tag: "Maps",
        summary: format!("The raster tiles of '{}' as TileJSON.", styled.title()),
        segments: Vec::new(),
        parameters: Vec::new(),
        formats: &[Format::TileJson],
        body: None,
    }
}

/// The document of a style, at the address that other programs expect it at.
pub(in crate::http) fn document_operation(styled: &Styled) -> Operation {
    let id = &styled.id;
    Operation {
        id: format!("{id}.getStyleJson"),
        path: format!("/styles/{}/style.json", segment(id)),
        summary: format!("The style '{}' as MapLibre reads it.", styled.title()),
        formats: &[Format::Style],
        ..operation(styled)
    }
}

/// `GET /styles/{style}` for a browser, and `GET /styles/{style}.json` for its raster tiles.
pub(in crate::http) async fn document(call: Call, Path(name): Path<String>) -> Result<Response, Error> {
    match name.split_once('.') {
        None => ogc::styles::style(&call, &name),
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

/// Makes the addresses of a style absolute that start at the server's root, because a browser resolves them against the
/// page and not against the style.
pub(in crate::http) fn absolute(document: &mut Value, base: &Base) {
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
