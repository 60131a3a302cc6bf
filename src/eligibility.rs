//! Which meetings a run touches.
//!
//! In: a [`Meeting`], what the job migrates, the time, the [`Policy`]. Out: a
//! [`Verdict`], and for an eligible meeting [which parts](parts) are rewritten and
//! [what its organiser should know](warnings). Never: finding a block (that is
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
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::meeting::{
    Address, AttendeeKind, Item, Meeting, Part, Response, Schedule, Series, Slot, Status,
};
use crate::policy::{AddInEvidence, Policy};
use crate::trigger::MigrationKind;

/// Judges a meeting for a job of this kind. Total and pure; linear in the meeting's
/// parts and attendees.
///
/// ```
/// use chrono::{TimeDelta, Utc, TimeZone};
/// use meeting_migration::meeting::{Item, Record, Schedule, Slot};
/// use meeting_migration::provider::Provider;
/// use meeting_migration::trigger::MigrationKind;
/// use meeting_migration::{Meeting, Policy, eligibility::{SkipReason, Verdict, judge}};
///
/// let now = Utc.with_ymd_and_hms(2018, 10, 4, 9, 0, 0).single().ok_or("no such time")?;
/// let mut item = Item::new("Budget", []);
/// item.record = Some(Record::new(Provider::TEAMS, "https://teams.microsoft.com/l/meetup-join/1"));
/// let slot = Slot::new(now + TimeDelta::hours(1), now + TimeDelta::hours(2));
/// let meeting = Meeting::new("m1", "v1", Schedule::Once(slot), item);
///
/// let (kind, policy) = (MigrationKind::ToSameType, Policy::default());
/// assert_eq!(judge(&meeting, kind, now, &policy), Verdict::Migrate);
/// let later = now + TimeDelta::hours(1);
/// assert_eq!(judge(&meeting, kind, later, &policy), Verdict::Skip(SkipReason::InProgress));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn judge(
    meeting: &Meeting,
    kind: MigrationKind,
    now: DateTime<Utc>,
    policy: &Policy,
) -> Verdict {
    match FILTERS.iter().find(|filter| (filter.holds)(meeting, kind, now, policy)) {
        Some(filter) => Verdict::Skip(filter.reason),
        None => Verdict::Migrate,
    }
}

/// Which parts of an eligible meeting are rewritten, the main one first. A past or
/// cancelled changed occurrence stays as it is, and so does one with a record of another
/// product or with too many guests of its own.
///
/// The series itself is rewritten while one of its unchanged occurrences is to come; a
/// part without a record counts as part of the whole when another part has one.
#[must_use]
pub fn parts(
    meeting: &Meeting,
    kind: MigrationKind,
    now: DateTime<Utc>,
    policy: &Policy,
) -> Vec<(Part, Verdict)> {
    meeting
        .parts()
        .zip(to_come(meeting, now))
        .map(|((part, item), to_come)| {
            let reason = if item.status == Status::Cancelled {
                Some(SkipReason::Cancelled)
            } else if !to_come {
                Some(SkipReason::AlreadyOver)
            } else if takes(item, kind) == Some(false) {
                Some(SkipReason::OtherProvider)
            } else if attendee_count(meeting, item) > policy.attendee_limit() {
                Some(SkipReason::TooManyAttendees)
            } else {
                None
            };
            (part, reason.map_or(Verdict::Migrate, Verdict::Skip))
        })
        .collect()
}

/// Whether an occurrence, unchanged or changed, is still to start: what "future" means.
/// Cancelled changed occurrences do not count.
#[must_use]
pub fn is_to_come(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    next_start(meeting, now).is_some() || unchanged_to_come(&meeting.schedule, now)
}

/// When the next occurrence starts that has not begun, as far as the calendar says.
/// Cancelled changed occurrences do not count.
#[must_use]
pub fn next_start(meeting: &Meeting, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let changed = meeting.changed.iter().filter(|o| o.item.status != Status::Cancelled);
    changed
        .map(|o| o.slot.start)
        .filter(|start| *start > now)
        .chain(next_unchanged(&meeting.schedule, now))
        .min()
}

