//! Meetings that are being written: what the journal says about them, without bodies.

use std::collections::BTreeMap;

use crate::block::{self, Found, same};
use crate::body::Body;
use crate::calendar::PageToken;
use crate::digest::Digest;
use crate::mail::MessageId;
use crate::meeting::{Item, Meeting, Part, Record, Version};
use crate::plan::{self, MeetingPlan, PartPlan};
use crate::policy::Policy;
use crate::private::Private;
use crate::report::{MeetingReport, Outcome};

/// How much of the journal was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recall {
    At(Option<PageToken>),
    Complete,
}

impl Default for Recall {
    fn default() -> Self {
        Self::At(None)
    }
}

/// A meeting with an intent in the journal, and not told yet.
#[derive(Clone, Debug)]
pub(super) struct Open {
    report: MeetingReport,
    /// The parts that are written.
    parts: Vec<Written>,
    /// The bodies after, as a digest: they are in the journal.
    after: u128,
    /// What these say, when another worker may have written them.
    said: Option<u128>,
    /// A digest of what the calendar made of our bodies, where it changed them.
    pub(super) spelling: Option<Private>,
    /// The state that we wrote, once that is journalled.
    pub(super) version: Option<Version>,
    /// The notices that went out.
    pub(super) sent: Vec<MessageId>,
}

/// What is recorded beside a part that is written.
#[derive(Clone, Debug)]
struct Written {
    part: Part,
    before: Option<Record>,
    /// None when our block was taken out.
    after: Option<Record>,
}

impl Open {
    pub(super) fn of(plan: &MeetingPlan) -> Self {
        let written = || plan.parts.iter().filter(|p| p.is_written());
        let shared = plan.parts.first().and_then(|main| main.record_before.as_ref());
        Self {
            report: MeetingReport::of(plan),
            parts: written()
                .map(|part| Written {
                    part: part.part.clone(),
                    before: part.record_before.as_ref().or(shared).cloned(),
                    after: part.record_after.clone(),
                })
                .collect(),
            after: written()
                .flat_map(PartPlan::bodies_after)
                .fold(Digest::new(), |digest, body| digest.with(body.as_bytes()))
                .value(),
            said: None,
            spelling: None,
            version: None,
            sent: Vec::new(),
        }
    }

    /// What the journal says was, or was about to be, written.
    pub(super) fn recalled(plan: &MeetingPlan) -> Self {
        let written = plan.parts.iter().filter(|p| p.is_written());
        Self { said: all_said(written.flat_map(PartPlan::bodies_after)), ..Self::of(plan) }
    }

    /// The parts that were, or are to be, written.
    pub(super) fn parts(&self) -> Vec<Part> {
        self.parts.iter().map(|written| written.part.clone()).collect()
    }

    /// What the meeting has of them, in its order.
    fn written_items<'m>(
        &'m self,
        meeting: &'m Meeting,
    ) -> impl Iterator<Item = (&'m Written, &'m Item)> {
        meeting.parts().filter_map(|(part, item)| {
            Some((self.parts.iter().find(|written| written.part == part)?, item))
        })
    }

    /// Whether the very bodies that we meant to write are stored.
    pub(super) fn is_stored_in(&self, meeting: &Meeting) -> bool {
        let stored = self
            .written_items(meeting)
            .flat_map(|(_, item)| &item.bodies)
            .fold(Digest::new(), |digest, body| digest.with(body.as_bytes()));
        stored.value() == self.after
    }

    /// Whether bodies are stored that say what ours do, in the spelling of a calendar that has
    /// one of its own.
    fn is_said_in(&self, meeting: &Meeting) -> bool {
        let stored = self.written_items(meeting).flat_map(|(_, item)| &item.bodies);
        self.said.is_some() && all_said(stored) == self.said
    }

    /// Whether a plan made now finds our block in every part that we meant to write.
    pub(super) fn is_found_by(&self, plan: &MeetingPlan) -> bool {
        let found = |written: &Written| {
            let mut parts = plan.parts.iter().filter(|part| part.part == written.part);
            parts.any(|part| part.bodies.iter().any(|body| body.outcome.is_unchanged()))
        };
        !self.parts.is_empty() && self.parts.iter().all(found)
    }

    /// Whether what we meant to write is stored, though we do not know that we wrote it. A
    /// meeting whose block was taken out would not be looked at again: it has no record.
    pub(super) fn has_reached(&self, meeting: &Meeting, policy: &Policy) -> bool {
        let mut items = self.written_items(meeting).peekable();
        let removed = |(written, item): (&Written, &Item)| match &written.after {
            Some(_) => false,
            None => item.record.is_none(),
        };
        self.is_stored_in(meeting)
            || self.is_said_in(meeting)
            || items.peek().is_some() && items.all(removed) && self.is_kept_in(meeting, policy)
    }

    /// Whether our block is in every part that we wrote, in whatever spelling, or the old
    /// one in none that we took it out of.
    pub(super) fn is_kept_in(&self, meeting: &Meeting, policy: &Policy) -> bool {
        let options = plan::options(policy);
        self.is_stored_in(meeting)
            || self.written_items(meeting).all(|(written, item)| {
                let record = written.after.as_ref().or(written.before.as_ref());
                let mut bodies = item.bodies.iter();
                let has_block = bodies
                    .any(|body| matches!(block::locate(body, record, &options), Found::One(_)));
                has_block == written.after.is_some()
            })
    }

    /// Remembers how the calendar spells what we wrote, if it has a spelling of its own.
    pub(super) fn note_spelling(&mut self, stored: &Meeting) {
        if !self.is_stored_in(stored) {
            self.spelling = spelling(self.parts.iter().map(|written| &written.part), stored);
        }
    }

    /// The report once everything is done.
    pub(super) fn report(self, message: Option<MessageId>) -> MeetingReport {
        MeetingReport { message, ..self.report }
    }

    /// The report when it ends otherwise than was meant.
    pub(super) fn ended(&self, outcome: Outcome) -> MeetingReport {
        let mut report = self.report.clone();
        report.outcome = outcome;
        if self.version.is_none() {
            report.parts.iter_mut().for_each(|part| part.written = false);
        }
        report
    }
}

/// What bodies say, one after the other; none where one cannot be read, or there is none.
fn all_said<'b>(bodies: impl Iterator<Item = &'b Body>) -> Option<u128> {
    let mut bodies = bodies.peekable();
    bodies.peek()?;
    let said = bodies.try_fold(Digest::new(), |digest, body| {
        Some(digest.with(&same::said(body)?.to_le_bytes()))
    });
    Some(said?.value())
}

/// A digest of the bodies that parts have in a meeting, as they are; none when one is gone.
pub(crate) fn spelling<'p>(
    parts: impl Iterator<Item = &'p Part>,
    meeting: &Meeting,
) -> Option<Private> {
    let all: BTreeMap<Part, &Item> = meeting.parts().collect();
    let digest = parts.map(|part| all.get(part)).try_fold(Digest::new(), |digest, item| {
        Some(item?.bodies.iter().fold(digest, |digest, body| digest.with(body.as_bytes())))
    })?;
    Some(format!("{:032x}", digest.value()).into())
}
