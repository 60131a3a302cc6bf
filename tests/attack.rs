//! Blocks of every product and client, put where they hardly ever stand: among the shapes
//! of the browsers' own parser tests. Exact or refused, never wrong.
//!
//! The oracle is html5ever with its own tokenizer and rcdom: two comments stand at the two
//! ends of the block, before and after the rewrite, and what lies outside them must be
//! one tree. Spans are known by construction: `head + block + tail`.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod authored;

use std::collections::BTreeMap;

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use meeting_migration::block::{self, Options, Rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use authored::{Fixture, fixtures};

/// Every fixture of HTML with a recorded link.
fn all_blocks() -> Vec<Fixture> {
    fixtures().into_iter().filter(|f| f.is_html && f.link.is_some()).collect()
}

/// One block of each kind.
const CHOSEN: &[&str] = &[
    "safelinks-some",
    "sfb2016-word-full",
    "sfb2017-footer",
    "sfb2018-onprem-graph",
    "teams2019-graph",
    "teams2019-word-full",
    "teams2020-service-fr",
    "teams2022-graph-wrapper",
    "teams2022-service-surplus",
    "teams2022-word-crlf",
    "teams2023-message-one-line",
    "teams2024-owa-cvi",
    "teams2024-word",
    "teams2025-record-short",
    "teams2025-service",
];

fn blocks() -> Vec<Fixture> {
    let chosen = all_blocks().into_iter().filter(|f| CHOSEN.contains(&f.name.as_str()));
    let out: Vec<_> = chosen.collect();
    assert_eq!(out.len(), CHOSEN.len());
    out
}

const NEW: &str = r#"{"provider": "teams",
    "join_url": "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp",
    "meeting_id": "234 567 890 123 4", "passcode": "xY12ab", "conference_id": "123 456 789#",
    "numbers": [{"number": "+1 206 555 0170", "country": "United States", "city": "Seattle"}]}"#;

fn new() -> Coordinates {
    serde_json::from_str(NEW).unwrap()
}

fn options() -> Options {
    Options::new().with_evidence(AddInEvidence::RecordOrMarks)
}

// -- the oracle -----------------------------------------------------------------------------

const HERE: &str = "block-begins";
const THERE: &str = "block-ends";

/// What a browser builds outside the two ends.
fn outside(before: &str, block: &str, behind: &str, user: &str) -> String {
    let body = format!("{before}<!--{HERE}-->{block}<!--{THERE}-->{behind}");
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..Default::default() };
    let options = ParseOpts { tree_builder, ..Default::default() };
    let dom = parse_document(RcDom::default(), options).one(body);
    let mut order = Vec::new();
    walk(&dom.document, 0, &mut order);
    let is = |node: &Handle, wanted: &str| matches!(&node.data, NodeData::Comment { contents } if &**contents == wanted);
    let from = order.iter().position(|(n, _)| is(n, HERE));
    let to = order.iter().position(|(n, _)| is(n, THERE));
    let (Some(from), Some(to)) = (from, to) else { return "no place for comments".to_owned() };
    let mut out = String::new();
    // Browsers put comments elsewhere than elements in a table and behind the body: there,
    // the user's words and what they stand in.
    let place = order[..from].iter().rev().find(|(_, d)| *d < order[from].1).map(|(n, _)| n);
    let moved = place.is_none_or(|n| match &n.data {
        NodeData::Element { name, .. } => {
            ["html", "head", "table", "tbody", "tr", "colgroup"].contains(&&*name.local)
        }
        _ => true,
    });
    if moved {
        let mut above: Vec<String> = Vec::new();
        for (node, depth) in &order {
            above.truncate(*depth);
            above.push(match &node.data {
                NodeData::Element { name, .. } => format!("{}", name.local),
                _ => String::new(),
            });
            if let NodeData::Text { contents } = &node.data {
                let text = contents.borrow();
                let text = text.trim();
                if !text.is_empty() && user.contains(text) {
                    out += &format!("{} {text}\n", above.join("/"));
                }
            }
        }
        return out;
    }
    for (i, (node, depth)) in order.iter().enumerate() {
        let inside = from <= i && i <= to;
        // An element of the block that goes on behind it is part of the outside.
        let end =
            order[i + 1..].iter().position(|(_, d)| d <= depth).map_or(order.len(), |n| n + i + 1);
        if inside && end <= to + 1 {
            continue;
        }
        let mut line = String::new();
        match &node.data {
            NodeData::Text { contents } => {
                let text = contents.borrow();
                if !text.trim_matches(|c: char| c.is_ascii_whitespace()).is_empty() {
                    line = format!("\"{text}\"");
                }
            }
            NodeData::Element { name, attrs, .. } => {
                line = format!("<{}", name.local);
                for a in attrs.borrow().iter() {
                    line += &format!(" {}={:?}", a.name.local, &*a.value);
                }
            }
            NodeData::Comment { contents } => line = format!("!{contents}"),
            _ => {}
        }
        if !line.is_empty() {
            out += &format!("{depth} {line}\n");
        }
    }
    out
}

fn walk(node: &Handle, depth: usize, out: &mut Vec<(Handle, usize)>) {
    out.push((node.clone(), depth));
    if let NodeData::Element { template_contents, .. } = &node.data
        && let Some(inner) = &*template_contents.borrow()
    {
        walk(inner, depth + 1, out);
    }
    for child in node.children.borrow().iter() {
        walk(child, depth + 1, out);
    }
}

fn word(answer: &Rewrite) -> String {
    match answer {
        Rewrite::Replaced { .. } => "replaced".to_owned(),
        Rewrite::Unchanged(_) => "unchanged".to_owned(),
        Rewrite::Absent(why) => format!("absent {why:?}"),
        Rewrite::Foreign(why, _) => format!("foreign {why:?}"),
        Rewrite::Ambiguous(_) => "ambiguous".to_owned(),
        Rewrite::Refused(why) => format!("refused {why:?}"),
        _ => "?".to_owned(),
    }
}

/// How much of the block has to be found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All of it, and nothing else.
    Exact,
    /// A part of it, and nothing else.
    Part,
    /// A part of it, and no words of somebody's: their tags are the block's where those of the
    /// block are missing.
    Words,
}

/// A text without its tags.
fn words_of(html: &str) -> String {
    let parts = html.split('<').enumerate();
    let words =
        parts.map(|(n, part)| if n == 0 { part } else { part.split_once('>').map_or("", |p| p.1) });
    words.collect::<String>().trim().to_owned()
}

