//! The tree against html5ever's own, and bombs against the limits.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

use super::*;
use crate::block::html::view;
use crate::block::line::Line;
use crate::provider::marks::MarkSet;

/// A tree as indented lines, text merged and blanks within it folded.
fn ours(text: &str) -> String {
    let tree = Tree::build(text, &Limits::new()).unwrap();
    let mut out = Outline::default();
    for (id, depth) in tree.walk() {
        match tree.node(id).data {
            Data::Container => out.line(depth, "content"),
            Data::Element(name) => {
                let (ns, local) = (tree.names.namespace(name), tree.names.local(name));
                out.line(depth, &format!("<{ns} {local}>"));
            }
            Data::Comment => out.line(depth, "<!>"),
            Data::Text => {
                let raw = tree.slice(&tree.node(id).span);
                out.text(depth, raw);
            }
        }
    }
    out.done
}

#[derive(Default)]
struct Outline {
    done: String,
    text_depth: Option<usize>,
}

impl Outline {
    fn line(&mut self, depth: usize, what: &str) {
        self.done.push_str(&format!("\n{}{what}", " ".repeat(depth)));
        self.text_depth = None;
    }

    fn text(&mut self, depth: usize, text: &str) {
        // Where a word lies is structure; blanks and references are not, and of dropped words
        // the builder keeps the blanks between (in column groups and framesets).
        let text: String = text.chars().filter(|c| "xyzé=\"".contains(*c)).collect();
        if text.is_empty() {
            return;
        }
        if self.text_depth != Some(depth) {
            self.line(depth, "");
            self.text_depth = Some(depth);
        }
        self.done.push_str(&text);
    }
}

fn theirs(text: &str) -> String {
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    options.tokenizer.discard_bom = false;
    let dom = parse_document(RcDom::default(), options).one(text);
    let mut out = Outline::default();
    let mut stack: Vec<(Handle, usize)> = vec![(dom.document.clone(), 0)];
    while let Some((node, depth)) = stack.pop() {
        match &node.data {
            NodeData::Document if depth == 0 => {}
            NodeData::Document => out.line(depth, "content"),
            NodeData::Element { name, .. } => {
                out.line(depth, &format!("<{} {}>", name.ns, name.local));
            }
            NodeData::Text { contents } => out.text(depth, &contents.borrow()),
            NodeData::Comment { .. } => out.line(depth, "<!>"),
            NodeData::Doctype { .. } | NodeData::ProcessingInstruction { .. } => {}
        }
        let mut children: Vec<_> = node.children.borrow().clone();
        if let NodeData::Element { template_contents, .. } = &node.data
            && let Some(contents) = &*template_contents.borrow()
        {
            children = vec![contents.clone()];
        }
        stack.extend(children.into_iter().rev().map(|c| (c, depth + 1)));
    }
    out.done
}

fn check(text: &str) {
    assert_eq!(ours(text), theirs(text), "for {text:?}");
}

#[test]
fn the_tree_is_html5evers() {
    for text in [
        "",
        "x",
        "<p>a<p>b",
        "<b>1<p>2</b>3</p>",
        "<table>x<tr><td>y</table>z",
        "<table> <b>x</b> \n<tr>",
        "<div><table>a</div>b",
        "<a href=1>x<a href=2>y</a>z",
        "<font size=1><p><font size=1><p><font size=1><p><font size=1><p>x",
        "<!doctype html><p><table></table>",
        "<p><table></table>",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" 'x'><p><table></table>",
        "<svg><![CDATA[<p>]]><foreignObject><p>x</svg>y",
        "<![CDATA[<p>]]>x",
        "<math><annotation-xml encoding=text/html><p>x",
        "<template><td>x</template>y",
        "<script><!--<script></script>--></script>x",
        "<title><b></title><textarea>\n<i></textarea>",
        "<plaintext><p>",
        "<select><option>a<div>b</select>c",
        "</p></br>x</html>y",
        "<body><p>x</body> \n</html> <!-- c -->z",
        "<frameset><frame></frameset>",
        "<o:p>&nbsp;</o:p><u1:p></u1:p><![if !supportLists]>x<![endif]>",
        "<image><isindex><br/></br>",
        "a\0b<svg>\0</svg>\r\n&#0;&#32;",
        "<noscript><p>x</noscript>",
        "<pre>\nx</pre><pre>\n\nx</pre>",
        "<td>&#32;<table>&#32;&nbsp;<tr>",
        "<p/><div a=/><br/><div a=b/>x",
        "<x y='<p>' z=\"&amp;>\"q><!--><p><!---><p><!-- --!><p>",
        "</ x><?pi ?>x</>y</",
    ] {
        check(text);
    }
}

