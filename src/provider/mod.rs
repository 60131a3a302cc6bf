//! The products whose meetings we know: their marks (to find a block) and their
//! wording (to write one).
//!
//! One file per product; the list in this file is the only place that names them all.

mod google_meet;
pub(crate) mod marks;
mod skype_for_business;
mod teams;
mod webex;
mod zoom;

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

    /// All products, in the order in which documentation lists them.
    pub const ALL: &'static [Self] =
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
pub(crate) const MARKS: [&marks::Marks; 5] =
    [&teams::MARKS, &skype_for_business::MARKS, &zoom::MARKS, &google_meet::MARKS, &webex::MARKS];

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
            let known: Vec<_> = Self::ALL.iter().map(|p| p.0).collect();
            D::Error::custom(format!("unknown provider `{key}`; known are {}", known.join(", ")))
        })
    }
}
