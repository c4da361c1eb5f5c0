//! Packed features survive what happens to processes and disks.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::program::Server;
use crate::program::free_port;
use crate::program::program;

const COUNT: usize = 20_000;

/// A folder with a file of which a segment is made.
fn home() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let point = |n: usize| {
        let (x, y) = ((n % 350) as f64 / 2.0, (n / 350) as f64);
        format!(
            r#"{{"type":"Feature","id":{n},"geometry":{{"type":"Point","coordinates":[{x},{y}]}},"properties":{{"name":"회령 {n}"}}}}"#
        )
    };
    let features: Vec<String> = (0..COUNT).map(point).collect();
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"));
    fs::write(folder.path().join("a.geojson"), text).unwrap();
    folder
}

const ARGUMENTS: [&str; 4] = ["a.geojson", "--cache-dir", "cache", "--listen"];

fn serve(folder: &Path) -> Command {
    let mut command = program(folder, &["serve"]);
    command.args(ARGUMENTS).arg("127.0.0.1:0").env("TUMEN_LIMITS_CACHED_FILE_BYTES", "1");
    command
}

/// Asks for what only a good segment can answer, and ends the server.
fn check(server: Server) -> String {
    let page = server.get("/collections/a/items?bbox=3,3,4,4&limit=100&f=geojsonseq").body;
    assert_eq!(page.matches("\"Feature\"").count(), 6, "{page}");
    assert!(server.get("/collections/a/items?limit=1").body.contains(&format!("\"numberMatched\":{COUNT}")));
    let last = server.get(&format!("/collections/a/items/{}", COUNT - 1)).body;
    assert!(last.contains(&format!("회령 {}", COUNT - 1)), "{last}");
    server.signal("-TERM");
    server.end().2
}

fn kept(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder.join("cache")).into_iter().flatten();
    names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_server_that_is_killed_while_it_packs_leaves_nothing_wrong() {
    let home = home();
    for wait in [0, 30, 80, 150, 250, 400, 600, 900] {
        let mut command = program(home.path(), &["serve"]);
        command.args(ARGUMENTS).arg(format!("127.0.0.1:{}", free_port())).env("TUMEN_LIMITS_CACHED_FILE_BYTES", "1");
        let server = Server::spawn(&mut command, "killed".to_owned());
        sleep(Duration::from_millis(wait));
        server.signal("-KILL");
        drop(server);
        assert!(kept(home.path()).iter().filter(|name| name.ends_with(".segment")).count() <= 1);
        if wait >= 250 {
            check(Server::start_command(&mut serve(home.path())));
            fs::remove_dir_all(home.path().join("cache")).unwrap();
        }
    }
    check(Server::start_command(&mut serve(home.path())));
    check(Server::start_command(&mut serve(home.path())));
}

#[test]
fn a_byte_that_turned_over_is_found_at_the_next_start() {
    let home = home();
    check(Server::start_command(&mut serve(home.path())));
    let path = home.path().join("cache").join(&kept(home.path())[0]);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let log = check(Server::start_command(&mut serve(home.path())));
    assert!(log.contains("is damaged; it is made anew"), "{log}");
    let log = check(Server::start_command(&mut serve(home.path())));
    assert!(!log.contains("damaged"), "{log}");
}

#[test]
fn a_full_disk_is_told_and_features_are_served_from_memory() {
    let home = home();
    // A limit to the size of files is what a full disk is to who writes.
    let line = format!("trap '' XFSZ; ulimit -f 200; exec \"$0\" serve {} 127.0.0.1:0", ARGUMENTS.join(" "));
    let mut command = Command::new("sh");
    command.current_dir(home.path()).args(["-c", &line, env!("CARGO_BIN_EXE_tumen")]);
    command.env("TUMEN_LIMITS_CACHED_FILE_BYTES", "1");
    let log = check(Server::start_command(&mut command));
    assert!(log.contains("cannot be kept in") && log.contains("--no-cache"), "{log}");
    assert_eq!(kept(home.path()), [""; 0]);
}

