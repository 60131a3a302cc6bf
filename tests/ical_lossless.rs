//! The file comes back byte for byte, and an edit changes the edited value alone.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::Body;
use meeting_migration::calendar::{Edit, PartEdit};
use meeting_migration::ical::{Document, DocumentError, Limits};
use meeting_migration::meeting::{MeetingId, Part};
use proptest::prelude::*;

/// Folds a content line after the given numbers of octets, over and over.
fn fold(line: &[u8], widths: &[usize], end: &str, blank: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = line;
    for width in widths.iter().cycle() {
        if rest.len() <= *width {
            break;
        }
        out.extend_from_slice(&rest[..*width]);
        out.extend_from_slice(end.as_bytes());
        out.extend_from_slice(blank.as_bytes());
        rest = &rest[*width..];
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(end.as_bytes());
    out
}

/// TEXT as the standard says, without a thought for places.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

fn text() -> impl Strategy<Value = String> {
    let words = [
        "a",
        "ä",
        "\u{1F600}",
        ",",
        ";",
        "\\",
        "\n",
        " ",
        "\t",
        ":",
        "\"",
        "word ",
        "BEGIN:VEVENT",
        "会議",
        "\\n",
        "_________",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|w| w.concat())
}

#[derive(Debug, Clone)]
struct Sample {
    head: Vec<u8>,
    property: Vec<u8>,
    tail: Vec<u8>,
    text: String,
    charwise: bool,
}

fn sample() -> impl Strategy<Value = Sample> {
    let ends = prop::sample::select(vec!["\r\n", "\n", "\r\r\n"]);
    let blank = prop::sample::select(vec![" ", "\t"]);
    let widths = prop_oneof![Just(vec![75, 74]), prop::collection::vec(1_usize..90, 1..6)];
    (text(), ends, blank, widths).prop_map(|(text, end, blank, widths)| {
        let line = |l: &str| fold(l.as_bytes(), &widths, end, blank);
        let head = [
            "BEGIN:VCALENDAR",
            "X-WR-CALNAME;X-P=\"a:b;c\":Mine",
            "BEGIN:VEVENT",
            "UID:m1",
            "SUMMARY:Plans\\, plans",
        ];
        let tail = [
            "X-LAST;:",
            "LOCATION:Room ä",
            "BEGIN:VALARM",
            "DESCRIPTION:Reminder",
            "END:VALARM",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
            "Behind the end",
        ];
        Sample {
            head: head.iter().flat_map(|l| line(l)).collect(),
            property: line(&format!("DESCRIPTION;LANGUAGE=en-US:{}", escape(&text))),
            tail: tail.iter().flat_map(|l| line(l)).collect(),
            charwise: text.is_ascii(),
            text,
        }
    })
}

impl Sample {
    fn bytes(&self) -> Vec<u8> {
        [&self.head[..], &self.property, &self.tail].concat()
    }
}

fn edited(bytes: &[u8], body: Body) -> Vec<u8> {
    let document = Document::parse(bytes).unwrap();
    let id = MeetingId::from("m1");
    let seen = document.version(&id).unwrap();
    let edit = Edit::new(id.as_str(), seen, [PartEdit::new(Part::Main, [body], None)]);
    document.edited(&edit, None).unwrap().into_bytes()
}

fn description(bytes: &[u8]) -> Vec<u8> {
    let document = Document::parse(bytes).unwrap();
    document.properties().find(|p| p.name() == "DESCRIPTION").unwrap().text()
}

fn longest_line(bytes: &[u8]) -> usize {
    bytes
        .split(|b| *b == b'\n')
        .map(|l| l.trim_ascii_end().len().max(l.len().saturating_sub(2)))
        .max()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_refused_or_come_back(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![
                &b"BEGIN:VCALENDAR\r\n"[..], b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"END:VCALENDAR\r\n",
                b"DESCRIPTION:a\\", b"UID:m1\n", b"\r\n ", b"\n\t", b"\r", b";X=\"", b":", b"\xc3", b"\xa4", b"\\n",
                b"DTSTART:20260101T000000Z\r\n", b"RRULE:FREQ=DAILY\n", b"END:VEVENT", b"\xef\xbb\xbf",
            ]).prop_map(<[u8]>::to_vec),
            prop::collection::vec(any::<u8>(), 0..8),
        ], 0..40)
    ) {
        let mut bytes = b"BEGIN:VCALENDAR\r\n".to_vec();
        bytes.extend(pieces.concat());
        bytes.extend(b"\r\nEND:VCALENDAR\r\n");
        if let Ok(document) = Document::parse(&bytes[..]) {
            prop_assert_eq!(document.as_bytes(), &bytes[..]);
            for property in document.properties() {
                let _ = (property.text(), property.raw_value());
            }
            let now = "2026-06-01T00:00:00Z".parse().unwrap();
            let reading = meeting_migration::ical::Reader::new(now).read(&document);
            for meeting in reading.meetings {
                let same: Vec<_> = meeting.parts().map(|(part, item)| PartEdit::new(part, item.bodies.clone(), item.record.clone())).collect();
                prop_assert_eq!(document.edited(&Edit::new(meeting.id.as_str(), meeting.version.clone(), same), None).unwrap(), document.clone());
                let other: Vec<_> = meeting.parts().map(|(part, item)| {
                    let bodies: Vec<_> = item.bodies.iter().map(|b| b.with_bytes(b"X-INJECTED:1\nEND:VEVENT".to_vec())).collect();
                    PartEdit::new(part, bodies, None)
                }).collect();
                if let Ok(new) = document.edited(&Edit::new(meeting.id.as_str(), meeting.version, other), None) {
                    prop_assert_eq!(new.properties().count(), document.properties().count());
                }
            }
        }
    }

    #[test]
    fn values_read_as_they_were_written(sample in sample()) {
        prop_assert_eq!(description(&sample.bytes()), sample.text.as_bytes());
    }

    #[test]
    fn an_edit_changes_its_property_alone(sample in sample(), new in text()) {
        let old = sample.bytes();
        let out = edited(&old, Body::text(new.clone()));
        prop_assert!(out.starts_with(&sample.head));
        prop_assert!(out.ends_with(&sample.tail));
        prop_assert_eq!(description(&out), new.as_bytes());
        prop_assert!(longest_line(&out) <= longest_line(&old).max(75));
    }

    #[test]
    fn what_both_values_share_stays_raw(sample in sample(), at in any::<prop::sample::Index>(), insert in "[a-zä,\n]{1,40}") {
        let boundaries: Vec<usize> = sample.text.char_indices().map(|(i, _)| i).chain([sample.text.len()]).collect();
        let at = boundaries[at.index(boundaries.len())];
        let new = [&sample.text[..at], &insert, &sample.text[at..]].concat();
        let old = sample.bytes();
        let out = edited(&old, Body::text(new.clone()));
        prop_assert_eq!(description(&out), new.as_bytes());
        // An insertion adds the new text, escaped, and folds: nothing of the old goes but a fold at the seam.
        let bare = |bytes: &[u8]| bytes.iter().copied().filter(|b| !b.is_ascii_whitespace()).count();
        prop_assert_eq!(bare(&out), bare(&old) + bare(escape(&insert).as_bytes()));
        if sample.charwise {
            for line in out.split(|b| *b == b'\n') {
                prop_assert!(std::str::from_utf8(line).is_ok() || old.split(|b| *b == b'\n').any(|o| o == line));
            }
        }
    }
}

