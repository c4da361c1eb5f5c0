use super::super::fonts::Fonts;
use super::*;

const PLAIN: Setting = Setting {
    max_width: 240.0,
    line_height: 28.8,
    align: [0.5, 0.5],
    justify: 0.5,
    spacing: 0.0,
    offset: [0.0, 0.0],
    is_vertical: false,
    allows_vertical: false,
    layout_size: 16.0,
    size: 16.0,
};

fn source() -> GlyphSource {
    GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 1 << 20)))
}

fn shaped(text: &str, setting: Setting) -> Shaping {
    let mut paragraph = Paragraph::default();
    paragraph.push_text(text, "Noto Sans Regular".into(), 1.0, LineAlign::Bottom);
    shape(&paragraph, &setting, &source(), &mut |_, _| {}).unwrap()
}

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-3
}

#[test]
fn a_centred_line_spans_its_anchor_and_its_glyphs_hang_from_the_ascender() {
    let shaping = shaped("Tumen", PLAIN);
    let [left, top, right, bottom] = shaping.bounds;
    assert!(close(left, -right) && close(top, -bottom) && close(bottom - top, 28.8));
    let glyphs = &shaping.lines[0].glyphs;
    assert_eq!(glyphs.len(), 5);
    assert!(close(glyphs[0].x, left) && close(glyphs[0].y, HANG));
    let last = &glyphs[4];
    assert!(close(last.x + last.advance, right));
}

#[test]
fn lines_are_broken_and_justified_and_the_block_stands_on_its_anchor() {
    let setting = Setting { max_width: 120.0, justify: 0.0, align: [0.0, 1.0], ..PLAIN };
    let shaping = shaped("Hoeryong railway station", setting);
    assert_eq!(shaping.lines.len(), 3);
    for line in &shaping.lines {
        assert!(close(line.glyphs[0].x, 0.0));
    }
    assert!(close(shaping.bounds[3], 0.0) && close(shaping.bounds[1], -3.0 * 28.8));
    // No glyph for the spaces at which the lines were broken.
    assert_eq!(shaping.lines.iter().map(|line| line.glyphs.len()).sum::<usize>(), 22);
}

#[test]
fn a_larger_section_makes_its_line_higher() {
    let mut paragraph = Paragraph::default();
    paragraph.push_text("a", "Noto Sans Regular".into(), 1.0, LineAlign::Bottom);
    paragraph.push_text("A", "Noto Sans Bold".into(), 2.0, LineAlign::Bottom);
    let shaping = shape(&paragraph, &PLAIN, &source(), &mut |_, _| {}).unwrap();
    let glyphs = &shaping.lines[0].glyphs;
    assert!(close(shaping.lines[0].rise, 24.0));
    // Both stand on one line: the smaller hangs an em lower.
    assert!(close(glyphs[0].y - glyphs[1].y, 24.0));
    assert!(close(shaping.bounds[3] - shaping.bounds[1], 57.6));
}

#[test]
fn upright_characters_of_vertical_lines_take_an_em_each() {
    let setting = Setting { is_vertical: true, ..PLAIN };
    let shaping = shaped("图们 ab", setting);
    assert!(shaping.is_verticalizable);
    let glyphs = &shaping.lines[0].glyphs;
    assert_eq!(glyphs.iter().map(|g| g.is_upright).collect::<Vec<_>>(), [true, true, false, false, false]);
    assert!(close(glyphs[1].x - glyphs[0].x, 24.0));
}

#[test]
fn a_character_without_a_glyph_is_told_and_takes_no_room() {
    let mut missing = Vec::new();
    let mut paragraph = Paragraph::default();
    paragraph.push_text("a\u{1f980}b", "Noto Sans Regular".into(), 1.0, LineAlign::Bottom);
    let shaping = shape(&paragraph, &PLAIN, &source(), &mut |c, stack| missing.push((c, stack.to_owned()))).unwrap();
    assert_eq!(missing, [('\u{1f980}', "Noto Sans Regular".to_owned())]);
    assert_eq!(shaping.lines[0].glyphs.len(), 2);
    assert!(close(shaping.bounds[2] - shaping.bounds[0], shaped("ab", PLAIN).bounds[2] * 2.0));
    paragraph = Paragraph::default();
    paragraph.push_text("\u{1f980}", "Noto Sans Regular".into(), 1.0, LineAlign::Bottom);
    assert_eq!(shape(&paragraph, &PLAIN, &source(), &mut |_, _| {}), None);
}

#[test]
fn brackets_in_text_from_right_to_left_are_drawn_as_their_mirror_images() {
    let glyphs = |text: &str| -> Vec<Shape> {
        shaped(text, PLAIN).lines.remove(0).glyphs.into_iter().map(|glyph| glyph.shape).collect()
    };
    // Hebrew is in no built-in font, so the brackets alone are drawn.
    assert_eq!(glyphs("\u{5d0}(\u{5d1})"), glyphs("()"));
    assert_ne!(glyphs("()"), glyphs(")("));
}
