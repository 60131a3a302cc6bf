//! Where a block begins, above its link.
//!
//! In: the line of a link into a meeting. Out: the row or the headings above it that are the
//! block's, or doubt. Never: a line of an earlier block's.

use super::words::{has_sentence, has_words_beside_help, is_headed, is_heading, words_before};
use super::{BLOCK_LINES, HEAD_LINES, PROSE, Search};
use crate::block::line::{FenceOnLine, Line};
use crate::provider::marks::Fence;
use crate::wording;

impl Search<'_> {
    /// Whether words that are no label stand before the first written-out link of a line.
    pub(super) fn has_words_of_somebodys(&self, first: usize) -> bool {
        let Some(line) = self.line(first) else { return false };
        let evidence = self.evidence(first);
        if evidence.joins.is_empty() && evidence.companion && is_headed(&line.text) {
            return has_words_beside_help(line);
        }
        // An element with words of its own knows where they begin.
        if line.links.first().is_none_or(|link| link.element.is_some() && link.labelled) {
            return false;
        }
        let words = words_before(line);
        if evidence.joins.is_empty() {
            return !words.starts_with("Microsoft Teams") && words.contains("Microsoft Teams");
        }
        wording::is_more_than_join_label(words) || has_sentence(words)
    }

    /// Whether line `i` is the label of the link on the line below, which has no words.
    fn has_its_label_above(&self, join: usize, i: usize) -> bool {
        let is_bare = |l: &Line<'_>| !l.links.is_empty() && words_before(l).is_empty();
        let is_label = |l: &Line<'_>| l.links.is_empty() && wording::is_join_label(&l.text);
        self.line(join).is_some_and(is_bare) && self.line(i).is_some_and(is_label)
    }

    /// Whether the line is a part of a row that was wrapped.
    pub(super) fn is_half_row(&self, i: usize) -> bool {
        // As Outlook wraps the stops of Skype for Business, and anybody 80 underscores.
        let line = self.line(i).filter(|l| l.links.is_empty() && l.text.len() < 80);
        line.is_some_and(|l| {
            let (length, text) = (l.text.len(), l.text.as_str());
            let of = |c: u8| text.bytes().all(|b| b == c);
            [66, 71].contains(&length) && of(b'.') || (64..80).contains(&length) && of(b'_')
        })
    }

    /// An address that somebody typed, where a button for the same meeting follows.
    pub(super) fn is_mention(&self, join: usize) -> bool {
        let Some(typed) = self.evidence(join).joins.first() else { return false };
        !typed.labelled && self.buttons.get(typed.key).is_some_and(|&button| button > join)
    }

    /// The opening fence above `join`.
    pub(super) fn opening(&self, from: usize, join: usize, quoted: bool) -> Option<usize> {
        for i in (from.max(join.saturating_sub(HEAD_LINES))..=join).rev() {
            let line = self.line(i).filter(|l| l.quoted == quoted)?;
            // On the line of the link itself, the fence has to stand before it.
            let before = |f: &FenceOnLine| f.glued_after && !self.is_behind_link(f, join);
            if self.fence(i).is_some_and(|f| f.fence.opens() && (i < join || before(f))) {
                return Some(i).filter(|&row| !self.closes_another_s(from, row, quoted));
            }
            if i < join && line.text.chars().count() > PROSE && !self.evidence(i).is_some() {
                return None;
            }
        }
        None
    }

    /// Whether the row ends a block of another product's, which a row above begins.
    fn closes_another_s(&self, from: usize, row: usize, quoted: bool) -> bool {
        let Some(kind) = self.fence(row).map(|row| row.fence) else { return false };
        let mut joins = false;
        for i in (from.max(row.saturating_sub(BLOCK_LINES))..row).rev() {
            if self.line(i).is_none_or(|l| l.quoted != quoted) {
                return false;
            }
            if let Some(above) = self.fence(i) {
                return joins && above.fence.opens() && kind.closes(Some(above.fence));
            }
            joins |= self.joins_another_in(i, kind);
        }
        false
    }

    /// Whether the line leads into a meeting of another product's alone.
    pub(super) fn joins_another(&self, i: usize) -> bool {
        self.evidence(i).joins.is_empty()
            && self.line(i).is_some_and(|l| l.links.iter().any(|on| !on.kin.joins().is_empty()))
    }

    /// Whether it leads into a meeting of another product's that may stand in a frame of such
    /// rows.
    pub(super) fn joins_another_in(&self, i: usize, kind: Fence) -> bool {
        let framed = || self.set.products_with(|marks| marks.fences.contains(&kind));
        self.joins_another(i)
            && self.line(i).is_some_and(|l| l.links.iter().any(|on| on.kin.joins().meets(framed())))
    }

    /// Whether the line above names the product before a link to help, in words that are no
    /// heading we know.
    pub(super) fn is_below_a_name(&self, first: usize) -> bool {
        let Some(above) = first.checked_sub(1) else { return false };
        let evidence = self.evidence(above);
        let named = |l: &Line<'_>| l.text.contains("Microsoft Teams") && !is_headed(&l.text);
        self.marks.named
            && evidence.companion
            && evidence.joins.is_empty()
            && self.line(above).is_some_and(named)
    }

    /// Whether a fence on the line of the link stands behind it, in markup.
    fn is_behind_link(&self, fence: &FenceOnLine, join: usize) -> bool {
        let button = &self.evidence(join).button;
        button.as_ref().is_some_and(|button| fence.span.start >= button.start)
    }

    /// Whether the line of the link goes on behind a row that could close the block: where markup
    /// was lost with its line ends, nothing says what is whose.
    pub(super) fn has_row_behind_link(&self, join: usize) -> bool {
        let rows = || self.line(join).into_iter().flat_map(|line| &line.fences);
        rows().any(|row| self.is_behind_link(row, join)) || rows().count() > 1
    }

    /// Without a fence: the headings directly above `join`.
    pub(super) fn heading(&self, from: usize, join: usize, quoted: bool) -> usize {
        let (mut first, mut unknown) = (join, 0);
        // The nearest heading is the block's.
        let mut named = false;
        for i in (from..join).rev().take(3) {
            let Some(line) = self.line(i).filter(|l| l.quoted == quoted) else { break };
            let evidence = self.evidence(i);
            if !evidence.joins.is_empty() || self.fence(i).is_some() || self.joins_another(i) {
                break;
            }
            let headed = || self.marks.named && is_headed(&line.text);
            if evidence.companion && !evidence.marked && !headed() {
                // A help page, a number to call: no block begins with it.
                break;
            }
            let heads = self.marks.named
                && wording::is_heading(&line.text)
                && !(named && is_a_name(&line.text));
            if evidence.is_some() || heads {
                first = i;
                named |= is_heading(&line.text);
            } else if i + 1 == join && self.has_its_label_above(join, i) {
                first = i;
            } else if unknown == 0 && !named && line.links.is_empty() {
                // "Join on your computer or mobile app", in any language.
                unknown += 1;
            } else {
                break;
            }
        }
        first
    }
}

/// The product's name alone, which people write too.
fn is_a_name(text: &str) -> bool {
    text == "Microsoft Teams"
}
