//! The colour of a pixel of a line, from where it lies on the ribbon.

use super::pattern::sample_paved;
use super::ramp::Ramp;
use crate::render::Canvas;
use crate::render::clip::Clip;
use crate::render::scan::Plane;
use crate::render::scan::Vertex;
use crate::render::scan::rows;
use crate::render::scan::triangle;
use crate::style::Image;

/// What a line is drawn with; lengths in pixels of the picture.
pub struct Stroke<'a> {
    /// From the middle to the outer edge, softness included.
    pub outer: f32,
    /// From the middle to the inner edge of a line with a gap.
    pub inner: f32,
    /// Over how much the edges fade.
    pub blur: f32,
    /// How opaque.
    pub opacity: f32,
    /// What is laid along it.
    pub ink: Ink<'a>,
    /// Where it is interrupted.
    pub dashes: Option<Dashes>,
    /// Pixels of the rhythm of dashes for one of the line.
    pub stretch: f32,
}

/// The colours of a line; they are premultiplied.
pub enum Ink<'a> {
    /// One colour.
    Plain([f32; 4]),
    /// Colours from its start to its end, which is so many pixels away, and the shares of it between which its tile holds it.
    Gradient(&'a Ramp, f32, Vec<[f32; 2]>),
    /// An image, repeated every so many pixels.
    Pattern(&'a Image, f32),
}

/// A rhythm of dashes and gaps.
pub struct Dashes {
    /// Starts and ends of dashes, in line widths; a dash over the end of the period goes on at its start.
    marks: Vec<[f32; 2]>,
    period: f32,
    /// Pixels a line width.
    width: f32,
    /// Pixels over which ends are softened.
    soft: f32,
    round: bool,
}

impl Stroke<'_> {
    /// Paints one triangle of the ribbon.
    pub fn paint(&self, canvas: &mut Canvas, clip: &Clip, corners: [Vertex<3>; 3]) {
        if let (Ink::Plain(color), None) = (&self.ink, &self.dashes) {
            self.paint_plain(canvas, clip, &corners, *color);
        } else {
            let mut count = 0;
            triangle(corners, clip, |x, y, values| {
                count += 1;
                if let Some(color) = self.shade(values) {
                    canvas.blend(x, y, color);
                }
            });
            canvas.wear(count);
        }
    }

    /// Most lines are of one colour and uninterrupted: for them a row is shaded as a whole.
    fn paint_plain(&self, canvas: &mut Canvas, clip: &Clip, corners: &[Vertex<3>; 3], color: [f32; 4]) {
        let is_round = corners.iter().any(|corner| corner.values[0] != 0.0);
        let (mut planes, mut worn) = (None, 0);
        rows(corners.map(|corner| corner.cell), clip, |row, run| {
            let (across, forward) =
                planes.get_or_insert_with(|| (Plane::of(corners, 1), is_round.then(|| Plane::of(corners, 0))));
            let (across, forward) = (across.along(row), forward.map(|plane| plane.along(row)));
            worn += u64::from(run.end - run.start);
            for x in run.clone().step_by(4) {
                let mut away = across.at_four(x).map(f32::abs);
                if let Some(forward) = forward {
                    let forward = forward.at_four(x);
                    away = std::array::from_fn(|lane| (forward[lane] * forward[lane] + away[lane] * away[lane]).sqrt());
                }
                let mut shares = away.map(|away| self.cover(away * self.outer));
                let left = (run.end - x) as usize;
                if left < 4 {
                    shares[left..].fill(0.0);
                }
                canvas.blend_four(row, x, color, shares);
            }
        });
        canvas.wear(worn);
    }

    /// How much of the line's colour a pixel takes that is so far from its middle.
    fn cover(&self, distance: f32) -> f32 {
        let inside = (distance - (self.inner - self.blur)).min(self.outer - distance);
        (inside / self.blur).clamp(0.0, 1.0) * self.opacity
    }

    /// After how many pixels of the line what is laid along it repeats; 0 when it does not.
    pub fn period(&self) -> f32 {
        match (&self.ink, &self.dashes) {
            (Ink::Gradient(..), _) | (Ink::Plain(_), None) => 0.0,
            (Ink::Pattern(_, period), _) => *period,
            (Ink::Plain(_), Some(dashes)) => dashes.period * dashes.width,
        }
    }

    /// The premultiplied colour where a pixel is `forward` and `across` in shares of the reach, and `along` in pixels.
    pub fn shade(&self, [forward, across, along]: [f32; 3]) -> Option<[f32; 4]> {
        let mut alpha = self.cover(forward.hypot(across) * self.outer);
        if let Some(dashes) = &self.dashes {
            alpha *= dashes.cover(along * self.stretch, across);
        }
        if alpha <= 0.0 {
            return None;
        }
        let color = match &self.ink {
            Ink::Plain(color) => *color,
            Ink::Gradient(ramp, length, pieces) => {
                let share = along / length.max(1e-6);
                let piece = pieces.iter().find(|[start, end]| (*start..=*end).contains(&share));
                ramp.at(share, piece.copied().unwrap_or([0.0, 1.0]))
            }
            Ink::Pattern(image, period) => {
                // As in the atlas of MapLibre, where an image has a margin of one pixel that is stretched along.
                let (width, height) = (image.width as f32, image.height as f32);
                let share = (along / period.max(1e-6)).rem_euclid(1.0);
                sample_paved(image, share * (width + 2.0) - 1.0, (0.5 * across + 0.5) * (height + 2.0) - 1.0)
            }
        };
        Some(color.map(|channel| channel * alpha))
    }
}

/// Lengths of a rhythm, at most: each pixel asks for the nearest of them.
const MOST_DASHES: usize = 256;

impl Dashes {
    /// Reads `line-dasharray`; `width` is the pixels of a line width, `soft` over how many pixels ends are softened. `None`
    /// when there is nothing to interrupt.
    pub fn new(lengths: &[f64], width: f32, soft: f32, round: bool) -> Option<Self> {
        let lengths: Vec<f32> = lengths.iter().take(MOST_DASHES).map(|&length| length.max(0.0) as f32).collect();
        let period: f32 = lengths.iter().sum();
        if lengths.len() < 2 || period <= 0.0 || width <= 0.0 {
            return None;
        }
        let mut marks = Vec::with_capacity(lengths.len() / 2 + 1);
        let mut start = 0.0;
        for (index, &length) in lengths.iter().enumerate() {
            if index % 2 == 0 && (round || length > 0.0) {
                marks.push([start, start + length]);
            }
            start += length;
        }
        if lengths.len() % 2 == 1 && marks.len() > 1 {
            // The last dash meets the first one.
            let [start, end] = marks.pop().unwrap_or_default();
            marks[0][0] -= end - start;
        }
        Some(Self { marks, period, width, soft, round })
    }

    /// How much of a pixel is dash and not gap.
    fn cover(&self, along: f32, across: f32) -> f32 {
        let place = (along / self.width).rem_euclid(self.period);
        let mut nearest = f32::NEG_INFINITY;
        for &[start, end] in &self.marks {
            for place in [place, place - self.period, place + self.period] {
                nearest = nearest.max((place - start).min(end - place));
            }
        }
        if self.round {
            let from_middle = 0.5 * across;
            nearest =
                if nearest < 0.0 { 0.5 - nearest.hypot(from_middle) } else { nearest.hypot(0.5 - from_middle.abs()) };
        }
        let t = (nearest * self.width / self.soft + 0.5).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    }
}
