//! Whole calendars through the rewrite core: all of a file or nothing.
#![cfg(feature = "ical")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::block::Options;
use meeting_migration::ical::{BodyReport, Document, Outcome, Rewritten, append, remove, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Coordinates, Link};
use proptest::prelude::*;

const OLD: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_Old%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d";
const OTHER: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_Other%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d";
const NEW: &str = "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp";

fn new() -> Coordinates {
    Coordinates::new(Provider::TEAMS, Link::new(NEW).unwrap())
}

/// A block as the service writes it into text.
fn block(link: &str) -> String {
    let fence = "_".repeat(80);
    format!(
        "{fence}\nMicrosoft Teams meeting\nJoin on your computer, mobile app or room device\nClick here to join the meeting<{link}>\n{fence}"
    )
}

/// Content lines, folded after the given numbers of octets over and over.
fn folded(lines: &[String], widths: &[usize], end: &str, blank: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        let mut rest = line.as_bytes();
        for width in widths.iter().cycle() {
            if rest.len() <= *width {
                break;
            }
            out.extend_from_slice(&rest[..*width]);
            out.extend_from_slice(format!("{end}{blank}").as_bytes());
            rest = &rest[*width..];
        }
        out.extend_from_slice(rest);
        out.extend_from_slice(end.as_bytes());
    }
    out
}

fn event(uid: &str, body: &str, more: &[&str]) -> Vec<String> {
    let text =
        body.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n");
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}"),
        "DTSTART:20260706T090000Z".to_owned(),
        format!("DESCRIPTION;LANGUAGE=en-US:{text}"),
    ];
    lines.extend(more.iter().map(|l| (*l).to_owned()));
    lines.push("END:VEVENT".to_owned());
    lines
}

fn lines(events: &[Vec<String>]) -> Vec<String> {
    let mut lines = vec!["BEGIN:VCALENDAR".to_owned(), "X-WR-CALNAME:Äpfel und mehr".to_owned()];
    lines.extend(events.iter().flatten().cloned());
    lines.push("END:VCALENDAR".to_owned());
    lines
}

/// A calendar as Exchange writes it.
fn calendar(events: &[Vec<String>]) -> String {
    String::from_utf8(folded(&lines(events), &[75, 74], "\r\n", " ")).unwrap()
}

fn record_line(link: &str) -> String {
    format!("X-MICROSOFT-SKYPETEAMSMEETINGURL:{link}")
}

fn run(calendar: &str) -> Rewritten {
    rewrite(calendar.as_bytes(), None, &new(), &Options::new()).unwrap()
}

fn logical(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap().replace("\r\n ", "");
    text.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
}

