//! From points to clusters.

use super::plane::Plane;
use crate::space::TileCoord;

/// How points are gathered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterSettings {
    /// How far points are from the one that they are gathered around, in sides of a tile.
    pub radius: f64,
    /// The highest zoom at which points are gathered.
    pub max_zoom: u8,
    /// Points of the smallest cluster.
    pub min_points: u32,
}

/// Points and clusters of all zooms. `P` is what clusters gather beside their points.
#[derive(Clone, Debug)]
pub struct Clusters<P> {
    settings: ClusterSettings,
    /// From zoom 0 to one beyond the highest, where each point stands for itself.
    levels: Vec<Level<P>>,
}

#[derive(Clone, Debug)]
struct Level<P> {
    plane: Plane,
    marks: Vec<Mark<P>>,
}

/// A point or a cluster at some zoom.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark<P> {
    /// Where it is: the world is from 0 to 1, y down.
    pub position: [f64; 2],
    /// Which.
    pub marked: Marked,
    /// What was gathered.
    pub gathered: P,
    /// The lowest zoom that has looked at it.
    zoom: u8,
    /// The cluster that it is a part of on the next lower zoom; 0 for none.
    parent: u64,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marked {
    /// A point, by its position in the list.
    Point(u32),
    /// A cluster, by its id, with the number of its points.
    Cluster(u64, u32),
}

/// A zoom that no tile has.
const NEVER: u8 = u8::MAX;

impl<P: Clone> Clusters<P> {
    /// Gathers points. `map` says what one point brings along, and `reduce` adds to a cluster what another brings.
    pub fn new(
        points: &[[f64; 2]],
        settings: ClusterSettings,
        map: impl Fn(u32) -> P,
        reduce: impl Fn(&mut P, &P),
    ) -> Self {
        let settings = ClusterSettings { max_zoom: settings.max_zoom.min(30), ..settings };
        let mark = |(number, position): (usize, &[f64; 2])| Mark {
            // Single precision, as the tree has it, so that points and clusters are compared alike.
            position: position.map(|n| f64::from(n as f32)),
            marked: Marked::Point(number as u32),
            gathered: map(number as u32),
            zoom: NEVER,
            parent: 0,
        };
        let mut levels = vec![Level::new(points.iter().enumerate().map(mark).collect())];
        for zoom in (0..=settings.max_zoom).rev() {
            let above = levels.last_mut().expect("there is one level at least");
            let gathered = gather(above, zoom, &settings, points.len() as u64, &reduce);
            levels.push(Level::new(gathered));
        }
        levels.reverse();
        Self { settings, levels }
    }

    /// All that stands at a zoom.
    pub fn at_zoom(&self, zoom: u8) -> &[Mark<P>] {
        &self.levels[usize::from(zoom).min(self.levels.len() - 1)].marks
    }

    /// What a cluster parts into at the next higher zoom at which it is not whole; `None` when there is no such cluster.
    pub fn children(&self, id: u64) -> Option<Vec<&Mark<P>>> {
        let points = self.levels.last()?.marks.len() as u64;
        let zoom = ((id.checked_sub(points)?) % 32).checked_sub(1)?;
        // Where it was gathered, all that it was gathered from stands one level above, within its reach.
        let above = self.levels.get(zoom as usize + 1)?;
        let first = above.marks.get(usize::try_from((id - points) >> 5).ok()?).filter(|mark| mark.parent == id)?;
        let radius = self.settings.radius / f64::from(zoom as u32).exp2();
        let near = above.plane.around(first.position, radius);
        let mut found: Vec<u32> = near.into_iter().filter(|&at| above.marks[at as usize].parent == id).collect();
        found.sort_unstable();
        Some(found.into_iter().map(|at| &above.marks[at as usize]).collect())
    }

    /// The lowest zoom at which a cluster parts; `None` when there is no such cluster.
    pub fn expansion_zoom(&self, id: u64) -> Option<u8> {
        let points = self.levels.last()?.marks.len() as u64;
        let zoom = id.checked_sub(points)? % 32;
        self.children(id).map(|_| zoom as u8)
    }

