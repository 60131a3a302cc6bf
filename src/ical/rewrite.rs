//! Rewrites the invitations of a whole calendar file.
//!
//! In: the file, the new coordinates or none. Out: the file with every event's bodies,
//! record, place and `URL` saying them, and a report; all of it or nothing.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use crate::block::{self, Options, Rewrite};
use crate::body::Body;
use crate::coordinates::Coordinates;
use crate::meeting::Record;
use crate::provider::Provider;
use crate::wording::places::{self, Becomes, Was};

use super::document::{Document, DocumentError};
use super::events::{bodies, entries, recurrence_id, uid};
use super::record::{self, NewRecord};
use super::splice::Splice;

/// What became of a body, or of a whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// No block.
    Absent,
    /// The block says already what it should.
    Unchanged,
    /// There was no block, and one was added, by [`append`].
    Appended,
    /// The block was taken out, by [`remove`].
    Removed,
    /// The block was replaced.
    Replaced,
    /// A block, and it is not the meeting's own.
    Foreign,
    /// Several blocks that could be meant.
    Ambiguous,
    /// Not possible.
    Refused,
}

/// What [`rewrite`] did to a file.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rewritten {
    /// The file: the input itself unless the outcome is [`Outcome::Replaced`],
    /// [`Outcome::Removed`] or [`Outcome::Appended`].
    pub bytes: Vec<u8>,
    /// The gravest outcome of a body: refused, ambiguous and foreign in this order leave
    /// the file as it was.
    pub outcome: Outcome,
    /// Each body, in the order of the file.
    pub bodies: Vec<BodyReport>,
}

/// What became of one body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BodyReport {
    /// The event's UID.
    pub uid: Option<String>,
    /// The changed occurrence's RECURRENCE-ID, as written.
    pub recurrence_id: Option<String>,
    /// The property that holds the body; `DESCRIPTION;ALTREP` for one in a parameter.
    pub property: String,
    /// What became of it; when the file stayed as it was, what would have.
    pub outcome: Outcome,
    /// Why, when it was not replaced.
    pub reason: Option<String>,
    /// Whose block it was.
    pub provider: Option<Provider>,
    /// The old block: bytes of the input, folds and escapes included.
    pub span: Option<Range<usize>>,
    /// The new block: bytes of the output.
    pub written: Option<Range<usize>>,
}

