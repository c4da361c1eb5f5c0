//! One feature's label and its places, for one layer of a style.

use std::sync::Arc;

use super::along::Along;
use super::memory::LabelMemory;
use super::pole::Pole;
use super::setting::Setting;
use crate::feature::PartKind;
use crate::render::lattice::Cell;
use crate::render::symbol::anchor::Demand;
use crate::render::symbol::bucket::Bucket;
use crate::render::symbol::bucket::Missing;
use crate::render::symbol::compose::Composed;
use crate::render::symbol::compose::Composer;
use crate::render::symbol::label::Label;
use crate::render::symbol::rules::Rules;
use crate::render::symbol::source::Content;
use crate::render::symbol::source::Written;
use crate::render::text::ONE_EM;
use crate::render::whole::Memory;
use crate::render::whole::Rows;
use crate::render::whole::Shape;
use crate::style::Context;
use crate::style::Subject;
use crate::style::Symbol;
use crate::style::SymbolPlacement;

/// A label, laid out, and where it may stand.
pub struct Plan {
    /// The label alone.
    pub bucket: Arc<Bucket>,
    /// Where.
    pub places: Places,
    /// The same in all pictures and on all servers.
    pub identity: u64,
}

/// Where a label may stand.
pub enum Places {
    /// At points, the most important one first.
    Points(Vec<Cell>),
    /// Along lines; whether they are closed.
    Lines(Arc<Shape>, bool, Along),
}

