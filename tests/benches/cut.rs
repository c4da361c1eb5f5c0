//! What a tile costs before a cache helps: cut, encode, pack. `cargo bench --bench cut`.

use divan::Bencher;
use tumen::feature::GeometryKind;
use tumen::feature::Id;
use tumen::feature::PartKind;
use tumen::feature::Table;
use tumen::feature::TableBuilder;
use tumen::feature::Value;
use tumen::space::Grid;
use tumen::tile::CutSettings;
use tumen::tile::Encoding;
use tumen::tile::Layer;
use tumen::tile::Slices;
use tumen::tile::Tile;
use tumen::tile::VectorTile;
use tumen::tile::codec::mvt;
use tumen::tile::cut;

const HOUSES: u32 = 3000;

/// MapLibre's tolerance at the highest zoom of a source, in the world's width.
const LEAST: f64 = 0.375 / 512.0 / 262_144.0;

fn main() {
    divan::main();
}

/// Houses of nine corners with seven properties each, spread over one tile of zoom 14 like those of a town.
fn town() -> Table {
    let grid = Grid::web_mercator_quad();
    let bounds = grid.bounds(grid.tile(14, 14096, 6056).expect("within the grid"));
    let [west, south] = grid.crs().unproject([bounds.min_x, bounds.min_y]);
    let [east, north] = grid.crs().unproject([bounds.max_x, bounds.max_y]);
    let mut builder = TableBuilder::default();
    for number in 0..HOUSES {
        let (column, row) = (f64::from(number % 60), f64::from(number / 60));
        let (width, height) = ((east - west) / 60.0, (north - south) / 50.0);
        let center = [west + (column + 0.5) * width, south + (row + 0.5) * height];
        for corner in 0..=9 {
            let angle = f64::from(corner % 9) / 9.0 * std::f64::consts::TAU;
            let reach = 0.3 + 0.1 * f64::from((number + corner % 9) % 3);
            let [lon, lat] = [center[0] + reach * width * angle.cos(), center[1] + reach * height * angle.sin()];
            builder.shapes().push_coord(lon, lat, None);
        }
        builder.shapes().end_path();
        builder.shapes().end_part(PartKind::Polygon);
        let (id, street) = (number.to_string(), format!("street {}", number % 97));
        let values = [
            ("kind", Value::Text(["house", "shed", "shop"][number as usize % 3])),
            ("street", Value::Text(&street)),
            ("number", Value::Int(i64::from(number % 211))),
            ("height", Value::Float(f64::from(number % 40) / 4.0 + 0.1)),
            ("storeys", Value::Int(i64::from(number % 5))),
            ("listed", Value::Bool(number.is_multiple_of(9))),
            ("name", Value::Null),
        ];
        builder.push(Id { text: &id, number: true }, GeometryKind::Polygon, "{}", values);
    }
    builder.finish(|_| {})
}

fn cut_at(table: &Table, level: u8, settings: &CutSettings) -> Layer {
    let grid = Grid::web_mercator_quad();
    let up = 14 - level;
    let coord = grid.tile(level, 14096 >> up, 6056 >> up).expect("within the grid");
    cut(table.rows(), &grid, coord, settings, "houses", None)
}

#[divan::bench(args = [14, 12, 10])]
fn cut_only(bencher: Bencher, level: u8) {
    let table = town();
    bencher.bench(|| cut_at(&table, level, &CutSettings::default()));
}

/// What a GeoJSON source of a style takes: once for all of it, and then for each tile.
#[divan::bench]
fn lay_out(bencher: Bencher) {
    let table = town();
    bencher.bench(|| Slices::new(&table, LEAST));
}

#[divan::bench(args = [14, 12, 10])]
fn slice(bencher: Bencher, level: u8) {
    let table = town();
    let slices = Slices::new(&table, LEAST);
    let up = 14 - level;
    let coord = Grid::web_mercator_quad().tile(level, 14096 >> up, 6056 >> up).expect("within the grid");
    let settings = CutSettings { extent: 8192, buffer: 2048, tolerance: 6.0 };
    let rows = || table.rows().enumerate().map(|(number, row)| (number as u32, row));
    bencher.bench(|| slices.slice(rows(), coord, &settings));
}

#[divan::bench]
fn cut_exact(bencher: Bencher) {
    let table = town();
    bencher.bench(|| cut_at(&table, 14, &CutSettings::default().exact()));
}

#[divan::bench]
fn encode(bencher: Bencher) {
    let tile = VectorTile { layers: vec![cut_at(&town(), 14, &CutSettings::default())] };
    bencher.bench(|| mvt::encode(&tile));
}

#[divan::bench]
fn encode_and_pack(bencher: Bencher) {
    let tile = VectorTile { layers: vec![cut_at(&town(), 14, &CutSettings::default())] };
    bencher.bench(|| Tile::mvt(&tile, Encoding::Gzip));
}

#[divan::bench]
fn decode(bencher: Bencher) {
    let bytes = mvt::encode(&VectorTile { layers: vec![cut_at(&town(), 14, &CutSettings::default())] });
    bencher.bench(|| mvt::decode(&bytes));
}
