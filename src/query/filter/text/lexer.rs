//! Text to tokens.

/// A token and the byte at which it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind<'a> {
    /// A keyword, or the bare name of a property or a function.
    Word(&'a str),
    /// A name in double quotes.
    Name(String),
    /// A text in single quotes.
    Text(String),
    /// A number without sign.
    Number(&'a str),
    /// An operator, a parenthesis or a comma.
    Symbol(&'static str),
    /// After the last one.
    End,
}

/// Longer ones first.
const SYMBOLS: [&str; 14] = ["<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/", "%"];

/// What is wrong with a text, and the byte at which.
pub(super) type Fault = (usize, String);

/// Cuts a text into tokens, the last of which is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = match first {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '\'' => quoted_text(rest).map(|(text, end)| (TokenKind::Text(text), end)).ok_or_else(|| {
                (at, "this text has no end: a ' is missing (a ' inside a text is written '')".to_owned())
            })?,
            '"' => quoted_name(rest)
                .map(|(name, end)| (TokenKind::Name(name), end))
                .ok_or_else(|| (at, "this name has no end: a \" is missing".to_owned()))?,
            '0'..='9' | '.' if number(rest) > 0 => (TokenKind::Number(&rest[..number(rest)]), number(rest)),
            c if starts_name(c) => {
                let end = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
                (TokenKind::Word(&rest[..end]), end)
            }
            '^' => (TokenKind::Symbol("^"), 1),
            c => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
                Some(symbol) => (TokenKind::Symbol(symbol), symbol.len()),
                None => return Err((at, stray(c, rest))),
            },
        };
        tokens.push(Token { kind, start: at, end: at + length });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, start: text.len(), end: text.len() });
    Ok(tokens)
}

/// What to do about a character that starts no token.
fn stray(c: char, rest: &str) -> String {
    match c {
        '!' if rest.starts_with("!=") => "'!=' is not known; write '<>'".to_owned(),
        '&' | '|' => format!("'{c}' is not known; write AND or OR"),
        '‘' | '’' | '“' | '”' | '`' => {
            format!("'{c}' is no quotation mark of CQL2: texts stand in 'these', names in \"these\"")
        }
        '{' | '[' => format!("'{c}' starts nothing in CQL2 Text; is this JSON, and filter-lang=cql2-json missing?"),
        c => format!("the character '{}' starts nothing that is known", c.escape_debug()),
    }
}

/// The text in single quotes at the start, and the byte after it.
///
/// A quote inside is written `''` or `\'`. The grammar leaves no way to end a text with a backslash, so one rule is added:
/// in a run of backslashes right before a quote, each pair stands for one of them.
fn quoted_text(rest: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut at = 1;
    loop {
        let run = rest[at..].find(['\'', '\\'])?;
        text.push_str(&rest[at..at + run]);
        at += run;
        let slashes = rest[at..].bytes().take_while(|&byte| byte == b'\\').count();
        at += slashes;
        if rest.as_bytes().get(at) != Some(&b'\'') {
            text.extend(std::iter::repeat_n('\\', slashes));
            continue;
        }
        text.extend(std::iter::repeat_n('\\', slashes / 2));
        at += 1;
        if slashes % 2 == 1 {
            text.push('\'');
        } else if rest.as_bytes().get(at) == Some(&b'\'') {
            text.push('\'');
            at += 1;
        } else {
            return Some((text, at));
        }
    }
}

/// The name in double quotes at the start, and the byte after it; a quote inside is written twice.
fn quoted_name(rest: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut at = 1;
    loop {
        let run = rest[at..].find('"')?;
        name.push_str(&rest[at..at + run]);
        at += run + 1;
        if rest.as_bytes().get(at) != Some(&b'"') {
            return Some((name, at));
        }
        name.push('"');
        at += 1;
    }
}

/// The length of the number at the start; zero when there is none.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if whole + fraction == 0 {
            return 0;
        }
        end += 1 + fraction;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.len() > end + 1 + sign {
            let exponent = digits(end + 1 + sign);
            end += if exponent > 0 { 1 + sign + exponent } else { 0 };
        }
    }
    end
}

/// Whether a bare name may start with the character (rule `identifierStart`).
pub(super) fn starts_name(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1ffe}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
        // The grammar's ranges hold one blank, which separates.
        && !c.is_whitespace()
}

/// Whether a bare name may go on with the character (rule `identifierPart`).
pub(super) fn continues_name(c: char) -> bool {
    starts_name(c) || matches!(c, '.' | '0'..='9' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
