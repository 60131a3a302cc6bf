//! What is open where the part of a text begins that has its marks.
//!
//! In: a text, and where its first mark may stand. Out: the machine of `plain`, set up where a
//! line begins some way above. Never: a node of anything that is closed again before; nobody
//! asks for it.
//!
//! All that stands before the part is read by the machine's rules, and forgotten: it has no
//! mark, and nothing that could begin an earlier message, behind which all is quoted. The
//! last few lines are remembered by the elements around them.

use std::collections::VecDeque;

use memchr::{memchr, memchr2, memmem};

use super::names::Class;
use super::plain::{Forgotten, Mode, NotPlain, Open, Plain};
use super::seen::{Seen, Tag};
use super::tokenizer::{Attributes, Kind, Token, Tokenizer};
use super::tree::{Data, NodeId, Slot, Stored, node};
use super::view;
use crate::block::Limits;
use crate::block::locate::READ;
use crate::block::quote;

/// How many elements may be open around a line with which the part begins: remembering many
/// would cost more than reading on from the line before.
const AROUND: usize = 64;

/// Up to here reading all costs less than reading some of it twice.
const SHORT: usize = 1 << 10;

/// The machine that reads on where the part begins, and where that is.
pub(super) fn to_part<'a>(
    text: &'a str,
    first_mark: usize,
    limits: &Limits,
) -> Option<(Plain<'a>, usize)> {
    let all = || {
        let mut machine = Plain::new(text, limits);
        machine.add(Data::Container, 0, 0).ok()?;
        Some((machine, 0))
    };
    if first_mark <= SHORT {
        return all();
    }
    let (mut machine, _) = all()?;
    machine.keeps = false;
    let mut skim = Skim {
        text,
        machine,
        tokenizer: Tokenizer::new(text),
        seen: Seen::new(text),
        max_attributes: limits.max_attributes(),
        words: false,
        last_words: "",
        lines: VecDeque::with_capacity(READ.above),
    };
    while skim.step(first_mark)? {}
    let Skim { mut machine, mut lines, .. } = skim;
    if lines.len() < READ.above {
        return all();
    }
    let line = lines.pop_front()?;
    let start = line.start;
    let names = machine.names;
    machine = Plain::new(text, limits);
    machine.names = names;
    line.set_up(&mut machine).ok()?;
    Some((machine, start))
}

/// A line that the part may begin with: nothing but containers is open around it.
struct Line {
    start: usize,
    /// The document and the elements, outermost first.
    around: Vec<Slot>,
    /// What was made and read before the line.
    forgotten: Forgotten,
}

impl Line {
    /// Makes a new machine stand where the line begins.
    fn set_up(mut self, machine: &mut Plain<'_>) -> Result<(), NotPlain> {
        if let Some(innermost) = self.around.last_mut() {
            (innermost.first_child, innermost.last_child) = (NodeId::NONE, NodeId::NONE);
        }
        let open = self.around.iter().zip(0..).filter_map(|(slot, id)| match slot.data {
            Data::Element(name) => {
                Some(Open { id: NodeId(id), name, class: machine.names.class(name) })
            }
            _ => None,
        });
        machine.resume(open.collect())?;
        machine.nodes = self.around;
        machine.forgotten = self.forgotten;
        // It stands for all that are forgotten.
        let current = machine.current;
        machine.tokens.push(Stored { start: 0, name_end: 0, current, kind: Kind::Nothing });
        Ok(())
    }
}

struct Skim<'a> {
    text: &'a str,
    machine: Plain<'a>,
    tokenizer: Tokenizer<'a>,
    seen: Seen<'a>,
    max_attributes: usize,
    /// Whether there are words since the last line began.
    words: bool,
    last_words: &'a str,
    /// The last few, the oldest first.
    lines: VecDeque<Line>,
}

