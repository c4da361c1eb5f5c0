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

    /// Adds what was noticed in a stretch of the text that starts at a byte and with a feature.
    pub(super) fn append(&mut self, other: Self, byte: usize, feature: usize) {
        for tally in other.tallies {
            if let Some(known) = self.tallies.iter_mut().find(|known| known.oddity == tally.oddity) {
                known.count += tally.count
            } else {
                let feature = tally.feature.map(|number| feature + number);
                self.tallies.push(Tally { feature, byte: byte + tally.byte, ..tally });
            }
        }
        for told in other.left_out {
            self.leave_out(feature + told.feature, byte + told.byte, told.message);
        }
        self.more_left_out += other.more_left_out;
    }

    /// All that was noticed, in the order of the text, each with its byte.
    pub(super) fn into_problems(self, file: &Path) -> Vec<(usize, Problem)> {
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
        if self.more_left_out > 0 {
            let message = format!("{} more features after the last one named were left out", self.more_left_out);
            let problem =
                Problem { file: file.to_owned(), feature: None, place: None, severity: Severity::Feature, message };
            problems.push((last_left_out, problem));
        }
        problems
    }
}

/// Turns ascending byte offsets into lines and columns while the bytes come.
#[derive(Debug)]
pub(super) struct Places {
    /// Bytes that have come.
    counted: u64,
    line: usize,
    /// Characters that began in the line.
    column: usize,
}

impl Default for Places {
    fn default() -> Self {
        Self { counted: 0, line: 1, column: 0 }
    }
}

impl Places {
    /// The place of a byte of a text; of the character that it is within, or of the end.
    pub(super) fn within(text: &str, byte: usize) -> Place {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let mut places = Self::default();
        places.count(&text.as_bytes()[..byte]);
        places.here()
    }

    /// Moves over the bytes that come next.
    pub(super) fn count(&mut self, bytes: &[u8]) {
        self.counted += bytes.len() as u64;
        let mut last = bytes;
        for newline in memchr::memchr_iter(b'\n', bytes) {
            self.line += 1;
            self.column = 0;
            last = &bytes[newline + 1..];
        }
        // All bytes of a character but the first begin with the bits 10.
        self.column += last.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    }

    /// How many bytes have come.
    pub(super) fn counted(&self) -> u64 {
        self.counted
    }

    /// The place of the next byte.
    pub(super) fn here(&self) -> Place {
        Place { line: self.line, column: self.column + 1, byte: self.counted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_places_count_bytes() {
        let text = "회령\n두만강 x";
        assert_eq!(Places::within(text, 6), Place { line: 1, column: 3, byte: 6 });
        assert_eq!(Places::within(text, 17), Place { line: 2, column: 5, byte: 17 });
        assert_eq!(Places::within(text, 12), Place { line: 2, column: 2, byte: 10 }, "within a character");
    }

    #[test]
    fn what_happens_a_million_times_is_told_once() {
        let mut report = Report::default();
        for feature in 0..1_000_000 {
            report.note(Oddity::RingWinding, Some(feature + 3), 2);
            report.leave_out(feature, 1, "broken".to_owned());
        }
        let problems = report.into_problems(Path::new("a.geojson"));
        assert_eq!(problems.len(), TOLD + 2);
        let (byte, turned) = problems.iter().find(|(_, problem)| problem.severity == Severity::Repaired).unwrap();
        assert_eq!((turned.feature, *byte), (Some(3), 2));
        assert!(turned.message.contains("1000000 times"), "{turned}");
        assert!(problems.last().unwrap().1.message.starts_with("999980 more"));
    }
}
