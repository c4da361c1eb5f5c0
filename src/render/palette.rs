//! Pictures of many colours with at most 256 of them.

use std::collections::HashMap;

/// Colours of a palette.
const MOST: usize = 256;

/// A colour with the number of its pixels.
type Counted = ([u8; 4], u32);

/// Rounds pixels (straight RGBA) to 256 colours at most: boxes of colours are halved where they are widest, counted by pixels
/// (median cut, Heckbert 1982), and each becomes its mean. A picture of few colours stays as it is.
pub fn reduce(mut pixels: Vec<[u8; 4]>) -> Vec<[u8; 4]> {
    let mut counts: HashMap<[u8; 4], u32> = HashMap::new();
    for &pixel in &pixels {
        *counts.entry(pixel).or_default() += 1;
    }
    if counts.len() <= MOST {
        return pixels;
    }
    let mut colors: Vec<Counted> = counts.into_iter().collect();
    // Equal pictures shall give equal bytes, and a map has no order.
    colors.sort_unstable();
    let mut boxes = vec![colors];
    while boxes.len() < MOST {
        let weights = boxes.iter().map(|colors| weight(colors));
        let Some((heaviest, _)) = weights.enumerate().max_by_key(|&(index, weight)| (weight, index)) else { break };
        if boxes[heaviest].len() < 2 {
            break;
        }
        let whole = boxes.swap_remove(heaviest);
        let (lower, upper) = halves(whole);
        boxes.extend([lower, upper]);
    }
    let means: HashMap<[u8; 4], [u8; 4]> = boxes
        .iter()
        .flat_map(|colors| {
            let mean = mean(colors);
            colors.iter().map(move |(color, _)| (*color, mean))
        })
        .collect();
    for pixel in &mut pixels {
        *pixel = means[pixel];
    }
    pixels
}

/// How much is lost when a box becomes one colour: how wide it is, for all of its pixels.
fn weight(colors: &[Counted]) -> u64 {
    let pixels: u64 = colors.iter().map(|(_, count)| u64::from(*count)).sum();
    let (_, span) = widest(colors);
    // Areas of a map are even; a rare colour in between may be a line that has to be told from others.
    u64::from(span) * pixels.isqrt() * u64::from(colors.len() > 1)
}

/// The channel in which colours differ most, and how much.
fn widest(colors: &[Counted]) -> (usize, u8) {
    let span = |channel: usize| {
        let values = || colors.iter().map(|(color, _)| color[channel]);
        values().max().unwrap_or(0) - values().min().unwrap_or(0)
    };
    (0..4).map(|channel| (channel, span(channel))).max_by_key(|&(_, span)| span).unwrap_or((0, 0))
}

fn halves(mut colors: Vec<Counted>) -> (Vec<Counted>, Vec<Counted>) {
    let (channel, _) = widest(&colors);
    colors.sort_unstable_by_key(|(color, _)| (color[channel], *color));
    let half = colors.iter().map(|(_, count)| u64::from(*count)).sum::<u64>() / 2;
    let mut passed = 0;
    let middle = colors.iter().position(|(_, count)| {
        passed += u64::from(*count);
        passed > half
    });
    let upper = colors.split_off(middle.unwrap_or(0).clamp(1, colors.len() - 1));
    (colors, upper)
}

fn mean(colors: &[Counted]) -> [u8; 4] {
    let pixels: u64 = colors.iter().map(|(_, count)| u64::from(*count)).sum();
    std::array::from_fn(|channel| {
        let sum: u64 = colors.iter().map(|(color, count)| u64::from(color[channel]) * u64::from(*count)).sum();
        ((sum + pixels / 2) / pixels.max(1)) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_colours_become_256_near_ones_and_few_stay() {
        let pixels: Vec<[u8; 4]> = (0..10_000_u32).map(|n| [(n % 251) as u8, (n / 40) as u8, 7, 255]).collect();
        let reduced = reduce(pixels.clone());
        let mut colors = reduced.clone();
        colors.sort_unstable();
        colors.dedup();
        assert!(colors.len() <= 256 && colors.len() > 128, "{}", colors.len());
        let far = |(a, b): (&[u8; 4], &[u8; 4])| (0..4).map(|c| a[c].abs_diff(b[c])).max();
        assert!(pixels.iter().zip(&reduced).map(far).max() < Some(Some(24)));
        assert_eq!(reduce(pixels[..200].to_vec()), pixels[..200]);
    }
}
