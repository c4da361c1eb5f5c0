//! The verbs.

mod check;
mod command;
mod health;
mod serve;
mod settings;

pub use command::run;
