//! The parameter `subset`, by which tiles are selected in time (OGC 20-057, 13; the axes of space are those of tiles).

use crate::http::Error;
use crate::http::Kind;
use crate::http::Parameter;
use crate::http::Params;
use crate::query::Interval;

pub(super) fn parameter() -> Parameter {
    let about = "Only features at this time, as datetime selects them: time(\"1941\") or time(\"1941-05-01\":\"1945\"), \
                 with * for an open end.";
    Parameter::new("subset", Kind::Text, about)
}

/// The time that `subset` selects.
pub(super) fn time(params: &Params) -> Result<Option<Interval>, Error> {
    let Some(text) = params.text("subset") else { return Ok(None) };
    if params.time("datetime").is_some() {
        return Err(Error::Invalid("the parameters 'datetime' and 'subset' both select by time; give one".to_owned()));
    }
    let wrong = |why: &str| Error::Invalid(format!("the parameter 'subset' is '{text}', {why}"));
    let shape = || wrong("but must look like time(\"1941-05-01\":\"1945\")");
    let (axis, rest) = text.trim().split_once('(').ok_or_else(shape)?;
    if !axis.eq_ignore_ascii_case("time") {
        return Err(wrong("but tiles have no axis to be selected by except time"));
    }
    let written = read(rest.strip_suffix(')').ok_or_else(shape)?).ok_or_else(shape)?;
    Interval::parse(&written).map(Some).map_err(|error| wrong(&format!("whose time is wrong: {error}")))
}

/// What is between the brackets, as `datetime` writes it.
fn read(text: &str) -> Option<String> {
    let (from, rest) = end(text)?;
    match rest.strip_prefix(':') {
        None => rest.is_empty().then_some(from),
        Some(rest) => {
            let (until, rest) = end(rest)?;
            rest.is_empty().then(|| format!("{from}/{until}"))
        }
    }
}

/// One end and what follows it; a time of day has colons and stands in quotes.
fn end(text: &str) -> Option<(String, &str)> {
    let (end, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let end = if end == "*" { ".." } else { end };
    (!end.is_empty() && !end.contains('/')).then(|| (end.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Option<Interval>, Error> {
        let datetime = Parameter::new("datetime", Kind::Time, "");
        time(&Params::parse(query, &[parameter(), datetime], &[])?)
    }

    #[test]
    fn a_subset_of_time_is_an_instant_or_an_interval() {
        for (subset, datetime) in [
            ("time(\"1941\")", "1941"),
            ("time(1941-05-01)", "1941-05-01"),
            ("Time(\"1941\":\"1945-05-08T12:00:00Z\")", "1941/1945-05-08T12:00:00Z"),
            ("time(*:\"1945\")", "../1945"),
            ("time(1941:*)", "1941/.."),
        ] {
            assert_eq!(
                asked(&format!("subset={subset}")).unwrap(),
                Some(Interval::parse(datetime).unwrap()),
                "{subset}"
            );
        }
        assert_eq!(asked("").unwrap(), None);
    }

    #[test]
    fn other_axes_and_other_shapes_are_refused() {
        for subset in [
            "Lat(1:2)",
            "time",
            "time(",
            "time()",
            "time(\"1941)",
            "time(1941:1942:1943)",
            "time(soon)",
            "time(1941/1942)",
        ] {
            assert!(matches!(asked(&format!("subset={subset}")), Err(Error::Invalid(_))), "{subset}");
        }
        assert!(asked("subset=time(1941)&datetime=1941").is_err());
    }
}
