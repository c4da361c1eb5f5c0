//! Punctuation of vertical lines.

use super::script;

/// What is written instead of each character in vertical lines.
const FORMS: [(char, char); 84] = [
    ('!', '︕'),
    ('#', '＃'),
    ('$', '＄'),
    ('%', '％'),
    ('&', '＆'),
    ('(', '︵'),
    (')', '︶'),
    ('*', '＊'),
    ('+', '＋'),
    (',', '︐'),
    ('-', '︲'),
    ('.', '・'),
    ('/', '／'),
    (':', '︓'),
    (';', '︔'),
    ('<', '︿'),
    ('=', '＝'),
    ('>', '﹀'),
    ('?', '︖'),
    ('@', '＠'),
    ('[', '﹇'),
    ('\\', '＼'),
    (']', '﹈'),
    ('^', '＾'),
    ('_', '︳'),
    ('`', '｀'),
    ('{', '︷'),
    ('|', '―'),
    ('}', '︸'),
    ('~', '～'),
    ('¢', '￠'),
    ('£', '￡'),
    ('¥', '￥'),
    ('¦', '￤'),
    ('¬', '￢'),
    ('¯', '￣'),
    ('–', '︲'),
    ('—', '︱'),
    ('‘', '﹃'),
    ('’', '﹄'),
    ('“', '﹁'),
    ('”', '﹂'),
    ('…', '︙'),
    ('‧', '・'),
    ('₩', '￦'),
    ('⋯', '︙'),
    ('、', '︑'),
    ('。', '︒'),
    ('〈', '︿'),
    ('〉', '﹀'),
    ('《', '︽'),
    ('》', '︾'),
    ('「', '﹁'),
    ('」', '﹂'),
    ('『', '﹃'),
    ('』', '﹄'),
    ('【', '︻'),
    ('】', '︼'),
    ('〔', '︹'),
    ('〕', '︺'),
    ('〖', '︗'),
    ('〗', '︘'),
    ('！', '︕'),
    ('（', '︵'),
    ('）', '︶'),
    ('，', '︐'),
    ('－', '︲'),
    ('．', '・'),
    ('：', '︓'),
    ('；', '︔'),
    ('＜', '︿'),
    ('＞', '﹀'),
    ('？', '︖'),
    ('［', '﹇'),
    ('］', '﹈'),
    ('＿', '︳'),
    ('｛', '︷'),
    ('｜', '―'),
    ('｝', '︸'),
    ('｟', '︵'),
    ('｠', '︶'),
    ('｡', '︒'),
    ('｢', '﹁'),
    ('｣', '﹂'),
];
/// Replaces punctuation whose neighbours do not lie on their sides.
pub fn verticalize(characters: &mut [char]) {
    let original = characters.to_vec();
    let yields = |neighbour: Option<&char>| neighbour.is_none_or(|&c| !script::is_rotated(c) || form(c).is_some());
    for (index, character) in characters.iter_mut().enumerate() {
        let before = index.checked_sub(1).and_then(|i| original.get(i));
        if let Some(form) = form(*character)
            && yields(before)
            && yields(original.get(index + 1))
        {
            *character = form;
        }
    }
}

fn form(c: char) -> Option<char> {
    FORMS.iter().find(|(from, _)| *from == c).map(|(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_between_ideographs_is_replaced_and_within_words_not() {
        let of = |text: &str| {
            let mut characters: Vec<char> = text.chars().collect();
            verticalize(&mut characters);
            characters.into_iter().collect::<String>()
        };
        assert_eq!(of("图（们）"), "图︵们︶");
        assert_eq!(of("a-b"), "a-b");
        assert_eq!(of("(图)"), "︵图︶");
    }
}
