//! A caller's own inside of a block.
//!
//! In: HTML and plain text with placeholders. Out: a [`Template`] that can stand between
//! our fences, or what is wrong and where. Never: markup that a browser would build
//! otherwise than it is written, a script, a link of a scheme that we do not write, a
//! fence, a mark of an earlier message, a block without its join link.
//!
//! The fences stay ours, so that the block is found again.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::html::view::quotes;
use super::render::LONGEST_RUN;
use super::render::is_fence;
use crate::link::is_unseen;

/// What stands between the fences of a block, in the caller's own design.
///
/// `{{name}}` is replaced by a value, escaped for where it stands; what stands between
/// `{{#name}}` and `{{/name}}` is written only when there is that value, and for
/// `numbers` once per number. In text, a line that holds nothing but one of these two
/// leaves no empty line.
///
/// | name | value |
/// | --- | --- |
/// | `join_url` | the join link; both forms must hold it outside of any condition, the HTML as a link |
/// | `meeting_id`, `passcode`, `conference_id` | as in [`Coordinates`](crate::Coordinates), made fit for one line |
/// | `local_numbers_url`, `reset_pin_url`, `meeting_options_url`, `help_url` | links |
/// | `video_address`, `video_id`, `video_url` | how video conferencing devices join |
/// | `numbers` | only as a condition; inside it `number`, `call_url`, `place` |
///
/// The HTML is checked once, here. It has to be what a browser would build from it:
/// every element closed, in order, and none closed by another's start; quoted
/// attributes, and none of the ids, classes and styles by which mail programs mark an earlier
/// message; no comments, scripts, forms or style rules, only inline styles without
/// links. Links are `https`, `tel`, `sip`, `sips` or `mailto`, pictures `https`, either
/// whole placeholders or whole literals.
///
/// ```
/// use meeting_migration::block::Template;
///
/// let template = Template::new(
///     r#"<p><a href="{{join_url}}">Join us</a>{{#passcode}} ({{passcode}}){{/passcode}}</p>"#,
///     "Join us: {{join_url}}\n{{#passcode}}\nPasscode: {{passcode}}\n{{/passcode}}",
/// )?;
/// assert!(Template::new("<p>Join us</p>", "{{join_url}}").is_err());
/// # drop(template);
/// # Ok::<(), meeting_migration::block::TemplateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Source", into = "Source")]
pub struct Template {
    source: Source,
    pub(super) html: Vec<Piece>,
    pub(super) text: Vec<Piece>,
}

impl Template {
    /// The largest form, in bytes.
    pub const MAX_BYTES: usize = 64 << 10;

    /// Checks both forms of the inside of a block.
    ///
    /// # Errors
    /// At the first thing that could not stand in a block; the error says what and where.
    pub fn new(html: impl Into<String>, text: impl Into<String>) -> Result<Self, TemplateError> {
        let source = Source { html: html.into(), text: text.into() };
        let html = parse(&source.html, Form::Html)?;
        let text = parse(&source.text, Form::Text)?;
        Ok(Self { html, text, source })
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Source { html, text } = &self.source;
        write!(f, "Template({} bytes html, {} bytes text)", html.len(), text.len())
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    html: String,
    text: String,
}

impl TryFrom<Source> for Template {
    type Error = TemplateError;

    fn try_from(source: Source) -> Result<Self, Self::Error> {
        Self::new(source.html, source.text)
    }
}

impl From<Template> for Source {
    fn from(template: Template) -> Self {
        template.source
    }
}

/// Why a template cannot stand in a block, and where in which form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}, at byte {at} of the {form}")]
pub struct TemplateError {
    reason: &'static str,
    at: usize,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Html,
    Text,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Form::Html { "HTML" } else { "text" })
    }
}

/// A template, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Markup or text, checked.
    Literal(String),
    /// A value, to be escaped.
    Value(Field),
    /// The pieces up to the end, when there is the value.
    Section(Field, Vec<Piece>),
}

/// What a placeholder stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    JoinUrl,
    MeetingId,
    Passcode,
    ConferenceId,
    LocalNumbersUrl,
    ResetPinUrl,
    MeetingOptionsUrl,
    HelpUrl,
    VideoAddress,
    VideoId,
    VideoUrl,
    Numbers,
    Number,
    CallUrl,
    Place,
}

