//! Which stretch of the features a page shows, and the links to its neighbours.

use super::cursor;
use crate::config::Limits;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Params;
use crate::query::Page;
use crate::query::Start;
use crate::store::Selection;
use crate::store::Snapshot;

/// The stretch of the features that the parameters ask for.
pub(super) fn page(params: &Params, limits: &Limits) -> Result<Page, Error> {
    let start = match (params.text("cursor"), params.count("offset")) {
        (Some(_), Some(_)) => {
            return Err(Error::Invalid("the parameters 'cursor' and 'offset' exclude each other".to_owned()));
        }
        (Some(token), None) => cursor::read(token).ok_or_else(|| {
            Error::Invalid(format!("the parameter 'cursor' is '{token}', which no link of this server has"))
        })?,
        (None, Some(offset)) => Start::Offset(offset),
        (None, None) => Start::First,
    };
    Ok(Page { limit: params.count("limit").unwrap_or(limits.default_items), start })
}

/// Those of some links that lead to other pages.
pub(super) fn around(links: &[Link]) -> impl Iterator<Item = &Link> {
    links.iter().filter(|link| matches!(link.rel, "next" | "prev"))
}

/// The links `next` and `prev`, which keep every parameter.
pub(super) fn links(
    call: &Call,
    params: &Params,
    format: Format,
    snapshot: &Snapshot,
    selection: &Selection,
    limit: usize,
) -> Vec<Link> {
    let at = |start: &Start| {
        let token = cursor::write(start);
        let offset = match start {
            Start::Offset(offset) => Some(offset.to_string()),
            _ => None,
        };
        let changes = [("cursor", token.as_deref()), ("offset", offset.as_deref())];
        call.base.url(&format!("{}{}", call.path, params.with(&changes)))
    };
    let id = |row: u32| snapshot.row(row).id().text.to_owned();
    let mut links = Vec::new();
    if let Some(&last) = selection.rows.last()
        && selection.before + selection.rows.len() < selection.matched
    {
        links.push(Link::new("next", format, "The next page", at(&Start::After(last, id(last)))));
    }
    if selection.before > 0 {
        // Beyond the last feature there is none to stand before.
        let start = match selection.rows.first() {
            Some(&first) => Start::Before(first, id(first)),
            None => Start::Offset(selection.matched.saturating_sub(limit)),
        };
        links.push(Link::new("prev", format, "The page before", at(&start)));
    }
    links
}
