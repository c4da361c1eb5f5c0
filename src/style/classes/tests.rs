//! Expressions and the classes that they make.

use serde_json::json;

use super::*;

fn marks(value: &Json) -> Vec<(String, Marks)> {
    let layer = json!({ "id": "a", "type": "fill", "paint": { "fill-color": value } });
    Style::describe(&json!({ "layers": [layer] }), 10.0).remove(0).look
}

fn labels(value: &Json) -> Vec<String> {
    let (_, marks) = marks(value).remove(0);
    marks.classes(&[]).into_iter().map(|class| class.label).collect()
}

#[test]
fn each_kind_of_expression_makes_its_classes() {
    let kind = json!(["get", "kind"]);
    assert_eq!(labels(&json!(["match", kind, "a", "red", ["b", "c"], "blue", "gray"])), ["a", "b", "c", "…"]);
    assert_eq!(
        labels(&json!(["step", ["get", "n"], "red", 10, "blue", 20000, "gray"])),
        ["< 10", "10 – 20\u{a0}000", "≥ 20\u{a0}000"]
    );
    assert_eq!(labels(&json!(["interpolate", ["linear"], ["get", "n"], 0, "red", 1.5, "blue"])), ["0", "1.5"]);
    assert_eq!(
        labels(&json!(["case", ["==", kind, "a"], "red", ["in", kind, ["literal", ["b", "c"]]], "blue", "gray"])),
        ["a", "b", "c", "…"]
    );
    assert_eq!(
        labels(&json!(["case", ["<=", ["get", "n"], 1], "red", [">", ["get", "n"], 3], "blue", "gray"])),
        ["≤ 1", "1 – 3", "> 3"]
    );
    assert_eq!(
        labels(&json!({ "property": "kind", "type": "categorical", "stops": [["a", "red"], ["b", "blue"]] })),
        ["a", "b", "…"]
    );
    let interval = json!({ "property": "n", "type": "interval", "stops": [[0, "red"], [5, "blue"]] });
    assert_eq!(labels(&interval), ["< 5", "≥ 5"]);
    assert_eq!(labels(&json!({ "property": "n", "stops": [[0, "red"], [5, "blue"]] })), ["0", "5"]);
}

#[test]
fn of_a_curve_over_the_zoom_only_what_holds_is_read() {
    let at = |kind: &str| json!(["match", ["get", kind], "x", "red", "blue"]);
    let found = marks(&json!(["step", ["zoom"], at("far"), 8, at("near"), 12, at("nearest")]));
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["near"]);
    let named = marks(&json!(["let", "k", ["get", "kind"], ["match", ["var", "k"], "x", "red", "blue"]]));
    assert_eq!(named[0].0, "kind");
}

#[test]
fn every_number_is_in_exactly_one_range() {
    let marks = Marks {
        values: vec![Scalar::Int(2)],
        cuts: vec![Cut { at: 1.0, is_after: true }, Cut { at: 3.0, is_after: false }],
        ..Marks::default()
    };
    let classes = marks.classes(&[]);
    assert_eq!(classes.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(), ["≤ 1", "1 – 2", "2", "2 – 3", "≥ 3"]);
    for number in [-1e9, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 1e9] {
        let holding = classes.iter().filter(|class| class.test.holds(Value::Float(number))).count();
        assert_eq!(holding, 1, "{number}");
    }
    assert!(classes[1].test.is_gap() && classes[3].test.is_gap() && !classes[2].test.is_gap());
    for class in &classes {
        assert!(class.test.holds(class.sample.as_ref().unwrap().as_value()), "{class:?}");
    }
}
