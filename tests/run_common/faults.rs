//! A world in which the n-th call goes wrong as planned.

use std::collections::BTreeMap;
use std::future::{pending, poll_fn};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::Coordinates;
use meeting_migration::calendar::{Calendar, CalendarError, Edit, Notifies, Page, PageToken};
use meeting_migration::job::{Control, CorrelationId, Job, Status};
use meeting_migration::journal::Entry;
use meeting_migration::mail::{Mail, MailError, Notice};
use meeting_migration::meeting::{Meeting, MeetingId, UserId, Version};
use meeting_migration::policy::HoldOnJoin;
use meeting_migration::provision::{Provision, ProvisionError, Request};
use meeting_migration::store::{Enqueued, Settings, StatusQuery, Store, StoreError, Summary};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The worker dies before the call has an effect.
    CrashBefore,
    /// The worker dies after the effect, before the answer.
    CrashAfter,
    /// The call fails without an effect.
    Fails,
    /// The call has its effect, and the answer is lost.
    AnswerLost,
    /// The call is throttled for a while.
    Throttled(i64),
    /// The calendar says that the meeting was changed.
    Changed,
    /// The worker is taken for dead before the call, and wakes up later.
    Stalls,
}

/// Which of the calls to come go wrong; shared by calendar, mail, provisioning, store.
#[derive(Debug, Default)]
pub(crate) struct Fuse {
    calls: Mutex<usize>,
    faults: Mutex<BTreeMap<usize, Fault>>,
    awake: AtomicBool,
}

impl Fuse {
    pub(crate) fn at(faults: impl IntoIterator<Item = (usize, Fault)>) -> Self {
        Self { faults: Mutex::new(faults.into_iter().collect()), ..Self::default() }
    }

    const fn never() -> Self {
        let faults = Mutex::new(BTreeMap::new());
        Self { calls: Mutex::new(0), faults, awake: AtomicBool::new(false) }
    }

    pub(crate) fn calls(&self) -> usize {
        *self.calls.lock().unwrap()
    }

    /// Wakes up who stalls.
    pub(crate) fn wake(&self) {
        self.awake.store(true, Ordering::Relaxed);
    }

    fn next(&self) -> Option<Fault> {
        let mut calls = self.calls.lock().unwrap();
        *calls += 1;
        self.faults.lock().unwrap().remove(&(*calls - 1))
    }

    async fn pass<T, E>(
        &self,
        call: impl Future<Output = Result<T, E>>,
        error: impl FnOnce(Fault) -> E,
    ) -> Result<T, E> {
        match self.next() {
            None => call.await,
            Some(Fault::CrashBefore) => pending().await,
            Some(Fault::Stalls) => {
                poll_fn(|_| match self.awake.load(Ordering::Relaxed) {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                })
                .await;
                call.await
            }
            Some(Fault::CrashAfter) => {
                let _ = call.await;
                pending().await
            }
            Some(Fault::AnswerLost) => {
                let _ = call.await;
                Err(error(Fault::AnswerLost))
            }
            Some(fault) => Err(error(fault)),
        }
    }
}

/// `T`, with faults.
#[derive(Debug)]
pub(crate) struct Faulty<'a, T>(pub(crate) &'a T, pub(crate) &'a Fuse);

/// `inner` by reference, without faults: for a second service over the same world.
pub(crate) fn shared<T>(inner: &T) -> Faulty<'_, T> {
    static NEVER: Fuse = Fuse::never();
    Faulty(inner, &NEVER)
}

fn calendar_error(fault: Fault) -> CalendarError {
    match fault {
        Fault::Throttled(seconds) => {
            CalendarError::Throttled { retry_after: Some(TimeDelta::seconds(seconds)) }
        }
        Fault::Changed => CalendarError::Changed,
        _ => CalendarError::other("planned"),
    }
}

fn store_error(_: Fault) -> StoreError {
    StoreError::other("planned")
}

impl<T: Calendar> Calendar for Faulty<'_, T> {
    fn notifies(&self) -> Notifies {
        self.0.notifies()
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        self.1.pass(self.0.list(organizer, from, page), calendar_error).await
    }

    async fn read(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
    ) -> Result<Meeting, CalendarError> {
        self.1.pass(self.0.read(organizer, meeting), calendar_error).await
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        self.1.pass(self.0.update(organizer, edit), calendar_error).await
    }
}

impl<T: Mail> Mail for Faulty<'_, T> {
    async fn send(&self, notice: &Notice) -> Result<(), MailError> {
        let error = |fault| match fault {
            Fault::Throttled(seconds) => {
                MailError::Throttled { retry_after: Some(TimeDelta::seconds(seconds)) }
            }
            _ => MailError::other("planned"),
        };
        self.1.pass(self.0.send(notice), error).await
    }
}

impl<T: Provision> Provision for Faulty<'_, T> {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        let error = |fault| match fault {
            Fault::Throttled(seconds) => {
                ProvisionError::Throttled { retry_after: Some(TimeDelta::seconds(seconds)) }
            }
            _ => ProvisionError::other("planned"),
        };
        self.1.pass(self.0.coordinates(request), error).await
    }
}

impl<T: Store> Store for Faulty<'_, T> {
    async fn enqueue(&self, job: Job, hold: HoldOnJoin) -> Result<Enqueued, StoreError> {
        self.0.enqueue(job, hold).await
    }

    async fn claim(&self, now: DateTime<Utc>, lease: TimeDelta) -> Result<Option<Job>, StoreError> {
        self.1.pass(self.0.claim(now, lease), store_error).await
    }

    async fn save(&self, job: &Job) -> Result<Control, StoreError> {
        self.1.pass(self.0.save(job), store_error).await
    }

    async fn renew(&self, job: &Job) -> Result<Control, StoreError> {
        self.1.pass(self.0.renew(job), store_error).await
    }

    async fn job(&self, correlation: &CorrelationId) -> Result<Option<Job>, StoreError> {
        self.0.job(correlation).await
    }

    async fn set_control(
        &self,
        correlation: &CorrelationId,
        control: Control,
    ) -> Result<(), StoreError> {
        self.0.set_control(correlation, control).await
    }

    async fn append(&self, entry: &Entry) -> Result<(), StoreError> {
        self.1.pass(self.0.append(entry), store_error).await
    }

    async fn journal(
        &self,
        correlation: &CorrelationId,
        page: Option<&PageToken>,
    ) -> Result<Page<Entry>, StoreError> {
        self.1.pass(self.0.journal(correlation, page), store_error).await
    }

    async fn journal_of(
        &self,
        correlation: &CorrelationId,
        meeting: &MeetingId,
    ) -> Result<Vec<Entry>, StoreError> {
        self.1.pass(self.0.journal_of(correlation, meeting), store_error).await
    }

    async fn status(&self, query: &StatusQuery) -> Result<Vec<Status>, StoreError> {
        self.0.status(query).await
    }

    async fn summary(&self) -> Result<Summary, StoreError> {
        self.0.summary().await
    }

    async fn settings(&self) -> Result<Vec<Settings>, StoreError> {
        self.1.pass(self.0.settings(), store_error).await
    }

    async fn set_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.0.set_settings(settings).await
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        self.0.forget(before).await
    }
}
