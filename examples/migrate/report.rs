//! The report: one HTML page that needs nothing but itself.
//!
//! Bodies were written by strangers. HTML is shown in frames that may run nothing, load
//! nothing and lead nowhere (`sandbox` without permissions, and a content security policy
//! in the page and in each frame); everything else is escaped.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::Range;

use meeting_migration::block::excerpt;
use meeting_migration::body::Format;
use meeting_migration::plan::BlockEdit;

use crate::view::{BodyView, Class, Marked, MeetingView, PartView, UserView, label};
use crate::{Account, Ignored};

const CSS: &str = include_str!("report.css");

/// What the page and its frames may load: their own styles and inline pictures.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      form-action 'none'; base-uri 'none'";

/// The whole page.
pub(crate) fn html(account: &Account) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = page(&mut out, account);
    out
}

fn page(out: &mut String, account: &Account) -> fmt::Result {
    let title = if account.preview { "Migration plan" } else { "Migration report" };
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>\n{CSS}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
    )?;
    let now = account.now.format("%-d %B %Y, %H:%M UTC");
    match account.preview {
        true => writeln!(out, "<p>As of {now}. Nothing has been written, and nobody told.</p>")?,
        false => writeln!(out, "<p>Run of {now}.</p>")?,
    }
    out.push_str("</header>\n<main>\n");
    overview(out, account)?;
    problems(out, account)?;
    ignored(out, &account.ignored)?;
    users(out, account)?;
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(())
}

fn overview(out: &mut String, account: &Account) -> fmt::Result {
    out.push_str("<section class=\"overview\">\n<ul class=\"tiles\">\n");
    let mut tile = |class: &str, count: usize, label: &str| {
        writeln!(out, "<li class=\"{class}\"><b>{count}</b> {label}</li>")
    };
    let meetings = account.users.iter().map(|user| user.meetings.len()).sum();
    tile("all", meetings, "meetings")?;
    for class in Class::ALL {
        let count = account.users.iter().map(|user| user.count(class)).sum();
        tile(class.key(), count, class.label(account.preview))?;
    }
    if !account.preview {
        tile("all", account.notices, "notices sent")?;
    }
    out.push_str("</ul>\n<table class=\"states\">\n<tr><th>State</th><th>UserCount</th></tr>\n");
    for (state, users) in account.summary.rows() {
        writeln!(out, "<tr><td>{state}</td><td>{users}</td></tr>")?;
    }
    out.push_str("</table>\n</section>\n");
    Ok(())
}

fn problems(out: &mut String, account: &Account) -> fmt::Result {
    if account.problems.is_empty() {
        return Ok(());
    }
    out.push_str("<section>\n<h2>What failed</h2>\n<ul class=\"problems\">\n");
    for problem in &account.problems {
        writeln!(out, "<li>{}</li>", escaped(&problem.to_string()))?;
    }
    out.push_str("</ul>\n</section>\n");
    Ok(())
}

fn ignored(out: &mut String, all: &[Ignored]) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    out.push_str(
        "<section>\n<h2>Ignored changes</h2>\n<table>\n\
         <tr><th>User</th><th>Change</th><th>Why</th><th>Way out</th></tr>\n",
    );
    for Ignored { user, change, why, way_out } in all {
        let [user, why, way_out] = [user.as_str(), why, way_out].map(escaped);
        writeln!(out, "<tr><td>{user}</td><td>{change}</td><td>{why}</td><td>{way_out}</td></tr>")?;
    }
    out.push_str("</table>\n</section>\n");
    Ok(())
}

fn users(out: &mut String, account: &Account) -> fmt::Result {
    out.push_str("<section class=\"users\">\n<h2>Users</h2>\n<p class=\"filter\">Show ");
    // The filter is style alone: the page has no script.
    for class in Class::ALL {
        let (key, label) = (class.key(), class.label(account.preview));
        write!(
            out,
            "<label class=\"{key}\"><input type=\"checkbox\" id=\"show-{key}\" checked> {label}</label> "
        )?;
    }
    out.push_str("</p>\n");
    for user in &account.users {
        self::user(out, user, account.preview)?;
    }
    out.push_str("</section>\n");
    Ok(())
}

