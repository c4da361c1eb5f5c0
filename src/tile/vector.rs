//! Features on the integer grid of one tile, before they are encoded and after they are decoded.

use std::cmp::Reverse;
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use super::stamps::Stamps;
use super::stamps::position;
use super::values::TileValues;
use crate::feature::Key;
use crate::feature::Properties;
use crate::feature::Value;

/// The layers of one tile (Vector Tile Specification 2.1).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorTile {
    /// In the order in which they are drawn and encoded; names are unique.
    pub layers: Vec<Layer>,
}

/// What a feature of a tile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TileGeometry {
    /// One path, each of whose coordinates is a point.
    Points,
    /// Paths of two coordinates or more.
    Lines,
    /// Rings without their closing coordinate. An exterior ring has positive area by the shoelace formula with y
    /// downward (clockwise on the screen); the rings of negative area that follow are its holes.
    Polygons,
}

/// Features of one name. Coordinates count from the tile's top left corner, x to the right and y down, `extent` a side;
/// those of the buffer lie outside of `0..extent`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    name: String,
    extent: u32,
    keys: Vec<String>,
    values: TileValues,
    coords: Vec<[i32; 2]>,
    /// Pixels along its whole path at each coordinate; empty unless the layer was laid out for a picture.
    along: Vec<f64>,
    paths: Vec<u32>,
    /// Which paths begin a part, and are no holes; empty where their turn tells.
    begins: Vec<bool>,
    tags: Vec<[u32; 2]>,
    features: Vec<Record>,
}

#[derive(Clone, Debug, PartialEq)]
struct Record {
    id: Option<u64>,
    geometry: TileGeometry,
    paths_end: u32,
    tags_end: u32,
}

/// A [`Layer`] under construction. For each feature: its paths and tags in any order, then [`end_feature`](Self::end_feature).
#[derive(Debug)]
pub struct LayerBuilder {
    layer: Layer,
    /// Positions of keys by their hash.
    keys: Stamps,
    /// Whether lists and objects stay what they are.
    keeps_json: bool,
    /// Positions of values by their hash.
    values: Stamps,
}

/// One feature of a layer, borrowed.
#[derive(Clone, Copy)]
pub struct TileFeature<'a> {
    layer: &'a Layer,
    index: usize,
}

impl VectorTile {
    /// The layer of a name.
    pub fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.name == name)
    }

    /// Whether no layer has a feature.
    pub fn is_empty(&self) -> bool {
        self.layers.iter().all(|layer| layer.features.is_empty())
    }
}

impl Layer {
    /// Its name (`MapLibre`: source-layer).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Units a tile side.
    pub fn extent(&self) -> u32 {
        self.extent
    }

    /// Names of properties, each once.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Values of properties, each once; never null.
    pub fn values(&self) -> &TileValues {
        &self.values
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Number of features, paths, coordinates and properties.
    pub(super) fn counts(&self) -> (usize, usize, usize, usize) {
        (self.features.len(), self.paths.len(), self.coords.len(), self.tags.len())
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let lists = size_of_val(&self.coords[..]) + size_of_val(&self.along[..]) + size_of_val(&self.tags[..]);
        let marks = size_of_val(&self.paths[..]) + size_of_val(&self.features[..]);
        self.values.bytes() + lists + marks
    }

    /// The features in order.
    pub fn features(&self) -> impl ExactSizeIterator<Item = TileFeature<'_>> {
        (0..self.features.len()).map(|index| TileFeature { layer: self, index })
    }

    /// The feature at a position.
    pub fn feature(&self, index: usize) -> TileFeature<'_> {
        TileFeature { layer: self, index }
    }
}

impl Layer {
    /// The same with the values that most features have at the first positions, whose numbers are written in a single byte.
    #[must_use]
    pub(super) fn with_frequent_values_first(mut self) -> Self {
        if self.values.len() <= SINGLE_BYTES {
            return self;
        }
        let mut counts = vec![0_u32; self.values.len()];
        self.tags.iter().for_each(|[_, value]| counts[*value as usize] += 1);
        let mut order: Vec<u32> = (0..counts.len() as u32).collect();
        let (most, _, _) =
            order.select_nth_unstable_by_key(SINGLE_BYTES, |&value| (Reverse(counts[value as usize]), value));
        let mut is_first = vec![false; counts.len()];
        most.iter().for_each(|&value| is_first[value as usize] = true);
        let places = self.values.put_first(&is_first);
        self.tags.iter_mut().for_each(|[_, value]| *value = places[*value as usize]);
        self
    }
}

