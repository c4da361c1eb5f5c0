//! Which pixels of each row may be drawn on.

use super::View;
use super::lattice::Cell;
use super::lattice::SUBPIXELS;
use super::lattice::first_pixel;
use super::lattice::first_row;
use super::tiles::Placed;
use crate::space::Rect;

/// A span of pixels for each row; a pixel belongs to it by its middle, so that of two neighbouring tiles exactly one has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    top: u32,
    spans: Vec<(u32, u32)>,
    /// Around all spans.
    columns: (u32, u32),
}

impl Clip {
    /// A whole picture.
    pub fn all(width: u32, height: u32) -> Self {
        Self { top: 0, spans: vec![(0, width); height as usize], columns: (0, width) }
    }

    /// The pixels of a tile.
    pub fn of_tile(view: &View, placed: &Placed) -> Self {
        Self::of_tile_shifted(view, placed, Cell::default())
    }

    /// The pixels of a tile that is moved.
    pub fn of_tile_shifted(view: &View, placed: &Placed, shift: Cell) -> Self {
        let Rect { min_x, min_y, max_x, max_y } = placed.shown();
        let corners = [[min_x, min_y], [max_x, min_y], [max_x, max_y], [min_x, max_y]];
        let corners = corners.map(|corner| view.to_cell(corner) + shift);
        Self::of_convex(&corners, view.width(), view.height())
    }

    /// The pixels of a convex polygon.
    fn of_convex(corners: &[Cell; 4], width: u32, height: u32) -> Self {
        let row_of = |y: i64| first_row(y).clamp(0, i64::from(height)) as u32;
        let top = corners.iter().map(|corner| row_of(corner.y)).min().unwrap_or(0);
        let bottom = corners.iter().map(|corner| row_of(corner.y)).max().unwrap_or(0);
        let mut spans = Vec::with_capacity((bottom - top) as usize);
        let held = |x: i64| x.clamp(0, i64::from(width)) as u32;
        let [a, b, c, d] = corners;
        if a.x == d.x && b.x == c.x && a.x <= b.x && a.y == b.y && c.y == d.y {
            // Where north is up all rows are the same.
            let edge = |x: i64| held(first_pixel(i128::from(x), 1));
            let span = (edge(a.x), edge(b.x));
            let span = if span.0 < span.1 { span } else { (0, 0) };
            spans.resize((bottom - top) as usize, span);
            return Self { top, spans, columns: span };
        }
        for row in top..bottom {
            let (mut from, mut to) = (i64::MAX, i64::MIN);
            for (index, &a) in corners.iter().enumerate() {
                let b = corners[(index + 1) % corners.len()];
                if let Some(x) = crossing(a, b, row) {
                    from = from.min(x);
                    to = to.max(x);
                }
            }
            spans.push(if from < to { (held(from), held(to)) } else { (0, 0) });
        }
        let filled = || spans.iter().filter(|(from, to)| from < to);
        let columns = (filled().map(|span| span.0).min().unwrap_or(0), filled().map(|span| span.1).max().unwrap_or(0));
        Self { top, spans, columns }
    }

    /// The rows that it reaches into.
    pub fn rows(&self) -> std::ops::Range<i64> {
        i64::from(self.top)..i64::from(self.top) + self.spans.len() as i64
    }

    /// The pixels of a row, first and past the last; empty outside of [`rows`](Self::rows).
    pub fn span(&self, row: i64) -> (i64, i64) {
        let span = usize::try_from(row - i64::from(self.top)).ok().and_then(|index| self.spans.get(index));
        span.map_or((0, 0), |&(from, to)| (i64::from(from), i64::from(to)))
    }

    /// Whether any of its columns may have the middle of a pixel between two places, in points of the lattice.
    pub fn meets_columns(&self, from: i64, to: i64) -> bool {
        let (first, last) = self.columns;
        from <= i64::from(last) * SUBPIXELS && i64::from(first) * SUBPIXELS <= to
    }

    /// Whether no pixel is in it.
    pub fn is_empty(&self) -> bool {
        self.spans.iter().all(|(from, to)| from >= to)
    }

    /// The part of a run of pixels of a row that is in it.
    pub fn cut(&self, row: i64, from: i64, to: i64) -> Option<(u32, u32)> {
        let (first, last) = self.span(row);
        let (from, to) = (from.max(first), to.min(last));
        (from < to).then_some((from as u32, to as u32))
    }
}

/// The first pixel whose middle is not left of where an edge crosses the middle of a row, if it does.
pub fn crossing(a: Cell, b: Cell, row: u32) -> Option<i64> {
    let (a, b) = if a.y <= b.y { (a, b) } else { (b, a) };
    let middle = i64::from(row) * SUBPIXELS + SUBPIXELS / 2;
    if middle <= a.y || middle > b.y {
        return None;
    }
    let height = i128::from(b.y - a.y);
    Some(first_pixel(i128::from(a.x) * height + i128::from(middle - a.y) * i128::from(b.x - a.x), height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Grid;

    #[test]
    fn every_pixel_of_a_turned_view_belongs_to_exactly_one_tile() {
        let grid = Grid::web_mercator_quad();
        for bearing in [0.0, 0.3, 33.0, 90.0, 135.0] {
            let view = View::new([10.0, 20.0], 3.3, bearing, [300.0, 200.0], 1.0);
            let clips: Vec<_> =
                view.covering(&grid, 3, 0.0).iter().map(|placed| Clip::of_tile(&view, placed)).collect();
            for row in 0..200 {
                let mut owners = vec![0; 300];
                for clip in &clips {
                    let (from, to) = clip.span(row);
                    owners[from as usize..to as usize].iter_mut().for_each(|count| *count += 1);
                }
                assert!(owners.iter().all(|&count| count == 1), "bearing {bearing}, row {row}: {owners:?}");
            }
        }
    }
}