/// What was answered, or what is wrong with it.
fn check(
    head: &str,
    block: &str,
    tail: &str,
    record: Option<&Record>,
    extent: Extent,
) -> Result<String, String> {
    let body = [head, block, tail].concat();
    let make = |s: &str| Body::html(s);
    let given = block::rewrite(&make(&body), record, &new(), &options());
    let Rewrite::Replaced { body: after, block: found, written } = &given else {
        return Ok(word(&given));
    };
    let out = after.as_unicode().unwrap();
    let (s, e) = (found.span.start, found.span.end);
    if !out.starts_with(&body[..s]) || !out.ends_with(&body[e..]) || out.len() < s + body.len() - e
    {
        return Err("bytes outside changed".to_owned());
    }
    {
        let user = [head, tail].join("\n");
        let new_end = out.len() - (body.len() - e);
        let old = outside(&body[..s], &body[s..e], &body[e..], &user);
        let new = outside(&out[..s], &out[s..new_end], &out[new_end..], &user);
        if old != new {
            return Err(format!("tree changed: {}", difference(&old, &new)));
        }
    }
    let again = Record::new(Provider::TEAMS, new().join_url.as_str());
    for record in [Some(&again), None] {
        match block::rewrite(&make(out), record, &new(), &options()) {
            Rewrite::Unchanged(block) if block.span == *written => {}
            // Without a record another meeting's block may be in the way.
            Rewrite::Ambiguous(_) if record.is_none() => {}
            other => return Err(format!("second run: {} ({})", word(&other), record.is_some())),
        }
    }
    let (start, end) = (head.len(), head.len() + block.len());
    if extent != Extent::Exact && (s, e) != (start, end) && s >= start && e <= end {
        return Ok("inside".to_owned());
    }
    let lost = [cut(&body, s, start), cut(&body, end, e)];
    let wider = lost.iter().any(|lost| !lost.is_empty());
    if extent == Extent::Words && wider && lost.iter().all(|lost| words_of(lost).is_empty()) {
        return Ok("tags".to_owned());
    }
    if s != head.len() || e != head.len() + block.len() {
        return Err(format!(
            "span {:?} not {:?}; left {:?}…{:?}; lost {:?}…{:?}",
            found.span,
            head.len()..head.len() + block.len(),
            cut(&body, head.len(), s),
            cut(&body, e, head.len() + block.len()),
            cut(&body, s, head.len()),
            cut(&body, head.len() + block.len(), e),
        ));
    }
    Ok("exact".to_owned())
}

fn cut(body: &str, from: usize, to: usize) -> &str {
    body.get(from..to).unwrap_or_default()
}

fn difference(a: &str, b: &str) -> String {
    let (mut a, mut b) = (a.lines(), b.lines());
    loop {
        match (a.next(), b.next()) {
            (x, y) if x != y => return format!("{x:?} / {y:?}"),
            (None, None) => return String::new(),
            _ => {}
        }
    }
}

// -- the shapes -----------------------------------------------------------------------------

