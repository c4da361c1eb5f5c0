//! What a file beside a collection says about it: `features/{id}.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::feature::FieldType;

/// A collection's description. Every key is optional, and unknown ones are refused.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// A name for people.
    pub title: Option<String>,
    /// What the features are.
    pub description: Option<String>,
    /// Whom to name beside the map.
    pub attribution: Option<String>,
    /// The licence: its SPDX name or its URL.
    pub license: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The property that carries the id; without it, the member `id` of each feature does.
    pub id_field: Option<String>,
    /// The member that carries the geometry; GeoJSON has one, `geometry`.
    pub primary_geometry: Option<String>,
    /// Codes of the EPSG registry for further systems in which clients may ask for the features.
    #[serde(default)]
    pub crs: Vec<u32>,
    /// Seconds for which clients and proxies may use answers without asking again; without it, they ask each time.
    pub max_age: Option<u32>,
    /// The properties that say when a feature is.
    pub time: Option<TimeMetadata>,
    /// How it is cut to tiles.
    pub tiles: Option<TileMetadata>,
    /// What is known of single properties, by name.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldMetadata>,
}

/// How a collection is cut to tiles; what is not said follows from the features.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TileMetadata {
    /// The lowest zoom at which tiles show something.
    pub minzoom: Option<u8>,
    /// The zoom from which on all detail is there.
    pub maxzoom: Option<u8>,
    /// Units beyond each side of a tile that it has too.
    pub buffer: Option<u32>,
    /// Units a side.
    pub extent: Option<u32>,
    /// The properties that features carry.
    pub properties: Option<Vec<String>>,
    /// The property whose largest numbers matter most where not all features can be shown.
    pub rank: Option<String>,
    /// Whether points that lie within two pixels of each other are thinned, whatever room there is; by default below zoom 4.
    pub thin: Option<bool>,
    /// Bytes of an uncompressed tile, at most.
    pub max_bytes: Option<usize>,
    /// Whether tiles have a layer of points for labels.
    pub labels: Option<bool>,
    /// How points are gathered into clusters where the request says nothing.
    pub cluster: Option<ClusterMetadata>,
}

/// How points are gathered into clusters.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ClusterMetadata {
    /// Pixels of a tile of 512 from a cluster's first point to its others.
    pub radius: Option<f64>,
    /// The highest zoom at which points are gathered.
    pub max_zoom: Option<u8>,
    /// Points of the smallest cluster.
    pub min_points: Option<u32>,
    /// What clusters tell of their points: `sum:people`, `mean:...`, `min:...`, `max:...`.
    #[serde(default)]
    pub properties: Vec<String>,
}

impl TileMetadata {
    /// The least and the most that `extent` may be.
    pub const EXTENTS: [u64; 2] = [256, 16384];
    /// The least and the most that `buffer` may be.
    pub const BUFFERS: [u64; 2] = [0, 4096];
    /// The least and the most that zooms may be.
    pub const ZOOMS: [u64; 2] = [0, 24];
    /// The least and the most that `max_bytes` may be.
    pub const BYTES: [u64; 2] = [1000, 64 << 20];
    /// The widest radius of clusters: half a tile.
    pub const WIDEST_CLUSTER: f64 = 256.0;
}

/// Which properties say when a feature is.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TimeMetadata {
    /// When it is, or when it began.
    pub start: String,
    /// When it ended.
    pub end: Option<String>,
}

/// What is known of one property.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct FieldMetadata {
    /// Its type, where the values alone cannot tell.
    #[serde(rename = "type")]
    pub kind: Option<DeclaredType>,
    /// A name for people.
    pub title: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// The unit of its numbers.
    pub unit: Option<String>,
}

/// The types that may be declared.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum DeclaredType {
    /// `true` and `false`.
    Boolean,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Strings.
    String,
    /// Days, months or years.
    Date,
    /// RFC 3339 date-times.
    Timestamp,
}

impl From<DeclaredType> for FieldType {
    fn from(declared: DeclaredType) -> Self {
        match declared {
            DeclaredType::Boolean => Self::Boolean,
            DeclaredType::Integer => Self::Integer,
            DeclaredType::Number => Self::Number,
            DeclaredType::String => Self::String,
            DeclaredType::Date => Self::Date,
            DeclaredType::Timestamp => Self::Timestamp,
        }
    }
}
