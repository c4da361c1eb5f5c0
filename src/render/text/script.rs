//! What layout must know of characters (Unicode 16.0; the classes are those that MapLibre names).

/// White space at which lines are trimmed.
pub fn is_whitespace(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// Whether a line may be broken after it as between ideographs.
pub fn allows_ideographic_breaking(c: char) -> bool {
    let c = c as u32;
    c >= 0x2e80
        && (is_ideographic_script(c)
            || matches!(
                c,
                0x2ff0..=0x2fff // ideographic description
                | 0x3000..=0x303f // CJK symbols and punctuation
                | 0x31c0..=0x31ef // strokes
                | 0x3200..=0x33ff // enclosed letters, compatibility
                | 0xfe10..=0xfe1f // vertical forms
                | 0xfe30..=0xfe4f // compatibility forms
                | 0xff00..=0xffef // halfwidth and fullwidth forms
            ))
}

/// Han, kana, bopomofo, Yi, Tangut, Nüshu, Khitan.
fn is_ideographic_script(c: u32) -> bool {
    matches!(
        c,
        0x2e80..=0x2fdf
            | 0x3005
            | 0x3007
            | 0x3021..=0x3029
            | 0x3038..=0x303b
            | 0x3041..=0x3096
            | 0x309d..=0x309f
            | 0x30a1..=0x30fa
            | 0x30fd..=0x312f
            | 0x31a0..=0x31bf
            | 0x31f0..=0x31ff
            | 0x3400..=0x4dbf
            | 0x4e00..=0x9fff
            | 0xa000..=0xa4cf
            | 0xf900..=0xfaff
            | 0xff66..=0xff6f
            | 0xff71..=0xff9d
            | 0x16fe0..=0x18d8f
            | 0x1aff0..=0x1b2ff
            | 0x20000..=0x323af
    )
}

fn is_hangul(c: u32) -> bool {
    matches!(c, 0x1100..=0x11ff | 0x302e..=0x302f | 0x3131..=0x318e | 0x3200..=0x321e | 0x3260..=0x327e
        | 0xa960..=0xa97f | 0xac00..=0xd7ff | 0xffa0..=0xffdc)
}

/// Whether it stands upright in vertical lines (Unicode Standard Annex 50, without the characters that go with their
/// neighbours).
pub fn is_upright(c: char) -> bool {
    let c = c as u32;
    if matches!(c, 0x02ea | 0x02eb) {
        return true;
    }
    if c < 0x1100 {
        return false;
    }
    is_hangul(c)
        || is_ideographic_script(c)
        || matches!(c, 0x1400..=0x167f | 0x18b0..=0x18ff | 0x11ab0..=0x11abf) // Canadian syllabics
        || matches!(c, 0x2ff0..=0x2fff | 0x3190..=0x319f | 0x31c0..=0x31ef | 0x3200..=0x33ff | 0x4dc0..=0x4dff | 0xfe10..=0xfe1f)
        || (matches!(c, 0xfe30..=0xfe4f) && c < 0xfe49)
        || (matches!(c, 0x3000..=0x303f) && !matches!(c, 0x3008..=0x3011 | 0x3014..=0x301f | 0x3030))
        || (matches!(c, 0x30a0..=0x30ff) && c != 0x30fc)
        || (matches!(c, 0xff00..=0xffef)
            && !matches!(c, 0xff08 | 0xff09 | 0xff0d | 0xff1a..=0xff1e | 0xff3b | 0xff3d | 0xff3f | 0xff5b..=0xffdf
                | 0xffe3 | 0xffe8..=0xffef))
        || (matches!(c, 0xfe50..=0xfe6f) && !matches!(c, 0xfe58..=0xfe5e | 0xfe63..=0xfe66))
}

/// Whether it takes the orientation of its neighbours in vertical lines.
pub fn is_neutral(c: char) -> bool {
    matches!(
        c as u32,
        0xa7 | 0xa9 | 0xae | 0xb1 | 0xbc..=0xbe | 0xd7 | 0xf7
            | 0x2016 | 0x2020 | 0x2021 | 0x2030 | 0x2031 | 0x203b | 0x203c | 0x2042 | 0x2047..=0x2049 | 0x2051
            | 0x2100..=0x218f
            | 0x221e | 0x2234 | 0x2235
            | 0x2300..=0x2307 | 0x230c..=0x231f | 0x2324..=0x2328 | 0x232b | 0x237d..=0x239a | 0x23be..=0x23cd
            | 0x23cf | 0x23d1..=0x23db | 0x23e2..=0x2422 | 0x2424..=0x24ff
            | 0x25a0..=0x2619 | 0x2620..=0x2767 | 0x2776..=0x2793
            | 0x2b12..=0x2b2f | 0x2b50..=0x2b59 | 0x2bb8..=0x2beb
            | 0x3000..=0x303f | 0x30a0..=0x30ff | 0xe000..=0xf8ff | 0xfe30..=0xfe6f | 0xff00..=0xffef
            | 0xfffc | 0xfffd
    )
}

/// Whether it lies on its side in vertical lines, whatever its neighbours.
pub fn is_rotated(c: char) -> bool {
    !is_upright(c) && !is_neutral(c)
}

/// Whether a text may be written in vertical lines: one upright character is enough.
pub fn allows_vertical(text: &str) -> bool {
    text.chars().any(is_upright)
}

/// Arabic, whose letters join.
pub fn is_arabic(c: char) -> bool {
    matches!(c as u32, 0x0600..=0x06ff | 0x0750..=0x077f | 0x0870..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff)
}

/// Whether the letters of a text may be set apart: those of cursive scripts may not.
pub fn allows_letter_spacing(text: &str) -> bool {
    let is_cursive = |c: char| {
        is_arabic(c)
            || matches!(c as u32, 0x0700..=0x074f | 0x0860..=0x086f | 0x1800..=0x18af | 0x10f70..=0x10faf | 0x1bc00..=0x1bc9f)
    };
    !text.chars().any(is_cursive)
}

/// Scripts whose letters change with their neighbours or stack, so that one glyph a character is not enough: Arabic and
/// Syriac, the Indic scripts, Thai and its neighbours, Tibetan, Myanmar, Khmer, Mongolian.
pub fn needs_shaping(c: char) -> bool {
    is_arabic(c)
        || matches!(c as u32, 0x0700..=0x074f | 0x0780..=0x07ff | 0x0840..=0x086f | 0x0900..=0x109f | 0x1700..=0x18af
            | 0x1900..=0x1cff | 0xa800..=0xaaff | 0xabc0..=0xabff)
}
