//! The tree against brute force, and what holds of clusters.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::plane::Plane;
use super::*;
use crate::space::Grid;

fn points() -> impl Strategy<Value = Vec<[f64; 2]>> {
    // On a coarse lattice, so that points coincide and lie on the edges of boxes.
    prop::collection::vec((0..64_u32, 0..64_u32), 0..900)
        .prop_map(|list| list.into_iter().map(|(x, y)| [f64::from(x) / 64.0, f64::from(y) / 64.0]).collect())
}

fn settings() -> impl Strategy<Value = ClusterSettings> {
    (0.0..1.0, 0..6_u8, 0..6_u32).prop_map(|(radius, max_zoom, min_points)| ClusterSettings {
        radius,
        max_zoom,
        min_points,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_tree_finds_what_brute_force_finds(points in points(), [x, y] in [0.0..1.0, 0.0..1.0], radius in 0.0..0.5) {
        let plane = Plane::new(points.iter().map(|point| point.map(|n| n as f32)).collect());
        let by_hand = |is_in: &dyn Fn(&[f64; 2]) -> bool| -> BTreeSet<u32> {
            (0..points.len() as u32).filter(|&id| is_in(&points[id as usize])).collect()
        };
        let found = plane.around([x, y], radius);
        let near = by_hand(&|[px, py]| (px - x).powi(2) + (py - y).powi(2) <= radius * radius);
        prop_assert_eq!(found.len(), near.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), near);
        let found = plane.in_box([x, y], [x + radius, y + radius]);
        let inside = by_hand(&|&[px, py]| x <= px && px <= x + radius && y <= py && py <= y + radius);
        prop_assert_eq!(found.len(), inside.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), inside);
    }

    #[test]
    fn each_point_is_counted_once_at_each_zoom_and_the_mean_stays(points in points(), settings in settings()) {
        let clusters = Clusters::new(&points, settings, |point| vec![point], |all, more| all.extend(more));
        let grid = Grid::web_mercator_quad();
        for zoom in 0..=settings.max_zoom + 1 {
            let mut seen = Vec::new();
            for (row, column) in (0..1 << zoom).flat_map(|row| (0..1 << zoom).map(move |column| (row, column))) {
                for ([x, y], mark) in clusters.on_tile(grid.tile(zoom, column, row).unwrap()) {
                    if (0.0..1.0).contains(&x) && (0.0..1.0).contains(&y) {
                        seen.push(mark);
                    }
                }
            }
            let mut counted: Vec<u32> = seen.iter().flat_map(|mark| mark.gathered.iter().copied()).collect();
            counted.sort_unstable();
            prop_assert_eq!(counted, (0..points.len() as u32).collect::<Vec<_>>());
            for mark in seen {
                prop_assert_eq!(mark.count() as usize, mark.gathered.len());
                let own = mark.gathered.iter().map(|&point| points[point as usize]);
                let [x, y] = own.fold([0.0, 0.0], |[x, y], [px, py]| [x + px, y + py]);
                let count = mark.gathered.len() as f64;
                prop_assert!((mark.position[0] - x / count).abs() < 1e-9 && (mark.position[1] - y / count).abs() < 1e-9);
                if let Marked::Cluster(id, count) = mark.marked {
                    let mut leaves = mark.gathered.clone();
                    leaves.sort_unstable();
                    prop_assert_eq!(clusters.leaves(id), Some(leaves));
                    let parts = clusters.children(id).unwrap_or_default();
                    prop_assert!(parts.len() > 1);
                    prop_assert_eq!(parts.iter().map(|part| part.count()).sum::<u32>(), count);
                    let apart = clusters.expansion_zoom(id).unwrap();
                    prop_assert!(apart > zoom && apart <= settings.max_zoom + 1);
                    let is_whole = |zoom: u8| clusters.at_zoom(zoom).iter().any(|mark| mark.marked == Marked::Cluster(id, count));
                    prop_assert!(is_whole(apart - 1) && !is_whole(apart));
                    prop_assert_eq!(clusters.leaves(id + 32 * 100_000), None);
                }
                match mark.marked {
                    Marked::Point(number) => prop_assert_eq!(&mark.gathered, &vec![number]),
                    Marked::Cluster(_, count) => prop_assert!(count >= settings.min_points.max(2)),
                }
            }
        }
    }
}

