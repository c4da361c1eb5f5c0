//! What is read of a text does not depend on where it is cut, however broken it is.

use proptest::prelude::*;

use super::document::Broken;
use super::document::Cutting;
use super::document::read_document;
use super::tests::collection;
use super::tests::feature;
use crate::feature::Value;
use crate::feature::geojson::write_feature;
use crate::source::blocks::Blocks;

/// All that is read of a text, and all that is said about it.
fn told(text: &[u8], windows: (usize, usize), threads: usize) -> String {
    let mut blocks = Blocks::new(text, text.len() as u64 * 3, 1 << 20, &|_| {});
    match read_document(&mut blocks, None, None, Cutting { windows, threads }) {
        Err(Broken::Text { feature, byte, message }) => format!("{feature:?} {byte} {message}"),
        Err(Broken::Bytes(fault)) => format!("{fault:?}"),
        Ok(document) => {
            let (builder, report, rows) = document.gather.finish();
            let table = builder.finish(|_| {});
            let mut out = Vec::new();
            table.rows().for_each(|row| write_feature(&mut out, row, None));
            let columns: Vec<_> = (0..table.schema().fields.len()).map(|field| table.column(field)).collect();
            // In a column of numbers too large for floats a small one may be either.
            let value = |value: Value<'_>| value.as_f64().map_or(format!("{value:?}"), |number| number.to_string());
            let values: Vec<String> = (0..table.len() as u32)
                .flat_map(|row| columns.iter().map(move |column| value(column.value(row))))
                .collect();
            let told = report.into_problems("a".as_ref());
            format!(
                "{} {:?} {values:?} {told:?} {rows:?} {:?}",
                String::from_utf8_lossy(&out),
                table.schema(),
                document.late_reference
            )
        }
    }
}

const MERCATOR: &str = r#""crs":{"type":"name","properties":{"name":"EPSG:3857"}}"#;

/// Texts in all forms, sound and broken.
fn texts() -> Vec<String> {
    let square = feature("Polygon", "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]");
    let clockwise = feature("Polygon", "[[[0,0],[0,4],[4,4],[4,0]]]");
    let with = |properties: &str| {
        format!(r#"{{"type":"Feature","id":"{}","geometry":null,"properties":{properties}}}"#, properties.len())
    };
    let several = [
        square.as_str(),
        &clockwise,
        &with(r#"{"name":"회령","n":1,"nested":{"type":"Feature"},"list":[1,"]}"]}"#),
        &with(r#"{"n":1.5,"other":"\u0061\"{","name":null}"#),
        &with(r#"{"n":9007199254740993,"flag":true,"name":"두만강"}"#),
        &with(r#"{"name":"회령","flag":false}"#),
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1]},"properties":{}}"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,200]},"properties":{}}"#,
        "17",
        r#"{"type":"Featured"}"#,
    ];
    let whole = collection(&several);
    let mut texts = vec![
        whole.replace(",{\"type\":\"Feature\"", ",\n {\"type\": \"Feature\""),
        whole.replace("{\"type\":\"Feature\"", "\n{ \"bbox\":[1,2],\"type\" : \"Feature\""),
        several.join("\n"),
        format!("\u{1e}{}", several[..6].join("\n\u{1e}")),
        format!("\u{feff}{}", several[..6].join(",\n")),
        format!("{}\n{{\"type\":\"Feature\",\n{}\n", several[2], several[3]),
        format!(r#"{{"features":[{}],"type":"FeatureCollection",{MERCATOR}}}"#, several[..3].join(",")),
        format!(r#"{{"type":"FeatureCollection",{MERCATOR},"features":[{}],"bbox":12345}}"#, several[..3].join(",")),
        format!(r#"{{"type":"FeatureCollection","features":[{}],"features":[]}}"#, several[0]),
        format!(r#"{{"type":"FeatureCollection","features":[{},]}}"#, several[0]),
        format!(r#"{{"type":"FeatureCollection","features":[{}tru]}}"#, several[0]),
        r#"{"type":"FeatureCollection","name":"none"}"#.to_owned(),
        r#"{"type":"FeatureCollection","features":[]} {"type":"Point","coordinates":[1,2]}"#.to_owned(),
        r#"{"type":"Point","coordinates":[1,2]}"#.to_owned(),
        "[1,2]".to_owned(),
        String::new(),
    ];
    texts.push(whole);
    texts
}

#[test]
fn texts_in_all_forms_are_read_alike_wherever_they_are_cut() {
    for text in texts() {
        let whole = told(text.as_bytes(), (1 << 20, 1 << 20), 1);
        for size in [1, 2, 3, 7, 20, 64, 150, 400, 1000] {
            for threads in [1, 3] {
                assert_eq!(told(text.as_bytes(), (size, size), threads), whole, "{size} of {text}");
            }
            assert_eq!(told(text.as_bytes(), (10, size), 2), whole, "{size} of {text}");
        }
    }
}

proptest! {
    #[test]
    fn broken_texts_are_read_alike_wherever_they_are_cut(
        number in 0..17_usize,
        hurt in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_usize), 0..4),
        end in prop::option::of(any::<prop::sample::Index>()),
        windows in (1..300_usize, 1..600_usize),
        threads in 1..4_usize,
    ) {
        let mut text = texts()[number].clone().into_bytes();
        for (place, byte, cut) in hurt {
            if !text.is_empty() {
                let at = place.index(text.len());
                text.splice(at..(at + cut).min(text.len()), b"{}[],:\"\\\n1e-tn \xEC\xFF".get(usize::from(byte)).copied());
            }
        }
        if let Some(end) = end {
            text.truncate(end.index(text.len() + 1));
        }
        // What is no text is found when it comes, and until then it matters what else is wrong.
        prop_assume!(str::from_utf8(&text).is_ok());
        prop_assert_eq!(told(&text, windows, threads), told(&text, (1 << 20, 1 << 20), 1));
    }
}
