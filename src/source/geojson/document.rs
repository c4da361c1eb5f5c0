//! A whole text: a FeatureCollection, a single feature or geometry, or a sequence of such.

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

/// What keeps a whole file from being served.
#[derive(Debug)]
pub(in crate::source) struct Broken {
    /// The feature within which the text ends.
    pub(in crate::source) feature: Option<usize>,
    /// Where in the text.
    pub(in crate::source) byte: usize,
    pub(in crate::source) message: String,
}

/// Reads a text and answers its features.
///
/// A feature that is broken is left out and told in the report; reading goes on behind its closing bracket, or, in a
/// sequence, in the next record.
pub(in crate::source) fn read_document(text: &str, id_field: Option<&str>) -> Result<Gather, Broken> {
    let mut reading = Reading::new(text, id_field, None);
    let mut result = reading.run();
    if let (Ok(()), Some(reference)) = (&result, reading.late_reference) {
        // The system was named behind the features that are in it.
        reading = Reading::new(text, id_field, Some(reference));
        result = reading.run();
    }
    match result {
        Ok(()) => Ok(reading.features.gather),
        Err(fault) => {
            let feature = reading.inside.filter(|_| fault.kind == FaultKind::End);
            let message = match feature {
                Some(number) => {
                    format!("{}: it ends inside feature {number}, and half a file is not served", fault.message)
                }
                None => fault.message,
            };
            Err(Broken { feature, byte: fault.byte, message })
        }
    }
}

/// The byte before each record of a sequence (RFC 8142, 2.1).
const RECORD_SEPARATOR: u8 = 0x1E;

struct Reading<'t> {
    text: &'t str,
    features: FeatureReader<'t>,
    /// The system of the collection that is being read.
    reference: Reference,
    /// A system that was named too late for the features before it.
    late_reference: Option<Reference>,
    /// The system is known from an earlier run.
    is_settled: bool,
    /// The number of the next feature.
    next: usize,
    /// The feature that is being read.
    inside: Option<usize>,
    /// Whether anything was met that is GeoJSON, though it may be a feature that cannot be served.
    has_content: bool,
    /// Whether record separators were met.
    is_separated: bool,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str, id_field: Option<&'t str>, reference: Option<Reference>) -> Self {
        Self {
            text,
            features: FeatureReader::new(id_field),
            reference: reference.unwrap_or(Reference::Wgs84),
            late_reference: None,
            is_settled: reference.is_some(),
            next: 0,
            inside: None,
            has_content: false,
            is_separated: false,
        }
    }

    fn run(&mut self) -> Scan<()> {
        let mut scanner = Scanner::new(self.text, 0);
        if self.text.starts_with('\u{feff}') {
            scanner.at = '\u{feff}'.len_utf8();
        }
        let start = scanner.at;
        loop {
            self.pass_between(&mut scanner);
            if scanner.is_at_end() {
                break;
            }
            self.record(&mut scanner)?;
        }
        if self.has_content {
            return Ok(());
        }
        // Nothing in the file is what it should be: that is no collection with broken features.
        Err(match self.features.gather.report.first_left_out() {
            Some((byte, message)) => Fault::meaning(byte, message),
            None => Fault::end(start, "the file is empty"),
        })
    }

    /// Moves over what stands between records: white space, record separators, and commas, which do not belong there.
    fn pass_between(&mut self, scanner: &mut Scanner<'t>) {
        loop {
            scanner.space();
            match scanner.byte() {
                RECORD_SEPARATOR => self.is_separated = true,
                b',' if self.has_content => {
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
                self.collection(scanner)?;
                self.has_content = true;
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
            Ok(()) => self.has_content = true,
            Err(fault) => {
                self.has_content |= is_known && fault.kind == FaultKind::Meaning;
                self.resume(scanner, start, number, *fault)?;
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
        if self.is_separated {
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
            return Err(Box::new(fault));
        }
        self.features.gather.report.leave_out(number, fault.byte, fault.message);
        Ok(())
    }

    /// Moves over a FeatureCollection (RFC 7946, 3.3).
    fn collection(&mut self, scanner: &mut Scanner<'t>) -> Scan<()> {
        let start = scanner.at;
        let mut has_features = false;
        if !self.is_settled {
            self.reference = Reference::Wgs84;
        }
        scanner.object(|scanner, key| {
            let at = scanner.at;
            match &*key {
                "type" => match scanner.value()? {
                    Json::Text(name) if name == "FeatureCollection" => Ok(()),
                    _ => Err(Fault::meaning(at, "the collection has a second type")),
                },
                "features" if std::mem::replace(&mut has_features, true) => {
                    Err(Fault::meaning(at, "the collection has a second member \"features\""))
                }
                "features" => match scanner.sort()? {
                    Sort::Array => scanner.array(|scanner| self.element(scanner)),
                    other => Err(Fault::meaning(at, format!("\"features\" must be an array, not {}", other.name()))),
                },
                "crs" => {
                    if let Some(reference) = read_reference(scanner)? {
                        self.refer(reference, has_features, at);
                    }
                    Ok(())
                }
                "bbox" => {
                    if !is_bbox(scanner)? {
                        self.features.gather.report.note(Oddity::BboxBad, None, at);
                    }
                    Ok(())
                }
                _ => scanner.skip().map(drop),
            }
        })?;
        if has_features {
            Ok(())
        } else {
            Err(Fault::meaning(start, "the FeatureCollection has no member \"features\""))
        }
    }

    /// Takes note of the system that a collection names.
    fn refer(&mut self, reference: Reference, is_late: bool, byte: usize) {
        match reference {
            Reference::Wgs84 => {}
            Reference::NearWgs84 => self.features.gather.report.note(Oddity::NearWgs84, None, byte),
            Reference::Unclear => self.features.gather.report.note(Oddity::ReferenceUnclear, None, byte),
            Reference::WebMercator if self.is_settled => {}
            Reference::WebMercator if is_late => self.late_reference = Some(reference),
            Reference::WebMercator => self.reference = reference,
        }
    }

    /// Moves over one element of `features`; a broken one is left out if its end can be found.
    fn element(&mut self, scanner: &mut Scanner<'t>) -> Scan<()> {
        let start = scanner.clone();
        let number = self.begin();
        if let Err(fault) = self.features.read(scanner, number, self.reference) {
            if fault.kind == FaultKind::End {
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
            self.features.gather.report.leave_out(number, fault.byte, fault.message);
        }
        self.inside = None;
        Ok(())
    }
}
