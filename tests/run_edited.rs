//! A block that an earlier job wrote, and that somebody edited since: the next job says so,
//! keeps the edit in its journal and shows it in its report.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::change::{Account, Change};
use meeting_migration::eligibility::Warning;
use meeting_migration::job::{CorrelationId, State};
use meeting_migration::journal::{Entry, Event};
use meeting_migration::meeting::{ChangedOccurrence, Meeting, MeetingId, Part, Record};
use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryStore};
use meeting_migration::plan::MeetingPlan;
use meeting_migration::provider::Provider;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::report::{MeetingReport, Outcome};
use meeting_migration::service::Observed;
use meeting_migration::store::Store;
use meeting_migration::trigger::MigrationKind;
use meeting_migration::{Body, Coordinates, Link, Service};

use run_common::{ann, block_on, in_days, meeting, new_link, noon, old_link, series};

/// One link per meeting, and another conference id in each round.
struct Renumbered(Arc<AtomicU32>);

impl Provision for Renumbered {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        let mut new = Coordinates::new(
            Provider::TEAMS,
            Link::new(new_link(request.meeting.as_str())).unwrap(),
        );
        let round = self.0.load(Ordering::Relaxed);
        new.conference_id = Some(format!("123 456 {round:03}#").into());
        Ok(new)
    }
}

struct World {
    service: Service<MemoryCalendar, MemoryMail, Renumbered, MemoryStore>,
    round: Arc<AtomicU32>,
}

impl World {
    fn new(meetings: impl IntoIterator<Item = Meeting>) -> Self {
        let calendar = MemoryCalendar::new();
        for meeting in meetings {
            calendar.insert(&ann(), meeting);
        }
        let round = Arc::new(AtomicU32::new(0));
        let (mail, provision) = (MemoryMail::new(), Renumbered(round.clone()));
        Self { service: Service::new(calendar, mail, provision, MemoryStore::new()), round }
    }

    /// Queues and runs the next job: other coordinates than those of the one before.
    fn run(&self) -> (CorrelationId, Vec<MeetingReport>) {
        let at = self.next();
        let change = Change::LicenseAssigned;
        let (ann, account) = (ann(), Account::default());
        let observed = block_on(self.service.observe(&change, &ann, &account, at));
        let Observed::Run(queued) = observed.unwrap() else { panic!("no run") };
        let due = at + self.service.policy().hold();
        let ran = block_on(self.service.run_due(&|| due)).unwrap().pop().unwrap();
        assert_eq!(ran.status.state, State::Succeeded, "{}", ran.status.last_message);
        (queued.correlation().clone(), ran.report.unwrap().meetings)
    }

    /// The time of the next round, a few hours after the one before.
    fn next(&self) -> DateTime<Utc> {
        noon() + TimeDelta::hours(6 * i64::from(self.round.fetch_add(1, Ordering::Relaxed)))
    }

    fn preview(&self) -> Vec<MeetingPlan> {
        let at = self.next();
        let plan = block_on(self.service.preview(&ann(), MigrationKind::ToSameType, &|| at));
        plan.unwrap().meetings
    }

    fn edit(&self, id: &str, edit: impl Fn(&mut Meeting)) {
        let calendar = self.service.calendar();
        let mut meetings = calendar.meetings(&ann()).into_iter();
        let mut meeting = meetings.find(|m| m.id.as_str() == id).unwrap();
        edit(&mut meeting);
        calendar.insert(&ann(), meeting);
    }

    /// Edits every body of a meeting; one that stays as it was fails the test.
    fn edit_bodies(&self, id: &str, edit: impl Fn(&str) -> String) {
        self.edit(id, |meeting| {
            for body in &mut meeting.item.bodies {
                let old = body.as_unicode().unwrap();
                let new = edit(old);
                assert_ne!(new, old, "the edit does nothing");
                *body = body.with_bytes(new.into_bytes());
            }
        });
    }

    fn journal(&self, job: &CorrelationId, id: &str) -> Vec<Entry> {
        block_on(self.service.history(job, &MeetingId::from(id))).unwrap()
    }
}

