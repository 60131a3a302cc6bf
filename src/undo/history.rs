//! What one job did to one meeting, as its journal says.
//!
//! In: the lines of one job about one meeting. Out: the state before the first of its writes
//! and after the last, as one plan. Never: a look at the calendar.
//!
//! A job may have written a meeting twice: killed between a write and its line in the
//! journal, another worker found its own block in another spelling, or with details that
//! have changed since, and wrote again. What the second write found is not what was there
//! before the job.

use crate::block::same::same_body;
use crate::journal::{Entry, Event};
use crate::plan::{BodyPlan, MeetingPlan, PartPlan, Relocation};
use crate::report::Failure;

/// What a job did to a meeting since it was undone last.
pub(super) struct History<'e> {
    /// From the state before the job to the state that it left.
    pub(super) plan: MeetingPlan,
    /// The lines that tell it.
    pub(super) entries: &'e [Entry],
    /// Somebody edited the meeting between two writes of the job.
    pub(super) edited_between: bool,
}

impl<'e> History<'e> {
    /// None when the job never meant to write the meeting.
    pub(super) fn of(entries: &'e [Entry]) -> Option<Self> {
        let undone = entries.iter().rposition(|e| matches!(e.event, Event::Undone { .. }));
        let entries = entries.get(undone.map_or(0, |at| at + 1)..)?;
        let mut intents: Vec<(&MeetingPlan, bool)> = Vec::new();
        for entry in entries {
            match (&entry.event, intents.last_mut()) {
                (Event::Intent(plan), _) => intents.push((plan, false)),
                (Event::Done { .. }, Some((_, done))) => *done = true,
                _ => {}
            }
        }
        let (last, _) = intents.pop()?;
        let mut history = Self { plan: last.clone(), entries, edited_between: false };
        for (earlier, done) in intents.into_iter().rev() {
            for part in earlier.parts.iter().filter(|part| part.is_written()) {
                history.precede(part, done);
            }
            for part in earlier.parts.iter().filter(|part| part.record_kept.is_some()) {
                history.precede_record(part);
            }
        }
        Some(history)
    }

    /// Takes in what was written before; `done` says whether that is certain.
    fn precede(&mut self, earlier: &PartPlan, done: bool) {
        let mut parts = self.plan.parts.iter_mut();
        let Some(part) = parts.find(|known| known.part == earlier.part) else { return };
        let found = || part.bodies.iter().map(|body| &body.before);
        if found().eq(earlier.bodies.iter().map(|body| &body.before)) {
            // A worker that was taken for dead had planned the same.
            return;
        }
        let says_it = found().count() == earlier.bodies.len()
            && found().zip(earlier.bodies_after()).all(|(is, was)| same_body(is, was));
        if says_it {
            *part = joined(earlier, part);
        } else {
            let recorded = part.record_before == earlier.record_after
                && earlier.record_after != earlier.record_before;
            self.edited_between |= done || recorded && !part.bodies.is_empty();
        }
    }

    /// The same of a record that was written alone.
    fn precede_record(&mut self, earlier: &PartPlan) {
        let mut parts = self.plan.parts.iter_mut();
        let Some(part) = parts.find(|known| known.part == earlier.part) else { return };
        if part.record_before == earlier.record_kept {
            part.record_before.clone_from(&earlier.record_before);
            if !part.is_written() {
                part.record_kept.clone_from(&earlier.record_kept);
            }
        }
    }

    /// Whether the calendar was asked to write, and is known to have done so.
    pub(super) fn was_written(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.event, Event::Done { .. }))
    }

    /// Whether attendees may have heard of it, where no calendar tells them: they were told,
    /// or a worker was killed when it perhaps had. `failure` is how the meeting ended.
    pub(super) fn may_be_told(&self, failure: Option<Failure>) -> bool {
        let told = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Told { message, .. } => Some(message.is_some()),
            Event::Sent { .. } => Some(true),
            _ => None,
        });
        told.unwrap_or(self.was_written() && failure != Some(Failure::MailRefused))
    }

    pub(super) fn written_parts(&self) -> impl Iterator<Item = &PartPlan> {
        self.plan.parts.iter().filter(|part| part.is_written())
    }
}

/// One write out of two of one part: from before the first to after the second.
fn joined(first: &PartPlan, second: &PartPlan) -> PartPlan {
    let mut joined = first.clone();
    let after = second.bodies_after().cloned().collect::<Vec<_>>();
    joined.bodies = first
        .bodies
        .iter()
        .zip(after)
        .map(|(body, after)| BodyPlan { after: Some(after), ..body.clone() })
        .collect();
    if second.is_written() {
        joined.record_after.clone_from(&second.record_after);
    }
    joined.location = match (&first.location, &second.location) {
        (Some(first), Some(second)) => {
            Some(Relocation { before: first.before.clone(), after: second.after.clone() })
        }
        (first, second) => first.as_ref().or(second.as_ref()).cloned(),
    };
    joined
}
