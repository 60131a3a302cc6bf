//! Blocks that nothing frames, between whatever people write: exact, or left alone.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::block::{Found, Options, Rewrite, locate, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};
use proptest::prelude::*;

/// Join link, then the lines of a block.
const BLOCKS: [(&str, &[&str]); 4] = [
    (
        "https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
        &[
            "Join Zoom Meeting",
            "https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
            "",
            "Meeting ID: 955 5012 3456",
            "Passcode: x7Kq2m",
            "One tap mobile",
            "+12065550142,,95550123456#,,,,*550142# US (Seattle)",
            "",
            "Dial by your location",
            "        +1 206 555 0142 US (Seattle)",
            "        +1 312 555 0143 US (Chicago)",
            "Meeting ID: 955 5012 3456",
            "Passcode: 550142",
            "Find your local number: https://us02web.zoom.us/u/kAb3dEf",
        ],
    ),
    (
        "https://meet.google.com/abc-defg-hij",
        &[
            "Google Meet joining info",
            "Video call link: https://meet.google.com/abc-defg-hij",
            "Or dial: (US) +1 206-555-0142 PIN: 550142#",
            "More phone numbers: https://tel.meet/abc-defg-hij?pin=9355501234567",
        ],
    ),
    (
        "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef",
        &[
            "JOIN WEBEX MEETING",
            "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef",
            "Meeting number (access code): 9555 012 3456",
            "",
            "Meeting password: x7Kq2m",
            "JOIN BY PHONE",
            "1-206-555-0142 Call-in toll number (US/Canada)",
            "",
            "Can't join the meeting?",
            "https://collaborationhelp.cisco.com/article/WBX000029055",
        ],
    ),
    (
        "https://global.gotomeeting.com/join/955501234",
        &[
            "Please join my meeting from your computer, tablet or smartphone.",
            "https://global.gotomeeting.com/join/955501234",
            "",
            "You can also dial in using your phone.",
            "United States: +1 (206) 555-0142",
            "Access Code: 955-501-234",
            "",
            "First GoToMeeting? Let's do a quick system check: https://link.gotomeeting.com/system-check",
        ],
    ),
];

/// What people write: lines like those of blocks, which leave no doubt about a whole one.
const WRITTEN: [&str; 15] = [
    "Agenda: budget",
    "Ann Berg",
    "+1 555 0100",
    "Mobile: +1 (555) 010-0199",
    "Passcode: ask-Ann",
    "Password: 12345678",
    "Bring laptops",
    "Bring the plan, the numbers of last year, and whatever else you have promised to bring.",
    "https://contoso.example/agenda/12345678",
    "Dial by your location",
    "----------",
    "=====",
    "Order 4500123456 is open",
    "Zoom",
    "See you!",
];

/// Lines like those of blocks, and lines like nothing of the kind.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(WRITTEN.to_vec()).prop_map(str::to_owned),
        prop::sample::select(vec![
            "",
            "1. Numbers of 2026-11-22",
            "Need help? https://intranet.contoso.example/help",
            "We use Zoom, Webex or Meet today",
            "--",
            "Room: 7",
            "> quoted",
            "\u{65e5}\u{672c}\u{8a9e}\u{306e}\u{8b70}\u{984c}",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z]{1,8}( [a-z]{1,8}){0,6}",
        "[A-Z][a-z]{2,8}: [0-9 ]{3,14}",
    ]
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(line(), 0..5)
}

fn check(
    before: &[String],
    (join, block): (&str, &[&str]),
    after: &[String],
    record: bool,
    html: bool,
) -> Result<bool, TestCaseError> {
    let all = before
        .iter()
        .map(String::as_str)
        .chain(block.iter().copied())
        .chain(after.iter().map(String::as_str));
    let body = if html {
        let row =
            |line: &str| format!("<p>{}</p>\n", line.replace('&', "&amp;").replace('>', "&gt;"));
        Body::html(all.map(row).collect::<String>())
    } else {
        Body::text(all.collect::<Vec<_>>().join("\n"))
    };
    let new = Coordinates::new(
        Provider::TEAMS,
        Link::new("https://teams.microsoft.com/meet/234?p=Ab").unwrap(),
    );
    let record = record.then(|| Record::new(Provider::ZOOM, join));
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let Rewrite::Replaced { block: found, .. } = rewrite(&body, record.as_ref(), &new, &options)
    else {
        return Ok(false);
    };
    let text = body.as_unicode().unwrap();
    let old = &text[found.span.clone()];
    let first = block[0].replace('&', "&amp;");
    let last = block[block.len() - 1].replace('&', "&amp;");
    prop_assert!(old.trim_start_matches("<p>").starts_with(&first), "{text}\n-- starts --\n{old}");
    prop_assert!(old.trim_end_matches("</p>").ends_with(&last), "{text}\n-- ends --\n{old}");
    prop_assert_eq!(old.matches(&*last).count(), 1);
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_beside_a_block_goes_with_it(
        before in lines(), block in 0..BLOCKS.len(), after in lines(), record: bool, html: bool,
    ) {
        check(&before, BLOCKS[block], &after, record, html)?;
    }
}

#[test]
fn between_plain_lines_each_is_replaced() {
    for block in BLOCKS {
        for (record, html) in [(false, false), (false, true), (true, false), (true, true)] {
            let before = ["Agenda: budget".to_owned(), "See you!".to_owned()];
            let replaced = check(&before, block, &["Ann Berg".to_owned()], record, html);
            assert!(replaced.unwrap(), "{}", block.0);
        }
    }
}

/// What becomes of `body` when the meeting is recorded: the rest outside the new block, or none.
fn rest(body: &Body, record: &str) -> Option<[String; 2]> {
    let record = Record::new(Provider::TEAMS, record);
    let new = serde_json::from_str(NEW_TEAMS).unwrap();
    match rewrite(body, Some(&record), &new, &Options::new()) {
        Rewrite::Replaced { body, written, .. } => {
            let text = String::from_utf8(body.as_bytes().to_vec()).unwrap();
            Some([text[..written.start].to_owned(), text[written.end..].to_owned()])
        }
        _ => None,
    }
}

const NEW_TEAMS: &str = r#"{"provider": "teams",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"}"#;
const JOIN: &str =
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0?context=%7b%7d";
const OPTIONS: &str = "https://teams.microsoft.com/meetingOptions/?organizerId=a&tenantId=b";

#[test]
fn words_on_the_line_of_the_first_or_last_written_out_link_are_not_lost() {
    let first = format!("Join Microsoft Teams Meeting<{JOIN}>");
    let last = format!("Learn more<https://aka.ms/JoinTeamsMeeting> | Meeting options<{OPTIONS}>");
    let plain = format!("Agenda\n{first}\n{last}\nBring the plan.\n");
    let expected = ["Agenda\n", "\nBring the plan.\n"].map(str::to_owned);
    assert_eq!(rest(&Body::text(plain.as_str()), JOIN), Some(expected));
    for (before, behind) in [("Agenda ", ""), ("See you. ", ""), ("", " Bring the plan.")] {
        let body = format!("{before}{first}\n{last}{behind}\n");
        assert_eq!(rest(&Body::text(body.as_str()), JOIN), None, "{body}");
        let html = body.replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>");
        assert_eq!(rest(&Body::html(html.as_str()), JOIN), None, "{html}");
    }
    let help = "Microsoft Teams Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>";
    let body = |before: &str| {
        format!("{before}{help}\nJoin the meeting now<{JOIN}>\nMeeting options<{OPTIONS}>\n")
    };
    assert_eq!(rest(&Body::text(body("")), JOIN), Some([String::new(), "\n".to_owned()]));
    assert_eq!(rest(&Body::text(body("Agenda ")), JOIN), None);
}

#[test]
fn the_name_of_the_product_before_its_help_goes_with_the_block() {
    let block = format!(
        "<p><b>Microsoft Teams</b> <a href=\"https://aka.ms/JoinTeamsMeeting\">Hilfe?</a></p>\
         <p><a href=\"{JOIN}\">Jetzt teilnehmen</a></p><p><a href=\"{OPTIONS}\">Optionen</a></p>"
    );
    let html = format!("<p>Agenda</p>{block}<p>Plan</p>");
    let expected = ["<p>Agenda</p>", "<p>Plan</p>"].map(str::to_owned);
    assert_eq!(rest(&Body::html(html.as_str()), JOIN), Some(expected));
    let html = html.replace("</b> ", "</b> is what we use: ");
    assert!(rest(&Body::html(html), JOIN).is_none_or(|[head, _]| head.contains("what we use")));
}