/// A meeting with an HTML body and its text twin, both with a block of the Teams service.
fn twins() -> Meeting {
    let row = format!("<div><span>{}</span></div>", "_".repeat(80));
    let link = old_link("m1");
    let html = format!(
        "<html><body><p>Agenda</p>{row}<div class=\"me-email-text\" lang=\"en-US\">\
         <div><span>Microsoft Teams meeting</span></div><div>\
         <a class=\"me-email-headline\" href=\"{link}\">Click here to join the meeting</a></div>\
         </div>{row}<p>See you!</p></body></html>"
    );
    let mut meeting = meeting("m1");
    meeting.item.bodies.insert(0, Body::html(html));
    meeting
}

fn edits(report: &MeetingReport) -> Vec<(&str, &str)> {
    let known = report.warnings.contains(&Warning::BlockEdited);
    assert_eq!(known, !report.edits.is_empty(), "an edit and its warning come together");
    report.edits.iter().map(|edit| (edit.was.as_str(), edit.is.as_str())).collect()
}

#[test]
fn an_edit_is_told_kept_and_shown() {
    let world = World::new([twins()]);
    let (_, first) = world.run();
    assert_eq!(edits(&first[0]), [], "nobody knows what the product had written");

    world.edit_bodies("m1", |body| body.replace("123 456 001", "123 456 001 (ask Bob)"));
    let planned = world.preview();
    assert!(planned[0].warnings.contains(&Warning::BlockEdited));
    assert_eq!(planned[0].edits.len(), 1, "HTML and text say the same");

    let (job, second) = world.run();
    assert_eq!(second[0].outcome, Outcome::Migrated);
    assert_eq!(edits(&second[0]), [("", "(ask Bob)#")]);
    assert!(!format!("{second:?}").contains("Bob"), "an edit is private");

    let entries = world.journal(&job, "m1");
    let Event::Intent(plan) = &entries[0].event else { panic!("{entries:?}") };
    assert_eq!(plan.edits, second[0].edits);
    let kept = |body: &Body| body.as_unicode().unwrap().contains("(ask Bob)");
    assert!(plan.parts[0].bodies.iter().all(|body| kept(&body.before)));
    let json = serde_json::to_string(&second[0]).unwrap();
    assert_eq!(serde_json::from_str::<MeetingReport>(&json).unwrap(), second[0]);

    // What the second job wrote stands as it was written.
    assert_eq!(edits(&world.run().1[0]), []);
}

#[test]
fn words_taken_out_of_one_twin_are_an_edit() {
    let world = World::new([twins()]);
    world.run();
    world.edit("m1", |meeting| {
        let html = &mut meeting.item.bodies[0];
        let text = html.as_unicode().unwrap();
        let from = text.find("Phone conference ID").unwrap();
        let to = from + text[from..].find("001#").unwrap() + 4;
        *html = Body::html([&text[..from], &text[to..]].concat());
    });
    let (_, second) = world.run();
    assert_eq!(edits(&second[0]), [("Phone conference ID: 123 456 001#", "")]);
}

#[test]
fn edits_around_the_block_are_none_of_the_block() {
    let world = World::new([twins()]);
    world.run();
    world.edit_bodies("m1", |body| {
        body.replace("Agenda", "Another agenda").replace("See you!", "See you all!")
    });
    assert_eq!(edits(&world.run().1[0]), []);
}

