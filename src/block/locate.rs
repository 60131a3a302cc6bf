//! Which lines of a body are the meeting's own block.
//!
//! In: [`Line`]s and the record. Out: [`Choice`], by lines, never an edit.
//!
//! Evidence comes first: links that lead into a meeting, and marks that only a product's
//! add-in or service sets. Fences and headings settle the extent and nothing else; they
//! are never paired by counting, since either may be missing and strays are common.

mod above;
mod below;
mod calls;
mod footer;
mod language;
mod unframed;
mod weak;
mod words;

use std::collections::HashMap;

use crate::link::Meeting;
use crate::meeting::Record;
use crate::policy::AddInEvidence;
use crate::provider::Provider;
use crate::provider::marks::{MarkSet, Marks};

pub(crate) use self::language::language;
use self::words::{has_label_before, has_words_behind, is_heading, is_reference};
use super::line::{Evidence, FenceOnLine, Join, Line};
use super::{Absence, Foreignness};

/// How many lines may stand between a fence and the link to join: headings, and what an
/// organiser put among them.
const HEAD_LINES: usize = 7;

/// Lines above the first line with evidence or a row, and below the last.
pub(crate) struct Margin {
    pub(crate) above: usize,
    pub(crate) below: usize,
}

/// How many of them a choice depends on at most. An earlier message that two lines begin goes
/// on with a third.
pub(crate) const NEEDED: Margin = Margin { above: HEAD_LINES + 2, below: 3 };

/// How many of them are read: some turn out to be none, or to be one.
pub(crate) const READ: Margin = Margin { above: NEEDED.above + 3, below: NEEDED.below + 2 };

/// How many lines without evidence a block may have in its middle, when no closing fence
/// says that it goes on: phone numbers without links, a footer.
const GAP_LINES: usize = 4;

/// No block is longer than this, in lines: a bound on how far each search looks.
const BLOCK_LINES: usize = 300;

/// How many of a line's links are compared with those of other lines.
const BLOCK_JOINS: usize = 8;

/// A line longer than this, in characters, is somebody's prose and no heading.
const PROSE: usize = 100;

/// A block, as lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) provider: Provider,
    /// The first and the last line.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// The fence that begins it, when one does.
    pub(crate) opening: Option<FenceOnLine>,
    /// The fence that ends it, when one does.
    pub(crate) closing: Option<FenceOnLine>,
    /// Part of an earlier message.
    pub(crate) quoted: bool,
    /// Where it begins on its first line, when words of somebody's stand before it.
    pub(crate) begins: Option<usize>,
    /// Where it ends on its last line, when words of somebody's stand behind it.
    pub(crate) ends: Option<usize>,
    /// The meetings that its links lead into.
    keys: Vec<String>,
    /// No fence begins it, and its link stands in it twice: one may be a sentence of
    /// somebody's above the block. Or, without any frame, an end of it may be somebody's.
    doubtful: bool,
    /// No mark and no pair of rows says that a service wrote it: it may be pasted.
    unframed: bool,
}

impl Candidate {
    /// The wider one of two that overlap; in doubt when neither holds the other.
    fn merge(&mut self, mut other: Self) {
        let apart = self.first < other.first && self.last < other.last;
        let others = other.keys.iter().any(|key| !self.keys.contains(key));
        if other.last - other.first > self.last - self.first {
            std::mem::swap(self, &mut other);
        }
        if apart && others && self.quoted == other.quoted {
            self.doubtful = true;
            self.keys.append(&mut other.keys);
        }
    }
}

/// What the lines say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    One(Candidate),
    Absent(Absence),
    Foreign(Foreignness, Vec<Candidate>),
    Ambiguous(Vec<Candidate>),
}

