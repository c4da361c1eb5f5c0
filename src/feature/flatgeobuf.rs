//! Features as `FlatGeobuf` (specification, version 3): a head, an index if there is to be one, and the features one by one.

use flatbuffers::FlatBufferBuilder;
use flatbuffers::WIPOffset;
use flatgeobuf::ColumnArgs;
use flatgeobuf::ColumnType;
use flatgeobuf::CrsArgs;
use flatgeobuf::FeatureArgs;
use flatgeobuf::GeometryArgs;
use flatgeobuf::GeometryType;
use flatgeobuf::HeaderArgs;
use flatgeobuf::packed_r_tree::NodeItem;
use flatgeobuf::packed_r_tree::PackedRTree;
use flatgeobuf::packed_r_tree::calc_extent;
use flatgeobuf::packed_r_tree::hilbert_sort;

use super::FieldType;
use super::GeometryKind;
use super::Part;
use super::Row;
use super::Schema;
use super::Table;
use super::Value;
use crate::space::Crs;

const MAGIC: [u8; 8] = *b"fgb\x03fgb\x00";

/// What the head of a file says beside its columns.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    /// The name of the layer.
    pub name: &'a str,
    /// A name for people.
    pub title: &'a str,
    /// Number of features.
    pub count: usize,
    /// The coordinate system.
    pub crs: &'a Crs,
}

/// Writes the features of one schema.
pub struct Writer {
    name_of_id: String,
    /// Each field's position in the schema, its name, and what it is in the file. The id stands before them.
    columns: Vec<(usize, String, ColumnType)>,
    kind: GeometryType,
    has_geometry: bool,
    has_heights: bool,
    builder: FlatBufferBuilder<'static>,
    properties: Vec<u8>,
}

