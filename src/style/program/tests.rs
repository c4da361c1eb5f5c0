use maplibre_expr::EvaluationContext;
use maplibre_expr::Type;
use proptest::prelude::*;
use serde_json::Value as Json;
use serde_json::json;

use super::lower;
use crate::feature::Key;
use crate::feature::Properties;
use crate::feature::Value;
use crate::style::Context;
use crate::style::GeometryType;
use crate::style::Subject;

/// Properties by name, as a tile's feature has them.
#[derive(Debug)]
struct Tags(Vec<(&'static str, Value<'static>)>);

impl Properties for Tags {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn key(&self, name: &str) -> Key {
        NAMES.iter().position(|known| *known == name).map_or(Key::Absent, |place| Key::At(place as u32))
    }

    fn at(&self, place: u32) -> Option<Value<'_>> {
        self.property(NAMES[place as usize])
    }

    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
        self.0.iter().for_each(|(key, value)| visit(key, *value));
    }
}

const NAMES: [&str; 4] = ["class", "rank", "color", "odd"];

fn value() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        Just(Value::Text("road")),
        Just(Value::Text("#ff0000")),
        Just(Value::Text("")),
        Just(Value::Text("7")),
        Just(Value::Int(3)),
        Just(Value::Float(-1.5)),
        Just(Value::Bool(true)),
        Just(Value::Bool(false)),
        Just(Value::Null),
        Just(Value::Json("[1,2]")),
        Just(Value::Json("{\"a\":1}")),
    ]
}

fn tags() -> impl Strategy<Value = Tags> {
    prop::collection::vec(prop::option::of(value()), NAMES.len()).prop_map(|values| {
        Tags(NAMES.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect())
    })
}

/// Any expression, typed or not: most that the type checker refuses are skipped by the test.
fn expression() -> impl Strategy<Value = Json> {
    let name = || prop::sample::select(&NAMES[..]);
    let leaf = prop_oneof![
        name().prop_map(|name| json!(["get", name])),
        name().prop_map(|name| json!(["to-number", ["get", name], 0])),
        name().prop_map(|name| json!(["number", ["get", name], 4])),
        name().prop_map(|name| json!(["string", ["get", name]])),
        name().prop_map(|name| json!(["has", name])),
        Just(json!(["geometry-type"])),
        Just(json!(["id"])),
        Just(json!("road")),
        Just(json!("#00ff00")),
        Just(json!(true)),
        Just(json!(["literal", ["road", 3]])),
        (-4_i32..9).prop_map(|n| json!(n)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let one = || inner.clone();
        let two = || (inner.clone(), inner.clone());
        let three = || (inner.clone(), inner.clone(), inner.clone());
        let op = |ops: &'static [&'static str]| prop::sample::select(ops);
        prop_oneof![
            (op(&["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "min", "max", "%", "in", "all", "any"]), two())
                .prop_map(|(op, (a, b))| json!([op, a, b])),
            (
                op(&[
                    "!",
                    "typeof",
                    "to-boolean",
                    "to-string",
                    "to-number",
                    "to-color",
                    "abs",
                    "floor",
                    "upcase",
                    "length"
                ]),
                one()
            )
                .prop_map(|(op, a)| json!([op, a])),
            three().prop_map(|(a, b, c)| json!(["case", a, b, c])),
            three().prop_map(|(a, b, c)| json!(["case", ["has", "rank"], a, ["==", ["get", "class"], b], b, c])),
            two().prop_map(|(a, b)| json!(["coalesce", a, b])),
            two().prop_map(|(a, b)| json!(["concat", a, b])),
            three().prop_map(|(a, b, c)| json!(["match", a, ["road", "x"], b, c])),
            three().prop_map(|(a, b, c)| json!(["match", a, 3, b, 7, a, c])),
            three().prop_map(|(a, b, c)| json!(["step", ["number", ["get", "rank"], a], b, 1, c, 5, a])),
            two().prop_map(|(a, b)| json!(["step", ["zoom"], a, 5, b])),
            three().prop_map(|(a, b, c)| json!(["interpolate", ["linear"], ["zoom"], 2, a, 6, b, 9, c])),
            two().prop_map(|(a, b)| json!(["interpolate", ["exponential", 1.5], ["zoom"], 2, a, 6, b])),
            two().prop_map(|(a, b)| json!(["interpolate", ["linear"], ["number", ["get", "rank"], 0], -2, a, 6, b])),
            two().prop_map(|(a, b)| json!(["interpolate-hcl", ["linear"], ["zoom"], 2, a, 6, b])),
            two().prop_map(|(a, b)| json!(["interpolate", ["cubic-bezier", 0.2, 0.4, 0.6, 1], ["zoom"], 2, a, 6, b])),
        ]
    })
}

fn kind() -> impl Strategy<Value = Type> {
    prop::sample::select(vec![Type::Number, Type::Boolean, Type::String, Type::Color, Type::Formatted])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, max_global_rejects: 1 << 20, ..ProptestConfig::default() })]

    #[test]
    fn a_program_gives_what_the_expression_gives(
        json in expression(), kind in kind(), tags in tags(), zoom in 0_u8..20, id in prop::option::of(0_i64..9),
    ) {
        let tree = maplibre_expr::parse(&json).ok();
        let tree = tree.and_then(|tree| maplibre_expr::typecheck(&tree, Some(&kind), false).ok());
        prop_assume!(tree.is_some());
        let tree = tree.unwrap();
        let program = lower(&tree);
        prop_assert!(program.is_some(), "not lowered: {json}");
        let program = program.unwrap();

        let zoom = f64::from(zoom) / 2.0;
        let subject = Subject {
            properties: &tags,
            id: id.map_or(Value::Null, Value::Int),
            geometry: GeometryType::LineString,
            tile: &|| (0, 0, 0),
            positions: &Vec::new,
        };
        let context = Context { zoom, ..Context::default() }.with(&subject);
        let mut surroundings = EvaluationContext::new().with_zoom(zoom);
        surroundings.feature.geometry_type = Some("LineString".to_owned());
        surroundings.feature.id = id.map(|id| maplibre_expr::Value::Number(id as f64));
        for (name, value) in &tags.0 {
            surroundings.feature.properties.insert((*name).to_owned(), super::Held::from_property(*value).into_value());
        }
        let expected = maplibre_expr::evaluate(&tree, &surroundings).ok().map(|value| format!("{value:?}"));
        let found = |program: &super::Node| program.evaluate(&context).map(|held| format!("{:?}", held.into_value()));
        prop_assert_eq!(&found(&program), &expected, "{}", json);
        let settled = program.settled(&Context { zoom, ..Context::default() });
        prop_assert_eq!(&found(&settled), &expected, "settled: {}", json);
        prop_assert_eq!(&found(&settled.bound(&tags)), &expected, "bound: {}", json);
    }
}
