#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::Body;
use crate::block::html::view;
use crate::block::line::Line;
use crate::block::{Options, Rewrite, rewrite};
use crate::coordinates::Coordinates;
use crate::link::Link;
use crate::meeting::Record;
use crate::provider::Provider;
use crate::provider::marks::MarkSet;

const OLD: &str = "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6h";
const NEW: &str = "https://teams.microsoft.com/meet/9876543210987?p=Zy8xWv5u";

fn block() -> String {
    let row = "_".repeat(80);
    format!("<div>{row}</div><div>Teams</div><p><a href=\"{OLD}\">Join</a></p><div>{row}</div>")
}

type Lines = Vec<(Range<usize>, String)>;

fn lines_of(tree: &Tree<'_>) -> Lines {
    let lines = view::lines(tree, MarkSet::builtin());
    lines.iter().map(|line| (line.span.clone(), Line::description(line))).collect()
}

/// The part around `marks`, and all lines of the text that begin in it.
fn part_and_lines<'a>(text: &'a str, marks: &Range<usize>) -> Option<(Tree<'a>, Lines)> {
    let part = build(text, marks, &Limits::new())?;
    let mut lines = lines_of(&Tree::build(text, &Limits::new()).unwrap());
    lines.retain(|(span, _)| part.part.contains(&span.start));
    Some((part, lines))
}

fn rewritten(body: &str) -> Rewrite {
    let new = Coordinates::new(Provider::TEAMS, Link::new(NEW).unwrap());
    rewrite(&Body::html(body), Some(&Record::new(Provider::TEAMS, OLD)), &new, &Options::new())
}

#[test]
fn lines_far_from_the_marks_are_not_kept() {
    let paragraph = "<p class=MsoNormal>Please <b>read</b> <a href=x>the notes</a>.</p>\r\n";
    let around = paragraph.repeat(500);
    let text = format!("<body><div class=x>{around}{}{around}</div></body>", block());
    let at = text.find("__").unwrap();
    let marks = at..at + block().len();
    let (part, lines) = part_and_lines(&text, &marks).unwrap();
    assert!(part.part.start > marks.start - 20 * paragraph.len());
    assert!(part.part.end < marks.end + 10 * paragraph.len());
    assert!(part.nodes.len() < 400, "{}", part.nodes.len());
    assert_eq!(lines_of(&part), lines);
    assert!(matches!(rewritten(&text), Rewrite::Replaced { .. }));
}

/// The names of the elements around a place, innermost first.
fn around<'t>(tree: &'t Tree<'_>, at: usize) -> Vec<&'t str> {
    let holds = |id: &_| tree.node(*id).span.contains(&at);
    let (inner, _) = tree.walk().filter(|(id, _)| holds(id)).last().unwrap();
    tree.ancestors(inner).map(|id| tree.html_name(id)).collect()
}

#[test]
fn a_part_begins_with_a_line_inside_what_is_open_there() {
    let line = "<p>Words, and more of them.</p>\n";
    for open in
        ["", "<blockquote>", "<div lang=de>", "<table><tr><td>", "<ul><li>", "<a href=x>", "<b>"]
    {
        for inline in ["<i>y</i> ", "<span>y</span> ", "<o:p>y</o:p>", "<br>"] {
            for count in 0..6 {
                let long = format!("<p>x {}</p>", inline.repeat(count));
                let lines = [line.repeat(40), long.repeat(4), line.repeat(count)].concat();
                let text = format!("<body>{open}{lines}<p>mark</p>{}", line.repeat(30));
                let at = text.find("mark").unwrap();
                let (part, lines) = part_and_lines(&text, &(at..at + 4)).unwrap();
                assert_eq!(lines_of(&part), lines, "{open} {long}");
                let all = Tree::build(&text, &Limits::new()).unwrap();
                assert_eq!(around(&part, at), around(&all, at), "{open} {long}");
            }
        }
    }
}

#[test]
fn a_run_is_known_again_only_where_as_much_is_open() {
    let runs = "words<i></i><u></u>".repeat(12);
    for open in
        ["<blockquote>", "<div lang=de>", "<ul>", "<ul><li>", "<table><tr><td>", "<section>"]
    {
        let lines = "<p>Words, and more of them.</p>\n".repeat(60);
        let text = format!("<body><div>{runs}{open}{runs}{lines}{}{lines}", block());
        let at = text.find("____").unwrap();
        let (part, lines) = part_and_lines(&text, &(at..at + block().len())).unwrap();
        assert_eq!(lines_of(&part), lines, "{open}");
        let all = Tree::build(&text, &Limits::new()).unwrap();
        assert_eq!(around(&part, at), around(&all, at), "{open}");
    }
}

#[test]
fn what_lies_before_a_part_counts_for_the_limits() {
    let text = format!("<body>{}{}", "<p>Words</p>".repeat(300), block());
    let at = text.find("____").unwrap();
    let tokens = Tree::build(&text, &Limits::new()).unwrap().tokens_from(0).count();
    let built = |max_tokens: usize| {
        let limits = Limits { max_tokens, ..Limits::new() };
        build(&text, &(at..at + block().len()), &limits).is_some()
    };
    assert!(built(tokens) && !built(tokens - 1));
}

