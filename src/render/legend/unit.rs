//! Layers that draw the same features, and the examples of these.

use super::Theme;
use super::group::Stage;
use super::group::set;
use crate::feature::GeometryKind;
use crate::feature::Properties;
use crate::feature::Row;
use crate::feature::Scalar;
use crate::feature::Value;
use crate::style::Context;
use crate::style::Described;
use crate::style::GeometryType;
use crate::style::Layer;
use crate::style::LayerKind;
use crate::style::Marks;
use crate::style::Subject;
use crate::style::Test;

/// What is known of a feature.
struct Known<'a> {
    row: Row<'a>,
    /// The names of its properties that are known; `None` for all.
    names: Option<&'a [String]>,
}

impl Properties for Known<'_> {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        self.row.property(name).filter(|_| self.has(name))
    }

    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
        self.row.each_property(&mut |name, value| {
            if self.has(name) {
                visit(name, value);
            }
        });
    }
}

impl Known<'_> {
    fn has(&self, name: &str) -> bool {
        self.names.is_none_or(|names| names.iter().any(|own| own == name))
    }
}

/// Layers of one source that draw features of one shape, from the lowest to the topmost.
pub struct Unit<'a> {
    /// The layers.
    pub layers: Vec<&'a Layer>,
    /// What the document says about each.
    pub described: Vec<Described>,
    /// The shape of the features.
    pub shape: GeometryType,
    /// Which features they are.
    pub theme: Option<Theme>,
}

/// A class with an example of it.
pub struct Found {
    /// Its name.
    pub label: String,
    /// Which values are in it.
    pub test: Test,
    /// How many features are.
    pub count: Option<usize>,
    /// The properties of a feature that is in it.
    pub sample: Vec<(String, Scalar)>,
}

/// Divides layers into units, in the order of their lowest layers.
pub fn units<'a>(
    layers: Vec<&'a Layer>,
    described: &[Described],
    theme: &dyn Fn(&Layer) -> Option<Theme>,
    stage: &Stage<'_>,
) -> Vec<Unit<'a>> {
    let mut units: Vec<Unit<'a>> = Vec::new();
    for layer in layers {
        let has_features = !matches!(
            layer.kind,
            LayerKind::Background(_) | LayerKind::Raster(_) | LayerKind::Hillshade(_) | LayerKind::ColorRelief(_)
        );
        if layer.source.is_none() || !has_features {
            continue;
        }
        let said = described.iter().find(|said| said.id == layer.id).cloned().unwrap_or_default();
        let same = |unit: &&Unit<'_>| {
            unit.layers[0].source == layer.source && unit.layers[0].source_layer == layer.source_layer
        };
        let theme = match units.iter().find(same) {
            Some(known) => known.theme.clone(),
            None => theme(layer),
        };
        let shape = shape(layer, theme.as_ref(), stage);
        match units.iter_mut().find(|unit| same(&&**unit) && unit.shape == shape) {
            Some(unit) => {
                unit.layers.push(layer);
                unit.described.push(said);
            }
            None => units.push(Unit { layers: vec![layer], described: vec![said], shape, theme }),
        }
    }
    units
}

/// The shape of the features that a layer draws: that of the first one that there is, or the likeliest.
fn shape(layer: &Layer, theme: Option<&Theme>, stage: &Stage<'_>) -> GeometryType {
    let likeliest = match &layer.kind {
        LayerKind::Fill(_) | LayerKind::FillExtrusion(_) => return GeometryType::Polygon,
        LayerKind::Line(_) => GeometryType::LineString,
        _ => GeometryType::Point,
    };
    let Some(theme) = theme else { return likeliest };
    let rows = theme.snapshot.table().rows().take(stage.view.features);
    let mut shapes = rows.filter_map(|row| Some((row, shape_of(row)?)));
    let found = shapes.find(|(row, shape)| is_drawn(layer, row, *shape, stage));
    found.map_or(likeliest, |(_, shape)| shape)
}

fn shape_of(row: Row<'_>) -> Option<GeometryType> {
    match row.geometry().kind() {
        GeometryKind::Null | GeometryKind::GeometryCollection => None,
        GeometryKind::Point | GeometryKind::MultiPoint => Some(GeometryType::Point),
        GeometryKind::LineString | GeometryKind::MultiLineString => Some(GeometryType::LineString),
        GeometryKind::Polygon | GeometryKind::MultiPolygon => Some(GeometryType::Polygon),
    }
}

/// Whether a layer's filter lets a feature pass.
pub fn is_drawn(layer: &Layer, properties: &dyn Properties, shape: GeometryType, stage: &Stage<'_>) -> bool {
    let subject =
        Subject { properties, id: Value::Null, geometry: shape, tile: &|| (0, 0, 0), positions: &|| Vec::new() };
    let context = Context { zoom: stage.view.zoom.floor().max(0.0), images: &stage.images, ..Context::default() };
    layer.filter.accepts(&context.with(&subject))
}

