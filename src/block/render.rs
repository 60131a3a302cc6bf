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
//! - In text, a mark keeps ids and numbers beside labels that are read from right to left in
//!   their order; charsets that cannot hold it go without.

mod framed;
mod markup;
mod rows;
mod skype_for_business;
mod teams;
mod value;

pub(in crate::block) use value::{LONGEST_RUN, is_fence};

use super::template::{Field, Piece, Template};
use crate::Private;
use crate::coordinates::{Coordinates, Language, NumberKind, PhoneNumber};
use crate::link::Link;
use crate::provider::Provider;
use crate::wording::{self, Wording};
use markup::{Href, Html};

/// The block as HTML. Without languages in `new`, `fallback` counts, else English; a
/// template stands between the fences instead of our own rows.
pub(crate) fn html(
    new: &Coordinates,
    fallback: Option<&Language>,
    template: Option<&Template>,
) -> String {
    let view = View::new(new, fallback);
    let Layout { html: Parts { open, inside, close }, .. } = layout(new.provider);
    let mut out = Html::new();
    open(&view, &mut out);
    match template {
        None => inside(&view, &mut out),
        Some(template) => view.fill(&template.html, None, &mut |part| match part {
            Part::Literal(markup) => _ = out.checked(markup),
            Part::Value(value) => _ = out.text(value),
        }),
    }
    close(&view, &mut out);
    out.finish()
}

/// The block as plain text, its lines parted by `line_end`; the rest as in [`html`].
pub(crate) fn text(
    new: &Coordinates,
    fallback: Option<&Language>,
    line_end: &str,
    template: Option<&Template>,
) -> String {
    let view = View::new(new, fallback);
    let Layout { text: Parts { open, inside, close }, .. } = layout(new.provider);
    let mut out = Lines::default();
    open(&view, &mut out);
    match template {
        None => inside(&view, &mut out),
        Some(template) => {
            let mut filled = String::new();
            view.fill(&template.text, None, &mut |part| match part {
                Part::Literal(part) | Part::Value(part) => filled.push_str(part),
            });
            // Values side by side could make a fence that none of them is.
            let is_row = |line: &str| line.chars().all(|c| is_fence(c) || c.is_whitespace());
            for line in filled.lines() {
                if is_row(line) { out.line(value::clean(line)) } else { out.line(line) }
            }
        }
    }
    close(&view, &mut out);
    out.0.join(line_end)
}

/// Whether a value is shown as it is, blanks at its ends apart.
pub(crate) fn is_showable(value: &str) -> bool {
    value::clean(value) == value.trim()
}

/// A stretch of a filled template.
enum Part<'a> {
    Literal(&'a str),
    Value(&'a str),
}

/// How one product's block is written.
struct Layout {
    provider: Provider,
    /// The sizes of the groups of its ids, one row per length; other lengths by threes.
    id_groups: &'static [&'static [usize]],
    /// On a phone the meeting id stands in for a conference id of its own.
    dials_meeting_id: bool,
    html: Parts<Html>,
    text: Parts<Lines>,
}

