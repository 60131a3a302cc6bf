//! What is found where the link to join is gone, or written twice, and in which language:
//! named cases.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::Body;
use meeting_migration::block::{Found, Options, locate};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::{Frame, ProductMarks, Provider, TenantMarks};

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

const OTHER: &str =
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_WFla%40thread.v2/0?context=%7b%7d";
const HEADING: &str = "Microsoft Teams meeting";
const HELP: &str = "Need help?<https://aka.ms/JoinTeamsMeeting>";
const OPTIONS: &str = "Options<https://teams.microsoft.com/meetingOptions/?organizerId=a>";

/// The block's own text when there is one, else the name of the answer; `record` is the link.
fn answer(body: &Body, record: Option<&str>) -> String {
    let record = record.map(|link| Record::new(Provider::TEAMS, link));
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    match locate(body, record.as_ref(), &options) {
        Found::One(block) => body.as_unicode().unwrap()[block.span].to_owned(),
        Found::Ambiguous(_) => "ambiguous".to_owned(),
        Found::Absent(_) => "absent".to_owned(),
        Found::Foreign(..) => "foreign".to_owned(),
        other => format!("{other:?}"),
    }
}

/// What is found of a meeting whose link is [`JOIN`] in these lines.
fn own(lines: &[&str]) -> String {
    answer(&Body::text(lines.join("\n")), Some(JOIN))
}

fn join_line() -> String {
    format!("Join the meeting now<{JOIN}>")
}

fn row() -> String {
    "_".repeat(80)
}

/// A block without rows may hold four lines of its organiser's in a row. With more, what
/// follows may be a part of it or not.
#[test]
fn words_in_the_middle_of_a_block() {
    let (join, row) = (join_line(), row());
    let points = ["Point a", "Point b", "Point c", "Point d", "Point e", "Point f"];
    for framed in [false, true] {
        let head =
            if framed { vec![&*row, HEADING, &join, HELP] } else { vec![HEADING, &join, HELP] };
        for (count, whole) in [(1, true), (4, true), (5, false), (6, false)] {
            let lines = [&head, &points[..count], &[OPTIONS]].concat();
            let expected = if whole { lines.join("\n") } else { "ambiguous".to_owned() };
            assert_eq!(own(&[&lines[..], &["Plan"]].concat()), expected, "{framed} {count}");
        }
    }
    // What stops the search for more of it.
    let head = [&[HEADING, &join, HELP], &points[..]].concat();
    let other = format!("Join<{OTHER}>");
    assert_eq!(own(&[&head[..], &["Point g", OPTIONS]].concat()), "ambiguous");
    for stop in [&other, &row, "> quoted", "-----Notes-----", &"_".repeat(45)] {
        let lines = [&head[..], &["Point g", stop, OPTIONS]].concat();
        assert_eq!(own(&lines), [HEADING, &join, HELP].join("\n"), "{stop}");
    }
}

/// A row of five lines of words below a block is somebody's, unless another row opened it.
#[test]
fn how_far_a_row_may_be() {
    let (join, row) = (join_line(), row());
    let block = [HEADING, &join, HELP];
    let points = ["Point a", "Point b", "Point c", "Point d", "Point e"];
    let lines = |count: usize| [&block[..], &points[..count], &[&row]].concat();
    assert_eq!(own(&lines(4)), lines(4).join("\n"));
    assert_eq!(own(&lines(5)), block.join("\n"));
    let framed = |count: usize| [&[&*row][..], &lines(count)].concat();
    assert_eq!(own(&framed(5)), framed(5).join("\n"));
    // The row above another meeting's block: behind words nothing says whose it is.
    let other = format!("Join the meeting now<{OTHER}>");
    let next = [HEADING, &other, &row];
    assert_eq!(own(&[&framed(4)[..], &next].concat()), "ambiguous");
    assert_eq!(own(&[&framed(5)[..], &next].concat()), framed(5)[..4].join("\n"));
    assert_eq!(
        own(&[&[&row, HEADING, &join, &row][..], &next].concat()),
        [&row, HEADING, &join, &row].join("\n")
    );
    assert_eq!(own(&[&lines(0)[..], &next].concat()), lines(0).join("\n"));
    // The same link below the row: words above it may have been a new block's.
    let again = format!("We meet at {JOIN}");
    assert_eq!(own(&[&framed(0)[..], &[&again]].concat()), framed(0).join("\n"));
    assert_eq!(own(&[&framed(1)[..], &[&again]].concat()), "ambiguous");
    let other = format!("We meet at {OTHER}");
    // Somebody names it.
    assert_eq!(own(&[&framed(1)[..], &[&other]].concat()), framed(1).join("\n"));
}

