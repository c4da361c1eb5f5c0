use super::*;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::Rect;

#[test]
fn tiles_outside_the_grid_do_not_exist() {
    let grid = Grid::web_mercator_quad();
    assert!(grid.tile(0, 0, 0).is_some());
    assert!(grid.tile(0, 1, 0).is_none());
    assert!(grid.tile(25, 0, 0).is_none());
    assert!(grid.tile(24, (1 << 24) - 1, 0).is_some());
}

#[test]
fn bounds_start_at_the_top_left_corner() {
    let grid = Grid::web_mercator_quad();
    let half = Crs::MERCATOR_HALF;
    assert_eq!(grid.bounds(grid.tile(1, 1, 0).unwrap()), Rect::new(0.0, 0.0, half, half));
    assert_eq!(grid.bounds(grid.tile(1, 0, 1).unwrap()), Rect::new(-half, -half, 0.0, 0.0));
}

#[test]
fn covering_names_every_tile_that_a_rectangle_reaches_into() {
    let grid = Grid::web_mercator_quad();
    let tiles: Vec<_> = grid.covering(1, &Rect::new(-1.0, 1.0, 1.0, 2.0)).map(|t| (t.column(), t.row())).collect();
    assert_eq!(tiles, [(0, 0), (1, 0)]);
    let coord = grid.tile(9, 440, 188).unwrap();
    assert!(grid.covering(9, &grid.bounds(coord).grow(-1.0)).eq([coord]));
    assert_eq!(grid.covering(9, &Rect::new(3e7, 0.0, 4e7, 1.0)).count(), 0);
}

/// Id, level, scale denominator, cell size, corner (east first), columns and rows as the register has them.
const REGISTER: &[(&str, &str, f64, f64, [f64; 2], [u32; 2])] = &[
    (
        "WebMercatorQuad",
        "0",
        559_082_264.028_717,
        156_543.033_928_041,
        [-20_037_508.342_789_2, 20_037_508.342_789_2],
        [1, 1],
    ),
    ("WorldCRS84Quad", "0", 279_541_132.014_358, 0.703_125, [-180.0, 90.0], [2, 1]),
    (
        "WorldCRS84Quad",
        "23",
        33.323_899_747_652_8,
        0.000_000_083_819_031_715_39,
        [-180.0, 90.0],
        [16_777_216, 8_388_608],
    ),
    (
        "WorldMercatorWGS84Quad",
        "1",
        279_541_132.014_358,
        78_271.516_964_020_4,
        [-20_037_508.342_789_2, 20_037_508.342_789_2],
        [2, 2],
    ),
    ("UPSArcticWGS84Quad", "0", 458_726_544.4, 128_443.432_4, [-14_440_759.350_252, 18_440_759.350_252], [1, 1]),
    ("UPSAntarcticWGS84Quad", "3", 57_340_818.05, 16_055.429_05, [-14_440_759.350_252, 18_440_759.350_252], [8, 8]),
    ("EuropeanETRS89_LAEAQuad", "0", 62_779_017.857_142_8, 17_578.125, [2_000_000.0, 5_500_000.0], [1, 1]),
    (
        "EuropeanETRS89_LAEAQuad",
        "15",
        1_915.863_582_066_12,
        0.536_441_803,
        [2_000_000.0, 5_500_000.0],
        [32_768, 32_768],
    ),
    (
        "UTM52WGS84Quad",
        "1",
        279_072_704.500_914,
        78_140.357_260_255_9,
        [-9_501_965.729_312_76, 20_003_931.458_625_5],
        [1, 2],
    ),
    (
        "UTM52WGS84Quad",
        "24",
        33.268_058_836_569_1,
        0.009_315_056_474_239_34,
        [-9_501_965.729_312_76, 20_003_931.458_625_5],
        [8_388_608, 16_777_216],
    ),
];

#[test]
fn registered_grids_are_those_of_the_register() {
    let near = |a: f64, b: f64| (a - b).abs() <= a.abs() * 1e-9 + 1e-9;
    for (id, name, scale, cell, origin, matrix) in REGISTER {
        let grid = Grid::registered(id).unwrap_or_else(|| panic!("{id}"));
        let level = &grid.levels()[usize::from(grid.level_of(name).unwrap())];
        assert!(near(level.scale_denominator, *scale), "{id} {}", level.scale_denominator);
        assert!(near(level.cell_size, *cell), "{id} {}", level.cell_size);
        assert!(near(level.origin[0], origin[0]) && near(level.origin[1], origin[1]), "{id} {:?}", level.origin);
        assert_eq!([level.width, level.height], *matrix, "{id}");
    }
    assert_eq!(Grid::registered_ids().filter_map(|id| Grid::registered(&id)).count(), 66);
    for id in ["UTM00WGS84Quad", "UTM61WGS84Quad", "UTM1WGS84Quad", "utm01wgs84quad", ""] {
        assert!(Grid::registered(id).is_none(), "{id}");
    }
    let europe = Grid::registered("EuropeanETRS89_LAEAQuad").unwrap();
    assert_eq!(europe.ordered_axes(), &["Y", "X"]);
    assert_eq!(europe.crs().axes().write(europe.levels()[0].origin), [5_500_000.0, 2_000_000.0]);
}

