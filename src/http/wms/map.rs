//! `GetMap` (OGC 06-042, 7.3).

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::look::Look;
use super::place;
use super::version::Version;
use crate::config::Config;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::map::Backdrop;
use crate::http::map::MapRequest;
use crate::http::map::encoding;
use crate::http::ogc::map::color;
use crate::http::ows::Layer;
use crate::http::ows::Parameters;
use crate::http::respond::ETag;
use crate::render;
use crate::style::Color;

/// A format of maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapFormat {
    Png,
    /// With at most 256 colours.
    Png8,
    Jpeg,
    Webp,
}

impl MapFormat {
    /// All of them, the usual one first.
    pub(super) const ALL: [Self; 4] = [Self::Png, Self::Png8, Self::Jpeg, Self::Webp];

    /// The media type by which requests name it.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Png8 => "image/png; mode=8bit",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// The format of a name, as different clients write it.
    pub(super) fn named(text: &str) -> Option<Self> {
        let name: String = text.to_ascii_lowercase().split_whitespace().collect();
        match name.as_str() {
            "image/png" => Some(Self::Png),
            "image/png;mode=8bit" | "image/png8" | "image/vnd.jpeg-png8" => Some(Self::Png8),
            "image/jpeg" | "image/jpg" => Some(Self::Jpeg),
            "image/webp" => Some(Self::Webp),
            _ => None,
        }
    }

    /// How it is written.
    pub(super) fn encoding(self, config: &Config) -> render::Format {
        match self {
            Self::Png => encoding(Format::Png, config),
            Self::Png8 => render::Format::PalettePng,
            Self::Jpeg => encoding(Format::Jpeg, config),
            Self::Webp => encoding(Format::Webp, config),
        }
    }
}

pub(super) async fn answer(call: &Call, parameters: &Parameters, version: Version) -> Result<Response, Exception> {
    let layers = Layer::all(&call.catalog);
    let Look { styled, selection, usual_time } = Look::asked(call, &layers, parameters)?;
    let frame = place::frame(&call.catalog, parameters, version, &call.app.config.limits)?;
    let format = format(parameters)?;
    let (is_bare, backdrop) = backdrop(parameters)?;
    let styled = if is_bare { call.catalog.without_background(&styled) } else { styled };
    let encoding = format.encoding(&call.app.config);
    let tile = MapRequest { styled, selection, frame, backdrop, encoding }.draw(call).await?;
    let tag = ETag::of(&[format.media_type().as_bytes(), tile.etag.as_bytes()]);
    let answer = || tag.answer(format.media_type(), Body::from(tile.bytes.clone()));
    let mut response = tag.unchanged(&call.headers).unwrap_or_else(answer);
    // OGC 06-042, C.4.2.
    let warning = usual_time.map(|time| format!("99 Default value used: time={time} ISO8601"));
    if let Some(warning) = warning.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::WARNING, warning);
    }
    Ok(response)
}

fn format(parameters: &Parameters) -> Result<MapFormat, Exception> {
    let written = parameters.required("FORMAT")?;
    let known = MapFormat::ALL.map(MapFormat::media_type);
    MapFormat::named(written).ok_or_else(|| Exception::unknown(Code::InvalidFormat, "FORMAT", written, known))
}

/// Whether the background of a style is left out, and what lies under a map: nothing where it is transparent, else the colour
/// `BGCOLOR`, else white.
pub(super) fn backdrop(parameters: &Parameters) -> Result<(bool, Backdrop), Exception> {
    let written = parameters.value("TRANSPARENT").unwrap_or("FALSE");
    let is_transparent = match written.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(Exception::invalid("TRANSPARENT", written, "TRUE or FALSE")),
    };
    let asked = parameters.value("BGCOLOR").map(|text| color("BGCOLOR", text)).transpose();
    let asked =
        asked.map_err(|error: Error| Exception::new(Code::InvalidParameterValue, "BGCOLOR", error.to_string()))?;
    let color = (!is_transparent).then(|| asked.unwrap_or(Color::new(1.0, 1.0, 1.0, 1.0)));
    Ok((is_transparent || asked.is_some(), Backdrop { color, void: None }))
}
