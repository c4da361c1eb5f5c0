//! Which collections are asked for, and which of their features.

use std::hash::Hasher;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use crate::catalog::Collection;
use crate::catalog::Selection;
use crate::feature::FieldType;
use crate::http::Call;
use crate::http::Error;
use crate::http::Kind;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::asked;
use crate::http::selectors;
use crate::query::Query;
use crate::space::CrsList;

/// The collections of a comma list, in its order.
pub(in crate::http) fn collections(call: &Call, ids: &str) -> Result<Vec<Arc<Collection>>, Error> {
    let limit = call.app.config.limits.collections;
    if ids.split(',').count() > limit {
        return Err(Error::Invalid(format!("at most {limit} collections may be asked for at once")));
    }
    let mut collections: Vec<Arc<Collection>> = Vec::new();
    for id in ids.split(',') {
        if id.is_empty() {
            return Err(Error::Invalid(format!("the list of collections '{ids}' has an empty id")));
        }
        if collections.iter().any(|other| other.id == id) {
            return Err(Error::Invalid(format!("the list of collections names '{id}' twice")));
        }
        collections.push(call.collection(id)?);
    }
    Ok(collections)
}

/// The table of parameters that select among the features of these collections: the fields of all of them, but those whose
/// values are of another kind in each.
pub(in crate::http) fn parameters<'a>(collections: impl IntoIterator<Item = &'a Collection>) -> Vec<Parameter> {
    let collections: Vec<&Collection> = collections.into_iter().collect();
    let systems = systems(&collections);
    let mut parameters = selectors::selectors(&systems).to_vec();
    let fields = collections.iter().flat_map(|collection| &collection.snapshot().schema().fields);
    parameters.extend(selectors::conditions(&systems));
    parameters.push(selectors::order(fields.clone()));
    parameters.extend(selectors::projections(fields).into_iter().take(2));
    // The comma list of a template may name any of them.
    parameters.extend(collections.iter().map(|collection| {
        let about = format!("Only features of '{}' that meet this condition.", collection.id);
        Parameter::described(format!("filter.{}", collection.id), Kind::Text, about)
    }));
    let reserved = parameters.len();
    let mut at_odds: Vec<String> = Vec::new();
    for collection in collections {
        // No two fields of one collection have the same name.
        let others = reserved..parameters.len();
        for filter in selectors::filters(collection, &parameters[..reserved]) {
            match parameters[others.clone()].iter_mut().find(|own| own.name == filter.name) {
                None => parameters.push(filter),
                Some(own) => match common(&own.kind, &filter.kind) {
                    Some(kind) => own.kind = kind,
                    None => at_odds.push(filter.name.into_owned()),
                },
            }
        }
    }
    parameters.retain(|parameter| !at_odds.iter().any(|name| *name == parameter.name));
    parameters
}

/// The table of a picture of these collections: its own parameters, then those that select features where they have names of
/// their own. Where a feature is says nothing of whether a picture shows it, so that no box selects.
pub(in crate::http) fn of_pictures<'a>(
    own: Vec<Parameter>,
    collections: impl IntoIterator<Item = &'a Collection>,
) -> Vec<Parameter> {
    let mut others = parameters(collections);
    others.retain(|other| other.name != "bbox" && other.name != "bbox-crs");
    before(own, others)
}

/// Parameters before others, of which those stay that have names of their own: a field may be named as they are.
pub(in crate::http) fn before(mut own: Vec<Parameter>, others: Vec<Parameter>) -> Vec<Parameter> {
    let reserved = own.len();
    for other in others {
        if own[..reserved].iter().all(|own| own.name != other.name) {
            own.push(other);
        }
    }
    own
}

/// What is asked of a picture.
#[derive(Debug)]
pub(in crate::http) struct Asked {
    /// All of its parameters.
    pub(in crate::http) params: Params,
    /// Which features it shows.
    pub(in crate::http) selection: Selection,
    /// Its own parameters as they were written, part of keys.
    pub(in crate::http) own: String,
}

/// What a query string asks of a picture of these collections, whose own parameters are these.
pub(in crate::http) fn of_picture(
    call: &Call,
    query: &str,
    own: Vec<Parameter>,
    collections: &[Arc<Collection>],
) -> Result<Asked, Error> {
    // Most pictures are asked for with no other parameters, and the table of all is long.
    let ignored = &call.app.config.ignored_parameters;
    if let Ok(params) = Params::parse(query, &own, ignored) {
        let own = params.with(&[("v", None)]);
        return Ok(Asked { params, selection: Selection::default(), own });
    }
    let reserved = own.len();
    let table = of_pictures(own, collections.iter().map(AsRef::as_ref));
    let params = Params::parse(query, &table, ignored)?;
    let asked = anywhere(call, &params, collections)?;
    let selection = Selection::new(asked.iter().map(|(own, query)| (own.as_ref(), query.clone())));
    let mut others: Vec<(&str, Option<&str>)> = table[reserved..].iter().map(|other| (&*other.name, None)).collect();
    others.push(("v", None));
    let own = params.with(&others);
    Ok(Asked { params, selection, own })
}

/// The systems that any of the collections is offered in.
fn systems(collections: &[&Collection]) -> CrsList {
    let mut lists = collections.iter().map(|collection| &collection.systems);
    let mut systems = lists.next().cloned().unwrap_or_else(|| CrsList::of_extent(None));
    for crs in lists.flat_map(CrsList::iter) {
        systems = systems.including(crs.clone());
    }
    systems
}

/// The kind of value that two fields of one name have in common.
fn common(one: &Kind, other: &Kind) -> Option<Kind> {
    let (Kind::Field(one), Kind::Field(other)) = (one, other) else { return None };
    let is_number = |kind| matches!(kind, FieldType::Integer | FieldType::Number);
    let is_text = |kind| matches!(kind, FieldType::String | FieldType::Date | FieldType::Timestamp);
    match (*one, *other) {
        (one, other) if one == other => Some(Kind::Field(one)),
        (one, other) if is_number(one) && is_number(other) => Some(Kind::Field(FieldType::Number)),
        (one, other) if is_text(one) && is_text(other) => Some(Kind::Field(FieldType::String)),
        _ => None,
    }
}

/// What is asked of each collection.
pub(in crate::http) fn queries(
    call: &Call,
    params: &Params,
    collections: &[Arc<Collection>],
) -> Result<Vec<(Arc<Collection>, Query)>, Error> {
    let own: Vec<&Collection> = collections.iter().map(AsRef::as_ref).collect();
    let queries = asked::queries(params, &own, &call.app.config.limits)?;
    Ok(collections.iter().cloned().zip(queries).collect())
}

/// What is asked of each collection on a picture, whose box is what it shows.
pub(in crate::http) fn anywhere(
    call: &Call,
    params: &Params,
    collections: &[Arc<Collection>],
) -> Result<Vec<(Arc<Collection>, Query)>, Error> {
    let own: Vec<&Collection> = collections.iter().map(AsRef::as_ref).collect();
    let queries = asked::anywhere(params, &own, &call.app.config.limits)?;
    Ok(collections.iter().cloned().zip(queries).collect())
}

/// A hash of the content of these collections, for addresses whose answers may be kept for long.
pub(in crate::http) fn version(collections: &[Arc<Collection>]) -> String {
    let mut hash = Xxh3::new();
    hash.write(env!("CARGO_PKG_VERSION").as_bytes());
    for collection in collections {
        hash.write(collection.id.as_bytes());
        hash.write(&collection.snapshot().version().0.to_le_bytes());
    }
    format!("{:016x}", hash.digest())
}
