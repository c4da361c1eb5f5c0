//! The client against servers on loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::client::join;
use super::*;

/// A server that answers each request by what `reply` says of its head, and how often it was asked.
async fn server(at: &str, reply: impl Fn(&str) -> String + Send + Sync + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((at, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&asked);
    let reply = Arc::new(reply);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (seen, reply) = (Arc::clone(&seen), Arc::clone(&reply));
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    if stream.read_exact(&mut byte).await.is_err() {
                        return;
                    }
                    head.push(byte[0]);
                }
                seen.fetch_add(1, Ordering::SeqCst);
                let answer = reply(&String::from_utf8_lossy(&head));
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (address, asked)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn public(networks: &[&str]) -> Remote {
    let networks = networks.iter().map(|text| text.parse().unwrap()).collect();
    Remote::new(RemoteLimits::default(), Reach::Public { networks, folders: Vec::new() })
}

#[tokio::test]
async fn a_loopback_address_is_reached_only_by_whom_it_is_permitted() {
    let (address, asked) = server("127.0.0.1", |_| ok("seen")).await;
    let url = format!("http://{address}/");
    let everything = Remote::new(RemoteLimits::default(), Reach::Everything);
    assert_eq!(everything.fetch(&url).await.unwrap().as_deref(), Some(&b"seen"[..]));
    assert_eq!(public(&["127.0.0.0/8"]).fetch(&url).await.unwrap().as_deref(), Some(&b"seen"[..]));
    let error = public(&[]).fetch(&url).await.unwrap_err().to_string();
    assert!(error.contains("--allow-private"), "{error}");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_name_or_another_spelling_that_leads_to_loopback_is_refused() {
    let (address, asked) = server("127.0.0.1", |_| ok("seen")).await;
    let port = address.port();
    for host in ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "user@127.0.0.1"] {
        assert!(public(&[]).fetch(&format!("http://{host}:{port}/")).await.is_err(), "{host}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let named = public(&["127.0.0.0/8", "::1"]).fetch(&format!("http://localhost:{port}/")).await;
    assert_eq!(named.unwrap().as_deref(), Some(&b"seen"[..]));
}

#[tokio::test]
async fn a_redirect_is_followed_only_to_where_may_be_reached() {
    let (hidden, asked) = server("127.0.0.2", |_| ok("secret")).await;
    let to = format!("http://{hidden}/");
    let (open, _) = server("127.0.0.1", move |head| match head.split(' ').nth(1) {
        Some("/out") => redirect(&to),
        Some("/file") => redirect("file:///etc/hostname"),
        Some("/on") => redirect("on"),
        Some("/here") => redirect("/there"),
        _ => ok("there"),
    })
    .await;
    let remote = public(&["127.0.0.1"]);
    let at = |path: &str| format!("http://{open}/{path}");
    assert_eq!(remote.fetch(&at("here")).await.unwrap().as_deref(), Some(&b"there"[..]));
    assert!(matches!(remote.fetch(&at("out")).await, Err(Unfetched::Host(..))));
    assert!(remote.fetch(&at("file")).await.is_err());
    assert!(matches!(remote.fetch(&at("on")).await, Err(Unfetched::Redirects(_))));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_address_is_fetched_once_for_all_who_ask_meanwhile_and_kept() {
    let (address, asked) = server("127.0.0.1", |_| ok("seen")).await;
    let remote = public(&["127.0.0.1"]);
    let url = format!("http://{address}/a");
    let fetches = (0..8).map(|_| remote.fetch(&url));
    for answer in futures_util::future::join_all(fetches).await {
        assert_eq!(answer.unwrap().as_deref(), Some(&b"seen"[..]));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_failure_is_remembered_for_a_moment() {
    let (address, asked) = server("127.0.0.1", |_| "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".to_owned()).await;
    let remote = public(&["127.0.0.1"]);
    let url = format!("http://{address}/");
    assert!(matches!(remote.fetch(&url).await, Err(Unfetched::Status(..))));
    assert!(matches!(remote.fetch(&url).await, Err(Unfetched::Again(_))));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn answers_that_are_too_large_are_given_up() {
    let (address, _) = server("127.0.0.1", |_| ok(&"x".repeat(100))).await;
    let limits = RemoteLimits { bytes: 99, ..RemoteLimits::default() };
    let remote = Remote::new(limits, Reach::Everything);
    assert!(matches!(remote.fetch(&format!("http://{address}/")).await, Err(Unfetched::Host(..))));
}

#[tokio::test]
async fn parts_are_asked_for_and_checked() {
    let (address, _) = server("127.0.0.1", |head| {
        if head.contains("bytes=2-4") {
            "HTTP/1.1 206 Partial\r\nContent-Range: bytes 2-4/9\r\nContent-Length: 3\r\nConnection: close\r\n\r\ncde"
                .into()
        } else {
            ok("abcdefghi")
        }
    })
    .await;
    let remote = public(&["127.0.0.1"]);
    let url = format!("http://{address}/");
    assert_eq!(remote.fetch_range(&url, 2..5).await.unwrap().as_deref(), Some(&b"cde"[..]));
    assert!(matches!(remote.fetch_range(&url, 0..3).await, Err(Unfetched::Status(..))));
}

#[test]
fn a_redirect_leads_to_an_address_or_a_path() {
    let from = "https://a.example/x/y".parse().unwrap();
    let led = |next: &str| join(&from, next).unwrap().to_string();
    assert_eq!(led("http://b.example/z"), "http://b.example/z");
    assert_eq!(led("//b.example/z"), "https://b.example/z");
    assert_eq!(led("/z?to=http://c.example/"), "https://a.example/z?to=http://c.example/");
    assert_eq!(led("z"), "https://a.example/x/z");
}

#[tokio::test]
async fn files_are_read_and_missing_ones_are_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a b.txt");
    std::fs::write(&file, "seen").unwrap();
    let remote = Remote::new(RemoteLimits { bytes: 4, ..RemoteLimits::default() }, Reach::Everything);
    let address = |name: &str| format!("file://{}/{name}", folder.path().display());
    assert_eq!(remote.fetch(&address("a%20b.txt")).await.unwrap().as_deref(), Some(&b"seen"[..]));
    assert_eq!(remote.fetch(&address("c.txt")).await.unwrap(), None);
    std::fs::write(&file, "too long").unwrap();
    assert!(matches!(remote.fetch(&address("a b.txt")).await, Err(Unfetched::File(..))));
    assert!(matches!(remote.fetch("ftp://x").await, Err(Unfetched::Address(_))));
    assert!(matches!(public(&[]).fetch(&address("a%20b.txt")).await, Err(Unfetched::Outside(_))));
}
