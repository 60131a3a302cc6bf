//! Calendars: every byte that no edit names stays.

use chrono::DateTime;

use crate::block::Options;
use crate::body::{Body, Format};
use crate::calendar::{Edit, PartEdit};
use crate::coordinates::Coordinates;
use crate::ical::{self, ByMeeting, Document, Outcome, Reader};
use crate::link::Link;
use crate::policy::AddInEvidence;
use crate::provider::Provider;

/// Names of the properties that an edit of bodies and record may touch.
fn may_change(name: &str) -> bool {
    matches!(name, "DESCRIPTION" | "STYLED-DESCRIPTION" | "URL" | "CONFERENCE" | "LOCATION")
        || name.starts_with("X-")
}

/// What no edit names, in order: each property's bytes.
fn others(document: &Document) -> Vec<Vec<u8>> {
    let kept = document.properties().filter(|p| !may_change(p.name()));
    kept.map(|p| document.as_bytes().get(p.span()).unwrap_or_default().to_vec()).collect()
}

/// A calendar: kept byte for byte; rewritten, it reads again, says the same outside, and a
/// second run changes nothing; bodies that are put in are read back; taken apart and put
/// together it is the same; each meeting can be sent.
///
/// # Panics
/// When one of these does not hold.
pub fn ical(data: &[u8]) {
    let Ok(document) = Document::parse(data) else { return };
    assert_eq!(document.as_bytes(), data);
    let mut at = 0;
    for property in document.properties() {
        let span = property.span();
        assert!(at <= span.start && span.end <= data.len(), "lines out of order");
        let value = property.value_span();
        assert!(span.start <= value.start && value.end <= span.end);
        at = span.end;
    }

    let link = Link::new("https://teams.microsoft.com/meet/2345678901234?p=Ab").expect("a link");
    let new = Coordinates::new(Provider::TEAMS, link);
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let rewritten = ical::rewrite(data, None, &new, &options).expect("it was parsed before");
    if rewritten.outcome == Outcome::Replaced {
        let after = Document::parse(rewritten.bytes.clone()).expect("what we wrote is read");
        assert_eq!(others(&document), others(&after), "another property changed");
        let again = ical::rewrite(&rewritten.bytes, None, &new, &options).expect("as above");
        assert!(again.bytes == rewritten.bytes, "the second run changed something");
    } else {
        assert!(rewritten.bytes == data, "changed, and not replaced");
    }

    let apart = ByMeeting::of(document.clone());
    assert!(apart.chunks().collect::<Vec<_>>().concat() == data, "not the same put together");
    let reader = Reader::new(DateTime::UNIX_EPOCH);
    for meeting in reader.read(&document).meetings {
        let all: Vec<_> = meeting.parts().map(|(part, _)| part).collect();
        let sent = document.request(&meeting.id, &all).expect("it has these parts");
        let sent = String::from_utf8(sent).expect("a message is UTF-8");
        let sent = Document::parse(sent).expect("what is sent is read");
        let ids = sent.properties().filter(|p| p.name() == "UID").count();
        assert!(ids >= all.len(), "an event is not sent");
        if let Some(alone) = apart.meeting(&meeting.id) {
            assert_eq!(alone.version(&meeting.id), Some(meeting.version.clone()));
        }
        let parts: Vec<PartEdit> = meeting
            .parts()
            .map(|(part, item)| {
                let bodies = item.bodies.iter().map(|body| match body.format() {
                    Format::Html => Body::html("<p>Agenda, one;\\ two</p>"),
                    Format::Text => Body::text("Agenda, one;\\\nzwei: \u{e9}\u{1F600}\n"),
                });
                PartEdit::new(part, bodies.collect::<Vec<_>>(), item.record.clone())
            })
            .collect();
        let edit = Edit::new(meeting.id.clone(), meeting.version.clone(), parts.clone());
        let Ok(edited) = document.edited(&edit, None) else { continue };
        assert_eq!(others(&document), others(&edited), "another property changed");
        let read = reader.read(&edited).meetings;
        let read = read.into_iter().find(|m| m.id == meeting.id).expect("it is still there");
        for ((part, item), wanted) in read.parts().zip(&parts) {
            assert_eq!(part, wanted.part);
            assert_eq!(item.bodies, wanted.bodies, "a body reads otherwise");
        }
    }
}
