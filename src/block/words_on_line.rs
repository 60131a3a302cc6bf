//! The words of a line, read when somebody asks for them: of most lines nobody does.
//!
//! In: the parts of a body that are the line's words. Out: the words as one text, and hints
//! that are cheap and never deny what the words have.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;

use memchr::{memchr, memchr3_iter, memmem};

use super::html::reference::decode;
use super::line::fold_blanks;
use super::quote::is_sign;

/// The words of a line, references decoded, blanks folded, trimmed.
#[derive(Clone, Default)]
pub(crate) struct WordsOnLine<'a> {
    first: Option<&'a str>,
    /// Parts behind the first; an empty one stands for a blank.
    more: Vec<&'a str>,
    markup: bool,
    hints: Hints,
    /// None when they are folded as they stand.
    folded: OnceCell<Option<String>>,
}

/// What the words may have. True says little, false is certain.
#[derive(Clone, Copy, Default)]
struct Hints {
    colon: bool,
    link: bool,
    bracket: bool,
    at: bool,
    rule: bool,
    quote: bool,
    indent: bool,
}

impl<'a> WordsOnLine<'a> {
    /// Words in markup: references stand in them.
    pub(crate) fn of_markup() -> Self {
        Self { markup: true, ..Self::default() }
    }

    /// Adds a part that holds something visible; blanks around it part words.
    pub(crate) fn push(&mut self, raw: &'a str) {
        if self.first.is_none() {
            self.hints.begin(raw.trim_ascii_start(), self.markup);
        }
        self.hints.add(raw, self.markup);
        self.add(raw);
    }

    /// Adds a blank, where there are words.
    pub(crate) fn push_blank(&mut self) {
        if self.first.is_some() && self.more.last().is_none_or(|last| !last.is_empty()) {
            self.add("");
        }
    }

    fn add(&mut self, raw: &'a str) {
        match self.first {
            None => self.first = Some(raw),
            Some(_) => self.more.push(raw),
        }
        self.folded.take();
    }

    /// Adds the words of a line that goes on with this one.
    pub(crate) fn append(&mut self, other: &Self) {
        self.hints.colon |= other.hints.colon;
        self.hints.link |= other.hints.link;
        self.hints.bracket |= other.hints.bracket;
        self.hints.at |= other.hints.at;
        for raw in other.first.iter().chain(&other.more) {
            self.add(raw);
        }
    }

    /// A colon may be in it, also one as wide as a letter.
    pub(crate) fn may_have_colon(&self) -> bool {
        self.hints.colon
    }

    /// `://` or `tel:` may be in it.
    pub(crate) fn may_have_link(&self) -> bool {
        self.hints.link
    }

    /// `[` may be in it.
    pub(crate) fn may_have_bracket(&self) -> bool {
        self.hints.bracket
    }

    /// It may begin as a row of `-` or `_`.
    pub(crate) fn may_be_rule(&self) -> bool {
        self.hints.rule
    }

    /// It may begin with `>`.
    pub(crate) fn may_be_quoted(&self) -> bool {
        self.hints.quote
    }

    /// It may end with a colon.
    pub(crate) fn may_end_with_colon(&self) -> bool {
        let mut parts = self.more.iter().rev().chain(&self.first);
        match parts.find_map(|part| part.trim_ascii_end().as_bytes().last()) {
            Some(b':' | ..b' ' | 0x80..) => self.hints.colon,
            Some(b';') => self.hints.colon && self.markup,
            _ => false,
        }
    }

    /// It may begin with another sign that quotes.
    pub(crate) fn may_be_indented(&self) -> bool {
        self.hints.indent
    }

    /// It stands in one part, blanks apart.
    pub(crate) fn is_whole(&self) -> bool {
        self.more.iter().all(|part| part.is_empty())
    }

    /// With its blanks as they stand.
    pub(crate) fn unfolded(&self) -> Cow<'a, str> {
        let read = |raw: &'a str| match raw {
            "" => Cow::Borrowed(" "),
            _ if self.markup => decode(raw, false),
            _ => Cow::Borrowed(raw),
        };
        let first = self.first.map(read).unwrap_or_default();
        if self.more.is_empty() {
            return first;
        }
        let mut out = String::with_capacity(64);
        out.push_str(&first);
        self.more.iter().for_each(|raw| out.push_str(&read(raw)));
        Cow::Owned(out)
    }

    pub(crate) fn as_str(&self) -> &str {
        // Where nothing is to be done a copy would be most of the work.
        let whole = || self.first.unwrap_or_default().trim_ascii();
        let plain = || {
            let references = || self.markup && memchr(b'&', whole().as_bytes()).is_some();
            self.more.is_empty() && is_folded(whole()) && !references()
        };
        let read = || if plain() { None } else { Some(fold_blanks(&self.unfolded())) };
        self.folded.get_or_init(read).as_deref().unwrap_or_else(whole)
    }

    /// `@` may be in it.
    pub(crate) fn may_have_at(&self) -> bool {
        self.hints.at
    }
}

