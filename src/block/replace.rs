//! Takes the old block out, puts the new one in, and proves that nothing else changed.
//!
//! In: a body and what to show. Out: [`Found`] or [`Rewrite`]. The output is prefix, new
//! block, suffix; prefix and suffix are the caller's own bytes.
//!
//! The proof, for HTML: the result is parsed too, the tree outside the new block equals
//! the tree outside the old one, and the new block is found where it was written. Of plain
//! markup only the new block is parsed, see `html::graft`. For text: the new block is found
//! where it was written.

use std::cell::OnceCell;
use std::fmt::Debug;
use std::ops::Range;

use crate::body::{Body, Format};
use crate::coordinates::Coordinates;
use crate::link;
use crate::meeting::Record;
use crate::policy::AddInEvidence;
use crate::private::Private;
use crate::provider::Provider;

use super::charset::{self, Decoded};
use super::html::cut::{self, Cut};
use super::html::graft::Seam;
use super::html::part;
use super::html::phrasing;
use super::html::tree::Tree;
use super::html::view;
use super::line::Line;
use super::locate::{Candidate, Choice, InPart, NEEDED, choose, choose_in_part, language};
use super::patch::{Patch, Patched};
use super::same::same;
use super::{Absence, Block, Found, Options, Refusal, Rewrite, quote, render, scan, text};

/// See [`super::locate`].
pub(super) fn locate(body: &Body, record: Option<&Record>, options: &Options) -> Found {
    let attempt = || {
        let decoded = read(body, options)?;
        settled(&decoded, body.format(), record, options, |parsed, choice| {
            Ok(match located(&decoded, parsed, choice)? {
                Search::One(found) => Found::One(found.block),
                Search::Other(other) => other,
            })
        })
        .map(|found| found.unwrap_or(Found::Absent(Absence::NoMark)))
    };
    attempt().unwrap_or_else(Found::Refused)
}

/// In which spelling a block that says what the new one does is left alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Any,
    Ours,
}

/// See [`super::rewrite`].
pub(super) fn rewrite(
    body: &Body,
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Rewrite {
    rewrite_unless(Spelling::Any, body, record, new, options)
}

pub(super) fn rewrite_unless(
    spelling: Spelling,
    body: &Body,
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Rewrite {
    let attempt = || -> Result<Rewrite, Refusal> {
        if !Provider::WRITTEN.contains(&new.provider) {
            return Err(Refusal::Unwritable);
        }
        if new.passcode.as_deref().is_some_and(|passcode| !render::is_showable(passcode)) {
            return Err(Refusal::Unshowable);
        }
        let decoded = read(body, options)?;
        settled(&decoded, body.format(), record, options, |parsed, choice| {
            match located(&decoded, parsed, choice)? {
                Search::One(located) => replace(spelling, body, &decoded, *located, new, options),
                Search::Other(other) => answer(other),
            }
        })
        .map(|done| done.unwrap_or(Rewrite::Absent(Absence::NoMark)))
    };
    attempt().unwrap_or_else(Rewrite::Refused)
}

/// The answer to a body without a block that could be replaced.
pub(super) fn answer(found: Found) -> Result<Rewrite, Refusal> {
    match found {
        Found::Absent(absence) => Ok(Rewrite::Absent(absence)),
        Found::Foreign(why, blocks) => Ok(Rewrite::Foreign(why, blocks)),
        Found::Ambiguous(blocks) => Ok(Rewrite::Ambiguous(blocks)),
        Found::Refused(refusal) => Err(refusal),
        Found::One(block) => Ok(Rewrite::Unchanged(block)),
    }
}

/// A block with everything that replacing it needs.
pub(super) struct Located<'t> {
    pub(super) block: Block,
    pub(super) cut: Cut,
    /// What it was found in.
    pub(super) parsed: Parsed<'t>,
}

pub(super) enum Search<'t> {
    One(Box<Located<'t>>),
    Other(Found),
}

pub(super) fn read<'a>(body: &'a Body, options: &Options) -> Result<Decoded<'a>, Refusal> {
    if body.as_bytes().len() > options.limits.max_bytes() {
        return Err(Refusal::TooLarge);
    }
    charset::decode(body, &options.limits)
}

/// Where a body has links of products.
pub(super) enum Linked {
    Nowhere,
    /// Nowhere else.
    Within(Range<usize>),
    /// A link on a host of the organisation's own is known by the record alone.
    Perhaps,
}

