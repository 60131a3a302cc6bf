//! The Teams block, in the form that its service writes since 2024.
//!
//! Wrapper, ids, classes, fences inside the wrapper and the inner rule are the service's,
//! so that every client, and we, know the block again. Where the service relies on a
//! surplus end tag or on the order of lines, we do not.

use super::markup::{Href, Html};
use super::{Label, Layout, Lines, View};
use crate::coordinates::PhoneNumber;
use crate::link::Link;
use crate::provider::Provider;

pub(super) const LAYOUT: Layout = Layout { provider: Provider::TEAMS, html, text };

const FENCE: &str =
    "________________________________________________________________________________";
const RULE: &str = "________________________________";

const FENCE_ROW: &str = concat!(
    r#"<div aria-hidden="true" style="margin-bottom:24px;overflow:hidden;white-space:nowrap">"#,
    "________________________________________________________________________________",
    "</div>"
);
const LINK: &str =
    r#" class="me-email-link" style="font-size:14px;text-decoration:underline;color:#5B5FC7""#;
const SECONDARY: &str =
    r#"<span class="me-email-text-secondary" style="font-size:14px;color:#616161">"#;
const PRIMARY: &str =
    r#"<span class="me-email-text" dir="ltr" style="font-size:14px;color:#242424">"#;

