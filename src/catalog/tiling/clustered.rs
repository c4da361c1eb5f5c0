//! The points of a collection in clusters.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use super::Tally;
use crate::catalog::Bytes;
use crate::catalog::Collection;
use crate::feature::GeometryKind;
use crate::feature::Row;
use crate::feature::Value;
use crate::query::Query;
use crate::render::world;
use crate::source::ClusterMetadata;
use crate::source::TileMetadata;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::cluster::ClusterSettings;
use crate::tile::cluster::Clusters;
use crate::tile::cluster::Mark;
use crate::tile::cluster::Marked;
use crate::tile::cluster::abbreviated;
use crate::tile::codec::mvt;

/// How the points of a collection are gathered.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// Pixels of a tile of 512 from a cluster's first point to its others.
    pub radius: f64,
    /// The highest zoom at which points are gathered.
    pub max_zoom: u8,
    /// Points of the smallest cluster.
    pub min_points: u32,
    /// What clusters know of their points: an aggregate and a property.
    pub aggregates: Vec<(Aggregate, String)>,
}

/// What is made of the numbers of all points of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// All together.
    Sum,
    /// The sum by their count.
    Mean,
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

/// Points that were gathered, with the snapshot that they are of.
#[derive(Debug)]
pub struct Clustered {
    snapshot: Snapshot,
    clustering: Clustering,
    clusters: Clusters<Vec<Gathered>>,
    /// The row of each point, and its exact place in the world.
    points: Vec<(u32, [f64; 2])>,
}

/// The numbers of one property.
#[derive(Clone, Copy, Debug)]
struct Gathered {
    count: u32,
    sum: f64,
    min: f64,
    max: f64,
}

impl Aggregate {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sum, Self::Mean, Self::Min, Self::Max];

    /// Its name, with which those of properties of clusters begin.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// Reads an aggregate and a property, as in `sum:people`.
    pub fn parse(told: &str) -> Option<(Self, String)> {
        let (aggregate, name) = told.split_once(':')?;
        Some((Self::ALL.into_iter().find(|own| own.name() == aggregate)?, name.to_owned()))
    }

    fn of(self, gathered: &Gathered) -> Option<f64> {
        let number = match self {
            Self::Sum => gathered.sum,
            Self::Mean => gathered.sum / f64::from(gathered.count),
            Self::Min => gathered.min,
            Self::Max => gathered.max,
        };
        (gathered.count > 0 && number.is_finite()).then_some(number)
    }
}

impl Clustering {
    /// With this radius, and all else as usual.
    pub fn of_radius(radius: f64) -> Self {
        Self { radius, max_zoom: USUAL_MAX_ZOOM, min_points: 2, aggregates: Vec::new() }
    }

    /// What the author of a collection says; wrong aggregates are left out.
    pub(super) fn of_metadata(metadata: &ClusterMetadata) -> Self {
        let radius = metadata.radius.unwrap_or(USUAL_RADIUS).clamp(0.0, TileMetadata::WIDEST_CLUSTER);
        let usual = Self::of_radius(radius);
        Self {
            max_zoom: metadata.max_zoom.unwrap_or(usual.max_zoom).min(24),
            min_points: metadata.min_points.unwrap_or(usual.min_points).max(2),
            aggregates: metadata.properties.iter().filter_map(|told| Aggregate::parse(told)).collect(),
            ..usual
        }
    }
}

/// Pixels, where nothing is said.
const USUAL_RADIUS: f64 = 50.0;

/// The highest zoom of clusters, where nothing is said.
const USUAL_MAX_ZOOM: u8 = 16;

impl fmt::Display for Clustering {
    /// A canonical text, part of keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.radius, self.max_zoom, self.min_points)?;
        self.aggregates.iter().try_for_each(|(aggregate, name)| write!(f, "/{}:{name:?}", aggregate.name()))
    }
}

