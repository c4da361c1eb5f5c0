//! The `crs` member of GeoJSON as it was before RFC 7946.

use crate::space::Crs;

/// How the coordinates of a file are to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// Longitude and latitude on WGS 84.
    Wgs84,
    /// Longitude and latitude on a datum that lies within two metres of WGS 84.
    NearWgs84,
    /// Metres of spherical Mercator.
    WebMercator,
    /// Named in a way that says nothing; taken for WGS 84, as RFC 7946 would.
    Unclear,
}

/// EPSG codes of geographic systems whose datum follows WGS 84 to within two metres: NAD83, ETRS89, GDA94, GDA2020,
/// JGD2000, JGD2011, Korea 2000, CGCS2000, NAD83(2011), WGS 84 with height.
const NEAR: [u32; 10] = [4269, 4258, 4283, 7844, 4612, 6668, 4737, 4490, 6318, 4979];

/// Codes under which spherical Mercator goes: EPSG's own, its forerunners and Esri's.
const MERCATOR: [u32; 6] = [3857, 900_913, 3785, 102_100, 102_113, 3587];

impl Reference {
    /// What a name such as `urn:ogc:def:crs:EPSG::4326` means, in the axis order of GeoJSON 2008 (easting first, whatever
    /// the authority says). `None` for systems that coordinates cannot be brought from.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let code = name.rsplit([':', '/']).next().unwrap_or(name);
        if code.eq_ignore_ascii_case("CRS84") || code.eq_ignore_ascii_case("CRS84h") {
            return Some(Self::Wgs84);
        }
        match code.parse::<u32>().ok()? {
            4326 => Some(Self::Wgs84),
            code if NEAR.contains(&code) => Some(Self::NearWgs84),
            code if MERCATOR.contains(&code) => Some(Self::WebMercator),
            _ => None,
        }
    }

    /// Brings a position to longitude and latitude in degrees.
    pub(super) fn to_lon_lat(self, position: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Wgs84 | Self::NearWgs84 | Self::Unclear => position,
            Self::WebMercator => Crs::WebMercator.unproject(position),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_a_name_mean_the_same() {
        for name in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "OGC:CRS84"] {
            assert_eq!(Reference::named(name), Some(Reference::Wgs84), "{name}");
        }
        assert_eq!(Reference::named("http://www.opengis.net/def/crs/EPSG/0/3857"), Some(Reference::WebMercator));
        assert_eq!(Reference::named("urn:ogc:def:crs:EPSG::4269"), Some(Reference::NearWgs84));
        assert_eq!(Reference::named("EPSG:5179"), None);
        assert_eq!(Reference::named("a moon"), None);
    }
}