/// A block's fences, by which it is found again, and what stands between them.
struct Parts<W> {
    open: fn(&View<'_>, &mut W),
    inside: fn(&View<'_>, &mut W),
    close: fn(&View<'_>, &mut W),
}

const LAYOUTS: &[Layout] =
    &[teams::LAYOUT, skype_for_business::LAYOUT, framed::ZOOM, framed::GOOGLE_MEET, framed::WEBEX];

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
    numbers: Vec<Number>,
    /// The address for devices and the id to enter there.
    video: Option<(String, Option<String>)>,
    footer: Vec<String>,
}

/// A phone number, fit to be shown.
struct Number {
    /// As people read it, with what is dialled after it.
    shown: String,
    /// A `tel:` link up to where its last `#` would stand.
    call: Href,
    /// `Country, City`, maybe empty.
    place: String,
    /// Who pays for the call, where callers have a choice.
    payer: Option<Label>,
}

impl<'a> View<'a> {
    fn new(new: &'a Coordinates, fallback: Option<&'a Language>) -> Self {
        let shown = |value: &Option<Private>| {
            value.as_deref().map(value::clean).filter(|value| !value.is_empty())
        };
        let id = |value: &Option<Private>, groups| {
            value.as_deref().map(|id| value::typed_id(id, groups)).filter(|id| !id.is_empty())
        };
        let Layout { id_groups, dials_meeting_id, .. } = *layout(new.provider);
        let meeting_id = new.meeting_id.as_ref().filter(|_| dials_meeting_id);
        let extension = new.conference_id.as_ref().or(meeting_id);
        let extension = extension.and_then(|id| value::dialled(id));
        let has_toll_free = new.numbers.iter().any(|n| n.kind == NumberKind::TollFree);
        let number = |n| Number::new(n, extension.as_deref(), has_toll_free);
        let footer = new.branding.as_ref().and_then(|b| b.footer.as_deref()).unwrap_or_default();
        Self {
            new,
            labels: Labels::new(&new.languages, fallback),
            meeting_id: id(&new.meeting_id, id_groups),
            passcode: shown(&new.passcode),
            conference_id: shown(&new.conference_id).map(|id| value::phone_id(&id)),
            numbers: new.numbers.iter().map(number).collect(),
            video: (new.video.as_ref())
                .map(|video| (value::clean(&video.address), id(&video.id, &[])))
                .filter(|(address, _)| !address.is_empty()),
            footer: (footer.lines().map(value::clean))
                .map(|line| value::unquoted(&line).to_owned())
                .filter(|line| !line.is_empty())
                .collect(),
        }
    }

    /// Writes a template's pieces; `number` is the one whose section it is.
    fn fill(&self, pieces: &[Piece], number: Option<&Number>, write: &mut dyn FnMut(Part<'_>)) {
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => write(Part::Literal(literal)),
                Piece::Value(field) => {
                    write(Part::Value(self.field(*field, number).unwrap_or_default()));
                }
                Piece::Section(Field::Numbers, inner) => {
                    self.numbers.iter().for_each(|number| self.fill(inner, Some(number), write));
                }
                Piece::Section(field, inner) => {
                    if self.field(*field, number).is_some_and(|value| !value.is_empty()) {
                        self.fill(inner, number, write);
                    }
                }
            }
        }
    }

    fn field<'f>(&'f self, field: Field, number: Option<&'f Number>) -> Option<&'f str> {
        let new = self.new;
        match field {
            Field::JoinUrl => Some(new.join_url.as_str()),
            Field::MeetingId => self.meeting_id.as_deref(),
            Field::Passcode => self.passcode.as_deref(),
            Field::ConferenceId => self.conference_id.as_deref(),
            Field::LocalNumbersUrl => new.local_numbers_url.as_ref().map(Link::as_str),
            Field::ResetPinUrl => new.reset_pin_url.as_ref().map(Link::as_str),
            Field::MeetingOptionsUrl => new.meeting_options_url.as_ref().map(Link::as_str),
            Field::HelpUrl => new.help_url.as_ref().map(Link::as_str),
            Field::VideoAddress => self.video.as_ref().map(|(address, _)| address.as_str()),
            Field::VideoId => self.video.as_ref().and_then(|(_, id)| id.as_deref()),
            Field::VideoUrl => self.video_info().map(Link::as_str),
            Field::Number => number.map(|number| number.shown.as_str()),
            Field::CallUrl => number.map(|number| number.call.as_str()),
            Field::Place => number.map(|number| number.place.as_str()),
            Field::Numbers => None,
        }
    }

    /// The link to the same meeting in a browser, as Skype for Business spells it.
    fn web_app(&self) -> Option<Link> {
        let join = self.new.join_url.as_str();
        (!join.contains(['?', '#'])).then(|| Link::new(format!("{join}?sl=1")).ok()).flatten()
    }

    /// Whether there is anything to show beyond the link, the id and the passcode.
    fn goes_on(&self) -> bool {
        let links = [&self.new.help_url, &self.new.local_numbers_url];
        let phone = !self.numbers.is_empty() || self.conference_id.is_some();
        let links = links.into_iter().any(Option::is_some) || !self.organizer_links().is_empty();
        let branding = self.logo().is_some() || !self.branding_links().is_empty();
        phone || links || self.video.is_some() || branding || !self.footer.is_empty()
    }

    fn video_info(&self) -> Option<&Link> {
        self.new.video.as_ref().and_then(|video| video.info_url.as_ref())
    }

    fn logo(&self) -> Option<&Link> {
        self.new.branding.as_ref().and_then(|branding| branding.logo_url.as_ref())
    }

    /// The links for organisers.
    fn organizer_links(&self) -> Vec<(&Link, Label)> {
        let options = self.new.meeting_options_url.as_ref().map(|url| (url, OPTIONS));
        let reset_pin = self.new.reset_pin_url.as_ref().map(|url| (url, RESET_PIN));
        options.into_iter().chain(reset_pin).collect()
    }

    /// The organisation's own links.
    fn branding_links(&self) -> Vec<(&Link, Label)> {
        let Some(branding) = &self.new.branding else { return Vec::new() };
        let help = branding.help_url.as_ref().map(|url| (url, ORG_HELP));
        let legal = branding.legal_url.as_ref().map(|url| (url, PRIVACY));
        help.into_iter().chain(legal).collect()
    }
}

impl Number {
    fn new(number: &PhoneNumber, extension: Option<&str>, has_toll_free: bool) -> Self {
        let dial = value::phone_number(number.number.as_str());
        let parts = [&number.country, &number.city];
        let parts = parts.into_iter().flatten().map(|part| value::clean(part));
        let payer: Label = match number.kind {
            NumberKind::TollFree => |w| w.toll_free,
            NumberKind::Toll => |w| w.toll,
        };
        Self {
            shown: extension.map_or_else(|| dial.clone(), |id| format!("{dial},,{id}#")),
            call: Href::call(&number.number, extension),
            place: parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            payer: has_toll_free.then_some(payer),
        }
    }

