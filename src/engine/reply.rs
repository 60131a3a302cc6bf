//! What came back. An answer to something that was not asked for is ignored.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::open::{Open, Recall};
use super::{Listing, Migration, Outgoing, Stage};
use crate::calendar::{CalendarError, Notifies, Page};
use crate::coordinates::Coordinates;
use crate::journal::{Entry, Event};
use crate::mail::{MailError, MessageId, Notice};
use crate::meeting::{Meeting, MeetingId, Version};
use crate::plan::MeetingPlan;
use crate::policy::WhenDenied;
use crate::provision::ProvisionError;
use crate::report::{Failure, MeetingReport, Outcome};

impl Migration {
    /// The answer to [`Step::Recall`](super::Step::Recall).
    pub fn recalled(&mut self, page: Page<Entry>) {
        if !self.recalls() {
            return;
        }
        for entry in page.items {
            if self.reports.contains_key(&entry.meeting) {
                continue;
            }
            match entry.event {
                Event::Intent(plan) => {
                    self.hand.open.insert(entry.meeting, Open::recalled(&plan));
                }
                Event::Done { version, .. } => {
                    if let Some(open) = self.hand.open.get_mut(&entry.meeting) {
                        open.version = Some(version);
                    }
                }
                Event::Sent { message } => {
                    if let Some(open) = self.hand.open.get_mut(&entry.meeting) {
                        open.sent.push(message);
                    }
                }
                Event::Told { message, .. } => {
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

    /// The answer to [`Step::List`](super::Step::List).
    pub fn listed(&mut self, answer: Result<Page<Meeting>, CalendarError>) {
        let Listing::At { page: asked, restarts } = &self.listing else { return };
        if !self.is_between_meetings() || !self.pending.is_empty() {
            return;
        }
        let (asked, restarts) = (asked.clone(), *restarts);
        match answer {
            Ok(page) => {
                self.throttled = 0;
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

    /// The answer to [`Step::Read`](super::Step::Read).
    pub fn read(&mut self, answer: Result<Meeting, CalendarError>) {
        let (Stage::Read | Stage::ReadBack(_)) = self.hand.stage else { return };
        match answer {
            Ok(meeting) if Some(&meeting.id) != self.pending.front() => {
                self.fail(Failure::CalendarFailed);
            }
            Ok(meeting) => {
                self.throttled = 0;
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
            Err(CalendarError::NotFound) => self.gone(),
            Err(error) => self.fail(Failure::of(&error)),
        }
    }

    /// The answer to [`Step::Provision`](super::Step::Provision).
    pub fn provisioned(&mut self, answer: Result<Coordinates, ProvisionError>) {
        let mut asking = match std::mem::take(&mut self.hand.stage) {
            Stage::Provision(asking) => asking,
            other => {
                self.hand.stage = other;
                return;
            }
        };
        let target = asking.request.target();
        match answer {
            Ok(new) if target.is_some_and(|wanted| wanted != new.provider) => {
                return self.unplanned(&asking.meeting, Failure::OtherProduct);
            }
            Ok(new) => asking.details.add(target, Some(new)),
            Err(ProvisionError::Throttled { retry_after }) => {
                self.hand.stage = Stage::Provision(asking);
                return self.hold_back(retry_after);
            }
            Err(ProvisionError::Denied)
                if self.order.policy.when_denied() == WhenDenied::RemovesBlock =>
            {
                asking.details.add(target, None);
            }
            Err(ProvisionError::Denied) => {
                return self.unplanned(&asking.meeting, Failure::ProvisionDenied);
            }
            Err(ProvisionError::Other(_)) => {
                return self.unplanned(&asking.meeting, Failure::ProvisionFailed);
            }
        }
        self.throttled = 0;
        self.hand.stage = match asking.others.pop_front() {
            Some(next) => {
                asking.request = next;
                Stage::Provision(asking)
            }
            None => Stage::Plan(asking.meeting, asking.details),
        };
    }

    /// The answer to [`Step::Compare`](super::Step::Compare): the plan of the last job that
    /// wrote the meeting, if that is known.
    pub fn compared(&mut self, earlier: Option<MeetingPlan>) {
        match std::mem::take(&mut self.hand.stage) {
            Stage::Compare(plan) => self.carry_out(match earlier {
                Some(earlier) if earlier.meeting == plan.meeting => plan.compared_with(&earlier),
                _ => *plan,
            }),
            other => self.hand.stage = other,
        }
    }

    /// The answer to [`Step::Journal`](super::Step::Journal): the line is safe. When it could not be written,
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
            Stage::Sent(message, outgoing) => {
                if let Some(open) = self.hand.open.get_mut(&id) {
                    open.sent.push(message);
                }
                self.go_on_telling(outgoing);
            }
            Stage::Tell(message) => {
                if let Some(open) = self.hand.open.remove(&id) {
                    self.finish(open.report(message));
                }
            }
            other => self.hand.stage = other,
        }
    }

    /// The answer to [`Step::Update`](super::Step::Update).
    pub fn updated(&mut self, answer: Result<Version, CalendarError>) {
        let Stage::Update(_) = self.hand.stage else { return };
        match answer {
            Ok(version) => {
                self.throttled = 0;
                self.hand.stage = Stage::Record { version, answered: true };
            }
            Err(CalendarError::Throttled { retry_after }) => self.hold_back(retry_after),
            Err(CalendarError::Changed) if self.hand.conflicts < Self::MAX_CONFLICTS => {
                self.hand.conflicts += 1;
                self.hand.stage = Stage::Read;
            }
            Err(CalendarError::NotFound) => self.gone(),
            Err(error) => self.fail(Failure::of(&error)),
        }
    }

    /// The answer to [`Step::Notify`](super::Step::Notify).
    pub fn notified(&mut self, answer: Result<(), MailError>) {
        let Stage::Notify(outgoing) = &mut self.hand.stage else { return };
        match answer {
            Ok(()) => {
                self.throttled = 0;
                let Some(sent) = outgoing.notices.pop_front() else { return };
                self.hand.stage = match outgoing.notices.is_empty() && !outgoing.refused {
                    true => Stage::Tell(Some(self.notice_about(&sent.meeting))),
                    false => Stage::Sent(sent.message, outgoing.clone()),
                };
            }
            Err(MailError::Throttled { retry_after }) => self.hold_back(retry_after),
            Err(MailError::Refused) => {
                outgoing.notices.pop_front();
                let notices = std::mem::take(&mut outgoing.notices);
                self.go_on_telling(Outgoing { notices, refused: true });
            }
            Err(MailError::Other(_)) => self.fail(Failure::MailFailed),
        }
    }

    /// Sends what is left to be sent.
    fn go_on_telling(&mut self, outgoing: Outgoing) {
        match outgoing.notices.is_empty() {
            true => self.fail(Failure::MailRefused),
            false => self.hand.stage = Stage::Notify(outgoing),
        }
    }

    /// Looks at what the calendar has stored, and tells the attendees.
    fn check(&mut self, stored: &Meeting, version: &Version) {
        let Some(open) = self.hand.open.get_mut(&stored.id) else {
            self.fail(Failure::CalendarFailed);
            return;
        };
        if stored.version == *version {
            if !open.is_kept_in(stored, &self.order.policy) {
                self.fail(Failure::NotKept);
                return;
            }
            open.note_spelling(stored);
        }
        let Some(open) = self.hand.open.get(&stored.id) else { return };
        let message = self.notice_about(&stored.id);
        let declined = self.order.policy.notify_declined();
        let organizer = &self.order.organizer;
        let mut notices: VecDeque<_> =
            Notice::all(&message, organizer, stored, &open.parts(), declined).into();
        notices.retain(|notice| !open.sent.contains(&notice.message));
        let told = !notices.is_empty() || !open.sent.is_empty();
        self.hand.stage = match self.order.notifies {
            Notifies::Nobody if !notices.is_empty() => {
                Stage::Notify(Outgoing { notices, refused: false })
            }
            Notifies::Nobody if told => Stage::Tell(Some(message)),
            Notifies::Nobody | Notifies::Itself => Stage::Tell(None),
        };
    }

    /// What the ids of all notices about a meeting begin with.
    fn notice_about(&self, meeting: &MeetingId) -> MessageId {
        self.order.correlation.message("update", meeting)
    }

    fn hold_back(&mut self, retry_after: Option<TimeDelta>) {
        let doubled = FIRST_DELAY * 2_i32.pow(self.throttled.min(6));
        self.throttled += 1;
        self.hand.delay = Some(retry_after.unwrap_or(doubled).max(TimeDelta::seconds(1)));
    }

    /// Ends a meeting that was deleted since it was listed.
    fn gone(&mut self) {
        let Some(id) = self.pending.front().cloned() else { return };
        let report = match self.hand.open.get(&id) {
            Some(open) => open.ended(Outcome::Gone),
            None => MeetingReport::ended(id, Outcome::Gone),
        };
        self.finish(report);
    }

    fn fail(&mut self, why: Failure) {
        let Some(id) = self.pending.front().cloned() else { return };
        let report = match self.hand.open.get(&id) {
            Some(open) => open.ended(Outcome::Failed(why)),
            None => MeetingReport::ended(id, Outcome::Failed(why)),
        };
        self.finish(report);
    }
}

/// How long to wait when throttled without being told; doubled each time, to 16 minutes.
const FIRST_DELAY: TimeDelta = TimeDelta::seconds(15);
