//! Locate and replace, with every promise of the rewrite core asserted.

use std::ops::Range;

use crate::block::{self, Found, Options, Refusal, Rewrite, render};
use crate::body::{Body, Format};
use crate::coordinates::{Coordinates, Language};
use crate::link::Link;
use crate::meeting::Record;
use crate::policy::AddInEvidence;
use crate::provider::Provider;

use super::{LABELS, oracle};

/// Bytes that choose: what the body is, its block and where, its record.
pub(super) const CHOICES: usize = 4;

/// One join link of each product, old and new.
const JOINS: [(Provider, [&str; 2]); 5] = [
    (
        Provider::TEAMS,
        [
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_Ab12%40thread.v2/0?context=%7b%22Tid%22%3a%22f%22%2c%22Oid%22%3a%227a%22%7d",
            "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6h",
        ],
    ),
    (
        Provider::SKYPE_FOR_BUSINESS,
        [
            "https://meet.lync.com/contoso/anna.berg/7XKQ2MPL",
            "https://meet.lync.com/contoso/anna.berg/9ABCDEFG",
        ],
    ),
    (
        Provider::ZOOM,
        ["https://us02web.zoom.us/j/95550123456?pwd=Ab3", "https://zoom.us/j/95550199"],
    ),
    (
        Provider::GOOGLE_MEET,
        ["https://meet.google.com/con-toso-abc", "https://meet.google.com/fab-rika-xyz"],
    ),
    (
        Provider::WEBEX,
        [
            "https://contoso.webex.com/contoso/j.php?MTID=m5b1c0de5",
            "https://contoso.webex.com/contoso/j.php?MTID=m7777",
        ],
    ),
];

fn coordinates(choice: u8, version: usize) -> Coordinates {
    let (provider, links) = JOINS.get(usize::from(choice) % JOINS.len()).expect("of its length");
    let link = Link::new(*links.get(version).expect("old and new")).expect("made for this");
    let mut new = Coordinates::new(*provider, link);
    new.conference_id = Some("123 456 789#".into());
    if choice & 0x80 != 0 {
        new.languages = ["ja", "ar"].map(|l| Language::new(l).expect("we have it")).to_vec();
    }
    new
}

/// An HTML body: rewritten exactly, or not at all.
///
/// # Panics
/// When a promise does not hold.
pub fn rewrite_html(data: &[u8]) {
    rewrite(data, Format::Html);
}

/// A text body: rewritten exactly, or not at all.
///
/// # Panics
/// When a promise does not hold.
pub fn rewrite_text(data: &[u8]) {
    rewrite(data, Format::Text);
}

/// The bytes of `data`: `[how, block, place, record]`, then the body.
///
/// `how`: bit 0: a block of ours is put into the body; bits 1 and 2: Unicode, bytes without
/// a label, or with one; bit 3: marks are evidence enough; bits 4 to 6: the new product.
fn rewrite(data: &[u8], format: Format) {
    let Some((&[how, block, place, recorded], rest)) = data.split_first_chunk::<CHOICES>() else {
        return;
    };
    // What the fuzzer could make slow is made slow by html5ever alone, and known.
    if rest.len() > 1 << 17 {
        return;
    }
    let old = coordinates(block, 0);
    let mut raw = rest.to_vec();
    if how & 1 == 1 {
        let at = rest.len() * usize::from(place) / 255;
        let at = (at..=rest.len()).find(|&i| rest.get(i).is_none_or(|b| b & 0xC0 != 0x80));
        let at = at.unwrap_or(rest.len());
        let block = match format {
            Format::Html => render::html(&old, None, None),
            Format::Text => render::text(&old, None, "\r\n", None),
        };
        raw.splice(at..at, block.into_bytes());
    }
    let label = LABELS.get(usize::from(block) % LABELS.len()).copied();
    let body = match (how >> 1 & 3, format) {
        (0 | 1, Format::Html) => Body::html(String::from_utf8_lossy(&raw)),
        (0 | 1, Format::Text) => Body::text(String::from_utf8_lossy(&raw)),
        (2, Format::Html) => Body::html_bytes(raw, None),
        (2, Format::Text) => Body::text_bytes(raw, None),
        (_, Format::Html) => Body::html_bytes(raw, label),
        (_, Format::Text) => Body::text_bytes(raw, label),
    };
    let evidence = if how & 8 == 0 { AddInEvidence::Record } else { AddInEvidence::RecordOrMarks };
    let record = match recorded % 4 {
        0 => None,
        1 => Some(Record::new(old.provider, old.join_url.as_str())),
        n => nth_link(&String::from_utf8_lossy(rest), usize::from(n) - 2)
            .map(|url| Record::new(Provider::TEAMS, url)),
    };
    let options = Options::new().with_evidence(evidence);
    check(&body, record.as_ref(), how >> 4, &options);
}

