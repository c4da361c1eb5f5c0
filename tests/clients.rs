//! Real clients against the built program: the conformance kit, GDAL, `OWSLib`, and browsers with three map libraries.
//!
//! `tests/run.sh` installs what they need and sets `TUMEN_CLIENTS=required`; without that, a test whose client is not on the
//! machine says so and passes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "what fails here fails the test, and a skipped one says why"
)]

use std::env;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The program, serving until it is dropped.
struct Server {
    child: Child,
    base: String,
}

impl Server {
    /// Starts the program on a free port and reads from its first words where it is.
    fn start(paths: &[&Path]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tumen"))
            .current_dir(ROOT)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(paths)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (said, hears) = mpsc::channel();
        // The thread reads on after the address, so that a full pipe never stops the server.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("Tumen serves the map at ") {
                    let _ = said.send(address.trim().to_owned());
                }
            }
        });
        let base = hears.recv_timeout(Duration::from_secs(30));
        match base {
            Ok(base) => Server { child, base },
            Err(error) => {
                let _ = child.kill();
                panic!("the program did not say where it serves: {error}");
            }
        }
    }

    fn atlas() -> Self {
        Self::start(&[&Path::new(ROOT).join("features")])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn shared() -> PathBuf {
    env::var_os("TUMEN_SHARED").map_or_else(|| Path::new(ROOT).join("../shared"), PathBuf::from)
}

fn python() -> String {
    env::var("TUMEN_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn chromium() -> String {
    env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned())
}

/// Whether all the named things are on this machine. What is missing is said, and is a failure where clients are required.
fn present(needed: &[(&str, bool)]) -> bool {
    let missing: Vec<_> = needed.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return true;
    }
    let words = format!("missing on this machine: {}; tests/run.sh installs it", missing.join(", "));
    assert!(env::var_os("TUMEN_CLIENTS").is_none_or(|value| value != "required"), "{words}");
    println!("skipped, {words}");
    false
}

