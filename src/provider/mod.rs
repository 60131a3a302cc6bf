//! The products whose meetings we know: their marks (to find a block) and their
//! wording (to write one).
//!
//! One file per product; the list in this file is the only place that names them all.

mod amazon_chime;
mod bluejeans;
mod google_meet;
mod goto_meeting;
mod jitsi;
pub(crate) mod marks;
mod ringcentral;
mod skype;
mod skype_for_business;
mod teams;
mod teams_personal;
mod tenant;
mod webex;
mod zoom;

pub(crate) use tenant::Side;
pub use tenant::{Frame, MarksError, MarksErrorKind, ProductMarks, TenantMarks};

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An online-meeting product, named by its key.
///
/// ```
/// use meeting_migration::provider::Provider;
///
/// assert_eq!(Provider::from_key("teams"), Some(Provider::TEAMS));
/// assert_eq!(Provider::from_key("telegraph"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provider(&'static str);

impl Provider {
    /// Microsoft Teams.
    pub const TEAMS: Self = Self("teams");
    /// Skype for Business, and Lync before it.
    pub const SKYPE_FOR_BUSINESS: Self = Self("skype-for-business");
    /// Zoom.
    pub const ZOOM: Self = Self("zoom");
    /// Google Meet.
    pub const GOOGLE_MEET: Self = Self("google-meet");
    /// Cisco Webex.
    pub const WEBEX: Self = Self("webex");

    /// Microsoft Teams for personal use.
    pub const TEAMS_PERSONAL: Self = Self("teams-personal");
    /// Skype, the one for private use.
    pub const SKYPE: Self = Self("skype");
    /// GoToMeeting, today GoTo.
    pub const GOTO_MEETING: Self = Self("goto-meeting");
    /// Jitsi Meet. Its marks are less certain: no real block was seen.
    pub const JITSI: Self = Self("jitsi");
    /// Amazon Chime. Its marks are less certain: no real block was seen.
    pub const AMAZON_CHIME: Self = Self("amazon-chime");
    /// RingCentral. Its marks are less certain: no real block was seen.
    pub const RINGCENTRAL: Self = Self("ringcentral");
    /// BlueJeans. Its marks are less certain: no real block was seen.
    pub const BLUEJEANS: Self = Self("bluejeans");

    /// All products whose blocks are found, in the order in which documentation lists them.
    pub const ALL: &'static [Self] = &[
        Self::TEAMS,
        Self::SKYPE_FOR_BUSINESS,
        Self::ZOOM,
        Self::GOOGLE_MEET,
        Self::WEBEX,
        Self::TEAMS_PERSONAL,
        Self::SKYPE,
        Self::GOTO_MEETING,
        Self::JITSI,
        Self::AMAZON_CHIME,
        Self::RINGCENTRAL,
        Self::BLUEJEANS,
    ];

    /// The products that a meeting can move to: those whose blocks we write. The others'
    /// are found and replaced, and as a target they are an error.
    pub const WRITTEN: &'static [Self] =
        &[Self::TEAMS, Self::SKYPE_FOR_BUSINESS, Self::ZOOM, Self::GOOGLE_MEET, Self::WEBEX];

    /// The product with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.0 == key)
    }

    /// Its key in JSON and in reports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.0
    }
}

/// The marks of each product.
pub(crate) const MARKS: [&marks::Marks; 12] = [
    &teams::MARKS,
    &skype_for_business::MARKS,
    &zoom::MARKS,
    &google_meet::MARKS,
    &webex::MARKS,
    &teams_personal::MARKS,
    &skype::MARKS,
    &goto_meeting::MARKS,
    &jitsi::MARKS,
    &amazon_chime::MARKS,
    &ringcentral::MARKS,
    &bluejeans::MARKS,
];

/// The keys of products, for messages.
pub(crate) fn keys(products: &[Provider]) -> String {
    products.iter().map(|product| product.0).collect::<Vec<_>>().join(", ")
}

/// Classes of elements that services put around their blocks.
pub(crate) const WRAPPERS: [(Provider, &str); 1] = [(Provider::TEAMS, teams::WRAPPER)];

/// Whether the link stands on the last line of the product's block, but for devices'
/// lines and a footer.
pub(crate) fn ends_block(marks: &marks::Marks, url: &str) -> bool {
    !marks.last.is_empty() && fits_any(url, marks.last.iter())
}

/// Whether the link of a product's block leads to a page that is the same for everybody.
pub(crate) fn is_page(marks: &marks::Marks, url: &str) -> bool {
    !marks.pages.is_empty() && fits_any(url, marks.pages.iter())
}

/// Whether the link is for video devices of another maker's.
pub(crate) fn is_device(url: &str) -> bool {
    fits_any(url, MARKS.iter().flat_map(|marks| marks.devices))
}

fn fits_any<'a>(url: &str, mut shapes: impl Iterator<Item = &'a marks::UrlShape>) -> bool {
    marks::Address::of(url).is_some_and(|address| shapes.any(|shape| shape.fits(address)))
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Provider {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Provider {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        Self::from_key(&key).ok_or_else(|| {
            D::Error::custom(format!("unknown provider `{key}`; known are {}", keys(Self::ALL)))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The guide's table is printed from the data; `UPDATE_GUIDE=1` writes it anew.
    #[test]
    fn the_guide_shows_the_marks() {
        let mut table = String::new();
        for marks in MARKS {
            let shapes = |shapes: &[marks::UrlShape]| {
                let shown: Vec<_> = shapes.iter().map(|s| format!("`{}`", s.0)).collect();
                if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
            };
            let quoted = |words: &[&str]| {
                let shown: Vec<_> = words.iter().map(|w| format!("`{w}`")).collect();
                if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
            };
            let fences = marks.fences.iter().map(|fence| match fence.row() {
                Some((c, count)) => format!("{count} × `{c}`"),
                None => format!("a row of {fence:?}").to_lowercase(),
            });
            let fences = fences.collect::<Vec<_>>().join(", ");
            let trailer = if marks.trailer { "`[!OC([lcid])!]`" } else { "none" };
            let bare = marks.bare.map_or_else(
                || "never".to_owned(),
                |bare| format!("below {}", quoted(&[bare.headings, bare.foreign].concat())),
            );
            let needs = if marks.needs_marks { "yes" } else { "no" };
            table += &format!(
                "### {}\n\n| mark | what |\n| --- | --- |\n| fences | {fences} |\n\
                 | links into a meeting | {} |\n| the same, on any host, beside other evidence | {} |\n\
                 | other links of a block | {} |\n| anchors | {} |\n| classes and ids | {} |\n\
                 | trailer | {trailer} |\n| links alone never make a block | {needs} |\n\
                 | as pasted text | {bare} |\n\n",
                marks.provider,
                shapes(marks.joins),
                shapes(marks.weak_joins),
                shapes(marks.companions),
                quoted(marks.anchors),
                quoted(marks.labels),
            );
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/guide/how-a-block-is-found.md");
        let page = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
        let (before, rest) = page.split_once("<!-- table: marks -->\n").unwrap();
        let (_, after) = rest.split_once("<!-- end -->").unwrap();
        let printed = format!("{before}<!-- table: marks -->\n\n{table}<!-- end -->{after}");
        if std::env::var_os("UPDATE_GUIDE").is_some() {
            std::fs::write(path, printed).unwrap();
        } else {
            assert!(page == printed, "UPDATE_GUIDE=1 prints the guide's table anew");
        }
    }
}
