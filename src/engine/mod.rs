//! One job as a state machine: steps out, replies in.
//!
//! ```text
//! Recall ▶ List ▶ judge ▶ Provision ▶ rewrite ▶ Compare = plan        (a preview stops here)
//!   per meeting: Journal(intent) ▶ Update ▶ Journal(done) ▶ Read ▶ Notify ▶ Journal(told);
//!   of several notices each but the last: Notify ▶ Journal(sent)
//! ▶ Done
//! ```
//!
//! In: the time, and replies. Out: [`Step`]s. Never: a clock, IO, a body in the
//! serialised state.
//!
//! - A [`Migration`] can be serialised between any two steps. What it had in hand is
//!   forgotten then and found again through the journal, so even an old copy ends in the
//!   same calendar state.
//! - [`Migration::step`] asks for the same thing until the reply came; a reply to
//!   something that was not asked for is ignored.
//! - One meeting is in hand at a time, one page of the calendar in memory.
//! - Meetings in the quiet window are looked at again at the end, after a [`Step::Wait`].
//!
//! [`Service`](crate::Service) drives it over our traits. A durable engine has a driver of
//! its own, which is this loop:
//!
//! ```
//! use chrono::{DateTime, Utc};
//! use meeting_migration::calendar::Calendar;
//! use meeting_migration::engine::{Migration, Step};
//! use meeting_migration::mail::Mail;
//! use meeting_migration::provision::Provision;
//! use meeting_migration::report::Report;
//! use meeting_migration::store::{Store, StoreError};
//!
//! /// Runs until the job ends (`Ok`) or has to wait (`Err`); saving is left out.
//! async fn drive(
//!     migration: &mut Migration,
//!     (calendar, mail): (&impl Calendar, &impl Mail),
//!     (provision, store): (&impl Provision, &impl Store),
//!     clock: impl Fn() -> DateTime<Utc>,
//! ) -> Result<Result<Report, DateTime<Utc>>, StoreError> {
//!     let (organizer, job) = (migration.organizer().clone(), migration.correlation().clone());
//!     loop {
//!         match migration.step(clock()) {
//!             Step::Recall(page) => migration.recalled(store.journal(&job, page.as_ref()).await?),
//!             Step::List { from, page } => {
//!                 migration.listed(calendar.list(&organizer, from, page.as_ref()).await);
//!             }
//!             Step::Read(meeting) => migration.read(calendar.read(&organizer, &meeting).await),
//!             Step::Provision(request) => {
//!                 migration.provisioned(provision.coordinates(&request).await);
//!             }
//!             Step::Compare(meeting) => {
//!                 migration.compared(store.last_written(&organizer, &meeting, &job).await?);
//!             }
//!             Step::Journal(entry) => {
//!                 store.append(&entry).await?;
//!                 migration.journaled();
//!             }
//!             Step::Update(edit) => migration.updated(calendar.update(&organizer, &edit).await),
//!             Step::Notify(notice) => migration.notified(mail.send(&notice).await),
//!             Step::Wait(until) => return Ok(Err(until)),
//!             Step::Done(report) => return Ok(Ok(report)),
//!         }
//!     }
//! }
//! ```

mod open;
mod reply;
mod step;

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::{Edit, Notifies, PageToken};
use crate::job::{CorrelationId, later};
use crate::journal::Entry;
use crate::mail::{MessageId, Notice};
use crate::meeting::{Meeting, MeetingId, UserId, Version};
use crate::plan::{Details, JobPlan, MeetingPlan};
use crate::policy::Policy;
use crate::provision::Request;
use crate::report::{Counts, Failure, MeetingReport, Outcome, Report};
use crate::trigger::MigrationKind;

pub(crate) use self::open::spelling;
use self::open::{Open, Recall};

/// What the outside world has to do next. Closed: a driver handles every one.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Read one page of this job's journal; answer with [`Migration::recalled`].
    Recall(Option<PageToken>),
    /// List one page of the organiser's meetings; answer with [`Migration::listed`].
    List {
        /// Meetings that are over by then are not wanted.
        from: DateTime<Utc>,
        /// Which page.
        page: Option<PageToken>,
    },
    /// Read one meeting; answer with [`Migration::read`].
    Read(MeetingId),
    /// Get new coordinates; answer with [`Migration::provisioned`].
    Provision(Request),
    /// Look up what the last job that wrote the meeting wrote
    /// ([`Store::last_written`](crate::store::Store::last_written)), to see whether somebody
    /// edited the block since; answer with [`Migration::compared`].
    Compare(MeetingId),
    /// Add a line to the journal; answer with [`Migration::journaled`].
    Journal(Box<Entry>),
    /// Write, if the version is still the one seen; answer with [`Migration::updated`].
    Update(Edit),
    /// Send a notice; answer with [`Migration::notified`].
    Notify(Notice),
    /// Nothing before then; ask for the next step again.
    Wait(DateTime<Utc>),
    /// Nothing more: this try has ended.
    Done(Report),
}

