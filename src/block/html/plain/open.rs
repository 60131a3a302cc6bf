//! The elements that are open: the whole state of the machine, with its mode.
//!
//! In: tags, one by one. Out: what is open behind each, and in its node where it ends. Never: a
//! formatting element that ends with another one; it would come again.

use super::{Mode, NotPlain, Plain, Step};
use crate::block::html::names::{Class, Name};
use crate::block::html::tokenizer::Token;
use crate::block::html::tree::{Data, NodeId, Slot};

/// An open element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::block::html) struct Open {
    pub(in crate::block::html) id: NodeId,
    pub(in crate::block::html) name: Name,
    pub(in crate::block::html) class: Class,
    /// Where its tag, or the token that implied it, begins and ends.
    pub(in crate::block::html) start: u32,
    pub(in crate::block::html) stop: u32,
    pub(in crate::block::html) own_tag: bool,
}

/// Formatting elements that are open since the innermost cell began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Formatting {
    pub(super) all: u32,
    pub(super) links: u32,
}

impl Formatting {
    pub(super) fn count(&mut self, class: Class) {
        self.all += u32::from(class.is_formatting());
        self.links += u32::from(class == Class::Link);
    }
}

impl Plain<'_> {
    /// Whether no formatting element is open.
    pub(in crate::block::html) fn has_no_formatting(&self) -> bool {
        self.outer.iter().chain([&self.formatting]).all(|open| open.all == 0)
    }

    /// What the open elements say, as it is kept beside them.
    #[cfg(test)]
    pub(in crate::block::html) fn scope(&self) -> String {
        format!("{:?} {:?} {:?}", self.paragraph, self.formatting, self.outer)
    }

    /// An element that `token` makes, by its own tag or by implication.
    #[inline]
    pub(super) fn insert(
        &mut self,
        name: Name,
        own: bool,
        token: &Token,
    ) -> Result<NodeId, NotPlain> {
        let id = self.append_to_top(Data::Element(name), token)?;
        if let Some(slot) = self.kept(id) {
            slot.own_tag = own;
        }
        Ok(id)
    }

    #[inline]
    pub(in crate::block::html) fn push(
        &mut self,
        name: Name,
        class: Class,
        own: bool,
        token: &Token,
    ) -> Step {
        let id = self.insert(name, own, token)?;
        match class {
            Class::Paragraph => self.paragraph = Some(self.open.len()),
            Class::Cell => self.outer.push(std::mem::take(&mut self.formatting)),
            _ => self.formatting.count(class),
        }
        // Fits: a text of more than 4 GB is refused.
        let (start, stop) = (token.start as u32, token.end as u32);
        self.open.push(Open { id, name, class, start, stop, own_tag: own });
        Ok(())
    }

    pub(super) fn imply(&mut self, name: &'static str, class: Class, token: &Token) -> Step {
        self.push(Name::of(name), class, false, token)
    }

    /// A void element, or the one whose tag is void.
    pub(super) fn insert_void(&mut self, name: Name, token: &Token) -> Step {
        let id = self.insert(name, true, token)?;
        if let Some(slot) = self.kept(id) {
            slot.end = slot.stop;
        }
        Ok(())
    }

    /// Whether this end tag is that of the innermost element, which then is closed: what the
    /// rules for the body come to when tags are well nested.
    #[inline]
    pub(super) fn ends_top(&mut self, name: Name, class: Class, token: &Token) -> bool {
        let nests = matches!(
            class,
            Class::Ordinary
                | Class::Paragraph
                | Class::Formatting
                | Class::Link
                | Class::Block
                | Class::List
                | Class::Item
                | Class::Definition
                | Class::Heading
        );
        let is_top = self.open.last().is_some_and(|open| open.name == name);
        let ends = nests && is_top && self.mode == Mode::InBody;
        if ends && let Some(closed) = self.open.pop() {
            self.closed(&closed, true, token);
            if class.is_formatting() {
                self.formatting.all -= 1;
                self.formatting.links -= u32::from(class == Class::Link);
            }
        }
        ends
    }

    /// Notes where an element ends that is not open any more.
    #[inline]
    fn closed(&mut self, closed: &Open, own: bool, token: &Token) {
        if self.paragraph == Some(self.open.len()) {
            self.paragraph = None;
        }
        if let Some(slot) = self.kept(closed.id) {
            (slot.end, slot.end_tag) = if own {
                (token.end as u32, token.start as u32)
            } else {
                (token.start as u32, Slot::NO_TAG)
            };
        }
        #[cfg(test)]
        {
            self.work += 1;
        }
    }

    /// Closes the elements from the one at `at` on. Formatting elements would come again,
    /// unless a cell ends or it is the one whose end tag this is.
    pub(super) fn close_from(&mut self, at: usize, named: Option<Name>, token: &Token) -> Step {
        let cell = self.open.get(at).is_some_and(|open| open.class == Class::Cell);
        while self.open.len() > at {
            let Some(closed) = self.open.pop() else { break };
            let own = named == Some(closed.name);
            if closed.class.is_formatting() && !cell {
                if !own {
                    return Err(NotPlain);
                }
                self.formatting.all -= 1;
                self.formatting.links -= u32::from(closed.class == Class::Link);
            }
            self.closed(&closed, own, token);
        }
        if cell {
            self.formatting = self.outer.pop().unwrap_or_default();
        }
        Ok(())
    }

    pub(super) fn close_paragraph(&mut self, token: &Token) -> Step {
        match self.paragraph {
            Some(at) => self.close_from(at, None, token),
            None => Ok(()),
        }
    }

    /// Where the innermost element of which `wanted` holds stands, unless one of which
    /// `bars` holds is open inside it.
    pub(super) fn find(
        &mut self,
        wanted: impl Fn(&Open) -> bool,
        bars: impl Fn(Class) -> bool,
    ) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev() {
            #[cfg(test)]
            {
                self.work += 1;
            }
            if wanted(open) {
                return Some(at);
            }
            if bars(open.class) {
                return None;
            }
        }
        None
    }
}
