//! What of a catalog is exported.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use clap::ValueEnum;
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Drawables;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::catalog::export::Content;
use crate::catalog::export::Pictures;
use crate::catalog::settle_addresses;
use crate::config::Config;
use crate::query::Filter;
use crate::query::FilterLimits;
use crate::query::InvalidFilter;
use crate::query::Query;
use crate::query::Written;
use crate::render;
use crate::store::Version;
use crate::style;
use crate::style::Style;
use crate::tile::codec::VectorFormat;

/// What of the data is exported, and as what.
#[derive(Args, Debug)]
pub(super) struct Asked {
    /// The collections, by their ids, a layer each [default: all]
    #[arg(long, value_name = "A,B", value_delimiter = ',', conflicts_with = "style")]
    collections: Vec<String>,
    /// Only features that meet this condition (CQL2, as text or JSON)
    #[arg(long, value_name = "CQL2")]
    filter: Option<String>,
    /// The properties that features carry, by their names [default: all]
    #[arg(long, value_name = "A,B", value_delimiter = ',', conflicts_with = "style")]
    properties: Option<Vec<String>>,
    /// Draw raster tiles: a style by its id, or the file of one
    #[arg(long, value_name = "STYLE")]
    style: Option<String>,
    /// Pixels a side of raster tiles
    #[arg(long, value_name = "PIXELS", default_value = "256", value_parser = ["256", "512"], requires = "style")]
    size: String,
    /// Pixels of a raster tile for one of the style: 2 for fine screens
    #[arg(long, value_name = "R", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4), requires = "style")]
    scale: u8,
    /// What tiles are written in [default: mvt, or png with --style]
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<TileFormat>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TileFormat {
    /// Vector tiles (Mapbox Vector Tiles)
    #[value(alias = "pbf")]
    Mvt,
    /// Vector tiles, smaller (MapLibre Tiles)
    Mlt,
    /// Pictures without loss
    Png,
    /// Pictures without loss, smaller
    Webp,
    /// Pictures with loss, on white
    #[value(alias = "jpg")]
    Jpeg,
}

/// Why there is nothing to export.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("there is no collection '{0}'; there are: {1}")]
    NoCollection(String, String),
    #[error("there is no collection to export")]
    Nothing,
    #[error("--filter: {0}")]
    Filter(InvalidFilter),
    #[error("--filter: none of the collections has all properties that it names")]
    FilterFits,
    #[error("--properties: none of the collections has a property '{0}'")]
    NoProperty(String),
    #[error("there is no style '{0}', and no file of that name; there are: {1}")]
    NoStyle(String, String),
    #[error("{0}: {1}")]
    Style(String, style::Error),
    #[error("{0}: it is not JSON: {1}")]
    Json(String, serde_json::Error),
    #[error("--format: vector tiles are mvt or mlt; pictures are drawn with --style")]
    NoPictures,
    #[error("--format: with --style, tiles are png, webp or jpeg")]
    NoVectors,
}

impl Asked {
    /// Finds it in a catalog.
    ///
    /// # Errors
    /// When something that was named is not there.
    pub(super) fn content(
        &self,
        catalog: &Arc<Catalog>,
        config: &Config,
        runtime: &tokio::runtime::Runtime,
    ) -> Result<Content, Error> {
        let Some(name) = &self.style else {
            let format = match self.format {
                None | Some(TileFormat::Mvt) => VectorFormat::Mvt,
                Some(TileFormat::Mlt) => VectorFormat::Mlt,
                Some(_) => return Err(Error::NoPictures),
            };
            let parts = self.queries(self.collections(catalog)?, config)?;
            return if parts.is_empty() { Err(Error::Nothing) } else { Ok(Content::Features(parts, format)) };
        };
        let encoding = match self.format {
            None | Some(TileFormat::Png) => render::Format::Png,
            Some(TileFormat::Webp) => config.webp_quality.map_or(render::Format::Webp, render::Format::LossyWebp),
            Some(TileFormat::Jpeg) => render::Format::Jpeg(config.jpeg_quality),
            Some(TileFormat::Mvt | TileFormat::Mlt) => return Err(Error::NoVectors),
        };
        let styled = styled(name, catalog)?;
        let parts = self.queries(catalog.collections_of(&styled), config)?;
        let selection = Selection::new(parts.iter().map(|(collection, query)| (collection.as_ref(), query.clone())));
        Ok(Content::Pictures(Pictures {
            catalog: Arc::clone(catalog),
            styled,
            selection,
            size: if self.size == "512" { 512 } else { 256 },
            ratio: self.scale,
            encoding,
            metatile_side: config.limits.metatile_side,
            runtime: runtime.handle().clone(),
        }))
    }

