//! Which labels stand: one after the other in the order of their rank, each where it does not lie over one before it.

use super::bucket::Bucket;
use super::geometry::Point;
use super::geometry::add;
use super::geometry::corners;
use super::geometry::envelope;
use super::geometry::scale;
use super::grid::Cover;
use super::grid::Grid;
use super::label::Instance;
use super::label::Label;
use super::offset::alignment;
use super::path::Path;
use super::path::circles;
use crate::render::text::ONE_EM;
use crate::style::Anchor;
use crate::style::Overlap;
use crate::style::TextFit;
use crate::style::WritingMode;

/// What became of an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Whether its text is shown.
    pub text: bool,
    /// Whether its icon is shown.
    pub icon: bool,
    /// Whether the text is written in vertical lines.
    pub is_vertical: bool,
    /// Where a label with variable anchors stands.
    pub moved: Option<Moved>,
}

/// A label moved to one of its anchors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// The anchor.
    pub anchor: Anchor,
    /// Away from where it is laid out around its middle, in pixels as collisions are reckoned.
    pub shift: Point,
    /// The same as it is drawn.
    pub drawn: Point,
}

/// Beyond the picture's edges labels are placed up to this distance, pixels.
pub const MARGIN: f32 = 100.0;

/// The picture's labels under placement.
#[derive(Clone)]
pub struct Placer {
    grid: Grid,
}

/// A text that found its place.
struct Standing {
    cover: Cover,
    is_vertical: bool,
    moved: Option<Moved>,
}

impl Placer {
    /// Nothing is placed yet on a picture of some size, pixels at a ratio of 1.
    pub fn new(width: f32, height: f32, margin: f32) -> Self {
        Self { grid: Grid::new([-margin, -margin, width + margin, height + margin]) }
    }

    /// Nothing is placed yet between some edges: left, top, right, bottom.
    pub fn within(bounds: [f32; 4]) -> Self {
        Self { grid: Grid::new(bounds) }
    }

    /// Takes what a label covers that was placed elsewhere.
    pub fn take(&mut self, cover: Cover, overlap: Overlap) {
        self.grid.insert(cover, overlap);
    }

    /// What is covered by now, in the order in which it was taken.
    pub fn taken(&self) -> &[(Cover, Overlap)] {
        self.grid.taken()
    }

    /// Places an instance, or not.
    pub fn place(&mut self, bucket: &Bucket, instance: &Instance) -> Verdict {
        let rules = &bucket.rules;
        let label = &bucket.labels[instance.label];
        let standing = self.stand(bucket, instance, label);
        let along = label.thickness.map(|thickness| self.lie(bucket, instance, label, thickness));
        let mut text = match &along {
            Some(lying) => rules.text.overlap == Overlap::Always || !lying.is_empty(),
            None => standing.is_some(),
        };
        let vertical = standing.as_ref().is_some_and(|standing| standing.is_vertical);
        let moved = standing.as_ref().and_then(|standing| standing.moved);
        let icon_box = label.vertical_icon_box.filter(|_| vertical).or(label.icon_box);
        let icon_shift = moved.filter(|_| rules.text_fit != TextFit::None).map_or([0.0; 2], |moved| moved.shift);
        let icon_cover = icon_box.map(|bounds| cover(bucket, instance, bounds, icon_shift, rules.icon.translate));
        let icon_cover = icon_cover.filter(|cover| self.is_free(cover, rules.icon.overlap));
        let mut icon = icon_cover.is_some();
        let text_may_miss = rules.text.is_optional || !label.has_text();
        let icon_may_miss = rules.icon.is_optional || label.icon.is_empty();
        match (text_may_miss, icon_may_miss) {
            (false, false) => {
                text &= icon;
                icon = text;
            }
            (true, false) => text &= icon,
            (false, true) => icon &= text,
            (true, true) => {}
        }
        if text && !rules.text.ignores_placement {
            if let Some(standing) = &standing {
                self.grid.insert(standing.cover, rules.text.overlap);
            }
            for circle in along.into_iter().flatten() {
                self.grid.insert(circle, rules.text.overlap);
            }
        }
        if let Some(cover) = icon_cover.filter(|_| icon && !rules.icon.ignores_placement) {
            self.grid.insert(cover, rules.icon.overlap);
        }
        Verdict { text, icon, is_vertical: vertical, moved }
    }

    fn is_free(&self, cover: &Cover, overlap: Overlap) -> bool {
        self.grid.holds(cover) && !self.grid.is_blocked(cover, overlap)
    }

