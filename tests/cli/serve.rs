//! `tumen serve`.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;

use crate::program::Server;
use crate::program::free_port;
use crate::program::points;
use crate::program::program;
use crate::program::run;
use crate::program::text;
use crate::program::until;

#[test]
fn the_bare_program_shows_the_built_in_atlas_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    assert!(server.get("/collections").body.contains(r#""id":"tumen-river""#));
    assert!(server.get("/collections/places/items/hoeryong").body.contains("회령"));
    assert_eq!(server.get("/ready").status, 200);
    assert_eq!(server.get("/problems").body, r#"{"problems":[]}"#);
    server.signal("-TERM");
    let (status, rest, _) = server.end();
    assert_eq!((status.code(), rest.as_str()), (Some(0), ""), "standard output holds one line");
}

#[test]
fn a_file_or_the_folder_features_is_served_in_the_place_of_the_atlas() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("my points.geojson"), points(3)).unwrap();
    let server = Server::start(folder.path(), &["my points.geojson"]);
    assert!(server.get("/collections/my-points/items").body.contains(r#""numberMatched":3"#));
    assert_eq!(server.get("/collections/places").status, 404);

    fs::create_dir(folder.path().join("features")).unwrap();
    fs::write(folder.path().join("features/own.geojson"), points(2)).unwrap();
    let server = Server::start(folder.path(), &["serve"]);
    assert!(server.get("/collections/own/items").body.contains(r#""numberMatched":2"#));
    assert_eq!(server.get("/collections/places").status, 404);
}

#[test]
fn until_all_is_read_only_the_probes_answer() {
    let folder = tempfile::tempdir().unwrap();
    let host = format!("127.0.0.1:{}", free_port());
    let mut server = Server::spawn(&mut program(folder.path(), &["-", "--listen", &host]), host.clone());
    until("it listens", || std::net::TcpStream::connect(&host).is_ok());
    assert_eq!(server.get("/health").status, 200);
    assert_eq!((server.get("/ready").status, server.get("/ready").body.as_str()), (503, "loading\n"));
    assert_eq!(server.get("/metrics").status, 200);
    let answer = server.get("/collections");
    assert!(answer.status == 503 && answer.head.contains("retry-after"), "{}", answer.head);
    server.input().write_all(points(4).as_bytes()).unwrap();
    assert_eq!(server.greeting(), host);
    assert_eq!(server.get("/ready").status, 200);
    assert!(server.get("/collections/stdin/items").body.contains(r#""numberMatched":4"#));
}

#[test]
fn one_bad_file_does_not_stop_the_others_unless_it_is_strict() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("features")).unwrap();
    fs::write(folder.path().join("features/good.geojson"), points(1)).unwrap();
    fs::write(folder.path().join("features/bad.geojson"), "{\n \"type\": nonsense").unwrap();
    let server = Server::start(folder.path(), &[]);
    assert_eq!(server.get("/collections/good").status, 200);
    let problems = server.get("/problems").body;
    assert!(problems.contains(r#""file":"bad.geojson""#) && problems.contains(r#""line":2"#), "{problems}");

    let shut = Server::start(folder.path(), &["--no-problems"]);
    assert_eq!(shut.get("/problems").status, 404);

    let strict = run(folder.path(), &["--strict", "--listen", "127.0.0.1:0"]);
    assert_eq!(strict.status.code(), Some(1));
    assert!(text(&strict.stderr).contains("of which there are 1"), "{}", text(&strict.stderr));
    assert_eq!(text(&strict.stdout), "");
}

#[test]
fn what_cannot_start_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = run(folder.path(), &["none.geojson", "--listen", "127.0.0.1:0"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("there is no file or folder none.geojson"), "{}", text(&missing.stderr));

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = run(folder.path(), &["--listen", &address]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains(&address) && text(&refused.stderr).contains("--listen"));

    let unknown = run(folder.path(), &["--lisen", "x"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("--listen"), "a flag close by is named");
}

#[test]
fn requests_are_logged_and_counted_and_probes_are_not_logged() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &["--log-format", "json"]);
    server.get("/collections/places/items?limit=1");
    server.get("/nowhere");
    server.get("/health");
    let metrics = server.get("/metrics").body;
    let counted = r#"tumen_requests_total{route="/collections/{id}/items",method="GET",status="200"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
    assert!(
        metrics.contains(r#"tumen_features{collection="places"}"#) && metrics.contains("process_resident_memory_bytes")
    );
    server.signal("-INT");
    let (status, _, log) = server.end();
    assert!(status.success());
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answers: Vec<_> = lines.iter().filter(|line| line["target"] == "tumen::access").collect();
    assert_eq!(answers.len(), 2, "{log}");
    assert_eq!((&answers[0]["target"], answers[0]["status"].as_u64()), (&"tumen::access".into(), Some(200)));
    assert_eq!(answers[1]["status"].as_u64(), Some(404));

    let quiet = Server::start(folder.path(), &["--no-access-log"]);
    quiet.get("/collections");
    quiet.signal("-TERM");
    assert!(!quiet.end().2.contains("tumen::access"));
}

#[test]
fn a_base_path_is_in_the_address_that_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::spawn(
        program(folder.path(), &["--base-path", "/maps", "--listen", "127.0.0.1:0"]).env("TUMEN_UNHEARD_OF", "1"),
        "unknown".to_owned(),
    );
    server.host = server.greeting();
    assert!(server.get("/maps/collections").body.contains(&format!("http://{}/maps/collections", server.host)));
    server.signal("-TERM");
    assert!(server.end().2.contains("TUMEN_UNHEARD_OF"), "a variable that names no setting is told");
}
