//! What goes out to whom: the parts that somebody is invited to and nothing else, as UTF-8,
//! to every address that a message can carry.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::calendar::{Edit, PartEdit};
use meeting_migration::ical::{ByMeeting, Document, Mailbox, Message, MessageError, Reader};
use meeting_migration::mail::Notice;
use meeting_migration::meeting::{MeetingId, OccurrenceId, Part, Schedule};
use meeting_migration::{Body, Meeting};
use proptest::prelude::*;

const SERIES: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n\
BEGIN:VTIMEZONE\r\nTZID:Own\\, zone\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
BEGIN:VEVENT\r\nUID:m1\r\nORGANIZER;CN=Ann:mailto:ann@contoso.example\r\nATTENDEE:mailto:bob@contoso.example\r\nSUMMARY:Board\r\n\
DTSTART;TZID=\"Own, zone\":20261201T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nDESCRIPTION:SECRET: layoffs\r\n\
BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:SECRET reminder\r\nEND:VALARM\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:m1\r\nORGANIZER;CN=Ann:mailto:ann@contoso.example\r\nATTENDEE;CN=Vera:mailto:vera@fabrikam.example\r\nSUMMARY:With the vendor\r\n\
RECURRENCE-ID;TZID=\"Own, zone\";RANGE=THISANDFUTURE:20261208T090000\r\nDTSTART;TZID=\"Own, zone\":20261208T110000\r\nDURATION:PT1H\r\nDESCRIPTION:Prices\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:m2\r\nATTENDEE:mailto:eve@fabrikam.example\r\nDTSTART:20261201T090000Z\r\nDESCRIPTION:SECRET too\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn occurrence() -> Part {
    Part::Occurrence(OccurrenceId::from("20261208T090000"))
}

fn request(text: impl Into<Vec<u8>>, parts: &[Part]) -> String {
    let document = Document::parse(text).unwrap();
    String::from_utf8(document.request(&MeetingId::from("m1"), parts).unwrap()).unwrap()
}

fn read(text: &str) -> Vec<Meeting> {
    let reading = Reader::new("2026-11-01T00:00:00Z".parse().unwrap())
        .read(&Document::parse(text.as_bytes()).unwrap());
    assert_eq!(reading.problems, []);
    reading.meetings
}

#[test]
fn a_guest_of_one_occurrence_is_not_sent_the_series() {
    let guest = request(SERIES, &[occurrence()]);
    for theirs in ["Prices", "vera@fabrikam.example", "BEGIN:VTIMEZONE", "RECURRENCE-ID"] {
        assert!(guest.contains(theirs), "{theirs}: {guest}");
    }
    for not_theirs in ["SECRET", "bob@", "RRULE", "Board", "EXDATE", "m2"] {
        assert!(!guest.contains(not_theirs), "{not_theirs}: {guest}");
    }

    let document = Document::parse(SERIES).unwrap();
    let mut notice = Notice::new("n1", "ann@contoso.example", "m1", ["vera@fabrikam.example"]);
    notice.parts = vec![occurrence()];
    notice.invited = notice.parts.clone();
    notice.subject = "With the vendor".into();
    let date = "2026-11-23T00:00:00Z".parse().unwrap();
    let message = Message::for_notice(&document, &notice, date, "contoso.example").unwrap();
    let parts = parts_of(&message.to_bytes().unwrap());
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0], "Prices");
    assert_eq!(parts[1], guest);
}

/// Who is not invited to an occurrence does not have it: sent without, the series would put
/// it back into their calendar.
#[test]
fn an_occurrence_that_somebody_is_not_invited_to_does_not_take_place_for_them() {
    let regular = request(SERIES, &[Part::Main]);
    assert!(!regular.contains("Prices") && !regular.contains("vera@"), "{regular}");
    assert!(regular.contains("\r\nEXDATE;TZID=\"Own, zone\":20261208T090000\r\n"), "{regular}");
    let (before, after) = (read(SERIES), read(&regular));
    let upcoming = |meeting: &Meeting| match &meeting.schedule {
        Schedule::Series(series) => series.upcoming.clone(),
        _ => panic!("a series"),
    };
    assert_eq!(upcoming(&before[0]).len(), 3, "the changed one is listed by itself");
    assert_eq!(upcoming(&after[0]), upcoming(&before[0]));
    assert!(after[0].changed.is_empty());

    let both = request(SERIES, &[Part::Main, occurrence()]);
    assert!(!both.contains("EXDATE"));
    assert_eq!(read(&both)[0].changed.len(), 1);
}

