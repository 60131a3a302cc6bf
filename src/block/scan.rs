//! Where links of products may stand, without reading a body as markup: in most there is none.
//!
//! In: a decoded body. Out: the range outside of which it is certain that no line has a link of a
//! product; and, where that matters, whether other marks stand outside of it. Never: "certain"
//! where anything could be put together otherwise than it stands: references that stand for
//! ASCII, an address that tags cut in two. Linear; a few searches for single bytes, and a look at
//! the first links, and from the end at the last.

mod before;
mod links;
mod signs;

use std::cell::OnceCell;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memmem};

use crate::body::Format;
use crate::link::{self, Meeting};
use crate::provider::marks::MarkSet;

use self::before::Before;
use self::links::Links;
use super::html::tokenizer::{Attributes, Kind, Token, is_space};
use super::line::{begins_url, row_in, url_around};

/// A value longer than this, in bytes, is not looked through here.
const LONG: usize = 4096;

/// From the first to the last byte at which a link of any product's may stand, or one into the
/// meeting of the `recorded` link, which is in no wrapper; `None`: certainly no line of this text has one, and without one no other
/// mark is a block's.
pub(super) fn links_in(
    text: &str,
    format: Format,
    marks: &MarkSet,
    recorded: Option<&str>,
) -> Option<Range<usize>> {
    let wanted = Wanted { marks, recorded, meeting: OnceCell::new() };
    let mut links = Links::of(text, &wanted);
    match format {
        Format::Text => known_in_text(text, &wanted, &mut links),
        Format::Html => signs::range(text.as_bytes(), |at| !is_plain(text, at, &mut links)),
    }
}

/// Whether a part of a text may have other marks than links: rows, labels, anchors, trailers.
pub(super) fn may_have_others(
    text: &str,
    part: Range<usize>,
    format: Format,
    marks: &MarkSet,
) -> bool {
    let bytes = text.as_bytes().get(part.clone()).unwrap_or_default();
    row_in(bytes).is_some()
        || match format {
            Format::Text => memmem::find(bytes, b"[!OC([").is_some(),
            Format::Html => {
                let may_begin = |at: usize| matches!(bytes.get(at + 1), Some(b'!' | b'<' | 0));
                let is_tag = |at: &usize| matches!(bytes.get(at + 1), Some(b'a' | b'A'));
                let mut tags = memchr_iter(b'<', bytes).filter(is_tag);
                has_label(bytes, marks)
                    // A trailer, which a tag may cut.
                    || memchr_iter(b'[', bytes).any(may_begin)
                    || tags.any(|at| is_anchor(text, part.start + at, marks))
            }
        }
}

/// The links of a body, and the row that may stand near below them: most blocks end in one.
pub(super) fn with_row_below(text: &str, links: Range<usize>) -> Range<usize> {
    const NEAR: usize = 2 << 10;
    let below = text.as_bytes().get(links.end..).unwrap_or_default();
    let row = row_in(below.get(..NEAR).unwrap_or(below));
    links.start..links.end + row.unwrap_or_default()
}

/// Whether a label stands there, as it is written.
fn has_label(bytes: &[u8], marks: &MarkSet) -> bool {
    // Labels of one service begin alike, and one search finds them all.
    const ALIKE: usize = 8;
    let labels = || marks.products().flat_map(|product| marks.labels(product));
    let mut last = "";
    labels().any(|label| {
        let begin = label.get(..ALIKE).unwrap_or(label);
        let is_one = |at: usize| {
            let here = bytes.get(at..).unwrap_or_default();
            labels().any(|label| here.starts_with(label.as_bytes()))
        };
        std::mem::replace(&mut last, begin) != begin
            && memmem::find_iter(bytes, begin.as_bytes()).any(is_one)
    })
}

