//! The features of a GeoJSON source.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::Supply;
use super::clusters::ClusteredPoints;
use crate::catalog::Catalog;
use crate::catalog::Selection;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::Row;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::query::Query;
use crate::render::Memory;
use crate::render::world;
use crate::source;
use crate::source::Limits;
use crate::source::Metadata;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::style::Context;
use crate::style::Filter;
use crate::style::Geojson;
use crate::style::GeojsonData;
use crate::style::GeometryType;
use crate::style::Subject;
use crate::tile::CutSettings;
use crate::tile::Layer;
use crate::tile::Slices;
use crate::tile::VectorTile;
use crate::tile::area;

/// Features of a style and how tiles are cut from them.
#[derive(Clone, Debug)]
pub(super) struct Features {
    pub(super) snapshot: Snapshot,
    /// The same laid out for slicing, when tiles are first asked for.
    slices: Arc<OnceLock<Slices>>,
    /// Tiles that were sliced lately.
    tiles: Arc<Cache<TileCoord, Arc<VectorTile>, Bytes>>,
    settings: CutSettings,
    /// The zoom from which on nothing is simplified.
    exact_zoom: u8,
    /// Whether lines are not cut, since it matters how far along them something is.
    keep_whole: bool,
    clusters: Option<ClusteredPoints>,
    /// The collection that these are all features of.
    of: Option<String>,
    /// Which of them are meant.
    pub(super) query: Option<Arc<Query>>,
}

/// Units a side of tiles that are cut for drawing.
pub(super) const FINE: u32 = 8192;

/// Bytes of a tile, on average.
const TYPICAL: u64 = 64 << 10;

/// Weighs tiles by what is allocated.
#[derive(Clone, Debug)]
struct Bytes;

impl Weighter<TileCoord, Arc<VectorTile>> for Bytes {
    fn weight(&self, _: &TileCoord, tile: &Arc<VectorTile>) -> u64 {
        tile.layers.iter().map(|layer| layer.bytes() as u64).sum::<u64>().max(1)
    }
}

fn no_tiles(most_bytes: u64) -> Arc<Cache<TileCoord, Arc<VectorTile>, Bytes>> {
    Arc::new(Cache::with_weighter((most_bytes / TYPICAL).max(1) as usize, most_bytes, Bytes))
}

impl Features {
    /// All features of a zoom, with what was found out about them for other pictures; without any of their own, they go by
    /// what is remembered of the whole style.
    pub(super) fn whole(&self, zoom: u8) -> (Snapshot, Option<Arc<Memory>>) {
        match &self.clusters {
            Some(clusters) => {
                let (snapshot, memory) = clusters.whole(&self.snapshot, zoom);
                (snapshot, Some(memory))
            }
            None => (self.snapshot.clone(), None),
        }
    }

    /// The same with those that are meant of its collection. Clusters stay as they are, since they stand for all.
    pub(super) fn selecting(&self, selection: &Selection) -> Self {
        let query = self.of.as_ref().and_then(|id| selection.query(id)).cloned();
        Self { query, tiles: no_tiles(self.tiles.capacity()), ..self.clone() }
    }

    /// The features of a tile.
    pub(super) fn cut(&self, coord: TileCoord) -> Arc<VectorTile> {
        if let Some(known) = self.tiles.get(&coord) {
            return known;
        }
        let layer = match &self.clusters {
            Some(clusters) => clusters.cut(&self.snapshot, coord),
            None => self.slice(coord),
        };
        let tile = Arc::new(VectorTile { layers: vec![layer] });
        self.tiles.insert(coord, Arc::clone(&tile));
        tile
    }

    fn slice(&self, coord: TileCoord) -> Layer {
        let grid = Grid::web_mercator_quad();
        let mut settings = if coord.level() < self.exact_zoom { self.settings } else { self.settings.exact() };
        if self.keep_whole {
            // The buffer reaches over the whole world; coordinates of deeper tiles would not fit their numbers.
            settings.buffer = FINE << coord.level().min(16);
        }
        let least = self.settings.tolerance / f64::from(FINE) / f64::from(self.exact_zoom).exp2();
        let slices = self.slices.get_or_init(|| Slices::new(self.snapshot.table(), least));
        let rows: BTreeSet<u32> =
            area(&grid, coord, &settings).iter().flat_map(|rect| self.snapshot.within(rect)).collect();
        let is_meant = |row: &u32| self.query.as_ref().is_none_or(|query| self.snapshot.is_selected(*row, query));
        let rows = rows.into_iter().filter(is_meant).map(|row| (row, self.snapshot.row(row)));
        slices.slice(rows, coord, &settings)
    }
}

