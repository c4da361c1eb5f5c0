//! A server that answers as a test says.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::net::TcpListener;
use std::net::TcpStream;
use std::thread;

use serde_json::Value as Json;

/// What is answered: a status, headers and a body.
pub struct Reply(pub u16, pub Vec<(&'static str, String)>, pub Vec<u8>);

impl Reply {
    pub fn json(kind: &str, document: &Json) -> Self {
        Self(200, vec![("content-type", kind.to_owned())], document.to_string().into_bytes())
    }

    pub fn text(kind: &str, text: impl Into<String>) -> Self {
        Self(200, vec![("content-type", kind.to_owned())], text.into().into_bytes())
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.1.push((name, value.to_owned()));
        self
    }
}

/// One request: its method, its path and its query.
pub struct Asked<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    /// `http://127.0.0.1:12345`
    pub base: &'a str,
}

/// Starts a server that answers as `answer` says, for as long as the tests run; its address.
pub fn serve(answer: fn(&Asked<'_>) -> Reply) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let own = base.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = respond(stream, &own, answer);
        }
    });
    base
}

fn respond(mut stream: TcpStream, base: &str, answer: fn(&Asked<'_>) -> Reply) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines.by_ref() {
        if line?.is_empty() {
            break;
        }
    }
    let mut parts = first.split(' ');
    let (method, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Reply(status, headers, body) = answer(&Asked { method, path, query, base });
    write!(stream, "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n", body.len())?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    if method == "HEAD" { Ok(()) } else { stream.write_all(&body) }
}
