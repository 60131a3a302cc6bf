//! What an HTML document says about its own charset, in its first 1,024 bytes.
//!
//! The HTML Standard's "prescan a byte stream to determine its encoding", and after it the
//! encoding of an XML declaration, as browsers read it.

use super::label::{self, Label};
use super::reading::Charset;

const WINDOW: usize = 1024;

/// A declaration that counts.
pub(super) enum Declared {
    Known(Label),
    /// One that browsers refuse to read: `iso-2022-kr`, `hz-gb-2312` and their like.
    Unreadable,
}

pub(super) fn prescan(raw: &[u8]) -> Option<Declared> {
    let window = raw.get(..WINDOW).unwrap_or(raw);
    if window.starts_with(b"<\0?\0x\0") {
        return Label::find("utf-16le").map(Declared::Known);
    }
    if window.starts_with(b"\0<\0?\0x") {
        return Label::find("utf-16be").map(Declared::Known);
    }
    meta(window).or_else(|| xml(window))
}

fn meta(window: &[u8]) -> Option<Declared> {
    let mut scan = Scan { rest: window };
    loop {
        let skip = memchr::memchr(b'<', scan.rest)?;
        scan.skip(skip);
        let tag = scan.rest;
        if tag.starts_with(b"<!--") {
            // The dashes that open may be the dashes that close.
            scan.skip(2);
            scan.skip(memchr::memmem::find(scan.rest, b"-->")? + 3);
        } else if is_meta(tag) {
            scan.skip(5);
            if let Some(declared) = scan.meta()? {
                return Some(declared);
            }
        } else if is_tag(tag) {
            let named = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
            scan.skip(tag.iter().position(named)?);
            while scan.attribute()?.is_some() {}
        } else if matches!(tag.get(1), Some(b'!' | b'/' | b'?')) {
            scan.skip(memchr::memchr(b'>', tag)?);
        } else {
            scan.skip(1);
        }
    }
}

fn is_meta(tag: &[u8]) -> bool {
    tag.get(1..5).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
        && tag.get(5).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/')
}

fn is_tag(tag: &[u8]) -> bool {
    let name = if tag.get(1) == Some(&b'/') { 2 } else { 1 };
    tag.get(name).is_some_and(u8::is_ascii_alphabetic)
}

/// Inner `None`s of the results mean "nothing here"; outer ones, that the window ended.
struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn skip_while(&mut self, skipped: impl Fn(u8) -> bool) -> Option<u8> {
        let at = self.rest.iter().position(|b| !skipped(*b))?;
        self.skip(at);
        self.rest.first().copied()
    }

    /// The bytes up to the first that `end` accepts; the scan stays on it.
    fn take_until(&mut self, end: impl Fn(u8) -> bool) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at(self.rest.iter().position(|b| end(*b))?);
        self.rest = rest;
        Some(taken)
    }

    fn meta(&mut self) -> Option<Option<Declared>> {
        let (mut pragma, mut needs_pragma, mut charset) = (false, None, None);
        let mut seen = [false; 3];
        while let Some((name, value)) = self.attribute()? {
            let value = String::from_utf8_lossy(value);
            let names = ["http-equiv", "content", "charset"];
            let known = names.iter().position(|n| name.eq_ignore_ascii_case(n.as_bytes()));
            let Some(index) = known else { continue };
            if seen.get_mut(index).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            match index {
                0 => pragma = value.eq_ignore_ascii_case("content-type"),
                1 if charset.is_none() => {
                    if let Some(declared) = in_content(&value).and_then(declared) {
                        (charset, needs_pragma) = (Some(Some(declared)), Some(true));
                    }
                }
                1 => {}
                _ => (charset, needs_pragma) = (Some(declared(&value)), Some(false)),
            }
        }
        let counts = match needs_pragma {
            None => false,
            Some(needs) => !needs || pragma,
        };
        Some(if counts { charset.flatten() } else { None })
    }

    /// "Get an attribute".
    fn attribute(&mut self) -> Option<Option<(&'a [u8], &'a [u8])>> {
        let blank = |b: u8| b.is_ascii_whitespace();
        if self.skip_while(|b| blank(b) || b == b'/')? == b'>' {
            return Some(None);
        }
        // An equals sign may begin a name.
        let all = self.rest;
        let ends = |b: u8| blank(b) || matches!(b, b'=' | b'/' | b'>');
        let length = all.iter().skip(1).position(|b| ends(*b))? + 1;
        let (name, rest) = all.split_at(length);
        self.rest = rest;
        if self.skip_while(blank)? != b'=' {
            return Some(Some((name, b"")));
        }
        self.skip(1);
        let value = match self.skip_while(blank)? {
            quote @ (b'"' | b'\'') => {
                self.skip(1);
                let value = self.take_until(|b| b == quote)?;
                self.skip(1);
                value
            }
            _ => self.take_until(|b| blank(b) || b == b'>')?,
        };
        Some(Some((name, value)))
    }
}

/// "Extract a character encoding from a meta element": the label in a `content`.
fn in_content(content: &str) -> Option<&str> {
    let lower = content.to_ascii_lowercase();
    let mut from = 0;
    loop {
        from += lower.get(from..)?.find("charset")? + "charset".len();
        let after = content.get(from..)?.trim_ascii_start();
        let Some(value) = after.strip_prefix('=') else { continue };
        let value = value.trim_ascii_start();
        return match value.chars().next()? {
            quote @ ('"' | '\'') => value.get(1..)?.split_once(quote).map(|(label, _)| label),
            _ => value.split(|c: char| c.is_ascii_whitespace() || c == ';').next(),
        };
    }
}

/// "Get an XML encoding".
fn xml(window: &[u8]) -> Option<Declared> {
    let declaration = window.strip_prefix(b"<?xml")?;
    let (declaration, _) = declaration.split_at(memchr::memchr(b'>', declaration)?);
    let at = memchr::memmem::find(declaration, b"encoding")? + "encoding".len();
    let control = |b: &u8| *b <= b' ';
    let after = skip(declaration.get(at..)?, control).strip_prefix(b"=")?;
    let (quote, value) = skip(after, control).split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let (value, _) = value.split_at(memchr::memchr(*quote, value)?);
    if value.iter().any(control) { None } else { declared(std::str::from_utf8(value).ok()?) }
}

fn skip(bytes: &[u8], skipped: impl Fn(&u8) -> bool) -> &[u8] {
    let at = bytes.iter().position(|b| !skipped(b)).unwrap_or(bytes.len());
    bytes.get(at..).unwrap_or_default()
}

/// The standard's labels only, with what a declaration cannot truly say put right.
fn declared(value: &str) -> Option<Declared> {
    let encoding = encoding_rs::Encoding::for_label(value.as_bytes())?;
    if encoding == encoding_rs::REPLACEMENT {
        return Some(Declared::Unreadable);
    }
    if encoding == encoding_rs::X_USER_DEFINED {
        return Some(Declared::Known(Label::WINDOWS_1252));
    }
    let label = Label::find(label::trimmed(value))?;
    let utf16 = matches!(label.charset, Charset::Utf16 { .. });
    Some(Declared::Known(if utf16 { Label::UTF_8 } else { label }))
}
