//! Edits and messages: what they change, and what cannot get in.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::Body;
use meeting_migration::calendar::{Edit, PartEdit, RecordEdit};
use meeting_migration::ical::{Document, EditError, Mailbox, Message, MessageError, Reader};
use meeting_migration::mail::Notice;
use meeting_migration::meeting::{MeetingId, Part, Record, Response, Version};
use meeting_migration::provider::Provider;
use proptest::prelude::*;

const TEAMS: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_1%40thread.v2/0?context=%7b%22Tid%22%7d";

fn calendar(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|l| format!("{l}\r\n")).collect();
    format!(
        "BEGIN:VCALENDAR\r\nPRODID:-//Contoso//EN\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:m1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260309T100000Z\r\nSEQUENCE:3\r\nDESCRIPTION:old\r\n{lines}BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn with_record(old: &str, record: Record) -> Result<String, EditError> {
    let document = Document::parse(old).unwrap();
    let id = MeetingId::from("m1");
    let change = PartEdit::new(Part::Main, [Body::text("old")], Some(record));
    let seen = document.version(&id).unwrap();
    Ok(String::from_utf8(document.edited(&Edit::new("m1", seen, [change]), None)?.into_bytes())
        .unwrap())
}

#[test]
fn records_move_from_provider_to_provider() {
    let skype = [
        "X-MICROSOFT-ONLINEMEETINGCONFLINK:conf:sip:ann@contoso.example\\;gruu\\;opaque=a",
        " pp:conf:focus:id:1A2B3C4D",
        "X-MICROSOFT-CDO-IMPORTANCE:1",
        "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:https://meet.contoso.example/ann/1A2B3C4D",
        "X-MICROSOFT-CONFERENCETELURI:tel:+15550100\\,\\,123",
    ];
    let new = with_record(&calendar(&skype), Record::new(Provider::TEAMS, TEAMS)).unwrap();
    let link = "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/\r\n 19%3ameeting_1%40thread.v2/0?context=%7b%22Tid%22%7d";
    assert_eq!(new, calendar(&["X-MICROSOFT-CDO-IMPORTANCE:1", link]));

    // Written once, it is what is read; writing it again changes nothing.
    let document = Document::parse(&*new).unwrap();
    let reading = Reader::new("2026-01-01T00:00:00Z".parse().unwrap()).read(&document);
    assert_eq!(reading.meetings[0].item.record, Some(Record::new(Provider::TEAMS, TEAMS)));
    assert_eq!(with_record(&new, Record::new(Provider::TEAMS, TEAMS)).unwrap(), new);

    let back = with_record(
        &new,
        Record::new(Provider::SKYPE_FOR_BUSINESS, "https://meet.contoso.example/ann/5E6F7G8H"),
    )
    .unwrap();
    assert_eq!(
        back,
        calendar(&[
            "X-MICROSOFT-CDO-IMPORTANCE:1",
            "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:https://meet.contoso.example/ann/5E6F\r\n 7G8H"
        ])
    );
    for (provider, url, line) in [
        (
            Provider::GOOGLE_MEET,
            "https://meet.google.com/abc-defg-hij",
            "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij",
        ),
        (
            Provider::ZOOM,
            "https://contoso.zoom.us/j/1,2",
            "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:https://contoso.zoom.us/j/1,2",
        ),
    ] {
        assert_eq!(
            with_record(&back, Record::new(provider, url)).unwrap(),
            calendar(&["X-MICROSOFT-CDO-IMPORTANCE:1", line])
        );
    }
}

#[test]
fn a_new_link_of_the_same_provider_leaves_no_handle_of_the_old_meeting() {
    let old = calendar(&[
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/meet/old",
        "X-MICROSOFT-SKYPETEAMSPROPERTIES:{\"cid\":\"19:old\"}",
        "X-MICROSOFT-ONLINEMEETINGINFORMATION:{\"OnlineMeetingProvider\":3}",
        "X-MICROSOFT-ONLINEMEETINGCONFERENCEID:111",
        "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:",
    ]);
    let mut record = Record::new(Provider::TEAMS, "https://teams.microsoft.com/meet/new");
    record.conference_id = Some("222".into());
    let new = with_record(&old, record).unwrap();
    let expected = old
        .replace("meet/old", "meet/new")
        .replace("X-MICROSOFT-SKYPETEAMSPROPERTIES:{\"cid\":\"19:old\"}\r\n", "")
        .replace("ID:111", "ID:222");
    assert_eq!(new, expected);
    // With the same link everything stays that has no new value.
    let same = Record::new(Provider::TEAMS, "https://teams.microsoft.com/meet/old");
    assert_eq!(with_record(&old, same).unwrap(), old);
}

