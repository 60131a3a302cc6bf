#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use super::*;

fn coordinates(json: &str) -> Coordinates {
    serde_json::from_str(json).unwrap()
}

pub(super) fn full(provider: &str, languages: &str) -> Coordinates {
    coordinates(&format!(
        r##"{{"provider": "{provider}", "languages": {languages},
        "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&a=b",
        "meeting_id": "234 567 890 123 4", "passcode": "xY12ab", "conference_id": "123456789",
        "numbers": [{{"number": "+1 555 0100", "kind": "toll", "country": "United States", "city": "Seattle"}},
            {{"number": "+15550101", "kind": "toll-free", "country": "United States"}}],
        "local_numbers_url": "https://dialin.contoso.example/1?id=123456789",
        "reset_pin_url": "https://dialin.contoso.example/pin",
        "meeting_options_url": "https://teams.microsoft.com/meetingOptions/?a=1&b=2",
        "help_url": "https://aka.ms/JoinTeamsMeeting?omkt=en-US"}}"##
    ))
}

#[test]
fn teams_text() {
    let text = text(&full("teams", r#"["en-US"]"#), None, "\n");
    let fence = "_".repeat(80);
    let expected = [
        fence.as_str(),
        "Microsoft Teams meeting Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>",
        "Join the meeting now<https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&a=b>",
        "Meeting ID: 234 567 890 123 4",
        "Passcode: xY12ab",
        "________________________________",
        "Dial in by phone",
        "+1 555 0100,,123456789#<tel:+15550100,,123456789#> United States, Seattle (Toll)",
        "+15550101,,123456789#<tel:+15550101,,123456789#> United States (Toll-free)",
        "Find a local number<https://dialin.contoso.example/1?id=123456789>",
        "Phone conference ID: 123 456 789#",
        "For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?a=1&b=2> | \
         Reset dial-in PIN<https://dialin.contoso.example/pin>",
        fence.as_str(),
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn skype_for_business_text() {
    let text = text(&full("skype-for-business", r#"["de-AT"]"#), None, "\r\n");
    let stops = ".".repeat(137);
    let expected = [
        stops.as_str(),
        "An Skype-Besprechung teilnehmen \
         <https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp&a=b>",
        "Besprechungs-ID: 234 567 890 123 4",
        "Passcode: xY12ab",
        "Per Telefon einwählen",
        " +1 555 0100,,123456789# United States, Seattle (Gebührenpflichtig)",
        " +15550101,,123456789# United States (Gebührenfrei)",
        "Lokale Nummer suchen <https://dialin.contoso.example/1?id=123456789>",
        "",
        "Telefonkonferenz-ID: 123 456 789#",
        "Für Organisatoren: Besprechungsoptionen <https://teams.microsoft.com/meetingOptions/?a=1&b=2>  |\
         Einwahl-PIN zurücksetzen <https://dialin.contoso.example/pin>",
        "Benötigen Sie Hilfe? <https://aka.ms/JoinTeamsMeeting?omkt=en-US>",
        "",
        "[!OC([3079])!]",
        stops.as_str(),
    ];
    assert_eq!(text.split("\r\n").collect::<Vec<_>>(), expected);
}

#[test]
fn only_skype_for_business_has_a_browser_link_and_only_on_a_plain_join_link() {
    let mut new = full("skype-for-business", "[]");
    assert!(!html(&new, None).contains("sl=1"));
    new.join_url = Link::new("https://meet.contoso.example/ann/AB12CD34").unwrap();
    assert!(html(&new, None).contains(r#"href="https://meet.contoso.example/ann/AB12CD34?sl=1""#));
    new.provider = Provider::TEAMS;
    assert!(!html(&new, None).contains("sl=1"));
}