    /// `place (payer)`.
    fn details(&self, labels: &Labels<'_>) -> String {
        let payer = self.payer.map(|payer| format!("({})", labels.text(payer)));
        let place = Some(self.place.clone()).filter(|place| !place.is_empty());
        place.into_iter().chain(payer).collect::<Vec<_>>().join(" ")
    }
}

/// Picks a label out of a wording.
type Label = fn(&Wording) -> &'static str;

const OPTIONS: Label = |w| w.options;
const RESET_PIN: Label = |w| w.reset_pin;
const ORG_HELP: Label = |w| w.org_help;
const PRIVACY: Label = |w| w.privacy;

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

    /// A sign that nobody sees before what reads from left to right, where a label may not.
    /// Charsets without it leave it out.
    fn mark(&self) -> &'static str {
        let rtl = self.first.rtl || self.second.is_some_and(|(_, wording)| wording.rtl);
        if rtl { "\u{200E}" } else { "" }
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

    /// ` lang="…"`, and `dir` for languages that need it.
    fn attributes(&self, out: &mut Html) {
        out.attribute("lang", self.tag);
        if self.first.rtl {
            out.raw(r#" dir="rtl""#);
        }
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
    /// Appends a line. Blanks at its end go, and what would make it a quoted one.
    fn line(&mut self, line: impl AsRef<str>) {
        self.0.push(value::unquoted(line.as_ref().trim_end()).to_owned());
    }

    /// Appends `label: value` when there is a value.
    fn value(&mut self, labels: &Labels<'_>, label: Label, value: Option<&str>) {
        if let Some(value) = value {
            self.line([&labels.text(label), labels.first.colon, labels.mark(), value].concat());
        }
    }

    /// Appends what is the same in every product: video, organisers' links, branding.
    /// `link` spells a label with its link, `between` stands between two of them.
    fn rest(&mut self, view: &View<'_>, between: &str, link: impl Fn(Label, &Link) -> String) {
        let labels = &view.labels;
        if let Some((address, id)) = &view.video {
            self.line(labels.text(|w| w.video_device));
            self.value(labels, |w| w.tenant_key, Some(address));
            self.value(labels, |w| w.video_id, id.as_deref());
            self.0.extend(view.video_info().map(|url| link(|w| w.more_info, url)));
        }
        let join = |links: Vec<(&Link, Label)>| {
            let links: Vec<_> = links.into_iter().map(|(url, label)| link(label, url)).collect();
            (!links.is_empty()).then(|| links.join(between))
        };
        self.value(labels, |w| w.organizers, join(view.organizer_links()).as_deref());
        self.0.extend(view.logo().map(|url| format!("[{}]", url.as_str())));
        view.footer.iter().for_each(|line| self.line(line));
        self.0.extend(join(view.branding_links()));
    }
}

#[cfg(test)]
#[cfg(test)]
pub(in crate::block) mod properties;
#[cfg(test)]
mod tests;
