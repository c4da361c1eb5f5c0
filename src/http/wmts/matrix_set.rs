//! The tile matrix sets: the grids of the server, and one of them under the name by which older clients know it.

use crate::config::Limits;
use crate::http::Call;
use crate::http::ogc::tilematrixsets::grids;
use crate::http::ows::Layer;
use crate::http::xml::Xml;
use crate::space::Corner;
use crate::space::Grid;
use crate::space::Level;
use crate::space::TileLimits;

/// A tile matrix set. It has only those matrices of its grid of which tiles are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct MatrixSet<'a> {
    pub(super) grid: &'a Grid,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// All of a grid.
    Own,
    /// The scales of `WebMercatorQuad` that the service's standard lists.
    WellKnown,
}

/// The well-known scale set of web maps (OGC 07-057r7, annex E.4). What bears its name has exactly its scales, and names the
/// system by the version in which the EPSG registered it, which newer clients do not read: hence both sets.
const GOOGLE: &str = "GoogleMapsCompatible";
const GOOGLE_CRS: &str = "urn:ogc:def:crs:EPSG:6.18:3:3857";
const GOOGLE_SCALES: usize = 19;

impl<'a> MatrixSet<'a> {
    /// All of them.
    pub(super) fn all(call: &'a Call) -> Vec<Self> {
        let mut sets = Vec::new();
        for grid in grids(&call.catalog) {
            sets.push(Self { grid, kind: Kind::Own });
            sets.extend(Self::google(call).filter(|google| google.grid.id() == grid.id()));
        }
        sets
    }

    /// The set of a name.
    pub(super) fn named(call: &'a Call, id: &str) -> Option<Self> {
        let own = call.catalog.grids.get(id).map(|grid| Self { grid, kind: Kind::Own });
        own.or_else(|| Self::google(call).filter(|google| google.id() == id))
    }

    /// `None` where a grid of that name was written for the server.
    fn google(call: &'a Call) -> Option<Self> {
        let grid = call.catalog.grids.get("WebMercatorQuad").filter(|_| !call.catalog.grids.contains_key(GOOGLE))?;
        Some(Self { grid, kind: Kind::WellKnown })
    }

    pub(super) fn id(self) -> &'a str {
        match self.kind {
            Kind::Own => self.grid.id(),
            Kind::WellKnown => GOOGLE,
        }
    }

    /// Its matrices, from the coarsest to the finest; their positions are those in the grid.
    pub(super) fn levels(self, limits: &Limits) -> impl Iterator<Item = (u8, &'a Level)> {
        let most = f64::from(limits.zoom);
        let grid = self.grid;
        let count = match self.kind {
            Kind::Own => usize::MAX,
            Kind::WellKnown => GOOGLE_SCALES,
        };
        (0..).zip(grid.levels()).take(count).filter(move |(position, _)| grid.zoom(*position) <= most)
    }

    /// The tiles that there are of a layer, a matrix each.
    pub(super) fn limits(self, layer: &Layer, limits: &Limits) -> Vec<TileLimits> {
        let levels: Vec<u8> = self.levels(limits).map(|(position, _)| position).collect();
        let mut own = layer.limits(self.grid, limits);
        own.retain(|own| levels.contains(&own.level));
        own
    }

    /// Writes that a layer has tiles in the set, and which.
    pub(super) fn link(self, xml: &mut Xml, within: &[TileLimits]) {
        xml.open("TileMatrixSetLink", &[]).text("TileMatrixSet", self.id()).open("TileMatrixSetLimits", &[]);
        for own in within {
            let level = &self.grid.levels()[usize::from(own.level)];
            let [first, last] = own.rows.map(|row| from_top(level, row));
            xml.open("TileMatrixLimits", &[])
                .text("TileMatrix", &level.id)
                .text("MinTileRow", &first.min(last).to_string())
                .text("MaxTileRow", &first.max(last).to_string())
                .text("MinTileCol", &own.columns[0].to_string())
                .text("MaxTileCol", &own.columns[1].to_string())
                .close();
        }
        xml.close().close();
    }

    /// Writes the set.
    pub(super) fn describe(self, xml: &mut Xml, limits: &Limits) {
        let grid = self.grid;
        xml.open("TileMatrixSet", &[]).text("ows:Title", grid.title()).text("ows:Identifier", self.id());
        match self.kind {
            Kind::Own => xml.text("ows:SupportedCRS", &grid.crs().urn()),
            Kind::WellKnown => xml
                .text("ows:SupportedCRS", GOOGLE_CRS)
                .text("WellKnownScaleSet", &format!("urn:ogc:def:wkss:OGC:1.0:{GOOGLE}")),
        };
        for (_, matrix) in self.levels(limits) {
            let bounds = matrix.bounds();
            let [x, y] = grid.crs().axes().write([bounds.min_x, bounds.max_y]);
            xml.open("TileMatrix", &[])
                .text("ows:Identifier", &matrix.id)
                .text("ScaleDenominator", &self.scale(matrix))
                .text("TopLeftCorner", &format!("{x} {y}"))
                .text("TileWidth", &matrix.tile_width.to_string())
                .text("TileHeight", &matrix.tile_height.to_string())
                .text("MatrixWidth", &matrix.width.to_string())
                .text("MatrixHeight", &matrix.height.to_string())
                .close();
        }
        xml.close();
    }

    /// The number below the 1 of a matrix's scale. The standard lists sixteen digits of those that are well known.
    fn scale(self, matrix: &Level) -> String {
        let scale = matrix.scale_denominator;
        match self.kind {
            Kind::Own => scale.to_string(),
            Kind::WellKnown => format!("{scale:.15e}").parse::<f64>().unwrap_or(scale).to_string(),
        }
    }
}

/// The number of a row as this service counts everywhere, from the top, or the other way round.
pub(super) fn from_top(level: &Level, row: u32) -> u32 {
    match level.corner {
        Corner::TopLeft => row,
        Corner::BottomLeft => level.height.saturating_sub(1).saturating_sub(row),
    }
}
