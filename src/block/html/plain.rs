//! The tree of well-behaved markup, without html5ever.
//!
//! In: UTF-8 text. Out: the very tree that html5ever's rules make of it, or nothing. Never:
//! a tree of anything that this module does not know to the end.
//!
//! In most bodies the standard's tree is plain nesting: tags that are closed in the order in
//! which they were opened, paragraphs, list items and cells that the next one ends, implied
//! `html`, `head`, `body`, `tbody`, `tr`. That subset is read here in one pass over the
//! tokens, by the standard's own rules (§13.2.6.4). What needs more is left to html5ever,
//! from the first token that does: formatting elements that are closed out of order and come
//! again, content of tables outside their cells, links in links, forms, foreign content,
//! templates, framesets, NULs.
//!
//! That the elements open at a place *are* the whole state there, is what makes the cheap
//! proof in `graft` possible: the list of active formatting elements is always a part of
//! them, and the insertion mode follows from them.

use memchr::{memchr, memchr_iter};

use super::builder::leading_blank;
use super::names::{Class, Name, Names, known};
use super::reader::Reader;
use super::tokenizer::{Kind, State, Token, Tokenizer};
use super::tree::{Data, NodeId, Slot, Stored, Tree, node_mut};
use crate::block::Limits;

/// An open element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) id: NodeId,
    pub(super) name: Name,
    pub(super) class: Class,
    /// Where its tag, or the token that implied it, begins and ends.
    pub(super) start: u32,
    pub(super) stop: u32,
    pub(super) own_tag: bool,
}

/// The standard's insertion modes, of those that are read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    BeforeHtml,
    BeforeHead,
    InHead,
    AfterHead,
    /// In the body or in a cell.
    InBody,
    InTable,
    InColumnGroup,
    InSection,
    InRow,
    AfterBody,
    AfterAfterBody,
}

/// Formatting elements that are open since the innermost cell began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Formatting {
    all: u32,
    links: u32,
}

impl Formatting {
    fn count(&mut self, class: Class) {
        self.all += u32::from(class.is_formatting());
        self.links += u32::from(class == Class::Link);
    }
}

/// How many nodes and tokens there were that are not kept.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forgotten {
    pub(super) nodes: usize,
    pub(super) tokens: usize,
}

impl Forgotten {
    pub(super) fn plus(self, more: Self) -> Self {
        Self { nodes: self.nodes + more.nodes, tokens: self.tokens + more.tokens }
    }

    pub(super) fn minus(self, less: Self) -> Self {
        Self { nodes: self.nodes - less.nodes, tokens: self.tokens - less.tokens }
    }
}

/// The token does not belong to the subset.
#[derive(Debug)]
pub(super) struct NotPlain;

type Step = Result<(), NotPlain>;

pub(super) struct Plain<'a> {
    pub(super) text: &'a str,
    length: u32,
    max_nodes: usize,
    max_tokens: usize,
    max_attributes: usize,
    max_depth: usize,
    pub(super) nodes: Vec<Slot>,
    pub(super) tokens: Vec<Stored>,
    /// Whether nodes and tokens are kept. If not, they are counted.
    pub(super) keeps: bool,
    pub(super) forgotten: Forgotten,
    pub(super) names: Names,
    pub(super) open: Vec<Open>,
    pub(super) mode: Mode,
    /// Where the open paragraph stands among the open elements, when it is "in button scope".
    paragraph: Option<usize>,
    formatting: Formatting,
    /// What was open when each open cell began.
    outer: Vec<Formatting>,
    /// The current node after the last tag.
    pub(super) current: NodeId,
    #[cfg(test)]
    pub(super) work: usize,
}

