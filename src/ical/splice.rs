//! Puts new values into a document: prefix, new, suffix, all else the document's bytes.

use std::ops::Range;

use super::document::{Document, Property};
use super::text::{Kind, character_len, escape};

/// The longest line that we write, in octets without its end (RFC 5545 §3.1).
const LINE_OCTETS: usize = 75;

/// Changes to a document, collected and then applied together.
pub(crate) struct Splice<'a> {
    document: &'a Document,
    pieces: Vec<Piece>,
    meant: Vec<Meant>,
}

struct Piece {
    raw: Range<usize>,
    new: Vec<u8>,
}

/// What a reader should find at a place of the old document.
struct Meant {
    at: usize,
    change: Change,
}

enum Change {
    Value(Kind, Vec<u8>),
    Removed,
    Inserted { component: usize, line: Vec<u8> },
}

/// The changed calendar would not read back as it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the calendar would not read back as it was meant")]
pub(crate) struct NotAsMeant;

impl<'a> Splice<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self { document, pieces: Vec::new(), meant: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Adds the changes of another collection over the same document.
    pub(crate) fn append(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
        self.meant.extend(other.meant);
    }

    /// Replaces a property's value. What the old and the new value share at both ends
    /// stays the very raw bytes, folds included. The answer is how many bytes of the value
    /// stay so at its beginning.
    pub(crate) fn replace(&mut self, property: &Property<'_>, kind: Kind, new: &[u8]) -> usize {
        let document = self.document.as_bytes();
        let old = property.decoded(kind);
        if old.bytes == new {
            return new.len();
        }
        let (mut prefix, suffix) = common_ends(&old.bytes, new);
        while prefix > 0 && !old.may_continue(document, prefix, kind) {
            prefix -= 1;
        }
        let raw = old.raw_end(prefix)..old.raw_start(old.bytes.len() - suffix);
        let raw = raw.start..raw.end.max(raw.start);
        let mut writer = Folder {
            out: Vec::new(),
            column: column(self.document, raw.start),
            line_end: property.line_end(),
            blank: self.document.fold_blank(),
        };
        writer.write(new.get(prefix..new.len() - suffix).unwrap_or_default(), kind);
        let tail = self.document.ends().next(document, raw.end).0 - raw.end;
        // What follows a parameter may change too: it then counts from a line of its own.
        writer.join(if kind == Kind::AltRep { tail.max(LINE_OCTETS) } else { tail });
        self.pieces.push(Piece { raw, new: writer.out });
        let change = Change::Value(kind, new.to_vec());
        self.meant.push(Meant { at: property.span().start, change });
        prefix
    }

    /// Puts a property line into `component` at `at`, the start of a line. `head` is its
    /// name, parameters and colon.
    pub(crate) fn insert(
        &mut self,
        component: usize,
        at: usize,
        head: &str,
        kind: Kind,
        value: &[u8],
    ) {
        let line = [head.as_bytes(), value].concat();
        let new = folded(self.document, head, kind, value);
        self.pieces.push(Piece { raw: at..at, new });
        self.meant.push(Meant { at, change: Change::Inserted { component, line } });
    }

    /// Takes a property's line out.
    pub(crate) fn remove(&mut self, property: &Property<'_>) {
        self.pieces.push(Piece { raw: property.span(), new: Vec::new() });
        self.meant.push(Meant { at: property.span().start, change: Change::Removed });
    }

    /// The document with all changes made, read again and compared with what was meant.
    pub(crate) fn apply(mut self) -> Result<Document, NotAsMeant> {
        let old = self.document.as_bytes();
        self.pieces.sort_by_key(|piece| (piece.raw.start, piece.raw.end));
        let mut out = Vec::with_capacity(old.len());
        let mut at = 0;
        for piece in &self.pieces {
            out.extend_from_slice(old.get(at..piece.raw.start).ok_or(NotAsMeant)?);
            out.extend_from_slice(&piece.new);
            at = piece.raw.end;
        }
        out.extend_from_slice(old.get(at..).ok_or(NotAsMeant)?);
        let limits = self.document.limits();
        let new = Document::parse_with(out, limits).map_err(|_| NotAsMeant)?;
        if self.is_as_meant(&new) { Ok(new) } else { Err(NotAsMeant) }
    }

    fn is_as_meant(&mut self, new: &Document) -> bool {
        let shape = |document: &Document| -> Vec<_> {
            document.components().iter().map(|c| (c.name.clone(), c.parent)).collect()
        };
        if shape(self.document) != shape(new) {
            return false;
        }
        self.meant.sort_by_key(|meant| meant.at);
        let mut meant = self.meant.iter().peekable();
        let mut found = new.properties();
        for property in self.document.properties() {
            let (mut changes, mut removed) = (Vec::new(), false);
            while let Some(next) = meant.next_if(|m| m.at <= property.span().start) {
                match &next.change {
                    Change::Inserted { component, line } => {
                        if !is_inserted(found.next(), *component, line) {
                            return false;
                        }
                    }
                    Change::Removed => removed = true,
                    Change::Value(kind, value) => changes.push((*kind, value.as_slice())),
                }
            }
            if removed {
                continue;
            }
            if !found.next().is_some_and(|now| is_changed(&property, &now, &changes)) {
                return false;
            }
        }
        meant.all(|m| match &m.change {
            Change::Inserted { component, line } => is_inserted(found.next(), *component, line),
            _ => false,
        }) && found.next().is_none()
    }
}

