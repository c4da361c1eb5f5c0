//! The values of one field for all features.

mod hashed;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;

use hashed::Hashed;
use xxhash_rust::xxh3::xxh3_64;

use super::Buffer;
use super::FieldType;
use super::Strings;
use super::Value;
use super::packed::Misfit;
use super::packed::Packed;
use super::packed::Packing;

/// Values by row, in the narrowest form that holds them all.
#[derive(Clone, Debug)]
pub enum Column {
    /// Nothing but nulls so far; the number says how many.
    Null(usize),
    /// 0 for false, 1 for true, 2 for null.
    Bool(Buffer<u8>),
    /// `i64::MIN` stands for null; a column with that number itself is mixed.
    Int(Buffer<i64>),
    /// NaN stands for null.
    Float(Buffer<f64>),
    /// Positions in a dictionary; `NONE` stands for null.
    Text(Buffer<u32>, Dictionary),
    /// Positions in a list of distinct values of several kinds; `NONE` stands for null.
    Mixed(Buffer<u32>, Distinct),
}

/// The code of null in columns of codes.
const NONE: u32 = u32::MAX;

/// Distinct strings.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    strings: Strings,
    /// Codes by the hash of the string, or by the next free number after it.
    codes: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
}

/// Distinct values of several kinds.
#[derive(Clone, Debug, Default)]
pub struct Distinct {
    /// One of the marks below each.
    marks: Buffer<u8>,
    /// What is a number or a truth, as its bits; zero for others.
    bits: Buffer<u64>,
    /// What is text; empty for others.
    texts: Strings,
    codes: HashMap<String, u32>,
}

/// Marks of distinct values.
const BOOL: u8 = 0;
const INT: u8 = 1;
const FLOAT: u8 = 2;
const TEXT: u8 = 3;
const JSON: u8 = 4;

impl Column {
    /// A column whose first `rows` rows are null.
    pub(super) fn new(rows: usize) -> Self {
        Self::Null(rows)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Null(rows) => *rows,
            Self::Bool(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Text(codes, _) | Self::Mixed(codes, _) => codes.len(),
        }
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a row; null where the feature has none.
    pub fn value(&self, row: u32) -> Value<'_> {
        let row = row as usize;
        match self {
            Self::Null(_) => Value::Null,
            Self::Bool(values) => match values[row] {
                2 => Value::Null,
                bit => Value::Bool(bit == 1),
            },
            Self::Int(values) => match values[row] {
                i64::MIN => Value::Null,
                n => Value::Int(n),
            },
            Self::Float(values) => match values[row] {
                n if n.is_nan() => Value::Null,
                n => Value::Float(n),
            },
            Self::Text(codes, dictionary) => match codes[row] {
                NONE => Value::Null,
                code => Value::Text(dictionary.strings.at(code as usize)),
            },
            Self::Mixed(codes, distinct) => match codes[row] {
                NONE => Value::Null,
                code => distinct.value(code as usize),
            },
        }
    }

