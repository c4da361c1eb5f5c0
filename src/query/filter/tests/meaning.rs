//! What filters select, case by case.

use crate::feature::FieldType;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Scalar;
use crate::feature::Table;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::query::filter::Filter;
use crate::query::filter::FilterLimits;
use crate::query::filter::Written;

/// Five features on the equator, the last without geometry and values.
fn table() -> Table {
    let mut builder = TableBuilder::default();
    let rows = [
        ("Straße", Value::Int(1), "1941", Value::Json("[\"a\",\"b\"]"), 170.0),
        ("회령", Value::Int(7), "1941-05-03", Value::Json("[1,2,2]"), -170.0),
        ("Łódź", Value::Float(2.5), "2020-01-31", Value::Json("[]"), 0.0),
        ("it's 100%", Value::Int(-7), "soon", Value::Json("{\"x\":1}"), 10.0),
    ];
    for (number, (name, size, built, tags, lon)) in rows.into_iter().enumerate() {
        builder.shapes().push_coord(lon, 0.0, None);
        builder.shapes().end_path();
        builder.shapes().end_part(PartKind::Points);
        let values = [
            ("name", Value::Text(name)),
            ("size", size),
            ("built", Value::Text(built)),
            ("tags", tags),
            ("open", Value::Bool(number % 2 == 0)),
        ];
        builder.push(Id { text: &number.to_string(), number: true }, GeometryKind::Point, "{}", values);
    }
    builder.push(Id { text: "4", number: true }, GeometryKind::Null, "{}", []);
    builder.finish(|schema| schema.fields[2].kind = FieldType::Date)
}

fn filter(table: &Table, text: &str) -> Filter {
    let written = Written::from_text(text, &FilterLimits::default()).unwrap();
    written.check(table.schema()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn filters_select_what_they_mean() {
    let table = table();
    let cases: &[(&str, &[u32])] = &[
        ("TRUE", &[0, 1, 2, 3, 4]),
        ("NOT TRUE", &[]),
        // A null is neither equal nor different.
        ("size = 1", &[0]),
        ("size <> 1", &[1, 2, 3]),
        ("NOT size = 1", &[1, 2, 3]),
        ("NOT (size = 1 AND name = 'x')", &[0, 1, 2, 3]),
        ("size IS NULL", &[4]),
        ("(size = 1) IS NULL", &[4]),
        ("geometry IS NULL", &[4]),
        ("tags IS NOT NULL", &[0, 1, 2, 3]),
        ("built IS NOT NULL", &[0, 1, 2, 3]),
        ("size IN (1, 2.5, 7.0)", &[0, 1, 2]),
        ("size NOT IN (1, 2.5, 7.0)", &[3]),
        ("size BETWEEN 1 AND 2.5", &[0, 2]),
        ("NOT size BETWEEN 1 AND 2.5", &[1, 3]),
        ("open = TRUE", &[0, 2]),
        // Texts.
        ("CASEI(name) = CASEI('STRASSE')", &[0]),
        ("ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('LÓ%'))", &[2]),
        ("name LIKE '회_'", &[1]),
        (r"name LIKE '%\%'", &[3]),
        ("name = 'it''s 100%'", &[3]),
        (r"name = 'it\'s 100%'", &[3]),
        // Arithmetic: division by zero is unknown, div and % go towards zero.
        ("7 / (size - 1) > 0", &[1, 2]),
        ("size div 2 = -3", &[3]),
        ("size % 2 = -1", &[3]),
        ("2 ^ 3 * 2 - 1 = 15 AND size = 1", &[0]),
        ("size / 2 = 0.5", &[0]),
        ("- size = 7", &[3]),
        // Instants are compared at the coarser resolution.
        ("built = DATE('1941-05-03')", &[0, 1]),
        ("built = '1941'", &[0, 1]),
        ("built < DATE('2020-01-01')", &[0, 1]),
        ("T_DURING(built, INTERVAL('1941-01-01','2021-01-01'))", &[1, 2]),
        ("T_INTERSECTS(built, INTERVAL('2020-01-31T12:00:00Z','..'))", &[2]),
        ("T_MEETS(INTERVAL('1940-01-01','1941-05-03'), INTERVAL(built,'2022-01-01'))", &[0, 1]),
        // Arrays are sets.
        ("A_CONTAINS(tags, ('a'))", &[0]),
        ("A_EQUALS(tags, (2, 1))", &[1]),
        ("A_CONTAINEDBY(tags, ('b', 'a', 1, 2))", &[0, 1, 2]),
        ("A_OVERLAPS(tags, ('b', 1.0))", &[0, 1]),
        ("NOT A_OVERLAPS(tags, ('b', 1.0))", &[2]),
        // Places.
        ("S_INTERSECTS(geometry, BBOX(160,-1,-160,1))", &[0, 1]),
        ("S_DISJOINT(geometry, BBOX(160,-1,-160,1))", &[2, 3]),
        ("NOT S_DISJOINT(geometry, BBOX(160,-1,-160,1))", &[0, 1]),
        ("S_WITHIN(geometry, BBOX(0,-1,20,1))", &[3]),
        ("S_TOUCHES(geometry, BBOX(0,-1,20,1))", &[2]),
        ("S_CONTAINS(BBOX(0,-1,20,1), geometry)", &[3]),
        ("S_EQUALS(geometry, POINT(10 0)) OR S_EQUALS(geometry, BBOX(0,0,0,0))", &[2, 3]),
        (
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POLYGON((-1 -1,5 -1,5 1,-1 1,-1 -1)),POLYGON((-2 -2,6 -2,6 2,-2 2,-2 -2))))",
            &[2],
        ),
        ("S_INTERSECTS(geometry, MULTIPOINT(10 0, 170 0))", &[0, 3]),
        ("S_INTERSECTS(centroid(geometry), LINESTRING(-1 0, 11 0))", &[2, 3]),
        // Functions.
        ("length(name) = 2", &[1]),
        ("upper(name) = 'STRASSE' AND lower('A') = 'a'", &[0]),
        ("abs(size) = 7 AND floor(2.9) = 2 AND round(-0.5) = -1", &[1, 3]),
        ("year(built) = 1941 AND month(built) = 5", &[1]),
        ("coalesce(size, 0) = 0", &[4]),
        ("max(size, 2) = 2", &[0, 3]),
        ("geometry_type(geometry) = 'Point' AND vertices(geometry) = 1 AND area(geometry) = 0", &[0, 1, 2, 3]),
    ];
    for (text, expected) in cases {
        let filter = filter(&table, text);
        let all: Vec<u32> = (0..table.len() as u32).collect();
        assert_eq!(filter.select(&table, all.clone()), *expected, "{text}");
        let single: Vec<u32> = all.into_iter().filter(|&row| filter.matches(table.row(row))).collect();
        assert_eq!(single, *expected, "{text}, one by one");
    }
}

