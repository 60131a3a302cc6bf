//! Bytes and text: a decoded view of a body to search in, and the way back to its bytes.
//!
//! In: a [`Body`]. Out: its text, byte offsets of the body for offsets into that text, and
//! the body's own bytes with a part replaced. Never: a byte outside that part read and
//! written again, because decoding and encoding are not each other's inverse.
//!
//! A body given as Unicode is taken as it is. Bytes are read by the first of: a byte order
//! mark; the label given with them; in HTML, what the standard's prescan finds in the first
//! 1,024 bytes; UTF-8, when they are valid UTF-8; windows-1252. A label that is given and not
//! known is a refusal. The text has no byte order mark; malformed sequences are U+FFFD in it.
//!
//! Labels are those of the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels),
//! and mail's for UTF-7 and for Windows code pages. UTF-7 is never taken from markup.
//!
//! What the charset lacks becomes a decimal reference in HTML. In text, typographic
//! characters have an ASCII stand-in (`fit.rs`); anything else is a refusal. Under the
//! labels of US-ASCII and ISO 8859 only what these really have is written, although
//! browsers read them as Windows code pages.

mod fit;
mod iso2022jp;
mod label;
mod prescan;
mod reading;
mod utf7;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use super::patch::{Patch, Patched};
use super::{Limits, Refusal};
use crate::body::{Body, Format};
use label::Label;
use reading::Reading;

/// A body as text, and the way back to its bytes.
///
/// Offsets into the text are bytes of [`Decoded::text`], on character boundaries.
pub(crate) struct Decoded<'a> {
    body: &'a Body,
    bom: usize,
    label: Label,
    reading: Reading<'a>,
}

/// A body's bytes with a part of the text replaced.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spliced {
    /// All bytes of the new body.
    pub(crate) bytes: Vec<u8>,
    /// Where the new text stands in them.
    pub(crate) written: Range<usize>,
}

/// Reads a body. Time and memory are linear in its size; valid UTF-8 is borrowed.
pub(crate) fn decode<'a>(body: &'a Body, limits: &Limits) -> Result<Decoded<'a>, Refusal> {
    let raw = body.as_bytes();
    if raw.len() > limits.max_bytes() {
        return Err(Refusal::TooLarge);
    }
    let Detected { label, bom } = detect(body, raw)?;
    let reading = match body.as_unicode() {
        Some(text) => Reading::of_text(text),
        None => Reading::new(label.charset, raw.get(bom..).unwrap_or_default()),
    };
    Ok(Decoded { body, bom, label, reading })
}

/// See [`super::excerpt`].
pub(super) fn excerpt(body: &Body, span: Range<usize>) -> Result<Cow<'_, str>, Refusal> {
    let raw = body.as_bytes();
    let Detected { label, bom } = detect(body, raw)?;
    let raw = raw.get(span.start.max(bom)..span.end).unwrap_or_default();
    Ok(Reading::new(label.charset, raw).text)
}

/// Whether a label names a charset that can be read.
pub(crate) fn knows(label: &str) -> bool {
    Label::find(label::trimmed(label)).is_some()
}

struct Detected {
    label: Label,
    bom: usize,
}

/// How `raw` would be read in the place of the body's bytes.
fn detect(body: &Body, raw: &[u8]) -> Result<Detected, Refusal> {
    if body.as_unicode().is_some() {
        return Ok(Detected { label: Label::UTF_8, bom: 0 });
    }
    if let Some((label, bom)) = Label::of_bom(raw) {
        return Ok(Detected { label, bom });
    }
    if let Some(given) = body.charset().map(label::trimmed).filter(|given| !given.is_empty()) {
        let label = Label::find(given).ok_or(Refusal::UnknownCharset)?;
        return Ok(Detected { label, bom: 0 });
    }
    let declared = match body.format() {
        Format::Html => prescan::prescan(raw),
        Format::Text => None,
    };
    let label = match declared {
        Some(prescan::Declared::Known(label)) => label,
        Some(prescan::Declared::Unreadable) => return Err(Refusal::UnknownCharset),
        None if std::str::from_utf8(raw).is_ok() => Label::UTF_8,
        None => Label::WINDOWS_1252,
    };
    Ok(Detected { label, bom: 0 })
}

