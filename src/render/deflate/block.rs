//! Blocks with codes of their own (RFC 1951, 3.2.7).

use super::huffman::codes;
use super::huffman::lengths;
use super::repeats::Seen;
use super::repeats::Step;
use super::repeats::steps;

/// Compresses pictures one after the other, in the same memory.
#[derive(Debug, Default)]
pub struct Deflater {
    seen: Seen,
    steps: Vec<Step>,
}

/// Steps of a block.
const MOST: usize = 1 << 16;

/// Steps whose memory is kept; that for larger pictures goes back.
const MOST_KEPT: usize = 1 << 20;

/// The symbol at the end of a block.
const END: usize = 256;

/// The order in which lengths of the codes of lengths are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

impl Deflater {
    /// Appends the rows of a picture as a PNG has them without filters and transparency, deflated.
    pub fn deflate(&mut self, width: usize, pixels: &[[u8; 4]], out: &mut Vec<u8>) {
        self.steps.clear();
        steps(width.max(1), pixels, &mut self.seen, &mut self.steps);
        let mut bits = Bits { out, held: 0, count: 0 };
        let mut blocks = self.steps.chunks(MOST).peekable();
        if blocks.peek().is_none() {
            block(&[], true, &mut bits);
        }
        while let Some(steps) = blocks.next() {
            block(steps, blocks.peek().is_none(), &mut bits);
        }
        bits.finish();
        if self.steps.capacity() > MOST_KEPT {
            self.steps = Vec::new();
        }
    }
}

/// A number in a stretch that is written by a symbol: the symbol, and what is added in so many bits.
#[derive(Clone, Copy)]
struct Stretch {
    symbol: usize,
    more: u64,
    bits: u32,
}

/// The symbol of a copy's length.
fn of_length(length: u16) -> Stretch {
    match length {
        258 => Stretch { symbol: 285, more: 0, bits: 0 },
        3..11 => Stretch { symbol: 254 + usize::from(length), more: 0, bits: 0 },
        _ => stretch(u32::from(length - 3), 2, 257),
    }
}

/// The symbol of a copy's distance.
fn of_distance(distance: u16) -> Stretch {
    match distance {
        1..5 => Stretch { symbol: usize::from(distance - 1), more: 0, bits: 0 },
        _ => stretch(u32::from(distance - 1), 1, 0),
    }
}

/// Stretches are twice as long after each `2^leading` of them.
fn stretch(number: u32, leading: u32, first: usize) -> Stretch {
    let bits = number.ilog2() - leading;
    let symbol = (bits << leading) + (number >> bits);
    Stretch { symbol: first + symbol as usize, more: u64::from(number & ((1 << bits) - 1)), bits }
}

/// Codes of symbols with their bits.
struct Codes(Vec<(u16, u8)>);

impl Codes {
    fn new(lengths: &[u8]) -> Self {
        Self(codes(lengths).into_iter().zip(lengths.iter().copied()).collect())
    }

    #[inline]
    fn put(&self, symbol: usize, bits: &mut Bits<'_>) {
        let (code, length) = self.0[symbol];
        bits.put(u64::from(code), u32::from(length));
    }

    #[inline]
    fn put_stretch(&self, stretch: Stretch, bits: &mut Bits<'_>) {
        self.put(stretch.symbol, bits);
        bits.put(stretch.more, stretch.bits);
    }
}

fn block(steps: &[Step], is_last: bool, bits: &mut Bits<'_>) {
    let (mut symbols, mut distances) = ([0_u32; 286], [0_u32; 30]);
    symbols[END] = 1;
    for step in steps {
        match *step {
            Step::Filter => symbols[0] += 1,
            Step::Pixel(pixel) => pixel.iter().for_each(|&byte| symbols[usize::from(byte)] += 1),
            Step::Copy { length, distance } => {
                symbols[of_length(length).symbol] += 1;
                distances[of_distance(distance).symbol] += 1;
            }
        }
    }
    // Readers want one code of a distance at least.
    distances[0] = distances[0].max(1);
    let (symbols, distances) = (lengths(&symbols, 15), lengths(&distances, 15));
    bits.put(u64::from(is_last) | 2 << 1, 3);
    describe(&symbols, &distances, bits);
    let (symbols, distances) = (Codes::new(&symbols), Codes::new(&distances));
    for step in steps {
        match *step {
            Step::Filter => symbols.put(0, bits),
            Step::Pixel(pixel) => pixel.iter().for_each(|&byte| symbols.put(usize::from(byte), bits)),
            Step::Copy { length, distance } => {
                symbols.put_stretch(of_length(length), bits);
                distances.put_stretch(of_distance(distance), bits);
            }
        }
        bits.flush();
    }
    symbols.put(END, bits);
    bits.flush();
}

