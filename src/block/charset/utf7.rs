//! UTF-7 (RFC 2152), which old mail still labels text with.
//!
//! A base64 run is one sequence: when a cut falls inside it, the run is written again.

use super::reading::{Checkpoint, Place, Shift};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// Base64 digits after which a run is read as several sequences, so that finding a place in
/// it does not read all of it.
const LONG: usize = 4096;

/// Reads one character or one run at the beginning of `raw`; says how many bytes it took, and
/// the state after it.
fn piece(raw: &[u8], before: Shift, text: &mut String) -> (usize, Shift) {
    let (lead, digits) = match raw {
        _ if before == Shift::Base64 => (0, raw),
        [b'+', rest @ ..] => (1, rest),
        [first, ..] => {
            let c = if first.is_ascii() { char::from(*first) } else { char::REPLACEMENT_CHARACTER };
            text.push(c);
            return (1, Shift::None);
        }
        [] => return (0, Shift::None),
    };
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut units: Vec<u16> = Vec::new();
    let mut length = 0;
    for value in digits.iter().map_while(|byte| sextet(*byte)) {
        let pair = units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit));
        if length >= LONG && length % 8 == 0 && !pair {
            decoded(units, text);
            return (lead + length, Shift::Base64);
        }
        length += 1;
        bits = bits << 6 | value;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    let closed = digits.get(length) == Some(&b'-');
    if length == 0 {
        text.push(if closed { '+' } else { char::REPLACEMENT_CHARACTER });
        return (lead + usize::from(closed), Shift::None);
    }
    decoded(units, text);
    if held >= 6 || bits != 0 {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (lead + length + usize::from(closed), if closed { Shift::None } else { Shift::Open })
}

fn decoded(units: Vec<u16>, text: &mut String) {
    let chars = char::decode_utf16(units);
    text.extend(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

pub(super) fn read(
    raw: &[u8],
    text: &mut String,
    checkpoints: &mut Vec<Checkpoint>,
    stride: usize,
) {
    let (mut at, mut last, mut shift) = (0, 0, Shift::None);
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, next) = piece(rest, shift, text);
        shift = next;
        at += length;
        if at - last >= stride {
            last = at;
            checkpoints.push(Checkpoint { raw: at, text: text.len(), shift });
        }
    }
}

pub(super) fn place(raw: &[u8], from: Checkpoint, at: usize) -> Place {
    let Checkpoint { raw: mut begin, mut text, mut shift } = from;
    let mut read = String::new();
    while text < at {
        let Some(rest) = raw.get(begin..).filter(|rest| !rest.is_empty()) else { break };
        read.clear();
        let (length, next) = piece(rest, shift, &mut read);
        if text + read.len() > at {
            let text = text..text + read.len();
            return Place { raw: begin..begin + length, text, shift };
        }
        begin += length;
        text += read.len();
        shift = next;
    }
    Place { raw: begin..begin, text: text..text, shift }
}

/// `new` as bytes that follow the state `before` and are followed by bytes to be read in the
/// state `after`. Runs are always closed.
pub(super) fn joined(new: &str, before: Shift, after: Shift) -> Vec<u8> {
    let mut out = Vec::with_capacity(new.len() + 1);
    if before != Shift::None {
        out.push(b'-');
    }
    let mut rest = new;
    while let Some(c) = rest.chars().next() {
        if direct(c) {
            let (plain, later) = rest.split_at(rest.find(|c| !direct(c)).unwrap_or(rest.len()));
            out.extend_from_slice(plain.as_bytes());
            rest = later;
        } else if let Some(later) = rest.strip_prefix('+') {
            out.extend_from_slice(b"+-");
            rest = later;
        } else {
            let end = rest.find(|c| direct(c) || c == '+').unwrap_or(rest.len());
            let (shifted, later) = rest.split_at(end);
            run(shifted, &mut out);
            rest = later;
        }
    }
    if after == Shift::Base64 {
        out.push(b'+');
    }
    out
}

/// RFC 2152's directly written characters, with those that only headers must not have.
fn direct(c: char) -> bool {
    c.is_ascii() && !matches!(c, '+' | '\\' | '~')
}

fn run(shifted: &str, out: &mut Vec<u8>) {
    out.push(b'+');
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut push = |sextet: u32| out.extend(ALPHABET.get((sextet & 63) as usize));
    for unit in shifted.encode_utf16() {
        bits = bits << 16 | u32::from(unit);
        held += 16;
        while held >= 6 {
            held -= 6;
            push(bits >> held);
            bits &= (1 << held) - 1;
        }
    }
    if held > 0 {
        push(bits << (6 - held));
    }
    out.push(b'-');
}