/// Name, what stands before the block, what stands behind it. `U80`, `U45`, `U32` and `D137` are rows
/// of underscores and full stops, `REC` is the block's own link, `OTHER` another meeting's,
/// `^n(…)` repeats.
const SHAPES: &[(&str, &str, &str)] = &[
    ("bare", "", ""),
    ("p-before-after", "<p>Hello</p>", "<p>Bye</p>"),
    ("text", "Hello", "Bye"),
    ("unclosed-b", "<p>x<b>bold</p>", "<p>Bye</p>"),
    ("unclosed-font", "<font color=red>Hello", "<p>Bye"),
    ("unclosed-font3", "<p><font size=1><font size=2><font size=3>Hello</p>", "<p>Bye"),
    ("unclosed-a", "<a href=x>Hello", "Bye"),
    ("unclosed-a-in-p", "<p><a href=x>Hello</p>", "<p>Bye"),
    ("a-closed-after", "<a href=x>Hello", "</a>Bye"),
    ("unclosed-nobr", "<nobr>Hello", "<p>Bye<nobr>more"),
    ("b-around", "<b>Hello", "</b>Bye"),
    ("b-i-misnest", "<b>1<i>2", "</b>3</i>4"),
    ("b-p-around", "<b><p>Hello", "</b>Bye</p>after"),
    ("p-around-open", "<p>Hello ", "Bye</p>after"),
    ("p-around-none", "<p>Hello ", "Bye"),
    ("p-around-empty", "<p>", "</p>after"),
    ("p-br-around", "<p style='color:red'>Hello<br>", "<br>Bye</p>after"),
    ("p-b-around", "<p><b>Hello<br>", "<br>Bye</b></p>after"),
    ("span-around", "<span>Hello ", "Bye</span>after"),
    ("span-around-only", "<span>", "</span>"),
    ("b-around-only", "<b>", "</b>"),
    ("b-around-only-p", "<p><b>", "</b></p>"),
    ("div-around-only", "<div>", "</div>"),
    ("div-around-id", "<div id=mine style='color:red'>", "</div><p>after"),
    ("div-unclosed", "<div><div>Hello", "after"),
    ("center", "<center>Hello", "Bye</center>after"),
    ("table-foster", "<table>", "</table>after"),
    ("table-tr-foster", "<table><tr>", "</tr></table>after"),
    ("table-td", "<table><tr><td>Hello", "Bye</td></tr></table>after"),
    ("table-td-only", "<table><tr><td>", "</td></tr></table>after"),
    ("table-td-unclosed", "<table><tr><td>Hello", "<td>Bye<tr><td>x</table>after"),
    ("table-td-p", "<table><tr><td><p>Hello", "<p>Bye<tr><td>x</table>after"),
    ("table-caption", "<table><caption>Hello", "Bye</caption><tr><td>x</table>after"),
    ("table-b-foster", "<table><b>Hello<tr><td>", "</td></tr>x</table>after"),
    ("table-nested", "<table><tr><td><table><tr><td>", "</table></table>after"),
    ("table-before", "<table>fostered<tr><td>x</table>", "<p>after"),
    ("table-col", "<table><colgroup><col>", "</colgroup><tr><td>x</table>after"),
    ("select", "<select><option>1", "</select>after"),
    ("select-open", "<select>", "after"),
    ("after-select", "<select><option>1</select>", "after"),
    ("button", "<button>Hello", "Bye</button>after"),
    ("button-p", "<p><button>Hello", "Bye</button>after</p>"),
    ("form", "<form action=x>Hello", "Bye</form>after"),
    ("form-misnested", "<div><form></div>Hello", "</form>Bye"),
    ("template", "<template>Hello", "Bye</template>after"),
    ("template-before", "<template><b>x</template>", "after"),
    ("svg", "<svg>Hello", "Bye</svg>after"),
    ("svg-fo", "<svg><foreignObject>Hello", "Bye</foreignObject></svg>after"),
    ("svg-desc", "<svg><desc>Hello", "Bye</desc></svg>after"),
    ("svg-title", "<svg><title>Hello", "Bye</title></svg>after"),
    ("svg-before", "<svg><g/></svg>", "after<svg><path/></svg>"),
    ("svg-unclosed", "<svg><circle>", "after"),
    ("math", "<math><mi>Hello", "Bye</mi></math>after"),
    (
        "math-annotation-html",
        "<math><annotation-xml encoding='text/html'>Hello",
        "Bye</annotation-xml></math>after",
    ),
    ("math-annotation", "<math><annotation-xml>Hello", "Bye</annotation-xml></math>after"),
    ("frameset", "<frameset>", "</frameset>after"),
    ("frameset-after", "", "<frameset></frameset>"),
    ("after-body", "<html><body>Hello</body>", "after"),
    ("after-html", "<html><body>Hello</body></html>", "after"),
    ("after-html-p", "<html><body>Hello</body></html>", "</body></html>after<p>x"),
    ("before-html", "", "<html lang=x><body bgcolor=y>Bye"),
    ("head-open", "<head>", "</head><body>Bye"),
    ("head-title", "<title>x</title>", "<p>Bye"),
    ("body-attr", "<body class=a>", "<body class=b id=c>Bye"),
    ("comment", "<!-- Hello", "-->Bye"),
    ("comment-open", "<!-- Hello", "Bye"),
    ("comment-bogus", "<!Hello>", "</ x>Bye"),
    ("comment-dash", "<!-->", "<!--->Bye"),
    ("comment-bang", "<!-- a --!>", "Bye<!-- b --!>"),
    ("comment-never-closed-behind", "Hello", "<!-- never closed <p>Bye"),
    ("pi", "<?xml version='1.0'?>", "<?x?>Bye"),
    ("cdata-html", "<![CDATA[x]]>", "<![CDATA[y]]>Bye"),
    ("cdata-svg", "<svg><![CDATA[x<p>]]></svg>", "<svg><![CDATA[</svg>]]></svg>Bye"),
    ("noscript", "<noscript>Hello", "Bye</noscript>after"),
    ("noscript-head", "<head><noscript>", "</noscript></head>after"),
    ("iframe", "<iframe>", "</iframe>after"),
    ("iframe-before", "<iframe><p></iframe>", "after"),
    ("noembed", "<noembed>", "</noembed>after"),
    ("noframes", "<noframes>", "</noframes>after"),
    ("xmp", "<xmp>", "</xmp>after"),
    ("plaintext", "<plaintext>", "after"),
    ("plaintext-after", "Hello", "<plaintext>after</p>"),
    ("textarea", "<textarea>", "</textarea>after"),
    ("textarea-unclosed", "<textarea>", "after"),
    ("title", "<title>", "</title>after"),
    ("style", "<style>", "</style>after"),
    ("style-unclosed", "<style>", "after"),
    ("script", "<script>", "</script>after"),
    ("script-escaped", "<script><!-- <script>", "</script>x--></script>after"),
    ("script-escaped-out", "<script><!-- <script></script>", "--></script>after"),
    ("script-before", "<script><!--<script></script></script>", "after"),
    ("script-behind", "Hello", "<script><!--<script>"),
    ("attribute-before", "<p title='a\">b'>Hello</p>", "after"),
    ("tag-never-closed", "Hello", "<p title='never"),
    ("ul-li", "<ul><li>Hello", "Bye</li><li>x</ul>after"),
    ("ul-li-only", "<ul><li>Hello<li>", "<li>x</ul>after"),
    ("ul-direct", "<ul>", "<li>x</ul>after"),
    ("ol-li-p", "<ol><li><p>", "</p></li></ol>after"),
    ("dl", "<dl><dt>Hello<dd>", "<dt>x</dl>after"),
    ("h1", "<h1>Hello", "</h1>after"),
    ("h1-only", "<h1>", "</h1>after"),
    ("h2-in-h1", "<h1>Hello<h2>", "after"),
    ("blockquote", "<blockquote>Hello", "Bye</blockquote>after"),
    ("pre", "<pre>\nHello\n", "\nBye</pre>after"),
    ("pre-directly", "<pre>", "Bye</pre>after"),
    ("listing", "<listing>\n", "</listing>after"),
    (
        "cond",
        "<!--[if mso]><table><tr><td><![endif]-->",
        "<!--[if mso]></td></tr></table><![endif]-->after",
    ),
    ("cond-revealed", "<!--[if !mso]><!-->", "<!--<![endif]-->after"),
    ("cond-in", "<!--[if mso]>", "<![endif]-->after"),
    ("nul", "a\0b<p>\0", "\0x\0</p>"),
    ("nul-tag", "<d\0iv>a", "</d\0iv>x"),
    ("cr", "a\rb\r\n", "\rBye\r"),
    ("bom", "\u{FEFF}<p>Hello</p>", "<p>Bye"),
    ("doctype", "<!DOCTYPE html><p>Hello", "Bye"),
    ("doctype-table", "<!DOCTYPE html><p>Hello<table><tr><td>", "</table>Bye"),
    ("quirks-table", "<p>Hello<table><tr><td>", "</table>Bye"),
    ("doctype-late", "Hello<!DOCTYPE html>", "<!DOCTYPE x>Bye"),
    ("attribute-twice", "<p a=1 a=2 A=3>Hello</p>", "<p b b=x>Bye"),
    ("slashes", "<div/ a=1/>Hello", "</div/ >Bye"),
    ("self-closing", "<div/><b/>Hello", "Bye"),
    ("entities", "&lt;p&gt;&amp;&nbsp;&notit;&#0;&#x80;", "&amp &lt;Bye"),
    ("rtl", "<p dir=rtl>שלום مرحبا</p>", "<p dir=rtl>טוב</p>"),
    ("cjk", "<p>会議の予定😀</p>", "<p>以上</p>"),
    ("stray-ends", "</div></p></b></table></body>", "</div></p></br></span>Bye"),
    ("stray-p-end", "Hello", "</p>Bye"),
    ("stray-br-end", "Hello", "</br>Bye"),
    ("stray-div-end", "<div>Hello", "</div></div></div>Bye"),
    ("row80-above", "<p>U80</p><p>Mine</p>", "<p>Bye</p>"),
    ("row80-directly-above", "<p>U80</p>", "<p>Bye</p>"),
    ("row80-below", "<p>Hi</p>", "<p>Mine</p><p>U80</p><p>end</p>"),
    ("row80-directly-below", "<p>Hi</p>", "<p>U80</p><p>end</p>"),
    ("row137-above", "<p>D137</p><p>Mine</p>", "<p>Bye</p>"),
    ("row137-directly-above", "<p>D137</p>", "<p>Bye</p>"),
    ("row137-below", "<p>Hi</p>", "<p>Mine</p><p>D137</p><p>end</p>"),
    ("row137-directly-below", "<p>Hi</p>", "<p>D137</p><p>end</p>"),
    ("row32", "<p>U32</p>", "<p>U32</p><p>sig</p>"),
    ("row45", "<p>U45</p>", "<p>U45</p><p>sig</p>"),
    ("hr", "<hr>", "<hr>Bye"),
    (
        "framed",
        "<p>Hi</p><p>U80</p><p>Agenda one</p><p>U80</p>",
        "<p>x</p><p>U80</p><p>Notes</p><p>U80</p>",
    ),
    (
        "framed137",
        "<p>Hi</p><p>D137</p><p>Agenda one</p><p>D137</p>",
        "<p>x</p><p>D137</p><p>Notes</p><p>D137</p>",
    ),
    (
        "original-message-below",
        "<p>new</p>",
        "<p>-----Original Message-----<br>From: a@b.example<br>Sent: x</p><p>old</p>",
    ),
    (
        "!original-message-above",
        "<p>new</p><p>-----Original Message-----<br>From: a@b.example<br>Sent: x</p>",
        "<p>old</p>",
    ),
    (
        "!outlook-header-above",
        "<p>new</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p><b>From:</b> A</p></div>",
        "<p>old",
    ),
    (
        "outlook-header-below",
        "",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p><b>From:</b> A</p></div><p>old",
    ),
    ("details", "<details><summary>x</summary>", "</details>after"),
    ("fieldset", "<fieldset><legend>x</legend>", "</fieldset>after"),
    ("object", "<object><param>", "</object>after"),
    ("marquee", "<b><marquee>", "</b></marquee>after"),
    ("ruby", "<ruby>x<rt>", "</ruby>after"),
    ("label", "<label>Hello", "Bye</label>after"),
    ("custom", "<x-y>Hello", "Bye</x-y>after"),
    ("o-p", "<o:p>Hello", "</o:p>after"),
    ("ins-del", "<ins>Hello", "</ins><del>x</del>after"),
    ("b-nest-8", "<b>1<b>2<b>3<b>4<b>5<b>6<b>7<b>8", "<p>Bye"),
    ("i-in-p", "<p><i>Hello</p>", "<p>Bye</i>after"),
    ("a-in-a", "<a href=1>1<a href=2>2", "<a href=3>3"),
    ("a-table", "<a href=1><table><tr><td>", "</table>x</a>Bye"),
    ("aside", "<article><aside>Hello", "Bye</article>after"),
    ("address-in-p", "<p>x<address>", "</address>y</p>z"),
    ("void", "<input type=hidden><img src=x>", "<image src=y>Bye"),
    ("glued", "Glued", "Glued too"),
    ("glued-br", "Hello<br>", "<br>Bye"),
    ("glued-span", "<span>Hello</span>", "<span>Bye</span>"),
    ("glued-img", "<img src=x>", "<img src=y>"),
    ("nbsp", "&nbsp;", "&nbsp;"),
    ("zwsp", "\u{200B}", "\u{200B}"),
    ("blank-b", "<b> </b>", "<b> </b>"),
    ("empty-p", "<p></p>", "<p></p>"),
    ("user-class", "<div class=me-email-text>Hello", "Bye</div>after"),
    (
        "word",
        "<div class=WordSection1><p class=MsoNormal>Hi<o:p></o:p></p>",
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p></div>",
    ),
    (
        "gmail-quote-below",
        "",
        "<div class=gmail_quote>On x wrote:<blockquote>old</blockquote></div>",
    ),
    ("!gmail-quote", "new<div class=gmail_quote>On x wrote:<blockquote>", "</blockquote></div>"),
    ("!yahoo-quote", "new<div class=yahoo_quoted>", "</div>"),
    ("mention-above", "<p>Use <a href=\"REC\">this</a> today</p>", "<p>Bye</p>"),
    ("mention-above-typed", "<p>Use REC today</p>", "<p>Bye</p>"),
    ("mention-above-typed-directly", "Use REC today", "<p>Bye</p>"),
    ("mention-below", "<p>Hi</p>", "<p>Use <a href=\"REC\">this</a> today</p>"),
    ("mention-below-typed", "<p>Hi</p>", "<p>Again: REC today</p>"),
    ("mention-other-above", "<p>Not <a href=\"OTHER\">theirs</a></p>", "<p>Bye</p>"),
    ("mention-other-below", "<p>Hi</p>", "<p>Not <a href=\"OTHER\">theirs</a></p>"),
    ("mention-other-below-typed", "", "Not OTHER today"),
    (
        "mention-short-below-typed",
        "",
        "Not https://teams.microsoft.com/meet/999999999999?p=x today",
    ),
    (
        "mention-help-below",
        "<p>Hi</p>",
        "<p>See <a href=\"https://aka.ms/JoinTeamsMeeting\">help</a> and call <a href=\"tel:+15550100,,123#\">me</a></p>",
    ),
    (
        "mention-help-above",
        "<p>See <a href=\"https://aka.ms/JoinTeamsMeeting\">help</a></p>",
        "<p>Bye</p>",
    ),
    ("mention-tel-below", "", "<p>call <a href=\"tel:+15550100,,123#\">me</a></p>"),
    (
        "mention-fwlink-below",
        "",
        "<p><a href=\"https://go.microsoft.com/fwlink/?linkid=1\">me</a></p>",
    ),
    (
        "mention-names",
        "<p>Microsoft Teams news</p><p>Skype is old</p>",
        "<p>Microsoft Teams is nice</p>",
    ),
    ("depth100", "^100(<div>)", "^100(</div>)"),
    ("depth300", "^300(<div>)", "after"),
    ("depth480", "^480(<div>)", "after"),
    ("depth-b", "^60(<div><b>)", "after"),
    ("depth600", "^600(<div>)", "after"),
    ("depth600-closed", "^600(<div>)^600(</div>)", "after"),
    ("b200", "^200(<b>)", "after"),
];