fn html(view: &View<'_>, out: &mut Html) {
    let (new, labels) = (view.new, &view.labels);
    out.raw(r#"<div class="me-email-text""#).attribute("lang", labels.tag);
    if labels.first.rtl {
        out.attribute("dir", labels.dir());
    }
    out.raw(concat!(
        r#" style="max-width:1024px;color:#242424;"#,
        r#"font-family:'Segoe UI','Helvetica Neue',Helvetica,Arial,sans-serif">"#
    ));
    out.raw(FENCE_ROW);

    out.raw(r#"<div style="margin-bottom:12px">"#);
    out.raw(r#"<span class="me-email-text" style="font-size:24px;font-weight:700">"#);
    labels.html(|w| w.teams_meeting, out);
    out.raw("</span>");
    if let Some(help) = &new.help_url {
        out.raw(" &nbsp;");
        link(view, out, help, r#" id="meet_invite_block.action.help""#, |w| w.help);
    }
    out.raw(r#"</div><div style="margin-bottom:6px">"#);
    out.open_link(
        &Href::web(&new.join_url),
        concat!(
            r#" id="meet_invite_block.action.join_link" class="me-email-headline""#,
            r#" style="font-size:20px;font-weight:600;text-decoration:underline;color:#5B5FC7""#
        ),
    );
    labels.html(|w| w.join_now, out);
    out.close_link().raw("</div>");
    row(view, out, |w| w.meeting_id, view.meeting_id.as_ref());
    row(view, out, |w| w.passcode, view.passcode.as_ref());

    out.raw(r#"<div style="margin:20px 0 12px 0;max-width:1024px">"#);
    out.raw(r#"<hr style="border:0;background:#616161;height:1px"></div>"#);
    if !new.numbers.is_empty() {
        out.raw(r#"<div style="margin-bottom:6px"><span class="me-email-text""#);
        out.raw(r#" style="font-size:20px;font-weight:600;color:#242424">"#);
        labels.html(|w| w.dial_in, out);
        out.raw("</span></div>");
        new.numbers.iter().for_each(|n| number(view, out, n));
    }
    if let Some(url) = &new.local_numbers_url {
        out.raw(r#"<div style="margin-bottom:6px">"#);
        link(view, out, url, "", |w| w.local_numbers);
        out.raw("</div>");
    }
    row(view, out, |w| w.conference_id, view.conference_id.as_ref());
    organizers(view, out);
    out.raw(FENCE_ROW).raw("</div>");
}

fn link(view: &View<'_>, out: &mut Html, url: &Link, id: &'static str, label: Label) {
    out.raw("<a").attribute("href", Href::web(url).as_str()).raw(id).raw(LINK).raw(">");
    view.labels.html(label, out);
    out.close_link();
}

fn row(view: &View<'_>, out: &mut Html, label: Label, value: Option<&String>) {
    let Some(value) = value else { return };
    out.raw(r#"<div style="margin-bottom:6px">"#).raw(SECONDARY);
    view.labels.html(label, out);
    out.text(view.labels.first.colon).raw("</span>").raw(PRIMARY).text(value);
    out.raw("</span></div>");
}

fn number(view: &View<'_>, out: &mut Html, number: &PhoneNumber) {
    out.raw(r#"<div style="margin-bottom:6px">"#);
    let call = Href::call(&number.number, view.extension.as_deref(), "#");
    out.raw("<a").attribute("href", call.as_str()).raw(r#" dir="ltr""#).raw(LINK).raw(">");
    out.text(&view.shown(number)).close_link();
    let place = View::place(number);
    if !place.is_empty() || view.has_toll_free {
        out.raw(" ").raw(SECONDARY).text(&place);
        if let Some(payer) = view.payer(number) {
            out.text(if place.is_empty() { "(" } else { " (" });
            view.labels.html(payer, out);
            out.text(")");
        }
        out.raw("</span>");
    }
    out.raw("</div>");
}

fn organizers(view: &View<'_>, out: &mut Html) {
    let (new, labels) = (view.new, &view.labels);
    if new.meeting_options_url.is_none() && new.reset_pin_url.is_none() {
        return;
    }
    out.raw(r#"<div style="margin-bottom:24px">"#).raw(SECONDARY);
    labels.html(|w| w.organizers, out);
    out.text(labels.first.colon).raw("</span>");
    if let Some(url) = &new.meeting_options_url {
        let id = r#" id="meet_invite_block.action.organizer_meet_options""#;
        link(view, out, url, id, |w| w.options);
    }
    if new.meeting_options_url.is_some() && new.reset_pin_url.is_some() {
        out.raw(r#" <span style="color:#616161">|</span> "#);
    }
    if let Some(url) = &new.reset_pin_url {
        let id = r#" id="meet_invite_block.action.organizer_reset_dialin_pin""#;
        link(view, out, url, id, |w| w.reset_pin);
    }
    out.raw("</div>");
}

/// Exchange's conversion of the block: a label, and its link directly behind it.
fn text(view: &View<'_>, out: &mut Lines) {
    let (new, labels) = (view.new, &view.labels);
    let link = |label: Label, url: &Link| format!("{}<{}>", labels.text(label), url.as_str());
    out.line(FENCE);
    let help = new.help_url.as_ref().map(|url| link(|w| w.help, url));
    out.line([&labels.text(|w| w.teams_meeting), " ", &help.unwrap_or_default()].concat());
    out.line(link(|w| w.join_now, &new.join_url));
    out.value(labels, |w| w.meeting_id, view.meeting_id.as_ref());
    out.value(labels, |w| w.passcode, view.passcode.as_ref());
    out.line(RULE);
    if !new.numbers.is_empty() {
        out.line(labels.text(|w| w.dial_in));
    }
    for number in &new.numbers {
        let call = Href::call(&number.number, view.extension.as_deref(), "#");
        let payer = view.payer(number).map(|p| format!(" ({})", labels.text(p)));
        let place = View::place(number);
        let (shown, call) = (view.shown(number), call.as_str());
        out.line(format!("{shown}<{call}> {place}{}", payer.unwrap_or_default()));
    }
    if let Some(url) = &new.local_numbers_url {
        out.line(link(|w| w.local_numbers, url));
    }
    out.value(labels, |w| w.conference_id, view.conference_id.as_ref());
    let options = new.meeting_options_url.as_ref().map(|url| link(|w| w.options, url));
    let pin = new.reset_pin_url.as_ref().map(|url| link(|w| w.reset_pin, url));
    let links: Vec<_> = [options, pin].into_iter().flatten().collect();
    out.value(labels, |w| w.organizers, (!links.is_empty()).then(|| links.join(" | ")).as_ref());
    out.line(FENCE);
}