/// A link in a body that looks as if it led into a meeting.
fn nth_link(text: &str, n: usize) -> Option<String> {
    let known = ["meetup-join", "/meet/", "/j/", "meet.google.com/", "j.php", "meet."];
    let links = text.match_indices("https://").filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let end = rest.find(|c: char| c.is_whitespace() || "\"'<>".contains(c));
        rest.get(..end.unwrap_or(rest.len()))
    });
    let link = links.filter(|link| known.iter().any(|k| link.contains(k))).nth(n)?;
    Some(link.replace("&amp;", "&"))
}

/// Without the block: all bytes outside it but blanks beside it, and no block.
fn check_removed(body: &Body, record: Option<&Record>, options: &Options, found: &Found) {
    match block::remove(body, record, options) {
        Rewrite::Removed { body: after, block } => {
            assert_eq!(*found, Found::One(block.clone()));
            let left = block::locate(&after, record, options);
            assert!(matches!(left, Found::Absent(_) | Found::Foreign(..)), "left: {left:?}");
            let (before, now) = (body.as_bytes(), after.as_bytes());
            let outside = before.len() - block.span.len();
            if body.format() == Format::Html {
                let prefix = before.get(..block.span.start).unwrap_or_default();
                assert!(now.starts_with(prefix), "bytes before the block changed");
            }
            // A re-emitted tag or escape may be written; blanks, and two line ends, may go.
            let blanks = |bytes: &[u8]| bytes.iter().filter(|b| b.is_ascii_whitespace()).count();
            assert!(now.len() + blanks(before) + 16 >= outside, "more than the block went");
        }
        Rewrite::Refused(_) => {}
        other => assert!(!matches!(found, Found::One(_)), "not taken out: {other:?}"),
    }
}

/// At the end of a body without a block: nothing else, found again, and gone without a trace.
fn check_appended(
    body: &Body,
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
    found: &Found,
) {
    let done = match found {
        Found::Absent(_) => block::append(body, record, new, options),
        _ => return,
    };
    let Rewrite::Appended { body: after, written } = done else {
        return assert!(matches!(done, Rewrite::Refused(_)), "not appended: {done:?}");
    };
    let record = Record::new(new.provider, new.join_url.as_str());
    let options = Options::new();
    let again = block::append(&after, Some(&record), new, &options);
    assert!(matches!(&again, Rewrite::Unchanged(same) if same.span == written), "{again:?}");
    match block::remove(&after, Some(&record), &options) {
        Rewrite::Removed { body: back, .. } if body.as_unicode().is_some() => {
            assert_eq!(back, *body);
        }
        Rewrite::Removed { .. } | Rewrite::Refused(_) => {}
        other => panic!("what was appended cannot be taken out: {other:?}"),
    }
}