/// How many people and resources take part in an entry, the organiser counted: each
/// address once, whatever its case. An organiser whom the calendar does not name, or
/// does not list, counts as one more.
#[must_use]
pub fn attendee_count(meeting: &Meeting, item: &Item) -> usize {
    let mut keys: HashSet<String> = item.attendees.iter().map(|a| a.address.key()).collect();
    match &meeting.organizer {
        Some(organizer) => {
            keys.insert(organizer.key());
            keys.len()
        }
        None => keys.len() + 1,
    }
}

/// What the facts say an organiser should know when these parts of a meeting are
/// rewritten; the other parts lose nothing, and their guests hear nothing. What only the
/// bodies show comes in through `seen`.
#[must_use]
pub fn warnings(
    meeting: &Meeting,
    rewritten: &[Part],
    now: DateTime<Utc>,
    seen: Seen,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let parts = || meeting.parts().filter(|(part, _)| rewritten.contains(part));
    let mut records = parts().filter_map(|(_, item)| item.record.as_ref());
    if records.any(|record| record.has_content == Some(true)) {
        warnings.push(Warning::ContentNotRetained);
    }
    if seen.shared_notes_link {
        warnings.push(Warning::SharedNotesLinkReplaced);
    }
    if seen.edited_block {
        warnings.push(Warning::BlockEdited);
    }
    let unanswered = unanswered(meeting, parts().map(|(_, item)| item));
    if unanswered > 0 {
        warnings.push(Warning::UnansweredWillSeeUpdate(unanswered));
    }
    if next_start(meeting, now).is_some_and(|start| start - now <= VISIBLE_WITHIN) {
        warnings.push(Warning::StartsWithin15Minutes);
    }
    warnings
}

/// What the body showed of things that a rewrite takes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Seen {
    /// The old block holds a link to shared notes.
    pub shared_notes_link: bool,
    /// Somebody edited the old block. A run knows this of blocks that an earlier job wrote,
    /// from the journal ([`MeetingPlan::compared_with`](crate::plan::MeetingPlan::compared_with));
    /// what a product itself had written is recorded nowhere, so of its blocks only a caller
    /// who kept that can know. The old block is in the journal either way.
    pub edited_block: bool,
}

impl Seen {
    /// Neither.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { shared_notes_link: false, edited_block: false }
    }

    /// What an old block shows by itself: whether it links to shared notes. HTML or text,
    /// links wrapped by a mail filter or not; linear in the block.
    ///
    /// ```
    /// use meeting_migration::eligibility::Seen;
    ///
    /// let old = r#"<a href="OneNote:https://contoso.example/n.one#Agenda">Notes</a>"#;
    /// assert!(Seen::in_block(old).shared_notes_link);
    /// assert!(!Seen::in_block("Take notes in OneNote: bring a pen").shared_notes_link);
    /// ```
    #[must_use]
    pub fn in_block(old: &str) -> Self {
        let old = old.to_ascii_lowercase();
        let shared_notes_link = NOTES_LINKS.iter().any(|mark| old.contains(mark));
        Self { shared_notes_link, edited_block: false }
    }
}

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
    /// Somebody had edited the block since an earlier job wrote it; the edit is in the journal
    /// and the report ([`BlockEdit`](crate::plan::BlockEdit)). Never given for a block that
    /// the product wrote, unless the caller knows ([`Seen::edited_block`]).
    BlockEdited,
    /// So many recipients never answered: they see the update as a new invitation.
    UnansweredWillSeeUpdate(usize),
    /// It starts within 15 minutes: mail systems show any update to everybody.
    #[serde(rename = "starts-within-15-minutes")]
    StartsWithin15Minutes,
}

/// One filter, for readers: [`judge`] asks them in this order.
#[derive(Debug)]
pub struct Filter {
    reason: SkipReason,
    says: &'static str,
    sources: &'static [&'static str],
    holds: fn(&Meeting, MigrationKind, DateTime<Utc>, &Policy) -> bool,
}

impl Filter {
    /// The reason it gives.
    #[must_use]
    pub const fn reason(&self) -> SkipReason {
        self.reason
    }

