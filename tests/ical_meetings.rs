//! What a calendar says about its meetings, with answers known beforehand.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use chrono::{DateTime, Utc};
use meeting_migration::Meeting;
use meeting_migration::ical::{Document, ProblemKind, Reader, Reading};
use meeting_migration::meeting::{AttendeeKind, Response, Schedule, Series, Status};
use meeting_migration::provider::Provider;

const US: &str = "BEGIN:VTIMEZONE\nTZID:Pacific Standard Time\nBEGIN:STANDARD\nDTSTART:16011104T020000\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0800\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010311T020000\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nTZOFFSETFROM:-0800\nTZOFFSETTO:-0700\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().unwrap()
}

fn read(now: &str, events: &[&str]) -> Reading {
    let events: String =
        events.iter().map(|e| format!("BEGIN:VEVENT\n{e}\nEND:VEVENT\n")).collect();
    let calendar = format!("BEGIN:VCALENDAR\n{US}{events}END:VCALENDAR\n");
    let reader =
        Reader::new(at(now)).with_user("ann@contoso.example").with_zone("Europe/Berlin").unwrap();
    reader.read(&Document::parse(calendar).unwrap())
}

fn one(now: &str, event: &str) -> Meeting {
    let mut reading = read(now, &[&format!("UID:m1\n{event}")]);
    assert_eq!(reading.problems, []);
    reading.meetings.remove(0)
}

fn series(meeting: &Meeting) -> &Series {
    match &meeting.schedule {
        Schedule::Series(series) => series,
        other => panic!("{other:?}"),
    }
}

fn starts(series: &Series) -> Vec<String> {
    series.upcoming.iter().map(|s| s.start.format("%Y-%m-%dT%H:%M").to_string()).collect()
}

#[test]
fn when_a_single_event_takes_place() {
    for (event, start, end) in [
        (
            "DTSTART:20260706T090000Z\nDTEND:20260706T100000Z",
            "2026-07-06T09:00",
            "2026-07-06T10:00",
        ),
        (
            "DTSTART;TZID=\"Pacific Standard Time\":20260706T090000\nDURATION:PT30M",
            "2026-07-06T16:00",
            "2026-07-06T16:30",
        ),
        (
            "DTSTART;TZID=America/Vancouver:20270106T090000\nDURATION:PT1H",
            "2027-01-06T16:00",
            "2027-01-06T17:00",
        ),
        ("DTSTART:20260706T090000\nDTEND:20260706T093000", "2026-07-06T07:00", "2026-07-06T07:30"),
        (
            "DTSTART;VALUE=DATE:20260706\nDTEND;VALUE=DATE:20260708",
            "2026-07-05T22:00",
            "2026-07-07T22:00",
        ),
        ("DTSTART;VALUE=DATE:20260706", "2026-07-05T22:00", "2026-07-06T22:00"),
        // A day is not 24 hours when clocks change.
        ("DTSTART;VALUE=DATE:20260329", "2026-03-28T23:00", "2026-03-29T22:00"),
        (
            "DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D",
            "2026-03-28T11:00",
            "2026-03-29T10:00",
        ),
        // Left out by the change of clocks; and once more than one would think.
        (
            "DTSTART;TZID=Europe/Berlin:20260329T023000\nDURATION:PT1H",
            "2026-03-29T01:30",
            "2026-03-29T02:30",
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20261025T023000\nDURATION:PT1H",
            "2026-10-25T00:30",
            "2026-10-25T01:30",
        ),
        (
            "DTSTART:20260706T090000Z\nDTEND:20260706T080000Z",
            "2026-07-06T09:00",
            "2026-07-06T09:00",
        ),
    ] {
        let Schedule::Once(slot) = one("2026-01-01T00:00", event).schedule else {
            panic!("{event}")
        };
        assert_eq!((slot.start, slot.end), (at(start), at(end)), "{event}");
    }
}

