//! Reference implementations of every trait, in memory: for tests, previews, examples,
//! and as the shortest answer to "what does the contract mean?".

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::calendar::{Calendar, CalendarError, Edit, Notifies, Page, PageToken};
use crate::coordinates::Coordinates;
use crate::job::{Control, CorrelationId, Job, State, Status};
use crate::journal::Entry;
use crate::mail::{Mail, MailError, Notice};
use crate::meeting::{Meeting, MeetingId, Schedule, UserId, Version};
use crate::policy::HoldOnJoin;
use crate::provider::Provider;
use crate::provision::{Provision, ProvisionError, Request};
use crate::store::{Enqueued, Settings, StatusQuery, Store, StoreError, Summary};

/// The calendars of an organisation, in memory.
///
/// ```
/// use meeting_migration::memory::MemoryCalendar;
///
/// let calendar = MemoryCalendar::new().with_page_size(10);
/// assert!(calendar.meetings(&"ann@contoso.example".into()).is_empty());
/// ```
#[derive(Debug)]
pub struct MemoryCalendar {
    notifies: Notifies,
    page_size: usize,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    meetings: BTreeMap<UserId, BTreeMap<MeetingId, Meeting>>,
    writes: u64,
}

impl MemoryCalendar {
    /// Empty calendars that tell nobody, with pages of 50.
    #[must_use]
    pub fn new() -> Self {
        Self { notifies: Notifies::Nobody, page_size: 50, shelf: Mutex::default() }
    }

    /// Replaces who tells the attendees. Nobody is told either way: there are none.
    #[must_use]
    pub fn with_notifies(mut self, notifies: Notifies) -> Self {
        self.notifies = notifies;
        self
    }

    /// Replaces how many meetings a page has; at least one.
    #[must_use]
    pub fn with_page_size(mut self, meetings: usize) -> Self {
        self.page_size = meetings.max(1);
        self
    }

    /// Adds a meeting, or stores it anew as its user would: with a new version.
    pub fn insert(&self, organizer: &UserId, mut meeting: Meeting) -> Version {
        let mut shelf = lock(&self.shelf);
        shelf.writes += 1;
        let version = Version::from(format!("v{}", shelf.writes));
        meeting.version = version.clone();
        shelf.meetings.entry(organizer.clone()).or_default().insert(meeting.id.clone(), meeting);
        version
    }

    /// Takes a meeting away.
    pub fn remove(&self, organizer: &UserId, meeting: &MeetingId) -> Option<Meeting> {
        lock(&self.shelf).meetings.get_mut(organizer)?.remove(meeting)
    }

    /// All meetings of one organiser, by id.
    #[must_use]
    pub fn meetings(&self, organizer: &UserId) -> Vec<Meeting> {
        let shelf = lock(&self.shelf);
        shelf.meetings.get(organizer).into_iter().flat_map(BTreeMap::values).cloned().collect()
    }
}

impl Default for MemoryCalendar {
    fn default() -> Self {
        Self::new()
    }
}

impl Calendar for MemoryCalendar {
    fn notifies(&self) -> Notifies {
        self.notifies
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        let shelf = lock(&self.shelf);
        let meetings = shelf.meetings.get(organizer).ok_or(CalendarError::NotFound)?;
        let mut items: Vec<_> = meetings
            .values()
            .filter(|m| page.is_none_or(|last| m.id.as_str() > last.as_str()))
            .filter(|m| !is_over(m, from))
            .take(self.page_size + 1)
            .cloned()
            .collect();
        let more = items.len() > self.page_size;
        items.truncate(self.page_size);
        let next = items.last().filter(|_| more).map(|m| PageToken::from(m.id.as_str()));
        Ok(Page::new(items, next))
    }

    async fn read(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
    ) -> Result<Meeting, CalendarError> {
        let shelf = lock(&self.shelf);
        let meetings = shelf.meetings.get(organizer).ok_or(CalendarError::NotFound)?;
        meetings.get(meeting).cloned().ok_or(CalendarError::NotFound)
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        let shelf = &mut *lock(&self.shelf);
        let stored = shelf
            .meetings
            .get_mut(organizer)
            .and_then(|meetings| meetings.get_mut(&edit.meeting))
            .ok_or(CalendarError::NotFound)?;
        if stored.version != edit.seen {
            return Err(CalendarError::Changed);
        }
        let mut edited = stored.clone();
        for part in &edit.parts {
            let item = edited.part_mut(&part.part).ok_or(CalendarError::Changed)?;
            item.bodies.clone_from(&part.bodies);
            item.record.clone_from(&part.record);
            if let Some(location) = &part.location {
                item.location.clone_from(location);
            }
        }
        for kept in &edit.records {
            let item = edited.part_mut(&kept.part).ok_or(CalendarError::Changed)?;
            item.record.clone_from(&kept.record);
        }
        shelf.writes += 1;
        edited.version = Version::from(format!("v{}", shelf.writes));
        stored.clone_from(&edited);
        Ok(edited.version)
    }
}

