#![expect(clippy::inconsistent_digit_grouping, reason = "fractions of metres are read as they were printed")]

use super::*;
use crate::space::Bbox;
use crate::space::Rect;

/// Code, longitude, latitude, and what PROJ 9.5.1 answers, east first.
const FACTS: &[(u32, [f64; 2], [f64; 2])] = &[
    (3395, [129.746, 42.441], [14_443_258.6525, 5_198_426.7017]),
    (3395, [-100.0, -60.0], [-11_131_949.0793, -8_362_698.5485]),
    (5041, [0.0, 90.0], [2_000_000.0, 2_000_000.0]),
    (5041, [129.746, 72.441], [3_510_287.4349, 3_255_914.4405]),
    (5041, [180.0, 60.0], [2_000_000.0, 5_405_880.7174]),
    (5042, [-60.0, -72.0], [255_509.0704, 3_007_182.3078]),
    (3035, [10.0, 52.0], [4_321_000.0, 3_210_000.0]),
    (3035, [-9.1, 38.7], [2_668_283.4406, 1_943_501.0236]),
    (3035, [33.4, 70.1], [5_200_899.8321, 5_370_279.5293]),
    (32652, [129.746, 42.441], [561_353.6869, 4_699_011.3851]),
    (32652, [132.0, 0.0], [833_978.5569, 0.0]),
    (32652, [-60.0, 85.0], [587_221.3674, 10_549_358.5871]),
    (32601, [179.5, 65.2], [336_252.7721, 7_235_286.5312]),
    (32731, [3.5, -40.0], [542_679.945, 5_572_123.0756]),
    (5174, [127.1, 37.5], [208_772.8927, 444_203.4068]),
    (5174, [129.0, 35.2], [382_070.8866, 190_806.4303]),
    (2097, [127.1, 37.5], [209_028.4459, 444_203.6801]),
    (5179, [127.1, 37.5], [964_643.8953, 1_944_601.4535]),
    (5186, [127.1, 37.5], [208_842.5456, 544_508.8210]),
    (2154, [2.35, 48.85], [652_301.5648, 6_861_302.7259]),
    (3031, [45.0, -70.0], [1_551_741.7638, 1_551_741.7638]),
    (3413, [100.0, 80.0], [622_858.2943, 889_533.8315]),
    (2193, [174.7, -41.3], [1_742_325.1063, 5_426_545.4523]),
    (6677, [139.7, 35.7], [-12_065.9886, -33_275.3457]),
    (2180, [21.0, 52.2], [636_640.4670, 483_432.2008]),
    (2056, [7.44, 46.95], [2_600_104.1095, 1_199_879.6282]),
    (2263, [-74.0, 40.7], [984_250.0, 194_305.3389]),
    (3832, [-170.0, 10.0], [4_452_779.6317, 1_111_475.1029]),
    (4258, [10.0, 50.0], [10.0, 50.0]),
];

#[test]
fn positions_agree_with_proj() {
    for &(code, place, expected) in FACTS {
        let crs = Crs::epsg(code).unwrap_or_else(|| panic!("EPSG:{code}"));
        let found = crs.forward(place).unwrap_or_else(|| panic!("EPSG:{code} {place:?}"));
        // PROJ turns back from WGS 84 by the inverse of a Helmert transformation, proj4rs by one of small angles.
        let near = if matches!(code, 2263 | 5174 | 2097) { 0.1 } else { 0.01 };
        let off = (found[0] - expected[0]).hypot(found[1] - expected[1]);
        assert!(off < near, "EPSG:{code} {place:?}: {found:?}, {off} away");
        let back = crs.inverse(found).unwrap_or_else(|| panic!("EPSG:{code} {found:?}"));
        // At a pole any longitude will do.
        assert!((back[1] - place[1]).abs() < 1e-7, "EPSG:{code} {back:?}");
        assert!(place[1].abs() == 90.0 || ((back[0] - place[0]).abs() % 360.0) < 1e-7, "EPSG:{code} {back:?}");
    }
}

#[test]
fn mercator_agrees_with_published_points() {
    let [x, y] = Crs::WebMercator.project([180.0, Crs::MERCATOR_LATITUDE]);
    assert!((x - Crs::MERCATOR_HALF).abs() < 1e-6 && (y - Crs::MERCATOR_HALF).abs() < 1e-5, "{x} {y}");
    // EPSG Guidance Note 7-2, 1.3.3.2 (Popular Visualisation Pseudo Mercator).
    let [x, y] = Crs::WebMercator.project([-100.333_333_333, 24.381_786_944]);
    assert!((x + 11_169_055.58).abs() < 0.1 && (y - 2_800_000.0).abs() < 0.1, "{x} {y}");
    for point in [[0.0, 0.0], [129.746, 42.441], [-179.999, -84.9]] {
        let [lon, lat] = Crs::WebMercator.unproject(Crs::WebMercator.project(point));
        assert!((lon - point[0]).abs() < 1e-9 && (lat - point[1]).abs() < 1e-9);
    }
}

