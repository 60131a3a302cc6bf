//! What is put in the place of a part of a text.
//!
//! In: the part, and what is written there. Out: the text that comes of it. Never: bytes,
//! which are `charset`'s.

use std::ops::Range;

/// A part of a text, and what takes its place: of the three only `new` counts as written.
#[derive(Clone)]
pub(crate) struct Patch<'p> {
    pub(crate) part: Range<usize>,
    /// What the text before needs, so that the new one stands apart from it.
    pub(crate) lead: &'p str,
    pub(crate) new: &'p str,
    /// What the text behind needs.
    pub(crate) trail: &'p str,
}

/// A text with a patch in it.
pub(crate) struct Patched<'p> {
    pub(crate) patch: Patch<'p>,
    pub(crate) text: String,
}

impl<'p> Patch<'p> {
    /// The text with the patch in it; none when it has no such part.
    pub(crate) fn apply(self, text: &str) -> Option<Patched<'p>> {
        let Self { part, lead, new, trail } = &self;
        if part.start > part.end {
            return None;
        }
        let text = [text.get(..part.start)?, lead, new, trail, text.get(part.end..)?].concat();
        Some(Patched { patch: self, text })
    }

    /// Where the new text stands in the result.
    pub(crate) fn written(&self) -> Range<usize> {
        let start = self.part.start + self.lead.len();
        start..start + self.new.len()
    }

    /// Where all that was put stands in the result.
    pub(crate) fn put(&self) -> Range<usize> {
        self.part.start..self.written().end + self.trail.len()
    }
}
