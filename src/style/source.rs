//! Where a style says that its data are.

use serde_json::Map;
use serde_json::Value as Json;

/// A source of a style.
#[derive(Clone, Debug)]
pub enum Source {
    /// Vector tiles.
    Vector(Tiled),
    /// Tiles of pixels.
    Raster(Tiled),
    /// Tiles of heights.
    RasterDem(Tiled, Encoding),
    /// Features.
    Geojson(Geojson),
    /// One picture between four corners: longitude and latitude of the top left, top right, bottom right, bottom left.
    Image {
        /// Where it is.
        url: String,
        /// Its corners.
        corners: [[f64; 2]; 4],
    },
}

/// A pyramid of tiles. What is `None` may be said by the TileJSON document at `url`.
#[derive(Clone, Debug, Default)]
pub struct Tiled {
    /// The URL of a TileJSON document.
    pub url: Option<String>,
    /// URLs of tiles with `{z}`, `{x}` and `{y}`.
    pub tiles: Vec<String>,
    /// The lowest zoom with tiles.
    pub minzoom: Option<u8>,
    /// The highest zoom with tiles; beyond it they are enlarged.
    pub maxzoom: Option<u8>,
    /// West, south, east and north in degrees of what there is.
    pub bounds: Option<[f64; 4]>,
    /// How rows are counted.
    pub scheme: Scheme,
    /// Side of a tile in pixels.
    pub tile_size: u16,
    /// Whom to name on the map.
    pub attribution: Option<String>,
}

/// How rows of tiles are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scheme {
    /// From the north.
    #[default]
    Xyz,
    /// From the south.
    Tms,
}

/// How the colour of a pixel says a height in metres: each channel, from 0 to 255, times its factor, less the shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Encoding {
    /// Of red, green and blue.
    pub factors: [f64; 3],
    /// What is taken off.
    pub shift: f64,
}

impl Encoding {
    /// `mapbox`, which is meant where a source says nothing.
    pub const MAPBOX: Self = Self { factors: [6553.6, 25.6, 0.1], shift: 10_000.0 };
    /// `terrarium`
    pub const TERRARIUM: Self = Self { factors: [256.0, 1.0, 1.0 / 256.0], shift: 32_768.0 };

    /// Reads the members of a `raster-dem` source or of its TileJSON document.
    pub fn read(members: &Map<String, Json>) -> Self {
        let number = |name: &str, otherwise: f64| {
            members.get(name).and_then(Json::as_f64).map_or(otherwise, |n| n.clamp(-1e9, 1e9))
        };
        match members.get("encoding").and_then(Json::as_str) {
            Some("terrarium") => Self::TERRARIUM,
            Some("custom") => Self {
                factors: [number("redFactor", 1.0), number("greenFactor", 1.0), number("blueFactor", 1.0)],
                shift: number("baseShift", 0.0),
            },
            _ => Self::MAPBOX,
        }
    }
}

/// Features as GeoJSON.
#[derive(Clone, Debug)]
pub struct Geojson {
    /// The features.
    pub data: GeojsonData,
    /// The highest zoom for which tiles are cut; beyond it they are enlarged.
    pub maxzoom: u8,
    /// Margin of a tile in 512ths of its side.
    pub buffer: f64,
    /// Tolerance of simplification in 512ths of a tile's side.
    pub tolerance: f64,
    /// Whether points are gathered, and how.
    pub cluster: Option<Clustering>,
    /// Whether `["line-progress"]` is asked for.
    pub line_metrics: bool,
    /// Whether ids are made from positions in the list.
    pub generate_id: bool,
    /// A property that is the id.
    pub promote_id: Option<String>,
    /// Which of the features are taken, as written.
    pub filter: Option<Json>,
    /// Whom to name on the map.
    pub attribution: Option<String>,
}

/// Where the features of a GeoJSON source are.
#[derive(Clone, Debug)]
pub enum GeojsonData {
    /// In the style: GeoJSON text.
    Inline(String),
    /// Elsewhere.
    Url(String),
}

/// How points are gathered into clusters.
#[derive(Clone, Debug)]
pub struct Clustering {
    /// Distance in 512ths of a tile's side.
    pub radius: f64,
    /// The highest zoom at which points are gathered.
    pub maxzoom: u8,
    /// The smallest cluster.
    pub min_points: u32,
    /// Properties of clusters, as written.
    pub properties: Map<String, Json>,
}

impl Tiled {
    /// Reads the members of a source or of a TileJSON 3.0 document.
    pub fn read(members: &Map<String, Json>) -> Self {
        let number = |name: &str| members.get(name).and_then(Json::as_f64).filter(|n| (0.0..=30.0).contains(n));
        let text = |name: &str| members.get(name).and_then(Json::as_str).map(str::to_owned);
        let tiles = members.get("tiles").and_then(Json::as_array);
        let bounds = members.get("bounds").and_then(Json::as_array).and_then(|numbers| {
            let numbers: Vec<f64> = numbers.iter().filter_map(Json::as_f64).collect();
            <[f64; 4]>::try_from(numbers).ok()
        });
        let size = members.get("tileSize").and_then(Json::as_u64).unwrap_or(512);
        Self {
            url: text("url"),
            tiles: tiles.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect(),
            minzoom: number("minzoom").map(|n| n as u8),
            maxzoom: number("maxzoom").map(|n| n as u8),
            bounds,
            scheme: if text("scheme").as_deref() == Some("tms") { Scheme::Tms } else { Scheme::Xyz },
            tile_size: size.clamp(32, 4096) as u16,
            attribution: text("attribution"),
        }
    }