#[test]
fn a_row_of_underscores_that_was_wrapped_is_a_fence() {
    for width in [64, 71, 72, 76] {
        let row = format!("{}\n{}", "_".repeat(width), "_".repeat(80 - width));
        let text = format!("Agenda\n{row}\nJoin<{JOIN}>\nOptions<{OPTIONS}>\n{row}\nPlan\n");
        let expected = ["Agenda\n", "\nPlan\n"].map(str::to_owned);
        assert_eq!(rest(&Body::text(text), JOIN), Some(expected), "{width}");
    }
}

#[test]
fn a_row_of_full_stops_or_tildes_that_was_wrapped_is_a_fence() {
    let meet = "https://meet.google.com/abc-defg-hij";
    let tildes = format!("-::~:~::~{}::~:~::-", ":~".repeat(33));
    let numbers = "Numbers<https://dialin.contoso.example/?id=1>";
    let sfb = "https://meet.contoso.example/ann/AB12CD34";
    for width in [64, 71, 72, 75, 76] {
        for (row, link, more) in
            [(&tildes, meet, "Plan of Google"), (&".".repeat(137), sfb, numbers)]
        {
            let wrapped = format!("{}\n{}", &row[..width], &row[width..]);
            for [first, last] in [[&wrapped, &wrapped], [row, &wrapped], [&wrapped, row]] {
                let text = format!("Agenda\n{first}\nJoin<{link}>\n{more}\n{last}\nPlan\n");
                let expected = ["Agenda\n", "\nPlan\n"].map(str::to_owned);
                assert_eq!(rest(&Body::text(text.as_str()), link), Some(expected), "{text}");
            }
        }
    }
}

/// Mail programs that wrap put links on lines of their own.
#[test]
fn links_on_lines_of_their_own_part_no_heading_from_its_row() {
    let row = "_".repeat(80);
    let block = format!(
        "{row}\nMicrosoft Teams Need help?\n<https://aka.ms/JoinTeamsMeeting?omkt=en-US>\n\
         Join the meeting now\n<{JOIN}>\nMeeting ID: 234 567 890 12\nMeeting options\n<{OPTIONS}>\n{row}"
    );
    let expected = ["Agenda\n", "\nPlan\n"].map(str::to_owned);
    assert_eq!(rest(&Body::text(format!("Agenda\n{block}\nPlan\n")), JOIN), Some(expected.clone()));
    // The long link beside the short one.
    let short = "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6h";
    let twice = format!(
        "{row}\nMicrosoft Teams meeting\nJoin:\n<{short}>\nMeeting ID: 234 567 890 123 4\nNeed help?\n\
         <https://aka.ms/JoinTeamsMeeting?omkt=en-US> | System reference\n<{JOIN}>\n\
         For organizers: Meeting options\n<{OPTIONS}>\n{row}"
    );
    for record in [short, JOIN] {
        let text = format!("Agenda\n{twice}\nPlan\n");
        assert_eq!(rest(&Body::text(text), record), Some(expected.clone()), "{record}");
        // Behind words of somebody's it is another meeting's.
        let other = twice.replace(" | System reference\n", "\nSee\n");
        let text = format!("Agenda\n{other}\nPlan\n");
        assert_eq!(rest(&Body::text(text), record), None, "{record}");
    }
    let somebodys = block.replacen('\n', "\nBring the plan.\n", 1);
    assert_eq!(rest(&Body::text(format!("Agenda\n{somebodys}\nPlan\n")), JOIN), None);
}

#[test]
fn words_between_somebodys_row_and_a_heading_are_not_lost() {
    let link =
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_MTAx%40thread.v2/0?context=%7b%7d";
    let row = "_".repeat(80);
    let block = format!(
        "Microsoft Teams meeting\nJoin on your computer or mobile app\n\
         Click here to join the meeting<{link}>\n\
         Learn More<https://aka.ms/JoinTeamsMeeting> | Meeting options<https://teams.microsoft.com/meetingOptions/?x=1>\n{row}\nPlan\n"
    );
    let record = Record::new(Provider::TEAMS, link);
    let found = |text: String| locate(&Body::text(text), Some(&record), &Options::new());
    let own = found(format!("Notes\n{row}\nBring the figures, please.\n\n{block}"));
    assert!(matches!(own, Found::Ambiguous(_)), "{own:?}");
    let framed = found(format!("Notes\n{row}\n{block}"));
    assert!(matches!(framed, Found::One(_)), "{framed:?}");
}

#[test]
fn words_behind_a_trailer_are_not_lost() {
    let link = "https://meet.contoso.example/ann/AB12CD34";
    let row = ".".repeat(137);
    let text = |behind: &str| {
        Body::text(format!(
            "Notes\n{row}\nJoin Skype Meeting<{link}>\nFind a local number<https://dialin.contoso.example/?id=1>\n\n\
             Conference ID: 123456\n[!OC([1033])!]{behind}\nMore.\n"
        ))
    };
    let record = Record::new(Provider::SKYPE_FOR_BUSINESS, link);
    let found = |behind: &str| locate(&text(behind), Some(&record), &Options::new());
    assert!(matches!(found(""), Found::One(_)), "{:?}", found(""));
    assert!(matches!(found(" Bring it."), Found::Ambiguous(_)), "{:?}", found(" Bring it."));
}

/// Lines that are like those of a block stand beside one that is whole.
#[test]
fn beside_a_whole_block_any_line_stays() {
    const MORE: [&str; 6] = [
        "Call +1 555 010 0199 instead",
        "Topic: the plan",
        "a\nb",
        "Room: 7\nSee you!",
        "+1 555 0100\nHello",
        "Bring laptops\n+1 555 0100",
    ];
    for beside in WRITTEN.into_iter().chain(MORE) {
        let lines: Vec<_> = beside.lines().map(str::to_owned).collect();
        for block in BLOCKS {
            for (record, html) in [(false, false), (false, true), (true, false), (true, true)] {
                let context = format!("{beside:?} beside {}", block.0);
                assert!(check(&lines, block, &[], record, html).unwrap(), "before: {context}");
                assert!(check(&[], block, &lines, record, html).unwrap(), "after: {context}");
            }
        }
    }
}

