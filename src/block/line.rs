//! A body as lines a person would see, whatever it is written in.
//!
//! HTML and plain text are both turned into [`Line`]s, so that the search for a block is
//! written once. A line knows its bytes, its words, its links, the marks of products on
//! it, and whether it is quoted.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};

use super::words_on_line::{WordsOnLine, is_folded};
use crate::link::{self, Meeting};
use crate::provider::Provider;
use crate::provider::marks::{Fence, Kin, MarkSet, Marks, Products};

/// Something visible between two line breaks. Blank lines are left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line<'a> {
    /// Its first to its last visible byte, tags of its own included.
    pub(crate) span: Range<usize>,
    /// Its words, references decoded, blanks folded, trimmed; read when they are asked for.
    pub(crate) text: WordsOnLine<'a>,
    /// Its links.
    pub(crate) links: Vec<LinkOnLine<'a>>,
    /// Rows of fence characters on it.
    pub(crate) fences: Vec<FenceOnLine>,
    /// Where its first word begins.
    pub(crate) words_start: usize,
    /// Where its last word ends.
    pub(crate) words_end: usize,
    /// Products whose anchors or labels are on it, and where.
    pub(crate) marked: Vec<(Provider, usize)>,
    /// The number in a `[!OC([lcid])!]` trailer.
    pub(crate) trailer: Option<String>,
    /// The language that the markup around it declares.
    pub(crate) lang: Option<Cow<'a, str>>,
    /// It belongs to an earlier message.
    pub(crate) quoted: bool,
}

/// A link, and how it stands on its line.
#[derive(Clone, Debug)]
pub(crate) struct LinkOnLine<'a> {
    /// Where it leads, out of its wrappers.
    pub(crate) url: Cow<'a, str>,
    /// Words stand for it: it is a button, not an address that somebody typed.
    pub(crate) labelled: bool,
    /// The element, in HTML; a link written out has none.
    pub(crate) element: Option<Range<usize>>,
    /// What it is to all products.
    pub(crate) kin: Kin,
    key: Key,
}

/// What [`LinkOnLine::key`] says, once it was asked: no part of what a line says.
#[derive(Clone, Default)]
struct Key(OnceCell<String>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl<'a> LinkOnLine<'a> {
    /// A link as it is written, blanks around it apart; it is taken out of its wrappers.
    pub(crate) fn new(
        url: Cow<'a, str>,
        labelled: bool,
        element: Option<Range<usize>>,
        marks: &MarkSet,
    ) -> Self {
        let url = match url {
            Cow::Borrowed(url) => link::unwrap(url),
            Cow::Owned(url) => Cow::Owned(link::unwrap(&url).into_owned()),
        };
        Self { kin: marks.kin(&url), url, labelled, element, key: Key::default() }
    }

    /// The meeting that it leads into: equal for all spellings of one meeting's link.
    pub(crate) fn key(&self) -> &str {
        self.key.0.get_or_init(|| link::meeting_key(&self.url))
    }
}

/// A fence row on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FenceOnLine {
    pub(crate) fence: Fence,
    pub(crate) span: Range<usize>,
    /// Words stand before it on its line.
    pub(crate) glued_before: bool,
    /// Words stand behind it on its line.
    pub(crate) glued_after: bool,
}

/// What a line says about one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence<'l> {
    /// Meetings that its links lead into.
    pub(crate) joins: Vec<Join<'l>>,
    /// It has another link of a block of the product.
    pub(crate) companion: bool,
    /// It has an anchor, label or trailer that only the product sets.
    pub(crate) marked: bool,
    /// Where the first element with evidence begins, in HTML.
    pub(crate) begins: Option<usize>,
    /// The element of its first link into a meeting, in HTML.
    pub(crate) button: Option<Range<usize>>,
}

/// A link into a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Join<'l> {
    /// The meeting: equal for all spellings of one meeting's link.
    pub(crate) key: &'l str,
    /// Which of the product's shapes the link has: a product may write two links of
    /// different shapes for one meeting, but never two of one shape for two.
    pub(crate) shape: u16,
    /// Words stand for it.
    pub(crate) labelled: bool,
    /// On a host that could be anybody's.
    pub(crate) weak: bool,
    /// The link for the web app, beside the one to join.
    web_app: bool,
}

