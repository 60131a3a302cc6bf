//! The tree a browser would build, with the bytes that each node came from.
//!
//! In: UTF-8 text. Out: [`Tree`], an arena of nodes. Never: a copy of the text.
//!
//! Token boundaries are ours, tree construction is html5ever's (implied tags, adoption
//! agency, foster parenting). No crate reports where elements *end*, so after each tag
//! the builder is asked for its current node: a comment is put in, and the sink notes
//! where it would land. Comments change no mode of the builder.
//!
//! html5ever is quadratic in depth and in open formatting elements; depth is measured
//! where nodes are appended, and nodes are counted.

use std::borrow::Cow;
use std::ops::Range;

use html5ever::{QualName, ns};

use super::builder::Builder;
use super::reference::decode;
use super::tokenizer::{Attributes, Kind, Token};
use crate::block::{Limits, Refusal};

/// A node's place in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    /// The document.
    pub(crate) const ROOT: Self = Self(0);
    /// Stands for the comment that asks for the current node; it is no node.
    pub(super) const PROBE: Self = Self(u32::MAX);

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// The document, or the contents of a template.
    Container,
    /// An element.
    Element(QualName),
    /// Characters, as one token or a part of one.
    Text,
    /// A comment.
    Comment,
}

/// A node, and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) data: Data,
    /// The bytes of the token whose processing created it: for an element that is its
    /// start tag, or the token that implied or cloned it.
    pub(crate) span: Range<usize>,
    /// Attributes that the tree builder reads, for clones to differ by.
    pub(super) attributes: u64,
    /// The token is this element's own start tag.
    pub(crate) own_tag: bool,
    pub(crate) parent: Option<NodeId>,
    pub(crate) first_child: Option<NodeId>,
    pub(super) last_child: Option<NodeId>,
    pub(super) prev: Option<NodeId>,
    pub(crate) next: Option<NodeId>,
    pub(super) template: Option<NodeId>,
    pub(super) integration_point: bool,
    pub(super) depth: u32,
    /// Where an element ends, exclusive; its children lie before.
    pub(crate) end: usize,
    /// Where the end tag that closes it begins, when it has one.
    pub(crate) end_tag: Option<usize>,
}

/// A tree over a text.
pub(crate) struct Tree<'a> {
    pub(crate) text: &'a str,
    pub(super) nodes: Vec<Node>,
    pub(crate) tokens: Vec<Token>,
    /// For each token, the current node after it.
    pub(super) current: Vec<NodeId>,
    /// Elements, tags and characters that were looked at while building: the work.
    #[cfg(test)]
    pub(crate) work: usize,
}

impl<'a> Tree<'a> {
    /// Builds the tree of `text`.
    ///
    /// # Errors
    /// [`Refusal::TooDeep`], [`Refusal::TooManyTokens`], [`Refusal::TooManyAttributes`].
    pub(crate) fn build(text: &'a str, limits: &Limits) -> Result<Self, Refusal> {
        Builder::new(text, limits).run()
    }

    /// A node.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        node(&self.nodes, id)
    }

    /// The name of an HTML element; empty for anything else.
    pub(crate) fn html_name(&self, id: NodeId) -> &str {
        match &self.node(id).data {
            Data::Element(name) if name.ns == ns!(html) => &name.local,
            _ => "",
        }
    }

    /// A node's ancestors, nearest first, without itself.
    pub(crate) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).parent, |&node| self.node(node).parent)
    }

    /// All nodes below the document in tree order, each with its depth.
    pub(crate) fn walk(&self) -> Walk<'_, 'a> {
        Walk { tree: self, here: None, next: self.first_below(NodeId::ROOT), depth: 1 }
    }

    fn first_below(&self, id: NodeId) -> Option<NodeId> {
        let node = self.node(id);
        node.template.or(node.first_child)
    }

    /// The open elements at a byte that is a token boundary, innermost first: the
    /// current node after the token before it, and its ancestors.
    pub(crate) fn open_at(&self, byte: usize) -> Vec<NodeId> {
        let before = self.tokens.partition_point(|token| token.end <= byte);
        let current = before.checked_sub(1).and_then(|i| self.current.get(i));
        let current = current.copied().unwrap_or(NodeId::ROOT);
        std::iter::once(current).chain(self.ancestors(current)).collect()
    }

    /// The attributes of an element's own start tag, decoded, the first of each name.
    pub(crate) fn attribute(&self, id: NodeId, wanted: &str) -> Option<Cow<'a, str>> {
        let node = self.node(id);
        if !node.own_tag {
            return None;
        }
        let at = self.tokens.binary_search_by_key(&node.span.start, |t| t.start).ok()?;
        let token = self.tokens.get(at)?;
        Attributes::of(self.text, token)
            .find(|a| self.slice(&a.name).eq_ignore_ascii_case(wanted))
            .map(|a| decode(self.slice(&a.value), true))
    }

    /// A piece of the text.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }
}

