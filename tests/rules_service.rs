//! The rules end to end: changes, switches, series, warnings, limits and the removal of a
//! number, through the service over calendars and mail in memory.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::advice::{Advice, MailLimits, Step, User, advise};
use meeting_migration::calendar::{Calendar, CalendarError, Edit, Notifies, Page, PageToken};
use meeting_migration::change::{Account, AudioProvider, Change, NumberChange, Tenant};
use meeting_migration::coordinates::{Dial, NumberKind, PhoneNumber};
use meeting_migration::eligibility::{SkipReason, Warning};
use meeting_migration::job::{CorrelationId, State};
use meeting_migration::meeting::{
    Attendee, ChangedOccurrence, Meeting, MeetingId, Part, Record, Response, Schedule, Series,
    Slot, Status, UserId, Version,
};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryProvision, MemoryStore};
use meeting_migration::number_removal::{Next, NumberRemoval};
use meeting_migration::provider::Provider;
use meeting_migration::report::{Outcome, Report};
use meeting_migration::service::{Observed, ServiceError};
use meeting_migration::store::{Enqueued, Settings, StatusQuery, Store};
use meeting_migration::trigger::{IgnoreReason, MigrationKind};
use meeting_migration::{Body, Coordinates, Link, Policy, Service};

use run_common::{
    Memory, ann, block, block_on, in_days, item, license, meeting, new_link, noon, old_link,
    provision, series, tenant,
};

fn observe(service: &Memory, change: Change, now: DateTime<Utc>) -> Enqueued {
    let observed = block_on(service.observe(&change, &ann(), &Account::default(), now)).unwrap();
    let Observed::Run(enqueued) = observed else { panic!("{observed:?}") };
    enqueued
}

fn due(service: &Memory, job: &CorrelationId) -> DateTime<Utc> {
    block_on(service.store().job(job)).unwrap().unwrap().due.unwrap()
}

fn run(service: &Memory, now: DateTime<Utc>) -> Report {
    let mut ran = block_on(service.run_due(&|| now)).unwrap();
    assert_eq!(ran.len(), 1);
    ran.remove(0).report.unwrap()
}

fn texts(service: &Memory) -> Vec<String> {
    let meetings = service.calendar().meetings(&ann());
    let parts = meetings.iter().flat_map(Meeting::parts);
    parts.map(|(_, item)| item.bodies[0].as_unicode().unwrap().to_owned()).collect()
}

fn recipients(service: &Memory) -> Vec<Vec<String>> {
    let sent = service.mail().sent();
    sent.iter().map(|n| n.recipients.iter().map(|a| a.as_str().to_owned()).collect()).collect()
}

/// S:67: whichever comes first, one update and one notice.
#[test]
fn licence_then_move_and_move_then_licence_end_alike() {
    let both = [Change::LicenseAssigned, Change::MovedOnline];
    for policy in [Policy::seed_2018(), Policy::current()] {
        let mut ends = Vec::new();
        for [first, second] in [both, [both[1], both[0]]] {
            let service = tenant([meeting("m1"), series("m2"), meeting("m3")]);
            let service = service.with_policy(policy.clone());
            let Enqueued::Queued(job) = observe(&service, first, noon()) else { panic!() };
            let later = noon() + TimeDelta::minutes(89);
            assert_eq!(observe(&service, second, later), Enqueued::Joined(job.clone()));

            let held = due(&service, &job) - TimeDelta::seconds(1);
            assert!(block_on(service.run_due(&|| held)).unwrap().is_empty());
            assert_eq!(due(&service, &job), later + policy.hold(), "held for its full time");
            let report = run(&service, due(&service, &job));
            assert!(report.meetings.iter().all(|m| m.outcome == Outcome::Migrated));
            assert_eq!(service.mail().sent().len(), 4, "one notice per meeting and guest list");
            let versions: Vec<_> =
                service.calendar().meetings(&ann()).into_iter().map(|m| m.version).collect();
            let far = noon() + TimeDelta::days(2);
            assert!(block_on(service.run_due(&|| far)).unwrap().is_empty(), "nothing is left");
            let status = block_on(service.status(&StatusQuery::all())).unwrap();
            assert_eq!((status.len(), status[0].invites_update), (1, 3));
            ends.push((status[0].migration_type, texts(&service), recipients(&service), versions));
        }
        assert_eq!(ends[0], ends[1], "the order does not matter");
        let expected =
            if policy.converts() { MigrationKind::AllToTeams } else { MigrationKind::ToSameType };
        assert_eq!(ends[0].0, expected, "the union of both");
    }
}

