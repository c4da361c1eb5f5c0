//! The walls of the house: which room may import which, read off the sources.

#![expect(clippy::unwrap_used, reason = "a test ends where a file is not what it needs")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Each room with the rooms that it may import. `lib.rs` and the binary see everything.
const ROOMS: &[(&str, &[&str])] = &[
    ("space", &[]),
    ("workers", &[]),
    ("telemetry", &[]),
    ("doctor", &[]),
    ("config", &["space"]),
    ("feature", &["space"]),
    ("query", &["feature", "space"]),
    ("tile", &["feature", "space"]),
    ("style", &["feature"]),
    ("store", &["query", "feature", "space"]),
    ("render", &["store", "style", "tile", "query", "feature", "space"]),
    ("source", &["store", "query", "feature", "space", "config"]),
    (
        "catalog",
        &["source", "render", "store", "style", "tile", "query", "feature", "space", "config", "workers", "telemetry"],
    ),
    (
        "http",
        &[
            "catalog",
            "source",
            "render",
            "store",
            "style",
            "tile",
            "query",
            "feature",
            "space",
            "config",
            "workers",
            "telemetry",
        ],
    ),
    (
        "cli",
        &[
            "doctor",
            "http",
            "catalog",
            "source",
            "render",
            "store",
            "style",
            "tile",
            "query",
            "feature",
            "space",
            "config",
            "workers",
            "telemetry",
        ],
    ),
];

/// Lines that break a rule, each as `file:line: complaint`.
fn complaints(room: &str, allowed: &[&str], file: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some(after) = line.split("crate::").nth(1) else { continue };
        let place = format!("{}:{}", file.display(), number + 1);
        if after.starts_with('{') {
            found.push(format!("{place}: one import a line, not `crate::{{`"));
            continue;
        }
        let target: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if target != room && !allowed.contains(&target.as_str()) {
            found.push(format!("{place}: {room} may not import {target}"));
        }
    }
    found
}

fn files_of(room: &str) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let single = source.join(format!("{room}.rs"));
    if single.is_file() {
        return vec![single];
    }
    let (mut folders, mut files) = (vec![source.join(room)], Vec::new());
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn rooms_import_only_downward() {
    let mut found = Vec::new();
    for (room, allowed) in ROOMS {
        for file in files_of(room) {
            found.extend(complaints(room, allowed, &file, &fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let known = ROOMS.iter().any(|(room, _)| *room == name);
        assert!(
            known || matches!(name.as_str(), "lib" | "main" | "ARCHITECTURE"),
            "src/{name} is in no row of the table"
        );
    }
}

#[test]
fn an_upward_import_is_found() {
    let file = Path::new("src/space/crs.rs");
    assert_eq!(
        complaints("space", &[], file, "use crate::http::Router;"),
        ["src/space/crs.rs:1: space may not import http"]
    );
    assert_eq!(complaints("space", &[], file, "\nuse crate::{feature};").len(), 1);
    assert!(complaints("query", &["space"], file, "use crate::space::Rect;\nuse crate::query::Page;").is_empty());
}
