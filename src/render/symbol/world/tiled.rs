//! Labels from tiles that others cut.
//!
//! A label belongs to the tile on which its anchor lies, and where it stands follows from that tile and the eight around it, in
//! which its line or its polygon goes on: so all pictures agree about it. What touches no more than two columns and two rows
//! of tiles is seen whole from each of them, and labelled as a whole. Of what is longer each tile knows a part: it has labels
//! along its own run of a line, or one where more of the line or polygon lies in it than in those around.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::along::Along;
use super::along::Home;
use super::along::OnLine;
use super::block::Block;
use super::block::Blocks;
use super::block::Place;
use super::candidate::Candidate;
use super::chain::Chain;
use super::chain::HOME;
use super::chain::Step;
use super::chain::chains;
use super::plan::along;
use super::plan::compose;
use super::rank::Rank;
use super::setting::Setting;
use super::sheet::Sheet;
use super::sheet::Spot;
use super::union::unions;
use crate::render::lattice::Cell;
use crate::render::scene::Part;
use crate::render::symbol::anchor::Anchor;
use crate::render::symbol::bucket::Bucket;
use crate::render::symbol::bucket::Missing;
use crate::render::symbol::label::Instance;
use crate::render::symbol::rules::Rules;
use crate::render::symbol::source::Content;
use crate::render::tiles::Placed;
use crate::render::whole::Shape;
use crate::render::whole::Span;
use crate::space::TileCoord;
use crate::style::Context;
use crate::style::Symbol;
use crate::style::SymbolPlacement;

/// A layer of labels from tiles.
#[derive(Clone, Copy)]
pub struct Tiled<'t, 'a> {
    /// The tiles, with all around those that are asked for.
    pub parts: &'t [Part<'a>],
    /// The tiles whose labels are asked for.
    pub asked: &'t HashSet<TileCoord>,
    /// Layers of labels above it.
    pub layer: u16,
    /// How it looks.
    pub symbol: &'t Symbol,
    /// What all layers are laid out by.
    pub setting: &'t Setting<'t>,
}

/// Sheets by column and row.
type Sheets<'p, 'a> = BTreeMap<(u32, u32), Sheet<'p, 'a>>;

/// A label with what it asks of lines.
type LaidOut = Option<(Arc<Bucket>, Along)>;

impl Tiled<'_, '_> {
    /// The labels of the tiles that are asked for, by squares.
    pub fn blocks(&self, blocks: &Blocks, missing: &mut Missing) -> HashMap<Place, Arc<Block>> {
        let Some(first) = self.parts.first() else { return HashMap::new() };
        let (frame, view) = (self.setting.frame, self.setting.frame.view);
        let zoom = frame.layout().zoom.max(f64::from(first.clip.coord.level()));
        let layout = Context { zoom, ..frame.layout() };
        let rules = Arc::new(Rules::new(self.symbol, zoom, view.zoom(), view.bearing()));
        let mut sheets = Sheets::new();
        for part in self.parts {
            // The world may be shown more than once.
            let place = (part.clip.coord.column(), part.clip.coord.row());
            let edges = !self.asked.contains(&part.clip.coord);
            sheets.entry(place).or_insert_with(|| Sheet::new(part, (self.symbol, &rules), &layout, frame, edges));
        }
        let growth = (view.zoom() - zoom).exp2() as f32;
        let mut found: HashMap<Place, Block> = HashMap::new();
        for (&place, sheet) in sheets.iter().filter(|(_, sheet)| self.asked.contains(&sheet.part.clip.coord)) {
            let tile = Tile { of: *self, place, sheet, sheets: &sheets, rules: &rules, layout: &layout, growth };
            for (cell, candidate) in tile.candidates(missing) {
                let (square, cell) = blocks.place(cell);
                let candidate = Candidate { cell, ..candidate };
                found.entry(square).or_default().candidates.push(Arc::new(candidate));
            }
        }
        found.into_iter().map(|(place, block)| (place, Arc::new(block))).collect()
    }
}

/// A tile whose labels are asked for, among its neighbours.
struct Tile<'t, 'p, 'a> {
    of: Tiled<'t, 'a>,
    place: (u32, u32),
    sheet: &'t Sheet<'p, 'a>,
    sheets: &'t Sheets<'p, 'a>,
    rules: &'t Arc<Rules>,
    layout: &'t Context<'t>,
    /// Pixels for one of the layout.
    growth: f32,
}

