//! The text of an invitation, as the calendar gave it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a body is markup or plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// HTML, a whole document or a fragment.
    Html,
    /// Plain text; a line ends with CRLF, LF or CR.
    Text,
}

/// An invitation's text: HTML or plain, already Unicode or bytes with a charset.
///
/// Spans into a body are always byte ranges of [`Body::as_bytes`].
/// `Debug` prints the format and the size, never the text.
///
/// ```
/// use meeting_migration::Body;
///
/// let unicode = Body::html("<p>Agenda</p>");
/// let bytes = Body::text_bytes(b"caf\xe9".to_vec(), Some("iso-8859-1"));
/// assert_eq!(unicode.as_bytes(), b"<p>Agenda</p>");
/// assert_eq!(format!("{bytes:?}"), "Body(text, 4 bytes)");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Body {
    format: Format,
    content: Content,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Content {
    Unicode(String),
    Bytes { bytes: Vec<u8>, charset: Option<String> },
}

impl Body {
    /// HTML that is already Unicode: no charset declaration in it is looked at.
    pub fn html(text: impl Into<String>) -> Self {
        Self { format: Format::Html, content: Content::Unicode(text.into()) }
    }

    /// Plain text that is already Unicode.
    pub fn text(text: impl Into<String>) -> Self {
        Self { format: Format::Text, content: Content::Unicode(text.into()) }
    }

    /// HTML as bytes. `charset` is the label given with them, in a `Content-Type` say;
    /// without it the encoding is found as [`crate::block`] describes.
    pub fn html_bytes(bytes: impl Into<Vec<u8>>, charset: Option<&str>) -> Self {
        Self::from_bytes(Format::Html, bytes.into(), charset)
    }

    /// Plain text as bytes, with the label given with them.
    pub fn text_bytes(bytes: impl Into<Vec<u8>>, charset: Option<&str>) -> Self {
        Self::from_bytes(Format::Text, bytes.into(), charset)
    }

    fn from_bytes(format: Format, bytes: Vec<u8>, charset: Option<&str>) -> Self {
        Self { format, content: Content::Bytes { bytes, charset: charset.map(str::to_owned) } }
    }

    /// Markup or plain text.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The body's own bytes; UTF-8 when it was given as Unicode.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.content {
            Content::Unicode(text) => text.as_bytes(),
            Content::Bytes { bytes, .. } => bytes,
        }
    }

    /// The text, when it was given as Unicode.
    #[must_use]
    pub fn as_unicode(&self) -> Option<&str> {
        match &self.content {
            Content::Unicode(text) => Some(text),
            Content::Bytes { .. } => None,
        }
    }

    /// The charset label that came with the bytes.
    #[must_use]
    pub fn charset(&self) -> Option<&str> {
        match &self.content {
            Content::Unicode(_) => None,
            Content::Bytes { charset, .. } => charset.as_deref(),
        }
    }

    /// The same kind of body (format, charset) around other bytes.
    ///
    /// `bytes` must be valid UTF-8 when this body is Unicode; what is not becomes U+FFFD.
    #[must_use]
    pub fn with_bytes(&self, bytes: Vec<u8>) -> Self {
        let content = match &self.content {
            Content::Unicode(_) => Content::Unicode(
                String::from_utf8(bytes)
                    .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()),
            ),
            Content::Bytes { charset, .. } => Content::Bytes { bytes, charset: charset.clone() },
        };
        Self { format: self.format, content }
    }
}

impl Body {
    /// The same kind of body around another text, when this one is Unicode.
    pub(crate) fn with_text(&self, text: String) -> Option<Self> {
        self.as_unicode()?;
        Some(Self { format: self.format, content: Content::Unicode(text) })
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.format {
            Format::Html => "html",
            Format::Text => "text",
        };
        write!(f, "Body({format}, {} bytes)", self.as_bytes().len())
    }
}

/// How a body looks in a journal: JSON has no bytes, so each byte is the character
/// of the same number (U+0000 to U+00FF), which gives the very bytes back.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: Format,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    charset: Option<String>,
}

impl From<Body> for Wire {
    fn from(body: Body) -> Self {
        let (text, bytes, charset) = match body.content {
            Content::Unicode(text) => (Some(text), None, None),
            Content::Bytes { bytes, charset } => {
                (None, Some(bytes.into_iter().map(char::from).collect()), charset)
            }
        };
        Self { format: body.format, text, bytes, charset }
    }
}

impl TryFrom<Wire> for Body {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let content = match (wire.text, wire.bytes) {
            (Some(text), None) => Content::Unicode(text),
            (None, Some(bytes)) => Content::Bytes {
                bytes: bytes
                    .chars()
                    .map(|c| u8::try_from(u32::from(c)))
                    .collect::<Result<_, _>>()
                    .map_err(|_| "a body's bytes are characters up to U+00FF")?,
                charset: wire.charset,
            },
            _ => return Err("a body has either `text` or `bytes`"),
        };
        Ok(Self { format: wire.format, content })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_survives_the_journal_byte_for_byte() {
        let all: Vec<u8> = (0..=255).collect();
        for body in [
            Body::html_bytes(all.clone(), Some("windows-1252")),
            Body::text_bytes(all, None),
            Body::html("<p>\u{0}ä\u{1F600}</p>"),
        ] {
            let json = serde_json::to_string(&body).expect("a body serialises");
            let back: Body = serde_json::from_str(&json).expect("and reads back");
            assert_eq!(back, body);
        }
    }
}