#[test]
fn the_rules_of_rfc_5545_give_its_dates() {
    // RFC 5545 §3.8.5.3, in the zone of its examples. Each: now, rule, next, last.
    let first = "DTSTART;TZID=America/New_York:19970902T090000\nDURATION:PT1H\n";
    let check = |now: &str, rule: &str, next: &[&str], last: Option<&str>| {
        let meeting = one(now, &format!("{first}{rule}"));
        let series = series(&meeting);
        assert_eq!(starts(series)[..next.len()], *next, "{rule}");
        assert_eq!(series.last.map(|s| s.start), last.map(at), "{rule}");
        assert_eq!(series.first.start, at("1997-09-02T13:00"));
    };
    check(
        "1997-09-01T00:00",
        "RRULE:FREQ=DAILY;COUNT=10",
        &["1997-09-02T13:00", "1997-09-03T13:00"],
        Some("1997-09-11T13:00"),
    );
    check(
        "1997-12-01T00:00",
        "RRULE:FREQ=DAILY;UNTIL=19971224T000000Z",
        &["1997-12-01T14:00"],
        Some("1997-12-23T14:00"),
    );
    check(
        "1997-10-20T00:00",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        &["1997-10-27T14:00", "1997-10-29T14:00", "1997-10-31T14:00", "1997-11-10T14:00"],
        Some("1997-12-22T14:00"),
    );
    check(
        "1998-01-01T00:00",
        "RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        &["1998-02-13T14:00", "1998-03-13T14:00", "1998-11-13T14:00", "1999-08-13T13:00"],
        None,
    );
    check(
        "1997-09-01T00:00",
        "RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        &["1997-09-02T13:00", "1997-09-04T13:00", "1997-10-07T13:00"],
        Some("1997-11-06T14:00"),
    );
}

#[test]
fn series_with_everything_calendars_do_to_them() {
    let event = "DTSTART;TZID=Pacific Standard Time:20260302T090000\nDTEND;TZID=Pacific Standard Time:20260302T100000\nRRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260330T235959\nEXDATE;TZID=Pacific Standard Time:20260316T090000\nRDATE:20260401T090000Z";
    let meeting = one("2026-03-03T00:00", event);
    assert_eq!(
        starts(series(&meeting)),
        ["2026-03-09T16:00", "2026-03-23T16:00", "2026-03-30T16:00", "2026-04-01T09:00"]
    );
    assert_eq!(series(&meeting).last.unwrap().start, at("2026-04-01T09:00"));

    // A date as the end of a timed rule, a date that leaves a timed occurrence out.
    let meeting = one(
        "2026-03-03T00:00",
        "DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;UNTIL=20260306\nEXDATE;VALUE=DATE:20260304",
    );
    assert_eq!(
        starts(series(&meeting)),
        ["2026-03-03T09:00", "2026-03-05T09:00", "2026-03-06T09:00"]
    );

    // All days, in the zone of the reader.
    let meeting = one(
        "2026-03-27T12:00",
        "DTSTART;VALUE=DATE:20260327\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20260328",
    );
    assert_eq!(starts(series(&meeting)), ["2026-03-28T23:00", "2026-03-29T22:00"]);

    // Many dates far ahead do not hide the next one.
    let far: Vec<_> =
        (10..50).map(|n| format!("202802{:02}T{:02}0000Z", n % 28 + 1, n % 24)).collect();
    let rdates = far.join(",");
    let meeting = one(
        "2026-03-01T00:00",
        &format!("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;COUNT=3\nRDATE:{rdates}"),
    );
    assert_eq!(
        starts(series(&meeting))[..3],
        ["2026-03-02T09:00", "2026-03-03T09:00", "2026-03-04T09:00"]
    );

    // Everything left out: nothing to come, and still an end.
    let meeting = one(
        "2026-03-01T00:00",
        "DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;COUNT=1\nEXDATE:20260302T090000Z",
    );
    assert!(series(&meeting).upcoming.is_empty() && series(&meeting).last.is_some());
}

