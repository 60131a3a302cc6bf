//! Zoom.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    provider: Provider::ZOOM,
    fence: Some(Fence::BoxLine),
    joins: &[UrlShape("*.zoom.us/j/#"), UrlShape("*.zoomgov.com/j/#")],
    weak_joins: &[],
    companions: &[UrlShape("*.zoom.us/u/*"), UrlShape("*.zoomgov.com/u/*")],
    anchors: &[],
    labels: &[],
    trailer: false,
    needs_marks: true,
};
