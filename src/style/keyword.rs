//! The closed sets of words that properties choose from.

use super::value::StyleValue;

macro_rules! keywords {
    ($($(#[$doc:meta])* $name:ident { $($word:literal => $variant:ident,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum $name {
                $(#[doc = concat!("`", $word, "`")] $variant,)+
            }

            impl StyleValue for $name {
                fn from_value(value: &maplibre_expr::Value) -> Option<Self> {
                    match value.as_str()? {
                        $($word => Some(Self::$variant),)+
                        _ => None,
                    }
                }
            }
        )+
    };
}

keywords! {
    /// Whether a layer is drawn.
    Visibility { "visible" => Visible, "none" => None, }
    /// What a translation turns with.
    TranslateAnchor { "map" => Map, "viewport" => Viewport, }
    /// What something is aligned with.
    Alignment { "map" => Map, "viewport" => Viewport, "viewport-glyph" => ViewportGlyph, "auto" => Auto, }
    /// How a line ends.
    LineCap { "butt" => Butt, "round" => Round, "square" => Square, }
    /// How the pieces of a line meet.
    LineJoin { "bevel" => Bevel, "round" => Round, "miter" => Miter, }
    /// How an image is enlarged.
    Resampling { "linear" => Linear, "nearest" => Nearest, }
    /// How slopes are lit.
    HillshadeMethod {
        "standard" => Standard, "basic" => Basic, "combined" => Combined, "igor" => Igor,
        "multidirectional" => Multidirectional,
    }
    /// Where on a geometry symbols stand.
    SymbolPlacement { "point" => Point, "line" => Line, "line-center" => LineCenter, }
    /// In which order symbols overlap.
    SymbolZOrder { "auto" => Auto, "viewport-y" => ViewportY, "source" => Source, }
    /// Whether symbols may lie over others.
    Overlap { "never" => Never, "always" => Always, "cooperative" => Cooperative, }
    /// Which part of a label lies on its anchor.
    Anchor {
        "center" => Center, "left" => Left, "right" => Right, "top" => Top, "bottom" => Bottom,
        "top-left" => TopLeft, "top-right" => TopRight, "bottom-left" => BottomLeft, "bottom-right" => BottomRight,
    }
    /// How lines of text are set against each other.
    Justify { "auto" => Auto, "left" => Left, "center" => Center, "right" => Right, }
    /// A change of case.
    TextTransform { "none" => None, "uppercase" => Uppercase, "lowercase" => Lowercase, }
    /// A direction of writing.
    WritingMode { "horizontal" => Horizontal, "vertical" => Vertical, }
    /// Along which axes an icon is stretched around its text.
    TextFit { "none" => None, "width" => Width, "height" => Height, "both" => Both, }
    /// Where a section stands in its line.
    VerticalAlign { "bottom" => Bottom, "center" => Center, "top" => Top, }
}
