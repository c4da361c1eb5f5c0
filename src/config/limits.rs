//! Limits on all that a client, a file or a remote server can make large.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

/// Every limit by its name, each at least 1. `_bytes` are bytes and `_seconds` seconds.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Most features on a page of items.
    pub items: usize,
    /// Features on a page of items when the client does not say.
    pub default_items: usize,
    /// Most levels of nesting in a filter.
    pub filter_depth: usize,
    /// Most operators, functions, properties and values in a filter.
    pub filter_nodes: usize,
    /// Most positions of the geometries in a filter.
    pub filter_positions: usize,
    /// Most groups of an aggregate.
    pub groups: usize,
    /// Most ids in one comma list.
    pub collections: usize,
    /// Highest zoom of tiles and pictures.
    pub zoom: u8,
    /// Most pixels along a side of a picture.
    pub image_side: u32,
    /// Most pixels of a picture.
    pub image_pixels: u32,
    /// Most layers of a style that a picture draws.
    pub image_layers: usize,
    /// Most pixels along a side of the blocks in which neighbouring tiles are drawn together; 1 draws each alone.
    pub metatile_side: u32,
    /// Highest number of picture pixels per CSS pixel.
    pub ratio: u8,
    /// Most pixels around a pixel in which features are looked for.
    pub pick_radius: u32,
    /// Most features that are laid over a static map.
    pub overlay_features: usize,
    /// Most positions of the features that are laid over a static map.
    pub overlay_positions: usize,
    /// Most features that are looked at for the classes and counts of a legend, of each collection.
    pub legend_features: usize,
    /// Longest path and query of a request.
    pub url_bytes: usize,
    /// Longest head of a request.
    pub header_bytes: usize,
    /// Longest body of a request.
    pub body_bytes: usize,
    /// Longest time until an answer begins.
    pub request_seconds: u64,
    /// Longest time for a request's head to arrive, the wait on an idle connection included.
    pub header_seconds: u64,
    /// Longest time that requests under way are given when the server stops.
    pub shutdown_seconds: u64,
    /// Most open connections; more wait to be accepted.
    pub connections: usize,
    /// Most streams of events.
    pub event_streams: usize,
    /// Most jobs that wait for a worker; more are refused with 503.
    pub queue: usize,
    /// Most bytes of finished tiles in memory.
    pub cache_bytes: u64,
    /// Most bytes of points gathered into clusters in memory.
    pub cluster_bytes: u64,
    /// Most aggregates of the points of a cluster in a request.
    pub cluster_aggregates: usize,
    /// Largest file of features, unpacked.
    pub file_bytes: u64,
    /// Smallest file whose features are kept packed in the cache folder.
    pub cached_file_bytes: u64,
    /// Largest answer of a remote server.
    pub fetch_bytes: u64,
    /// Longest time for a remote server to answer completely.
    pub fetch_seconds: u64,
    /// Most requests to remote servers under way for styles.
    pub fetches: usize,
    /// Most tiles and images that one picture may fetch.
    pub picture_fetches: usize,
    /// Most bytes in memory of what was fetched for styles.
    pub fetch_cache_bytes: u64,
    /// Most bytes in memory of decoded tiles that styles draw from and that are not of collections.
    pub decoded_bytes: u64,
    /// Most bytes in memory of shapes and labels of features that pictures of one style keep for the next ones.
    pub shape_bytes: u64,
    /// Most bytes in memory of tiles that are cut of one GeoJSON source of a style and kept for the next pictures.
    pub cut_bytes: u64,
    /// Longest time for which what was fetched for a style is used, and pictures that were drawn with it.
    pub fetch_age_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            items: 10_000,
            default_items: 10,
            filter_depth: 64,
            filter_nodes: 10_000,
            filter_positions: 50_000,
            groups: 10_000,
            collections: 64,
            zoom: 22,
            image_side: 4096,
            image_pixels: 4096 * 4096,
            image_layers: 1000,
            metatile_side: 1024,
            ratio: 4,
            pick_radius: 64,
            overlay_features: 2000,
            overlay_positions: 100_000,
            legend_features: 1_000_000,
            url_bytes: 8 << 10,
            header_bytes: 32 << 10,
            body_bytes: 1 << 20,
            request_seconds: 30,
            header_seconds: 75,
            shutdown_seconds: 20,
            connections: 4096,
            event_streams: 512,
            queue: 512,
            cache_bytes: 256 << 20,
            cluster_bytes: 256 << 20,
            cluster_aggregates: 16,
            file_bytes: 4 << 30,
            cached_file_bytes: 4 << 20,
            fetch_bytes: 256 << 20,
            fetch_seconds: 30,
            fetches: 32,
            picture_fetches: 512,
            fetch_cache_bytes: 64 << 20,
            decoded_bytes: 64 << 20,
            shape_bytes: 96 << 20,
            cut_bytes: 32 << 20,
            fetch_age_seconds: 3600,
        }
    }
}

