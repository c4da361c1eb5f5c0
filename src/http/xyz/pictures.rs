//! Pictures of styles: raster tiles and static maps.

use std::sync::Arc;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use axum::response::Response;
use tokio::runtime::Handle;

use super::picture::PictureFormat;
use super::picture::PictureName;
use super::picture::check_layers;
use super::picture::encoding;
use super::picture::quality;
use super::pixel;
use super::selection;
use super::static_map;
use super::tiles;
use crate::catalog::Block;
use crate::catalog::Collection;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::config::Limits;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Params;
use crate::http::Path;
use crate::http::Segment;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::Lasting;
use crate::render;
use crate::render::Picture;
use crate::render::Unencodable;
use crate::render::View;
use crate::space::TileCoord;
use crate::tile::Tile;
use crate::tile::TileFormat;
use crate::workers::Refused;

/// The sides of tiles in pixels at ratio 1. The first is what clients expect that are told nothing.
pub(in crate::http) const SIZES: [(&str, u32); 2] = [("256", 256), ("512", 512)];

/// What can be asked of the pictures of one style, which draws these collections.
pub(in crate::http) fn operations(styled: &Styled, collections: &[Arc<Collection>], limits: &Limits) -> [Operation; 6] {
    let path = format!("/styles/{}", segment(&styled.id));
    let tile = tile_operation(&styled.id, &path, "`512/` before the zoom doubles its side, ", collections);
    let size = Segment { name: "size", description: "The side of the tile in pixels: 256 or 512." };
    let sized = Operation {
        id: format!("{}.getSizedRasterTile", styled.id),
        path: format!("{path}/{{size}}/{{z}}/{{x}}/{{y}}.png"),
        summary: "A raster tile of 256 or 512 pixels.".to_owned(),
        segments: std::iter::once(size).chain(tile.segments.iter().cloned()).collect(),
        ..tile.clone()
    };
    let [sized_pixel, static_pixel] = pixel::other_operations(&styled.id, &path, collections, limits);
    [
        tile,
        sized,
        pixel::operation(&styled.id, &path, collections, limits),
        sized_pixel,
        static_map::operation(&styled.id, &path, &format!("'{}'", styled.title()), collections),
        static_pixel,
    ]
}

/// What can be asked of the pictures of a collection, in the style that is made for it.
pub(in crate::http) fn data_operations(collection: &Arc<Collection>, limits: &Limits) -> [Operation; 3] {
    let path = format!("/data/{}", segment(&collection.id));
    let own = std::slice::from_ref(collection);
    let title = format!("the features of '{}'", collection.title());
    [
        tile_operation(&collection.id, &path, "", own),
        pixel::operation(&collection.id, &path, own, limits),
        static_map::operation(&collection.id, &path, &title, own),
    ]
}

fn tile_operation(id: &str, path: &str, sizes: &str, collections: &[Arc<Collection>]) -> Operation {
    let place = |name, description| Segment { name, description };
    Operation {
        id: format!("{id}.getRasterTile"),
        path: format!("{path}/{{z}}/{{x}}/{{y}}.png"),
        tag: "Maps",
        summary: format!(
            "A raster tile of 256 pixels; {sizes}`@2x` to `@4x` after the row sharpen it, and `.webp` and `.jpg` are other formats."
        ),
        segments: vec![
            place("z", "The zoom, from 0 to 24."),
            place("x", "The column, from the west."),
            place("y", "The row, from the north."),
        ],
        parameters: selection::of_pictures(vec![quality()], collections.iter().map(AsRef::as_ref)),
        formats: &[Format::Png],
        body: None,
    }
}

/// `GET /styles/{style}/{z}/{x}/{y}.png`, 256 pixels a side.
pub(in crate::http) async fn tile(
    call: Call,
    Path((id, level, column, name)): Path<(String, String, String, String)>,
) -> Result<Response, Error> {
    let look = look(&call, &id)?;
    tile_of(&call, look, SIZES[0].1, [&level, &column], &name).await
}

/// `GET /styles/{style}/{size}/{z}/{x}/{y}.png`
pub(in crate::http) async fn sized_tile(
    call: Call,
    Path((id, size, level, column, name)): Path<(String, String, String, String, String)>,
) -> Result<Response, Error> {
    let look = look(&call, &id)?;
    let known = SIZES.iter().find(|(name, _)| *name == size);
    let missing = || Error::NotFound(format!("tile of {size} pixels; there are 256 and 512"));
    let (_, pixels) = known.ok_or_else(missing)?;
    tile_of(&call, look, *pixels, [&level, &column], &name).await
}

/// The style of an id.
pub(in crate::http) fn style(call: &Call, id: &str) -> Result<Arc<Styled>, Error> {
    call.catalog.style(id).cloned().ok_or_else(|| Error::NotFound(format!("style '{id}'")))
}