#[test]
fn points_nearer_than_the_radius_are_gathered_and_part_again_further_in() {
    let points = [[0.5, 0.5], [0.55, 0.5], [0.9, 0.9]];
    let settings = ClusterSettings { radius: 0.1, max_zoom: 1, min_points: 2 };
    let clusters = Clusters::new(&points, settings, |_| (), |(), ()| ());
    let grid = Grid::web_mercator_quad();
    let at = |z, x, y| -> Vec<Marked> {
        let found = clusters.on_tile(grid.tile(z, x, y).unwrap());
        found.into_iter().map(|(_, mark)| mark.marked).collect()
    };
    // The number of points, the first point's position times 32, and the zoom from 1 on.
    assert_eq!(at(0, 0, 0), [Marked::Cluster(3 + 1, 2), Marked::Point(2)]);
    assert_eq!(at(1, 1, 1).len(), 3);
    assert_eq!(at(5, 16, 16), [Marked::Point(0)]);
}

#[test]
fn a_cluster_beside_the_antimeridian_is_seen_from_both_sides() {
    let settings = ClusterSettings { radius: 0.1, max_zoom: 2, min_points: 2 };
    let clusters = Clusters::new(&[[0.999, 0.3]], settings, |_| (), |(), ()| ());
    let grid = Grid::web_mercator_quad();
    let places = |x| clusters.on_tile(grid.tile(2, x, 1).unwrap()).into_iter().map(|(place, _)| place[0]);
    assert!(places(0).all(|x| (-0.1..0.0).contains(&x)) && places(0).count() == 1);
    assert!(places(3).all(|x| (0.9..1.0).contains(&x)) && places(3).count() == 1);
    assert_eq!((places(1).count(), places(2).count()), (0, 0));
}

#[test]
fn large_numbers_are_abbreviated() {
    let told = |count| abbreviated(count);
    assert_eq!((told(999), told(1000), told(1234)), (None, Some("1k".to_owned()), Some("1.2k".to_owned())));
    assert_eq!((told(9999), told(12_345)), (Some("10k".to_owned()), Some("12k".to_owned())));
}

/// Radius in 512ths, smallest cluster, highest zoom of gathering, tile, number of marks and a hash of them in order, as
/// Supercluster 8 gives them for the same points.
const ORACLE: [(f64, u32, u8, [u32; 3], usize, u64); 10] = [
    (40.0, 2, 6, [0, 0, 0], 68, 13_876_024_798_793_953_410),
    (40.0, 2, 6, [1, 0, 0], 62, 8_797_999_491_419_383_423),
    (40.0, 2, 6, [2, 3, 1], 105, 16_113_883_704_074_608_053),
    (40.0, 2, 6, [4, 8, 7], 34, 11_368_506_327_380_468_615),
    (40.0, 2, 6, [7, 40, 60], 0, 0),
    (60.0, 5, 4, [0, 0, 0], 41, 5_368_839_773_649_767_896),
    (60.0, 5, 4, [1, 0, 0], 43, 16_023_075_423_117_323_985),
    (60.0, 5, 4, [2, 3, 1], 91, 8_260_886_725_203_275_212),
    (60.0, 5, 4, [4, 8, 7], 48, 17_204_825_417_737_488_357),
    (60.0, 5, 4, [7, 40, 60], 1, 3466),
];

#[test]
fn clusters_are_those_of_supercluster_in_its_order() {
    let mut state = 12_345_u32;
    let mut next = || {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        f64::from(state) / 4_294_967_296.0
    };
    let points: Vec<[f64; 2]> = (0..3000)
        .map(|_| {
            let (lon, lat) = (next() * 360.0 - 180.0, next() * 140.0 - 70.0);
            let sine = lat.to_radians().sin();
            [lon / 360.0 + 0.5, 0.5 - 0.25 * ((1.0 + sine) / (1.0 - sine)).ln() / std::f64::consts::PI]
        })
        .collect();
    for (radius, min_points, max_zoom, [z, x, y], count, expected) in ORACLE {
        let settings = ClusterSettings { radius: radius / 512.0, max_zoom, min_points };
        let clusters = Clusters::new(&points, settings, |_| (), |(), ()| ());
        let found = clusters.on_tile(Grid::web_mercator_quad().tile(z as u8, x, y).unwrap());
        let hash = found.iter().fold(0_u64, |hash, (_, mark)| {
            let id = match mark.marked {
                Marked::Point(number) => u64::from(number),
                Marked::Cluster(id, _) => id,
            };
            hash.wrapping_mul(31).wrapping_add(id * 7 + u64::from(mark.count()))
        });
        assert_eq!((found.len(), hash), (count, expected), "radius {radius}, tile {z}/{x}/{y}");
    }
}
