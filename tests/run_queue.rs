//! The queue: coalescing, tries, waits, switches, pause and cancel, workers side by side,
//! edits made meanwhile.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::calendar::{
    Calendar, CalendarError, DynCalendar, Edit, Notifies, Page, PageToken,
};
use meeting_migration::change::{Account, Change, Tenant};
use meeting_migration::job::{CorrelationId, State};
use meeting_migration::meeting::{Meeting, MeetingId, UserId, Version};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryStore, NoMail};
use meeting_migration::policy::{HoldOnJoin, QueuedJobs};
use meeting_migration::report::{Failure, Outcome};
use meeting_migration::service::{Observed, ServiceError};
use meeting_migration::store::{Enqueued, StatusQuery, Store, StoreError};
use meeting_migration::trigger::{IgnoreReason, MigrationKind};
use meeting_migration::{Body, Service};

use run_common::faults::{Fault, Faulty, Fuse, shared};
use run_common::{Memory, ann, block_on, license, meeting, new_link, noon, provision, tenant};

fn bob() -> UserId {
    "bob@contoso.example".into()
}

fn observe(service: &Memory, change: Change, now: DateTime<Utc>) -> Observed {
    block_on(service.observe(&change, &ann(), &Account::default(), now)).unwrap()
}

fn state(service: &Memory, correlation: &CorrelationId) -> State {
    let all = block_on(service.status(&StatusQuery::all())).unwrap();
    all.iter().find(|s| s.correlation_id == *correlation).unwrap().state
}

#[test]
fn a_second_change_joins_the_job_in_its_hold() {
    for (hold, due_after_minutes) in [(HoldOnJoin::Restarts, 150), (HoldOnJoin::Keeps, 90)] {
        let service = tenant([meeting("m1")]);
        let policy = service.policy().clone().with_hold_on_join(hold);
        let service = service.with_policy(policy);
        let (correlation, _) = license(&service);
        let hour = noon() + TimeDelta::hours(1);
        let second = observe(&service, Change::MovedOnline, hour);
        assert_eq!(second, Observed::Run(Enqueued::Joined(correlation.clone())));
        let job = block_on(service.store().job(&correlation)).unwrap().unwrap();
        assert_eq!(job.due, Some(noon() + TimeDelta::minutes(due_after_minutes)));
        assert_eq!(job.changes.len(), 2);
        assert_eq!(block_on(service.run_due(&|| job.due.unwrap())).unwrap().len(), 1);
        assert_eq!(service.mail().sent().len(), 1, "one update per meeting");
    }
}

#[test]
fn the_same_change_seen_twice_is_one_job() {
    let service = tenant([meeting("m1")]);
    let (correlation, due) = license(&service);
    block_on(service.run_due(&|| due)).unwrap();
    let again = observe(&service, Change::LicenseAssigned, noon());
    assert_eq!(again, Observed::Run(Enqueued::Queued(correlation)));
    assert!(block_on(service.run_due(&|| due)).unwrap().is_empty());
}

#[test]
fn two_changes_at_one_instant_both_count() {
    let service = tenant([meeting("m1")]);
    let (correlation, _) = license(&service);
    let second = observe(&service, Change::MovedOnline, noon());
    assert_eq!(second, Observed::Run(Enqueued::Joined(correlation.clone())));
    let job = block_on(service.store().job(&correlation)).unwrap().unwrap();
    assert_eq!(job.changes.len(), 2);
}

#[test]
fn a_change_while_a_job_is_in_progress_waits_its_turn() {
    let service = tenant([meeting("m1")]);
    let (first, due) = license(&service);
    let lease = TimeDelta::minutes(15);
    let claimed = block_on(service.store().claim(due, lease)).unwrap().unwrap();
    assert_eq!(claimed.correlation, first);
    let Observed::Run(second) = observe(&service, Change::MovedOnline, due) else { panic!() };
    assert_ne!(second.correlation(), &first);
    let long_after = due + TimeDelta::hours(5);
    let next = block_on(service.store().claim(long_after, lease)).unwrap().unwrap();
    assert_eq!(next.correlation, first, "its worker is dead; the second job still waits");
    assert!(block_on(service.store().claim(long_after, lease)).unwrap().is_none());
    let lost = block_on(service.store().save(&claimed));
    assert!(matches!(lost, Err(StoreError::Lost)), "a dead worker cannot save");
}

