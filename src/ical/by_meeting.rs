//! A calendar taken apart by meeting, so that to read or edit one costs what it is large.
//!
//! In: a [`Document`]. Out: each meeting as a document of its own, and the file with what
//! became of them. Never: a byte changed outside the meetings that were put back.

use std::collections::HashMap;
use std::ops::Range;

use crate::meeting::MeetingId;

use super::document::Document;
use super::events::{Group, group, groups};
use super::schedule::zone_id;

/// The meetings of a calendar, each to be read and edited by itself. To take a calendar
/// apart is `O(n)` in its bytes; to edit one meeting with [`Document::edited`] then is in
/// the meeting's.
///
/// ```
/// use meeting_migration::ical::{ByMeeting, Document, Reader};
///
/// let file = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1\r\nDTSTART:20260706T090000Z\r\nEND:VEVENT\r\n\
///             BEGIN:VEVENT\r\nUID:m2\r\nDTSTART:20260707T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// let meetings = ByMeeting::of(Document::parse(file)?);
/// let second = meetings.meeting(&"m2".into()).ok_or("no such meeting")?;
/// let reader = Reader::new("2026-07-01T00:00:00Z".parse()?);
/// assert_eq!(reader.read(second).meetings.len(), 1);
/// assert_eq!(meetings.chunks().collect::<Vec<_>>().concat(), file.as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ByMeeting {
    file: Document,
    meetings: Vec<Alone>,
    by_id: HashMap<MeetingId, usize>,
    /// The events that stand in a document of their own, in the order of the file.
    pieces: Vec<Piece>,
}

/// A meeting as a calendar of its own, and where its events stand in there.
#[derive(Clone, Debug)]
struct Alone {
    id: MeetingId,
    document: Document,
    events: Vec<Range<usize>>,
}

/// An event of the file: which of which meeting's.
#[derive(Clone, Debug)]
struct Piece {
    raw: Range<usize>,
    meeting: usize,
    nth: usize,
}

impl ByMeeting {
    /// Takes a calendar apart.
    #[must_use]
    pub fn of(file: Document) -> Self {
        let zones: Vec<(usize, String)> = file
            .components()
            .iter()
            .enumerate()
            .filter(|(_, component)| component.name == "VTIMEZONE")
            .filter_map(|(index, _)| Some((index, zone_id(&file, index)?)))
            .collect();
        let mut heads = HashMap::new();
        let (mut meetings, mut by_id, mut pieces) = (Vec::new(), HashMap::new(), Vec::new());
        for group in groups(&file).0.into_iter().filter(|group| group.duplicate.is_none()) {
            let events = events(&group);
            let Some(calendar) = calendar_of(&file, &events) else { continue };
            let head: &Vec<u8> = heads.entry(calendar).or_insert_with(|| head(&file, calendar));
            let id = MeetingId::from(&*group.uid);
            let alone = alone(&file, head, &events, &zones).and_then(|d| Alone::of(d, id.clone()));
            let Some(alone) = alone.filter(|alone| alone.events.len() == events.len()) else {
                continue;
            };
            for (nth, event) in events.into_iter().enumerate() {
                let raw = file.component_span(event);
                pieces.push(Piece { raw, meeting: meetings.len(), nth });
            }
            by_id.insert(id, meetings.len());
            meetings.push(alone);
        }
        pieces.sort_by_key(|piece| piece.raw.start);
        Self { file, meetings, by_id, pieces }
    }

    /// All meetings, each as [`ByMeeting::meeting`] gives it, in the order of the file.
    pub fn meetings(&self) -> impl Iterator<Item = (&MeetingId, &Document)> {
        self.meetings.iter().map(|alone| (&alone.id, &alone.document))
    }

    /// A meeting as a calendar of its own, with the file's properties and the time zones
    /// that it names. `None` when there is no such meeting, or two events claim to be the
    /// same part of it.
    #[must_use]
    pub fn meeting(&self, meeting: &MeetingId) -> Option<&Document> {
        self.meetings.get(*self.by_id.get(meeting)?).map(|alone| &alone.document)
    }

    /// Puts an edited meeting back and gives what it was before. `None`, and nothing has
    /// changed, when `document` does not have as many events of the meeting.
    pub fn put(&mut self, meeting: &MeetingId, document: Document) -> Option<Document> {
        let known = self.meetings.get_mut(*self.by_id.get(meeting)?)?;
        let new = Alone::of(document, meeting.clone())?;
        if new.events.len() != known.events.len() {
            return None;
        }
        Some(std::mem::replace(known, new).document)
    }

    /// The bytes of the file as it is now, in pieces.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        let bytes = self.file.as_bytes();
        let ends = self.pieces.iter().map(|piece| piece.raw.end);
        let between = std::iter::once(0).chain(ends);
        let starts = self.pieces.iter().map(|piece| piece.raw.start).chain([bytes.len()]);
        let events = self.pieces.iter().map(|piece| self.event(piece)).chain([&[][..]]);
        between
            .zip(starts)
            .zip(events)
            .flat_map(|((from, to), event)| [bytes.get(from..to).unwrap_or_default(), event])
            .filter(|chunk| !chunk.is_empty())
    }

    fn event(&self, piece: &Piece) -> &[u8] {
        let alone = self.meetings.get(piece.meeting);
        let span = alone.and_then(|a| Some((a, a.events.get(piece.nth)?.clone())));
        span.and_then(|(alone, span)| alone.document.as_bytes().get(span)).unwrap_or_default()
    }
}

impl Alone {
    fn of(document: Document, id: MeetingId) -> Option<Self> {
        let events = events(&group(&document, &id)?);
        let events = events.into_iter().map(|event| document.component_span(event)).collect();
        Some(Self { id, document, events })
    }
}

/// The events of a meeting in the order of the file.
fn events(group: &Group) -> Vec<usize> {
    let mut events: Vec<usize> = group.components().collect();
    events.sort_unstable();
    events
}

/// The calendar that holds the first of these events, when every one of them stands
/// directly in a calendar.
fn calendar_of(file: &Document, events: &[usize]) -> Option<usize> {
    let is_calendar = |component: usize| {
        let component = file.components().get(component);
        component.is_some_and(|c| c.name == "VCALENDAR" && c.parent.is_none())
    };
    let calendars = events.iter().map(|event| file.components().get(*event)?.parent);
    let calendars: Vec<usize> = calendars.collect::<Option<_>>()?;
    calendars.iter().all(|calendar| is_calendar(*calendar)).then(|| calendars.first().copied())?
}

/// The beginning of a calendar and its own properties.
fn head(file: &Document, calendar: usize) -> Vec<u8> {
    let mut head = [&b"BEGIN:VCALENDAR"[..], file.line_end()].concat();
    for property in file.own_properties(calendar) {
        head.extend_from_slice(property.raw());
    }
    head
}

/// These events in a calendar of their own.
fn alone(
    file: &Document,
    head: &[u8],
    events: &[usize],
    zones: &[(usize, String)],
) -> Option<Document> {
    let properties = events.iter().flat_map(|event| file.own_properties(*event));
    let named: Vec<String> = properties.filter_map(|p| p.parameter("TZID")).collect();
    let zones = zones.iter().filter(|(_, id)| named.iter().any(|name| name.trim() == id));
    let mut out = head.to_vec();
    for component in zones.map(|(component, _)| component).chain(events) {
        out.extend_from_slice(file.as_bytes().get(file.component_span(*component))?);
    }
    out.extend_from_slice(b"END:VCALENDAR");
    out.extend_from_slice(file.line_end());
    file.alike(out).ok()
}
