//! Whatever stands in coordinates, the block keeps its shape.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::block::{Found, Options, Rewrite, locate, rewrite};
use crate::body::{Body, Format};
use crate::coordinates::{Branding, Dial, Video};
use crate::meeting::Record;
use crate::wording::labels;

/// An element as a browser built it: name, attributes, text right inside.
#[derive(Clone, Debug, PartialEq)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    depth: usize,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// What a browser builds from the block, standing in a container before a marker:
/// its elements in order, its text.
fn browse(block: &str) -> (Vec<Element>, String) {
    let page = format!("<!doctype html><body><section>{block}<i id=after></i></section>");
    let dom = html5ever::parse_document(RcDom::default(), Default::default()).one(page);
    let (mut elements, mut text) = (Vec::new(), String::new());
    let mut stack = vec![(dom.document.clone(), 0)];
    while let Some((node, depth)) = stack.pop() {
        visit(&node, depth, &mut elements, &mut text);
        stack.extend(node.children.borrow().iter().rev().map(|child| (child.clone(), depth + 1)));
    }
    let around = ["html", "head", "body", "section"];
    assert_eq!(elements.iter().take(4).map(|e| e.name.as_str()).collect::<Vec<_>>(), around);
    let after = elements.pop().unwrap();
    assert_eq!((after.name.as_str(), after.depth), ("i", 4), "the block closes what it opens");
    (elements.split_off(4), text)
}

fn visit(node: &Handle, depth: usize, elements: &mut Vec<Element>, out: &mut String) {
    match &node.data {
        NodeData::Text { contents } => out.push_str(&contents.borrow()),
        NodeData::Element { name, attrs, .. } => elements.push(Element {
            name: name.local.to_string(),
            attributes: attrs
                .borrow()
                .iter()
                .map(|a| (a.name.local.to_string(), a.value.to_string()))
                .collect(),
            depth,
        }),
        NodeData::Comment { .. } => panic!("a comment"),
        _ => {}
    }
}

fn nasty() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "<script>alert(1)</script>",
        "\"><img src=x onerror=y>",
        "' onclick='z",
        "&lt;b&gt;&#60;",
        "</div></p></a>",
        "<!--",
        "]]>",
        "{{join_url}}",
        "\r\n",
        "\n",
        "\u{2028}",
        "\u{85}",
        "\u{202e}",
        "\u{200b}",
        "\0",
        "________________________________________",
        "____________________",
        "....................................................",
        "──────────",
        "-::~:~::~:~:~:~:~:~:~:",
        "-~-~-~-~-~-~-~-~-~-",
        "[!OC([1033])!]",
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x",
        "<https://teams.microsoft.com/meet/1?p=2>",
        "javascript:alert(1)",
        " ",
        "東京",
        "القاهرة",
        "Seattle",
    ]);
    prop_oneof![
        3 => proptest::collection::vec(pieces, 0..6).prop_map(|p| p.concat()),
        2 => any::<String>(),
        2 => "[0-9 #-]{0,14}",
    ]
}

fn link() -> impl Strategy<Value = Link> {
    let hosts = select(vec!["teams.microsoft.com", "contoso.example", "münchen.example"]);
    // Some name a language, which need not be the block's.
    let queries = select(vec!["a=b&c=%3cd", "omkt=en-US", "language=de-DE", "clid=1036", "omkt="]);
    (hosts, any::<String>(), queries).prop_map(|(host, path, query)| {
        let allowed: String =
            path.chars().filter(|c| Link::new(format!("https://h/{c}")).is_ok()).collect();
        Link::new(format!("https://{host}/{allowed}?{query}")).unwrap()
    })
}

fn language() -> impl Strategy<Value = Language> {
    let tags: Vec<_> = labels::ALL.iter().map(|w| w.tag).collect();
    select(tags).prop_map(|tag| Language::new(tag).unwrap())
}

