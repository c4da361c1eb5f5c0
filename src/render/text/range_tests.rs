use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;

use super::super::fonts::Fonts;
use super::*;

fn fonts() -> Fonts {
    Fonts::new(Vec::new(), 4 << 20)
}

#[test]
fn what_is_written_is_read_again_with_whole_advances() {
    let fonts = fonts();
    let range = fonts.range("Noto Sans Italic", 0).unwrap();
    let glyphs = decode_range(&range).unwrap();
    assert!(glyphs.len() > 180);
    let stack = fonts.stack("Noto Sans Italic");
    for (id, glyph) in glyphs {
        let made = fonts.glyph(&stack, char::from_u32(id).unwrap()).unwrap();
        assert_eq!(glyph, Glyph { advance: made.advance.round(), ..(*made).clone() });
    }
    assert_eq!(fonts.range("Noto Sans Italic", 100), None);
    assert_eq!(fonts.range("Noto Sans Italic", 65536), None);
}

/// Compares with ranges that fontnik made from the same family, where they are at hand.
#[test]
fn the_fields_are_those_of_fontnik() {
    let Some(folder) = std::env::var_os("TUMEN_RENDER_TESTS").map(PathBuf::from) else {
        println!("skipped: TUMEN_RENDER_TESTS does not name the unpacked render tests");
        return;
    };
    let theirs = fs::read(folder.join("assets/glyphs/Noto Sans Regular/0-255.pbf")).unwrap();
    let fonts = fonts();
    let stack = fonts.stack("Noto Sans Regular");
    let (mut compared, mut same) = (0, 0);
    for (id, their) in decode_range(&theirs).unwrap() {
        let Some(our) = char::from_u32(id).and_then(|c| fonts.glyph(&stack, c)) else { continue };
        // Another version of the font: some letters have since changed.
        let boxes = |g: &Glyph| (g.left, g.top, g.width, g.height);
        if boxes(&our) != boxes(&their) || our.advance as i32 != their.advance as i32 {
            continue;
        }
        compared += 1;
        same += usize::from(our.field.iter().zip(&their.field).all(|(a, b)| a.abs_diff(*b) <= 3));
    }
    println!("{same} of {compared} glyphs agree within 3 of 256 in every pixel");
    assert!(compared > 100 && same * 3 > compared);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(decode_range(&bytes));
    }

    #[test]
    fn a_range_cut_short_or_with_a_bit_flipped_is_read_or_refused(cut in 0usize..4000, bit in 0u8..8) {
        let glyph = Glyph { left: -1, top: -8, width: 2, height: 3, advance: 5.0, field: vec![7; 72].into() };
        let whole = encode_range("Some Font", 0, (65..100).map(|id| (id, Arc::new(glyph.clone()))));
        let at = cut % whole.len();
        prop_assert!(at == 0 || decode_range(&whole[..at]).is_err());
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << bit;
        drop(decode_range(&flipped));
    }
}
