//! `tumen merge`.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use super::export_report;
use super::settings::complain;
use crate::catalog::export;
use crate::catalog::export::Unexportable;
use crate::tile::archive::write::Target;
use crate::tile::archive::write::Unwritable;

/// What is put together.
#[derive(Args, Debug)]
pub(super) struct MergeFlags {
    /// The archive that is written: NAME.pmtiles, NAME.mbtiles, or a folder
    #[arg(value_name = "ARCHIVE")]
    out: PathBuf,
    /// All shards of one export
    #[arg(value_name = "SHARD", required = true)]
    shards: Vec<PathBuf>,
    /// Write the report as JSON
    #[arg(long)]
    json: bool,
    /// Replace an archive that is there already
    #[arg(long)]
    force: bool,
}

/// Puts shards together and reports what is in the archive. Ends with 1 when it cannot.
pub(super) fn merge(flags: &MergeFlags) -> ExitCode {
    match run(flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Merge(#[from] Unexportable),
    #[error(transparent)]
    Target(#[from] Unwritable),
    #[error("the report cannot be written: {0}")]
    Output(#[from] io::Error),
}

fn run(flags: &MergeFlags) -> Result<(), Error> {
    let begun = Instant::now();
    let target = Target::new(&flags.out, flags.force)?;
    let sizes = export::merge(&target, &flags.shards)?;
    Ok(export_report::written(target.path(), &sizes, begun.elapsed(), flags.json)?)
}