prop_compose! {
    fn number()(
        dial in "\\+?[0-9]{3}[0-9 ()./-]{0,12}",
        free in any::<bool>(),
        country in proptest::option::of(nasty()),
        city in proptest::option::of(nasty()),
    ) -> PhoneNumber {
        let kind = if free { NumberKind::TollFree } else { NumberKind::Toll };
        let mut number = PhoneNumber::new(Dial::new(dial).unwrap(), kind);
        (number.country, number.city) = (country, city);
        number
    }
}

prop_compose! {
    fn extras()(
        video in proptest::option::of((nasty(), proptest::option::of(nasty()), proptest::option::of(link()))),
        logo in proptest::option::of(link()),
        help in proptest::option::of(link()),
        legal in proptest::option::of(link()),
        footer in proptest::option::of(nasty()),
    ) -> (Option<Video>, Branding) {
        let video = video.map(|(address, id, info)| {
            let mut video = Video::new(address);
            (video.id, video.info_url) = (id.map(Private::from), info);
            video
        });
        let mut branding = Branding::default();
        (branding.logo_url, branding.help_url, branding.legal_url) = (logo, help, legal);
        branding.footer = footer.map(Private::from);
        (video, branding)
    }
}

prop_compose! {
    fn coordinates()(
        provider in select(Provider::WRITTEN),
        languages in proptest::collection::vec(language(), 0..4),
        join in link(),
        ids in proptest::array::uniform3(proptest::option::of(nasty())),
        numbers in proptest::collection::vec(number(), 0..4),
        links in proptest::array::uniform4(proptest::option::of(link())),
        (video, branding) in extras(),
    ) -> Coordinates {
        let mut new = Coordinates::new(provider, join);
        new.languages = languages;
        let [meeting_id, passcode, conference_id] = ids.map(|id| id.map(Private::from));
        // Others are refused.
        let passcode = passcode.filter(|passcode| is_showable(passcode));
        (new.meeting_id, new.passcode, new.conference_id) = (meeting_id, passcode, conference_id);
        new.numbers = numbers;
        let [a, b, c, d] = links;
        (new.local_numbers_url, new.reset_pin_url) = (a, b);
        (new.meeting_options_url, new.help_url) = (c, d);
        (new.video, new.branding) = (video, Some(branding));
        new
    }
}

prop_compose! {
    /// Coordinates with a join link of their product.
    fn joinable()(new in coordinates(), id in "[a-z]{3}-[a-z]{4}-[a-z]{3}", digits in "[0-9]{9,13}") -> Coordinates {
        let url = match new.provider.key() {
            "teams" => format!("https://teams.microsoft.com/meet/{digits}?p=Ab3dEf6hIj9kLm2nOp"),
            "skype-for-business" => format!("https://meet.lync.com/contoso/{id}/AB12CD34"),
            "zoom" => format!("https://contoso.zoom.us/j/{digits}?pwd=abc"),
            "google-meet" => format!("https://meet.google.com/{id}"),
            _ => format!("https://contoso.webex.com/contoso/j.php?MTID=m0123456789abcdef0123456789{}", digits.get(..6).unwrap()),
        };
        let mut new = new;
        new.join_url = Link::new(url).unwrap();
        if new.languages.is_empty() {
            new.languages = vec![Language::new("en").unwrap()];
        }
        new
    }
}

/// The same coordinates with harmless words wherever something can be seen.
fn tamed(new: &Coordinates) -> Coordinates {
    let words = |value: &str| if value::clean(value).is_empty() { "" } else { "word" }.to_owned();
    let private = |value: &Option<Private>| value.as_deref().map(|v| Private::from(words(v)));
    let mut tame = new.clone();
    tame.meeting_id = private(&new.meeting_id);
    tame.passcode = private(&new.passcode);
    tame.conference_id = private(&new.conference_id);
    for number in &mut tame.numbers {
        number.country = number.country.as_deref().map(words);
        number.city = number.city.as_deref().map(words);
    }
    if let Some(video) = &mut tame.video {
        video.address = words(&video.address).into();
        video.id = private(&video.id);
    }
    if let Some(Branding { footer: Some(footer), .. }) = &mut tame.branding {
        *footer = footer.lines().map(words).collect::<Vec<_>>().join("\n").into();
    }
    tame
}

