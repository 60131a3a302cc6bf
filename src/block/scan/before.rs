//! What stands before a link or a call, told by the bytes alone.
//!
//! In: the place of its colon. Out: whether a bracket or a value may have begun there and go on.
//! Never: a "no" that is not certain; what only a tokenizer could tell is a "maybe".

use std::ops::Range;

use memchr::{memchr, memrchr};

use crate::block::html::tokenizer::is_space;

use super::LONG;

/// The text before a scheme.
#[derive(Clone, Copy)]
pub(super) struct Before<'a>(&'a str);

impl<'a> Before<'a> {
    /// What stands before the scheme that ends at this place.
    pub(super) fn scheme(text: &'a str, end: usize) -> Self {
        Self(without_scheme(text.get(..end).unwrap_or_default()))
    }

    pub(super) fn last(self) -> Option<u8> {
        self.0.bytes().next_back()
    }

    pub(super) fn ends_with(self, end: &str) -> bool {
        self.0.ends_with(end)
    }

    /// Without an `="` at its end.
    pub(super) fn without_quote(self) -> Option<Self> {
        self.0.strip_suffix("=\"").map(Self)
    }

    /// Whether it may end in an opening bracket, behind which a link in words goes on over
    /// blanks and line ends.
    pub(super) fn is_bracket(self) -> bool {
        let before = self.without_tags();
        match before.bytes().next_back() {
            // More tags than are looked at; or `&lt` without its semicolon, and then the scheme.
            Some(b'<' | b'>' | b'&') => true,
            Some(b';') => !before.ends_with("&nbsp;"),
            _ => false,
        }
    }

    /// Without the tags at its end, which may cut a scheme too; of a long row of them, without
    /// the last few.
    fn without_tags(self) -> &'a str {
        const TAGS: usize = 16;
        let mut before = self.0;
        for _ in 0..TAGS {
            let Some(tags) = before.strip_suffix('>') else { break };
            let from = tags.len().saturating_sub(LONG);
            let near = tags.as_bytes().get(from..).unwrap_or_default();
            let Some(tag) = memrchr(b'<', near) else { break };
            before = without_scheme(tags.get(..from + tag).unwrap_or_default());
        }
        before
    }

    /// The value that begins here, if one does. Blanks are no part of a link, however they are
    /// written.
    pub(super) fn begun_value(self) -> Option<Value> {
        /// The longest reference that stands for a blank.
        const REFERENCE: usize = "&MediumSpace;".len();
        let mut before = self.0.trim_end();
        while before.ends_with(';') {
            let from = before.len().saturating_sub(REFERENCE);
            let near = before.as_bytes().get(from..).unwrap_or_default();
            let Some(reference) = memrchr(b'&', near) else { break };
            before = before.get(..from + reference).unwrap_or_default().trim_end();
        }
        match before.bytes().next_back()? {
            b'=' => Some(Value::Bare),
            quote @ (b'"' | b'\'') => Some(Value::Quoted(quote)),
            _ => None,
        }
    }

    /// Whether a value without quotes may go on here.
    fn may_be_bare(self) -> bool {
        /// Few words have more bytes.
        const WORD: usize = 256;
        let mut before = self.0.as_bytes();
        let least = before.len().saturating_sub(WORD);
        while let [rest @ .., last] = before {
            match last {
                b'=' => return true,
                b'>' => return false,
                b if is_space(*b) => return ends_in_equals(rest),
                _ if rest.len() < least => return true,
                _ => before = rest,
            }
        }
        false
    }
}

/// How a value of an attribute is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Quoted(u8),
    Bare,
}

impl Value {
    /// Where it ends in the text that goes on with it; none where that is far away.
    pub(super) fn end(self, rest: &[u8]) -> Option<usize> {
        let near = rest.get(..LONG);
        let window = near.unwrap_or(rest);
        let end = match self {
            Self::Quoted(quote) => memchr(quote, window),
            Self::Bare => window.iter().position(|b| *b == b'>' || is_space(*b)),
        };
        end.or(near.is_none().then_some(rest.len()))
    }
}

/// The values that may go on at the places of a text: linear for places in either order.
pub(super) struct Values<'a> {
    bytes: &'a [u8],
    double: Quotes,
    single: Quotes,
}

impl<'a> Values<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        let (double, single) = (Quotes::new(b'"'), Quotes::new(b'\''));
        Self { bytes: text.as_bytes(), double, single }
    }

    /// Those in which what stands behind `before` may be.
    pub(super) fn around(&mut self, before: Before<'_>) -> impl Iterator<Item = Value> + use<> {
        let at = before.0.len();
        let bare = before.may_be_bare().then_some(Value::Bare);
        let quoted = [&mut self.double, &mut self.single]
            .map(|quotes| quotes.open_at(at, self.bytes).then_some(Value::Quoted(quotes.quote)));
        quoted.into_iter().chain([bare]).flatten()
    }

    /// Whether a value that begins behind `before` and a double quote may be a part of another.
    pub(super) fn is_part(&mut self, before: Before<'_>) -> bool {
        self.single.open_at(before.0.len(), self.bytes) || before.may_be_bare()
    }
}

/// The quotes of one kind.
struct Quotes {
    quote: u8,
    /// Behind one of them: there is no other in it.
    gap: Range<usize>,
    /// Whether the one before the gap may begin a value.
    open: bool,
}

impl Quotes {
    const fn new(quote: u8) -> Self {
        Self { quote, gap: 0..0, open: false }
    }

    /// Whether a value may go on here: it has no quote of its kind but the one it begins with.
    fn open_at(&mut self, at: usize, bytes: &[u8]) -> bool {
        // Where the places go on, what lies between them is enough.
        let from = if at < self.gap.start { 0 } else { self.gap.end };
        let Some(between) = bytes.get(from..at) else { return self.open };
        self.gap.end = at;
        match memrchr(self.quote, between) {
            Some(last) => {
                self.open = ends_in_equals(bytes.get(..from + last).unwrap_or_default());
                self.gap.start = from + last + 1;
            }
            None => {
                let behind = bytes.get(at..).unwrap_or_default();
                self.gap.end += memchr(self.quote, behind).unwrap_or(behind.len());
                if from == 0 {
                    (self.open, self.gap.start) = (false, 0);
                }
            }
        }
        self.open
    }
}

/// Whether a value may begin behind these bytes.
fn ends_in_equals(bytes: &[u8]) -> bool {
    bytes.iter().rev().find(|b| !is_space(**b)) == Some(&b'=')
}

fn without_scheme(before: &str) -> &str {
    let scheme = before.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
    before.get(..before.len() - scheme).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn values_are_those_that_a_look_from_the_first_byte_finds(
            pieces in prop::collection::vec(
                prop::sample::select(vec!["\"", "'", "=", "= ", "=\n\"", "<a href='", " ", ">", "x", "some words "]), 0..40,
            ),
            places in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
        ) {
            let text = pieces.concat();
            let mut values = Values::of(&text);
            for at in places.iter().map(|place| place.index(text.len() + 1)) {
                let place = Before(text.get(..at).unwrap_or_default());
                let is_open = |quote: &char| {
                    let (before, _) = place.0.rsplit_once(*quote).unwrap_or_default();
                    before.trim_end().ends_with('=')
                };
                let quotes = ['"', '\''].into_iter().filter(is_open);
                let expected: Vec<Value> = quotes.map(|quote| Value::Quoted(quote as u8)).collect();
                let found: Vec<Value> =
                    values.around(place).filter(|value| *value != Value::Bare).collect();
                prop_assert_eq!(found, expected, "{:?} {}", text, at);
            }
        }
    }
}
