//! What a run does beyond replacing a block: places that hold the product's name or the old
//! link, lost blocks, meetings that are online no more; each undone to the byte.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use meeting_migration::block::{Options, Rewrite, rewrite};
use meeting_migration::calendar::{Calendar, CalendarError, Edit, Notifies, Page, PageToken};
use meeting_migration::job::CorrelationId;
use meeting_migration::journal::{Entry, Event};
use meeting_migration::meeting::{Item, Meeting, MeetingId, Record, UserId, Version};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryStore};
use meeting_migration::plan::{BodyOutcome, MeetingPlan};
use meeting_migration::policy::WhenDenied;
use meeting_migration::provider::Provider;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::report::{Failure, Outcome, Report};
use meeting_migration::store::Store;
use meeting_migration::trigger::MigrationKind;
use meeting_migration::undo::UndoOutcome;
use meeting_migration::{Body, Coordinates, Link, Policy, Service};
use proptest::prelude::*;

use run_common::{ann, block_on, license, meeting, new_link, noon, old_link, provision, series};

const SFB: &str = "https://meet.contoso.example/ann/AB12CD34";

fn teams(meeting: &MeetingId) -> Coordinates {
    Coordinates::new(Provider::TEAMS, Link::new(new_link(meeting.as_str())).unwrap())
}

/// The same meeting, of Skype for Business, with a place.
fn of_skype(id: &str, location: &str) -> Meeting {
    let link = Link::new(SFB).unwrap();
    let skype = Coordinates::new(Provider::SKYPE_FOR_BUSINESS, link);
    let mut meeting = meeting(id);
    let item = &mut meeting.item;
    let Rewrite::Replaced { body, .. } =
        rewrite(&item.bodies[0], item.record.as_ref(), &skype, &Options::new())
    else {
        panic!("a block of Teams becomes one of Skype for Business");
    };
    item.bodies = vec![body];
    item.record = Some(Record::new(Provider::SKYPE_FOR_BUSINESS, SFB));
    item.location = location.into();
    meeting
}

type Memory<P> = Service<MemoryCalendar, MemoryMail, P, MemoryStore>;

fn service<P: Provision>(
    meetings: impl IntoIterator<Item = Meeting>,
    provision: P,
    policy: Policy,
) -> Memory<P> {
    let calendar = MemoryCalendar::new();
    for meeting in meetings {
        calendar.insert(&ann(), meeting);
    }
    Service::new(calendar, MemoryMail::new(), provision, MemoryStore::new()).with_policy(policy)
}

/// Moves everything to Teams.
fn run<P: Provision>(service: &Memory<P>) -> (CorrelationId, Report) {
    let (change, now) = (meeting_migration::change::Change::MovedOnline, noon());
    let observed = block_on(service.observe(&change, &ann(), &Default::default(), now)).unwrap();
    let meeting_migration::service::Observed::Run(queued) = observed else { panic!("no run") };
    let due = now + service.policy().hold();
    let ran = block_on(service.run_due(&|| due)).unwrap();
    (queued.correlation().clone(), ran[0].report.clone().unwrap())
}

fn items(service: &Memory<impl Provision>) -> Vec<Item> {
    let meetings = service.calendar().meetings(&ann());
    meetings.iter().flat_map(|m| m.parts().map(|(_, item)| item.clone())).collect()
}

fn undone(service: &Memory<impl Provision>, job: &CorrelationId) -> Vec<UndoOutcome> {
    let report = block_on(service.undo(job, &noon)).unwrap();
    report.meetings.into_iter().map(|m| m.outcome).collect()
}

/// The plans as they are in the journal, through JSON and back.
fn journalled(service: &Memory<impl Provision>, job: &CorrelationId) -> Vec<MeetingPlan> {
    let entries = block_on(service.store().journal(job, None)).unwrap().items;
    let plans = entries.into_iter().filter_map(|entry| {
        let json = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
        match entry.event {
            Event::Intent(plan) => Some(*plan),
            _ => None,
        }
    });
    plans.collect()
}

