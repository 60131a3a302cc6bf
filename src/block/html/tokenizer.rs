//! Where each token of an HTML text begins and ends.
//!
//! In: UTF-8 text, and from the tree builder the state that a start tag switches to.
//! Out: tokens as byte ranges that lie end to end and cover every byte. Never: a copy
//! of the text, a decoded reference, recursion.
//!
//! This is the tokenizer of the HTML standard (§13.2.5) reduced to the states that
//! decide where a token *ends*: tags with their quoted values, comments, bogus
//! comments, CDATA in foreign content, raw text with its one closing tag, and the
//! escaped states of scripts. It is checked against html5ever's own tokenizer.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Characters.
    Text,
    /// Characters of a CDATA section, its fences included.
    CData,
    /// A start tag.
    Start {
        /// It ends in `/>`.
        self_closing: bool,
    },
    /// An end tag.
    End,
    /// A comment, or markup that the standard reads as one.
    Comment,
    /// A document type.
    Doctype,
    /// Bytes that give no token: `</>`, or a tag that the end of the text cuts off.
    Nothing,
}

/// A token's kind and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Where a tag's name ends; it starts after `<` or `</`.
    pub(crate) name_end: usize,
}

impl Token {
    /// The bytes of the token.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The bytes of a tag's name, as written.
    pub(crate) fn name(&self) -> Range<usize> {
        match self.kind {
            Kind::Start { .. } => self.start + 1..self.name_end,
            Kind::End => self.start + 2..self.name_end,
            _ => self.start..self.start,
        }
    }
}

/// How text is read until the next tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Markup.
    Data,
    /// Only the end tag of the element that began it ends it (`title`, `style` …).
    Raw,
    /// As `Raw`, with the escapes of a script.
    Script,
    /// Never ends.
    PlainText,
}

/// Reads tokens one after the other.
pub(crate) struct Tokenizer<'a> {
    text: &'a [u8],
    pos: usize,
    state: State,
    /// The name that ends raw text, as written in its start tag.
    raw_name: Range<usize>,
    /// How many attributes the last tag had.
    attributes: usize,
}