impl Join<'_> {
    /// Whether both are one link, and not two links of one block.
    pub(crate) fn is_same_link(&self, other: &Self) -> bool {
        self.key == other.key && self.shape == other.shape && self.web_app == other.web_app
    }
}

impl Evidence<'_> {
    /// Whether there is any.
    pub(crate) fn is_some(&self) -> bool {
        !self.joins.is_empty() || self.companion || self.marked
    }
}

impl Line<'_> {
    /// Whether it has evidence for any product, whatever is recorded.
    pub(crate) fn has_evidence(&self) -> bool {
        !self.marked.is_empty() || self.trailer.is_some() || self.has_link_of_product()
    }

    /// Whether it has a link of any product's: without one no line is a block's.
    pub(crate) fn has_link_of_product(&self) -> bool {
        self.links.iter().any(|on_line| !on_line.kin.products().is_empty())
    }

    /// The products that it may be evidence for, and those into whose meetings a link on it may
    /// lead; `recorded` is [`Line::recorded_links`].
    pub(crate) fn products(&self, recorded: &[bool], marks: &MarkSet) -> (Products, Products) {
        let recorded = recorded.iter().copied().chain(std::iter::repeat(false));
        let ways = self.links.iter().zip(recorded).map(|(on_line, r)| on_line.kin.ways(r));
        let ways = ways.fold(Products::default(), Products::and);
        let links = self.links.iter().map(|on_line| on_line.kin.products());
        let mut all = links.fold(ways, Products::and);
        for (provider, _) in &self.marked {
            all = all.and(marks.product(*provider));
        }
        if self.trailer.is_some() {
            all = all.and(marks.products_with(|marks| marks.trailer));
        }
        (all, ways)
    }

    /// Its links that lead into the recorded meeting; empty when none does.
    /// A link into the recorded meeting is a join whatever its host: an organisation may
    /// have one of its own.
    pub(crate) fn recorded_links(&self, recorded: Option<&Meeting>) -> Vec<bool> {
        let Some(recorded) = recorded else { return Vec::new() };
        let leads = |on_line: &LinkOnLine<'_>| recorded.is_led_into(&on_line.url, || on_line.key());
        match self.links.iter().position(leads) {
            Some(first) => (0..)
                .zip(&self.links)
                .map(|(i, on_line)| i == first || i > first && leads(on_line))
                .collect(),
            None => Vec::new(),
        }
    }

    /// What the line says about the product with this number; `recorded` is
    /// [`Line::recorded_links`].
    pub(crate) fn evidence(
        &self,
        product: usize,
        marks: &Marks,
        recorded: &[bool],
    ) -> Evidence<'_> {
        let mark = self.marked.iter().find(|(provider, _)| *provider == marks.provider);
        let mut found = Evidence {
            marked: mark.is_some() || (marks.trailer && self.trailer.is_some()),
            begins: mark.map(|(_, at)| *at),
            ..Evidence::default()
        };
        for (i, on_line) in self.links.iter().enumerate() {
            let way = on_line.kin.way(product, recorded.get(i) == Some(&true));
            if let Some(way) = way {
                found.joins.push(Join {
                    key: on_line.key(),
                    shape: way.shape,
                    labelled: on_line.labelled,
                    weak: way.weak,
                    web_app: on_line.url.contains("?sl="),
                });
            } else if on_line.kin.is_companion(product) {
                found.companion = true;
            } else {
                continue;
            }
            if let Some(element) = &on_line.element {
                found.begins = Some(found.begins.map_or(element.start, |at| at.min(element.start)));
                if way.is_some() {
                    found.button.get_or_insert_with(|| element.clone());
                }
            }
        }
        found
    }

    /// Goes on with the words of the line below, which has no links of its own yet.
    pub(crate) fn append(&mut self, below: &mut Self) {
        self.span.end = below.span.end;
        self.words_end = below.words_end;
        self.text.append(&below.text);
        self.trailer = self.trailer.take().or(below.trailer.take());
    }

    /// Lies where a text moved to.
    pub(crate) fn follow(&mut self, moved: &Move) {
        let Line { span, text: _, links, fences, words_start, words_end, marked, .. } = self;
        moved.range(span);
        // Without words it has no place of them.
        if *words_start != usize::MAX {
            moved.place(words_start);
            moved.place(words_end);
        }
        links.iter_mut().filter_map(|link| link.element.as_mut()).for_each(|e| moved.range(e));
        fences.iter_mut().for_each(|fence| moved.range(&mut fence.span));
        marked.iter_mut().for_each(|(_, at)| moved.place(at));
    }

    /// The fence of this kind on the line.
    pub(crate) fn fence(&self, fence: Fence) -> Option<&FenceOnLine> {
        self.fences.iter().find(|f| f.fence == fence)
    }

    /// Outlook's "an earlier message follows": `-----Original Appointment-----`, in any
    /// language.
    pub(crate) fn is_original_message_rule(&self) -> bool {
        if !self.text.may_be_rule() {
            return false;
        }
        let inner = self.text.strip_prefix("-----").and_then(|t| t.strip_suffix("-----"));
        inner.is_some_and(|t| {
            !t.starts_with('-') && !t.ends_with('-') && t.chars().any(char::is_alphabetic)
        })
    }

    /// The row of 45 underscores that Outlook draws above an earlier message's header.
    pub(crate) fn is_quote_rule(&self) -> bool {
        self.text.may_be_rule() && self.text.len() == 45 && self.text.bytes().all(|b| b == b'_')
    }
}

