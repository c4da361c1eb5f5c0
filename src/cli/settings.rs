//! The settings, read from where they are written.

use std::env;
use std::fmt::Display;
use std::fs;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::ValueEnum;

use crate::config;
use crate::config::Config;
use crate::config::Layers;

/// Flags that say what is read and how.
#[derive(Args, Debug)]
pub(super) struct DataFlags {
    /// Folder of styles (*.json), with `fonts/` and `sprites/` in it [default: `styles` beside the features]
    #[arg(long, value_name = "DIR")]
    styles: Option<PathBuf>,
    /// File of settings [default: tumen.toml, where there is one]
    #[arg(long, value_name = "FILE", env = CONFIG_VARIABLE, hide_env_values = true)]
    config: Option<PathBuf>,
    /// Folder in which packed features are kept for the next start [default: tumen in the cache folder of the user]
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// Keep nothing: read all features at each start, into memory
    #[arg(long)]
    no_cache: bool,
    /// Leave out whole files that have any problem, and end when there is one
    #[arg(long)]
    strict: bool,
    /// Which log lines are written to standard error: error, warn, info, debug, or a list such as tumen=debug,warn
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// How log lines are written [default: text]
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Invalid(#[from] config::Error),
    #[error("{file} cannot be read: {source}")]
    File { file: String, source: io::Error },
}

const CONFIG_VARIABLE: &str = "TUMEN_CONFIG";
const CONFIG_FILE: &str = "tumen.toml";

impl DataFlags {
    /// Reads file and environment, and lays the paths and flags of the command line over them.
    pub(super) fn layers(&self, paths: &[String]) -> Result<Layers, Error> {
        let mut layers = Layers::new();
        if let Some(folder) = cache_folder() {
            layers.flag("XDG_CACHE_HOME", "cache_dir", folder.to_string_lossy().into_owned())?;
        }
        let path = self.config.as_deref().unwrap_or(Path::new(CONFIG_FILE));
        match fs::read_to_string(path) {
            Ok(text) => layers.file(&path.display().to_string(), &text)?,
            // Only a file that was asked for has to be there.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.config.is_none() => {}
            Err(source) => return Err(Error::File { file: path.display().to_string(), source }),
        }
        let own = |name: &str| name != CONFIG_VARIABLE;
        let variables =
            env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        layers.environment(variables.filter(|(name, _)| own(name)))?;
        if !paths.is_empty() {
            layers.flag("PATH", "features", paths.to_vec())?;
        }
        if let Some(styles) = &self.styles {
            layers.flag("--styles", "styles", styles.to_string_lossy().into_owned())?;
        }
        if let Some(folder) = &self.cache_dir {
            layers.flag("--cache-dir", "cache_dir", folder.to_string_lossy().into_owned())?;
        }
        if self.no_cache {
            layers.flag("--no-cache", "cache", false)?;
        }
        if self.strict {
            layers.flag("--strict", "strict", true)?;
        }
        if let Some(log) = &self.log {
            layers.flag("--log", "log", log.as_str())?;
        }
        if let Some(format) = self.log_format {
            let name = match format {
                LogFormat::Text => "text",
                LogFormat::Json => "json",
            };
            layers.flag("--log-format", "log_format", name)?;
        }
        Ok(layers)
    }
}

/// Where programs keep what can be made anew (XDG Base Directory Specification, 3), if the user has such a place.
fn cache_folder() -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(caches.join("tumen"))
}

/// Prints all settings as the file that would say them.
pub(super) fn print(config: &Config) -> io::Result<()> {
    let text = toml::to_string_pretty(config).map_err(io::Error::other)?;
    io::stdout().lock().write_all(text.as_bytes())
}

/// Says on standard error why the program ends.
pub(super) fn complain(reason: &dyn Display) -> ExitCode {
    // When standard error cannot be written, the exit code has to do.
    drop(writeln!(io::stderr(), "tumen: {reason}"));
    ExitCode::FAILURE
}
