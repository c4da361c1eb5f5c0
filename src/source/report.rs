//! What is noticed while a file is read, counted rather than repeated.

use std::path::Path;

use super::Place;
use super::Problem;
use super::Severity;

/// Features left out that are told one by one; the rest is a number.
const TOLD: usize = 20;

/// What was noticed so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    tallies: Vec<Tally>,
    left_out: Vec<Told>,
    more_left_out: usize,
}

/// How often something was noticed, and where first.
#[derive(Debug)]
struct Tally {
    oddity: Oddity,
    count: usize,
    feature: Option<usize>,
    byte: usize,
}

/// A feature that is not served.
#[derive(Debug)]
struct Told {
    feature: usize,
    byte: usize,
    message: String,
}

/// Something that does not keep a feature from being served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    RingOpen,
    RingWinding,
    RingShort,
    LineShort,
    PositionLong,
    CollectionNested,
    LongitudeWrapped,
    LatitudeHeld,
    AntimeridianCut,
    AntimeridianJump,
    Mercator,
    NearWgs84,
    ReferenceUnclear,
    MemberDouble,
    MemberMissing,
    PropertiesOdd,
    PropertyDouble,
    BboxBad,
    RecordComma,
    IdOdd,
    IdUnsafe,
    IdClash,
}

impl Oddity {
    /// What is told, and whether it was mended.
    const fn message(self) -> (Severity, &'static str) {
        use Severity::Repaired;
        use Severity::Warning;
        match self {
            Self::RingOpen => (Repaired, "a ring did not end where it starts, and was closed"),
            Self::RingWinding => (
                Repaired,
                "a ring was wound the wrong way round, and was turned (RFC 7946, 3.1.6: exterior rings counterclockwise, holes clockwise)",
            ),
            Self::RingShort => {
                (Repaired, "a ring with fewer than three different positions was left out of its polygon")
            }
            Self::LineShort => (Repaired, "a line with a single position was left out of its geometry"),
            Self::PositionLong => {
                (Warning, "a position has more than three numbers; those behind the height are not kept")
            }
            Self::CollectionNested => (Repaired, "a geometry collection within another one was merged into it"),
            Self::LongitudeWrapped => (Repaired, "longitudes beyond 180 degrees were brought within"),
            Self::LatitudeHeld => {
                (Repaired, "a latitude beyond the pole by less than a millionth of a degree was held there")
            }
            Self::AntimeridianCut => {
                (Repaired, "a geometry that crosses the antimeridian was cut there (RFC 7946, 3.1.9)")
            }
            Self::AntimeridianJump => (
                Warning,
                "two neighbouring positions lie more than 350 degrees of longitude apart; if they were meant to meet at the antimeridian, cut the geometry there (RFC 7946, 3.1.9)",
            ),
            Self::Mercator => (
                Repaired,
                "the crs member names spherical Mercator (EPSG:3857); coordinates were brought to longitude and latitude",
            ),
            Self::NearWgs84 => (
                Warning,
                "the crs member names a system that differs from WGS 84 by up to two metres; coordinates were taken as they are",
            ),
            Self::ReferenceUnclear => {
                (Warning, "the crs member names no system; coordinates were taken for longitude and latitude")
            }
            Self::MemberDouble => (Warning, "an object has two members of the same name; the last one counts"),
            Self::MemberMissing => (Warning, "a feature lacks the member 'geometry' or 'properties'; null was assumed"),
            Self::PropertiesOdd => (Warning, "the properties are neither an object nor null, and were left out"),
            Self::PropertyDouble => (Repaired, "a property occurs twice in a feature; the last one is kept"),
            Self::BboxBad => (Warning, "a bbox member is not an array of four or six numbers; it is not used"),
            Self::RecordComma => (Warning, "commas stand between the features of a sequence; they were passed over"),
            Self::IdOdd => {
                (Warning, "a feature's id is neither a string nor a number, or is empty; one was made from its content")
            }
            Self::IdUnsafe => (
                Warning,
                "an id is a number that is negative, fractional or beyond 2^53; it is kept as written, but vector tiles carry a hash and many clients round it",
            ),
            Self::IdClash => (
                Warning,
                "an id occurs twice (1 and \"1\" are the same in a URL), or no URL can hold it; the first one keeps it, and a mark made from the content was added to the other",
            ),
        }
    }
}

