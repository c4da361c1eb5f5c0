//! A stretch of a text, read as far as it goes: what it holds of GeoJSON, and how to go on behind it.
//!
//! A text is read in steps, each of which stands for itself: a feature of a collection, what follows it, a member of a
//! collection, a record of a sequence. A step that the end of the stretch cuts is undone, and read again with more text; so
//! it does not matter for what is read where stretches end.

use super::fault::Fault;
use super::fault::FaultKind;
use super::fault::Scan;
use super::feature::FeatureReader;
use super::geometry::is_bbox;
use super::geometry::read_reference;
use super::json::Json;
use super::json::Scanner;
use super::json::Sort;
use super::record::Record;
use super::record::peek;
use crate::source::gather::Gather;
use crate::source::reference::Reference;
use crate::source::report::Oddity;

/// Where a reader stands between two steps, and what it knows of what lies behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) stand: Stand,
    /// Where the collection that is being read starts, in bytes of the whole text.
    start: usize,
    /// Whether its features were met.
    has_features: bool,
    /// The system of the collection that is being read.
    reference: Reference,
    /// A system that was named too late for the features before it.
    pub(super) late_reference: Option<Reference>,
    /// The system is known from an earlier run.
    is_settled: bool,
    /// Whether anything was met that is GeoJSON, though it may be a feature that cannot be served.
    pub(super) has_content: bool,
    /// Whether record separators were met.
    is_separated: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// A record of a sequence, of which there may be one only.
    Record,
    /// The first member of a collection, or its end.
    FirstMember,
    Member,
    /// What follows a member.
    MemberEnd,
    /// The first feature of a collection, or the end of the array.
    FirstFeature,
    Feature,
    /// What follows a feature.
    FeatureEnd,
}

/// What was read of a stretch. Bytes and the numbers of features count from its start.
pub(super) struct Window {
    pub(super) gather: Gather,
    /// How many features were met.
    pub(super) count: usize,
    /// How many bytes were read; the rest has to be read again with more text.
    pub(super) read: usize,
    pub(super) state: State,
    /// Why reading cannot go on, with the feature within which that is.
    pub(super) broken: Option<(Box<Fault>, Option<usize>)>,
}

/// The byte before each record of a sequence (RFC 8142, 2.1).
pub(super) const RECORD_SEPARATOR: u8 = 0x1E;

/// Bytes before the end of a stretch where a fault may come from the cut: more than the longest literal has.
const MARGIN: usize = 16;

impl State {
    /// Before the first byte; with the system of the coordinates if that is known.
    pub(super) fn new(reference: Option<Reference>) -> Self {
        Self {
            stand: Stand::Record,
            start: 0,
            has_features: false,
            reference: reference.unwrap_or(Reference::Wgs84),
            late_reference: None,
            is_settled: reference.is_some(),
            has_content: false,
            is_separated: false,
        }
    }
}

/// Reads a stretch that starts at byte `base` of the whole text; `is_last` when nothing comes behind it.
pub(super) fn read_window(text: &str, base: usize, is_last: bool, id_field: Option<&str>, state: State) -> Window {
    let mut reading =
        Reading { text, base, is_last, features: FeatureReader::new(id_field), state, next: 0, inside: None };
    let mut scanner = Scanner::new(text, 0);
    if base == 0 && text.starts_with('\u{feff}') {
        scanner.at = '\u{feff}'.len_utf8();
    }
    let mut broken = None;
    let read = loop {
        let before = (scanner.at, reading.next, reading.state);
        match reading.step(&mut scanner) {
            Ok(()) if scanner.is_at_end() && (!is_last || reading.state.stand == Stand::Record) => break scanner.at,
            Ok(()) => {}
            Err(fault) => {
                (_, reading.next, reading.state) = before;
                if !reading.is_cut(&fault) {
                    let inside = reading.inside.filter(|_| fault.kind == FaultKind::End);
                    broken = Some((fault, inside));
                }
                break before.0;
            }
        }
    };
    Window { gather: reading.features.gather, count: reading.next, read, state: reading.state, broken }
}

struct Reading<'t> {
    text: &'t str,
    base: usize,
    is_last: bool,
    features: FeatureReader<'t>,
    state: State,
    /// The number of the next feature.
    next: usize,
    /// The feature that is being read.
    inside: Option<usize>,
}

impl<'t> Reading<'t> {
    /// Whether the fault may be nothing but the end of the stretch.
    fn is_cut(&self, fault: &Fault) -> bool {
        let is_near = fault.byte <= self.text.len() && fault.byte + MARGIN >= self.text.len();
        !self.is_last && (fault.kind == FaultKind::End || is_near)
    }

