//! The words of a block, and what somebody changed in them.
//!
//! In: a body and a span of it. Out: what a person reads there. Never: markup, where a
//! link leads, an address written out. Calendars and mail filters wrap markup and lines
//! anew, respell references, and put links into wrappers of their own: that is no edit.

use std::borrow::Cow;
use std::ops::Range;

use super::Refusal;
use super::html::reference::decode;
use super::html::tokenizer::{Kind, Tokenizer};
use crate::body::{Body, Format};

/// What a person reads in a span of a body; words in the same order, blanks as they come.
pub(crate) fn words(body: &Body, span: Range<usize>) -> Result<String, Refusal> {
    let text = super::excerpt(body, span)?;
    Ok(without_addresses(&match body.format() {
        Format::Html => without_markup(&text),
        Format::Text => text,
    }))
}

/// What was there, and what is there instead, from the first to the last letter or digit
/// that differs, as whole words; `None` when no letter or digit does. Linear.
pub(crate) fn difference(was: &str, is: &str) -> Option<(String, String)> {
    let (old, new) = (letters(was), letters(is));
    let same = |(a, b): &(&Letter, &Letter)| a.letter == b.letter;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old, new) = (old.get(head..)?, new.get(head..)?);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    Some((between(was, old, tail), between(is, new, tail)))
}

struct Letter {
    letter: char,
    at: usize,
}

fn letters(text: &str) -> Vec<Letter> {
    let letters = text.char_indices().filter(|(_, c)| c.is_alphanumeric());
    letters.map(|(at, letter)| Letter { letter, at }).collect()
}

/// The words that hold these letters but the last `tail`, blanks folded.
fn between(text: &str, letters: &[Letter], tail: usize) -> String {
    let letters = letters.get(..letters.len().saturating_sub(tail)).unwrap_or_default();
    let (Some(first), Some(last)) = (letters.first(), letters.last()) else {
        return String::new();
    };
    let (head, rest) = text.split_at(first.at);
    let from = head.rfind(char::is_whitespace).unwrap_or(0);
    let after = last.at - first.at;
    let to = rest.get(after..).and_then(|rest| rest.find(char::is_whitespace));
    let to = to.map_or(text.len(), |to| last.at + to);
    let words = text.get(from..to).unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

/// The characters of an HTML fragment. Tags within a word do not part it.
pub(super) fn without_markup(text: &str) -> Cow<'static, str> {
    let mut out = String::with_capacity(text.len());
    let mut tokens = Tokenizer::new(text);
    let mut hidden: Option<&str> = None;
    while let Some(token) = tokens.next(false) {
        let name = text.get(token.name()).unwrap_or_default();
        match token.kind {
            Kind::Text | Kind::CData if hidden.is_none() => {
                out.push_str(&decode(text.get(token.span()).unwrap_or_default(), false));
            }
            Kind::Start { .. } => {
                if hidden.is_none() && HIDDEN.iter().any(|n| name.eq_ignore_ascii_case(n)) {
                    hidden = Some(name);
                }
                if !WITHIN_WORDS.iter().any(|n| name.eq_ignore_ascii_case(n)) {
                    out.push(' ');
                }
            }
            Kind::End => {
                if hidden.is_some_and(|hidden| name.eq_ignore_ascii_case(hidden)) {
                    hidden = None;
                }
                if !WITHIN_WORDS.iter().any(|n| name.eq_ignore_ascii_case(n)) {
                    out.push(' ');
                }
            }
            _ => {}
        }
    }
    Cow::Owned(out)
}

const HIDDEN: [&str; 3] = ["style", "script", "title"];

const WITHIN_WORDS: [&str; 9] = ["a", "b", "i", "u", "em", "strong", "span", "font", "wbr"];

/// The text without `<scheme:…>`, as mail programs put links behind their words, and
/// without web addresses.
fn without_addresses(text: &str) -> String {
    apart_from_addresses(text, |_| ())
}

