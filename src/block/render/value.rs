//! Makes values fit to stand in a line: names of places, ids, passcodes.
//!
//! In: any string. Out: one line of visible text, blanks collapsed. What is dropped or
//! broken up, and why:
//!
//! - Control characters, direction overrides and marks, and characters that show
//!   nothing: they could hide or reorder what stands beside them. The joiners that
//!   Persian and Indic scripts need stay.
//! - A run of more than eight characters that fences are made of is cut to eight, so
//!   that no value looks like a fence.
//! - `://` and `[!` are set apart with a blank, so that no value looks like a link or
//!   like the trailer of a Skype for Business block.

use crate::link::is_unseen;

/// The value as it can be shown, in HTML (escaped) and in text alike.
pub(super) fn clean(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut run = 0;
    for c in value.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        if is_unseen(c) {
            continue;
        }
        run = if is_fence(c) { run + 1 } else { 0 };
        if run <= LONGEST_RUN {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out.replace("://", ": //").replace("[!", "[ !")
}

/// An id that is dialled: its digits by threes, `#` at the end; any other as it is.
pub(super) fn phone_id(id: &str) -> String {
    let id = clean(id);
    let Some(digits) = dialled(&id) else { return id };
    let groups: Vec<_> = digits.as_bytes().chunks(3).map(String::from_utf8_lossy).collect();
    groups.join(" ") + "#"
}

/// The digits of an id, when it has nothing else that a phone would have to dial.
pub(super) fn dialled(id: &str) -> Option<String> {
    let id = id.trim();
    let id = id.strip_suffix('#').unwrap_or(id);
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    let plain = id.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || c == '-');
    (plain && !digits.is_empty()).then_some(digits)
}

/// More than so many characters of a fence in a row do not come from outside.
pub(in crate::block) const LONGEST_RUN: usize = 8;

/// Whether fences are made of it.
pub(in crate::block) fn is_fence(c: char) -> bool {
    FENCE_CHARACTERS.contains(c)
}

const FENCE_CHARACTERS: &str = "_.-~:=*\u{2500}\u{2501}\u{2026}";
