//! Series whose parts are not alike: of two products, or held back while the rest is written.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use meeting_migration::block::{Options, Rewrite, rewrite};
use meeting_migration::change::{SourceMeetings, TargetMeetings};
use meeting_migration::eligibility::{SkipReason, Verdict};
use meeting_migration::job::{CorrelationId, State};
use meeting_migration::meeting::{Attendee, Item, Meeting, Record};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryStore};
use meeting_migration::plan::MeetingPlan;
use meeting_migration::policy::{AddInEvidence, WhenDenied};
use meeting_migration::provider::Provider;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::report::{Failure, MeetingReport, Outcome};
use meeting_migration::service::Observed;
use meeting_migration::trigger::MigrationKind;
use meeting_migration::undo::UndoOutcome;
use meeting_migration::{Body, Coordinates, Link, Policy, Service};

use run_common::{ann, block_on, new_link, noon, old_link, series};

const OLD_SKYPE: &str = "https://meet.contoso.example/ann/AB12CD34";
const NEW_SKYPE: &str = "https://meet.contoso.example/ann/EF56GH78";

fn skype(link: &str) -> Coordinates {
    Coordinates::new(Provider::SKYPE_FOR_BUSINESS, Link::new(link).unwrap())
}

fn teams(meeting: &str) -> Coordinates {
    Coordinates::new(Provider::TEAMS, Link::new(new_link(meeting)).unwrap())
}

/// Both products, each where it is asked for; without a target Teams.
#[derive(Default)]
struct Both {
    denies: Option<Provider>,
    always: Option<Provider>,
}

impl Provision for Both {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        let target = self.always.or(request.target()).unwrap_or(Provider::TEAMS);
        if Some(target) == self.denies {
            return Err(ProvisionError::Denied);
        }
        Ok(match target {
            Provider::TEAMS => teams(request.meeting.as_str()),
            _ => skype(NEW_SKYPE),
        })
    }
}

struct World(Service<MemoryCalendar, MemoryMail, Both, MemoryStore>);

impl World {
    fn new(meeting: Meeting, provision: Both, policy: Policy) -> Self {
        let calendar = MemoryCalendar::new();
        calendar.insert(&ann(), meeting);
        let service = Service::new(calendar, MemoryMail::new(), provision, MemoryStore::new());
        Self(service.with_policy(policy))
    }

    /// Starts by hand and runs, `days` later.
    fn run(&self, target: TargetMeetings, days: i64) -> (CorrelationId, State, MeetingReport) {
        let now = noon() + chrono::TimeDelta::days(days);
        let what = (SourceMeetings::All, target);
        let observed = block_on(self.0.start(&ann(), &Default::default(), what, now)).unwrap();
        let Observed::Run(queued) = observed else { panic!("{observed:?}") };
        let due = now + self.0.policy().hold();
        let ran = block_on(self.0.run_due(&|| due)).unwrap().pop().unwrap();
        let report = ran.report.unwrap().meetings.remove(0);
        (queued.correlation().clone(), ran.status.state, report)
    }

    fn meeting(&self) -> Meeting {
        self.0.calendar().meetings(&ann()).remove(0)
    }

    fn undo(&self, job: &CorrelationId) -> UndoOutcome {
        block_on(self.0.undo(job, &noon)).unwrap().meetings[0].outcome
    }
}

fn of_skype(item: &mut Item) {
    let Rewrite::Replaced { body, .. } =
        rewrite(&item.bodies[0], item.record.as_ref(), &skype(OLD_SKYPE), &Options::new())
    else {
        panic!("a block of Teams becomes one of Skype for Business");
    };
    item.bodies = vec![body];
    item.record = Some(Record::new(Provider::SKYPE_FOR_BUSINESS, OLD_SKYPE));
}

/// A series of Skype for Business with an occurrence of Teams.
fn mixed() -> Meeting {
    let mut meeting = series("m1");
    of_skype(&mut meeting.item);
    let own = &mut meeting.changed[0].item;
    own.bodies = vec![run_common::text("Another agenda", &old_link("own"))];
    own.record = Some(Record::new(Provider::TEAMS, old_link("own")));
    meeting
}

fn shows(item: &Item, link: &str) -> bool {
    let record = item.record.as_ref().and_then(|record| record.join_url.as_deref());
    item.bodies[0].as_unicode().unwrap().contains(link) && record.is_none_or(|url| url == link)
}

