//! The features of one collection on their way from any reader into a table.

use super::draft::Draft;
use super::ids::Ids;
use super::ids::Written;
use super::reference::Reference;
use super::report::Oddity;
use super::report::Report;
use super::settle::Flaw;
use super::settle::Oddities;
use super::settle::settle;
use crate::feature::Id;
use crate::feature::TableBuilder;
use crate::feature::Value;

/// Takes features one after the other, mends them, and tells what it mended.
#[derive(Debug, Default)]
pub(super) struct Gather {
    builder: TableBuilder,
    ids: Ids,
    /// Where each feature that was kept stands: its number in the file and its first byte.
    origins: Vec<(usize, usize)>,
    oddities: Oddities,
    pub(super) report: Report,
}

/// One feature as a reader hands it over.
pub(super) struct Gathered<'a> {
    /// Its number in the file.
    pub(super) number: usize,
    /// Where it starts in the text.
    pub(super) byte: usize,
    pub(super) id: Written<'a>,
    /// A hash of its geometry and properties as they were written.
    pub(super) content: u64,
    /// The text of its properties: an object, or `null`.
    pub(super) text: &'a str,
    /// The system of its coordinates.
    pub(super) reference: Reference,
}

impl Gather {
    /// Appends a feature; `values` are its properties, each key once. After a flaw it is as if it had not been there.
    pub(super) fn push<'v>(
        &mut self,
        feature: &Gathered<'_>,
        draft: &mut Draft,
        values: impl IntoIterator<Item = (&'v str, Value<'v>)>,
    ) -> Result<(), Flaw> {
        self.oddities.clear();
        // A geometry without positions has no place of its own.
        let has_place = !draft.paths.is_empty();
        let mark = self.builder.shapes().mark();
        let kind = match settle(draft, feature.reference, self.builder.shapes(), &mut self.oddities) {
            Ok(kind) => kind,
            Err(flaw) => {
                self.builder.shapes().rewind(mark);
                return Err(flaw);
            }
        };
        for &(oddity, byte) in &self.oddities {
            self.report.note(oddity, Some(feature.number), if has_place { byte } else { feature.byte });
        }
        if let Written::Number(text) = feature.id
            && !(Id { text, number: true }).is_tile_id()
        {
            self.report.note(Oddity::IdUnsafe, Some(feature.number), feature.byte);
        }
        self.ids.push(feature.id, feature.content);
        self.origins.push((feature.number, feature.byte));
        // The final id is known when all are.
        self.builder.push(Id { text: "", number: false }, kind, feature.text, values);
        Ok(())
    }

    /// Makes room for so many times the present features in addition, if they are like these.
    pub(super) fn reserve(&mut self, times: f64) {
        self.builder.reserve(times);
        self.ids.reserve(times);
        self.origins.reserve_exact((self.origins.len() as f64 * times) as usize);
    }

    /// Adds what was gathered of a stretch of the text that starts at a byte and with a feature.
    pub(super) fn append(&mut self, other: Self, byte: usize, feature: usize) {
        self.builder.append(other.builder);
        self.ids.append(other.ids);
        self.origins.extend(other.origins.into_iter().map(|(number, at)| (feature + number, byte + at)));
        self.report.append(other.report, byte, feature);
    }

    /// Ends gathering: names the features, and answers them with the report and where each stands in the text.
    pub(super) fn finish(mut self) -> (TableBuilder, Report, Vec<(usize, usize)>) {
        let (report, origins) = (&mut self.report, &self.origins);
        let (texts, numbers) = self.ids.settle(|row| {
            let (number, byte) = origins[row];
            report.note(Oddity::IdClash, Some(number), byte);
        });
        self.builder.rename(texts, numbers);
        (self.builder, self.report, self.origins)
    }
}
