//! Where settings come from.

use std::fs;

use crate::program::program;
use crate::program::run;
use crate::program::text;

#[test]
fn flags_win_over_variables_and_those_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tumen.toml"), "title = 'File'\nlog = 'warn'\nbase_path = '/file'\n").unwrap();
    let arguments = ["--print-config", "--base-path", "/flag", "rivers.geojson"];
    let variables = [("TUMEN_LOG", "debug"), ("TUMEN_BASE_PATH", "/variable"), ("TUMEN_LIMITS_ITEMS", "77")];
    let printed = program(folder.path(), &arguments).envs(variables).output().unwrap();
    let printed: toml::Table = text(&printed.stdout).parse().unwrap();
    let of = |key: &str| printed[key].as_str().unwrap();
    assert_eq!((of("title"), of("log"), of("base_path")), ("File", "debug", "/flag"));
    assert_eq!(printed["limits"]["items"].as_integer(), Some(77));
    assert_eq!(printed["features"].as_array().unwrap()[0].as_str(), Some("rivers.geojson"));
}

#[test]
fn printed_settings_can_be_used_as_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run(folder.path(), &["--print-config"]).stdout;
    fs::write(folder.path().join("own.toml"), &printed).unwrap();
    let again = run(folder.path(), &["--config", "own.toml", "--print-config"]);
    assert_eq!((text(&again.stdout), again.status.code()), (text(&printed), Some(0)));
}

#[test]
fn an_unknown_key_is_refused_with_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tumen.toml"), "title = 'x'\n\n  lisen = '127.0.0.1:1'\n").unwrap();
    let refused = run(folder.path(), &["--print-config"]);
    let complaint = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint.contains("tumen.toml") && complaint.contains("line 3, column 3"), "{complaint}");
    assert!(complaint.contains("lisen") && complaint.contains("`listen`"), "{complaint}");
}

#[test]
fn a_file_of_settings_that_was_named_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["--config", "none.toml"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("none.toml"));
}
