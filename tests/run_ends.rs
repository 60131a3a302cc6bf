//! How jobs end that do not run through: cancelled, given up, tried again by hand, with
//! meetings that are cancelled or deleted meanwhile.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Waker};

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::change::{Account, SourceMeetings, TargetMeetings};
use meeting_migration::job::{Control, CorrelationId, Job, State};
use meeting_migration::journal::{Entry, Event};
use meeting_migration::mail::{Mail, MailError, Notice};
use meeting_migration::meeting::{Item, Meeting, Part, Schedule, Slot, Status};
use meeting_migration::memory::{MemoryMail, MemoryStore};
use meeting_migration::report::{Failure, Outcome, Report};
use meeting_migration::service::{Observed, Ran, ServiceError};
use meeting_migration::store::{Enqueued, Settings, StatusQuery, Store, StoreError, Summary};
use meeting_migration::undo::UndoOutcome;
use meeting_migration::{Body, Service};

use run_common::faults::{Fault, Faulty, Fuse, shared};
use run_common::{Memory, ann, block_on, license, meeting, noon, provision, series, tenant};

/// What a mail route answers, in order; then it sends.
struct Answering<'a>(&'a MemoryMail, Mutex<VecDeque<MailError>>);

impl<'a> Answering<'a> {
    fn new(mail: &'a MemoryMail, answers: impl IntoIterator<Item = MailError>) -> Self {
        Self(mail, Mutex::new(answers.into_iter().collect()))
    }
}

impl Mail for Answering<'_> {
    async fn send(&self, notice: &Notice) -> Result<(), MailError> {
        let answer = self.1.lock().unwrap().pop_front();
        match answer {
            Some(error) => Err(error),
            None => self.0.send(notice).await,
        }
    }
}

fn throttled(minutes: i64) -> MailError {
    MailError::Throttled { retry_after: Some(TimeDelta::minutes(minutes)) }
}

/// Runs what is due with a mail route that answers so first.
fn run(service: &Memory, answers: Vec<MailError>, now: DateTime<Utc>) -> Vec<Ran> {
    let mail = Answering::new(service.mail(), answers);
    let worker = Service::new(service.calendar(), mail, provision(), shared(service.store()))
        .with_policy(service.policy().clone());
    block_on(worker.run_due(&|| now)).unwrap()
}

fn outcomes(report: &Report) -> Vec<(&str, Outcome)> {
    report.meetings.iter().map(|m| (m.meeting.as_str(), m.outcome)).collect()
}

fn job(service: &Memory, correlation: &CorrelationId) -> Job {
    block_on(service.store().job(correlation)).unwrap().unwrap()
}

fn items(service: &Memory) -> Vec<Item> {
    let meetings = service.calendar().meetings(&ann());
    meetings.iter().flat_map(|m| m.parts().map(|(_, item)| item.clone())).collect()
}

fn edit(service: &Memory, id: &str, edit: impl Fn(&mut Meeting)) {
    let meetings = service.calendar().meetings(&ann());
    let mut meeting = meetings.into_iter().find(|m| m.id.as_str() == id).unwrap();
    edit(&mut meeting);
    service.calendar().insert(&ann(), meeting);
}

#[test]
fn a_job_cancelled_while_a_notice_waits_sends_it_before_it_ends() {
    let service = tenant([meeting("m1"), meeting("m2")]);
    let (correlation, due) = license(&service);
    let ran = run(&service, vec![throttled(60)], due);
    assert_eq!(ran[0].status.state, State::InProgress);
    block_on(service.cancel(&correlation)).unwrap();

    // It is taken up at once, and the route's hour is kept.
    let minute = due + TimeDelta::minutes(1);
    let ran = run(&service, vec![], minute);
    assert_eq!(ran.len(), 1, "once, and then it waits");
    assert_eq!(ran[0].due, Some(due + TimeDelta::hours(1)));
    assert!(service.mail().sent().is_empty());
    assert!(run(&service, vec![], due + TimeDelta::minutes(59)).is_empty());

    let ran = run(&service, vec![], due + TimeDelta::hours(1));
    assert_eq!((ran[0].status.state, ran[0].due), (State::Failed, None));
    assert_eq!(ran[0].status.last_message, "cancelled by an admin");
    assert_eq!(outcomes(ran[0].report.as_ref().unwrap()), [("m1", Outcome::Migrated)]);
    let sent = service.mail().sent();
    assert_eq!(sent.iter().map(|n| n.meeting.as_str()).collect::<Vec<_>>(), ["m1"]);
    assert_eq!(block_on(service.undo(&correlation, &|| due)).unwrap().meetings.len(), 1);
    assert_eq!(service.mail().sent().len(), 2, "who was told is told again");
}

