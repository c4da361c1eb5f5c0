//! Several times, any of which may be met.

use std::fmt;

use jiff::Span;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Interval;
use super::InvalidTime;

/// Instants and intervals in nanoseconds since 1970, and what repeats between two ends. The intervals are apart from one another
/// and in their order, so that equal sets of them are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimeSet {
    intervals: Vec<Interval>,
    repeated: Vec<Repeated>,
}

/// An interval that is repeated after a step, for as long as it begins before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Repeated {
    start: i128,
    width: i128,
    step: i128,
    end: i128,
}

impl From<Interval> for TimeSet {
    fn from(interval: Interval) -> Self {
        Self { intervals: vec![interval], repeated: Vec::new() }
    }
}

impl TimeSet {
    /// Reads a list as WMS writes it (OGC 06-042, annex D): `t1,t2`, `t1/t2` and `t1/t2/period`, mixed at will, with `current` for
    /// now. Days, months and years stand for all of their time. No list stands for more than `most` intervals.
    ///
    /// # Errors
    /// What is no time, no period, or too long.
    pub fn parse(text: &str, now: Timestamp, most: usize) -> Result<Self, InvalidTime> {
        let mut set = Self { intervals: Vec::new(), repeated: Vec::new() };
        for entry in text.split(',').map(str::trim) {
            set.add(entry, now, most)?;
            if set.intervals.len() + set.repeated.len() > most {
                return Err(InvalidTime::Long(most));
            }
        }
        set.repeated.sort();
        set.repeated.dedup();
        set.intervals.sort_by_key(Interval::bounds);
        set.intervals = set.intervals.into_iter().fold(Vec::new(), |mut apart, next: Interval| {
            match apart.last_mut() {
                Some(last) if last.end >= next.start => *last = last.union(&next),
                _ => apart.push(next),
            }
            apart
        });
        Ok(set)
    }

    /// Whether any of them has a moment in common with the interval.
    pub fn intersects(&self, other: &Interval) -> bool {
        let at = self.intervals.partition_point(|own| own.end < other.start);
        self.intervals.get(at).is_some_and(|own| own.intersects(other))
            || self.repeated.iter().any(|own| own.intersects(other))
    }

    fn add(&mut self, entry: &str, now: Timestamp, most: usize) -> Result<(), InvalidTime> {
        let present = now.to_string();
        let parts: Vec<&str> = entry
            .split('/')
            .map(|part| if part.eq_ignore_ascii_case("current") { present.as_str() } else { part })
            .collect();
        match parts[..] {
            [_] | [_, _] | [_, _, "" | "0"] => {
                self.intervals.push(Interval::parse(&parts[..parts.len().min(2)].join("/"))?);
                Ok(())
            }
            [from, to, period] => self.repeat([from, to], period, most),
            _ => Err(InvalidTime::Syntax(entry.to_owned())),
        }
    }

    /// Adds what `from/to/period` stands for.
    fn repeat(&mut self, [from, to]: [&str; 2], period: &str, most: usize) -> Result<(), InvalidTime> {
        let all = Interval::parse(&format!("{from}/{to}"))?;
        let wrong = || InvalidTime::Period(period.to_owned());
        let step: Span = period.to_uppercase().parse().map_err(|_| wrong())?;
        let Some(first) = Interval::instant(from).filter(|_| step.is_positive()) else { return Err(wrong()) };
        let months = i64::from(step.get_years()) * 12 + i64::from(step.get_months());
        if months > 0 {
            return self.repeat_months(from, all, step, most);
        }
        let days = i128::from(step.get_weeks()) * 7 + i128::from(step.get_days());
        let clock = Span::new().hours(step.get_hours()).minutes(step.get_minutes()).seconds(step.get_seconds());
        let clock = clock.milliseconds(step.get_milliseconds()).microseconds(step.get_microseconds());
        let clock = clock.nanoseconds(step.get_nanoseconds()).total(jiff::Unit::Nanosecond).map_err(|_| wrong())?;
        let step = days * 86_400_000_000_000 + clock as i128;
        let width = first.end - first.start;
        // What follows without a gap is the whole interval.
        if step <= width + 1 {
            self.intervals.push(all);
        } else {
            self.repeated.push(Repeated { start: first.start, width, step, end: all.end });
        }
        Ok(())
    }

