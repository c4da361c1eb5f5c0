//! Counts, extremes, means and sums of the features of a collection, by groups.

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use super::collections::address;
use super::table;
use crate::catalog::Collection;
use crate::feature::FieldType;
use crate::feature::Scalar;
use crate::feature::Schema;
use crate::feature::Value;
use crate::feature::csv;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Path;
use crate::http::asked;
use crate::http::form::Form;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::http::selectors;
use crate::query::SortKey;
use crate::store::Group;
use crate::store::Measure;
use crate::store::aggregate as aggregated;

const FORMATS: &[Format] = &[Format::Json, Format::Csv, Format::Html];

#[derive(Template)]
#[template(path = "aggregate.html")]
struct Page<'a> {
    frame: Frame,
    form: Form,
    names: &'a [String],
    rows: Vec<Vec<String>>,
}

/// A measure with its name: `min(x)`.
type Named = (String, Measure);

pub(super) fn operation(collection: &Collection) -> Operation {
    let id = &collection.id;
    let summary = format!("Counts, extremes, means and sums of the features of '{}'.", collection.title());
    let path = format!("/collections/{}/aggregate", segment(id));
    let mut operation = Operation::new(&format!("{id}.getAggregate"), &path, "Data", &summary, FORMATS);
    let fields = collection.snapshot().schema().fields.iter().filter(|field| SortKey::is_sortable(field));
    let names = fields.map(|field| field.name.clone()).collect();
    let about = "The properties whose values make the groups (a comma list of names); without any, there is one group.";
    operation.parameters.push(Parameter::new("groupby", Kind::Names(names), about));
    let about = "What is said of each group: a comma list of count, min(name), max(name), mean(name) and sum(name).";
    operation.parameters.push(Parameter::new("measures", Kind::Text, about));
    operation.parameters.extend(selectors::selectors(&collection.systems));
    operation.parameters.extend(selectors::conditions(&collection.systems));
    let filters = selectors::filters(collection, &operation.parameters);
    operation.parameters.extend(filters);
    operation
}

/// `GET /collections/{id}/aggregate`
pub(in crate::http) async fn aggregate(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    let collection = call.collection(&id)?;
    let operation = operation(&collection);
    match answer(&call, &collection, &operation).await {
        Err(error @ Error::Invalid(_)) if call.wants_page() => {
            let form = table::faulty(&call, &collection, &operation, action(&call, &collection), &error);
            respond::refused(&error, &Page { frame: frame(&call, &collection), form, names: &[], rows: Vec::new() })
        }
        answered => answered,
    }
}

fn action(call: &Call, collection: &Collection) -> String {
    format!("{}/collections/{}/aggregate", call.base.path(), segment(&collection.id))
}

fn frame(call: &Call, collection: &Collection) -> Frame {
    Frame::new(call, &format!("Aggregates of {}", collection.title()))
        .under("/", &call.app.config.title)
        .under("/collections", "Collections")
        .under(&format!("/collections/{}", segment(&collection.id)), collection.title())
}

async fn answer(call: &Call, collection: &Collection, operation: &Operation) -> Result<Response, Error> {
    let (params, format) = call.read(operation)?;
    let snapshot = collection.snapshot().clone();
    let schema = snapshot.schema();
    let by: Vec<String> = params.names("groupby").unwrap_or_default().to_vec();
    let measures = measures(params.text("measures").unwrap_or("count"), schema)?;
    let query = asked::query(&params, collection, &call.app.config.limits)?;
    let address = call.base.url(&format!("{}?{}", call.path, call.query));
    let asked = format!("{} {query} {by:?} {measures:?} {} {address}", snapshot.version(), format.media_type());
    let tag = ETag::of(&[asked.as_bytes(), call.app.config.title.as_bytes()]);
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    let limit = call.app.config.limits.groups;
    let fields: Vec<usize> = by.iter().filter_map(|name| schema.field(name)).collect();
    let wanted: Vec<Measure> = measures.iter().map(|(_, measure)| *measure).collect();
    let counting = {
        let snapshot = snapshot.clone();
        move || {
            let rows = snapshot.rows(&query);
            let matched = rows.len();
            (matched, aggregated(snapshot.table(), rows.into_iter(), &fields, &wanted, limit))
        }
    };
    let (matched, groups) = call.app.workers.run(counting).await?;
    let groups = groups.map_err(|_| {
        let message = format!("there are more than {limit} groups; group by properties with fewer values, or filter");
        Error::Invalid(message)
    })?;
    let names: Vec<String> = by.iter().cloned().chain(measures.iter().map(|(name, _)| name.clone())).collect();
    let mut links = call.links(operation, &params, format);
    let of = self::address(&call.base, &collection.id, "");
    links.push(Link::new("collection", Format::Json, collection.title(), of));
    match format {
        Format::Csv => Ok(tag.answer(format.content_type(), Body::from(csv_of(&names, &groups)))),
        Format::Html => {
            let page = Page {
                frame: frame(call, collection).with(links),
                form: Form::of(operation, action(call, collection), &params),
                names: &names,
                rows: groups.iter().map(texts).collect(),
            };
            respond::page_tagged(&tag, &page)
        }
        _ => {
            let document = json!({
                "links": links,
                "numberMatched": matched,
                "groupby": by,
                "measures": measures.iter().map(|(name, _)| name).collect::<Vec<_>>(),
                "groups": groups.iter().map(|group| object(&names, group)).collect::<Vec<_>>(),
            });
            Ok(tag.answer(format.content_type(), Body::from(document.to_string())))
        }
    }
}