#[test]
fn a_job_cancelled_after_a_crash_ends_the_meeting_at_hand_and_writes_no_other() {
    let count = Fuse::default();
    let whole = tenant([meeting("m1"), meeting("m2")]);
    let (_, due) = license(&whole);
    let faulty = |service: &Memory, fuse: &Fuse| {
        let mail = Faulty(service.mail(), fuse);
        let provision = provision();
        let provision = Faulty(&provision, fuse);
        let calendar = Faulty(service.calendar(), fuse);
        let worker = Service::new(calendar, mail, provision, Faulty(service.store(), fuse));
        let clock = || due;
        let mut run = pin!(worker.run_due(&clock));
        let _ = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    };
    faulty(&whole, &count);
    for n in 0..count.calls() {
        for fault in [Fault::CrashBefore, Fault::CrashAfter] {
            let service = tenant([meeting("m1"), meeting("m2")]);
            let (correlation, _) = license(&service);
            let before = items(&service);
            faulty(&service, &Fuse::at([(n, fault)]));
            if job(&service, &correlation).state == State::Succeeded {
                continue;
            }
            let written = items(&service);
            block_on(service.cancel(&correlation)).unwrap();
            run(&service, vec![], due + TimeDelta::minutes(16));

            let case = format!("{fault:?} at call {n}");
            assert_eq!(items(&service), written, "{case}: nothing more is written");
            let ended = job(&service, &correlation);
            assert_eq!((ended.state, ended.due), (State::Failed, None), "{case}");
            let told = |id: &str| service.mail().sent().iter().any(|n| n.meeting.as_str() == id);
            let report = block_on(service.report(&correlation)).unwrap();
            for (index, id) in ["m1", "m2"].into_iter().enumerate() {
                let is_written = written[index] != before[index];
                assert_eq!(told(id), is_written, "{case}: {id}");
                let lines = report.iter().flat_map(outcomes).filter(|(of, _)| *of == id);
                let expected = if is_written { vec![(id, Outcome::Migrated)] } else { vec![] };
                assert_eq!(lines.collect::<Vec<_>>(), expected, "{case}");
            }
            block_on(service.undo(&correlation, &|| due)).unwrap();
            assert_eq!(items(&service), before, "{case}");
        }
    }
}

#[test]
fn cancelling_or_undoing_a_failed_job_keeps_its_failures() {
    for undoes in [false, true] {
        let service = tenant([meeting("m1"), meeting("m2")]);
        let (correlation, due) = license(&service);
        let ran = run(&service, vec![MailError::other("HTTP 500")], due);
        assert!(ran[0].due.is_some(), "another try would come");
        if undoes {
            block_on(service.undo(&correlation, &|| due)).unwrap();
        } else {
            block_on(service.cancel(&correlation)).unwrap();
        }
        run(&service, vec![], due);
        let report = block_on(service.report(&correlation)).unwrap().unwrap();
        let failed = Outcome::Failed(Failure::MailFailed);
        assert_eq!(outcomes(&report), [("m1", failed), ("m2", Outcome::Migrated)]);
        let status = &block_on(service.status(&StatusQuery::all())).unwrap()[0];
        assert_eq!((status.state, status.failed_meeting), (State::Failed, 1));
        assert_eq!(job(&service, &correlation).due, None);
    }
}

