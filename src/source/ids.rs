//! Ids that are unique in their collection, and stay what they are when other features come and go.
//!
//! - An id that was written keeps its text. Where several features have it, or `1` meets `"1"`, the first one keeps it;
//!   each other one gets `~` and eight digits of a hash of its content added, which do not depend on its neighbours.
//! - A feature without id is named by sixteen digits of that hash.
//! - Features that are the same to the letter are numbered `~2`, `~3` in their order.

use std::collections::HashMap;
use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use crate::feature::Strings;

/// What a feature says about its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written<'a> {
    Number(&'a str),
    Text(&'a str),
    Absent,
}

/// The ids of all features in order.
#[derive(Debug, Default)]
pub(super) struct Ids {
    texts: Strings,
    origins: Vec<Origin>,
    content: Vec<u64>,
    /// The first and the last, if all so far are whole numbers, each larger than the one before: then no two are equal.
    ascending: Option<(u64, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Number,
    Text,
    Absent,
}

impl Ids {
    /// Appends the id of the next feature; `content` is the hash of what it is.
    pub(super) fn push(&mut self, written: Written<'_>, content: u64) {
        let (text, origin) = match written {
            Written::Number(text) => (text, Origin::Number),
            Written::Text(text) => (text, Origin::Text),
            Written::Absent => ("", Origin::Absent),
        };
        let number = (origin == Origin::Number).then(|| text.parse::<u64>().ok()).flatten();
        self.ascending = match (self.ascending, number) {
            (None, Some(number)) if self.texts.is_empty() => Some((number, number)),
            (Some((first, last)), Some(number)) if number > last => Some((first, number)),
            _ => None,
        };
        self.texts.push(text);
        self.origins.push(origin);
        self.content.push(content);
    }

    /// Makes room for so many times the present ones in addition.
    pub(super) fn reserve(&mut self, times: f64) {
        self.texts.reserve(times);
        self.origins.reserve_exact((self.origins.len() as f64 * times) as usize);
        self.content.reserve_exact((self.content.len() as f64 * times) as usize);
    }

    /// Appends those of the features that follow.
    pub(super) fn append(&mut self, other: Self) {
        self.ascending = match (self.ascending, other.ascending) {
            (None, ascending) if self.texts.is_empty() => ascending,
            (ascending, None) if other.texts.is_empty() => ascending,
            (Some((first, last)), Some((next, end))) if next > last => Some((first, end)),
            _ => None,
        };
        self.texts.append(&other.texts);
        self.origins.extend(other.origins);
        self.content.extend(other.content);
    }

    /// Makes them unique by their text and calls `clash` with the row of each written one that had to be changed.
    /// Answers the texts, and for each whether it is a number.
    pub(super) fn settle(self, mut clash: impl FnMut(usize)) -> (Strings, Vec<bool>) {
        let mut numbers: Vec<bool> = self.origins.iter().map(|&origin| origin == Origin::Number).collect();
        if self.ascending.is_some() {
            return (self.texts, numbers);
        }
        let mut taken: HashSet<u64> = HashSet::with_capacity(numbers.len());
        let mut is_free = |row: usize| {
            let text = self.texts.at(row);
            // No URL can end in these: they mean folders.
            let is_reachable = !matches!(text, "" | "." | "..");
            is_reachable && taken.insert(hash(text))
        };
        let kept: Vec<bool> = (0..numbers.len()).map(&mut is_free).collect();
        if kept.iter().all(|&kept| kept) {
            return (self.texts, numbers);
        }
        let mut texts = Strings::default();
        let mut counts: HashMap<u64, u64> = HashMap::new();
        for (row, kept) in kept.into_iter().enumerate() {
            if kept {
                texts.push(self.texts.at(row));
                continue;
            }
            let base = if self.origins[row] == Origin::Absent {
                format!("{:016x}", self.content[row])
            } else {
                clash(row);
                format!("{}~{:08x}", self.texts.at(row), self.content[row] >> 32)
            };
            let mut text = base.clone();
            let count = counts.entry(hash(&base)).or_insert(1);
            while !taken.insert(hash(&text)) {
                *count += 1;
                text = format!("{base}~{count}");
            }
            texts.push(&text);
            numbers[row] = false;
        }
        (texts, numbers)
    }
}

/// Sixty-four bits stand for the text: two texts that share them by chance would only mean a mark too many.
fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(written: &[(Written<'_>, u64)]) -> (Vec<String>, Vec<usize>) {
        let mut ids = Ids::default();
        for &(written, content) in written {
            ids.push(written, content);
        }
        let mut clashes = Vec::new();
        let (texts, numbers) = ids.settle(|row| clashes.push(row));
        assert_eq!(numbers.len(), written.len());
        (texts.iter().map(str::to_owned).collect(), clashes)
    }

    #[test]
    fn ids_stay_as_they_were_written_where_they_can() {
        let written = [(Written::Number("-3"), 1), (Written::Text("회령"), 2), (Written::Number("1.50"), 3)];
        assert_eq!(settled(&written), (vec!["-3".into(), "회령".into(), "1.50".into()], vec![]));
    }

    #[test]
    fn the_first_of_equal_texts_keeps_it_and_the_others_are_marked_by_their_content() {
        let a = (Written::Number("1"), 1 << 32);
        let b = (Written::Text("1"), 2 << 32);
        assert_eq!(settled(&[a, b]), (vec!["1".into(), "1~00000002".into()], vec![1]));
        // Another clash before it does not change its name.
        assert_eq!(settled(&[a, (Written::Number("1"), 3 << 32), b]).0[2], "1~00000002");
        // A name that someone wrote is not taken away from them.
        let odd = (Written::Text("1~00000002"), 4 << 32);
        assert_eq!(settled(&[a, b, odd]).0, ["1", "1~00000002~2", "1~00000002"]);
        assert_eq!(settled(&[(Written::Text(".."), 5 << 32)]).0, ["..~00000005"]);
    }

    #[test]
    fn made_ids_depend_on_the_feature_alone_and_twins_are_numbered() {
        let made = |content| (Written::Absent, content);
        let (texts, clashes) = settled(&[made(7), made(8), made(7), made(7)]);
        assert_eq!(texts, ["0000000000000007", "0000000000000008", "0000000000000007~2", "0000000000000007~3"]);
        assert!(clashes.is_empty());
    }
}
