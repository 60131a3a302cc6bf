//! Cisco Webex.

use super::Provider;
use super::marks::{Bare, Fence, Marks, UrlShape};

pub(crate) const MARKS: Marks = Marks {
    // Its own opens and never closes; Google's as around Zoom's.
    fences: &[Fence::Waves, Fence::Tildes],
    joins: &[
        UrlShape("*.webex.com/*/j.php"),
        // Somebody's own room.
        UrlShape("*.webex.com/meet/*"),
    ],
    companions: &[
        UrlShape("help.webex.com/**"),
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
        "-- Do not delete or change any of the following text. --",
        "Join me now in my Personal Room.",
        "Join my Webex Personal Room meeting",
    ],
    name: "webex",
    foreign: &[
        "Wenn es an der Zeit ist, treten Sie Ihrem Webex-Meeting hier bei.",
        "Wenn es Zeit ist, treten Sie Ihrem Webex-Meeting hier bei.",
        "Treten Sie Ihrem Webex-Meeting hier bei, wenn es so weit ist.",
        "Weitere Methoden zum Beitreten",
        "Weitere Möglichkeiten zum Beitreten",
        "Meeting beitreten",
        "Webex-Meeting beitreten",
        "Über den Meeting-Link beitreten",
        "Mit dem Meeting-Link beitreten",
    ],
    within: &[
        "join by meeting number",
        "tap to join from a mobile device (attendees only)",
        "join by phone",
        "join from a video system or application",
        "join from a video conferencing system or application",
        "join using microsoft lync or microsoft skype for business",
        "global call-in numbers",
        "toll-free calling restrictions",
        "global call-in numbers | toll-free calling restrictions",
        "can't join the meeting?",
        "to join the audio conference only",
        "to receive a call back, provide your phone number when you join the meeting, or call the number below and enter the access code.",
        "for assistance",
        // When it is.
        "… | … | (utc…",
        "… | (utc… | …",
        "occurs every … (utc…",
    ],
    own: &[
        "you can also dial … and enter your meeting number.",
        "dial …@….webex.com",
        "dial …@….webex.com and enter your host pin.",
        "you can also dial … and enter your meeting number …",
        "some mobile devices may ask attendees to enter a numeric password.",
        "tap here to call (mobile phones only, hosts not supported)",
        "tap here to call (mobile phones only, hosts not supported): tel:…",
        "need help? go to …help.webex.com",
        "if you are a host, click here to view host information.",
        "2. if requested, enter your name and email address.",
        "3. if a password is required, enter the meeting password: …",
        "4. click \"join\".",
        "5. follow the instructions that appear on your screen.",
        "5. if the meeting includes a teleconference, follow the instructions that appear on your screen.",
        "1. go to https://….webex.com/…/mc",
        "2. on the left navigation bar, click \"support\".",
    ],
    fields: &[
        "meeting number",
        "meeting number (access code)",
        "meeting password",
        "meeting password for video system",
        "meeting password for audio",
        "access code",
        "mobile auto dial",
        "you can contact me at",
        "ccp",
        "ccm",
    ],
    elsewhere: &[
        "to view in other time zones or languages, please click the link",
        "to add this meeting to your calendar program (for example microsoft outlook), click this link",
        "add this meeting to your calendar",
        "add this meeting to your calendar. (cannot add from mobile devices.)",
        "add to calendar",
    ],
    // About recordings.
    closings: &[
        ("IMPORTANT NOTICE: Please note that this Webex service", "do not join the session."),
        ("IMPORTANT NOTICE: This Webex service includes a feature", "in the event of litigation."),
    ],
};
