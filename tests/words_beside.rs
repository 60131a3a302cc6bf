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

const DOWNLOAD: &str = "https://www.microsoft.com/en-us/microsoft-teams/download-app";

/// A page about the product above a block that has no row is somebody's, and so is what follows it.
#[test]
fn a_page_about_teams_above_a_block_is_somebodys() {
    let block = format!("Click here to join the meeting<{JOIN}>\n{HELP} | {OPTIONS}");
    for page in [
        format!("Get Teams: {DOWNLOAD}"),
        format!("Please test your Teams first<{DOWNLOAD}>"),
        "New to Teams? Look at https://aka.ms/JoinTeamsMeeting before.".to_owned(),
    ] {
        for words in ["", "See you there\n"] {
            let body = format!("Hi\n{page}\n{words}{block}\nBye\n");
            assert_eq!(in_text(&body, Some(JOIN)), block, "{body}");
            let named = format!("Microsoft Teams meeting\n{block}");
            let body = format!("Hi\n{page}\n{words}{named}\nBye\n");
            assert_eq!(in_text(&body, Some(JOIN)), named, "{body}");
        }
    }
    // A heading with a link to help is the block's, in any language; with other words, perhaps.
    for (label, whole) in [("Need help?", true), ("Brauchen Sie Hilfe?", true), ("guide", false)] {
        for name in ["Microsoft Teams", "Réunion Microsoft Teams"] {
            let block = format!("{name} {label}<https://aka.ms/JoinTeamsMeeting>\n{block}");
            let found = in_text(&format!("Hi\n{block}\nBye\n"), Some(JOIN));
            assert_eq!(found, if whole { block.as_str() } else { "Ambiguous" });
        }
    }
    let body = format!("Hi\nOur Microsoft Teams help<{DOWNLOAD}>\n{block}\nBye\n");
    assert_eq!(in_text(&body, Some(JOIN)), "Ambiguous");
}

#[test]
fn a_sentence_about_teams_above_a_block_is_not_cut() {
    let link = |url: &str, label: &str| format!("<a href=\"{url}\">{label}</a>");
    let options = "https://teams.microsoft.com/meetingOptions/?organizerId=a";
    let help = link("https://aka.ms/JoinTeamsMeeting", "Need help?");
    let block = format!(
        "<p>{}</p><p>{help} | {}</p>",
        link(JOIN, "Click here to join the meeting"),
        link(options, "Meeting options")
    );
    for above in [
        format!("<p>New to Teams? {} before.</p>", link(DOWNLOAD, "Get it here")),
        format!("<p>Our {}</p>", link("https://aka.ms/JoinTeamsMeeting", "Teams guide")),
    ] {
        for words in ["", "<p>See you there</p>"] {
            let body = format!("<p>Hi</p>{above}{words}{block}<p>Bye</p>");
            assert_eq!(in_html(&body, Some(JOIN)), block, "{body}");
        }
    }
    let block = format!("<p>Microsoft Teams {help}</p>{block}");
    assert_eq!(in_html(&format!("<p>Hi</p>{block}<p>Bye</p>"), Some(JOIN)), block);
}

/// A block of Teams above one of Skype for Business keeps its links.
#[test]
fn links_of_another_block_are_no_heading() {
    let other = format!(
        "Join Microsoft Teams Meeting<{JOIN}>\n\
         Learn more about Teams<https://go.microsoft.com/fwlink/?linkid=857250> | {OPTIONS}"
    );
    let block = format!(
        "Join Skype Meeting <{ONLINE}>\nTrouble Joining? Try Skype Web App <{ONLINE}?sl=1>\n{TRAILER}"
    );
    for words in ["", "\nmiddleword\n", "\n"] {
        let body = format!("Hi\n{other}\n{words}{block}\nBye\n");
        assert_eq!(in_text(&body, Some(ONLINE)), block, "{body}");
    }
}

const TILDES: &str =
    "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-";
const WAVES: &str = "-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-";
const MEET: &str = "https://meet.google.com/abc-defg-hij";
const ZOOM: &str = "https://us02web.zoom.us/j/95550199871?pwd=r0";
const GOTO: &str = "https://global.gotomeeting.com/join/555012345";
const WEBEX: &str =
    "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef";

