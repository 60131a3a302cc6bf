//! The implementations in memory keep their contracts, and those that do not are found out.
#![cfg(feature = "conformance")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod run_common;

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::Body;
use meeting_migration::calendar::{Calendar, CalendarError, Edit, Notifies, Page, PageToken};
use meeting_migration::conformance::{self, Findings};
use meeting_migration::coordinates::Coordinates;
use meeting_migration::job::{Control, CorrelationId, Job, Status};
use meeting_migration::journal::Entry;
use meeting_migration::meeting::{Meeting, MeetingId, UserId, Version};
use meeting_migration::memory::{MemoryCalendar, MemoryStore};
use meeting_migration::policy::HoldOnJoin;
use meeting_migration::provider::Provider;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::store::{Enqueued, Settings, StatusQuery, Store, StoreError, Summary};
use meeting_migration::trigger::MigrationKind;

use run_common::{ann, block_on, in_days, meeting, noon, provision, series};

fn promises(findings: &Findings) -> Vec<&'static str> {
    let mut promises: Vec<_> = findings.iter().map(|finding| finding.promise).collect();
    promises.dedup();
    promises
}

fn filled() -> MemoryCalendar {
    let calendar = MemoryCalendar::new().with_page_size(2);
    for entry in [series("m1"), meeting("m2"), meeting("m3"), meeting("m4"), meeting("m5")] {
        calendar.insert(&ann(), entry);
    }
    calendar
}

#[test]
fn what_is_in_memory_keeps_its_contracts() {
    let calendar = filled();
    let bodies = || -> Vec<Vec<Body>> {
        let meetings = calendar.meetings(&ann());
        meetings.iter().flat_map(Meeting::parts).map(|(_, item)| item.bodies.clone()).collect()
    };
    let before = bodies();
    block_on(conformance::calendar(&calendar, &ann(), noon())).assert();
    assert_eq!(bodies(), before, "what was written was taken back");
    for _ in 0..2 {
        block_on(conformance::store(&MemoryStore::new(), noon())).assert();
    }
    let schedule = meeting_migration::meeting::Schedule::Once(in_days(1));
    let mut request = Request::new(ann(), "m1", MigrationKind::ToSameType, schedule);
    block_on(conformance::provision(&provision(), &request)).assert();
    request.product = Some(Provider::SKYPE_FOR_BUSINESS);
    let other = block_on(conformance::provision(&provision(), &request));
    assert_eq!(promises(&other), ["product"]);
}

#[test]
fn a_gap_is_excepted_while_it_is_one() {
    let nothing = MemoryCalendar::new();
    let findings = block_on(conformance::calendar(&nothing, &ann(), noon()));
    assert_eq!(promises(&findings), ["listing"]);
    assert!(findings.iter().all(|finding| !finding.to_string().contains("contoso")));
    assert!(findings.except("listing", "nobody is there").is_empty());

    let kept = block_on(conformance::calendar(&filled(), &ann(), noon()));
    let kept = kept.except("bodies", "the server rewrites HTML");
    assert_eq!(promises(&kept), ["bodies"]);
    let told = std::panic::catch_unwind(|| kept.assert()).unwrap_err();
    assert!(told.downcast_ref::<String>().unwrap().contains("bodies: is kept"));
}

/// What a calendar does wrong.
#[derive(Clone, Copy, PartialEq)]
enum Wrong {
    Blind,
    Torn,
    SameVersion,
    OtherVersion,
    Respells,
    Forgets,
    Endless,
    Invents,
    Stale,
}

struct Careless(MemoryCalendar, Wrong);

impl Calendar for Careless {
    fn notifies(&self) -> Notifies {
        Notifies::Nobody
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        let mut answer = self.0.list(organizer, from, page).await?;
        if self.1 == Wrong::Endless && answer.next.is_none() {
            answer.next = Some("m2".into());
        }
        if self.1 == Wrong::Stale {
            answer.items.iter_mut().for_each(|meeting| meeting.item.subject = "cached".into());
        }
        Ok(answer)
    }

    async fn read(&self, organizer: &UserId, id: &MeetingId) -> Result<Meeting, CalendarError> {
        if self.1 == Wrong::Invents && id.as_str().contains("conformance") {
            return Ok(meeting("m1"));
        }
        let mut read = self.0.read(organizer, id).await?;
        if self.1 == Wrong::SameVersion {
            read.version = "v1".into();
        }
        Ok(read)
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        let mut edit = edit.clone();
        let stored = self.0.read(organizer, &edit.meeting).await?;
        match self.1 {
            Wrong::Blind | Wrong::SameVersion => edit.seen = stored.version,
            Wrong::Torn => edit.parts.truncate(1),
            Wrong::Respells => edit.parts.iter_mut().flat_map(|p| &mut p.bodies).for_each(|body| {
                *body = Body::text(body.as_unicode().unwrap().replace("\r\n", "\n"));
            }),
            _ => {}
        }
        let version = self.0.update(organizer, &edit).await?;
        if self.1 == Wrong::Forgets {
            let mut meeting = self.0.read(organizer, &edit.meeting).await?;
            meeting.item.attendees.clear();
            return Ok(self.0.insert(organizer, meeting));
        }
        Ok(match self.1 {
            Wrong::OtherVersion => "v0".into(),
            Wrong::SameVersion => "v1".into(),
            _ => version,
        })
    }
}

