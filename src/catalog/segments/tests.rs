//! A file is read once, and again when it is another one.

use super::*;

const FILE: &str = "towns.geojson";

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.write(&["a", "b"]);
        home
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// Writes features of these ids, each with an open ring, which is a problem.
    fn write(&self, ids: &[&str]) {
        let feature = |id: &&str| {
            format!(
                r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}},"properties":{{"id":"{id}"}}}}"#
            )
        };
        let features: Vec<String> = ids.iter().map(feature).collect();
        fs::write(self.file(), format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n")))
            .unwrap();
    }

    fn segments(&self) -> Segments {
        let mut config = Config { cache_dir: Some(self.cache()), ..Config::default() };
        config.limits.cached_file_bytes = 1;
        Segments::new(&config)
    }

    /// What is served, and whether the file was read for it.
    fn read(&self) -> (String, bool) {
        self.read_as(&Metadata::default())
    }

    fn read_as(&self, metadata: &Metadata) -> (String, bool) {
        let segments = self.segments();
        let (snapshot, problems) = segments.read(&self.file(), metadata, &source::Limits::default()).unwrap();
        assert!(problems.iter().any(|problem| problem.message.contains("closed") && problem.place.is_some()));
        let ids: Vec<&str> = (0..snapshot.len() as u32).map(|row| snapshot.row(row).id().text).collect();
        let (_, read) = segments.progress().bytes();
        (ids.concat(), read > 0)
    }

    fn kept(&self) -> Vec<PathBuf> {
        fs::read_dir(self.cache()).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }
}

fn age(path: &Path, age: Duration) {
    File::options().append(true).open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
}

#[test]
fn a_file_is_read_once_and_again_when_it_or_what_shapes_it_changed() {
    let home = Home::new();
    age(&home.file(), FRESH * 10);
    assert_eq!(home.read(), ("ab".to_owned(), true));
    assert_eq!(home.read(), ("ab".to_owned(), false));
    // Another time says nothing when the bytes are the same.
    age(&home.file(), FRESH * 20);
    assert_eq!(home.read(), ("ab".to_owned(), false));
    home.write(&["a", "c"]);
    age(&home.file(), FRESH * 20);
    assert_eq!(home.read(), ("ac".to_owned(), true), "as many bytes, others");
    let metadata = Metadata { title: Some("Towns".to_owned()), ..Metadata::default() };
    assert_eq!(home.read_as(&metadata), ("ac".to_owned(), true));
    assert_eq!(home.read_as(&metadata), ("ac".to_owned(), false));
    assert_eq!(home.kept().len(), 1);
}

#[test]
fn a_fresh_file_is_known_by_its_bytes() {
    let home = Home::new();
    assert!(home.read().1);
    // Within a step of the clock a file can change and look the same.
    home.write(&["x", "y"]);
    assert_eq!(home.read(), ("xy".to_owned(), true));
    assert_eq!(home.read(), ("xy".to_owned(), false));
}

#[test]
fn what_is_damaged_is_made_anew() {
    let home = Home::new();
    home.read();
    let kept = home.kept().pop().unwrap();
    let good = fs::read(&kept).unwrap();
    for harm in [&good[..good.len() / 2], b"", b"not a segment at all, but as long as one may be; not a segment, no"] {
        fs::write(&kept, harm).unwrap();
        assert_eq!(home.read(), ("ab".to_owned(), true));
        assert_eq!(home.read(), ("ab".to_owned(), false));
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_done_without() {
    let home = Home::new();
    fs::write(home.cache(), "a file is in its place").unwrap();
    assert_eq!(home.read(), ("ab".to_owned(), true));
    assert_eq!(home.read(), ("ab".to_owned(), true));
}

#[test]
fn several_at_once_do_not_disturb_each_other() {
    let home = Home::new();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(home.read().0, "ab"));
        }
    });
    assert_eq!(home.read(), ("ab".to_owned(), false));
    assert_eq!(home.kept().len(), 1);
}

#[test]
fn what_is_of_no_use_is_swept() {
    let home = Home::new();
    home.read();
    let kept = home.kept().pop().unwrap();
    let old = home.cache().join(format!("old{}", ending()));
    fs::copy(&kept, &old).unwrap();
    age(&old, UNUSED * 2);
    let (dead, alive, young) =
        (home.cache().join("a.partial"), home.cache().join("b.partial"), home.cache().join("c.partial"));
    for path in [&dead, &alive, &young] {
        fs::write(path, "half").unwrap();
    }
    age(&dead, WRITING * 2);
    age(&alive, WRITING * 2);
    let writer = File::options().append(true).open(&alive).unwrap();
    writer.lock().unwrap();
    fs::write(home.cache().join("notes.txt"), "not ours").unwrap();
    sweep(&home.cache());
    assert!(kept.exists() && alive.exists() && young.exists() && home.cache().join("notes.txt").exists());
    assert!(!old.exists() && !dead.exists());
    fs::remove_file(home.file()).unwrap();
    sweep(&home.cache());
    assert!(!kept.exists(), "its file is gone");
}
