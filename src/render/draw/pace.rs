//! Dashes and patterns along lines that tiles cut: at each edge of a tile they begin anew, on both sides of it, and between two
//! edges they are stretched by so little that they come out even. So they go on from tile to tile, and none has to know the
//! others.

use crate::render::lattice::Cell;

/// A tile's low and high edges on each axis, in the units of a path.
pub type Edges = [[f64; 2]; 2];

/// Points of a path with the pixels along it at each, in which what repeats every `period` pixels begins anew at edges; `None`
/// for a path that meets none.
pub fn paced(
    path: impl Iterator<Item = [f64; 2]>,
    edges: &Edges,
    period: f64,
    to_cell: impl Fn([f64; 2]) -> Cell,
) -> Option<(Vec<Cell>, Vec<f64>)> {
    let (mut cells, mut breaks): (Vec<Cell>, Vec<bool>) = (Vec::new(), Vec::new());
    let mut push = |point: [f64; 2], is_break: bool| {
        let cell = to_cell(point);
        if cells.last() == Some(&cell) {
            breaks.last_mut().into_iter().for_each(|last| *last |= is_break);
        } else {
            cells.push(cell);
            breaks.push(is_break);
        }
    };
    let mut last = None;
    for point in path {
        if let Some(last) = last {
            crossings(last, point, edges).into_iter().for_each(|point| push(point, true));
        }
        push(point, is_on(point, edges));
        last = Some(point);
    }
    let first = breaks.iter().position(|is_break| *is_break)?;
    let steps: Vec<f64> = cells.windows(2).map(|pair| length(pair[0], pair[1])).collect();
    // From the start the edge is reached after whole periods.
    let before: f64 = steps[..first].iter().sum();
    let mut along = vec![(-before).rem_euclid(period)];
    for step in &steps[..first] {
        along.push(along[along.len() - 1] + step);
    }
    let mut from = first;
    let mut whole = (along[first] / period).round() * period;
    along[first] = whole;
    while let Some(to) = (from + 1..cells.len()).find(|&index| breaks[index]) {
        let total: f64 = steps[from..to].iter().sum();
        let stretch = (total / period).round() * period / total;
        for step in &steps[from..to] {
            along.push(along[along.len() - 1] + step * stretch);
        }
        whole += (total / period).round() * period;
        along[to] = whole;
        from = to;
    }
    for step in &steps[from..] {
        along.push(along[along.len() - 1] + step);
    }
    Some((cells, along))
}

fn length(a: Cell, b: Cell) -> f64 {
    let [x, y] = (b - a).to_pixels();
    x.hypot(y)
}

/// Whether a point lies on an edge of the tile.
fn is_on(point: [f64; 2], edges: &Edges) -> bool {
    let is_at = |axis: usize| edges[axis].iter().any(|edge| (point[axis] - edge).abs() < 1e-9);
    let is_beside = |axis: usize| (edges[axis][0]..=edges[axis][1]).contains(&point[axis]);
    (is_at(0) && is_beside(1)) || (is_at(1) && is_beside(0))
}

/// Where a side crosses the tile's edges between its ends, in order.
fn crossings(from: [f64; 2], to: [f64; 2], edges: &Edges) -> Vec<[f64; 2]> {
    let mut shares: Vec<(f64, [f64; 2])> = Vec::new();
    for axis in 0..2 {
        for edge in edges[axis] {
            let share = (edge - from[axis]) / (to[axis] - from[axis]);
            let mut point = [0, 1].map(|n: usize| from[n] + (to[n] - from[n]) * share);
            point[axis] = edge;
            if share > 0.0 && share < 1.0 && is_on(point, edges) {
                shares.push((share, point));
            }
        }
    }
    shares.sort_by(|a, b| a.0.total_cmp(&b.0));
    shares.into_iter().map(|(_, point)| point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: Edges = [[0.0, 100.0]; 2];

    fn run(path: &[[f64; 2]], period: f64) -> Option<(Vec<[f64; 2]>, Vec<f64>)> {
        let (cells, along) = paced(path.iter().copied(), &EDGES, period, Cell::nearest)?;
        Some((cells.into_iter().map(Cell::to_pixels).collect(), along))
    }

    #[test]
    fn between_two_edges_there_are_whole_periods_and_before_and_behind_them_none_is_stretched() {
        let (points, along) = run(&[[-5.0, 50.0], [60.0, 50.0], [103.0, 50.0]], 7.0).unwrap();
        assert_eq!(points, [[-5.0, 50.0], [0.0, 50.0], [60.0, 50.0], [100.0, 50.0], [103.0, 50.0]]);
        assert_eq!([along[0], along[1], along[3], along[4]], [2.0, 7.0, 105.0, 108.0]);
        assert!((along[2] - 7.0 - 60.0 * 0.98).abs() < 1e-9);
    }

    #[test]
    fn a_path_that_meets_no_edge_is_left_alone_and_one_that_begins_on_it_begins_there() {
        assert_eq!(run(&[[5.0, 50.0], [60.0, 50.0]], 7.0), None);
        assert_eq!(run(&[[-5.0, -50.0], [-60.0, 50.0]], 7.0), None);
        let (points, along) = run(&[[0.0, 50.0], [10.0, 50.0]], 7.0).unwrap();
        assert_eq!((points.len(), along), (2, vec![0.0, 10.0]));
        // Over a corner that is shorter than half a period nothing is laid anew.
        let (_, along) = run(&[[-1.0, 2.0], [2.0, -1.0]], 7.0).unwrap();
        assert_eq!(along[1], along[2]);
    }
}
