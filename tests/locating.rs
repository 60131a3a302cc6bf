//! What is found where the link to join is gone, or written twice, and in which language:
//! named cases.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::Body;
use meeting_migration::block::{Found, Options, locate};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;

const JOIN: &str =
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0?context=%7b%7d";
const MORE: &str = "Learn More<https://aka.ms/JoinTeamsMeeting> | \
                    Meeting options<https://teams.microsoft.com/meetingOptions/?x=1>";

fn found(text: &str) -> Option<String> {
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    match locate(&Body::text(text), None, &options) {
        Found::One(block) => Some(text[block.span].to_owned()),
        _ => None,
    }
}

/// Somebody took the link out: both rows and a link that only a block has are left.
#[test]
fn a_block_without_its_link_is_one_between_its_rows() {
    let row = "_".repeat(80);
    let block = |inside: &str| format!("{row}\nMicrosoft Teams meeting\n{inside}\n{row}");
    let body = |inside: &str| format!("Agenda\n{}\nPlan\n", block(inside));
    assert_eq!(found(&body(MORE)), Some(block(MORE)));
    for inside in ["Bring the plan.", "https://contoso.example/plan", &format!("{MORE}\n> quoted")]
    {
        assert_eq!(found(&body(inside)), None, "{inside}");
    }
    // Rows that are no pair.
    let dots = ".".repeat(137);
    assert_eq!(found(&format!("Agenda\n{row}\n{MORE}\n{dots}\nPlan\n")), None);
    // The rows of a block that has its link frame nothing else.
    let whole = block(&format!("Join<{JOIN}>\n{MORE}"));
    assert_eq!(found(&format!("{whole}\nAgenda\n{row}\nPlan\n")), Some(whole.clone()));
}

/// An address that somebody typed above the block is no block.
#[test]
fn a_typed_address_above_its_button_stays() {
    let row = "_".repeat(80);
    let block = format!("Microsoft Teams meeting\nJoin<{JOIN}>\n{MORE}");
    let record = Record::new(Provider::TEAMS, JOIN);
    for block in [format!("{row}\n{block}\n{row}"), block] {
        let text = format!("We meet at {JOIN} at noon.\n\nAgenda\n\n{block}\n\nPlan\n");
        let found = locate(&Body::text(text.as_str()), Some(&record), &Options::new());
        let Found::One(one) = found else { panic!("{found:?}") };
        assert_eq!(text[one.span], block);
    }
}

/// The words on the line of a row, outside it, are somebody's, in a language of theirs.
#[test]
fn the_language_of_a_block_is_that_of_its_own_words() {
    let row = "_".repeat(80);
    let block = format!("{row}\nMicrosoft Teams meeting\nJoin the meeting now<{JOIN}>\n{row}");
    let french = "Pour les organisateurs : Options de r\u{e9}union                  <https://teams.microsoft.com/meetingOptions/?language=fr> | ID de conf\u{e9}rence";
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    for body in [format!("{french}{block}\n"), format!("{block}{french}\n"), block.clone()] {
        let Found::One(found) = locate(&Body::text(body.as_str()), None, &options) else {
            panic!("{body}")
        };
        assert_eq!(&body[found.span], block);
        assert_eq!(found.language.unwrap().tag(), "en", "{body}");
    }
}