#[test]
fn each_part_stays_with_its_product() {
    let world = World::new(mixed(), Both::default(), Policy::default());
    let before = world.meeting();
    let (job, state, report) = world.run(TargetMeetings::Current, 0);
    assert_eq!((state, report.outcome), (State::Succeeded, Outcome::Migrated));
    let after = world.meeting();
    assert!(shows(&after.item, NEW_SKYPE), "{:?}", after.item.bodies[0].as_unicode());
    assert!(shows(&after.changed[0].item, &new_link("m1")));
    let provider = |item: &Item| item.record.as_ref().unwrap().provider;
    assert_eq!(provider(&after.item), Provider::SKYPE_FOR_BUSINESS);
    assert_eq!(provider(&after.changed[0].item), Provider::TEAMS);
    assert_eq!(world.0.mail().sent().len(), 2, "guests of one part, and of both");

    let again = world.run(TargetMeetings::Current, 1).2;
    assert_eq!(again.outcome, Outcome::Unchanged);
    assert_eq!(world.meeting(), after);
    assert_eq!(world.undo(&job), UndoOutcome::Undone);
    assert_eq!((world.meeting().item, world.meeting().changed), (before.item, before.changed));
}

#[test]
fn both_become_teams_with_one_link_where_that_is_asked() {
    let policy = Policy::current();
    let world = World::new(mixed(), Both::default(), policy);
    let (_, state, report) = world.run(TargetMeetings::Teams, 0);
    assert_eq!((state, report.outcome), (State::Succeeded, Outcome::Migrated));
    let after = world.meeting();
    assert!(shows(&after.item, &new_link("m1")) && shows(&after.changed[0].item, &new_link("m1")));
}

#[test]
fn a_series_without_a_record_is_not_asked_for() {
    let mut meeting = mixed();
    meeting.item.record = None;
    let untouched = meeting.item.clone();
    let world = World::new(meeting, Both::default(), Policy::default());
    let (_, _, report) = world.run(TargetMeetings::Current, 0);
    assert_eq!(report.outcome, Outcome::Migrated);
    assert_eq!(world.meeting().item, untouched);
    assert!(shows(&world.meeting().changed[0].item, &new_link("m1")));
}

/// Where marks are evidence the block itself tells what it becomes.
#[test]
fn a_block_without_a_record_stays_with_its_product_too() {
    let policy = Policy::default().with_evidence(AddInEvidence::RecordOrMarks);
    let mut meeting = mixed();
    meeting.item.record = None;
    meeting.changed[0].item.record = None;
    let world = World::new(meeting, Both::default(), policy);
    world.run(TargetMeetings::Current, 0);
    assert!(shows(&world.meeting().item, NEW_SKYPE));
    assert!(shows(&world.meeting().changed[0].item, &new_link("m1")));

    // No kind of migration names this product.
    let policy = Policy::default().with_evidence(AddInEvidence::RecordOrMarks);
    let mut personal = run_common::meeting("m1");
    let row = ".".repeat(137);
    personal.item.bodies = vec![Body::text(format!(
        "{row}\nJoin online meeting<https://teams.live.com/meet/9355501234567?p=Qm4Xv9TzLk2Rb7Wd>\n{row}\n"
    ))];
    personal.item.record = None;
    let world = World::new(personal, Both::default(), policy);
    let (_, _, report) = world.run(TargetMeetings::Current, 0);
    assert_eq!(report.outcome, Outcome::Migrated);
}

#[test]
fn a_product_that_is_denied_fails_or_goes_and_the_other_is_written() {
    let denied = || Both { denies: Some(Provider::SKYPE_FOR_BUSINESS), always: None };
    let world = World::new(mixed(), denied(), Policy::default());
    let (_, _, report) = world.run(TargetMeetings::Current, 0);
    assert_eq!(report.outcome, Outcome::Failed(Failure::ProvisionDenied));

    let policy = Policy::default().with_when_denied(WhenDenied::RemovesBlock);
    let world = World::new(mixed(), denied(), policy);
    let before = world.meeting();
    let (job, _, report) = world.run(TargetMeetings::Current, 0);
    assert_eq!(report.outcome, Outcome::Removed);
    let after = world.meeting();
    assert!(after.item.record.is_none() && !shows(&after.item, OLD_SKYPE));
    assert!(shows(&after.changed[0].item, &new_link("m1")));
    assert_eq!(world.undo(&job), UndoOutcome::Undone);
    assert_eq!((world.meeting().item, world.meeting().changed), (before.item, before.changed));
}

#[test]
fn details_of_another_product_than_was_asked_for_are_not_written() {
    let wrong = Both { denies: None, always: Some(Provider::SKYPE_FOR_BUSINESS) };
    let world = World::new(mixed(), wrong, Policy::default());
    let before = world.meeting();
    let (_, state, report) = world.run(TargetMeetings::Current, 0);
    assert_eq!(state, State::Failed);
    assert_eq!(report.outcome, Outcome::Failed(Failure::OtherProduct));
    assert_eq!(world.meeting(), before);
}