/// What calendars and mail filters do to what they store.
#[test]
fn markup_wrapped_anew_is_no_edit() {
    let wrapped = |link: &str| {
        let link = link.replace(':', "%3A").replace('/', "%2F").replace('?', "%3F");
        format!("https://nam02.safelinks.protection.outlook.com/?url={link}&amp;data=05")
    };
    let changes: [&dyn Fn(&str) -> String; 4] = [
        &|body| body.replace("<div", "\r\n<div data-ogsc=\"\"").replace('\u{a0}', "&nbsp;"),
        &|body| body.replace(" ID", "&#32;ID").replace("<span", "<span\n class=\"x_y\""),
        &|body| body.replace(&new_link("m1"), &wrapped(&new_link("m1"))),
        &|body| {
            body.replace("<span", "<font face=\"Calibri\"><span")
                .replace("</span>", "</span></font>")
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut meeting = twins();
        meeting.item.bodies.truncate(1);
        let world = World::new([meeting]);
        world.run();
        world.edit_bodies("m1", change);
        let (_, second) = world.run();
        assert_eq!(second[0].outcome, Outcome::Migrated, "{number}");
        assert_eq!(edits(&second[0]), [], "{number}");
    }
}

#[test]
fn text_wrapped_anew_is_no_edit() {
    let world = World::new([meeting("m1")]);
    world.run();
    world.edit_bodies("m1", |body| {
        body.replace("\r\n", "\n").replace(" the meeting", "\nthe meeting ")
    });
    assert_eq!(edits(&world.run().1[0]), []);
}

#[test]
fn a_block_put_there_anew_was_not_edited() {
    let world = World::new([meeting("m1")]);
    world.run();
    world.edit("m1", |meeting| {
        meeting.item.bodies = vec![run_common::text("Agenda", &old_link("other"))];
        meeting.item.record = Some(Record::new(Provider::TEAMS, old_link("other")));
    });
    let (_, second) = world.run();
    assert_eq!(second[0].outcome, Outcome::Migrated);
    assert_eq!(edits(&second[0]), []);
}

#[test]
fn after_an_undo_the_job_before_counts() {
    let world = World::new([meeting("m1")]);
    world.run();
    let (second, _) = world.run();
    let undone = block_on(world.service.undo(&second, &|| noon() + TimeDelta::hours(20))).unwrap();
    assert_eq!(undone.meetings.len(), 1);
    world.edit_bodies("m1", |body| body.replace("123 456 001#", "123 456 001# Bob"));
    assert_eq!(edits(&world.run().1[0]), [("", "Bob")]);

    let world = World::new([meeting("m1")]);
    let (first, _) = world.run();
    block_on(world.service.undo(&first, &|| noon() + TimeDelta::hours(20))).unwrap();
    world.edit_bodies("m1", |body| body.replace("Passcode", "Secret"));
    assert_eq!(edits(&world.run().1[0]), [], "this block is the product's again");
}

/// A write of which nobody knows whether it got through says nothing about the block.
#[test]
fn an_intent_without_an_end_proves_nothing() {
    let world = World::new([meeting("m1")]);
    let (first, _) = world.run();
    let known = |but: &str| {
        let store = world.service.store();
        block_on(store.last_written(&ann(), &"m1".into(), &but.into())).unwrap().is_some()
    };
    assert!(known("other"));
    assert!(!known(first.as_str()), "a job does not ask about itself");
    let (second, _) = world.run();
    let intent = world.journal(&second, "m1").remove(0);
    block_on(world.service.store().append(&intent)).unwrap();
    assert!(!known("other"));
}

#[test]
fn each_part_is_compared_with_what_was_written_there() {
    let world = World::new([series("m1")]);
    world.run();
    world.edit("m1", |meeting| {
        // One changed occurrence is edited; another is made of the series as it stands.
        let moved = &mut meeting.changed[0].item.bodies[0];
        *moved = Body::text(moved.as_unicode().unwrap().replace("001#", "001# Bob"));
        let item = meeting.item.clone();
        meeting.changed.push(ChangedOccurrence::new("20261208", in_days(15), item));
    });
    let (_, second) = world.run();
    assert_eq!(edits(&second[0]), [("", "Bob")]);
    assert_eq!(second[0].edits[0].part, Part::Occurrence("20261201".into()));
}

#[test]
fn a_store_that_forgot_the_job_knows_nothing() {
    let world = World::new([meeting("m1")]);
    world.run();
    world.edit_bodies("m1", |body| body.replace("001#", "001# Bob"));
    assert_eq!(block_on(world.service.store().forget(noon() + TimeDelta::days(30))).unwrap(), 1);
    assert_eq!(edits(&world.run().1[0]), []);
}
