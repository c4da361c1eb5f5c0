//! What was drawn at a pixel of a picture.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use serde_json::Value as Json;
use serde_json::json;
use tokio::runtime::Handle;

use super::picture::PictureName;
use super::picture::check_layers;
use super::picture::static_view;
use super::pictures::Look;
use super::pictures::SIZES;
use super::pictures::data_look;
use super::pictures::look;
use super::selection;
use super::selection::Asked;
use super::tiles;
use crate::catalog::Collection;
use crate::catalog::Picked;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::config::Limits;
use crate::feature::Scalar;
use crate::feature::geojson::write_geometry;
use crate::feature::geojson::write_id;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Path;
use crate::http::Segment;
use crate::http::respond::ETag;
use crate::http::whole;
use crate::render::Hit;
use crate::render::Shape;
use crate::render::View;
use crate::tile::TileGeometry;

/// What was drawn at a pixel of a raster tile below a path, which shows these collections.
pub(super) fn operation(id: &str, path: &str, collections: &[Arc<Collection>], limits: &Limits) -> Operation {
    let place = |name, description| Segment { name, description };
    Operation {
        id: format!("{id}.getPixel"),
        path: format!("{path}/{{z}}/{{x}}/{{y}}/{{i}}/{{j}}.json"),
        tag: "Maps",
        summary: "The features that were drawn at a pixel of a raster tile, topmost first, as GeoJSON; `@2x` to `@4x` after the \
                  row mean the tiles of that name."
            .to_owned(),
        segments: vec![
            place("z", "The zoom of the tile, from 0 to 24."),
            place("x", "The column of the tile, from the west."),
            place("y", "The row of the tile, from the north."),
            place("i", "The column of the pixel, from the left, beginning with 0."),
            place("j", "The row of the pixel, from the top, beginning with 0."),
        ],
        parameters: selection::of_pictures(parameters(limits), collections.iter().map(AsRef::as_ref)),
        formats: &[Format::GeoJson],
        body: None,
    }
}

/// The same for tiles of other sizes, and for static maps.
pub(super) fn other_operations(
    id: &str,
    path: &str,
    collections: &[Arc<Collection>],
    limits: &Limits,
) -> [Operation; 2] {
    let operation = operation(id, path, collections, limits);
    let [z, x, y, i, j] = [0, 1, 2, 3, 4].map(|at| operation.segments[at].clone());
    let size = Segment { name: "size", description: "The side of the tile in pixels: 256 or 512." };
    let place = Segment { name: "place", description: "What the map shows, as in the address of the map." };
    let sides =
        Segment { name: "size", description: "The size of the map, as in its address: `300x200`, `300x200@2x`." };
    let sized = Operation {
        id: format!("{id}.getSizedPixel"),
        path: format!("{path}/{{size}}/{{z}}/{{x}}/{{y}}/{{i}}/{{j}}.json"),
        segments: vec![size, z, x, y, i.clone(), j.clone()],
        ..operation.clone()
    };
    let of_map = Operation {
        id: format!("{id}.getStaticPixel"),
        path: format!("{path}/static/{{place}}/{{size}}/{{i}}/{{j}}.json"),
        summary: "The features that were drawn at a pixel of a static map, topmost first, as GeoJSON.".to_owned(),
        segments: vec![place, sides, i, j],
        ..operation
    };
    [sized, of_map]
}

fn parameters(limits: &Limits) -> Vec<Parameter> {
    vec![
        Parameter::new(
            "radius",
            Kind::Number { minimum: 0.0, maximum: f64::from(limits.pick_radius) },
            "How far from the pixel features may be, in pixels; 0 if not given.",
        ),
        Parameter::new("geometry", Kind::Flag, "Whether geometries are told; they are null, unless this is true."),
        Parameter::new(
            "feature_count",
            Kind::Whole { default: 100, maximum: limits.items },
            "The most features that are told, the topmost ones.",
        ),
    ]
}

/// `GET /styles/{style}/{z}/{x}/{y}/{i}/{j}.json`
pub(in crate::http) async fn tile_pixel(
    call: Call,
    Path((id, level, column, row, i, j)): Path<(String, String, String, String, String, String)>,
) -> Result<Response, Error> {
    let look = look(&call, &id)?;
    let view = tile_view(&call, SIZES[0].0, [&level, &column, &row])?;
    answer(&call, look, view, &i, &j).await
}

/// `GET /styles/{style}/{size}/{z}/{x}/{y}/{i}/{j}.json`
pub(in crate::http) async fn sized_tile_pixel(
    call: Call,
    Path((id, size, level, column, row, i, j)): Path<(String, String, String, String, String, String, String)>,
) -> Result<Response, Error> {
    let look = look(&call, &id)?;
    let view = tile_view(&call, &size, [&level, &column, &row])?;
    answer(&call, look, view, &i, &j).await
}