/// A block that somebody cut short reaches to the last line that is surely its own; when
/// what follows may be its own too, it is left alone.
#[test]
fn a_block_cut_short_ends_where_it_is_sure() {
    const LINE: &str = "Bring the plan, the numbers of last year, and all that you have promised.";
    let [zoom, .., goto] = BLOCKS;
    const ID: Option<&str> = Some("Meeting ID: 955 5012 3456");
    let rows: [(_, usize, &str, Option<&str>); 28] = [
        // Sentences, cries and empty fields are no numbers, headings or facts.
        (zoom, 4, "Please call me on +1 555 0100 if you cannot find the room", ID),
        (
            zoom,
            4,
            "Bring the plan, the numbers and all that you promised, please!\n+1 555 0100",
            ID,
        ),
        (zoom, 4, "See you!\n+1 555 0100", ID),
        (zoom, 4, "Agenda:", ID),
        (zoom, 4, "Topic: the plan", ID),
        (zoom, 4, "=====\nAnn Berg\n+1 555 0100", None),
        (zoom, 4, "Meeting password: x7Kq2m\nAnn Berg", Some("Meeting password: x7Kq2m")),
        (zoom, 4, "Senha: x7Kq2m\nAnn Berg", Some("Senha: x7Kq2m")),
        (zoom, 2, "Ann Berg", None),
        (zoom, 4, "Ann Berg", Some("Meeting ID: 955 5012 3456")),
        (zoom, 4, LINE, Some("Meeting ID: 955 5012 3456")),
        (zoom, 4, "See you!", Some("Meeting ID: 955 5012 3456")),
        (zoom, 4, "=====", Some("Meeting ID: 955 5012 3456")),
        (zoom, 4, "https://contoso.example/1", Some("Meeting ID: 955 5012 3456")),
        (zoom, 4, "+1 555 0100", None),
        (zoom, 4, "Room: 7", None),
        (zoom, 4, "Ann Berg\n+1 555 0100", None),
        (zoom, 4, "Ann Berg\nPetra\n+1 555 0100", Some("Meeting ID: 955 5012 3456")),
        (zoom, 5, "Ann Berg", Some("Passcode: x7Kq2m")),
        (zoom, 5, "Passcode: ask-Ann", None),
        (zoom, 6, "Ann Berg", Some("Passcode: x7Kq2m")),
        (zoom, 7, "Ann Berg", Some("+12065550142,,95550123456#,,,,*550142# US (Seattle)")),
        (zoom, 10, "Ann Berg", None),
        (zoom, 13, "Passcode: ask-Ann", Some("Passcode: 550142")),
        (zoom, 13, "+1 555 0100", Some("Passcode: 550142")),
        (goto, 5, "Ann Berg", None),
        (goto, 6, "Ann Berg", Some("Access Code: 955-501-234")),
        (goto, 6, "+1 555 0100", None),
    ];
    for ((join, lines), cut, behind, last) in rows {
        let text = format!("Agenda\n{}\n{behind}\n", lines[..cut].join("\n"));
        let record = Record::new(Provider::ZOOM, join);
        let found = match locate(&Body::text(text.as_str()), Some(&record), &Options::new()) {
            Found::One(block) => text[block.span].lines().next_back().map(str::to_owned),
            _ => None,
        };
        assert_eq!(found.as_deref(), last, "{text}");
        // Without a record only a whole block is one.
        let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
        let found = locate(&Body::text(text.as_str()), None, &options);
        assert!(!matches!(found, Found::One(_)), "{text}");
    }
}

/// Outside and inside of what is replaced when Zoom's link is recorded, or none.
fn zoom(body: &Body) -> Option<[String; 3]> {
    let record = Record::new(Provider::ZOOM, BLOCKS[0].0);
    let Found::One(block) = locate(body, Some(&record), &Options::new()) else { return None };
    let text = body.as_unicode().unwrap();
    let (start, end) = (block.span.start, block.span.end);
    Some([&text[..start], &text[start..end], &text[end..]].map(str::to_owned))
}

#[test]
fn what_stands_above_or_before_a_link_goes_with_it_only_as_a_heading() {
    let join = BLOCKS[0].0;
    let id = "Meeting ID: 955 5012 3456";
    let link = format!("<a href=\"{join}\">Join Zoom Meeting</a>");
    for (before, own) in [
        ("<p>Please come: ", ""),
        ("<p>Agenda</p><p>", ""),
        ("<p><a href=\"https://contoso.example/\">Join Zoom Meeting</a></p><p>", ""),
        ("<p>Please come: </p>", "<p>Join Zoom Meeting</p><p>"),
    ] {
        let body = Body::html(format!("{before}{own}{link}</p><p>{id}</p><p>Plan</p>"));
        let [head, block, tail] = zoom(&body).unwrap_or_else(|| panic!("{before}{own}"));
        assert!(head.starts_with(before.trim_end_matches("<p>")), "{head}");
        assert!(block.contains(own.trim_end_matches("<p>")) && block.contains(id), "{block}");
        assert!(tail.contains("Plan"), "{tail}");
    }
    let text = |before: &str| zoom(&Body::text(format!("{before}{join}>\n{id}\n\nPlan\n")));
    assert_eq!(text("Agenda\nPlease come. Join Zoom<"), None);
    let dots = ".".repeat(137);
    let above = |before: &str| text(before).map(|[head, ..]| head);
    assert_eq!(above(&format!("Agenda\n{dots}\n<")), Some(format!("Agenda\n{dots}\n")));
    for heading in ["Join Zoom Meeting", "Ann Berg is inviting you to a scheduled Zoom meeting."] {
        assert_eq!(above(&format!("Agenda\n{heading}\n<")).as_deref(), Some("Agenda\n"));
    }
}

#[test]
fn words_behind_the_last_link_stay() {
    let (join, last) = (BLOCKS[0].0, "https://us02web.zoom.us/u/kAb3dEf");
    let html = format!(
        "<p><a href=\"{join}\">Join Zoom Meeting</a></p><p>Meeting ID: 955 5012 3456</p>\
         <p><a href=\"{last}\">Find your local number</a> Bring the plan.</p>"
    );
    let [_, block, tail] = zoom(&Body::html(html)).unwrap();
    assert!(block.contains(last) && tail == " Bring the plan.</p>", "{tail}");
}

#[test]
fn a_block_ends_where_an_earlier_message_begins() {
    let (join, id) = (BLOCKS[0].0, "Meeting ID: 955 5012 3456");
    for rule in ["-----Original Message-----", "-----Original Appointment-----"] {
        let body = Body::text(format!("Agenda\nJoin Zoom Meeting\n{join}\n{id}\n{rule}\n{id}\n"));
        let [.., tail] = zoom(&body).unwrap();
        assert_eq!(tail, format!("\n{rule}\n{id}\n"));
    }
}

/// What is found of Zoom's meeting in lines below "Agenda": its lines, or the answer's name.
fn zoom_in(lines: &[&str], record: bool) -> String {
    let text = ["Agenda", &lines.join("\n"), ""].join("\n");
    let record = record.then(|| Record::new(Provider::ZOOM, BLOCKS[0].0));
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    match locate(&Body::text(text.as_str()), record.as_ref(), &options) {
        Found::One(block) => text[block.span].to_owned(),
        Found::Ambiguous(_) => "ambiguous".to_owned(),
        Found::Absent(_) => "absent".to_owned(),
        other => format!("{other:?}"),
    }
}

/// A heading, its link and the meeting's id; and the last link of the product's.
const ZOOM: [&str; 3] = [
    "Join Zoom Meeting",
    "https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
    "Meeting ID: 955 5012 3456",
];
const LAST: &str = "Find your local number: https://us02web.zoom.us/u/kAb3dEf";

#[test]
fn a_block_that_nobody_recorded_has_numbers_and_a_link_of_the_products_own() {
    let [heading, join, id] = ZOOM;
    let call = "+12065550142,,95550123456# US<tel:+12065550142,,95550123456#>";
    for lines in [
        &[heading, join, LAST][..],
        &[heading, join, id],
        &[heading, join, "One tap mobile", call],
        &[heading, join, "Details: https://contoso.example/95550123456"],
    ] {
        assert_eq!(zoom_in(lines, false), "absent", "{lines:?}");
    }
    let whole = [heading, join, id, LAST];
    assert_eq!(zoom_in(&whole, false), whole.join("\n"));
    // The meeting's number may stand in the link.
    let meet = "Google Meet joining info\n\
        Video call link: https://meet.google.com/abc-defg-hij\n\
        More phone numbers: https://tel.meet/abc-defg-hij?pin=9355501234567";
    assert_eq!(zoom_in(&[meet, "Plan"], false), meet);
}

#[test]
fn rows_around_a_block_that_is_recorded() {
    let box_line = "\u{2500}".repeat(10);
    let tildes = format!("-::~:~::~{}::~:~::-", ":~".repeat(14));
    let whole = [&[&*box_line][..], &ZOOM].concat();
    // A row of another kind ends no block, nor do words and a row.
    assert_eq!(zoom_in(&[&whole[..], &[&tildes, "Plan"]].concat(), true), whole.join("\n"));
    let closed = [&whole[..], &["Plan", &box_line]].concat();
    assert_eq!(zoom_in(&[&closed[..], &["Ann"]].concat(), true), closed.join("\n"));
    let closed = [&ZOOM[..], &[&*box_line]].concat();
    assert_eq!(zoom_in(&[&closed[..], &["Plan"]].concat(), true), closed.join("\n"));
    // Words on the row's line, with and without a link.
    for words in ["Plan", "https://contoso.example/plan"] {
        let glued = format!("{words} {box_line}");
        assert_eq!(zoom_in(&[&ZOOM[..], &[&glued, "Ann"]].concat(), true), "ambiguous", "{words}");
        let closed = [&whole[..], &[&*glued]].concat();
        assert_eq!(zoom_in(&[&closed[..], &["Ann"]].concat(), true), closed.join("\n"));
    }
    let glued = format!("{LAST} {box_line}");
    let closed = [&ZOOM[..], &[&*glued]].concat();
    assert_eq!(zoom_in(&[&closed[..], &["Ann"]].concat(), true), closed.join("\n"));
}

