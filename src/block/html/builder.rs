//! Feeds our tokens to html5ever's tree builder, and asks it for its current node.

use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{NodeOrText, TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, LocalName, QualName, ns};

use super::reference::{decode, doctype};
use super::sink::Sink;
use super::tokenizer::{Attributes, Kind, State, Token, Tokenizer, is_space};
use super::tree::{NodeId, Stored, Tree};
use crate::block::{Limits, Refusal};

/// Feeds our tokens to html5ever's tree builder.
pub(super) struct Builder<'a> {
    text: &'a str,
    limits: Limits,
    builder: TreeBuilder<NodeId, Sink>,
    tokens: Vec<Stored>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str, limits: &Limits) -> Self {
        // Mail programs run no scripts, so `noscript` is markup to them.
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        Self {
            text,
            limits: limits.clone(),
            builder: TreeBuilder::new(Sink::new(limits), options),
            tokens: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<Tree<'a>, Refusal> {
        let mut tokenizer = Tokenizer::new(self.text);
        let mut current = NodeId::ROOT;
        loop {
            let foreign = self.builder.adjusted_current_node_present_but_not_in_html_namespace();
            let markup = tokenizer.in_markup();
            let Some(token) = tokenizer.next(foreign) else { break };
            if self.tokens.len() >= self.limits.max_tokens() {
                return Err(Refusal::TooManyTokens);
            }
            if tokenizer.attributes() > self.limits.max_attributes() {
                return Err(Refusal::TooManyAttributes);
            }
            if let Some((state, element)) = self.feed(&token, markup) {
                tokenizer.switch(state, &token);
                // Raw text is no place for a comment; its element is current until its end tag.
                current = element;
            } else if matches!(token.kind, Kind::Start { .. } | Kind::End) {
                current = self.probe();
            }
            if let Some(refusal) = self.builder.sink.refusal.get() {
                return Err(refusal);
            }
            self.tokens.push(Stored::new(&token, current));
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
            part: 0..self.text.len(),
            tokens: self.tokens,
            names: self.builder.sink.names.take(),
            contents: self.builder.sink.contents.take(),
            clones: self.builder.sink.digests.take(),
            plain: false,
            #[cfg(test)]
            work,
        };
        tree.find_ends();
        Ok(tree)
    }

    fn process(&self, token: html5ever::tokenizer::Token) -> TokenSinkResult<NodeId> {
        self.builder.process_token(token, 1)
    }

    fn feed(&self, token: &Token, markup: bool) -> Option<(State, NodeId)> {
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
            Kind::CData if raw.trim_end_matches("]]>") == "<![CDATA[" => {}
            Kind::CData => self.feed_text(token.start, raw, false),
            Kind::Text if markup => match self.begun_by_line_end(raw) {
                Some(element) => {
                    let number = self.builder.sink.run(token.span()).to_string();
                    self.builder.sink.append(&element, NodeOrText::AppendText(number.into()));
                }
                None => self.feed_text(token.start, raw, true),
            },
            Kind::Text => self.feed_run(token.span(), false),
            Kind::Start { self_closing } => {
                let tag = self.tag(token, TagKind::StartTag, self_closing);
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
                return state.zip(own);
            }
            Kind::End => {
                let tag = self.tag(token, TagKind::EndTag, false);
                let _ = self.process(Theirs::TagToken(tag));
            }
        }
        None
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
            let blank = leading_blank(piece, references);
            self.feed_run(at..at + blank, true);
            self.feed_run(at + blank..at + piece.len(), false);
            at += piece.len();
        }
    }

    /// The element that was just begun, when a browser drops the line end that it begins with,
    /// and this text is no more: then it takes up no formatting from before the element.
    fn begun_by_line_end(&self, raw: &str) -> Option<NodeId> {
        let tag = self.tokens.last().filter(|tag| matches!(tag.kind, Kind::Start { .. }))?;
        let name = self.text.get(tag.start as usize + 1..tag.name_end as usize)?;
        let is_one = ["pre", "listing"].iter().any(|n| name.eq_ignore_ascii_case(n));
        if !is_one || !is_dropped(raw) {
            return None;
        }
        let slot = *self.builder.sink.nodes.borrow().get(tag.current.index())?;
        (slot.own_tag && slot.start == tag.start).then_some(tag.current)
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

    fn tag(&self, token: &Token, kind: TagKind, self_closing: bool) -> Tag {
        let name = self.text.get(token.name()).unwrap_or_default();
        let name = if name.bytes().any(|b| b.is_ascii_uppercase() || b == 0) {
            LocalName::from(name.to_ascii_lowercase().replace('\0', "\u{FFFD}"))
        } else {
            LocalName::from(name)
        };
        let mut attrs = Vec::new();
        let wanted = kind == TagKind::StartTag && reads_attributes(&name);
        for attribute in Attributes::of(self.text, token).filter(|_| wanted) {
            let local = self.text.get(attribute.name).unwrap_or_default().to_ascii_lowercase();
            let name = QualName::new(None, ns!(), LocalName::from(local.replace('\0', "\u{FFFD}")));
            if attrs.iter().any(|a: &Attribute| a.name == name) {
                continue;
            }
            let value = decode(self.text.get(attribute.value).unwrap_or_default(), true);
            attrs.push(Attribute { name, value: StrTendril::from(&*value) });
        }
        Tag { kind, name, self_closing, attrs, had_duplicate_attributes: false }
    }

    fn probe(&self) -> NodeId {
        self.builder.sink.probing.set(true);
        let _ = self.process(html5ever::tokenizer::Token::CommentToken(StrTendril::new()));
        self.builder.sink.probing.set(false);
        self.builder.sink.probed.get()
    }
}

/// Whether a text that begins an element is one line end, which browsers drop there, and NULs,
/// which they drop everywhere.
fn is_dropped(raw: &str) -> bool {
    let raw = raw.trim_end_matches('\0');
    // A carriage return that is written as a reference is none.
    matches!(raw, "\n" | "\r" | "\r\n") || raw.starts_with('&') && decode(raw, false) == "\n"
}

/// How many bytes of a text are whitespace, references to whitespace included.
pub(super) fn leading_blank(text: &str, references: bool) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii() && is_space(c as u8));
        let after = if references { strip_blank_reference(rest) } else { None };
        match after {
            Some(after) => rest = after,
            None => return text.len() - rest.len(),
        }
    }
}

/// What follows a reference such as `&#32;`, when the text begins with one.
fn strip_blank_reference(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("&Tab;").or_else(|| text.strip_prefix("&NewLine;")) {
        return Some(rest);
    }
    let number = text.strip_prefix("&#")?;
    let (number, radix) = match number.strip_prefix(['x', 'X']) {
        Some(number) => (number, 16),
        None => (number, 10),
    };
    let rest = number.trim_start_matches(|c: char| c.is_digit(radix));
    let value = u32::from_str_radix(number.get(..number.len() - rest.len())?, radix).ok()?;
    let blank = u8::try_from(value).is_ok_and(is_space);
    blank.then(|| rest.strip_prefix(';').unwrap_or(rest))
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
