//! The operators of CQL2 and their names in JSON (OGC 21-065r2, annex B); in text they are the same, in capitals.

/// What is done with operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// All conditions are met.
    And,
    /// At least one condition is met.
    Or,
    /// The condition is not met.
    Not,
    /// Two values compare so.
    Compare(Comparison),
    /// A text has a pattern of `%`, `_` and `\`.
    Like,
    /// A value lies between two others, both included.
    Between,
    /// A value is one of a list.
    In,
    /// There is no value.
    IsNull,
    /// The text without regard to case.
    Casei,
    /// The text without its accents.
    Accenti,
    /// A number from two others.
    Arithmetic(Arithmetic),
    /// Two geometries stand so (OGC 06-103r4, 6.1.15).
    Spatial(Spatial),
    /// Two instants or intervals stand so.
    Temporal(Temporal),
    /// Two arrays, taken as sets, stand so.
    Array(ArrayRelation),
}

macro_rules! named {
    ($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[$doc])* $variant,)* }

        impl $kind {
            /// Each of them once.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

named! {
    /// How two values compare.
    Comparison {
        /// The same.
        Equal = "=",
        /// Not the same.
        NotEqual = "<>",
        /// Smaller.
        Less = "<",
        /// Not greater.
        LessEqual = "<=",
        /// Greater.
        Greater = ">",
        /// Not smaller.
        GreaterEqual = ">=",
    }
}

named! {
    /// How a number is made of two others.
    Arithmetic {
        /// Sum.
        Add = "+",
        /// Difference.
        Subtract = "-",
        /// Product.
        Multiply = "*",
        /// Quotient, with its fraction.
        Divide = "/",
        /// Rest of the division, with the sign of the dividend.
        Modulo = "%",
        /// Quotient without its fraction.
        IntegerDivide = "div",
        /// Power.
        Power = "^",
    }
}

named! {
    /// How two geometries stand to each other.
    Spatial {
        /// They share a point.
        Intersects = "s_intersects",
        /// They are the same set of points.
        Equals = "s_equals",
        /// They share no point.
        Disjoint = "s_disjoint",
        /// They share points, but none of their interiors.
        Touches = "s_touches",
        /// The first lies in the second.
        Within = "s_within",
        /// They share some of their points, and what they share has their dimension.
        Overlaps = "s_overlaps",
        /// They share some of their points, and what they share has a smaller dimension.
        Crosses = "s_crosses",
        /// The second lies in the first.
        Contains = "s_contains",
    }
}

named! {
    /// How two instants or intervals stand to each other (J. F. Allen, 1983).
    Temporal {
        /// The first starts when the second is over.
        After = "t_after",
        /// The first is over when the second starts.
        Before = "t_before",
        /// The first starts earlier and ends later.
        Contains = "t_contains",
        /// They share no moment.
        Disjoint = "t_disjoint",
        /// The first starts later and ends earlier.
        During = "t_during",
        /// They start and end together.
        Equals = "t_equals",
        /// The first starts earlier, and they end together.
        FinishedBy = "t_finishedBy",
        /// The first starts later, and they end together.
        Finishes = "t_finishes",
        /// They share a moment.
        Intersects = "t_intersects",
        /// The second starts at the end of the first.
        Meets = "t_meets",
        /// The first starts at the end of the second.
        MetBy = "t_metBy",
        /// The first starts within the second and ends later.
        OverlappedBy = "t_overlappedBy",
        /// The first starts earlier and ends within the second.
        Overlaps = "t_overlaps",
        /// They start together, and the first ends later.
        StartedBy = "t_startedBy",
        /// They start together, and the first ends earlier.
        Starts = "t_starts",
    }
}

named! {
    /// How two arrays, taken as sets, stand to each other.
    ArrayRelation {
        /// They have the same elements.
        Equals = "a_equals",
        /// The first has all elements of the second.
        Contains = "a_contains",
        /// The second has all elements of the first.
        ContainedBy = "a_containedBy",
        /// They have an element in common.
        Overlaps = "a_overlaps",
    }
}

impl Operator {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::Not => "not",
            Self::Compare(comparison) => comparison.name(),
            Self::Like => "like",
            Self::Between => "between",
            Self::In => "in",
            Self::IsNull => "isNull",
            Self::Casei => "casei",
            Self::Accenti => "accenti",
            Self::Arithmetic(arithmetic) => arithmetic.name(),
            Self::Spatial(spatial) => spatial.name(),
            Self::Temporal(temporal) => temporal.name(),
            Self::Array(array) => array.name(),
        }
    }

    /// Every operator once.
    pub fn all() -> impl Iterator<Item = Self> {
        let plain = [
            Self::And,
            Self::Or,
            Self::Not,
            Self::Like,
            Self::Between,
            Self::In,
            Self::IsNull,
            Self::Casei,
            Self::Accenti,
        ];
        plain
            .into_iter()
            .chain(Comparison::ALL.iter().copied().map(Self::Compare))
            .chain(Arithmetic::ALL.iter().copied().map(Self::Arithmetic))
            .chain(Spatial::ALL.iter().copied().map(Self::Spatial))
            .chain(Temporal::ALL.iter().copied().map(Self::Temporal))
            .chain(ArrayRelation::ALL.iter().copied().map(Self::Array))
    }

    /// The operator with a name, whatever its case.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|operator| operator.name().eq_ignore_ascii_case(name))
    }

    /// Least and largest number of its operands.
    pub const fn arity(self) -> (usize, usize) {
        match self {
            Self::And | Self::Or => (2, usize::MAX),
            Self::Not | Self::IsNull | Self::Casei | Self::Accenti => (1, 1),
            Self::Between => (3, 3),
            _ => (2, 2),
        }
    }

    /// Whether text writes it as a name with operands in parentheses.
    pub const fn is_call(self) -> bool {
        matches!(self, Self::Casei | Self::Accenti | Self::Spatial(_) | Self::Temporal(_) | Self::Array(_))
    }

    /// Whether its result is true, false or unknown.
    pub const fn is_condition(self) -> bool {
        !matches!(self, Self::Casei | Self::Accenti | Self::Arithmetic(_))
    }
}

impl Comparison {
    /// The same comparison with its operands changed round: `a < b` is `b > a`.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
        }
    }

    /// Whether values in this order compare so.
    pub const fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }
}

impl Spatial {
    /// The same relation with its operands changed round.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            _ => self,
        }
    }
}
