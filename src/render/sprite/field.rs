//! Signed distance fields of icons: how far each pixel is from the edge, as MapLibre draws them.

/// Pixels that a field goes on beyond the icon.
pub(super) const MARGIN: u32 = 3;

/// How much finer than its pixels an icon is looked at.
pub(super) const FINE: u32 = 4;

/// Pixels from the darkest value to the lightest, and the share of them that lies outside of the edge.
const RADIUS: f64 = 8.0;
const CUTOFF: f64 = 0.25;

/// The field of an icon that was drawn [`FINE`] times as fine: black with the field as its alpha.
pub(super) fn from_coverage(fine: &image::RgbaImage) -> image::RgbaImage {
    let (width, height) = (fine.width() / FINE + 2 * MARGIN, fine.height() / FINE + 2 * MARGIN);
    let (wide, high) = ((width * FINE) as usize, (height * FINE) as usize);
    let offset = MARGIN * FINE;
    let is_inside = |x: usize, y: usize| {
        let (x, y) = ((x as u32).checked_sub(offset), (y as u32).checked_sub(offset));
        x.zip(y).and_then(|(x, y)| fine.get_pixel_checked(x, y)).is_some_and(|pixel| pixel.0[3] > 127)
    };
    let inside: Vec<bool> = (0..wide * high).map(|at| is_inside(at % wide, at / wide)).collect();
    let to_inside = squared_distances(wide, high, |at| inside[at]);
    let to_outside = squared_distances(wide, high, |at| !inside[at]);
    image::RgbaImage::from_fn(width, height, |x, y| {
        // The mean over the four fine pixels around the middle.
        let middle = |n: u32| (n * FINE + FINE / 2) as usize;
        let around = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, below)| {
            let at = (middle(y) - below) * wide + middle(x) - right;
            // The edge lies half a fine pixel before the nearest one of the other side.
            if inside[at] { 0.5 - to_outside[at].sqrt() } else { to_inside[at].sqrt() - 0.5 }
        });
        let distance = around.iter().sum::<f64>() / 4.0 / f64::from(FINE);
        let value = 255.0 * (1.0 - (distance / RADIUS + CUTOFF));
        image::Rgba([0, 0, 0, value.round().clamp(0.0, 255.0) as u8])
    })
}

/// For each pixel the square of its distance to the nearest one that `is_goal` (Felzenszwalb and Huttenlocher, "Distance
/// Transforms of Sampled Functions", 2012).
fn squared_distances(width: usize, height: usize, is_goal: impl Fn(usize) -> bool) -> Vec<f64> {
    // More than any distance within a picture, and small enough to be reckoned with.
    let far = ((width + height) * (width + height)) as f64;
    let mut squares: Vec<f64> = (0..width * height).map(|at| if is_goal(at) { 0.0 } else { far }).collect();
    let mut lane = vec![0.0; width.max(height)];
    for x in 0..width {
        for y in 0..height {
            lane[y] = squares[y * width + x];
        }
        for (y, square) in along(&lane[..height]).into_iter().enumerate() {
            squares[y * width + x] = square;
        }
    }
    for row in squares.chunks_exact_mut(width) {
        row.copy_from_slice(&along(row));
    }
    squares
}

/// The lower envelope of parabolas that stand on the values of a line.
fn along(values: &[f64]) -> Vec<f64> {
    let mut feet: Vec<usize> = Vec::with_capacity(values.len());
    let mut starts: Vec<f64> = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        let mut start = f64::NEG_INFINITY;
        while let (Some(&foot), Some(&begins)) = (feet.last(), starts.last()) {
            let (own, other) = (place as f64, foot as f64);
            start = ((value + own * own) - (values[foot] + other * other)) / (2.0 * (own - other));
            if start > begins {
                break;
            }
            feet.pop();
            starts.pop();
            start = f64::NEG_INFINITY;
        }
        feet.push(place);
        starts.push(start);
    }
    let mut current = 0;
    let lowest = |place: usize| {
        while current + 1 < feet.len() && starts[current + 1] < place as f64 {
            current += 1;
        }
        let away = place as f64 - feet[current] as f64;
        away * away + values[feet[current]]
    };
    (0..values.len()).map(lowest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_brute_force() {
        let (width, height) = (23, 17);
        let is_goal = |at: usize| at.is_multiple_of(41) || at == 200;
        let found = squared_distances(width, height, is_goal);
        for (at, square) in found.into_iter().enumerate() {
            let goals = (0..width * height).filter(|&goal| is_goal(goal));
            let by_hand = goals.map(|goal| {
                let (x, y) = ((at % width).abs_diff(goal % width), (at / width).abs_diff(goal / width));
                x * x + y * y
            });
            assert_eq!(Some(square as usize), by_hand.min(), "{at}");
        }
    }
}