#[test]
fn a_change_while_a_run_is_in_progress_mails_nobody_twice() {
    let service = tenant([meeting("m1"), meeting("m2")]);
    let (first, due_at) = license(&service);
    let lease = TimeDelta::minutes(15);
    let claimed = block_on(service.store().claim(due_at, lease)).unwrap().unwrap();
    assert_eq!(claimed.correlation, first);
    let Enqueued::Queued(second) = observe(&service, Change::MovedOnline, due_at) else { panic!() };
    // A third change joins the one that waits, not the one that runs.
    let third = observe(&service, Change::MovedToBridge, due_at + TimeDelta::minutes(1));
    assert_eq!(third, Enqueued::Joined(second.clone()));

    let all_due = due(&service, &second);
    let ran = block_on(service.run_due(&|| all_due)).unwrap();
    assert_eq!(ran.len(), 2);
    assert!(ran.iter().all(|ran| ran.status.state == State::Succeeded));
    let outcomes = &ran[1].report.as_ref().unwrap().meetings;
    assert!(outcomes.iter().all(|m| m.outcome == Outcome::Unchanged), "{outcomes:?}");
    assert_eq!(service.mail().sent().len(), 2);
}

#[test]
fn the_history_of_the_switches_says_who_set_what_when() {
    let service = tenant([]);
    assert_eq!(block_on(service.tenant()).unwrap(), Tenant::default());
    assert!(block_on(service.settings()).unwrap().is_empty());

    let (bob, cy) = (UserId::from("bob@contoso.example"), UserId::from("cy@contoso.example"));
    let mut expected = Vec::new();
    type Set = fn(&mut Tenant);
    let switches: [(&UserId, Set); 4] = [
        (&bob, |t| t.meeting_migration_enabled = false),
        (&cy, |t| t.automatically_migrate_user_meetings = false),
        (&bob, |t| t.automatically_replace_acp_provider = true),
        (&cy, |_| ()),
    ];
    for (hours, (by, set)) in (0..).zip(switches) {
        let at = noon() + TimeDelta::hours(hours);
        let mut tenant = block_on(service.tenant()).unwrap();
        set(&mut tenant);
        block_on(service.set_tenant(tenant, by, at)).unwrap();
        assert_eq!(block_on(service.tenant()).unwrap(), tenant, "the last one holds");
        expected.push(Settings::new(tenant, by.clone(), at));
    }
    let history = block_on(service.settings()).unwrap();
    assert_eq!(history, expected);
    block_on(service.sweep(noon() + TimeDelta::days(1000))).unwrap();
    assert_eq!(block_on(service.settings()).unwrap(), expected, "no sweep forgets it");

    // Admins know the switches by these names.
    let json = serde_json::to_value(&history[0]).unwrap();
    let keys: Vec<_> = json["tenant"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "automatically_migrate_user_meetings",
            "automatically_replace_acp_provider",
            "meeting_migration_enabled"
        ]
    );
    assert_eq!(serde_json::from_value::<Settings>(json).unwrap(), history[0]);
}

fn changed(id: &str, occurrence: &str, slot: Slot, guests: &[&str]) -> ChangedOccurrence {
    let mut entry = item(id);
    entry.attendees = guests.iter().map(|guest| Attendee::new(*guest)).collect();
    ChangedOccurrence::new(occurrence, slot, entry)
}

