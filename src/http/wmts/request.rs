//! Requests by parameters and by addresses.

use axum::response::IntoResponse;
use axum::response::Response;

use super::capabilities;
use super::exception::Code;
use super::exception::Exception;
use super::info;
use super::tile;
use super::tile::TileRequest;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Path;
use crate::http::negotiate::negotiate;
use crate::http::ows::InfoFormat;
use crate::http::ows::Parameters;

/// `GET /wmts?service=WMTS&request=...`
pub(in crate::http) async fn kvp(call: Call) -> Response {
    match answer(&call).await {
        Ok(response) => response,
        Err(exception) => exception.into_response(),
    }
}

/// `GET /wmts/1.0.0/WMTSCapabilities.xml`
pub(in crate::http) async fn capabilities_document(call: Call) -> Response {
    // Whoever asks by the address may say in the header what it can read.
    if let Err(error) = negotiate(None, &call.headers, &[Format::Xml]) {
        return error.into_response();
    }
    match capabilities::answer(&call, &Parameters::default()) {
        Ok(response) => response,
        Err(exception) => exception.into_response(),
    }
}

/// `GET /wmts/1.0.0/{layer}/{style}/{tms}/{tileMatrix}/{tileRow}/{tileCol}.{png|jpg|webp}`
pub(in crate::http) async fn addressed_tile(
    call: Call,
    Path((layer, style, tms, matrix, row, name)): Path<(String, String, String, String, String, String)>,
) -> Result<Response, Error> {
    tile_of(&call, [&layer, &style, &tms, &matrix, &row, &name], None).await
}

/// `GET /wmts/1.0.0/{layer}/{style}/{time}/{tms}/{tileMatrix}/{tileRow}/{tileCol}.{png|jpg|webp}`
pub(in crate::http) async fn addressed_tile_at(
    call: Call,
    Path((layer, style, time, tms, matrix, row, name)): Path<(String, String, String, String, String, String, String)>,
) -> Result<Response, Error> {
    tile_of(&call, [&layer, &style, &tms, &matrix, &row, &name], Some(&time)).await
}

/// `GET /wmts/1.0.0/{layer}/{style}/{tms}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{i}.{json|html|txt|gml}`
pub(in crate::http) async fn addressed_info(
    call: Call,
    Path((layer, style, tms, matrix, row, column, j, name)): Path<Address>,
) -> Result<Response, Error> {
    info_of(&call, [&layer, &style, &tms, &matrix, &row, &column], None, [&j, &name]).await
}

/// `GET /wmts/1.0.0/{layer}/{style}/{time}/{tms}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{i}.{json|html|txt|gml}`
pub(in crate::http) async fn addressed_info_at(
    call: Call,
    Path((layer, style, time, tms, matrix, row, column, j, name)): Path<TimedAddress>,
) -> Result<Response, Error> {
    info_of(&call, [&layer, &style, &tms, &matrix, &row, &column], Some(&time), [&j, &name]).await
}

/// The parts of the address of a pixel.
type Address = (String, String, String, String, String, String, String, String);
/// The same with a time.
type TimedAddress = (String, String, String, String, String, String, String, String, String);

async fn tile_of(
    call: &Call,
    [layer, style, tms, matrix, row, name]: [&str; 6],
    time: Option<&str>,
) -> Result<Response, Error> {
    let (column, extension) = name.split_once('.').unwrap_or((name, ""));
    let format = match extension {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        _ => return Err(Error::NotFound(format!("format of tiles '{extension}'; there are png, jpg and webp"))),
    };
    let request = addressed([layer, style, tms, matrix, row, column], time, format)?;
    tile::answer(call, &request).await.map_err(Exception::of_address)
}

async fn info_of(call: &Call, place: [&str; 6], time: Option<&str>, [j, name]: [&str; 2]) -> Result<Response, Error> {
    let (i, extension) = name.split_once('.').unwrap_or((name, ""));
    let format = InfoFormat::ALL.into_iter().find(|format| format.extension() == extension);
    let missing =
        || Error::NotFound(format!("format '{extension}' of what is there; there are json, html, txt and gml"));
    let format = format.ok_or_else(missing)?.media_type();
    let request = addressed(place, time, "image/png")?;
    info::answer(call, &request, [i, j], format).await.map_err(Exception::of_address)
}

fn addressed<'a>(
    [layer, style, tms, matrix, row, column]: [&'a str; 6],
    time: Option<&'a str>,
    format: &'a str,
) -> Result<TileRequest<'a>, Error> {
    // Only parameters may leave the style open.
    if style.is_empty() {
        return Err(Error::NotFound("such tile: the address names no style".to_owned()));
    }
    Ok(TileRequest {
        layer,
        style,
        format,
        tile_matrix_set: tms,
        tile_matrix: matrix,
        tile_row: row,
        tile_column: column,
        time,
    })
}

/// Operations of other services, which this one does not support; what is none at all is a wrong word.
const ELSEWHERE: [&str; 7] =
    ["GetMap", "GetLegendGraphic", "DescribeLayer", "GetStyles", "GetFeature", "DescribeFeatureType", "GetCoverage"];

async fn answer(call: &Call) -> Result<Response, Exception> {
    let parameters = Parameters::of(call)?;
    let service = parameters.required("service")?;
    if !service.eq_ignore_ascii_case("WMTS") {
        return Err(Exception::unknown("service", service, &["WMTS"]));
    }
    let request = parameters.required("request")?;
    if request.eq_ignore_ascii_case("GetCapabilities") {
        return capabilities::answer(call, &parameters);
    }
    let is_info = request.eq_ignore_ascii_case("GetFeatureInfo");
    if !is_info && !request.eq_ignore_ascii_case("GetTile") {
        let is_elsewhere = ELSEWHERE.iter().any(|other| other.eq_ignore_ascii_case(request));
        let code = if is_elsewhere { Code::OperationNotSupported } else { Code::InvalidParameterValue };
        let message =
            format!("there is no operation '{request}'; there are GetCapabilities, GetTile and GetFeatureInfo");
        return Err(Exception::new(code, "request", message));
    }
    let version = parameters.required("Version")?;
    if version != "1.0.0" {
        return Err(Exception::unknown("Version", version, &["1.0.0"]));
    }
    let request = TileRequest {
        layer: parameters.required("Layer")?,
        // An empty one is the default.
        style: parameters.value("Style").unwrap_or_default(),
        format: parameters.required("Format")?,
        tile_matrix_set: parameters.required("TileMatrixSet")?,
        tile_matrix: parameters.required("TileMatrix")?,
        tile_row: parameters.required("TileRow")?,
        tile_column: parameters.required("TileCol")?,
        time: parameters.value("Time"),
    };
    if parameters.written("Style").is_none() {
        parameters.required("Style")?;
    }
    if is_info {
        let pixel = [parameters.required("I")?, parameters.required("J")?];
        return info::answer(call, &request, pixel, parameters.required("InfoFormat")?).await;
    }
    tile::answer(call, &request).await
}
