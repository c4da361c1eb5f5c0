//! Archives, written and read again.

use std::fs;

use serde_json::Map;
use serde_json::json;

use super::*;
use crate::space::Grid;
use crate::tile::archive::Content;
use crate::tile::archive::Mbtiles;
use crate::tile::archive::Pmtiles;
use crate::tile::archive::first_number;
use crate::tile::gzip;

fn description() -> Description {
    let mut members = Map::new();
    members.insert("name".to_owned(), json!("squares"));
    members.insert("vector_layers".to_owned(), json!([{ "id": "squares", "fields": {} }]));
    Description { format: Format::Mvt, bounds: [-10.0, -20.0, 30.0, 40.5], center: [10.0, 10.25, 3.0], members }
}

fn write(target: &Target, tiles: impl IntoIterator<Item = (u64, Vec<u8>)>) -> Sizes {
    let mut spool = Spool::open(target, 7, false).unwrap();
    tiles.into_iter().for_each(|(number, bytes)| spool.add(number, &bytes).unwrap());
    spool.finish(&description()).unwrap()
}

#[test]
fn the_header_says_what_the_specification_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    let tiles =
        [(1, "a"), (2, "b"), (3, "b"), (5, "a"), (6, "c")].map(|(number, text)| (number, gzip(text.as_bytes(), 1)));
    let length: usize = [0, 1, 4].iter().map(|&at: &usize| tiles[at].1.len()).sum();
    let sizes = write(&Target::new(&path, false).unwrap(), tiles);
    assert_eq!((sizes.tiles(), sizes.contents()), (5, 3));
    let file = fs::read(&path).unwrap();
    let long = |at: usize| u64::from_le_bytes(file[at..at + 8].try_into().unwrap());
    let degrees = |at: usize| f64::from(i32::from_le_bytes(file[at..at + 4].try_into().unwrap())) / 1e7;
    assert_eq!(&file[..8], b"PMTiles\x03");
    // Root, metadata, leaves and tiles follow the header without a gap, and end the file.
    let mut end = 127;
    for at in [8, 24, 40, 56] {
        assert_eq!(long(at), end, "byte {at}");
        end += long(at + 8);
    }
    assert_eq!((end, long(64)), (file.len() as u64, length as u64));
    // Tiles, entries (2 and 3 are a run) and contents; clustered, gzip twice, MVT, zooms 1 to 2.
    assert_eq!([long(72), long(80), long(88)], [5, 4, 3]);
    assert_eq!(file[96..102], [1, 2, 2, 1, 1, 2]);
    assert_eq!([102, 106, 110, 114].map(degrees), [-10.0, -20.0, 30.0, 40.5]);
    assert_eq!((file[118], degrees(119), degrees(123)), (2, 10.0, 10.25));
    let mut archive = Pmtiles::open(&file).unwrap();
    let metadata = archive.metadata().unwrap();
    archive.add_metadata(&file[metadata.start as usize..metadata.end as usize]).unwrap();
    assert_eq!((archive.about().content, &archive.about().members["name"]), (Content::Mvt, &json!("squares")));
}

#[test]
fn many_tiles_have_leaf_directories_that_lead_to_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    let start = first_number(12);
    // No two neighbours are the same, so that none is in a run; all numbers are even.
    let numbers = || (0..40_000_u64).map(|n| start + n * 3 + n % 2);
    let tiles = numbers().map(|number| (number, format!("tile {}", number % 1000).into_bytes()));
    let sizes = write(&Target::new(&path, false).unwrap(), tiles);
    assert_eq!((sizes.tiles(), sizes.contents(), sizes.zooms[0].zoom), (40_000, 500, 12));
    let file = fs::read(&path).unwrap();
    assert!(u64::from_le_bytes(file[48..56].try_into().unwrap()) > 0, "there are leaves");
    let mut archive = PackedTiles::open(&path).unwrap();
    for number in numbers() {
        let (found, place) = archive.next_tile().unwrap().unwrap();
        assert_eq!((found, archive.bytes(&place).unwrap()), (number, format!("tile {}", number % 1000).into_bytes()));
    }
    assert_eq!(archive.next_tile().unwrap(), None);
}

#[test]
fn a_database_and_a_folder_hold_the_same_tiles() {
    let folder = tempfile::tempdir().unwrap();
    let tiles = || [(0, gzip(b"world", 1)), (1, gzip(b"north", 1)), (3, gzip(b"world", 1))];
    let database = folder.path().join("a.mbtiles");
    write(&Target::new(&database, false).unwrap(), tiles());
    let archive = Mbtiles::open(&database).unwrap();
    let grid = Grid::web_mercator_quad();
    let tile = |level, column, row| archive.tile(grid.tile(level, column, row).unwrap()).unwrap();
    assert_eq!(tile(0, 0, 0).as_deref(), Some(&b"world"[..]));
    assert_eq!((tile(1, 0, 0).as_deref(), tile(1, 0, 1)), (Some(&b"north"[..]), None));
    assert_eq!(tile(1, 1, 1).as_deref(), Some(&b"world"[..]));
    let about = archive.about();
    assert_eq!((about.minzoom, about.maxzoom, about.bounds), (0, 1, Some([-10.0, -20.0, 30.0, 40.5])));
    assert_eq!(about.tilejson()["vector_layers"][0]["id"], "squares");
    let files = folder.path().join("files");
    write(&Target::new(&files, false).unwrap(), tiles());
    assert_eq!(fs::read(files.join("1/1/1.pbf")).unwrap(), b"world");
    assert!(!files.join("1/0/1.pbf").exists());
    let document: serde_json::Value = serde_json::from_slice(&fs::read(files.join("tiles.json")).unwrap()).unwrap();
    assert_eq!((&document["tiles"][0], &document["maxzoom"]), (&json!("{z}/{x}/{y}.pbf"), &json!(1)));
    // What is there is replaced only on demand, and then as a whole.
    assert!(matches!(Target::new(&files, false), Err(Unwritable::Exists(_))));
    write(&Target::new(&files, true).unwrap(), [(0, gzip(b"new", 1))]);
    assert!(files.join("0/0/0.pbf").exists() && !files.join("1").exists());
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_name_that_is_no_archive_or_is_taken_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let new = |name: &str, force| Target::new(&folder.path().join(name), force).map(|target| target.container());
    assert!(matches!(new("a.zip", false), Err(Unwritable::Ending(_))));
    assert!(matches!(new("none/a.pmtiles", false), Err(Unwritable::NoFolder(_))));
    fs::create_dir(folder.path().join("b.pmtiles")).unwrap();
    fs::write(folder.path().join("c"), "text").unwrap();
    assert!(matches!(new("b.pmtiles", true), Err(Unwritable::OtherKind(..))));
    assert!(matches!(new("c", true), Err(Unwritable::OtherKind(..))));
    assert_eq!(new("d.PMTiles", false).unwrap(), Container::Pmtiles);
}