#[test]
fn a_job_that_waits_can_be_cancelled_at_once() {
    // In the quiet window, and while the calendar is throttled.
    let mut soon = meeting("m1");
    let start = noon() + TimeDelta::minutes(100);
    soon.schedule = Schedule::Once(Slot::new(start, start + TimeDelta::hours(1)));
    let service = tenant([soon, meeting("m2")]);
    let policy = service.policy().clone().with_quiet_window(TimeDelta::hours(2));
    let service = service.with_policy(policy);
    let (correlation, due) = license(&service);
    let ran = run(&service, vec![], due);
    assert_eq!(
        (ran[0].status.state, ran[0].due),
        (State::InProgress, Some(due + TimeDelta::hours(2)))
    );
    assert!(matches!(block_on(service.undo(&correlation, &|| due)), Err(ServiceError::NotEnded)));
    block_on(service.cancel(&correlation)).unwrap();
    let ran = run(&service, vec![], due);
    assert_eq!((ran.len(), ran[0].status.state), (1, State::Failed));
    assert_eq!(block_on(service.undo(&correlation, &|| due)).unwrap().meetings.len(), 1);
}

#[test]
fn a_notice_that_was_refused_is_sent_when_an_admin_says_so() {
    let service = tenant([meeting("m1"), meeting("m2")]);
    let (correlation, due) = license(&service);
    assert!(matches!(block_on(service.retry(&correlation, noon())), Err(ServiceError::NotFailed)));
    let ran = run(&service, vec![MailError::Refused], due);
    assert_eq!((ran[0].status.state, ran[0].due), (State::Failed, None));
    let written = service.calendar().meetings(&ann());
    assert_eq!(service.mail().sent().len(), 1);

    let later = due + TimeDelta::hours(3);
    block_on(service.retry(&correlation, later)).unwrap();
    let ran = run(&service, vec![], later);
    assert_eq!(ran[0].status.state, State::Succeeded);
    let migrated = [("m1", Outcome::Migrated), ("m2", Outcome::Migrated)];
    assert_eq!(outcomes(ran[0].report.as_ref().unwrap()), migrated);
    assert_eq!(service.calendar().meetings(&ann()), written, "nothing is written again");
    let to: Vec<_> = service.mail().sent().iter().map(|n| n.meeting.to_string()).collect();
    assert_eq!(to, ["m2", "m1"]);
    assert!(matches!(block_on(service.retry(&correlation, later)), Err(ServiceError::NotFailed)));
}

#[test]
fn what_a_person_mended_is_tried_again_and_what_was_undone_is_not() {
    let mut torn = meeting("m1");
    let body = torn.item.bodies[0].as_unicode().unwrap().to_owned();
    torn.item.bodies = vec![Body::text(body.repeat(2))];
    let service = tenant([torn]);
    let (correlation, due) = license(&service);
    let ran = run(&service, vec![], due);
    assert_eq!(
        outcomes(ran[0].report.as_ref().unwrap()),
        [("m1", Outcome::Failed(Failure::Ambiguous))]
    );
    edit(&service, "m1", |meeting| meeting.item.bodies = vec![Body::text(body.clone())]);
    block_on(service.retry(&correlation, due)).unwrap();
    let ran = run(&service, vec![], due);
    assert_eq!(outcomes(ran[0].report.as_ref().unwrap()), [("m1", Outcome::Migrated)]);
    assert_eq!(service.mail().sent().len(), 1);

    let service = tenant([meeting("m1")]);
    let (correlation, due) = license(&service);
    run(&service, vec![MailError::Refused], due);
    block_on(service.undo(&correlation, &|| due)).unwrap();
    assert!(matches!(block_on(service.retry(&correlation, due)), Err(ServiceError::NotFailed)));
}

#[test]
fn nobody_is_told_of_what_was_cancelled_since() {
    let service = tenant([meeting("m1"), series("m2")]);
    let (_, due) = license(&service);
    let fails = || MailError::other("HTTP 500");
    let ran = run(&service, vec![fails(), fails()], due);
    edit(&service, "m1", |meeting| meeting.item.status = Status::Cancelled);
    edit(&service, "m2", |meeting| meeting.changed[0].item.status = Status::Cancelled);
    let ran = run(&service, vec![], ran[0].due.unwrap());
    assert_eq!(ran[0].status.state, State::Succeeded);
    let sent = service.mail().sent();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].meeting.as_str(), &sent[0].parts[..]), ("m2", &[Part::Main][..]));
    assert!(sent[0].recipients.iter().all(|to| !to.as_str().starts_with("dora")));
}

