//! The parameter `subset` of OGC API Maps: `Lat(40:50),Lon(0:20)`, `E(..),N(..)`, `time("2018":"2020")`.

use crate::http::Error;
use crate::query::Interval;
use crate::space::Crs;

/// What `subset` leaves of each axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Subset {
    /// From west to east; an open end is the edge of what there is.
    pub(super) east: Option<[Option<f64>; 2]>,
    /// From south to north.
    pub(super) north: Option<[Option<f64>; 2]>,
    /// When.
    pub(super) time: Option<Interval>,
}

impl Subset {
    /// Reads all values of the parameter. Axes are those of the system `crs`.
    pub(super) fn parse<'a>(texts: impl Iterator<Item = &'a str>, crs: &Crs) -> Result<Self, Error> {
        let mut subset = Self::default();
        for text in texts {
            for (axis, ends) in axes(text)? {
                subset.add(&axis, &ends, text, crs)?;
            }
        }
        Ok(subset)
    }

    /// Whether it is about places.
    pub(super) fn is_spatial(&self) -> bool {
        self.east.is_some() || self.north.is_some()
    }

    fn add(&mut self, axis: &str, ends: &[String], text: &str, crs: &Crs) -> Result<(), Error> {
        let invalid = |reason: String| Error::Invalid(format!("the parameter 'subset' is '{text}': {reason}"));
        let twice = || invalid(format!("the axis '{axis}' is given twice"));
        let (eastern, northern): (&[&str], &[&str]) =
            if crs.is_geographic() { (&["lon", "long"], &["lat"]) } else { (&["e", "x"], &["n", "y"]) };
        let name = axis.to_ascii_lowercase();
        if name == "time" {
            let [from, to] = match ends {
                [instant] => [instant, instant],
                [from, to] => [from, to],
                _ => return Err(invalid("a time is one instant, or two with a colon between them".to_owned())),
            };
            let open = |end: &str| if end == "*" { "..".to_owned() } else { end.to_owned() };
            let written = if from == to { from.clone() } else { format!("{}/{}", open(from), open(to)) };
            let time = Interval::parse(&written).map_err(|error| invalid(error.to_string()))?;
            return if self.time.replace(time).is_some() { Err(twice()) } else { Ok(()) };
        }
        let place = if eastern.contains(&name.as_str()) {
            &mut self.east
        } else if northern.contains(&name.as_str()) {
            &mut self.north
        } else {
            let known = if crs.is_geographic() { "Lat, Lon and time" } else { "E, N and time" };
            return Err(invalid(format!("there is no axis '{axis}'; there are {known}")));
        };
        let number = |end: &String| match end.as_str() {
            "*" => Ok(None),
            end => end.parse().ok().filter(|n: &f64| n.is_finite()).map(Some).ok_or_else(|| {
                invalid(format!("'{end}' is no number; write {axis}(low:high), where * is an open end"))
            }),
        };
        let [low, high] = ends else {
            return Err(invalid(format!("a map has an extent along '{axis}'; write {axis}(low:high)")));
        };
        let range = [number(low)?, number(high)?];
        if place.replace(range).is_some() { Err(twice()) } else { Ok(()) }
    }
}

/// The axes of one value with what stands between their brackets, split at colons outside of quotes.
fn axes(text: &str) -> Result<Vec<(String, Vec<String>)>, Error> {
    let wrong = || {
        Error::Invalid(format!(
            "the parameter 'subset' is '{text}' but must be a comma list of axes, each as Lat(40:50) or time(\"2018\":\"2020\")"
        ))
    };
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (axis, inside) = rest.split_once('(').ok_or_else(wrong)?;
        let (mut ends, mut is_quoted, mut closed) = (vec![String::new()], false, None);
        for (at, character) in inside.char_indices() {
            match character {
                '"' => is_quoted = !is_quoted,
                ':' if !is_quoted => ends.push(String::new()),
                ')' if !is_quoted => {
                    closed = Some(at);
                    break;
                }
                other => ends.last_mut().expect("it begins with one").push(other),
            }
        }
        let closed = closed.ok_or_else(wrong)?;
        let ends: Vec<String> = ends.into_iter().map(|end| end.trim().to_owned()).collect();
        let axis = axis.trim();
        if axis.is_empty() || ends.iter().any(String::is_empty) || found.len() > 8 {
            return Err(wrong());
        }
        found.push((axis.to_owned(), ends));
        rest = inside[closed + 1..].trim_start();
        if let Some(more) = rest.strip_prefix(',') {
            rest = more.trim_start();
            if rest.is_empty() {
                return Err(wrong());
            }
        } else if !rest.is_empty() {
            return Err(wrong());
        }
    }
    if found.is_empty() { Err(wrong()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Subset, Error> {
        Subset::parse(std::iter::once(text), &Crs::Crs84)
    }

    #[test]
    fn axes_are_read_in_any_order_and_case() {
        let subset = parse("Lat(40:50),Lon(0:20)").unwrap();
        assert_eq!(subset, parse("lon(0:20), LAT(40:50)").unwrap());
        assert_eq!((subset.east, subset.north), (Some([Some(0.0), Some(20.0)]), Some([Some(40.0), Some(50.0)])));
        assert_eq!(parse("Lat(*:50)").unwrap().north, Some([None, Some(50.0)]));
        let metres = Subset::parse(["E(1:2)", "N(3:4)"].into_iter(), &Crs::WebMercator).unwrap();
        assert!(metres.is_spatial() && metres.time.is_none());
    }

    #[test]
    fn a_time_may_hold_colons_in_quotes() {
        let subset = parse("time(\"2018-02-12T23:20:50Z\":\"2020\")").unwrap();
        assert_eq!(subset.time, Interval::parse("2018-02-12T23:20:50Z/2020").ok());
        assert_eq!(parse("time(\"2018\")").unwrap().time, Interval::parse("2018").ok());
        assert_eq!(parse("time(*:\"2018\")").unwrap().time, Interval::parse("../2018").ok());
    }

    #[test]
    fn what_is_no_subset_is_refused() {
        for wrong in [
            "",
            "Foo(1:2)",
            "Lat(1)",
            "Lat(1:2",
            "Lat1:2)",
            "Lat(1:2)Lon(1:2)",
            "Lat(1:2),",
            "Lat(a:b)",
            "Lat(1:2:3)",
            "Lat(:)",
            "E(1:2)",
            "Lat(1:2),Lat(1:2)",
            "time(\"x\")",
            "Lat(NaN:1)",
            "(1:2)",
            "Lat(1:2),,Lon(1:2)",
        ] {
            assert!(matches!(parse(wrong), Err(Error::Invalid(_))), "{wrong}");
        }
    }
}