#[test]
fn what_may_begin_an_earlier_message_is_kept() {
    let filler = "<p>Words, and more of them.</p>".repeat(60);
    for begin in [
        "<div id=divRplyFwdMsg>x</div>",
        "<div class=\"x_OutlookMessageHeader\">x</div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt'>x</div>",
        "<p><b>From:</b> Anna</p><p><b>Sent:</b> 2 November 2026 20:53</p><p><b>To:</b> Ben</p>",
        "<p><b>Fr<i>om</i></b>: Anna<br>Sent: 2 November 2026 20:53<br>To: Ben</p>",
        "<p>&nbsp;Exp&eacute;diteur&nbsp;: Anna</p><p>Date : 2 novembre 2026</p><p>Objet : x</p>",
        "<p>On 2 November 2026 at 20:53, Anna</p><p>&lt;a@contoso.example&gt; wrote:</p>",
        "<p>-----Original Message-----<br>From: Anna<br>Date: 1</p>",
        "<p>-<b>---</b>-Weitergeleitet-----</p><p>Von: Anna</p><p>Datum: 1</p>",
        "<pre>See &lt;https://contoso.example&gt;\nFrom: Anna\nSent: 1.1.2026\nTo: Ben</pre>",
    ] {
        let text = format!("<body>{filler}{begin}{filler}{}{filler}</body>", block());
        let at = text.find("____________").unwrap();
        let (part, _) = part_and_lines(&text, &(at..at + block().len())).unwrap();
        assert!(part.part.start <= filler.len() + "<body>".len(), "{begin}");
        assert!(matches!(rewritten(&text), Rewrite::Foreign(..)), "{begin}");
    }
}

/// Markup of many kinds, some of it again and again.
fn pieces() -> impl Strategy<Value = String> {
    let few = prop::collection::vec(piece(), 1..5);
    let again = (few, prop::collection::vec(any::<prop::sample::Index>(), 0..60))
        .prop_map(|(few, order)| order.iter().map(|at| *at.get(&few)).collect::<String>());
    let any = prop::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat());
    prop_oneof![any, again]
}

fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<p>One line.</p>",
        "<p>One line.</p>",
        "<p>Two<br>lines</p>",
        "<div>",
        "</div>",
        "<p>",
        "<p>a <b>b</b> c",
        "<ul><li>x<li>y</ul>",
        "<table><tr><td>1</td><td><p>2</p></td></tr></table>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<b>",
        "</b>",
        "<span>",
        "</span>",
        "<o:p></o:p>",
        "<a href=https://contoso.example/1>x</a>",
        "<blockquote>",
        "</blockquote>",
        "<h2>Title</h2>",
        "<p>Agenda: x</p>",
        "<p><b>When</b>: now</p>",
        "<p>mail anna@contoso.example</p>",
        "<p><b>From:</b> Anna</p><p>Sent: 2 November 2026 20:53<br>To: Ben</p>",
        "<p>On 2 November 2026 at 20:53, Anna<br>&lt;a@contoso.example&gt; wrote:</p>",
        "<p><b>From:</b> Anna</p>",
        "<p>Sent: 2 November 2026 20:53</p>",
        "<p>To: Ben</p>",
        "<p>Betreff: x</p>",
        "<p>From:</p>",
        "<p>&gt;&gt;&gt; Anna &lt;a@contoso.example&gt; 20:53 &gt;&gt;&gt;</p>",
        "<p>Qrs: &lt;a@contoso.example&gt;<br>Tuv: 2 November 2026 20:53</p>",
        "<p>2026 20:53 wrote:</p>",
        "<div id=divRplyFwdMsg></div>",
        "<p>________________________________</p>",
        "<p>-----x-----</p>",
        "<hr>",
        "<pre>a\nb</pre>",
        "words ",
        "\r\n",
        "<!-- c -->",
        "&nbsp;",
        "<p>&gt; quoted</p>",
        "<i>",
        "</i>",
        "</p>",
        "<style>a@b: c</style>",
        "<img src=x>",
        "<p lang=de>Hallo</p>",
        "<p><span>x <b>y</b> z</span></p>",
        "<table><tr><td>1</td><td>2<p>3</table>",
        "<ul><li>x</li><li><p>y</p></ul>",
        "x</div><div><p>",
        "</body>",
        "<div><div><p>deep</div></div>",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_run_that_is_known_is_what_it_would_be_if_it_were_new(
        text in pieces(), first_mark in any::<prop::sample::Index>(),
    ) {
        let first_mark = first_mark.index(text.len() + 1);
        let state = |forgets| skim::state(&text, first_mark, forgets);
        prop_assert_eq!(state(false), state(true));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Of plain markup: that a part is enough, where it is said to be, is asserted wherever
    /// a body is rewritten, see `replace`.
    #[test]
    fn the_lines_of_a_part_are_those_of_the_whole(
        before in pieces(), behind in pieces(), filler in 0..30_usize,
    ) {
        let filler = "<p>Words, and more of them.</p>".repeat(filler);
        let text = format!("{before}{filler}{}{filler}{behind}", block());
        let at = text.find(OLD).unwrap();
        let marks = at - 100..at + OLD.len() + 90;
        if let Some((part, lines)) = part_and_lines(&text, &marks)
            && Tree::build(&text, &Limits::new()).unwrap().plain
        {
            let seen = lines_of(&part);
            // What begins a quote above the part, and what goes on behind it, is not known here.
            prop_assert_eq!(seen.len(), lines.len());
            for (seen, line) in seen.iter().zip(&lines) {
                prop_assert_eq!(&seen.0, &line.0);
            }
        }
        let _ = rewritten(&text);
    }
}
