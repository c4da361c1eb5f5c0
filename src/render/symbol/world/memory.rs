//! Labels that are kept for the next pictures of a style.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::block::Block;
use super::block::Place;
use super::plan::Plan;
use crate::render::symbol::bucket::Missing;

/// A feature's label, if it has one, and characters without glyphs.
pub type Planned = (Option<Plan>, Missing);

/// Which label: the layer of the style under its setting, the row, what kind of its parts.
type PlanKey = (u64, u32, u8);

/// Which square: the layer of the style under its setting, and where.
type BlockKey = (u64, Place);

/// Labels laid out and decided, within a budget of bytes.
pub struct LabelMemory {
    plans: Cache<PlanKey, Arc<Planned>, Weight>,
    blocks: Cache<BlockKey, Arc<Block>, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<PlanKey, Arc<Planned>> for Weight {
    fn weight(&self, _: &PlanKey, planned: &Arc<Planned>) -> u64 {
        64 + planned.0.as_ref().map_or(0, Plan::bytes)
    }
}

impl Weighter<BlockKey, Arc<Block>> for Weight {
    fn weight(&self, _: &BlockKey, block: &Arc<Block>) -> u64 {
        64 + block.bytes()
    }
}

/// Bytes of a label, on average.
const TYPICAL: u64 = 2048;

impl LabelMemory {
    /// Room for so many bytes.
    pub fn new(bytes: u64) -> Self {
        let half = bytes / 2;
        let entries = (half / TYPICAL) as usize;
        let plans = Cache::with_weighter(entries, half, Weight);
        Self { plans, blocks: Cache::with_weighter(entries, half, Weight) }
    }

    pub(super) fn plan(&self, key: PlanKey, make: impl FnOnce() -> Planned) -> Arc<Planned> {
        if let Some(known) = self.plans.get(&key) {
            return known;
        }
        let made = Arc::new(make());
        self.plans.insert(key, Arc::clone(&made));
        made
    }

    pub(super) fn block(&self, key: BlockKey, make: impl FnOnce() -> Block) -> Arc<Block> {
        if let Some(known) = self.blocks.get(&key) {
            return known;
        }
        let made = Arc::new(make());
        self.blocks.insert(key, Arc::clone(&made));
        made
    }
}