/// One notice per meeting and person, to those whose text changed and to nobody else.
#[test]
fn guests_of_some_occurrences_hear_once_and_only_of_what_changed() {
    let weekly = Series::new(in_days(-7), [in_days(7), in_days(14)], None);
    let mut guests = Meeting::new("m1", "v0", Schedule::Series(weekly.clone()), item("m1"));
    guests.item.attendees.clear();
    guests.changed = vec![
        changed("m1", "past", in_days(-1), &["past@fabrikam.example"]),
        changed("m1", "next", in_days(6), &["eva@fabrikam.example", "Ann@Contoso.example"]),
        changed("m1", "then", in_days(13), &["EVA@fabrikam.example", "fay@fabrikam.example"]),
        changed("m1", "off", in_days(20), &["off@fabrikam.example"]),
        changed("m1", "zoom", in_days(27), &["zoom@fabrikam.example"]),
        changed("m1", "bare", in_days(34), &["bare@fabrikam.example"]),
    ];
    guests.changed[3].item.status = Status::Cancelled;
    let zoom = Record::new(Provider::ZOOM, "https://zoom.us/j/5551234567");
    guests.changed[4].item.record = Some(zoom);
    guests.changed[5].item.bodies = vec![Body::text("Only words here")];
    let before = guests.clone();
    let mut alone = Meeting::new("m2", "v0", Schedule::Series(weekly), item("m2"));
    alone.item.attendees.clear();

    let service = tenant([guests, alone]);
    let (_, due) = license(&service);
    run(&service, due);
    assert_eq!(
        recipients(&service),
        [["eva@fabrikam.example"], ["fay@fabrikam.example"]],
        "nobody is told of a series without guests, nor the organiser of any"
    );
    let sent = service.mail().sent();
    let occurrence = |id: &str| Part::Occurrence(id.into());
    assert_eq!(sent[0].parts, [occurrence("next"), occurrence("then")]);
    assert_eq!(sent[1].parts, [occurrence("then")]);
    assert!(sent.iter().all(|notice| notice.invited == notice.parts), "nobody sees the series");
    assert_ne!(sent[0].message, sent[1].message);
    let after = &service.calendar().meetings(&ann())[0];
    for untouched in [0, 3, 4, 5] {
        assert_eq!(after.changed[untouched], before.changed[untouched]);
    }
    assert!(after.changed[1].item.bodies[0].as_unicode().unwrap().contains(&new_link("m1")));
}

/// Somebody who declined the series and comes to one occurrence hears of it.
#[test]
fn an_answer_is_that_to_the_part() {
    let mut series = series("m1");
    series.changed[0].item.attendees[2].response = Response::Accepted;
    let service = tenant([series]);
    let policy = service.policy().clone().with_notify_declined(false);
    let service = service.with_policy(policy);
    let (_, due) = license(&service);
    run(&service, due);
    let expected = ["bob@fabrikam.example", "dora@fabrikam.example", "carl@fabrikam.example"];
    let mut told = recipients(&service).concat();
    told.sort();
    let mut expected = expected.map(str::to_owned);
    expected.sort();
    assert_eq!(told, expected);
}

fn with_notes(id: &str, inside: &str, outside: &str) -> Meeting {
    let link = old_link(id);
    let block = block(&link).replace("\r\nMeeting ID", &format!("\r\n{inside}\r\nMeeting ID"));
    let mut meeting = meeting(id);
    meeting.item.bodies = vec![Body::text(format!("Agenda\r\n{outside}\r\n{block}\r\nBye\r\n"))];
    meeting
}

#[test]
fn a_link_to_shared_notes_that_goes_is_reported() {
    let notes = "Meeting notes<onenote:https://contoso.example/notes.one#Agenda>";
    let web = "Notes<https://contoso.example/:o:/r/n?wd=target%28Agenda.one%7C1%29>";
    let mut wide = with_notes("m5", web, "");
    let text = wide.item.bodies[0].as_unicode().unwrap().to_owned();
    let utf_16: Vec<u8> = ['\u{feff}']
        .into_iter()
        .chain(text.chars())
        .flat_map(|c| {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).to_vec().into_iter().flat_map(u16::to_le_bytes)
        })
        .collect();
    wide.item.bodies = vec![Body::text_bytes(utf_16, Some("utf-16le"))];
    let mut past = series("m6");
    past.changed[0].slot = in_days(-1);
    past.changed[0].item.bodies = with_notes("m6", notes, "").item.bodies;
    let service = tenant([
        with_notes("m1", notes, ""),
        with_notes("m2", "Passcode for notes: 1", notes),
        with_notes("m3", web, ""),
        meeting("m4"),
        wide,
        past,
    ]);
    let warned = |warnings: &[Warning]| warnings.contains(&Warning::SharedNotesLinkReplaced);
    let plan = block_on(service.preview(&ann(), MigrationKind::ToSameType, &noon)).unwrap();
    let planned: Vec<_> = plan.meetings.iter().map(|m| warned(&m.warnings)).collect();
    assert_eq!(planned, [true, false, true, false, true, false]);

    let (_, due) = license(&service);
    let report = run(&service, due);
    assert!(report.meetings.iter().all(|m| m.outcome == Outcome::Migrated), "{report:?}");
    let reported: Vec<_> = report.meetings.iter().map(|m| warned(&m.warnings)).collect();
    assert_eq!(reported, planned);
    let second = service.calendar().meetings(&ann())[1].item.bodies[0].clone();
    assert!(second.as_unicode().unwrap().contains(notes), "a link outside the block stays");
}