fn spelled(part: &str, url: &str) -> String {
    let url = url.replace('&', "&amp;");
    let other =
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_AAAA%40thread.v2/0?context=x";
    let mut part = part
        .replace("U80", &"_".repeat(80))
        .replace("U45", &"_".repeat(45))
        .replace("U32", &"_".repeat(32))
        .replace("D137", &".".repeat(137))
        .replace("REC", &url)
        .replace("OTHER", other);
    while let Some(at) = part.find('^') {
        let open = at + part[at..].find('(').unwrap();
        let close = open + part[open..].find(')').unwrap();
        let times = part[at + 1..open].parse().unwrap();
        part =
            format!("{}{}{}", &part[..at], part[open + 1..close].repeat(times), &part[close + 1..]);
    }
    part
}

/// Everything wrong, then fail.
fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn blocks_in_odd_places_are_rewritten_exactly_or_not_at_all() {
    let mut wrong = Vec::new();
    let mut tally = Tally::default();
    for block in blocks() {
        for &(shape, head, tail) in SHAPES {
            let (head, tail) = (spelled(head, block.link()), spelled(tail, block.link()));
            let own = block.record();
            for record in [Some(&own), None] {
                match check(&head, block.block(), &tail, record, Extent::Exact) {
                    Err(e) => wrong.push(format!("{shape} {}: {e}", block.name)),
                    Ok(said) if shape.starts_with('!') && !said.starts_with("foreign") => {
                        wrong.push(format!("{shape} {}: {said}", block.name));
                    }
                    Ok(said) => tally.add(shape, &said),
                }
            }
        }
    }
    tally.print();
    report(&wrong);
}

/// How often each answer was given, for each shape: `--nocapture` shows it.
#[derive(Default)]
struct Tally(BTreeMap<String, BTreeMap<String, usize>>);

impl Tally {
    fn add(&mut self, shape: &str, said: &str) {
        *self.0.entry(shape.to_owned()).or_default().entry(said.to_owned()).or_default() += 1;
    }

    /// Shapes with an answer other than an exact rewrite, then the sums.
    fn print(&self) {
        let mut sums = BTreeMap::<&str, usize>::new();
        for (shape, answers) in &self.0 {
            for (said, count) in answers {
                *sums.entry(said).or_default() += count;
            }
            if answers.keys().any(|said| said != "exact" && said != "inside") {
                println!("{shape:28} {answers:?}");
            }
        }
        println!("{sums:?}");
    }
}

