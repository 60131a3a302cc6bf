//! Google Meet.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    provider: Provider::GOOGLE_MEET,
    fences: &[Fence::Tildes],
    joins: &[UrlShape("meet.google.com/*")],
    weak_joins: &[],
    companions: &[UrlShape("tel.meet/*"), UrlShape("support.google.com/a/users/answer/*")],
    anchors: &[],
    labels: &[],
    trailer: false,
    needs_marks: true,
};
