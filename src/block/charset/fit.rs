//! New text in the body's charset: what it can hold, and as which bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8};

use super::label::{Label, Repertoire};
use super::reading::{Charset, Shift};
use super::{iso2022jp, utf7};
use crate::body::Format;

/// `new` with what the charset lacks replaced; none when text has no stand-in for it.
pub(super) fn fit(new: &str, label: Label, format: Format) -> Option<Cow<'_, str>> {
    let encoding = match label.charset {
        Charset::Utf16 { .. } | Charset::Utf7 => return Some(Cow::Borrowed(new)),
        Charset::Table(encoding) if encoding == UTF_8 => return Some(Cow::Borrowed(new)),
        Charset::Table(encoding) => encoding,
        Charset::Iso2022Jp => ISO_2022_JP,
    };
    if holds(encoding, label.repertoire, new) {
        return Some(Cow::Borrowed(new));
    }
    let mut fitted = String::with_capacity(new.len());
    for c in new.chars() {
        if holds(encoding, label.repertoire, c.encode_utf8(&mut [0; 4])) {
            fitted.push(c);
            continue;
        }
        match format {
            Format::Html => write!(fitted, "&#{};", u32::from(c)).ok()?,
            Format::Text => fitted.push_str(stand_in(c)?),
        }
    }
    Some(Cow::Owned(fitted))
}

/// Whether `text` is written and read back as itself. Some encoders fold: Shift_JIS writes a
/// yen sign as a backslash, ISO-2022-JP narrow katakana as wide.
fn holds(encoding: &'static Encoding, repertoire: Repertoire, text: &str) -> bool {
    let (bytes, _, lossy) = encoding.encode(text);
    let lowest = match repertoire {
        Repertoire::Full => 0,
        Repertoire::Ascii => return text.is_ascii(),
        Repertoire::NoC1 => 0xA0,
    };
    !lossy
        && bytes.iter().all(|byte| byte.is_ascii() || *byte >= lowest)
        && encoding.decode_without_bom_handling(&bytes).0 == text
}

/// What a typographic character is in ASCII: typewriter quotes, hyphens, blanks. Letters have
/// no stand-in, because a name that is spelled wrong is worse than an answer.
fn stand_in(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        '\u{2018}'..='\u{201B}' | '\u{2039}' | '\u{203A}' | '\u{2032}' => "'",
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' | '\u{2033}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{2550}' => "-",
        '\u{2022}' | '\u{2043}' | '\u{B7}' => "*",
        '\u{2026}' => "...",
        '\u{A9}' => "(c)",
        '\u{AE}' => "(R)",
        '\u{2122}' => "(TM)",
        // Invisible: soft hyphen, zero-width space, direction marks and isolates, joiner.
        '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => "",
        '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => "",
        _ => return None,
    })
}

/// The bytes of `new` between what ends in the state `before`, and `suffix`, which is to be
/// read in the state `after`. None when the charset cannot write it.
pub(super) fn encode(
    new: &str,
    charset: Charset,
    before: Shift,
    after: Shift,
    suffix: &[u8],
) -> Option<Vec<u8>> {
    match charset {
        Charset::Table(encoding) => {
            let (bytes, _, lossy) = encoding.encode(new);
            (!lossy).then(|| bytes.into_owned())
        }
        Charset::Utf16 { big: true } => {
            Some(new.encode_utf16().flat_map(u16::to_be_bytes).collect())
        }
        Charset::Utf16 { big: false } => {
            Some(new.encode_utf16().flat_map(u16::to_le_bytes).collect())
        }
        Charset::Iso2022Jp => iso2022jp::joined(new, before, after, suffix),
        Charset::Utf7 => Some(utf7::joined(new, before, after)),
    }
}
