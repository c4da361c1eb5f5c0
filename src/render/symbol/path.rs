//! Glyphs along lines.

use super::geometry::Point;
use super::geometry::add;
use super::geometry::angle;
use super::geometry::distance;
use super::geometry::mix;
use super::geometry::scale;
use super::geometry::subtract;

/// A line in pixels with the anchor of a label on it.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    /// Its corners.
    pub line: &'a [Point],
    /// The anchor.
    pub anchor: Point,
    /// The segment on which the anchor lies.
    pub segment: usize,
    /// The whole label's offset along and across the line, pixels.
    pub offset: Point,
}

/// A glyph's place on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct OnPath {
    /// The point.
    pub point: Point,
    /// Radians clockwise by which the glyph is turned.
    pub angle: f32,
    /// The way to it from the anchor: corners passed, and the point itself.
    pub way: Vec<Point>,
}

impl Path<'_> {
    /// The place at a distance from the anchor, to the right when the label is not flipped. `None` beyond the line's ends.
    pub fn at(&self, along: f32, flipped: bool) -> Option<OnPath> {
        let combined = if flipped { along - self.offset[0] } else { along + self.offset[0] };
        let forward = (combined > 0.0) != flipped;
        let wanted = combined.abs();
        let mut turned = if flipped { std::f32::consts::PI } else { 0.0 };
        if !forward {
            turned += std::f32::consts::PI;
        }
        // The corner that was passed last, seen in the direction of the walk.
        let mut index = if forward { self.segment as isize } else { self.segment as isize + 1 };
        let step = if forward { 1 } else { -1 };
        let lift = self.offset[1] * step as f32;
        let corner = |index: isize| usize::try_from(index).ok().and_then(|index| self.line.get(index).copied());
        let (mut passed, mut length) = (0.0, 0.0);
        let (mut from, mut to) = (self.anchor, self.anchor);
        // The same line moved sideways by the offset; its corners are where its segments meet.
        let (mut moved_from, mut moved_to) = (None, self.anchor);
        let mut way = Vec::new();
        while passed + length <= wanted {
            index += step;
            passed += length;
            from = to;
            to = corner(index)?;
            if lift == 0.0 {
                moved_from = Some(from);
                moved_to = to;
            } else {
                let direction = if distance(from, to) == 0.0 {
                    // The anchor is on the very corner: the next segment tells the direction.
                    subtract(corner(index + step)?, to)
                } else {
                    subtract(to, from)
                };
                let aside = normal(direction, lift);
                let start = match moved_from {
                    None => add(from, aside),
                    Some(_) => moved_to,
                };
                moved_from = Some(start);
                moved_to = match corner(index + step) {
                    Some(next) => {
                        let next_aside = normal(subtract(next, to), lift);
                        let ahead = [add(to, next_aside), add(next, next_aside)];
                        meet([start, add(to, aside)], ahead).unwrap_or_else(|| add(to, aside))
                    }
                    None => add(to, aside),
                };
            }
            let start = moved_from.unwrap_or(from);
            way.push(start);
            length = distance(start, moved_to);
        }
        let start = moved_from?;
        let point = mix(start, moved_to, (wanted - passed) / length);
        way.push(point);
        Some(OnPath { point, angle: turned + angle(to, from), way })
    }
}

/// The perpendicular of a direction, to its right, of a length.
fn normal(direction: Point, length: f32) -> Point {
    let size = direction[0].hypot(direction[1]);
    if size == 0.0 { [0.0, 0.0] } else { scale([-direction[1], direction[0]], length / size) }
}

/// Where two lines meet, each given by two points; `None` when they are parallel.
fn meet([a, b]: [Point; 2], [c, d]: [Point; 2]) -> Option<Point> {
    let (u, v) = (subtract(b, a), subtract(d, c));
    let cross = u[0] * v[1] - u[1] * v[0];
    if cross == 0.0 {
        return None;
    }
    let t = ((c[0] - a[0]) * v[1] - (c[1] - a[1]) * v[0]) / cross;
    Some(add(a, scale(u, t)))
}

/// How a label along a line must be drawn so that it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// As it is.
    Keep,
    /// From the other end.
    Flip,
    /// With upright letters from top to bottom.
    Vertical,
}