    /// The points of a cluster by their positions in the list, ascending; `None` when there is no such cluster.
    pub fn leaves(&self, id: u64) -> Option<Vec<u32>> {
        let mut found = Vec::new();
        let mut open = self.children(id)?;
        while let Some(mark) = open.pop() {
            match mark.marked {
                Marked::Point(point) => found.push(point),
                Marked::Cluster(id, _) => open.extend(self.children(id)?),
            }
        }
        found.sort_unstable();
        Some(found)
    }

    /// What a tile shows, its surroundings as far as a cluster reaches included. Each comes with its place in sides of the
    /// tile from its top left corner.
    pub fn on_tile(&self, coord: TileCoord) -> Vec<([f64; 2], &Mark<P>)> {
        let level = &self.levels[usize::from(coord.level()).min(self.levels.len() - 1)];
        let count = f64::from(coord.level()).exp2();
        let reach = self.settings.radius;
        let (column, row) = (f64::from(coord.column()), f64::from(coord.row()));
        let (top, bottom) = ((row - reach) / count, (row + 1.0 + reach) / count);
        let mut found = Vec::new();
        let mut add = |left: f64, right: f64, column: f64| {
            for id in level.plane.in_box([left, top], [right, bottom]) {
                let mark = &level.marks[id as usize];
                let [x, y] = mark.position;
                found.push(([x * count - column, y * count - row], mark));
            }
        };
        add((column - reach) / count, (column + 1.0 + reach) / count, column);
        if coord.column() == 0 {
            add(1.0 - reach / count, 1.0, count);
        }
        if column == count - 1.0 {
            add(0.0, reach / count, -1.0);
        }
        found
    }
}

impl<P> Level<P> {
    fn new(marks: Vec<Mark<P>>) -> Self {
        let coords = marks.iter().map(|mark| mark.position.map(|n| n as f32)).collect();
        Self { plane: Plane::new(coords), marks }
    }
}

/// Gathers the marks of the level above around each other, in their order: each takes those that no other has taken.
fn gather<P: Clone>(
    above: &mut Level<P>,
    zoom: u8,
    settings: &ClusterSettings,
    points: u64,
    reduce: &impl Fn(&mut P, &P),
) -> Vec<Mark<P>> {
    let radius = settings.radius / f64::from(zoom).exp2();
    let Level { plane, marks } = above;
    let mut next = Vec::new();
    for index in 0..marks.len() {
        if marks[index].zoom <= zoom {
            continue;
        }
        marks[index].zoom = zoom;
        let own = marks[index].count();
        let mut near = plane.around(marks[index].position, radius);
        near.retain(|&other| marks[other as usize].zoom > zoom);
        let count = near.iter().fold(own, |sum, &other| sum.saturating_add(marks[other as usize].count()));
        if count > own && count >= settings.min_points {
            let id = ((index as u64) << 5) + u64::from(zoom) + 1 + points;
            marks[index].parent = id;
            let mut sum = marks[index].position.map(|n| n * f64::from(own));
            let mut gathered = marks[index].gathered.clone();
            for &other in &near {
                let other = &mut marks[other as usize];
                (other.zoom, other.parent) = (zoom, id);
                let weight = f64::from(other.count());
                sum = [sum[0] + other.position[0] * weight, sum[1] + other.position[1] * weight];
                reduce(&mut gathered, &other.gathered);
            }
            let position = sum.map(|n| n / f64::from(count));
            next.push(Mark { position, marked: Marked::Cluster(id, count), gathered, zoom: NEVER, parent: 0 });
        } else {
            next.push(Mark { zoom: NEVER, parent: 0, ..marks[index].clone() });
            if count > 1 {
                for &other in &near {
                    marks[other as usize].zoom = zoom;
                    next.push(Mark { zoom: NEVER, parent: 0, ..marks[other as usize].clone() });
                }
            }
        }
    }
    next
}

impl<P> Mark<P> {
    /// Number of its points.
    pub fn count(&self) -> u32 {
        match self.marked {
            Marked::Point(_) => 1,
            Marked::Cluster(_, count) => count,
        }
    }
}

/// A number of points in few letters: `1.2k`, `12k`; `None` below a thousand, where it is short already.
pub fn abbreviated(count: u32) -> Option<String> {
    match count {
        0..1000 => None,
        1000..10_000 => Some(format!("{}k", (f64::from(count) / 100.0).round() / 10.0)),
        _ => Some(format!("{}k", (f64::from(count) / 1000.0).round())),
    }
}