    /// The filter as a sentence.
    #[must_use]
    pub const fn says(&self) -> &'static str {
        self.says
    }

    /// Where it comes from, under the keys of [`trigger`](crate::trigger); empty when no
    /// source says.
    #[must_use]
    pub const fn sources(&self) -> &'static [&'static str] {
        self.sources
    }
}

impl SkipReason {
    /// The filter that gives this reason.
    #[must_use]
    pub fn filter(self) -> &'static Filter {
        let mut filters = FILTERS.iter();
        filters
            .find(|filter| filter.reason == self)
            .expect("each reason has a filter, as a test checks")
    }

    /// Whether a later run may migrate the meeting though nobody changes it.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::StartsSoon)
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.filter().says)
    }
}

impl Warning {
    /// Where it comes from, under the keys of [`trigger`](crate::trigger).
    #[must_use]
    pub const fn sources(&self) -> &'static [&'static str] {
        match self {
            Self::ContentNotRetained => &["S:130"],
            Self::SharedNotesLinkReplaced => &["S:132"],
            Self::BlockEdited => &["S:126"],
            Self::UnansweredWillSeeUpdate(_) => &["S:140", "EXO:Set-OrganizationConfig"],
            Self::StartsWithin15Minutes => &["EXO:Set-OrganizationConfig"],
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentNotRetained => {
                f.write_str("whiteboards, polls and the like do not follow to the new meeting")
            }
            Self::SharedNotesLinkReplaced => {
                f.write_str("the link to the shared notes is gone; the notes are still there")
            }
            Self::BlockEdited => f.write_str(
                "the block had been edited since it was written; the journal keeps the edit",
            ),
            Self::UnansweredWillSeeUpdate(count) => {
                write!(f, "{count} who never answered see this as a new invitation")
            }
            Self::StartsWithin15Minutes => {
                f.write_str("it starts within 15 minutes, so everybody sees the update")
            }
        }
    }
}

/// Every filter, in the order in which it is asked.
pub static FILTERS: &[Filter] = &[
    Filter {
        reason: SkipReason::Cancelled,
        says: "A cancelled meeting stays as it is.",
        sources: &[],
        holds: |meeting, _, _, _| meeting.item.status == Status::Cancelled,
    },
    Filter {
        reason: SkipReason::NotOrganizer,
        says: "Only meetings that the user organises are touched.",
        sources: &["S:112"],
        holds: |meeting, _, _, _| !meeting.organized_by_user,
    },
    Filter {
        reason: SkipReason::DeclinedByOrganizer,
        says: "A meeting that its organiser declined stays as it is.",
        sources: &[],
        holds: |meeting, _, _, policy| policy.skips_declined() && declined(meeting),
    },
    Filter {
        reason: SkipReason::InProgress,
        says: "A meeting that has begun counts as past.",
        sources: &["S:108", "S:110"],
        holds: |meeting, _, now, _| !is_to_come(meeting, now) && in_progress(meeting, now),
    },
    Filter {
        reason: SkipReason::AlreadyOver,
        says: "A past meeting stays as it is.",
        sources: &["S:110"],
        holds: |meeting, _, now, _| !is_to_come(meeting, now),
    },
    Filter {
        reason: SkipReason::NoRecord,
        says: "Only meetings made with the add-in or the button are touched.",
        sources: &["S:124"],
        holds: |meeting, _, _, policy| {
            policy.evidence() == AddInEvidence::Record
                && meeting.parts().all(|(_, item)| item.record.is_none())
        },
    },
    Filter {
        reason: SkipReason::OtherProvider,
        says: "Meetings of a product that the job does not take stay as they are.",
        sources: &["PS:Start-CsExMeetingMigration"],
        holds: |meeting, kind, now, _| {
            let taken: Vec<_> = meeting
                .parts()
                .zip(to_come(meeting, now))
                .filter(|((_, item), to_come)| *to_come && item.status != Status::Cancelled)
                .filter_map(|((_, item), _)| takes(item, kind))
                .collect();
            !taken.is_empty() && !taken.contains(&true)
        },
    },
    Filter {
        reason: SkipReason::TooManyAttendees,
        says: "A meeting with more attendees than the limit, the organiser counted, is left out.",
        sources: &["S:134"],
        holds: |meeting, kind, now, policy| {
            let whole = unchanged_to_come(&meeting.schedule, now)
                && attendee_count(meeting, &meeting.item) > policy.attendee_limit();
            whole || parts(meeting, kind, now, policy).iter().all(|(_, v)| *v != Verdict::Migrate)
        },
    },
    Filter {
        reason: SkipReason::StartsSoon,
        says: "A meeting that starts within the quiet window is left alone for now.",
        sources: &["EXO:Set-OrganizationConfig"],
        holds: |meeting, _, now, policy| {
            next_start(meeting, now).is_some_and(|start| start - now < policy.quiet_window())
        },
    },
];

