//! Another parser reads the same in what we read, and in what we write.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use ical::tree::cst::{IcalCst, IcalItem};
use meeting_migration::Body;
use meeting_migration::calendar::{Edit, PartEdit};
use meeting_migration::ical::Document;
use meeting_migration::meeting::{MeetingId, Part};
use proptest::prelude::*;

fn ours(bytes: &[u8]) -> Vec<(String, String)> {
    let document = Document::parse(bytes).unwrap();
    let read = |p: meeting_migration::ical::Property<'_>| {
        (p.name().to_owned(), String::from_utf8(p.text()).unwrap())
    };
    document.properties().map(read).collect()
}

fn theirs(bytes: &[u8]) -> Vec<(String, String)> {
    fn walk(component: &IcalCst<'_>, out: &mut Vec<(String, String)>) {
        for item in &component.items {
            match item {
                IcalItem::Prop(line) => {
                    let name = line.name.get().to_ascii_uppercase();
                    out.push((name, line.value.decode().into_owned()));
                }
                IcalItem::Component(inner) => walk(inner, out),
                IcalItem::Opaque(_) => panic!("an opaque line"),
            }
        }
    }
    let mut out = Vec::new();
    walk(&IcalCst::parse(bytes).unwrap(), &mut out);
    out
}

fn value() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "ä",
        "\u{1F600}",
        "\\,",
        "\\;",
        "\\\\",
        "\\n",
        "\\N",
        " ",
        ":",
        "=",
        "\"",
        "word ",
        "会議",
        "____________",
        "https://x.example/?a=b&c",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|p| p.concat())
}

fn line() -> impl Strategy<Value = String> {
    let heads = [
        "SUMMARY",
        "DESCRIPTION;LANGUAGE=en-US",
        "X-ALT-DESC;FMTTYPE=text/html",
        "X-A;P=\"a:b;c,d\"",
        "Location",
        "COMMENT;X-P=1;X-Q=2",
    ];
    (prop::sample::select(heads.to_vec()), value())
        .prop_map(|(head, value)| format!("{head}:{value}"))
}

fn calendar() -> impl Strategy<Value = Vec<u8>> {
    let folds = prop_oneof![Just(vec![75, 74]), prop::collection::vec(2_usize..90, 1..5)];
    let ends = prop::sample::select(vec!["\r\n ", "\n ", "\r\n\t"]);
    (prop::collection::vec(line(), 0..8), value(), folds, ends).prop_map(
        |(lines, body, folds, fold)| {
            let mut all = vec![
                "BEGIN:VCALENDAR".to_owned(),
                "VERSION:2.0".into(),
                "BEGIN:VEVENT".into(),
                "UID:m1".into(),
            ];
            all.push(format!("DESCRIPTION:{body}"));
            all.extend(
                lines.into_iter().filter(|l| !l.starts_with("DESC") && !l.starts_with("X-ALT")),
            );
            all.extend(["END:VEVENT".into(), "END:VCALENDAR".into()]);
            let mut out = Vec::new();
            for line in all {
                let mut rest = line.as_bytes();
                for width in folds.iter().cycle() {
                    if rest.len() <= *width {
                        break;
                    }
                    out.extend_from_slice(&rest[..*width]);
                    out.extend_from_slice(fold.as_bytes());
                    rest = &rest[*width..];
                }
                out.extend_from_slice(rest);
                out.extend_from_slice(&fold.as_bytes()[..fold.len() - 1]);
            }
            out
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn both_read_the_same(calendar in calendar()) {
        prop_assert_eq!(ours(&calendar), theirs(&calendar));
    }

    #[test]
    fn an_edit_reads_the_same_elsewhere(calendar in calendar(), new in "[a-zä, ;\\\\\n_]{0,200}") {
        let document = Document::parse(&calendar[..]).unwrap();
        let id = MeetingId::from("m1");
        let part = PartEdit::new(Part::Main, [Body::text(new.clone())], None);
        let edit = Edit::new("m1", document.version(&id).unwrap(), [part]);
        let edited = document.edited(&edit, None).unwrap();
        let mut expected = theirs(&calendar);
        expected.iter_mut().find(|(name, _)| name == "DESCRIPTION").unwrap().1 = new;
        prop_assert_eq!(theirs(edited.as_bytes()), expected);
    }
}