impl Report {
    /// Counts something that was noticed.
    pub(super) fn note(&mut self, oddity: Oddity, feature: Option<usize>, byte: usize) {
        match self.tallies.iter_mut().find(|tally| tally.oddity == oddity) {
            Some(tally) => tally.count += 1,
            None => self.tallies.push(Tally { oddity, count: 1, feature, byte }),
        }
    }

    /// Tells that a feature is not served.
    pub(super) fn leave_out(&mut self, feature: usize, byte: usize, message: String) {
        if self.left_out.len() < TOLD {
            self.left_out.push(Told { feature, byte, message });
        } else {
            self.more_left_out += 1;
        }
    }

    /// Where the first feature that is not served stands, and what is wrong with it.
    pub(super) fn first_left_out(&self) -> Option<(usize, &str)> {
        self.left_out.first().map(|told| (told.byte, told.message.as_str()))
    }

    /// All that was noticed, in the order of the text.
    pub(super) fn into_problems(self, file: &Path, text: &str) -> Vec<Problem> {
        let last_left_out = self.left_out.last().map_or(0, |told| told.byte);
        let mut problems: Vec<(usize, Problem)> = Vec::new();
        let mut tell = |byte: usize, feature: Option<usize>, severity: Severity, message: String| {
            problems.push((byte, Problem { file: file.to_owned(), feature, place: None, severity, message }));
        };
        for told in self.left_out {
            tell(told.byte, Some(told.feature), Severity::Feature, told.message);
        }
        for tally in self.tallies {
            let (severity, message) = tally.oddity.message();
            let message = match tally.count {
                1 => message.to_owned(),
                count => format!("{message} ({count} times, here first)"),
            };
            tell(tally.byte, tally.feature, severity, message);
        }
        problems.sort_by_key(|(byte, _)| *byte);
        let mut places = Places::new(text);
        for (byte, problem) in &mut problems {
            problem.place = Some(places.at(*byte));
        }
        let mut problems: Vec<Problem> = problems.into_iter().map(|(_, problem)| problem).collect();
        if self.more_left_out > 0 {
            let message = format!("{} more features after the last one named were left out", self.more_left_out);
            let place = Some(Places::new(text).at(last_left_out));
            problems.push(Problem {
                file: file.to_owned(),
                feature: None,
                place,
                severity: Severity::Feature,
                message,
            });
        }
        problems
    }
}

/// Turns ascending byte offsets into lines and columns without counting from the start each time.
pub(super) struct Places<'t> {
    text: &'t str,
    counted: usize,
    line: usize,
    line_start: usize,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, counted: 0, line: 1, line_start: 0 }
    }

    /// The place of a byte, not before the last one that was asked for.
    pub(super) fn at(&mut self, byte: usize) -> Place {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let stretch = self.text.as_bytes().get(self.counted..byte).unwrap_or_default();
        for newline in memchr::memchr_iter(b'\n', stretch) {
            self.line += 1;
            self.line_start = self.counted + newline + 1;
        }
        self.counted = self.counted.max(byte);
        let column = self.text.get(self.line_start..byte).unwrap_or_default().chars().count() + 1;
        Place { line: self.line, column, byte: byte as u64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_places_count_bytes() {
        let mut places = Places::new("회령\n두만강 x");
        assert_eq!(places.at(6), Place { line: 1, column: 3, byte: 6 });
        assert_eq!(places.at(17), Place { line: 2, column: 5, byte: 17 });
    }

    #[test]
    fn what_happens_a_million_times_is_told_once() {
        let mut report = Report::default();
        for feature in 0..1_000_000 {
            report.note(Oddity::RingWinding, Some(feature + 3), 2);
            report.leave_out(feature, 1, "broken".to_owned());
        }
        let problems = report.into_problems(Path::new("a.geojson"), "{\n}");
        assert_eq!(problems.len(), TOLD + 2);
        let turned = problems.iter().find(|problem| problem.severity == Severity::Repaired).unwrap();
        assert_eq!((turned.feature, turned.place.unwrap().line), (Some(3), 2));
        assert!(turned.message.contains("1000000 times"), "{turned}");
        assert!(problems.last().unwrap().message.starts_with("999980 more"));
    }
}
