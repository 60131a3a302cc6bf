//! From lines to properties and components: nesting, heads, text that runs on.
//!
//! In: the bytes of a calendar. Out: where its properties and components stand. Never:
//! recursion; a line that is lost (what is no property stays in the bytes).

use std::ops::Range;

use super::document::{Component, ContentLine, DocumentError, Limits, Parameter};
use super::lines::{Line, LineEnds, Lines, unfolded};

/// What a document consists of.
pub(super) struct Parsed {
    pub(super) lines: Vec<ContentLine>,
    pub(super) components: Vec<Component>,
}

/// Reads a whole calendar.
pub(super) fn parse(
    bytes: &[u8],
    ends: LineEnds,
    limits: &Limits,
) -> Result<Parsed, DocumentError> {
    let mut parser =
        Parser { lines: Vec::new(), components: Vec::new(), open: Vec::new(), run_on: None };
    let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    for (count, line) in Lines::new(bytes, ends, start).enumerate() {
        if count >= limits.max_lines {
            return Err(DocumentError::TooManyLines);
        }
        parser.line(bytes, ends, &line, limits)?;
    }
    if let Some(&innermost) = parser.open.last() {
        let line = parser.components.get(innermost).map_or(1, |c| c.line);
        return Err(DocumentError::Truncated { line });
    }
    if parser.components.is_empty() {
        return Err(DocumentError::NotACalendar { line: 1 });
    }
    Ok(Parsed { lines: parser.lines, components: parser.components })
}

struct Parser {
    lines: Vec<ContentLine>,
    components: Vec<Component>,
    /// The components that are open, the innermost last.
    open: Vec<usize>,
    run_on: Option<RunOn>,
}

/// A text property below which raw lines may follow.
struct RunOn {
    line: usize,
    begun: bool,
}

impl Parser {
    fn line(
        &mut self,
        bytes: &[u8],
        ends: LineEnds,
        line: &Line,
        limits: &Limits,
    ) -> Result<(), DocumentError> {
        let head = Head::read(bytes, ends, line.raw.start..line.content_end);
        let running = self.run_on.as_ref().is_some_and(|r| r.begun);
        let Some(head) = head.filter(|h| !running || h.ends_run_on()) else {
            self.stray(bytes, line);
            return if self.open.is_empty() && self.components.is_empty() && !is_blank(bytes, line) {
                Err(DocumentError::NotACalendar { line: line.number })
            } else {
                Ok(())
            };
        };
        self.run_on = None;
        let value = head.value..line.content_end;
        match head.name.as_str() {
            "BEGIN" => {
                let name = component_name(bytes, ends, value);
                if self.open.is_empty() && self.components.is_empty() && name != "VCALENDAR" {
                    return Err(DocumentError::NotACalendar { line: line.number });
                }
                if self.open.len() >= limits.max_depth {
                    return Err(DocumentError::TooDeep { line: line.number });
                }
                let parent = self.open.last().copied();
                self.open.push(self.components.len());
                let raw = line.raw.clone();
                let inner = line.raw.end;
                self.components.push(Component { name, parent, line: line.number, raw, inner });
            }
            "END" => {
                let name = component_name(bytes, ends, value);
                let closed = self.open.pop().and_then(|open| self.components.get_mut(open));
                match closed.filter(|c| c.name == name) {
                    Some(component) => component.raw.end = line.raw.end,
                    None => return Err(DocumentError::Mismatched { line: line.number }),
                }
            }
            _ => {
                let Some(&component) = self.open.last() else {
                    return if self.components.is_empty() {
                        Err(DocumentError::NotACalendar { line: line.number })
                    } else {
                        Ok(())
                    };
                };
                if is_running_text(&head.name) {
                    self.run_on = Some(RunOn { line: self.lines.len(), begun: false });
                }
                self.lines.push(ContentLine {
                    component,
                    number: line.number,
                    raw: line.raw.clone(),
                    name: head.name,
                    parameters: head.parameters,
                    value,
                });
            }
        }
        Ok(())
    }

    /// A line that is no property: text that runs on, or kept and ignored.
    fn stray(&mut self, bytes: &[u8], line: &Line) {
        let Some(run_on) = &mut self.run_on else { return };
        if is_blank(bytes, line) {
            return;
        }
        if let Some(text) = self.lines.get_mut(run_on.line) {
            text.raw.end = line.raw.end;
            text.value.end = line.content_end;
            run_on.begun = true;
        }
    }
}

