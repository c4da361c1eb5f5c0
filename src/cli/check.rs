//! `tumen check`.

use std::io;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::settings;
use super::settings::DataFlags;
use super::settings::complain;
use crate::catalog;
use crate::config::Config;

/// What is checked.
#[derive(Args, Debug)]
pub(super) struct CheckFlags {
    /// Files, folders or URLs of features, or `-` for standard input [default: ./features, or the built-in atlas]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    data: DataFlags,
}

/// Prints what is wrong, one problem a line, and how much was read. Ends with 1 when anything is wrong.
pub(super) fn check(flags: &CheckFlags) -> ExitCode {
    let config = flags.data.layers(&flags.paths).and_then(|layers| Ok(layers.merge()?));
    match config.map_err(Into::into).and_then(|config| report(&config)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => complain(&error),
    }
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Settings(#[from] settings::Error),
    #[error("the report cannot be written: {0}")]
    Output(#[from] io::Error),
}

fn report(config: &Config) -> Result<usize, Error> {
    let (catalog, problems) = catalog::check(config);
    let mut out = io::stdout().lock();
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    let features: usize = catalog.collections.values().map(|collection| collection.snapshot().len()).sum();
    let counted = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    writeln!(
        out,
        "{}, {}, {}: {}",
        counted(catalog.collections.len(), "collection"),
        counted(features, "feature"),
        counted(catalog.styles.len(), "style"),
        counted(problems.len(), "problem"),
    )?;
    Ok(problems.len())
}
