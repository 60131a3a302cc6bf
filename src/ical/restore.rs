//! Takes an edit back byte for byte.
//!
//! In: a document, an edit, the document from before. Out: the old bytes of the parts
//! that the edit names, when nothing else in them was changed since; otherwise the edit
//! as any other. Folds, and lines that name the old meeting, are more than an edit says.

use chrono::{DateTime, Utc};

use crate::calendar::{Edit, PartEdit};

use super::document::{Document, Property};
use super::edit::EditError;
use super::events::{Group, bodies, group};
use super::record;

impl Document {
    /// [`Document::edited`]; but where `earlier` has the very bodies and record of a part,
    /// and the part differs from it in bodies, record and stamps alone, the part gets its
    /// earlier bytes back. This is how a calendar that keeps the file from before a job
    /// makes undo exact.
    ///
    /// # Errors
    /// As [`Document::edited`].
    pub fn edited_back(
        &self,
        edit: &Edit,
        stamp: Option<DateTime<Utc>>,
        earlier: &Self,
    ) -> Result<Self, EditError> {
        let edited = self.edited(edit, stamp)?;
        let (Some(now), Some(then)) = (group(self, &edit.meeting), group(earlier, &edit.meeting))
        else {
            return Ok(edited);
        };
        let mut pieces = Vec::new();
        for part in &self.changes(&now, edit)? {
            let places = now.component(&part.part).zip(then.component(&part.part));
            match places {
                Some((here, there))
                    if says(earlier, &then, there, part)
                        && rest(self, &now, here, part) == rest(earlier, &then, there, part) =>
                {
                    pieces.push((self.component_span(here), earlier.component_span(there)));
                }
                _ => return Ok(edited),
            }
        }
        pieces.sort_by_key(|(here, _)| here.start);
        let (mut out, mut at) = (Vec::new(), 0);
        for (here, there) in pieces {
            out.extend_from_slice(self.as_bytes().get(at..here.start).unwrap_or_default());
            out.extend_from_slice(earlier.as_bytes().get(there).unwrap_or_default());
            at = here.end;
        }
        out.extend_from_slice(self.as_bytes().get(at..).unwrap_or_default());
        Self::parse_with(out, self.limits()).map_err(|_| EditError::NotWritable)
    }
}

/// Whether a part of `earlier` has the bodies, the record and the place of an edit.
fn says(earlier: &Document, group: &Group, event: usize, edit: &PartEdit) -> bool {
    let record = record::read(earlier, event).or_else(|| record::read(earlier, group.main));
    let location = earlier.property(event, "LOCATION").map(|p| p.text()).unwrap_or_default();
    record == edit.record
        && edit.location.as_ref().is_none_or(|place| *String::from_utf8_lossy(&location) == **place)
        && bodies(earlier, event).map(|(_, body)| body).eq(edit.bodies.clone())
}

/// All of a component that is neither body, record, stamp nor a place that the edit
/// changes: its bytes, property by property, and those of the components inside it.
fn rest<'d>(document: &'d Document, group: &Group, event: usize, edit: &PartEdit) -> Vec<&'d [u8]> {
    let record = record::read(document, event).or_else(|| record::read(document, group.main));
    let link = record.and_then(|record| record.join_url);
    let texts: Vec<_> = bodies(document, event).map(|(place, _)| place.property.span()).collect();
    let is_named = |property: &Property<'_>| match property.name() {
        "DTSTAMP" | "LAST-MODIFIED" => true,
        "LOCATION" => edit.location.is_some(),
        "URL" => record::is_link(property, link.as_deref()),
        name => record::is_part(name) || texts.contains(&property.span()),
    };
    let own = document.own_properties(event).filter(|property| !is_named(property));
    let raw = |span| document.as_bytes().get(span).unwrap_or_default();
    let inside = document.children(event).map(|(_, component)| raw(component.raw.clone()));
    own.map(|property| property.raw()).chain(inside).collect()
}
