//! Colours.

/// A colour in sRGB with straight (not premultiplied) alpha; each channel is within 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Color {
    /// Red.
    pub r: f32,
    /// Green.
    pub g: f32,
    /// Blue.
    pub b: f32,
    /// Opacity.
    pub a: f32,
}

impl Color {
    /// Nothing at all.
    pub const TRANSPARENT: Self = Self { r: 0.0, g: 0.0, b: 0.0, a: 0.0 };

    /// A colour whose channels are brought into 0..=1; NaN becomes 0.
    pub fn new(r: f64, g: f64, b: f64, a: f64) -> Self {
        let channel = |c: f64| if c.is_nan() { 0.0 } else { c.clamp(0.0, 1.0) as f32 };
        Self { r: channel(r), g: channel(g), b: channel(b), a: channel(a) }
    }

    /// Reads a CSS colour.
    pub fn parse(text: &str) -> Option<Self> {
        maplibre_expr::Color::parse(text).map(Self::from)
    }

    /// The same colour, more transparent by a factor, which is brought into 0..=1.
    #[must_use]
    pub fn faded(self, opacity: f64) -> Self {
        Self { a: self.a * if opacity.is_nan() { 0.0 } else { opacity.clamp(0.0, 1.0) as f32 }, ..self }
    }

    /// Red, green and blue multiplied by alpha, and alpha.
    pub fn premultiplied(self) -> [f32; 4] {
        [self.r * self.a, self.g * self.a, self.b * self.a, self.a]
    }
}

impl From<maplibre_expr::Color> for Color {
    fn from(color: maplibre_expr::Color) -> Self {
        Self::new(color.r, color.g, color.b, color.a)
    }
}
