//! Which files there are.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use super::ArchiveFile;
use super::archive_file;
use super::atlas;
use super::icons;
use super::shelf::Seen;
use super::shelf::Stamp;
use crate::config::Config;
use crate::source;
use crate::source::Problem;
use crate::source::Severity;

/// The places that the settings name, before anyone looks what is there.
#[derive(Clone, Debug)]
pub(super) struct Places {
    features: Vec<Root>,
    styles: StyleRoot,
    grids: Option<PathBuf>,
}

/// A place that the user named for features.
#[derive(Clone, Debug)]
enum Root {
    Folder(PathBuf),
    File(PathBuf),
    Url(String),
    Stdin,
    Atlas,
}

#[derive(Clone, Debug)]
enum StyleRoot {
    Folder(PathBuf),
    Atlas,
    Nowhere,
}

/// Where one collection is read.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// Its id.
    pub(super) id: String,
    /// Where its features are.
    pub(super) data: Data,
    /// The file that describes it.
    pub(super) metadata: Option<PathBuf>,
    /// How it is named in problems.
    pub(super) shown: PathBuf,
}

/// Where bytes are read.
#[derive(Clone, Debug)]
pub(super) enum Data {
    File(PathBuf),
    Url(String),
    Stdin,
    /// A file that is built in.
    Atlas(String),
}

/// All that was found at one moment.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) collections: Vec<Seen<Origin>>,
    /// Archives of tiles, with their ids.
    pub(super) tilesets: Vec<Seen<(String, PathBuf)>>,
    pub(super) styles: Vec<Seen<Data>>,
    pub(super) fonts: Vec<Seen<Data>>,
    pub(super) sprites: Vec<Seen<Data>>,
    /// Folders of icons.
    pub(super) icons: Vec<Seen<PathBuf>>,
    /// Tile matrix sets.
    pub(super) grids: Vec<Seen<Data>>,
    /// Folders that cannot be listed; what they held is served on.
    pub(super) unreadable: Vec<PathBuf>,
    /// What is wrong with the names and folders themselves.
    pub(super) problems: Vec<Problem>,
}

/// Where features are when nobody says.
const FEATURES: &str = "features";
const STYLES: &str = "styles";
const GRIDS: &str = "tilematrixsets";
const FONTS: &str = "fonts";
const SPRITES: &str = "sprites";

/// How standard input is named among paths.
pub(super) const STDIN: &str = "-";

impl Places {
    /// What the settings mean in the folder in which the program was started.
    pub(super) fn new(config: &Config) -> Self {
        let features: Vec<Root> = if !config.features.is_empty() {
            config.features.iter().map(|text| Root::new(text)).collect()
        } else if Path::new(FEATURES).is_dir() {
            vec![Root::Folder(PathBuf::from(FEATURES))]
        } else {
            vec![Root::Atlas]
        };
        let beside = features.iter().find_map(|root| match root {
            Root::Folder(path) | Root::File(path) => Some(path.parent().unwrap_or(Path::new(""))),
            Root::Url(_) | Root::Stdin | Root::Atlas => None,
        });
        let grids = config.tile_matrix_sets.clone().or_else(|| Some(beside?.join(GRIDS)));
        let styles = match config.styles.clone().or_else(|| Some(beside?.join(STYLES))) {
            Some(folder) => StyleRoot::Folder(folder),
            None if matches!(features[..], [Root::Atlas]) => StyleRoot::Atlas,
            None => StyleRoot::Nowhere,
        };
        Self { features, styles, grids }
    }

    /// A file or folder that was named and is not there.
    pub(super) fn missing(&self) -> Option<String> {
        self.features.iter().find_map(|root| match root {
            Root::Folder(path) | Root::File(path) if !path.exists() => Some(path.display().to_string()),
            _ => None,
        })
    }

