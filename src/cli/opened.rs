//! Styles that a worker opened for earlier pictures.

use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use crate::catalog::Catalog;
use crate::catalog::Drawable;
use crate::catalog::Remote;
use crate::catalog::settle_addresses;
use crate::style::Diagnostic;
use crate::style::Style;

/// The styles used last, each with its sources opened and the glyphs that were fetched for it. A style whose text changed is
/// another one; what it draws from is read again only then.
#[derive(Debug, Default)]
pub(super) struct Opened(Vec<Prepared>);

/// A style that is ready to be drawn.
#[derive(Debug)]
pub(super) struct Prepared {
    key: (u128, u64),
    /// The style with its sources.
    pub(super) drawable: Drawable,
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
    ) -> Result<&Prepared, String> {
        let said = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| said(&error))?;
        // Addresses are relative to the file, so its place matters as its text does.
        let key = (xxh3_128(format!("{}\n{text}", file.display()).as_bytes()), ratio.to_bits());
        let prepared = if let Some(position) = self.0.iter().position(|known| known.key == key) {
            self.0.remove(position)
        } else {
            let (mut style, mut diagnostics) = Style::parse(&text).map_err(|error| said(&error))?;
            // Only a server answers at its own root; letters come from the fonts at hand.
            style.glyphs = style.glyphs.take().filter(|template| template.contains("://"));
            let folder = file.parent().and_then(|folder| folder.canonicalize().ok()).unwrap_or_default();
            let is_ours = |address: &str| address.starts_with("/data/") || address.starts_with("/collections/");
            settle_addresses(&mut style, &folder, is_ours);
            let (drawable, unopened) = Drawable::open(&style, catalog, Some(remote.clone()), ratio).await;
            diagnostics.extend(unopened);
            Prepared { key, drawable, diagnostics }
        };
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        Ok(self.0.push_mut(prepared))
    }
}
