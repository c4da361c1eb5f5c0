//! How collections are portrayed: by the part of each style that draws them, or by the style that is made for them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use serde_json::json;
use xxhash_rust::xxh3::Xxh3;

use super::Catalog;
use super::Collection;
use super::Drawables;
use super::Styled;
use super::references::collections_in;
use super::styled::AUTOMATIC;
use crate::store::Version;
use crate::style;
use crate::style::Geojson;
use crate::style::GeojsonData;
use crate::style::Layer;
use crate::style::LayerKind;
use crate::style::Source;
use crate::style::Style;

/// Styles that were made of those of a catalog, with their sources opened once. A copy of the catalog begins anew, since it
/// may be changed.
pub struct Portrayals(quick_cache::sync::Cache<String, Arc<Styled>>);

/// How many are kept.
const KEPT: usize = 256;

/// Styles that cannot be drawn as one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the styles '{0}' and '{1}' draw with images of the same names from different sprites, so that they cannot be drawn as one map"
)]
pub struct Unstackable(String, String);

impl Catalog {
    /// The styles of a collection: of each style that draws it the part that does, without its background, then the one that
    /// is made for it, unless one has its id. The first is the one that is drawn when none is asked for.
    pub fn styles_of(&self, collection: &Arc<Collection>) -> Vec<Arc<Styled>> {
        let ids = [collection.id.as_str()];
        let mut found: Vec<Arc<Styled>> =
            self.styles.values().filter_map(|styled| self.part_of(styled, &ids)).collect();
        if found.iter().all(|styled| styled.id != AUTOMATIC) {
            found.extend(self.automatic_of(collection));
        }
        found
    }

    /// The part of a style that draws any of these collections, under the same id; `None` when it draws none of them. What
    /// belongs to no collection, its background above all, is left out.
    pub fn part_of(&self, styled: &Arc<Styled>, ids: &[&str]) -> Option<Arc<Styled>> {
        let is_kept = |layer: &Layer| self.drawn_by(&styled.style, layer).is_some_and(|id| ids.contains(&id));
        styled.style.layers.iter().any(is_kept).then(|| {
            let key = format!("{}@{}/{}", styled.id, styled.version, ids.join(","));
            self.portrayals.made(&key, || restricted(styled, &key, is_kept))
        })
    }

    /// A style without the layers that are the same everywhere.
    pub fn without_background(&self, styled: &Arc<Styled>) -> Arc<Styled> {
        let is_kept = |layer: &Layer| !matches!(layer.kind, LayerKind::Background(_));
        if styled.style.layers.iter().all(is_kept) {
            return Arc::clone(styled);
        }
        let key = format!("{}@{}/bare", styled.id, styled.version);
        self.portrayals.made(&key, || restricted(styled, &key, is_kept))
    }

    /// Styles as one, the first below the others.
    pub fn stacked(&self, styles: &[Arc<Styled>]) -> Result<Arc<Styled>, Unstackable> {
        let [first, above @ ..] = styles else { return Ok(Arc::new(Styled::nothing())) };
        let mut whole = Arc::clone(first);
        for styled in above {
            let clash = |own: &&style::Sprite| styled.style.sprites.iter().any(|o| o.id == own.id && o.url != own.url);
            if whole.style.sprites.iter().any(|own| clash(&own)) {
                return Err(Unstackable(whole.id.clone(), styled.id.clone()));
            }
            let key = format!("{}@{}+{}@{}", whole.id, whole.version, styled.id, styled.version);
            whole = self.portrayals.made(&key, || stack(&whole, styled, &key));
        }
        Ok(whole)
    }