#[test]
fn a_record_can_be_taken_out() {
    let kept =
        ["X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:", "CONFERENCE:https://contoso.example/room"];
    let lines =
        ["X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/meet/1", kept[0], kept[1]];
    let document = Document::parse(calendar(&lines)).unwrap();
    let id = MeetingId::from("m1");
    let change = PartEdit::new(Part::Main, [Body::text("old")], None);
    let new =
        document.edited(&Edit::new("m1", document.version(&id).unwrap(), [change]), None).unwrap();
    assert_eq!(String::from_utf8(new.into_bytes()).unwrap(), calendar(&kept));
}

#[test]
fn an_event_without_a_record_gets_one_before_its_alarms() {
    let new = with_record(
        &calendar(&[]),
        Record::new(Provider::TEAMS, "https://teams.microsoft.com/meet/1"),
    )
    .unwrap();
    assert_eq!(
        new,
        calendar(&["X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/meet/1"])
    );
}

#[test]
fn a_record_cannot_bring_lines_of_its_own() {
    for provider in Provider::ALL {
        let record = Record::new(*provider, "https://contoso.example/\r\nX-INJECTED:1");
        assert_eq!(with_record(&calendar(&[]), record), Err(EditError::BadRecord));
    }
}

#[test]
fn an_edit_is_conditional_and_exact() {
    let old = calendar(&["LAST-MODIFIED:20260101T000000Z"]);
    let document = Document::parse(&*old).unwrap();
    let id = MeetingId::from("m1");
    let seen = document.version(&id).unwrap();
    let edit = |id: &MeetingId, seen: &Version, part, bodies: Vec<Body>| {
        let stamp = "2026-02-03T04:05:06Z".parse().ok();
        let part = PartEdit::new(part, bodies, None);
        document.edited(&Edit::new(id.as_str(), seen.clone(), [part]), stamp)
    };
    let text = |text: &str| vec![Body::text(text)];
    let new = edit(&id, &seen, Part::Main, text("new")).unwrap();
    let stamped = old
        .replace(":old", ":new")
        .replace("DTSTAMP:20260101T000000Z", "DTSTAMP:20260203T040506Z")
        .replace("LAST-MODIFIED:20260101T000000Z", "LAST-MODIFIED:20260203T040506Z");
    assert_eq!(String::from_utf8(new.as_bytes().to_vec()).unwrap(), stamped);
    assert_ne!(new.version(&id).unwrap(), seen);
    // Nothing new: not even a stamp.
    assert_eq!(edit(&id, &seen, Part::Main, text("old")).unwrap().as_bytes(), old.as_bytes());

    assert_eq!(
        edit(&MeetingId::from("m2"), &seen, Part::Main, text("")),
        Err(EditError::NoMeeting)
    );
    assert_eq!(edit(&id, &Version::from("0"), Part::Main, text("")), Err(EditError::Changed));
    assert_eq!(edit(&id, &seen, Part::Occurrence("1".into()), text("")), Err(EditError::NoPart));
    assert_eq!(edit(&id, &seen, Part::Main, vec![Body::html("")]), Err(EditError::OtherBodies));
    assert_eq!(edit(&id, &seen, Part::Main, vec![]), Err(EditError::OtherBodies));
}

/// A calendar that undoes with plain edits: the record from before had no link, so the link
/// that the job wrote goes, and the old block is not taken for another meeting's.
#[test]
fn a_record_without_a_link_takes_the_links_out() {
    let old =
        calendar(&["X-MICROSOFT-SKYPETEAMSPROPERTIES:{\"cid\":\"1\"}", "URL:https://x.example/"]);
    let read = |text: &str| {
        let document = Document::parse(text).unwrap();
        let reader = Reader::new("2026-01-01T00:00:00Z".parse().unwrap());
        reader.read(&document).meetings.remove(0).item.record
    };
    let before = read(&old).unwrap();
    assert_eq!(before.join_url, None);
    assert_eq!(with_record(&old, before.clone()).unwrap(), old, "no change is none");
    for link in [TEAMS, "https://conference.contoso.example/1"] {
        let new = with_record(&old, Record::new(Provider::TEAMS, link)).unwrap();
        assert_eq!(read(&new).unwrap().join_url.as_deref(), Some(link));
        let back = with_record(&new, before.clone()).unwrap();
        assert_eq!((back.as_str(), read(&back)), (&*calendar(&["URL:https://x.example/"]), None));
    }
}