/// Where a body has links of products, or into the recorded meeting, without reading it.
pub(super) fn linked(
    decoded: &Decoded<'_>,
    format: Format,
    record: Option<&Record>,
    options: &Options,
) -> Linked {
    let url = record.and_then(|r| r.join_url.as_ref()).map(|url| link::unwrap(url));
    if url.as_deref().is_some_and(|url| !scan::is_known(url, options.marks())) {
        return Linked::Perhaps;
    }
    match scan::links_in(decoded.text(), format, options.marks(), url.as_deref()) {
        Some(links) => Linked::Within(links),
        None => Linked::Nowhere,
    }
}

/// What comes of reading a body: as much of it as tells the answer. None: it has no link of a
/// product.
fn settled<T: PartialEq + Debug>(
    decoded: &Decoded<'_>,
    format: Format,
    record: Option<&Record>,
    options: &Options,
    attempt: impl Fn(Parsed<'_>, Choice) -> Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    let whole = || {
        let parsed = Parsed::whole(decoded.text(), format, options)?;
        let choice = parsed.choose(record, options.evidence, options);
        attempt(parsed, choice)
    };
    let part = |links: Range<usize>| {
        let links = scan::with_row_below(decoded.text(), links);
        let parsed = Parsed::around(decoded.text(), &links, format, options)?;
        let choice = parsed.choose_if_enough(record, options.evidence, options)?;
        attempt(parsed, choice).ok()
    };
    let done = match linked(decoded, format, record, options) {
        Linked::Nowhere => return Ok(None),
        Linked::Within(links) => part(links),
        Linked::Perhaps => None,
    };
    // Whatever a part does not tell, the whole does.
    let Some(done) = done else { return whole().map(Some) };
    #[cfg(all(debug_assertions, any(test, feature = "_fuzzing")))]
    assert_eq!(Ok(&done), whole().as_ref(), "the part is not enough");
    Ok(Some(done))
}

/// The block that was chosen, with where it can be cut; or why there is none.
pub(super) fn located<'t>(
    decoded: &Decoded<'_>,
    parsed: Parsed<'t>,
    choice: Choice,
) -> Result<Search<'t>, Refusal> {
    let lines = &parsed.lines;
    let block_of = |candidate: &Candidate, span: Range<usize>| Block {
        span: decoded.span(span),
        provider: candidate.provider,
        language: language(candidate, lines),
    };
    let rough = |candidate: &Candidate| {
        let start = lines.get(candidate.first).map_or(0, |l| l.span.start);
        let end = lines.get(candidate.last).map_or(start, |l| l.span.end);
        block_of(candidate, start..end.max(start))
    };
    let other = match choice {
        Choice::One(candidate) => {
            let cut = parsed.cut(&candidate)?;
            let block = block_of(&candidate, cut.span.clone());
            return Ok(Search::One(Box::new(Located { block, cut, parsed })));
        }
        Choice::Absent(absence) => Found::Absent(absence),
        Choice::Foreign(why, found) => Found::Foreign(why, found.iter().map(rough).collect()),
        Choice::Ambiguous(found) => Found::Ambiguous(found.iter().map(rough).collect()),
    };
    Ok(Search::Other(other))
}

/// A text as it was read: all of it, or a part that is enough.
pub(super) struct Parsed<'t> {
    text: &'t str,
    unread: Unread,
    /// None for plain text.
    pub(super) tree: Option<Tree<'t>>,
    pub(super) lines: Vec<Line<'t>>,
}

/// What stands before and behind the part of a text that was read.
#[derive(Default)]
pub(super) struct Unread {
    /// In bytes.
    before: usize,
    behind: usize,
    /// Whether rows or labels may stand there, once that was asked: writing a block in the part
    /// does not change it.
    has_more: OnceCell<bool>,
}

impl Unread {
    fn outside(part: &Range<usize>, text: &str) -> Self {
        Self { before: part.start, behind: text.len() - part.end, has_more: OnceCell::new() }
    }

    fn is_none(&self) -> bool {
        (self.before, self.behind) == (0, 0)
    }

    fn part_of(&self, text: &str) -> Range<usize> {
        self.before..text.len() - self.behind
    }
}

impl<'t> Parsed<'t> {
    pub(super) fn whole(text: &'t str, format: Format, options: &Options) -> Result<Self, Refusal> {
        Ok(match format {
            Format::Html => Self::of_tree(text, Tree::build(text, &options.limits)?, options),
            Format::Text => {
                let lines = text::lines(text, options.marks());
                Self { text, unread: Unread::default(), tree: None, lines }
            }
        })
    }

    pub(super) fn of_tree(text: &'t str, tree: Tree<'t>, options: &Options) -> Self {
        let lines = view::lines(&tree, options.marks());
        Self { text, unread: Unread::outside(&tree.part, text), tree: Some(tree), lines }
    }

