//! Where jobs, journal and settings live, as the caller implements it: one store per
//! tenant.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::{Page, PageToken};
use crate::cause::Cause;
use crate::change::Tenant;
use crate::job::{Control, CorrelationId, Job, State, Status};
use crate::journal::{Entry, Event};
use crate::meeting::{MeetingId, UserId};
use crate::plan::MeetingPlan;
use crate::policy::HoldOnJoin;

/// Queue, journal, history and settings of one tenant, implemented by the caller.
///
/// # Contract
///
/// The store promises:
///
/// - Each method is atomic and durable: `Ok` means that it survives a crash.
/// - [`claim`](Self::claim) never gives a job to two workers, nor two jobs of one
///   organiser at once: a job is given when [`Job::is_due`] and no other job of its
///   organiser is [`State::InProgress`]. The earliest due comes first. It is stored as
///   [`Job::claim`] leaves it.
/// - [`save`](Self::save) and [`renew`](Self::renew) refuse a worker whose claim is not
///   the last one with [`StoreError::Lost`].
/// - The journal is append-only and keeps its order; a page may end anywhere.
///
/// We promise:
///
/// - `save` and `append` for a job come from the worker that claimed it; undo only runs
///   on a job that is [`State::Failed`] or [`State::Succeeded`], a retry only saves one that is
///   [`State::Failed`].
pub trait Store: Send + Sync {
    /// Queues a job, or lets it join the organiser's job that [`Job::is_open_to_join`]
    /// and is not cancelled. A job whose id is known already is the same job: nothing changes.
    fn enqueue(
        &self,
        job: Job,
        hold: HoldOnJoin,
    ) -> impl Future<Output = Result<Enqueued, StoreError>> + Send;

    /// Takes one due job until `now + lease`.
    fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> impl Future<Output = Result<Option<Job>, StoreError>> + Send;

    /// Stores a claimed job, and says what an admin wants of it by now.
    fn save(&self, job: &Job) -> impl Future<Output = Result<Control, StoreError>> + Send;

    /// Keeps a claimed job: stores [`Job::due`] and [`Job::modified`] and nothing else, and
    /// says what an admin wants of it by now. Called after each meeting, so keep it cheap.
    fn renew(&self, job: &Job) -> impl Future<Output = Result<Control, StoreError>> + Send;

    /// One job.
    fn job(
        &self,
        correlation: &CorrelationId,
    ) -> impl Future<Output = Result<Option<Job>, StoreError>> + Send;