    /// Folders in which files may change.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for root in &self.features {
            let folder = match root {
                Root::Folder(path) => path.as_path(),
                Root::File(path) => path.parent().unwrap_or(Path::new("")),
                Root::Url(_) | Root::Stdin | Root::Atlas => continue,
            };
            folders.push(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() });
        }
        if let StyleRoot::Folder(folder) = &self.styles {
            folders.extend([folder.clone(), folder.join(FONTS), folder.join(SPRITES)]);
            folders.extend(icon_folders(&folder.join(SPRITES)).into_iter().map(|seen| seen.place));
        }
        folders.extend(self.grids.clone());
        folders.retain(|folder| folder.is_dir());
        folders.dedup();
        folders
    }

    /// Folders of features and styles, whatever is in them.
    pub(super) fn roots(&self) -> Vec<PathBuf> {
        let features = self.features.iter().filter_map(|root| match root {
            Root::Folder(path) => Some(path.clone()),
            Root::File(_) | Root::Url(_) | Root::Stdin | Root::Atlas => None,
        });
        let styles = match &self.styles {
            StyleRoot::Folder(folder) => Some(folder.clone()),
            StyleRoot::Atlas | StyleRoot::Nowhere => None,
        };
        features.chain(styles).collect()
    }

    /// Files and folders that were named for features.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        let paths = self.features.iter().filter_map(|root| match root {
            Root::Folder(path) | Root::File(path) => Some(path.as_path()),
            Root::Url(_) | Root::Stdin | Root::Atlas => None,
        });
        paths.filter(|path| !ArchiveFile::is_named(path))
    }

    /// Looks what is there now.
    pub(super) fn list(&self) -> Listing {
        let mut listing = Listing::default();
        let mut ids = BTreeMap::new();
        for root in &self.features {
            root.list(&mut listing, &mut ids);
        }
        match &self.styles {
            StyleRoot::Folder(folder) => {
                listing.styles = files(folder, &["json"]);
                listing.fonts = files(&folder.join(FONTS), &["ttf", "otf", "ttc", "otc"]);
                listing.sprites = files(&folder.join(SPRITES), &["json", "png"]);
                listing.icons = icon_folders(&folder.join(SPRITES));
                listing.add_tilesets(folder, &mut ids);
            }
            StyleRoot::Atlas => {
                for name in atlas::names() {
                    let of = |folder: &str| name.strip_prefix(folder).is_some_and(|rest| !rest.contains('/'));
                    let list = match &*name {
                        _ if of("styles/sprites/") => &mut listing.sprites,
                        _ if of("styles/") && name.ends_with(".json") => &mut listing.styles,
                        _ => continue,
                    };
                    let key = name.clone().into_owned();
                    list.push(Seen { key, place: Data::Atlas(name.into_owned()), stamps: Vec::new() });
                }
            }
            StyleRoot::Nowhere => {}
        }
        if let Some(folder) = &self.grids {
            listing.grids = files(folder, &["json"]);
        }
        listing
    }
}

impl Root {
    fn new(text: &str) -> Self {
        if text == STDIN {
            Self::Stdin
        } else if text.starts_with("http://") || text.starts_with("https://") {
            Self::Url(text.to_owned())
        } else if Path::new(text).is_dir() {
            Self::Folder(PathBuf::from(text))
        } else {
            Self::File(PathBuf::from(text))
        }
    }
}

impl Root {
    /// Appends what is at this place. `ids` knows who has each id already.
    fn list(&self, listing: &mut Listing, ids: &mut BTreeMap<String, String>) {
        match self {
            Self::Folder(path) => {
                let (found, problems) = source::scan(path);
                if found.is_empty() && fs::read_dir(path).is_err() {
                    listing.unreadable.push(path.clone());
                }
                // A folder itself is named without those above it.
                let named = |problem: Problem| match path.file_name() {
                    Some(name) if problem.file == *path => Problem { file: PathBuf::from(name), ..problem },
                    _ => problem,
                };
                listing.problems.extend(problems.into_iter().map(named));
                for found in found {
                    let shown = found.path.strip_prefix(path).unwrap_or(&found.path).to_owned();
                    let data = Data::File(found.path);
                    listing.add(Origin { id: found.id, data, metadata: found.metadata, shown }, ids);
                }
                listing.add_tilesets(path, ids);
            }
            Self::File(path) if ArchiveFile::is_named(path) => listing.add_tileset(path, ids),
            Self::File(path) => {
                let metadata = Some(path.with_extension("toml")).filter(|path| path.is_file());
                let (data, shown) =
                    (Data::File(path.clone()), path.file_name().map_or_else(PathBuf::new, PathBuf::from));
                listing.add(Origin { id: source::slug(&shown.to_string_lossy()), data, metadata, shown }, ids);
            }
            Self::Url(url) => {
                let name = url.split(['?', '#']).next().unwrap_or(url).rsplit('/').find(|part| !part.is_empty());
                let id = source::slug(name.unwrap_or("remote"));
                listing
                    .add(Origin { id, data: Data::Url(url.clone()), metadata: None, shown: PathBuf::from(url) }, ids);
            }
            Self::Stdin => {
                let shown = PathBuf::from("standard input");
                listing.add(Origin { id: "stdin".to_owned(), data: Data::Stdin, metadata: None, shown }, ids);
            }
            Self::Atlas => {
                for name in atlas::names().filter(|name| name.starts_with("features/") && name.ends_with(".geojson")) {
                    let metadata = Some(Path::new(&*name).with_extension("toml"));
                    let data = Data::Atlas(name.into_owned());
                    let shown = PathBuf::from(data.name());
                    listing.add(Origin { id: source::slug(data.name()), data, metadata, shown }, ids);
                }
            }
        }
    }
}

