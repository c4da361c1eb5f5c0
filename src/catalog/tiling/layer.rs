//! The layer of one collection.

use super::candidates::Candidate;
use super::candidates::Candidates;
use super::labels::own_row;
use super::step::Step;
use super::step::ladder;
use crate::catalog::Collection;
use crate::feature::PartKind;
use crate::query::Query;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::store::overviews::FINEST;
use crate::tile::CutSettings;
use crate::tile::Detail;
use crate::tile::Dot;
use crate::tile::Fate;
use crate::tile::Item;
use crate::tile::Layer;
use crate::tile::area;
use crate::tile::codec::mvt;
use crate::tile::cut_items;

/// How many features there were, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Selected by the request, and on the tile.
    pub matched: usize,
    /// In the tile as features of their own.
    pub kept: usize,
    /// Lines and polygons too small to be seen that others stand for, which are shown as large as all together.
    pub merged: usize,
    /// Left out.
    pub dropped: usize,
    /// How many rungs the layer was taken down to fit.
    pub rungs: u8,
}

/// Why a feature is in a tile, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// It is there.
    Kept,
    /// It is too small to be seen; a square or a line in its place is as large as all of its kind in the square.
    Merged,
    /// A point; one that matters more stands in its square.
    Thinned,
    /// It became smaller than a unit, where such a one stands already.
    Covered,
    /// It matters least of those that did not fit the bytes of a tile.
    OverBudget,
}

impl Tally {
    /// The tally of several layers.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            matched: self.matched + other.matched,
            kept: self.kept + other.kept,
            merged: self.merged + other.merged,
            dropped: self.dropped + other.dropped,
            rungs: self.rungs.max(other.rungs),
        }
    }

    fn count(&mut self, rule: Rule, features: usize) {
        self.matched += features;
        match rule {
            Rule::Kept => self.kept += features,
            Rule::Merged => self.merged += features,
            Rule::Thinned | Rule::Covered | Rule::OverBudget => self.dropped += features,
        }
    }
}

/// One layer with what became of the features.
pub(super) struct CutLayer {
    pub(super) layer: Layer,
    pub(super) tally: Tally,
    /// The step that it was cut on.
    pub(super) step: Step,
    /// Rows that are in it as features of their own, and are not too small to be seen.
    pub(super) rows: Vec<u32>,
}

/// The tile that a layer is for.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) grid: &'a Grid,
    pub(super) coord: TileCoord,
}

/// Cuts a collection so that the encoded layer has at most `bytes`. `tell` is told of each candidate of the layer that is answered.
pub(super) fn layer(
    (collection, query): (&Collection, &Query),
    place: Place<'_>,
    bytes: usize,
    one_by_one: bool,
    mut tell: impl FnMut(&Candidate, Rule),
) -> CutLayer {
    let mut ladder = ladder(&collection.tiles, place.grid, place.coord);
    let last = ladder[ladder.len() - 1];
    let rects = area(place.grid, place.coord, &collection.tiles.cut);
    let is_below = place.grid.zoom(place.coord.level()) + 1e-6 < f64::from(collection.tiles.minzoom);
    let rects = if is_below { Vec::new() } else { rects };
    let candidates = if one_by_one {
        Candidates::one_by_one(collection, query, &rects, &last)
    } else {
        Candidates::new(collection, query, &rects, &last)
    };
    if candidates.are_few() {
        // Nobody is helped by leaving out what there is room for.
        ladder.insert(0, Step { shapes: FINEST, points: FINEST, ..ladder[0] });
    }
    let least = least_bytes(collection, query);
    for (rung, step) in ladder.iter().enumerate() {
        let mut found = candidates.on(step, query);
        let is_last = rung + 1 == ladder.len();
        let is_hopeless = || {
            let is_doubtful = rung > 0 || found.len() * least * 2 > bytes;
            found.len() * least > bytes || is_doubtful && estimate(collection, query, place, step, &found) > bytes
        };
        if !is_last && is_hopeless() {
            continue;
        }
        let mut cut = cut_some(collection, query, place, step, &found, &[]);
        if is_last && oversize(&cut.layer, bytes).is_some() {
            let mut rules = cut.rules.iter();
            found.retain(|_| rules.next().is_some_and(Option::is_some));
            cut = cut_largest(collection, query, place, step, &found, bytes);
        }
        if is_last || oversize(&cut.layer, bytes).is_none() {
            let mut tally = Tally { rungs: rung as u8, ..Tally::default() };
            let kept = found.iter().zip(&cut.rules).filter(|(_, rule)| **rule == Some(Rule::Kept));
            let rows = kept.filter_map(|(candidate, _)| own_row(candidate)).collect();
            for (candidate, rule) in found.iter().zip(&cut.rules) {
                let Some(rule) = *rule else { continue };
                let rest = candidate.count() - 1;
                match (rule, candidate) {
                    (Rule::Kept, Candidate::Mark(mark)) => {
                        let others = if mark.kind == PartKind::Points { Rule::Thinned } else { Rule::Merged };
                        tally.count(Rule::Kept, 1);
                        tally.count(others, rest);
                    }
                    _ => tally.count(rule, rest + 1),
                }
                tell(candidate, rule);
            }
            return CutLayer { layer: cut.layer, tally, step: *step, rows };
        }
    }
    unreachable!("the last rung answers")
}

