//! Takes the block out without a new one, and puts one where there is none.
//!
//! In: a body. Out: [`Rewrite`]. Never: a place for a new block chosen by what stands in
//! the text; it is the end of the body, or nowhere.
//!
//! The proof is that of [`super::replace`]: the result is parsed too, the tree outside is
//! the one from before, and the block is found where it was put, or found no more. A head
//! that nobody wrote is no part of that tree: its place is told by what follows it alone.
//!
//! What goes with a block that is taken out:
//!
//! - In HTML nothing: empty paragraphs around it stay. Only where a fragment begins with
//!   the block do the blanks behind it go, because a browser drops them there.
//! - In text, when nothing else is on its lines, these lines with their ends; of a blank
//!   line above and one below, the one above; and a blank line with nothing beyond it.
//! - Words that would run together are kept apart by a `<br>`, in text by a line end.

use std::ops::Range;

use crate::body::{Body, Format};
use crate::coordinates::Coordinates;
use crate::meeting::Record;

use super::charset::Decoded;
use super::html::cut::Cut;
use super::html::outline::Entry;
use super::html::tokenizer::Kind;
use super::html::tree::Tree;
use super::locate::Choice;
use super::patch::{Patch, Patched};
use super::replace::{
    self, Before, Linked, Located, Parsed, Search, Spelling, Unread, line_end, linked, located,
    prove, read,
};
use super::{Absence, Options, Refusal, Rewrite, render};

/// How many places for a new block are tried: each costs a parse.
const PLACES: usize = 3;

/// See [`super::remove`].
pub(super) fn remove(body: &Body, record: Option<&Record>, options: &Options) -> Rewrite {
    let attempt = || -> Result<Rewrite, Refusal> {
        let decoded = read(body, options)?;
        if let Linked::Nowhere = linked(&decoded, body.format(), record, options) {
            return Ok(Rewrite::Absent(Absence::NoMark));
        }
        // The proof compares all of the tree.
        let parsed = Parsed::whole(decoded.text(), body.format(), options)?;
        let choice = parsed.choose(record, options.evidence, options);
        match located(&decoded, parsed, choice)? {
            Search::One(located) => take_out(body, &decoded, &located, record, options),
            Search::Other(other) => replace::answer(other),
        }
    };
    attempt().unwrap_or_else(Rewrite::Refused)
}

/// See [`super::append`].
pub(super) fn append(
    body: &Body,
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Rewrite {
    match replace::rewrite(body, record, new, options) {
        Rewrite::Absent(_) => put_at_end(body, new, options).unwrap_or_else(Rewrite::Refused),
        other => other,
    }
}

fn take_out(
    body: &Body,
    decoded: &Decoded<'_>,
    located: &Located<'_>,
    record: Option<&Record>,
    options: &Options,
) -> Result<Rewrite, Refusal> {
    let text = decoded.text();
    let Cut { span, before, after, .. } = &located.cut;
    let (spans, filler) = match body.format() {
        Format::Html => {
            let mut spans = vec![span.clone(), span.start..behind_blanks(text, span.end)];
            // Most blocks have none behind them, and each try costs a parse.
            spans.dedup();
            (spans, "<br>")
        }
        Format::Text => (vec![whole_lines(text, span)], line_end(text)),
    };
    // Where nothing takes the block's place, its tags may not be missed.
    let tags = [("", ""), (before.as_str(), after.as_str())];
    let tags = tags.get(usize::from(before.is_empty() && after.is_empty())..).unwrap_or_default();
    let mut why = Refusal::NotSeparable;
    for filler in ["", filler] {
        for &(before, after) in tags {
            for span in &spans {
                let patch = Patch { part: span.clone(), lead: before, new: filler, trail: after };
                let patched = patch.apply(text).ok_or(Refusal::NotSeparable)?;
                match prove_removed(&patched, located, record, options) {
                    Ok(()) => {
                        let (body, _) = decoded.patched(patched)?;
                        return Ok(Rewrite::Removed { body, block: located.block.clone() });
                    }
                    Err(refusal) => why = refusal,
                }
            }
        }
    }
    Err(why)
}

fn prove_removed(
    patched: &Patched<'_>,
    located: &Located<'_>,
    record: Option<&Record>,
    options: &Options,
) -> Result<(), Refusal> {
    let Patched { patch, text } = patched;
    let old = located.parsed.tree.as_ref();
    let grafted = old.and_then(|old| replace::grafted(old, patched, options));
    let is_proven = grafted.is_some();
    let result = match grafted {
        Some((tree, _)) => Parsed::of_tree(text, tree, options),
        None => Parsed::whole(text, located.parsed.format(), options)?,
    };
    let written = patch.written();
    let runs_on = |span: &Range<usize>| span.start < written.start && written.end < span.end;
    if result.lines.iter().any(|line| runs_on(&(line.words_start..line.words_end))) {
        return Err(Refusal::NotSeparable);
    }
    if let (Some(old), Some(new), false) = (old, &result.tree, is_proven) {
        // The tags beside it count for what they do to the rest.
        let (old, new) = (old.outline_without(&patch.part), new.outline_without(&patch.put()));
        let told = |outline: Vec<_>| outline.into_iter().filter(|e| !Entry::is_implied_head(e));
        if !told(old).eq(told(new)) {
            return Err(located.cut.refusal);
        }
    }
    match result.choose(record, options.evidence, options) {
        Choice::Absent(_) | Choice::Foreign(..) => Ok(()),
        _ => Err(Refusal::LeftBehind),
    }
}

fn behind_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace()).len())
}