#[test]
fn twins_and_occurrences_are_edited_each_for_itself() {
    let old = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:m1\nDTSTART:20260309T100000Z\nRRULE:FREQ=DAILY\nDESCRIPTION:text\nX-ALT-DESC;FMTTYPE=text/html:<p>one\\, two</p>\nEND:VEVENT\nBEGIN:VEVENT\nUID:m1\nRECURRENCE-ID:20260310T100000Z\nDTSTART:20260310T110000Z\nDESCRIPTION:other\nEND:VEVENT\nBEGIN:VEVENT\nUID:m2\nDESCRIPTION:text\nEND:VEVENT\nEND:VCALENDAR\n";
    let document = Document::parse(old).unwrap();
    let id = MeetingId::from("m1");
    let changes = [
        PartEdit::new(
            Part::Occurrence("20260310T100000Z".into()),
            [Body::text("new, other")],
            None,
        ),
        PartEdit::new(Part::Main, [Body::text("text"), Body::html("<p>one, three</p>")], None),
    ];
    let new =
        document.edited(&Edit::new("m1", document.version(&id).unwrap(), changes), None).unwrap();
    let expected = old.replace("one\\, two", "one\\, three").replace(":other", ":new\\, other");
    assert_eq!(String::from_utf8(new.into_bytes()).unwrap(), expected);
}

#[test]
fn the_record_of_a_part_alone_leaves_its_bodies() {
    let old = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:m1\nDTSTART:20260309T100000Z\nRRULE:FREQ=DAILY\nDESCRIPTION:old\nX-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/meet/1?p=A\nEND:VEVENT\nBEGIN:VEVENT\nUID:m1\nRECURRENCE-ID:20260310T100000Z\nDTSTART:20260310T110000Z\nDESCRIPTION:other\nEND:VEVENT\nEND:VCALENDAR\n";
    let document = Document::parse(old).unwrap();
    let (id, occurrence) = (MeetingId::from("m1"), Part::Occurrence("20260310T100000Z".into()));
    let record =
        |n| Record::new(Provider::TEAMS, format!("https://teams.microsoft.com/meet/{n}?p=A"));
    let main = PartEdit::new(Part::Main, [Body::text("new")], Some(record(2)));
    let kept = RecordEdit::new(occurrence.clone(), Some(record(1)));
    let edit = Edit::new("m1", document.version(&id).unwrap(), [main]).with_records([kept]);
    let edited = document.edited(&edit, None).unwrap();
    let text = String::from_utf8(edited.as_bytes().to_vec()).unwrap();
    assert!(text.contains("DESCRIPTION:new") && text.contains("DESCRIPTION:other"), "{text}");
    assert_eq!((text.matches("/meet/1?p=A").count(), text.matches("/meet/2?p=A").count()), (1, 1));
    let own = text.rfind("/meet/1?p=A").unwrap();
    assert!(own > text.find("RECURRENCE-ID").unwrap(), "{text}");

    let main = PartEdit::new(Part::Main, [Body::text("old")], Some(record(1)));
    let kept = RecordEdit::new(occurrence, Some(record(1)));
    let back = Edit::new("m1", edited.version(&id).unwrap(), [main]).with_records([kept]);
    let back = edited.edited_back(&back, None, &document).unwrap();
    assert_eq!(String::from_utf8(back.into_bytes()).unwrap(), old);
}