/// What a migration is to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// Whose meetings.
    pub organizer: UserId,
    /// Which job; the key to its journal.
    pub correlation: CorrelationId,
    /// From which product to which.
    pub kind: MigrationKind,
    /// Who tells the attendees.
    pub notifies: Notifies,
    /// The numbers and switches.
    pub policy: Policy,
}

impl Order {
    /// An order with the default policy, for a calendar that tells nobody.
    #[must_use]
    pub fn new(organizer: UserId, correlation: CorrelationId, kind: MigrationKind) -> Self {
        Self { organizer, correlation, kind, notifies: Notifies::Nobody, policy: Policy::default() }
    }

    /// Replaces who tells the attendees.
    #[must_use]
    pub fn with_notifies(mut self, notifies: Notifies) -> Self {
        self.notifies = notifies;
        self
    }

    /// Replaces the policy.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }
}

/// The job of one organiser, as far as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Migration {
    order: Order,
    mode: Mode,
    listing: Listing,
    /// The time at which listing began; page tokens belong to it.
    from: Option<DateTime<Utc>>,
    /// Nothing may be asked before.
    not_before: Option<DateTime<Utc>>,
    /// How often in a row it was throttled.
    throttled: u32,
    /// How often it waited for meetings in the quiet window to begin.
    #[serde(default)]
    waited: u32,
    /// What the next step takes up again.
    #[serde(default)]
    again: Again,
    /// Meetings that were listed and are not dealt with, the one in hand first.
    pending: VecDeque<MeetingId>,
    reports: BTreeMap<MeetingId, MeetingReport>,
    plans: Vec<MeetingPlan>,
    #[serde(skip)]
    hand: Hand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Run,
    Preview,
}

/// Which failures are taken up again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Again {
    #[default]
    Nothing,
    /// Those that may pass.
    Passing,
    All,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Listing {
    At { page: Option<PageToken>, restarts: u32 },
    Complete,
    Failed(Failure),
}

impl Listing {
    const START: Self = Self::At { page: None, restarts: 0 };
}

/// What is in hand, and lost when the migration is saved.
#[derive(Clone, Debug, Default)]
struct Hand {
    recall: Recall,
    /// Meetings of the last page, as listed.
    page: HashMap<MeetingId, Meeting>,
    /// Meetings for which an intent is journalled and `Told` is not.
    open: BTreeMap<MeetingId, Open>,
    stage: Stage,
    conflicts: u32,
    delay: Option<TimeDelta>,
    /// Only what is open is brought to its end.
    winds_up: bool,
}

/// Two migrations are equal when they would be saved alike.
impl PartialEq for Hand {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// How far the meeting in hand is: each stage but `Idle`, `Judge` and `Plan` waits for
/// a reply.
#[derive(Clone, Debug, Default)]
enum Stage {
    #[default]
    Idle,
    Read,
    Judge(Box<Meeting>),
    Provision(Box<Asking>),
    Plan(Box<Meeting>, Details),
    Compare(Box<MeetingPlan>),
    Intend(Box<MeetingPlan>, Edit),
    Update(Edit),
    Record {
        version: Version,
        answered: bool,
    },
    ReadBack(Version),
    Notify(Outgoing),
    /// A notice went out that is not the last.
    Sent(MessageId, Outgoing),
    Tell(Option<MessageId>),
}

/// A meeting for which coordinates are asked.
#[derive(Clone, Debug)]
struct Asking {
    meeting: Box<Meeting>,
    /// What is asked now.
    request: Request,
    /// What is asked then: for parts that become another product's.
    others: VecDeque<Request>,
    /// What was answered.
    details: Details,
}

/// The notices about the meeting in hand.
#[derive(Clone, Debug)]
struct Outgoing {
    /// What is still to be sent, the next one first.
    notices: VecDeque<Notice>,
    /// One was refused, which is no reason to keep it from the others.
    refused: bool,
}

impl Migration {
    /// How often a meeting that is being edited by somebody is read and planned anew.
    pub const MAX_CONFLICTS: u32 = 3;

    /// A job that has not begun.
    #[must_use]
    pub fn new(order: Order) -> Self {
        Self::in_mode(order, Mode::Run)
    }

    /// A job that only plans: it asks for [`Step::List`], [`Step::Read`],
    /// [`Step::Provision`] and [`Step::Compare`], and ends in [`Migration::into_plan`].
    #[must_use]
    pub fn preview(order: Order) -> Self {
        Self::in_mode(order, Mode::Preview)
    }

    fn in_mode(order: Order, mode: Mode) -> Self {
        Self {
            order,
            mode,
            listing: Listing::START,
            from: None,
            not_before: None,
            throttled: 0,
            waited: 0,
            again: Again::Nothing,
            pending: VecDeque::new(),
            reports: BTreeMap::new(),
            plans: Vec::new(),
            hand: Hand::default(),
        }
    }

