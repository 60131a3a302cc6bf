//! Links: which ones may be written into a block, and what a wrapped one points to.

mod meeting_key;
mod parts;
mod unwrap;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::private::Private;
pub(crate) use meeting_key::{Meeting, meeting_key};
pub(crate) use unwrap::{may_be_wrapped, unwrap};

/// An `https` link that is safe to write: it has a host and no blank, control or
/// invisible character, quote, angle bracket or backslash. Join links are secrets: `Debug`
/// prints the size.
///
/// ```
/// use meeting_migration::Link;
///
/// assert!(Link::new("https://teams.microsoft.com/meet/234?p=Ab").is_ok());
/// assert!(Link::new("javascript:alert(1)").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(Private);

impl Link {
    /// The longest link that is written, in bytes.
    pub const MAX_BYTES: usize = 4096;

    /// Checks that `url` may be written.
    ///
    /// # Errors
    /// When it is not such a link; see [`LinkError`].
    pub fn new(url: impl Into<String>) -> Result<Self, LinkError> {
        let url = url.into();
        let Some(rest) = strip_https(&url) else { return Err(LinkError::NotHttps) };
        if url.len() > Self::MAX_BYTES {
            return Err(LinkError::TooLong);
        }
        let forbidden = |c: char| c.is_whitespace() || is_unseen(c) || "\"'<>\\`{}|^".contains(c);
        if url.contains(forbidden) {
            return Err(LinkError::ForbiddenCharacter);
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.is_empty() || authority.contains('@') || authority.starts_with([':', '.']) {
            return Err(LinkError::NoHost);
        }
        Ok(Self(url.into()))
    }

    /// The link as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shows nothing, or changes how what stands beside it shows: control characters,
/// direction marks and overrides, format characters, noncharacters. The joiners that
/// Persian and Indic scripts need are not among them.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

fn strip_https(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_at_checked("https://".len())?;
    scheme.eq_ignore_ascii_case("https://").then_some(rest)
}

impl TryFrom<String> for Link {
    type Error = LinkError;

    fn try_from(url: String) -> Result<Self, Self::Error> {
        Self::new(url)
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.0.into_string()
    }
}

/// Why a link may not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Only `https` links lead into a meeting.
    #[error("the link is not https")]
    NotHttps,
    /// A blank, control or invisible character, quote, angle bracket, brace, bar, caret or backslash.
    #[error("the link holds a character that links cannot hold")]
    ForbiddenCharacter,
    /// Nothing before the path, or a user name.
    #[error("the link has no host, or a user name before it")]
    NoHost,
    /// Longer than [`Link::MAX_BYTES`].
    #[error("the link is longer than 4096 bytes")]
    TooLong,
}
