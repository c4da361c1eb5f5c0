//! The sprites of a style.

use bytes::Bytes;

use super::Supply;
use crate::catalog::Catalog;
use crate::catalog::Icons;

impl Supply {
    /// Adds the images of a sprite, from the sheet that fits the ratio best.
    pub(super) async fn add_sprite(
        &mut self,
        id: &str,
        url: &str,
        ratio: f64,
        catalog: &Catalog,
    ) -> Result<(), String> {
        let (path, query) =
            url.split_once('?').map_or((url, String::new()), |(path, query)| (path, format!("?{query}")));
        if let Some(icons) = self.folder_of_icons(path) {
            return self.add_icons(id, &icons?, ratio);
        }
        let scales: &[&str] = if ratio > 1.0 { &["@2x", ""] } else { &["", "@2x"] };
        let mut failure = String::new();
        for scale in scales {
            let address = |kind: &str| format!("{path}{scale}.{kind}{query}");
            let (index, sheet) = (address("json"), address("png"));
            match (self.sprite_file(&index, catalog).await, self.sprite_file(&sheet, catalog).await) {
                (Ok(index), Ok(sheet)) => {
                    return self.images.add_sheet(id, &index, &sheet).map_err(|error| error.to_string());
                }
                (Err(message), _) | (_, Err(message)) => failure = message,
            }
        }
        Err(failure)
    }

    /// The folder of icons at the address of a file, where there is no finished sheet.
    fn folder_of_icons(&self, path: &str) -> Option<Result<Icons, String>> {
        let folder = self.remote.as_ref()?.file(path).ok().filter(|path| path.is_dir())?;
        let name = folder.file_name()?.to_string_lossy().into_owned();
        if ["", "@2x"].iter().any(|scale| folder.with_file_name(format!("{name}{scale}.json")).is_file()) {
            return None;
        }
        Some(Icons::read(&folder).map(|(icons, _)| icons).map_err(|error| format!("{path}: {error}")))
    }

    fn add_icons(&mut self, id: &str, icons: &Icons, ratio: f64) -> Result<(), String> {
        let scale = (ratio.ceil() as u8).clamp(1, 4);
        let file = |kind: &str| match icons.file(&format!("@{scale}x.{kind}")) {
            Some(Ok(file)) => Ok(file),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("a sprite has no such file".to_owned()),
        };
        self.images.add_sheet(id, &file("json")?, &file("png")?).map_err(|error| error.to_string())
    }

    /// A file of a sprite, from the catalog when its address is one of ours: `/sprites/{file}`.
    async fn sprite_file(&self, url: &str, catalog: &Catalog) -> Result<Bytes, String> {
        match url.strip_prefix("/sprites/") {
            Some(name) => match catalog.sprite_file(name) {
                Some(Ok(file)) => Ok(Bytes::copy_from_slice(&file)),
                Some(Err(error)) => Err(error.to_string()),
                None => Err(format!("there is no file '{name}' in the folder of sprites")),
            },
            None => self.fetch_known(url).await,
        }
    }
}