fn fences(provider: Provider) -> String {
    match provider.key() {
        "teams" => "_".repeat(80),
        "skype-for-business" => ".".repeat(137),
        "zoom" => "─".repeat(10),
        "google-meet" => format!("-::~:~:{}:~::~:~::-", ":~".repeat(35)),
        _ => format!("{}-", "-~".repeat(22)),
    }
}

proptest! {
    #[test]
    fn html_has_the_shape_of_harmless_coordinates(new in coordinates()) {
        let (elements, text) = browse(&html(&new, None, None));
        let (tame, _) = browse(&html(&tamed(&new), None, None));
        let shape = |elements: &[Element]| -> Vec<Element> {
            let mut shape = elements.to_vec();
            for element in &mut shape {
                element.attributes.retain(|(name, value)| name != "href" || !value.starts_with("tel:"));
            }
            shape
        };
        prop_assert_eq!(shape(&elements), shape(&tame));
        for element in &elements {
            let known = ["div", "p", "span", "a", "hr", "img", "sub"];
            prop_assert!(known.contains(&element.name.as_str()), "{}", element.name);
            for (name, _) in &element.attributes {
                let known = ["class", "style", "id", "name", "lang", "dir", "href", "src", "alt", "aria-hidden", "width"];
                prop_assert!(known.contains(&name.as_str()), "{}", name);
            }
        }
        prop_assert!(!text.contains(is_forbidden), "{:?}", text);
    }

    #[test]
    fn links_are_the_given_ones(new in coordinates()) {
        let (elements, _) = browse(&html(&new, None, None));
        let hrefs: Vec<_> = elements.iter().filter_map(|e| e.attribute("href")).collect();
        prop_assert_eq!(hrefs.iter().filter(|h| **h == new.join_url.as_str()).count() > 0, true);
        let branding = new.branding.clone().unwrap();
        let mut given = vec![&new.join_url];
        let optional = [
            &new.local_numbers_url, &new.reset_pin_url, &new.meeting_options_url, &new.help_url,
            &branding.help_url, &branding.legal_url,
        ];
        given.extend(optional.into_iter().flatten());
        let video = new.video.as_ref().filter(|v| !super::value::clean(&v.address).is_empty());
        given.extend(video.and_then(|v| v.info_url.as_ref()));
        for link in &given {
            prop_assert!(hrefs.contains(&link.as_str()));
        }
        let calls = hrefs.iter().filter(|h| h.starts_with("tel:")).count();
        prop_assert_eq!(calls, new.numbers.len());
        prop_assert_eq!(hrefs.len(), given.len() + calls, "and no other");
        for call in hrefs.iter().filter_map(|h| h.strip_prefix("tel:")) {
            prop_assert!(call.bytes().all(|b| b.is_ascii_digit() || b"+,#".contains(&b)), "{}", call);
        }
        let sources: Vec<_> = elements.iter().filter_map(|e| e.attribute("src")).collect();
        prop_assert_eq!(sources, branding.logo_url.iter().map(|l| l.as_str()).collect::<Vec<_>>());
    }

    #[test]
    fn ids_are_unique_and_languages_marked(new in coordinates()) {
        let (elements, _) = browse(&html(&new, None, None));
        let mut ids: Vec<_> = elements.iter().filter_map(|e| e.attribute("id")).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), all);
        let tag = new.languages.first().map_or("en", Language::tag);
        prop_assert_eq!(elements[0].attribute("lang"), Some(tag));
        let rtl = wording::find(tag).unwrap().rtl;
        prop_assert_eq!(elements[0].attribute("dir"), rtl.then_some("rtl"));
    }

    #[test]
    fn text_keeps_its_lines(new in coordinates(), crlf in any::<bool>()) {
        let line_end = if crlf { "\r\n" } else { "\n" };
        let text = text(&new, None, line_end, None);
        let lines: Vec<_> = text.split(line_end).collect();
        let tame = super::text(&tamed(&new), None, line_end, None);
        prop_assert_eq!(lines.len(), tame.split(line_end).count());
        let fence = fences(new.provider);
        prop_assert_eq!([lines[0], lines[lines.len() - 1]], [fence.as_str(), fence.as_str()]);
        for line in &lines[1..lines.len() - 1] {
            prop_assert!(!line.contains(is_forbidden), "{:?}", line);
            prop_assert!(!line.ends_with(char::is_whitespace), "{:?}", line);
            prop_assert!(!line.contains(&fence), "{:?}", line);
        }
        let join = new.join_url.as_str();
        prop_assert!(text.contains(join));
        prop_assert_eq!(text.matches("[!OC([").count(), usize::from(new.provider == Provider::SKYPE_FOR_BUSINESS));
    }

    #[test]
    fn what_can_be_seen_of_a_value_is_shown(new in coordinates()) {
        let (_, page) = browse(&html(&new, None, None));
        let text = text(&new, None, "\n", None);
        let values = new.numbers.iter().flat_map(|n| [n.country.as_deref(), n.city.as_deref()]);
        let values = values.chain([new.meeting_id.as_deref(), new.passcode.as_deref()]);
        for letters in values.flatten().flat_map(|v| v.split(|c: char| !c.is_alphanumeric())) {
            prop_assert!(page.contains(letters), "{:?}", letters);
            prop_assert!(text.contains(letters), "{:?}", letters);
        }
    }
}