/// Programs write the year 9999 for "without end".
#[test]
fn an_end_after_more_occurrences_than_are_looked_at_is_none() {
    for rule in ["FREQ=DAILY;UNTIL=99991231T235959Z", "FREQ=HOURLY;COUNT=99999"] {
        let event = format!("DTSTART:20260302T090000Z\nRRULE:{rule}");
        let meeting = one("2026-11-23T00:00", &event);
        assert_eq!(starts(series(&meeting)).len(), 8, "{rule}");
        assert_eq!(series(&meeting).last, None, "{rule}");
    }
    // Over for all we know, or not: no guess.
    let past = read(
        "2046-01-01T00:00",
        &["UID:m1\nDTSTART:19000101T090000Z\nRRULE:FREQ=DAILY;UNTIL=99991231"],
    );
    assert_eq!(past.problems[0].kind, ProblemKind::RuleTooLong);
}

#[test]
fn a_changed_occurrence_is_no_longer_one_of_the_series() {
    let reading = read(
        "2026-03-01T00:00",
        &[
            "UID:s\nRECURRENCE-ID;TZID=Pacific Standard Time:20260309T090000\nDTSTART;TZID=Pacific Standard Time:20260310T110000\nDURATION:PT1H\nSUMMARY:Moved\nDESCRIPTION:there",
            "UID:s\nDTSTART;TZID=Pacific Standard Time:20260302T090000\nRRULE:FREQ=WEEKLY;COUNT=3\nDURATION:PT1H\nSUMMARY:Weekly\nDESCRIPTION:here\nX-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/1",
            "UID:alone\nRECURRENCE-ID:20260309T090000Z\nDTSTART:20260309T100000Z",
        ],
    );
    assert_eq!(reading.problems, []);
    let meeting = &reading.meetings[0];
    assert_eq!(meeting.item.subject.as_str(), "Weekly");
    assert_eq!(starts(series(meeting)), ["2026-03-02T17:00", "2026-03-16T16:00"]);
    assert_eq!(meeting.changed[0].id.as_str(), "20260309T090000");
    assert_eq!(meeting.changed[0].slot.start, at("2026-03-10T18:00"));
    assert_eq!(meeting.changed[0].item.subject.as_str(), "Moved");
    assert_eq!(meeting.changed[0].item.record, meeting.item.record);
    assert!(matches!(reading.meetings[1].schedule, Schedule::Once(_)));
}

#[test]
fn people_and_state() {
    let meeting = one(
        "2026-03-01T00:00",
        "DTSTART:20260309T100000Z\nSTATUS:CANCELLED\nSUMMARY:Plans\\, plans\nLOCATION:Room\\; 1\nORGANIZER;CN=\"Ann: A\";SENT-BY=\"mailto:bob@contoso.example\":MAILTO:Ann@Contoso.example\nATTENDEE;CN=\"Mills, Carol\";PARTSTAT=ACCEPTED:mailto:carol@fabrikam.example\nATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED:mailto:dan@fabrikam.example\nATTENDEE;CUTYPE=ROOM;CN=\n  Room 1:mailto:room1@contoso.example\nATTENDEE:invalid:nomail",
    );
    assert!(meeting.organized_by_user);
    assert_eq!(meeting.organizer.as_ref().unwrap().as_str(), "Ann@Contoso.example");
    assert_eq!(meeting.item.status, Status::Cancelled);
    assert_eq!(
        (meeting.item.subject.as_str(), meeting.item.location.as_str()),
        ("Plans, plans", "Room; 1")
    );
    let people: Vec<_> = meeting
        .item
        .attendees
        .iter()
        .map(|a| (a.address.as_str(), a.name.as_str(), a.kind, a.response))
        .collect();
    assert_eq!(
        people,
        [
            ("carol@fabrikam.example", "Mills, Carol", AttendeeKind::Required, Response::Accepted),
            ("dan@fabrikam.example", "", AttendeeKind::Optional, Response::Declined),
            ("room1@contoso.example", "Room 1", AttendeeKind::Resource, Response::NeedsAction),
        ]
    );
    for (organizer, ours) in [
        ("ORGANIZER:mailto:bob@contoso.example", false),
        ("ORGANIZER;SENT-BY=\"mailto:ann@contoso.example\":mailto:bob@contoso.example", false),
        ("ORGANIZER;CN=Ann:invalid:nomail", false),
        ("ORGANIZER;EMAIL=ann@contoso.example:/o=Org/cn=ann", true),
        ("ORGANIZER;CN=Ann: her: mailto:ann@contoso.example", true),
        ("X-NONE:1", true),
    ] {
        assert_eq!(
            one("2026-03-01T00:00", &format!("DTSTART:20260309T100000Z\n{organizer}"))
                .organized_by_user,
            ours,
            "{organizer}"
        );
    }
}

