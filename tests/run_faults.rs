//! Workers that die, calendars that fail, organisers who edit meanwhile: DESIGN §4, 7 to 9.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::eligibility::SkipReason;
use meeting_migration::job::{CorrelationId, State};
use meeting_migration::meeting::{Item, Meeting, Part, Version};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryProvision, MemoryStore};
use meeting_migration::report::{Outcome, Report};
use meeting_migration::store::{StatusQuery, Store};
use meeting_migration::undo::{UndoOutcome, UndoReport};
use meeting_migration::{Body, Service};
use proptest::prelude::*;

use run_common::faults::{Fault, Faulty, Fuse};
use run_common::{Memory, ann, block_on, in_days, license, meeting, series, tenant};

type FaultyService<'a> = Service<
    Faulty<'a, MemoryCalendar>,
    Faulty<'a, MemoryMail>,
    Faulty<'a, MemoryProvision>,
    Faulty<'a, MemoryStore>,
>;

/// Everything that lives longer than a worker.
struct World {
    service: Memory,
    provision: MemoryProvision,
    due: DateTime<Utc>,
}

impl World {
    fn new() -> Self {
        let mut torn = meeting("m4");
        let body = torn.item.bodies[0].as_unicode().unwrap().repeat(2);
        torn.item.bodies = vec![Body::text(body)];
        let mut plain = meeting("m5");
        plain.item.bodies = vec![Body::text("Nothing here")];
        let service = tenant([meeting("m1"), series("m2"), meeting("m3"), torn, plain]);
        let (_, due) = license(&service);
        Self { service, provision: run_common::provision(), due }
    }

    fn worker<'a>(&'a self, fuse: &'a Fuse) -> FaultyService<'a> {
        Service::new(
            Faulty(self.service.calendar(), fuse),
            Faulty(self.service.mail(), fuse),
            Faulty(&self.provision, fuse),
            Faulty(self.service.store(), fuse),
        )
    }

    /// A worker that lives until `fuse` lets it die, or its work is done. A store that
    /// fails ends it as well.
    fn work(&self, fuse: &Fuse, now: DateTime<Utc>) {
        let worker = self.worker(fuse);
        let clock = || now;
        let mut run = pin!(worker.run_due(&clock));
        let _ = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }

    /// Workers without faults until nothing is due any more.
    fn work_to_the_end(&self, from: DateTime<Utc>) {
        let mut now = Some(from);
        while let Some(time) = now {
            self.work(&Fuse::default(), time);
            let job = block_on(self.service.store().job(&self.correlation())).unwrap().unwrap();
            now = job.due.map(|due| due.max(time));
        }
    }

    fn correlation(&self) -> CorrelationId {
        block_on(self.service.status(&StatusQuery::all())).unwrap()[0].correlation_id.clone()
    }

    fn items(&self) -> BTreeMap<(String, Part), Item> {
        let meetings = self.service.calendar().meetings(&ann());
        let item = |m: &Meeting| {
            m.parts().map(|(p, i)| ((m.id.to_string(), p), i.clone())).collect::<Vec<_>>()
        };
        meetings.iter().flat_map(item).collect()
    }

    /// The versions, in whatever order the meetings were written: each write counts up.
    fn versions(&self) -> BTreeSet<Version> {
        self.service.calendar().meetings(&ann()).into_iter().map(|m| m.version).collect()
    }

    fn notices(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for notice in self.service.mail().sent() {
            *counted.entry(notice.message.as_str().to_owned()).or_default() += 1;
        }
        counted
    }

    fn end(&self) -> (State, Report) {
        let status = &block_on(self.service.status(&Default::default())).unwrap()[0];
        let report = block_on(self.service.report(&status.correlation_id)).unwrap().unwrap();
        (status.state, report)
    }

