//! Somebody's words and links directly beside a block that has lost a row: they stay, or nothing
//! is done. Named cases.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::Body;
use meeting_migration::block::{Found, Options, locate};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;

/// The block's own text when there is one, else the name of the answer.
fn answer(body: &Body, record: Option<&str>) -> String {
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let record = record.map(|url| Record::new(Provider::TEAMS, url));
    match locate(body, record.as_ref(), &options) {
        Found::One(block) => String::from_utf8(body.as_bytes()[block.span].to_vec()).unwrap(),
        Found::Ambiguous(_) => "Ambiguous".to_owned(),
        other => format!("{other:?}"),
    }
}

fn in_text(text: &str, record: Option<&str>) -> String {
    answer(&Body::text(text), record)
}

fn in_html(html: &str, record: Option<&str>) -> String {
    answer(&Body::html(html), record)
}

const ONLINE: &str = "https://meet.lync.com/contoso/anna/AB12CD34";
const ON_PREMISES: &str = "https://meet.contoso.example/anna/AB12CD34";
const TRAILER: &str = "[!OC([1033])!]";

/// Pages whose address ends in eight letters, as a meeting's on a server of one's own does.
const PAGES: [&str; 3] = [
    "https://www.contoso.example/en/products",
    "https://contoso.sharepoint.com/sites/planning",
    "https://github.com/contoso/WebTools",
];

#[test]
fn a_page_beside_a_block_of_skype_for_business_is_somebodys() {
    let dots = ".".repeat(137);
    for (link, page) in [ONLINE, ON_PREMISES].into_iter().flat_map(|l| PAGES.map(|p| (l, p))) {
        for record in [Some(link), None] {
            let whole = format!("Join Skype Meeting<{link}>\n{TRAILER}");
            for block in [whole.clone(), format!("{dots}\n{whole}"), format!("{whole}\n{dots}")] {
                for above in
                    ["Hello\n", &format!("Site: {page}\nBring it.\n"), &format!("{page}\n")]
                {
                    for below in ["", "\n1. Budget\n", "\na\nb\nc\n"] {
                        let body = format!("{above}{block}\n{below}{page}\nBye\n");
                        assert_eq!(in_text(&body, record), block, "{body}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_page_beside_the_anchors_of_skype_for_business_is_somebodys() {
    for (link, page) in [ONLINE, ON_PREMISES].into_iter().flat_map(|l| PAGES.map(|p| (l, p))) {
        for record in [Some(link), None] {
            let join =
                format!("<p><a name=OutJoinLink></a><a href=\"{link}\">Join Skype Meeting</a></p>");
            let other = format!("<p><a href=\"{link}?sl=1\">Web app</a></p><p>{TRAILER}</p>");
            let page = format!("<p>Site: <a href=\"{page}\">x</a></p><p>Bring it.</p>");
            for block in [join.clone(), format!("{join}{other}")] {
                let body = format!("{page}{block}{page}<p>Bye</p>");
                assert_eq!(in_html(&body, record), block, "{body}");
            }
        }
    }
}

/// Nothing tells which of two links on servers of anybody's is the meeting's.
#[test]
fn a_page_with_words_above_a_block_may_be_its_link() {
    let body = |above: &str, below: &str| {
        format!("Site<{}>\n{above}Join<{ON_PREMISES}>\n{below}{TRAILER}\n", PAGES[0])
    };
    assert_eq!(in_text(&body("", ""), None), "Ambiguous");
    assert_eq!(in_text(&body("Bring it.\n", ""), None), "Ambiguous");
    let block = format!("Join<{ON_PREMISES}>\n{TRAILER}");
    assert_eq!(in_text(&body("", ""), Some(ON_PREMISES)), block);
    // The block's link stands in it twice; a page of the organisation's ends it.
    let block =
        format!("Join<{ON_PREMISES}>\nWeb app<{ON_PREMISES}?sl=1>\nHelp<{}>\n{TRAILER}", PAGES[0]);
    assert_eq!(in_text(&format!("Hello\n{block}\nBye\n"), None), block);
}

/// Two pages between a row of somebody's and a block's are no block.
#[test]
fn two_pages_between_rows_are_no_block() {
    let dots = ".".repeat(137);
    let block = format!("{dots}\nJoin<{ONLINE}>\n{TRAILER}\n{dots}");
    let body = format!("{dots}\n{}\n{}\n{block}\nBye\n", PAGES[0], PAGES[1]);
    assert_eq!(in_text(&body, None), block);
}
