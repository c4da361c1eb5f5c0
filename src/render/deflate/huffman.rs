//! Codes of few bits for what is frequent (Huffman 1952), as deflate writes them.

/// Bits of the code of each symbol, at most `most`: none for what never comes, and 1 for what comes alone.
pub fn lengths(counts: &[u32], most: usize) -> Vec<u8> {
    let mut lengths = vec![0; counts.len()];
    let mut symbols: Vec<usize> = (0..counts.len()).filter(|&symbol| counts[symbol] > 0).collect();
    if let &[alone] = &symbols[..] {
        lengths[alone] = 1;
    }
    if symbols.len() < 2 {
        return lengths;
    }
    symbols.sort_unstable_by_key(|&symbol| (counts[symbol], symbol));
    let mut codes = codes_of_length(&symbols.iter().map(|&symbol| counts[symbol]).collect::<Vec<_>>());
    limit(&mut codes, most);
    // The rarest have the longest codes.
    let mut rarest_first = symbols.into_iter();
    for (length, &codes) in codes.iter().enumerate().rev() {
        rarest_first.by_ref().take(codes).for_each(|symbol| lengths[symbol] = length as u8);
    }
    lengths
}

/// How many codes there are of each length, given how often their symbols come, the rarest first.
fn codes_of_length(counts: &[u32]) -> Vec<usize> {
    let symbols = counts.len();
    let mut weights: Vec<u64> = counts.iter().map(|&count| u64::from(count)).collect();
    let mut parents = vec![0; 2 * symbols - 1];
    // The two lightest become one, which is heavier than all those before it: so both queues stay in order.
    let (mut symbol, mut inner) = (0, symbols);
    for node in symbols..2 * symbols - 1 {
        let mut lightest = || {
            let is_symbol = symbol < symbols && (inner == node || weights[symbol] <= weights[inner]);
            let next = if is_symbol { &mut symbol } else { &mut inner };
            *next += 1;
            *next - 1
        };
        let (a, b) = (lightest(), lightest());
        (parents[a], parents[b]) = (node, node);
        weights.push(weights[a] + weights[b]);
    }
    let mut depths = vec![0; 2 * symbols - 1];
    for node in (0..2 * symbols - 2).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    let mut codes = vec![0; depths[..symbols].iter().max().map_or(0, |deepest| deepest + 1)];
    depths[..symbols].iter().for_each(|&depth| codes[depth] += 1);
    codes
}

/// Shortens codes that are too long, and lengthens others for them until all have room again.
fn limit(codes: &mut Vec<usize>, most: usize) {
    if codes.len() <= most + 1 {
        return;
    }
    let long: usize = codes.drain(most + 1..).sum();
    codes[most] += long;
    // Room in codes of the largest length: a code that is a bit shorter takes twice as much.
    let mut taken: usize = (1..=most).map(|length| codes[length] << (most - length)).sum();
    while taken > 1 << most {
        let Some(length) = (1..most).rev().find(|&length| codes[length] > 0) else { return };
        // One of the longest takes the place beside a code that is made a bit longer.
        codes[length] -= 1;
        codes[length + 1] += 2;
        codes[most] -= 1;
        taken -= 1;
    }
}

/// The codes of lengths (RFC 1951, 3.2.2), their first bit the lowest.
pub fn codes(lengths: &[u8]) -> Vec<u16> {
    let mut first = [0_u16; 17];
    for &length in lengths.iter().filter(|length| **length > 0) {
        first[usize::from(length) + 1] += 1;
    }
    for length in 1..first.len() {
        first[length] = (first[length] + first[length - 1]) << 1;
    }
    let mut code = |length: u8| {
        let next = &mut first[usize::from(length)];
        *next += 1;
        (*next - 1).reverse_bits() >> (16 - length)
    };
    lengths.iter().map(|&length| if length == 0 { 0 } else { code(length) }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn codes_fill_all_room_and_what_is_rarer_has_no_shorter_one(
            counts in prop::collection::vec(prop_oneof![Just(0_u32), 1_u32..9, 1_u32..1_000_000], 2..286),
            most in 9_usize..=15,
        ) {
            let lengths = lengths(&counts, most);
            let used: Vec<(u32, u8)> = counts.into_iter().zip(lengths).filter(|(count, _)| *count > 0).collect();
            prop_assert!(used.iter().all(|(_, length)| (1..=most as u8).contains(length)));
            let taken: usize = used.iter().map(|(_, length)| 1 << (most - usize::from(*length))).sum();
            prop_assert!(used.len() < 2 || taken == 1 << most);
            for (count, length) in &used {
                prop_assert!(used.iter().all(|(other, longer)| other >= count || longer >= length));
            }
        }
    }

    #[test]
    fn codes_of_the_standard_are_found_with_their_bits_turned_round() {
        // The example of RFC 1951, 3.2.2: 010, 011, 100, 101, 110, 00, 1110, 1111.
        let expected = [0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111];
        assert_eq!(codes(&[3, 3, 3, 3, 3, 2, 4, 4]), expected);
    }
}
