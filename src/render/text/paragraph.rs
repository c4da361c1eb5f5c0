//! A label's text before layout: characters that remember their sections.

use std::sync::Arc;

use super::script;
use super::vertical;

/// Text in sections of different looks, in reading order.
#[derive(Clone, Debug, Default)]
pub struct Paragraph {
    /// Characters with the section of each. An image is one character.
    pub characters: Vec<(char, usize)>,
    /// Looks of the sections.
    pub sections: Vec<Look>,
}

/// How a section is set.
#[derive(Clone, Debug)]
pub struct Look {
    /// What it shows.
    pub content: Content,
    /// A factor on the size.
    pub scale: f32,
    /// Where it stands in its line when it is lower than the line.
    pub align: LineAlign,
}

/// Letters or an image.
#[derive(Clone, Debug)]
pub enum Content {
    /// Letters of a stack of fonts.
    Text(Arc<str>),
    /// An image, by its position in a list of the caller, with its size in pixels.
    Image {
        /// The position.
        index: usize,
        /// Width and height.
        size: [f32; 2],
    },
}

/// Where in its line a section stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LineAlign {
    /// On the line of the largest section.
    #[default]
    Bottom,
    /// In the middle.
    Center,
    /// At the top.
    Top,
}

/// The character that stands for an image: of no script, without width, and breakable.
pub const IMAGE: char = '\u{fffc}';

impl Paragraph {
    /// Appends a section of text.
    pub fn push_text(&mut self, text: &str, font: Arc<str>, scale: f32, align: LineAlign) {
        let section = self.sections.len();
        self.sections.push(Look { content: Content::Text(font), scale, align });
        self.characters.extend(text.chars().map(|c| (c, section)));
    }

    /// Appends an image.
    pub fn push_image(&mut self, index: usize, size: [f32; 2], align: LineAlign) {
        self.characters.push((IMAGE, self.sections.len()));
        self.sections.push(Look { content: Content::Image { index, size }, scale: 1.0, align });
    }

    /// The text without its looks.
    pub fn text(&self) -> String {
        self.characters.iter().map(|(c, _)| c).collect()
    }

    /// The same with punctuation for vertical lines.
    #[must_use]
    pub fn verticalized(&self) -> Self {
        let mut characters: Vec<char> = self.characters.iter().map(|(c, _)| *c).collect();
        vertical::verticalize(&mut characters);
        let sections = self.characters.iter().map(|(_, section)| *section);
        Self { characters: characters.into_iter().zip(sections).collect(), sections: self.sections.clone() }
    }
}

/// Without the white space at both ends.
pub fn trim(mut line: &[(char, usize)]) -> &[(char, usize)] {
    while let [(c, _), rest @ ..] = line
        && script::is_whitespace(*c)
    {
        line = rest;
    }
    while let [rest @ .., (c, _)] = line
        && script::is_whitespace(*c)
    {
        line = rest;
    }
    line
}