/// Reads `count,min(x),sum(y)`; a name may have commas and parentheses in it.
fn measures(text: &str, schema: &Schema) -> Result<Vec<Named>, Error> {
    let mut measures: Vec<Named> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = match rest.find(['(', ',']) {
            Some(at) if rest[at..].starts_with('(') => rest[at..].find("),").map_or(rest.len(), |end| at + end + 1),
            Some(at) => at,
            None => rest.len(),
        };
        let (one, after) = rest.split_at(end);
        let named = (one.to_owned(), measure(one, schema)?);
        if !measures.contains(&named) {
            measures.push(named);
        }
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    if measures.is_empty() {
        return Err(Error::Invalid(
            "the parameter 'measures' is empty; it lists count, min(name) and others".to_owned(),
        ));
    }
    Ok(measures)
}

fn measure(text: &str, schema: &Schema) -> Result<Measure, Error> {
    let wrong = |why: &str| Error::Invalid(format!("the parameter 'measures' has '{text}', {why}"));
    if text == "count" {
        return Ok(Measure::Count);
    }
    let call = text.split_once('(').and_then(|(name, rest)| Some((name, rest.strip_suffix(')')?)));
    let known = "but may have count, min(name), max(name), mean(name) and sum(name)";
    let (name, property) = call.ok_or_else(|| wrong(known))?;
    let field = schema.field(property).ok_or_else(|| wrong("whose name is no property"))?;
    let kind = schema.fields[field].kind;
    if !SortKey::is_sortable(&schema.fields[field]) {
        return Err(wrong("whose values cannot be compared"));
    }
    let is_number = matches!(kind, FieldType::Integer | FieldType::Number);
    match name {
        "min" => Ok(Measure::Min(field)),
        "max" => Ok(Measure::Max(field)),
        "mean" | "sum" if !is_number => Err(wrong("whose values are no numbers")),
        "mean" => Ok(Measure::Mean(field)),
        "sum" => Ok(Measure::Sum(field)),
        _ => Err(wrong(known)),
    }
}

fn cells(group: &Group) -> impl Iterator<Item = &Scalar> {
    group.keys.iter().chain(&group.values)
}

fn csv_of(names: &[String], groups: &[Group]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = |cells: &mut dyn Iterator<Item = Value<'_>>| {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                out.push(b',');
            }
            csv::write_value(&mut out, cell);
        }
        out.extend_from_slice(b"\r\n");
    };
    line(&mut names.iter().map(|name| Value::Text(name)));
    groups.iter().for_each(|group| line(&mut cells(group).map(Scalar::as_value)));
    out
}

fn texts(group: &Group) -> Vec<String> {
    let text = |scalar: &Scalar| match scalar {
        Scalar::Null => String::new(),
        Scalar::Bool(truth) => truth.to_string(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Float(number) => number.to_string(),
        Scalar::Text(text) | Scalar::Json(text) => text.to_string(),
    };
    cells(group).map(text).collect()
}

fn object(names: &[String], group: &Group) -> Map<String, Json> {
    let json = |scalar: &Scalar| match scalar {
        Scalar::Null => Json::Null,
        Scalar::Bool(truth) => json!(truth),
        Scalar::Int(number) => json!(number),
        Scalar::Float(number) => json!(number),
        Scalar::Text(text) => json!(text),
        Scalar::Json(text) => serde_json::from_str(text).unwrap_or(Json::Null),
    };
    names.iter().cloned().zip(cells(group).map(json)).collect()
}
