//! Exports, made and read again.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::catalog;
use crate::catalog::Collection;
use crate::catalog::Extras;
use crate::catalog::vector_tile;
use crate::config::Config;
use crate::query::Query;
use crate::space::Bbox;
use crate::space::Grid;
use crate::tile::Encoding;
use crate::tile::archive::Mbtiles;
use crate::tile::archive::tile_at;
use crate::tile::archive::write::PackedTiles;
use crate::tile::archive::write::Sizes;
use crate::tile::archive::write::Spool;
use crate::tile::archive::write::Target;
use crate::tile::archive::write::Unwritable;
use crate::tile::codec::VectorFormat;
use crate::tile::codec::mvt;

/// Towns in two corners of the world, with a square so large that most of its tiles are the same.
fn collections(folder: &TempDir) -> Vec<Arc<Collection>> {
    let towns = (0..600).map(|n| {
        let (lon, lat) = (f64::from(n % 37) * 0.31 + 120.0, f64::from(n % 23) * 0.27 - 10.0);
        let geometry = json!({ "type": "Point", "coordinates": [if n % 5 == 0 { lon - 180.0 } else { lon }, lat] });
        json!({ "type": "Feature", "id": n, "geometry": geometry, "properties": { "name": format!("town {n}") } })
    });
    let towns = json!({ "type": "FeatureCollection", "features": towns.collect::<Vec<_>>() });
    let ring = [[-90.0, -40.0], [-30.0, -40.0], [-30.0, 40.0], [-90.0, 40.0], [-90.0, -40.0]];
    let sea = json!({ "type": "Polygon", "coordinates": [ring] });
    fs::write(folder.path().join("towns.geojson"), towns.to_string()).unwrap();
    fs::write(folder.path().join("sea.geojson"), sea.to_string()).unwrap();
    let features = vec![folder.path().display().to_string()];
    let (catalog, problems) = catalog::build(&Config { features, ..Config::default() });
    assert!(problems.is_empty(), "{problems:?}");
    catalog.collections.values().cloned().collect()
}

fn job(folder: &TempDir) -> Job {
    let parts = collections(folder).into_iter().map(|own| (own, Query::default())).collect();
    Job { content: Content::Features(parts, VectorFormat::Mvt), zooms: [0, 7], bbox: None, shard: Shard::WHOLE }
}

fn write(job: &Job, path: &Path, threads: usize) -> Sizes {
    let spool = Spool::open(&Target::new(path, true).unwrap(), job.own_version(), false).unwrap();
    export(job, spool, NonZeroUsize::new(threads).unwrap(), |_| {}).unwrap()
}

/// The tile as it is served: nothing when it shows nothing.
fn served(job: &Job, number: u64) -> Vec<u8> {
    let Content::Features(parts, _) = &job.content else { panic!("these are no pictures") };
    let (level, column, row) = tile_at(number).unwrap();
    let grid = Grid::web_mercator_quad();
    let coord = grid.tile(level, column, row).unwrap();
    let parts = parts.iter().map(|(own, query)| (own.as_ref(), query));
    mvt::encode(&vector_tile(parts, &grid, coord, &Extras::default()).tile)
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    std::io::Read::read_to_end(&mut Encoding::Gzip.unpacking(bytes).unwrap(), &mut body).unwrap();
    body
}

