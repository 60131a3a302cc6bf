//! The pieces of markup that html5ever's own tokenizer reads for us: character
//! references and document types. Both are short and rare beside the rest.

use std::borrow::Cow;
use std::cell::RefCell;
use std::str::FromStr;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, State as TheirState};
use html5ever::tokenizer::{
    BufferQueue, Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use memchr::{memchr, memchr2, memchr3};

#[derive(Default)]
struct Collect {
    text: RefCell<String>,
    doctype: RefCell<Option<Doctype>>,
}

impl TokenSink for Collect {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.text.borrow_mut().push_str(&text),
            Token::NullCharacterToken => self.text.borrow_mut().push('\0'),
            Token::DoctypeToken(doctype) => *self.doctype.borrow_mut() = Some(doctype),
            // The value of `decode`'s attribute.
            Token::TagToken(Tag { kind: TagKind::StartTag, attrs, .. }) => {
                if let Some(attribute) = attrs.into_iter().next() {
                    self.text.borrow_mut().push_str(&attribute.value);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn tokenize(text: &str, initial_state: Option<TheirState>) -> Collect {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(text));
    let options = TokenizerOpts { initial_state, discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Collect::default(), options);
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink
}

/// Decodes character references, as in text or as in an attribute's value. Line ends
/// become LF, as the standard's input has them.
pub(crate) fn decode(raw: &str, in_attribute: bool) -> Cow<'_, str> {
    if memchr3(b'&', b'\r', 0, raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    if memchr(b'&', raw.as_bytes()).is_none() {
        let raw = raw.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}");
        return Cow::Owned(raw);
    }
    match common(raw) {
        Some(text) => Cow::Owned(text),
        None => Cow::Owned(by_html5ever(raw, in_attribute)),
    }
}

/// What has only the references that nearly every body has, in full; the same in text and
/// in attributes. None when another one may be there, or a line end to change.
fn common(raw: &str) -> Option<String> {
    if memchr2(b'\r', 0, raw.as_bytes()).is_some() {
        return None;
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(rest.get(..at)?);
        let after = rest.get(at + 1..)?;
        let begins = |b: &u8| b.is_ascii_alphanumeric() || *b == b'#';
        if !after.as_bytes().first().is_some_and(begins) {
            out.push('&');
            rest = after;
            continue;
        }
        // The longest of them is `#1114111`.
        let name = after.bytes().take(9).position(|b| b == b';')?;
        let (name, behind) = after.split_at_checked(name)?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "nbsp" => '\u{a0}',
            "quot" => '"',
            _ => {
                let digits = name.strip_prefix('#')?;
                let number = u32::from_str(digits).ok().filter(|_| !digits.starts_with('+'))?;
                // Others are changed by the standard.
                char::from_u32(number).filter(|c| matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}'))?
            }
        });
        rest = behind.get(1..)?;
    }
    out.push_str(rest);
    Some(out)
}

fn by_html5ever(raw: &str, in_attribute: bool) -> String {
    let text = if in_attribute {
        // The value holds no quote of its own kind; an unquoted one may hold any.
        let quote = if raw.contains('"') { '\'' } else { '"' };
        let raw =
            if quote == '\'' { Cow::Owned(raw.replace('\'', "&#39;")) } else { Cow::Borrowed(raw) };
        tokenize(&format!("<a b={quote}{raw}{quote}>"), None).text
    } else {
        tokenize(raw, Some(TheirState::RawData(RawKind::Rcdata))).text
    };
    text.into_inner()
}

/// Reads a document type.
pub(super) fn doctype(raw: &str) -> Doctype {
    tokenize(raw, None).doctype.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_short_way_reads_as_html5ever_does(
            raw in "(a|é|;|&|#|&amp;|&amp|&lt;|&nbsp;|&quot;|&gt;|&#39;|&#039;|&#8217;|&#128;|&#0;|&#55296;|&#x27;|&#+9;|&#9;|&#65533;|&notin;|\r|\n| |'|=){0,8}",
            in_attribute: bool,
        ) {
            if let Some(short) = common(&raw) {
                prop_assert_eq!(short, by_html5ever(&raw, in_attribute));
            }
        }
    }
}
