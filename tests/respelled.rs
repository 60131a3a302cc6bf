//! A calendar that stores what it is given in a spelling of its own: our block is still the
//! one that would be written, and nothing is.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use html5ever::serialize::{SerializeOpts, TraversalScope, serialize};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};
use meeting_migration::block::{Options, Rewrite, append, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates};

/// Coordinates of every product, with all that a block can show.
fn all() -> Vec<Coordinates> {
    let links = [
        (Provider::TEAMS, "https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"),
        (Provider::SKYPE_FOR_BUSINESS, "https://meet.contoso.example/ann/AB12CD34"),
        (Provider::ZOOM, "https://us02web.zoom.us/j/81234567890?pwd=Ab3dEf6hIj9kLm2nOp"),
        (Provider::GOOGLE_MEET, "https://meet.google.com/abc-defg-hij"),
        (Provider::WEBEX, "https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef"),
    ];
    assert!(Provider::WRITTEN.iter().all(|of| links.iter().any(|(known, _)| known == of)));
    let languages = [&["en-US"][..], &["de", "ar"], &["ja"]];
    let each = links.iter().flat_map(|link| languages.iter().map(move |l| (link, l)));
    each.map(|((provider, link), languages)| {
        let mut new = Coordinates::new(*provider, meeting_migration::Link::new(*link).unwrap());
        let json = serde_json::json!({
            "languages": languages,
            "passcode": "xY12ab", "conference_id": "123 456 789#", "meeting_id": "234 567 890 123 4",
            "numbers": [{"number": "+15550100", "kind": "toll", "city": "Seattle"}],
            "local_numbers_url": "https://contoso.example/numbers?id=1&l=2",
            "help_url": "https://contoso.example/help",
        });
        let mut whole = serde_json::to_value(&new).unwrap();
        whole.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
        new = serde_json::from_value(whole).unwrap();
        new
    })
    .collect()
}

fn written(new: &Coordinates, body: Body) -> Body {
    match append(&body, None, new, &Options::new()) {
        Rewrite::Appended { body, .. } => body,
        other => panic!("{other:?}"),
    }
}

fn again(body: &Body, new: &Coordinates) -> Rewrite {
    let record = Record::new(new.provider, new.join_url.as_str());
    rewrite(body, Some(&record), new, &Options::new())
}

/// Read by a browser's rules, each tag changed, and written out.
fn reserialised(html: &str, change: &dyn Fn(&str, &str, &str) -> String) -> String {
    fn walk(node: &Handle, change: &dyn Fn(&str, &str, &str) -> String) {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            for attribute in attrs.borrow_mut().iter_mut() {
                let value = change(&name.local, &attribute.name.local, &attribute.value);
                attribute.value = value.into();
            }
        }
        node.children.borrow().iter().for_each(|child| walk(child, change));
    }
    let dom: RcDom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    walk(&dom.document, change);
    let mut out = Vec::new();
    let options = SerializeOpts {
        traversal_scope: TraversalScope::ChildrenOnly(None),
        ..SerializeOpts::default()
    };
    serialize(&mut out, &SerializableHandle::from(dom.document), options).unwrap();
    String::from_utf8(out).unwrap()
}

fn safe_links(url: &str) -> String {
    let escaped: String = url
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("https://nam12.safelinks.protection.outlook.com/?url={escaped}&data=05%7C02&reserved=0")
}

/// A tag's name, an attribute's, its value; what becomes of the value.
type Respelling = dyn Fn(&str, &str, &str) -> String;

const AS_IT_IS: &Respelling = &|_, _, value| value.to_owned();
const EXCHANGE: &Respelling = &|_, name, value| match name {
    "style" => value.replace(':', ": ").replace(';', "; "),
    "class" | "id" => format!("x_{value}"),
    _ => value.to_owned(),
};
const SAFE_LINKS: &Respelling = &|tag, name, value| match (tag, name) {
    ("a", "href") if value.starts_with("http") => safe_links(value),
    _ => value.to_owned(),
};

#[test]
fn markup_of_another_spelling_says_the_same() {
    for new in all() {
        let body = written(&new, Body::html("<html><body><p>Agenda</p></body></html>"));
        for (name, respelling) in [("-", AS_IT_IS), ("x_", EXCHANGE), ("wrapped", SAFE_LINKS)] {
            let html = reserialised(body.as_unicode().unwrap(), respelling);
            let answer = again(&Body::html(html.clone()), &new);
            let case = format!("{:?} {name}\n{html}", new.provider);
            assert!(matches!(answer, Rewrite::Unchanged(_)), "{answer:?}\n{case}");
            // One word, or one link, is enough to tell.
            for (was, is) in [("0100", "0199"), ("numbers?", "number?"), ("Seattle", "Redmond")] {
                let edited = Body::html(html.replace(was, is));
                if edited.as_unicode() != Some(&html) {
                    let answer = again(&edited, &new);
                    assert!(matches!(answer, Rewrite::Replaced { .. }), "{was} {answer:?}\n{case}");
                }
            }
        }
    }
}

#[test]
fn text_of_other_lines_says_the_same() {
    for new in all() {
        let body = written(&new, Body::text("Agenda\r\n"));
        let text = body.as_unicode().unwrap();
        let lines = text.replace("\r\n", "\n");
        let blanks = text.replace("\r\n", " \r\n");
        let url = new.join_url.as_str();
        let bracketed = text.replace(&format!("<{url}>"), &format!("<{}>", safe_links(url)));
        let wrapped =
            if bracketed == text { text.replace(url, &safe_links(url)) } else { bracketed };
        assert_ne!(wrapped, text);
        for text in [lines, blanks, wrapped] {
            let answer = again(&Body::text(text.clone()), &new);
            assert!(matches!(answer, Rewrite::Unchanged(_)), "{answer:?}\n{text}");
            let edited = Body::text(text.replace("0100", "0199"));
            if edited.as_unicode() != Some(&text) {
                let answer = again(&edited, &new);
                assert!(matches!(answer, Rewrite::Replaced { .. }), "{answer:?}\n{text}");
            }
        }
    }
}

/// What differs from the new block in more than spelling is replaced, to the same bytes.
#[test]
fn what_is_replaced_ends_as_what_was_written() {
    for new in all() {
        let body = written(&new, Body::html("<p>Agenda</p>"));
        let html = body.as_unicode().unwrap();
        let mut other = new.clone();
        other.help_url = Some(meeting_migration::Link::new("https://contoso.example/2").unwrap());
        match again(&body, &other) {
            Rewrite::Replaced { body: replaced, .. } => {
                assert_ne!(replaced.as_unicode(), Some(html));
                let Rewrite::Replaced { body: back, .. } = again(&replaced, &new) else {
                    panic!("the link for help is another")
                };
                assert_eq!(back, body);
            }
            // Not every product's block shows it.
            Rewrite::Unchanged(_) => assert!(!html.contains("contoso.example/help")),
            answer => panic!("{answer:?}"),
        }
    }
}