/// Nodes in tree order.
pub(crate) struct Walk<'t, 'a> {
    tree: &'t Tree<'a>,
    here: Option<NodeId>,
    next: Option<NodeId>,
    depth: usize,
}

impl Walk<'_, '_> {
    /// The next node, and how deep it is; children of the document have depth 1. Where
    /// `below` is not wanted, what is inside the node before is left out.
    pub(crate) fn step_after(&mut self, below: bool) -> Option<(NodeId, usize)> {
        if let Some(id) = self.here {
            self.advance(id, below);
        }
        self.here = self.next;
        self.here.map(|id| (id, self.depth))
    }

    fn advance(&mut self, id: NodeId, below: bool) {
        let child = if below { self.tree.first_below(id) } else { None };
        if child.is_some() {
            self.next = child;
            self.depth += 1;
            return;
        }
        let mut at = id;
        loop {
            if let Some(next) = self.tree.node(at).next {
                self.next = Some(next);
                return;
            }
            match self.tree.node(at).parent {
                Some(parent) if parent != NodeId::ROOT => {
                    at = parent;
                    self.depth -= 1;
                }
                _ => {
                    self.next = None;
                    return;
                }
            }
        }
    }
}

impl Iterator for Walk<'_, '_> {
    type Item = (NodeId, usize);

    fn next(&mut self) -> Option<Self::Item> {
        self.step_after(true)
    }
}

pub(super) fn node(nodes: &[Node], id: NodeId) -> &Node {
    nodes.get(id.index()).expect("ids come from this arena, which never shrinks")
}

pub(super) fn node_mut(nodes: &mut [Node], id: NodeId) -> &mut Node {
    nodes.get_mut(id.index()).expect("ids come from this arena, which never shrinks")
}

impl Tree<'_> {
    /// Derives where elements end from the current node after each tag: what was open
    /// before it and is not after it, it closed.
    pub(super) fn find_ends(&mut self) {
        for node in &mut self.nodes {
            node.end = match node.data {
                Data::Element(_) | Data::Container => self.text.len(),
                Data::Text | Data::Comment => node.span.end,
            };
        }
        let mut before = NodeId::ROOT;
        for (token, &after) in self.tokens.iter().zip(&self.current) {
            // A void element is never current: it ends with its tag.
            if before == after && token.kind == Kind::End {
                continue;
            }
            let mut closed = before;
            while closed != NodeId::ROOT && !is_or_holds(&self.nodes, closed, after) {
                let name = self.text.get(token.name()).unwrap_or_default();
                let element = node_mut(&mut self.nodes, closed);
                let own = token.kind == Kind::End
                    && matches!(&element.data, Data::Element(n) if (*n.local).eq_ignore_ascii_case(name));
                element.end = if own { token.end } else { token.start };
                element.end_tag = own.then_some(token.start);
                let Some(parent) = element.parent else { break };
                closed = parent;
            }
            before = after;
        }
        for node in &mut self.nodes {
            if matches!(&node.data, Data::Element(name) if is_void(&name.local)) {
                node.end = node.span.end;
            }
            // What the adoption agency clones and moves ends where it began, at least.
            node.end = node.end.max(node.span.start);
        }
    }
}

/// Whether `outer` is `inner` or one of its ancestors.
fn is_or_holds(nodes: &[Node], outer: NodeId, inner: NodeId) -> bool {
    let depth = node(nodes, outer).depth;
    let mut at = inner;
    // Depths are those at insertion; a move can make them wrong, so `ROOT` ends the walk too.
    while at != outer {
        let here = node(nodes, at);
        match here.parent {
            Some(parent) if here.depth >= depth => at = parent,
            _ => return false,
        }
    }
    true
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests;