#[test]
fn a_plan_with_details_of_one_product_leaves_the_other_out() {
    let (kind, policy) = (MigrationKind::ToSameType, Policy::default());
    let plan = MeetingPlan::new(&mixed(), skype(NEW_SKYPE), kind, noon(), &policy);
    let verdicts: Vec<_> = plan.parts.iter().map(|part| part.verdict).collect();
    assert_eq!(verdicts, [Verdict::Migrate, Verdict::Skip(SkipReason::OtherProvider)]);
    assert_eq!(plan.edit().unwrap().parts.len(), 1);
    let mut of_teams = mixed();
    of_teams.item = of_teams.changed.remove(0).item;
    let plan = MeetingPlan::new(&of_teams, skype(NEW_SKYPE), kind, noon(), &policy);
    assert_eq!(plan.outcome(), Outcome::Skipped(SkipReason::OtherProvider));
}

/// A series with an occurrence that has the series' block, its record, or none, and a copy.
fn torn(own_record: bool) -> Meeting {
    let mut meeting = series("m1");
    let own = &mut meeting.changed[0].item;
    if !own_record {
        own.record = None;
    }
    own.bodies = vec![Body::text(own.bodies[0].as_unicode().unwrap().repeat(2))];
    meeting
}

#[test]
fn an_occurrence_held_back_is_written_once_a_person_mended_it() {
    for (own_record, of_skype_first) in [(false, false), (true, false), (false, true)] {
        let mut meeting = torn(own_record);
        let (target, policy) = match of_skype_first {
            false => (TargetMeetings::Current, Policy::default()),
            true => (TargetMeetings::Teams, Policy::current()),
        };
        if of_skype_first {
            let mut whole = series("m1");
            of_skype(&mut whole.item);
            meeting.changed[0].item.bodies =
                vec![Body::text(whole.item.bodies[0].as_unicode().unwrap().repeat(2))];
            meeting.item = whole.item;
        }
        let world = World::new(meeting, Both::default(), policy);
        let before = world.meeting();
        let (_, state, report) = world.run(target, 0);
        assert_eq!(
            (state, report.outcome),
            (State::Failed, Outcome::Failed(Failure::Ambiguous)),
            "own: {own_record}"
        );
        assert!(shows(&world.meeting().item, &new_link("m1")));
        assert_eq!(world.meeting().changed[0].item.bodies, before.changed[0].item.bodies);
        assert_eq!(world.meeting().changed[0].item.record, before.item.record);

        let mut mended = world.meeting();
        let body = mended.changed[0].item.bodies[0].as_unicode().unwrap().to_owned();
        mended.changed[0].item.bodies = vec![Body::text(&body[..body.len() / 2])];
        world.0.calendar().insert(&ann(), mended);
        let (_, state, report) = world.run(target, 1);
        assert_eq!((state, report.outcome), (State::Succeeded, Outcome::Migrated));
        assert!(shows(&world.meeting().changed[0].item, &new_link("m1")), "own: {own_record}");
    }
}

#[test]
fn undo_takes_back_the_record_of_an_occurrence_held_back() {
    let world = World::new(torn(false), Both::default(), Policy::default());
    let before = world.meeting();
    let (job, ..) = world.run(TargetMeetings::Current, 0);
    assert!(world.meeting().changed[0].item.record.is_some());
    assert_eq!(world.undo(&job), UndoOutcome::Undone);
    assert_eq!((world.meeting().item, world.meeting().changed), (before.item, before.changed));
}

#[test]
fn an_occurrence_over_the_limit_is_written_once_the_limit_is_higher() {
    let mut meeting = series("m1");
    let own = &mut meeting.changed[0].item;
    own.record = None;
    own.attendees.extend((0..250).map(|n| Attendee::new(format!("a{n}@fabrikam.example"))));
    let world = World::new(meeting, Both::default(), Policy::default());
    let before = world.meeting();
    let (_, _, report) = world.run(TargetMeetings::Current, 0);
    assert_eq!(report.outcome, Outcome::Migrated);
    assert_eq!(world.meeting().changed[0].item.bodies, before.changed[0].item.bodies);
    let heard: Vec<_> = world.0.mail().sent().iter().map(|n| n.recipients.len()).collect();
    assert_eq!(heard, [2], "its guests hear nothing of a record");

    let World(service) = world;
    let world = World(service.with_policy(Policy::default().with_attendee_limit(400)));
    let (_, state, report) = world.run(TargetMeetings::Current, 1);
    assert_eq!((state, report.outcome), (State::Succeeded, Outcome::Migrated));
    assert!(shows(&world.meeting().changed[0].item, &new_link("m1")));
}
