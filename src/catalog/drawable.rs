//! A style with all that it draws from.

use std::sync::Arc;

use tokio::sync::OnceCell;
use xxhash_rust::xxh3::Xxh3;

use super::Catalog;
use super::Collection;
use super::Remote;
use super::Styled;
use super::Supply;
use super::references::collections_in;
use crate::render::Assets;
use crate::render::Hit;
use crate::render::Picture;
use crate::render::View;
use crate::render::draw;
use crate::render::pick;
use crate::render::plan;
use crate::render::text::GlyphSource;
use crate::store::Version;
use crate::style::Diagnostic;
use crate::style::Source;
use crate::style::SpriteImages;
use crate::style::Style;

/// A style whose sources and sprites were opened once, shared by all its pictures of one ratio.
#[derive(Debug)]
pub struct Drawable {
    style: Style,
    supply: Supply,
    assets: Assets,
}

impl Drawable {
    /// Opens what the style names; what cannot be opened is said, and drawn without. `ratio` chooses among the sheets of a
    /// sprite. Without `remote`, a style draws from the catalog and from itself only.
    pub async fn open(style: &Style, catalog: &Catalog, remote: Option<Remote>, ratio: f64) -> (Self, Vec<Diagnostic>) {
        let mut style = style.clone();
        let (supply, diagnostics) = Supply::open(&mut style, catalog, remote, ratio).await;
        let glyphs = GlyphSource::Fonts(Arc::clone(&catalog.fonts));
        let assets = Assets { images: supply.images().clone(), glyphs };
        (Self { style, supply, assets }, diagnostics)
    }

    /// Draws a view. What is missing is drawn without, and said.
    pub async fn draw(&self, view: &View) -> (Picture, Vec<Diagnostic>) {
        let (loaded, mut diagnostics) = self.supply.load(plan(&self.style, view)).await;
        let (picture, more) = draw(&self.style, view, &loaded, &self.assets);
        diagnostics.extend(more);
        (picture, diagnostics)
    }

    /// What the picture of a view shows within `radius` pixels of a pixel, topmost first.
    pub async fn pick(&self, view: &View, pixel: [u32; 2], radius: u32) -> Vec<Hit> {
        let (loaded, _) = self.supply.load(plan(&self.style, view)).await;
        pick(&self.style, view, &loaded, &self.assets, pixel, radius)
    }

    /// Draws a view with another style laid over this one.
    pub async fn draw_under(&self, above: &Self, view: &View) -> (Picture, Vec<Diagnostic>) {
        let (mut loaded, mut diagnostics) = self.supply.load(plan(&self.style, view)).await;
        let (more, undrawn) = above.supply.load(plan(&above.style, view)).await;
        loaded.extend(more);
        diagnostics.extend(undrawn);
        let mut style = self.style.clone();
        style.sources.extend(above.style.sources.clone());
        style.layers.extend(above.style.layers.iter().cloned());
        let mut assets = self.assets.clone();
        assets.images.extend(&above.assets.images);
        let (picture, undrawn) = draw(&style, view, &loaded, &assets);
        diagnostics.extend(undrawn);
        (picture, diagnostics)
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
}

/// The drawables of one style in one catalog, each opened when it is first needed: for pictures of ratio 1, and for finer ones.
#[derive(Clone, Debug, Default)]
pub struct Drawables([Arc<OnceCell<Arc<Drawable>>>; 2]);

impl Styled {
    /// The style, opened for pictures of a ratio. What cannot be opened is logged once.
    pub async fn drawable(&self, catalog: &Catalog, ratio: f64) -> Arc<Drawable> {
        let Drawables(cells) = &self.drawables;
        let opening = async {
            // A server fetches nothing for its styles: whoever writes one shall not make it reach into its own network.
            let (drawable, diagnostics) = Drawable::open(&self.style, catalog, None, ratio).await;
            for diagnostic in diagnostics {
                tracing::warn!(style = %self.id, "{diagnostic}");
            }
            Arc::new(drawable)
        };
        Arc::clone(cells[usize::from(ratio > 1.0)].get_or_init(|| opening).await)
    }
}

impl Catalog {
    /// The collections that an address of the server's own names: `/data/{ids}.json`. `None` when it is no such address, or
    /// one of them is not there.
    pub fn collections_at(&self, url: &str) -> Option<Vec<Arc<Collection>>> {
        collections_in(url)?.map(|id| self.collection(id).cloned()).collect()
    }

    /// The collections that a style draws from.
    pub fn collections_of(&self, styled: &Styled) -> Vec<Arc<Collection>> {
        let urls = styled.style.sources.values().filter_map(|source| match source {
            Source::Vector(tiled) => tiled.url.as_deref(),
            _ => None,
        });
        urls.filter_map(|url| self.collections_at(url)).flatten().collect()
    }

    /// A hash of all that pictures of a style are made of.
    pub fn picture_version(&self, styled: &Styled) -> Version {
        let mut hash = Xxh3::new();
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(&styled.version.0.to_le_bytes());
        for collection in self.collections_of(styled) {
            hash.update(collection.id.as_bytes());
            hash.update(&collection.snapshot().version().0.to_le_bytes());
        }
        Version(hash.digest128())
    }
}