impl Unit<'_> {
    /// Its name for people.
    pub fn title(&self) -> String {
        let own = self.described.iter().find_map(|said| said.title.clone());
        let theirs = self.theme.as_ref().map(|theme| theme.title.clone());
        let layer = &self.layers[0];
        let otherwise = match self.layers[..] {
            [only] => only.id.clone(),
            _ => layer.source_layer.clone().unwrap_or_else(|| layer.id.clone()),
        };
        own.or(theirs).unwrap_or(otherwise)
    }

    /// The properties that divide its features: those on which their look depends, or else the one on which it depends most
    /// often whether a layer shows them.
    pub fn properties(&self) -> Vec<(String, Marks)> {
        let mut looks = gather(self.described.iter().flat_map(|said| &said.look));
        let filters = gather(self.described.iter().flat_map(|said| &said.filter));
        if looks.is_empty() {
            let often = |name: &str| {
                let named = |said: &&Described| said.filter.iter().any(|(own, marks)| own == name && !marks.is_empty());
                self.described.iter().filter(named).count()
            };
            // Of those that occur equally often the first one.
            let most = filters.iter().rev().max_by_key(|(name, _)| often(name)).cloned();
            // A single layer that shows only some features makes no classes of them.
            return most.filter(|_| self.layers.len() > 1).into_iter().collect();
        }
        for (name, marks) in &mut looks {
            if let Some((_, more)) = filters.iter().find(|(own, _)| own == name) {
                marks.extend(more);
            }
        }
        looks
    }

    /// All features as one class.
    pub fn whole(&self, stage: &Stage<'_>) -> Found {
        let mut sample = self.wishes();
        let mut count = 0;
        self.each_row(stage, &mut |row| {
            if count == 0 {
                sample = properties(row);
            }
            count += 1;
        });
        Found { label: String::new(), test: Test::Rest, count: stage.view.counts.then_some(count), sample }
    }

    /// The classes that a property makes.
    pub fn classes(&self, property: &str, marks: &Marks, stage: &Stage<'_>) -> Vec<Found> {
        let mut known: Vec<Scalar> = Vec::new();
        if marks.is_identity {
            self.each_row(stage, &mut |row| {
                let value = row.property(property).map(|value| value.to_scalar());
                if let Some(value) = value.filter(|value| known.len() < MOST_VALUES && !known.contains(value)) {
                    known.push(value);
                }
            });
        }
        let classes = marks.classes(&known);
        let mut counts = vec![0_usize; classes.len()];
        let mut samples: Vec<Option<Vec<(String, Scalar)>>> = vec![None; classes.len()];
        let mut looked_at = 0;
        self.each_row(stage, &mut |row| {
            looked_at += 1;
            let value = row.property(property).unwrap_or(Value::Null);
            let rest = || classes.iter().position(|class| class.test == Test::Rest);
            let Some(class) = classes.iter().position(|class| class.test.holds(value)).or_else(rest) else { return };
            counts[class] += 1;
            samples[class].get_or_insert_with(|| properties(row));
        });
        let is_known = looked_at > 0;
        let mut found = Vec::new();
        for ((class, count), sample) in classes.into_iter().zip(counts).zip(samples) {
            // What is left over, and numbers between two neighbours, are classes only when something is in them.
            let is_named = class.test != Test::Rest && !class.test.is_gap();
            if sample.is_none() && is_known && !is_named {
                continue;
            }
            let mut sample = sample.unwrap_or_else(|| self.wishes());
            match class.sample {
                Some(value) => set(&mut sample, property, value),
                None if is_known => {}
                None => sample.retain(|(name, _)| name != property),
            }
            let count = stage.view.counts.then_some(count).filter(|_| self.theme.is_some());
            found.push(Found { label: class.label, test: class.test, count, sample });
        }
        found
    }

    /// Calls a function with the features that any of the layers shows, as far as they are looked at.
    fn each_row(&self, stage: &Stage<'_>, see: &mut dyn FnMut(&Known<'_>)) {
        let Some(theme) = &self.theme else { return };
        let names = theme.query.properties.as_deref();
        for number in theme.snapshot.rows(&theme.query).into_iter().take(stage.view.features) {
            let row = theme.snapshot.row(number);
            let known = Known { row, names };
            let shape = shape_of(row).unwrap_or(self.shape);
            if shape == self.shape && self.layers.iter().any(|layer| is_drawn(layer, &known, shape, stage)) {
                see(&known);
            }
        }
    }

    /// The properties of a feature that some of the layers may show: the first value that their filters name of each.
    fn wishes(&self) -> Vec<(String, Scalar)> {
        let marks = gather(self.described.iter().flat_map(|said| &said.filter));
        let first = |(name, marks): (String, Marks)| {
            let class = marks.classes(&[]).into_iter().find_map(|class| class.sample)?;
            Some((name, class))
        };
        marks.into_iter().filter_map(first).collect()
    }
}

/// Distinct values that are shown of a property whose values look each in its own way.
const MOST_VALUES: usize = 24;

fn properties(row: &Known<'_>) -> Vec<(String, Scalar)> {
    let mut found = Vec::new();
    row.each_property(&mut |name, value| found.push((name.to_owned(), value.to_scalar())));
    found
}

/// Marks by their properties, each once.
fn gather<'a>(marks: impl Iterator<Item = &'a (String, Marks)>) -> Vec<(String, Marks)> {
    let mut found: Vec<(String, Marks)> = Vec::new();
    for (name, marks) in marks.filter(|(_, marks)| !marks.is_empty()) {
        match found.iter_mut().find(|(own, _)| own == name) {
            Some((_, own)) => own.extend(marks),
            None => found.push((name.clone(), marks.clone())),
        }
    }
    found
}
