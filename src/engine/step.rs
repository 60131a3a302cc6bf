//! What has to be done next.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::open::{Open, Recall};
use super::{Asking, Listing, Migration, Mode, Order, Stage, Step};
use crate::eligibility::{self, Verdict};
use crate::job::later;
use crate::journal::{Entry, Event};
use crate::meeting::{Meeting, MeetingId, Record};
use crate::plan::{Details, MeetingPlan, Subject};
use crate::provision::Request;
use crate::report::{Failure, MeetingReport};

impl Migration {
    /// What has to be done next.
    pub fn step(&mut self, now: DateTime<Utc>) -> Step {
        if let Some(delay) = self.hand.delay.take() {
            self.not_before = Some(later(now, delay));
        }
        let until = self.not_before.filter(|until| now < *until);
        match until.filter(|_| !self.is_at_the_journal()) {
            Some(until) => Step::Wait(until),
            None => {
                self.not_before = until;
                self.advance(now);
                self.ask(now)
            }
        }
    }

    /// Whether, of a job that winds up, only the journal is to be asked yet, or nothing more:
    /// neither is throttled.
    fn is_at_the_journal(&self) -> bool {
        self.hand.winds_up
            && (self.recalls() || self.is_between_meetings() && self.next().is_none())
    }

    /// Whether the journal was not read to its end; a preview has none.
    pub(super) fn recalls(&self) -> bool {
        self.mode == Mode::Run && self.hand.recall != Recall::Complete
    }

    /// The meeting whose turn it is.
    fn next(&self) -> Option<&MeetingId> {
        let is_open = |id: &&MeetingId| self.hand.open.contains_key(*id);
        self.pending.front().filter(|id| !self.hand.winds_up || is_open(id))
    }

    /// Goes on as far as that needs nobody.
    fn advance(&mut self, now: DateTime<Utc>) {
        if !self.hand.winds_up {
            self.take_up_again();
        }
        loop {
            match std::mem::take(&mut self.hand.stage) {
                Stage::Idle => {
                    if self.recalls() {
                        return;
                    }
                    let Some(id) = self.next().cloned() else { return };
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
                Stage::Plan(meeting, details) => self.plan(&meeting, &details, now),
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
            Stage::Compare(plan) => Step::Compare(plan.meeting.clone()),
            Stage::Read | Stage::ReadBack(_) => match self.pending.front() {
                Some(id) => Step::Read(id.clone()),
                None => self.ask_for_more(now),
            },
            Stage::Provision(asking) => Step::Provision(asking.request.clone()),
            Stage::Update(edit) => Step::Update(edit.clone()),
            Stage::Notify(outgoing) => match outgoing.notices.front() {
                Some(notice) => Step::Notify(notice.clone()),
                None => self.ask_for_more(now),
            },
            Stage::Intend(plan, _) => self.ask_to_journal(now, Event::Intent(plan.clone())),
            Stage::Record { version, answered } => {
                let event = Event::Done { version: version.clone(), answered: *answered };
                self.ask_to_journal(now, event)
            }
            Stage::Sent(message, _) => {
                self.ask_to_journal(now, Event::Sent { message: message.clone() })
            }
            Stage::Tell(message) => {
                let open = self.pending.front().and_then(|id| self.hand.open.get(id));
                let spelling = open.and_then(|open| open.spelling.clone());
                self.ask_to_journal(now, Event::Told { message: message.clone(), spelling })
            }
        }
    }

    fn ask_for_more(&mut self, now: DateTime<Utc>) -> Step {
        if let (true, Recall::At(page)) = (self.recalls(), &self.hand.recall) {
            return Step::Recall(page.clone());
        }
        match &self.listing {
            _ if self.hand.winds_up => Step::Done(self.report()),
            Listing::At { page, .. } => {
                Step::List { from: *self.from.get_or_insert(now), page: page.clone() }
            }
            Listing::Complete | Listing::Failed(_) => match self.put_off(now) {
                Some(until) => Step::Wait(until),
                None => Step::Done(self.report()),
            },
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

    fn judge(&mut self, meeting: Box<Meeting>, now: DateTime<Utc>) {
        let stored = |open: &Open| open.has_reached(&meeting, &self.order.policy);
        if self.hand.open.get(&meeting.id).is_some_and(stored) {
            self.hand.stage = Stage::Record { version: meeting.version, answered: false };
            return;
        }
        if self.hand.winds_up {
            // It was about to be written, and was not: now it stays as it is.
            self.hand.open.remove(&meeting.id);
            let left = self.pending.pop_front();
            self.pending.extend(left);
            return;
        }
        let verdict = eligibility::judge(&meeting, self.order.kind, now, &self.order.policy);
        if verdict == Verdict::Migrate {
            let mut requests = self.requests(&meeting, now);
            let details = Details::default();
            self.hand.stage = match requests.pop_front() {
                Some(request) => {
                    let others = requests;
                    Stage::Provision(Box::new(Asking { meeting, request, others, details }))
                }
                None => Stage::Plan(meeting, details),
            };
        } else {
            self.settle(MeetingPlan::without(&meeting, verdict));
        }
    }

    /// What to ask for a meeting: one thing for each product that parts of it become, or, when
    /// nobody knows what they are, one thing for all.
    fn requests(&self, meeting: &Meeting, now: DateTime<Utc>) -> VecDeque<Request> {
        let kind = self.order.kind;
        let of = |record: Option<&Record>, product| Request {
            organizer: self.order.organizer.clone(),
            meeting: meeting.id.clone(),
            kind,
            record: record.cloned(),
            product,
            subject: meeting.item.subject.clone(),
            schedule: meeting.schedule.clone(),
        };
        let parts: Vec<_> = Subject::all(meeting, kind, now, &self.order.policy)
            .filter(|part| part.verdict == Verdict::Migrate)
            .collect();
        if parts.iter().all(|part| part.product.is_none()) {
            return VecDeque::from([of(None, None)]);
        }
        let mut requests: VecDeque<Request> = VecDeque::new();
        for part in parts {
            let target = part.product.and_then(|product| kind.target(product));
            if target.is_some() && requests.iter().all(|known| known.target() != target) {
                requests.push_back(of(part.record, part.product));
            }
        }
        requests
    }

    fn plan(&mut self, meeting: &Meeting, details: &Details, now: DateTime<Utc>) {
        let Order { kind, policy, .. } = &self.order;
        let plan = MeetingPlan::planned(meeting, details, *kind, now, policy);
        let is_found = |open: &Open| open.is_found_by(&plan);
        let is_found = self.hand.open.get(&meeting.id).is_some_and(is_found);
        match plan.edit() {
            Some(_) => self.hand.stage = Stage::Compare(Box::new(plan)),
            // Our write got through, and the calendar stored it in its own spelling.
            None if is_found => {
                let version = meeting.version.clone();
                self.hand.stage = Stage::Record { version, answered: false };
            }
            _ => self.settle(plan),
        }
    }

    /// Goes on with a plan that is complete: writes it, or shows it.
    pub(super) fn carry_out(&mut self, plan: MeetingPlan) {
        match plan.edit() {
            Some(edit) if self.mode == Mode::Run => {
                self.hand.stage = Stage::Intend(Box::new(plan), edit);
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
    pub(super) fn unplanned(&mut self, meeting: &Meeting, why: Failure) {
        let plan = MeetingPlan::without(meeting, Verdict::Migrate);
        self.settle(MeetingPlan { failure: Some(why), ..plan });
    }
}
