//! Days with a time, and addresses, as mail programs write them.
//!
//! In: some words. Out: whether one is among them. Never: what day it is, or whose address.

use memchr::memchr;

/// A day and a time of day, in digits of any script: a year of four digits, or
/// `2/11/26` beside the time.
pub(super) fn is_moment(text: &str) -> bool {
    let mut runs = text.split(|c: char| !c.is_numeric()).map(|run| run.chars().count());
    if runs.any(|digits| digits == 4) {
        return has_time(text);
    }
    let words = || text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'));
    words().any(is_short_day) && words().any(|word| !is_short_day(word) && has_time(word))
}

/// `2/11/26`, `02.11.26`, `2-11-26`.
fn is_short_day(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    ['/', '.', '-'].into_iter().any(|mark| {
        let mut parts = word.split(mark);
        let number = |part: &str| {
            let digits = part.chars().count();
            (1..=2).contains(&digits) && part.chars().all(char::is_numeric)
        };
        parts.by_ref().take(3).filter(|part| number(part)).count() == 3 && parts.next().is_none()
    })
}

/// `20:53`, `20.53`, `20時53分`.
pub(super) fn has_time(text: &str) -> bool {
    has_time_with(text, |mark| matches!(mark, ':' | '.' | '时' | '時' | '시' | 'h'))
}

fn has_time_with(text: &str, is_mark: impl Fn(char) -> bool) -> bool {
    let chars: Vec<char> = text.chars().take(1024).collect();
    chars.windows(4).any(|four| {
        let [before, mark, tens, ones] = four else { return false };
        before.is_numeric() && tens.is_numeric() && ones.is_numeric() && is_mark(*mark)
    })
}

/// Whether it says when, where a header says who: `10:00`, `20.30 Uhr`, `11`.
pub(super) fn is_hour(text: &str) -> bool {
    if text.is_empty() || has_address(text) {
        return false;
    }
    !text.contains(char::is_alphabetic)
        || has_time_with(text, |mark| mark == ':')
        || text.starts_with(char::is_numeric) && has_time(text)
}

/// `anna@contoso.example`.
pub(super) fn has_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + 1..).and_then(|t| t.chars().next());
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    })
}

/// `Anna <anna@contoso.example>`.
pub(super) fn has_named_address(text: &str) -> bool {
    memchr(b'@', text.as_bytes()).is_some()
        && text.split_once(['<', '[']).is_some_and(|(name, address)| {
            name.chars().any(char::is_alphabetic) && has_address(address)
        })
}
