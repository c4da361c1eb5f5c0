//! Placed labels as stamps, ready to be painted.

use std::sync::Arc;

use super::bucket::Bucket;
use super::geometry::Affine;
use super::geometry::Point;
use super::geometry::add;
use super::geometry::angle;
use super::geometry::rotate;
use super::geometry::scale;
use super::geometry::subtract;
use super::label::Instance;
use super::label::Label;
use super::paint::Stamp;
use super::path::Path;
use super::path::Turn;
use super::path::upright_turn;
use super::place::Verdict;
use super::quad::Quad;
use super::quad::Texture;
use super::rules::Part;
use crate::render::text::ONE_EM;
use crate::style::Justify;
use crate::style::TextFit;

/// Where a quad is put: its point on the picture and how far it is turned.
type Seat = (Point, f32);

/// Appends the stamps of an instance's text.
pub fn push_text<'b>(
    bucket: &'b Bucket,
    instance: &Instance,
    verdict: &Verdict,
    ratio: f32,
    stamps: &mut Vec<Stamp<'b>>,
) {
    let rules = &bucket.rules;
    let label = &bucket.labels[instance.label];
    let em = label.text_size / ONE_EM;
    if rules.text.is_along_line {
        let Some((quads, seats)) = seats_along(bucket, instance, label, em) else { return };
        for (quad, seat) in quads.iter().zip(seats) {
            stamps.extend(text_stamp(bucket, label, quad, seat, em, ratio));
        }
        return;
    }
    if !label.anchor_offsets.is_empty() && verdict.moved.is_none() {
        return;
    }
    let justify = verdict.moved.map_or(Justify::Auto, |moved| super::offset::justification(moved.anchor));
    let quads = if verdict.is_vertical { label.vertical.as_ref() } else { label.justified(justify) };
    let seat = seat(bucket, instance, &rules.text, verdict, true);
    for quad in quads.into_iter().flat_map(|quads| quads.iter()) {
        stamps.extend(text_stamp(bucket, label, quad, seat, em, ratio));
    }
}

/// Appends the stamps of an instance's icon.
pub fn push_icon<'b>(
    bucket: &'b Bucket,
    instance: &Instance,
    verdict: &Verdict,
    ratio: f32,
    stamps: &mut Vec<Stamp<'b>>,
) {
    let rules = &bucket.rules;
    let label = &bucket.labels[instance.label];
    let fits = rules.text_fit != TextFit::None;
    let moves = fits && rules.has_variable_anchors && bucket.has_text();
    if moves && verdict.moved.is_none() {
        return;
    }
    let vertical = label.vertical_icon.as_ref().filter(|_| verdict.is_vertical);
    let quads = vertical.unwrap_or(&label.icon);
    let seat = if rules.icon.is_along_line {
        let Some(seat) = icon_seat_along(bucket, instance, label) else { return };
        seat
    } else {
        let upright = Verdict { is_vertical: vertical.is_some(), ..*verdict };
        seat(bucket, instance, &rules.icon, &upright, moves)
    };
    for quad in quads.iter() {
        let Texture::Image(image) = &quad.texture else { continue };
        let is_crisp = rules.icon.is_crisp && image.pixel_ratio.to_bits() == ratio.to_bits();
        let Some(to_picture) = to_picture(quad, seat, label.icon_size, ratio) else { continue };
        stamps.push(Stamp {
            texture: &quad.texture,
            source: quad.source,
            to_picture,
            base: [0; 2],
            scale: label.icon_size,
            paint: label.icon_paint,
            is_crisp,
        });
    }
}

fn text_stamp<'b>(
    bucket: &Bucket,
    label: &Label,
    quad: &'b Quad,
    seat: Seat,
    em: f32,
    ratio: f32,
) -> Option<Stamp<'b>> {
    let mut paint = label.text_paint;
    if let Some(Some(color)) = label.section_colors.get(quad.section) {
        paint.color = *color;
    }
    let to_picture = to_picture(quad, seat, em, ratio)?;
    let is_crisp = bucket.rules.text.is_crisp;
    Some(Stamp { texture: &quad.texture, source: quad.source, to_picture, base: [0; 2], scale: em, paint, is_crisp })
}