/// The lines of a text that are the block, when nothing else is on them.
fn whole_lines(text: &str, block: &Range<usize>) -> Range<usize> {
    let is_end = |c: char| matches!(c, '\r' | '\n');
    let (Some(above), Some(below)) = (text.get(..block.start), text.get(block.end..)) else {
        return block.clone();
    };
    let start = above.rfind(is_end).map_or(0, |at| at + 1);
    let end = block.end + below.find(is_end).unwrap_or(below.len());
    let beside = [text.get(start..block.start), text.get(block.end..end)];
    if !beside.into_iter().flatten().all(|part| part.trim().is_empty()) {
        return block.clone();
    }
    let mut above = text.get(..start).unwrap_or_default();
    let mut below = text.get(end..).unwrap_or_default();
    match without_first_end(below) {
        Some(rest) => below = rest,
        // The last line has no end: the one above it parts nothing any more.
        None => above = without_last_end(above).unwrap_or(above),
    }
    let ends_blank = |text: &str| {
        without_last_end(text).is_some_and(|text| text.is_empty() || text.ends_with(is_end))
    };
    let beyond = text.len() == end;
    if above.is_empty() {
        below = without_first_end(below).unwrap_or(below);
    } else if below.is_empty() || below.starts_with(is_end) {
        let blank = if beyond { above.ends_with(is_end) } else { ends_blank(above) };
        above = without_last_end(above).filter(|_| blank).unwrap_or(above);
    }
    above.len()..text.len() - below.len()
}

fn without_first_end(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\r', '\n']))
}

fn without_last_end(text: &str) -> Option<&str> {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\r', '\n']))
}

fn put_at_end(body: &Body, new: &Coordinates, options: &Options) -> Result<Rewrite, Refusal> {
    let decoded = read(body, options)?;
    let (text, template) = (decoded.text(), options.template.as_ref());
    let (fresh, tree) = match body.format() {
        Format::Html => {
            let tree = Tree::build(text, &options.limits)?;
            (render::html(new, None, template), Some(tree))
        }
        Format::Text => (render::text(new, None, line_end(text), template), None),
    };
    let fresh = decoded.fit(&fresh)?;
    let (places, lead, trail) = match &tree {
        Some(tree) => (ends(tree), String::new(), ""),
        None => {
            let (lead, trail) = apart(text);
            (vec![text.len()], lead, trail)
        }
    };
    let mut why = Refusal::NotSeparable;
    for at in places {
        let patch = Patch { part: at..at, lead: &lead, new: &fresh, trail };
        let patched = patch.apply(text).ok_or(Refusal::NotSeparable)?;
        let (lines, unread) = (Vec::new(), Unread::default());
        let before = Before { tree: tree.as_ref(), lines, unread, moved: Refusal::NotSeparable };
        match prove(before, &patched, new, options) {
            Ok(()) => {
                let (body, written) = decoded.patched(patched)?;
                if is_settled(&body, &written, new, options) {
                    return Ok(Rewrite::Appended { body, written });
                }
                why = Refusal::NotFoundAgain;
            }
            Err(refusal) => why = refusal,
        }
    }
    Err(why)
}

/// Whether writing it again would change nothing: where only words and breaks may stand, a
/// block is written otherwise.
fn is_settled(body: &Body, written: &Range<usize>, new: &Coordinates, options: &Options) -> bool {
    let record = Record::new(new.provider, new.join_url.as_str());
    let again = replace::rewrite_unless(Spelling::Ours, body, Some(&record), new, options);
    matches!(again, Rewrite::Unchanged(block) if block.span == *written)
}

/// Where a body of HTML ends: before the tags that end it and have nothing but blanks and
/// comments behind them, else with its last byte.
fn ends(tree: &Tree<'_>) -> Vec<usize> {
    let mut places = vec![tree.text.len()];
    for token in tree.tokens_backwards() {
        let name = tree.slice(&token.name());
        match token.kind {
            Kind::End if name.eq_ignore_ascii_case("body") || name.eq_ignore_ascii_case("html") => {
                places.push(token.start);
            }
            Kind::Start { .. } | Kind::End => break,
            Kind::Text if !tree.slice(&(token.start..token.end)).trim_ascii().is_empty() => break,
            _ => {}
        }
    }
    places.reverse();
    places.truncate(PLACES);
    places
}

/// A blank line between somebody's text and a block, and the end of the block's last line:
/// with the line end that the text's own last line has.
fn apart(text: &str) -> (String, &'static str) {
    let end = ["\r\n", "\n", "\r"].into_iter().find(|end| text.ends_with(end));
    match end {
        Some(end) => (end.to_owned(), end),
        None if text.is_empty() => (String::new(), ""),
        None => (line_end(text).repeat(2), ""),
    }
}
