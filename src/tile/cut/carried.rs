//! The properties that features of a tile carry.

use std::hash::BuildHasherDefault;

use crate::feature::Row;
use crate::feature::Schema;
use crate::feature::Value;
use crate::feature::codes_of;
use crate::feature::fetch_texts;
use crate::feature::may_have;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::stamps::Stamps;

/// The property under which a tile carries an id that it cannot have as such: `id`, led by as many underscores as it takes
/// to differ from every field.
pub fn id_key(schema: &Schema) -> String {
    let mut key = "id".to_owned();
    while schema.field(&key).is_some() {
        key.insert(0, '_');
    }
    key
}

/// The features of a layer whose properties are yet to be put into it.
///
/// They are put there when all features are known, a column after the other: that is how columns lie in memory, and what is asked for
/// one feature does not wait for what was asked for another.
pub(in crate::tile) struct Carried<'a> {
    rows: Vec<Row<'a>>,
    /// Whether each id so far is the one that the tile has.
    are_tile_ids: bool,
}

/// A property of a layer: the position of its key, and of its value for each feature.
struct Tags {
    key: u32,
    values: Vec<u32>,
}

impl<'a> Carried<'a> {
    /// None yet of about so many.
    pub(in crate::tile) fn of(count: usize) -> Self {
        Self { rows: Vec::with_capacity(count), are_tile_ids: true }
    }

    /// Ends the feature under construction, which is this one.
    pub(in crate::tile) fn end_feature(&mut self, row: Row<'a>, geometry: TileGeometry, layer: &mut LayerBuilder) {
        let id = row.id();
        let whole = id.whole();
        self.are_tile_ids &= whole.is_some();
        self.rows.push(row);
        layer.end_feature(Some(whole.unwrap_or_else(|| id.tile_id())), geometry);
    }

    /// Gives the features of a layer, all of which were ended here, their properties: those of these names, or all.
    pub(in crate::tile) fn put(self, properties: Option<&[String]>, layer: &mut LayerBuilder) {
        let Some(schema) = self.rows.first().map(Row::schema) else { return };
        layer.reserve_values(self.rows.len());
        let asked = |name: &String| properties.is_none_or(|properties| properties.contains(name));
        let fields = schema.fields.iter().enumerate().filter(|(_, field)| asked(&field.name));
        let mut tags: Vec<Tags> = fields.filter_map(|(field, named)| self.tags(field, &named.name, layer)).collect();
        if !self.are_tile_ids {
            tags.push(self.tags_of_ids(schema, layer));
        }
        layer.tag_features(tags.iter().map(|Tags { key, values }| (*key, &values[..])));
    }

    /// The tags of a field; none where no feature has a value.
    fn tags(&self, field: usize, name: &str, layer: &mut LayerBuilder) -> Option<Tags> {
        if !may_have(&self.rows, field) {
            return None;
        }
        let position = |value: Value<'_>, layer: &mut LayerBuilder| match value {
            Value::Null => LayerBuilder::ABSENT,
            value => layer.value(value),
        };
        // What is asked for one after the other, with nothing to do in between, is fetched from memory together.
        let values: Vec<u32> = if let Some((codes, distinct)) = codes_of(&self.rows, field) {
            let is_null = |code: u32| code as usize >= distinct;
            if codes.iter().all(|&code| is_null(code)) {
                return None;
            }
            let mut known = Known::new(distinct, self.rows.len());
            let new = codes.iter().zip(&self.rows).filter(|(code, _)| !is_null(**code) && known.is_new(**code));
            let new: Vec<(u32, Row<'a>)> = new.map(|(code, row)| (*code, *row)).collect();
            fetch_texts(new.iter().map(|(_, row)| *row), field);
            for (code, row) in new {
                known.put(code, position(row.value(field), layer));
            }
            codes.iter().map(|&code| if is_null(code) { LayerBuilder::ABSENT } else { known.position(code) }).collect()
        } else {
            let values: Vec<Value<'a>> = self.rows.iter().map(|row| row.value(field)).collect();
            let mut whole = Whole::of(&values);
            values
                .into_iter()
                .map(|value| match (&mut whole, value) {
                    (Some(whole), Value::Int(number)) => whole.position(number, || position(value, layer)),
                    _ => position(value, layer),
                })
                .collect()
        };
        let is_there = values.iter().any(|&value| value != LayerBuilder::ABSENT);
        is_there.then(|| Tags { key: layer.key(name), values })
    }

    /// Ids that the tile cannot have as such.
    fn tags_of_ids(&self, schema: &Schema, layer: &mut LayerBuilder) -> Tags {
        let value = |row: &Row<'a>| {
            let id = row.id();
            if id.is_tile_id() {
                return LayerBuilder::ABSENT;
            }
            let whole = id.text.parse().ok().filter(|_| id.number);
            layer.value(whole.map_or(Value::Text(id.text), Value::Int))
        };
        let values = self.rows.iter().map(value).collect();
        Tags { key: layer.key(&id_key(schema)), values }
    }
}

/// Positions of whole numbers that are near each other, such as storeys and years.
struct Whole {
    least: i64,
    /// By the difference; [`LayerBuilder::ABSENT`] where it is not known yet.
    positions: Vec<u32>,
}

impl Whole {
    /// Where the numbers among the values are near enough for a place each.
    fn of(values: &[Value<'_>]) -> Option<Self> {
        let numbers =
            || values.iter().filter_map(|value| if let Value::Int(number) = value { Some(*number) } else { None });
        let (least, most) = (numbers().min()?, numbers().max()?);
        let count = usize::try_from(most.checked_sub(least)?).ok()?.checked_add(1)?;
        (count <= 4 * values.len()).then(|| Self { least, positions: vec![LayerBuilder::ABSENT; count] })
    }

    fn position(&mut self, number: i64, find: impl FnOnce() -> u32) -> u32 {
        let known = &mut self.positions[(number - self.least) as usize];
        if *known == LayerBuilder::ABSENT {
            *known = find();
        }
        *known
    }
}

/// Positions of values by their codes.
enum Known {
    /// By code; [`LayerBuilder::ABSENT`] where it is not known yet.
    All(Vec<u32>),
    /// Of those that were seen, where there are many more.
    Seen(Stamps),
}

impl Known {
    fn new(distinct: usize, features: usize) -> Self {
        if distinct <= 4 * features {
            Self::All(vec![LayerBuilder::ABSENT; distinct])
        } else {
            Self::Seen(Stamps::with_capacity_and_hasher(features, BuildHasherDefault::default()))
        }
    }

    /// Whether a code is seen for the first time.
    fn is_new(&mut self, code: u32) -> bool {
        match self {
            Self::All(positions) => std::mem::replace(&mut positions[code as usize], SEEN) == LayerBuilder::ABSENT,
            Self::Seen(positions) => positions.insert(u64::from(code), SEEN).is_none(),
        }
    }

    fn put(&mut self, code: u32, position: u32) {
        match self {
            Self::All(positions) => positions[code as usize] = position,
            Self::Seen(positions) => _ = positions.insert(u64::from(code), position),
        }
    }

    fn position(&self, code: u32) -> u32 {
        match self {
            Self::All(positions) => positions[code as usize],
            Self::Seen(positions) => positions[&u64::from(code)],
        }
    }
}

/// Stands for a position that is told later.
const SEEN: u32 = LayerBuilder::ABSENT - 1;
