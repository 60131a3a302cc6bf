//! Writes an edit of one meeting into its calendar.
//!
//! In: new bodies, a new record and place for parts of a meeting. Out: a [`Document`] that
//! differs in these values and nowhere else. `SEQUENCE` stays: a text change is no
//! rescheduling (RFC 5546 §2.1.4).

use chrono::{DateTime, Utc};

use crate::calendar::{Edit, PartEdit, RecordEdit};
use crate::meeting::{MeetingId, Record, Version};

use super::document::Document;
use super::events::{Group, bodies, group};
use super::record::{self, NewRecord};
use super::splice::Splice;
use super::text::Kind;

/// Why an edit cannot be written. The document stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// No event has that UID.
    #[error("the calendar has no such meeting")]
    NoMeeting,
    /// The meeting has no such occurrence.
    #[error("the meeting has no such occurrence")]
    NoPart,
    /// The meeting is not in the state that was read.
    #[error("the meeting was changed since it was read")]
    Changed,
    /// Two events claim to be the same part.
    #[error("two events have the same UID and RECURRENCE-ID")]
    Duplicate,
    /// Other bodies than were read, by number or format.
    #[error("the new bodies are not of the number and formats that were read")]
    OtherBodies,
    /// The record holds a control character.
    #[error("the record holds a control character")]
    BadRecord,
    /// The result would not read back as it was meant.
    #[error("the calendar would not read back as it was meant")]
    NotWritable,
}

impl Document {
    /// The state of a meeting in this document; `None` when it has no such meeting.
    #[must_use]
    pub fn version(&self, meeting: &MeetingId) -> Option<Version> {
        group(self, meeting).map(|group| group.version(self))
    }

    /// This document with an edit made, provided that the meeting is still in the state
    /// that the edit was made for.
    ///
    /// With `stamp`, the `DTSTAMP` and `LAST-MODIFIED` of changed parts become that
    /// instant where they are there. Every other line stays as it is.
    ///
    /// A record's join link goes into the property of its provider. When it differs from
    /// the recorded one, properties that name the old meeting and that only its service
    /// can write go, as do the links of other known providers; a `URL` that was the recorded
    /// link becomes the new one.
    ///
    /// # Errors
    /// See [`EditError`].
    pub fn edited(&self, edit: &Edit, stamp: Option<DateTime<Utc>>) -> Result<Self, EditError> {
        let group = group(self, &edit.meeting).ok_or(EditError::NoMeeting)?;
        if group.duplicate.is_some() {
            return Err(EditError::Duplicate);
        }
        if group.version(self) != edit.seen {
            return Err(EditError::Changed);
        }
        let mut splice = Splice::new(self);
        for change in &self.changes(&group, edit)? {
            let event = group.component(&change.part).ok_or(EditError::NoPart)?;
            let mut part = Splice::new(self);
            let old = record::read(self, event).or_else(|| record::read(self, group.main));
            self.change(&mut part, event, change, old.as_ref())?;
            if let (Some(stamp), false) = (stamp, part.is_empty()) {
                let stamp = stamp.format("%Y%m%dT%H%M%SZ").to_string();
                for property in self.own_properties(event) {
                    if matches!(property.name(), "DTSTAMP" | "LAST-MODIFIED") {
                        part.replace(&property, Kind::Verbatim, stamp.as_bytes());
                    }
                }
            }
            splice.append(part);
        }
        splice.apply().map_err(|_| EditError::NotWritable)
    }

    /// All changes of an edit, those of records alone as changes with the bodies that are
    /// there.
    pub(super) fn changes(&self, group: &Group, edit: &Edit) -> Result<Vec<PartEdit>, EditError> {
        let mut changes = edit.parts.clone();
        for RecordEdit { part, record } in &edit.records {
            let event = group.component(part).ok_or(EditError::NoPart)?;
            let bodies: Vec<_> = bodies(self, event).map(|(_, body)| body).collect();
            changes.push(PartEdit::new(part.clone(), bodies, record.clone()));
        }
        Ok(changes)
    }

    fn change(
        &self,
        splice: &mut Splice<'_>,
        event: usize,
        change: &PartEdit,
        old_record: Option<&Record>,
    ) -> Result<(), EditError> {
        let old: Vec<_> = bodies(self, event).collect();
        let alike = old.len() == change.bodies.len()
            && old.iter().zip(&change.bodies).all(|((_, a), b)| a.format() == b.format());
        if !alike {
            return Err(EditError::OtherBodies);
        }
        for ((place, _), body) in old.iter().zip(&change.bodies) {
            splice.replace(&place.property, place.kind, body.as_bytes());
        }
        let link = |record: Option<&Record>| record?.join_url.clone();
        let (old, new) = (link(old_record), link(change.record.as_ref()));
        record::readdress(splice, self, event, old.as_deref(), new.as_deref());
        if let Some(location) = &change.location {
            record::relocate(splice, self, event, location);
        }
        match &change.record {
            None => record::remove(splice, self, event),
            Some(record) => {
                let record = NewRecord::from(record);
                if !record.is_writable() {
                    return Err(EditError::BadRecord);
                }
                record::write(splice, self, event, &record);
            }
        }
        Ok(())
    }
}
