//! Every number and switch in one place, with its source.
//!
//! Sources: "manual" is Microsoft's page *Setting up the Meeting Migration Service* as
//! of October 2018; "2019+" are its later versions.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::block::Limits;

/// What counts as proof that a meeting was made with the add-in or the web button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AddInEvidence {
    /// The record beside the body.
    #[default]
    Record,
    /// The record, or marks in the body that the add-in alone writes. An `.ics` saved
    /// from Outlook has no record at all, so for such files this is the one to take.
    /// Retyped or pasted wording never counts.
    RecordOrMarks,
}

/// The numbers and switches of a run.
///
/// ```
/// use meeting_migration::Policy;
///
/// let policy = Policy::seed_2018().with_attendee_limit(500);
/// assert_eq!(policy.attendee_limit(), 500);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    attendee_limit: usize,
    evidence: AddInEvidence,
    hold: TimeDeltaSeconds,
    max_attempts: u32,
    retry_window: TimeDeltaSeconds,
    quiet_window: TimeDeltaSeconds,
    retention: TimeDeltaSeconds,
    notify_declined: bool,
    limits: Limits,
}

type TimeDeltaSeconds = i64;

impl Policy {
    /// The manual of 2018, and for what it leaves open the first later version that
    /// says it.
    #[must_use]
    pub const fn seed_2018() -> Self {
        Self {
            attendee_limit: 250,
            evidence: AddInEvidence::Record,
            hold: 90 * 60,
            max_attempts: 10,
            retry_window: 24 * 3600,
            quiet_window: 0,
            retention: 150 * 86_400,
            notify_declined: true,
            limits: Limits::new(),
        }
    }

    /// The largest meeting that is migrated, the organiser counted. Default 250
    /// (manual, "Limitations").
    #[must_use]
    pub const fn attendee_limit(&self) -> usize {
        self.attendee_limit
    }

    /// Replaces the attendee limit.
    #[must_use]
    pub const fn with_attendee_limit(mut self, limit: usize) -> Self {
        self.attendee_limit = limit;
        self
    }

    /// What proves that a meeting was made with the add-in. Default
    /// [`AddInEvidence::Record`] (manual, "Limitations").
    #[must_use]
    pub const fn evidence(&self) -> AddInEvidence {
        self.evidence
    }

    /// Replaces what counts as proof.
    #[must_use]
    pub const fn with_evidence(mut self, evidence: AddInEvidence) -> Self {
        self.evidence = evidence;
        self
    }

    /// How long a job waits before its meetings are touched, so that a second change
    /// can join it. Default 90 minutes (2019+).
    #[must_use]
    pub const fn hold(&self) -> TimeDelta {
        TimeDelta::seconds(self.hold)
    }

    /// Replaces the hold; what is below a second is dropped.
    #[must_use]
    pub const fn with_hold(mut self, hold: TimeDelta) -> Self {
        self.hold = hold.num_seconds();
        self
    }

    /// How often a job is tried in all. Default 10: one and nine more (2019+).
    #[must_use]
    pub const fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Replaces the number of tries.
    #[must_use]
    pub const fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The time over which the tries are spread. Default 24 hours (2019+).
    #[must_use]
    pub const fn retry_window(&self) -> TimeDelta {
        TimeDelta::seconds(self.retry_window)
    }

    /// Meetings that start within this time from now are left alone. Default zero: the
    /// manual knows no such window.
    #[must_use]
    pub const fn quiet_window(&self) -> TimeDelta {
        TimeDelta::seconds(self.quiet_window)
    }

    /// Replaces the quiet window; what is below a second is dropped.
    #[must_use]
    pub const fn with_quiet_window(mut self, window: TimeDelta) -> Self {
        self.quiet_window = window.num_seconds();
        self
    }

    /// How long finished jobs stay in the history. Default 150 days (2019+).
    #[must_use]
    pub const fn retention(&self) -> TimeDelta {
        TimeDelta::seconds(self.retention)
    }

    /// Whether attendees who declined are told as well. Default `true` (manual, "What
    /// happens when MMS updates meetings?": "all meeting recipients").
    #[must_use]
    pub const fn notify_declined(&self) -> bool {
        self.notify_declined
    }

    /// Replaces whether attendees who declined are told.
    #[must_use]
    pub const fn with_notify_declined(mut self, told: bool) -> Self {
        self.notify_declined = told;
        self
    }

    /// Bounds on a body.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl Default for Policy {
    /// [`Policy::seed_2018`].
    fn default() -> Self {
        Self::seed_2018()
    }
}