/// Words end a block; a link of the product's behind them, or a row near by, says that it may
/// go on.
#[test]
fn words_below_a_block_that_may_go_on() {
    let box_line = "\u{2500}".repeat(10);
    let sure = ZOOM.join("\n");
    for (below, found) in [
        (&["Ann Berg", "Petra", "Plan", LAST][..], "ambiguous"),
        (&["https://contoso.example/plan", LAST], "ambiguous"),
        (&["https://contoso.example/plan", "Plan", &box_line], "ambiguous"),
        (&["Ann Berg", "Petra", &box_line], "ambiguous"),
        (&["Ann Berg", "Petra", "Plan", "Plan", "Plan", &box_line], "ambiguous"),
        (&["Ann Berg", "Petra", "Plan", "Plan", "Plan", "Plan", &box_line], &sure),
        (&["Ann Berg", "Petra", "Plan"], &sure),
    ] {
        assert_eq!(zoom_in(&[&ZOOM[..], below, &["Ann"]].concat(), true), found, "{below:?}");
    }
}

/// Long lines are nobody's numbers, headings and facts.
#[test]
fn long_lines_end_a_block() {
    let sure = ZOOM.join("\n");
    let (digits, word) = ("0123456789".repeat(15), "x".repeat(90));
    let fact = |length: usize| format!("Room: {}", "x".repeat(length));
    for (line, found) in [
        (&*digits, &*sure),
        (&digits[..140], "ambiguous"),
        (&format!("{word}\n+1 555 0100"), &sure),
        (&format!("{}\n+1 555 0100", &word[..80]), "ambiguous"),
        (&fact(554), "ambiguous"),
        (&fact(300), "ambiguous"),
        (&fact(2000), &sure),
    ] {
        assert_eq!(zoom_in(&[&ZOOM[..], &[line, "Plan"]].concat(), true), found, "{line}");
    }
}

/// With a row above it, a block begins with the row: what stands between is its own.
#[test]
fn a_row_on_the_line_of_the_button() {
    let box_line = "\u{2500}".repeat(10);
    let [heading, join, id] = ZOOM;
    let block = format!("<p>{box_line} Call: <a href=\"{join}\">{heading}</a></p><p>{id}</p>");
    let [head, own, tail] = zoom(&Body::html(format!("<p>Agenda</p>{block}<p>Plan</p>"))).unwrap();
    assert_eq!([&*head, &*own, &*tail], ["<p>Agenda</p>", &block, "<p>Plan</p>"]);
}

/// The meeting's id below facts is its own, however many they are.
#[test]
fn an_id_below_many_facts() {
    let [heading, join, id] = ZOOM;
    for count in 0..12 {
        let facts: Vec<_> = (0..count).map(|i| format!("Point{i}: x{i}")).collect();
        let facts: Vec<_> = facts.iter().map(String::as_str).collect();
        let lines = [&[heading, join][..], &facts, &["", id]].concat();
        let found = zoom_in(&[&lines[..], &["", "Plan"]].concat(), true);
        assert_eq!(found, lines.join("\n"), "{count}");
    }
}

const WEBEX: &str =
    "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef";
const WEBEX_NUMBERS: &str =
    "https://contoso.webex.com/contoso/globalcallin.php?MTID=mfedcba98765432100123456789abcdef";

