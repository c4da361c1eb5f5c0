//! `GetLegendGraphic` (OGC 05-078r4, 12).

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::look::named;
use super::look::styled;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::ows::Layer;
use crate::http::ows::Missing;
use crate::http::ows::Parameters;
use crate::http::respond::ETag;
use crate::http::xyz::legend::legend;
use crate::http::xyz::pictures::look_of;

/// The formats of legends, and the files that they are.
pub(super) const FORMATS: [(&str, &str); 3] =
    [("image/png", "legend.png"), ("image/svg+xml", "legend.svg"), ("application/json", "legend.json")];

/// The scale of maps at zoom 0, where the world is 512 pixels of 0.28 mm wide.
pub(super) const SCALE_AT_ZERO: f64 = 279_541_132.014_358_76;

pub(super) async fn answer(call: &Call, parameters: &Parameters) -> Result<Response, Exception> {
    let layers = Layer::all(&call.catalog);
    let name = parameters.value("LAYER").or(parameters.value("LAYERS")).ok_or(Missing("LAYER"))?;
    let chosen = named(call, &layers, "LAYER", name)?;
    let names: Vec<&str> = parameters
        .value("STYLE")
        .or(parameters.value("STYLES"))
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .collect();
    let mut styles: Vec<Arc<Styled>> = Vec::new();
    for (place, layer) in chosen.iter().enumerate() {
        styles.extend(styled(call, &layers, layer, names.get(place).copied().unwrap_or_default())?);
    }
    let styled = call.catalog.stacked(&styles);
    let styled = styled.map_err(|error| Exception::new(Code::InvalidParameterValue, "STYLE", error.to_string()))?;
    let written = parameters.value("FORMAT").unwrap_or(FORMATS[0].0);
    let known = FORMATS.map(|(media_type, _)| media_type);
    let file = FORMATS.iter().find(|(media_type, _)| media_type.eq_ignore_ascii_case(written.trim()));
    let (_, file) = file.ok_or_else(|| Exception::unknown(Code::InvalidFormat, "FORMAT", written, known))?;
    let (tile, format) = legend(call, look_of(call, styled), file, &query(parameters)?).await?;
    let tag = ETag::of(&[tile.etag.as_bytes()]);
    let answer = || tag.answer(format.content_type(), Body::from(tile.bytes.clone()));
    Ok(tag.unchanged(&call.headers).unwrap_or_else(answer))
}

/// What is asked, in the parameters of our legends: `SCALE` as a zoom, and `WIDTH` and `HEIGHT` of a swatch. With a box
/// they are the map's size.
fn query(parameters: &Parameters) -> Result<String, Exception> {
    let mut query = String::new();
    if let Some(written) = parameters.value("SCALE") {
        let scale = written.trim().parse::<f64>().ok().filter(|scale| scale.is_finite() && *scale > 0.0);
        let scale = scale.ok_or_else(|| Exception::invalid("SCALE", written, "the number below the 1 of a scale"))?;
        query = format!("zoom={}&", (SCALE_AT_ZERO / scale).log2().clamp(0.0, 24.0));
    }
    if parameters.value("BBOX").is_some() {
        return Ok(query);
    }
    for (name, own) in [("WIDTH", "swatchwidth"), ("HEIGHT", "swatchheight")] {
        if let Some(written) = parameters.value(name) {
            let number = written.trim().parse::<u32>().ok().filter(|&number| number > 0);
            let number = number.ok_or_else(|| Exception::invalid(name, written, "a whole number of pixels from 1"))?;
            query.push_str(&format!("{own}={number}&"));
        }
    }
    Ok(query)
}
