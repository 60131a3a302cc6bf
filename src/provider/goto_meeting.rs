//! GoToMeeting, today GoTo.

use super::Provider;
use super::marks::{Bare, Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    // None of its own; Google draws its row around whatever a calendar add-on puts there.
    fences: &[Fence::Tildes],
    joins: &[
        UrlShape("global.gotomeeting.com/join/#"),
        UrlShape("www.gotomeeting.com/join/#"),
        UrlShape("app.gotomeeting.com/join/#"),
        UrlShape("meet.goto.com/#"),
        // Rooms with a name.
        UrlShape("gotomeet.me/*"),
        UrlShape("www.gotomeet.me/*"),
    ],
    companions: &[
        // The check that ended invitations until about 2020, then the app.
        UrlShape("link.gotomeeting.com/*"),
        UrlShape("global.gotomeeting.com/install/#"),
        UrlShape("meet.goto.com/install"),
    ],
    bare: Some(&BARE),
    ..Marks::none(Provider::GOTO_MEETING)
};

const BARE: Bare = Bare {
    headings: &["Please join my meeting from your computer, tablet or smartphone."],
    within: &[
        "you can also dial in using your phone.",
        "(for supported devices, tap a one-touch number below to join instantly.)",
        "more phone numbers",
        "joining from a video-conferencing room or system?",
        "join from a video-conferencing room or system.",
        "first gotomeeting? let's do a quick system check",
        "first gotomeeting? try a test session",
        "new to gotomeeting? get the app now and be ready when your first meeting starts",
        "get the app now and be ready when your first meeting starts",
    ],
    fields: &["access code", "meeting id"],
    ..Bare::NONE
};
