//! Requests, and which operation answers them.

use axum::response::Response;

use super::capabilities;
use super::exception::Code;
use super::exception::Exception;
use super::info;
use super::legend;
use super::map;
use super::version::Version;
use crate::http::Call;
use crate::http::ows::Missing;
use crate::http::ows::Parameters;

/// The operations that there are.
pub(super) const OPERATIONS: [&str; 4] = ["GetCapabilities", "GetMap", "GetFeatureInfo", "GetLegendGraphic"];

/// `GET /wms?service=WMS&request=...`
pub(in crate::http) async fn kvp(call: Call) -> Response {
    let parameters = match Parameters::of(&call) {
        Ok(parameters) => parameters,
        Err(error) => return Exception::from(error).answer(&call, &Parameters::default(), Version::V1_3_0),
    };
    // Exceptions are told in the version that was asked for, whether or not the rest of the request can be read.
    let version = Version::negotiated(parameters.value("VERSION").or(parameters.value("WMTVER")));
    match answer(&call, &parameters, version).await {
        Ok(response) => response,
        Err(exception) => exception.answer(&call, &parameters, version),
    }
}

async fn answer(call: &Call, parameters: &Parameters, version: Version) -> Result<Response, Exception> {
    if let Some(service) = parameters.value("SERVICE").filter(|service| !service.eq_ignore_ascii_case("WMS")) {
        return Err(Exception::invalid("SERVICE", service, "WMS"));
    }
    let asked = parameters.required("REQUEST")?;
    let operation = OPERATIONS.iter().position(|own| own.eq_ignore_ascii_case(asked));
    if operation == Some(0) {
        return capabilities::answer(call, parameters, version).await;
    }
    if operation.is_none() {
        return Err(Exception::unknown(Code::OperationNotSupported, "REQUEST", asked, OPERATIONS));
    }
    // Clients that ask for legends often say no version, and it makes no difference there.
    if operation == Some(3) {
        return legend::answer(call, parameters).await;
    }
    let written = parameters.value("VERSION").or(parameters.value("WMTVER")).ok_or(Missing("VERSION"))?;
    let version = Version::named(written).ok_or_else(|| Exception::invalid("VERSION", written, "1.3.0 or 1.1.1"))?;
    if operation == Some(1) {
        map::answer(call, parameters, version).await
    } else {
        info::answer(call, parameters, version).await
    }
}