#[test]
fn a_zone_whose_name_holds_a_comma_goes_along_and_is_known() {
    let meeting = &read(SERIES)[0];
    let Schedule::Series(series) = &meeting.schedule else { panic!() };
    assert_eq!(series.upcoming[0].start.to_rfc3339(), "2026-12-01T03:30:00+00:00");
    assert!(request(SERIES, &[Part::Main]).contains("TZID:Own\\, zone"));
}

#[test]
fn what_is_not_utf_8_is_sent_as_utf_8() {
    let event = |lines: &[&[u8]]| {
        let head = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\n";
        [&head[..], &lines.concat(), b"END:VEVENT\r\nEND:VCALENDAR\r\n"].concat()
    };
    let long = "x".repeat(70);
    let fold = [b"SUMMARY:".as_slice(), long.as_bytes(), b"\xc3\r\n \xbc\r\n"].concat();
    for (line, expected) in [
        (
            &b"DESCRIPTION:Gr\xfc\xdfe\\, \x84bis\x93\\nEnde\r\n"[..],
            "DESCRIPTION:Gr\u{fc}\u{df}e\\, \u{201e}bis\u{201c}\\nEnde",
        ),
        (
            b"DESCRIPTION;LANGUAGE=ja-JP:\x83\\\x83t\x83g\\n2\r\n",
            "DESCRIPTION;LANGUAGE=ja-JP:\u{30bd}\u{30d5}\u{30c8}\\n2",
        ),
        (
            b"LOCATION;CHARSET=iso-8859-2;X-P=\"\xb3\":\xb3\\;\xb3\r\n",
            "LOCATION;X-P=\"\u{142}\":\u{142}\\;\u{142}",
        ),
        (
            b"SUMMARY;LANGUAGE=ru:\xcf\xeb\xe0\xed\r\n",
            "SUMMARY;LANGUAGE=ru:\u{41f}\u{43b}\u{430}\u{43d}",
        ),
        // No Japanese after all.
        (b"SUMMARY;LANGUAGE=ja:caf\xe9\r\n", "SUMMARY;LANGUAGE=ja:caf\u{e9}"),
        (
            b"X-ALT-DESC;FMTTYPE=text/html:<meta charset=windows-1251><p>\xcf\\, a</p>\r\n",
            "X-ALT-DESC;FMTTYPE=text/html:<meta charset=windows-1251><p>\u{41f}\\, a</p>",
        ),
        (&fold, &format!("SUMMARY:{long}\u{fc}")),
        (
            b"ATTENDEE;CN=J\xfcrgen:mailto:j@contoso.example\r\n",
            "ATTENDEE;CN=J\u{fc}rgen:mailto:j@contoso.example",
        ),
    ] {
        let sent = request(event(&[line, b"PRIORITY:5\r\n"]), &[Part::Main]).replace("\r\n ", "");
        assert!(sent.contains(&format!("\r\n{expected}\r\nPRIORITY:5\r\n")), "{sent}");
    }
}

#[test]
fn an_address_that_no_message_can_carry_is_left_out_and_counted() {
    let date = "2026-11-23T00:00:00Z".parse().unwrap();
    let sender = || Mailbox::new("Ann", "ann@contoso.example");
    let object = Document::parse(SERIES).unwrap().request(&"m1".into(), &[Part::Main]).unwrap();
    let message = Message::new(sender(), "Plans", "m1@contoso.example", date, object);
    let odd = message.clone().with_recipient(Mailbox::new("", "j\u{fc}rgen@x.example"));
    assert_eq!((message.left_out(), odd.left_out()), (0, 1));
    assert!(matches!(odd.to_bytes(), Err(MessageError::Address)));
    let three = odd
        .with_recipient(Mailbox::new("Bob", "bob@x.example"))
        .with_recipient(Mailbox::new("", "no address"));
    assert_eq!(three.left_out(), 2);
    let text = String::from_utf8(three.to_bytes().unwrap()).unwrap();
    assert!(text.contains("\r\nTo: \"Bob\" <bob@x.example>\r\n"), "{text}");
    assert!(matches!(message.to_bytes(), Err(MessageError::NoRecipient)));
}