    pub(super) fn format(&self) -> Format {
        if self.tree.is_some() { Format::Html } else { Format::Text }
    }

    /// Of the part around the links.
    fn around(
        text: &'t str,
        links: &Range<usize>,
        format: Format,
        options: &Options,
    ) -> Option<Self> {
        // An organisation's own rows are words.
        if options.marks().has_own_rows() {
            return None;
        }
        Some(match format {
            Format::Html => {
                Self::of_tree(text, part::build(text, links, &options.limits)?, options)
            }
            Format::Text => {
                let part = text::around(text, links);
                let lines = text::lines_in(text, &part, options.marks());
                Self { text, unread: Unread::outside(&part, text), tree: None, lines }
            }
        })
    }

    /// Which block is the meeting's own, when all of the text was read.
    pub(super) fn choose(
        &self,
        record: Option<&Record>,
        evidence: AddInEvidence,
        options: &Options,
    ) -> Choice {
        choose(&self.lines, record, evidence, options.marks())
    }

    /// Which block is the meeting's own; `None` where lines outside the part may tell.
    fn choose_if_enough(
        &self,
        record: Option<&Record>,
        evidence: AddInEvidence,
        options: &Options,
    ) -> Option<Choice> {
        if self.unread.is_none() {
            return Some(self.choose(record, evidence, options));
        }
        let InPart { choice, closed, linked } =
            choose_in_part(&self.lines, record, evidence, options.marks())?;
        // Where a row ends the block, others and labels make no difference.
        let enough = self.is_enough(linked?) && (closed || !self.may_have_more(options));
        enough.then_some(choice)
    }

    /// Whether its lines are all that those with links depend on, from the first to the last.
    fn is_enough(&self, (first, last): (usize, usize)) -> bool {
        let matters = |line: &Line<'_>| line.has_evidence() || !line.fences.is_empty();
        let last = self.lines.iter().rposition(matters).map_or(last, |at| at.max(last));
        let above = self.unread.before == 0 || first >= NEEDED.above;
        let below = self.unread.behind == 0
            || last + NEEDED.below < self.lines.len() && quote::is_settled(&self.lines, last);
        above && below
    }

    /// Whether rows or labels may stand outside the part.
    fn may_have_more(&self, options: &Options) -> bool {
        *self.unread.has_more.get_or_init(|| {
            let part = self.unread.part_of(self.text);
            [0..part.start, part.end..self.text.len()]
                .into_iter()
                .any(|part| scan::may_have_others(self.text, part, self.format(), options.marks()))
        })
    }

    fn cut(&self, block: &Candidate) -> Result<Cut, Refusal> {
        match &self.tree {
            Some(tree) => cut::propose(tree, &self.lines, block),
            None => text_cut(&self.lines, block).ok_or(Refusal::NotSeparable),
        }
    }
}

