//! A link cut into the parts that comparing needs. No more than that is checked.

use memchr::{memchr, memrchr};

/// `scheme://authority/path?query#fragment`, each as written.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    /// `https` or `http`.
    pub(super) scheme: &'static str,
    authority: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) fragment: &'a str,
}

impl<'a> Parts<'a> {
    /// None when it is no `http` or `https` link with a host.
    pub(super) fn of(url: &'a str) -> Option<Self> {
        let ends = [url.as_bytes().first(), url.as_bytes().last()];
        let url = match ends.into_iter().flatten().all(u8::is_ascii_graphic) {
            true => url,
            false => url.trim_matches(|c: char| c.is_whitespace() || c.is_control()),
        };
        let (scheme, rest) = ["https", "http"].into_iter().find_map(|scheme| {
            let (head, rest) = url.split_at_checked(scheme.len())?;
            Some((scheme, rest.strip_prefix("://").filter(|_| head.eq_ignore_ascii_case(scheme))?))
        })?;
        let (rest, fragment) = cut(rest, b'#');
        let (rest, query) = cut(rest, b'?');
        let slash = memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(slash)?;
        let parts = Self { scheme, authority, path, query, fragment };
        (!parts.host_as_written().is_empty()).then_some(parts)
    }

    /// Lower-case, without user, default port and the root's dot.
    pub(super) fn host(&self) -> String {
        self.host_as_written().to_ascii_lowercase()
    }

    /// Without user, default port and the root's dot.
    pub(super) fn host_as_written(&self) -> &'a str {
        let host = behind_user(self.authority);
        let port = if self.scheme == "https" { ":443" } else { ":80" };
        let host = host.strip_suffix(port).unwrap_or(host);
        let host = host.strip_suffix(':').unwrap_or(host);
        host.trim_end_matches('.')
    }

    /// The parts of the path that are not empty.
    pub(super) fn segments(&self) -> impl Iterator<Item = &'a str> {
        self.path.split('/').filter(|segment| !segment.is_empty())
    }

    /// The first value with this name, as written. An `&amp;` left between is forgiven.
    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        self.query.split('&').find_map(|pair| {
            let pair = pair.strip_prefix("amp;").unwrap_or(pair);
            let (found, value) = pair.split_once('=')?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// What stands before and behind an ASCII character; nothing stands behind where there is none.
fn cut(text: &str, at: u8) -> (&str, &str) {
    let found = memchr(at, text.as_bytes());
    found.and_then(|i| Some((text.get(..i)?, text.get(i + 1..)?))).unwrap_or((text, ""))
}

/// An authority without its user.
pub(super) fn behind_user(authority: &str) -> &str {
    let at = memrchr(b'@', authority.as_bytes()).map_or(0, |at| at + 1);
    authority.get(at..).unwrap_or_default()
}

/// The byte that a `%XX` at the beginning stands for.
pub(super) fn escaped_byte(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Percent-decodes once; what is no `%XX` stays. None when the result is not UTF-8.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        match escaped_byte(rest) {
            Some(byte) => {
                out.push(byte);
                rest = rest.get(3..).unwrap_or_default();
            }
            None => {
                out.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(out).ok()
}