/// What mails and add-ins wrote in other years: the lines, and whether they are a block when
/// nothing is recorded.
const OTHERS: [(&str, &[&str], bool); 15] = [
    // Webex, 2013: headings between rules, and links elsewhere on its site.
    (
        WEBEX,
        &[
            "-------------------------------------------------------",
            "To join the online meeting (Now from mobile devices!)",
            "-------------------------------------------------------",
            "1. Go to https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef",
            "2. If requested, enter your name and email address.",
            "3. If a password is required, enter the meeting password: 123456",
            "4. Click \"Join\".",
            "",
            "To view in other time zones or languages, please click the link:",
            "https://contoso.webex.com/contoso/j.php?MTID=mfedcba98765432100123456789abcdef",
            "",
            "-------------------------------------------------------",
            "To join the audio conference only",
            "-------------------------------------------------------",
            "Call-in toll number (US/Canada): 1-206-555-0142",
            "",
            "Access code:615 555 219",
            "",
            "-------------------------------------------------------",
            "For assistance",
            "-------------------------------------------------------",
            "1. Go to https://contoso.webex.com/contoso/mc",
            "2. On the left navigation bar, click \"Support\".",
            "",
            "You can contact me at:",
            "ann@contoso.example",
            "",
            "To add this meeting to your calendar program (for example Microsoft Outlook), click this link:",
            "https://contoso.webex.com/contoso/j.php?ED=235434767",
        ],
        true,
    ),
    // Webex, 2014.
    (
        WEBEX,
        &[
            "-------------------------------------------------------",
            "To join the meeting online(Now from mobile devices!)",
            "-------------------------------------------------------",
            "1. Go to https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef",
            "2. If requested, enter your name and email address.",
            "3. If a password is required, enter the meeting password: x7Kq2m",
            "4. Click \"Join\".",
            "5. If the meeting includes a teleconference, follow the instructions that appear on your screen.",
            "",
            "-------------------------------------------------------",
            "To join the audio conference only",
            "-------------------------------------------------------",
            "To receive a call back, provide your phone number when you join the meeting, or call the number below and enter the access code.",
            "Call-in toll-free number (US/Canada): +1-866-555-0142",
            "",
            "Access code:615 555 219",
            "Global call-in numbers: https://contoso.webex.com/contoso/globalcallin.php?serviceType=MC&ED=210658838",
            "Toll-free dialing restrictions: http://www.webex.com/pdf/tollfree_restrictions.pdf",
            "",
            "CCP:+12065550142x615555219#",
            "",
            "IMPORTANT NOTICE: This WebEx service includes a feature that allows audio to be recorded. Any such recordings may be subject to discovery in the event of litigation.",
        ],
        true,
    ),
    // Webex, 2020.
    (
        WEBEX,
        &[
            "JOIN WEBEX MEETING",
            WEBEX,
            "Meeting number (access code): 615 555 219",
            "",
            "Meeting password: x7Kq2m",
            "",
            "JOIN BY PHONE",
            "1-206-555-0142 Call-in toll number (US/Canada)",
            "Tap here to call (mobile phones only, hosts not supported):",
            "tel:%2B1-206-555-0142,,*01*615555219%23%23*01*",
            "",
            "Global call-in numbers",
            WEBEX_NUMBERS,
            "",
            "Toll-free calling restrictions",
            "https://www.webex.com/pdf/tollfree_restrictions.pdf",
            "",
            "JOIN FROM A VIDEO SYSTEM OR APPLICATION",
            "Dial sip:615555219@contoso.webex.com",
            "You can also dial 192.0.2.68 and enter your meeting number.",
            "",
            "Join using Microsoft Lync or Microsoft Skype for Business",
            "Dial sip:615555219.contoso@lync.webex.com",
            "",
            "Can't join the meeting?",
            "https://collaborationhelp.cisco.com/article/WBX000029055",
            "",
            "IMPORTANT NOTICE: Please note that this WebEx service allows audio to be recorded. If you do not consent, do not join the session.",
        ],
        true,
    ),
    // Webex, 2023: when it is, and no link but the one to join.
    (
        WEBEX,
        &[
            "Join from the meeting link",
            WEBEX,
            "Tuesday, September 5, 2023 10:00 AM | 30 minutes | (UTC-04:00) Eastern Time (US & Canada)",
            "Occurs every 2 week(s) on Tuesday effective 9/5/2023 from 10:00 AM to 10:30 AM, (UTC-04:00) Eastern Time (US & Canada)",
            " ",
            "Join by meeting number",
            "Meeting number (access code): 615 555 2190",
            " ",
            "Tap to join from a mobile device (attendees only)",
            "+1-206-555-0142,,6155552190#43533276# United States Toll",
            "Some mobile devices may ask attendees to enter a numeric password.",
            " ",
            "Join by phone",
            "1-206-555-0142 United States Toll",
            "Global call-in numbers  |  Toll-free calling restrictions",
            " ",
            "Join from a video system or application",
            "Dial 6155552190@contoso.webex.com",
            "You can also dial 192.0.2.68 and enter your meeting number.",
        ],
        true,
    ),
    // Webex, 2025.
    (
        WEBEX,
        &[
            "When it's time, join your Webex meeting here.",
            "",
            "More ways to join:",
            "",
            "Join from the meeting link",
            WEBEX,
            "",
            "Join by meeting number",
            "Meeting number (access code): 6155 555 2190",
            "Meeting password: x7Kq2mP4",
            "",
            "Tap to join from a mobile device (attendees only)",
            "+1-206-555-0142,,61555552190## United States Toll",
            "",
            "Join from a video system or application",
            "Dial 61555552190@contoso.webex.com",
            "You can also dial 192.0.2.68 and enter your meeting number.",
            "",
            "Need help? Go to https://help.webex.com",
        ],
        true,
    ),
    // Webex, copied: values below their labels.
    (
        WEBEX,
        &[
            "Meeting link:",
            WEBEX,
            "",
            "Meeting number:",
            "2784 555 4170",
            "",
            "Meeting password:",
            "x7Kq2mP4",
            "",
            "Join from a video system or application",
            "Dial 27845554170@contoso.webex.com",
            "You can also dial 192.0.2.68 and enter your meeting number.",
            "",
            "Join by phone",
            "+49-619-5550-142 Charged call",
            "Access code: 27845554170",
            "",
            "Global call-in numbers",
            WEBEX_NUMBERS,
            "",
            "Meeting password for audio",
            "68467372",
        ],
        true,
    ),
    // Webex, 2025, in German.
    (
        WEBEX,
        &[
            "Wenn es an der Zeit ist, treten Sie Ihrem Webex-Meeting hier bei.",
            "",
            "Weitere Methoden zum Beitreten:",
            "",
            "Über den Meeting-Link beitreten",
            WEBEX,
            "",
            "Mit Meeting-Kennnummer beitreten",
            "Meeting-Kennnummer (Zugriffscode): 6155 555 2190",
            "Meeting Passwort: x7Kq2mP4",
            "",
            "Hier tippen, um mit Mobilgerät beizutreten (nur für Teilnehmer)",
            "+49-619-5550-142,,61555552190## Germany Toll",
            "",
            "Über Telefon beitreten",
            "+49-619-5550-142 Germany Toll",
            "Globale Einwahlnummern",
            WEBEX_NUMBERS,
            "",
            "Über Videogerät oder -anwendung beitreten",
            "Wählen Sie 61555552190@contoso.webex.com",
            "Sie können auch 192.0.2.68 wählen und Ihre Meeting-Nummer eingeben.",
            "",
            "Benötigen Sie Hilfe? Gehen Sie zu https://help.webex.com",
        ],
        true,
    ),
    // Webex, somebody's own room: its link has no number.
    (
        "https://contoso.webex.com/meet/anna.berg",
        &[
            "Join my Webex Personal Room meeting",
            "https://contoso.webex.com/meet/anna.berg  |  955501234",
            "",
            "Join by video system",
            "Dial anna.berg@contoso.webex.com and enter your host PIN.",
            "You can also dial 192.0.2.68 and enter your meeting number 955501234.",
            "",
            "Join by phone",
            "+1-206-555-0142 US Toll",
            "Access code: 955 501 234",
        ],
        false,
    ),
    // Google, 2020, without the row below it.
    (
        "https://meet.google.com/abc-defg-hij",
        &[
            "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-",
            "Please do not edit this section of the description.",
            "",
            "This event has a video call.",
            "Join: https://meet.google.com/abc-defg-hij",
            "+1 206-555-0142 PIN: 550142348#",
            "View more phone numbers: https://tel.meet/abc-defg-hij?pin=9355501234567&hs=7",
            "",
            "View your event at https://www.google.com/calendar/event?action=VIEW",
        ],
        true,
    ),
    // GoToMeeting, 2018 with a device's address, and nothing to check.
    (
        "https://global.gotomeeting.com/join/955501234",
        &[
            "Please join my meeting from your computer, tablet or smartphone.",
            "https://global.gotomeeting.com/join/955501234",
            "",
            "You can also dial in using your phone.",
            "United States (Toll Free): 1 866 555 0142",
            "",
            "Access Code: 955-501-234",
            "",
            "More phone numbers",
            "Austria: +43 7 2055 5337",
            "Canada: +1 (647) 555-0173",
            "",
            "Joining from a video-conferencing room or system?",
            "Dial: 192.0.2.95##955501234",
            "Cisco devices: 955501234@192.0.2.95",
        ],
        true,
    ),
    // GoToMeeting, 2020.
    (
        "https://global.gotomeeting.com/join/955501234",
        &[
            "Please join my meeting from your computer, tablet or smartphone.",
            "https://global.gotomeeting.com/join/955501234",
            "",
            "You can also dial in using your phone.",
            "(For supported devices, tap a one-touch number below to join instantly.)",
            "",
            "United States: +1 (206) 555-0142",
            "- One-touch: tel:+12065550142,,955501234#",
            "",
            "Access Code: 955-501-234",
            "",
            "New to GoToMeeting? Get the app now and be ready when your first meeting starts:",
            "https://global.gotomeeting.com/install/955501234",
        ],
        true,
    ),
    // Zoom's add-in for Outlook.
    (
        "https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
        &[
            "Join Zoom Meeting https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
            "",
            "Meeting URL:        https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
            "",
            "Meeting ID:        955 5012 3456",
            "",
            "Passcode:        x7Kq2m",
            "",
            "Join by Telephone",
            "",
            "For higher quality, dial a number based on your current location.",
            "",
            "Dial:",
            "",
            "+1 206 555 0142 US (Seattle)",
            "",
            "+1 312 555 0143 US (Chicago)",
            "",
            "International numbers https://us02web.zoom.us/u/kAb3dEf",
        ],
        true,
    ),
    // Zoom, 2020: rooms and another product behind the numbers.
    (
        "https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
        &[
            "Join Zoom Meeting",
            "https://us02web.zoom.us/j/95550123456?pwd=Ab3dEf6h",
            "",
            "Meeting ID: 955 5012 3456",
            "Password: 550142",
            "One tap mobile",
            "+12065550142,,95550123456#,,1#,550142# US (Seattle)",
            "",
            "Dial by your location",
            "        +1 206 555 0142 US (Seattle)",
            "Meeting ID: 955 5012 3456",
            "Password: 550142",
            "Find your local number: https://us02web.zoom.us/u/kAb3dEf",
            "",
            "Join by SIP",
            "95550123456@zoomcrc.com",
            "",
            "Join by H.323",
            "192.0.2.11 (US West)",
            "192.0.2.12 (US East)",
            "Meeting ID: 955 5012 3456",
            "Password: 550142",
            "",
            "Join by Skype for Business",
            "https://us02web.zoom.us/skype/95550123456",
        ],
        true,
    ),
    // Zoom, 2018.
    (
        "https://us02web.zoom.us/j/95550123456",
        &[
            "Join from PC, Mac, Linux, iOS or Android: https://us02web.zoom.us/j/95550123456",
            "",
            "Or iPhone one-tap :",
            "    US: +12065550142,,95550123456#  or +13125550143,,95550123456# ",
            "Or Telephone:",
            "    Dial(for higher quality, dial a number based on your current location): ",
            "        US: +1 206 555 0142  or +1 312 555 0143 ",
            "    Meeting ID: 955 5012 3456",
            "    International numbers available: https://us02web.zoom.us/u/kAb3dEf",
        ],
        true,
    ),
    // GoToMeeting's room with a name: nothing says that the code is its own but the record.
    (
        "https://www.gotomeet.me/contoso",
        &[
            "Please join my meeting from your computer, tablet or smartphone.",
            "https://www.gotomeet.me/contoso",
            "",
            "You can also dial in using your phone.",
            "United States (Toll Free): 1 877 555 0142",
            "",
            "Access Code: 691-555-141",
        ],
        false,
    ),
];

