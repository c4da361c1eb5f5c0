//! Arabic letters in the forms that they take in words, one code point each (Arabic Presentation Forms), for glyph
//! ranges, which know no other.

/// How a letter joins its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joining {
    Dual,
    Right,
    Causing,
    Transparent,
    None,
}

/// Letters with the code point of their isolated form; final, initial and medial forms follow it.
const DUAL: [(u32, u32); 30] = [
    (0x0626, 0xfe89),
    (0x0628, 0xfe8f),
    (0x062a, 0xfe95),
    (0x062b, 0xfe99),
    (0x062c, 0xfe9d),
    (0x062d, 0xfea1),
    (0x062e, 0xfea5),
    (0x0633, 0xfeb1),
    (0x0634, 0xfeb5),
    (0x0635, 0xfeb9),
    (0x0636, 0xfebd),
    (0x0637, 0xfec1),
    (0x0638, 0xfec5),
    (0x0639, 0xfec9),
    (0x063a, 0xfecd),
    (0x0641, 0xfed1),
    (0x0642, 0xfed5),
    (0x0643, 0xfed9),
    (0x0644, 0xfedd),
    (0x0645, 0xfee1),
    (0x0646, 0xfee5),
    (0x0647, 0xfee9),
    (0x064a, 0xfef1),
    (0x0679, 0xfb66),
    (0x067e, 0xfb56),
    (0x0686, 0xfb7a),
    (0x06a9, 0xfb8e),
    (0x06af, 0xfb92),
    (0x06be, 0xfbaa),
    (0x06cc, 0xfbfc),
];
/// Letters that join the one before only; the final form follows the isolated one.
const RIGHT: [(u32, u32); 18] = [
    (0x0622, 0xfe81),
    (0x0623, 0xfe83),
    (0x0624, 0xfe85),
    (0x0625, 0xfe87),
    (0x0627, 0xfe8d),
    (0x0629, 0xfe93),
    (0x062f, 0xfea9),
    (0x0630, 0xfeab),
    (0x0631, 0xfead),
    (0x0632, 0xfeaf),
    (0x0648, 0xfeed),
    (0x0649, 0xfeef),
    (0x0688, 0xfb88),
    (0x0691, 0xfb8c),
    (0x0698, 0xfb8a),
    (0x06ba, 0xfb9e),
    (0x06c0, 0xfba4),
    (0x06d2, 0xfbae),
];
/// Lam with each alef: the isolated form of the pair; the final one follows.
const LAM_ALEF: [(u32, u32); 4] = [(0x0622, 0xfef5), (0x0623, 0xfef7), (0x0625, 0xfef9), (0x0627, 0xfefb)];
/// Vowel signs over a letter that does not join on: isolated forms; the medial one follows, where there is one.
const MARKS: [(u32, u32, bool); 8] = [
    (0x064b, 0xfe70, true),
    (0x064c, 0xfe72, false),
    (0x064d, 0xfe74, false),
    (0x064e, 0xfe76, true),
    (0x064f, 0xfe78, true),
    (0x0650, 0xfe7a, true),
    (0x0651, 0xfe7c, true),
    (0x0652, 0xfe7e, true),
];
const LAM: u32 = 0x0644;

/// Replaces letters by their forms; text in logical order, each character with a tag that stays with it. A lam with the
/// alef behind it becomes one character.
pub fn join(text: &mut Vec<(char, usize)>) {
    if !text.iter().any(|(c, _)| matches!(*c as u32, 0x0620..=0x06ff)) {
        return;
    }
    let kinds: Vec<Joining> = text.iter().map(|(c, _)| joining(*c as u32)).collect();
    let mut shaped = Vec::with_capacity(text.len());
    let mut joins_on = false;
    let mut skipped = None;
    for (index, &(c, tag)) in text.iter().enumerate() {
        if skipped == Some(index) {
            continue;
        }
        let before = visible(&kinds, (0..index).rev()).map(|i| kinds[i]);
        let after = visible(&kinds, index + 1..kinds.len());
        let joined_before = matches!(before, Some(Joining::Dual | Joining::Causing));
        let joined_after = after.is_some_and(|i| !matches!(kinds[i], Joining::None));
        let ligature = after.filter(|_| c as u32 == LAM).and_then(|i| Some((i, lookup(&LAM_ALEF, text[i].0 as u32)?)));
        let form = match kinds[index] {
            Joining::Transparent => mark(c as u32, joins_on),
            Joining::Dual if ligature.is_some() => {
                let (alef, pair) = ligature.expect("it was just seen");
                skipped = Some(alef);
                Some(pair + u32::from(joined_before))
            }
            Joining::Dual => {
                let step = match (joined_before, joined_after) {
                    (false, false) => 0,
                    (true, false) => 1,
                    (false, true) => 2,
                    (true, true) => 3,
                };
                lookup(&DUAL, c as u32).map(|form| form + step)
            }
            Joining::Right => lookup(&RIGHT, c as u32).map(|form| form + u32::from(joined_before)),
            Joining::Causing | Joining::None => None,
        };
        if kinds[index] != Joining::Transparent {
            joins_on = kinds[index] == Joining::Dual && joined_after && ligature.is_none();
        }
        shaped.push((form.and_then(char::from_u32).unwrap_or(c), tag));
    }
    *text = shaped;
}

fn visible(kinds: &[Joining], mut indices: impl Iterator<Item = usize>) -> Option<usize> {
    indices.find(|&i| kinds[i] != Joining::Transparent)
}

fn joining(c: u32) -> Joining {
    match c {
        0x0640 | 0x200d => Joining::Causing,
        0x0610..=0x061a
        | 0x064b..=0x065f
        | 0x0670
        | 0x06d6..=0x06dc
        | 0x06df..=0x06e4
        | 0x06e7
        | 0x06e8
        | 0x06ea..=0x06ed => Joining::Transparent,
        c if lookup(&DUAL, c).is_some() => Joining::Dual,
        c if lookup(&RIGHT, c).is_some() => Joining::Right,
        _ => Joining::None,
    }
}

fn mark(c: u32, joins_on: bool) -> Option<u32> {
    let (_, form, has_medial) = MARKS.iter().find(|(from, ..)| *from == c)?;
    Some(form + u32::from(joins_on && *has_medial))
}

fn lookup(table: &[(u32, u32)], c: u32) -> Option<u32> {
    table.iter().find(|(from, _)| *from == c).map(|(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let mut characters: Vec<(char, usize)> = text.chars().map(|c| (c, 0)).collect();
        join(&mut characters);
        characters.into_iter().map(|(c, _)| c).collect()
    }

    #[test]
    fn letters_take_the_form_of_their_place_in_the_word() {
        // Beh, alef, beh: initial, final, isolated, since alef does not join on.
        assert_eq!(joined("\u{628}\u{627}\u{628}"), "\u{fe91}\u{fe8e}\u{fe8f}");
        // Three behs: initial, medial, final.
        assert_eq!(joined("\u{628}\u{628}\u{628}"), "\u{fe91}\u{fe92}\u{fe90}");
    }

    #[test]
    fn lam_and_alef_become_one_and_vowel_signs_stay_between() {
        assert_eq!(joined("\u{644}\u{627}"), "\u{fefb}");
        assert_eq!(joined("\u{628}\u{644}\u{64e}\u{627}"), "\u{fe91}\u{fefc}\u{fe76}");
        assert_eq!(joined("abc"), "abc");
    }
}
