//! Parameters that select features: the same for pages of items, downloads and tiles.

use std::collections::HashSet;

use super::Kind;
use super::Parameter;
use super::Params;
use crate::catalog::Collection;
use crate::feature::Field;
use crate::feature::Schema;
use crate::query::SortKey;
use crate::space::CrsList;

/// The parameters that select by place and time; `systems` are those in which places may be given.
pub(super) fn selectors(systems: &CrsList) -> [Parameter; 3] {
    [
        Parameter::new(
            "bbox",
            Kind::Bbox,
            "Only features that meet this box (west,south,east,north in degrees; west greater than east crosses the \
             antimeridian), and features without geometry.",
        ),
        Parameter::new(
            "bbox-crs",
            Kind::Crs(systems.clone()),
            "The coordinate reference system of bbox, whose axes come in the order of its authority.",
        ),
        Parameter::new(
            "datetime",
            Kind::Time,
            "Only features at this instant or in this interval (A/B, ../B, A/..), and features without time. A year, a \
             month or a day stands for all of it.",
        ),
    ]
}

/// The parameters that select by an expression.
pub(super) fn conditions(systems: &CrsList) -> [Parameter; 3] {
    [
        Parameter::new("filter", Kind::Text, "Only features that meet this condition, which is written in CQL2."),
        Parameter::new(
            "filter-lang",
            Kind::Choice(vec!["cql2-text".into(), "cql2-json".into()]),
            "Whether conditions are CQL2 Text or CQL2 JSON.",
        ),
        Parameter::new(
            "filter-crs",
            Kind::Crs(systems.clone()),
            "The coordinate reference system of coordinates in conditions.",
        ),
    ]
}

/// The parameter that says in which order features come.
pub(super) fn order<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Parameter {
    let names = names(fields.into_iter().filter(|field| SortKey::is_sortable(field)));
    let about = "The properties to sort by (a comma list of names, each with - before it for descending order).";
    Parameter::new("sortby", Kind::Sort(names), about)
}

/// The parameter that says in which system coordinates are written.
pub(super) fn system(systems: &CrsList) -> Parameter {
    let about = "The coordinate reference system of the features, whose axes come in the order of its authority.";
    Parameter::new("crs", Kind::Crs(systems.clone()), about)
}

/// The parameters that say what of each feature is written; JSON representations have profiles.
pub(super) fn projections<'a>(fields: impl IntoIterator<Item = &'a Field>) -> [Parameter; 4] {
    let names = names(fields);
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

/// The names of fields, each once; of many, since tables may be wide.
fn names<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<String> {
    let mut seen = HashSet::new();
    fields.into_iter().filter(|field| seen.insert(&field.name)).map(|field| field.name.clone()).collect()
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
    let is_free = |field: &&Field| reserved.iter().all(|parameter| parameter.name != field.name.as_str());
    let fields =
        collection.snapshot().schema().fields.iter().filter(|field| SortKey::is_sortable(field)).filter(is_free);
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