/// Locates and rewrites; asserts everything that must hold of the answer.
fn check(body: &Body, record: Option<&Record>, product: u8, options: &Options) {
    let new = coordinates(product, 1);
    let found = block::locate(body, record, options);
    check_removed(body, record, options, &found);
    check_appended(body, record, &new, options, &found);
    let (after, old, written) = match block::rewrite(body, record, &new, options) {
        Rewrite::Replaced { body, block, written } => (body, block, written),
        Rewrite::Unchanged(block) => return assert_eq!(found, Found::One(block)),
        Rewrite::Absent(why) => return assert_eq!(found, Found::Absent(why)),
        Rewrite::Foreign(why, blocks) => return assert_eq!(found, Found::Foreign(why, blocks)),
        Rewrite::Ambiguous(blocks) => return assert_eq!(found, Found::Ambiguous(blocks)),
        other @ (Rewrite::Removed { .. } | Rewrite::Appended { .. }) => {
            panic!("a replacement ends as {other:?}")
        }
        Rewrite::Refused(why) => {
            let refused = found == Found::Refused(why);
            return assert!(refused || matches!(found, Found::One(_)), "{found:?}");
        }
    };
    let Found::One(located) = found else { panic!("replaced, but located as {found:?}") };
    assert_eq!(located, old);

    // Outside is sacred.
    let (before, now) = (body.as_bytes(), after.as_bytes());
    let prefix = before.get(..old.span.start).expect("the span is in the body");
    let suffix = before.get(old.span.end..).expect("the span is in the body");
    assert!(now.starts_with(prefix), "bytes before the block changed");
    assert!(now.ends_with(suffix), "bytes behind the block changed");
    assert!(prefix.len() <= written.start && written.end + suffix.len() <= now.len());
    let end = now.len() - suffix.len();
    let beside = [prefix.len()..written.start, written.end..end];
    if body.format() == Format::Html {
        the_tree_outside_is_the_same(body, &old.span, &after, &(prefix.len()..end));
    } else {
        // ISO-2022-JP goes back to ASCII behind a block, which is no text.
        let is_nothing = |bytes: &[u8]| bytes.is_empty() || bytes == b"\x1b(B";
        let beside = beside.map(|range| now.get(range).expect("around the new block"));
        assert!(beside.iter().all(|bytes| is_nothing(bytes)), "text beside the new block");
    }

    // A fixed point, that we find again.
    let record = Record::new(new.provider, new.join_url.as_str());
    let options = Options::new();
    match block::rewrite(&after, Some(&record), &new, &options) {
        Rewrite::Unchanged(again) => assert_eq!(again.span, written),
        other => panic!("the second run is not unchanged: {other:?}"),
    }
    let other = coordinates(product, 0);
    match block::rewrite(&after, Some(&record), &other, &options) {
        Rewrite::Replaced { block, .. } => assert_eq!(block.span, written),
        // The meeting that it moves to has a block there already.
        Rewrite::Refused(Refusal::NotFoundAgain) if names(body, &other) => {}
        answer => panic!("our own block cannot be replaced: {answer:?}"),
    }
    match block::rewrite(&after, Some(&record), &coordinates(product.wrapping_add(1), 1), &options)
    {
        Rewrite::Replaced { block, .. } => assert_eq!(block.span, written),
        // Another product's fence may be missing in the charset, or meet one like it.
        Rewrite::Refused(_) => {}
        answer => panic!("our own block is no longer found: {answer:?}"),
    }
}

/// Whether the link of `meeting` stands in a body, in any charset that has ASCII in it; what
/// only lets people in may be missing, and the product may have several hosts.
fn names(body: &Body, meeting: &Coordinates) -> bool {
    let letters: Vec<u8> = body.as_bytes().iter().copied().filter(|byte| *byte != 0).collect();
    let url = meeting.join_url.as_str();
    let passes = ["?pwd=", "?p=", "?context="];
    let end = passes.iter().find_map(|pass| url.find(pass)).unwrap_or(url.len());
    let path = url.match_indices('/').nth(2).map_or(0, |(at, _)| at);
    memchr::memmem::find(&letters, url.as_bytes().get(path..end).unwrap_or_default()).is_some()
}

fn the_tree_outside_is_the_same(
    body: &Body,
    block: &Range<usize>,
    after: &Body,
    inserted: &Range<usize>,
) {
    let sides = |body: &Body, part: &Range<usize>| {
        // Only a body in Unicode has the offsets of its bytes.
        let (prefix, rest) = body.as_unicode()?.split_at_checked(part.start)?;
        let (part, suffix) = rest.split_at_checked(part.len())?;
        oracle::outside(prefix, part, suffix)
    };
    if let (Some(before), Some(now)) = (sides(body, block), sides(after, inserted)) {
        assert_eq!(before, now, "the tree outside the block changed");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    fn pieces() -> impl Strategy<Value = String> {
        "(<p>|</p>|<div>|</div>|<b>|</b>|<td>|</td>|<table>|</table>|<tr>|<ul>|<li>|<a href=x>|</a>|<span>|</span>|<blockquote>|<pre>|\n|<br>|x|<svg>|<title>|<!--|-->){0,20}"
    }

    #[test]
    fn a_block_that_ends_in_another_state_than_ascii() {
        let data = [&[119, 125, 30, 1][..], b"https://a0example"].concat();
        super::rewrite_text(&data);
    }

    #[test]
    fn a_nul_behind_all_marks() {
        super::rewrite_html(b"\x41\x03\x80\x01<l>l>a\x02\0m>");
    }

    proptest! {
        #[test]
        fn html(choices in any::<[u8; 3]>(), html in pieces()) {
            let [how, block, place] = choices;
            let data = [&[how | 1, block, place, 1], html.as_bytes()].concat();
            super::rewrite_html(&data);
        }

        #[test]
        fn text(choices in any::<[u8; 3]>(), text in "(x|\r\n|\n| |> |____|https://a.example|<|>|-----Original Message-----){0,20}") {
            let [how, block, place] = choices;
            let data = [&[how | 1, block, place, 1], text.as_bytes()].concat();
            super::rewrite_text(&data);
        }
    }
}