/// How far a text moves: where one place of it was, and is.
pub(crate) struct Move {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Move {
    /// Where a place was.
    pub(crate) fn back(&self, at: usize) -> usize {
        at + self.from - self.to
    }

    fn place(&self, at: &mut usize) {
        *at = *at + self.to - self.from;
    }

    fn range(&self, range: &mut Range<usize>) {
        self.place(&mut range.start);
        self.place(&mut range.end);
    }
}

/// For checking one way to see lines against another.
#[cfg(any(test, all(feature = "_fuzzing", debug_assertions)))]
impl Line<'_> {
    /// All that is known of it.
    pub(crate) fn description(&self) -> String {
        format!("{:?} {:?}", self.text.as_str(), self)
    }
}

/// Whether rows are made of this byte; one of box lines has three.
pub(super) const fn is_of_row(byte: &u8) -> bool {
    matches!(byte, b'_' | b'.' | b'-' | b':' | b'~' | 0xE2 | 0x94 | 0x80)
}

/// Where something stands, the first in these bytes, that a row may be a part of which
/// [`find_fences`] finds; `None` is certain, and most texts have none.
pub(super) fn row_in(bytes: &[u8]) -> Option<usize> {
    // No row is shorter than 30 bytes: it holds all of a piece of half that length.
    const PIECE: usize = 15;
    let in_row = |b: &u8| !b.is_ascii_alphanumeric() && is_of_row(b);
    let (pieces, _) = bytes.as_chunks::<PIECE>();
    pieces.iter().position(|piece| piece.iter().all(in_row)).map(|at| at * PIECE)
}

const TILDES: &str = "-::~:~::";
const WAVES: &str = "-~-~-~-~-~";

/// Marks the lines that an organisation named as frames of blocks: with all their words.
pub(crate) fn mark_own_rows(lines: &mut [Line<'_>], marks: &MarkSet) {
    if !marks.has_own_rows() {
        return;
    }
    for line in lines {
        let (span, text) = (line.words_start..line.words_end, line.text.as_str());
        let rows = marks.own_rows(text).map(|fence| FenceOnLine {
            fence,
            span: span.clone(),
            glued_before: false,
            glued_after: false,
        });
        let rows: Vec<_> = rows.collect();
        line.fences.extend(rows);
    }
}

/// Rows of fence characters in `raw`, which begins at byte `offset` of the body.
pub(crate) fn find_fences(raw: &str, offset: usize, out: &mut Vec<(Fence, Range<usize>)>) {
    if row_in(raw.as_bytes()).is_none() {
        return;
    }
    for fence in Fence::ALL {
        let Some((character, count)) = fence.row() else { continue };
        let mut at = 0;
        while let Some(found) = raw.get(at..).and_then(|rest| rest.find(character)) {
            let start = at + found;
            let tail = raw.get(start..).unwrap_or_default();
            let length = tail.len() - tail.trim_start_matches(character).len();
            if length == count * character.len_utf8() {
                out.push((fence, offset + start..offset + start + length));
            }
            at = start + length;
        }
    }
    if memchr(b'~', raw.as_bytes()).is_none() {
        return;
    }
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| rest.find(TILDES)) {
        let start = at + found;
        let tail = raw.get(start..).unwrap_or_default();
        let length = tail.len() - tail.trim_start_matches(['-', ':', '~']).len();
        let row = tail.get(..length).unwrap_or_default();
        if length > 40 && row.ends_with("::~:~::-") {
            out.push((Fence::Tildes, offset + start..offset + start + length));
        }
        at = start + length;
    }
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| rest.find(WAVES)) {
        let start = at + found;
        let tail = raw.get(start..).unwrap_or_default();
        let length = tail.len() - tail.trim_start_matches(['-', '~']).len();
        let row = tail.get(..length).unwrap_or_default();
        if length == 45
            && row.strip_suffix('-').is_some_and(|r| r.trim_start_matches("-~").is_empty())
        {
            out.push((Fence::Waves, offset + start..offset + start + length));
        }
        at = start + length;
    }
}

