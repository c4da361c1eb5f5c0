//! What is kept beside a table, against brute force.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Table;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::space::Rect;

const KINDS: [PartKind; 3] = [PartKind::Polygon, PartKind::Line, PartKind::Points];

fn table(features: &[(PartKind, Vec<[f64; 2]>)]) -> Table {
    ranked_table(features, false)
}

fn ranked_table(features: &[(PartKind, Vec<[f64; 2]>)], ranked: bool) -> Table {
    let mut builder = TableBuilder::default();
    for (number, (kind, path)) in features.iter().enumerate() {
        for &[lon, lat] in path {
            builder.shapes().push_coord(lon, lat, None);
        }
        builder.shapes().end_path();
        builder.shapes().end_part(*kind);
        let geometry = match kind {
            PartKind::Points => GeometryKind::MultiPoint,
            PartKind::Line => GeometryKind::LineString,
            PartKind::Polygon => GeometryKind::Polygon,
        };
        let id = number.to_string();
        let values = [("rank", Value::Int(number as i64 * 7 % 11))];
        builder.push(Id { text: &id, number: true }, geometry, "{}", values);
    }
    builder.finish(|schema| schema.rank = ranked.then_some(0))
}

/// Boxes, diagonals and points of all sizes, many at few places.
fn features() -> impl Strategy<Value = Vec<(PartKind, Vec<[f64; 2]>)>> {
    let place = prop_oneof![
        prop::array::uniform2(-1.0..1.0_f64),
        prop::array::uniform2(-1.0..1.0_f64).prop_map(|[x, y]| [100.0 + x / 50.0, 40.0 + y / 50.0]),
        [-180.0..180.0_f64, -85.0..85.0_f64],
    ];
    let one = (0..3_usize, place, -5.0..2.0_f64).prop_map(|(kind, [x, y], size)| {
        let side = 10.0_f64.powf(size).min(180.0 - x.abs());
        let [a, b] = [[x, y], [x + side, (y + side).min(85.0)]];
        let path = match KINDS[kind] {
            PartKind::Polygon => vec![a, [b[0], a[1]], b, [a[0], b[1]], a],
            PartKind::Line => vec![a, b],
            PartKind::Points => vec![a],
        };
        (KINDS[kind], path)
    });
    prop::collection::vec(one, 1..150)
}

fn rects() -> impl Strategy<Value = Rect> {
    (prop::array::uniform2(-1.0..1.0_f64), -2.0..2.2_f64, any::<bool>()).prop_map(|([x, y], size, is_far)| {
        let side = 10.0_f64.powf(size);
        let [x, y] = if is_far { [100.0 + x / 50.0, 40.0 + y / 50.0] } else { [x, y] };
        Rect::new(x - side, (y - side).max(-89.0), x + side, (y + side).min(89.0))
    })
}

