//! The clients whose eyes are borrowed.

use std::fmt;

/// A client of map servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    /// GDAL's drivers OAPIF, OGCAPI, WMS, WMTS and MVT, and all that is built on them.
    Gdal,
    /// QGIS.
    Qgis,
    /// `OpenLayers`, in a browser.
    OpenLayers,
    /// Leaflet, in a browser.
    Leaflet,
    /// `MapLibre` GL JS, in a browser.
    MapLibre,
    /// `OWSLib`, in Python.
    OwsLib,
    /// `ArcGIS` Pro and Online.
    ArcGis,
}

impl Client {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Gdal, Self::Qgis, Self::OpenLayers, Self::Leaflet, Self::MapLibre, Self::OwsLib, Self::ArcGis];
    /// Those that run in a browser, and may read only what it lets them.
    pub(super) const BROWSERS: &'static [Self] = &[Self::OpenLayers, Self::Leaflet, Self::MapLibre, Self::ArcGis];
    /// Those that read OGC API Features.
    pub(super) const FEATURES: &'static [Self] =
        &[Self::Gdal, Self::Qgis, Self::OpenLayers, Self::OwsLib, Self::ArcGis];
    /// Those that draw vector tiles.
    pub(super) const VECTOR_TILES: &'static [Self] =
        &[Self::Gdal, Self::Qgis, Self::OpenLayers, Self::MapLibre, Self::ArcGis];
    /// Those that ask for maps by WMS or WMTS.
    pub(super) const MAPS: &'static [Self] =
        &[Self::Gdal, Self::Qgis, Self::OpenLayers, Self::Leaflet, Self::OwsLib, Self::ArcGis];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gdal => "GDAL",
            Self::Qgis => "QGIS",
            Self::OpenLayers => "OpenLayers",
            Self::Leaflet => "Leaflet",
            Self::MapLibre => "MapLibre",
            Self::OwsLib => "OWSLib",
            Self::ArcGis => "ArcGIS",
        }
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
