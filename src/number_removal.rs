//! Taking a phone number off a bridge without leaving it in anybody's invitations.
//!
//! In: the users who have the number, and what happened. Out: [`Next`], what to do now.
//! Never: a clock, a directory, a bridge: the caller does the work and says so.
//!
//! The number goes last: from the moment it is unregistered, every invitation that still
//! shows it is dead (S:93 and the page on bridge numbers).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::job::{State, Status};
use crate::meeting::UserId;
use crate::trigger::IgnoreReason;

/// How far the removal of one number is. It can be stored between any two steps.
///
/// ```
/// use meeting_migration::change::{Account, Change, NumberChange, Tenant};
/// use meeting_migration::number_removal::{Next, NumberRemoval};
/// use meeting_migration::{Policy, trigger::decide};
///
/// let mut removal = NumberRemoval::of(["ana@contoso.example".into()]);
/// while let Next::Replace(user) = removal.next() {
///     // Give the user another default number, and hand the change to the service.
///     let change = Change::DefaultNumberChanged { by: NumberChange::BulkRescheduling };
///     let policy = Policy::default();
///     let decision = decide(&change, &Account::default(), &Tenant::default(), &policy);
///     removal.replaced(&user, decision.ignored());
/// }
/// assert_eq!(removal.next(), Next::Wait);
/// removal.status(1, 0, []);
/// assert_eq!(removal.next(), Next::Wait);
/// removal.status(0, 0, []);
/// assert_eq!(removal.next(), Next::Unregister);
/// removal.unregistered();
/// assert_eq!(removal.next(), Next::Done);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberRemoval {
    /// Who still has the number as their default.
    to_replace: BTreeSet<UserId>,
    /// Who had it.
    users: BTreeSet<UserId>,
    /// Whose meetings will not be updated by themselves, and why.
    ignored: BTreeMap<UserId, IgnoreReason>,
    /// Whose runs failed.
    failed: BTreeSet<UserId>,
    queue: Queue,
    done: bool,
}

/// What the last look at the queue showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Queue {
    /// Nobody looked since the last change.
    Unknown,
    /// Something is pending or in progress.
    Busy,
    /// Nothing is.
    Empty,
}

/// What the caller has to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Give this user another default number, have the change decided, and say so with
    /// [`NumberRemoval::replaced`].
    Replace(UserId),
    /// Look at the queue until nothing is pending and nothing is in progress, each time
    /// telling [`NumberRemoval::look`] or [`NumberRemoval::status`].
    Wait,
    /// Meetings of these users still show the number. Repair and start by hand, or
    /// [accept](NumberRemoval::accept) it.
    Repair(Vec<UserId>),
    /// Unregister the number, then say so with [`NumberRemoval::unregistered`].
    Unregister,
    /// Nothing.
    Done,
}

impl NumberRemoval {
    /// Begins to remove a number that these users have as their default.
    pub fn of(users: impl IntoIterator<Item = UserId>) -> Self {
        let users: BTreeSet<_> = users.into_iter().collect();
        Self {
            to_replace: users.clone(),
            users,
            ignored: BTreeMap::new(),
            failed: BTreeSet::new(),
            queue: Queue::Unknown,
            done: false,
        }
    }

    /// What to do now. Asking changes nothing.
    #[must_use]
    pub fn next(&self) -> Next {
        if self.done {
            return Next::Done;
        }
        if let Some(user) = self.to_replace.first() {
            return Next::Replace(user.clone());
        }
        if self.queue != Queue::Empty {
            return Next::Wait;
        }
        let stuck: BTreeSet<_> = self.ignored.keys().chain(&self.failed).cloned().collect();
        if stuck.is_empty() { Next::Unregister } else { Next::Repair(stuck.into_iter().collect()) }
    }

    /// The user has another default number. `ignored` says why nothing runs for their
    /// meetings, as [`Observed::ignored`](crate::service::Observed::ignored) and
    /// [`Decision::ignored`](crate::trigger::Decision::ignored) do; `None` when something
    /// does.
    pub fn replaced(&mut self, user: &UserId, ignored: Option<IgnoreReason>) {
        self.to_replace.remove(user);
        match ignored {
            None => {
                self.ignored.remove(user);
                self.queue = Queue::Unknown;
            }
            Some(reason) => {
                self.ignored.insert(user.clone(), reason);
            }
        }
    }

    /// Looks at the queue: all jobs, as
    /// [`Service::status`](crate::Service::status) gives them for
    /// [`StatusQuery::all`](crate::store::StatusQuery::all). Anybody's job that is pending
    /// or in progress counts; failures count for the users of this removal, judged by the
    /// latest job of each. Each look replaces the one before.
    pub fn look(&mut self, jobs: &[Status]) {
        let count = |state| jobs.iter().filter(|job| job.state == state).count();
        let mut latest: BTreeMap<&UserId, &Status> = BTreeMap::new();
        for job in jobs.iter().filter(|job| self.users.contains(&job.user_id)) {
            let known = latest.entry(&job.user_id).or_insert(job);
            if known.create_date <= job.create_date {
                *known = job;
            }
        }
        let failed = latest.into_values().filter(|job| job.state == State::Failed);
        let failed: Vec<_> = failed.map(|job| job.user_id.clone()).collect();
        self.status(count(State::Pending), count(State::InProgress), failed);
    }

    /// What the queue shows now: how many users are pending and in progress, and whose
    /// runs failed. Each look replaces the one before.
    pub fn status(
        &mut self,
        pending: usize,
        in_progress: usize,
        failed: impl IntoIterator<Item = UserId>,
    ) {
        self.queue = if pending == 0 && in_progress == 0 { Queue::Empty } else { Queue::Busy };
        self.failed = failed.into_iter().collect();
    }

    /// A run was started by hand for a user whose change had been ignored or whose run
    /// had failed.
    pub fn restarted(&mut self, user: &UserId) {
        self.ignored.remove(user);
        self.failed.remove(user);
        self.queue = Queue::Unknown;
    }

    /// The number may go although meetings of this user show it.
    pub fn accept(&mut self, user: &UserId) {
        self.ignored.remove(user);
        self.failed.remove(user);
    }

    /// The number is gone. Before [`Next::Unregister`] was the answer this is ignored:
    /// somebody else's hand may have been faster, but the meetings are not done.
    pub fn unregistered(&mut self) {
        self.done = self.done || self.next() == Next::Unregister;
    }

    /// Why meetings of a user will not be updated by themselves.
    #[must_use]
    pub fn ignored(&self, user: &UserId) -> Option<IgnoreReason> {
        self.ignored.get(user).copied()
    }
}
