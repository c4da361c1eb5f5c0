//! The colours along a line.

use crate::style::Color;
use crate::style::Property;

/// Premultiplied colours from the start of a line to its end.
pub enum Ramp {
    /// Even steps, blended.
    Smooth(Vec<[f32; 4]>),
    /// Each from a share on, in order; the first one from the start.
    Steps(Vec<(f32, [f32; 4])>),
}

/// Colours of a smooth ramp, over as much of a line as one tile holds of it.
const SHADES: f32 = 256.0;

/// Colours that are computed for it.
const SAMPLES: usize = 2048;

impl Ramp {
    /// The ramp of `line-gradient` at a zoom; `None` when there is none.
    pub fn new(gradient: &Property<Option<Color>>, zoom: f64) -> Option<Self> {
        if gradient.as_constant().is_some() {
            return None;
        }
        let color = |color: Option<Color>| color.unwrap_or_default().premultiplied();
        if let Some(steps) = gradient.steps(zoom) {
            return Some(Self::Steps(steps.into_iter().map(|(share, step)| (share as f32, color(step))).collect()));
        }
        Some(Self::Smooth(gradient.ramp(zoom, SAMPLES).into_iter().map(color).collect()))
    }

    /// The colour at a share of the way, on a piece of the line between two shares.
    pub fn at(&self, share: f32, [start, end]: [f32; 2]) -> [f32; 4] {
        match self {
            Self::Smooth(samples) => {
                let place = (share - start) / (end - start).max(1e-6) * SHADES - 0.5;
                let place = place.clamp(0.0, SHADES - 1.0);
                let shade = |step: f32| between(samples, start + (end - start) * step / (SHADES - 1.0));
                mix(shade(place.floor()), shade(place.ceil()), place.fract())
            }
            Self::Steps(steps) => {
                let next = steps.partition_point(|(from, _)| *from <= share);
                steps[next.saturating_sub(1)].1
            }
        }
    }
}

/// Between the two samples that are nearest to a share of the way.
fn between(samples: &[[f32; 4]], share: f32) -> [f32; 4] {
    let last = samples.len() - 1;
    let place = (share * last as f32).clamp(0.0, last as f32);
    mix(samples[place.floor() as usize], samples[place.ceil() as usize], place.fract())
}

fn mix(low: [f32; 4], high: [f32; 4], share: f32) -> [f32; 4] {
    std::array::from_fn(|channel| low[channel] + (high[channel] - low[channel]) * share)
}
