//! One job as a state machine: steps out, replies in.
//!
//! ```text
//! Recall ▶ List ▶ judge ▶ Provision ▶ rewrite = plan                  (a preview stops here)
//!   per meeting: Journal(intent) ▶ Update ▶ Journal(done) ▶ Read ▶ Notify ▶ Journal(told)
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

mod open;

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::{CalendarError, Edit, Notifies, Page, PageToken};
use crate::coordinates::Coordinates;
use crate::eligibility::{self, Verdict};
use crate::job::{CorrelationId, later};
use crate::journal::{Entry, Event};
use crate::mail::{MailError, MessageId, Notice};
use crate::meeting::{Meeting, MeetingId, UserId, Version};
use crate::plan::{JobPlan, MeetingPlan};
use crate::policy::Policy;
use crate::provision::{ProvisionError, Request};
use crate::report::{Counts, Failure, MeetingReport, Report};
use crate::trigger::MigrationKind;

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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Migration {
    order: Order,
    mode: Mode,
    listing: Listing,
    /// The time at which listing began; page tokens belong to it.
    from: Option<DateTime<Utc>>,
    /// Nothing may be asked before.
    not_before: Option<DateTime<Utc>>,
    /// Meetings that were listed and are not dealt with, the one in hand first.
    pending: VecDeque<MeetingId>,
    reports: BTreeMap<MeetingId, MeetingReport>,
    plans: Vec<MeetingPlan>,
    #[serde(skip)]
    hand: Hand,
}

/// Two migrations are equal when they would be saved alike.
impl PartialEq for Migration {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
            && self.mode == other.mode
            && self.listing == other.listing
            && self.from == other.from
            && self.not_before == other.not_before
            && self.pending == other.pending
            && self.reports == other.reports
            && self.plans == other.plans
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Run,
    Preview,
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
    throttled: u32,
    delay: Option<TimeDelta>,
}

/// How far the meeting in hand is: each stage but `Idle`, `Judge` and `Plan` waits for
/// a reply.
#[derive(Clone, Debug, Default)]
enum Stage {
    #[default]
    Idle,
    Read,
    Judge(Box<Meeting>),
    Provision(Box<Meeting>, Box<Request>),
    Plan(Box<Meeting>, Box<Coordinates>),
    Intend(Box<MeetingPlan>, Edit),
    Update(Edit),
    Record {
        version: Version,
        answered: bool,
    },
    ReadBack(Version),
    Notify(Notice),
    Tell(Option<MessageId>),
}

impl Migration {
    /// How often a meeting that is being edited by somebody is read and planned anew.
    pub const MAX_CONFLICTS: u32 = 3;

    /// A job that has not begun.
    #[must_use]
    pub fn new(order: Order) -> Self {
        Self::in_mode(order, Mode::Run)
    }

    /// A job that only plans: it asks for [`Step::List`], [`Step::Read`] and
    /// [`Step::Provision`], and ends in [`Migration::into_plan`].
    #[must_use]
    pub fn preview(order: Order) -> Self {
        let mut preview = Self::in_mode(order, Mode::Preview);
        preview.resume();
        preview
    }

