//! Maps, whatever protocol asks for them: what is shown of the world, how it looks, and the drawing of it.

mod frame;
mod request;

pub(super) use frame::Frame;
pub(super) use request::Backdrop;
pub(super) use request::MapRequest;
pub(super) use request::encoding;