#[test]
fn a_request_holds_one_meeting_and_its_zones() {
    let zone = |id: &str| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:{id}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
    };
    let event = |id: &str, zone: &str| {
        format!("BEGIN:VEVENT\nUID:{id}\nDTSTART;TZID=\"{zone}\":20260309T100000\nEND:VEVENT\n")
    };
    let old = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:PUBLISH\n{}{}{}{}END:VCALENDAR\n",
        zone("A"),
        zone("B"),
        event("m1", "B"),
        event("m2", "A")
    );
    let document = Document::parse(old).unwrap();
    let expected = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REQUEST\n{}{}END:VCALENDAR\n",
        zone("B"),
        event("m1", "B")
    );
    assert_eq!(
        String::from_utf8(document.request(&MeetingId::from("m1"), &[Part::Main]).unwrap())
            .unwrap(),
        expected
    );
    assert!(document.request(&MeetingId::from("m3"), &[Part::Main]).is_none());
}

fn message(from_name: &str, subject: &str) -> Message {
    let object = Document::parse(calendar(&[]))
        .unwrap()
        .request(&MeetingId::from("m1"), &[Part::Main])
        .unwrap();
    let date = "2026-02-03T04:05:06Z".parse().unwrap();
    Message::new(
        Mailbox::new(from_name, "ann@contoso.example"),
        subject,
        "m1.1@contoso.example",
        date,
        object,
    )
    .with_recipient(Mailbox::new("Mills, \"C\"", "carol@fabrikam.example"))
    .with_recipient(Mailbox::new("", "dan@fabrikam.example"))
    .with_text("Hello\nCarol")
    .with_html("<p>Hello")
}

#[test]
fn a_message_is_what_the_standards_ask() {
    let bytes = message("Änne", "Plans").to_bytes().unwrap();
    assert_eq!(message("Änne", "Plans").to_bytes().unwrap(), bytes);
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        head.split("boundary").next().unwrap(),
        "Date: Tue, 03 Feb 2026 04:05:06 +0000\r\nMessage-ID: <m1.1@contoso.example>\r\nFrom: =?utf-8?B?w4RubmU=?= <ann@contoso.example>\r\nTo: \"Mills, \\\"C\\\"\" <carol@fabrikam.example>, <dan@fabrikam.example>\r\nSubject: Plans\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n "
    );
    assert!(text.split("\r\n").all(|line| line.len() <= 76 && !line.contains(['\r', '\n'])));
    let kinds: Vec<_> = body.lines().filter(|l| l.starts_with("Content-Type")).collect();
    assert_eq!(
        kinds,
        [
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
            "Content-Type: text/calendar; charset=utf-8; method=REQUEST"
        ]
    );
    assert!(body.contains("\r\n\r\nSGVsbG8NCkNhcm9s\r\n"));
}

#[test]
fn long_words_are_encoded_in_pieces_and_lines_stay_short() {
    let subject = "会議のお知らせ ".repeat(20);
    let text = String::from_utf8(message("", &subject).to_bytes().unwrap()).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 76));
    let long = "x".repeat(200);
    let text = String::from_utf8(message(&long, &long).to_bytes().unwrap()).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 76));
}

#[test]
fn nothing_ends_a_header_but_us() {
    for bad in ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\0", "a\u{85}b"] {
        assert_eq!(message(bad, "s").to_bytes(), Err(MessageError::ControlCharacter));
        assert_eq!(message("n", bad).to_bytes(), Err(MessageError::ControlCharacter));
    }
    for bad in
        ["", "a", "a@b@c", "a b@c.example", "a@b\r\nBcc: c@d", "<a@b.example>", "ä@b.example"]
    {
        let with = message("n", "s").with_recipient(Mailbox::new("", bad));
        assert_eq!((with.left_out(), with.to_bytes()), (1, message("n", "s").to_bytes()), "{bad}");
    }
    let date = "2026-02-03T04:05:06Z".parse().unwrap();
    let from = || Mailbox::new("", "a@b.example");
    let bare = |id: &str, object: &str| Message::new(from(), "s", id, date, object);
    assert_eq!(bare("1@b", &calendar(&[])).to_bytes(), Err(MessageError::NoRecipient));
    assert_eq!(
        bare("1@b", &calendar(&[])).with_recipient(from()).to_bytes(),
        Err(MessageError::Calendar)
    );
    let request = calendar(&[]).replace("PUBLISH", "REQUEST");
    assert_eq!(
        bare("1>\r\nX: <b@c", &request).with_recipient(from()).to_bytes(),
        Err(MessageError::MessageId)
    );
    assert!(bare("1@b", &request).with_recipient(from()).to_bytes().is_ok());
}