fn is_over(meeting: &Meeting, at: DateTime<Utc>) -> bool {
    let last = match &meeting.schedule {
        Schedule::Once(slot) => Some(slot.end),
        Schedule::Series(series) => series.last.map(|slot| slot.end),
    };
    last.is_some_and(|end| end <= at) && meeting.changed.iter().all(|o| o.slot.end <= at)
}

/// Keeps notices instead of sending them.
#[derive(Debug, Default)]
pub struct MemoryMail(Mutex<Vec<Notice>>);

impl MemoryMail {
    /// An empty outbox.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that was sent, in order, repetitions included.
    #[must_use]
    pub fn sent(&self) -> Vec<Notice> {
        lock(&self.0).clone()
    }
}

impl Mail for MemoryMail {
    async fn send(&self, notice: &Notice) -> Result<(), MailError> {
        lock(&self.0).push(notice.clone());
        Ok(())
    }
}

/// Sends nothing and says that it did: for calendars that tell the attendees themselves,
/// and for moves that are announced in another way.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMail;

impl Mail for NoMail {
    async fn send(&self, _notice: &Notice) -> Result<(), MailError> {
        Ok(())
    }
}

/// Makes coordinates with a function, once per meeting and product, and remembers them.
pub struct MemoryProvision {
    make: Box<dyn Fn(&Request) -> Coordinates + Send + Sync>,
    made: Mutex<HashMap<Key, Coordinates>>,
}

type Key = (UserId, MeetingId, Option<Provider>);

impl MemoryProvision {
    /// Coordinates made by `make`.
    pub fn new(make: impl Fn(&Request) -> Coordinates + Send + Sync + 'static) -> Self {
        Self { make: Box::new(make), made: Mutex::default() }
    }

    /// The same coordinates for every meeting: what a change of numbers looks like.
    #[must_use]
    pub fn always(coordinates: Coordinates) -> Self {
        Self::new(move |_| coordinates.clone())
    }
}

impl fmt::Debug for MemoryProvision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryProvision({} made)", lock(&self.made).len())
    }
}

impl Provision for MemoryProvision {
    async fn coordinates(&self, request: &Request) -> Result<Coordinates, ProvisionError> {
        let key = (request.organizer.clone(), request.meeting.clone(), request.target());
        Ok(lock(&self.made).entry(key).or_insert_with(|| (self.make)(request)).clone())
    }
}

/// Queue, journal and settings in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Shelves>);

#[derive(Debug, Default)]
struct Shelves {
    jobs: BTreeMap<CorrelationId, (Job, Control)>,
    /// The jobs of each organiser: asked for with every meeting that is written.
    of: HashMap<UserId, Vec<CorrelationId>>,
    journal: HashMap<CorrelationId, Vec<Entry>>,
    settings: Vec<Settings>,
}

