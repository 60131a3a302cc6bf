//! The language of a block: what its own lines say of it.
//!
//! In: the lines of a block. Out: a tag, or a number that Windows gives languages, as it is
//! written there. Never: what lines say on which somebody's words stand beside the block.

use std::ops::Range;

use super::super::line::FenceOnLine;
use super::{Candidate, Search};

impl Candidate {
    /// The lines that hold nothing but the block.
    pub(crate) fn own_lines(&self) -> Range<usize> {
        own_lines(self.first, self.last, self.opening.as_ref(), self.closing.as_ref())
    }
}

/// Without the lines on which somebody's words stand before the row that begins the block,
/// or behind the row that ends it.
pub(super) fn own_lines(
    first: usize,
    last: usize,
    opening: Option<&FenceOnLine>,
    closing: Option<&FenceOnLine>,
) -> Range<usize> {
    let shared_first = opening.is_some_and(|row| row.glued_before && !row.glued_after);
    let shared_last = closing.is_some_and(|row| row.glued_after && !row.glued_before);
    first + usize::from(shared_first)..last + usize::from(!shared_last)
}

impl Search<'_> {
    pub(super) fn language(&self, range: &Range<usize>) -> Option<String> {
        let lines = || range.clone().filter_map(|i| self.line(i));
        let of_link = lines().flat_map(|l| &l.links).find_map(|on_line| {
            let (_, query) = on_line.url.split_once('?')?;
            query.split('&').find_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                ["language", "omkt", "clid"].contains(&key).then(|| value.to_owned())
            })
        });
        of_link
            .or_else(|| lines().find_map(|l| l.trailer.clone()))
            .or_else(|| lines().find_map(|l| l.lang.as_deref().map(str::to_owned)))
    }
}
