//! Folders of icons, served as sprites.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;

use serde::Deserialize;
use xxhash_rust::xxh3::Xxh3;

use crate::render::sprite::Icon;
use crate::render::sprite::IconAbout;
use crate::render::sprite::Sheet;
use crate::render::sprite::Unpackable;

/// The icons of one folder. Sheets are made when they are first asked for.
#[derive(Debug)]
pub struct Icons {
    /// The name of the folder, which is that of the sprite.
    pub name: String,
    /// A hash of its files.
    pub(super) hash: u128,
    icons: Vec<Icon>,
    sheets: [OnceLock<Result<Files, Unpackable>>; 4],
}

/// Index and pixels of a sheet.
type Files = [Arc<[u8]>; 2];

/// What is wrong with a file of a folder of icons.
#[derive(Debug)]
pub(super) struct BadFile {
    pub(super) name: String,
    pub(super) message: String,
}

/// The file beside the icons that says more about them: `[icons.NAME]` with the keys of [`IconAbout`].
pub(super) const ABOUT: &str = "sprite.toml";

/// Most icons of a folder.
const MOST_ICONS: usize = 4096;

/// Most bytes of a file that are read; icons have fewer.
const MOST_BYTES: u64 = 4 << 20;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct About {
    icons: BTreeMap<String, IconAbout>,
}

impl Icons {
    /// Reads a folder. Files that are no icons are left out, and said.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub(super) fn read(folder: &Path) -> io::Result<(Self, Vec<BadFile>)> {
        let (mut icons, mut faults, mut hash) = (Vec::new(), Vec::new(), Xxh3::new());
        let mut fault = |name: &str, message: String| faults.push(BadFile { name: name.to_owned(), message });
        let mut about = About::default();
        for path in files(folder)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let is_small = fs::metadata(&path).is_ok_and(|about| about.len() <= MOST_BYTES);
            let bytes = match fs::read(&path) {
                Ok(bytes) if is_small => bytes,
                Ok(_) => {
                    fault(&name, format!("it has more than {MOST_BYTES} bytes"));
                    continue;
                }
                Err(error) => {
                    fault(&name, format!("it cannot be read: {error}"));
                    continue;
                }
            };
            hash.update(name.as_bytes());
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(&bytes);
            if name == ABOUT {
                match toml::from_slice(&bytes) {
                    Ok(read) => about = read,
                    Err(error) => fault(&name, error.to_string()),
                }
                continue;
            }
            match Icon::read(&name, &bytes, about.icons.get(Icon::name_of(&name))) {
                Ok(_) if icons.len() == MOST_ICONS => fault(&name, format!("a sprite has at most {MOST_ICONS} icons")),
                Ok(icon) => icons.push(icon),
                Err(error) => fault(&name, error.to_string()),
            }
        }
        for name in about.icons.keys().filter(|name| icons.iter().all(|icon| icon.name() != *name)) {
            fault(ABOUT, format!("it tells of the icon '{name}', which is not there"));
        }
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok((Self { name, hash: hash.digest128(), icons, sheets: Default::default() }, faults))
    }

    /// A file of the sprite, by what stands after its name: `@2x.png`, `.json`. `None` when there is no such file.
    pub(super) fn file(&self, rest: &str) -> Option<Result<Arc<[u8]>, Unpackable>> {
        let (ratio, kind) = rest.split_once('.')?;
        let ratio: u8 = match ratio {
            "" => 1,
            ratio => ratio.strip_prefix('@')?.strip_suffix('x')?.parse().ok()?,
        };
        let kind = ["json", "png"].iter().position(|known| *known == kind)?;
        let sheet = self.sheets.get(usize::from(ratio).checked_sub(1)?)?;
        let made =
            sheet.get_or_init(|| Sheet::of(&self.icons, ratio).map(|sheet| [sheet.index.into(), sheet.pixels.into()]));
        Some(made.clone().map(|files| Arc::clone(&files[kind])))
    }
}

/// The files of a folder that belong to a sprite, what is said about icons before the icons.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        !name.starts_with('.') && (name == ABOUT || matches!(&*ending, "svg" | "png")) && path.is_file()
    });
    paths.sort_by_key(|path| (!path.ends_with(ABOUT), path.clone()));
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_icons_is_a_sprite_at_every_ratio() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("shops");
        fs::create_dir(&folder).unwrap();
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="8"><path d="M0 0h10v8z"/></svg>"#;
        for name in ["a.svg", "b.sdf.svg", ".hidden.svg", "readme.txt"] {
            fs::write(folder.join(name), svg).unwrap();
        }
        fs::write(folder.join("broken.svg"), "<svg").unwrap();
        fs::write(folder.join(ABOUT), "[icons.a]\nsdf = true\n[icons.gone]\n").unwrap();
        let (icons, faults) = Icons::read(&folder).unwrap();
        assert_eq!(icons.name, "shops");
        let said: Vec<&str> = faults.iter().map(|fault| fault.name.as_str()).collect();
        assert_eq!(said, ["broken.svg", ABOUT]);
        let index = icons.file("@3x.json").unwrap().unwrap();
        let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
        assert_eq!(index.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((&index["a"]["sdf"], &index["b"]["pixelRatio"]), (&true.into(), &3.into()));
        assert!(icons.file(".png").unwrap().unwrap().starts_with(b"\x89PNG"));
        assert_eq!(icons.file(".png"), icons.file("@1x.png"));
        for wrong in ["", "@5x.png", "@0x.png", "@2.png", ".gif", "x.png", "@2x"] {
            assert!(icons.file(wrong).is_none(), "{wrong}");
        }
    }
}
