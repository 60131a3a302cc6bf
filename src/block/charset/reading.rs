//! Text read from bytes, and which bytes each part of it came from.
//!
//! Whole runs are decoded at once; a checkpoint is kept about every 4 kB, and a question is
//! answered by walking from the checkpoint before it. So there is no table per character.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};

use super::{iso2022jp, utf7};

/// Bytes between checkpoints.
const STRIDE: usize = 4096;

/// How bytes are read and written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// One of encoding_rs's that keeps ASCII bytes and has no state, UTF-8 included.
    Table(&'static Encoding),
    Utf16 {
        big: bool,
    },
    Iso2022Jp,
    Utf7,
}

/// The state in which a byte is read, in the charsets that have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shift {
    #[default]
    None,
    /// ISO-2022-JP: JIS X 0201 Roman, where 0x5C is a yen sign.
    Roman,
    /// ISO-2022-JP: JIS X 0201 Katakana.
    Katakana,
    /// ISO-2022-JP: two bytes per character.
    Kanji,
    /// UTF-7: after a base64 run that has no `-` of its own.
    Open,
    /// UTF-7: between two characters of a base64 run that begin on a base64 digit.
    Base64,
}

/// A point between two characters where reading can start.
#[derive(Clone, Copy, Default)]
pub(super) struct Checkpoint {
    pub(super) raw: usize,
    pub(super) text: usize,
    pub(super) shift: Shift,
}

/// Where an offset into the text falls. Between two sequences of bytes both ranges are
/// empty; inside what one sequence stands for they are that sequence's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) raw: Range<usize>,
    pub(super) text: Range<usize>,
    pub(super) shift: Shift,
}

/// Text, and the way back to the bytes after the byte order mark.
pub(super) struct Reading<'a> {
    raw: &'a [u8],
    charset: Charset,
    pub(super) text: Cow<'a, str>,
    /// In ascending order, the first at zero.
    pub(super) checkpoints: Vec<Checkpoint>,
}

impl Charset {
    pub(super) const UTF_8: Self = Self::Table(UTF_8);

    pub(super) fn of(encoding: &'static Encoding) -> Self {
        if encoding == UTF_16LE {
            Self::Utf16 { big: false }
        } else if encoding == UTF_16BE {
            Self::Utf16 { big: true }
        } else if encoding == ISO_2022_JP {
            Self::Iso2022Jp
        } else {
            Self::Table(encoding)
        }
    }