const FIELDS: &[(&str, Field)] = &[
    ("join_url", Field::JoinUrl),
    ("meeting_id", Field::MeetingId),
    ("passcode", Field::Passcode),
    ("conference_id", Field::ConferenceId),
    ("local_numbers_url", Field::LocalNumbersUrl),
    ("reset_pin_url", Field::ResetPinUrl),
    ("meeting_options_url", Field::MeetingOptionsUrl),
    ("help_url", Field::HelpUrl),
    ("video_address", Field::VideoAddress),
    ("video_id", Field::VideoId),
    ("video_url", Field::VideoUrl),
    ("numbers", Field::Numbers),
    ("number", Field::Number),
    ("call_url", Field::CallUrl),
    ("place", Field::Place),
];

impl Field {
    fn is_link(self) -> bool {
        matches!(
            self,
            Field::JoinUrl
                | Field::LocalNumbersUrl
                | Field::ResetPinUrl
                | Field::MeetingOptionsUrl
                | Field::HelpUrl
                | Field::VideoUrl
                | Field::CallUrl
        )
    }

    fn is_of_a_number(self) -> bool {
        matches!(self, Field::Number | Field::CallUrl | Field::Place)
    }
}

fn parse(source: &str, form: Form) -> Result<Vec<Piece>, TemplateError> {
    let mut parser = Parser {
        rest: source,
        source,
        form,
        open: Vec::new(),
        ids: Vec::new(),
        sections: vec![Section { field: None, outer: 0, pieces: Vec::new() }],
        run: 0,
        joins: false,
    };
    if source.len() > Template::MAX_BYTES {
        return Err(parser.error("more than 64 KiB"));
    }
    while !parser.rest.is_empty() {
        parser.next()?;
    }
    if !parser.open.is_empty() {
        return Err(parser.error("an element is not closed"));
    }
    if !parser.joins {
        return Err(parser.error("no `{{join_url}}` outside of conditions"));
    }
    match (parser.sections.pop(), parser.sections.is_empty()) {
        (Some(section), true) => Ok(section.pieces),
        _ => Err(parser.error("a condition is not ended")),
    }
}

struct Parser<'a> {
    source: &'a str,
    rest: &'a str,
    form: Form,
    /// The open elements.
    open: Vec<&'static Element>,
    ids: Vec<&'a str>,
    /// The open conditions, the whole template first.
    sections: Vec<Section>,
    /// How many characters of a fence were just read.
    run: usize,
    /// Whether the join link stands where it is always written.
    joins: bool,
}

struct Section {
    field: Option<Field>,
    /// How many elements were open when it began.
    outer: usize,
    pieces: Vec<Piece>,
}

impl<'a> Parser<'a> {
    fn error(&self, reason: &'static str) -> TemplateError {
        TemplateError { reason, at: self.source.len() - self.rest.len(), form: self.form }
    }

