//! What became of a job, meeting by meeting, each with its reason. No bodies; of a block
//! that somebody had edited, the edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::block::Refusal;
use crate::calendar::CalendarError;
use crate::eligibility::{SkipReason, Verdict, Warning};
use crate::job::CorrelationId;
use crate::mail::MessageId;
use crate::meeting::{MeetingId, Part, UserId};
use crate::plan::{BlockEdit, BodyOutcome, MeetingPlan};
use crate::private::Private;

/// The outcome of a job so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// Whose calendar.
    pub organizer: UserId,
    /// Which job.
    pub correlation: CorrelationId,
    /// Every meeting that was looked at, in the order of their ids.
    pub meetings: Vec<MeetingReport>,
    /// Why not all meetings were looked at, when that is so.
    pub failure: Option<Failure>,
}

impl Report {
    /// Whether nothing is left that a person or another try has to see to.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failure.is_none() && self.meetings.iter().all(|m| m.failure().is_none())
    }

    /// Whether another try could do better.
    #[must_use]
    pub fn is_worth_a_retry(&self) -> bool {
        let meetings = self.meetings.iter().filter_map(MeetingReport::failure);
        self.failure.into_iter().chain(meetings).any(Failure::is_transient)
    }

    /// The meetings counted by outcome.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(&self.meetings)
    }

    /// What went wrong, in one line without anything private; empty when nothing did.
    #[must_use]
    pub fn last_message(&self) -> String {
        let failed: Vec<_> =
            self.meetings.iter().filter_map(|m| Some((&m.meeting, m.failure()?))).collect();
        match (self.failure, failed.as_slice()) {
            (Some(why), _) => format!("the calendar could not be listed: {why}"),
            (None, []) => String::new(),
            (None, [(meeting, why)]) => format!("meeting {meeting}: {why}"),
            (None, [(meeting, why), rest @ ..]) => {
                format!("meeting {meeting}: {why}; {} more failed", rest.len())
            }
        }
    }
}

/// How many meetings ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// They show the new details now, or none where there are none any more.
    pub succeeded: u32,
    /// Something went wrong.
    pub failed: u32,
    /// Nothing was to be done: skipped by a rule, without a block of their own, or gone.
    pub left: u32,
    /// Invitations that were written anew, wholly or in part.
    pub updated: u32,
}

impl Counts {
    pub(crate) fn of<'r>(reports: impl IntoIterator<Item = &'r MeetingReport>) -> Self {
        let mut counts = Self::default();
        for report in reports {
            match report.outcome {
                Outcome::Migrated | Outcome::Removed | Outcome::Unchanged => counts.succeeded += 1,
                Outcome::Failed(_) => counts.failed += 1,
                Outcome::LeftAlone | Outcome::Gone | Outcome::Skipped(_) => counts.left += 1,
            }
            counts.updated += u32::from(report.parts.iter().any(|part| part.written));
        }
        counts
    }
}

/// The outcome of one meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MeetingReport {
    /// Which meeting.
    pub meeting: MeetingId,
    /// Its subject.
    pub subject: Private,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found in each body of each part.
    pub parts: Vec<PartReport>,
    /// What an admin should know.
    pub warnings: Vec<Warning>,
    /// What somebody had changed in the old blocks since an earlier job wrote them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<BlockEdit>,
    /// The notice that went out, when one did, or what the ids of several begin with.
    pub message: Option<MessageId>,
}

