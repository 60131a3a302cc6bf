//! Tokens with what the tree rules need of them.
//!
//! In: a text. Out: its tokens, each tag with its name. Never: a second look at the attributes
//! of a tag that was read before.

use super::plain::{NotPlain, Plain};
use super::seen::{Named, Seen};
use super::tokenizer::{Kind, Token, Tokenizer};

/// A token.
pub(super) struct Read {
    pub(super) token: Token,
    /// It was read as markup.
    pub(super) markup: bool,
    /// None for what is no tag.
    pub(super) tag: Option<Named>,
}

pub(super) struct Reader<'a> {
    pub(super) tokenizer: Tokenizer<'a>,
    seen: Seen<'a>,
}

impl<'a> Reader<'a> {
    /// A reader of markup that begins at `start`.
    pub(super) fn starting_at(text: &'a str, start: usize) -> Self {
        Self { tokenizer: Tokenizer::starting_at(text, start), seen: Seen::new(text) }
    }

    /// This reader, going on at `start`.
    pub(super) fn moved_to(self, text: &'a str, start: usize) -> Self {
        Self { tokenizer: Tokenizer::starting_at(text, start), ..self }
    }
}

impl Plain<'_> {
    /// The next token. Of a tag that is new, `may_quote` tells whether it may begin something
    /// that is quoted.
    #[inline(always)]
    pub(super) fn next(
        &mut self,
        reader: &mut Reader<'_>,
        may_quote: impl FnOnce(&Tokenizer<'_>, &Token) -> bool,
    ) -> Result<Option<Read>, NotPlain> {
        let Reader { tokenizer, seen } = reader;
        let (markup, start) = (tokenizer.in_markup(), tokenizer.position());
        if markup && let Some(tag) = seen.find(start) {
            let token = tag.at(start);
            tokenizer.pass(token.end);
            return Ok(Some(Read { token, markup, tag: Some(tag.named) }));
        }
        let Some(token) = tokenizer.next(false) else { return Ok(None) };
        let mut tag = None;
        if matches!(token.kind, Kind::Start { .. } | Kind::End) {
            self.check_attributes(tokenizer)?;
            let (name, class) = self.name_of(&token);
            let named = Named { name, class, may_quote: may_quote(tokenizer, &token) };
            if markup {
                seen.add(&token, named);
            }
            tag = Some(named);
        }
        Ok(Some(Read { token, markup, tag }))
    }

    /// Does what the rules say of a token.
    #[inline(always)]
    pub(super) fn take(&mut self, read: &Read, reader: &mut Reader<'_>) -> Result<(), NotPlain> {
        match read.tag {
            Some(tag) => self.tag(&read.token, tag.name, tag.class, &mut reader.tokenizer),
            None => self.token(&read.token, read.markup),
        }
    }
}