fn is_inserted(found: Option<Property<'_>>, component: usize, line: &[u8]) -> bool {
    found.is_some_and(|p| {
        let written = |kind| [p.head(), p.decoded(kind).bytes].concat() == line;
        p.component() == component && (written(Kind::Text) || written(Kind::Verbatim))
    })
}

/// Whether `now` is `old` with these values and nothing else new.
fn is_changed(old: &Property<'_>, now: &Property<'_>, changes: &[(Kind, &[u8])]) -> bool {
    if old.component() != now.component() {
        return false;
    }
    if changes.is_empty() {
        return old.raw() == now.raw();
    }
    let in_head = changes.iter().any(|(kind, _)| *kind == Kind::AltRep);
    let in_value = changes.iter().any(|(kind, _)| *kind != Kind::AltRep);
    let head = match in_head {
        true => old.head_around_alt_rep() == now.head_around_alt_rep(),
        false => old.head() == now.head(),
    };
    head && (in_value || old.text() == now.text())
        && changes.iter().all(|(kind, value)| same_text(&now.decoded(*kind).bytes, value))
}

/// Whether two texts are equal when CRLF and CR count as LF.
fn same_text(one: &[u8], other: &[u8]) -> bool {
    let with_lf = |text: &[u8]| -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let (character, tail) = rest.split_at(character_len(rest));
            let is_break = matches!(character, b"\r" | b"\r\n");
            out.extend_from_slice(if is_break { b"\n" } else { character });
            rest = tail;
        }
        out
    };
    one == other || with_lf(one) == with_lf(other)
}

/// How many bytes two values share at their starts and, of the rest, at their ends,
/// never parting a UTF-8 sequence or a CRLF.
fn common_ends(old: &[u8], new: &[u8]) -> (usize, usize) {
    let mut prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    while prefix > 0 && (parts(old, prefix) || parts(new, prefix)) {
        prefix -= 1;
    }
    let rest = old.len().min(new.len()) - prefix;
    let mut suffix =
        old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    while suffix > 0 && (parts(old, old.len() - suffix) || parts(new, new.len() - suffix)) {
        suffix -= 1;
    }
    (prefix, suffix)
}

/// Whether a cut before `at` would part a character.
fn parts(bytes: &[u8], at: usize) -> bool {
    matches!(
        (at.checked_sub(1).and_then(|b| bytes.get(b)), bytes.get(at)),
        (Some(b'\r'), Some(b'\n')) | (Some(0x80..), Some(0x80..=0xbf))
    )
}

/// How many octets of its physical line stand before `at`.
fn column(document: &Document, at: usize) -> usize {
    let before = document.as_bytes().get(..at).unwrap_or_default();
    at - memchr::memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1)
}

/// A property line as it stands in a file like `document`. `head` is its name, parameters
/// and colon.
pub(crate) fn folded(document: &Document, head: &str, kind: Kind, value: &[u8]) -> Vec<u8> {
    let line_end = document.line_end();
    let mut writer = Folder { out: Vec::new(), column: 0, line_end, blank: document.fold_blank() };
    writer.write(head.as_bytes(), Kind::Verbatim);
    writer.write(value, kind);
    writer.out.extend_from_slice(line_end);
    writer.out
}

/// Writes characters into folded lines.
struct Folder<'a> {
    out: Vec<u8>,
    column: usize,
    line_end: &'a [u8],
    blank: u8,
}

impl Folder<'_> {
    fn write(&mut self, mut text: &[u8], kind: Kind) {
        while !text.is_empty() {
            let (character, rest) = text.split_at(character_len(text));
            let written = escape(character, kind);
            if self.column + written.len() > LINE_OCTETS {
                self.fold();
            }
            self.out.extend_from_slice(&written);
            self.column += written.len();
            text = rest;
        }
    }

    /// Makes room for the `tail` octets that already stand behind the new ones.
    fn join(&mut self, tail: usize) {
        if tail > 0 && self.column > 1 && self.column + tail > LINE_OCTETS {
            self.fold();
        }
    }

    fn fold(&mut self) {
        self.out.extend_from_slice(self.line_end);
        self.out.push(self.blank);
        self.column = 1;
    }
}
