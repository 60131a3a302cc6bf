//! Jitsi Meet. Less certain: no real block was seen, the links are those of its documentation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    fences: &[Fence::Tildes],
    // Its public server; an organisation's own is a mark that the organisation adds.
    joins: &[UrlShape("meet.jit.si/*")],
    companions: &[UrlShape("meet.jit.si/static/dialInInfo.html")],
    ..Marks::none(Provider::JITSI)
};