#[test]
fn a_careless_calendar_is_found_out() {
    for (wrong, broken) in [
        (Wrong::Blind, "conditional"),
        (Wrong::Torn, "whole"),
        (Wrong::SameVersion, "versions"),
        (Wrong::OtherVersion, "versions"),
        (Wrong::Respells, "bodies"),
        (Wrong::Forgets, "untouched"),
        (Wrong::Endless, "paging"),
        (Wrong::Invents, "unknown"),
        (Wrong::Stale, "listing"),
    ] {
        let calendar = Careless(filled(), wrong);
        let found = block_on(conformance::calendar(&calendar, &ann(), noon()));
        assert!(promises(&found).contains(&broken), "{broken}: {found:?}");
    }
}

/// What a store does wrong.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Eager,
    Twice,
    NeverLost,
    Deaf,
    Shuffles,
    Mixes,
    FindsAll,
    Rewrites,
    Hoards,
    Doubles,
}

struct Sloppy(MemoryStore, Fault, Mutex<Option<Job>>);

impl Store for Sloppy {
    async fn enqueue(&self, mut job: Job, hold: HoldOnJoin) -> Result<Enqueued, StoreError> {
        if self.1 == Fault::Doubles {
            let n = self.0.status(&StatusQuery::all()).await?.len();
            job.correlation = format!("{}-{n}", job.correlation.as_str()).into();
        }
        self.0.enqueue(job, hold).await
    }

    async fn claim(&self, now: DateTime<Utc>, lease: TimeDelta) -> Result<Option<Job>, StoreError> {
        let now = if self.1 == Fault::Eager { now + TimeDelta::hours(1) } else { now };
        let job = self.0.claim(now, lease).await?;
        let mut last = self.2.lock().unwrap();
        if self.1 == Fault::Twice && job.is_none() {
            return Ok(last.take());
        }
        last.clone_from(&job);
        Ok(job)
    }

    async fn save(&self, job: &Job) -> Result<Control, StoreError> {
        self.said(self.0.save(job).await)
    }

    async fn renew(&self, job: &Job) -> Result<Control, StoreError> {
        self.said(self.0.renew(job).await)
    }

    async fn job(&self, correlation: &CorrelationId) -> Result<Option<Job>, StoreError> {
        self.0.job(correlation).await
    }

    async fn set_control(&self, job: &CorrelationId, control: Control) -> Result<(), StoreError> {
        self.0.set_control(job, control).await
    }

    async fn append(&self, entry: &Entry) -> Result<(), StoreError> {
        self.0.append(entry).await
    }

    async fn journal(
        &self,
        correlation: &CorrelationId,
        page: Option<&PageToken>,
    ) -> Result<Page<Entry>, StoreError> {
        let mut answer = self.0.journal(correlation, page).await?;
        if self.1 == Fault::Shuffles {
            answer.items.reverse();
        }
        Ok(answer)
    }

    async fn journal_of(
        &self,
        correlation: &CorrelationId,
        meeting: &MeetingId,
    ) -> Result<Vec<Entry>, StoreError> {
        match self.1 {
            Fault::Mixes => Ok(self.0.journal(correlation, None).await?.items),
            _ => self.0.journal_of(correlation, meeting).await,
        }
    }

    async fn status(&self, query: &StatusQuery) -> Result<Vec<Status>, StoreError> {
        match self.1 {
            Fault::FindsAll => self.0.status(&StatusQuery::all()).await,
            _ => self.0.status(query).await,
        }
    }

    async fn summary(&self) -> Result<Summary, StoreError> {
        self.0.summary().await
    }

    async fn settings(&self) -> Result<Vec<Settings>, StoreError> {
        let mut settings = self.0.settings().await?;
        if self.1 == Fault::Rewrites {
            settings.drain(..settings.len().saturating_sub(1));
        }
        Ok(settings)
    }

    async fn set_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.0.set_settings(settings).await
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        match self.1 {
            Fault::Hoards => Ok(0),
            _ => self.0.forget(before).await,
        }
    }
}

impl Sloppy {
    fn said(&self, answer: Result<Control, StoreError>) -> Result<Control, StoreError> {
        match self.1 {
            Fault::NeverLost => answer.or(Ok(Control::Run)),
            Fault::Deaf => answer.map(|_| Control::Run),
            _ => answer,
        }
    }
}

#[test]
fn a_sloppy_store_is_found_out() {
    for (fault, broken) in [
        (Fault::Eager, "claim"),
        (Fault::Twice, "one-worker"),
        (Fault::NeverLost, "lost"),
        (Fault::Deaf, "control"),
        (Fault::Shuffles, "journal"),
        (Fault::Mixes, "journal"),
        (Fault::FindsAll, "status"),
        (Fault::Rewrites, "settings"),
        (Fault::Hoards, "forget"),
        (Fault::Doubles, "queue"),
    ] {
        let store = Sloppy(MemoryStore::new(), fault, Mutex::default());
        let found = block_on(conformance::store(&store, noon()));
        assert!(promises(&found).contains(&broken), "{broken}: {found:?}");
    }
}

/// New coordinates each time.
struct Fickle(Mutex<u32>);

impl Provision for Fickle {
    async fn coordinates(&self, _: &Request) -> Result<Coordinates, ProvisionError> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let link = format!("https://teams.microsoft.com/meet/{count}");
        let link = meeting_migration::Link::new(link).map_err(ProvisionError::other)?;
        Ok(Coordinates::new(Provider::TEAMS, link))
    }
}

#[test]
fn a_fickle_maker_of_coordinates_is_found_out() {
    let schedule = meeting_migration::meeting::Schedule::Once(in_days(1));
    let request = Request::new(ann(), "m1", MigrationKind::ToSameType, schedule);
    let found = block_on(conformance::provision(&Fickle(Mutex::new(0)), &request));
    assert_eq!(promises(&found), ["same"]);
}