#[test]
fn a_file_taken_apart_is_edited_as_a_whole_one() {
    let whole = Document::parse(SERIES).unwrap();
    let mut apart = ByMeeting::of(whole.clone());
    let bytes = |apart: &ByMeeting| apart.chunks().collect::<Vec<_>>().concat();
    assert_eq!(bytes(&apart), SERIES.as_bytes());
    let ids: Vec<_> = apart.meetings().map(|(id, _)| id.as_str().to_owned()).collect();
    assert_eq!(ids, ["m1", "m2"]);

    let mut whole = whole;
    let text = "longer, so that what follows moves, and folded since it has more than 75 octets";
    for (id, part) in [("m1", Part::Main), ("m2", Part::Main), ("m1", occurrence())] {
        let id = MeetingId::from(id);
        let alone = apart.meeting(&id).unwrap();
        assert_eq!(alone.version(&id), whole.version(&id));
        assert_eq!(
            alone.request(&id, std::slice::from_ref(&part)),
            whole.request(&id, std::slice::from_ref(&part))
        );
        let change = PartEdit::new(part, [Body::text(text)], None);
        let edit = Edit::new(id.as_str(), whole.version(&id).unwrap(), [change]);
        let edited = alone.edited(&edit, None).unwrap();
        whole = whole.edited(&edit, None).unwrap();
        let before = alone.clone();
        assert_eq!(apart.put(&id, edited).as_ref(), Some(&before));
        assert_eq!(bytes(&apart), whole.as_bytes());
    }
    // What is not that meeting is not put in its place.
    let other = Document::parse(SERIES.replace("UID:m1", "UID:m3")).unwrap();
    assert_eq!(apart.put(&"m1".into(), other.clone()), None);
    assert_eq!(apart.put(&"m3".into(), other), None);
    assert_eq!(bytes(&apart), whole.as_bytes());
}

proptest! {
    /// Whatever stands where, taken apart and put together it is the same.
    #[test]
    fn taken_apart_and_put_together_a_file_is_the_same(
        lines in prop::collection::vec(prop::sample::select(vec![
            "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTODO", "END:VTODO", "UID:a", "UID:b",
            "RECURRENCE-ID:20260101T000000Z", "DTSTART;TZID=Z:20260101T000000", "DESCRIPTION:x", " fold",
            "junk", "END:VCALENDAR\nBEGIN:VCALENDAR", "BEGIN:VTIMEZONE\nTZID:Z\nEND:VTIMEZONE",
            "BEGIN:VEVENT\nUID:a\nDESCRIPTION:one\nEND:VEVENT", "BEGIN:VEVENT\r\nUID:b\r\nRECURRENCE-ID:20260102T000000Z\r\nEND:VEVENT",
        ]), 0..14),
    ) {
        let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", lines.join("\n"));
        if let Ok(document) = Document::parse(&*text) {
            let apart = ByMeeting::of(document.clone());
            prop_assert_eq!(apart.chunks().collect::<Vec<_>>().concat(), text.as_bytes());
            for (id, alone) in apart.meetings() {
                prop_assert_eq!(alone.version(id), document.version(id));
            }
        }
    }
}

/// The parts of a message, base64 undone. Fails when one is not UTF-8.
fn parts_of(eml: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(eml).unwrap();
    let mut parts = text.split("Content-Transfer-Encoding: base64\r\n\r\n");
    parts.next();
    parts
        .map(|part| String::from_utf8(base64(part.split("\r\n\r\n").next().unwrap())).unwrap())
        .collect()
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes().filter_map(|b| DIGITS.iter().position(|d| *d == b)) {
        (bits, count) = (bits << 6 | digit as u32, count + 6);
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}