/// The inside of a template: elements in each other, as often right as wrong.
fn design() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(vec![
            "words",
            "<br>",
            "<hr>",
            "{{place}}",
            "&amp;",
            " ",
            "{{passcode}}",
            "{{help_url}}"
        ])
        .prop_map(str::to_owned),
        select(vec![
            "<img alt=\"{{place}}\">",
            "<img src=\"https://contoso.example/\">",
            "[!",
            "<",
            "_____"
        ])
        .prop_map(str::to_owned),
        nasty(),
    ];
    let names = select(vec![
        "div",
        "p",
        "h1",
        "b",
        "i",
        "span",
        "ul",
        "li",
        "table",
        "tbody",
        "tr",
        "td",
        "a",
        "#passcode",
        "#numbers",
        "#help_url",
        "#place",
    ]);
    let with = select(vec![
        "",
        " style=\"color:red\"",
        " title=\"{{passcode}}\"",
        " href=\"{{help_url}}\"",
    ]);
    leaf.prop_recursive(4, 16, 3, move |inner| {
        (names.clone(), with.clone(), proptest::collection::vec(inner, 0..3)).prop_map(
            |(name, with, inner)| match name.strip_prefix('#') {
                Some(name) => format!("{{{{#{name}}}}}{}{{{{/{name}}}}}", inner.concat()),
                None => format!("<{name}{with}>{}</{name}>", inner.concat()),
            },
        )
    })
}

/// The start tags as they are written, with the number of elements open at each.
fn written(html: &str) -> Vec<(String, usize)> {
    let (mut tags, mut depth) = (Vec::new(), 0);
    for tag in html.split('<').skip(1) {
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            depth -= 1;
            continue;
        }
        tags.push((name.clone(), depth));
        depth += usize::from(!["br", "hr", "img"].contains(&name.as_str()));
    }
    assert_eq!(depth, 0);
    tags
}

