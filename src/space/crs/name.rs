//! The names by which clients ask for a system.

use super::Crs;

/// Why a text names no system that is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCrs {
    /// It looks like no name of a system.
    #[error(
        "'{0}' is no coordinate reference system: ask as http://www.opengis.net/def/crs/EPSG/0/4326, EPSG:4326, \
         [EPSG:4326], urn:ogc:def:crs:EPSG::4326 or OGC:CRS84"
    )]
    Name(String),
    /// The EPSG has no such code, or its definition cannot be computed.
    #[error("EPSG:{0} is no coordinate reference system that can be computed here")]
    Unknown(String),
}

impl Crs {
    /// Reads a name: a URI of the OGC (`http:` or `https:`), a URN, `EPSG:4326`, the same as a safe CURIE (`[EPSG:4326]`,
    /// `[OGC:CRS84]`), `CRS:84` (WMS 1.3.0), or the plain code.
    pub fn parse(text: &str) -> Result<Self, InvalidCrs> {
        let invalid = || InvalidCrs::Name(text.to_owned());
        let trimmed = text.trim();
        let name = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(trimmed);
        let (authority, code) = split(name).ok_or_else(invalid)?;
        match authority.to_ascii_uppercase().as_str() {
            "OGC" | "CRS" => match code.to_ascii_uppercase().as_str() {
                "CRS84" | "84" => Ok(Self::Crs84),
                "CRS84H" => Ok(Self::Crs84h),
                _ => Err(invalid()),
            },
            "EPSG" => {
                if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(invalid());
                }
                let known = code.parse().ok().and_then(Self::epsg);
                known.ok_or_else(|| InvalidCrs::Unknown(code.chars().take(12).collect()))
            }
            _ => Err(invalid()),
        }
    }

    /// Authority and code: `EPSG:4326`, `OGC:CRS84`.
    pub fn short_name(&self) -> String {
        match self {
            Self::Crs84 => "OGC:CRS84".to_owned(),
            Self::Crs84h => "OGC:CRS84h".to_owned(),
            Self::WebMercator | Self::Epsg(_) => format!("EPSG:{}", self.code().unwrap_or_default()),
        }
    }

    /// As the standards before 2010 name it: `urn:ogc:def:crs:EPSG::4326`.
    pub fn urn(&self) -> String {
        match self {
            Self::Crs84 => "urn:ogc:def:crs:OGC:1.3:CRS84".to_owned(),
            Self::Crs84h => "urn:ogc:def:crs:OGC:1.3:CRS84h".to_owned(),
            Self::WebMercator | Self::Epsg(_) => format!("urn:ogc:def:crs:EPSG::{}", self.code().unwrap_or_default()),
        }
    }
}

/// The authority and the code in a name.
fn split(name: &str) -> Option<(&str, &str)> {
    for scheme in ["http://", "https://"] {
        if let Some(rest) = strip(name, scheme) {
            let rest = strip(rest, "www.opengis.net/def/crs/").or_else(|| strip(rest, "opengis.net/def/crs/"))?;
            let mut parts = rest.split('/');
            let found = (parts.next()?, parts.next()?, parts.next()?);
            return parts.next().is_none().then_some((found.0, found.2));
        }
    }
    for prefix in ["urn:ogc:def:crs:", "urn:x-ogc:def:crs:"] {
        if let Some(rest) = strip(name, prefix) {
            let mut parts = rest.split(':');
            let (authority, version, code) = (parts.next()?, parts.next()?, parts.next());
            return parts.next().is_none().then_some((authority, code.unwrap_or(version)));
        }
    }
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(("EPSG", name));
    }
    name.split_once(':')
}

/// The rest behind a prefix, whose case does not matter.
fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

impl std::fmt::Display for Crs {
    /// The URI.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.uri())
    }
}
