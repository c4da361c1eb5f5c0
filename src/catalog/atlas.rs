//! The atlas of Hoeryong, built into the program.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "features"]
#[prefix = "features/"]
struct Features;

#[derive(RustEmbed)]
#[folder = "styles"]
#[exclude = "preview.png"]
#[prefix = "styles/"]
struct Styles;

/// Names of its files: those of collections below `features/`, those of maps below `styles/`.
pub(super) fn names() -> impl Iterator<Item = Cow<'static, str>> {
    Features::iter().chain(Styles::iter())
}

/// One of its files.
pub(super) fn file(name: &str) -> Option<Cow<'static, [u8]>> {
    Features::get(name).or_else(|| Styles::get(name)).map(|file| file.data)
}
