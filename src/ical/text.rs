//! Values: unescaping with a map back to the raw bytes, and escaping.
//!
//! In: the raw range of a value. Out: its logical bytes, each with its place. Unknown
//! escapes stay as they are written; a raw line end inside a value (see
//! [`super::Document`]) reads as a line feed.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr3;

use super::lines::{Break, LineEnds};

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With the escapes of TEXT.
    Text,
    /// As it is: a URI, a date.
    Verbatim,
    /// As the `data` link of an `ALTREP` parameter: percent-encoded.
    AltRep,
}

/// A value's logical bytes and where each stands in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    raw: Range<usize>,
    runs: Vec<Run>,
}

/// Logical bytes that stand together: as many raw bytes, or one byte that was escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    logical: usize,
    len: usize,
    raw: usize,
    raw_len: usize,
}

impl Decoded {
    /// The value in `raw` as TEXT.
    pub(crate) fn text(document: &[u8], ends: LineEnds, raw: Range<usize>) -> Self {
        let mut decoded =
            Self { bytes: Vec::with_capacity(raw.len()), raw: raw.clone(), runs: Vec::new() };
        let mut at = raw.start;
        while at < raw.end {
            let rest = document.get(at..raw.end).unwrap_or_default();
            let plain = memchr3(b'\\', b'\r', b'\n', rest).unwrap_or(rest.len());
            if plain > 0 {
                decoded.push(rest.get(..plain).unwrap_or_default(), at, plain);
                at += plain;
                continue;
            }
            at = decoded.special(document, ends, at);
        }
        decoded
    }

    /// The value in `raw` as it stands, folds left out and nothing unescaped.
    pub(crate) fn verbatim(document: &[u8], ends: LineEnds, raw: Range<usize>) -> Self {
        let mut decoded = Self { bytes: Vec::new(), raw: raw.clone(), runs: Vec::new() };
        for (at, byte) in super::lines::unfolded(document, ends, raw) {
            decoded.push(&[byte], at, 1);
        }
        decoded
    }

    /// The value in `raw` with `%XX` resolved.
    pub(crate) fn percent(document: &[u8], ends: LineEnds, raw: Range<usize>) -> Self {
        let mut decoded = Self { bytes: Vec::new(), raw: raw.clone(), runs: Vec::new() };
        let mut bytes = super::lines::unfolded(document, ends, raw);
        while let Some((at, byte)) = bytes.next() {
            let mut ahead = bytes.clone();
            let mut digit = || {
                let (at, byte) = ahead.next()?;
                Some((at, char::from(byte).to_digit(16)?))
            };
            if byte == b'%'
                && let (Some((_, high)), Some((last, low))) = (digit(), digit())
            {
                decoded.push_escape((high * 16 + low).to_le_bytes()[0], at, last + 1);
                bytes = ahead;
            } else {
                decoded.push(&[byte], at, 1);
            }
        }
        decoded
    }

    /// A backslash, CR or LF at `at`; gives the place behind it.
    fn special(&mut self, document: &[u8], ends: LineEnds, at: usize) -> usize {
        if document.get(at) != Some(&b'\\') {
            return match ends.at(document, at) {
                Break::Fold(stop) => stop,
                Break::End(stop) => {
                    self.push_escape(b'\n', at, stop);
                    stop
                }
                Break::Literal(stop) => {
                    let stop = stop.min(self.raw.end);
                    self.push(document.get(at..stop).unwrap_or_default(), at, stop - at);
                    stop
                }
            };
        }
        let mut next = at + 1;
        while matches!(document.get(next), Some(b'\r' | b'\n'))
            && let Break::Fold(stop) = ends.at(document, next)
        {
            next = stop;
        }
        let escaped = if next < self.raw.end { document.get(next) } else { None };
        let (meant, stop) = match escaped {
            Some(b'n' | b'N') => (b'\n', next + 1),
            Some(&b @ (b',' | b';' | b'\\')) => (b, next + 1),
            _ => (b'\\', at + 1),
        };
        self.push_escape(meant, at, stop);
        stop
    }