/// The element that holds the first or the last fence.
fn fence_element(source: &str, last: bool) -> Option<std::ops::Range<usize>> {
    let lower = source.to_ascii_lowercase();
    let (underscores, dots) = ("_".repeat(80), ".".repeat(137));
    let find = |row: &str| if last { source.rfind(row) } else { source.find(row) };
    let at = find(&underscores).or_else(|| find(&dots))?;
    let div = lower[..at].rfind("<div");
    let p = lower[..at].rfind("<p ").or(lower[..at].rfind("<p>"));
    let (start, end) = if p > div { (p?, "</p>") } else { (div?, "</div>") };
    Some(start..at + lower[at..].find(end)? + end.len())
}

fn without(source: &str, first: bool, last: bool) -> Option<String> {
    let mut out = source.to_owned();
    if last {
        out.replace_range(fence_element(&out, true)?, "");
    }
    if first {
        out.replace_range(fence_element(&out, false)?, "");
    }
    Some(out)
}

/// Shapes beside a block without its fences: where it ends is then said by links alone.
const BESIDE: &[&str] = &[
    "bare",
    "p-before-after",
    "text",
    "glued",
    "glued-br",
    "p-br-around",
    "unclosed-b",
    "b-around",
    "table-td",
    "ul-li",
    "word",
    "div-around-id",
    "mention-above",
    "mention-above-typed",
    "mention-below",
    "mention-below-typed",
    "original-message-below",
    "row45",
    "outlook-header-below",
    "gmail-quote-below",
];

#[test]
fn what_stands_beside_a_block_without_fences_stays() {
    let mut wrong = Vec::new();
    for block in blocks() {
        for (first, last) in [(true, false), (false, true), (true, true)] {
            let source = without(block.block(), first, last).unwrap();
            for &(shape, head, tail) in SHAPES.iter().filter(|s| BESIDE.contains(&s.0)) {
                let (head, tail) = (spelled(head, block.link()), spelled(tail, block.link()));
                let own = block.record();
                for record in [Some(&own), None] {
                    if let Err(e) = check(&head, &source, &tail, record, Extent::Part) {
                        wrong.push(format!("{shape} {} {first} {last}: {e}", block.name));
                    }
                }
            }
        }
    }
    report(&wrong);
}

// -- named cases ------------------------------------------------------------------------------

/// Lines of invented blocks, by name: `$` and the name stand for a line in the cases.
const LINES: &[(&str, &str)] = &[
    ("fence", "U80"),
    ("title", "Microsoft Teams meeting"),
    ("short", "<a href=\"https://teams.microsoft.com/meet/2345678901299?p=Ab\">Join now</a>"),
    (
        "long",
        "<a href=\"https://teams.microsoft.com/l/meetup-join/19%3ameeting_OWN%40thread.v2/0?context=x\">Click here to join the meeting</a>",
    ),
    ("id", "Meeting ID: 234 567 890 129 9"),
    (
        "help25",
        "<a href=\"https://aka.ms/JoinTeamsMeeting?omkt=en-US\">Need help?</a> | <a href=\"https://teams.microsoft.com/l/meetup-join/19%3ameeting_OWN%40thread.v2/0?context=x\">System reference</a>",
    ),
    ("help", "<a href=\"https://aka.ms/JoinTeamsMeeting\">Learn more</a>"),
    ("tel", "<a href=\"tel:+15550123,,808506051#\">+1 555-0123,,808506051#</a> Contoso, Seattle"),
    ("options", "<a href=\"https://teams.microsoft.com/meetingOptions/?x=1\">Meeting options</a>"),
    (
        "other",
        "<a href=\"https://teams.microsoft.com/l/meetup-join/19%3ameeting_THEIRS%40thread.v2/0?context=y\">theirs</a>",
    ),
    ("other-short", "<a href=\"https://teams.microsoft.com/meet/99999999999?p=y\">theirs</a>"),
];

/// Name, head, lines of the block, what stands around each line, tail, what is right.
type Case =
    (&'static str, &'static str, &'static str, [&'static str; 2], &'static str, &'static str);

const P: [&str; 2] = ["<p>", "</p>"];
const BR: [&str; 2] = ["", "<br>"];
const WHOLE_25: &str = "fence title short id help25 tel options fence";
const WHOLE_21: &str = "fence title long tel help options fence";

