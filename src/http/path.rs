//! The parts of a path, decoded.

use axum::extract::FromRequestParts;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::Error;

/// The braces of a route: a text, or a tuple of them. What is no UTF-8 when decoded names nothing.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(path) => Ok(Self(path.0)),
            Err(PathRejection::MissingPathParams(missing)) => Err(Error::internal(missing)),
            Err(other) => Err(Error::Invalid(other.body_text())),
        }
    }
}

/// A decimal number without sign, as addresses of tiles and pixels have them.
pub(super) fn whole(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