fn python_can(module: &str) -> bool {
    Command::new(python())
        .args(["-c", &format!("import {module}")])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn answers(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

fn browser_present() -> bool {
    present(&[
        ("chromium", Path::new(&chromium()).exists()),
        ("node", answers("node", "--version")),
        ("src/http/viewer/node_modules", Path::new(ROOT).join("src/http/viewer/node_modules/puppeteer-core").is_dir()),
    ])
}

fn kit_present() -> bool {
    present(&[
        ("the shared conformance kit", shared().join("conformance").is_dir()),
        ("the Python module requests", python_can("requests")),
        ("curl", answers("curl", "--version")),
    ])
}

/// Runs the command; what it printed is shown when it fails.
fn pass(command: &mut Command) {
    let output = command.env("TUMEN_SHARED", shared()).env("TUMEN_PYTHON", python()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("PASS"), "{command:?} checked nothing");
    assert!(output.status.success(), "{command:?} failed");
}

fn clients(server: &Server, part: &str) {
    pass(Command::new("bash").arg(Path::new(ROOT).join("tests/clients/clients.sh")).args([&server.base, part]));
}

fn browser(server: &Server, case: &str, argument: Option<&Path>) {
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shots");
    fs::create_dir_all(&shots).unwrap();
    pass(
        Command::new("node")
            .arg(Path::new(ROOT).join("tests/clients/browser.mjs"))
            .args([&server.base, case])
            .args(argument)
            .env("CHROMIUM", chromium())
            .env("SHOTS", shots),
    );
}

#[test]
fn the_conformance_check_finds_no_failure() {
    if kit_present() {
        clients(&Server::atlas(), "ogc");
    }
}

#[test]
fn the_conformance_check_finds_no_failure_in_the_test_data_of_cql2() {
    if kit_present() && present(&[("gdal-bin", answers("ogr2ogr", "--version"))]) {
        let folder = tempfile::tempdir().unwrap();
        let export = Path::new(ROOT).join("tests/clients/cql2_data.py");
        pass(Command::new(python()).arg(export).arg(shared().join("conformance/cql2/data")).arg(folder.path()));
        clients(&Server::start(&[folder.path()]), "cql2");
    }
}

#[test]
fn clients_of_every_protocol_read_the_countries_of_the_world() {
    let modules = ["owslib", "pyogrio", "lxml"].map(|module| (module, python_can(module)));
    if kit_present()
        && present(&modules)
        && browser_present()
        && present(&[("gdal-bin", answers("ogrinfo", "--version"))])
    {
        let countries = shared().join("data/naturalearth/ne_110m_admin_0_countries.geojson.gz");
        clients(&Server::start(&[&countries]), "countries");
    }
}

/// QGIS is large, so that nothing installs it for this.
#[test]
fn qgis_reads_the_countries_of_the_world_where_it_is_installed() {
    let qgis = Command::new("/usr/bin/python3").args(["-c", "import qgis.core"]).stderr(Stdio::null()).status();
    if !qgis.is_ok_and(|status| status.success()) {
        println!("skipped, QGIS is not on this machine");
    } else if kit_present() {
        let countries = shared().join("data/naturalearth/ne_110m_admin_0_countries.geojson.gz");
        clients(&Server::start(&[&countries]), "qgis");
    }
}

#[test]
fn the_description_of_the_api_is_valid_and_holds_under_thousands_of_questions() {
    let modules = ["schemathesis", "openapi_spec_validator"].map(|module| (module, python_can(module)));
    if kit_present() && present(&modules) {
        // Each parameter is asked for dozens of times at dozens of addresses, so that there are few.
        let folder = tempfile::tempdir().unwrap();
        let text = r#"{"type":"Feature","id":1,"properties":{"name":"Hoeryong","opened":1916},
            "geometry":{"type":"Point","coordinates":[129.74601,42.44113]}}"#;
        fs::write(folder.path().join("places.geojson"), text).unwrap();
        clients(&Server::start(&[folder.path()]), "openapi");
    }
}

#[test]
fn vector_tiles_are_valid_and_hold_their_features_at_every_zoom() {
    if kit_present() && present(&[("the Python module mapbox_vector_tile", python_can("mapbox_vector_tile"))]) {
        clients(&Server::atlas(), "mvt");
    }
}

#[test]
fn an_export_is_read_by_the_reader_of_its_format_s_authors() {
    if present(&[("the Python module pmtiles", python_can("pmtiles"))]) {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("river.pmtiles");
        let river = Path::new(ROOT).join("features/tumen-river.geojson");
        let mut export = Command::new(env!("CARGO_BIN_EXE_tumen"));
        export.arg("export").arg(river).args(["--zoom", "0-11", "-o"]).arg(&archive).current_dir(folder.path());
        assert!(export.status().unwrap().success());
        let check = Path::new(ROOT).join("tests/clients/pmtiles_check.py");
        pass(Command::new(python()).arg(check).arg(&archive));
    }
}

#[test]
fn gdal_reads_every_collection() {
    if kit_present() && present(&[("gdal-bin", answers("ogrinfo", "--version"))]) {
        clients(&Server::atlas(), "gdal");
    }
}

#[test]
fn owslib_reads_every_collection() {
    if kit_present() && present(&[("the Python module owslib", python_can("owslib"))]) {
        clients(&Server::atlas(), "owslib");
    }
}

#[test]
fn leaflet_openlayers_and_maplibre_draw_what_is_served() {
    if kit_present() && browser_present() {
        clients(&Server::atlas(), "maps");
    }
}

#[test]
fn the_viewer_draws_with_maplibre() {
    if browser_present() {
        browser(&Server::atlas(), "maplibre", None);
    }
}

#[test]
fn the_viewer_draws_with_openlayers() {
    if browser_present() {
        browser(&Server::atlas(), "openlayers", None);
    }
}

#[test]
fn the_viewer_draws_with_leaflet() {
    if browser_present() {
        browser(&Server::atlas(), "leaflet", None);
    }
}

#[test]
fn maplibre_draws_the_same_from_tiles_of_both_formats() {
    if browser_present() {
        browser(&Server::atlas(), "mlt", None);
    }
}

#[test]
fn the_panel_switches_engines_and_layers_and_shows_snippets() {
    if browser_present() {
        browser(&Server::atlas(), "panel", None);
    }
}

#[test]
fn the_viewer_fits_a_phone() {
    if browser_present() {
        browser(&Server::atlas(), "phone", None);
    }
}

#[test]
fn the_pages_show_their_features_and_read_without_scripts() {
    if browser_present() {
        browser(&Server::atlas(), "pages", None);
    }
}

#[test]
fn forms_mark_faults_and_try_operations() {
    if browser_present() {
        browser(&Server::atlas(), "forms", None);
    }
}

#[test]
fn markup_in_data_stays_text() {
    if browser_present() {
        let hostile = Path::new(ROOT).join("tests/fixtures/hostile.geojson");
        browser(&Server::start(&[&hostile]), "text", Some(Path::new("hostile")));
    }
}

#[test]
fn an_open_viewer_follows_a_changed_file() {
    if browser_present() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("places.geojson");
        fs::write(
            &file,
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"properties":{"name":"Hoeryong"},
            "geometry":{"type":"Point","coordinates":[129.74601,42.44113]}}]}"#,
        )
        .unwrap();
        browser(&Server::start(&[folder.path()]), "live", Some(&file));
    }
}
