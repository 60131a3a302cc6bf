//! Where a block is cut out of markup, and what is refused: named cases.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use meeting_migration::block::{Found, Options, Rewrite, locate, rewrite};
use meeting_migration::policy::AddInEvidence;
use meeting_migration::{Body, Coordinates};

const JOIN: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_QUJD%40thread.v2/0";
const OPTIONS: &str = "https://teams.microsoft.com/meetingOptions/?x=1";
const MEET: &str = "https://meet.google.com/abc-defg-hij";
const CALL: &str = "https://tel.meet/abc-defg-hij?pin=9355501234567";

fn options() -> Options {
    Options::new().with_evidence(AddInEvidence::RecordOrMarks)
}

/// The block's own text when there is one, else why not.
fn found(html: &str) -> String {
    match locate(&Body::html(html), None, &options()) {
        Found::One(block) => html[block.span].to_owned(),
        Found::Refused(why) => format!("{why:?}"),
        other => format!("{other:?}"),
    }
}

fn new() -> Coordinates {
    let new = r#"{"provider": "teams", "join_url": "https://teams.microsoft.com/meet/234?p=Ab"}"#;
    serde_json::from_str(new).unwrap()
}

fn row() -> String {
    "_".repeat(80)
}

#[test]
fn elements_around_the_ends_of_a_block() {
    let row = row();
    let join = format!("<a href=\"{JOIN}\">Join</a>");
    let options = format!("<a href=\"{OPTIONS}\">Options</a>");
    let wrapper = "<div class=\"me-email-text\">";
    // Whole bodies that are the block.
    for whole in [
        // A paragraph that the next one closes.
        format!("<p>{row}{OPTIONS}<p>{row}</p>"),
        // The product's own element around its first row.
        format!("{wrapper}{row}</div>{OPTIONS} {row}"),
        format!("{wrapper}{join}</div>{options}"),
    ] {
        assert_eq!(found(&whole), whole);
    }
    // An element nobody knows, at the end of the paragraph, is no part of the block.
    let block = format!("<p>{join} {options}");
    assert_eq!(found(&format!("{block}<v></v></p>")), block);
    assert_eq!(found(&format!("{block}<br></p>")), format!("{block}<br></p>"));
    // Something before the row within the wrapper.
    let block = format!("<div>{row}</div>{join} {options}<div>{row}</div>");
    assert_eq!(found(&format!("{wrapper}<?x>{block}</div>")), block);
    let styled = "<div style=a class=\"me-email-text\">";
    assert_eq!(found(&format!("{styled}<div></div>{join}</div>")), join);
    assert_eq!(found(&format!("{styled}{join}</div>")), format!("{styled}{join}</div>"));
}

/// What opens formatting in a block, and leaves it open, would be continued behind it.
#[test]
fn formatting_that_stays_open_in_a_block() {
    let row = row();
    let (join, options) = (format!("<a href=\"{JOIN}\">Join</a>"), format!("<p>{OPTIONS}</p>"));
    let body =
        |inner: &str| format!("<div>{row}</div><p>{inner}{join}</p>{options}<div>{row}</div>");
    for open in ["<b>", "<nobr>", "<nobr></nobr><nobr>"] {
        assert_eq!(found(&body(open)), "CrossesFormatting", "{open}");
    }
    // Closed again, by itself or by the next, and inside what it does not reach out of.
    let closed = ["<b></b>", "<nobr></nobr>", "<nobr>x<nobr></nobr>", "<NOBR>x</nobr>"];
    // No formatting, though no end tag closes it.
    let others = ["<input>", "<image>", "<option>x", "<ruby>x<rt>y"];
    let around = ["button", "object", "marquee", "applet", "template"];
    let inside = around.map(|name| format!("<{name}><nobr>x</{name}>"));
    let all = closed.into_iter().chain(others).chain(inside.iter().map(String::as_str));
    for inner in all {
        assert_eq!(found(&body(inner)), body(inner), "{inner}");
    }
}

