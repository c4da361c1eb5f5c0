//! From OpenAPI 3.0 to 3.1, whose schemas are JSON Schema 2020-12.

use serde_json::Value;
use serde_json::json;

/// Rewrites a document of OpenAPI 3.0 as one of 3.1: what may be null says so among its types, and a limit has no maximum.
pub(super) fn upgrade(document: &mut Value) {
    nullable(document);
    unlimited(document);
    document["openapi"] = json!("3.1.0");
}

/// Takes the maximum off parameters `limit`. A limit above it is no error but means the maximum (OGC API Features, 7.15.2,
/// `/req/core/fc-limit-response-1`), which JSON Schema cannot say; the description does. OpenAPI 3.0 keeps it, since clients
/// look for it there.
fn unlimited(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(unlimited),
        Value::Object(members) => {
            let is = |key: &str, word: &str| members.get(key).and_then(Value::as_str) == Some(word);
            if is("in", "query") && is("name", "limit") {
                members.get_mut("schema").and_then(Value::as_object_mut).and_then(|schema| schema.remove("maximum"));
            }
            members.values_mut().for_each(unlimited);
        }
        _ => {}
    }
}

fn nullable(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(nullable),
        Value::Object(members) => {
            // A member of this name whose value is an object is a property, not the keyword.
            if members.get("nullable").is_some_and(Value::is_boolean) {
                let may_be_null = members.shift_remove("nullable") == Some(Value::Bool(true));
                if let Some(kind) = members.get_mut("type").filter(|kind| may_be_null && kind.is_string()) {
                    *kind = json!([kind.take(), "null"]);
                }
                if let Some(Value::Array(words)) = members.get_mut("enum").filter(|_| may_be_null) {
                    words.push(Value::Null);
                }
            }
            members.values_mut().for_each(nullable);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_limit_loses_its_maximum() {
        let parameter = |name: &str| json!({ "name": name, "in": "query", "schema": { "minimum": 1, "maximum": 9 } });
        let mut document = json!([parameter("limit"), parameter("quality")]);
        unlimited(&mut document);
        assert_eq!(document[0]["schema"], json!({ "minimum": 1 }));
        assert_eq!(document[1]["schema"], json!({ "minimum": 1, "maximum": 9 }));
    }

    #[test]
    fn what_may_be_null_says_so_among_its_types() {
        let mut document = json!({ "openapi": "3.0.3", "a": [
            { "type": "object", "nullable": true, "properties": { "nullable": { "type": "string", "nullable": false } } },
            { "type": "string", "nullable": true, "enum": ["a"] },
        ] });
        upgrade(&mut document);
        let expected = json!({ "openapi": "3.1.0", "a": [
            { "type": ["object", "null"], "properties": { "nullable": { "type": "string" } } },
            { "type": ["string", "null"], "enum": ["a", null] },
        ] });
        assert_eq!(document, expected);
    }
}
