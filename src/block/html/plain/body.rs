//! The rules for tags in the body, and in the cells of tables.

use super::{Mode, NotPlain, Plain, Step};
use crate::block::html::names::{Class, Name};
use crate::block::html::tokenizer::{State, Token};
use crate::block::html::tree::{Data, NodeId, Slot};

impl Plain<'_> {
    pub(super) fn start_in_body(
        &mut self,
        name: Name,
        class: Class,
        token: &Token,
    ) -> Result<Option<State>, NotPlain> {
        match class {
            Class::Ordinary | Class::Formatting => {}
            Class::Link if self.formatting.links == 0 => {}
            Class::Block | Class::List | Class::Paragraph => self.close_paragraph(token)?,
            Class::Heading => {
                self.close_paragraph(token)?;
                if self.open.last().is_some_and(|open| open.class == Class::Heading) {
                    return Err(NotPlain);
                }
            }
            Class::Item | Class::Definition => {
                let bars = |c: Class| c.is_special() && c != Class::Paragraph;
                // An `address` or a `div` does not bar the way.
                let [address, div] = ["address", "div"].map(Name::of);
                let stop = self.find(
                    |open| {
                        open.class == class
                            || bars(open.class) && open.name != address && open.name != div
                    },
                    |_| false,
                );
                let found = stop.filter(|&at| self.open.get(at).is_some_and(|o| o.class == class));
                if let Some(at) = found {
                    self.close_from(at, None, token)?;
                }
                self.close_paragraph(token)?;
            }
            Class::Table => {
                // Whether it ends the paragraph, the document type says.
                if self.paragraph.is_some() {
                    return Err(NotPlain);
                }
                self.mode = Mode::InTable;
            }
            Class::Void => return self.insert_void(name, token).map(|()| None),
            Class::Rule => {
                self.close_paragraph(token)?;
                return self.insert_void(name, token).map(|()| None);
            }
            Class::Meta | Class::Raw | Class::Script => return self.start_raw(name, class, token),
            // Ignored, as the standard says.
            Class::Html | Class::Head | Class::Body => return Ok(None),
            Class::Section | Class::Row | Class::Cell | Class::ColumnGroup | Class::Column => {
                if self.outer.is_empty() {
                    return Ok(None);
                }
                // The cell ends, and the row goes on.
                self.close_cell(None, token)?;
                self.start_in_table(name, class, token)?;
                return Ok(None);
            }
            Class::Link | Class::Other => return Err(NotPlain),
        }
        self.push(name, class, true, token)?;
        Ok(None)
    }

    pub(super) fn end_in_body(&mut self, name: Name, class: Class, token: &Token) -> Step {
        let found = match class {
            Class::Block | Class::List | Class::Definition => {
                self.find(|open| open.name == name, Class::is_scope)
            }
            Class::Item => {
                let bars = |class: Class| class.is_scope() || class == Class::List;
                self.find(|open| open.name == name, bars)
            }
            Class::Heading => {
                let found = self.find(|open| open.class == class, Class::is_scope);
                // One heading's tag may end another.
                if found.is_some_and(|at| self.open.get(at).is_some_and(|open| open.name != name)) {
                    return Err(NotPlain);
                }
                found
            }
            Class::Paragraph => {
                if self.paragraph.is_none() {
                    // An empty one, which comes and goes with this token.
                    self.insert(name, false, token)?;
                    return Ok(());
                }
                self.paragraph
            }
            Class::Ordinary => self.find(|open| open.name == name, Class::is_special),
            Class::Link | Class::Formatting => {
                let found = self.find(|open| open.name == name, Class::is_special);
                // The adoption agency, unless there is nothing to adopt.
                if found.is_none() && self.formatting.all > 0 {
                    return Err(NotPlain);
                }
                found
            }
            Class::Cell if !self.outer.is_empty() => {
                let cell = self.find(|open| open.class == class, |_| false);
                if cell.is_none_or(|at| self.open.get(at).is_none_or(|open| open.name != name)) {
                    return Err(NotPlain);
                }
                return self.close_cell(Some(name), token);
            }
            Class::Row | Class::Section | Class::Table if !self.outer.is_empty() => {
                let table = self.find(|open| open.class == Class::Table, |_| false).unwrap_or(0);
                if self.open.iter().skip(table).any(|open| open.name == name) {
                    self.close_cell(None, token)?;
                    return self.end_in_table(name, class, token);
                }
                None
            }
            Class::Body | Class::Html if self.outer.is_empty() => {
                return self.end_body(name, class, token);
            }
            Class::Void | Class::Other => return Err(NotPlain),
            // Ignored, as the standard says.
            _ => None,
        };
        match found {
            Some(at) => self.close_from(at, Some(name), token),
            None => Ok(()),
        }
    }

    /// Behind the body nothing is closed, only seen as such.
    pub(super) fn end_body(&mut self, name: Name, class: Class, token: &Token) -> Step {
        self.mode = if class == Class::Body { Mode::AfterBody } else { Mode::AfterAfterBody };
        let after = self.probed();
        let mut at = self.current;
        while at != after && at != NodeId::ROOT {
            let Some(slot) = self.kept(at) else { break };
            (slot.end, slot.end_tag) = if slot.data == Data::Element(name) {
                (token.end as u32, token.start as u32)
            } else {
                (token.start as u32, Slot::NO_TAG)
            };
            let Some(parent) = slot.parent.some() else { break };
            at = parent;
        }
        Ok(())
    }
}
