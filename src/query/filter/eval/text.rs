//! Texts without regard to case and accents (OGC 21-065r2, 7.4 and 7.5).

use unicode_normalization::UnicodeNormalization;

/// The text with its case folded, so that `Straße`, `STRASSE` and `strasse` become the same.
///
/// To upper and then to lower case, character by character, is Unicode's full folding but for letters that lack one of the
/// two, such as the dotless i, which stays.
pub(super) fn fold_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let upper = text.chars().flat_map(|c| {
        let kept = (c == 'ı').then_some(c);
        kept.into_iter().chain(c.to_uppercase().filter(move |_| kept.is_none()))
    });
    upper.flat_map(char::to_lowercase).collect()
}

/// The text without diacritical marks: `Chișinău` becomes `Chisinau`. Letters with a stroke lose it. Marks that are letters
/// of their own script, such as vowel signs and voiced kana, stay.
pub(super) fn drop_accents(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd().filter(|c| !is_accent(*c)).map(without_stroke).nfc().collect()
}

/// The blocks of combining diacritical marks.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

fn without_stroke(c: char) -> char {
    match c {
        'ø' => 'o',
        'Ø' => 'O',
        'đ' => 'd',
        'Đ' => 'D',
        'ł' => 'l',
        'Ł' => 'L',
        'ħ' => 'h',
        'Ħ' => 'H',
        'ŧ' => 't',
        'Ŧ' => 'T',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_folds_beyond_single_letters() {
        for (a, b) in [("Straße", "STRASSE"), ("Οδος", "ΟΔΟΣ"), ("København", "KØBENHAVN"), ("ŁÓDŹ", "łódź")]
        {
            assert_eq!(fold_case(a), fold_case(b), "{a}");
        }
        assert_ne!(fold_case("ı"), fold_case("i"));
    }

    #[test]
    fn accents_go_and_letters_of_other_scripts_stay() {
        assert_eq!(drop_accents("Chișinău Łódź débárquér"), "Chisinau Lodz debarquer");
        assert_eq!(drop_accents("회령"), "회령");
        assert_eq!(drop_accents("が"), "が");
    }
}
