//! The one table from what went wrong to what the client hears.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::workers::Refused;

/// Why a request has no result. What a client did wrong is said to it; what we did wrong is only logged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A parameter, or a part of the path, has a value that is not allowed.
    #[error("{0}")]
    Invalid(String),
    /// There is no such thing.
    #[error("there is no {0}")]
    NotFound(String),
    /// The resource exists but not for this method.
    #[error("this resource does not answer to this method; the header Allow lists those that it does answer to")]
    MethodNotAllowed,
    /// None of the representations is acceptable to the client.
    #[error("this resource is served as {}; none of these is in the Accept header", .0.join(", "))]
    NotAcceptable(Vec<&'static str>),
    /// The path and query together are longer than this number of bytes.
    #[error("path and query may have at most {0} bytes")]
    UrlTooLong(usize),
    /// The body of the request is longer than this number of bytes.
    #[error("the body of a request may have at most {0} bytes")]
    BodyTooLarge(usize),
    /// What is asked for is larger than the limits allow.
    #[error("{0}")]
    TooLarge(String),
    /// There is more to do than can be done now.
    #[error("the server has more to do than it can do now; try again shortly")]
    Busy,
    /// It took longer than the server allows itself.
    #[error("the answer took too long; ask for less at once, or try again")]
    TimedOut,
    /// A fault of ours.
    #[error("the fault is ours, and it is in the log")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

/// An error on its way out, for the layer that writes the body and the log.
#[derive(Clone)]
pub(super) struct Fault(pub(super) Arc<Error>);

impl Error {
    /// A fault of ours, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// The status, and the code by which a program may tell errors apart (`exception.yaml` of OGC API Features).
    pub fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Invalid(_) => (StatusCode::BAD_REQUEST, "InvalidParameterValue"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "NotFound"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
            Self::NotAcceptable(_) => (StatusCode::NOT_ACCEPTABLE, "NotAcceptable"),
            Self::UrlTooLong(_) => (StatusCode::URI_TOO_LONG, "UrlTooLong"),
            Self::BodyTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "BodyTooLarge"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "TooLarge"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "Busy"),
            Self::TimedOut => (StatusCode::SERVICE_UNAVAILABLE, "TimedOut"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        }
    }
}

impl IntoResponse for Error {
    /// The status alone; the body follows where the request is known ([`super::layers`]).
    fn into_response(self) -> Response {
        let (status, _) = self.status();
        let mut response = status.into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response.extensions_mut().insert(Fault(Arc::new(self)));
        response
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Busy => Self::Busy,
            Refused::Panicked => Self::internal(refused),
        }
    }
}
