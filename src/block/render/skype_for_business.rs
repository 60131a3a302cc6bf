//! The Skype for Business block, in the form that the Outlook add-in writes.
//!
//! A sequence of paragraphs without a wrapper: stops, the join link behind the anchor
//! `OutJoinLink`, the phone part, the trailer with the locale number, stops. Word's arrow
//! (a letter in a symbol font, an `à` everywhere else) is a real arrow here.

use super::markup::{Href, Html};
use super::rows::{Rows, Style};
use super::{Label, Layout, Lines, Parts, View};
use crate::link::Link;
use crate::provider::Provider;
use crate::wording::locales::lcid_of;

pub(super) const LAYOUT: Layout = Layout {
    provider: Provider::SKYPE_FOR_BUSINESS,
    id_groups: &[],
    dials_meeting_id: false,
    html: Parts { open, inside: html, close },
    text: Parts { open: |_, out| out.line(FENCE), inside: text, close: close_text },
};

macro_rules! stops {
    () => {
        concat!(
            "..................................................",
            "..................................................",
            "....................................."
        )
    };
}

macro_rules! row {
    ($margin:literal) => {
        concat!(
            r#" class="MsoNormal" style="margin:"#,
            $margin,
            r#";font-family:'Segoe UI',Calibri,sans-serif""#
        )
    };
}

const FENCE: &str = stops!();
const FENCE_TEXT: &str =
    concat!(r#"<span style="font-size:8.0pt;color:#404040">"#, stops!(), "</span>");

const STYLE: Style = Style {
    element: ["<p", "</p>"],
    tells_language: true,
    row: row!("0"),
    heading_row: row!("8.0pt 0 0 0"),
    heading: r#"<span style="font-size:13.0pt;color:black">"#,
    label: r#"<span style="font-size:10.0pt;color:#262626">"#,
    value: r#"<span style="font-size:10.0pt;color:#262626">"#,
    link: "",
    link_text: Some(r#"<span style="font-size:10.0pt;color:#0066CC">"#),
};

const SPACED_ROW: &str = row!("0 0 8.0pt 0");
const ANCHOR: &str = r#"<a name="OutJoinLink"><span style="font-size:14.0pt;color:#0066CC">"#;
const JOIN_TEXT: &str = r#"<span style="font-size:16.0pt;color:#0066CC">"#;
const NOTES: &str =
    r#"<a name="OutSharedNoteBorder">&nbsp;</a><a name="OutSharedNoteLink">&nbsp;</a>"#;
const TRAILER: &str = r#"<sub><span style="font-size:1.0pt;color:white">[!OC(["#;

fn open(view: &View<'_>, out: &mut Html) {
    Rows { view, style: &STYLE, out }.row(None, |rows| _ = rows.out.raw(FENCE_TEXT));
}

fn close(view: &View<'_>, out: &mut Html) {
    let mut rows = Rows { view, style: &STYLE, out };
    rows.row(None, |rows| {
        let lcid = lcid_of(view.labels.tag).to_string();
        rows.out.raw(TRAILER).text(&lcid).raw("])!]</span></sub>");
    });
    rows.row(Some(SPACED_ROW), |rows| _ = rows.out.raw(FENCE_TEXT));
}

fn close_text(view: &View<'_>, out: &mut Lines) {
    out.line("");
    out.line(format!("[!OC([{}])!]", lcid_of(view.labels.tag)));
    out.line(FENCE);
}

fn html(view: &View<'_>, out: &mut Html) {
    let (new, labels) = (view.new, &view.labels);
    let mut rows = Rows { view, style: &STYLE, out };
    rows.row(None, |rows| {
        rows.out.raw(ANCHOR).raw(if labels.first.rtl { "&#8592;" } else { "&#8594;" });
        rows.out.raw("</span></a> <a").href(&Href::web(&new.join_url)).raw(">").raw(JOIN_TEXT);
        labels.html(|w| w.join_skype, rows.out);
        rows.out.raw("</span></a>").raw(NOTES);
    });
    if let Some(url) = view.web_app() {
        rows.row(Some(SPACED_ROW), |rows| {
            rows.out.raw(STYLE.label);
            labels.html(|w| w.join_trouble, rows.out);
            rows.out.raw("</span> ");
            rows.link("", &url, |w| w.web_app);
        });
    }
    rows.value(|w| w.meeting_id, view.meeting_id.as_deref());
    rows.value(|w| w.passcode, view.passcode.as_deref());
    rows.phone();
    rows.video();
    rows.organizers("", "");
    rows.link_row(new.help_url.as_ref(), |w| w.help);
    rows.branding();
}

/// Exchange's conversion of the block: a label, a blank, its link.
fn text(view: &View<'_>, out: &mut Lines) {
    let (new, labels) = (view.new, &view.labels);
    let link = |label: Label, url: &Link| format!("{} <{}>", labels.text(label), url.as_str());
    out.line(link(|w| w.join_skype, &new.join_url));
    if let Some(url) = view.web_app() {
        out.line([&labels.text(|w| w.join_trouble), " ", &link(|w| w.web_app, &url)].concat());
    }
    out.value(labels, |w| w.meeting_id, view.meeting_id.as_deref());
    out.value(labels, |w| w.passcode, view.passcode.as_deref());
    if !view.numbers.is_empty() {
        out.line(labels.text(|w| w.dial_in));
    }
    for number in &view.numbers {
        out.line(format!(" {}{} {}", labels.mark(), number.shown, number.details(labels)));
    }
    if let Some(url) = &new.local_numbers_url {
        out.line(link(|w| w.local_numbers, url));
    }
    if view.conference_id.is_some() {
        out.line("");
    }
    out.value(labels, |w| w.conference_id, view.conference_id.as_deref());
    out.rest(view, "  |", link);
    if let Some(url) = &new.help_url {
        out.line(link(|w| w.help, url));
    }
}
