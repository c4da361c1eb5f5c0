//! The labels of a picture: placed all together, drawn layer by layer.

use super::bucket::Bucket;
use super::bucket::Missing;
use super::order;
use super::paint::Pass;
use super::paint::Stamp;
use super::paint::stamp;
use super::place::MARGIN;
use super::place::Placer;
use super::place::Verdict;
use super::stamps::push_icon;
use super::stamps::push_text;
use super::world::Field;
use super::world::Setting;
use super::world::Standing;
use crate::render::Canvas;
use crate::render::scene::Frame;
use crate::render::scene::Item;
use crate::render::scene::Labelled;
use crate::render::scene::Scene;
use crate::render::text::GlyphSource;
use crate::render::view::Placement;
use crate::style::Diagnostic;
use crate::style::Layer;
use crate::style::Symbol;

/// What stands where.
pub struct Labels {
    layers: Vec<PlacedLayer>,
    /// Whether what was loaded decides about all of them.
    are_certain: bool,
}

/// The labels of one layer: those of tiles in a view, or those that stand in the world.
struct PlacedLayer {
    id: String,
    buckets: Vec<Bucket>,
    verdicts: Vec<Vec<Verdict>>,
    standing: Vec<Standing>,
}

/// Lays out and places the labels of all layers, from the topmost layer down.
pub fn place(scene: &Scene<'_>, frame: &Frame<'_>, glyphs: &GlyphSource, diagnostics: &mut Vec<Diagnostic>) -> Labels {
    let layers = scene.items.iter().rev().filter_map(|item| match item {
        Item::Symbol(layer, symbol, labelled) => Some((*layer, *symbol, labelled)),
        _ => None,
    });
    match frame.view.placement() {
        Placement::View => in_view(layers, frame, glyphs, diagnostics),
        Placement::World => in_world(layers, frame, glyphs, diagnostics),
    }
}

fn in_view<'s>(
    layers: impl Iterator<Item = (&'s Layer, &'s Symbol, &'s Labelled<'s>)>,
    frame: &Frame<'_>,
    glyphs: &GlyphSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> Labels {
    let view = frame.view;
    let ratio = view.ratio() as f32;
    let mut placer = Placer::new(view.width() as f32 / ratio, view.height() as f32 / ratio, MARGIN);
    let zoom = frame.layout().zoom;
    let mut placed = Vec::new();
    for (layer, symbol, labelled) in layers {
        let Labelled::Parts(parts) = labelled else { continue };
        let mut missing = Missing::new();
        let mut buckets: Vec<Bucket> = Vec::with_capacity(parts.len());
        for part in parts {
            // A larger tile may stand for several missing ones; its labels are wanted once.
            if !buckets.iter().any(|bucket| bucket.placed == part.placed) {
                let tile_zoom = zoom.max(f64::from(part.placed.coord.level()));
                buckets.push(Bucket::new(part, symbol, tile_zoom, frame, glyphs, &mut missing));
            }
        }
        let verdicts = order::place(&buckets, &mut placer);
        placed.push(PlacedLayer { id: layer.id.clone(), buckets, verdicts, standing: Vec::new() });
        diagnostics.extend(missing_glyphs(&layer.id, &missing));
    }
    Labels { layers: placed, are_certain: true }
}

fn in_world<'s>(
    layers: impl Iterator<Item = (&'s Layer, &'s Symbol, &'s Labelled<'s>)>,
    frame: &Frame<'_>,
    glyphs: &GlyphSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> Labels {
    let mut field = Field::new(Setting::new(frame, glyphs));
    let mut added = Vec::new();
    for (layer, symbol, labelled) in layers {
        let mut missing = Missing::new();
        field.add(layer, symbol, labelled, &mut missing);
        added.push((layer, missing));
    }
    let mut placed = Vec::new();
    for (number, (layer, mut missing)) in added.into_iter().enumerate() {
        let standing = field.standing(number, &mut missing);
        diagnostics.extend(missing_glyphs(&layer.id, &missing));
        if let Some(reach) = field.excess(number) {
            let message = format!(
                "labels reach {reach:.0} pixels, farther than a tile of their source: neighbouring pictures may differ"
            );
            diagnostics.push(Diagnostic::new(Some(&layer.id), None, message));
        }
        placed.push(PlacedLayer { id: layer.id.clone(), buckets: Vec::new(), verdicts: Vec::new(), standing });
    }
    let are_certain = !field.is_open();
    if !are_certain && frame.view.with_more_labels().is_none() {
        let message = "labels lie so close that they hang on each other farther than tiles are loaded: neighbouring pictures may differ";
        diagnostics.push(Diagnostic::new(None, Some("symbol"), message));
    }
    Labels { layers: placed, are_certain }
}

