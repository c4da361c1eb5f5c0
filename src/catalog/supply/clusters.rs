//! The points of a GeoJSON source, gathered.

use super::features::FINE;
use super::features::place;
use super::features::with_subject;
use crate::feature::Properties;
use crate::feature::Scalar;
use crate::feature::Value;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::style::ClusterProperties;
use crate::style::Clustering;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::cluster::ClusterSettings;
use crate::tile::cluster::Clusters;
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
    generate_id: bool,
}

impl ClusteredPoints {
    /// Gathers the points among the rows that are taken; what is wrong with the properties of clusters is said.
    pub(super) fn gather(
        snapshot: &Snapshot,
        clustering: &Clustering,
        generate_id: bool,
        is_taken: impl Fn(u32) -> bool,
    ) -> (Self, Vec<String>) {
        let (properties, faults) = ClusterProperties::parse(&clustering.properties);
        let taken = snapshot.table().rows().filter(|row| is_taken(row.number()));
        let (rows, places): (Vec<u32>, Vec<[f64; 2]>) =
            taken.filter_map(|row| Some((row.number(), place(row)?))).unzip();
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
        (Self { clusters, properties, rows, places, generate_id }, faults)
    }

    /// What a tile shows of them.
    pub(super) fn cut(&self, snapshot: &Snapshot, coord: TileCoord) -> Layer {
        let mut layer = LayerBuilder::new("", FINE);
        for (place, mark) in self.clusters.on_tile(coord) {
            let id = match mark.marked {
                Marked::Point(number) => {
                    let row = snapshot.row(self.rows[number as usize]);
                    row.each_property(&mut |name, value| layer.push_tag(name, value));
                    layer.push_path([snapped(self.exact(place, mark.position, number, coord))]);
                    if self.generate_id { u64::from(number) } else { row.id().tile_id() }
                }
                Marked::Cluster(id, count) => {
                    layer.push_tag("cluster", Value::Bool(true));
                    layer.push_tag("cluster_id", Value::Int(id as i64));
                    layer.push_tag("point_count", Value::Int(i64::from(count)));
                    let short = abbreviated(count);
                    let short = short.as_deref().map_or(Value::Int(i64::from(count)), Value::Text);
                    layer.push_tag("point_count_abbreviated", short);
                    for (name, value) in self.properties.names().zip(&mark.gathered) {
                        layer.push_tag(name, value.as_value());
                    }
                    layer.push_path([snapped(place)]);
                    id
                }
            };
            layer.end_feature(Some(id), TileGeometry::Points);
        }
        layer.finish()
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