    /// Whether a row has no value.
    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Null(_) => true,
            Self::Bool(values) => values[row] == 2,
            Self::Int(values) => values[row] == i64::MIN,
            Self::Float(values) => values[row].is_nan(),
            Self::Text(codes, _) | Self::Mixed(codes, _) => codes[row] == NONE,
        }
    }

    /// The position of a row's value in the list of [`codes`](Self::codes); `None` for a null, and where there is no list.
    pub fn code(&self, row: u32) -> Option<u32> {
        match self {
            Self::Text(codes, _) | Self::Mixed(codes, _) => Some(codes[row as usize]).filter(|&code| code != NONE),
            _ => None,
        }
    }

    /// The bytes of a row's value where it is text, not looked at.
    pub(super) fn text_bytes(&self, row: u32) -> Option<&[u8]> {
        let Self::Text(_, dictionary) = self else { return None };
        self.code(row).map(|code| dictionary.strings.bytes_at(code as usize))
    }

    /// For columns with a list of their distinct values: the positions in it by row, and its length. The position of a null
    /// lies beyond it.
    pub fn codes(&self) -> Option<(&[u32], usize)> {
        match self {
            Self::Text(codes, dictionary) => Some((codes, dictionary.strings.len())),
            Self::Mixed(codes, distinct) => Some((codes, distinct.marks.len())),
            _ => None,
        }
    }

    /// The value at a position of the list of [`codes`](Self::codes); null beyond it.
    pub fn coded(&self, code: u32) -> Value<'_> {
        match self {
            Self::Text(_, dictionary) if (code as usize) < dictionary.strings.len() => {
                Value::Text(dictionary.strings.at(code as usize))
            }
            Self::Mixed(_, distinct) if (code as usize) < distinct.marks.len() => distinct.value(code as usize),
            _ => Value::Null,
        }
    }

    /// The type that its values show.
    pub fn kind(&self) -> FieldType {
        match self {
            Self::Null(_) => FieldType::Null,
            Self::Bool(_) => FieldType::Boolean,
            Self::Int(_) => FieldType::Integer,
            Self::Float(_) => FieldType::Number,
            Self::Text(..) => FieldType::String,
            Self::Mixed(_, distinct) if distinct.marks.iter().all(|&mark| mark == JSON) => FieldType::Json,
            Self::Mixed(..) => FieldType::Mixed,
        }
    }

    /// Appends a value, widening the column when it does not fit.
    pub(super) fn push(&mut self, value: Value<'_>) {
        match (&mut *self, value) {
            (Self::Null(rows), Value::Null) => *rows += 1,
            (Self::Bool(values), Value::Null) => values.edit().push(2),
            (Self::Bool(values), Value::Bool(b)) => values.edit().push(u8::from(b)),
            (Self::Int(values), Value::Null) => values.edit().push(i64::MIN),
            (Self::Int(values), Value::Int(n)) if n != i64::MIN => values.edit().push(n),
            (Self::Float(values), Value::Null) => values.edit().push(f64::NAN),
            (Self::Float(values), Value::Float(n)) => values.edit().push(n),
            // Beyond 2^53 a float would lose digits, so such a column becomes mixed.
            (Self::Float(values), Value::Int(n)) if exact(n) => values.edit().push(n as f64),
            (Self::Text(codes, _) | Self::Mixed(codes, _), Value::Null) => codes.edit().push(NONE),
            (Self::Text(codes, dictionary), Value::Text(text)) => codes.edit().push(dictionary.code(text)),
            (Self::Mixed(codes, distinct), value) => codes.edit().push(distinct.code(value)),
            (_, value) => {
                self.widen(value);
                self.push(value);
            }
        }
    }

    /// Makes it this long with nulls.
    #[inline]
    pub(super) fn fill(&mut self, rows: usize) {
        while self.len() < rows {
            self.push(Value::Null);
        }
    }

    /// Makes room for so many times the present rows in addition.
    pub(super) fn reserve(&mut self, times: f64) {
        match self {
            Self::Null(_) => {}
            Self::Bool(values) => values.reserve(times),
            Self::Int(values) => values.reserve(times),
            Self::Float(values) => values.reserve(times),
            Self::Text(codes, _) | Self::Mixed(codes, _) => codes.reserve(times),
        }
    }

    /// Appends the rows of another one.
    pub(super) fn append(&mut self, other: Self) {
        match (&mut *self, other) {
            (own, other) if own.is_empty() => *own = other,
            (Self::Null(rows), Self::Null(more)) => *rows += more,
            (Self::Bool(own), Self::Bool(other)) => own.edit().extend_from_slice(&other),
            (Self::Int(own), Self::Int(other)) => own.edit().extend_from_slice(&other),
            (Self::Float(own), Self::Float(other)) => own.edit().extend_from_slice(&other),
            (Self::Text(own, dictionary), Self::Text(other, words)) => {
                let codes: Vec<u32> = words.strings.iter().map(|word| dictionary.code(word)).collect();
                own.edit().extend(other.iter().map(|&code| codes.get(code as usize).copied().unwrap_or(NONE)));
            }
            (_, other) => (0..other.len() as u32).for_each(|row| self.push(other.value(row))),
        }
    }

    /// The rows of these numbers, one after the other.
    pub(super) fn gathered(self, rows: &[u32]) -> Self {
        match self {
            Self::Null(_) => Self::Null(rows.len()),
            Self::Bool(values) => Self::Bool(values.gathered(rows)),
            Self::Int(values) => Self::Int(values.gathered(rows)),
            Self::Float(values) => Self::Float(values.gathered(rows)),
            Self::Text(codes, dictionary) => {
                // Most strings may be those of one row only, so they are brought into the order too.
                let mut words = Vec::with_capacity(dictionary.strings.len());
                let mut known = vec![NONE; dictionary.strings.len()];
                let mut renamed = |code: u32| {
                    let Some(known) = known.get_mut(code as usize) else { return NONE };
                    if *known == NONE {
                        *known = words.len() as u32;
                        words.push(code as usize);
                    }
                    *known
                };
                let codes = rows.iter().map(|&row| renamed(codes[row as usize])).collect();
                let strings = words.iter().map(|&word| dictionary.strings.at(word)).collect();
                Self::Text(codes, Dictionary { strings, codes: HashMap::default() })
            }
            Self::Mixed(codes, distinct) => Self::Mixed(codes.gathered(rows), distinct),
        }
    }

    /// Rebuilds the column in a form that can hold the value too.
    fn widen(&mut self, value: Value<'_>) {
        let rows = self.len() as u32;
        let only_nulls = matches!(self, Self::Null(_));
        let mut wider = match (&*self, value) {
            (Self::Null(_), Value::Bool(_)) => Self::Bool(Buffer::default()),
            (Self::Null(_), Value::Int(n)) if n != i64::MIN => Self::Int(Buffer::default()),
            (Self::Null(_), Value::Float(_)) => Self::Float(Buffer::default()),
            (Self::Null(_), Value::Text(_)) => Self::Text(Buffer::default(), Dictionary::default()),
            (Self::Int(values), Value::Float(_)) if values.iter().all(|&n| n == i64::MIN || exact(n)) => {
                Self::Float(Buffer::default())
            }
            _ => Self::Mixed(Buffer::default(), Distinct::default()),
        };
        for row in 0..rows {
            wider.push(if only_nulls { Value::Null } else { self.value(row) });
        }
        *self = wider;
    }

    /// Puts its arrays under a name.
    pub(super) fn pack<'a>(&'a self, name: &str, packing: &mut Packing<'a>) {
        match self {
            Self::Null(_) => {}
            Self::Bool(values) => packing.put(format!("{name}.bool"), values),
            Self::Int(values) => packing.put(format!("{name}.int"), values),
            Self::Float(values) => packing.put(format!("{name}.float"), values),
            Self::Text(codes, dictionary) => {
                packing.put(format!("{name}.codes"), codes);
                dictionary.strings.pack(&format!("{name}.words"), packing);
            }
            Self::Mixed(codes, distinct) => {
                packing.put(format!("{name}.codes"), codes);
                packing.put(format!("{name}.marks"), &distinct.marks);
                packing.put(format!("{name}.bits"), &distinct.bits);
                distinct.texts.pack(&format!("{name}.texts"), packing);
            }
        }
    }

    /// The column of so many rows that was packed under a name.
    pub(super) fn unpack(name: &str, rows: usize, packed: &Packed) -> Result<Self, Misfit> {
        let part = |part: &str| format!("{name}.{part}");
        let is_there = |part: &str| packed.bytes(&format!("{name}.{part}")).is_some();
        let column = if is_there("bool") {
            Self::Bool(packed.buffer(&part("bool"))?)
        } else if is_there("int") {
            Self::Int(packed.buffer(&part("int"))?)
        } else if is_there("float") {
            Self::Float(packed.buffer(&part("float"))?)
        } else if is_there("marks") {
            let texts = Strings::unpack(&part("texts"), packed)?;
            let (marks, bits) = (packed.buffer(&part("marks"))?, packed.buffer(&part("bits"))?);
            if (marks.len(), bits.len()) != (texts.len(), texts.len()) {
                return Err(Misfit(part("marks")));
            }
            Self::Mixed(packed.buffer(&part("codes"))?, Distinct { marks, bits, texts, codes: HashMap::new() })
        } else if is_there("codes") {
            let strings = Strings::unpack(&part("words"), packed)?;
            Self::Text(packed.buffer(&part("codes"))?, Dictionary { strings, codes: HashMap::default() })
        } else {
            Self::Null(rows)
        };
        if column.len() == rows { Ok(column) } else { Err(Misfit(name.to_owned())) }
    }

    /// Drops what only building needs.
    pub(super) fn finish(&mut self) {
        match self {
            Self::Null(_) => {}
            Self::Bool(values) => values.shrink_to_fit(),
            Self::Int(values) => values.shrink_to_fit(),
            Self::Float(values) => values.shrink_to_fit(),
            Self::Text(codes, dictionary) => {
                codes.shrink_to_fit();
                dictionary.codes = HashMap::default();
                dictionary.strings.shrink_to_fit();
            }
            Self::Mixed(codes, distinct) => {
                codes.shrink_to_fit();
                distinct.codes = HashMap::new();
            }
        }
    }
}

