//! Font stacks: which face draws which character.

use super::builtin;

/// The faces that draw a stack's characters, as positions among all faces, in the order in which they are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// For Han, kana, Hangul and what is written with them: as named, then the built-in faces.
    ideographic: Vec<usize>,
    /// For all else: the same, but a Korean or Chinese built-in face waits behind the plain one, whose Latin is better.
    alphabetic: Vec<usize>,
    unknown: Vec<String>,
}

/// From here on (CJK radicals) nearly all characters are East Asian ones.
const FIRST_IDEOGRAPHIC: char = '\u{2e80}';

impl Stack {
    /// Resolves names such as "Noto Sans Bold,Noto Sans KR Bold" by a function from a name to a face's position.
    pub fn resolve(names: &str, find: impl Fn(&str) -> Option<usize>) -> Self {
        let (mut ideographic, mut unknown) = (Vec::new(), Vec::new());
        let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        for name in &names {
            match find(name) {
                Some(face) => ideographic.push(face),
                None => unknown.push((*name).to_owned()),
            }
        }
        let style = names.first().copied().unwrap_or_default().to_ascii_lowercase();
        let bold = ["bold", "black", "heavy"].iter().any(|word| style.contains(word));
        let italic = ["italic", "oblique"].iter().any(|word| style.contains(word));
        let fallback = builtin::fallback(bold, italic).map(&find);
        let [plain, east_asian @ ..] = fallback;
        ideographic.extend(plain.into_iter().chain(east_asian.iter().copied().flatten()));
        let is_east_asian = |face: &usize| {
            builtin::PACKED.iter().any(|packed| is_east_asian_name(packed.name) && find(packed.name) == Some(*face))
        };
        let (last, mut alphabetic): (Vec<usize>, Vec<usize>) = ideographic.iter().copied().partition(is_east_asian);
        alphabetic.extend(last);
        let mut stack = Self { ideographic, alphabetic, unknown };
        keep_first(&mut stack.ideographic);
        keep_first(&mut stack.alphabetic);
        stack
    }

    /// The faces to ask for a character, in order.
    pub fn faces(&self, character: char) -> &[usize] {
        if character >= FIRST_IDEOGRAPHIC { &self.ideographic } else { &self.alphabetic }
    }

    /// Names for which there is no face.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }
}

fn is_east_asian_name(name: &str) -> bool {
    name.contains(" KR ") || name.contains(" SC ")
}

fn keep_first(faces: &mut Vec<usize>) {
    let mut seen = Vec::new();
    faces.retain(|face| {
        let new = !seen.contains(face);
        seen.push(*face);
        new
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> Option<usize> {
        builtin::PACKED.iter().position(|packed| packed.name == name)
    }

    fn named(faces: &[usize]) -> Vec<&'static str> {
        faces.iter().map(|&face| builtin::PACKED[face].name).collect()
    }

    #[test]
    fn a_plain_stack_ends_in_korean_then_chinese() {
        let stack = Stack::resolve("Noto Sans Regular", find);
        let all = ["Noto Sans Regular", "Noto Sans KR Regular", "Noto Sans SC Regular"];
        assert_eq!(named(stack.faces('江')), all);
        assert_eq!(named(stack.faces('a')), all);
    }

    #[test]
    fn a_chinese_stack_draws_han_from_the_chinese_face_and_latin_from_the_plain_one() {
        let stack = Stack::resolve("Noto Sans SC Regular", find);
        assert_eq!(named(stack.faces('江'))[0], "Noto Sans SC Regular");
        assert_eq!(named(stack.faces('a'))[0], "Noto Sans Regular");
    }

    #[test]
    fn an_unknown_name_is_told_and_its_weight_is_kept() {
        let stack = Stack::resolve("Open Sans Semibold,Arial Unicode MS Bold", find);
        assert_eq!(stack.unknown(), ["Open Sans Semibold", "Arial Unicode MS Bold"]);
        assert_eq!(named(stack.faces('a'))[0], "Noto Sans Bold");
        assert_eq!(
            named(Stack::resolve("Noto Sans Italic", find).faces('한')),
            ["Noto Sans Italic", "Noto Sans KR Regular", "Noto Sans SC Regular"]
        );
    }
}
