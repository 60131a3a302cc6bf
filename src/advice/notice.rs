//! The message that tells an organiser what is going to happen.

use chrono::NaiveDate;

use super::{Advice, Footprint};
use crate::coordinates::Language;
use crate::eligibility::SkipReason;
use crate::link::is_unseen;
use crate::meeting::UserId;
use crate::private::Private;
use crate::provider::Provider;
use crate::trigger::MigrationKind;
use crate::wording::{self, Wording};

/// What one organiser is to be told before a run. All but the kind is optional: what is
/// not known is not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    kind: MigrationKind,
    date: Option<NaiveDate>,
    footprint: Option<Footprint>,
    contact: Option<Private>,
}

impl Announcement {
    /// An announcement of a run of this kind.
    #[must_use]
    pub const fn new(kind: MigrationKind) -> Self {
        Self { kind, date: None, footprint: None, contact: None }
    }

    /// Says on which day the run is planned. It is written as `2026-11-23`, which every
    /// language reads alike.
    #[must_use]
    pub const fn with_date(mut self, date: NaiveDate) -> Self {
        self.date = Some(date);
        self
    }

    /// Says how many meetings and recipients it concerns.
    #[must_use]
    pub fn with_footprint(mut self, footprint: Footprint) -> Self {
        self.footprint = Some(footprint);
        self
    }

    /// Adds a last line of the admin's own: whom to ask, where to read more. It is one
    /// line of plain text, whatever it holds.
    #[must_use]
    pub fn with_contact(mut self, contact: impl Into<Private>) -> Self {
        self.contact = Some(contact.into());
        self
    }
}

impl Advice {
    /// Whom to tell what, when this is an [`Advice::Touches`].
    #[must_use]
    pub fn announcement(&self) -> Option<(&UserId, Announcement)> {
        let Self::Touches { user, kind, footprint } = self else { return None };
        let announcement = Announcement::new(*kind);
        let announcement = match footprint {
            Some(footprint) => announcement.with_footprint(footprint.clone()),
            None => announcement,
        };
        Some((user, announcement))
    }
}

/// A message in two forms that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// The subject line, without line ends.
    pub subject: Private,
    /// Plain text, its lines ended by CRLF.
    pub text: Private,
    /// A whole HTML document, without links, images or scripts.
    pub html: Private,
}

/// Writes the message to an organiser whose meetings a run will touch (S:140: tell users
/// in advance, for moves and for audio changes). Pure; what came from outside is escaped.
///
/// ```
/// use meeting_migration::advice::{Announcement, advance_notice};
/// use meeting_migration::coordinates::Language;
/// use meeting_migration::trigger::MigrationKind;
///
/// let announcement =
///     Announcement::new(MigrationKind::AllToTeams).with_contact("Help desk: +1 555 0100");
/// let message = advance_notice(&announcement, &Language::new("en-US")?);
/// assert_eq!(&*message.subject, "Your online meetings will be updated");
/// assert!(message.text.contains("become Microsoft Teams meetings"));
/// assert!(message.text.ends_with("Help desk: +1 555 0100\r\n"));
/// # Ok::<(), meeting_migration::coordinates::UnknownLanguage>(())
/// ```
#[must_use]
pub fn advance_notice(announcement: &Announcement, language: &Language) -> Message {
    let wording = wording::find(language.tag()).unwrap_or_else(wording::english);
    let Content { subject, opening, facts, points, closing } = Content::of(announcement, wording);

    let mut text = Vec::new();
    text.extend(opening.iter().map(ToString::to_string));
    text.push(String::new());
    text.extend(facts.iter().map(|(label, value)| [*label, wording.colon, value].concat()));
    if !facts.is_empty() {
        text.push(String::new());
    }
    text.extend(points.iter().map(|point| format!("- {point}")));
    text.extend(closing.iter().flat_map(|line| [String::new(), line.clone()]));
    text.push(String::new());

    let mut html = String::from("<!DOCTYPE html><html lang=\"");
    escape(&mut html, language.tag());
    html.push_str(if wording.rtl { "\" dir=\"rtl\">" } else { "\">" });
    html.push_str("<head><meta charset=\"utf-8\">");
    element(&mut html, "title", subject);
    html.push_str("</head><body>");
    opening.iter().for_each(|line| element(&mut html, "p", line));
    for (label, value) in &facts {
        element(&mut html, "p", &[*label, wording.colon, value].concat());
    }
    html.push_str("<ul>");
    points.iter().for_each(|point| element(&mut html, "li", point));
    html.push_str("</ul>");
    closing.iter().for_each(|line| element(&mut html, "p", line));
    html.push_str("</body></html>");

    Message { subject: subject.into(), text: text.join("\r\n").into(), html: html.into() }
}

/// What either form says.
struct Content {
    subject: &'static str,
    opening: Vec<&'static str>,
    facts: Vec<(&'static str, String)>,
    points: Vec<&'static str>,
    closing: Option<String>,
}

impl Content {
    fn of(announcement: &Announcement, wording: &Wording) -> Self {
        let say = wording::announcement(wording);
        let Announcement { kind, date, footprint, contact } = announcement;
        let converts = kind.target(Provider::SKYPE_FOR_BUSINESS) == Some(Provider::TEAMS);
        let too_large = footprint.as_ref().and_then(|footprint| {
            footprint.skipped.get(&SkipReason::TooManyAttendees).filter(|count| **count > 0)
        });

        let mut facts = Vec::new();
        facts.extend(date.map(|date| (say.date, date.to_string())));
        if let Some(footprint) = footprint {
            facts.push((say.meetings, footprint.meetings.to_string()));
            facts.push((say.notices, footprint.recipients.to_string()));
        }
        facts.extend(too_large.map(|count| (say.too_large, count.to_string())));

        let mut points = vec![say.attendees, say.edits, say.content];
        if too_large.is_none() {
            points.push(say.no_action);
        }
        Self {
            subject: say.subject,
            opening: [say.what].into_iter().chain(converts.then_some(say.converts)).collect(),
            facts,
            points,
            closing: contact.as_ref().map(|line| one_line(line)).filter(|line| !line.is_empty()),
        }
    }
}

/// A value on one line, without what would show nothing or turn the line around.
fn one_line(value: &str) -> String {
    let seen: String = value.chars().filter(|c| c.is_whitespace() || !is_unseen(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn element(out: &mut String, name: &'static str, text: &str) {
    out.extend(["<", name, ">"]);
    escape(out, text);
    out.extend(["</", name, ">"]);
}

/// Right in text and in quoted attributes alike.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}