/// The standard's states for the ends of comments.
#[test]
fn comments_end_where_browsers_end_them() {
    for dashes in 0..7 {
        for begin in
            ["<!", "<!-", "<!--", "<!---", "<!--x", "<!--x-x", "<!--!", "<!--<!-", "<!--a>"]
        {
            for end in [">", "!>", "!!>", "-!>", "!->", "!-->", " >", "->x-->"] {
                for behind in ["", "x<p>", "<b>y --></b>"] {
                    let text = format!("{begin}{}{end}{behind}", "-".repeat(dashes));
                    check(&text);
                    check_plain(&text);
                }
            }
        }
    }
}

/// A slash before the `>` is one only where it stands directly there.
#[test]
fn only_a_slash_closes_an_element_at_once() {
    for text in [
        "<svg><g >x</g></svg>y",
        "<svg><g/ >x</g></svg>y",
        "<svg><g />x</g></svg>y",
        "<svg><g a=b/>x</g></svg>y",
        "<svg><g a='b'/>x</g></svg>y",
        "<svg ><p>x",
        "<svg / ><p>x",
    ] {
        check(text);
    }
}

/// An `image` is an `img` with a tag of its own.
#[test]
fn elements_know_whether_a_tag_is_their_own() {
    for (text, own) in [
        ("<image src=x>", true),
        ("<img src=x>", true),
        ("<IMG src=x>", true),
        ("</p>", false),
        ("</br>", false),
    ] {
        for text in [format!("<div>{text}"), format!("<table><td>{text}")] {
            let build = [Tree::build, Tree::build_by_html5ever];
            for tree in build.map(|build| build(&text, &Limits::new()).unwrap()) {
                let made = tree.walk().map(|(id, _)| id).filter(|id| {
                    let name = tree.html_name(*id);
                    matches!(name, "img" | "br") || name == "p" && text.contains("</p>")
                });
                let last = made.last().unwrap();
                assert_eq!(tree.node(last).own_tag, own, "{text}");
            }
        }
    }
}

/// What is plain is within the limits, and what is not is refused, to the last one.
#[test]
fn limits_are_met_with_and_without_html5ever() {
    let limits = Limits { max_depth: 6, max_attributes: 4, max_tokens: 12, ..Limits::new() };
    let both = |text: &str| {
        let by_rules = Tree::build_by_html5ever(text, &limits).map(|tree| tree.description());
        assert_eq!(Tree::build(text, &limits).map(|tree| tree.description()), by_rules, "{text}");
        assert_eq!(plain::build(text, &limits).is_some(), by_rules.is_ok(), "{text}");
        by_rules.err()
    };
    let first_refused = |text: &dyn Fn(usize) -> String| {
        let answers: Vec<_> = (0..40).map(|n| both(&text(n))).collect();
        let first = answers.iter().position(Option::is_some).unwrap();
        assert!(answers[first..].iter().all(|refusal| *refusal == answers[first]));
        (first, answers[first].unwrap())
    };
    let attributes = |n: usize| format!("<p{}>x", " a=b".repeat(n));
    assert_eq!(first_refused(&attributes), (5, Refusal::TooManyAttributes));
    // Around them there are `html` and `body`.
    assert_eq!(first_refused(&|n| "<o:p>".repeat(n)), (5, Refusal::TooDeep));
    assert_eq!(first_refused(&|n| "<br>".repeat(n)), (13, Refusal::TooManyTokens));
}

