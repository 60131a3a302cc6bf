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
use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use super::reference::{decode, doctype};
use super::tokenizer::{Attributes, Kind, State, Token, Tokenizer, is_space};
use crate::block::{Limits, Refusal};

/// A node's place in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

impl NodeId {
    /// The document.
    pub(crate) const ROOT: Self = Self(0);
    /// Stands for the comment that asks for the current node; it is no node.
    const PROBE: Self = Self(u32::MAX);

    const fn index(self) -> usize {
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
    attributes: u64,
    /// The token is this element's own start tag.
    pub(crate) own_tag: bool,
    pub(crate) parent: Option<NodeId>,
    pub(crate) first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    prev: Option<NodeId>,
    pub(crate) next: Option<NodeId>,
    template: Option<NodeId>,
    integration_point: bool,
    depth: u32,
    /// Where an element ends, exclusive; its children lie before.
    pub(crate) end: usize,
    /// Where the end tag that closes it begins, when it has one.
    pub(crate) end_tag: Option<usize>,
}

/// A tree over a text.
pub(crate) struct Tree<'a> {
    pub(crate) text: &'a str,
    nodes: Vec<Node>,
    pub(crate) tokens: Vec<Token>,
    /// For each token, the current node after it.
    current: Vec<NodeId>,
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

fn node(nodes: &[Node], id: NodeId) -> &Node {
    nodes.get(id.index()).expect("ids come from this arena, which never shrinks")
}

fn node_mut(nodes: &mut [Node], id: NodeId) -> &mut Node {
    nodes.get_mut(id.index()).expect("ids come from this arena, which never shrinks")
}

/// Feeds our tokens to html5ever's tree builder.
struct Builder<'a> {
    text: &'a str,
    limits: Limits,
    builder: TreeBuilder<NodeId, Sink>,
    tokens: Vec<Token>,
    current: Vec<NodeId>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        // Mail programs run no scripts, so `noscript` is markup to them.
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        Self {
            text,
            limits: limits.clone(),
            builder: TreeBuilder::new(Sink::new(limits), options),
            tokens: Vec::new(),
            current: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Tree<'a>, Refusal> {
        let mut tokenizer = Tokenizer::new(self.text);
        let mut current = NodeId::ROOT;
        loop {
            let foreign = self.builder.adjusted_current_node_present_but_not_in_html_namespace();
            let markup = tokenizer.in_markup();
            let Some(token) = tokenizer.next(foreign) else { break };
            if self.tokens.len() >= self.limits.max_tokens() {
                return Err(Refusal::TooManyTokens);
            }
            if let Some((state, element)) = self.feed(&token, markup)? {
                tokenizer.switch(state, &token);
                // Raw text is no place for a comment; its element is current until its end tag.
                current = element;
            } else if matches!(token.kind, Kind::Start { .. } | Kind::End) {
                current = self.probe();
            }
            if let Some(refusal) = self.builder.sink.refusal.get() {
                return Err(refusal);
            }
            self.tokens.push(token);
            self.current.push(current);
        }
        self.builder.sink.span.replace(self.text.len()..self.text.len());
        let _ = self.process(html5ever::tokenizer::Token::EOFToken);
        self.builder.end();
        if let Some(refusal) = self.builder.sink.refusal.get() {
            return Err(refusal);
        }
        let nodes = self.builder.sink.nodes.take();
        #[cfg(test)]
        let work = nodes.len() + self.tokens.len();
        let mut tree = Tree {
            text: self.text,
            nodes,
            tokens: self.tokens,
            current: self.current,
            #[cfg(test)]
            work,
        };
        tree.find_ends();
        Ok(tree)
    }

    fn process(&self, token: html5ever::tokenizer::Token) -> TokenSinkResult<NodeId> {
        self.builder.process_token(token, 1)
    }

