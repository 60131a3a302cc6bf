//! What the machine makes: nodes, or only how many they would be.
//!
//! In: what the rules put into the tree. Out: a node behind the last child of its parent, or one
//! more that is counted. Never: more than the limits, kept or counted.

use std::ops::Range;

use super::{Mode, NotPlain, Plain, Step};
use crate::block::html::tokenizer::Token;
use crate::block::html::tree::{Data, NodeId, Slot, node_mut};

/// How many nodes and tokens there were that are not kept.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::block::html) struct Forgotten {
    pub(in crate::block::html) nodes: usize,
    pub(in crate::block::html) tokens: usize,
}

impl Forgotten {
    pub(in crate::block::html) fn plus(self, more: Self) -> Self {
        Self { nodes: self.nodes + more.nodes, tokens: self.tokens + more.tokens }
    }

    pub(in crate::block::html) fn minus(self, less: Self) -> Self {
        Self { nodes: self.nodes - less.nodes, tokens: self.tokens - less.tokens }
    }
}

impl Plain<'_> {
    /// Whether it stands in the body or in a cell, and so much more may be counted.
    pub(in crate::block::html) fn may_count(&self, forgotten: Forgotten) -> bool {
        self.mode == Mode::InBody
            && forgotten.nodes <= self.max_nodes
            && forgotten.tokens <= self.max_tokens
    }

    pub(in crate::block::html) fn add(
        &mut self,
        data: Data,
        start: usize,
        stop: usize,
    ) -> Result<NodeId, NotPlain> {
        if self.nodes.len() + self.forgotten.nodes >= self.max_nodes {
            return Err(NotPlain);
        }
        let id = NodeId(self.nodes.len() as u32);
        // Fits: a text of more than 4 GB is refused.
        let mut slot = Slot::new(data, start as u32, stop as u32);
        slot.end = if matches!(data, Data::Text | Data::Comment) { slot.stop } else { self.length };
        self.nodes.push(slot);
        Ok(id)
    }

    /// Adds a node behind the last child of `parent`, which has `depth`.
    #[inline]
    pub(super) fn append(
        &mut self,
        parent: NodeId,
        depth: usize,
        data: Data,
        span: Range<usize>,
    ) -> Result<NodeId, NotPlain> {
        if depth >= self.max_depth {
            return Err(NotPlain);
        }
        if self.keeps {
            return self.append_kept(parent, depth, data, span);
        }
        if self.forgotten.nodes >= self.max_nodes {
            return Err(NotPlain);
        }
        self.forgotten.nodes += 1;
        Ok(NodeId::NONE)
    }

    fn append_kept(
        &mut self,
        parent: NodeId,
        depth: usize,
        data: Data,
        span: Range<usize>,
    ) -> Result<NodeId, NotPlain> {
        let id = self.add(data, span.start, span.end)?;
        let above = node_mut(&mut self.nodes, parent);
        let prev = std::mem::replace(&mut above.last_child, id);
        match prev.some() {
            Some(prev) => node_mut(&mut self.nodes, prev).next = id,
            None => above.first_child = id,
        }
        let slot = node_mut(&mut self.nodes, id);
        slot.parent = parent;
        slot.prev = prev;
        // Fits: it is at most the limit.
        slot.depth = (depth + 1) as u16;
        Ok(id)
    }

    /// The slot of an element, when it is kept.
    pub(super) fn kept(&mut self, id: NodeId) -> Option<&mut Slot> {
        self.nodes.get_mut(id.index())
    }

    #[inline]
    pub(super) fn append_to_top(&mut self, data: Data, token: &Token) -> Result<NodeId, NotPlain> {
        self.append(self.top(), self.open.len(), data, token.span())
    }

    /// Reads a text in the body of which nothing is kept.
    #[inline]
    pub(super) fn pass_text(&mut self) -> Step {
        if self.open.len() >= self.max_depth {
            return Err(NotPlain);
        }
        // A blank of its own, perhaps, and the rest.
        self.forgotten.nodes += 2;
        Ok(())
    }
}
