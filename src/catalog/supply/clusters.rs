//! The points of a GeoJSON source, gathered.

use std::sync::Arc;
use std::sync::OnceLock;

use super::features::FINE;
use super::features::place;
use super::features::with_subject;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Properties;
use crate::feature::Scalar;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::render::Memory;
use crate::render::degrees;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::style::ClusterProperties;
use crate::style::Clustering;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::cluster::ClusterSettings;
use crate::tile::cluster::Clusters;
use crate::tile::cluster::Mark;
use crate::tile::cluster::Marked;
use crate::tile::cluster::abbreviated;

/// Points of a snapshot, gathered as a style says.
#[derive(Clone, Debug)]
pub(super) struct ClusteredPoints {
    clusters: Clusters<Vec<Scalar>>,
    properties: ClusterProperties,
    /// The row of each point.
    rows: Vec<u32>,
    /// Its exact place.
    places: Vec<[f64; 2]>,
    /// What stands at each zoom as features, made when it is first drawn as a whole.
    wholes: Arc<[OnceLock<(Snapshot, Arc<Memory>)>]>,
}

/// Bytes of shapes of features of one zoom that pictures keep for the next ones.
const MEMORY_BYTES: u64 = 4 << 20;

impl ClusteredPoints {
    /// Gathers the points of a snapshot; what is wrong with the properties of clusters is said.
    pub(super) fn gather(snapshot: &Snapshot, clustering: &Clustering) -> (Self, Vec<String>) {
        let (properties, faults) = ClusterProperties::parse(&clustering.properties);
        let (rows, places): (Vec<u32>, Vec<[f64; 2]>) =
            snapshot.table().rows().filter_map(|row| Some((row.number(), place(row)?))).unzip();
        let settings = ClusterSettings {
            radius: clustering.radius / 512.0,
            max_zoom: clustering.maxzoom,
            min_points: clustering.min_points,
        };
        let map = |point: u32| {
            if properties.is_empty() {
                return Vec::new();
            }
            with_subject(snapshot.row(rows[point as usize]), |subject| properties.map(subject))
        };
        let clusters = Clusters::new(&places, settings, map, |own, more| properties.reduce(own, more));
        let zooms = usize::from(clustering.maxzoom) + 2;
        let wholes = (0..zooms).map(|_| OnceLock::new()).collect();
        (Self { clusters, properties, rows, places, wholes }, faults)
    }

    /// What a tile shows of them.
    pub(super) fn cut(&self, snapshot: &Snapshot, coord: TileCoord) -> Layer {
        let mut layer = LayerBuilder::new("", FINE).keeping_json();
        for (place, mark) in self.clusters.on_tile(coord) {
            let place = match mark.marked {
                Marked::Point(number) => self.exact(place, mark.position, number, coord),
                Marked::Cluster(..) => place,
            };
            self.each_property(snapshot, mark, &mut |name, value| layer.push_tag(name, value));
            layer.push_path([snapped(place)]);
            let id = match mark.marked {
                Marked::Point(number) => snapshot.row(self.rows[number as usize]).id().tile_id(),
                Marked::Cluster(id, _) => id,
            };
            layer.end_feature(Some(id), TileGeometry::Points);
        }
        layer.finish()
    }

    /// All that stands at a zoom, as features.
    pub(super) fn whole(&self, snapshot: &Snapshot, zoom: u8) -> (Snapshot, Arc<Memory>) {
        let whole = &self.wholes[usize::from(zoom).min(self.wholes.len() - 1)];
        let made = whole.get_or_init(|| {
            let mut builder = TableBuilder::default();
            for mark in self.clusters.at_zoom(zoom) {
                let (position, id) = match mark.marked {
                    Marked::Point(number) => {
                        let row = snapshot.row(self.rows[number as usize]);
                        (self.places[number as usize], (row.id().text.to_owned(), row.id().number))
                    }
                    Marked::Cluster(id, _) => (mark.position, (format!("cluster {id}"), false)),
                };
                let [lon, lat] = degrees(position);
                builder.shapes().push_coord(lon, lat, None);
                builder.shapes().end_path();
                builder.shapes().end_part(PartKind::Points);
                let mut values = Vec::new();
                self.each_property(snapshot, mark, &mut |name, value| {
                    values.push((name.to_owned(), value.to_scalar()));
                });
                let values = values.iter().map(|(name, value)| (name.as_str(), value.as_value()));
                builder.push(Id { text: &id.0, number: id.1 }, GeometryKind::Point, "{}", values);
            }
            let snapshot = Snapshot::new(builder.finish(|_| {}), snapshot.version());
            (snapshot, Arc::new(Memory::new(MEMORY_BYTES)))
        });
        made.clone()
    }

    /// Calls `visit` with each property of a point or cluster.
    fn each_property(&self, snapshot: &Snapshot, mark: &Mark<Vec<Scalar>>, visit: &mut dyn FnMut(&str, Value<'_>)) {
        let (id, count) = match mark.marked {
            Marked::Cluster(id, count) => (id, count),
            Marked::Point(number) => {
                let row = snapshot.row(self.rows[number as usize]);
                row.each_property(&mut |name, value| visit(name, value));
                return;
            }
        };
        visit("cluster", Value::Bool(true));
        visit("cluster_id", Value::Int(id as i64));
        visit("point_count", Value::Int(i64::from(count)));
        let short = abbreviated(count);
        visit("point_count_abbreviated", short.as_deref().map_or(Value::Int(i64::from(count)), Value::Text));
        for (name, value) in self.properties.names().zip(&mark.gathered) {
            visit(name, value.as_value());
        }
    }

    /// The place of a point on a tile: gathering reckons in single precision, drawing does not.
    fn exact(&self, [x, y]: [f64; 2], rough: [f64; 2], point: u32, coord: TileCoord) -> [f64; 2] {
        let count = f64::from(coord.level()).exp2();
        let [exact_x, exact_y] = self.places[point as usize];
        [x + (exact_x - rough[0]) * count, y + (exact_y - rough[1]) * count]
    }
}

/// From sides of a tile to its units.
fn snapped(place: [f64; 2]) -> [i32; 2] {
    place.map(|n| (n * f64::from(FINE)).round() as i32)
}
