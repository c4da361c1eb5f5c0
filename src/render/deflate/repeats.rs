//! What of a picture was there before.

/// A step of the stream of bytes that a PNG's rows are: each a filter (none, always) and three bytes a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The byte before a row.
    Filter,
    /// Bytes of a pixel.
    Pixel([u8; 3]),
    /// So many bytes again that came so many bytes before; within the limits of deflate.
    Copy {
        /// 3 to 258.
        length: u16,
        /// 1 to 32768.
        distance: u16,
    },
}

/// Bytes beyond which nothing can be copied.
const FARTHEST: usize = 32768;

/// Pixels of the longest copy.
const LONGEST: usize = 258 / 3;

/// Pixels of a copy from farther away than the pixel before: to say where one lies takes no less than to say it.
const FEWEST: usize = 2;

/// With a copy of so many pixels nothing longer is looked for.
const ENOUGH: usize = 24;

/// Pixels of a copy that are remembered one by one.
const SHORT: usize = 12;

/// Where pairs of pixels were seen last, by a hash of them.
#[derive(Debug)]
pub struct Seen(Vec<u32>);

const SLOTS_LOG2: u32 = 14;

const NOWHERE: u32 = u32::MAX;

impl Default for Seen {
    fn default() -> Self {
        Self(vec![NOWHERE; 1 << SLOTS_LOG2])
    }
}

impl Seen {
    /// Where a pair was seen before, which is at another place from now on.
    fn replace(&mut self, [a, b]: [[u8; 4]; 2], place: usize) -> Option<usize> {
        let pair = u64::from(u32::from_le_bytes(a)) << 32 | u64::from(u32::from_le_bytes(b));
        let slot = pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SLOTS_LOG2);
        let before = std::mem::replace(&mut self.0[slot as usize], place as u32);
        (before != NOWHERE).then_some(before as usize)
    }
}

/// Appends the steps of a picture's rows, each of so many pixels.
pub fn steps(width: usize, pixels: &[[u8; 4]], seen: &mut Seen, steps: &mut Vec<Step>) {
    seen.0.fill(NOWHERE);
    let stride = 3 * width + 1;
    for (y, row) in pixels.chunks_exact(width).enumerate() {
        let start = y * width;
        let above = y.checked_sub(1).filter(|_| stride <= FARTHEST).map(|y| &pixels[y * width..start]);
        // A row that begins as the one above is copied with its filter.
        let mut x = above.map_or(0, |above| common(row, above, LONGEST - 1));
        if x > 1 {
            steps.push(Step::Copy { length: (3 * x + 1) as u16, distance: stride as u16 });
        } else {
            steps.push(Step::Filter);
            x = 0;
        }
        while x < width {
            let rest = &row[x..];
            let mut best = Best::default();
            if x > 0 {
                best.offer(common(rest, &row[x - 1..], LONGEST), 3, 1);
            }
            if let Some(above) = above {
                best.offer(common(rest, &above[x..], LONGEST), stride, FEWEST);
            }
            if let &[first, second, ..] = rest
                && let Some(place) = seen.replace([first, second], start + x)
                && best.pixels < ENOUGH
            {
                let distance = 3 * (start + x - place) + y - place / width;
                if distance <= FARTHEST {
                    let there = &pixels[place..(place / width + 1) * width];
                    best.offer(common(rest, there, LONGEST), distance, FEWEST);
                }
            }
            let Best { pixels: count, distance } = best;
            if count == 0 {
                let [r, g, b, _] = row[x];
                steps.push(Step::Pixel([r, g, b]));
                x += 1;
            } else {
                steps.push(Step::Copy { length: (3 * count) as u16, distance: distance as u16 });
                // What is copied may come again from its middle on.
                for place in x + 1..x + count.min(SHORT) {
                    if let Some(&pair) = row[place..].first_chunk::<2>() {
                        seen.replace(pair, start + place);
                    }
                }
                x += count;
            }
        }
    }
}

/// The longest copy of some, of which the nearer one is taken.
#[derive(Default)]
struct Best {
    pixels: usize,
    distance: usize,
}

impl Best {
    /// A copy of so many pixels that lie so many bytes back, if it is of `least` pixels.
    fn offer(&mut self, pixels: usize, distance: usize, least: usize) {
        if pixels >= least && pixels > self.pixels {
            *self = Self { pixels, distance };
        }
    }
}

/// How many pixels two rows have in common from their starts, up to a number.
#[inline]
fn common(a: &[[u8; 4]], b: &[[u8; 4]], most: usize) -> usize {
    let count = a.len().min(b.len()).min(most);
    let (a, b) = (&a[..count], &b[..count]);
    let (eights, others) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let even = 8 * eights.iter().zip(others).take_while(|(a, b)| a == b).count();
    even + a[even..].iter().zip(&b[even..]).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The bytes that steps stand for.
    fn bytes(steps: &[Step]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for step in steps {
            match *step {
                Step::Filter => bytes.push(0),
                Step::Pixel(pixel) => bytes.extend(pixel),
                Step::Copy { length, distance } => {
                    assert!((3..=258).contains(&length) && usize::from(distance) <= FARTHEST);
                    for _ in 0..length {
                        bytes.push(bytes[bytes.len() - usize::from(distance)]);
                    }
                }
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn steps_give_the_rows_again(
            width in 1_usize..700,
            runs in prop::collection::vec((0_u8..9, 1_usize..400), 1..80),
        ) {
            let color = |n: u8| [n, 7 * (n % 3), 200, 255];
            let mut pixels: Vec<_> = runs.iter().flat_map(|&(n, count)| std::iter::repeat_n(color(n), count)).collect();
            pixels.truncate(pixels.len() / width * width);
            let mut found = Vec::new();
            steps(width, &pixels, &mut Seen::default(), &mut found);
            let rows = pixels.chunks(width);
            let raw: Vec<u8> = rows.flat_map(|row| std::iter::once(0).chain(row.iter().flat_map(|p| [p[0], p[1], p[2]]))).collect();
            prop_assert_eq!(bytes(&found), raw);
        }
    }

    #[test]
    fn what_came_before_is_copied_in_few_steps() {
        let row: Vec<_> = (0..60_u8).map(|n| [n, 0, 0, 255]).collect();
        let mut found = Vec::new();
        steps(60, &[&row[..], &row, &row[30..], &row[..30]].concat(), &mut Seen::default(), &mut found);
        let copies: Vec<_> = found[61..].to_vec();
        let copy = |length, distance| Step::Copy { length, distance };
        assert_eq!(copies, [copy(181, 181), Step::Filter, copy(90, 272), copy(90, 452)]);
    }
}
