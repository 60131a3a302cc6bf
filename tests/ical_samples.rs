//! Real invitations, when they are there: read, left alone, edited in one place.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::path::Path;

use meeting_migration::block::Options;
use meeting_migration::calendar::{Edit, PartEdit};
use meeting_migration::ical::{BodyReport, Document, Outcome, Reader, rewrite};
use meeting_migration::meeting::{Schedule, Series};
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Coordinates, Link};

fn samples() -> Vec<(String, Vec<u8>)> {
    // One level further up as well: where a worktree of the project stands.
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["../shared/corpus/real", "../../shared/corpus/real"];
    let Some(entries) = folders.iter().find_map(|f| std::fs::read_dir(root.join(f)).ok()) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "ics"))
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn samples_are_read_and_edited_in_one_place() {
    for (name, bytes) in samples() {
        let document = Document::parse(&bytes[..]).unwrap_or_else(|e| panic!("{name}: {e}"));
        let reading = Reader::new("2017-02-01T00:00:00Z".parse().unwrap()).read(&document);
        println!("{name}: {} meetings, {:?}", reading.meetings.len(), reading.problems);
        for meeting in &reading.meetings {
            println!(
                "  {:?} {:?} {:?}",
                meeting.schedule,
                meeting.item.bodies,
                meeting.item.record.as_ref().map(|r| r.provider)
            );
            let (Schedule::Once(slot) | Schedule::Series(Series { first: slot, .. })) =
                &meeting.schedule
            else {
                continue;
            };
            assert!(slot.end > slot.start, "{name}");
            let changes: Vec<_> = meeting
                .parts()
                .map(|(part, item)| {
                    let bodies: Vec<_> = item
                        .bodies
                        .iter()
                        .map(|body| {
                            let text = body.as_unicode().unwrap();
                            body.with_bytes(text.replace("://", "://NEW,").into_bytes())
                        })
                        .collect();
                    PartEdit::new(part, bodies, item.record.clone())
                })
                .collect();
            let edited = document
                .edited(&Edit::new(meeting.id.as_str(), meeting.version.clone(), changes), None)
                .unwrap();
            let old: Vec<_> =
                document.properties().map(|p| p.raw_value().replace("://", "://NEW\\,")).collect();
            for (new, old) in edited.properties().zip(old) {
                if matches!(new.name(), "DESCRIPTION" | "X-ALT-DESC") {
                    assert_eq!(new.raw_value(), old, "{name}");
                }
            }
        }
    }
}

#[test]
fn samples_are_rewritten_and_nothing_else_in_them() {
    let link = Link::new("https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp");
    let new = Coordinates::new(Provider::TEAMS, link.unwrap());
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    for (name, old) in samples() {
        let done = rewrite(&old, None, &new, &options).unwrap();
        // The ids in the links of one are masked: whether that is a block is not for this test.
        if !name.starts_with("zoom2024-exchange-") {
            let absent = name.starts_with("negative-");
            let expected = if absent { Outcome::Absent } else { Outcome::Replaced };
            assert_eq!(done.outcome, expected, "{name}: {:?}", done.bodies);
        }
        let cut = |bytes: &[u8], spans: Vec<std::ops::Range<usize>>| {
            let mut out = Vec::new();
            let mut at = 0;
            for span in spans {
                out.extend_from_slice(&bytes[at..span.start]);
                at = span.end;
            }
            out.extend_from_slice(&bytes[at..]);
            let text = String::from_utf8(out).unwrap();
            let text =
                ["\r\n ", "\r\n\t", "\n ", "\n\t"].iter().fold(text, |t, fold| t.replace(fold, ""));
            // A raw line end beside the block may be written as an escaped one.
            let text = text.replace("\\n", "\n");
            let records = [
                "X-MICROSOFT-SKYPETEAMS",
                "X-MICROSOFT-SCHEDULINGSERVICE",
                "X-MICROSOFT-ONLINEMEETING",
                "X-GOOGLE-CONFERENCE:",
            ];
            let lines = text.lines().filter(|l| !records.iter().any(|r| l.starts_with(r)));
            // The product changes, and its name in the place with it.
            let moved = lines.map(|l| match l {
                "LOCATION:Skype Meeting" => "LOCATION:Microsoft Teams Meeting",
                other => other,
            });
            moved.collect::<Vec<_>>().join("\n")
        };
        let spans = |one: fn(&BodyReport) -> Option<std::ops::Range<usize>>| {
            done.bodies.iter().filter_map(one).collect()
        };
        let outside = cut(&old, spans(|b| b.span.clone()));
        assert!(outside == cut(&done.bytes, spans(|b| b.written.clone())), "{name}");
    }
}
