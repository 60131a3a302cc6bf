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

use memchr::memchr2;

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
    // Most values have neither.
    if memchr2(b':', b'[', out.as_bytes()).is_none() {
        return out;
    }
    out.replace("://", ": //").replace("[!", "[ !")
}

/// An id that is dialled: its digits by threes, `#` at the end; any other as it is.
pub(super) fn phone_id(id: &str) -> String {
    let id = clean(id);
    let Some(digits) = dialled(&id) else { return id };
    groups(&digits, &[], " ") + "#"
}

/// An id to type: its digits in groups, when nobody has grouped them. `shapes` are the
/// product's own; else it is threes.
pub(super) fn typed_id(id: &str, shapes: &[&[usize]]) -> String {
    let id = clean(id);
    if id.len() < 7 || !id.bytes().all(|b| b.is_ascii_digit()) {
        return id;
    }
    let own = shapes.iter().find(|shape| shape.iter().sum::<usize>() == id.len());
    groups(&id, own.copied().unwrap_or_default(), " ")
}

/// A phone number as people read it: in groups, when nobody has grouped it. Who writes
/// blanks or dashes knows the country's own way.
pub(super) fn phone_number(number: &str) -> String {
    let number = clean(number);
    let digits = number.strip_prefix('+').filter(|digits| digits.len() >= 7);
    let Some(digits) = digits.filter(|d| d.bytes().all(|b| b.is_ascii_digit())) else {
        return number;
    };
    let (country, rest) = digits.split_at(calling_code(digits));
    let rest = match (country, rest.len()) {
        ("1", 10) => groups(rest, &[3, 3, 4], "-"),
        ("33", 9) => groups(rest, &[1, 2, 2, 2, 2], " "),
        ("45" | "47", 8) => groups(rest, &[2, 2, 2, 2], " "),
        // No group of one digit.
        (_, length) if length % 3 == 1 => {
            let (head, tail) = rest.split_at(length.saturating_sub(4));
            let head = groups(head, &[], " ");
            if head.is_empty() { tail.to_owned() } else { [&head, " ", tail].concat() }
        }
        _ => groups(rest, &[], " "),
    };
    format!("+{country} {rest}")
}

/// How many digits the country takes (ITU-T E.164, list of assigned codes).
fn calling_code(digits: &str) -> usize {
    const TWO: &str = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 \
                       60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";
    match digits.get(..2) {
        _ if digits.starts_with(['1', '7']) => 1,
        Some(two) if TWO.split(' ').any(|code| code == two) => 2,
        _ => 3,
    }
}

/// `digits` cut into these sizes, and what is left into threes.
fn groups(digits: &str, sizes: &[usize], between: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), digits);
    let mut sizes = sizes.iter().copied();
    while !rest.is_empty() {
        let size = sizes.next().unwrap_or(3).clamp(1, rest.len());
        let (group, later) = rest.split_at(size);
        out.push(group);
        rest = later;
    }
    out.join(between)
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
    matches!(c, '_' | '.' | '-' | '~' | ':' | '=' | '*' | '\u{2500}' | '\u{2501}' | '\u{2026}')
}

/// A line that nobody takes for a quoted one.
pub(super) fn unquoted(line: &str) -> &str {
    match line.trim_start().starts_with('>') {
        true => line.trim_start_matches(|c: char| c == '>' || c.is_whitespace()),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::line::is_of_row;
    use crate::provider::marks::Fence;

    #[test]
    fn what_rows_are_made_of_is_of_fences_too() {
        let drawn: String = Fence::ALL.into_iter().filter_map(Fence::row).map(|(c, _)| c).collect();
        assert!(drawn.chars().all(is_fence) && drawn.bytes().all(|byte| is_of_row(&byte)));
        assert!((0..0x80).filter(is_of_row).map(char::from).all(is_fence));
    }
}