/// A row and its block may share lines with somebody's words.
#[test]
fn a_row_on_the_line_of_the_link() {
    let (join, row) = (join_line(), row());
    let glued = format!("{join} {row}");
    let lines = [HEADING, &glued, "Plan", HELP, &row];
    assert_eq!(own(&lines), lines.join("\n"));
}

/// Prose of more than a hundred characters between a row and a link makes the row somebody's.
#[test]
fn prose_below_a_row() {
    let (join, row) = (join_line(), row());
    for (length, own_row) in [(100, true), (101, false)] {
        let prose = "Bring the plan. ".repeat(8);
        let lines = [&row, &prose[..length], &join, HELP, &row];
        let expected = if own_row { &lines[..] } else { &lines[2..] };
        assert_eq!(own(&lines), expected.join("\n"), "{length}");
    }
}

/// Above a link, a block takes its headings: over one line in a language we do not know,
/// and over no link.
#[test]
fn headings_above_a_link() {
    let join = join_line();
    for (between, whole) in [
        (vec!["Anslut till m\u{f6}tet"], true),
        (vec!["Ann", "Bo"], false),
        (vec!["See https://contoso.example/plan"], false),
    ] {
        let lines = [&[HEADING][..], &between, &[&join, HELP]].concat();
        let expected = if whole { &lines[..] } else { &lines[lines.len() - 2..] };
        assert_eq!(own(&lines), expected.join("\n"), "{between:?}");
    }
    // An address beside its own button is no mention.
    let twice = format!("{JOIN} Join<{JOIN}>");
    assert_eq!(own(&["Agenda", HEADING, &twice, HELP]), [HEADING, &twice, HELP].join("\n"));
    // A sentence before the link, in any script.
    for before in
        ["Please come. Join", "\u{6765}\u{3066}\u{3002}\u{4f1a}\u{8b70}\u{306b}\u{53c2}\u{52a0}"]
    {
        assert_eq!(own(&[&format!("{before}<{JOIN}>"), HELP]), "ambiguous");
    }
}

/// An earlier message below a block's link, and what it says of a product, is not the block's.
#[test]
fn nothing_behind_a_rule_is_the_blocks() {
    for rule in ["-----Original Appointment-----", "-----Notes-----", &"_".repeat(45)] {
        assert_eq!(own(&["Agenda", HEADING, &join_line(), rule, HELP]), "absent", "{rule}");
    }
}

/// A link to another meeting ends a block. Where the block's own links seem to go on behind it,
/// nobody knows where it ends.
#[test]
fn another_meetings_link_below_a_block() {
    let (join, row) = (join_line(), row());
    let block = [HEADING, &join, HELP];
    let (also, next) = (format!("Also {OTHER}"), format!("Join the meeting now<{OTHER}>"));
    let rule = "_".repeat(45);
    let rows: [(&[&str], bool); 12] = [
        (&[&also, "That is all."], true),
        (&[&also, "Plan", OPTIONS], false),
        (&[&also, "Plan", &row], false),
        (&[&also, "Plan", &row, &next], true),
        (&[&also, "Plan", "-----Notes-----", OPTIONS], true),
        (&[&also, "Plan", &rule, OPTIONS], true),
        (&[&also, "Plan", &format!("> {OPTIONS}")], true),
        (&[&also, "Plan", OTHER, OPTIONS], true),
        (&[&also, OPTIONS], false),
        // With a heading of its own the other link begins a block.
        (&[HEADING, &next, OPTIONS], true),
        (&["Plan", HEADING, &next, OPTIONS], true),
        (&["Plan", &next, OPTIONS], false),
    ];
    for (below, sure) in rows {
        let expected = if sure { block.join("\n") } else { "ambiguous".to_owned() };
        assert_eq!(own(&[&block[..], below].concat()), expected, "{below:?}");
    }
}