    fn take(&mut self, prefix: &str) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The longest prefix of such characters.
    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn push(&mut self, piece: Piece) {
        let Some(section) = self.sections.last_mut() else { return };
        match (section.pieces.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(more)) => before.push_str(&more),
            (_, piece) => section.pieces.push(piece),
        }
    }

    fn literal(&mut self, literal: impl Into<String>) {
        self.push(Piece::Literal(literal.into()));
    }

    fn next(&mut self) -> Result<(), TemplateError> {
        if self.rest.starts_with("{{") {
            return self.placeholder();
        }
        match (self.form, self.rest.as_bytes().first()) {
            (Form::Html, Some(b'<')) => self.tag(),
            (Form::Html, Some(b'&')) => self.reference(),
            _ => self.character(),
        }
    }

    /// `{{name}}`, `{{#name}}` or `{{/name}}`, in text.
    fn placeholder(&mut self) -> Result<(), TemplateError> {
        let start = self.rest;
        let before = self.source.len() - start.len();
        let starts_line = before == 0 || self.source.as_bytes().get(before - 1) == Some(&b'\n');
        self.take("{{");
        let mark = if self.take("#") {
            '#'
        } else if self.take("/") {
            '/'
        } else {
            ' '
        };
        let field = self.field()?;
        if mark == ' ' {
            if field == Field::Numbers {
                self.rest = start;
                return Err(self.error("`numbers` is a condition only"));
            }
            self.no_text_in_tables()?;
            self.run = 0;
            self.joins |= self.form == Form::Text && self.is_always(field);
            self.push(Piece::Value(field));
            return Ok(());
        }
        if self.form == Form::Text && starts_line {
            let _ = self.take("\r\n") || self.take("\n");
        }
        if mark == '#' { self.begin(field) } else { self.end(field) }
    }

    /// `name}}`.
    fn field(&mut self) -> Result<Field, TemplateError> {
        let start = self.rest;
        let name = self.take_while(|c| c.is_ascii_lowercase() || c == '_');
        let field = FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
        let in_numbers = self.sections.iter().any(|s| s.field == Some(Field::Numbers));
        match field {
            Some(field) if self.take("}}") => {
                if field.is_of_a_number() && !in_numbers {
                    self.rest = start;
                    return Err(self.error("only known inside `{{#numbers}}`"));
                }
                Ok(field)
            }
            _ => {
                self.rest = start;
                Err(self.error("no such placeholder"))
            }
        }
    }

    fn is_always(&self, field: Field) -> bool {
        field == Field::JoinUrl && self.sections.len() == 1
    }

    fn begin(&mut self, field: Field) -> Result<(), TemplateError> {
        if self.sections.len() > 4 {
            return Err(self.error("conditions are nested too deep"));
        }
        if field == Field::Numbers && self.sections.iter().any(|s| s.field == Some(field)) {
            return Err(self.error("`numbers` inside `numbers`"));
        }
        let outer = self.open.len();
        self.sections.push(Section { field: Some(field), outer, pieces: Vec::new() });
        Ok(())
    }

    fn end(&mut self, field: Field) -> Result<(), TemplateError> {
        match self.sections.pop_if(|section| section.field == Some(field)) {
            Some(section) if section.outer == self.open.len() => {
                self.push(Piece::Section(field, section.pieces));
                Ok(())
            }
            Some(_) => Err(self.error("a condition ends inside another element than it began in")),
            None => Err(self.error("this condition was not begun last")),
        }
    }

    /// One character of text.
    fn character(&mut self) -> Result<(), TemplateError> {
        let Some(c) = self.rest.chars().next() else { return Ok(()) };
        let is_blank = matches!(c, ' ' | '\t' | '\r' | '\n');
        if (is_unseen(c) && !is_blank) || is_line_end(c) {
            return Err(self.error("a character that does not show"));
        }
        if c == '\n' && self.form == Form::Text {
            self.run = 0;
        } else if !c.is_whitespace() {
            self.no_text_in_tables()?;
            self.run = if is_fence(c) { self.run + 1 } else { 0 };
            if self.run > LONGEST_RUN {
                return Err(self.error("a line that looks like a fence"));
            }
        }
        if self.rest.starts_with("[!") {
            return Err(self.error("`[!` looks like the end of a block"));
        }
        match (self.form, c) {
            (Form::Html, _) if is_blank => {
                self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
                self.literal(" ");
                return Ok(());
            }
            (Form::Text, '\t') => self.literal(" "),
            (Form::Text, '\r') if !self.rest.starts_with("\r\n") => {
                return Err(self.error("a carriage return alone"));
            }
            (Form::Text, '\r') => {}
            _ => self.literal(c),
        }
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        Ok(())
    }

    fn no_text_in_tables(&self) -> Result<(), TemplateError> {
        let parent = self.open.last().map_or(Kind::Block, |element| element.kind);
        match parent {
            Kind::Only(_) if self.form == Form::Html => {
                Err(self.error("text outside of a cell or list item"))
            }
            _ => Ok(()),
        }
    }

    /// A character reference that cannot be misread.
    fn reference(&mut self) -> Result<(), TemplateError> {
        self.no_text_in_tables()?;
        let reference = self.reference_text()?;
        self.run = 0;
        self.literal(reference);
        Ok(())
    }

    fn reference_text(&mut self) -> Result<&'a str, TemplateError> {
        let start = self.rest;
        let name = self.rest.get(1..).and_then(|rest| rest.split_once(';')).map(|(name, _)| name);
        let Some(name) = name.filter(|name| is_reference(name)) else {
            return Err(self.error("a character reference that we do not know; `&` is `&amp;`"));
        };
        let (reference, rest) = start.split_at(name.len() + 2);
        self.rest = rest;
        Ok(reference)
    }

    fn tag(&mut self) -> Result<(), TemplateError> {
        let start = self.rest;
        self.take("<");
        let is_end = self.take("/");
        let name = self.take_while(|c| c.is_ascii_alphanumeric());
        let Some(element) = ELEMENTS.iter().find(|e| e.name.eq_ignore_ascii_case(name)) else {
            self.rest = start;
            return Err(self.error("an element that a block does not hold"));
        };
        if !element.is_inline() {
            self.run = 0;
        }
        if is_end { self.end_tag(element, start) } else { self.start_tag(element, start) }
    }

    fn end_tag(&mut self, element: &'static Element, start: &'a str) -> Result<(), TemplateError> {
        self.take_while(|c| c.is_ascii_whitespace());
        let outer = self.sections.last().map_or(0, |section| section.outer);
        let is_last =
            self.open.len() > outer && self.open.last().is_some_and(|e| e.name == element.name);
        if !is_last || !self.take(">") {
            self.rest = start;
            return Err(self.error("this end tag does not close the element opened last"));
        }
        self.open.pop();
        self.literal(["</", element.name, ">"].concat());
        Ok(())
    }

    fn start_tag(
        &mut self,
        element: &'static Element,
        start: &'a str,
    ) -> Result<(), TemplateError> {
        let parent = self.open.last();
        let fits = match (parent.map(|p| (p.name, p.kind)), element.within) {
            (_, Some(parents)) => parent.is_some_and(|p| parents.contains(&p.name)),
            (Some((_, Kind::Only(children))), None) => children.contains(&element.name),
            (_, None) => true,
        };
        let words_only = |e: &&Element| {
            e.name == "p" || matches!(e.kind, Kind::Heading | Kind::Inline | Kind::Link)
        };
        let closes = (!element.is_inline() && self.open.iter().any(words_only))
            || (element.kind == Kind::Link && self.open.iter().any(|e| e.kind == Kind::Link));
        if !fits || closes || self.open.len() >= 32 {
            self.rest = start;
            return Err(self.error("a browser would not put this element here"));
        }
        self.literal(["<", element.name].concat());
        let mut seen = Vec::new();
        loop {
            let blanks = self.take_while(|c| c.is_ascii_whitespace());
            if self.take(">") || (element.kind == Kind::Void && self.take("/>")) {
                break;
            }
            let at = self.rest;
            let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '-');
            let known = ATTRIBUTES.iter().find(|known| known.name.eq_ignore_ascii_case(name));
            let Some(known) = known.filter(|_| !blanks.is_empty()) else {
                self.rest = at;
                return Err(self.error("not an attribute that a block holds"));
            };
            if seen.contains(&known.name) || !self.take("=\"") {
                self.rest = at;
                return Err(self.error("not one value in double quotes"));
            }
            seen.push(known.name);
            self.attribute(element, known, at)?;
        }
        self.literal(">");
        if element.kind != Kind::Void {
            self.open.push(element);
        }
        Ok(())
    }

    fn attribute(
        &mut self,
        element: &Element,
        known: &Attribute,
        at: &'a str,
    ) -> Result<(), TemplateError> {
        self.literal([" ", known.name, "=\""].concat());
        let value = self.rest.split_once('"').map(|(value, _)| value).unwrap_or_default();
        let is_right = match known.value {
            Holds::Word => {
                value.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_.%#".contains(&b))
            }
            Holds::Id => {
                let is_new = !self.ids.contains(&value) && self.sections.len() == 1;
                self.ids.push(value);
                is_new
                    && !value.is_empty()
                    && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            }
            Holds::Style => is_style(value),
            Holds::Words => true,
            Holds::Link => {
                element.name == "a"
                    && is_link(value, &["https:", "tel:", "sip:", "sips:", "mailto:"])
            }
            Holds::Picture => element.name == "img" && is_link(value, &["https:"]),
        };
        if !is_right {
            self.rest = at;
            return Err(self.error("an attribute value that a block does not hold"));
        }
        // The end of the block would not be found again.
        if quotes(element.name, known.name, value) {
            self.rest = at;
            return Err(self.error("a mark of an earlier message"));
        }
        while !self.take("\"") {
            if self.take("{{") {
                let is_link = self.field_in_attribute(known.value)?;
                if is_link && !self.rest.starts_with('"') {
                    return Err(self.error("a link is one placeholder or has none"));
                }
            } else if self.rest.starts_with('&') {
                let reference = self.reference_text()?;
                self.literal(reference);
            } else {
                let Some(c) = self.rest.chars().next() else {
                    return Err(self.error("an attribute value is not ended"));
                };
                if is_unseen(c) || is_line_end(c) || "<>{}".contains(c) {
                    return Err(self.error("a character that attributes do not hold"));
                }
                self.literal(c);
                self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        self.literal("\"");
        Ok(())
    }

    /// `name}}` in an attribute; whether it is a whole link.
    fn field_in_attribute(&mut self, holds: Holds) -> Result<bool, TemplateError> {
        let field = self.field()?;
        let is_link = matches!(holds, Holds::Link | Holds::Picture);
        if field == Field::Numbers
            || (is_link && !field.is_link())
            || !matches!(holds, Holds::Link | Holds::Words)
        {
            return Err(self.error("this placeholder cannot stand in this attribute"));
        }
        self.joins |= is_link && self.is_always(field);
        self.push(Piece::Value(field));
        Ok(is_link)
    }
}

/// Elements that mean the same in every mail program.
struct Element {
    name: &'static str,
    kind: Kind,
    /// The only parents it may have.
    within: Option<&'static [&'static str]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Block,
    Heading,
    Inline,
    Link,
    Void,
    /// Holds these elements and no text.
    Only(&'static [&'static str]),
}

