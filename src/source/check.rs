//! All that can be said about files, for `tumen check`.

use std::path::Path;

use geo::Validation;
use geo::algorithm::validation::InvalidPolygon;

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
    match read_looking(path, &metadata, limits, invalid_polygons) {
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

/// What makes a polygon invalid.
fn fault_of(part: &Part<'_>) -> Option<InvalidPolygon> {
    let mut rings =
        part.paths().map(|ring| ring.iter().map(|&[x, y]| geo::Coord { x, y }).collect::<geo::LineString>());
    let exterior = rings.next()?;
    geo::Polygon::new(exterior, rings.collect()).check_validation().err()
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
}