    /// The collection that a layer draws, where it is one of this server's.
    fn drawn_by<'a>(&'a self, style: &'a Style, layer: &'a Layer) -> Option<&'a str> {
        match style.sources.get(layer.source.as_deref()?)? {
            Source::Vector(tiled) => {
                let own = layer.source_layer.as_deref()?;
                collections_in(tiled.url.as_deref()?)?.any(|id| id == own).then_some(own)
            }
            Source::Geojson(Geojson { data: GeojsonData::Url(url), .. }) => {
                self.collection_at(url).map(|collection| collection.id.as_str())
            }
            _ => None,
        }
    }

    fn automatic_of(&self, collection: &Arc<Collection>) -> Option<Arc<Styled>> {
        // Fonts are drawn with as well, of which the catalog's version tells.
        let key = format!("{AUTOMATIC}/{}@{}+{}", collection.id, collection.snapshot().version(), self.version);
        if let Some(known) = self.portrayals.0.get(&key) {
            return Some(known);
        }
        let mut made = Styled::automatic(std::slice::from_ref(collection)).ok()?;
        made.style.name = Some("Automatic".to_owned());
        made.document["name"] = json!("Automatic");
        let is_kept = |layer: &Layer| !matches!(layer.kind, LayerKind::Background(_));
        Some(self.portrayals.made(&key, || restricted(&made, &key, is_kept)))
    }
}

impl Styled {
    /// A style that draws nothing.
    fn nothing() -> Self {
        let document = json!({ "version": 8, "sources": {}, "layers": [] });
        Self {
            id: "nothing".to_owned(),
            document,
            style: Style::default(),
            version: Version(0),
            drawables: Drawables::default(),
        }
    }
}

/// A style with some of its layers, and the sources of these.
fn restricted(styled: &Styled, key: &str, is_kept: impl Fn(&Layer) -> bool) -> Styled {
    let mut style = styled.style.clone();
    style.layers.retain(is_kept);
    let used: BTreeSet<&str> = style.layers.iter().filter_map(|layer| layer.source.as_deref()).collect();
    style.sources.retain(|name, _| used.contains(name.as_str()));
    let kept: BTreeSet<&str> = style.layers.iter().map(|layer| layer.id.as_str()).collect();
    let mut document = styled.document.clone();
    if let Some(layers) = document.get_mut("layers").and_then(Value::as_array_mut) {
        layers.retain(|layer| layer.get("id").and_then(Value::as_str).is_some_and(|id| kept.contains(id)));
    }
    if let Some(sources) = document.get_mut("sources").and_then(Value::as_object_mut) {
        sources.retain(|name, _| used.contains(name.as_str()));
    }
    Styled { id: styled.id.clone(), document, style, version: version(key), drawables: Drawables::default() }
}

/// One style over another. Its sources and layers get names that the lower one has none of.
fn stack(below: &Styled, above: &Styled, key: &str) -> Styled {
    let mut style = below.style.clone();
    let prefix = format!("{}/", below.style.layers.len());
    let named = |name: &str| format!("{prefix}{name}");
    style.sources.extend(above.style.sources.iter().map(|(name, source)| (named(name), source.clone())));
    style.layers.extend(above.style.layers.iter().map(|layer| Layer {
        id: named(&layer.id),
        source: layer.source.as_deref().map(named),
        ..layer.clone()
    }));
    let more = above.style.sprites.iter().filter(|own| below.style.sprites.iter().all(|other| other.id != own.id));
    style.sprites.extend(more.cloned().collect::<Vec<_>>());
    style.glyphs = style.glyphs.or_else(|| above.style.glyphs.clone());
    // Parts of one style, and automatic ones, have the same name together.
    let id = if below.id == above.id { below.id.clone() } else { format!("{},{}", below.id, above.id) };
    Styled { id, document: below.document.clone(), style, version: version(key), drawables: Drawables::default() }
}

fn version(key: &str) -> Version {
    let mut hash = Xxh3::new();
    hash.update(key.as_bytes());
    Version(hash.digest128())
}

impl Portrayals {
    fn made(&self, key: &str, make: impl FnOnce() -> Styled) -> Arc<Styled> {
        if let Some(known) = self.0.get(key) {
            return known;
        }
        let made = Arc::new(make());
        self.0.insert(key.to_owned(), Arc::clone(&made));
        made
    }
}

impl Default for Portrayals {
    fn default() -> Self {
        Self(quick_cache::sync::Cache::new(KEPT))
    }
}

impl Clone for Portrayals {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Portrayals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portrayals").field("kept", &self.0.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Features;
    use crate::source::Metadata;
    use crate::source::read_text;
    use crate::store::Snapshot;

