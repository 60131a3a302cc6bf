//! Links that are no product's, told by the bytes where they stand.
//!
//! In: the place of a `://`. Out: whether the link is certainly nobody's, wherever it ends.
//! Most are told by their host and by how many segments their path has.

use crate::block::html::reference::decode;
use crate::block::html::tokenizer::is_space;
use crate::block::line::{is_unseen, may_be_dropped, url_around, without_punctuation};
use crate::link;

use super::before::{Before, Values};
use super::{LONG, Wanted, next_word};

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
    wanted: &'a Wanted<'a>,
    /// The last host that is nobody's: the next link often leads there too.
    host: &'a [u8],
    values: Values<'a>,
}

impl<'a> Links<'a> {
    pub(super) const fn of(text: &'a str, wanted: &'a Wanted<'a>) -> Self {
        Self { text, wanted, host: b"", values: Values::of(text) }
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
        let before = Before::scheme(self.text, at);
        let told = self.nobodys(at).is_some_and(|end| match self.text.as_bytes().get(end) {
            // What follows is not of its path.
            Some(b'?' | b'#') => true,
            // It is all of a value.
            Some(b'"') => before.without_quote().is_some_and(|before| !self.values.is_part(before)),
            // It stands in words.
            Some(b'&') => {
                before.ends_with("&lt;")
                    && self.text.get(end..).is_some_and(|after| after.starts_with("&gt;"))
                    && self.values.around(before).next().is_none()
            }
            Some(b'<') => {
                before.last() == Some(b'>')
                    && !before.is_bracket()
                    && self.text.get(end..).is_some_and(|after| !next_word(after).goes_on())
                    && self.values.around(before).next().is_none()
            }
            _ => false,
        });
        told || self.is_plain_at_each_end(at, before)
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
        let closed = Before::scheme(self.text, at).last() != Some(b'<') || last == b'>';
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
                let dropped = host.last().is_some_and(|b| may_be_dropped(*b));
                if dropped || self.wanted.marks.may_be_host(host) || link::may_be_wrapped(as_text) {
                    return None;
                }
                self.host = host;
                behind
            }
        };
        let is_path = |b: &u8| matches!(Class::of(*b), Class::Part | Class::Slash);
        let path = behind.iter().position(|b| !is_path(b))?;
        let end = at + 3 + (link.len() - behind.len()) + path;
        // In words it may end before that.
        if behind.get(..path)?.last().is_some_and(|b| may_be_dropped(*b)) {
            return None;
        }
        (!self.wanted.marks.may_be_path(behind.get(..path)?)).then_some(end)
    }

    /// As [`Self::is_plain`], by asking for each end.
    fn is_plain_at_each_end(&mut self, at: usize, before: Before<'_>) -> bool {
        let (text, wanted) = (self.text, self.wanted);
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
        // Words that tags part are one address.
        let whole = match after.first() {
            None | Some(b'>') => true,
            Some(b'<') => {
                let after = text.get(at + end..).unwrap_or_default();
                !next_word(after).goes_on() && !before.is_bracket()
            }
            _ => !before.is_bracket(),
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
                !wanted.has(in_words.as_ref()) && !wanted.has(&in_value)
            }
            // A value's blanks at its end are not its link's.
            Some(link) => {
                let link = ["https", &decode(link.trim_end(), true)].concat();
                let in_words = without_punctuation(&link);
                !wanted.has(&link) && (in_words == link || !wanted.has(in_words))
            }
        };
        let wrapped = text.get(at..at + end).is_some_and(is_wrapped);
        // A blank that is none in markup ends it too.
        let Some(seen) = text.get(at..at + if wrapped { link } else { path }.len()) else {
            return false;
        };
        let mut ends = [Some(end), seen.find(is_unseen)].into_iter().flatten();
        // In a value it goes on as far as the value does.
        let mut values = self.values.around(before);
        let is_written =
            |end: &usize| !path_of(rest.get(..*end).unwrap_or_default()).contains(&b'&');
        ends.all(nobodys)
            && values.all(|value| value.end(rest).filter(is_written).is_some_and(nobodys))
    }
}

/// What stands before the query and the fragment.
fn path_of(link: &[u8]) -> &[u8] {
    let path = link.iter().position(|b| matches!(b, b'?' | b'#')).unwrap_or(link.len());
    link.get(..path).unwrap_or_default()
}
