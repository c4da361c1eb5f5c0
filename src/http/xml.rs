//! XML documents, written element by element.

/// A document under way. Elements are closed in the reverse order of their opening, whatever is written between.
#[derive(Clone, Debug)]
pub(super) struct Xml {
    text: String,
    open: Vec<String>,
}

impl Xml {
    /// A document that begins.
    pub(super) fn new() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() }
    }

    /// A document that begins, and names where its type is defined.
    pub(super) fn with_doctype(root: &str, system: &str) -> Self {
        let mut xml = Self::new();
        xml.text.extend(["<!DOCTYPE ", root, " SYSTEM \"", system, "\">\n"]);
        xml
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.tag(name, attributes);
        self.text.push('>');
        self.open.push(name.to_owned());
        self
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.text.extend(["</", &name, ">\n"]);
        }
        self
    }

    /// An element that holds a text.
    pub(super) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.leaf(name, &[], text)
    }

    /// An element with attributes that holds a text.
    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> &mut Self {
        self.tag(name, attributes);
        self.text.push('>');
        self.escape(text);
        self.text.extend(["</", name, ">\n"]);
        self
    }

    /// An element that holds a text, left out when there is none.
    pub(super) fn text_if(&mut self, name: &str, text: &str) -> &mut Self {
        if text.is_empty() { self } else { self.text(name, text) }
    }

    /// An element that holds nothing.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
        self
    }

    /// The document, with all elements closed.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text.extend(["<", name]);
        for (name, value) in attributes {
            self.text.extend([" ", name, "=\""]);
            self.escape(value);
            self.text.push('"');
        }
    }

    /// What XML 1.0 has no character for is left out.
    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\t' | '\n' => self.text.push(c),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
                _ => self.text.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_are_escaped_and_elements_closed() {
        let mut xml = Xml::new();
        xml.open("a", &[("b", "\"<&>\"")]).text("c", "<script>\u{0}&").empty("d", &[]);
        let text = xml.finish();
        assert_eq!(text.lines().nth(1), Some("<a b=\"&quot;&lt;&amp;&gt;&quot;\"><c>&lt;script&gt;&amp;</c>"));
        assert!(text.ends_with("<d/>\n</a>\n"), "{text}");
    }
}
