//! The numbers of tiles along a Hilbert curve (`PMTiles` 3, 4.1).

use crate::space::TileCoord;

/// The number of a tile: all of lower zooms come before it, and those of its zoom along a Hilbert curve. The four tiles below
/// one follow each other, in the order in which their parents do.
pub fn tile_number(coord: TileCoord) -> u64 {
    let level = u32::from(coord.level());
    let (mut x, mut y) = (u64::from(coord.column()), u64::from(coord.row()));
    let mut along = 0;
    for bit in (0..level).rev() {
        let side = 1_u64 << bit;
        let (right, below) = (u64::from(x & side > 0), u64::from(y & side > 0));
        along += side * side * ((3 * right) ^ below);
        if below == 0 {
            if right == 1 {
                x = side.wrapping_sub(1).wrapping_sub(x) & (side - 1);
                y = side.wrapping_sub(1).wrapping_sub(y) & (side - 1);
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    first_number(coord.level()) + along
}

/// The number of the first tile of a zoom, which is how many tiles lower zooms have.
pub fn first_number(level: u8) -> u64 {
    ((1_u64 << (2 * u32::from(level.min(31)))) - 1) / 3
}

/// Zoom, column and row of a number; `None` beyond zoom 30.
pub fn tile_at(number: u64) -> Option<(u8, u32, u32)> {
    let level = (0..=30).find(|&level| number < first_number(level + 1))?;
    let mut along = number - first_number(level);
    let (mut x, mut y) = (0_u64, 0_u64);
    for bit in 0..level {
        let side = 1_u64 << bit;
        let right = (along / 2) & 1;
        let below = (along ^ right) & 1;
        if below == 0 {
            if right == 1 {
                (x, y) = (side - 1 - x, side - 1 - y);
            }
            (x, y) = (y, x);
        }
        x += side * right;
        y += side * below;
        along /= 4;
    }
    Some((level, x as u32, y as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Grid;

    #[test]
    fn each_number_leads_back_to_its_tile_and_children_follow_each_other() {
        let grid = Grid::web_mercator_quad();
        for number in (0..first_number(7)).chain([19_078_479, first_number(20) + 123_456_789]) {
            let (level, column, row) = tile_at(number).unwrap();
            let coord = grid.tile(level, column, row).unwrap();
            assert_eq!(tile_number(coord), number);
            if let Some(parent) = coord.parent() {
                let along = number - first_number(level);
                assert_eq!(tile_number(parent), first_number(level - 1) + along / 4);
            }
        }
        assert_eq!((tile_at(0), tile_at(u64::MAX)), (Some((0, 0, 0)), None));
    }
}
