//! Bodies made to be slow, of any size: for `benches/instructions.rs`, which counts
//! instructions, and `tests/hostile_memory.rs`, which counts bytes.

use meeting_migration::Body;

/// The body of one shape with about `size` bytes; text when its name says so.
pub(crate) fn body(name: &str, shape: Shape, size: usize) -> Body {
    let text = shape(size);
    assert!(text.len() <= size + 4096, "{name} has {} bytes", text.len());
    if name.starts_with("text") { Body::text(text) } else { Body::html(text) }
}

fn join(number: usize) -> String {
    format!("https://teams.microsoft.com/l/meetup-join/19%3ameeting_a{number}%40thread.v2/0")
}

pub(crate) fn block_html(number: usize) -> String {
    let (row, join) = ("_".repeat(80), join(number));
    format!(
        "<div style=\"width:100%\"><span>{row}</span></div><div class=\"me-email-text\">\
         <div>Microsoft Teams meeting</div><div><a class=\"me-email-headline\" href=\"{join}\">\
         Click here to join the meeting</a></div></div><div><span>{row}</span></div>"
    )
}

pub(crate) fn block_text(number: usize) -> String {
    let (row, join) = ("_".repeat(80), join(number));
    format!("{row}\r\nMicrosoft Teams meeting\r\nClick here to join<{join}>\r\n{row}\r\n")
}

pub(crate) type Shape = fn(usize) -> String;

/// A body that has a mark, so that it is not put aside at once, and the hostile piece up to
/// `size` bytes; `#` in the piece is a number.
fn filled(head: &str, piece: &str, size: usize) -> String {
    let mut out = String::with_capacity(size + 4096);
    out.push_str(head);
    let mut number = 0;
    while out.len() < size {
        match piece.contains('#') {
            true => out.push_str(&piece.replace('#', &number.to_string())),
            false => out.push_str(piece),
        }
        number += 1;
    }
    out
}

fn html(piece: &str, size: usize) -> String {
    filled(&block_html(0), piece, size)
}

fn text(piece: &str, size: usize) -> String {
    filled(&block_text(0), piece, size)
}

pub(crate) const SHAPES: &[(&str, Shape)] = &[
    ("tags-nested", |size| {
        let nest = ["<div>".repeat(300), "</div>".repeat(300)].concat();
        html(&nest, size)
    }),
    ("tags-surplus-end", |size| html("</div>", size)),
    ("tags-empty", |size| html("<br>", size)),
    ("paragraphs", |size| html("<p>x", size)),
    ("cells", |size| html("<table><tr><td>x</table>", size)),
    ("fostered", |size| html("<table>x</table>", size)),
    ("formatting-closed", |size| html("<p><font size=#>x</p></font>", size)),
    ("formatting-unclosed", |size| html("<p><b><i>x</p></i></b>", size)),
    ("attributes", |size| {
        let tag = format!("<p {}>x", "a=\"b\" ".repeat(200));
        html(&tag, size)
    }),
    ("attribute-unclosed", |size| html("<p a='x", size)),
    ("classes", |size| html("<p class=\"me-email-text x_y z\" id=\"a#\">x", size)),
    ("references", |size| html("&amp;&#38;&nosuch;&", size)),
    ("comments", |size| html("<!-- x -->", size)),
    ("comments-unclosed", |size| html("<!-- x", size)),
    ("comments-conditional", |size| {
        html("<!--[if mso]><p>x<![endif]--><![if !mso]>y<![endif]>", size)
    }),
    ("quotes", |size| html("<blockquote>x</blockquote><div class=\"gmail_quote\">y</div>", size)),
    ("fences", |size| {
        let row = format!("<p>{}</p>", "_".repeat(80));
        html(&row, size)
    }),
    ("stops", |size| {
        let row = format!("<p>{}</p>", ".".repeat(137));
        html(&row, size)
    }),
    ("links-same", |size| html(&format!("<p><a href=\"{}\">Join</a>", join(0)), size)),
    ("links", |size| html("<p><a href=\"https://teams.microsoft.com/meet/1#?p=a\">Join</a>", size)),
    ("links-on-one-line", |size| {
        html("<a href=\"https://teams.microsoft.com/meet/1#?p=a\">x</a> ", size)
    }),
    ("links-wrapped", |size| {
        let inner = "https%3A%2F%2Fnam02.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F\
                     %252Fteams.microsoft.com%252Fmeet%252F#";
        let link = "https://nam02.safelinks.protection.outlook.com/?url=";
        html(&format!("<p><a href=\"{link}{inner}\">x</a>"), size)
    }),
    ("links-wrapped-deep", |size| {
        let link = "https://nam02.safelinks.protection.outlook.com/?url=".repeat(20);
        html(&format!("<p><a href=\"{link}\">x</a>"), size)
    }),
    ("companions", |size| html("<p><a href=\"https://aka.ms/JoinTeamsMeeting?#\">x</a>", size)),
    ("blocks-same", |size| html(&block_html(0), size)),
    ("blocks", |size| {
        let mut out = String::new();
        let mut number = 0;
        while out.len() < size {
            out.push_str(&block_html(number));
            number += 1;
        }
        out
    }),
    ("headings", |size| html("<p>Microsoft Teams meeting", size)),
    ("text-lines", |size| text("x\n", size)),
    ("text-words", |size| text("x ", size)),
    ("text-fences", |size| {
        let row = format!("{}\n", "_".repeat(80));
        text(&row, size)
    }),
    ("text-fences-cut", |size| {
        let row = format!("{}\n{}\n", ".".repeat(71), ".".repeat(66));
        text(&row, size)
    }),
    ("text-quotes", |size| text("> > x\n", size)),
    ("text-headers", |size| text("From: a\nSent: b\nTo: c\nSubject: d\n", size)),
    ("text-urls", |size| text("http://https://a:b@c/<http://", size)),
    ("text-urls-cut", |size| text(&format!("Join<{}\n", join(0)), size)),
    ("text-links", |size| text("https://teams.microsoft.com/meet/1#?p=a ", size)),
    ("text-wrapped", |size| {
        text("https://urldefense.com/v3/__https://teams.microsoft.com/meet/#__;!!a ", size)
    }),
    ("text-blocks", |size| {
        let mut out = String::new();
        let mut number = 0;
        while out.len() < size {
            out.push_str(&block_text(number));
            number += 1;
        }
        out
    }),
];
