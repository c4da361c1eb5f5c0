//! Changed files, seen from outside.

use std::fs;
use std::io::BufRead as _;
use std::io::BufReader;
use std::thread::sleep;
use std::time::Duration;
use std::time::Instant;

use crate::program::Server;
use crate::program::points;
use crate::program::until;

#[test]
fn a_change_is_told_and_served_within_two_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.geojson");
    fs::write(&path, points(1)).unwrap();
    let server = Server::start(folder.path(), &["a.geojson"]);
    let before = server.get("/collections/a/items");
    let mut events = BufReader::new(server.events()).lines().map(Result::unwrap);
    let first = events.by_ref().find(|line| line.starts_with("id: ")).unwrap();

    fs::write(&path, points(2)).unwrap();
    let begun = Instant::now();
    assert!(events.by_ref().any(|line| line == "event: change"));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let rest: Vec<String> = events.by_ref().take_while(|line| !line.is_empty()).collect();
    let data = rest.iter().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["collections"], serde_json::json!(["a"]));
    assert_ne!(data["version"].as_str(), first.strip_prefix("id: "));
    assert!(rest.contains(&format!("id: {}", data["version"].as_str().unwrap())));

    let after = server.get("/collections/a/items");
    assert!(after.body.contains(r#""numberMatched":2"#), "{}", after.body);
    let tag = |head: &str| head.lines().find(|line| line.starts_with("etag:")).unwrap().to_owned();
    assert_ne!(tag(&before.head), tag(&after.head));
}

#[test]
fn who_comes_back_hears_of_what_was_missed() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.geojson"), points(1)).unwrap();
    let server = Server::start(folder.path(), &["a.geojson"]);
    let mut stream = std::net::TcpStream::connect(&server.host).unwrap();
    write!(stream, "GET /events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nLast-Event-ID: 123\r\n\r\n")
        .unwrap();
    let mut events = BufReader::new(stream).lines().map(Result::unwrap);
    assert!(events.by_ref().any(|line| line == "event: change"));
    assert!(events.any(|line| line.starts_with("data: ") && line.contains(r#""collections":["a"]"#)));
}

#[test]
fn a_hangup_makes_it_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.geojson");
    fs::write(&path, points(1)).unwrap();
    let server = Server::start(folder.path(), &["a.geojson", "--no-watch"]);
    fs::write(&path, points(2)).unwrap();
    sleep(Duration::from_millis(1200));
    assert!(server.get("/collections/a/items").body.contains(r#""numberMatched":1"#), "nobody told it to look");
    server.signal("-HUP");
    until("it reads again", || server.get("/collections/a/items").body.contains(r#""numberMatched":2"#));
}