/// Behind a block's last link, help for the product is the next block's heading or somebody's.
#[test]
fn help_above_another_meetings_link() {
    let (join, next) = (join_line(), format!("Join the meeting now<{OTHER}>"));
    let block = [HEADING, &join, OPTIONS];
    let help = |words: &str| format!("{words}<https://aka.ms/JoinTeamsMeeting>");
    let heading = help("Microsoft Teams Need help?");
    assert_eq!(own(&[&block[..], &[&heading, &next, OPTIONS]].concat()), block.join("\n"));
    let words = help("See our page on Teams");
    assert_eq!(own(&[&block[..], &[&words, &next, OPTIONS]].concat()), "ambiguous");
    // A heading on the line of the link is not above it.
    let glued = format!("Microsoft Teams meeting <{OTHER}>");
    assert_eq!(own(&[&block[..], &[&glued, OPTIONS]].concat()), "ambiguous");
}

/// Help with the product's own mark, or with the meeting's link, is no afterword that anybody
/// could have written.
#[test]
fn help_that_is_marked_or_has_the_link_is_the_blocks() {
    let (options, row) = ("https://teams.microsoft.com/meetingOptions/?x=1", row());
    let marked = format!("<a id=meet_invite_block.x href={options}></a><div>{row}</div>");
    let whole = format!("{JOIN}&lt;{options}\n{marked}");
    assert_eq!(answer(&Body::html(whole.as_str()), None), whole);
    let linked = format!("https://aka.ms/JoinTeamsMeeting&lt;{JOIN}&gt;");
    let whole = format!("https://teams.microsoft.com/meet/3\"{options}\n{linked}");
    assert_eq!(answer(&Body::html(whole.as_str()), Some(JOIN)), whole);
}

/// Another conference's number is the block's where the product's mark or the link is beside it.
#[test]
fn another_conference_with_a_mark_or_the_link_is_the_blocks() {
    let call = |id: &str| format!("+1 555 0101,,{id}#<tel:+15550101,,{id}#>");
    let (first, other) = (call("123456789"), call("987654321"));
    let linked = format!("{other} https://teams.microsoft.com/meet/2345?p=Ab");
    let block = [HEADING, &join_line(), &first, &linked];
    assert_eq!(own(&[&["Agenda"], &block[..], &["Plan"]].concat()), block.join("\n"));
    let link = |id: &str| format!("<a href=\"tel:+15550101,,{id}#\">+1 555 0101,,{id}#</a>");
    let (first, other) = (link("123456789"), link("987654321"));
    for mark in ["<a id=\"meet_invite_block.x\"></a>", "<span class=\"me-email-text\">x</span>"] {
        let block = format!("<p><a href=\"{JOIN}\">Join</a></p><p>{first}</p><p>{mark}{other}</p>");
        let body = Body::html(format!("<p>Agenda</p>{block}<p>Plan</p>"));
        assert_eq!(answer(&body, Some(JOIN)), block, "{mark}");
    }
}

/// A typed address with a second link beside it is no mere mention, and has no heading.
#[test]
fn two_typed_links_above_their_button() {
    let typed = format!("{JOIN} https://teams.microsoft.com/meet/2345?p=Ab");
    let text = ["Microsoft Teams meeting", &typed, &join_line(), OPTIONS].join("\n");
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    let found = locate(&Body::text(text.as_str()), None, &options);
    let Found::Ambiguous(blocks) = found else { panic!("{found:?}") };
    let [block] = blocks.as_slice() else { panic!("{blocks:?}") };
    assert_eq!(block.span, text.find(&typed).unwrap()..text.len());
}

/// A sentence with the link below a block stays; amid the block nobody knows.
#[test]
fn the_same_link_again() {
    let (join, row) = (join_line(), row());
    let again = format!("Please use {JOIN} again.");
    let block = [HEADING, &join, HELP];
    assert_eq!(own(&[&block[..], &[&again, "Plan"]].concat()), block.join("\n"));
    assert_eq!(own(&[&block[..], &[&again, OPTIONS]].concat()), "ambiguous");
    assert_eq!(own(&[&block[..], &[&again, &row]].concat()), "ambiguous");
    for lines in [
        [&[&*row][..], &block, &[&again, OPTIONS, "Plan", &row]].concat(),
        [&[&*row][..], &block, &[&again, &row]].concat(),
    ] {
        assert_eq!(own(&lines), lines.join("\n"));
    }
}