impl MeetingReport {
    /// What went wrong, if anything.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match self.outcome {
            Outcome::Failed(why) => Some(why),
            Outcome::Migrated
            | Outcome::Removed
            | Outcome::Unchanged
            | Outcome::LeftAlone
            | Outcome::Gone
            | Outcome::Skipped(_) => None,
        }
    }

    /// A meeting about which nothing is known but how it ended.
    pub(crate) fn ended(meeting: MeetingId, outcome: Outcome) -> Self {
        Self {
            meeting,
            subject: Private::default(),
            outcome,
            parts: Vec::new(),
            warnings: Vec::new(),
            edits: Vec::new(),
            message: None,
        }
    }

    /// What the plan comes to once all it wants to write is written.
    pub(crate) fn of(plan: &MeetingPlan) -> Self {
        Self {
            meeting: plan.meeting.clone(),
            subject: plan.subject.clone(),
            outcome: plan.outcome(),
            parts: plan
                .parts
                .iter()
                .map(|p| PartReport {
                    part: p.part.clone(),
                    verdict: p.verdict,
                    written: p.is_written(),
                    relocated: p.location.is_some(),
                    bodies: p.bodies.iter().map(|b| b.outcome.clone()).collect(),
                })
                .collect(),
            warnings: plan.warnings.clone(),
            edits: plan.edits.clone(),
            message: None,
        }
    }
}

/// What was found in one part of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PartReport {
    /// The event, the series, or one changed occurrence.
    pub part: Part,
    /// Whether it was to be touched.
    pub verdict: Verdict,
    /// Whether new bodies were to be stored.
    pub written: bool,
    /// Whether a new place was to be stored with them.
    #[serde(default)]
    pub relocated: bool,
    /// What was found in each body, in the calendar's order.
    pub bodies: Vec<BodyOutcome>,
}

/// How one meeting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// New details were written, and the attendees told.
    Migrated,
    /// Its block was taken out, and the attendees told: it is online no more.
    Removed,
    /// It shows the new details already.
    Unchanged,
    /// It has no block of its own: none at all, quoted, or another meeting's.
    LeftAlone,
    /// It was deleted while the job ran, before it was written.
    Gone,
    /// A rule leaves it out.
    Skipped(SkipReason),
    /// Something went wrong; parts of it may have been written (see
    /// [`PartReport::written`]).
    Failed(Failure),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Migrated => f.write_str("migrated"),
            Self::Removed => f.write_str("its details taken out: it is online no more"),
            Self::Unchanged => f.write_str("already up to date"),
            Self::LeftAlone => f.write_str("left alone: no block of its own"),
            Self::Gone => f.write_str("left alone: it was deleted meanwhile"),
            Self::Skipped(why) => write!(f, "skipped: {why}"),
            Self::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}

/// Why a meeting, or a whole listing, failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Failure {
    /// It was written by somebody else each time we were about to.
    #[error("it kept being changed while it was updated")]
    Conflict,
    /// It is gone.
    #[error("the calendar no longer has it")]
    Vanished,
    /// The calendar does not let us.
    #[error("the calendar denies access")]
    CalendarDenied,
    /// The calendar failed.
    #[error("the calendar failed")]
    CalendarFailed,
    /// The calendar took the new bodies and does not have them.
    #[error("the calendar did not keep the new block")]
    NotKept,
    /// The organiser cannot have the new kind of meeting.
    #[error("the organiser cannot have such a meeting")]
    ProvisionDenied,
    /// No coordinates came.
    #[error("no new meeting details could be had")]
    ProvisionFailed,
    /// Coordinates came, of another product than the meeting is to become.
    #[error("the new meeting details are those of another product")]
    OtherProduct,
    /// It was written, and the attendees were not told.
    #[error("the attendees could not be told: the mail route refuses the notice")]
    MailRefused,
    /// It was written, and the attendees are not told yet.
    #[error("the attendees could not be told: the mail route failed")]
    MailFailed,
    /// A body has several blocks that could be meant.
    #[error("a body has several blocks that could be the meeting's own")]
    Ambiguous,
    /// A body's block cannot be replaced.
    #[error("{0}")]
    Refused(Refusal),
}

impl Failure {
    pub(crate) fn of(error: &CalendarError) -> Self {
        match error {
            CalendarError::Changed => Self::Conflict,
            CalendarError::NotFound => Self::Vanished,
            CalendarError::Denied => Self::CalendarDenied,
            CalendarError::Throttled { .. } | CalendarError::Other(_) => Self::CalendarFailed,
        }
    }

    /// Whether the same job may succeed later, unchanged.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Conflict | Self::CalendarFailed | Self::ProvisionFailed | Self::MailFailed
        )
    }
}
