//! What a run would do, as a value: nothing is written yet.
//!
//! In: a meeting, its verdict, its new coordinates, or none. Out: a [`MeetingPlan`] with every body
//! before and after, and from it the [`Edit`] to write, if there is one. Never: IO.
//!
//! One entry says one thing: when one body of an entry cannot be decided, none of its
//! bodies is written, so that HTML and text never disagree because of us. Other entries of
//! the meeting are written. A lost block is added (when the policy says so) only where no
//! body of an entry has one. The place of an entry changes with its bodies, and only where
//! it was the product's name or the old link.

mod details;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::block::words::{difference, words};
use crate::block::{self, Absence, Block, Foreignness, Options, Refusal, Rewrite};
use crate::body::Body;
use crate::calendar::{Edit, PartEdit, RecordEdit};
use crate::coordinates::Coordinates;
use crate::eligibility::{self, Seen, SkipReason, Verdict, Warning};
use crate::job::CorrelationId;
use crate::link;
use crate::meeting::{Item, Meeting, MeetingId, Part, Record, UserId, Version};
use crate::policy::Policy;
use crate::private::Private;
use crate::provider::Provider;
use crate::report::{Failure, MeetingReport, Outcome, Report};
use crate::trigger::MigrationKind;
use crate::wording::places::{self, Becomes, Was};

pub(crate) use self::details::{Details, Subject};

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
    /// What somebody changed in the blocks that go, where an earlier job had written them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<BlockEdit>,
    /// What the new block shows; none when the meeting is skipped or online no more.
    pub coordinates: Option<Coordinates>,
    /// What the new blocks of parts show that become another product's than the first part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Coordinates>,
    /// The parts that are still to come; none when the meeting is skipped.
    pub parts: Vec<PartPlan>,
    /// Why there is no plan, when there is none.
    pub failure: Option<Failure>,
}

