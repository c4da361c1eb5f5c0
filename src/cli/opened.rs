//! Styles that a worker opened for earlier pictures.

use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use crate::catalog::Catalog;
use crate::catalog::Remote;
use crate::catalog::Supply;
use crate::render::text::Ranges;
use crate::style::Diagnostic;
use crate::style::GeojsonData;
use crate::style::Source;
use crate::style::Style;

/// The styles used last, each with its sources opened and the glyphs that were fetched for it. A style whose text changed is
/// another one; what it draws from is read again only then.
#[derive(Debug, Default)]
pub(super) struct Opened(Vec<Prepared>);

/// A style that is ready to be drawn.
#[derive(Debug)]
pub(super) struct Prepared {
    key: (u128, u64),
    /// What it means.
    pub(super) style: Style,
    /// Its sources.
    pub(super) supply: Supply,
    /// The glyphs fetched so far.
    pub(super) ranges: Ranges,
    /// What is wrong with it.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Styles that are kept open.
const MOST: usize = 8;

impl Opened {
    /// The style of a file for pictures of a ratio.
    ///
    /// # Errors
    /// When it cannot be read, as a sentence.
    pub(super) async fn open(
        &mut self,
        file: &Path,
        ratio: f64,
        catalog: &Catalog,
        remote: &Remote,
    ) -> Result<&mut Prepared, String> {
        let said = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| said(&error))?;
        // Addresses are relative to the file, so its place matters as its text does.
        let key = (xxh3_128(format!("{}\n{text}", file.display()).as_bytes()), ratio.to_bits());
        let prepared = match self.0.iter().position(|known| known.key == key) {
            Some(position) => self.0.remove(position),
            None => {
                let (mut style, mut diagnostics) = Style::parse(&text).map_err(|error| said(&error))?;
                settle_addresses(&mut style, file);
                let (supply, unopened) = Supply::open(&mut style, catalog, Some(remote.clone()), ratio).await;
                diagnostics.extend(unopened);
                Prepared { key, style, supply, ranges: Ranges::default(), diagnostics }
            }
        };
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        Ok(self.0.push_mut(prepared))
    }
}

/// Makes addresses that only a server answers into those of files beside the style; letters come from the fonts at hand.
fn settle_addresses(style: &mut Style, file: &Path) {
    let folder = file.parent().and_then(|folder| folder.canonicalize().ok()).unwrap_or_default();
    let beside = |address: &str| format!("file://{}/{}", folder.display(), address.trim_start_matches('/'));
    for sprite in &mut style.sprites {
        if !sprite.url.contains("://") {
            sprite.url = beside(&sprite.url);
        }
    }
    for source in style.sources.values_mut() {
        match source {
            Source::Geojson(geojson) => match &mut geojson.data {
                GeojsonData::Url(url) if !url.contains("://") => *url = beside(url),
                _ => {}
            },
            Source::Image { url, .. } if !url.contains("://") => *url = beside(url),
            _ => {}
        }
    }
    style.glyphs = style.glyphs.take().filter(|template| template.contains("://"));
}