/// `GET /styles/{style}/static/{place}/{size}/{i}/{j}.json`
pub(in crate::http) async fn static_pixel(
    call: Call,
    Path((id, place, size, i, j)): Path<(String, String, String, String, String)>,
) -> Result<Response, Error> {
    let look = look(&call, &id)?;
    let limits = &call.app.config.limits;
    let name = format!("{size}.png");
    let name = PictureName::split(&name, limits).ok_or_else(|| Error::NotFound(format!("picture '{size}'")))?;
    let view = static_view(&place, name.stem, name.ratio, limits)?;
    answer(&call, look, view, &i, &j).await
}

/// `GET /data/{ids}/{z}/{x}/{y}/{i}/{j}.json`
pub(in crate::http) async fn data_pixel(
    call: Call,
    Path((ids, level, column, row, i, j)): Path<(String, String, String, String, String, String)>,
) -> Result<Response, Error> {
    let collections = selection::collections(&call, &ids)?;
    let view = tile_view(&call, SIZES[0].0, [&level, &column, &row])?;
    answer(&call, data_look(&call, &collections), view, &i, &j).await
}

/// The view of a tile, whose row may say a ratio.
fn tile_view(call: &Call, size: &str, [level, column, row]: [&str; 3]) -> Result<View, Error> {
    let limits = &call.app.config.limits;
    let missing =
        || Error::NotFound(format!("tile '{level}/{column}/{row}' of {size} pixels in the grid WebMercatorQuad"));
    let (_, pixels) = SIZES.iter().find(|(name, _)| *name == size).ok_or_else(missing)?;
    let name = format!("{row}.png");
    let name = PictureName::split(&name, limits).ok_or_else(missing)?;
    let coord = tiles::coord(call, [level, column, name.stem]).filter(|coord| coord.level() <= limits.zoom);
    Ok(View::of_tile(coord.ok_or_else(missing)?, *pixels, f64::from(name.ratio)))
}

async fn answer(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    view: View,
    i: &str,
    j: &str,
) -> Result<Response, Error> {
    let Asked { params, selection, .. } =
        selection::of_picture(call, &call.query, parameters(&call.app.config.limits), &look.collections)?;
    let Some(j) = j.strip_suffix(".json") else {
        return Err(Error::NotFound(format!("document '{i}/{j}'; a pixel is described as {i}/{j}.json")));
    };
    let (width, height) = (view.width(), view.height());
    let pixel = whole(i).zip(whole(j)).filter(|&(i, j)| i < width && j < height);
    let (i, j) = pixel.ok_or_else(|| {
        Error::Invalid(format!("'{i}/{j}' is no pixel of a picture of {width} by {height}, the first of which is 0/0"))
    })?;
    let radius = params.number("radius").unwrap_or(0.0);
    let geometry = params.flag("geometry") == Some(true);
    let limit = params.count("feature_count").unwrap_or(100);
    let near = Near { pixel: [i, j], radius, limit, geometry };
    let body = picked(call, (look.styled)()?, selection, view, near).await?;
    let tag = ETag::of(&[&body]);
    Ok(tag.unchanged(&call.headers).unwrap_or_else(|| tag.answer(Format::GeoJson.content_type(), Body::from(body))))
}

/// Where on a picture features are looked for, and what is told of them.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Near {
    /// Column and row of the pixel.
    pub(in crate::http) pixel: [u32; 2],
    /// Most pixels between it and a feature.
    pub(in crate::http) radius: f64,
    /// Most features.
    pub(in crate::http) limit: usize,
    /// Whether their geometries are told.
    pub(in crate::http) geometry: bool,
}

/// What was drawn near a pixel of a view, topmost first, as GeoJSON.
pub(in crate::http) async fn picked(
    call: &Call,
    styled: Arc<Styled>,
    selection: Selection,
    view: View,
    near: Near,
) -> Result<Vec<u8>, Error> {
    check_layers(&styled.style, view.zoom(), &call.app.config.limits)?;
    let (catalog, runtime) = (Arc::clone(&call.catalog), Handle::current());
    styled.prepare(&catalog, &view).await;
    let Near { pixel: [i, j], radius, limit, geometry } = near;
    let picking = call.app.workers.run(move || {
        let hits = runtime.block_on(async {
            let drawable = styled.drawable(&catalog, view.ratio()).await.selecting(&selection);
            drawable.pick(&view, [i, j], radius.ceil() as u32).await
        });
        let near = hits.into_iter().filter(|hit| hit.distance <= radius).take(limit);
        let found: Vec<Picked> = near.map(|hit| catalog.picked(&styled, hit)).collect();
        let place = view.degrees([f64::from(i) + 0.5, f64::from(j) + 0.5]);
        document([i, j], place, &found, geometry)
    });
    Ok(picking.await?)
}

