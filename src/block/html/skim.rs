//! What is open where the part of a text begins that has its links of products.
//!
//! In: a text, and where the first such link may stand. Out: the machine of `plain`, set up where a
//! line begins some way above. Never: a node of anything that is closed again before; nobody
//! asks for it.
//!
//! All that stands before the part is read by the machine's rules, and forgotten: it has no
//! link of a product, and nothing that could begin an earlier message, behind which all is
//! quoted; rows and labels in it are asked for elsewhere, see `scan`. The last few lines are
//! remembered by the elements around them.

use std::collections::VecDeque;

use super::names::Class;
use super::plain::{Forgotten, Mode, NotPlain, Open, Plain};
use super::reader::{Read, Reader};
use super::reference::decode;
use super::runs::Runs;
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

/// Where the part begins.
pub(super) struct Start<'a> {
    /// As it stands there.
    pub(super) machine: Plain<'a>,
    /// As it stands there.
    pub(super) reader: Reader<'a>,
    pub(super) start: usize,
}

/// Reads what stands before the part.
pub(super) fn to_part<'a>(text: &'a str, first_link: usize, limits: &Limits) -> Option<Start<'a>> {
    let mut machine = Plain::new(text, limits);
    machine.add(Data::Container, 0, 0).ok()?;
    if first_link <= SHORT {
        return Some(Start { machine, reader: Reader::starting_at(text, 0), start: 0 });
    }
    let mut skim = Skim::new(text, limits);
    while skim.step(first_link)? {}
    let Skim { machine: Plain { names, .. }, reader, mut lines, .. } = skim;
    // The reader knows tags by them.
    machine.names = names;
    let mut start = 0;
    if lines.len() == READ.above {
        let line = lines.pop_front()?;
        start = line.start;
        line.set_up(&mut machine).ok()?;
    }
    Some(Start { machine, reader: reader.moved_to(text, start), start })
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

/// Where skimming ends, with all that is remembered there; `forgets`: it knows no runs.
#[cfg(test)]
pub(super) fn state(text: &str, first_link: usize, forgets: bool) -> Option<String> {
    let mut skim = Skim::new(text, &Limits::new());
    while skim.step(first_link)? {
        if forgets {
            skim.runs = Runs::of(text);
        }
    }
    let Skim { machine, reader, words, last_words, lines, .. } = skim;
    let Plain { open, forgotten, mode, .. } = &machine;
    let lines: Vec<_> = lines.iter().map(|l| (l.start, &l.around, l.forgotten)).collect();
    let at = (reader.tokenizer.position(), words, last_words);
    Some(format!("{at:?} {lines:?} {open:?} {forgotten:?} {mode:?} {}", machine.scope()))
}

struct Skim<'a> {
    text: &'a str,
    machine: Plain<'a>,
    reader: Reader<'a>,
    /// Whether there are words since the last line began.
    words: bool,
    /// As they are written.
    last_words: &'a str,
    /// The last few, the oldest first.
    lines: VecDeque<Line>,
    runs: Runs<'a>,
}

