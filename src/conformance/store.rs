//! The contract of [`Store`].

use chrono::{DateTime, TimeDelta, Utc};

use super::Findings;
use crate::calendar::PageToken;
use crate::change::{ChangeKind, Tenant};
use crate::job::{Control, CorrelationId, Job, State};
use crate::journal::{Entry, Event};
use crate::meeting::{MeetingId, UserId, Version};
use crate::policy::HoldOnJoin;
use crate::store::{Enqueued, Settings, StatusQuery, Store, StoreError, Summary};
use crate::trigger::MigrationKind;

/// Checks a store that is empty, and leaves it with a few jobs of invented people. `now` may
/// be any time.
///
/// | promise | means |
/// | --- | --- |
/// | `queue` | a job is stored once, whatever its id is asked for again; another joins it |
/// | `claim` | only what is due is given, the earliest first, as [`Job::claim`] leaves it |
/// | `one-worker` | no job is given twice, and no two jobs of one organiser at once |
/// | `lost` | a worker whose claim is not the last one cannot save or renew |
/// | `control` | saving and renewing say what an admin wants; who is paused is not given |
/// | `journal` | entries keep their order, over all pages, each with its job and meeting |
/// | `status` | a query finds what it matches, oldest first; users are counted once |
/// | `settings` | the history of the switches keeps its order |
/// | `forget` | a job that ended goes with its journal; others stay |
/// | `works` | nothing of this fails |
pub async fn store<S: Store>(store: &S, now: DateTime<Utc>) -> Findings {
    let mut run = Run { store, now, findings: Findings::default() };
    if let Err(error) = run.all().await {
        run.findings.found("works", format!("{error}, and the checks end here"));
    }
    run.findings
}

const LEASE: TimeDelta = TimeDelta::minutes(15);

struct Run<'a, S> {
    store: &'a S,
    now: DateTime<Utc>,
    findings: Findings,
}

