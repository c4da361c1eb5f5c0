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
use crate::http::Path;
use crate::http::params::pairs;

/// The parameters of a request, whose names have no case; those that nobody asks for are passed over.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// What was given; an empty value is none.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let own = self.0.iter().find(|(own, value)| own.eq_ignore_ascii_case(name) && !value.is_empty());
        own.map(|(_, value)| value.as_str())
    }

    /// What has to be given.
    fn required(&self, name: &'static str) -> Result<&str, Exception> {
        self.value(name).ok_or_else(|| {
            Exception::new(Code::MissingParameterValue, name, format!("the parameter '{name}' is missing"))
        })
    }
}

/// `GET /wmts?service=WMTS&request=...`
pub(in crate::http) async fn kvp(call: Call) -> Response {
    match answer(&call).await {
        Ok(response) => response,
        Err(exception) => exception.into_response(),
    }
}

/// `GET /wmts/1.0.0/WMTSCapabilities.xml`
pub(in crate::http) async fn capabilities_document(call: Call) -> Response {
    match capabilities::answer(&call, &Parameters(Vec::new())) {
        Ok(response) => response,
        Err(exception) => exception.into_response(),
    }
}

/// `GET /wmts/1.0.0/{layer}/{style}/{tms}/{tileMatrix}/{tileRow}/{tileCol}.{png|jpg|webp}`
pub(in crate::http) async fn addressed_tile(
    call: Call,
    Path((layer, style, tms, matrix, row, name)): Path<(String, String, String, String, String, String)>,
) -> Result<Response, Error> {
    let (column, extension) = name.split_once('.').unwrap_or((&name, ""));
    let format = match extension {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        _ => return Err(Error::NotFound(format!("format of tiles '{extension}'; there are png, jpg and webp"))),
    };
    let request = TileRequest {
        layer: &layer,
        style: &style,
        format,
        tile_matrix_set: &tms,
        tile_matrix: &matrix,
        tile_row: &row,
        tile_column: column,
        time: None,
    };
    tile::answer(&call, &request).await.map_err(Exception::of_address)
}

/// `GET /wmts/1.0.0/{layer}/{style}/{tms}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{i}.{json|html|txt}`
pub(in crate::http) async fn addressed_info(
    call: Call,
    Path((layer, style, tms, matrix, row, column, j, name)): Path<Address>,
) -> Result<Response, Error> {
    let (i, extension) = name.split_once('.').unwrap_or((&name, ""));
    let format = info::FORMATS.iter().find(|(_, own)| *own == extension).map(|(format, _)| *format);
    let missing = || Error::NotFound(format!("format '{extension}' of what is there; there are json, html and txt"));
    let request = TileRequest {
        layer: &layer,
        style: &style,
        format: "image/png",
        tile_matrix_set: &tms,
        tile_matrix: &matrix,
        tile_row: &row,
        tile_column: &column,
        time: None,
    };
    info::answer(&call, &request, [i, &j], format.ok_or_else(missing)?).await.map_err(Exception::of_address)
}

/// The parts of the address of a pixel.
type Address = (String, String, String, String, String, String, String, String);

async fn answer(call: &Call) -> Result<Response, Exception> {
    let parameters = Parameters(pairs(&call.query)?);
    let service = parameters.required("Service")?;
    if !service.eq_ignore_ascii_case("WMTS") {
        return Err(Exception::unknown("Service", service, &["WMTS"]));
    }
    let request = parameters.required("Request")?;
    if request.eq_ignore_ascii_case("GetCapabilities") {
        return capabilities::answer(call, &parameters);
    }
    let is_info = request.eq_ignore_ascii_case("GetFeatureInfo");
    if !is_info && !request.eq_ignore_ascii_case("GetTile") {
        let message =
            format!("there is no operation '{request}'; there are GetCapabilities, GetTile and GetFeatureInfo");
        return Err(Exception::new(Code::OperationNotSupported, "Request", message));
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
    if !parameters.0.iter().any(|(name, _)| name.eq_ignore_ascii_case("style")) {
        parameters.required("Style")?;
    }
    if is_info {
        let pixel = [parameters.required("I")?, parameters.required("J")?];
        return info::answer(call, &request, pixel, parameters.required("InfoFormat")?).await;
    }
    tile::answer(call, &request).await
}
