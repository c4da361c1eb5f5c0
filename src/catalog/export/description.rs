//! What an export says about itself.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use super::Content;
use super::Job;
use crate::catalog::TileLayer;
use crate::catalog::center_of;
use crate::catalog::common_attribution;
use crate::catalog::common_bounds;
use crate::catalog::tileset::TILE_SIZE;
use crate::space::Bbox;
use crate::space::Crs;
use crate::tile::archive::write::Description;

/// The member of the metadata that tells exports of the same data and settings.
pub(super) const VERSION: &str = "tumen:export";

/// The member of the metadata of a shard that tells which it is.
pub(super) const SHARD: &str = "tumen:shard";

impl Job {
    /// What its archive says about itself.
    pub(super) fn description(&self) -> Description {
        let collections = self.content.collections();
        let titles: Vec<&str> = collections.iter().map(|collection| collection.title()).collect();
        let [lowest, highest] = self.zooms;
        let mut members = Map::new();
        let mut put = |name: &str, value: Option<Json>| members.extend(value.map(|value| (name.to_owned(), value)));
        match &self.content {
            Content::Features(parts, _) => {
                put("name", Some(json!(titles.join(", "))));
                if let [only] = &collections[..] {
                    put("description", only.metadata.description.as_ref().map(|text| json!(text)));
                }
                let layers = parts
                    .iter()
                    .flat_map(|(collection, query)| TileLayer::of(collection, query.properties.as_deref(), None));
                let layers = layers.map(|layer| {
                    let mut members = json!({
                        "id": layer.id,
                        "minzoom": layer.minzoom.clamp(lowest, highest),
                        "maxzoom": layer.maxzoom.clamp(lowest, highest),
                        "fields": layer.fields,
                    });
                    if let Some(text) = layer.description {
                        members["description"] = json!(text);
                    }
                    members
                });
                put("vector_layers", Some(layers.collect()));
            }
            Content::Pictures(pictures) => {
                put("name", Some(json!(pictures.styled.title())));
                put(TILE_SIZE, Some(json!(pictures.size)));
            }
        }
        put("type", Some(json!("overlay")));
        put("attribution", common_attribution(&collections).map(|text| json!(text)));
        put("generator", Some(json!(concat!("Tumen ", env!("CARGO_PKG_VERSION")))));
        put(VERSION, Some(json!(format!("{:032x}", self.version()))));
        put(SHARD, (!self.shard.is_whole()).then(|| json!(self.shard.to_string())));
        let bounds = self.bounds();
        // As exactly as the header of a `PMTiles` file says it, so that all archives say the same.
        let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
        Description {
            format: self.content.format(),
            bounds: bounds.to_array().map(rounded),
            center: center_of(bounds, highest).map(rounded),
            members,
        }
    }

    /// The box around all that is exported, within what a map of the web shows.
    fn bounds(&self) -> Bbox {
        let edge = Crs::MERCATOR_LATITUDE;
        let world = Bbox::new(-180.0, -edge, 180.0, edge).expect("the world is a box");
        let collections = self.content.collections();
        let is_everywhere = matches!(&self.content, Content::Pictures(pictures) if pictures.draws_from_elsewhere());
        let own = if is_everywhere { None } else { common_bounds(&collections) };
        let shared = |a: Bbox, b: Bbox| {
            let of_part = |part| b.parts().find_map(move |other| other.intersection(&part));
            a.parts().find_map(of_part).map(|rect| Bbox::around(&rect))
        };
        let within = |all: Bbox, part: Option<Bbox>| part.and_then(|part| shared(all, part)).unwrap_or(all);
        within(within(world, own), self.bbox)
    }
}