#[test]
fn what_lies_beyond_a_projection_is_not_answered_but_held() {
    let south = Crs::epsg(5041).unwrap();
    assert_eq!(south.forward([0.0, -80.0]), None);
    assert!(south.project([0.0, -80.0]).iter().all(|n| n.is_finite()));
    let europe = Crs::epsg(3035).unwrap();
    assert_eq!(europe.forward([-170.0, -52.0]), None);
    assert_eq!(europe.inverse([1e8, 1e8]), None);
    let mercator = Crs::epsg(3395).unwrap();
    assert_eq!(mercator.forward([0.0, 90.0]), None);
    assert_eq!(mercator.inverse([3e7, 0.0]), None);
    assert_eq!(mercator.inverse([f64::NAN, 0.0]), None);
}

#[test]
fn names_are_read_in_every_spelling() {
    let latlon = Crs::epsg(4326).unwrap();
    for name in [
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "https://www.opengis.net/def/crs/EPSG/9.9.1/4326",
        "http://opengis.net/def/crs/epsg/0/4326",
        "urn:ogc:def:crs:EPSG::4326",
        "urn:ogc:def:crs:EPSG:6.9:4326",
        "EPSG:4326",
        "[EPSG:4326]",
        "epsg:4326",
        "4326",
    ] {
        assert_eq!(Crs::parse(name).as_ref(), Ok(&latlon), "{name}");
    }
    for name in [
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "[OGC:CRS84]",
        "CRS:84",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
    ] {
        assert_eq!(Crs::parse(name), Ok(Crs::Crs84), "{name}");
    }
    assert_eq!(Crs::parse("http://www.opengis.net/def/crs/OGC/0/CRS84h"), Ok(Crs::Crs84h));
    for name in [
        "",
        "EPSG",
        "EPSG:",
        "EPSG:43 26",
        "EPSG:-1",
        "http://www.opengis.net/def/crs/EPSG/4326",
        "http://example.org/4326",
        "é:4",
    ] {
        assert!(matches!(Crs::parse(name), Err(InvalidCrs::Name(_))), "{name}");
    }
    for name in ["EPSG:999999999999", "EPSG:4978", "EPSG:5703", "99999"] {
        assert!(matches!(Crs::parse(name), Err(InvalidCrs::Unknown(_))), "{name}");
    }
    for crs in [Crs::Crs84, Crs::Crs84h, Crs::WebMercator, latlon] {
        for name in [crs.uri().to_owned(), crs.short_name(), crs.urn()] {
            assert_eq!(Crs::parse(&name).as_ref(), Ok(&crs));
        }
    }
}

#[test]
fn axes_are_those_of_the_authority() {
    let axes = |code: u32| Crs::epsg(code).unwrap().axes();
    for code in [4326, 4258, 3035, 5174, 5179, 2193, 2180, 31467, 32661, 6677] {
        assert_eq!(axes(code), Axes::NorthEast, "{code}");
    }
    for code in [3857, 3395, 5041, 5042, 32652, 32731, 27700, 2154, 3031, 2056] {
        assert_eq!(axes(code), Axes::EastNorth, "{code}");
    }
    assert_eq!(axes(2048), Axes::WestSouth);
    for axes in [Axes::EastNorth, Axes::NorthEast, Axes::WestSouth, Axes::SouthWest] {
        assert_eq!(axes.read(axes.write([1.0, 2.0])), [1.0, 2.0]);
    }
}

#[test]
fn the_whole_table_can_be_computed() {
    let returns = |code: u32| {
        let crs = Crs::epsg(code)?;
        let center = crs.area().parts().next()?.center();
        let back = crs.inverse(crs.forward(center)?)?;
        ((back[0] - center[0]).abs() < 1e-5 && (back[1] - center[1]).abs() < 1e-5).then_some(())
    };
    let lost: Vec<u32> = registry::codes().filter(|&code| returns(code).is_none()).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(registry::codes().count() > 4000);
}

