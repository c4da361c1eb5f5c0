//! Connections to hosts that may be reached.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use hyper::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::net::lookup_host;
use tower::Service;

use super::Reach;

/// Connects to the addresses that a host's name has at that moment. Whether they may be reached is decided after the name was
/// resolved, on the very address that is connected to, so that a name that changes its mind gains nothing.
#[derive(Clone, Debug)]
pub(super) struct Connector(Arc<Reach>);

/// The host may not be reached.
#[derive(Debug, thiserror::Error)]
#[error("its address is not one of the public internet; --allow-private permits it")]
pub(super) struct Closed;

impl Connector {
    /// Connects to whom `reach` permits.
    pub(super) fn new(reach: Arc<Reach>) -> Self {
        Self(reach)
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<TcpStream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let reach = Arc::clone(&self.0);
        Box::pin(async move { connect(&uri, &reach).await.map(TokioIo::new) })
    }
}

async fn connect(uri: &Uri, reach: &Reach) -> io::Result<TcpStream> {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "its name is not known");
    for address in lookup_host((host, port)).await? {
        if !reach.permits(address.ip()) {
            failure = io::Error::new(io::ErrorKind::PermissionDenied, Closed);
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}