/// The text without addresses; each of them goes to `address_found`, with its brackets.
pub(super) fn apart_from_addresses(text: &str, mut address_found: impl FnMut(&str)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', 'h', 'H']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match address(from) {
            Some(length) => {
                address_found(from.get(..length).unwrap_or_default());
                out.push(' ');
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                let first = from.chars().next().map_or(0, char::len_utf8);
                out.push_str(from.get(..first).unwrap_or_default());
                rest = from.get(first..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// The length of the address that the text begins with.
fn address(text: &str) -> Option<usize> {
    if let Some(inner) = text.strip_prefix('<') {
        let end = inner.find(['<', '>'])?;
        let scheme = inner.get(..inner.find(':').filter(|colon| *colon < end)?)?;
        let closed = inner.get(end..)?.starts_with('>');
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        return (closed && is_scheme).then_some(end + 2);
    }
    let head = text.get(..8).or_else(|| text.get(..7))?.to_ascii_lowercase();
    let is_web = head.starts_with("https://") || head.starts_with("http://");
    let end = || text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
    is_web.then(|| end().unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn all(body: &Body) -> String {
        words(body, 0..body.as_bytes().len()).unwrap()
    }

    fn told(was: &str, is: &str) -> Option<(String, String)> {
        difference(was, is)
    }

    #[test]
    fn wrapping_anew_is_no_edit() {
        let written = "<div class=\"x\"><b>Join</b> the meeting<br>Meeting ID:&nbsp;234&#32;567\
                       <a href=\"https://contoso.example/1\">Help &amp; more</a></div>";
        let kept = [
            // Other tags, other blanks, other spelling of references.
            "<table><tr><td><font>Join\r\n  the</font>  meeting<tr><td>Meeting\r\nID: 234 567\
             <a href='https://nam02.safelinks.protection.outlook.com/?url=x'>Help &#38; more</a>",
            "<style>p { color: red }</style><!-- x --><P>Jo<wbr>in the meeting<P>Meeting \
             ID: 234 567 Help&#x20;&amp; more",
        ];
        for kept in kept {
            assert_eq!(told(&all(&Body::html(written)), &all(&Body::html(kept))), None, "{kept}");
        }
        let text = "Join the meeting<https://contoso.example/a?b>\r\nMeeting ID: 234 567\r\n____\r\n\
                    Help & more<mailto:help@contoso.example> | https://contoso.example/x";
        let kept = "Join the\nmeeting <https://nam02.safelinks.example/?url=\nlong%2fa%3fb>\n\
                    Meeting ID: 234\n567\n Help & more | <https://contoso.example/y>";
        assert_eq!(told(&all(&Body::text(text)), &all(&Body::text(kept))), None);
    }

    #[test]
    fn an_edit_is_told_in_whole_words() {
        let pair = |was: &str, is: &str| Some((was.to_owned(), is.to_owned()));
        assert_eq!(told("Dial 555 0100 now", "Dial 555 0199 now"), pair("0100", "0199"));
        assert_eq!(told("a b", "a ring twice b"), pair("", "ring twice"));
        assert_eq!(told("a ring\ntwice b", "a b"), pair("ring twice", ""));
        assert_eq!(told("", "a"), pair("", "a"));
        assert_eq!(told("a - b.", "A b"), pair("a", "A"));
        assert_eq!(told("a-b: c", "a b  c!"), None);
        // Blanks of several bytes part words too.
        assert_eq!(told("ID:\u{a0}234\u{3000}x", "ID:\u{a0}567\u{3000}x"), pair("234", "567"));
    }

    #[test]
    fn markup_parts_words_where_a_reader_sees_it() {
        for (html, words) in [
            ("Jo<wbr>in <b>t</b>he<p>a<br>b</p>c", "Join the a b c"),
            ("<title>x</title><STYLE>y</style>a<script>z</script>b &amp;&nbsp;c", "a b & c"),
        ] {
            let read = all(&Body::html(html));
            assert_eq!(read.split_whitespace().collect::<Vec<_>>().join(" "), words, "{html}");
        }
    }

    #[test]
    fn what_is_no_address_stays() {
        assert_eq!(all(&Body::text("a <b c> 1 < 2: x > h ht http http:/x hello")).len(), 42);
        assert_eq!(all(&Body::text("a <b:c <d:e> HTTPS://x.example y")), "a <b:c     y");
        assert_eq!(all(&Body::text("x <a b:c> <1:2> y")), "x <a b:c> <1:2> y");
        assert_eq!(all(&Body::text("http://\u{e9} \u{e9}")), "  \u{e9}");
    }

    proptest! {
        /// What is put in is told, whatever stands around it, and nothing else is.
        #[test]
        fn one_inserted_word_is_the_difference(head in "[a-c ]{0,20}", tail in "[a-c ]{0,20}") {
            let (was, is) = (format!("{head} {tail}"), format!("{head} X {tail}"));
            prop_assert_eq!(told(&was, &is), Some((String::new(), "X".to_owned())));
            prop_assert_eq!(told(&is, &is), None);
        }

        #[test]
        fn any_text_has_words(text in any::<String>()) {
            let size = text.len();
            for body in [Body::html(text.clone()), Body::text(text.clone())] {
                prop_assert!(all(&body).len() <= 4 * size + 4);
            }
            let _ = told(&text, &all(&Body::html(text.clone())));
        }
    }
}
