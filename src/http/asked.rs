//! What requests ask of collections: their parameters, checked against schemas.

use super::Error;
use super::Params;
use super::selectors;
use crate::catalog::Collection;
use crate::config::Limits;
use crate::feature::Schema;
use crate::query::Filter;
use crate::query::FilterLimits;
use crate::query::InvalidFilter;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::TimeSet;
use crate::query::Written;
use crate::space::Bbox;
use crate::space::Crs;

/// What is asked of one collection, which must have all that the parameters name.
pub(super) fn query(params: &Params, collection: &Collection, limits: &Limits) -> Result<Query, Error> {
    Ok(queries(params, &[collection], limits)?.pop().unwrap_or_default())
}

/// What is asked of each of several collections. A condition or an order applies to those that have all its properties;
/// one that applies to none is refused. The parameter `filter.` and an id applies to this collection.
pub(super) fn queries(params: &Params, collections: &[&Collection], limits: &Limits) -> Result<Vec<Query>, Error> {
    let bbox = bbox(params)?;
    let queries = anywhere(params, collections, limits)?;
    Ok(queries.into_iter().map(|query| Query { bbox, ..query }).collect())
}

/// The same wherever the features are: a box may be what a picture shows, and then it is no condition.
pub(super) fn anywhere(params: &Params, collections: &[&Collection], limits: &Limits) -> Result<Vec<Query>, Error> {
    let schemas: Vec<&Schema> = collections.iter().map(|collection| collection.snapshot().schema()).collect();
    let mut queries: Vec<Query> = Vec::with_capacity(collections.len());
    let mut filters: Vec<Vec<Filter>> = vec![Vec::new(); collections.len()];
    let shared = written(params, "filter", limits)?.into_iter().map(|condition| ("filter", condition));
    let fields = params.fields().map(|(name, value)| (name, Written::equal(name, name, value)));
    for (name, condition) in shared.chain(fields) {
        let invalid = |error: InvalidFilter| told(name, &error);
        let mut applies = false;
        for (schema, filters) in schemas.iter().zip(&mut filters) {
            if collections.len() == 1 || condition.fits(schema) {
                filters.push(condition.check(schema).map_err(invalid)?);
                applies = true;
            }
        }
        if !applies {
            return Err(Error::Invalid(format!("none of the collections has all properties that '{name}' names")));
        }
    }
    for ((collection, schema), filters) in collections.iter().zip(&schemas).zip(&mut filters) {
        let name = format!("filter.{}", collection.id);
        if let Some(condition) = written(params, &name, limits)? {
            filters.push(condition.check(schema).map_err(|error| told(&name, &error))?);
        }
    }
    let asked = params.sort("sortby").unwrap_or_default();
    if !asked.is_empty() && !schemas.iter().any(|schema| sort(asked, schema).is_some()) {
        return Err(Error::Invalid("none of the collections has all properties that 'sortby' names".to_owned()));
    }
    for (schema, filters) in schemas.iter().zip(filters) {
        queries.push(Query {
            bbox: None,
            time: params.time("datetime").map(TimeSet::from),
            filter: Filter::all(filters),
            sort: sort(asked, schema).unwrap_or_default(),
            properties: selectors::properties(params, schema),
        });
    }
    Ok(queries)
}

/// What is wrong with the condition in the parameter `filter`, whatever else is wrong with the request.
pub(super) fn fault(params: &Params, schema: &Schema, limits: &Limits) -> Option<InvalidFilter> {
    let text = params.written("filter")?;
    let is_json = params.written("filter-lang") == Some("cql2-json");
    let read = if is_json { Written::from_json } else { Written::from_text };
    read(text, &filter_limits(limits)).and_then(|condition| condition.check(schema)).err()
}

/// The box that is asked for, in degrees.
pub(super) fn bbox(params: &Params) -> Result<Option<Bbox>, Error> {
    let Some(numbers) = params.bbox("bbox") else { return Ok(None) };
    let read = params.crs("bbox-crs").unwrap_or(&Crs::Crs84).read_bbox(numbers);
    read.map(Some).map_err(|error| Error::Invalid(format!("the parameter 'bbox': {error}")))
}

/// The condition in a parameter, with its coordinates in degrees.
fn written(params: &Params, name: &str, limits: &Limits) -> Result<Option<Written>, Error> {
    let Some(text) = params.text(name) else { return Ok(None) };
    let limits = filter_limits(limits);
    let read = if params.text("filter-lang") == Some("cql2-json") { Written::from_json } else { Written::from_text };
    let told = |error: InvalidFilter| told(name, &error);
    let condition = read(text, &limits).map_err(told)?;
    match params.crs("filter-crs") {
        None | Some(Crs::Crs84 | Crs::Crs84h) => Ok(Some(condition)),
        Some(crs) => condition.project(|position| crs.inverse(crs.axes().read(position))).map(Some).map_err(told),
    }
}

fn filter_limits(limits: &Limits) -> FilterLimits {
    FilterLimits {
        bytes: limits.url_bytes,
        depth: limits.filter_depth,
        nodes: limits.filter_nodes,
        vertices: limits.filter_positions,
    }
}

fn told(name: &str, error: &InvalidFilter) -> Error {
    Error::Invalid(format!("the parameter '{name}': {error}"))
}

/// The order that these names make, if the schema has all of them.
fn sort(asked: &[(String, bool)], schema: &Schema) -> Option<Vec<SortKey>> {
    let key = |(name, descending): &(String, bool)| {
        let field = schema.field(name)?;
        Some(SortKey { field, name: name.clone(), descending: *descending })
    };
    asked.iter().map(key).collect()
}
