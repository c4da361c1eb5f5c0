//! A legend as SVG: its swatches are pictures, its words are words.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Legend;
use super::sheet::LABEL;
use super::sheet::Layout;
use super::sheet::sheet;
use crate::render::Format;
use crate::render::Unencodable;
use crate::render::text::GlyphSource;

/// Writes a legend as SVG 1.1, no wider than so many pixels.
///
/// # Errors
/// When a swatch cannot be encoded.
pub fn svg(legend: &Legend, swatch: [f64; 2], widest: f64, glyphs: &GlyphSource) -> Result<String, Unencodable> {
    let layout = Layout::new(legend, swatch);
    // Letters are as wide as those of the picture, whose font the words ask for first.
    let width = sheet(legend, swatch, 1.0, widest, glyphs).width();
    let height = layout.height.ceil();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"'Noto Sans', 'Noto Sans KR', 'Noto Sans SC', \
         sans-serif\" fill=\"#2b2b2b\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    let [wide, high] = swatch;
    for ([x, y], entry) in &layout.swatches {
        let data = STANDARD.encode(entry.swatch.encode(Format::Png)?);
        let title = escaped(&entry.label);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<image x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide}\" height=\"{high}\" \
             xlink:href=\"data:image/png;base64,{data}\"><title>{title}</title></image>"
        );
    }
    for text in &layout.texts {
        let [x, y] = text.at;
        let weight = if text.is_bold { " font-weight=\"bold\"" } else { "" };
        let (size, words) = (text.size, escaped(&text.text));
        let baseline = y + 0.36 * LABEL.min(size);
        let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{baseline:.1}\" font-size=\"{size}\"{weight}>{words}</text>");
    }
    out.push_str("</svg>\n");
    Ok(out)
}

/// Text as XML holds it; characters that XML has no place for are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}
