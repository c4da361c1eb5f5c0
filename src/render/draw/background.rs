//! `background` layers.

use super::pattern::Pattern;
use crate::render::Canvas;
use crate::render::scene::Frame;
use crate::style::Background;
use crate::style::Diagnostic;

/// Covers everything.
pub fn background(canvas: &mut Canvas, frame: &Frame<'_>, style: &Background, diagnostics: &mut Vec<Diagnostic>) {
    let context = frame.paint();
    let opacity = style.opacity.evaluate(&context).clamp(0.0, 1.0);
    let (width, height) = (canvas.width(), canvas.height());
    if let Some(name) = style.pattern.evaluate(&frame.layout()) {
        let Some(pattern) = Pattern::find(&name, frame, diagnostics) else { return };
        for y in 0..height {
            for x in 0..width {
                canvas.blend(x, y, pattern.at(x, y, [0.0, 0.0]).map(|channel| channel * opacity as f32));
            }
        }
        return;
    }
    let color = style.color.evaluate(&context).faded(opacity).premultiplied();
    (0..height).for_each(|y| canvas.blend_run(y, 0, width, color));
}
