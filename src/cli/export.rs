//! `tumen export`.

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use clap::Args;
use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use super::export_report;
use super::exported;
use super::exported::Asked;
use super::settings;
use super::settings::DataFlags;
use super::settings::complain;
use crate::catalog;
use crate::catalog::Collection;
use crate::catalog::export::Job;
use crate::catalog::export::Shard;
use crate::catalog::export::Unexportable;
use crate::config::Config;
use crate::config::LogFormat;
use crate::space::Bbox;
use crate::telemetry;
use crate::tile::archive::write::Container;
use crate::tile::archive::write::Spool;
use crate::tile::archive::write::Target;
use crate::tile::archive::write::Unwritable;

/// What is exported, and where to.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct ExportFlags {
    /// Files, folders or URLs of features, or `-` for standard input [default: ./features, or the built-in atlas]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    data: DataFlags,
    /// The archive: NAME.pmtiles, NAME.mbtiles, or, without an ending, a folder of files {z}/{x}/{y}
    #[arg(short, long, value_name = "ARCHIVE", required_unless_present = "estimate")]
    out: Option<PathBuf>,
    #[command(flatten)]
    asked: Asked,
    /// The zooms [default: from the lowest of the collections to the highest that all of them have]
    #[arg(long, value_name = "Z-Z", value_parser = zooms)]
    zoom: Option<[u8; 2]>,
    /// Only tiles that share some area with this box, in degrees
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true, value_parser = bbox)]
    bbox: Option<Bbox>,
    /// One share of so many, for several machines with the same data; `tumen merge` puts the archives together
    #[arg(long, value_name = "I/N", default_value_t = Shard::WHOLE)]
    shard: Shard,
    /// Threads that make tiles [default: one for each processor]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Only say about how many tiles and bytes there will be, and how long it will take
    #[arg(long)]
    estimate: bool,
    /// Write the report as JSON
    #[arg(long)]
    json: bool,
    /// Replace an archive that is there already
    #[arg(long)]
    force: bool,
    /// Go on with what was interrupted, or end; without it, that is done where it can be
    #[arg(long)]
    resume: bool,
}

/// Writes an archive of tiles and reports what is in it. Ends with 1 when it cannot; then nothing stands under its name.
pub(super) fn export(flags: &ExportFlags) -> ExitCode {
    match run(flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Settings(#[from] settings::Error),
    #[error(transparent)]
    Asked(#[from] exported::Error),
    #[error(transparent)]
    Export(#[from] Unexportable),
    #[error(transparent)]
    Target(#[from] Unwritable),
    #[error("--strict refuses files with problems, of which there are {0}; `tumen check` lists them")]
    Strict(usize),
    #[error("shards are written as .pmtiles only; `tumen merge` makes other archives of them")]
    ShardContainer,
    #[error("log: {0}")]
    Log(String),
    #[error("the report cannot be written: {0}")]
    Output(#[from] io::Error),
}

fn run(flags: &ExportFlags) -> Result<(), Error> {
    // What is wrong with the name is said before anything is read.
    let target = match &flags.out {
        Some(out) if !flags.estimate => Some(Target::new(out, flags.force)?),
        _ => None,
    };
    if target.as_ref().is_some_and(|target| !flags.shard.is_whole() && target.container() != Container::Pmtiles) {
        return Err(Error::ShardContainer);
    }
    let config = flags.data.layers(&flags.paths)?.merge().map_err(settings::Error::from)?;
    telemetry::start(&config.log, config.log_format == LogFormat::Json)
        .map_err(|error| Error::Log(error.to_string()))?;
    let threads = flags.threads.or(config.threads);
    let threads = threads.unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    let runtime = tokio::runtime::Runtime::new()?;
    let job = flags.job(&config, &runtime)?;
    let Some(target) = target else {
        let estimate = catalog::export::estimate(&job, threads)?;
        return Ok(export_report::estimated(&estimate, flags.json)?);
    };
    let begun = Instant::now();
    let spool = Spool::open(&target, job.own_version(), flags.resume)?;
    let done = spool.bytes();
    if done > 0 {
        tracing::info!(bytes = done, archive = %target.path().display(), "going on where it stopped");
    }
    let bar = bar(&job);
    let sizes = catalog::export::export(&job, spool, threads, |progress| {
        bar.set_position(progress.looked);
        bar.set_message(format!("zoom {}, {}", progress.zoom, export_report::bytes(progress.bytes)));
    });
    bar.finish_and_clear();
    Ok(export_report::written(target.path(), &sizes?, begun.elapsed(), flags.json)?)
}

impl ExportFlags {
    fn job(&self, config: &Config, runtime: &tokio::runtime::Runtime) -> Result<Job, Error> {
        let (catalog, problems) = catalog::build(config);
        for problem in &problems {
            tracing::warn!("{problem}");
        }
        if config.strict && !problems.is_empty() {
            return Err(Error::Strict(problems.len()));
        }
        let content = self.asked.content(&Arc::new(catalog), config, runtime)?;
        let zooms = self.zoom.unwrap_or_else(|| common_zooms(&content.collections()));
        Ok(Job { content, zooms, bbox: self.bbox, shard: self.shard })
    }
}

/// From the lowest zoom of some collections to the highest that all of them have: clients enlarge those tiles, and a plan
/// beside a map of the world does not have the world cut to squares of a house.
fn common_zooms(collections: &[Arc<Collection>]) -> [u8; 2] {
    let settings = || collections.iter().map(|collection| &collection.tiles);
    let lowest = settings().map(|own| own.minzoom).min().unwrap_or(0);
    let highest = settings().map(|own| own.maxzoom).min().unwrap_or(0);
    [lowest.min(highest), highest]
}

/// How far it is, on a terminal. What was done before it was interrupted is not in the count.
fn bar(job: &Job) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if !bar.is_hidden() {
        bar.set_length(job.candidate_count());
        let template = "{bar:32} {percent:>3}% of tiles, {per_sec}, {eta} left; {msg}";
        bar.set_style(ProgressStyle::with_template(template).expect("the template is one"));
    }
    bar
}

fn zooms(text: &str) -> Result<[u8; 2], String> {
    let (lowest, highest) = text.split_once('-').unwrap_or((text, text));
    let zoom = |text: &str| text.trim().parse::<u8>().ok().filter(|zoom| *zoom <= MOST_ZOOM);
    match (zoom(lowest), zoom(highest)) {
        (Some(lowest), Some(highest)) if lowest <= highest => Ok([lowest, highest]),
        _ => Err(format!("zooms are written as 0-14 or 12, and go to {MOST_ZOOM}")),
    }
}

/// The highest zoom of tiles that are served.
const MOST_ZOOM: u8 = 24;

fn bbox(text: &str) -> Result<Bbox, String> {
    Bbox::parse(text).map_err(|error| error.to_string())
}
