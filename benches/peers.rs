//! The rewrite core beside what one would take instead, on the same bodies.
//!
//!     cargo bench --bench peers
//!     cargo bench --bench peers -- --test     few runs, for checking the results alone
//!
//! Every contestant replaces the block whose link is the recorded one, or finds that there is
//! none; that all come to the same result is asserted before any time is taken. Runs are
//! interleaved, numbers are medians. Ours proves that nothing else changed; the others do not:
//!
//! - `lol_html`: one pass that locates the element by selector and checks its link, then a splice.
//! - `rcdom`: html5ever parses, the element is replaced in the tree, the tree is written.
//! - `regex`: fence, recorded link and fence in this order, compiled once.
//! - floors: `memcpy` copies the body, `memchr` looks at every `<` (text: every line end).
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use html5ever::serialize::{SerializeOpts, TraversalScope, serialize};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_document, parse_fragment};
use lol_html::html_content::SourceLocation;
use lol_html::{EndTagHandler, RewriteStrSettings, element, rewrite_str};
use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};
use meeting_migration::block::{Options, Rewrite, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates};
use regex::Regex;

const OLD: &str = "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp";
const NEW: &str = "https://teams.microsoft.com/meet/9876543210987?p=Zy8xWv5uTs2rQp7oNm";

fn coordinates(url: &str) -> Coordinates {
    serde_json::from_value(serde_json::json!({
        "provider": "teams", "join_url": url, "languages": ["en-US"],
        "meeting_id": "234 567 890 123 4", "passcode": "xY12ab", "conference_id": "123 456 789#",
        "numbers": [{"number": "+1 206 555 0170", "country": "United States", "city": "Seattle"}],
        "help_url": "https://aka.ms/JoinTeamsMeeting?omkt=en-US",
        "meeting_options_url": "https://teams.microsoft.com/meetingOptions/?organizerId=1"
    }))
    .unwrap()
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    First,
    Middle,
    Last,
    None,
}

impl Place {
    const ALL: [(Self, &str); 4] = [
        (Self::First, "first"),
        (Self::Middle, "middle"),
        (Self::Last, "last"),
        (Self::None, "no block"),
    ];

    /// Which part of `parts` stands before the block.
    fn split(self, parts: usize) -> Option<usize> {
        match self {
            Self::First => Some(0),
            Self::Middle => Some(parts / 2),
            Self::Last => Some(parts),
            Self::None => None,
        }
    }
}

/// The block that our own renderer writes for `url`, between the fences.
fn block(html: bool, url: &str) -> String {
    let fence = "_".repeat(80);
    let typed = if html {
        format!("<div>{fence}</div><div><a href=\"{OLD}\">Join</a></div><div>{fence}</div>")
    } else {
        format!("{fence}\r\nJoin<{OLD}>\r\n{fence}")
    };
    let body = if html { Body::html(typed) } else { Body::text(typed) };
    let record = Record::new(Provider::TEAMS, OLD);
    match rewrite(&body, Some(&record), &coordinates(url), &Options::new()) {
        Rewrite::Replaced { body, written, .. } => {
            String::from_utf8(body.as_bytes()[written].to_vec()).unwrap()
        }
        other => panic!("{other:?}"),
    }
}

/// How many of a body's paragraphs have a link.
#[derive(Clone, Copy, PartialEq)]
enum Links {
    /// Nearly every one: minutes, newsletters.
    Many,
    /// One in about 2 kB: most invitations.
    Few,
}

