//! How far from its anchor a label may cover or paint anything.

use crate::render::symbol::bucket::Bucket;
use crate::render::symbol::geometry::Point;
use crate::render::symbol::geometry::add;
use crate::render::symbol::geometry::corners;
use crate::render::symbol::geometry::rotate;
use crate::render::symbol::geometry::scale;
use crate::render::symbol::label::Instance;
use crate::render::symbol::label::Label;
use crate::render::symbol::place::moved;
use crate::render::symbol::quad::Quad;
use crate::render::text::ONE_EM;
use crate::style::TextFit;

/// Left, top, right and bottom edge around the anchor in pixels at a ratio of 1: of all boxes at all anchors that it may be
/// moved to, and of all that is painted there. Coordinates count from the anchor.
pub fn edges(bucket: &Bucket, instance: &Instance) -> [f32; 4] {
    let label = &bucket.labels[instance.label];
    let mut reach = Reach::default();
    if bucket.rules.text.is_along_line {
        along_line(bucket, instance, label, &mut reach);
    } else {
        texts(bucket, label, &mut reach);
    }
    icons(bucket, label, &mut reach);
    // For the edges that are softened.
    let [left, top, right, bottom] = reach.0.unwrap_or_default();
    [left - 2.0, top - 2.0, right + 2.0, bottom + 2.0]
}

#[derive(Default)]
struct Reach(Option<[f32; 4]>);

impl Reach {
    fn push(&mut self, [x, y]: Point) {
        let [left, top, right, bottom] = self.0.unwrap_or([x, y, x, y]);
        self.0 = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    }

    /// Whatever lies within a distance of a point.
    fn push_round(&mut self, center: Point, radius: f32) {
        corners([-radius, -radius, radius, radius]).into_iter().for_each(|corner| self.push(add(center, corner)));
    }
}

/// The anchors that a text may be moved to: how far as a box, and as it is drawn.
fn shifts(label: &Label, bounds: [f32; 4]) -> Vec<(Point, Point)> {
    if label.anchor_offsets.is_empty() {
        return vec![([0.0; 2], [0.0; 2])];
    }
    let size = [bounds[2] - bounds[0], bounds[3] - bounds[1]];
    let shift = |&(anchor, offset)| {
        let moved = moved(label, size, anchor, offset);
        (moved.shift, moved.drawn)
    };
    label.anchor_offsets.iter().map(shift).collect()
}

fn texts(bucket: &Bucket, label: &Label, reach: &mut Reach) {
    let translate = bucket.rules.text.translate;
    let turn = |p: Point| if bucket.rules.text.turns_with_map { bucket.turn(p) } else { p };
    let em = label.text_size / ONE_EM;
    for (bounds, is_vertical) in [(label.text_box, false), (label.vertical_text_box, true)] {
        let Some(bounds) = bounds else { continue };
        for (shift, drawn) in shifts(label, bounds) {
            corners(bounds).into_iter().for_each(|corner| reach.push(add(translate, turn(add(corner, shift)))));
            let quads = label.horizontal.iter().map(|(_, quads)| quads).filter(|_| !is_vertical);
            for quad in quads.chain(label.vertical.iter().filter(|_| is_vertical)).flat_map(|quads| quads.iter()) {
                for corner in painted(quad, em) {
                    let corner = if is_vertical { rotate(corner, std::f32::consts::FRAC_PI_2) } else { corner };
                    reach.push(add(translate, turn(add(corner, drawn))));
                }
            }
        }
    }
}

fn icons(bucket: &Bucket, label: &Label, reach: &mut Reach) {
    let rules = &bucket.rules;
    let translate = rules.icon.translate;
    if rules.icon.is_along_line {
        let quads = label.icon.iter().flat_map(|quad| painted(quad, label.icon_size));
        let far = quads.map(|corner| corner[0].hypot(corner[1])).fold(0.0, f32::max);
        let offset = label.icon_offset.map(|c| c.abs() * label.icon_size);
        reach.push_round(translate, far + offset[0] + offset[1]);
    }
    let turn = |p: Point| if rules.icon.turns_with_map || rules.text.turns_with_map { bucket.turn(p) } else { p };
    for (bounds, quads) in
        [(label.icon_box, Some(&label.icon)), (label.vertical_icon_box, label.vertical_icon.as_ref())]
    {
        let Some(bounds) = bounds else { continue };
        let text = label.text_box.filter(|_| rules.text_fit != TextFit::None);
        for (shift, drawn) in text.map_or_else(|| vec![([0.0; 2], [0.0; 2])], |text| shifts(label, text)) {
            corners(bounds).into_iter().for_each(|corner| reach.push(add(translate, turn(add(corner, shift)))));
            for corner in quads.into_iter().flat_map(|quads| quads.iter()).flat_map(|q| painted(q, label.icon_size)) {
                reach.push(add(translate, turn(add(corner, drawn))));
                // Around vertical text it is turned.
                reach.push(add(translate, turn(add(rotate(corner, std::f32::consts::FRAC_PI_2), drawn))));
            }
        }
    }
}

/// A text along a line stays within its own length of the anchor, and near the line.
fn along_line(bucket: &Bucket, instance: &Instance, label: &Label, reach: &mut Reach) {
    let em = label.text_size / ONE_EM;
    let quads = label.horizontal.iter().map(|(_, quads)| quads).chain(&label.vertical);
    let (mut longest, mut thickest) = (0.0_f32, 0.0_f32);
    for quad in quads.flat_map(|quads| quads.iter()) {
        longest = longest.max(quad.along.abs() * em);
        thickest = painted(quad, em).iter().fold(thickest, |far, corner| far.max(corner[0].hypot(corner[1])));
    }
    let padded = label.thickness.unwrap_or(0.0) / 2.0 + bucket.rules.text_padding;
    let [along, across] = label.text_offset.map(|c| c.abs() * em);
    let (far, beside) = (longest + along + across, thickest.max(padded) + 2.0 * across);
    let translate = bucket.rules.text.translate;
    let held = |p: Point| p.map(|c| c.clamp(-far, far));
    for ends in instance.line.windows(2) {
        let [a, b] = [bucket.matrix.apply(ends[0]), bucket.matrix.apply(ends[1])];
        let is_near = (0..2).all(|axis| a[axis].min(b[axis]) <= far && a[axis].max(b[axis]) >= -far);
        if is_near {
            reach.push_round(add(translate, held(a)), beside);
            reach.push_round(add(translate, held(b)), beside);
        }
    }
}

/// The corners of a quad as it is drawn at a size.
fn painted(quad: &Quad, size: f32) -> [Point; 4] {
    let sizes = quad.min_scale.map(|min| min.max(size));
    let [start, end] = quad.fixed;
    let fixed = [start, [end[0], start[1]], end, [start[0], end[1]]];
    std::array::from_fn(|index| {
        let corner = quad.corners[index];
        add([corner[0] * sizes[0], corner[1] * sizes[1]], scale(fixed[index], 1.0))
    })
}
