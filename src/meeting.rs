//! What a caller hands us: one organiser's meetings, as their calendar holds them.
//!
//! A [`Meeting`] is a single event or a series with its changed occurrences. Each of
//! these is an [`Item`] with its own bodies, attendees and record.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::private::Private;
use crate::provider::Provider;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as the caller wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<S: Into<String>> From<S> for $name {
            fn from(id: S) -> Self {
                Self(id.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// Names one meeting in its organiser's calendar. Reports and logs print it,
    /// so a calendar should not put a subject or an address into it.
    MeetingId
}
id! {
    /// One state of a stored meeting (an ETag, a change key): it differs whenever
    /// anything in the meeting was written.
    Version
}
id! {
    /// Names one occurrence of a series: the `RECURRENCE-ID` in iCalendar.
    OccurrenceId
}

/// Names the user whose meetings a job touches, as an admin knows them: often a mail
/// address. `Display` prints it, for the admin; `Debug` does not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(String);

impl UserId {
    /// The id as the caller wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Into<String>> From<S> for UserId {
    fn from(id: S) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserId({} bytes)", self.0.len())
    }
}

/// A mail address, without `mailto:`. Two spellings that differ only in case are one
/// address: compare with [`Address::same_as`] or by [`Address::key`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(Private);

impl Address {
    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which two spellings of one address are equal.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.trim().to_lowercase()
    }

    /// Whether both name the same mailbox.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<S: Into<String>> From<S> for Address {
    fn from(address: S) -> Self {
        Self(Private::from(address.into()))
    }
}

/// A calendar object of one organiser: a single event, or a series with its changed
/// occurrences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Meeting {
    /// Its name in the calendar.
    pub id: MeetingId,
    /// The state that was read; every write is conditional on it.
    pub version: Version,
    /// Whether the user of the calendar is the organiser, a delegate's work on their
    /// behalf included.
    pub organized_by_user: bool,
    /// The organiser's address, when the calendar says. The attendee limit counts them
    /// once, listed as an attendee or not.
    #[serde(default)]
    pub organizer: Option<Address>,
    /// When it takes place.
    pub schedule: Schedule,
    /// The event, or what all unchanged occurrences of the series share.
    pub item: Item,
    /// Occurrences of a series that differ from it, each with a body of its own.
    pub changed: Vec<ChangedOccurrence>,
}

impl Meeting {
    /// A meeting that its calendar's user organises.
    pub fn new(
        id: impl Into<MeetingId>,
        version: impl Into<Version>,
        schedule: Schedule,
        item: Item,
    ) -> Self {
        Self {
            id: id.into(),
            version: version.into(),
            organized_by_user: true,
            organizer: None,
            schedule,
            item,
            changed: Vec::new(),
        }
    }

    /// The parts that have bodies: the event or series first, then each changed occurrence.
    pub fn parts(&self) -> impl Iterator<Item = (Part, &Item)> {
        std::iter::once((Part::Main, &self.item))
            .chain(self.changed.iter().map(|o| (Part::Occurrence(o.id.clone()), &o.item)))
    }

    /// What one part shows, to be changed.
    pub fn part_mut(&mut self, part: &Part) -> Option<&mut Item> {
        match part {
            Part::Main => Some(&mut self.item),
            Part::Occurrence(id) => {
                self.changed.iter_mut().find(|o| o.id == *id).map(|o| &mut o.item)
            }
        }
    }
}

/// Names a part of a meeting that has bodies of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The single event, or the series.
    Main,
    /// One changed occurrence of the series.
    Occurrence(OccurrenceId),
}

/// An occurrence of a series that was moved or edited on its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChangedOccurrence {
    /// Which occurrence of the series this is.
    pub id: OccurrenceId,
    /// When it takes place now.
    pub slot: Slot,
    /// What it shows.
    pub item: Item,
}

