//! The arena that html5ever builds into.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use super::names::Names;
use super::tree::{Data, NodeId, Slot, node, node_mut};
use crate::block::{Limits, Refusal};

/// The arena that html5ever builds into.
pub(super) struct Sink {
    pub(super) nodes: RefCell<Vec<Slot>>,
    pub(super) names: RefCell<Names>,
    /// html5ever's form of each name that was interned, by number.
    theirs: RefCell<Vec<Option<QualName>>>,
    pub(super) contents: RefCell<Vec<(NodeId, NodeId)>>,
    pub(super) digests: RefCell<Vec<(NodeId, u64)>>,
    /// Byte ranges of the runs of characters handed over, by number.
    runs: RefCell<Vec<Range<usize>>>,
    /// The bytes of the token being processed.
    pub(super) span: RefCell<Range<usize>>,
    pub(super) probing: Cell<bool>,
    pub(super) probed: Cell<NodeId>,
    pub(super) refusal: Cell<Option<Refusal>>,
    max_depth: u16,
    max_nodes: usize,
}

impl Sink {
    pub(super) fn new(limits: &Limits) -> Self {
        let sink = Self {
            nodes: RefCell::default(),
            names: RefCell::default(),
            theirs: RefCell::default(),
            contents: RefCell::default(),
            digests: RefCell::default(),
            runs: RefCell::new(Vec::new()),
            span: RefCell::new(0..0),
            probing: Cell::new(false),
            probed: Cell::new(NodeId::ROOT),
            refusal: Cell::new(None),
            max_depth: u16::try_from(limits.max_depth()).unwrap_or(u16::MAX - 1),
            max_nodes: limits.max_nodes(),
        };
        sink.add(Data::Container);
        sink
    }

    fn add(&self, data: Data) -> NodeId {
        self.add_spanning(data, self.span.borrow().clone())
    }

    fn add_spanning(&self, data: Data, span: Range<usize>) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= self.max_nodes {
            self.refusal.set(Some(Refusal::TooManyTokens));
        }
        let id = NodeId(u32::try_from(nodes.len()).unwrap_or(u32::MAX - 2));
        // Fits: a text of more than 4 GB is refused.
        nodes.push(Slot::new(data, span.start as u32, span.end as u32));
        id
    }

    pub(super) fn run(&self, span: Range<usize>) -> usize {
        let mut runs = self.runs.borrow_mut();
        runs.push(span);
        runs.len() - 1
    }

    fn run_of(&self, text: &str) -> Range<usize> {
        let number = if text.starts_with([' ', '\t']) {
            text.bytes().fold(0, |n, b| n * 2 + usize::from(b == b'\t'))
        } else {
            text.parse().unwrap_or(usize::MAX)
        };
        let runs = self.runs.borrow();
        // U+FFFD is what the builder itself puts for a NUL in foreign content.
        runs.get(number).cloned().unwrap_or_else(|| self.span.borrow().clone())
    }

    /// The last element of this name made since the arena had `from` nodes is the one
    /// whose start tag was just read; others were implied or cloned.
    pub(super) fn mark_own_tag(&self, from: usize, name: &LocalName) -> Option<NodeId> {
        let mut nodes = self.nodes.borrow_mut();
        let names = self.names.borrow();
        let made = nodes.get_mut(from..).unwrap_or_default();
        // Foreign elements may change case (`foreignObject`), `image` becomes `img`.
        let (offset, own) = made.iter_mut().enumerate().rev().find(|(_, n)| {
            let Data::Element(made) = n.data else { return false };
            let local = names.local(made);
            local.eq_ignore_ascii_case(name) || (&**name == "image" && local == "img")
        })?;
        own.own_tag = true;
        let own = u32::try_from(from + offset).ok().map(NodeId);
        // It has its tag; the digest is what clones differ by.
        let mut digests = self.digests.borrow_mut();
        if digests.last().is_some_and(|(id, _)| Some(*id) == own) {
            digests.pop();
        }
        own
    }

    fn child(&self, child: NodeOrText<NodeId>) -> NodeId {
        match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => self.add_spanning(Data::Text, self.run_of(&text)),
        }
    }

    fn insert(&self, parent: NodeId, before: Option<NodeId>, id: NodeId) {
        self.detach(id);
        let mut nodes = self.nodes.borrow_mut();
        let depth = node(&nodes, parent).depth.saturating_add(1);
        if depth > self.max_depth {
            self.refusal.set(Some(Refusal::TooDeep));
        }
        let prev = match before {
            Some(sibling) => node(&nodes, sibling).prev,
            None => node(&nodes, parent).last_child,
        };
        let inserted = node_mut(&mut nodes, id);
        inserted.parent = parent;
        inserted.prev = prev;
        inserted.next = before.unwrap_or(NodeId::NONE);
        inserted.depth = depth;
        match prev.some() {
            Some(prev) => node_mut(&mut nodes, prev).next = id,
            None => node_mut(&mut nodes, parent).first_child = id,
        }
        match before {
            Some(sibling) => node_mut(&mut nodes, sibling).prev = id,
            None => node_mut(&mut nodes, parent).last_child = id,
        }
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let this = node_mut(&mut nodes, id);
        let take = |id: &mut NodeId| std::mem::replace(id, NodeId::NONE);
        let (parent, prev, next) =
            (take(&mut this.parent), take(&mut this.prev), take(&mut this.next));
        let Some(parent) = parent.some() else { return };
        match prev.some() {
            Some(prev) => node_mut(&mut nodes, prev).next = next,
            None => node_mut(&mut nodes, parent).first_child = next,
        }
        match next.some() {
            Some(next) => node_mut(&mut nodes, next).prev = prev,
            None => node_mut(&mut nodes, parent).last_child = prev,
        }
    }
}

