//! Blocks of every product and client, put where they hardly ever stand: among the shapes
//! of the browsers' own parser tests. Exact or refused, never wrong.
//!
//! The oracle is html5ever with its own tokenizer and rcdom: two comments stand at the two
//! ends of the block, before and after the rewrite, and what lies outside them must be
//! one tree. Spans are known by construction: `head + block + tail`.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use meeting_migration::block::{self, Options, Rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates};
use serde_json::Value;

/// A block, from a fixture.
struct Block {
    name: String,
    source: String,
    record: String,
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

fn blocks() -> Vec<Block> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut out = Vec::new();
    let mut names: Vec<_> = fs::read_dir(data).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    for folder in names {
        let Ok(case) = fs::read_to_string(folder.join("case.json")) else { continue };
        let case: Value = serde_json::from_str(&case).unwrap();
        let span = case["span"].as_array();
        let (Some(span), Some(record)) = (span, case["record"].as_str()) else { continue };
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        if !CHOSEN.contains(&name.as_str()) {
            continue;
        }
        let file = "body.html";
        let body = fs::read_to_string(folder.join(file)).unwrap();
        let at = |i: usize| span[i].as_u64().unwrap() as usize;
        let source = body[at(0)..at(1)].to_owned();
        out.push(Block { name, source, record: record.to_owned() });
    }
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

fn record(url: &str) -> Record {
    let teams = url.contains("://teams.") || url.contains(".teams.");
    Record::new(if teams { Provider::TEAMS } else { Provider::SKYPE_FOR_BUSINESS }, url)
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

/// What was answered, or what is wrong with it.
fn check(
    head: &str,
    block: &str,
    tail: &str,
    record: Option<&Record>,
    part: bool,
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
    if part && s >= head.len() && e <= head.len() + block.len() {
        return Ok("inside".to_owned());
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
    for block in blocks() {
        for &(shape, head, tail) in SHAPES {
            let (head, tail) = (spelled(head, &block.record), spelled(tail, &block.record));
            let own = record(&block.record);
            for record in [Some(&own), None] {
                match check(&head, &block.source, &tail, record, false) {
                    Err(e) => wrong.push(format!("{shape} {}: {e}", block.name)),
                    Ok(said) if shape.starts_with('!') && !said.starts_with("foreign") => {
                        wrong.push(format!("{shape} {}: {said}", block.name));
                    }
                    Ok(_) => {}
                }
            }
        }
    }
    report(&wrong);
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
            let source = without(&block.source, first, last).unwrap();
            for &(shape, head, tail) in SHAPES.iter().filter(|s| BESIDE.contains(&s.0)) {
                let (head, tail) = (spelled(head, &block.record), spelled(tail, &block.record));
                let own = record(&block.record);
                for record in [Some(&own), None] {
                    if let Err(e) = check(&head, &source, &tail, record, true) {
                        wrong.push(format!("{shape} {} {first} {last}: {e}", block.name));
                    }
                }
            }
        }
    }
    report(&wrong);
}
