//! Where marks of products may stand, without reading a body as markup: in most there is none.
//!
//! In: a decoded body. Out: the range outside of which it is certain that no line has evidence
//! or a row. Never: "certain" where anything could be put together otherwise than it stands:
//! references that stand for ASCII, an address or a trailer that tags cut in two. Linear; a few
//! searches for single bytes, and a look at each link.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::body::Format;
use crate::link;
use crate::provider::marks::MarkSet;

use super::html::tokenizer::{Attributes, Kind, Token, is_space};
use super::line::{is_of_row, urls};

/// A value longer than this, in bytes, is not looked through here.
const LONG: usize = 4096;

/// From the first to the last byte at which a mark may stand; `None`: certainly no line of this
/// text has evidence for any product.
pub(super) fn marks_in(text: &str, format: Format, marks: &MarkSet) -> Option<Range<usize>> {
    let mut reach = Reach::default();
    match format {
        Format::Text => {
            reach.extend(memmem::find_iter(text.as_bytes(), b"[!OC(["));
            let known = urls(text).filter(|(_, url, _)| is_known(url, marks));
            known.for_each(|(range, ..)| reach.extend([range.start, range.end]));
        }
        Format::Html => {
            labels(text.as_bytes(), marks, &mut reach);
            reach.extend(signs(text.as_bytes()).filter(|&at| !is_plain(text, at, marks)));
        }
    }
    reach.0
}

/// [`marks_in`], and the rows beside them.
pub(super) fn with_rows(text: &str, marks: Range<usize>) -> Range<usize> {
    let mut reach = Reach(Some(marks.clone()));
    reach.extend(rows(text.as_bytes()));
    reach.0.unwrap_or(marks)
}

/// From the first to the last of some places.
#[derive(Default)]
struct Reach(Option<Range<usize>>);

impl Extend<usize> for Reach {
    fn extend<T: IntoIterator<Item = usize>>(&mut self, places: T) {
        for at in places {
            self.0 = match self.0.take() {
                Some(reach) => Some(reach.start.min(at)..reach.end.max(at)),
                None => Some(at..at),
            };
        }
    }
}

/// Where something stands that a fence's row may be a part of. The shortest row has thirty bytes,
/// so it holds a piece that begins at a multiple of sixteen.
fn rows(bytes: &[u8]) -> impl Iterator<Item = usize> {
    const STEP: usize = 16;
    const PIECE: usize = 8;
    let is_row = move |(_, piece): &(usize, &[u8])| {
        piece.first().is_some_and(is_of_row) && piece.iter().take(PIECE).all(is_of_row)
    };
    bytes.chunks(STEP).enumerate().filter(is_row).map(|(at, _)| at * STEP)
}

/// Whether a link is one that any product's block could hold.
pub(super) fn is_known(url: &str, marks: &MarkSet) -> bool {
    !marks.kin(&link::unwrap(url)).products().is_empty()
}

/// Where labels stand, as they are written.
fn labels(bytes: &[u8], marks: &MarkSet, found: &mut Reach) {
    // Labels of one service begin alike, and one search finds them all.
    const ALIKE: usize = 8;
    let labels = || marks.products().flat_map(|product| marks.labels(product));
    let mut last = "";
    for label in labels() {
        let begin = label.get(..ALIKE).unwrap_or(label);
        if std::mem::replace(&mut last, begin) == begin {
            continue;
        }
        let is_one = |at: &usize| {
            let here = bytes.get(*at..).unwrap_or_default();
            labels().any(|label| here.starts_with(label.as_bytes()))
        };
        found.extend(memmem::find_iter(bytes, begin.as_bytes()).filter(is_one));
    }
}

/// How many bytes are looked at as one.
const CHUNK: usize = 64;

