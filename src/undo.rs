//! Undo: the very bytes that were there before a job.
//!
//! In: the journal of a job that has ended. Out: its meetings as they were, an
//! [`UndoReport`]. Never: a step over somebody's edit. A meeting whose bodies, or whose
//! place where the job changed it, are not those that the job wrote stays as it is and is
//! named. So does one that somebody edited between two writes of the job.
//!
//! Undo walks the journal backwards and writes to it. Interrupted, it is called again and
//! goes on; called twice, it does nothing the second time.

mod history;

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::block::same::same_body;
use crate::body::Body;
use crate::calendar::{Calendar, CalendarError, Edit, Notifies, PartEdit, RecordEdit};
use crate::engine::{self, Migration};
use crate::job::{Control, CorrelationId, Job, State, later};
use crate::journal::{Entry, Event};
use crate::mail::{Mail, MailError, Notice};
use crate::meeting::{Meeting, MeetingId, Part, UserId, Version};
use crate::plan::PartPlan;
use crate::provision::Provision;
use crate::report::Failure;
use crate::service::{Service, ServiceError};
use crate::store::{Store, StoreError};

use self::history::History;

/// What undoing a job came to, in the order in which it was done: the last meeting first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UndoReport {
    /// Whose calendar.
    pub organizer: UserId,
    /// Which job.
    pub correlation: CorrelationId,
    /// Every meeting that the job wrote and that was not undone before.
    pub meetings: Vec<UndoneMeeting>,
    /// When to call again, when the calendar or the mail route ask to come back later.
    pub due: Option<DateTime<Utc>>,
}

/// What undoing one meeting came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UndoneMeeting {
    /// Which meeting.
    pub meeting: MeetingId,
    /// How it ended.
    pub outcome: UndoOutcome,
}

/// How undoing one meeting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UndoOutcome {
    /// The bytes and records from before the job are back.
    Undone,
    /// Somebody, or a later job, has edited it since; it stays as it is.
    EditedSince,
    /// Something went wrong; call again.
    Failed(Failure),
}

impl fmt::Display for UndoOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undone => f.write_str("undone"),
            Self::EditedSince => f.write_str("left alone: it was edited since"),
            Self::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}