impl<'a> Tokenizer<'a> {
    /// A tokenizer at the beginning of `text`.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), pos: 0, state: State::Data, raw_name: 0..0, attributes: 0 }
    }

    /// A tokenizer of markup that begins at `pos`.
    pub(super) fn starting_at(text: &'a str, pos: usize) -> Self {
        Self { pos, ..Self::new(text) }
    }

    /// Where the next token begins.
    pub(super) fn position(&self) -> usize {
        self.pos
    }

    /// Passes over a token, the next one, which ends at `end`.
    pub(super) fn pass(&mut self, end: usize) {
        self.pos = end;
    }

    /// Reads on in `state`, which the start tag `tag` asks for.
    pub(crate) fn switch(&mut self, state: State, tag: &Token) {
        self.state = state;
        self.raw_name = tag.name();
    }

    /// How many attributes the last token has, duplicates included.
    pub(crate) fn attributes(&self) -> usize {
        self.attributes
    }

    /// Whether the next token is read as markup, not as raw text.
    pub(crate) fn in_markup(&self) -> bool {
        self.state == State::Data
    }

    /// The next token. `cdata_allowed` says whether the insertion point is in foreign
    /// content, where `<![CDATA[` begins a section.
    pub(crate) fn next(&mut self, cdata_allowed: bool) -> Option<Token> {
        if self.pos >= self.text.len() {
            return None;
        }
        let start = self.pos;
        self.attributes = 0;
        let token = match self.state {
            State::PlainText => self.token(Kind::Text, start, self.text.len()),
            State::Raw | State::Script => {
                let close = match self.state {
                    State::Script => self.script_end(start),
                    _ => self.raw_end(start),
                };
                match close {
                    Some(close) if close == start => {
                        let tag = self.tag(start, Kind::End, start + 2);
                        // A tag that the text's end cuts off closes nothing.
                        if tag.kind == Kind::End {
                            self.state = State::Data;
                        }
                        tag
                    }
                    Some(close) => self.token(Kind::Text, start, close),
                    None => self.token(Kind::Text, start, self.text.len()),
                }
            }
            State::Data => self.data(start, cdata_allowed),
        };
        debug_assert!(token.start == start && token.end > start && token.end <= self.text.len());
        self.pos = token.end;
        Some(token)
    }

    fn token(&self, kind: Kind, start: usize, end: usize) -> Token {
        Token { kind, start, end, name_end: start }
    }

    fn at(&self, pos: usize) -> Option<u8> {
        self.text.get(pos).copied()
    }

    fn rest(&self, pos: usize) -> &'a [u8] {
        self.text.get(pos..).unwrap_or_default()
    }

    fn data(&mut self, start: usize, cdata_allowed: bool) -> Token {
        let mut from = start;
        // Text goes on over every `<` that begins nothing.
        while self.at(start) != Some(b'<') || !self.begins_markup(start) {
            let Some(offset) = memchr(b'<', self.rest(from)) else {
                return self.token(Kind::Text, start, self.text.len());
            };
            let open = from + offset;
            if self.begins_markup(open) {
                return self.token(Kind::Text, start, open);
            }
            from = open + 1;
        }
        match self.at(start + 1) {
            Some(b'/') => match self.at(start + 2) {
                Some(b) if b.is_ascii_alphabetic() => self.tag(start, Kind::End, start + 2),
                Some(b'>') => self.token(Kind::Nothing, start, start + 3),
                _ => self.bogus_comment(start),
            },
            Some(b'!') => self.declaration(start, cdata_allowed),
            Some(b'?') => self.bogus_comment(start),
            _ => self.tag(start, Kind::Start { self_closing: false }, start + 1),
        }
    }

    fn begins_markup(&self, open: usize) -> bool {
        match self.at(open + 1) {
            Some(b'!' | b'?') => true,
            // `</` at the very end is text.
            Some(b'/') => self.at(open + 2).is_some(),
            Some(b) => b.is_ascii_alphabetic(),
            None => false,
        }
    }

    fn until(&self, from: usize, needle: u8) -> usize {
        memchr(needle, self.rest(from)).map_or(self.text.len(), |i| from + i + 1)
    }

    fn bogus_comment(&self, start: usize) -> Token {
        self.token(Kind::Comment, start, self.until(start, b'>'))
    }

    fn declaration(&self, start: usize, cdata_allowed: bool) -> Token {
        let body = start + 2;
        let rest = self.rest(body);
        if rest.starts_with(b"--") {
            return self.token(Kind::Comment, start, self.comment_end(body + 2));
        }
        if rest.get(..7).is_some_and(|w| w.eq_ignore_ascii_case(b"doctype")) {
            return self.token(Kind::Doctype, start, self.until(body + 7, b'>'));
        }
        if cdata_allowed && rest.starts_with(b"[CDATA[") {
            let end = memmem::find(self.rest(body + 7), b"]]>")
                .map_or(self.text.len(), |i| body + 7 + i + 3);
            return self.token(Kind::CData, start, end);
        }
        self.bogus_comment(start)
    }

    /// The end of a comment whose text begins at `from`.
    fn comment_end(&self, from: usize) -> usize {
        let rest = self.rest(from);
        if rest.starts_with(b">") {
            return from + 1;
        }
        if rest.starts_with(b"->") {
            return from + 2;
        }
        for dashes in memmem::find_iter(rest, b"--") {
            let after = rest.get(dashes + 2..).unwrap_or_default();
            match after {
                [b'>', ..] => return from + dashes + 3,
                [b'!', b'>', ..] => return from + dashes + 4,
                // An odd dash: `--->` and `---!>` end it too.
                [b'-', b'>', ..] => return from + dashes + 4,
                [b'-', b'!', b'>', ..] => return from + dashes + 5,
                _ => {}
            }
        }
        self.text.len()
    }

    /// A tag whose name begins at `name`.
    fn tag(&mut self, start: usize, kind: Kind, name: usize) -> Token {
        let rest = self.rest(name);
        let name_end = name + name_length(rest);
        let mut attributes = Attributes { text: self.text, pos: name_end, slash: false };
        self.attributes += attributes.by_ref().count();
        let Attributes { pos: end, slash, .. } = attributes;
        if end >= self.text.len() {
            return self.token(Kind::Nothing, start, self.text.len());
        }
        let kind = match kind {
            Kind::Start { .. } => Kind::Start { self_closing: slash },
            kind => kind,
        };
        Token { kind, start, end: end + 1, name_end }
    }

    fn is_raw_close(&self, open: usize) -> bool {
        let name = self.text.get(self.raw_name.clone()).unwrap_or_default();
        let after = open + 2 + name.len();
        self.at(open + 1) == Some(b'/')
            && self.text.get(open + 2..after).is_some_and(|n| n.eq_ignore_ascii_case(name))
            && self.at(after).is_some_and(|b| is_space(b) || b == b'/' || b == b'>')
    }

    fn raw_end(&self, from: usize) -> Option<usize> {
        memmem::find_iter(self.rest(from), b"</")
            .map(|offset| from + offset)
            .find(|&open| self.is_raw_close(open))
    }

    /// The `</script` that ends a script, past the ones that its escapes hide.
    fn script_end(&self, from: usize) -> Option<usize> {
        #[derive(PartialEq)]
        enum Escape {
            None,
            Once,
            Twice,
        }
        let mut escape = Escape::None;
        let mut pos = from;
        loop {
            if escape == Escape::None {
                pos += memchr(b'<', self.rest(pos))?;
                if self.is_raw_close(pos) {
                    return Some(pos);
                }
                if self.rest(pos).starts_with(b"<!--") {
                    escape = Escape::Once;
                    // Both dashes may already belong to a closing `-->`.
                    pos += 2;
                } else {
                    pos += 1;
                }
                continue;
            }
            pos += memchr2(b'<', b'-', self.rest(pos))?;
            if self.at(pos) == Some(b'-') {
                let dashes = self.rest(pos).iter().take_while(|&&b| b == b'-').count();
                pos += dashes;
                if dashes >= 2 && self.at(pos) == Some(b'>') {
                    escape = Escape::None;
                }
                continue;
            }
            if escape == Escape::Once {
                if self.is_raw_close(pos) {
                    return Some(pos);
                }
                if self.is_script_word(pos + 1) {
                    escape = Escape::Twice;
                }
            } else if self.at(pos + 1) == Some(b'/') && self.is_script_word(pos + 2) {
                escape = Escape::Once;
            }
            pos += 1;
        }
    }

    fn is_script_word(&self, at: usize) -> bool {
        self.text.get(at..at + 6).is_some_and(|w| w.eq_ignore_ascii_case(b"script"))
            && self.at(at + 6).is_some_and(|b| is_space(b) || b == b'/' || b == b'>')
    }
}