/// From a quad's texture to the pixels of the picture.
fn to_picture(quad: &Quad, (point, turned): Seat, size: f32, ratio: f32) -> Option<Affine> {
    let [left, top, right, bottom] = quad.source;
    let sizes = quad.min_scale.map(|min| min.max(size));
    let [start, end] = quad.fixed;
    let place = |corner: Point, fixed: Point| {
        let grown = [corner[0] * sizes[0], corner[1] * sizes[1]];
        scale(add(point, rotate(add(grown, fixed), turned)), ratio)
    };
    let origin = place(quad.corners[0], start);
    let across = subtract(place(quad.corners[1], [end[0], start[1]]), origin);
    let down = subtract(place(quad.corners[3], [start[0], end[1]]), origin);
    if right <= left || bottom <= top {
        return None;
    }
    let (x, y) = (scale(across, 1.0 / (right - left)), scale(down, 1.0 / (bottom - top)));
    let from_corner = add(scale(x, left), scale(y, top));
    Some(Affine { x, y, origin: subtract(origin, from_corner) })
}

/// The seat of all quads of a label that stands at a point.
fn seat(bucket: &Bucket, instance: &Instance, part: &Part, verdict: &Verdict, moves: bool) -> Seat {
    let mut point = add(bucket.matrix.apply(instance.anchor.point), part.translate);
    let mut turned = if part.turns_with_map { angle(bucket.matrix.x, [0.0, 0.0]) } else { 0.0 };
    if let Some(moved) = verdict.moved.filter(|_| moves) {
        point = add(point, if bucket.rules.text.turns_with_map { bucket.turn(moved.drawn) } else { moved.drawn });
    }
    if verdict.is_vertical {
        turned += std::f32::consts::FRAC_PI_2;
    }
    (point, turned)
}

/// The line on the picture with the anchor of an instance.
fn line_of(bucket: &Bucket, instance: &Instance, part: &Part) -> (Vec<Point>, Point) {
    let place = |p: &Point| add(bucket.matrix.apply(*p), part.translate);
    (instance.line.iter().map(place).collect(), place(&instance.anchor.point))
}

/// The quads of a text along a line with the seat of each; `None` when it does not fit.
fn seats_along<'b>(
    bucket: &Bucket,
    instance: &Instance,
    label: &'b Label,
    em: f32,
) -> Option<(&'b Arc<[Quad]>, Vec<Seat>)> {
    let segment = instance.anchor.segment?;
    let (line, anchor) = line_of(bucket, instance, &bucket.rules.text);
    let path = Path { line: &line, anchor, segment, offset: scale(label.text_offset, em) };
    let (_, horizontal) = label.horizontal.first()?;
    let mut quads = horizontal;
    let mut turn = Turn::Keep;
    if bucket.rules.text.keeps_upright {
        let [first, last] = ends(&path, quads, em)?;
        turn = upright_turn(first, last, false, label.vertical.is_some());
        if turn == Turn::Vertical {
            quads = label.vertical.as_ref()?;
            let [first, last] = ends(&path, quads, em)?;
            turn = upright_turn(first, last, true, true);
        }
    }
    let flipped = turn == Turn::Flip;
    let seats = quads.iter().map(|quad| {
        let at = path.at(quad.along * em, flipped)?;
        Some((at.point, if bucket.rules.text.glyphs_stay_upright { 0.0 } else { at.angle }))
    });
    Some((quads, seats.collect::<Option<Vec<_>>>()?))
}

/// Where the first and the last glyph come to stand, or the ends of the segment under a single one.
fn ends(path: &Path<'_>, quads: &[Quad], em: f32) -> Option<[Point; 2]> {
    match quads {
        [] => None,
        [_] => Some([path.anchor, *path.line.get(path.segment + 1)?]),
        [first, .., last] => Some([path.at(first.along * em, false)?.point, path.at(last.along * em, false)?.point]),
    }
}

fn icon_seat_along(bucket: &Bucket, instance: &Instance, label: &Label) -> Option<Seat> {
    let segment = instance.anchor.segment?;
    let (line, anchor) = line_of(bucket, instance, &bucket.rules.icon);
    let path = Path { line: &line, anchor, segment, offset: scale(label.icon_offset, label.icon_size / ONE_EM) };
    let end = *line.get(segment + 1)?;
    let flipped = bucket.rules.icon.keeps_upright && upright_turn(anchor, end, false, false) == Turn::Flip;
    let at = path.at(0.0, flipped)?;
    Some((at.point, at.angle))
}