#[test]
fn what_cannot_be_cut_is_refused_with_its_reason() {
    let (row, dots) = (row(), ".".repeat(137));
    let join = format!("<a class=\"me-email-link\" href=\"{JOIN}\">");
    for (html, why) in [
        (format!("{MEET}<table><tr><td>{CALL}</td></tr>></table>"), "CrossesCell"),
        (format!("{MEET}<table><td>{CALL}"), "CrossesCell"),
        (
            "<div class=\"me-email-text\"></body>https://teams.microsoft.com/meet/2</div>"
                .to_owned(),
            "OpensElement",
        ),
        (format!("{dots}<div>https://teams.live.com/meet/7<p>{dots}<v></div>"), "OpensElement"),
        (format!("{join}<td>Join</a>"), "CrossesFormatting"),
        (format!("<p>{JOIN}<font>&lt;{OPTIONS}<p>{row}P</p>"), "CrossesFormatting"),
        (format!("<a><div>\"{row}</div>{OPTIONS}\"{row}"), "ClosesElement"),
        (format!("<a><div>\"{row}</div><a href=\"{OPTIONS}\"></a>{row}"), "ClosesElement"),
    ] {
        let Rewrite::Refused(refusal) =
            rewrite(&Body::html(html.as_str()), None, &new(), &options())
        else {
            panic!("{html}")
        };
        assert_eq!(format!("{refusal:?}"), why, "{html}");
    }
    // A cell that ends within the block may be cut where the block began in it.
    let block = format!("<a href=\"{MEET}\"></a></td>{CALL}");
    assert_eq!(found(&format!("<table><td>{block}")), block);
}

/// Words before a row keep their paragraph, and it ends before the new block.
#[test]
fn words_before_a_row_keep_their_paragraph() {
    let row = row();
    let html = format!("<p>Agenda {row}{OPTIONS}</p>{row}<p>Plan</p>");
    let Rewrite::Replaced { body, written, .. } =
        rewrite(&Body::html(html), None, &new(), &options())
    else {
        panic!("the block is replaced")
    };
    let text = body.as_unicode().unwrap();
    assert_eq!(&text[..written.start], "<p>Agenda </p>");
    assert_eq!(&text[written.end..], "<p>Plan</p>");
}

/// The service writes one element around its block; with its style, or with labels inside, it
/// goes with the block that fills it.
#[test]
fn the_services_own_wrapper() {
    let row = row();
    let inner = |headline: &str, link: &str| {
        format!(
            "<p>Microsoft Teams meeting</p><p><a {headline} href=\"{JOIN}\">Join</a></p>\
             <p><a {link} href=\"{OPTIONS}\">Options</a></p>"
        )
    };
    let plain = inner("", "");
    let labelled = inner("class=\"me-email-headline\"", "class=\"me-email-link\"");
    for class in ["me-email-text", "me-email-t&#101;xt"] {
        for (style, inner, own) in [
            (" style=\"color:red\"", &plain, true),
            (" style=\"color:red\"", &labelled, true),
            ("", &plain, false),
            ("", &labelled, true),
        ] {
            let wrapped = format!("<div class=\"{class}\"{style}>{inner}</div>");
            let expected = if own { &wrapped } else { inner };
            assert_eq!(&found(&format!("<p>Agenda</p>{wrapped}<p>Plan</p>")), expected);
        }
        // An outer one is not the service's.
        let first = format!("<div class=\"{class}\" style=\"x\">{row}</div>");
        for inner in [&plain, &labelled] {
            let block = format!("{first}{inner}{row}");
            let outer = format!("<div class=\"me-email-text\" style=\"y\">{block}</div>");
            assert_eq!(found(&format!("<p>Agenda</p>{outer}")), block);
            let block = format!("{inner}{first}");
            let outer = format!("<div class=\"me-email-text\" style=\"y\">{block}</div>");
            assert_eq!(found(&format!("<p>Agenda</p>{outer}")), block);
        }
    }
}