/// How long the name of a tag is that begins `rest`.
fn name_length(rest: &[u8]) -> usize {
    let length = rest.iter().position(|&b| is_space(b) || b == b'/' || b == b'>');
    length.unwrap_or(rest.len())
}

/// What the standard calls whitespace; a carriage return is a line end to it.
pub(crate) const fn is_space(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// An attribute, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) name: Range<usize>,
    /// Without its quotes; empty when there is none.
    pub(crate) value: Range<usize>,
}

/// Walks over the attributes of a tag, in the order written, duplicates included.
pub(crate) struct Attributes<'a> {
    text: &'a [u8],
    /// Behind the tag's name at first; on its `>`, or at the end of the text, at last.
    pos: usize,
    /// A slash stands directly before `pos`, and belongs to no value.
    slash: bool,
}

impl<'a> Attributes<'a> {
    /// The attributes of the start tag at `start` in `text`.
    pub(super) fn of_tag_at(text: &'a str, start: usize) -> Self {
        let tag = text.as_bytes().get(start + 1..).unwrap_or_default();
        Self { text: text.as_bytes(), pos: start + 1 + name_length(tag), slash: false }
    }

    /// The attributes of `tag` in `text`.
    pub(crate) fn of(text: &'a str, tag: &Token) -> Self {
        // The `>` of the tag ends the walk, so the whole text may stay in sight.
        Self { text: text.as_bytes(), pos: tag.name_end, slash: false }
    }

    /// Goes on to the first byte of which `ends` holds, or to the end, and says what was passed.
    #[inline]
    fn pass(&mut self, ends: impl Fn(u8) -> bool) -> Range<usize> {
        let from = self.pos;
        let rest = self.text.get(from..).unwrap_or_default();
        self.pos += rest.iter().position(|b| ends(*b)).unwrap_or(rest.len());
        from..self.pos
    }

    fn here(&self) -> Option<u8> {
        self.text.get(self.pos).copied()
    }

    /// The next attribute; `None` at the tag's `>` or the end of the text.
    fn step(&mut self) -> Option<Attribute> {
        let passed = self.pass(|b| !is_space(b) && b != b'/');
        self.slash = !passed.is_empty() && self.text.get(self.pos - 1) == Some(&b'/');
        if self.here()? == b'>' {
            return None;
        }
        let start = self.pos;
        // An `=` in first place belongs to the name.
        self.pos += 1;
        let name = start..self.pass(|b| is_space(b) || matches!(b, b'/' | b'>' | b'=')).end;
        if self.here().is_some_and(is_space) {
            self.pass(|b| !is_space(b));
        }
        if self.here() != Some(b'=') {
            return Some(Attribute { value: self.pos..self.pos, name });
        }
        self.pos += 1;
        if self.here().is_some_and(is_space) {
            self.pass(|b| !is_space(b));
        }
        let value = match self.here() {
            Some(quote @ (b'"' | b'\'')) => {
                let from = self.pos + 1;
                let rest = self.text.get(from..).unwrap_or_default();
                let to = memchr(quote, rest).map_or(self.text.len(), |i| from + i);
                self.pos = (to + 1).min(self.text.len());
                from..to
            }
            _ => self.pass(|b| is_space(b) || b == b'>'),
        };
        Some(Attribute { name, value })
    }
}

impl Iterator for Attributes<'_> {
    type Item = Attribute;

    fn next(&mut self) -> Option<Attribute> {
        self.step()
    }
}