#[test]
fn tries_are_spread_and_touch_only_what_failed() {
    let service = tenant([meeting("m1"), meeting("m2")]);
    let (correlation, due) = license(&service);
    let fuse = Fuse::at((0..2000).filter(|n| n % 2 == 0).map(|n| (n, Fault::Fails)));
    let mail = Faulty(service.mail(), &fuse);
    let worker = Service::new(service.calendar(), mail, provision(), shared(service.store()));
    let ran = block_on(worker.run_due(&|| due)).unwrap();
    let outcomes: Vec<_> =
        ran[0].report.as_ref().unwrap().meetings.iter().map(|m| m.outcome).collect();
    assert_eq!(outcomes, [Outcome::Failed(Failure::MailFailed), Outcome::Migrated]);
    assert_eq!(state(&service, &correlation), State::Failed);
    let written = service.calendar().meetings(&ann());

    let next = due + TimeDelta::minutes(160);
    assert_eq!(ran[0].due, Some(next), "9 more tries in 24 hours");
    let early = next - TimeDelta::seconds(1);
    assert!(block_on(worker.run_due(&|| early)).unwrap().is_empty());
    let mut now = next;
    for tried in 2..=10 {
        let ran = block_on(worker.run_due(&|| now)).unwrap();
        assert_eq!(ran.len(), 1);
        if ran[0].status.state == State::Succeeded {
            assert_eq!(ran[0].status.retry_count, tried - 1);
            break;
        }
        now = ran[0].due.unwrap();
    }
    assert_eq!(state(&service, &correlation), State::Succeeded);
    assert_eq!(service.calendar().meetings(&ann()), written, "nothing is written again");
    assert_eq!(service.mail().sent().len(), 2);
}

#[test]
fn tries_end() {
    let calendar = Refusing(CalendarError::other("HTTP 500"));
    let service = Service::new(calendar, NoMail, provision(), MemoryStore::new());
    let (_, mut now) = license(&service);
    let mut tries = 0;
    loop {
        let ran = block_on(service.run_due(&|| now)).unwrap();
        assert_eq!((ran.len(), ran[0].status.state), (1, State::Failed));
        assert_eq!(
            ran[0].status.last_message,
            "the calendar could not be listed: the calendar failed"
        );
        tries += 1;
        let Some(next) = ran[0].due else { break };
        now = next;
    }
    assert_eq!(tries, 10);
    assert_eq!(now, noon() + service.policy().hold() + TimeDelta::hours(24));
}

/// A calendar that only knows one answer.
struct Refusing(CalendarError);

impl Refusing {
    fn answer<T>(&self) -> Result<T, CalendarError> {
        Err(match &self.0 {
            CalendarError::Throttled { retry_after } => {
                CalendarError::Throttled { retry_after: *retry_after }
            }
            CalendarError::Denied => CalendarError::Denied,
            _ => CalendarError::other("HTTP 500"),
        })
    }
}

impl Calendar for Refusing {
    fn notifies(&self) -> Notifies {
        Notifies::Itself
    }

    async fn list(
        &self,
        _: &UserId,
        _: DateTime<Utc>,
        _: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        self.answer()
    }

    async fn read(&self, _: &UserId, _: &MeetingId) -> Result<Meeting, CalendarError> {
        self.answer()
    }

    async fn update(&self, _: &UserId, _: &Edit) -> Result<Version, CalendarError> {
        self.answer()
    }
}

#[test]
fn throttling_is_obeyed_and_not_counted_as_a_try() {
    let retry_after = Some(TimeDelta::minutes(7));
    let calendar = Refusing(CalendarError::Throttled { retry_after });
    let service = Service::new(calendar, NoMail, provision(), MemoryStore::new());
    let (_, mut now) = license(&service);
    for _ in 0..30 {
        let ran = block_on(service.run_due(&|| now)).unwrap();
        assert_eq!(ran.len(), 1, "one question, then a wait");
        assert_eq!((ran[0].status.state, ran[0].status.retry_count), (State::InProgress, 0));
        assert_eq!(ran[0].due, Some(now + TimeDelta::minutes(7)));
        let early = now + TimeDelta::minutes(6);
        assert!(block_on(service.run_due(&|| early)).unwrap().is_empty());
        now = ran[0].due.unwrap();
    }
    let preview = block_on(service.preview(&ann(), MigrationKind::ToSameType, &noon));
    assert!(
        matches!(preview, Err(ServiceError::Throttled { until }) if until == noon() + TimeDelta::minutes(7))
    );
}

#[test]
fn what_help_will_not_change_is_not_tried_again() {
    let service =
        Service::new(Refusing(CalendarError::Denied), NoMail, provision(), MemoryStore::new());
    let (_, now) = license(&service);
    let ran = block_on(service.run_due(&|| now)).unwrap();
    assert_eq!((ran[0].status.state, ran[0].due), (State::Failed, None));
}

