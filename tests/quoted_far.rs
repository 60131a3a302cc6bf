//! Earlier messages that begin far from the block, and headers that go on behind it: what is
//! read of a long body is enough to see them.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::Body;
use meeting_migration::block::{Found, Options, locate};
use meeting_migration::meeting::Record;
use meeting_migration::provider::Provider;

const OPTIONS: &str = "https://teams.microsoft.com/meetingOptions/?organizerId=a";
const JOIN: &str =
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0?context=%7b%7d";

fn found(body: &Body) -> &'static str {
    let record = Record::new(Provider::TEAMS, JOIN);
    match locate(body, Some(&record), &Options::new()) {
        Found::One(_) => "one",
        Found::Foreign(..) => "quoted",
        Found::Absent(_) => "absent",
        other => panic!("{other:?}"),
    }
}

fn text(above: &str, lines: usize) -> Body {
    let row = "_".repeat(80);
    let prose = "We meet at noon.\n\n".repeat(lines);
    Body::text(format!("{above}\n\n{prose}{row}\nJoin<{JOIN}>\n{row}\n\n{prose}"))
}

fn html(above: &str, lines: usize) -> Body {
    let prose = "<p>We meet at noon.</p>\n".repeat(lines);
    let block = format!(
        "<p>Microsoft Teams meeting</p><p><a href=\"{JOIN}\">Join</a></p>\
         <p><a href=\"{OPTIONS}\">Options</a></p>\n"
    );
    let above: String = above.lines().map(|line| format!("<p>{line}</p>\n")).collect();
    Body::html(format!("{above}{prose}{block}{prose}"))
}

const REST: &str = "Sent: Monday, 23 November 2026 10:00\nTo: Bo\nSubject: Plan";

/// However far above the block, an earlier message that begins there holds it.
#[test]
fn an_earlier_message_may_begin_far_above() {
    let unknown = "Bb: Ann\nCc: 23.11.2026 10:00\nDd: Bo\nEe: Plan";
    for lines in [0, 5, 12, 40] {
        for first in [
            "From: Ann Berg",
            "\u{200b}From: Ann Berg",
            "\u{a0}From\u{a0}: Ann Berg",
            "-----Original Message-----\nFrom: Ann",
        ] {
            let above = format!("{first}\n{REST}");
            assert_eq!(found(&text(&above, lines)), "quoted", "{above} {lines}");
            assert_eq!(found(&html(&above, lines)), "quoted", "{above} {lines}");
        }
        let bold = "*From:* Ann Berg\n*Sent:* Monday, 23 November 2026 10:00\n*To:* Bo";
        assert_eq!(found(&text(bold, lines)), "quoted", "{lines}");
        let attribution = "On 2 November 2026 at 20:53, Anna &lt;anna@contoso.example&gt; wrote:";
        assert_eq!(found(&html(attribution, lines)), "quoted", "{lines}");
        let plain = attribution.replace("&lt;", "<").replace("&gt;", ">");
        assert_eq!(found(&text(&plain, lines)), "quoted", "{lines}");
        // Names and their values as markup may cut them.
        for first in [
            "<b>From</b>: Ann Berg",
            "<b>From:</b> Ann Berg",
            "Fr<b>om:</b> Ann Berg",
            "<b>&nbsp;&nbsp;From:</b> Ann Berg",
            "From&#65306; Ann Berg",
            "From&#xFF1A; Ann Berg",
            "&#21457;&#20214;&#20154;&#65306; Ann Berg",
            "&#160;From: Ann Berg",
            "&#160; &#160; &#160; &#160; From: Ann Berg",
            "&ensp;From &nbsp; &nbsp; &nbsp; &nbsp;: Ann Berg",
            "<b>From &nbsp; &nbsp; &nbsp; &nbsp;</b>: Ann Berg",
        ] {
            assert_eq!(found(&html(&format!("{first}\n{REST}"), lines)), "quoted", "{first}");
        }
        for rule in [
            "-----Aaaa bb-----",
            "<b>--</b><i>---</i>Aaaa bb<i>---</i><b>--</b>",
            "<b>--</b><b>--</b><b>-</b>Aaaa bb-----",
            "<b>-</b><b>-</b><b>-</b><b>-</b><b>-</b>Aaaa bb-----",
            "&#160;-----Aaaa bb-----",
            "&ensp;-----Aaaa bb-----",
            "&#8203;-----Aaaa bb-----",
            "\u{200b}-----Aaaa bb-----",
        ] {
            let above = format!("{rule}\n{unknown}");
            assert_eq!(found(&html(&above, lines)), "quoted", "{rule} {lines}");
        }
        let rule = format!("\u{200b}-----Aaaa bb-----\n{unknown}");
        assert_eq!(found(&text(&rule, lines)), "quoted", "{lines}");
    }
    for first in ["--\nAnn Berg", "From: us all", "Note: bring it", "__"] {
        assert_eq!(found(&text(first, 40)), "one", "{first}");
        assert_eq!(found(&html(first, 40)), "one", "{first}");
    }
}

