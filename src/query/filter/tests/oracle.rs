//! Filters over columns against a plain interpreter that asks each feature in turn.

use std::cmp::Ordering;

use geo::Relate;
use proptest::prelude::*;

use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Table;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::query::filter::FilterLimits;
use crate::query::filter::Written;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::eval::shape_of;
use crate::query::filter::operator::Arithmetic;
use crate::query::filter::operator::Operator;
use crate::query::filter::operator::Spatial;

/// A feature: a number, a text, a truth value and a ring or point on a coarse lattice.
#[derive(Clone, Debug)]
struct Drawn {
    n: Option<i64>,
    x: Option<f64>,
    t: Option<&'static str>,
    b: Option<bool>,
    at: [i32; 2],
    size: Option<[i32; 2]>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let texts = prop::sample::select(vec!["a", "ab", "b", ""]);
    (
        prop::option::of(-3..4_i64),
        prop::option::of((-4..5_i32).prop_map(|half| f64::from(half) / 2.0)),
        prop::option::of(texts),
        prop::option::of(any::<bool>()),
        (-4..5, -4..5).prop_map(|(x, y)| [x, y]),
        prop::option::of((1..4, 1..4).prop_map(|(w, h)| [w, h])),
    )
        .prop_map(|(n, x, t, b, at, size)| Drawn { n, x, t, b, at, size })
}

impl Drawn {
    fn ring(&self) -> Vec<[f64; 2]> {
        let [x, y] = self.at.map(f64::from);
        match self.size.map(|size| size.map(f64::from)) {
            None => vec![[x, y]],
            Some([w, h]) => vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]],
        }
    }

    fn geo(&self) -> geo::Geometry<f64> {
        let ring = self.ring();
        match &ring[..] {
            [only] => geo::Point::new(only[0], only[1]).into(),
            ring => geo::Polygon::new(ring.to_vec().into(), vec![]).into(),
        }
    }
}

fn table(features: &[Drawn]) -> Table {
    let mut builder = TableBuilder::default();
    for (number, feature) in features.iter().enumerate() {
        feature.ring().iter().for_each(|&[lon, lat]| builder.shapes().push_coord(lon, lat, None));
        builder.shapes().end_path();
        let is_area = feature.size.is_some();
        builder.shapes().end_part(if is_area { PartKind::Polygon } else { PartKind::Points });
        let values = [
            ("n", feature.n.map_or(Value::Null, Value::Int)),
            ("x", feature.x.map_or(Value::Null, Value::Float)),
            ("t", feature.t.map_or(Value::Null, Value::Text)),
            ("b", feature.b.map_or(Value::Null, Value::Bool)),
        ];
        let kind = if is_area { GeometryKind::Polygon } else { GeometryKind::Point };
        builder.push(Id { text: &number.to_string(), number: true }, kind, "{}", values);
    }
    builder.finish(|_| {})
}

