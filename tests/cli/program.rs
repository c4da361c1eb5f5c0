//! Runs the program, and talks to it.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Output;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;
use std::time::Instant;

/// Nothing that is waited for may take longer.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The program with arguments, in a folder, with none of our environment's settings.
pub fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tumen"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TUMEN_")) {
        command.env_remove(name);
    }
    // What is kept for later starts stays in the test's folder.
    command.env("XDG_CACHE_HOME", folder.join(".cache")).current_dir(folder).args(arguments);
    command
}

/// Runs the program to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).stdin(Stdio::null()).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A server that ends with the test.
pub struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    /// `127.0.0.1:12345`.
    pub host: String,
}

/// An answer: its status, its head, its body.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Server {
    /// Starts `tumen serve` and waits for the line that tells its address.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_command(program(folder, arguments).args(["--listen", "127.0.0.1:0"]))
    }

    pub fn start_command(command: &mut Command) -> Self {
        let mut server = Self::spawn(command, String::new());
        server.host = server.greeting();
        server
    }

    /// Starts it at a host and waits for nothing.
    pub fn spawn(command: &mut Command, host: String) -> Self {
        let stdin = if host.is_empty() { Stdio::null() } else { Stdio::piped() };
        let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out, host }
    }

    /// Reads the one line on standard output: the host of the address in it.
    pub fn greeting(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("Tumen serves the map at http://");
        let address = address.unwrap_or_else(|| panic!("{line:?}\n{}", self.complaints()));
        address.split('/').next().unwrap().to_owned()
    }

    pub fn input(&mut self) -> ChildStdin {
        self.child.stdin.take().unwrap()
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits for the end; what else was on standard output, and standard error.
    pub fn end(mut self) -> (ExitStatus, String, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            sleep(Duration::from_millis(10));
        };
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (status, rest, self.complaints())
    }

    fn complaints(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// Opens a connection and sends a GET.
    pub fn ask(&self, path: &str) -> TcpStream {
        self.ask_with(path, "Connection: close\r\n")
    }

    /// Asks with these lines in the head.
    pub fn ask_with(&self, path: &str, lines: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n{lines}\r\n", self.host).unwrap();
        stream
    }

    /// The stream of events, as browsers ask for it.
    pub fn events(&self) -> TcpStream {
        self.ask_with("/events", "Connection: close\r\nAccept: text/event-stream\r\n")
    }

    pub fn get(&self, path: &str) -> Answer {
        Answer::read(self.ask(path))
    }
}

impl Answer {
    pub fn read(mut stream: TcpStream) -> Self {
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        let text = String::from_utf8_lossy(&text);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_lowercase(), body: body.to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until it holds.
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(20));
    }
}

/// A collection of points in a row.
pub fn points(count: usize) -> String {
    let point = |n| {
        format!(
            r#"{{"type":"Feature","id":{n},"geometry":{{"type":"Point","coordinates":[{n},0]}},"properties":{{"n":{n}}}}}"#
        )
    };
    let features: Vec<String> = (0..count).map(point).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}
