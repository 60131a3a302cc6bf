//! The calendar, as the caller implements it.
//!
//! In: one organiser, a page to list, a meeting to read, an [`Edit`] to write. Out:
//! meetings and versions, or a [`CalendarError`] that says what to do next. Never: mail
//! from here; whether the calendar sends any by itself is what [`Calendar::notifies`] says.

use std::pin::Pin;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::cause::Cause;
use crate::meeting::{Meeting, MeetingId, Part, Record, UserId, Version};
use crate::private::Private;

/// The calendars of an organisation, implemented by the caller.
///
/// Implementors write plain `async fn`; no runtime is asked for.
///
/// # Contract
///
/// The calendar promises:
///
/// - [`list`](Self::list) gives, over all its pages, every meeting that has an occurrence
///   ending after `from`, each with all its parts, bodies and records. A meeting that is
///   not written meanwhile is not left out because others are. Listing one twice is fine.
/// - A [`Version`] differs whenever anything in the meeting was written, by anybody.
/// - [`update`](Self::update) is conditional and whole: when the stored version is not
///   [`Edit::seen`] nothing changes and the answer is [`CalendarError::Changed`];
///   otherwise all parts are stored or none. What the edit does not name stays as it is:
///   subject, times, attendees and their answers, `SEQUENCE`, other parts, and the place
///   where [`PartEdit::location`] is `None`. Of a part that [`Edit::records`] names only the
///   record is stored: its bodies are not written, and nobody is told of it.
/// - Bodies are stored with the bytes given. A server that spells what it stores anew is
///   tolerated as long as the block in it can still be found, with the same words, links and
///   images ([`Rewrite::Unchanged`](crate::block::Rewrite::Unchanged)): a second run leaves it
///   alone.
/// - [`notifies`](Self::notifies) is true to what happens.
///
/// We promise:
///
/// - `read` and `update` only get ids that `list` gave for the same organiser, and `page`
///   is always a token of the preceding answer to the same organiser and `from`.
/// - An edit has at least one part, each part at most once, each with all the bodies that
///   were read, in their order, in their format and charset. At least one differs. A part
///   with a record of its own in [`Edit::records`] is none of them.
/// - One organiser's meetings are written one at a time.
/// - After [`CalendarError::Throttled`] nothing is asked before `retry_after` is over.
pub trait Calendar: Send + Sync {
    /// Who tells the attendees when a meeting was updated.
    fn notifies(&self) -> Notifies;

    /// One page of the meetings in `organizer`'s calendar that are not over at `from`;
    /// without `page` the first.
    fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> impl Future<Output = Result<Page<Meeting>, CalendarError>> + Send;

    /// One meeting as it is now.
    fn read(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
    ) -> impl Future<Output = Result<Meeting, CalendarError>> + Send;

    /// Stores new bodies, records and places, if the meeting is still at [`Edit::seen`]. Gives
    /// the version that it is at then.
    fn update(
        &self,
        organizer: &UserId,
        edit: &Edit,
    ) -> impl Future<Output = Result<Version, CalendarError>> + Send;
}

/// Who tells the attendees that a meeting was updated. Never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notifies {
    /// The calendar, by itself, with each update (Exchange, a scheduling CalDAV server).
    Itself,
    /// Nobody, unless a [`Notice`](crate::mail::Notice) goes out (a plain store, a file).
    Nobody,
}

/// Some of many answers, and where the next ones are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// These answers, in order. A page may be empty and not the last.
    pub items: Vec<T>,
    /// Where to go on; `None` on the last page.
    pub next: Option<PageToken>,
}

impl<T> Page<T> {
    /// A page, with the token of the one after it.
    pub fn new(items: impl Into<Vec<T>>, next: Option<PageToken>) -> Self {
        Self { items: items.into(), next }
    }

    /// A page with none after it.
    pub fn last(items: impl Into<Vec<T>>) -> Self {
        Self::new(items, None)
    }
}

/// Where to go on listing: opaque, and kept in a saved job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(crate::Private);

impl PageToken {
    /// The token as its maker wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Into<String>> From<S> for PageToken {
    fn from(token: S) -> Self {
        Self(token.into().into())
    }
}

/// New bodies and records for parts of one meeting, good for one state of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Edit {
    /// Which meeting.
    pub meeting: MeetingId,
    /// The version that was read; with any other stored, nothing may be written.
    pub seen: Version,
    /// What changes, part by part; other parts stay as they are.
    pub parts: Vec<PartEdit>,
    /// Records alone, of parts that stay as they are and had theirs from the series: with
    /// the old record of their own a later run still knows their block. A calendar that keeps
    /// no records, or none of a changed occurrence, leaves them out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordEdit>,
}

impl Edit {
    /// Changes to parts of a meeting that was read at `seen`.
    pub fn new(
        meeting: impl Into<MeetingId>,
        seen: Version,
        parts: impl Into<Vec<PartEdit>>,
    ) -> Self {
        Self { meeting: meeting.into(), seen, parts: parts.into(), records: Vec::new() }
    }

    /// Replaces the records of parts that otherwise stay as they are.
    #[must_use]
    pub fn with_records(mut self, records: impl Into<Vec<RecordEdit>>) -> Self {
        self.records = records.into();
        self
    }
}

