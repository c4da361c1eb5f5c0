//! Parameters that select features: the same for pages of items, downloads and tiles.

use super::Kind;
use super::Parameter;
use super::Params;
use crate::catalog::Collection;
use crate::feature::Field;
use crate::feature::FieldType;
use crate::feature::Scalar;
use crate::feature::Schema;
use crate::query::Filter;
use crate::query::Query;
use crate::query::Written;
use crate::store::Snapshot;

/// The parameters that select by place and time.
pub(super) fn selectors() -> [Parameter; 2] {
    [
        Parameter::new(
            "bbox",
            Kind::Bbox,
            "Only features that meet this box (west,south,east,north in degrees; west greater than east crosses the \
             antimeridian), and features without geometry.",
        ),
        Parameter::new(
            "datetime",
            Kind::Time,
            "Only features at this instant or in this interval (A/B, ../B, A/..), and features without time. A year, a \
             month or a day stands for all of it.",
        ),
    ]
}

/// The parameters that say what of each feature is written; JSON representations have profiles.
pub(super) fn projections<'a>(fields: impl IntoIterator<Item = &'a Field>) -> [Parameter; 4] {
    let mut names: Vec<String> = Vec::new();
    for field in fields {
        if !names.contains(&field.name) {
            names.push(field.name.clone());
        }
    }
    [
        Parameter::new(
            "properties",
            Kind::Names(names.clone()),
            "Only these properties (a comma list of names); ids and geometries are always there.",
        ),
        Parameter::new("exclude-properties", Kind::Names(names), "All properties but these (a comma list of names)."),
        Parameter::new("skipGeometry", Kind::Flag, "Whether to leave geometries out."),
        Parameter::new(
            "profile",
            Kind::Text,
            "The profile of a JSON representation: rfc7946, jsonfg or jsonfg-plus, the first of a comma list that is known.",
        ),
    ]
}

/// The names of the properties that are asked for and not left out, in the order of the schema.
pub fn properties(params: &Params, schema: &Schema) -> Option<Vec<String>> {
    let (wanted, unwanted) = (params.names("properties"), params.names("exclude-properties"));
    if wanted.is_none() && unwanted.is_none() {
        return None;
    }
    let is_in = |list: Option<&[String]>, name: &String, otherwise| list.map_or(otherwise, |list| list.contains(name));
    let names = schema.fields.iter().map(|field| &field.name);
    Some(names.filter(|name| is_in(wanted, name, true) && !is_in(unwanted, name, false)).cloned().collect())
}

/// A parameter for each field whose values can be compared, unless another parameter has its name.
pub(super) fn filters(collection: &Collection, reserved: &[Parameter]) -> Vec<Parameter> {
    let is_simple = |field: &&Field| !matches!(field.kind, FieldType::Null | FieldType::Json | FieldType::Mixed);
    let is_free = |field: &&Field| reserved.iter().all(|parameter| parameter.name != field.name.as_str());
    let fields = collection.snapshot().schema().fields.iter().filter(is_simple).filter(is_free);
    fields
        .map(|field| {
            let said = field.title.as_ref().or(field.description.as_ref()).unwrap_or(&field.name);
            Parameter {
                name: field.name.clone().into(),
                kind: Kind::Field(field.kind),
                description: format!("Only features with exactly this value of: {said}").into(),
            }
        })
        .collect()
}

/// The features that the parameters ask for.
pub(super) fn query(params: &Params, snapshot: &Snapshot) -> Query {
    let schema = snapshot.schema();
    let equal = |(name, value): (&str, &Scalar)| Written::equal(name, name, value).check(schema).ok();
    let filter = Filter::all(params.fields().filter_map(equal));
    Query { bbox: params.bbox("bbox"), time: params.time("datetime"), filter, ..Query::default() }
}