/// Blocks that nothing frames, with the link of each.
fn unframed() -> [(&'static str, String); 3] {
    [
        (
            ZOOM,
            format!(
                "Join Zoom Meeting\n{ZOOM}\n\nMeeting ID: 955 5019 9871\nPasscode: r0\n\
                 +12065550142,,95550199871# US (Seattle)\n\
                 Find your local number: https://us02web.zoom.us/u/kAb"
            ),
        ),
        (
            GOTO,
            format!(
                "Please join my meeting from your computer, tablet or smartphone.\n{GOTO}\n\n\
                 Access Code: 555-012-345\nUnited States: +1 (206) 555-0142\n\n\
                 First GoToMeeting? Let's do a quick system check: \
                 https://link.gotomeeting.com/system-check"
            ),
        ),
        (
            WEBEX,
            format!(
                "JOIN WEBEX MEETING\n{WEBEX}\nMeeting number (access code): 9555 012 3456\n\n\
                 Meeting password: x7Kq2m\n\nCan't join the meeting?\n\
                 https://collaborationhelp.cisco.com/article/WBX000029055"
            ),
        ),
    ]
}

fn html_of(text: &str, tag: &str) -> String {
    let link = |word: &str| match word.starts_with("https://") {
        true => format!("<a href=\"{word}\">{word}</a>"),
        false => word.to_owned(),
    };
    text.lines()
        .map(|line| {
            let words: Vec<_> = line.split(' ').map(link).collect();
            format!("<{tag}>{}</{tag}>", words.join(" "))
        })
        .collect()
}

/// The frame of another product's block stays whole, and what is written beside it.
#[test]
fn a_row_of_another_products_block_is_not_taken() {
    let frame = format!(
        "{TILDES}\nJoin with Google Meet: {MEET}\n\
         More phone numbers: https://tel.meet/abc-defg-hij?pin=9355501234567\n{TILDES}"
    );
    for (link, block) in unframed() {
        for words in ["See you there\n", "\n"] {
            for text in [
                format!("Hi\n{frame}\n{words}{block}\nBye\n"),
                format!("Hi\n{block}\n{words}{frame}\nBye\n"),
            ] {
                assert_eq!(in_text(&text, Some(link)), block, "{text}");
                // It is framed, so it is surer.
                assert_eq!(in_text(&text, Some(MEET)), frame, "{text}");
                for tag in ["p", "div"] {
                    let html = html_of(&text, tag);
                    let empty = format!("<{tag}></{tag}>");
                    let found = in_html(&html, Some(link)).replace(&empty, "");
                    assert_eq!(found, html_of(&block, tag).replace(&empty, ""), "{html}");
                }
                assert_eq!(in_text(&text, None), frame, "{text}");
            }
        }
    }
}

#[test]
fn numbers_of_another_block_below_are_its_own() {
    let goto = format!(
        "Please join my meeting from your computer, tablet or smartphone.\n{GOTO}\n\
         Access Code: 555-012-345"
    );
    let zoom = format!("Join Zoom Meeting\n{ZOOM}\n+12065550142,,95550199871# US (Seattle)");
    let body = format!("Hi\n{goto}\n\n{zoom}\nBye\n");
    assert_eq!(in_text(&body, Some(GOTO)), goto);
    assert_eq!(in_text(&body, Some(ZOOM)), zoom);
}

/// Two meetings of Webex, each below its one row: whose the second row is, nothing tells.
#[test]
fn a_second_block_below_a_lone_row_keeps_its_row() {
    let other = WEBEX.replace("m0123", "m9876");
    for (_, block) in unframed().iter().filter(|(link, _)| *link == WEBEX) {
        let second = block.replace(WEBEX, &other).replace("9555 012 3456", "9555 077 3456");
        let body = format!("Hi\n{WAVES}\n{block}\nSee you there\n{WAVES}\n{second}\nBye\n");
        assert_eq!(in_text(&body, Some(WEBEX)), "Ambiguous");
    }
}

#[test]
fn words_between_an_unclosed_block_and_another_frame_are_in_doubt() {
    let row = "_".repeat(80);
    let block = |link: &str| {
        format!("{row}\nMicrosoft Teams meeting\nJoin: {link}\nFor organizers: {OPTIONS}")
    };
    let other = JOIN.replace("QUJD", "WFla");
    let frame = format!("{}\n{row}", block(&other));
    for words in ["See you there!\nAnna\nAnd the other one:\n", "See you\n", ""] {
        let body = format!("Hi\n{}\n{words}\n{frame}\nBye\n", block(JOIN));
        assert_eq!(in_text(&body, Some(JOIN)), "Ambiguous", "{body}");
    }
    // Nor does the row follow a block that has none.
    let bare = format!("Microsoft Teams meeting\nJoin: {JOIN}\nFor organizers: {OPTIONS}");
    let body = format!("Hi\n{bare}\n\n{frame}\nBye\n");
    assert_eq!(in_text(&body, Some(JOIN)), "Ambiguous");
    // A row of its own ends it, whatever follows.
    let own = format!("{}\n{row}", block(JOIN));
    for below in
        [format!("And the other one:\n{frame}"), frame, other.clone(), format!("Join: {other}\nHi")]
    {
        let body = format!("Hi\n{own}\n\n{below}\nBye\n");
        assert_eq!(in_text(&body, Some(JOIN)), own, "{body}");
    }
}

/// The links of a whole block may be far from one another; another's below it changes nothing.
#[test]
fn a_long_block_between_rows_stands_above_another() {
    let row = "\u{2500}".repeat(10);
    let link = "https://us02web.zoom.us/j/95550123456";
    for numbers in 1..12 {
        let numbers = "+1 206 555 0170\n".repeat(numbers);
        let block = format!(
            "{row}\nJoin Zoom Meeting\n{link}\nMeeting ID: 955 5012 3456\nPasscode: 1\nDial in\n\
             {numbers}Local: https://us02web.zoom.us/u/kC\n{row}"
        );
        let below = "https://us02web.zoom.us/j/46177775906\nLocal: https://us02web.zoom.us/u/kD\n";
        let record = Record::new(Provider::ZOOM, link);
        let body = format!("Hi\n\n{block}\n{below}");
        match locate(&Body::text(body.as_str()), Some(&record), &Options::new()) {
            Found::One(found) => assert_eq!(&body[found.span], block),
            other => panic!("{body} {other:?}"),
        }
    }
}
