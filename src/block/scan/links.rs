//! Links that are no product's, told by the bytes where they stand.
//!
//! In: the place of a `://`. Out: whether the link is certainly nobody's, wherever it ends.
//! Most are told by their host and by how many segments their path has.

use memchr::{memchr, memrchr, memrchr2};

use crate::block::html::reference::decode;
use crate::block::html::tokenizer::is_space;
use crate::block::line::url_around;
use crate::link;
use crate::provider::marks::MarkSet;

use super::{LONG, is_known, next_word};

/// What a byte is to a link.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A part of its host or of a segment of its path.
    Part,
    Slash,
    /// A query or a fragment begins: the path has ended.
    Query,
    /// It ends here, when it stands in words.
    End,
    /// It may end here, or be written in another way, or have a user or a port.
    Odd,
}

impl Class {
    const OF: [Self; 256] = {
        let mut of = [Self::Odd; 256];
        let mut bytes: &mut [Self] = &mut of;
        let mut byte = 0_u8;
        while let [class, rest @ ..] = bytes {
            *class = match byte {
                b'/' => Self::Slash,
                b'?' | b'#' => Self::Query,
                b'\t' | b'\n' | b'\r' | b'\x0C' | b' ' | b'<' | b'>' | b'"' => Self::End,
                b'\'' | b'&' | b'@' | b':' | 0x7F.. => Self::Odd,
                b'!'.. => Self::Part,
                _ => Self::Odd,
            };
            byte = byte.wrapping_add(1);
            bytes = rest;
        }
        of
    };

    fn of(byte: u8) -> Self {
        Self::OF.get(usize::from(byte)).copied().unwrap_or(Self::Odd)
    }
}

/// The links of a text.
pub(super) struct Links<'a> {
    text: &'a str,
    marks: &'a MarkSet,
    /// The last host that is nobody's: the next link often leads there too.
    host: &'a [u8],
}

impl<'a> Links<'a> {
    pub(super) const fn of(text: &'a str, marks: &'a MarkSet) -> Self {
        Self { text, marks, host: b"" }
    }

    /// Whether a link in HTML is no product's; `at` is the place of its `://`.
    ///
    /// Where it ends depends on where it stands, in a value or in words: it has to be nobody's
    /// for each of its possible ends.
    pub(super) fn is_plain(&mut self, at: usize) -> bool {
        // Nothing yet: a tag that is out of place is none, and the host stands behind it.
        if self.text.as_bytes().get(at + 3) == Some(&b'<') {
            return false;
        }
        let told = self.nobodys(at).is_some_and(|end| match self.text.as_bytes().get(end) {
            // What follows is not of its path.
            Some(b'?' | b'#') => true,
            Some(b'"') => self.before(at).ends_with(b"=\""),
            Some(b'&') => self.is_closed(at, end),
            Some(b'<') => {
                self.opened(at) == Some(b'>')
                    && !is_in_brackets(self.before(at))
                    && !may_be_in_value(self.text.get(..self.before(at).len()).unwrap_or_default())
                    && self.text.get(end..).is_some_and(|after| !next_word(after).goes_on())
            }
            _ => false,
        });
        told || is_plain_at_each_end(self.text, at, self.marks)
    }

    /// Where a link in plain text ends that is no product's; `None` where that takes more than
    /// a look. `at` is the place of its `://`.
    pub(super) fn end_in_text(&mut self, at: usize) -> Option<usize> {
        let path = self.nobodys(at)?;
        let bytes = self.text.as_bytes();
        let end = match Class::of(*bytes.get(path)?) {
            Class::End => path,
            // Of a query no more than its end is asked.
            Class::Query => {
                let query = bytes.get(path..)?;
                let query = query.get(..LONG).unwrap_or(query);
                let is_end = |b: &u8| !b.is_ascii_graphic() || Class::of(*b) == Class::End;
                path + query.iter().position(is_end)?
            }
            _ => return None,
        };
        let last = *bytes.get(end)?;
        // In brackets a link goes on behind a line end.
        let closed = self.opened(at) != Some(b'<') || last == b'>';
        (closed && Class::of(last) == Class::End).then_some(end)
    }