    fn push(&mut self, bytes: &[u8], raw: usize, raw_len: usize) {
        if let Some(last) = self.runs.last_mut()
            && last.len == last.raw_len
            && last.raw + last.raw_len == raw
        {
            last.len += bytes.len();
            last.raw_len += raw_len;
        } else {
            self.runs.push(Run { logical: self.bytes.len(), len: bytes.len(), raw, raw_len });
        }
        self.bytes.extend_from_slice(bytes);
    }

    fn push_escape(&mut self, byte: u8, raw: usize, stop: usize) {
        self.runs.push(Run { logical: self.bytes.len(), len: 1, raw, raw_len: stop - raw });
        self.bytes.push(byte);
    }

    /// The run that holds logical byte `at`.
    fn run(&self, at: usize) -> Option<&Run> {
        let index = self.runs.partition_point(|run| run.logical <= at).checked_sub(1)?;
        self.runs.get(index).filter(|run| at < run.logical + run.len)
    }

    /// Where the raw bytes of logical byte `at` begin; behind the last one, where the
    /// value ends.
    pub(crate) fn raw_start(&self, at: usize) -> usize {
        match self.run(at) {
            Some(run) => run.raw + (at - run.logical),
            None => self.raw.end,
        }
    }

    /// Where the raw bytes of the first `count` logical bytes end.
    pub(crate) fn raw_end(&self, count: usize) -> usize {
        match count.checked_sub(1).and_then(|at| Some((at, self.run(at)?))) {
            Some((_, run)) if run.len == 1 => run.raw + run.raw_len,
            Some((at, run)) => run.raw + (at - run.logical) + 1,
            None => self.raw.start,
        }
    }

    /// The raw bytes that a logical range stands in.
    pub(crate) fn raw_range(&self, logical: Range<usize>) -> Range<usize> {
        let start = self.raw_start(logical.start);
        start..self.raw_end(logical.end).max(start)
    }

    /// Whether new text may follow the first `count` logical bytes when their raw bytes
    /// stay: not behind a bare backslash or percent sign, which would escape it, nor
    /// behind a raw line end, where it would begin a content line of its own.
    pub(crate) fn may_continue(&self, document: &[u8], count: usize, kind: Kind) -> bool {
        let bare = |back: usize, sign: u8| {
            let run = count.checked_sub(back).and_then(|at| Some((at, self.run(at)?)));
            run.is_some_and(|(at, run)| {
                run.len == run.raw_len && document.get(self.raw_start(at)) == Some(&sign)
            })
        };
        let last = (count > 0).then(|| document.get(self.raw_end(count) - 1)).flatten();
        match kind {
            Kind::Text => !bare(1, b'\\') && !matches!(last, Some(b'\r' | b'\n')),
            Kind::AltRep => !bare(1, b'%') && !bare(2, b'%'),
            Kind::Verbatim => true,
        }
    }
}

/// One logical character as it is written. In TEXT, CRLF and CR become `\n`: iCalendar
/// knows one line break.
pub(crate) fn escape(character: &[u8], kind: Kind) -> Cow<'_, [u8]> {
    match (kind, character) {
        (Kind::Text, b"\n" | b"\r" | b"\r\n") => Cow::Borrowed(b"\\n"),
        (Kind::Text, b",") => Cow::Borrowed(b"\\,"),
        (Kind::Text, b";") => Cow::Borrowed(b"\\;"),
        (Kind::Text, b"\\") => Cow::Borrowed(b"\\\\"),
        (Kind::AltRep, [c]) if c.is_ascii_alphanumeric() || b"-._~".contains(c) => {
            Cow::Borrowed(character)
        }
        (Kind::AltRep, bytes) => {
            bytes.iter().flat_map(|byte| format!("%{byte:02X}").into_bytes()).collect()
        }
        (Kind::Text | Kind::Verbatim, _) => Cow::Borrowed(character),
    }
}

/// The length of the character at the start of `bytes`: CRLF and a valid UTF-8 sequence
/// count as one, any other byte for itself.
pub(crate) fn character_len(bytes: &[u8]) -> usize {
    let wanted = match bytes.first() {
        Some(b'\r') if bytes.get(1) == Some(&b'\n') => return 2,
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return 1,
    };
    match bytes.get(..wanted).map(std::str::from_utf8) {
        Some(Ok(_)) => wanted,
        _ => 1,
    }
}