    /// The bytes as they are, when each stands for itself.
    fn borrowed(self, raw: &[u8]) -> Option<&str> {
        let plain = match self {
            Self::Table(encoding) if encoding == UTF_8 => true,
            Self::Table(_) => raw.is_ascii(),
            Self::Utf16 { .. } => raw.is_empty(),
            Self::Iso2022Jp => Encoding::iso_2022_jp_ascii_valid_up_to(raw) == raw.len(),
            Self::Utf7 => raw.is_ascii() && !raw.contains(&b'+'),
        };
        if plain { std::str::from_utf8(raw).ok() } else { None }
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(charset: Charset, raw: &'a [u8]) -> Self {
        let mut checkpoints = Vec::new();
        let text = match charset.borrowed(raw) {
            Some(text) => Cow::Borrowed(text),
            None => {
                checkpoints.push(Checkpoint::default());
                let mut text = String::with_capacity(raw.len());
                match charset {
                    Charset::Table(encoding) => table(encoding, raw, &mut text, &mut checkpoints),
                    Charset::Utf16 { big } => utf16(big, raw, &mut text, &mut checkpoints),
                    Charset::Iso2022Jp => iso2022jp::read(raw, &mut text, &mut checkpoints, STRIDE),
                    Charset::Utf7 => utf7::read(raw, &mut text, &mut checkpoints, STRIDE),
                }
                Cow::Owned(text)
            }
        };
        Self { raw, charset, text, checkpoints }
    }

    /// Of what was text before.
    pub(super) fn of_text(text: &'a str) -> Self {
        let (raw, charset, text) = (text.as_bytes(), Charset::UTF_8, Cow::Borrowed(text));
        Self { raw, charset, text, checkpoints: Vec::new() }
    }

    /// Every offset is its own place.
    pub(super) fn is_identity(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    pub(super) fn place(&self, at: usize) -> Place {
        let at = at.min(self.text.len());
        if self.is_identity() {
            return Place { raw: at..at, text: at..at, shift: Shift::None };
        }
        let after = self.checkpoints.partition_point(|c| c.text <= at);
        let from = self.checkpoints.get(after.saturating_sub(1)).copied().unwrap_or_default();
        match self.charset {
            Charset::Iso2022Jp => iso2022jp::place(self.raw, from, at),
            Charset::Utf7 => utf7::place(self.raw, from, at),
            Charset::Utf16 { .. } => self.walk(from, at, |_, text| {
                let c = text.chars().next().unwrap_or_default();
                (2 * c.len_utf16(), c.len_utf8())
            }),
            Charset::Table(encoding) if encoding.is_single_byte() => {
                self.walk(from, at, |_, text| (1, text.chars().next().map_or(1, char::len_utf8)))
            }
            Charset::Table(encoding) => {
                self.walk(from, at, |raw, text| sequence(encoding, raw, text))
            }
        }
    }

    /// Walks sequence by sequence; `next` says how long the first one is, in bytes and in text.
    fn walk(
        &self,
        from: Checkpoint,
        at: usize,
        next: impl Fn(&[u8], &str) -> (usize, usize),
    ) -> Place {
        let Checkpoint { mut raw, mut text, .. } = from;
        while text < at {
            let (Some(bytes), Some(rest)) = (self.raw.get(raw..), self.text.get(text..)) else {
                break;
            };
            let (bytes_len, text_len) = next(bytes, rest);
            let (raw_next, text_next) = (raw + bytes_len.max(1), text + text_len.max(1));
            if text_next > at {
                let raw = raw..raw_next.min(self.raw.len());
                return Place { raw, text: text..text_next, shift: Shift::None };
            }
            (raw, text) = (raw_next, text_next);
        }
        // A truncated last unit of UTF-16 is shorter than its U+FFFD says.
        let raw = if at == self.text.len() { self.raw.len() } else { raw.min(self.raw.len()) };
        Place { raw: raw..raw, text: text..text, shift: Shift::None }
    }
}

/// Decodes run by run, each ending where every decoder is in its first state.
fn table(
    encoding: &'static Encoding,
    raw: &[u8],
    text: &mut String,
    checkpoints: &mut Vec<Checkpoint>,
) {
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let length = if encoding.is_single_byte() { rest.len().min(STRIDE) } else { run(rest) };
        let (run, _) = rest.split_at(length);
        text.push_str(&encoding.decode_without_bom_handling(run).0);
        at += length;
        checkpoints.push(Checkpoint { raw: at, text: text.len(), shift: Shift::None });
    }
}

/// A byte below 0x30 is no second, third or fourth byte in any of these encodings, so after
/// it nothing is pending.
fn run(rest: &[u8]) -> usize {
    let settled = |byte: &u8| *byte < 0x30;
    let Some((near, far)) = rest.split_at_checked(STRIDE) else { return rest.len() };
    near.iter()
        .rposition(settled)
        .map(|at| at + 1)
        .or_else(|| far.iter().position(settled).map(|at| STRIDE + at + 1))
        .unwrap_or(rest.len())
}

fn utf16(big: bool, raw: &[u8], text: &mut String, checkpoints: &mut Vec<Checkpoint>) {
    let (pairs, odd) = raw.as_chunks::<2>();
    let unit =
        |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    let high = |unit: u16| (0xD800..0xDC00).contains(&unit);
    let mut rest = pairs;
    let mut at = 0;
    while !rest.is_empty() {
        let mut length = rest.len().min(STRIDE / 2);
        // Keep a surrogate pair in one run.
        if length < rest.len() && rest.get(length - 1).is_some_and(|pair| high(unit(pair))) {
            length += 1;
        }
        let (run, later) = rest.split_at(length);
        let chars = char::decode_utf16(run.iter().map(unit));
        text.extend(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        at += 2 * length;
        checkpoints.push(Checkpoint { raw: at, text: text.len(), shift: Shift::None });
        rest = later;
    }
    // The standard reports a high surrogate and half a unit at the end as one error.
    if !odd.is_empty() && !pairs.last().is_some_and(|pair| high(unit(pair))) {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

/// The length of the first sequence, in bytes and in text. Malformed ones end where the
/// Encoding Standard's decoders give a byte back.
fn sequence(encoding: &'static Encoding, raw: &[u8], text: &str) -> (usize, usize) {
    let byte = |at: usize| raw.get(at).copied();
    let (Some(first), Some(c)) = (byte(0), text.chars().next()) else { return (1, 1) };
    let length = c.len_utf8();
    if first < 0x80 {
        return (1, length);
    }
    if encoding == UTF_8 {
        let window = raw.get(..4).unwrap_or(raw);
        let Some(chunk) = window.utf8_chunks().next() else { return (1, length) };
        let bytes = if chunk.valid().is_empty() { chunk.invalid().len() } else { length };
        return (bytes, length);
    }
    let gb = encoding == GBK || encoding == GB18030;
    let digit = |at: usize| byte(at).is_some_and(|b| b.is_ascii_digit());
    let wide = |at: usize| byte(at).is_some_and(|b| (0x81..=0xFE).contains(&b));
    let malformed = c == char::REPLACEMENT_CHARACTER;
    let bytes = if !leads(encoding, first) {
        1
    } else if gb && digit(1) {
        match (wide(2), digit(3)) {
            (true, true) => 4,
            _ if byte(2).is_none() => 2,
            (true, false) if byte(3).is_none() => 3,
            _ => 1,
        }
    } else if encoding == EUC_JP
        && first == 0x8F
        && byte(1).is_some_and(|b| (0xA1..=0xFE).contains(&b))
    {
        match byte(2) {
            None | Some(0..0x80) => 2,
            Some(_) => 3,
        }
    } else {
        match byte(1) {
            None => 1,
            Some(0..0x80) if malformed => 1,
            Some(_) => 2,
        }
    };
    let doubled =
        encoding == BIG5 && first == 0x88 && matches!(byte(1), Some(0x62 | 0x64 | 0xA3 | 0xA5));
    let length = if doubled { text.chars().take(2).map(char::len_utf8).sum() } else { length };
    (bytes, length)
}

/// Whether more bytes follow `first` in its sequence.
fn leads(encoding: &'static Encoding, first: u8) -> bool {
    if encoding == SHIFT_JIS {
        matches!(first, 0x81..=0x9F | 0xE0..=0xFC)
    } else if encoding == EUC_JP {
        matches!(first, 0x8E | 0x8F | 0xA1..=0xFE)
    } else {
        debug_assert!([BIG5, EUC_KR, GBK, GB18030].contains(&encoding));
        matches!(first, 0x81..=0xFE)
    }
}