/// What is plain has the same nodes, to the last number, as html5ever makes.
fn check_plain(text: &str) -> bool {
    let plain = plain::build(text, &Limits::new());
    if let Some(plain) = &plain {
        let by_rules = Tree::build_by_html5ever(text, &Limits::new()).unwrap();
        assert_eq!(plain.description(), by_rules.description(), "{text:?}");
    }
    plain.is_some()
}

#[test]
fn plain_markup_is_plain() {
    for text in [
        "",
        "x",
        " x",
        "<p>a<p>b",
        "</p>x",
        "a<br>b</body>c",
        "a</body></html> <!-- -->",
        "<!doctype html>\n<html>\n<head>\n<meta charset=utf-8>\n<style>p{}</style>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n",
        "<head><title>x</title><body><p>y",
        "<head><meta><p>y</head>",
        "<style></style><p>",
        "<div><p>a<o:p>b</o:p></p></div></div></b></td></table>",
        "<b><p>x</p></b><span><i>y</i></span>",
        "<ul><li>a<li>b<ul><li>c</ul></ul><dl><dt>x<dd>y</dl></li>",
        "<ul><li><div><li></ul>",
        "<table> <tr> <td><b>x</td><td>y<table><td>z</table></td> </table> w",
        "<table><colgroup><col><col></colgroup><tbody><tr><th>x</tbody></table>",
        "<table><col width=1><tr><td>x</tr><tr><td><p>y</table>",
        "<TABLE><THEAD><TR><TD>x<TBODY><TR><TD>y</TD></TR></TBODY></TABLE>",
        "<h1>x</h1><hr><p>a<hr>b<center><img src=x></center>",
        // Elements that their end tags leave open, or that nothing opened.
        "<a href=x><o:p>y</a><a href=z>w</a>",
        "<b><o:p>x</b></b>y",
        "<o:p><st1:place>x</o:p>y",
        "<h2><o:p>x</h2>y",
        "x</h2>y",
        "<html><head></head></head><p>x",
        "<table><colgroup></table>x",
        "<table><td>x</thead>y</table>z",
        "<title> x</title><p>y",
        "<div><script><!--<script>--></script></div><p>&nbsp;<a href=x>y</a></p>",
        "<body><p>x</body> \n</html> <!-- c --> ",
        "<a href=x><div>y</div></a><a>z</a>",
    ] {
        assert_eq!(plain_or_text(text), !text.contains("</body>c"), "{text:?}");
    }
}

