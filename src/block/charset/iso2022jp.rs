//! ISO-2022-JP with its state in view, which encoding_rs keeps to itself.
//!
//! Follows the Encoding Standard's decoder. A place between two characters is right after
//! the first, before any escape; two escapes in a row are an error, so the joints are made
//! there: see `joined`.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP};

use super::reading::{Checkpoint, Place, Shift};

const TO_ASCII: &[u8] = b"\x1B(B";

struct Reader<'a> {
    raw: &'a [u8],
    at: usize,
    shift: Shift,
    /// An escape was read and no character since.
    escaped: bool,
}

impl<'a> Reader<'a> {
    fn new(raw: &'a [u8], from: Checkpoint) -> Self {
        Self { raw, at: from.raw, shift: from.shift, escaped: false }
    }

    fn rest(&self) -> &'a [u8] {
        self.raw.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        const MALFORMED: Option<char> = Some(char::REPLACEMENT_CHARACTER);
        while let Some(shift) = escape(self.rest()) {
            self.at += TO_ASCII.len();
            self.shift = shift;
            if std::mem::replace(&mut self.escaped, true) {
                return MALFORMED;
            }
        }
        let (&byte, after) = self.rest().split_first()?;
        self.at += 1;
        self.escaped = false;
        match (self.shift, byte) {
            (_, 0x1B) => MALFORMED,
            (Shift::Kanji, 0x21..=0x7E) => {
                let Some(&second) = after.first().filter(|b| **b != 0x1B) else { return MALFORMED };
                self.at += 1;
                kanji(byte, second).or(MALFORMED)
            }
            (Shift::Kanji, _) => MALFORMED,
            (Shift::Katakana, 0x21..=0x5F) => {
                char::from_u32(0xFF61 - 0x21 + u32::from(byte)).or(MALFORMED)
            }
            (Shift::Katakana, _) | (_, 0x0E | 0x0F | 0x80..) => MALFORMED,
            (Shift::Roman, 0x5C) => Some('\u{A5}'),
            (Shift::Roman, 0x7E) => Some('\u{203E}'),
            _ => Some(char::from(byte)),
        }
    }
}

/// The same table as EUC-JP's, whose bytes have the high bit set.
fn kanji(first: u8, second: u8) -> Option<char> {
    if !(0x21..=0x7E).contains(&second) {
        return None;
    }
    let pair = [first | 0x80, second | 0x80];
    let text = EUC_JP.decode_without_bom_handling_and_without_replacement(&pair)?;
    text.chars().next()
}

/// The state that an escape at the beginning of `raw` leads to.
fn escape(raw: &[u8]) -> Option<Shift> {
    match raw.get(..3)? {
        b"\x1B(B" => Some(Shift::None),
        b"\x1B(J" => Some(Shift::Roman),
        b"\x1B(I" => Some(Shift::Katakana),
        b"\x1B$@" | b"\x1B$B" => Some(Shift::Kanji),
        _ => None,
    }
}

pub(super) fn read(
    raw: &[u8],
    text: &mut String,
    checkpoints: &mut Vec<Checkpoint>,
    stride: usize,
) {
    let mut reader = Reader::new(raw, Checkpoint::default());
    let mut last = 0;
    loop {
        if reader.shift == Shift::None {
            // In short pieces, so that a long run of ASCII has its checkpoints too.
            let piece = reader.rest();
            let piece = piece.get(..stride).unwrap_or(piece);
            let (plain, _) = piece.split_at(Encoding::iso_2022_jp_ascii_valid_up_to(piece));
            if !plain.is_empty() {
                text.push_str(std::str::from_utf8(plain).unwrap_or_default());
                reader.at += plain.len();
                reader.escaped = false;
            }
        }
        if reader.at - last >= stride && !reader.escaped {
            last = reader.at;
            checkpoints.push(Checkpoint { raw: last, text: text.len(), shift: reader.shift });
        }
        let Some(c) = reader.next() else { break };
        text.push(c);
    }
}

pub(super) fn place(raw: &[u8], from: Checkpoint, at: usize) -> Place {
    let mut reader = Reader::new(raw, from);
    let mut text = from.text;
    while text < at {
        let start = reader.at;
        let Some(c) = reader.next() else { break };
        if text + c.len_utf8() > at {
            let text = text..text + c.len_utf8();
            return Place { raw: start..reader.at, text, shift: reader.shift };
        }
        text += c.len_utf8();
    }
    Place { raw: reader.at..reader.at, text: text..text, shift: reader.shift }
}

/// `new` as bytes that follow a character in the state `before` and are followed by
/// `suffix`, which is to be read in the state `after`.
pub(super) fn joined(new: &str, before: Shift, after: Shift, suffix: &[u8]) -> Option<Vec<u8>> {
    let (encoded, _, lossy) = ISO_2022_JP.encode(new);
    if lossy {
        return None;
    }
    let mut out = Vec::with_capacity(encoded.len() + 2 * TO_ASCII.len());
    if before != Shift::None && !encoded.is_empty() && escape(&encoded).is_none() {
        out.extend_from_slice(TO_ASCII);
    }
    // The encoder ends in ASCII; what comes next may say its own state, or need another.
    let body = encoded.strip_suffix(TO_ASCII).unwrap_or(&encoded);
    let shifted = if encoded.is_empty() { before } else { ends_in(&encoded, body) };
    out.extend_from_slice(body);
    let wanted = if suffix.is_empty() { Shift::None } else { after };
    if escape(suffix).is_none() && shifted != wanted {
        out.extend_from_slice(to(wanted));
    }
    Some(out)
}

fn ends_in(encoded: &[u8], body: &[u8]) -> Shift {
    if encoded.len() == body.len() {
        return Shift::None;
    }
    let last = memchr::memrchr(0x1B, body).and_then(|at| body.get(at..));
    last.and_then(escape).unwrap_or_default()
}

fn to(shift: Shift) -> &'static [u8] {
    match shift {
        Shift::None | Shift::Open | Shift::Base64 => TO_ASCII,
        Shift::Roman => b"\x1B(J",
        Shift::Katakana => b"\x1B(I",
        Shift::Kanji => b"\x1B$B",
    }
}