fn user(out: &mut String, user: &UserView, preview: bool) -> fmt::Result {
    let status = &user.status;
    let failed = user.failure.is_some() || user.count(Class::Failed) > 0;
    let open = if failed { " open" } else { "" };
    let name = if user.name.is_empty() { status.user_id.as_str() } else { &user.name };
    write!(
        out,
        "<details class=\"user\"{open}>\n<summary><b dir=\"auto\">{}</b> <span class=\"id\">{}</span> \
         <span class=\"state {state}\">{state}</span><span class=\"counts\">",
        escaped(name),
        escaped(status.user_id.as_str()),
        state = status.state,
    )?;
    for class in Class::ALL {
        let count = user.count(class);
        if count > 0 {
            let (key, label) = (class.key(), class.label(preview));
            write!(out, "<span class=\"{key}\">{count} {label}</span>")?;
        }
    }
    out.push_str("</span></summary>\n");
    let message = match status.last_message.as_str() {
        "" => None,
        message => Some(message),
    };
    write!(out, "<dl class=\"facts\"><dt>MigrationType</dt><dd>{}</dd>", status.migration_type)?;
    if let Some(message) = message.or(user.failure.as_deref()) {
        write!(out, "<dt>LastMessage</dt><dd>{}</dd>", escaped(message))?;
    }
    writeln!(
        out,
        "<dt>CorrelationId</dt><dd>{}</dd></dl>",
        escaped(status.correlation_id.as_str())
    )?;
    for meeting in &user.meetings {
        self::meeting(out, meeting)?;
    }
    out.push_str("</details>\n");
    Ok(())
}

fn meeting(out: &mut String, meeting: &MeetingView) -> fmt::Result {
    let (class, subject) = (meeting.class.key(), meeting.subject.as_str());
    let subject = if subject.is_empty() { "(no subject)" } else { subject };
    write!(
        out,
        "<details class=\"meeting {class}\">\n<summary><span class=\"subject\" dir=\"auto\">{}</span> \
         <span class=\"outcome\">{}</span>",
        escaped(subject),
        escaped(&meeting.outcome),
    )?;
    if !meeting.warnings.is_empty() {
        write!(out, " <span class=\"warns\">{}</span>", plural(meeting.warnings.len(), "warning"))?;
    }
    out.push_str("</summary>\n");
    for warning in &meeting.warnings {
        writeln!(out, "<p class=\"warning\">{}</p>", escaped(&warning.to_string()))?;
    }
    for edit in &meeting.edits {
        self::edit(out, edit)?;
    }
    write!(out, "<dl class=\"facts\"><dt>Meeting</dt><dd>{}</dd>", escaped(meeting.id.as_str()))?;
    for notice in &meeting.notices {
        write!(out, "<dt>Notice</dt><dd>notices/{}.eml</dd>", escaped(notice))?;
    }
    out.push_str("</dl>\n");
    for part in &meeting.parts {
        self::part(out, part)?;
    }
    out.push_str("</details>\n");
    Ok(())
}

/// What stood in the block that was written, and what was found instead.
fn edit(out: &mut String, edit: &BlockEdit) -> fmt::Result {
    out.push_str("<dl class=\"edit\">");
    let part = label(&edit.part);
    if !part.is_empty() {
        write!(out, "<dt>In</dt><dd>{}</dd>", escaped(&part))?;
    }
    for (label, tag, words) in
        [("Written", "del", edit.was.as_str()), ("Edited to", "ins", edit.is.as_str())]
    {
        match words {
            "" => write!(out, "<dt>{label}</dt><dd>(nothing)</dd>")?,
            words => write!(
                out,
                "<dt>{label}</dt><dd><{tag} dir=\"auto\">{}</{tag}></dd>",
                escaped(words)
            )?,
        }
    }
    out.push_str("</dl>\n");
    Ok(())
}

fn part(out: &mut String, part: &PartView) -> fmt::Result {
    if !part.label.is_empty() {
        writeln!(out, "<h3>{}</h3>", escaped(&part.label))?;
    }
    if let Some(why) = &part.skipped {
        writeln!(out, "<p class=\"what\">left as it is: {}</p>", escaped(why))?;
    }
    if let Some((before, after)) = &part.location {
        let (before, after) = (escaped(before), escaped(after));
        writeln!(out, "<p class=\"what\">Location: {before} → {after}</p>")?;
    }
    for body in &part.bodies {
        self::body(out, body)?;
    }
    Ok(())
}

