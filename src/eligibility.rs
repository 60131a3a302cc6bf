//! Which meetings a run touches.
//!
//! In: a [`Meeting`], what the job migrates, the time, the [`Policy`]. Out: a
//! [`Verdict`], and for an eligible meeting [which parts](parts) are rewritten and
//! [what its organiser should know](warnings). Never: a look into a body (that is
//! [`block`](crate::block)), a clock, an error: every meeting gets an answer.
//!
//! The first reason that holds is the answer, in the order of [`SkipReason`]'s variants.
//! What the manual leaves open is decided here:
//!
//! - *Future* is judged when the run happens; what has begun counts as past, and a
//!   series counts as future while one occurrence, unchanged or changed, is to come.
//! - Meetings that a delegate made, private ones, and those of shared and room mailboxes
//!   are migrated like any other: their attendees need the new link just as much.
//! - All-day meetings and floating times are instants by the time they get here; the
//!   calendar resolves them in the organiser's zone.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::meeting::{Item, Meeting, Part, Response, Schedule, Series, Slot, Status};
use crate::policy::{AddInEvidence, Policy};
use crate::provider::Provider;
use crate::trigger::MigrationKind;

/// What eligibility answers for a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "kebab-case")]
pub enum Verdict {
    /// It is to be migrated.
    Migrate,
    /// It stays as it is.
    Skip(SkipReason),
}

/// Why a meeting, or a part of it, stays as it is. The order of the variants is the
/// order in which reasons are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SkipReason {
    /// It was cancelled.
    Cancelled,
    /// The user of the calendar is not its organiser.
    NotOrganizer,
    /// The organiser declined it, so that nobody vouches for the new invitation.
    DeclinedByOrganizer,
    /// It has begun and is not over.
    InProgress,
    /// It is over.
    AlreadyOver,
    /// Nothing beside the body proves that it was made with the add-in.
    NoRecord,
    /// It belongs to a product that the job does not migrate.
    OtherProvider,
    /// More people are invited than [`Policy::attendee_limit`] allows.
    TooManyAttendees,
    /// It starts within [`Policy::quiet_window`].
    StartsSoon,
}

/// What the organiser or an admin should know about a meeting that was, or would be,
/// rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Warning {
    /// Content of the old online meeting (whiteboards, polls) does not follow.
    ContentNotRetained,
    /// The link to shared notes in the block is gone; the notes are where they were.
    SharedNotesLinkReplaced,
    /// Somebody had edited the block; the edit is kept in the journal.
    BlockEdited,
    /// So many recipients never answered: they see the update as a new invitation.
    UnansweredWillSeeUpdate(usize),
    /// It starts within 15 minutes: mail systems show any update to everybody.
    StartsWithin15Minutes,
}
