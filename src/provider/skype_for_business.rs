//! Skype for Business, and Lync before it.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    fences: &[Fence::FullStops],
    joins: &[UrlShape("meet.lync.com/*/*/@")],
    weak_joins: &[UrlShape("*/meet/*/@"), UrlShape("*/*/@")],
    companions: &[
        // The organisation's own, or Microsoft's.
        UrlShape("dialin.*/**"),
        UrlShape("*/dialin/**"),
        UrlShape("mysettings.lync.com/pstnconferencing"),
        UrlShape("o15.officeredir.microsoft.com/r/**"),
        UrlShape("r.office.microsoft.com/r/**"),
        UrlShape("go.microsoft.com/fwlink"),
    ],
    pages: &[
        UrlShape("mysettings.lync.com/pstnconferencing"),
        UrlShape("o15.officeredir.microsoft.com/r/**"),
        UrlShape("r.office.microsoft.com/r/**"),
        UrlShape("go.microsoft.com/fwlink"),
    ],
    anchors: &["OutJoinLink", "OutSharedNoteBorder", "OutSharedNoteLink"],
    trailer: true,
    ..Marks::none(Provider::SKYPE_FOR_BUSINESS)
};
