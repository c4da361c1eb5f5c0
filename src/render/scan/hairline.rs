//! Lines one pixel wide, which soften the edges of polygons.

use crate::render::clip::Clip;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::lattice::first_column;

/// Calls `shade` with one pixel for each column (or row, where the line is steep) that the line crosses, and with how much
/// of the line's colour it takes: all on the line itself, half where it is half a pixel away.
pub fn hairline(a: Cell, b: Cell, clip: &Clip, mut shade: impl FnMut(u32, u32, f32)) {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let flat = dx.abs() >= dy.abs();
    // Along the longer axis the line is followed; across it the one pixel is found.
    let (start, end, across, long, short) = if flat { (a.x, b.x, a.y, dx, dy) } else { (a.y, b.y, a.x, dy, dx) };
    if long == 0 {
        return;
    }
    let rows = clip.rows();
    let (low, high) = if flat { (0, i64::from(u16::MAX)) } else { (rows.start, rows.end) };
    let from = first_column(start.min(end)).max(low);
    let to = first_column(start.max(end)).min(high);
    if from >= to {
        return;
    }
    let (dx, dy) = (dx as f64, dy as f64);
    let straight = (long.unsigned_abs() as f32) / (dx * dx + dy * dy).sqrt() as f32;
    let slope = short as f64 / long as f64;
    for pixel in from..to {
        let middle = pixel * SUBPIXELS + SUBPIXELS / 2;
        // Rounded before the corner is added, so that the sum is the same wherever the picture begins.
        let crossing = across + ((middle - start) as f64 * slope).round() as i64;
        // What lies on the border of two rows belongs to the upper one, as where y counts upwards.
        let other = if flat { (crossing - 1).div_euclid(SUBPIXELS) } else { crossing.div_euclid(SUBPIXELS) };
        let (x, y) = if flat { (pixel, other) } else { (other, pixel) };
        if clip.cut(y, x, x + 1).is_none() {
            continue;
        }
        let away = (other * SUBPIXELS + SUBPIXELS / 2 - crossing).unsigned_abs() as f32 / SUBPIXELS as f32 * straight;
        shade(x as u32, y as u32, 1.0 - away * away * (3.0 - 2.0 * away));
    }
}
