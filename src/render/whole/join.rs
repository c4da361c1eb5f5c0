//! Lines in pieces, put together.

use std::collections::HashMap;

use crate::render::lattice::Cell;

/// Joins pieces of one line where the ends of exactly two of them meet: at a fork they stay apart. The first piece of each
/// result keeps its direction.
pub fn join(pieces: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    let mut ends: HashMap<Cell, Vec<usize>> = HashMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        if let [first, .., last] = piece.as_slice() {
            ends.entry(*first).or_default().push(index);
            ends.entry(*last).or_default().push(index);
        }
    }
    let mut left: Vec<Option<Vec<Cell>>> = pieces.into_iter().map(Some).collect();
    let mut joined = Vec::new();
    for index in 0..left.len() {
        let Some(mut line) = left[index].take() else { continue };
        for _ in 0..2 {
            // Once from either end; the second time turns it back.
            while let Some(next) = line.last().and_then(|end| follower(*end, &ends, &left)) {
                let Some(mut piece) = left[next].take() else { break };
                if piece.first() != line.last() {
                    piece.reverse();
                }
                line.extend(piece.into_iter().skip(1));
            }
            line.reverse();
        }
        joined.push(line);
    }
    joined
}

/// The other piece that ends here, when there is one other and no more.
fn follower(end: Cell, ends: &HashMap<Cell, Vec<usize>>, left: &[Option<Vec<Cell>>]) -> Option<usize> {
    match ends.get(&end)?.as_slice() {
        &[a, b] if a != b => [a, b].into_iter().find(|&piece| left[piece].is_some()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(xs: &[i64]) -> Vec<Cell> {
        xs.iter().map(|&x| Cell { x, y: 0 }).collect()
    }

    #[test]
    fn pieces_are_joined_at_both_ends_and_turned_where_they_must_be() {
        let pieces = vec![line(&[4, 6]), line(&[9, 6]), line(&[4, 2, 1]), line(&[20, 21])];
        assert_eq!(join(pieces), [line(&[1, 2, 4, 6, 9]), line(&[20, 21])]);
    }

    #[test]
    fn forks_and_rings_stay() {
        let fork = vec![line(&[0, 5]), line(&[5, 9]), vec![Cell { x: 5, y: 0 }, Cell { x: 5, y: 7 }]];
        assert_eq!(join(fork.clone()), fork);
        let ring = vec![line(&[0, 5, 0])];
        assert_eq!(join(ring.clone()), ring);
    }
}