/// Replaces the block in every `DESCRIPTION` (an HTML twin in its `ALTREP` included),
/// `X-ALT-DESC` and `STYLED-DESCRIPTION` of every event, task and journal entry, and makes the structured records of these events say the same.
///
/// `record` is the organiser's record for all events; without it each event's own counts,
/// and a changed occurrence without one has that of its series. An event whose bodies
/// hold no block keeps its record.
///
/// Where a block is replaced, a part of `LOCATION` that is the old product's name for a
/// meeting becomes the new product's, if they differ; a `URL`, or a part of `LOCATION`, that is
/// the recorded link becomes the new one. Parameters stay, and so does any other place.
///
/// # Errors
/// When `ics` is no calendar that can be edited.
pub fn rewrite(
    ics: &[u8],
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Result<Rewritten, DocumentError> {
    Task { record, options, action: Action::Replace(new) }.carry_out(ics)
}

/// As [`rewrite`]; but an event that has a record, and no block in any of its bodies, gets
/// one at the end of each ([`block::append`]). `record` counts for all events: give it for
/// calendars of one meeting only.
///
/// # Errors
/// As [`rewrite`].
pub fn append(
    ics: &[u8],
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Result<Rewritten, DocumentError> {
    Task { record, options, action: Action::Append(new) }.carry_out(ics)
}

/// Takes the block out of every body ([`block::remove`]), and out of the events that had one
/// their records, the old product's name in `LOCATION`, and the recorded link there and in
/// `URL`. All of a file or nothing, as with [`rewrite`].
///
/// # Errors
/// As [`rewrite`].
pub fn remove(
    ics: &[u8],
    record: Option<&Record>,
    options: &Options,
) -> Result<Rewritten, DocumentError> {
    Task { record, options, action: Action::Remove }.carry_out(ics)
}

#[derive(Clone, Copy)]
enum Action<'a> {
    Replace(&'a Coordinates),
    Append(&'a Coordinates),
    Remove,
}

impl<'a> Action<'a> {
    /// What the new block shows.
    fn shows(self) -> Option<&'a Coordinates> {
        match self {
            Self::Replace(new) | Self::Append(new) => Some(new),
            Self::Remove => None,
        }
    }
}

struct Task<'a> {
    record: Option<&'a Record>,
    options: &'a Options,
    action: Action<'a>,
}

impl Task<'_> {
    fn carry_out(&self, ics: &[u8]) -> Result<Rewritten, DocumentError> {
        let document = Document::parse(ics)?;
        let mut series = HashMap::new();
        for event in entries(&document) {
            if let (Some(uid), None) = (uid(&document, event), recurrence_id(&document, event)) {
                series.entry(uid).or_insert_with(|| record::read(&document, event));
            }
        }
        let mut splice = Splice::new(&document);
        let mut rows = Vec::new();
        let mut landed = Vec::new();
        for event in entries(&document) {
            let uid = uid(&document, event);
            let shared = uid.as_ref().and_then(|uid| series.get(uid)).cloned().flatten();
            let own = record::read(&document, event).or(shared);
            let record = self.record.or(own.as_ref());
            let found: Vec<_> = bodies(&document, event).collect();
            let done = self.change(found.iter().map(|(_, body)| body), record);
            for ((place, _), done) in found.iter().zip(&done) {
                let decoded = place.property.decoded(place.kind);
                let mut row = BodyReport {
                    uid: uid.clone(),
                    recurrence_id: recurrence_id(&document, event).map(|id| id.as_str().to_owned()),
                    property: place.name(),
                    outcome: Outcome::Absent,
                    reason: None,
                    provider: None,
                    span: None,
                    written: None,
                };
                let mut tail = None;
                let block = describe(&mut row, done);
                row.provider = block.map(|block| block.provider);
                let mut span = block.map(|block| block.span.clone());
                if let Some((body, written)) = written(done) {
                    let kept = splice.replace(&place.property, place.kind, body.as_bytes());
                    // A raw line end above the block has to be spelt anew with it.
                    let spelt = span.as_mut().map_or(0, |span| {
                        let before = span.start.saturating_sub(kept);
                        span.start -= before;
                        before
                    });
                    tail = written.map(|w| (w.start - spelt, body.as_bytes().len() - w.end));
                }
                row.span = span.map(|span| decoded.raw_range(span));
                rows.push(row);
                landed.push(tail);
            }
            if done.iter().any(|d| written(d).is_some() || matches!(d, Rewrite::Unchanged(_))) {
                self.readdress(&mut splice, &document, event, record, &done);
            }
        }
        finish(ics, splice, rows, &landed)
    }

    /// What becomes of the bodies of an event.
    fn change<'b>(
        &self,
        bodies: impl Iterator<Item = &'b Body> + Clone,
        record: Option<&Record>,
    ) -> Vec<Rewrite> {
        let options = self.options;
        match self.action {
            Action::Remove => bodies.map(|body| block::remove(body, record, options)).collect(),
            Action::Replace(new) => {
                bodies.map(|body| block::rewrite(body, record, new, options)).collect()
            }
            Action::Append(new) => {
                let replace = Self { action: Action::Replace(new), ..*self };
                let found = replace.change(bodies.clone(), record);
                let is_lost = |done: &Rewrite| matches!(done, Rewrite::Absent(_));
                if record.is_none() || !found.iter().all(is_lost) {
                    return found;
                }
                bodies.map(|body| block::append(body, record, new, options)).collect()
            }
        }
    }

    /// Makes what stands beside an event's bodies say the same as they do.
    fn readdress(
        &self,
        splice: &mut Splice<'_>,
        document: &Document,
        event: usize,
        record: Option<&Record>,
        done: &[Rewrite],
    ) {
        let new = self.action.shows();
        match new {
            Some(new) => record::write(splice, document, event, &NewRecord::from(new)),
            None => record::remove(splice, document, event),
        }
        let link = record.and_then(|record| record.join_url.as_deref());
        record::readdress(splice, document, event, link, new.map(|new| new.join_url.as_str()));
        let old = done.iter().find_map(|done| match done {
            Rewrite::Replaced { block, .. } | Rewrite::Removed { block, .. } => Some(block),
            _ => None,
        });
        let appended = done.iter().any(|done| matches!(done, Rewrite::Appended { .. }));
        let recorded = record.filter(|_| appended).map(|record| record.provider);
        let Some(provider) = old.map(|block| block.provider).or(recorded) else { return };
        let Some(location) = document.property(event, "LOCATION") else { return };
        let becomes =
            new.map(|new| Becomes::of(new, old.and_then(|block| block.language.as_ref())));
        let place = String::from_utf8_lossy(&location.text()).into_owned();
        if let Some(place) = places::relocated(&place, Was { provider, link }, becomes) {
            record::relocate(splice, document, event, &place);
        }
    }
}

