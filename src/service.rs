//! What an admin calls: observe, start, preview, run, status, pause, cancel, undo.
//!
//! In: a calendar, a mail route, a provisioner, a store; a clock with each call that
//! works. Out: jobs, plans, reports, statuses. Never: a thread or a timer; whoever calls
//! [`Service::run_due`] decides when and how often, from as many workers as they like.

mod ahead;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, CalendarError};
use crate::change::{Account, Change, SourceMeetings, TargetMeetings, Tenant};
use crate::engine::{Migration, Order, Step};
use crate::job::{Control, CorrelationId, Job, State, Status};
use crate::journal::Entry;
use crate::mail::Mail;
use crate::meeting::{MeetingId, UserId};
use crate::policy::{Policy, QueuedJobs};
use crate::provision::Provision;
use crate::report::Report;
use crate::store::{Enqueued, Settings, StatusQuery, Store, StoreError, Summary};
use crate::trigger::{self, Decision, IgnoreReason, MigrationKind};

pub use self::ahead::{Preview, Survey};

/// The migration service of one tenant over the caller's calendar, mail, provisioning
/// and store.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use meeting_migration::change::{Account, Change};
/// use meeting_migration::memory::{MemoryCalendar, MemoryMail, MemoryProvision, MemoryStore};
/// use meeting_migration::{Coordinates, Service, job::State, store::StatusQuery};
///
/// # fn block_on<T>(future: impl Future<Output = T>) -> T {
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     let mut future = std::pin::pin!(future);
/// #     loop {
/// #         if let std::task::Poll::Ready(done) = future.as_mut().poll(&mut context) {
/// #             return done;
/// #         }
/// #     }
/// # }
/// let coordinates: Coordinates = serde_json::from_str(
///     r#"{"provider": "teams", "join_url": "https://teams.microsoft.com/meet/234?p=Ab"}"#)?;
/// let service = Service::new(
///     MemoryCalendar::new(),
///     MemoryMail::new(),
///     MemoryProvision::always(coordinates),
///     MemoryStore::new(),
/// );
/// let noon: DateTime<Utc> = "2026-11-23T12:00:00Z".parse()?;
/// let ann = "ann@contoso.example".into();
/// block_on(async {
///     service.observe(&Change::LicenseAssigned, &ann, &Account::default(), noon).await?;
///     let later = noon + service.policy().hold();
///     service.run_due(&|| later).await?;
///     let failed = service.status(&StatusQuery::all().with_state(State::Failed)).await?;
///     assert_eq!(failed[0].last_message,
///         "the calendar could not be listed: the calendar no longer has it");
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Service<C, M, P, S> {
    pub(crate) calendar: C,
    pub(crate) mail: M,
    pub(crate) provision: P,
    pub(crate) store: S,
    pub(crate) policy: Policy,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observed {
    /// A job does it.
    Run(Enqueued),
    /// Nothing is to be done, and why.
    Ignored(IgnoreReason),
}

/// One job that a worker had in hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ran {
    /// Where the job stands.
    pub status: Status,
    /// When it goes on by itself, if it does: another try, or the end of a wait.
    pub due: Option<DateTime<Utc>>,
    /// The outcomes so far; none when the job could not begin.
    pub report: Option<Report>,
}

impl Observed {
    /// Why nothing is to be done; `None` when a job does it.
    #[must_use]
    pub const fn ignored(&self) -> Option<IgnoreReason> {
        match self {
            Self::Run(_) => None,
            Self::Ignored(why) => Some(*why),
        }
    }
}

impl Ran {
    fn of(job: &Job) -> Self {
        Self {
            status: job.status(),
            due: job.due,
            report: job.migration.as_ref().map(Migration::report),
        }
    }
}

/// Why the service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// The store failed, or has no such job.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The calendar could not be listed.
    #[error("the calendar could not be listed")]
    Calendar(#[source] CalendarError),
    /// The job has not ended yet; it can be cancelled first.
    #[error("the job has not ended yet")]
    NotEnded,
    /// The job has not failed, or not for a reason that another try could mend.
    #[error("the job has not failed, or was cancelled")]
    NotFailed,
    /// Calendar or provisioning ask to come back later.
    #[error("nothing can be asked before {until}")]
    Throttled {
        /// When to come back.
        until: DateTime<Utc>,
    },
}

/// How long a worker may go without a sign before its job is given to another.
const LEASE: TimeDelta = TimeDelta::minutes(15);