/// The record of a part of a meeting whose bodies stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecordEdit {
    /// One changed occurrence.
    pub part: Part,
    /// What is to be recorded beside it from now on; `None` removes the record, so that it
    /// has that of its series again.
    pub record: Option<Record>,
}

impl RecordEdit {
    /// The record of a part from now on.
    #[must_use]
    pub const fn new(part: Part, record: Option<Record>) -> Self {
        Self { part, record }
    }
}

/// New bodies, the new record and maybe the new place of one part of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PartEdit {
    /// The event, the series, or one changed occurrence.
    pub part: Part,
    /// All bodies of the part, in the order in which they were read.
    pub bodies: Vec<Body>,
    /// What is to be recorded beside them from now on; `None` removes the record. A
    /// calendar that keeps no records leaves it out.
    pub record: Option<Record>,
    /// The new place, when it changes: it held the product's name or the old link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Private>,
}

impl PartEdit {
    /// All bodies of a part, and its record, from now on.
    pub fn new(part: Part, bodies: impl Into<Vec<Body>>, record: Option<Record>) -> Self {
        Self { part, bodies: bodies.into(), record, location: None }
    }

    /// Replaces the place too.
    #[must_use]
    pub fn with_location(mut self, location: impl Into<Private>) -> Self {
        self.location = Some(location.into());
        self
    }
}

/// Why a calendar did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The stored version is another than the one the edit was made for, or a page token
    /// is no longer good. We read again and plan again.
    #[error("the meeting was changed since it was read")]
    Changed,
    /// There is no such meeting, or no such calendar.
    #[error("the calendar has no such meeting")]
    NotFound,
    /// Too much was asked of it, or it is out of reach for a while. We wait; it is not
    /// counted as a try.
    #[error("the calendar asks to come back later")]
    Throttled {
        /// How long to wait, when it says (`Retry-After`).
        retry_after: Option<TimeDelta>,
    },
    /// We are not allowed to. Asking again would not help.
    #[error("the calendar denies access")]
    Denied,
    /// Anything else; asking again later may help.
    #[error("the calendar failed")]
    Other(#[source] Cause),
}

impl CalendarError {
    /// Anything else that went wrong.
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(Cause::new(error))
    }
}

/// A boxed future that can be sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`Calendar`] for trait objects, when which one to use is only known at run time. Every
/// calendar is one, and a `Box<dyn DynCalendar>` is a calendar.
pub trait DynCalendar: Send + Sync {
    /// [`Calendar::notifies`].
    fn notifies_dyn(&self) -> Notifies;

    /// [`Calendar::list`].
    fn list_dyn<'a>(
        &'a self,
        organizer: &'a UserId,
        from: DateTime<Utc>,
        page: Option<&'a PageToken>,
    ) -> BoxFuture<'a, Result<Page<Meeting>, CalendarError>>;

    /// [`Calendar::read`].
    fn read_dyn<'a>(
        &'a self,
        organizer: &'a UserId,
        meeting: &'a MeetingId,
    ) -> BoxFuture<'a, Result<Meeting, CalendarError>>;

    /// [`Calendar::update`].
    fn update_dyn<'a>(
        &'a self,
        organizer: &'a UserId,
        edit: &'a Edit,
    ) -> BoxFuture<'a, Result<Version, CalendarError>>;
}

impl<C: Calendar> DynCalendar for C {
    fn notifies_dyn(&self) -> Notifies {
        self.notifies()
    }

    fn list_dyn<'a>(
        &'a self,
        organizer: &'a UserId,
        from: DateTime<Utc>,
        page: Option<&'a PageToken>,
    ) -> BoxFuture<'a, Result<Page<Meeting>, CalendarError>> {
        Box::pin(self.list(organizer, from, page))
    }

    fn read_dyn<'a>(
        &'a self,
        organizer: &'a UserId,
        meeting: &'a MeetingId,
    ) -> BoxFuture<'a, Result<Meeting, CalendarError>> {
        Box::pin(self.read(organizer, meeting))
    }

    fn update_dyn<'a>(
        &'a self,
        organizer: &'a UserId,
        edit: &'a Edit,
    ) -> BoxFuture<'a, Result<Version, CalendarError>> {
        Box::pin(self.update(organizer, edit))
    }
}

impl Calendar for Box<dyn DynCalendar + '_> {
    fn notifies(&self) -> Notifies {
        (**self).notifies_dyn()
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        (**self).list_dyn(organizer, from, page).await
    }

    async fn read(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
    ) -> Result<Meeting, CalendarError> {
        (**self).read_dyn(organizer, meeting).await
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        (**self).update_dyn(organizer, edit).await
    }
}

impl<C: Calendar> Calendar for &C {
    fn notifies(&self) -> Notifies {
        (**self).notifies()
    }

    async fn list(
        &self,
        organizer: &UserId,
        from: DateTime<Utc>,
        page: Option<&PageToken>,
    ) -> Result<Page<Meeting>, CalendarError> {
        (**self).list(organizer, from, page).await
    }

    async fn read(
        &self,
        organizer: &UserId,
        meeting: &MeetingId,
    ) -> Result<Meeting, CalendarError> {
        (**self).read(organizer, meeting).await
    }

    async fn update(&self, organizer: &UserId, edit: &Edit) -> Result<Version, CalendarError> {
        (**self).update(organizer, edit).await
    }
}
