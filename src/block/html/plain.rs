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

mod body;
mod head;
mod nodes;
mod open;
mod table;

use memchr::{memchr, memchr_iter};

use super::builder::leading_blank;
use super::names::{Class, Name, Names, known};
use super::reader::Reader;
use super::tokenizer::{Kind, State, Token, Tokenizer};
use super::tree::{Data, NodeId, Slot, Stored, Tree};
use crate::block::Limits;

pub(super) use self::nodes::Forgotten;
use self::open::Formatting;
pub(super) use self::open::Open;

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

/// The token does not belong to the subset.
#[derive(Debug)]
pub(super) struct NotPlain;

type Step = Result<(), NotPlain>;

/// The machine: what it has made, and what is open.
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

    fn top(&self) -> NodeId {
        self.open.last().map_or(NodeId::ROOT, |open| open.id)
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
            Mode::BeforeHtml | Mode::BeforeHead | Mode::AfterHead => self.body(token)?,
            // The head would end here, and nothing would say so.
            _ => return Err(NotPlain),
        }
        let (top, depth) = (self.top(), self.open.len());
        self.append(top, depth, Data::Text, token.start + blank..token.end)?;
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
}
