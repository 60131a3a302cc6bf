//! Bodies of the fuzz targets. Not API: anything here may change.
//!
//! Each takes a target's bytes and panics when a promise does not hold. `fuzz/` runs them
//! under libFuzzer, `tests/fuzz_corpus.rs` over the corpus and the fixtures.

mod calendars;
mod details;
mod oracle;
mod rewriting;
mod tokens;

use std::borrow::Cow;

use crate::block::patch::Patch;
use crate::block::{Limits, charset};
use crate::body::Body;
use crate::link;

pub use calendars::ical;
pub use details::coordinates;
pub use rewriting::{rewrite_html, rewrite_text};
pub use tokens::tokenizer;

/// A target, and how many of its first bytes are choices and no content.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its binary and of its corpus.
    pub name: &'static str,
    /// Checks one input.
    pub check: fn(&[u8]),
    /// The bytes before the content.
    pub choices: usize,
}

/// All targets.
pub const TARGETS: [Target; 7] = [
    Target { name: "charset", check: charset, choices: 5 },
    Target { name: "coordinates", check: coordinates, choices: 0 },
    Target { name: "ical", check: ical, choices: 0 },
    Target { name: "links", check: links, choices: 0 },
    Target { name: "rewrite_html", check: rewrite_html, choices: rewriting::CHOICES },
    Target { name: "rewrite_text", check: rewrite_text, choices: rewriting::CHOICES },
    Target { name: "tokenizer", check: tokenizer, choices: 0 },
];

const LABELS: &[&str] = &[
    "",
    "utf-8",
    "utf-16le",
    "utf-16be",
    "utf-7",
    "iso-2022-jp",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "big5",
    "gbk",
    "gb18030",
    "windows-1252",
    "iso-8859-1",
    "us-ascii",
    "windows-1251",
    "koi8-r",
    "windows-874",
    "x-user-defined",
    "macintosh",
];

/// A body in any charset: a part of its text is replaced, the bytes outside stay, and it
/// reads as it should.
///
/// # Panics
/// When one of these does not hold.
pub fn charset(data: &[u8]) {
    let Some((&[label, kind, from, to, length], rest)) = data.split_first_chunk::<5>() else {
        return;
    };
    let (new, raw) = rest.split_at(usize::from(length).min(rest.len()));
    let new = String::from_utf8_lossy(new);
    let label = LABELS.get(usize::from(label) % LABELS.len()).copied();
    let body = match kind % 4 {
        0 => Body::html_bytes(raw, label),
        1 => Body::text_bytes(raw, label),
        2 => Body::html_bytes(raw, None),
        _ => Body::text(String::from_utf8_lossy(raw)),
    };
    let Ok(decoded) = charset::decode(&body, &Limits::new()) else { return };
    let text = decoded.text();
    let at = |byte: u8| text.floor_char_boundary(text.len() * usize::from(byte) / 255);
    let part = at(from.min(to))..at(from.max(to));
    let span = decoded.span(part.clone());
    assert!(span.start <= span.end && span.end <= body.as_bytes().len());
    let Ok(new) = decoded.fit(&new) else { return };
    let patch = Patch { part: part.clone(), lead: "", new: &new, trail: "" };
    let Ok(spliced) = decoded.splice(&patch) else { return };

    let (prefix, suffix) = (body.as_bytes().get(..span.start), body.as_bytes().get(span.end..));
    assert!(prefix.is_some_and(|prefix| spliced.bytes.starts_with(prefix)));
    assert!(suffix.is_some_and(|suffix| spliced.bytes.ends_with(suffix)));
    let (before, after) = (text.get(..part.start), text.get(part.end..));
    let expected = [before.unwrap_or_default(), &new, after.unwrap_or_default()].concat();
    let again = body.with_bytes(spliced.bytes);
    let reread = charset::decode(&again, &Limits::new()).map_err(|_| "a refusal");
    let reread = reread.expect("what we wrote is read");
    assert!(reread.text() == expected, "it reads otherwise");
    assert_eq!(reread.span(part.start..part.start + new.len()), spliced.written);
}

/// A link: unwrapping ends, is bounded, and undoes a wrapper.
///
/// # Panics
/// When one of these does not hold.
pub fn links(data: &[u8]) {
    let url = String::from_utf8_lossy(data);
    let inner = link::unwrap(&url);
    assert!(inner.len() <= 4 * url.len());
    assert_eq!(link::meeting_key(&url), link::meeting_key(&url));
    if matches!(inner, Cow::Owned(_)) || !url.starts_with("https://a.example/") {
        return;
    }
    let escaped: String = url.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for wrapper in [
        "https://eur05.safelinks.protection.outlook.com/?url=",
        "https://nam.safelinks.protection.outlook.com/ap/t-59584e83/?data=1&url=",
        "https://www.google.com/url?q=",
        "https://urldefense.proofpoint.com/v2/url?u=",
    ] {
        let wrapped = match wrapper.split_once("/v2/") {
            Some(_) => format!("{wrapper}{}&d=1", escaped.replace('%', "-")),
            None => format!("{wrapper}{escaped}&data=1"),
        };
        assert!(link::unwrap(&wrapped) == url);
        assert_eq!(link::meeting_key(&wrapped), link::meeting_key(&url));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn charset(data in prop::collection::vec(any::<u8>(), 0..64)) {
            super::charset(&data);
        }

        #[test]
        fn links(data in "(https://a.example/)?[!-~é]{0,40}") {
            super::links(data.as_bytes());
        }
    }
}