/// The number in a `[!OC([1033])!]` trailer: three to five hexadecimal digits.
pub(crate) fn find_trailer(text: &str) -> Option<String> {
    let begins = |at: &usize| text.get(*at..).is_some_and(|t| t.starts_with("[!OC(["));
    let at = memchr_iter(b'[', text.as_bytes()).find(begins)?;
    let rest = text.get(at + "[!OC([".len()..)?;
    let number: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    (3..=5).contains(&number.len()).then_some(number)
}

/// Links written out in text: `<https://…>`, or a bare `https://…` up to a blank. Each
/// comes with its range.
pub(crate) fn find_urls(text: &str) -> Vec<UrlInText<'_>> {
    urls(text).collect()
}

/// A link in text: its range, the link, and whether it stands in brackets.
pub(crate) type UrlInText<'a> = (Range<usize>, Cow<'a, str>, bool);

/// As [`find_urls`], one by one.
pub(crate) fn urls(text: &str) -> impl Iterator<Item = UrlInText<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut colons = memchr_iter(b':', text.as_bytes().get(at..)?).map(|i| at + i);
        let colon = colons.find(|&colon| begins_url(text, at, colon))?;
        let url = url_around(text, colon);
        at = url.0.end.max(colon + 1);
        Some(url)
    })
}

/// Whether a link has its first colon here, when the one before ends at `from`.
pub(crate) fn begins_url(text: &str, from: usize, colon: usize) -> bool {
    text.as_bytes().get(colon..).is_some_and(|link| link.starts_with(b"://"))
        || text.get(from..colon).is_some_and(ends_in_tel)
}

/// The link whose first colon is here.
pub(crate) fn url_around(text: &str, colon: usize) -> UrlInText<'_> {
    let head = text.get(..colon).unwrap_or_default();
    // What is no letter ends in the byte before the first one.
    let scheme = head.bytes().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |i| i + 1);
    let bracketed = head.get(..scheme).is_some_and(|h| h.ends_with('<'));
    let tail = text.get(scheme..).unwrap_or_default();
    let length = if bracketed {
        // Wrapped text cuts links: line ends inside the brackets are not theirs. A
        // second bracket or a blank line says that the first was none.
        let end = memchr2(b'>', b'<', tail.as_bytes());
        let end = end.filter(|&i| tail.as_bytes().get(i) == Some(&b'>'));
        end.filter(|&i| i <= 8192 && !has_blank_line(tail.get(..i).unwrap_or_default()))
    } else {
        None
    };
    let closed = length.is_some();
    let length = length.unwrap_or_else(|| bare_length(tail));
    let raw = tail.get(..length).unwrap_or_default();
    let url = if memchr2(b'\r', b'\n', raw.as_bytes()).is_some() {
        let is_end = |c: &char| matches!(c, '\r' | '\n' | '\0' | '\u{200B}' | '\u{FEFF}');
        Cow::Owned(raw.chars().filter(|c| !is_end(c)).collect())
    } else {
        Cow::Borrowed(raw)
    };
    (scheme..scheme + length, url, closed)
}

