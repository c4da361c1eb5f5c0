//! Lines of mixed direction in the order in which they are written from left to right (Unicode Standard Annex 9).

use unicode_bidi::BidiInfo;
use unicode_bidi::Level;

/// Puts the characters of each line into visual order; those that steer direction are left out.
///
/// `ends` are the positions where lines end, as [`super::breaks::line_breaks`] gives them. A paragraph's end ends a line as
/// well.
pub fn visual_lines(characters: &[(char, usize)], ends: &[usize]) -> Vec<Vec<(char, usize)>> {
    let mut start = 0;
    if !characters.iter().any(|(c, _)| may_reorder(*c)) {
        return ends.iter().map(|&end| characters[std::mem::replace(&mut start, end)..end].to_vec()).collect();
    }
    let mut lines = Vec::new();
    each_line(characters, ends, |line, levels| lines.push(reorder(line, levels)));
    lines
}

/// Characters that lead a run from right to left, by their positions, each with the one behind it. MapLibre gives the former the
/// section of the latter, so that a space between two sections is as wide as one of the section that it leads.
pub fn leads(characters: &[(char, usize)], ends: &[usize]) -> Vec<[usize; 2]> {
    let mut found = Vec::new();
    if characters.iter().any(|(c, _)| may_reorder(*c)) {
        each_line(characters, ends, |line, levels| {
            for index in 1..line.len() {
                let begins = index == 1 || levels[index - 2] != levels[index - 1];
                if begins && levels[index - 1].is_rtl() && levels[index] == levels[index - 1] {
                    found.push([line[index - 1].1, line[index].1]);
                }
            }
        });
    }
    found
}

/// Calls a function with the characters of each line and their levels.
fn each_line(characters: &[(char, usize)], ends: &[usize], mut see: impl FnMut(&[(char, usize)], &[Level])) {
    let mut start = 0;
    let text: String = characters.iter().map(|(c, _)| c).collect();
    let mut offsets: Vec<usize> = text.char_indices().map(|(offset, _)| offset).collect();
    offsets.push(text.len());
    let info = BidiInfo::new(&text, None);
    for paragraph in &info.paragraphs {
        for &end in ends {
            let low = offsets[start].max(paragraph.range.start);
            let high = offsets[end].min(paragraph.range.end);
            if low < high {
                let (first, last) = (position(&offsets, low), position(&offsets, high));
                // Levels of this line's characters, with trailing white space at the paragraph's own level.
                let levels = info.reordered_levels_per_char(paragraph, low..high);
                see(&characters[first..last], &levels[first..last]);
            }
            if offsets[end] >= paragraph.range.end {
                break;
            }
            start = end;
        }
        start = position(&offsets, paragraph.range.end.min(text.len()));
    }
}

fn position(offsets: &[usize], offset: usize) -> usize {
    offsets.partition_point(|&o| o < offset)
}

/// Rule L2, by characters with their marks, and L4.
fn reorder(line: &[(char, usize)], levels: &[Level]) -> Vec<(char, usize)> {
    // A mark stays behind its letter in both directions, so that it is drawn over what stands before it.
    let mut clusters: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, (c, _)) in line.iter().enumerate() {
        match clusters.last_mut() {
            Some(cluster) if is_mark(*c) => cluster.end = index + 1,
            _ => clusters.push(index..index + 1),
        }
    }
    let cluster_levels: Vec<Level> = clusters.iter().map(|cluster| levels[cluster.start]).collect();
    let order = BidiInfo::reorder_visual(&cluster_levels);
    let characters = order.into_iter().flat_map(|cluster| {
        let mirrored = cluster_levels[cluster].is_rtl();
        line[clusters[cluster].clone()].iter().map(move |&(c, tag)| (if mirrored { mirror(c) } else { c }, tag))
    });
    characters.filter(|(c, _)| !is_control(*c)).collect()
}

fn may_reorder(c: char) -> bool {
    matches!(c as u32, 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff)
        || is_control(c)
}

fn is_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036f | 0x0591..=0x05bd | 0x05bf | 0x05c1..=0x05c2 | 0x05c4..=0x05c5 | 0x0610..=0x061a
        | 0x064b..=0x065f | 0x0670 | 0x06d6..=0x06dc | 0x06df..=0x06e4 | 0x06e7..=0x06e8 | 0x06ea..=0x06ed
        | 0xfe70..=0xfe7f | 0x20d0..=0x20ff)
}

fn mirror(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        '‹' => '›',
        '›' => '‹',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, ends: &[usize]) -> Vec<String> {
        let characters: Vec<(char, usize)> = text.chars().map(|c| (c, 0)).collect();
        visual_lines(&characters, ends).into_iter().map(|line| line.into_iter().map(|(c, _)| c).collect()).collect()
    }

    #[test]
    fn text_from_left_to_right_is_only_cut() {
        assert_eq!(lines("abc def", &[4, 7]), ["abc ", "def"]);
    }

    #[test]
    fn hebrew_is_turned_round_and_its_brackets_are_mirrored_and_numbers_are_kept() {
        assert_eq!(lines("אב(ג) 12", &[8]), ["12 (ג)בא"]);
        assert_eq!(lines("ab גד ef", &[8]), ["ab דג ef"]);
    }

    #[test]
    fn what_leads_a_run_from_right_to_left_is_told() {
        let characters: Vec<(char, usize)> = "אב ab גד".chars().enumerate().map(|(at, c)| (c, at)).collect();
        assert_eq!(leads(&characters, &[8]), [[0, 1], [5, 6]]);
        // A line begins a run anew.
        assert_eq!(leads(&characters, &[6, 8]), [[0, 1], [6, 7]]);
        assert!(leads(&[('a', 0), (' ', 1)], &[2]).is_empty());
    }

    #[test]
    fn lines_are_cut_before_they_are_turned_round() {
        assert_eq!(lines("אב גד", &[3, 5]), [" בא", "דג"]);
        assert_eq!(lines("אב\nגד", &[3, 5]), ["\nבא", "דג"]);
    }
}