/// An element's name, by value: handles and atoms are small.
#[derive(Debug)]
pub(super) struct Theirs(QualName);

impl html5ever::interface::ElemName for Theirs {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Self;
    type ElemName<'a> = Theirs;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        NodeId::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Theirs {
        let name = match node(&self.nodes.borrow(), *target).data {
            Data::Element(name) => self.theirs.borrow().get(name.index()).cloned().flatten(),
            _ => None,
        };
        Theirs(name.unwrap_or_else(|| QualName::new(None, ns!(), local_name!(""))))
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        let number = self.names.borrow_mut().intern(&name);
        let mut theirs = self.theirs.borrow_mut();
        if theirs.len() <= number.index() {
            theirs.resize(number.index() + 1, None);
        }
        if let Some(slot @ None) = theirs.get_mut(number.index()) {
            *slot = Some(name);
        }
        drop(theirs);
        let id = self.add(Data::Element(number));
        if !attributes.is_empty() {
            let mut hasher = DefaultHasher::new();
            for attribute in &attributes {
                (&*attribute.name.local, &*attribute.value).hash(&mut hasher);
            }
            self.digests.borrow_mut().push((id, hasher.finish()));
        }
        if flags.template {
            let contents = self.add(Data::Container);
            let mut nodes = self.nodes.borrow_mut();
            node_mut(&mut nodes, id).odd = true;
            node_mut(&mut nodes, contents).parent = id;
            self.contents.borrow_mut().push((id, contents));
        }
        if flags.mathml_annotation_xml_integration_point {
            node_mut(&mut self.nodes.borrow_mut(), id).odd = true;
        }
        id
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        if self.probing.get() { NodeId::PROBE } else { self.add(Data::Comment) }
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(Data::Comment)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(NodeId::PROBE) = child {
            self.probed.set(*parent);
            return;
        }
        let child = self.child(child);
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent = node(&self.nodes.borrow(), *element).parent.some().is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let contents = self.contents.borrow();
        let at = contents.binary_search_by_key(target, |(template, _)| *template);
        at.ok().and_then(|at| contents.get(at)).map_or(*target, |(_, contents)| *contents)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        let Some(parent) = node(&self.nodes.borrow(), *sibling).parent.some() else {
            return;
        };
        if let NodeOrText::AppendNode(NodeId::PROBE) = new_node {
            self.probed.set(parent);
            return;
        }
        let child = self.child(new_node);
        self.insert(parent, Some(*sibling), child);
    }

    fn add_attrs_if_missing(&self, _: &NodeId, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &NodeId) {
        self.detach(*target);
    }

    fn reparent_children(&self, from: &NodeId, new_parent: &NodeId) {
        loop {
            let Some(child) = node(&self.nodes.borrow(), *from).first_child.some() else {
                break;
            };
            self.insert(*new_parent, None, child);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &NodeId) -> bool {
        // Only MathML's `annotation-xml` is asked about, which is no template.
        node(&self.nodes.borrow(), *handle).odd
    }
}