#[test]
fn warnings_are_about_what_is_rewritten() {
    let mut soon = meeting("m1");
    let starts = noon() + TimeDelta::minutes(90 + 15);
    soon.schedule = Schedule::Once(Slot::new(starts, starts + TimeDelta::hours(1)));
    let mut series = series("m2");
    // Past: its content and its guests lose nothing.
    series.changed[0].slot = in_days(-1);
    series.changed[0].item.record.as_mut().unwrap().has_content = Some(true);
    let mut content = meeting("m3");
    content.item.record.as_mut().unwrap().has_content = Some(true);
    content.item.attendees.iter_mut().for_each(|a| a.response = Response::Accepted);
    for meeting in [&mut soon, &mut series] {
        meeting.organizer = Some("ann@contoso.example".into());
    }
    let service = tenant([
        soon,
        series,
        content,
        Meeting::new("m4", "v", Schedule::Once(in_days(1)), {
            let mut plain = item("m4");
            plain.bodies = vec![Body::text("Only words")];
            plain
        }),
    ]);
    let (_, due) = license(&service);
    let report = run(&service, due);
    let warnings: Vec<_> = report.meetings.iter().map(|m| m.warnings.clone()).collect();
    // Bob. Carl declined, and Ann organises.
    let unanswered = Warning::UnansweredWillSeeUpdate(1);
    assert_eq!(
        warnings,
        [
            vec![unanswered, Warning::StartsWithin15Minutes],
            vec![unanswered],
            vec![Warning::ContentNotRetained],
            vec![],
        ]
    );
}

/// A series whose next occurrence is near is not left with a dead link: its turn comes
/// once that occurrence has begun.
#[test]
fn what_starts_soon_is_looked_at_again() {
    let due = noon() + TimeDelta::minutes(90);
    let at = |minutes| {
        let start = due + TimeDelta::minutes(minutes);
        Slot::new(start, start + TimeDelta::hours(1))
    };
    let mut weekly = series("m1");
    weekly.changed.clear();
    weekly.schedule = Schedule::Series(Series::new(in_days(-7), [at(20), at(7 * 24 * 60)], None));
    let mut once = meeting("m2");
    once.schedule = Schedule::Once(at(30));
    let mut at_its_end = meeting("m3");
    at_its_end.schedule = Schedule::Once(at(60));
    let service = tenant([weekly, once, at_its_end, meeting("m4")]);
    let quiet = TimeDelta::hours(1);
    let policy = service.policy().clone().with_quiet_window(quiet);
    let service = service.with_policy(policy);

    let kind = MigrationKind::ToSameType;
    let plan = block_on(service.preview(&ann(), kind, &|| due)).unwrap();
    let skipped =
        plan.meetings.iter().filter(|m| m.outcome() == Outcome::Skipped(SkipReason::StartsSoon));
    assert_eq!(skipped.count(), 2, "a preview does not wait");

    license(&service);
    let ran = block_on(service.run_due(&|| due)).unwrap();
    let status = &ran[0].status;
    assert_eq!(
        (status.state, status.succeeded_meeting, status.total_meeting),
        (State::InProgress, 2, 4)
    );
    assert_eq!(ran[0].due, Some(due + quiet));
    assert_eq!(service.mail().sent().len(), 2);
    let early = due + quiet - TimeDelta::seconds(1);
    assert!(block_on(service.run_due(&|| early)).unwrap().is_empty());

    let report = run(&service, due + quiet);
    let outcomes: Vec<_> = report.meetings.iter().map(|m| m.outcome).collect();
    let begun = Outcome::Skipped(SkipReason::InProgress);
    assert_eq!(outcomes, [Outcome::Migrated, begun, Outcome::Migrated, Outcome::Migrated]);
    assert_eq!(service.mail().sent().len(), 3);
    let status = &block_on(service.status(&StatusQuery::all())).unwrap()[0];
    assert_eq!((status.state, status.retry_count), (State::Succeeded, 0));
}

