//! Rewrites the invitations of a whole calendar file.
//!
//! In: the file, the new coordinates. Out: the file with every event's bodies and record
//! saying them, and a report; all of it or nothing.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use crate::block::{self, Options, Rewrite};
use crate::coordinates::Coordinates;
use crate::meeting::Record;
use crate::provider::Provider;

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
    /// The file: the input itself unless the outcome is [`Outcome::Replaced`].
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
/// # Errors
/// When `ics` is no calendar that can be edited.
pub fn rewrite(
    ics: &[u8],
    record: Option<&Record>,
    new: &Coordinates,
    options: &Options,
) -> Result<Rewritten, DocumentError> {
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
        let mut rewritten = false;
        for (place, body) in bodies(&document, event) {
            let decoded = place.property.decoded(place.kind);
            let done = block::rewrite(&body, record.or(own.as_ref()), new, options);
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
            let block = describe(&mut row, &done);
            row.provider = block.map(|block| block.provider);
            row.span = block.map(|block| decoded.raw_range(block.span.clone()));
            if let Rewrite::Replaced { body, written, .. } = &done {
                splice.replace(&place.property, place.kind, body.as_bytes());
                tail = Some((written.start, body.as_bytes().len() - written.end));
            }
            rewritten |= matches!(row.outcome, Outcome::Replaced | Outcome::Unchanged);
            rows.push(row);
            landed.push(tail);
        }
        if rewritten {
            record::write(&mut splice, &document, event, &NewRecord::from(new));
        }
    }
    let outcome = rows.iter().map(|row| row.outcome).max().unwrap_or(Outcome::Absent);
    let kept = |outcome, bodies| Ok(Rewritten { bytes: ics.to_vec(), outcome, bodies });
    if outcome > Outcome::Replaced || splice.is_empty() {
        return kept(outcome, rows);
    }
    let Ok(written) = splice.apply() else {
        for row in rows.iter_mut().filter(|row| row.outcome == Outcome::Replaced) {
            row.outcome = Outcome::Refused;
            row.reason = Some("the calendar would not read back as it was meant".to_owned());
        }
        return kept(Outcome::Refused, rows);
    };
    let places = entries(&written).flat_map(|event| bodies(&written, event).collect::<Vec<_>>());
    for ((row, tail), (place, _)) in rows.iter_mut().zip(landed).zip(places) {
        if let Some((start, tail)) = tail {
            let decoded = place.property.decoded(place.kind);
            let end = decoded.bytes.len().saturating_sub(tail).max(start);
            row.written = Some(decoded.raw_range(start..end));
        }
    }
    Ok(Rewritten { bytes: written.into_bytes(), outcome: Outcome::Replaced, bodies: rows })
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
