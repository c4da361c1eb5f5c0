//! "Did you mean": the known name that is nearest to one that is not known.

/// The nearest name, when it is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower: Vec<char> = name.to_lowercase().chars().take(64).collect();
    let allowed = 1 + lower.len() / 4;
    let distances = known.map(|own| (distance(&lower, &own.to_lowercase().chars().take(64).collect::<Vec<_>>()), own));
    distances.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, own)| own)
}

/// Letters to insert, delete or replace (V. I. Levenshtein, 1965).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, own) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(own != other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["name", "population", "built"];
        assert_eq!(nearest("Name", known.into_iter()), Some("name"));
        assert_eq!(nearest("poplation", known.into_iter()), Some("population"));
        assert_eq!(nearest("height", known.into_iter()), None);
    }
}