    /// Tries to stand a text at its point, in each direction of writing and at each of its anchors.
    fn stand(&self, bucket: &Bucket, instance: &Instance, label: &Label) -> Option<Standing> {
        let horizontal = label.text_box?;
        let modes: &[WritingMode] = match label.vertical_text_box {
            Some(_) => &bucket.rules.writing_modes,
            None => &[WritingMode::Horizontal],
        };
        modes.iter().find_map(|mode| {
            let (bounds, icon) = match (mode, label.vertical_text_box) {
                (WritingMode::Vertical, Some(vertical)) => (vertical, label.vertical_icon_box),
                _ => (horizontal, label.icon_box),
            };
            let is_vertical = *mode == WritingMode::Vertical;
            if label.anchor_offsets.is_empty() {
                let cover = cover(bucket, instance, bounds, [0.0; 2], bucket.rules.text.translate);
                let is_free = self.is_free(&cover, bucket.rules.text.overlap);
                return is_free.then_some(Standing { cover, is_vertical, moved: None });
            }
            self.stand_anywhere(bucket, instance, label, bounds, icon).map(|(cover, moved)| Standing {
                cover,
                is_vertical,
                moved: Some(moved),
            })
        })
    }

    fn stand_anywhere(
        &self,
        bucket: &Bucket,
        instance: &Instance,
        label: &Label,
        bounds: [f32; 4],
        icon: Option<[f32; 4]>,
    ) -> Option<(Cover, Moved)> {
        let rules = &bucket.rules;
        // An icon around the text moves with it and needs room as well.
        let icon = icon.filter(|_| rules.text_fit != TextFit::None && rules.icon.overlap == Overlap::Never);
        let size = [bounds[2] - bounds[0], bounds[3] - bounds[1]];
        // First where nothing is in the way; then, where overlapping is allowed, anywhere.
        let modes = [Overlap::Never, rules.text.overlap];
        let modes = if rules.text.overlap == Overlap::Never { &modes[..1] } else { &modes[..] };
        modes.iter().find_map(|&overlap| {
            label.anchor_offsets.iter().find_map(|&(anchor, offset)| {
                let moved = moved(label, size, anchor, offset);
                let shift = moved.shift;
                let cover_at = |bounds, translate| cover(bucket, instance, bounds, shift, translate);
                let text = cover_at(bounds, rules.text.translate);
                let is_free = self.is_free(&text, overlap)
                    && icon.is_none_or(|icon| self.is_free(&cover_at(icon, rules.icon.translate), overlap));
                is_free.then_some((text, moved))
            })
        })
    }

    /// The circles that a text along a line covers; none when it does not fit or lies over another.
    fn lie(&self, bucket: &Bucket, instance: &Instance, label: &Label, thickness: f32) -> Vec<Cover> {
        let Some(segment) = instance.anchor.segment else { return Vec::new() };
        let Some((_, quads)) = label.horizontal.first() else { return Vec::new() };
        let (Some(first), Some(last)) = (quads.first(), quads.last()) else { return Vec::new() };
        let line: Vec<Point> =
            instance.line.iter().map(|p| add(bucket.matrix.apply(*p), bucket.rules.text.translate)).collect();
        let em = label.text_size / ONE_EM;
        let path = Path {
            line: &line,
            anchor: add(bucket.matrix.apply(instance.anchor.point), bucket.rules.text.translate),
            segment,
            offset: scale(label.text_offset, em),
        };
        let (Some(first), Some(last)) = (path.at(first.along * em, false), path.at(last.along * em, false)) else {
            return Vec::new();
        };
        // Both ways lead away from the anchor; without it they are one.
        let way: Vec<Point> = first.way.iter().skip(1).rev().chain(last.way.iter().skip(1)).copied().collect();
        let radius = thickness / 2.0 + bucket.rules.text_padding;
        let covers: Vec<Cover> =
            circles(&way, radius).into_iter().map(|center| Cover::Circle(center, radius)).collect();
        let is_seen = covers.iter().any(|circle| self.grid.holds(circle));
        let overlap = bucket.rules.text.overlap;
        if !is_seen || covers.iter().any(|circle| self.grid.is_blocked(circle, overlap)) {
            return Vec::new();
        }
        covers
    }
}

/// A label whose text box has a size, moved to one of its anchors.
pub fn moved(label: &Label, size: Point, anchor: Anchor, offset: Point) -> Moved {
    let from_middle = alignment(anchor).map(|share| 0.5 - share);
    let centered = [from_middle[0] * size[0], from_middle[1] * size[1]];
    let drawn = scale(add(scale(centered, 1.0 / label.box_scale), offset), label.text_size / ONE_EM);
    Moved { anchor, shift: add(centered, scale(offset, label.box_scale)), drawn }
}

/// A box around an instance's anchor on the picture.
fn cover(bucket: &Bucket, instance: &Instance, bounds: [f32; 4], shift: Point, translate: Point) -> Cover {
    let anchor = add(bucket.matrix.apply(instance.anchor.point), translate);
    let [left, top, right, bottom] = bounds;
    let moved = [left + shift[0], top + shift[1], right + shift[0], bottom + shift[1]];
    let around = |[x, y]: Point| if bucket.rules.text.turns_with_map { bucket.turn([x, y]) } else { [x, y] };
    Cover::Box(envelope(&corners(moved).map(|corner| add(anchor, around(corner)))))
}
