//! The values that features of a layer have.

use crate::feature::Value;

/// Values of properties by position, their texts end to end: thousands of names are one piece of memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TileValues {
    kept: Vec<Kept>,
    texts: String,
}

/// One value; a text by where it starts and ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kept {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(usize, usize),
    Json(usize, usize),
}

impl TileValues {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The value at a position.
    ///
    /// # Panics
    /// When there are not that many.
    #[inline]
    pub fn at(&self, position: u32) -> Value<'_> {
        self.value(self.kept[position as usize])
    }

    /// All of them in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Value<'_>> {
        self.kept.iter().map(|&kept| self.value(kept))
    }

    /// Bytes of all texts together.
    pub fn text_bytes(&self) -> usize {
        self.texts.len()
    }

    /// About how many bytes they take.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.kept[..]) + self.texts.len()
    }

    /// Puts the values at some positions before all others; each keeps its turn among those beside it. Answers the new positions by
    /// the old ones.
    pub(super) fn put_first(&mut self, is_first: &[bool]) -> Vec<u32> {
        let mut places = vec![0; self.kept.len()];
        let mut kept = Vec::with_capacity(self.kept.len());
        for turn in [true, false] {
            for (position, _) in is_first.iter().enumerate().filter(|(_, is_first)| **is_first == turn) {
                places[position] = kept.len() as u32;
                kept.push(self.kept[position]);
            }
        }
        self.kept = kept;
        places
    }

    /// Appends a value and answers its position.
    pub(super) fn push(&mut self, value: Value<'_>) -> u32 {
        let kept = match value {
            Value::Null => Kept::Null,
            Value::Bool(b) => Kept::Bool(b),
            Value::Int(n) => Kept::Int(n),
            Value::Float(n) => Kept::Float(n),
            Value::Text(text) => {
                let [start, end] = self.push_text(text);
                Kept::Text(start, end)
            }
            Value::Json(text) => {
                let [start, end] = self.push_text(text);
                Kept::Json(start, end)
            }
        };
        self.kept.push(kept);
        self.kept.len() as u32 - 1
    }

    fn push_text(&mut self, text: &str) -> [usize; 2] {
        let start = self.texts.len();
        self.texts.push_str(text);
        [start, self.texts.len()]
    }

    #[inline]
    fn value(&self, kept: Kept) -> Value<'_> {
        match kept {
            Kept::Null => Value::Null,
            Kept::Bool(b) => Value::Bool(b),
            Kept::Int(n) => Value::Int(n),
            Kept::Float(n) => Value::Float(n),
            Kept::Text(start, end) => Value::Text(&self.texts[start..end]),
            Kept::Json(start, end) => Value::Json(&self.texts[start..end]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_all_kinds_come_back() {
        let own = [
            Value::Text("회령"),
            Value::Int(-3),
            Value::Json("[1]"),
            Value::Null,
            Value::Float(0.5),
            Value::Text(""),
            Value::Bool(true),
        ];
        let mut values = TileValues::default();
        assert!(values.is_empty());
        for (position, value) in own.into_iter().enumerate() {
            assert_eq!(values.push(value), position as u32);
        }
        assert!(values.iter().eq(own));
        assert_eq!((values.at(2), values.len(), values.text_bytes()), (own[2], 7, 9));
    }
}
