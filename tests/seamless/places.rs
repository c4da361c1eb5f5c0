//! What is drawn in any system lies where it is on the earth.

use serde_json::Value as Json;
use serde_json::json;
use tumen::render::PixelGrid;
use tumen::render::View;
use tumen::space::Crs;
use tumen::space::Rect;

use super::block::Stage;
use super::data;
use super::data::feature;
use super::shapes::layers;

/// Pixels a side of the maps.
const SIDE: u32 = 160;

/// Pixels around one whose places must agree before it counts: what edges, and sides that follow bends, may be off.
const NEAR: f64 = 0.4;

/// What is where nothing is.
const BACKGROUND: [u8; 4] = [0xee, 0xee, 0xff, 0xff];

/// Whether a place lies in one of some polygons, straight in degrees: what all of it is compared with.
fn is_in(polygons: &[Vec<Vec<[f64; 2]>>], [x, y]: [f64; 2]) -> bool {
    let crosses = |ring: &Vec<[f64; 2]>| {
        let side = |side: &&[[f64; 2]]| {
            let ([ax, ay], [bx, by]) = (side[0], side[1]);
            (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        };
        ring.windows(2).filter(side).count()
    };
    polygons.iter().any(|rings| rings.iter().map(crosses).sum::<usize>() % 2 == 1)
}

fn map(crs: &Crs, rect: &Rect, bearing: f64) -> View {
    View::of_pixels(crs, &PixelGrid::of_rect(rect, [SIDE; 2]), [SIDE; 2], bearing, 1.0)
}

/// Draws polygons and compares all pixels that are no edge; answers how many are inside.
async fn assert_right(polygons: &[Vec<Vec<[f64; 2]>>], crs: &Crs, rect: &Rect, bearing: f64) -> usize {
    let features = polygons.iter().enumerate();
    let features = features.map(|(id, rings)| feature(id, "Polygon", json!(rings), json!({}))).collect::<Vec<_>>();
    let fill = json!({ "type": "fill", "source-layer": "polygons",
        "paint": { "fill-color": "#000", "fill-antialias": false } });
    let stage = Stage::new(data::catalog([("polygons", features)]), &layers(&[fill]), &json!({}));
    let view = map(crs, rect, bearing);
    let drawn = stage.open(1.0).await.draw(&view).await.0;
    let mut inside = 0;
    for (at, pixel) in drawn.pixels().iter().enumerate() {
        let (x, y) = (f64::from(at as u32 % SIDE) + 0.5, f64::from(at as u32 / SIDE) + 0.5);
        let around = [[0.0, 0.0], [-NEAR, -NEAR], [NEAR, -NEAR], [NEAR, NEAR], [-NEAR, NEAR]];
        let places: Option<Vec<[f64; 2]>> = around.iter().map(|[u, v]| view.degrees([x + u, y + v])).collect();
        let Some(places) = places else { continue };
        let turned = |[lon, lat]: [f64; 2]| [(lon + 180.0).rem_euclid(360.0) - 180.0, lat];
        let within: Vec<bool> = places.into_iter().map(|place| is_in(polygons, turned(place))).collect();
        if within.iter().any(|one| *one != within[0]) {
            continue;
        }
        inside += usize::from(within[0]);
        assert_eq!(*pixel != BACKGROUND, within[0], "{crs} {rect:?}: {x}, {y} at {:?}", view.degrees([x, y]));
    }
    inside
}

/// Polygons of all sizes around a position, with holes; what leaves the world is cut off at its edge.
fn polygons(seed: u64, [lon, lat]: [f64; 2], span: f64) -> Vec<Vec<Vec<[f64; 2]>>> {
    let mut chance = data::Chance::new(seed);
    let mut found = Vec::new();
    for number in 0..12 {
        let middle = [lon + chance.within(-span, span), lat + chance.within(-span, span)];
        let radius = span * [0.1, 0.4, 1.5][number % 3];
        let ring = |radius: f64, turn: f64| -> Vec<[f64; 2]> {
            let corner = |at: usize| {
                let (sin, cos) = (at as f64 / 7.0 * std::f64::consts::TAU * turn).sin_cos();
                [middle[0] + radius * cos, middle[1] + radius * sin]
            };
            (0..=7).map(|at| corner(at % 7)).map(|[x, y]| [x.clamp(-180.0, 180.0), y.clamp(-90.0, 90.0)]).collect()
        };
        found.push(if number % 2 == 0 {
            vec![ring(radius, 1.0), ring(radius / 2.0, -1.0)]
        } else {
            vec![ring(radius, 1.0)]
        });
    }
    found
}

#[tokio::test]
async fn a_pixel_is_inside_where_its_place_is() {
    let around = |code: u32, place: [f64; 2], metres: f64| {
        let crs = Crs::epsg(code).unwrap();
        let [x, y] = crs.forward(place).unwrap();
        (Rect::new(x - metres, y - metres, x + metres, y + metres), crs)
    };
    let cases = [
        (around(5041, [0.0, 90.0], 4e6), [100.0, 78.0], 25.0),
        (around(5042, [0.0, -90.0], 3e6), [-100.0, -80.0], 25.0),
        (around(3035, [10.0, 52.0], 2.5e6), [12.0, 50.0], 15.0),
        (around(5179, [129.7, 42.4], 3e4), [129.7, 42.4], 0.3),
        (around(32652, [129.7, 42.4], 9e5), [129.7, 42.4], 9.0),
        (around(3395, [129.7, 42.4], 3e6), [129.7, 42.4], 20.0),
        (around(4326, [129.7, 42.4], 4.0), [129.7, 42.4], 3.0),
    ];
    for (number, ((rect, crs), place, span)) in cases.iter().enumerate() {
        for seed in 0..3 {
            let polygons = polygons(seed * 31 + number as u64, *place, *span);
            for bearing in [0.0, 30.0] {
                let inside = assert_right(&polygons, crs, rect, bearing).await;
                assert!(inside > 500, "{crs} {seed}: {inside}");
            }
        }
    }
}

/// Polygons as the standard writes them at the antimeridian and at the poles: split, and along the edges of the map.
#[tokio::test]
async fn what_lies_at_a_pole_or_at_the_antimeridian_is_whole() {
    let cap = vec![vec![
        [-180.0, -75.0],
        [-90.0, -65.0],
        [0.0, -80.0],
        [90.0, -66.0],
        [180.0, -75.0],
        [180.0, -90.0],
        [-180.0, -90.0],
        [-180.0, -75.0],
    ]];
    let east = vec![vec![[160.0, 60.0], [180.0, 62.0], [180.0, 71.0], [160.0, 70.0], [160.0, 60.0]]];
    let west = vec![vec![[-180.0, 62.0], [-170.0, 64.0], [-172.0, 68.0], [-180.0, 71.0], [-180.0, 62.0]]];
    let rect = |half: f64| Rect::new(2e6 - half, 2e6 - half, 2e6 + half, 2e6 + half);
    let south = Crs::epsg(5042).unwrap();
    assert!(assert_right(&[cap.clone()], &south, &rect(4e6), 0.0).await > 5000);
    let north = Crs::epsg(5041).unwrap();
    assert!(assert_right(&[east.clone(), west.clone()], &north, &rect(4e6), 0.0).await > 500);
    // Of the same in one feature no outline is drawn between the halves, nor from the coast to the pole.
    let outline = json!({ "type": "line", "source-layer": "polygons", "paint": { "line-width": 2 } });
    let of = |kind: &str, coordinates: Json| vec![feature(1, kind, coordinates, json!({}))];
    for (features, crs, lat) in
        [(of("MultiPolygon", json!([east, west])), north, 66.5), (of("Polygon", json!(cap)), south, -82.0)]
    {
        let stage = Stage::new(data::catalog([("polygons", features)]), &layers(&[outline.clone()]), &json!({}));
        let view = map(&crs, &rect(4e6), 0.0);
        let drawn = stage.open(1.0).await.draw(&view).await.0;
        assert!(drawn.pixels().iter().any(|pixel| *pixel != BACKGROUND));
        let [x, y] = crs.forward([180.0, lat]).unwrap();
        let [x, y] = view.to_pixel(view.projection().place([x, y])).map(|n| n as u32);
        assert_eq!(drawn.pixels()[(y * SIDE + x) as usize], BACKGROUND, "{crs} at {x}, {y}");
    }
}
