//! Links on hosts that could be anybody's: an organisation's own server, or any page.
//!
//! In: links of that shape, and the lines around them. Out: which of them are the block's. Never:
//! a link of another address taken for the block's because of its shape.

use super::Search;
use crate::block::line::Join;

/// Whether a block's link to join is rather one below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surer {
    No,
    Perhaps,
    Yes,
}

impl Search<'_> {
    /// Whether the line leads into a meeting that is one of these, or surely into any.
    pub(super) fn leads_into(&self, own: &[&Join<'_>], i: usize) -> bool {
        self.evidence(i).joins.iter().any(|j| !j.weak || own.iter().any(|o| o.key == j.key))
    }

    /// Whether line `i` has the link of the block, and line `join`, above it, a page of somebody's.
    pub(super) fn surer(&self, own: &[&Join<'_>], join: usize, i: usize) -> Surer {
        let (above, below) = (self.evidence(join), self.evidence(i));
        let is_weak = !above.marked && own.iter().all(|o| o.weak);
        let is_other = |j: &&Join<'_>| own.iter().all(|o| o.key != j.key);
        let Some(other) = below.joins.iter().find(is_other).filter(|_| is_weak) else {
            return Surer::No;
        };
        let anchored = || below.marked && self.line(i).is_some_and(|l| l.trailer.is_none());
        if !other.weak || anchored() {
            return Surer::Yes;
        }
        // Two links of one meeting's are no page.
        let twice = |j: &&Join<'_>| own.iter().any(|o| o.key == j.key);
        if (join + 1..i).any(|i| self.evidence(i).joins.iter().any(|j| twice(&j))) {
            return Surer::No;
        }
        // An add-in writes words for it.
        if other.labelled && own.iter().all(|o| !o.labelled) { Surer::Yes } else { Surer::Perhaps }
    }
}
