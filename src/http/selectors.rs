//! Parameters that select features: the same for pages of items, downloads and tiles.

use super::Kind;
use super::Parameter;
use super::Params;
use crate::catalog::Collection;
use crate::feature::Field;
use crate::feature::FieldType;
use crate::feature::Scalar;
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
