//! One organiser's request in the queue: its state, its tries, and the status that an
//! admin reads.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::change::{ChangeKind, Tenant};
use crate::digest::Digest;
use crate::engine::Migration;
use crate::mail::MessageId;
use crate::meeting::{MeetingId, UserId};
use crate::policy::{HoldOnJoin, Policy, StartByHand};
use crate::report::{Counts, Report};
use crate::trigger::MigrationKind;

/// Names one job; the key to its journal. Written like a GUID.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CorrelationId(String);

impl CorrelationId {
    /// The id of the job that `organizer` gets for `change` at `now`: the same request
    /// seen twice is the same job.
    fn derive(
        organizer: &UserId,
        kind: MigrationKind,
        change: ChangeKind,
        now: DateTime<Utc>,
    ) -> Self {
        let digest = Digest::new()
            .with(organizer.as_str().as_bytes())
            .with(kind.to_string().as_bytes())
            .with(change.key().as_bytes())
            .with(now.to_rfc3339().as_bytes())
            .value();
        let hex = format!("{digest:032x}");
        let (a, rest) = hex.split_at(8);
        let (b, rest) = rest.split_at(4);
        let (c, rest) = rest.split_at(4);
        let (d, e) = rest.split_at(4);
        Self(format!("{a}-{b}-{c}-{d}-{e}"))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The message id of this job's notice about `meeting`; others about parts of it begin
    /// with it.
    pub(crate) fn message(&self, purpose: &str, meeting: &MeetingId) -> MessageId {
        let digest = Digest::new().with(meeting.as_str().as_bytes()).value();
        MessageId::from(format!("{purpose}-{}-{digest:032x}", self.0))
    }
}

impl<S: Into<String>> From<S> for CorrelationId {
    fn from(id: S) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a job stands (manual, "How do I check the status of meeting migrations?").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum State {
    /// Queued, not begun.
    Pending,
    /// Begun.
    InProgress,
    /// Ended, and something went wrong. It may be tried again by itself.
    Failed,
    /// Ended, and every meeting that was to be updated is.
    Succeeded,
}

impl State {
    /// All states, in the order in which a summary lists them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::InProgress, Self::Failed, Self::Succeeded];
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pending => "Pending",
            Self::InProgress => "InProgress",
            Self::Failed => "Failed",
            Self::Succeeded => "Succeeded",
        })
    }
}

/// What an admin wants of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    /// Go on.
    #[default]
    Run,
    /// Stop after the meeting at hand, until told to go on.
    Pause,
    /// Stop after the meeting at hand, for good. What was written stays.
    Cancel,
}

/// One organiser's request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Job {
    /// Its name.
    pub correlation: CorrelationId,
    /// Whose meetings it updates.
    pub organizer: UserId,
    /// From which product to which.
    pub kind: MigrationKind,
    /// What called for it.
    pub changes: BTreeSet<ChangeKind>,
    /// Where it stands.
    pub state: State,
    /// When it was asked for.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub modified: DateTime<Utc>,
    /// When a worker may take it: after the hold, after a wait, for the next try, or when
    /// the worker that has it is taken for dead. `None` when nothing more is to be done.
    pub due: Option<DateTime<Utc>>,
    /// Whether it waits until then and no worker has it, so that it can be cancelled sooner.
    #[serde(default)]
    pub resting: bool,
    /// How often in a row it was taken from a worker that had given no sign of life.
    #[serde(default)]
    pub reclaims: u32,
    /// How often it was begun.
    pub attempts: u32,
    /// Counts claims: a worker that was taken for dead cannot save any more.
    pub claim: u64,
    /// What went wrong last.
    pub last_message: String,
    /// How far it is.
    pub migration: Option<Migration>,
}

impl Job {
    /// A job that waits out its hold from `now` on.
    #[must_use]
    pub fn new(
        organizer: UserId,
        kind: MigrationKind,
        change: ChangeKind,
        now: DateTime<Utc>,
        hold: TimeDelta,
    ) -> Self {
        Self {
            correlation: CorrelationId::derive(&organizer, kind, change, now),
            organizer,
            kind,
            changes: BTreeSet::from([change]),
            state: State::Pending,
            created: now,
            modified: now,
            due: Some(later(now, hold)),
            resting: false,
            reclaims: 0,
            attempts: 0,
            claim: 0,
            last_message: String::new(),
            migration: None,
        }
    }

    /// Whether a second request of the same organiser can join this one: it has not begun.
    #[must_use]
    pub fn is_open_to_join(&self) -> bool {
        self.state == State::Pending
    }

    /// Takes a second request of the same organiser in: what either would update is
    /// updated, once.
    pub fn join(&mut self, other: &Self, hold: HoldOnJoin) {
        self.kind = self.kind.union(other.kind);
        self.changes.extend(&other.changes);
        self.modified = self.modified.max(other.modified);
        if hold == HoldOnJoin::Restarts {
            self.due = self.due.max(other.due);
        }
    }

    /// Whether the tenant's switches keep it from beginning: each change that called for
    /// it is switched off by now.
    #[must_use]
    pub fn is_switched_off(&self, tenant: &Tenant, policy: &Policy) -> bool {
        self.changes.iter().all(|change| match change {
            ChangeKind::ManualStart if policy.start_by_hand() == StartByHand::PassesSwitch => false,
            change if change.is_audio() => {
                !(tenant.meeting_migration_enabled && tenant.automatically_migrate_user_meetings)
            }
            _ => !tenant.meeting_migration_enabled,
        })
    }