#[test]
fn what_mails_and_add_ins_wrote_in_other_years_is_replaced_whole() {
    for (join, block, unrecorded) in OTHERS {
        let block = (join, block);
        for (record, html) in [(false, false), (false, true), (true, false), (true, true)] {
            let before = ["Agenda: budget".to_owned(), "See you!".to_owned()];
            let replaced = check(&before, block, &["Ann Berg".to_owned()], record, html);
            assert_eq!(replaced.unwrap(), record || unrecorded, "{record} {html} {block:?}");
        }
    }
}

#[test]
fn of_what_others_wrote_any_line_may_be_missing_and_nobodys_words_are_lost() {
    for (join, block, _) in OTHERS {
        let record = Record::new(Provider::ZOOM, join);
        for without in 0..block.len() {
            let mut rest = block.to_vec();
            rest.remove(without);
            let body = format!("Agenda: budget\nSee you!\n{}\nBring the plan.\n", rest.join("\n"));
            let options = Options::new();
            if let Found::One(found) = locate(&Body::text(body.as_str()), Some(&record), &options) {
                let outside = [&body[..found.span.start], &body[found.span.end..]].concat();
                assert!(outside.starts_with("Agenda: budget\nSee you!\n"), "{body}");
                assert!(outside.ends_with("\nBring the plan.\n"), "{body}");
                assert!(!outside.contains(join), "{body}");
            }
        }
    }
}

#[test]
fn an_organisations_links_end_a_block_that_has_lost_a_row() {
    let row = "_".repeat(80);
    let first = format!(
        "Microsoft Teams Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>\n\
         Join the meeting now<{JOIN}>\nMeeting ID: 234 567 890 12\nFor organizers: Meeting options<{OPTIONS}>"
    );
    let footer =
        "[https://contoso.example/logo.png]\nThis meeting may be recorded, says the policy.";
    let far = "Words further off.\n".repeat(300);
    for links in [
        "Org help<https://contoso.example/help> | Privacy and security<https://contoso.example/p>",
        "Privacy and security <https://contoso.example/p>",
        "Hilfe der Organisation<https://contoso.example/help>",
    ] {
        for (opening, closing) in [("", ""), ("", &*row), (&*row, ""), (&row, &row)] {
            let rows = |row: &str| if row.is_empty() { String::new() } else { format!("{row}\n") };
            let (opening, closing) = (rows(opening), rows(closing));
            let text =
                format!("Agenda\n\n{opening}{first}\n{footer}\n{links}\n{closing}\nPlan\n{far}");
            let [head, tail] = rest(&Body::text(text.as_str()), JOIN).expect(&text);
            assert_eq!((head.trim_end(), tail.trim()), ("Agenda", format!("Plan\n{far}").trim()));
        }
    }
    // Somebody's words and links are no such line.
    for links in [
        "Our help<https://contoso.example/help> | Privacy and security<https://contoso.example/p>",
        "Privacy and security is on page 2: <https://contoso.example/p>",
        "Privacy and security",
    ] {
        let (logo, footer) = footer.split_once('\n').unwrap();
        let text = format!("Agenda\n\n{first}\n{footer}\n{links}\n\nPlan\n{far}");
        let [_, tail] = rest(&Body::text(text.as_str()), JOIN).expect(&text);
        assert!(tail.contains(footer) && tail.contains(links), "{tail}");
        // A logo says that a footer may follow, and nothing says how far it reaches.
        for behind in ["", &*format!("{footer}\n"), &*format!("{footer}\n{links}\n")] {
            let text = format!("Agenda\n\n{first}\n{logo}\n{behind}\nPlan\n{far}");
            assert_eq!(rest(&Body::text(text.as_str()), JOIN), None, "{text}");
        }
    }
    // Nor are those behind an earlier message's rule, or behind the meeting's link again.
    let links = "Org help<https://contoso.example/help>";
    for between in ["-----Original Message-----", JOIN] {
        let text = format!("Agenda\n\n{first}\n{between}\n{links}\n\nPlan\n{far}");
        let [_, tail] = rest(&Body::text(text.as_str()), JOIN).expect(&text);
        assert!(tail.contains(links), "{tail}");
    }
}

#[test]
fn somebodys_address_is_no_device_of_the_meetings() {
    let whole = [&ZOOM[..], &[LAST]].concat();
    for address in ["5550123456@fabrikam.example", "Ann: 5550123456@contoso.example"] {
        assert_eq!(zoom_in(&[&whole[..], &[address]].concat(), true), whole.join("\n"));
    }
}

/// A value has a digit in each of its words.
#[test]
fn a_short_value_makes_a_block_as_a_long_one_does() {
    for value in ["7", "76 54", "x7Kq2mP4", "7a 6b"] {
        let block = format!("<p>{WEBEX}</p><div>Meeting number: {value}</div>");
        let body = format!("<p>Agenda</p>{block}<p>Plan</p>");
        let record = Record::new(Provider::WEBEX, WEBEX);
        let found = locate(&Body::html(body.as_str()), Some(&record), &Options::new());
        // Where such a value is all that it has, its end may be in doubt.
        let found = match found {
            Found::One(found) => vec![found],
            Found::Ambiguous(found) => found,
            other => panic!("{value} {other:?}"),
        };
        let [found] = found.as_slice() else { panic!("{value} {found:?}") };
        assert!(body[found.span.clone()].trim_end_matches("</div>").ends_with(value), "{value}");
    }
}

#[test]
fn googles_row_closes_a_block_whose_last_sentence_nobody_knows() {
    let row = format!("-::~:~::{}::~:~::-", "~:".repeat(29));
    let meet = "https://meet.google.com/abc-defg-hij";
    let block = format!(
        "Join with Google Meet: {meet}\nOr dial: (US) +1 206-555-0142 PIN: 550142#\n\
         More phone numbers: https://tel.meet/abc-defg-hij?pin=9355501234567"
    );
    let other = format!("{row}\nJoin Zoom Meeting\nhttps://zoom.us/j/95550123456\n{row}");
    for (behind, tail) in [
        (format!("Qwer tyuiop asdf.\n{row}"), ""),
        (row.clone(), ""),
        // Two lines are somebody's, and so is one above another block.
        (format!("Qwer tyuiop asdf.\nSee you!\n{row}"), "keep"),
        (format!("See you!\n{other}"), "keep"),
    ] {
        let text = format!("Agenda\n\n{block}\n\n{behind}\nPlan\n");
        let Some([head, rest]) = rest(&Body::text(text.as_str()), meet) else {
            assert_eq!(tail, "keep", "{text}");
            continue;
        };
        assert_eq!(head, "Agenda\n\n");
        let expected =
            if tail.is_empty() { "\nPlan\n".to_owned() } else { format!("\n\n{behind}\nPlan\n") };
        assert_eq!(rest, expected, "{text}");
    }
}

#[test]
fn words_behind_googles_sentence_are_not_lost() {
    let row = format!("-::~:~::{}::~:~::-", "~:".repeat(29));
    let meet = "https://meet.google.com/abc-defg-hij";
    for (sentence, whole) in [
        ("Please do not edit this section.", true),
        ("Please do not edit this section of the description.", true),
        ("Please do not edit this section. Bring the plan.", false),
        ("Please do not edit this section of the description. Bring the plan.", false),
    ] {
        let text = format!(
            "Agenda\n{row}\nJoin with Google Meet: {meet}\n\
             More phone numbers: https://tel.meet/abc-defg-hij?pin=9355501234567\n\n{sentence}\nPlan\n"
        );
        let [head, tail] = rest(&Body::text(text.as_str()), meet).expect(&text);
        assert_eq!(head, "Agenda\n");
        let behind = if whole { String::new() } else { format!("\n\n{sentence}") };
        assert_eq!(tail.trim_end(), format!("{behind}\nPlan").trim_end());
    }
}

