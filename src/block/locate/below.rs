//! Where a block ends, below its link.
//!
//! In: the line of a link into a meeting, and the row above it. Out: how far the block's evidence
//! reaches, the row that closes it, and whether that is in doubt. Never: a line of the next block's.

use super::weak::Surer;
use super::words::is_heading;
use super::{BLOCK_JOINS, BLOCK_LINES, GAP_LINES, HEAD_LINES, Search};
use crate::block::line::{FenceOnLine, Join, Line};

impl<'a> Search<'a> {
    /// The last line below `join` that evidence reaches without a gap or a footer ends, and
    /// the closing fence, and whether an end of it is in doubt.
    pub(super) fn tail(
        &self,
        join: usize,
        quoted: bool,
        opening: Option<&FenceOnLine>,
    ) -> (usize, Option<usize>, bool) {
        let opened = opening.is_some();
        let mut own: Vec<&Join> = self.evidence(join).joins.iter().take(BLOCK_JOINS).collect();
        let unclosed = |last: usize, doubtful: bool| {
            let (reach, unsure) = self.footer_below(last, quoted);
            (reach, None, doubtful || unsure)
        };
        if is_alone(&own) && self.is_mention(join) && !opened {
            return unclosed(join, false);
        }
        let (mut reach, mut last) = (join, join);
        // The first line with the same link again, and how far the block reached before.
        let mut again: Option<(usize, usize)> = None;
        let mut closing = None;
        let mut goes_on = false;
        let mut ended = self.ends_block(join) || self.line(join).is_some_and(has_trailer);
        let mut unsure_join = false;
        // Words that may be somebody's, and a page for everybody behind them.
        let (mut words, mut page) = (false, false);
        for i in (join + 1..self.lines.len()).take(BLOCK_LINES) {
            let Some(line) = self.line(i).filter(|l| l.quoted == quoted) else { break };
            if let Some(row) = self.fence(i) {
                // A row of another kind is another block's.
                let same = row.fence.closes(opening.map(|opening| opening.fence));
                closing = Some(i).filter(|&i| same && self.closes(join, last, i, opened));
                break;
            }
            if line.is_original_message_rule() || line.is_quote_rule() {
                break;
            }
            // Too far for a fence that no other one opens.
            if !opened && i - last > GAP_LINES + 1 {
                goes_on = self.goes_on(i, quoted);
                break;
            }
            let evidence = self.evidence(i);
            // A block's second link, for older devices, stands among its other links: alone on
            // its line it is somebody's.
            let beside = evidence.companion || evidence.marked || self.is_labelled_above(i);
            let other = |j: &&Join| {
                own.iter().any(|o| o.shape == j.shape && o.key != j.key)
                    || !beside && own.iter().all(|o| o.key != j.key)
            };
            let surer = self.surer(&own, join, i);
            if surer == Surer::Yes || evidence.joins.iter().filter(|j| !j.weak).any(|j| other(&j)) {
                goes_on = !self.begins_block(last, i, quoted) && self.is_cut_short(i, quoted);
                break;
            }
            unsure_join |= surer == Surer::Perhaps && !opened;
            let repeats = |j: &Join| own.iter().any(|o| o.is_same_link(j));
            if again.is_none() && evidence.joins.iter().any(repeats) {
                again = Some((i, reach));
            }
            if ended && self.is_afterword(i) || self.is_other_call(join, i) {
                continue;
            }
            ended |= self.ends_block(i) || has_trailer(line);
            if beside || self.leads_into(&own, i) {
                // The block's end, behind a link that it may begin with.
                goes_on |= unsure_join;
                for join in evidence.joins.iter().filter(|join| !join.weak) {
                    if !own.iter().any(|o| o.shape == join.shape) {
                        own.push(join);
                    }
                }
                if !self.is_for_everybody(i) {
                    page &= self.is_mere_call(i);
                } else {
                    page |= words;
                }
                words = false;
                if i - last <= GAP_LINES + 1 && reach == last {
                    reach = i;
                }
                last = i;
            } else {
                words |= self.may_be_words(i, last > join);
            }
        }
        match again {
            // Nothing of the block comes behind it: a sentence below the block.
            Some((line, before)) if line == last && closing.is_none() => unclosed(before, false),
            _ => {
                let (footer, unsure) = self.footer_below(reach, quoted);
                // Evidence behind a gap: the block goes on, and nothing says how far.
                goes_on |= closing.is_none() && last > reach;
                goes_on |= closing.is_none() && page;
                // No block ends with a call.
                goes_on |= closing.is_none() && self.is_mere_call(reach);
                // Words, and then a row: the block's footer and fence, or somebody's.
                let words = |fence: usize| {
                    let glued = self.fence(fence).is_some_and(|row| row.glued_before);
                    unsure || fence > footer + 1 || glued && !self.evidence(fence).is_some()
                };
                goes_on |= ended && !opened && closing.is_some_and(words);
                // Words, and then a row that the same block may begin with again.
                goes_on |= closing.is_some_and(|row| {
                    (unsure || row > footer + 1)
                        && self.joins_below(row).any(|j| own.iter().any(|o| o.key == j.key))
                });
                // Words, and then a row that another block begins with; or nothing but that
                // row, and nothing tells whose it is.
                goes_on |= closing.is_some_and(|row| {
                    let words = (footer.max(last) + 1..row).any(|i| {
                        self.may_be_words(i, true) && !self.is_google_s_sentence(i, quoted)
                    });
                    (unsure || words) && self.is_above_block(row, quoted) || self.is_shared(row)
                });
                goes_on |= closing.is_none() && unsure;
                (footer, closing, goes_on || again.is_some() && !opened)
            }
        }
    }