/// Links of a second kind, of which a block has one, to two meetings: one block's, or two's.
#[test]
fn short_links_to_two_meetings_in_one_frame() {
    let (join, row) = (join_line(), row());
    let [a, b] =
        ["2345?p=Ab", "9876?p=Cd"].map(|id| format!("https://teams.microsoft.com/meet/{id}"));
    let (help, options) = (format!("{HELP} <{a}>"), format!("{OPTIONS} <{b}>"));
    assert_eq!(own(&[&row, HEADING, &join, &help, &options, &row]), "ambiguous");
    let options = format!("{OPTIONS} <{a}>");
    let one = [&row, HEADING, &join, &help, &options, &row];
    assert_eq!(own(&one), one.join("\n"));
}

/// A call into another conference is somebody's.
#[test]
fn another_conference_below_a_block() {
    let call = |n: &str, id: &str| format!("+1 206 555 {n},,{id}#<tel:+1206555{n},,{id}#>");
    let (first, own_call) = (call("0142", "123456789"), call("0143", "123456789"));
    let other = format!("Use my own: {}", call("0199", "987654321"));
    let found = |lines: &[&str]| {
        let body = Body::text(lines.join("\n"));
        let record = Record::new(Provider::TEAMS, JOIN);
        match locate(&body, Some(&record), &Options::new()) {
            Found::Ambiguous(blocks) => {
                body.as_unicode().unwrap()[blocks[0].span.clone()].to_owned()
            }
            other => panic!("{other:?}"),
        }
    };
    // No block ends with a call, so where this one ends is in doubt: but not behind another's.
    let lines = [HEADING, &join_line(), HELP, &first, &own_call, &other, "Plan"];
    assert_eq!(found(&lines), lines[..5].join("\n"));
}

/// What a line's own link or row says is needed of one that no label and no row speaks for.
#[test]
fn a_typed_address_needs_a_row() {
    let row = row();
    assert_eq!(own(&["Agenda", JOIN, HELP, "Plan"]), "absent");
    assert_eq!(own(&["Agenda", &row, JOIN, HELP, "Plan"]), [&row, JOIN, HELP].join("\n"));
    assert_eq!(own(&["Agenda", JOIN, HELP, &row, "Plan"]), [JOIN, HELP, &row].join("\n"));
}

/// A link on a host that could be anybody's is a block's between rows when its twin for the
/// web app, or another link of the product, stands beside it.
#[test]
fn a_weak_link_between_rows_needs_its_twin() {
    let row = ".".repeat(137);
    let link = "https://meet.contoso.example/ann/AB12CD34";
    let join = format!("Join Skype Meeting<{link}>");
    let twin = format!("Trying Skype Web App?<{link}?sl=1>");
    let found = |lines: &[&str]| answer(&Body::text(lines.join("\n")), None);
    assert_eq!(found(&["Agenda", &row, &join, &row, "Plan"]), "absent");
    let whole = [&*row, &join, &twin, &row];
    assert_eq!(found(&[&["Agenda"], &whole[..], &["Plan"]].concat()), whole.join("\n"));
}

/// A channel meeting is a lone button: other lines in its container are somebody's.
#[test]
fn a_lone_button_of_a_channel() {
    let link = "https://teams.microsoft.com/l/meetup-join/19%3aabc%40thread.skype/1?context=%7b%7d";
    let button = format!("<a href=\"{link}\">Join</a>");
    let body = format!(
        "<p>Agenda</p><div class=\"me-email-text\"><p>Plan</p><p>{button}</p></div><p>Ann</p>"
    );
    assert_eq!(answer(&Body::html(body), None), button);
}

/// Markup that is never closed cannot hold the block's beginning.
#[test]
fn a_container_that_stays_open_is_not_cut() {
    let block = format!(
        "<p>Join</p><p><a href=\"{JOIN}\">x</a></p>\
         <p><a href=\"https://teams.microsoft.com/meetingOptions/?x=1\">Options</a></p>"
    );
    let body = format!("Agenda<div class=\"me-email-text\">{block}");
    assert_eq!(answer(&Body::html(body), None), block);
}