#[test]
fn an_html_twin_in_a_parameter_is_a_body() {
    let old = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDTSTART:20260309T100000Z\r\nDESCRIPTION;LANGUAGE=en;ALTREP=\"data:text/html,%3Cp%3EAgenda%2C%20100%\r\n 25%3C%2\r\n Fp%3E%3Cp%3EOLD%3C%2Fp%3E%3Cp%3Eend%3C%2Fp%3E\":Agenda\\nOLD\\nend\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let document = Document::parse(old).unwrap();
    let reading = Reader::new("2026-01-01T00:00:00Z".parse().unwrap()).read(&document);
    let meeting = &reading.meetings[0];
    let html = "<p>Agenda, 100%</p><p>OLD</p><p>end</p>";
    assert_eq!(meeting.item.bodies, [Body::text("Agenda\nOLD\nend"), Body::html(html)]);
    let change = PartEdit::new(
        Part::Main,
        [Body::text("Agenda\na; b\nend"), Body::html(html.replace("OLD", "ä \"b\":"))],
        None,
    );
    let new = document.edited(&Edit::new("m1", meeting.version.clone(), [change]), None).unwrap();
    let expected =
        old.replace("OLD%3C", "%C3%A4%20%\r\n 22b%22%3A\r\n %3C").replace("\\nOLD", "\\na\\; b");
    let written = String::from_utf8(new.as_bytes().to_vec()).unwrap();
    assert_eq!(written.replace("\r\n ", ""), expected.replace("\r\n ", ""));
    assert!(written.contains("100%\r\n 25%3C%2\r\n Fp%3E%3Cp%3E"));
    assert!(written.split("\r\n").all(|line| line.len() <= 75));
    // Only the one, only the other.
    for (text, html) in [("Agenda\nOLD\nend", "%41"), ("%41", html)] {
        let bodies = [Body::text(text), Body::html(html)];
        let change = PartEdit::new(Part::Main, bodies.clone(), None);
        let new =
            document.edited(&Edit::new("m1", meeting.version.clone(), [change]), None).unwrap();
        let reading = Reader::new("2026-01-01T00:00:00Z".parse().unwrap()).read(&new);
        assert_eq!(reading.meetings[0].item.bodies, bodies);
    }
    // Other links and encodings are no body.
    for other in ["cid:part1@contoso.example", "data:text/html;base64,PHA+", "data:text/plain,a"] {
        let lines = format!("DESCRIPTION;ALTREP=\"{other}\":text");
        let document = Document::parse(calendar(&[]).replace("DESCRIPTION:old", &lines)).unwrap();
        let reading = Reader::new("2026-01-01T00:00:00Z".parse().unwrap()).read(&document);
        assert_eq!(reading.meetings[0].item.bodies.len(), 1);
    }
}

proptest! {
    #[test]
    fn a_twin_in_a_parameter_reads_as_it_was_written(
        pieces in prop::collection::vec(prop::sample::select(vec!["%", "%2", "%25", "4", "1", "%41", "%c3%a4", "a", "ä", "\r\n ", "<p>", "%22", ";", ","]), 0..20),
        new in prop::collection::vec(prop::sample::select(vec!["%", "4", "1", "2", "5", "a", "ä", "\"", "\r\n", "<p>", "Aä"]), 0..12),
    ) {
        let pieces = pieces.concat();
        let text = format!("DESCRIPTION;ALTREP=\"data:text/html,{pieces}\":old");
        let document = Document::parse(calendar(&[]).replace("DESCRIPTION:old", &text)).unwrap();
        let reader = Reader::new("2026-01-01T00:00:00Z".parse().unwrap());
        let meeting = reader.read(&document).meetings.remove(0);
        let old = meeting.item.bodies[1].clone();
        for new in [new.concat(), format!("{}{}", String::from_utf8_lossy(old.as_bytes()), new.concat())] {
            let bodies = [Body::text("old"), Body::html(new.clone())];
            let change = PartEdit::new(Part::Main, bodies.clone(), None);
            let edited = document.edited(&Edit::new("m1", meeting.version.clone(), [change]), None).unwrap();
            let bodies = reader.read(&edited).meetings.remove(0).item.bodies;
            prop_assert_eq!(String::from_utf8_lossy(bodies[1].as_bytes()), new);
            prop_assert_eq!(edited.properties().count(), document.properties().count());
        }
    }
}