/// Writes the lengths of a block's codes, in codes of their own: runs of one length are counted.
fn describe(symbols: &[u8], distances: &[u8], bits: &mut Bits<'_>) {
    let mut runs: Vec<Stretch> = Vec::new();
    let all = [symbols, distances].concat();
    for run in all.chunk_by(|a, b| a == b) {
        let (length, mut left) = (usize::from(run[0]), run.len());
        if length > 0 {
            runs.push(Stretch { symbol: length, more: 0, bits: 0 });
            left -= 1;
        }
        while left > 0 {
            let (symbol, least, most, bits) = match (length, left) {
                (0, 11..) => (18, 11, 138, 7),
                (0, 3..) => (17, 3, 10, 3),
                (_, 3..) => (16, 3, 6, 2),
                _ => (length, 1, 1, 0),
            };
            let count = left.min(most);
            runs.push(Stretch { symbol, more: (count - least) as u64, bits });
            left -= count;
        }
    }
    let mut counts = [0_u32; 19];
    runs.iter().for_each(|run| counts[run.symbol] += 1);
    let of_runs = lengths(&counts, 7);
    let told = ORDER.iter().rposition(|&symbol| of_runs[symbol] > 0).map_or(4, |last| last.max(3) + 1);
    bits.put((symbols.len() - 257) as u64, 5);
    bits.put((distances.len() - 1) as u64, 5);
    bits.put((told - 4) as u64, 4);
    for &symbol in &ORDER[..told] {
        bits.put(u64::from(of_runs[symbol]), 3);
        bits.flush();
    }
    let codes = Codes::new(&of_runs);
    for run in runs {
        codes.put_stretch(run, bits);
        bits.flush();
    }
}

/// Bits, the first one the lowest of its byte.
struct Bits<'a> {
    out: &'a mut Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    /// Adds bits, of which 56 fit until they are flushed.
    #[inline]
    fn put(&mut self, bits: u64, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
    }

    /// Writes whole bytes.
    #[inline]
    fn flush(&mut self) {
        // All are written, of which as many count as are full: a fixed number is quicker.
        let bytes = self.count / 8;
        let end = self.out.len() + bytes as usize;
        self.out.extend_from_slice(&self.held.to_le_bytes());
        self.out.truncate(end);
        self.held >>= 8 * bytes;
        self.count %= 8;
    }

    /// Writes all, and no bits of another block after it.
    fn finish(self) {
        let bytes = self.count.div_ceil(8) as usize;
        self.out.extend_from_slice(&self.held.to_le_bytes()[..bytes]);
    }
}

#[cfg(test)]
mod tests {
    use libdeflater::Decompressor;
    use proptest::prelude::*;

    use super::*;

    fn inflated(width: usize, pixels: &[[u8; 4]]) -> Vec<u8> {
        let mut out = Vec::new();
        Deflater::default().deflate(width, pixels, &mut out);
        let mut raw = vec![0; pixels.len() * 3 + pixels.len() / width];
        let read = Decompressor::new().deflate_decompress(&out, &mut raw).unwrap();
        assert_eq!(read, raw.len());
        raw
    }

    fn rows(width: usize, pixels: &[[u8; 4]]) -> Vec<u8> {
        let row =
            |row: &[[u8; 4]]| [&[0][..], &row.iter().flat_map(|p| [p[0], p[1], p[2]]).collect::<Vec<_>>()].concat();
        pixels.chunks(width).flat_map(row).collect()
    }

    proptest! {
        #[test]
        fn pictures_are_read_back(
            width in 1_usize..300,
            colors in 1_u32..5000,
            runs in prop::collection::vec((any::<u32>(), 1_usize..90), 1..300),
        ) {
            let color = |n: u32| (n % colors).wrapping_mul(0x0105_0b31).to_le_bytes();
            let mut pixels: Vec<_> = runs.iter().flat_map(|&(n, count)| std::iter::repeat_n(color(n), count)).collect();
            pixels.truncate((pixels.len() / width).max(1) * width);
            pixels.resize(pixels.len().next_multiple_of(width), [0; 4]);
            prop_assert_eq!(inflated(width, &pixels), rows(width, &pixels));
        }
    }

    #[test]
    fn noise_of_many_blocks_and_wide_rows_are_read_back() {
        for (width, height) in [(400, 400), (12_000, 3), (1, 70_000)] {
            let noise = |n: u32| n.wrapping_mul(0x9e37_79b1).rotate_left(n % 31).to_le_bytes();
            let pixels: Vec<_> = (0..width as u32 * height).map(noise).collect();
            assert_eq!(inflated(width, &pixels), rows(width, &pixels));
        }
    }

    #[test]
    fn every_length_and_distance_has_the_symbol_of_the_standard() {
        let length = |length| (of_length(length).symbol, of_length(length).bits, of_length(length).more);
        assert_eq!(
            [3, 10, 11, 12, 34, 257, 258].map(length).to_vec(),
            [(257, 0, 0), (264, 0, 0), (265, 1, 0), (265, 1, 1), (272, 2, 3), (284, 5, 30), (285, 0, 0),]
        );
        let distance = |far| (of_distance(far).symbol, of_distance(far).bits, of_distance(far).more);
        assert_eq!(
            [1, 4, 5, 6, 7, 193, 32_768].map(distance).to_vec(),
            [(0, 0, 0), (3, 0, 0), (4, 1, 0), (4, 1, 1), (5, 1, 0), (15, 6, 0), (29, 13, 8191),]
        );
    }
}
