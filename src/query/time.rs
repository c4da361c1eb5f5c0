//! Instants and intervals of time.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A closed interval of time in nanoseconds since 1970-01-01T00:00:00Z, either end of which may be open.
///
/// An instant is an interval with equal ends; a day, a month and a year are the intervals that they cover, ending at
/// their last nanosecond. Years beyond what [`Timestamp`] covers (-9999 to 9999) do not occur in either notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    pub(super) start: i128,
    pub(super) end: i128,
}

/// Why a text is no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTime {
    /// It is neither a date-time nor an interval of them.
    #[error(
        "'{0}' is not a date-time (2018-02-12T23:20:52Z), a date (2018-02-12, 2018-02, 2018), or an interval of them (A/B, ../B, A/..)"
    )]
    Syntax(String),
    /// What stands behind an interval is no period.
    #[error("'{0}' is not a period such as P1D, P1M or PT5S")]
    Period(String),
    /// A list is too long.
    #[error("the times stand for more than {0} intervals, which is the most")]
    Long(usize),
    /// The interval ends before it starts, or both ends are open.
    #[error("the interval '{0}' {1}")]
    Interval(String, &'static str),
}

impl Interval {
    /// From the beginning to the end of time.
    pub const ALWAYS: Self = Self { start: i128::MIN, end: i128::MAX };

    /// Reads the parameter `datetime` (OGC API Features, 7.15.4): an instant or an interval of RFC 3339 date-times, where
    /// an open end is `..` or empty, and where dates, months and years stand for all of their time.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let syntax = || InvalidTime::Syntax(text.to_owned());
        let Some((from, to)) = text.split_once('/') else {
            return Self::instant(text).ok_or_else(syntax);
        };
        let open = |end: &str| end.is_empty() || end == "..";
        if open(from) && open(to) {
            return Err(InvalidTime::Interval(text.to_owned(), "is open at both ends"));
        }
        let start = if open(from) { i128::MIN } else { Self::instant(from).ok_or_else(syntax)?.start };
        let end = if open(to) { i128::MAX } else { Self::instant(to).ok_or_else(syntax)?.end };
        if start > end {
            return Err(InvalidTime::Interval(text.to_owned(), "ends before it starts"));
        }
        Ok(Self { start, end })
    }

    /// Reads one date-time with its offset from UTC, or a day, month or year of UTC.
    pub fn instant(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<i16> {
            let part = bytes.get(range)?;
            part.iter().all(u8::is_ascii_digit).then(|| part.iter().fold(0, |n, b| n * 10 + i16::from(b - b'0')))
        };
        let year = digits(0..4)?;
        if bytes.len() == 4 {
            return Some(Self::between(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?));
        }
        let month = digits(5..7).filter(|_| bytes[4] == b'-')? as i8;
        if bytes.len() == 7 {
            let first = Date::new(year, month, 1).ok()?;
            return Some(Self::between(first, first.last_of_month()));
        }
        let day = digits(8..10).filter(|_| bytes[7] == b'-')? as i8;
        let date = Date::new(year, month, day).ok()?;
        if bytes.len() == 10 {
            return Some(Self::between(date, date));
        }
        // RFC 3339, 5.6 demands seconds and an offset, which the parser below would forgive.
        let (time, offset) = split_offset(text.get(11..)?)?;
        if !matches!(bytes[10], b'T' | b't') || !is_time(time) {
            return None;
        }
        let offset = if offset.eq_ignore_ascii_case("z") { "Z" } else { offset };
        let stamp: Timestamp = format!("{date}T{time}{offset}").parse().ok()?;
        Some(Self { start: stamp.as_nanosecond(), end: stamp.as_nanosecond() })
    }

    /// Reads the instant that a property of a feature holds. More is allowed than in a request: a date-time without offset, as
    /// databases export them, is one of UTC, and a blank may stand for the `T`.
    pub fn stored(text: &str) -> Option<Self> {
        Self::instant(text).or_else(|| {
            let (date, time) = text.split_at_checked(10)?;
            let time = time.strip_prefix(['T', 't', ' '])?;
            Self::instant(&format!("{date}T{time}")).or_else(|| Self::instant(&format!("{date}T{time}Z")))
        })
    }

    /// First and last nanosecond since 1970; the smallest and the largest number where an end is open.
    pub fn bounds(&self) -> [i128; 2] {
        [self.start, self.end]
    }

    /// The interval of such [`bounds`](Self::bounds).
    pub fn of_bounds([start, end]: [i128; 2]) -> Self {
        Self { start, end }
    }

    /// Before all other instants.
    pub(super) const BEGINNING: Self = Self { start: i128::MIN, end: i128::MIN };

    /// After all other instants.
    pub(super) const END: Self = Self { start: i128::MAX, end: i128::MAX };

    /// A day of UTC.
    pub(super) fn day(date: Date) -> Self {
        Self::between(date, date)
    }

    /// A moment.
    pub(super) fn moment(stamp: Timestamp) -> Self {
        Self { start: stamp.as_nanosecond(), end: stamp.as_nanosecond() }
    }

    /// Its first nanosecond since 1970; `None` when it has no start.
    pub fn first_moment(&self) -> Option<i128> {
        (self.start != i128::MIN).then_some(self.start)
    }

    /// The time from the start of one interval to the end of the other.
    pub fn from_to(from: Option<Self>, to: Option<Self>) -> Self {
        Self { start: from.map_or(i128::MIN, |from| from.start), end: to.map_or(i128::MAX, |to| to.end) }
    }

    fn between(first: Date, last: Date) -> Self {
        let midnight = |date: Date| date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_nanosecond());
        let start = midnight(first).unwrap_or(i128::MIN);
        let end = last.tomorrow().and_then(midnight).map_or(i128::MAX, |next| next - 1);
        Self { start, end }
    }

    /// Whether the two have a moment in common.
    pub fn intersects(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The shortest interval that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The ends as RFC 3339 date-times in UTC; `None` where open.
    pub fn ends(&self) -> [Option<String>; 2] {
        let text = |nanoseconds: i128| Timestamp::from_nanosecond(nanoseconds).ok().map(|stamp| stamp.to_string());
        [text(self.start), text(self.end)]
    }
}

