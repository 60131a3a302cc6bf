//! What the words of a line say of its link.
//!
//! In: a line, or its words. Out: what stands before, beside and behind its links. Never: proof
//! that a block is there.

use crate::block::line::{Line, find_urls};
use crate::wording;

/// A heading as it stands in a block, with or without a link to help beside it.
pub(super) fn is_heading(text: &str) -> bool {
    wording::is_heading(text) || text.starts_with("Microsoft Teams")
}

/// Whether a line with a link to help begins with a heading.
pub(super) fn is_headed(text: &str) -> bool {
    behind_heading(text).is_some()
}

/// Whether words stand on that line which are neither its heading nor the link's label: a
/// question, in whatever language, or all behind the heading where an element tells.
pub(super) fn has_words_beside_help(line: &Line<'_>) -> bool {
    let words = behind_heading(&line.text).map(without_links).unwrap_or_default();
    let words = words.trim();
    if let Some(element) = line.links.last().and_then(|link| link.element.as_ref()) {
        return line.words_end > element.end;
    }
    let parted = words.contains([':', '.', ',', ';', '!', '。', '、']);
    let asks = words.ends_with(['?', '\u{ff1f}', '\u{61f}']) && !parted;
    let label = |w: &wording::Wording| w.help.eq_ignore_ascii_case(words);
    !words.is_empty() && !asks && !wording::labels::ALL.iter().any(label)
}

fn behind_heading(text: &str) -> Option<&str> {
    let headings = wording::labels::ALL.iter().map(|w| w.teams_meeting);
    headings.chain(["Microsoft Teams"]).find_map(|heading| text.strip_prefix(heading))
}

/// The words of a line, without its written-out links.
pub(super) fn without_links(text: &str) -> String {
    let (mut words, mut from) = (String::new(), 0);
    for (range, ..) in find_urls(text) {
        words.push_str(text.get(from..range.start).unwrap_or_default());
        from = range.end;
    }
    words.push_str(text.get(from..).unwrap_or_default());
    words.retain(|c| !matches!(c, '<' | '>'));
    words
}

/// The words of a line before its first written-out link.
pub(super) fn words_before<'l>(line: &'l Line<'_>) -> &'l str {
    let start = find_urls(&line.text).first().map_or(0, |(range, ..)| range.start);
    line.text.get(..start).unwrap_or_default().trim_end_matches(['<', ' '])
}

/// Whether the words before a line's first link, which is written out, are its label.
pub(super) fn has_label_before(line: &Line<'_>) -> bool {
    let words = words_before(line);
    !words.is_empty() && wording::is_join_label(words)
}

/// Whether words stand behind a line's trailer, or behind its last link, which is written out.
pub(super) fn has_words_behind(line: &Line<'_>) -> bool {
    let trailer = line.text.split_once("[!OC([").and_then(|(_, rest)| rest.split_once("])!]"));
    if let Some((_, behind)) = trailer {
        return behind.contains(char::is_alphanumeric);
    }
    if line.links.last().is_none_or(|link| link.element.is_some()) {
        return false;
    }
    let end = find_urls(&line.text).last().map_or(0, |(range, ..)| range.end);
    line.text.get(end..).unwrap_or_default().contains(char::is_alphanumeric)
}

/// Whether a sentence ends among the words, and others follow.
pub(super) fn has_sentence(words: &str) -> bool {
    [". ", "! ", "? ", "; "].iter().any(|end| words.contains(end)) || words.contains('\u{3002}')
}

/// Whether a link stands on its line as in a list of references: what makes text of markup may put
/// all of them below it, `1. https://…`, and numbers where they were.
pub(super) fn is_reference(line: &Line<'_>) -> bool {
    let number = words_before(line);
    let sign = |c: char| c.is_ascii_digit() || matches!(c, '.' | ':' | '[' | ']' | '(' | ')' | '^');
    number.contains(|c: char| c.is_ascii_digit()) && number.chars().all(sign)
}
