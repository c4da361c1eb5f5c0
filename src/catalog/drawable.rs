//! A style with all that it draws from.

use std::collections::BTreeSet;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use super::Catalog;
use super::Remote;
use super::Selection;
use super::Supply;
use crate::render::Assets;
use crate::render::Hit;
use crate::render::Loaded;
use crate::render::Picture;
use crate::render::View;
use crate::render::draw;
use crate::render::draw_if_certain;
use crate::render::pick;
use crate::render::plan;
use crate::render::text::GlyphSource;
use crate::render::text::Ranges;
use crate::style::Diagnostic;
use crate::style::SpriteImages;
use crate::style::Style;

/// A style whose sources and sprites were opened once, shared by all its pictures of one ratio.
#[derive(Debug)]
pub struct Drawable {
    style: Style,
    supply: Supply,
    assets: Assets,
    /// What was said already, by layer and property.
    told: Mutex<HashSet<(Option<String>, Option<String>)>>,
}

/// Rounds of drawing to find out which glyph ranges are needed.
const GLYPH_ROUNDS: usize = 6;

impl Drawable {
    /// Opens what the style names; what cannot be opened is said, and drawn without. `ratio` chooses among the sheets of a
    /// sprite. Without `remote`, a style draws from the catalog and from itself only.
    pub async fn open(style: &Style, catalog: &Catalog, remote: Option<Remote>, ratio: f64) -> (Self, Vec<Diagnostic>) {
        let mut style = style.clone();
        let is_fetched = remote.is_some() && style.glyphs.as_deref().is_some_and(is_elsewhere);
        let (supply, diagnostics) = Supply::open(&mut style, catalog, remote, ratio).await;
        let fonts = Arc::clone(&catalog.fonts);
        let glyphs =
            if is_fetched { GlyphSource::Ranges(Arc::new(Ranges::new(fonts))) } else { GlyphSource::Fonts(fonts) };
        let assets = Assets { images: supply.images().clone(), glyphs };
        (Self { style, supply, assets, told: Mutex::default() }, diagnostics)
    }

    /// Fetches what a view needs from elsewhere, so that drawing does not wait for other hosts.
    pub async fn prepare(&self, view: &View) {
        self.supply.prepare(plan(&self.style, view)).await;
    }

    /// Draws a view. What is missing is drawn without, and said.
    pub async fn draw(&self, view: &View) -> (Picture, Vec<Diagnostic>) {
        let mut view = view.clone();
        loop {
            let (loaded, mut diagnostics) = self.supply.load(plan(&self.style, &view)).await;
            match self.draw_with(&self.style, &view, &loaded, &self.assets).await {
                Ok((picture, more)) => {
                    diagnostics.extend(more);
                    return (picture, diagnostics);
                }
                Err(wider) => view = wider,
            }
        }
    }

    /// What the picture of a view shows within `radius` pixels of a pixel, topmost first.
    pub async fn pick(&self, view: &View, pixel: [u32; 2], radius: u32) -> Vec<Hit> {
        let (loaded, _) = self.supply.load(plan(&self.style, view)).await;
        pick(&self.style, view, &loaded, &self.assets, pixel, radius)
    }

    /// Draws a view with another style laid over this one.
    pub async fn draw_under(&self, above: &Self, view: &View) -> (Picture, Vec<Diagnostic>) {
        let mut style = self.style.clone();
        style.sources.extend(above.style.sources.clone());
        style.layers.extend(above.style.layers.iter().cloned());
        let mut assets = self.assets.clone();
        assets.images.extend(&above.assets.images);
        let mut view = view.clone();
        loop {
            let (mut loaded, mut diagnostics) = self.supply.load(plan(&self.style, &view)).await;
            let (more, undrawn) = above.supply.load(plan(&above.style, &view)).await;
            loaded.extend(more);
            diagnostics.extend(undrawn);
            match self.draw_with(&style, &view, &loaded, &assets).await {
                Ok((picture, undrawn)) => {
                    diagnostics.extend(undrawn);
                    return (picture, diagnostics);
                }
                Err(wider) => view = wider,
            }
        }
    }

