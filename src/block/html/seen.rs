//! Tags that were read before: mail programs write the same ones again and again.
//!
//! In: a text, and a place in markup. Out: what the tag there is, when one with the same
//! bytes was read lately. Never: a guess; all bytes are compared.

use memchr::memchr;

use super::names::{Class, Name};
use super::tokenizer::Token;

/// How many tags are known at a time.
const SLOTS: usize = 64;

/// What the rules need of a tag; the same for the same bytes, wherever they stand in markup.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    /// The first one with these bytes.
    first: Token,
    pub(super) name: Name,
    pub(super) class: Class,
    /// It may begin something that is quoted.
    pub(super) may_quote: bool,
}

impl Tag {
    pub(super) fn new(first: &Token, (name, class): (Name, Class), may_quote: bool) -> Self {
        Self { first: *first, name, class, may_quote }
    }

    /// This tag where it begins at `start`.
    pub(super) fn at(&self, start: usize) -> Token {
        let moved = |at: usize| at - self.first.start + start;
        Token {
            kind: self.first.kind,
            start,
            end: moved(self.first.end),
            name_end: moved(self.first.name_end),
        }
    }
}

pub(super) struct Seen<'a> {
    text: &'a [u8],
    tags: [Option<Tag>; SLOTS],
}

impl<'a> Seen<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), tags: [None; SLOTS] }
    }

    /// The tag that begins at `start`, if it is known.
    pub(super) fn find(&self, start: usize) -> Option<&Tag> {
        let rest = self.text.get(start..)?;
        let tag = self.tags.get(slot(rest)?)?.as_ref()?;
        let bytes = self.text.get(tag.first.span())?;
        rest.starts_with(bytes).then_some(tag)
    }

    pub(super) fn add(&mut self, tag: Tag) {
        let rest = self.text.get(tag.first.start..).unwrap_or_default();
        if let Some(place) = slot(rest).and_then(|slot| self.tags.get_mut(slot)) {
            *place = Some(tag);
        }
    }
}

/// Where the tag that begins `rest` has its place: by its beginning, and how far its first
/// `>` is. That may stand in a value, and is the same for the same tag all the same.
fn slot(rest: &[u8]) -> Option<usize> {
    let beginning = u64::from_le_bytes(*rest.first_chunk()?);
    if !matches!(rest, [b'<', b'/' | b'A'..=b'Z' | b'a'..=b'z', ..]) {
        return None;
    }
    let length = memchr(b'>', rest)?;
    let unused = u64::BITS.saturating_sub(u8::BITS * length.min(8) as u32);
    let key = (beginning << unused) ^ length as u64;
    Some((key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - SLOTS.ilog2())) as usize)
}
