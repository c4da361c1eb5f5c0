//! Where lines are broken: the set of breaks of the least badness, so that lines come out about equally long.

use super::script;

/// A character as the breaker sees it.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// The character.
    pub character: char,
    /// Its advance with letter spacing, in the unit of `max_width`.
    pub advance: f32,
    /// Whether it is an image, after which a line may end.
    pub is_image: bool,
}

/// Positions before which a new line starts, in order; the end of the text is one of them.
pub fn line_breaks(units: &[Unit], max_width: f32) -> Vec<usize> {
    let total: f64 = units.iter().map(|unit| f64::from(unit.advance)).sum();
    let target = total / (total / f64::from(max_width)).ceil().max(1.0);
    let has_hints = units.iter().any(|unit| unit.character == '\u{200b}');
    let mut breaks: Vec<Break> = Vec::new();
    let mut x = 0.0;
    for (index, unit) in units.iter().enumerate() {
        let c = unit.character;
        if !script::is_whitespace(c) {
            x += f64::from(unit.advance);
        }
        let Some(next) = units.get(index + 1) else { break };
        let ideographic = script::allows_ideographic_breaking(c);
        // An opening parenthesis starts a line, unless it would stand there alone.
        let opens = next.character == '(' && index + 2 < units.len();
        if ideographic || unit.is_image || is_breakable(c) || opens {
            let penalty = penalty(c, next.character, ideographic && has_hints);
            breaks.push(best(index + 1, x, target, &breaks, penalty, false));
        }
    }
    let last = best(units.len(), x, target, &breaks, 0.0, true);
    let mut positions = vec![last.index];
    let mut prior = last.prior;
    while let Some(index) = prior {
        positions.push(breaks[index].index);
        prior = breaks[index].prior;
    }
    positions.reverse();
    positions
}

/// A break with the best way to it.
struct Break {
    index: usize,
    x: f64,
    prior: Option<usize>,
    badness: f64,
}

fn best(index: usize, x: f64, target: f64, breaks: &[Break], penalty: f64, is_last: bool) -> Break {
    let mut best = Break { index, x, prior: None, badness: badness(x, target, penalty, is_last) };
    for (prior, candidate) in breaks.iter().enumerate() {
        let badness = badness(x - candidate.x, target, penalty, is_last) + candidate.badness;
        // At equal badness the later break wins, which keeps last lines short.
        if badness <= best.badness {
            (best.prior, best.badness) = (Some(prior), badness);
        }
    }
    best
}

fn badness(width: f64, target: f64, penalty: f64, is_last: bool) -> f64 {
    let raggedness = (width - target) * (width - target);
    match (is_last, width < target) {
        // A last line had rather be shorter than longer than the others.
        (true, true) => raggedness / 2.0,
        (true, false) => raggedness * 2.0,
        (false, _) => raggedness + penalty.abs() * penalty,
    }
}

fn penalty(c: char, next: char, is_unhinted: bool) -> f64 {
    let mut penalty = 0.0;
    if c == '\n' {
        penalty -= 10_000.0;
    }
    // Where the text says by zero-width spaces where it may be broken, other places between ideographs are worse.
    if is_unhinted {
        penalty += 150.0;
    }
    if matches!(c, '(' | '\u{ff08}') {
        penalty += 50.0;
    }
    if matches!(next, ')' | '\u{ff09}') {
        penalty += 50.0;
    }
    penalty
}

fn is_breakable(c: char) -> bool {
    matches!(
        c,
        '\n' | ' '
            | '&'
            | ')'
            | '+'
            | '-'
            | '/'
            | '\u{ad}'
            | '\u{b7}'
            | '\u{200b}'
            | '\u{2010}'
            | '\u{2013}'
            | '\u{2027}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, max_width: f32) -> Vec<String> {
        let units: Vec<Unit> =
            text.chars().map(|character| Unit { character, advance: 1.0, is_image: false }).collect();
        let characters: Vec<char> = text.chars().collect();
        let mut start = 0;
        let mut lines = Vec::new();
        for end in line_breaks(&units, max_width) {
            lines.push(characters[start..end].iter().collect());
            start = end;
        }
        lines
    }

    #[test]
    fn what_fits_stays_on_one_line_and_lines_are_balanced() {
        assert_eq!(lines("Tumen River", 20.0), ["Tumen River"]);
        assert_eq!(lines("aaa bbb ccc ddd", 10.0), ["aaa bbb ", "ccc ddd"]);
        assert_eq!(lines("unbreakable", 3.0), ["unbreakable"]);
        assert_eq!(lines("", 3.0), [""]);
    }

    #[test]
    fn a_newline_always_breaks() {
        assert_eq!(lines("a\nb", 100.0), ["a\n", "b"]);
        assert_eq!(lines("a b\nc", 100.0), ["a b\n", "c"]);
    }

    #[test]
    fn ideographs_break_anywhere_but_hints_come_first() {
        assert_eq!(lines("图们江图们江", 3.0), ["图们江", "图们江"]);
        assert_eq!(lines("图们\u{200b}江大桥\u{200b}口", 4.0).len(), 2);
        assert!(lines("图们江\u{200b}大桥口", 4.0)[0].ends_with('\u{200b}'));
    }

    #[test]
    fn a_parenthesis_opens_the_next_line() {
        assert_eq!(lines("abcd(efgh)", 6.0), ["abcd", "(efgh)"]);
    }
}