#[test]
fn a_place_changes_with_the_product_and_back() {
    let new = teams(&"m".into()).join_url;
    let table = [
        ("Skype Meeting", "Microsoft Teams Meeting".to_owned()),
        ("Room 5; Skype-Besprechung", "Room 5; Microsoft Teams Meeting".to_owned()),
        (SFB, new.as_str().to_owned()),
        ("Room 5", "Room 5".to_owned()),
        ("Microsoft Teams Meeting", "Microsoft Teams Meeting".to_owned()),
        ("", String::new()),
    ];
    for (before, after) in table {
        let policy = Policy::current();
        let service = service([of_skype("m", before)], provision(), policy);
        let old = items(&service);
        let (job, report) = run(&service);
        assert_eq!(report.meetings[0].outcome, Outcome::Migrated, "{before}");
        assert_eq!(report.meetings[0].parts[0].relocated, before != after, "{before}");
        assert_eq!(items(&service)[0].location.as_str(), after, "{before}");
        let plan = &journalled(&service, &job)[0];
        assert_eq!(plan.parts[0].location.is_some(), before != after);

        // A second run has nothing to write.
        let again = block_on(service.preview(&ann(), MigrationKind::AllToTeams, &noon)).unwrap();
        assert!(again.is_settled(), "{before}");
        assert_eq!(undone(&service, &job), [UndoOutcome::Undone]);
        assert_eq!(items(&service), old, "{before}");
    }
}

#[test]
fn a_name_stays_with_its_product_and_a_link_goes_with_its_meeting() {
    let mut named = meeting("m1");
    named.item.location = "Microsoft Teams-Besprechung; Room 5".into();
    let mut linked = meeting("m2");
    linked.item.location = old_link("m2").into();
    let mut foreign = meeting("m3");
    foreign.item.location = old_link("m9").into();
    let service = service([named, linked, foreign], provision(), Policy::default());
    let (_, due) = license(&service);
    block_on(service.run_due(&|| due)).unwrap();
    let places: Vec<_> = items(&service).into_iter().map(|i| i.location.into_string()).collect();
    assert_eq!(
        places,
        ["Microsoft Teams-Besprechung; Room 5".to_owned(), new_link("m2"), old_link("m9")]
    );
}

#[test]
fn a_place_that_somebody_changed_since_is_no_step_of_undo() {
    let service = service([of_skype("m", "Skype Meeting")], provision(), Policy::current());
    let (job, _) = run(&service);
    let mut edited = service.calendar().meetings(&ann()).remove(0);
    edited.item.location = "Room 7".into();
    service.calendar().insert(&ann(), edited.clone());
    assert_eq!(undone(&service, &job), [UndoOutcome::EditedSince]);
    assert_eq!(items(&service), [edited.item]);
}

/// A calendar that knows no places.
struct NoPlaces(MemoryCalendar);

impl Calendar for NoPlaces {
    fn notifies(&self) -> Notifies {
        Notifies::Itself
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: chrono::DateTime<chrono::Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        self.0.list(organizer, from, page).await
    }

    async fn read(&self, organizer: &UserId, id: &MeetingId) -> Result<Meeting, CalendarError> {
        self.0.read(organizer, id).await
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        let mut edit = edit.clone();
        edit.parts.iter_mut().for_each(|part| part.location = None);
        self.0.update(organizer, &edit).await
    }
}

#[test]
fn a_calendar_without_places_is_migrated_and_undone() {
    let calendar = NoPlaces(MemoryCalendar::new());
    calendar.0.insert(&ann(), of_skype("m", "Skype Meeting"));
    let old = calendar.0.meetings(&ann())[0].item.clone();
    let service = Service::new(calendar, MemoryMail::new(), provision(), MemoryStore::new())
        .with_policy(Policy::current());
    let change = meeting_migration::change::Change::MovedOnline;
    let observed = block_on(service.observe(&change, &ann(), &Default::default(), noon())).unwrap();
    let meeting_migration::service::Observed::Run(queued) = observed else { panic!("no run") };
    let due = noon() + service.policy().hold();
    block_on(service.run_due(&|| due)).unwrap();
    let report = block_on(service.undo(queued.correlation(), &noon)).unwrap();
    assert_eq!(report.meetings[0].outcome, UndoOutcome::Undone);
    assert_eq!(service.calendar().0.meetings(&ann())[0].item, old);
}

/// Says that nobody may have such a meeting.
struct Denied;

impl Provision for Denied {
    async fn coordinates(&self, _: &Request) -> Result<Coordinates, ProvisionError> {
        Err(ProvisionError::Denied)
    }
}

