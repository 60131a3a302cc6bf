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

use memchr::{memchr_iter, memchr2};

use super::names::Class;
use super::plain::{Forgotten, Mode, NotPlain, Open, Plain};
use super::seen::{Seen, Tag};
use super::tokenizer::{Attributes, Kind, Token, Tokenizer};
use super::tree::{Data, Stored};
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
    let new = || {
        let mut machine = Plain::new(text, limits);
        machine.add(Data::Container, 0, 0).ok()?;
        Some(machine)
    };
    if first_mark <= SHORT {
        return Some((new()?, 0));
    }
    let mut machine = Plain::new(text, limits);
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
        return Some((new()?, 0));
    }
    let line = lines.pop_front()?;
    let (start, names) = (line.start, machine.names);
    machine = new()?;
    machine.names = names;
    line.set_up(&mut machine).ok()?;
    Some((machine, start))
}

/// A line that the part may begin with: nothing but containers is open around it.
struct Line {
    start: usize,
    /// The elements, outermost first.
    around: Vec<Open>,
    /// What was made and read before the line, but for these elements.
    forgotten: Forgotten,
}

impl Line {
    /// Makes a new machine stand where the line begins.
    fn set_up(self, machine: &mut Plain<'_>) -> Result<(), NotPlain> {
        for Open { name, class, start, stop, own_tag, .. } in self.around {
            let (start, end) = (start as usize, stop as usize);
            let token = Token { kind: Kind::Nothing, start, end, name_end: start };
            machine.push(name, class, own_tag, &token)?;
        }
        machine.go_on_in_body();
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
        let known = if markup { self.seen.find(start) } else { None };
        let (token, tag) = match known {
            Some(tag) => {
                let token = tag.at(start);
                self.tokenizer.pass(token.end);
                (token, *tag)
            }
            None => {
                let Some(token) = self.tokenizer.next(false) else { return Some(false) };
                if !markup || !matches!(token.kind, Kind::Start { .. } | Kind::End) {
                    return self.other(&token, markup, first_mark);
                }
                if self.tokenizer.attributes() > self.max_attributes {
                    return None;
                }
                let name = self.machine.name_of(&token);
                let tag = Tag::new(&token, name, self.may_quote(&token));
                self.seen.add(tag);
                (token, tag)
            }
        };
        if token.end > first_mark {
            return Some(false);
        }
        self.machine.tag(&token, tag.name, tag.class, &mut self.tokenizer).ok()?;
        if tag.may_quote {
            return Some(false);
        }
        if self.words && self.machine.begins_line(&token) {
            self.words = false;
            self.remember(start);
        }
        Some(true)
    }

    /// Reads a token that is no tag, or in raw text.
    #[inline]
    fn other(&mut self, token: &Token, markup: bool, first_mark: usize) -> Option<bool> {
        if token.end > first_mark {
            return Some(false);
        }
        self.machine.token(token, markup, &mut self.tokenizer).ok()?;
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
        let Plain { open, forgotten: Forgotten { nodes, tokens }, .. } = &self.machine;
        let Some((_, around)) = open.split_last().filter(|_| open.len() <= AROUND) else { return };
        // This token comes again, and one stands for all before it.
        let nodes = nodes.saturating_sub(open.len());
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
    memchr_iter(b'&', text.as_bytes())
        .any(|at| text.get(at..).is_some_and(|rest| rest.starts_with("&lt;http")))
}

impl Plain<'_> {
    /// Whether a line begins with the element that this tag began, if it began one, and
    /// nothing but containers is open around it.
    #[inline]
    pub(super) fn begins_line(&self, tag: &Token) -> bool {
        let Some(open) = self.open.last() else { return false };
        let breaks =
            matches!(open.class, Class::Block | Class::List | Class::Paragraph | Class::Heading);
        breaks
            && self.mode == Mode::InBody
            && open.start as usize == tag.start
            && open.own_tag
            && self.has_no_formatting()
    }
}