/// How undoing one meeting can stop short.
enum Stop {
    Service(ServiceError),
    Later(DateTime<Utc>),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// What the calendar holds of a meeting that a job wrote.
enum Stored {
    /// What the job wrote.
    After,
    /// What was there before.
    Before,
    /// Something else.
    Other,
}

impl<C: Calendar, M: Mail, P: Provision, S: Store> Service<C, M, P, S> {
    /// Gives every meeting that a job wrote its old bodies and records back, unless it was
    /// edited since. Attendees whom the job told are told again. The job gets no further
    /// tries.
    ///
    /// # Errors
    /// [`ServiceError::NotEnded`], or when the store fails.
    pub async fn undo(
        &self,
        correlation: &CorrelationId,
        clock: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<UndoReport, ServiceError> {
        self.ended(correlation).await?;
        self.store.set_control(correlation, Control::Cancel).await?;
        let job = self.ended(correlation).await?;
        let mut report = UndoReport {
            organizer: job.organizer.clone(),
            correlation: correlation.clone(),
            meetings: Vec::new(),
            due: None,
        };
        for meeting in self.written(correlation).await?.into_iter().rev() {
            match self.undo_meeting(&job, &meeting, clock()).await {
                Ok(Some(outcome)) => report.meetings.push(UndoneMeeting { meeting, outcome }),
                Ok(None) => {}
                Err(Stop::Service(error)) => return Err(error),
                Err(Stop::Later(due)) => {
                    report.due = Some(due);
                    break;
                }
            }
        }
        Ok(report)
    }

    async fn ended(&self, correlation: &CorrelationId) -> Result<Job, ServiceError> {
        let job = self.store.job(correlation).await?.ok_or(StoreError::NotFound)?;
        match job.state {
            State::Failed | State::Succeeded => Ok(job),
            State::Pending | State::InProgress => Err(ServiceError::NotEnded),
        }
    }

    /// The meetings with an intent that was not undone, in the order of the journal.
    async fn written(&self, correlation: &CorrelationId) -> Result<Vec<MeetingId>, ServiceError> {
        let mut written: Vec<MeetingId> = Vec::new();
        let mut page = None;
        loop {
            let entries = self.store.journal(correlation, page.as_ref()).await?;
            for entry in entries.items {
                match entry.event {
                    Event::Intent(_) if !written.contains(&entry.meeting) => {
                        written.push(entry.meeting);
                    }
                    Event::Undone { .. } => written.retain(|id| *id != entry.meeting),
                    Event::Intent(_)
                    | Event::Done { .. }
                    | Event::Sent { .. }
                    | Event::Told { .. } => {}
                }
            }
            page = entries.next;
            if page.is_none() {
                return Ok(written);
            }
        }
    }

    async fn undo_meeting(
        &self,
        job: &Job,
        meeting: &MeetingId,
        now: DateTime<Utc>,
    ) -> Result<Option<UndoOutcome>, Stop> {
        let entries = self.store.journal_of(&job.correlation, meeting).await?;
        let Some(history) = History::of(&entries) else { return Ok(None) };
        let (mut stored, version) = match self.put_back(job, &history, now).await? {
            Ok(Some(back)) => back,
            Ok(None) => return Ok(None),
            Err(outcome) => return Ok(Some(outcome)),
        };
        stored.version = version.clone();
        let told = history.may_be_told(failure(job, meeting));
        if told && self.calendar.notifies() == Notifies::Nobody {
            let parts = history.written_parts().map(|p| p.part.clone()).collect();
            match self.tell(job, &stored, parts, history.entries, now).await? {
                Ok(()) => {}
                Err(MailError::Throttled { retry_after }) => return Err(wait(now, retry_after)),
                Err(MailError::Refused) => {
                    return Ok(Some(UndoOutcome::Failed(Failure::MailRefused)));
                }
                Err(MailError::Other(_)) => {
                    return Ok(Some(UndoOutcome::Failed(Failure::MailFailed)));
                }
            }
        }
        let event = Event::Undone { version };
        let (correlation, meeting) = (job.correlation.clone(), meeting.clone());
        self.store.append(&Entry { correlation, meeting, at: now, event }).await?;
        Ok(Some(UndoOutcome::Undone))
    }

    /// Sends what was not sent before, and notes each notice but the last.
    async fn tell(
        &self,
        job: &Job,
        stored: &Meeting,
        parts: Vec<Part>,
        entries: &[Entry],
        now: DateTime<Utc>,
    ) -> Result<Result<(), MailError>, StoreError> {
        let message = job.correlation.message("undo", &stored.id);
        let declined = self.policy.notify_declined();
        let mut notices = Notice::all(&message, &job.organizer, stored, &parts, declined);
        let is_sent = |notice: &Notice| {
            let sent = |e: &Entry| matches!(&e.event, Event::Sent { message } if *message == notice.message);
            entries.iter().any(sent)
        };
        notices.retain(|notice| !is_sent(notice));
        let last = notices.pop();
        for notice in notices {
            if let Err(error) = self.mail.send(&notice).await {
                return Ok(Err(error));
            }
            let (correlation, meeting) = (job.correlation.clone(), stored.id.clone());
            let event = Event::Sent { message: notice.message };
            self.store.append(&Entry { correlation, meeting, at: now, event }).await?;
        }
        Ok(match last {
            Some(notice) => self.mail.send(&notice).await,
            None => Ok(()),
        })
    }

    /// Writes what was there before, unless it is there. Gives the meeting, and the version
    /// it is at then; `None` when the job never wrote it.
    async fn put_back(
        &self,
        job: &Job,
        history: &History<'_>,
        now: DateTime<Utc>,
    ) -> Result<Result<Option<(Meeting, Version)>, UndoOutcome>, Stop> {
        if history.edited_between {
            return Ok(Err(UndoOutcome::EditedSince));
        }
        let was_written = history.was_written();
        for _ in 0..=Migration::MAX_CONFLICTS {
            let stored = match self.calendar.read(&job.organizer, &history.plan.meeting).await {
                Ok(stored) => stored,
                Err(CalendarError::Throttled { retry_after }) => {
                    return Err(wait(now, retry_after));
                }
                Err(error) => return Ok(Err(UndoOutcome::Failed(Failure::of(&error)))),
            };
            match compare(&stored, history) {
                Stored::Before if was_written => {
                    let version = stored.version.clone();
                    return Ok(Ok(Some((stored, version))));
                }
                Stored::Before => return Ok(Ok(None)),
                Stored::Other => return Ok(Err(UndoOutcome::EditedSince)),
                Stored::After => {}
            }
            match self.calendar.update(&job.organizer, &undoing(history, &stored)).await {
                Ok(version) => return Ok(Ok(Some((stored, version)))),
                Err(CalendarError::Changed) => {}
                Err(CalendarError::Throttled { retry_after }) => {
                    return Err(wait(now, retry_after));
                }
                Err(error) => return Ok(Err(UndoOutcome::Failed(Failure::of(&error)))),
            }
        }
        Ok(Err(UndoOutcome::Failed(Failure::Conflict)))
    }
}

fn wait(now: DateTime<Utc>, retry_after: Option<TimeDelta>) -> Stop {
    Stop::Later(later(now, retry_after.unwrap_or(TimeDelta::minutes(1))))
}

/// Why a meeting failed in a job, when it did.
fn failure(job: &Job, meeting: &MeetingId) -> Option<Failure> {
    let report = job.migration.as_ref()?.report();
    report.meetings.iter().find(|report| report.meeting == *meeting)?.failure()
}

/// What there was before the job.
fn undoing(history: &History<'_>, stored: &Meeting) -> Edit {
    let plan = &history.plan;
    let parts = history.written_parts().map(|p| PartEdit {
        part: p.part.clone(),
        bodies: p.bodies.iter().map(|b| b.before.clone()).collect(),
        record: p.record_before.clone(),
        location: p.location.as_ref().map(|place| place.before.clone()),
    });
    let has = |part: &PartPlan| {
        let mut items = stored.parts().filter(|(known, _)| *known == part.part);
        items.any(|(_, item)| item.record == part.record_kept)
    };
    let records = plan.parts.iter().filter(|part| part.record_kept.is_some() && has(part));
    let records =
        records.map(|part| RecordEdit::new(part.part.clone(), part.record_before.clone()));
    Edit::new(plan.meeting.clone(), stored.version.clone(), parts.collect::<Vec<_>>())
        .with_records(records.collect::<Vec<_>>())
}

fn compare(stored: &Meeting, history: &History<'_>) -> Stored {
    let item =
        |part: &PartPlan| stored.parts().find(|(p, _)| *p == part.part).map(|(_, item)| item);
    // A calendar that keeps no places has the old one still.
    let is_elsewhere = |part: &PartPlan| {
        part.location.as_ref().zip(item(part)).is_some_and(|(place, item)| {
            item.location != place.before && item.location != place.after
        })
    };
    // A calendar that stores bodies in its own spelling is known by the version it gave us, or,
    // where its answer was lost, by the version at which it was found to say the same.
    let seen = |by_answer: bool| {
        history.entries.iter().any(|entry| {
            matches!(&entry.event, Event::Done { version, answered }
                if *version == stored.version && *answered == by_answer)
        })
    };
    // Versions change with each answer of an attendee; then its spelling is known.
    let spelling = engine::spelling(history.written_parts().map(|part| &part.part), stored);
    let is_spelled = spelling.is_some()
        && history.entries.iter().any(|entry| {
            matches!(&entry.event, Event::Told { spelling: known, .. } if *known == spelling)
        });
    let all = |is_like: &dyn Fn(&PartPlan, &[Body]) -> bool| {
        history
            .written_parts()
            .all(|part| item(part).is_some_and(|item| is_like(part, &item.bodies)))
    };
    let is_after = |part: &PartPlan, bodies: &[Body]| part.bodies_after().eq(bodies);
    let is_before =
        |part: &PartPlan, bodies: &[Body]| part.bodies.iter().map(|b| &b.before).eq(bodies);
    let says_after = |part: &PartPlan, bodies: &[Body]| alike(part.bodies_after(), bodies);
    let says_before =
        |part: &PartPlan, bodies: &[Body]| alike(part.bodies.iter().map(|b| &b.before), bodies);
    if seen(true) {
        Stored::After
    } else if history.written_parts().any(is_elsewhere) {
        Stored::Other
    } else if is_spelled || all(&is_after) || seen(false) && all(&says_after) {
        Stored::After
    } else if all(&is_before) || all(&says_before) {
        Stored::Before
    } else {
        Stored::Other
    }
}

fn alike<'b>(one: impl Iterator<Item = &'b Body>, other: &[Body]) -> bool {
    let one: Vec<_> = one.collect();
    one.len() == other.len() && one.into_iter().zip(other).all(|(one, other)| same_body(one, other))
}
