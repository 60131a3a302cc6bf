//! The tree of an edited text, from the tree of the text before: the cheap proof.
//!
//! In: the tree of a plain text, a range of it, and what is written there. Out: the tree that
//! parsing the whole result would give, or nothing. Never: a guess; the caller parses instead.
//!
//! Parsing is a machine that reads tokens in order. For plain text its state at a place is
//! the elements open there, see `plain`. So the machine is set up where the range begins,
//! reads what is written there and nothing else, and when the elements open behind it are
//! those that were open behind the range before, all that follows is read as it was: the
//! nodes before and behind are copied. What is outside the range then has the same place in
//! the tree as before, without comparing the trees.

use std::ops::Range;

use super::plain::{Mode, Open, Plain};
use super::tokenizer::Kind;
use super::tree::{Data, NodeId, Slot, Stored, Tree, node, node_mut};
use crate::block::Limits;

/// Where what was read again lies in a grafted tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seam {
    /// Nodes before this one are those of the tree before.
    pub(super) before: NodeId,
    /// Nodes from this one on are those of the tree before, moved.
    pub(super) behind: NodeId,
    /// Until where the text before was read again, and the new one: what follows is the same.
    pub(super) until: (usize, usize),
}

impl Tree<'_> {
    /// The tree of `text`, which is this tree's text with `cut` taken out and `inserted`
    /// put there.
    pub(crate) fn grafted<'t>(
        &self,
        text: &'t str,
        cut: &Range<usize>,
        inserted: &Range<usize>,
        limits: &Limits,
    ) -> Option<(Tree<'t>, Seam)> {
        u32::try_from(text.len()).ok()?;
        let new = text.as_bytes().get(inserted.clone())?;
        let is_tag = matches!(new, [b'<', b, ..] if b.is_ascii_alphabetic())
            || matches!(new, [b'<', b'/', b, ..] if b.is_ascii_alphabetic());
        let is_tags = is_tag && new.last() == Some(&b'>');
        if !self.plain || !(is_tags || new.is_empty()) || cut.start >= self.text.len() {
            return None;
        }
        let edit = Edit::new(self, text, cut)?;
        if new.is_empty() && edit.parts_words() {
            return None;
        }
        let mut machine = edit.machine(text, limits)?;
        machine.run(inserted.start, edit.behind).ok()?;
        let id = |at: usize| u32::try_from(at).ok().map(NodeId);
        let seam = Seam {
            before: id(edit.nodes.start)?,
            behind: id(machine.nodes.len())?,
            until: (edit.until, edit.behind),
        };
        Some((edit.finish(machine, limits)?, seam))
    }
}

struct Edit<'e, 'a> {
    old: &'e Tree<'a>,
    cut: Range<usize>,
    /// Until where the old text, and the new one, is read again: `cut`, and the rest of a
    /// text that it ends in.
    until: usize,
    behind: usize,
    /// What the elements, and what the tokens, of the part read again are.
    nodes: Range<usize>,
    tokens: Range<usize>,
    /// The elements open where the cut begins and where it ends, outermost first.
    open: Vec<NodeId>,
    open_behind: Vec<NodeId>,
}

impl<'e, 'a> Edit<'e, 'a> {
    fn new(old: &'e Tree<'a>, text: &str, cut: &Range<usize>) -> Option<Self> {
        let first = old.tokens.partition_point(|token| (token.start as usize) < cut.start);
        if let Some(before) = first.checked_sub(1).and_then(|at| old.token(at))
            && before.end > cut.start
            && before.kind != Kind::Text
        {
            return None;
        }
        let mut last = old.tokens.partition_point(|token| (token.start as usize) < cut.end);
        let mut until = cut.end;
        if let Some(through) = last.checked_sub(1).and_then(|at| old.token(at))
            && through.end > cut.end
        {
            if through.kind != Kind::Text {
                return None;
            }
            until = through.end;
        }
        last = last.max(first);
        let nodes = old.nodes.partition_point(|slot| (slot.start as usize) < cut.start)
            ..old.nodes.partition_point(|slot| (slot.start as usize) < until);
        let open_at = |token: usize| {
            let current = old.tokens.get(token.checked_sub(1)?)?.current;
            let mut open: Vec<NodeId> =
                std::iter::once(current).chain(old.ancestors(current)).collect();
            open.reverse();
            Some(open)
        };
        Some(Self {
            old,
            cut: cut.clone(),
            until,
            behind: (until + text.len()).checked_sub(old.text.len())?,
            nodes,
            tokens: first..last,
            open: open_at(first)?,
            open_behind: open_at(last)?,
        })
    }

    /// Whether words that the cut parts would be one text without it.
    fn parts_words(&self) -> bool {
        let is_text = |at: usize| self.old.token(at).is_some_and(|token| token.kind == Kind::Text);
        let behind = self.until > self.cut.end || is_text(self.tokens.end);
        behind && self.tokens.start.checked_sub(1).is_some_and(is_text)
    }

    fn shift(&self, at: u32) -> u32 {
        // In the new text, which is not longer than 4 GB.
        (at as usize + self.behind - self.until) as u32
    }

    /// Moves the end of a node that ends behind the cut.
    fn shift_end(&self, slot: &mut Slot) {
        slot.end = self.shift(slot.end);
        if slot.end_tag != Slot::NO_TAG {
            slot.end_tag = self.shift(slot.end_tag);
        }
    }