fn text_cut(lines: &[Line<'_>], block: &Candidate) -> Option<Cut> {
    let (first, last) = (lines.get(block.first)?, lines.get(block.last)?);
    let start = block.opening.as_ref().map_or(first.span.start, |fence| fence.span.start);
    let end = block.closing.as_ref().map_or(last.span.end, |fence| fence.span.end);
    (start <= end).then(|| Cut::plain(start..end))
}

fn replace(
    spelling: Spelling,
    body: &Body,
    decoded: &Decoded<'_>,
    located: Located<'_>,
    new: &Coordinates,
    options: &Options,
) -> Result<Rewrite, Refusal> {
    let Located { block, cut, parsed } = located;
    let old = decoded.text();
    let (language, template) = (block.language.as_ref(), options.template.as_ref());
    let fresh = match body.format() {
        Format::Html => render::html(new, language, template),
        Format::Text => render::text(new, language, line_end(old), template),
    };
    let fresh = if cut.phrasing {
        phrasing::of(&fresh, &options.limits).ok_or(Refusal::WithinParagraph)?
    } else {
        fresh
    };
    let fresh = decoded.fit(&fresh)?;
    if old.get(cut.span.clone()) == Some(&*fresh)
        || spelling == Spelling::Any && says(old, &cut, &fresh, &parsed.lines, body.format(), new)
    {
        return Ok(Rewrite::Unchanged(block));
    }
    let Cut { span, before, after, refusal, .. } = cut;
    let patch = Patch { part: span, lead: &before, new: &fresh, trail: &after };
    let patched = patch.apply(old).ok_or(Refusal::NotSeparable)?;
    let Parsed { tree, lines, unread, .. } = parsed;
    let before = Before { tree: tree.as_ref(), lines, unread, moved: refusal };
    prove(before, &patched, new, options)?;
    let (body, written) = decoded.patched(patched)?;
    Ok(Rewrite::Replaced { body, block, written })
}

/// Whether the old block, cut out of `old`, says what the new one does. Few have its link.
fn says(
    old: &str,
    cut: &Cut,
    fresh: &str,
    lines: &[Line<'_>],
    format: Format,
    new: &Coordinates,
) -> bool {
    let span = &cut.span;
    let Some(text) = old.get(span.clone()) else { return false };
    let url = link::unwrap(new.join_url.as_str());
    let own = lines.iter().filter(|line| line.span.start < span.end && line.span.end > span.start);
    own.flat_map(|line| &line.links).any(|link| link.url == url) && same(text, fresh, format)
}

/// What was read before a block was written.
pub(super) struct Before<'b, 't> {
    /// None for plain text.
    pub(super) tree: Option<&'b Tree<'b>>,
    /// None where they are not known: they are read again.
    pub(super) lines: Vec<Line<'t>>,
    pub(super) unread: Unread,
    /// The answer where the tree outside the block would change.
    pub(super) moved: Refusal,
}

/// The checked postcondition.
pub(super) fn prove<'t>(
    before: Before<'_, 't>,
    patched: &'t Patched<'_>,
    new: &Coordinates,
    options: &Options,
) -> Result<(), Refusal> {
    let Before { tree, lines, unread, moved } = before;
    let Patched { patch, text } = patched;
    let grafted = tree.and_then(|tree| grafted(tree, patched, options));
    let parsed = match (grafted, tree) {
        (Some((tree, seam)), _) => {
            let lines = relined(&tree, &seam, lines, options);
            Parsed { text, unread, tree: Some(tree), lines }
        }
        // What lies outside the part is not known.
        (None, Some(tree)) if tree.is_part() => return Err(moved),
        (None, Some(tree)) => {
            drop(lines);
            let after = Parsed::whole(text, Format::Html, options)?;
            // The tags around the new block count for what they do to the rest.
            let outline = after.tree.as_ref().map(|tree| tree.outline_without(&patch.put()));
            if outline.is_some_and(|outline| outline != tree.outline_without(&patch.part)) {
                return Err(moved);
            }
            after
        }
        (None, None) => {
            let lines = text::lines_in(text, &unread.part_of(text), options.marks());
            Parsed { text, unread, tree: None, lines }
        }
    };
    let record = Record::new(new.provider, Private::from(new.join_url.as_str()));
    let again = parsed.choose_if_enough(Some(&record), AddInEvidence::Record, options);
    let Some(Choice::One(found)) = again else {
        return Err(Refusal::NotFoundAgain);
    };
    if parsed.cut(&found)?.span == patch.written() { Ok(()) } else { Err(Refusal::NotFoundAgain) }
}

/// The tree of the result, when it is certain that nothing outside the block moves in it.
pub(super) fn grafted<'r>(
    before: &Tree<'_>,
    patched: &'r Patched<'_>,
    options: &Options,
) -> Option<(Tree<'r>, Seam)> {
    let Patched { patch, text } = patched;
    let (cut, put) = (&patch.part, &patch.put());
    let (tree, seam) = before.grafted(text, cut, put, &options.limits)?;
    // Benches are built with the feature too.
    #[cfg(all(debug_assertions, any(test, feature = "_fuzzing")))]
    assert!(
        before.outline_without(cut) == tree.outline_without(put)
            && (before.is_part()
                || Tree::build(text, &options.limits)
                    .is_ok_and(|parsed| parsed.description() == tree.description())),
        "the cheap proof is none"
    );
    Some((tree, seam))
}

/// The lines of the result: those outside the block are the ones from before.
fn relined<'r>(
    tree: &Tree<'r>,
    seam: &Seam,
    before: Vec<Line<'r>>,
    options: &Options,
) -> Vec<Line<'r>> {
    let lines = view::spliced(tree, seam, before, options.marks());
    #[cfg(all(debug_assertions, any(test, feature = "_fuzzing")))]
    assert!(
        view::lines(tree, options.marks())
            .iter()
            .map(Line::description)
            .eq(lines.iter().map(Line::description)),
        "the lines from before are not those of the result"
    );
    lines
}

/// The body's own line end: that of its first line.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find(['\r', '\n']) {
        Some(at) if text.get(at..).is_some_and(|t| t.starts_with("\r\n")) => "\r\n",
        Some(at) if text.get(at..).is_some_and(|t| t.starts_with('\r')) => "\r",
        _ => "\n",
    }
}