    fn undo(&self, fuse: &Fuse, now: DateTime<Utc>) -> Option<UndoReport> {
        let (worker, correlation) = (self.worker(fuse), self.correlation());
        let clock = || now;
        let undo = pin!(worker.undo(&correlation, &clock));
        match undo.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(report) => report.ok(),
            Poll::Pending => None,
        }
    }
}

fn undisturbed() -> (World, usize) {
    let world = World::new();
    let fuse = Fuse::default();
    world.work(&fuse, world.due);
    assert_eq!(world.notices().values().sum::<usize>(), 4);
    assert_eq!(world.end().0, State::Failed, "one meeting is ambiguous");
    (world, fuse.calls())
}

#[test]
fn killed_at_any_call_a_run_ends_in_the_same_state() {
    let (reference, calls) = undisturbed();
    assert!(calls > 30, "{calls}");
    for n in 0..calls {
        for fault in [Fault::CrashBefore, Fault::CrashAfter] {
            let world = World::new();
            world.work(&Fuse::at([(n, fault)]), world.due);
            world.work_to_the_end(world.due + TimeDelta::minutes(16));
            let case = format!("{fault:?} at call {n}");
            assert_eq!(world.items(), reference.items(), "{case}");
            assert_eq!(world.versions(), reference.versions(), "{case}: written once");
            assert_eq!(world.end(), reference.end(), "{case}");
            let notices = world.notices();
            assert!(notices.keys().eq(reference.notices().keys()), "{case}: {notices:?}");
            assert!(notices.values().sum::<usize>() <= 5, "{case}: {notices:?}");
        }
    }
}

/// What was written is reported and told, even when the meeting has begun meanwhile.
#[test]
fn a_run_that_goes_on_late_finishes_what_it_wrote() {
    let (_, calls) = undisturbed();
    let mut late = 0;
    for n in 0..calls {
        let world = World::new();
        world.work(&Fuse::at([(n, Fault::CrashAfter)]), world.due);
        let written = world.items() != World::new().items();
        world.work_to_the_end(in_days(3).start + TimeDelta::minutes(1));
        let outcome = world.end().1.meetings[0].outcome;
        if written {
            assert_eq!(outcome, Outcome::Migrated, "died after call {n}");
            let first = world.service.mail().sent()[0].meeting.clone();
            assert_eq!(first.as_str(), "m1", "died after call {n}");
        } else {
            assert_eq!(outcome, Outcome::Skipped(SkipReason::InProgress), "died after call {n}");
        }
        late += usize::from(written);
    }
    assert!(late > 0 && late < calls);
}

#[test]
fn a_worker_that_is_taken_for_dead_and_wakes_up_does_no_harm() {
    let untouched = World::new().items();
    let (reference, calls) = undisturbed();
    for n in 0..calls {
        let world = World::new();
        let fuse = Fuse::at([(n, Fault::Stalls)]);
        let worker = world.worker(&fuse);
        let clock = || world.due;
        let mut run = pin!(worker.run_due(&clock));
        let context = &mut Context::from_waker(Waker::noop());
        assert!(run.as_mut().poll(context).is_pending());
        world.work_to_the_end(world.due + TimeDelta::minutes(16));
        fuse.wake();
        assert!(run.as_mut().poll(context).is_ready());
        let case = format!("stalls at call {n}");
        assert_eq!(world.items(), reference.items(), "{case}");
        assert_eq!(world.versions(), reference.versions(), "{case}: written once");
        assert_eq!(world.end(), reference.end(), "{case}");
        let notices = world.notices();
        assert!(notices.keys().eq(reference.notices().keys()), "{case}: {notices:?}");
        assert!(notices.values().sum::<usize>() <= 6, "{case}: {notices:?}");
        world.undo(&Fuse::default(), world.due).unwrap();
        assert_eq!(world.items(), untouched, "{case}");
    }
}

