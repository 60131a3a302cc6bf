//! Signs other than `>` with which mail programs begin the lines of an earlier message.
//!
//! In: [`Line`]s. Out: those marked as quoted that begin with the same sign one below the other.
//! Never: a single line, which somebody may have written so; nor what lists begin with.

use crate::block::line::{Line, is_blank};

/// How many lines below each other tell that somebody's initials before `>` quote.
const INITIALS: usize = 2;

/// How many of another sign do: three, as no block has fewer lines.
const SIGNS: usize = 3;

/// How many characters are before `>`, or are a sign.
const LONGEST: usize = 4;

/// Marks the lines that such signs quote.
pub(crate) fn mark_indented(lines: &mut [Line<'_>]) {
    let same = |a: &Line<'_>, b: &Line<'_>| {
        let sign = sign_of(a);
        sign.is_some() && sign == sign_of(b)
    };
    for run in lines.chunk_by_mut(same) {
        let needed = match run.first().and_then(sign_of) {
            None => continue,
            Some(sign) if sign.ends_with('>') => INITIALS,
            Some(_) => SIGNS,
        };
        if run.len() >= needed {
            run.iter_mut().for_each(|line| line.quoted = true);
        }
    }
}

/// Whether the line begins as one that is quoted so.
pub(crate) fn is_indented(line: &Line<'_>) -> bool {
    sign_of(line).is_some()
}

fn sign_of<'l>(line: &'l Line<'_>) -> Option<&'l str> {
    if line.text.may_be_indented() { sign(line.text.as_str()) } else { None }
}

/// The sign that a line begins with: up to four letters and `>`, or up to four of those that
/// people set before lines to quote them.
pub(crate) fn sign(text: &str) -> Option<&str> {
    let length = |is: fn(char) -> bool| text.find(|c| !is(c)).unwrap_or(text.len());
    let of = |length: usize| {
        let (sign, rest) = text.split_at_checked(length)?;
        (1..=LONGEST).contains(&sign.chars().take(LONGEST + 1).count()).then_some((sign, rest))
    };
    if let Some((initials, rest)) = of(length(char::is_alphabetic)) {
        return rest.starts_with('>').then(|| text.get(..=initials.len())).flatten();
    }
    let (sign, rest) = of(length(is_sign))?;
    let parted = rest.is_empty() || rest.starts_with(|c| is_blank(c) || c == '_');
    parted.then_some(sign)
}

/// Whether a line may be quoted with it.
pub(crate) fn is_sign(c: char) -> bool {
    matches!(c, '|' | ':' | '#' | ']' | '}' | '%' | '!' | '»' | '›' | '¦' | '│' | '┃')
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn a_sign_is_short_and_stands_apart() {
        for (line, found) in [
            ("AB> x", Some("AB>")),
            ("ab>> x", Some("ab>")),
            ("АБ>", Some("АБ>")),
            ("| x", Some("|")),
            ("|", Some("|")),
            ("|____", Some("|")),
            ("%% x", Some("%%")),
            ("» x", Some("»")),
            ("#1 x", None),
            ("Annab> x", None),
            ("A x", None),
            ("- x", None),
            ("##### x", None),
            ("", None),
        ] {
            assert_eq!(sign(line), found, "{line}");
        }
    }
}
