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

/// Colours of a smooth ramp.
const SHADES: usize = 256;

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
        Some(Self::Smooth(gradient.ramp(zoom, SHADES).into_iter().map(color).collect()))
    }

    /// The colour at a share of the way.
    pub fn at(&self, share: f32) -> [f32; 4] {
        match self {
            Self::Smooth(shades) => {
                let place = (share * shades.len() as f32 - 0.5).clamp(0.0, (shades.len() - 1) as f32);
                let (low, high) = (shades[place.floor() as usize], shades[place.ceil() as usize]);
                std::array::from_fn(|channel| low[channel] + (high[channel] - low[channel]) * place.fract())
            }
            Self::Steps(steps) => {
                let next = steps.partition_point(|(from, _)| *from <= share);
                steps[next.saturating_sub(1)].1
            }
        }
    }
}