    /// The fault of a value that may go on behind the end of the stretch.
    fn expect_more(&self, scanner: &Scanner<'t>) -> Scan<()> {
        if scanner.is_at_end() && !self.is_last { Err(Fault::end(scanner.at, "the text goes on")) } else { Ok(()) }
    }

    fn step(&mut self, scanner: &mut Scanner<'t>) -> Scan<()> {
        let stand = &mut self.state.stand;
        scanner.depth = match stand {
            Stand::Record => 0,
            Stand::FirstMember | Stand::Member | Stand::MemberEnd => 1,
            Stand::FirstFeature | Stand::Feature | Stand::FeatureEnd => 2,
        };
        match stand {
            Stand::Record => {
                // What was passed over is not passed over again when the record behind it is cut.
                let start = scanner.at;
                self.pass_between(scanner);
                if scanner.at > start || scanner.is_at_end() { Ok(()) } else { self.record(scanner) }
            }
            Stand::FirstMember if scanner.eat(b'}') => self.end_collection(),
            Stand::FirstMember | Stand::Member => self.member(scanner),
            Stand::MemberEnd if scanner.eat(b',') => {
                *stand = Stand::Member;
                Ok(())
            }
            Stand::MemberEnd if scanner.eat(b'}') => self.end_collection(),
            Stand::MemberEnd => Err(scanner.unexpected("',' or '}'")),
            Stand::FirstFeature if scanner.eat(b']') => {
                *stand = Stand::MemberEnd;
                Ok(())
            }
            Stand::FirstFeature | Stand::Feature => self.element(scanner),
            Stand::FeatureEnd if scanner.eat(b',') => {
                *stand = Stand::Feature;
                Ok(())
            }
            Stand::FeatureEnd if scanner.eat(b']') => {
                *stand = Stand::MemberEnd;
                Ok(())
            }
            Stand::FeatureEnd => Err(scanner.unexpected("',' or ']'")),
        }
    }

    /// Moves over what stands between records: white space, record separators, and commas, which do not belong there.
    fn pass_between(&mut self, scanner: &mut Scanner<'t>) {
        loop {
            scanner.space();
            match scanner.byte() {
                RECORD_SEPARATOR => self.state.is_separated = true,
                b',' if self.state.has_content => {
                    self.features.gather.report.note(Oddity::RecordComma, None, scanner.at);
                }
                _ => return,
            }
            scanner.at += 1;
        }
    }

    fn record(&mut self, scanner: &mut Scanner<'t>) -> Scan<()> {
        let start = scanner.clone();
        let record = match peek(scanner) {
            Ok(Record::Collection) => {
                self.state.start = self.base + scanner.at;
                self.state.has_features = false;
                if !self.state.is_settled {
                    self.state.reference = Reference::Wgs84;
                }
                self.state.stand = Stand::FirstMember;
                scanner.at += 1;
                return Ok(());
            }
            other => other,
        };
        let number = self.begin();
        let is_known = record.is_ok();
        let read = record.and_then(|record| match record {
            Record::Geometry => self.features.read_bare(scanner, number, Reference::Wgs84),
            _ => self.features.read(scanner, number, Reference::Wgs84),
        });
        match read {
            Ok(()) => self.state.has_content = true,
            Err(fault) if self.is_cut(&fault) => return Err(fault),
            Err(fault) => {
                let has_content = is_known && fault.kind == FaultKind::Meaning;
                self.resume(scanner, start, number, *fault)?;
                self.state.has_content |= has_content;
            }
        }
        self.inside = None;
        Ok(())
    }

    /// The number of the feature that comes now.
    fn begin(&mut self) -> usize {
        let number = self.next;
        self.next += 1;
        self.inside = Some(number);
        number
    }