/// A body of about `size` bytes, as Word or a text editor writes them.
fn body(html: bool, size: usize, place: Place, links: Links) -> String {
    let mut parts = Vec::new();
    let mut bytes = 0;
    while bytes < size.saturating_sub(if html { 3000 } else { 700 }) {
        let n = parts.len();
        let part = match (html, n % 8) {
            (true, 0..=4 | 6) if links == Links::Few => format!(
                "<p class=MsoNormal style='margin-bottom:0in'><span lang=EN-US style='font-size:\
                 11.0pt;font-family:\"Calibri\",sans-serif'>{n}. Please read the notes of last week \
                 before we meet, and think of what is missing: nobody else will.<o:p></o:p></span></p>\r\n"
            ),
            (false, 0..=6) if links == Links::Few => format!(
                "{n}. Please read the notes of last week before we meet, and think of what\r\n\
                 is missing. Nobody else will, and there is a lot that should be said.\r\n\r\n"
            ),
            (true, 5) => format!(
                "<table border=0 cellspacing=0 cellpadding=0 style='border-collapse:collapse'>\
                 <tr><td width=120 valign=top style='padding:0in 5.4pt 0in 5.4pt'><p class=MsoNormal>\
                 <b>Item {n}</b><o:p></o:p></p></td><td><p class=MsoNormal>Ann &amp; Ben, \
                 30&nbsp;minutes<o:p></o:p></p></td></tr></table>\r\n"
            ),
            (true, _) => format!(
                "<p class=MsoNormal style='margin-bottom:0in'><span lang=EN-US style='font-size:\
                 11.0pt;font-family:\"Calibri\",sans-serif'>{n}. Please read the notes of last week \
                 before we meet, and <a href=\"https://intranet.contoso.example/notes/{n}\">add</a> \
                 what is missing.<o:p></o:p></span></p>\r\n"
            ),
            (false, _) => format!(
                "{n}. Please read the notes of last week before we meet, and add\r\nwhat is missing: \
                 https://intranet.contoso.example/notes/{n}\r\n\r\n"
            ),
        };
        bytes += part.len();
        parts.push(part);
    }
    if let Some(at) = place.split(parts.len()) {
        parts.insert(at, block(html, OLD) + "\r\n");
    }
    let inner = parts.concat();
    if html {
        let style = "p.MsoNormal, li.MsoNormal {margin:0in; font-size:11.0pt;}\r\n".repeat(8);
        format!(
            "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta name=Generator \
             content=\"Microsoft Word 15\"><style><!--\r\n{style}--></style></head><body lang=EN-US>\
             <div class=WordSection1>{inner}</div></body></html>\r\n"
        )
    } else {
        inner
    }
}

/// What a contestant makes of a body: the new body, or that there was nothing to do.
type Outcome = Option<String>;

fn ours(body: &Body, record: &Record, new: &Coordinates, options: &Options) -> Outcome {
    match rewrite(body, Some(record), new, options) {
        Rewrite::Replaced { body, .. } => {
            Some(String::from_utf8(body.as_bytes().to_vec()).unwrap())
        }
        Rewrite::Absent(_) => None,
        other => panic!("{other:?}"),
    }
}

fn with_lol_html(body: &str, new: &str) -> Outcome {
    #[derive(Default)]
    struct Seen {
        open: Option<usize>,
        own: bool,
        found: Option<(usize, usize)>,
    }
    let seen = Rc::new(RefCell::new(Seen::default()));
    let (outer, link) = (Rc::clone(&seen), Rc::clone(&seen));
    let start = |at: SourceLocation| at.bytes().start;
    let wrapper = element!("div.me-email-text", move |element| {
        *outer.borrow_mut() =
            Seen { open: Some(start(element.source_location())), ..Seen::default() };
        let seen = Rc::clone(&outer);
        if let Some(handlers) = element.end_tag_handlers() {
            let handler: EndTagHandler<'static> = Box::new(move |end| {
                let mut seen = seen.borrow_mut();
                if let (Some(open), true) = (seen.open, seen.own) {
                    seen.found = Some((open, end.source_location().bytes().end));
                }
                Ok(())
            });
            handlers.push(handler);
        }
        Ok(())
    });
    let join = element!("div.me-email-text a[href]", move |element| {
        link.borrow_mut().own |= element.get_attribute("href").as_deref() == Some(OLD);
        Ok(())
    });
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(wrapper)
        .append_element_content_handler(join);
    rewrite_str(body, settings).unwrap();
    let (from, to) = seen.borrow().found?;
    Some([&body[..from], new, &body[to..]].concat())
}