/// Tags out of their place, which the short rules for plain markup leave to html5ever or know.
#[test]
fn tags_out_of_place_make_html5evers_tree() {
    for text in [
        "<head>x<p>y",
        "<head> x",
        "<html><head>\nx</head> <body>",
        "<html><html lang=x><p>y",
        "<p>x<html lang=x>",
        "<head><head><p>x",
        "<head></head><head><p>x",
        "<head></head><meta><p>x",
        "<head></head><style>x</style><p>y",
        "<head></head><script>x</script>y",
        "<head></head><title>x</title>y",
        "<head></head>x<title>y</title>",
        "<head><frameset><frame>",
        "<head></head><frameset>",
        "<head><template>x</template>y",
        "<head><noscript><meta></noscript>x",
        "<head><br>x",
        "<head></br>x",
        "<head></p>x",
        "</head></head><p>x",
        "<head></head></head><p>x",
        "<html></head><p>x",
        "</html><p>x",
        "</body><p>x",
        "</body></p>x",
        "</body></div>x",
        "<p>x</body></p>y",
        "x</body></div>",
        "x</body></o:p>",
        "<table><td>x</body></table>y",
        "<table><td>x</body>",
        "<p>x</body></body>y",
        "<p>x</body></br>y",
        "<p>x</html></html>y",
        "<p>x</html><!-- c --></p>",
        "<ul><li><address>x<li>y",
        "<ul><li><p>x<li>y",
        "<ul><li><section><li>x",
        "<ul><li><span><li>x",
        "<dl><dd><address><dt>x",
        "<dl><dd><table><td><dt>x</table><dt>y",
        "<li><ul></li>x",
        "<ul><li>a<ol></li>x",
        "<dl><dt><dl></dt>x",
        "<div><ul></div>x",
        "<p><div><ul></p>x",
        "<h1>x</h2>y",
        "<h1><h2>x</h1>y",
        "<h1><p>x</h3>y",
        "<table><colgroup></table>x",
        "<table><col></table>x",
        "<table><col>x</table>y",
        "<table><colgroup> <col> x</table>",
        "<table><colgroup></colgroup></colgroup><tr><td>x",
        "<table><caption>x<td>y</table>z",
        "<table><caption>x</table>y",
        "<table><caption></caption></caption>x</table>",
        "<table></caption><tr></caption><td></caption>x</table>",
        "<table><tr></td>x</table>",
        "<table></tr><tbody></tr><tr></tr>x</table>",
        "<table><tbody></thead></tbody>x</table>",
        "<table><thead><tr><td>x</tfoot>y</thead>z</table>",
        "<table><td></tbody>x</table>y",
        "<table><td></body>x</table>y",
        "<table><td></html>x</table>y",
        "<table><td></th>x<th></td>y</table>",
        "<table><td><p></td>x</table>y",
        "<table><td><div></tr>x</table>y",
        "<table><tr><td>x<tr><th>y<tbody><td>z</table>",
        "<table><td><table></td>x</table>y</table>z",
        "<table><td><table><tr></td>x</table>y</table>z",
        "<table><table>x</table>y",
        "<table><tr><table>x</table>y",
        "<table><td></table></td></tr></tbody>x",
        "<table><form><tr><input type=hidden><td>x</table>",
        "<table><tr><script>x</script><style>y</style><td>z</table>",
        "</tr></tbody></td></th></table></caption></col>x",
        "<tr><td>x<tbody>y",
        "<p><table><td></p>x</table>y",
        "<b><table><td></b>x</table>y",
        "<a><table><td><a>x</table>y</a>z",
        "<form><p></form>x<form>y",
        "<button><p><button>x",
        "<p><hr>x</p>y",
        "<p><br/></br></p>x",
        "<pre>x<p>y</pre>",
        "<listing>\nx</listing><textarea>\n\nx</textarea>",
        "<center><p></center>x",
        "<nobr>x<nobr>y",
        "<marquee><b></marquee>x",
        "<applet><p></applet>x</p>",
        "<b><i><p>x</b>y</i>z",
        "<b><b><b><b>x</b><p>y",
        "<font><p></font>x",
        "<script>\0</script><title>\0</title><p>\0x",
        "<di\0v>x</di\0v>",
        "<DIV><Span>x</DIV>y",
        "<svg><![CDATA[",
        "<svg><![CDATA[]]>x",
        "<svg><![CDATA[]]]]>x",
        "<svg><title>x</svg><title>y</title>z",
        "<svg><title><p>x</svg>y",
        "<svg><a><desc><a>x</svg>y",
        "<svg><font></svg><font>x",
        "<svg><font color=x>y",
        "<svg><p>x",
        "<svg><table><td>x</svg>y",
        "<svg><image></svg><image><img>x",
        "<svg><foreignObject><svg><p>x",
        "<svg><SVG/><foreignobject>x</foreignObject>y",
        "<svg><script><p></script>x",
        "<svg/><p/>x",
        "<math><mi><svg><p>x",
        "<math><mi><p>x</math>y",
        "<math><mglyph><mtext><mglyph>x",
        "<math><annotation-xml encoding=x><p>y",
        "<math><annotation-xml><svg><p>x",
        "<math><annotation-xml encoding=application/xhtml+xml><p>x",
        "<p>x<frameset><frame>",
        "<div><frameset><frame>x",
        "<input type=hidden><frameset>",
        "<select><select>x",
        "<select><table><td>x</select>y",
        "<option>x<option>y<optgroup>z",
        "<ruby>x<rt>y<rp>z",
        "<plaintext>x</plaintext>",
        "<xmp><p></xmp>x",
        "<noembed><p></noembed><iframe><p></iframe>x",
        "<frame><caption><col>x",
        "<body><body class=x>y",
        "<p><body>x",
    ] {
        for text in [text.to_owned(), format!("<body><div>a{text}"), format!("<table><td>{text}")] {
            check(&text);
            check_plain(&text);
        }
    }
}

