//! Real invitations, when they are there: read, left alone, edited in one place.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::path::Path;

use meeting_migration::ical::{Document, PartChange, Reader};
use meeting_migration::meeting::{Schedule, Series};

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
                    PartChange::new(part, bodies)
                })
                .collect();
            let edited = document.edited(&meeting.id, &meeting.version, &changes, None).unwrap();
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
