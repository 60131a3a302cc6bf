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
#[cfg(any(test, feature = "_fuzzing"))]
use std::collections::HashMap;
use std::ops::Range;

use super::builder::Builder;
use super::names::{Name, Names};
use super::plain;
use super::reference::decode;
use super::tokenizer::{Attribute, Attributes, Kind, Token};
use crate::block::{Limits, Refusal};

/// A node's place in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    /// The document.
    pub(crate) const ROOT: Self = Self(0);
    /// Stands for the comment that asks for the current node; it is no node.
    pub(super) const PROBE: Self = Self(u32::MAX);
    /// Stands for no node, where a place is kept for one.
    pub(super) const NONE: Self = Self(u32::MAX - 1);

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) const fn some(self) -> Option<Self> {
        if self.0 == Self::NONE.0 { None } else { Some(self) }
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// The document, or the contents of a template.
    Container,
    /// An element.
    Element(Name),
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
    /// The token is this element's own start tag.
    pub(crate) own_tag: bool,
    pub(crate) parent: Option<NodeId>,
    /// Where an element ends, exclusive; its children lie before.
    pub(crate) end: usize,
    /// Where the end tag that closes it begins, when it has one.
    pub(crate) end_tag: Option<usize>,
}

/// A node as the arena keeps it: there is one for every twenty bytes of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) data: Data,
    pub(super) start: u32,
    pub(super) stop: u32,
    pub(super) end: u32,
    /// `u32::MAX` for none.
    pub(super) end_tag: u32,
    pub(super) parent: NodeId,
    pub(super) first_child: NodeId,
    pub(super) last_child: NodeId,
    pub(super) prev: NodeId,
    pub(super) next: NodeId,
    pub(super) depth: u16,
    pub(super) own_tag: bool,
    /// It is a template, or an integration point: see `Tree::contents`.
    pub(super) odd: bool,
}

impl Slot {
    pub(super) const NO_TAG: u32 = u32::MAX;

    pub(super) const fn new(data: Data, start: u32, stop: u32) -> Self {
        Self {
            data,
            start,
            stop,
            end: 0,
            end_tag: Self::NO_TAG,
            parent: NodeId::NONE,
            first_child: NodeId::NONE,
            last_child: NodeId::NONE,
            prev: NodeId::NONE,
            next: NodeId::NONE,
            depth: 0,
            own_tag: false,
            odd: false,
        }
    }
}

/// A token as the tree keeps it. They lie end to end: one ends where the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) start: u32,
    pub(super) name_end: u32,
    /// The current node after it.
    pub(super) current: NodeId,
    pub(super) kind: Kind,
}

impl Stored {
    pub(super) fn new(token: &Token, current: NodeId) -> Self {
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: small(token.start),
            name_end: small(token.name_end),
            current,
            kind: token.kind,
        }
    }
}

/// A tree over a text.
pub(crate) struct Tree<'a> {
    pub(crate) text: &'a str,
    /// The bytes that were read: all, or the part that [`super::part`] chose. Of what lies
    /// before it there are the elements that are open where it begins; where an element ends
    /// that is open behind it, is not known.
    pub(crate) part: Range<usize>,
    pub(super) nodes: Vec<Slot>,
    pub(super) tokens: Vec<Stored>,
    pub(crate) names: Names,
    /// What the template elements hold, in order.
    pub(super) contents: Vec<(NodeId, NodeId)>,
    /// A digest of the attributes of clones, in order.
    pub(super) clones: Vec<(NodeId, u64)>,
    /// Made without html5ever.
    pub(super) plain: bool,
    /// Elements, tags and characters that were looked at while building: the work.
    #[cfg(test)]
    pub(crate) work: usize,
}

impl<'a> Tree<'a> {
    /// Builds the tree of `text`.
    ///
    /// # Errors
    /// [`Refusal::TooDeep`], [`Refusal::TooManyTokens`], [`Refusal::TooManyAttributes`];
    /// [`Refusal::TooLarge`] above 4 GB.
    pub(crate) fn build(text: &'a str, limits: &Limits) -> Result<Self, Refusal> {
        if u32::try_from(text.len()).is_err() {
            return Err(Refusal::TooLarge);
        }
        match plain::build(text, limits) {
            Some(tree) => Ok(tree),
            None => Self::build_by_html5ever(text, limits),
        }
    }

