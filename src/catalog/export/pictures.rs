//! Raster tiles of a style.

use std::sync::Arc;

use tokio::runtime::Handle;
use xxhash_rust::xxh3::Xxh3;

use super::Unexportable;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::render;
use crate::render::View;
use crate::space::TileCoord;
use crate::tile::archive::tile_number;
use crate::tile::archive::write::Format;

/// What a style draws, as tiles.
#[derive(Clone, Debug)]
pub struct Pictures {
    /// What it draws from.
    pub catalog: Arc<Catalog>,
    /// The style.
    pub styled: Arc<Styled>,
    /// Which features of its collections.
    pub selection: Selection,
    /// Pixels a side of a tile at ratio 1.
    pub size: u32,
    /// Pixels of a tile for one of the style.
    pub ratio: u8,
    /// What tiles are written in.
    pub encoding: render::Format,
    /// Pixels a side of what is drawn at once, at most.
    pub metatile_side: u32,
    /// Where what is drawn from elsewhere is waited for.
    pub runtime: Handle,
}

/// Pixels around a tile from which letters, icons and wide lines reach into it, at ratio 1.
const REACH: f64 = 256.0;

impl Pictures {
    /// What its tiles are.
    pub(super) fn format(&self) -> Format {
        match self.encoding {
            render::Format::Jpeg(_) => Format::Jpeg,
            render::Format::Webp | render::Format::LossyWebp(_) => Format::Webp,
            _ => Format::Png,
        }
    }

    /// The collections that it draws from, each once.
    pub(super) fn collections(&self) -> Vec<Arc<Collection>> {
        let mut collections = self.catalog.collections_of(&self.styled);
        collections.sort_by(|a, b| a.id.cmp(&b.id));
        collections.dedup_by(|a, b| a.id == b.id);
        collections
    }

    /// Whether it draws what no collection tells the place of.
    pub fn draws_from_elsewhere(&self) -> bool {
        self.styled.draws_from_elsewhere()
    }

    /// How far around a tile features are drawn in it, in sides of the tile.
    pub(super) fn margin(&self) -> f64 {
        REACH / f64::from(self.size)
    }

    /// How many times the side of a block is doubled that is drawn at once.
    pub(super) fn block(&self) -> u8 {
        let tiles = self.metatile_side / (self.size * u32::from(self.ratio)).max(1);
        tiles.checked_ilog2().unwrap_or(0).min(3) as u8
    }

    /// Adds all that the tiles are made of, collections aside, to a hash.
    pub(super) fn hash(&self, hash: &mut Xxh3) {
        hash.update(&self.styled.version.0.to_le_bytes());
        let Self { size, ratio, encoding, selection, .. } = self;
        hash.update(format!("{size}@{ratio}x.{encoding:?}/{selection}").as_bytes());
    }

    /// Draws tiles that lie close together as one picture, and cuts it.
    ///
    /// # Errors
    /// When something cannot be fetched, or a picture not be encoded.
    pub(super) fn tiles(&self, coords: &[TileCoord]) -> Result<Vec<(u64, Vec<u8>)>, Unexportable> {
        let Some(first) = coords.first() else { return Ok(Vec::new()) };
        let span = |of: fn(TileCoord) -> u32| {
            let (low, high) = coords.iter().fold((u32::MAX, 0), |(low, high), &c| (low.min(of(c)), high.max(of(c))));
            (low, high - low + 1)
        };
        let ((column, columns), (row, rows)) = (span(TileCoord::column), span(TileCoord::row));
        let side = self.size * u32::from(self.ratio);
        let before = |own: u32, low: u32| -(i64::from(own - low) * i64::from(side));
        let corner = [before(first.column(), column), before(first.row(), row)];
        let view = View::of_tile(*first, self.size, f64::from(self.ratio));
        let view = view.window(corner, [columns * side, rows * side]);
        let place = || format!("{}/{}/{}", first.level(), first.column(), first.row());
        let (picture, is_whole) = self.runtime.block_on(async {
            self.styled.prepare(&self.catalog, &view).await;
            let drawable = self.styled.drawable(&self.catalog, f64::from(self.ratio)).await;
            let failures = drawable.failures();
            let (picture, diagnostics) = if self.selection.is_everything() {
                drawable.draw(&view).await
            } else {
                drawable.selecting(&self.selection).draw(&view).await
            };
            for diagnostic in drawable.untold(diagnostics) {
                tracing::warn!(style = %self.styled.id, "{diagnostic}");
            }
            (picture, drawable.failures() == failures)
        });
        if !is_whole {
            return Err(Unexportable::Unfetched(place()));
        }
        let tile = |coord: &TileCoord| {
            let part = picture.part([(coord.column() - column) * side, (coord.row() - row) * side], side);
            let bytes = part.encode(self.encoding);
            Ok((tile_number(*coord), bytes.map_err(|error| Unexportable::Picture(place(), error))?))
        };
        coords.iter().map(tile).collect()
    }
}
