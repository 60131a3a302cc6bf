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

/// The words of a line, references decoded, blanks folded, trimmed.
#[derive(Clone, Default)]
pub(crate) struct WordsOnLine<'a> {
    first: Option<&'a str>,
    /// Parts behind the first; an empty one stands for a blank.
    more: Vec<&'a str>,
    markup: bool,
    hints: Hints,
    folded: OnceCell<String>,
}

/// What the words may have. True says little, false is certain.
#[derive(Clone, Copy, Default)]
struct Hints {
    colon: bool,
    bracket: bool,
    rule: bool,
    quote: bool,
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
        self.hints.bracket |= other.hints.bracket;
        for raw in other.first.iter().chain(&other.more) {
            self.add(raw);
        }
    }

    /// A colon may be in it, also one as wide as a letter.
    pub(crate) fn may_have_colon(&self) -> bool {
        self.hints.colon
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
        self.folded.get_or_init(|| fold_blanks(&self.unfolded()))
    }
}

impl Hints {
    fn begin(&mut self, raw: &str, markup: bool) {
        let first = raw.as_bytes().first().copied().unwrap_or_default();
        // Blanks of all kinds, and what references stand for, may come first.
        let any = !(b' '..0x80).contains(&first) || markup && first == b'&';
        self.rule = any || matches!(first, b'-' | b'_');
        self.quote = any || first == b'>';
    }

    fn add(&mut self, raw: &str, markup: bool) {
        let bytes = raw.as_bytes();
        for at in memchr3_iter(b':', b'[', b'&', bytes) {
            match bytes.get(at) {
                Some(b':') => self.colon = true,
                Some(b'[') => self.bracket = true,
                _ if markup && !is_common_reference(bytes.get(at + 1..).unwrap_or_default()) => {
                    (self.colon, self.bracket) = (true, true);
                }
                _ => {}
            }
        }
        const WIDE: &str = "\u{ff1a}";
        if !self.colon && memchr(0xef, bytes).is_some() {
            self.colon = memmem::find(bytes, WIDE.as_bytes()).is_some();
        }
    }
}

/// A reference that stands for neither a colon nor a bracket, as most do.
fn is_common_reference(behind: &[u8]) -> bool {
    const COMMON: [&[u8]; 5] = [b"nbsp;", b"amp;", b"lt;", b"gt;", b"quot;"];
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