    fn in_mode(order: Order, mode: Mode) -> Self {
        Self {
            order,
            mode,
            listing: Listing::START,
            from: None,
            not_before: None,
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

    /// Begins another try: of the meetings whose failure may pass, and of the listing when
    /// that is what failed. The rest is done.
    pub fn try_again(&mut self) {
        let failed: Vec<_> = self
            .reports
            .values()
            .filter(|r| r.failure().is_some_and(Failure::is_transient))
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
        self.not_before = None;
        self.resume();
    }

    /// Forgets what was in hand, as saving and reading back does: the journal knows better
    /// what another worker did since.
    pub fn resume(&mut self) {
        self.hand = Hand::default();
        if self.mode == Mode::Preview {
            self.hand.recall = Recall::Complete;
        }
    }

    /// What has to be done next.
    pub fn step(&mut self, now: DateTime<Utc>) -> Step {
        if let Some(delay) = self.hand.delay.take() {
            self.not_before = Some(later(now, delay));
        }
        if let Some(until) = self.not_before.filter(|until| now < *until) {
            return Step::Wait(until);
        }
        self.not_before = None;
        self.advance(now);
        self.ask(now)
    }

    /// Goes on as far as that needs nobody.
    fn advance(&mut self, now: DateTime<Utc>) {
        loop {
            match std::mem::take(&mut self.hand.stage) {
                Stage::Idle => {
                    if !matches!(self.hand.recall, Recall::Complete) {
                        return;
                    }
                    let Some(id) = self.pending.front().cloned() else { return };
                    self.hand.conflicts = 0;
                    let page = self.hand.page.remove(&id);
                    let written = self.hand.open.get(&id).and_then(|o| o.version.clone());
                    self.hand.stage = match (written, page) {
                        (Some(version), _) => Stage::ReadBack(version),
                        (None, Some(meeting)) => Stage::Judge(Box::new(meeting)),
                        (None, None) => Stage::Read,
                    };
                }
                Stage::Judge(meeting) => self.judge(meeting, now),
                Stage::Plan(meeting, coordinates) => self.plan(&meeting, *coordinates, now),
                waiting => {
                    self.hand.stage = waiting;
                    return;
                }
            }
        }
    }

    /// The step that the present stage waits for.
    fn ask(&mut self, now: DateTime<Utc>) -> Step {
        match &self.hand.stage {
            Stage::Idle | Stage::Judge(_) | Stage::Plan(..) => self.ask_for_more(now),
            Stage::Read | Stage::ReadBack(_) => match self.pending.front() {
                Some(id) => Step::Read(id.clone()),
                None => self.ask_for_more(now),
            },
            Stage::Provision(_, request) => Step::Provision((**request).clone()),
            Stage::Update(edit) => Step::Update(edit.clone()),
            Stage::Notify(notice) => Step::Notify(notice.clone()),
            Stage::Intend(plan, _) => self.ask_to_journal(now, Event::Intent(plan.clone())),
            Stage::Record { version, answered } => {
                let event = Event::Done { version: version.clone(), answered: *answered };
                self.ask_to_journal(now, event)
            }
            Stage::Tell(message) => {
                self.ask_to_journal(now, Event::Told { message: message.clone() })
            }
        }
    }

    fn ask_for_more(&mut self, now: DateTime<Utc>) -> Step {
        if let Recall::At(page) = &self.hand.recall {
            return Step::Recall(page.clone());
        }
        match &self.listing {
            Listing::At { page, .. } => {
                Step::List { from: *self.from.get_or_insert(now), page: page.clone() }
            }
            Listing::Complete | Listing::Failed(_) => Step::Done(self.report()),
        }
    }

    fn ask_to_journal(&self, now: DateTime<Utc>, event: Event) -> Step {
        match self.pending.front() {
            Some(meeting) => Step::Journal(Box::new(Entry {
                correlation: self.order.correlation.clone(),
                meeting: meeting.clone(),
                at: now,
                event,
            })),
            None => Step::Done(self.report()),
        }
    }

    /// The answer to [`Step::Recall`].
    pub fn recalled(&mut self, page: Page<Entry>) {
        let Recall::At(_) = self.hand.recall else { return };
        for entry in page.items {
            if self.reports.contains_key(&entry.meeting) {
                continue;
            }
            match entry.event {
                Event::Intent(plan) => {
                    self.hand.open.insert(entry.meeting, Open::of(&plan));
                }
                Event::Done { version, .. } => {
                    if let Some(open) = self.hand.open.get_mut(&entry.meeting) {
                        open.version = Some(version);
                    }
                }
                Event::Told { message } => {
                    if let Some(open) = self.hand.open.remove(&entry.meeting) {
                        self.pending.retain(|id| *id != entry.meeting);
                        self.reports.insert(entry.meeting, open.report(message));
                    }
                }
                Event::Undone { .. } => {
                    self.hand.open.remove(&entry.meeting);
                }
            }
        }
        self.hand.recall = match page.next {
            Some(next) => Recall::At(Some(next)),
            None => Recall::Complete,
        };
        if matches!(self.hand.recall, Recall::Complete) {
            for id in self.hand.open.keys().rev() {
                self.pending.retain(|pending| pending != id);
                self.pending.push_front(id.clone());
            }
        }
    }

    /// The answer to [`Step::List`].
    pub fn listed(&mut self, answer: Result<Page<Meeting>, CalendarError>) {
        let Listing::At { page: asked, restarts } = &self.listing else { return };
        if !self.is_between_meetings() || !self.pending.is_empty() {
            return;
        }
        let (asked, restarts) = (asked.clone(), *restarts);
        match answer {
            Ok(page) => {
                self.hand.throttled = 0;
                self.listing = match page.next {
                    None => Listing::Complete,
                    next if next == asked => Listing::Failed(Failure::CalendarFailed),
                    next => Listing::At { page: next, restarts },
                };
                for meeting in page.items {
                    let known = self.reports.contains_key(&meeting.id)
                        || self.hand.page.contains_key(&meeting.id);
                    if !known {
                        self.pending.push_back(meeting.id.clone());
                        self.hand.page.insert(meeting.id.clone(), meeting);
                    }
                }
            }
            Err(CalendarError::Changed | CalendarError::NotFound)
                if asked.is_some() && restarts < Self::MAX_CONFLICTS =>
            {
                self.listing = Listing::At { page: None, restarts: restarts + 1 };
                self.from = None;
            }
            Err(CalendarError::Throttled { retry_after }) => self.hold_back(retry_after),
            Err(error) => self.listing = Listing::Failed(Failure::of(&error)),
        }
    }

    /// The answer to [`Step::Read`].
    pub fn read(&mut self, answer: Result<Meeting, CalendarError>) {
        let (Stage::Read | Stage::ReadBack(_)) = self.hand.stage else { return };
        match answer {
            Ok(meeting) if Some(&meeting.id) != self.pending.front() => {
                self.fail(Failure::CalendarFailed);
            }
            Ok(meeting) => {
                self.hand.throttled = 0;
                match std::mem::take(&mut self.hand.stage) {
                    Stage::ReadBack(version) => self.check(&meeting, &version),
                    _ => self.hand.stage = Stage::Judge(Box::new(meeting)),
                }
            }
            Err(CalendarError::Throttled { retry_after }) => self.hold_back(retry_after),
            // Written, and deleted since: there is nobody left to tell.
            Err(CalendarError::NotFound) if matches!(self.hand.stage, Stage::ReadBack(_)) => {
                self.hand.stage = Stage::Tell(None);
            }
            Err(error) => self.fail(Failure::of(&error)),
        }
    }

    /// The answer to [`Step::Provision`].
    pub fn provisioned(&mut self, answer: Result<Coordinates, ProvisionError>) {
        let stage = std::mem::take(&mut self.hand.stage);
        let Stage::Provision(meeting, request) = stage else {
            self.hand.stage = stage;
            return;
        };
        match answer {
            Ok(coordinates) => {
                self.hand.throttled = 0;
                self.hand.stage = Stage::Plan(meeting, Box::new(coordinates));
            }
            Err(ProvisionError::Throttled { retry_after }) => {
                self.hand.stage = Stage::Provision(meeting, request);
                self.hold_back(retry_after);
            }
            Err(ProvisionError::Denied) => self.unplanned(&meeting, Failure::ProvisionDenied),
            Err(ProvisionError::Other(_)) => self.unplanned(&meeting, Failure::ProvisionFailed),
        }
    }

    /// The answer to [`Step::Journal`]: the line is safe. When it could not be written,
    /// stop driving: nothing may be done that the journal does not know.
    pub fn journaled(&mut self) {
        let Some(id) = self.pending.front().cloned() else { return };
        match std::mem::take(&mut self.hand.stage) {
            Stage::Intend(plan, edit) => {
                self.hand.open.insert(id, Open::of(&plan));
                self.hand.stage = Stage::Update(edit);
            }
            Stage::Record { version, .. } => {
                if let Some(open) = self.hand.open.get_mut(&id) {
                    open.version = Some(version.clone());
                }
                self.hand.stage = Stage::ReadBack(version);
            }
            Stage::Tell(message) => {
                if let Some(open) = self.hand.open.remove(&id) {
                    self.finish(open.report(message));
                }
            }
            other => self.hand.stage = other,
        }
    }

    /// The answer to [`Step::Update`].
    pub fn updated(&mut self, answer: Result<Version, CalendarError>) {
        let Stage::Update(_) = self.hand.stage else { return };
        match answer {
            Ok(version) => {
                self.hand.throttled = 0;
                self.hand.stage = Stage::Record { version, answered: true };
            }
            Err(CalendarError::Throttled { retry_after }) => self.hold_back(retry_after),
            Err(CalendarError::Changed) if self.hand.conflicts < Self::MAX_CONFLICTS => {
                self.hand.conflicts += 1;
                self.hand.stage = Stage::Read;
            }
            Err(error) => self.fail(Failure::of(&error)),
        }
    }

    /// The answer to [`Step::Notify`].
    pub fn notified(&mut self, answer: Result<(), MailError>) {
        let Stage::Notify(notice) = &self.hand.stage else { return };
        match answer {
            Ok(()) => {
                self.hand.throttled = 0;
                self.hand.stage = Stage::Tell(Some(notice.message.clone()));
            }
            Err(MailError::Throttled { retry_after }) => self.hold_back(retry_after),
            Err(MailError::Refused) => self.fail(Failure::MailRefused),
            Err(MailError::Other(_)) => self.fail(Failure::MailFailed),
        }
    }

    fn judge(&mut self, meeting: Box<Meeting>, now: DateTime<Utc>) {
        if self.hand.open.get(&meeting.id).is_some_and(|open| open.is_stored_in(&meeting)) {
            self.hand.stage = Stage::Record { version: meeting.version, answered: false };
            return;
        }
        let verdict = eligibility::judge(&meeting, self.order.kind, now, &self.order.policy);
        if verdict == Verdict::Migrate {
            let request = Request {
                organizer: self.order.organizer.clone(),
                meeting: meeting.id.clone(),
                kind: self.order.kind,
                record: meeting.item.record.clone(),
                subject: meeting.item.subject.clone(),
                schedule: meeting.schedule.clone(),
            };
            self.hand.stage = Stage::Provision(meeting, Box::new(request));
        } else {
            self.settle(MeetingPlan::without(&meeting, verdict));
        }
    }

    fn plan(&mut self, meeting: &Meeting, coordinates: Coordinates, now: DateTime<Utc>) {
        let plan = MeetingPlan::new(meeting, coordinates, self.order.kind, now, &self.order.policy);
        let open = self.hand.open.contains_key(&meeting.id);
        match plan.edit() {
            Some(edit) if self.mode == Mode::Run => {
                self.hand.stage = Stage::Intend(Box::new(plan), edit);
            }
            // Our write got through, and the calendar stored it in its own spelling.
            None if open && plan.is_up_to_date() => {
                let version = meeting.version.clone();
                self.hand.stage = Stage::Record { version, answered: false };
            }
            _ => self.settle(plan),
        }
    }

    /// Ends a meeting to which nothing is done.
    fn settle(&mut self, plan: MeetingPlan) {
        self.finish(MeetingReport::of(&plan));
        if self.mode == Mode::Preview {
            self.plans.push(plan);
        }
    }

    /// Ends a meeting that cannot be planned.
    fn unplanned(&mut self, meeting: &Meeting, why: Failure) {
        let plan = MeetingPlan::without(meeting, Verdict::Migrate);
        self.settle(MeetingPlan { failure: Some(why), ..plan });
    }

    /// Looks at what the calendar has stored, and tells the attendees.
    fn check(&mut self, stored: &Meeting, version: &Version) {
        let Some(open) = self.hand.open.get(&stored.id) else {
            self.fail(Failure::CalendarFailed);
            return;
        };
        if stored.version == *version && !open.is_kept_in(stored, &self.order.policy) {
            self.fail(Failure::NotKept);
            return;
        }
        let message = self.order.correlation.message("update", &stored.id);
        let notice = Notice::new(
            message,
            &self.order.organizer,
            stored,
            open.parts(),
            self.order.policy.notify_declined(),
        );
        self.hand.stage = match self.order.notifies {
            Notifies::Nobody if !notice.recipients.is_empty() => Stage::Notify(notice),
            Notifies::Nobody | Notifies::Itself => Stage::Tell(None),
        };
    }

    fn hold_back(&mut self, retry_after: Option<TimeDelta>) {
        let doubled = FIRST_DELAY * 2_i32.pow(self.hand.throttled.min(6));
        self.hand.throttled += 1;
        self.hand.delay = Some(retry_after.unwrap_or(doubled));
    }

    fn fail(&mut self, why: Failure) {
        let Some(id) = self.pending.front().cloned() else { return };
        let report = match self.hand.open.get(&id) {
            Some(open) => open.failed(why),
            None => MeetingReport::failed(id, why),
        };
        self.finish(report);
    }

    fn finish(&mut self, report: MeetingReport) {
        self.pending.pop_front();
        self.hand.open.remove(&report.meeting);
        self.hand.stage = Stage::Idle;
        self.reports.insert(report.meeting.clone(), report);
    }
}

/// How long to wait when throttled without being told; doubled each time, to 16 minutes.
const FIRST_DELAY: TimeDelta = TimeDelta::seconds(15);
