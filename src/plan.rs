//! What a run would do, as a value: nothing is written yet.
//!
//! In: a meeting, its verdict, its new coordinates. Out: a [`MeetingPlan`] with every body
//! before and after, and from it the [`Edit`] to write, if there is one. Never: IO.
//!
//! One entry says one thing: when one body of an entry cannot be decided, none of its
//! bodies is written, so that HTML and text never disagree because of us. Other entries of
//! the meeting are written.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::block::{self, Absence, Block, Foreignness, Options, Refusal, Rewrite};
use crate::body::Body;
use crate::calendar::{Edit, PartEdit};
use crate::coordinates::Coordinates;
use crate::eligibility::{self, Seen, Verdict, Warning};
use crate::job::CorrelationId;
use crate::meeting::{Meeting, MeetingId, Part, Record, UserId, Version};
use crate::policy::Policy;
use crate::private::Private;
use crate::report::{Failure, MeetingReport, Outcome, Report};
use crate::trigger::MigrationKind;

/// What a job would do to one organiser's calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobPlan {
    /// Whose calendar.
    pub organizer: UserId,
    /// From which product to which.
    pub kind: MigrationKind,
    /// Every meeting that is not over, in the order of their ids.
    pub meetings: Vec<MeetingPlan>,
    /// Why the list ends early, when it does.
    pub failure: Option<Failure>,
}

impl JobPlan {
    /// Whether running it would write nothing.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.meetings.iter().all(|m| m.edit().is_none())
    }

    /// The report that a job would give if all that is planned were written.
    #[must_use]
    pub fn report(&self, correlation: CorrelationId) -> Report {
        Report {
            organizer: self.organizer.clone(),
            correlation,
            meetings: self.meetings.iter().map(MeetingReport::of).collect(),
            failure: self.failure,
        }
    }
}

/// What would be done to one meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MeetingPlan {
    /// Which meeting.
    pub meeting: MeetingId,
    /// The state that the plan was made for.
    pub seen: Version,
    /// Its subject, for whoever reads the plan.
    pub subject: Private,
    /// Whether it is to be touched at all.
    pub verdict: Verdict,
    /// What an admin should know before.
    pub warnings: Vec<Warning>,
    /// What the new block shows; none when the meeting is skipped.
    pub coordinates: Option<Coordinates>,
    /// The parts that are still to come; none when the meeting is skipped.
    pub parts: Vec<PartPlan>,
    /// Why there is no plan, when there is none.
    pub failure: Option<Failure>,
}

impl MeetingPlan {
    /// Plans a meeting that is to be migrated. Pure; cost linear in its bodies.
    #[must_use]
    pub fn new(
        meeting: &Meeting,
        coordinates: Coordinates,
        kind: MigrationKind,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Self {
        let options = options(policy);
        let verdicts = eligibility::parts(meeting, kind, now, policy);
        let parts = meeting
            .parts()
            .zip(verdicts)
            .map(|((part, item), (_, verdict))| PartPlan {
                bodies: match verdict {
                    Verdict::Migrate => {
                        let record = item.record.as_ref().or(meeting.item.record.as_ref());
                        let rewrite = |body| BodyPlan::new(body, record, &coordinates, &options);
                        item.bodies.iter().map(rewrite).collect()
                    }
                    Verdict::Skip(_) => Vec::new(),
                },
                part,
                verdict,
                record_before: item.record.clone(),
                record_after: recorded(&coordinates),
            })
            .collect();
        let mut plan = Self {
            coordinates: Some(coordinates),
            parts,
            ..Self::without(meeting, Verdict::Migrate)
        };
        if plan.edit().is_some() {
            let written = plan.written().map(|part| part.part.clone()).collect::<Vec<_>>();
            plan.warnings = eligibility::warnings(meeting, &written, now, plan.seen());
        }
        plan
    }

    /// A plan that touches nothing: the meeting is skipped.
    pub(crate) fn without(meeting: &Meeting, verdict: Verdict) -> Self {
        Self {
            meeting: meeting.id.clone(),
            seen: meeting.version.clone(),
            subject: meeting.item.subject.clone(),
            verdict,
            warnings: Vec::new(),
            coordinates: None,
            parts: Vec::new(),
            failure: None,
        }
    }

    /// The parts that are written.
    fn written(&self) -> impl Iterator<Item = &PartPlan> {
        self.parts.iter().filter(|part| part.is_written())
    }

    /// What the blocks that go show.
    fn seen(&self) -> Seen {
        let bodies = self.written().flat_map(|part| &part.bodies);
        bodies.filter_map(BodyPlan::old_block).fold(Seen::nothing(), |seen, block| {
            let mut seen = seen;
            seen.shared_notes_link |= Seen::in_block(&block).shared_notes_link;
            seen
        })
    }

    /// How the meeting ends when the plan is carried out.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if let Some(why) = self.failure {
            return Outcome::Failed(why);
        }
        if let Verdict::Skip(why) = self.verdict {
            return Outcome::Skipped(why);
        }
        let bodies = || self.parts.iter().flat_map(|p| &p.bodies).map(|b| &b.outcome);
        if let Some(why) = bodies().find_map(BodyOutcome::failure) {
            Outcome::Failed(why)
        } else if bodies().any(|b| matches!(b, BodyOutcome::Replaced { .. })) {
            Outcome::Migrated
        } else if bodies().any(|b| matches!(b, BodyOutcome::Unchanged(_))) {
            Outcome::Unchanged
        } else {
            Outcome::LeftAlone
        }
    }

    /// What there is to write, if anything.
    #[must_use]
    pub fn edit(&self) -> Option<Edit> {
        let parts: Vec<_> = self.parts.iter().filter_map(PartPlan::edit).collect();
        (!parts.is_empty()).then(|| Edit {
            meeting: self.meeting.clone(),
            seen: self.seen.clone(),
            parts,
        })
    }
}