/// What tells two lists of marks apart.
fn told(marks: Vec<Mark>) -> Vec<(u32, u32, u64)> {
    marks.into_iter().map(|mark| (mark.row, mark.count, mark.size.to_bits())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_feature_is_seen_or_gathered_once(features in features(), level in 5..32_u8, ranked in any::<bool>()) {
        let table = ranked_table(&features, ranked);
        let overviews = Overviews::new(&table);
        let world = Area::new(&[Rect::new(-180.0, -90.0, 180.0, 90.0)]);
        let mut rows: Vec<u32> = Vec::new();
        let mut gathered = 0;
        for kind in KINDS {
            let seen = overviews.seen(kind, &world, level);
            let large = seen.iter().map(|&entry| overviews.row(entry));
            rows.extend(large);
            let marks = overviews.marks(kind, &world, level);
            gathered += marks.iter().map(|mark| mark.count as usize).sum::<usize>();
            for mark in marks {
                prop_assert_eq!(features[mark.row as usize].0, kind);
            }
        }
        prop_assert_eq!(rows.len() + gathered, features.len());
        for &row in &rows {
            let places: Vec<[u32; 2]> = features[row as usize].1.iter().map(|&position| place(position)).collect();
            let side = |axis: usize| {
                let values = || places.iter().map(|place| place[axis]);
                values().max().unwrap() - values().min().unwrap()
            };
            let size = f64::from(side(0).max(side(1))) / SIDE;
            prop_assert!(size >= (-f64::from(level) - 1.0).exp2(), "{size} at level {level}");
        }
        let all: usize = KINDS.iter().map(|&kind| overviews.seen(kind, &world, FINEST).len()).sum();
        prop_assert_eq!(all, features.len());
    }

    #[test]
    fn what_was_gathered_beforehand_is_what_is_gathered_now(
        features in features(),
        rect in rects(),
        level in 5..32_u8,
        ranked in any::<bool>(),
    ) {
        let table = ranked_table(&features, ranked);
        let overviews = Overviews::new(&table);
        let area = Area::new(&[rect]);
        for kind in KINDS {
            let all = overviews.all(kind, &area, level);
            let now = told(overviews.marks_of(kind, &all, &area, level));
            prop_assert_eq!(&told(overviews.marks(kind, &area, level)), &now);
            let mut seen = overviews.seen_of(kind, &all, &area, level);
            seen.sort();
            let mut known = overviews.seen(kind, &area, level);
            known.sort();
            prop_assert_eq!(seen, known);
            let gathered = overviews.gathered(kind, &all, level);
            for &(row, count, _) in &now {
                prop_assert_eq!(gathered.iter().filter(|(_, first)| overviews.row(*first) == row).count(), count as usize);
            }
            prop_assert!(gathered.iter().all(|(entry, _)| !overviews.is_seen(kind, *entry, level)));
        }
    }

    #[test]
    fn all_that_reaches_into_a_rectangle_is_found(features in features(), rect in rects(), level in 5..33_u8) {
        let table = table(&features);
        let overviews = Overviews::new(&table);
        let area = Area::new(&[rect]);
        for kind in KINDS {
            let entries = overviews.all(kind, &area, 31);
            let found: BTreeSet<u32> = entries.iter().map(|&entry| overviews.row(entry)).collect();
            prop_assert_eq!(found.len(), entries.len(), "each once");
            let seen: BTreeSet<u32> =
                overviews.seen(kind, &area, level).into_iter().map(|entry| overviews.row(entry)).collect();
            for row in table.rows().filter(|row| features[row.number() as usize].0 == kind) {
                if row.geometry().rect().intersects(&rect) {
                    prop_assert!(found.contains(&row.number()));
                    let entry = entries.iter().find(|&&entry| overviews.row(entry) == row.number()).unwrap();
                    prop_assert_eq!(seen.contains(&row.number()), overviews.is_seen(kind, *entry, level));
                }
            }
        }
    }

    #[test]
    fn vertices_of_a_common_border_matter_alike_on_both_sides(
        bends in prop::collection::vec(-0.4..0.4_f64, 3..60),
        start in 0..9_usize,
        size in 1e3..1e8_f64,
    ) {
        let border: Vec<[f64; 2]> =
            bends.iter().enumerate().map(|(at, x)| [10.0 + x, 10.0 + at as f64 / 10.0]).collect();
        let (low, high) = (border[0], border[border.len() - 1]);
        let mut left: Vec<[f64; 2]> = vec![[8.0, high[1]], [8.0, low[1]]];
        left.extend(&border);
        let mut right: Vec<[f64; 2]> = border.iter().rev().copied().collect();
        right.extend([[13.0, low[1]], [13.0, high[1]]]);
        let turn = start % right.len();
        right.rotate_left(turn);
        left.push(left[0]);
        right.push(right[0]);
        let features = [(PartKind::Polygon, left.clone()), (PartKind::Polygon, right.clone())];
        let overviews = Overviews::new(&table(&features));
        let (ours, theirs) = overviews.importance().split_at(left.len());
        let most = needed(size);
        let kept = |ring: &[[f64; 2]], bytes: &[u8]| -> BTreeSet<[u64; 2]> {
            let on_border = |position: &[f64; 2]| border.contains(position);
            let pairs = ring.iter().zip(bytes).filter(|(position, byte)| on_border(position) && **byte <= most);
            pairs.map(|(position, _)| position.map(f64::to_bits)).collect()
        };
        let (ours, theirs) = (kept(&left, ours), kept(&right, theirs));
        prop_assert_eq!(&ours, &theirs);
        for junction in [low, high] {
            prop_assert!(ours.contains(&junction.map(f64::to_bits)), "where the border ends it stays");
        }
    }
}

#[test]
fn bends_go_when_they_are_smaller_than_what_is_seen() {
    // A spike of a degree and one of a hundredth on a long line.
    let line =
        vec![[0.0, 0.0], [5.0, 0.0], [5.5, 1.0], [6.0, 0.0], [10.0, 0.0], [10.005, 0.01], [10.01, 0.0], [20.0, 0.0]];
    let overviews = Overviews::new(&table(&[(PartKind::Line, line.clone())]));
    let kept = |degrees: f64| -> Vec<f64> {
        let most = needed(degrees / 360.0 * SIDE);
        line.iter()
            .zip(overviews.importance())
            .filter(|(_, byte)| **byte <= most)
            .map(|(position, _)| position[0])
            .collect()
    };
    assert_eq!(kept(5.0), [0.0, 20.0]);
    assert!(kept(0.3).contains(&5.5) && !kept(0.3).contains(&10.005));
    assert!(kept(0.003).contains(&5.5) && kept(0.003).contains(&10.005));
}

#[test]
fn a_small_ring_keeps_four_corners_and_points_have_no_bytes() {
    let round: Vec<[f64; 2]> =
        (0..=12).map(|at| f64::from(at % 12).to_radians() * 30.0).map(|a| [a.cos(), a.sin()]).collect();
    let overviews = Overviews::new(&table(&[(PartKind::Polygon, round)]));
    let most = needed(SIDE);
    let kept = overviews.importance()[..12].iter().filter(|&&byte| byte <= most).count();
    assert_eq!(kept, 4);
    let points = Overviews::new(&table(&[(PartKind::Points, vec![[1.0, 1.0]])]));
    assert!(points.importance().is_empty());
}

#[test]
fn the_highest_rank_stands_for_others() {
    let at = |x: f64| (PartKind::Points, vec![[x, 50.0]]);
    // Ranks are 0, 7, 3, 10.
    let features = [at(10.0), at(10.001), at(10.002), at(10.003)];
    let world = Area::new(&[Rect::new(-180.0, -90.0, 180.0, 90.0)]);
    let first = |ranked| {
        let marks = Overviews::new(&ranked_table(&features, ranked)).marks(PartKind::Points, &world, 8);
        marks.iter().map(|mark| (mark.row, mark.count)).collect::<Vec<_>>()
    };
    assert_eq!(first(true), [(3, 4)]);
    assert_eq!(first(false), [(0, 4)]);
}
