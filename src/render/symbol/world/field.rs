//! All labels of a style, decided where a picture asks for them.

use std::cell::Cell as Flag;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use xxhash_rust::xxh3::xxh3_64;

use super::block::Block;
use super::block::Blocks;
use super::block::Place;
use super::bound;
use super::candidate::Candidate;
use super::candidate::Decision;
use super::candidate::Standing;
use super::memory::Planned;
use super::plan::Plan;
use super::setting::Setting;
use super::tiled::Tiled;
use crate::render::lattice::Cell;
use crate::render::scene::Labelled;
use crate::render::symbol::bucket::Missing;
use crate::render::symbol::geometry::Point;
use crate::render::symbol::grid::Cover;
use crate::render::symbol::place::Placer;
use crate::render::symbol::place::Verdict;
use crate::render::symbol::rules::Rules;
use crate::render::whole::Asked;
use crate::render::whole::Memory;
use crate::render::whole::Rows;
use crate::render::whole::Span;
use crate::render::whole::Whole;
use crate::render::whole::WholeLayer;
use crate::style::Layer;
use crate::style::Overlap;
use crate::style::Symbol;
use crate::style::SymbolPlacement;

/// The labels of all layers, from the topmost down.
pub struct Field<'a> {
    pub(super) setting: Setting<'a>,
    pub(super) blocks: Blocks,
    layers: Vec<FieldLayer<'a>>,
    asked: RefCell<HashMap<(u16, Place), Arc<Block>>>,
    /// The degrees of each square, which all layers ask for.
    degrees: RefCell<HashMap<Place, Arc<[Asked]>>>,
    /// Where all labels from tiles are known.
    known: Span,
    /// Whether a label near the picture hangs on one that is not.
    is_open: Flag<bool>,
}

struct FieldLayer<'a> {
    layer: &'a Layer,
    symbol: &'a Symbol,
    rules: Arc<Rules>,
    ground: Ground<'a>,
    /// Pixels that its labels reach from their anchors.
    reach: f32,
    /// Different for different layers and settings.
    key: u64,
}

/// Where labels come from.
enum Ground<'a> {
    Whole(&'a WholeLayer, Arc<Memory>),
    Tiles(HashMap<Place, Arc<Block>>),
}

/// Room for labels whose letters are still to be fetched, which are kept for one picture only.
const UNSETTLED_BYTES: u64 = 16 << 20;

/// Pixels a side of a tile at a whole zoom, within which the labels around a picture are known.
const TILE: f32 = 512.0;

/// A label higher than this does not stand. Labels whose ranks are hashes come nowhere near it; sort keys that grow along space
/// may, where hundreds of labels in a row lie over each other.
pub const MOST_HEIGHT: u32 = 256;

impl<'a> Field<'a> {
    /// A field without layers.
    pub fn new(setting: Setting<'a>) -> Self {
        let blocks = Blocks::new(&setting.plane, setting.pixel);
        let view = setting.frame.view;
        Self {
            blocks,
            layers: Vec::new(),
            asked: RefCell::default(),
            degrees: RefCell::default(),
            known: Span::of(view, view.label_margin()),
            is_open: Flag::default(),
            setting,
        }
    }

    /// Adds the layer below all those before.
    pub fn add(&mut self, layer: &'a Layer, symbol: &'a Symbol, labelled: &Labelled<'a>, missing: &mut Missing) {
        let setting = &self.setting;
        let view = setting.frame.view;
        let order = self.layers.len() as u16;
        let rules = Arc::new(Rules::new(symbol, setting.frame.layout().zoom, view.zoom(), view.bearing()));
        let key = setting.key ^ xxh3_64(layer.id.as_bytes());
        let (ground, reach) = match labelled {
            Labelled::Whole(Whole { memory, .. }, whole) => {
                let find = || f64::from(bound::bound(whole, layer, symbol, &rules, setting));
                let bound_key = (layer.id.clone(), "labels", setting.key);
                // Letters that are still to be fetched make other labels.
                let memory = if setting.glyphs.is_settled() {
                    Arc::clone(memory)
                } else {
                    Arc::new(Memory::new(UNSETTLED_BYTES))
                };
                let reach = memory.bound(bound_key, find) as f32;
                (Ground::Whole(whole, memory), reach)
            }
            Labelled::Parts(_) => (Ground::Tiles(HashMap::new()), 0.0),
            Labelled::Tiled(parts, asked) => {
                let tiles = Tiled { parts, asked, layer: order, symbol, setting };
                let blocks = tiles.blocks(&self.blocks, missing);
                let candidates = blocks.values().flat_map(|block| &block.candidates);
                let edges = candidates.flat_map(|candidate| candidate.edges);
                let reach = edges.fold(0.0_f32, |far, edge| far.max(edge.abs()));
                (Ground::Tiles(blocks), reach.min(bound::FARTHEST))
            }
        };
        self.layers.push(FieldLayer { layer, symbol, rules, ground, reach, key });
    }

