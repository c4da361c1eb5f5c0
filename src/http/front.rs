//! The door before the router: what was answered before is answered again here, in a fraction of the time.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Request;
use axum::http::header;
use axum::response::Response;
use tower::Service as _;

use super::App;
use super::Phase;
use super::access;
use super::coding::coding;
use super::kept::Place;
use super::router;

/// Answers requests. Cloning shares what it keeps.
#[derive(Clone)]
pub struct Front {
    app: App,
    router: Router,
}

impl Front {
    /// The door of an app.
    pub fn new(app: App) -> Self {
        Self { router: router(app.clone()), app }
    }

    /// Answers a request of a client at `peer`: from what is kept, or by the router.
    pub async fn answer<B>(&self, request: Request<B>, peer: SocketAddr) -> Response
    where
        B: hyper::body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        if request.method() != Method::GET || self.app.life.phase() == Phase::Loading {
            return self.route(request, peer).await;
        }
        let version = self.app.live.version();
        let encoding = coding(request.headers());
        let Some(target) = request.uri().path_and_query().cloned() else { return self.route(request, peer).await };
        let accept = request.headers().get(header::ACCEPT).cloned();
        let accept = accept.as_ref().map_or(&[][..], HeaderValue::as_bytes);
        let place = Place { version, encoding, accept, target: target.as_str() };
        let begun = Instant::now();
        if let Some(kept) = self.app.kept.find(&place) {
            let response = kept.give(request.headers(), begun);
            let asked = (request.method(), request.uri());
            access::log(&self.app, asked, Some(peer.ip()), &response, begun.elapsed());
            return response;
        }
        let mut response = self.route(request, peer).await;
        // Between the two looks at the catalog it may have been swapped; then it is not known which one was served.
        if self.app.live.version() == version {
            self.app.kept.keep(&self.app, place, &mut response);
        }
        response
    }

    async fn route<B>(&self, request: Request<B>, peer: SocketAddr) -> Response
    where
        B: hyper::body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router.clone().call(request).await.unwrap_or_else(|never| match never {})
    }
}
