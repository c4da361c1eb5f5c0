//! The OGC APIs.

pub(super) mod landing;

pub(super) mod conformance;

pub(super) mod collections;

pub(super) mod items;

mod paging;

mod cursor;

mod table;

mod examples;

pub(super) mod item;

pub(super) mod aggregate;

mod property;

pub(super) mod schema;

pub(super) mod functions;

pub(super) mod map;

pub(super) mod styles;

pub(super) mod tilematrixsets;

pub(super) mod tiles;

pub(super) mod openapi;