    /// The end of the path of the link whose `://` stands at `at`, when no link with this host
    /// and path is a product's.
    fn nobodys(&mut self, at: usize) -> Option<usize> {
        let link = self.text.as_bytes().get(at + 3..)?;
        let link = link.get(..LONG).unwrap_or(link);
        let is_whole =
            |behind: &&[u8]| behind.first().is_some_and(|b| Class::of(*b) != Class::Part);
        let behind = match link.strip_prefix(self.host).filter(is_whole) {
            Some(behind) => behind,
            None => {
                let host = link.iter().position(|b| Class::of(*b) != Class::Part)?;
                let as_text = self.text.get(at + 3..at + 3 + host)?;
                let (host, behind) = link.split_at_checked(host)?;
                if self.marks.may_be_host(host) || link::may_be_wrapped(as_text) {
                    return None;
                }
                self.host = host;
                behind
            }
        };
        let is_path = |b: &u8| matches!(Class::of(*b), Class::Part | Class::Slash);
        let path = behind.iter().position(|b| !is_path(b))?;
        let end = at + 3 + (link.len() - behind.len()) + path;
        (!self.marks.may_be_path(behind.get(..path)?)).then_some(end)
    }

    /// What stands before the scheme of the link whose `://` stands at `at`.
    fn before(&self, at: usize) -> &'a [u8] {
        before_scheme(self.text.as_bytes().get(..at).unwrap_or_default())
    }

    /// Whether it stands in words between `&lt;` and `&gt;`.
    fn is_closed(&self, at: usize, end: usize) -> bool {
        let after = self.text.get(end..).unwrap_or_default();
        let before = self.text.get(..self.before(at).len()).unwrap_or_default();
        after.starts_with("&gt;") && before.ends_with("&lt;") && quote_before(before).is_none()
    }

    fn opened(&self, at: usize) -> Option<u8> {
        self.before(at).last().copied()
    }
}

pub(super) fn before_scheme(before: &[u8]) -> &[u8] {
    let scheme = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    before.get(..before.len() - scheme).unwrap_or_default()
}

/// Whether `before` may end in an opening bracket, behind which a link in words goes on over
/// blanks and line ends.
pub(super) fn is_in_brackets(before: &[u8]) -> bool {
    let before = before_tags(before);
    match before.last() {
        // More tags than are looked at; or `&lt` without its semicolon, and then the scheme.
        Some(b'<' | b'>' | b'&') => true,
        Some(b';') => !before.ends_with(b"&nbsp;"),
        _ => false,
    }
}

/// Without the tags at its end, which may cut a scheme too; of a long row of them, without the
/// last few.
fn before_tags(before: &[u8]) -> &[u8] {
    const TAGS: usize = 16;
    let mut before = before;
    for _ in 0..TAGS {
        let [tags @ .., b'>'] = before else { break };
        let near = tags.get(tags.len().saturating_sub(LONG)..).unwrap_or_default();
        let Some(tag) = memrchr(b'<', near) else { break };
        let tag = tags.len() - near.len() + tag;
        before = before_scheme(tags.get(..tag).unwrap_or_default());
    }
    before
}

