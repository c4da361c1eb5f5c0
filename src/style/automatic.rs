//! The style that is drawn where nobody wrote one: calm colours by collection, and names where the data has them.

use serde_json::Value;
use serde_json::json;

use crate::feature::FieldType;
use crate::feature::GeometryKind;
use crate::feature::Schema;

/// A MapLibre style (version 8) of collections, each given by its id and schema, in the order in which they are drawn.
///
/// Its one source is the composite of their vector tiles, addressed from the server's root. Polygons lie under lines,
/// lines under points, and names stand above all.
pub fn automatic(collections: &[(&str, &Schema)]) -> Value {
    let ids: Vec<&str> = collections.iter().map(|(id, _)| *id).collect();
    let mut layers = vec![json!({ "id": "background", "type": "background", "paint": { "background-color": PAPER } })];
    for shape in [Shape::Polygon, Shape::Line, Shape::Point] {
        for (position, (id, schema)) in collections.iter().enumerate() {
            if shape.occurs(schema) {
                layers.extend(shape.layers(id, COLORS[position % COLORS.len()]));
            }
        }
    }
    layers.extend(collections.iter().filter_map(|(id, schema)| names(id, schema)));
    json!({
        "version": 8,
        "name": ids.join(", "),
        "sources": { "data": { "type": "vector", "url": format!("/data/{}.json", ids.join(",")) } },
        "glyphs": "/fonts/{fontstack}/{range}.pbf",
        "layers": layers
    })
}

/// The colour under everything.
const PAPER: &str = "#f7f5f0";

/// Colours of equal weight that stay apart for people who see fewer of them (after Okabe and Ito, 2008, softened).
const COLORS: &[&str] =
    &["#3f7cac", "#c8793a", "#3a8f6b", "#a3527f", "#8a7a2f", "#5b62b3", "#b5534b", "#4d8f95", "#76618c", "#6d7f45"];

/// Fields that hold a name in the data of the world, the likeliest first; compared without regard to case.
const NAME_FIELDS: &[&str] = &[
    "name",
    "name_en",
    "name:en",
    "nameascii",
    "name_long",
    "title",
    "label",
    "admin",
    "nom",
    "nombre",
    "bezeichnung",
];

/// What one layer draws.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Polygon,
    Line,
    Point,
}

impl Shape {
    fn occurs(self, schema: &Schema) -> bool {
        schema.geometries.iter().any(|kind| match kind {
            GeometryKind::Null => false,
            GeometryKind::Point | GeometryKind::MultiPoint => self == Self::Point,
            GeometryKind::LineString | GeometryKind::MultiLineString => self == Self::Line,
            GeometryKind::Polygon | GeometryKind::MultiPolygon => self == Self::Polygon,
            GeometryKind::GeometryCollection => true,
        })
    }

    /// The name of the type in the expression `geometry-type`.
    fn name(self) -> &'static str {
        match self {
            Self::Polygon => "Polygon",
            Self::Line => "LineString",
            Self::Point => "Point",
        }
    }

    fn layers(self, id: &str, color: &str) -> Vec<Value> {
        let layer = |suffix: &str, kind: &str, layout: Value, paint: Value| {
            json!({
                "id": format!("{id}-{suffix}"),
                "type": kind,
                "source": "data",
                "source-layer": id,
                "filter": ["==", ["geometry-type"], self.name()],
                "layout": layout,
                "paint": paint
            })
        };
        let by_zoom = |stops: &[(f64, f64)]| {
            let mut expression = vec![json!("interpolate"), json!(["exponential", 1.4]), json!(["zoom"])];
            expression.extend(stops.iter().flat_map(|&(zoom, value)| [json!(zoom), json!(value)]));
            Value::Array(expression)
        };
        match self {
            Self::Polygon => vec![
                layer("fill", "fill", json!({}), json!({ "fill-color": color, "fill-opacity": 0.32 })),
                layer(
                    "outline",
                    "line",
                    json!({ "line-join": "round" }),
                    json!({ "line-color": color, "line-width": by_zoom(&[(4.0, 0.6), (12.0, 1.0), (18.0, 2.0)]) }),
                ),
            ],
            Self::Line => vec![layer(
                "line",
                "line",
                json!({ "line-join": "round", "line-cap": "round" }),
                json!({ "line-color": color, "line-width": by_zoom(&[(4.0, 0.8), (12.0, 1.6), (18.0, 6.0)]) }),
            )],
            Self::Point => vec![layer(
                "point",
                "circle",
                json!({}),
                json!({
                    "circle-color": color,
                    "circle-radius": by_zoom(&[(2.0, 1.6), (8.0, 3.0), (14.0, 5.0), (18.0, 7.0)]),
                    "circle-stroke-color": "#ffffff",
                    "circle-stroke-width": by_zoom(&[(2.0, 0.3), (8.0, 0.8), (14.0, 1.4)])
                }),
            )],
        }
    }
}

