//! The message to organisers before a run: what it says, in every language, and that
//! nothing from outside becomes markup or another line.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use meeting_migration::Policy;
use meeting_migration::advice::{
    Advice, Announcement, Footprint, MailLimits, Message, Step, User, advance_notice, advise,
};
use meeting_migration::change::{Change, Tenant};
use meeting_migration::coordinates::Language;
use meeting_migration::eligibility::SkipReason;
use meeting_migration::meeting::UserId;
use meeting_migration::trigger::MigrationKind;
use proptest::prelude::*;

/// The languages that blocks are rendered in.
const LANGUAGES: &str = "en de fr es pt-BR pt-PT it nl da sv nb fi pl cs tr ru uk ja zh-CN zh-TW \
                         ko ar he hi vi";

fn languages() -> impl Iterator<Item = Language> {
    LANGUAGES.split_whitespace().map(|tag| Language::new(tag).unwrap())
}

fn footprint(too_large: usize) -> Footprint {
    let mut footprint = Footprint::default();
    footprint.meetings = 4_711;
    footprint.notices = 4_000;
    footprint.recipients = 90_125;
    footprint.skipped.insert(SkipReason::AlreadyOver, 88);
    if too_large > 0 {
        footprint.skipped.insert(SkipReason::TooManyAttendees, too_large);
    }
    footprint
}

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// The elements of a document in order, each with its attributes, and its text by element.
#[derive(Default, Debug)]
struct Page {
    elements: Vec<(String, Vec<(String, String)>)>,
    lines: Vec<(String, String)>,
}

fn page(html: &str) -> Page {
    fn walk(node: &Handle, page: &mut Page) {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let attributes = attrs.borrow();
            let attributes =
                attributes.iter().map(|a| (a.name.local.to_string(), a.value.to_string()));
            page.elements.push((name.local.to_string(), attributes.collect()));
        }
        for child in node.children.borrow().iter() {
            match (&child.data, &node.data) {
                (NodeData::Text { contents }, NodeData::Element { name, .. }) => {
                    page.lines.push((name.local.to_string(), contents.borrow().to_string()));
                }
                (NodeData::Comment { .. }, _) => panic!("a comment"),
                _ => walk(child, page),
            }
        }
    }
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    assert!(dom.errors.borrow().is_empty(), "{:?}", dom.errors.borrow());
    let mut page = Page::default();
    walk(&dom.document, &mut page);
    page
}

/// Both forms say the same, and nothing but what a letter is made of is in the markup.
fn check(message: &Message) -> Page {
    let page = page(&message.html);
    let from_html: Vec<_> = page
        .lines
        .iter()
        .filter(|(element, _)| element != "title")
        .map(|(element, text)| if element == "li" { format!("- {text}") } else { text.clone() })
        .collect();
    let from_text: Vec<_> = message.text.split("\r\n").filter(|line| !line.is_empty()).collect();
    assert_eq!(from_html, from_text);
    assert!(
        message.text.ends_with("\r\n") && !message.text.replace("\r\n", "").contains(['\r', '\n'])
    );
    for (element, attributes) in &page.elements {
        let allowed = ["html", "head", "meta", "title", "body", "p", "ul", "li"];
        assert!(allowed.contains(&element.as_str()), "<{element}>");
        for (name, _) in attributes {
            assert!(["lang", "dir", "charset"].contains(&name.as_str()), "{name}");
        }
    }
    let title = page.lines.iter().find(|(element, _)| element == "title").unwrap();
    assert_eq!(title.1, *message.subject);
    assert!(!message.subject.contains(['\r', '\n']));
    page
}

#[test]
fn every_language_says_all_of_it() {
    let mut subjects = BTreeMap::new();
    for language in languages() {
        let full = Announcement::new(MigrationKind::AllToTeams)
            .with_date(date())
            .with_footprint(footprint(987))
            .with_contact("Help desk: +1 555 0100");
        let message = advance_notice(&full, &language);
        let page = check(&message);
        let tag = language.tag();
        for value in ["2026-11-23", "4711", "90125", "987", "Microsoft Teams", "+1 555 0100"] {
            assert!(message.text.contains(value), "{tag}: {value}");
        }
        assert!(!message.text.contains("88"), "{tag}: what is over concerns nobody");
        let html = &page.elements[0];
        assert_eq!((html.0.as_str(), html.1[0].1.as_str()), ("html", tag));
        let rtl = html.1.iter().any(|(name, value)| name == "dir" && value == "rtl");
        assert_eq!(rtl, ["ar", "he"].contains(&tag), "{tag}");
        let other = subjects.insert(message.subject.clone(), tag.to_owned());
        assert_eq!(other, None, "{tag} says what another language says");

        // What is not known is not said.
        let bare = advance_notice(&Announcement::new(MigrationKind::ToSameType), &language);
        check(&bare);
        assert!(!bare.text.contains(char::is_numeric), "{tag}");
        assert!(!bare.text.contains("Teams"), "{tag}: nothing changes its product");
    }
    assert_eq!(subjects.len(), 25);
}

