//! Where labels stand along lines.

use super::geometry::Point;
use super::geometry::add;
use super::geometry::angle;
use super::geometry::distance;
use super::geometry::length;
use super::geometry::mix;

/// A point on a line at which a label may stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// The point, rounded to whole units.
    pub point: Point,
    /// The segment of the line on which it lies; `None` for labels that stand at a point.
    pub segment: Option<usize>,
}

/// What a label asks of a line, in the line's units.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Between two labels.
    pub spacing: f32,
    /// The label's length.
    pub length: f32,
    /// An em of the label.
    pub em: f32,
    /// Whether it has text, which may not turn too sharply.
    pub has_text: bool,
    /// The largest angle in radians by which the line may turn within 3/5 em.
    pub max_angle: f32,
    /// How many times the tile is enlarged.
    pub overscaling: f32,
}

/// Anchors at regular distances along a line that was clipped to a square of `extent` a side.
pub fn anchors(line: &[Point], demand: &Demand, extent: f32) -> Vec<Anchor> {
    let Some(&first) = line.first() else { return Vec::new() };
    let is_edge = |c: f32| c.to_bits() == 0.0_f32.to_bits() || c.to_bits() == extent.to_bits();
    let is_continued = is_edge(first[0]) || is_edge(first[1]);
    // Labels that are long for the spacing keep a quarter of it between them.
    let spacing = if demand.spacing - demand.length < demand.spacing / 4.0 {
        demand.length + demand.spacing / 4.0
    } else {
        demand.spacing
    };
    if !(spacing > 0.0 && spacing.is_finite()) {
        return Vec::new();
    }
    let offset = if is_continued {
        spacing / 2.0 * demand.overscaling
    } else {
        // Two ems more than half the label, so that labels at T junctions do not meet.
        (demand.length / 2.0 + 2.0 * demand.em) * demand.overscaling
    } % spacing;
    let found = resample(line, offset, spacing, demand, extent);
    if found.is_empty() && !is_continued {
        return resample(line, length(line) / 2.0, spacing, demand, extent);
    }
    found
}

/// The anchor in the middle of a line.
pub fn center_anchor(line: &[Point], demand: &Demand) -> Option<Anchor> {
    let middle = length(line) / 2.0;
    let mut passed = 0.0;
    for (segment, ends) in line.windows(2).enumerate() {
        let step = distance(ends[0], ends[1]);
        if passed + step > middle {
            let point = mix(ends[0], ends[1], (middle - passed) / step).map(f32::round);
            return Some(Anchor { point, segment: Some(segment) })
                .filter(|_| bends_gently(line, point, segment, demand));
        }
        passed += step;
    }
    None
}

/// Anchors beyond this number on one line say nothing about a map.
const MAX_ANCHORS: usize = 4096;

/// Places on a line that are looked at, at most: one that reaches far beyond its tile has no end of them.
const MOST_PLACES: usize = 1 << 20;

fn resample(line: &[Point], offset: f32, spacing: f32, demand: &Demand, extent: f32) -> Vec<Anchor> {
    let half = demand.length / 2.0;
    let total = length(line);
    let mut found = Vec::new();
    let (mut passed, mut marked) = (0.0, offset - spacing);
    let mut places = 0;
    for (segment, ends) in line.windows(2).enumerate() {
        let step = distance(ends[0], ends[1]);
        while marked + spacing < passed + step && found.len() < MAX_ANCHORS && places < MOST_PLACES {
            marked += spacing;
            places += 1;
            let at = mix(ends[0], ends[1], (marked - passed) / step);
            let is_inside = at.iter().all(|c| (0.0..extent).contains(c));
            if is_inside && marked - half >= 0.0 && marked + half <= total {
                let point = at.map(f32::round);
                if bends_gently(line, point, segment, demand) {
                    found.push(Anchor { point, segment: Some(segment) });
                }
            }
        }
        passed += step;
    }
    found
}

