//! `tumen serve`.

use std::io;
use std::io::Write as _;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use super::bar::Bar;
use super::bar::STEP;
use super::settings;
use super::settings::DataFlags;
use super::settings::complain;
use crate::catalog::Catalog;
use crate::catalog::Live;
use crate::catalog::Loader;
use crate::catalog::Reload;
use crate::config::Config;
use crate::config::LogFormat;
use crate::http;
use crate::http::App;
use crate::http::Phase;
use crate::telemetry;
use crate::workers::Workers;

/// What is served, and where.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct ServeFlags {
    /// Files, folders or URLs of features, or `-` for standard input [default: ./features, or the built-in atlas]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<String>,
    #[command(flatten)]
    data: DataFlags,
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The path under which a proxy shows the server, such as /maps
    #[arg(long, value_name = "PATH")]
    base_path: Option<String>,
    /// Let styles name addresses in private networks and files in any folder
    #[arg(long)]
    allow_private: bool,
    /// Do not follow changes of files (SIGHUP still reads them again)
    #[arg(long)]
    no_watch: bool,
    /// Do not tell clients at /problems what is wrong with the files
    #[arg(long)]
    no_problems: bool,
    /// Do not log each request
    #[arg(long)]
    no_access_log: bool,
    /// Print all settings as a tumen.toml, and end
    #[arg(long)]
    print_config: bool,
}

/// Serves until a signal ends it.
pub(super) fn serve(flags: &ServeFlags) -> ExitCode {
    let (config, unknown) = match flags.config() {
        Ok(found) => found,
        Err(error) => return complain(&error),
    };
    if flags.print_config {
        return match settings::print(&config) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => complain(&error),
        };
    }
    if let Err(error) = telemetry::start(&config.log, config.log_format == LogFormat::Json) {
        return complain(&format!("log: {error}"));
    }
    for name in unknown {
        tracing::warn!("the variable {name} names no setting");
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error),
    };
    match runtime.block_on(run(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::debug!(?error, "the server ends");
            complain(&error)
        }
    }
}

impl ServeFlags {
    /// The settings, and variables that name none.
    fn config(&self) -> Result<(Config, Vec<String>), settings::Error> {
        let mut layers = self.data.layers(&self.paths)?;
        if let Some(listen) = self.listen {
            layers.flag("--listen", "listen", listen.to_string())?;
        }
        if let Some(path) = &self.base_path {
            layers.flag("--base-path", "base_path", path.as_str())?;
        }
        let switches = [
            (self.allow_private, "--allow-private", "allow_private", true),
            (self.no_watch, "--no-watch", "watch", false),
            (self.no_problems, "--no-problems", "show_problems", false),
            (self.no_access_log, "--no-access-log", "access_log", false),
        ];
        for (_, flag, key, value) in switches.into_iter().filter(|(given, ..)| *given) {
            layers.flag(flag, key, value)?;
        }
        let unknown = layers.unknown_variables().to_vec();
        Ok((layers.merge()?, unknown))
    }
}

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0} cannot be listened on: {1}; choose another address with --listen")]
    Listen(SocketAddr, io::Error),
    #[error("--strict refuses files with problems, of which there are {0}; `tumen check` lists them")]
    Strict(usize),
    #[error("there is no file or folder {0}")]
    NoSuchPath(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

async fn run(config: Config) -> Result<(), Error> {
    let begun = Instant::now();
    let listener = TcpListener::bind(config.listen).await.map_err(|error| Error::Listen(config.listen, error))?;
    let address = listener.local_addr()?;
    let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let workers = Workers::start(config.threads.unwrap_or(processors), config.limits.queue);
    let app = App::new(Live::new(Catalog::default()), workers, config);
    app.life.enter(Phase::Loading);

    let mut signals = Signals::listen()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = http::serve(listener, app.clone(), async { drop(stopped.await) });
    let serving = tokio::spawn(serving);
    let work = tokio::select! {
        loaded = load(&app) => loaded.map(Some),
        () = signals.end() => Ok(None),
    };
    let ended = match work {
        Err(error) => Err(error),
        Ok(None) => Ok(()),
        Ok(Some(loader)) => {
            let catalog = app.live.catalog();
            let features: usize = catalog.collections.values().map(|collection| collection.snapshot().len()).sum();
            let (collections, styles, problems) =
                (catalog.collections.len(), catalog.styles.len(), catalog.problems.len());
            tracing::info!(collections, features, styles, problems, took = ?begun.elapsed(), "ready");
            greet(address, &app.config.base_path)?;
            let reload = Reload::start(loader, app.live.clone(), app.metrics.clone(), app.config.watch);
            signals.follow(&reload).await;
            Ok(())
        }
    };
    if ended.is_ok() {
        tracing::info!("stopping");
    }
    drop(stop);
    serving.await.map_err(io::Error::other)??;
    ended
}

/// Reads everything for the first time and opens the doors.
async fn load(app: &App) -> Result<Loader, Error> {
    let config = Arc::clone(&app.config);
    let strict = config.strict;
    let mut loader = Loader::new(&config);
    let mut bar = Bar::new(loader.progress());
    let mut reading = tokio::task::spawn_blocking(move || {
        let missing = loader.missing();
        let catalog = loader.load();
        (loader, catalog, missing)
    });
    let read = loop {
        tokio::select! {
            read = &mut reading => break read,
            () = tokio::time::sleep(STEP) => bar.draw(),
        }
    };
    drop(bar);
    let (loader, catalog, missing) = read.map_err(io::Error::other)?;
    if let Some(path) = missing {
        return Err(Error::NoSuchPath(path));
    }
    for problem in &catalog.problems {
        tracing::warn!("{problem}");
    }
    if strict && !catalog.problems.is_empty() {
        return Err(Error::Strict(catalog.problems.len()));
    }
    app.live.swap(catalog);
    app.life.enter(Phase::Ready);
    Ok(loader)
}

/// Tells where the map is: the one line on standard output.
fn greet(address: SocketAddr, base_path: &str) -> io::Result<()> {
    // A browser cannot go to "any address".
    let host = match address {
        SocketAddr::V4(address) if address.ip().is_unspecified() => "127.0.0.1".to_owned(),
        SocketAddr::V6(address) if address.ip().is_unspecified() => "[::1]".to_owned(),
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    };
    let mut out = io::stdout().lock();
    let line = writeln!(out, "Tumen serves the map at http://{host}:{}{base_path}/", address.port());
    match line.and_then(|()| out.flush()) {
        // Whoever started it does not listen, but clients may.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// The signals that the program answers to. They are heard from the start on: one that came while nobody listened would be
/// lost.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits until the program is to end.
    async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Reads the files again at each SIGHUP, until the program is to end.
    async fn follow(&mut self, reload: &Reload) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hangup.recv() => reload.again(),
            }
        }
    }
}
