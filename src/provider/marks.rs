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

impl UrlShape {
    /// Whether `url`, unwrapped, has this shape.
    pub(crate) fn matches(self, url: &str) -> bool {
        let Some((_, rest)) = url.split_once("://") else { return false };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let mut got = rest.trim_end_matches('/').split('/');
        let mut want = self.0.split('/');
        let host = got.next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(h, _)| h);
        let host_fits = match want.next().unwrap_or_default() {
            "*" => host.contains('.'),
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
    /// The row above and below its block.
    pub(crate) fence: Option<Fence>,
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