/// How far a link reaches that no bracket closes.
fn bare_length(text: &str) -> usize {
    let ends = |c: char| is_unseen(c) || matches!(c, '<' | '>' | '"');
    // Links are mostly ASCII.
    let ascii = |b: &u8| !b.is_ascii() || ends(char::from(*b));
    let near = text.as_bytes().iter().position(ascii).unwrap_or(text.len());
    let (_, rest) = text.split_at_checked(near).unwrap_or_default();
    let end = near + rest.find(ends).unwrap_or(rest.len());
    text.get(..end).map_or(end, |link| without_punctuation(link).len())
}

/// A link without what ends the sentence or closes the brackets around it; brackets of its own
/// stay.
pub(crate) fn without_punctuation(link: &str) -> &str {
    // Each bracket is counted once for a few at the end, and no link ends in many.
    const MOST: usize = 8;
    let mut link = link;
    for _ in 0..MOST {
        let shorter = match link.as_bytes() {
            [.., b',' | b'.' | b'!' | b'\'' | b'*'] => link.get(..link.len() - 1),
            [.., b';'] => {
                let escaped = ["&gt;", "&quot;"].iter().find_map(|r| link.strip_suffix(r));
                escaped.or_else(|| link.get(..link.len() - 1))
            }
            [.., b')'] => without_closing(link, b'('),
            [.., b']'] => without_closing(link, b'['),
            [.., b'}'] => without_closing(link, b'{'),
            _ => None,
        };
        let Some(shorter) = shorter else { break };
        link = shorter;
    }
    link
}

/// Whether [`without_punctuation`] may drop it.
pub(crate) const fn may_be_dropped(byte: u8) -> bool {
    matches!(byte, b',' | b'.' | b'!' | b'\'' | b'*' | b';' | b')' | b']' | b'}')
}

/// Without its last byte, which closes a bracket, where none of its own is left to close.
fn without_closing(link: &str, opening: u8) -> Option<&str> {
    let count = |byte: u8| link.bytes().filter(|b| *b == byte).count();
    let closing = link.bytes().next_back()?;
    if count(opening) < count(closing) { link.get(..link.len() - 1) } else { None }
}

/// Whether words stand directly before a link in brackets: the last thing on the line that
/// is neither a link nor a bar.
pub(crate) fn has_label(before: &str) -> bool {
    let near = before.trim_end_matches('<').trim_end();
    // A link that ends here is no label; how far back words reach does not matter.
    near.chars().next_back().is_some_and(|c| !matches!(c, '>' | '|'))
}

fn ends_in_tel(head: &str) -> bool {
    let bytes = head.as_bytes();
    bytes.len() >= 3
        && bytes.get(bytes.len() - 3..).is_some_and(|t| t.eq_ignore_ascii_case(b"tel"))
        && bytes.get(bytes.len().wrapping_sub(4)).is_none_or(|b| !b.is_ascii_alphabetic())
}

fn has_blank_line(text: &str) -> bool {
    text.contains("\n\n") || text.contains("\r\n\r\n") || text.contains("\r\r")
}

/// Whether it is a blank to people: also one that nobody sees.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{200B}'
}

/// Whether nobody sees it at the edge of a line of text.
pub(crate) fn is_unseen(c: char) -> bool {
    is_blank(c) || matches!(c, '\0' | '\u{FEFF}')
}

/// Folds every run of blanks, no-break ones too, into one, and trims.
pub(crate) fn fold_blanks(text: &str) -> String {
    if is_folded(text.trim_ascii()) {
        return text.trim_ascii().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_blank) {
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_punctuation;

    #[test]
    fn a_link_keeps_the_brackets_that_it_opens() {
        for (raw, link) in [
            ("https://a.example/x)", "https://a.example/x"),
            ("https://a.example/x),", "https://a.example/x"),
            ("https://a.example/x(y)", "https://a.example/x(y)"),
            ("https://a.example/x(y)).", "https://a.example/x(y)"),
            ("https://a.example/{x}]", "https://a.example/{x}"),
            ("https://a.example/x&gt;.", "https://a.example/x"),
            ("https://a.example/x;", "https://a.example/x"),
            ("https://a.example/*", "https://a.example/"),
            ("https://a.example/?a=b", "https://a.example/?a=b"),
        ] {
            assert_eq!(without_punctuation(raw), link, "{raw}");
        }
    }
}