#[test]
fn a_paused_job_stops_after_the_meeting_at_hand_and_goes_on() {
    let service = tenant([meeting("m1"), meeting("m2"), meeting("m3")]);
    let (correlation, due) = license(&service);
    // The admin pauses while the first notice goes out.
    let pausing = OnSend(service.mail(), || block_on(service.pause(&correlation)).unwrap());
    let worker = Service::new(service.calendar(), pausing, provision(), shared(service.store()));
    let ran = block_on(worker.run_due(&|| due)).unwrap();
    assert_eq!(ran.len(), 1);
    assert_eq!((ran[0].status.state, ran[0].status.succeeded_meeting), (State::InProgress, 1));
    let later = due + TimeDelta::days(1);
    assert!(block_on(service.run_due(&|| later)).unwrap().is_empty());
    block_on(service.resume(&correlation)).unwrap();
    let ran = block_on(service.run_due(&|| later)).unwrap();
    assert_eq!(ran[0].status.state, State::Succeeded);
    assert_eq!(service.mail().sent().len(), 3);
}

#[test]
fn a_cancelled_job_ends_and_what_it_wrote_can_be_undone() {
    let service = tenant([meeting("m1"), meeting("m2"), meeting("m3")]);
    let before = bodies(&service);
    let (correlation, due) = license(&service);
    let cancelling = OnSend(service.mail(), || block_on(service.cancel(&correlation)).unwrap());
    let worker = Service::new(service.calendar(), cancelling, provision(), shared(service.store()));
    let ran = block_on(worker.run_due(&|| due)).unwrap();
    assert_eq!(ran[0].status.state, State::Failed);
    assert_eq!(ran[0].status.last_message, "cancelled by an admin");
    assert_eq!(service.mail().sent().len(), 1);
    assert_ne!(bodies(&service), before);
    let undone = block_on(service.undo(&correlation, &|| due)).unwrap();
    assert_eq!(undone.meetings.len(), 1);
    assert_eq!(bodies(&service), before);
}

#[test]
fn a_job_cancelled_in_its_hold_never_begins() {
    let service = tenant([meeting("m1")]);
    let (correlation, _) = license(&service);
    block_on(service.cancel(&correlation)).unwrap();
    let ran = block_on(service.run_due(&noon)).unwrap();
    assert_eq!((ran[0].status.state, ran[0].report.is_none()), (State::Failed, true));
    let after = observe(&service, Change::MovedOnline, noon() + TimeDelta::hours(1));
    assert!(matches!(after, Observed::Run(Enqueued::Queued(_))), "{after:?}");
    let absent = block_on(service.cancel(&"nobody".into()));
    assert!(matches!(absent, Err(ServiceError::Store(StoreError::NotFound))));
}

#[test]
fn a_worker_that_gives_signs_keeps_its_job() {
    let service = tenant(["m1", "m2", "m3", "m4", "m5"].map(meeting));
    let (_, due) = license(&service);
    let passed = std::sync::atomic::AtomicI64::new(0);
    let clock = || {
        let minutes = passed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        due + TimeDelta::minutes(minutes)
    };
    let lease = TimeDelta::minutes(15);
    let rival = OnSend(service.mail(), || {
        let claimed = block_on(service.store().claim(clock(), lease)).unwrap();
        assert_eq!(claimed, None);
    });
    let worker = Service::new(service.calendar(), rival, provision(), shared(service.store()));
    let ran = block_on(worker.run_due(&clock)).unwrap();
    assert!(clock() - due > lease * 2, "it takes longer than a lease");
    assert_eq!(ran[0].status.state, State::Succeeded);
}

#[test]
fn attendees_hear_of_an_update_though_the_organiser_took_the_block_out_since() {
    let service = tenant([meeting("m1")]);
    let (_, due) = license(&service);
    let fuse = Fuse::at([(0, Fault::Fails)]);
    let mail = Faulty(service.mail(), &fuse);
    let worker = Service::new(service.calendar(), mail, provision(), shared(service.store()));
    let ran = block_on(worker.run_due(&|| due)).unwrap();
    let mut edited = service.calendar().meetings(&ann()).remove(0);
    edited.item.bodies = vec![Body::text("No block any more")];
    service.calendar().insert(&ann(), edited.clone());
    let next = ran[0].due.unwrap();
    let ran = block_on(worker.run_due(&|| next)).unwrap();
    assert_eq!(ran[0].status.state, State::Succeeded);
    assert_eq!(service.mail().sent().len(), 1);
    assert_eq!(service.calendar().meetings(&ann())[0].item, edited.item);
}

