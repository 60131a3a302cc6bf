//! A calendar that stores every body in a spelling of its own: nothing is written twice, and
//! undo gives back what was there before the first write.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::calendar::{Calendar, CalendarError, Edit, Notifies, Page, PageToken};
use meeting_migration::change::{Account, Change};
use meeting_migration::job::{CorrelationId, State};
use meeting_migration::meeting::{Item, Meeting, MeetingId, UserId, Version};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryStore};
use meeting_migration::provider::Provider;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::report::Outcome;
use meeting_migration::service::Observed;
use meeting_migration::store::Store;
use meeting_migration::undo::UndoOutcome;
use meeting_migration::{Body, Coordinates, Link, Service};

use run_common::faults::{Fault, Faulty, Fuse};
use run_common::{ann, block_on, license, meeting, new_link, old_link, series};

/// Another spelling of the same; respelled again it stays as it is.
fn respelled(body: &Body) -> Body {
    let text = body.as_unicode().unwrap().replace("\r\n", "\n");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(" style=\"") {
        let (style, behind) = after.split_once('"').unwrap();
        let rules: Vec<_> = style
            .split(';')
            .map(|rule| rule.splitn(2, ':').map(str::trim).collect::<Vec<_>>().join(": "))
            .collect();
        out += &format!("{before} style=\"{}\"", rules.join("; ").trim());
        rest = behind;
    }
    out += rest;
    body.with_bytes(out.into_bytes())
}

struct Respelling(MemoryCalendar);

impl Calendar for Respelling {
    fn notifies(&self) -> Notifies {
        self.0.notifies()
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        self.0.list(organizer, from, page).await
    }

    async fn read(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
    ) -> Result<Meeting, CalendarError> {
        self.0.read(organizer, meeting).await
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        let mut edit = edit.clone();
        for part in &mut edit.parts {
            part.bodies = part.bodies.iter().map(respelled).collect();
        }
        self.0.update(organizer, &edit).await
    }
}

/// The same details for a meeting until they are renewed.
#[derive(Default)]
struct Renewed(AtomicBool);

impl Provision for Renewed {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        let link = Link::new(new_link(request.meeting.as_str())).unwrap();
        let mut new = Coordinates::new(Provider::TEAMS, link);
        let id = if self.0.load(Ordering::Relaxed) { "987 654 321#" } else { "123 456 789#" };
        new.conference_id = Some(id.into());
        Ok(new)
    }
}

struct World {
    calendar: Respelling,
    mail: MemoryMail,
    provision: Renewed,
    store: MemoryStore,
    job: CorrelationId,
    due: DateTime<Utc>,
}

impl World {
    fn new() -> Self {
        let calendar = MemoryCalendar::new();
        let mut html = meeting("m1");
        let link = old_link("m1");
        let row = format!("<div style=\"color:red\">{}</div>", "_".repeat(80));
        html.item.bodies.insert(
            0,
            Body::html(format!(
                "<html><body><p>Agenda</p>{row}<div class=\"me-email-text\" lang=\"en-US\">\
                 <a class=\"me-email-headline\" href=\"{link}\">Click here to join the meeting</a>\
                 </div>{row}<p>See you!</p></body></html>"
            )),
        );
        for mut meeting in [html, series("m2")] {
            let changed = meeting.changed.iter_mut().map(|occurrence| &mut occurrence.item);
            for item in std::iter::once(&mut meeting.item).chain(changed) {
                item.bodies = item.bodies.iter().map(respelled).collect();
            }
            calendar.insert(&ann(), meeting);
        }
        let (mail, provision) = (MemoryMail::new(), Renewed::default());
        let store = MemoryStore::new();
        let calendar = Respelling(calendar);
        let (job, due) = license(&Service::new(
            &calendar,
            &mail,
            &provision,
            run_common::faults::shared(&store),
        ));
        Self { calendar, mail, provision, store, job, due }
    }

    /// A worker that lives until `fuse` lets it die.
    fn work(&self, fuse: &Fuse, now: DateTime<Utc>) {
        let worker = Service::new(
            Faulty(&self.calendar, fuse),
            Faulty(&self.mail, fuse),
            Faulty(&self.provision, fuse),
            Faulty(&self.store, fuse),
        );
        let clock = || now;
        let mut run = pin!(worker.run_due(&clock));
        let _ = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }

    fn undo(&self) -> Vec<UndoOutcome> {
        let never = Fuse::default();
        let service = Service::new(
            &self.calendar,
            Faulty(&self.mail, &never),
            &self.provision,
            Faulty(&self.store, &never),
        );
        let report = block_on(service.undo(&self.job, &|| self.due)).unwrap();
        report.meetings.into_iter().map(|meeting| meeting.outcome).collect()
    }

    fn items(&self) -> Vec<Item> {
        let meetings = self.calendar.0.meetings(&ann());
        meetings.iter().flat_map(|m| m.parts().map(|(_, item)| item.clone())).collect()
    }

    fn versions(&self) -> Vec<Version> {
        self.calendar.0.meetings(&ann()).into_iter().map(|m| m.version).collect()
    }

    fn edit(&self, id: &str, edit: impl Fn(&str) -> String) {
        let meetings = self.calendar.0.meetings(&ann());
        let mut meeting = meetings.into_iter().find(|m| m.id.as_str() == id).unwrap();
        for body in &mut meeting.item.bodies {
            *body = body.with_bytes(edit(body.as_unicode().unwrap()).into_bytes());
        }
        self.calendar.0.insert(&ann(), meeting);
    }
}