/// From so many candidates on, a part of them tells how many bytes all have.
const SAMPLE: usize = 256;

/// About how many bytes a layer of these candidates has, rather less than more; nothing where it is as quick to cut it.
fn estimate(collection: &Collection, query: &Query, place: Place<'_>, step: &Step, found: &[Candidate]) -> usize {
    let stride = found.len() / SAMPLE;
    if stride < 4 {
        return 0;
    }
    let sample: Vec<Candidate> = found.iter().step_by(stride).copied().collect();
    let cut = cut_some(collection, query, place, step, &sample, &[]);
    // Values that many features share are counted once for few of them here, and small features cover each other more often
    // the more there are.
    mvt::layer_bytes(&cut.layer) * found.len() / sample.len() * 4 / 5
}

struct Attempt {
    layer: Layer,
    /// For each candidate, what became of it; `None` where it does not reach into the tile.
    rules: Vec<Option<Rule>>,
}

fn cut_some(
    collection: &Collection,
    query: &Query,
    place: Place<'_>,
    step: &Step,
    found: &[Candidate],
    left_out: &[bool],
) -> Attempt {
    let snapshot = collection.snapshot();
    let importance = snapshot.overviews().importance();
    let detail = (step.tolerance > 0.0 && !importance.is_empty()).then_some(Detail { importance, most: step.most });
    let settings = CutSettings { tolerance: step.tolerance, ..collection.tiles.cut };
    let properties = query.properties.as_deref().or(collection.tiles.properties.as_deref());
    let mut rules = Vec::with_capacity(found.len());
    let is_in = |at: usize| !left_out.get(at).copied().unwrap_or(false);
    let items = found.iter().enumerate().filter(|(at, _)| is_in(*at)).map(|(_, candidate)| match candidate {
        Candidate::Row(row) => Item::Feature(snapshot.row(*row)),
        Candidate::Mark(mark) => {
            let dot = Dot { kind: mark.kind, position: mark.position, size: mark.size };
            Item::Mark(snapshot.row(mark.row), dot)
        }
    });
    let layer =
        cut_items(items, (place.grid, place.coord), &settings, detail, (&collection.id, properties), |_, fate| {
            rules.push(match fate {
                Fate::Kept => Some(Rule::Kept),
                Fate::Elsewhere => None,
                Fate::Covered => Some(Rule::Covered),
            });
        });
    if !left_out.is_empty() {
        let mut told = rules.into_iter();
        rules =
            (0..found.len()).map(|at| if is_in(at) { told.next().flatten() } else { Some(Rule::OverBudget) }).collect();
    }
    Attempt { layer, rules }
}

/// Cuts as many of the largest as there is room for.
fn cut_largest(
    collection: &Collection,
    query: &Query,
    place: Place<'_>,
    step: &Step,
    found: &[Candidate],
    bytes: usize,
) -> Attempt {
    let order = by_weight(collection.snapshot(), found);
    let mut shown = found.len();
    let mut left_out = vec![false; found.len()];
    loop {
        let cut = cut_some(collection, query, place, step, found, &left_out);
        let Some(size) = oversize(&cut.layer, bytes).filter(|_| shown > 1) else { return cut };
        // The rest is as much smaller as it has to be, and a little more.
        let fitting = (shown as f64 * (bytes as f64 / size as f64) * 0.95) as usize;
        shown = fitting.clamp(1, shown - 1);
        order[shown..].iter().for_each(|&at| left_out[at as usize] = true);
    }
}

/// Positions of candidates, those first that are the last to be left out: the largest.
fn by_weight(snapshot: &Snapshot, found: &[Candidate]) -> Vec<u32> {
    let size = |at: &u32| match &found[*at as usize] {
        Candidate::Row(row) => {
            let rect = snapshot.row(*row).geometry().rect();
            (rect.width() * rect.height()).max(rect.width().max(rect.height()) * 1e-9)
        }
        Candidate::Mark(mark) => (mark.size * mark.size * 360.0 * 360.0).max(f64::from(mark.count) * 1e-18),
    };
    let mut order: Vec<u32> = (0..found.len() as u32).collect();
    order.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.cmp(b)));
    order
}

/// Bytes of a feature, at least: its id, its tags, three or four vertices.
fn least_bytes(collection: &Collection, query: &Query) -> usize {
    let carried = query.properties.as_ref().or(collection.tiles.properties.as_ref());
    let schema = collection.snapshot().schema();
    let sample = collection.snapshot().table().rows().next();
    let is_carried = |name: &String| carried.is_none_or(|carried| carried.contains(name));
    let filled = |row: crate::feature::Row<'_>| {
        let fields = schema.fields.iter().enumerate();
        fields.filter(|(at, field)| is_carried(&field.name) && !row.value(*at).is_null()).count()
    };
    12 + 2 * sample.map_or(0, filled)
}

/// The bytes of a layer where they are more than allowed.
fn oversize(layer: &Layer, bytes: usize) -> Option<usize> {
    if mvt::most_bytes(layer) <= bytes {
        return None;
    }
    Some(mvt::layer_bytes(layer)).filter(|&size| size > bytes)
}