fn bodies(service: &Memory) -> Vec<Vec<Body>> {
    service.calendar().meetings(&ann()).into_iter().map(|m| m.item.bodies).collect()
}

/// Mail during which something else happens.
struct OnSend<'a, F>(&'a MemoryMail, F);

impl<F: Fn() + Send + Sync> meeting_migration::mail::Mail for OnSend<'_, F> {
    async fn send(
        &self,
        notice: &meeting_migration::mail::Notice,
    ) -> Result<(), meeting_migration::mail::MailError> {
        (self.1)();
        self.0.send(notice).await
    }
}

#[test]
fn switches_decide_what_is_observed_and_what_begins() {
    let service = tenant([meeting("m1")]);
    let (correlation, due) = license(&service);
    let mut off = Tenant::default();
    off.automatically_migrate_user_meetings = false;
    block_on(service.set_tenant(off, &bob(), noon())).unwrap();
    let ignored = observe(&service, Change::LicenseRemoved, noon());
    assert_eq!(ignored, Observed::Ignored(IgnoreReason::AudioSwitchOff));

    let ran = block_on(service.run_due(&|| due)).unwrap();
    assert_eq!((ran[0].status.state, ran[0].status.retry_count), (State::Pending, 0));
    assert!(service.mail().sent().is_empty(), "the queued job waits for the switch");
    block_on(service.set_tenant(Tenant::default(), &bob(), due)).unwrap();
    let later = ran[0].due.unwrap();
    block_on(service.run_due(&|| later)).unwrap();
    assert_eq!(state(&service, &correlation), State::Succeeded);
    let history = block_on(service.settings()).unwrap();
    assert_eq!(
        history.iter().map(|s| (s.tenant, s.at)).collect::<Vec<_>>(),
        [(off, noon()), (Tenant::default(), due)]
    );
}

#[test]
fn queued_jobs_can_be_cancelled_by_the_switch_or_run_all_the_same() {
    for (jobs, ends) in [(QueuedJobs::Cancel, State::Failed), (QueuedJobs::Run, State::Succeeded)] {
        let service = tenant([meeting("m1")]);
        let policy = service.policy().clone().with_queued_jobs(jobs);
        let service = service.with_policy(policy);
        let (correlation, due) = license(&service);
        let mut off = Tenant::default();
        off.meeting_migration_enabled = false;
        block_on(service.set_tenant(off, &bob(), noon())).unwrap();
        block_on(service.run_due(&|| due)).unwrap();
        assert_eq!(state(&service, &correlation), ends);
    }
}

/// A calendar whose user edits a meeting just before each of its first updates.
struct Editing<'a> {
    calendar: &'a MemoryCalendar,
    edits: std::sync::Mutex<u32>,
}

impl Calendar for Editing<'_> {
    fn notifies(&self) -> Notifies {
        self.calendar.notifies()
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        self.calendar.list(organizer, from, page).await
    }

    async fn read(&self, organizer: &UserId, id: &MeetingId) -> Result<Meeting, CalendarError> {
        self.calendar.read(organizer, id).await
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        let left = {
            let mut edits = self.edits.lock().unwrap();
            *edits = edits.saturating_sub(1);
            *edits
        };
        if left > 0 {
            let mut meeting = self.calendar.read(organizer, &edit.meeting).await?;
            let text = meeting.item.bodies[0].as_unicode().unwrap();
            meeting.item.bodies = vec![Body::text(format!("Edit {left}\r\n{text}"))];
            self.calendar.insert(organizer, meeting);
        }
        self.calendar.update(organizer, edit).await
    }
}

#[test]
fn an_edit_made_meanwhile_is_never_overwritten() {
    for (edits, ends) in
        [(1, Outcome::Migrated), (3, Outcome::Migrated), (99, Outcome::Failed(Failure::Conflict))]
    {
        let service = tenant([meeting("m1")]);
        let (_, due) = license(&service);
        let calendar =
            Editing { calendar: service.calendar(), edits: std::sync::Mutex::new(edits + 1) };
        let worker = Service::new(calendar, service.mail(), provision(), shared(service.store()));
        let ran = block_on(worker.run_due(&|| due)).unwrap();
        assert_eq!(ran[0].report.as_ref().unwrap().meetings[0].outcome, ends);
        let meetings = service.calendar().meetings(&ann());
        let text = meetings[0].item.bodies[0].as_unicode().unwrap();
        for edit in (1..=edits).rev().take(4) {
            assert!(text.contains(&format!("Edit {edit}\r\n")), "{text}");
        }
        let migrated = ends == Outcome::Migrated;
        assert_eq!(text.contains(&new_link("m1")), migrated);
        assert_eq!(service.mail().sent().len(), usize::from(migrated));
    }
}