impl<'p, 'a> Tile<'_, 'p, 'a> {
    fn candidates(&self, missing: &mut Missing) -> Vec<(Cell, Candidate)> {
        let mut labels: HashMap<usize, LaidOut> = HashMap::new();
        let mut label =
            |feature: usize| labels.entry(feature).or_insert_with(|| self.lay_out(feature, missing)).clone();
        let mut found = Vec::new();
        let mut push = |bucket: &Arc<Bucket>, anchor: Anchor, line: Arc<[[f32; 2]]>, cell: Cell| {
            let own = &bucket.labels[0];
            let number = u64::from(self.place.0) << 32 | u64::from(self.place.1);
            let number = number ^ (found.len() as u64) << 16;
            let rank = Rank::new(self.of.layer, own.sort_key, own.identity, own.feature as u64, number);
            let instance = Instance { label: 0, anchor, line };
            found.push((cell, Candidate::new(bucket, instance, cell, rank)));
        };
        for (feature, spot) in self.spots() {
            if let Some(((bucket, _), cell)) = label(feature).zip(self.cell(spot)) {
                push(&bucket, Anchor { point: [0.0; 2], segment: None }, Arc::from([]), cell);
            }
        }
        for chain in self.chains() {
            if let Some((bucket, along)) = label(chain.feature) {
                self.along(&chain, &along, |OnLine { cell, line, segment, .. }| {
                    push(&bucket, Anchor { point: [0.0; 2], segment: Some(segment) }, line.into(), cell);
                });
            }
        }
        found
    }

    fn lay_out(&self, feature: usize, missing: &mut Missing) -> LaidOut {
        let Tiled { symbol, setting, .. } = self.of;
        let part = self.sheet.part;
        let own = part.layer.feature(feature);
        let mut composed = part.with_subject(own, |subject| {
            let content = Content::of(symbol, self.rules, &self.layout.with(subject), setting.frame)?;
            compose(content, (symbol, self.rules), self.layout, subject, setting, None, missing)
        })?;
        let label = &mut composed.label;
        label.feature = feature;
        label.identity = own.id().unwrap_or_else(|| xxh3_64(label.text.as_deref().unwrap_or_default().as_bytes()));
        let along = along(self.rules, &composed, setting, self.growth);
        let alone = Bucket::alone(composed.label, Arc::clone(self.rules), setting.matrix());
        Some((Arc::new(Bucket { placed: part.placed, ..alone }), along))
    }

    /// Points and the places on polygons.
    fn spots(&self) -> Vec<(usize, Spot)> {
        let mut spots = self.sheet.points.clone();
        let mut keys: HashMap<u64, usize> = HashMap::new();
        for area in &self.sheet.areas {
            let is_first = !keys.contains_key(&area.key);
            let feature = *keys.entry(area.key).or_insert(area.feature);
            if !is_first {
                continue;
            }
            let around = self.around().flat_map(|(step, sheet)| sheet.areas.iter().map(move |area| (step, area)));
            let pieces: Vec<_> = around.filter(|(_, other)| other.key == area.key).collect();
            let labels = unions(&pieces).into_iter().filter_map(|union| union.label(|step| self.rank(step, area.key)));
            spots.extend(labels.map(|spot| (feature, spot)));
        }
        spots
    }

    /// Lines that are wholly or partly in the tile.
    fn chains(&self) -> Vec<Chain> {
        let keys: HashSet<u64> = self.sheet.lines.iter().map(|line| line.key).collect();
        let around = self.around().flat_map(|(step, sheet)| sheet.lines.iter().map(move |line| (step, line)));
        chains(around.filter(|(_, line)| keys.contains(&line.key)).collect())
    }

    /// The places along a line in the tile.
    fn along(&self, chain: &Chain, along: &Along, mut each: impl FnMut(OnLine)) {
        let mut cells: Vec<[i64; 2]> = Vec::with_capacity(chain.path.len());
        let mut own: Vec<bool> = Vec::with_capacity(chain.path.len());
        // Which point of the line each of its own is.
        let mut kept = Vec::with_capacity(chain.path.len());
        for (index, &spot) in chain.path.iter().enumerate() {
            let Some(Cell { x, y }) = self.cell(spot) else { return };
            if cells.last() != Some(&[x, y]) {
                own.extend(index.checked_sub(1).map(|segment| chain.tiles[segment] == HOME));
                cells.push([x, y]);
            }
            kept.push(cells.len() - 1);
        }
        if cells.len() < 2 {
            return;
        }
        let mut shape = Shape::default();
        shape.push(&cells, true, false);
        let Some(path) = shape.paths().next() else { return };
        let home = Home { span: &Span::EVERYTHING, own: Some(&own) };
        let is_center = self.rules.placement == SymbolPlacement::LineCenter;
        match (chain.is_short(), is_center) {
            (true, true) => along.middle(&path, false, home, each),
            (true, false) => along.places(&path, false, home, each),
            (false, _) => {
                let is_best = self.has_most(chain);
                for run in chain.runs() {
                    let run = kept[run.start]..kept[run.end];
                    along.spread(&path, &run, is_center, is_best, home, &mut each);
                }
            }
        }
    }

    /// Whether more of a line lies in this tile than in any around.
    fn has_most(&self, chain: &Chain) -> bool {
        let mut lengths: Vec<_> = chain
            .lengths()
            .into_iter()
            .map(|(step, length)| ((length * 8.0).round() as u64, self.rank(step, chain.key), step))
            .collect();
        lengths.sort_unstable();
        lengths.last().is_some_and(|(.., step)| *step == HOME)
    }

    /// The tiles around, and this one.
    fn around(&self) -> impl Iterator<Item = (Step, &Sheet<'p, 'a>)> {
        let steps = (-1..=1).flat_map(|down| (-1..=1).map(move |right| [right, down]));
        steps.filter_map(|step| Some((step, self.sheets.get(&self.neighbour(step))?)))
    }

    fn neighbour(&self, [right, down]: Step) -> (u32, u32) {
        let count = 1_i64 << self.sheet.part.clip.coord.level();
        let column = (i64::from(self.place.0) + i64::from(right)).rem_euclid(count);
        // Beyond the poles there is none.
        let row = u32::try_from(i64::from(self.place.1) + i64::from(down)).unwrap_or(u32::MAX);
        (column as u32, row)
    }

    /// A number by which tiles are told apart where a line or a polygon lies in them alike.
    fn rank(&self, step: Step, key: u64) -> u64 {
        let (column, row) = self.neighbour(step);
        xxh3_64(&(u64::from(column) << 32 | u64::from(row)).to_le_bytes()) ^ key
    }

    /// Where a point lies.
    fn cell(&self, spot: Spot) -> Option<Cell> {
        let [left, top, side] = Placed { wrap: 0, ..self.sheet.part.clip }.square();
        self.of.setting.plane.cell_of_web_mercator([left + spot[0] * side, top + spot[1] * side])
    }
}
