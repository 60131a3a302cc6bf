//! Marks that an organisation adds, and products that are found and never written.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::block::{Absence, Found, Options, Refusal, Rewrite, locate, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::{Frame, ProductMarks, Provider, TenantMarks};
use meeting_migration::{Body, Coordinates, Link, Policy};

const OPENING: &str = "=== Contoso Online ===";
const CLOSING: &str = "=== End of Contoso Online ===";
const ROW: &str = "#######################";
const JOIN: &str = "https://video.contoso.example/r/BudgetRound";
const HELP: &str = "https://help.contoso.example/meetings/how";

fn marks() -> TenantMarks {
    let mut video = ProductMarks::new(Provider::JITSI);
    video.joins = vec!["video.contoso.example/r/*".to_owned()];
    video.companions = vec!["help.contoso.example/meetings/**".to_owned()];
    video.frames = vec![
        Frame::new(OPENING.to_owned(), Some(CLOSING.to_owned())),
        Frame::new(ROW.to_owned(), None),
    ];
    video.labels = vec!["contoso-invite".to_owned()];
    video.anchors = vec!["ContosoJoin".to_owned()];
    TenantMarks::new(vec![video]).unwrap()
}

fn options() -> Options {
    Options::new().with_evidence(AddInEvidence::RecordOrMarks)
}

fn new() -> Coordinates {
    let url = Link::new("https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp");
    Coordinates::new(Provider::TEAMS, url.unwrap())
}

/// `block` between `head` and `tail` goes with the marks, exactly, and without them stays.
fn check(head: &str, block: &str, tail: &str, html: bool) {
    let body = [head, block, tail].concat();
    let body = if html { Body::html(body) } else { Body::text(body) };
    let with = options().with_marks(marks());
    match rewrite(&body, None, &new(), &with) {
        Rewrite::Replaced { body: after, block: found, written } => {
            assert_eq!(found.span, head.len()..head.len() + block.len(), "{block}");
            assert_eq!(found.provider, Provider::JITSI);
            let after = after.as_unicode().unwrap();
            assert_eq!(&after[..written.start], head);
            assert_eq!(&after[written.end..], tail);
        }
        other => panic!("{other:?}: {block}"),
    }
    assert!(matches!(locate(&body, None, &options()), Found::Absent(_)), "{block}");
}

#[test]
fn a_frame_of_ones_own_settles_the_extent() {
    for (above, below) in [(OPENING, CLOSING), (ROW, ROW)] {
        let text = format!("{above}\nJoin: {JOIN}\nBob's words\n{below}");
        check("Agenda\n", &text, "\nAnn", false);
        let html = format!(
            "<p>{above}</p><p><a href=\"{JOIN}\">Join</a></p><p>Bob's words</p><p>{below}</p>"
        );
        check("<p>Agenda</p>", &html, "<p>Ann</p>", true);
    }
}

#[test]
fn a_label_or_an_anchor_of_ones_own_proves_a_block() {
    let html = format!("<div class=\"contoso-invite\"><a href=\"{JOIN}\">Join</a></div>");
    check("<p>Agenda</p>", &html, "<p>Ann</p>", true);
    let html = format!("<p><a name=ContosoJoin></a><a href=\"{JOIN}\">Join</a></p>");
    check("<p>Agenda</p>", &html, "<p>Ann</p>", true);
}

#[test]
fn a_frame_alone_a_link_alone_and_a_frame_the_wrong_way_round_are_no_block() {
    let with = options().with_marks(marks());
    for text in [
        format!("{OPENING}\nAgenda\n{CLOSING}"),
        format!("Agenda\n{JOIN}\nAnn"),
        format!("{CLOSING}\n{JOIN}\n{OPENING}"),
        format!("{OPENING}\n{JOIN}\n{OPENING}"),
        format!("{OPENING}\n{JOIN}\n{ROW}"),
        format!("{OPENING} Ann\n{JOIN}\n{CLOSING} Ann"),
    ] {
        let found = locate(&Body::text(text.clone()), None, &with);
        assert!(matches!(found, Found::Absent(_)), "{found:?}: {text}");
    }
}

#[test]
fn marks_of_ones_own_leave_ours_alone() {
    let row = "_".repeat(80);
    let join = "https://teams.microsoft.com/meet/9876543210123?p=Zz";
    let body = Body::text(format!("Agenda\n{row}\nJoin<{join}>\n{row}\nSee {HELP}"));
    let found = locate(&body, None, &options());
    assert!(matches!(&found, Found::One(block) if block.provider == Provider::TEAMS));
    assert_eq!(found, locate(&body, None, &options().with_marks(marks())));
}

#[test]
fn a_policy_carries_the_marks_through_its_json() {
    let policy = Policy::current().with_marks(marks());
    let json = serde_json::to_string(&policy).unwrap();
    let again: Policy = serde_json::from_str(&json).unwrap();
    assert_eq!(again.marks(), &marks());
    // Policies that were stored before there were marks have none.
    let before = serde_json::to_value(Policy::current()).unwrap();
    assert!(before.get("marks").is_none());
    assert!(serde_json::from_value::<Policy>(before).unwrap().marks().is_empty());
}

#[test]
fn some_products_are_found_and_not_written() {
    for provider in Provider::ALL {
        let json =
            format!("{{\"provider\": \"{provider}\", \"join_url\": \"https://x.example/y\"}}");
        let read = serde_json::from_str::<Coordinates>(&json);
        let written = Provider::WRITTEN.contains(provider);
        assert_eq!(read.is_ok(), written, "{provider}");
        if let Err(error) = read {
            assert!(error.to_string().contains(provider.key()), "{error}");
            let row = "_".repeat(80);
            let join = "https://teams.microsoft.com/meet/9876543210123?p=Zz";
            let body = Body::text(format!("{row}\nJoin<{join}>\n{row}"));
            let new = Coordinates::new(*provider, Link::new("https://x.example/y").unwrap());
            let refused = rewrite(&body, None, &new, &options());
            assert!(matches!(refused, Rewrite::Refused(Refusal::Unwritable)), "{provider}");
        }
    }
}

#[test]
fn a_recorded_link_without_a_frame_is_no_block_of_a_less_certain_product() {
    let body = Body::text(format!("Agenda\n{JOIN}\n{HELP}\nAnn"));
    let record = Record::new(Provider::JITSI, JOIN);
    let found = locate(&body, Some(&record), &Options::new().with_marks(marks()));
    assert_eq!(found, Found::Absent(Absence::NoBlock));
}
