//! Icons to sheets, read back as the renderer reads them.

use proptest::prelude::*;

use super::pack::pack;
use super::*;
use crate::style::SpriteImages;

const DOT: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="8">
    <rect width="10" height="8" fill="#ff0000"/></svg>"##;

fn images(icons: &[Icon], ratio: u8) -> SpriteImages {
    let sheet = Sheet::of(icons, ratio).unwrap();
    let mut images = SpriteImages::default();
    images.add_sheet("default", &sheet.index, &sheet.pixels).unwrap();
    images
}

#[test]
fn an_svg_is_drawn_at_each_ratio() {
    let icon = Icon::read("dot.svg", DOT.as_bytes(), None).unwrap();
    for ratio in [1, 2, 4] {
        let images = images(std::slice::from_ref(&icon), ratio);
        let image = images.image("dot").unwrap();
        assert_eq!((image.width, image.height), (10 * u32::from(ratio), 8 * u32::from(ratio)));
        assert_eq!((image.display_size(), image.is_sdf), ([10.0, 8.0], false));
        assert!(image.pixels.chunks_exact(4).all(|pixel| pixel == [255, 0, 0, 255]));
    }
}

#[test]
fn a_field_crosses_its_edge_where_the_icon_does() {
    let icon = Icon::read("dot.sdf.svg", DOT.as_bytes(), None).unwrap();
    let images = images(&[icon], 1);
    let image = images.image("dot").unwrap();
    assert!(image.is_sdf);
    assert_eq!((image.width, image.height), (16, 14));
    let at = |x: u32, y: u32| image.pixels[((y * image.width + x) * 4 + 3) as usize];
    // Three quarters of 255 on the edge, which lies between the third pixel and the fourth; 32 for each pixel of distance.
    assert!((at(2, 7).abs_diff(175) <= 2) && at(3, 7).abs_diff(207) <= 2, "{} {}", at(2, 7), at(3, 7));
    assert!(at(0, 0) < at(2, 2) && at(8, 7) == 255);
}

#[test]
fn what_is_said_beside_an_icon_is_scaled_and_checked() {
    let about: IconAbout = toml::from_str("stretch_x = [[2, 4], [6, 8]]\ncontent = [1, 1, 9, 7]\n").unwrap();
    let icon = Icon::read("dot.svg", DOT.as_bytes(), Some(&about)).unwrap();
    let images = images(&[icon], 2);
    let image = images.image("dot").unwrap();
    assert_eq!(
        (image.stretch_x.as_slice(), image.content),
        (&[[4.0, 8.0], [12.0, 16.0]][..], Some([2.0, 2.0, 18.0, 14.0]))
    );
    let wrong: IconAbout = toml::from_str("stretch_x = [[2, 40]]").unwrap();
    assert!(matches!(Icon::read("dot.svg", DOT.as_bytes(), Some(&wrong)), Err(BadIcon::About)));
    assert!(toml::from_str::<IconAbout>("strech_x = []").is_err());
}

#[test]
fn a_png_says_its_ratio_in_its_name() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(6, 6, image::Rgba([0, 9, 0, 255]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let icon = Icon::read("pin@2x.png", png.get_ref(), None).unwrap();
    assert_eq!((icon.name(), Icon::name_of("pin@2x.png"), Icon::name_of("a.sdf.svg")), ("pin", "pin", "a"));
    assert_eq!(images(std::slice::from_ref(&icon), 1).image("pin").unwrap().width, 3);
    assert_eq!(images(&[icon], 2).image("pin").unwrap().width, 6);
}

#[test]
fn broken_and_boundless_icons_are_refused() {
    let svg = |size: &str| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"/>"#);
    assert!(matches!(Icon::read("a.svg", svg("99999").as_bytes(), None), Err(BadIcon::Size)));
    assert!(matches!(Icon::read("a.svg", b"<svg", None), Err(BadIcon::Svg(_))));
    assert!(matches!(Icon::read("a.png", b"no png", None), Err(BadIcon::Png(_))));
    assert!(matches!(Icon::read("a.gif", b"", None), Err(BadIcon::Name)));
    assert!(matches!(Icon::read("a.svg", &vec![b' '; 2 << 20], None), Err(BadIcon::Bytes)));
}

#[test]
fn nothing_beyond_the_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.svg");
    std::fs::write(&other, DOT).unwrap();
    let reaching = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="{}" width="8" height="8"/></svg>"#,
        other.display()
    );
    let icon = Icon::read("a.svg", reaching.as_bytes(), None).unwrap();
    assert!(images(&[icon], 1).image("a").unwrap().pixels.iter().all(|&byte| byte == 0));
}

proptest! {
    #[test]
    fn packed_boxes_lie_on_the_sheet_apart_from_each_other(
        sizes in prop::collection::vec((1..60_u32, 1..60_u32).prop_map(<[u32; 2]>::from), 1..60),
    ) {
        let (places, [width, height]) = pack(&sizes);
        prop_assert_eq!(pack(&sizes), (places.clone(), [width, height]));
        let boxes: Vec<[u32; 4]> = places.iter().zip(&sizes).map(|(&[x, y], &[w, h])| [x, y, x + w, y + h]).collect();
        for (index, &[left, top, right, bottom]) in boxes.iter().enumerate() {
            prop_assert!(left >= 1 && top >= 1 && right < width && bottom < height);
            for other in &boxes[..index] {
                prop_assert!(right < other[0] || other[2] < left || bottom < other[1] || other[3] < top);
            }
        }
    }
}
