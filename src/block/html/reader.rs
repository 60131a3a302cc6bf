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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::block::Limits;

    /// Tags that begin alike, are as long, or have a `>` in a value; and what is no tag.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<p>",
            "</p>",
            "<P>",
            "<b>",
            "<b/>",
            "<b >",
            "<o:p>",
            "</o:p>",
            "<p id=1>",
            "<p id=2>",
            "<span class=a>",
            "<span class=b>",
            "<span class=a title='>'>",
            "<span class=a title='>' lang=de>",
            "<span class=a title='> <b>'>",
            "<a\n>",
            "<a\r>",
            "<a title=\">\">",
            "<a title='>\">",
            "</a title='>'>",
            "</>",
            "<",
            "< b>",
            "<!-- <p> -->",
            "<!p>",
            "<?p>",
            "x",
            "words > and more",
            "é",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_tag_that_is_known_is_what_it_would_be_if_it_were_new(text in pieces()) {
            let mut machine = Plain::new(&text, &Limits::new());
            let mut reader = Reader::starting_at(&text, 0);
            let mut tokenizer = Tokenizer::new(&text);
            let quotes = |tag: &Token| tag.span().len() > 12;
            while let Some(token) = tokenizer.next(false) {
                let read = machine.next(&mut reader, |_, tag| quotes(tag)).unwrap().unwrap();
                prop_assert_eq!(read.token, token);
                let is_tag = matches!(token.kind, Kind::Start { .. } | Kind::End);
                prop_assert_eq!(read.tag.is_some(), is_tag);
                if let Some(Named { name, class, may_quote }) = read.tag {
                    prop_assert_eq!((name, class), machine.name_of(&token));
                    prop_assert_eq!(may_quote, quotes(&token));
                }
            }
            prop_assert!(machine.next(&mut reader, |_, _| false).unwrap().is_none());
        }
    }
}
