//! Operators of which `maplibre-expr` knows no rule, since it is the renderer's.

use std::sync::LazyLock;

use maplibre_expr::EvaluationContext;
use maplibre_expr::Expr;
use maplibre_expr::Options;
use maplibre_expr::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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
    for op in ["==", "!=", "<", "<=", ">", ">="] {
        operators.external(op, None, move |args, _| {
            let operands = match args {
                [a, b, collator] => vec![sorted(a, collator), sorted(b, collator)],
                others => others.to_vec(),
            };
            let args = operands.into_iter().map(Expr::Literal).collect();
            maplibre_expr::evaluate(&Expr::Call { op: op.to_owned(), args }, &EvaluationContext::new())
        });
    }
    operators
});

/// A text as a collator sees it: first by its letters without case and marks, then by as much of them as it tells apart. What is
/// no text stays what it is. The rules of single languages are not known.
fn sorted(value: &Value, collator: &Value) -> Value {
    let (Value::String(text), Value::Collator { case_sensitive, diacritic_sensitive, .. }) = (value, collator) else {
        return value.clone();
    };
    let unmarked = |text: &str| text.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>();
    let base = unmarked(text).to_lowercase();
    let rest = match (case_sensitive, diacritic_sensitive) {
        (false, false) => String::new(),
        (false, true) => text.nfc().collect::<String>().to_lowercase(),
        (true, false) => unmarked(text),
        (true, true) => text.nfc().collect(),
    };
    Value::String(format!("{base}\0{rest}"))
}

/// Whether a letter is drawn as one glyph, whatever stands beside it, or as one of few forms that have code points of their own.
/// The specification names the Indic scripts as those that are not; the blocks are those for which MapLibre answers so, whatever
/// fonts there are, so that a style shows the same text everywhere: Devanagari to Sinhala, Tibetan and Myanmar, Khmer.
fn is_supported(c: char) -> bool {
    !matches!(u32::from(c), 0x0900..=0x0dff | 0x0f00..=0x109f | 0x1780..=0x17ff)
}