fn with_rcdom(body: &str, new: &str) -> Outcome {
    let dom = parse(body);
    let mut stack = vec![dom.document.clone()];
    while let Some(node) = stack.pop() {
        let wrapper = attribute(&node, "class").is_some_and(|class| class == "me-email-text")
            && matches!(&node.data, NodeData::Element { name, .. } if name.local == local_name!("div"))
            && has_link(&node);
        if !wrapper {
            stack.extend(node.children.borrow().iter().rev().cloned());
            continue;
        }
        let context = QualName::new(None, ns!(html), local_name!("div"));
        let fragment =
            parse_fragment(RcDom::default(), options(), context, Vec::new(), false).one(new);
        let root = fragment.document.children.borrow()[0].clone();
        let made: Vec<Handle> = root.children.borrow_mut().drain(..).collect();
        let parent = node.parent.take().and_then(|weak| weak.upgrade()).unwrap();
        let at = parent.children.borrow().iter().position(|n| Rc::ptr_eq(n, &node)).unwrap();
        parent.children.borrow_mut().splice(at..=at, made);
        return Some(write(&dom));
    }
    None
}

fn options() -> ParseOpts {
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    options
}

fn parse(text: &str) -> RcDom {
    parse_document(RcDom::default(), options()).one(text)
}

fn write(dom: &RcDom) -> String {
    let options = SerializeOpts {
        scripting_enabled: false,
        traversal_scope: TraversalScope::ChildrenOnly(None),
        ..SerializeOpts::default()
    };
    let mut out = Vec::new();
    serialize(&mut out, &SerializableHandle::from(dom.document.clone()), options).unwrap();
    String::from_utf8(out).unwrap()
}

fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let attrs = attrs.borrow();
    attrs.iter().find(|a| &*a.name.local == wanted).map(|a| a.value.to_string())
}

fn has_link(node: &Handle) -> bool {
    attribute(node, "href").is_some_and(|href| href == OLD)
        || node.children.borrow().iter().any(has_link)
}

fn expression(html: bool) -> Regex {
    let link = regex::escape(OLD);
    let pattern = if html {
        format!(
            r#"(?s)<div class="me-email-text"[^>]*><div[^>]*>_{{80}}</div>.{{0,4000}}?<a href="{link}".*?_{{80}}</div></div>"#
        )
    } else {
        format!(r"(?s)_{{80}}\r?\n.{{0,4000}}?<{link}>.*?_{{80}}")
    };
    Regex::new(&pattern).unwrap()
}

fn with_regex(expression: &Regex, body: &str, new: &str) -> Outcome {
    let found = expression.find(body)?;
    Some([&body[..found.start()], new, &body[found.end()..]].concat())
}

struct Contestant<'a> {
    name: &'static str,
    run: Box<dyn Fn() + 'a>,
    times: Vec<Duration>,
}

impl<'a> Contestant<'a> {
    fn new(name: &'static str, run: impl Fn() + 'a) -> Self {
        Self { name, run: Box::new(run), times: Vec::new() }
    }
}