/// Which turn keeps a label upright, from where its first and its last glyph are. `is_vertical` says that it is written from
/// top to bottom already, `has_vertical` that there is such a version of it.
pub fn upright_turn(first: Point, last: Point, is_vertical: bool, has_vertical: bool) -> Turn {
    let (rise, run) = ((last[1] - first[1]).abs(), (last[0] - first[0]).abs());
    if has_vertical && !is_vertical && rise > run {
        return Turn::Vertical;
    }
    let backwards = if is_vertical { first[1] > last[1] } else { first[0] > last[0] };
    if backwards { Turn::Flip } else { Turn::Keep }
}

/// Circles along a way that cover a label of some radius: centres at about 2.5 radii from each other.
pub fn circles(way: &[Point], radius: f32) -> Vec<Point> {
    let total: f32 = super::geometry::length(way);
    let padding = (radius * 0.25).min(total / 2.0).max(0.0);
    let padded = total - 2.0 * padding;
    let count = if total <= 0.5 * radius { 1 } else { (padded / (radius * 2.5)).ceil() as usize + 1 };
    let count = count.min(MAX_CIRCLES);
    let share = |index: usize| index as f32 / (count - 1).max(1) as f32;
    (0..count).filter_map(|index| point_along(way, padding + padded * share(index))).collect()
}

/// More circles than this are never needed for one label.
const MAX_CIRCLES: usize = 1024;

fn point_along(way: &[Point], wanted: f32) -> Option<Point> {
    let mut passed = 0.0;
    for ends in way.windows(2) {
        let step = distance(ends[0], ends[1]);
        if passed + step >= wanted && step > 0.0 {
            return Some(mix(ends[0], ends[1], (wanted - passed) / step));
        }
        passed += step;
    }
    way.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNER: [Point; 3] = [[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]];

    fn path(offset: Point) -> Path<'static> {
        Path { line: &CORNER, anchor: [90.0, 0.0], segment: 0, offset }
    }

    fn close(a: Point, b: Point) -> bool {
        distance(a, b) < 1e-3
    }

    #[test]
    fn glyphs_go_round_the_corner_and_are_turned_with_it() {
        let before = path([0.0, 0.0]).at(-20.0, false).unwrap();
        assert!(close(before.point, [70.0, 0.0]) && (before.angle % std::f32::consts::TAU).abs() < 1e-5);
        let after = path([0.0, 0.0]).at(30.0, false).unwrap();
        assert!(close(after.point, [100.0, 20.0]) && (after.angle - std::f32::consts::FRAC_PI_2).abs() < 1e-5);
        assert_eq!(path([0.0, 0.0]).at(200.0, false), None);
    }

    #[test]
    fn a_flipped_label_runs_the_other_way() {
        let flipped = path([0.0, 0.0]).at(20.0, true).unwrap();
        assert!(close(flipped.point, [70.0, 0.0]));
        assert!((flipped.angle.cos() + 1.0).abs() < 1e-5);
    }

    #[test]
    fn an_offset_line_has_its_corner_where_the_moved_segments_meet() {
        // Ten to the right of the line, which is inside of the corner: at (90, 10).
        let inside = path([0.0, 10.0]).at(20.0, false).unwrap();
        assert!(close(inside.point, [90.0, 30.0]));
        let outside = path([0.0, -10.0]).at(30.0, false).unwrap();
        assert!(close(outside.point, [110.0, 0.0]));
    }

    #[test]
    fn labels_that_would_stand_on_their_heads_are_flipped_and_steep_ones_set_upright() {
        assert_eq!(upright_turn([0.0, 0.0], [10.0, 4.0], false, false), Turn::Keep);
        assert_eq!(upright_turn([10.0, 0.0], [0.0, 4.0], false, false), Turn::Flip);
        assert_eq!(upright_turn([0.0, 0.0], [4.0, 10.0], false, true), Turn::Vertical);
        assert_eq!(upright_turn([0.0, 10.0], [4.0, 0.0], true, true), Turn::Flip);
    }

    #[test]
    fn circles_cover_the_way_from_end_to_end() {
        let centers = circles(&[[0.0, 0.0], [100.0, 0.0]], 8.0);
        assert_eq!(centers.len(), 6);
        assert!(close(centers[0], [2.0, 0.0]) && close(centers[5], [98.0, 0.0]));
        assert_eq!(circles(&[[0.0, 0.0], [3.0, 0.0]], 8.0).len(), 1);
    }
}
