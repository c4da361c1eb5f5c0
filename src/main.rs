//! The program `tumen`.

use std::env;
use std::process::ExitCode;

use tumen::cli;

// Reading features allocates much, which this allocator does in two thirds of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    refuse_huge_pages();
    cli::run(env::args_os())
}

/// Takes memory from the system in its ordinary pages. Of huge ones (2 MiB, where the system gives them unasked) each small need
/// holds and clears a whole one: twice the memory while tiles are made, and time in the kernel with no gain elsewhere.
fn refuse_huge_pages() {
    // A system that cannot say so gives what it has.
    #[cfg(target_os = "linux")]
    rustix::thread::disable_transparent_huge_pages(true).ok();
}
