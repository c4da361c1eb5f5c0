//! The end of the server.

use std::fs;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

use crate::program::Server;
use crate::program::until;

/// A collection whose items are more than the system takes off the server's hands at once.
fn heavy(folder: &std::path::Path) {
    let text = "x".repeat(4000);
    let feature = |n| format!(r#"{{"type":"Feature","id":{n},"geometry":null,"properties":{{"text":"{text}"}}}}"#);
    let features: Vec<String> = (0..10_000).map(feature).collect();
    let collection = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    fs::write(folder.join("heavy.geojson"), collection).unwrap();
}

#[test]
fn a_request_under_way_is_answered_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    heavy(folder.path());
    let server = Server::start(folder.path(), &["heavy.geojson"]);
    let mut stream = server.ask("/collections/heavy/items?limit=10000");
    let mut begun = [0; 100];
    stream.read_exact(&mut begun).unwrap();
    server.signal("-TERM");
    until("no new connections are taken", || TcpStream::connect(&server.host).is_err());
    sleep(Duration::from_millis(200));
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.len() > 40_000_000, "{}", rest.len());
    assert!(rest.ends_with("0\r\n\r\n"), "the end of the body is there");
    assert!(rest.contains(r#""id":9999,"#));
    let (status, _, log) = server.end();
    assert!(status.success() && !log.contains("closed before"), "{log}");
}

#[test]
fn who_does_not_read_is_not_waited_for_without_end() {
    let folder = tempfile::tempdir().unwrap();
    heavy(folder.path());
    fs::write(folder.path().join("tumen.toml"), "limits.shutdown_seconds = 1").unwrap();
    let server = Server::start(folder.path(), &["heavy.geojson"]);
    let mut stream = server.ask("/collections/heavy/items?limit=10000");
    stream.read_exact(&mut [0; 100]).unwrap();
    server.signal("-TERM");
    let (status, _, log) = server.end();
    assert!(status.success() && log.contains("closed before"), "{log}");
}

#[test]
fn streams_of_events_and_idle_connections_end_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let idle = TcpStream::connect(&server.host).unwrap();
    let mut events = BufReader::new(server.events());
    let mut line = String::new();
    while !line.starts_with("id: ") {
        line.clear();
        events.read_line(&mut line).unwrap();
    }
    server.signal("-TERM");
    let (status, _, log) = server.end();
    assert!(status.success() && !log.contains("closed before"), "{log}");
    drop(idle);
}

#[test]
fn a_head_that_never_ends_is_cut_off() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tumen.toml"), "limits.header_seconds = 1").unwrap();
    let server = Server::start(folder.path(), &[]);
    let mut slow = TcpStream::connect(&server.host).unwrap();
    slow.set_read_timeout(Some(crate::program::PATIENCE)).unwrap();
    write!(slow, "GET / HTTP/1.1\r\nHost: ").unwrap();
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).unwrap();
    assert!(!String::from_utf8_lossy(&rest).contains(" 200 "));
}

#[test]
fn a_head_beyond_the_limit_is_refused() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let mut wide = TcpStream::connect(&server.host).unwrap();
    // The server may answer and close before all was sent, or read.
    let _ = write!(wide, "GET /health HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    let mut answer = Vec::new();
    let _ = wide.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert_eq!(server.get("/health").status, 200);
}
