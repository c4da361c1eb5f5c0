//! `GetFeatureInfo` (OGC 06-042, 7.4): what was drawn at a pixel of a map.

use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::look::Look;
use super::look::is_queryable;
use super::look::named;
use super::place;
use super::version::Version;
use crate::http::Call;
use crate::http::ows::InfoFormat;
use crate::http::ows::Layer;
use crate::http::ows::Parameters;
use crate::http::ows::Probe;
use crate::http::ows::respond;

pub(super) async fn answer(call: &Call, parameters: &Parameters, version: Version) -> Result<Response, Exception> {
    let layers = Layer::all(&call.catalog);
    let Look { styled, selection, .. } = Look::asked(call, &layers, parameters)?;
    let drawn = named(call, &layers, "LAYERS", parameters.required("LAYERS")?)?;
    let asked = named(call, &layers, "QUERY_LAYERS", parameters.required("QUERY_LAYERS")?)?;
    if let Some(other) = asked.iter().find(|layer| drawn.iter().all(|own| own.id != layer.id)) {
        let drawn = drawn.iter().map(|layer| layer.id.as_str());
        return Err(Exception::unknown(Code::LayerNotDefined, "QUERY_LAYERS", &other.id, drawn));
    }
    if let Some(layer) = asked.iter().find(|layer| !is_queryable(layer)) {
        let message = format!("the layer '{}' shows pictures only, of which there is nothing to tell", layer.id);
        return Err(Exception::new(Code::LayerNotQueryable, "QUERY_LAYERS", message));
    }
    let is_all = asked.iter().any(|layer| layer.collection.is_none()) || drawn.len() == asked.len();
    let only = if is_all { Vec::new() } else { asked.iter().map(|layer| layer.id.clone()).collect() };
    let frame = place::frame(&call.catalog, parameters, version, &call.app.config.limits)?;
    let known = InfoFormat::ALL.map(InfoFormat::media_type);
    let written = parameters.required("INFO_FORMAT")?;
    let format = InfoFormat::named(written)
        .ok_or_else(|| Exception::unknown(Code::InvalidFormat, "INFO_FORMAT", written, known))?;
    let names = match version {
        Version::V1_3_0 => ["I", "J"],
        Version::V1_1_1 => ["X", "Y"],
    };
    let pixel = [pixel(parameters, names[0], frame.size[0])?, pixel(parameters, names[1], frame.size[1])?];
    let limit = count(parameters, call.app.config.limits.items)?;
    Ok(respond(call, Probe { styled, selection, frame, pixel, limit, only }, format).await?)
}

fn pixel(parameters: &Parameters, name: &'static str, side: u32) -> Result<u32, Exception> {
    let written = parameters.required(name)?;
    let number = written.trim().parse::<u32>().ok().filter(|&number| number < side);
    number.ok_or_else(|| {
        let message = format!("{name} is '{written}' but must be a pixel of the map, from 0 to {}", side - 1);
        Exception::new(Code::InvalidPoint, name, message)
    })
}

/// `FEATURE_COUNT`: one, if nobody asks for more.
fn count(parameters: &Parameters, most: usize) -> Result<usize, Exception> {
    let Some(written) = parameters.value("FEATURE_COUNT") else { return Ok(1) };
    let number = written.trim().parse::<usize>().ok().filter(|&number| number > 0);
    let number = number.ok_or_else(|| Exception::invalid("FEATURE_COUNT", written, "a whole number from 1"))?;
    Ok(number.min(most))
}