const NAMED: &[Case] = &[
    // Lines of one container, parted by breaks.
    ("br-in-body", "Hello<br>", WHOLE_25, BR, "<br>Bye", "exact"),
    ("br-in-p", "<p>Hello<br>", WHOLE_25, BR, "<br>Bye</p>after", "exact"),
    (
        "br-in-p-styled",
        "<p style='color:red'><b>Hello</b><br>",
        WHOLE_21,
        BR,
        "<br>Bye</p>",
        "exact",
    ),
    ("br-in-p-first", "<p>", WHOLE_21, BR, "<br>Bye</p>", "exact"),
    ("br-in-p-last", "<p>Hello<br>", WHOLE_21, BR, "</p><p>Bye</p>", "exact"),
    (
        "br-in-p-span",
        "<p><span style='color:red'>Hello<br>",
        WHOLE_25,
        BR,
        "<br>Bye</span></p>",
        "exact",
    ),
    ("br-in-p-b", "<p>Hello <b>you<br>", WHOLE_25, BR, "<br>Bye</b> you</p>", "exact"),
    ("br-in-div", "<div>Hello<br>", WHOLE_25, BR, "<br>Bye</div>after", "exact"),
    (
        "br-in-td",
        "<table><tr><td>Hello<br>",
        WHOLE_25,
        BR,
        "<br>Bye</td><td>x</td></table>",
        "exact",
    ),
    ("br-in-li", "<ul><li>Hello<br>", WHOLE_25, BR, "<br>Bye<li>x</ul>", "exact"),
    ("glued-in-p", "<p>Hello ", WHOLE_25, BR, " Bye</p>after", "exact"),
    ("br-in-h2", "<h2>Hello<br>", WHOLE_25, BR, "<br>Bye</h2>", "exact"),
    ("br-in-li-p", "<ul><li><p>Hello<br>", WHOLE_25, BR, "<br>Bye</p><li>x</ul>", "exact"),
    // Another meeting's link directly above.
    (
        "other-above-25",
        "<p>Not $other, please</p>",
        "title short id help25 tel options fence",
        P,
        "<p>Bye</p>",
        "exact",
    ),
    ("other-above-25-whole", "<p>Not $other, please</p>", WHOLE_25, P, "<p>Bye</p>", "exact"),
    (
        "other-above-25-bare",
        "<p>Not $other, please</p>",
        "title short id help25 tel options",
        P,
        "<p>Bye</p>",
        "exact",
    ),
    (
        "other-above-21",
        "<p>Not $other-short, please</p>",
        "title long tel help options fence",
        P,
        "<p>Bye</p>",
        "exact",
    ),
    (
        "other-above-21-untitled",
        "<p>Not $other-short, please</p>",
        "long tel help options fence",
        P,
        "<p>Bye</p>",
        "exact ambiguous",
    ),
    (
        "other-below-25",
        "<p>Hi</p>",
        "fence title short id help25 tel options",
        P,
        "<p>Not $other, please</p>",
        "exact",
    ),
    (
        "other-below-25-short",
        "<p>Hi</p>",
        "fence title short id help25 tel options",
        P,
        "<p>Not $other-short, please</p>",
        "exact",
    ),
    (
        "other-below-21-short",
        "<p>Hi</p>",
        "fence title long tel help options",
        P,
        "<p>Not $other-short, please</p>",
        "exact",
    ),
    // Lines of the user's with links that blocks have too.
    (
        "tel-below",
        "<p>Hi</p>",
        "fence title short id help25 tel options",
        P,
        "<p>Call <a href=\"tel:+15550199,,77#\">my bridge</a></p>",
        "exact",
    ),
    (
        "fwlink-below",
        "<p>Hi</p>",
        "fence title short id help25 tel options",
        P,
        "<p>Read <a href=\"https://go.microsoft.com/fwlink/?linkid=1\">this</a></p>",
        "exact",
    ),
    (
        "help-below",
        "<p>Hi</p>",
        "fence title short id help25 tel options",
        P,
        "<p>New to this? See <a href=\"https://aka.ms/JoinTeamsMeeting\">help</a></p>",
        "exact",
    ),
    (
        "tel-below-21",
        "<p>Hi</p>",
        "fence title long tel help options",
        P,
        "<p>Call <a href=\"tel:+15550199,,77#\">my bridge</a></p>",
        "exact",
    ),
    (
        "tel-below-no-options",
        "<p>Hi</p>",
        "fence title long tel help",
        P,
        "<p>Call <a href=\"tel:+15550199,,77#\">my bridge</a></p>",
        "exact ambiguous",
    ),
    (
        "tel-below-no-tel",
        "<p>Hi</p>",
        "fence title long help",
        P,
        "<p>Call <a href=\"tel:+15550199,,77#\">my bridge</a></p>",
        "exact ambiguous",
    ),
    (
        "help-above",
        "<p>See <a href=\"https://aka.ms/JoinTeamsMeeting\">help</a> first</p>",
        "title short id help25 tel options fence",
        P,
        "<p>Bye</p>",
        "exact ambiguous",
    ),
    (
        "help-above-untitled",
        "<p>See <a href=\"https://aka.ms/JoinTeamsMeeting\">help</a> first</p>",
        "long tel help options fence",
        P,
        "<p>Bye</p>",
        "exact ambiguous",
    ),
    (
        "tel-above",
        "<p>Call <a href=\"tel:+15550199,,77#\">my bridge</a></p>",
        "title long tel help options fence",
        P,
        "<p>Bye</p>",
        "exact ambiguous",
    ),
    // A row of the user's where the block's own fence is missing.
    (
        "row-below-other-form",
        "<p>Hi</p>",
        "title long tel help options",
        P,
        "<p>Mine</p><p>U80</p><p>Bye</p>",
        "exact ambiguous",
    ),
    // Containers.
    (
        "class-of-the-service-around",
        "<div class=me-email-text>",
        WHOLE_25,
        P,
        "</div>after",
        "exact",
    ),
    (
        "nested-table",
        "<table><tr><td>a<table><tr><td>Hello",
        WHOLE_25,
        P,
        "Bye</table>x</table>",
        "exact",
    ),
    (
        "rows",
        "<table><tr><td>Hello</td></tr>",
        WHOLE_25,
        ["<tr><td>", "</td></tr>"],
        "<tr><td>Bye</td></tr></table>",
        "exact inside refused",
    ),
    (
        "cells",
        "<table><tr><td>Hello</td>",
        WHOLE_25,
        ["<td>", "</td>"],
        "<td>Bye</td></tr></table>",
        "exact inside refused",
    ),
    (
        "rows-only",
        "<p>Hi</p><table>",
        WHOLE_25,
        ["<tr><td>", "</td></tr>"],
        "</table><p>Bye",
        "exact inside refused",
    ),
    (
        "items",
        "<ul><li>Hello</li>",
        WHOLE_25,
        ["<li>", "</li>"],
        "<li>Bye</li></ul>",
        "exact inside refused",
    ),
    ("items-only", "<ul>", WHOLE_25, ["<li>", "</li>"], "</ul>Bye", "exact inside refused"),
    ("pre", "<pre>Hello\n", WHOLE_25, ["", "<br>"], "\nBye</pre>", "exact inside refused"),
    (
        "conditional-around",
        "<!--[if mso]><b><![endif]-->Hello<!--[if !mso]><!-->",
        WHOLE_25,
        P,
        "<!--<![endif]-->Bye",
        "exact",
    ),
    (
        "rtf-position",
        "<p class=MsoNormal><a name=\"_InsertRtfSavedPosition\"></a>&nbsp;</p>",
        WHOLE_25,
        P,
        "<p>&nbsp;</p>",
        "exact",
    ),
    (
        "surplus-div",
        "<div id=mine><div>Hello",
        "fence title long tel help options fence",
        ["<div>", "</div>"],
        "</div></div></div></div>Bye",
        "exact",
    ),
    ("rtl", "<div dir=rtl>שלום<br>", WHOLE_25, BR, "<br>להתראות</div>", "exact"),
    ("cjk", "<div>会議。<br>", WHOLE_25, BR, "<br>以上</div>", "exact"),
    // Formatting across the edges.
    (
        "b-closed-inside",
        "<p><b>Hello</p>",
        "fence title long tel help options fence",
        ["<p></b>", "</p>"],
        "<p>Bye</p>",
        "exact inside",
    ),
    (
        "b-blank-between",
        "<p>x<b>bold</p>",
        "fence title long tel help options fence",
        ["<p>", "</p>\r\n"],
        "<p>Bye</p>",
        "exact",
    ),
    (
        "font-blank-between",
        "<p><font color=red size=2>bold</p>\n",
        "fence title short id help25 tel options fence",
        ["<p>", "</p>\n"],
        "<p>Bye</font></p>",
        "exact",
    ),
    (
        "i-b-blank-between",
        "<p><i>x<b>bold</p>\n",
        WHOLE_25,
        ["<div>", "</div>\n"],
        "<p>Bye</b> y</i></p>",
        "exact",
    ),
    (
        "o-p-misnested",
        "<p>a<b>b<o:p>c</b>d</o:p>e<b>",
        WHOLE_25,
        ["<p>", "<o:p></p></o:p>\r\n"],
        "<p>Bye</b></p>",
        "exact inside",
    ),
    (
        "u1-p-misnested",
        "<p><u1:p>a<b>c</u1:p>",
        WHOLE_25,
        ["<p><u1:p>", "</p>\r\n"],
        "<p>Bye</b></p>",
        "exact inside",
    ),
    ("blank-in-quotes-b", "<b>a<p>b\n", WHOLE_25, ["<p>", "</p>\n"], "<p>Bye</b></p>c", "exact"),
];

/// The text of a case: what stands for lines, spelled out.
fn lines_of(part: &str) -> String {
    let mut part = part.to_owned();
    // The longest names first: one is the beginning of another.
    let mut lines = LINES.to_vec();
    lines.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, line) in lines {
        part = part.replace(&format!("${name}"), line);
    }
    spelled(&part, "")
}