    fn collection(id: &str) -> Arc<Collection> {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","id":1,"properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#;
        let read = read_text(text, Path::new(id), &Metadata::default()).unwrap();
        let features = Features::Fixed(Snapshot::new(read.table, read.version));
        Arc::new(Collection::new(id.to_owned(), Metadata::default(), features, &[]))
    }

    fn styled(id: &str, document: Value) -> Arc<Styled> {
        let (style, _) = Style::read(document.clone()).unwrap();
        let drawables = Drawables::default();
        Arc::new(Styled { id: id.to_owned(), document, style, version: Version(7), drawables })
    }

    fn catalog() -> Catalog {
        let both = json!({ "version": 8, "name": "Both",
            "sources": { "data": { "type": "vector", "url": "/data/towns,roads.json" },
                         "extra": { "type": "geojson", "data": "/data/towns.geojson" } },
            "layers": [
                { "id": "paper", "type": "background" },
                { "id": "roads", "type": "circle", "source": "data", "source-layer": "roads" },
                { "id": "towns", "type": "circle", "source": "data", "source-layer": "towns" },
                { "id": "halo", "type": "circle", "source": "extra" },
            ] });
        let styles = [("both".to_owned(), styled("both", both))].into();
        let collections = ["towns", "roads", "lakes"].map(|id| (id.to_owned(), collection(id))).into();
        Catalog { collections, styles, ..Catalog::default() }
    }

    fn layers(styled: &Styled) -> Vec<&str> {
        styled.style.layers.iter().map(|layer| layer.id.as_str()).collect()
    }

    #[test]
    fn a_collection_has_the_parts_that_draw_it_and_the_automatic_style() {
        let catalog = catalog();
        let styles = catalog.styles_of(&catalog.collections["towns"]);
        assert_eq!(styles.iter().map(|own| own.id.as_str()).collect::<Vec<_>>(), ["both", AUTOMATIC]);
        assert_eq!(layers(&styles[0]), ["towns", "halo"]);
        assert_eq!(styles[0].document["layers"].as_array().unwrap().len(), 2);
        let roads = catalog.styles_of(&catalog.collections["roads"]);
        assert_eq!((layers(&roads[0]), roads[0].style.sources.len()), (vec!["roads"], 1));
        assert!(roads[0].document["sources"].get("extra").is_none());
        let lakes = catalog.styles_of(&catalog.collections["lakes"]);
        assert_eq!((lakes.len(), lakes[0].title()), (1, "Automatic"));
        assert!(
            lakes[0].style.layers.iter().all(|layer| layer.id != "background") && !lakes[0].style.layers.is_empty()
        );
        assert!(Arc::ptr_eq(&styles[0], &catalog.styles_of(&catalog.collections["towns"])[0]));
    }

    #[test]
    fn a_stack_keeps_the_layers_of_both_apart() {
        let catalog = catalog();
        let towns = catalog.styles_of(&catalog.collections["towns"]);
        let stacked = catalog.stacked(&[Arc::clone(&towns[0]), Arc::clone(&towns[0]), Arc::clone(&towns[1])]).unwrap();
        assert_eq!(stacked.style.layers.len(), 4 + towns[1].style.layers.len());
        assert!(
            stacked.style.layers.iter().all(|layer| stacked.style.sources.contains_key(layer.source.as_ref().unwrap()))
        );
        assert!(catalog.stacked(&[]).unwrap().style.layers.is_empty());
        let with = |url: &str| styled(url, json!({ "version": 8, "sources": {}, "layers": [], "sprite": url }));
        assert!(catalog.stacked(&[with("/sprites/a"), with("/sprites/b")]).is_err());
        assert!(catalog.stacked(&[with("/sprites/a"), with("/sprites/a")]).is_ok());
    }

    #[test]
    fn a_style_without_its_background_is_otherwise_the_same() {
        let catalog = catalog();
        assert_eq!(layers(&catalog.without_background(&catalog.styles["both"])), ["roads", "towns", "halo"]);
    }
}
