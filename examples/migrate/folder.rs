//! A folder of `.ics` files as the calendars of a tenant.
//!
//! The files are read once and taken apart by meeting. An update is spliced into its
//! meeting, and the file written to the output folder before it counts; the input folder is
//! only ever read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use meeting_migration::Meeting;
use meeting_migration::calendar::{Calendar, CalendarError, Edit, Notifies, Page, PageToken};
use meeting_migration::ical::{ByMeeting, Document, EditError, Reader};
use meeting_migration::mail::Notice;
use meeting_migration::meeting::{MeetingId, UserId, Version};

use crate::output;
use crate::problem::Problem;
use crate::settings::User;

pub(crate) struct FolderCalendar {
    shelves: BTreeMap<UserId, Shelf>,
    now: DateTime<Utc>,
}

struct Shelf {
    zone: String,
    source: PathBuf,
    target: PathBuf,
    /// Shared by the users of one file; `None` when it is no calendar.
    document: Option<Arc<Mutex<ByMeeting>>>,
    /// The line of each `UID` in the source.
    lines: Arc<BTreeMap<String, usize>>,
}

impl FolderCalendar {
    /// Reads the calendars of `users`. What cannot be read is named; its user has no
    /// calendar then.
    pub(crate) fn open(
        folder: &Path,
        users: &BTreeMap<UserId, User>,
        target: &Path,
        now: DateTime<Utc>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut calendar = Self { shelves: BTreeMap::new(), now };
        let mut files: BTreeMap<&str, Option<File>> = BTreeMap::new();
        for (id, user) in users {
            let source = folder.join(&user.calendar);
            let file = files.entry(&user.calendar).or_insert_with(|| {
                let read = fs::read(&source).map_err(|error| error.to_string());
                match read.and_then(|bytes| Document::parse(bytes).map_err(|e| e.to_string())) {
                    Ok(document) => Some(File::of(document)),
                    Err(what) => {
                        problems.push(Problem::file(&source, what));
                        None
                    }
                }
            });
            let shelf = Shelf {
                zone: user.zone.clone(),
                target: target.join(&user.calendar),
                source,
                lines: file.as_ref().map(|file| file.lines.clone()).unwrap_or_default(),
                document: file.as_ref().map(|file| file.by_meeting.clone()),
            };
            if let Some(file) = file {
                for problem in shelf.reader(id, now).read(&file.document).problems {
                    problems.push(Problem::line(&shelf.source, problem.line, problem.kind));
                }
            }
            calendar.shelves.insert(id.clone(), shelf);
        }
        calendar
    }

    /// All meetings of a user that can be read, as they are now.
    pub(crate) fn meetings(&self, user: &UserId) -> Vec<Meeting> {
        self.listed(user, self.now).unwrap_or_default()
    }

    /// One meeting of a user, as it is now.
    pub(crate) fn meeting(&self, user: &UserId, meeting: &MeetingId) -> Option<Meeting> {
        let (shelf, document) = self.shelf(user)?;
        shelf.reader(user, self.now).read(lock(document).meeting(meeting)?).meetings.pop()
    }

    /// The message of a notice: what its recipients may see of the meeting, as it is now.
    pub(crate) fn request(&self, notice: &Notice) -> Option<Vec<u8>> {
        let (_, document) = self.shelf(&notice.organizer)?;
        lock(document).meeting(&notice.meeting)?.request(&notice.meeting, &notice.invited)
    }

    /// Where a meeting stands in the input: the file, and the line of its `UID`.
    pub(crate) fn place(&self, user: &UserId, meeting: &MeetingId) -> Option<(&Path, usize)> {
        let shelf = self.shelves.get(user)?;
        Some((&shelf.source, *shelf.lines.get(meeting.as_str())?))
    }

    fn shelf(&self, user: &UserId) -> Option<(&Shelf, &Mutex<ByMeeting>)> {
        let shelf = self.shelves.get(user)?;
        Some((shelf, shelf.document.as_ref()?))
    }

    fn listed(&self, user: &UserId, from: DateTime<Utc>) -> Result<Vec<Meeting>, CalendarError> {
        let shelf = self.shelves.get(user).ok_or(CalendarError::NotFound)?;
        let unreadable = || CalendarError::other("the file is no calendar");
        let document = shelf.document.as_ref().ok_or_else(unreadable)?;
        let reader = shelf.reader(user, from);
        let document = lock(document);
        Ok(document.meetings().flat_map(|(_, alone)| reader.read(alone).meetings).collect())
    }
}

impl Shelf {
    fn reader(&self, user: &UserId, now: DateTime<Utc>) -> Reader {
        let reader = Reader::new(now).with_user(user.as_str());
        reader.with_zone(&self.zone).expect("the settings were checked for unknown zones")
    }
}

impl Calendar for FolderCalendar {
    fn notifies(&self) -> Notifies {
        Notifies::Nobody
    }

    // A file is one page. Meetings that are over
    // are listed too: the report then says that they were left out, and why.
    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        _page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        Ok(Page::last(self.listed(organizer, from)?))
    }

    async fn read(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
    ) -> Result<Meeting, CalendarError> {
        self.meeting(organizer, meeting).ok_or(CalendarError::NotFound)
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        let (shelf, document) = self.shelf(organizer).ok_or(CalendarError::NotFound)?;
        let mut document = lock(document);
        let alone = document.meeting(&edit.meeting).ok_or(CalendarError::NotFound)?;
        // A newer DTSTAMP is how a recipient knows the later of two texts with one
        // SEQUENCE (RFC 5546 §2.1.5).
        let edited = alone.edited(edit, Some(self.now)).map_err(|error| match error {
            EditError::NoMeeting => CalendarError::NotFound,
            EditError::Changed | EditError::NoPart => CalendarError::Changed,
            other => CalendarError::other(other),
        })?;
        let version = edited.version(&edit.meeting).ok_or(CalendarError::NotFound)?;
        let not_writable = || CalendarError::other(EditError::NotWritable);
        let before = document.put(&edit.meeting, edited).ok_or_else(not_writable)?;
        let bytes = document.chunks().collect::<Vec<_>>().concat();
        if let Err(error) = output::replace(&shelf.target, &bytes) {
            document.put(&edit.meeting, before);
            return Err(CalendarError::other(error));
        }
        Ok(version)
    }
}

/// A file as it was read, and what becomes of it.
struct File {
    document: Document,
    by_meeting: Arc<Mutex<ByMeeting>>,
    lines: Arc<BTreeMap<String, usize>>,
}

impl File {
    fn of(document: Document) -> Self {
        let lines = Arc::new(lines(&document));
        Self { by_meeting: Arc::new(Mutex::new(ByMeeting::of(document.clone()))), document, lines }
    }
}

fn lines(document: &Document) -> BTreeMap<String, usize> {
    let uids = document.properties().filter(|property| property.name() == "UID");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
    // The first of several is the series.
    uids.rev().map(|uid| (text(uid.text()), uid.line())).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