impl Decoded<'_> {
    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.reading.text
    }

    /// Where the bytes end that stand for the text before `at`.
    ///
    /// When `at` is inside what one sequence of bytes stands for, this is where that
    /// sequence begins: `splice` writes the characters before `at` again.
    pub(crate) fn raw_start(&self, at: usize) -> usize {
        self.bom + self.reading.place(at).raw.start
    }

    /// Where the bytes begin that stand for the text from `at` on, escapes before it included.
    pub(crate) fn raw_end(&self, at: usize) -> usize {
        self.bom + self.reading.place(at).raw.end
    }

    /// The bytes that stand for a part of the text.
    pub(crate) fn span(&self, part: Range<usize>) -> Range<usize> {
        let start = self.raw_start(part.start);
        start..self.raw_end(part.end).max(start)
    }

    /// `new` as this charset can write it: with references in HTML, stand-ins in text.
    pub(crate) fn fit<'n>(&self, new: &'n str) -> Result<Cow<'n, str>, Refusal> {
        fit::fit(new, self.label, self.body.format()).ok_or(Refusal::Unencodable)
    }

    /// The body of this text with a patch in it, whose texts `fit` has seen, and where it is
    /// written.
    ///
    /// # Errors
    /// Those of [`Self::splice`].
    pub(crate) fn patched(&self, patched: Patched<'_>) -> Result<(Body, Range<usize>), Refusal> {
        let Patched { patch, text } = patched;
        match self.body.with_text(text) {
            Some(body) => Ok((body, patch.written())),
            None => {
                let Spliced { bytes, written } = self.splice(&patch)?;
                Ok((self.body.with_bytes(bytes), written))
            }
        }
    }

    /// The body's bytes with a patch in them whose texts `fit` has seen.
    ///
    /// Checked before it is returned: the result reads, by the same rules, as the text with
    /// the patch.
    ///
    /// # Errors
    /// [`Refusal::NotSeparable`] when malformed bytes next to the part would be read as part
    /// of the new ones, the charset lacks a character, or would no longer be found.
    pub(crate) fn splice(&self, patch: &Patch<'_>) -> Result<Spliced, Refusal> {
        let (part, text) = (&patch.part, self.text());
        let new = [patch.lead, patch.new, patch.trail].concat();
        let (Some(before), Some(after)) = (text.get(..part.start), text.get(part.end..)) else {
            return Err(Refusal::NotSeparable);
        };
        if part.start > part.end {
            return Err(Refusal::NotSeparable);
        }
        let (start, end) = (self.reading.place(part.start), self.reading.place(part.end));
        let head = text.get(start.text.start..part.start).unwrap_or_default();
        let tail = text.get(part.end..end.text.end).unwrap_or_default();
        let raw = self.body.as_bytes();
        let prefix = raw.get(..self.bom + start.raw.start).unwrap_or_default();
        let suffix = raw.get(self.bom + end.raw.end..).unwrap_or_default();

        let middle = if head.is_empty() && tail.is_empty() {
            fit::encode(&new, self.label.charset, start.shift, end.shift, suffix)
        } else {
            let whole = [head, &new, tail].concat();
            fit::encode(&whole, self.label.charset, start.shift, end.shift, suffix)
        }
        .ok_or(Refusal::NotSeparable)?;
        let bytes = [prefix, &middle, suffix].concat();

        // Without what was cut out, windows-1252 may have become plain ASCII; new text at the
        // very beginning may look like a byte order mark.
        let charset = match detect(self.body, &bytes) {
            Ok(found) if found.bom == self.bom => found.label.charset,
            _ => return Err(Refusal::NotSeparable),
        };
        let reread = Reading::new(charset, bytes.get(self.bom..).unwrap_or_default());
        let middle = reread.text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        if middle != Some(new.as_str()) {
            return Err(Refusal::NotSeparable);
        }
        let written = patch.written();
        let written = self.bom + reread.place(written.start).raw.start
            ..self.bom + reread.place(written.end).raw.end;
        Ok(Spliced { bytes, written })
    }
}
