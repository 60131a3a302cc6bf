//! Tokens and trees, against two other readers of HTML.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token as Theirs, Tokenizer as TheirTokenizer};

use crate::block::Limits;
use crate::block::html::reference::decode;
use crate::block::html::tokenizer::{Attributes, Kind, State, Tokenizer};
use crate::block::html::tree::{Data, NodeId, Tree};

use super::oracle;

/// Token boundaries and attributes as html5gum's, the tree as html5ever's.
///
/// # Panics
/// When one of these does not hold.
pub fn tokenizer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let text = &*text;
    assert_eq!(ours(text), theirs(text), "tokens of {text:?}");
    let Ok(tree) = Tree::build(text, &Limits::new()) else { return };
    assert_eq!(outline(&tree), oracle::outline(text), "tree of {text:?}");
    let by_rules = Tree::build_by_html5ever(text, &Limits::new()).map_err(|_| "a refusal");
    let by_rules = by_rules.expect("refused like the other way");
    assert_eq!(tree.description(), by_rules.description(), "nodes of {text:?}");
}

/// A tag or comment: what it is, where it stands, and what a tag says.
#[derive(Debug, PartialEq)]
struct Seen {
    what: &'static str,
    span: Range<usize>,
    name: String,
    attributes: Vec<(String, String)>,
}

/// The raw-text elements as html5gum switches by itself, without a tree: it spells one
/// `noframe`, so we do here.
fn state_after(name: &str) -> Option<State> {
    match name {
        "textarea" | "title" | "style" | "iframe" | "xmp" | "noembed" | "noframe" | "noscript" => {
            Some(State::Raw)
        }
        "script" => Some(State::Script),
        "plaintext" => Some(State::PlainText),
        _ => None,
    }
}

fn ours(text: &str) -> Vec<Seen> {
    let mut tokenizer = Tokenizer::new(text);
    let mut seen = Vec::new();
    let mut at = 0;
    while let Some(token) = tokenizer.next(false) {
        assert_eq!(token.start, at, "tokens lie end to end");
        at = token.end;
        let name = text.get(token.name()).unwrap_or_default();
        let name = name.to_ascii_lowercase().replace('\0', "\u{FFFD}");
        let mut attributes: Vec<(String, String)> = Vec::new();
        let what = match token.kind {
            Kind::Start { .. } => {
                for attribute in Attributes::of(text, &token) {
                    let key = text.get(attribute.name).unwrap_or_default();
                    let key = key.to_ascii_lowercase().replace('\0', "\u{FFFD}");
                    let value = decode(text.get(attribute.value).unwrap_or_default(), true);
                    if !attributes.iter().any(|(k, _)| *k == key) {
                        attributes.push((key, value.into_owned()));
                    }
                }
                attributes.sort();
                if let Some(state) = state_after(&name) {
                    tokenizer.switch(state, &token);
                }
                "start"
            }
            Kind::End => "end",
            Kind::Comment => "comment",
            Kind::Doctype => "doctype",
            Kind::Text | Kind::CData | Kind::Nothing => continue,
        };
        seen.push(Seen { what, span: token.span(), name, attributes });
    }
    assert_eq!(at, text.len(), "tokens cover everything");
    seen
}

fn theirs(text: &str) -> Vec<Seen> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut seen = Vec::new();
    for token in TheirTokenizer::new_with_emitter(text, emitter).flatten() {
        seen.push(match token {
            Theirs::StartTag(tag) => Seen {
                what: "start",
                span: tag.span.start..tag.span.end,
                name: string(&tag.name),
                attributes: tag
                    .attributes
                    .iter()
                    .map(|(name, value)| (string(name), string(value)))
                    .collect(),
            },
            Theirs::EndTag(tag) => Seen {
                what: "end",
                span: tag.span.start..tag.span.end,
                name: string(&tag.name),
                attributes: Vec::new(),
            },
            Theirs::Comment(comment) => Seen {
                what: "comment",
                span: comment.span.start..comment.span.end,
                name: String::new(),
                attributes: Vec::new(),
            },
            Theirs::Doctype(doctype) => Seen {
                what: "doctype",
                span: doctype.span.start..doctype.span.end,
                name: String::new(),
                attributes: Vec::new(),
            },
            Theirs::String(_) | Theirs::Error(_) => continue,
        });
    }
    seen
}

