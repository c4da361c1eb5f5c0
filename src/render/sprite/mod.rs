//! Sprites made from single icons: SVG and PNG files to one sheet with an index (style specification, "Sprite").

mod about;
mod icon;
mod svg;
mod field;
mod pack;
mod sheet;
#[cfg(test)]
mod tests;

pub use about::IconAbout;
pub use icon::BadIcon;
pub use icon::Icon;
pub use sheet::Sheet;
pub use sheet::Unpackable;