#[test]
fn boxes_hold_all_of_the_other_system() {
    for (code, rect) in [
        (5041, Rect::new(1e6, 1e6, 3e6, 3e6)),
        (5041, Rect::new(2.1e6, 1.5e6, 3e6, 2.5e6)),
        (5041, Rect::new(1.5e6, 2.5e6, 2.5e6, 3.5e6)),
        (5042, Rect::new(-1e6, -1e6, 5e6, 5e6)),
        (3035, Rect::new(2e6, 1e6, 6.5e6, 5.5e6)),
        (32652, Rect::new(1e5, 4e6, 9e5, 6e6)),
        (32601, Rect::new(1e5, 4e6, 9e5, 6e6)),
        (32631, Rect::new(-9.5e6, 0.0, 1.05e7, 2e7)),
        (3395, Rect::new(-2e7, -1e7, 2e7, 1e7)),
        (3857, Rect::new(-1e6, -1e6, 1e6, 1e6)),
        (2154, Rect::new(1e5, 6e6, 1.2e6, 7.2e6)),
    ] {
        let crs = Crs::epsg(code).unwrap();
        let bbox = crs.bbox_of(&rect).unwrap_or_else(|| panic!("{code}"));
        for row in 0..=40 {
            for column in 0..=40 {
                let at = |step: i32, low: f64, high: f64| low + (high - low) * f64::from(step) / 40.0;
                let point = [at(column, rect.min_x, rect.max_x), at(row, rect.min_y, rect.max_y)];
                let Some(place) = crs.inverse(point) else { continue };
                assert!(
                    bbox.parts().any(|part| part.grow(1e-9).contains(place)),
                    "{code} {rect:?}: {place:?} not in {bbox}"
                );
            }
        }
        let around = crs.rect_of(&bbox).unwrap();
        let margin = around.width().max(around.height()) * 1e-3;
        assert!(code == 32631 || around.grow(margin).covers(&rect), "{code} {rect:?} {around:?}");
    }
    let pole = Crs::epsg(5041).unwrap().bbox_of(&Rect::new(1e6, 1e6, 3e6, 3e6)).unwrap().to_array();
    assert_eq!((pole[0], pole[2], pole[3]), (-180.0, 180.0, 90.0));
    let crossing = Crs::epsg(32601).unwrap().bbox_of(&Rect::new(1e5, 4e6, 9e5, 6e6)).unwrap();
    assert!(crossing.crosses_antimeridian(), "{crossing}");
}

#[test]
fn boxes_are_read_in_the_order_of_the_authority() {
    let latlon = Crs::epsg(4326).unwrap();
    assert_eq!(latlon.read_bbox([40.0, 170.0, 50.0, -170.0]), Bbox::new(170.0, 40.0, -170.0, 50.0));
    assert!(latlon.read_bbox([50.0, 0.0, 40.0, 1.0]).is_err());
    assert!(latlon.read_bbox([0.0, 0.0, 100.0, 10.0]).is_err());
    let korea = Crs::epsg(5179).unwrap();
    let bbox = korea.read_bbox([1_900_000.0, 900_000.0, 2_000_000.0, 1_000_000.0]).unwrap().to_array();
    assert!((bbox[1] - 37.0).abs() < 0.5 && (bbox[0] - 126.4).abs() < 0.5, "{bbox:?}");
    assert!(korea.read_bbox([2_000_000.0, 900_000.0, 1_900_000.0, 1_000_000.0]).is_err());
    assert!(korea.read_bbox([1e9, 1e9, 2e9, 2e9]).is_err());
    let south = Crs::epsg(2048).unwrap();
    let cape = south.forward([18.5, -33.9]).unwrap();
    let [west, southing] = south.axes().write(cape);
    assert!(west > 0.0 && southing > 3.7e6, "{west} {southing}");
    let bbox = south.read_bbox([west - 1e4, southing - 1e4, west + 1e4, southing + 1e4]).unwrap();
    assert!(bbox.parts().any(|part| part.contains([18.5, -33.9])), "{bbox}");
}

#[test]
fn the_zone_of_the_data_is_offered() {
    let extent = Bbox::new(129.6, 42.3, 129.9, 42.6).unwrap();
    let list = CrsList::of_extent(Some(&extent));
    let names: Vec<String> = list.iter().map(Crs::short_name).collect();
    assert_eq!(names, ["OGC:CRS84", "EPSG:4326", "EPSG:3857", "EPSG:32652"]);
    let more = list.with(&[5174, 4326]).unwrap();
    assert_eq!(more.iter().len(), 5);
    assert!(more.find("[EPSG:5174]").is_some() && more.find("EPSG:5179").is_none());
    assert_eq!(more.with(&[1]), Err(InvalidCrs::Unknown("1".into())));
    let south = Bbox::new(-179.0, -40.0, -178.0, -39.0).unwrap();
    assert!(CrsList::of_extent(Some(&south)).find("EPSG:32701").is_some());
    assert_eq!(CrsList::of_extent(None).iter().len(), 3);
}
