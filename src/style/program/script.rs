//! Operators of which `maplibre-expr` knows no rule, since it is the renderer's.

use std::sync::LazyLock;

use maplibre_expr::Options;
use maplibre_expr::Value;

/// What `maplibre-expr` shall call for them.
pub static OPERATORS: LazyLock<Options> = LazyLock::new(|| {
    let mut operators = Options::new();
    operators.external("is-supported-script", 1, |args, _| {
        let text = match args {
            [Value::String(text)] => text.as_str(),
            _ => "",
        };
        Ok(Value::Bool(text.chars().all(is_supported)))
    });
    operators
});

/// Whether a letter is drawn as one glyph, whatever stands beside it, or as one of few forms that have code points of their own.
/// The specification names the Indic scripts as those that are not; the blocks are those for which MapLibre answers so, whatever
/// fonts there are, so that a style shows the same text everywhere: Devanagari to Sinhala, Tibetan and Myanmar, Khmer.
fn is_supported(c: char) -> bool {
    !matches!(u32::from(c), 0x0900..=0x0dff | 0x0f00..=0x109f | 0x1780..=0x17ff)
}