/// Within a paragraph the new block is parted from words beside it, and from nothing else.
#[test]
fn line_breaks_beside_a_block_within_a_paragraph() {
    let row = row();
    let join = format!("<a href=\"{JOIN}\">Join</a><br><a href=\"{OPTIONS}\">Options</a>");
    let around = |before: &str, behind: &str| {
        let html = format!("<p>{before}{row}<br>{join}<br>{row}{behind}</p>");
        match rewrite(&Body::html(html), None, &new(), &options()) {
            Rewrite::Replaced { body, written, .. } => {
                let text = body.as_unicode().unwrap();
                [text[..written.start].to_owned(), text[written.end..].to_owned()]
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(around("", ""), ["<p>", "</p>"]);
    assert_eq!(around("Agenda<br>", "<br>Plan"), ["<p>Agenda<br>", "<br>Plan</p>"]);
    assert_eq!(around("Agenda ", " Plan"), ["<p>Agenda <br>", "<br> Plan</p>"]);
}

/// End tags that may be left out: what follows ends a paragraph, and goes on without it.
#[test]
fn a_last_paragraph_without_an_end_tag_ends_with_the_block() {
    let lines = format!("<p>Join: <a href=\"{JOIN}\">Join</a><p><a href=\"{OPTIONS}\">Options</a>");
    let block = format!("<p>{}{lines}<p><span>{}</span>", row(), row());
    for (head, tail) in [
        ("<p>Agenda", "<p>Plan"),
        ("<p>Agenda", "<div>Plan</div>"),
        ("<p>Agenda</p>", "<ul><li>Plan</ul>"),
        ("<div><p>Agenda", "</div>Plan"),
        ("<table><tr><td>Agenda<td>", "<td>Plan</table>"),
        ("Agenda", ""),
    ] {
        let html = format!("{head}{block}{tail}");
        assert_eq!(found(&html), block, "{html}");
        let Rewrite::Replaced { body, written, .. } =
            rewrite(&Body::html(html.as_str()), None, &new(), &options())
        else {
            panic!("{html}")
        };
        let text = body.as_unicode().unwrap();
        assert_eq!([&text[..written.start], &text[written.end..]], [head, tail], "{html}");
    }
    // Words behind the row belong to its paragraph.
    assert!(!found(&format!("{block}Plan<p>More")).contains("Plan"));
}

/// A picture beside a block's first or last words is somebody's; one inside is the block's.
#[test]
fn pictures_beside_a_block_stay() {
    let lines = format!(
        "Microsoft Teams meeting</p><p><a href=\"{JOIN}\">Join</a></p><p><img src=\"x\">\
         <a href=\"{OPTIONS}\">Options</a>"
    );
    let row = row();
    for block in [format!("{row}</p><p>{lines}</p><p>{row}"), lines.clone()] {
        let html =
            format!("<p>Agenda</p><p><img src=\"plan.png\">{block}<img src=\"y\"></p><p>Plan</p>");
        assert_eq!(found(&html), block, "{html}");
    }
    // A value that nobody closed takes up the first tag of the block.
    let html = format!("<p>Agenda<p><img alt=\"><p class=\">{lines}</p><p>Plan</p>");
    assert!(found(&html).starts_with("Microsoft Teams meeting</p>"), "{}", found(&html));
    // A button may be a picture.
    let button = format!(
        "<p><a href=\"{JOIN}\"><img src=\"x\"> Join</a></p><p><a href=\"{OPTIONS}\">Options</a></p>"
    );
    assert_eq!(found(&format!("<p>Agenda</p>{button}<p>Plan</p>")), button);
}

/// Formatting that a blank takes up again behind a block needs one blank, however often the block
/// is replaced.
#[test]
fn no_blank_is_added_where_one_stands_behind_a_block() {
    let teams = serde_json::from_str::<Coordinates>(
        r#"{"provider": "teams", "join_url": "https://teams.microsoft.com/meet/234?p=Ab"}"#,
    );
    let skype = serde_json::from_str::<Coordinates>(
        r#"{"provider": "skype-for-business", "join_url": "https://meet.lync.com/a/b/AB12CD34"}"#,
    );
    let news = [teams.unwrap(), skype.unwrap()];
    let (row, options_link) = (row(), format!("<div><a href=\"{OPTIONS}\">Options</a></div>"));
    let block = format!(
        "<div><div>{row}</div><div><a href=\"{JOIN}\">Join</a></div>{options_link}<div>{row}</div></div>"
    );
    let mut body = format!("<a><b><p>Hello{block}</a></b>Bye");
    let mut outside: Vec<String> = Vec::new();
    for new in news.iter().cycle().take(5) {
        let written = rewrite(&Body::html(body.as_str()), None, new, &options());
        let Rewrite::Replaced { body: after, written: span, .. } = written else {
            panic!("{body}")
        };
        let after = String::from_utf8(after.as_bytes().to_vec()).unwrap();
        outside.push([&after[..span.start], &after[span.end..]].concat());
        body = after;
    }
    assert!(outside[1..].iter().all(|o| *o == outside[1]), "{outside:?}");
}
