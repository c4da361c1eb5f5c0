//! What lights extruded polygons (style specification, "Light").

use serde_json::Value as Json;
use serde_json::json;

use super::Color;
use super::Context;
use super::Diagnostic;
use super::property::Property;
use super::reader;

/// A source of light.
#[derive(Clone, Debug)]
pub struct Light {
    /// Distance, degrees clockwise, and degrees from straight above.
    pub position: Property<[f64; 3]>,
    /// Its colour.
    pub color: Property<Color>,
    /// How strong it is, within 0 and 1.
    pub intensity: Property<f64>,
}

impl Default for Light {
    fn default() -> Self {
        Self {
            position: Property::constant([1.15, 210.0, 30.0]),
            color: Property::constant(Color { r: 1.0, g: 1.0, b: 1.0, a: 1.0 }),
            intensity: Property::constant(0.5),
        }
    }
}

impl Light {
    /// Reads the member `light` of a style.
    pub(super) fn read(json: Option<&Json>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut light = Self::default();
        let Some(json) = json else { return light };
        let position = json!({ "type": "array", "value": "number", "length": 3 });
        reader::member(json, "light", "position", &position, &mut light.position, diagnostics);
        reader::member(json, "light", "color", &json!({ "type": "color" }), &mut light.color, diagnostics);
        reader::member(json, "light", "intensity", &json!({ "type": "number" }), &mut light.intensity, diagnostics);
        light
    }

    /// The opaque colour of a roof, which looks straight up, where it has a colour of its own (as MapLibre's shader reckons
    /// it: what is translucent is darker).
    pub fn on_roof(&self, color: Color, zoom: f64) -> Color {
        let [red, green, blue, _] = color.premultiplied();
        let luminance = f64::from(red) * 0.2126 + f64::from(green) * 0.7152 + f64::from(blue) * 0.0722;
        let [r, g, b] = self.shares(1.0 - luminance, zoom);
        // A little light from all around, so that nothing is wholly black.
        let channel = |own: f32, (share, least): (f64, f64)| ((f64::from(own) + 0.03) * share).clamp(least, 1.0);
        Color::new(channel(red, r), channel(green, g), channel(blue, b), 1.0)
    }

    /// What becomes of the channels of a roof's pattern.
    pub fn on_pattern(&self, zoom: f64) -> [f32; 3] {
        self.shares(0.5, zoom).map(|(share, least)| share.clamp(least, 1.0) as f32)
    }

    /// For each channel the share of the light on a roof of some darkness, and the least that is seen.
    fn shares(&self, darkness: f64, zoom: f64) -> [(f64, f64); 3] {
        let context = Context::of_zoom(zoom);
        let [radius, _, polar] = self.position.evaluate(&context);
        let intensity = self.intensity.evaluate(&context).clamp(0.0, 1.0);
        let color = self.color.evaluate(&context);
        let upward = (radius * polar.to_radians().cos()).clamp(0.0, 1.0);
        let (low, high) = (1.0 - intensity, (darkness + intensity).max(1.0));
        let directional = low + (high - low) * upward;
        [color.r, color.g, color.b].map(|light| (directional * f64::from(light), 0.3 * (1.0 - f64::from(light))))
    }
}
