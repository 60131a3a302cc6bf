//! The arena that html5ever builds into.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use super::tree::{Data, Node, NodeId, node, node_mut};
use crate::block::{Limits, Refusal};

/// The arena that html5ever builds into.
pub(super) struct Sink {
    pub(super) nodes: RefCell<Vec<Node>>,
    /// Byte ranges of the runs of characters handed over, by number.
    runs: RefCell<Vec<Range<usize>>>,
    /// The bytes of the token being processed.
    pub(super) span: RefCell<Range<usize>>,
    pub(super) probing: Cell<bool>,
    pub(super) probed: Cell<NodeId>,
    pub(super) refusal: Cell<Option<Refusal>>,
    max_depth: u32,
    max_nodes: usize,
}

impl Sink {
    pub(super) fn new(limits: &Limits) -> Self {
        let sink = Self {
            nodes: RefCell::new(Vec::new()),
            runs: RefCell::new(Vec::new()),
            span: RefCell::new(0..0),
            probing: Cell::new(false),
            probed: Cell::new(NodeId::ROOT),
            refusal: Cell::new(None),
            max_depth: u32::try_from(limits.max_depth()).unwrap_or(u32::MAX),
            max_nodes: limits.max_tokens().saturating_mul(2).min(u32::MAX as usize - 1),
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
        let id = NodeId(u32::try_from(nodes.len()).unwrap_or(u32::MAX - 1));
        nodes.push(Node {
            data,
            span,
            attributes: 0,
            own_tag: false,
            parent: None,
            first_child: None,
            last_child: None,
            prev: None,
            next: None,
            template: None,
            integration_point: false,
            depth: 0,
            end: 0,
            end_tag: None,
        });
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
        let made = nodes.get_mut(from..).unwrap_or_default();
        // Foreign elements may change case (`foreignObject`), `image` becomes `img`.
        let (offset, own) = made.iter_mut().enumerate().rev().find(|(_, n)| {
            matches!(&n.data, Data::Element(q)
                if q.local.eq_ignore_ascii_case(name) || (&**name == "image" && &*q.local == "img"))
        })?;
        own.own_tag = true;
        u32::try_from(from + offset).ok().map(NodeId)
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
        let depth = node(&nodes, parent).depth + 1;
        if depth > self.max_depth {
            self.refusal.set(Some(Refusal::TooDeep));
        }
        let prev = match before {
            Some(sibling) => node(&nodes, sibling).prev,
            None => node(&nodes, parent).last_child,
        };
        let inserted = node_mut(&mut nodes, id);
        inserted.parent = Some(parent);
        inserted.prev = prev;
        inserted.next = before;
        inserted.depth = depth;
        match prev {
            Some(prev) => node_mut(&mut nodes, prev).next = Some(id),
            None => node_mut(&mut nodes, parent).first_child = Some(id),
        }
        match before {
            Some(sibling) => node_mut(&mut nodes, sibling).prev = Some(id),
            None => node_mut(&mut nodes, parent).last_child = Some(id),
        }
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let this = node_mut(&mut nodes, id);
        let (parent, prev, next) = (this.parent.take(), this.prev.take(), this.next.take());
        let Some(parent) = parent else { return };
        match prev {
            Some(prev) => node_mut(&mut nodes, prev).next = next,
            None => node_mut(&mut nodes, parent).first_child = next,
        }
        match next {
            Some(next) => node_mut(&mut nodes, next).prev = prev,
            None => node_mut(&mut nodes, parent).last_child = prev,
        }
    }
}

/// An element's name, by value: handles and atoms are small.
#[derive(Debug)]
pub(super) struct Name(QualName);

impl html5ever::interface::ElemName for Name {
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
    type ElemName<'a> = Name;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        NodeId::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Name {
        match &node(&self.nodes.borrow(), *target).data {
            Data::Element(name) => Name(name.clone()),
            _ => Name(QualName::new(None, ns!(), local_name!(""))),
        }
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        let id = self.add(Data::Element(name));
        if !attributes.is_empty() {
            let mut hasher = DefaultHasher::new();
            for attribute in &attributes {
                (&*attribute.name.local, &*attribute.value).hash(&mut hasher);
            }
            node_mut(&mut self.nodes.borrow_mut(), id).attributes = hasher.finish();
        }
        if flags.template {
            let contents = self.add(Data::Container);
            let mut nodes = self.nodes.borrow_mut();
            node_mut(&mut nodes, id).template = Some(contents);
            node_mut(&mut nodes, contents).parent = Some(id);
        }
        if flags.mathml_annotation_xml_integration_point {
            node_mut(&mut self.nodes.borrow_mut(), id).integration_point = true;
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
        let has_parent = node(&self.nodes.borrow(), *element).parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        node(&self.nodes.borrow(), *target).template.unwrap_or(*target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        let Some(parent) = node(&self.nodes.borrow(), *sibling).parent else { return };
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
            let Some(child) = node(&self.nodes.borrow(), *from).first_child else { break };
            self.insert(*new_parent, None, child);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &NodeId) -> bool {
        node(&self.nodes.borrow(), *handle).integration_point
    }
}
