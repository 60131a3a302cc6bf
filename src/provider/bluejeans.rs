//! BlueJeans. Less certain: no real block was seen, the links are those of its documentation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    fences: &[Fence::Tildes],
    // With a passcode behind the id, or without.
    joins: &[UrlShape("bluejeans.com/#/*"), UrlShape("bluejeans.com/#")],
    companions: &[
        UrlShape("www.bluejeans.com/numbers"),
        UrlShape("www.bluejeans.com/premium-numbers"),
    ],
    ..Marks::none(Provider::BLUEJEANS)
};
