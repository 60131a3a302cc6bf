//! Cisco Webex.

use super::Provider;
use super::marks::{Bare, Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    // Its own opens and never closes; Google's as around Zoom's.
    fences: &[Fence::Waves, Fence::Tildes],
    joins: &[UrlShape("*.webex.com/*/j.php")],
    companions: &[
        UrlShape("*.webex.com/*/globalcallin.php"),
        UrlShape("collaborationhelp.cisco.com/**"),
        UrlShape("www.webex.com/pdf/**"),
    ],
    bare: Some(&BARE),
    ..Marks::none(Provider::WEBEX)
};

/// Without its opening row; it never had a closing one. Its mails of 2013 to 2025 were seen.
const BARE: Bare = Bare {
    headings: &[
        "When it's time, join your Webex meeting here.",
        "When it's time, join the Webex meeting here.",
        "… invites you to join this Webex meeting.",
        "More ways to join",
        "Join Webex meeting",
        "Join meeting",
        "Join from the meeting link",
        "Meeting link",
        // Until 2015, between rules.
        "To join the online meeting (Now from mobile devices!)",
        "To join the meeting online(Now from mobile devices!)",
        "1. Go to",
    ],
    within: &[
        "Join by meeting number",
        "Tap to join from a mobile device (attendees only)",
        "Join by phone",
        "Join from a video system or application",
        "Join from a video conferencing system or application",
        "Join using Microsoft Lync or Microsoft Skype for Business",
        "Global call-in numbers",
        "Toll-free calling restrictions",
        "Global call-in numbers | Toll-free calling restrictions",
        "Can't join the meeting?",
        "To join the audio conference only",
        "To receive a call back, provide your phone number when you join the meeting, or call the number below and enter the access code.",
        "For assistance",
        // When it is.
        "… | … | (UTC…",
        "… | (UTC… | …",
        "Occurs every … (UTC…",
    ],
    own: &[
        "You can also dial … and enter your meeting number.",
        "Dial …@….webex.com",
        "Some mobile devices may ask attendees to enter a numeric password.",
        "Tap here to call (mobile phones only, hosts not supported)",
        "Tap here to call (mobile phones only, hosts not supported): tel:…",
        "Need help? Go to …help.webex.com",
        "If you are a host, click here to view host information.",
        "2. If requested, enter your name and email address.",
        "3. If a password is required, enter the meeting password: …",
        "4. Click \"Join\".",
        "5. Follow the instructions that appear on your screen.",
        "5. If the meeting includes a teleconference, follow the instructions that appear on your screen.",
        "1. Go to https://….webex.com/…/mc",
        "2. On the left navigation bar, click \"Support\".",
    ],
    fields: &[
        "Meeting number",
        "Meeting number (access code)",
        "Meeting password",
        "Meeting password for video system",
        "Meeting password for audio",
        "Access code",
        "Mobile Auto Dial",
        "You can contact me at",
        "CCP",
        "CCM",
    ],
    elsewhere: &[
        "To view in other time zones or languages, please click the link",
        "To add this meeting to your calendar program (for example Microsoft Outlook), click this link",
        "Add this meeting to your calendar…",
        "Add to calendar",
    ],
    // About recordings.
    closings: &[
        ("IMPORTANT NOTICE: Please note that this Webex service", "do not join the session."),
        ("IMPORTANT NOTICE: This Webex service includes a feature", "in the event of litigation."),
    ],
};