/// A server that sees something else mounted at `cache`; `None` where mounting is not allowed.
fn serve_mounted(folder: &Path, mounting: &str) -> Option<Command> {
    fs::create_dir_all(folder.join("cache")).unwrap();
    let tried = Command::new("unshare").args(["-rm", "sh", "-c", mounting]).current_dir(folder).output();
    if !tried.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: nothing can be mounted here");
        return None;
    }
    let line = format!("{mounting} && exec \"$0\" serve --log debug {} 127.0.0.1:0", ARGUMENTS.join(" "));
    let mut command = Command::new("unshare");
    command.current_dir(folder).args(["-rm", "sh", "-c", &line, env!("CARGO_BIN_EXE_tumen")]);
    command.env("TUMEN_LIMITS_CACHED_FILE_BYTES", "1");
    Some(command)
}

#[test]
fn a_disk_that_fills_while_features_are_packed_is_told_and_left_as_it_was() {
    let home = home();
    let Some(mut command) = serve_mounted(home.path(), "mount -t tmpfs -o size=256k tmpfs cache") else { return };
    let log = check(Server::start_command(&mut command));
    assert!(log.contains("cannot be kept in cache: No space left on device"), "{log}");
}

#[test]
fn a_read_only_folder_is_read_and_where_nothing_is_kept_that_is_told() {
    let home = home();
    let mounting = "mount --bind cache cache && mount -o remount,ro,bind cache";
    let Some(mut command) = serve_mounted(home.path(), mounting) else { return };
    let log = check(Server::start_command(&mut command));
    assert!(log.contains("cannot be kept in cache: Read-only file system"), "{log}");
    check(Server::start_command(&mut serve(home.path())));
    assert_eq!(kept(home.path()).len(), 1);
    let log = check(Server::start_command(&mut serve_mounted(home.path(), mounting).unwrap()));
    assert!(log.contains("packed features are used") && !log.contains("cannot be kept"), "{log}");
}

#[test]
fn a_folder_that_cannot_be_made_is_told_and_no_cache_asks_for_none() {
    let home = home();
    fs::write(home.path().join("cache"), "in its place").unwrap();
    let log = check(Server::start_command(&mut serve(home.path())));
    assert!(log.contains("cannot be kept in cache"), "{log}");
    let log = check(Server::start_command(serve(home.path()).arg("--no-cache")));
    assert!(!log.contains("cannot be kept"), "{log}");
}

#[test]
fn two_servers_may_pack_the_same_file_at_once() {
    let home = home();
    let (one, two) = (serve(home.path()), serve(home.path()));
    let [one, two] = [one, two].map(|mut command| Server::spawn(&mut command, String::new()));
    for mut server in [one, two] {
        server.host = server.greeting();
        check(server);
    }
    assert!(kept(home.path()).iter().all(|name| name.ends_with(".segment")), "{:?}", kept(home.path()));
    check(Server::start_command(&mut serve(home.path())));
}

#[test]
fn a_file_that_was_cut_short_is_told_and_its_last_good_version_is_served() {
    let home = home();
    let server = Server::start_command(&mut serve(home.path()));
    let path = home.path().join("a.geojson");
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    crate::program::until("the cut is told", || server.get("/problems").body.contains("half a file is not served"));
    check(server);
}

#[test]
fn a_file_that_is_written_again_and_again_while_it_is_read_is_served_as_one_of_its_versions() {
    let home = home();
    let path = home.path().join("a.geojson");
    let text = fs::read_to_string(&path).unwrap();
    let version = |number: usize| text.replace("회령", &format!("v{number}"));
    let writer = {
        let (path, versions) = (path.clone(), (0..12).map(version).collect::<Vec<_>>());
        std::thread::spawn(move || {
            for version in versions {
                fs::write(&path, version).unwrap();
                sleep(Duration::from_millis(40));
            }
        })
    };
    let server = Server::start_command(&mut serve(home.path()));
    let name_of = |id: usize| {
        let body = server.get(&format!("/collections/a/items/{id}?f=json")).body;
        let from = body.find("\"name\"")?;
        Some(body[from..].split('"').nth(3)?.split(' ').next()?.to_owned())
    };
    let last = || (name_of(0), name_of(COUNT - 1));
    let newest = Some("v11".to_owned());
    crate::program::until("its last version is served", || last() == (newest.clone(), newest.clone()));
    writer.join().unwrap();
    fs::write(&path, &text).unwrap();
    crate::program::until("what came after is served", || last().0.is_some_and(|name| name == "회령"));
    crate::program::until("nothing is wrong any more", || !server.get("/problems").body.contains("a.geojson"));
    check(server);
}