/// Conditions as text, from all the predicates that the interpreter below knows.
fn condition() -> impl Strategy<Value = String> {
    let comparison = prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let number = prop_oneof![
        (-3..4).prop_map(|n: i32| n.to_string()),
        (-7..8).prop_map(|n: i32| format!("{}", f64::from(n) / 2.0)),
        Just("n".to_owned()),
        Just("x".to_owned()),
        Just("n * 2 + x".to_owned()),
        Just("(x - n) / n".to_owned()),
    ]
    .boxed();
    let text = prop::sample::select(vec!["'a'", "'ab'", "t", "''"]);
    let shape = prop_oneof![
        ((-4..4), (-4..4), (1..5), (1..5))
            .prop_map(|(x, y, w, h): (i32, i32, i32, i32)| { format!("BBOX({x},{y},{},{})", x + w, y + h) }),
        ((-4..4), (-4..4)).prop_map(|(x, y)| format!("POINT({x} {y})")),
        ((-4..4), (-4..4), (-4..4), (1..4))
            .prop_map(|(x, y, u, v): (i32, i32, i32, i32)| { format!("LINESTRING({x} {y},{u} {})", y + v) }),
        ((-4..4), (-4..4), (1..6)).prop_map(|(x, y, s): (i32, i32, i32)| {
            format!("POLYGON(({x} {y},{} {y},{x} {},{x} {y}))", x + s, y + s)
        }),
    ];
    let spatial = prop::sample::select(Spatial::ALL).prop_map(|relation| relation.name().to_ascii_uppercase());
    let leaf = prop_oneof![
        (number.clone(), comparison.clone(), number.clone()).prop_map(|(a, c, b)| format!("{a} {c} {b}")),
        (text.clone(), comparison, text.clone()).prop_map(|(a, c, b)| format!("{a} {c} {b}")),
        (number.clone(), number.clone(), number.clone()).prop_map(|(a, b, c)| format!("{a} BETWEEN {b} AND {c}")),
        (number.clone(), number.clone(), number).prop_map(|(a, b, c)| format!("{a} IN ({b}, {c})")),
        prop::sample::select(vec![
            "t LIKE 'a%'",
            "t LIKE '_'",
            "t IS NULL",
            "n IS NULL",
            "b = TRUE",
            "b < TRUE",
            "TRUE",
            "FALSE"
        ])
        .prop_map(str::to_owned),
        (spatial, shape, any::<bool>()).prop_map(|(relation, shape, turned)| {
            if turned { format!("{relation}({shape},geometry)") } else { format!("{relation}(geometry,{shape})") }
        }),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let parts = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            parts.clone().prop_map(|parts| format!("({})", parts.join(" AND "))),
            parts.prop_map(|parts| format!("({})", parts.join(" OR "))),
            inner.clone().prop_map(|inner| format!("NOT ({inner})")),
            inner.prop_map(|inner| format!("({inner}) IS NULL")),
        ]
    })
}

/// What a plain value is here; `None` is null.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Plain {
    Bool(bool),
    Number(f64),
    Text(String),
}

fn truth(expression: &Expression, feature: &Drawn) -> Option<bool> {
    match value(expression, feature) {
        Some(Plain::Bool(truth)) => Some(truth),
        _ => None,
    }
}

fn shape(expression: &Expression, feature: &Drawn) -> geo::Geometry<f64> {
    match &expression.kind {
        Kind::Literal(Literal::Shape(shape)) => shape_of(shape).unwrap(),
        Kind::Literal(Literal::Bbox(numbers)) => {
            geo::Rect::new((numbers[0], numbers[1]), (numbers[2], numbers[3])).to_polygon().into()
        }
        _ => feature.geo(),
    }
}

