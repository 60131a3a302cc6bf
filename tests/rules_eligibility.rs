//! Eligibility, filter by filter and at every boundary.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use meeting_migration::eligibility::{
    FILTERS, Seen, SkipReason, Verdict, Warning, attendee_count, is_to_come, judge, next_start,
    parts, warnings,
};
use meeting_migration::meeting::{
    Attendee, AttendeeKind, ChangedOccurrence, Item, Part, Record, Response, Schedule, Series,
    Slot, Status,
};
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::trigger::MigrationKind;
use meeting_migration::{Meeting, Policy};
use proptest::prelude::*;

use SkipReason::{
    AlreadyOver, Cancelled, DeclinedByOrganizer, InProgress, NoRecord, NotOrganizer, OtherProvider,
    StartsSoon, TooManyAttendees,
};
use Verdict::{Migrate, Skip};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2018, 10, 4, 9, 0, 0).unwrap()
}

/// An hour that starts so many minutes from now.
fn hour(minutes: i64) -> Slot {
    let start = now() + TimeDelta::minutes(minutes);
    Slot::new(start, start + TimeDelta::hours(1))
}

fn item() -> Item {
    let mut item = Item::new("Budget", []);
    item.record =
        Some(Record::new(Provider::SKYPE_FOR_BUSINESS, "https://meet.contoso.example/a/1"));
    item
}

fn meeting(schedule: Schedule) -> Meeting {
    let mut meeting = Meeting::new("m1", "v1", schedule, item());
    meeting.organizer = Some("ana@contoso.example".into());
    meeting
}

fn tomorrow() -> Meeting {
    meeting(Schedule::Once(hour(24 * 60)))
}

fn people(count: usize) -> Vec<Attendee> {
    (0..count).map(|n| Attendee::new(format!("guest{n}@fabrikam.example"))).collect()
}

fn verdict(meeting: &Meeting) -> Verdict {
    judge(meeting, MigrationKind::ToSameType, now(), &Policy::seed_2018())
}

