//! The lowered tree.

use maplibre_expr::InterpKind;
use maplibre_expr::InterpSpace;
use maplibre_expr::Type;
use maplibre_expr::Value;

/// A step of a program.
#[derive(Clone, Debug)]
pub enum Node {
    /// The same for all.
    Constant(Value),
    /// It cannot be computed, and with it what is computed from it.
    Fails,
    /// `["zoom"]`.
    Zoom,
    /// `["heatmap-density"]`, `["line-progress"]` or `["elevation"]`.
    Ramp,
    /// `["id"]`.
    Id,
    /// `["geometry-type"]`.
    GeometryType,
    /// A property, by its name.
    Get(String),
    /// Whether there is a property.
    Has(String),
    /// A property, by its place.
    GetAt(u32),
    /// Whether there is a property at a place.
    HasAt(u32),
    /// True turned round.
    Not(Box<Node>),
    /// Whether all count as true.
    All(Vec<Node>),
    /// Whether any counts as true.
    Any(Vec<Node>),
    /// Conditions with their outcomes, and what else.
    Case(Vec<(Node, Node)>, Box<Node>),
    /// The first that is not null.
    Coalesce(Vec<Node>),
    /// Whether two are equal, or, with `false`, are not.
    Equal(Box<[Node; 2]>, bool),
    /// Whether two of a kind are in an order.
    Order(Comparison, Box<[Node; 2]>),
    /// Labels with their outcomes, and what else.
    Match(Box<Node>, Vec<(Vec<Value>, Node)>, Box<Node>),
    /// The outcome of the last stop that is reached.
    Step(Box<Node>, Box<Node>, Vec<(f64, Node)>),
    /// A curve through stops.
    Interpolate(Box<Curve>),
    /// The outcome of a stop that was reached, where text means a colour.
    Stop(Box<Node>),
    /// Two values blended by a share that is known.
    Mix(f64, InterpSpace, Box<[Node; 2]>),
    /// Numbers become one.
    Fold(Arithmetic, Vec<Node>),
    /// The first of a type.
    Assert(Type, Vec<Node>),
    /// Made into a type.
    Coerce(Type, Box<Node>),
    /// The first that can be made into a number or a colour.
    Convert(Conversion, Vec<Node>),
    /// Whether it is one of a list.
    Among(Box<Node>, Vec<Value>),
    /// The name of its type.
    TypeOf(Box<Node>),
    /// Any other operator that reads nothing but its arguments.
    Call(String, Vec<Node>),
}

/// `to-number` and `to-color`.
#[derive(Clone, Copy, Debug)]
pub enum Conversion {
    /// `to-number`
    Number,
    /// `to-color`
    Color,
}

/// `["interpolate", ...]`.
#[derive(Clone, Debug)]
pub struct Curve {
    /// How it bends between stops.
    pub kind: InterpKind,
    /// What colours are blended in.
    pub space: InterpSpace,
    /// What is looked up.
    pub input: Node,
    /// In ascending order; at least one.
    pub stops: Vec<(f64, Node)>,
}

/// `<`, `<=`, `>` and `>=`.
#[derive(Clone, Copy, Debug)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// `+`, `-`, `*`, `/`, `min` and `max`.
#[derive(Clone, Copy, Debug)]
pub enum Arithmetic {
    /// `+`
    Sum,
    /// `-` of two
    Difference,
    /// `*`
    Product,
    /// `/`
    Quotient,
    /// `min`
    Least,
    /// `max`
    Greatest,
}