    /// The machine as it stands where the cut begins.
    fn machine<'t>(&self, text: &'t str, limits: &Limits) -> Option<Plain<'t>> {
        let mut machine = Plain::new(text, limits);
        let behind = self.old.nodes.len() - self.nodes.end;
        machine.nodes.reserve_exact(self.nodes.start + behind + self.nodes.len() + 64);
        machine.nodes.extend_from_slice(self.old.nodes.get(..self.nodes.start)?);
        let behind = self.old.tokens.len() - self.tokens.end;
        machine.tokens.reserve_exact(self.tokens.start + behind + self.tokens.len() + 64);
        machine.tokens.extend_from_slice(self.old.tokens.get(..self.tokens.start)?);
        machine.names = self.old.names.clone();

        let (start, until) = (self.cut.start as u32, self.until as u32);
        for slot in &mut machine.nodes {
            // Only what is open goes on behind the cut, and what never was to be seen open.
            if slot.end > start {
                if matches!(slot.data, Data::Text) {
                    (slot.stop, slot.end) = (start, start);
                } else if slot.end >= until {
                    self.shift_end(slot);
                }
            }
        }
        // Its children so far.
        let top = *self.open.last()?;
        let mut last = NodeId(u32::try_from(self.nodes.start.checked_sub(1)?).ok()?);
        while last != top && node(&machine.nodes, last).parent != top {
            last = node(&machine.nodes, last).parent.some()?;
        }
        let last = if last == top { NodeId::NONE } else { last };
        for (i, &id) in self.open.iter().enumerate() {
            let child = self.open.get(i + 1).copied().unwrap_or(last);
            let was_open = self.old.slot(id).end;
            let slot = node_mut(&mut machine.nodes, id);
            if was_open == start && start == until {
                // It ended where the empty cut is.
                self.shift_end(slot);
            }
            slot.last_child = child;
            if child == NodeId::NONE {
                slot.first_child = NodeId::NONE;
            } else {
                node_mut(&mut machine.nodes, child).next = NodeId::NONE;
            }
        }
        let mut open = Vec::with_capacity(self.open.len() + 8);
        for &id in self.open.get(1..)? {
            let Slot { data, start, stop, own_tag, .. } = *self.old.slot(id);
            let Data::Element(name) = data else { return None };
            let class = self.old.names.class(name);
            open.push(Open { id, name, class, start, stop, own_tag });
        }
        machine.resume(open).ok()?;
        Some(machine)
    }

    /// Puts what follows behind what the machine made, when it stands as it stood there.
    fn finish<'t>(&self, machine: Plain<'t>, limits: &Limits) -> Option<Tree<'t>> {
        // Behind the end of the body the same elements are open.
        let is_same = machine.mode == Mode::InBody
            && self.open_behind.first() == Some(&NodeId::ROOT)
            && machine.open.iter().map(|open| open.id).eq(self.open_behind.iter().skip(1).copied())
            && machine.open.iter().all(|open| open.id.index() < self.nodes.start);
        if !is_same {
            return None;
        }
        let text = machine.text;
        #[cfg(test)]
        let work = machine.work;
        let Plain { mut nodes, mut tokens, names, .. } = machine;
        let made = nodes.len() as u32;
        let (before, behind) = (self.nodes.start as u32, self.nodes.end as u32);
        let moved = |id: NodeId| {
            if id == NodeId::NONE || id.0 < before { id } else { NodeId(id.0 - behind + made) }
        };

        // What follows in each element that is still open.
        let old = self.old;
        let innermost = *self.open_behind.last()?;
        let rest = old.nodes.get(self.nodes.end..)?;
        let first_in = rest.iter().position(|slot| slot.parent == innermost);
        let first_in = first_in.map_or(NodeId::NONE, |at| NodeId(behind + at as u32));
        let mut tails = Vec::with_capacity(self.open_behind.len());
        for (i, &id) in self.open_behind.iter().enumerate() {
            let tail = self.open_behind.get(i + 1).map_or(first_in, |&inner| old.slot(inner).next);
            tails.push((id, tail, old.slot(id).last_child));
        }
        nodes.extend(rest.iter().map(|slot| {
            let mut slot = Slot {
                start: self.shift(slot.start),
                stop: self.shift(slot.stop),
                parent: moved(slot.parent),
                first_child: moved(slot.first_child),
                last_child: moved(slot.last_child),
                // One that points into the old block is set below.
                prev: if slot.prev.0 >= before && slot.prev.0 < behind {
                    NodeId::NONE
                } else {
                    moved(slot.prev)
                },
                next: moved(slot.next),
                ..*slot
            };
            self.shift_end(&mut slot);
            slot
        }));
        for (id, tail, last) in tails {
            if tail == NodeId::NONE {
                continue;
            }
            let tail = moved(tail);
            let slot = node_mut(&mut nodes, id);
            let joint = std::mem::replace(&mut slot.last_child, moved(last));
            match joint.some() {
                Some(joint) => node_mut(&mut nodes, joint).next = tail,
                None => slot.first_child = tail,
            }
            node_mut(&mut nodes, tail).prev = joint;
        }
        tokens.extend(old.tokens.get(self.tokens.end..)?.iter().map(|token| Stored {
            start: self.shift(token.start),
            name_end: self.shift(token.name_end),
            current: moved(token.current),
            kind: token.kind,
        }));
        if nodes.len() > limits.max_nodes() || tokens.len() > limits.max_tokens() {
            return None;
        }
        let part = self.old.part.start..self.shift(self.old.part.end as u32) as usize;
        Some(Tree {
            text,
            part,
            nodes,
            tokens,
            names,
            contents: Vec::new(),
            clones: Vec::new(),
            plain: true,
            #[cfg(test)]
            work,
        })
    }
}
