//! From the loosely typed values of expressions to the types that drawing reads.

use maplibre_expr::Value;

use super::Anchor;
use super::Color;
use super::VerticalAlign;

/// A type that a property can have.
pub trait StyleValue: Clone {
    /// Reads it from what an expression gave or a style holds; `None` when it is of another kind.
    fn from_value(value: &Value) -> Option<Self>;

    /// What stands for a property that the style leaves out, where this differs from the default of the specification.
    fn absent() -> Option<Self> {
        None
    }
}

/// The name of an image in a sprite.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageName(pub String);

/// Text in sections of different looks.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Formatted {
    /// In reading order; never with an empty text.
    pub sections: Vec<Section>,
}

/// A run of text, or an image within text; `None` is what the layer says.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// What it shows.
    pub content: SectionContent,
    /// A factor on the size.
    pub scale: Option<f64>,
    /// Names of fonts in the order of preference, joined by commas.
    pub font: Option<String>,
    /// Colour of the text.
    pub color: Option<Color>,
    /// Where it stands in its line.
    pub vertical_align: Option<VerticalAlign>,
}

/// What a section shows.
#[derive(Clone, Debug, PartialEq)]
pub enum SectionContent {
    /// A run of text.
    Text(String),
    /// An image of the sprite.
    Image(ImageName),
}

/// Distances from the four edges of a box in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Padding {
    /// Above.
    pub top: f64,
    /// To the right.
    pub right: f64,
    /// Below.
    pub bottom: f64,
    /// To the left.
    pub left: f64,
}

/// Numbers beyond it say nothing about a map, and arithmetic on them goes astray.
const HUGE: f64 = 1e9;

impl StyleValue for f64 {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_number().filter(|n| !n.is_nan()).map(|n| n.clamp(-HUGE, HUGE))
    }
}

impl StyleValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl StyleValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().map(Into::into)
    }
}

impl StyleValue for Color {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Color(color) => Some((*color).into()),
            Value::String(text) => Self::parse(text),
            _ => None,
        }
    }
}

impl<T: StyleValue> StyleValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: StyleValue> StyleValue for Vec<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Array(items) => items.iter().map(T::from_value).collect(),
            Value::NumberArray(numbers) => numbers.iter().map(|&n| T::from_value(&Value::Number(n))).collect(),
            _ => None,
        }
    }
}

/// One value or several, never none: a source of light has as many as it has directions.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMore<T>(Vec<T>);

impl<T: Copy> OneOrMore<T> {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The value at a position; beyond the end the last one.
    pub fn at(&self, index: usize) -> T {
        self.0[index.min(self.0.len() - 1)]
    }
}

impl<T: StyleValue> StyleValue for OneOrMore<T> {
    fn from_value(value: &Value) -> Option<Self> {
        let values = match value {
            Value::ColorArray(colors) => {
                colors.iter().map(|&color| T::from_value(&Value::Color(color))).collect::<Option<Vec<T>>>()?
            }
            Value::Array(_) | Value::NumberArray(_) => Vec::<T>::from_value(value)?,
            value => vec![T::from_value(value)?],
        };
        (!values.is_empty()).then_some(Self(values))
    }
}

impl<const N: usize> StyleValue for [f64; N] {
    fn from_value(value: &Value) -> Option<Self> {
        Vec::<f64>::from_value(value)?.try_into().ok()
    }
}

impl StyleValue for ImageName {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Image { name, .. } | Value::String(name) if !name.is_empty() => Some(Self(name.clone())),
            _ => None,
        }
    }
}

impl StyleValue for Padding {
    fn from_value(value: &Value) -> Option<Self> {
        let numbers = match value {
            Value::Padding(numbers) => numbers.to_vec(),
            Value::Number(n) => vec![*n],
            value => Vec::<f64>::from_value(value)?,
        };
        let numbers: Vec<f64> = numbers.into_iter().filter_map(|n| f64::from_value(&Value::Number(n))).collect();
        // As in CSS: one for all, vertical and horizontal, top and sides and bottom, or clockwise from the top.
        let (top, right, bottom, left) = match numbers[..] {
            [all] => (all, all, all, all),
            [vertical, horizontal] => (vertical, horizontal, vertical, horizontal),
            [top, sides, bottom] => (top, sides, bottom, sides),
            [top, right, bottom, left] => (top, right, bottom, left),
            _ => return None,
        };
        Some(Self { top, right, bottom, left })
    }
}

impl StyleValue for (Anchor, [f64; 2]) {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Array(pair) => match &pair[..] {
                [anchor, offset] => Some((Anchor::from_value(anchor)?, <[f64; 2]>::from_value(offset)?)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Characters of a text, at most: the work of breaking it into lines grows with its square, and no map has room for more.
const LONGEST_TEXT: usize = 2_000;

/// Sections of a text, at most.
const MOST_SECTIONS: usize = 500;

impl StyleValue for Formatted {
    fn from_value(value: &Value) -> Option<Self> {
        let plain = |text: String| Section {
            content: SectionContent::Text(text),
            scale: None,
            font: None,
            color: None,
            vertical_align: None,
        };
        let mut sections = match value {
            Value::Formatted(sections) => sections
                .iter()
                .map(|section| Section {
                    content: match &section.image {
                        Some((name, _)) => SectionContent::Image(ImageName(name.clone())),
                        None => SectionContent::Text(section.text.clone()),
                    },
                    scale: section.scale,
                    font: section.font_stack.clone(),
                    color: section.text_color.map(Into::into),
                    vertical_align: section
                        .vertical_align
                        .as_ref()
                        .and_then(|word| VerticalAlign::from_value(&Value::String(word.clone()))),
                })
                .collect(),
            Value::String(text) => vec![plain(text.clone())],
            Value::Number(_) | Value::Bool(_) => vec![plain(value.to_string())],
            Value::Null => Vec::new(),
            _ => return None,
        };
        sections.truncate(MOST_SECTIONS);
        let mut room = LONGEST_TEXT;
        for section in &mut sections {
            if let SectionContent::Text(text) = &mut section.content {
                let end = text.char_indices().nth(room).map_or(text.len(), |(end, _)| end);
                text.truncate(end);
                room -= text.chars().count();
            }
        }
        sections.retain(|section| !matches!(&section.content, SectionContent::Text(text) if text.is_empty()));
        Some(Self { sections })
    }
}

/// `text-variable-anchor-offset`: anchors and offsets by turns in one array.
#[derive(Clone, Debug, PartialEq)]
pub struct AnchorOffsets(pub Vec<(Anchor, [f64; 2])>);

impl StyleValue for AnchorOffsets {
    fn from_value(value: &Value) -> Option<Self> {
        let Value::Array(items) = value else { return None };
        let pairs = items.chunks(2).map(|pair| <(Anchor, [f64; 2])>::from_value(&Value::Array(pair.to_vec())));
        pairs.collect::<Option<Vec<_>>>().map(Self)
    }
}
