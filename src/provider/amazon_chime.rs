//! Amazon Chime. Less certain: no real block was seen, the links are those of its documentation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    fences: &[Fence::Tildes],
    joins: &[UrlShape("chime.aws/#"), UrlShape("app.chime.aws/meetings/#")],
    companions: &[UrlShape("chime.aws/dialinnumbers")],
    ..Marks::none(Provider::AMAZON_CHIME)
};
