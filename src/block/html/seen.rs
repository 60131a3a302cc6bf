//! Tags that were read before: mail programs write the same ones again and again.
//!
//! In: a text, and a place in markup. Out: what the tag there is, when one with the same
//! bytes was read lately. Never: a guess; all bytes are compared.

use memchr::memchr;

use super::names::{Class, Name};
use super::tokenizer::{Kind, Token};

/// How many tags are known at a time: twice as many, two in a place.
const PLACES: usize = 64;

/// What the rules need of a tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) name: Name,
    pub(super) class: Class,
    /// It may begin something that is quoted.
    pub(super) may_quote: bool,
}

/// A tag: the same for the same bytes, wherever they stand in markup.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    pub(super) named: Named,
    kind: Kind,
    /// Where the first one with these bytes begins.
    first: u32,
    length: u32,
    name_end: u32,
}

impl Tag {
    /// Of a text that is not longer than 4 GB.
    fn new(token: &Token, named: Named) -> Self {
        Self {
            named,
            kind: token.kind,
            first: token.start as u32,
            length: (token.end - token.start) as u32,
            name_end: (token.name_end - token.start) as u32,
        }
    }

    /// This tag where it begins at `start`.
    #[inline]
    pub(super) fn at(&self, start: usize) -> Token {
        Token {
            kind: self.kind,
            start,
            end: start + self.length as usize,
            name_end: start + self.name_end as usize,
        }
    }
}

pub(super) struct Seen<'a> {
    text: &'a [u8],
    tags: Vec<[Option<(Key, Tag)>; 2]>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), tags: vec![[None; 2]; PLACES] }
    }

    /// The tag that begins at `start`, if it is known.
    #[inline(always)]
    pub(super) fn find(&self, start: usize) -> Option<&Tag> {
        let rest = self.text.get(start..)?;
        let key = Key::of(rest)?;
        let known = self.tags.get(key.place())?.iter().flatten();
        let (_, tag) = known.into_iter().find(|(known, _)| *known == key)?;
        // The key of a short one has all of it.
        if key.length < KEPT && tag.length == key.length + 1 {
            return Some(tag);
        }
        let first = tag.first as usize;
        let bytes = self.text.get(first..first + tag.length as usize)?;
        rest.starts_with(bytes).then_some(tag)
    }

    /// Remembers a tag that was not known.
    pub(super) fn add(&mut self, token: &Token, named: Named) {
        let rest = self.text.get(token.start..).unwrap_or_default();
        if let Some(key) = Key::of(rest)
            && let Some(place) = self.tags.get_mut(key.place())
        {
            let [newer, older] = place;
            *older = newer.replace((key, Tag::new(token, named)));
        }
    }
}

/// How many bytes a key has of a tag.
const KEPT: u32 = u64::BITS / u8::BITS;

/// How a tag begins, and how far its first `>` is. That may stand in a value, and is the same
/// for the same tag all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    beginning: u64,
    length: u32,
}

impl Key {
    #[inline(always)]
    fn of(rest: &[u8]) -> Option<Self> {
        let beginning = u64::from_le_bytes(*rest.first_chunk()?);
        if beginning as u8 != b'<' {
            return None;
        }
        let length = match first_byte(beginning, b'>') {
            KEPT => memchr(b'>', rest)? as u32,
            length => length,
        };
        let unused = (KEPT - length.min(KEPT)) * u8::BITS;
        Some(Self { beginning: beginning << unused, length })
    }

    #[inline(always)]
    fn place(self) -> usize {
        let mixed = (self.beginning ^ u64::from(self.length)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> (u64::BITS - PLACES.ilog2())) as usize
    }
}

/// Which byte of a word, the lowest first, is the first that is `wanted`; their number if none.
#[inline(always)]
fn first_byte(word: u64, wanted: u8) -> u32 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let differs = word ^ (ONES * wanted as u64);
    // The lowest byte that is 0 is told by its high bit; a borrow spoils only those above.
    let zero = differs.wrapping_sub(ONES) & !differs & (ONES << 7);
    zero.trailing_zeros() / u8::BITS
}
