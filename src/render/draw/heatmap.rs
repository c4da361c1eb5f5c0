//! `heatmap` layers: the density of points on a grid of four pixels, then coloured.

use super::circle::vertices;
use crate::render::Canvas;
use crate::render::scene::Frame;
use crate::render::scene::Part;
use crate::style::Color;
use crate::style::Heatmap;

/// Pixels a side of a cell of the grid.
const COARSE: u32 = 4;

/// The height of the normal distribution's bell.
const BELL: f64 = 0.398_942_280_401_432_7;

/// Less than this cannot be seen in a picture of bytes.
const NOTHING: f64 = 1.0 / 255.0 / 16.0;

struct Density {
    width: u32,
    height: u32,
    values: Vec<f32>,
}

/// Draws density.
pub fn heatmap(canvas: &mut Canvas, frame: &Frame<'_>, style: &Heatmap, parts: &[Part<'_>]) {
    let context = frame.paint();
    let opacity = style.opacity.evaluate(&context).clamp(0.0, 1.0) as f32;
    if opacity <= 0.0 {
        return;
    }
    let intensity = style.intensity.evaluate(&context).max(0.0);
    let (radius, weight) = (style.radius.resolve(&context), style.weight.resolve(&context));
    let (width, height) = ((canvas.width() / COARSE).max(1), (canvas.height() / COARSE).max(1));
    let mut density = Density { width, height, values: vec![0.0; width as usize * height as usize] };
    let cell = [f64::from(canvas.width()) / f64::from(width), f64::from(canvas.height()) / f64::from(height)];
    for part in parts {
        let transform = frame.view.transform(&part.placed, part.layer.extent());
        for feature in part.features() {
            let (radius, height) = part.with_subject(feature, |subject| {
                let context = context.with(subject);
                (radius.of(&context).max(0.0) * frame.view.ratio(), weight.of(&context).max(0.0) * intensity)
            });
            for point in vertices(part, feature) {
                density.add(transform.to_pixel(point), radius, height, cell);
            }
        }
    }
    let ramp: Vec<[f32; 4]> = style.color.ramp(context.zoom, 256).into_iter().map(Color::premultiplied).collect();
    for y in 0..canvas.height() {
        for x in 0..canvas.width() {
            let value = density.at((f64::from(x) + 0.5) / cell[0], (f64::from(y) + 0.5) / cell[1]);
            let place = (value * 256.0 - 0.5).clamp(0.0, 255.0);
            let (low, high) = (ramp[place.floor() as usize], ramp[place.ceil() as usize]);
            let color: [f32; 4] = std::array::from_fn(|channel| {
                (low[channel] + (high[channel] - low[channel]) * place.fract()) * opacity
            });
            canvas.blend(x, y, color);
        }
    }
}

impl Density {
    /// Adds a bell around a point in pixels.
    fn add(&mut self, [x, y]: [f64; 2], radius: f64, height: f64, cell: [f64; 2]) {
        let peak = height * BELL;
        if peak <= NOTHING || radius <= 0.0 {
            return;
        }
        // Where the bell is too low to be seen; the radius is three standard deviations.
        let reach = (-2.0 * (NOTHING / peak).ln()).sqrt() / 3.0 * radius;
        let held = |n: f64, side: u32| n.clamp(0.0, f64::from(side)) as u32;
        let columns = held(((x - reach) / cell[0] - 0.5).ceil(), self.width)
            ..held(((x + reach) / cell[0] - 0.5).floor() + 1.0, self.width);
        for row in held(((y - reach) / cell[1] - 0.5).ceil(), self.height)
            ..held(((y + reach) / cell[1] - 0.5).floor() + 1.0, self.height)
        {
            let down = ((f64::from(row) + 0.5) * cell[1] - y) / radius;
            for column in columns.clone() {
                let right = ((f64::from(column) + 0.5) * cell[0] - x) / radius;
                let value = peak * (-4.5 * (right * right + down * down)).exp();
                self.values[(row * self.width + column) as usize] += value as f32;
            }
        }
    }

    /// The density at a place in cells, blended from the four around it.
    fn at(&self, x: f64, y: f64) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_share, lower_share) = ((x - left) as f32, (y - top) as f32);
        let value = |column: f64, row: f64| {
            let column = column.clamp(0.0, f64::from(self.width - 1)) as u32;
            let row = row.clamp(0.0, f64::from(self.height - 1)) as u32;
            self.values[(row * self.width + column) as usize]
        };
        let upper = value(left, top) * (1.0 - right_share) + value(left + 1.0, top) * right_share;
        let lower = value(left, top + 1.0) * (1.0 - right_share) + value(left + 1.0, top + 1.0) * right_share;
        upper * (1.0 - lower_share) + lower * lower_share
    }
}