/// `GET /data/{ids}/{z}/{x}/{y}.png`: collections in the style that is drawn where nobody wrote one.
pub(super) async fn data_tile(
    call: &Call,
    collections: &[Arc<Collection>],
    place: [&str; 2],
    name: &str,
) -> Result<Response, Error> {
    let look = data_look(call, collections);
    tile_of(call, look, SIZES[0].1, place, name).await
}

/// How collections look for which nobody wrote a style.
pub(in crate::http) fn data_look(
    call: &Call,
    collections: &[Arc<Collection>],
) -> Look<impl FnOnce() -> Result<Arc<Styled>, Error> + use<>> {
    let ids: Vec<&str> = collections.iter().map(|collection| collection.id.as_str()).collect();
    let (own, automatics) = (collections.to_vec(), call.catalog.automatics.clone());
    Look {
        id: format!("data/{}", ids.join(",")),
        collections: own.clone(),
        // Fonts are drawn with as well, and no hash of the collections tells of them.
        version: call.catalog.version.to_string(),
        is_fixed: true,
        styled: move || automatics.of(&own).map_err(Error::internal),
    }
}

/// What a picture looks like: by a style of the catalog, or by one that is made when it is needed.
pub(in crate::http) struct Look<F> {
    /// Different for different looks.
    pub(super) id: String,
    /// A hash of all that its pictures are made of.
    pub(super) version: String,
    /// The collections that it draws, whose features can be selected.
    pub(super) collections: Vec<Arc<Collection>>,
    /// Whether a picture of this version stays what it is.
    pub(super) is_fixed: bool,
    /// Opens it.
    pub(super) styled: F,
}

/// How a style of the catalog looks.
pub(in crate::http) fn look(
    call: &Call,
    id: &str,
) -> Result<Look<impl FnOnce() -> Result<Arc<Styled>, Error> + use<>>, Error> {
    Ok(look_of(call, style(call, id)?))
}

/// How a style looks, whether it is one of the catalog or made of one.
pub(in crate::http) fn look_of(
    call: &Call,
    styled: Arc<Styled>,
) -> Look<impl FnOnce() -> Result<Arc<Styled>, Error> + use<>> {
    let version = call.catalog.picture_version(&styled).to_string();
    let is_fixed = !styled.draws_from_elsewhere();
    let collections = call.catalog.collections_of(&styled);
    Look { id: format!("style/{}", styled.id), version, is_fixed, collections, styled: || Ok(styled) }
}

/// A tile, by the written level, column and file name.
async fn tile_of(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    size: u32,
    [level, column]: [&str; 2],
    name: &str,
) -> Result<Response, Error> {
    let limits = &call.app.config.limits;
    let name = PictureName::split(name, limits).ok_or_else(|| no_picture(name, limits.ratio))?;
    let in_limits = |coord: &TileCoord| coord.level() <= limits.zoom;
    let coord = tiles::coord(call, [level, column, name.stem]).filter(in_limits);
    let missing = || Error::NotFound(format!("tile '{level}/{column}/{}' in the grid WebMercatorQuad", name.stem));
    let coord = coord.ok_or_else(missing)?;
    let asked = selection::of_picture(call, &call.query, vec![quality()], &look.collections)?;
    picture_tile(call, look, (coord, size), name, (&asked.params, asked.selection)).await
}

/// A tile of the grid of web maps, of so many pixels at ratio 1, with what its name and the parameters say of its encoding, and
/// with the features that are selected.
pub(in crate::http) async fn picture_tile(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    (coord, size): (TileCoord, u32),
    name: PictureName<'_>,
    (params, selection): (&Params, Selection),
) -> Result<Response, Error> {
    let encoding = encoding(name.format, params, &call.app.config)?;
    let limits = &call.app.config.limits;
    let block = Block::around(coord, size * u32::from(name.ratio), limits.metatile_side);
    let (version, is_fixed) = (look.version.clone(), look.is_fixed);
    let tile = found_or_drawn(call, look, (coord, size, block), name, (encoding, selection)).await?;
    let is_versioned = is_fixed && params.written("v") == Some(&version);
    let lasting = Lasting { in_catalog: is_fixed, is_versioned };
    Ok(respond::tile(&call.headers, &tile, name.format.content_type(), lasting))
}

