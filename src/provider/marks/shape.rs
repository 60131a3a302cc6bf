//! Shapes of links, and what a link is held against.
//!
//! In: a shape as it is written in a product's marks, and an unwrapped link. Out: whether it
//! fits. Never: a query or a fragment looked at.

use memchr::{memchr, memchr2, memrchr};

use super::hosts::Hosts;

/// The shape of a link: a host and path segments.
///
/// In the host, `*.` in front also takes subdomains, `.*` behind any domain, and a lone
/// `*` any host. In the path,
/// `*` is one segment, `#` one of digits, `@` one of eight letters and digits, and `**`
/// everything that is left. Case does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UrlShape(pub(crate) &'static str);

/// The parts of a link that a shape speaks of.
#[derive(Clone, Copy)]
pub(crate) struct Address<'a> {
    /// Without its port.
    pub(super) host: &'a str,
    /// Behind the host, without slashes at its end.
    pub(super) path: &'a str,
}

impl<'a> Address<'a> {
    /// None without a `://`.
    pub(crate) fn of(url: &'a str) -> Option<Self> {
        // Byte by byte: most links are short, and every link of a body is looked at.
        let bytes = url.as_bytes();
        let scheme = bytes.windows(3).position(|three| three == b"://")?;
        Self::behind_scheme(url.get(scheme + 3..)?)
    }

    /// Of what stands behind the `://`.
    fn behind_scheme(rest: &'a str) -> Option<Self> {
        let end = memchr2(b'?', b'#', rest.as_bytes()).unwrap_or(rest.len());
        let rest = rest.get(..end)?.trim_end_matches('/');
        let slash = memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(slash)?;
        let port = memrchr(b':', host.as_bytes()).unwrap_or(host.len());
        Some(Self { host: host.get(..port)?, path: path.strip_prefix('/').unwrap_or(path) })
    }
}

impl UrlShape {
    /// Whether `url`, unwrapped, has this shape.
    #[cfg(feature = "ical")]
    pub(crate) fn matches(self, url: &str) -> bool {
        Address::of(url).is_some_and(|address| self.fits(address))
    }

    /// Whether a link, unwrapped, has this shape.
    pub(crate) fn fits(self, address: Address<'_>) -> bool {
        fits(self.0, address)
    }

    /// Whether its host could be anybody's: links are not told from others by their host.
    pub(super) const fn is_open(self) -> bool {
        self.domain().is_none()
    }

    /// The domain that its hosts are, or are in; none when there is no such, or it is too
    /// short for [`Hosts`].
    pub(super) const fn domain(self) -> Option<&'static [u8]> {
        let mut domain = self.0.as_bytes().split_at(self.slash()).0;
        if let [b'*', b'.', behind @ ..] = domain {
            domain = behind;
        }
        match domain {
            [.., b'*'] => None,
            _ if domain.len() < Hosts::TAIL => None,
            _ => Some(domain),
        }
    }

    /// Where its path begins.
    pub(super) const fn slash(self) -> usize {
        let (mut length, mut rest) = (0, self.0.as_bytes());
        while let [first, behind @ ..] = rest {
            if *first == b'/' {
                break;
            }
            length += 1;
            rest = behind;
        }
        length
    }

    /// The letter that its hosts begin with, when they are in anybody's domain.
    pub(super) const fn host_begins(self) -> Option<u8> {
        match self.0.as_bytes() {
            [b'*', ..] => None,
            [first, ..] if self.is_open() => Some(first.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// The letter that its paths begin with.
    pub(super) const fn path_begins(self) -> Option<u8> {
        match self.0.as_bytes().split_at(self.slash()).1 {
            [b'/', first, ..] if first.is_ascii_alphanumeric() => Some(first.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// How many segments stand before the code that its path ends in.
    pub(super) const fn code_behind(self) -> Option<usize> {
        let (mut slashes, mut open_ended) = (0_usize, false);
        let mut rest = self.0.as_bytes();
        while let [first, behind @ ..] = rest {
            slashes += (*first == b'/') as usize;
            open_ended |= matches!(rest, [b'*', b'*', ..]);
            rest = behind;
        }
        match self.0.as_bytes() {
            [.., b'/', b'@'] if !open_ended => Some(slashes - 1),
            _ => None,
        }
    }
}

pub(super) fn fits(shape: &str, address: Address<'_>) -> bool {
    fits_at(shape, memchr(b'/', shape.as_bytes()).unwrap_or(shape.len()), address)
}

/// As [`fits`]; the shape's path begins at `slash`.
pub(super) fn fits_at(shape: &str, slash: usize, address: Address<'_>) -> bool {
    // Bytes: many shapes are asked about many links.
    let (host, path) = (address.host.as_bytes(), address.path.as_bytes());
    let (pattern, wanted) = shape.as_bytes().split_at_checked(slash).unwrap_or_default();
    let wanted = wanted.strip_prefix(b"/").unwrap_or(wanted);
    let host_fits = match pattern {
        b"*" => host.contains(&b'.'),
        [name @ .., b'.', b'*'] => match host.split_at_checked(name.len()) {
            Some((head, [b'.', ..])) => head.eq_ignore_ascii_case(name),
            _ => false,
        },
        [b'*', b'.', domain @ ..] => match host.len().checked_sub(domain.len()) {
            Some(0) => host.eq_ignore_ascii_case(domain),
            Some(from) => {
                let (sub, tail) = host.split_at_checked(from).unwrap_or_default();
                sub.last() == Some(&b'.') && tail.eq_ignore_ascii_case(domain)
            }
            None => false,
        },
        pattern => host.eq_ignore_ascii_case(pattern),
    };
    if !host_fits {
        return false;
    }
    // A host alone has no segments, not an empty one.
    let mut want = wanted.split(|b| *b == b'/').filter(|_| !wanted.is_empty());
    let mut got = path.split(|b| *b == b'/').filter(|_| !path.is_empty());
    loop {
        match (want.next(), got.next()) {
            (Some(b"**"), _) | (None, None) => return true,
            (Some(pattern), Some(segment)) => {
                let fits = match pattern {
                    b"*" => !segment.is_empty(),
                    b"#" => !segment.is_empty() && segment.iter().all(u8::is_ascii_digit),
                    b"@" => is_code(segment),
                    literal => segment.eq_ignore_ascii_case(literal),
                };
                if !fits {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// How many letters and digits a code has.
pub(super) const CODE: usize = 8;

pub(super) fn is_code(segment: &[u8]) -> bool {
    segment.len() == CODE && segment.iter().all(u8::is_ascii_alphanumeric)
}

/// `tel:+1…,,123456789#`: a number with a conference id behind it.
pub(crate) fn is_conference_call(url: &str) -> bool {
    url.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("tel:")) && url.contains(',')
}
