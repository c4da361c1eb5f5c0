//! The OGC APIs.

pub(super) mod landing;

pub(super) mod conformance;

pub(super) mod collections;

pub(super) mod items;

mod cursor;

pub(super) mod item;

pub(super) mod openapi;

mod schema;