    /// Whose meetings.
    #[must_use]
    pub fn organizer(&self) -> &UserId {
        &self.order.organizer
    }

    /// Which job.
    #[must_use]
    pub fn correlation(&self) -> &CorrelationId {
        &self.order.correlation
    }

    /// Whether no meeting is in hand: a good moment to save, or to stop.
    #[must_use]
    pub fn is_between_meetings(&self) -> bool {
        matches!(self.hand.stage, Stage::Idle)
    }

    /// Whether moreover all meetings of the last page are dealt with.
    #[must_use]
    pub fn is_between_pages(&self) -> bool {
        self.is_between_meetings() && self.pending.is_empty()
    }

    /// How many meetings have an outcome.
    #[must_use]
    pub fn dealt_with(&self) -> usize {
        self.reports.len()
    }

    /// The outcome so far.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            organizer: self.order.organizer.clone(),
            correlation: self.order.correlation.clone(),
            meetings: self.reports.values().cloned().collect(),
            failure: match self.listing {
                Listing::Failed(why) => Some(why),
                Listing::At { .. } | Listing::Complete => None,
            },
        }
    }

    /// The outcomes so far, counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(self.reports.values())
    }

    /// How many meetings are to be updated, as far as they are known yet.
    #[must_use]
    pub fn total(&self) -> u32 {
        let Counts { succeeded, failed, .. } = self.counts();
        let pending = u32::try_from(self.pending.len()).unwrap_or(u32::MAX);
        succeeded.saturating_add(failed).saturating_add(pending)
    }

    /// What a preview found.
    #[must_use]
    pub fn into_plan(mut self) -> JobPlan {
        self.plans.sort_by(|a, b| a.meeting.cmp(&b.meeting));
        JobPlan {
            failure: self.report().failure,
            organizer: self.order.organizer,
            kind: self.order.kind,
            meetings: self.plans,
        }
    }

    /// Begins another try with the next step: of the meetings whose failure may pass, and of
    /// the listing when that is what failed. The rest is done. Until then the report stays.
    pub fn try_again(&mut self) {
        self.again = self.again.max(Again::Passing);
        self.not_before = None;
        self.resume();
    }

    /// As [`try_again`](Self::try_again), of all that failed: for when a person has mended
    /// what was wrong. A meeting that was written, if only in part, and whose attendees were
    /// told is done for this job.
    pub fn try_all_again(&mut self) {
        self.try_again();
        self.again = Again::All;
    }

    /// Brings only those meetings to their end that were, or may have been, written, and are
    /// not told yet; nothing else is written. [`Step::Done`] comes then, or [`Step::Wait`]
    /// when the calendar or the mail route asked for patience.
    pub fn wind_up(&mut self) {
        self.resume();
        self.hand.winds_up = true;
    }

    fn take_up_again(&mut self) {
        let again = std::mem::take(&mut self.again);
        if again == Again::Nothing {
            return;
        }
        let is_meant = |why: Failure| again == Again::All || why.is_transient();
        let failed: Vec<_> = self
            .reports
            .values()
            .filter(|r| r.failure().is_some_and(is_meant))
            .map(|r| r.meeting.clone())
            .collect();
        for meeting in failed {
            self.reports.remove(&meeting);
            self.pending.push_back(meeting);
        }
        if matches!(self.listing, Listing::Failed(_)) {
            self.listing = Listing::START;
            self.from = None;
        }
    }

    /// Puts meetings off that start within the quiet window, until they have begun; none
    /// when nothing is to wait for. A series whose every occurrence is in the window when
    /// its turn comes is given up after as many waits as a job has tries.
    fn put_off(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.mode == Mode::Preview || self.waited >= self.order.policy.max_attempts() {
            return None;
        }
        let soon =
            |r: &&MeetingReport| matches!(r.outcome, Outcome::Skipped(why) if why.is_passing());
        let soon: Vec<_> = self.reports.values().filter(soon).map(|r| r.meeting.clone()).collect();
        if soon.is_empty() {
            return None;
        }
        for meeting in soon {
            self.reports.remove(&meeting);
            self.pending.push_back(meeting);
        }
        self.waited += 1;
        let until = later(now, self.order.policy.quiet_window());
        self.not_before = Some(until);
        Some(until)
    }

    /// Forgets what was in hand, as saving and reading back does: the journal knows better
    /// what another worker did since.
    pub fn resume(&mut self) {
        self.hand = Hand::default();
    }

    /// Ends the meeting in hand.
    fn finish(&mut self, report: MeetingReport) {
        self.pending.pop_front();
        self.hand.open.remove(&report.meeting);
        self.hand.stage = Stage::Idle;
        self.reports.insert(report.meeting.clone(), report);
    }
}
