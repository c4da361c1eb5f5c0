//! Files that others collected because they are odd: read all of them, survive all of them.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it is wrong, and says what it skips")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use tumen::source;
use tumen::source::Limits;
use tumen::source::Metadata;
use tumen::source::Severity;

/// The folder of shared data; `None`, and said so, where it is not at hand.
fn odd(folder: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("TUMEN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = shared.join("data/odd").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: there is no {}; set TUMEN_SHARED", path.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_odd_file_is_read_or_refused_with_a_reason() {
    let Some(folder) = odd("") else { return };
    let mut count = 0;
    for path in files(&folder) {
        count += 1;
        match source::read(&path, &Metadata::default(), &Limits::default()) {
            Ok(collected) => {
                for row in collected.table.rows() {
                    let inside = |[lon, lat]: &[f64; 2]| lon.abs() <= 180.0 && lat.abs() <= 90.0;
                    assert!(row.geometry().coords().iter().all(inside), "{}: {}", path.display(), row.id());
                }
                assert!(collected.problems.iter().all(|problem| problem.severity != Severity::File));
            }
            Err(problem) => assert!(!problem.message.is_empty() && problem.severity == Severity::File),
        }
    }
    assert!(count > 100, "{count} files are not the corpora");
}

#[test]
fn what_a_linter_calls_good_is_served() {
    let Some(folder) = odd("geojsonhint/good") else { return };
    for path in files(&folder) {
        let collected = source::read(&path, &Metadata::default(), &Limits::default()).unwrap();
        // It holds latitudes beyond the pole, which the linter does not look at.
        let expected = usize::from(!path.ends_with("issue82.geojson"));
        assert!(collected.table.len() >= expected, "{}: {:?}", path.display(), collected.problems);
    }
}

/// Files that the linter complains about and that are read without a word, with the reason.
const STYLE: [(&str, &str); 5] = [
    ("geometrycollection_single", "RFC 7946, 3.1.8 says SHOULD avoid; such a collection is served as it is"),
    (
        "geometry_changed_semantics",
        "members of other objects are foreign members to readers (RFC 7946, 7.1 binds writers)",
    ),
    ("feature_changed_semantics", "the same"),
    ("featurecollection_changed_semantics", "the same"),
    ("excessive_precision_truncated", "the linter's expected result is empty too; what is served has eight decimals"),
];

#[test]
fn what_a_linter_calls_bad_is_told() {
    let Some(folder) = odd("geojsonhint/bad") else { return };
    let mut silent = Vec::new();
    for path in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "geojson")) {
        let read = source::read(&path, &Metadata::default(), &Limits::default());
        if read.is_ok_and(|collected| collected.problems.is_empty()) {
            silent.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    let mut expected: Vec<String> = STYLE.iter().map(|(name, _)| (*name).to_owned()).collect();
    expected.sort();
    assert_eq!(silent, expected);
}