    /// Pixels that the labels of a layer reach, where they come from tiles and that is farther than a tile: what pictures show
    /// of them may then differ.
    pub fn excess(&self, layer: usize) -> Option<f32> {
        let FieldLayer { ground, reach, .. } = &self.layers[layer];
        (matches!(ground, Ground::Tiles(_)) && *reach > TILE).then_some(*reach)
    }

    /// Whether labels that were asked for so far hang on others that were not loaded.
    pub fn is_open(&self) -> bool {
        self.is_open.get()
    }

    /// The labels of a layer (by its number from the top) that stand in the picture, in the order of drawing.
    pub fn standing(&self, layer: usize, missing: &mut Missing) -> Vec<Standing> {
        let picture = Span::of(self.setting.frame.view, 0.0);
        let reach = self.layers[layer].reach;
        // Where the picture is turned, labels may reach it with their corners.
        let turned = if self.setting.frame.view.bearing() == 0.0 { 1.0 } else { std::f64::consts::SQRT_2 };
        let margin = (f64::from(reach) * self.setting.pixel * turned).ceil() as i64;
        let mut found = Vec::new();
        for (place, start) in self.blocks.meeting(&picture.grown(margin)) {
            let block = self.block(layer, place);
            missing.extend(block.missing.iter().cloned());
            for candidate in &block.candidates {
                let cell = candidate.cell + start;
                if !self.setting.span(cell, candidate.edges, 1.0).meets(&picture) {
                    continue;
                }
                let Some(Decision { verdict, is_open, .. }) = self.decide(candidate, MOST_HEIGHT) else { continue };
                self.is_open.set(self.is_open.get() || *is_open);
                if verdict.text || verdict.icon {
                    let at = cell - picture.min;
                    found.push(Standing { candidate: Arc::clone(candidate), verdict: *verdict, at });
                }
            }
        }
        found.sort_by_key(|standing| (standing.candidate.rank.drawn(), standing.at.x));
        found
    }