#[test]
fn an_archive_holds_every_tile_that_is_served_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (job, path) = (job(&folder), folder.path().join("a.pmtiles"));
    let sizes = write(&job, &path, 2);
    let mut archive = PackedTiles::open(&path).unwrap();
    let mut next = archive.next_tile().unwrap();
    for number in 0..crate::tile::archive::first_number(8) {
        let body = served(&job, number);
        match next.filter(|(own, _)| *own == number) {
            Some((_, place)) => {
                assert_eq!(unpacked(&archive.bytes(&place).unwrap()), body, "{number}");
                next = archive.next_tile().unwrap();
            }
            None => assert!(body.is_empty(), "{number} is missing"),
        }
    }
    assert_eq!(next, None);
    assert_eq!(sizes.bytes, fs::metadata(&path).unwrap().len());
    assert_eq!(sizes.zooms.iter().map(|zoom| zoom.zoom).collect::<Vec<_>>(), (0..=7).collect::<Vec<_>>());
    assert!(sizes.contents() < sizes.tiles() * 3 / 4, "what is the same is there once: {sizes:?}");
    let [part, journal] = ["part", "journal"].map(|ending| folder.path().join(format!("a.pmtiles.{ending}")));
    assert!(!part.exists() && !journal.exists(), "nothing stays beside it");
}

#[test]
fn the_bytes_are_the_same_with_any_number_of_threads_and_shards() {
    let folder = tempfile::tempdir().unwrap();
    let (mut job, at) = (job(&folder), |name: &str| folder.path().join(name));
    for container in ["pmtiles", "mbtiles"] {
        let whole = at(&format!("whole.{container}"));
        write(&job, &whole, 1);
        let other = at(&format!("other.{container}"));
        write(&job, &other, 5);
        assert_eq!(fs::read(&other).unwrap(), fs::read(&whole).unwrap(), "{container}");
    }
    let mut shards: Vec<PathBuf> = Vec::new();
    let mut tiles = 0;
    for number in 1..=3 {
        job.shard = format!("{number}/3").parse().unwrap();
        shards.push(at(&format!("shard{number}.pmtiles")));
        tiles += write(&job, &shards[number - 1], 2).tiles();
    }
    shards.reverse();
    for container in ["pmtiles", "mbtiles"] {
        let merged = at(&format!("merged.{container}"));
        let sizes = merge(&Target::new(&merged, false).unwrap(), &shards).unwrap();
        assert_eq!(sizes.tiles(), tiles);
        assert!(fs::read(&merged).unwrap() == fs::read(at(&format!("whole.{container}"))).unwrap(), "{container}");
    }
    let incomplete = merge(&Target::new(&at("x.pmtiles"), false).unwrap(), &shards[1..]).unwrap_err().to_string();
    assert!(incomplete.ends_with("shards are missing to make it whole: 3/3"), "{incomplete}");
    let whole = merge(&Target::new(&at("x.pmtiles"), false).unwrap(), &[at("whole.pmtiles")]).unwrap_err();
    assert!(whole.to_string().contains("it is no shard"), "{whole}");
    assert!(!at("x.pmtiles").exists());
}

#[test]
fn what_was_torn_anywhere_is_gone_on_with_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (job, whole) = (job(&folder), folder.path().join("whole.pmtiles"));
    write(&job, &whole, 2);
    let expected = fs::read(&whole).unwrap();
    let mut tiles = PackedTiles::open(&whole).unwrap();
    let mut all = Vec::new();
    while let Some((number, place)) = tiles.next_tile().unwrap() {
        all.push((number, tiles.bytes(&place).unwrap()));
    }
    let path = folder.path().join("torn.pmtiles");
    let target = Target::new(&path, true).unwrap();
    let [part, journal] = ["part", "journal"].map(|ending| folder.path().join(format!("torn.pmtiles.{ending}")));
    // Three batches, the last of which is damaged in each way that a crash may leave it.
    let spool_to = |end: usize, flush_at: &[usize]| {
        let mut spool = Spool::open(&target, job.own_version(), false).unwrap();
        for (at, (number, bytes)) in all[..end].iter().enumerate() {
            spool.add(*number, bytes).unwrap();
            if flush_at.contains(&at) {
                spool.flush().unwrap();
            }
        }
        drop(spool);
    };
    let (third, half) = (all.len() / 3, all.len() / 2);
    for (name, damage) in [("nothing", 0), ("journal", 1), ("part", 2), ("flipped", 3), ("foreign", 4)] {
        spool_to(half, &[third / 2, third, half - 1]);
        let (mut tiles, mut records) = (fs::read(&part).unwrap(), fs::read(&journal).unwrap());
        match damage {
            1 => records.truncate(records.len() - 7),
            2 => tiles.truncate(tiles.len() - 7),
            3 => *tiles.last_mut().unwrap() ^= 0x55,
            4 => records[20] ^= 0x55,
            _ => {}
        }
        fs::write(&part, tiles).unwrap();
        fs::write(&journal, records).unwrap();
        let spool = Spool::open(&target, job.own_version(), false).unwrap();
        let after = |at: usize| all[at].0 + 1;
        let next: &[u64] = match damage {
            0 => &[after(half - 1)],
            1 => &[after(third)],
            // Where the last batch brought no bytes of its own, the last bytes are those of the one before.
            2 | 3 => &[after(third), after(third / 2)],
            _ => &[0],
        };
        assert!(next.contains(&spool.next()), "{name}: {} and not {next:?}", spool.next());
        export(&job, spool, NonZeroUsize::MIN, |_| {}).unwrap();
        assert!(fs::read(&path).unwrap() == expected, "{name}");
    }
}

