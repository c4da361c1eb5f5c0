//! Where an archive is to be.

use std::ffi::OsString;
use std::fs;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;

use super::Unwritable;

/// The place of an archive that is to be written, which was free, or may be replaced.
#[derive(Clone, Debug)]
pub struct Target {
    path: PathBuf,
    container: Container,
    force: bool,
}

/// What tiles are put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// One file, of which clients read parts.
    Pmtiles,
    /// A database.
    Mbtiles,
    /// A file for each tile, and `tiles.json`.
    Folder,
}

impl Target {
    /// A place, whose name says the container. What is there already is replaced with `force` only.
    ///
    /// # Errors
    /// When the name says none, its folder is not there, or something else is in its place.
    pub fn new(path: &Path, force: bool) -> Result<Self, Unwritable> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let container = match ending.as_deref() {
            Some("pmtiles") => Container::Pmtiles,
            Some("mbtiles") => Container::Mbtiles,
            None if path.file_name().is_some() => Container::Folder,
            _ => return Err(Unwritable::Ending(path.to_owned())),
        };
        let target = Self { path: path.components().collect(), container, force };
        let folder = target.folder();
        if !folder.is_dir() {
            return Err(Unwritable::NoFolder(folder.to_owned()));
        }
        let is_folder = container == Container::Folder;
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() && !is_folder => Err(Unwritable::OtherKind(path.to_owned(), "folder", "file")),
            Ok(found) if !found.is_dir() && is_folder => Err(Unwritable::OtherKind(path.to_owned(), "file", "folder")),
            Ok(_) if !force => Err(Unwritable::Exists(path.to_owned())),
            _ => Ok(target),
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What tiles are put into.
    pub fn container(&self) -> Container {
        self.container
    }

    /// A file or folder beside it, of the same name with more at its end.
    pub(super) fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.file_name().map(OsString::from).unwrap_or_default();
        name.push(ending);
        self.path.with_file_name(name)
    }

    /// Gives what was finished under another name its own, in one step where a file is replaced.
    pub(super) fn put_in_place(&self, finished: &Path) -> Result<(), Unwritable> {
        let failed = Unwritable::at(&self.path);
        // What came meanwhile is somebody's.
        if !self.force && self.path.exists() {
            return Err(Unwritable::Exists(self.path.clone()));
        }
        let old = self.beside(".old");
        let is_replaced = self.container == Container::Folder && self.path.exists();
        if is_replaced {
            discard(&old)?;
            fs::rename(&self.path, &old).map_err(&failed)?;
        }
        fs::rename(finished, &self.path).map_err(&failed)?;
        discard(&old)?;
        // The name is durable when its folder is.
        File::open(self.folder()).and_then(|folder| folder.sync_all()).map_err(failed)
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }
}

/// Removes what an earlier attempt left, a file or a folder.
pub(super) fn discard(path: &Path) -> Result<(), Unwritable> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Unwritable::at(path)(error)),
        _ => Ok(()),
    }
}