/// The new body, and where in it the new block stands.
fn written(done: &Rewrite) -> Option<(&Body, Option<&Range<usize>>)> {
    match done {
        Rewrite::Replaced { body, written, .. } | Rewrite::Appended { body, written } => {
            Some((body, Some(written)))
        }
        Rewrite::Removed { body, .. } => Some((body, None)),
        _ => None,
    }
}

fn finish(
    ics: &[u8],
    splice: Splice<'_>,
    mut rows: Vec<BodyReport>,
    landed: &[Option<(usize, usize)>],
) -> Result<Rewritten, DocumentError> {
    let outcome = rows.iter().map(|row| row.outcome).max().unwrap_or(Outcome::Absent);
    let kept = |outcome, bodies| Ok(Rewritten { bytes: ics.to_vec(), outcome, bodies });
    if outcome > Outcome::Replaced || splice.is_empty() {
        return kept(outcome, rows);
    }
    let Ok(written) = splice.apply() else {
        for row in rows.iter_mut().filter(|row| row.outcome >= Outcome::Appended) {
            row.outcome = Outcome::Refused;
            row.reason = Some("the calendar would not read back as it was meant".to_owned());
        }
        return kept(Outcome::Refused, rows);
    };
    let places = entries(&written).flat_map(|event| bodies(&written, event).collect::<Vec<_>>());
    for ((row, tail), (place, _)) in rows.iter_mut().zip(landed).zip(places) {
        if let Some((start, tail)) = tail {
            let decoded = place.property.decoded(place.kind);
            let end = decoded.bytes.len().saturating_sub(*tail).max(*start);
            row.written = Some(decoded.raw_range(*start..end));
        }
    }
    // Records alone may have been behind.
    let outcome = if outcome < Outcome::Appended { Outcome::Replaced } else { outcome };
    Ok(Rewritten { bytes: written.into_bytes(), outcome, bodies: rows })
}

/// Puts outcome and reason into a row; gives the block that it is about.
fn describe<'a>(row: &mut BodyReport, done: &'a Rewrite) -> Option<&'a block::Block> {
    let (outcome, reason, block) = match done {
        Rewrite::Replaced { block, .. } => (Outcome::Replaced, None, Some(block)),
        Rewrite::Removed { block, .. } => (Outcome::Removed, None, Some(block)),
        Rewrite::Appended { .. } => (Outcome::Appended, None, None),
        Rewrite::Unchanged(block) => (Outcome::Unchanged, None, Some(block)),
        Rewrite::Absent(why) => (Outcome::Absent, Some(why.to_string()), None),
        Rewrite::Foreign(why, blocks) => (Outcome::Foreign, Some(why.to_string()), blocks.first()),
        Rewrite::Ambiguous(blocks) => {
            let why = "several blocks could be the meeting's own".to_owned();
            (Outcome::Ambiguous, Some(why), blocks.first())
        }
        Rewrite::Refused(why) => (Outcome::Refused, Some(why.to_string()), None),
    };
    row.outcome = outcome;
    row.reason = reason;
    block
}

impl std::fmt::Debug for Rewritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rewritten({:?}, {} bytes)", self.outcome, self.bytes.len())
    }
}
