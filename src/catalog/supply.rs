//! What a style draws from, opened once and then asked for tiles.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::Value as Json;

use super::Catalog;
use super::Collection;
use super::Remote;
use super::tiles::vector_tile;
use super::tiles::zooms;
use crate::query::Query;
use crate::render::Bitmap;
use crate::render::Loaded;
use crate::render::Memory;
use crate::render::Need;
use crate::render::Whole;
use crate::render::WholeLayer;
use crate::source;
use crate::source::Limits;
use crate::source::Metadata;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::style::Diagnostic;
use crate::style::Geojson;
use crate::style::GeojsonData;
use crate::style::Scheme;
use crate::style::Source;
use crate::style::SpriteImages;
use crate::style::Style;
use crate::style::Tiled;
use crate::tile::CutSettings;
use crate::tile::VectorTile;
use crate::tile::area;
use crate::tile::codec::mvt;
use crate::tile::cut;

/// Requests that are under way at once.
const AT_ONCE: usize = 8;

/// The sources of one style, opened.
#[derive(Clone, Debug)]
pub struct Supply {
    remote: Option<Remote>,
    stocks: BTreeMap<String, Stock>,
    images: SpriteImages,
    memory: Arc<Memory>,
}

/// Bytes of shapes of features that pictures of one style keep for the next ones.
const MEMORY_BYTES: u64 = 64 << 20;

/// Features of a style and how tiles are cut from them.
#[derive(Clone, Debug)]
struct Features {
    snapshot: Snapshot,
    settings: CutSettings,
    /// Whether lines are not cut, since it matters how far along them something is.
    keep_whole: bool,
}