impl ChangedOccurrence {
    /// A changed occurrence, named by the occurrence it replaces.
    pub fn new(id: impl Into<OccurrenceId>, slot: Slot, item: Item) -> Self {
        Self { id: id.into(), slot, item }
    }
}

/// What one calendar entry shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Item {
    /// The subject line.
    pub subject: Private,
    /// The place, as text.
    pub location: Private,
    /// Whether it still takes place.
    pub status: Status,
    /// Everybody invited, the organiser included when the calendar lists them.
    pub attendees: Vec<Attendee>,
    /// The invitation text in each form that the calendar keeps: HTML, plain, or both.
    /// Twins are located and rewritten each for itself.
    pub bodies: Vec<Body>,
    /// What the add-in or service stored beside the bodies, when it did.
    pub record: Option<Record>,
}

impl Item {
    /// An entry with this subject and these bodies, confirmed, nobody invited.
    pub fn new(subject: impl Into<Private>, bodies: impl Into<Vec<Body>>) -> Self {
        Self { subject: subject.into(), bodies: bodies.into(), ..Self::default() }
    }
}

/// Whether a calendar entry still takes place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Status {
    /// It does.
    #[default]
    Confirmed,
    /// It may.
    Tentative,
    /// It does not.
    Cancelled,
}

/// Somebody invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attendee {
    /// Where their mail goes.
    pub address: Address,
    /// How the invitation names them.
    pub name: Private,
    /// Person or room.
    pub kind: AttendeeKind,
    /// What they answered.
    pub response: Response,
}

impl Attendee {
    /// A required attendee who has not answered.
    pub fn new(address: impl Into<Address>) -> Self {
        Self {
            address: address.into(),
            name: Private::default(),
            kind: AttendeeKind::Required,
            response: Response::NeedsAction,
        }
    }
}

/// In which role somebody, or something, is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AttendeeKind {
    /// A person who should come.
    Required,
    /// A person who may come.
    Optional,
    /// A room or a device.
    Resource,
}

/// What an attendee answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Response {
    /// Nothing yet.
    NeedsAction,
    /// They come.
    Accepted,
    /// They may come.
    Tentative,
    /// They do not come.
    Declined,
    /// Somebody else comes for them.
    Delegated,
}

/// What the add-in or the service stored *beside* the bodies: the proof that a meeting
/// is online, and with which link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// Whose meeting it is.
    pub provider: Provider,
    /// The recorded join link. A block with another link belongs to another meeting.
    pub join_url: Option<Private>,
    /// The conference id for dialling in.
    pub conference_id: Option<Private>,
    /// Whether content hangs on the online meeting itself (whiteboards, polls), when the
    /// calendar or the service knows. Files attached to the invitation do not count.
    #[serde(default)]
    pub has_content: Option<bool>,
}

impl Record {
    /// A record with its join link.
    pub fn new(provider: Provider, join_url: impl Into<Private>) -> Self {
        Self { provider, join_url: Some(join_url.into()), conference_id: None, has_content: None }
    }
}

/// When a meeting takes place. Zones are the calendar's business: these are instants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Schedule {
    /// Once.
    Once(Slot),
    /// Again and again.
    Series(Series),
}

/// From when to when one occurrence lasts, as instants; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Slot {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When it is over.
    pub end: DateTime<Utc>,
}

impl Slot {
    /// From `start` to `end`.
    #[must_use]
    pub const fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start, end }
    }
}

/// The occurrences of a series, as far as "is one still to come, and when?" needs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Series {
    /// The first occurrence ever.
    pub first: Slot,
    /// The next unchanged occurrences from the time of listing on, in order: at least
    /// the first of them when there is one, more when the calendar knows them cheaply.
    pub upcoming: Vec<Slot>,
    /// The last occurrence; `None` when the series never ends.
    pub last: Option<Slot>,
}

impl Series {
    /// A series with what is still to come.
    pub fn new(first: Slot, upcoming: impl Into<Vec<Slot>>, last: Option<Slot>) -> Self {
        Self { first, upcoming: upcoming.into(), last }
    }
}