/// Numbers below this are written in a single byte.
const SINGLE_BYTES: usize = 128;

impl<'a> TileFeature<'a> {
    /// Its position in the layer.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its id, where it has one.
    pub fn id(&self) -> Option<u64> {
        self.record().id
    }

    /// What its paths are.
    pub fn geometry(&self) -> TileGeometry {
        self.record().geometry
    }

    /// Its point run, its lines, or its rings.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = &'a [[i32; 2]]> + use<'a> {
        let layer = self.layer;
        self.path_range().map(move |path| {
            let start = if path == 0 { 0 } else { layer.paths[path - 1] as usize };
            &layer.coords[start..layer.paths[path] as usize]
        })
    }

    /// For each of its paths, whether it begins a polygon and is no hole; empty where the way it turns tells.
    pub fn begins(&self) -> &'a [bool] {
        self.layer.begins.get(self.path_range()).unwrap_or(&[])
    }

    /// For each of its paths, pixels along the whole path at each coordinate; empty where paths are what they are.
    pub fn along(&self) -> impl ExactSizeIterator<Item = &'a [f64]> + use<'a> {
        let layer = self.layer;
        self.path_range().map(move |path| {
            let start = if path == 0 { 0 } else { layer.paths[path - 1] as usize };
            layer.along.get(start..layer.paths[path] as usize).unwrap_or(&[])
        })
    }

    fn path_range(&self) -> Range<usize> {
        let start = if self.index == 0 { 0 } else { self.layer.features[self.index - 1].paths_end };
        start as usize..self.record().paths_end as usize
    }

    /// Positions of its keys and values in the layer.
    pub fn tags(&self) -> &'a [[u32; 2]] {
        let start = if self.index == 0 { 0 } else { self.layer.features[self.index - 1].tags_end };
        &self.layer.tags[Range { start: start as usize, end: self.record().tags_end as usize }]
    }

    fn record(&self) -> &'a Record {
        &self.layer.features[self.index]
    }
}

impl Properties for TileFeature<'_> {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        let [_, value] = self.tags().iter().find(|[key, _]| self.layer.keys[*key as usize] == name)?;
        Some(self.layer.values.at(*value))
    }

    fn key(&self, name: &str) -> Key {
        let place = self.layer.keys.iter().position(|key| key == name);
        place.map_or(Key::Absent, |place| Key::At(place as u32))
    }

    fn at(&self, place: u32) -> Option<Value<'_>> {
        let [_, value] = self.tags().iter().find(|[key, _]| *key == place)?;
        Some(self.layer.values.at(*value))
    }

    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
        for &[key, value] in self.tags() {
            visit(&self.layer.keys[key as usize], self.layer.values.at(value));
        }
    }
}

impl LayerBuilder {
    /// An empty layer.
    pub fn new(name: impl Into<String>, extent: u32) -> Self {
        let layer = Layer {
            name: name.into(),
            extent,
            keys: Vec::new(),
            values: TileValues::default(),
            coords: Vec::new(),
            along: Vec::new(),
            paths: Vec::new(),
            begins: Vec::new(),
            tags: Vec::new(),
            features: Vec::new(),
        };
        Self { layer, keys: Stamps::default(), keeps_json: false, values: Stamps::default() }
    }

    /// The same, for drawing at once: a property that is a list or an object stays one, as expressions see it in GeoJSON.
    #[must_use]
    pub fn keeping_json(self) -> Self {
        Self { keeps_json: true, ..self }
    }

    /// Appends a path to the feature under construction.
    pub fn push_path(&mut self, path: impl IntoIterator<Item = [i32; 2]>) {
        self.layer.coords.extend(path);
        self.layer.paths.push(self.layer.coords.len() as u32);
    }

    /// Appends a path of which runs were left out: `along` are pixels along the whole one at each coordinate, and `begins` says
    /// that it begins a line or a polygon and is no hole. A layer has such paths only, or none.
    pub fn push_marked_path(&mut self, path: impl IntoIterator<Item = [i32; 2]>, along: &[f64], begins: bool) {
        self.push_path(path);
        self.layer.along.extend_from_slice(along);
        self.layer.begins.push(begins);
    }

