//! Rings of many features on the lattice, in one piece of memory.

use std::ops::Range;

use crate::render::lattice::Cell;
use crate::tile::TileFeature;

/// Polygons, each a run of rings.
#[derive(Debug, Default)]
pub struct Rings {
    cells: Vec<Cell>,
    /// Past the last cell of each ring.
    rings: Vec<u32>,
    /// Past the last ring of each polygon.
    polygons: Vec<u32>,
}

impl Rings {
    /// Adds a feature, and answers which polygons are its. Where it does not say which rings begin a polygon, those do that turn
    /// as its first one.
    pub fn push(&mut self, feature: TileFeature<'_>, cell: impl Fn(&[i32; 2]) -> Cell) -> Range<usize> {
        let before = self.polygons.len();
        let mut first_turn = None;
        let begins = feature.begins();
        for (index, path) in feature.paths().enumerate().filter(|(_, path)| path.len() >= 3) {
            let is_exterior = match begins.get(index) {
                Some(&begins) => begins,
                None => match twice_area(path) {
                    0 => continue,
                    area => *first_turn.get_or_insert(area > 0) == (area > 0),
                },
            };
            self.cells.extend(path.iter().map(&cell));
            self.rings.push(self.cells.len() as u32);
            let end = self.rings.len() as u32;
            match self.polygons[before..].last_mut() {
                Some(polygon) if !is_exterior => *polygon = end,
                _ => self.polygons.push(end),
            }
        }
        before..self.polygons.len()
    }

    /// The rings of a polygon.
    pub fn polygon(&self, number: usize) -> impl Iterator<Item = &[Cell]> {
        self.run(number..number + 1)
    }

    /// The rings of a run of polygons.
    pub fn run(&self, polygons: Range<usize>) -> impl Iterator<Item = &[Cell]> {
        let past = |ends: &[u32], number: usize| if number == 0 { 0 } else { ends[number - 1] as usize };
        let rings = past(&self.polygons, polygons.start)..past(&self.polygons, polygons.end);
        rings.map(move |ring| &self.cells[past(&self.rings, ring)..self.rings[ring] as usize])
    }
}

fn twice_area(ring: &[[i32; 2]]) -> i128 {
    let mut last = ring[ring.len() - 1];
    let mut area = 0;
    for &point in ring {
        area += i128::from(last[0]) * i128::from(point[1]) - i128::from(point[0]) * i128::from(last[1]);
        last = point;
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::LayerBuilder;
    use crate::tile::TileGeometry;

    #[test]
    fn rings_that_turn_as_the_first_begin_polygons_and_others_are_holes() {
        let square = |low: i32, high: i32| [[low, low], [high, low], [high, high], [low, high]];
        let hole = |low, high| {
            let mut ring = square(low, high);
            ring.reverse();
            ring
        };
        let mut layer = LayerBuilder::new("", 4096);
        for rings in [vec![square(0, 9), hole(2, 3), square(20, 30)], vec![square(5, 6)]] {
            rings.into_iter().for_each(|ring| layer.push_path(ring));
            layer.end_feature(None, TileGeometry::Polygons);
        }
        let layer = layer.finish();
        let mut rings = Rings::default();
        let cell = |&[x, y]: &[i32; 2]| Cell { x: i64::from(x), y: i64::from(y) };
        let found: Vec<_> = layer.features().map(|feature| rings.push(feature, cell)).collect();
        assert_eq!(found, [0..2, 2..3]);
        assert_eq!((0..3).map(|polygon| rings.polygon(polygon).count()).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!(rings.run(1..3).map(|ring| ring[0].x).collect::<Vec<_>>(), [20, 5]);
    }
}
