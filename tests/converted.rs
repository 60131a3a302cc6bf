//! Plain text that a mail program made markup of: each text fixture's block is found in it where
//! it was in the text, and the words around it stay.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod authored;

use meeting_migration::Body;
use meeting_migration::block::{self, Found, Options, Rewrite};
use meeting_migration::meeting::Record;
use regex::{Captures, Regex};

use authored::{Fixture, fixtures};

const NEW: &str = r#"{"provider": "teams", "meeting_id": "234 567 890 123 4",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"}"#;

/// How programs show plain text: each line end in its own way, each address as a link.
const PROGRAMS: [(&str, &str, &str, &str); 9] = [
    (
        "Thunderbird",
        "<div class=\"moz-text-plain\"><pre class=\"moz-quote-pre\" wrap=\"\">",
        "\n",
        "</pre></div>",
    ),
    ("a page of text", "<html><body><pre>", "\r\n", "</pre></body></html>"),
    ("a listing", "<listing>", "\n", "</listing>"),
    ("a style", "<div style=\"font-size:13px; white-space: pre-wrap\">", "\n", "</div>"),
    ("a style in capitals", "<SPAN STYLE='WHITE-SPACE:Pre-Line'>", "\r\n", "</SPAN>"),
    (
        "a style of parts",
        "<p style='white-space-collapse:preserve;text-wrap:nowrap'>",
        "\n",
        "</p>",
    ),
    ("line breaks", "<p><font size=\"2\">", "<br>\r\n", "</font></p>"),
    ("containers", "<div dir=\"ltr\"><div>", "</div><div>", "</div></div>"),
    (
        "paragraphs",
        "<p class=MsoPlainText>",
        "<o:p></o:p></p>\r\n<p class=MsoPlainText>",
        "<o:p></o:p></p>",
    ),
];

/// As markup, with a link for each address.
fn linked(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let address = Regex::new(r"https?://[^\s&]+(?:&amp;[^\s&]+)*").unwrap();
    address
        .replace_all(&escaped, |found: &Captures<'_>| format!("<a href=\"{0}\">{0}</a>", &found[0]))
        .into_owned()
}

/// The words of markup, with one blank between them.
fn words(markup: &str) -> String {
    let text = Regex::new("<br>|</?(p|div)[^>]*>").unwrap().replace_all(markup, " ");
    let text = Regex::new("<[^>]*>").unwrap().replace_all(&text, "");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_block_of_text_is_where_it_was_when_a_program_made_markup_of_it() {
    let new = serde_json::from_str(NEW).unwrap();
    let mut failures = Vec::new();
    let mut count = 0;
    // An address that was wrapped is a link to half of it.
    let is_cut = |name: &str| name == "sfb2017-text-outlook-joincut";
    let text =
        |fixture: &&Fixture| !fixture.is_html && fixture.link.is_some() && !is_cut(&fixture.name);
    for fixture in fixtures().iter().filter(text) {
        let text = fixture.parts.concat().replace("\r\n", "\n");
        let [before, _, behind] = fixture
            .parts
            .each_ref()
            .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
        for (program, head, line_end, tail) in PROGRAMS {
            let markup = linked(&text).replace('\n', line_end);
            let markup = format!("{head}{markup}{tail}");
            let body = Body::html(markup.as_str());
            let answer = block::rewrite(&body, Some(&fixture.record()), &new, &Options::new());
            let Rewrite::Replaced { block, .. } = answer else {
                failures.push(format!("{} by {program}: {answer:?}", fixture.name));
                continue;
            };
            let around = [&markup[..block.span.start], &markup[block.span.end..]].map(words);
            if around != [&*before, &*behind] {
                failures.push(format!("{} by {program}: {around:?}", fixture.name));
            }
            count += 1;
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 100, "{count}");
}

const JOIN: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0?context=%7b%22Tid%22%3a%22b%22%7d";

fn teams() -> Record {
    Record::new(meeting_migration::provider::Provider::TEAMS, JOIN)
}

fn block() -> String {
    let row = "_".repeat(80);
    format!(
        "{row}\nMicrosoft Teams meeting\nJoin: {JOIN}\nMeeting options: \
         https://teams.microsoft.com/meetingOptions/?organizerId=1\n{row}"
    )
}

#[test]
fn what_is_quoted_in_text_with_its_line_ends_stays() {
    let quoted = block().lines().map(|line| format!("> {line}\n")).collect::<String>();
    let header =
        "From: Anna <a@contoso.example>\nSent: 2 November 2026 20:53\nTo: Petra\nSubject: x";
    let filler = "A line of words.\n".repeat(200);
    for text in [
        format!("Hello\n\n{quoted}Bye"),
        format!("Hello\n\n{header}\n\n{}\nBye", block()),
        format!("Hello\n{header}\n\n{filler}{}\nBye", block()),
        format!("{filler}-----Original Message-----\n{header}\n\n{filler}{}\nBye", block()),
    ] {
        for style in ["<pre>", "<div style='white-space:pre-wrap'>"] {
            // The part that is read begins behind a paragraph.
            let body = Body::html(format!("{style}<p>Hello</p>{}<p>Bye</p>", linked(&text)));
            let found = block::locate(&body, Some(&teams()), &Options::new());
            assert!(matches!(found, Found::Foreign(..)), "{style} {found:?}");
        }
    }
}

#[test]
fn where_line_ends_were_lost_nothing_says_what_is_the_block_s() {
    let words = block().replace('\n', " ");
    for body in [
        format!("<p>Hello {} Bye Anna</p>", linked(&words)),
        format!("<pre style='white-space:normal'>Hello {} Bye Anna</pre>", linked(&block())),
        format!("<p>{} Bye Anna</p>", linked(words.trim_end_matches('_'))),
        format!("<p>Hello {} Bye Anna</p>", linked(words.trim_start_matches('_'))),
    ] {
        let found = block::locate(&Body::html(body), Some(&teams()), &Options::new());
        assert!(matches!(found, Found::Ambiguous(..) | Found::Absent(_)), "{found:?}");
    }
    let text = Body::text(format!("Hello {words} Bye Anna\n"));
    let found = block::locate(&text, Some(&teams()), &Options::new());
    assert!(matches!(found, Found::Ambiguous(..)), "{found:?}");
}
