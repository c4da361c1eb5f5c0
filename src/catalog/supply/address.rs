//! The addresses of tiles.

use crate::space::TileCoord;
use crate::style::Scheme;
use crate::style::Tiled;

/// Where a tile is; `None` where the source says that it has none.
pub(super) fn tile_address(tiled: &Tiled, coord: TileCoord) -> Option<String> {
    if !is_covered(tiled, coord) {
        return None;
    }
    let number = (coord.column() + coord.row()) as usize % tiled.tiles.len().max(1);
    let template = tiled.tiles.get(number)?;
    let flipped = (1_u32 << coord.level()) - 1 - coord.row();
    let row = match tiled.scheme {
        Scheme::Xyz => coord.row(),
        Scheme::Tms => flipped,
    };
    let address = template
        .replace("{z}", &coord.level().to_string())
        .replace("{x}", &coord.column().to_string())
        .replace("{y}", &row.to_string())
        .replace("{-y}", &flipped.to_string())
        .replace("{ratio}", "")
        .replace("{quadkey}", &quadkey(coord))
        .replace("{bbox-epsg-3857}", &web_mercator_box(coord));
    Some(address)
}

/// The digits of quarters from the world down to the tile.
fn quadkey(coord: TileCoord) -> String {
    let digit = |level: u8| {
        let (right, below) = (coord.column() >> level & 1, coord.row() >> level & 1);
        char::from(b'0' + (right + 2 * below) as u8)
    };
    (0..coord.level()).rev().map(digit).collect()
}

/// West, south, east and north in metres of EPSG:3857.
fn web_mercator_box(coord: TileCoord) -> String {
    const HALF: f64 = std::f64::consts::PI * 6_378_137.0;
    let side = 2.0 * HALF / f64::from(coord.level()).exp2();
    let (west, north) = (f64::from(coord.column()) * side - HALF, HALF - f64::from(coord.row()) * side);
    format!("{west},{},{},{north}", north - side, west + side)
}

/// Whether the source says that it may have a tile.
pub(super) fn is_covered(tiled: &Tiled, coord: TileCoord) -> bool {
    coord.level() >= tiled.minzoom.unwrap_or(0) && touches(tiled, coord)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Grid;

    #[test]
    fn each_placeholder_is_filled() {
        let tiled = |template: &str, scheme| Tiled { tiles: vec![template.to_owned()], scheme, ..Tiled::default() };
        let coord = Grid::web_mercator_quad().tile(3, 3, 5).unwrap();
        let at = |template: &str| tile_address(&tiled(template, Scheme::Xyz), coord).unwrap();
        assert_eq!(at("{z}/{x}/{y}{ratio}.png"), "3/3/5.png");
        assert_eq!(at("{z}/{x}/{-y}"), "3/3/2");
        assert_eq!(tile_address(&tiled("{z}/{x}/{y}", Scheme::Tms), coord).unwrap(), "3/3/2");
        assert_eq!(at("{quadkey}"), "213");
        let numbers: Vec<f64> = at("{bbox-epsg-3857}").split(',').map(|n| n.parse().unwrap()).collect();
        let quarter = 5_009_377.085_697_311;
        let expected = [-quarter, -2.0 * quarter, 0.0, -quarter];
        assert!(numbers.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{numbers:?}");
    }

    #[test]
    fn no_tile_is_asked_for_where_there_is_none() {
        let bounds = Some([120.0, 40.0, 130.0, 45.0]);
        let tiled = Tiled { tiles: vec!["{z}".to_owned()], minzoom: Some(2), bounds, ..Tiled::default() };
        let grid = Grid::web_mercator_quad();
        let has = |z, x, y| tile_address(&tiled, grid.tile(z, x, y).unwrap()).is_some();
        assert!(has(2, 3, 1) && !has(1, 1, 0) && !has(2, 0, 1));
    }
}