#[test]
fn records_of_every_kind() {
    let join = "https://join.contoso.example/meet/ann/1A2B3C4D";
    for (lines, provider, url, id) in [
        (
            "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/1\nX-MICROSOFT-ONLINEMEETINGEXTERNALLINK:\nX-MICROSOFT-ONLINEMEETINGCONFERENCEID:123",
            Provider::TEAMS,
            Some("https://teams.microsoft.com/l/meetup-join/1"),
            Some("123"),
        ),
        (
            &format!(
                "X-MICROSOFT-ONLINEMEETINGCONFLINK:conf:sip:ann@contoso.example\\;gruu\\;opaque=app:conf:focus:id:1A2B3C4D\nX-MICROSOFT-ONLINEMEETINGEXTERNALLINK:{join}"
            ),
            Provider::SKYPE_FOR_BUSINESS,
            Some(join),
            None,
        ),
        (
            "X-MICROSOFT-ONLINEMEETINGCONFLINK:conf:sip:a@b.example\\;gruu\\;opaque=app:conf:focus:id:teams:2:0!19:x",
            Provider::TEAMS,
            None,
            None,
        ),
        (
            "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij",
            Provider::GOOGLE_MEET,
            Some("https://meet.google.com/abc-defg-hij"),
            None,
        ),
        (
            "CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+15550100\nCONFERENCE;VALUE=URI:https://contoso.zoom.us/j/123",
            Provider::ZOOM,
            Some("https://contoso.zoom.us/j/123"),
            None,
        ),
    ] {
        let record = one("2026-03-01T00:00", &format!("DTSTART:20260309T100000Z\n{lines}"))
            .item
            .record
            .unwrap();
        assert_eq!(record.provider, provider);
        assert_eq!(record.join_url.as_deref(), url);
        assert_eq!(record.conference_id.as_deref(), id);
    }
    for lines in [
        "X-MS-OLK-CONFTYPE:0",
        "CONFERENCE:https://contoso.example/",
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:",
    ] {
        assert!(
            one("2026-03-01T00:00", &format!("DTSTART:20260309T100000Z\n{lines}"))
                .item
                .record
                .is_none()
        );
    }
}

#[test]
fn what_one_event_has_wrong_stops_no_other() {
    let reading = read(
        "2026-03-01T00:00",
        &[
            "SUMMARY:no uid",
            "UID:2\nSUMMARY:no start",
            "UID:3\nDTSTART:tomorrow",
            "UID:4\nDTSTART;TZID=Customized Time Zone:20260309T100000",
            "UID:5\nDTSTART:20260309T100000Z\nRRULE:FREQ=SOMETIMES",
            "UID:6\nDTSTART:19260309T100000Z\nRRULE:FREQ=SECONDLY;COUNT=4294967295",
            "UID:7\nDTSTART:20260309T100000Z",
            "UID:7\nDTSTART:20260309T100000Z",
            "UID:8\nDTSTART:20260309T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=ä€",
            "UID:9\nDTSTART:20260309T100000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "UID:10\nDTSTART:20260309T100000Z\nSUMMARY:fine",
        ],
    );
    let kinds: Vec<_> = reading.problems.iter().map(|p| p.kind).collect();
    assert_eq!(
        kinds,
        [
            ProblemKind::NoUid,
            ProblemKind::NoStart,
            ProblemKind::BadTime,
            ProblemKind::UnknownZone,
            ProblemKind::BadRule,
            ProblemKind::RuleTooLong,
            ProblemKind::Duplicate,
            ProblemKind::BadRule,
        ]
    );
    let ids: Vec<_> = reading.meetings.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["9", "10"]);
    assert_eq!(reading.problems[2].to_string(), "line 26: not a date, time or duration");
    assert!(!format!("{reading:?}").contains("fine"));
}