#[test]
fn a_series_that_is_always_near_is_given_up_in_the_end() {
    let mut hourly = series("m1");
    hourly.changed.clear();
    let slots: Vec<_> = (0..200)
        .map(|hour| {
            let start = noon() + TimeDelta::hours(hour) + TimeDelta::minutes(7);
            Slot::new(start, start + TimeDelta::minutes(30))
        })
        .collect();
    hourly.schedule = Schedule::Series(Series::new(in_days(-7), slots, None));
    let service = tenant([hourly]);
    let policy = service.policy().clone().with_quiet_window(TimeDelta::hours(2));
    let service = service.with_policy(policy);
    let (_, mut now) = license(&service);
    let mut waits = 0;
    let report = loop {
        let ran = block_on(service.run_due(&|| now)).unwrap().remove(0);
        match ran.due {
            Some(due) => now = due,
            None => break ran.report.unwrap(),
        }
        waits += 1;
    };
    assert_eq!(waits, service.policy().max_attempts());
    assert_eq!(report.meetings[0].outcome, Outcome::Skipped(SkipReason::StartsSoon));
    assert!(service.mail().sent().is_empty());
}

/// The limits of the mail system, held against meetings as they are in a calendar.
#[test]
fn limits_are_counted_from_real_meetings() {
    let town_hall = |id: &str, guests: usize| {
        let mut meeting = meeting(id);
        meeting.item.attendees = (0..guests)
            .map(|n| {
                let domain = if n % 2 == 0 { "contoso" } else { "fabrikam" };
                Attendee::new(format!("guest{n}@{domain}.example"))
            })
            .collect();
        meeting
    };
    let mut meetings: Vec<_> = (100..161).map(|n| town_hall(&format!("m{n}"), 200)).collect();
    meetings.push(town_hall("m200", 250)); // 251 with the organiser
    meetings.push(meeting("m300"));
    meetings[62].item.attendees.clear();
    // A series and two occurrences, each with guests of its own.
    let mut large = series("m400");
    large.item.attendees = town_hall("m", 240).item.attendees;
    let guests = |n| Attendee::new(format!("other{n}@fabrikam.example"));
    large.changed[0].item.attendees = (0..240).map(guests).collect();
    let mut second = large.changed[0].clone();
    second.id = "20261208".into();
    second.item.attendees = (240..300).map(guests).collect();
    large.changed.push(second);
    meetings.push(large);
    let service = tenant(meetings);

    let kind = MigrationKind::ToSameType;
    let is_external =
        |a: &meeting_migration::meeting::Address| !a.key().ends_with("@contoso.example");
    let footprint = block_on(service.footprint(&ann(), kind, noon(), &is_external)).unwrap();
    assert_eq!((footprint.meetings, footprint.notices, footprint.largest), (63, 64, 240));
    assert_eq!(footprint.skipped, BTreeMap::from([(SkipReason::TooManyAttendees, 1)]));
    assert_eq!(footprint.recipients, 61 * 200 + 540);
    assert_eq!(footprint.external_recipients, 61 * 100 + 120 + 300);

    let advice = advise(
        &[(ann(), Step::Make(Change::LicenseAssigned))],
        &BTreeMap::from([(ann(), User::default().with_footprint(footprint.clone()))]),
        &Tenant::default(),
        service.policy(),
        &MailLimits::exchange_online(1)
            .with_external_per_day(5_000)
            .with_recipients_per_message(239),
    );
    let user = ann();
    assert_eq!(
        advice,
        [
            Advice::Touches { user: user.clone(), kind, footprint: Some(footprint.clone()) },
            Advice::TakesTime { user: user.clone(), notices: 64, minutes: 3 },
            Advice::MailboxOverDay {
                user: user.clone(),
                recipients: 12_740,
                limit: 10_000,
                days: 2
            },
            Advice::MessageTooLarge { user, recipients: 240, limit: 239 },
            Advice::TenantOverDay { recipients: 6_520, limit: 5_000, days: 2 },
            Advice::TellOrganizers { organizers: 1, recipients: 12_740 },
        ]
    );

    // What was advised is what happens.
    let (_, due) = license(&service);
    run(&service, due);
    let told: Vec<_> = recipients(&service).iter().map(Vec::len).collect();
    assert_eq!((told.len(), told.iter().sum(), told.iter().max()), (64, 12_740, Some(&240)));
}

