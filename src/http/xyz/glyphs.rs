//! Glyph ranges and sprites: what a browser draws a style's letters and images from.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;

use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Path;
use crate::http::Segment;
use crate::http::coding::coding;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::http::respond::Lasting;
use crate::tile::Tile;
use crate::tile::TileFormat;

/// What can be asked here.
pub(in crate::http) fn operations() -> [Operation; 2] {
    let operation = |id: &str, path: &str, summary: &str, segments, formats| Operation {
        id: id.to_owned(),
        path: path.to_owned(),
        tag: "Maps",
        summary: summary.to_owned(),
        segments,
        parameters: Vec::new(),
        formats,
        body: None,
    };
    let place = |name, description| Segment { name, description };
    [
        operation(
            "getGlyphs",
            "/fonts/{fontstack}/{range}.pbf",
            "The glyphs of 256 characters as signed distance fields.",
            vec![
                place("fontstack", "Names of fonts, the preferred one first, with commas between them."),
                place("range", "The characters, such as `0-255`."),
            ],
            &[Format::Glyphs],
        ),
        operation(
            "getSprite",
            "/sprites/{name}",
            "A file of a sprite: its index or its sheet, `@2x` for the finer one.",
            vec![place("name", "The file, such as `atlas@2x.png` or `atlas.json`.")],
            &[Format::Png, Format::Json],
        ),
    ]
}

/// `GET /fonts/{fontstack}/{range}.pbf`
pub(in crate::http) async fn glyphs(
    call: Call,
    Path((stack, name)): Path<(String, String)>,
) -> Result<Response, Error> {
    call.params(&[])?;
    let missing = || {
        Error::NotFound(format!("glyph range '{name}'; ranges are 0-255.pbf, 256-511.pbf and so on to 65280-65535.pbf"))
    };
    let start = range(&name).ok_or_else(missing)?;
    let fonts = Arc::clone(&call.catalog.fonts);
    // The fonts are a part of the catalog's version.
    let encoding = coding(&call.headers);
    let key = format!("glyphs/{}/{stack}/{start}.{}", call.catalog.version, encoding.name());
    let drawing = async {
        let drawn = call.app.workers.run_short(move || {
            let range = fonts.range(&stack, start)?;
            Some(Tile::plain(TileFormat::Glyphs, range).packed(encoding))
        });
        drawn.await?.ok_or_else(missing)
    };
    let tile = call.app.cache.find_or_make(&key, drawing).await?;
    let lasting = Lasting { in_catalog: true, is_versioned: false };
    Ok(respond::tile(&call.headers, &tile, Format::Glyphs.content_type(), lasting))
}

/// `GET /sprites/{name}`, for instance `atlas@2x.png`
pub(in crate::http) async fn sprite(call: Call, Path(name): Path<String>) -> Result<Response, Error> {
    call.params(&[])?;
    let missing = || Error::NotFound(format!("sprite file '{name}'"));
    let known = if let Some(file) = call.catalog.sprites.get(name.as_str()) {
        Some(Ok(Arc::clone(file)))
    } else {
        let (catalog, name) = (Arc::clone(&call.catalog), name.clone());
        call.app.workers.run(move || catalog.sprite_file(&name)).await?
    };
    let file = known.ok_or_else(missing)?.map_err(Error::internal)?;
    let format = if file.starts_with(b"\x89PNG") { Format::Png } else { Format::Json };
    let tag = ETag::of(&[&file]);
    let answer = || tag.answer(format.content_type(), Body::from(file.to_vec()));
    Ok(tag.unchanged(&call.headers).unwrap_or_else(answer))
}

/// The first character of a range such as `256-511.pbf`.
fn range(name: &str) -> Option<u32> {
    let (start, end) = name.strip_suffix(".pbf")?.split_once('-')?;
    let (start, end) = (start.parse::<u32>().ok()?, end.parse::<u32>().ok()?);
    (start % 256 == 0 && start <= 65_280 && end == start + 255).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_range_is_256_characters_of_the_basic_plane() {
        assert_eq!(range("0-255.pbf"), Some(0));
        assert_eq!(range("65280-65535.pbf"), Some(65_280));
        for wrong in
            ["0-256.pbf", "1-256.pbf", "65536-65791.pbf", "0-255", "a-b.pbf", "-255.pbf", "4294967040-4294967295.pbf"]
        {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