#[test]
fn a_product_that_is_taken_away_fails_or_takes_its_block_with_it() {
    let meetings = || [of_skype("m1", "Skype Meeting; Room 5"), series("m2")];
    let fails = service(meetings(), Denied, Policy::current());
    let (_, report) = run(&fails);
    let failed = Outcome::Failed(Failure::ProvisionDenied);
    assert_eq!(report.meetings.iter().map(|m| m.outcome).collect::<Vec<_>>(), [failed, failed]);

    let policy = Policy::current().with_when_denied(WhenDenied::RemovesBlock);
    let service = service(meetings(), Denied, policy);
    let old = items(&service);
    let (job, report) = run(&service);
    assert!(report.is_success() && report.meetings.iter().all(|m| m.outcome == Outcome::Removed));
    assert_eq!(report.counts().updated, 2);
    for item in items(&service) {
        assert_eq!(item.record, None);
        let text = item.bodies[0].as_unicode().unwrap();
        assert!(text.ends_with("\r\n\r\nSee you!\r\n") && !text.contains("https://"), "{text}");
    }
    assert_eq!(items(&service)[0].location.as_str(), "Room 5");
    assert_eq!(service.mail().sent().len(), 3);
    for plan in journalled(&service, &job) {
        assert!(plan.coordinates.is_none() && plan.parts.iter().all(|p| p.record_after.is_none()));
    }

    let after = service.calendar().meetings(&ann());
    let again = block_on(service.preview(&ann(), MigrationKind::AllToTeams, &noon)).unwrap();
    assert!(again.is_settled());
    assert_eq!(service.calendar().meetings(&ann()), after);
    assert_eq!(undone(&service, &job), [UndoOutcome::Undone, UndoOutcome::Undone]);
    assert_eq!(items(&service), old);
}

#[test]
fn a_lost_block_is_added_when_the_policy_says_so() {
    let twins = |bodies: [Body; 2]| {
        let mut meeting = meeting("m1");
        meeting.item.bodies = bodies.into();
        meeting
    };
    let lost = twins([Body::html("<p>Agenda</p>"), Body::text("Agenda\r\n")]);
    let service_of =
        |meeting, appends| service([meeting], provision(), Policy::default().with_appends(appends));
    let left = service_of(lost.clone(), false);
    assert_eq!(run(&left).1.meetings[0].outcome, Outcome::LeftAlone);

    let added = service_of(lost.clone(), true);
    let (job, report) = run(&added);
    assert_eq!(report.meetings[0].outcome, Outcome::Migrated);
    let bodies = &report.meetings[0].parts[0].bodies;
    assert!(bodies.iter().all(|body| matches!(body, BodyOutcome::Appended(_))), "{bodies:?}");
    for body in &items(&added)[0].bodies {
        let text = body.as_unicode().unwrap();
        assert!(text.contains("Agenda") && text.contains(&new_link("m1")), "{text}");
    }
    let again = block_on(added.preview(&ann(), MigrationKind::ToSameType, &noon)).unwrap();
    assert!(again.is_settled());
    assert_eq!(again.meetings[0].outcome(), Outcome::Unchanged);
    assert_eq!(undone(&added, &job), [UndoOutcome::Undone]);
    assert_eq!(items(&added)[0], lost.item);

    // Where a twin has the block it is not lost, where there is no record it never was.
    let text = run_common::text("Agenda", &old_link("m1"));
    let half = service_of(twins([Body::html("<p>Agenda</p>"), text]), true);
    run(&half);
    assert_eq!(items(&half)[0].bodies[0].as_unicode(), Some("<p>Agenda</p>"));
    let mut never = lost;
    never.item.record = None;
    let policy = Policy::default()
        .with_appends(true)
        .with_evidence(meeting_migration::policy::AddInEvidence::RecordOrMarks);
    let never = service([never], provision(), policy);
    assert_eq!(run(&never).1.meetings[0].outcome, Outcome::LeftAlone);
}

