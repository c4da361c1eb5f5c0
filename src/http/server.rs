//! The loop that accepts connections.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio::time::timeout;

use super::App;
use super::Front;
use super::Life;
use super::Phase;
use crate::config::Limits;

/// Answers requests until `stop`, then lets those under way end within the time that the limits give them.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()>) -> io::Result<()> {
    let limits = app.config.limits.clone();
    let life = app.life.clone();
    let metrics = app.metrics.clone();
    let most = limits.connections.min(Semaphore::MAX_PERMITS);
    let free = Arc::new(Semaphore::new(most));
    let front = Front::new(app.clone());
    let mut stop = pin!(stop);
    let mut rest = tokio::time::interval(Duration::from_secs(5));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &free) => accepted,
            _ = rest.tick() => { metrics.rest(); continue }
            () = &mut stop => break,
        };
        let (stream, peer, permit) = accepted?;
        let (life, front, limits) = (life.clone(), front.clone(), limits.clone());
        tokio::spawn(async move {
            if let Err(error) = connection(stream, peer, front, &limits, &life).await {
                tracing::debug!(%peer, %error, "a connection ended early");
            }
            drop(permit);
        });
    }
    drop(listener);
    life.enter(Phase::Stopping);
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    if timeout(limits.shutdown_time(), free.acquire_many(all)).await.is_err() {
        let open = most - free.available_permits();
        tracing::warn!(open, "connections are closed before their requests are answered");
    }
    Ok(())
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(free).acquire_owned().await.map_err(io::Error::other)?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are written whole; waiting for more only delays them.
                drop(stream.set_nodelay(true));
                return Ok((stream, peer, permit));
            }
            // A client that has gone again, or no file handle left: neither is the end of the server.
            Err(error) => {
                tracing::debug!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    front: Front,
    limits: &Limits,
    life: &Life,
) -> hyper::Result<()> {
    let answer = service_fn(|request: hyper::Request<Incoming>| async {
        Ok::<Response, Infallible>(front.answer(request, peer).await)
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_time())
            // Names of headers have no case, but some clients, the test suites of the OGC among them, look for `Warning` as
            // it is written in the standards.
            .title_case_headers(true)
            .max_buf_size(limits.header_bytes.max(8 << 10))
            .serve_connection(TokioIo::new(stream), answer)
    );
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = life.reach(Phase::Stopping) => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}
