//! The tree of the part of a body that has its marks, when the rest need not be looked at.
//!
//! In: a text, and where the first and the last mark of a product may stand. Out: the tree of
//! the lines around them, or nothing: then all is read. Never: another answer than all would
//! give.
//!
//! What lies before the part is read by the machine of `plain`, since it tells what is open
//! where the part begins, and forgotten: it has no mark, and nothing that could begin an
//! earlier message, behind which all is quoted. What lies behind the part is not read at all.
//! For the same elements are open there before and after a change in the part, and so the
//! standard's rules make the same of it, whatever it is.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

use super::names::Class;
use super::plain::{Mode, Plain};
use super::tokenizer::{Attributes, Kind, Token, Tokenizer};
use super::tree::{Data, NodeId, Slot, Stored, Tree, node, node_mut};
use super::view;
use crate::block::Limits;
use crate::block::locate::READ;
use crate::block::quote;

/// After how many lines those that are not needed are forgotten.
const LINES: usize = 48;

/// The tree of the part of a text around `marks`, when that is plain and within the limits.
pub(crate) fn build<'a>(text: &'a str, marks: &Range<usize>, limits: &Limits) -> Option<Tree<'a>> {
    // NULs are marks, the last one perhaps.
    let last = text.len().min(marks.end + 1);
    if u32::try_from(text.len()).is_err()
        || memchr(0, text.as_bytes().get(marks.start..last)?).is_some()
    {
        return None;
    }
    let mut part = Part { machine: Plain::new(text, limits), start: 0, lines: Vec::new() };
    part.machine.add(Data::Container, 0, 0).ok()?;
    let mut tokenizer = Tokenizer::new(text);
    // Whether there are words since the last line began; whether nothing is forgotten any more.
    let (mut words, mut keep) = (false, false);
    let mut last_words = "";
    let mut below = 0;
    loop {
        let markup = tokenizer.in_markup();
        let Some(token) = tokenizer.next(false) else { break };
        if token.end > marks.start && !keep {
            keep = true;
            part.forget_above(READ.above);
        }
        part.machine.token(&token, markup, &mut tokenizer).ok()?;
        match token.kind {
            Kind::Text if markup => {
                let raw = text.get(token.span()).unwrap_or_default().trim_ascii();
                if !raw.is_empty() {
                    words = true;
                    keep |= !keep && (quote::may_begin(raw, last_words) || has_escaped_link(raw));
                    last_words = raw;
                }
            }
            Kind::Start { .. } => {
                if !keep && may_have_mark(&tokenizer, text.get(token.span()).unwrap_or_default()) {
                    keep = view::may_quote(Attributes::of(text, &token), text);
                }
                if words && let Some(line) = part.begun(&token) {
                    words = false;
                    if token.start > marks.end {
                        below += 1;
                        if below > READ.below {
                            return Some(part.ending_at(token.end));
                        }
                    } else if !keep {
                        part.lines.push(line);
                        if part.lines.len() >= LINES {
                            part.forget_above(READ.above);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    if !tokenizer.in_markup() {
        return None;
    }
    part.machine.finish().ok()?;
    Some(part.ending_at(text.len()))
}

/// Whether the last tag may have a mark of what is quoted, which is in a name or a colour.
fn may_have_mark(tokenizer: &Tokenizer<'_>, tag: &str) -> bool {
    tokenizer.attributes() > 0
        && (tokenizer.has_long_name() || memchr2(b'#', b'&', tag.as_bytes()).is_some())
}

/// Plain text that was put into markup as it is: its line ends are line ends.
fn has_escaped_link(text: &str) -> bool {
    memchr(b'&', text.as_bytes()).is_some() && memmem::find(text.as_bytes(), b"&lt;http").is_some()
}

struct Part<'a> {
    machine: Plain<'a>,
    /// Where it begins.
    start: usize,
    /// The elements with which lines begin, and nothing but containers is open around them.
    lines: Vec<NodeId>,
}

impl<'a> Part<'a> {
    /// The element that this tag began, when a line begins with it.
    fn begun(&self, token: &Token) -> Option<NodeId> {
        let open = self.machine.open.last()?;
        let breaks =
            matches!(open.class, Class::Block | Class::List | Class::Paragraph | Class::Heading);
        let slot = node(&self.machine.nodes, open.id);
        let own = slot.own_tag && slot.start as usize == token.start;
        (breaks && own && self.machine.mode == Mode::InBody && self.machine.has_no_formatting())
            .then_some(open.id)
    }

    /// Forgets what lies before the last so many lines.
    fn forget_above(&mut self, lines: usize) {
        let Some(first) = self.lines.len().checked_sub(lines) else { return };
        let Some(&line) = self.lines.get(first) else { return };
        let removed = self.machine.forget_before(line);
        self.lines.drain(..first);
        for line in &mut self.lines {
            line.0 -= removed;
        }
        let first = self.lines.first().map(|&line| node(&self.machine.nodes, line));
        self.start = first.map_or(self.start, |slot| slot.start as usize);
    }

    fn ending_at(self, end: usize) -> Tree<'a> {
        self.machine.into_tree(self.start..end)
    }
}

impl Plain<'_> {
    /// Drops the nodes and tokens before the element `line`, but for the elements that are
    /// open around it, and says how many nodes these are.
    fn forget_before(&mut self, line: NodeId) -> u32 {
        let mut around = Vec::with_capacity(16);
        let mut at = node(&self.nodes, line).parent;
        while let Some(id) = at.some() {
            around.push(id);
            at = node(&self.nodes, id).parent;
        }
        around.reverse();
        let removed = line.0 - around.len() as u32;
        let moved = |id: NodeId| match id {
            NodeId::NONE => id,
            id if id >= line => NodeId(id.0 - removed),
            id => around.binary_search(&id).map_or(NodeId::NONE, |at| NodeId(at as u32)),
        };
        let follow = |slot: &mut Slot| {
            for id in [
                &mut slot.parent,
                &mut slot.first_child,
                &mut slot.last_child,
                &mut slot.prev,
                &mut slot.next,
            ] {
                *id = moved(*id);
            }
        };
        let start = node(&self.nodes, line).start;
        for (at, &id) in (0..).zip(&around) {
            let mut slot = *node(&self.nodes, id);
            follow(&mut slot);
            // The next one, or the line.
            slot.first_child = NodeId(at + 1);
            *node_mut(&mut self.nodes, NodeId(at)) = slot;
        }
        self.nodes.drain(around.len()..line.index());
        self.nodes.iter_mut().skip(around.len()).for_each(follow);
        let token = self.tokens.partition_point(|token| token.start < start);
        self.forgotten += token.saturating_sub(1);
        // One stands for all that are forgotten.
        let current = NodeId(around.len() as u32 - 1);
        self.tokens
            .splice(..token, [Stored { start: 0, name_end: 0, current, kind: Kind::Nothing }]);
        for token in self.tokens.iter_mut().skip(1) {
            token.current = moved(token.current);
        }
        for open in &mut self.open {
            open.id = moved(open.id);
        }
        self.current = moved(self.current);
        removed
    }
}

#[cfg(test)]
mod tests;
