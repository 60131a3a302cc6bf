//! The meetings of a calendar.
//!
//! In: a [`Document`], who its user is, the present. Out: [`Meeting`]s, and a
//! [`Problem`] for each that cannot be read. Never: a guess at a date.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::meeting::{
    Address, Attendee, AttendeeKind, ChangedOccurrence, Item, Meeting, MeetingId, Record, Response,
    Status,
};

use super::document::{Document, Property};
use super::events::{Group, bodies, groups};
use super::record;
use super::schedule::{At, Times, Zones, schedule};
use super::time::Moment;
use super::zone::Zone;

/// Reads the meetings of calendars.
///
/// ```
/// use meeting_migration::ical::{Document, Reader};
///
/// let document = Document::parse(
///     "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDTSTART;TZID=W. Europe Standard Time:20260706T090000\r\n\
///      DURATION:PT1H\r\nORGANIZER:mailto:Ann@Contoso.example\r\nDESCRIPTION:Agenda\r\n\
///      END:VEVENT\r\nEND:VCALENDAR\r\n",
/// )?;
/// let now = "2026-07-01T00:00:00Z".parse()?;
/// let reading = Reader::new(now).with_user("ann@contoso.example").read(&document);
/// let meeting = reading.meetings.first().ok_or("no meeting")?;
/// assert!(meeting.organized_by_user && reading.problems.is_empty());
/// assert_eq!(meeting.item.bodies.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader {
    now: DateTime<Utc>,
    users: Vec<Address>,
    zone: Zone,
}

impl Reader {
    /// Occurrences from `now` on are upcoming. Nobody is the user yet; times and dates
    /// without a zone are read as UTC.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { now, users: Vec::new(), zone: Zone::Utc }
    }

    /// Adds an address of the calendar's user: an event whose organiser it is is theirs.
    #[must_use]
    pub fn with_user(mut self, address: impl Into<Address>) -> Self {
        self.users.push(address.into());
        self
    }

    /// Replaces the zone in which dates and times without a zone are read. The name is
    /// one of IANA's or Windows'.
    ///
    /// # Errors
    /// When the name is not known.
    pub fn with_zone(mut self, name: &str) -> Result<Self, UnknownZone> {
        self.zone = Zone::named(name).ok_or(UnknownZone)?;
        Ok(self)
    }

    /// The meetings of a document, in its order: events with one UID are one meeting.
    ///
    /// - An event without `ORGANIZER` is the user's own; `SENT-BY` changes nothing.
    /// - A changed occurrence without a record has that of its series.
    /// - A changed occurrence without its series is a meeting by itself.
    #[must_use]
    pub fn read(&self, document: &Document) -> Reading {
        let mut zones = Zones::of(document, &self.zone);
        let (groups, nameless) = groups(document);
        let mut reading = Reading { meetings: Vec::new(), problems: Vec::new() };
        for event in nameless {
            let line = document.components().get(event).map_or(0, |c| c.line);
            reading.problems.push(Problem { line, uid: None, kind: ProblemKind::NoUid });
        }
        for group in groups {
            match self.meeting(document, &group, &mut zones) {
                Ok(meeting) => reading.meetings.push(meeting),
                Err(at) => reading.problems.push(Problem {
                    line: at.line,
                    uid: Some(MeetingId::from(group.uid)),
                    kind: at.kind,
                }),
            }
        }
        reading
    }

    fn meeting(
        &self,
        document: &Document,
        group: &Group,
        zones: &mut Zones<'_>,
    ) -> Result<Meeting, At> {
        if let Some(second) = group.duplicate {
            let line = document.components().get(second).map_or(0, |c| c.line);
            return Err(At { line, kind: ProblemKind::Duplicate });
        }
        let mut taken = BTreeSet::new();
        let mut changed = Vec::new();
        let shared = record::read(document, group.main);
        for (id, event) in &group.changed {
            let time = Times::read(document, *event, zones)?;
            if let Some(property) = document.property(*event, "RECURRENCE-ID") {
                taken.insert(zones.instant(&property, Moment::parse(&property.raw_value()))?);
            }
            let item = item(document, *event, shared.clone());
            changed.push(ChangedOccurrence::new(id.as_str(), time.first, item));
        }
        let times = Times::read(document, group.main, zones)?;
        let schedule = schedule(self.now, document, group.main, &times, &taken, zones)?;
        let mut meeting = Meeting::new(
            group.uid.as_str(),
            group.version(document).as_str(),
            schedule,
            item(document, group.main, None),
        );
        meeting.organizer = organizer(document, group.main);
        meeting.organized_by_user = self.is_organizer(document, group.main);
        meeting.changed = changed;
        Ok(meeting)
    }

    fn is_organizer(&self, document: &Document, event: usize) -> bool {
        let Some(organizer) = document.property(event, "ORGANIZER") else { return true };
        let spellings = [address(&organizer), organizer.parameter("EMAIL").map(Address::from)];
        spellings.iter().flatten().any(|a| self.users.iter().any(|user| user.same_as(a)))
    }
}

