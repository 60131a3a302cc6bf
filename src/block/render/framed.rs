//! The blocks of Zoom, Google Meet and Webex: a join link between two frame lines.
//!
//! The frame lines are those that these products' calendar add-ons put into
//! descriptions. Webex writes only the opening one; we close it with the same line, so
//! that the end is known too. As HTML there is no service form to follow: a
//! sequence of rows without a wrapper, for a wrapper could not be told from one of the
//! user's.

use super::markup::{Href, Html};
use super::rows::{Rows, Style};
use super::{Label, Layout, Lines, Parts, View};
use crate::link::Link;
use crate::provider::Provider;

pub(super) const ZOOM: Layout = Layout {
    provider: Provider::ZOOM,
    id_groups: &[&[3, 3, 4], &[3, 4, 4]],
    dials_meeting_id: true,
    html: Parts {
        open: |view, out| fence(view, out, &ZOOM_FRAME),
        inside: |view, out| html(view, out, &ZOOM_FRAME),
        close: |view, out| fence(view, out, &ZOOM_FRAME),
    },
    text: Parts {
        open: |_, out| out.line(ZOOM_FRAME.line),
        inside: |view, out| text(view, out, &ZOOM_FRAME),
        close: |_, out| out.line(ZOOM_FRAME.line),
    },
};

pub(super) const GOOGLE_MEET: Layout = Layout {
    provider: Provider::GOOGLE_MEET,
    id_groups: &[],
    dials_meeting_id: false,
    html: Parts {
        open: |view, out| fence(view, out, &MEET_FRAME),
        inside: |view, out| html(view, out, &MEET_FRAME),
        close: |view, out| fence(view, out, &MEET_FRAME),
    },
    text: Parts {
        open: |_, out| out.line(MEET_FRAME.line),
        inside: |view, out| text(view, out, &MEET_FRAME),
        close: |_, out| out.line(MEET_FRAME.line),
    },
};

pub(super) const WEBEX: Layout = Layout {
    provider: Provider::WEBEX,
    id_groups: &[&[4, 3, 4]],
    dials_meeting_id: true,
    html: Parts {
        open: |view, out| fence(view, out, &WEBEX_FRAME),
        inside: |view, out| html(view, out, &WEBEX_FRAME),
        close: |view, out| fence(view, out, &WEBEX_FRAME),
    },
    text: Parts {
        open: |_, out| out.line(WEBEX_FRAME.line),
        inside: |view, out| text(view, out, &WEBEX_FRAME),
        close: |_, out| out.line(WEBEX_FRAME.line),
    },
};

/// What differs between the three.
struct Frame {
    line: &'static str,
    join: Label,
    /// Attributes of the join link.
    join_style: &'static str,
    /// The last line inside the frame.
    closing: Option<Label>,
}

macro_rules! row {
    ($margin:literal) => {
        concat!(
            r#" style="margin:"#,
            $margin,
            r#";font-family:Arial,Helvetica,sans-serif;color:#202124""#
        )
    };
}

macro_rules! join_style {
    ($colour:literal) => {
        concat!(r#" style="font-size:20px;font-weight:600;color:"#, $colour, r#"">"#)
    };
}

const ZOOM_FRAME: Frame = Frame {
    line: "──────────",
    join: |w| w.join_zoom,
    join_style: join_style!("#0B5CFF"),
    closing: None,
};

const MEET_FRAME: Frame = Frame {
    line: "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-",
    join: |w| w.join_meet,
    join_style: join_style!("#1A73E8"),
    closing: Some(|w| w.do_not_edit),
};

const WEBEX_FRAME: Frame = Frame {
    line: "-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-~-",
    join: |w| w.join_webex,
    join_style: join_style!("#0B6B8F"),
    closing: None,
};

const STYLE: Style = Style {
    element: ["<div", "</div>"],
    tells_language: true,
    row: row!("0 0 4px 0"),
    heading_row: row!("14px 0 4px 0"),
    heading: r#"<span style="font-size:16px;font-weight:600;color:#202124">"#,
    label: r#"<span style="font-size:14px;color:#5F6368">"#,
    value: r#"<span style="font-size:14px;color:#202124">"#,
    link: r#" style="font-size:14px;color:#1A5FB4""#,
    link_text: None,
};

const FRAME_ROW: &str = concat!(
    r#" aria-hidden="true""#,
    r#" style="margin:8px 0;font-size:10px;color:#80868B;overflow:hidden;white-space:nowrap""#
);

fn fence(view: &View<'_>, out: &mut Html, frame: &'static Frame) {
    Rows { view, style: &STYLE, out }.row(Some(FRAME_ROW), |rows| _ = rows.out.raw(frame.line));
}

fn html(view: &View<'_>, out: &mut Html, frame: &'static Frame) {
    let (new, labels) = (view.new, &view.labels);
    let mut rows = Rows { view, style: &STYLE, out };
    rows.row(None, |rows| {
        rows.out.raw("<a").href(&Href::web(&new.join_url)).raw(frame.join_style);
        labels.html(frame.join, rows.out);
        rows.out.raw("</a>");
    });
    rows.value(|w| w.meeting_id, view.meeting_id.as_deref());
    rows.value(|w| w.passcode, view.passcode.as_deref());
    rows.phone();
    rows.video();
    rows.organizers("", "");
    rows.link_row(new.help_url.as_ref(), |w| w.help);
    rows.branding();
    if let Some(closing) = frame.closing {
        rows.row(None, |rows| {
            rows.out.raw(STYLE.label);
            labels.html(closing, rows.out);
            rows.out.raw("</span>");
        });
    }
}

/// Links stand bare: behind a label's colon, the join link on a line of its own.
fn text(view: &View<'_>, out: &mut Lines, frame: &Frame) {
    let (new, labels) = (view.new, &view.labels);
    let link = |label: Label, url: &Link| {
        let label = labels.text(label);
        let colon = if label.ends_with(['?', '؟']) { " " } else { labels.first.colon };
        [&label, colon, url.as_str()].concat()
    };
    out.line(labels.text(frame.join));
    out.line(new.join_url.as_str());
    out.line("");
    out.value(labels, |w| w.meeting_id, view.meeting_id.as_deref());
    out.value(labels, |w| w.passcode, view.passcode.as_deref());
    if !view.numbers.is_empty() {
        out.line(labels.text(|w| w.dial_in));
    }
    for number in &view.numbers {
        out.line(format!("{}{} {}", labels.mark(), number.shown, number.details(labels)));
    }
    if let Some(url) = &new.local_numbers_url {
        out.line(link(|w| w.local_numbers, url));
    }
    out.value(labels, |w| w.conference_id, view.conference_id.as_deref());
    out.rest(view, " | ", link);
    if let Some(url) = &new.help_url {
        out.line(link(|w| w.help, url));
    }
    if let Some(closing) = frame.closing {
        out.line(labels.text(closing));
    }
}
