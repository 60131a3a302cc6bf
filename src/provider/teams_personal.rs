//! Microsoft Teams for personal use, as Outlook.com adds it to an invitation.

use super::Provider;
use super::marks::{Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    // Outlook.com draws the row that Skype for Business draws. That of Teams is likely, not seen.
    fences: &[Fence::FullStops, Fence::Underscores],
    // Seen with 13 digits and a passcode.
    joins: &[UrlShape("teams.live.com/meet/#"), UrlShape("teams.live.com/l/meetup-join/**")],
    // Those of Teams: not seen, and worth nothing without a link of the above.
    companions: &[
        UrlShape("teams.live.com/meetingOptions/**"),
        UrlShape("aka.ms/JoinTeamsMeeting"),
        UrlShape("www.microsoft.com/microsoft-teams/join-a-meeting"),
        UrlShape("www.microsoft.com/*/microsoft-teams/download-app"),
    ],
    pages: &[
        UrlShape("aka.ms/JoinTeamsMeeting"),
        UrlShape("www.microsoft.com/microsoft-teams/join-a-meeting"),
        UrlShape("www.microsoft.com/*/microsoft-teams/download-app"),
    ],
    named: true,
    ..Marks::none(Provider::TEAMS_PERSONAL)
};
