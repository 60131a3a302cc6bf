//! Grafted trees against the result as it is parsed.

use super::*;
use crate::block::html::view;
use crate::block::line::Line;
use crate::provider::marks::MarkSet;

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

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
}