#[test]
fn a_second_job_writes_nothing_and_mails_nobody() {
    let world = World::new();
    world.work(&Fuse::default(), world.due);
    assert_eq!(world.mail.sent().len(), 3, "one for guests of both parts of the series");
    let after = (world.items(), world.versions());
    assert!(after.0.iter().all(|item| item.bodies.iter().all(|body| respelled(body) == *body)));

    let service = Service::new(&world.calendar, &world.mail, &world.provision, MemoryStore::new());
    let (_, due) = license(&service);
    let ran = block_on(service.run_due(&|| due)).unwrap();
    assert_eq!(ran[0].status.state, State::Succeeded);
    let report = ran[0].report.as_ref().unwrap();
    assert!(report.meetings.iter().all(|meeting| meeting.outcome == Outcome::Unchanged));
    assert_eq!((world.items(), world.versions()), after);
    assert_eq!(world.mail.sent().len(), 3);
    assert_eq!(world.undo(), [UndoOutcome::Undone; 2]);
}

#[test]
fn killed_anywhere_each_meeting_is_written_once_and_undone_to_the_byte() {
    let undisturbed = World::new();
    let before = undisturbed.items();
    let count = Fuse::default();
    undisturbed.work(&count, undisturbed.due);
    for n in 0..count.calls() {
        for fault in [Fault::CrashBefore, Fault::CrashAfter] {
            let world = World::new();
            world.work(&Fuse::at([(n, fault)]), world.due);
            world.work(&Fuse::default(), world.due + TimeDelta::minutes(16));
            let case = format!("{fault:?} at call {n}");
            assert_eq!(world.items(), undisturbed.items(), "{case}");
            assert_eq!(world.versions(), undisturbed.versions(), "{case}: written once");
            let notices = world.mail.sent();
            let ids: std::collections::BTreeSet<_> =
                notices.iter().map(|notice| notice.message.as_str().to_owned()).collect();
            assert!(ids.len() == 3 && notices.len() <= 4, "{case}: {}", notices.len());
            assert_eq!(world.undo(), [UndoOutcome::Undone; 2], "{case}");
            assert_eq!(world.items(), before, "{case}");
        }
    }
}

/// An attendee's answer makes another version of a meeting, and is no edit of its bodies. A
/// word in bold is.
#[test]
fn undo_tells_answers_from_edits() {
    let world = World::new();
    let before = world.items();
    world.work(&Fuse::default(), world.due);
    let mut answered = world.calendar.0.meetings(&ann()).remove(0);
    answered.item.attendees[1].response = meeting_migration::meeting::Response::Accepted;
    world.calendar.0.insert(&ann(), answered);
    world.edit("m2", |body| body.replace("Agenda", " Agenda"));
    assert_eq!(world.undo(), [UndoOutcome::EditedSince, UndoOutcome::Undone]);
    assert_eq!(world.items()[0].bodies, before[0].bodies);
}

/// What the second of two writes of a job found was not there before the job.
#[test]
fn undo_goes_back_behind_the_first_of_two_writes() {
    for edited in [false, true] {
        let world = World::new();
        let before = world.items();
        world.work(&Fuse::default(), world.due);
        if edited {
            world.edit("m1", |body| body.replace("Agenda", "Agenda, changed"));
        }
        world.provision.0.store(true, Ordering::Relaxed);
        let store = run_common::faults::shared(&world.store);
        let service = Service::new(&world.calendar, &world.mail, &world.provision, store);
        let now = world.due + TimeDelta::hours(1);
        let change = Change::MovedOnline;
        let observed = block_on(service.observe(&change, &ann(), &Account::default(), now));
        let Observed::Run(second) = observed.unwrap() else { panic!("no run") };
        world.work(&Fuse::default(), now + service.policy().hold());
        let after = world.items();

        // As if it were one job that wrote twice.
        let lines = block_on(world.store.journal(second.correlation(), None)).unwrap().items;
        assert_eq!(lines.len(), 7);
        for mut line in lines {
            line.correlation = world.job.clone();
            block_on(world.store.append(&line)).unwrap();
        }
        let of_m1 = if edited { UndoOutcome::EditedSince } else { UndoOutcome::Undone };
        assert_eq!(world.undo(), [UndoOutcome::Undone, of_m1]);
        assert_eq!(world.items()[0], if edited { &after[0] } else { &before[0] }.clone());
        assert_eq!(world.items()[1..], before[1..]);
    }
}

/// Who edits what a killed worker had written finds the edit there after an undo.
#[test]
fn undo_leaves_an_edit_made_before_the_next_worker_came() {
    let count = Fuse::default();
    World::new().work(&count, World::new().due);
    let mut edited = 0;
    for n in 0..count.calls() {
        let world = World::new();
        let before = world.items();
        world.work(&Fuse::at([(n, Fault::CrashAfter)]), world.due);
        let entries = block_on(world.store.journal_of(&world.job, &"m1".into())).unwrap();
        if world.items()[0] == before[0] || entries.len() > 1 {
            continue;
        }
        world.edit("m1", |body| body.replace("Agenda", "Agenda, changed"));
        world.provision.0.store(true, Ordering::Relaxed);
        world.work(&Fuse::default(), world.due + TimeDelta::minutes(16));
        let after = world.items();
        assert_eq!(world.undo()[1], UndoOutcome::EditedSince, "call {n}");
        assert_eq!(world.items()[0], after[0], "call {n}");
        edited += 1;
    }
    assert_eq!(edited, 1);
}