/// Without words of a known language, a block's language is told by its links: those on a
/// line that it shares with its row too.
#[test]
fn the_language_told_beside_a_row() {
    let (join, row) = (join_line(), row());
    let french = "Options<https://teams.microsoft.com/meetingOptions/?language=fr>";
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    for text in [
        format!("Notes {row} {french}\n{HEADING}\n{join}\n{row}\n"),
        format!("{row}\n{HEADING}\n{join}\n{french}{row} Plan\n"),
    ] {
        let Found::One(block) = locate(&Body::text(text.as_str()), None, &options) else {
            panic!("{text}")
        };
        assert_eq!(block.language.unwrap().tag(), "fr", "{text}");
    }
}

/// The recorded block whose link was taken out is still the only one there.
#[test]
fn a_recorded_block_that_lost_its_link() {
    let row = row();
    let lines = [&*row, HEADING, HELP, OPTIONS, &row];
    assert_eq!(own(&lines), lines.join("\n"));
}

/// Words before a row, below the block's last link, may be somebody's whether or not the row has
/// a line of its own.
#[test]
fn words_before_a_row_that_no_other_opens() {
    let (join, row) = (join_line(), row());
    let glued = format!("Plan {row}");
    assert_eq!(own(&[HEADING, &join, OPTIONS, "Plan", &row]), "ambiguous");
    assert_eq!(own(&[HEADING, &join, OPTIONS, &glued]), "ambiguous");
    // Between rows, and with a link of the block's beside it, all is the block's.
    let last = format!("{OPTIONS} {row}");
    for lines in [&[&row, HEADING, &join, OPTIONS, &glued][..], &[HEADING, &join, HELP, &last][..]]
    {
        assert_eq!(own(lines), lines.join("\n"));
    }
}

/// `-----Original Message-----` ends what is looked at; a line like it does not.
#[test]
fn what_is_no_rule_of_an_earlier_message() {
    let join = join_line();
    for line in
        ["------Notes------", "-----Notes------", "------Notes-----", "-----12-----", "-----"]
    {
        let lines = [HEADING, &join, line, HELP];
        assert_eq!(own(&lines), lines.join("\n"), "{line}");
    }
}

/// The block is the same far below other paragraphs and far above them.
#[test]
fn a_block_amid_a_long_text() {
    let lines = [HEADING, &join_line(), HELP, OPTIONS].join("\n");
    for paragraphs in [0, 1, 5, 11, 12, 13, 14, 40] {
        for blank in ["\n\n", "\r\n\r\n", "\n", "\n \n"] {
            let prose = format!("We meet at noon.{blank}").repeat(paragraphs);
            let text = format!("{prose}Plan{blank}{lines}{blank}Plan{blank}{prose}");
            assert_eq!(answer(&Body::text(text), Some(JOIN)), lines, "{paragraphs} {blank:?}");
        }
    }
}

/// A link in brackets goes on over a line end, and over no blank line.
#[test]
fn a_link_that_is_cut() {
    let (begin, rest) = JOIN.split_at(JOIN.find('?').unwrap());
    for end in ["\n", "\r\n", "\r"] {
        let text = |cut: &str| [HEADING, &format!("Join<{begin}{cut}{rest}>"), HELP].join(end);
        assert_eq!(answer(&Body::text(text(end)), Some(JOIN)), text(end));
        assert_eq!(answer(&Body::text(text(&end.repeat(2))), Some(JOIN)), "absent");
    }
}

/// A call is a link, after words and within brackets.
#[test]
fn a_call_is_a_link_of_a_block() {
    let call = "+1 206 555 0142,,123456789#<tel:+12065550142,,123456789#>";
    let lines = [HEADING, &join_line(), call, OPTIONS];
    assert_eq!(own(&lines), lines.join("\n"));
    // Without more it is in doubt where the block ends.
    assert_eq!(own(&[HEADING, &join_line(), call, "Plan"]), "ambiguous");
    assert_eq!(own(&[HEADING, &join_line(), "Hotel: 12,,34", "Plan"]), "absent");
}