fn block_of(names: &str, around: [&str; 2]) -> String {
    let lines: Vec<String> = names
        .split(' ')
        .map(|name| lines_of(&format!("{}${name}{}", around[0], around[1])))
        .collect();
    let block = lines.concat();
    // A break and blanks behind the last line are the user's.
    let block = block.trim_end();
    block.strip_suffix("<br>").unwrap_or(block).to_owned()
}

#[test]
fn named_cuts() {
    let mut wrong = Vec::new();
    for &(name, head, block, around, tail, right) in NAMED {
        let (head, block, tail) = (lines_of(head), block_of(block, around), lines_of(tail));
        let own = block.contains("/meet/2345678901299");
        let own = Record::new(
            Provider::TEAMS,
            if own {
                "https://teams.microsoft.com/meet/2345678901299?p=Ab"
            } else {
                "https://teams.microsoft.com/l/meetup-join/19%3ameeting_OWN%40thread.v2/0?context=x"
            },
        );
        for record in [Some(&own), None] {
            let part = if right.contains("inside") { Extent::Part } else { Extent::Exact };
            match check(&head, &block, &tail, record, part) {
                Err(e) => wrong.push(format!("{name} {}: {e}", record.is_some())),
                Ok(said) if right.split(' ').any(|r| said.starts_with(r)) => {}
                Ok(said) => wrong.push(format!("{name} {}: {said}, not {right}", record.is_some())),
            }
        }
    }
    report(&wrong);
}

// -- random wrappers ----------------------------------------------------------------------------

/// What may stand around a block: opened before it, closed behind it. The user's words stand
/// in each.
const WRAPPERS: &[(&str, &str)] = &[
    ("<p>", "</p>"),
    ("<p style='color:red'>", "</p>"),
    ("<div>", "</div>"),
    ("<div id=mine>", "</div>"),
    ("<div class=WordSection1>", "</div>"),
    ("<div dir=rtl>", "</div>"),
    ("<div class=me-email-text>", "</div>"),
    ("<span>", "</span>"),
    ("<span lang=de style='font-size:9pt'>", "</span>"),
    ("<b>", "</b>"),
    ("<i>", "</i>"),
    ("<u>", "</u>"),
    ("<em>", "</em>"),
    ("<strong>", "</strong>"),
    ("<small>", "</small>"),
    ("<code>", "</code>"),
    ("<tt>", "</tt>"),
    ("<s>", "</s>"),
    ("<nobr>", "</nobr>"),
    ("<font color=red>", "</font>"),
    ("<font size=2 face=Arial>", "</font>"),
    ("<a href='https://contoso.example/1'>", "</a>"),
    ("<a name=top>", "</a>"),
    ("<o:p>", "</o:p>"),
    ("<u1:p>", "</u1:p>"),
    ("<st1:place>", "</st1:place>"),
    ("<center>", "</center>"),
    ("<section>", "</section>"),
    ("<article>", "</article>"),
    ("<address>", "</address>"),
    ("<h1>", "</h1>"),
    ("<h3>", "</h3>"),
    ("<ul><li>", "</li></ul>"),
    ("<ol><li>", "</ol>"),
    ("<ul><li>one<li>", "<li>three</ul>"),
    ("<dl><dt>x<dd>", "</dl>"),
    ("<table><tr><td>", "</td></tr></table>"),
    ("<table border=0><tbody><tr><td>a</td><td>", "</td><td>b</td></tr></tbody></table>"),
    ("<table><tr><th>", "</table>"),
    ("<table><caption>", "</caption><tr><td>x</td></tr></table>"),
    ("<table><tr><td><table><tr><td>", "</td></tr></table></td></tr></table>"),
    ("<table>", "</table>"),
    ("<table><tr>", "</tr></table>"),
    ("<pre>", "</pre>"),
    ("<form>", "</form>"),
    ("<fieldset><legend>x</legend>", "</fieldset>"),
    ("<details><summary>x</summary>", "</details>"),
    ("<button>", "</button>"),
    ("<label>", "</label>"),
    ("<ruby>", "</ruby>"),
    ("<marquee>", "</marquee>"),
    ("<object>", "</object>"),
    ("<ins>", "</ins>"),
    ("<sub>", "</sub>"),
    ("<bdo dir=rtl>", "</bdo>"),
    ("<x-y>", "</x-y>"),
    ("<!--[if !mso]><!-->", "<!--<![endif]-->"),
    ("<!--[if mso]><table><tr><td><![endif]-->", "<!--[if mso]></td></tr></table><![endif]-->"),
    ("<![if !supportLists]>", "<![endif]>"),
    ("<svg><path/></svg>", "<svg></svg>"),
    ("<br>", "<br>"),
    ("<hr>", "<hr>"),
    ("</p>", "<p>"),
    ("</div>", "<div>"),
    ("</b>", "<b>"),
    ("<b><p>", "</b></p>"),
    ("<b><i>", "</b></i>"),
    ("<a href=x><div>", "</a></div>"),
    ("<p><b><o:p>", "</b></o:p></p>"),
    ("<font><p><font>", "</p></font>"),
    ("\r\n", "\n"),
    ("&nbsp;", "&nbsp;"),
];

/// One wrapper around the block: which, whether it is closed, whether words stand in it before
/// and behind the block.
#[derive(Clone, Copy, Debug)]
struct Wrapped {
    which: usize,
    closed: bool,
    before: bool,
    behind: bool,
}

fn wrapped() -> impl Strategy<Value = Vec<Wrapped>> {
    let one = (0..WRAPPERS.len(), prop::bool::weighted(0.8), any::<bool>(), any::<bool>())
        .prop_map(|(which, closed, before, behind)| Wrapped { which, closed, before, behind });
    prop::collection::vec(one, 1..5)
}

/// Head and tail; with `crossed`, the ends stand in the order of the starts.
fn around(wrappers: &[Wrapped], crossed: bool) -> (String, String) {
    let words = ["Übersicht", "שלום", "会議", "Hello"];
    let (mut head, mut ends) = (String::new(), Vec::new());
    for (n, wrapper) in wrappers.iter().enumerate() {
        let (open, close) = WRAPPERS[wrapper.which];
        head += open;
        if wrapper.before {
            head += &format!("{}{n} ", words[n % words.len()]);
        }
        let behind = if wrapper.behind { format!(" tail{n}") } else { String::new() };
        ends.push(format!("{behind}{}", if wrapper.closed { close } else { "" }));
    }
    if !crossed {
        ends.reverse();
    }
    (head, format!("{} last", ends.concat()))
}