    fn collections(&self, catalog: &Catalog) -> Result<Vec<Arc<Collection>>, Error> {
        if self.collections.is_empty() {
            return Ok(catalog.collections.values().cloned().collect());
        }
        let mut collections: Vec<Arc<Collection>> = Vec::new();
        for id in &self.collections {
            let found = catalog.collection(id).ok_or_else(|| {
                let all: Vec<&str> = catalog.collections.keys().map(String::as_str).collect();
                Error::NoCollection(id.clone(), all.join(", "))
            })?;
            if collections.iter().all(|own| own.id != *id) {
                collections.push(Arc::clone(found));
            }
        }
        Ok(collections)
    }

    /// What is asked of each collection. The condition applies to those that have all its properties, as in the tiles that
    /// are served.
    fn queries(
        &self,
        collections: Vec<Arc<Collection>>,
        config: &Config,
    ) -> Result<Vec<(Arc<Collection>, Query)>, Error> {
        let limits = FilterLimits {
            bytes: config.limits.url_bytes,
            depth: config.limits.filter_depth,
            nodes: config.limits.filter_nodes,
            vertices: config.limits.filter_positions,
        };
        let read = |text: &String| {
            let is_json = text.trim_start().starts_with('{');
            if is_json { Written::from_json(text, &limits) } else { Written::from_text(text, &limits) }
        };
        let condition = self.filter.as_ref().map(read).transpose().map_err(Error::Filter)?;
        let has = |own: &Arc<Collection>, name: &str| own.snapshot().schema().field(name).is_some();
        let asked = self.properties.iter().flatten().filter(|name| !name.is_empty());
        if let Some(name) = asked.clone().find(|name| !collections.iter().any(|own| has(own, name))) {
            return Err(Error::NoProperty(name.clone()));
        }
        let is_only = collections.len() == 1;
        let (mut parts, mut applies) = (Vec::new(), condition.is_none());
        for collection in collections {
            let schema = collection.snapshot().schema();
            let filter = match &condition {
                Some(condition) if is_only || condition.fits(schema) => {
                    applies = true;
                    condition.check(schema).map_err(Error::Filter)?
                }
                _ => Filter::default(),
            };
            let own =
                schema.fields.iter().map(|field| &field.name).filter(|name| asked.clone().any(|own| own == *name));
            let properties = self.properties.is_some().then(|| own.cloned().collect());
            parts.push((Arc::clone(&collection), Query { filter, properties, ..Query::default() }));
        }
        if applies { Ok(parts) } else { Err(Error::FilterFits) }
    }
}

/// The style of an id, or that of a file.
fn styled(name: &str, catalog: &Catalog) -> Result<Arc<Styled>, Error> {
    if let Some(styled) = catalog.style(name) {
        return Ok(Arc::clone(styled));
    }
    let path = Path::new(name);
    let Ok(text) = std::fs::read_to_string(path) else {
        let all: Vec<&str> = catalog.styles.keys().map(String::as_str).collect();
        return Err(Error::NoStyle(name.to_owned(), all.join(", ")));
    };
    let document: Value = serde_json::from_str(&text).map_err(|error| Error::Json(name.to_owned(), error))?;
    let (mut style, _) = Style::read(document.clone()).map_err(|error| Error::Style(name.to_owned(), error))?;
    let folder = path.canonicalize().ok().and_then(|path| Some(path.parent()?.to_owned())).unwrap_or_default();
    settle_addresses(&mut style, &folder, |address| address.starts_with('/'));
    // Letters and images are the catalog's.
    let version = Version(xxh3_128(format!("{}\n{text}", catalog.version).as_bytes()));
    let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Arc::new(Styled { id, document, style, version, drawables: Drawables::default() }))
}
