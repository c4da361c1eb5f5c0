//! Which files of a folder are collections, and what their ids are.

use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;

use super::Problem;
use super::Severity;
use super::unpack::ENDINGS;

/// A file that is a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The id of the collection: see [`slug`].
    pub id: String,
    /// The file.
    pub path: PathBuf,
    /// The file that describes it, `{stem}.toml`, where there is one.
    pub metadata: Option<PathBuf>,
}

/// Lists the files of a folder that are collections, in the order of their names; folders in it are not entered.
///
/// Hidden files are passed over, and so is JSON that shows nothing of GeoJSON at its start, such as a `package.json`. Of two
/// files whose names give the same id the first one has it, and the other one is a problem. Problems name files without
/// the folder.
pub fn scan(folder: &Path) -> (Vec<Found>, Vec<Problem>) {
    let problem = |name: &str, severity, message| Problem {
        file: PathBuf::from(name),
        feature: None,
        place: None,
        severity,
        message,
    };
    let listed = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<Vec<_>, _>>());
    let names = match listed {
        Ok(names) => names,
        Err(error) => {
            let message = format!("the folder cannot be read: {error}");
            return (Vec::new(), vec![problem(&folder.to_string_lossy(), Severity::File, message)]);
        }
    };
    // In the order of their names, so that every server finds the same.
    let mut names: Vec<_> = names.into_iter().filter(|name| !name.to_string_lossy().starts_with('.')).collect();
    names.sort();
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut described = Vec::new();
    for name in &names {
        let path = folder.join(name);
        let name = name.to_string_lossy();
        let Some((stem, ending)) = stem(&name) else {
            if let Some(stem) = name.strip_suffix(".toml") {
                described.push((stem.to_owned(), path));
            }
            continue;
        };
        if !path.is_file() || (ending.starts_with("json") && !seems_geojson(&path)) {
            continue;
        }
        let id = slug(stem);
        if let Some(owner) = owners.get(&id) {
            let message = format!("its id would be '{id}', which is that of {owner}; rename one of them");
            problems.push(problem(&name, Severity::File, message));
            continue;
        }
        owners.insert(id.clone(), name.clone().into_owned());
        found.push((stem.to_owned(), Found { id, path, metadata: None }));
    }
    for (stem, path) in described {
        if let Some((_, found)) = found.iter_mut().find(|(other, _)| *other == stem) {
            found.metadata = Some(path);
        } else {
            let message = "it describes no file; it goes by the name of a file of GeoJSON".to_owned();
            problems.push(problem(&format!("{stem}.toml"), Severity::Warning, message));
        }
    }
    (found.into_iter().map(|(_, found)| found).collect(), problems)
}

/// The id of a collection by the name of its file: the stem, in which runs of anything but letters, digits, `-` and `_`
/// become one `-`. So no id holds `.`, `,`, `/` or `@`, which mean something in URLs of ours.
pub fn slug(name: &str) -> String {
    let stem = stem(name).map_or(name, |(stem, _)| stem);
    let mut slug = String::with_capacity(stem.len());
    for character in stem.chars() {
        if character.is_alphanumeric() || character == '_' {
            slug.push(character);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    match slug.trim_matches('-') {
        "" => "unnamed".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// The file that describes a file of GeoJSON: `{stem}.toml` beside it.
pub(super) fn description_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy();
    let beside = path.with_file_name(format!("{}.toml", stem(&name)?.0));
    beside.is_file().then_some(beside)
}

/// A name without the endings of GeoJSON and packing, and the ending of GeoJSON; `None` for names of other things.
fn stem(name: &str) -> Option<(&str, &str)> {
    let (unpacked, is_zip) = match name.rsplit_once('.') {
        Some((rest, packing)) if packing.eq_ignore_ascii_case("gz") => (rest, false),
        Some((rest, packing)) if packing.eq_ignore_ascii_case("zip") => (rest, true),
        _ => (name, false),
    };
    let inner = unpacked.rsplit_once('.').and_then(|(stem, ending)| {
        ENDINGS.into_iter().find(|known| known.eq_ignore_ascii_case(ending)).map(|ending| (stem, ending))
    });
    // What a zip archive holds is seen only inside.
    inner.or(is_zip.then_some((unpacked, "zip"))).filter(|(stem, _)| !stem.is_empty())
}

/// Bytes from the start of a file in which its kind shows.
const HEAD: u64 = 1 << 16;

/// Whether a file with a common ending such as `.json` shows a type of GeoJSON, or of what is mistaken for it, at its
/// start. What cannot be read shows that later.
fn seems_geojson(path: &Path) -> bool {
    let head = |packed: bool| -> std::io::Result<Vec<u8>> {
        let (file, mut bytes) = (File::open(path)?, Vec::new());
        if packed {
            // A head that ends within a packed block is still a head.
            let _ = MultiGzDecoder::new(file).take(HEAD).read_to_end(&mut bytes);
        } else {
            file.take(HEAD).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    };
    let Ok(mut bytes) = head(false) else { return true };
    if bytes.starts_with(&[0x1F, 0x8B]) {
        bytes = head(true).unwrap_or_default();
    }
    let shows = |name: &str| memchr::memmem::find(&bytes, format!("\"{name}\"").as_bytes()).is_some();
    let types = ["FeatureCollection", "Feature", "GeometryCollection", "Topology", "coordinates"];
    bytes.starts_with(b"PK") || types.into_iter().any(shows)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn ids_are_made_of_the_names_of_files() {
        for (name, id) in [
            ("places.geojson", "places"),
            ("tumen-river.geojsonl.gz", "tumen-river"),
            ("My map, v1.2 (new).geojson", "My-map-v1-2-new"),
            ("회령시.json", "회령시"),
            ("a@b/c.GeoJSON", "a-b-c"),
            ("borders.zip", "borders"),
            ("borders.geojson.zip", "borders"),
            ("....geojson", "unnamed"),
        ] {
            assert_eq!(slug(name), id, "{name}");
        }
    }

    #[test]
    fn a_folder_gives_its_collections_their_descriptions_and_its_clashes() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            File::create(folder.path().join(name)).unwrap().write_all(text.as_bytes()).unwrap();
        };
        put("b.geojson", "{}");
        put("a.json", "{\"type\":\"FeatureCollection\",\"features\":[]}");
        put("a.toml", "");
        put("b.ndjson", "");
        put("lost.toml", "");
        put("package.json", "{\"name\":\"x\",\"type\":\"module\"}");
        put(".hidden.geojson", "{}");
        put("c.geojson.tmp", "{}");
        put("README.md", "");
        fs::create_dir(folder.path().join("folder.geojson")).unwrap();
        let (found, problems) = scan(folder.path());
        assert_eq!(found.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(found[0].metadata, Some(folder.path().join("a.toml")));
        let told: Vec<_> = problems.iter().map(|problem| (problem.file.to_str().unwrap(), problem.severity)).collect();
        assert_eq!(told, [("b.ndjson", Severity::File), ("lost.toml", Severity::Warning)]);
    }
}