proptest! {
    #[test]
    fn a_browser_builds_what_a_template_says(new in coordinates(), design in design()) {
        let source = format!("<div><a href=\"{{{{join_url}}}}\">x</a></div>{design}");
        let Ok(template) = Template::new(source, "{{join_url}}") else { return Ok(()) };
        let block = html(&new, None, Some(&template));
        let (elements, text) = browse(&block);
        let built: Vec<_> = elements.iter().map(|e| (e.name.clone(), e.depth - 4)).collect();
        prop_assert_eq!(built, written(&block));
        prop_assert!(!text.contains(is_forbidden), "{:?}", text);
        let allowed = [&new.join_url].into_iter().chain(&new.help_url);
        let allowed: Vec<_> = allowed.map(Link::as_str).chain([""]).collect();
        for href in elements.iter().filter_map(|e| e.attribute("href")) {
            prop_assert!(allowed.contains(&href), "{}", href);
        }
    }

    #[test]
    fn a_text_template_keeps_its_lines(new in coordinates(), words in nasty()) {
        let source = format!("{words}\n{{{{join_url}}}}\n{{{{passcode}}}}{{{{#numbers}}}}{{{{place}}}} {{{{/numbers}}}}");
        let Ok(template) = Template::new("<a href=\"{{join_url}}\">x</a>", source) else { return Ok(()) };
        let text = text(&new, None, "\r\n", Some(&template));
        let fence = fences(new.provider);
        let lines: Vec<_> = text.split("\r\n").collect();
        prop_assert_eq!([lines[0], lines[lines.len() - 1]], [fence.as_str(), fence.as_str()]);
        for line in &lines[1..lines.len() - 1] {
            prop_assert!(!line.contains(is_forbidden) && !line.contains(&fence), "{:?}", line);
            prop_assert!(!line.ends_with(char::is_whitespace), "{:?}", line);
        }
        prop_assert!(lines.contains(&new.join_url.as_str()));
    }
}

/// A block of ours in a body of somebody's, and where.
fn placed(block: &str, format: Format) -> (Body, std::ops::Range<usize>) {
    let (before, after) = match format {
        Format::Html => ("<html><body><p>Agenda: budget</p><div>", "<p>Bring figures.</p></div>"),
        Format::Text => ("Agenda: budget\n", "\nBring figures.\n"),
    };
    let whole = [before, block, after].concat();
    let body = if format == Format::Html { Body::html(whole) } else { Body::text(whole) };
    (body, before.len()..before.len() + block.len())
}

fn record(new: &Coordinates) -> Record {
    Record::new(new.provider, new.join_url.as_str())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 64 } else { 1024 }))]

    #[test]
    fn our_own_block_is_found_and_stays(new in joinable(), is_html in any::<bool>()) {
        let format = if is_html { Format::Html } else { Format::Text };
        let block = if is_html { html(&new, None, None) } else { text(&new, None, "\n", None) };
        let (body, span) = placed(&block, format);
        let options = Options::new();
        match locate(&body, Some(&record(&new)), &options) {
            Found::One(found) => {
                prop_assert_eq!(found.span, span);
                prop_assert_eq!(found.provider, new.provider);
            }
            other => prop_assert!(false, "{:?} in {}", other, block),
        }
        let again = rewrite(&body, Some(&record(&new)), &new, &options);
        prop_assert!(matches!(again, Rewrite::Unchanged(_)), "{:?}", again);
        // Its language is the one that is shown.
        if let [named] = new.languages.as_slice() {
            let unnamed = Coordinates { languages: Vec::new(), ..new.clone() };
            let again = rewrite(&body, Some(&record(&new)), &unnamed, &options);
            prop_assert!(matches!(again, Rewrite::Unchanged(_)), "{} {:?}", named.tag(), again);
        }
    }

    #[test]
    fn our_own_block_gives_way_to_another(
        old in joinable(), new in joinable(), is_html in any::<bool>(),
    ) {
        let format = if is_html { Format::Html } else { Format::Text };
        let write = |new: &Coordinates| {
            if is_html { html(new, None, None) } else { text(new, None, "\n", None) }
        };
        let (body, span) = placed(&write(&old), format);
        match rewrite(&body, Some(&record(&old)), &new, &Options::new()) {
            Rewrite::Replaced { block, .. } => {
                prop_assert_eq!(block.span, span, "{:?}", body.as_unicode());
            }
            Rewrite::Unchanged(_) => prop_assert_eq!(write(&old), write(&new)),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}

/// No line end, control character or direction override, from a value or from us.
fn is_forbidden(c: char) -> bool {
    c.is_control() || "\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}".contains(c)
}