#[test]
fn a_meeting_deleted_meanwhile_is_gone_and_no_failure() {
    // Behind each call of the run, until it is written.
    for n in 0..12 {
        let service = tenant([meeting("m1"), meeting("m2")]);
        let (_, due) = license(&service);
        let fuse = Fuse::at([(n, Fault::CrashAfter)]);
        let store = Faulty(service.store(), &fuse);
        let worker = Service::new(service.calendar(), service.mail(), provision(), store);
        {
            let clock = || due;
            let mut run = pin!(worker.run_due(&clock));
            let _ = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        service.calendar().remove(&ann(), &"m1".into());
        let ran = run(&service, vec![], due + TimeDelta::minutes(16));
        let Some(ran) = ran.first() else { continue };
        assert_eq!(ran.status.state, State::Succeeded, "{n}: {}", ran.status.last_message);
        let of_m1 = outcomes(ran.report.as_ref().unwrap()).into_iter().find(|(id, _)| *id == "m1");
        assert!(
            matches!(of_m1, None | Some((_, Outcome::Gone | Outcome::Migrated))),
            "{n}: {of_m1:?}"
        );
    }
    let service = tenant([meeting("m1"), meeting("m2")]);
    let (_, due) = license(&service);
    let removing = OnProvision(&service);
    let worker =
        Service::new(service.calendar(), service.mail(), removing, shared(service.store()));
    let ran = block_on(worker.run_due(&|| due)).unwrap();
    let expected = [("m1", Outcome::Gone), ("m2", Outcome::Migrated)];
    assert_eq!(outcomes(ran[0].report.as_ref().unwrap()), expected);
    assert_eq!((ran[0].status.state, ran[0].status.failed_meeting), (State::Succeeded, 0));
}

/// The first meeting is deleted while its details are made.
struct OnProvision<'a>(&'a Memory);

impl meeting_migration::provision::Provision for OnProvision<'_> {
    async fn coordinates(
        &self,
        request: &meeting_migration::provision::Request,
    ) -> Result<meeting_migration::Coordinates, meeting_migration::provision::ProvisionError> {
        self.0.calendar().remove(&ann(), &"m1".into());
        provision().coordinates(request).await
    }
}

/// A store that cannot keep some lines of the journal.
struct Losing<'a>(&'a MemoryStore, fn(&Event) -> bool);

impl Store for Losing<'_> {
    async fn enqueue(
        &self,
        job: Job,
        hold: meeting_migration::policy::HoldOnJoin,
    ) -> Result<Enqueued, StoreError> {
        self.0.enqueue(job, hold).await
    }

    async fn claim(&self, now: DateTime<Utc>, lease: TimeDelta) -> Result<Option<Job>, StoreError> {
        self.0.claim(now, lease).await
    }

    async fn save(&self, job: &Job) -> Result<Control, StoreError> {
        self.0.save(job).await
    }

    async fn renew(&self, job: &Job) -> Result<Control, StoreError> {
        self.0.renew(job).await
    }

    async fn job(&self, correlation: &CorrelationId) -> Result<Option<Job>, StoreError> {
        self.0.job(correlation).await
    }

    async fn set_control(
        &self,
        correlation: &CorrelationId,
        control: Control,
    ) -> Result<(), StoreError> {
        self.0.set_control(correlation, control).await
    }

    async fn append(&self, entry: &Entry) -> Result<(), StoreError> {
        match (self.1)(&entry.event) {
            true => Err(StoreError::other("too long")),
            false => self.0.append(entry).await,
        }
    }

    async fn journal(
        &self,
        correlation: &CorrelationId,
        page: Option<&meeting_migration::calendar::PageToken>,
    ) -> Result<meeting_migration::calendar::Page<Entry>, StoreError> {
        self.0.journal(correlation, page).await
    }

    async fn journal_of(
        &self,
        correlation: &CorrelationId,
        meeting: &meeting_migration::meeting::MeetingId,
    ) -> Result<Vec<Entry>, StoreError> {
        self.0.journal_of(correlation, meeting).await
    }

    async fn status(
        &self,
        query: &StatusQuery,
    ) -> Result<Vec<meeting_migration::job::Status>, StoreError> {
        self.0.status(query).await
    }

    async fn summary(&self) -> Result<Summary, StoreError> {
        self.0.summary().await
    }

    async fn settings(&self) -> Result<Vec<Settings>, StoreError> {
        self.0.settings().await
    }

    async fn set_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.0.set_settings(settings).await
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        self.0.forget(before).await
    }
}