#[test]
fn levels_are_compared_by_their_scale() {
    let grid = Grid::web_mercator_quad();
    assert!((0..=24_u8).all(|zoom| grid.zoom(zoom) == f64::from(zoom)));
    assert_eq!(Grid::world_crs84_quad().zoom(0), 1.0);
}

#[test]
fn limits_hold_the_data_and_no_more() {
    let extent = Bbox::new(129.6, 42.3, 129.9, 42.6).unwrap();
    let grid = Grid::web_mercator_quad();
    let limits = grid.limits(&extent);
    assert_eq!(limits.len(), 25);
    assert_eq!((limits[0].columns, limits[0].rows), ([0, 0], [0, 0]));
    assert_eq!((limits[9].columns, limits[9].rows), ([440, 440], [188, 189]));
    assert!(
        limits[9].contains(grid.tile(9, 440, 188).unwrap()) && !limits[9].contains(grid.tile(9, 441, 188).unwrap())
    );
    let world = Grid::world_crs84_quad().limits(&Bbox::WORLD);
    assert_eq!((world[1].columns, world[1].rows), ([0, 3], [0, 1]));
    // Korea is not in Europe.
    assert!(Grid::registered("EuropeanETRS89_LAEAQuad").unwrap().limits(&extent).is_empty());
    let arctic = Grid::registered("UPSArcticWGS84Quad").unwrap();
    let cap = arctic.limits(&Bbox::new(-180.0, 85.0, 180.0, 90.0).unwrap());
    assert_eq!((cap[1].columns, cap[1].rows), ([0, 1], [0, 1]));
}

#[test]
fn a_document_is_read_and_what_is_wrong_is_named() {
    let document = |crs: &str, more: &str| {
        format!(
            r#"{{"id":"mine","crs":{crs},"tileMatrices":[{{"id":"far","cellSize":100,"scaleDenominator":357142.857142857,
            "pointOfOrigin":[600000,100000],"tileWidth":256,"tileHeight":128,"matrixWidth":4,"matrixHeight":3{more}}}]}}"#
        )
    };
    let korea = r#""http://www.opengis.net/def/crs/EPSG/0/5174""#;
    let grid = Grid::parse(&document(korea, ""), "file").unwrap();
    assert_eq!((grid.id(), grid.levels()[0].origin), ("mine", [100_000.0, 600_000.0]));
    let tile = grid.tile(grid.level_of("far").unwrap(), 1, 2).unwrap();
    assert_eq!(grid.bounds(tile), Rect::new(125_600.0, 561_600.0, 151_200.0, 574_400.0));
    let grid = Grid::parse(&document(r#"{"uri":"EPSG:5174"}"#, r#","cornerOfOrigin":"bottomLeft""#), "file").unwrap();
    assert_eq!(grid.bounds(tile), Rect::new(125_600.0, 625_600.0, 151_200.0, 638_400.0));
    let fault = |crs: &str, more: &str| Grid::parse(&document(crs, more), "file").unwrap_err().to_string();
    assert!(
        fault(korea, r#","variableMatrixWidths":[{"coalesce":2}]"#).contains("tileMatrices[0].variableMatrixWidths")
    );
    assert!(fault(korea, r#","cornerOfOrigin":"middle""#).contains("tileMatrices[0].cornerOfOrigin"));
    assert!(fault(r#""EPSG:1""#, "").starts_with("crs: EPSG:1 "));
    assert!(fault(r#"{"wkt":{}}"#, "").starts_with("crs: a name"));
    let broken = document(korea, "").replace(r#""cellSize":100"#, r#""cellSize":50"#);
    assert!(Grid::parse(&broken, "").unwrap_err().to_string().starts_with("tileMatrices[0].scaleDenominator"));
    let broken = document(korea, "").replace(r#""tileWidth":256"#, r#""tileWidth":0"#);
    assert!(Grid::parse(&broken, "").unwrap_err().to_string().starts_with("tileMatrices[0].tileWidth"));
    assert!(Grid::parse("{\n  \"id\": }", "").unwrap_err().to_string().contains("line 2"));
}
