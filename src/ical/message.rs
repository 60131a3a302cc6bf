//! A mail message with a calendar object in it (RFC 5322, 2045–2047, 6047).
//!
//! In: who, what, a date and a message id. Out: the bytes of the message. Never: the
//! clock, the host's name, chance; a header that a name or subject could end.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::meeting::Address;
use crate::private::Private;

use super::document::Document;
use super::imip::{METHOD, lines_with_crlf};

/// Somebody with a mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    name: Private,
    address: Address,
}

impl Mailbox {
    /// A mailbox and the name it goes by, which may be empty.
    pub fn new(name: impl Into<Private>, address: impl Into<Address>) -> Self {
        Self { name: name.into(), address: address.into() }
    }

    fn is_writable(&self) -> bool {
        is_message_id(self.address.as_str().trim())
    }
}

/// A message with a calendar object, to be written with [`Message::to_bytes`].
///
/// The same message gives the same bytes, so that a retry sends what was sent. `Debug`
/// prints the id and a size.
#[derive(Clone)]
pub struct Message {
    from: Mailbox,
    to: Vec<Mailbox>,
    subject: Private,
    message_id: String,
    date: DateTime<Utc>,
    text: Private,
    html: Option<Private>,
    calendar: Vec<u8>,
}

impl Message {
    /// A message without recipients and texts. `message_id` is given without its angle
    /// brackets; `calendar` is the object, as from [`Document::request`](super::Document::request).
    pub fn new(
        from: Mailbox,
        subject: impl Into<Private>,
        message_id: impl Into<String>,
        date: DateTime<Utc>,
        calendar: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            from,
            to: Vec::new(),
            subject: subject.into(),
            message_id: message_id.into(),
            date,
            text: Private::default(),
            html: None,
            calendar: calendar.into(),
        }
    }

    /// Adds a recipient.
    #[must_use]
    pub fn with_recipient(mut self, to: Mailbox) -> Self {
        self.to.push(to);
        self
    }

    /// Replaces the plain text.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<Private>) -> Self {
        self.text = text.into();
        self
    }

    /// Replaces the HTML text. Default: there is none.
    #[must_use]
    pub fn with_html(mut self, html: impl Into<Private>) -> Self {
        self.html = Some(html.into());
        self
    }

    /// How many recipients the message leaves out, because their addresses cannot stand in
    /// its header: they are not `local@domain` in plain ASCII.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.to.iter().filter(|to| !to.is_writable()).count()
    }

    /// The message: `multipart/alternative` of plain text, HTML and calendar, all UTF-8
    /// in base64, lines ended by CRLF. It goes to all whose address can stand in a header;
    /// [`Message::left_out`] says whether that is all.
    ///
    /// # Errors
    /// When the sender's address, a name, the subject or the message id cannot stand in a
    /// header, nobody gets it, or the calendar is no request.
    pub fn to_bytes(&self) -> Result<Vec<u8>, MessageError> {
        let to: Vec<&Mailbox> = self.to.iter().filter(|to| to.is_writable()).collect();
        if to.is_empty() {
            return Err(match self.to.is_empty() {
                true => MessageError::NoRecipient,
                false => MessageError::Address,
            });
        }
        let document = Document::parse(&self.calendar[..]).map_err(|_| MessageError::Calendar)?;
        let is_request = |p: super::Property<'_>| p.raw_value().trim() == METHOD;
        if !document.property(0, "METHOD").is_some_and(is_request) {
            return Err(MessageError::Calendar);
        }
        if !is_message_id(&self.message_id) {
            return Err(MessageError::MessageId);
        }
        let boundary = boundary(&[
            self.message_id.as_bytes(),
            self.text.as_bytes(),
            self.html.as_deref().unwrap_or_default().as_bytes(),
            &self.calendar,
        ]);
        let mut out = String::new();
        header(&mut out, "Date", &[self.date.format("%a, %d %b %Y %H:%M:%S +0000").to_string()]);
        header(&mut out, "Message-ID", &[format!("<{}>", self.message_id)]);
        header(&mut out, "From", &mailboxes(&[&self.from])?);
        header(&mut out, "To", &mailboxes(&to)?);
        header(&mut out, "Subject", &unstructured(&self.subject)?);
        out.push_str("MIME-Version: 1.0\r\n");
        let _ = write!(out, "Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n");
        let mut part = |kind: &str, content: &[u8]| {
            let _ = write!(
                out,
                "\r\n--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            );
            base64_lines(&mut out, content);
        };
        part("text/plain; charset=utf-8", &with_crlf(self.text.as_bytes()));
        if let Some(html) = &self.html {
            part("text/html; charset=utf-8", &with_crlf(html.as_bytes()));
        }
        let kind = format!("text/calendar; charset=utf-8; method={METHOD}");
        part(&kind, &lines_with_crlf(&self.calendar));
        let _ = write!(out, "\r\n--{boundary}--\r\n");
        Ok(out.into_bytes())
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({}, calendar of {} bytes)", self.message_id, self.calendar.len())
    }
}

