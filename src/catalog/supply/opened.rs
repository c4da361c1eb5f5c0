//! The sources of one style, opened.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;

use super::address::is_covered;
use super::decoded::Decoded;
use super::fetch::Found;
use super::stock::Stock;
use crate::catalog::Catalog;
use crate::catalog::Remote;
use crate::catalog::Selection;
use crate::render::Loaded;
use crate::render::Memory;
use crate::render::Need;
use crate::render::neighbourhood;
use crate::style::Diagnostic;
use crate::style::SpriteImages;
use crate::style::Style;

/// Requests that are under way at once.
const AT_ONCE: usize = 8;

/// The sources of one style, opened.
#[derive(Clone, Debug)]
pub struct Supply {
    pub(super) remote: Option<Remote>,
    pub(super) stocks: BTreeMap<String, Stock>,
    pub(super) images: SpriteImages,
    /// How often something could not be fetched.
    pub(super) failures: Arc<AtomicU64>,
    pub(super) decoded: Arc<Decoded>,
    pub(super) memory: Arc<Memory>,
    /// Bytes that the memory takes, at most.
    shape_bytes: u64,
    /// Which features of the catalog's collections are meant.
    pub(super) selection: Selection,
}

impl Supply {
    /// Opens the sources and sprites of a style. What cannot be opened is said, and drawn without. A TileJSON document
    /// completes the style's own source.
    ///
    /// Without `remote`, the style draws from the catalog and from itself only.
    pub async fn open(
        style: &mut Style,
        catalog: &Catalog,
        remote: Option<Remote>,
        ratio: f64,
    ) -> (Self, Vec<Diagnostic>) {
        let shape_bytes = catalog.shape_bytes;
        let memory = Arc::new(Memory::new(shape_bytes));
        let decoded = Arc::clone(&catalog.decoded);
        let (stocks, images, failures) = (BTreeMap::new(), SpriteImages::default(), Arc::default());
        let selection = Selection::default();
        let mut supply = Self { remote, stocks, images, failures, decoded, memory, shape_bytes, selection };
        let mut diagnostics = Vec::new();
        for (name, source) in &mut style.sources {
            let mut faults = Vec::new();
            let opened = supply.stock(source, catalog, &mut faults).await;
            diagnostics.extend(faults.into_iter().map(|message| Diagnostic::new(None, Some(name), message)));
            match opened {
                Ok(stock) => {
                    supply.stocks.insert(name.clone(), stock);
                }
                Err(message) => diagnostics.push(Diagnostic::new(None, Some(name), message)),
            }
        }
        for sprite in &style.sprites {
            if let Err(message) = supply.add_sprite(&sprite.id, &sprite.url, ratio, catalog).await {
                diagnostics.push(Diagnostic::new(None, Some("sprite"), message));
            }
        }
        (supply, diagnostics)
    }

    /// The same with some of the features of collections.
    pub fn selecting(&self, selection: Selection) -> Self {
        // What was remembered goes by all features.
        let memory = Arc::new(Memory::new(self.shape_bytes));
        let mut supply = Self { memory, selection, ..self.clone() };
        for stock in supply.stocks.values_mut() {
            if let Stock::Features(features) = stock {
                **features = features.selecting(&supply.selection);
            }
        }
        supply
    }

    /// The images of its sprites.
    pub fn images(&self) -> &SpriteImages {
        &self.images
    }

    /// How often something could not be fetched so far.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Fetches what a picture needs from elsewhere, so that loading it later finds it at hand.
    pub async fn prepare(&self, needs: BTreeSet<Need>) {
        let mut pending: BTreeSet<Need> = needs.into_iter().filter(|need| self.is_elsewhere(need)).collect();
        let mut budget = self.budget();
        while !pending.is_empty() {
            // What is left out is told when it is drawn.
            drop(self.keep_within(&mut budget, &mut pending));
            let fetched: Vec<_> = stream::iter(std::mem::take(&mut pending))
                .map(|need| async move { (self.is_missing(&need).await, need) })
                .buffered(AT_ONCE)
                .collect()
                .await;
            pending.extend(fetched.into_iter().filter(|(missing, _)| *missing).flat_map(|(_, need)| self.larger(need)));
        }
    }