impl Writer {
    /// A writer of the id, these fields of a schema, and the geometry if there is to be one. The id is the column `id`, or
    /// a longer name where a field has this one.
    pub fn new(schema: &Schema, fields: &[usize], has_geometry: bool) -> Self {
        use GeometryKind::{LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
        let columns: Vec<(usize, String, ColumnType)> = fields
            .iter()
            .map(|&field| (field, schema.fields[field].name.clone(), column_type(schema.fields[field].kind)))
            .collect();
        let mut name_of_id = "id".to_owned();
        while columns.iter().any(|(_, name, _)| *name == name_of_id) {
            name_of_id.insert(0, '_');
        }
        let kind = match schema.geometries[..] {
            [only] => geometry_type(only),
            // One type for all is what most readers want of a layer.
            [Point, MultiPoint] => GeometryType::MultiPoint,
            [LineString, MultiLineString] => GeometryType::MultiLineString,
            [Polygon, MultiPolygon] => GeometryType::MultiPolygon,
            _ => GeometryType::Unknown,
        };
        Self {
            name_of_id,
            columns,
            kind,
            has_geometry,
            has_heights: schema.has_heights,
            builder: FlatBufferBuilder::new(),
            properties: Vec::new(),
        }
    }

    /// Appends the head of a file without index, whose features may come in any order.
    pub fn write_head(&mut self, out: &mut Vec<u8>, head: &Head<'_>) {
        self.write_any_head(out, head, 0, None);
    }

    /// Appends the head of a file and its index, and answers the order in which its features are to be written.
    ///
    /// Each feature is written once for its length and thrown away, because the index says where each begins.
    pub fn write_indexed_head(&mut self, out: &mut Vec<u8>, head: &Head<'_>, table: &Table, rows: &[u32]) -> Vec<u32> {
        let crs = head.crs;
        let mut nodes: Vec<NodeItem> = rows.iter().map(|&row| node(table.row(row), crs)).collect();
        let extent = calc_extent(&nodes);
        let is_somewhere = extent.min_x <= extent.max_x;
        if !self.has_geometry || !is_somewhere {
            self.write_head(out, head);
            return rows.to_vec();
        }
        hilbert_sort(&mut nodes, &extent);
        let order: Vec<u32> = nodes.iter().map(|node| node.offset as u32).collect();
        let (mut offset, mut scratch) = (0, Vec::new());
        for (node, &row) in nodes.iter_mut().zip(&order) {
            scratch.clear();
            self.write_feature(&mut scratch, table.row(row), crs);
            node.offset = offset;
            offset += scratch.len() as u64;
        }
        let size = PackedRTree::DEFAULT_NODE_SIZE;
        let Ok(tree) = PackedRTree::build(&nodes, &extent, size) else {
            self.write_head(out, head);
            return order;
        };
        self.write_any_head(out, head, size, Some(&extent));
        let start = out.len();
        if tree.stream_write(&mut *out).is_err() {
            // Memory takes whatever is written to it.
            out.truncate(start);
        }
        order
    }

    fn write_any_head(&mut self, out: &mut Vec<u8>, head: &Head<'_>, node_size: u16, extent: Option<&NodeItem>) {
        let builder = &mut self.builder;
        builder.reset();
        let own = [(self.name_of_id.as_str(), ColumnType::String)];
        let columns = own.into_iter().chain(self.columns.iter().map(|(_, name, kind)| (name.as_str(), *kind)));
        let columns: Vec<_> = columns
            .map(|(name, type_)| {
                let name = Some(builder.create_string(name));
                flatgeobuf::Column::create(builder, &ColumnArgs { name, type_, ..ColumnArgs::default() })
            })
            .collect();
        let columns = Some(builder.create_vector(&columns));
        let envelope = extent.map(|e| builder.create_vector(&[e.min_x, e.min_y, e.max_x, e.max_y]));
        let org = Some(builder.create_string("EPSG"));
        // The format has longitude first, whatever its registry says of EPSG:4326.
        let code = head.crs.code().and_then(|code| i32::try_from(code).ok()).unwrap_or(4326);
        let crs = flatgeobuf::Crs::create(builder, &CrsArgs { org, code, ..CrsArgs::default() });
        let name = Some(builder.create_string(head.name));
        let title = Some(builder.create_string(head.title));
        let header = flatgeobuf::Header::create(
            builder,
            &HeaderArgs {
                name,
                title,
                envelope,
                geometry_type: self.kind,
                has_z: self.has_heights,
                columns,
                features_count: head.count as u64,
                index_node_size: node_size,
                crs: Some(crs),
                ..HeaderArgs::default()
            },
        );
        builder.finish_size_prefixed(header, None);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(builder.finished_data());
    }

    /// Appends a feature; positions are easting and northing, or longitude and latitude, whatever their registry says.
    pub fn write_feature(&mut self, out: &mut Vec<u8>, row: Row<'_>, crs: &Crs) {
        self.properties.clear();
        self.write_text(0, row.id().text);
        for at in 0..self.columns.len() {
            let (field, _, kind) = self.columns[at];
            self.write_value(at as u16 + 1, kind, row.value(field));
        }
        let all = self.kind;
        let builder = &mut self.builder;
        builder.reset();
        let properties = Some(builder.create_vector(&self.properties));
        let geometry = row.geometry();
        let shown = self.has_geometry && geometry.kind() != GeometryKind::Null;
        let geometry = shown.then(|| {
            let members = geometry.members();
            let single = geometry.kind() != GeometryKind::GeometryCollection;
            if let (true, [(kind, parts)]) = (single, members.as_slice()) {
                write_geometry(builder, promoted(*kind, all), parts, self.has_heights, crs)
            } else {
                let parts: Vec<_> = members
                    .iter()
                    .map(|(kind, parts)| write_geometry(builder, *kind, parts, self.has_heights, crs))
                    .collect();
                join(builder, GeometryType::GeometryCollection, &parts)
            }
        });
        let feature =
            flatgeobuf::Feature::create(builder, &FeatureArgs { geometry, properties, ..FeatureArgs::default() });
        builder.finish_size_prefixed(feature, None);
        out.extend_from_slice(builder.finished_data());
    }

    /// Writes a value after the number of its column; one that is not what the column holds is left out, as a null is.
    fn write_value(&mut self, column: u16, kind: ColumnType, value: Value<'_>) {
        let number = value.as_f64();
        match (kind, value) {
            (ColumnType::Bool, Value::Bool(truth)) => self.write_bytes(column, &[u8::from(truth)]),
            (ColumnType::Long, Value::Int(number)) => self.write_bytes(column, &number.to_le_bytes()),
            (ColumnType::Double, _) => {
                if let Some(number) = number {
                    self.write_bytes(column, &number.to_le_bytes());
                }
            }
            (ColumnType::Bool | ColumnType::Long, _) | (_, Value::Null) => {}
            (_, Value::Text(text) | Value::Json(text)) => self.write_text(column, text),
            (_, Value::Bool(truth)) => self.write_text(column, if truth { "true" } else { "false" }),
            (_, Value::Int(number)) => self.write_text(column, &number.to_string()),
            (_, Value::Float(number)) => self.write_text(column, &number.to_string()),
        }
    }

    fn write_text(&mut self, column: u16, text: &str) {
        self.write_bytes(column, &(text.len() as u32).to_le_bytes());
        self.properties.extend_from_slice(text.as_bytes());
    }

    fn write_bytes(&mut self, column: u16, bytes: &[u8]) {
        self.properties.extend_from_slice(&column.to_le_bytes());
        self.properties.extend_from_slice(bytes);
    }
}

type Written = WIPOffset<flatgeobuf::Geometry<'static>>;

/// Writes any geometry but a collection.
fn write_geometry(
    builder: &mut FlatBufferBuilder<'static>,
    kind: GeometryKind,
    parts: &[Part<'_>],
    has_heights: bool,
    crs: &Crs,
) -> Written {
    if kind == GeometryKind::MultiPolygon {
        let polygons: Vec<Written> = parts
            .iter()
            .map(|part| {
                let polygon = std::slice::from_ref(part);
                write_geometry(builder, GeometryKind::Polygon, polygon, has_heights, crs)
            })
            .collect();
        return join(builder, GeometryType::MultiPolygon, &polygons);
    }
    let (mut xy, mut z, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for (path, heights) in parts.iter().flat_map(|part| part.paths().zip(part.heights())) {
        xy.extend(path.iter().flat_map(|&position| crs.project(position)));
        let height = |at: usize| heights.get(at).copied().filter(|height| !height.is_nan()).unwrap_or_default();
        z.extend((0..path.len()).map(height));
        ends.push((xy.len() / 2) as u32);
    }
    let ends = (ends.len() > 1).then(|| builder.create_vector(&ends));
    let z = has_heights.then(|| builder.create_vector(&z));
    let xy = Some(builder.create_vector(&xy));
    let type_ = geometry_type(kind);
    flatgeobuf::Geometry::create(builder, &GeometryArgs { xy, z, ends, type_, ..GeometryArgs::default() })
}

fn join(builder: &mut FlatBufferBuilder<'static>, type_: GeometryType, parts: &[Written]) -> Written {
    let parts = Some(builder.create_vector(parts));
    flatgeobuf::Geometry::create(builder, &GeometryArgs { parts, type_, ..GeometryArgs::default() })
}

/// The type by which a geometry is written in a file of one type: a single one as its multi type if need be.
const fn promoted(kind: GeometryKind, all: GeometryType) -> GeometryKind {
    match (kind, all) {
        (GeometryKind::Point, GeometryType::MultiPoint) => GeometryKind::MultiPoint,
        (GeometryKind::LineString, GeometryType::MultiLineString) => GeometryKind::MultiLineString,
        (GeometryKind::Polygon, GeometryType::MultiPolygon) => GeometryKind::MultiPolygon,
        _ => kind,
    }
}

/// The box of a feature, with its row in the place of where it will begin.
fn node(row: Row<'_>, crs: &Crs) -> NodeItem {
    let mut node = NodeItem::create(u64::from(row.number()));
    for &position in row.geometry().coords() {
        let [x, y] = crs.project(position);
        node.expand_xy(x, y);
    }
    node
}

const fn geometry_type(kind: GeometryKind) -> GeometryType {
    match kind {
        GeometryKind::Null => GeometryType::Unknown,
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::MultiPoint => GeometryType::MultiPoint,
        GeometryKind::LineString => GeometryType::LineString,
        GeometryKind::MultiLineString => GeometryType::MultiLineString,
        GeometryKind::Polygon => GeometryType::Polygon,
        GeometryKind::MultiPolygon => GeometryType::MultiPolygon,
        GeometryKind::GeometryCollection => GeometryType::GeometryCollection,
    }
}

/// Dates are texts, because a year or a month is none of `FlatGeobuf`'s times.
const fn column_type(kind: FieldType) -> ColumnType {
    match kind {
        FieldType::Boolean => ColumnType::Bool,
        FieldType::Integer => ColumnType::Long,
        FieldType::Number => ColumnType::Double,
        FieldType::Timestamp => ColumnType::DateTime,
        FieldType::Json => ColumnType::Json,
        FieldType::Null | FieldType::String | FieldType::Date | FieldType::Mixed => ColumnType::String,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use flatgeobuf::FallibleStreamingIterator;
    use flatgeobuf::FeatureProperties;
    use flatgeobuf::FgbReader;

    use super::super::Id;
    use super::super::PartKind;
    use super::super::TableBuilder;
    use super::*;

    fn table() -> Table {
        let mut builder = TableBuilder::default();
        for x in 0..40 {
            builder.shapes().push_coord(f64::from(x), f64::from(x % 7), None);
            builder.shapes().end_path();
            builder.shapes().end_part(PartKind::Points);
            let values = [("n", Value::Int(i64::from(x))), ("name", Value::Text("회령"))];
            builder.push(Id { text: &x.to_string(), number: true }, GeometryKind::Point, "null", values);
        }
        builder.push(Id { text: "none", number: false }, GeometryKind::Null, "null", []);
        builder.finish(|_| {})
    }

    fn written(table: &Table, is_indexed: bool) -> Vec<u8> {
        let mut writer = Writer::new(table.schema(), &[0, 1], true);
        let head = Head { name: "points", title: "Points", count: table.len(), crs: &Crs::Crs84 };
        let (rows, mut out): (Vec<u32>, _) = ((0..table.len() as u32).collect(), Vec::new());
        let order = if is_indexed {
            writer.write_indexed_head(&mut out, &head, table, &rows)
        } else {
            writer.write_head(&mut out, &head);
            rows
        };
        order.iter().for_each(|&row| writer.write_feature(&mut out, table.row(row), &Crs::Crs84));
        out
    }

    #[test]
    fn another_reader_finds_everything() {
        let reader = FgbReader::open(Cursor::new(written(&table(), false))).unwrap();
        assert_eq!(reader.header().features_count(), 41);
        let mut features = reader.select_all().unwrap();
        let mut found = Vec::new();
        while let Some(feature) = features.next().unwrap() {
            let at = feature.fbs_feature().geometry().and_then(|geometry| geometry.xy());
            let text = |name| feature.property::<String>(name).ok();
            found.push((at.map(|at| [at.get(0), at.get(1)]), text("id"), text("name")));
        }
        let word = |text: &str| Some(text.to_owned());
        assert_eq!(found[8], (Some([8.0, 1.0]), word("8"), word("회령")));
        assert_eq!(found[40], (None, word("none"), None));
    }

    #[test]
    fn the_index_leads_to_what_meets_a_box() {
        let reader = FgbReader::open(Cursor::new(written(&table(), true))).unwrap();
        let features = reader.select_bbox(2.5, 0.0, 6.5, 9.0).unwrap();
        assert_eq!(features.features_count(), Some(4));
    }
}