#[test]
fn bodies_and_records_of_a_series_say_the_new_link() {
    let body = format!("Agenda; first, second\n{}\nRegards", block(OLD));
    let old = calendar(&[
        event("s", &body, &[&record_line(OLD), "RRULE:FREQ=DAILY"]),
        event("s", &body, &["RECURRENCE-ID:20260707T090000Z"]),
        event("t", "No link here", &[]),
    ]);
    let done = run(&old);
    assert_eq!(done.outcome, Outcome::Replaced);
    let outcomes: Vec<_> = done
        .bodies
        .iter()
        .map(|b| (b.uid.as_deref(), b.recurrence_id.as_deref(), b.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [
            (Some("s"), None, Outcome::Replaced),
            (Some("s"), Some("20260707T090000Z"), Outcome::Replaced),
            (Some("t"), None, Outcome::Absent),
        ]
    );
    for BodyReport { span, written, .. } in &done.bodies[..2] {
        assert_eq!(logical(&old.as_bytes()[span.clone().unwrap()]), block(OLD));
        let new = logical(&done.bytes[written.clone().unwrap()]);
        assert!(new.contains(NEW) && new.starts_with("____") && new.ends_with("____"), "{new}");
    }
    let text = logical(&done.bytes);
    assert!(!text.contains("meeting_Old"));
    assert_eq!(text.matches(&record_line(NEW)).count(), 2);
    assert_eq!(text.matches("Agenda; first, second\n____").count(), 2);
    assert!(std::str::from_utf8(&done.bytes).unwrap().split("\r\n").all(|line| line.len() <= 75));

    // The next run knows its own block.
    let again = run(std::str::from_utf8(&done.bytes).unwrap());
    assert_eq!((again.outcome, &again.bytes), (Outcome::Unchanged, &done.bytes));
}

#[test]
fn one_body_that_cannot_be_rewritten_keeps_the_whole_file() {
    let body = |link| format!("Agenda\n{}", block(link));
    for (second, outcome) in [
        (event("b", &body(OTHER), &[&record_line(OLD)]), Outcome::Foreign),
        (event("b", &body(OLD), &[]), Outcome::Foreign),
        (
            event("b", &format!("{}\n{}", body(OLD), body(OLD)), &[&record_line(OLD)]),
            Outcome::Ambiguous,
        ),
    ] {
        let old = calendar(&[event("a", &body(OLD), &[&record_line(OLD)]), second]);
        let done = run(&old);
        assert_eq!(done.outcome, outcome);
        assert_eq!(done.bytes, old.as_bytes());
        assert_eq!(done.bodies[0].outcome, Outcome::Replaced);
        assert!(done.bodies[1].reason.is_some() && done.bodies[0].written.is_none());
    }
}

#[test]
fn a_given_record_counts_for_every_event() {
    let old = calendar(&[event("a", &block(OLD), &[])]);
    assert_eq!(run(&old).outcome, Outcome::Foreign);
    let record = Record::new(Provider::TEAMS, OLD);
    let done = rewrite(old.as_bytes(), Some(&record), &new(), &Options::new()).unwrap();
    assert_eq!(done.outcome, Outcome::Replaced);
    let marks = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    assert_eq!(rewrite(old.as_bytes(), None, &new(), &marks).unwrap().bytes, done.bytes);
    // A record where there was none: the next run needs neither.
    assert_eq!(run(std::str::from_utf8(&done.bytes).unwrap()).outcome, Outcome::Unchanged);
}

#[test]
fn a_file_without_a_block_comes_back() {
    let old = calendar(&[event("a", "Nothing", &[&record_line(OLD)]), event("b", "", &[])]);
    let done = run(&old);
    assert_eq!((done.outcome, done.bytes), (Outcome::Absent, old.into_bytes()));
    assert!(rewrite(b"BEGIN:VCALENDAR\r\n", None, &new(), &Options::new()).is_err());
    assert!(Document::parse(&b"<html>"[..]).is_err());
}

#[test]
fn html_and_text_twins_are_rewritten_each_for_itself() {
    let html = format!(
        "<html><body><p>Agenda\\, \u{e4}</p><div class=\"me-email-text\"><div>{0}</div><div><span>Microsoft Teams meeting</span></div><div><a class=\"me-email-headline\" href=\"{OLD}\">Click here to join the meeting</a></div><div>{0}</div></div><p>Regards</p></body></html>",
        "_".repeat(80)
    );
    let alt = format!("X-ALT-DESC;FMTTYPE=text/html:{html}");
    let old =
        calendar(&[event("a", &format!("Agenda\n{}", block(OLD)), &[&record_line(OLD), &alt])]);
    let done = run(&old);
    let outcomes: Vec<_> = done.bodies.iter().map(|b| (b.property.as_str(), b.outcome)).collect();
    assert_eq!(outcomes, [("DESCRIPTION", Outcome::Replaced), ("X-ALT-DESC", Outcome::Replaced)]);
    let text = logical(&done.bytes);
    assert!(
        text.contains("<html><body><p>Agenda, \u{e4}</p><")
            && text.contains("><p>Regards</p></body></html>\r\n")
    );
}

const SFB: &str = "https://meet.contoso.example/ann/AB12CD34";

/// A Skype for Business block as Exchange writes it into text.
fn skype(link: &str) -> String {
    let fence = ".".repeat(137);
    format!(
        "{fence}\nJoin Skype Meeting<{link}>\nHelp<https://o15.officeredir.microsoft.com/r/rlidOC14>\n[!OC([1033])!]\n{fence}"
    )
}

fn skype_record(link: &str) -> String {
    format!("X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:{link}")
}

/// The lines that differ, before and after, unfolded.
fn changed(old: &str, new: &[u8]) -> (Vec<String>, Vec<String>) {
    let unfold = |text: &str| text.replace("\r\n ", "");
    let (old, new) = (unfold(old), unfold(std::str::from_utf8(new).unwrap()));
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let but = |all: &[&str], others: &[&str]| -> Vec<String> {
        let texts = |line: &&&str| !line.starts_with("DESCRIPTION");
        let gone = all.iter().filter(|line| !others.contains(line));
        gone.filter(texts).map(|line| (*line).to_owned()).collect()
    };
    (but(&old, &new), but(&new, &old))
}

#[test]
fn place_and_url_change_with_the_meeting_and_keep_their_parameters() {
    let record = skype_record(SFB);
    let table: [(&str, Option<&str>); 9] = [
        (
            "LOCATION;LANGUAGE=en-US;ALTREP=\"cid:1\":Skype Meeting",
            Some("LOCATION;LANGUAGE=en-US;ALTREP=\"cid:1\":Microsoft Teams Meeting"),
        ),
        (
            "LOCATION:Room 5\\, left\\; Skype Meeting",
            Some("LOCATION:Room 5\\, left\\; Microsoft Teams Meeting"),
        ),
        (&format!("LOCATION:{SFB}"), Some(&format!("LOCATION:{NEW}"))),
        (&format!("LOCATION:Room 5\\; {SFB}"), Some(&format!("LOCATION:Room 5\\; {NEW}"))),
        (&format!("URL;VALUE=URI:{SFB}"), Some(&format!("URL;VALUE=URI:{NEW}"))),
        ("LOCATION:Zoom Meeting", None),
        ("LOCATION:Skype Meeting Room", None),
        ("URL:https://contoso.example/agenda", None),
        ("LOCATION:", None),
    ]
    .map(|(old, new)| (&*old.to_owned().leak(), new.map(|new| &*new.to_owned().leak())));
    for (line, expected) in table {
        let old = calendar(&[
            event("a", &format!("Agenda\n{}", skype(SFB)), &[&record, line]),
            // Without a block nothing says what its place was.
            event("b", "No block", &["LOCATION:Skype Meeting"]),
        ]);
        let done = run(&old);
        assert_eq!(done.outcome, Outcome::Replaced, "{line}: {:?}", done.bodies);
        let (gone, come) = changed(&old, &done.bytes);
        let of = |lines: Vec<String>| -> Vec<String> {
            lines
                .into_iter()
                .filter(|l| l.starts_with("LOCATION") || l.starts_with("URL"))
                .collect()
        };
        let wanted: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(of(come), wanted, "{line}");
        assert_eq!(of(gone).len(), wanted.len(), "{line}");
        let again = run(std::str::from_utf8(&done.bytes).unwrap());
        assert_eq!((again.outcome, &again.bytes), (Outcome::Unchanged, &done.bytes), "{line}");
    }
}

#[test]
fn a_place_that_is_not_unicode_stays() {
    let old = calendar(&[event(
        "a",
        &skype(SFB),
        &[&skype_record(SFB), "LOCATION:R#m\\; Skype Meeting"],
    )]);
    let old: Vec<u8> = old.bytes().map(|b| if b == b'#' { 0xfc } else { b }).collect();
    let done = rewrite(&old, None, &new(), &Options::new()).unwrap();
    assert_eq!(done.outcome, Outcome::Replaced);
    let line = b"LOCATION:R\xfcm\\; Skype Meeting\r\n";
    assert!(done.bytes.windows(line.len()).any(|window| window == line));
}

#[test]
fn what_is_taken_out_of_a_calendar_is_block_record_name_and_link() {
    let record = skype_record(SFB);
    let url = format!("URL:{SFB}");
    let old = calendar(&[
        event(
            "a",
            &format!("Agenda\n\n{}\n\nAnn\n", skype(SFB)),
            &[&record, "LOCATION:Skype Meeting\\; Room 5", &url, "PRIORITY:5"],
        ),
        event("b", "No block", &[&record]),
    ]);
    let done = remove(old.as_bytes(), None, &Options::new()).unwrap();
    assert_eq!(done.outcome, Outcome::Removed);
    let (gone, come) = changed(&old, &done.bytes);
    assert_eq!(gone, ["LOCATION:Skype Meeting\\; Room 5", &url]);
    assert_eq!(come, ["LOCATION:Room 5"]);
    assert_eq!(description(&done.bytes), "Agenda\n\nAnn\n");
    let text = logical(&done.bytes);
    assert_eq!(text.matches(&record).count(), 1, "that of the event without a block");
    let again = remove(&done.bytes, None, &Options::new()).unwrap();
    assert_eq!((again.outcome, again.bytes), (Outcome::Absent, done.bytes));

    let foreign = calendar(&[event("a", &block(OTHER), &[&record_line(OLD)])]);
    let kept = remove(foreign.as_bytes(), None, &Options::new()).unwrap();
    assert_eq!((kept.outcome, kept.bytes), (Outcome::Foreign, foreign.into_bytes()));
}

#[test]
fn a_lost_block_is_added_to_events_with_a_record() {
    let html = "X-ALT-DESC;FMTTYPE=text/html:<html><body><p>Agenda</p></body></html>";
    let body = format!("Agenda\n{}\n", block(OLD));
    let old = calendar(&[
        event("lost", "Agenda\n", &[&record_line(OLD), html]),
        event("own", &body, &[&record_line(OLD)]),
        event("never", "Agenda\n", &[]),
    ]);
    assert_eq!(run(&old).bodies[0].outcome, Outcome::Absent);
    let done = append(old.as_bytes(), None, &new(), &Options::new()).unwrap();
    let outcomes: Vec<_> = done.bodies.iter().map(|b| b.outcome).collect();
    let (appended, replaced) = (Outcome::Appended, Outcome::Replaced);
    assert_eq!(outcomes, [appended, appended, replaced, Outcome::Absent]);
    assert_eq!(done.outcome, replaced);
    assert!(description(&done.bytes).starts_with("Agenda\n\n____"));
    for body in &done.bodies[..3] {
        assert!(logical(&done.bytes[body.written.clone().unwrap()]).contains(NEW));
    }
    assert!(logical(&done.bytes).contains("</div></body></html>\r\n"));
    let again = append(&done.bytes, None, &new(), &Options::new()).unwrap();
    assert_eq!((again.outcome, again.bytes), (Outcome::Unchanged, done.bytes));
}

fn description(bytes: &[u8]) -> String {
    let document = Document::parse(bytes).unwrap();
    let found = document.properties().find(|p| p.name() == "DESCRIPTION").unwrap();
    String::from_utf8(found.text()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Invariants 1 and 4 of the core, through every kind of folding.
    #[test]
    fn the_text_around_the_block_stays_whatever_the_folding(
        head in "[a-zä会,;\\\\ \n]{0,120}", tail in "[a-zä会,;\\\\ \n]{0,120}",
        widths in prop_oneof![Just(vec![75, 74]), prop::collection::vec(1_usize..100, 1..4)],
        end in prop::sample::select(vec!["\r\n", "\n"]), blank in prop::sample::select(vec![" ", "\t"]),
    ) {
        let body = format!("{head}\n{}\n{tail}", block(OLD));
        let old = folded(&lines(&[event("a", &body, &[&record_line(OLD)])]), &widths, end, blank);
        let done = rewrite(&old, None, &new(), &Options::new()).unwrap();
        prop_assert_eq!(done.outcome, Outcome::Replaced);
        let text = description(&done.bytes);
        let (before, after) = (format!("{head}\n____"), format!("____\n{tail}"));
        prop_assert!(text.starts_with(&before) && text.ends_with(&after), "{text:?}");
        prop_assert!(text.contains(NEW) && !text.contains(OLD));
        let span = done.bodies[0].written.clone().unwrap();
        let again = rewrite(&done.bytes, None, &new(), &Options::new()).unwrap();
        prop_assert_eq!((again.outcome, &again.bytes), (Outcome::Unchanged, &done.bytes));
        prop_assert_eq!(again.bodies[0].span.clone().unwrap(), span);
    }

    #[test]
    fn damaged_files_are_refused_or_left_alone_or_still_right(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, prop::collection::vec(any::<u8>(), 0..3)), 0..6)
    ) {
        let body = format!("Agenda\n{}\nRegards", block(OLD));
        let mut old = calendar(&[
            event("a", &body, &[&record_line(OLD), "RRULE:FREQ=DAILY"]),
            event("a", &body, &["RECURRENCE-ID:20260707T090000Z", &record_line(OLD)]),
        ]).into_bytes();
        for (at, len, with) in cuts {
            let start = at.index(old.len());
            let stop = (start + len).min(old.len());
            old.splice(start..stop, with);
        }
        if let Ok(done) = rewrite(&old, None, &new(), &Options::new()) {
            if done.outcome == Outcome::Replaced {
                let again = rewrite(&done.bytes, None, &new(), &Options::new()).unwrap();
                prop_assert_eq!(again.bytes, done.bytes);
            } else {
                prop_assert_eq!(done.bytes, old);
            }
        }
    }
}