/// One row per sentence: its source, what is done to tomorrow's meeting, the answer.
type Row = (&'static str, fn(&mut Meeting), Verdict);

#[rustfmt::skip]
const MANUAL: &[Row] = &[
    ("S:108", |_| {}, Migrate),
    ("", |m| m.item.status = Status::Cancelled, Skip(Cancelled)),
    ("", |m| m.item.status = Status::Tentative, Migrate),
    ("S:112", |m| m.organized_by_user = false, Skip(NotOrganizer)),
    ("", |m| { organizer_says(m, Response::Declined); }, Skip(DeclinedByOrganizer)),
    ("", |m| { organizer_says(m, Response::Tentative); }, Migrate),
    ("", |m| { m.item.attendees = people(2); m.item.attendees[0].response = Response::Declined; }, Migrate),
    ("S:108", |m| m.schedule = Schedule::Once(hour(1)), Migrate),
    ("S:110", |m| m.schedule = Schedule::Once(hour(0)), Skip(InProgress)),
    ("S:108", |m| m.schedule = Schedule::Once(hour(-59)), Skip(InProgress)),
    ("S:110", |m| m.schedule = Schedule::Once(hour(-60)), Skip(AlreadyOver)),
    ("S:110", |m| m.schedule = Schedule::Once(Slot::new(now(), now())), Skip(AlreadyOver)),
    ("S:124", |m| m.item.record = None, Skip(NoRecord)),
    ("PS:Start-CsExMeetingMigration", |m| m.item.record = Some(Record::new(Provider::ZOOM, "https://zoom.example/j/1")), Skip(OtherProvider)),
    ("S:59", |m| m.item.record = Some(Record::new(Provider::TEAMS, "https://teams.example/1")), Migrate),
    ("S:134", |m| m.item.attendees = people(249), Migrate),
    ("S:134", |m| m.item.attendees = people(250), Skip(TooManyAttendees)),
];

fn organizer_says(meeting: &mut Meeting, response: Response) {
    let mut organizer = Attendee::new("Ana@Contoso.example");
    organizer.response = response;
    meeting.item.attendees.push(organizer);
}

#[test]
fn each_sentence_judges_as_it_says() {
    for (number, (source, change, expected)) in MANUAL.iter().enumerate() {
        let mut meeting = tomorrow();
        change(&mut meeting);
        assert_eq!(verdict(&meeting), *expected, "row {number}, {source}");
        if let Skip(reason) = expected {
            let sources = reason.filter().sources();
            assert!(sources.contains(source) || (source.is_empty() && sources.is_empty()));
        }
    }
}

#[test]
fn each_filter_has_a_row_and_each_source_a_sentence() {
    for filter in FILTERS {
        assert_eq!(filter.reason().filter().reason(), filter.reason());
        // The one filter that no preset uses has a test of its own below.
        if filter.reason() == StartsSoon {
            continue;
        }
        for source in filter.sources().iter().chain(filter.sources().is_empty().then_some(&"")) {
            assert!(
                MANUAL.iter().any(|row| row.2 == Skip(filter.reason()) && row.0 == *source),
                "{source}: {}",
                filter.says()
            );
        }
    }
    let reasons: Vec<_> = FILTERS.iter().map(|filter| filter.reason()).collect();
    assert!(reasons.is_sorted(), "filters are asked in the order of the variants: {reasons:?}");
    assert_eq!(reasons.len(), 9);
}

/// Everything wrong at once: reasons come in the documented order as each is mended.
#[test]
fn reasons_come_in_the_documented_order() {
    let policy = Policy::seed_2018().with_quiet_window(TimeDelta::minutes(30));
    let kind = MigrationKind::TeamsToTeams;
    let mut meeting = meeting(Schedule::Once(hour(-1)));
    meeting.item.status = Status::Cancelled;
    meeting.organized_by_user = false;
    meeting.item.attendees = people(250);
    organizer_says(&mut meeting, Response::Declined);
    meeting.item.record = None;
    let judge = |meeting: &Meeting| judge(meeting, kind, now(), &policy);

    assert_eq!(judge(&meeting), Skip(Cancelled));
    meeting.item.status = Status::Confirmed;
    assert_eq!(judge(&meeting), Skip(NotOrganizer));
    meeting.organized_by_user = true;
    assert_eq!(judge(&meeting), Skip(DeclinedByOrganizer));
    meeting.item.attendees[250].response = Response::Accepted;
    assert_eq!(judge(&meeting), Skip(InProgress));
    meeting.schedule = Schedule::Once(hour(-61));
    assert_eq!(judge(&meeting), Skip(AlreadyOver));
    meeting.schedule = Schedule::Once(hour(29));
    assert_eq!(judge(&meeting), Skip(NoRecord));
    meeting.item.record =
        Some(Record::new(Provider::SKYPE_FOR_BUSINESS, "https://meet.contoso.example/a/1"));
    assert_eq!(judge(&meeting), Skip(OtherProvider));
    meeting.item.record = Some(Record::new(Provider::TEAMS, "https://teams.example/1"));
    assert_eq!(judge(&meeting), Skip(TooManyAttendees));
    meeting.item.attendees.truncate(249);
    assert_eq!(judge(&meeting), Skip(StartsSoon));
    meeting.schedule = Schedule::Once(hour(30));
    assert_eq!(judge(&meeting), Migrate, "the window ends exactly at its length");
}

#[test]
fn the_limit_counts_each_address_once_and_the_organiser_always() {
    let mut meeting = tomorrow();
    let count = |meeting: &Meeting| attendee_count(meeting, &meeting.item);
    assert_eq!(count(&meeting), 1);
    meeting.item.attendees = people(249);
    assert_eq!(count(&meeting), 250);

    let mut again = Attendee::new(" GUEST7@Fabrikam.Example ");
    again.kind = AttendeeKind::Optional;
    meeting.item.attendees.push(again);
    organizer_says(&mut meeting, Response::Accepted);
    assert_eq!(count(&meeting), 250, "a second spelling and the organiser as attendee");
    assert_eq!(verdict(&meeting), Migrate);

    let mut room = Attendee::new("room1@contoso.example");
    room.kind = AttendeeKind::Resource;
    meeting.item.attendees.push(room);
    assert_eq!(count(&meeting), 251, "a room takes part too");
    assert_eq!(verdict(&meeting), Skip(TooManyAttendees));

    let policy = Policy::seed_2018().with_attendee_limit(500);
    assert_eq!(judge(&meeting, MigrationKind::ToSameType, now(), &policy), Migrate);

    let mut unnamed = tomorrow();
    unnamed.organizer = None;
    unnamed.item.attendees = people(249);
    assert_eq!(verdict(&unnamed), Migrate);
    unnamed.item.attendees = people(250);
    assert_eq!(verdict(&unnamed), Skip(TooManyAttendees), "an unnamed organiser is one more");
}

#[test]
fn without_records_marks_may_do() {
    let policy = Policy::seed_2018().with_evidence(AddInEvidence::RecordOrMarks);
    let mut meeting = tomorrow();
    meeting.item.record = None;
    for &kind in MigrationKind::ALL {
        assert_eq!(judge(&meeting, kind, now(), &policy), Migrate);
    }
}

#[test]
fn the_source_kind_decides_which_products_are_taken() {
    for (provider, taken) in [
        (Provider::SKYPE_FOR_BUSINESS, [true, true, false, true, true]),
        (Provider::TEAMS, [true, false, true, false, true]),
        (Provider::WEBEX, [false; 5]),
    ] {
        let mut meeting = tomorrow();
        meeting.item.record = Some(Record::new(provider, "https://join.example/1"));
        for (&kind, taken) in MigrationKind::ALL.iter().zip(taken) {
            let verdict = judge(&meeting, kind, now(), &Policy::seed_2018());
            assert_eq!(verdict == Migrate, taken, "{provider} {kind}");
        }
    }
}

#[test]
fn the_limit_can_be_raised_to_the_platforms_and_no_further() {
    let mut meeting = tomorrow();
    for (limit, guests, expected) in [
        (251, 250, Migrate),
        (251, 251, Skip(TooManyAttendees)),
        (500, 499, Migrate),
        (500, 500, Skip(TooManyAttendees)),
        (501, 500, Skip(TooManyAttendees)),
        (usize::MAX, 500, Skip(TooManyAttendees)),
    ] {
        meeting.item.attendees = people(guests);
        let policy = Policy::seed_2018().with_attendee_limit(limit);
        let verdict = judge(&meeting, MigrationKind::ToSameType, now(), &policy);
        assert_eq!(verdict, expected, "{limit} {guests}");
    }
}

#[test]
fn warnings_leave_out_parts_that_stay() {
    let mut series = meeting(Schedule::Series(Series::new(hour(-DAY), [hour(DAY)], None)));
    series.changed = vec![changed("one", DAY), changed("two", DAY)];
    series.changed[0].item.attendees = people(2);
    series.changed[1].item.attendees = people(3);
    series.changed[1].item.record.as_mut().unwrap().has_content = Some(true);
    let of = |rewritten: &[Part]| warnings(&series, rewritten, now(), Seen::nothing());
    let [one, two] = ["one", "two"].map(|id| Part::Occurrence(id.into()));
    assert_eq!(of(&[Part::Main]), []);
    assert_eq!(of(&[Part::Main, one.clone()]), [Warning::UnansweredWillSeeUpdate(2)]);
    let both = [Warning::ContentNotRetained, Warning::UnansweredWillSeeUpdate(3)];
    assert_eq!(of(&[one, two]), both, "each person once");
}

#[test]
fn a_declined_meeting_can_be_taken_along() {
    let mut meeting = tomorrow();
    organizer_says(&mut meeting, Response::Declined);
    let policy = Policy::seed_2018().with_skips_declined(false);
    assert_eq!(judge(&meeting, MigrationKind::ToSameType, now(), &policy), Migrate);
}

const DAY: i64 = 24 * 60;

fn changed(id: &str, minutes: i64) -> ChangedOccurrence {
    ChangedOccurrence::new(id, hour(minutes), item())
}

fn part_verdicts(meeting: &Meeting) -> Vec<Verdict> {
    let parts = parts(meeting, MigrationKind::ToSameType, now(), &Policy::seed_2018());
    parts.into_iter().map(|(_, verdict)| verdict).collect()
}

#[test]
fn a_series_is_to_come_while_one_occurrence_is() {
    let daily = |upcoming: Vec<Slot>, last| {
        meeting(Schedule::Series(Series::new(hour(-9 * DAY), upcoming, last)))
    };

    assert_eq!(verdict(&daily(vec![hour(DAY)], None)), Migrate);
    assert_eq!(verdict(&daily(vec![], Some(hour(-DAY)))), Skip(AlreadyOver));
    // The last occurrence has begun: in progress counts as past.
    assert_eq!(verdict(&daily(vec![hour(-5)], Some(hour(-5)))), Skip(InProgress));
    // What was listed has begun since, and the series goes on.
    assert_eq!(verdict(&daily(vec![hour(-5)], Some(hour(DAY)))), Migrate);
    assert_eq!(verdict(&daily(vec![hour(-5)], None)), Migrate);
    assert_eq!(next_start(&daily(vec![hour(-5)], None), now()), None);

    // Only a changed occurrence is left.
    let mut moved = daily(vec![], Some(hour(-DAY)));
    moved.changed = vec![changed("past", -2 * DAY), changed("moved", DAY)];
    assert_eq!(verdict(&moved), Migrate);
    assert_eq!(part_verdicts(&moved), [Skip(AlreadyOver), Skip(AlreadyOver), Migrate]);
    moved.changed[1].item.status = Status::Cancelled;
    assert_eq!(verdict(&moved), Skip(AlreadyOver));
    assert!(!is_to_come(&moved, now()));
}

#[test]
fn past_and_cancelled_occurrences_stay_as_they_are() {
    let mut series = meeting(Schedule::Series(Series::new(hour(-9 * DAY), [hour(DAY)], None)));
    series.changed =
        vec![changed("past", -DAY), changed("begun", 0), changed("next", 1), changed("off", DAY)];
    series.changed[3].item.status = Status::Cancelled;
    assert_eq!(
        part_verdicts(&series),
        [Migrate, Skip(AlreadyOver), Skip(AlreadyOver), Migrate, Skip(Cancelled)]
    );
    assert_eq!(next_start(&series, now()), Some(hour(1).start));
}

#[test]
fn an_occurrence_is_judged_by_its_own_guests_and_record() {
    let mut series = meeting(Schedule::Series(Series::new(hour(-DAY), [hour(DAY)], None)));
    series.changed = vec![changed("town hall", DAY), changed("zoom", DAY), changed("bare", DAY)];
    series.changed[0].item.attendees = people(250);
    series.changed[1].item.record = Some(Record::new(Provider::ZOOM, "https://zoom.example/j/1"));
    series.changed[2].item.record = None;
    assert_eq!(verdict(&series), Migrate);
    assert_eq!(
        part_verdicts(&series),
        [Migrate, Skip(TooManyAttendees), Skip(OtherProvider), Migrate]
    );
    let names = parts(&series, MigrationKind::ToSameType, now(), &Policy::seed_2018());
    assert_eq!(names[0].0, Part::Main);
    assert_eq!(names[2].0, Part::Occurrence("zoom".into()));

    // A series whose record sits on one occurrence alone was made with the add-in too.
    series.item.record = None;
    assert_eq!(verdict(&series), Migrate);
}

#[test]
fn warnings_say_what_the_organiser_loses() {
    let mut meeting = meeting(Schedule::Once(hour(15)));
    assert_eq!(
        warnings(&meeting, &[Part::Main], now(), Seen::nothing()),
        [Warning::StartsWithin15Minutes]
    );
    meeting.schedule = Schedule::Once(hour(16));
    assert_eq!(warnings(&meeting, &[Part::Main], now(), Seen::nothing()), []);

    meeting.item.attendees = people(3);
    meeting.item.attendees[0].response = Response::Accepted;
    let mut room = Attendee::new("room1@contoso.example");
    room.kind = AttendeeKind::Resource;
    meeting.item.attendees.push(room);
    organizer_says(&mut meeting, Response::NeedsAction);
    meeting.item.record.as_mut().unwrap().has_content = Some(true);
    let mut seen = Seen::nothing();
    seen.shared_notes_link = true;
    seen.edited_block = true;
    let all = warnings(&meeting, &[Part::Main], now(), seen);
    assert_eq!(
        all,
        [
            Warning::ContentNotRetained,
            Warning::SharedNotesLinkReplaced,
            Warning::BlockEdited,
            Warning::UnansweredWillSeeUpdate(2),
        ]
    );
    for warning in all {
        assert!(!warning.to_string().is_empty());
    }
}

prop_compose! {
    fn any_meeting()(
        starts in prop::collection::vec(-3 * DAY..3 * DAY, 1..5),
        series in any::<bool>(),
        changes in prop::collection::vec((-3 * DAY..3 * DAY, any::<bool>()), 0..4),
    ) -> Meeting {
        let mut starts = starts;
        starts.sort_unstable();
        let schedule = if series {
            let slots: Vec<_> = starts.iter().map(|&s| hour(s)).collect();
            Schedule::Series(Series::new(slots[0], slots.clone(), slots.last().copied()))
        } else {
            Schedule::Once(hour(starts[0]))
        };
        let mut meeting = meeting(schedule);
        if series {
            for (n, (start, cancelled)) in changes.into_iter().enumerate() {
                let mut one = changed(&format!("o{n}"), start);
                if cancelled {
                    one.item.status = Status::Cancelled;
                }
                meeting.changed.push(one);
            }
        }
        meeting
    }
}

/// The same with guests and records that differ from part to part.
fn mixed_meeting() -> impl Strategy<Value = Meeting> {
    let part = (0..4_u8, prop::sample::select(vec![0_usize, 249, 250]));
    (any_meeting(), prop::collection::vec(part, 5)).prop_map(|(mut meeting, parts)| {
        let items = meeting.changed.iter_mut().map(|o| &mut o.item);
        for (item, (record, guests)) in std::iter::once(&mut meeting.item).chain(items).zip(parts) {
            item.attendees = people(guests);
            item.record = match record {
                0 => None,
                1 => Some(Record::new(Provider::ZOOM, "https://zoom.example/j/1")),
                2 => Some(Record::new(Provider::TEAMS, "https://teams.example/1")),
                _ => item.record.take(),
            };
        }
        meeting
    })
}

proptest! {
    #[test]
    fn an_eligible_meeting_has_a_part_to_rewrite(
        meeting in mixed_meeting(),
        kind in prop::sample::select(MigrationKind::ALL),
        marks_do in any::<bool>(),
    ) {
        let evidence = if marks_do { AddInEvidence::RecordOrMarks } else { AddInEvidence::Record };
        let policy = Policy::seed_2018().with_evidence(evidence);
        if judge(&meeting, kind, now(), &policy) == Migrate {
            let parts = parts(&meeting, kind, now(), &policy);
            prop_assert!(parts.iter().any(|(_, verdict)| *verdict == Migrate));
            prop_assert_eq!(parts.len(), 1 + meeting.changed.len());
        }
    }

    /// The oracle lists all occurrences that take place and asks the naive question.
    #[test]
    fn future_is_one_occurrence_that_has_not_begun(meeting in any_meeting()) {
        let mut starts: Vec<_> = match &meeting.schedule {
            Schedule::Once(slot) => vec![slot.start],
            Schedule::Series(series) => series.upcoming.iter().map(|slot| slot.start).collect(),
            _ => unreachable!("the strategy makes no other"),
        };
        starts.extend(
            meeting.changed.iter()
                .filter(|o| o.item.status != Status::Cancelled)
                .map(|o| o.slot.start),
        );
        let future = starts.iter().any(|start| *start > now());
        prop_assert_eq!(is_to_come(&meeting, now()), future);
        prop_assert_eq!(verdict(&meeting) == Migrate, future);
        let rewritten = part_verdicts(&meeting).contains(&Migrate);
        prop_assert_eq!(rewritten, future, "an eligible meeting has a part to rewrite");
    }

    /// Time only ever takes meetings away.
    #[test]
    fn a_meeting_that_is_past_stays_past(meeting in any_meeting(), later in 0..6 * DAY) {
        let at = |time| judge(&meeting, MigrationKind::ToSameType, time, &Policy::seed_2018());
        if at(now()) != Migrate {
            prop_assert_ne!(at(now() + TimeDelta::minutes(later)), Migrate);
        }
    }

    /// Spelling, order and repetition of addresses do not change the count.
    #[test]
    fn the_count_is_of_people(picks in prop::collection::vec((0..300_usize, any::<bool>()), 0..400)) {
        let mut meeting = tomorrow();
        meeting.item.attendees = picks.iter().map(|(n, upper)| {
            let address = format!("guest{n}@fabrikam.example");
            Attendee::new(if *upper { address.to_uppercase() } else { address })
        }).collect();
        let mut distinct: Vec<_> = picks.iter().map(|(n, _)| n).collect();
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(attendee_count(&meeting, &meeting.item), distinct.len() + 1);
        let expected = if distinct.len() < 250 { Migrate } else { Skip(TooManyAttendees) };
        prop_assert_eq!(verdict(&meeting), expected);
    }
}

/// What the calendar says, as text, and the answer of a reader in that zone.
#[test]
fn zones_delegates_and_kinds_of_mailboxes_in_real_entries() {
    use meeting_migration::ical::{Document, Reader};

    let own = "ORGANIZER:mailto:ana@contoso.example";
    let table: &[(&str, &str, &str, &str, Verdict)] = &[
        // 22:30 UTC on 3 October is half past midnight of the 4th in Berlin.
        ("2018-10-03T22:30", "DTSTART;VALUE=DATE:20181004", "Europe/Berlin", own, Skip(InProgress)),
        ("2018-10-03T21:59", "DTSTART;VALUE=DATE:20181004", "Europe/Berlin", own, Migrate),
        ("2018-10-03T22:30", "DTSTART;VALUE=DATE:20181004", "America/New_York", own, Migrate),
        ("2018-10-04T21:59", "DTSTART;VALUE=DATE:20181004", "Europe/Berlin", own, Skip(InProgress)),
        (
            "2018-10-04T22:00",
            "DTSTART;VALUE=DATE:20181004",
            "Europe/Berlin",
            own,
            Skip(AlreadyOver),
        ),
        (
            "2018-10-04T06:59",
            "DTSTART:20181004T090000\r\nDURATION:PT1H",
            "Europe/Berlin",
            own,
            Migrate,
        ),
        (
            "2018-10-04T07:00",
            "DTSTART:20181004T090000\r\nDURATION:PT1H",
            "Europe/Berlin",
            own,
            Skip(InProgress),
        ),
        ("2018-10-04T07:00", "DTSTART:20181004T090000\r\nDURATION:PT1H", "UTC", own, Migrate),
        // A delegate's hand, private, from a shared mailbox or a room: all migrated.
        (
            "2018-10-04T06:00",
            "DTSTART:20181005T090000Z",
            "UTC",
            "ORGANIZER;SENT-BY=\"mailto:bo@contoso.example\":mailto:ana@contoso.example",
            Migrate,
        ),
        ("2018-10-04T06:00", "DTSTART:20181005T090000Z\r\nCLASS:PRIVATE", "UTC", own, Migrate),
        (
            "2018-10-04T06:00",
            "DTSTART:20181005T090000Z\r\nATTENDEE;CUTYPE=ROOM:mailto:ana@contoso.example",
            "UTC",
            own,
            Migrate,
        ),
        // The delegate's own calendar has it too, and leaves it alone.
        (
            "2018-10-04T06:00",
            "DTSTART:20181005T090000Z",
            "UTC",
            "ORGANIZER;SENT-BY=\"mailto:ana@contoso.example\":mailto:bo@contoso.example",
            Skip(NotOrganizer),
        ),
        (
            "2018-10-04T06:00",
            "DTSTART:20181005T090000Z\r\nATTENDEE;PARTSTAT=DECLINED:mailto:ana@contoso.example",
            "UTC",
            own,
            Skip(DeclinedByOrganizer),
        ),
        (
            "2018-10-04T06:00",
            "DTSTART:20181005T090000Z\r\nSTATUS:CANCELLED",
            "UTC",
            own,
            Skip(Cancelled),
        ),
    ];
    for (at, event, zone, organizer, expected) in table {
        let at: DateTime<Utc> = format!("{at}:00Z").parse().unwrap();
        let text = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\n{event}\r\n{organizer}\r\n\
             X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/1\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let reader = Reader::new(at).with_user("ana@contoso.example").with_zone(zone).unwrap();
        let reading = reader.read(&Document::parse(text).unwrap());
        assert_eq!(reading.problems, [], "{event}");
        let kind = MigrationKind::ToSameType;
        let verdict = judge(&reading.meetings[0], kind, at, &Policy::seed_2018());
        assert_eq!(verdict, *expected, "{at} {event} {zone} {organizer}");
    }
}
