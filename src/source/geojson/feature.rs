//! Feature objects (RFC 7946, 3.2).

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64;

use super::fault::Fault;
use super::fault::Scan;
use super::geometry::is_bbox;
use super::geometry::read_geometry;
use super::geometry::read_reference;
use super::json::Json;
use super::json::Scanner;
use super::json::Sort;
use super::properties::Properties;
use super::properties::Verdict;
use crate::source::draft::Draft;
use crate::source::gather::Gather;
use crate::source::gather::Gathered;
use crate::source::ids::Written;
use crate::source::reference::Reference;
use crate::source::report::Oddity;

/// Reads features of one text; its memory is used again for each.
pub(super) struct FeatureReader<'t> {
    pub(super) gather: Gather,
    /// The property that carries the id, if not the member `id` does.
    id_field: Option<&'t str>,
    draft: Draft,
    properties: Properties<'t>,
}

/// The id as it was written.
enum IdText<'t> {
    Absent,
    Number(Cow<'t, str>),
    Text(Cow<'t, str>),
    Odd,
}

impl<'t> FeatureReader<'t> {
    pub(super) fn new(id_field: Option<&'t str>) -> Self {
        Self { gather: Gather::default(), id_field, draft: Draft::default(), properties: Properties::default() }
    }

    /// Moves over a feature object and gathers it. After a fault it is as if the feature had not been there.
    pub(super) fn read(&mut self, scanner: &mut Scanner<'t>, number: usize, inherited: Reference) -> Scan<()> {
        let sort = scanner.sort()?;
        let start = scanner.at;
        if sort != Sort::Object {
            return Err(Fault::meaning(start, format!("a feature must be an object, not {}", sort.name())));
        }
        self.draft.clear();
        self.properties.clear();
        let (mut reference, mut id) = (inherited, IdText::Absent);
        let (mut has_type, mut has_geometry, mut has_properties, mut is_double) = (false, false, false, false);
        let mut verdict = Verdict::Fine;
        let mut bad_bbox = false;
        let (draft, properties) = (&mut self.draft, &mut self.properties);
        scanner.object(|scanner, key| {
            match &*key {
                "type" => {
                    read_type(scanner)?;
                    is_double |= std::mem::replace(&mut has_type, true);
                }
                "geometry" => {
                    is_double |= std::mem::replace(&mut has_geometry, true);
                    draft.clear();
                    read_geometry(scanner, draft)?;
                }
                "properties" => {
                    is_double |= std::mem::replace(&mut has_properties, true);
                    verdict = properties.read(scanner)?;
                }
                "id" => {
                    is_double |= !matches!(id, IdText::Absent);
                    id = read_id(scanner)?;
                }
                "crs" => reference = read_reference(scanner)?.unwrap_or(reference),
                "bbox" => bad_bbox |= !is_bbox(scanner)?,
                _ => drop(scanner.skip()?),
            }
            Ok(())
        })?;
        if !has_type {
            return Err(Fault::meaning(start, "it has no member \"type\": \"Feature\""));
        }
        if let Some(field) = self.id_field {
            let value = self.properties.values.iter().find(|(key, _)| key == field).map(|(_, value)| value);
            id = match value {
                None | Some(Json::Null) => IdText::Absent,
                Some(Json::Text(text)) if !text.is_empty() => IdText::Text(text.clone()),
                Some(Json::Int(number)) => IdText::Number(Cow::Owned(number.to_string())),
                Some(_) => IdText::Odd,
            };
        }
        self.gather(&id, number, start, &scanner.text[start..scanner.at], reference)?;
        for (noticed, oddity) in [
            (matches!(id, IdText::Odd), Oddity::IdOdd),
            (!has_geometry || !has_properties, Oddity::MemberMissing),
            (is_double, Oddity::MemberDouble),
            (bad_bbox, Oddity::BboxBad),
            (verdict == Verdict::Odd, Oddity::PropertiesOdd),
            (verdict == Verdict::Double, Oddity::PropertyDouble),
        ] {
            if noticed {
                self.gather.report.note(oddity, Some(number), start);
            }
        }
        Ok(())
    }

    /// Moves over a geometry that stands for itself and gathers it as a feature without properties.
    pub(super) fn read_bare(&mut self, scanner: &mut Scanner<'t>, number: usize, inherited: Reference) -> Scan<()> {
        self.draft.clear();
        self.properties.clear();
        scanner.space();
        let start = scanner.at;
        read_geometry(scanner, &mut self.draft)?;
        self.gather(&IdText::Absent, number, start, &scanner.text[start..scanner.at], inherited)
    }

    fn gather(&mut self, id: &IdText<'t>, number: usize, byte: usize, text: &str, reference: Reference) -> Scan<()> {
        let written = match id {
            IdText::Number(digits) => Written::Number(digits),
            IdText::Text(text) => Written::Text(text),
            IdText::Absent | IdText::Odd => Written::Absent,
        };
        let feature = Gathered {
            number,
            byte,
            id: written,
            content: xxh3_64(text.as_bytes()),
            text: &self.properties.text,
            reference,
        };
        let values = self.properties.values.iter().map(|(key, value)| (key.as_ref(), value.as_value()));
        self.gather.push(&feature, &mut self.draft, values).map_err(|flaw| Fault::meaning(flaw.byte, flaw.message))
    }
}

/// Moves over the type of a feature.
fn read_type(scanner: &mut Scanner<'_>) -> Scan<()> {
    let at = scanner.at;
    let sort = scanner.sort()?;
    if sort != Sort::String {
        return Err(Fault::meaning(at, format!("the type of a feature must be \"Feature\", not {}", sort.name())));
    }
    let name = scanner.string()?;
    if name == "Feature" {
        return Ok(());
    }
    Err(Fault::meaning(at, format!("the type of a feature must be \"Feature\", not \"{name}\"")))
}

fn read_id<'t>(scanner: &mut Scanner<'t>) -> Scan<IdText<'t>> {
    Ok(match scanner.sort()? {
        Sort::Null => {
            scanner.skip()?;
            IdText::Absent
        }
        Sort::Number => IdText::Number(Cow::Borrowed(scanner.number_text()?)),
        Sort::String => match scanner.string()? {
            text if text.is_empty() => IdText::Odd,
            text => IdText::Text(text),
        },
        _ => {
            scanner.skip()?;
            IdText::Odd
        }
    })
}