#[test]
fn a_footprint_of_no_calendar_is_an_error() {
    let service =
        Service::new(MemoryCalendar::new(), MemoryMail::new(), provision(), MemoryStore::new());
    let error = block_on(service.footprint(&ann(), MigrationKind::ToSameType, noon(), &|_| true))
        .unwrap_err();
    assert!(matches!(error, ServiceError::Calendar(CalendarError::NotFound)), "{error:?}");
}

/// A calendar that lists a meeting on two pages, as one does that changes meanwhile; after
/// so many pages it fails.
struct Shifting(Option<CalendarError>);

impl Calendar for Shifting {
    fn notifies(&self) -> Notifies {
        Notifies::Nobody
    }

    async fn list(
        &self,
        _: &UserId,
        _: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        let next = |token: &str| Some(PageToken::from(token));
        match (page.map(PageToken::as_str), &self.0) {
            (None, _) => Ok(Page::new(vec![meeting("m1"), meeting("m2")], next("2"))),
            (Some(_), Some(CalendarError::Throttled { retry_after })) => {
                Err(CalendarError::Throttled { retry_after: *retry_after })
            }
            (Some(_), Some(_)) => Ok(Page::new(vec![], next("2"))),
            (Some(_), None) => Ok(Page::last([meeting("m2"), meeting("m3")])),
        }
    }

    async fn read(&self, _: &UserId, _: &MeetingId) -> Result<Meeting, CalendarError> {
        Err(CalendarError::NotFound)
    }

    async fn update(&self, _: &UserId, _: &Edit) -> Result<Version, CalendarError> {
        Err(CalendarError::Denied)
    }
}

#[test]
fn a_footprint_counts_a_meeting_once_and_ends() {
    let ask = |error| {
        let service =
            Service::new(Shifting(error), MemoryMail::new(), provision(), MemoryStore::new());
        block_on(service.footprint(&ann(), MigrationKind::ToSameType, noon(), &|_| true))
    };
    let footprint = ask(None).unwrap();
    assert_eq!((footprint.meetings, footprint.notices), (3, 3));
    let soon = TimeDelta::minutes(7);
    let throttled = ask(Some(CalendarError::Throttled { retry_after: Some(soon) })).unwrap_err();
    assert!(matches!(throttled, ServiceError::Throttled { until } if until == noon() + soon));
    let endless = ask(Some(CalendarError::Denied)).unwrap_err();
    assert!(matches!(endless, ServiceError::Calendar(CalendarError::Other(_))), "{endless:?}");
}

const OLD_NUMBER: &str = "+15550100";
const NEW_NUMBER: &str = "+15550101";

fn with_number(number: &str) -> MemoryProvision {
    let number = Dial::new(number).unwrap();
    MemoryProvision::new(move |request| {
        let link = Link::new(new_link(request.meeting.as_str())).unwrap();
        let mut coordinates = Coordinates::new(Provider::TEAMS, link);
        coordinates.numbers = vec![PhoneNumber::new(number.clone(), NumberKind::Toll)];
        coordinates
    })
}

