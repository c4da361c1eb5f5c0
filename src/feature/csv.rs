//! Features as comma-separated values (RFC 4180).

use super::Row;
use super::Schema;
use super::Value;
use super::wkt::write_wkt;
use crate::space::Crs;

/// Which columns a table of features has.
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
    /// Positions of the fields in the schema.
    fields: Vec<usize>,
    has_geometry: bool,
}

impl Columns {
    /// The id, these fields of a schema, and the geometry as well-known text if there is to be one.
    ///
    /// The columns of id and geometry are `id` and `WKT`, which GDAL knows, or longer where fields have these names.
    pub fn new(schema: &Schema, fields: Vec<usize>, has_geometry: bool) -> Self {
        let own: Vec<String> = fields.iter().map(|&field| schema.fields[field].name.clone()).collect();
        let free = |name: &str| {
            let mut name = name.to_owned();
            while own.contains(&name) {
                name.insert(0, '_');
            }
            name
        };
        let mut names = vec![free("id")];
        let geometry = has_geometry.then(|| free("WKT"));
        names.extend(own);
        names.extend(geometry);
        Self { names, fields, has_geometry }
    }

    /// Appends the line of names.
    pub fn write_head(&self, out: &mut Vec<u8>) {
        for (position, name) in self.names.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            write_cell(out, name);
        }
        out.extend_from_slice(b"\r\n");
    }

    /// Appends the line of a feature: a null is an empty cell, an empty string a quoted one; arrays and objects are JSON.
    pub fn write_row(&self, out: &mut Vec<u8>, row: Row<'_>, crs: &Crs) {
        write_cell(out, row.id().text);
        for &field in &self.fields {
            out.push(b',');
            write_value(out, row.value(field));
        }
        if self.has_geometry {
            out.push(b',');
            let start = out.len();
            write_wkt(out, row.geometry(), crs);
            if out.len() > start {
                // Its commas stand between positions, and it has no quotes.
                out.insert(start, b'"');
                out.push(b'"');
            }
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// Appends a value as a cell.
pub fn write_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Null => {}
        Value::Bool(truth) => out.extend_from_slice(if truth { b"true" } else { b"false" }),
        Value::Int(number) => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
        Value::Float(number) => out.extend_from_slice(zmij::Buffer::new().format(number).as_bytes()),
        Value::Text("") => out.extend_from_slice(b"\"\""),
        Value::Text(text) | Value::Json(text) => write_cell(out, text),
    }
}

/// Appends a text as a cell, in quotes when something in it needs them.
pub fn write_cell(out: &mut Vec<u8>, text: &str) {
    let needs_quotes = |byte: &u8| matches!(byte, b'"' | b',' | b'\r' | b'\n');
    if !text.as_bytes().iter().any(needs_quotes) && text.trim() == text {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for (position, piece) in text.split('"').enumerate() {
        if position > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(piece.as_bytes());
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::super::GeometryKind;
    use super::super::Id;
    use super::super::PartKind;
    use super::super::TableBuilder;
    use super::*;

    #[test]
    fn a_line_has_the_id_the_fields_and_the_geometry() {
        let mut builder = TableBuilder::default();
        let shapes = builder.shapes();
        shapes.push_coord(1.0, 2.0, None);
        shapes.push_coord(3.0, 4.0, None);
        shapes.end_path();
        shapes.end_part(PartKind::Line);
        let values = [
            ("WKT", Value::Text("say \"a, b\"")),
            ("n", Value::Float(0.5)),
            ("o", Value::Json("{\"a\":[1,2]}")),
            ("e", Value::Text("")),
        ];
        builder.push(Id { text: "a,b", number: false }, GeometryKind::LineString, "null", values);
        builder.push(Id { text: "2", number: true }, GeometryKind::Null, "null", [("n", Value::Float(1.0))]);
        let table = builder.finish(|_| {});
        let columns = Columns::new(table.schema(), vec![0, 1, 2, 3], true);
        let mut out = Vec::new();
        columns.write_head(&mut out);
        table.rows().for_each(|row| columns.write_row(&mut out, row, &Crs::Crs84));
        assert_eq!(
            String::from_utf8(out).unwrap(),
            concat!(
                "id,WKT,n,o,e,_WKT\r\n",
                "\"a,b\",\"say \"\"a, b\"\"\",0.5,\"{\"\"a\"\":[1,2]}\",\"\",\"LINESTRING (1 2, 3 4)\"\r\n",
                "2,,1.0,,,\r\n"
            )
        );
    }
}
