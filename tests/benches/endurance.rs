//! Whether memory stays flat and throughput grows with the threads: many tiles of the built-in atlas in one process.
//!
//! `cargo bench --bench endurance -- [TILES] [THREADS...]`, such as `100000 1 2`. Each tile is drawn and written as PNG, and
//! none is kept. The memory is that of the process (`VmRSS`), so it is told on Linux only.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Instant;

use tumen::catalog;
use tumen::catalog::Catalog;
use tumen::catalog::Styled;
use tumen::config::Config;
use tumen::render::Format;
use tumen::render::View;
use tumen::space::Grid;
use tumen::space::TileCoord;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::io::Result<()> {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let tiles = numbers.first().copied().unwrap_or(2000);
    let threads = if numbers.len() > 1 { &numbers[1..] } else { &[1, 2] };
    let (catalog, problems) = catalog::build(&Config::default());
    let styled = Arc::clone(catalog.default_style().expect("the atlas can be drawn"));
    let mut out = std::io::stdout();
    writeln!(out, "{} problems; {tiles} tiles for each number of threads", problems.len())?;
    for &threads in threads {
        run(&catalog, &styled, tiles, threads, &mut out)?;
    }
    Ok(())
}

fn run(catalog: &Catalog, styled: &Styled, tiles: usize, threads: usize, out: &mut impl Write) -> std::io::Result<()> {
    let places = places();
    let next = AtomicUsize::new(0);
    let bytes = AtomicUsize::new(0);
    let begun = Instant::now();
    writeln!(out, "{threads} threads: start {} MiB", resident())?;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it can run");
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= tiles {
                        return;
                    }
                    let view = View::of_tile(places[number % places.len()], 256, 1.0);
                    let (picture, _) =
                        runtime.block_on(async { styled.drawable(catalog, 1.0).await.draw(&view).await });
                    let png = picture.encode(Format::Png).expect("a PNG has any size");
                    bytes.fetch_add(png.len(), Ordering::Relaxed);
                    if number.is_multiple_of((tiles / 10).max(1)) {
                        let line = format!("{threads} threads: after {number} tiles {} MiB\n", resident());
                        std::io::stdout().write_all(line.as_bytes()).expect("it can be told");
                    }
                }
            });
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    let rate = tiles as f64 / seconds;
    let mean = bytes.into_inner() / tiles.max(1);
    writeln!(out, "{threads} threads: end {} MiB, {rate:.0} tiles/s, {mean} bytes a tile", resident())
}

/// The tiles around the atlas from zoom 8 to 17, again and again.
fn places() -> Vec<TileCoord> {
    let grid = Grid::web_mercator_quad();
    let [x, y] = tumen::render::world([129.75, 42.44]);
    let mut found = Vec::new();
    for level in 8..=17_u8 {
        let count = f64::from(1_u32 << level);
        let (column, row) = ((x * count) as u32, (y * count) as u32);
        for number in 0..100 {
            found.extend(grid.tile(level, column + number % 10 - 5, row + number / 10 - 5));
        }
    }
    found
}

/// Mebibytes of this process in memory; 0 where they cannot be read.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}
