//! A tile of several collections.

use super::Tally;
use super::labels::labels;
use super::layer::CutLayer;
use super::layer::Place;
use super::layer::layer;
use crate::catalog::Collection;
use crate::query::Query;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::tile::Layer;
use crate::tile::VectorTile;
use crate::tile::codec::mvt;

/// A tile with what became of the features of each layer.
#[derive(Clone, Debug, Default)]
pub struct CutTile {
    /// The tile.
    pub tile: VectorTile,
    /// One for each collection, in order.
    pub tallies: Vec<Tally>,
}

/// What a tile may have beside its layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Extras {
    /// A layer of label points for each collection, named by its id and [`LABEL_SUFFIX`](super::LABEL_SUFFIX); as the collection's
    /// settings say where nothing is said.
    pub labels: Option<bool>,
}

/// A tile with a layer for each collection, named by its id, holding the features that its query selects. Each query was
/// checked against the schema of its collection; a box in it selects features and does not cut them.
///
/// Below the highest zoom of a collection it is simplified, and features too small to be seen are gathered. The tile has no more
/// bytes than the most generous collection allows, and each layer no more than its own; what does not fit is gathered and
/// simplified further, until it does.
///
/// What is asked for beside that is in `extras`.
pub fn vector_tile<'a>(
    parts: impl IntoIterator<Item = (&'a Collection, &'a Query)>,
    grid: &Grid,
    coord: TileCoord,
    extras: &Extras,
) -> CutTile {
    let parts: Vec<(&Collection, &Query)> = parts.into_iter().collect();
    let mut layers = cut_each(&parts, grid, coord, &own_budgets(&parts));
    if let Some(budgets) = shared_budgets(&parts, &layers) {
        for ((part, cut), budget) in parts.iter().zip(&mut layers).zip(budgets) {
            if mvt::layer_bytes(&cut.layer) > budget {
                *cut = layer(*part, Place { grid, coord }, budget, false, |_, _| {});
            }
        }
    }
    let tallies = layers.iter().map(|cut| cut.tally).collect();
    let mut all: Vec<Layer> = Vec::with_capacity(layers.len());
    for (part, cut) in parts.iter().zip(layers) {
        if extras.labels.unwrap_or(part.0.tiles.labels) {
            let left = part.0.tiles.max_bytes.saturating_sub(mvt::layer_bytes(&cut.layer));
            let labels = labels(*part, Place { grid, coord }, &cut, left);
            all.extend([cut.layer, labels]);
        } else {
            all.push(cut.layer);
        }
    }
    CutTile { tile: VectorTile { layers: all }, tallies }
}

/// The bytes that each layer of such a tile may have.
pub(super) fn budgets(parts: &[(&Collection, &Query)], grid: &Grid, coord: TileCoord) -> Vec<usize> {
    let own = own_budgets(parts);
    if parts.len() == 1 {
        return own;
    }
    let layers = cut_each(parts, grid, coord, &own);
    shared_budgets(parts, &layers).unwrap_or(own)
}

fn own_budgets(parts: &[(&Collection, &Query)]) -> Vec<usize> {
    parts.iter().map(|(collection, _)| collection.tiles.max_bytes).collect()
}

fn cut_each(parts: &[(&Collection, &Query)], grid: &Grid, coord: TileCoord, budgets: &[usize]) -> Vec<CutLayer> {
    let place = Place { grid, coord };
    parts.iter().zip(budgets).map(|(part, &budget)| layer(*part, place, budget, false, |_, _| {})).collect()
}

/// What each layer may have, where all together have more than the most generous collection allows.
fn shared_budgets(parts: &[(&Collection, &Query)], layers: &[CutLayer]) -> Option<Vec<usize>> {
    let own = own_budgets(parts);
    let most = own.iter().copied().max()?;
    if parts.len() == 1 || layers.iter().map(|cut| mvt::most_bytes(&cut.layer)).sum::<usize>() <= most {
        return None;
    }
    let sizes: Vec<usize> = layers.iter().map(|cut| mvt::layer_bytes(&cut.layer)).collect();
    let share = share(&sizes, most);
    (sizes.iter().sum::<usize>() > most).then(|| own.into_iter().map(|own| own.min(share)).collect())
}

/// What each of several layers may have so that all together have no more than `most`: those that need less leave the rest to the
/// others.
fn share(sizes: &[usize], most: usize) -> usize {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    let mut left = most;
    for (index, &size) in sizes.iter().enumerate() {
        let share = left / (sizes.len() - index);
        if size > share {
            return share;
        }
        left -= size;
    }
    most
}

/// The features of a collection, by their numbers, that a query selects and that may reach into a tile: those that meet its box
/// of degrees. They come in the order of the query.
pub fn tile_rows(collection: &Collection, query: &Query, grid: &Grid, coord: TileCoord) -> Vec<u32> {
    let snapshot = collection.snapshot();
    let parts: Vec<Rect> = grid.bbox(coord).into_iter().flat_map(|bbox| bbox.parts()).collect();
    let mut rows: Vec<u32> = parts.iter().flat_map(|part| snapshot.within(part)).collect();
    rows.sort_unstable();
    rows.dedup();
    let meets = |row: u32, part: &Rect| snapshot.row(row).geometry().intersects(part);
    let in_box = |row: u32| query.bbox.is_none_or(|bbox| bbox.parts().any(|part| meets(row, &part)));
    let mut rows = snapshot.select(query, rows);
    rows.retain(|&row| parts.iter().any(|part| meets(row, part)) && in_box(row));
    snapshot.sort(query, &mut rows);
    rows
}
