//! Signed distance fields of outlines.

use super::glyph::ASCENDER;
use super::glyph::BORDER;
use super::glyph::Glyph;
use super::outline::Point;

/// Distance that the 256 values span, pixels.
const RADIUS: f32 = 8.0;
/// Share of the values that lies inside of the edge.
const CUTOFF: f32 = 0.25;
/// Beyond this distance outside of the edge each value is zero.
const REACH: f32 = RADIUS * (1.0 - CUTOFF);
/// The largest box that is drawn, pixels a side: far more than any letter at 24 px.
const MAX_SIDE: f32 = 512.0;

/// The glyph of an outline given as closed contours (nonzero winding) in pixels at 24 px a em, y upwards from the baseline.
/// `None` for an outline too large to be a letter.
pub fn glyph(segments: &[[Point; 2]], advance: f32) -> Option<Glyph> {
    let blank = Glyph { left: 0, top: 0, width: 0, height: 0, advance, field: Box::default() };
    let Some((low, high)) = bounds(segments) else { return Some(blank) };
    // Rounded, as fontnik does: the border has room for what stands out by half a pixel.
    let [left, bottom] = low.map(f32::round);
    let [right, top] = high.map(f32::round);
    let (width, height) = (right - left, top - bottom);
    if width > MAX_SIDE || height > MAX_SIDE || !advance.is_finite() {
        return None;
    }
    let (width, height) = (width as u32, height as u32);
    let (columns, rows) = ((width + 2 * BORDER) as usize, (height + 2 * BORDER) as usize);
    // Into the field's own pixels, y downwards.
    let (dx, dy) = (BORDER as f32 - left, top + BORDER as f32);
    let segments: Vec<[Point; 2]> = segments.iter().map(|ends| ends.map(|[x, y]| [x + dx, dy - y])).collect();
    let mut squared = vec![REACH * REACH; columns * rows];
    for segment in &segments {
        lower(&mut squared, columns, segment);
    }
    let mut field = Vec::with_capacity(squared.len());
    let mut crossings = Vec::new();
    for (row, distances) in squared.chunks_exact(columns).enumerate() {
        crossings_at(row as f32 + 0.5, &segments, &mut crossings);
        let (mut winding, mut passed) = (0, 0);
        for (column, distance) in distances.iter().enumerate() {
            while let Some(&(x, direction)) = crossings.get(passed)
                && x <= column as f32 + 0.5
            {
                winding += direction;
                passed += 1;
            }
            let distance = if winding == 0 { distance.sqrt() } else { -distance.sqrt() };
            let depth = (distance * (256.0 / RADIUS) + CUTOFF * 256.0).clamp(0.0, 255.0);
            field.push(255 - depth as u8);
        }
    }
    Some(Glyph { left: left as i32, top: top as i32 - ASCENDER, width, height, advance, field: field.into() })
}

fn bounds(segments: &[[Point; 2]]) -> Option<(Point, Point)> {
    let points = || segments.iter().flatten();
    let first = *points().next()?;
    let low = points().fold(first, |low, p| [low[0].min(p[0]), low[1].min(p[1])]);
    let high = points().fold(first, |high, p| [high[0].max(p[0]), high[1].max(p[1])]);
    Some((low, high))
}

/// Lowers the squared distances of all pixel centres within reach of a segment.
fn lower(squared: &mut [f32], columns: usize, &[a, b]: &[Point; 2]) {
    let rows = squared.len() / columns;
    let span = |low: f32, high: f32, count: usize| {
        let from = (low - REACH - 0.5).floor().clamp(0.0, count as f32) as usize;
        let to = (high + REACH + 0.5).ceil().clamp(0.0, count as f32) as usize;
        from..to.max(from)
    };
    let xs = span(a[0].min(b[0]), a[0].max(b[0]), columns);
    let (ux, uy) = (b[0] - a[0], b[1] - a[1]);
    let inverse = 1.0 / (ux * ux + uy * uy);
    for row in span(a[1].min(b[1]), a[1].max(b[1]), rows) {
        let py = row as f32 + 0.5 - a[1];
        for (column, best) in squared[row * columns..][xs.clone()].iter_mut().enumerate() {
            let px = (xs.start + column) as f32 + 0.5 - a[0];
            let along = ((px * ux + py * uy) * inverse).clamp(0.0, 1.0);
            let (ex, ey) = (px - along * ux, py - along * uy);
            *best = best.min(ex * ex + ey * ey);
        }
    }
}

/// Where the outline crosses a horizontal line, from left to right, each with its direction.
fn crossings_at(y: f32, segments: &[[Point; 2]], crossings: &mut Vec<(f32, i32)>) {
    crossings.clear();
    for &[a, b] in segments {
        // Half open, so that a vertex on the line is crossed once.
        if (a[1] <= y) != (b[1] <= y) {
            let x = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            crossings.push((x, if a[1] <= y { 1 } else { -1 }));
        }
    }
    crossings.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(points: &[Point]) -> Vec<[Point; 2]> {
        (0..points.len()).map(|i| [points[i], points[(i + 1) % points.len()]]).collect()
    }

    fn value(glyph: &Glyph, x: u32, y: u32) -> u8 {
        glyph.field[(y * glyph.field_width() + x) as usize]
    }

    #[test]
    fn a_square_has_the_edge_value_at_its_edge_and_32_a_pixel_from_there() {
        let square = glyph(&closed(&[[1.0, 0.0], [11.0, 0.0], [11.0, 10.0], [1.0, 10.0]]), 12.0).unwrap();
        assert_eq!((square.left, square.top, square.width, square.height), (1, 10 - ASCENDER, 10, 10));
        assert_eq!(square.field.len(), 16 * 16);
        // Pixel centres lie half a pixel from the edge: 191 at the edge itself, 16 for the half pixel.
        assert_eq!([value(&square, 2, 8), value(&square, 3, 8)], [191 - 16, 191 + 16]);
        assert_eq!([value(&square, 1, 8), value(&square, 0, 8)], [191 - 48, 191 - 80]);
        assert_eq!(value(&square, 8, 8), 255);
        // The corner's distance is round: (0.5, 0.5) away.
        assert_eq!(value(&square, 2, 2), 255 - (64.0 + 32.0 * 0.5_f32.sqrt()) as u8);
    }

    #[test]
    fn a_hole_is_outside_and_an_overlap_inside() {
        let mut ring = closed(&[[0.0, 0.0], [20.0, 0.0], [20.0, 20.0], [0.0, 20.0]]);
        ring.extend(closed(&[[5.0, 5.0], [5.0, 15.0], [15.0, 15.0], [15.0, 5.0]]));
        assert!(value(&glyph(&ring, 0.0).unwrap(), 13, 13) < 191);
        let mut twice = closed(&[[0.0, 0.0], [20.0, 0.0], [20.0, 20.0], [0.0, 20.0]]);
        twice.extend(closed(&[[5.0, 5.0], [15.0, 5.0], [15.0, 15.0], [5.0, 15.0]]));
        assert!(value(&glyph(&twice, 0.0).unwrap(), 13, 13) > 191);
    }

    #[test]
    fn nothing_to_draw_is_a_blank_and_a_monster_is_refused() {
        let blank = glyph(&[], 6.0).unwrap();
        assert_eq!((blank.width, blank.field.len()), (0, 0));
        assert_eq!(glyph(&closed(&[[0.0, 0.0], [1e6, 0.0], [1e6, 1e6]]), 6.0), None);
    }
}
