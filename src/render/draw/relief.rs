//! `hillshade` and `color-relief` layers, as MapLibre's shaders reckon them.

use super::lights::Lights;
use crate::render::Canvas;
use crate::render::clip::Clip;
use crate::render::ground::Ground;
use crate::render::lattice::Cell;
use crate::render::scene::Frame;
use crate::render::view::degrees;
use crate::style::ColorRelief;
use crate::style::Hillshade;
use crate::style::Resampling;

/// Draws lit slopes.
pub fn hillshade(canvas: &mut Canvas, frame: &Frame<'_>, style: &Hillshade, grounds: &[Ground<'_>]) {
    let lights = Lights::new(frame, style);
    let nearest = style.resampling.evaluate(&frame.paint()) == Resampling::Nearest;
    if lights.are_out() {
        return;
    }
    for ground in grounds {
        let [_, top, side] = ground.placed.square();
        let [north, south] = [top, top + side].map(|y| degrees([0.0, y])[1]);
        let level = f64::from(ground.placed.coord.level());
        let factor = ground.side() as f64 / (steepening(level) + METERS - level).exp2();
        let slope =
            |x: i64, y: i64| slope(ground, x, y).map(|rise| (rise * factor as f32).clamp(STEEPEST[0], STEEPEST[1]));
        each_pixel(canvas, frame, ground, nearest, slope, |slope, v| {
            // Metres of the map are longer than those on the ground, away from the equator.
            let stretch = ((north - south) * (1.0 - v) + south).to_radians().cos() as f32;
            lights.shade(slope.map(|rise| rise / stretch))
        });
    }
}

/// Draws the colours of heights.
pub fn color_relief(canvas: &mut Canvas, frame: &Frame<'_>, style: &ColorRelief, grounds: &[Ground<'_>]) {
    let context = frame.paint();
    let opacity = style.opacity.evaluate(&context).clamp(0.0, 1.0) as f32;
    let knots: Vec<(f64, [f32; 4])> = (style.color.knots().into_iter())
        .map(|(height, color)| (height, color.unwrap_or_default().premultiplied()))
        .collect();
    let nearest = style.resampling.evaluate(&context) == Resampling::Nearest;
    if opacity <= 0.0 || knots.iter().all(|(_, color)| color[3] <= 0.0) {
        return;
    }
    for ground in grounds {
        each_pixel(
            canvas,
            frame,
            ground,
            nearest,
            |x, y| [ground.at(x, y)],
            |[height], _| between(&knots, f64::from(height)).map(|channel| channel * opacity),
        );
    }
}

/// How many metres the world is wide, and the weights of eight heights around a pixel: the power of 2 that both make.
const METERS: f64 = 28.2562;

/// Slopes beyond are held, as eight bits a slope do in MapLibre.
const STEEPEST: [f32; 2] = [-128.0 / 255.0 * 8.0, 127.0 / 255.0 * 8.0];

/// By which power of 2 slopes are flatter than they are: at low zooms nothing would be seen of true ones.
fn steepening(level: f64) -> f64 {
    let factor = match level {
        level if level < 2.0 => 0.4,
        level if level < 4.5 => 0.35,
        _ => 0.3,
    };
    if level < 15.0 { (level - 15.0) * factor } else { 0.0 }
}

/// How much higher the ground is in the east and in the south of a pixel (Horn 1981).
fn slope(ground: &Ground<'_>, x: i64, y: i64) -> [f32; 2] {
    let at = |right: i64, down: i64| ground.at(x + right, y + down);
    let (nw, n, ne) = (at(-1, -1), at(0, -1), at(1, -1));
    let (sw, s, se) = (at(-1, 1), at(0, 1), at(1, 1));
    [(ne + 2.0 * at(1, 0) + se) - (nw + 2.0 * at(-1, 0) + sw), (sw + 2.0 * s + se) - (nw + 2.0 * n + ne)]
}

