//! Skype, the one for private use, as Outlook.com added it to an invitation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    // The row of Skype for Business, two lines apart, and one link between: no more was seen.
    fences: &[Fence::FullStops],
    joins: &[UrlShape("join.skype.com/*")],
    ..Marks::none(Provider::SKYPE)
};
