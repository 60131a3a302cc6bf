//! What may never break, as properties: authored blocks among generated words and tags.
//!
//! The oracle is html5ever's own tree (rcdom) and what is known by construction; nothing
//! here calls the crate to check the crate.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod authored;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use meeting_migration::block::{Found, Options, Rewrite, append, locate, remove, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};
use proptest::prelude::*;

use authored::fixtures;

/// The blocks of the authored fixtures, cut out by the spans that their author knew.
static BLOCKS: LazyLock<(Vec<String>, Vec<String>)> = LazyLock::new(|| {
    let (mut html, mut text) = (Vec::new(), Vec::new());
    for fixture in fixtures() {
        let (is_html, block) = (fixture.is_html, fixture.block().to_owned());
        // What is a block only because a record names its link is none alone.
        let alone = if is_html { Body::html(block.clone()) } else { Body::text(block.clone()) };
        if !matches!(locate(&alone, None, &options()), Found::One(_)) {
            continue;
        }
        if is_html { html.push(block) } else { text.push(block) }
    }
    assert!(html.len() > 20 && text.len() > 10, "the fixtures are there");
    (html, text)
});

fn any_block(html: bool) -> impl Strategy<Value = String> {
    let count = if html { BLOCKS.0.len() } else { BLOCKS.1.len() };
    (0..count).prop_map(move |i| if html { BLOCKS.0[i].clone() } else { BLOCKS.1[i].clone() })
}

/// Markup as people, mail programs and parsers' own tests have it. `#` becomes a number, so
/// that every word and every container can be told from the others.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<p>w#</p>",
        "<div id=e#>w#",
        "</div>",
        "<div id=e#><p>w#",
        "w# ",
        "<b>w#</b>",
        "<b>w#",
        "</b>",
        "<i id=e#>",
        "</i>",
        "<font color=c#>w#",
        "</font>",
        "<a href='https://contoso.example/#'>w#</a>",
        "<a href=x#>w#",
        "</a>",
        "<table id=e#><tr><td>w#",
        "</td></tr></table>",
        "<table>w#",
        "</table>",
        "<tr><td id=e#>",
        "<ul><li id=e#>w#",
        "<li>w#",
        "</ul>",
        "<br>",
        "<hr>",
        "<span id=e#>w#",
        "</span>",
        "</p>",
        "<p id=e#>",
        "<!-- w# -->",
        "<o:p>&nbsp;</o:p>",
        "\r\n",
        "&nbsp;w#",
        "<h2>w#</h2>",
        "<center>",
        "<nobr>",
        "<pre>w#\n",
        "</pre>",
        "<blockquote>",
        "</blockquote>",
        "<form id=e#>",
        "</form>",
        "<svg>",
        "</svg>",
        "<math><mi>",
        "<template>",
        "</template>",
        "<select><option>w#",
        "</select>",
        "<!--",
        "-->",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<button>",
        "</button>",
        "</body>",
        "</html>",
        "<body>",
        "<dl><dd>w#",
        "<![if gte mso 9]>",
        "<![endif]>",
        "<!doctype html>",
        "&",
        "<",
        ">",
        "ünï#",
        "\u{5e9}\u{5dc}#",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn numbered(text: &str, mut number: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c == '#' {
            number += 1;
            out.push_str(&number.to_string());
        } else {
            out.push(c);
        }
    }
    out
}

/// Plain text without anything that looks like a product.
fn prose() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "Agenda",
        "1. Budget",
        "",
        "  indented\t",
        "________________________________",
        "Ünïcödé",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
        "https://contoso.example/page",
        "Ann <ann@contoso.example>",
        "...",
        "--",
        "a: b",
        "\u{0}",
        "----",
        "会議",
    ]);
    let end = prop::sample::select(vec!["\n", "\r\n"]);
    prop::collection::vec((line, end), 0..8)
        .prop_map(|lines| lines.into_iter().map(|(l, e)| [l, e].concat()).collect())
}

fn new(id: u32) -> Coordinates {
    let url = format!("https://teams.microsoft.com/meet/2345678{id:06}?p=Ab3dEf6hIj9kLm2nOp");
    Coordinates::new(Provider::TEAMS, Link::new(url).unwrap())
}

fn options() -> Options {
    Options::new().with_evidence(AddInEvidence::RecordOrMarks)
}

