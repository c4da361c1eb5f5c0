//! `fill-extrusion` layers seen from straight above: roofs, of which the highest hides the others.

use std::ops::Range;

use super::item::through;
use super::item::translation;
use super::pattern::Pattern;
use super::rings::Rings;
use crate::render::Canvas;
use crate::render::clip::Clip;
use crate::render::lattice::Cell;
use crate::render::scan::Polygon;
use crate::render::scan::hairline;
use crate::render::scene::Frame;
use crate::render::scene::Part;
use crate::style::Diagnostic;
use crate::style::FillExtrusion;
use crate::style::Light;
use crate::tile::TileGeometry;

/// The top of a feature.
struct Roof {
    height: f64,
    brush: Brush,
    /// Among those of its part.
    polygons: Range<usize>,
}

enum Brush {
    Color([f32; 4]),
    Pattern(Box<Pattern>),
}

/// Draws roofs.
pub fn fill_extrusion(
    canvas: &mut Canvas,
    frame: &Frame<'_>,
    style: &FillExtrusion,
    light: &Light,
    parts: &[Part<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let context = frame.paint();
    let shift = translation(frame, style.translate.evaluate(&context), style.translate_anchor.evaluate(&context));
    let lit = light.on_pattern(context.zoom);
    // What is hidden does not shine through a translucent layer, so it is drawn opaque and laid over the rest as a whole.
    through(canvas, style.opacity.evaluate(&context), |canvas| {
        for part in parts {
            let clip = Clip::of_tile(frame.view, &part.clip);
            let (mut roofs, rings) = roofs(frame, style, light, part, shift, diagnostics);
            roofs.sort_by(|a, b| a.height.total_cmp(&b.height));
            let mut polygon = Polygon::default();
            for roof in &roofs {
                draw(canvas, &clip, roof, &rings, (shift, lit), &mut polygon);
            }
        }
    });
}

fn roofs(
    frame: &Frame<'_>,
    style: &FillExtrusion,
    light: &Light,
    part: &Part<'_>,
    shift: [f64; 2],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Roof>, Rings) {
    let context = frame.paint();
    let transform = frame.view.transform(&part.placed, part.layer.extent());
    let shift = Cell::nearest(shift);
    let has_patterns = style.pattern.as_constant().is_none_or(Option::is_some);
    let (mut found, mut rings) = (Vec::with_capacity(part.features.len()), Rings::default());
    for feature in part.features().filter(|feature| feature.geometry() == TileGeometry::Polygons) {
        let (height, brush) = part.with_subject(feature, |subject| {
            let context = context.with(subject);
            // What is dug into the ground has its roof there.
            let height = style.height.evaluate(&context).max(0.0);
            let brush = match style.pattern.evaluate(&context) {
                Some(name) => Pattern::find(&name, frame, diagnostics).map(|found| Brush::Pattern(Box::new(found))),
                None if has_patterns => None,
                None => {
                    let color = light.on_roof(style.color.evaluate(&context), context.zoom);
                    Some(Brush::Color(color.premultiplied()))
                }
            };
            (height, brush)
        });
        let cell = |&[x, y]: &[i32; 2]| transform.to_cell([f64::from(x), f64::from(y)]) + shift;
        found.extend(brush.map(|brush| Roof { height, brush, polygons: rings.push(feature, cell) }));
    }
    (found, rings)
}

/// The outline, a pixel wide, softens the edge; the inside covers its inner half.
fn draw(
    canvas: &mut Canvas,
    clip: &Clip,
    roof: &Roof,
    rings: &Rings,
    (shift, lit): ([f64; 2], [f32; 3]),
    polygon: &mut Polygon,
) {
    let color = |x: u32, y: u32| match &roof.brush {
        Brush::Color(color) => *color,
        Brush::Pattern(pattern) => {
            let [r, g, b, alpha] = pattern.at(x, y, shift);
            [r * lit[0], g * lit[1], b * lit[2], alpha]
        }
    };
    for ring in rings.run(roof.polygons.clone()) {
        let mut from = ring[ring.len() - 1];
        for &to in ring {
            hairline(from, to, clip, |x, y, share| canvas.blend(x, y, color(x, y).map(|channel| channel * share)));
            from = to;
        }
    }
    for number in roof.polygons.clone() {
        rings.polygon(number).for_each(|ring| polygon.add(ring, clip));
        polygon.scan(clip, |row, from, to| match &roof.brush {
            Brush::Color(color) => canvas.blend_run(row, from, to, *color),
            Brush::Pattern(_) => (from..to).for_each(|x| canvas.blend(x, row, color(x, row))),
        });
    }
}
