//! Small archives, made here.

use serde_json::json;

use super::hilbert::tile_number;
use super::sample::gzip;
use super::sample::pmtiles;
use super::*;
use crate::space::Grid;
use crate::space::TileCoord;

fn coord(level: u8, column: u32, row: u32) -> TileCoord {
    Grid::web_mercator_quad().tile(level, column, row).unwrap()
}

fn find(archive: &Pmtiles, file: &[u8], coord: TileCoord) -> Option<Vec<u8>> {
    loop {
        match archive.step(coord).unwrap() {
            Step::Directory(range) => {
                archive.add_directory(&range, &file[range.start as usize..range.end as usize]).unwrap();
            }
            Step::Tile(range) => {
                return Some(archive.unpack_tile(&file[range.start as usize..range.end as usize]).unwrap());
            }
            Step::Nothing => return None,
        }
    }
}

#[test]
fn tiles_are_found_in_the_root_and_in_leaves() {
    let file = pmtiles();
    let mut archive = Pmtiles::open(&file).unwrap();
    assert_eq!(find(&archive, &file, coord(0, 0, 0)).as_deref(), Some(&b"world"[..]));
    assert_eq!(find(&archive, &file, coord(1, 1, 0)).as_deref(), Some(&b"quarter"[..]));
    assert_eq!(find(&archive, &file, coord(1, 0, 0)), find(&archive, &file, coord(1, 1, 0)));
    assert_eq!((find(&archive, &file, coord(1, 1, 1)), find(&archive, &file, coord(2, 0, 0))), (None, None));
    let metadata = archive.metadata().unwrap();
    archive.add_metadata(&file[metadata.start as usize..metadata.end as usize]).unwrap();
    let about = archive.about();
    assert_eq!((about.content, about.minzoom, about.maxzoom), (Content::Mvt, 0, 1));
    assert_eq!(
        (about.bounds, about.tilejson()["name"].as_str()),
        (Some([-180.0, -85.0, 180.0, 85.0]), Some("quarters"))
    );
}

#[test]
fn numbers_go_along_the_curve_of_the_specification() {
    let numbers: Vec<u64> = [(0, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0), (2, 0, 0), (2, 0, 3)]
        .map(|(level, column, row)| tile_number(coord(level, column, row)))
        .to_vec();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 5 + 5]);
    assert_eq!(tile_number(coord(12, 3423, 1763)), 19_078_479);
}

#[test]
fn each_number_of_a_zoom_is_that_of_one_tile_and_neighbours_follow_each_other() {
    let mut by_number: Vec<(u64, u32, u32)> =
        (0..32).flat_map(|x| (0..32).map(move |y| (tile_number(coord(5, x, y)), x, y))).collect();
    by_number.sort_unstable();
    for (index, pair) in by_number.windows(2).enumerate() {
        let [(number, x, y), (_, next_x, next_y)] = pair else { unreachable!("pairs are two") };
        assert_eq!(*number, 341 + index as u64);
        assert_eq!(x.abs_diff(*next_x) + y.abs_diff(*next_y), 1);
    }
}

#[test]
fn damaged_archives_are_refused_and_never_panic() {
    let file = pmtiles();
    assert!(matches!(Pmtiles::open(&file[..100]), Err(Error::Format(_))));
    assert!(matches!(Pmtiles::open(b"PMTiles\x02".repeat(20).as_slice()), Err(Error::Format(_))));
    for at in 0..file.len() {
        let mut broken = file.clone();
        broken[at] ^= 0x55;
        let Ok(archive) = Pmtiles::open(&broken) else { continue };
        for coord in [coord(0, 0, 0), coord(1, 1, 0), coord(9, 3, 3)] {
            let Ok(Step::Directory(range)) = archive.step(coord) else { continue };
            if let Some(bytes) = broken.get(range.start as usize..range.end as usize) {
                drop(archive.add_directory(&range, bytes));
                drop(archive.step(coord));
            }
        }
    }
}

#[test]
fn tiles_of_a_database_are_counted_from_the_south_and_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.mbtiles");
    let database = rusqlite::Connection::open(&file).unwrap();
    let tables = "CREATE TABLE metadata (name TEXT, value TEXT);
        CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
        INSERT INTO metadata VALUES ('name', 'towns'), ('format', 'pbf'), ('bounds', '-10,-20,30,40'),
            ('json', '{\"vector_layers\":[{\"id\":\"towns\"}]}');";
    database.execute_batch(tables).unwrap();
    let insert = "INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)";
    database.execute(insert, (1, 0, 1, gzip(b"north"))).unwrap();
    database.execute(insert, (3, 0, 0, b"south")).unwrap();
    drop(database);
    let archive = Mbtiles::open(&file).unwrap();
    assert_eq!(archive.tile(coord(1, 0, 0)).unwrap().as_deref(), Some(&b"north"[..]));
    assert_eq!(archive.tile(coord(3, 0, 7)).unwrap().as_deref(), Some(&b"south"[..]));
    assert_eq!(archive.tile(coord(3, 0, 0)).unwrap(), None);
    let about = archive.about();
    assert_eq!((about.content, about.minzoom, about.maxzoom), (Content::Mvt, 1, 3));
    assert_eq!(about.tilejson()["vector_layers"], json!([{ "id": "towns" }]));
    assert_eq!(about.bounds, Some([-10.0, -20.0, 30.0, 40.0]));
}

#[test]
fn a_database_that_would_be_searched_for_ever_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.mbtiles");
    let database = rusqlite::Connection::open(&file).unwrap();
    let tables = "CREATE TABLE metadata (name TEXT, value TEXT);
        INSERT INTO metadata VALUES ('minzoom', '0'), ('maxzoom', '5');
        CREATE VIEW tiles AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
            SELECT x % 2 AS zoom_level, x % 3 + 5 AS tile_column, x AS tile_row, NULL AS tile_data FROM n;";
    database.execute_batch(tables).unwrap();
    drop(database);
    let archive = Mbtiles::open(&file).unwrap();
    assert!(matches!(archive.tile(coord(1, 0, 0)), Err(Error::Database(_))));
    std::fs::write(folder.path().join("b"), "no database at all, but some text").unwrap();
    assert!(matches!(Mbtiles::open(&folder.path().join("b")), Err(Error::Database(_))));
}
