//! Rows of HTML that all products share, each in its product's style.
//!
//! In: a [`View`] and a [`Style`]. Out: whole rows, every element closed.

use super::markup::{Href, Html};
use super::{Label, Number, View};
use crate::link::Link;

/// What differs between products: literals that open elements of a row.
pub(super) struct Style {
    /// Opens and closes a row.
    pub(super) element: [&'static str; 2],
    /// There is no wrapper, so each row tells its language.
    pub(super) tells_language: bool,
    /// Attributes of a row.
    pub(super) row: &'static str,
    /// Attributes of a row with a heading.
    pub(super) heading_row: &'static str,
    /// Opens the text of a heading, a label, a value.
    pub(super) heading: &'static str,
    pub(super) label: &'static str,
    pub(super) value: &'static str,
    /// Attributes of a link, and the style of its text when that needs a span.
    pub(super) link: &'static str,
    pub(super) link_text: Option<&'static str>,
}

/// Keeps words whose language we do not know from reordering what stands beside them.
const OWN_DIRECTION: &str = r#"<span dir="auto">"#;

/// HTML under construction, row by row.
pub(super) struct Rows<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) style: &'static Style,
    pub(super) out: &'a mut Html,
}

impl Rows<'_> {
    /// One row, with `attributes` of its own when they differ from the style's.
    pub(super) fn row(&mut self, attributes: Option<&'static str>, fill: impl FnOnce(&mut Self)) {
        let Style { element: [open, close], tells_language, row, .. } = self.style;
        self.out.raw(open);
        if *tells_language {
            self.view.labels.attributes(self.out);
        }
        self.out.raw(attributes.unwrap_or(row)).raw(">");
        fill(self);
        self.out.raw(close);
    }

    /// A row with a heading.
    pub(super) fn heading(&mut self, label: Label) {
        self.row(Some(self.style.heading_row), |rows| {
            rows.out.raw(rows.style.heading);
            rows.view.labels.html(label, rows.out);
            rows.out.raw("</span>");
        });
    }

    /// A row `label: value`, when there is a value.
    pub(super) fn value(&mut self, label: Label, value: Option<&str>) {
        let Some(value) = value else { return };
        self.row(None, |rows| {
            let isolated = rows.isolated();
            rows.label(label);
            rows.out.raw(rows.style.value).raw(isolated).text(value);
            rows.out.raw(if isolated.is_empty() { "</span>" } else { "</span></span>" });
        });
    }

    /// A row with one link, when there is one.
    pub(super) fn link_row(&mut self, url: Option<&Link>, label: Label) {
        if let Some(url) = url {
            self.row(None, |rows| rows.link("", url, label));
        }
    }

    /// A label and its colon.
    pub(super) fn label(&mut self, label: Label) {
        self.out.raw(self.style.label);
        self.view.labels.html(label, self.out);
        self.out.text(self.view.labels.first.colon).raw("</span>");
    }

    /// A link, with an `id` attribute or none.
    pub(super) fn link(&mut self, id: &'static str, url: &Link, label: Label) {
        self.anchor(id, &Href::web(url), |rows| rows.view.labels.html(label, rows.out));
    }

    /// Links with a bar between them.
    pub(super) fn links(&mut self, links: &[(&'static str, &Link, Label)]) {
        for (i, (id, url, label)) in links.iter().enumerate() {
            if i > 0 {
                self.out.raw(" ").raw(self.style.label).raw("|</span> ");
            }
            self.link(id, url, *label);
        }
    }

    /// Heading, numbers, the link to more of them, the conference id.
    pub(super) fn phone(&mut self) {
        let new = self.view.new;
        if !self.view.numbers.is_empty() {
            self.heading(|w| w.dial_in);
        }
        for number in &self.view.numbers {
            self.row(None, |rows| rows.number(number));
        }
        self.link_row(new.local_numbers_url.as_ref(), |w| w.local_numbers);
        self.value(|w| w.conference_id, self.view.conference_id.as_deref());
    }

    fn number(&mut self, number: &Number) {
        let isolated = if self.isolated().is_empty() { "" } else { r#" dir="ltr""# };
        self.anchor(isolated, &number.call, |rows| {
            rows.out.text(&number.shown);
        });
        if !number.place.is_empty() {
            self.out.raw(" ").raw(self.style.label).raw(OWN_DIRECTION);
            self.out.text(&number.place).raw("</span></span>");
        }
        if let Some(payer) = number.payer {
            self.out.raw(" ").raw(self.style.label).text("(");
            self.view.labels.html(payer, self.out);
            self.out.text(")").raw("</span>");
        }
    }

    /// How devices join.
    pub(super) fn video(&mut self) {
        let view = self.view;
        let Some((address, id)) = &view.video else { return };
        self.heading(|w| w.video_device);
        self.value(|w| w.tenant_key, Some(address));
        self.value(|w| w.video_id, id.as_deref());
        self.link_row(view.video_info(), |w| w.more_info);
    }

    /// The links for organisers, with these ids.
    pub(super) fn organizers(&mut self, options_id: &'static str, reset_pin_id: &'static str) {
        let new = self.view.new;
        let options = new.meeting_options_url.as_ref().map(|url| (options_id, url, super::OPTIONS));
        let reset_pin = new.reset_pin_url.as_ref().map(|url| (reset_pin_id, url, super::RESET_PIN));
        let links: Vec<_> = options.into_iter().chain(reset_pin).collect();
        if !links.is_empty() {
            self.row(None, |rows| {
                rows.label(|w| w.organizers);
                rows.links(&links);
            });
        }
    }

    /// Logo, closing words, the organisation's links.
    pub(super) fn branding(&mut self) {
        let view = self.view;
        if let Some(url) = view.logo() {
            self.row(None, |rows| {
                rows.out.raw("<img").attribute("src", Href::web(url).as_str());
                // Word knows the attribute alone, and would show a picture in all its size.
                rows.out.raw(concat!(
                    r#" alt="" width="188" style="border:0;width:auto;height:auto;"#,
                    r#"max-width:240px;max-height:90px">"#
                ));
            });
        }
        for line in &view.footer {
            self.row(None, |rows| {
                rows.out.raw(rows.style.label).raw(OWN_DIRECTION).text(line).raw("</span></span>");
            });
        }
        let links: Vec<_> =
            view.branding_links().into_iter().map(|(url, label)| ("", url, label)).collect();
        if !links.is_empty() {
            self.row(None, |rows| rows.links(&links));
        }
    }

    fn anchor(&mut self, attributes: &'static str, href: &Href, fill: impl FnOnce(&mut Self)) {
        self.out.raw("<a").href(href).raw(attributes).raw(self.style.link).raw(">");
        self.out.raw(self.style.link_text.unwrap_or_default());
        fill(self);
        self.out.raw(if self.style.link_text.is_some() { "</span></a>" } else { "</a>" });
    }

    /// Ids and passcodes read from left to right in every language.
    fn isolated(&self) -> &'static str {
        if self.view.labels.first.rtl { r#"<span dir="ltr">"# } else { "" }
    }
}