impl Supply {
    /// Reads the features of a source; what is wrong with how they are to be taken is said.
    pub(super) async fn features(
        &self,
        geojson: &Geojson,
        catalog: &Catalog,
    ) -> Result<(Features, Vec<String>), String> {
        let mut snapshot = self.snapshot(geojson, catalog).await?;
        let mut faults = Vec::new();
        let filter = geojson.filter.as_ref().map_or(Filter::ALL, |json| {
            Filter::parse(json).unwrap_or_else(|(message, key)| {
                faults.push(format!("filter{key}: {message}"));
                Filter::ALL
            })
        });
        if geojson.filter.is_some() || geojson.generate_id {
            snapshot = selected(&snapshot, &filter, geojson.generate_id);
        }
        let clusters = geojson.cluster.as_ref().map(|clustering| {
            let (clusters, more) = ClusteredPoints::gather(&snapshot, clustering);
            faults.extend(more);
            clusters
        });
        // MapLibre cuts GeoJSON on a grid twice as fine as that of most tiles; its buffer and tolerance count in pixels of 512.
        let units = |pixels: f64| pixels * f64::from(FINE) / 512.0;
        let settings = CutSettings {
            extent: FINE,
            buffer: units(geojson.buffer) as u32,
            tolerance: units(geojson.tolerance.max(0.0)),
        };
        let (exact_zoom, keep_whole) = (geojson.maxzoom, geojson.line_metrics);
        let of = match &geojson.data {
            // Rows of other features would be numbered in another way.
            GeojsonData::Url(url) if clusters.is_none() && geojson.filter.is_none() && !geojson.generate_id => {
                catalog.collection_at(url).map(|collection| collection.id.clone())
            }
            _ => None,
        };
        let (slices, tiles) = (Arc::default(), no_tiles(catalog.cut_bytes));
        Ok((Features { snapshot, slices, tiles, settings, exact_zoom, keep_whole, clusters, of, query: None }, faults))
    }

    async fn snapshot(&self, geojson: &Geojson, catalog: &Catalog) -> Result<Snapshot, String> {
        let metadata = Metadata { id_field: geojson.promote_id.clone(), ..Metadata::default() };
        // What is small on its way may be large when it is unpacked.
        let most = self.remote.as_ref().map_or(Limits::MAX_BYTES, |remote| remote.limits().bytes as u64);
        let limits = Limits { bytes: most };
        let read = |bytes: &[u8], name: &str| source::read_from(bytes, Path::new(name), &metadata, &limits);
        let collected = match &geojson.data {
            // What the strict reader refuses as a whole the forgiving one may still read in part.
            GeojsonData::Inline(text) => {
                source::read_text(text, Path::new("data"), &metadata).or_else(|_| read(text.as_bytes(), "data"))
            }
            GeojsonData::Url(url) => {
                if let Some(collection) = catalog.collection_at(url) {
                    return Ok(collection.snapshot().clone());
                }
                read(&self.fetch_known(url).await?, url)
            }
        };
        let collected = collected.map_err(|problem| problem.message)?;
        Ok(Snapshot::new(collected.table, collected.version))
    }
}

/// The features that a filter takes, under their own ids or numbered in their order.
fn selected(snapshot: &Snapshot, filter: &Filter, numbered: bool) -> Snapshot {
    let mut builder = TableBuilder::default();
    let taken = snapshot.table().rows().filter(|row| passes(filter, *row));
    for (number, row) in taken.enumerate() {
        let shapes = builder.shapes();
        for part in row.geometry().parts() {
            for path in part.paths() {
                path.iter().for_each(|&[lon, lat]| shapes.push_coord(lon, lat, None));
                shapes.end_path();
            }
            shapes.end_part(part.kind());
        }
        let number = number.to_string();
        let id = if numbered { Id { text: &number, number: true } } else { row.id() };
        let fields = row.schema().fields.iter().enumerate();
        let values = fields.map(|(position, field)| (field.name.as_str(), row.value(position)));
        builder.push(id, row.geometry().kind(), row.properties_text(), values);
    }
    Snapshot::new(builder.finish(|_| {}), snapshot.version())
}

/// Whether a filter takes a feature; at zoom 0, since it is asked before there are tiles.
fn passes(filter: &Filter, row: Row<'_>) -> bool {
    with_subject(row, |subject| filter.accepts(&Context { feature: Some(subject), ..Context::default() }))
}

/// Calls a function with a feature as expressions see it before it is cut.
pub(super) fn with_subject<T>(row: Row<'_>, see: impl FnOnce(&Subject<'_>) -> T) -> T {
    let id = row.id();
    let number = id.text.parse().ok().filter(|_| id.number);
    let positions = || {
        let place = |&[lon, lat]: &[f64; 2]| (lon, lat);
        let parts = row.geometry().parts();
        parts.flat_map(|part| part.paths().map(|path| path.iter().map(place).collect()).collect::<Vec<_>>()).collect()
    };
    see(&Subject {
        properties: &row,
        id: number.map_or(Value::Text(id.text), Value::Int),
        geometry: match row.geometry().kind() {
            GeometryKind::LineString | GeometryKind::MultiLineString => GeometryType::LineString,
            GeometryKind::Polygon | GeometryKind::MultiPolygon => GeometryType::Polygon,
            _ => GeometryType::Point,
        },
        tile: &|| (0, 0, 0),
        positions: &positions,
    })
}

/// The one position of a point in the world, which is from 0 to 1; other geometries have none.
pub(super) fn place(row: Row<'_>) -> Option<[f64; 2]> {
    if row.geometry().kind() != GeometryKind::Point {
        return None;
    }
    let part = row.geometry().parts().next()?;
    let position = part.paths().next()?.first().copied()?;
    Some(world(position).map(|n| n.clamp(0.0, 1.0)))
}