/// A calendar that gives line ends of its own to whatever it stores, and may lose blocks.
struct Respelling<'a> {
    calendar: &'a MemoryCalendar,
    loses_blocks: bool,
}

impl Calendar for Respelling<'_> {
    fn notifies(&self) -> Notifies {
        self.calendar.notifies()
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        self.calendar.list(organizer, from, page).await
    }

    async fn read(&self, organizer: &UserId, id: &MeetingId) -> Result<Meeting, CalendarError> {
        self.calendar.read(organizer, id).await
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        let mut edit = edit.clone();
        for body in edit.parts.iter_mut().flat_map(|part| &mut part.bodies) {
            let text = match self.loses_blocks {
                true => "Agenda only".to_owned(),
                false => body.as_unicode().unwrap().replace("\r\n", "\n"),
            };
            *body = Body::text(text);
        }
        self.calendar.update(organizer, &edit).await
    }
}

#[test]
fn a_calendar_may_respell_what_it_stores_and_is_found_out_when_it_loses_it() {
    let failed = Outcome::Failed(Failure::NotKept);
    for (loses_blocks, ends) in [(false, Outcome::Migrated), (true, failed)] {
        let service = tenant([meeting("m1")]);
        let (correlation, due) = license(&service);
        let calendar = Respelling { calendar: service.calendar(), loses_blocks };
        let worker = Service::new(calendar, service.mail(), provision(), shared(service.store()));
        let ran = block_on(worker.run_due(&|| due)).unwrap();
        assert_eq!(ran[0].report.as_ref().unwrap().meetings[0].outcome, ends);
        assert_eq!(service.mail().sent().len(), usize::from(!loses_blocks));
        let undone = block_on(service.undo(&correlation, &|| due)).unwrap();
        assert_eq!(undone.meetings[0].outcome, meeting_migration::undo::UndoOutcome::Undone);
        assert_eq!(bodies(&service), [meeting("m1").item.bodies]);
    }
}

#[test]
fn a_boxed_calendar_is_a_calendar() {
    let calendar = MemoryCalendar::new();
    calendar.insert(&ann(), meeting("m1"));
    let boxed: Box<dyn DynCalendar> = Box::new(calendar);
    let service = Service::new(boxed, MemoryMail::new(), provision(), MemoryStore::new());
    let (_, due) = license(&service);
    let ran = block_on(service.run_due(&|| due)).unwrap();
    assert_eq!(ran[0].status.state, State::Succeeded);
}

#[test]
fn futures_can_be_spawned() {
    fn spawn(_: impl Future + Send) {}
    let service = tenant([]);
    let clock = noon;
    spawn(service.run_due(&clock));
    spawn(service.undo(&"x".into(), &clock));
    spawn(service.preview(&ann(), MigrationKind::ToSameType, &clock));
    spawn(service.observe(&Change::MovedOnline, &ann(), &Account::default(), noon()));
}

#[test]
fn the_summary_counts_users_and_the_history_is_kept_for_a_while() {
    let service = tenant([meeting("m1")]);
    let (_, due) = license(&service);
    block_on(service.run_due(&|| due)).unwrap();
    let second = due + TimeDelta::hours(1);
    observe(&service, Change::MovedOnline, second);
    let counted = || block_on(service.summary()).unwrap().rows().map(|(_, users)| users);
    assert_eq!(counted(), [1, 0, 0, 0], "one user, judged by the latest job");
    let all = |query: StatusQuery| block_on(service.status(&query)).unwrap().len();
    assert_eq!(all(StatusQuery::all()), 2);
    assert_eq!(all(StatusQuery::all().with_start_time(due)), 1);
    assert_eq!(all(StatusQuery::all().with_end_time(due)), 1);
    assert_eq!(all(StatusQuery::all().with_user(bob())), 0);
    assert_eq!(all(StatusQuery::all().with_user(ann()).with_state(State::Succeeded)), 1);

    assert_eq!(block_on(service.sweep(due + TimeDelta::days(150))).unwrap(), 0);
    let old = due + TimeDelta::days(151);
    assert_eq!(block_on(service.sweep(old)).unwrap(), 1, "the pending job stays");
    assert_eq!(all(StatusQuery::all()), 1);
}
