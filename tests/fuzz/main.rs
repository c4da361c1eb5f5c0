//! Styles that nobody should write, drawn over data that nobody should have: whatever is in them, a picture comes out, or a
//! sentence that says why not. `TUMEN_FUZZ_SECONDS` makes it go on for longer, over other styles each time.

#![expect(clippy::unwrap_used, reason = "a test ends where a file is not what it needs")]
#![expect(clippy::print_stderr, reason = "a long run says what it found")]

mod dice;
mod nasty;
mod world;

use std::env;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::process;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use dice::Dice;
use proptest::prelude::*;
use world::World;

/// Styles that once brought drawing down or took too long.
const CORPUS: [u64; 5] = [
    7_711_013_206_101_076_509,
    7_711_013_206_101_088_125,
    7_711_013_206_101_067_728,
    7_711_013_206_101_095_980,
    7_711_186_177_319_045_989,
];

/// A picture that takes longer than this is told by a long run.
const SLOW: Duration = Duration::from_secs(3);

/// A long run ends when a picture takes longer than this.
const HANGS: Duration = Duration::from_mins(1);

#[test]
fn nasty_styles_of_the_past_are_drawn() {
    let world = World::new();
    CORPUS.into_iter().for_each(|seed| world.draw(seed));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nasty_styles_are_drawn_or_refused(seed in any::<u64>()) {
        World::shared().draw(seed);
    }

    #[test]
    fn damaged_text_is_read_or_refused(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let mut text = nasty::style(&mut dice, "").to_string().into_bytes();
        for _ in 0..=dice.below(8) {
            let at = dice.below(text.len());
            match dice.below(3) {
                0 => text[at] = dice.next() as u8,
                1 => text.truncate(at + 1),
                _ => text.insert(at, *dice.pick(b"{}[]\",:0-9eE.\\")),
            }
        }
        _ = tumen::style::Style::parse(&String::from_utf8_lossy(&text));
    }
}

/// `TUMEN_FUZZ_SEED` names a style that a long run told of.
#[test]
fn one_style_is_drawn_again() {
    let Some(seed) = env::var("TUMEN_FUZZ_SEED").ok().and_then(|text| text.parse().ok()) else { return };
    let begun = Instant::now();
    World::new().draw(seed);
    assert!(begun.elapsed() < SLOW, "it took {:?}", begun.elapsed());
}

#[test]
fn a_long_run_finds_nothing() {
    let Some(seconds) = env::var("TUMEN_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()) else { return };
    let (world, begun) = (World::new(), Instant::now());
    let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() << 32;
    let (mut count, mut bad) = (0, Vec::new());
    let current = Arc::new(AtomicU64::new(first));
    let watched = Arc::clone(&current);
    thread::spawn(move || {
        loop {
            let before = watched.load(Ordering::Relaxed);
            thread::sleep(HANGS);
            if watched.load(Ordering::Relaxed) == before {
                eprintln!("seed {before}: hangs");
                process::exit(1);
            }
        }
    });
    while begun.elapsed() < Duration::from_secs(seconds) {
        let (seed, start) = (first + count, Instant::now());
        current.store(seed, Ordering::Relaxed);
        let panicked = catch_unwind(AssertUnwindSafe(|| world.draw(seed))).is_err();
        if panicked || start.elapsed() > SLOW {
            eprintln!("seed {seed}: {} after {:?}", if panicked { "panicked" } else { "slow" }, start.elapsed());
            bad.push(seed);
        }
        count += 1;
    }
    eprintln!("{count} styles in {:?}", begun.elapsed());
    assert!(bad.is_empty(), "{bad:?}");
}