/// Google's and Webex' rows have a length and a pattern, with or without words beside them.
#[test]
fn rows_of_waves_and_tildes() {
    let tildes = format!("-::~:~::~{}::~:~::-", ":~".repeat(14));
    let waves = format!("{}-", "-~".repeat(22));
    let meet = "https://meet.google.com/abc-defg-hij";
    let webex = "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789abcdef";
    for (row, link) in [(&tildes, meet), (&waves, webex)] {
        let found = |lines: &[&str]| answer(&Body::text(lines.join("\n")), Some(link));
        for first in [row.clone(), format!("{row} Agenda")] {
            let lines = [&first, link, "Plan", row];
            assert_eq!(found(&lines), lines.join("\n"), "{first}");
        }
        // Too short, and out of step.
        let short = format!("{}{}", &row[..20], &row[row.len() - 9..]);
        let odd = format!("{}~~", &row[..row.len() - 2]);
        for other in [short, odd] {
            assert_eq!(found(&[&other, link, "Plan", &other]), "absent", "{other}");
            let lines = [row, link, &other, "Plan", row];
            assert_eq!(found(&lines), lines.join("\n"), "{other}");
        }
    }
}

/// A link to another place on the line of the recorded one is none into the meeting.
#[test]
fn another_link_beside_the_recorded_one() {
    let first = format!("{} or meet <https://contoso.example/plan>", join_line());
    let next = "Notes <https://contoso.example/next> | Need help?<https://aka.ms/JoinTeamsMeeting>";
    let lines = [HEADING, &first, next, OPTIONS];
    assert_eq!(own(&lines), lines.join("\n"));
    // On one line with the link to join, the product's own link is its companion.
    let line = format!("{} | {HELP}", join_line());
    assert_eq!(own(&[HEADING, &line, "Plan"]), [HEADING, &line].join("\n"));
}

/// Between rows the organiser may say a lot, also far from all that tells a product.
#[test]
fn rows_far_from_the_link() {
    let (join, row) = (join_line(), row());
    for paragraphs in [0, 5, 6, 12, 13, 40, 100] {
        let prose = "We meet at noon.\n\n".repeat(paragraphs);
        let block = format!("{row}\n{HEADING}\n{join}\n{OPTIONS}\n\n{prose}{row}");
        let text = format!("{prose}Agenda\n{block}\nPlan\n{prose}");
        assert_eq!(answer(&Body::text(text), Some(JOIN)), block, "{paragraphs}");
        let lines = |text: &str| -> String {
            text.lines().map(|line| format!("<p>{}</p>\n", line.replace('<', "&lt;"))).collect()
        };
        let (before, own) = (lines(&format!("{prose}Agenda")), lines(&block));
        let html = format!("{before}{own}{}", lines(&format!("Plan\n\n{prose}")));
        assert_eq!(answer(&Body::html(html), Some(JOIN)), own.trim_end(), "{paragraphs}");
    }
}

/// A body with the same evidence anywhere: at its first byte, at its last, alone.
#[test]
fn a_block_at_the_ends_of_a_body() {
    let block = [HEADING, &join_line(), HELP].join("\n");
    let prose = "We meet at noon.\n\n".repeat(40);
    for (before, behind) in [("", ""), ("", &*prose), (&*prose, "")] {
        let text =
            format!("{before}{block}{}{behind}", if behind.is_empty() { "" } else { "\n\n" });
        assert_eq!(answer(&Body::text(text), Some(JOIN)), block);
    }
}

/// A row that ends one block begins no other.
#[test]
fn a_row_between_two_blocks_is_the_firsts() {
    let (join, row) = (join_line(), row());
    let second = [&*format!("Join the meeting now<{OTHER}>"), OPTIONS];
    let first = [HEADING, &join, HELP, &row];
    let text = [&first[..], &second, &["Plan"]].concat().join("\n");
    assert_eq!(answer(&Body::text(text.as_str()), Some(OTHER)), second.join("\n"));
    assert_eq!(answer(&Body::text(text), Some(JOIN)), first.join("\n"));
}

