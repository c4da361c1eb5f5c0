//! `tumen export` and `tumen merge`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::program::Server;
use crate::program::points;
use crate::program::program;
use crate::program::run;
use crate::program::text;
use crate::program::until;

/// Points whose names are of little use to who packs them, so that tiles have many bytes.
fn many(count: u64) -> String {
    let mut features = String::new();
    for n in 0..count {
        let mixed = |salt: u64| {
            (n + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
        };
        let (lon, lat) = (mixed(1) % 3_000_000, mixed(2) % 2_000_000);
        let name = [3, 4, 5, 6, 7, 8].map(mixed).iter().fold(String::new(), |name, part| format!("{name}{part:016x}"));
        let (lon, lat) = (lon as f64 / 1e6 + 128.0, lat as f64 / 1e6 + 41.0);
        let separator = if n == 0 { "" } else { "," };
        write!(
            features,
            r#"{separator}{{"type":"Feature","id":{n},"properties":{{"name":"{name}"}},"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}}}}"#
        )
        .unwrap();
    }
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}

fn export(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = run(folder, &[&["export", "--json", "--log", "error"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_was_killed_is_gone_on_with_and_is_the_same_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), many(8000)).unwrap();
    let at = |name: &str| folder.path().join(name);
    export(folder.path(), &["a.geojson", "-o", "whole.pmtiles", "--zoom", "0-12"]);
    let arguments = ["export", "a.geojson", "-o", "torn.pmtiles", "--zoom", "0-12", "--threads", "1"];
    // Between the first batch and the end there is little time, which a busy machine may let pass.
    let is_torn = (0..20).any(|_| {
        let mut begun = program(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let has_batch = || fs::metadata(at("torn.pmtiles.journal")).is_ok_and(|file| file.len() > 32);
        while !has_batch() && begun.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        begun.kill().unwrap();
        begun.wait().unwrap();
        let is_whole = fs::remove_file(at("torn.pmtiles")).is_ok();
        !is_whole && at("torn.pmtiles.part").exists()
    });
    assert!(is_torn, "it was too quick to be killed");
    let left = fs::metadata(at("torn.pmtiles.part")).unwrap().len();
    assert!(left > 0 && left < fs::metadata(at("whole.pmtiles")).unwrap().len());

    let output = run(folder.path(), &[&arguments[..], &["--resume"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("going on where it stopped"), "{}", text(&output.stderr));
    assert!(fs::read(at("torn.pmtiles")).unwrap() == fs::read(at("whole.pmtiles")).unwrap());
    assert!(!at("torn.pmtiles.part").exists() && !at("torn.pmtiles.journal").exists());
}

#[test]
fn killed_at_any_time_an_export_leaves_no_archive_or_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), many(4000)).unwrap();
    export(folder.path(), &["a.geojson", "-o", "whole.pmtiles", "--zoom", "0-9"]);
    let whole = fs::read(folder.path().join("whole.pmtiles")).unwrap();
    for wait in [0, 40, 90, 160, 250, 400, 650, 1000, 1600] {
        let arguments = ["export", "a.geojson", "-o", "torn.pmtiles", "--zoom", "0-9"];
        let mut begun = program(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(wait));
        begun.kill().unwrap();
        begun.wait().unwrap();
        // What is there under its name is whole; what is not there is not served either.
        let torn = fs::read(folder.path().join("torn.pmtiles")).ok();
        assert!(torn.as_ref().is_none_or(|torn| *torn == whole), "after {wait} ms");
        if torn.is_some() {
            break;
        }
        let server = Server::start(folder.path(), &[]);
        assert_eq!(server.get("/data/torn.json").status, 404);
    }
    // Whatever was left behind, the same command makes it whole.
    export(folder.path(), &["a.geojson", "-o", "torn.pmtiles", "--zoom", "0-9", "--force"]);
    assert!(fs::read(folder.path().join("torn.pmtiles")).unwrap() == whole);
}

#[test]
fn of_two_exports_to_one_name_one_writes_it_and_the_other_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), many(4000)).unwrap();
    let begin = |out: &str| {
        let arguments = ["export", "a.geojson", "--zoom", "0-9", "-o", out];
        program(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let [one, other] = [begin("both.pmtiles"), begin("both.pmtiles")].map(|child| child.wait_with_output().unwrap());
    let (good, refused) = if one.status.success() { (one, other) } else { (other, one) };
    assert!(good.status.success(), "{}", text(&good.stderr));
    let told = text(&refused.stderr);
    assert!(told.contains("is being written by another process") || told.contains("is there already"), "{told}");
    export(folder.path(), &["a.geojson", "-o", "alone.pmtiles", "--zoom", "0-9"]);
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("both.pmtiles") == read("alone.pmtiles"));
}