/// The layer of names, for collections whose schema has a likely field.
fn names(id: &str, schema: &Schema) -> Option<Value> {
    let field = NAME_FIELDS.iter().find_map(|name| {
        let text = |kind| matches!(kind, FieldType::String | FieldType::Mixed);
        schema.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name) && text(field.kind))
    })?;
    let along = Shape::Line.occurs(schema) && !Shape::Polygon.occurs(schema) && !Shape::Point.occurs(schema);
    let layout = if along {
        json!({ "symbol-placement": "line", "text-max-angle": 30 })
    } else if Shape::Point.occurs(schema) {
        json!({ "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.6 })
    } else {
        json!({})
    };
    let mut layer = json!({
        "id": format!("{id}-name"),
        "type": "symbol",
        "source": "data",
        "source-layer": id,
        "layout": layout,
        "paint": { "text-color": "#3c3a36", "text-halo-color": PAPER, "text-halo-width": 1.4 }
    });
    layer["layout"]["text-field"] = json!(["to-string", ["get", field.name]]);
    layer["layout"]["text-font"] = json!(["Noto Sans Regular"]);
    layer["layout"]["text-size"] = json!(["interpolate", ["linear"], ["zoom"], 4, 10.5, 14, 13]);
    Some(layer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Field;

    fn schema(geometries: &[GeometryKind], fields: &[&str]) -> Schema {
        let field = |name: &&str| Field {
            name: (*name).to_owned(),
            kind: FieldType::String,
            title: None,
            description: None,
            unit: None,
        };
        Schema { geometries: geometries.to_vec(), fields: fields.iter().map(field).collect(), ..Schema::default() }
    }

    fn layer_ids(style: &Value) -> Vec<&str> {
        style["layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn polygons_lie_under_lines_under_points_under_names() {
        let towns = schema(&[GeometryKind::Point], &["id", "NAME"]);
        let land = schema(&[GeometryKind::MultiPolygon], &[]);
        let roads = schema(&[GeometryKind::LineString], &["surface"]);
        let style = automatic(&[("towns", &towns), ("land", &land), ("roads", &roads)]);
        let ids = ["background", "land-fill", "land-outline", "roads-line", "towns-point", "towns-name"];
        assert_eq!(layer_ids(&style), ids);
        assert_eq!(style["sources"]["data"]["url"], "/data/towns,land,roads.json");
        assert_eq!(style["layers"][5]["layout"]["text-field"], json!(["to-string", ["get", "NAME"]]));
    }

    #[test]
    fn a_geometry_collection_is_drawn_as_all_that_it_may_hold() {
        let mixed = schema(&[GeometryKind::GeometryCollection], &[]);
        let style = automatic(&[("mixed", &mixed)]);
        assert_eq!(layer_ids(&style), ["background", "mixed-fill", "mixed-outline", "mixed-line", "mixed-point"]);
    }
}