    fn feed(&self, token: &Token, markup: bool) -> Result<Option<(State, NodeId)>, Refusal> {
        use html5ever::tokenizer::Token as Theirs;
        self.builder.sink.span.replace(token.span());
        let raw = self.text.get(token.span()).unwrap_or_default();
        match token.kind {
            Kind::Nothing => {}
            Kind::Comment => {
                let _ = self.process(Theirs::CommentToken(StrTendril::new()));
            }
            Kind::Doctype => {
                let _ = self.process(Theirs::DoctypeToken(doctype(raw)));
            }
            Kind::CData => self.feed_text(token.start, raw, false),
            Kind::Text if markup => self.feed_text(token.start, raw, true),
            Kind::Text => self.feed_run(token.span(), false),
            Kind::Start { self_closing } => {
                let tag = self.tag(token, TagKind::StartTag, self_closing)?;
                let nodes = self.builder.sink.nodes.borrow().len();
                let name = tag.name.clone();
                let state = match self.process(Theirs::TagToken(tag)) {
                    TokenSinkResult::RawData(RawKind::ScriptData) => Some(State::Script),
                    TokenSinkResult::RawData(_) => Some(State::Raw),
                    TokenSinkResult::Plaintext => Some(State::PlainText),
                    TokenSinkResult::Script(_)
                    | TokenSinkResult::Continue
                    | TokenSinkResult::EncodingIndicator(_) => None,
                };
                let own = self.builder.sink.mark_own_tag(nodes, &name);
                return Ok(state.zip(own));
            }
            Kind::End => {
                let tag = self.tag(token, TagKind::EndTag, false)?;
                let _ = self.process(Theirs::TagToken(tag));
            }
        }
        Ok(None)
    }

    /// Hands characters over. The builder looks at nothing but whether they are
    /// whitespace, and keeps some of them back until the next token: so each run is
    /// handed over as a number, by which the sink finds its bytes again. (Only framesets, which
    /// hold no text, would keep blanks from between dropped words.)
    fn feed_text(&self, start: usize, raw: &str, references: bool) {
        use html5ever::tokenizer::Token as Theirs;
        let mut at = start;
        for (i, piece) in raw.split('\0').enumerate() {
            if i > 0 {
                self.builder.sink.span.replace(at..at + 1);
                let _ = self.process(Theirs::NullCharacterToken);
                at += 1;
            }
            let decoded = if references && piece.starts_with('&') {
                decode(piece, false)
            } else {
                Cow::Borrowed(piece)
            };
            let is_html_space = |c: char| c.is_ascii() && is_space(c as u8);
            let blank = if matches!(decoded, Cow::Owned(_)) {
                // A reference to whitespace in first place: all or nothing, the rare case.
                if decoded.chars().all(is_html_space) { piece.len() } else { 0 }
            } else {
                piece.len() - piece.trim_start_matches(is_html_space).len()
            };
            self.feed_run(at..at + blank, true);
            self.feed_run(at + blank..at + piece.len(), false);
            at += piece.len();
        }
    }

    fn feed_run(&self, span: Range<usize>, blank: bool) {
        if span.is_empty() {
            return;
        }
        let number = self.builder.sink.run(span);
        let digits = if blank {
            // To base 2 in blanks and tabs: the builder drops a leading newline.
            format!("{number:b}").replace('0', " ").replace('1', "\t")
        } else {
            number.to_string()
        };
        let text = StrTendril::from(digits);
        let _ = self.process(html5ever::tokenizer::Token::CharacterTokens(text));
    }

    fn tag(&self, token: &Token, kind: TagKind, self_closing: bool) -> Result<Tag, Refusal> {
        let name = self.text.get(token.name()).unwrap_or_default();
        let name = if name.bytes().any(|b| b.is_ascii_uppercase() || b == 0) {
            LocalName::from(name.to_ascii_lowercase().replace('\0', "\u{FFFD}"))
        } else {
            LocalName::from(name)
        };
        let mut attrs = Vec::new();
        let mut count = 0;
        let wanted = kind == TagKind::StartTag && reads_attributes(&name);
        for attribute in Attributes::of(self.text, token) {
            count += 1;
            if count > self.limits.max_attributes() {
                return Err(Refusal::TooManyAttributes);
            }
            if !wanted {
                continue;
            }
            let local = self.text.get(attribute.name).unwrap_or_default().to_ascii_lowercase();
            let name = QualName::new(None, ns!(), LocalName::from(local.replace('\0', "\u{FFFD}")));
            if attrs.iter().any(|a: &Attribute| a.name == name) {
                continue;
            }
            let value = decode(self.text.get(attribute.value).unwrap_or_default(), true);
            attrs.push(Attribute { name, value: StrTendril::from(&*value) });
        }
        Ok(Tag { kind, name, self_closing, attrs, had_duplicate_attributes: false })
    }