    /// Says what an admin wants of a job.
    fn set_control(
        &self,
        correlation: &CorrelationId,
        control: Control,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Adds a line to the journal.
    fn append(&self, entry: &Entry) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The journal of one job, oldest first, page by page.
    fn journal(
        &self,
        correlation: &CorrelationId,
        page: Option<&PageToken>,
    ) -> impl Future<Output = Result<Page<Entry>, StoreError>> + Send;

    /// The journal of one meeting in one job, oldest first.
    fn journal_of(
        &self,
        correlation: &CorrelationId,
        meeting: &MeetingId,
    ) -> impl Future<Output = Result<Vec<Entry>, StoreError>> + Send;

    /// What the last job but `but` that wrote a meeting wrote: its plan, while the journal has
    /// it. None when no job did, when that job was undone and none before it is known, or
    /// when an intent stands without its end, so that nobody knows.
    ///
    /// Written in terms of [`status`](Self::status) and [`journal_of`](Self::journal_of): one
    /// query for the organiser's jobs, and one for each of them until it is found. Asked once
    /// for each meeting that is about to be written; a store that can look it up in one go may
    /// do so.
    fn last_written(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
        but: &CorrelationId,
    ) -> impl Future<Output = Result<Option<MeetingPlan>, StoreError>> + Send {
        async move {
            let jobs = self.status(&StatusQuery::all().with_user(organizer.clone())).await?;
            for job in jobs.iter().rev().filter(|job| job.correlation_id != *but) {
                match written(self.journal_of(&job.correlation_id, meeting).await?) {
                    Written::Nothing => {}
                    Written::Intended(_) => return Ok(None),
                    Written::Plan(plan) => return Ok(Some(*plan)),
                }
            }
            Ok(None)
        }
    }

    /// The status of all jobs that [`StatusQuery::matches`], by creation, oldest first.
    fn status(
        &self,
        query: &StatusQuery,
    ) -> impl Future<Output = Result<Vec<Status>, StoreError>> + Send;

    /// How many **users** are in each state, judged by each user's latest job.
    fn summary(&self) -> impl Future<Output = Result<Summary, StoreError>> + Send;

    /// The history of the tenant's switches, oldest first; the last one holds.
    fn settings(&self) -> impl Future<Output = Result<Vec<Settings>, StoreError>> + Send;

    /// Sets the tenant's switches.
    fn set_settings(
        &self,
        settings: &Settings,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Forgets jobs that ended before `before`, and their journals. Gives their number.
    fn forget(
        &self,
        before: DateTime<Utc>,
    ) -> impl Future<Output = Result<usize, StoreError>> + Send;
}

/// What one job left in a meeting.
enum Written {
    Nothing,
    /// Perhaps this: it was about to be written, and nobody knows.
    Intended(Box<MeetingPlan>),
    Plan(Box<MeetingPlan>),
}

/// What the journal of one meeting in one job says that stands there now.
fn written(entries: Vec<Entry>) -> Written {
    entries.into_iter().fold(Written::Nothing, |known, entry| match (entry.event, known) {
        (Event::Intent(plan), _) => Written::Intended(plan),
        (Event::Done { .. }, Written::Intended(plan)) => Written::Plan(plan),
        (Event::Undone { .. }, _) => Written::Nothing,
        (Event::Done { .. } | Event::Sent { .. } | Event::Told { .. }, known) => known,
    })
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Enqueued {
    /// It is a job of its own.
    Queued(CorrelationId),
    /// It joined a job of the same organiser.
    Joined(CorrelationId),
}

impl Enqueued {
    /// The job that does it.
    #[must_use]
    pub fn correlation(&self) -> &CorrelationId {
        match self {
            Self::Queued(correlation) | Self::Joined(correlation) => correlation,
        }
    }
}

/// The tenant's switches from some moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The switches.
    pub tenant: Tenant,
    /// Who set them.
    pub by: UserId,
    /// From when on.
    pub at: DateTime<Utc>,
}

impl Settings {
    /// Switches, and who set them when.
    #[must_use]
    pub const fn new(tenant: Tenant, by: UserId, at: DateTime<Utc>) -> Self {
        Self { tenant, by, at }
    }
}

/// Which jobs an admin asks about. Without any condition: all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusQuery {
    user: Option<UserId>,
    state: Option<State>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl StatusQuery {
    /// All jobs.
    #[must_use]
    pub const fn all() -> Self {
        Self { user: None, state: None, from: None, to: None }
    }

    /// Only jobs of this user (`UserId`).
    #[must_use]
    pub fn with_user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// Only jobs in this state (`State`).
    #[must_use]
    pub fn with_state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// Only jobs asked for at or after this (`StartTime`).
    #[must_use]
    pub fn with_start_time(mut self, from: DateTime<Utc>) -> Self {
        self.from = Some(from);
        self
    }

    /// Only jobs asked for at or before this (`EndTime`).
    #[must_use]
    pub fn with_end_time(mut self, to: DateTime<Utc>) -> Self {
        self.to = Some(to);
        self
    }

    /// Whose jobs, when of one user.
    #[must_use]
    pub const fn user(&self) -> Option<&UserId> {
        self.user.as_ref()
    }

    /// Whether a status is asked for.
    #[must_use]
    pub fn matches(&self, status: &Status) -> bool {
        self.user.as_ref().is_none_or(|user| *user == status.user_id)
            && self.state.is_none_or(|state| state == status.state)
            && self.from.is_none_or(|from| from <= status.create_date)
            && self.to.is_none_or(|to| status.create_date <= to)
    }
}

/// How many users are in each state (manual, `-SummaryOnly`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Summary {
    /// Users who wait.
    pub pending: u32,
    /// Users who are being migrated.
    pub in_progress: u32,
    /// Users whose last job failed.
    pub failed: u32,
    /// Users whose last job succeeded.
    pub succeeded: u32,
}

impl Summary {
    /// Counts one user.
    pub fn count(&mut self, state: State) {
        *match state {
            State::Pending => &mut self.pending,
            State::InProgress => &mut self.in_progress,
            State::Failed => &mut self.failed,
            State::Succeeded => &mut self.succeeded,
        } += 1;
    }

    /// The rows of the table: state and number of users.
    #[must_use]
    pub const fn rows(&self) -> [(State, u32); 4] {
        [
            (State::Pending, self.pending),
            (State::InProgress, self.in_progress),
            (State::Failed, self.failed),
            (State::Succeeded, self.succeeded),
        ]
    }
}

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another worker has the job by now.
    #[error("another worker has taken the job")]
    Lost,
    /// There is no such job.
    #[error("there is no such job")]
    NotFound,
    /// Anything else.
    #[error("the store failed")]
    Other(#[source] Cause),
}

impl StoreError {
    /// Anything else that went wrong.
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(Cause::new(error))
    }
}
