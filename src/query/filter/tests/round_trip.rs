//! Any expression comes back from its text and from its JSON as it was.

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;

use crate::query::filter::ast::Expression;
use crate::query::filter::ast::FilterLimits;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::json;
use crate::query::filter::operator::Operator;
use crate::query::filter::shape::Position;
use crate::query::filter::shape::Shape;
use crate::query::filter::text;

/// Texts that are hard on quotes and escapes, and names that are hard on keywords.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"[a-z'\\"%_ ]{0,8}"#,
        ".{0,6}",
        prop::sample::select(vec!["회령", "and", "Date", "POINT", "s_within", "div", "a:b.c", "true", ""])
            .prop_map(str::to_owned),
    ]
}

fn position() -> impl Strategy<Value = Position> {
    (any_float(), any_float(), prop::option::of(any_float())).prop_map(|(x, y, z)| Position { xy: [x, y], z })
}

fn any_float() -> impl Strategy<Value = f64> {
    prop_oneof![-180.0..180.0_f64, (-180..180).prop_map(f64::from), prop::num::f64::NORMAL | prop::num::f64::ZERO,]
}

fn line() -> impl Strategy<Value = Vec<Position>> {
    prop::collection::vec(position(), 2..5)
}

fn polygon() -> impl Strategy<Value = Vec<Vec<Position>>> {
    let ring = prop::collection::vec(position(), 3..6).prop_map(|mut ring| {
        ring.push(ring[0]);
        ring
    });
    prop::collection::vec(ring, 1..3)
}

fn shape() -> impl Strategy<Value = Shape> {
    let simple = prop_oneof![
        position().prop_map(Shape::Point),
        line().prop_map(Shape::LineString),
        polygon().prop_map(Shape::Polygon),
        prop::collection::vec(position(), 1..4).prop_map(Shape::MultiPoint),
        prop::collection::vec(line(), 1..3).prop_map(Shape::MultiLineString),
        prop::collection::vec(polygon(), 1..3).prop_map(Shape::MultiPolygon),
    ];
    let simple = simple.boxed();
    prop_oneof![
        4 => simple.clone(),
        1 => prop::collection::vec(simple, 1..4).prop_map(Shape::GeometryCollection),
    ]
}

fn instant() -> impl Strategy<Value = Literal> {
    prop_oneof![
        (0..9999_i16, 1..13_i8, 1..29_i8).prop_map(|(y, m, d)| Literal::Date(Date::new(y, m, d).unwrap())),
        (-62_135_596_800..253_402_207_000_i64, prop_oneof![Just(0), 0..999_999_999_i32])
            .prop_map(|(s, n)| Literal::Timestamp(Timestamp::new(s, n).unwrap())),
    ]
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(Literal::Integer),
        any_float().prop_map(|number| Literal::number(number).unwrap()),
        any_text().prop_map(Literal::Text),
        instant(),
        shape().prop_map(Literal::Shape),
        prop_oneof![prop::collection::vec(any_float(), 4), prop::collection::vec(any_float(), 6)]
            .prop_map(Literal::Bbox),
    ]
}

fn new(kind: Kind) -> Expression {
    Expression::new(kind, 0)
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        literal().prop_map(|literal| new(Kind::Literal(literal))),
        any_text().prop_map(|name| new(Kind::Property(name))),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let operators: Vec<Operator> = Operator::all().collect();
        let operation = (prop::sample::select(operators), prop::collection::vec(inner.clone(), 4), 2..4_usize);
        let end = prop_oneof![
            instant().prop_map(|literal| new(Kind::Literal(literal))),
            Just(new(Kind::Literal(Literal::Open))),
            any_text().prop_map(|name| new(Kind::Property(name))),
        ];
        prop_oneof![
            6 => operation.prop_map(|(operator, mut operands, some)| {
                let (least, most) = operator.arity();
                operands.truncate(some.clamp(least, most));
                if operator == Operator::In {
                    let list = operands.split_off(1);
                    operands.push(new(Kind::Array(list)));
                }
                Expression::operation(operator, operands, 0)
            }),
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(|elements| new(Kind::Array(elements))),
            1 => (any_text(), prop::collection::vec(inner, 0..3))
                .prop_filter("operators are no functions", |(name, _)| Operator::named(name).is_none())
                .prop_map(|(name, arguments)| new(Kind::Function(name, arguments))),
            1 => (end.clone(), end).prop_map(|(from, to)| new(Kind::Interval(Box::new([from, to])))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn text_and_json_give_back_what_was_written(expression in expression()) {
        let limits = FilterLimits::default();
        let written = text::write(&expression);
        let read = text::read(&written, &limits);
        prop_assert_eq!(read.as_ref().map(|read| &read.root), Ok(&expression), "{}", written);
        let document = json::write(&expression).to_string();
        let read = json::read(&document, &limits);
        prop_assert_eq!(read.as_ref().map(|read| &read.root), Ok(&expression), "{}", document);
    }

    #[test]
    fn any_text_is_read_or_refused(garbage in ".{0,60}", pieces in prop::collection::vec(piece(), 0..30)) {
        let limits = FilterLimits::default();
        for garbage in [garbage, pieces.join(" "), pieces.concat()] {
            for read in [text::read(&garbage, &limits), json::read(&garbage, &limits)] {
                match read {
                    Ok(read) => {
                        let written = text::write(&read.root);
                        prop_assert_eq!(&text::read(&written, &limits).unwrap().root, &read.root, "{}", written);
                    }
                    Err(error) => prop_assert!(!error.message.is_empty()),
                }
            }
        }
    }
}

/// Pieces that filters are made of.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "(",
        ")",
        ",",
        "a",
        "\"b\"",
        "'c'",
        "1",
        "-",
        "+",
        "*",
        "^",
        "=",
        "<>",
        "AND",
        "OR",
        "NOT",
        "IS",
        "NULL",
        "IN",
        "LIKE",
        "BETWEEN",
        "POINT",
        "POLYGON",
        "BBOX",
        "DATE",
        "INTERVAL",
        "'..'",
        "'2020-01-01'",
        "CASEI",
        "A_EQUALS",
        "T_AFTER",
        "S_WITHIN",
        "f",
        "TRUE",
        "{",
        "\"op\":",
        "\"args\":",
        "[",
        "]",
        "}",
        ":",
        "\"and\"",
        "div",
        "Z",
        "EMPTY",
    ])
}