fn body(out: &mut String, body: &BodyView) -> fmt::Result {
    let kind = match body.before.body.format() {
        Format::Html => "HTML",
        _ => "Text",
    };
    let charset = body.before.body.charset().map(|label| format!(", {label}"));
    write!(out, "<p class=\"what\">{kind}{}", escaped(&charset.unwrap_or_default()))?;
    if !body.what.is_empty() {
        write!(out, ": {}", escaped(&body.what))?;
    }
    out.push_str("</p>\n<div class=\"sides\">\n");
    let label = if body.after.is_some() { "Before" } else { "As it is" };
    side(out, label, "old", &body.before)?;
    if let Some(after) = &body.after {
        side(out, "After", "new", after)?;
    }
    out.push_str("</div>\n");
    Ok(())
}

fn side(out: &mut String, label: &str, class: &str, marked: &Marked) -> fmt::Result {
    write!(out, "<figure class=\"{class}\"><figcaption>{label}</figcaption>")?;
    let pieces = match pieces(marked) {
        Ok(pieces) => pieces,
        Err(why) => return writeln!(out, "<p>not shown: {}</p></figure>", escaped(&why)),
    };
    match marked.body.format() {
        Format::Html => {
            let mut document = format!(
                "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" \
                 content=\"{POLICY}\"><style>html{{background:#fff;color:#000}}body{{margin:8px;\
                 font-family:Calibri,Carlito,sans-serif}}[{MARK}={class}]{{background-color:{} \
                 !important}}</style>",
                if class == "old" { "#ffe3e0" } else { "#ddf4dd" },
            );
            for (text, inside) in &pieces {
                match inside {
                    true => mark_tags(&mut document, text, class),
                    false => document.push_str(text),
                }
            }
            writeln!(
                out,
                "<iframe sandbox loading=\"lazy\" title=\"{label}\" srcdoc=\"{}\"></iframe></figure>",
                escaped(&document)
            )
        }
        _ => {
            out.push_str("<pre dir=\"auto\">");
            // The parser drops a line end right behind the tag.
            out.push('\n');
            for (text, inside) in &pieces {
                match inside {
                    true => write!(out, "<mark>{}</mark>", escaped(text))?,
                    false => out.push_str(&escaped(text)),
                }
            }
            out.push_str("</pre></figure>\n");
            Ok(())
        }
    }
}

/// The body's text in order, each piece with whether it is part of a block.
fn pieces(marked: &Marked) -> Result<Vec<(Cow<'_, str>, bool)>, String> {
    let (body, length) = (&marked.body, marked.body.as_bytes().len());
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut piece = |span: Range<usize>, inside| {
        let text = excerpt(body, span).map_err(|why| why.to_string())?;
        pieces.push((text, inside));
        Ok::<_, String>(())
    };
    for span in marked.spans.iter().filter(|span| span.start < span.end && span.end <= length) {
        if span.start < at {
            continue;
        }
        piece(at..span.start, false)?;
        piece(span.clone(), true)?;
        at = span.end;
    }
    piece(at..length, false)?;
    Ok(pieces)
}

const MARK: &str = "data-migration-block";

/// Writes markup with an attribute on each start tag: unlike an element around it, that
/// cannot change what a browser builds.
fn mark_tags(out: &mut String, markup: &str, class: &str) {
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let name = tag.get(1..).unwrap_or_default();
        if let Some(comment) = name.strip_prefix("!--") {
            let end = comment.find("-->").map_or(tag.len(), |end| 4 + end + 3);
            let (comment, after) = tag.split_at(end);
            out.push_str(comment);
            rest = after;
        } else if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let name = 1 + name
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
                .unwrap_or(name.len());
            let (name, attributes) = tag.split_at(name);
            let (attributes, after) = attributes.split_at(end_of_tag(attributes));
            let _ = write!(out, "{name} {MARK}={class}{attributes}");
            rest = after;
        } else {
            out.push('<');
            rest = name;
        }
    }
    out.push_str(rest);
}

/// Where a tag ends: at a `>` outside quotes.
fn end_of_tag(attributes: &str) -> usize {
    let mut quote = None;
    for (at, c) in attributes.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    attributes.len()
}

/// Text as it may stand between tags and in double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