/// Chooses the meeting's own block among what the lines hold.
pub(crate) fn choose(
    lines: &[Line<'_>],
    record: Option<&Record>,
    evidence: AddInEvidence,
    marks: &MarkSet,
) -> Choice {
    // The record may hold a wrapped link too.
    let recorded = record.and_then(|r| r.join_url.as_ref()).map(|url| Meeting::of(url));
    let Found { blocks, .. } = candidates(lines, recorded.as_ref(), marks);
    chosen(blocks, lines, recorded.as_ref(), evidence)
}

/// What the lines of a part say.
pub(crate) struct InPart {
    pub(crate) choice: Choice,
    /// Rows and labels on other lines make no difference: a row ends each block, and no links
    /// stand outside of blocks.
    pub(crate) closed: bool,
    /// The first and the last line with a link of a product's, or into the recorded meeting.
    pub(crate) linked: Option<(usize, usize)>,
}

/// As [`choose`], of lines of a part of a body that hold all its links, with those that are
/// [`NEEDED`] around them; `None` where other lines may make a difference.
pub(crate) fn choose_in_part(
    lines: &[Line<'_>],
    record: Option<&Record>,
    evidence: AddInEvidence,
    marks: &MarkSet,
) -> Option<InPart> {
    let recorded = record.and_then(|r| r.join_url.as_ref()).map(|url| Meeting::of(url));
    let Found { blocks, settled, closed, linked } = candidates(lines, recorded.as_ref(), marks);
    let choice = || chosen(blocks, lines, recorded.as_ref(), evidence);
    settled.then(|| InPart { choice: choice(), closed, linked })
}

fn chosen(
    found: Vec<Candidate>,
    lines: &[Line<'_>],
    recorded: Option<&Meeting>,
    evidence: AddInEvidence,
) -> Choice {
    if found.is_empty() {
        let any = lines.iter().any(Line::has_link_of_product);
        return Choice::Absent(if any { Absence::NoBlock } else { Absence::NoMark });
    }
    let (quoted, live): (Vec<_>, Vec<_>) = found.into_iter().partition(|c| c.quoted);
    if live.is_empty() {
        return Choice::Foreign(Foreignness::Quoted, quoted);
    }
    let own = match (recorded, evidence) {
        (Some(meeting), _) => {
            let (own, others): (Vec<_>, Vec<_>) =
                live.into_iter().partition(|c| c.keys.iter().any(|k| k == meeting.key()));
            match others.as_slice() {
                // The only block, and its link is gone: nothing says that it is another's.
                [one] if own.is_empty() && one.keys.is_empty() => others,
                _ if own.is_empty() => return Choice::Foreign(Foreignness::OtherLink, others),
                _ => own,
            }
        }
        // What may be pasted counts where nothing surer does.
        (None, AddInEvidence::RecordOrMarks) if live.iter().any(|c| !c.unframed) => {
            live.into_iter().filter(|c| !c.unframed).collect()
        }
        (None, AddInEvidence::RecordOrMarks) => live,
        (None, AddInEvidence::Record) => return Choice::Foreign(Foreignness::NoRecord, live),
    };
    match <[Candidate; 1]>::try_from(own) {
        Ok([one]) if one.doubtful => Choice::Ambiguous(vec![one]),
        Ok([one]) => Choice::One(one),
        Err(several) => Choice::Ambiguous(several),
    }
}

/// What a search of lines comes to.
struct Found {
    /// All blocks that the lines hold, in order.
    blocks: Vec<Candidate>,
    /// Lines without evidence, below all that have some, do not matter.
    settled: bool,
    /// Rows and labels on lines that are not known do not matter either.
    closed: bool,
    /// The first and the last line with a link of a product's, or into the recorded meeting.
    linked: Option<(usize, usize)>,
}

fn candidates(lines: &[Line<'_>], recorded: Option<&Meeting>, marks: &MarkSet) -> Found {
    let mut found: Vec<Candidate> = Vec::new();
    let (searches, linked) = Search::all(lines, recorded, marks);
    let (mut settled, mut closed) = (true, true);
    for search in &searches {
        let from = found.len();
        settled &= search.run(&mut found);
        closed &= search.is_closed(found.get(from..).unwrap_or_default());
    }
    for search in &searches {
        search.run_without_joins(&mut found);
    }
    found.sort_by_key(|c| (c.first, c.last));
    // One product's block may name another's link (a video line): the wider one holds it.
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in found {
        match kept.last_mut() {
            Some(last) if candidate.first <= last.last => last.merge(candidate),
            _ => kept.push(candidate),
        }
    }
    Found { blocks: kept, settled, closed, linked }
}

/// The search for one product's blocks.
struct Search<'a> {
    lines: &'a [Line<'a>],
    set: &'a MarkSet,
    marks: &'static Marks,
    recorded: Option<&'a Meeting>,
    /// What the lines with evidence say, in their order.
    evidence: Vec<(usize, Evidence<'a>)>,
    /// For each meeting, the last line with a button that leads into it.
    buttons: HashMap<&'a str, usize>,
}

impl<'a> Search<'a> {
    /// One search for each product that may have a block, and the first and the last line with
    /// a link. Lines without evidence, which are most, are looked at once.
    fn all(
        lines: &'a [Line<'a>],
        recorded: Option<&'a Meeting>,
        set: &'a MarkSet,
    ) -> (Vec<Self>, Option<(usize, usize)>) {
        let mut searches: Vec<Self> = set
            .products()
            .map(|marks| {
                let (evidence, buttons) = (Vec::new(), HashMap::new());
                Self { lines, set, marks, recorded, evidence, buttons }
            })
            .collect();
        // A link into a meeting begins most blocks, so most products are out at once.
        let mut sought = set.products_with(|marks| !marks.needs_marks);
        let (mut evident, mut linked) = (Vec::new(), None);
        for (i, line) in lines.iter().enumerate() {
            let into_recorded = line.recorded_links(recorded);
            let (products, ways) = line.products(&into_recorded, set);
            sought = sought.and(ways);
            if !products.is_empty() {
                if !into_recorded.is_empty() || line.has_link_of_product() {
                    linked = Some((linked.map_or(i, |(first, _)| first), i));
                }
                evident.push((i, line, into_recorded, products));
            }
        }
        for (i, line, into_recorded, products) in evident {
            for (product, search) in searches.iter_mut().enumerate() {
                if !products.has(product) || !sought.has(product) {
                    continue;
                }
                let evidence = line.evidence(product, search.marks, &into_recorded);
                for join in evidence.joins.iter().filter(|join| join.labelled) {
                    search.buttons.insert(join.key, i);
                }
                if evidence.is_some() {
                    search.evidence.push((i, evidence));
                }
            }
        }
        searches.retain(|search| !search.evidence.is_empty());
        (searches, linked)
    }

    fn evidence(&self, i: usize) -> &Evidence<'a> {
        const NONE: &Evidence<'static> = &Evidence {
            joins: Vec::new(),
            companion: false,
            marked: false,
            begins: None,
            button: None,
        };
        let at = self.evidence.binary_search_by_key(&i, |(line, _)| *line);
        at.ok().and_then(|at| self.evidence.get(at)).map_or(NONE, |(_, evidence)| evidence)
    }

    fn line(&self, i: usize) -> Option<&'a Line<'a>> {
        self.lines.get(i)
    }

    fn fence(&self, i: usize) -> Option<&'a FenceOnLine> {
        let line = self.line(i)?;
        let own = || line.fences.iter().find(|f| f.fence.is_own_of(self.marks.provider));
        self.marks.fences.iter().find_map(|fence| line.fence(*fence)).or_else(own)
    }

    /// Whether lines without evidence, below all that have some, do not matter: the end of a
    /// block without a frame is told by words.
    fn run(&self, found: &mut Vec<Candidate>) -> bool {
        let (mut from, mut past, mut settled) = (0, 0, true);
        for (at, _) in self.evidence.iter().filter(|(_, evidence)| !evidence.joins.is_empty()) {
            if *at < past {
                continue;
            }
            let candidate = self.grow(from, *at);
            past = candidate.last.max(*at) + 1;
            let framed = self.is_block(&candidate);
            settled &= framed || self.marks.bare.is_none();
            // The links that end a footer are no evidence.
            settled &= candidate.closing.is_some() || !self.ends_block(candidate.last);
            let block = if framed { Some(candidate) } else { self.unframed(from, *at) };
            if let Some(block) = block {
                past = block.last.max(*at) + 1;
                from = past;
                found.push(block);
            }
        }
        settled
    }

    /// The lines with links.
    fn linked(&self) -> impl Iterator<Item = usize> {
        let has_link = |evidence: &Evidence<'_>| evidence.companion || !evidence.joins.is_empty();
        self.evidence.iter().filter(move |(_, evidence)| has_link(evidence)).map(|(at, _)| *at)
    }

    /// Whether a row ends each of these blocks, and all links of the product stand in one.
    fn is_closed(&self, found: &[Candidate]) -> bool {
        let in_block =
            |at: usize| found.iter().any(|block| (block.first..=block.last).contains(&at));
        found.iter().all(|block| block.closing.is_some()) && self.linked().all(in_block)
    }

    /// Blocks whose link to join was taken out or damaged: both fences, and a link between
    /// them that only a block has.
    fn run_without_joins(&self, found: &mut Vec<Candidate>) {
        if self.marks.needs_marks {
            return;
        }
        let mut taken = vec![false; self.lines.len()];
        for candidate in found.iter() {
            let lines = taken.get_mut(candidate.first..=candidate.last);
            lines.unwrap_or_default().fill(true);
        }
        let fences: Vec<usize> =
            (0..self.lines.len()).filter(|&i| self.fence(i).is_some()).collect();
        for (&first, &last) in fences.iter().zip(fences.iter().skip(1)) {
            let range = first..=last;
            let quoted = self.line(first).is_some_and(|l| l.quoted);
            let pair = match (self.fence(first), self.fence(last)) {
                (Some(a), Some(b)) => a.fence.opens() && b.fence.closes(Some(a.fence)),
                _ => false,
            };
            let fits = pair
                && range.clone().all(|i| {
                    self.line(i).is_some_and(|l| l.quoted == quoted)
                        && self.evidence(i).joins.is_empty()
                        && taken.get(i) == Some(&false)
                });
            if fits && range.clone().any(|i| self.evidence(i).companion) {
                found.push(Candidate {
                    provider: self.marks.provider,
                    first,
                    last,
                    opening: self.fence(first).cloned(),
                    closing: self.fence(last).cloned(),
                    quoted,
                    begins: None,
                    ends: None,
                    keys: Vec::new(),
                    doubtful: false,
                    unframed: false,
                });
            }
        }
    }

    /// What could be a block around the line `join`; lines above `from` are not its own.
    fn grow(&self, from: usize, join: usize) -> Candidate {
        let quoted = self.line(join).is_some_and(|l| l.quoted);
        let opening = self.opening(from, join, quoted);
        let first = match opening {
            Some(fence) => fence,
            None if self.is_mention(join) => join,
            None => self.heading(from, join, quoted),
        };
        let (reach, closing, mut doubtful) =
            self.tail(join, quoted, opening.and_then(|i| self.fence(i)));
        let sentence = |&i: &usize| closing.is_none() && self.is_google_s_sentence(i, quoted);
        let last = closing.unwrap_or(Some(reach + 1).filter(sentence).unwrap_or(reach));
        // Somebody's words may stand on the line that begins or ends it.
        doubtful |= opening.is_none() && self.has_words_of_somebodys(first);
        doubtful |= closing.is_none() && self.line(last).is_some_and(has_words_behind);
        doubtful |= opening.is_none() && self.is_below_a_name(first);
        doubtful |= opening.is_none() && self.is_half_row(first.wrapping_sub(1));
        doubtful |= closing.is_none() && self.is_half_row(last + 1);
        doubtful |= self.has_row_behind_link(join);
        // All on one line, and nothing says where it ends.
        doubtful |= opening == Some(join) && closing.is_none() && last == join;
        // Where it stood are words, and its links are far below them.
        doubtful |= self.line(join).is_some_and(is_reference);
        // A row, words, then a heading: somebody's row above a block that has lost its own.
        doubtful |= opening.is_some_and(|row| {
            let heading = self.heading(from.max(row + 1), join, quoted);
            // A link on a line of its own parts the block's first heading from the next.
            let own = |i: usize| {
                self.evidence(i).is_some() || self.line(i).is_some_and(|l| is_heading(&l.text))
            };
            heading < join && !(row + 1..heading).all(own)
        });
        // Without a fence a block begins with its first element, not with the line.
        let begins = self.evidence(first).begins.filter(|&at| {
            opening.is_none()
                && self.line(first).is_some_and(|l| l.words_start < at && !has_label_before(l))
        });
        let mut candidate = Candidate {
            provider: self.marks.provider,
            first,
            last,
            opening: opening.and_then(|i| self.fence(i)).cloned(),
            closing: closing.and_then(|i| self.fence(i)).cloned(),
            quoted,
            begins,
            ends: None,
            keys: (first..=last).flat_map(|i| self.keys_of(i)).collect(),
            doubtful,
            unframed: false,
        };
        // What only a container's label made a part of a lone button is none.
        let bare = || (first..=last).all(|i| i == join || self.is_mere_label(i));
        if candidate.opening.is_none() && self.is_bare_button(join) && bare() {
            (candidate.first, candidate.last) = (join, join);
        }
        if candidate.first == candidate.last
            && self.is_bare_button(candidate.first)
            && let Some(button) = &self.evidence(candidate.first).button
        {
            (candidate.begins, candidate.ends) = (Some(button.start), Some(button.end));
        }
        candidate
    }

    fn keys_of(&self, i: usize) -> Vec<String> {
        self.evidence(i).joins.iter().map(|j| j.key.to_owned()).collect()
    }

    /// Whether an add-in or a service wrote it: links alone are pasted and retyped.
    fn is_block(&self, candidate: &Candidate) -> bool {
        let evidence = || (candidate.first..=candidate.last).map(|i| self.evidence(i));
        let joins = || evidence().flat_map(|e| &e.joins);
        if evidence().any(|e| e.marked) {
            return true;
        }
        let companion = evidence().any(|e| e.companion);
        let fences =
            usize::from(candidate.opening.is_some()) + usize::from(candidate.closing.is_some());
        if self.marks.needs_marks {
            // Fences alone frame other products too: a link on a host that could be
            // anybody's needs a companion, or its twin for the web app.
            let twin = |j: &Join<'_>| joins().filter(|other| other.key == j.key).nth(1).is_some();
            let sure = |j: &Join<'_>| !j.weak || twin(j);
            return fences == 2 && (companion || joins().take(BLOCK_JOINS).any(sure));
        }
        fences == 2
            || companion && (fences == 1 || joins().any(|j| j.labelled))
            || candidate.first == candidate.last && self.is_bare_button(candidate.first)
    }

    /// Whether the line has nothing of a product's but its label: no link, no fence.
    fn is_mere_label(&self, i: usize) -> bool {
        let evidence = self.evidence(i);
        evidence.joins.is_empty() && !evidence.companion && self.fence(i).is_none()
    }

    /// A channel meeting of 2017 is a lone button.
    fn is_bare_button(&self, line: usize) -> bool {
        self.line(line).is_some_and(|line| {
            line.links.len() == 1
                && line.links.iter().any(|l| l.labelled && l.url.contains("thread.skype/"))
        })
    }
}
