//! What goes out when a meeting was updated: iTIP (RFC 5546) over mail (iMIP, RFC 6047).
//!
//! In: a calendar, a notice, the date. Out: the meeting as a request, and the
//! [`Message`] that carries it. Never: a changed property; `SEQUENCE` and answers stay.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::body::{Body, Format};
use crate::mail::Notice;
use crate::meeting::{Address, MeetingId};

use super::document::Document;
use super::events::{bodies, group};
use super::lines::LineEnds;
use super::message::{Mailbox, Message, MessageError};
use super::read::address;

/// The one method that a notice needs: a new text is an update of a request, and the
/// same in the object and in the message (RFC 6047 §2.4).
pub(super) const METHOD: &str = "REQUEST";

impl Message {
    /// The message of a notice about a meeting in `document`: from its organiser to the
    /// notice's recipients, by the names that the calendar has for them, with the texts
    /// of the first part that changed. `domain` is the right side of the message id.
    ///
    /// # Errors
    /// When the document has no such meeting, or no organiser with an address for it.
    pub fn for_notice(
        document: &Document,
        notice: &Notice,
        date: DateTime<Utc>,
        domain: &str,
    ) -> Result<Self, MessageError> {
        let group = group(document, &notice.meeting).ok_or(MessageError::NoOrganizer)?;
        let object = document.request(&notice.meeting).ok_or(MessageError::NoOrganizer)?;
        let named: HashMap<String, String> = group
            .components()
            .flat_map(|event| document.own_properties(event))
            .filter(|p| matches!(p.name(), "ORGANIZER" | "ATTENDEE"))
            .filter_map(|p| Some((address(&p)?.key(), p.parameter("CN")?)))
            .collect();
        let organizer = document.property(group.main, "ORGANIZER");
        let organizer = organizer.and_then(|p| address(&p)).ok_or(MessageError::NoOrganizer)?;
        let mailbox = |address: &Address| {
            let name = named.get(&address.key()).map(String::as_str).unwrap_or_default();
            // A name that no header can hold is left out; the address says enough.
            let name = if name.contains(char::is_control) { "" } else { name };
            Mailbox::new(name, address.as_str())
        };
        let subject: String = notice.subject.split(char::is_control).collect::<Vec<_>>().join(" ");
        let id = format!("{}@{domain}", notice.message.as_str());
        let mut message = Self::new(mailbox(&organizer), subject, id, date, object);
        for recipient in &notice.recipients {
            message = message.with_recipient(mailbox(recipient));
        }
        let part = notice.parts.first().and_then(|part| group.component(part));
        for (_, body) in bodies(document, part.unwrap_or(group.main)) {
            message = match body.format() {
                Format::Html => message.with_html(unicode(&body)),
                Format::Text => message.with_text(unicode(&body)),
            };
        }
        Ok(message)
    }
}

/// A body's text. Bytes that are not UTF-8 were written by old programs on Windows.
fn unicode(body: &Body) -> String {
    match body.as_unicode() {
        Some(text) => text.to_owned(),
        None => {
            let given = body.charset().and_then(|l| encoding_rs::Encoding::for_label(l.as_bytes()));
            let (text, ..) = given.unwrap_or(encoding_rs::WINDOWS_1252).decode(body.as_bytes());
            text.into_owned()
        }
    }
}

impl Document {
    /// One meeting as a calendar of its own, to be sent: its events with every property
    /// as it stands, the time zones they name, and `METHOD:REQUEST`.
    ///
    /// `None` when the document has no such meeting.
    #[must_use]
    pub fn request(&self, meeting: &MeetingId) -> Option<Vec<u8>> {
        let group = group(self, meeting)?;
        let calendar = self.components().get(group.main)?.parent?;
        let mut events: Vec<usize> = group.components().collect();
        events.sort_unstable();
        let zones: BTreeSet<String> = events
            .iter()
            .flat_map(|event| self.own_properties(*event))
            .filter_map(|property| Some(property.parameter("TZID")?.trim().to_owned()))
            .collect();
        let end = self.line_end();
        let mut out = Vec::new();
        let raw = |range| self.as_bytes().get(range).unwrap_or_default();
        out.extend_from_slice(b"BEGIN:VCALENDAR");
        out.extend_from_slice(end);
        for property in self.own_properties(calendar) {
            if matches!(property.name(), "PRODID" | "VERSION" | "CALSCALE") {
                out.extend_from_slice(property.raw());
            }
        }
        out.extend_from_slice(b"METHOD:");
        out.extend_from_slice(METHOD.as_bytes());
        out.extend_from_slice(end);
        for (index, component) in self.children(calendar) {
            let id = self.property(index, "TZID").map(|id| id.raw_value());
            let named = id.is_some_and(|id| zones.contains(id.trim()));
            if component.name == "VTIMEZONE" && named {
                out.extend_from_slice(raw(component.raw.clone()));
            }
        }
        for event in events {
            out.extend_from_slice(raw(self.components().get(event)?.raw.clone()));
        }
        out.extend_from_slice(b"END:VCALENDAR");
        out.extend_from_slice(end);
        Some(out)
    }
}

/// Every content line with CRLF, whatever its end was.
pub(super) fn lines_with_crlf(calendar: &[u8]) -> Vec<u8> {
    let ends = LineEnds::of(calendar);
    let mut out = Vec::with_capacity(calendar.len());
    let mut at = 0;
    while at < calendar.len() {
        let (end, next) = ends.next(calendar, at);
        out.extend_from_slice(calendar.get(at..end).unwrap_or_default());
        out.extend_from_slice(b"\r\n");
        at = next;
    }
    out
}
