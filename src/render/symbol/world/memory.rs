//! Labels that are kept for the next pictures of a style.

use std::hash::Hash;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::block::Block;
use super::block::Place;
use super::plan::Plan;
use crate::render::symbol::bucket::Missing;
use crate::render::symbol::compose::Composed;

/// A feature's label, if it has one, and characters without glyphs.
pub type Planned = (Option<Plan>, Missing);

/// A text's label that is no feature's yet, and characters without glyphs.
pub type Worded = (Option<Composed>, Missing);

/// Which text: the layer of the style under its setting, the text, its font.
type TextKey = (u64, String, String);

/// Which label: the layer of the style under its setting, the row, what kind of its parts.
type PlanKey = (u64, u32, u8);

/// Which square: the layer of the style under its setting, and where.
type BlockKey = (u64, Place);

/// Labels laid out and decided, within a budget of bytes.
pub struct LabelMemory {
    texts: Cache<TextKey, Arc<Worded>, Weight>,
    plans: Cache<PlanKey, Arc<Planned>, Weight>,
    blocks: Cache<BlockKey, Arc<Block>, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<TextKey, Arc<Worded>> for Weight {
    fn weight(&self, (_, text, font): &TextKey, worded: &Arc<Worded>) -> u64 {
        let label = worded.0.as_ref().map_or(0, |composed| composed.label.bytes());
        label + (text.len() + font.len() + size_of::<Worded>() + 64) as u64
    }
}

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
        let third = bytes / 3;
        let entries = (third / TYPICAL) as usize;
        let (texts, plans) =
            (Cache::with_weighter(entries, third, Weight), Cache::with_weighter(entries, third, Weight));
        Self { texts, plans, blocks: Cache::with_weighter(entries, third, Weight) }
    }

    /// Roads have their names in many pieces, which are laid out once.
    pub(super) fn text(&self, key: TextKey, make: impl FnOnce() -> Worded) -> Arc<Worded> {
        known_or_made(&self.texts, key, make)
    }

    pub(super) fn plan(&self, key: PlanKey, make: impl FnOnce() -> Planned) -> Arc<Planned> {
        known_or_made(&self.plans, key, make)
    }

    pub(super) fn block(&self, key: BlockKey, make: impl FnOnce() -> Block) -> Arc<Block> {
        known_or_made(&self.blocks, key, make)
    }
}

/// What is kept under a key, or else made and kept. Whoever makes the same at the same time makes the same.
fn known_or_made<K: Eq + Hash, V>(cache: &Cache<K, Arc<V>, Weight>, key: K, make: impl FnOnce() -> V) -> Arc<V>
where
    Weight: Weighter<K, Arc<V>>,
{
    if let Some(known) = cache.get(&key) {
        return known;
    }
    let made = Arc::new(make());
    cache.insert(key, Arc::clone(&made));
    made
}
