//! Which events belong together, and which of their properties are bodies.

use std::collections::{HashMap, HashSet};

use crate::body::{Body, Format};
use crate::meeting::{MeetingId, OccurrenceId, Part, Version};

use super::document::{Document, Property};
use super::foreign;
use super::text::Kind;

/// The events with one UID.
pub(crate) struct Group {
    pub(crate) uid: String,
    /// The event or series; of a lone changed occurrence, that occurrence.
    pub(crate) main: usize,
    pub(crate) changed: Vec<(OccurrenceId, usize)>,
    /// A second event for the same part: which of them counts is not for us to say.
    pub(crate) duplicate: Option<usize>,
}

impl Group {
    /// The component of a part.
    pub(crate) fn component(&self, part: &Part) -> Option<usize> {
        match part {
            Part::Main => Some(self.main),
            Part::Occurrence(id) => self.changed.iter().find(|(i, _)| i == id).map(|(_, c)| *c),
        }
    }

    /// All its components, in no particular order.
    pub(crate) fn components(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.main).chain(self.changed.iter().map(|(_, component)| *component))
    }

    /// The state of these events in the document: a hash of their bytes.
    pub(crate) fn version(&self, document: &Document) -> Version {
        // FNV-1a with 128 bits: no secret depends on it, only that an edit shows.
        let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
        for component in self.components() {
            for byte in
                document.as_bytes().get(document.component_span(component)).unwrap_or_default()
            {
                hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
            }
        }
        Version::from(format!("{hash:032x}"))
    }
}

/// All events of a document, in the order of the file.
pub(crate) fn events(document: &Document) -> impl Iterator<Item = usize> + '_ {
    let all = document.components().iter().enumerate();
    all.filter(|(_, c)| c.name == "VEVENT").map(|(index, _)| index)
}

/// Everything that has an invitation text: events, tasks and journal entries.
pub(crate) fn entries(document: &Document) -> impl Iterator<Item = usize> + '_ {
    let all = document.components().iter().enumerate();
    all.filter(|(_, c)| matches!(&*c.name, "VEVENT" | "VTODO" | "VJOURNAL")).map(|(index, _)| index)
}

/// The events of a document by UID, and those without one.
pub(crate) fn groups(document: &Document) -> (Vec<Group>, Vec<usize>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_uid: HashMap<String, usize> = HashMap::new();
    let mut nameless = Vec::new();
    let mut occurrences = Vec::new();
    for event in events(document) {
        let Some(uid) = uid(document, event) else {
            nameless.push(event);
            continue;
        };
        if let Some(id) = recurrence_id(document, event) {
            occurrences.push((uid, id, event));
            continue;
        }
        match by_uid.get(&uid).and_then(|at| groups.get_mut(*at)) {
            Some(group) => group.duplicate = Some(event),
            None => {
                by_uid.insert(uid.clone(), groups.len());
                groups.push(Group { uid, main: event, changed: Vec::new(), duplicate: None });
            }
        }
    }
    let mut known = HashSet::new();
    for (uid, id, event) in occurrences {
        let again = !known.insert((uid.clone(), id.clone()));
        match by_uid.get(&uid).and_then(|at| groups.get_mut(*at)) {
            Some(group) if again => group.duplicate = Some(event),
            Some(group) => group.changed.push((id, event)),
            None => {
                by_uid.insert(uid.clone(), groups.len());
                groups.push(Group { uid, main: event, changed: Vec::new(), duplicate: None });
            }
        }
    }
    (groups, nameless)
}

/// The events of one meeting.
pub(crate) fn group(document: &Document, meeting: &MeetingId) -> Option<Group> {
    groups(document).0.into_iter().find(|group| group.uid == meeting.as_str())
}

/// The UID of an event.
pub(crate) fn uid(document: &Document, event: usize) -> Option<String> {
    let uid = document.property(event, "UID")?.text();
    let uid = String::from_utf8_lossy(&uid).trim().to_owned();
    (!uid.is_empty()).then_some(uid)
}

/// The RECURRENCE-ID of an event as it is written.
pub(crate) fn recurrence_id(document: &Document, event: usize) -> Option<OccurrenceId> {
    let id = document.property(event, "RECURRENCE-ID")?.raw_value();
    Some(OccurrenceId::from(id.trim()))
}

/// Where a body stands.
pub(crate) struct Place<'a> {
    pub(crate) property: Property<'a>,
    pub(crate) kind: Kind,
}

impl Place<'_> {
    /// Its name in reports.
    pub(crate) fn name(&self) -> String {
        match self.kind {
            Kind::AltRep => format!("{};ALTREP", self.property.name()),
            Kind::Text | Kind::Verbatim => self.property.name().to_owned(),
        }
    }
}

/// The bodies of an event, in the order of the file; an HTML twin in a parameter of a
/// text stands behind it.
pub(crate) fn bodies(document: &Document, event: usize) -> impl Iterator<Item = (Place<'_>, Body)> {
    document.own_properties(event).flat_map(|property| {
        let own = body_format(&property).map(|format| (Kind::Text, format));
        let twin = (property.name() == "DESCRIPTION" && property.alt_rep().is_some())
            .then_some((Kind::AltRep, Format::Html));
        let found = [own, twin].into_iter().flatten();
        found.map(move |(kind, format)| (Place { property, kind }, body(&property, kind, format)))
    })
}

fn body_format(property: &Property<'_>) -> Option<Format> {
    // Quoted-printable and base64 values are of vCalendar 1.0: not text as it stands.
    if property.parameter("ENCODING").is_some_and(|e| !e.eq_ignore_ascii_case("8BIT")) {
        return None;
    }
    match property.name() {
        "DESCRIPTION" | "STYLED-DESCRIPTION" if property.is("FMTTYPE", "text/html") => {
            Some(Format::Html).filter(|_| !property.is("VALUE", "URI"))
        }
        "DESCRIPTION" => Some(Format::Text),
        "X-ALT-DESC" => match property.parameter("FMTTYPE") {
            Some(kind) if !kind.eq_ignore_ascii_case("text/html") => None,
            _ => Some(Format::Html),
        },
        _ => None,
    }
}

/// The body that a property's own value is.
pub(crate) fn own_body(property: &Property<'_>) -> Option<Body> {
    Some(body(property, Kind::Text, body_format(property)?))
}

fn body(property: &Property<'_>, kind: Kind, format: Format) -> Body {
    let charset = property.parameter("CHARSET");
    match (String::from_utf8(property.decoded(kind).bytes), format) {
        (Ok(text), Format::Html) => Body::html(text),
        (Ok(text), Format::Text) => Body::text(text),
        // HTML may name its charset itself.
        (Err(e), Format::Html) => Body::html_bytes(e.into_bytes(), charset.as_deref()),
        (Err(e), Format::Text) => {
            let guess =
                || foreign::by_language(property, e.as_bytes()).map(|e| e.name().to_owned());
            let charset = charset.or_else(guess);
            Body::text_bytes(e.into_bytes(), charset.as_deref())
        }
    }
}