/// Of what a `pre` begins with, a browser drops one line end, and NULs: neither takes up the
/// formatting that was left open.
#[test]
fn the_line_end_that_begins_a_pre_takes_up_no_formatting() {
    let (ends, references) = (["\n", "\r", "\r\n"], ["&#10;", "&#X0a;", "&NewLine;"]);
    let mut begins = vec!["&#13;", "&#13;\n", "\r&#10;", "&#10;\r", "\n&#0;", "\0\n", "\0", " "];
    begins.extend(ends.into_iter().chain(references));
    for name in ["pre", "LISTING", "textarea", "div"] {
        for begin in &begins {
            for more in ["", "\0", "\0\0", "\0\n", "\n", "&#10;", " ", "x"] {
                for after in ["", "<p>x", "<!-- --><p>x", "</pre>x"] {
                    check(&format!("<p><a><{name}>{begin}{more}{after}"));
                }
            }
        }
    }
}

/// All that is known of lines.
fn described(lines: &[Line<'_>]) -> Vec<String> {
    lines.iter().map(Line::description).collect()
}

/// What is grafted is what the result is parsed to, and nothing outside moved.
fn check_graft(text: &str, cut: Range<usize>, before: &str, new: &str, after: &str) -> bool {
    let Some(old) = plain::build(text, &Limits::new()) else { return false };
    let (prefix, suffix) = (&text[..cut.start], &text[cut.end..]);
    let result = [prefix, before, new, after, suffix].concat();
    let inserted = cut.start..cut.start + before.len() + new.len() + after.len();
    let grafted = old.grafted(&result, &cut, &inserted, &Limits::new());
    if let Some((grafted, seam)) = &grafted {
        let case = format!("{prefix:?} {before:?} {new:?} {after:?} {suffix:?}");
        let parsed = Tree::build_by_html5ever(&result, &Limits::new()).unwrap();
        assert_eq!(grafted.description(), parsed.description(), "{case}");
        let (outside, now) = (old.outline_without(&cut), grafted.outline_without(&inserted));
        assert_eq!(outside, now, "{case}");
        let parsed = plain::build(&result, &Limits::new()).unwrap();
        // A name's number says when it was first seen, on an end tag too.
        let linked = |tree: &Tree<'_>| -> Vec<Slot> {
            tree.nodes.iter().map(|slot| Slot { data: Data::Text, ..*slot }).collect()
        };
        assert!(linked(grafted) == linked(&parsed), "{case}");
        let marks = MarkSet::builtin();
        let spliced = view::spliced(grafted, seam, view::lines(&old, marks), marks);
        assert_eq!(described(&spliced), described(&view::lines(&parsed, marks)), "{case}");
    }
    grafted.is_some()
}