/// Where something stands that a mark may be made of.
fn signs(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let (firsts, seconds) = match bytes {
        [] => (bytes, bytes),
        [firsts @ .., _] => (firsts, bytes.get(1..).unwrap_or_default()),
    };
    let ((firsts, rest), (seconds, behind)) =
        (firsts.as_chunks::<CHUNK>(), seconds.as_chunks::<CHUNK>());
    let chunks = firsts.iter().zip(seconds).enumerate();
    let in_chunks = chunks.filter(|(_, (firsts, seconds))| any_sign(firsts, seconds)).flat_map(
        |(chunk, (firsts, seconds))| {
            let pairs = firsts.iter().zip(seconds).enumerate();
            let signs = pairs.filter(|(_, (a, b))| may_begin_sign(**a) && is_sign(**a, **b));
            signs.map(move |(i, _)| chunk * CHUNK + i)
        },
    );
    let done = firsts.len() * CHUNK;
    let pairs = rest.iter().zip(behind).enumerate();
    let in_rest = pairs.filter(|(_, (a, b))| is_sign(**a, **b)).map(move |(i, _)| done + i);
    let at_end = bytes.last().filter(|b| **b == 0).map(|_| bytes.len() - 1);
    in_chunks.chain(in_rest).chain(at_end)
}

/// Whether any of these bytes, with the one behind it, is a sign. Most chunks have none, and
/// without a branch on a byte a look is a few instructions: of a function of its own, that is.
#[inline(never)]
fn any_sign(firsts: &[u8; CHUNK], seconds: &[u8; CHUNK]) -> bool {
    let signs = firsts.iter().zip(seconds).map(|(a, b)| u8::from(is_sign(*a, *b)));
    signs.fold(0, |any, sign| any | sign) != 0
}

/// What is no first byte of a sign, which most bytes are, is seen by one look.
fn may_begin_sign(a: u8) -> bool {
    matches!(a, b'/' | b'l' | b'L' | b'>' | b'<' | b'&' | b'[' | 0)
}

/// Whether two bytes, one behind the other, may be part of a mark.
#[inline(always)]
fn is_sign(a: u8, b: u8) -> bool {
    // `://`, whole or cut by a tag.
    ((a == b'/') & ((b == b'/') | (b == b'<')))
        // `tel:`, whole or cut by a tag.
        | ((b == b':') & ((a | 32 == b'l') | (a == b'>')))
        // An anchor.
        | ((a == b'<') & (b | 32 == b'a'))
        | (a == b'&')
        // A trailer begins `[!OC(`.
        | ((a == b'[') & ((b == b'!') | (b == b'<')))
        // NULs are dropped from words, and what they part is one.
        | (a == 0)
}

/// Whether the sign at this place is certainly no mark's.
fn is_plain(text: &str, at: usize, marks: &MarkSet) -> bool {
    let bytes = text.as_bytes();
    let behind = bytes.get(at + 1..).unwrap_or_default();
    match (bytes.get(at), behind.first()) {
        (Some(b'&'), _) => is_plain_reference(behind),
        (Some(b'<'), _) => !is_anchor(text, at, marks),
        (Some(b'/'), Some(b'/')) => match at.checked_sub(1).and_then(|before| bytes.get(before)) {
            Some(b':') => link_is_plain(text, at - 1, marks),
            // The colon may stand before a tag.
            Some(b'>') => false,
            _ => true,
        },
        (Some(b'/'), _) => {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let after = || next_word(text.get(at + 1..).unwrap_or_default());
            !matches!(before, Some(b':' | b'>'))
                || !matches!(after(), Words::Other(b'/') | Words::Unknown)
        }
        (Some(b'[' | 0), _) => false,
        _ => colon_is_plain(text, at + 1),
    }
}

/// Whether the tag at this place is an anchor of an add-in's.
fn is_anchor(text: &str, at: usize, marks: &MarkSet) -> bool {
    let name_end = at + 2;
    if !text.as_bytes().get(name_end).is_some_and(|b| is_space(*b) || *b == b'/') {
        return false;
    }
    let tag = Token { kind: Kind::Nothing, start: at, end: name_end, name_end };
    Attributes::of(text, &tag).any(|attribute| {
        let name = text.get(attribute.name).unwrap_or_default();
        let value = || text.get(attribute.value.clone()).unwrap_or_default();
        let mut anchors = marks.products().flat_map(|product| marks.anchors(product));
        name.eq_ignore_ascii_case("name")
            && (value().contains('&') || anchors.any(|a| a.eq_ignore_ascii_case(value())))
    })
}