/// From the first to the last link in plain text that a product's block could hold.
fn known_in_text(text: &str, wanted: &Wanted<'_>, links: &mut Links<'_>) -> Option<Range<usize>> {
    let (bytes, mut past) = (text.as_bytes(), 0);
    let mut found: Option<Range<usize>> = None;
    for colon in memchr_iter(b':', bytes) {
        if colon < past || !begins_url(text, past, colon) {
            continue;
        }
        let may_be_call = matches!(bytes.get(..colon), Some([.., b'l' | b'L']));
        if !may_be_call && let Some(end) = links.end_in_text(colon) {
            past = end;
            continue;
        }
        let (range, url, _) = url_around(text, colon);
        past = range.end;
        if wanted.has(&url) {
            found = Some(found.map_or(range.start, |found| found.start)..range.end);
        }
    }
    found
}

/// The links that are sought.
struct Wanted<'a> {
    marks: &'a MarkSet,
    recorded: Option<&'a str>,
    /// The recorded one, once a link asks for it: most are told before.
    meeting: OnceCell<Meeting>,
}

impl Wanted<'_> {
    /// Whether a link, wrapped or not, is one of them.
    fn has(&self, url: &str) -> bool {
        let url = &link::unwrap(url);
        let leads = |recorded| {
            let meeting = self.meeting.get_or_init(|| Meeting::of_unwrapped(recorded));
            meeting.is_led_into(url, || link::meeting_key(url))
        };
        is_known(url, self.marks) || self.recorded.is_some_and(leads)
    }
}

/// Whether a link, which is in no wrapper, is one that any product's block could hold.
pub(super) fn is_known(url: &str, marks: &MarkSet) -> bool {
    !marks.kin(url).products().is_empty()
}

