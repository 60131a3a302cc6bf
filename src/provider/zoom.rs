//! Zoom.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    provider: Provider::ZOOM,
    // Its own in Google's descriptions; Google's, around what its calendar add-on puts there.
    fences: &[Fence::BoxLine, Fence::Tildes],
    // Ids are digits; publishers of calendars mask them.
    joins: &[UrlShape("*.zoom.us/j/*"), UrlShape("*.zoomgov.com/j/*")],
    weak_joins: &[],
    companions: &[UrlShape("*.zoom.us/u/*"), UrlShape("*.zoomgov.com/u/*")],
    anchors: &[],
    labels: &[],
    trailer: false,
    needs_marks: true,
};
