//! Times as WMS and WMTS write them (OGC 06-042, annexes C and D).

use jiff::Timestamp;

use crate::catalog::Collection;
use crate::config::Limits;
use crate::query::Interval;
use crate::query::TimeSet;

/// When the features of a layer are, from the first to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Times {
    /// The beginning: a day, or a moment.
    pub(in crate::http) from: String,
    /// The end; the present for features that have none.
    pub(in crate::http) until: String,
    /// The finest step that makes a difference, as a duration of ISO 8601.
    pub(in crate::http) step: &'static str,
}

impl Times {
    /// Those of a collection; `None` when its features have no times, or no beginning.
    pub(in crate::http) fn of(collection: &Collection) -> Option<Self> {
        Self::between(collection.snapshot().time_extent()?, Timestamp::now())
    }

    fn between(extent: Interval, now: Timestamp) -> Option<Self> {
        let [from, until] = extent.ends();
        let from = from?;
        let until = until.unwrap_or_else(|| now.to_string()).max(from.clone());
        let day = |text: &str| text.get(..10).map(str::to_owned);
        // A day is written without its hours, and one that ends is the day on which it does.
        let is_days = from.ends_with("T00:00:00Z");
        if is_days && let (Some(from), Some(until)) = (day(&from), day(&until)) {
            return Some(Self { from, until, step: "P1D" });
        }
        let second = |text: &str| format!("{}Z", text.split(['.', 'Z']).next().unwrap_or(text));
        Some(Self { from: second(&from), until: second(&until), step: "PT1S" })
    }

    /// All of it: `from/until`.
    pub(in crate::http) fn all(&self) -> String {
        format!("{}/{}", self.from, self.until)
    }
}

/// Reads the times that a request asks for: a list of instants, days, months, years, and of intervals with or without a period
/// (OGC 06-042, annex D), with `current` for now. `None` for `default`, which is all times.
///
/// # Errors
/// What is wrong, as a sentence.
pub(in crate::http) fn asked(text: &str, limits: &Limits) -> Result<Option<TimeSet>, String> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("default") {
        return Ok(None);
    }
    TimeSet::parse(text, Timestamp::now(), limits.filter_nodes).map(Some).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(text: &str) -> Option<Times> {
        Times::between(Interval::parse(text).unwrap(), "2026-11-22T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn days_are_days_and_moments_are_seconds() {
        let days = between("1434/1950-04").unwrap();
        assert_eq!((days.all().as_str(), days.step), ("1434-01-01/1950-04-30", "P1D"));
        let open = between("1434/..").unwrap();
        assert_eq!(open.until, "2026-11-22");
        let moments = between("2018-02-12T23:20:52.5Z/2018-02-13T00:00:00Z").unwrap();
        assert_eq!((moments.all().as_str(), moments.step), ("2018-02-12T23:20:52Z/2018-02-13T00:00:00Z", "PT1S"));
        assert_eq!(between("../1950"), None);
    }

    #[test]
    fn requests_name_instants_intervals_and_the_present() {
        let read = |text: &str| asked(text, &Limits::default()).unwrap();
        assert_eq!(read("1949"), Interval::parse("1949").ok().map(TimeSet::from));
        assert_eq!(read("1949/1950/P1D"), Interval::parse("1949/1950").ok().map(TimeSet::from));
        assert_eq!((read("default"), read("")), (None, None));
        assert!(read("current").is_some() && read("1949/current").is_some() && read("1949,1950").is_some());
        for wrong in ["soon", "1950/1949", "1/2/3/4", "1949/1950/x", "../.."] {
            assert!(asked(wrong, &Limits::default()).is_err(), "{wrong}");
        }
    }
}
