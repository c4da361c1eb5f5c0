//! What became of the features of a tile.

use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;

use super::selection;
use super::tiles;
use crate::catalog;
use crate::catalog::Collection;
use crate::catalog::Explanation;
use crate::catalog::Rule;
use crate::config::Limits;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::Path;
use crate::http::Segment;
use crate::http::params::segment;
use crate::http::respond;
use crate::query::Query;

#[derive(Serialize)]
struct Document {
    layers: Vec<Layer>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Layer {
    id: String,
    #[serde(rename = "in")]
    matched: usize,
    kept: usize,
    merged: usize,
    dropped: usize,
    /// How often everything was made coarser until the layer fitted.
    rungs: u8,
    /// Bends smaller than the square of this many units were left out.
    tolerance: f64,
    #[serde(rename = "maxBytes")]
    max_bytes: usize,
    rules: Vec<Decided>,
}

#[derive(Serialize)]
struct Decided {
    rule: &'static str,
    description: &'static str,
    count: usize,
    /// Of the features of this rule, those of this page.
    ids: Vec<String>,
}

const RULES: [(Rule, &str, &str); 5] = [
    (Rule::Kept, "kept", "is in the tile as a feature of its own"),
    (
        Rule::Merged,
        "merged",
        "is too small to be seen: a square or a line that is as large as all of its kind in its place stands for it, with the id \
         of the largest",
    ),
    (Rule::Thinned, "thinned", "is a point beside one that matters more"),
    (Rule::Covered, "covered", "became smaller than a unit of the tile, where such a one stands already"),
    (Rule::OverBudget, "over-budget", "is among the smallest of those that do not fit into the bytes of a tile"),
];

pub(super) fn operation(collection: &Collection, limits: &Limits) -> Operation {
    let id = &collection.id;
    let segment_of = |name, description| Segment { name, description };
    Operation {
        id: format!("{id}.explainVectorTile"),
        path: format!("/data/{}/{{z}}/{{x}}/{{y}}/explain", segment(id)),
        tag: "Tiles",
        summary: format!(
            "What became of each feature of '{id}' on a tile: kept, merged or left out, and by which rule."
        ),
        segments: vec![
            segment_of("z", "The zoom, from 0 to 24."),
            segment_of("x", "The column, from the west."),
            segment_of("y", "The row, from the north."),
        ],
        parameters: parameters([collection], limits),
        formats: &[Format::Json],
        body: None,
    }
}

fn parameters<'a>(collections: impl IntoIterator<Item = &'a Collection>, limits: &Limits) -> Vec<Parameter> {
    let words: Vec<std::borrow::Cow<'static, str>> =
        ["any"].into_iter().chain(RULES.map(|(_, name, _)| name)).map(Into::into).collect();
    let own = vec![
        Parameter::new("rule", Kind::Choice(words), "Only the features that this rule decided on."),
        Parameter::new(
            "limit",
            Kind::Limit { default: limits.default_items, maximum: limits.items },
            "The number of ids of each rule on a page.",
        ),
        Parameter::new("offset", Kind::Count, "The number of ids of each rule before the page."),
    ];
    selection::before(own, selection::parameters(collections))
}

/// `GET /data/{ids}/{z}/{x}/{y}/explain`
pub(in crate::http) async fn explain(
    call: Call,
    Path((ids, level, column, row)): Path<(String, String, String, String)>,
) -> Result<Response, Error> {
    let collections = selection::collections(&call, &ids)?;
    let missing = || Error::NotFound(format!("tile '{level}/{column}/{row}' in the grid WebMercatorQuad"));
    let coord = tiles::coord(&call, [&level, &column, &row]).ok_or_else(missing)?;
    let limits = &call.app.config.limits;
    let params = call.params(&parameters(collections.iter().map(AsRef::as_ref), limits))?;
    let parts = selection::queries(&call, &params, &collections)?;
    let grid = tiles::grid(&call);
    let page = Page {
        rule: RULES.iter().find(|(_, name, _)| params.text("rule") == Some(name)).map(|(rule, ..)| *rule),
        offset: params.count("offset").unwrap_or(0),
        limit: params.count("limit").unwrap_or(limits.default_items),
    };
    let explained = call.app.workers.run(move || {
        let own: Vec<(&Collection, &Query)> = parts.iter().map(|(own, query)| (own.as_ref(), query)).collect();
        let explained = catalog::explain(&own, &grid, coord);
        parts.iter().zip(explained).map(|((own, _), explained)| page.layer(own, &explained)).collect::<Vec<Layer>>()
    });
    let layers = explained.await?;
    let document = Document { links: links(&call, &params, page, &layers), layers };
    respond::json(&call.headers, Format::Json, &document)
}

/// Which ids are listed.
#[derive(Clone, Copy)]
struct Page {
    rule: Option<Rule>,
    offset: usize,
    limit: usize,
}

impl Page {
    fn layer(self, collection: &Arc<Collection>, explained: &Explanation) -> Layer {
        let snapshot = collection.snapshot();
        let asked = RULES.into_iter().filter(|(rule, ..)| self.rule.is_none_or(|asked| asked == *rule));
        let rules = asked.map(|(rule, name, description)| {
            let start = explained.rows.partition_point(|&(own, _)| own < rule);
            let end = explained.rows.partition_point(|&(own, _)| own <= rule);
            let own = &explained.rows[start..end];
            let ids =
                own.iter().skip(self.offset).take(self.limit).map(|&(_, row)| snapshot.row(row).id().text.to_owned());
            Decided { rule: name, description, count: own.len(), ids: ids.collect() }
        });
        let tally = explained.tally;
        Layer {
            id: collection.id.clone(),
            matched: tally.matched,
            kept: tally.kept,
            merged: tally.merged,
            dropped: tally.dropped,
            rungs: tally.rungs,
            tolerance: explained.tolerance,
            max_bytes: explained.max_bytes,
            rules: rules.filter(|decided| decided.count > 0).collect(),
        }
    }
}

/// The document itself, and the pages before and after it.
fn links(call: &Call, params: &Params, page: Page, layers: &[Layer]) -> Vec<Link> {
    let most = layers.iter().flat_map(|layer| &layer.rules).map(|rule| rule.count).max().unwrap_or(0);
    let at = |offset: usize| {
        call.base.url(&format!("{}{}", call.path, params.with(&[("offset", Some(&offset.to_string()))])))
    };
    let link = |rel, title: &str, offset| Link::new(rel, Format::Json, title, at(offset));
    let mut links = vec![link("self", "This document", page.offset)];
    if page.offset > 0 {
        links.push(link("prev", "The ids before", page.offset.saturating_sub(page.limit)));
    }
    if page.offset + page.limit < most {
        links.push(link("next", "Further ids", page.offset + page.limit));
    }
    links
}