/// A header may begin above the block's last line and go on far below it.
#[test]
fn a_header_may_go_on_below_the_block() {
    let row = "_".repeat(80);
    let block = format!("{row}\nJoin<{JOIN}>\n{row}");
    let below = "Bring: it\na\nTake: that\nb\nc\n\n";
    let header = "From: Ann Berg\nSent: Monday, 23 November 2026\nTo: Bo\n";
    let ruled = |below: &str| format!("----- Notes -----\nRoom: seven\n{block}\n{below}");
    assert_eq!(found(&Body::text(ruled(below))), "one");
    assert_eq!(found(&Body::text(ruled(&[below, header].concat()))), "quoted");
    // A sender among the block's own lines.
    let within = format!(
        "{row}\nMicrosoft Teams meeting\nJoin<{JOIN}>\nFrom: Ann Berg\nOptions<{OPTIONS}>\n{row}\n\
         Bring the plan.\nRoom: seven\na\nb\nc\n\n"
    );
    assert_eq!(found(&Body::text(within.as_str())), "one");
    assert_eq!(found(&Body::text([&within, REST, "\n"].concat())), "absent");
}

/// An address is part of a field; a link that leads somewhere is none.
#[test]
fn links_of_fields_are_addresses() {
    let mail = "From: <a href=\"mailto:ann@contoso.example\">Ann</a>";
    assert_eq!(found(&html(&format!("{mail}\n{REST}"), 1)), "quoted");
    let own = format!(
        "-----Original Message-----\nJoin here: <{JOIN}>\nOptions: <{OPTIONS}>\n\
         Until: 23.11.2026 10:00\n"
    );
    assert_eq!(found(&Body::text(own)), "one");
}

/// A link may be cut where the line is, also in the line that says who wrote.
#[test]
fn who_wrote_may_stand_beside_a_wrapped_link() {
    let line =
        "On 23.11.2026 10:00, Anna <anna@contoso.example> of <https://contoso.example/a\nb> wrote:";
    for lines in [0, 40] {
        assert_eq!(found(&text(line, lines)), "quoted", "{lines}");
    }
}

/// A closing row may be cut where the lines are that are read of a long text.
#[test]
fn a_row_may_be_cut_far_below_the_link() {
    let prose = "We meet at noon, and nobody is late.\n".repeat(40);
    for cut in [64, 74, 79] {
        let (row, start, rest) = ("_".repeat(80), "_".repeat(cut), "_".repeat(80 - cut));
        let text = format!(
            "{prose}{row}\nMicrosoft Teams meeting\nJoin<{JOIN}>\nAgenda {} page 5\na\nb\nc\nd\n\
             {start}\n{rest}\n{prose}",
            ".".repeat(24)
        );
        assert_eq!(found(&Body::text(text)), "one", "{cut}");
    }
}

/// Where the closing row is lost, an organisation's links may end the block below other words.
#[test]
fn an_organisations_links_may_stand_far_below_the_last_one() {
    let record = Record::new(Provider::TEAMS, JOIN);
    for lines in [0, 40] {
        let prose = "We meet at noon, and nobody is late.\n\n".repeat(lines);
        let text = format!(
            "{prose}{}\nMicrosoft Teams meeting\nJoin<{JOIN}>\nMeeting options<{OPTIONS}>\na\nb\nc\nd\n\
             e\nf\nPrivacy and security<https://contoso.example/p>\n\n{prose}",
            "_".repeat(80)
        );
        let found = locate(&Body::text(text), Some(&record), &Options::new());
        assert!(matches!(found, Found::Ambiguous(_)), "{lines} {found:?}");
    }
}
