//! The rules for tags before the body, and what they imply.

use super::{Mode, NotPlain, Plain, Step};
use crate::block::html::names::{Class, Name};
use crate::block::html::tokenizer::{State, Token};

impl Plain<'_> {
    /// Goes to the body, implying what is missing before it.
    pub(super) fn body(&mut self, token: &Token) -> Step {
        self.after_head(token)?;
        self.imply("body", Class::Body, token)?;
        self.mode = Mode::InBody;
        Ok(())
    }

    fn after_head(&mut self, token: &Token) -> Step {
        if self.mode == Mode::InHead {
            let head = self.open.len().saturating_sub(1);
            self.close_from(head, None, token)?;
        } else if self.mode != Mode::AfterHead {
            self.before_head(token)?;
            // It comes and goes with this token, which nothing sees.
            self.insert(Name::of("head"), false, token)?;
        }
        self.mode = Mode::AfterHead;
        Ok(())
    }

    fn before_head(&mut self, token: &Token) -> Step {
        if self.mode == Mode::BeforeHtml {
            self.imply("html", Class::Html, token)?;
            self.mode = Mode::BeforeHead;
        }
        Ok(())
    }

    /// `None`: the body has begun, and the tag is for it.
    pub(super) fn start_before_body(
        &mut self,
        name: Name,
        class: Class,
        token: &Token,
    ) -> Result<Option<Option<State>>, NotPlain> {
        match (class, self.mode) {
            (Class::Html, Mode::BeforeHtml) => {
                self.push(name, class, true, token)?;
                self.mode = Mode::BeforeHead;
            }
            (Class::Html, _) => {}
            (Class::Head, Mode::BeforeHtml | Mode::BeforeHead) => {
                self.before_head(token)?;
                self.push(name, class, true, token)?;
                self.mode = Mode::InHead;
            }
            (Class::Head, _) => {}
            (Class::Body, _) => {
                self.after_head(token)?;
                self.push(name, class, true, token)?;
                self.mode = Mode::InBody;
            }
            (Class::Meta | Class::Raw | Class::Script, Mode::AfterHead) => return Err(NotPlain),
            (Class::Meta | Class::Raw | Class::Script, _) => {
                if self.mode != Mode::InHead {
                    self.before_head(token)?;
                    self.imply("head", Class::Head, token)?;
                    self.mode = Mode::InHead;
                }
                return self.start_raw(name, class, token).map(Some);
            }
            _ => {
                self.body(token)?;
                return Ok(None);
            }
        }
        Ok(Some(None))
    }

    pub(super) fn start_raw(
        &mut self,
        name: Name,
        class: Class,
        token: &Token,
    ) -> Result<Option<State>, NotPlain> {
        if class == Class::Meta {
            self.insert_void(name, token)?;
            return Ok(None);
        }
        self.push(name, class, true, token)?;
        Ok(Some(if class == Class::Script { State::Script } else { State::Raw }))
    }

    pub(super) fn end_before_body(&mut self, name: Name, class: Class, token: &Token) -> Step {
        match class {
            Class::Head if self.mode == Mode::InHead => {
                let head = self.open.len().saturating_sub(1);
                self.close_from(head, Some(name), token)?;
                self.mode = Mode::AfterHead;
                Ok(())
            }
            // They imply a body.
            Class::Head if self.mode == Mode::AfterHead => Ok(()),
            Class::Head | Class::Body | Class::Html | Class::Void | Class::Other => Err(NotPlain),
            // Ignored, as the standard says.
            _ => Ok(()),
        }
    }
}
