//! What is served right now.

mod served;
mod collection;
mod styled;
mod live;

mod loader;
mod listing;
mod shelf;
mod segments;
mod reading;
mod references;
mod atlas;
mod icons;
mod reload;

mod tiles;
mod tile_layer;
mod cache;
mod metatile;

mod remote;
mod archive;
mod supply;
mod sources;
mod beside;
mod drawable;
mod drawables;
mod overlay;
mod picked;
mod portrayals;
mod selection;

pub mod export;

pub use archive::Archive;
pub use archive::Unreadable;
pub use beside::settle_addresses;
pub use cache::Bytes;
pub use cache::Cache;
pub use cache::CacheState;
pub use collection::Collection;
pub use collection::Features;
pub use drawable::Drawable;
pub use drawables::Drawables;
pub use icons::Icons;
pub use live::Live;
pub use loader::Loader;
pub use loader::Look;
pub use loader::build;
pub use loader::check;
pub use metatile::Block;
pub use metatile::Metatiles;
pub use overlay::Overlay;
pub use picked::Picked;
pub use portrayals::Portrayals;
pub use portrayals::Unstackable;
pub use reload::Reload;
pub use remote::Reach;
pub use remote::Remote;
pub use remote::RemoteLimits;
pub use remote::Unfetched;
pub use selection::Selection;
pub use served::Catalog;
pub use styled::Automatics;
pub use styled::Styled;
pub use supply::Supply;
pub use tile_layer::TileLayer;
pub use tile_layer::center_of;
pub use tile_layer::common_attribution;
pub use tile_layer::common_bounds;
pub use tile_layer::common_zooms;
pub use tiles::fitting_zoom;
pub use tiles::tile_rows;
pub use tiles::vector_tile;
pub use tiles::zooms;