/// A recorded link on a host of one's own may be several products': the widest block is it.
#[test]
fn the_widest_of_the_blocks_that_one_link_could_be() {
    let link = "https://meet.contoso.example/ann/AB12CD34";
    let join = format!("Join<{link}>");
    let settings = "https://mysettings.lync.com/pstnconferencing";
    for block in [[&*join, settings, "[!OC([0409])!]"], [&*join, &format!("{link}?sl=1"), settings]]
    {
        let text = ["Agenda", &block.join("\n"), "Plan"].join("\n");
        assert_eq!(answer(&Body::text(text), Some(link)), block.join("\n"));
    }
}

/// A mark of the add-in's makes a block of what it holds, with or without words.
#[test]
fn what_a_label_holds() {
    let link = "https://teams.microsoft.com/l/meetup-join/19%3aabc%40thread.skype/1";
    let options = "https://teams.microsoft.com/meetingOptions/?x=1";
    // Another link of the product's above a lone button is its block's.
    let block = format!(
        "<p><a class=\"me-email-link\" href=\"{options}\">Options</a></p>\
         <p><a href=\"{link}\">Join</a></p>"
    );
    assert_eq!(answer(&Body::html(format!("<p>Agenda</p>{block}<p>Plan</p>")), None), block);
    // A label around a line and a typed link.
    let inner = format!("<p>Plan</p><p>{JOIN}</p>");
    let body = format!("<p>Agenda</p><div class=\"me-email-text\">{inner}</div><p>Ann</p>");
    assert_eq!(answer(&Body::html(body), None), inner);
}

/// An organisation's own frame without a link in it: its two rows are not one another's twins.
#[test]
fn an_organisations_rows_around_a_block_without_its_link() {
    let mut teams = ProductMarks::new(Provider::TEAMS);
    teams.frames = vec![Frame::new(
        "-- Online meeting of Contoso --".to_owned(),
        Some("-- End of the online meeting --".to_owned()),
    )];
    let marks = TenantMarks::new(vec![teams]).unwrap();
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks).with_marks(marks);
    let found = |rows: [&str; 2]| {
        let text = format!("Agenda\n{}\n{MORE}\n{}\nPlan\n", rows[0], rows[1]);
        matches!(locate(&Body::text(text), None, &options), Found::One(_))
    };
    assert!(found(["-- Online meeting of Contoso --", "-- End of the online meeting --"]));
    for rows in [
        ["-- Online meeting of Contoso --", "-- Online meeting of Contoso --"],
        ["-- End of the online meeting --", "-- Online meeting of Contoso --"],
        ["-- End of the online meeting --", "-- End of the online meeting --"],
    ] {
        assert!(!found(rows), "{rows:?}");
    }
}

/// A block's own fields begin no header, though one follows below it.
#[test]
fn fields_of_a_block_above_a_header_are_its_own() {
    let row = "_".repeat(80);
    let rule = "_".repeat(32);
    let join = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0";
    let options = "https://teams.microsoft.com/meetingOptions/?x=1";
    let block = format!(
        "{row}\nMicrosoft Teams Hjælp?<https://aka.ms/JoinTeamsMeeting>\nDeltag<{join}>\n\
         Møde-id: 234 567 890 12\nAdgangskode: x7Kq2m\n{rule}\nVideomøder\n\
         Lejernøgle: teams@contoso.example<mailto:teams@contoso.example>\nVideo-id: 117 555 745 8\n\
         Mere<https://pexip.me/teams/contoso.example/1175557458>\nIndstillinger<{options}>\n{row}"
    );
    let record = Record::new(Provider::TEAMS, join);
    for header in [
        "差出人: Ann <ann@contoso.example>\n送信日時: 2026年11月2日 20:53\n宛先: Ben\n件名: Plan",
        "From: Ann <ann@contoso.example>\nSent: 2 November 2026 20:53\nTo: Ben\nSubject: Plan",
        "Subject: Plan\nDate: 2 November 2026 20:53\nFrom: Ann <ann@contoso.example>\nTo: Ben",
        "",
    ] {
        for above in ["Agenda", "Date: 2 November 2026 20:53", "Subject: Plan"] {
            let text = format!("{above}\n\n{block}\n\n{header}\n\nHello\n");
            let found = locate(&Body::text(text.as_str()), Some(&record), &Options::new());
            let Found::One(found) = found else { panic!("{found:?} {text}") };
            assert_eq!(text[found.span], block, "{header}");
        }
    }
}