/// How soon a job that a switch keeps back is looked at again.
const SWITCHED_OFF: TimeDelta = TimeDelta::minutes(15);

impl<C: Calendar, M: Mail, P: Provision, S: Store> Service<C, M, P, S> {
    /// A service with the default policy.
    pub fn new(calendar: C, mail: M, provision: P, store: S) -> Self {
        Self { calendar, mail, provision, store, policy: Policy::default() }
    }

    /// Replaces the policy. Default [`Policy::seed_2018`].
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The numbers and switches.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The calendar it was made with.
    pub fn calendar(&self) -> &C {
        &self.calendar
    }

    /// The mail route it was made with.
    pub fn mail(&self) -> &M {
        &self.mail
    }

    /// The store it was made with.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The tenant's switches as they are now: the last that were
    /// [set](Self::set_tenant), else the defaults.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tenant(&self) -> Result<Tenant, ServiceError> {
        Ok(self.store.settings().await?.last().map(|s| s.tenant).unwrap_or_default())
    }

    /// Who set the tenant's switches, when, and to what; oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settings(&self) -> Result<Vec<Settings>, ServiceError> {
        Ok(self.store.settings().await?)
    }

    /// Sets the tenant's switches, all three, from now on. The history keeps who, when and
    /// what, also when nothing changes; nothing in it is ever rewritten or forgotten by
    /// [`sweep`](Self::sweep).
    ///
    /// ```
    /// # use meeting_migration::memory::{MemoryCalendar, MemoryProvision, MemoryStore, NoMail};
    /// # use meeting_migration::{Coordinates, Link, Service, provider::Provider};
    /// # fn block_on<T>(future: impl Future<Output = T>) -> T {
    /// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// #     let mut future = std::pin::pin!(future);
    /// #     loop {
    /// #         if let std::task::Poll::Ready(done) = future.as_mut().poll(&mut context) {
    /// #             return done;
    /// #         }
    /// #     }
    /// # }
    /// # let new = Coordinates::new(Provider::TEAMS, Link::new("https://teams.microsoft.com/meet/1?p=A")?);
    /// # let service = Service::new(MemoryCalendar::new(), NoMail, MemoryProvision::always(new), MemoryStore::new());
    /// # let now = "2026-11-23T12:00:00Z".parse()?;
    /// # block_on(async {
    /// let mut tenant = service.tenant().await?;
    /// tenant.automatically_migrate_user_meetings = false;
    /// service.set_tenant(tenant, &"admin@contoso.example".into(), now).await?;
    ///
    /// assert!(!service.tenant().await?.automatically_migrate_user_meetings);
    /// let history = service.settings().await?;
    /// assert_eq!((history[0].by.as_str(), history[0].at), ("admin@contoso.example", now));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_tenant(
        &self,
        tenant: Tenant,
        by: &UserId,
        now: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        Ok(self.store.set_settings(&Settings::new(tenant, by.clone(), now)).await?)
    }

    /// Tells the service what an admin did to `organizer`'s account. When the rules call
    /// for a run it is queued, or joins the organiser's pending job.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn observe(
        &self,
        change: &Change,
        organizer: &UserId,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<Observed, ServiceError> {
        let tenant = self.tenant().await?;
        match trigger::decide(change, account, &tenant, &self.policy) {
            Decision::Ignore(why) => Ok(Observed::Ignored(why)),
            Decision::Run { kind, hold, .. } => {
                let job = Job::new(organizer.clone(), kind, change.kind(), now, hold);
                let queued = self.store.enqueue(job, self.policy.hold_on_join()).await?;
                Ok(Observed::Run(queued))
            }
        }
    }

    /// Queues a run for one organiser by hand (manual, `Start-CsExMeetingMigration`).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn start(
        &self,
        organizer: &UserId,
        account: &Account,
        (source, target): (SourceMeetings, TargetMeetings),
        now: DateTime<Utc>,
    ) -> Result<Observed, ServiceError> {
        self.observe(&Change::ManualStart { source, target }, organizer, account, now).await
    }

    /// Runs every job that is due, one after the other, until none is left.
    ///
    /// # Errors
    /// When the store fails, or another worker has taken a job over. A job that was in
    /// hand is given to a worker again when its lease is over.
    pub async fn run_due(
        &self,
        clock: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<Vec<Ran>, ServiceError> {
        let mut all = Vec::new();
        while let Some(ran) = self.run_next(clock).await? {
            all.push(ran);
        }
        Ok(all)
    }

    /// Runs one job that is due, as far as it goes; `None` when none is due.
    ///
    /// # Errors
    /// As [`Service::run_due`].
    pub async fn run_next(
        &self,
        clock: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<Option<Ran>, ServiceError> {
        let Some(mut job) = self.store.claim(clock(), LEASE).await? else { return Ok(None) };
        // A worker that died may have written before it saved anything.
        if job.reclaims > 0 {
            self.begin(&mut job);
        }
        match self.store.renew(&job).await? {
            _ if job.reclaims > self.policy.max_attempts() => job.cancel(clock(), GIVEN_UP),
            Control::Cancel => self.wind_up(&mut job, clock).await?,
            Control::Pause => job.wait(clock(), clock()),
            Control::Run if self.keeps_back(&mut job, clock()).await? => {}
            Control::Run => self.work(&mut job, clock).await?,
        }
        self.store.save(&job).await?;
        Ok(Some(Ran::of(&job)))
    }

    /// Whether a switch that went off keeps a job from beginning.
    async fn keeps_back(&self, job: &mut Job, now: DateTime<Utc>) -> Result<bool, ServiceError> {
        if job.migration.is_some() || !job.is_switched_off(&self.tenant().await?, &self.policy) {
            return Ok(false);
        }
        match self.policy.queued_jobs() {
            QueuedJobs::Run => return Ok(false),
            QueuedJobs::Wait => job.put_back(now, SWITCHED_OFF),
            QueuedJobs::Cancel => job.cancel(now, "cancelled: migration was switched off"),
        }
        Ok(true)
    }

    /// Works on a claimed job until it ends, has to wait, or is stopped.
    async fn work(
        &self,
        job: &mut Job,
        clock: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<(), ServiceError> {
        self.begin(job);
        let mut dealt_with = 0;
        loop {
            let now = clock();
            let Some(migration) = job.migration.as_mut() else { return Ok(()) };
            match migration.step(now) {
                Step::Done(report) => {
                    job.end(&report, now, &self.policy);
                    return Ok(());
                }
                Step::Wait(until) => {
                    job.wait(now, until);
                    return Ok(());
                }
                step => self.perform(migration, step).await?,
            }
            if migration.dealt_with() == dealt_with {
                continue;
            }
            dealt_with = migration.dealt_with();
            let page_ends = migration.is_between_pages();
            job.touch(now, LEASE);
            if page_ends {
                job.reclaims = 0;
            }
            let control = match page_ends {
                true => self.store.save(job).await?,
                false => self.store.renew(job).await?,
            };
            match control {
                Control::Run => {}
                Control::Pause => {
                    job.wait(now, now);
                    return Ok(());
                }
                Control::Cancel => return self.wind_up(job, clock).await,
            }
        }
    }

    fn begin(&self, job: &mut Job) {
        let order = self.order(job.organizer.clone(), job.correlation.clone(), job.kind);
        job.migration.get_or_insert_with(|| Migration::new(order));
    }

    /// Ends a cancelled job: what it has written is told before.
    async fn wind_up(
        &self,
        job: &mut Job,
        clock: &(impl Fn() -> DateTime<Utc> + Sync),
    ) -> Result<(), ServiceError> {
        if let Some(migration) = &mut job.migration {
            migration.wind_up();
            loop {
                match migration.step(clock()) {
                    Step::Done(_) => break,
                    Step::Wait(until) => {
                        job.wait_cancelled(clock(), until);
                        return Ok(());
                    }
                    step => self.perform(migration, step).await?,
                }
            }
        }
        job.cancel(clock(), CANCELLED);
        Ok(())
    }

    /// Does what a step asks, and brings the answer back.
    async fn perform(&self, migration: &mut Migration, step: Step) -> Result<(), ServiceError> {
        let organizer = migration.organizer().clone();
        match step {
            Step::Recall(page) => {
                let correlation = migration.correlation().clone();
                migration.recalled(self.store.journal(&correlation, page.as_ref()).await?);
            }
            Step::List { from, page } => {
                migration.listed(self.calendar.list(&organizer, from, page.as_ref()).await);
            }
            Step::Read(meeting) => {
                migration.read(self.calendar.read(&organizer, &meeting).await);
            }
            Step::Provision(request) => {
                migration.provisioned(self.provision.coordinates(&request).await);
            }
            Step::Compare(meeting) => {
                let job = migration.correlation().clone();
                let written = self.store.last_written(&organizer, &meeting, &job).await?;
                migration.compared(written);
            }
            Step::Journal(entry) => {
                self.store.append(&entry).await?;
                migration.journaled();
            }
            Step::Update(edit) => {
                migration.updated(self.calendar.update(&organizer, &edit).await);
            }
            Step::Notify(notice) => migration.notified(self.mail.send(&notice).await),
            Step::Wait(_) | Step::Done(_) => {}
        }
        Ok(())
    }

    fn order(&self, organizer: UserId, correlation: CorrelationId, kind: MigrationKind) -> Order {
        Order::new(organizer, correlation, kind)
            .with_notifies(self.calendar.notifies())
            .with_policy(self.policy.clone())
    }

    /// How many users are in each state (manual, `-SummaryOnly`).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn summary(&self) -> Result<Summary, ServiceError> {
        Ok(self.store.summary().await?)
    }

    /// The status of jobs: by user, by period, by state (manual,
    /// `Get-CsMeetingMigrationStatus`).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn status(&self, query: &StatusQuery) -> Result<Vec<Status>, ServiceError> {
        Ok(self.store.status(query).await?)
    }

    /// The outcomes of one job, meeting by meeting; `None` before it began.
    ///
    /// # Errors
    /// When the store fails or has no such job.
    pub async fn report(
        &self,
        correlation: &CorrelationId,
    ) -> Result<Option<Report>, ServiceError> {
        let job = self.store.job(correlation).await?.ok_or(StoreError::NotFound)?;
        Ok(job.migration.as_ref().map(Migration::report))
    }

    /// What was done to one meeting by one job, with the bodies before and after.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn history(
        &self,
        correlation: &CorrelationId,
        meeting: &MeetingId,
    ) -> Result<Vec<Entry>, ServiceError> {
        Ok(self.store.journal_of(correlation, meeting).await?)
    }

    /// Stops a job after the meeting at hand, until [`resume`](Self::resume).
    ///
    /// # Errors
    /// When the store fails or has no such job.
    pub async fn pause(&self, correlation: &CorrelationId) -> Result<(), ServiceError> {
        Ok(self.store.set_control(correlation, Control::Pause).await?)
    }

    /// Lets a paused job go on.
    ///
    /// # Errors
    /// When the store fails or has no such job.
    pub async fn resume(&self, correlation: &CorrelationId) -> Result<(), ServiceError> {
        Ok(self.store.set_control(correlation, Control::Run).await?)
    }

    /// Stops a job after the meeting at hand, for good. It ends as `Failed`; what it wrote
    /// stays and can be undone. The next worker to come by ends it, and tells the attendees
    /// of what was written and not told yet: a mail route that asks for patience is waited for.
    ///
    /// # Errors
    /// When the store fails or has no such job.
    pub async fn cancel(&self, correlation: &CorrelationId) -> Result<(), ServiceError> {
        Ok(self.store.set_control(correlation, Control::Cancel).await?)
    }

    /// Lets a job that failed try again, now, all that failed: for when a person has mended
    /// what was wrong. Notices that the mail route had refused are sent; what is written
    /// already is not written again. A meeting that was written in part is done for this job:
    /// what is left of it is for another, as after any start. Tries that fail for a passing
    /// reason go on by themselves while the job has some left.
    ///
    /// # Errors
    /// [`ServiceError::NotFailed`], also for a job that was cancelled or undone, or when the
    /// store fails or has no such job.
    pub async fn retry(
        &self,
        correlation: &CorrelationId,
        now: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        let mut job = self.store.job(correlation).await?.ok_or(StoreError::NotFound)?;
        if job.state != State::Failed || self.store.renew(&job).await? == Control::Cancel {
            return Err(ServiceError::NotFailed);
        }
        job.retry(now);
        self.store.save(&job).await?;
        Ok(())
    }

    /// Forgets jobs that ended longer ago than [`Policy::retention`], and their journals:
    /// they cannot be undone any more. Gives their number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<usize, ServiceError> {
        let before = now.checked_sub_signed(self.policy.retention());
        Ok(self.store.forget(before.unwrap_or(DateTime::<Utc>::MIN_UTC)).await?)
    }
}

const CANCELLED: &str = "cancelled by an admin";

const GIVEN_UP: &str = "given up: each worker that had it died, or could not write to the store";
