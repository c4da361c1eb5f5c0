//! `tumen health`: for containers, whose images hold no other client.

use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::net::ToSocketAddrs as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::settings::complain;

/// Whom to ask.
#[derive(Args, Debug)]
pub(super) struct HealthFlags {
    /// The server's address
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:8080/")]
    url: String,
}

const PATIENCE: Duration = Duration::from_secs(3);

/// Asks for `/ready` and says nothing when all is well.
pub(super) fn health(flags: &HealthFlags) -> ExitCode {
    match status(&flags.url) {
        Ok(200) => ExitCode::SUCCESS,
        Ok(status) => complain(&format!("{} answers with status {status}", flags.url)),
        Err(error) => complain(&format!("{} does not answer: {error}", flags.url)),
    }
}

/// The status of `/ready` below a URL.
fn status(url: &str) -> io::Result<u16> {
    let invalid = |message| io::Error::new(io::ErrorKind::InvalidInput, message);
    let rest = url.strip_prefix("http://").ok_or_else(|| invalid("the address has to begin with http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let with_port = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let address = with_port.to_socket_addrs()?.next().ok_or_else(|| invalid("the host has no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let slash = if path.is_empty() || path.ends_with('/') { "" } else { "/" };
    write!(stream, "GET /{path}{slash}ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let status = head.strip_prefix(b"HTTP/1.1 ").and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP"))
}
