//! Tiles beyond the last level of their source, cut from those of that level.
//!
//! MapLibre does the same up to [`DEEPEST`]: so labels along lines and on polygons stand as on any tile of the level, and are
//! not those of a square that is many times as large as the picture.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Loaded;
use super::View;
use super::scene::places;
use super::square::Square;
use super::view::Placement;
use crate::feature::Properties;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::style::Source;
use crate::style::Style;
use crate::style::Tiled;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

/// Up to this level tiles are cut; further in, those of this level are enlarged.
const DEEPEST: u8 = 18;

/// Units a side of a tile that was cut.
const EXTENT: f64 = 8192.0;

/// What is kept around a tile, in units of the source.
const BUFFER: f64 = 128.0;

/// The deepest level that a source is shown at; where pictures must agree with those of other zooms, it is the source's own.
pub fn deepest(tiled: &Tiled, view: &View) -> u8 {
    if view.placement() == Placement::View { last(tiled).max(DEEPEST) } else { last(tiled) }
}

/// The last level of a source; the specification's default is 22.
fn last(tiled: &Tiled) -> u8 {
    tiled.maxzoom.unwrap_or(22)
}

/// The tile of a source that is asked for to show a place.
pub fn asked(tiled: &Tiled, mut coord: TileCoord) -> TileCoord {
    while coord.level() > last(tiled) {
        let Some(parent) = coord.parent() else { break };
        coord = parent;
    }
    coord
}

/// What was loaded, and the tiles of deeper levels that the view shows of it.
pub fn deepened<'a>(style: &Style, view: &View, loaded: &'a Loaded) -> Cow<'a, Loaded> {
    let mut loaded = Cow::Borrowed(loaded);
    let grid = Grid::web_mercator_quad();
    let mut known = BTreeSet::new();
    for layer in style.layers.iter().filter(|layer| layer.is_shown(view.zoom())) {
        let Some((name, source)) = layer.source.as_ref().and_then(|name| style.sources.get_key_value(name)) else {
            continue;
        };
        let Source::Vector(tiled) = source else { continue };
        let names: BTreeSet<&str> = style
            .layers
            .iter()
            .filter(|other| other.source.as_ref() == Some(name))
            .filter_map(|other| other.source_layer.as_deref())
            .collect();
        for place in places(layer, source, view, &grid) {
            let (coord, own) = (place.coord, asked(tiled, place.coord));
            if coord == own || !known.insert((name, coord)) {
                continue;
            }
            if let Some(tile) = loaded.vector(name, own).cloned() {
                let layers = tile.layers.iter().filter(|layer| names.contains(layer.name()));
                let tile = VectorTile { layers: layers.map(|layer| cut(layer, own, coord)).collect() };
                loaded.to_mut().insert_vector(name, coord, Arc::new(tile));
            }
        }
    }
    loaded
}

/// The part of a layer that lies on a smaller tile.
fn cut(layer: &Layer, own: TileCoord, coord: TileCoord) -> Layer {
    let steps = coord.level() - own.level();
    let extent = f64::from(layer.extent().max(1));
    let growth = f64::from(steps).exp2();
    let corner = [(coord.column(), own.column()), (coord.row(), own.row())]
        .map(|(deep, own)| f64::from(deep - (own << steps)) * extent);
    let mut builder = LayerBuilder::new(layer.name(), EXTENT as u32);
    for feature in layer.features() {
        let place = |&[x, y]: &[i32; 2]| [f64::from(x) * growth - corner[0], f64::from(y) * growth - corner[1]];
        let square = Square { low: -BUFFER, high: extent + BUFFER };
        push(feature, place, &square, EXTENT / extent, &mut builder);
    }
    builder.finish()
}

fn push(
    feature: TileFeature<'_>,
    place: impl Fn(&[i32; 2]) -> [f64; 2],
    square: &Square,
    scale: f64,
    layer: &mut LayerBuilder,
) {
    let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
    for path in feature.paths() {
        let path: Vec<[f64; 2]> = path.iter().map(&place).collect();
        match feature.geometry() {
            TileGeometry::Points => {
                pieces.extend(path.into_iter().filter(|&point| square.holds(point)).map(|point| vec![point]));
            }
            TileGeometry::Lines => {
                let columns = square.clip_line(&path, 0);
                pieces.extend(columns.iter().flat_map(|piece| square.clip_line(piece, 1)));
            }
            TileGeometry::Polygons => {
                let ring = square.clip_ring(&square.clip_ring(&path, 0), 1);
                pieces.extend((ring.len() > 2).then_some(ring));
            }
        }
    }
    if pieces.is_empty() {
        return;
    }
    let snapped = |piece: Vec<[f64; 2]>| piece.into_iter().map(|point| point.map(|n| (n * scale).round() as i32));
    if feature.geometry() == TileGeometry::Points {
        layer.push_path(pieces.into_iter().flat_map(snapped));
    } else {
        pieces.into_iter().for_each(|piece| layer.push_path(snapped(piece)));
    }
    feature.each_property(&mut |key, value| layer.push_tag(key, value));
    layer.end_feature(feature.id(), feature.geometry());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Value;

    fn cut_of(geometry: TileGeometry, paths: &[&[[i32; 2]]], column: u32) -> Vec<Vec<[i32; 2]>> {
        let mut builder = LayerBuilder::new("l", 4096);
        paths.iter().for_each(|path| builder.push_path(path.iter().copied()));
        builder.push_tag("name", Value::Text("Tumen"));
        builder.end_feature(Some(7), geometry);
        let grid = Grid::web_mercator_quad();
        let [own, deep] = [(14, 3, 5), (16, 12 + column, 21)].map(|(z, x, y)| grid.tile(z, x, y).unwrap());
        let layer = cut(&builder.finish(), own, deep);
        for feature in layer.features() {
            assert_eq!((feature.id(), feature.property("name")), (Some(7), Some(Value::Text("Tumen"))));
        }
        layer.features().flat_map(|feature| feature.paths().map(<[_]>::to_vec).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn a_line_is_cut_into_the_pieces_on_the_smaller_tile_and_its_buffer() {
        // The tile is the second column and the second row of four: from 1024 on, a quarter of the scale.
        let line: &[[i32; 2]] = &[[0, 1536], [4096, 1536]];
        assert_eq!(cut_of(TileGeometry::Lines, &[line], 1), [[[-256, 4096], [8448, 4096]]]);
        let bent: &[[i32; 2]] = &[[1100, 1100], [1100, 4000], [1200, 4000], [1200, 1100]];
        let pieces = cut_of(TileGeometry::Lines, &[bent], 1);
        assert_eq!(pieces, [[[608, 608], [608, 8448]], [[1408, 8448], [1408, 608]]]);
        assert!(cut_of(TileGeometry::Lines, &[bent], 3).is_empty());
    }

    #[test]
    fn a_polygon_is_cut_along_the_buffer_and_points_are_kept_in_it() {
        let square: &[[i32; 2]] = &[[0, 0], [1536, 0], [1536, 4096], [0, 4096]];
        let ring = [[4096, -256], [4096, 8448], [-256, 8448], [-256, -256]];
        assert_eq!(cut_of(TileGeometry::Polygons, &[square], 1), [ring]);
        let points: &[[i32; 2]] = &[[0, 0], [1000, 1100], [1024, 1024]];
        assert_eq!(cut_of(TileGeometry::Points, &[points], 1), [[[-192, 608], [0, 0]]]);
    }
}
