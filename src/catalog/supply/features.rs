//! The features of a GeoJSON source.

use std::collections::BTreeSet;
use std::path::Path;

use super::Supply;
use super::stock::Stock;
use crate::source;
use crate::source::Limits;
use crate::source::Metadata;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::style::Geojson;
use crate::style::GeojsonData;
use crate::tile::CutSettings;
use crate::tile::VectorTile;
use crate::tile::area;
use crate::tile::cut;

/// Features of a style and how tiles are cut from them.
#[derive(Clone, Debug)]
pub(super) struct Features {
    pub(super) snapshot: Snapshot,
    settings: CutSettings,
    /// Whether lines are not cut, since it matters how far along them something is.
    keep_whole: bool,
}

/// Units a side of tiles that are cut for drawing.
const FINE: u32 = 8192;

impl Features {
    /// The features of a tile.
    pub(super) fn cut(&self, coord: TileCoord) -> VectorTile {
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

impl Supply {
    /// Reads the features of a source.
    pub(super) async fn features(&self, geojson: &Geojson) -> Result<Stock, String> {
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
}