/// What [`Reader::read`] found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reading {
    /// The meetings that can be read.
    pub meetings: Vec<Meeting>,
    /// The others.
    pub problems: Vec<Problem>,
}

/// A meeting that cannot be read, and where in the file the reason stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
#[non_exhaustive]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The meeting, when it has a name.
    pub uid: Option<MeetingId>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// Why a meeting cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// No `UID`: it could not be found again.
    #[error("the event has no UID")]
    NoUid,
    /// Two events claim to be the same one.
    #[error("a second event with the same UID and RECURRENCE-ID")]
    Duplicate,
    /// No `DTSTART`.
    #[error("the event has no DTSTART")]
    NoStart,
    /// Not a date, time or duration.
    #[error("not a date, time or duration")]
    BadTime,
    /// A `TZID` that neither the file nor the zone tables know.
    #[error("a time zone that is neither defined here nor known")]
    UnknownZone,
    /// An `RRULE` that cannot be read.
    #[error("a recurrence rule that cannot be read")]
    BadRule,
    /// More occurrences than are looked at, and none of these is still to come.
    #[error("a recurrence rule with more occurrences than are looked at")]
    RuleTooLong,
}

/// The name of a time zone is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a known time zone")]
#[non_exhaustive]
pub struct UnknownZone;

fn item(document: &Document, event: usize, shared: Option<Record>) -> Item {
    let text = |name| {
        let found = document.property(event, name);
        found.map_or_else(String::new, |p| String::from_utf8_lossy(&p.text()).into_owned())
    };
    let bodies: Vec<_> = bodies(document, event).map(|(_, body)| body).collect();
    let mut item = Item::new(text("SUMMARY"), bodies);
    item.location = text("LOCATION").into();
    item.status = match text("STATUS").trim().to_ascii_uppercase().as_str() {
        "CANCELLED" => Status::Cancelled,
        "TENTATIVE" => Status::Tentative,
        _ => Status::Confirmed,
    };
    let attendees = document.own_properties(event).filter(|p| p.name() == "ATTENDEE");
    item.attendees = attendees.filter_map(|p| attendee(&p)).collect();
    item.record = record::read(document, event).or(shared);
    item
}

fn attendee(property: &Property<'_>) -> Option<Attendee> {
    let mut attendee = Attendee::new(address(property)?);
    attendee.name = property.parameter("CN").unwrap_or_default().into();
    attendee.kind = if property.is("CUTYPE", "ROOM") || property.is("CUTYPE", "RESOURCE") {
        AttendeeKind::Resource
    } else if property.is("ROLE", "OPT-PARTICIPANT") || property.is("ROLE", "NON-PARTICIPANT") {
        AttendeeKind::Optional
    } else {
        AttendeeKind::Required
    };
    let answer = property.parameter("PARTSTAT").unwrap_or_default().to_ascii_uppercase();
    attendee.response = match answer.as_str() {
        "ACCEPTED" => Response::Accepted,
        "TENTATIVE" => Response::Tentative,
        "DECLINED" => Response::Declined,
        "DELEGATED" => Response::Delegated,
        _ => Response::NeedsAction,
    };
    Some(attendee)
}

fn organizer(document: &Document, event: usize) -> Option<Address> {
    address(&document.property(event, "ORGANIZER")?)
}

/// The mail address of an ORGANIZER or ATTENDEE. `invalid:nomail`, which Outlook writes
/// for somebody whose address it has lost, is nobody's; a display name may hold a colon.
pub(super) fn address(property: &Property<'_>) -> Option<Address> {
    let value = String::from_utf8_lossy(&property.text()).trim().to_owned();
    let address = match value.to_ascii_lowercase().rfind("mailto:") {
        Some(at) => value.get(at + "mailto:".len()..).unwrap_or_default().trim().to_owned(),
        None => property.parameter("EMAIL").unwrap_or(value),
    };
    (address.contains('@') && !address.contains(char::is_whitespace))
        .then(|| Address::from(address))
}