#[test]
fn policies_and_plans_of_earlier_versions_are_read() {
    let mut json = serde_json::to_value(Policy::current()).unwrap();
    json.as_object_mut().unwrap().retain(|key, _| key != "when_denied" && key != "appends");
    assert_eq!(serde_json::from_value::<Policy>(json).unwrap(), Policy::current());

    // What is misspelt, or no time, is named.
    let policy = serde_json::to_value(Policy::current()).unwrap();
    for (key, value) in [
        ("apends", serde_json::json!(true)),
        ("hold", serde_json::json!(i64::MAX)),
        ("quiet_window", serde_json::json!(-1)),
        (
            "limits",
            serde_json::json!({"max_bytes": 1, "max_depth": 1, "max_tokens": 1, "max_attributes": 1, "max": 1}),
        ),
    ] {
        let mut json = policy.clone();
        json[key] = value;
        assert!(serde_json::from_value::<Policy>(json).is_err(), "{key}");
    }

    let service = service([meeting("m1")], provision(), Policy::default());
    let plan = block_on(service.preview(&ann(), MigrationKind::ToSameType, &noon)).unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    assert!(!json.contains("\"after\":null") || !json.contains("\"location\""), "optional");
    assert_eq!(serde_json::from_str::<meeting_migration::plan::JobPlan>(&json).unwrap(), plan);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever a run does to a meeting, undo gives back, and a second run writes nothing.
    #[test]
    fn undo_gives_back_and_a_second_run_writes_nothing(
        location in prop::sample::select(vec![
            "", "Skype Meeting", "Room 5; Skype Meeting", SFB, "Skype Meeting ;;Lobby", "Room 5",
        ]),
        has_block in any::<bool>(), taken_away in any::<bool>(), appends in any::<bool>(),
    ) {
        let mut one = of_skype("m1", location);
        if !has_block {
            one.item.bodies = vec![Body::html("<p>Agenda</p>"), Body::text("Agenda")];
        }
        let policy = Policy::current()
            .with_appends(appends)
            .with_when_denied(WhenDenied::RemovesBlock);
        let provision = Maybe { taken_away };
        let service = service([one], provision, policy);
        let old = items(&service);
        let (job, report) = run(&service);
        prop_assert!(report.is_success());
        let written = report.counts().updated > 0;
        prop_assert_eq!(written, has_block || appends && !taken_away);
        prop_assert_eq!(written, items(&service) != old);
        let again = block_on(service.preview(&ann(), MigrationKind::AllToTeams, &noon)).unwrap();
        prop_assert!(again.is_settled());
        undone(&service, &job);
        prop_assert_eq!(items(&service), old);
    }
}

struct Maybe {
    taken_away: bool,
}

impl Provision for Maybe {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        if self.taken_away { Err(ProvisionError::Denied) } else { Ok(teams(&request.meeting)) }
    }
}

/// Workers die before or after any of their calls; others go on. Blocks are taken out,
/// which leaves meetings without a record: they are not looked at again by the rules.
#[test]
fn killed_at_any_call_blocks_are_taken_out_all_the_same() {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use run_common::faults::{Fault, Faulty, Fuse};

    let policy = Policy::current().with_when_denied(WhenDenied::RemovesBlock);
    let start = || {
        let meetings = [of_skype("m1", "Skype Meeting"), series("m2"), meeting("m3")];
        let service = service(meetings, Denied, policy.clone());
        let change = meeting_migration::change::Change::MovedOnline;
        block_on(service.observe(&change, &ann(), &Default::default(), noon())).unwrap();
        service
    };
    let work = |world: &Memory<Denied>, fuse: &Fuse, now| {
        let worker = Service::new(
            Faulty(world.calendar(), fuse),
            Faulty(world.mail(), fuse),
            Faulty(&Denied, fuse),
            Faulty(world.store(), fuse),
        )
        .with_policy(policy.clone());
        let clock = || now;
        let _ = pin!(worker.run_due(&clock)).poll(&mut Context::from_waker(Waker::noop()));
    };
    let end = |world: &Memory<Denied>| {
        let status = block_on(world.status(&Default::default())).unwrap().remove(0);
        let told: std::collections::BTreeSet<_> =
            world.mail().sent().iter().map(|n| n.message.as_str().to_owned()).collect();
        let report = block_on(world.report(&status.correlation_id)).unwrap().unwrap();
        (items(world), told, status.state, report)
    };
    let due = noon() + policy.hold();
    let (reference, fuse) = (start(), Fuse::default());
    work(&reference, &fuse, due);
    let reference = end(&reference);
    assert_eq!(reference.1.len(), 4);
    assert!(reference.3.meetings.iter().all(|m| m.outcome == Outcome::Removed));
    for n in 0..fuse.calls() {
        for fault in [Fault::CrashBefore, Fault::CrashAfter] {
            let world = start();
            work(&world, &Fuse::at([(n, fault)]), due);
            for minutes in [16, 32, 48] {
                work(&world, &Fuse::default(), due + chrono::TimeDelta::minutes(minutes));
            }
            assert_eq!(end(&world), reference, "{fault:?} at call {n}");
        }
    }
}
