//! How slopes are lit: the methods of `hillshade-method`, as MapLibre's shaders and GDAL's `gdaldem` reckon them.

use std::f32::consts::FRAC_PI_2;
use std::f32::consts::PI;

use crate::render::scene::Frame;
use crate::style::Hillshade;
use crate::style::HillshadeMethod;
use crate::style::TranslateAnchor;

/// The lights of a layer.
pub struct Lights {
    method: HillshadeMethod,
    exaggeration: f32,
    accent: [f32; 4],
    lights: Vec<Light>,
}

/// One light; its colours are premultiplied.
struct Light {
    /// Where it comes from, in radians clockwise from the south.
    azimuth: f32,
    altitude: f32,
    shadow: [f32; 4],
    highlight: [f32; 4],
}

/// No more lights than this shine on a layer.
const MOST_LIGHTS: usize = 32;

impl Lights {
    /// Reads them from a style.
    pub fn new(frame: &Frame<'_>, style: &Hillshade) -> Self {
        let context = frame.paint();
        let (direction, altitude) =
            (style.illumination_direction.evaluate(&context), style.illumination_altitude.evaluate(&context));
        let (shadow, highlight) = (style.shadow_color.evaluate(&context), style.highlight_color.evaluate(&context));
        let turned = match style.illumination_anchor.evaluate(&context) {
            TranslateAnchor::Viewport => frame.view.bearing(),
            TranslateAnchor::Map => 0.0,
        };
        let method = style.method.evaluate(&context);
        let count = match method {
            HillshadeMethod::Multidirectional => {
                direction.count().max(altitude.count()).max(shadow.count()).max(highlight.count()).min(MOST_LIGHTS)
            }
            _ => 1,
        };
        let light = |index: usize| Light {
            azimuth: (direction.at(index) + turned).to_radians() as f32 + PI,
            altitude: altitude.at(index).to_radians() as f32,
            shadow: shadow.at(index).premultiplied(),
            highlight: highlight.at(index).premultiplied(),
        };
        Self {
            method,
            exaggeration: style.exaggeration.evaluate(&context).clamp(0.0, 1.0) as f32,
            accent: style.accent_color.evaluate(&context).premultiplied(),
            lights: (0..count).map(light).collect(),
        }
    }

    /// Whether nothing is drawn, since the ground is taken to be flat.
    pub fn are_out(&self) -> bool {
        self.exaggeration <= 0.0
    }

    /// The premultiplied colour of a slope that rises so much to the east and to the south.
    pub fn shade(&self, slope: [f32; 2]) -> [f32; 4] {
        let [light, ..] = &self.lights[..] else { return [0.0; 4] };
        let steep = slope.map(|rise| rise * self.exaggeration * 2.0);
        match self.method {
            HillshadeMethod::Standard => self.standard(light, slope),
            HillshadeMethod::Basic => light.basic(steep),
            HillshadeMethod::Combined => light.combined(steep),
            HillshadeMethod::Igor => light.igor(steep),
            HillshadeMethod::Multidirectional => {
                let share = 1.0 / self.lights.len() as f32;
                self.lights.iter().fold([0.0; 4], |sum, light| add(sum, times(light.basic(steep), share)))
            }
        }
    }

    fn standard(&self, light: &Light, slope: [f32; 2]) -> [f32; 4] {
        let angle = (0.625 * slope[0].hypot(slope[1])).atan();
        let intensity = self.exaggeration;
        // Steeper slopes stand out more, the more so the stronger the exaggeration.
        let base = 1.875 - intensity * 1.75;
        let scaled =
            if intensity == 0.5 { angle } else { (base.powf(angle) - 1.0) / (base.powf(FRAC_PI_2) - 1.0) * FRAC_PI_2 };
        let strength = (intensity * 2.0).clamp(0.0, 1.0);
        let accent = times(self.accent, (1.0 - scaled.cos()) * strength);
        let lit = light.facing(slope);
        let shade = times(add(times(light.shadow, 1.0 - lit), times(light.highlight, lit)), scaled.sin() * strength);
        add(times(accent, 1.0 - shade[3]), shade)
    }
}

impl Light {
    /// From 0, where a slope looks away from the light, to 1.
    fn facing(&self, slope: [f32; 2]) -> f32 {
        let [x, y] = slope;
        let aspect = if x == 0.0 { FRAC_PI_2.copysign(if y > 0.0 { 1.0 } else { -1.0 }) } else { y.atan2(-x) };
        (((aspect + self.azimuth) / PI + 0.5).rem_euclid(2.0) - 1.0).abs()
    }

    /// The cosine of the angle between the light and what is upright on the slope.
    fn cosine(&self, [x, y]: [f32; 2]) -> f32 {
        let (sin, cos) = self.azimuth.sin_cos();
        let (high, low) = self.altitude.sin_cos();
        (high - (y * cos * low - x * sin * low)) / (1.0 + x * x + y * y).sqrt()
    }

    fn basic(&self, slope: [f32; 2]) -> [f32; 4] {
        let shade = self.cosine(slope).clamp(0.0, 1.0);
        if shade > 0.5 { times(self.highlight, 2.0 * shade - 1.0) } else { times(self.shadow, 1.0 - 2.0 * shade) }
    }

    fn combined(&self, slope: [f32; 2]) -> [f32; 4] {
        let angle = self.cosine(slope).clamp(-1.0, 1.0).acos().clamp(0.0, FRAC_PI_2);
        let strength = slope[0].hypot(slope[1]).atan() * 4.0 / PI / PI;
        add(times(self.shadow, angle * strength), times(self.highlight, (FRAC_PI_2 - angle) * strength))
    }

    fn igor(&self, slope: [f32; 2]) -> [f32; 4] {
        let strength = slope[0].hypot(slope[1]).atan() * 2.0 / PI;
        let dark = 1.0 - self.facing(slope);
        add(times(self.shadow, strength * dark), times(self.highlight, strength * (1.0 - dark)))
    }
}

fn times(color: [f32; 4], factor: f32) -> [f32; 4] {
    color.map(|channel| channel * factor)
}

fn add(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|channel| a[channel] + b[channel])
}
