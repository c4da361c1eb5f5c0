//! What of a catalog a style draws from.

use std::sync::Arc;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use xxhash_rust::xxh3::Xxh3;

use super::Catalog;
use super::Collection;
use super::Styled;
use super::drawable::is_elsewhere;
use super::references::collections_in;
use crate::store::Version;
use crate::style::Geojson;
use crate::style::GeojsonData;
use crate::style::Source;

impl Catalog {
    /// The collections that an address of the server's own names: `/data/{ids}.json`. `None` when it is no such address, or
    /// one of them is not there.
    pub fn collections_at(&self, url: &str) -> Option<Vec<Arc<Collection>>> {
        collections_in(url)?.map(|id| self.collection(id).cloned()).collect()
    }

    /// The collection whose features an address of the server's own gives out: `/collections/{id}/items`, whatever the
    /// page and format, or `/data/{id}.geojson`. `None` when it is no such address, selects among the features, or the
    /// collection is not there.
    pub fn collection_at(&self, url: &str) -> Option<&Arc<Collection>> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let is_whole = |pair: &str| matches!(pair.split('=').next(), Some("" | "limit" | "f"));
        if !query.split('&').all(is_whole) {
            return None;
        }
        let items = path.strip_prefix("/collections/").and_then(|rest| rest.strip_suffix("/items"));
        self.collection(items.or_else(|| path.strip_prefix("/data/")?.strip_suffix(".geojson"))?)
    }

    /// The collections that a style draws from.
    pub fn collections_of(&self, styled: &Styled) -> Vec<Arc<Collection>> {
        let named = |source: &Source| match source {
            Source::Vector(tiled) => tiled.url.as_deref().and_then(|url| self.collections_at(url)).unwrap_or_default(),
            Source::Geojson(Geojson { data: GeojsonData::Url(url), .. }) => {
                self.collection_at(url).into_iter().cloned().collect()
            }
            _ => Vec::new(),
        };
        styled.style.sources.values().flat_map(named).collect()
    }

    /// A hash of all that pictures of a style are made of. What is drawn from elsewhere has no hash: there the version
    /// changes with time, so that no picture is older than the limit on what is fetched.
    pub fn picture_version(&self, styled: &Styled) -> Version {
        let mut hash = Xxh3::new();
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(&styled.version.0.to_le_bytes());
        for collection in self.collections_of(styled) {
            hash.update(collection.id.as_bytes());
            hash.update(&collection.snapshot().version().0.to_le_bytes());
        }
        if let Some(remote) = self.remote.as_ref().filter(|_| styled.draws_from_elsewhere()) {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            hash.update(&(now / remote.limits().age.as_secs().max(1)).to_le_bytes());
        }
        Version(hash.digest128())
    }
}

impl Styled {
    /// Whether it draws from hosts or files, which may change without a word.
    pub fn draws_from_elsewhere(&self) -> bool {
        let style = &self.style;
        let is_source_elsewhere = |source: &Source| match source {
            Source::Vector(tiled) | Source::Raster(tiled) | Source::RasterDem(tiled, _) => {
                tiled.url.iter().chain(&tiled.tiles).any(|url| is_elsewhere(url))
            }
            Source::Geojson(Geojson { data: GeojsonData::Url(url), .. }) | Source::Image { url, .. } => {
                is_elsewhere(url)
            }
            Source::Geojson(_) => false,
        };
        style.sources.values().any(is_source_elsewhere)
            || style.sprites.iter().any(|sprite| is_elsewhere(&sprite.url))
            || style.glyphs.as_deref().is_some_and(is_elsewhere)
    }
}