impl Plan {
    /// Lays out the label of a feature; `None` when it has none. `key` is different for different layers and settings.
    /// Characters without glyphs are added to `missing`.
    pub fn new(
        rows: &Rows<'_>,
        index: usize,
        (symbol, rules, key): (&Symbol, &Arc<Rules>, u64),
        setting: &Setting<'_>,
        memory: &Memory,
        missing: &mut Missing,
    ) -> Option<Self> {
        let layout = setting.frame.layout();
        let mut composed = rows.with_subject(index, |subject| {
            let content = Content::of(symbol, rules, &layout.with(subject), setting.frame)?;
            let kept = Some((key, memory.labels()));
            compose(content, (symbol, rules), &layout, subject, setting, kept, missing)
        })?;
        let identity = rows.id(index);
        composed.label.feature = index;
        composed.label.identity = identity;
        let places = places(rows, index, rules, &composed, setting, memory);
        let bucket = Bucket::alone(composed.label, Arc::clone(rules), setting.matrix());
        Some(Self { bucket: Arc::new(bucket), places, identity })
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> u64 {
        let places = match &self.places {
            Places::Points(cells) => cells.len() * size_of::<Cell>(),
            Places::Lines(shape, ..) => shape.bytes() as usize,
        };
        let quads: u64 = self.bucket.labels.iter().map(Label::bytes).sum();
        (size_of::<Self>() + size_of::<Bucket>() + size_of::<Label>() + places) as u64 + quads
    }
}

/// The label of a text and an icon; what differs by its text alone is laid out once for all features that have it, where labels
/// are kept.
fn composed(
    composer: &Composer<'_>,
    content: &Content,
    kept: Option<(u64, &LabelMemory)>,
    missing: &mut Missing,
) -> Option<Composed> {
    let compose = |missing: &mut Missing| {
        let text = content.text.as_ref();
        let images = text.map_or(&[][..], |written| &written.images);
        let tell = &mut |c, stack: &str| {
            missing.insert((c, stack.to_owned()));
        };
        composer.compose(text.map(|written| &written.paragraph), images, content.icon.as_ref(), tell)
    };
    let text = content.text.as_ref().filter(|_| composer.rules.has_one_look && content.icon.is_none());
    let plain = text.and_then(Written::plain).zip(kept);
    let Some(((text, font), (key, labels))) = plain else { return compose(missing) };
    let worded = labels.text((key, text, font.to_owned()), || {
        let mut missing = Missing::new();
        (compose(&mut missing), missing)
    });
    missing.extend(worded.1.iter().cloned());
    worded.0.clone()
}

/// A polygon that is smaller than this has no label, since it is not drawn itself: pixels.
const SMALLEST: f64 = 0.125;

/// Lays out what a feature shows, in the context of a layout; what is `kept` goes by a number that is different for different
/// layers and settings.
pub fn compose(
    mut content: Content,
    (symbol, rules): (&Symbol, &Rules),
    layout: &Context<'_>,
    subject: &Subject<'_>,
    setting: &Setting<'_>,
    kept: Option<(u64, &LabelMemory)>,
    missing: &mut Missing,
) -> Option<Composed> {
    let (layout, paint) = (layout.with(subject), setting.frame.paint());
    let composer = Composer { symbol, rules, layout, paint: paint.with(subject), glyphs: setting.glyphs };
    let mut composed = composed(&composer, &content, kept, missing)?;
    composed.label.sort_key = content.sort_key;
    if let Some(written) = &mut content.text {
        composed.label.text = Some(written.paragraph.text());
        composed.label.section_colors = std::mem::take(&mut written.colors);
    }
    Some(composed)
}

fn places(
    rows: &Rows<'_>,
    index: usize,
    rules: &Rules,
    composed: &Composed,
    setting: &Setting<'_>,
    memory: &Memory,
) -> Places {
    let kind = rows.kind(index);
    let geometry = rows.row(index).geometry();
    let cells = |position: &[f64; 2]| setting.plane.cell(*position);
    match (rules.placement, kind) {
        (SymbolPlacement::Line | SymbolPlacement::LineCenter, PartKind::Points) => Places::Points(Vec::new()),
        (SymbolPlacement::Point, PartKind::Points) => {
            let parts = geometry.parts().filter(|part| part.kind() == kind);
            Places::Points(parts.flat_map(|part| part.paths()).flatten().filter_map(cells).collect())
        }
        (SymbolPlacement::Point, PartKind::Line) => {
            let parts = geometry.parts().filter(|part| part.kind() == kind);
            Places::Points(
                parts.flat_map(|part| part.paths()).filter_map(|path| path.first()).filter_map(cells).collect(),
            )
        }
        (SymbolPlacement::Point, PartKind::Polygon) => {
            let smallest = SMALLEST * setting.pixel / setting.plane.cells();
            let poles = memory.poles(rows, index);
            let shown = poles.iter().filter(|Pole { size, .. }| *size >= smallest);
            Places::Points(shown.map(|Pole { point, .. }| setting.plane.cell_of_world(*point)).collect())
        }
        (SymbolPlacement::Line | SymbolPlacement::LineCenter, PartKind::Line | PartKind::Polygon) => {
            let along = along(rules, composed, setting, setting.growth);
            let shape = memory.shape_of(rows, index);
            let in_pieces = kind == PartKind::Line && shape.paths().nth(1).is_some();
            let shape = if in_pieces { Arc::new(shape.joined()) } else { shape };
            Places::Lines(shape, kind == PartKind::Polygon, along)
        }
    }
}

/// What a label asks of lines where a pixel of its layout has become `growth` pixels.
pub fn along(rules: &Rules, composed: &Composed, setting: &Setting<'_>, growth: f32) -> Along {
    let label = &composed.label;
    let unit = composed.line_scale * growth;
    let demand = Demand {
        spacing: rules.spacing * growth,
        length: composed.length * unit,
        em: ONE_EM * unit,
        has_text: composed.has_text,
        max_angle: rules.max_angle,
        overscaling: 1.0,
    };
    let quads = label.horizontal.iter().map(|(_, quads)| quads).chain(&label.vertical).flat_map(|quads| quads.iter());
    let em = label.text_size / ONE_EM;
    let longest = quads.map(|quad| quad.along.abs() * em).fold(demand.length / 2.0, f32::max);
    let offsets = label.text_offset.map(|c| c.abs() * em);
    // Beside the line a text needs more of it where it bends.
    let reach = 2.0 * longest + offsets[0] + 4.0 * offsets[1] + 64.0;
    Along { demand, reach, pixel: setting.pixel }
}