#[test]
fn shards_of_several_machines_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), many(300)).unwrap();
    let whole = export(folder.path(), &["a.geojson", "-o", "whole.pmtiles", "--zoom", "2-9"]);
    let of =
        |shard: &str, out: &str| export(folder.path(), &["a.geojson", "-o", out, "--zoom", "2-9", "--shard", shard]);
    let parts = [of("1/2", "1.pmtiles"), of("2/2", "2.pmtiles")].map(|report| report["tiles"].as_u64().unwrap());
    assert_eq!(Some(parts[0] + parts[1]), whole["tiles"].as_u64());
    let merged = run(folder.path(), &["merge", "merged.pmtiles", "2.pmtiles", "1.pmtiles"]);
    assert_eq!(merged.status.code(), Some(0), "{}", text(&merged.stderr));
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("merged.pmtiles") == read("whole.pmtiles"));
    let lacking = run(folder.path(), &["merge", "x.pmtiles", "2.pmtiles"]);
    assert_eq!(lacking.status.code(), Some(1));
    assert!(text(&lacking.stderr).contains("shards are missing to make it whole: 1/2"));
    assert!(!folder.path().join("x.pmtiles").exists());
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing_under_the_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), points(3)).unwrap();
    fs::write(folder.path().join("there.pmtiles"), "text").unwrap();
    fs::create_dir(folder.path().join("folder.pmtiles")).unwrap();
    let refused = |arguments: &[&str], reason: &str| {
        let output = run(folder.path(), &[&["export", "a.geojson", "--zoom", "0-3"], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(text(&output.stderr).contains(reason), "{arguments:?}: {}", text(&output.stderr));
    };
    refused(
        &["-o", "there.pmtiles"],
        "there.pmtiles is there already: choose another name, or replace it with --force",
    );
    refused(&["-o", "folder.pmtiles", "--force"], "folder.pmtiles is a folder, which is not replaced by a file");
    refused(&["-o", "no/a.pmtiles"], "there is no folder no to write into");
    refused(&["-o", "a.zip"], "the name of an archive ends in .pmtiles or .mbtiles");
    refused(&["-o", "a.mbtiles", "--shard", "1/2"], "shards are written as .pmtiles only");
    refused(&["-o", "a.pmtiles", "--resume"], "there is nothing to go on with");
    refused(&["-o", "a.pmtiles", "--filter", "people >"], "--filter");
    refused(&["-o", "a.pmtiles", "--collections", "b"], "there is no collection 'b'; there are: a");
    refused(&["-o", "a.pmtiles", "--style", "none"], "there is no style 'none', and no file of that name");
    assert_eq!(fs::read(folder.path().join("there.pmtiles")).unwrap(), b"text");
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    export(folder.path(), &["a.geojson", "-o", "there.pmtiles", "--force", "--zoom", "0-3"]);
    assert!(fs::read(folder.path().join("there.pmtiles")).unwrap().starts_with(b"PMTiles\x03"));
}

#[test]
fn a_full_disk_is_said_and_what_was_written_stays_to_go_on_with() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), many(8000)).unwrap();
    // A limit on the size of files is what a test can have of a full disk; the signal that goes with it is ignored.
    let script = "trap '' XFSZ; ulimit -f 1500; exec \"$0\" export a.geojson -o a.pmtiles --zoom 0-10";
    let limited = ["-c", script, env!("CARGO_BIN_EXE_tumen")];
    let output = Command::new("bash").args(limited).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("there is no room left for a.pmtiles.part"), "{}", text(&output.stderr));
    assert!(!folder.path().join("a.pmtiles").exists());
    export(folder.path(), &["a.geojson", "-o", "a.pmtiles", "--zoom", "0-10", "--resume"]);
    export(folder.path(), &["a.geojson", "-o", "b.pmtiles", "--zoom", "0-10"]);
    assert!(fs::read(folder.path().join("a.pmtiles")).unwrap() == fs::read(folder.path().join("b.pmtiles")).unwrap());
}

