//! Static maps: a view as one picture, with what the request lays over it.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use tokio::runtime::Handle;
use xxhash_rust::xxh3::xxh3_128;

use super::overlays;
use super::overlays::Overlays;
use super::picture::PictureName;
use super::picture::check_layers;
use super::picture::encoding;
use super::picture::quality;
use super::picture::size;
use super::picture::static_view;
use super::pictures::Look;
use super::pictures::Unkept;
use super::pictures::data_look;
use super::pictures::kept;
use super::pictures::look;
use super::pictures::no_picture;
use super::pictures::tile_format;
use super::selection;
use super::selection::Asked;
use super::styles::attribution;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Overlay;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::config::Limits;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::Path;
use crate::http::Segment;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::render;
use crate::render::View;
use crate::render::degrees;
use crate::space::Bbox;
use crate::space::Rect;
use crate::tile::Tile;

/// A single point is not looked at more closely than this.
const CLOSEST: f64 = 16.0;

/// A static map of something below a path, which shows these collections.
pub(super) fn operation(id: &str, path: &str, what: &str, collections: &[Arc<Collection>]) -> Operation {
    Operation {
        id: format!("{id}.getStaticMap"),
        path: format!("{path}/static/{{place}}/{{size}}.png"),
        tag: "Maps",
        summary: format!(
            "A map of {what} as one picture, with markers, paths and GeoJSON laid over it; `@2x` to `@4x` after the size \
             sharpen it, and `.webp` and `.jpg` are other formats."
        ),
        segments: vec![
            Segment {
                name: "place",
                description: "`lon,lat,zoom`, `lon,lat,zoom@bearing`, `west,south,east,north`, or `auto` for all that is laid \
                              over the map, or else all that the map shows.",
            },
            Segment { name: "size", description: "Width and height in pixels, such as `600x400`." },
        ],
        parameters: selection::of_pictures(parameters(), collections.iter().map(AsRef::as_ref)),
        formats: &[Format::Png],
        body: Some("GeoJSON that is laid over the map: the properties of simplestyle-spec 1.1 say how it looks."),
    }
}

fn parameters() -> Vec<Parameter> {
    let mut parameters = overlays::parameters();
    parameters.extend([
        Parameter::new(
            "padding",
            Kind::Number { minimum: 0.0, maximum: 4096.0 },
            "Room around a box or what `auto` shows: below 1 a share of the picture on each side, from 1 on pixels. Without it, \
             0.1 for `auto` and nothing for a box.",
        ),
        Parameter::new(
            "maxzoom",
            Kind::Number { minimum: 0.0, maximum: 24.0 },
            "The highest zoom that a box or `auto` may lead to.",
        ),
        Parameter::new("attribution", Kind::Flag, "Whether the sources are named in the corner; they are, unless this is false."),
        Parameter::new(
            "colors",
            Kind::Word(&["auto", "palette", "true"]),
            "How a PNG holds its colours: `palette` rounds them to 256, `true` has a value for each channel of each pixel, \
             `auto` has a palette where nothing is lost by it.",
        ),
        quality(),
    ]);
    parameters
}