    /// Whether a worker may take it at `now`, given what an admin wants of it: when it is
    /// due and not paused. One that is cancelled while no worker has it is due at once, so
    /// that a worker can end it.
    #[must_use]
    pub fn is_due(&self, control: Control, now: DateTime<Utc>) -> bool {
        let due = self.due.is_some_and(|due| due <= now);
        match control {
            Control::Run => due,
            Control::Pause => false,
            Control::Cancel => {
                due || (self.due.is_some() && (self.state != State::InProgress || self.resting))
            }
        }
    }

    /// Hands it to a worker that will save it again before `lease` is over.
    pub fn claim(&mut self, now: DateTime<Utc>, lease: TimeDelta) {
        let begins = self.state != State::InProgress;
        if let Some(migration) = &mut self.migration {
            match begins {
                true => migration.try_again(),
                false => migration.resume(),
            }
        }
        self.attempts += u32::from(begins);
        self.reclaims = if begins || self.resting { 0 } else { self.reclaims + 1 };
        self.resting = false;
        self.state = State::InProgress;
        self.claim += 1;
        self.touch(now, lease);
    }

    /// Keeps it for another `lease`.
    pub(crate) fn touch(&mut self, now: DateTime<Utc>, lease: TimeDelta) {
        self.modified = now;
        self.due = Some(later(now, lease));
    }

    /// Lets it rest until `until`.
    pub(crate) fn wait(&mut self, now: DateTime<Utc>, until: DateTime<Utc>) {
        self.modified = now;
        self.due = Some(until);
        self.resting = true;
    }

    /// Lets it rest until `until`, cancelled as it is.
    pub(crate) fn wait_cancelled(&mut self, now: DateTime<Utc>, until: DateTime<Utc>) {
        self.wait(now, until);
        self.resting = false;
        self.reclaims = 0;
    }

    /// Makes a job that failed due at once, for another try of all that failed.
    pub(crate) fn retry(&mut self, now: DateTime<Utc>) {
        if let Some(migration) = &mut self.migration {
            migration.try_all_again();
        }
        self.modified = now;
        self.due = Some(now);
    }

    /// Ends a try: succeeded, or failed and due again, or failed for good.
    pub(crate) fn end(&mut self, report: &Report, now: DateTime<Utc>, policy: &Policy) {
        self.modified = now;
        self.last_message = report.last_message();
        self.due = None;
        self.state = if report.is_success() { State::Succeeded } else { State::Failed };
        if self.state == State::Failed
            && report.is_worth_a_retry()
            && self.attempts < policy.max_attempts()
        {
            let retries = i32::try_from(policy.max_attempts() - 1).unwrap_or(i32::MAX);
            self.due = Some(later(now, policy.retry_window() / retries.max(1)));
        }
    }

    /// Ends it because somebody said so.
    pub(crate) fn cancel(&mut self, now: DateTime<Utc>, why: &str) {
        self.modified = now;
        self.due = None;
        self.state = State::Failed;
        why.clone_into(&mut self.last_message);
    }

    /// Puts it back into the queue as if it had not been claimed.
    pub(crate) fn put_back(&mut self, now: DateTime<Utc>, delay: TimeDelta) {
        self.state = State::Pending;
        self.attempts = self.attempts.saturating_sub(1);
        self.touch(now, delay);
    }

    /// What an admin reads.
    #[must_use]
    pub fn status(&self) -> Status {
        let Counts { succeeded, failed, updated, .. } =
            self.migration.as_ref().map(Migration::counts).unwrap_or_default();
        Status {
            user_id: self.organizer.clone(),
            state: self.state,
            migration_type: self.kind,
            total_meeting: self.migration.as_ref().map_or(0, Migration::total),
            succeeded_meeting: succeeded,
            failed_meeting: failed,
            invites_update: updated,
            retry_count: self.attempts.saturating_sub(1),
            create_date: self.created,
            modified_date: self.modified,
            last_message: self.last_message.clone(),
            correlation_id: self.correlation.clone(),
        }
    }
}

/// `now + delta`, for any delta: kept between `now` and a year from it.
pub(crate) fn later(now: DateTime<Utc>, delta: TimeDelta) -> DateTime<Utc> {
    let delta = delta.clamp(TimeDelta::zero(), TimeDelta::days(366));
    now.checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The status of one job, with the names that an admin knows.
///
/// ```
/// # use meeting_migration::job::Status;
/// fn worst_first(mut all: Vec<Status>) -> Vec<Status> {
///     all.sort_by_key(|status| std::cmp::Reverse(status.failed_meeting));
///     all
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Status {
    /// Whose meetings.
    pub user_id: UserId,
    /// Where the job stands.
    pub state: State,
    /// From which product to which.
    pub migration_type: MigrationKind,
    /// Meetings that are to be updated, as far as they are known yet.
    pub total_meeting: u32,
    /// Those that show the new details.
    pub succeeded_meeting: u32,
    /// Those that failed.
    pub failed_meeting: u32,
    /// Invitations that were written anew.
    pub invites_update: u32,
    /// Tries after the first.
    pub retry_count: u32,
    /// When the job was asked for.
    pub create_date: DateTime<Utc>,
    /// When it last changed.
    pub modified_date: DateTime<Utc>,
    /// What went wrong last; empty when nothing did.
    pub last_message: String,
    /// The job's name, and the key to its history.
    pub correlation_id: CorrelationId,
}
