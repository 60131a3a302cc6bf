//! What goes out when a meeting was updated: iTIP (RFC 5546) over mail (iMIP, RFC 6047).
//!
//! In: a calendar, a notice, the date. Out: the meeting as a request, and the
//! [`Message`] that carries it. Never: a changed property; `SEQUENCE` and answers stay. A
//! part that the recipients are not invited to.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::block;
use crate::body::{Body, Format};
use crate::mail::Notice;
use crate::meeting::{Address, MeetingId, Part};

use super::document::{Document, Property};
use super::events::{bodies, group, own_body};
use super::foreign::encoding;
use super::lines::LineEnds;
use super::message::{Mailbox, Message, MessageError};
use super::read::address;
use super::schedule::zone_id;
use super::splice::folded;
use super::text::Kind;

/// The one method that a notice needs: a new text is an update of a request, and the
/// same in the object and in the message (RFC 6047 §2.4).
pub(super) const METHOD: &str = "REQUEST";

impl Message {
    /// The message of a notice about a meeting in `document`: from its organiser to the
    /// notice's recipients, by the names that the calendar has for them, with the parts that
    /// they are invited to, and the texts of the first of them that changed. `domain` is the
    /// right side of the message id.
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
        let object = document.request(&notice.meeting, &notice.invited);
        let object = object.ok_or(MessageError::NoOrganizer)?;
        let shown = notice.invited.iter().filter_map(|part| group.component(part));
        let named: HashMap<String, String> = shown
            .chain([group.main])
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
        for (_, body) in part.into_iter().flat_map(|part| bodies(document, part)) {
            message = match body.format() {
                Format::Html => message.with_html(unicode(&body)),
                Format::Text => message.with_text(unicode(&body)),
            };
        }
        Ok(message)
    }
}

/// A body's text, whatever its bytes are.
fn unicode(body: &Body) -> String {
    match block::excerpt(body, 0..body.as_bytes().len()) {
        Ok(text) => text.into_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(body.as_bytes()).0.into_owned(),
    }
}

impl Document {
    /// These parts of a meeting as a calendar of its own, to be sent to people who are
    /// invited to them: the events with every property as it stands, the time zones they
    /// name, and `METHOD:REQUEST`. Where the series is among the parts, a changed occurrence
    /// that is not is an `EXDATE` of it: it does not take place for these people.
    ///
    /// What is not UTF-8, which a message has to be, is written anew.
    ///
    /// `None` when the document has no such meeting, or the meeting none of the parts.
    #[must_use]
    pub fn request(&self, meeting: &MeetingId, parts: &[Part]) -> Option<Vec<u8>> {
        let group = group(self, meeting)?;
        let calendar = self.components().get(group.main)?.parent?;
        let shown: BTreeSet<usize> = parts.iter().filter_map(|p| group.component(p)).collect();
        if shown.is_empty() {
            return None;
        }
        let zones: BTreeSet<String> = shown
            .iter()
            .flat_map(|event| self.own_properties(*event))
            .filter_map(|property| Some(property.parameter("TZID")?.trim().to_owned()))
            .collect();
        let end = self.line_end();
        let mut out = Vec::new();
        out.extend_from_slice(b"BEGIN:VCALENDAR");
        out.extend_from_slice(end);
        for property in self.own_properties(calendar) {
            if matches!(property.name(), "PRODID" | "VERSION" | "CALSCALE") {
                self.write_unicode(property.span(), &mut out);
            }
        }
        out.extend_from_slice(b"METHOD:");
        out.extend_from_slice(METHOD.as_bytes());
        out.extend_from_slice(end);
        for (index, component) in self.children(calendar) {
            if component.name == "VTIMEZONE"
                && zone_id(self, index).is_some_and(|id| zones.contains(&id))
            {
                self.write_unicode(component.raw.clone(), &mut out);
            }
        }
        for event in &shown {
            let span = self.component_span(*event);
            let mut at = span.start;
            if *event == group.main {
                let left_out = group.changed.iter().filter(|(_, event)| !shown.contains(event));
                let lines: Vec<u8> =
                    left_out.filter_map(|(_, event)| self.exdate(*event)).flatten().collect();
                at = self.end_of_properties(*event);
                self.write_unicode(span.start..at, &mut out);
                out.extend_from_slice(&lines);
            }
            self.write_unicode(at..span.end, &mut out);
        }
        out.extend_from_slice(b"END:VCALENDAR");
        out.extend_from_slice(end);
        Some(out)
    }

    /// The line of the series that takes this changed occurrence out of it.
    fn exdate(&self, occurrence: usize) -> Option<Vec<u8>> {
        let id = self.property(occurrence, "RECURRENCE-ID")?;
        let mut head = String::from("EXDATE");
        for (name, value) in id.parameters().filter(|(name, _)| matches!(*name, "TZID" | "VALUE")) {
            head.push_str(&format!(";{name}={}", String::from_utf8_lossy(value)));
        }
        head.push(':');
        Some(folded(self, &head, Kind::Verbatim, id.raw_value().trim().as_bytes()))
    }

    /// Writes a part of the document: as it stands where it is UTF-8, else the lines that
    /// are not anew, with their text.
    fn write_unicode(&self, range: Range<usize>, out: &mut Vec<u8>) {
        let raw = |range: Range<usize>| self.as_bytes().get(range).unwrap_or_default();
        if std::str::from_utf8(raw(range.clone())).is_ok() {
            out.extend_from_slice(raw(range));
            return;
        }
        let between = |range| String::from_utf8_lossy(raw(range)).into_owned().into_bytes();
        let mut at = range.start;
        for property in self.properties_in(range.clone()) {
            out.extend(between(at..property.span().start));
            match std::str::from_utf8(property.raw()) {
                Ok(line) => out.extend_from_slice(line.as_bytes()),
                Err(_) => out.extend(self.in_unicode(&property)),
            }
            at = property.span().end;
        }
        out.extend(between(at..range.end));
    }

    /// A property line that is not UTF-8, or a fold parts a character of it, in UTF-8.
    fn in_unicode(&self, property: &Property<'_>) -> Vec<u8> {
        let text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding(property, bytes).decode_without_bom_handling(bytes).0.into_owned(),
        };
        let mut head = property.name().to_owned();
        for (name, value) in property.parameters().filter(|(name, _)| *name != "CHARSET") {
            head.push_str(&format!(";{name}={}", text(value)));
        }
        head.push(':');
        match own_body(property) {
            Some(body) => folded(self, &head, Kind::Text, unicode(&body).as_bytes()),
            None => {
                folded(self, &head, Kind::Verbatim, text(&property.unfolded_value()).as_bytes())
            }
        }
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