struct Row {
    name: String,
    /// MB/s by contestant.
    speeds: Vec<(&'static str, f64)>,
}

fn measure(
    html: bool,
    size: usize,
    place: (Place, &str),
    links: (Links, &str),
    quick: bool,
) -> Row {
    let text = body(html, size, place.0, links.0);
    let new = coordinates(NEW);
    let fresh = block(html, NEW);
    let record = Record::new(Provider::TEAMS, OLD);
    let settings = Options::new();
    let given = if html { Body::html(text.as_str()) } else { Body::text(text.as_str()) };
    let expression = expression(html);

    // The same result, before any time is taken.
    let result = ours(&given, &record, &new, &settings);
    assert_eq!(result.is_some(), place.0 != Place::None);
    assert!(result.iter().all(|r| r.contains(NEW) && !r.contains(OLD)));
    assert_eq!(with_regex(&expression, &text, &fresh), result, "regex, {}", place.1);
    if html {
        assert_eq!(with_lol_html(&text, &fresh), result, "lol_html, {}", place.1);
        let normal = result.as_deref().map(|result| write(&parse(result)));
        assert_eq!(with_rcdom(&text, &fresh), normal, "rcdom, {}", place.1);
    }

    let needle = if html { b'<' } else { b'\n' };
    let mut all: Vec<Contestant<'_>> = Vec::new();
    let run = || _ = black_box(rewrite(&given, Some(&record), &new, &settings));
    all.push(Contestant::new("ours", run));
    if html {
        all.push(Contestant::new("lol_html", || _ = black_box(with_lol_html(&text, &fresh))));
        all.push(Contestant::new("rcdom", || _ = black_box(with_rcdom(&text, &fresh))));
    }
    let run = || _ = black_box(with_regex(&expression, &text, &fresh));
    all.push(Contestant::new("regex", run));
    // As a search does it: hit by hit.
    let run = || memchr::memchr_iter(needle, text.as_bytes()).for_each(|at| _ = black_box(at));
    all.push(Contestant::new("memchr", run));
    all.push(Contestant::new("memcpy", || _ = black_box(black_box(&text).as_bytes().to_vec())));

    let rounds = if quick { 1 } else { 31 };
    for _ in 0..rounds {
        for contestant in &mut all {
            // Enough runs for a millisecond; how many, the first round tells.
            let runs = match contestant.times.first() {
                None => 1,
                Some(once) => {
                    (Duration::from_millis(1).as_nanos() / once.as_nanos().max(1)).clamp(1, 10_000)
                }
            };
            let began = Instant::now();
            for _ in 0..runs {
                (contestant.run)();
            }
            let each = began.elapsed() / u32::try_from(runs).unwrap();
            contestant.times.push(each.max(Duration::from_nanos(1)));
        }
    }
    let median = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort();
        times[times.len() / 2]
    };
    let speed = |c: &Contestant<'_>| text.len() as f64 / median(&c.times).as_secs_f64() / 1e6;
    let kind = if html { "HTML" } else { "text" };
    let size = if size >= 1_000_000 { "1 MB".to_owned() } else { format!("{} kB", size / 1000) };
    Row {
        name: format!("{kind} {size}, {}{}", place.1, links.1),
        speeds: all.iter().map(|c| (c.name, speed(c))).collect(),
    }
}

fn main() {
    // Cargo passes `--bench` when times are wanted, and a test run does not.
    let arguments: Vec<String> = std::env::args().collect();
    let quick =
        arguments.iter().any(|a| a == "--test") || !arguments.iter().any(|a| a == "--bench");
    let wanted = arguments.iter().skip(1).find(|a| !a.starts_with("--"));
    let columns = ["ours", "lol_html", "rcdom", "regex", "memchr", "memcpy"];
    println!("MB/s, medians of interleaved runs; larger is faster\n");
    print!("| {:<30} |", "body");
    columns.iter().for_each(|column| print!(" {column:>8} |"));
    println!("\n| {:-<30} |{}", "", " -------: |".repeat(columns.len()));
    let mut rows = Vec::new();
    for html in [true, false] {
        for size in [4_000, 20_000, 60_000, 1_000_000] {
            let many = Place::ALL.map(|place| (place, (Links::Many, "")));
            let few = Place::ALL.map(|place| (place, (Links::Few, ", few links")));
            for (place, links) in many.into_iter().chain(few) {
                let name = format!("{html} {size} {}{}", place.1, links.1);
                if wanted.is_some_and(|wanted| !name.contains(wanted.as_str())) {
                    continue;
                }
                let row = measure(html, size, place, links, quick);
                print!("| {:<30} |", row.name);
                for column in columns {
                    match row.speeds.iter().find(|(name, _)| *name == column) {
                        Some((_, speed)) => print!(" {speed:>8.0} |"),
                        None => print!(" {:>8} |", "-"),
                    }
                }
                println!();
                rows.push(row);
            }
        }
    }
    println!("\nOurs is so many times as fast (below 1: slower):\n");
    for row in rows {
        let Some((ours, others)) = row.speeds.split_first() else { continue };
        for (name, speed) in others {
            println!("{} / {name}: {:.2}", row.name, ours.1 / speed);
        }
    }
}