    /// Whether only a part of the text was read.
    pub(crate) fn is_part(&self) -> bool {
        self.part != (0..self.text.len())
    }

    /// As [`Self::build`], whatever the markup.
    pub(crate) fn build_by_html5ever(text: &'a str, limits: &Limits) -> Result<Self, Refusal> {
        Builder::new(text, limits).run()
    }

    /// A node.
    pub(crate) fn node(&self, id: NodeId) -> Node {
        let slot = self.slot(id);
        Node {
            data: slot.data,
            span: slot.start as usize..slot.stop as usize,
            own_tag: slot.own_tag,
            parent: slot.parent.some(),
            end: slot.end as usize,
            end_tag: (slot.end_tag != Slot::NO_TAG).then_some(slot.end_tag as usize),
        }
    }

    pub(super) fn slot(&self, id: NodeId) -> &Slot {
        node(&self.nodes, id)
    }

    /// The name of an HTML element; empty for anything else.
    pub(crate) fn html_name(&self, id: NodeId) -> &str {
        match self.slot(id).data {
            Data::Element(name) => self.names.html(name),
            _ => "",
        }
    }

    /// A node's ancestors, nearest first, without itself.
    pub(crate) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.slot(id).parent.some(), |&node| self.slot(node).parent.some())
    }

    /// All nodes below the document in tree order, each with its depth.
    pub(crate) fn walk(&self) -> Walk<'_, 'a> {
        Walk { tree: self, here: None, next: self.first_below(NodeId::ROOT), depth: 1 }
    }

    /// The nodes from this one on, as [`Self::walk`] would come to them.
    pub(super) fn walk_from(&self, id: NodeId) -> Walk<'_, 'a> {
        Walk { tree: self, here: None, next: Some(id), depth: self.ancestors(id).count() }
    }

    fn first_below(&self, id: NodeId) -> Option<NodeId> {
        let slot = self.slot(id);
        if slot.odd
            && let Ok(at) = self.contents.binary_search_by_key(&id, |(template, _)| *template)
        {
            return self.contents.get(at).map(|(_, contents)| *contents);
        }
        slot.first_child.some()
    }

    /// What a clone of an element has instead of a tag of its own.
    pub(super) fn clone_digest(&self, id: NodeId) -> u64 {
        let at = self.clones.binary_search_by_key(&id, |(clone, _)| *clone);
        at.ok().and_then(|at| self.clones.get(at)).map_or(0, |(_, digest)| *digest)
    }

    /// The open elements at a byte that is a token boundary, innermost first: the
    /// current node after the token before it, and its ancestors.
    pub(crate) fn open_at(&self, byte: usize) -> Vec<NodeId> {
        let before = self.first_token_behind(byte);
        let current = before.checked_sub(1).and_then(|i| self.tokens.get(i));
        let current = current.map_or(NodeId::ROOT, |token| token.current);
        std::iter::once(current).chain(self.ancestors(current)).collect()
    }

    /// The place of the first token that ends behind `byte`.
    pub(super) fn first_token_behind(&self, byte: usize) -> usize {
        let begun = self.tokens.partition_point(|token| token.start as usize <= byte);
        if byte >= self.part.end { begun } else { begun.saturating_sub(1) }
    }

    /// A token by its place.
    pub(crate) fn token(&self, at: usize) -> Option<Token> {
        let stored = self.tokens.get(at)?;
        let end = self.tokens.get(at + 1).map_or(self.part.end, |next| next.start as usize);
        Some(Token {
            kind: stored.kind,
            start: stored.start as usize,
            end,
            name_end: stored.name_end as usize,
        })
    }

    /// The tokens from the one that holds `byte` on.
    pub(crate) fn tokens_from(&self, byte: usize) -> impl Iterator<Item = Token> + '_ {
        (self.first_token_behind(byte)..).map_while(|at| self.token(at))
    }

    /// All tokens, the last first.
    pub(crate) fn tokens_backwards(&self) -> impl Iterator<Item = Token> + '_ {
        (0..self.tokens.len()).rev().map_while(|at| self.token(at))
    }

    /// The attributes of an element's own start tag, as written.
    pub(crate) fn attributes(&self, id: NodeId) -> impl Iterator<Item = Attribute> + use<'a> {
        let slot = self.slot(id);
        let (text, start) = (self.text, slot.start as usize);
        slot.own_tag.then(|| Attributes::of_tag_at(text, start)).into_iter().flatten()
    }

    /// The attributes of an element's own start tag, decoded, the first of each name.
    pub(crate) fn attribute(&self, id: NodeId, wanted: &str) -> Option<Cow<'a, str>> {
        self.attributes(id)
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
            if let Some(next) = self.tree.slot(at).next.some() {
                self.next = Some(next);
                return;
            }
            match self.tree.slot(at).parent.some() {
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

pub(super) fn node(nodes: &[Slot], id: NodeId) -> &Slot {
    nodes.get(id.index()).expect("ids come from this arena, which never shrinks")
}

pub(super) fn node_mut(nodes: &mut [Slot], id: NodeId) -> &mut Slot {
    nodes.get_mut(id.index()).expect("ids come from this arena, which never shrinks")
}

/// For checking one way to build a tree against another.
#[cfg(any(test, feature = "_fuzzing"))]
impl Tree<'_> {
    /// All that is known of the nodes in tree order, and of the tokens.
    pub(crate) fn description(&self) -> String {
        use std::fmt::Write;
        let order: HashMap<NodeId, usize> =
            self.walk().enumerate().map(|(i, (id, _))| (id, i)).collect();
        let mut out = String::new();
        for (id, depth) in self.walk() {
            let Slot { data, start, stop, end, end_tag, own_tag, .. } = *self.slot(id);
            let what = match data {
                Data::Element(name) => self.names.local(name),
                Data::Container => "content",
                Data::Text => "text",
                Data::Comment => "comment",
            };
            let parent = self.slot(id).parent.some().and_then(|parent| order.get(&parent));
            let _ = writeln!(
                out,
                "{depth} {parent:?} {what} {start}..{stop} ends {end} tag {end_tag} own {own_tag} depth {}",
                self.slot(id).depth
            );
        }
        for Stored { start, name_end, current, kind } in &self.tokens {
            let current = order.get(current);
            let _ = writeln!(out, "{kind:?} at {start} {name_end}, in {current:?}");
        }
        out
    }
}

