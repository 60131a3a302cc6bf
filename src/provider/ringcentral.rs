//! RingCentral. Less certain: no real block was seen, the links are those of its documentation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    provider: Provider::RINGCENTRAL,
    fences: &[Fence::Tildes],
    joins: &[
        UrlShape("v.ringcentral.com/join/#"),
        UrlShape("video.ringcentral.com/join/#"),
        // Until about 2020 the meetings were Zoom's, on hosts of RingCentral's own.
        UrlShape("meetings.ringcentral.com/j/#"),
    ],
    weak_joins: &[],
    companions: &[
        UrlShape("v.ringcentral.com/teleconference"),
        UrlShape("meetings.ringcentral.com/teleconference"),
    ],
    last: &[],
    devices: &[],
    anchors: &[],
    labels: &[],
    trailer: false,
    bare: None,
    needs_marks: true,
};