/// How many lines a page of the journal has.
const JOURNAL_PAGE: usize = 100;

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    async fn enqueue(&self, job: Job, hold: HoldOnJoin) -> Result<Enqueued, StoreError> {
        let Shelves { jobs, of, .. } = &mut *lock(&self.0);
        if jobs.contains_key(&job.correlation) {
            return Ok(Enqueued::Queued(job.correlation));
        }
        let open = jobs.values_mut().find(|(other, control)| {
            other.organizer == job.organizer
                && other.is_open_to_join()
                && *control != Control::Cancel
        });
        if let Some((open, _)) = open {
            open.join(&job, hold);
            return Ok(Enqueued::Joined(open.correlation.clone()));
        }
        let correlation = job.correlation.clone();
        of.entry(job.organizer.clone()).or_default().push(correlation.clone());
        jobs.insert(correlation.clone(), (job, Control::Run));
        Ok(Enqueued::Queued(correlation))
    }

    async fn claim(&self, now: DateTime<Utc>, lease: TimeDelta) -> Result<Option<Job>, StoreError> {
        let jobs = &mut lock(&self.0).jobs;
        let busy: HashMap<&UserId, &CorrelationId> = jobs
            .values()
            .filter(|(job, _)| job.state == State::InProgress)
            .map(|(job, _)| (&job.organizer, &job.correlation))
            .collect();
        let next = jobs
            .values()
            .filter(|(job, control)| job.is_due(*control, now))
            .filter(|(job, _)| busy.get(&job.organizer).is_none_or(|b| **b == job.correlation))
            .min_by_key(|(job, _)| (job.due, job.created))
            .map(|(job, _)| job.correlation.clone());
        Ok(next.and_then(|next| jobs.get_mut(&next)).map(|(job, _)| {
            job.claim(now, lease);
            job.clone()
        }))
    }

    async fn save(&self, job: &Job) -> Result<Control, StoreError> {
        let jobs = &mut lock(&self.0).jobs;
        let (stored, control) = jobs.get_mut(&job.correlation).ok_or(StoreError::NotFound)?;
        if stored.claim != job.claim {
            return Err(StoreError::Lost);
        }
        *stored = job.clone();
        Ok(*control)
    }

    async fn renew(&self, job: &Job) -> Result<Control, StoreError> {
        let jobs = &mut lock(&self.0).jobs;
        let (stored, control) = jobs.get_mut(&job.correlation).ok_or(StoreError::NotFound)?;
        if stored.claim != job.claim {
            return Err(StoreError::Lost);
        }
        (stored.due, stored.modified) = (job.due, job.modified);
        Ok(*control)
    }

    async fn job(&self, correlation: &CorrelationId) -> Result<Option<Job>, StoreError> {
        Ok(lock(&self.0).jobs.get(correlation).map(|(job, _)| job.clone()))
    }

    async fn set_control(
        &self,
        correlation: &CorrelationId,
        control: Control,
    ) -> Result<(), StoreError> {
        let jobs = &mut lock(&self.0).jobs;
        jobs.get_mut(correlation).ok_or(StoreError::NotFound)?.1 = control;
        Ok(())
    }

    async fn append(&self, entry: &Entry) -> Result<(), StoreError> {
        let journal = &mut lock(&self.0).journal;
        journal.entry(entry.correlation.clone()).or_default().push(entry.clone());
        Ok(())
    }

    async fn journal(
        &self,
        correlation: &CorrelationId,
        page: Option<&PageToken>,
    ) -> Result<Page<Entry>, StoreError> {
        let from = match page {
            None => 0,
            Some(token) => token.as_str().parse().map_err(StoreError::other)?,
        };
        let shelves = lock(&self.0);
        let entries = shelves.journal.get(correlation).into_iter().flatten();
        let entries: Vec<_> = entries.skip(from).take(JOURNAL_PAGE).cloned().collect();
        let full = entries.len() == JOURNAL_PAGE;
        let next = full.then(|| PageToken::from((from + JOURNAL_PAGE).to_string()));
        Ok(Page::new(entries, next))
    }

    async fn journal_of(
        &self,
        correlation: &CorrelationId,
        meeting: &MeetingId,
    ) -> Result<Vec<Entry>, StoreError> {
        let shelves = lock(&self.0);
        let entries = shelves.journal.get(correlation).into_iter().flatten();
        Ok(entries.filter(|entry| entry.meeting == *meeting).cloned().collect())
    }

    async fn status(&self, query: &StatusQuery) -> Result<Vec<Status>, StoreError> {
        let shelves = lock(&self.0);
        let jobs: Vec<_> = match query.user() {
            Some(user) => {
                let of_user = shelves.of.get(user).into_iter().flatten();
                of_user.filter_map(|correlation| shelves.jobs.get(correlation)).collect()
            }
            None => shelves.jobs.values().collect(),
        };
        let mut found: Vec<_> = jobs
            .into_iter()
            .map(|(job, _)| job.status())
            .filter(|status| query.matches(status))
            .collect();
        found.sort_by(|a, b| {
            (a.create_date, &a.correlation_id).cmp(&(b.create_date, &b.correlation_id))
        });
        Ok(found)
    }

    async fn summary(&self) -> Result<Summary, StoreError> {
        let shelves = lock(&self.0);
        let mut latest: BTreeMap<&UserId, &Job> = BTreeMap::new();
        for (job, _) in shelves.jobs.values() {
            let known = latest.entry(&job.organizer).or_insert(job);
            if known.created < job.created {
                *known = job;
            }
        }
        let mut summary = Summary::default();
        latest.values().for_each(|job| summary.count(job.state));
        Ok(summary)
    }

    async fn settings(&self) -> Result<Vec<Settings>, StoreError> {
        Ok(lock(&self.0).settings.clone())
    }

    async fn set_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        lock(&self.0).settings.push(settings.clone());
        Ok(())
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        let shelves = &mut *lock(&self.0);
        let known = shelves.jobs.len();
        shelves.jobs.retain(|_, (job, _)| job.due.is_some() || job.modified >= before);
        let jobs = &shelves.jobs;
        shelves.of.retain(|_, of| {
            of.retain(|correlation| jobs.contains_key(correlation));
            !of.is_empty()
        });
        shelves.journal.retain(|correlation, _| jobs.contains_key(correlation));
        Ok(known - jobs.len())
    }
}

/// A panic elsewhere leaves the value whole: each method writes in one go.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
