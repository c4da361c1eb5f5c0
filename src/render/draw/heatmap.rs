//! `heatmap` layers: the density of points on a grid of four pixels, then coloured.

use super::circle::vertices;
use crate::render::Canvas;
use crate::render::Placement;
use crate::render::View;
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
    /// Pixels of the picture at which the grid begins.
    start: [f64; 2],
    /// Pixels a cell.
    cell: [f64; 2],
    width: u32,
    height: u32,
    values: Vec<f32>,
    /// The bell along a row of the point that is added.
    profile: Vec<f64>,
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
    let mut density = Density::new(frame.view);
    for part in parts {
        let transform = frame.view.transform(&part.placed, part.layer.extent());
        for feature in part.features() {
            let (radius, height) = part.with_subject(feature, |subject| {
                let context = context.with(subject);
                (radius.of(&context).max(0.0) * frame.view.ratio(), weight.of(&context).max(0.0) * intensity)
            });
            for point in vertices(part, feature) {
                density.add(transform.to_pixel(point), radius, height);
            }
        }
    }
    let ramp: Vec<[f32; 4]> = style.color.ramp(context.zoom, 256).into_iter().map(Color::premultiplied).collect();
    for y in 0..canvas.height() {
        for x in 0..canvas.width() {
            let value = density.at(f64::from(x) + 0.5, f64::from(y) + 0.5);
            let place = (value * 256.0 - 0.5).clamp(0.0, 255.0);
            let (low, high) = (ramp[place.floor() as usize], ramp[place.ceil() as usize]);
            let color: [f32; 4] = std::array::from_fn(|channel| {
                (low[channel] + (high[channel] - low[channel]) * place.fract()) * opacity
            });
            canvas.blend(x, y, color);
        }
    }
}

/// From a point to where its bell is too low to be seen; the radius is three standard deviations.
pub fn bell_reach(height: f64, radius: f64) -> f64 {
    let peak = height * BELL;
    if peak <= NOTHING || radius <= 0.0 { 0.0 } else { (-2.0 * (NOTHING / peak).ln()).sqrt() / 3.0 * radius }
}

/// The height of a normal distribution, 1 in its middle, at a distance of so many times three standard deviations.
fn bell(distance: f64) -> f64 {
    (-4.5 * distance * distance).exp()
}

impl Density {
    fn new(view: &View) -> Self {
        let coarse = f64::from(COARSE);
        let (start, cell, sides) = match view.placement() {
            Placement::View => {
                let sides = [view.width(), view.height()];
                let count = sides.map(|side| (side / COARSE).max(1));
                let cell = [0, 1].map(|axis| f64::from(sides[axis]) / f64::from(count[axis]));
                ([0.0; 2], cell, count)
            }
            // A grid that begins at the world's corner, and goes on beyond the picture's edges.
            Placement::World => {
                let start = view.origin().map(|n| -n.floor().rem_euclid(coarse) - coarse);
                let count = |side: u32, start: f64| ((f64::from(side) - start) / coarse).ceil() as u32 + 1;
                (start, [coarse; 2], [count(view.width(), start[0]), count(view.height(), start[1])])
            }
        };
        let [width, height] = sides;
        Self { start, cell, width, height, values: vec![0.0; width as usize * height as usize], profile: Vec::new() }
    }

    /// Adds a bell around a point in pixels.
    fn add(&mut self, [x, y]: [f64; 2], radius: f64, height: f64) {
        let (peak, reach, cell) = (height * BELL, bell_reach(height, radius), self.cell);
        if reach <= 0.0 {
            return;
        }
        let (x, y) = (x - self.start[0], y - self.start[1]);
        let held = |n: f64, side: u32| n.clamp(0.0, f64::from(side)) as u32;
        let columns = held(((x - reach) / cell[0] - 0.5).ceil(), self.width)
            ..held(((x + reach) / cell[0] - 0.5).floor() + 1.0, self.width);
        // The bell of a plane is the product of two of a line, and those of the columns are the same in each row.
        self.profile.clear();
        self.profile.extend(columns.clone().map(|column| bell(((f64::from(column) + 0.5) * cell[0] - x) / radius)));
        for row in held(((y - reach) / cell[1] - 0.5).ceil(), self.height)
            ..held(((y + reach) / cell[1] - 0.5).floor() + 1.0, self.height)
        {
            let height = peak * bell(((f64::from(row) + 0.5) * cell[1] - y) / radius);
            let start = (row * self.width + columns.start) as usize;
            let cells = self.values[start..].iter_mut().zip(&self.profile);
            cells.for_each(|(value, share)| *value += (height * share) as f32);
        }
    }

    /// The density at a place in pixels, blended from the four cells around it.
    fn at(&self, x: f64, y: f64) -> f32 {
        let (x, y) = ((x - self.start[0]) / self.cell[0] - 0.5, (y - self.start[1]) / self.cell[1] - 0.5);
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
