//! Labels from tiles that others cut.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use super::block::Block;
use super::block::Blocks;
use super::block::Place;
use super::candidate::Candidate;
use super::rank::Rank;
use super::setting::Setting;
use crate::render::lattice::Cell;
use crate::render::scene::Part;
use crate::render::symbol::anchor::Anchor;
use crate::render::symbol::bucket::Bucket;
use crate::render::symbol::bucket::Missing;
use crate::render::symbol::label::Instance;
use crate::style::Symbol;

/// The labels of a layer in the tiles that were loaded, by squares. A label belongs to the tile on which its anchor lies.
pub fn blocks(
    parts: &[Part<'_>],
    symbol: &Symbol,
    order: u16,
    blocks: &Blocks,
    setting: &Setting<'_>,
    missing: &mut Missing,
) -> HashMap<Place, Arc<Block>> {
    let mut found: HashMap<Place, Block> = HashMap::new();
    let mut known = HashSet::new();
    let zoom = setting.frame.layout().zoom;
    for part in parts {
        // The world may be shown more than once.
        if !known.insert(part.placed.coord) {
            continue;
        }
        let tile_zoom = zoom.max(f64::from(part.placed.coord.level()));
        let bucket = Bucket::new(part, symbol, tile_zoom, setting.frame, setting.glyphs, missing);
        let coord = part.placed.coord;
        let tile = u64::from(coord.column()) << 32 | u64::from(coord.row());
        for (number, (instance, cell, label)) in instances(&bucket, setting).into_iter().enumerate() {
            let (place, cell) = blocks.place(cell);
            let own = &bucket.labels[label];
            let rank = Rank::new(order, own.sort_key, own.identity, own.feature as u64, tile ^ (number as u64) << 16);
            let alone = Bucket::alone(own.clone(), Arc::clone(&bucket.rules), setting.matrix());
            let alone = Arc::new(Bucket { placed: bucket.placed, ..alone });
            let candidate = Candidate::new(&alone, instance, cell, rank);
            found.entry(place).or_default().candidates.push(Arc::new(candidate));
        }
    }
    found.into_iter().map(|(place, block)| (place, Arc::new(block))).collect()
}

/// The places of a bucket's labels, counted from their anchors in pixels with north up.
fn instances(bucket: &Bucket, setting: &Setting<'_>) -> Vec<(Instance, Cell, usize)> {
    let cell = |point| setting.plane.cell_of_web_mercator(bucket.world(point));
    let local = |instance: &Instance| {
        let anchor = cell(instance.anchor.point)?;
        let line = instance.line.iter().map(|&point| Some(setting.between(anchor, cell(point)?)));
        let own = Anchor { point: [0.0; 2], segment: instance.anchor.segment };
        Some((Instance { label: 0, anchor: own, line: line.collect::<Option<_>>()? }, anchor, instance.label))
    };
    bucket.instances.iter().filter_map(local).collect()
}