fn value(expression: &Expression, feature: &Drawn) -> Option<Plain> {
    let (operator, operands) = match &expression.kind {
        Kind::Operation(operator, operands) => (operator, operands),
        Kind::Literal(Literal::Bool(truth)) => return Some(Plain::Bool(*truth)),
        Kind::Literal(Literal::Integer(whole)) => return Some(Plain::Number(*whole as f64)),
        Kind::Literal(Literal::Number(number)) => return Some(Plain::Number(*number)),
        Kind::Literal(Literal::Text(text)) => return Some(Plain::Text(text.clone())),
        Kind::Property(name) => {
            return match name.as_str() {
                "n" => feature.n.map(|n| Plain::Number(n as f64)),
                "x" => feature.x.map(Plain::Number),
                "t" => feature.t.map(|t| Plain::Text(t.to_owned())),
                _ => feature.b.map(Plain::Bool),
            };
        }
        other => panic!("the interpreter does not know {other:?}"),
    };
    let order =
        |a: &Expression, b: &Expression| -> Option<Ordering> { value(a, feature)?.partial_cmp(&value(b, feature)?) };
    let and = |truths: Vec<Option<bool>>| {
        if truths.contains(&Some(false)) {
            Some(false)
        } else if truths.contains(&None) {
            None
        } else {
            Some(true)
        }
    };
    let not = |truth: Option<bool>| truth.map(|truth| !truth);
    let all = || operands.iter().map(|operand| truth(operand, feature)).collect::<Vec<_>>();
    let result = match operator {
        Operator::And => and(all()),
        Operator::Or => not(and(all().into_iter().map(not).collect())),
        Operator::Not => not(truth(&operands[0], feature)),
        Operator::IsNull => Some(value(&operands[0], feature).is_none()),
        Operator::Compare(comparison) => order(&operands[0], &operands[1]).map(|order| comparison.holds(order)),
        Operator::Between => and(vec![
            order(&operands[0], &operands[1]).map(Ordering::is_ge),
            order(&operands[0], &operands[2]).map(Ordering::is_le),
        ]),
        Operator::In => {
            let Kind::Array(list) = &operands[1].kind else { panic!("a list") };
            not(and(list.iter().map(|element| order(&operands[0], element).map(Ordering::is_ne)).collect()))
        }
        Operator::Like => {
            let (Some(Plain::Text(text)), Some(Plain::Text(pattern))) =
                (value(&operands[0], feature), value(&operands[1], feature))
            else {
                return None;
            };
            Some(if pattern == "_" { text.chars().count() == 1 } else { text.starts_with('a') })
        }
        Operator::Spatial(relation) => {
            let matrix = shape(&operands[0], feature).relate(&shape(&operands[1], feature));
            Some(match relation {
                Spatial::Intersects => matrix.is_intersects(),
                Spatial::Equals => matrix.is_equal_topo(),
                Spatial::Disjoint => matrix.is_disjoint(),
                Spatial::Touches => matrix.is_touches(),
                Spatial::Within => matrix.is_within(),
                Spatial::Overlaps => matrix.is_overlaps(),
                Spatial::Crosses => matrix.is_crosses(),
                Spatial::Contains => matrix.is_contains(),
            })
        }
        Operator::Arithmetic(arithmetic) => {
            let (Plain::Number(a), Plain::Number(b)) = (value(&operands[0], feature)?, value(&operands[1], feature)?)
            else {
                return None;
            };
            return match arithmetic {
                Arithmetic::Add => Some(a + b),
                Arithmetic::Subtract => Some(a - b),
                Arithmetic::Multiply => Some(a * b),
                Arithmetic::Divide => Some(a / b).filter(|_| b != 0.0),
                other => panic!("the interpreter does not know {other:?}"),
            }
            .map(Plain::Number);
        }
        other => panic!("the interpreter does not know {other:?}"),
    };
    result.map(Plain::Bool)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn columns_answer_as_features_one_by_one_do(
        features in prop::collection::vec(drawn(), 1..25),
        conditions in prop::collection::vec(condition(), 1..6),
    ) {
        let table = table(&features);
        let turned: Vec<u32> = (0..features.len() as u32).rev().collect();
        let elsewhere = table.clone().kept_in(&turned);
        for text in conditions {
            let written = Written::from_text(&text, &FilterLimits::default()).unwrap();
            // Fields of which no feature has a value have no type that could be compared.
            let Ok(filter) = written.check(table.schema()) else { continue };
            let expected: Vec<u32> = (0..features.len() as u32)
                .filter(|&row| truth(&written.root, &features[row as usize]) == Some(true))
                .collect();
            let all: Vec<u32> = (0..features.len() as u32).collect();
            prop_assert_eq!(&filter.select(&table, all.clone()), &expected, "{}", text);
            let single: Vec<u32> = all.into_iter().filter(|&row| filter.matches(table.row(row))).collect();
            prop_assert_eq!(&single, &expected, "{}, one by one", text);
            let mut kept = filter.select_all(&elsewhere);
            kept.reverse();
            prop_assert_eq!(&kept, &expected, "{}, as they are kept", text);
            if let Some(areas) = filter.areas() {
                let near = |row: &u32| areas.iter().any(|area| area.intersects(&table.row(*row).geometry().rect()));
                prop_assert!(expected.iter().all(near), "{}", text);
            }
        }
    }
}
