//! The description of the API, made of the operations' own tables.

mod api;
mod page;
mod document;
mod components;
mod upgrade;

pub(super) use api::CONFORMANCE;
pub(in crate::http) use api::api;
