//! The catalog: one immutable value, swapped whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Automatics;
use super::Collection;
use super::Decoded;
use super::Icons;
use super::Portrayals;
use super::Remote;
use super::Styled;
use super::Tileset;
use crate::config::Limits;
use crate::render::sprite::Unpackable;
use crate::render::text::Fonts;
use crate::source::Problem;
use crate::source::Severity;
use crate::space::Grid;
use crate::store::Version;

/// Everything that is served at one moment.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Collections by id.
    pub collections: BTreeMap<String, Arc<Collection>>,
    /// Archives of tiles by id, which no collection has.
    pub tilesets: BTreeMap<String, Arc<Tileset>>,
    /// Styles by id.
    pub styles: BTreeMap<String, Arc<Styled>>,
    /// The files of sprites by name (`atlas@2x.png`).
    pub sprites: BTreeMap<String, Arc<[u8]>>,
    /// Folders of icons that sprites are made from, by name.
    pub icons: BTreeMap<String, Arc<Icons>>,
    /// The built-in fonts and the user's.
    pub fonts: Arc<Fonts>,
    /// Grids that tiles are cut on, by id: the registered ones and the user's.
    pub grids: BTreeMap<String, Arc<Grid>>,
    /// Tiles of the sources of styles that are not collections, decoded.
    pub decoded: Arc<Decoded>,
    /// Bytes of shapes and labels of features that pictures of one style keep for the next ones, at most.
    pub shape_bytes: u64,
    /// Bytes of tiles that are cut of one GeoJSON source of a style and kept for the next pictures, at most.
    pub cut_bytes: u64,
    /// What styles fetch from elsewhere with; without it, they draw from this server only.
    pub remote: Option<Remote>,
    /// Styles that were made of these, for single collections above all.
    pub portrayals: Portrayals,
    /// Styles of collections for which nobody wrote one.
    pub automatics: Automatics,
    /// What was wrong when it was built.
    pub problems: Vec<Problem>,
    /// A hash of all of it.
    pub version: Version,
}

/// Most bytes of glyphs that are kept ready.
pub(super) const GLYPH_BYTES: u64 = 32 << 20;

impl Default for Catalog {
    /// Serves nothing.
    fn default() -> Self {
        let limits = Limits::default();
        let grids = Grid::registered_ids().filter_map(|id| Some((id.clone(), Arc::new(Grid::registered(&id)?))));
        Self {
            collections: BTreeMap::new(),
            tilesets: BTreeMap::new(),
            styles: BTreeMap::new(),
            sprites: BTreeMap::new(),
            icons: BTreeMap::new(),
            fonts: Arc::new(Fonts::new(Vec::new(), GLYPH_BYTES)),
            grids: grids.collect(),
            decoded: Arc::new(Decoded::new(limits.decoded_bytes)),
            shape_bytes: limits.shape_bytes,
            cut_bytes: limits.cut_bytes,
            remote: None,
            portrayals: Portrayals::default(),
            automatics: Automatics::default(),
            problems: Vec::new(),
            version: Version(0),
        }
    }
}

impl Catalog {
    /// The collection of an id.
    pub fn collection(&self, id: &str) -> Option<&Arc<Collection>> {
        self.collections.get(id)
    }

    /// The archive of an id.
    pub fn tileset(&self, id: &str) -> Option<&Arc<Tileset>> {
        self.tilesets.get(id)
    }

    /// The style of an id.
    pub fn style(&self, id: &str) -> Option<&Arc<Styled>> {
        self.styles.get(id)
    }

    /// A file of a sprite by its name, such as `atlas@2x.png`: one that was finished by its author, or else one that is made
    /// of a folder of icons, which takes a while when it is asked for the first time. `None` when there is none.
    pub fn sprite_file(&self, name: &str) -> Option<Result<Arc<[u8]>, Unpackable>> {
        if let Some(file) = self.sprites.get(name) {
            return Some(Ok(Arc::clone(file)));
        }
        let of = |(folder, icons): (&String, &Arc<Icons>)| icons.file(name.strip_prefix(folder.as_str())?);
        self.icons.iter().find_map(of)
    }

    /// The style of maps for which none is asked: the first by its id.
    pub fn default_style(&self) -> Option<&Arc<Styled>> {
        self.styles.values().next()
    }

    /// Number of files that are not served, or not as they are now.
    pub fn failures(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::File).count()
    }

    /// Ids of collections and of styles that are new, gone or otherwise than in another catalog; all of them without one.
    pub fn differences<'a>(&'a self, other: Option<&'a Self>) -> (Vec<&'a str>, Vec<&'a str>) {
        let collections = |catalog: &'a Self| catalog.collections.values().map(|c| (&*c.id, c.snapshot().version()));
        let styles = |catalog: &'a Self| catalog.styles.values().map(|style| (&*style.id, style.version));
        (
            different(collections(self), other.into_iter().flat_map(collections)),
            different(styles(self), other.into_iter().flat_map(styles)),
        )
    }
}

/// Ids that are in one list only, or have another version in the other.
fn different<'a>(
    own: impl Iterator<Item = (&'a str, Version)>,
    other: impl Iterator<Item = (&'a str, Version)>,
) -> Vec<&'a str> {
    let mut versions: BTreeMap<&str, [Option<Version>; 2]> = BTreeMap::new();
    own.for_each(|(id, version)| versions.entry(id).or_default()[0] = Some(version));
    other.for_each(|(id, version)| versions.entry(id).or_default()[1] = Some(version));
    versions.into_iter().filter_map(|(id, [own, other])| (own != other).then_some(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_gone_or_otherwise_differs() {
        let of = |list: &[(&'static str, u128)]| list.iter().map(|&(id, n)| (id, Version(n))).collect::<Vec<_>>();
        let (now, before) = (of(&[("a", 1), ("b", 2), ("c", 3)]), of(&[("a", 1), ("b", 9), ("d", 4)]));
        assert_eq!(different(now.into_iter(), before.into_iter()), ["b", "c", "d"]);
    }
}