    /// Leaves a record of a sequence out and moves to the next one.
    fn resume(&mut self, scanner: &mut Scanner<'t>, start: Scanner<'t>, number: usize, fault: Fault) -> Scan<()> {
        if fault.kind == FaultKind::End {
            return Err(Box::new(fault));
        }
        let bytes = self.text.as_bytes();
        *scanner = start;
        let is_one_line = !bytes[scanner.at..fault.byte.max(scanner.at)].contains(&b'\n');
        if self.state.is_separated {
            let next = memchr::memchr(RECORD_SEPARATOR, &bytes[scanner.at..]);
            scanner.at = next.map_or(bytes.len(), |next| scanner.at + next);
        } else if fault.kind == FaultKind::Meaning && matches!(scanner.byte(), b'{' | b'[') {
            if !scanner.leap() {
                return Err(Fault::end(bytes.len(), "the text ends before its brackets are closed"));
            }
        } else if is_one_line {
            // In a sequence of lines a broken one does not harm its neighbours, whatever its brackets say.
            scanner.at = fault.byte;
            while let Some(newline) = memchr::memchr(b'\n', &bytes[scanner.at..]) {
                scanner.at += newline + 1;
                scanner.space();
                if scanner.byte() == b'{' {
                    break;
                }
            }
            if scanner.byte() != b'{' {
                scanner.at = bytes.len();
            }
        } else if !scanner.leap() {
            self.expect_more(scanner)?;
            return Err(Box::new(fault));
        }
        self.expect_more(scanner)?;
        self.features.gather.report.leave_out(number, fault.byte, fault.message);
        Ok(())
    }

    /// Moves over a member of a FeatureCollection (RFC 7946, 3.3), or into its features.
    fn member(&mut self, scanner: &mut Scanner<'t>) -> Scan<()> {
        scanner.space();
        if scanner.byte() != b'"' {
            return Err(scanner.unexpected("the name of a member in double quotes"));
        }
        let key = scanner.string()?;
        if !scanner.eat(b':') {
            return Err(scanner.unexpected("':'"));
        }
        scanner.space();
        let at = scanner.at;
        match &*key {
            "type" => {
                let value = scanner.value()?;
                self.expect_more(scanner)?;
                if value != Json::Text("FeatureCollection".into()) {
                    return Err(Fault::meaning(at, "the collection has a second type"));
                }
            }
            "features" if self.state.has_features => {
                return Err(Fault::meaning(at, "the collection has a second member \"features\""));
            }
            "features" => {
                let sort = scanner.sort()?;
                if sort != Sort::Array {
                    return Err(Fault::meaning(at, format!("\"features\" must be an array, not {}", sort.name())));
                }
                scanner.at += 1;
                (self.state.has_features, self.state.stand) = (true, Stand::FirstFeature);
                return Ok(());
            }
            "crs" => {
                let reference = read_reference(scanner)?;
                self.expect_more(scanner)?;
                if let Some(reference) = reference {
                    self.refer(reference, at);
                }
            }
            "bbox" => {
                let is_bbox = is_bbox(scanner)?;
                self.expect_more(scanner)?;
                if !is_bbox {
                    self.features.gather.report.note(Oddity::BboxBad, None, at);
                }
            }
            _ => {
                scanner.skip()?;
                self.expect_more(scanner)?;
            }
        }
        self.state.stand = Stand::MemberEnd;
        Ok(())
    }

    fn end_collection(&mut self) -> Scan<()> {
        self.state.stand = Stand::Record;
        self.state.has_content = true;
        if self.state.has_features {
            return Ok(());
        }
        // It may have begun in an earlier stretch; the sum with the start of this one is right again.
        let start = self.state.start.wrapping_sub(self.base);
        Err(Fault::meaning(start, "the FeatureCollection has no member \"features\""))
    }

    /// Takes note of the system that a collection names.
    fn refer(&mut self, reference: Reference, byte: usize) {
        let report = &mut self.features.gather.report;
        match reference {
            Reference::Wgs84 => {}
            Reference::NearWgs84 => report.note(Oddity::NearWgs84, None, byte),
            Reference::Unclear => report.note(Oddity::ReferenceUnclear, None, byte),
            Reference::WebMercator if self.state.is_settled => {}
            Reference::WebMercator if self.state.has_features => self.state.late_reference = Some(reference),
            Reference::WebMercator => self.state.reference = reference,
        }
    }

    /// Moves over one element of `features`; a broken one is left out if its end can be found.
    fn element(&mut self, scanner: &mut Scanner<'t>) -> Scan<()> {
        scanner.space();
        let start = scanner.clone();
        let number = self.begin();
        if let Err(fault) = self.features.read(scanner, number, self.state.reference) {
            if fault.kind == FaultKind::End || self.is_cut(&fault) {
                return Err(fault);
            }
            *scanner = start;
            if scanner.byte() != b'{' {
                // A number or a string between the features.
                scanner.skip()?;
            } else if !scanner.leap() {
                let message = format!("{}; its end cannot be found", fault.message);
                return Err(Fault::end(fault.byte, message));
            }
            self.expect_more(scanner)?;
            self.features.gather.report.leave_out(number, fault.byte, fault.message);
        }
        self.inside = None;
        self.state.stand = Stand::FeatureEnd;
        Ok(())
    }
}
