//! The tree against html5ever's own.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod graft;
mod limits;
mod made;
mod outline;
mod well_behaved;

use proptest::prelude::*;

use self::made::{almost_plain, soup};
use self::outline::{ours, theirs};
use super::*;

fn check(text: &str) {
    assert_eq!(ours(text), theirs(text), "for {text:?}");
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn on_any_soup_the_tree_is_html5evers(text in soup()) {
        prop_assert_eq!(ours(&text), theirs(&text));
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
