//! From a style to the groups of its legend.

use super::swatch::Sample;
use super::swatch::swatch;
use super::unit::Found;
use super::unit::Unit;
use super::unit::units;
use crate::feature::Scalar;
use crate::query::Query;
use crate::render::Assets;
use crate::render::Picture;
use crate::store::Snapshot;
use crate::style::Described;
use crate::style::Layer;
use crate::style::Style;
use crate::style::Test;

/// How a legend is seen.
#[derive(Clone, Debug)]
pub struct LegendView {
    /// The zoom of the map, as styles count it: layers that are not shown there are left out.
    pub zoom: f64,
    /// Width and height of a swatch in pixels at ratio 1.
    pub swatch: [f64; 2],
    /// Pixels of a picture for one of the style.
    pub ratio: f64,
    /// Whether the features of each class are counted.
    pub counts: bool,
    /// At most so many features of each collection are looked at.
    pub features: usize,
}

/// The features that a layer draws, where they are at hand, with their name for people.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The features.
    pub snapshot: Snapshot,
    /// Those of them that are looked at and counted, and the properties that are known of them; without counts, they serve as
    /// examples.
    pub query: Query,
    /// What they are called.
    pub title: String,
}

/// A legend.
#[derive(Clone, Debug)]
pub struct Legend {
    /// From the topmost features to the lowest.
    pub groups: Vec<Group>,
}

/// What belongs together: layers that draw the same features, divided by one property.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name for people.
    pub title: String,
    /// The ids of the layers, from the lowest to the topmost.
    pub layers: Vec<String>,
    /// The name of their source.
    pub source: String,
    /// The layer of the source's tiles.
    pub source_layer: Option<String>,
    /// The property that divides the features; none when all look alike.
    pub property: Option<String>,
    /// The classes.
    pub entries: Vec<Entry>,
}

/// One class with its picture.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, in no language; the group's title where there is one class only.
    pub label: String,
    /// Which values are in it.
    pub test: Test,
    /// How many features are in it, when that was asked.
    pub count: Option<usize>,
    /// What they look like.
    pub swatch: Picture,
}

/// Makes the legend of a style. `described` is what its document says ([`Style::describe`]); `theme` finds the features of a
/// layer, and a layer for which `is_wanted` is false is left out.
pub fn legend(
    style: &Style,
    described: &[Described],
    theme: &dyn Fn(&Layer) -> Option<Theme>,
    is_wanted: &dyn Fn(&Layer) -> bool,
    assets: &Assets,
    view: &LegendView,
) -> Legend {
    let stage = &Stage { assets, images: assets.images.names().map(str::to_owned).collect(), view };
    let shown = style.layers.iter().filter(|layer| layer.is_shown(view.zoom) && is_wanted(layer)).collect();
    let units = units(shown, described, theme, stage);
    let groups = units.iter().rev().flat_map(|unit| groups(style, unit, stage));
    Legend { groups: groups.collect() }
}

/// A group for each property that divides a unit, or one for all of it.
fn groups(style: &Style, unit: &Unit<'_>, stage: &Stage<'_>) -> Vec<Group> {
    let properties = unit.properties();
    if properties.is_empty() {
        let found = unit.whole(stage);
        return group(style, unit, None, vec![found], stage).into_iter().collect();
    }
    let groups = properties.iter().filter_map(|(property, marks)| {
        let found = unit.classes(property, marks, stage);
        group(style, unit, Some(property), found, stage)
    });
    groups.collect()
}

fn group(
    style: &Style,
    unit: &Unit<'_>,
    property: Option<&String>,
    found: Vec<Found>,
    stage: &Stage<'_>,
) -> Option<Group> {
    let mut entries: Vec<Entry> = Vec::new();
    for found in found {
        let sample = Sample { shape: unit.shape, properties: &found.sample };
        let Some(picture) = swatch(style, &unit.layers, &sample, stage) else { continue };
        // Values that look alike are one class.
        let same = entries.iter_mut().find(|entry| {
            matches!((&entry.test, &found.test), (Test::Is(_), Test::Is(_)))
                && entry.swatch.pixels() == picture.pixels()
        });
        match same {
            Some(entry) => {
                entry.label = format!("{}, {}", entry.label, found.label);
                entry.count = entry.count.zip(found.count).map(|(one, other)| one + other);
            }
            None => entries.push(Entry { label: found.label, test: found.test, count: found.count, swatch: picture }),
        }
    }
    if entries.is_empty() {
        return None;
    }
    let title = unit.title();
    if let [only] = &mut entries[..]
        && property.is_none()
    {
        only.label.clone_from(&title);
    }
    Some(Group {
        title,
        layers: unit.layers.iter().map(|layer| layer.id.clone()).collect(),
        source: unit.layers[0].source.clone().unwrap_or_default(),
        source_layer: unit.layers[0].source_layer.clone(),
        property: property.cloned(),
        entries,
    })
}

/// What all swatches of a legend have in common.
pub(super) struct Stage<'a> {
    /// Letters and images.
    pub(super) assets: &'a Assets,
    /// The names of the images.
    pub(super) images: Vec<String>,
    /// How they are seen.
    pub(super) view: &'a LegendView,
}

/// Sets a property of a sample.
pub(super) fn set(sample: &mut Vec<(String, Scalar)>, name: &str, value: Scalar) {
    sample.retain(|(own, _)| own != name);
    sample.push((name.to_owned(), value));
}
