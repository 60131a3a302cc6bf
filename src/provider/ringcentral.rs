//! RingCentral. Less certain: no real block was seen, the links are those of its documentation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    fences: &[Fence::Tildes],
    joins: &[
        UrlShape("v.ringcentral.com/join/#"),
        UrlShape("video.ringcentral.com/join/#"),
        // Until about 2020 the meetings were Zoom's, on hosts of RingCentral's own.
        UrlShape("meetings.ringcentral.com/j/#"),
    ],
    companions: &[
        UrlShape("v.ringcentral.com/teleconference"),
        UrlShape("meetings.ringcentral.com/teleconference"),
    ],
    ..Marks::none(Provider::RINGCENTRAL)
};
