//! What a CQL2 filter costs over many features: read, checked and run. `cargo bench --bench filter`.
//!
//! `FILTER_DATA` names a file of features such as shared `data/generate.py mixed -n 500000` writes; without it, points with a
//! class and a name are made here.

use std::path::PathBuf;
use std::sync::OnceLock;

use divan::Bencher;
use tumen::feature::GeometryKind;
use tumen::feature::Id;
use tumen::feature::PartKind;
use tumen::feature::TableBuilder;
use tumen::feature::Value;
use tumen::query::FilterLimits;
use tumen::query::Query;
use tumen::query::Written;
use tumen::source;
use tumen::source::Limits;
use tumen::source::Metadata;
use tumen::store::Snapshot;
use tumen::store::Version;

const FEATURES: u32 = 500_000;

fn main() {
    divan::main();
}

/// The features that are asked, read once.
fn snapshot() -> &'static Snapshot {
    static SNAPSHOT: OnceLock<Snapshot> = OnceLock::new();
    SNAPSHOT.get_or_init(|| match std::env::var_os("FILTER_DATA").map(PathBuf::from) {
        Some(path) => {
            let collected =
                source::read(&path, &Metadata::default(), &Limits::default()).expect("the file is readable");
            Snapshot::new(collected.table, collected.version)
        }
        None => points(),
    })
}

fn points() -> Snapshot {
    let mut builder = TableBuilder::default();
    for number in 0..FEATURES {
        let lon = 124.0 + f64::from(number.wrapping_mul(7919) % 7000) / 1000.0;
        let lat = 37.5 + f64::from(number.wrapping_mul(104_729) % 5700) / 1000.0;
        builder.shapes().push_coord(lon, lat, None);
        builder.shapes().end_path();
        builder.shapes().end_part(PartKind::Points);
        let (name, class) = (format!("building {number}"), ["residential", "school", "yes"][number as usize % 3]);
        let levels = i64::from(number % 12);
        let values = [("addr", Value::Text(&name)), ("building", Value::Text(class)), ("levels", Value::Int(levels))];
        builder.push(Id { text: &number.to_string(), number: true }, GeometryKind::Point, "{}", values);
    }
    Snapshot::new(builder.finish(|_| {}), Version(1))
}

/// Filters over the fields that both kinds of data have.
const FILTERS: [(&str, &str); 6] = [
    ("text", "building = 'school'"),
    ("box and text", "S_INTERSECTS(geometry, BBOX(129,42,130,42.6)) AND building = 'school'"),
    (
        "polygon and text",
        "S_INTERSECTS(geometry, POLYGON((129 42,130 41.8,130.4 42.6,129.5 43,129 42))) AND building = 'school'",
    ),
    (
        "within and pattern",
        "S_WITHIN(geometry, POLYGON((129 42,130 41.8,130.4 42.6,129.5 43,129 42))) AND CASEI(addr) LIKE '%1%'",
    ),
    ("pattern over all", "ACCENTI(CASEI(addr)) LIKE '%99%'"),
    ("number or text", "levels > 10 OR NOT building IN ('school','yes')"),
];

#[divan::bench(args = FILTERS.map(|(name, _)| name))]
fn filter(bencher: Bencher, name: &str) {
    let snapshot = snapshot();
    let (_, text) = FILTERS.into_iter().find(|(own, _)| *own == name).expect("it is one of the list");
    bencher.bench(|| {
        let written = Written::from_text(text, &FilterLimits::default()).expect("it is CQL2");
        let filter = written.check(snapshot.schema()).expect("the fields are there");
        snapshot.rows(&Query { filter, ..Query::default() }).len()
    });
}
