//! Anchors of labels and how far from them text stands.

use super::geometry::Point;
use super::geometry::scale;
use crate::style::Anchor;
use crate::style::Justify;

/// Which part of a block lies on its anchor: 0 the left or top edge, 1 the right or bottom one.
pub fn alignment(anchor: Anchor) -> Point {
    let horizontal = match anchor {
        Anchor::Left | Anchor::TopLeft | Anchor::BottomLeft => 0.0,
        Anchor::Right | Anchor::TopRight | Anchor::BottomRight => 1.0,
        Anchor::Center | Anchor::Top | Anchor::Bottom => 0.5,
    };
    let vertical = match anchor {
        Anchor::Top | Anchor::TopLeft | Anchor::TopRight => 0.0,
        Anchor::Bottom | Anchor::BottomLeft | Anchor::BottomRight => 1.0,
        Anchor::Center | Anchor::Left | Anchor::Right => 0.5,
    };
    [horizontal, vertical]
}

/// The justification that goes with an anchor.
pub fn justification(anchor: Anchor) -> Justify {
    match alignment(anchor)[0] {
        0.0 => Justify::Left,
        1.0 => Justify::Right,
        _ => Justify::Center,
    }
}

/// The share of a line's slack that lies to its left; `Auto` counts as the centre.
pub fn share(justify: Justify) -> f32 {
    match justify {
        Justify::Left => 0.0,
        Justify::Right => 1.0,
        Justify::Center | Justify::Auto => 0.5,
    }
}

/// From the top of a line's box to where its letters begin, and from its baseline to its bottom: distances to the text
/// are measured to its letters.
const BASELINE: f32 = 7.0;

/// The offset that keeps a block a distance away from its anchor, in em / 24.
pub fn radial(anchor: Anchor, distance: f32) -> Point {
    let distance = distance.max(0.0);
    let [x, y] = outward(anchor);
    // In the corners the distance is that along the diagonal.
    let side = if x != 0.0 && y != 0.0 { distance / std::f32::consts::SQRT_2 } else { distance };
    with_baseline(anchor, scale([x, y], side))
}

/// The offset that moves a block away from its anchor by the size of each component.
pub fn away(anchor: Anchor, offset: Point) -> Point {
    let [x, y] = outward(anchor);
    with_baseline(anchor, [x * offset[0].abs(), y * offset[1].abs()])
}

/// The same offset measured to the letters.
pub fn with_baseline(anchor: Anchor, [x, y]: Point) -> Point {
    [x, y - outward(anchor)[1] * BASELINE]
}

/// Into which direction a block lies from its anchor.
fn outward(anchor: Anchor) -> Point {
    alignment(anchor).map(|share| (0.5 - share) * 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_radial_offset_leads_away_from_the_anchor() {
        assert_eq!(radial(Anchor::Left, 24.0), [24.0, 0.0]);
        assert_eq!(radial(Anchor::Bottom, 24.0), [0.0, -17.0]);
        let [x, y] = radial(Anchor::TopRight, 24.0);
        assert!((x + 16.97).abs() < 0.01 && (y - 9.97).abs() < 0.01);
        assert_eq!(radial(Anchor::Center, 24.0), [0.0, 0.0]);
    }

    #[test]
    fn the_signs_of_an_offset_do_not_matter_to_variable_anchors() {
        assert_eq!(away(Anchor::BottomRight, [-10.0, 20.0]), [-10.0, -13.0]);
        assert_eq!(away(Anchor::Top, [5.0, 20.0]), [0.0, 13.0]);
    }
}