/// One source, opened.
#[derive(Clone, Debug)]
enum Stock {
    /// Collections of the catalog.
    Collections(Vec<Arc<Collection>>),
    /// Features of the style.
    Features(Features),
    /// Vector tiles elsewhere.
    Vector(Tiled),
    /// Tiles of pixels elsewhere.
    Raster(Tiled),
    /// One picture elsewhere.
    Image(String),
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
        let memory = Arc::new(Memory::new(MEMORY_BYTES));
        let mut supply = Self { remote, stocks: BTreeMap::new(), images: SpriteImages::default(), memory };
        let mut diagnostics = Vec::new();
        for (name, source) in &mut style.sources {
            match supply.stock(source, catalog).await {
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

    /// The images of its sprites.
    pub fn images(&self) -> &SpriteImages {
        &self.images
    }

    /// Loads what a picture needs. Where a tile is missing, larger ones are looked for.
    pub async fn load(&self, needs: BTreeSet<Need>) -> (Loaded, Vec<Diagnostic>) {
        let (mut loaded, mut diagnostics) = (Loaded::default(), Vec::new());
        let mut pending = needs;
        while !pending.is_empty() {
            let fetched: Vec<_> = stream::iter(std::mem::take(&mut pending))
                .map(|need| async move { (self.fetch(&need).await, need) })
                .buffered(AT_ONCE)
                .collect()
                .await;
            for (found, need) in fetched {
                match (found, need) {
                    (Ok(Found::Vector(tile)), Need::Tile(name, coord)) => loaded.insert_vector(&name, coord, tile),
                    (Ok(Found::Raster(tile)), Need::Tile(name, coord)) => loaded.insert_raster(&name, coord, tile),
                    (Ok(Found::Raster(image)), Need::Image(name)) => loaded.insert_image(&name, image),
                    (Ok(Found::Missing), Need::Tile(name, coord)) => {
                        pending.extend(coord.parent().map(|parent| Need::Tile(name, parent)));
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

    /// Fetches a glyph range.
    pub async fn glyphs(&self, template: &str, stack: &str, start: u32) -> Option<Bytes> {
        let address = template.replace("{fontstack}", stack).replace("{range}", &format!("{start}-{}", start + 255));
        self.fetch_any(&address).await.ok().flatten()
    }

    async fn stock(&self, source: &mut Source, catalog: &Catalog) -> Result<Stock, String> {
        match source {
            Source::Vector(tiled) => {
                if let Some(collections) = tiled.url.as_deref().and_then(|url| catalog.collections_at(url)) {
                    let highest = collections.iter().map(|collection| zooms(collection.snapshot()).1).max();
                    tiled.maxzoom = tiled.maxzoom.or(highest);
                    return Ok(Stock::Collections(collections));
                }
                self.complete(tiled).await.map(|()| Stock::Vector(tiled.clone()))
            }
            Source::Raster(tiled) => self.complete(tiled).await.map(|()| Stock::Raster(tiled.clone())),
            Source::RasterDem(_) => Err("sources of heights are not drawn".to_owned()),
            Source::Geojson(geojson) => self.features(geojson).await,
            Source::Image { url, .. } => Ok(Stock::Image(url.clone())),
        }
    }

    async fn complete(&self, tiled: &mut Tiled) -> Result<(), String> {
        if let Some(url) = tiled.url.clone() {
            let text = self.fetch_known(&url).await?;
            let document: Json = serde_json::from_slice(&text).map_err(|error| format!("{url}: {error}"))?;
            tiled.complete(document.as_object().ok_or_else(|| format!("{url} is no TileJSON"))?);
        }
        if tiled.tiles.is_empty() { Err("it names no tiles".to_owned()) } else { Ok(()) }
    }

    async fn features(&self, geojson: &Geojson) -> Result<Stock, String> {
        let metadata = Metadata { id_field: geojson.promote_id.clone(), ..Metadata::default() };
        let read = |bytes: &[u8], name: &str| source::read_from(bytes, Path::new(name), &metadata, &Limits::default());
        let collected = match &geojson.data {
            // What the strict reader refuses as a whole the forgiving one may still read in part.
            GeojsonData::Inline(text) => {
                source::read_text(text, Path::new("data"), &metadata).or_else(|_| read(text.as_bytes(), "data"))
            }
            GeojsonData::Url(url) => read(&self.fetch_known(url).await?, url),
        };
        let collected = collected.map_err(|problem| problem.message)?;
        // MapLibre cuts GeoJSON on a grid twice as fine as that of most tiles; its buffer and tolerance count in pixels of 512.
        let units = |pixels: f64| pixels * f64::from(FINE) / 512.0;
        let buffer = units(geojson.buffer) as u32;
        let settings = CutSettings { extent: FINE, buffer, tolerance: 0.0 };
        let snapshot = Snapshot::new(collected.table, collected.version);
        Ok(Stock::Features(Features { snapshot, settings, keep_whole: geojson.line_metrics }))
    }

    async fn fetch_any(&self, url: &str) -> Result<Option<Bytes>, String> {
        match &self.remote {
            Some(remote) => remote.fetch(url).await.map_err(|error| error.to_string()),
            None => Err(format!("{url} is not fetched: styles draw from this server's own collections and sprites")),
        }
    }

    async fn fetch_known(&self, url: &str) -> Result<Bytes, String> {
        self.fetch_any(url).await?.ok_or_else(|| format!("there is nothing at {url}"))
    }

    async fn add_sprite(&mut self, id: &str, url: &str, ratio: f64, catalog: &Catalog) -> Result<(), String> {
        let (path, query) =
            url.split_once('?').map_or((url, String::new()), |(path, query)| (path, format!("?{query}")));
        let scales: &[&str] = if ratio > 1.0 { &["@2x", ""] } else { &["", "@2x"] };
        let mut failure = String::new();
        for scale in scales {
            let address = |kind: &str| format!("{path}{scale}.{kind}{query}");
            let (index, sheet) = (address("json"), address("png"));
            match (self.sprite_file(&index, catalog).await, self.sprite_file(&sheet, catalog).await) {
                (Ok(index), Ok(sheet)) => {
                    return self.images.add_sheet(id, &index, &sheet).map_err(|error| error.to_string());
                }
                (Err(message), _) | (_, Err(message)) => failure = message,
            }
        }
        Err(failure)
    }

    /// A file of a sprite, from the catalog when its address is one of ours: `/sprites/{file}`.
    async fn sprite_file(&self, url: &str, catalog: &Catalog) -> Result<Bytes, String> {
        match url.strip_prefix("/sprites/") {
            Some(name) => match catalog.sprites.get(name) {
                Some(file) => Ok(Bytes::copy_from_slice(file)),
                None => Err(format!("there is no file '{name}' in the folder of sprites")),
            },
            None => self.fetch_known(url).await,
        }
    }

    async fn fetch(&self, need: &Need) -> Result<Found, String> {
        match need {
            Need::Image(name) => match self.stocks.get(name) {
                Some(Stock::Image(url)) => bitmap(&self.fetch_known(url).await?),
                _ => Ok(Found::Nothing),
            },
            Need::Whole(name, _) => Ok(match self.stocks.get(name) {
                Some(Stock::Collections(collections)) => Found::Whole(self.whole(collections.iter().map(|collection| {
                    WholeLayer { name: collection.id.clone(), snapshot: collection.snapshot().clone(), query: None }
                }))),
                Some(Stock::Features(Features { snapshot, .. })) => Found::Whole(self.whole([WholeLayer {
                    name: String::new(),
                    snapshot: snapshot.clone(),
                    query: None,
                }])),
                _ => Found::Nothing,
            }),
            Need::Tile(name, coord) => match self.stocks.get(name) {
                Some(Stock::Collections(collections)) => {
                    Ok(Found::Vector(Arc::new(cut_collections(collections, *coord))))
                }
                Some(Stock::Features(features)) => Ok(Found::Vector(Arc::new(features.cut(*coord)))),
                Some(Stock::Vector(tiled)) => match self.fetch_tile(tiled, *coord).await? {
                    Some(bytes) => {
                        let tile = mvt::decode(&unpacked(&bytes)?).map_err(|error| error.to_string())?;
                        Ok(Found::Vector(Arc::new(tile)))
                    }
                    None => Ok(Found::Missing),
                },
                Some(Stock::Raster(tiled)) => match self.fetch_tile(tiled, *coord).await? {
                    Some(bytes) if bytes.is_empty() => Ok(Found::Nothing),
                    Some(bytes) => bitmap(&bytes),
                    None => Ok(Found::Missing),
                },
                Some(Stock::Image(_)) | None => Ok(Found::Nothing),
            },
        }
    }

    fn whole(&self, layers: impl IntoIterator<Item = WholeLayer>) -> Whole {
        Whole { layers: layers.into_iter().collect(), memory: Arc::clone(&self.memory) }
    }

    async fn fetch_tile(&self, tiled: &Tiled, coord: TileCoord) -> Result<Option<Bytes>, String> {
        if coord.level() < tiled.minzoom.unwrap_or(0) || !touches(tiled, coord) {
            return Ok(None);
        }
        let number = (coord.column() + coord.row()) as usize % tiled.tiles.len().max(1);
        let Some(template) = tiled.tiles.get(number) else { return Ok(None) };
        let row = match tiled.scheme {
            Scheme::Xyz => coord.row(),
            Scheme::Tms => (1_u32 << coord.level()) - 1 - coord.row(),
        };
        let address = template
            .replace("{z}", &coord.level().to_string())
            .replace("{x}", &coord.column().to_string())
            .replace("{y}", &row.to_string())
            .replace("{ratio}", "");
        self.fetch_any(&address).await
    }
}

/// Units a side of tiles that are cut for drawing.
const FINE: u32 = 8192;

enum Found {
    Vector(Arc<VectorTile>),
    Raster(Arc<Bitmap>),
    Whole(Whole),
    /// There is no such tile; a larger one may stand for it.
    Missing,
    /// There is nothing to draw.
    Nothing,
}

fn bitmap(bytes: &[u8]) -> Result<Found, String> {
    Bitmap::decode(bytes).map(|bitmap| Found::Raster(Arc::new(bitmap))).map_err(|error| error.to_string())
}

fn cut_collections(collections: &[Arc<Collection>], coord: TileCoord) -> VectorTile {
    let all = Query::default();
    let parts = collections.iter().map(|collection| (collection.as_ref(), &all));
    vector_tile(parts, &Grid::web_mercator_quad(), coord, &CutSettings::default())
}

impl Features {
    fn cut(&self, coord: TileCoord) -> VectorTile {
        let grid = Grid::web_mercator_quad();
        let mut settings = self.settings;
        if self.keep_whole {
            // The buffer reaches over the whole world; coordinates of deeper tiles would not fit their numbers.
            settings.buffer = FINE << coord.level().min(16);
        }
        let rows: BTreeSet<u32> =
            area(&grid, coord, &settings).iter().flat_map(|rect| self.snapshot.within(rect)).collect();
        let rows = rows.into_iter().map(|row| self.snapshot.row(row));
        VectorTile { layers: vec![cut(rows, &grid, coord, &settings, "", None)] }
    }
}

/// Whether a tile lies where the source says that it has some.
fn touches(tiled: &Tiled, coord: TileCoord) -> bool {
    let Some([west, south, east, north]) = tiled.bounds else { return true };
    let side = (-f64::from(coord.level())).exp2();
    let [left, top] = crate::render::world([west, north]);
    let [right, bottom] = crate::render::world([east, south]);
    let (column, row) = (f64::from(coord.column()) * side, f64::from(coord.row()) * side);
    column < right && left < column + side && row < bottom && top < row + side
}

/// A body without its gzip wrapping, which some servers do not declare.
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, String> {
    use std::io::Read;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes.to_vec());
    }
    let mut body = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(MOST_UNPACKED);
    reader.read_to_end(&mut body).map_err(|error| error.to_string())?;
    Ok(body)
}

/// Bytes of a tile, at most.
const MOST_UNPACKED: u64 = 64 << 20;