#[test]
fn a_letter_in_full() {
    let announcement = Announcement::new(MigrationKind::SfbToTeams)
        .with_date(date())
        .with_footprint(footprint(0))
        .with_contact("Questions? help@contoso.example");
    let message = advance_notice(&announcement, &Language::new("en-GB").unwrap());
    let expected = [
        "The details for joining online will be replaced in the invitations to your upcoming \
         meetings. Everything else in them stays as it is.",
        "Skype for Business meetings become Microsoft Teams meetings.",
        "",
        "Planned start: 2026-11-23",
        "Meetings, at most: 4711",
        "Notifications to attendees, at most: 90125",
        "",
        "- Attendees will receive an update in your name and may be asked to respond again.",
        "- Anything you changed inside the block with the joining details will be replaced too.",
        "- Whiteboards, polls and similar content of the old online meetings, and the link to \
         shared notes, will not be carried over.",
        "- You do not need to send new invitations.",
        "",
        "Questions? help@contoso.example",
        "",
    ];
    assert_eq!(&*message.text, expected.join("\r\n"));
    assert!(message.html.starts_with("<!DOCTYPE html><html lang=\"en-GB\"><head>"));

    // Who has meetings left to update is not told that there is nothing to do.
    let some_left = announcement.with_footprint(footprint(1));
    let message = advance_notice(&some_left, &Language::new("en").unwrap());
    assert!(message.text.contains("that you need to update yourself: 1\r\n"));
    assert!(!message.text.contains("You do not need"));
}

#[test]
fn each_organiser_who_is_touched_can_be_told() {
    let [ana, bo, cy] =
        ["ana", "bo", "cy"].map(|name| UserId::from(format!("{name}@contoso.example")));
    let intended = [
        (ana.clone(), Step::Make(Change::LicenseAssigned)),
        (bo.clone(), Step::Make(Change::MeetingUrlChanged)),
        (cy.clone(), Step::Make(Change::MovedOnline)),
    ];
    let users = BTreeMap::from([(ana.clone(), User::default().with_footprint(footprint(0)))]);
    let mail = MailLimits::exchange_online(100);
    let advice = advise(&intended, &users, &Tenant::default(), &Policy::current(), &mail);
    let told: Vec<_> = advice.iter().filter_map(Advice::announcement).collect();
    assert_eq!(
        told,
        [
            (&ana, Announcement::new(MigrationKind::ToSameType).with_footprint(footprint(0))),
            (&cy, Announcement::new(MigrationKind::AllToTeams)),
        ]
    );
    let organizers = |a: &Advice| matches!(a, Advice::TellOrganizers { organizers: 2, .. });
    assert_eq!(advice.iter().filter(|a| organizers(a)).count(), 1, "as many as are counted");
}

#[test]
fn what_an_admin_adds_stays_one_line_of_text() {
    let language = Language::new("he").unwrap();
    for (contact, shown) in [
        ("<script>alert(1)</script>", Some("<script>alert(1)</script>")),
        ("</p><a href='x'>\"&amp;", Some("</p><a href='x'>\"&amp;")),
        ("one\r\nBcc: two\u{2028}three\u{0}", Some("one Bcc: two three")),
        ("\u{202e}evil\u{200f}", Some("evil")),
        (" \r\n\u{feff}", None),
    ] {
        let announcement = Announcement::new(MigrationKind::ToSameType).with_contact(contact);
        let message = advance_notice(&announcement, &language);
        let page = check(&message);
        let plain = advance_notice(&Announcement::new(MigrationKind::ToSameType), &language);
        let shown: Vec<_> = shown.into_iter().map(str::to_owned).collect();
        let added: Vec<_> = page.lines.iter().map(|(_, line)| line.clone()).collect();
        let without: Vec<_> = check(&plain).lines.into_iter().map(|(_, line)| line).collect();
        assert_eq!(added, [without, shown].concat());
        assert!(!format!("{announcement:?}{message:?}").contains("evil"), "it is not printed");
    }
}

proptest! {
    #[test]
    fn any_contact_is_one_line_of_text(contact in any::<String>(), pick in 0..25_usize) {
        let language = languages().nth(pick).unwrap();
        let announcement = Announcement::new(MigrationKind::ToSameType).with_contact(contact);
        let page = check(&advance_notice(&announcement, &language));
        let bare = page_of_none(&language);
        prop_assert!(page.elements.len() - bare <= 1, "at most one paragraph more");
    }
}

fn page_of_none(language: &Language) -> usize {
    check(&advance_notice(&Announcement::new(MigrationKind::ToSameType), language)).elements.len()
}