impl Tree<'_> {
    /// Derives where elements end from the current node after each tag: what was open
    /// before it and is not after it, it closed.
    pub(super) fn find_ends(&mut self) {
        // Fits: a text of more than 4 GB is refused.
        let length = self.text.len() as u32;
        for slot in &mut self.nodes {
            slot.end = match slot.data {
                Data::Element(_) | Data::Container => length,
                Data::Text | Data::Comment => slot.stop,
            };
        }
        let mut before = NodeId::ROOT;
        for at in 0..self.tokens.len() {
            let Some(&Stored { current: after, start, .. }) = self.tokens.get(at) else { break };
            let token = if before == after { None } else { self.token(at) };
            let Some(token) = token else { continue };
            let mut closed = before;
            while closed != NodeId::ROOT && !is_or_holds(&self.nodes, closed, after) {
                let name = self.text.get(token.name()).unwrap_or_default();
                let element = node_mut(&mut self.nodes, closed);
                let own = token.kind == Kind::End
                    && matches!(element.data, Data::Element(n) if self.names.local(n).eq_ignore_ascii_case(name));
                element.end = if own { token.end as u32 } else { start };
                element.end_tag = if own { start } else { Slot::NO_TAG };
                let Some(parent) = element.parent.some() else { break };
                closed = parent;
            }
            before = after;
        }
        for slot in &mut self.nodes {
            if matches!(slot.data, Data::Element(name) if is_void(self.names.local(name))) {
                slot.end = slot.stop;
            }
            // What the adoption agency clones and moves ends where it began, at least.
            slot.end = slot.end.max(slot.start);
        }
    }
}

/// Whether `outer` is `inner` or one of its ancestors.
fn is_or_holds(nodes: &[Slot], outer: NodeId, inner: NodeId) -> bool {
    let depth = node(nodes, outer).depth;
    let mut at = inner;
    // Depths are those at insertion; a move can make them wrong, so `ROOT` ends the walk too.
    while at != outer {
        let here = node(nodes, at);
        match here.parent.some() {
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
