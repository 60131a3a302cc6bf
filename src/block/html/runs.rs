//! Runs of markup between words that were read before: programs write the same ones again and
//! again.
//!
//! In: what is open where a run begins, and the bytes from there on. Out: what the rules made of
//! the same run at another place. Never: a guess; all bytes are compared, and all elements that
//! are open, which are the whole state there, see `plain`.

use std::ops::Range;

use super::plain::{Forgotten, Open};

/// How many runs are known at a time.
const PLACES: usize = 8;

/// A longer one seldom comes again, in bytes.
const LONG: usize = 1 << 10;

/// A shorter one is read as fast as it is known again, in tokens.
const SHORT: usize = 3;

/// How the bytes of a run begin: most others begin otherwise.
type Beginning = [u8; 8];

/// What the rules made of a run.
pub(super) struct Run {
    beginning: Beginning,
    text: Range<usize>,
    /// The elements that were open before it.
    before: Vec<Open>,
    behind: Elements,
    added: Forgotten,
    line: Option<LineInRun>,
}

/// The elements that are open at a place in a run.
struct Elements {
    /// How many of those that were open before it.
    kept: usize,
    /// Its own; they begin so far behind its own beginning.
    own: Vec<Open>,
}

/// A line that begins in a run.
pub(super) struct LineInRun {
    /// How far behind the beginning of the run.
    pub(super) offset: usize,
    around: Elements,
    /// What the run has added when it begins.
    pub(super) added: Forgotten,
}

impl Elements {
    /// Those of `open`, at a place in the run that begins at `start` with `before` open.
    fn of(open: &[Open], before: &[Open], start: usize) -> Option<Self> {
        let kept = before.iter().zip(open).take_while(|(a, b)| a == b).count();
        let own = open.iter().skip(kept).map(|open| {
            // An element of its own begins in it.
            let [from, to] = [open.start, open.stop].map(|at| at.checked_sub(start as u32));
            Some(Open { start: from?, stop: to?, ..*open })
        });
        Some(Self { kept, own: own.collect::<Option<_>>()? })
    }

    /// Makes of the elements that are open where the run begins, at `start`, these.
    fn apply(&self, start: usize, open: &mut Vec<Open>) {
        open.truncate(self.kept);
        // Fits: a text of more than 4 GB is refused.
        let by = start as u32;
        let moved = |own: &Open| Open { start: own.start + by, stop: own.stop + by, ..*own };
        open.extend(self.own.iter().map(moved));
    }
}

impl LineInRun {
    /// Puts down the elements around the line, in a run that begins at `start` with `open` open.
    pub(super) fn around(&self, start: usize, open: &[Open], around: &mut Vec<Open>) {
        around.extend(open.iter().take(self.around.kept));
        self.around.apply(start, around);
    }
}

impl Run {
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// How many nodes and tokens there are behind it, when there were so many before.
    pub(super) fn count(&self, before: Forgotten) -> Forgotten {
        before.plus(self.added)
    }

    /// The line that begins in it.
    pub(super) fn line(&self) -> Option<&LineInRun> {
        self.line.as_ref()
    }

    /// Makes of the elements that are open where it begins, at `start`, those behind it.
    pub(super) fn apply(&self, start: usize, open: &mut Vec<Open>) {
        self.behind.apply(start, open);
    }

    fn is_at(&self, rest: &[u8], text: &[u8], open: &[Open]) -> bool {
        let is_same =
            |(a, b): (&Open, &Open)| (a.name, a.class, a.own_tag) == (b.name, b.class, b.own_tag);
        text.get(self.text.clone()).is_some_and(|known| rest.starts_with(known))
            && self.before.len() == open.len()
            && self.before.iter().zip(open).rev().all(is_same)
    }
}

/// The run that is being read.
struct Reading {
    start: usize,
    forgotten: Forgotten,
    line: Option<LineInRun>,
}

pub(super) struct Runs<'a> {
    text: &'a [u8],
    known: Vec<Run>,
    /// Which of them goes when another comes.
    oldest: usize,
    reading: Option<Reading>,
    /// The elements that were open before it; not its own, so that their place is used again.
    before: Vec<Open>,
}

impl<'a> Runs<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            known: Vec::with_capacity(PLACES),
            oldest: 0,
            reading: None,
            before: Vec::new(),
        }
    }

    /// The longest known run that begins at `start`, with these elements open.
    pub(super) fn find(&self, start: usize, open: &[Open]) -> Option<&Run> {
        let rest = self.text.get(start..)?;
        let beginning: &Beginning = rest.first_chunk()?;
        let alike = self.known.iter().filter(|run| run.beginning == *beginning);
        alike.filter(|run| run.is_at(rest, self.text, open)).max_by_key(|run| run.len())
    }

    /// A run begins, with these elements open.
    pub(super) fn begin(&mut self, start: usize, open: &[Open], forgotten: Forgotten) {
        self.before.clear();
        self.before.extend_from_slice(open);
        self.reading = Some(Reading { start, forgotten, line: None });
    }

    /// A line begins in the run, with these elements around it.
    pub(super) fn begin_line(&mut self, at: usize, around: &[Open], forgotten: Forgotten) {
        let Some(reading) = &mut self.reading else { return };
        let added = forgotten.minus(reading.forgotten);
        match Elements::of(around, &self.before, reading.start) {
            Some(around) => {
                reading.line = Some(LineInRun { offset: at - reading.start, around, added });
            }
            None => self.give_up(),
        }
    }

    /// The run is not one that may come again.
    pub(super) fn give_up(&mut self) {
        self.reading = None;
    }

    /// The run ends, with these elements open.
    pub(super) fn end(&mut self, end: usize, open: &[Open], forgotten: Forgotten) {
        if let Some(run) = self.read(end, open, forgotten) {
            match self.known.get_mut(self.oldest) {
                Some(place) => *place = run,
                None => self.known.push(run),
            }
            self.oldest = (self.oldest + 1) % PLACES;
        }
        self.reading = None;
    }

    /// The run that was read, when it ends here and may come again.
    fn read(&mut self, end: usize, open: &[Open], forgotten: Forgotten) -> Option<Run> {
        let Reading { start, forgotten: from, line } = self.reading.as_mut()?;
        let (text, added) = (*start..end, forgotten.minus(*from));
        if text.len() > LONG || added.tokens < SHORT {
            return None;
        }
        let beginning = *self.text.get(text.clone())?.first_chunk()?;
        let behind = Elements::of(open, &self.before, *start)?;
        let (before, line) = (self.before.clone(), line.take());
        Some(Run { beginning, text, before, behind, added, line })
    }
}
