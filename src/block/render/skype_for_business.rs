//! The Skype for Business block, in the form that the Outlook add-in writes.
//!
//! A sequence of paragraphs without a wrapper: stops, the join link behind the anchor
//! `OutJoinLink`, the phone part, the trailer with the locale number, stops. Word's arrow
//! (a letter in a symbol font, an `à` everywhere else) is a real arrow here.

use super::markup::{Href, Html};
use super::{Label, Layout, Lines, View};
use crate::link::Link;
use crate::provider::Provider;
use crate::wording::locales::lcid_of;

pub(super) const LAYOUT: Layout = Layout { provider: Provider::SKYPE_FOR_BUSINESS, html, text };

macro_rules! stops {
    () => {
        concat!(
            "..................................................",
            "..................................................",
            "....................................."
        )
    };
}

const FENCE: &str = stops!();
const FENCE_ROW: &str =
    concat!(r#"<span style="font-size:8.0pt;color:#404040">"#, stops!(), "</span></p>");
const FONT: &str = "font-family:'Segoe UI',Calibri,sans-serif";

fn html(view: &View<'_>, out: &mut Html) {
    let (new, labels) = (view.new, &view.labels);
    paragraph(view, out, "").raw(FENCE_ROW);

    paragraph(view, out, "")
        .raw(r#"<a name="OutJoinLink"><span style="font-size:14.0pt;color:#0066CC">"#);
    out.raw(if labels.first.rtl { "&#8592;" } else { "&#8594;" }).raw("</span></a> ");
    link(view, out, &new.join_url, "16.0pt", |w| w.join_skype);
    out.raw(
        r#"<a name="OutSharedNoteBorder">&nbsp;</a><a name="OutSharedNoteLink">&nbsp;</a></p>"#,
    );
    if let Some(url) = view.web_app() {
        paragraph(view, out, "margin-bottom:12.0pt;");
        label(view, out, |w| w.join_trouble);
        out.raw(" ");
        link(view, out, &url, "10.0pt", |w| w.web_app);
        out.raw("</p>");
    }
    row(view, out, |w| w.meeting_id, view.meeting_id.as_ref());
    row(view, out, |w| w.passcode, view.passcode.as_ref());
    phone(view, out);
    organizers(view, out);
    if let Some(url) = &new.help_url {
        paragraph(view, out, "");
        link(view, out, url, "10.0pt", |w| w.help);
        out.raw("</p>");
    }
    paragraph(view, out, "").raw(r#"<sub><span style="font-size:1.0pt;color:white">[!OC(["#);
    out.text(&lcid_of(labels.tag).to_string()).raw("])!]</span></sub></p>");
    paragraph(view, out, "margin-bottom:10.0pt;").raw(FENCE_ROW);
}

/// Opens a paragraph; the language stands on each, for there is nothing around them.
fn paragraph<'o>(view: &View<'_>, out: &'o mut Html, style: &'static str) -> &'o mut Html {
    out.raw(r#"<p class="MsoNormal""#).attribute("lang", view.labels.tag);
    if view.labels.first.rtl {
        out.attribute("dir", view.labels.dir());
    }
    out.raw(r#" style="margin:0;"#).raw(style).raw(FONT).raw(r#"">"#)
}

fn label(view: &View<'_>, out: &mut Html, label: Label) {
    out.raw(r#"<span style="font-size:10.0pt;color:#262626">"#);
    view.labels.html(label, out);
    out.raw("</span>");
}

fn link(view: &View<'_>, out: &mut Html, url: &Link, size: &'static str, label: Label) {
    out.open_link(&Href::web(url), "").raw(r#"<span style="font-size:"#).raw(size);
    out.raw(r#";color:#0066CC">"#);
    view.labels.html(label, out);
    out.raw("</span>").close_link();
}

fn row(view: &View<'_>, out: &mut Html, label: Label, value: Option<&String>) {
    let Some(value) = value else { return };
    paragraph(view, out, "").raw(r#"<span style="font-size:10.0pt;color:#262626">"#);
    view.labels.html(label, out);
    out.text(view.labels.first.colon).raw(r#"<span dir="ltr">"#).text(value);
    out.raw("</span></span></p>");
}

fn phone(view: &View<'_>, out: &mut Html) {
    let new = view.new;
    if !new.numbers.is_empty() {
        paragraph(view, out, "").raw(r#"<span style="font-size:13.0pt;color:black">"#);
        view.labels.html(|w| w.dial_in, out);
        out.raw("</span></p>");
    }
    for number in &new.numbers {
        paragraph(view, out, "");
        let call = Href::call(&number.number, view.extension.as_deref(), "%23");
        out.open_link(&call, r#" dir="ltr""#);
        out.raw(r#"<span style="font-size:10.0pt;color:#0066CC">"#);
        out.text(&view.shown(number)).raw("</span>").close_link();
        let place = View::place(number);
        if !place.is_empty() {
            out.raw(r#"<span style="font-size:10.0pt;color:#262626"> ("#).text(&place);
            out.raw(")</span>");
        }
        if let Some(payer) = view.payer(number) {
            out.raw(" &nbsp; ");
            label(view, out, payer);
        }
        out.raw("</p>");
    }
    if let Some(url) = &new.local_numbers_url {
        paragraph(view, out, "margin-bottom:6.0pt;");
        link(view, out, url, "10.0pt", |w| w.local_numbers);
        out.raw("</p>");
    }
    row(view, out, |w| w.conference_id, view.conference_id.as_ref());
}

fn organizers(view: &View<'_>, out: &mut Html) {
    let links: [(_, Label); 2] = [
        (&view.new.meeting_options_url, |w| w.options),
        (&view.new.reset_pin_url, |w| w.reset_pin),
    ];
    for (url, label) in links {
        if let Some(url) = url {
            paragraph(view, out, "");
            link(view, out, url, "10.0pt", label);
            out.raw("</p>");
        }
    }
}

/// Exchange's conversion of the block: a label, a blank, its link.
fn text(view: &View<'_>, out: &mut Lines) {
    let (new, labels) = (view.new, &view.labels);
    let link = |label: Label, url: &Link| format!("{} <{}>", labels.text(label), url.as_str());
    out.line(FENCE);
    out.line(link(|w| w.join_skype, &new.join_url));
    if let Some(url) = view.web_app() {
        out.line([&labels.text(|w| w.join_trouble), " ", &link(|w| w.web_app, &url)].concat());
    }
    out.value(labels, |w| w.meeting_id, view.meeting_id.as_ref());
    out.value(labels, |w| w.passcode, view.passcode.as_ref());
    if !new.numbers.is_empty() {
        out.line(labels.text(|w| w.dial_in));
    }
    for number in &new.numbers {
        let place = Some(View::place(number)).filter(|p| !p.is_empty());
        let place = place.map(|p| format!(" ({p})")).unwrap_or_default();
        let payer = view.payer(number).map(|p| format!("  {}", labels.text(p)));
        out.line(format!(" {}{place}{}", view.shown(number), payer.unwrap_or_default()));
    }
    if let Some(url) = &new.local_numbers_url {
        out.line(link(|w| w.local_numbers, url));
    }
    if view.conference_id.is_some() {
        out.line("");
    }
    out.value(labels, |w| w.conference_id, view.conference_id.as_ref());
    let links: [(_, Label); 3] = [
        (&new.meeting_options_url, |w| w.options),
        (&new.reset_pin_url, |w| w.reset_pin),
        (&new.help_url, |w| w.help),
    ];
    let links: Vec<_> =
        links.into_iter().filter_map(|(url, label)| Some(link(label, url.as_ref()?))).collect();
    if !links.is_empty() {
        out.line([" ", &links.join("  |")].concat());
    }
    out.line("");
    out.line(format!("[!OC([{}])!]", lcid_of(labels.tag)));
    out.line(FENCE);
}
