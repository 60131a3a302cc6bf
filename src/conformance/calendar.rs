//! The contract of [`Calendar`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::Findings;
use crate::body::{Body, Format};
use crate::calendar::{Calendar, CalendarError, Edit, PageToken, PartEdit};
use crate::meeting::{Item, Meeting, MeetingId, Part, UserId, Version};

/// More pages than any calendar has.
const MAX_PAGES: usize = 10_000;

/// How many of the listed meetings are read one by one.
const MAX_READ: usize = 50;

/// Checks a calendar that holds meetings of `organizer` after `from`, one of them at least
/// with a Unicode body. The first such meeting is edited: a line is added to its bodies, and
/// taken away again. So let it be a calendar for tests, of which nobody is told.
///
/// | promise | means |
/// | --- | --- |
/// | `listing` | there are meetings, and each that is listed can be read and is the same |
/// | `paging` | pages end, and no token comes twice |
/// | `unknown` | a meeting that does not exist is `NotFound` |
/// | `conditional` | an edit for another version is `Changed` and changes nothing |
/// | `whole` | an edit of which one part does not exist changes nothing |
/// | `versions` | each write gives a version that was not there before, and it is the one read |
/// | `bodies` | bodies are stored with the bytes given |
/// | `untouched` | what the edit does not name stays: subject, place, people, other parts |
pub async fn calendar<C: Calendar>(
    calendar: &C,
    organizer: &UserId,
    from: DateTime<Utc>,
) -> Findings {
    let mut run = Run { calendar, organizer, findings: Findings::default() };
    let listed = run.list(from).await;
    for meeting in listed.values().take(MAX_READ) {
        let read = run.read(&meeting.id).await;
        let same = read
            .is_some_and(|read| read.version == meeting.version && parts(&read) == parts(meeting));
        run.findings.expect("listing", same, "a meeting that is read is not as it was listed");
    }
    let nowhere = MeetingId::from("conformance: no such meeting");
    let unknown = calendar.read(organizer, &nowhere).await;
    let not_found = matches!(unknown, Err(CalendarError::NotFound));
    run.findings.expect("unknown", not_found, "reading what does not exist is not `NotFound`");

    let has_text = |meeting: &&Meeting| {
        let bodies = &meeting.item.bodies;
        !bodies.is_empty() && bodies.iter().all(|body| body.as_unicode().is_some())
    };
    match listed.values().find(has_text).cloned() {
        Some(meeting) => run.edit(meeting).await,
        None => run.findings.found("listing", "there is no meeting with a Unicode body to edit"),
    }
    run.findings
}

struct Run<'a, C> {
    calendar: &'a C,
    organizer: &'a UserId,
    findings: Findings,
}

impl<C: Calendar> Run<'_, C> {
    async fn list(&mut self, from: DateTime<Utc>) -> BTreeMap<MeetingId, Meeting> {
        let (mut listed, mut tokens) = (BTreeMap::new(), BTreeSet::new());
        let mut page: Option<PageToken> = None;
        for _ in 0..MAX_PAGES {
            match self.calendar.list(self.organizer, from, page.as_ref()).await {
                Ok(answer) => {
                    listed.extend(answer.items.into_iter().map(|m| (m.id.clone(), m)));
                    page = answer.next;
                }
                Err(error) => {
                    self.findings.found("listing", format!("a page is not listed: {error}"));
                    return listed;
                }
            }
            match &page {
                None => return listed,
                Some(token) if tokens.insert(token.as_str().to_owned()) => {}
                Some(_) => break,
            }
        }
        self.findings.found("paging", "the pages do not end");
        listed
    }

    async fn read(&mut self, meeting: &MeetingId) -> Option<Meeting> {
        match self.calendar.read(self.organizer, meeting).await {
            Ok(meeting) => Some(meeting),
            Err(error) => {
                self.findings.found("listing", format!("a listed meeting is not read: {error}"));
                None
            }
        }
    }

    /// Writes to a meeting in all ways that the contract tells apart, and puts it back.
    async fn edit(&mut self, before: Meeting) {
        let id = &before.id;
        let longer: Vec<Body> = before.item.bodies.iter().map(longer).collect();
        let edit = |seen: &Version, bodies: &[Body]| {
            let record = before.item.record.clone();
            Edit::new(id.as_str(), seen.clone(), [PartEdit::new(Part::Main, bodies, record)])
        };

        let never = Version::from("conformance: never a version");
        self.refused(&edit(&never, &longer), &before, "conditional").await;
        let mut torn = edit(&before.version, &longer);
        let nowhere = Part::Occurrence("conformance: no such occurrence".into());
        torn.parts.push(PartEdit::new(nowhere, longer.clone(), None));
        self.refused(&torn, &before, "whole").await;

        let Some(first) = self.written(&edit(&before.version, &longer), &before).await else {
            return;
        };
        self.refused(&edit(&before.version, &before.item.bodies), &first, "conditional").await;
        let back = edit(&first.version, &before.item.bodies);
        let Some(second) = self.written(&back, &first).await else { return };
        let known = [&before.version, &first.version];
        let new = !known.contains(&&second.version);
        self.findings.expect("versions", new, "a version came twice");
    }

    /// Writes an edit that has to be refused, and looks whether anything happened.
    async fn refused(&mut self, edit: &Edit, stored: &Meeting, promise: &'static str) {
        let answer = self.calendar.update(self.organizer, edit).await;
        let refused = match promise {
            "conditional" => matches!(answer, Err(CalendarError::Changed)),
            _ => answer.is_err(),
        };
        self.findings.expect(promise, refused, "an edit that cannot be made is not refused");
        if let Some(now) = self.read(&edit.meeting).await {
            let same = now.version == stored.version && parts(&now) == parts(stored);
            self.findings.expect(promise, same, "a refused edit changed the meeting");
        }
    }

    /// Writes an edit that has to be stored, and gives what is stored then.
    async fn written(&mut self, edit: &Edit, before: &Meeting) -> Option<Meeting> {
        let version = match self.calendar.update(self.organizer, edit).await {
            Ok(version) => version,
            Err(error) => {
                self.findings.found("conditional", format!("a good edit is refused: {error}"));
                return None;
            }
        };
        self.findings.expect("versions", version != before.version, "a write kept the version");
        let now = self.read(&edit.meeting).await?;
        self.findings.expect("versions", now.version == version, "the version read is another");
        let meant = edit.parts.first().map(|part| &part.bodies);
        let stored = meant == Some(&now.item.bodies);
        self.findings.expect("bodies", stored, "the bodies read are not those written");
        let mut rest = now.clone();
        rest.version.clone_from(&before.version);
        rest.item.bodies.clone_from(&before.item.bodies);
        self.findings.expect("untouched", rest == *before, "more than the bodies is another");
        Some(now)
    }
}

fn parts(meeting: &Meeting) -> Vec<(Part, &Item)> {
    meeting.parts().collect()
}

/// A body with a line more at its end.
fn longer(body: &Body) -> Body {
    let line = match body.format() {
        Format::Html => "<p>One line more.</p>",
        Format::Text => "\r\nOne line more.\r\n",
    };
    body.with_bytes([body.as_bytes(), line.as_bytes()].concat())
}