/// Whether a float holds the integer exactly.
fn exact(n: i64) -> bool {
    n.unsigned_abs() <= 1 << 53
}

impl Dictionary {
    fn code(&mut self, text: &str) -> u32 {
        let mut hash = xxh3_64(text.as_bytes());
        loop {
            match self.codes.entry(hash) {
                Entry::Occupied(entry) if self.strings.at(*entry.get() as usize) == text => return *entry.get(),
                Entry::Occupied(_) => hash = hash.wrapping_add(1),
                Entry::Vacant(entry) => return *entry.insert(self.strings.push(text) as u32),
            }
        }
    }
}

impl Distinct {
    fn code(&mut self, value: Value<'_>) -> u32 {
        // The debug form tells apart what is equal across kinds, such as 1 and 1.0.
        let key = format!("{value:?}");
        let next = self.marks.len() as u32;
        let code = *self.codes.entry(key).or_insert(next);
        if code == next {
            let (mark, bits, text) = match value {
                Value::Null => unreachable!("a null has no code"),
                Value::Bool(truth) => (BOOL, u64::from(truth), ""),
                Value::Int(number) => (INT, number.cast_unsigned(), ""),
                Value::Float(number) => (FLOAT, number.to_bits(), ""),
                Value::Text(text) => (TEXT, 0, text),
                Value::Json(text) => (JSON, 0, text),
            };
            self.marks.edit().push(mark);
            self.bits.edit().push(bits);
            self.texts.push(text);
        }
        code
    }

    fn value(&self, code: usize) -> Value<'_> {
        match self.marks[code] {
            BOOL => Value::Bool(self.bits[code] == 1),
            INT => Value::Int(self.bits[code].cast_signed()),
            FLOAT => Value::Float(f64::from_bits(self.bits[code])),
            TEXT => Value::Text(self.texts.at(code)),
            _ => Value::Json(self.texts.at(code)),
        }
    }
}

#[cfg(test)]
mod tests;
