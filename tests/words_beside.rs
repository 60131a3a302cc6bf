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

/// No heading of another product's goes with a block.
#[test]
fn the_name_of_another_product_is_somebodys() {
    let block = format!("Join Skype Meeting<{ONLINE}>\n{TRAILER}");
    for name in ["Microsoft Teams", "Microsoft Teams meeting"] {
        assert_eq!(in_text(&format!("{name}\n{block}\nBye\n"), Some(ONLINE)), block);
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

const JOIN: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0";
const HELP: &str = "Need help?<https://aka.ms/JoinTeamsMeeting>";
const OPTIONS: &str = "Meeting options<https://teams.microsoft.com/meetingOptions/?organizerId=a>";

/// Pages of Microsoft's that blocks of Teams lead to, and anybody else may.
const FOR_EVERYBODY: [&str; 3] = [
    "https://go.microsoft.com/fwlink/?LinkId=1234",
    "https://mysettings.lync.com/pstnconferencing",
    "https://www.microsoft.com/en-us/microsoft-teams/download-app",
];

#[test]
fn words_between_an_unclosed_block_and_a_page_for_everybody_are_in_doubt() {
    let row = "_".repeat(80);
    let head = format!("Microsoft Teams meeting\nJoin: {JOIN}\n");
    for page in FOR_EVERYBODY {
        for words in ["Please read\n1. Budget\n", "Please read\n"] {
            for (head, help) in [(format!("{row}\n{head}"), HELP), (head.clone(), "See you")] {
                let block = format!("{head}{help}\n\n{words}2. Slides {page}\n");
                let body = format!("Hello\n\n{block}Bye\n");
                let found = in_text(&body, Some(JOIN));
                assert!(found == "Ambiguous" || found.starts_with("Absent"), "{body}{found}");
                // A row, or a link that only the block has, says that it goes on.
                if head.starts_with('_') {
                    for end in [row.as_str(), OPTIONS] {
                        let block = format!("{block}{end}");
                        let body = format!("Hello\n\n{block}\nBye\n");
                        assert_eq!(in_text(&body, Some(JOIN)), block, "{body}");
                    }
                }
            }
        }
        // What Teams writes between its links are no words of anybody's.
        let rule = "_".repeat(32);
        for between in ["", &format!("Meeting ID: 234 567\nPasscode: aB3\n{rule}\n")] {
            let block = format!("{row}\n{head}{between}{HELP} | More<{page}>");
            assert_eq!(in_text(&format!("Hello\n{block}\nBye\n"), Some(JOIN)), block);
        }
        let block = format!("{row}\n{head}{HELP}\nPhone conference ID: 55501\nMore<{page}>");
        assert_eq!(in_text(&format!("Hello\n{block}\nBye\n"), Some(JOIN)), block);
    }
}

#[test]
fn the_nearest_heading_begins_a_block() {
    let below = format!("Join the meeting now<{JOIN}>\n{HELP} | {OPTIONS}");
    let named = format!("Microsoft Teams meeting\n{below}");
    for (above, block) in [
        ("Hello\nMicrosoft Teams\nPlease be on time\n", &named),
        ("Hello\nMicrosoft Teams\n", &named),
        ("Hello\nMicrosoft Teams meeting\nPlease be on time\n", &named),
        ("Hello\n", &format!("Microsoft Teams meeting\nJoin on your computer\n{below}")),
        ("Hello\n", &format!("Microsoft Teams-Besprechung\n{named}")),
        ("Hello\n", &format!("Microsoft Teams\n{below}")),
    ] {
        assert_eq!(in_text(&format!("{above}{block}\n\nBye\n"), Some(JOIN)), **block, "{above}");
    }
    // All of it stands below its row.
    let row = "_".repeat(80);
    let block = format!("{row}\nMicrosoft Teams\n{named}\n{row}");
    assert_eq!(in_text(&format!("Hello\n{block}\nBye\n"), Some(JOIN)), block);
}

/// In HTML that was made of text the link is written out, its label before it.
#[test]
fn the_label_before_a_written_link_goes_with_it() {
    let link = |url: &str| format!("<a href=\"{url}\">{url}</a>");
    let options = "https://teams.microsoft.com/meetingOptions/?organizerId=a";
    let row = "_".repeat(80);
    let sfb = format!("&lt;{}&gt;<br>{TRAILER}", link(ONLINE));
    let teams = format!("<br>Options&lt;{}&gt;<br>{row}", link(options));
    let join = link(JOIN);
    for (block, record) in [
        (format!("Join Skype Meeting {sfb}"), ONLINE),
        (format!("--&gt; Join Skype Meeting {sfb}"), ONLINE),
        (format!("An Skype-Besprechung teilnehmen {sfb}"), ONLINE),
        (format!("Click here to join the meeting &lt;{join}&gt;{teams}"), JOIN),
        (format!("Join: {join}{teams}"), JOIN),
    ] {
        for (before, behind) in [("<p>Hello<br><br>", "<br>Bye</p>"), ("<div>", "</div>Bye")] {
            let body = format!("{before}{block}{behind}");
            assert_eq!(in_html(&body, Some(record)), block, "{body}");
        }
    }
    // Somebody's words stay, and leave no bracket behind.
    let body = format!("<p>Please Join Skype Meeting {sfb}<br>Bye</p>");
    assert_eq!(in_html(&body, Some(ONLINE)), "Ambiguous");
    let body = format!("<p>Hello {join}{teams}<br>Bye</p>");
    assert_eq!(in_html(&body, Some(JOIN)), format!("{join}{teams}"));
}

/// Outlook wraps its rows; one half may have been lost.
#[test]
fn half_a_row_beside_a_block_is_doubt() {
    let (start, rest) = (".".repeat(71), ".".repeat(66));
    let block =
        format!("Join Skype Meeting<br>&lt;<a href=\"{ONLINE}\">{ONLINE}</a>&gt;<br>{TRAILER}");
    for half in [&start, &rest] {
        for body in [
            format!("<p>Hello<br>{half}<br>{block}<br>{half}<br>Bye</p>"),
            format!("<p>Hello<br>{half}<br>{block}<br>Bye</p>"),
            format!("<p>Hello<br>{block}<br>{half}<br>Bye</p>"),
        ] {
            assert_eq!(in_html(&body, Some(ONLINE)), "Ambiguous", "{body}");
        }
    }
    let rows = format!("{start}<br>{rest}");
    let whole = format!("{rows}<br>{block}<br>{rows}");
    assert_eq!(in_html(&format!("<p>Hello<br>{whole}<br>Bye</p>"), Some(ONLINE)), whole);
    // The label on a line of its own goes with the link below it.
    for arrow in ["", "--&gt; "] {
        let block = format!("{arrow}{block}");
        let body = format!("<p>Hello<br>{block}<br>Bye</p>");
        assert_eq!(in_html(&body, Some(ONLINE)), block);
    }
    let text = format!("Join Skype Meeting\n<{ONLINE}>\n{TRAILER}");
    assert_eq!(in_text(&format!("Hello\n{text}\nBye\n"), Some(ONLINE)), text);
    // Another number of stops is anybody's.
    let body = format!("<p>Hello<br>{}<br>{block}<br>....<br>Bye</p>", ".".repeat(60));
    assert_eq!(in_html(&body, Some(ONLINE)), block);
}
