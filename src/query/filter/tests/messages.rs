//! What is said of filters that are wrong: what, where, and what to do.

use crate::feature::Field;
use crate::feature::FieldType;
use crate::feature::GeometryKind;
use crate::feature::Schema;
use crate::query::filter::FilterLimits;
use crate::query::filter::Written;

fn schema() -> Schema {
    let field = |(name, kind): (&str, FieldType)| Field {
        name: name.to_owned(),
        kind,
        title: None,
        description: None,
        unit: None,
    };
    let fields = [
        ("name", FieldType::String),
        ("population", FieldType::Integer),
        ("built", FieldType::Date),
        ("open", FieldType::Boolean),
        ("tags", FieldType::Json),
    ];
    Schema { fields: fields.map(field).into(), geometries: vec![GeometryKind::Point], ..Schema::default() }
}

fn complaint(text: &str) -> String {
    let limits = FilterLimits { bytes: 2000, depth: 20, nodes: 100, vertices: 50 };
    let read =
        if text.starts_with('{') { Written::from_json(text, &limits) } else { Written::from_text(text, &limits) };
    match read.and_then(|written| written.check(&schema())) {
        Ok(filter) => format!("{filter} is fine"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn faults_are_told_with_their_place() {
    let told = [
        ("", "the filter ends here, where a property, a value or a function is expected (at character 1, byte 0)"),
        (
            "name = 'a",
            "this text has no end: a ' is missing (a ' inside a text is written '') (at character 8, byte 7)",
        ),
        (
            "name == 'a'",
            "'=' stands here, where a property, a value or a function is expected (at character 7, byte 6)",
        ),
        (
            "name = 'é' AND\n  pop > 5",
            "there is no property \"pop\"; there are name, population, built, open, tags, geometry (at line 2, character 3, byte 18)",
        ),
        ("nam = 'a'", "there is no property \"nam\"; did you mean \"name\"? (at character 1, byte 0)"),
        ("lowr(name) = 'a'", "there is no function lowr; did you mean lower? (at character 1, byte 0)"),
        ("round(population, 2) = 1", "round(number) was called with 2 arguments (at character 1, byte 0)"),
        (
            "population = 'a'",
            "= compares values of one type, and this is a text after a number (at character 14, byte 13)",
        ),
        (
            "built > 'soon'",
            "'soon' is no date (DATE('2022-04-16')) or timestamp (TIMESTAMP('2022-04-16T10:13:19Z')) (at character 9, byte 8)",
        ),
        ("open", "a condition is expected here; write open = TRUE (at character 1, byte 0)"),
        (
            "population + 1",
            "a condition such as a = 1 is expected here, and this is a number (at character 12, byte 11)",
        ),
        (
            "name LIKE name",
            "the pattern of LIKE is a text in quotes, possibly in CASEI or ACCENTI (at character 11, byte 10)",
        ),
        (
            "S_INTERSECTS(geometry, POINT(90 180))",
            "90 180 is no longitude (-180 to 180) and latitude (-90 to 90); is the order longitude latitude? (at character 24, byte 23)",
        ),
        (
            "S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 1)))",
            "a ring ends where it starts: its last position is not its first one (at character 24, byte 23)",
        ),
        (
            "S_INTERSECTS(name, POINT(0 0))",
            "S_INTERSECTS takes a geometry, and this is a text (at character 14, byte 13)",
        ),
        ("geometry = POINT(0 0)", "= does not compare a geometry; see S_EQUALS (at character 1, byte 0)"),
        (
            "T_AFTER(population, DATE('2020-01-01'))",
            "T_AFTER takes a date or timestamp or an interval, and this is a number (at character 9, byte 8)",
        ),
        (
            "built = DATE('2020-02-30')",
            "'2020-02-30' is not a day in quotes such as '2022-04-16' (at character 14, byte 13)",
        ),
        ("2 ^ 3 ^ 4 = 1", "a ^ b ^ c says not which comes first; add parentheses (at character 7, byte 6)"),
        ("name != 'a'", "'!=' is not known; write '<>' (at character 6, byte 5)"),
        (
            r#"{"op":"=","args":[{"property":"nam"},"a"]}"#,
            "there is no property \"nam\"; did you mean \"name\"? (at $.args[0])",
        ),
        (
            r#"{"op":"and","args":[{"op":"isNull","args":[]},true]}"#,
            "the operator isNull has 1 operand, not 0 (at $.args[0].args)",
        ),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1]}]}"#,
            "a position is an array of two or three numbers (at $.args[1].coordinates)",
        ),
        (r#"{"op":"=","args":[1,}"#, "this is no JSON: expected value (at character 21, byte 20)"),
    ];
    for (text, expected) in told {
        assert_eq!(complaint(text), expected, "{text}");
    }
}

#[test]
fn filters_that_are_too_large_are_refused() {
    let deep = |count: usize| format!("{}name = 'a'{}", "(".repeat(count), ")".repeat(count));
    assert!(complaint(&deep(19)).ends_with("is fine"));
    for (text, expected) in [
        (deep(21), "deeper than 20 levels"),
        (format!("population > {}1", "1 + ".repeat(30)), "deeper than 20 levels"),
        ("NOT ".repeat(400) + "TRUE", "deeper than 20 levels"),
        (vec!["TRUE"; 200].join(" OR "), "more than 100 operators"),
        (format!("S_WITHIN(geometry, MULTIPOINT({}))", vec!["0 0"; 60].join(",")), "more than 50 positions"),
        ("A_EQUALS((".repeat(190), "deeper than 20 levels"),
        ("a".repeat(3000), "longer than 2000 bytes"),
        (format!("{}true{}", r#"{"op":"not","args":["#.repeat(30), "]}".repeat(30)), "deeper than 20 levels"),
        ("[".repeat(1900), "this is no JSON"),
    ] {
        let told = if text.starts_with('[') {
            Written::from_json(&text, &FilterLimits::default()).unwrap_err().to_string()
        } else {
            complaint(&text)
        };
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn the_largest_filters_allowed_are_survived() {
    let limits = FilterLimits::default();
    let deep = format!("{}population = 1{}", "NOT (".repeat(31), ")".repeat(31));
    let long = vec!["population = 1"; 3000].join(" OR ");
    let sum = format!("population > {}1", "1 + ".repeat(60));
    for text in [deep, long, sum] {
        let written = Written::from_text(&text, &limits).unwrap();
        assert!(written.check(&schema()).is_ok());
        assert_eq!(Written::from_json(&written.to_json().to_string(), &limits).unwrap().to_text(), written.to_text());
    }
}