/// Each of the user's words, with everything around it in the tree that a browser builds.
fn places(html: &str) -> BTreeMap<String, Vec<String>> {
    let mut parse = ParseOpts::default();
    parse.tree_builder.scripting_enabled = false;
    let dom = parse_document(RcDom::default(), parse).one(html);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut stack: Vec<(Handle, String)> = vec![(dom.document.clone(), String::new())];
    while let Some((node, path)) = stack.pop() {
        let mut here = path.clone();
        match &node.data {
            NodeData::Element { name, attrs, template_contents, .. } => {
                here = format!("{path}/{}", name.local);
                for attribute in attrs.borrow().iter() {
                    here += &format!("[{}={}]", attribute.name.local, attribute.value);
                }
                if let Some(contents) = &*template_contents.borrow() {
                    stack.push((contents.clone(), here.clone()));
                }
            }
            NodeData::Text { contents } => {
                for word in contents.borrow().split(|c: char| !c.is_alphanumeric()) {
                    let user = word.strip_prefix('w').unwrap_or_default();
                    if !user.is_empty() && user.bytes().all(|b| b.is_ascii_digit()) {
                        found.entry(word.to_owned()).or_default().push(path.clone());
                    }
                }
            }
            _ => {}
        }
        stack.extend(node.children.borrow().iter().map(|child| (child.clone(), here.clone())));
    }
    found.values_mut().for_each(|paths| paths.sort());
    found
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 1_000_000, ..ProptestConfig::default() })]

    /// Invariants 1, 2 and 4 on HTML: bytes outside, tree outside, fixed point.
    #[test]
    fn outside_is_sacred_in_html(head in markup(), block in any_block(true), tail in markup()) {
        let head = numbered(&head, 0);
        let tail = numbered(&tail, 1000);
        let text = [head.as_str(), &block, &tail].concat();
        let body = Body::html(text.clone());
        match rewrite(&body, None, &new(1), &options()) {
            Rewrite::Replaced { body: after, block: old, written } => {
                let after_text = after.as_unicode().unwrap();
                prop_assert!(after_text.starts_with(&text[..old.span.start]));
                prop_assert!(after_text.ends_with(&text[old.span.end..]));
                // The user's words are all there, each where it was.
                prop_assert_eq!(places(&text), places(after_text));
                // The cut stays within the block, but for blanks and the tags of its frame.
                prop_assert!(old.span.start >= head.len() && old.span.end <= head.len() + block.len(),
                    "{:?} leaves {}..{}", old.span, head.len(), head.len() + block.len());
                let record = Record::new(Provider::TEAMS, new(1).join_url.as_str());
                prop_assert!(matches!(rewrite(&after, Some(&record), &new(1), &Options::new()),
                    Rewrite::Unchanged(ref same) if same.span == written));
                match rewrite(&after, Some(&record), &new(2), &Options::new()) {
                    Rewrite::Replaced { block: again, body: other, .. } => {
                        prop_assert_eq!(again.span, written);
                        prop_assert!(!other.as_unicode().unwrap().contains(new(1).join_url.as_str()));
                    }
                    other => prop_assert!(false, "with other coordinates: {other:?}"),
                }
            }
            Rewrite::Unchanged(_) => prop_assert!(false, "the new link is nobody's yet"),
            _ => {}
        }
    }

    /// Invariants 1 and 4 on text, where nothing can be in the way: always replaced.
    #[test]
    fn outside_is_sacred_in_text(head in prose(), block in any_block(false), tail in prose()) {
        let text = [head.as_str(), &block, "\n", &tail].concat();
        let body = Body::text(text.clone());
        let Rewrite::Replaced { body: after, block: old, written } =
            rewrite(&body, None, &new(1), &options())
        else {
            return Err(TestCaseError::fail(format!("not replaced in {text:?}")));
        };
        prop_assert_eq!(&old.span, &(head.len()..head.len() + block.len()));
        let after_text = after.as_unicode().unwrap();
        prop_assert_eq!(&after_text[..written.start], &text[..old.span.start]);
        prop_assert_eq!(&after_text[written.end..], &text[old.span.end..]);
        let record = Record::new(Provider::TEAMS, new(1).join_url.as_str());
        prop_assert!(matches!(rewrite(&after, Some(&record), &new(1), &Options::new()), Rewrite::Unchanged(_)));
    }

    /// Invariants 1 and 2 without a new block: the user's words are where they were, and the
    /// meeting's block is nowhere.
    #[test]
    fn what_is_left_in_html_is_the_users(
        head in markup(), block in any_block(true), tail in markup(),
    ) {
        let head = numbered(&head, 0);
        let tail = numbered(&tail, 1000);
        let text = [head.as_str(), &block, &tail].concat();
        let body = Body::html(text.clone());
        if let Rewrite::Removed { body: after, block: old } = remove(&body, None, &options()) {
            let after_text = after.as_unicode().unwrap();
            prop_assert!(after_text.starts_with(&text[..old.span.start]));
            prop_assert!(after_text.ends_with(text[old.span.end..].trim_ascii_start()));
            prop_assert_eq!(places(&text), places(after_text));
            prop_assert!(!matches!(locate(&after, None, &options()), Found::One(_)));
        }
    }

    /// The same in text, where nothing can be in the way; blank lines beside the block go.
    #[test]
    fn what_is_left_in_text_is_the_users(
        head in prose(), block in any_block(false), tail in prose(),
    ) {
        let text = [head.as_str(), &block, "\n", &tail].concat();
        let Rewrite::Removed { body: after, block: old } =
            remove(&Body::text(text.clone()), None, &options())
        else {
            return Err(TestCaseError::fail(format!("not taken out of {text:?}")));
        };
        prop_assert_eq!(&old.span, &(head.len()..head.len() + block.len()));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let after_text = after.as_unicode().unwrap();
        prop_assert_eq!(words(&[head.as_str(), &tail].concat()), words(after_text));
        // At most the block's own line end and one blank line are gone.
        prop_assert!(after_text.len() + 4 >= head.len() + tail.len(), "{:?}", after_text);
        prop_assert!(matches!(locate(&after, None, &options()), Found::Absent(_)));
    }

    /// Invariants 1, 2, 4 for a block at the end; taking it out gives the very bytes back.
    #[test]
    fn what_is_appended_to_html_stands_alone(html in markup(), product in 0..5_usize) {
        let html = numbered(&html, 0);
        let new = of(Provider::ALL[product], 1);
        if let Rewrite::Appended { body, written } =
            append(&Body::html(html.clone()), None, &new, &Options::new())
        {
            let text = body.as_unicode().unwrap();
            prop_assert_eq!([&text[..written.start], &text[written.end..]].concat(), html.clone());
            prop_assert_eq!(places(&html), places(text));
            appended_is_a_fixed_point(&body, &written, &new)?;
            let record = Record::new(new.provider, new.join_url.as_str());
            match remove(&body, Some(&record), &Options::new()) {
                Rewrite::Removed { body, .. } => prop_assert_eq!(body.as_unicode(), Some(html.as_str())),
                other => prop_assert!(false, "cannot be taken out: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_appended_to_text_stands_alone(
        text in prose(), ended in any::<bool>(), product in 0..5_usize,
    ) {
        let text = if ended { text.as_str() } else { text.trim_end() };
        let new = of(Provider::ALL[product], 1);
        let Rewrite::Appended { body, written } =
            append(&Body::text(text), None, &new, &Options::new())
        else {
            return Err(TestCaseError::fail(format!("not appended to {text:?}")));
        };
        prop_assert!(body.as_unicode().unwrap().starts_with(text));
        prop_assert!(body.as_unicode().unwrap()[written.end..].trim().is_empty());
        appended_is_a_fixed_point(&body, &written, &new)?;
        let record = Record::new(new.provider, new.join_url.as_str());
        match remove(&body, Some(&record), &Options::new()) {
            Rewrite::Removed { body, .. } => prop_assert_eq!(body.as_unicode(), Some(text)),
            other => prop_assert!(false, "cannot be taken out: {other:?}"),
        }
    }

    /// Invariant 3: two blocks of two meetings are never guessed between; the record decides.
    #[test]
    fn two_candidates_are_an_answer(between in prose(), a in any_block(false)) {
        let record = Record::new(Provider::TEAMS, new(7).join_url.as_str());
        // What nothing frames gives way to what a product wrote, without a record.
        let framed = [Provider::TEAMS, Provider::SKYPE_FOR_BUSINESS];
        let lone = locate(&Body::text(a.clone()), None, &options());
        prop_assume!(matches!(lone, Found::One(block) if framed.contains(&block.provider)));
        let own = Body::text(a.clone());
        let Rewrite::Replaced { body: own, .. } = rewrite(&own, None, &new(7), &options()) else {
            return Err(TestCaseError::fail("a lone block is replaced"));
        };
        let own = own.as_unicode().unwrap();
        let text = [a.as_str(), "\n\n", &between, "\n", own, "\n"].concat();
        let body = Body::text(text.clone());
        let found = locate(&body, None, &options());
        prop_assert!(matches!(found, Found::Ambiguous(ref all) if all.len() == 2), "{found:?}");
        match locate(&body, Some(&record), &Options::new()) {
            Found::One(block) => prop_assert_eq!(&text[block.span], own),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    /// Invariant 3: without a product's links there is no block.
    #[test]
    fn words_alone_are_no_block(html in markup(), text in prose()) {
        prop_assert!(matches!(locate(&Body::html(numbered(&html, 0)), None, &options()), Found::Absent(_)));
        prop_assert!(matches!(locate(&Body::text(text), None, &options()), Found::Absent(_)));
    }
}

/// Details of a meeting of each product.
fn of(provider: Provider, id: u32) -> Coordinates {
    let url = match provider {
        Provider::SKYPE_FOR_BUSINESS => format!("https://meet.contoso.example/ann/AB{id:06}"),
        Provider::GOOGLE_MEET => {
            let letters: String =
                format!("{id:03}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
            format!("https://meet.google.com/abc-defg-{letters}")
        }
        Provider::ZOOM => format!("https://contoso.zoom.us/j/86012{id:06}?pwd=abc"),
        Provider::WEBEX => format!("https://contoso.webex.com/contoso/j.php?MTID=m{id:032x}"),
        _ => return new(id),
    };
    Coordinates::new(provider, Link::new(url).unwrap())
}

fn appended_is_a_fixed_point(
    body: &Body,
    written: &std::ops::Range<usize>,
    new: &Coordinates,
) -> Result<(), TestCaseError> {
    let record = Record::new(new.provider, new.join_url.as_str());
    let again = append(body, Some(&record), new, &Options::new());
    prop_assert!(matches!(&again, Rewrite::Unchanged(same) if same.span == *written), "{again:?}");
    let other = append(body, Some(&record), &of(new.provider, 2), &Options::new());
    prop_assert!(
        matches!(&other, Rewrite::Replaced { block, .. } if block.span == *written),
        "{other:?}"
    );
    Ok(())
}

/// A link on a host that no product is known by: what is recorded counts.
#[test]
fn a_join_link_on_a_host_of_ones_own_is_found_by_the_record() {
    let url = |id: u32| Link::new(format!("https://join.contoso.example/m/{id}?k=v")).unwrap();
    for provider in Provider::WRITTEN {
        for html in [true, false] {
            let block = if html { &BLOCKS.0[0] } else { &BLOCKS.1[0] };
            let body = if html { Body::html(block.clone()) } else { Body::text(block.clone()) };
            let first = Coordinates::new(*provider, url(1));
            let Rewrite::Replaced { body, .. } = rewrite(&body, None, &first, &options()) else {
                panic!("{provider}, html {html}: not replaced");
            };
            let record = Record::new(*provider, url(1).as_str());
            let second = Coordinates::new(*provider, url(2));
            let again = rewrite(&body, Some(&record), &second, &Options::new());
            assert!(
                matches!(again, Rewrite::Replaced { .. }),
                "{provider}, html {html}: {again:?}"
            );
        }
    }
}

/// Without its closing fence, and with many lines that no link is on, a block was replaced
/// by half: the rest stayed below the new one.
#[test]
fn a_block_that_goes_on_behind_a_gap_is_in_doubt() {
    let lines = "words without a link\n".repeat(9);
    let text = format!(
        "Hello\n\nMicrosoft Teams meeting\n\
         Join the meeting now<https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0>\n\
         Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>\n{lines}\
         Meeting options<https://teams.microsoft.com/meetingOptions/?language=en-US>\nAnn\n"
    );
    let outcome = rewrite(&Body::text(text), None, &new(1), &options());
    assert!(matches!(outcome, Rewrite::Ambiguous(_)), "{outcome:?}");
}