/// The tile from the cache, or drawn and encoded by a worker: alone, or with its neighbours, which are kept for those who ask
/// for them.
async fn found_or_drawn(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    (coord, size, block): (TileCoord, u32, Option<Block>),
    name: PictureName<'_>,
    (encoding, selection): (render::Format, Selection),
) -> Result<Tile, Error> {
    let (ratio, format) = (name.ratio, name.format);
    let own = format!("{}@{}/{size}@{ratio}x.{encoding:?}/{selection}", look.id, look.version);
    let within = own.clone();
    let key_of = move |coord: TileCoord| format!("{within}/{}/{}/{}", coord.level(), coord.column(), coord.row());
    let (key, cache) = (key_of(coord), &call.app.cache);
    if let Some(tile) = cache.find(&key) {
        return Ok(tile);
    }
    let view = View::of_tile(coord, size, f64::from(ratio));
    let encode = move |picture: &Picture| picture.encode(encoding).map(|bytes| Tile::plain(tile_format(format), bytes));
    if let Some(block) = block {
        if let Some(turn) = call.app.metatiles.turn(&own, &block).await {
            if let Some(tile) = cache.find(&key) {
                return Ok(tile);
            }
            let kept = cache.clone();
            return draw(call, look, selection, (ratio, turn.view(&view)), move |picture, is_whole| {
                let mut own = None;
                for (member, corner) in turn.tiles() {
                    let tile = encode(&picture.part(corner, size * u32::from(ratio)))?;
                    if member == coord {
                        own = Some(tile.clone());
                    }
                    if is_whole {
                        kept.insert(key_of(member), tile);
                    }
                }
                Ok(own.expect("a tile is one of its block"))
            })
            .await;
        }
    }
    let drawing = async {
        let encoded = move |picture: Picture, is_whole| encode(&picture).map(|tile| (tile, is_whole));
        let (tile, is_whole) = draw(call, look, selection, (ratio, view), encoded).await?;
        if is_whole { Ok(tile) } else { Err(Unkept::Tile(tile)) }
    };
    kept(call, &key, drawing).await
}

/// The picture of a key from the cache, or made. One that lacks what could not be fetched is kept for a moment only.
pub(in crate::http) async fn kept(
    call: &Call,
    key: &str,
    making: impl Future<Output = Result<Tile, Unkept>>,
) -> Result<Tile, Error> {
    const MOMENT: u64 = 15;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let for_now = format!("{key} in part {}", now / MOMENT);
    if let Some(tile) = call.app.cache.find(&for_now) {
        return Ok(tile);
    }
    match call.app.cache.find_or_make(key, making).await {
        Ok(tile) => Ok(tile),
        Err(Unkept::Tile(tile)) => call.app.cache.find_or_make(&for_now, async { Ok(tile) }).await,
        Err(Unkept::Error(error)) => Err(error),
    }
}

/// Draws a view on a worker and hands it to a function there, with whether nothing is lacking that could not be fetched.
async fn draw<T: Send + 'static>(
    call: &Call,
    look: Look<impl FnOnce() -> Result<Arc<Styled>, Error>>,
    selection: Selection,
    (ratio, view): (u8, View),
    encode: impl FnOnce(Picture, bool) -> Result<T, Unencodable> + Send + 'static,
) -> Result<T, Error> {
    let styled = (look.styled)()?;
    check_layers(&styled.style, view.zoom(), &call.app.config.limits)?;
    let catalog = Arc::clone(&call.catalog);
    let ratio = f64::from(ratio);
    styled.prepare(&catalog, &view).await;
    let runtime = Handle::current();
    let metrics = call.app.metrics.clone();
    let drawn = call.app.workers.run(move || {
        let begun = Instant::now();
        let view = &view;
        let (picture, diagnostics, is_whole) = runtime.block_on(async {
            let drawable = styled.drawable(&catalog, ratio).await.selecting(&selection);
            let failures = drawable.failures();
            let (picture, diagnostics) = drawable.draw(view).await;
            (picture, drawable.untold(diagnostics), drawable.failures() == failures)
        });
        for diagnostic in diagnostics {
            tracing::warn!(style = %styled.id, "{diagnostic}");
        }
        let encoded = encode(picture, is_whole);
        metrics.count_work("picture", begun.elapsed());
        encoded
    });
    drawn.await?.map_err(Error::internal)
}

/// What is not kept under the key that it was made for.
pub(in crate::http) enum Unkept {
    Error(Error),
    /// A picture that lacks what could not be fetched this time.
    Tile(Tile),
}

impl From<Error> for Unkept {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Refused> for Unkept {
    fn from(refused: Refused) -> Self {
        Self::Error(refused.into())
    }
}

/// What a picture is kept as.
pub(super) fn tile_format(format: PictureFormat) -> TileFormat {
    match format {
        PictureFormat::Png => TileFormat::Png,
        PictureFormat::Webp => TileFormat::Webp,
        PictureFormat::Jpeg => TileFormat::Jpeg,
    }
}

/// The error for a name that is no picture's.
pub(super) fn no_picture(name: &str, ratio: u8) -> Error {
    Error::NotFound(format!(
        "picture '{name}'; pictures end in .png, .webp or .jpg, with @2x to @{ratio}x before it for sharper ones"
    ))
}
