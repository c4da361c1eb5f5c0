//! Which tiles may have something in them.

use std::sync::Arc;

use crate::catalog::Collection;
use crate::space::Bbox;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::tile::CutSettings;
use crate::tile::archive::first_number;
use crate::tile::archive::tile_at;
use crate::tile::area;

/// Where there is something to export. A tile that it does not reach is empty, and so are all tiles below it.
#[derive(Debug)]
pub(super) struct Cover {
    grid: Grid,
    snapshots: Vec<Snapshot>,
    /// Tiles with how much around them are asked about.
    margin: CutSettings,
    /// Whether there may be something in every tile, wherever the collections are.
    is_everywhere: bool,
    bbox: Option<Vec<Rect>>,
}

impl Cover {
    /// The tiles of collections, each with `margin` tile sides around it, of which only those count that share some area with
    /// the box.
    pub(super) fn new<'a>(
        collections: impl IntoIterator<Item = &'a Arc<Collection>>,
        margin: f64,
        bbox: Option<Bbox>,
    ) -> Self {
        let settings = CutSettings::default();
        let mut buffer = (f64::from(settings.extent) * margin).ceil() as u32;
        let mut snapshots = Vec::new();
        for collection in collections {
            let own = &collection.tiles.cut;
            let units = f64::from(own.buffer) * f64::from(settings.extent) / f64::from(own.extent);
            buffer = buffer.max(units.ceil() as u32);
            snapshots.push(collection.snapshot().clone());
        }
        Self {
            grid: Grid::web_mercator_quad(),
            snapshots,
            margin: CutSettings { buffer, ..settings },
            is_everywhere: false,
            bbox: bbox.map(|bbox| bbox.parts().collect()),
        }
    }

    /// The same, whatever the collections hold.
    pub(super) fn everywhere(self) -> Self {
        Self { is_everywhere: true, ..self }
    }

    /// The tile of a zoom and a number along its curve, if there may be something in it.
    pub(super) fn tile(&self, zoom: u8, along: u64) -> Option<TileCoord> {
        let (level, column, row) = tile_at(first_number(zoom) + along)?;
        self.grid.tile(level, column, row).filter(|coord| self.reaches(*coord))
    }

    fn reaches(&self, coord: TileCoord) -> bool {
        let in_box = self.bbox.as_ref().is_none_or(|bbox| {
            let own = self.grid.bbox(coord);
            let shares = |rect: &Rect, part: &Rect| {
                rect.min_x < part.max_x && rect.max_x > part.min_x && rect.min_y < part.max_y && rect.max_y > part.min_y
            };
            own.is_some_and(|own| own.parts().any(|rect| bbox.iter().any(|part| shares(&rect, part))))
        });
        in_box && (self.is_everywhere || self.has_features(coord))
    }

    fn has_features(&self, coord: TileCoord) -> bool {
        let area = area(&self.grid, coord, &self.margin);
        self.snapshots.iter().any(|snapshot| area.iter().any(|rect| snapshot.meets(rect)))
    }
}
