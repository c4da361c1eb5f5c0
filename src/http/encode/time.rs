//! When a feature is, as JSON-FG writes it (OGC 21-045r1, 7.4).

use serde_json::Value as Json;
use serde_json::json;

use crate::feature::Row;
use crate::feature::Value;
use crate::query::Interval;

/// The member `time` of a feature: a date, a timestamp or an interval; null where it has no time.
pub(super) fn time(row: Row<'_>) -> Json {
    let Some(fields) = row.schema().time else { return Json::Null };
    let at = |field: usize| match row.value(field) {
        Value::Text(text) => Interval::instant(text).map(|_| text.to_owned()),
        Value::Int(year) => Some(format!("{year:04}")).filter(|text| Interval::instant(text).is_some()),
        _ => None,
    };
    let start = at(fields.start);
    let Some(end) = fields.end else {
        return match start {
            None => Json::Null,
            Some(text) if text.len() == DATE => json!({ "date": text }),
            // A year or a month is all of its days.
            Some(text) if text.len() < DATE => json!({ "interval": [edge(&text, 0), edge(&text, 1)] }),
            Some(text) => json!({ "timestamp": edge(&text, 0) }),
        };
    };
    let end = at(end);
    if start.is_none() && end.is_none() {
        return Json::Null;
    }
    let open = |edge: Option<String>| edge.unwrap_or_else(|| "..".to_owned());
    json!({ "interval": [open(start.and_then(|text| edge(&text, 0))), open(end.and_then(|text| edge(&text, 1)))] })
}

/// The length of a whole date.
const DATE: usize = "1916-11-13".len();

/// The first (0) or last (1) day of a date, a month or a year; the moment of a date-time, in UTC.
fn edge(text: &str, which: usize) -> Option<String> {
    let moment = Interval::instant(text)?.ends().into_iter().nth(which)??;
    Some(if text.len() <= DATE { moment.get(..DATE)?.to_owned() } else { moment })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::GeometryKind;
    use crate::feature::Id;
    use crate::feature::TableBuilder;
    use crate::feature::TimeFields;

    fn written(start: Value<'_>, end: Option<Value<'_>>) -> Json {
        let mut builder = TableBuilder::default();
        let values = [("from", start), ("until", end.unwrap_or(Value::Null))];
        builder.push(Id { text: "1", number: true }, GeometryKind::Null, "null", values);
        let table = builder.finish(|schema| {
            schema.time = Some(TimeFields { start: 0, end: end.map(|_| 1) });
        });
        time(table.row(0))
    }

    #[test]
    fn dates_timestamps_and_intervals_are_told_apart() {
        assert_eq!(written(Value::Text("1916-11-13"), None), json!({ "date": "1916-11-13" }));
        assert_eq!(written(Value::Text("1916"), None), json!({ "interval": ["1916-01-01", "1916-12-31"] }));
        assert_eq!(written(Value::Int(1916), None), json!({ "interval": ["1916-01-01", "1916-12-31"] }));
        let moment = Value::Text("2018-02-12T23:20:52+01:00");
        assert_eq!(written(moment, None), json!({ "timestamp": "2018-02-12T22:20:52Z" }));
        assert_eq!(written(Value::Null, None), Json::Null);
        assert_eq!(written(Value::Text("soon"), None), Json::Null);
        let end = Some(Value::Text("1950-02"));
        assert_eq!(written(Value::Text("1941"), end), json!({ "interval": ["1941-01-01", "1950-02-28"] }));
        assert_eq!(written(Value::Text("1941"), Some(Value::Null)), json!({ "interval": ["1941-01-01", ".."] }));
        assert_eq!(written(Value::Null, Some(Value::Null)), Json::Null);
    }
}
