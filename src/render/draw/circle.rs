//! `circle` layers.

use smallvec::SmallVec;

use super::item::translation;
use crate::render::Canvas;
use crate::render::lattice::Cell;
use crate::render::scene::Frame;
use crate::render::scene::Part;
use crate::style::Circle;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;

/// How one feature's dots look; lengths in pixels of the picture.
struct Dot {
    radius: f64,
    stroke: f64,
    blur: f64,
    fill: [f32; 4],
    rim: [f32; 4],
}

/// Draws dots at every vertex.
pub fn circle(canvas: &mut Canvas, frame: &Frame<'_>, style: &Circle, parts: &[Part<'_>]) {
    let context = frame.paint();
    let ratio = frame.view.ratio();
    let shift = translation(frame, style.translate.evaluate(&context), style.translate_anchor.evaluate(&context));
    let [shift_x, shift_y] = Cell::nearest(shift).to_pixels();
    let (radius, stroke, blur) =
        (style.radius.resolve(&context), style.stroke_width.resolve(&context), style.blur.resolve(&context));
    let (color, opacity) = (style.color.resolve(&context), style.opacity.resolve(&context));
    let (stroke_color, stroke_opacity) = (style.stroke_color.resolve(&context), style.stroke_opacity.resolve(&context));
    for part in parts {
        let transform = frame.view.transform(&part.placed, part.layer.extent());
        for feature in part.features() {
            let dot = part.with_subject(feature, |subject| {
                let context = context.with(subject);
                Dot {
                    radius: radius.of(&context).max(0.0) * ratio,
                    stroke: stroke.of(&context).max(0.0) * ratio,
                    blur: blur.of(&context),
                    fill: color.of(&context).faded(opacity.of(&context)).premultiplied(),
                    rim: stroke_color.of(&context).faded(stroke_opacity.of(&context)).premultiplied(),
                }
            });
            for point in vertices(part, feature) {
                let [x, y] = transform.to_pixel(point);
                draw_dot(canvas, [x + shift_x, y + shift_y], &dot);
            }
        }
    }
}

/// The points of a feature that are this part's to draw, in units of its tile.
pub fn vertices(part: &Part<'_>, feature: TileFeature<'_>) -> SmallVec<[[f64; 2]; 1]> {
    if let Some(rows) = part.rows {
        return rows.points(feature.index()).map(|Cell { x, y }| [x as f64, y as f64]).collect();
    }
    let closes = feature.geometry() == TileGeometry::Polygons;
    feature
        .paths()
        .flat_map(move |path| path.iter().chain(path.first().filter(|_| closes)))
        .filter(|point| part.owns(**point))
        .map(|&[x, y]| [f64::from(x), f64::from(y)])
        .collect()
}

fn draw_dot(canvas: &mut Canvas, [center_x, center_y]: [f64; 2], dot: &Dot) {
    let outer = dot.radius + dot.stroke;
    // A dot wider than this covers the picture from wherever it stands.
    if !(outer > 0.0 && outer < 1e6) || canvas.is_worn() {
        return;
    }
    let held = |n: f64, side: u32| n.clamp(0.0, f64::from(side)) as u32;
    let rows = held((center_y - outer).floor(), canvas.height())..held((center_y + outer).ceil(), canvas.height());
    let columns = held((center_x - outer).floor(), canvas.width())..held((center_x + outer).ceil(), canvas.width());
    canvas.wear((rows.len() * columns.len()) as u64);
    // The edge fades inwards, over a pixel at least.
    let soft = (dot.blur.max(1.0 / outer)) as f32;
    let inner = (dot.radius / outer) as f32;
    for y in rows {
        let down = (f64::from(y) + 0.5 - center_y) / outer;
        for x in columns.clone() {
            let right = (f64::from(x) + 0.5 - center_x) / outer;
            let distance = right.hypot(down) as f32;
            let share = fade(1.0 - distance, soft);
            if share <= 0.0 {
                continue;
            }
            let rim = if dot.stroke < 0.01 { 0.0 } else { 1.0 - fade(inner - distance, soft) };
            let color: [f32; 4] = std::array::from_fn(|c| (dot.fill[c] + (dot.rim[c] - dot.fill[c]) * rim) * share);
            canvas.blend(x, y, color);
        }
    }
}

/// From 0 at the edge to 1 where `inside` reaches `width`, smoothly.
fn fade(inside: f32, width: f32) -> f32 {
    let t = (inside / width).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
