//! Cisco Webex.

use super::Provider;
use super::marks::{Bare, Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    // Its own opens and never closes; Google's as around Zoom's.
    fences: &[Fence::Waves, Fence::Tildes],
    joins: &[UrlShape("*.webex.com/*/j.php")],
    companions: &[
        UrlShape("*.webex.com/*/globalcallin.php"),
        UrlShape("collaborationhelp.cisco.com/**"),
    ],
    bare: Some(&BARE),
    ..Marks::none(Provider::WEBEX)
};

/// Without its opening row; it never had a closing one.
const BARE: Bare = Bare {
    headings: &["Join Webex meeting", "Join meeting", "Join from the meeting link"],
    // About recordings.
    closings: &[(
        "IMPORTANT NOTICE: Please note that this Webex service",
        "do not join the session.",
    )],
};