/// `GET` and `POST /styles/{style}/static/{place}/{size}.png`
pub(in crate::http) async fn static_map(
    call: Call,
    Path((id, place, name)): Path<(String, String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    let look = look(&call, &id)?;
    answer(&call, look, &place, &name, body).await
}

/// `GET` and `POST /data/{ids}/static/{place}/{size}.png`
pub(in crate::http) async fn data_static_map(
    call: Call,
    Path((ids, place, name)): Path<(String, String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    let collections = selection::collections(&call, &ids)?;
    let look = data_look(&call, &collections);
    answer(&call, look, &place, &name, body).await
}

async fn answer(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    place: &str,
    name: &str,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    let limits = &call.app.config.limits;
    let body = body.map_err(|_| Error::BodyTooLarge(limits.body_bytes))?;
    let Asked { params, selection, own } = selection::of_picture(call, &call.query, parameters(), &look.collections)?;
    let name = PictureName::split(name, limits).ok_or_else(|| no_picture(name, limits.ratio))?;
    let (width, height) = size(name.stem, name.ratio, limits)?;
    let wanted = Wanted {
        place: Place::parse(place, &name, &params, limits)?,
        size: [f64::from(width), f64::from(height)],
        ratio: f64::from(name.ratio),
        body,
        encoding: encoding(name.format, &params, &call.app.config)?,
        params,
        selection,
    };
    let PictureName { stem, ratio, format } = name;
    let key = format!(
        "{}@{}/static/{place}/{stem}@{ratio}x.{format:?}{own}#{:x}/{}",
        look.id,
        look.version,
        xxh3_128(&wanted.body),
        wanted.selection,
    );
    let is_versioned = look.is_fixed && wanted.params.written("v") == Some(&look.version);
    let drawing = async {
        let styled = (look.styled)()?;
        let (catalog, limits) = (Arc::clone(&call.catalog), limits.clone());
        if let Place::Given(view) = &wanted.place {
            styled.prepare(&catalog, view).await;
        }
        let (runtime, metrics) = (Handle::current(), call.app.metrics.clone());
        let drawn = call.app.workers.run(move || {
            let begun = Instant::now();
            let bytes = runtime.block_on(wanted.draw(&styled, &catalog, &limits));
            metrics.count_work("picture", begun.elapsed());
            bytes.map(|(bytes, is_whole)| (Tile::plain(tile_format(format), bytes), is_whole))
        });
        let (tile, is_whole) = drawn.await??;
        if is_whole { Ok(tile) } else { Err(Unkept::Tile(tile)) }
    };
    let tile = kept(call, &key, drawing).await?;
    let tag = ETag::of(&[tile.etag.as_bytes()]);
    let answer = || tag.answer(format.content_type(), Body::from(tile.bytes.clone()));
    let mut response = tag.unchanged(&call.headers).unwrap_or_else(answer);
    if is_versioned {
        respond::keep(&mut response);
    }
    Ok(response)
}

/// Where a static map lies.
enum Place {
    /// As it was said.
    Given(View),
    /// Around all that there is.
    Auto(Fit),
}

/// How closely a box is looked at.
struct Fit {
    size: [f64; 2],
    ratio: f64,
    padding: f64,
    closest: f64,
}

impl Place {
    fn parse(place: &str, name: &PictureName<'_>, params: &Params, limits: &Limits) -> Result<Self, Error> {
        let (width, height) = size(name.stem, name.ratio, limits)?;
        let size = [f64::from(width), f64::from(height)];
        let padding = |otherwise: f64| {
            let padding = params.number("padding").unwrap_or(otherwise);
            let pixels = if padding < 1.0 { padding * size[0].min(size[1]) } else { padding };
            // Half of a side on each side leaves nothing.
            let most = size[0].min(size[1]) / 2.0 - 0.5;
            if pixels > most {
                return Err(Error::Invalid(format!(
                    "a padding of {pixels} pixels leaves nothing of a picture of {width} by {height}"
                )));
            }
            Ok(pixels)
        };
        let highest = f64::from(limits.zoom);
        let maxzoom = params.number("maxzoom").map(|zoom| zoom.min(highest));
        let fit = |padding: f64, closest: f64| Fit { size, ratio: f64::from(name.ratio), padding, closest };
        if place == "auto" {
            return Ok(Self::Auto(fit(padding(0.1)?, maxzoom.unwrap_or(CLOSEST))));
        }
        let view = static_view(place, name.stem, name.ratio, limits)?;
        let numbers: Vec<f64> = place.split(',').filter_map(|number| number.parse().ok()).collect();
        if let [west, south, east, north] = numbers[..]
            && (params.number("padding").is_some() || maxzoom.is_some())
        {
            let east = if east < west { east + 360.0 } else { east };
            let fit = fit(padding(0.0)?, maxzoom.unwrap_or(highest));
            return Ok(Self::Given(fit.view(&Rect::new(west, south, east, north))));
        }
        Ok(Self::Given(view))
    }
}

impl Fit {
    /// The closest view of a rectangle of degrees with room around it.
    fn view(&self, rect: &Rect) -> View {
        let inner = self.size.map(|side| side - 2.0 * self.padding);
        let view = View::of_extent(rect, inner, 1.0);
        View::new(degrees(view.center()), view.zoom().min(self.closest), 0.0, self.size, self.ratio)
    }

    /// The view around boxes; `None` when there are none.
    fn around(&self, boxes: impl Iterator<Item = Bbox>) -> Option<View> {
        let rects = boxes.map(|bbox| {
            let [west, south, east, north] = bbox.to_array();
            // Over the antimeridian the map goes on eastwards.
            let east = if bbox.crosses_antimeridian() { east + 360.0 } else { east };
            // No map shows the poles.
            let [south, north] = [south, north].map(|latitude| latitude.clamp(-85.0, 85.0));
            Rect::new(west, south, east, north)
        });
        rects.reduce(|a, b| a.union(&b)).map(|rect| self.view(&rect))
    }
}

/// A static map, to be drawn.
struct Wanted {
    place: Place,
    size: [f64; 2],
    ratio: f64,
    params: Params,
    selection: Selection,
    body: Bytes,
    encoding: render::Format,
}

impl Wanted {
    /// The picture, and whether all of it could be fetched.
    async fn draw(&self, styled: &Styled, catalog: &Catalog, limits: &Limits) -> Result<(Vec<u8>, bool), Error> {
        let drawable = styled.drawable(catalog, self.ratio).await.selecting(&self.selection);
        let failures = drawable.failures();
        let overlay = self.overlay(&drawable.assets().images, catalog, limits).await?;
        let view = match &self.place {
            Place::Given(view) => view.clone(),
            Place::Auto(fit) => {
                let collections = catalog.collections_of(styled);
                let data = || collections.iter().filter_map(|collection| self.extent(collection));
                let own = || {
                    let style = &styled.style;
                    View::new(style.center.unwrap_or_default(), style.zoom.unwrap_or(0.0), 0.0, self.size, self.ratio)
                };
                let above = overlay.as_ref().and_then(|overlay| overlay.extent);
                fit.around(above.into_iter()).or_else(|| fit.around(data())).unwrap_or_else(own)
            }
        };
        check_layers(&styled.style, view.zoom(), limits)?;
        let (mut picture, diagnostics) = match &overlay {
            Some(overlay) => drawable.draw_under(&overlay.drawable, &view).await,
            None => drawable.draw(&view).await,
        };
        for diagnostic in drawable.untold(diagnostics) {
            tracing::warn!(style = %styled.id, "{diagnostic}");
        }
        if self.params.flag("attribution") != Some(false) {
            let words = names(&attribution(catalog, styled));
            if !words.is_empty() {
                render::caption(&mut picture, &words, self.ratio, &drawable.assets().glyphs);
            }
        }
        let bytes = picture.encode(self.encoding).map_err(Error::internal)?;
        Ok((bytes, drawable.failures() == failures))
    }

    /// The box around the features of a collection that are shown.
    fn extent(&self, collection: &Collection) -> Option<Bbox> {
        let snapshot = collection.snapshot();
        let Some(query) = self.selection.query(&collection.id) else { return snapshot.extent() };
        let rects = snapshot.rows(query).into_iter().map(|row| snapshot.row(row).geometry());
        let rects = rects.filter(|geometry| geometry.coord_count() > 0).map(|geometry| geometry.rect());
        rects.reduce(|a, b| a.union(&b)).map(|rect| Bbox::around(&rect))
    }

    /// What is laid over the map; `None` when there is nothing.
    async fn overlay(
        &self,
        images: &crate::style::SpriteImages,
        catalog: &Catalog,
        limits: &Limits,
    ) -> Result<Option<Overlay>, Error> {
        let overlays = Overlays::read(&self.params, &self.body, images)?;
        let too_many = |count: usize, what: &str, most: usize| {
            Err(Error::Invalid(format!("{count} {what} are laid over the map, and at most {most} may be")))
        };
        if overlays.features.len() > limits.overlay_features {
            return too_many(overlays.features.len(), "features", limits.overlay_features);
        }
        if overlays.features.is_empty() {
            return Ok(None);
        }
        let opened = Overlay::open(&overlays.document(), &overlays.pins, catalog, self.ratio).await;
        let overlay = opened.map_err(|message| Error::Invalid(format!("what is laid over the map: {message}")))?;
        if overlay.positions > limits.overlay_positions {
            return too_many(overlay.positions, "positions", limits.overlay_positions);
        }
        Ok(Some(overlay))
    }
}

/// Whom attributions name, each once: several of them may name the same ones.
fn names(attributions: &[String]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in attributions
        .iter()
        .map(|own| plain(own))
        .flat_map(|own| own.split(';').map(|n| n.trim().to_owned()).collect::<Vec<_>>())
    {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    // At the end of a line the dot stays with what it follows.
    names.join("\u{a0}· ")
}

/// The words of an attribution, which may be a piece of HTML.
fn plain(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut is_tag = false;
    for character in html.chars() {
        match character {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            _ if is_tag => {}
            other => words.push(other),
        }
    }
    for (entity, character) in
        [("&copy;", "©"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&amp;", "&")]
    {
        words = words.replace(entity, character);
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribution_is_read_without_its_html() {
        assert_eq!(plain("<a href=\"https://x\">&copy; Map &amp; Co</a>  2026"), "© Map & Co 2026");
        assert_eq!(plain("a > b"), "a > b");
        let said = ["A; © B", "© B; A", "C"].map(str::to_owned);
        assert_eq!(names(&said), "A\u{a0}· © B\u{a0}· C");
    }

    #[test]
    fn a_box_is_fitted_with_room_around_it() {
        let fit = Fit { size: [400.0, 200.0], ratio: 2.0, padding: 50.0, closest: 16.0 };
        let view = fit.view(&Rect::new(-90.0, -10.0, 90.0, 10.0));
        let [left, _] = view.to_pixel(render::world([-90.0, 0.0]));
        assert!((left - 100.0).abs() < 0.1 && view.width() == 800, "{left}");
        let point = fit.view(&Rect::new(10.0, 10.0, 10.0, 10.0));
        assert_eq!(point.zoom(), 16.0);
        assert!(fit.around(std::iter::empty()).is_none());
    }
}
