//! A writer of HTML that cannot be talked into markup.
//!
//! In: literals of our own, and text. Out: one line of HTML. Markup is `&'static str`,
//! so nothing that came from outside can get in as such; text and attribute values are
//! escaped; a link is made from what [`Href`] lets through.

use crate::coordinates::Dial;
use crate::link::Link;

/// A link of an allowed scheme.
pub(super) struct Href(String);

impl Href {
    pub(super) fn web(link: &Link) -> Self {
        Self(link.as_str().to_owned())
    }

    /// A call that goes on to dial `extension` after a pause.
    pub(super) fn call(number: &Dial, extension: Option<&str>) -> Self {
        let mut url = format!("tel:{}", number.digits());
        if let Some(extension) = extension {
            url.push_str(",,");
            url.extend(extension.chars().filter(char::is_ascii_digit));
            url.push('#');
        }
        Self(url)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// HTML under construction.
pub(super) struct Html(String);

impl Html {
    pub(super) fn new() -> Self {
        // Most blocks fit.
        Self(String::with_capacity(4096))
    }

    /// Appends markup of our own.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends markup of a template, which was checked when the template was made.
    pub(super) fn checked(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape(&mut self.0, text);
        self
    }

    /// Appends ` name="value"`.
    pub(super) fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.0.extend([" ", name, "=\""]);
        escape(&mut self.0, value);
        self.0.push('"');
        self
    }

    /// Appends ` href="…"`.
    pub(super) fn href(&mut self, href: &Href) -> &mut Self {
        self.attribute("href", href.as_str())
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Right in text and in quoted attributes alike.
fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    let special = |b: u8| matches!(b, b'&' | b'<' | b'>' | b'"' | b'\'');
    while let Some(at) = rest.bytes().position(special) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match from.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            _ => "&#39;",
        });
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