impl Listing {
    /// How each file looks, by its name.
    pub(super) fn stamps(&self) -> BTreeMap<String, Vec<Stamp>> {
        let collections = self.collections.iter().map(|seen| (&seen.key, &seen.stamps));
        let others = self
            .styles
            .iter()
            .chain(&self.fonts)
            .chain(&self.sprites)
            .chain(&self.grids)
            .map(|seen| (&seen.key, &seen.stamps));
        let icons = self.icons.iter().map(|seen| (&seen.key, &seen.stamps));
        let tilesets = self.tilesets.iter().map(|seen| (&seen.key, &seen.stamps));
        collections
            .chain(others)
            .chain(icons)
            .chain(tilesets)
            .map(|(key, stamps)| (key.clone(), stamps.clone()))
            .collect()
    }

    /// Appends the archives of a folder.
    fn add_tilesets(&mut self, folder: &Path, ids: &mut BTreeMap<String, String>) {
        for seen in files(folder, &archive_file::ENDINGS) {
            if let Data::File(path) = seen.place {
                self.add_tileset(&path, ids);
            }
        }
    }

    fn add_tileset(&mut self, path: &Path, ids: &mut BTreeMap<String, String>) {
        let shown = path.file_name().map_or_else(PathBuf::new, PathBuf::from);
        let id = source::slug(&path.file_stem().unwrap_or_default().to_string_lossy());
        if self.is_free(&id, &shown, ids) {
            let (key, stamps) = Data::File(path.to_owned()).look();
            self.tilesets.push(Seen { key, place: (id, path.to_owned()), stamps });
        }
    }

    /// Takes an id for a file, or says that another one has it.
    fn is_free(&mut self, id: &str, shown: &Path, ids: &mut BTreeMap<String, String>) -> bool {
        if let Some(other) = ids.get(id) {
            let message = format!("its id would be `{id}` like that of {other}; it is not served");
            let file = shown.to_owned();
            self.problems.push(Problem { file, feature: None, place: None, severity: Severity::File, message });
            return false;
        }
        ids.insert(id.to_owned(), shown.display().to_string());
        true
    }

    fn add(&mut self, origin: Origin, ids: &mut BTreeMap<String, String>) {
        let (key, mut stamps) = origin.data.look();
        if !self.is_free(&origin.id, &origin.shown, ids) {
            return;
        }
        stamps.extend(origin.metadata.as_deref().and_then(|path| Stamp::of(path).ok()));
        self.collections.push(Seen { key, place: origin, stamps });
    }
}

impl Data {
    /// Its name among all data, and how it looks; what cannot change looks like nothing.
    fn look(&self) -> (String, Vec<Stamp>) {
        match self {
            // A file that is gone or closed to us is told about by its reader.
            Self::File(path) => (path.display().to_string(), Stamp::of(path).ok().into_iter().collect()),
            Self::Url(name) | Self::Atlas(name) => (name.clone(), Vec::new()),
            Self::Stdin => (STDIN.to_owned(), Vec::new()),
        }
    }

    /// Its file name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::File(path) => path.file_name().and_then(OsStr::to_str).unwrap_or_default(),
            Self::Url(name) | Self::Atlas(name) => name.rsplit('/').next().unwrap_or(name),
            Self::Stdin => STDIN,
        }
    }
}

/// Files in a folder with one of these extensions, by name. A folder that is not there has none.
fn files(folder: &Path, extensions: &[&str]) -> Vec<Seen<Data>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| {
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        extensions.contains(&&*extension) && !hidden && path.is_file()
    });
    paths.sort();
    let seen = |path| {
        let place = Data::File(path);
        let (key, stamps) = place.look();
        Seen { key, place, stamps }
    };
    paths.into_iter().map(seen).collect()
}

/// Folders in a folder that hold icons.
fn icon_folders(folder: &Path) -> Vec<Seen<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let seen = |path: PathBuf| {
        let files = icons::files(&path).ok().filter(|files| !files.is_empty())?;
        let stamps = files.iter().filter_map(|file| Stamp::of(file).ok()).collect();
        Some(Seen { key: path.display().to_string(), place: path, stamps })
    };
    paths.into_iter().filter(|path| path.is_dir()).filter_map(seen).collect()
}