/// A FeatureCollection with members of its own: where it was asked (`null` where no place of the earth is), and for each feature what drew it.
fn document(pixel: [u32; 2], place: Option<[f64; 2]>, found: &[Picked], geometry: bool) -> Vec<u8> {
    let round = |degrees: f64| (degrees * 1e8).round() / 1e8;
    let place = place.map(|place| place.map(round));
    let place = json!(place);
    let mut out = format!(
        "{{\"type\":\"FeatureCollection\",\"pixel\":[{},{}],\"position\":{place},\"features\":[",
        pixel[0], pixel[1]
    )
    .into_bytes();
    for (number, picked) in found.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write(&mut out, picked, geometry);
    }
    out.extend_from_slice(b"]}");
    out
}

fn write(out: &mut Vec<u8>, picked: &Picked, geometry: bool) {
    let hit = &picked.hit;
    out.extend_from_slice(br#"{"type":"Feature""#);
    if let Some((collection, row)) = &picked.feature {
        let row = collection.snapshot().row(*row);
        out.extend_from_slice(br#","id":"#);
        write_id(out, row.id());
        out.extend_from_slice(br#","geometry":"#);
        if geometry {
            write_geometry(out, row.geometry());
        } else {
            out.extend_from_slice(b"null");
        }
        out.extend_from_slice(br#","properties":"#);
        out.extend_from_slice(row.properties_text().as_bytes());
    } else {
        if let Some(id) = hit.id {
            out.extend_from_slice(format!(",\"id\":{id}").as_bytes());
        }
        let geometry = if geometry { self::geometry(hit) } else { Json::Null };
        let properties: serde_json::Map<String, Json> =
            hit.properties.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
        out.extend_from_slice(
            format!(",\"geometry\":{geometry},\"properties\":{}", Json::Object(properties)).as_bytes(),
        );
    }
    let shape = match hit.shape {
        Shape::Fill => "fill",
        Shape::Line => "line",
        Shape::Circle => "circle",
        Shape::Heatmap => "heatmap",
        Shape::Text => "text",
        Shape::Icon => "icon",
    };
    let collection = picked.feature.as_ref().map(|(collection, _)| collection.id.as_str());
    let own = json!({
        "layer": hit.layer,
        "source": hit.source,
        "sourceLayer": hit.source_layer,
        "collection": collection,
        "shape": shape,
        "distance": (hit.distance * 100.0).round() / 100.0,
    });
    let members = own.to_string();
    out.push(b',');
    out.extend_from_slice(&members.as_bytes()[1..]);
}

fn plain(value: &Scalar) -> Json {
    match value {
        Scalar::Null => Json::Null,
        Scalar::Bool(b) => json!(b),
        Scalar::Int(n) => json!(n),
        Scalar::Float(n) => json!(n),
        Scalar::Text(text) => json!(text),
        Scalar::Json(text) => serde_json::from_str(text).unwrap_or(Json::Null),
    }
}

/// The geometry of a feature of which there is a tile only, as far as that has it.
fn geometry(hit: &Hit) -> Json {
    match (hit.geometry, &hit.paths[..]) {
        (TileGeometry::Points, paths) => match &paths.concat()[..] {
            [only] => json!({ "type": "Point", "coordinates": only }),
            all => json!({ "type": "MultiPoint", "coordinates": all }),
        },
        (TileGeometry::Lines, [only]) => json!({ "type": "LineString", "coordinates": only }),
        (TileGeometry::Lines, all) => json!({ "type": "MultiLineString", "coordinates": all }),
        (TileGeometry::Polygons, rings) => {
            let mut polygons: Vec<Vec<Vec<[f64; 2]>>> = Vec::new();
            for ring in rings {
                let mut closed = ring.clone();
                closed.extend(ring.first().copied());
                // Rings that turn as the first one does begin polygons of their own.
                let area: f64 = closed.windows(2).map(|ends| ends[0][0] * ends[1][1] - ends[1][0] * ends[0][1]).sum();
                match polygons.last_mut() {
                    Some(polygon) if area > 0.0 => polygon.push(closed),
                    _ => polygons.push(vec![closed]),
                }
            }
            json!({ "type": "MultiPolygon", "coordinates": polygons })
        }
    }
}
