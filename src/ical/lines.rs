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

    /// What stands at `at`, where a CR or LF is. `O(n)` in the CRs that follow.
    pub(crate) fn at(self, bytes: &[u8], at: usize) -> Break {
        let mut stop = at;
        match self {
            Self::Cr if bytes.get(at) != Some(&b'\r') => return Break::Literal(at + 1),
            Self::Cr => stop += 1,
            Self::Lf => {
                while bytes.get(stop) == Some(&b'\r') {
                    stop += 1;
                }
                match bytes.get(stop) {
                    Some(b'\n') => stop += 1,
                    None => {}
                    Some(_) => return Break::Literal(stop.max(at + 1)),
                }
            }
        }
        match bytes.get(stop) {
            Some(b' ' | b'\t') => Break::Fold(stop + 1),
            _ => Break::End(stop),
        }
    }
}

/// A place where a CR or LF stands, and where it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// A line end and the blank or tab behind it.
    Fold(usize),
    /// A line end.
    End(usize),
    /// CRs that end no line.
    Literal(usize),
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
pub(crate) fn unfolded(bytes: &[u8], ends: LineEnds, range: Range<usize>) -> Unfolded<'_> {
    Unfolded { bytes, ends, at: range.start, end: range.end, literal: range.start }
}

/// See [`unfolded`].
#[derive(Clone)]
pub(crate) struct Unfolded<'a> {
    bytes: &'a [u8],
    ends: LineEnds,
    at: usize,
    end: usize,
    /// Up to here CRs and LFs are known to be no fold.
    literal: usize,
}

impl Iterator for Unfolded<'_> {
    type Item = (usize, u8);

    fn next(&mut self) -> Option<(usize, u8)> {
        loop {
            if self.at >= self.end {
                return None;
            }
            let byte = *self.bytes.get(self.at)?;
            if self.at >= self.literal && matches!(byte, b'\r' | b'\n') {
                match self.ends.at(self.bytes, self.at) {
                    Break::Fold(stop) => {
                        self.at = stop;
                        continue;
                    }
                    Break::End(stop) | Break::Literal(stop) => self.literal = stop,
                }
            }
            self.at += 1;
            return Some((self.at - 1, byte));
        }
    }
}
