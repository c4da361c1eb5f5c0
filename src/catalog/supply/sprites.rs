//! The sprites of a style.

use bytes::Bytes;

use super::Supply;
use crate::catalog::Catalog;

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

    /// A file of a sprite, from the catalog when its address is one of ours: `/sprites/{file}`.
    async fn sprite_file(&self, url: &str, catalog: &Catalog) -> Result<Bytes, String> {
        match url.strip_prefix("/sprites/") {
            Some(name) => match catalog.sprites.get(name) {
                Some(file) => Ok(Bytes::copy_from_slice(file)),
                None => Err(format!("there is no file '{name}' in the folder of sprites")),
            },
            None => self.fetch_known(url).await,
        }
    }
}
