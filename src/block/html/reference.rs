//! The pieces of markup that html5ever's own tokenizer reads for us: character
//! references and document types. Both are short and rare beside the rest.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, State as TheirState};
use html5ever::tokenizer::{
    BufferQueue, Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

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
    if !raw.contains('&') {
        return if raw.contains(['\r', '\0']) {
            Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}"))
        } else {
            Cow::Borrowed(raw)
        };
    }
    let text = if in_attribute {
        // The value holds no quote of its own kind; an unquoted one may hold any.
        let quote = if raw.contains('"') { '\'' } else { '"' };
        let raw =
            if quote == '\'' { Cow::Owned(raw.replace('\'', "&#39;")) } else { Cow::Borrowed(raw) };
        tokenize(&format!("<a b={quote}{raw}{quote}>"), None).text
    } else {
        tokenize(raw, Some(TheirState::RawData(RawKind::Rcdata))).text
    };
    Cow::Owned(text.into_inner())
}

/// Reads a document type.
pub(super) fn doctype(raw: &str) -> Doctype {
    tokenize(raw, None).doctype.into_inner().unwrap_or_default()
}