impl<'a> Skim<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        let mut machine = Plain::new(text, limits);
        machine.keeps = false;
        Self {
            text,
            machine,
            reader: Reader::starting_at(text, 0),
            words: false,
            last_words: "",
            lines: VecDeque::with_capacity(READ.above),
            runs: Runs::of(text),
        }
    }

    /// Reads a token; false where the part may not begin later. `None`: it is not plain.
    fn step(&mut self, first_link: usize) -> Option<bool> {
        let text = self.text;
        let next =
            self.machine.next(&mut self.reader, |tokenizer, tag| may_quote(text, tokenizer, tag));
        let Some(read @ Read { token, markup, tag }) = &next.ok()? else { return Some(false) };
        if token.end > first_link {
            return Some(false);
        }
        let words = match token.kind {
            Kind::Text if *markup => text.get(token.span()).unwrap_or_default().trim_ascii(),
            _ => "",
        };
        if !words.is_empty() {
            match &self.machine {
                Plain { mode: Mode::InBody, open, forgotten, .. } => {
                    self.runs.end(token.start, open, *forgotten);
                }
                _ => self.runs.give_up(),
            }
        }
        self.machine.take(read, &mut self.reader).ok()?;
        match tag {
            Some(tag) if tag.may_quote => return Some(false),
            Some(tag) => {
                if self.words && self.machine.begins_line(token) {
                    self.words = false;
                    self.begin_line(token.start);
                }
                if tag.class == Class::Link {
                    // Each leads elsewhere.
                    self.runs.give_up();
                }
            }
            None if !words.is_empty() => {
                if self.may_begin_earlier(words) || view::has_escaped_link(words) {
                    return Some(false);
                }
                (self.words, self.last_words) = (true, words);
                return self.pass_run(first_link);
            }
            None if !markup => self.runs.give_up(),
            None => {}
        }
        Some(true)
    }

    /// Whether an earlier message may begin where these words are.
    fn may_begin_earlier(&self, words: &str) -> bool {
        quote::may_begin_when_read(words)
            && quote::may_begin(&decode(words, false), &decode(self.last_words, false))
    }

    /// Keeps what is open around the line that the last tag began.
    fn begin_line(&mut self, start: usize) {
        let Plain { open, forgotten, .. } = &self.machine;
        match open.split_last() {
            Some((_, around)) if around.len() < AROUND => {
                self.runs.begin_line(start, around, *forgotten);
                let keep = |kept: &mut Vec<Open>| kept.extend_from_slice(around);
                remember(&mut self.lines, start, *forgotten, keep);
            }
            _ => self.runs.give_up(),
        }
    }

    /// Passes over the run of markup that follows words, if it is known.
    fn pass_run(&mut self, first_link: usize) -> Option<bool> {
        let start = self.reader.tokenizer.position();
        let before = self.machine.forgotten;
        if self.machine.open.len() > AROUND || !self.machine.may_count(before) {
            return Some(true);
        }
        let Some(run) = self.runs.find(start, &self.machine.open).filter(|run| {
            start + run.len() <= first_link && self.machine.may_count(run.count(before))
        }) else {
            self.runs.begin(start, &self.machine.open, before);
            return Some(true);
        };
        let mut open = std::mem::take(&mut self.machine.open);
        if let Some(line) = run.line() {
            self.words = false;
            let (at, forgotten) = (start + line.offset, before.plus(line.added));
            remember(&mut self.lines, at, forgotten, |around| line.around(start, &open, around));
        }
        run.apply(start, &mut open);
        self.machine.resume(open).ok()?;
        self.machine.forgotten = run.count(before);
        self.reader.tokenizer.pass(start + run.len());
        Some(true)
    }
}

/// Keeps what is open around a line, which `around` puts down.
fn remember(
    lines: &mut VecDeque<Line>,
    start: usize,
    forgotten: Forgotten,
    around: impl FnOnce(&mut Vec<Open>),
) {
    // The oldest becomes the newest.
    let oldest = if lines.len() < READ.above { None } else { lines.pop_front() };
    let mut kept = oldest.map_or_else(Vec::new, |line| line.around);
    kept.clear();
    around(&mut kept);
    // This token comes again, and one stands for all before it.
    let Forgotten { nodes, tokens } = forgotten;
    let nodes = nodes.saturating_sub(kept.len() + 1);
    let forgotten = Forgotten { nodes, tokens: tokens.saturating_sub(2) };
    lines.push_back(Line { start, around: kept, forgotten });
}

/// Whether a tag, the last one, has a mark of what is quoted.
fn may_quote(text: &str, tokenizer: &Tokenizer<'_>, tag: &Token) -> bool {
    matches!(tag.kind, Kind::Start { .. })
        && tokenizer.attributes() > 0
        && view::may_quote(Attributes::of(text, tag), text)
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
