//! What identifies a product's block, as data.
//!
//! Everything here is the same in every language. Wording settles extents at most.

use crate::provider::Provider;

/// The row of characters that a product draws above and below its block. It proves
/// nothing by itself: people type such rows, and one product borrows another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fence {
    /// 80 underscores.
    Underscores,
    /// 137 full stops, as one line or wrapped after 71.
    FullStops,
    /// Google's `-::~:~::~…~::~:~::-`.
    Tildes,
    /// Ten box-drawing lines (U+2500).
    BoxLine,
    /// Webex' `-~-~-~…-~-`, 45 characters long.
    Waves,
}

impl Fence {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Underscores, Self::FullStops, Self::Tildes, Self::BoxLine, Self::Waves];

    /// The character it is drawn with, and how many of them make it.
    pub(crate) const fn row(self) -> Option<(char, usize)> {
        match self {
            Self::Underscores => Some(('_', 80)),
            Self::FullStops => Some(('.', 137)),
            Self::BoxLine => Some(('\u{2500}', 10)),
            Self::Tildes | Self::Waves => None,
        }
    }
}

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
    host: &'a str,
    /// Behind the host, without slashes at its end.
    path: &'a str,
}

impl<'a> Address<'a> {
    /// None without a `://`.
    pub(crate) fn of(url: &'a str) -> Option<Self> {
        // Byte by byte: most links are short, and every link of a body is looked at.
        let bytes = url.as_bytes();
        let scheme = bytes.windows(3).position(|three| three == b"://")?;
        let rest = url.get(scheme + 3..)?;
        let end = rest.bytes().position(|b| matches!(b, b'?' | b'#')).unwrap_or(rest.len());
        let rest = rest.get(..end)?.trim_end_matches('/');
        let (host, path) =
            rest.split_at(rest.bytes().position(|b| b == b'/').unwrap_or(rest.len()));
        let port = host.bytes().rposition(|b| b == b':').unwrap_or(host.len());
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
        let Address { host, path } = address;
        let (pattern, wanted) = self.0.split_once('/').unwrap_or((self.0, ""));
        let host_fits = match pattern {
            "*" => host.bytes().any(|b| b == b'.'),
            pattern if pattern.ends_with(".*") => {
                let name = pattern.trim_end_matches('*');
                host.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
            }
            pattern => match pattern.strip_prefix("*.") {
                Some(domain) => {
                    host.eq_ignore_ascii_case(domain)
                        || host.len() > domain.len()
                            && host
                                .get(host.len() - domain.len() - 1..)
                                .and_then(|tail| tail.strip_prefix('.'))
                                .is_some_and(|tail| tail.eq_ignore_ascii_case(domain))
                }
                None => host.eq_ignore_ascii_case(pattern),
            },
        };
        if !host_fits {
            return false;
        }
        // A host alone has no segments, not an empty one.
        let mut want = wanted.split('/').filter(|_| !wanted.is_empty());
        let mut got = path.split('/').filter(|_| !path.is_empty());
        loop {
            match (want.next(), got.next()) {
                (Some("**"), _) | (None, None) => return true,
                (Some(pattern), Some(segment)) => {
                    let alnum = segment.bytes().all(|b| b.is_ascii_alphanumeric());
                    let fits = match pattern {
                        "*" => !segment.is_empty(),
                        "#" => !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit()),
                        "@" => segment.len() == 8 && alnum,
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
}

/// A product's marks.
#[derive(Debug)]
pub(crate) struct Marks {
    pub(crate) provider: Provider,
    /// Rows above and below its block: its own first, then those that calendars draw
    /// around it.
    pub(crate) fences: &'static [Fence],
    /// Links that lead into a meeting and that only this product has.
    pub(crate) joins: &'static [UrlShape],
    /// Links that lead into a meeting, on hosts of the organisation's own: true only
    /// beside other evidence.
    pub(crate) weak_joins: &'static [UrlShape],
    /// Other links of its block.
    pub(crate) companions: &'static [UrlShape],
    /// `name`s of anchors that its add-in sets.
    pub(crate) anchors: &'static [&'static str],
    /// `class`es, and beginnings of `id`s and `data-tid`s, that its service sets.
    pub(crate) labels: &'static [&'static str],
    /// Its add-in ends a block with a `[!OC([lcid])!]` line.
    pub(crate) trailer: bool,
    /// Without its fences, anchors, labels or trailer a block is not its own: its links
    /// alone are often pasted.
    pub(crate) needs_marks: bool,
}