/// A character reference that stands for nothing a mark is made of, or no reference.
fn is_plain_reference(behind: &[u8]) -> bool {
    match behind {
        [b'n', b'b', b's', b'p', b';', ..] | [b'a', b'm', b'p', b';', ..] => true,
        [b'#', b'x' | b'X', digits @ ..] => is_plain_number(digits, 16),
        [b'#', digits @ ..] => is_plain_number(digits, 10),
        _ => {
            // The longest name of an ASCII character has 16 letters.
            let name = behind.iter().take(24).take_while(|b| b.is_ascii_alphanumeric()).count();
            let (name, after) = behind.split_at_checked(name).unwrap_or_default();
            after.first() != Some(&b';') || !ASCII_NAMES.iter().any(|n| n.as_bytes() == name)
        }
    }
}

fn is_plain_number(digits: &[u8], radix: u32) -> bool {
    let mut value: u32 = 0;
    for digit in digits.iter().map_while(|b| char::from(*b).to_digit(radix)) {
        value = value.saturating_mul(radix).saturating_add(digit);
    }
    // Quotes end addresses, and `&` stands in their queries.
    value >= 160 || matches!(value, 34 | 38 | 39)
}

/// References that stand for ASCII and are written with a semicolon; `&amp;`, `&lt;`,
/// `&gt;`, `&quot;` and `&apos;` part words or stand in queries.
#[rustfmt::skip]
const ASCII_NAMES: &[&str] = &[
    "Tab", "NewLine", "excl", "num", "dollar", "percnt", "lpar", "rpar", "ast", "midast", "plus",
    "comma", "period", "sol", "colon", "semi", "equals", "quest", "commat", "lsqb", "lbrack",
    "bsol", "rsqb", "rbrack", "Hat", "lowbar", "UnderBar", "grave", "DiacriticalGrave", "lcub",
    "lbrace", "verbar", "vert", "VerticalLine", "rcub", "rbrace", "fjlig", "bne",
];

/// Whether the colon at this place begins no call into a conference.
fn colon_is_plain(text: &str, at: usize) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default();
    // `tel:`, whole or in parts.
    let head = text.as_bytes().get(at.saturating_sub(3)..at).unwrap_or_default();
    let parts = head.iter().any(|b| matches!(b, b'>' | b';'))
        && head.last().is_none_or(|b| matches!(b, b'l' | b'L' | b'>' | b';'));
    if !parts && !head.eq_ignore_ascii_case(b"tel") {
        return true;
    }
    // In an attribute blanks are part of it.
    let start = text.get(..at.saturating_sub(3)).unwrap_or_default().trim_end();
    let value = start.ends_with(['"', '\'', '=']);
    let end = rest.find(|c: char| c.is_whitespace() && !value || "\"'<>".contains(c));
    let number = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let goes_on = rest.get(number.len()..).unwrap_or_default();
    !number.contains(',')
        && (!goes_on.starts_with('<') || matches!(next_word(goes_on), Words::End | Words::Blank))
}

/// Whether a link is no product's; `at` is the place of its `://`.
///
/// Where it ends depends on where it stands, in a value or in words: it has to be nobody's
/// for each of its possible ends.
fn link_is_plain(text: &str, at: usize, marks: &MarkSet) -> bool {
    let Some(rest) = text.as_bytes().get(at..) else { return true };
    let window = rest.get(..LONG).unwrap_or(rest);
    let is_end = |b: &u8| matches!(b, b'<' | b'>' | b'"') || is_space(*b);
    let Some(end) =
        window.iter().position(is_end).or((window.len() == rest.len()).then_some(rest.len()))
    else {
        return false;
    };
    let link = window.get(..end).unwrap_or_default();
    let path = link.iter().position(|b| matches!(b, b'?' | b'#')).unwrap_or(link.len());
    let path = link.get(..path).unwrap_or_default();
    if path.contains(&b'&') {
        return false;
    }
    let after = rest.get(end..).unwrap_or_default();
    // Words that tags part are one address; what is in brackets goes on behind a line end.
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let scheme = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let opened = before.get(..before.len() - scheme).and_then(|before| before.last());
    let whole = match after.first() {
        Some(b'<') => {
            let after = text.get(at + end..).unwrap_or_default();
            matches!(next_word(after), Words::End | Words::Blank)
        }
        Some(b'\r' | b'\n') => !matches!(opened, Some(b';' | b'>')),
        _ => true,
    };
    if !whole {
        return false;
    }
    let quote = opened.filter(|b| matches!(b, b'"' | b'\''));
    let host = text.get(at + 3..at + path.len()).unwrap_or_default();
    let wrapped = link::may_be_wrapped(host);
    let nobodys = |end: usize| match text.get(at..at + end) {
        None => false,
        // Rare enough to be read as a whole.
        Some(link) if wrapped => !is_known(&["https", &link.replace("&amp;", "&")].concat(), marks),
        Some(link) => marks.kin(link).products().is_empty(),
    };
    let odd = |b: &u8| *b == b'\'' || *b >= 0x80;
    // A blank as wide as a letter, or a quote, ends it too; a value goes on up to its quote.
    let inner = if wrapped { link } else { path }.iter().position(odd);
    let outer = quote
        .filter(|quote| after.first() != Some(quote))
        .map(|quote| memchr(*quote, window).unwrap_or(window.len()));
    [Some(end), inner, outer].into_iter().flatten().all(nobodys)
}