impl Hints {
    fn begin(&mut self, raw: &str, markup: bool) {
        let first = raw.as_bytes().first().copied().unwrap_or_default();
        // Blanks of all kinds, and what references stand for, may come first.
        let any = !(b' '..0x80).contains(&first) || markup && first == b'&';
        self.rule = any || matches!(first, b'-' | b'_');
        self.quote = any || first == b'>';
        // Initials, with `>` behind them or what may stand for it, and no more than that.
        const INITIALS: usize = 5;
        let begins = raw.as_bytes().get(..INITIALS).unwrap_or_default();
        let may_quote = |b: &u8| matches!(b, b'>' | b'&' | 0x80..);
        self.indent = any
            || is_sign(char::from(first))
            || first.is_ascii_alphabetic() && (begins.is_empty() || begins.iter().any(may_quote));
    }

    fn add(&mut self, raw: &str, markup: bool) {
        let bytes = raw.as_bytes();
        for at in memchr3_iter(b':', b'[', b'&', bytes) {
            match bytes.get(at) {
                Some(b':') => {
                    self.colon = true;
                    // What a tag parts may be one.
                    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
                    self.link |= matches!(before, None | Some(b'l' | b'L'))
                        || matches!(bytes.get(at + 1), None | Some(b'/'));
                }
                Some(b'[') => self.bracket = true,
                _ if markup && !is_common_reference(bytes, at) => {
                    (self.colon, self.link, self.bracket, self.at) = (true, true, true, true);
                }
                _ => {}
            }
        }
        self.at |= memchr(b'@', bytes).is_some();
        const WIDE: &str = "\u{ff1a}";
        if !self.colon && memchr(0xef, bytes).is_some() {
            self.colon = memmem::find(bytes, WIDE.as_bytes()).is_some();
        }
    }
}

/// Whether folding certainly changes nothing in a text without blanks at its ends.
pub(super) fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Of characters outside ASCII, blanks begin with one of these.
    let odd = |b: &u8| matches!(b, 0..0x20 | 0xc2 | 0xe1..=0xe3);
    let twice = bytes.iter().zip(bytes.iter().skip(1)).map(|(a, b)| (*a == b' ') & (*b == b' '));
    !bytes.iter().map(odd).fold(false, |any, odd| any | odd)
        && !twice.fold(false, |any, twice| any | twice)
}

/// Whether the reference here stands for no mark of punctuation that is asked for, as most do.
pub(super) fn is_common_reference(text: &[u8], at: usize) -> bool {
    const COMMON: [&[u8]; 5] = [b"&nbsp;", b"&amp;", b"&lt;", b"&gt;", b"&quot;"];
    let behind = text.get(at..).unwrap_or_default();
    COMMON.iter().any(|name| behind.starts_with(name))
}

impl Deref for WordsOnLine<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for WordsOnLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WordsOnLine({} bytes)", self.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::block::quote::sign;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_short_ways_say_what_reading_does(
            parts in prop::collection::vec(
                "(a|ab|>|&gt;|[|]|#|»| |  |\t|\r\n|\x0b|\x1c|\0|\u{7f}|\u{85}|\u{a0}|\u{1680}|\u{2003}|\u{200b}\
                 |\u{2028}|\u{202f}|\u{3000}|\u{180e}|\u{feff}|é|ж|中|か|@|:|：|_|-|>|\\[|&|amp;|&amp;|&commat;|&#64;|&nbsp;|&colon;|&#58;\
                 |&lsqb;|&lowbar;|&#45;|&gt;){0,6}",
                0..3,
            ),
            markup: bool,
        ) {
            let mut words =
                if markup { WordsOnLine::of_markup() } else { WordsOnLine::default() };
            for part in parts.iter().filter(|part| !part.trim().is_empty()) {
                words.push_blank();
                words.push(part);
            }
            let read = fold_blanks(&words.unfolded());
            prop_assert_eq!(words.as_str(), &read);
            prop_assert!(words.may_have_at() || !read.contains('@'));
            prop_assert!(words.may_have_colon() || !read.contains([':', '：']));
            prop_assert!(words.may_end_with_colon() || !read.ends_with([':', '：']));
            prop_assert!(words.may_have_bracket() || !read.contains('['));
            prop_assert!(words.may_be_rule() || !read.starts_with(['-', '_']));
            prop_assert!(words.may_be_quoted() || !read.starts_with('>'));
            prop_assert!(words.may_be_indented() || sign(&read).is_none());
        }
    }

    #[test]
    fn parts_make_words_of_their_own_where_a_blank_is_between_them() {
        let mut words = WordsOnLine::of_markup();
        words.push_blank();
        words.push("____");
        assert!(words.may_be_rule(), "a blank in front changes nothing");
        for part in ["a", "b"] {
            words.push_blank();
            words.push_blank();
            words.push(part);
        }
        words.push("c");
        assert_eq!(words.as_str(), "____ a bc");
        let mut words = WordsOnLine::default();
        words.push("a  b");
        assert_eq!(words.as_str(), "a b");
    }

    #[test]
    fn a_line_that_goes_on_has_what_its_rest_has() {
        let (mut words, mut rest) = (WordsOnLine::default(), WordsOnLine::default());
        words.push("Link ");
        rest.push("a:[b");
        words.append(&rest);
        assert!(words.may_have_colon() && words.may_have_bracket());
        assert_eq!(words.as_str(), "Link a:[b");
    }
}