/// Why a message cannot be written. The text names the part, never its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// Nobody gets it.
    #[error("the message has no recipient")]
    NoRecipient,
    /// A control character in a name or subject.
    #[error("a control character in a name or in the subject")]
    ControlCharacter,
    /// The sender's address, or that of every recipient, is not `local@domain` in plain
    /// ASCII.
    #[error("an address that cannot stand in a message header")]
    Address,
    /// Not `left@right`.
    #[error("not a message id")]
    MessageId,
    /// The calendar has no such meeting, or nobody who organises it.
    #[error("the calendar has no such meeting, or it has no organiser with an address")]
    NoOrganizer,
    /// Not a calendar with `METHOD:REQUEST` in its first object.
    #[error("the calendar object is not a request")]
    Calendar,
}

/// `left@right` of characters that need no quoting.
fn is_message_id(id: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&c);
    id.len() <= 250
        && id.split_once('@').is_some_and(|(left, right)| {
            [left, right].iter().all(|part| !part.is_empty() && part.bytes().all(fits))
        })
}

fn mailboxes(boxes: &[&Mailbox]) -> Result<Vec<String>, MessageError> {
    let mut words = Vec::new();
    for (index, mailbox) in boxes.iter().enumerate() {
        let address = mailbox.address.as_str().trim();
        if !mailbox.is_writable() {
            return Err(MessageError::Address);
        }
        words.extend(phrase(&mailbox.name)?);
        let comma = if index + 1 < boxes.len() { "," } else { "" };
        words.push(format!("<{address}>{comma}"));
    }
    Ok(words)
}

/// A display name: quoted when ASCII, else in encoded words.
fn phrase(name: &str) -> Result<Vec<String>, MessageError> {
    let name = name.trim();
    if name.contains(char::is_control) {
        return Err(MessageError::ControlCharacter);
    }
    if name.is_empty() {
        return Ok(Vec::new());
    }
    if name.is_ascii() && name.len() <= 60 && !name.contains("=?") {
        return Ok(vec![format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))]);
    }
    Ok(encoded_words(name))
}

fn unstructured(text: &str) -> Result<Vec<String>, MessageError> {
    if text.contains(char::is_control) {
        return Err(MessageError::ControlCharacter);
    }
    let plain = text.is_ascii()
        && !text.contains("=?")
        && text.trim() == text
        && !text.contains("  ")
        && text.split(' ').all(|word| word.len() <= 60);
    Ok(if plain { text.split(' ').map(str::to_owned).collect() } else { encoded_words(text) })
}

/// RFC 2047 words, none of which parts a character: of 64 characters, so that one fits
/// behind a header name.
fn encoded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chunk = String::new();
    for c in text.chars() {
        if chunk.len() + c.len_utf8() > 39 {
            words.push(format!("=?utf-8?B?{}?=", base64(chunk.as_bytes())));
            chunk.clear();
        }
        chunk.push(c);
    }
    words.push(format!("=?utf-8?B?{}?=", base64(chunk.as_bytes())));
    words
}

/// One header, folded between its words.
fn header(out: &mut String, name: &str, words: &[String]) {
    out.push_str(name);
    out.push(':');
    let mut column = name.len() + 1;
    for (index, word) in words.iter().enumerate() {
        if index > 0 && column + 1 + word.len() > 76 {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n");
}

/// Every line end as CRLF, which MIME asks of text.
fn with_crlf(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' => {
                rest.next_if_eq(&b'\n');
                out.extend_from_slice(b"\r\n");
            }
            b'\n' => out.extend_from_slice(b"\r\n"),
            other => out.push(other),
        }
    }
    out
}

/// A boundary that no base64 line can be: it holds `_`, and a hash of the content.
fn boundary(contents: &[&[u8]]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in contents.iter().flat_map(|content| content.iter()) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("=_alternative_{hash:016x}")
}

fn base64_lines(out: &mut String, content: &[u8]) {
    for line in content.chunks(57) {
        out.push_str(&base64(line));
        out.push_str("\r\n");
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |i: usize| u32::from(group.get(i).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit) & 63) as usize;
            let shown = digit <= group.len();
            out.push(if shown { char::from(*DIGITS.get(index).unwrap_or(&b'=')) } else { '=' });
        }
    }
    out
}