/// The tree of a text, when it is plain and within the limits.
pub(super) fn build<'a>(text: &'a str, limits: &Limits) -> Option<Tree<'a>> {
    // NULs are dropped or replaced, place by place.
    if memchr(0, text.as_bytes()).is_some() {
        return None;
    }
    let tags = memchr_iter(b'<', text.as_bytes()).count();
    let mut plain = Plain::new(text, limits);
    // Between two tags in three there are words, and some begin with a blank of their own.
    plain.nodes.reserve(tags + tags / 4 + 8);
    plain.tokens.reserve(tags + tags / 2 + 8);
    plain.add(Data::Container, 0, 0).ok()?;
    plain.run(0, text.len()).ok()?;
    plain.finish().ok()?;
    Some(plain.into_tree(0..text.len()))
}

impl<'a> Plain<'a> {
    /// What it made, of this part of the text.
    pub(super) fn into_tree(self, part: std::ops::Range<usize>) -> Tree<'a> {
        let plain = self;
        Tree {
            text: plain.text,
            part,
            nodes: plain.nodes,
            tokens: plain.tokens,
            names: plain.names,
            contents: Vec::new(),
            clones: Vec::new(),
            plain: true,
            #[cfg(test)]
            work: plain.work,
        }
    }

    pub(super) fn new(text: &'a str, limits: &Limits) -> Self {
        Self {
            text,
            // Fits: a text of more than 4 GB is refused.
            length: text.len() as u32,
            max_nodes: limits.max_nodes(),
            max_tokens: limits.max_tokens(),
            max_attributes: limits.max_attributes(),
            max_depth: limits.max_depth().min(usize::from(u16::MAX - 1)),
            nodes: Vec::new(),
            tokens: Vec::new(),
            keeps: true,
            forgotten: Forgotten::default(),
            names: Names::default(),
            open: Vec::with_capacity(32),
            mode: Mode::BeforeHtml,
            paragraph: None,
            formatting: Formatting::default(),
            outer: Vec::new(),
            current: NodeId::ROOT,
            #[cfg(test)]
            work: 0,
        }
    }

    /// Goes on where `open` is open, in the body or in a cell.
    pub(super) fn resume(&mut self, open: Vec<Open>) -> Step {
        self.mode = Mode::InBody;
        (self.paragraph, self.formatting) = (None, Formatting::default());
        self.outer.clear();
        let mut in_table = false;
        for (at, Open { class, .. }) in open.iter().enumerate() {
            match class {
                Class::Paragraph => self.paragraph = Some(at),
                Class::Table => (in_table, self.paragraph) = (true, None),
                Class::Cell => {
                    (in_table, self.paragraph) = (false, None);
                    self.outer.push(std::mem::take(&mut self.formatting));
                }
                _ => self.formatting.count(*class),
            }
        }
        let is_body = matches!(open.as_slice(), [_, Open { class: Class::Body, .. }, ..]);
        let raw = matches!(open.last(), Some(Open { class: Class::Raw | Class::Script, .. }));
        self.current = open.last().map_or(NodeId::ROOT, |open| open.id);
        self.open = open;
        if is_body && !in_table && !raw { Ok(()) } else { Err(NotPlain) }
    }

    /// Goes on in the body or in a cell, where the last element begun is open.
    pub(super) fn go_on_in_body(&mut self) {
        self.mode = Mode::InBody;
        self.current = self.top();
    }

    /// Reads the tokens from `from` to `to`, which have to end there.
    pub(super) fn run(&mut self, from: usize, to: usize) -> Step {
        let mut reader = Reader::starting_at(self.text, from);
        while reader.tokenizer.position() < to {
            let Some(read) = self.next(&mut reader, |_, _| false)? else { break };
            if read.token.end > to {
                return Err(NotPlain);
            }
            self.take(&read, &mut reader)?;
        }
        // Raw text that nothing ends.
        if reader.tokenizer.in_markup() { Ok(()) } else { Err(NotPlain) }
    }

    /// Whether it stands in the body or in a cell, and so much more may be counted.
    pub(super) fn may_count(&self, forgotten: Forgotten) -> bool {
        self.mode == Mode::InBody
            && forgotten.nodes <= self.max_nodes
            && forgotten.tokens <= self.max_tokens
    }

    pub(super) fn check_attributes(&self, tokenizer: &Tokenizer<'_>) -> Step {
        if tokenizer.attributes() > self.max_attributes { Err(NotPlain) } else { Ok(()) }
    }

    /// Reads a token that is no tag.
    pub(super) fn token(&mut self, token: &Token, markup: bool) -> Step {
        match token.kind {
            Kind::Text => self.text(token, markup)?,
            Kind::Comment => self.comment(token)?,
            Kind::Doctype | Kind::Nothing => {}
            Kind::Start { .. } | Kind::End | Kind::CData => return Err(NotPlain),
        }
        self.done(token)
    }

    /// Reads a tag of this name, which has not too many attributes.
    #[inline]
    pub(super) fn tag(
        &mut self,
        token: &Token,
        name: Name,
        class: Class,
        tokenizer: &mut Tokenizer<'_>,
    ) -> Step {
        if token.kind == Kind::End {
            if !self.ends_top(name, class, token) {
                self.end(name, class, token)?;
            }
        } else if let Some(state) = self.start(name, class, token)? {
            tokenizer.switch(state, token);
        }
        if self.keeps {
            self.current = self.probed();
        }
        self.done(token)
    }

    #[inline]
    fn done(&mut self, token: &Token) -> Step {
        if self.tokens.len() + self.forgotten.tokens >= self.max_tokens {
            return Err(NotPlain);
        }
        if self.keeps {
            self.tokens.push(Stored::new(token, self.current));
        } else {
            self.forgotten.tokens += 1;
        }
        #[cfg(test)]
        {
            self.work += 1;
        }
        Ok(())
    }

    /// At the end of the text: what has to be there, is there.
    pub(super) fn finish(&mut self) -> Step {
        let end = self.length as usize;
        let end = Token { kind: Kind::Nothing, start: end, end, name_end: end };
        match self.mode {
            Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::AfterHead => self.body(&end),
            _ => Ok(()),
        }
    }

    /// Where a comment would go now: html5ever is asked by one.
    fn probed(&self) -> NodeId {
        match self.mode {
            Mode::BeforeHtml | Mode::AfterAfterBody => NodeId::ROOT,
            Mode::AfterBody => self.open.first().map_or(NodeId::ROOT, |open| open.id),
            _ => self.top(),
        }
    }

    /// Whether no formatting element is open.
    pub(super) fn has_no_formatting(&self) -> bool {
        self.outer.iter().chain([&self.formatting]).all(|open| open.all == 0)
    }

    /// What the open elements say, as it is kept beside them.
    #[cfg(test)]
    pub(super) fn scope(&self) -> String {
        format!("{:?} {:?} {:?}", self.paragraph, self.formatting, self.outer)
    }

    fn top(&self) -> NodeId {
        self.open.last().map_or(NodeId::ROOT, |open| open.id)
    }

    // Nodes.

    pub(super) fn add(
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
    fn append(
        &mut self,
        parent: NodeId,
        depth: usize,
        data: Data,
        span: std::ops::Range<usize>,
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
        span: std::ops::Range<usize>,
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
    fn kept(&mut self, id: NodeId) -> Option<&mut Slot> {
        self.nodes.get_mut(id.index())
    }

    #[inline]
    fn append_to_top(&mut self, data: Data, token: &Token) -> Result<NodeId, NotPlain> {
        self.append(self.top(), self.open.len(), data, token.span())
    }

    /// An element that `token` makes, by its own tag or by implication.
    #[inline]
    fn insert(&mut self, name: Name, own: bool, token: &Token) -> Result<NodeId, NotPlain> {
        let id = self.append_to_top(Data::Element(name), token)?;
        if let Some(slot) = self.kept(id) {
            slot.own_tag = own;
        }
        Ok(id)
    }

    #[inline]
    pub(super) fn push(&mut self, name: Name, class: Class, own: bool, token: &Token) -> Step {
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

    fn imply(&mut self, name: &'static str, class: Class, token: &Token) -> Step {
        self.push(Name::of(name), class, false, token)
    }

    /// A void element, or the one whose tag is void.
    fn insert_void(&mut self, name: Name, token: &Token) -> Step {
        let id = self.insert(name, true, token)?;
        if let Some(slot) = self.kept(id) {
            slot.end = slot.stop;
        }
        Ok(())
    }

    /// Whether this end tag is that of the innermost element, which then is closed: what the
    /// rules for the body come to when tags are well nested.
    #[inline]
    fn ends_top(&mut self, name: Name, class: Class, token: &Token) -> bool {
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
    fn close_from(&mut self, at: usize, named: Option<Name>, token: &Token) -> Step {
        let cell = self.open.get(at).is_some_and(|open| open.class == Class::Cell);
        while self.open.len() > at {
            let Some(closed) = self.open.pop() else { break };
            let own = named == Some(closed.name);
            if closed.class.is_formatting() && !cell {
                if !own || self.open.len() > at {
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

    fn close_paragraph(&mut self, token: &Token) -> Step {
        match self.paragraph {
            Some(at) => self.close_from(at, None, token),
            None => Ok(()),
        }
    }

    /// Where the innermost element of which `wanted` holds stands, unless one of which
    /// `bars` holds is open inside it.
    fn find(
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

    // Tokens.

    fn text(&mut self, token: &Token, markup: bool) -> Step {
        if !self.keeps && self.mode == Mode::InBody {
            return self.pass_text();
        }
        let raw = self.text.get(token.span()).unwrap_or_default();
        let blank = match raw.as_bytes().first() {
            _ if !markup => 0,
            Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'&') => leading_blank(raw, true),
            _ => 0,
        };
        if blank > 0 && !matches!(self.mode, Mode::BeforeHtml | Mode::BeforeHead) {
            let (top, depth) = (self.top(), self.open.len());
            self.append(top, depth, Data::Text, token.start..token.start + blank)?;
        }
        if blank == raw.len() {
            return Ok(());
        }
        match self.mode {
            Mode::InBody => {}
            // Raw text in the head.
            Mode::InHead if !markup => {}
            // The head would end here, and nothing would say so.
            Mode::InHead => return Err(NotPlain),
            Mode::BeforeHtml | Mode::BeforeHead | Mode::AfterHead => self.body(token)?,
            _ => return Err(NotPlain),
        }
        let (top, depth) = (self.top(), self.open.len());
        self.append(top, depth, Data::Text, token.start + blank..token.end)?;
        Ok(())
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

    fn comment(&mut self, token: &Token) -> Step {
        let (parent, depth) = match self.mode {
            Mode::BeforeHtml | Mode::AfterAfterBody => (NodeId::ROOT, 0),
            Mode::AfterBody => (self.probed(), 1),
            _ => (self.top(), self.open.len()),
        };
        self.append(parent, depth, Data::Comment, token.span())?;
        Ok(())
    }

    /// Goes to the body, implying what is missing before it.
    fn body(&mut self, token: &Token) -> Step {
        self.after_head(token)?;
        self.imply("body", Class::Body, token)?;
        self.mode = Mode::InBody;
        Ok(())
    }

    fn after_head(&mut self, token: &Token) -> Step {
        if self.mode == Mode::InHead {
            let head = self.open.len().saturating_sub(1);
            self.close_from(head, None, token)?;
        } else if self.mode != Mode::AfterHead {
            self.before_head(token)?;
            // It comes and goes with this token, which nothing sees.
            self.insert(Name::of("head"), false, token)?;
        }
        self.mode = Mode::AfterHead;
        Ok(())
    }

    fn before_head(&mut self, token: &Token) -> Step {
        if self.mode == Mode::BeforeHtml {
            self.imply("html", Class::Html, token)?;
            self.mode = Mode::BeforeHead;
        }
        Ok(())
    }

    pub(super) fn name_of(&mut self, token: &Token) -> (Name, Class) {
        let name = self.text.get(token.name()).unwrap_or_default();
        known(name).unwrap_or_else(|| {
            (self.names.intern_html(&name.to_ascii_lowercase()), Class::Ordinary)
        })
    }

    fn start(
        &mut self,
        name: Name,
        class: Class,
        token: &Token,
    ) -> Result<Option<State>, NotPlain> {
        match self.mode {
            Mode::InBody => {}
            Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::AfterHead => {
                if let Some(done) = self.start_before_body(name, class, token)? {
                    return Ok(done);
                }
            }
            Mode::InTable | Mode::InColumnGroup | Mode::InSection | Mode::InRow => {
                self.start_in_table(name, class, token)?;
                return Ok(None);
            }
            Mode::AfterBody | Mode::AfterAfterBody => return Err(NotPlain),
        }
        self.start_in_body(name, class, token)
    }

    /// `None`: the body has begun, and the tag is for it.
    fn start_before_body(
        &mut self,
        name: Name,
        class: Class,
        token: &Token,
    ) -> Result<Option<Option<State>>, NotPlain> {
        match (class, self.mode) {
            (Class::Html, Mode::BeforeHtml) => {
                self.push(name, class, true, token)?;
                self.mode = Mode::BeforeHead;
            }
            (Class::Html, _) => {}
            (Class::Head, Mode::BeforeHtml | Mode::BeforeHead) => {
                self.before_head(token)?;
                self.push(name, class, true, token)?;
                self.mode = Mode::InHead;
            }
            (Class::Head, _) => {}
            (Class::Body, _) => {
                self.after_head(token)?;
                self.push(name, class, true, token)?;
                self.mode = Mode::InBody;
            }
            (Class::Meta | Class::Raw | Class::Script, Mode::AfterHead) => return Err(NotPlain),
            (Class::Meta | Class::Raw | Class::Script, _) => {
                if self.mode != Mode::InHead {
                    self.before_head(token)?;
                    self.imply("head", Class::Head, token)?;
                    self.mode = Mode::InHead;
                }
                return self.start_raw(name, class, token).map(Some);
            }
            (Class::Other, _) => return Err(NotPlain),
            _ => {
                self.body(token)?;
                return Ok(None);
            }
        }
        Ok(Some(None))
    }

    fn start_raw(
        &mut self,
        name: Name,
        class: Class,
        token: &Token,
    ) -> Result<Option<State>, NotPlain> {
        if class == Class::Meta {
            self.insert_void(name, token)?;
            return Ok(None);
        }
        self.push(name, class, true, token)?;
        Ok(Some(if class == Class::Script { State::Script } else { State::Raw }))
    }

    fn start_in_body(
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

    /// Ends the innermost cell.
    fn close_cell(&mut self, named: Option<Name>, token: &Token) -> Step {
        let Some(at) = self.find(|open| open.class == Class::Cell, |class| class == Class::Table)
        else {
            return Err(NotPlain);
        };
        self.close_from(at, named, token)?;
        self.mode = Mode::InRow;
        Ok(())
    }

    /// Ends what is open at the top, of one of the kinds of which a table consists.
    fn close_top(&mut self, class: Class, named: Option<Name>, token: &Token) -> Step {
        if self.open.last().is_none_or(|open| open.class != class) {
            return Err(NotPlain);
        }
        self.close_from(self.open.len() - 1, named, token)?;
        self.mode = match class {
            Class::Row => Mode::InSection,
            Class::Section | Class::ColumnGroup => Mode::InTable,
            // Around it there is a cell or none.
            _ => Mode::InBody,
        };
        Ok(())
    }

    fn start_in_table(&mut self, name: Name, class: Class, token: &Token) -> Step {
        loop {
            match (self.mode, class) {
                (Mode::InRow, Class::Cell) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InBody;
                    return Ok(());
                }
                (Mode::InRow, Class::Row | Class::Section | Class::ColumnGroup | Class::Column) => {
                    self.close_top(Class::Row, None, token)?;
                }
                (Mode::InSection, Class::Row) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InRow;
                    return Ok(());
                }
                (Mode::InSection, Class::Cell) => {
                    self.imply("tr", Class::Row, token)?;
                    self.mode = Mode::InRow;
                }
                (Mode::InSection, Class::Section | Class::ColumnGroup | Class::Column) => {
                    self.close_top(Class::Section, None, token)?;
                }
                (Mode::InTable, Class::Section) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InSection;
                    return Ok(());
                }
                (Mode::InTable, Class::Row | Class::Cell) => {
                    self.imply("tbody", Class::Section, token)?;
                    self.mode = Mode::InSection;
                }
                (Mode::InTable, Class::ColumnGroup) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InColumnGroup;
                    return Ok(());
                }
                (Mode::InTable, Class::Column) => {
                    self.imply("colgroup", Class::ColumnGroup, token)?;
                    self.mode = Mode::InColumnGroup;
                }
                (Mode::InColumnGroup, Class::Column) => return self.insert_void(name, token),
                (
                    Mode::InColumnGroup,
                    Class::Row | Class::Cell | Class::Section | Class::ColumnGroup,
                ) => self.close_top(Class::ColumnGroup, None, token)?,
                // Everything else would be put before the table.
                _ => return Err(NotPlain),
            }
        }
    }

    fn end(&mut self, name: Name, class: Class, token: &Token) -> Step {
        // The one tag that raw text has.
        if let Some(&Open { class: Class::Raw | Class::Script, .. }) = self.open.last() {
            return self.close_from(self.open.len() - 1, Some(name), token);
        }
        match self.mode {
            Mode::InBody => self.end_in_body(name, class, token),
            Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::AfterHead => {
                self.end_before_body(name, class, token)
            }
            Mode::InTable | Mode::InColumnGroup | Mode::InSection | Mode::InRow => {
                self.end_in_table(name, class, token)
            }
            Mode::AfterBody if class == Class::Html => self.end_body(name, class, token),
            Mode::AfterBody | Mode::AfterAfterBody => Err(NotPlain),
        }
    }

    fn end_before_body(&mut self, name: Name, class: Class, token: &Token) -> Step {
        match class {
            Class::Head if self.mode == Mode::InHead => {
                let head = self.open.len().saturating_sub(1);
                self.close_from(head, Some(name), token)?;
                self.mode = Mode::AfterHead;
                Ok(())
            }
            // They imply a body.
            Class::Head if self.mode == Mode::AfterHead => Ok(()),
            Class::Head | Class::Body | Class::Html | Class::Void | Class::Other => Err(NotPlain),
            // Ignored, as the standard says.
            _ => Ok(()),
        }
    }

    fn end_in_table(&mut self, name: Name, class: Class, token: &Token) -> Step {
        loop {
            match (self.mode, class) {
                (Mode::InRow, Class::Row) => {
                    return self.close_top(Class::Row, Some(name), token);
                }
                (Mode::InRow, Class::Table) => self.close_top(Class::Row, None, token)?,
                (Mode::InRow, Class::Section) => {
                    let section = self.open.len().checked_sub(2).and_then(|at| self.open.get(at));
                    if section.is_none_or(|open| open.name != name) {
                        return Err(NotPlain);
                    }
                    self.close_top(Class::Row, None, token)?;
                }
                (Mode::InSection, Class::Section) => {
                    if self.open.last().is_none_or(|open| open.name != name) {
                        return Err(NotPlain);
                    }
                    return self.close_top(Class::Section, Some(name), token);
                }
                (Mode::InSection, Class::Table) => self.close_top(Class::Section, None, token)?,
                (Mode::InColumnGroup, Class::ColumnGroup) => {
                    return self.close_top(Class::ColumnGroup, Some(name), token);
                }
                (Mode::InColumnGroup, Class::Table) => {
                    self.close_top(Class::ColumnGroup, None, token)?;
                }
                (Mode::InTable, Class::Table) => {
                    return self.close_top(Class::Table, Some(name), token);
                }
                _ => return Err(NotPlain),
            }
        }
    }

    fn end_in_body(&mut self, name: Name, class: Class, token: &Token) -> Step {
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
    fn end_body(&mut self, name: Name, class: Class, token: &Token) -> Step {
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