/// Words that are put beside words are one text with them.
#[test]
fn words_are_not_grafted() {
    for (new, grafts) in [("x<b>y</b>", false), ("<b>y</b>x", false), ("<b>y</b>", true)] {
        let text = "<body><div>words<p>b</p>more</div><p>c</p>";
        let cut = text.find("<p>b").unwrap()..text.find("more").unwrap();
        assert_eq!(check_graft(text, cut, "", new, ""), grafts, "{new}");
    }
}

#[test]
fn ordinary_blocks_are_grafted() {
    let new = "<div class=n><p>new <a href=y>z</a></p><hr>w</div>";
    for (prefix, old, suffix) in [
        ("<p>a</p>", "<div>b</div>", "<p>c</p>"),
        ("<div>", "<p>b</p>", ""),
        ("<div>a ", "____ b ____", " c</div>"),
        ("<body><div><p>a</p>\n", "<div>b</div>", "\n</div></body></html>\n"),
        ("<body><div>", "<div>b</div>", "</div></body><!-- c -->\n</html>\n"),
        ("<body><div>a", "", "<p>b</p></div>"),
        ("<table><tr><td><b>a</b>", "<p>b</p><hr>", "c<td>d</table>e"),
        ("<ul><li>a", "<div>b</div>", "<li>c</ul>"),
        ("<p>a</p>", "b", "<p>c</p>"),
        ("<p>a</p>b", "<i>c</i>", "d"),
    ] {
        let text = [prefix, old, suffix].concat();
        let cut = prefix.len()..prefix.len() + old.len();
        assert!(check_graft(&text, cut, "", new, ""), "{prefix:?} {old:?} {suffix:?}");
    }
    for (prefix, old, suffix) in [
        ("<p>a</p>", "<div>b</div>", "<p>c</p>"),
        ("<div>a ", "<p>b</p>", "</div>c"),
        ("<body><div>", "<div>b</div> ", "c</div></body></html>\n"),
    ] {
        let text = [prefix, old, suffix].concat();
        let cut = prefix.len()..prefix.len() + old.len();
        assert!(check_graft(&text, cut, "", "", ""), "{prefix:?} {old:?} {suffix:?}");
    }
    assert!(!check_graft("<p>a<i>b</i>c", 4..12, "", "", ""), "one text where two were");
    let text = "<div><div>a<p>b</div></div>c";
    assert!(check_graft(text, 11..21, "", new, "</div>"));
    for (prefix, old, suffix) in [
        ("<p>a", "<span>b</span>", "c</p>"),
        ("<div><b>", "<i>b", "c</i></b></div>"),
        ("<div>", "</div>b", "c"),
        ("<div>a<br>", "<p>b", "<p>c</div>d"),
        ("<ul>", "<li>b", "c</ul>"),
        ("<p>x</p>", "</body>", "<p>c</p>"),
    ] {
        let text = [prefix, old, suffix].concat();
        let cut = prefix.len()..prefix.len() + old.len();
        assert!(!check_graft(&text, cut, "", new, ""), "{prefix:?} {old:?} {suffix:?}");
    }
    // Nothing is closed by it, and still what follows is read otherwise.
    assert!(!check_graft("<p>a</p><div>b</div></p>", 8..20, "", "<div>n</div></html>", ""));
    // Outside the body, in a tag, and in a table but in no cell, nothing goes on.
    for (text, at) in [("ab", 1), (" x", 1), ("<table><td></td><a", 16), ("<table><a", 7)] {
        for new in ["</o:p>", "<div></div>", "<div>n</div>", "x</p>"] {
            check_graft(text, at..at, "", new, "");
        }
    }
}

fn plain_or_text(text: &str) -> bool {
    check(text);
    check_plain(text)
}