#[test]
fn a_notice_becomes_a_message_from_the_organiser() {
    let lines = [
        "ORGANIZER;CN=Ann Ä;SENT-BY=\"mailto:bob@contoso.example\":mailto:ann@contoso.example",
        "ATTENDEE;CN=\"Mills, Carol\":mailto:Carol@Fabrikam.example",
        "ATTENDEE;CN=Bad^nBcc: x:mailto:dan@fabrikam.example",
        "X-ALT-DESC;FMTTYPE=text/html:<p>old</p>",
    ];
    let document = Document::parse(calendar(&lines)).unwrap();
    let notice = |meeting: &str| -> Notice {
        serde_json::from_value(serde_json::json!({
            "message": "job1-m1", "organizer": "ann", "meeting": meeting, "version": "1", "parts": ["main"], "invited": ["main"],
            "subject": "Plans\r\nBcc: x", "recipients": ["carol@fabrikam.example", "dan@fabrikam.example", "eve@fabrikam.example"],
        }))
        .unwrap()
    };
    let date = "2026-02-03T04:05:06Z".parse().unwrap();
    let message = Message::for_notice(&document, &notice("m1"), date, "contoso.example").unwrap();
    let text = String::from_utf8(message.to_bytes().unwrap()).unwrap();
    let head = text.split("MIME-Version").next().unwrap().replace("\r\n ", " ");
    assert_eq!(
        head,
        "Date: Tue, 03 Feb 2026 04:05:06 +0000\r\nMessage-ID: <job1-m1@contoso.example>\r\nFrom: =?utf-8?B?QW5uIMOE?= <ann@contoso.example>\r\nTo: \"Mills, Carol\" <carol@fabrikam.example>, <dan@fabrikam.example>, <eve@fabrikam.example>\r\nSubject: Plans  Bcc: x\r\n".replace("Plans  Bcc: x", "=?utf-8?B?UGxhbnMgIEJjYzogeA==?=")
    );
    assert_eq!(text.matches("Content-Type: text/").count(), 3);
    assert!(matches!(
        Message::for_notice(&document, &notice("m2"), date, "b"),
        Err(MessageError::NoOrganizer)
    ));
    let nobody = Document::parse(calendar(&["ORGANIZER:invalid:nomail"])).unwrap();
    assert!(matches!(
        Message::for_notice(&nobody, &notice("m1"), date, "b"),
        Err(MessageError::NoOrganizer)
    ));
}

#[test]
fn nothing_private_is_printed() {
    let lines = [
        "ORGANIZER;CN=Secretname:mailto:secretaddress@contoso.example",
        "ATTENDEE:mailto:secretaddress@contoso.example",
        "SUMMARY:Secretsubject",
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/meet/secretlink",
    ];
    let text = calendar(&lines).replace(":old", ":Secretbody");
    let document = Document::parse(&*text).unwrap();
    let reader = Reader::new("2026-01-01T00:00:00Z".parse().unwrap())
        .with_user("secretaddress@contoso.example");
    let printed = format!(
        "{document:?} {reader:?} {:?} {:?} {:?} {:?}",
        reader.read(&document),
        document.properties().collect::<Vec<_>>(),
        message("Secretname", "Secretsubject").with_text("Secretbody"),
        Mailbox::new("Secretname", "secretaddress@contoso.example"),
    );
    assert!(!printed.to_lowercase().contains("secret"), "{printed}");
}

