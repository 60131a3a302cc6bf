//! Whether two texts say the same, in whatever spelling.
//!
//! In: two pieces of text or markup. Out: whether a reader finds the same words, links and
//! images in both, in the same order. Never: a look at tags, styles or other attributes.
//! Calendars write what they store in their own way, wrap lines anew and put links into
//! wrappers: what they did to a block of ours is no other block.

use std::borrow::Cow;

use super::html::reference::decode;
use super::html::tokenizer::{Attributes, Kind, Token, Tokenizer};
use super::words;
use crate::body::{Body, Format};
use crate::digest::Digest;
use crate::link;

/// Whether both say the same. Words are compared with their punctuation, blanks left out;
/// links out of their wrappers. Linear.
pub(super) fn same(one: &str, other: &str, format: Format) -> bool {
    one == other || Said::by(one, format) == Said::by(other, format)
}

/// Whether two bodies say the same; bodies in an unknown charset only where their bytes are
/// the same.
pub(crate) fn same_body(one: &Body, other: &Body) -> bool {
    let whole = |body| super::excerpt(body, 0..body.as_bytes().len());
    one == other
        || one.format() == other.format()
            && matches!((whole(one), whole(other)), (Ok(a), Ok(b)) if same(&a, &b, one.format()))
}

/// A short name for what a body says; none where its charset is not known.
pub(crate) fn said(body: &Body) -> Option<u128> {
    let text = super::excerpt(body, 0..body.as_bytes().len()).ok()?;
    let Said { words, links, images } = Said::by(&text, body.format());
    let counts = [links.len(), images.len()].map(|count| count as u64);
    let all = Digest::new().with(words.as_bytes());
    let all = counts.iter().fold(all, |digest, count| digest.with(&count.to_le_bytes()));
    let pointers = links.iter().chain(&images);
    Some(pointers.fold(all, |digest, pointer| digest.with(pointer.as_bytes())).value())
}

/// What a reader finds.
#[derive(PartialEq, Eq)]
struct Said {
    words: String,
    links: Vec<String>,
    images: Vec<String>,
}

impl Said {
    fn by(text: &str, format: Format) -> Self {
        let (mut links, mut images) = (Vec::new(), Vec::new());
        let read = match format {
            Format::Html => {
                pointers(text, &mut links, &mut images);
                words::without_markup(text)
            }
            Format::Text => Cow::Borrowed(text),
        };
        let words = words::apart_from_addresses(&read, |address| links.push(pointed_at(address)));
        Self { words: words.split_whitespace().collect(), links, images }
    }
}

/// Where links lead and images lie, in the order of their tags.
fn pointers(text: &str, links: &mut Vec<String>, images: &mut Vec<String>) {
    let mut tokens = Tokenizer::new(text);
    while let Some(token) = tokens.next(false) {
        if !matches!(token.kind, Kind::Start { .. }) {
            continue;
        }
        let name = text.get(token.name()).unwrap_or_default();
        if name.eq_ignore_ascii_case("a") {
            links.extend(value(text, &token, "href").map(|url| pointed_at(&url)));
        } else if name.eq_ignore_ascii_case("img") {
            images.extend(value(text, &token, "src").map(Cow::into_owned));
        }
    }
}

fn value<'t>(text: &'t str, tag: &Token, name: &str) -> Option<Cow<'t, str>> {
    let is_it = |written: &str| written.eq_ignore_ascii_case(name);
    let attribute =
        Attributes::of(text, tag).find(|a| text.get(a.name.clone()).is_some_and(is_it))?;
    Some(decode(text.get(attribute.value)?, true))
}

/// An address as it leads, in brackets or not, over one line or several.
fn pointed_at(address: &str) -> String {
    let address: String = address.split_whitespace().collect();
    link::unwrap(address.trim_matches(['<', '>'])).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<div style=\"a:b\" id=\"x\"><b>Join</b> the meeting<br>ID:&nbsp;234&#32;567 \
                        <a href=\"https://contoso.example/1?a=b&amp;c=d\">Help &amp; more</a>\
                        <img src=\"https://contoso.example/logo.png\" width=\"9\"></div>";

    const TEXT: &str = "Join the meeting<https://contoso.example/1?a=b>\r\nID: 234 567\r\n____\r\n\
                        Help & more<mailto:help@contoso.example> | https://contoso.example/x";

    #[test]
    fn another_spelling_says_the_same() {
        for spelling in [
            "<div style=\"a: b\" id=\"x_x\"><b>Join</b> the\r\nmeeting<br> ID: 234 567 <a \
             href='https://contoso.example/1?a=b&#38;c=d' target=_blank>Help &#38; more</a><img \
             width=9 src=https://contoso.example/logo.png></div>",
            "<!-- x --><style>p { color: red }</style><DIV><P><font>Join the meeting</P>ID:234 567\
             <A HREF=\"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.\
             example%2F1%3Fa%3Db%26c%3Dd&amp;data=05\" originalsrc=x>Help &amp; more</A><a name=y>\
             <img src=\"https://contoso.example/logo.png\">",
        ] {
            assert!(same(HTML, spelling, Format::Html), "{spelling}");
        }
        for spelling in [
            "Join the\nmeeting <https://contoso.exa\nmple/1?a=b>\nID: 234\n567\n____\nHelp &\nmore \
             <mailto:help@contoso.example> | <https://contoso.example/x>",
            "Join the meeting<https://eur05.safelinks.protection.outlook.com/?url=https%3A%2F%2F\
             contoso.example%2F1%3Fa%3Db&data=1>\nID: 234 567\n____\nHelp & more\
             <mailto:help@contoso.example> | https://contoso.example/x\n",
        ] {
            assert!(same(TEXT, spelling, Format::Text), "{spelling}");
        }
    }

    #[test]
    fn another_word_link_or_image_does_not() {
        let others = |text: &str, pairs: &[(&str, &str)], format| {
            for (was, is) in pairs {
                let other = text.replace(was, is);
                assert_ne!(other, text, "{was}");
                assert!(!same(text, &other, format), "{other}");
            }
        };
        let html = [
            ("234", "235"),
            ("ID:", "ID"),
            ("a=b&amp;c=d", "a=b&amp;c=e"),
            ("logo.png", "logo2.png"),
            ("<img", "<i"),
            ("href", "name"),
            ("</div>", "<a href=\"https://contoso.example/2\"></a></div>"),
        ];
        others(HTML, &html, Format::Html);
        let text = [("567", "568"), ("a=b", "a=c"), ("help@", "hello@"), ("/x", "/y"), (" |", "")];
        others(TEXT, &text, Format::Text);
    }

    #[test]
    fn bodies_are_compared_as_they_read() {
        let one = Body::text("caf\u{e9}\r\n");
        assert!(same_body(&one, &Body::text_bytes(b"caf\xe9".to_vec(), Some("iso-8859-1"))));
        assert!(!same_body(&one, &Body::html("caf\u{e9}\r\n")));
        let unknown = |bytes: &[u8]| Body::text_bytes(bytes.to_vec(), Some("ebcdic-int"));
        assert!(same_body(&unknown(b"a"), &unknown(b"a")));
        assert!(!same_body(&unknown(b"a"), &unknown(b"a ")));

        assert_eq!(said(&unknown(b"a")), None);
        assert_eq!(said(&Body::text("a  b")), said(&Body::text("a\r\nb")));
        assert_ne!(said(&Body::text("a b")), said(&Body::text("a c")));
        assert_ne!(said(&Body::text("<https://a.b/>")), said(&Body::text("<https://a.c/>")));
    }
}
