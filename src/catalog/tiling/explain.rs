//! What became of each feature of a tile.

use std::collections::HashMap;

use super::Rule;
use super::Tally;
use super::candidates::Candidate;
use super::candidates::Candidates;
use super::candidates::KINDS;
use super::layer::Place;
use super::layer::layer;
use super::tile::budgets;
use crate::catalog::Collection;
use crate::feature::PartKind;
use crate::query::Query;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::area;

/// What became of the features of one collection on a tile.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// How many.
    pub tally: Tally,
    /// Each row that the request selects, with the rule that decided, in the order of rules and rows.
    pub rows: Vec<(Rule, u32)>,
    /// Units: smaller bends were left out.
    pub tolerance: f64,
    /// Bytes of the layer, at most.
    pub max_bytes: usize,
}

/// Looks at all features that a tile of these collections shows or should show, those of each collection by themselves.
pub fn explain(parts: &[(&Collection, &Query)], grid: &Grid, coord: TileCoord) -> Vec<Explanation> {
    let budgets = budgets(parts, grid, coord);
    parts
        .iter()
        .zip(budgets)
        .map(|(&(collection, query), bytes)| explain_layer(collection, query, grid, coord, bytes))
        .collect()
}

fn explain_layer(collection: &Collection, query: &Query, grid: &Grid, coord: TileCoord, bytes: usize) -> Explanation {
    let place = Place { grid, coord };
    let mut marks: HashMap<u32, (PartKind, Rule)> = HashMap::new();
    let mut rows: Vec<(Rule, u32)> = Vec::new();
    let cut = layer((collection, query), place, bytes, true, |candidate, rule| match candidate {
        Candidate::Row(row) => rows.push((rule, *row)),
        Candidate::Mark(mark) => {
            marks.insert(mark.row, (mark.kind, rule));
            rows.push((rule, mark.row));
        }
    });
    let overviews = collection.snapshot().overviews();
    let rects = area(grid, coord, &collection.tiles.cut);
    let candidates = Candidates::one_by_one(collection, query, &rects, &cut.step);
    if let Candidates::Some(_, entries, _) = &candidates {
        for (kind, own) in KINDS.into_iter().zip(entries) {
            let level = if kind == PartKind::Points { cut.step.points } else { cut.step.shapes };
            for (entry, first) in overviews.gathered(kind, own, level) {
                let (row, first): (u32, u32) = (overviews.row(entry), overviews.row(first));
                let Some((_, rule)) = marks.get(&first).filter(|_| row != first) else { continue };
                let own = match (rule, kind) {
                    (Rule::Kept, PartKind::Points) => Rule::Thinned,
                    (Rule::Kept, _) => Rule::Merged,
                    (rule, _) => *rule,
                };
                rows.push((own, row));
            }
        }
    }
    rows.sort_unstable();
    rows.dedup();
    Explanation { tally: cut.tally, rows, tolerance: cut.step.tolerance, max_bytes: bytes }
}
