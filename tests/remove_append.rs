//! A block taken out, and one put where there is none: named cases. The properties of both
//! stand in `invariants.rs`, the taking out of every authored block in `fixtures.rs`.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::block::{Absence, Options, Refusal, Rewrite, append, remove};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};

const OLD: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_Old%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d";
const NEW: &str = "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp";

fn new() -> Coordinates {
    Coordinates::new(Provider::TEAMS, Link::new(NEW).unwrap())
}

fn record(link: &str) -> Record {
    Record::new(Provider::TEAMS, link)
}

/// A block as the service writes it.
fn text(link: &str, end: &str) -> String {
    let fence = "_".repeat(80);
    [&fence, "Microsoft Teams meeting", &format!("Click here to join the meeting<{link}>"), &fence]
        .join(end)
}

fn html(link: &str) -> String {
    let fence = "_".repeat(80);
    format!(
        "<div>{fence}</div><div class=\"me-email-text\"><div><span>Microsoft Teams meeting</span></div>\
         <div><a class=\"me-email-headline\" href=\"{link}\">Click here to join the meeting</a></div></div>\
         <div>{fence}</div>"
    )
}

fn without(body: &Body) -> String {
    match remove(body, Some(&record(OLD)), &Options::new()) {
        Rewrite::Removed { body, .. } => body.as_unicode().unwrap().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_a_text_the_lines_of_the_block_go_and_one_of_two_blank_lines() {
    let table = [
        ("#", ""),
        ("#\n", ""),
        ("Agenda\n#\nAnn\n", "Agenda\nAnn\n"),
        ("Agenda\n\n#\n\nAnn\n", "Agenda\n\nAnn\n"),
        ("Agenda\n\n\n#\n\nAnn\n", "Agenda\n\n\nAnn\n"),
        ("Agenda\n\n#\nAnn\n", "Agenda\n\nAnn\n"),
        ("Agenda\n#\n\nAnn\n", "Agenda\n\nAnn\n"),
        ("Agenda\n\n#\n", "Agenda\n"),
        ("Agenda\n\n#", "Agenda"),
        ("Agenda\n#", "Agenda"),
        ("#\n\nAnn\n", "Ann\n"),
        ("#\nAnn", "Ann"),
        ("Agenda\n\n  #  \n\nAnn", "Agenda\n\nAnn"),
        ("Agenda: #\nAnn", "Agenda: \nAnn"),
        ("Agenda\n# Ann", "Agenda\n Ann"),
        ("Agenda #Ann", "Agenda \nAnn"),
    ];
    for end in ["\n", "\r\n", "\r"] {
        for (before, after) in table {
            let before = before.replace('\n', end).replace('#', &text(OLD, end));
            assert_eq!(without(&Body::text(before.as_str())), after.replace('\n', end), "{before}");
        }
    }
}

#[test]
fn of_html_only_the_block_goes_and_words_stay_apart() {
    let table = [
        (
            "<html><body><p>Agenda</p>#<p>Ann</p></body></html>",
            "<html><body><p>Agenda</p><p>Ann</p></body></html>",
        ),
        ("<p>Agenda</p><p>&nbsp;</p>#<p>&nbsp;</p>", "<p>Agenda</p><p>&nbsp;</p><p>&nbsp;</p>"),
        // A browser drops blanks before the first tag.
        ("#\r\n<p>Ann</p>", "<p>Ann</p>"),
        ("<body>#\r\n<p>Ann</p>", "<body>\r\n<p>Ann</p>"),
        ("#", ""),
        // Only the block kept these words on lines of their own.
        ("Agenda#Ann", "Agenda<br>Ann"),
        ("<b>Agenda</b>#<i>Ann</i>", "<b>Agenda</b><br><i>Ann</i>"),
        (
            "<table><tr><td>#</td><td>Ann</td></tr></table>",
            "<table><tr><td></td><td>Ann</td></tr></table>",
        ),
    ];
    for (before, after) in table {
        assert_eq!(without(&Body::html(before.replace('#', &html(OLD)))), after, "{before}");
    }
}

#[test]
fn what_is_not_the_meetings_own_is_neither_taken_out_nor_joined_by_a_new_one() {
    let foreign = Body::text(format!("Agenda\n{}\n", text(OLD, "\n")));
    let twice = format!("{0}\n\nand\n\n{0}\n", text(OLD, "\n"));
    let quoted = Body::html(format!("<p>Agenda</p><blockquote>{}</blockquote>", html(OLD)));
    let big = Options::new().with_limits(meeting_migration::block::Limits::new().with_max_bytes(9));
    let marks = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let other =
        record("https://teams.microsoft.com/l/meetup-join/19%3ameeting_Other%40thread.v2/0");
    for (body, record, options) in [
        (foreign.clone(), Some(other), Options::new()),
        (foreign.clone(), None, Options::new()),
        (Body::text(twice.as_str()), Some(record(OLD)), Options::new()),
        (Body::text(twice), None, marks.clone()),
        (quoted.clone(), Some(record(OLD)), Options::new()),
        (quoted, None, marks),
        (foreign.clone(), Some(record(OLD)), big),
        (Body::text_bytes(b"Agenda".to_vec(), Some("ebcdic-int")), None, Options::new()),
    ] {
        let removed = remove(&body, record.as_ref(), &options);
        let appended = append(&body, record.as_ref(), &new(), &options);
        assert_eq!(removed, appended);
        assert!(
            matches!(removed, Rewrite::Foreign(..) | Rewrite::Ambiguous(_) | Rewrite::Refused(_)),
            "{removed:?}"
        );
    }
    let nothing = remove(&Body::text("Agenda"), Some(&record(OLD)), &Options::new());
    assert_eq!(nothing, Rewrite::Absent(Absence::NoMark));
}

#[test]
fn a_block_is_put_at_the_end_of_what_mail_programs_write() {
    let table = [
        "|",
        "Agenda|",
        "Agenda<br>\r\n|",
        "<div dir=\"ltr\">Agenda</div>\r\n|",
        "<html><head><meta charset=\"utf-8\"></head><body><p>Agenda</p>\r\n|</body>\r\n</html>\r\n",
        "<html><body><div class=\"WordSection1\"><p class=\"MsoNormal\">Agenda</p></div>|</body></html>",
        "<HTML><BODY>Agenda|</BODY></HTML>",
        "<html><body><p>Agenda|</html>",
        "<html><body><p>Agenda<table><tr><td>x|</body></html>",
        "<p>Agenda</p><blockquote>On Monday Bob wrote: no link</blockquote>|",
        "<body><b>Agenda|</body>",
        "<p>w</body></html>more|",
        "<p>w</p></body></html>more|",
        "<p>w</p></body></html><p>more</p>|",
        "<p>w</p></body><p>more</p>|</html>",
    ];
    for marked in table {
        let (head, tail) = marked.split_once('|').unwrap();
        let body = Body::html([head, tail].concat());
        let Rewrite::Appended { body, written } = append(&body, None, &new(), &Options::new())
        else {
            panic!("{marked}");
        };
        let text = body.as_unicode().unwrap();
        assert_eq!((&text[..written.start], &text[written.end..]), (head, tail));
        assert!(text[written].contains(NEW));
    }
}

#[test]
fn in_a_text_a_blank_line_is_above_a_block_put_there() {
    for (text, head) in [("", ""), ("Agenda", "Agenda\n\n"), ("Agenda\n", "Agenda\n\n")] {
        let done = append(&Body::text(text), None, &new(), &Options::new());
        let Rewrite::Appended { body, written } = done else { panic!("{text:?}") };
        assert_eq!(&body.as_unicode().unwrap()[..written.start], head);
    }
}

#[test]
fn where_a_block_could_not_be_seen_as_the_meetings_own_none_is_put() {
    for body in [
        Body::html("<p>Agenda</p><!-- open"),
        Body::html("<textarea>Agenda"),
        // Within the open paragraph a second run would write words and breaks only.
        Body::html("<p><table>Agenda<center>"),
        Body::html("<p>Agenda</p><div id=\"divRplyFwdMsg\"><b>From:</b> Bob</div><p>Old mail</p>"),
        Body::text(
            "Agenda\n\n-----Original Appointment-----\nFrom: Bob\nSent: Monday\nTo: Ann\nSubject: Old\n",
        ),
    ] {
        let done = append(&body, None, &new(), &Options::new());
        let why = [Refusal::NotSeparable, Refusal::NotFoundAgain];
        assert!(matches!(done, Rewrite::Refused(given) if why.contains(&given)), "{done:?}");
    }
}

#[test]
fn an_appended_block_is_written_in_the_bodys_own_charset() {
    let utf16: Vec<u8> =
        "\u{feff}Agenda: caf\u{e9}\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, charset) in [
        (utf16, None),
        (b"Agenda: caf\xe9\r\n".to_vec(), Some("iso-8859-1")),
        (b"\x1b$B2q5D\x1b(B\r\n".to_vec(), Some("iso-2022-jp")),
        (b"Agenda +APw-\r\n".to_vec(), Some("utf-7")),
    ] {
        let body = Body::text_bytes(bytes.clone(), charset);
        let Rewrite::Appended { body, .. } = append(&body, None, &new(), &Options::new()) else {
            panic!("{charset:?}");
        };
        assert!(body.as_bytes().starts_with(&bytes), "{charset:?}");
        match remove(&body, Some(&record(NEW)), &Options::new()) {
            Rewrite::Removed { body, .. } => assert_eq!(body.as_bytes(), bytes, "{charset:?}"),
            other => panic!("{charset:?}: {other:?}"),
        }
    }
    let mut japanese = new();
    japanese.languages = vec![meeting_migration::coordinates::Language::new("ja").unwrap()];
    let latin =
        |format: fn(Vec<u8>, Option<&str>) -> Body| format(b"caf\xe9".to_vec(), Some("iso-8859-1"));
    let text = append(&latin(Body::text_bytes), None, &japanese, &Options::new());
    assert_eq!(text, Rewrite::Refused(Refusal::Unencodable));
    let html = append(&latin(Body::html_bytes), None, &japanese, &Options::new());
    assert!(matches!(html, Rewrite::Appended { .. }), "{html:?}");
}
