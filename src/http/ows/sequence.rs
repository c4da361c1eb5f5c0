//! States of a service, by which clients know whether its capabilities have changed.

use std::cmp::Ordering;

/// How the state that a client knows (OGC 06-042, 7.2.3.5; OGC 06-121r3, 7.3.4) compares with the present one; `None` when it
/// is no number. Clients that reckon with it write it as their language writes large numbers: `1.763809925E12`.
pub(in crate::http) fn compared(known: &str, present: u64) -> Option<Ordering> {
    // The plus sign of an exponent is a blank where nobody encoded it.
    let known: String = known.split_whitespace().collect();
    if let Ok(number) = known.parse::<u64>() {
        return Some(number.cmp(&present));
    }
    let number = known.parse::<f64>().ok().filter(|number| number.is_finite())?;
    number.partial_cmp(&(present as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_each_notation() {
        let now = 1_763_809_925_123;
        for (known, order) in [
            ("1763809925123", Some(Ordering::Equal)),
            (" 1.763809925123E12 ", Some(Ordering::Equal)),
            ("1.763809925122E12", Some(Ordering::Less)),
            ("1.763809925124e+12", Some(Ordering::Greater)),
            ("-1", Some(Ordering::Less)),
            ("0", Some(Ordering::Less)),
            ("99999999999999999999999", Some(Ordering::Greater)),
            ("1.763809925124E 12", Some(Ordering::Greater)),
            ("", None),
            ("NaN", None),
            ("inf", None),
            ("x", None),
        ] {
            assert_eq!(compared(known, now), order, "{known}");
        }
    }
}