/// Markup that is almost well-behaved.
fn almost_plain() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "x",
        " ",
        "\n",
        "&nbsp;",
        "&#32;",
        " y",
        "<br>",
        "<img src=x>",
        "<hr>",
        "<!-- c -->",
        "<p>",
        "</p>",
        "<li>",
        "<dd>",
        "<td>",
        "<tr>",
        "</td>",
        "</tr>",
        "</table>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "</a>",
        "<a href=y>",
        "</div>",
        "<div>",
        "</span>",
        "<o:p>",
        "</o:p>",
        "<h1>",
        "</h1>",
        "</ul>",
        "<meta>",
        "<style>a</style>",
        "<title>t</title>",
        "<script>s</script>",
        "<body>",
        "<head>",
        "</head>",
        "<html>",
        "</body>",
        "</html>",
        "<!doctype html>",
        "<col>",
        "</>",
        "<unknown>",
        "</unknown>",
        "</x-y>",
        "<tbody>",
        "</tbody>",
        "</br>",
        "<dt>",
        "</dd>",
        "</li>",
        "</h2>",
        "<pre>\n",
        "<input>",
        "<form>",
        "<button>",
        "<svg>",
        "<select>",
        "<font>",
        "</font>",
        "<address>",
        "<caption>",
        "<colgroup>",
        "</colgroup>",
        "<th>",
        "</th>",
        "<thead>",
    ]);
    let names = vec![
        "p",
        "div",
        "span",
        "b",
        "i",
        "a",
        "font",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "o:p",
        "unknown",
        "h1",
        "h2",
        "center",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "pre",
        "colgroup",
        "address",
        "u",
        "html",
        "head",
        "body",
        "P",
        "TABLE",
    ];
    let tree = leaf.prop_map(str::to_owned).prop_recursive(5, 40, 6, move |inner| {
        let name = prop::sample::select(names.clone());
        (name, prop::collection::vec(inner, 0..6), 0..20u8).prop_map(|(name, inside, end)| {
            let inside = inside.concat();
            match (name, end) {
                (name, 0) => format!("<{name}>{inside}"),
                ("table", 1..5) => format!("<table>\n<tr><td>{inside}</table>"),
                ("table", 5..15) => {
                    format!("<table> <tr> <td>{inside}</td><td>x</td></tr></table>")
                }
                ("ul", 1..9) => format!("<ul><li>{inside}<li>x</ul>"),
                (name, _) => format!("<{name} class=c>{inside}</{name}>"),
            }
        })
    });
    prop::collection::vec(tree, 0..4).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_tree_is_no_larger_than_a_few_times_its_text() {
    // As Word writes: a tag for every thirty bytes.
    let word = "<p class=MsoNormal style='margin-bottom:0in'><span lang=EN-US style='font-size:11.0pt'>\
                Please read the notes of last week before we meet, and <a \
                href=\"https://intranet.contoso.example/notes\">add</a> what is missing.<o:p></o:p>\
                </span></p>\r\n";
    for text in [word.repeat(500), "x".repeat(50_000)] {
        let tree = Tree::build(&text, &Limits::new()).unwrap();
        assert!(tree.plain);
        let (node, token) = (size_of::<Slot>(), size_of::<Stored>());
        let size = tree.nodes.capacity() * node + tree.tokens.capacity() * token;
        assert!(size <= 3 * text.len() + 4096, "{size} for {} bytes", text.len());
    }
}

fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<div class='a>b'>",
        "<b>",
        "</b>",
        "<b x>",
        "<i>",
        "</i>",
        "<a href=x>",
        "</a>",
        "<font size=1>",
        "</font>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "<tbody>",
        "<caption>",
        "<col>",
        "<ul>",
        "<li>",
        "</li>",
        "<svg>",
        "</svg>",
        "<math>",
        "<mi>",
        "<foreignObject>",
        "<desc>",
        "<template>",
        "</template>",
        "<select>",
        "<option>",
        "</select>",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<noscript>",
        "</noscript>",
        "<body>",
        "</body>",
        "<html>",
        "</html>",
        "<head>",
        "</head>",
        "<form>",
        "</form>",
        "<button>",
        "</button>",
        "<h1>",
        "</h2>",
        "<hr>",
        "<br>",
        "</br>",
        "<nobr>",
        "<input type=hidden>",
        "<o:p>",
        "</o:p>",
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<![CDATA[",
        "]]>",
        "<!doctype html>",
        "<![if gte mso 9]>",
        "<![endif]>",
        "<?x",
        ">",
        "<",
        "</",
        "=",
        "\"",
        "'",
        " ",
        "\n",
        "\r",
        "\0",
        "x",
        "&amp;",
        "&nbsp;",
        "&#32;",
        "&lt",
        "é",
        "<p a=\"",
        "<p a='/>",
        "<br/>",
        "<p /x>",
        "<dd>",
        "<dt>",
        "<center>",
        "<blockquote>",
        "<span>",
        "</span>",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn on_any_soup_the_tree_is_html5evers(text in soup()) {
        prop_assert_eq!(ours(&text), theirs(&text));
    }

    #[test]
    fn on_any_soup_a_plain_tree_is_html5evers(text in soup(), tamer in almost_plain()) {
        check_plain(&text);
        check_plain(&tamer);
    }

    #[test]
    fn on_any_edit_a_grafted_tree_is_html5evers(
        text in almost_plain(),
        new in almost_plain(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        on_tokens in 0..4u8,
        before in prop::sample::select(vec!["", "", "", "</p>", "</b>"]),
        after in prop::sample::select(vec!["", "", "", "</div>", "</p>", "<b>"]),
    ) {
        let Some(tree) = plain::build(&text, &Limits::new()) else { return Ok(()) };
        let place = |index: prop::sample::Index| {
            if on_tokens > 0 && !tree.tokens.is_empty() {
                tree.tokens[index.index(tree.tokens.len())].start as usize
            } else {
                text.floor_char_boundary(index.index(text.len() + 1))
            }
        };
        let (from, to) = (place(from), place(to));
        let cut = from.min(to)..from.max(to);
        check_graft(&text, cut.clone(), before, &new, after);
        check_graft(&text, cut.clone(), before, "<div><p>new</p>x</div>", after);
        check_graft(&text, cut.clone(), before, "", after);
        check_graft(&text, cut, "", "", "");
    }

    #[test]
    fn tokens_lie_end_to_end_and_elements_end_in_order(text in soup()) {
        let tree = Tree::build(&text, &Limits::new()).unwrap();
        let mut at = 0;
        for token in tree.tokens_from(0) {
            prop_assert_eq!(token.start, at);
            prop_assert!(text.is_char_boundary(token.end));
            at = token.end;
        }
        prop_assert_eq!(at, text.len());
        for (id, _) in tree.walk() {
            let node = tree.node(id);
            prop_assert!(node.end >= node.span.start);
            prop_assert!(node.end_tag.is_none_or(|tag| tag < node.end));
        }
    }
}

#[test]
fn bombs_are_refused_by_name() {
    let build = |text: &str| Tree::build(text, &Limits::new()).map(|t| t.work);
    assert_eq!(build(&"<div>".repeat(100_000)), Err(Refusal::TooDeep));
    assert_eq!(build(&"<div></p>".repeat(100_000)), Err(Refusal::TooDeep));
    let fonts: String = (0..60_000).map(|n| format!("<font size={n}>")).collect();
    assert_eq!(build(&fonts), Err(Refusal::TooDeep));
    let fonts: String = (0..60_000).map(|n| format!("<p><font size={n}></p>")).collect();
    assert_eq!(build(&fonts), Err(Refusal::TooDeep));
    let attributes = format!("<p {}>", "a=b ".repeat(120_000));
    assert_eq!(build(&attributes), Err(Refusal::TooManyAttributes));
    assert_eq!(build(&"<br>".repeat(1_000_001)), Err(Refusal::TooManyTokens));
}
