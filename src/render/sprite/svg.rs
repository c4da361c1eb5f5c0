//! Icons as SVG. Nothing beyond the file is read: no fonts, no other files, no addresses.

use resvg::tiny_skia::Pixmap;
use resvg::tiny_skia::Transform;
use resvg::usvg;

use super::IconAbout;

/// Reads a document. Texts in it are not drawn, nor are pictures.
pub(super) fn parse(bytes: &[u8]) -> Result<usvg::Tree, usvg::Error> {
    let nothing =
        usvg::ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = usvg::Options { resources_dir: None, image_href_resolver: nothing, ..usvg::Options::default() };
    usvg::Tree::from_data(bytes, &options)
}

/// Takes what the document's own elements say, named as Mapbox names them, where nothing else is said.
pub(super) fn complete(tree: &usvg::Tree, about: &mut IconAbout) {
    let named = |id: &str| tree.node_by_id(id).map(usvg::Node::abs_bounding_box);
    if let Some(area) = named("mapbox-content")
        && about.content.is_none()
    {
        about.content = Some([area.left(), area.top(), area.right(), area.bottom()]);
    }
    let both = named("mapbox-stretch");
    if let Some(area) = named("mapbox-stretch-x").or(both)
        && about.stretch_x.is_empty()
    {
        about.stretch_x.push([area.left(), area.right()]);
    }
    if let Some(area) = named("mapbox-stretch-y").or(both)
        && about.stretch_y.is_empty()
    {
        about.stretch_y.push([area.top(), area.bottom()]);
    }
}

/// Draws a document, `finer` times as fine as the ratio says.
pub(super) fn draw(tree: &usvg::Tree, width: u32, height: u32, ratio: u8, finer: u32) -> image::RgbaImage {
    let mut picture = image::RgbaImage::new(width, height);
    let Some(mut pixmap) = Pixmap::new(width, height) else { return picture };
    let scale = f32::from(ratio) * finer as f32;
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    for (to, from) in picture.pixels_mut().zip(pixmap.pixels()) {
        let straight = from.demultiply();
        to.0 = [straight.red(), straight.green(), straight.blue(), straight.alpha()];
    }
    picture
}