    /// What became of a label; `None` when it is higher than `most`.
    fn decide<'c>(&self, own: &'c Candidate, most: u32) -> Option<&'c Decision> {
        if let Some(known) = own.decision.get() {
            return (known.height <= most).then_some(known);
        }
        if own.higher.load(Ordering::Relaxed) > most {
            return None;
        }
        if let Some(decision) = self.find(own, most) {
            Some(own.decision.get_or_init(|| decision))
        } else {
            own.higher.fetch_max(most + 1, Ordering::Relaxed);
            None
        }
    }

    fn find(&self, own: &Candidate, most: u32) -> Option<Decision> {
        let layer = own.rank.layer();
        let mut placer = Placer::within(own.edges);
        let (mut height, mut is_open) = (0, false);
        for Rival { candidate, apart, is_repeated } in self.rivals(own) {
            let other = self.decide(&candidate, most.checked_sub(1)?)?;
            height = height.max(other.height + 1);
            is_open |= other.is_open;
            if is_repeated && other.verdict.text {
                return Some(Decision { is_open, ..self.settle(layer, Verdict::default(), height) });
            }
            if other.covers.is_empty() {
                continue;
            }
            for (cover, overlap) in &other.covers {
                placer.take(cover.moved(apart), *overlap);
            }
            let trial = placer.clone().place(&own.bucket, &own.instance);
            if !trial.text && !trial.icon {
                return Some(Decision { is_open, ..self.settle(layer, trial, height) });
            }
        }
        let before = placer.taken().len();
        let verdict = placer.place(&own.bucket, &own.instance);
        let covers = placer.taken()[before..].iter().copied().collect();
        // What others leave no room is out of the way, whatever else there is.
        is_open |= (verdict.text || verdict.icon) && self.reaches_beyond(own);
        Some(Decision { covers, is_open, ..self.settle(layer, verdict, height) })
    }

    /// What may lie over everything is shown even where it was not placed.
    fn settle(&self, layer: usize, mut verdict: Verdict, height: u32) -> Decision {
        let FieldLayer { symbol, rules, .. } = &self.layers[layer];
        let has_icons = !matches!(symbol.icon_image.as_constant(), Some(None));
        let has_texts = symbol.text_field.as_constant().is_none_or(|text| !text.sections.is_empty());
        let always = |overlap| overlap == Overlap::Always;
        verdict.text |=
            always(rules.text.overlap) && (always(rules.icon.overlap) || !has_icons || rules.icon.is_optional);
        verdict.icon |=
            always(rules.icon.overlap) && (always(rules.text.overlap) || !has_texts || rules.text.is_optional);
        Decision { verdict, height, ..Decision::default() }
    }

    /// Whether labels of the layers from its own up may touch it that were not loaded.
    fn reaches_beyond(&self, own: &Candidate) -> bool {
        let is_beyond = |(theirs, above): (usize, &FieldLayer<'_>)| {
            let area = self.area(own, theirs, above);
            let area = area.filter(|_| matches!(above.ground, Ground::Tiles(_)));
            area.is_some_and(|area| {
                let copy = self.setting.plane.copy().unwrap_or(i64::MAX);
                let apart = (self.known.min.x / 2 + self.known.max.x / 2) - (area.min.x / 2 + area.max.x / 2);
                let copies = (apart as f64 / copy as f64).round() as i64;
                !self.known.covers(&area.moved(Cell { x: copies.saturating_mul(copy), y: 0 }))
            })
        };
        !is_free(own) && self.layers[..=own.rank.layer()].iter().enumerate().any(is_beyond)
    }

    /// Where the anchors of a layer's labels lie that may be in the way of one; `None` where none are.
    fn area(&self, own: &Candidate, theirs: usize, above: &FieldLayer<'_>) -> Option<Span> {
        let apart = self.repeat(own, theirs, above);
        let area = self.setting.span(own.cell, own.edges, above.reach);
        match apart {
            Some(apart) => Some(area.around(&self.setting.span(own.cell, [0.0; 4], apart))),
            None => above.takes_room().then_some(area),
        }
    }

    /// How near to a label along a line no other of the same text in its layer may be.
    fn repeat(&self, own: &Candidate, theirs: usize, above: &FieldLayer<'_>) -> Option<f32> {
        let is_line = theirs == own.rank.layer() && above.rules.placement == SymbolPlacement::Line;
        is_line.then(|| above.rules.spacing * self.setting.growth / 2.0)
    }

    /// The labels that outrank one and may touch it, in the order of their ranks.
    fn rivals(&self, own: &Candidate) -> Vec<Rival> {
        let mut rivals = Vec::new();
        if is_free(own) {
            return rivals;
        }
        for (theirs, above) in self.layers[..=own.rank.layer()].iter().enumerate() {
            let Some(area) = self.area(own, theirs, above) else { continue };
            // Along lines no text is repeated too near.
            let (takes_room, repeat) = (above.takes_room(), self.repeat(own, theirs, above));
            for (place, start) in self.blocks.meeting(&area) {
                for candidate in &self.block(theirs, place).candidates {
                    if candidate.rank >= own.rank {
                        continue;
                    }
                    let from_own = self.setting.turned(own.cell, candidate.cell + start);
                    let is_repeated = repeat.is_some_and(|repeat| {
                        let is_near = from_own[0].hypot(from_own[1]) < repeat;
                        is_near && candidate.label().has_text() && candidate.label().text == own.label().text
                    });
                    let touches =
                        takes_room && Cover::Box(candidate.edges).moved(from_own).touches(&Cover::Box(own.edges));
                    if touches || is_repeated {
                        let candidate = Arc::clone(candidate);
                        rivals.push(Rival { candidate, apart: from_own, is_repeated });
                    }
                }
            }
        }
        rivals.sort_by(|a, b| a.candidate.rank.cmp(&b.candidate.rank).then(a.apart[0].total_cmp(&b.apart[0])));
        rivals
    }

    /// The labels of a layer in a square.
    pub(super) fn block(&self, layer: usize, place: Place) -> Arc<Block> {
        if let Some(known) = self.asked.borrow().get(&(layer as u16, place)) {
            return Arc::clone(known);
        }
        let own = &self.layers[layer];
        let block = match &own.ground {
            Ground::Tiles(blocks) => blocks.get(&place).cloned().unwrap_or_default(),
            Ground::Whole(whole, memory) => {
                let kept = memory.labels().block((own.key, place), || self.fill(own, layer, whole, memory, place));
                // What was decided is kept with it; of labels from tiles that need not be all there is to know.
                let has_tiles = self.layers.iter().any(|layer| matches!(layer.ground, Ground::Tiles(_)));
                if has_tiles { Arc::new(kept.undecided()) } else { kept }
            }
        };
        self.asked.borrow_mut().insert((layer as u16, place), Arc::clone(&block));
        block
    }

    fn places(&self, place: Place, span: &Span) -> Arc<[Asked]> {
        let mut known = self.degrees.borrow_mut();
        Arc::clone(known.entry(place).or_insert_with(|| self.setting.plane.asked(span).into()))
    }

    fn fill(&self, own: &FieldLayer<'a>, layer: usize, whole: &WholeLayer, memory: &Memory, place: Place) -> Block {
        let setting = &self.setting;
        let span = self.blocks.span(place);
        let layout = setting.frame.layout();
        // A cell more, so that what lies on the edge of the world is found from its other side.
        let span_around = span.grown(1);
        let rows =
            Rows::near(whole, setting.plane.clone(), span_around, &self.places(place, &span_around), layout.zoom);
        let mut block = Block::default();
        for index in 0..rows.len() {
            let make = || -> Planned {
                let mut missing = Missing::new();
                let is_shown = rows.with_subject(index, |subject| own.layer.filter.accepts(&layout.with(subject)));
                let plan = is_shown
                    .then(|| Plan::new(&rows, index, (own.symbol, &own.rules, own.key), setting, memory, &mut missing));
                (plan.flatten(), missing)
            };
            let planned = memory.labels().plan((own.key, rows.number(index), rows.kind(index) as u8), make);
            block.missing.extend(planned.1.iter().cloned());
            if let Some(plan) = &planned.0 {
                for copy in rows.copies(index) {
                    block.add(plan, &rows, index, copy, layer as u16, &span);
                }
            }
        }
        // A label that is larger than the layer's bound would not be seen by all that it touches.
        let is_bounded = |edges: [f32; 4]| edges.iter().all(|edge| edge.abs() <= own.reach);
        block.candidates.retain(|candidate| is_bounded(candidate.edges));
        block
    }
}

impl FieldLayer<'_> {
    /// Whether its labels may be in the way of others.
    fn takes_room(&self) -> bool {
        !(self.rules.text.ignores_placement && self.rules.icon.ignores_placement)
    }
}

/// Whether nothing can be in a label's way.
fn is_free(own: &Candidate) -> bool {
    let (rules, label) = (&own.bucket.rules, own.label());
    let text = !label.has_text() || rules.text.overlap == Overlap::Always && label.anchor_offsets.is_empty();
    let icon = label.icon.is_empty() || rules.icon.overlap == Overlap::Always;
    text && icon && rules.placement == SymbolPlacement::Point
}

/// A label that outranks another, and how far from it its anchor is.
struct Rival {
    candidate: Arc<Candidate>,
    apart: Point,
    /// Whether both have the same text and are nearer to each other than that may be.
    is_repeated: bool,
}