    fn probe(&self) -> NodeId {
        self.builder.sink.probing.set(true);
        let _ = self.process(html5ever::tokenizer::Token::CommentToken(StrTendril::new()));
        self.builder.sink.probing.set(false);
        self.builder.sink.probed.get()
    }
}

/// Whether the tree builder looks at the attributes of this element: the formatting
/// elements, which it compares and clones, and a few whose attributes steer it.
fn reads_attributes(name: &LocalName) -> bool {
    matches!(
        &**name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
            | "input"
            | "annotation-xml"
            | "template"
    )
}

impl Tree<'_> {
    /// The tree without what the tokens in `block` made, as text that is equal for equal
    /// trees. A node of the block stays when something from outside lies in it.
    pub(crate) fn outline_without(&self, block: &Range<usize>) -> String {
        let inside = |span: &Range<usize>| block.start <= span.start && span.end <= block.end;
        let order: Vec<(NodeId, usize)> = self.walk().collect();
        let mut keep = vec![false; self.nodes.len()];
        for &(id, _) in order.iter().rev() {
            let node = self.node(id);
            let kept = keep.get(id.index()).copied().unwrap_or_default() || !inside(&node.span);
            if let Some(slot) = keep.get_mut(id.index()) {
                *slot = kept;
            }
            if let Some(slot) = node.parent.filter(|_| kept).and_then(|p| keep.get_mut(p.index())) {
                *slot = true;
            }
        }
        let mut out = String::with_capacity(self.text.len());
        let mut text_at = None;
        for (id, depth) in order {
            if !keep.get(id.index()).copied().unwrap_or_default() {
                continue;
            }
            let node = self.node(id);
            if node.data == Data::Text {
                // Texts that only the block parts are one text.
                if text_at != Some(depth) {
                    out.push_str(&format!("\0{depth}:"));
                    text_at = Some(depth);
                }
                let before = node.span.start..node.span.end.min(block.start);
                let behind = node.span.start.max(block.end)..node.span.end;
                out.push_str(self.slice(&before));
                out.push_str(self.slice(&behind));
                continue;
            }
            text_at = None;
            match &node.data {
                Data::Element(name) => {
                    out.push_str(&format!(
                        "\0{depth}<{}:{} {:x}",
                        name.ns, name.local, node.attributes
                    ));
                    if node.own_tag {
                        out.push_str(self.slice(&node.span));
                    }
                }
                Data::Comment => out.push_str(&format!("\0{depth}!{}", self.slice(&node.span))),
                Data::Container | Data::Text => out.push_str(&format!("\0{depth}-")),
            }
        }
        out
    }

    /// Derives where elements end from the current node after each tag: what was open
    /// before it and is not after it, it closed.
    fn find_ends(&mut self) {
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

/// The arena that html5ever builds into.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    /// Byte ranges of the runs of characters handed over, by number.
    runs: RefCell<Vec<Range<usize>>>,
    /// The bytes of the token being processed.
    span: RefCell<Range<usize>>,
    probing: Cell<bool>,
    probed: Cell<NodeId>,
    refusal: Cell<Option<Refusal>>,
    max_depth: u32,
    max_nodes: usize,
}