    /// Loads what a picture needs. Where a tile is missing, larger ones are looked for.
    pub async fn load(&self, needs: BTreeSet<Need>) -> (Loaded, Vec<Diagnostic>) {
        let (mut loaded, mut diagnostics) = (Loaded::default(), Vec::new());
        let (mut pending, mut budget) = (needs, self.budget());
        while !pending.is_empty() {
            diagnostics.extend(self.keep_within(&mut budget, &mut pending));
            let fetched: Vec<_> = stream::iter(std::mem::take(&mut pending))
                .map(|need| async move { (self.fetch(&need).await, need) })
                .buffered(AT_ONCE)
                .collect()
                .await;
            for (found, need) in fetched {
                match (found, need) {
                    (Ok(Found::Vector(tile)), Need::Tile(name, coord)) => loaded.insert_vector(&name, coord, tile),
                    (Ok(Found::Raster(tile)), Need::Tile(name, coord)) => loaded.insert_raster(&name, coord, tile),
                    (Ok(Found::Heights(tile)), Need::Tile(name, coord)) => loaded.insert_heights(&name, coord, tile),
                    (Ok(Found::Raster(image)), Need::Image(name)) => loaded.insert_image(&name, image),
                    (Ok(Found::Missing), need) => {
                        diagnostics.extend(self.nothing_larger(&need));
                        pending.extend(self.larger(need));
                    }
                    (Ok(Found::Whole(whole)), Need::Whole(name, _)) => loaded.insert_whole(&name, whole),
                    (Ok(_), _) => {}
                    (Err(message), Need::Tile(name, _) | Need::Image(name) | Need::Whole(name, _)) => {
                        diagnostics.push(Diagnostic::new(None, Some(&name), message));
                    }
                }
            }
        }
        (loaded, diagnostics)
    }

    /// So many tiles and images may be fetched from elsewhere for one picture.
    fn budget(&self) -> usize {
        self.remote.as_ref().map_or(usize::MAX, |remote| remote.limits().each_picture)
    }

    /// Leaves out what is more than may be fetched, and says so.
    fn keep_within(&self, budget: &mut usize, pending: &mut BTreeSet<Need>) -> Option<Diagnostic> {
        let before = pending.len();
        pending.retain(|need| {
            let is_kept = !self.is_elsewhere(need) || *budget > 0;
            *budget = budget.saturating_sub(usize::from(self.is_elsewhere(need)));
            is_kept
        });
        let left_out = before - pending.len();
        let message =
            || format!("{left_out} tiles are left out: one picture fetches no more than limits.picture_fetches");
        (left_out > 0).then(|| Diagnostic::new(None, Some("sources"), message()))
    }

    /// What is said about a tile that is missing when no larger one can stand for it.
    fn nothing_larger(&self, need: &Need) -> Option<Diagnostic> {
        let Need::Tile(name, coord) = need else { return None };
        let tiled = match self.stocks.get(name)? {
            // Heights are asked for around what is shown, and where there are none the edge has to do.
            Stock::Heights(..) => return None,
            stock => stock.tiled()?,
        };
        let is_last = coord.level() == tiled.minzoom.unwrap_or(0) && is_covered(tiled, *coord);
        let [level, column, row] = [u32::from(coord.level()), coord.column(), coord.row()];
        let message = || format!("there is no tile {level}/{column}/{row}, so that nothing is drawn there");
        is_last.then(|| Diagnostic::new(None, Some(name), message()))
    }

    /// What may stand for a tile that is missing; for heights with what is around it, as for all heights.
    fn larger(&self, need: Need) -> Vec<Need> {
        let Need::Tile(name, coord) = need else { return Vec::new() };
        let Some(parent) = coord.parent() else { return Vec::new() };
        match self.stocks.get(&name) {
            Some(Stock::Heights(..)) => neighbourhood(parent).map(|coord| Need::Tile(name.clone(), coord)).collect(),
            _ => vec![Need::Tile(name, parent)],
        }
    }

    /// Fetches a glyph range.
    pub async fn glyphs(&self, template: &str, stack: &str, start: u32) -> Result<Option<Bytes>, String> {
        let address = template.replace("{fontstack}", stack).replace("{range}", &format!("{start}-{}", start + 255));
        self.fetch_any(&address).await
    }
}