/// S:93: the number goes last, when nobody's future meetings show it any more.
#[test]
fn a_number_leaves_the_meetings_before_it_leaves_the_bridge() {
    let [ann, bob, cy] = [ann(), "bob@contoso.example".into(), "cy@contoso.example".into()];
    let users: [UserId; 3] = [ann, bob, cy.clone()];
    let calendar = MemoryCalendar::new();
    for user in &users {
        for id in ["m1", "m2"] {
            calendar.insert(user, meeting(id));
        }
    }
    let (mail, store) = (MemoryMail::new(), MemoryStore::new());
    let shows = |number: &str| {
        let all = users.iter().flat_map(|user| calendar.meetings(user));
        all.filter(|m| m.item.bodies[0].as_unicode().unwrap().contains(number)).count()
    };

    // How it was: everybody has the old number.
    let before =
        Service::new(&calendar, &mail, with_number(OLD_NUMBER), run_common::faults::shared(&store));
    for user in &users {
        block_on(before.observe(&Change::LicenseAssigned, user, &Account::default(), noon()))
            .unwrap();
    }
    let mut now = noon() + before.policy().hold();
    block_on(before.run_due(&|| now)).unwrap();
    assert_eq!((shows(OLD_NUMBER), mail.sent().len()), (6, 6));

    let service =
        Service::new(&calendar, &mail, with_number(NEW_NUMBER), run_common::faults::shared(&store));
    let mut third_party = Account::default();
    third_party.audio_provider = AudioProvider::ThirdParty;
    let mut removal = NumberRemoval::of(users.clone());
    let look = |removal: &mut NumberRemoval| {
        removal.look(&block_on(service.status(&StatusQuery::all())).unwrap());
        removal.next()
    };
    let change = Change::DefaultNumberChanged { by: NumberChange::BulkRescheduling };
    let mut replaced = 0;
    while let Next::Replace(user) = look(&mut removal) {
        // Cy's provider is another company for the moment.
        let account = if user == cy { third_party } else { Account::default() };
        let observed = block_on(service.observe(&change, &user, &account, now)).unwrap();
        removal.replaced(&user, observed.ignored());
        replaced += 1;
    }
    assert_eq!(replaced, 3);
    assert_eq!(removal.ignored(&cy), Some(IgnoreReason::ThirdPartyAudio));
    assert_eq!(look(&mut removal), Next::Wait, "two jobs are pending");

    // The removal outlives a restart.
    let mut removal: NumberRemoval =
        serde_json::from_str(&serde_json::to_string(&removal).unwrap()).unwrap();
    now += service.policy().hold();
    block_on(service.run_next(&|| now)).unwrap().unwrap();
    assert_eq!(look(&mut removal), Next::Wait, "one is");
    let lease = TimeDelta::minutes(15);
    block_on(store.claim(now, lease)).unwrap().unwrap();
    assert_eq!(look(&mut removal), Next::Wait, "one is in progress");
    now += lease;
    block_on(service.run_due(&|| now)).unwrap();
    assert_eq!(shows(OLD_NUMBER), 2);

    // Cy is left, and the number stays until that is repaired.
    assert_eq!(look(&mut removal), Next::Repair(vec![cy.clone()]));
    removal.unregistered();
    assert_ne!(removal.next(), Next::Done);
    // A run that fails is no repair.
    let kept: Vec<_> = ["m1", "m2"].map(|id| calendar.remove(&cy, &id.into()).unwrap()).into();
    let torn = |mut meeting: Meeting| {
        let text = meeting.item.bodies[0].as_unicode().unwrap().repeat(2);
        meeting.item.bodies = vec![Body::text(text)];
        meeting
    };
    kept.iter().cloned().map(torn).for_each(|m| _ = calendar.insert(&cy, m));
    for (repaired, next) in [(false, Next::Repair(vec![cy.clone()])), (true, Next::Unregister)] {
        if repaired {
            kept.iter().cloned().for_each(|m| _ = calendar.insert(&cy, m));
        }
        let by_hand = (Default::default(), Default::default());
        now += TimeDelta::minutes(1);
        let started = block_on(service.start(&cy, &Account::default(), by_hand, now)).unwrap();
        assert_eq!(started.ignored(), None);
        removal.restarted(&cy);
        assert_eq!(look(&mut removal), Next::Wait);
        now += service.policy().hold();
        block_on(service.run_due(&|| now)).unwrap();
        assert_eq!(look(&mut removal), next);
    }
    assert_eq!((shows(OLD_NUMBER), shows(NEW_NUMBER)), (0, 6));
    removal.unregistered();
    assert_eq!(removal.next(), Next::Done);

    // What the number's end itself calls for finds everything done.
    let told = mail.sent().len();
    assert_eq!(told, 12, "twice six: each meeting once per number");
    for user in &users {
        block_on(service.observe(&Change::NumberUnassigned, user, &Account::default(), now))
            .unwrap();
    }
    now += service.policy().hold();
    assert_eq!(block_on(service.run_due(&|| now)).unwrap().len(), 3);
    assert_eq!(mail.sent().len(), told, "nobody hears of it again");
}