#[test]
fn coordinates_of_other_systems_become_longitude_and_latitude() {
    let table = table();
    let limits = FilterLimits::default();
    // Latitude before longitude, as EPSG:4326 has it: still one box, over the antimeridian.
    let text = "S_INTERSECTS(geometry, BBOX(-1,160,1,-160)) OR S_INTERSECTS(geometry, POINT(0 10))";
    let written = Written::from_text(text, &limits).unwrap();
    let turned = written.project(|[lat, lon]| Some([lon, lat])).unwrap();
    assert_eq!(turned.to_text(), "S_INTERSECTS(geometry,BBOX(160,-1,-160,1)) OR S_INTERSECTS(geometry,POINT(10 0))");
    assert_eq!(turned.check(table.schema()).unwrap().select(&table, vec![0, 1, 2, 3, 4]), [0, 1, 3]);
    // Edges that bend there get positions in between.
    let written = Written::from_text("S_INTERSECTS(geometry, BBOX(0,0,1,1))", &limits).unwrap();
    let bent = written.project(|[x, y]| Some([x + y * y, y - x * x])).unwrap();
    assert!(bent.to_text().matches(',').count() > 100);
    let outside = Written::from_text("S_INTERSECTS(geometry, POINT(5 6))", &limits).unwrap().project(|_| None);
    assert!(outside.unwrap_err().to_string().contains("no place at 5 6"));
}

#[test]
fn conditions_are_joined_in_one_order_and_each_once() {
    let table = table();
    let size = Written::equal("size", "size", &Scalar::Int(1)).check(table.schema()).unwrap();
    let name = filter(&table, "name = 'Straße'");
    let one = Filter::all([size.clone(), name.clone(), size.clone()]);
    assert_eq!(one, Filter::all([name, size]));
    assert_eq!(one.to_string(), "(name = 'Straße') AND (size = 1)");
    assert_eq!(one.select(&table, vec![0, 1, 2]), [0]);
    assert!(Filter::all([]).is_everything());
}

#[test]
fn names_decide_whether_a_filter_fits_a_collection() {
    let fits = |text: &str| Written::from_text(text, &FilterLimits::default()).unwrap().fits(table().schema());
    assert!(fits("name = 'a' AND S_WITHIN(geom, POINT(0 0)) AND T_AFTER(INTERVAL(built, '..'), DATE('2020-01-01'))"));
    assert!(!fits("name IN (other, 'a')"));
    assert!(!fits("T_AFTER(INTERVAL('..', other), DATE('2020-01-01'))"));
}