impl<S: Store> Run<'_, S> {
    async fn all(&mut self) -> Result<(), StoreError> {
        self.queue().await?;
        let (ann, bea) = self.claim().await?;
        let ann = self.workers(ann).await?;
        self.journal(&ann, &bea).await?;
        self.status(&ann).await?;
        self.settings().await?;
        self.forget(ann, &bea).await
    }

    fn job(&self, organizer: &str, change: ChangeKind, hold_minutes: i64) -> Job {
        let hold = TimeDelta::minutes(hold_minutes);
        Job::new(organizer.into(), MigrationKind::ToSameType, change, self.now, hold)
    }

    async fn queue(&mut self) -> Result<(), StoreError> {
        let first = self.job("ann@contoso.example", ChangeKind::MovedOnline, 60);
        let id = first.correlation.clone();
        let hold = HoldOnJoin::Keeps;
        let queued = self.store.enqueue(first.clone(), hold).await?;
        self.findings.expect("queue", queued == Enqueued::Queued(id.clone()), "it is not queued");
        self.store.enqueue(first.clone(), hold).await?;
        let stored = self.store.job(&id).await?;
        self.findings.expect("queue", stored == Some(first), "the job is not as it was queued");
        let second = self.job("ann@contoso.example", ChangeKind::LicenseAssigned, 60);
        let joined = self.store.enqueue(second, hold).await?;
        self.findings.expect("queue", joined == Enqueued::Joined(id.clone()), "no job is joined");
        let both = self.store.job(&id).await?.is_some_and(|job| job.changes.len() == 2);
        self.findings.expect("queue", both, "the job that was joined lacks the change");
        let all = self.store.status(&StatusQuery::all()).await?.len();
        self.findings.expect("queue", all == 1, "one job was queued, and there are others");
        let unknown = self.store.job(&"conformance: no such job".into()).await?;
        self.findings.expect("queue", unknown.is_none(), "a job is there that nobody queued");
        Ok(())
    }

    /// Claims the jobs of two people.
    async fn claim(&mut self) -> Result<(Job, Job), StoreError> {
        let early = self.now + TimeDelta::minutes(59);
        let none = self.store.claim(early, LEASE).await?;
        self.findings.expect("claim", none.is_none(), "a job is given before it is due");
        let bea = self.job("bea@contoso.example", ChangeKind::MovedOnline, 70);
        self.store.enqueue(bea.clone(), HoldOnJoin::Keeps).await?;

        let late = self.now + TimeDelta::minutes(80);
        let id = |job: &Option<Job>| job.as_ref().map(|job| job.organizer.as_str().to_owned());
        let first = self.store.claim(late, LEASE).await?;
        let is_ann = id(&first).as_deref() == Some("ann@contoso.example");
        self.findings.expect("claim", is_ann, "the earliest due does not come first");
        let again = self.job("ann@contoso.example", ChangeKind::AudioEnabled, 0);
        let queued = self.store.enqueue(again, HoldOnJoin::Keeps).await?;
        let own = matches!(queued, Enqueued::Queued(_));
        self.findings.expect("queue", own, "a job that has begun is joined");
        let second = self.store.claim(late, LEASE).await?;
        let is_bea = id(&second).as_deref() == Some("bea@contoso.example");
        self.findings.expect("one-worker", is_bea, "the next job given is not the other person's");
        let third = self.store.claim(late, LEASE).await?;
        self.findings.expect("one-worker", third.is_none(), "a job is given that is with a worker");

        let (Some(ann), Some(bea)) = (first, second) else { return Err(StoreError::NotFound) };
        let claimed = ann.state == State::InProgress
            && ann.due == Some(late + LEASE)
            && (ann.attempts, ann.claim) == (1, 1);
        self.findings.expect("claim", claimed, "a claimed job is not as `Job::claim` leaves it");
        let stored = self.store.job(&ann.correlation).await?;
        self.findings.expect("claim", stored.as_ref() == Some(&ann), "the claim is not stored");
        Ok((ann, bea))
    }

    /// The lease of a worker ends, and another takes its job.
    async fn workers(&mut self, old: Job) -> Result<Job, StoreError> {
        let said = (self.store.save(&old).await?, self.store.renew(&old).await?);
        self.findings.expect("control", said == (Control::Run, Control::Run), "it does not run");
        self.store.set_control(&old.correlation, Control::Pause).await?;
        let said = (self.store.save(&old).await?, self.store.renew(&old).await?);
        let paused = said == (Control::Pause, Control::Pause);
        self.findings.expect("control", paused, "a worker does not hear of the pause");

        let over = self.now + TimeDelta::minutes(96);
        loop {
            match self.store.claim(over, LEASE).await? {
                None => break,
                Some(job) if job.correlation == old.correlation => {
                    self.findings.found("control", "a paused job is given");
                    return Ok(job);
                }
                Some(_) => {}
            }
        }
        self.store.set_control(&old.correlation, Control::Run).await?;
        let Some(new) = self.store.claim(over, LEASE).await? else {
            self.findings.found("claim", "a job whose lease is over is not given again");
            return Ok(old);
        };
        let same = new.correlation == old.correlation && new.claim == old.claim + 1;
        self.findings.expect("claim", same, "the job that is given again is not counted on");
        let lost = matches!(self.store.save(&old).await, Err(StoreError::Lost))
            && matches!(self.store.renew(&old).await, Err(StoreError::Lost));
        self.findings.expect("lost", lost, "a worker taken for dead can save");
        let stored = self.store.job(&new.correlation).await?;
        self.findings.expect("lost", stored.as_ref() == Some(&new), "it changed the job");
        Ok(new)
    }

    async fn journal(&mut self, ann: &Job, bea: &Job) -> Result<(), StoreError> {
        let entry = |job: &Job, meeting: &str, n: i64| Entry {
            correlation: job.correlation.clone(),
            meeting: meeting.into(),
            at: self.now + TimeDelta::seconds(n),
            event: Event::Done { version: Version::from(n.to_string()), answered: n % 2 == 0 },
        };
        let meetings = ["m1", "m2", "m1", "m3", "m1"];
        let own: Vec<Entry> = (0..).zip(meetings).map(|(n, id)| entry(ann, id, n)).collect();
        for line in &own {
            self.store.append(line).await?;
            self.store.append(&entry(bea, "m1", 9)).await?;
        }
        let found = self.journal_of(&ann.correlation).await?;
        self.findings.expect("journal", found == own, "the pages do not give what was added");
        let meeting = MeetingId::from("m1");
        let found = self.store.journal_of(&ann.correlation, &meeting).await?;
        let meant: Vec<_> = own.into_iter().filter(|entry| entry.meeting == meeting).collect();
        self.findings.expect("journal", found == meant, "a meeting's own lines are others");
        Ok(())
    }

    async fn journal_of(&mut self, job: &CorrelationId) -> Result<Vec<Entry>, StoreError> {
        let (mut found, mut page): (Vec<Entry>, Option<PageToken>) = (Vec::new(), None);
        for _ in 0..100 {
            let answer = self.store.journal(job, page.as_ref()).await?;
            found.extend(answer.items);
            page = answer.next;
            if page.is_none() {
                return Ok(found);
            }
        }
        self.findings.found("journal", "the pages do not end");
        Ok(found)
    }

    async fn status(&mut self, ann: &Job) -> Result<(), StoreError> {
        let all = self.store.status(&StatusQuery::all()).await?;
        let sorted = all.is_sorted_by_key(|status| status.create_date);
        self.findings.expect("status", all.len() == 3 && sorted, "not all jobs, or not in order");
        let queries = [
            StatusQuery::all().with_user(ann.organizer.clone()),
            StatusQuery::all().with_state(State::InProgress),
            StatusQuery::all().with_start_time(self.now + TimeDelta::seconds(1)),
            StatusQuery::all().with_end_time(self.now),
        ];
        for query in queries {
            let found = self.store.status(&query).await?;
            let meant: Vec<_> =
                all.iter().filter(|status| query.matches(status)).cloned().collect();
            self.findings.expect("status", found == meant, "a query finds others than it matches");
        }
        let counted: u32 = self.store.summary().await?.rows().iter().map(|(_, users)| users).sum();
        self.findings.expect("status", counted == 2, "two users are not counted as two");
        Ok(())
    }

    async fn settings(&mut self) -> Result<(), StoreError> {
        let by = UserId::from("root@contoso.example");
        let off = Tenant { meeting_migration_enabled: false, ..Tenant::default() };
        let history = [
            Settings::new(Tenant::default(), by.clone(), self.now),
            Settings::new(off, by, self.now + TimeDelta::seconds(1)),
        ];
        for settings in &history {
            self.store.set_settings(settings).await?;
        }
        let found = self.store.settings().await?;
        self.findings.expect("settings", found == history, "the history is another");
        Ok(())
    }

    async fn forget(&mut self, mut ann: Job, bea: &Job) -> Result<(), StoreError> {
        ann.state = State::Succeeded;
        ann.due = None;
        ann.modified = self.now + TimeDelta::minutes(100);
        self.store.save(&ann).await?;
        let early = self.store.forget(ann.modified - TimeDelta::seconds(1)).await?;
        self.findings.expect("forget", early == 0, "a job is forgotten too early");
        let summary = self.store.summary().await?;
        self.findings.expect("status", summary != Summary::default(), "nobody is counted");
        let gone = self.store.forget(ann.modified + TimeDelta::seconds(1)).await?;
        let job = self.store.job(&ann.correlation).await?;
        let lines = self.journal_of(&ann.correlation).await?;
        let is_gone = gone == 1 && job.is_none() && lines.is_empty();
        self.findings.expect("forget", is_gone, "a job that ended, or its journal, is kept");
        let kept = self.store.job(&bea.correlation).await?.is_some()
            && !self.journal_of(&bea.correlation).await?.is_empty();
        self.findings.expect("forget", kept, "a job that has not ended is forgotten");
        Ok(())
    }
}
