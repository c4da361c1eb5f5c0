//! The whole URL map.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::get;
use tower::ServiceExt;

use super::App;
use super::Error;
use super::access;
use super::assets;
use super::events;
use super::freshness;
use super::layers;
use super::ogc;
use super::ogc::aggregate;
use super::ogc::collections;
use super::ogc::conformance;
use super::ogc::functions;
use super::ogc::item;
use super::ogc::items;
use super::ogc::landing;
use super::ogc::map;
use super::ogc::openapi;
use super::ogc::schema;
use super::ogc::tilematrixsets;
use super::ogc::tiles;
use super::packed::pack_whole;
use super::probes;
use super::problems;
use super::wms;
use super::wmts;
use super::xyz::clusters;
use super::xyz::data;
use super::xyz::explain;
use super::xyz::glyphs;
use super::xyz::legend;
use super::xyz::list;
use super::xyz::pictures;
use super::xyz::pixel;
use super::xyz::static_map;
use super::xyz::styles;

/// Everything that the server answers.
pub fn router(app: App) -> Router {
    let base_path = app.config.base_path.clone();
    let body_limit = DefaultBodyLimit::max(app.config.limits.body_bytes);
    let routes = Router::new()
        .route("/", get(landing::landing))
        .route("/conformance", get(conformance::conformance))
        .route("/functions", get(functions::functions))
        .route("/api", get(openapi::api))
        .route("/collections", get(collections::list))
        .route("/collections/{id}", get(collections::one))
        .route("/collections/{id}/schema", get(schema::schema))
        .route("/collections/{id}/queryables", get(schema::queryables))
        .route("/collections/{id}/sortables", get(schema::sortables))
        .route("/collections/{id}/aggregate", get(aggregate::aggregate))
        .route("/collections/{id}/items", get(items::items))
        .route("/collections/{id}/items/{fid}", get(item::item))
        .route("/collections/{id}/map", get(map::collection_map))
        .route("/collections/{id}/styles", get(ogc::styles::collection_list))
        .route("/collections/{id}/styles/{style}", get(ogc::styles::collection_style))
        .route("/collections/{id}/styles/{style}/metadata", get(ogc::styles::collection_metadata))
        .route("/collections/{id}/styles/{style}/{name}", get(legend::legend_of_collection))
        .route("/collections/{id}/styles/{style}/map", get(map::collection_style_map))
        .route("/map", get(map::dataset_map))
        .route("/tileMatrixSets", get(tilematrixsets::list))
        .route("/tileMatrixSets/{tms}", get(tilematrixsets::one))
        .route("/tiles", get(tiles::list))
        .route("/tiles/{tms}", get(tiles::tileset))
        .route("/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}", get(tiles::tile))
        .route("/map/tiles", get(tiles::list))
        .route("/map/tiles/{tms}", get(tiles::tileset))
        .route("/map/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}", get(tiles::tile))
        .route("/collections/{id}/tiles", get(tiles::list))
        .route("/collections/{id}/tiles/{tms}", get(tiles::tileset))
        .route("/collections/{id}/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}", get(tiles::tile))
        .route("/collections/{id}/map/tiles", get(tiles::list))
        .route("/collections/{id}/map/tiles/{tms}", get(tiles::tileset))
        .route("/collections/{id}/map/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}", get(tiles::tile))
        .route("/styles/{style}/map/tiles", get(tiles::list))
        .route("/styles/{style}/map/tiles/{tms}", get(tiles::tileset))
        .route("/styles/{style}/map/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}", get(tiles::tile))
        .route("/collections/{id}/styles/{style}/map/tiles", get(tiles::list))
        .route("/collections/{id}/styles/{style}/map/tiles/{tms}", get(tiles::tileset))
        .route("/collections/{id}/styles/{style}/map/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}", get(tiles::tile))
        .route("/wms", get(wms::kvp))
        .route("/wmts", get(wmts::kvp))
        .route("/wmts/1.0.0/WMTSCapabilities.xml", get(wmts::capabilities_document))
        .route("/wmts/1.0.0/{layer}/{style}/{tms}/{tileMatrix}/{tileRow}/{name}", get(wmts::addressed_tile))
        .route(
            "/wmts/1.0.0/{layer}/{style}/{tms}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{name}",
            get(wmts::addressed_info),
        )
        .route("/wmts/1.0.0/{layer}/{style}/{time}/{tms}/{tileMatrix}/{tileRow}/{name}", get(wmts::addressed_tile_at))
        .route(
            "/wmts/1.0.0/{layer}/{style}/{time}/{tms}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{name}",
            get(wmts::addressed_info_at),
        )
        .route("/data", get(list::list))
        .route("/data/{document}", get(data::document))
        .route("/data/{ids}/tiles", get(tiles::archive_list))
        .route("/data/{ids}/tiles/{tms}", get(tiles::archive_tileset))
        .route("/data/{ids}/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}", get(tiles::archive_tile))
        .route("/data/{ids}/{name}", get(legend::legend_of_data))
        .route("/data/{ids}/clusters/{cluster}", get(clusters::leaves))
        .route("/data/{ids}/{z}/{x}/{y}", get(data::tile))
        .route("/data/{ids}/{z}/{x}/{y}/explain", get(explain::explain))
        .route("/data/{ids}/{z}/{x}/{y}/{i}/{j}", get(pixel::data_pixel))
        .route("/data/{ids}/static/{place}/{name}", get(static_map::data_static_map).post(static_map::data_static_map))
        .route("/styles", get(ogc::styles::list))
        .route("/styles/{document}", get(styles::document))
        .route("/styles/{style}/style.json", get(styles::style_json))
        .route("/styles/{style}/metadata", get(ogc::styles::metadata))
        .route("/styles/{style}/map", get(map::style_map))
        .route("/styles/{style}/{name}", get(legend::legend_of_style))
        .route("/styles/{style}/static/{place}/{name}", get(static_map::static_map).post(static_map::static_map))
        .route("/styles/{style}/static/{place}/{size}/{i}/{j}", get(pixel::static_pixel))
        .route("/styles/{style}/{z}/{x}/{y}", get(pictures::tile))
        .route("/styles/{style}/{size}/{z}/{x}/{y}", get(pictures::sized_tile))
        .route("/styles/{style}/{z}/{x}/{y}/{i}/{j}", get(pixel::tile_pixel))
        .route("/styles/{style}/{size}/{z}/{x}/{y}/{i}/{j}", get(pixel::sized_tile_pixel))
        .route("/fonts/{stack}/{range}", get(glyphs::glyphs))
        .route("/sprites/{name}", get(glyphs::sprite))
        .route("/assets/{*path}", get(assets::asset))
        .route("/problems", get(problems::problems))
        .route("/events", get(events::events))
        .route(probes::HEALTH, get(probes::health))
        .route(probes::READY, get(probes::ready))
        .route(probes::METRICS, get(probes::metrics))
        .route_layer(middleware::from_fn_with_state(app.clone(), freshness::freshen))
        .fallback(|| async { Error::NotFound("such resource".to_owned()).into_response() })
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed.into_response() })
        .layer(body_limit)
        .layer(middleware::from_fn_with_state(app.clone(), access::hold))
        .with_state(app.clone());
    // Around the router and not in it, because paths are mended before it sees them, and because it puts the header Allow
    // on answers after its own layers have seen them.
    Router::new()
        .fallback_service(routes.map_request(move |request| mount(request, &base_path)))
        .layer(middleware::from_fn(layers::methods))
        .layer(middleware::from_fn(pack_whole))
        .layer(layers::compression())
        .layer(middleware::from_fn_with_state(app.clone(), layers::guard))
        .layer(middleware::from_fn_with_state(app, access::record))
}

/// Takes the path under which the server is mounted off the path, unless a proxy has done so already, and a slash off
/// the end.
fn mount(mut request: Request, base_path: &str) -> Request {
    let path = request.uri().path();
    let below = path.strip_prefix(base_path).filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path);
    let below = below.trim_end_matches('/');
    let below = if below.is_empty() { "/" } else { below };
    if below != path {
        let target = match request.uri().query() {
            Some(query) => format!("{below}?{query}"),
            None => below.to_owned(),
        };
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = PathAndQuery::try_from(target).ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}