#[test]
fn two_cannot_write_one_archive_and_another_job_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::new(&folder.path().join("a.pmtiles"), false).unwrap();
    let mut spool = Spool::open(&target, 1, false).unwrap();
    spool.add(0, b"world").unwrap();
    spool.flush().unwrap();
    assert!(matches!(Spool::open(&target, 1, false), Err(Unwritable::Busy(_))));
    drop(spool);
    assert_eq!(Spool::open(&target, 1, true).unwrap().next(), 1);
    assert!(matches!(Spool::open(&target, 2, true), Err(Unwritable::NotBegun(_))));
    assert_eq!(Spool::open(&target, 2, false).unwrap().next(), 0);
}

#[test]
fn a_box_and_a_filter_leave_out_tiles() {
    let folder = tempfile::tempdir().unwrap();
    let (mut job, path) = (job(&folder), folder.path().join("a.mbtiles"));
    let all = write(&job, &path, 2).tiles();
    job.bbox = Some(Bbox::new(120.0, -11.0, 125.0, -5.0).unwrap());
    let some = write(&job, &path, 2).tiles();
    assert!(some * 10 < all, "{some} of {all}");
    let archive = Mbtiles::open(&path).unwrap();
    assert_eq!(archive.about().bounds, Some([120.0, -11.0, 125.0, -5.0]));
    let grid = Grid::web_mercator_quad();
    assert!(archive.tile(grid.tile(6, 53, 33).unwrap()).unwrap().is_some());
    assert_eq!(archive.tile(grid.tile(6, 20, 30).unwrap()).unwrap(), None);
    job.bbox = Some(Bbox::new(10.0, 60.0, 11.0, 61.0).unwrap());
    job.zooms = [5, 7];
    let spool = Spool::open(&Target::new(&path, true).unwrap(), job.own_version(), false).unwrap();
    assert!(matches!(export(&job, spool, NonZeroUsize::MIN, |_| {}), Err(Unexportable::Nothing)));
}

#[test]
fn an_estimate_is_near_what_comes_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (job, path) = (job(&folder), folder.path().join("a.pmtiles"));
    let sizes = write(&job, &path, 2);
    let estimate = estimate(&job, NonZeroUsize::MIN).unwrap();
    for (sizes, estimate) in sizes.zooms.iter().zip(&estimate.zooms) {
        assert_eq!(sizes.zoom, estimate.zoom);
        let ratio = estimate.tiles / sizes.tiles as f64;
        assert!((0.7..1.4).contains(&ratio), "{sizes:?} {estimate:?}");
    }
    assert_eq!(estimate.zooms.len(), sizes.zooms.len());
    assert!(job.candidate_count() >= sizes.tiles());
}