impl MeetingPlan {
    /// Plans a meeting that is to be migrated. A part that is to become another product's
    /// than that of `coordinates` is skipped. Pure; cost linear in its bodies.
    #[must_use]
    pub fn new(
        meeting: &Meeting,
        coordinates: Coordinates,
        kind: MigrationKind,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Self {
        let mut details = Details::default();
        details.add(Some(coordinates.provider), Some(coordinates));
        Self::planned(meeting, &details, kind, now, policy)
    }

    /// Plans that a meeting is online no more: its block and record are taken out, as are
    /// the product's name and the old link where they are its place. Pure; cost linear in
    /// its bodies.
    #[must_use]
    pub fn removing(
        meeting: &Meeting,
        kind: MigrationKind,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Self {
        let mut details = Details::default();
        for provider in Provider::ALL {
            details.add(kind.target(*provider), None);
        }
        Self::planned(meeting, &details, kind, now, policy)
    }

    /// Plans a meeting with the details that there are.
    pub(crate) fn planned(
        meeting: &Meeting,
        details: &Details,
        kind: MigrationKind,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Self {
        let mut parts: Vec<_> = Subject::all(meeting, kind, now, policy)
            .map(|subject| PartPlan::new(subject, kind, details, policy))
            .collect();
        let is_other = |part: &PartPlan| part.verdict == Verdict::Skip(SkipReason::OtherProvider);
        if parts.iter().any(is_other) && parts.iter().all(|p| p.verdict != Verdict::Migrate) {
            return Self::without(meeting, Verdict::Skip(SkipReason::OtherProvider));
        }
        keep_records(&mut parts);
        let mut all = details.all().cloned();
        let mut plan = Self {
            coordinates: all.next(),
            others: all.collect(),
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
            edits: Vec::new(),
            coordinates: None,
            others: Vec::new(),
            parts: Vec::new(),
            failure: None,
        }
    }

    /// Compares the blocks that go with what an earlier job wrote there, `earlier` being its
    /// plan ([`Store::last_written`](crate::store::Store::last_written)), and warns when
    /// somebody edited them since.
    ///
    /// Words are compared, letter by letter and digit by digit: markup, blanks, punctuation,
    /// addresses and where links lead are left out, because calendars and mail filters change
    /// them by themselves. A block with the link of another meeting than the earlier job's was
    /// not edited but put there anew, and is not compared; nor is one in which a body's charset
    /// is not known. Cost linear in the blocks.
    #[must_use]
    pub fn compared_with(mut self, earlier: &Self) -> Self {
        let main = self.parts.first().and_then(|part| part.record_before.as_ref());
        let mut edits: Vec<BlockEdit> = Vec::new();
        for part in self.written() {
            let Some(known) = earlier.wrote(&part.part) else { continue };
            // An earlier job that took the block out wrote none.
            let Some(recorded) = &known.record_after else { continue };
            if !same_meeting(part.record_before.as_ref().or(main), recorded) {
                continue;
            }
            for body in &part.bodies {
                let edit = known.twin_of(part, body).and_then(|was| body.edited_since(was));
                if let Some((was, is)) = edit {
                    let (was, is) = (was.into(), is.into());
                    let edit = BlockEdit { part: part.part.clone(), was, is };
                    if !edits.contains(&edit) {
                        edits.push(edit);
                    }
                }
            }
        }
        if !edits.is_empty() && !self.warnings.contains(&Warning::BlockEdited) {
            self.warnings.push(Warning::BlockEdited);
            self.warnings.sort_unstable();
        }
        self.edits = edits;
        self
    }

    /// The part as it was written; an occurrence that was changed on its own since shows
    /// what its series did.
    fn wrote(&self, part: &Part) -> Option<&PartPlan> {
        let of = |part: &Part| self.parts.iter().find(|known| known.part == *part);
        of(part).or_else(|| of(&Part::Main)).filter(|known| known.is_written())
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
        } else if bodies().any(|b| matches!(b, BodyOutcome::Removed(_))) {
            Outcome::Removed
        } else if bodies().any(BodyOutcome::is_written) {
            Outcome::Migrated
        } else if bodies().any(BodyOutcome::is_unchanged) {
            Outcome::Unchanged
        } else {
            Outcome::LeftAlone
        }
    }

    /// What there is to write, if anything.
    #[must_use]
    pub fn edit(&self) -> Option<Edit> {
        let parts: Vec<_> = self.parts.iter().filter_map(PartPlan::edit).collect();
        let kept = self.parts.iter().filter_map(|part| {
            Some(RecordEdit::new(part.part.clone(), Some(part.record_kept.clone()?)))
        });
        (!parts.is_empty()).then(|| {
            Edit::new(self.meeting.clone(), self.seen.clone(), parts)
                .with_records(kept.collect::<Vec<_>>())
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
    /// What will be, when the part is written; none when it is online no more.
    pub record_after: Option<Record>,
    /// What will be when the part is held back, and its series, whose record it shared, is
    /// written: that record, as its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_kept: Option<Record>,
    /// Each body, in the calendar's order; none when the part is skipped.
    pub bodies: Vec<BodyPlan>,
    /// The place before and after, when it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Relocation>,
}

/// A place that changes with the meeting: it was the product's name or the old link, or had
/// them among others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Relocation {
    /// The place as it is.
    pub before: Private,
    /// The place as it would be.
    pub after: Private,
}

impl PartPlan {
    fn new(
        Subject { part, item, record, product, verdict }: Subject<'_>,
        kind: MigrationKind,
        details: &Details,
        policy: &Policy,
    ) -> Self {
        let target = product.map(|product| kind.target(product));
        let new = match target {
            // Nobody knows which product it is of: no block is its own, and none is written.
            None => Some(details.first()),
            Some(None) => None,
            Some(target) => details.of(target),
        };
        let (verdict, new) = match (verdict, new) {
            (Verdict::Migrate, None) => (Verdict::Skip(SkipReason::OtherProvider), None),
            (verdict, new) => (verdict, new.flatten()),
        };
        let bodies = match verdict {
            Verdict::Migrate => BodyPlan::all(item, record, new, policy),
            Verdict::Skip(_) => Vec::new(),
        };
        let mut plan = Self {
            bodies,
            part,
            verdict,
            record_before: item.record.clone(),
            record_after: new.map(recorded),
            record_kept: None,
            location: None,
        };
        if plan.is_written() {
            plan.location = plan.relocation(item, record, new);
        }
        plan
    }

    /// Whether it would be written, but for something that a person or a limit can mend.
    fn is_held_back(&self) -> bool {
        self.verdict == Verdict::Skip(SkipReason::TooManyAttendees)
            || self.bodies.iter().any(|body| body.outcome.failure().is_some())
    }

    /// Whether the part is written: a block is replaced, taken out or added, and no body of
    /// it is in doubt.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.bodies.iter().any(|b| b.after.is_some())
            && self.bodies.iter().all(|b| b.outcome.failure().is_none())
    }

    /// The part's bodies as they would be.
    pub(crate) fn bodies_after(&self) -> impl Iterator<Item = &Body> {
        self.bodies.iter().map(|body| body.after.as_ref().unwrap_or(&body.before))
    }

    /// The body that stood where `body` of `part`, the same part later, stands: the one of
    /// its format with the same number of such bodies before it.
    fn twin_of(&self, part: &Self, body: &BodyPlan) -> Option<&BodyPlan> {
        let format = body.before.format();
        let mut alike = part.bodies.iter().filter(|b| b.before.format() == format);
        let index = alike.position(|b| std::ptr::eq(b, body))?;
        self.bodies.iter().filter(|b| b.before.format() == format).nth(index)
    }

    fn edit(&self) -> Option<PartEdit> {
        self.is_written().then(|| PartEdit {
            part: self.part.clone(),
            bodies: self.bodies_after().cloned().collect(),
            record: self.record_after.clone(),
            location: self.location.as_ref().map(|place| place.after.clone()),
        })
    }

    /// How the place of a part that is written changes.
    fn relocation(
        &self,
        item: &Item,
        record: Option<&Record>,
        new: Option<&Coordinates>,
    ) -> Option<Relocation> {
        let block = self.bodies.iter().find_map(|body| body.outcome.old());
        let provider = block.map(|block| block.provider).or_else(|| Some(record?.provider))?;
        let link = record.and_then(|record| record.join_url.as_deref());
        let after = places::relocated(
            &item.location,
            Was { provider, link },
            new.map(|new| Becomes::of(new, block.and_then(|block| block.language.as_ref()))),
        )?;
        Some(Relocation { before: item.location.clone(), after: after.into() })
    }
}

/// Parts that are held back keep the record that they share with a series that is written.
fn keep_records(parts: &mut [PartPlan]) {
    let Some((main, changed)) = parts.split_first_mut() else { return };
    let Some(shared) = main.record_before.as_ref().filter(|_| main.is_written()) else { return };
    // A calendar may give the record of the series for an occurrence that has none.
    let shares = |part: &PartPlan| part.record_before.as_ref().is_none_or(|own| own == shared);
    for part in changed.iter_mut().filter(|part| part.is_held_back() && shares(part)) {
        part.record_kept = Some(shared.clone());
    }
}

/// How bodies are looked at under `policy`.
pub(crate) fn options(policy: &Policy) -> Options {
    Options::new()
        .with_limits(policy.limits().clone())
        .with_evidence(policy.evidence())
        .with_marks(policy.marks().clone())
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
    /// The body as it would be, when it changes.
    pub after: Option<Body>,
}

impl BodyPlan {
    /// The bodies of an entry. Where none has a block, one is added when the policy says so
    /// and a record that the entry is online.
    fn all(
        item: &Item,
        record: Option<&Record>,
        new: Option<&Coordinates>,
        policy: &Policy,
    ) -> Vec<Self> {
        let options = options(policy);
        let each = |change: &dyn Fn(&Body) -> Rewrite| -> Vec<Self> {
            item.bodies.iter().map(|body| Self::new(body, change(body))).collect()
        };
        let Some(new) = new else {
            return each(&|body| block::remove(body, record, &options));
        };
        let found = each(&|body| block::rewrite(body, record, new, &options));
        let is_lost = |body: &Self| matches!(body.outcome, BodyOutcome::Absent(_));
        if policy.appends() && record.is_some() && found.iter().all(is_lost) {
            return each(&|body| block::append(body, record, new, &options));
        }
        found
    }

    fn new(before: &Body, done: Rewrite) -> Self {
        let (outcome, after) = match done {
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

    /// What somebody changed in the block that goes, if `earlier` wrote it.
    fn edited_since(&self, earlier: &Self) -> Option<(String, String)> {
        let block = self.outcome.old()?;
        let written = earlier.outcome.written()?;
        let was = words(earlier.after.as_ref()?, written.clone()).ok()?;
        difference(&was, &words(&self.before, block.span.clone()).ok()?)
    }

    /// The block that goes, as far as it is ASCII: enough to know links by.
    fn old_block(&self) -> Option<String> {
        let block = self.outcome.old()?;
        let bytes = self.before.as_bytes().get(block.span.clone())?;
        // Without the zeros, UTF-16 reads like the rest.
        Some(bytes.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect())
    }
}

/// What somebody changed in a block that an earlier job had written: the words from the
/// first to the last that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockEdit {
    /// In which part of the meeting.
    pub part: Part,
    /// What had been written there; empty when words were only added.
    pub was: Private,
    /// What stands there instead; empty when words were only taken away.
    pub is: Private,
}

/// Whether a block beside this record can be the one that was written with `written`.
fn same_meeting(record: Option<&Record>, written: &Record) -> bool {
    let key =
        |record: &Record| record.join_url.as_ref().map(|url| link::meeting_key(&link::unwrap(url)));
    record.and_then(key).is_none_or(|now| Some(now) == key(written))
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
    /// The block that goes.
    fn old(&self) -> Option<&Block> {
        match self {
            Self::Replaced { block, .. } | Self::Removed(block) => Some(block),
            _ => None,
        }
    }

    /// Where the new block stands.
    fn written(&self) -> Option<&std::ops::Range<usize>> {
        match self {
            Self::Replaced { written, .. } | Self::Appended(written) => Some(written),
            _ => None,
        }
    }

    /// Whether the block says already what the new one would.
    pub(crate) fn is_unchanged(&self) -> bool {
        matches!(self, Self::Unchanged(_))
    }

    /// Whether there is a new body.
    fn is_written(&self) -> bool {
        matches!(self, Self::Replaced { .. } | Self::Removed(_) | Self::Appended(_))
    }

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
