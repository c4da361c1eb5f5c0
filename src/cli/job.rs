//! One picture to be made from a style in a file.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use serde::Deserialize;

use crate::catalog::Catalog;
use crate::catalog::Remote;
use crate::catalog::Supply;
use crate::render;
use crate::render::Assets;
use crate::render::Format;
use crate::render::Picture;
use crate::render::Placement;
use crate::render::View;
use crate::render::text::Fonts;
use crate::render::text::GlyphSource;
use crate::render::text::Ranges;
use crate::style::Diagnostic;
use crate::style::GeojsonData;
use crate::style::Source;
use crate::style::Style;

/// What to draw and where to put it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Job {
    /// The file of the style.
    pub(super) style: PathBuf,
    /// Pixels across, at ratio 1.
    pub(super) width: f64,
    /// Pixels down, at ratio 1.
    pub(super) height: f64,
    /// Pixels of the picture for one of the style.
    #[serde(default = "one")]
    pub(super) ratio: f64,
    /// Degrees.
    pub(super) lon: f64,
    /// Degrees.
    pub(super) lat: f64,
    /// As MapLibre counts: the world is 512 pixels wide at 0.
    pub(super) zoom: f64,
    /// Degrees clockwise from north.
    #[serde(default)]
    pub(super) bearing: f64,
    /// How labels compete for room.
    #[serde(default)]
    pub(super) placement: Room,
    /// The file of the picture, whose ending says the format.
    pub(super) out: PathBuf,
}

/// How labels compete for room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(super) enum Room {
    /// Within the picture, as MapLibre places them
    #[default]
    View,
    /// In the whole world, as on tiles: neighbouring pictures agree
    World,
}

impl From<Room> for Placement {
    fn from(room: Room) -> Self {
        match room {
            Room::View => Self::View,
            Room::World => Self::World,
        }
    }
}

fn one() -> f64 {
    1.0
}

/// Rounds of drawing to find out which glyph ranges are needed.
const GLYPH_ROUNDS: usize = 6;

impl Job {
    /// Makes the picture; what could not be drawn is returned.
    ///
    /// # Errors
    /// When the style cannot be read or the picture not be written, as a sentence.
    pub(super) async fn run(&self, catalog: &Catalog, remote: &Remote) -> Result<Vec<Diagnostic>, String> {
        let format = format_of(&self.out)?;
        let text =
            std::fs::read_to_string(&self.style).map_err(|error| format!("{}: {error}", self.style.display()))?;
        let (mut style, mut diagnostics) =
            Style::parse(&text).map_err(|error| format!("{}: {error}", self.style.display()))?;
        settle_addresses(&mut style, &self.style);
        let view = View::new([self.lon, self.lat], self.zoom, self.bearing, [self.width, self.height], self.ratio);
        let view = view.with_placement(self.placement.into());
        let (supply, unopened) = Supply::open(&mut style, catalog, Some(remote.clone()), self.ratio).await;
        diagnostics.extend(unopened);
        let (picture, undrawn) = picture(&style, &view, &supply, &catalog.fonts).await;
        diagnostics.extend(undrawn);
        let bytes = picture.encode(format).map_err(|error| error.to_string())?;
        std::fs::write(&self.out, bytes).map_err(|error| format!("{}: {error}", self.out.display()))?;
        Ok(diagnostics)
    }
}

/// Loads and draws; fetched glyph ranges are those that drawing asks for, so it is done again until none is missing.
async fn picture(style: &Style, view: &View, supply: &Supply, fonts: &Arc<Fonts>) -> (Picture, Vec<Diagnostic>) {
    let (loaded, mut diagnostics) = supply.load(render::plan(style, view)).await;
    let Some(template) = &style.glyphs else {
        let assets = Assets { images: supply.images().clone(), glyphs: GlyphSource::Fonts(Arc::clone(fonts)) };
        let (picture, undrawn) = render::draw(style, view, &loaded, &assets);
        diagnostics.extend(undrawn);
        return (picture, diagnostics);
    };
    let mut ranges = Ranges::default();
    for round in 1.. {
        let shared = Arc::new(ranges);
        let assets = Assets { images: supply.images().clone(), glyphs: GlyphSource::Ranges(Arc::clone(&shared)) };
        let (picture, undrawn) = render::draw(style, view, &loaded, &assets);
        drop(assets);
        let wanted = shared.take_wanted();
        ranges = match Arc::into_inner(shared) {
            Some(ranges) if !wanted.is_empty() && round < GLYPH_ROUNDS => ranges,
            _ => {
                diagnostics.extend(undrawn);
                return (picture, diagnostics);
            }
        };
        for (stack, start) in wanted {
            let bytes = supply.glyphs(template, &stack, start).await;
            if bytes.is_none_or(|bytes| ranges.insert(&stack, start, &bytes).is_err()) {
                ranges.insert_missing(&stack, start);
            }
        }
    }
    unreachable!("rounds are counted")
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

fn format_of(path: &Path) -> Result<Format, String> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "png" => Ok(Format::Png),
        "webp" => Ok(Format::Webp),
        "jpg" | "jpeg" => Ok(Format::Jpeg(85)),
        _ => Err(format!("{}: the name of a picture ends in .png, .webp or .jpg", path.display())),
    }
}
