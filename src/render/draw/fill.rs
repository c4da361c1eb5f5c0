//! `fill` layers: polygons decided at the middles of pixels, with an outline a pixel wide that softens their edges.

use std::ops::Range;

use super::item::stepping;
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
use crate::style::Color;
use crate::style::Diagnostic;
use crate::style::Fill;
use crate::style::ImageName;
use crate::style::Resolved;

/// How one feature is painted.
struct Paint {
    brush: Brush,
    outline: Option<Color>,
    opacity: f64,
}

enum Brush {
    Color(Color),
    Pattern(Box<Pattern>),
    /// A pattern that is not there.
    Nothing,
}

/// The feature's polygons among those of its part.
struct Outline {
    paint: Paint,
    polygons: Range<usize>,
}

/// Draws polygons.
pub fn fill(
    canvas: &mut Canvas,
    frame: &Frame<'_>,
    style: &Fill,
    parts: &[Part<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let context = frame.paint();
    let shift = translation(frame, style.translate.evaluate(&context), style.translate_anchor.evaluate(&context));
    let antialias = style.antialias.evaluate(&context);
    let properties = Properties {
        color: style.color.resolve(&context),
        opacity: style.opacity.resolve(&context),
        outline: style.outline_color.resolve(&context),
        pattern: stepping(&style.pattern, frame),
    };
    // What is opaque hides its own outline, as if it lay above it; only beyond the edge the outline shows.
    let opaque = matches!(&properties.pattern, Resolved::Same(None))
        && matches!(&properties.color, Resolved::Same(color) if color.a >= 1.0)
        && matches!(&properties.opacity, Resolved::Same(opacity) if *opacity >= 1.0);
    let has_outline_color = !matches!(&properties.outline, Resolved::Same(None));
    through(canvas, style.layer_opacity.evaluate(&context), |canvas| {
        let mut polygon = Polygon::default();
        for part in parts {
            let clip = Clip::of_tile(frame.view, &part.clip);
            let (shapes, rings) = outlines(frame, part, &properties, shift, diagnostics);
            let under = antialias && opaque && !has_outline_color;
            let draw_outlines = |canvas: &mut Canvas| {
                shapes.iter().for_each(|shape| draw_outline(canvas, &clip, shape, &rings, shift));
            };
            if under {
                draw_outlines(canvas);
            }
            for shape in &shapes {
                draw_inside(canvas, &clip, shape, &rings, shift, &mut polygon);
            }
            if antialias && !under {
                draw_outlines(canvas);
            }
        }
    });
}

struct Properties<'a> {
    color: Resolved<'a, Color>,
    opacity: Resolved<'a, f64>,
    outline: Resolved<'a, Option<Color>>,
    pattern: Resolved<'a, Option<ImageName>>,
}

fn outlines(
    frame: &Frame<'_>,
    part: &Part<'_>,
    properties: &Properties<'_>,
    shift: [f64; 2],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Outline>, Rings) {
    let context = frame.paint();
    let transform = frame.view.transform(&part.placed, part.layer.extent());
    let shift = Cell::nearest(shift);
    let (mut found, mut rings) = (Vec::with_capacity(part.features.len()), Rings::default());
    for feature in part.features() {
        let paint = part.with_subject(feature, |subject| {
            let brush = match properties.pattern.of(&frame.layout().with(subject)) {
                Some(name) => Pattern::find(&name, frame, diagnostics)
                    .map_or(Brush::Nothing, |pattern| Brush::Pattern(Box::new(pattern))),
                None if matches!(&properties.pattern, Resolved::Differs(_)) => Brush::Nothing,
                None => Brush::Color(properties.color.of(&context.with(subject))),
            };
            let context = context.with(subject);
            let opacity = properties.opacity.of(&context).clamp(0.0, 1.0);
            Paint { brush, outline: properties.outline.of(&context), opacity }
        });
        if paint.opacity <= 0.0 || matches!(paint.brush, Brush::Nothing) {
            continue;
        }
        let cell = |&[x, y]: &[i32; 2]| transform.to_cell([f64::from(x), f64::from(y)]) + shift;
        found.push(Outline { paint, polygons: rings.push(feature, cell) });
    }
    (found, rings)
}

fn draw_inside(
    canvas: &mut Canvas,
    clip: &Clip,
    shape: &Outline,
    rings: &Rings,
    shift: [f64; 2],
    polygon: &mut Polygon,
) {
    for number in shape.polygons.clone() {
        rings.polygon(number).for_each(|ring| polygon.add(ring, clip));
        let opacity = shape.paint.opacity as f32;
        match &shape.paint.brush {
            Brush::Color(color) => {
                let color = color.faded(shape.paint.opacity).premultiplied();
                polygon.scan(clip, |row, from, to| canvas.blend_run(row, from, to, color));
            }
            Brush::Pattern(pattern) => polygon.scan(clip, |row, from, to| {
                for x in from..to {
                    canvas.blend(x, row, pattern.at(x, row, shift).map(|channel| channel * opacity));
                }
            }),
            Brush::Nothing => {}
        }
    }
}

fn draw_outline(canvas: &mut Canvas, clip: &Clip, shape: &Outline, rings: &Rings, shift: [f64; 2]) {
    let opacity = shape.paint.opacity as f32;
    let color = match (&shape.paint.outline, &shape.paint.brush) {
        (Some(color), _) | (None, Brush::Color(color)) => Some(color.faded(shape.paint.opacity).premultiplied()),
        _ => None,
    };
    for ring in rings.run(shape.polygons.clone()) {
        let mut from = ring[ring.len() - 1];
        for &to in ring {
            hairline(from, to, clip, |x, y, share| match (color, &shape.paint.brush) {
                (Some(color), _) => canvas.blend(x, y, color.map(|channel| channel * share)),
                (None, Brush::Pattern(pattern)) => {
                    canvas.blend(x, y, pattern.at(x, y, shift).map(|channel| channel * share * opacity));
                }
                (None, _) => {}
            });
            from = to;
        }
    }
}
