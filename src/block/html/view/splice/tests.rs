#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::block::Limits;

/// Whether the lines were spliced; when they were, they are those of the result.
fn check(text: &str, cut: Range<usize>, new: &str) -> Option<bool> {
    let marks = MarkSet::builtin();
    let old = Tree::build(text, &Limits::new()).unwrap();
    let result = [&text[..cut.start], new, &text[cut.end..]].concat();
    let inserted = cut.start..cut.start + new.len();
    let (tree, seam) = old.grafted(&result, &cut, &inserted, &Limits::new())?;
    let described = |lines: &[Line<'_>]| lines.iter().map(Line::description).collect::<Vec<_>>();
    let mut before = lines(&old, marks);
    let spliced = splice(&tree, &seam, &mut before, marks).is_some();
    if spliced {
        let parsed = Tree::build(&result, &Limits::new()).unwrap();
        let case = (&text[..cut.start], &text[cut.clone()], new, &text[cut.end..]);
        assert_eq!(described(&before), described(&lines(&parsed, marks)), "{case:?}");
    }
    Some(spliced)
}

const ROW: &str =
    "________________________________________________________________________________";
const JOIN: &str = "<a href='https://teams.microsoft.com/l/meetup-join/1'>Join</a>";

#[test]
fn ordinary_lines_are_spliced() {
    let new = format!("<div lang=de>{ROW}<p>{JOIN}</p><br>new</div>");
    for (prefix, old, suffix, spliced) in [
        ("<p>a</p>", "<div>b</div>", "<p>c</p>", true),
        ("<div>a", "<div>b</div>", "", true),
        ("<div class=me-email-text>", "<div>b</div>", "<p>c</p></div>", true),
        ("<p>a <b>b</b>", "<div>b</div>", "c<p lang=fr>d</p>", true),
        ("<table><tr><td>a", "<p>b</p>", "c<td>d</table>", true),
        ("<blockquote>a</blockquote>", "<p>b</p>", "<p>c", true),
        // An earlier message begins near it.
        ("<p>a</p>", "<p>b</p>", "<p>From: Anna<p>Sent: 2026-11-02 20:53<p>To: b", false),
        ("<p>a</p>", "<p>b</p>", "<hr id=divRplyFwdMsg><p>c", false),
        ("<p>a</p>", "<p>b</p>", "<p>&gt; c", false),
        ("<blockquote><p>a</p>", "<p>b</p>", "<p>c</blockquote>", false),
    ] {
        let text = [prefix, old, suffix].concat();
        let cut = prefix.len()..prefix.len() + old.len();
        assert_eq!(check(&text, cut, &new), Some(spliced), "{prefix:?} {old:?} {suffix:?}");
    }
    let within_link = "<a href=x><div>a<p>b</p></div></a><p>c";
    assert_eq!(check(within_link, 16..24, "<div>new</div>"), Some(false));
}

fn body() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "word ",
        " ",
        "\n",
        "&nbsp;",
        "<br>",
        "<hr>",
        "<img src=x>",
        "&gt; quoted",
        "a &lt;https://zoom.us/j/95550123456&gt;\nb",
        "&lt; not closed",
        "a https://meet.google.com/con-toso-abc b",
        JOIN,
        "<a name=OutJoinLink></a>",
        "<a href='https://teams.microsoft.com/meetingOptions/?x=1'><div>Options</div></a>",
        ROW,
        "________________________________",
        "_____________________________________________",
        "-----Original Appointment-----",
        "[!OC([1033])!]",
        "<p>From: Anna Berg</p>",
        "<p>Sent: Monday, 2 November 2026 20:53</p>",
        "<p>To: Petra</p>",
        "<p>Subject: Plan</p>",
        "<p>From:</p>",
        "<p>Anna &lt;anna@contoso.example&gt;</p>",
        "<p>&gt;&gt;&gt; Anna &lt;anna@contoso.example&gt; 20:53 &gt;&gt;&gt;</p>",
        "<p>2026 20:53 wrote:</p>",
        "<p>Anna &lt;anna@contoso.example&gt; 2026 20:53:</p>",
        "<div id=divRplyFwdMsg></div>",
        "<span id=appendonsend></span>",
        "<div class=gmail_quote>q</div>",
        "<div class=me-email-text></div>",
        "<option><div>x</div></option>",
        "<title>t</title>",
    ]);
    let leaf = prop_oneof![2 => Just("<p>plain</p>"), 1 => leaf];
    let names = prop::sample::select(vec![
        "p",
        "p",
        "div",
        "div",
        "span",
        "b",
        "a href=https://zoom.us/j/95550123456",
        "blockquote",
        "span class=me-email-text",
        "div class=me-email-text",
        "div class=x_me-email-headline",
        "span lang=fr",
        "div lang=de",
        "a name=quote",
        "unknown",
        "o:p",
        "ul",
    ]);
    let tree = leaf.prop_map(str::to_owned).prop_recursive(4, 30, 5, move |inner| {
        (names.clone(), prop::collection::vec(inner, 0..5)).prop_map(|(name, inside)| {
            let end = name.split(' ').next().unwrap_or_default();
            format!("<{name}>{}</{end}>", inside.concat())
        })
    });
    prop::collection::vec(tree, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn on_any_edit_spliced_lines_are_those_of_the_result(
        text in body(),
        new in body(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
    ) {
        let edges: Vec<usize> =
            (0..=text.len()).filter(|&at| text[at..].starts_with('<') || text[..at].ends_with('>')).collect();
        prop_assume!(!edges.is_empty());
        let (a, b) = (*from.get(&edges), *to.get(&edges));
        check(&text, a.min(b)..a.max(b), &format!("<div>{new}</div>"));
    }
}