/// What would be done to one part of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PartPlan {
    /// The event, the series, or one changed occurrence.
    pub part: Part,
    /// Whether it is to be touched: an occurrence that is over, say, is not.
    pub verdict: Verdict,
    /// What is recorded beside the bodies now.
    pub record_before: Option<Record>,
    /// What will be, when the part is written.
    pub record_after: Record,
    /// Each body, in the calendar's order; none when the part is skipped.
    pub bodies: Vec<BodyPlan>,
}

impl PartPlan {
    /// Whether the part is written: a block is replaced, and no body of it is in doubt.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.bodies.iter().any(|b| b.after.is_some())
            && self.bodies.iter().all(|b| b.outcome.failure().is_none())
    }

    /// The part's bodies as they would be.
    pub(crate) fn bodies_after(&self) -> impl Iterator<Item = &Body> {
        self.bodies.iter().map(|body| body.after.as_ref().unwrap_or(&body.before))
    }

    fn edit(&self) -> Option<PartEdit> {
        self.is_written().then(|| PartEdit {
            part: self.part.clone(),
            bodies: self.bodies_after().cloned().collect(),
            record: Some(self.record_after.clone()),
        })
    }
}

/// How bodies are looked at under `policy`.
pub(crate) fn options(policy: &Policy) -> Options {
    Options::new().with_limits(policy.limits().clone()).with_evidence(policy.evidence())
}

/// What is recorded beside bodies that show `coordinates`.
pub(crate) fn recorded(coordinates: &Coordinates) -> Record {
    Record {
        conference_id: coordinates.conference_id.clone(),
        ..Record::new(coordinates.provider, coordinates.join_url.as_str())
    }
}

/// What would be done to one body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BodyPlan {
    /// What was found, and what becomes of it.
    pub outcome: BodyOutcome,
    /// The body as it is.
    pub before: Body,
    /// The body as it would be, when its block is replaced.
    pub after: Option<Body>,
}

impl BodyPlan {
    fn new(before: &Body, record: Option<&Record>, new: &Coordinates, options: &Options) -> Self {
        let (outcome, after) = match block::rewrite(before, record, new, options) {
            Rewrite::Replaced { body, block, written } => {
                (BodyOutcome::Replaced { block, written }, Some(body))
            }
            Rewrite::Removed { body, block } => (BodyOutcome::Removed(block), Some(body)),
            Rewrite::Appended { body, written } => (BodyOutcome::Appended(written), Some(body)),
            Rewrite::Unchanged(block) => (BodyOutcome::Unchanged(block), None),
            Rewrite::Absent(why) => (BodyOutcome::Absent(why), None),
            Rewrite::Foreign(why, blocks) => (BodyOutcome::Foreign(why, blocks), None),
            Rewrite::Ambiguous(blocks) => (BodyOutcome::Ambiguous(blocks), None),
            Rewrite::Refused(why) => (BodyOutcome::Refused(why), None),
        };
        Self { outcome, before: before.clone(), after }
    }

    /// The block that goes, as far as it is ASCII: enough to know links by.
    fn old_block(&self) -> Option<String> {
        let BodyOutcome::Replaced { block, .. } = &self.outcome else { return None };
        let bytes = self.before.as_bytes().get(block.span.clone())?;
        // Without the zeros, UTF-16 reads like the rest.
        Some(bytes.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect())
    }
}

/// What was found in one body, and what becomes of it. `Display` is the reason in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BodyOutcome {
    /// The meeting's own block is replaced.
    Replaced {
        /// The old block, in the body before.
        block: Block,
        /// The new one, in the body after: bytes.
        written: std::ops::Range<usize>,
    },
    /// The meeting's own block, in the body before, is taken out.
    Removed(Block),
    /// There is no block, and one is put at the end: bytes of the body after.
    Appended(std::ops::Range<usize>),
    /// The block already says what it should.
    Unchanged(Block),
    /// No block.
    Absent(Absence),
    /// Not this meeting's block.
    Foreign(Foreignness, Vec<Block>),
    /// Several candidates.
    Ambiguous(Vec<Block>),
    /// The block cannot be replaced.
    Refused(Refusal),
}

impl BodyOutcome {
    /// Why the body needs a person's eye, when it does.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::Ambiguous(_) => Some(Failure::Ambiguous),
            Self::Refused(why) => Some(Failure::Refused(*why)),
            Self::Replaced { .. }
            | Self::Removed(_)
            | Self::Appended(_)
            | Self::Unchanged(_)
            | Self::Absent(_)
            | Self::Foreign(..) => None,
        }
    }
}

impl fmt::Display for BodyOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replaced { .. } => f.write_str("the block is replaced"),
            Self::Removed(_) => f.write_str("the block is taken out"),
            Self::Appended(_) => f.write_str("no block was left, and one is added at the end"),
            Self::Unchanged(_) => f.write_str("the block already shows the new details"),
            Self::Absent(why) => why.fmt(f),
            Self::Foreign(why, _) => why.fmt(f),
            Self::Ambiguous(blocks) => {
                write!(f, "{} blocks could be the meeting's own", blocks.len())
            }
            Self::Refused(why) => why.fmt(f),
        }
    }
}
