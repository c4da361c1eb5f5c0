//! What is pushed into a column comes back, whatever the mixture.

use super::*;

fn column(values: &[Value<'_>]) -> Column {
    let mut column = Column::new(0);
    for &value in values {
        column.push(value);
    }
    column.finish();
    column
}

#[test]
fn a_column_gives_back_what_was_pushed_whatever_the_mixture() {
    let mixtures: &[(&[Value<'_>], FieldType)] = &[
        (&[Value::Null, Value::Null], FieldType::Null),
        (&[Value::Null, Value::Bool(true), Value::Null, Value::Bool(false)], FieldType::Boolean),
        (&[Value::Int(1), Value::Null, Value::Int(-5)], FieldType::Integer),
        (&[Value::Text("a"), Value::Null, Value::Text("b"), Value::Text("a")], FieldType::String),
        (&[Value::Null, Value::Json("[1]"), Value::Json("{}")], FieldType::Json),
        (&[Value::Text("a"), Value::Int(1), Value::Json("[1]"), Value::Null], FieldType::Mixed),
        (&[Value::Int((1 << 53) + 1), Value::Float(0.5)], FieldType::Mixed),
    ];
    for (values, kind) in mixtures {
        let column = column(values);
        assert_eq!(column.kind(), *kind, "{values:?}");
        for (row, value) in values.iter().enumerate() {
            assert_eq!(column.value(row as u32), *value, "{values:?}");
        }
    }
}

#[test]
fn integers_become_numbers_when_a_fraction_follows() {
    let column = column(&[Value::Int(1), Value::Null, Value::Float(0.5), Value::Int(2)]);
    assert_eq!(column.kind(), FieldType::Number);
    assert_eq!(column.value(0), Value::Float(1.0));
    assert_eq!(column.value(1), Value::Null);
}

#[test]
fn the_smallest_integer_is_not_lost() {
    assert_eq!(column(&[Value::Int(i64::MIN)]).value(0), Value::Int(i64::MIN));
    assert_eq!(column(&[Value::Int(1), Value::Int(i64::MIN)]).value(1), Value::Int(i64::MIN));
}

#[test]
fn equal_texts_share_a_code() {
    let column = column(&[Value::Text("x"), Value::Text("y"), Value::Text("x"), Value::Null]);
    assert_eq!(column.code(0), column.code(2));
    assert_ne!(column.code(0), column.code(1));
    assert_eq!(column.code(3), None);
}