impl Sink {
    fn new(limits: &Limits) -> Self {
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

    fn run(&self, span: Range<usize>) -> usize {
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
    fn mark_own_tag(&self, from: usize, name: &LocalName) -> Option<NodeId> {
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
struct Name(QualName);

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

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]

    use html5ever::tendril::TendrilSink;
    use html5ever::{ParseOpts, parse_document};
    use markup5ever_rcdom::{Handle, NodeData, RcDom};
    use proptest::prelude::*;

    use super::*;

    /// A tree as indented lines, text merged and blanks within it folded.
    fn ours(text: &str) -> String {
        let tree = Tree::build(text, &Limits::new()).unwrap();
        let mut out = Outline::default();
        for (id, depth) in tree.walk() {
            match &tree.node(id).data {
                Data::Container => out.line(depth, "content"),
                Data::Element(name) => out.line(depth, &format!("<{} {}>", name.ns, name.local)),
                Data::Comment => out.line(depth, "<!>"),
                Data::Text => {
                    let raw = tree.slice(&tree.node(id).span);
                    out.text(depth, raw);
                }
            }
        }
        out.done
    }

    #[derive(Default)]
    struct Outline {
        done: String,
        text_depth: Option<usize>,
    }

    impl Outline {
        fn line(&mut self, depth: usize, what: &str) {
            self.done.push_str(&format!("\n{}{what}", " ".repeat(depth)));
            self.text_depth = None;
        }

        fn text(&mut self, depth: usize, text: &str) {
            if text.is_empty() {
                return;
            }
            // Where a text lies is structure; its references and blanks are not.
            let text: String = text.chars().filter(|c| "xyzé=\"".contains(*c)).collect();
            if self.text_depth != Some(depth) {
                self.line(depth, "");
                self.text_depth = Some(depth);
            }
            self.done.push_str(&text);
        }
    }

    fn theirs(text: &str) -> String {
        let mut options = ParseOpts::default();
        options.tree_builder.scripting_enabled = false;
        options.tokenizer.discard_bom = false;
        let dom = parse_document(RcDom::default(), options).one(text);
        let mut out = Outline::default();
        let mut stack: Vec<(Handle, usize)> = vec![(dom.document.clone(), 0)];
        while let Some((node, depth)) = stack.pop() {
            match &node.data {
                NodeData::Document if depth == 0 => {}
                NodeData::Document => out.line(depth, "content"),
                NodeData::Element { name, .. } => {
                    out.line(depth, &format!("<{} {}>", name.ns, name.local));
                }
                NodeData::Text { contents } => out.text(depth, &contents.borrow()),
                NodeData::Comment { .. } => out.line(depth, "<!>"),
                NodeData::Doctype { .. } | NodeData::ProcessingInstruction { .. } => {}
            }
            let mut children: Vec<_> = node.children.borrow().clone();
            if let NodeData::Element { template_contents, .. } = &node.data
                && let Some(contents) = &*template_contents.borrow()
            {
                children = vec![contents.clone()];
            }
            stack.extend(children.into_iter().rev().map(|c| (c, depth + 1)));
        }
        out.done
    }

    fn check(text: &str) {
        assert_eq!(ours(text), theirs(text), "for {text:?}");
    }

    #[test]
    fn the_tree_is_html5evers() {
        for text in [
            "",
            "x",
            "<p>a<p>b",
            "<b>1<p>2</b>3</p>",
            "<table>x<tr><td>y</table>z",
            "<table> <b>x</b> \n<tr>",
            "<div><table>a</div>b",
            "<a href=1>x<a href=2>y</a>z",
            "<font size=1><p><font size=1><p><font size=1><p><font size=1><p>x",
            "<!doctype html><p><table></table>",
            "<p><table></table>",
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" 'x'><p><table></table>",
            "<svg><![CDATA[<p>]]><foreignObject><p>x</svg>y",
            "<![CDATA[<p>]]>x",
            "<math><annotation-xml encoding=text/html><p>x",
            "<template><td>x</template>y",
            "<script><!--<script></script>--></script>x",
            "<title><b></title><textarea>\n<i></textarea>",
            "<plaintext><p>",
            "<select><option>a<div>b</select>c",
            "</p></br>x</html>y",
            "<body><p>x</body> \n</html> <!-- c -->z",
            "<frameset><frame></frameset>",
            "<o:p>&nbsp;</o:p><u1:p></u1:p><![if !supportLists]>x<![endif]>",
            "<image><isindex><br/></br>",
            "a\0b<svg>\0</svg>\r\n&#0;&#32;",
            "<noscript><p>x</noscript>",
            "<pre>\nx</pre><pre>\n\nx</pre>",
            "<td>&#32;<table>&#32;&nbsp;<tr>",
            "<p/><div a=/><br/><div a=b/>x",
            "<x y='<p>' z=\"&amp;>\"q><!--><p><!---><p><!-- --!><p>",
            "</ x><?pi ?>x</>y</",
        ] {
            check(text);
        }
    }

    fn soup() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<div class='a>b'>",
            "<b>",
            "</b>",
            "<b x>",
            "<i>",
            "</i>",
            "<a href=x>",
            "</a>",
            "<font size=1>",
            "</font>",
            "<table>",
            "</table>",
            "<tr>",
            "<td>",
            "</td>",
            "<tbody>",
            "<caption>",
            "<col>",
            "<ul>",
            "<li>",
            "</li>",
            "<svg>",
            "</svg>",
            "<math>",
            "<mi>",
            "<foreignObject>",
            "<desc>",
            "<template>",
            "</template>",
            "<select>",
            "<option>",
            "</select>",
            "<script>",
            "</script>",
            "<style>",
            "</style>",
            "<title>",
            "</title>",
            "<textarea>",
            "</textarea>",
            "<noscript>",
            "</noscript>",
            "<body>",
            "</body>",
            "<html>",
            "</html>",
            "<head>",
            "</head>",
            "<form>",
            "</form>",
            "<button>",
            "</button>",
            "<h1>",
            "</h2>",
            "<hr>",
            "<br>",
            "</br>",
            "<nobr>",
            "<input type=hidden>",
            "<o:p>",
            "</o:p>",
            "<!--",
            "-->",
            "--!>",
            "<!-->",
            "<![CDATA[",
            "]]>",
            "<!doctype html>",
            "<![if gte mso 9]>",
            "<![endif]>",
            "<?x",
            ">",
            "<",
            "</",
            "=",
            "\"",
            "'",
            " ",
            "\n",
            "\r",
            "\0",
            "x",
            "&amp;",
            "&nbsp;",
            "&#32;",
            "&lt",
            "é",
            "<p a=\"",
            "<p a='/>",
            "<br/>",
            "<p /x>",
            "<dd>",
            "<dt>",
            "<center>",
            "<blockquote>",
            "<span>",
            "</span>",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn on_any_soup_the_tree_is_html5evers(text in soup()) {
            prop_assert_eq!(ours(&text), theirs(&text));
        }

        #[test]
        fn tokens_lie_end_to_end_and_elements_end_in_order(text in soup()) {
            let tree = Tree::build(&text, &Limits::new()).unwrap();
            let mut at = 0;
            for token in &tree.tokens {
                prop_assert_eq!(token.start, at);
                prop_assert!(text.is_char_boundary(token.end));
                at = token.end;
            }
            prop_assert_eq!(at, text.len());
            for (id, _) in tree.walk() {
                let node = tree.node(id);
                prop_assert!(node.end >= node.span.start);
                prop_assert!(node.end_tag.is_none_or(|tag| tag < node.end));
            }
        }
    }

    #[test]
    fn bombs_are_refused_by_name() {
        let build = |text: &str| Tree::build(text, &Limits::new()).map(|t| t.work);
        assert_eq!(build(&"<div>".repeat(100_000)), Err(Refusal::TooDeep));
        assert_eq!(build(&"<div></p>".repeat(100_000)), Err(Refusal::TooDeep));
        let fonts: String = (0..60_000).map(|n| format!("<font size={n}>")).collect();
        assert_eq!(build(&fonts), Err(Refusal::TooDeep));
        let fonts: String = (0..60_000).map(|n| format!("<p><font size={n}></p>")).collect();
        assert_eq!(build(&fonts), Err(Refusal::TooDeep));
        let attributes = format!("<p {}>", "a=b ".repeat(120_000));
        assert_eq!(build(&attributes), Err(Refusal::TooManyAttributes));
        assert_eq!(build(&"<br>".repeat(1_000_001)), Err(Refusal::TooManyTokens));
    }
}
