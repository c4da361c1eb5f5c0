//! Makes sure that the viewer was built, whose files are embedded in the program.

use std::path::Path;
use std::process::exit;

const BUILT: &str = "src/http/viewer/dist";

fn main() {
    println!("cargo::rerun-if-changed={BUILT}");
    println!("cargo::rerun-if-changed=features");
    println!("cargo::rerun-if-changed=styles");
    if !["assets", "fonts"].iter().all(|part| Path::new(BUILT).join(part).is_dir()) {
        println!(
            "cargo::error=the viewer is not built: run `npm --prefix src/http/viewer ci && npm --prefix src/http/viewer \
             run build` first"
        );
        exit(1);
    }
}