impl Gathered {
    fn of(row: Row<'_>, field: Option<usize>) -> Self {
        match field.and_then(|field| row.value(field).as_f64()) {
            Some(number) => Self { count: 1, sum: number, min: number, max: number },
            None => Self { count: 0, sum: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY },
        }
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// How many points and how many marks there are; one that is seen on both sides of a world is one.
fn counted(marks: &[([f64; 2], &Mark<Vec<Gathered>>)]) -> (usize, usize) {
    let mut seen = HashSet::new();
    let once = marks.iter().filter(|(_, mark)| seen.insert(mark.marked));
    let points = once.map(|(_, mark)| mark.count() as usize).sum();
    (points, seen.len())
}

impl Clustered {
    /// Gathers the points that a query selects; what is no single point is left out.
    pub fn gather(collection: &Collection, query: &Query, clustering: &Clustering) -> Self {
        let snapshot = collection.snapshot().clone();
        let fields: Vec<Option<usize>> =
            clustering.aggregates.iter().map(|(_, name)| snapshot.schema().field(name)).collect();
        let unordered = Query { sort: Vec::new(), ..query.clone() };
        let points: Vec<(u32, [f64; 2])> =
            snapshot.rows(&unordered).into_iter().filter_map(|row| Some((row, place(snapshot.row(row))?))).collect();
        let places: Vec<[f64; 2]> = points.iter().map(|&(_, place)| place).collect();
        let settings = ClusterSettings {
            radius: clustering.radius / 512.0,
            max_zoom: clustering.max_zoom,
            min_points: clustering.min_points,
        };
        let map = |point: u32| {
            let row = snapshot.row(points[point as usize].0);
            fields.iter().map(|&field| Gathered::of(row, field)).collect::<Vec<Gathered>>()
        };
        let reduce = |own: &mut Vec<Gathered>, other: &Vec<Gathered>| {
            own.iter_mut().zip(other).for_each(|(own, other)| own.add(other));
        };
        let clusters = Clusters::new(&places, settings, map, reduce);
        Self { snapshot, clustering: clustering.clone(), clusters, points }
    }

    /// The layer of a tile of `WebMercatorQuad`: clusters with what they know, and points that stand alone with the properties that
    /// the query or the settings name. With how many points there are.
    pub fn layer(&self, collection: &Collection, query: &Query, coord: TileCoord) -> (Layer, Tally) {
        let mut marks = self.clusters.on_tile(coord);
        let (matched, _) = counted(&marks);
        let budget = collection.tiles.max_bytes;
        loop {
            let layer = self.layer_of(&marks, collection, query, coord);
            let fits = mvt::most_bytes(&layer) <= budget || mvt::layer_bytes(&layer) <= budget;
            if fits || marks.len() <= 1 {
                let (shown, kept) = counted(&marks);
                let tally = Tally { matched, kept, merged: shown - kept, dropped: matched - shown, ..Tally::default() };
                return (layer, tally);
            }
            // Those of the fewest points go.
            let share = budget as f64 / mvt::layer_bytes(&layer) as f64;
            marks.sort_by_key(|(_, mark)| std::cmp::Reverse(mark.count()));
            marks.truncate(((marks.len() as f64 * share * 0.95) as usize).clamp(1, marks.len() - 1));
        }
    }

    fn layer_of(
        &self,
        marks: &[([f64; 2], &Mark<Vec<Gathered>>)],
        collection: &Collection,
        query: &Query,
        coord: TileCoord,
    ) -> Layer {
        let extent = collection.tiles.cut.extent;
        let mut layer = LayerBuilder::new(&collection.id, extent);
        let carried = query.properties.as_ref().or(collection.tiles.properties.as_ref());
        for &(place, mark) in marks {
            let place = self.exact(place, mark, coord);
            match mark.marked {
                Marked::Point(point) => {
                    let row = self.snapshot.row(self.points[point as usize].0);
                    for (at, field) in row.schema().fields.iter().enumerate() {
                        if carried.is_none_or(|carried| carried.contains(&field.name)) {
                            layer.push_tag(&field.name, row.value(at));
                        }
                    }
                    layer.push_path([snapped(place, extent)]);
                    layer.end_feature(Some(row.id().tile_id()), TileGeometry::Points);
                }
                Marked::Cluster(id, count) => {
                    layer.push_tag("cluster", Value::Bool(true));
                    layer.push_tag("cluster_id", Value::Int(id as i64));
                    layer.push_tag("point_count", Value::Int(i64::from(count)));
                    let short = abbreviated(count).unwrap_or_else(|| count.to_string());
                    layer.push_tag("point_count_abbreviated", Value::Text(&short));
                    let zoom = self.clusters.expansion_zoom(id).unwrap_or_default();
                    layer.push_tag("expansion_zoom", Value::Int(i64::from(zoom)));
                    for ((aggregate, name), gathered) in self.clustering.aggregates.iter().zip(&mark.gathered) {
                        if let Some(number) = aggregate.of(gathered) {
                            layer.push_tag(&format!("{}_{name}", aggregate.name()), Value::Float(number));
                        }
                    }
                    layer.push_path([snapped(place, extent)]);
                    layer.end_feature(Some(id), TileGeometry::Points);
                }
            }
        }
        layer.finish()
    }

    /// The zoom at which a cluster parts, and the rows of its points in order; `None` when there is no such cluster.
    pub fn leaves(&self, id: u64) -> Option<(u8, Vec<u32>)> {
        let leaves = self.clusters.leaves(id)?;
        let rows = leaves.into_iter().map(|point| self.points[point as usize].0).collect();
        Some((self.clusters.expansion_zoom(id)?, rows))
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The place of a point on a tile: gathering reckons in single precision.
    fn exact(&self, [x, y]: [f64; 2], mark: &Mark<Vec<Gathered>>, coord: TileCoord) -> [f64; 2] {
        let Marked::Point(point) = mark.marked else { return [x, y] };
        let count = f64::from(coord.level()).exp2();
        let [exact_x, exact_y] = self.points[point as usize].1;
        [x + (exact_x - mark.position[0]) * count, y + (exact_y - mark.position[1]) * count]
    }
}

impl Bytes for Arc<Clustered> {
    fn bytes(&self) -> usize {
        // Most points stand on a few levels before they are gathered; each stands in a tree too.
        let mark = size_of::<Mark<Vec<Gathered>>>() + self.clustering.aggregates.len() * size_of::<Gathered>() + 16;
        self.points.len() * (size_of::<(u32, [f64; 2])>() + 3 * mark)
    }
}

fn place(row: Row<'_>) -> Option<[f64; 2]> {
    if row.geometry().kind() != GeometryKind::Point {
        return None;
    }
    row.geometry().coords().first().map(|&position| world(position).map(|n| n.clamp(0.0, 1.0)))
}

fn snapped(place: [f64; 2], extent: u32) -> [i32; 2] {
    place.map(|n| (n * f64::from(extent) + 0.5).floor() as i32)
}