#[test]
fn only_the_changed_lines_change() {
    let old = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDESCRIPTION:Agenda of ours\\, kept\r\n\t as it is.\\nJoin: OLDOLDOLDOLDOLD\r\n\tOLDOLD end of it\\; kept\r\n\t too\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let new = "Agenda of ours, kept as it is.\nJoin: a, new and much longer line with an ä that is folded by us end of it; kept too";
    let out = String::from_utf8(edited(old.as_bytes(), Body::text(new))).unwrap();
    assert_eq!(
        out,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDESCRIPTION:Agenda of ours\\, kept\r\n\t as it is.\\nJoin: a\\, new and much longer line with an ä that is folded b\r\n\ty us end of it\\; kept\r\n\t too\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
}

#[test]
fn bytes_that_are_not_unicode_stay() {
    let old = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:m1\nDESCRIPTION:caf\xe9 OLD caf\xe9\nEND:VEVENT\nEND:VCALENDAR\n";
    let out = edited(old, Body::text_bytes(b"caf\xe9 NEW caf\xe9".to_vec(), None));
    let new: Vec<u8> = old.to_vec();
    let at = new.windows(3).position(|w| w == b"OLD").unwrap();
    assert_eq!(out, [&old[..at], b"NEW", &old[at + 3..]].concat());
}

#[test]
fn a_new_text_cannot_hide_behind_a_stray_backslash_or_become_a_line() {
    let calendar = |d: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDESCRIPTION:{d}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    for (old, new) in [
        ("C:\\temp \\", "C:\\temp \\new"),
        ("a\\", "a\\\nb"),
        ("a\\x", "a\\,x"),
        ("a", "a\r\nX-INJECTED:1\r\nEND:VEVENT"),
        ("a", "a\rX-INJECTED:1"),
        ("", "\n"),
        ("\\n\\n", ""),
    ] {
        let out = edited(calendar(old).as_bytes(), Body::text(new));
        let with_lf = new.replace("\r\n", "\n").replace('\r', "\n");
        assert_eq!(String::from_utf8(description(&out)).unwrap(), with_lf, "{old:?}");
        assert_eq!(Document::parse(out).unwrap().properties().count(), 2);
    }
}

#[test]
fn raw_lines_below_a_description_are_its_text() {
    let old = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDESCRIPTION;LANGUAGE=en-GB:\r\nDear Team,\r\n\r\nJoin OLD\r\nhttps://join.contoso.example/1\r\nPasscode: 1\r\n\r\nSUMMARY:Plans\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let text = "\nDear Team,\n\nJoin OLD\nhttps://join.contoso.example/1\nPasscode: 1";
    assert_eq!(String::from_utf8(description(old.as_bytes())).unwrap(), text);
    let out = edited(
        old.as_bytes(),
        Body::text(
            text.replace("Join OLD\nhttps://join.contoso.example/1", "SUMMARY:no\nX-INJECTED:2"),
        ),
    );
    assert_eq!(
        String::from_utf8(out).unwrap(),
        old.replace(
            "Join OLD\r\nhttps://join.contoso.example/1\r\n",
            "\\n\\nSUMMARY:no\\nX-INJECTED:2\r\n"
        )
        .replace("Dear Team,\r\n\r\n", "Dear Team,")
    );
}

#[test]
fn errors_name_the_line() {
    let parse = |text: &str| Document::parse(text).unwrap_err();
    assert_eq!(parse(""), DocumentError::NotACalendar { line: 1 });
    assert_eq!(parse("\r\n<html>\r\n"), DocumentError::NotACalendar { line: 2 });
    assert_eq!(parse("BEGIN:VCARD\nEND:VCARD\n"), DocumentError::NotACalendar { line: 1 });
    assert_eq!(
        parse("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n"),
        DocumentError::Truncated { line: 2 }
    );
    assert_eq!(
        parse("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"),
        DocumentError::Mismatched { line: 3 }
    );
    assert_eq!(
        parse(&format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(1_000_000))),
        DocumentError::TooDeep { line: 17 }
    );
    let small = Limits::new().with_max_bytes(10);
    assert_eq!(Document::parse_with("BEGIN:VCALENDAR", &small), Err(DocumentError::TooLarge));
}