/// Whether the sign at this place is certainly no mark's.
fn is_plain(text: &str, at: usize, links: &mut Links<'_>) -> bool {
    let bytes = text.as_bytes();
    let behind = bytes.get(at + 1..).unwrap_or_default();
    match (bytes.get(at), behind.first()) {
        (Some(b'&'), _) => is_plain_reference(behind),
        (Some(b'/'), Some(b'/')) => match at.checked_sub(1).and_then(|before| bytes.get(before)) {
            Some(b':') => links.is_plain(at - 1),
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
        (Some(0), _) => false,
        _ => colon_is_plain(text, at + 1),
    }
}

/// Whether the tag at this place is an anchor of an add-in's.
fn is_anchor(text: &str, at: usize, marks: &MarkSet) -> bool {
    let name_end = at + 2;
    if !text.as_bytes().get(name_end).is_some_and(|b| is_space(*b) || *b == b'/') {
        return false;
    }
    // Most have no other attribute.
    let behind = text.as_bytes().get(name_end..).unwrap_or_default();
    if let Some(value) = behind.strip_prefix(b" href=\"")
        && memchr(b'"', value).is_some_and(|end| value.get(end + 1) == Some(&b'>'))
    {
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
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>');
    let end = match rest.char_indices().take(LONG).find(|(_, c)| ends(*c)) {
        Some((end, _)) => end,
        None if rest.len() > LONG => return false,
        None => rest.len(),
    };
    let number = rest.get(..end).unwrap_or_default();
    let goes_on = rest.get(number.len()..).unwrap_or_default();
    let before = Before::scheme(text, at);
    if before.is_bracket() {
        let window = rest.as_bytes().get(..LONG).unwrap_or(rest.as_bytes());
        let end = memmem::find(window, b"&gt;").and_then(|end| window.get(..end));
        return end.is_some_and(|number| memchr2(b',', b'<', number).is_none());
    }
    let value = match before.begun_value().map(|value| value.end(rest.as_bytes())) {
        None => "",
        Some(end) => match end.and_then(|end| rest.get(..end)) {
            Some(value) => value,
            None => return false,
        },
    };
    !number.contains(',')
        && !value.contains(',')
        && (!goes_on.starts_with('<') || !next_word(goes_on).goes_on())
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

impl Words {
    /// Whether what stands before them may not have ended.
    fn goes_on(&self) -> bool {
        !matches!(self, Self::End | Self::Blank)
    }
}

fn next_word(text: &str) -> Words {
    let mut rest = text;
    while let Some(tag) = rest.strip_prefix('<') {
        // An end tag out of place is dropped, as are those of cells and rows: then the word goes
        // on. So it does where words directly in a table stand before it instead.
        let (breaks, tag): (&[&str], _) = match tag.strip_prefix('/') {
            Some(tag) => (&["p", "br"], tag),
            None => (&["p", "div", "li", "br"], tag),
        };
        let name = tag.len()
            - tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == ':').len();
        let Some((name, after)) = tag.split_at_checked(name) else { return Words::Unknown };
        let is_whole =
            after.bytes().next().is_some_and(|b| matches!(b, b'>' | b'/') || is_space(b));
        if is_whole && breaks.iter().any(|b| name.eq_ignore_ascii_case(b)) {
            return Words::End;
        }
        match after.strip_prefix('>') {
            Some(after) => rest = after,
            None => return Words::Unknown,
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

    /// The lines of a body that is really read.
    fn lines(body: &str, format: Format) -> Vec<Line<'_>> {
        match format {
            Format::Text => text::lines(body, MARKS),
            Format::Html => {
                // A tree that limits refuse has no lines.
                Tree::build(body, &Limits::new())
                    .map_or(Vec::new(), |tree| view::lines(&tree, MARKS))
            }
        }
    }

    /// The answer is never "no mark" where there is one.
    fn check(body: &str, format: Format) {
        let (found, others) = (
            links_in(body, format, MARKS, None),
            may_have_others(body, 0..body.len(), format, MARKS),
        );
        for line in lines(body, format) {
            if line.has_link_of_product() {
                let lies = |found: &Range<usize>| {
                    found.start <= line.span.end && line.span.start <= found.end
                };
                assert!(found.as_ref().is_some_and(lies), "{format:?} {body:?} {found:?}");
            }
            // A mark with a reference in it, or a NUL, is taken for a link.
            let other =
                !line.marked.is_empty() || line.trailer.is_some() || !line.fences.is_empty();
            assert!(others || !other || found.is_some(), "{format:?} {body:?}");
        }
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
            assert!(links_in(html, Format::Html, MARKS, None).is_none(), "{html:?}");
            assert!(!may_have_others(html, 0..html.len(), Format::Html, MARKS), "{html:?}");
        }
        let text = "Agenda: 1. Budget\r\nhttps://contoso.example/a\r\nTel: +1 555 0100";
        assert!(links_in(text, Format::Text, MARKS, None).is_none());
        assert!(!may_have_others(text, 0..text.len(), Format::Text, MARKS));
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
            "<a href=tel:+15550100,,123#>x</a>",
            "<a href=' tel:+1 555 0100,,123#'>x</a>",
            "<a href=tel:\u{a0}+15550100,,123#>x</a>",
            "<p>tel://+15550100,,123#</p>",
            "<p>te<i>l</i>:+15550100,,123#</p>",
            "<p>tel:<i>+15550100,,123#</i></p>",
            "<a href='https://eur05.safelinks.protection.outlook.com/?data=1&amp;url=https%3a%2f%2fteams.microsoft.com%2fmeet%2f1'>x</a>",
            "<p>https://eur05.safelinks.protection.outlook.com/?url=https%3a%2f%2fmeet.contoso.example%2fanna%2fABCD1234&quot;%2fx</p>",
            "<p>https://eur05.safelinks.protection.outlook.com/?url=https%3a%2f%2fmeet.contoso.example%2fanna%2fABCD1234\u{3000}%2fx</p>",
            "<p>https://eur05.safelinks.protection.outlook.com/?data=1&ampurl=https%3a%2f%2fzoom.us%2fj%2f1 x</p>",
            "<a href=\"https&#58;//teams.microsoft.com/meet/1\">x</a>",
            "<a href=https://contoso.example\"/x/ABCD1234>x</a>",
            "<a href=\"[https://contoso.example>/x/ABCD1234\">x</a>",
            "<a href='\">https://contoso.example/>/ABCD1234'>x</a>",
            "<p>&lt;<b>https://contoso.example/x<table>/ABCD1234</b>&gt;</p>",
            "<a href='<<>https://contoso.webex.com/contoso/j.php'>x</a>",
            "\"https://contoso.webex.com/<table>contoso/j.php",
            "<p>&lt;<b>https://contoso.example</b> /x/ABCD1234&gt;</p>",
            "<p>https://meet.contoso.example/anna&amp;bob/ABCD1234</p>",
            "<p>&lt;https://meet.contoso.example/anna&amp;bob/ABCD1234&gt;</p>",
        ] {
            assert!(lines(html, Format::Html).iter().any(Line::has_link_of_product), "{html:?}");
            assert!(links_in(html, Format::Html, MARKS, None).is_some(), "{html:?}");
        }
        for html in [
            "<p>[<b>!OC([1033])!]</b></p>",
            "<p>[!OC([1033])!]</p>",
            "<a NAME=outJOINlink>x</a>",
            "<a href=\"https://contoso.example\" name=\"OutJoinLink\">x</a>",
            "<a href=\">\" name=OutJoinLink>x</a>",
            "<A name=\"OutJoinLink\">x</A>",
            "<div class=\"x x_me-email-text\">x</div>",
            &format!("<p>x {}</p>", "_".repeat(80)),
        ] {
            let is_other = |line: &Line<'_>| line.has_evidence() || !line.fences.is_empty();
            assert!(lines(html, Format::Html).iter().any(is_other), "{html:?}");
            assert!(may_have_others(html, 0..html.len(), Format::Html, MARKS), "{html:?}");
        }
    }

    #[test]
    fn marks_in_text_are_seen_beside_what_is_none() {
        let blank = " ".repeat(300);
        for text in [
            "://zoom.us/j/4",
            ":tel:+1,,2",
            "See https://contoso.example/?a=1<https://aka.ms/JoinTeamsMeeting> x",
            &format!("https://contoso.example/?a https://zoom.us/j/1{blank}"),
            "<https://meet.contoso.example/\nanna/ABCD1234>",
            "<https://contoso.example/x/\r\nABCD1234>",
        ] {
            check(text, Format::Text);
            assert!(lines(text, Format::Text).iter().any(Line::has_link_of_product), "{text:?}");
        }
    }

    /// Most bodies end here; one that is taken for more is read as a whole for nothing.
    #[test]
    fn what_only_looks_like_a_mark_is_told_from_one() {
        for html in [
            // Slashes, colons and anchors of other kinds.
            "<p>either/<a href=\"https://contoso.example\">or</a>, Rooms:/<b>A</b></p>",
            "<p>Tel/Fax,room 2, E-Mail: anna, Protocol:TCP,UDP</p>",
            "<p><b>A</b>genda</p>",
            "<abbr name=\"R&amp;D\">R&amp;D</abbr><a name=_MailOriginal>x</a><a href=\"\">x</a>",
            "<p>&#x2019;&#8217;&nbsp;</p>",
            // Numbers that are no calls into a conference.
            "<p>Tel: 1, room 2</p>",
            "<p>tel: <b>1,2</b></p>",
            "<p>Tel:5550100",
            "<a href=\"tel:+15550100\">call</a>",
            // Links, and what follows them.
            "://",
            "https://contoso.example/a",
            "&lt;https://contoso.example/a",
            "<p>See https://contoso.example/a</p>",
            "<p>https://contoso.example/a<br>x</p>",
            "<p><b>https://contoso.example/a</b> is new</p>",
            "<p><b>https://contoso.example/a</b>&nbsp;x</p>",
            "<p><b>https://contoso.example/a</b>\u{a0}x</p>",
            "<p>https://contoso.example/a?x=1<wbr>&amp;y=2</p>",
            "<p>&lt;https://contoso.example/a&gt;</p>",
            "<p>https://contoso.example>/Dialin \"x\"</p>",
            "<li>https://contoso.example>/Dialin \"x\"</li>",
            "<a href=\"https://contoso.example\"/Dialin>x</a>",
            "https://contoso.example/>/ABCD1234",
            "<p>https://www.google.com/maps</p>",
            "<p class=MsoNormal>(https://contoso.example/a\"&eacute;)</p>",
            "(https://contoso.example/a\"&amp;b)",
            "<p>a=b https://contoso.example/a\"&amp;c</p>",
        ] {
            assert_eq!(links_in(html, Format::Html, MARKS, None), None, "{html:?}");
            assert!(!may_have_others(html, 0..html.len(), Format::Html, MARKS), "{html:?}");
        }
        for text in [
            "://",
            "https://contoso.example/?u=https://zoom.us/j/1",
            "https://contoso.example/?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b",
            "<https://contoso.example/ https://zoom.us/j/1>",
            "https://contoso.example/?a\u{1f}https://zoom.us/j/1",
        ] {
            assert_eq!(links_in(text, Format::Text, MARKS, None), None, "{text:?}");
            assert!(!may_have_others(text, 0..text.len(), Format::Text, MARKS), "{text:?}");
        }
    }

    #[test]
    fn what_is_longer_than_is_looked_through_is_left_to_the_tree() {
        let long = "a/".repeat(LONG);
        let blank = " ".repeat(LONG);
        for html in [
            format!("<p>tel:{long} x</p>"),
            format!("<p>https://contoso.example/{long} x</p>"),
            format!("<a href=\"tel:+15{blank}550100,,1#\">x</a>"),
            format!("<a href='https://contoso.example/x/{blank}ABCD1234'>x</a>"),
        ] {
            assert!(links_in(&html, Format::Html, MARKS, None).is_some());
        }
    }

    #[test]
    fn a_link_is_seen_wherever_it_stands() {
        for before in 0..150 {
            let before = "x".repeat(before);
            for (link, format) in [
                ("https://zoom.us/j/1", Format::Html),
                ("https://zoom.us/j/1", Format::Text),
                ("tel:+15550100,,1#", Format::Html),
                ("tel:+15550100,,1#", Format::Text),
            ] {
                let body = format!("{before} {link} x");
                let links = links_in(&body, format, MARKS, None).unwrap();
                let stands = before.len() + 1..=before.len() + 1 + link.len();
                assert!(stands.contains(&links.start) && stands.contains(&links.end), "{body:?}");
            }
        }
    }

    #[test]
    fn other_marks_are_seen_wherever_they_stand() {
        let labels = MARKS.products().flat_map(|product| MARKS.labels(product));
        let labels = labels.map(|label| format!("<div class=\"{label}\">x</div>"));
        let others = ["<a name=OutJoinLink>x</a>", "[!OC([1033])!]"].map(str::to_owned);
        for mark in labels.chain(others) {
            for before in [0, 1, 30, 400] {
                let html = format!("{}{mark}", "x".repeat(before));
                for from in [0, before] {
                    let part = from..html.len();
                    assert!(may_have_others(&html, part, Format::Html, MARKS), "{html}");
                }
                assert!(!may_have_others(&html, 0..before, Format::Html, MARKS), "{html}");
            }
        }
    }

    #[test]
    fn one_byte_of_a_row_is_none() {
        let dashes = format!("{:<16}", "-").repeat(4);
        assert!(!may_have_others(&dashes, 0..dashes.len(), Format::Text, MARKS));
        let link = format!("{:<32}", "https://zoom.us/j/1");
        let text = format!("{dashes}{link}{dashes}");
        let links = links_in(&text, Format::Text, MARKS, None).unwrap();
        assert_eq!(with_row_below(&text, links.clone()), links);
        let text = format!("{dashes}{link}{dashes}\n{}", "_".repeat(30));
        let row = text.len() - 30;
        assert!((row..row + 16).contains(&with_row_below(&text, links).end));
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
            "<p>https://teams.microsoft.com/meet/1234\u{b}x</p>",
            "<a href=https://zoom.us/j/<b>>x</a>",
            "<a href=https://contoso.example\"/dialin/x>x</a>",
            "<a href=\" https://zoom.us/j/ 123\">x</a>",
            "<a href='=https://>contoso.webex.com/contoso/j.php'>x</a>",
            "<a href=\"h<b>ttps://\nmeet.contoso.example/anna/ABCD1234\">x</a>",
            "<a href=\"<b>https://<br>meet.contoso.example/anna/ABCD1234\">x</a>",
            "<a href=\"<b>https://meet.con<br>toso.example/anna/ABCD1234\">x</a>",
            "<a href='<o:p></o:p>https:// meet.contoso.example/anna/ABCD1234'>x</a>",
            "<p>https://contos\u{200b}o.example/Dialin\u{b}/x</p>",
            "<p>https://contos\u{e9}o.example/dialin\u{3000}x</p>",
            "<p>&lt;tel<b>:\u{3000}+15550100,,1#&gt;</p>",
            "<p>&lt;te<b></b>l</i>: +15550100,,1#&gt;</p>",
            "<a href=https://contoso.example\u{a0}/x/ABCD1234/\u{b} id=x>x</a>",
            "<p>&lt;tel:+15<a&gt; name=x>550100,,1#&gt;</p>",
            "<<a name=x>https://contoso\r\n.example/Dialin/x>",
            "://<td>dialin.contoso.example",
            "<p>https://teams.<td>microsoft.com/meet/1",
            "<p>https://teams.</div>microsoft.com/meet/1",
            "https://teams.<table>microsoft.com/meet/1",
            "https:/<table>/teams.microsoft.com/meet/1",
            "tel:<table>+15550100,,1#",
            "<a href=\"https://contoso.example>/&#160/ABCD1234\">x</a>",
            "<a href=\"https:// &#217contoso.example/a/ABCD1234\">x</a>",
            "<a href='https://contoso.example/a/ABCD>1234&#xa0'>x</a>",
            "<p>&lthttps://contoso.example/x\n/ABCD1234&gt</p>",
            "<p>&LT<b>https://contoso.example/x\n/ABCD1234&gt</p>",
            "<p>&lttel:\u{85}+15550100,,1#&gt</p>",
            "<p>https://teams.</li></tr>microsoft.com/meet/1",
            "<p>&lt;https://meet.contoso.ex\"ample/anna/ABCD1234&gt;</p>",
            "<p>&lt;h<i x>ttps://\nteams.microsoft.com/meet/1234&gt;</p>",
            "<p>HTTPS://EU.Zoom.us/<br&>j/123?pwd=1#2</p>",
            "<a href='https://eur05.safelinks.protection.outlook.com/?url=https%3a%2f%2fzoom.us%2fj%2f&lt;1'>x</a>",
            "<a href=\"tel:<br>+15550100,,1#\">x</a>",
            "<p>tel:'?+15550100,,1#</p>",
            "<p>&lt;tel:a=\"//+1,,2&gt;</p>",
            "<a href=\"&nbsp;tel:+1 5550100,,1#\">x</a>",
            "<p>https://contoso.example/?u=https://teams.microsoft.com/meet/1",
        ] {
            check(html, Format::Html);
        }
    }

    /// A value is a link as a whole, whatever of it looks like words, tags or other values.
    #[test]
    fn links_within_values_end_where_the_value_does() {
        let far = "y".repeat(2 * LONG);
        for html in [
            "<a href='=\"https://contoso.example\"/dialin/x'>x</a>",
            "<a href='y=\"https://contoso.example\"/dialin/x'>x</a>",
            "<a href = 'y=\"https://contoso.example\"/dialin/x'>x</a>",
            "<a href==\"https://contoso.example\"/dialin/x>x</a>",
            "<a href= y=\"https://contoso.example\"/dialin/x>x</a>",
            "<a href=\"y <b>https://contoso<br>.example/dialin/x\">x</a>",
            "<a href=\n'y <b>https://contoso<br>.example/dialin/x'>x</a>",
            "<a href=\"y '<b>https://contoso<br>.example/dialin/x\">x</a>",
            "<a href='y \"<b>https://contoso<br>.example/dialin/x'>x</a>",
            "<a href=\"y &lt;https://contoso&gt;.example/dialin/x\">x</a>",
            "<a href=\"y https://contoso.example/ 'z/ABCD1234\">x</a>",
            &format!("<a href=\"{far}>https://contoso<br>.example/dialin/x\">x</a>"),
            &format!("<a href=\"{far}<b>https://contoso<br>.example/dialin/x\">x</a>"),
            &format!("<a href=\"{far} https://contoso>.example/dialin/x\">x</a>"),
            &format!("<a href={far}=\"https://contoso.example\"/dialin/x>x</a>"),
            &format!("<a href=\"https://contoso.example/ {far}/ABCD1234\">x</a>"),
            &format!("<a href='tel:+1 {far},,1#'>x</a>"),
        ] {
            assert!(lines(html, Format::Html).iter().any(Line::has_link_of_product), "{html:.80}");
            assert!(links_in(html, Format::Html, MARKS, None).is_some(), "{html:.80}");
        }
    }

    /// Marks, and what they stand in.
    const MADE: &[&str] = &[
        "https://teams.microsoft.com/meet/1234",
        "HTTPS://EU.Zoom.us/j/123?pwd=1#2",
        "https://meet.contoso.example/anna/ABCD1234",
        "https://contoso.example/x/ABCD1234/",
        "https://contoso.example/meet/anna/ABCD1234?sl=1",
        "https://dialin.contoso.example/?id=1",
        "https://contoso.example/Dialin/x",
        "https://aka.ms/JoinTeamsMeeting?omkt=en-US",
        "https://contoso.webex.com/contoso/j.php",
        "https://www.microsoft.com/x/microsoft-teams/download-app",
        "https://www.google.com/url?q=https://meet.google.com/abc",
        "tel:+15550100,,1#",
        "Tel://+1,,2",
        "https://eur05.safelinks.protection.outlook.com/?url=https%3a%2f%2fzoom.us%2fj%2f1&amp;data=1",
        "[!OC([0409])!]",
        "https://contoso.example/a/b https://zoom.us/j/1",
        "________________________________",
        "https://zoom.us/j/1 x me-email-text [!OC([0409])!]",
    ];
    const STANDS: &[(&str, &str)] = &[
        ("<p>", "</p>"),
        ("<p>x ", " x</p>"),
        ("<p>x <b>", "</b><br>x"),
        ("<p>&lt;", "&gt;</p>"),
        ("<a href=\"", "\">x</a>"),
        ("<a class=x href='", "'>x</a>"),
        ("<a href=", ">x</a>"),
        ("<a href=", " id=x>x</a>"),
        ("<p>(", ")</p>"),
        ("<a name=OutJoinLink>x</a>", ""),
        ("<a href=\"https://contoso.example/a\">x</a><p>", "</p>"),
        ("<a NAME='", "'>x</a>"),
        ("<https://contoso.example/a?b>\n<", ">"),
        ("x\r\n", "\r\n\r\nx"),
        ("\"", "\" x"),
        ("<a href='x=\"", "\"'>x</a>"),
        ("<a href=\"x <b>", "</b>\">x</a>"),
        ("<a href='&lt;", "&gt;'>x</a>"),
        ("<a href = =\"", "\">x</a>"),
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn no_mark_is_missed_in_which_something_is_put(
            made in prop::sample::select(MADE),
            stands in prop::sample::select(STANDS),
            put in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![
                "<b>", "</b>", "<i x>", "<br>", "<a name=x>", "<!-- -->", "</a>", "<", ">", "\"", "'", "=", "/", ":", "//",
                "://", " ", "\n", "\r\n", "\r", "\t", "\u{b}", "\u{c}", "\u{a0}", "\u{200b}", "\u{3000}", "\0", "\x1f", "é", "&",
                "&amp;", "&nbsp;", "&lt;", "&gt;", "&#47;", "&sol;", "&num;", "&ast;", "?", "#", "@", ".", ";", ",", "x", "1",
                "https://contoso.example/x", "ABCD1234", "dialin", "a=\"", "<o:p></o:p>", "[", "!", "(", ")", "]", "}", "*", "\u{feff}",
            ])), 0..3),
        ) {
            let mut body = [stands.0, made, stands.1].concat();
            for (at, put) in put {
                let mut at = at.index(body.len() + 1);
                while !body.is_char_boundary(at) {
                    at -= 1;
                }
                body.insert_str(at, put);
            }
            check(&body, Format::Html);
            check(&body, Format::Text);
        }

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
            "x", "é", "\0", "?", "#", "&", ";", ")", "(", ",", ".", "]", "*", "!", "\u{200b}", "\u{feff}", "<style>", "</style>", "<![CDATA[", "<svg>",
            "eur05.safelinks.protection.outlook.com/?url=", "%3a%2f%2f",
        ]), 0..14)) {
            let body = body.concat();
            check(&body, Format::Html);
            check(&body, Format::Text);
        }
    }
}