/// One sentence for all characters of a stack.
fn missing_glyphs(layer: &str, missing: &Missing) -> Vec<Diagnostic> {
    let mut stacks: Vec<(&str, Vec<String>)> = Vec::new();
    for (character, stack) in missing {
        let named = format!("{character} (U+{:04X})", u32::from(*character));
        match stacks.iter_mut().find(|(known, _)| known == stack) {
            Some((_, characters)) if characters.len() < MAX_NAMED => characters.push(named),
            Some(_) => {}
            None => stacks.push((stack, vec![named])),
        }
    }
    let sentence = |(stack, characters): (&str, Vec<String>)| {
        let message = format!("no glyph in '{stack}' for {}", characters.join(", "));
        Diagnostic::new(Some(layer), Some("text-field"), message)
    };
    stacks.into_iter().map(sentence).collect()
}

/// Characters named in one diagnostic.
const MAX_NAMED: usize = 20;

impl Labels {
    /// Whether what was loaded decides about all of them: no other picture shows them differently.
    pub fn are_certain(&self) -> bool {
        self.are_certain
    }

    /// The labels of a layer that stand in the world.
    pub(super) fn standing(&self, layer: &str) -> impl Iterator<Item = &Standing> {
        self.layers.iter().filter(move |placed| placed.id == layer).flat_map(|placed| &placed.standing)
    }

    /// The buckets of a layer with their verdicts.
    pub(super) fn layers(&self, layer: &str) -> impl Iterator<Item = (&[Bucket], &[Vec<Verdict>])> {
        let layers = self.layers.iter().filter(move |placed| placed.id == layer);
        layers.map(|placed| (&placed.buckets[..], &placed.verdicts[..]))
    }

    /// Draws the labels of a layer: icons first, texts over them.
    pub fn draw(&self, canvas: &mut Canvas, frame: &Frame<'_>, layer: &str) {
        let Some(layer) = self.layers.iter().find(|placed| placed.id == layer) else { return };
        let ratio = frame.view.ratio() as f32;
        for part in [PartKind::Icon, PartKind::Text] {
            for group in layer.groups(part, ratio) {
                if group.has_halo {
                    for one in &group.stamps {
                        stamp(canvas, one, Pass::Halo, ratio);
                    }
                }
                for one in &group.stamps {
                    stamp(canvas, one, Pass::Fill, ratio);
                }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Icon,
    Text,
}

/// Stamps whose halos are drawn under all of their fills.
struct Group<'b> {
    sort_key: f64,
    has_halo: bool,
    stamps: Vec<Stamp<'b>>,
}

impl PlacedLayer {
    /// Stamps in the order of drawing.
    fn groups(&self, part: PartKind, ratio: f32) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut by_key = false;
        for index in order::drawn(&self.buckets) {
            let bucket = &self.buckets[index];
            let rules = &bucket.rules;
            by_key = rules.sorts_by_key && rules.can_overlap;
            let has_halo = if part == PartKind::Text { rules.text.has_halo } else { rules.icon.has_halo };
            let instances =
                if rules.draws_by_y { bucket.by_y() } else { (0..bucket.instances.len()).collect::<Vec<_>>() };
            groups.push(Group { sort_key: f64::NEG_INFINITY, has_halo, stamps: Vec::new() });
            for at in instances {
                let (instance, verdict) = (&bucket.instances[at], &self.verdicts[index][at]);
                let sort_key = bucket.labels[instance.label].sort_key;
                let last = groups.last_mut().expect("one was just pushed");
                if by_key && last.sort_key.total_cmp(&sort_key).is_ne() {
                    groups.push(Group { sort_key, has_halo, stamps: Vec::new() });
                }
                let stamps = &mut groups.last_mut().expect("one was just pushed").stamps;
                match part {
                    PartKind::Text if verdict.text => push_text(bucket, instance, verdict, ratio, stamps),
                    PartKind::Icon if verdict.icon => push_icon(bucket, instance, verdict, ratio, stamps),
                    PartKind::Text | PartKind::Icon => {}
                }
            }
        }
        for own in &self.standing {
            let rules = &own.candidate.bucket.rules;
            by_key = rules.sorts_by_key && rules.can_overlap;
            let sort_key = if by_key { own.candidate.label().sort_key } else { 0.0 };
            let has_halo = if part == PartKind::Text { rules.text.has_halo } else { rules.icon.has_halo };
            if groups.last().is_none_or(|last| last.sort_key.total_cmp(&sort_key).is_ne()) {
                groups.push(Group { sort_key, has_halo, stamps: Vec::new() });
            }
            let stamps = &mut groups.last_mut().expect("one was just pushed").stamps;
            own.push_stamps(part == PartKind::Text, ratio, stamps);
        }
        if by_key {
            groups.sort_by(|a, b| a.sort_key.total_cmp(&b.sort_key));
        }
        groups
    }
}