    /// Months and years have no length of their own, so each of their intervals stands for itself.
    fn repeat_months(&mut self, from: &str, all: Interval, step: Span, most: usize) -> Result<(), InvalidTime> {
        let wrong = || InvalidTime::Period(step.to_string());
        let (date, rest) = from.split_at(from.len().min(10));
        let day = match date.len() {
            4 => format!("{date}-01-01"),
            7 => format!("{date}-01"),
            _ => date.to_owned(),
        };
        let first: Date = day.parse().map_err(|_| wrong())?;
        for times in 0..=i64::try_from(most).unwrap_or(i64::MAX) {
            let next = step.checked_mul(times).ok().and_then(|span| first.checked_add(span).ok());
            // Beyond the last year that there is, nothing repeats.
            let Some(next) = next else { return Ok(()) };
            let written = next.to_string();
            let Some(own) = Interval::instant(&format!("{}{rest}", &written[..date.len().min(written.len())])) else {
                return Err(wrong());
            };
            if own.start > all.end {
                return Ok(());
            }
            self.intervals.push(own);
        }
        Err(InvalidTime::Long(most))
    }
}

impl Repeated {
    fn intersects(&self, other: &Interval) -> bool {
        if other.end < self.start || other.start > self.end.saturating_add(self.width) {
            return false;
        }
        // The last repetition that begins no later than the other ends.
        let last = (other.end.min(self.end) - self.start).div_euclid(self.step);
        last >= 0 && self.start + last * self.step + self.width >= other.start
    }
}

impl fmt::Display for TimeSet {
    /// The canonical form: equal sets give equal texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, interval) in self.intervals.iter().enumerate() {
            write!(f, "{}{interval}", if place == 0 { "" } else { "," })?;
        }
        for own in &self.repeated {
            write!(f, ",R{}+{}/{}/{}", own.start, own.width, own.step, own.end)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(text: &str) -> Result<TimeSet, InvalidTime> {
        TimeSet::parse(text, "2026-11-22T12:00:00Z".parse().unwrap(), 100)
    }

    fn has(text: &str, at: &str) -> bool {
        set(text).unwrap().intersects(&Interval::parse(at).unwrap())
    }

    #[test]
    fn lists_intervals_and_periods_are_read() {
        for (text, within, without) in [
            ("1949", "1949-07-01", "1950"),
            ("1949,1951", "1951-07-01", "1950"),
            ("1951, 1949/1949-03", "1949-03-31", "1949-04"),
            ("1949/1951/P1Y", "1950-12-31", "1952"),
            ("1949/1955/P2Y", "1951", "1950"),
            ("1949-01/1949-12/P3M", "1949-04-30", "1949-05-01"),
            ("1949-01-31/1949-12-31/P1M", "1949-02-28", "1949-02-27"),
            ("2000-01-01T00:00:00Z/2000-01-01T00:01:00Z/PT5S", "2000-01-01T00:00:55Z", "2000-01-01T00:00:56Z"),
            ("2000-01-01/2000-02-01/P1W", "2000-01-08", "2000-01-09"),
            ("2000-01-01/2000-02-01/P1W", "2000-01-29", "2000-02-05"),
            ("2026/current", "2026-11-22T11:59:59Z", "2026-11-22T12:00:01Z"),
            ("current,1900", "1900-06", "2026-11-22T12:00:01Z"),
            ("../1900,2000/..", "2100", "1950"),
            ("1949/1950/0", "1950", "1951"),
        ] {
            assert!(has(text, within), "{text} has {within}");
            assert!(!has(text, without), "{text} has not {without}");
        }
        assert_eq!(set("1950,1949/1951").unwrap(), set("1949/1951/P1D").unwrap());
        assert_eq!(set("1949/1951").unwrap().to_string(), Interval::parse("1949/1951").unwrap().to_string());
        assert_ne!(set("1949-01-01/1951/P1W").unwrap().to_string(), set("1949-01-01/1951/P2W").unwrap().to_string());
    }

    #[test]
    fn what_is_wrong_is_refused() {
        let wrong =
            ["", ",", "1949,", "soon", "1950/1949", "1/2/3/4", "1949/1950/x", "1949/1950/-P1D", "1949/1950/PT0S"];
        for text in wrong.into_iter().chain(["../..", "../1950/P1Y", "0001/9999/P1M"]) {
            assert!(set(text).is_err(), "{text}");
        }
        let long = vec!["1949"; 101].join(",");
        assert_eq!(set(&long), Err(InvalidTime::Long(100)));
    }

    proptest! {
        #[test]
        fn a_repetition_meets_what_any_of_its_intervals_meets(
            start in -50_i128..50, width in 0_i128..6, step in 1_i128..9, length in 0_i128..60, at in -80_i128..140,
            wide in 0_i128..20,
        ) {
            let own = Repeated { start, width, step: step + width, end: start + length };
            let other = Interval { start: at, end: at + wide };
            let each = (0..).map(|times| start + times * own.step).take_while(|&begin| begin <= own.end);
            let met = each.map(|begin| Interval { start: begin, end: begin + width }).any(|one| one.intersects(&other));
            prop_assert_eq!(own.intersects(&other), met);
        }
    }
}
