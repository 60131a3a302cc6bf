//! BlueJeans. Less certain: no real block was seen, the links are those of its documentation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    provider: Provider::BLUEJEANS,
    fences: &[Fence::Tildes],
    // With a passcode behind the id, or without.
    joins: &[UrlShape("bluejeans.com/#/*"), UrlShape("bluejeans.com/#")],
    weak_joins: &[],
    companions: &[
        UrlShape("www.bluejeans.com/numbers"),
        UrlShape("www.bluejeans.com/premium-numbers"),
    ],
    last: &[],
    devices: &[],
    anchors: &[],
    labels: &[],
    trailer: false,
    bare: None,
    needs_marks: true,
};