#[test]
fn a_block_twice_is_two_and_what_stands_between_is_not_lost() {
    for (join, block) in BLOCKS.into_iter().chain(OTHERS.map(|(join, block, _)| (join, block))) {
        for between in ["Ann Berg", "See you!", "Ann Berg\nBring the plan."] {
            let block = block.join("\n");
            let text = format!("Agenda\n\n{block}\n\n{between}\n\n{block}\n\nPlan\n");
            if let Some([head, tail]) = rest(&Body::text(text.as_str()), join) {
                assert!([head, tail].concat().contains(between), "{text}");
            }
        }
    }
}

#[test]
fn a_notice_that_was_wrapped_goes_with_its_block() {
    let block = BLOCKS[2].1.join("\n");
    let notice = "IMPORTANT NOTICE: Please note that this Webex service allows audio to be\n\
        recorded. If you do not consent, discuss it or do not join the\nsession.";
    let text = format!("Agenda\n\n{block}\n\n{notice}\n\nPlan\n");
    let expected = ["Agenda\n\n", "\n\nPlan\n"].map(str::to_owned);
    assert_eq!(rest(&Body::text(text), BLOCKS[2].0), Some(expected));
}

#[test]
fn words_above_an_organisations_links_are_not_lost() {
    let block = format!(
        "<p><a href=\"{JOIN}\">Join the meeting now</a></p>\
         <p><a href=\"{OPTIONS}\">Meeting options</a></p>"
    );
    let links = "<p><a href=\"https://contoso.example/p\">Privacy and security</a></p>";
    let row = |line: &str| format!("<p>{line}</p>");
    let long =
        "Petra brings the plan, the numbers of last year and all that was promised ".repeat(2);
    for words in [
        &["Agenda: Budget", "Petra brings the plan.", "Dial 12 for the kitchen"][..],
        &["Agenda: Budget", "Petra brings the plan."],
        &["[https://contoso.example/logo.png]", "Agenda: Budget", "Petra brings the plan."],
        &["[https://contoso.example/logo.png]", "[https://contoso.example/plan.png]", "Budget"],
        &[&*long],
    ] {
        for fence in ["", &row(&"_".repeat(80))] {
            let lines: String = words.iter().copied().map(row).collect();
            let html = format!("<p>Notes</p>{block}{lines}{links}{fence}<p>Plan</p>");
            assert_eq!(rest(&Body::html(html.as_str()), JOIN), None, "{html}");
            let fence = if fence.is_empty() { String::new() } else { "_".repeat(80) + "\n" };
            let text = format!(
                "Notes\nJoin the meeting now<{JOIN}>\nMeeting options<{OPTIONS}>\n{}\n\
                 Privacy and security<https://contoso.example/p>\n{fence}Plan\n",
                words.join("\n")
            );
            assert_eq!(rest(&Body::text(text.as_str()), JOIN), None, "{text}");
        }
    }
}

/// Lines like those of Webex below its block, in text and HTML: they stay, or all does.
#[test]
fn words_like_the_products_below_a_block_are_not_lost() {
    const TEAM: &str = "https://contoso.webex.com/contoso/team";
    let team = format!("Add to calendar\nOur team page {TEAM} Petra keeps it");
    let budget = format!("Add to calendar\n{TEAM} and our budget is 4 million");
    let calendar = format!("Add this meeting to your calendar, Petra, and the plan {TEAM}");
    for words in [
        "Ben asked whether 123456@contoso.webex.com is right; I say no, and please keep this line!",
        &team,
        &budget,
        &calendar,
        "Dial in early and bring cake for anna@x.webex.com",
        "Need help? Go to Petra, who keeps help.webex.com",
        "3. If a password is required, enter the meeting password: 12 and bring the plan",
        "Access code\nAgenda",
        "You can contact me at\nhome",
        "CCP: call",
    ] {
        for html in [false, true] {
            let [_, _, (join, block), _] = BLOCKS;
            let lines = [&["Notes"][..], block, &[words, "Plan", ""]].concat().join("\n");
            let body = match html {
                false => Body::text(lines.as_str()),
                true => Body::html(
                    lines
                        .lines()
                        .map(|line| format!("<p>{line}</p>\n"))
                        .collect::<String>()
                        .replace(TEAM, &format!("<a href=\"{TEAM}\">our page</a>")),
                ),
            };
            let Some([_, tail]) = rest(&body, join) else { continue };
            for kept in words.lines().last().unwrap().split(TEAM).chain(["Plan"]) {
                assert!(tail.contains(kept.trim()), "{words}\n-- {tail}");
            }
        }
    }
}

/// What follows the words that say where a link leads is the link, and nothing else.
#[test]
fn a_link_elsewhere_on_the_products_site_goes_with_its_block() {
    let [_, _, (join, block), _] = BLOCKS;
    let calendar = "https://contoso.webex.com/contoso/j.php?MTID=mfedcba98765432100123456789abcdef";
    let text = format!("Notes\n{}\n\nAdd to calendar:\n{calendar}\n\nPlan\n", block.join("\n"));
    let expected = ["Notes\n", "\n\nPlan\n"].map(str::to_owned);
    assert_eq!(rest(&Body::text(text.as_str()), join), Some(expected));
    let rows: String = block.iter().map(|line| format!("<p>{line}</p>")).collect();
    let html = format!(
        "<p>Notes</p>{rows}<p>Add to calendar:</p><p> <a href=\"{calendar}\">Click here</a></p><p>Plan</p>"
    );
    let expected = ["<p>Notes</p>", "<p>Plan</p>"].map(str::to_owned);
    assert_eq!(rest(&Body::html(html.as_str()), join), Some(expected));
}

#[test]
fn a_logo_above_an_organisations_links_goes_with_the_block() {
    let block = format!(
        "<p><a href=\"{JOIN}\">Join the meeting now</a></p>\
         <p><a href=\"{OPTIONS}\">Meeting options</a></p>"
    );
    let links = "<p><a href=\"https://contoso.example/p\">Privacy and security</a></p>";
    let expected = ["<p>Notes</p>", "<p>Plan</p>"].map(str::to_owned);
    for picture in ["<img src=\"x\">", "<img src=\"x\" alt=\"Logo of Contoso\">", ""] {
        for footer in ["", "<p>This meeting may be recorded, says the policy.</p>"] {
            let html = format!("<p>Notes</p>{block}<p>{picture}</p>{footer}{links}<p>Plan</p>");
            assert_eq!(rest(&Body::html(html.as_str()), JOIN), Some(expected.clone()), "{html}");
        }
    }
}

/// Its headings may stand below its link too, and its link among its own lines again.
#[test]
fn headings_and_the_link_again_among_a_blocks_own_lines_are_its_own() {
    let [heading, join, id] = ZOOM;
    for lines in [
        &[heading, join, heading, "Join from PC, Mac, Linux, iOS or Android", id, LAST][..],
        &[heading, join, LAST, join, id, LAST],
    ] {
        assert_eq!(zoom_in(lines, true), lines.join("\n"));
    }
}

/// Behind the last link of an invitation, lines that speak of the meeting may be somebody's.
#[test]
fn lines_behind_the_last_link_are_somebodys_or_in_doubt() {
    let (link, lines) = BLOCKS[0];
    let block = lines.join("\n");
    let record = Record::new(Provider::ZOOM, link);
    let found = |tail: &str| {
        let text = format!("Hello\n\n{block}\n{tail}\nBye\n");
        match locate(&Body::text(text.as_str()), Some(&record), &Options::new()) {
            Found::One(one) => text[one.span].strip_prefix(block.as_str()).unwrap().to_owned(),
            other => format!("{other:?}").chars().take_while(|c| c.is_alphabetic()).collect(),
        }
    };
    for doubt in [
        "Moderator: Anna\nBackup: call +1 555 0100 and ask for 955 5012 3456",
        "Notes\nPlease use room system 955 5012 3456",
        "+1 555 0100\nPlease use room system 955 5012 3456",
        "Phone: 123456789\nMail: anna@contoso.example\nhttps://us02web.zoom.us/u/zz",
    ] {
        assert_eq!(found(doubt), "Ambiguous", "{doubt}");
    }
    for somebodys in [
        "Anna Berg\ntel:+15550100,,123#",
        "tel:+15550100,,123#",
        "Anna Berg\n+1 555 0100",
        "Moderator: Anna",
    ] {
        assert_eq!(found(somebodys), "", "{somebodys}");
    }
    let devices = [
        "Join by SIP\n- 95550123456@zoomcrc.com",
        "Join by H.323\n- 144.195.19.161 (US West)\nMeeting ID: 955 5012 3456\nPasscode: 550142",
    ];
    for own in [
        devices.join("\n\n"),
        [devices[1], devices[0]].join("\n\n"),
        "tel:+12065550142,,95550123456#".to_owned(),
    ] {
        assert_eq!(found(&own), format!("\n{own}"));
    }
}

