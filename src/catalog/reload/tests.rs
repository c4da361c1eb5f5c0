//! Files that are written, changed, replaced, broken and removed while they are served.

use std::fs;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::thread::sleep;

use tempfile::TempDir;

use super::*;
use crate::catalog::Catalog;
use crate::config::Config;

/// A change has to be served within this time.
const PROMISED: Duration = Duration::from_secs(2);

struct Served {
    folder: TempDir,
    live: Live,
    _reload: Reload,
}

impl Served {
    /// Serves `features/a.geojson` with one feature.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let features = folder.path().join("features");
        fs::create_dir(&features).unwrap();
        fs::write(features.join("a.geojson"), points(1)).unwrap();
        let config = Config { features: vec![features.display().to_string()], ..Config::default() };
        let mut loader = Loader::new(&config);
        let live = Live::new(loader.load());
        assert_eq!(live.catalog().problems, []);
        let reload = Reload::start(loader, live.clone(), Metrics::default(), true);
        Self { folder, live, _reload: reload }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    /// Waits as long as was promised, and fails after it.
    fn until(&self, what: &str, holds: impl Fn(&Catalog) -> bool) {
        let begun = Instant::now();
        while !holds(&self.live.catalog()) {
            assert!(begun.elapsed() < PROMISED, "not within {PROMISED:?}: {what}");
            sleep(Duration::from_millis(10));
        }
    }

    fn stays(&self, what: &str, holds: impl Fn(&Catalog) -> bool) {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(1500) {
            assert!(holds(&self.live.catalog()), "{what}");
            sleep(Duration::from_millis(10));
        }
    }
}

fn points(count: usize) -> String {
    let point =
        |n| format!(r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{n},0]}},"properties":{{}}}}"#);
    let features: Vec<String> = (0..count).map(point).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn count(catalog: &Catalog, id: &str) -> Option<usize> {
    catalog.collection(id).map(|collection| collection.snapshot().len())
}

#[test]
fn added_changed_and_removed_files_are_followed() {
    let served = Served::start();
    served.write("features/b.geojson", points(2));
    served.until("an added file", |catalog| count(catalog, "b") == Some(2));
    served.write("features/b.geojson", points(3));
    served.until("a changed file", |catalog| count(catalog, "b") == Some(3));
    served.write("features/b.toml", "title = 'Bees'");
    served.until("an added description", |catalog| catalog.collection("b").is_some_and(|b| b.title() == "Bees"));
    fs::remove_file(served.path("features/b.geojson")).unwrap();
    fs::remove_file(served.path("features/b.toml")).unwrap();
    served.until("a removed file", |catalog| count(catalog, "b").is_none());
    assert_eq!(count(&served.live.catalog(), "a"), Some(1));
}

#[test]
fn a_file_that_is_renamed_over_another_is_served_and_never_missing() {
    let served = Served::start();
    served.write("features/.a.geojson.new", points(5));
    fs::rename(served.path("features/.a.geojson.new"), served.path("features/a.geojson")).unwrap();
    let begun = Instant::now();
    loop {
        let count = count(&served.live.catalog(), "a");
        assert!(matches!(count, Some(1 | 5)), "{count:?}");
        if count == Some(5) {
            break;
        }
        assert!(begun.elapsed() < PROMISED);
    }
}

#[test]
fn only_what_changed_is_read_again() {
    let served = Served::start();
    let before = served.live.catalog();
    served.write("features/b.geojson", points(2));
    served.until("an added file", |catalog| count(catalog, "b").is_some());
    let after = served.live.catalog();
    assert!(std::sync::Arc::ptr_eq(before.collection("a").unwrap(), after.collection("a").unwrap()));
    assert_eq!(after.differences(Some(&before)), (vec!["b"], vec!["automatic"]));
}

#[test]
fn a_file_that_is_still_being_written_waits() {
    let served = Served::start();
    let text = points(100);
    let mut file = File::create(served.path("features/slow.geojson")).unwrap();
    let mut written = Instant::now();
    for part in text.as_bytes().chunks(text.len() / 10 + 1) {
        file.write_all(part).unwrap();
        // On a machine so busy that this thread did not get on in time, the file did rest.
        let was_quick = written.elapsed() < REST / 2;
        written = Instant::now();
        let catalog = served.live.catalog();
        assert!(catalog.collection("slow").is_none());
        if !was_quick {
            break;
        }
        assert_eq!(catalog.problems, []);
        sleep(Duration::from_millis(80));
    }
    drop(file);
    served.write("features/slow.geojson", text);
    served.until("the finished file", |catalog| count(catalog, "slow") == Some(100));
}

