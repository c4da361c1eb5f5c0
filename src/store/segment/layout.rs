//! What stands where in a segment.

use std::io;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::feature::Field;
use crate::feature::FieldType;
use crate::feature::GeometryKind;
use crate::feature::Misfit;
use crate::feature::Schema;
use crate::feature::TimeFields;

/// The version of the layout. Another one is another file name, and is never read.
pub const FORMAT: u32 = 5;

/// What a segment was made of, and what was said about it then.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The file that it was made of.
    pub source: Identity,
    /// All settings that had a part in it, as text, the program's version included.
    pub settings: String,
    /// What was wrong with the file, in a form that its reader knows.
    pub remarks: String,
}

/// A file as it was when it was read.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Where it is, without links.
    pub path: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
    /// When it was last written to, changed or moved, which file it is: whatever the system tells. Equal stamps, which are
    /// older than the segment, mean an equal file.
    pub stamp: String,
    /// Whether the stamp was old enough when the file was read that no later change can have the same.
    pub is_settled: bool,
    /// A hash of what it holds, unpacked: where stamps differ, as after a copy, this decides.
    pub hash: u128,
}

/// Why there is no segment.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is another kind of file, or one of another version or machine.
    #[error("it is no segment that this program and this machine can read")]
    Foreign,
    /// It ends too early, or some of its bytes are not what was written.
    #[error("{0} is damaged")]
    Damaged(String),
    /// Its arrays do not go together.
    #[error(transparent)]
    Misfit(#[from] Misfit),
}

/// Bytes before the sections.
pub(super) const PROLOGUE: usize = 64;

/// Sections start at multiples of this, which is a cache line and more than any element needs.
pub(super) const ALIGNMENT: u64 = 64;

/// Longest head that is read.
const MAX_HEAD: u64 = 64 << 20;

const MAGIC: [u8; 8] = *b"TUMENseg";

/// Reads otherwise on a machine that has the bytes of numbers the other way round, and lengths of another size.
const MACHINE: u32 = 0x0102_0300 + size_of::<usize>() as u32;

/// Where the head lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prologue {
    pub(super) head_at: u64,
    pub(super) head_bytes: u64,
    pub(super) head_hash: u64,
}

impl Prologue {
    pub(super) fn to_bytes(self) -> [u8; PROLOGUE] {
        let mut bytes = [0; PROLOGUE];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT.to_ne_bytes());
        bytes[12..16].copy_from_slice(&MACHINE.to_ne_bytes());
        for (slot, number) in [self.head_at, self.head_bytes, self.head_hash].into_iter().enumerate() {
            bytes[16 + slot * 8..24 + slot * 8].copy_from_slice(&number.to_ne_bytes());
        }
        let hash = xxh3_64(&bytes[..PROLOGUE - 8]);
        bytes[PROLOGUE - 8..].copy_from_slice(&hash.to_ne_bytes());
        bytes
    }

    pub(super) fn of_bytes(bytes: &[u8; PROLOGUE]) -> Result<Self, Error> {
        let number = |slot: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&bytes[slot * 8..slot * 8 + 8]);
            u64::from_ne_bytes(number)
        };
        let prologue = Self { head_at: number(2), head_bytes: number(3), head_hash: number(4) };
        if bytes[..16] != prologue.to_bytes()[..16] {
            return Err(Error::Foreign);
        }
        if prologue.to_bytes() != *bytes || prologue.head_bytes > MAX_HEAD {
            return Err(Error::Damaged("its prologue".to_owned()));
        }
        Ok(prologue)
    }
}

/// What is known of a segment beside its arrays.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Head {
    pub(super) label: Label,
    /// The version of the snapshot.
    pub(super) version: u128,
    schema: HeadSchema,
    pub(super) sections: Vec<Section>,
}

/// An array.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) at: u64,
    pub(super) bytes: u64,
    pub(super) hash: u64,
}

#[derive(Debug, Deserialize, Serialize)]
struct HeadSchema {
    fields: Vec<HeadField>,
    /// Names of RFC 7946.
    geometries: Vec<String>,
    has_null_geometry: bool,
    has_heights: bool,
    time: Option<(usize, Option<usize>)>,
    rank: Option<usize>,
}

#[derive(Debug, Deserialize, Serialize)]
struct HeadField {
    name: String,
    /// Position in [`TYPES`].
    kind: usize,
    title: Option<String>,
    description: Option<String>,
    unit: Option<String>,
}

const TYPES: [FieldType; 9] = [
    FieldType::Null,
    FieldType::Boolean,
    FieldType::Integer,
    FieldType::Number,
    FieldType::String,
    FieldType::Date,
    FieldType::Timestamp,
    FieldType::Json,
    FieldType::Mixed,
];

impl Head {
    pub(super) fn new(label: Label, version: u128, schema: &Schema, sections: Vec<Section>) -> Self {
        let field = |field: &Field| HeadField {
            name: field.name.clone(),
            kind: TYPES.iter().position(|&kind| kind == field.kind).unwrap_or_default(),
            title: field.title.clone(),
            description: field.description.clone(),
            unit: field.unit.clone(),
        };
        let schema = HeadSchema {
            fields: schema.fields.iter().map(field).collect(),
            geometries: schema.geometries.iter().filter_map(|kind| kind.name()).map(str::to_owned).collect(),
            has_null_geometry: schema.has_null_geometry,
            has_heights: schema.has_heights,
            time: schema.time.map(|time| (time.start, time.end)),
            rank: schema.rank,
        };
        Self { label, version, schema, sections }
    }

    pub(super) fn schema(&self) -> Schema {
        let field = |field: &HeadField| Field {
            name: field.name.clone(),
            kind: TYPES.get(field.kind).copied().unwrap_or(FieldType::Mixed),
            title: field.title.clone(),
            description: field.description.clone(),
            unit: field.unit.clone(),
        };
        let occurs = |kind: &GeometryKind| self.schema.geometries.iter().any(|name| kind.name() == Some(name));
        Schema {
            fields: self.schema.fields.iter().map(field).collect(),
            geometries: GeometryKind::NAMED.into_iter().filter(occurs).collect(),
            has_null_geometry: self.schema.has_null_geometry,
            has_heights: self.schema.has_heights,
            time: self.schema.time.map(|(start, end)| TimeFields { start, end }),
            rank: self.schema.rank,
        }
    }
}
