//! What a layer wants to label in one tile: features with their texts and icons, before anything is laid out.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::geometry::Point;
use super::merge::merge_lines;
use super::rules::Rules;
use crate::render::scene::Frame;
use crate::render::scene::Part;
use crate::render::text::Content as Section;
use crate::render::text::LineAlign;
use crate::render::text::Look;
use crate::render::text::Paragraph;
use crate::style::Color;
use crate::style::Context;
use crate::style::Formatted;
use crate::style::Image;
use crate::style::ImageName;
use crate::style::SectionContent;
use crate::style::Symbol;
use crate::style::SymbolPlacement;
use crate::style::TextTransform;
use crate::style::VerticalAlign;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;

/// Units a tile side in which symbols are laid out, whatever the tile's own.
pub const EXTENT: f32 = 8192.0;

/// A feature that has something to show.
pub struct Wanted {
    /// Its position in the tile's layer.
    pub feature: usize,
    /// The text.
    pub text: Option<Written>,
    /// The icon.
    pub icon: Option<Arc<Image>>,
    /// What the layer orders it by; 0 where it does not.
    pub sort_key: f64,
    /// What its paths are.
    pub geometry: TileGeometry,
    /// Its paths.
    pub paths: Vec<Vec<Point>>,
    /// The same in every tile.
    pub identity: u64,
}

/// A text with the images in it.
pub struct Written {
    /// The text.
    pub paragraph: Paragraph,
    /// Its images by their positions in the paragraph's list.
    pub images: Vec<Arc<Image>>,
    /// Colours of its sections.
    pub colors: Vec<Option<Color>>,
}

/// The features of a part that have a text or an icon, in the order in which they are placed.
pub fn wanted(part: &Part<'_>, symbol: &Symbol, rules: &Rules, layout: &Context<'_>, frame: &Frame<'_>) -> Vec<Wanted> {
    let mut found: Vec<Wanted> = part
        .features()
        .filter_map(|feature| {
            part.with_subject(feature, |subject| want(feature, part, symbol, rules, &layout.with(subject), frame))
        })
        .collect();
    if rules.placement == SymbolPlacement::Line {
        merge(&mut found);
    }
    if rules.sorts_by_key {
        found.sort_by(|a, b| a.sort_key.total_cmp(&b.sort_key));
    }
    found
}

impl Written {
    /// The text and its font, where there is nothing else about it that may differ.
    pub fn plain(&self) -> Option<(String, &str)> {
        match &self.paragraph.sections[..] {
            [Look { content: Section::Text(font), scale: 1.0, align: LineAlign::Bottom }] => {
                Some((self.paragraph.text(), font))
            }
            _ => None,
        }
    }
}

/// What a feature shows, wherever it is.
pub struct Content {
    /// The text.
    pub text: Option<Written>,
    /// The icon.
    pub icon: Option<Arc<Image>>,
    /// What the layer orders it by; 0 where it does not.
    pub sort_key: f64,
}

impl Content {
    /// The text and the icon of the feature in the context; `None` when it has neither.
    pub fn of(symbol: &Symbol, rules: &Rules, context: &Context<'_>, frame: &Frame<'_>) -> Option<Self> {
        let formatted = symbol.text_field.evaluate(context);
        let text = (!formatted.sections.is_empty()).then(|| write(&formatted, symbol, context, frame));
        let text = text.filter(|written| !written.paragraph.characters.is_empty());
        let icon = symbol.icon_image.evaluate(context).and_then(|ImageName(name)| frame.images.image(&name).cloned());
        let sort_key = if rules.sorts_by_key { symbol.sort_key.evaluate(context).unwrap_or(0.0) } else { 0.0 };
        (text.is_some() || icon.is_some()).then_some(Self { text, icon, sort_key })
    }
}

fn want(
    feature: TileFeature<'_>,
    part: &Part<'_>,
    symbol: &Symbol,
    rules: &Rules,
    context: &Context<'_>,
    frame: &Frame<'_>,
) -> Option<Wanted> {
    let Content { text, icon, sort_key } = Content::of(symbol, rules, context, frame)?;
    let enlarged = EXTENT / part.layer.extent().max(1) as f32;
    let point = |&[x, y]: &[i32; 2]| [(x as f32 * enlarged).round(), (y as f32 * enlarged).round()];
    let identity = match feature.id() {
        Some(id) => id,
        None => xxh3_64(text.as_ref().map(|written| written.paragraph.text()).unwrap_or_default().as_bytes()),
    };
    let (geometry, paths) = (feature.geometry(), feature.paths().map(|path| path.iter().map(point).collect()));
    let (geometry, paths) = match rules.placement {
        SymbolPlacement::Point => (geometry, paths.collect()),
        SymbolPlacement::Line | SymbolPlacement::LineCenter => (TileGeometry::Lines, lines(geometry, paths)),
    };
    Some(Wanted { feature: feature.index(), text, icon, sort_key, geometry, paths, identity })
}

/// What labels along lines are laid on: rings are closed, and points are lines of no length, which may join others.
fn lines(geometry: TileGeometry, paths: impl Iterator<Item = Vec<Point>>) -> Vec<Vec<Point>> {
    match geometry {
        TileGeometry::Points => paths.flatten().map(|point| vec![point]).collect(),
        TileGeometry::Lines => paths.collect(),
        TileGeometry::Polygons => paths
            .map(|mut ring| {
                ring.extend(ring.first().copied());
                ring
            })
            .collect(),
    }
}

fn write(formatted: &Formatted, symbol: &Symbol, context: &Context<'_>, frame: &Frame<'_>) -> Written {
    let transform = symbol.text_transform.evaluate(context);
    let font: Arc<str> = symbol.text_font.evaluate(context).join(",").into();
    let mut written = Written { paragraph: Paragraph::default(), images: Vec::new(), colors: Vec::new() };
    for section in &formatted.sections {
        let align = match section.vertical_align {
            None | Some(VerticalAlign::Bottom) => LineAlign::Bottom,
            Some(VerticalAlign::Center) => LineAlign::Center,
            Some(VerticalAlign::Top) => LineAlign::Top,
        };
        match &section.content {
            SectionContent::Text(text) => {
                let text = match transform {
                    TextTransform::None => text.clone(),
                    TextTransform::Uppercase => text.to_uppercase(),
                    TextTransform::Lowercase => text.to_lowercase(),
                };
                let font = section.font.as_deref().map_or_else(|| Arc::clone(&font), Arc::from);
                let scale = section.scale.filter(|scale| *scale != 0.0).unwrap_or(1.0) as f32;
                written.paragraph.push_text(&text, font, scale, align);
            }
            SectionContent::Image(ImageName(name)) => {
                let Some(image) = frame.images.image(name) else { continue };
                written.paragraph.push_image(written.images.len(), image.display_size(), align);
                written.images.push(Arc::clone(image));
            }
        }
        written.colors.push(section.color);
    }
    written
}

/// Joins lines of one text that meet.
fn merge(found: &mut Vec<Wanted>) {
    let first_path = |wanted: &mut Wanted| wanted.paths.first_mut().map(std::mem::take).unwrap_or_default();
    let text = |wanted: &Wanted| wanted.text.as_ref().map(|written| written.paragraph.text());
    let lines = found.iter_mut().map(|wanted| (text(wanted), first_path(wanted))).collect();
    for (wanted, line) in found.iter_mut().zip(merge_lines(lines)) {
        match line {
            Some(line) if !wanted.paths.is_empty() => wanted.paths[0] = line,
            _ => wanted.paths.clear(),
        }
    }
    found.retain(|wanted| !wanted.paths.is_empty());
}
