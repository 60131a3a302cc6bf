//! What a reader of the report sees of a job: outcome and reason per meeting, and each
//! body before and after.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use meeting_migration::Body;
use meeting_migration::eligibility::{Verdict, Warning};
use meeting_migration::job::Status;
use meeting_migration::journal::{Entry, Event};
use meeting_migration::meeting::{Meeting, MeetingId, Part};
use meeting_migration::plan::{BlockEdit, BodyOutcome, MeetingPlan};
use meeting_migration::report::{MeetingReport, Outcome, Report};

use crate::outbox::Sent;

/// One user's job.
pub(crate) struct UserView {
    pub(crate) name: String,
    pub(crate) status: Status,
    /// Why not all meetings were looked at.
    pub(crate) failure: Option<String>,
    pub(crate) meetings: Vec<MeetingView>,
}

pub(crate) struct MeetingView {
    pub(crate) id: MeetingId,
    pub(crate) subject: String,
    pub(crate) class: Class,
    /// The outcome in words, with its reason.
    pub(crate) outcome: String,
    pub(crate) warnings: Vec<Warning>,
    /// What somebody had changed in the old blocks.
    pub(crate) edits: Vec<BlockEdit>,
    /// The notices that went out.
    pub(crate) notices: Vec<String>,
    pub(crate) parts: Vec<PartView>,
}

pub(crate) struct PartView {
    pub(crate) label: String,
    /// Why it was left out, when it was.
    pub(crate) skipped: Option<String>,
    /// The place before and after, when it changes.
    pub(crate) location: Option<(String, String)>,
    pub(crate) bodies: Vec<BodyView>,
}

pub(crate) struct BodyView {
    pub(crate) what: String,
    pub(crate) before: Marked,
    pub(crate) after: Option<Marked>,
}

/// A body, and the blocks in it: spans of its bytes, ascending.
pub(crate) struct Marked {
    pub(crate) body: Body,
    pub(crate) spans: Vec<Range<usize>>,
}

/// Outcomes as the report sorts them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Failed,
    Migrated,
    Unchanged,
    LeftAlone,
    Skipped,
}

impl Class {
    pub(crate) const ALL: [Self; 5] =
        [Self::Failed, Self::Migrated, Self::Unchanged, Self::LeftAlone, Self::Skipped];

    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Migrated | Outcome::Removed => Self::Migrated,
            Outcome::Unchanged => Self::Unchanged,
            Outcome::LeftAlone | Outcome::Gone => Self::LeftAlone,
            Outcome::Skipped(_) => Self::Skipped,
            _ => Self::Failed,
        }
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Migrated => "migrated",
            Self::Unchanged => "unchanged",
            Self::LeftAlone => "left",
            Self::Skipped => "skipped",
        }
    }

    pub(crate) fn label(self, preview: bool) -> &'static str {
        match self {
            Self::Failed if preview => "would fail",
            Self::Failed => "failed",
            Self::Migrated if preview => "to be migrated",
            Self::Migrated => "migrated",
            Self::Unchanged => "already up to date",
            Self::LeftAlone => "left alone",
            Self::Skipped => "skipped",
        }
    }
}

impl UserView {
    /// `plans` are the plans that were carried out, or would be; `meetings` the calendar
    /// as it is, for the bodies of what was not written.
    pub(crate) fn new(
        name: String,
        status: Status,
        report: Option<Report>,
        plans: &HashMap<MeetingId, MeetingPlan>,
        sent: &BTreeMap<String, Sent>,
        meetings: Vec<Meeting>,
    ) -> Self {
        let meetings: BTreeMap<_, _> = meetings.into_iter().map(|m| (m.id.clone(), m)).collect();
        let failure = match &report {
            None => Some(status.last_message.clone()),
            Some(report) => report.failure.map(|_| report.last_message()),
        };
        let reports = report.map(|report| report.meetings).unwrap_or_default();
        let mut views: Vec<_> = reports
            .iter()
            .map(|r| MeetingView::new(r, plans.get(&r.meeting), sent, meetings.get(&r.meeting)))
            .collect();
        views.sort_by_key(|view| view.class);
        Self { name, status, failure: failure.filter(|f| !f.is_empty()), meetings: views }
    }

    pub(crate) fn count(&self, class: Class) -> usize {
        self.meetings.iter().filter(|meeting| meeting.class == class).count()
    }
}

