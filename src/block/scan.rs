//! Most bodies hold no mark of any product: this says so without reading them as markup.
//!
//! In: a decoded body. Out: whether it is certain that no line of it has evidence. Never:
//! "certain" where anything could be put together otherwise than it stands: references that
//! stand for ASCII, an address or a trailer that tags cut in two. Linear; a few searches for
//! single bytes, and a look at each link.

use memchr::{memchr, memchr2_iter, memchr3_iter, memmem};

use crate::body::Format;
use crate::link;
use crate::provider::marks::MarkSet;

use super::line::find_urls;

/// A value longer than this, in bytes, is not looked through here.
const LONG: usize = 4096;

/// Whether certainly no line of this text has evidence for any product.
pub(super) fn has_no_mark(text: &str, format: Format, marks: &MarkSet) -> bool {
    match format {
        Format::Text => {
            memmem::find(text.as_bytes(), b"[!OC([").is_none()
                && find_urls(text).iter().all(|(_, url, _)| !is_known(url, marks))
        }
        Format::Html => html_has_none(text, marks),
    }
}

/// Whether a link is one that any product's block could hold.
pub(super) fn is_known(url: &str, marks: &MarkSet) -> bool {
    !marks.kin(&link::unwrap(url)).products().is_empty()
}

fn html_has_none(text: &str, marks: &MarkSet) -> bool {
    let bytes = text.as_bytes();
    // NULs are dropped from words, and what they part is one.
    if memchr(0, bytes).is_some() {
        return false;
    }
    let mut labels = marks.products().flat_map(|product| marks.labels(product));
    if labels.any(|label| memmem::find(bytes, label.as_bytes()).is_some())
        || has_anchor(bytes, marks)
    {
        return false;
    }
    memchr3_iter(b':', b'&', b'[', bytes).all(|at| {
        let rest = text.get(at + 1..).unwrap_or_default();
        match bytes.get(at) {
            Some(b'&') => is_plain_reference(rest),
            // A trailer begins `[!OC(`; conditional comments have letters there.
            Some(b'[') => !rest.starts_with(['!', '<', '&']),
            _ => colon_is_plain(text, at, rest, marks),
        }
    })
}

/// Whether the name of an anchor of an add-in is in the text, in any case.
fn has_anchor(bytes: &[u8], marks: &MarkSet) -> bool {
    let anchors = || {
        let names = marks.products().flat_map(|product| marks.anchors(product));
        names.map(str::as_bytes)
    };
    let mut letters: Vec<u8> = anchors().filter_map(|name| name.first().copied()).collect();
    letters.dedup();
    letters.into_iter().any(|letter| {
        let cases = (letter.to_ascii_lowercase(), letter.to_ascii_uppercase());
        memchr2_iter(cases.0, cases.1, bytes).any(|at| {
            let is_here = |name: &[u8]| {
                bytes.get(at..at + name.len()).is_some_and(|h| h.eq_ignore_ascii_case(name))
            };
            anchors().any(is_here)
        })
    })
}

/// A character reference that stands for nothing a mark is made of, or no reference.
fn is_plain_reference(rest: &str) -> bool {
    if let Some(number) = rest.strip_prefix('#') {
        let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let value: u32 = number.get(..digits).and_then(|d| d.parse().ok()).unwrap_or_default();
        return value >= 160 || matches!(value, 34 | 38 | 39);
    }
    let name = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).len();
    let Some((name, after)) = rest.split_at_checked(name) else { return false };
    let latin = ["uml", "acute", "grave", "circ", "tilde", "cedil"];
    match name {
        "" => true,
        "nbsp" | "amp" | "lt" | "gt" | "quot" | "apos" | "szlig" | "copy" | "reg" | "trade"
        | "euro" | "hellip" | "bull" | "middot" | "ndash" | "mdash" | "lsquo" | "rsquo"
        | "ldquo" | "rdquo" | "sbquo" | "bdquo" | "laquo" | "raquo" | "aring" | "Aring"
        | "oslash" | "Oslash" | "aelig" | "AElig" | "zwj" | "zwnj" | "shy" => {
            after.starts_with(';')
        }
        _ => {
            let letter = name.get(1..).unwrap_or_default();
            after.starts_with(';') && latin.contains(&letter)
        }
    }
}

fn colon_is_plain(text: &str, at: usize, rest: &str, marks: &MarkSet) -> bool {
    if rest.starts_with("//") && !link_is_plain(text, at, marks) {
        return false;
    }
    // `://` in parts.
    let behind = rest.strip_prefix('/').unwrap_or(rest);
    if behind.starts_with('<') && matches!(next_word(behind), Words::Other(b'/') | Words::Unknown) {
        return false;
    }
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
fn link_is_plain(text: &str, at: usize, marks: &MarkSet) -> bool {
    let (head, rest) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
    let before = head.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).trim_end();
    let window = rest.get(..rest.floor_char_boundary(LONG)).unwrap_or_default();
    let ends: &[char] = match before.as_bytes().last() {
        Some(b'"') => &['"'],
        Some(b'\'') => &['\''],
        // As find_urls ends one, and an attribute without quotes.
        _ => &['<', '>', '"', ' ', '\t', '\n', '\r', '\x0c', '\u{a0}'],
    };
    let Some(end) = window.find(ends).or((window.len() == rest.len()).then_some(rest.len())) else {
        return false;
    };
    let Some((url, after)) = rest.split_at_checked(end) else { return false };
    // Words that tags part are one address.
    let whole = !after.starts_with('<') || matches!(next_word(after), Words::End | Words::Blank);
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let url = format!("https{}", url.replace("&amp;", "&"));
    whole && !path.contains('&') && !is_known(url.trim_end(), marks)
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
            !has_no_mark(body, format, MARKS) || !has_evidence(body, format),
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
            assert!(has_no_mark(html, Format::Html, MARKS), "{html:?}");
        }
        let text = "Agenda: 1. Budget\r\nhttps://contoso.example/a\r\nTel: +1 555 0100";
        assert!(has_no_mark(text, Format::Text, MARKS));
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
            assert!(!has_no_mark(html, Format::Html, MARKS), "{html:?}");
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn on_any_soup_no_mark_is_missed(body in prop::collection::vec(prop::sample::select(vec![
            "https", ":", "/", "//", "://", "teams.", "microsoft.com", "/meet/", "1234", "te", "ams.",
            "meet.lync.com/a/b/", "ABCD1234", "contoso.example/", "tel", ":+1", ",,1#", "t", "el",
            "<b>", "</b>", "<br>", "<p>", "</p>", "<i x>", "<!-- -->", "<a href=\"", "<a href='",
            "<a href=", "\"", "'", ">", "<", "</a>", " ", "\n", "\r", "\u{a0}", "&amp;", "&nbsp;",
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
