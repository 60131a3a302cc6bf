//! What was done to each meeting of a job, with what is needed to finish it after a crash
//! and to undo it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::job::CorrelationId;
use crate::mail::MessageId;
use crate::meeting::{MeetingId, Version};
use crate::plan::MeetingPlan;
use crate::private::Private;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Which job.
    pub correlation: CorrelationId,
    /// Which meeting.
    pub meeting: MeetingId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub event: Event,
}

impl Entry {
    /// A line about a meeting of a job.
    pub fn new(
        correlation: CorrelationId,
        meeting: impl Into<MeetingId>,
        at: DateTime<Utc>,
        event: Event,
    ) -> Self {
        Self { correlation, meeting: meeting.into(), at, event }
    }
}

/// What happened to a meeting. In the order of a run: intent, done, sent, told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// This is about to be written: every body and record before and after. Nobody knows
    /// whether it was until `Done` follows.
    Intent(Box<MeetingPlan>),
    /// It was written.
    Done {
        /// The state that the calendar holds since.
        version: Version,
        /// Whether that was the calendar's answer to the write. If not, the answer was
        /// lost and what was to be written was found stored.
        answered: bool,
    },
    /// One notice of several went out, not the last.
    Sent {
        /// Which.
        message: MessageId,
    },
    /// The attendees were told, or need not be.
    Told {
        /// The notice, or what the ids of several begin with; none when the calendar tells
        /// the attendees, or nobody is invited.
        message: Option<MessageId>,
        /// A digest of the written bodies as the calendar has stored them, where that is not
        /// as they were written: undo knows by it that nobody edited them since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spelling: Option<Private>,
    },
    /// What was there before is there again.
    Undone {
        /// The state that the calendar holds since.
        version: Version,
    },
}