/// Whether the line turns by no more than the allowed angle within any 3/5 em of the label, and is long enough for it.
pub fn bends_gently(line: &[Point], anchor: Point, segment: usize, demand: &Demand) -> bool {
    // A label can be of no length at all, or of less: letters may be spaced apart by less than nothing.
    if !demand.has_text || demand.length.is_nan() || demand.length <= 0.0 {
        return true;
    }
    let window = 0.6 * demand.em;
    let half = demand.length / 2.0;
    let mut at = anchor;
    let mut index = segment + 1;
    let mut along = 0.0;
    while along > -half {
        let Some(before) = index.checked_sub(1) else { return false };
        index = before;
        along -= distance(line[index], at);
        at = line[index];
    }
    along += distance(line[index], line[index + 1]);
    index += 1;
    let mut corners: Vec<(f32, f32)> = Vec::new();
    let (mut oldest, mut turned) = (0, 0.0);
    while along < half {
        let Some(&next) = line.get(index + 1) else { return false };
        let (before, corner) = (line[index - 1], line[index]);
        let turn = angle(before, corner) - angle(corner, next);
        let turn = ((turn + 3.0 * std::f32::consts::PI) % std::f32::consts::TAU - std::f32::consts::PI).abs();
        corners.push((along, turn));
        turned += turn;
        while along - corners[oldest].0 > window {
            turned -= corners[oldest].1;
            oldest += 1;
        }
        if turned > demand.max_angle {
            return false;
        }
        index += 1;
        along += distance(corner, next);
    }
    true
}

/// The pieces of a line within a rectangle; cut ends are rounded to whole units.
pub fn clip(line: &[Point], low: Point, high: Point) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for ends in line.windows(2) {
        let Some([from, to]) = clip_segment(ends[0], ends[1], low, high) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces
}

fn clip_segment(from: Point, to: Point, low: Point, high: Point) -> Option<[Point; 2]> {
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    let step = [to[0] - from[0], to[1] - from[1]];
    for axis in 0..2 {
        if step[axis] == 0.0 {
            if !(low[axis]..=high[axis]).contains(&from[axis]) {
                return None;
            }
            continue;
        }
        let (a, b) = ((low[axis] - from[axis]) / step[axis], (high[axis] - from[axis]) / step[axis]);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    if enter > leave {
        return None;
    }
    let at = |t: f32| add(from, [step[0] * t, step[1] * t]).map(f32::round);
    Some([if enter > 0.0 { at(enter) } else { from }, if leave < 1.0 { at(leave) } else { to }])
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMAND: Demand =
        Demand { spacing: 100.0, length: 20.0, em: 8.0, has_text: true, max_angle: 0.8, overscaling: 1.0 };

    #[test]
    fn anchors_stand_at_the_spacing_with_room_for_the_label() {
        let line = [[10.0, 50.0], [400.0, 50.0]];
        let xs: Vec<f32> = anchors(&line, &DEMAND, 1000.0).iter().map(|a| a.point[0]).collect();
        // Half a label and two ems from the start: 10 + 10 + 16.
        assert_eq!(xs, [36.0, 136.0, 236.0, 336.0]);
        let continued = [[0.0, 50.0], [400.0, 50.0]];
        assert_eq!(anchors(&continued, &DEMAND, 1000.0)[0].point, [50.0, 50.0]);
    }

    #[test]
    fn a_short_line_has_one_in_its_middle_and_a_shorter_one_none() {
        let line = [[10.0, 50.0], [34.0, 50.0]];
        assert_eq!(anchors(&line, &DEMAND, 1000.0).iter().map(|a| a.point).collect::<Vec<_>>(), [[22.0, 50.0]]);
        assert_eq!(anchors(&line[..], &Demand { length: 30.0, ..DEMAND }, 1000.0), []);
    }

    #[test]
    fn no_label_stands_on_a_sharp_corner_unless_it_is_an_icon() {
        let line = [[0.0, 0.0], [50.0, 0.0], [50.0, 50.0]];
        let demand = Demand { length: 60.0, ..DEMAND };
        assert_eq!(center_anchor(&line, &demand), None);
        assert!(center_anchor(&line, &Demand { max_angle: 1.6, ..demand }).is_some());
        assert!(center_anchor(&line, &Demand { has_text: false, ..demand }).is_some());
    }

    #[test]
    fn a_line_is_cut_to_the_square_into_pieces() {
        let line = [[-10.0, 5.0], [20.0, 5.0], [20.0, 30.0], [5.0, 30.0], [5.0, -5.0]];
        let pieces = clip(&line, [0.0, 0.0], [10.0, 10.0]);
        assert_eq!(pieces, [vec![[0.0, 5.0], [10.0, 5.0]], vec![[5.0, 10.0], [5.0, 0.0]]]);
    }
}