#[test]
fn an_edit_is_taken_back_to_the_byte_unless_somebody_edited_since() {
    // Folds nobody would write again, and a handle that no record holds.
    let lines = [
        "X-MICROSOFT-SKYPETEAMSPROPERTIES:{\"cid\":\"19:old\"}",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:carol@fabrikam.example",
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.micro\r\n soft.com/meet/1",
    ];
    let old =
        calendar(&lines).replace("DESCRIPTION:old", "DESCRIPTION:Agenda\\n\r\n \\\r\n nol\r\n d");
    let before = Document::parse(&*old).unwrap();
    let reader = Reader::new("2026-01-01T00:00:00Z".parse().unwrap());
    let meeting = reader.read(&before).meetings.remove(0);
    let record = Some(Record::new(Provider::ZOOM, "https://contoso.zoom.us/j/1"));
    let stamp = "2026-02-03T04:05:06Z".parse().ok();
    let there = PartEdit::new(Part::Main, [Body::text("new")], record);
    let there = Edit::new("m1", meeting.version.clone(), [there]);
    let after = before.edited_back(&there, stamp, &before).unwrap();
    assert_eq!(after, before.edited(&there, stamp).unwrap());
    let back = |document: &Document| {
        let part =
            PartEdit::new(Part::Main, meeting.item.bodies.clone(), meeting.item.record.clone());
        let seen = document.version(&meeting.id).unwrap();
        document.edited_back(&Edit::new("m1", seen, [part]), None, &before).unwrap()
    };
    assert_eq!(back(&after), before);

    // An answer came in meanwhile: it stays.
    let answered =
        String::from_utf8(after.into_bytes()).unwrap().replace("NEEDS-ACTION", "ACCEPTED");
    let undone = back(&Document::parse(answered).unwrap());
    let item = reader.read(&undone).meetings.remove(0).item;
    assert_eq!(
        (item.bodies, item.record),
        (meeting.item.bodies.clone(), meeting.item.record.clone())
    );
    assert_eq!(item.attendees[0].response, Response::Accepted);
}

#[test]
fn place_and_url_go_with_an_edit_and_come_back_to_the_byte() {
    const SKYPE: &str = "https://meet.contoso.example/ann/5E6F7G8H";
    let lines = [
        "LOCATION;LANGUAGE=en-US:Room 5\\, left\r\n  side\\; Skype Meeting",
        "URL:https://meet.contoso.\r\n example/ann/5E6F7G8H",
        "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:https://meet.contoso.example/ann/5E6F7G8H",
    ];
    let old = calendar(&lines);
    let before = Document::parse(&*old).unwrap();
    let reader = Reader::new("2026-01-01T00:00:00Z".parse().unwrap());
    let meeting = reader.read(&before).meetings.remove(0);
    assert_eq!(meeting.item.record, Some(Record::new(Provider::SKYPE_FOR_BUSINESS, SKYPE)));
    for record in [Some(Record::new(Provider::TEAMS, TEAMS)), None] {
        let there = PartEdit::new(Part::Main, [Body::text("new")], record.clone())
            .with_location("Room 5, left side; Elsewhere");
        let there = Edit::new("m1", meeting.version.clone(), [there]);
        let after = before.edited(&there, None).unwrap();
        let text = String::from_utf8(after.as_bytes().to_vec()).unwrap().replace("\r\n ", "");
        assert!(
            text.contains("\nLOCATION;LANGUAGE=en-US:Room 5\\, left side\\; Elsewhere\r\n"),
            "{text}"
        );
        assert_eq!(text.contains(&format!("\nURL:{TEAMS}\r\n")), record.is_some(), "{text}");
        assert!(!text.contains(SKYPE), "{text}");

        let part =
            PartEdit::new(Part::Main, meeting.item.bodies.clone(), meeting.item.record.clone())
                .with_location(meeting.item.location.as_str());
        let back = Edit::new("m1", after.version(&meeting.id).unwrap(), [part]);
        assert_eq!(after.edited_back(&back, None, &before).unwrap(), before);
        let item = reader.read(&after.edited(&back, None).unwrap()).meetings.remove(0).item;
        assert_eq!(item, meeting.item);
    }
    // A place that the edit does not name stays.
    let quiet = PartEdit::new(Part::Main, [Body::text("new")], meeting.item.record.clone());
    let edited = before.edited(&Edit::new("m1", meeting.version.clone(), [quiet]), None).unwrap();
    assert_eq!(edited.as_bytes(), old.replace("DESCRIPTION:old", "DESCRIPTION:new").as_bytes());
    // Nor can a place become a line.
    let line = PartEdit::new(Part::Main, [Body::text("old")], meeting.item.record.clone())
        .with_location("Room\r\nX-INJECTED:1");
    let line = before.edited(&Edit::new("m1", meeting.version, [line]), None).unwrap();
    assert!(line.properties().all(|property| property.name() != "X-INJECTED"));
}
