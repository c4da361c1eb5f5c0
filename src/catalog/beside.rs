//! Addresses that a style writes relative to itself.

use std::path::Path;

use crate::style::GeojsonData;
use crate::style::Source;
use crate::style::Style;

/// Makes relative addresses of a style those of files in its folder. Absolute ones stay, and so do those for which `is_ours`
/// says that they are answered without a file.
pub fn settle_addresses(style: &mut Style, folder: &Path, is_ours: impl Fn(&str) -> bool) {
    let mend = |address: &mut String| {
        let (scheme, path) = match address.split_once("://") {
            // An archive's address is a scheme before the address of its file.
            Some((scheme @ ("pmtiles" | "mbtiles"), path)) if !path.contains("://") => (format!("{scheme}://"), path),
            Some(_) => return,
            None => (String::new(), address.as_str()),
        };
        if is_ours(path) || path.starts_with("data:") {
            return;
        }
        let path = path.trim_start_matches("./");
        // An archive of an absolute path is meant as it stands; the root of an address is the style's folder.
        let full = if scheme.is_empty() { folder.join(path.trim_start_matches('/')) } else { folder.join(path) };
        *address = format!("{scheme}file://{}", full.display());
    };
    style.sprites.iter_mut().for_each(|sprite| mend(&mut sprite.url));
    style.glyphs.iter_mut().for_each(mend);
    for source in style.sources.values_mut() {
        match source {
            Source::Vector(tiled) | Source::Raster(tiled) | Source::RasterDem(tiled, _) => {
                tiled.url.iter_mut().chain(&mut tiled.tiles).for_each(mend);
            }
            Source::Geojson(geojson) => {
                if let GeojsonData::Url(url) = &mut geojson.data {
                    mend(url);
                }
            }
            Source::Image { url, .. } => mend(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_are_files_beside_the_style() {
        let text = r#"{"version":8,"layers":[],"sprite":"/sprites/own","sources":{
            "a":{"type":"geojson","data":"points/a.geojson"},"b":{"type":"vector","url":"pmtiles://b.pmtiles"},
            "c":{"type":"raster","url":"mbtiles:///srv/c.mbtiles"},"d":{"type":"vector","url":"/data/towns.json"},
            "e":{"type":"vector","url":"pmtiles://https://example.org/e.pmtiles"},
            "f":{"type":"raster","tiles":["https://example.org/{z}","./f/{z}.png"]}}}"#;
        let (mut style, _) = Style::parse(text).unwrap();
        settle_addresses(&mut style, Path::new("/styles"), |address| {
            address.starts_with('/') && !address.contains("srv")
        });
        let url = |name: &str| match &style.sources[name] {
            Source::Vector(tiled) | Source::Raster(tiled) => tiled.url.clone().unwrap(),
            Source::Geojson(geojson) => match &geojson.data {
                GeojsonData::Url(url) => url.clone(),
                GeojsonData::Inline(_) => String::new(),
            },
            _ => String::new(),
        };
        assert_eq!(url("a"), "file:///styles/points/a.geojson");
        assert_eq!(url("b"), "pmtiles://file:///styles/b.pmtiles");
        assert_eq!(url("c"), "mbtiles://file:///srv/c.mbtiles");
        assert_eq!((url("d"), url("e")), ("/data/towns.json".into(), "pmtiles://https://example.org/e.pmtiles".into()));
        let Source::Raster(tiled) = &style.sources["f"] else { panic!("f is of tiles") };
        assert_eq!(tiled.tiles, ["https://example.org/{z}", "file:///styles/f/{z}.png"]);
        assert_eq!(style.sprites[0].url, "/sprites/own");
    }
}