    /// Gives the feature under construction a property. Nulls are left out and JSON becomes text, because a tile has
    /// neither.
    pub fn push_tag(&mut self, key: &str, value: Value<'_>) {
        if !value.is_null() {
            let (key, value) = (self.key(key), self.value(value));
            self.layer.tags.push([key, value]);
        }
    }

    /// The position of a key, which is added where it is new.
    pub(super) fn key(&mut self, key: &str) -> u32 {
        let add = |keys: &mut Vec<String>| {
            keys.push(key.to_owned());
            keys.len() as u32 - 1
        };
        let is = |keys: &Vec<String>, at: u32| keys[at as usize] == key;
        position(&mut self.keys, xxh3_64(key.as_bytes()), &mut self.layer.keys, is, add)
    }

    /// Stands for no value.
    pub(super) const ABSENT: u32 = u32::MAX;

    /// Gives the features so far, which have none, their properties: of each the position of its key, and for each feature that of its
    /// value, or [`ABSENT`](Self::ABSENT).
    pub(super) fn tag_features<'v>(&mut self, properties: impl Iterator<Item = (u32, &'v [u32])>) {
        let properties: Vec<(u32, &[u32])> = properties.collect();
        let Layer { tags, features, .. } = &mut self.layer;
        tags.reserve_exact(features.len() * properties.len());
        for (index, feature) in features.iter_mut().enumerate() {
            let own = properties.iter().map(|(key, values)| [*key, values[index]]);
            tags.extend(own.filter(|[_, value]| *value != Self::ABSENT));
            feature.tags_end = tags.len() as u32;
        }
    }

    /// Makes room for so many more features with a path of so many positions each.
    pub(super) fn reserve(&mut self, features: usize, positions: usize) {
        self.layer.features.reserve(features);
        self.layer.paths.reserve(features);
        self.layer.coords.reserve(features.saturating_mul(positions));
    }

    /// Makes room for so many more values.
    pub(super) fn reserve_values(&mut self, count: usize) {
        self.values.reserve(count);
    }

    /// The position of a value that is not null, which is added where it is new.
    pub(super) fn value(&mut self, value: Value<'_>) -> u32 {
        let value = match value {
            Value::Json(text) if !self.keeps_json => Value::Text(text),
            value => value,
        };
        let is = |values: &TileValues, at: u32| same(values.at(at), value);
        position(&mut self.values, hash(value), &mut self.layer.values, is, |values| values.push(value))
    }

    /// Ends the feature under construction.
    pub fn end_feature(&mut self, id: Option<u64>, geometry: TileGeometry) {
        let layer = &mut self.layer;
        let (paths_end, tags_end) = (layer.paths.len() as u32, layer.tags.len() as u32);
        layer.features.push(Record { id, geometry, paths_end, tags_end });
    }

    /// The finished layer.
    pub fn finish(self) -> Layer {
        self.layer
    }
}

/// A hash of a value that tells its kind too.
fn hash(value: Value<'_>) -> u64 {
    match value {
        Value::Null => 0,
        Value::Bool(b) => 1 + u64::from(b),
        Value::Int(n) => n as u64 ^ 0x1234_5678_9abc_def0,
        Value::Float(n) => n.to_bits() ^ u64::MAX,
        Value::Text(text) | Value::Json(text) => xxh3_64(text.as_bytes()),
    }
}

/// Equal in kind and in value; floats by their bits, which tells 0 from -0.
fn same(a: Value<'_>, b: Value<'_>) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_features_have_comes_first_and_each_keeps_its_own() {
        let mut builder = LayerBuilder::new("a", 4096);
        for n in 0..300 {
            builder.push_tag("n", Value::Int(n));
            builder.push_tag("kind", Value::Text(if n < 200 { "often" } else { "seldom" }));
            builder.end_feature(None, TileGeometry::Points);
        }
        let layer = builder.finish();
        let own = |layer: &Layer| -> Vec<String> {
            layer.features().map(|f| format!("{:?}", [f.property("n"), f.property("kind")])).collect()
        };
        let moved = layer.clone().with_frequent_values_first();
        assert_eq!(own(&layer), own(&moved));
        let text = |layer: &Layer| layer.values().iter().position(|value| value == Value::Text("seldom"));
        assert_eq!((text(&layer), text(&moved)), (Some(202), Some(127)));
    }
}
