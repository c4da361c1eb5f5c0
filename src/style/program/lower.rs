//! From the typed tree of `maplibre-expr` to a program.

use maplibre_expr::EvaluationContext;
use maplibre_expr::Expr;
use maplibre_expr::Type;
use maplibre_expr::Value;

use super::node::Arithmetic;
use super::node::Comparison;
use super::node::Conversion;
use super::node::Curve;
use super::node::Node;
use super::script::OPERATORS;

/// Lowers an expression; `None` when some part of it has no lowered form, such as variables, images, formatted text or
/// distances, and `maplibre-expr` shall evaluate it as a whole.
pub fn lower(tree: &Expr) -> Option<Node> {
    let node = match tree {
        Expr::Literal(value) => Node::Constant(value.clone()),
        Expr::Call { op, args } => call(op, args)?,
        Expr::Match { input, arms, default } => {
            let arms = arms.iter().map(|(labels, output)| Some((labels.clone(), lower(output)?)));
            Node::Match(Box::new(lower(input)?), arms.collect::<Option<_>>()?, Box::new(lower(default)?))
        }
        Expr::Step { input, output0, stops } => {
            Node::Step(Box::new(lower(input)?), Box::new(lower(output0)?), lower_stops(stops)?)
        }
        Expr::Interpolate { kind, space, input, stops, projection: false } if !stops.is_empty() => {
            let (kind, space) = (*kind, *space);
            Node::Interpolate(Box::new(Curve { kind, space, input: lower(input)?, stops: lower_stops(stops)? }))
        }
        Expr::Assert(kind, inner) => Node::Assert(kind.clone(), vec![lower(inner)?]),
        Expr::Coerce(kind, inner) => Node::Coerce(kind.clone(), Box::new(lower(inner)?)),
        _ => return None,
    };
    Some(node.folded())
}

fn lower_stops(stops: &[(f64, Expr)]) -> Option<Vec<(f64, Node)>> {
    stops.iter().map(|(stop, output)| Some((*stop, lower(output)?))).collect()
}

fn lower_all(trees: &[Expr]) -> Option<Vec<Node>> {
    trees.iter().map(lower).collect()
}

fn lower_pair(trees: &[Expr]) -> Option<Box<[Node; 2]>> {
    match trees {
        // A third argument compares by the rules of a language.
        [a, b] => Some(Box::new([lower(a)?, lower(b)?])),
        _ => None,
    }
}

fn call(op: &str, args: &[Expr]) -> Option<Node> {
    let order = |comparison| Some(Node::Order(comparison, lower_pair(args)?));
    let fold = |arithmetic| (!args.is_empty()).then_some(Node::Fold(arithmetic, lower_all(args)?));
    let assert = |kind| Some(Node::Assert(kind, lower_all(args)?));
    match (op, args.len()) {
        ("get", 1) => name(&args[0]).map(Node::Get),
        ("has", 1) => name(&args[0]).map(Node::Has),
        ("zoom", _) => Some(Node::Zoom),
        ("heatmap-density" | "line-progress" | "elevation", _) => Some(Node::Ramp),
        ("id", _) => Some(Node::Id),
        ("geometry-type", _) => Some(Node::GeometryType),
        ("!", 1) => Some(Node::Not(Box::new(lower(&args[0])?))),
        ("all", _) => Some(Node::All(lower_all(args)?)),
        ("any", _) => Some(Node::Any(lower_all(args)?)),
        ("case", _) => {
            let (default, cases) = args.split_last()?;
            let (cases, []) = cases.as_chunks::<2>() else { return None };
            let cases = cases.iter().map(|[condition, output]| Some((lower(condition)?, lower(output)?)));
            Some(Node::Case(cases.collect::<Option<_>>()?, Box::new(lower(default)?)))
        }
        ("coalesce", _) => Some(Node::Coalesce(lower_all(args)?)),
        ("==", _) => Some(Node::Equal(lower_pair(args)?, true)),
        ("!=", _) => Some(Node::Equal(lower_pair(args)?, false)),
        ("<", _) => order(Comparison::Less),
        ("<=", _) => order(Comparison::AtMost),
        (">", _) => order(Comparison::More),
        (">=", _) => order(Comparison::AtLeast),
        ("+", _) => fold(Arithmetic::Sum),
        ("-", 2) => fold(Arithmetic::Difference),
        ("*", _) => fold(Arithmetic::Product),
        ("/", 2) => fold(Arithmetic::Quotient),
        ("min", _) => fold(Arithmetic::Least),
        ("max", _) => fold(Arithmetic::Greatest),
        ("in", 2) => {
            let (needle, list) = (lower(&args[0])?, lower(&args[1])?);
            Some(match list {
                Node::Constant(Value::Array(items)) => Node::Among(Box::new(needle), items),
                list => Node::Call(op.to_owned(), vec![needle, list]),
            })
        }
        ("typeof", 1) => Some(Node::TypeOf(Box::new(lower(&args[0])?))),
        ("to-boolean", 1) => Some(Node::Coerce(Type::Boolean, Box::new(lower(&args[0])?))),
        ("to-string", 1) => Some(Node::Coerce(Type::String, Box::new(lower(&args[0])?))),
        ("to-number", _) => Some(Node::Convert(Conversion::Number, lower_all(args)?)),
        ("to-color", _) => Some(Node::Convert(Conversion::Color, lower_all(args)?)),
        ("number", _) => assert(Type::Number),
        ("string", _) => assert(Type::String),
        ("boolean", _) => assert(Type::Boolean),
        (op, _) if READS_ONLY_ARGUMENTS.contains(&op) => Some(Node::Call(op.to_owned(), lower_all(args)?)),
        _ => None,
    }
}

/// Operators that evaluate all of their arguments and look at nothing else.
const READS_ONLY_ARGUMENTS: &[&str] = &[
    "at",
    "index-of",
    "length",
    "slice",
    "-",
    "%",
    "^",
    "abs",
    "ceil",
    "floor",
    "round",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "ln",
    "log2",
    "log10",
    "e",
    "pi",
    "ln2",
    "concat",
    "upcase",
    "downcase",
    "join",
    "split",
    "to-rgba",
    "rgb",
    "rgba",
    "is-supported-script",
];

/// The name of a property that is written out.
fn name(tree: &Expr) -> Option<String> {
    match lower(tree)? {
        Node::Constant(Value::String(name)) => Some(name),
        _ => None,
    }
}

/// What `maplibre-expr` makes of an expression that reads nothing.
pub fn judge(tree: &Expr) -> Option<Value> {
    maplibre_expr::evaluate_with(tree, &EvaluationContext::new(), &OPERATORS).ok()
}
