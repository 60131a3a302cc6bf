//! Microsoft Teams, 2017 to today.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

/// The class of the element that its service puts around a block.
pub(crate) const WRAPPER: &str = "me-email-text";

/// Links of the last line of its block.
const LAST: &[UrlShape] = &[
    UrlShape("teams.microsoft.com/meetingOptions/**"),
    UrlShape("teams.cloud.microsoft/meetingOptions/**"),
    UrlShape("*.teams.microsoft.us/meetingOptions/**"),
];

/// Links to pages of Microsoft's.
const PAGES: &[UrlShape] = &[
    UrlShape("mysettings.lync.com/pstnconferencing"),
    UrlShape("aka.ms/JoinTeamsMeeting"),
    UrlShape("go.microsoft.com/fwlink"),
    UrlShape("www.microsoft.com/microsoft-teams/join-a-meeting"),
    UrlShape("www.microsoft.com/*/microsoft-teams/download-app"),
];

/// Links of Cloud Video Interop's lines, which may stand behind them.
const DEVICES: &[UrlShape] = &[
    UrlShape("dialin.plcm.vc/teams/**"),
    UrlShape("www.webex.com/msteams"),
    UrlShape("pexip.me/teams/**"),
];

pub(crate) const MARKS: Marks = Marks {
    fences: &[Fence::Underscores],
    joins: &[
        UrlShape("teams.microsoft.com/l/meetup-join/**"),
        UrlShape("teams.microsoft.com/meet/#"),
        UrlShape("teams.cloud.microsoft/l/meetup-join/**"),
        UrlShape("teams.cloud.microsoft/meet/#"),
        UrlShape("*.teams.microsoft.us/l/meetup-join/**"),
        UrlShape("*.teams.microsoft.us/meet/#"),
    ],
    companions: &[
        UrlShape("teams.microsoft.com/meetingOptions/**"),
        UrlShape("teams.cloud.microsoft/meetingOptions/**"),
        UrlShape("*.teams.microsoft.us/meetingOptions/**"),
        UrlShape("dialin.teams.microsoft.com/**"),
        UrlShape("dialin.teams.cloud.microsoft/**"),
        UrlShape("*.dialin.teams.microsoft.us/**"),
        UrlShape("mysettings.lync.com/pstnconferencing"),
        UrlShape("aka.ms/JoinTeamsMeeting"),
        UrlShape("go.microsoft.com/fwlink"),
        UrlShape("www.microsoft.com/microsoft-teams/join-a-meeting"),
        UrlShape("www.microsoft.com/*/microsoft-teams/download-app"),
        // Cloud Video Interop.
        UrlShape("dialin.plcm.vc/teams/**"),
        UrlShape("www.webex.com/msteams"),
        UrlShape("pexip.me/teams/**"),
    ],
    last: LAST,
    pages: PAGES,
    devices: DEVICES,
    labels: &[WRAPPER, "me-email-headline", "me-email-link", "meet_invite_block.", "meeting-code"],
    needs_marks: false,
    named: true,
    ..Marks::none(Provider::TEAMS)
};