impl Skim<'_> {
    /// Reads a token; false where the part may not begin later. `None`: it is not plain.
    fn step(&mut self, first_mark: usize) -> Option<bool> {
        let markup = self.tokenizer.in_markup();
        let start = self.tokenizer.position();
        if markup && let Some(tag) = self.seen.find(start) {
            let (token, tag) = (tag.at(start), *tag);
            self.tokenizer.pass(token.end);
            return self.tag(&token, &tag, first_mark);
        }
        let Some(token) = self.tokenizer.next(false) else { return Some(false) };
        match token.kind {
            Kind::Start { .. } | Kind::End if markup => {
                if self.tokenizer.attributes() > self.max_attributes {
                    return None;
                }
                let name = self.machine.name_of(&token);
                let tag = Tag::new(&token, name, self.may_quote(&token));
                self.seen.add(tag);
                return self.tag(&token, &tag, first_mark);
            }
            _ if token.end > first_mark => return Some(false),
            _ => {}
        }
        self.machine.token(&token, markup, &mut self.tokenizer).ok()?;
        if token.kind == Kind::Text && markup {
            let raw = self.text.get(token.span()).unwrap_or_default().trim_ascii();
            if !raw.is_empty() {
                if quote::may_begin(raw, self.last_words) || has_escaped_link(raw) {
                    return Some(false);
                }
                self.words = true;
                self.last_words = raw;
            }
        }
        Some(true)
    }

    fn tag(&mut self, token: &Token, tag: &Tag, first_mark: usize) -> Option<bool> {
        if token.end > first_mark {
            return Some(false);
        }
        self.machine.tag(token, tag.name, tag.class, &mut self.tokenizer).ok()?;
        if tag.may_quote {
            return Some(false);
        }
        if self.words && self.machine.begins_line(token) {
            self.words = false;
            self.remember(token.start);
        }
        Some(true)
    }

    /// Whether a tag has a mark of what is quoted, which is in a name or a colour.
    fn may_quote(&self, token: &Token) -> bool {
        let tag = self.text.get(token.span()).unwrap_or_default();
        matches!(token.kind, Kind::Start { .. })
            && self.tokenizer.attributes() > 0
            && (self.tokenizer.has_long_name() || memchr2(b'#', b'&', tag.as_bytes()).is_some())
            && view::may_quote(Attributes::of(self.text, token), self.text)
    }

    /// Keeps what is open around the line that the last tag began.
    fn remember(&mut self, start: usize) {
        let nodes = &self.machine.nodes;
        let Some((_, around)) = nodes.split_last().filter(|_| nodes.len() <= AROUND) else {
            return;
        };
        let Forgotten { nodes, tokens } = self.machine.forgotten;
        // This token comes again, and one stands for all before it.
        let forgotten = Forgotten { nodes, tokens: tokens.saturating_sub(2) };
        let mut line = if self.lines.len() < READ.above { None } else { self.lines.pop_front() }
            .unwrap_or_else(|| Line { start, around: Vec::new(), forgotten });
        (line.start, line.forgotten) = (start, forgotten);
        line.around.clear();
        line.around.extend_from_slice(around);
        self.lines.push_back(line);
    }
}

/// Plain text that was put into markup as it is: its line ends are line ends.
fn has_escaped_link(text: &str) -> bool {
    memchr(b'&', text.as_bytes()).is_some() && memmem::find(text.as_bytes(), b"&lt;http").is_some()
}

impl Plain<'_> {
    /// Whether a line begins with the element that this tag began, if it began one, and
    /// nothing but containers is open around it.
    pub(super) fn begins_line(&self, tag: &Token) -> bool {
        let Some(open) = self.open.last() else { return false };
        let breaks =
            matches!(open.class, Class::Block | Class::List | Class::Paragraph | Class::Heading);
        breaks
            && self.mode == Mode::InBody
            && node(&self.nodes, open.id).start as usize == tag.start
            && node(&self.nodes, open.id).own_tag
            && self.has_no_formatting()
    }
}