#[test]
fn hostile_calendars_cost_no_more_than_their_size() {
    let in_event = |inner: String| {
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:m1\n{inner}\nEND:VEVENT\nEND:VCALENDAR\n")
    };
    // Each of these was, or would be, quadratic when a place is looked at more than once.
    for inner in [
        format!("DESCRIPTION:{}x", "\r".repeat(1 << 20)),
        format!("DESCRIPTION:{}", "\\\n ".repeat(1 << 18)),
        format!("DESCRIPTION:a\n{}", "raw line\n".repeat(1 << 16)),
        format!("DESCRIPTION{}:a", ";\"".repeat(1 << 19)),
        format!("X{}:a", ";".repeat(1 << 20)),
        "\n ".repeat(1 << 19),
    ] {
        let document = Document::parse(in_event(inner)).unwrap();
        let length: usize =
            document.properties().map(|p| p.text().len() + p.raw_value().len()).sum();
        assert!(length < 1 << 24);
        if document.properties().any(|p| p.name() == "DESCRIPTION") {
            let out = edited(document.as_bytes(), Body::text("new"));
            assert_eq!(description(&out), b"new");
        }
    }
    let lines = Limits::new().with_max_lines(10);
    assert_eq!(
        Document::parse_with(in_event("A:1\n".repeat(20)), &lines),
        Err(DocumentError::TooManyLines)
    );
}