fn is_blank(bytes: &[u8], line: &Line) -> bool {
    bytes.get(line.raw.clone()).unwrap_or_default().iter().all(u8::is_ascii_whitespace)
}

fn component_name(bytes: &[u8], ends: LineEnds, value: Range<usize>) -> String {
    let name: Vec<u8> = unfolded(bytes, ends, value).map(|(_, byte)| byte).collect();
    String::from_utf8_lossy(&name).trim().to_ascii_uppercase()
}

fn is_running_text(name: &str) -> bool {
    matches!(name, "DESCRIPTION" | "X-ALT-DESC" | "STYLED-DESCRIPTION")
}

/// What stands before a value: `NAME;PARAM=value:`.
struct Head {
    name: String,
    in_capitals: bool,
    parameters: Vec<Parameter>,
    /// Where the value starts: behind the colon.
    value: usize,
}

impl Head {
    fn read(bytes: &[u8], ends: LineEnds, line: Range<usize>) -> Option<Self> {
        // A quote that is never closed is an ordinary character: it then hides no colon.
        Self::split(bytes, ends, line.clone(), true)
            .or_else(|| Self::split(bytes, ends, line, false))
    }

    fn split(bytes: &[u8], ends: LineEnds, line: Range<usize>, quotes: bool) -> Option<Self> {
        let mut name = Vec::new();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut quoted = false;
        let mut in_value = false;
        for (at, byte) in unfolded(bytes, ends, line) {
            match byte {
                b'"' if quotes && !parameters.is_empty() => quoted = !quoted,
                b':' if !quoted => {
                    let name = String::from_utf8(name).ok().filter(|n| !n.is_empty())?;
                    let in_capitals = !name.bytes().any(|b| b.is_ascii_lowercase());
                    let name = name.to_ascii_uppercase();
                    return Some(Self { name, in_capitals, parameters, value: at + 1 });
                }
                b';' if !quoted && parameters.len() >= MAX_PARAMETERS => return None,
                b';' if !quoted => {
                    parameters.push(Parameter {
                        name: String::new(),
                        value: Vec::new(),
                        raw: at..at,
                    });
                    in_value = false;
                    continue;
                }
                _ => {}
            }
            match parameters.last_mut() {
                None if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') => {
                    name.push(byte)
                }
                None => return None,
                Some(_) if byte == b'=' && !in_value => in_value = true,
                Some(parameter) if in_value => {
                    if parameter.value.is_empty() {
                        parameter.raw.start = at;
                    }
                    parameter.raw.end = at + 1;
                    parameter.value.push(byte);
                }
                Some(parameter) => parameter.name.push(char::from(byte.to_ascii_uppercase())),
            }
        }
        None
    }

    /// Whether this is a property although the text before it runs on over raw lines.
    fn ends_run_on(&self) -> bool {
        self.in_capitals && (self.name.starts_with("X-") || STANDARD.contains(&self.name.as_str()))
    }
}

/// Names that may follow a description in an event (RFC 5545, 7986, 9073) and the
/// delimiters.
const STANDARD: &[&str] = &[
    "ACTION",
    "ATTACH",
    "ATTENDEE",
    "BEGIN",
    "CALSCALE",
    "CATEGORIES",
    "CLASS",
    "COLOR",
    "COMMENT",
    "COMPLETED",
    "CONCEPT",
    "CONFERENCE",
    "CONTACT",
    "CREATED",
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "DUE",
    "DURATION",
    "END",
    "EXDATE",
    "EXRULE",
    "GEO",
    "IMAGE",
    "LAST-MODIFIED",
    "LINK",
    "LOCATION",
    "ORGANIZER",
    "PRIORITY",
    "RDATE",
    "RECURRENCE-ID",
    "REFID",
    "RELATED-TO",
    "REPEAT",
    "REQUEST-STATUS",
    "RESOURCES",
    "RRULE",
    "SEQUENCE",
    "SOURCE",
    "STATUS",
    "STYLED-DESCRIPTION",
    "SUMMARY",
    "TRANSP",
    "TRIGGER",
    "TZID",
    "UID",
    "URL",
];

/// The most parameters that a property may have; with more it is no property.
const MAX_PARAMETERS: usize = 256;