#[test]
fn pictures_of_a_style_are_those_that_are_served() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("features")).unwrap();
    fs::create_dir(folder.path().join("styles")).unwrap();
    fs::write(folder.path().join("features/a.geojson"), points(3)).unwrap();
    let style = r##"{"version":8,"sources":{"a":{"type":"vector","url":"/data/a.json"}},"layers":[
        {"id":"b","type":"background","paint":{"background-color":"#204080"}},
        {"id":"c","type":"circle","source":"a","source-layer":"a","paint":{"circle-radius":9,"circle-color":"#ffcc00"}}]}"##;
    fs::write(folder.path().join("styles/dots.json"), style).unwrap();
    let report = export(folder.path(), &["-o", "dots", "--style", "dots", "--zoom", "0-3"]);
    assert!(report["tiles"].as_u64().unwrap() >= 4, "{report}");
    let server = Server::start(folder.path(), &[]);
    let tile = server.get("/styles/dots/0/0/0.png");
    let own = fs::read(folder.path().join("dots/0/0/0.png")).unwrap();
    assert_eq!(String::from_utf8_lossy(&own), tile.body);
}

#[test]
fn an_archive_is_served_and_followed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), points(3)).unwrap();
    let out = |zoom: &str| export(folder.path(), &["a.geojson", "-o", "tiles.pmtiles", "--force", "--zoom", zoom]);
    out("0-2");
    let server = Server::start(folder.path(), &["tiles.pmtiles"]);
    let document = || -> serde_json::Value { serde_json::from_str(&server.get("/data/tiles.json").body).unwrap() };
    assert_eq!((document()["maxzoom"].as_u64(), document()["vector_layers"][0]["id"].as_str()), (Some(2), Some("a")));
    assert_eq!(server.get("/data/tiles/0/0/0.pbf").status, 200);
    assert!(server.get("/data").body.contains(r#""id":"tiles""#));
    out("0-4");
    until("the new archive is served", || document()["maxzoom"].as_u64() == Some(4));
}

#[test]
fn gdal_reads_the_databases() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        eprintln!("skipped: GDAL is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), many(200)).unwrap();
    export(folder.path(), &["a.geojson", "-o", "a.mbtiles", "--zoom", "0-5"]);
    let command = ["-so", "-al", "-oo", "ZOOM_LEVEL=5", "a.mbtiles"];
    let output = Command::new("ogrinfo").args(command).current_dir(folder.path()).output().unwrap();
    let said = text(&output.stdout);
    assert!(said.contains("Layer name: a") && said.contains("name: String"), "{said}\n{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("ERROR"), "{}", text(&output.stderr));
}

#[test]
fn maplibre_tiles_are_exported_the_same_with_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), many(3000)).unwrap();
    let at = |name: &str| folder.path().join(name);
    for threads in ["1", "3"] {
        let name = format!("{threads}.pmtiles");
        let arguments = ["a.geojson", "-o", &name, "--zoom", "0-9", "--format", "mlt", "--threads", threads];
        export(folder.path(), &arguments);
    }
    export(folder.path(), &["a.geojson", "-o", "plain.pmtiles", "--zoom", "0-9"]);
    export(folder.path(), &["a.geojson", "-o", "tiles", "--zoom", "0-9", "--format", "mlt"]);
    let archive = fs::read(at("1.pmtiles")).unwrap();
    assert!(archive == fs::read(at("3.pmtiles")).unwrap(), "the bytes depend on the number of threads");
    assert_eq!((archive[99], fs::read(at("plain.pmtiles")).unwrap()[99]), (6, 1));
    let document: serde_json::Value = serde_json::from_slice(&fs::read(at("tiles/tiles.json")).unwrap()).unwrap();
    assert_eq!((&document["encoding"], &document["tiles"][0]), (&"mlt".into(), &"{z}/{x}/{y}.mlt".into()));
    assert!(at("tiles/0/0/0.mlt").exists());
    for (arguments, words) in
        [(&["--format", "png"][..], "--style"), (&["--format", "mlt", "--style", "atlas"][..], "png, webp or jpeg")]
    {
        let output = run(folder.path(), &[&["export", "a.geojson", "-o", "no.pmtiles"][..], arguments].concat());
        assert!(!output.status.success() && text(&output.stderr).contains(words), "{}", text(&output.stderr));
    }
}