/// Our tree in the words of [`oracle::outline`].
fn outline(tree: &Tree<'_>) -> String {
    let mut out = oracle::Outline::default();
    for (id, depth) in tree.walk() {
        let node = tree.node(id);
        match node.data {
            Data::Container => out.line(depth, "content"),
            Data::Element(name) => {
                let (ns, local) = (tree.names.namespace(name), tree.names.local(name));
                out.line(depth, &format!("<{ns} {local}>"));
            }
            Data::Comment => out.line(depth, "<!>"),
            Data::Text => {
                let raw = tree.slice(&node.span);
                let parent = node.parent.map_or("", |parent| tree.html_name(parent));
                let verbatim = matches!(
                    parent,
                    "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes" | "plaintext"
                );
                // NULs part what a token holds, so its kind says how a piece is read.
                let token = tree.tokens_from(node.span.start).next();
                if token.is_some_and(|token| token.kind == Kind::CData) {
                    let piece = raw.strip_prefix("<![CDATA[").unwrap_or(raw);
                    out.text(depth, piece.strip_suffix("]]>").unwrap_or(piece));
                } else if verbatim {
                    out.text(depth, raw);
                } else {
                    let text = decode(raw, false);
                    // A browser drops the line end that such an element begins with; where
                    // formatting is taken up again, it may be its child no more.
                    let begins = |id: NodeId| {
                        tree.node(id).span.end == node.span.start
                            && matches!(tree.html_name(id), "pre" | "listing" | "textarea")
                    };
                    // NULs beside it are nothing.
                    let seen = raw.replace('\0', "");
                    let is_end = matches!(&*decode(&seen, false), "\n" | "\r" | "\r\n");
                    if !is_end || !tree.ancestors(id).any(begins) {
                        out.text(depth, &text);
                    }
                }
            }
        }
    }
    out.done
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[test]
    fn a_line_end_that_begins_an_element_is_dropped() {
        for name in ["pre", "listing", "textarea"] {
            for end in ["\n", "\r\n", "\r", "&#10;", "\n\n", "\nx"] {
                super::tokenizer(format!("<{name}>{end}</{name}>").as_bytes());
                super::tokenizer(format!("<b><p></b>\0<{name}>{end}<u></u>").as_bytes());
                super::tokenizer(format!("<p><a><{name}>{end}<u").as_bytes());
                super::tokenizer(format!("<p><a><{name}>{end}<p>x").as_bytes());
                super::tokenizer(format!("<p><a><svg><{name}>{end}<p>x").as_bytes());
                super::tokenizer(format!("<a><{name}>{end}<i><a>").as_bytes());
            }
        }
    }

    /// The plain builder took the script for closed, and put the body into the head.
    #[test]
    fn raw_text_may_end_in_half_an_end_tag() {
        for name in ["script", "style", "title", "textarea"] {
            super::tokenizer(format!("<{name}>x</{name}/").as_bytes());
        }
    }

    proptest! {
        #[test]
        fn tokens_and_tree_are_those_of_others(text in "(<|</|<!--|-->|<p|<b|<td|<title|<script|a=|\"|'|/| |>|x|&amp;|&#0;|\0|\r|<!|\\[CDATA\\[|\\]\\]|<svg>|é){0,30}") {
            super::tokenizer(text.as_bytes());
        }
    }

    /// Blanks may be references; what is formatted alike is told by all its attributes.
    #[test]
    fn what_the_rules_read_is_read_as_others_read_it() {
        for blank in
            ["&#32;", "&#x20;", "&#X9", "&Tab;", "&NewLine;", "&#65;", "&#x;", "&#;", "&#3 2;"]
        {
            super::tokenizer(format!("<table>{blank}<tr><td>x").as_bytes());
            super::tokenizer(format!("{blank}<head>{blank}<title>x</title>").as_bytes());
        }
        for attributes in
            [["a=1 x=1", "a=1 x=2", "a=1 x=3", "a=1 x=4"], ["a=1", "a=1 a=2", "A=1", "a=1 a=3"]]
        {
            let tags = attributes.map(|attributes| format!("<b {attributes}>")).concat();
            super::tokenizer(format!("<p>{tags}x</p>y").as_bytes());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        /// Where boundaries are hard to tell: escapes of scripts, ends of comments and of
        /// CDATA sections, attributes, raw text.
        #[test]
        fn hard_ends_are_where_others_see_them(text in prop_oneof![
            "<script>(<!--|-->|-|--|<script|</script|</SCRIPT|<scripts|</|/| |>|x|<){0,16}",
            "x<!--(-|--|!|>|x|<!--|<){0,8}<p>",
            "<svg>(<!\\[CDATA\\[(\\]|\\]\\]>|>|x|<|\0|&amp;|<b>){0,8}</svg>|<p>){0,3}",
            "<[pP](a|b|=|\"|'|/| |\t|\n|\r|\x0c|é){0,12}(>| >|/>)x",
            "<(title|style|textarea)>(</|<|title|style|textarea|/| |>|\t|x|\0){0,12}",
        ]) {
            super::tokenizer(text.as_bytes());
        }
    }
}
