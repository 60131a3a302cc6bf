//! A store that keeps the journal in a file, a JSON line per entry, written before the
//! engine goes on. Queue and settings live in memory: a run of this program is one go.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use meeting_migration::calendar::{Page, PageToken};
use meeting_migration::job::{Control, CorrelationId, Job, Status};
use meeting_migration::journal::{Entry, Event};
use meeting_migration::meeting::{MeetingId, UserId};
use meeting_migration::memory::MemoryStore;
use meeting_migration::plan::MeetingPlan;
use meeting_migration::policy::HoldOnJoin;
use meeting_migration::store::{Enqueued, Settings, StatusQuery, Store, StoreError, Summary};

pub(crate) struct JournalFile {
    memory: MemoryStore,
    /// None in a preview, which has nothing to write down.
    file: Option<Mutex<File>>,
    /// What an earlier run wrote into each meeting.
    earlier: HashMap<MeetingId, MeetingPlan>,
    /// Called with each entry.
    watch: Box<dyn Fn(&Entry) + Send + Sync>,
}

impl JournalFile {
    /// A store without a file.
    pub(crate) fn nowhere() -> Self {
        Self {
            memory: MemoryStore::new(),
            file: None,
            earlier: HashMap::new(),
            watch: Box::new(|_| {}),
        }
    }

    /// A store whose journal is added to `path`.
    pub(crate) fn open(
        path: &Path,
        watch: impl Fn(&Entry) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self {
            memory: MemoryStore::new(),
            file: Some(Mutex::new(file)),
            earlier: HashMap::new(),
            watch: Box::new(watch),
        })
    }
}

impl JournalFile {
    /// Knows what an earlier run wrote, too.
    pub(crate) fn with_earlier(mut self, earlier: HashMap<MeetingId, MeetingPlan>) -> Self {
        self.earlier = earlier;
        self
    }
}

/// What a run wrote, by the journal that it left.
pub(crate) fn earlier(path: &Path) -> io::Result<HashMap<MeetingId, MeetingPlan>> {
    let (mut intended, mut written) = (HashMap::new(), HashMap::new());
    for line in BufReader::new(File::open(path)?).lines() {
        let entry: Entry = serde_json::from_str(&line?)?;
        match entry.event {
            Event::Intent(plan) => {
                written.remove(&entry.meeting);
                intended.insert(entry.meeting, *plan);
            }
            Event::Done { .. } => {
                written.extend(intended.remove_entry(&entry.meeting));
            }
            _ => {}
        }
    }
    Ok(written)
}

impl Store for JournalFile {
    async fn last_written(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
        but: &CorrelationId,
    ) -> Result<Option<MeetingPlan>, StoreError> {
        let known = self.memory.last_written(organizer, meeting, but).await?;
        Ok(known.or_else(|| self.earlier.get(meeting).cloned()))
    }

    async fn append(&self, entry: &Entry) -> Result<(), StoreError> {
        if let Some(file) = &self.file {
            let mut line = serde_json::to_vec(entry).map_err(StoreError::other)?;
            line.push(b'\n');
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write_all(&line).map_err(StoreError::other)?;
        }
        (self.watch)(entry);
        self.memory.append(entry).await
    }

    async fn enqueue(&self, job: Job, hold: HoldOnJoin) -> Result<Enqueued, StoreError> {
        self.memory.enqueue(job, hold).await
    }

    async fn claim(&self, now: DateTime<Utc>, lease: TimeDelta) -> Result<Option<Job>, StoreError> {
        self.memory.claim(now, lease).await
    }

    async fn save(&self, job: &Job) -> Result<Control, StoreError> {
        self.memory.save(job).await
    }

    async fn renew(&self, job: &Job) -> Result<Control, StoreError> {
        self.memory.renew(job).await
    }

    async fn job(&self, correlation: &CorrelationId) -> Result<Option<Job>, StoreError> {
        self.memory.job(correlation).await
    }

    async fn set_control(
        &self,
        correlation: &CorrelationId,
        control: Control,
    ) -> Result<(), StoreError> {
        self.memory.set_control(correlation, control).await
    }

    async fn journal(
        &self,
        correlation: &CorrelationId,
        page: Option<&PageToken>,
    ) -> Result<Page<Entry>, StoreError> {
        self.memory.journal(correlation, page).await
    }

    async fn journal_of(
        &self,
        correlation: &CorrelationId,
        meeting: &MeetingId,
    ) -> Result<Vec<Entry>, StoreError> {
        self.memory.journal_of(correlation, meeting).await
    }

    async fn status(&self, query: &StatusQuery) -> Result<Vec<Status>, StoreError> {
        self.memory.status(query).await
    }

    async fn summary(&self) -> Result<Summary, StoreError> {
        self.memory.summary().await
    }

    async fn settings(&self) -> Result<Vec<Settings>, StoreError> {
        self.memory.settings().await
    }

    async fn set_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.memory.set_settings(settings).await
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        self.memory.forget(before).await
    }
}