/// As [`is_plain`], by asking for each end.
fn is_plain_at_each_end(text: &str, at: usize, marks: &MarkSet) -> bool {
    let Some(rest) = text.as_bytes().get(at..) else { return true };
    let window = rest.get(..LONG).unwrap_or(rest);
    let is_end = |b: &u8| matches!(b, b'<' | b'>' | b'"') || is_space(*b);
    let Some(end) =
        window.iter().position(is_end).or((window.len() == rest.len()).then_some(rest.len()))
    else {
        return false;
    };
    let link = window.get(..end).unwrap_or_default();
    let path = path_of(link);
    if path.contains(&b'&') {
        return false;
    }
    let after = rest.get(end..).unwrap_or_default();
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let start = before_scheme(before);
    // Words that tags part are one address.
    let whole = match after.first() {
        None | Some(b'>') => true,
        Some(b'<') => {
            let after = text.get(at + end..).unwrap_or_default();
            !next_word(after).goes_on() && !is_in_brackets(start)
        }
        _ => !is_in_brackets(start),
    };
    if !whole {
        return false;
    }
    let is_wrapped = |link: &str| link.get(3..).is_some_and(link::may_be_wrapped);
    let nobodys = |end: usize| match text.get(at..at + end) {
        None => false,
        // Rare enough to be read as a whole; in words it may end at what a reference stands for.
        Some(link) if is_wrapped(link) => {
            let whole = |in_value| ["https", &decode(link, in_value)].concat();
            let (in_words, in_value) = (whole(false), whole(true));
            let (_, in_words, _) = url_around(&in_words, "https".len());
            !is_known(&in_words, marks) && !is_known(&in_value, marks)
        }
        // A value's blanks at its end are not its link's.
        Some(link) => marks.kin(link.trim_end()).products().is_empty(),
    };
    let before = text.get(..start.len()).unwrap_or_default();
    // A value may go on behind such an end, and its path be written in another way there.
    if let Some(quote) = quote_before(before) {
        let value = window.get(..end_of_value(quote, window)).unwrap_or_default();
        if value.len() == LONG || path_of(value).contains(&b'&') {
            return false;
        }
    }
    // A quote, or a blank that is none in markup, ends it too.
    let Some(seen) = text.get(at..at + path.len()) else { return false };
    let inner = [seen.find(|c: char| c == '\'' || !c.is_ascii()), seen.find(char::is_whitespace)];
    let outer = may_be_in_value(before)
        .then(|| [b'"', b'\'', b'='].map(|quote| end_of_value(quote, window)));
    [Some(end)].into_iter().chain(inner).flatten().chain(outer.into_iter().flatten()).all(nobodys)
}

/// What stands before the query and the fragment.
fn path_of(link: &[u8]) -> &[u8] {
    let path = link.iter().position(|b| matches!(b, b'?' | b'#')).unwrap_or(link.len());
    link.get(..path).unwrap_or_default()
}

/// Whether a link behind `before` may be a part of a value. False is certain where the nearest
/// tag before it is one, and not a part of a value itself.
fn may_be_in_value(before: &str) -> bool {
    let start = before.len().saturating_sub(LONG);
    let near = before.as_bytes().get(start..).unwrap_or_default();
    let Some(end) = memrchr2(b'<', b'>', near) else {
        return near.len() == LONG || quote_before(before).is_some();
    };
    let tag = memrchr(b'<', near.get(..=end).unwrap_or_default()).unwrap_or_default();
    let is_cut = |quote: u8| {
        let quotes = near.get(tag..end).unwrap_or_default().iter().filter(|b| **b == quote);
        quotes.count() % 2 == 1
    };
    // It may cut the scheme, and others may stand before it.
    let before_tag = before_scheme(before.as_bytes().get(..start + tag).unwrap_or_default());
    let before_tag = before.get(..before_tags(before_tag).len()).unwrap_or_default();
    tag == end
        || before_tag.ends_with('>')
        || is_cut(b'"')
        || is_cut(b'\'')
        || quote_before(before_tag).is_some()
        || quote_before(before).is_some()
}

/// Where a value ends that has this quote, or `=` for none.
fn end_of_value(quote: u8, window: &[u8]) -> usize {
    let end = match quote {
        b'=' => window.iter().position(|b| *b == b'>' || is_space(*b)),
        quote => memchr(quote, window),
    };
    end.unwrap_or(window.len())
}

/// As much as belongs to the value, if it is one that begins behind `before`: it goes on up to
/// its quote or, when it has none, over quotes.
pub(super) fn value<'t>(before: &str, rest: &'t [u8]) -> Option<&'t [u8]> {
    let window = rest.get(..LONG).unwrap_or(rest);
    window.get(..end_of_value(quote_before(before)?, window))
}

/// The quote that a value has which begins behind `before`, or `=` for one that has none. Blanks
/// are no part of a link, however they are written.
fn quote_before(before: &str) -> Option<u8> {
    /// The longest reference that stands for a blank.
    const REFERENCE: usize = "&MediumSpace;".len();
    let mut before = before.trim_end();
    while before.ends_with(';') {
        let from = before.len().saturating_sub(REFERENCE);
        let near = before.as_bytes().get(from..).unwrap_or_default();
        let Some(reference) = memrchr(b'&', near) else { break };
        before = before.get(..from + reference).unwrap_or_default().trim_end();
    }
    before.bytes().next_back().filter(|b| matches!(b, b'"' | b'\'' | b'='))
}
