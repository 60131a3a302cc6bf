//! The Teams block, in the form that its service writes since 2024.
//!
//! Wrapper, ids, classes, fences inside the wrapper and the inner rule are the service's,
//! so that every client, and we, know the block again. The order is that of 2025: nothing
//! but the heading stands before the join link, and help follows the rule.

use super::markup::{Href, Html};
use super::rows::{Rows, Style};
use super::{Label, Layout, Lines, Parts, View};
use crate::link::Link;
use crate::provider::Provider;

pub(super) const LAYOUT: Layout = Layout {
    provider: Provider::TEAMS,
    id_groups: &[],
    dials_meeting_id: false,
    html: Parts {
        open,
        inside: html,
        close: |_, out| _ = out.raw(CLOSING_FENCE_ROW).raw("</div>"),
    },
    text: Parts { open: |_, out| out.line(FENCE), inside: text, close: |_, out| out.line(FENCE) },
};

macro_rules! underscores {
    () => {
        "________________________________________________________________________________"
    };
}

const FENCE: &str = underscores!();
const RULE: &str = "________________________________";
const FENCE_ROW: &str = concat!(
    r#"<div aria-hidden="true" style="margin-bottom:24px;overflow:hidden;white-space:nowrap">"#,
    underscores!(),
    "</div>"
);
const CLOSING_FENCE_ROW: &str = concat!(
    r#"<div aria-hidden="true""#,
    r#" style="margin:18px 0 24px 0;overflow:hidden;white-space:nowrap">"#,
    underscores!(),
    "</div>"
);

const STYLE: Style = Style {
    element: ["<div", "</div>"],
    tells_language: false,
    row: r#" style="margin-bottom:6px""#,
    heading_row: r#" style="margin:16px 0 6px 0""#,
    heading: concat!(
        r#"<span class="me-email-text""#,
        r#" style="font-size:20px;font-weight:600;color:#242424">"#
    ),
    label: r#"<span class="me-email-text-secondary" style="font-size:14px;color:#616161">"#,
    value: r#"<span class="me-email-text" style="font-size:14px;color:#242424">"#,
    link: concat!(
        r#" class="me-email-link""#,
        r#" style="font-size:14px;text-decoration:underline;color:#5B5FC7""#
    ),
    link_text: None,
};

const TITLE_ROW: &str = r#" style="margin-bottom:12px""#;
const RULE_ROW: &str = r#" style="margin:20px 0 12px 0;max-width:1024px""#;
const TITLE: &str =
    r#"<span class="me-email-text" style="font-size:24px;font-weight:700;color:#242424">"#;
const JOIN: &str = concat!(
    r#" id="meet_invite_block.action.join_link" class="me-email-headline""#,
    r#" style="font-size:20px;font-weight:600;text-decoration:underline;color:#5B5FC7">"#
);
const HELP_ID: &str = r#" id="meet_invite_block.action.help""#;
const OPTIONS_ID: &str = r#" id="meet_invite_block.action.organizer_meet_options""#;
const RESET_PIN_ID: &str = r#" id="meet_invite_block.action.organizer_reset_dialin_pin""#;

fn open(view: &View<'_>, out: &mut Html) {
    out.raw(r#"<div class="me-email-text""#);
    view.labels.attributes(out);
    out.raw(concat!(
        r#" style="max-width:1024px;color:#242424;"#,
        r#"font-family:'Segoe UI','Helvetica Neue',Helvetica,Arial,sans-serif">"#
    ));
    out.raw(FENCE_ROW);
}

fn html(view: &View<'_>, out: &mut Html) {
    let (new, labels) = (view.new, &view.labels);
    let mut rows = Rows { view, style: &STYLE, out };
    rows.row(Some(TITLE_ROW), |rows| {
        rows.out.raw(TITLE);
        labels.html(|w| w.teams_meeting, rows.out);
        rows.out.raw("</span>");
    });
    rows.row(None, |rows| {
        rows.out.raw("<a").href(&Href::web(&new.join_url)).raw(JOIN);
        labels.html(|w| w.join_now, rows.out);
        rows.out.raw("</a>");
    });
    rows.value(|w| w.meeting_id, view.meeting_id.as_deref());
    rows.value(|w| w.passcode, view.passcode.as_deref());
    if view.goes_on() {
        rows.row(Some(RULE_ROW), |rows| {
            rows.out.raw(r#"<hr style="border:0;background:#616161;height:1px">"#);
        });
    }
    if let Some(url) = &new.help_url {
        rows.row(None, |rows| rows.link(HELP_ID, url, |w| w.help));
    }
    rows.phone();
    rows.video();
    rows.organizers(OPTIONS_ID, RESET_PIN_ID);
    rows.branding();
}

/// Exchange's conversion of the block: a label, and its link directly behind it.
fn text(view: &View<'_>, out: &mut Lines) {
    let (new, labels) = (view.new, &view.labels);
    let link = |label: Label, url: &Link| format!("{}<{}>", labels.text(label), url.as_str());
    out.line(labels.text(|w| w.teams_meeting));
    out.line(link(|w| w.join_now, &new.join_url));
    out.value(labels, |w| w.meeting_id, view.meeting_id.as_deref());
    out.value(labels, |w| w.passcode, view.passcode.as_deref());
    if view.goes_on() {
        out.line(RULE);
    }
    if let Some(url) = &new.help_url {
        out.line(link(|w| w.help, url));
    }
    if !view.numbers.is_empty() {
        out.line(labels.text(|w| w.dial_in));
    }
    for number in &view.numbers {
        let (mark, shown, call) = (labels.mark(), &number.shown, number.call.as_str());
        out.line(format!("{mark}{shown}<{call}> {}", number.details(labels)));
    }
    if let Some(url) = &new.local_numbers_url {
        out.line(link(|w| w.local_numbers, url));
    }
    out.value(labels, |w| w.conference_id, view.conference_id.as_deref());
    out.rest(view, " | ", link);
}