impl MeetingView {
    fn new(
        report: &MeetingReport,
        plan: Option<&MeetingPlan>,
        sent: &BTreeMap<String, Sent>,
        meeting: Option<&Meeting>,
    ) -> Self {
        // Messages to guests of some parts have ids that begin with that of the notice.
        let notices = report.message.iter().flat_map(|id| {
            let all = sent.range(id.as_str().to_owned()..).map(|(sent, _)| sent);
            all.take_while(|sent| sent.starts_with(id.as_str())).cloned()
        });
        let mut parts: Vec<_> = match (plan, meeting) {
            (Some(plan), _) => planned(plan),
            (None, Some(meeting)) => found(report, meeting),
            (None, None) => Vec::new(),
        };
        // A series with many changed occurrences that have no text says it once.
        parts.retain(|part| !part.bodies.is_empty() || part.skipped.is_some());
        Self {
            id: report.meeting.clone(),
            subject: report.subject.as_str().to_owned(),
            class: Class::of(&report.outcome),
            outcome: outcome(report),
            warnings: report.warnings.clone(),
            edits: report.edits.clone(),
            notices: notices.collect(),
            parts,
        }
    }
}

/// The outcome in words; of a meeting that is left alone, what its first body says.
fn outcome(report: &MeetingReport) -> String {
    let bodies = report.parts.iter().flat_map(|part| &part.bodies);
    match (&report.outcome, bodies.map(ToString::to_string).next()) {
        (Outcome::LeftAlone, Some(why)) => format!("left alone: {why}"),
        (outcome, _) => outcome.to_string(),
    }
}

/// The bodies as a plan holds them.
fn planned(plan: &MeetingPlan) -> Vec<PartView> {
    let part = |part: &meeting_migration::plan::PartPlan| PartView {
        label: label(&part.part),
        skipped: skipped(part.verdict),
        location: part
            .location
            .as_ref()
            .map(|place| (place.before.as_str().to_owned(), place.after.as_str().to_owned())),
        bodies: part
            .bodies
            .iter()
            .map(|body| BodyView {
                what: body.outcome.to_string(),
                before: Marked { body: body.before.clone(), spans: spans(&body.outcome) },
                after: body
                    .after
                    .clone()
                    .map(|after| Marked { body: after, spans: written(&body.outcome) }),
            })
            .collect(),
    };
    plan.parts.iter().map(part).collect()
}

/// The bodies as the calendar holds them: nothing was written.
fn found(report: &MeetingReport, meeting: &Meeting) -> Vec<PartView> {
    let part = |(part, item): (Part, &meeting_migration::meeting::Item)| {
        let looked_at = report.parts.iter().find(|seen| seen.part == part);
        let outcome = |index: usize| looked_at.and_then(|seen| seen.bodies.get(index));
        PartView {
            label: label(&part),
            skipped: looked_at.and_then(|seen| skipped(seen.verdict)),
            location: None,
            bodies: item
                .bodies
                .iter()
                .enumerate()
                .map(|(index, body)| BodyView {
                    what: outcome(index).map(ToString::to_string).unwrap_or_default(),
                    before: Marked {
                        body: body.clone(),
                        spans: outcome(index).map(spans).unwrap_or_default(),
                    },
                    after: None,
                })
                .collect(),
        }
    };
    meeting.parts().map(part).collect()
}

pub(crate) fn label(part: &Part) -> String {
    match part {
        Part::Main => String::new(),
        Part::Occurrence(id) => format!("changed occurrence {id}"),
    }
}

fn skipped(verdict: Verdict) -> Option<String> {
    match verdict {
        Verdict::Migrate => None,
        Verdict::Skip(why) => Some(why.to_string()),
    }
}

fn spans(outcome: &BodyOutcome) -> Vec<Range<usize>> {
    let blocks = match outcome {
        BodyOutcome::Replaced { block, .. }
        | BodyOutcome::Removed(block)
        | BodyOutcome::Unchanged(block) => std::slice::from_ref(block),
        BodyOutcome::Foreign(_, blocks) | BodyOutcome::Ambiguous(blocks) => blocks,
        _ => &[],
    };
    blocks.iter().map(|block| block.span.clone()).collect()
}

fn written(outcome: &BodyOutcome) -> Vec<Range<usize>> {
    match outcome {
        BodyOutcome::Replaced { written, .. } | BodyOutcome::Appended(written) => {
            vec![written.clone()]
        }
        _ => Vec::new(),
    }
}

/// The last plan per meeting that a journal holds.
pub(crate) fn plans(journal: impl IntoIterator<Item = Entry>) -> HashMap<MeetingId, MeetingPlan> {
    let intents = journal.into_iter().filter_map(|entry| match entry.event {
        Event::Intent(plan) => Some((entry.meeting, *plan)),
        _ => None,
    });
    intents.collect()
}