impl Limits {
    /// The name of a limit that nothing could keep.
    pub(super) fn impossible(&self) -> Option<&'static str> {
        let sizes = [
            ("items", self.items),
            ("default_items", self.default_items),
            ("filter_depth", self.filter_depth),
            ("filter_nodes", self.filter_nodes),
            ("filter_positions", self.filter_positions),
            ("groups", self.groups),
            ("collections", self.collections),
            ("image_side", self.image_side as usize),
            ("image_pixels", self.image_pixels as usize),
            ("image_layers", self.image_layers),
            ("metatile_side", self.metatile_side as usize),
            ("ratio", usize::from(self.ratio)),
            ("pick_radius", self.pick_radius as usize),
            ("overlay_features", self.overlay_features),
            ("overlay_positions", self.overlay_positions),
            ("legend_features", self.legend_features),
            ("url_bytes", self.url_bytes),
            ("header_bytes", self.header_bytes),
            ("body_bytes", self.body_bytes),
            ("request_seconds", self.request_seconds as usize),
            ("header_seconds", self.header_seconds as usize),
            ("shutdown_seconds", self.shutdown_seconds as usize),
            ("connections", self.connections),
            ("event_streams", self.event_streams),
            ("queue", self.queue),
            ("cache_bytes", self.cache_bytes as usize),
            ("cluster_bytes", self.cluster_bytes as usize),
            ("cluster_aggregates", self.cluster_aggregates),
            ("file_bytes", self.file_bytes as usize),
            ("cached_file_bytes", self.cached_file_bytes as usize),
            ("fetch_bytes", self.fetch_bytes as usize),
            ("fetch_seconds", self.fetch_seconds as usize),
            ("fetches", self.fetches),
            ("picture_fetches", self.picture_fetches),
            ("fetch_cache_bytes", self.fetch_cache_bytes as usize),
            ("decoded_bytes", self.decoded_bytes as usize),
            ("shape_bytes", self.shape_bytes as usize),
            ("cut_bytes", self.cut_bytes as usize),
            ("fetch_age_seconds", self.fetch_age_seconds as usize),
        ];
        sizes.into_iter().find_map(|(name, size)| (size == 0).then_some(name))
    }

    /// Longest time until an answer begins.
    pub fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_seconds)
    }

    /// Longest time for a request's head to arrive.
    pub fn header_time(&self) -> Duration {
        Duration::from_secs(self.header_seconds)
    }

    /// Longest time that requests under way are given when the server stops.
    pub fn shutdown_time(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }

    /// Longest time for a remote server to answer completely.
    pub fn fetch_time(&self) -> Duration {
        Duration::from_secs(self.fetch_seconds)
    }

    /// Longest time for which what was fetched for a style is used.
    pub fn fetch_age(&self) -> Duration {
        Duration::from_secs(self.fetch_age_seconds)
    }
}
