//! From settings to a catalog, at the start and at each change of a file.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::Catalog;
use super::Collection;
use super::Decoded;
use super::Icons;
use super::Progress;
use super::Reach;
use super::Remote;
use super::RemoteLimits;
use super::Styled;
use super::Tileset;
use super::listing::Listing;
use super::listing::Origin;
use super::listing::Places;
use super::listing::STDIN;
use super::reading;
use super::reading::File;
use super::reading::Parsed;
use super::references::Named;
use super::references::Reference;
use super::segments::Segments;
use super::served::GLYPH_BYTES;
use super::shelf::Shelf;
use super::shelf::Stamp;
use super::styled::AUTOMATIC;
use crate::config::Config;
use crate::render::text::Face;
use crate::render::text::Fonts;
use crate::source;
use crate::source::Problem;
use crate::source::Severity;
use crate::space::Grid;
use crate::store::Version;
use crate::style;

/// Reads what the settings name, and later what has changed of it.
#[derive(Debug)]
pub struct Loader {
    config: Config,
    places: Places,
    collections: Shelf<Arc<Collection>>,
    tilesets: Shelf<Arc<Tileset>>,
    styles: Shelf<Arc<Parsed>>,
    fonts: Shelf<File>,
    sprites: Shelf<File>,
    icons: Shelf<Arc<Icons>>,
    grids: Shelf<Arc<Grid>>,
    drawn_with: Arc<Fonts>,
    decoded: Arc<Decoded>,
    segments: Segments,
    remote: Remote,
    /// All files as they looked the last time.
    looked: BTreeMap<String, Vec<Stamp>>,
    /// What was wrong with their names then.
    misnamed: Vec<Problem>,
}

/// What a look at the files found.
#[derive(Debug)]
pub enum Look {
    /// Nothing new.
    Same,
    /// Files that are still being written.
    Moving,
    /// Changed files that have come to rest; this is to be served from now on.
    Changed(Box<Catalog>),
}

/// Reads everything once: the catalog, and what is wrong with the files.
pub fn build(config: &Config) -> (Catalog, Vec<Problem>) {
    let catalog = Loader::new(config).load();
    let problems = catalog.problems.clone();
    (catalog, problems)
}

/// Reads everything once, as [`build`] does, and looks for what serving lets pass as well.
pub fn check(config: &Config) -> (Catalog, Vec<Problem>) {
    // Who asks what is wrong means the files and not what was kept of them.
    let mut loader = Loader::new(&Config { cache: false, ..config.clone() });
    let catalog = loader.load();
    let mut problems = catalog.problems.clone();
    let limits = source::Limits { bytes: config.limits.file_bytes };
    for path in loader.places.paths() {
        for problem in source::check(path, &limits) {
            let is_known = |known: &Problem| (&known.message, known.place) == (&problem.message, problem.place);
            if problem.severity < Severity::File && !problems.iter().any(is_known) {
                problems.push(problem.within(path.parent().unwrap_or(Path::new(""))));
            }
        }
    }
    (catalog, problems)
}

impl Loader {
    /// Settles where files are to be looked for, and reads none yet.
    pub fn new(config: &Config) -> Self {
        let places = Places::new(config);
        Self {
            config: config.clone(),
            segments: Segments::new(config),
            remote: remote(config, places.roots()),
            places,
            collections: Shelf::default(),
            tilesets: Shelf::default(),
            styles: Shelf::default(),
            fonts: Shelf::default(),
            sprites: Shelf::default(),
            icons: Shelf::default(),
            grids: Shelf::default(),
            drawn_with: Arc::new(Fonts::new(Vec::new(), GLYPH_BYTES)),
            decoded: Arc::new(Decoded::new(config.limits.decoded_bytes)),
            looked: BTreeMap::new(),
            misnamed: Vec::new(),
        }
    }

    /// A file or folder that the settings name and that is not there.
    pub fn missing(&self) -> Option<String> {
        self.places.missing()
    }