    /// Takes from a TileJSON document what the source itself leaves open.
    pub fn complete(&mut self, document: &Map<String, Json>) {
        let found = Self::read(document);
        if self.tiles.is_empty() {
            self.tiles = found.tiles;
            self.scheme = found.scheme;
        }
        self.minzoom = self.minzoom.or(found.minzoom);
        self.maxzoom = self.maxzoom.or(found.maxzoom);
        self.bounds = self.bounds.or(found.bounds);
        self.attribution = self.attribution.take().or(found.attribution);
    }
}

/// Degrees, some turns around the world: what lies farther away is no place on it.
const FARTHEST: f64 = 1080.0;

impl Source {
    /// Reads a source of a style.
    pub(super) fn read(json: &Json) -> Result<Self, String> {
        let members = json.as_object().ok_or("a source is an object")?;
        match members.get("type").and_then(Json::as_str) {
            Some("vector") => Ok(Self::Vector(Tiled::read(members))),
            Some("raster") => Ok(Self::Raster(Tiled::read(members))),
            Some("raster-dem") => Ok(Self::RasterDem(Tiled::read(members), Encoding::read(members))),
            Some("geojson") => Geojson::read(members).map(Self::Geojson),
            Some("image") => {
                let url = members.get("url").and_then(Json::as_str).ok_or("an image source has a url")?.to_owned();
                let corners = members.get("coordinates").and_then(|list| serde_json::from_value(list.clone()).ok());
                let corners: [[f64; 2]; 4] = corners.ok_or("an image source has four coordinates")?;
                if corners.iter().any(|[longitude, latitude]| longitude.abs() > FARTHEST || latitude.abs() > FARTHEST) {
                    return Err("the coordinates of an image source are longitudes and latitudes in degrees".to_owned());
                }
                Ok(Self::Image { url, corners })
            }
            Some(kind) => Err(format!("a source of the type '{kind}' is not known")),
            None => Err("a source has a type".to_owned()),
        }
    }
}

impl Geojson {
    fn read(members: &Map<String, Json>) -> Result<Self, String> {
        let number = |name: &str, otherwise: f64, max: f64| {
            members.get(name).and_then(Json::as_f64).unwrap_or(otherwise).clamp(0.0, max)
        };
        let flag = |name: &str| members.get(name).and_then(Json::as_bool).unwrap_or(false);
        let text = |name: &str| members.get(name).and_then(Json::as_str).map(str::to_owned);
        let data = match members.get("data") {
            Some(Json::String(url)) => GeojsonData::Url(url.clone()),
            Some(value @ Json::Object(_)) => {
                let mut value = value.clone();
                fold_latitudes(&mut value, false);
                GeojsonData::Inline(value.to_string())
            }
            _ => return Err("a geojson source has data: an object or a URL".to_owned()),
        };
        let maxzoom = number("maxzoom", 18.0, 24.0);
        let cluster = flag("cluster").then(|| Clustering {
            radius: number("clusterRadius", 50.0, 8192.0),
            maxzoom: number("clusterMaxZoom", (maxzoom - 1.0).max(0.0), 24.0) as u8,
            min_points: number("clusterMinPoints", 2.0, 1e6) as u32,
            properties: members.get("clusterProperties").and_then(Json::as_object).cloned().unwrap_or_default(),
        });
        Ok(Self {
            data,
            maxzoom: maxzoom as u8,
            buffer: number("buffer", 128.0, 512.0),
            tolerance: number("tolerance", 0.375, 100.0),
            cluster,
            line_metrics: flag("lineMetrics"),
            generate_id: flag("generateId"),
            promote_id: text("promoteId"),
            filter: members.get("filter").cloned(),
            attribution: text("attribution"),
        })
    }
}

/// Brings latitudes beyond the poles back from them, as MapLibre does, which reckons with their sine: 100 becomes 80.
fn fold_latitudes(json: &mut Json, is_position: bool) {
    match json {
        Json::Array(items) => {
            if let [Json::Number(_), Json::Number(latitude), ..] = &mut items[..]
                && is_position
                && let Some(degrees) = latitude.as_f64().filter(|degrees| degrees.abs() > 90.0)
            {
                let folded = degrees.to_radians().sin().asin().to_degrees();
                *latitude = serde_json::Number::from_f64(folded).unwrap_or_else(|| 90.into());
            }
            items.iter_mut().for_each(|item| fold_latitudes(item, is_position));
        }
        Json::Object(members) => {
            for (name, member) in members {
                if name != "properties" {
                    fold_latitudes(member, is_position || name == "coordinates");
                }
            }
        }
        _ => {}
    }
}
