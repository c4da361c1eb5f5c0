//! One request, with the one world that it sees.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::App;
use super::Base;
use super::Error;
use super::Format;
use super::Link;
use super::Operation;
use super::Parameter;
use super::Params;
use super::negotiate::negotiate;
use super::negotiate::wants_page;
use crate::catalog::Catalog;
use crate::catalog::Collection;

/// What every handler starts from.
pub struct Call {
    /// The state of the wire.
    pub app: App,
    /// The catalog, taken once.
    pub catalog: Arc<Catalog>,
    /// Where the client believes the server to be.
    pub base: Base,
    /// The headers of the request.
    pub headers: HeaderMap,
    /// The path below the landing page, as it was written.
    pub path: String,
    /// The query string, as it was written.
    pub query: String,
}

impl FromRequestParts<App> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self {
            app: app.clone(),
            catalog: app.live.catalog(),
            base: Base::of(parts, app),
            headers: parts.headers.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
        })
    }
}

impl Call {
    /// The parameters and the representation, by the operation's table.
    pub fn read(&self, operation: &Operation) -> Result<(Params, Format), Error> {
        let params = self.params(&operation.parameters)?;
        let format = negotiate(params.text("f"), &self.headers, operation.formats)?;
        Ok((params, format))
    }

    /// The parameters of an operation whose representation its address says.
    pub fn params(&self, table: &[Parameter]) -> Result<Params, Error> {
        Params::parse(&self.query, table, &self.app.config.ignored_parameters)
    }

    /// The same by a table that is made where there is anything to be read by it.
    pub fn params_by(&self, table: impl FnOnce() -> Vec<Parameter>) -> Result<Params, Error> {
        if self.query.is_empty() { self.params(&[]) } else { self.params(&table()) }
    }

    /// The path as a link within the same host writes it.
    pub fn url_path(&self) -> String {
        format!("{}{}", self.base.path(), self.path)
    }

    /// Whether a page tells what is wrong with the request.
    pub fn wants_page(&self) -> bool {
        wants_page(&self.query, &self.headers)
    }

    /// The collection of an id.
    pub fn collection(&self, id: &str) -> Result<Arc<Collection>, Error> {
        self.catalog.collection(id).cloned().ok_or_else(|| Error::NotFound(format!("collection '{id}'")))
    }

    /// The links `self` and `alternate` of a resource in one of its formats.
    pub fn links(&self, operation: &Operation, params: &Params, format: Format) -> Vec<Link> {
        let here = |change: &[(&str, Option<&str>)]| self.base.url(&format!("{}{}", self.path, params.with(change)));
        let mut links = vec![Link::new("self", format, "This document", here(&[]))];
        for &other in operation.formats.iter().filter(|&&other| other != format) {
            let title = format!("This document as {}", other.title());
            links.push(Link::new("alternate", other, title, here(&[("f", Some(other.name()))])));
        }
        links
    }
}
