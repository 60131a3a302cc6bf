//! Amazon Chime. Less certain: no real block was seen, the links are those of its documentation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    provider: Provider::AMAZON_CHIME,
    fences: &[Fence::Tildes],
    joins: &[UrlShape("chime.aws/#"), UrlShape("app.chime.aws/meetings/#")],
    weak_joins: &[],
    companions: &[UrlShape("chime.aws/dialinnumbers")],
    last: &[],
    devices: &[],
    anchors: &[],
    labels: &[],
    trailer: false,
    bare: None,
    needs_marks: true,
};