/// Takes the job until it ends; gives how often.
fn taken(service: &Memory, loses: fn(&Event) -> bool, from: DateTime<Utc>) -> (u32, Ran) {
    let store = Losing(service.store(), loses);
    let worker = Service::new(service.calendar(), service.mail(), provision(), store);
    let mut now = from;
    for times in 1..100 {
        match block_on(worker.run_due(&|| now)) {
            Ok(mut ran) => return (times, ran.pop().unwrap()),
            Err(error) => assert!(matches!(error, ServiceError::Store(StoreError::Other(_)))),
        }
        now += TimeDelta::minutes(16);
    }
    panic!("it never ends");
}

#[test]
fn a_job_that_kills_its_workers_is_given_up_and_others_get_their_turn() {
    let service = tenant([meeting("m1"), meeting("m2")]);
    let before = items(&service);
    let (first, due) = license(&service);
    let (times, ran) = taken(&service, |event| matches!(event, Event::Intent(_)), due);
    assert_eq!(times, service.policy().max_attempts() + 2);
    assert_eq!((ran.status.state, ran.due), (State::Failed, None));
    assert!(ran.status.last_message.starts_with("given up"), "{}", ran.status.last_message);
    assert_eq!(items(&service), before);

    let now = due + TimeDelta::days(1);
    let what = (SourceMeetings::All, TargetMeetings::Current);
    let started = block_on(service.start(&ann(), &Account::default(), what, now));
    assert!(matches!(started.unwrap(), Observed::Run(Enqueued::Queued(_))));
    let ran = run(&service, vec![], now + service.policy().hold());
    assert_eq!(ran[0].status.state, State::Succeeded);

    // Mended, the job that was given up can be tried again.
    block_on(service.retry(&first, now)).unwrap();
    assert_eq!(run(&service, vec![], now)[0].status.state, State::Succeeded);
}

#[test]
fn undo_tells_those_who_may_have_been_told() {
    let service = tenant([meeting("m1")]);
    let before = items(&service);
    let (correlation, due) = license(&service);
    let (_, ran) = taken(&service, |event| matches!(event, Event::Told { .. }), due);
    assert_eq!(ran.status.state, State::Failed);
    let sent = service.mail().sent().len();
    assert!(sent > 0, "each worker sent the notice, with the same id, and could not note it");
    let undone = block_on(service.undo(&correlation, &|| due)).unwrap();
    assert_eq!(undone.meetings[0].outcome, UndoOutcome::Undone);
    assert_eq!(items(&service), before);
    let all = service.mail().sent();
    assert_eq!(all.len(), sent + 1);
    assert!(all[sent].message.as_str().starts_with("undo"));

    // Where the route refused the notice, nobody knows of it.
    let service = tenant([meeting("m1")]);
    let (correlation, due) = license(&service);
    run(&service, vec![MailError::Refused], due);
    block_on(service.undo(&correlation, &|| due)).unwrap();
    assert!(service.mail().sent().is_empty());
}

/// A worker that takes long is not one that died.
#[test]
fn a_job_that_waits_often_is_not_given_up() {
    let service = tenant([meeting("m1")]);
    let (_, mut now) = license(&service);
    for _ in 0..40 {
        let ran = run(&service, vec![throttled(30)], now);
        assert_eq!(ran[0].status.state, State::InProgress);
        now = ran[0].due.unwrap();
    }
    assert_eq!(run(&service, vec![], now)[0].status.state, State::Succeeded);
}
