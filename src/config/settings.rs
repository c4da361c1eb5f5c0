//! The settings and their defaults.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use super::Limits;
use super::Network;
use crate::space::Crs;

/// All settings of the server. Made by [`Layers::merge`](super::Layers::merge), which checks them.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Config {
    /// Where features come from: files, folders, URLs, `-` for standard input. Empty: `./features`, or the embedded atlas
    /// when there is no such folder.
    pub features: Vec<String>,
    /// The folder of styles; without one, `styles` beside the features.
    pub styles: Option<PathBuf>,
    /// The folder of further tile matrix sets (*.json, OGC 17-083r4); without one, `tilematrixsets` beside the features.
    pub tile_matrix_sets: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The path under which a proxy shows the server: empty, or `/` and a name, without a slash at the end.
    pub base_path: String,
    /// The name of the server for people.
    pub title: String,
    /// What it serves.
    pub description: String,
    /// Who may say by `Forwarded` and `X-Forwarded-*` what the client asked for.
    pub trusted_proxies: Vec<Network>,
    /// Query parameters that are passed over where unknown ones are refused.
    pub ignored_parameters: Vec<String>,
    /// Styles may name addresses in private networks, and files outside of the folders of features and styles.
    pub allow_private: bool,
    /// Private networks in which styles may name addresses all the same.
    pub private_networks: Vec<Network>,
    /// Codes of the EPSG registry for further systems in which clients may ask for features, beside CRS84, 4326, 3857 and
    /// the zone of UTM of the data.
    pub crs: Vec<u32>,
    /// Refuse files with any problem, and refuse to start with one.
    pub strict: bool,
    /// The folder in which features are kept packed, so that the next start need not read them again; without one, they are
    /// read at each start and kept in memory.
    pub cache_dir: Option<PathBuf>,
    /// Keep packed features in `cache_dir`.
    pub cache: bool,
    /// Serve changed files without a restart.
    pub watch: bool,
    /// Tell clients at `/problems` what is wrong with the files.
    pub show_problems: bool,
    /// Write a line for each request.
    pub access_log: bool,
    /// Which log lines are written: `info`, `debug`, `tumen=debug,warn`.
    pub log: String,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// Threads that cut and draw; without a number, one for each processor.
    pub threads: Option<NonZeroUsize>,
    /// How much of a picture a JPEG keeps when nobody says, from 1 to 100.
    pub jpeg_quality: u8,
    /// How much a WebP keeps, from 1 to 100; without a number it loses nothing.
    pub webp_quality: Option<u8>,
    /// Limits.
    pub limits: Limits,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is not TOML, or has a key that is unknown, or a value that cannot be. Names line and column.
    #[error("{name}: {message}")]
    File {
        /// The file.
        name: String,
        /// Where and what.
        message: String,
    },
    /// A variable or flag has a value that cannot be.
    #[error("{name}: {message}")]
    Value {
        /// The variable or flag.
        name: String,
        /// What.
        message: String,
    },
    /// The values do not go together.
    #[error("{0}")]
    Together(String),
}

impl Default for Config {
    fn default() -> Self {
        let loopback = ["127.0.0.0/8", "::1/128"].map(|text| text.parse().expect("both are networks"));
        Self {
            features: Vec::new(),
            styles: None,
            tile_matrix_sets: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            base_path: String::new(),
            title: "Tumen".to_owned(),
            description: "Features, vector tiles and maps from GeoJSON.".to_owned(),
            trusted_proxies: loopback.to_vec(),
            ignored_parameters: ["v", "_", "t", "key", "access_token"].map(str::to_owned).to_vec(),
            allow_private: false,
            private_networks: Vec::new(),
            crs: Vec::new(),
            strict: false,
            cache_dir: None,
            cache: true,
            watch: true,
            show_problems: true,
            access_log: true,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            threads: None,
            jpeg_quality: 85,
            webp_quality: None,
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// Refuses values that do not go together.
    pub(super) fn check(self) -> Result<Self, Error> {
        let together = |message: String| Err(Error::Together(message));
        let path = &self.base_path;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
        if !path.is_empty() && (!path.starts_with('/') || path.ends_with('/') || !path.chars().all(allowed)) {
            return together(format!("base_path is `{path}`, but has to look like /maps"));
        }
        if path.split('/').any(|segment| segment == "." || segment == "..") || path.contains("//") {
            return together(format!("base_path is `{path}`, but may have no empty or dotted part"));
        }
        for (name, quality) in [("jpeg_quality", Some(self.jpeg_quality)), ("webp_quality", self.webp_quality)] {
            if quality.is_some_and(|quality| !(1..=100).contains(&quality)) {
                return together(format!("{name} has to be from 1 to 100"));
            }
        }
        if let Some(code) = self.crs.iter().find(|&&code| Crs::epsg(code).is_none()) {
            return together(format!("crs has {code}, which is no system of the EPSG that can be computed here"));
        }
        if let Some(name) = self.limits.impossible() {
            return together(format!("limits.{name} is 0, but has to be at least 1"));
        }
        if self.limits.default_items > self.limits.items {
            return together("limits.default_items is more than limits.items".to_owned());
        }
        if self.features.iter().filter(|location| *location == "-").count() > 1 {
            return together("standard input (`-`) can be read once only".to_owned());
        }
        Ok(self)
    }
}
