//! The grids that the OGC has registered (Annex D of OGC 17-083r4, and its register).

use super::Corner;
use super::Grid;
use super::Level;
use super::grid::CELL;
use crate::space::Crs;

/// Half the length of a meridian times two, in metres on the ellipsoid of WGS 84 with the scale of UTM: the height and width
/// of the uppermost tiles of the quads of UTM.
const UTM_SPAN: f64 = 20_003_931.458_625_5;

/// Half the width of the quads of the polar stereographic systems, whose middle is the pole.
const UPS_HALF: f64 = 16_440_759.350_252;

/// What sets one quad apart from another.
struct Quad {
    id: String,
    title: String,
    crs: Crs,
    axes: [&'static str; 2],
    scale_set: Option<&'static str>,
    /// The top left corner, east first, in units of the CRS.
    origin: [f64; 2],
    /// The width of a tile of level 0.
    span: f64,
    /// Columns and rows of level 0.
    matrix: [u32; 2],
    /// Its first and last level.
    zooms: std::ops::RangeInclusive<u32>,
}

impl Grid {
    /// The grid of the web's maps: levels 0 to 24, 256 cells a tile (registered as `WebMercatorQuad`).
    pub fn web_mercator_quad() -> Self {
        let half = Crs::MERCATOR_HALF;
        quad(Quad {
            id: "WebMercatorQuad".to_owned(),
            title: "Google Maps Compatible for the World".to_owned(),
            crs: Crs::WebMercator,
            axes: ["X", "Y"],
            scale_set: Some("GoogleMapsCompatible"),
            origin: [-half, half],
            span: 2.0 * half,
            matrix: [1, 1],
            zooms: 0..=u32::from(Self::MAX_ZOOM),
        })
    }

    /// Plain degrees, longitude first (`WorldCRS84Quad`).
    pub fn world_crs84_quad() -> Self {
        quad(Quad {
            id: "WorldCRS84Quad".to_owned(),
            title: "CRS84 for the World".to_owned(),
            crs: Crs::Crs84,
            axes: ["Lon", "Lat"],
            scale_set: Some("GoogleCRS84Quad"),
            origin: [-180.0, 90.0],
            span: 180.0,
            matrix: [2, 1],
            zooms: 0..=23,
        })
    }

    /// A grid that is registered, by its id; `None` when there is none of that name.
    pub fn registered(id: &str) -> Option<Self> {
        let mercator = Crs::MERCATOR_HALF;
        let world = |id: &str, title: &str, code: u32, origin: [f64; 2], span: f64, zooms| {
            let crs = Crs::epsg(code)?;
            let axes = if crs.axes().is_swapped() { ["Y", "X"] } else { ["E", "N"] };
            let (id, title) = (id.to_owned(), title.to_owned());
            Some(Quad { id, title, crs, axes, scale_set: None, origin, span, matrix: [1, 1], zooms })
        };
        let polar = [2_000_000.0 - UPS_HALF, 2_000_000.0 + UPS_HALF];
        let found = match id {
            "WebMercatorQuad" => return Some(Self::web_mercator_quad()),
            "WorldCRS84Quad" => return Some(Self::world_crs84_quad()),
            "WorldMercatorWGS84Quad" => {
                let title = "World Mercator WGS84 (ellipsoid)";
                let found = world(id, title, 3395, [-mercator, mercator], 2.0 * mercator, 0..=24)?;
                Quad { scale_set: Some("WorldMercatorWGS84"), ..found }
            }
            "UPSArcticWGS84Quad" => {
                let title = "Universal Polar Stereographic WGS 84 Quad for Arctic";
                world(id, title, 5041, polar, 2.0 * UPS_HALF, 0..=24)?
            }
            "UPSAntarcticWGS84Quad" => {
                let title = "Universal Polar Stereographic WGS 84 Quad for Antarctic";
                world(id, title, 5042, polar, 2.0 * UPS_HALF, 0..=24)?
            }
            "EuropeanETRS89_LAEAQuad" => {
                let title = "Lambert Azimuthal Equal Area ETRS89 for Europe";
                world(id, title, 3035, [2_000_000.0, 5_500_000.0], 4_500_000.0, 0..=15)?
            }
            utm => {
                let digits = utm.strip_prefix("UTM")?.strip_suffix("WGS84Quad")?;
                let zone: u32 = digits.parse().ok().filter(|zone| (1..=60).contains(zone) && digits.len() == 2)?;
                let title = format!("Universal Transverse Mercator Zone {digits} WGS84 Quad");
                let origin = [500_000.0 - UTM_SPAN / 2.0, UTM_SPAN];
                // The register begins with level 1, whose two tiles lie one above the other.
                let found = world(id, &title, 32_600 + zone, origin, 2.0 * UTM_SPAN, 1..=24)?;
                Quad { matrix: [1, 1], ..found }
            }
        };
        Some(quad(found))
    }

    /// The ids of all registered grids that can be had.
    pub fn registered_ids() -> impl Iterator<Item = String> {
        let single = [
            "WebMercatorQuad",
            "WorldCRS84Quad",
            "WorldMercatorWGS84Quad",
            "UPSArcticWGS84Quad",
            "UPSAntarcticWGS84Quad",
            "EuropeanETRS89_LAEAQuad",
        ];
        single.map(str::to_owned).into_iter().chain((1..=60).map(|zone| format!("UTM{zone:02}WGS84Quad")))
    }
}

fn quad(quad: Quad) -> Grid {
    let metres = quad.crs.metres_a_unit();
    let is_utm = quad.id.starts_with("UTM");
    let level = |zoom: u32| {
        let cell_size = quad.span / 256.0 / f64::from(1_u32 << zoom);
        let [columns, rows] = quad.matrix.map(|count| count << zoom);
        Level {
            id: zoom.to_string(),
            title: None,
            scale_denominator: cell_size * metres / CELL,
            cell_size,
            corner: Corner::TopLeft,
            origin: quad.origin,
            tile_width: 256,
            tile_height: 256,
            // A zone of UTM is half as wide as it is high.
            width: if is_utm { columns / 2 } else { columns },
            height: rows,
        }
    };
    Grid {
        uri: Some(format!("http://www.opengis.net/def/tilematrixset/OGC/1.0/{}", quad.id)),
        ordered_axes: quad.axes.map(str::to_owned),
        well_known_scale_set: quad.scale_set.map(|name| format!("http://www.opengis.net/def/wkss/OGC/1.0/{name}")),
        levels: quad.zooms.clone().map(level).collect(),
        id: quad.id,
        title: quad.title,
        crs: quad.crs,
    }
}