#[test]
fn blocks_in_random_wrappers_are_rewritten_exactly_or_not_at_all() {
    // Blocks that a place of their own makes what they are.
    let all: Vec<Fixture> = all_blocks();
    let tally = std::cell::RefCell::new(Tally::default());
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() });
    let cases = (wrapped(), prop::bool::weighted(0.2), 0..all.len());
    let wrong = std::cell::RefCell::new(Vec::new());
    let all_ran = runner.run(&cases, |(wrappers, crossed, which)| {
        let (head, tail) = around(&wrappers, crossed);
        let block = &all[which];
        match check(&head, block.block(), &tail, None, Extent::Part) {
            Ok(said) => {
                for wrapper in &wrappers {
                    let (open, close) = WRAPPERS[wrapper.which];
                    tally.borrow_mut().add(&format!("{open} {close}"), &said);
                }
            }
            Err(e) => wrong.borrow_mut().push(format!("{}: {head}…{tail}: {e}", block.name)),
        }
        Ok(())
    });
    all_ran.unwrap();
    tally.borrow().print();
    report(&wrong.into_inner());
}

/// What happens to a tag of a block that passed through many hands.
#[derive(Clone, Copy, Debug)]
enum Damage {
    Lost(usize),
    Twice(usize),
    Swapped(usize, usize),
    CutBefore(usize),
    CutBehind(usize),
    /// A tag of `STRAY` before it.
    Stray(usize, usize),
}

const STRAY: &[&str] = &[
    "<b>",
    "</b>",
    "<s>",
    "</s>",
    "<font color=red>",
    "</font>",
    "<a href=\"https://a.example\">",
    "</a>",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<span>",
    "</span>",
    "<br>",
    "</td>",
    "</table>",
    "<table><tr><td>",
    "<blockquote>",
    "</blockquote>",
    "<li>",
    "</ul>",
    "<u>",
    "<i>",
    "</i>",
    "<hr>",
    "<!-- -->",
    "</body>",
    "<body lang=de>",
    "<html>",
    "<h2>",
    "</h2>",
    "<center>",
    "</center>",
    "<button>",
];

fn damage() -> impl Strategy<Value = Damage> {
    let n = || any::<prop::sample::Index>().prop_map(|i| i.index(1 << 20));
    prop_oneof![
        n().prop_map(Damage::Lost),
        n().prop_map(Damage::Twice),
        (n(), n()).prop_map(|(a, b)| Damage::Swapped(a, b)),
        n().prop_map(Damage::CutBefore),
        n().prop_map(Damage::CutBehind),
        (n(), 0..STRAY.len()).prop_map(|(at, stray)| Damage::Stray(at, stray)),
    ]
}

/// The tags of a block, comments left out.
fn tags(block: &str) -> Vec<std::ops::Range<usize>> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(start) = block[at..].find('<').map(|n| at + n) {
        let rest = &block[start..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|n| start + n + 3)
        } else {
            rest.find('>').map(|n| start + n + 1)
        };
        let Some(end) = end else { break };
        if rest[1..].starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()) {
            out.push(start..end);
        }
        at = end;
    }
    out
}

fn damaged(block: &str, damage: Damage) -> String {
    let tags = tags(block);
    let tag = |n: usize| tags[n % tags.len()].clone();
    match damage {
        Damage::Lost(n) => [&block[..tag(n).start], &block[tag(n).end..]].concat(),
        Damage::Twice(n) => [&block[..tag(n).end], &block[tag(n).start..]].concat(),
        Damage::Swapped(a, b) => {
            let (a, b) = (tag(a), tag(b));
            let (a, b) = if a.start <= b.start { (a, b) } else { (b, a) };
            if a == b {
                return block.to_owned();
            }
            [
                &block[..a.start],
                &block[b.clone()],
                &block[a.end..b.start],
                &block[a],
                &block[b.end..],
            ]
            .concat()
        }
        // Nobody could tell words on the line of the cut from the block's.
        Damage::CutBefore(n) => ["<br>", &block[tag(n).start..]].concat(),
        Damage::CutBehind(n) => [&block[..tag(n).end], "<br>"].concat(),
        Damage::Stray(n, stray) => {
            let at = tag(n).start;
            [&block[..at], STRAY[stray], &block[at..]].concat()
        }
    }
}

/// A fixture's block with one place changed, what stands around it, and the answer.
const DAMAGED: &[(&str, [&str; 2], [&str; 2], &str)] = &[
    // What follows would be words of the link, and go with it.
    ("teams2017-channel-link", ["</a>", ""], ["<p>Hello</p><p>", " Bye</p>"], CROSSES_FORMATTING),
    // What follows is underlined, in part by elements that only the block's tags make.
    ("sfb2016-word-full", ["</u>", ""], ["<p>Hello</p>", "<p>Bye</p>"], CROSSES_FORMATTING),
    (
        "teams2025-service",
        ["<span", "<s><span"],
        ["<p>Hello</p>", " <p>Bye</p>"],
        CROSSES_FORMATTING,
    ),
    // The tag's attributes are those of the body, wherever it stands.
    (
        "teams2025-service",
        ["<span", "<body lang=de><span"],
        ["<p>Hello", "Bye"],
        "refused NotSeparable",
    ),
    ("teams2025-service", ["<span", "<body><span"], ["<p>Hello", "Bye"], "exact"),
    // The rest of the block stands behind the user's table.
    (
        "teams2024-service",
        ["<span", "</table><span"],
        ["<table><tr><td>Hello", "Bye</td></tr></table>Bye"],
        "inside",
    ),
];
const CROSSES_FORMATTING: &str = "refused CrossesFormatting";

#[test]
fn named_damage() {
    let all = all_blocks();
    let mut wrong = Vec::new();
    for &(name, [old, new], [head, tail], right) in DAMAGED {
        let block = all.iter().find(|block| block.name == name).unwrap();
        let source = block.block().replacen(old, new, 1);
        assert_ne!(source, block.block(), "{name}");
        let own = block.record();
        for record in [Some(&own), None] {
            match check(head, &source, tail, record, Extent::Words) {
                Ok(said) if said == right => {}
                other => wrong.push(format!("{name} {new}: {other:?}, not {right}")),
            }
        }
    }
    report(&wrong);
}

#[test]
fn damaged_blocks_are_rewritten_exactly_or_not_at_all() {
    let all: Vec<Fixture> = all_blocks();
    let tally = std::cell::RefCell::new(Tally::default());
    let config = ProptestConfig {
        failure_persistence: None,
        max_global_rejects: 100_000,
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new(config);
    let cases = (damage(), wrapped(), any::<prop::sample::Index>());
    let wrong = std::cell::RefCell::new(Vec::new());
    let all_ran = runner.run(&cases, |(damage, wrappers, which)| {
        // Words in an element that is marked as the service's are the service's.
        prop_assume!(!WRAPPERS[wrappers[0].which].0.contains("me-email-text"));
        let (head, tail) = around(&wrappers[..1], false);
        let block = which.get(&all);
        let source = damaged(block.block(), damage);
        match check(&head, &source, &tail, None, Extent::Words) {
            Ok(said) => {
                let kind = format!("{damage:?}");
                let kind = kind.split('(').next().unwrap();
                tally.borrow_mut().add(kind, said.split(' ').next().unwrap());
            }
            Err(e) => {
                wrong.borrow_mut().push(format!("{} {damage:?}: {head}…{tail}: {e}", block.name));
            }
        }
        Ok(())
    });
    all_ran.unwrap();
    tally.borrow().print();
    report(&wrong.into_inner());
}