impl Element {
    /// Goes on in the line it stands in.
    fn is_inline(&self) -> bool {
        matches!(self.kind, Kind::Inline | Kind::Link | Kind::Void) && self.name != "hr"
    }
}

const fn element(name: &'static str, kind: Kind) -> Element {
    Element { name, kind, within: None }
}

const fn inside(name: &'static str, kind: Kind, within: &'static [&'static str]) -> Element {
    Element { name, kind, within: Some(within) }
}

const ELEMENTS: &[Element] = &[
    element("div", Kind::Block),
    element("p", Kind::Block),
    element("h1", Kind::Heading),
    element("h2", Kind::Heading),
    element("h3", Kind::Heading),
    element("h4", Kind::Heading),
    element("table", Kind::Only(&["tbody"])),
    inside("tbody", Kind::Only(&["tr"]), &["table"]),
    inside("tr", Kind::Only(&["td", "th"]), &["tbody"]),
    inside("td", Kind::Block, &["tr"]),
    inside("th", Kind::Block, &["tr"]),
    element("ul", Kind::Only(&["li"])),
    element("ol", Kind::Only(&["li"])),
    inside("li", Kind::Block, &["ul", "ol"]),
    element("hr", Kind::Void),
    element("br", Kind::Void),
    element("img", Kind::Void),
    element("a", Kind::Link),
    element("span", Kind::Inline),
    element("b", Kind::Inline),
    element("strong", Kind::Inline),
    element("i", Kind::Inline),
    element("em", Kind::Inline),
    element("u", Kind::Inline),
    element("small", Kind::Inline),
    element("sub", Kind::Inline),
    element("sup", Kind::Inline),
];

/// An attribute and what it may hold.
struct Attribute {
    name: &'static str,
    value: Holds,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Letters, digits, a few signs.
    Word,
    Id,
    Style,
    /// Anything, placeholders included.
    Words,
    Link,
    Picture,
}

const fn attribute(name: &'static str, value: Holds) -> Attribute {
    Attribute { name, value }
}

const ATTRIBUTES: &[Attribute] = &[
    attribute("style", Holds::Style),
    attribute("class", Holds::Word),
    attribute("id", Holds::Id),
    attribute("lang", Holds::Word),
    attribute("dir", Holds::Word),
    attribute("role", Holds::Word),
    attribute("aria-hidden", Holds::Word),
    attribute("aria-label", Holds::Words),
    attribute("title", Holds::Words),
    attribute("alt", Holds::Words),
    attribute("href", Holds::Link),
    attribute("target", Holds::Word),
    attribute("rel", Holds::Word),
    attribute("src", Holds::Picture),
    attribute("width", Holds::Word),
    attribute("height", Holds::Word),
    attribute("border", Holds::Word),
    attribute("cellpadding", Holds::Word),
    attribute("cellspacing", Holds::Word),
    attribute("align", Holds::Word),
    attribute("valign", Holds::Word),
    attribute("bgcolor", Holds::Word),
    attribute("color", Holds::Word),
    attribute("colspan", Holds::Word),
];

fn is_link(value: &str, schemes: &[&str]) -> bool {
    let has = |scheme: &&str| {
        value.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    let is_whole = |c: char| !c.is_whitespace() && !"\\'`".contains(c);
    value.starts_with("{{")
        || (schemes.iter().any(has) && !value.contains("{{") && value.chars().all(is_whole))
}

/// The line ends beyond ASCII, which are no control characters.
fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Inline styles that load nothing, run nothing and cannot be misread.
fn is_style(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let known = |b: u8| b.is_ascii_alphanumeric() || b" :;,.-#%'()!".contains(&b);
    let loads = ["url", "expression", "behavior", "binding", "image", "import", "var("];
    value.bytes().all(known) && !loads.iter().any(|word| value.contains(word))
}

fn is_reference(name: &str) -> bool {
    if let Some(digits) = name.strip_prefix('#') {
        let number = digits.parse::<u32>().ok().and_then(char::from_u32);
        return digits == "39"
            || number.is_some_and(|c| c >= '\u{a0}' && !is_unseen(c) && !is_fence(c));
    }
    let known = [
        "amp", "lt", "gt", "quot", "nbsp", "copy", "reg", "trade", "bull", "middot", "ndash",
        "mdash", "laquo", "raquo", "larr", "rarr",
    ];
    known.contains(&name)
}

#[cfg(test)]
mod tests;