/// How links to a notebook look, in lower case, plain and percent-encoded: the client's
/// scheme, a section opened in the browser, the meeting notes of Teams.
const NOTES_LINKS: &[&str] = &[
    "onenote:http",
    "onenote%3ahttp",
    "wd=target(",
    "wd=target%28",
    "wd%3dtarget%28",
    "wd%3dtarget%2528",
    "/l/meetingnotes",
    "%2fl%2fmeetingnotes",
];

/// From here to the start, mail systems show any update to everybody
/// (EXO:Set-OrganizationConfig, `AllProperties:15`).
const VISIBLE_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// Whether the job takes a meeting with this record; `None` without one.
fn takes(item: &Item, kind: MigrationKind) -> Option<bool> {
    item.record.as_ref().map(|record| kind.target(record.provider).is_some())
}

/// Of each part, in the order of [`Meeting::parts`], whether it is still to start,
/// cancelled or not.
fn to_come(meeting: &Meeting, now: DateTime<Utc>) -> impl Iterator<Item = bool> {
    let main = unchanged_to_come(&meeting.schedule, now);
    std::iter::once(main).chain(meeting.changed.iter().map(move |o| o.slot.start > now))
}

/// Whether an occurrence that nobody changed is still to start.
fn unchanged_to_come(schedule: &Schedule, now: DateTime<Utc>) -> bool {
    next_unchanged(schedule, now).is_some()
        || matches!(schedule, Schedule::Series(series) if goes_on(series, now))
}

/// When it starts, as far as the calendar says.
fn next_unchanged(schedule: &Schedule, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match schedule {
        Schedule::Once(slot) => Some(slot.start).filter(|start| *start > now),
        Schedule::Series(series) => {
            series.upcoming.iter().map(|slot| slot.start).filter(|start| *start > now).min()
        }
    }
}

/// A calendar that listed a while ago may have named only occurrences that have begun
/// since. Then the end of the series tells whether more are to come.
fn goes_on(series: &Series, now: DateTime<Utc>) -> bool {
    !series.upcoming.is_empty() && series.last.is_none_or(|last| last.start > now)
}

fn in_progress(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    let holds_now = |slot: &Slot| slot.start <= now && now < slot.end;
    let own = match &meeting.schedule {
        Schedule::Once(slot) => holds_now(slot),
        Schedule::Series(series) => {
            holds_now(&series.first)
                || series.upcoming.iter().any(holds_now)
                || series.last.as_ref().is_some_and(holds_now)
        }
    };
    own || meeting.changed.iter().any(|o| holds_now(&o.slot))
}

/// Whether the organiser, listed as an attendee, said no to the event or series.
fn declined(meeting: &Meeting) -> bool {
    let is_organizer = |address: &Address| {
        meeting.organizer.as_ref().is_some_and(|organizer| organizer.same_as(address))
    };
    let mut attendees = meeting.item.attendees.iter();
    attendees.any(|a| a.response == Response::Declined && is_organizer(&a.address))
}

/// How many people of these parts, the organiser aside, never answered. Rooms answer alone.
fn unanswered<'m>(meeting: &Meeting, items: impl Iterator<Item = &'m Item>) -> usize {
    let organizer = meeting.organizer.as_ref().map(Address::key);
    let keys: HashSet<String> = items
        .flat_map(|item| &item.attendees)
        .filter(|attendee| attendee.kind != AttendeeKind::Resource)
        .filter(|attendee| attendee.response == Response::NeedsAction)
        .map(|attendee| attendee.address.key())
        .filter(|key| Some(key) != organizer.as_ref())
        .collect();
    keys.len()
}
