//! Physical lines and folds: where a content line starts, ends and continues.
//!
//! In: bytes. Out: byte ranges. Never: a changed or dropped byte.

use std::ops::Range;

use memchr::memchr;

/// How lines end in a document. LF with any number of CRs before it (exports that went
/// through a text-mode copy hold CR CR LF); CR alone only where there is no LF at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnds {
    Lf,
    Cr,
}

impl LineEnds {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        match memchr(b'\n', bytes) {
            None if memchr(b'\r', bytes).is_some() => Self::Cr,
            _ => Self::Lf,
        }
    }

    /// The end of the line's content and the start of the next line.
    pub(crate) fn next(self, bytes: &[u8], start: usize) -> (usize, usize) {
        let rest = bytes.get(start..).unwrap_or_default();
        let (mut content, next) = match self {
            Self::Lf => match memchr(b'\n', rest) {
                Some(at) => (start + at, start + at + 1),
                None => (bytes.len(), bytes.len()),
            },
            Self::Cr => match memchr(b'\r', rest) {
                Some(at) => return (start + at, start + at + 1),
                None => return (bytes.len(), bytes.len()),
            },
        };
        while content > start && bytes.get(content - 1) == Some(&b'\r') {
            content -= 1;
        }
        (content, next)
    }

    /// The line end that begins at `at`, when one does: where it stops.
    pub(crate) fn end_at(self, bytes: &[u8], at: usize) -> Option<usize> {
        match self {
            Self::Cr => (bytes.get(at) == Some(&b'\r')).then_some(at + 1),
            Self::Lf => {
                let mut stop = at;
                while bytes.get(stop) == Some(&b'\r') {
                    stop += 1;
                }
                match bytes.get(stop) {
                    Some(b'\n') => Some(stop + 1),
                    None if stop > at => Some(stop),
                    _ => None,
                }
            }
        }
    }

    /// The fold that begins at `at` (a line end, then a blank or tab): where it stops.
    pub(crate) fn fold_at(self, bytes: &[u8], at: usize) -> Option<usize> {
        let stop = self.end_at(bytes, at)?;
        matches!(bytes.get(stop), Some(b' ' | b'\t')).then_some(stop + 1)
    }
}

/// One content line, folds included.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// From its first byte to behind its line end.
    pub(crate) raw: Range<usize>,
    /// Where the content of its last physical line stops.
    pub(crate) content_end: usize,
    /// Its number in an editor: the first physical line, from 1.
    pub(crate) number: usize,
}

/// The content lines of a document, in order and without gaps.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    ends: LineEnds,
    at: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(bytes: &'a [u8], ends: LineEnds, start: usize) -> Self {
        Self { bytes, ends, at: start, number: 1 }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let (start, number) = (self.at, self.number);
        loop {
            let (content_end, next) = self.ends.next(self.bytes, self.at);
            self.at = next;
            self.number += 1;
            if !matches!(self.bytes.get(next), Some(b' ' | b'\t')) {
                return Some(Line { raw: start..next, content_end, number });
            }
        }
    }
}

/// The bytes of `range` with their offsets, folds left out.
pub(crate) fn unfolded(
    bytes: &[u8],
    ends: LineEnds,
    range: Range<usize>,
) -> impl Iterator<Item = (usize, u8)> + '_ {
    let mut at = range.start;
    std::iter::from_fn(move || {
        loop {
            if at >= range.end {
                return None;
            }
            let byte = *bytes.get(at)?;
            if matches!(byte, b'\r' | b'\n')
                && let Some(stop) = ends.fold_at(bytes, at)
            {
                at = stop;
                continue;
            }
            at += 1;
            return Some((at - 1, byte));
        }
    })
}