#[test]
fn a_broken_file_leaves_its_last_good_version_and_a_problem_until_it_is_mended() {
    let served = Served::start();
    served.write("features/a.geojson", &points(7)[..50]);
    served.until("a problem", |catalog| catalog.failures() == 1);
    let problem = served.live.catalog().problems[0].clone();
    assert_eq!(problem.file, Path::new("a.geojson"));
    assert!(problem.message.ends_with("its last good version is served"), "{problem}");
    served.stays("the last good version", |catalog| count(catalog, "a") == Some(1));
    served.write("features/a.geojson", points(7));
    served.until("the mended file", |catalog| count(catalog, "a") == Some(7) && catalog.problems.is_empty());
}

#[test]
fn a_folder_that_cannot_be_listed_is_a_problem_and_no_loss() {
    let served = Served::start();
    fs::rename(served.path("features"), served.path("elsewhere")).unwrap();
    served.until("a problem", |catalog| catalog.failures() == 1);
    assert_eq!(served.live.catalog().problems[0].file, Path::new("features"));
    served.stays("what it held", |catalog| count(catalog, "a") == Some(1));
    fs::rename(served.path("elsewhere"), served.path("features")).unwrap();
    served.until("no problem", |catalog| catalog.problems.is_empty());
}

#[test]
fn styles_sprites_and_fonts_are_followed() {
    let served = Served::start();
    assert!(served.live.catalog().style("automatic").is_some());
    served.write("styles/plain.json", r#"{"version":8,"name":"Plain","sources":{},"layers":[]}"#);
    served.until("an added style", |catalog| catalog.style("plain").is_some_and(|style| style.title() == "Plain"));
    assert!(served.live.catalog().style("automatic").is_none());
    let version = served.live.catalog().styles["plain"].version;
    served.write("styles/sprites/plain.json", "{}");
    served.until("a sprite", |catalog| catalog.sprites.contains_key("plain.json"));
    assert_ne!(served.live.catalog().styles["plain"].version, version, "pictures of a style hold its sprites");
    served.write("styles/fonts/none.ttf", "no font");
    served.until("a font that is none", |catalog| catalog.failures() == 1);
    served.write("styles/plain.json", r#"{"version":8,"#);
    served.until("a broken style", |catalog| catalog.failures() == 2 && catalog.style("plain").is_some());
    fs::remove_dir_all(served.path("styles")).unwrap();
    served.until("no styles", |catalog| catalog.style("automatic").is_some() && catalog.problems.is_empty());
}

#[test]
fn everything_is_read_again_on_demand_without_watching() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.geojson");
    fs::write(&path, points(1)).unwrap();
    let config = Config { features: vec![path.display().to_string()], ..Config::default() };
    let mut loader = Loader::new(&config);
    let live = Live::new(loader.load());
    let reload = Reload::start(loader, live.clone(), Metrics::default(), false);
    let before = fs::metadata(&path).unwrap();
    fs::write(&path, points(1).replace("[0,0]", "[9,9]")).unwrap();
    File::open(&path).unwrap().set_modified(before.modified().unwrap()).unwrap();
    sleep(Duration::from_secs(1));
    let at = |x: f64| {
        live.catalog().collection("a").unwrap().snapshot().extent().unwrap().to_array()[0].total_cmp(&x).is_eq()
    };
    assert!(at(0.0), "nobody told");
    reload.again();
    let begun = Instant::now();
    while !at(9.0) {
        assert!(begun.elapsed() < PROMISED);
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn an_icon_is_served_and_followed() {
    let served = Served::start();
    let svg = |width: u32| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="4"/>"#);
    let width = |catalog: &Catalog| {
        let index = catalog.sprite_file("shops.json")?.ok()?;
        serde_json::from_slice::<serde_json::Value>(&index).ok()?["shop"]["width"].as_u64()
    };
    served.write("styles/sprites/shops/shop.svg", svg(5));
    served.until("the icon is there", |catalog| width(catalog) == Some(5));
    let version = served.live.catalog().version;
    served.write("styles/sprites/shops/shop.svg", svg(9));
    served.until("it is as it was written last", |catalog| width(catalog) == Some(9));
    assert_ne!(served.live.catalog().version, version);
    fs::remove_dir_all(served.path("styles/sprites/shops")).unwrap();
    served.until("the folder is gone", |catalog| catalog.icons.is_empty());
}