/// The colour at a height, straight between knots.
fn between(knots: &[(f64, [f32; 4])], height: f64) -> [f32; 4] {
    let upper = knots.partition_point(|(knot, _)| *knot <= height);
    match (upper.checked_sub(1).and_then(|lower| knots.get(lower)), knots.get(upper)) {
        (Some((low, from)), Some((high, to))) => {
            let share = ((height - low) / (high - low)) as f32;
            std::array::from_fn(|channel| from[channel] + (to[channel] - from[channel]) * share)
        }
        (Some((_, color)), None) | (None, Some((_, color))) => *color,
        (None, None) => [0.0; 4],
    }
}

/// Lays a colour over each pixel of a tile, given what was reckoned at the tile's own pixels, and how far down it is in the
/// tile from 0 to 1.
fn each_pixel<const N: usize>(
    canvas: &mut Canvas,
    frame: &Frame<'_>,
    ground: &Ground<'_>,
    nearest: bool,
    value: impl Fn(i64, i64) -> [f32; N],
    mut color: impl FnMut([f32; N], f64) -> [f32; 4],
) {
    let shift = frame.view.raster_shift();
    let clip = Clip::of_tile_shifted(frame.view, &ground.clip, Cell::nearest(shift));
    let [left, top, side] = ground.placed.square();
    let pixels = ground.side() as f64;
    let place = |x: i64, row: i64| {
        let [u, v] = frame.view.to_world([x as f64 + 0.5 - shift[0], row as f64 + 0.5 - shift[1]]);
        [(u - left) / side * pixels, (v - top) / side * pixels]
    };
    let Some(field) = Field::around(&clip, ground.side(), place, value) else { return };
    for row in clip.rows() {
        let (from, to) = clip.span(row);
        for x in from..to {
            let [u, v] = place(x, row);
            let value = if nearest { field.at(u.floor() as i64, v.floor() as i64) } else { field.sample(u, v) };
            let color = color(value, v / pixels);
            if color[3] > 0.0 {
                canvas.blend(x as u32, row as u32, color);
            }
        }
    }
}

/// Values at the pixels of a part of a tile and of its edge.
struct Field<const N: usize> {
    left: i64,
    top: i64,
    width: i64,
    values: Vec<[f32; N]>,
}

impl<const N: usize> Field<N> {
    /// What the visible part of the tile needs.
    fn around(
        clip: &Clip,
        side: i64,
        place: impl Fn(i64, i64) -> [f64; 2],
        value: impl Fn(i64, i64) -> [f32; N],
    ) -> Option<Self> {
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for row in clip.rows() {
            let (from, to) = clip.span(row);
            if from < to {
                for point in [place(from, row), place(to - 1, row)] {
                    low = [low[0].min(point[0]), low[1].min(point[1])];
                    high = [high[0].max(point[0]), high[1].max(point[1])];
                }
            }
        }
        let held = |n: f64| (n.floor() as i64).clamp(-1, side);
        let [left, top] = low.map(|n| held(n - 1.0));
        let [right, bottom] = high.map(|n| held(n + 1.0));
        if low[0] > high[0] {
            return None;
        }
        let values = (top..=bottom).flat_map(|y| (left..=right).map(move |x| (x, y))).map(|(x, y)| value(x, y));
        Some(Self { left, top, width: right - left + 1, values: values.collect() })
    }

    fn at(&self, x: i64, y: i64) -> [f32; N] {
        let last = self.values.len() as i64 / self.width - 1;
        let (x, y) = ((x - self.left).clamp(0, self.width - 1), (y - self.top).clamp(0, last));
        self.values[(y * self.width + x) as usize]
    }

    fn sample(&self, x: f64, y: f64) -> [f32; N] {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_share, lower_share) = ((x - left) as f32, (y - top) as f32);
        let (left, top) = (left as i64, top as i64);
        let [a, b] = [self.at(left, top), self.at(left + 1, top)];
        let [c, d] = [self.at(left, top + 1), self.at(left + 1, top + 1)];
        std::array::from_fn(|n| {
            let (upper, lower) = (a[n] + (b[n] - a[n]) * right_share, c[n] + (d[n] - c[n]) * right_share);
            upper + (lower - upper) * lower_share
        })
    }
}
