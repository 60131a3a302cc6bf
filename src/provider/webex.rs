//! Cisco Webex.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    provider: Provider::WEBEX,
    // Its own opens and never closes; Google's as around Zoom's.
    fences: &[Fence::Waves, Fence::Tildes],
    joins: &[UrlShape("*.webex.com/*/j.php")],
    weak_joins: &[],
    companions: &[
        UrlShape("*.webex.com/*/globalcallin.php"),
        UrlShape("collaborationhelp.cisco.com/**"),
    ],
    anchors: &[],
    labels: &[],
    trailer: false,
    needs_marks: true,
};