    /// Whether the line is a link whose label ends the line above, or begins there, beside another
    /// link of the block's: what wraps text puts links on lines of their own.
    fn is_labelled_above(&self, i: usize) -> bool {
        let Some(above) = i.checked_sub(1) else { return false };
        let label = |l: &Line<'_>| {
            l.text.rsplit_once('|').is_some_and(|(before, label)| {
                before.trim_end().ends_with('>')
                    && !label.contains('<')
                    && label.contains(char::is_alphabetic)
            })
        };
        let is_link = |l: &Line<'_>| {
            let rest = l.text.split_once('<').map(|(label, _)| label);
            l.links.len() == 1 && rest.is_some_and(|rest| !rest.contains(['|', '>', ':', '.']))
        };
        self.line(i).is_some_and(is_link)
            && self.evidence(above).companion
            && self.line(above).is_some_and(label)
    }

    /// Whether the link on line `i` has a heading of its own, below the link on line `join`.
    fn begins_block(&self, join: usize, i: usize, quoted: bool) -> bool {
        let heading = self.heading(join + 1, i, quoted);
        heading < i && self.line(heading).is_some_and(|l| is_heading(&l.text))
    }

    /// Whether the block seems to go on from line `i`, where another meeting's link stands.
    fn is_cut_short(&self, i: usize, quoted: bool) -> bool {
        for at in i..(i + BLOCK_LINES).min(self.lines.len()) {
            if self.line(at).is_none_or(|l| {
                l.quoted != quoted || l.is_original_message_rule() || l.is_quote_rule()
            }) || at > i && !self.evidence(at).joins.is_empty()
            {
                return false;
            }
            if self.fence(at).is_some() {
                return !self.another_begins(at);
            }
            if self.evidence(at).companion {
                return true;
            }
        }
        false
    }

    /// Whether the fence is followed by another block's link before the next fence: one of this
    /// product's, or one in a frame of such rows.
    pub(super) fn another_begins(&self, fence: usize) -> bool {
        self.joins_below(fence).next().is_some() || self.begins_another_s(fence)
    }

    /// Whether the row and one below it frame a link of another product's.
    pub(super) fn begins_another_s(&self, row: usize) -> bool {
        let Some(kind) = self.fence(row).map(|row| row.fence) else { return false };
        let joins = (row + 1..self.lines.len())
            .take(HEAD_LINES)
            .take_while(|&i| self.fence(i).is_none())
            .any(|i| self.joins_another_in(i, kind));
        joins && self.is_closed_below(row)
    }

    /// Whether the next row closes what this one opens.
    fn is_closed_below(&self, row: usize) -> bool {
        let kind = self.fence(row).map(|row| row.fence);
        let mut below = (row + 1..self.lines.len()).take(BLOCK_LINES);
        let next = below.find_map(|i| self.fence(i));
        next.is_some_and(|next| kind.is_some() && next.fence.closes(kind))
    }

    /// Whether another block begins with the row, rather than that somebody names a meeting below
    /// it: a row ends it, or it has a heading or more links.
    fn is_above_block(&self, row: usize, quoted: bool) -> bool {
        let joins = |i: &usize| !self.evidence(*i).joins.is_empty();
        let join = (row + 1..self.lines.len()).take(HEAD_LINES).find(joins);
        let heads = |i: usize| self.line(i).is_some_and(|l| is_heading(&l.text));
        let more = |join: usize| {
            (row + 1..=join).any(heads)
                || self.evidence(join).companion
                || self.goes_on(join + 1, quoted)
        };
        self.another_begins(row) && (self.is_closed_below(row) || join.is_some_and(more))
    }

    /// Whether the row stands nearer to a block below it, which ends with one too, than to the
    /// lines above it.
    fn is_shared(&self, row: usize) -> bool {
        let heads = |l: &Line<'_>| is_heading(&l.text) || l.has_link_of_product();
        let space = |below: usize| {
            let (above, below) = (self.line(below.checked_sub(1)?)?, self.line(below)?);
            Some(below.span.start.saturating_sub(above.span.end))
        };
        self.line(row + 1).is_some_and(heads)
            && space(row) > space(row + 1)
            && self.another_begins(row)
            && self.is_closed_below(row)
    }

    /// Links into meetings that a block could have whose first line is this row.
    fn joins_below(&self, fence: usize) -> impl Iterator<Item = &Join<'a>> {
        (fence + 1..self.lines.len())
            .take(HEAD_LINES)
            .take_while(|&i| self.fence(i).is_none())
            .flat_map(|i| &self.evidence(i).joins)
    }

    /// Whether another link of a block stands at or below line `i`, and no other begins before.
    pub(super) fn goes_on(&self, i: usize, quoted: bool) -> bool {
        (i..self.lines.len())
            .take(BLOCK_LINES)
            .take_while(|&i| {
                self.line(i).is_some_and(|l| {
                    l.quoted == quoted && !l.is_original_message_rule() && !l.is_quote_rule()
                }) && self.evidence(i).joins.is_empty()
                    && self.fence(i).is_none()
            })
            .any(|i| self.evidence(i).companion)
    }

    /// Whether the fence ends the block, and does not open the next one. `last` is the
    /// last line above it with evidence.
    fn closes(&self, join: usize, last: usize, fence: usize, opened: bool) -> bool {
        let near = fence - last <= GAP_LINES + 1;
        if self.another_begins(fence) { near && (opened || last > join) } else { near || opened }
    }
}

/// The last words of a block of an add-in's.
fn has_trailer(line: &Line<'_>) -> bool {
    line.trailer.is_some()
}

fn is_alone(joins: &[&Join]) -> bool {
    joins.len() == 1
}
