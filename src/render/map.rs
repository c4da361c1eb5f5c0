//! From a style and a view to what must be loaded, and from there to a picture.

use std::collections::BTreeSet;

use super::Canvas;
use super::Loaded;
use super::Picture;
use super::Reprojection;
use super::View;
use super::deeper::asked;
use super::deeper::deepened;
use super::draw::item;
use super::ground::neighbourhood;
use super::scene::Frame;
use super::scene::Scene;
use super::scene::places;
use super::symbol;
use super::symbol::Labels;
use super::text::GlyphSource;
use super::view::Placement;
use super::whole::Cuts;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::style::Diagnostic;
use crate::style::Layer;
use crate::style::LayerKind;
use crate::style::Source;
use crate::style::SpriteImages;
use crate::style::Style;

/// Something that must be loaded before a picture is drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A tile of a source, by the source's name.
    Tile(String, TileCoord),
    /// The picture of an image source, by its name.
    Image(String),
    /// All features of a source, by its name, as they are at a zoom.
    Whole(String, u8),
}

/// The images and letters of a style.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Images.
    pub images: SpriteImages,
    /// Letters.
    pub glyphs: GlyphSource,
}

/// What a picture needs, each once. Where a tile is not there, the nearest larger one may be loaded in its place.
pub fn plan(style: &Style, view: &View) -> BTreeSet<Need> {
    let grid = Grid::web_mercator_quad();
    let mut needs = BTreeSet::new();
    for layer in style.layers.iter().filter(|layer| layer.is_shown(view.zoom())) {
        let Some((name, source)) = layer.source.as_ref().and_then(|name| style.sources.get_key_value(name)) else {
            continue;
        };
        if let Source::Image { .. } = source {
            needs.insert(Need::Image(name.clone()));
        }
        if view.placement() == Placement::World && draws_whole(layer, source) {
            let zoom = view.zoom().floor().clamp(0.0, f64::from(Grid::MAX_ZOOM));
            needs.insert(Need::Whole(name.clone(), zoom as u8));
            continue;
        }
        for place in places(layer, source, view, &grid) {
            match source {
                // Slopes at the edge of a tile come from both sides of it.
                Source::RasterDem(..) => {
                    needs.extend(neighbourhood(place.coord).map(|coord| Need::Tile(name.clone(), coord)));
                }
                Source::Vector(tiled) => _ = needs.insert(Need::Tile(name.clone(), asked(tiled, place.coord))),
                _ => _ = needs.insert(Need::Tile(name.clone(), place.coord)),
            }
        }
    }
    needs
}

/// Whether a layer is drawn from the features of its source and not from tiles of them: where this server has the features.
fn draws_whole(layer: &Layer, source: &Source) -> bool {
    let is_at_hand = match source {
        Source::Geojson(_) => true,
        Source::Vector(tiled) => tiled.url.as_deref().is_some_and(|url| url.starts_with("/data/")),
        _ => false,
    };
    is_at_hand && !matches!(layer.kind, LayerKind::Raster(_) | LayerKind::Background(_))
}

/// Draws a picture. What could not be drawn is left out and said beside it.
pub fn draw(style: &Style, view: &View, loaded: &Loaded, assets: &Assets) -> (Picture, Vec<Diagnostic>) {
    with_labels(style, view, loaded, assets, paint)
}

/// The same if its labels are certain; `None` if some hang on others that are farther away than what was loaded, and are to be
/// drawn with [more](View::with_more_labels).
pub fn draw_if_certain(
    style: &Style,
    view: &View,
    loaded: &Loaded,
    assets: &Assets,
) -> Option<(Picture, Vec<Diagnostic>)> {
    with_labels(style, view, loaded, assets, |scene, frame, labels, said| {
        labels.are_certain().then(|| paint(scene, frame, labels, said))
    })
}

fn with_labels<T>(
    style: &Style,
    view: &View,
    loaded: &Loaded,
    assets: &Assets,
    then: impl FnOnce(&Scene<'_>, &Frame<'_>, &Labels, Vec<Diagnostic>) -> T,
) -> T {
    let frame = Frame::new(view, &assets.images);
    let loaded = &*deepened(style, view, loaded);
    let cuts = Cuts::new(style, &frame, loaded);
    let scene = Scene::new(style, &frame, loaded, &cuts);
    let mut diagnostics = Vec::new();
    let labels = symbol::place(&scene, &frame, &assets.glyphs, &mut diagnostics);
    then(&scene, &frame, &labels, diagnostics)
}

fn paint(
    scene: &Scene<'_>,
    frame: &Frame<'_>,
    labels: &Labels,
    mut diagnostics: Vec<Diagnostic>,
) -> (Picture, Vec<Diagnostic>) {
    let view = frame.view;
    let mut canvas = Canvas::new(view.width(), view.height());
    let reprojection = Reprojection::of(view);
    for shown in &scene.items {
        match reprojection.as_ref().filter(|_| shown.is_flat()) {
            Some(reprojection) => {
                let flat = reprojection.flat();
                let mut drawn = Canvas::new(flat.width(), flat.height());
                item(&mut drawn, &Frame::new(flat, frame.images), shown, labels, &mut diagnostics);
                reprojection.lay(&drawn, &mut canvas);
            }
            None => item(&mut canvas, frame, shown, labels, &mut diagnostics),
        }
    }
    if canvas.is_worn() {
        let message = "lines and dots are too wide and too many to draw them all";
        diagnostics.push(Diagnostic::new(None, None, message));
    }
    (Picture::new(canvas), diagnostics)
}