#[test]
fn killed_at_any_call_undo_is_exact_all_the_same() {
    let untouched = World::new().items();
    let (reference, _) = undisturbed();
    let fuse = Fuse::default();
    let report = reference.undo(&fuse, reference.due).unwrap();
    assert!(report.meetings.iter().all(|m| m.outcome == UndoOutcome::Undone));
    assert_eq!(report.meetings.len(), 3);
    assert_eq!(reference.items(), untouched);
    assert!(reference.undo(&Fuse::default(), reference.due).unwrap().meetings.is_empty());

    for n in 0..fuse.calls() {
        for fault in [Fault::CrashBefore, Fault::CrashAfter] {
            let (world, _) = undisturbed();
            assert_eq!(world.undo(&Fuse::at([(n, fault)]), world.due), None);
            world.undo(&Fuse::default(), world.due).unwrap();
            let case = format!("{fault:?} at call {n}");
            assert_eq!(world.items(), untouched, "{case}");
            assert_eq!(world.versions(), reference.versions(), "{case}: written once");
            let notices = world.notices();
            assert!(notices.keys().eq(reference.notices().keys()), "{case}: {notices:?}");
            assert!(notices.values().sum::<usize>() <= 9, "{case}: {notices:?}");
        }
    }
}

#[test]
fn undo_leaves_what_was_edited_since() {
    let (world, _) = undisturbed();
    let calendar = world.service.calendar();
    let mut edited = calendar.meetings(&ann())[1].clone();
    let text = edited.item.bodies[0].as_unicode().unwrap().replace("Agenda", "New agenda");
    edited.item.bodies = vec![Body::text(text)];
    calendar.insert(&ann(), edited.clone());
    let mut answered = calendar.meetings(&ann())[0].clone();
    answered.item.attendees[1].response = meeting_migration::meeting::Response::Accepted;
    calendar.insert(&ann(), answered);

    let report = world.undo(&Fuse::default(), world.due).unwrap();
    let outcomes: Vec<_> =
        report.meetings.iter().map(|m| (m.meeting.as_str(), m.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            ("m3", UndoOutcome::Undone),
            ("m2", UndoOutcome::EditedSince),
            ("m1", UndoOutcome::Undone),
        ]
    );
    assert_eq!(calendar.meetings(&ann())[1].item, edited.item);
}

#[test]
fn a_running_job_is_not_undone() {
    let world = World::new();
    world.work(&Fuse::at([(20, Fault::CrashBefore)]), world.due);
    assert_eq!(world.undo(&Fuse::default(), world.due), None);
}

fn faults(kinds: impl Strategy<Value = Fault>) -> impl Strategy<Value = Vec<(usize, Fault)>> {
    prop::collection::vec((0..120_usize, kinds), 0..6)
}

fn passing() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::CrashBefore),
        Just(Fault::CrashAfter),
        Just(Fault::Fails),
        Just(Fault::AnswerLost),
        (0..2000_i64).prop_map(Fault::Throttled),
        Just(Fault::Changed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever goes wrong for a while: in the end all is done, once.
    #[test]
    fn what_passes_leaves_no_trace(faults in faults(passing())) {
        static REFERENCE: LazyLock<World> = LazyLock::new(|| undisturbed().0);
        let reference = &*REFERENCE;
        let world = World::new();
        let fuse = Fuse::at(faults.iter().copied());
        let mut now = world.due;
        for _ in 0..20 {
            world.work(&fuse, now);
            now += TimeDelta::minutes(16);
        }
        world.work_to_the_end(now);
        prop_assert_eq!(world.items(), reference.items());
        prop_assert_eq!(world.versions(), reference.versions());
        let (state, report) = world.end();
        let outcomes = |report: &Report| -> Vec<(String, Outcome)> {
            report.meetings.iter().map(|m| (m.meeting.to_string(), m.outcome)).collect()
        };
        prop_assert_eq!(state, State::Failed);
        prop_assert_eq!(outcomes(&report), outcomes(&reference.end().1));
        let notices = world.notices();
        prop_assert!(notices.keys().eq(reference.notices().keys()));
        prop_assert!(notices.values().sum::<usize>() <= 4 + faults.len());
    }
}
