//! Bodies made to be slow: each has an answer, in time that grows with its size and no
//! faster. There is no clock here; what is not linear does not come to an end.

use meeting_migration::block::{Found, Options, Refusal, Rewrite, locate, rewrite};
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};

const BYTES: usize = 150_000;

fn repeat(piece: &str) -> String {
    piece.repeat(BYTES / piece.len())
}

fn numbered(piece: &str) -> String {
    let mut out = String::new();
    let mut number = 0;
    while out.len() < BYTES {
        out.push_str(&piece.replace('#', &number.to_string()));
        number += 1;
    }
    out
}

#[test]
fn every_bomb_has_an_answer() {
    let join = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0";
    let dots = ".".repeat(137);
    let row = "_".repeat(80);
    let bodies = [
        repeat("<div>"),
        repeat("<div></p>"),
        repeat("<p>"),
        repeat("<br>"),
        repeat("<b>x</p>"),
        repeat("<table>x"),
        repeat("<a href=x>"),
        repeat("</p>"),
        repeat("<!--"),
        repeat("<![CDATA["),
        repeat("<svg><![CDATA[x]]>"),
        repeat("<"),
        repeat("&"),
        repeat("&amp"),
        repeat("<script><!--<script>"),
        repeat("<textarea></textare>"),
        repeat("\0"),
        numbered("<font size=#>"),
        numbered("<p><font size=#>x</p>"),
        numbered("<nobr id=#>x"),
        format!("<p {}>", numbered("a# ")),
        format!("<p a=\"{}", repeat("x")),
        numbered(&format!("<a href='{join}?#'>Join</a>")),
        numbered(&format!("<p><a href='{join}#?x'>Join</a><p>a<p>b<p>c<p>d<p>e<p>f<p>g")),
        repeat(&format!("<p><a href='{join}'>Join</a>")),
        repeat(&format!("<p>{row}<p><a href='{join}'>Join</a>")),
        repeat(&format!("<p>{row}")),
        repeat(&format!("{dots}\n")),
        repeat(&format!("{}\n{}\n", ".".repeat(71), ".".repeat(66))),
        repeat(&format!("{row}\nJoin<{join}>\n")),
        repeat(&format!("{row}\n")),
        repeat(&format!("Join {join}\n")),
        numbered(&format!("Join<{join}\n#>\n")),
        numbered(&format!("{join}# ")),
        repeat("<http://"),
        repeat("http://"),
        repeat("tel:,"),
        repeat(":"),
        repeat(&format!("<{join}\n")),
        repeat("-::~:~::"),
        repeat("[!OC(["),
        repeat("> "),
        repeat("From: a\n"),
        repeat(&format!("{}\n", "_".repeat(45))),
        repeat("https://nam02.safelinks.protection.outlook.com/?url="),
        repeat("https://urldefense.com/v3/__"),
        repeat("\u{2500}"),
    ];
    let new = Coordinates::new(
        Provider::TEAMS,
        Link::new("https://teams.microsoft.com/meet/2345?p=Ab").expect("a good link"),
    );
    let options = Options::new().with_evidence(AddInEvidence::RecordOrMarks);
    for text in bodies {
        for body in [
            Body::html(text.clone()),
            Body::text(text.clone()),
            Body::html_bytes(text.clone(), Some("iso-2022-jp")),
        ] {
            match rewrite(&body, None, &new, &options) {
                Rewrite::Replaced { body: after, .. } => assert_ne!(after, body),
                Rewrite::Unchanged(_) => panic!("the new link is in none of them"),
                _ => {}
            }
        }
    }
}

#[test]
fn limits_have_names() {
    let refusal = |text: String| match locate(&Body::html(text), None, &Options::new()) {
        Found::Refused(refusal) => Some(refusal),
        _ => None,
    };
    // The mark keeps the body from being put aside at once.
    let marked = |text: String| text + "<a href='https://teams.microsoft.com/meet/1'>x</a>";
    assert_eq!(refusal(marked("<div>".repeat(10_000))), Some(Refusal::TooDeep));
    assert_eq!(refusal(marked("<br>".repeat(1_000_001))), Some(Refusal::TooManyTokens));
    assert_eq!(
        refusal(marked(format!("<p {}>", "a ".repeat(5_000)))),
        Some(Refusal::TooManyAttributes)
    );
    assert_eq!(refusal(marked("x".repeat(9 << 20))), Some(Refusal::TooLarge));
    // Without a mark only the size counts.
    assert_eq!(refusal("<div>".repeat(10_000)), None);
    assert_eq!(refusal("x".repeat(9 << 20)), Some(Refusal::TooLarge));
}