    /// How far reading features has come.
    pub fn progress(&self) -> Progress {
        self.segments.progress().clone()
    }

    /// Folders in which files may change.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.places.folders()
    }

    /// Reads everything, as it is now.
    pub fn load(&mut self) -> Catalog {
        let listing = self.places.list();
        self.looked = listing.stamps();
        self.refresh(&listing, &BTreeSet::new());
        self.segments.sweep();
        self.assemble()
    }

    /// Reads what has changed since it was last read and looks the same as at the last look.
    pub fn look(&mut self) -> Look {
        if self.segments.take_loss() {
            self.collections.forget_stamps(STDIN);
            self.tilesets.forget_stamps(STDIN);
        }
        let listing = self.places.list();
        let now = listing.stamps();
        let differs = |key: &&String| now.get(*key) != self.looked.get(*key);
        let moving: BTreeSet<String> = now.keys().chain(self.looked.keys()).filter(differs).cloned().collect();
        self.looked = now;
        if self.refresh(&listing, &moving) {
            Look::Changed(Box::new(self.assemble()))
        } else if moving.is_empty() {
            Look::Same
        } else {
            Look::Moving
        }
    }

    /// Makes the next look read everything again.
    pub fn forget_stamps(&mut self) {
        self.collections.forget_stamps(STDIN);
        self.tilesets.forget_stamps(STDIN);
        self.styles.forget_stamps(STDIN);
        self.fonts.forget_stamps(STDIN);
        self.sprites.forget_stamps(STDIN);
        self.icons.forget_stamps(STDIN);
        self.grids.forget_stamps(STDIN);
    }

    fn refresh(&mut self, listing: &Listing, moving: &BTreeSet<String>) -> bool {
        let (config, segments) = (&self.config, &self.segments);
        let is_lost = |key: &str| listing.unreadable.iter().any(|folder| Path::new(key).starts_with(folder));
        let is_moving = |key: &str| moving.contains(key) || is_lost(key);
        let read = |origin: &Origin| reading::collection(origin, config, segments);
        let collections = self.collections.refresh(&listing.collections, is_moving, read);
        let tilesets = self.tilesets.refresh(&listing.tilesets, is_moving, reading::tileset);
        let styles = self.styles.refresh(&listing.styles, is_moving, |data| reading::style(data, config));
        let sprites = self.sprites.refresh(&listing.sprites, is_moving, reading::file);
        let icons = self.icons.refresh(&listing.icons, is_moving, |folder| reading::icons(folder, config));
        let fonts = self.fonts.refresh(&listing.fonts, is_moving, reading::font);
        if fonts {
            // Made anew only then, because glyphs that were drawn before are kept with them.
            let faces = self.fonts.values().flat_map(|file| Face::read(&file.bytes)).collect();
            self.drawn_with = Arc::new(Fonts::new(faces, GLYPH_BYTES));
        }
        let grids = self.grids.refresh(&listing.grids, is_moving, reading::grid);
        let misnamed = self.misnamed != listing.problems;
        self.misnamed.clone_from(&listing.problems);
        collections || tilesets || styles || sprites || icons || grids || fonts || misnamed
    }

    /// All that was read, as one catalog.
    fn assemble(&self) -> Catalog {
        let collections: BTreeMap<String, Arc<Collection>> =
            self.collections.values().map(|collection| (collection.id.clone(), Arc::clone(collection))).collect();
        let tilesets: BTreeMap<String, Arc<Tileset>> =
            self.tilesets.values().map(|tileset| (tileset.id.clone(), Arc::clone(tileset))).collect();
        let mut drawn_with = Xxh3::new();
        for file in self.fonts.values().chain(self.sprites.values()) {
            drawn_with.update(file.name.as_bytes());
            drawn_with.update(&file.hash.to_le_bytes());
        }
        for icons in self.icons.values() {
            drawn_with.update(icons.name.as_bytes());
            drawn_with.update(&icons.hash.to_le_bytes());
        }
        let drawn_with = drawn_with.digest128();
        let mut styles: BTreeMap<String, Arc<Styled>> =
            self.styles.values().map(|parsed| (parsed.id.clone(), Arc::new(parsed.drawn_with(drawn_with)))).collect();
        if styles.is_empty() {
            let schemas: Vec<_> = collections.values().map(|c| (c.id.as_str(), c.snapshot().schema())).collect();
            let parsed = Parsed::read(AUTOMATIC, style::automatic(&schemas));
            // With no layer to draw there is no style; a document of ours is always one.
            styles.extend(parsed.ok().map(|(parsed, _)| (parsed.id.clone(), Arc::new(parsed.drawn_with(drawn_with)))));
        }
        let mut version = Xxh3::new();
        version.update(&drawn_with.to_le_bytes());
        for (id, hash) in collections
            .values()
            .map(|collection| (&collection.id, collection.snapshot().version()))
            .chain(tilesets.values().map(|tileset| (&tileset.id, tileset.version)))
            .chain(styles.values().map(|style| (&style.id, style.version)))
        {
            version.update(id.as_bytes());
            version.update(&hash.0.to_le_bytes());
        }
        let problems = self.misnamed.iter().chain(self.collections.problems()).chain(self.styles.problems());
        let problems = problems.chain(self.tilesets.problems());
        let problems = problems.chain(self.fonts.problems()).chain(self.sprites.problems());
        let is_missing = |reference: &&Reference| match &reference.to {
            Named::Collection(id) => !collections.contains_key(id),
            Named::Sprite(sheet) => {
                let is_icons = self.icons.values().any(|icons| icons.name == *sheet);
                !is_icons && !self.sprites.values().any(|file| is_index(&file.name, sheet))
            }
        };
        let missing = self.styles.values().flat_map(|parsed| &parsed.references).filter(is_missing);
        let problems = problems
            .chain(self.icons.problems())
            .chain(self.grids.problems())
            .chain(missing.map(|reference| &reference.problem));
        let problems = problems.cloned().collect();
        let mut catalog = Catalog {
            collections,
            tilesets,
            styles,
            sprites: self.sprites.values().map(|file| (file.name.clone(), Arc::clone(&file.bytes))).collect(),
            icons: self.icons.values().map(|icons| (icons.name.clone(), Arc::clone(icons))).collect(),
            fonts: Arc::clone(&self.drawn_with),
            decoded: Arc::clone(&self.decoded),
            shape_bytes: self.config.limits.shape_bytes,
            cut_bytes: self.config.limits.cut_bytes,
            remote: Some(self.remote.clone()),
            problems,
            version: Version(version.digest128()),
            ..Catalog::default()
        };
        catalog.grids.extend(self.grids.values().map(|grid| (grid.id().to_owned(), Arc::clone(grid))));
        catalog
    }
}

/// Whether a file is the index of a sprite, for screens of one kind or another.
fn is_index(file: &str, sheet: &str) -> bool {
    file.strip_prefix(sheet).is_some_and(|rest| matches!(rest, ".json" | "@2x.json"))
}

/// What styles fetch with. Their authors are not the user: without his leave they reach no further than the internet.
fn remote(config: &Config, folders: Vec<PathBuf>) -> Remote {
    let networks = config.private_networks.clone();
    let reach = if config.allow_private { Reach::Everything } else { Reach::Public { networks, folders } };
    let limits = &config.limits;
    let limits = RemoteLimits {
        bytes: limits.fetch_bytes as usize,
        // A picture is better drawn without a tile than not at all.
        time: limits.fetch_time().min(limits.request_time() / 3),
        at_once: limits.fetches,
        kept_bytes: limits.fetch_cache_bytes,
        age: limits.fetch_age(),
        each_picture: limits.picture_fetches,
        ..RemoteLimits::default()
    };
    Remote::new(limits, reach)
}
