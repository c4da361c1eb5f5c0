//! All that can be said about files, for `tumen check`.

use std::path::Path;

use geo::Validation;
use geo::line_intersection::LineIntersection;
use geo::line_intersection::line_intersection;
use rstar::RTree;
use rstar::RTreeObject;
use rstar::primitives::GeomWithData;
use rstar::primitives::Line;

use super::Limits;
use super::Metadata;
use super::Problem;
use super::describe::Misfit;
use super::read::read_looking;
use super::scan::description_of;
use super::scan::scan;
use crate::feature::Part;
use crate::feature::PartKind;
use crate::feature::Table;

/// Reads a file, or all collections of a folder, with their descriptions, and tells all problems, also those that serving
/// does not look for: polygons that cross themselves (OGC 06-103r4, 6.1.11).
pub fn check(path: &Path, limits: &Limits) -> Vec<Problem> {
    if !path.is_dir() {
        return check_file(path, description_of(path).as_deref(), *limits);
    }
    let (found, mut problems) = scan(path);
    for found in &found {
        let told = check_file(&found.path, found.metadata.as_deref(), *limits);
        problems.extend(told.into_iter().map(|problem| problem.within(path)));
    }
    problems
}

fn check_file(path: &Path, description: Option<&Path>, limits: Limits) -> Vec<Problem> {
    let metadata = match description.map(Metadata::read).transpose() {
        Ok(metadata) => metadata.unwrap_or_default(),
        Err(problem) => return vec![problem],
    };
    match read_looking(path, &metadata, limits, &|_| {}, invalid_polygons) {
        Ok(collected) => collected.problems,
        Err(problem) => vec![problem],
    }
}

/// Invalid features of a file that are told one by one.
const TOLD: usize = 20;

fn invalid_polygons(table: &Table) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    let mut more = 0;
    for row in table.rows() {
        let parts = row.geometry().parts();
        let mut polygons = parts.filter(|part| part.kind() == PartKind::Polygon);
        let Some(fault) = polygons.find_map(|part| fault_of(&part)) else { continue };
        if misfits.len() == TOLD {
            more += 1;
            continue;
        }
        let message = format!("its polygon is not valid: {fault}");
        misfits.push(Misfit { row: Some(row.number() as usize), message });
    }
    if more > 0 {
        misfits.push(Misfit { row: None, message: format!("{more} more features have polygons that are not valid") });
    }
    misfits
}

/// Positions up to which a polygon is given to `geo`, whose test compares each segment with each other one.
const SMALL: usize = 256;

/// What makes a polygon invalid.
fn fault_of(part: &Part<'_>) -> Option<String> {
    let rings: Vec<geo::LineString> =
        part.paths().map(|ring| ring.iter().map(|&[x, y]| geo::Coord { x, y }).collect()).collect();
    if rings.iter().map(|ring| ring.0.len()).sum::<usize>() > SMALL {
        return crossing_of(&rings);
    }
    let mut rings = rings.into_iter();
    let exterior = rings.next()?;
    geo::Polygon::new(exterior, rings.collect()).check_validation().err().map(|fault| fault.to_string())
}

/// A segment with the number of its ring and its own number.
type Segment = GeomWithData<Line<[f64; 2]>, (usize, usize)>;

/// Where the rings of a large polygon cross themselves or each other; whether holes lie inside is not asked.
fn crossing_of(rings: &[geo::LineString]) -> Option<String> {
    let segments = rings.iter().enumerate().flat_map(|(ring, line)| {
        // A position that is written twice is no crossing.
        let ends = line.lines().enumerate().filter(|(_, line)| line.start != line.end);
        ends.map(move |(number, line)| GeomWithData::new(Line::new(line.start.into(), line.end.into()), (ring, number)))
    });
    let tree: RTree<Segment> = RTree::bulk_load(segments.collect());
    let line = |segment: &Segment| {
        let Line { from, to } = *segment.geom();
        geo::Line::new(from, to)
    };
    tree.iter().find_map(|segment| {
        let (ring, number) = segment.data;
        let one = line(segment);
        // Each pair is looked at once, from its earlier segment.
        let near = tree.locate_in_envelope_intersecting(segment.geom().envelope());
        let met = near.filter(|other| other.data > segment.data).find_map(|other| {
            let two = line(other);
            let is_neighbour = other.data.0 == ring && (one.end == two.start || two.end == one.start);
            let at = match line_intersection(one, two)? {
                LineIntersection::SinglePoint { intersection, is_proper } => {
                    // Rings may touch each other in points, and a ring may not touch itself.
                    (is_proper || (other.data.0 == ring && !is_neighbour)).then_some(intersection)?
                }
                LineIntersection::Collinear { intersection } => intersection.start,
            };
            Some((other.data.0, at))
        });
        let (other, at) = met?;
        let with = if other == ring { "itself".to_owned() } else { format!("ring {other}") };
        Some(format!("ring {ring} crosses {with} at [{}, {}], segment {number}", at.x, at.y))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_check_tells_what_serving_lets_pass() {
        let folder = tempfile::tempdir().unwrap();
        let bow = r#"{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,1],[0,0]]]}"#;
        fs::write(folder.path().join("bow.geojson"), bow).unwrap();
        fs::write(folder.path().join("bow.toml"), "titel = 'x'").unwrap();
        let told = check(folder.path(), &Limits::default());
        assert_eq!((told.len(), told[0].file.to_str()), (1, Some("bow.toml")));
        assert_eq!(told[0].place.unwrap().line, 1);
        fs::write(folder.path().join("bow.toml"), "title = 'Bow'").unwrap();
        let told = check(folder.path(), &Limits::default());
        assert!(told.iter().any(|problem| problem.message.contains("self-intersection")), "{told:?}");
    }

    #[test]
    fn a_large_ring_that_crosses_itself_is_found_and_a_sound_one_is_not() {
        let circle = |turns: f64| -> geo::LineString {
            let corner = |step: u32| {
                let (sin, cos) = (std::f64::consts::TAU * turns * f64::from(step % 1000) / 1000.0).sin_cos();
                let radius = 5.0 + 4.0 * f64::from(step % 1000) / 1000.0;
                geo::Coord { x: cos * radius, y: sin * radius }
            };
            (0..=1000).map(corner).collect()
        };
        assert_eq!(crossing_of(&[circle(0.9)]), None);
        assert!(crossing_of(&[circle(2.5)]).unwrap().contains("itself"));
        let hole: geo::LineString = vec![(-9.0, -0.5), (0.0, -0.5), (0.0, 0.5), (-9.0, 0.5), (-9.0, -0.5)].into();
        assert!(crossing_of(&[circle(0.9), hole]).unwrap().contains("ring 0 crosses ring 1"));
    }
}