/// Splits `12:00:00.5+01:00` before its offset.
fn split_offset(text: &str) -> Option<(&str, &str)> {
    let at = text.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = text.split_at(at);
    let numeric = offset.len() == 6 && offset.as_bytes()[3] == b':';
    (numeric || offset.eq_ignore_ascii_case("z")).then_some((time, offset))
}

/// Whether the text is `HH:MM:SS` with an optional fraction.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let fraction =
        bytes.len() == 8 || (bytes.len() > 9 && bytes[8] == b'.' && bytes[9..].iter().all(u8::is_ascii_digit));
    fraction && [0, 1, 3, 4, 6, 7].into_iter().all(digit) && bytes[2] == b':' && bytes[5] == b':'
}

impl fmt::Display for Interval {
    /// The canonical form: equal intervals give equal texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [start, end] = self.ends();
        write!(f, "{}/{}", start.as_deref().unwrap_or(".."), end.as_deref().unwrap_or(".."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_months_are_intervals() {
        assert_eq!(Interval::parse("1941").unwrap().to_string(), "1941-01-01T00:00:00Z/1941-12-31T23:59:59.999999999Z");
        assert_eq!(
            Interval::parse("1916-11").unwrap().to_string(),
            "1916-11-01T00:00:00Z/1916-11-30T23:59:59.999999999Z"
        );
        assert!(Interval::parse("1941").unwrap().intersects(&Interval::parse("1941-07-01T00:00:00Z").unwrap()));
        assert!(!Interval::parse("1941").unwrap().intersects(&Interval::parse("1942/..").unwrap()));
    }

    #[test]
    fn all_forms_of_the_standard_are_read() {
        let forms = [
            "2018-02-12T23:20:52Z",
            "2018-02-12t23:20:52.5z",
            "2018-02-12T23:20:52+01:00",
            "2018-02-12T00:00:00Z/2018-03-18T12:31:12Z",
            "../2018-03-18T12:31:12Z",
            "2018-02-12T00:00:00Z/..",
            "/2018-03-18T12:31:12Z",
            "2018-02-12T00:00:00Z/",
        ];
        for form in forms {
            assert!(Interval::parse(form).is_ok(), "{form}");
        }
        let utc = Interval::parse("2018-02-12T23:20:52+01:00").unwrap();
        assert_eq!(utc, Interval::parse("2018-02-12T22:20:52Z").unwrap());
    }

    #[test]
    fn what_databases_store_is_of_utc_unless_it_says_otherwise() {
        let utc = Interval::instant("2022-04-16T10:13:19Z");
        assert_eq!(Interval::stored("2022-04-16T10:13:19"), utc);
        assert_eq!(Interval::stored("2022-04-16 10:13:19"), utc);
        assert_eq!(Interval::stored("2022-04-16 12:13:19+02:00"), utc);
        assert_eq!(Interval::stored("2022-04-16"), Interval::instant("2022-04-16"));
        assert_eq!(Interval::stored("2022-04-16T10"), None);
    }

    #[test]
    fn anything_else_is_refused() {
        let wrong = [
            "",
            "foo",
            "2018-13-45T00:00:00Z",
            "2018-02-12T00:00:00",
            "2018-02-12T00:00Z",
            "2018-02-12T00:00:00Z/foo",
            "2018-02-12T00:00:00Z/2018-02-13T00:00:00Z/2018-02-14T00:00:00Z",
            "2020-01-01T00:00:00Z/2019-01-01T00:00:00Z",
            "../..",
            "/",
            "201",
            "2018-2",
            "2018-02-30",
            "2018-02-12T23:20:52+0100",
            "２０１８",
        ];
        for text in wrong {
            assert!(Interval::parse(text).is_err(), "{text}");
        }
    }
}
