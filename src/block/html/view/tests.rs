#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::block::Limits;
use crate::block::html::tokenizer::Kind as Token;

/// What the lines of a body say, but for where.
fn said(body: &str) -> Vec<String> {
    let tree = Tree::build(body, &Limits::new()).unwrap();
    let told = |line: &Line<'_>| {
        let links: Vec<_> = line.links.iter().map(|link| (&link.url, link.labelled)).collect();
        let fences: Vec<_> = line.fences.iter().map(|row| row.fence).collect();
        let marked: Vec<_> = line.marked.iter().map(|(provider, _)| provider).collect();
        let (text, lang, quoted) = (line.text.as_str(), &line.lang, line.quoted);
        format!("{text:?} {links:?} {fences:?} {marked:?} {lang:?} {quoted}")
    };
    lines(&tree, MarkSet::builtin()).iter().map(told).collect()
}

/// The body, with an attribute in each start tag that no other has, and that says nothing.
fn with_no_tag_twice(body: &str) -> String {
    let tree = Tree::build(body, &Limits::new()).unwrap();
    let mut out = String::new();
    for (i, token) in tree.tokens_from(0).enumerate() {
        let (name, rest) = tree.slice(&token.span()).split_at(token.name_end - token.start);
        match token.kind {
            Token::Start { .. } => out += &format!("{name} data-n=\"{i}\"{rest}"),
            _ => out += tree.slice(&token.span()),
        }
    }
    out
}

#[test]
fn in_fixtures_each_tag_says_the_same_among_tags_like_it() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut seen = 0;
    for case in std::fs::read_dir(data).unwrap() {
        let Ok(bytes) = std::fs::read(case.unwrap().path().join("body.html")) else { continue };
        let body = String::from_utf8_lossy(&bytes);
        // One is too deep.
        if Tree::build(&body, &Limits::new()).is_err() {
            continue;
        }
        assert_eq!(said(&with_no_tag_twice(&body)), said(&body));
        seen += 1;
    }
    assert!(seen > 40);
}

#[test]
fn a_line_is_where_its_words_are() {
    let body = "<p> one </p>\r\n<div>\n  two <b> words \n</b>\t</div><td>   three\
        <p>&lt;https://contoso.example&gt;\n   four \n";
    let tree = Tree::build(body, &Limits::new()).unwrap();
    let words: Vec<_> = lines(&tree, MarkSet::builtin())
        .iter()
        .map(|line| (&body[line.span.clone()], &body[line.words_start..line.words_end]))
        .collect();
    let link = "&lt;https://contoso.example&gt;";
    let expected = ["one", "two <b> words", "three", link, "four"];
    assert_eq!(words, expected.map(|words| (words, words)));
}

#[test]
fn what_stands_in_the_head_is_on_no_line() {
    let head =
        "<head><meta class=x_me-email-text><title>x</title><base href=https://zoom.us/j/1></head>";
    assert_eq!(said(head), [""; 0]);
    assert_eq!(said(&format!("{head}<p>x")).len(), 1);
}

#[test]
fn what_mail_programs_put_around_earlier_messages_is_known_however_it_is_written() {
    for tag in [
        "<div class=ydp1a2b3cyahoo_quoted>",
        "<div class='x YDP1a2b3cYahoo_Quoted'>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt'>",
        "<div style='border:none;border-top:solid &num;e1e1e1 1.0pt'>",
        "<div style='border: none; border-top: solid &#35;B5C4DF 1.0pt'>",
        "<div id=\"divRply&#70;wdMsg\">",
    ] {
        let body = format!("<p>a</p>{tag}<p>b</p></div>");
        let tree = Tree::build(&body, &Limits::new()).unwrap();
        let quoted: Vec<_> =
            lines(&tree, MarkSet::builtin()).iter().map(|line| line.quoted).collect();
        assert_eq!(quoted, [false, true], "{tag}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn each_tag_says_the_same_among_tags_like_it(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<p class=a>", "<p class=b>", "<p lang=de>", "<p lang=fr>", "<div>", "</div>", "words ",
            "<blockquote>", "</blockquote>", "<div class=gmail_quote>", "<div class=gmail_quota>",
            "<blockquote style='margin: 0 0 0 40px; border: none'>", "<hr id=divRplyFwdMsg>",
            "<hr id=divRplyFwdMsh>", "<span class=me-email-text>", "<span class=me-email-teyt>",
            "<a href='https://teams.microsoft.com/meet/1'>", "<a name=OutJoinLink>", "</a>",
            "<a href='https://teams.microsoft.com/meet/2'>", "<p class=me-email-text>", "<br>",
            "<svg><p class=a>", "</svg>", "<template><p class=b>", "</template>", "<image>",
        ]), 0..20)
    ) {
        let body = pieces.concat();
        prop_assert_eq!(said(&with_no_tag_twice(&body)), said(&body));
    }
}
