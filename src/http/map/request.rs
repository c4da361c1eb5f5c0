//! One map, to be drawn.

use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::Handle;

use super::Frame;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::config::Config;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::xyz::picture::check_layers;
use crate::http::xyz::pictures::Unkept;
use crate::http::xyz::pictures::kept;
use crate::render;
use crate::render::Canvas;
use crate::render::Picture;
use crate::render::View;
use crate::style::Color;
use crate::tile::Tile;
use crate::tile::TileFormat;

/// A map as all protocols ask for it.
#[derive(Clone, Debug)]
pub(in crate::http) struct MapRequest {
    /// What is drawn, and how.
    pub(in crate::http) styled: Arc<Styled>,
    /// Which features of it.
    pub(in crate::http) selection: Selection,
    /// Where, and how large.
    pub(in crate::http) frame: Frame,
    /// What lies under it.
    pub(in crate::http) backdrop: Backdrop,
    /// What the picture is written in.
    pub(in crate::http) encoding: render::Format,
}

/// What lies under a map.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::http) struct Backdrop {
    /// The colour below everything; nothing for a map that is transparent where nothing is drawn.
    pub(in crate::http) color: Option<Color>,
    /// The colour of what is not on the earth, which may be transparent; what is drawn there when there is none.
    pub(in crate::http) void: Option<Color>,
}

impl MapRequest {
    /// The picture from the cache, or drawn and encoded by a worker.
    ///
    /// # Errors
    /// When there is too much to do. Drawing itself cannot fail: what is missing is drawn without.
    pub(in crate::http) async fn draw(self, call: &Call) -> Result<Tile, Error> {
        let version = call.catalog.picture_version(&self.styled);
        let Self { styled, selection, frame, backdrop, encoding } = self;
        let key = format!("map/{}@{version}/{frame}/{backdrop:?}.{encoding:?}/{selection}", styled.id);
        let drawing = async {
            let catalog = Arc::clone(&call.catalog);
            let view = frame.view();
            check_layers(&styled.style, view.zoom(), &call.app.config.limits)?;
            styled.prepare(&catalog, &view).await;
            let (runtime, metrics) = (Handle::current(), call.app.metrics.clone());
            let drawn = call.app.workers.run(move || {
                let begun = Instant::now();
                let (picture, is_whole) = runtime.block_on(async {
                    let drawable = styled.drawable(&catalog, view.ratio()).await.selecting(&selection);
                    let failures = drawable.failures();
                    let (picture, diagnostics) = drawable.draw(&view).await;
                    for diagnostic in drawable.untold(diagnostics) {
                        tracing::warn!(style = %styled.id, "{diagnostic}");
                    }
                    (picture, drawable.failures() == failures)
                });
                let bytes = backdrop.under(picture, &view).encode(encoding);
                metrics.count_work("picture", begun.elapsed());
                bytes.map(|bytes| (Tile::plain(tile_format(encoding), bytes), is_whole))
            });
            let (tile, is_whole) = drawn.await?.map_err(Error::internal)?;
            if is_whole { Ok(tile) } else { Err(Unkept::Tile(tile)) }
        };
        kept(call, &key, drawing).await
    }
}

impl Backdrop {
    /// A picture with this below it.
    fn under(&self, mut picture: Picture, view: &View) -> Picture {
        let (width, height) = (picture.width(), picture.height());
        if let Some(color) = self.color {
            let mut below = Canvas::new(width, height);
            for y in 0..height {
                below.blend_run(y, 0, width, color.premultiplied());
            }
            below.blend_canvas(picture.canvas_mut(), 1.0);
            picture = Picture::new(below);
        }
        if let Some(color) = self.void {
            let color = color.premultiplied().map(|channel| (channel * 255.0).round() as u8);
            for y in 0..height {
                let row = picture.canvas_mut().row_mut(y);
                let void = (0..width).zip(row).filter(|(x, _)| view.is_void([*x, y]));
                void.for_each(|(_, pixel)| *pixel = color);
            }
        }
        picture
    }
}

/// How a map is written in a format, as the server is set up. Formats that are no pictures' are written as PNG.
pub(in crate::http) fn encoding(format: Format, config: &Config) -> render::Format {
    match format {
        Format::Jpeg => render::Format::Jpeg(config.jpeg_quality),
        Format::Webp => config.webp_quality.map_or(render::Format::Webp, render::Format::LossyWebp),
        _ => render::Format::Png,
    }
}

fn tile_format(encoding: render::Format) -> TileFormat {
    match encoding {
        render::Format::Png | render::Format::TruePng | render::Format::PalettePng => TileFormat::Png,
        render::Format::Webp | render::Format::LossyWebp(_) => TileFormat::Webp,
        render::Format::Jpeg(_) => TileFormat::Jpeg,
    }
}