    /// Its images and letters.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The same with images of its own.
    #[must_use]
    pub fn with_images(mut self, images: &SpriteImages) -> Self {
        self.assets.images.extend(images);
        self
    }

    /// The same with the features of collections that are selected: itself when all are, as they are.
    #[must_use]
    pub fn selecting(self: &Arc<Self>, selection: &Selection) -> Arc<Self> {
        if selection.is_everything() {
            return Arc::clone(self);
        }
        Arc::new(Self {
            style: self.style.clone(),
            supply: self.supply.selecting(selection.clone()),
            assets: self.assets.clone(),
            told: Mutex::default(),
        })
    }

    /// Draws what was loaded; or else says with which view to load more, where labels hang on others farther away.
    async fn draw_with(
        &self,
        style: &Style,
        view: &View,
        loaded: &Loaded,
        assets: &Assets,
    ) -> Result<(Picture, Vec<Diagnostic>), View> {
        let (GlyphSource::Ranges(ranges), Some(template)) = (&assets.glyphs, &self.style.glyphs) else {
            return draw_or_widen(style, view, loaded, assets);
        };
        // Which ranges are needed is known when they are drawn with, so it is done again until none is missing.
        let (mut round, mut diagnostics) = (1, Vec::new());
        loop {
            let own = Arc::new(ranges.asking());
            let assets = Assets { glyphs: GlyphSource::Ranges(Arc::clone(&own)), ..assets.clone() };
            let drawn = draw_or_widen(style, view, loaded, &assets);
            let wanted = own.take_wanted();
            if wanted.is_empty() || round == GLYPH_ROUNDS {
                let (picture, more) = drawn?;
                diagnostics.extend(more);
                return Ok((picture, diagnostics));
            }
            diagnostics.extend(self.add_ranges(ranges, template, wanted).await);
            round += 1;
        }
    }

    /// How often something could not be fetched so far.
    pub fn failures(&self) -> u64 {
        self.supply.failures()
    }

    /// Those of these remarks whose like was not made before.
    pub fn untold(&self, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        diagnostics.retain(|diagnostic| told.insert((diagnostic.layer.clone(), diagnostic.property.clone())));
        diagnostics
    }

    /// Fetches glyph ranges; where there is none, the built-in fonts stand in.
    async fn add_ranges(&self, ranges: &Ranges, template: &str, wanted: BTreeSet<(String, u32)>) -> Vec<Diagnostic> {
        let mut missing = Vec::new();
        let mut remark = |stack: &str, start: u32, reason: &str| {
            let message = format!("the range {start}-{} of '{stack}' {reason}", start + 255);
            missing.push(Diagnostic::new(None, Some("glyphs"), message));
        };
        for (stack, start) in wanted {
            let added = match self.supply.glyphs(template, &stack, start).await {
                Ok(Some(bytes)) => ranges.insert(&stack, start, &bytes).map_err(|error| error.to_string()),
                Ok(None) => Err("is not there; built-in fonts stand in for it".to_owned()),
                Err(message) => Err(format!("cannot be fetched: {message}")),
            };
            if let Err(reason) = added {
                remark(&stack, start, &reason);
                ranges.insert_missing(&stack, start);
            }
        }
        missing
    }
}

/// Draws what was loaded unless labels need more, and there may be more.
fn draw_or_widen(
    style: &Style,
    view: &View,
    loaded: &Loaded,
    assets: &Assets,
) -> Result<(Picture, Vec<Diagnostic>), View> {
    match view.with_more_labels() {
        Some(wider) => draw_if_certain(style, view, loaded, assets).ok_or(wider),
        None => Ok(draw(style, view, loaded, assets)),
    }
}

/// Whether an address is one of a host or of a file, and not the server's own.
pub(super) fn is_elsewhere(address: &str) -> bool {
    address.contains("://")
}