/// What follows tags.
enum Words {
    /// The line ends.
    End,
    /// A blank.
    Blank,
    /// A word that goes on.
    Other(u8),
    /// Tags with attributes, comments: not looked into.
    Unknown,
}

fn next_word(text: &str) -> Words {
    let mut rest = text;
    while let Some(tag) = rest.strip_prefix('<') {
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let name = tag.len()
            - tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == ':').len();
        let Some((name, after)) = tag.split_at_checked(name) else { return Words::Unknown };
        if ["p", "div", "td", "tr", "li", "br", "table"]
            .iter()
            .any(|b| name.eq_ignore_ascii_case(b))
        {
            return Words::End;
        }
        match after.strip_prefix('>') {
            Some(after) if !name.is_empty() => rest = after,
            _ => return Words::Unknown,
        }
    }
    match rest.as_bytes().first() {
        None => Words::End,
        Some(b) if b.is_ascii_whitespace() => Words::Blank,
        Some(_) if rest.starts_with("&nbsp;") || rest.starts_with('\u{a0}') => Words::Blank,
        Some(b) => Words::Other(*b),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]

    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::block::html::{tree::Tree, view};
    use crate::block::line::Line;
    use crate::block::{Limits, text};

    const MARKS: &MarkSet = MarkSet::builtin();

    /// Whether a line has evidence when the body is really read.
    fn has_evidence(body: &str, format: Format) -> bool {
        let lines = match format {
            Format::Text => text::lines(body, MARKS),
            Format::Html => match Tree::build(body, &Limits::new()) {
                Ok(tree) => view::lines(&tree, MARKS),
                Err(_) => return false,
            },
        };
        lines.iter().any(Line::has_evidence)
    }

    /// The answer is never "no mark" where there is one.
    fn check(body: &str, format: Format) {
        assert!(
            marks_in(body, format, MARKS).is_some() || !has_evidence(body, format),
            "{format:?} {body:?}"
        );
    }

    #[test]
    fn ordinary_bodies_are_known_to_have_none() {
        for html in [
            "",
            "<p>Agenda: 1. Budget &amp; plan, 9:30&nbsp;Uhr, caf&eacute;&#8217;s [draft]</p>",
            "<p class=MsoNormal style='mso-fareast-language:EN-US'><b>When:</b> today<br>Tel.: 1</p>",
            "<!--[if gte mso 9]><xml></xml><![endif]--><a href=\"https://intranet.contoso.example/x?a=1&amp;b=2\">x</a>",
            "<p><a href='https://contoso.example/a/b'>https://contoso.example/a/b</a></p>",
        ] {
            assert!(marks_in(html, Format::Html, MARKS).is_none(), "{html:?}");
        }
        let text = "Agenda: 1. Budget\r\nhttps://contoso.example/a\r\nTel: +1 555 0100";
        assert!(marks_in(text, Format::Text, MARKS).is_none());
    }

    #[test]
    fn marks_in_disguise_are_left_to_the_tree() {
        for html in [
            "<a href=\"https://&#116;eams.microsoft.com/meet/1\">x</a>",
            "<a href=\"https&colon;//teams.microsoft.com/meet/1\">x</a>",
            "<p>https://te<b>ams.microsoft.com/meet/1</b></p>",
            "<p>https:<b>//teams.microsoft.com/meet/1</b></p>",
            "<p>https:/<b>/teams.microsoft.com/meet/1</b></p>",
            "<p>https:<b class=x>//teams.microsoft.com/meet/1</b></p>",
            "<p>ht\0tps:\0//teams.microsoft.com/meet/1</p>",
            "<p>[<b>!OC([1033])!]</b></p>",
            "<p>[!OC([1033])!]</p>",
            "<a NAME=outJOINlink>x</a>",
            "<a href=tel:+15550100,,123#>x</a>",
            "<a href=' tel:+1 555 0100,,123#'>x</a>",
            "<p>tel://+15550100,,123#</p>",
            "<p>te<i>l</i>:+15550100,,123#</p>",
            "<p>tel:<i>+15550100,,123#</i></p>",
            "<a href='https://eur05.safelinks.protection.outlook.com/?data=1&amp;url=https%3a%2f%2fteams.microsoft.com%2fmeet%2f1'>x</a>",
        ] {
            assert!(has_evidence(html, Format::Html), "{html:?}");
            assert!(marks_in(html, Format::Html, MARKS).is_some(), "{html:?}");
        }
    }

    #[test]
    fn fixtures_are_answered_alike() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        let mut seen = 0;
        for case in std::fs::read_dir(data).unwrap() {
            for (file, format) in [("body.html", Format::Html), ("body.txt", Format::Text)] {
                let Ok(bytes) = std::fs::read(case.as_ref().unwrap().path().join(file)) else {
                    continue;
                };
                check(&String::from_utf8_lossy(&bytes), format);
                seen += 1;
            }
        }
        assert!(seen > 60);
    }

    #[test]
    fn every_reference_to_ascii_is_known() {
        for (name, (first, second)) in html5ever::data::NAMED_ENTITIES.entries() {
            let ascii = |c: &u32| (1..0x80).contains(c);
            let parts = ["quot;", "QUOT;", "amp;", "AMP;", "lt;", "LT;", "gt;", "GT;", "apos;"];
            let ascii = [*first, *second].iter().any(ascii) && name.ends_with(';');
            // A `<` or `>` with a stroke parts words too.
            let parts = parts.contains(name) || ["nvlt;", "nvgt;"].contains(name);
            assert_eq!(is_plain_reference(name.as_bytes()), !ascii || parts, "{name}");
        }
    }

    #[test]
    fn links_are_nobodys_at_each_of_their_ends() {
        for html in [
            "<p>\"https://dialin.teams.microsoft.com<br>x",
            "<p>https://teams.microsoft.com/meet/123\u{3000}x",
            "<p>https://contoso.webex.com/\u{e9}/j.php",
            "<p>https://contoso.webex.com/a'b/j.php",
            "<a href='https://teams.microsoft.com/meet/1'x>x</a>",
            "<p>&LT;https://teams.microsoft.com/\nmeet/123&gt;",
            "<p>https:<b>/</b>/teams.microsoft.com/meet/1",
            "<p>https://contoso.example/?u=https://teams.microsoft.com/meet/1",
        ] {
            check(html, Format::Html);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn on_any_soup_no_mark_is_missed(body in prop::collection::vec(prop::sample::select(vec![
            "https", ":", "/", "//", "://", "teams.", "microsoft.com", "/meet/", "1234", "te", "ams.",
            "meet.lync.com/a/b/", "ABCD1234", "contoso.example/", "tel", ":+1", ",,1#", "t", "el",
            "<b>", "</b>", "<br>", "<p>", "</p>", "<i x>", "<!-- -->", "<a href=\"", "<a href='",
            "<a href=", "\"", "'", ">", "<", "</a>", " ", "\n", "\r", "\u{a0}", "&amp;", "&nbsp;",
            "&LT;", "&#x3a;", "&#x2f;", "&sol", "'", "\u{3000}", "j.php", "contoso.webex.com", "dialin.contoso.example",
            "google.com/url?q=", "me-email-", "text", "<a\n", "name=", "</i>", "<td>", "&period;",
            "&#58;", "&#47;", "&colon;", "&sol;", "&lt;", "&gt;", "&quot;", "&eacute;", "&#8217;",
            "[", "!OC(", "[1033])!]", "<a name=", "OutJoin", "outjoin", "LINK", "<div id=x_meet_invite_block.a>",
            "x", "é", "\0", "?", "#", "&", ";", "<style>", "</style>", "<![CDATA[", "<svg>",
            "eur05.safelinks.protection.outlook.com/?url=", "%3a%2f%2f",
        ]), 0..14)) {
            let body = body.concat();
            check(&body, Format::Html);
            check(&body, Format::Text);
        }
    }
}
