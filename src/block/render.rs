//! Writes the new block, as HTML and as plain text.
//!
//! In: [`Coordinates`] and the old block's language. Out: the block alone, Unicode,
//! from its opening to its closing fence, without a line end after it. Never: markup, a
//! line end or a fence out of a value, a link of another scheme than `https` or `tel`.
//!
//! - Every value that the coordinates hold is shown, whatever the product.
//! - HTML is one line with inline styles only, which Word's engine, Gmail and Apple Mail
//!   all lay out; text has no blank before a line end.
//! - One or two languages. With two, a label reads `first / second`, once when both say
//!   the same; values stand once, after the first language's colon.
//! - In text, right-to-left languages get no direction marks: most 8-bit charsets
//!   cannot hold them.

mod markup;
mod skype_for_business;
mod teams;
mod value;

use crate::coordinates::{Coordinates, Language, NumberKind, PhoneNumber};
use crate::link::Link;
use crate::provider::Provider;
use crate::wording::{self, Wording};
use markup::Html;

/// The block as HTML. Without languages in `new`, `fallback` counts, else English.
pub(crate) fn html(new: &Coordinates, fallback: Option<&Language>) -> String {
    let view = View::new(new, fallback);
    let mut out = Html::default();
    (layout(new.provider).html)(&view, &mut out);
    out.finish()
}

/// The block as plain text, its lines parted by `line_end`; languages as in [`html`].
pub(crate) fn text(new: &Coordinates, fallback: Option<&Language>, line_end: &str) -> String {
    let view = View::new(new, fallback);
    let mut out = Lines::default();
    (layout(new.provider).text)(&view, &mut out);
    out.0.join(line_end)
}

/// How one product's block is written.
struct Layout {
    provider: Provider,
    html: fn(&View<'_>, &mut Html),
    text: fn(&View<'_>, &mut Lines),
}

const LAYOUTS: &[Layout] = &[teams::LAYOUT, skype_for_business::LAYOUT];

fn layout(provider: Provider) -> &'static Layout {
    LAYOUTS.iter().find(|l| l.provider == provider).unwrap_or(&teams::LAYOUT)
}

/// The coordinates, fit to be shown, and the labels for them.
struct View<'a> {
    new: &'a Coordinates,
    labels: Labels<'a>,
    meeting_id: Option<String>,
    passcode: Option<String>,
    /// By threes, with `#`.
    conference_id: Option<String>,
    /// What a phone dials after the number: the conference id, else the meeting id.
    extension: Option<String>,
    /// Whether to say who pays: only where callers have a choice.
    has_toll_free: bool,
}

impl<'a> View<'a> {
    fn new(new: &'a Coordinates, fallback: Option<&'a Language>) -> Self {
        let dialled = |id: &crate::Private| value::dialled(id);
        Self {
            new,
            labels: Labels::new(&new.languages, fallback),
            meeting_id: new.meeting_id.as_deref().map(value::clean).filter(|v| !v.is_empty()),
            passcode: new.passcode.as_deref().map(value::clean).filter(|v| !v.is_empty()),
            conference_id: new
                .conference_id
                .as_deref()
                .map(value::phone_id)
                .filter(|v| !v.is_empty()),
            extension: match &new.conference_id {
                Some(id) => dialled(id),
                None => new.meeting_id.as_ref().and_then(dialled),
            },
            has_toll_free: new.numbers.iter().any(|n| n.kind == NumberKind::TollFree),
        }
    }

    /// The number as people read it, with what is dialled after it.
    fn shown(&self, number: &PhoneNumber) -> String {
        let dial = value::clean(number.number.as_str());
        self.extension.as_ref().map_or(dial.clone(), |id| format!("{dial},,{id}#"))
    }

    /// `Country, City`.
    fn place(number: &PhoneNumber) -> String {
        let parts = [&number.country, &number.city];
        let parts = parts.into_iter().flatten().map(|p| value::clean(p));
        parts.filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// Who pays for the call, when that is worth saying.
    fn payer(&self, number: &PhoneNumber) -> Option<Label> {
        self.has_toll_free.then_some(match number.kind {
            NumberKind::TollFree => |w: &Wording| w.toll_free,
            NumberKind::Toll => |w: &Wording| w.toll,
        })
    }

    /// The link to the same meeting in a browser, as Skype for Business spells it.
    fn web_app(&self) -> Option<Link> {
        let join = self.new.join_url.as_str();
        (!join.contains(['?', '#'])).then(|| Link::new(format!("{join}?sl=1")).ok()).flatten()
    }
}

/// Picks a label out of a wording.
type Label = fn(&Wording) -> &'static str;

/// One or two languages, each with the tag that the caller named.
struct Labels<'a> {
    tag: &'a str,
    first: &'static Wording,
    second: Option<(&'a str, &'static Wording)>,
}

impl<'a> Labels<'a> {
    fn new(languages: &'a [Language], fallback: Option<&'a Language>) -> Self {
        let known = |l: &'a Language| wording::find(l.tag()).map(|w| (l.tag(), w));
        let mut named = languages.iter().filter_map(known);
        let first = named.next().or_else(|| fallback.and_then(known));
        let (tag, first) = first.unwrap_or_else(|| (wording::english().tag, wording::english()));
        Self { tag, first, second: named.find(|(_, w)| w.tag != first.tag) }
    }

    fn dir(&self) -> &'static str {
        if self.first.rtl { "rtl" } else { "ltr" }
    }

    /// The second language's label, where it says something else.
    fn other(&self, label: Label) -> Option<(&'a str, &'static Wording, &'static str)> {
        let (tag, wording) = self.second?;
        let text = label(wording);
        (text != label(self.first)).then_some((tag, wording, text))
    }

    fn text(&self, label: Label) -> String {
        let first = label(self.first);
        self.other(label).map_or(first.to_owned(), |(_, _, other)| format!("{first} / {other}"))
    }

    fn html(&self, label: Label, out: &mut Html) {
        out.text(label(self.first));
        if let Some((tag, wording, other)) = self.other(label) {
            out.text(" / ").raw("<span").attribute("lang", tag);
            if wording.rtl != self.first.rtl {
                out.attribute("dir", if wording.rtl { "rtl" } else { "ltr" });
            }
            out.raw(">").text(other).raw("</span>");
        }
    }
}

/// Plain text under construction, line by line.
#[derive(Default)]
struct Lines(Vec<String>);

impl Lines {
    /// Appends a line; blanks at its end go.
    fn line(&mut self, line: impl AsRef<str>) {
        self.0.push(line.as_ref().trim_end().to_owned());
    }

    /// Appends `label: value` when there is a value.
    fn value(&mut self, labels: &Labels<'_>, label: Label, value: Option<&String>) {
        if let Some(value) = value {
            self.line([&labels.text(label), labels.first.colon, value].concat());
        }
    }
}

#[cfg(test)]
mod tests;