/// Webex in a language that we do not know, with a number here and there.
const UNKNOWN: [&str; 17] = [
    "Qwer tyui opas dfgh jklz xcvb nmqw erty uiop",
    WEBEX,
    "",
    "Asdf ghjk lzxc",
    "Qwertzui opas (dfghjkly): 6155 555 2190",
    "Yxcvbnm qwertz: x7Kq2mP4",
    "",
    "Tyuiop asdf, gh jkl Zxcvbnmq wertyuiop (asd fgh Jklzxcvbnm), qwert",
    "+49-619-5550-142,,61555552190## Qwertyu Asdf",
    "",
    "Hjkl Zxcvbnm qwertyui",
    "+49-619-5550-142 Qwertyu Asdf",
    "",
    "Qwert Asdfghjkl yxcv -bnmqwertz uiopasdf",
    "Yxcvb nmq 61555552190@contoso.webex.com",
    "Asd fghjkl qwer 192.0.2.68 tyuiop asd Zxcv Bnmqwer-Tyuiop asdfghjk.",
    "Qwertzui opa? Sdfg hjk yx https://help.webex.com",
];

/// What devices and telephones call tells the meeting's own lines, whatever their words are.
#[test]
fn numbers_tell_a_block_in_an_unknown_language() {
    let record = Record::new(Provider::WEBEX, WEBEX);
    let row = ["-~".repeat(22), "-".to_owned()].concat();
    let block = format!("{row}\n{}", UNKNOWN.join("\n"));
    let text = format!("Agenda\n\n{block}\n\nPlan\n");
    let expected = ["Agenda\n\n", "\n\nPlan\n"].map(str::to_owned);
    assert_eq!(rest(&Body::text(text.as_str()), WEBEX), Some(expected));
    // Without its row the words above the link may be somebody's.
    let text = text.replace(&format!("{row}\n"), "");
    let found = locate(&Body::text(text), Some(&record), &Options::new());
    assert!(matches!(found, Found::Ambiguous(_)), "{found:?}");
    // Whatever is missing, nobody's words go with it.
    for without in 0..UNKNOWN.len() {
        let mut lines = UNKNOWN.to_vec();
        lines.remove(without);
        let text = format!("Agenda\n\n{row}\n{}\n\nSee 192.0.2.1 for\nPlan\n", lines.join("\n"));
        if let Some([head, tail]) = rest(&Body::text(text.as_str()), WEBEX) {
            assert!(
                head == "Agenda\n\n" && tail.ends_with("\nSee 192.0.2.1 for\nPlan\n"),
                "{tail}"
            );
        }
    }
}

#[test]
fn a_passcode_ends_a_short_block_in_its_language() {
    for (heading, id, passcode) in [
        ("Zoom-Meeting beitreten", "Meeting-ID", "Kenncode"),
        ("Participer à la réunion Zoom", "ID de réunion", "Code secret"),
        ("Unirse a la reunión Zoom", "ID de reunión", "Código de acceso"),
        ("Entrar na reunião Zoom", "ID da reunião", "Senha de acesso"),
        ("Zoomミーティングに参加する", "ミーティングID", "パスコード"),
        ("加入 Zoom 会议", "会议号", "密码"),
        ("Подключиться к конференции Zoom", "Идентификатор конференции", "Код доступа"),
    ] {
        let whole =
            format!("{heading}\n{}\n\n{id}: 955 5012 3456\n{passcode}: 550142", BLOCKS[0].0);
        assert_eq!(zoom_in(&[&*whole, "", "Plan"], true), whole);
    }
    // Who invites is the block's first line.
    for inviting in [
        "Ann Bergさんがあなたを予約されたZoomミーティングに招待しています。",
        "Ann Berg lädt Sie zu einem geplanten Zoom-Meeting ein.",
        "Ann Berg приглашает вас на запланированную конференцию: Zoom.",
    ] {
        let [_, join, id] = ZOOM;
        let whole = [inviting, "", "Zoomミーティングに参加する", join, "", id].join("\n");
        assert_eq!(zoom_in(&[&*whole, "", "Plan"], true), whole);
        // In words that we do not know it may be somebody's sentence.
        let other = ["Qwer Zoom asdf.", "", "Zoomミーティングに参加する", join, "", id].join("\n");
        assert_eq!(zoom_in(&[&*other, "", "Plan"], true), "ambiguous");
        // The topic is somebody's, and says nothing of who invites.
        let topic = [
            "Thema: Zoom-Meeting von Ann",
            "Uhrzeit: 10:00",
            "",
            "Zoom-Meeting beitreten",
            join,
            id,
        ];
        for topic in [&topic[..], &[&[inviting][..], &topic].concat()] {
            let block = topic[topic.len() - 3..].join("\n");
            assert_eq!(zoom_in(&[topic, &["", "Plan"]].concat(), true), block);
        }
        let own = ["Qwer asdf.", "", "Zoomミーティングに参加する", join, "", id];
        assert_eq!(zoom_in(&[&own[..], &["", "Plan"]].concat(), true), own[2..].join("\n"));
    }
}

/// What makes text of markup may number the links, and list them far below.
#[test]
fn a_list_of_references_is_no_block() {
    let row = "_".repeat(80);
    let record = Record::new(Provider::TEAMS, JOIN);
    for number in ["1.", "[1]", "[1]:", "(1)", "   1. ", "[^1]:"] {
        let text = format!(
            "Agenda\n{row}\nMicrosoft Teams meeting\n[1]Join\n[2]Help | [3]Options\n{row}\nPlan\n\n\
             References\n{number} {JOIN}\n2. https://aka.ms/JoinTeamsMeeting\n3. {OPTIONS}\n"
        );
        let found = locate(&Body::text(text.as_str()), Some(&record), &Options::new());
        assert!(matches!(found, Found::Ambiguous(_)), "{found:?} {text}");
        let [_, join, id] = ZOOM;
        assert_eq!(zoom_in(&[&format!("{number} {join}"), id, LAST, "Plan"], true), "ambiguous");
    }
}

/// Zoom's add-in writes a table: labels and values are two lines.
#[test]
fn values_beside_labels_in_a_table() {
    let rows = [
        ("Phone one-tap:", "US: +12065550142,,95550123456#"),
        ("Meeting URL:", ZOOM[1]),
        ("Meeting ID:", "955 5012 3456"),
        ("Passcode:", "550142"),
        ("SIP:", "95550123456@zoomcrc.com"),
        ("Passcode:", "x7Kqmp"),
    ];
    let rows = rows.map(|(label, value)| format!("<tr><td>{label}</td><td>{value}</td></tr>"));
    let block = format!(
        "<table><tr><td>Ann Berg is inviting you to a scheduled Zoom meeting.</td></tr>\
         <tr><td><a href=\"{}\">Join Zoom Meeting</a></td></tr>{}</table>",
        ZOOM[1],
        rows.concat()
    );
    let body = format!("<p>Agenda</p>{block}<p>Plan</p>");
    let [head, own, tail] = zoom(&Body::html(body.as_str())).expect(&body);
    // The table may be somebody's.
    assert_eq!([&*head, &*tail], ["<p>Agenda</p><table><tr><td>", "</table><p>Plan</p>"]);
    assert!(own.starts_with("Ann Berg") && own.ends_with("x7Kqmp</td></tr>"), "{own}");
    // A secret belongs to the id above it.
    for between in ["Room", "See you!"] {
        let text = [ZOOM.join("\n"), format!("{between}\nPasscode:\nAgenda\nPlan")].join("\n");
        assert_eq!(zoom_in(&[&*text], true), ZOOM.join("\n"), "{between}");
    }
}
