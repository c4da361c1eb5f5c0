//! The fonts in the program: subsets of Noto Sans, packed with Brotli by the viewer's build.

/// A font file within the program.
#[derive(Debug)]
pub struct Packed {
    /// Family and style, as style documents write it.
    pub name: &'static str,
    /// A Brotli stream of a TrueType file.
    pub stream: &'static [u8],
}

macro_rules! packed {
    ($name:literal, $file:literal) => {
        Packed { name: $name, stream: include_bytes!(concat!("../../http/viewer/dist/fonts/", $file, ".ttf.br")) }
    };
}

/// All of them: Latin, Greek and Cyrillic first, then Korean, then Chinese with kana.
// A static, since each part of the program that reads a constant gets one of its own.
pub static PACKED: [Packed; 7] = [
    packed!("Noto Sans Regular", "NotoSans-Regular"),
    packed!("Noto Sans Bold", "NotoSans-Bold"),
    packed!("Noto Sans Italic", "NotoSans-Italic"),
    packed!("Noto Sans KR Regular", "NotoSansKR-Regular"),
    packed!("Noto Sans KR Bold", "NotoSansKR-Bold"),
    packed!("Noto Sans SC Regular", "NotoSansSC-Regular"),
    packed!("Noto Sans SC Bold", "NotoSansSC-Bold"),
];

/// The faces that a stack ends in, in the order in which they are asked, by what the stack's first name says of its style.
pub fn fallback(bold: bool, italic: bool) -> [&'static str; 3] {
    match (bold, italic) {
        (true, _) => ["Noto Sans Bold", "Noto Sans KR Bold", "Noto Sans SC Bold"],
        (false, true) => ["Noto Sans Italic", "Noto Sans KR Regular", "Noto Sans SC Regular"],
        (false, false) => ["Noto Sans Regular", "Noto Sans KR Regular", "Noto Sans SC Regular"],
    }
}
